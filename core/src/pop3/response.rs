//! Replies (RFC 1939 §3): status indicator, response code (RFC 2449 §8, RFC 3206), and the
//! listings, parser beside emitter.

use crate::names::{name_at, place};
use crate::wire::Cursor;

/// The status indicator of a reply, and what takes its place where there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Status {
    /// `+OK`.
    Ok,
    /// `-ERR`.
    Err,
    /// `+OK`, but what the command asked for is not in the reply, or not readable.
    Malformed,
    /// The command never left: USER, on which it depends, was refused.
    NotSent,
}

/// A response code (RFC 2449 §8): why a command failed, for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum ResponseCode<'a> {
    /// `LOGIN-DELAY`: logged in again too soon (RFC 2449 §8.1.1). Wait, then log in.
    LoginDelay,
    /// `IN-USE`: another session holds the maildrop (RFC 2449 §8.1.2). Try later.
    InUse,
    /// `AUTH`: the credentials are wrong (RFC 3206 §5). Ask the user.
    Auth,
    /// `SYS/TEMP`: the server is at fault, for now (RFC 3206 §4). Try later.
    SysTemp,
    /// `SYS/PERM`: the server is at fault until somebody mends it (RFC 3206 §4).
    SysPerm,
    /// `UTF8`: what was asked for needs the UTF8 command first (RFC 6856 §5).
    Utf8,
    /// Any other code, as sent, without its brackets; may have levels separated by `/`.
    Other(&'a [u8]),
}

impl<'a> ResponseCode<'a> {
    /// The names of the registered ones, in their order.
    const NAMES: &'static str = "LOGIN-DELAY IN-USE AUTH SYS/TEMP SYS/PERM UTF8";

    /// Reads what stands between the brackets.
    #[must_use]
    pub fn parse(code: &'a [u8]) -> Self {
        match place(Self::NAMES, code) {
            Some(0) => Self::LoginDelay,
            Some(1) => Self::InUse,
            Some(2) => Self::Auth,
            Some(3) => Self::SysTemp,
            Some(4) => Self::SysPerm,
            Some(5) => Self::Utf8,
            _ => Self::Other(code),
        }
    }

    /// What stands between the brackets.
    #[must_use]
    pub fn as_bytes(&self) -> &'a [u8] {
        let place = match self {
            Self::LoginDelay => 0,
            Self::InUse => 1,
            Self::Auth => 2,
            Self::SysTemp => 3,
            Self::SysPerm => 4,
            Self::Utf8 => 5,
            Self::Other(code) => return code,
        };
        name_at(Self::NAMES, place)
    }
}

/// The first line of a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StatusLine<'a> {
    pub(crate) status: Status,
    /// Whether the indicator was in another case than RFC 1939 §3 gives it, or had letters behind it.
    pub(crate) misspelt: bool,
    pub(crate) code: Option<ResponseCode<'a>>,
    pub(crate) text: &'a [u8],
}

impl StatusLine<'_> {
    /// `+OK` and nothing else.
    pub(crate) const OK: Self = Self { status: Status::Ok, misspelt: false, code: None, text: &[] };
}

/// Reads a status line. An unregistered response code is read only where `resp_codes` says that the
/// server announced RESP-CODES; elsewhere brackets are text (RFC 2449 §6.4).
pub(crate) fn status_line(line: &[u8], resp_codes: bool) -> Option<StatusLine<'_>> {
    let (status, name) = match line {
        [b'+', ..] => (Status::Ok, "+OK"),
        _ => (Status::Err, "-ERR"),
    };
    let (indicator, rest) = line.split_at_checked(name.len())?;
    if !indicator.eq_ignore_ascii_case(name.as_bytes()) {
        return None;
    }
    // `+OKAY`: whoever writes so means it.
    let is_word = rest.first().is_some_and(|letter| (letter | 0x20).is_ascii_lowercase());
    let misspelt = is_word || indicator.iter().any(u8::is_ascii_lowercase);
    // A client that never asks CAPA cannot know what stands in brackets (RFC 2449 §6.4).
    let coded = if cfg!(feature = "pop3-extras") { response_code(rest) } else { None };
    let (code, text) = match coded {
        Some((code, text)) if resp_codes || !matches!(code, ResponseCode::Other(_)) => {
            (Some(code), text)
        }
        _ => (None, rest),
    };
    Some(StatusLine { status, misspelt, code, text: trimmed(text) })
}

/// The text without white space at its ends: one function for all who trim.
#[inline(never)]
pub(crate) fn trimmed(text: &[u8]) -> &[u8] {
    text.trim_ascii()
}

/// The response code, and what follows it.
fn response_code(text: &[u8]) -> Option<(ResponseCode<'_>, &[u8])> {
    let mut cursor = Cursor::new(text);
    cursor.spaces()?;
    cursor.octet(b'[')?;
    let code = cursor.take_while(|octet| octet != b']' && octet != b'[');
    cursor.octet(b']')?;
    (!code.is_empty()).then(|| (ResponseCode::parse(code), cursor.rest()))
}

/// The challenge of a continuation line, `+ base64` (RFC 5034 §4): what follows the plus sign.
#[cfg(feature = "pop3-extras")]
pub(crate) fn continuation(line: &[u8]) -> Option<&[u8]> {
    match line {
        [b'+'] => Some(&[]),
        [b'+', b' ', challenge @ ..] => Some(challenge.trim_ascii()),
        _ => None,
    }
}

/// The number that begins the answers to STAT, LIST and UIDL, and what follows it (RFC 1939 §5, §7).
pub(crate) fn numbered(text: &[u8]) -> Option<(u32, &[u8])> {
    let mut cursor = Cursor::new(text);
    let first = cursor.number()?;
    cursor.spaces()?;
    Some((first, cursor.rest()))
}

/// The size in an answer to STAT or LIST; more may follow (RFC 1939 §5).
pub(crate) fn size(text: &[u8]) -> Option<u64> {
    let mut cursor = Cursor::new(text);
    let size = cursor.number64()?;
    cursor.end().or_else(|| cursor.spaces())?;
    Some(size)
}

/// The unique-id in an answer to UIDL (RFC 1939 §7).
pub(crate) fn unique_id(text: &[u8]) -> Option<&[u8]> {
    let uid = trimmed(text);
    (!uid.is_empty()).then_some(uid)
}

/// RFC 1939 §7: 1 to 70 octets in the range 0x21 to 0x7E.
pub(crate) fn is_unique_id(uid: &[u8]) -> bool {
    (1..=70).contains(&uid.len()) && uid.iter().all(u8::is_ascii_graphic)
}

/// A line of LANG's listing: language tag and description (RFC 6856 §3.2).
#[cfg(feature = "pop3-extras")]
pub(crate) fn language_listing(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut cursor = Cursor::new(line);
    let tag = cursor.word()?;
    Some((tag, cursor.rest().trim_ascii()))
}

/// How long the message is, where the status line of RETR says so: `+OK 120 octets`.
pub(crate) fn octets_hint(text: &[u8]) -> Option<u64> {
    let mut cursor = Cursor::new(text);
    let octets = cursor.number64()?;
    cursor.spaces()?;
    cursor.keyword("octets")?;
    Some(octets)
}

/// The timestamp that makes a greeting one for APOP (RFC 1939 §7): a msg-id of RFC 5322 §3.6.4 by
/// its syntax, so that a server in the middle is not free in its choice (CVE-2007-1558).
pub(crate) fn timestamp(greeting: &[u8]) -> Option<&[u8]> {
    let mut cursor = Cursor::new(greeting);
    cursor.take_while(|octet| octet != b'<');
    let candidate = cursor.rest();
    let close = candidate.iter().position(|&octet| octet == b'>')?;
    let (stamp, _) = candidate.split_at_checked(close.checked_add(1)?)?;
    is_timestamp(stamp).then_some(stamp)
}

/// Whether `stamp` is a msg-id, angle brackets included.
pub(crate) fn is_timestamp(stamp: &[u8]) -> bool {
    let mut cursor = Cursor::new(stamp);
    let mut msg_id = || {
        cursor.octet(b'<')?;
        dot_atom(&mut cursor)?;
        cursor.octet(b'@')?;
        domain_literal(&mut cursor).or_else(|| dot_atom(&mut cursor))?;
        cursor.octet(b'>')?;
        cursor.end()
    };
    msg_id().is_some()
}

/// RFC 5322 §3.2.3: atoms with single dots between them.
fn dot_atom(cursor: &mut Cursor<'_>) -> Option<()> {
    loop {
        if cursor.take_while(is_atext).is_empty() {
            return None;
        }
        if cursor.octet(b'.').is_none() {
            return Some(());
        }
    }
}

/// RFC 5322 §3.4.1, without the folding white space that cannot stand in a line.
fn domain_literal(cursor: &mut Cursor<'_>) -> Option<()> {
    cursor.octet(b'[')?;
    cursor.take_while(|octet| octet.is_ascii_graphic() && !matches!(octet, b'[' | b']' | b'\\'));
    cursor.octet(b']')
}

/// RFC 5322 §3.2.3.
fn is_atext(octet: u8) -> bool {
    octet.is_ascii_graphic()
        && !matches!(
            octet,
            b'(' | b')'
                | b'<'
                | b'>'
                | b'['
                | b']'
                | b':'
                | b';'
                | b'@'
                | b'\\'
                | b','
                | b'.'
                | b'"'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_lines() {
        let line = |line| status_line(line, false).map(|line| (line.status, line.code, line.text));
        assert_eq!(line(b"+OK"), Some((Status::Ok, None, &b""[..])));
        assert_eq!(line(b"+OK 2 320"), Some((Status::Ok, None, &b"2 320"[..])));
        assert_eq!(line(b"-ERR"), Some((Status::Err, None, &b""[..])));
        assert_eq!(line(b"OK"), None);
        assert_eq!(line(b""), None);
        for (line, misspelt) in [
            (&b"+ok hello"[..], true),
            (b"+OKAY", true),
            (b"-ERRor", true),
            (b"+OK hello", false),
            (b"+OK", false),
            (b"-ERR[SYS/TEMP] x", false),
        ] {
            assert_eq!(status_line(line, false).unwrap().misspelt, misspelt, "{line:?}");
        }
    }

    #[cfg(feature = "pop3-extras")]
    #[test]
    fn registered_codes_are_read() {
        let line = |line| status_line(line, false).map(|line| (line.status, line.code, line.text));
        assert_eq!(
            line(b"-ERR [IN-USE] Do you have another POP session running?"),
            Some((
                Status::Err,
                Some(ResponseCode::InUse),
                &b"Do you have another POP session running?"[..]
            ))
        );
        assert_eq!(
            line(b"-ERR [sys/temp]x"),
            Some((Status::Err, Some(ResponseCode::SysTemp), &b"x"[..]))
        );
    }

    /// RFC 2449 §6.4: without CAPA nobody says that what stands in brackets is a code.
    #[cfg(not(feature = "pop3-extras"))]
    #[test]
    fn codes_are_text_without_capa() {
        let line = status_line(b"-ERR [IN-USE] busy", false).unwrap();
        assert_eq!((line.code, line.text), (None, &b"[IN-USE] busy"[..]));
    }

    #[cfg(feature = "pop3-extras")]
    #[test]
    fn unregistered_codes_are_text_unless_announced() {
        let text = &b"[X/Y] hello"[..];
        assert_eq!(status_line(b"-ERR [X/Y] hello", false).unwrap().text, text);
        let announced = status_line(b"-ERR [X/Y] hello", true).unwrap();
        assert_eq!(announced.code, Some(ResponseCode::Other(b"X/Y")));
        assert_eq!(announced.text, b"hello");
    }

    #[test]
    fn listings() {
        let drop_listing = |text| {
            let (messages, rest) = numbered(text)?;
            Some((messages, size(rest)?))
        };
        let unique_id_of = |text| {
            let (message, rest) = numbered(text)?;
            Some((message, unique_id(rest)?))
        };
        assert_eq!(drop_listing(b"2 320"), Some((2, 320)));
        assert_eq!(drop_listing(b"2 320 extra"), Some((2, 320)));
        for bad in [&b"-1 5"[..], b"2", b"", b"2 x", b"4294967296 1", b"1 2x"] {
            assert_eq!(drop_listing(bad), None, "{bad:?}");
        }
        assert_eq!(
            unique_id_of(b"1 whqtswO00WBw418f9t5JxYwZ"),
            Some((1, &b"whqtswO00WBw418f9t5JxYwZ"[..]))
        );
        assert_eq!(unique_id_of(b"1 "), None);
        assert_eq!(octets_hint(b"120 octets"), Some(120));
        assert_eq!(octets_hint(b"120 things"), None);
    }

    #[test]
    fn only_a_msg_id_is_a_timestamp() {
        let rfc = &b"<1896.697170952@dbc.mtview.ca.us>"[..];
        assert_eq!(timestamp(b"POP3 server ready <1896.697170952@dbc.mtview.ca.us>"), Some(rfc));
        assert_eq!(timestamp(b"<a@[127.0.0.1]> x"), Some(&b"<a@[127.0.0.1]>"[..]));
        for bad in [
            &b"ready"[..],
            b"<timestamp>",
            b"<a@b",
            b"<@b>",
            b"<a@>",
            b"<a..b@c>",
            b"<a\x80@b>",
            b"<a@b@c>",
            b"< a@b>",
        ] {
            assert_eq!(timestamp(bad), None, "{bad:?}");
        }
    }
}
