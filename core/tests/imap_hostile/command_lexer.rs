//! Reads a command as a server does (RFC 9051 §9), in the plainest way and sharing nothing with the engine: tag,
//! words, quoted strings, literals, lists. Whatever the arguments of a call held, exactly one command must come out.

/// A piece of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// Octets that are no string, parenthesis or space.
    Word(Vec<u8>),
    /// What a quoted string means.
    Quoted(Vec<u8>),
    /// A literal's octets.
    Literal(Vec<u8>),
    /// `(`
    Open,
    /// `)`
    Close,
}

impl Token {
    /// What a server takes for the value of an `astring`.
    pub(crate) fn octets(&self) -> &[u8] {
        match self {
            Self::Word(octets) | Self::Quoted(octets) | Self::Literal(octets) => octets,
            Self::Open | Self::Close => b"",
        }
    }
}

/// The tokens of the one command that `octets` are, its tag first. An error tells what is wrong with it.
pub(crate) fn command(octets: &[u8]) -> Result<Vec<Token>, String> {
    let (tokens, rest) = first_command(octets)?;
    if !rest.is_empty() {
        return Err(format!("a second command: {}", rest.escape_ascii()));
    }
    Ok(tokens)
}

/// The tokens of the command at the front, and what stands behind it.
pub(crate) fn first_command(octets: &[u8]) -> Result<(Vec<Token>, &[u8]), String> {
    let (mut tokens, mut rest, mut depth) = (Vec::new(), octets, 0_usize);
    loop {
        match rest {
            [b'\r', b'\n', after @ ..] => {
                return if depth == 0 { Ok((tokens, after)) } else { Err("( without )".into()) };
            }
            [b' ', after @ ..] => {
                if matches!(after, [b' ' | b'\r' | b')', ..]) {
                    return Err(format!("a stray space in {}", octets.escape_ascii()));
                }
                rest = after;
            }
            [b'(', after @ ..] => {
                (depth, rest) = (depth + 1, after);
                tokens.push(Token::Open);
            }
            [b')', after @ ..] => {
                depth = depth.checked_sub(1).ok_or(") without (")?;
                rest = after;
                tokens.push(Token::Close);
            }
            [b'"', after @ ..] => {
                let (token, after) = quoted(after)?;
                tokens.push(token);
                rest = after;
            }
            [b'{', ..] | [b'~', b'{', ..] => {
                let (token, after) = literal(rest)?;
                tokens.push(token);
                rest = after;
            }
            [] => return Err("no end of line".into()),
            _ => {
                // `AAA1 UID FETCH`: only its arguments have sections.
                let fetches = tokens.iter().take(3).any(|token| token.octets() == b"FETCH");
                let (token, after) = word(rest, fetches)?;
                tokens.push(token);
                rest = after;
            }
        }
    }
}

fn quoted(octets: &[u8]) -> Result<(Token, &[u8]), String> {
    let (mut value, mut rest) = (Vec::new(), octets);
    loop {
        match rest {
            [b'"', after @ ..] => return Ok((Token::Quoted(value), after)),
            [b'\\', octet @ (b'"' | b'\\'), after @ ..] => {
                value.push(*octet);
                rest = after;
            }
            [octet, after @ ..] if !matches!(octet, b'\r' | b'\n' | 0 | b'\\') => {
                value.push(*octet);
                rest = after;
            }
            _ => return Err("a quoted string without an end, or with CR, LF, NUL in it".into()),
        }
    }
}

fn literal(octets: &[u8]) -> Result<(Token, &[u8]), String> {
    let is_literal8 = octets.starts_with(b"~");
    let inside = &octets[usize::from(is_literal8) + 1..];
    let digits = inside.iter().take_while(|octet| octet.is_ascii_digit()).count();
    let (number, rest) = inside.split_at(digits);
    let number = std::str::from_utf8(number).expect("digits");
    let length: usize = number.parse().map_err(|_| "a literal without a length")?;
    let rest = rest.strip_prefix(b"+").unwrap_or(rest);
    let rest = rest.strip_prefix(b"}\r\n").ok_or("a literal's announcement without an end")?;
    if rest.len() < length {
        return Err("a literal that is cut".into());
    }
    let (value, after) = rest.split_at(length);
    if !is_literal8 && value.contains(&0) {
        return Err("NUL in a literal".into());
    }
    Ok((Token::Literal(value.to_vec()), after))
}

fn word(octets: &[u8], fetches: bool) -> Result<(Token, &[u8]), String> {
    let (mut within, mut quoted, mut escaped, mut length) = (false, false, false, 0);
    for &octet in octets {
        match octet {
            b'\r' | b'\n' | 0 => break,
            // `BODY[HEADER.FIELDS (A "b ]")]` is one word.
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' if within => quoted = !quoted,
            _ if quoted => {}
            b'[' => within |= fetches && has_section(&octets[..length]),
            b']' => within = false,
            b' ' | b'(' | b')' | b'"' | b'{' if !within => break,
            _ => {}
        }
        length += 1;
    }
    let (value, rest) = octets.split_at(length);
    if within || value.is_empty() || value.iter().any(u8::is_ascii_control) {
        return Err(format!("a stray octet in {}", octets.escape_ascii()));
    }
    Ok((Token::Word(value.to_vec()), rest))
}

/// The names behind which a section stands in brackets (RFC 9051 §6.4.5). Elsewhere a bracket is an octet of an atom.
fn has_section(name: &[u8]) -> bool {
    let names = ["BODY", "BODY.PEEK", "BINARY", "BINARY.PEEK", "BINARY.SIZE"];
    names.iter().any(|known| known.as_bytes() == name)
}
