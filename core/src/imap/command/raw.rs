//! Commands that this crate does not know: their name and arguments, checked so that they stay one
//! command.

use super::encoder::Encoder;
use crate::LocalError;
use crate::imap::flag::check_atom;
use crate::imap::{Mailbox, Sequence};

/// How deep lists may lie in each other.
const DEPTH: usize = 16;

/// An argument of a command that is sent by its name (RFC 9051 §4).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Argument<'a> {
    /// An atom.
    Atom(&'a [u8]),
    /// An atom, a quoted string or a literal, whatever fits.
    Astring(&'a [u8]),
    /// A quoted string or a literal, whatever fits; `None` is NIL.
    String(Option<&'a [u8]>),
    /// A literal8, which may hold any octets (RFC 9051 §4.3).
    Literal8(&'a [u8]),
    /// A number.
    Number(u64),
    /// A mailbox name.
    Mailbox(Mailbox<'a>),
    /// Message numbers or UIDs.
    Sequence(Sequence<'a>),
    /// A parenthesized list.
    List(&'a [Argument<'a>]),
    /// Text that is sent as it is. Its quotes and parentheses must be balanced; it may hold neither
    /// CR, LF nor NUL, nor a literal, and UTF-8 only in quotes and where it is enabled.
    Verbatim(&'a [u8]),
}

/// Names that the session has methods for and must know about: they change its state, carry secrets
/// or are more than a line.
const RESERVED: [&str; 13] = [
    "STARTTLS",
    "AUTHENTICATE",
    "LOGIN",
    "LOGOUT",
    "UNAUTHENTICATE",
    "COMPRESS",
    "ENABLE",
    "SELECT",
    "EXAMINE",
    "CLOSE",
    "UNSELECT",
    "IDLE",
    "DONE",
];

/// `name argument …`. Literals wait for the server, whatever it offers: one that does not know the name may
/// refuse the line, and then take for commands what was sent behind it unasked.
///
/// # Errors
/// [`LocalError::BadArgument`] for a name that has a method of its own which changes the state, for
/// lists too deep, and for an argument that does not follow its grammar; those of the values.
pub(crate) fn raw(
    line: &mut Encoder<'_>,
    name: &[u8],
    arguments: &[Argument<'_>],
) -> Result<(), LocalError> {
    check_atom(name, 0)?;
    if RESERVED.iter().any(|reserved| reserved.as_bytes().eq_ignore_ascii_case(name)) {
        return Err(LocalError::BadArgument { at: 0 });
    }
    line.synchronize();
    line.raw(name);
    let mut outer: heapless::Vec<&[Argument<'_>], DEPTH> = heapless::Vec::new();
    let (mut rest, mut opened) = (arguments, false);
    loop {
        let Some((argument, behind)) = rest.split_first() else {
            match outer.pop() {
                Some(behind) => rest = behind,
                None => return Ok(()),
            }
            line.close();
            opened = false;
            continue;
        };
        rest = behind;
        if !opened {
            line.sp();
        }
        opened = false;
        match *argument {
            Argument::List(list) => {
                line.open();
                outer.push(rest).map_err(|_| LocalError::BadArgument { at: 0 })?;
                (rest, opened) = (list, true);
            }
            Argument::Atom(atom) => line.atom(atom)?,
            Argument::Astring(octets) => line.astring(octets)?,
            Argument::String(octets) => line.nstring(octets)?,
            Argument::Literal8(octets) => line.literal8(octets)?,
            Argument::Number(number) => line.number(number),
            Argument::Mailbox(mailbox) => line.mailbox(mailbox)?,
            Argument::Sequence(set) => line.sequence_set(set)?,
            Argument::Verbatim(text) => {
                check_verbatim(text, line.utf8())?;
                line.raw(text);
            }
        }
    }
}

/// Whether these octets stay within one command, whatever follows: no line ends in them, no quoted
/// string and no parenthesis stays open, and nothing announces a literal. UTF-8 may stand in quoted
/// strings where it is enabled (RFC 9755 §3).
fn check_verbatim(text: &[u8], utf8: bool) -> Result<(), LocalError> {
    if text.is_empty() {
        return Err(LocalError::Empty);
    }
    if let Err(error) = core::str::from_utf8(text) {
        return Err(LocalError::BadArgument { at: error.valid_up_to() });
    }
    let (mut quoted, mut escaped, mut depth) = (false, false, 0_usize);
    for (at, &octet) in text.iter().enumerate() {
        let bad = LocalError::BadArgument { at };
        match octet {
            b'\r' | b'\n' | 0 => return Err(LocalError::ForbiddenOctet { at }),
            // RFC 9051 §4.3: a backslash quotes a quote or a backslash, and nothing else.
            b'"' | b'\\' if escaped => escaped = false,
            _ if escaped => return Err(bad),
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            0x80.. if !utf8 => return Err(bad),
            _ if quoted => {}
            b'(' => depth = depth.checked_add(1).ok_or(bad)?,
            b')' => depth = depth.checked_sub(1).ok_or(bad)?,
            b'{' | 0x01..=0x1f | 0x7f.. => return Err(bad),
            _ => {}
        }
    }
    if quoted || depth > 0 {
        return Err(LocalError::BadArgument { at: text.len() });
    }
    Ok(())
}
