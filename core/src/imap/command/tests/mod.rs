//! What every command is held to: how it is written into little room, and that it stays one
//! command.

mod examples;
mod hostile;
mod literals;

use super::encoder::{Encoded, Encoder, Literals};
use crate::error::EmitError;

pub(super) type Emit<'e> = &'e dyn Fn(&mut Encoder<'_>) -> Result<(), EmitError>;

/// The octets of a command and where to wait; written into no room, too little and just enough.
pub(super) fn encoded(
    literals: Literals,
    utf8: bool,
    emit: Emit<'_>,
) -> Result<(Vec<u8>, Vec<usize>), EmitError> {
    let into = |room: &mut [u8]| -> Result<Encoded, EmitError> {
        let mut written = Encoded::default();
        let mut line = Encoder::new(room, &mut written, literals, utf8);
        emit(&mut line)?;
        line.finish()?;
        Ok(written)
    };
    let counted = into(&mut [])?;
    let mut room = vec![0; counted.octets];
    assert_eq!(into(&mut room)?, counted, "in enough room");
    if let Some((_, short)) = room.clone().split_last_mut() {
        assert_eq!(into(short)?, counted, "one octet too little is counted as well");
    }
    let stops = counted.stops.iter().map(|&stop| stop as usize).collect();
    Ok((room, stops))
}

/// A command as text, with literals that need not wait.
pub(super) fn text(emit: Emit<'_>) -> Result<String, EmitError> {
    let (octets, stops) = encoded(Literals::NonSynchronizing, false, emit)?;
    assert_eq!(stops, []);
    Ok(String::from_utf8_lossy(&octets).into_owned())
}

/// What a server makes of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Atom(Vec<u8>),
    /// A quoted string or a literal: what it means.
    String(Vec<u8>),
    /// A literal8.
    Binary(Vec<u8>),
    Open,
    Close,
}

/// Reads a command as a strict server does (RFC 9051 §9), and tells where it has to send `+`.
/// `None` when these octets, and a line ending, are not exactly one command.
pub(super) fn read_as_server(octets: &[u8], utf8: bool) -> Option<(Vec<Token>, Vec<usize>)> {
    let (mut rest, mut tokens, mut waits, mut depth) = (octets, Vec::new(), Vec::new(), 0);
    while let [first, behind @ ..] = rest {
        match first {
            b' ' => rest = behind,
            b'(' => (depth, rest) = (depth + 1, behind),
            b')' => (depth, rest) = (usize::checked_sub(depth, 1)?, behind),
            b'"' => {
                let (mut text, mut at) = (Vec::new(), 0);
                loop {
                    match behind.get(at..)? {
                        [b'"', ..] => break,
                        [b'\\', quoted @ (b'"' | b'\\'), ..] => {
                            text.push(*quoted);
                            at += 2;
                        }
                        [0 | b'\r' | b'\n' | b'\\', ..] | [] => return None,
                        [octet, ..] => {
                            text.push(*octet);
                            at += 1;
                        }
                    }
                }
                let is_utf8 = utf8 && std::str::from_utf8(&text).is_ok();
                if !is_utf8 && !text.is_ascii() {
                    return None;
                }
                tokens.push(Token::String(text));
                rest = &behind[at + 1..];
                continue;
            }
            b'{' | b'~' if *first == b'{' || behind.first() == Some(&b'{') => {
                let binary = *first == b'~';
                let digits = if binary { &behind[1..] } else { behind };
                let end = digits.windows(2).position(|pair| pair == b"\r\n")?;
                let announced = digits[..end].strip_suffix(b"}")?;
                let (announced, flows) = match announced.strip_suffix(b"+") {
                    Some(announced) => (announced, true),
                    None => (announced, false),
                };
                let len: usize = std::str::from_utf8(announced).ok()?.parse().ok()?;
                let (literal, after) = digits[end + 2..].split_at_checked(len)?;
                if !flows {
                    waits.push(octets.len() - after.len() - len);
                }
                if !binary && literal.contains(&0) {
                    return None;
                }
                tokens.push(if binary {
                    Token::Binary(literal.to_vec())
                } else {
                    Token::String(literal.to_vec())
                });
                rest = after;
                continue;
            }
            _ => {
                // Atoms, and what FETCH, STORE, sets and flags hold beside them.
                let of_atom = |octet: &u8| {
                    matches!(octet, 0x21..=0x7e) && !matches!(octet, b'(' | b')' | b'"' | b'{')
                };
                let len = rest.iter().take_while(|octet| of_atom(octet)).count();
                if len == 0 {
                    return None;
                }
                tokens.push(Token::Atom(rest[..len].to_vec()));
                rest = &rest[len..];
                continue;
            }
        }
        match first {
            b'(' => tokens.push(Token::Open),
            b')' => tokens.push(Token::Close),
            _ => {}
        }
    }
    (depth == 0).then_some((tokens, waits))
}
