//! Mailbox names (RFC 9051 §5.1): as servers send them, modified UTF-7 (RFC 3501 §5.1.3) or UTF-8, and as
//! commands take them.

use core::fmt;

use super::flag::is_strict_atom_octet;
use super::lexer::Lexer;
use super::quirk::Quirk;
use super::string::{ImapString, Pieces};
use crate::wire::{Put, Utf8};

/// A mailbox name as the server sent it. The octets are never lost: to use the mailbox give the name back
/// as it came (`name.into()`); to show it, decode it.
///
/// How it is to be decoded depends on the session: as UTF-8 once UTF8=ACCEPT or IMAP4rev2 is enabled
/// (RFC 9755 §3, RFC 9051 §5.1), else as modified UTF-7.
///
/// ```
/// use mailproto_core::imap::MailboxName;
///
/// let name = MailboxName::from(&b"~peter/mail/&U,BTFw-/&ZeVnLIqe-"[..]);
/// let mut memory = [0; 64];
/// assert_eq!(name.decode_to(&mut memory, false), Ok("~peter/mail/台北/日本語"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct MailboxName<'a> {
    name: ImapString<'a>,
}

impl<'a> MailboxName<'a> {
    /// From the string that the server sent.
    #[must_use]
    pub const fn new(name: ImapString<'a>) -> Self {
        Self { name }
    }

    /// A `mailbox` (RFC 9051 §9). `NIL` is a mailbox of that name: an `astring` is never nil (RFC 9051 §4.5).
    pub(crate) fn parse(lexer: &mut Lexer<'a>) -> Option<Self> {
        let is_atom = !matches!(lexer.peek()?, b'"' | b'{');
        let name = lexer.astring()?;
        if is_atom {
            note_strange_octets(name.as_received(), lexer);
        }
        Some(Self::new(name))
    }

    /// The name as the server sent it, undecoded.
    #[must_use]
    pub const fn as_received(self) -> ImapString<'a> {
        self.name
    }

    /// Whether it is INBOX, in any case (RFC 9051 §5.1).
    #[must_use]
    pub fn is_inbox(self) -> bool {
        self.name.eq_ignore_ascii_case(b"INBOX")
    }

    /// Whether it is the mailbox of this name. INBOX is compared in any case, all others letter by letter.
    #[must_use]
    pub fn is(self, name: &str, utf8_enabled: bool) -> bool {
        if name.eq_ignore_ascii_case("INBOX") {
            return self.is_inbox();
        }
        self.chars(utf8_enabled).eq(name.chars().map(Ok))
    }

    /// Whether it can be decoded.
    #[must_use]
    pub fn is_valid(self, utf8_enabled: bool) -> bool {
        self.chars(utf8_enabled).all(|char| char.is_ok())
    }

    /// Whether it is what a name has to be: it can be decoded, and no control characters are in it.
    pub(crate) fn is_well_formed(self, utf8_enabled: bool) -> bool {
        let plain = |&octet: &u8| matches!(octet, 0x20..=0x7e) && (utf8_enabled || octet != b'&');
        self.name.pieces().all(|piece| piece.iter().all(plain))
            || self.chars(utf8_enabled).all(|char| char.is_ok_and(|char| !is_control(char)))
    }

    /// The name letter by letter. Ends with an error where it cannot be decoded.
    #[must_use]
    pub const fn chars(self, utf8_enabled: bool) -> MailboxChars<'a> {
        let octets = Octets { piece: &[], pieces: self.name.pieces(), taken: 0 };
        let state = if utf8_enabled { State::Utf8 } else { State::Direct { behind_shift: false } };
        MailboxChars { octets, state }
    }

    /// The name in UTF-8, put into `out`.
    ///
    /// # Errors
    /// [`NameError::Invalid`] where it cannot be decoded: show [`as_received`](Self::as_received), or use
    /// [`display`](Self::display). [`NameError::BufferTooSmall`] tells how much `out` must hold.
    pub fn decode_to(self, out: &mut [u8], utf8_enabled: bool) -> Result<&str, NameError> {
        let name = self.decode_octets(out, utf8_enabled)?;
        // What was encoded is UTF-8.
        core::str::from_utf8(name).map_err(|error| NameError::Invalid { at: error.valid_up_to() })
    }

    /// As [`decode_to`](Self::decode_to), as octets.
    ///
    /// # Errors
    /// As [`decode_to`](Self::decode_to).
    pub fn decode_octets(self, out: &mut [u8], utf8_enabled: bool) -> Result<&[u8], NameError> {
        let mut len = 0_usize;
        for char in self.chars(utf8_enabled) {
            let char = char?;
            let end = len.saturating_add(char.len_utf8());
            if let Some(room) = out.get_mut(len..end) {
                let mut octets = [0; 4];
                let octets = char.encode_utf8(&mut octets).bytes();
                room.iter_mut().zip(octets).for_each(|(to, from)| *to = from);
            }
            len = end;
        }
        out.get(..len).ok_or(NameError::BufferTooSmall { needed: len })
    }

    /// The name to be shown, whatever it is: decoded where that is possible, else as UTF-8 if it is that,
    /// else with escapes for what is not ASCII.
    #[must_use]
    pub const fn display(self, utf8_enabled: bool) -> DisplayName<'a> {
        DisplayName { name: self, utf8_enabled }
    }
}

impl<'a> From<&'a [u8]> for MailboxName<'a> {
    fn from(octets: &'a [u8]) -> Self {
        Self::new(ImapString::plain(octets))
    }
}

/// Notes what an `astring` does not hold unless it is quoted (RFC 9051 §9, `ASTRING-CHAR`).
fn note_strange_octets(atom: &[u8], lexer: &mut Lexer<'_>) {
    if !atom.is_ascii() {
        lexer.note(Quirk::EightBit);
    }
    let fits = |&octet: &u8| is_strict_atom_octet(octet) || octet == b']' || !octet.is_ascii();
    if !atom.iter().all(fits) {
        lexer.note(Quirk::UnquotedMailboxName);
    }
}

/// A mailbox name cannot be decoded (RFC 3501 §5.1.3, RFC 9051 §5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum NameError {
    /// It is no modified UTF-7 (RFC 3501 §5.1.3), or no UTF-8 where that is enabled.
    Invalid {
        /// How many octets of the name were read before that was known.
        at: usize,
    },
    /// The memory is too small.
    BufferTooSmall {
        /// How many octets are needed.
        needed: usize,
    },
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid { at } => write!(f, "mailbox name malformed at octet {at}"),
            Self::BufferTooSmall { needed } => write!(f, "{needed} octets needed"),
        }
    }
}

impl core::error::Error for NameError {}

/// A [`MailboxName`] to be shown.
#[derive(Clone, Copy, Debug)]
pub struct DisplayName<'a> {
    name: MailboxName<'a>,
    utf8_enabled: bool,
}

impl fmt::Display for DisplayName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write;

        let utf8 = [self.utf8_enabled, true].into_iter();
        if let Some(utf8) = utf8.into_iter().find(|utf8| self.name.is_valid(*utf8)) {
            let mut chars = self.name.chars(utf8).flatten();
            return chars.try_for_each(|char| f.write_char(char));
        }
        let mut pieces = self.name.as_received().pieces();
        pieces.try_for_each(|piece| write!(f, "{}", piece.escape_ascii()))
    }
}

/// The letters of a [`MailboxName`].
#[derive(Clone, Copy, Debug)]
pub struct MailboxChars<'a> {
    octets: Octets<'a>,
    state: State,
}

/// Where in a name the decoder is.
#[derive(Clone, Copy, Debug)]
enum State {
    /// The name is UTF-8.
    Utf8,
    /// Among octets that stand for themselves; `behind_shift`, right behind the end of a shift.
    Direct { behind_shift: bool },
    /// Between `&` and `-`.
    Base64(Utf16),
    /// At the end, or behind an error.
    End,
}

impl MailboxChars<'_> {
    fn direct(&mut self, behind_shift: bool) -> Option<char> {
        let octet = self.octets.next()?;
        match octet {
            b'&' => {}
            0x20..=0x7e => {
                self.state = State::Direct { behind_shift: false };
                return Some(char::from(octet));
            }
            _ => return None,
        }
        let octet = self.octets.next()?;
        if octet == b'-' {
            self.state = State::Direct { behind_shift: false };
            return Some('&');
        }
        // `-&` ends a shift and begins one: superfluous (RFC 3501 §5.1.3).
        if behind_shift {
            return None;
        }
        self.base64(Utf16::default(), octet)
    }

    /// A letter that begins with the octet in base64.
    fn base64(&mut self, mut utf16: Utf16, mut octet: u8) -> Option<char> {
        loop {
            utf16.push(octet)?;
            if let Some(unit) = utf16.pop()
                && let Some(char) = utf16.letter(unit)?
            {
                self.state = State::Base64(utf16);
                return Some(char);
            }
            octet = self.octets.next()?;
        }
    }

    fn utf8(&mut self) -> Option<char> {
        let first = self.octets.next()?;
        let (continuations, bits) = match first {
            0..=0x7f => (0, first),
            0xc0..=0xdf => (1, first & 0x1f),
            0xe0..=0xef => (2, first & 0x0f),
            _ => (3_usize, first & 0x07),
        };
        let (mut utf8, mut letter) = (Utf8::START, u32::from(bits));
        let mut is_valid = utf8.go_on(first);
        for _ in 0..continuations {
            let octet = self.octets.next()?;
            is_valid &= utf8.go_on(octet);
            letter = letter << 6 | u32::from(octet & 0x3f);
        }
        char::from_u32(letter).filter(|_| is_valid)
    }

    /// Leaves the base64, if it ends here.
    fn leave_base64(&mut self) -> Result<(), NameError> {
        let State::Base64(utf16) = self.state else { return Ok(()) };
        let mut ahead = self.octets;
        if ahead.next() == Some(b'-') {
            self.octets = ahead;
            if !utf16.may_end() {
                return self.invalid();
            }
            self.state = State::Direct { behind_shift: true };
        }
        Ok(())
    }

    fn invalid<T>(&mut self) -> Result<T, NameError> {
        self.state = State::End;
        Err(NameError::Invalid { at: self.octets.taken })
    }
}

impl Iterator for MailboxChars<'_> {
    type Item = Result<char, NameError>;

    fn next(&mut self) -> Option<Result<char, NameError>> {
        if let Err(error) = self.leave_base64() {
            return Some(Err(error));
        }
        let char = match self.state {
            State::End => return None,
            State::Utf8 | State::Direct { .. } if self.octets.is_empty() => return None,
            State::Utf8 => self.utf8(),
            State::Direct { behind_shift } => self.direct(behind_shift),
            State::Base64(utf16) => {
                let octet = self.octets.next();
                octet.and_then(|octet| self.base64(utf16, octet))
            }
        };
        Some(char.map_or_else(|| self.invalid(), Ok))
    }
}

/// The octets of an [`ImapString`], one by one, counted.
#[derive(Clone, Copy, Debug)]
struct Octets<'a> {
    piece: &'a [u8],
    pieces: Pieces<'a>,
    taken: usize,
}

impl Octets<'_> {
    fn next(&mut self) -> Option<u8> {
        if self.piece.is_empty() {
            self.piece = self.pieces.next()?;
        }
        let (&octet, rest) = self.piece.split_first()?;
        self.piece = rest;
        self.taken = self.taken.saturating_add(1);
        Some(octet)
    }

    fn is_empty(&self) -> bool {
        let mut ahead = *self;
        ahead.next().is_none()
    }
}

/// UTF-16 in the base64 of modified UTF-7 (RFC 3501 §5.1.3: `,` for `/`, and no padding).
#[derive(Clone, Copy, Debug, Default)]
struct Utf16 {
    /// The bits that make no unit yet are the lowest.
    bits: u32,
    /// How many.
    count: u8,
    /// The first half of a surrogate pair.
    high: Option<u16>,
}

impl Utf16 {
    fn push(&mut self, octet: u8) -> Option<()> {
        let sextet = match octet {
            b'A'..=b'Z' => octet.wrapping_sub(b'A'),
            b'a'..=b'z' => octet.wrapping_sub(b'a').wrapping_add(26),
            b'0'..=b'9' => octet.wrapping_sub(b'0').wrapping_add(52),
            b'+' => 62,
            b',' => 63,
            _ => return None,
        };
        self.bits = (self.bits << 6) | u32::from(sextet);
        self.count = self.count.wrapping_add(6);
        Some(())
    }

    /// A unit, if there are bits enough.
    fn pop(&mut self) -> Option<u16> {
        let left = self.count.checked_sub(16)?;
        self.count = left;
        // What was taken before stands above the sixteen bits.
        Some((self.bits.wrapping_shr(left.into()) & 0xffff) as u16)
    }

    /// The letter that the unit completes. The outer `None`: this unit may not stand here.
    fn letter(&mut self, unit: u16) -> Option<Option<char>> {
        let code = match (self.high.take(), unit) {
            (None, 0xd800..=0xdbff) => {
                self.high = Some(unit);
                return Some(None);
            }
            // Printable ASCII stands for itself, and never in base64.
            (None, 0x20..=0x7e) => return None,
            (None, unit) => u32::from(unit),
            (Some(high), 0xdc00..=0xdfff) => {
                let high = u32::from(high & 0x03ff) << 10;
                (high | u32::from(unit & 0x03ff)).wrapping_add(0x1_0000)
            }
            _ => return None,
        };
        char::from_u32(code).map(Some)
    }

    /// Whether it may end here: with no half of a pair, and less than six bits over, all zero.
    const fn may_end(self) -> bool {
        self.high.is_none()
            && self.count < 6
            && self.bits & 1_u32.wrapping_shl(self.count as u32).wrapping_sub(1) == 0
    }
}

/// A mailbox, as an argument of a command (RFC 9051 §5.1).
///
/// ```
/// use mailproto_core::imap::{Mailbox, MailboxName};
///
/// let mailbox: Mailbox<'_> = "Entwürfe".into();
/// assert_eq!(mailbox.encode_to(&mut [0; 32], false), Some(&b"Entw&APw-rfe"[..]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Mailbox<'m> {
    /// A name as people read it. It is sent as UTF-8 where that is enabled, else as modified UTF-7.
    Name(&'m str),
    /// Octets to be sent as they are.
    Raw(&'m [u8]),
    /// A name to be sent as the server sent it.
    Received(MailboxName<'m>),
}

impl<'m> Mailbox<'m> {
    /// The mailbox that every user has (RFC 9051 §5.1).
    pub const INBOX: Mailbox<'static> = Mailbox::Name("INBOX");

    /// Puts the name into `out` as it would be sent, without quotes; `None` where that is too small.
    #[must_use]
    pub fn encode_to(self, out: &mut [u8], utf8_enabled: bool) -> Option<&[u8]> {
        let mut len = 0_usize;
        self.emit(utf8_enabled, &mut |piece: &[u8]| {
            let end = len.saturating_add(piece.len());
            if let Some(room) = out.get_mut(len..end) {
                room.iter_mut().zip(piece).for_each(|(to, from)| *to = *from);
            }
            len = end;
        });
        out.get(..len)
    }

    /// Writes the name, without quotes.
    pub(crate) fn emit(self, utf8_enabled: bool, out: &mut impl Put) {
        match self {
            Self::Name(name) if utf8_enabled => out.put(name.as_bytes()),
            Self::Name(name) => encode_mutf7(name, out),
            Self::Raw(octets) => out.put(octets),
            Self::Received(name) => name.name.pieces().for_each(|piece| out.put(piece)),
        }
    }
}

impl<'m> From<&'m str> for Mailbox<'m> {
    fn from(name: &'m str) -> Self {
        Self::Name(name)
    }
}

impl<'m> From<MailboxName<'m>> for Mailbox<'m> {
    fn from(name: MailboxName<'m>) -> Self {
        Self::Received(name)
    }
}

/// Whether a letter may be in no name (RFC 9051 §5.1).
pub(crate) fn is_control(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}')
}

/// Writes a name in modified UTF-7 (RFC 3501 §5.1.3). INBOX, being ASCII, stays what it is.
pub(crate) fn encode_mutf7(name: &str, out: &mut impl Put) {
    let mut shift: Option<Shift> = None;
    let mut letters = name.chars();
    loop {
        let letter = letters.next();
        let direct = letter.is_none_or(|letter| matches!(letter, ' '..='~'));
        if direct && let Some(shift) = shift.take() {
            shift.end(out);
        }
        let Some(letter) = letter else { return };
        match u8::try_from(letter) {
            Ok(b'&') => out.put(b"&-"),
            Ok(octet) if direct => out.put(&[octet]),
            _ => {
                if shift.is_none() {
                    out.put(b"&");
                }
                shift.get_or_insert_default().letter(letter, out);
            }
        }
    }
}

/// UTF-16 that becomes base64 (RFC 3501 §5.1.3): the bits that make no digit yet are the lowest.
#[derive(Clone, Copy, Default)]
struct Shift {
    bits: u32,
    count: u32,
}

impl Shift {
    fn letter(&mut self, letter: char, out: &mut impl Put) {
        for unit in letter.encode_utf16(&mut [0; 2]) {
            self.bits = (self.bits << 16) | u32::from(*unit);
            self.count = self.count.wrapping_add(16);
            while let Some(left) = self.count.checked_sub(6) {
                out.put(&[base64_digit(self.bits.wrapping_shr(left))]);
                self.count = left;
            }
        }
    }

    fn end(self, out: &mut impl Put) {
        if self.count > 0 {
            out.put(&[base64_digit(self.bits.wrapping_shl(6_u32.wrapping_sub(self.count)))]);
        }
        out.put(b"-");
    }
}

/// The digit for the lowest six bits.
const fn base64_digit(bits: u32) -> u8 {
    let sextet = (bits & 0x3f) as u8;
    match sextet {
        0..=25 => sextet.wrapping_add(b'A'),
        26..=51 => sextet.wrapping_sub(26).wrapping_add(b'a'),
        52..=61 => sextet.wrapping_sub(52).wrapping_add(b'0'),
        62 => b'+',
        _ => b',',
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decoded(octets: &[u8], utf8: bool) -> Result<String, NameError> {
        MailboxName::from(octets).chars(utf8).collect()
    }

    fn encoded(name: &str) -> String {
        let mut out = Vec::new();
        encode_mutf7(name, &mut |octets: &[u8]| out.extend_from_slice(octets));
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn names_of_the_rfc_both_ways() {
        for (wire, name) in [
            // RFC 3501 §5.1.3.
            ("~peter/mail/&U,BTFw-/&ZeVnLIqe-", "~peter/mail/台北/日本語"),
            // RFC 2152, with `&` for `+`.
            ("Hi Mom -&Jjo--!", "Hi Mom -☺-!"),
            ("A&ImIDkQ-.", "A≢Α."),
            ("&ZeVnLIqe-", "日本語"),
            ("Item 3 is &AKM-1.", "Item 3 is £1."),
            ("INBOX", "INBOX"),
            ("R&-D", "R&D"),
            ("&-&AP8-&-", "&ÿ&"),
            ("&2D3eAA-", "😀"),
            ("", ""),
        ] {
            assert_eq!(decoded(wire.as_bytes(), false).as_deref(), Ok(name));
            assert_eq!(encoded(name), wire);
            assert_eq!(decoded(name.as_bytes(), true).as_deref(), Ok(name));
        }
    }

    #[test]
    fn what_is_no_modified_utf_7_is_told() {
        for (wire, at) in [
            // RFC 3501 §5.1.3: a superfluous shift, and its mate without.
            (&b"&U,BTFw-&ZeVnLIqe-"[..], 10),
            // Unterminated.
            (b"&", 1),
            (b"abc&", 4),
            (b"&Jjo", 4),
            (b"&Jjo&", 5),
            // Nothing of it is base64.
            (b"&*-", 2),
            (b"&/+8-", 2),
            (b"&Jjo!", 5),
            // Padding bits that are not zero; a sextet too many; one too few.
            (b"&AP9-", 5),
            (b"&AP8A-", 6),
            (b"&AA-", 4),
            // Printable ASCII.
            (b"&AGE-", 4),
            (b"&ACY-", 4),
            // Surrogates alone.
            (b"&2D0-", 5),
            (b"&3gA-", 4),
            (b"&2D0AQQ-", 7),
            // 8-bit and control characters unshifted.
            (b"Entw\xc3\xbcrfe", 5),
            (b"a\x7f", 2),
            (b"a\n", 2),
        ] {
            let name = MailboxName::from(wire);
            assert_eq!(decoded(wire, false), Err(NameError::Invalid { at }), "{name:?}");
            assert!(!name.is_valid(false));
            assert_eq!(name.as_received().as_received(), wire);
        }
        assert_eq!(decoded(b"&U,BTF2XlZyyKng-", false).as_deref(), Ok("台北日本語"));
    }

    #[test]
    fn utf_8_that_is_none_is_told() {
        for (wire, at) in [
            (&b"a\xff"[..], 2),
            (b"a\xc3", 2),
            (b"\xc0\x80", 2),
            (b"\xed\xa0\x80", 3),
            (b"\x80", 1),
        ] {
            let result = decoded(wire, true);
            assert!(
                matches!(result, Err(NameError::Invalid { at: told }) if told >= at),
                "{wire:?}"
            );
        }
        assert_eq!(decoded(b"R&D", true).as_deref(), Ok("R&D"));
    }

    #[test]
    fn an_error_ends_the_letters() {
        let name = MailboxName::from(&b"ab\xffcd"[..]);
        let chars: Vec<_> = name.chars(false).collect();
        assert_eq!(chars, [Ok('a'), Ok('b'), Err(NameError::Invalid { at: 3 })]);
    }

    #[test]
    fn memory_that_is_too_small_says_how_much_is_needed() {
        let name = MailboxName::from(&b"&ZeVnLIqe-"[..]);
        assert_eq!(
            name.decode_to(&mut [0; 8], false),
            Err(NameError::BufferTooSmall { needed: 9 })
        );
        assert_eq!(name.decode_to(&mut [0; 9], false), Ok("日本語"));
        assert_eq!(Mailbox::from("日本語").encode_to(&mut [0; 9], false), None);
        assert_eq!(Mailbox::from("R&D").encode_to(&mut [0; 9], true), Some(&b"R&D"[..]));
    }

    /// RFC 9051 §5.1.
    #[test]
    fn a_name_is_well_formed_without_control_characters() {
        for (octets, direct, utf8) in [
            (&b""[..], true, true),
            (b"INBOX/a \"b\"", true, true),
            (b"R&D", false, true),
            (b"Entw&APw-rfe", true, true),
            ("Entw\u{fc}rfe".as_bytes(), false, true),
            (b"a\"b\r\nc)d", false, false),
            (b"a\x7f", false, false),
            (b"a\xc2\x85", false, false),
            ("a\u{2028}".as_bytes(), false, false),
            (b"a\xff", false, false),
            // CR LF and U+2029, shifted.
            (b"a&AA0ACg-", false, true),
            (b"a&ICk-", false, true),
        ] {
            let name = MailboxName::from(octets);
            assert_eq!(name.is_well_formed(false), direct, "{name:?}");
            assert_eq!(name.is_well_formed(true), utf8, "{name:?}");
        }
    }

    #[test]
    fn names_are_compared_as_the_rfc_says() {
        let name = |octets| MailboxName::new(ImapString::plain(octets));
        assert!(name(b"iNbOx").is_inbox() && name(b"INBOX").is("inbox", true));
        assert!(!name(b"INBOX/a").is_inbox());
        assert!(name(b"Entw&APw-rfe").is("Entwürfe", false));
        assert!(!name(b"Entw&APw-rfe").is("Entwürfe", true));
        assert!(!name(b"Sent").is("sent", false) && !name(b"a&").is("a", false));
    }

    #[test]
    fn names_are_shown_whatever_they_are() {
        for (octets, shown) in [
            (&b"Entw&APw-rfe"[..], "Entwürfe"),
            ("Entwürfe".as_bytes(), "Entwürfe"),
            (b"R&D", "R&D"),
            (b"Entw\xfcrfe", "Entw\\xfcrfe"),
        ] {
            assert_eq!(MailboxName::from(octets).display(false).to_string(), shown);
        }
    }

    #[test]
    fn a_received_name_is_sent_as_it_came() {
        let name = MailboxName::new(ImapString::from_received(br#"a\"b\\&x"#, true));
        assert_eq!(Mailbox::from(name).encode_to(&mut [0; 16], false), Some(&br#"a"b\&x"#[..]));
        assert_eq!(Mailbox::INBOX.encode_to(&mut [0; 16], false), Some(&b"INBOX"[..]));
        assert_eq!(Mailbox::Raw(b"\xff").encode_to(&mut [0; 16], true), Some(&b"\xff"[..]));
        let name = MailboxName::new(ImapString::from_received(br#"a\"&APw-"#, true));
        assert_eq!(name.chars(false).collect::<Result<String, _>>().as_deref(), Ok("a\"ü"));
    }

    proptest! {
        #[test]
        fn what_is_encoded_decodes_to_the_same(name: String) {
            let wire = encoded(&name);
            prop_assert!(wire.bytes().all(|octet| matches!(octet, 0x20..=0x7e)));
            prop_assert_eq!(decoded(wire.as_bytes(), false), Ok(name.clone()));
            prop_assert_eq!(decoded(name.as_bytes(), true), Ok(name));
        }

        #[test]
        fn what_decodes_encodes_to_the_same(wire in "[ -~]{0,6}&[A-Za-z0-9+,]{1,12}-[&A-]{0,6}", octets: Vec<u8>) {
            for wire in [wire.as_bytes(), &octets] {
                if let Ok(name) = decoded(wire, false) {
                    let again = encoded(&name);
                    prop_assert_eq!(again.as_bytes(), wire);
                }
                let utf8 = decoded(wire, true);
                prop_assert_eq!(utf8.as_deref().ok(), core::str::from_utf8(wire).ok());
            }
        }
    }
}
