//! Flags and keywords (RFC 9051 §2.3.2): one of them, and the parenthesized list of them. The list as such
//! serves mailbox attributes too.

use core::fmt::{self, Write};

use super::lexer::Lexer;
use super::quirk::Quirk;
use crate::error::EmitError;
use crate::names::place;
use crate::wire::Put;

/// A flag of a message (RFC 9051 §2.3.2).
///
/// Flags are compared without regard to case (RFC 9051 §9, note 1).
///
/// ```
/// use mailproto_core::imap::Flag;
///
/// assert_eq!(Flag::from("\\SEEN"), Flag::Seen);
/// assert_eq!(Flag::from("$forwarded"), Flag::FORWARDED);
/// assert_eq!(Flag::Flagged.as_bytes(), b"\\Flagged");
/// ```
#[derive(Clone, Copy, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Flag<'a> {
    /// `\Seen`: it has been read.
    Seen,
    /// `\Answered`.
    Answered,
    /// `\Flagged`: it is urgent, or wants attention.
    Flagged,
    /// `\Deleted`: EXPUNGE will remove it.
    Deleted,
    /// `\Draft`: it is not finished.
    Draft,
    /// `\Recent` (RFC 3501 §2.3.2): it has arrived since the last session. Servers set it, clients cannot.
    Recent,
    /// `\*`, in PERMANENTFLAGS only: keywords may be invented (RFC 9051 §7.1).
    Any,
    /// A keyword: an atom without a backslash.
    Keyword(&'a [u8]),
    /// Another flag that begins with a backslash, which is part of it (`flag-extension`, RFC 9051 §9).
    Extension(&'a [u8]),
}

impl Flag<'static> {
    /// `$Forwarded` (RFC 5788 §3, RFC 9051 §2.3.2).
    pub const FORWARDED: Self = Self::Keyword(b"$Forwarded");
    /// `$MDNSent`: a disposition notification was sent (RFC 3503 §3).
    pub const MDN_SENT: Self = Self::Keyword(b"$MDNSent");
    /// `$Junk` (RFC 9051 §2.3.2).
    pub const JUNK: Self = Self::Keyword(b"$Junk");
    /// `$NotJunk` (RFC 9051 §2.3.2).
    pub const NOT_JUNK: Self = Self::Keyword(b"$NotJunk");
    /// `$Phishing` (RFC 9051 §2.3.2).
    pub const PHISHING: Self = Self::Keyword(b"$Phishing");
    /// `$Important` (RFC 8457 §2).
    pub const IMPORTANT: Self = Self::Keyword(b"$Important");
    /// `$MailFlagBit0`: with the other two, the colour that Apple's clients give to a flagged message.
    pub const MAIL_FLAG_BIT0: Self = Self::Keyword(b"$MailFlagBit0");
    /// `$MailFlagBit1`.
    pub const MAIL_FLAG_BIT1: Self = Self::Keyword(b"$MailFlagBit1");
    /// `$MailFlagBit2`.
    pub const MAIL_FLAG_BIT2: Self = Self::Keyword(b"$MailFlagBit2");
}

impl<'a> Flag<'a> {
    /// The flag that these octets name, in any case. Any octets do: what begins with a backslash and is not
    /// known is an [`Extension`](Self::Extension), all else a [`Keyword`](Self::Keyword).
    #[must_use]
    #[inline]
    pub fn from_bytes(octets: &'a [u8]) -> Self {
        match octets {
            _ if !cfg!(feature = "fast") => Self::in_another_case(octets),
            b"\\Seen" => Self::Seen,
            b"\\Answered" => Self::Answered,
            b"\\Flagged" => Self::Flagged,
            b"\\Deleted" => Self::Deleted,
            b"\\Draft" => Self::Draft,
            b"\\Recent" => Self::Recent,
            b"\\*" => Self::Any,
            [b'\\', ..] => Self::in_another_case(octets),
            _ => Self::Keyword(octets),
        }
    }

    #[cold]
    #[inline(never)]
    fn in_another_case(octets: &'a [u8]) -> Self {
        const SYSTEM: &str = "\\Seen \\Answered \\Flagged \\Deleted \\Draft \\Recent \\*";
        match place(SYSTEM, octets) {
            Some(0) => Self::Seen,
            Some(1) => Self::Answered,
            Some(2) => Self::Flagged,
            Some(3) => Self::Deleted,
            Some(4) => Self::Draft,
            Some(5) => Self::Recent,
            Some(_) => Self::Any,
            None if octets.starts_with(b"\\") => Self::Extension(octets),
            None => Self::Keyword(octets),
        }
    }

    /// The flag as RFC 9051 spells it; a keyword or extension as it came.
    #[must_use]
    pub const fn as_bytes(self) -> &'a [u8] {
        match self {
            Self::Seen => b"\\Seen",
            Self::Answered => b"\\Answered",
            Self::Flagged => b"\\Flagged",
            Self::Deleted => b"\\Deleted",
            Self::Draft => b"\\Draft",
            Self::Recent => b"\\Recent",
            Self::Any => b"\\*",
            Self::Keyword(octets) | Self::Extension(octets) => octets,
        }
    }

    /// The same as text; `None` where a server has sent octets that are no UTF-8.
    #[must_use]
    pub const fn as_str(self) -> Option<&'a str> {
        match core::str::from_utf8(self.as_bytes()) {
            Ok(text) => Some(text),
            Err(_) => None,
        }
    }

    /// Whether a client may set and clear it: all but `\Recent` and `\*`.
    #[must_use]
    pub const fn is_settable(self) -> bool {
        !matches!(self, Self::Recent | Self::Any)
    }

    /// One flag of FLAGS (RFC 9051 §7.3.5), up to a space, a parenthesis or the end. `\*` belongs to
    /// PERMANENTFLAGS alone (RFC 9051 §9).
    pub(crate) fn parse(lexer: &mut Lexer<'a>) -> Option<Self> {
        let flag = word(lexer).map(Self::from_bytes);
        if matches!(flag, Some(Self::Any)) {
            lexer.note(Quirk::BadFlag);
        }
        flag
    }

    /// Whether it can be sent in STORE or APPEND.
    ///
    /// # Errors
    /// `Empty`; `BadArgument`, for octets that no atom holds (RFC 9051 §9), a bare backslash, `\Recent` and
    /// `\*`.
    pub(crate) fn check(self) -> Result<(), EmitError> {
        match self {
            Self::Recent | Self::Any => Err(EmitError::BadArgument { at: 0 }),
            Self::Keyword(keyword) => check_atom(keyword, 0),
            Self::Extension([b'\\', atom @ ..]) => check_atom(atom, 1),
            Self::Extension(_) => Err(EmitError::BadArgument { at: 0 }),
            _ => Ok(()),
        }
    }

    /// Writes the flag.
    ///
    /// # Errors
    /// As of `check`.
    pub(crate) fn emit(self, out: &mut impl Put) -> Result<(), EmitError> {
        self.check()?;
        out.put(self.as_bytes());
        Ok(())
    }

    /// Writes the flags in parentheses (`flag-list`, RFC 9051 §9).
    ///
    /// # Errors
    /// As of `check`.
    pub(crate) fn emit_list(flags: &[Self], out: &mut impl Put) -> Result<(), EmitError> {
        out.put(b"(");
        for (index, flag) in flags.iter().enumerate() {
            if index > 0 {
                out.put(b" ");
            }
            flag.emit(out)?;
        }
        out.put(b")");
        Ok(())
    }
}

/// Whether these octets, which stand at `offset` of an argument, are an atom (RFC 9051 §9).
pub(crate) fn check_atom(atom: &[u8], offset: usize) -> Result<(), EmitError> {
    if atom.is_empty() {
        return Err(EmitError::Empty);
    }
    match atom.iter().position(|&octet| !is_strict_atom_octet(octet)) {
        None => Ok(()),
        Some(at) => {
            let forbidden = matches!(atom.get(at), Some(b'\r' | b'\n' | 0));
            let at = at.saturating_add(offset);
            Err(if forbidden {
                EmitError::ForbiddenOctet { at }
            } else {
                EmitError::BadArgument { at }
            })
        }
    }
}

/// `ATOM-CHAR` (RFC 9051 §9), looked up where there is room for speed.
#[inline(always)]
fn is_flag_octet(octet: u8) -> bool {
    #[cfg(feature = "wide")]
    {
        #[expect(clippy::indexing_slicing, reason = "the compiler runs it")]
        static TABLE: [bool; 256] = {
            let mut table = [false; 256];
            let mut octet = 0;
            while octet < 128 {
                table[octet] = is_strict_atom_octet(octet as u8);
                octet += 1;
            }
            table
        };
        TABLE.get(usize::from(octet)).is_some_and(|&is| is)
    }
    #[cfg(not(feature = "wide"))]
    is_strict_atom_octet(octet)
}

/// `ATOM-CHAR` (RFC 9051 §9), to the letter.
#[inline]
pub(crate) const fn is_strict_atom_octet(octet: u8) -> bool {
    matches!(octet, 0x21..=0x7e)
        && !matches!(octet, b'(' | b')' | b'{' | b'%' | b'*' | b'"' | b'\\' | b']')
}

impl PartialEq for Flag<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes().eq_ignore_ascii_case(other.as_bytes())
    }
}

impl<'a> From<&'a str> for Flag<'a> {
    fn from(flag: &'a str) -> Self {
        Self::from_bytes(flag.as_bytes())
    }
}

impl fmt::Display for Flag<'_> {
    /// The flag as RFC 9051 spells it; what is not printable ASCII is escaped.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(self.as_bytes(), f)
    }
}

impl fmt::Debug for Flag<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(self.as_bytes(), f)
    }
}

/// Shows octets as they are where they are printable ASCII, else escaped.
pub(super) fn show(octets: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    octets.iter().try_for_each(|&octet| match octet {
        b' '..=b'~' => f.write_char(char::from(octet)),
        octet => write!(f, "{}", octet.escape_ascii()),
    })
}

/// The flags of a message, or those that a mailbox knows (RFC 9051 §7.3.5, §7.5.2): a view of the octets
/// between the parentheses, walked lazily.
#[derive(Clone, Copy, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Flags<'a> {
    list: &'a [u8],
}

impl<'a> Flags<'a> {
    /// From what stands between the parentheses, such as [`as_bytes`](Self::as_bytes) gave. Any octets do: the
    /// flags end where there is no word any more.
    ///
    /// ```
    /// use mailproto_core::imap::{Flag, Flags};
    ///
    /// assert!(Flags::from_bytes(b"\\Seen $Junk").iter().eq([Flag::Seen, Flag::JUNK]));
    /// ```
    #[must_use]
    pub const fn from_bytes(list: &'a [u8]) -> Self {
        Self { list }
    }

    /// A parenthesized list of flags.
    #[inline]
    pub(crate) fn parse(lexer: &mut Lexer<'a>) -> Option<Self> {
        parse_list(lexer).map(|list| Self { list })
    }

    #[cfg(feature = "fast")]
    /// A list in which there is nothing to forgive, and what follows it.
    #[inline(always)]
    pub(crate) fn usual(octets: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let list = octets.strip_prefix(b"(")?;
        let (list, rest) = list.split_at_checked(usual_list(list)?)?;
        Some((Self { list }, rest.strip_prefix(b")")?))
    }

    /// The flags in the order in which they came.
    #[must_use]
    pub const fn iter(self) -> FlagIter<'a> {
        FlagIter(Words(self.list))
    }

    /// Whether `flag` is among them, in any case.
    #[must_use]
    pub fn contains(self, flag: Flag<'_>) -> bool {
        self.iter().any(|each| each == flag)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.iter().next().is_none()
    }

    /// What stood between the parentheses, as it came.
    #[must_use]
    pub const fn as_bytes(self) -> &'a [u8] {
        self.list
    }
}

impl fmt::Debug for Flags<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(*self).finish()
    }
}

impl<'a> IntoIterator for Flags<'a> {
    type Item = Flag<'a>;
    type IntoIter = FlagIter<'a>;

    fn into_iter(self) -> FlagIter<'a> {
        self.iter()
    }
}

/// The flags of a list, one by one.
#[derive(Clone, Copy, Debug)]
pub struct FlagIter<'a>(Words<'a>);

impl<'a> FlagIter<'a> {
    /// What has not been read yet, as it came; [`Flags::from_bytes`] goes on with it.
    #[must_use]
    pub const fn rest(&self) -> &'a [u8] {
        self.0.0
    }
}

impl<'a> Iterator for FlagIter<'a> {
    type Item = Flag<'a>;

    #[inline]
    fn next(&mut self) -> Option<Flag<'a>> {
        self.0.next().map(Flag::from_bytes)
    }
}

/// A parenthesized list of flags or attributes: what is between its parentheses.
#[inline]
pub(super) fn parse_list<'a>(lexer: &mut Lexer<'a>) -> Option<&'a [u8]> {
    let (b'(', text) = lexer.rest().split_first()? else { return None };
    if cfg!(feature = "fast")
        && let Some(len) = usual_list(text)
    {
        lexer.advance(len.wrapping_add(2));
        return text.get(..len);
    }
    unusual_list(lexer)
}

/// The length of a list, from behind its parenthesis to before the closing one, in which there is nothing to
/// forgive.
#[inline(always)]
fn usual_list(text: &[u8]) -> Option<usize> {
    if text.first() == Some(&b')') {
        return Some(0);
    }
    let mut rest = text;
    loop {
        let flag = rest.strip_prefix(b"\\").unwrap_or(rest);
        let len = flag_octets(flag);
        let (end, behind) = flag.get(len..)?.split_first()?;
        match end {
            b' ' if len > 0 => rest = behind,
            b')' if len > 0 => return Some(text.len().wrapping_sub(behind.len()).wrapping_sub(1)),
            _ => return None,
        }
    }
}

/// How many of the first octets are `ATOM-CHAR`.
#[inline(always)]
fn flag_octets(text: &[u8]) -> usize {
    text.iter().position(|&octet| !is_flag_octet(octet)).unwrap_or(text.len())
}

/// A list that holds what no flag may hold (but `\*`), or misplaced spaces. Lists in it are taken apart.
#[cold]
fn unusual_list<'a>(lexer: &mut Lexer<'a>) -> Option<&'a [u8]> {
    let mut ahead = *lexer;
    ahead.open()?;
    let list = ahead.rest();
    let mut depth = 1_usize;
    let mut first = true;
    loop {
        match ahead.peek()? {
            b' ' | b'\t' => {
                let spaces = ahead.take_while(is_blank);
                if matches!(ahead.peek(), Some(b')')) {
                    ahead.note(Quirk::TrailingSpace);
                } else if first || spaces != b" " {
                    ahead.note(Quirk::ExtraSpace);
                }
            }
            b'(' => {
                ahead.advance(1);
                ahead.note(Quirk::BadFlag);
                depth = depth.wrapping_add(1);
            }
            b')' => {
                let len = ahead.taken_of(list);
                ahead.advance(1);
                depth = depth.wrapping_sub(1);
                if depth == 0 {
                    *lexer = ahead;
                    return list.get(..len);
                }
            }
            _ => drop(word(&mut ahead)?),
        }
        first = false;
    }
}

/// One flag or attribute, up to a space, a parenthesis or the end. Between quotes there may be spaces.
fn word<'a>(lexer: &mut Lexer<'a>) -> Option<&'a [u8]> {
    if let Some(quoted) = quoted_word(lexer.rest()) {
        lexer.advance(quoted.len().saturating_add(2));
        lexer.note(Quirk::BadFlag);
        return Some(quoted);
    }
    let word = lexer.take_while(is_word_octet);
    if word.is_empty() {
        return None;
    }
    let atom = word.strip_prefix(b"\\").unwrap_or(word);
    if word != b"\\*" && check_atom(atom, 0).is_err() {
        lexer.note(Quirk::BadFlag);
    }
    Some(word)
}

/// What a quoted string that begins here holds, if the next quote ends it. Looks no further, so that the
/// work stays linear.
fn quoted_word(text: &[u8]) -> Option<&[u8]> {
    let text = text.strip_prefix(b"\"")?;
    let stops = |octet: &u8| matches!(octet, b'"' | b'(' | b')' | b'\r' | b'\n');
    let (word, rest) = text.split_at_checked(text.iter().position(stops)?)?;
    let ends = matches!(rest, [b'"'] | [b'"', b' ' | b'\t' | b'(' | b')', ..]);
    ends.then_some(word)
}

#[inline]
const fn is_blank(octet: u8) -> bool {
    matches!(octet, b' ' | b'\t')
}

#[inline]
const fn is_word_octet(octet: u8) -> bool {
    !matches!(octet, b' ' | b'\t' | b'(' | b')' | b'\r' | b'\n')
}

/// The words of a list that was checked, one by one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words<'a>(pub(super) &'a [u8]);

impl<'a> Iterator for Words<'a> {
    type Item = &'a [u8];

    #[inline]
    fn next(&mut self) -> Option<&'a [u8]> {
        while let [b' ' | b'\t' | b'(' | b')', rest @ ..] = self.0 {
            self.0 = rest;
        }
        if !cfg!(feature = "fast") || self.0.first() == Some(&b'"') {
            return self.quoted();
        }
        let backslash = usize::from(self.0.first() == Some(&b'\\'));
        let mut len = backslash.wrapping_add(flag_octets(self.0.get(backslash..)?));
        if self.0.get(len).is_some_and(|&octet| is_word_octet(octet)) {
            len = word_octets(self.0);
        }
        let (word, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        (!word.is_empty()).then_some(word)
    }
}

/// How many of the first octets belong to a word, whatever they are.
#[cold]
fn word_octets(text: &[u8]) -> usize {
    text.iter().take_while(|&&octet| is_word_octet(octet)).count()
}

impl<'a> Words<'a> {
    #[cold]
    fn quoted(&mut self) -> Option<&'a [u8]> {
        let mut lexer = Lexer::new(self.0);
        let word = word(&mut lexer)?;
        self.0 = lexer.rest();
        Some(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::quirk::Forgiven;
    use proptest::prelude::*;

    fn parsed(list: &str) -> (Vec<Flag<'_>>, Forgiven) {
        let mut lexer = Lexer::new(list.as_bytes());
        let flags = Flags::parse(&mut lexer).unwrap_or_else(|| panic!("{list}"));
        assert!(lexer.at_end(), "{list}");
        (flags.iter().collect(), lexer.quirks())
    }

    fn keyword(keyword: &str) -> Flag<'_> {
        Flag::Keyword(keyword.as_bytes())
    }

    #[test]
    fn lists_of_the_rfcs_are_read_without_a_quirk() {
        // RFC 9051 §7.3.5, §7.5.2, §7.1 and §6.3.2.
        for (list, flags) in [
            (
                r"(\Answered \Flagged \Deleted \Seen \Draft)",
                &[Flag::Answered, Flag::Flagged, Flag::Deleted, Flag::Seen, Flag::Draft][..],
            ),
            (r"(\Seen)", &[Flag::Seen]),
            ("()", &[]),
            (r"(\Deleted \Seen \*)", &[Flag::Deleted, Flag::Seen, Flag::Any]),
            (r"($Forwarded \recent $MDNSent)", &[Flag::FORWARDED, Flag::Recent, Flag::MDN_SENT]),
            (r"(\X-Foo [a)", &[Flag::Extension(br"\X-Foo"), Flag::Keyword(b"[a")]),
        ] {
            assert_eq!(parsed(list), (flags.to_vec(), Forgiven::NONE), "{list}");
        }
    }

    #[test]
    fn what_servers_break_is_kept_and_noted() {
        let bad = Forgiven::NONE.with(Quirk::BadFlag);
        let trailing = Forgiven::NONE.with(Quirk::TrailingSpace);
        let extra = Forgiven::NONE.with(Quirk::ExtraSpace);
        for (list, flags, quirks) in [
            (r"(OIB-Seen-[Gmail]/All)", vec![keyword("OIB-Seen-[Gmail]/All")], bad),
            (r"(\[test] \Seen)", vec![Flag::Extension(br"\[test]"), Flag::Seen], bad),
            (r"(\ \Seen)", vec![Flag::Extension(br"\"), Flag::Seen], bad),
            (r"(\Seen \)", vec![Flag::Seen, Flag::Extension(br"\")], bad),
            (r"(\Seen *)", vec![Flag::Seen, keyword("*")], bad),
            (r#"("Custom Flag" \Seen)"#, vec![keyword("Custom Flag"), Flag::Seen], bad),
            (r#"("Junk)"#, vec![keyword("\"Junk")], bad),
            (r#"("Junk a"b)"#, vec![keyword("\"Junk"), keyword("a\"b")], bad),
            (r"(\Seen (a (b) c) d)", ["\\Seen", "a", "b", "c", "d"].map(Flag::from).into(), bad),
            (r"(\Seen )", vec![Flag::Seen], trailing),
            (r"( )", vec![], trailing),
            (r"( \Seen)", vec![Flag::Seen], extra),
            ("(\\Seen  a\tb)", vec![Flag::Seen, keyword("a"), keyword("b")], extra),
            ("(\u{e9}t\u{e9})", vec![keyword("\u{e9}t\u{e9}")], bad),
        ] {
            assert_eq!(parsed(list), (flags, quirks), "{list}");
        }
    }

    #[test]
    fn a_list_that_does_not_end_is_none_and_takes_nothing() {
        for list in ["", "(", r"(\Seen", r"(\Seen (a)", "\\Seen)", "(a\r\nb)", "(\"a"] {
            let mut lexer = Lexer::new(list.as_bytes());
            assert!(Flags::parse(&mut lexer).is_none(), "{list}");
            assert_eq!(lexer.rest(), list.as_bytes());
        }
    }

    #[test]
    fn parsing_stops_behind_the_list() {
        let mut lexer = Lexer::new(br"(\Seen) UID 1)");
        let flags = Flags::parse(&mut lexer).unwrap();
        assert_eq!((flags.as_bytes(), lexer.rest()), (&br"\Seen"[..], &b" UID 1)"[..]));
        assert!(flags.contains(Flag::Seen) && !flags.contains(Flag::Recent));
        assert!(!flags.is_empty() && Flags::default().is_empty());
        assert_eq!(
            (format!("{flags:?}"), Flag::Seen.to_string()),
            ("[\\Seen]".into(), "\\Seen".into())
        );
        assert_eq!(keyword("a\r\u{e9}").to_string(), r"a\r\xc3\xa9");
    }

    #[test]
    fn only_what_a_client_may_set_is_sent() {
        let emit = |flags: &[Flag<'_>]| {
            let mut sent = Vec::new();
            Flag::emit_list(flags, &mut |octets: &[u8]| sent.extend_from_slice(octets))
                .map(|()| sent)
        };
        assert_eq!(emit(&[Flag::Seen, Flag::JUNK]), Ok(br"(\Seen $Junk)".to_vec()));
        assert_eq!(emit(&[]), Ok(b"()".to_vec()));
        assert_eq!(emit(&[Flag::Extension(br"\X")]), Ok(br"(\X)".to_vec()));
        for (flag, error) in [
            (Flag::Recent, EmitError::BadArgument { at: 0 }),
            (Flag::Any, EmitError::BadArgument { at: 0 }),
            (keyword(""), EmitError::Empty),
            (Flag::Extension(br"\"), EmitError::Empty),
            (Flag::Extension(b"x"), EmitError::BadArgument { at: 0 }),
            (keyword(r"\Seen"), EmitError::BadArgument { at: 0 }),
            (keyword("a b"), EmitError::BadArgument { at: 1 }),
            (Flag::Extension(b"\\a\r\nb"), EmitError::ForbiddenOctet { at: 2 }),
        ] {
            assert_eq!(emit(&[flag]), Err(error), "{flag:?}");
        }
    }
    #[test]
    fn a_flag_of_flags_is_told_whatever_it_is() {
        for (octets, flag, bad) in [
            (&b"\\seen"[..], Flag::Seen, false),
            (b"$Forwarded", Flag::Keyword(b"$Forwarded"), false),
            (b"\\*", Flag::Any, true),
            (b"OIB-Seen-[Gmail]/All", Flag::Keyword(b"OIB-Seen-[Gmail]/All"), true),
            (b"\"a b\"", Flag::Keyword(b"a b"), true),
        ] {
            let mut lexer = Lexer::new(octets);
            assert_eq!(Flag::parse(&mut lexer), Some(flag));
            assert_eq!(lexer.quirks().contains(Quirk::BadFlag), bad, "{flag:?}");
            assert!(lexer.at_end());
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(words in prop::collection::vec(r"\\?[!#$&'+-Z\[^_a-z|}~]{1,8}", 0..8)) {
            let flags: Vec<_> = words.iter().map(|word| Flag::from(&word[..])).collect();
            let mut sent = Vec::new();
            let settable = flags.iter().all(|flag| flag.is_settable());
            let result = Flag::emit_list(&flags, &mut |octets: &[u8]| sent.extend_from_slice(octets));
            prop_assert_eq!(result.is_ok(), settable);
            if settable {
                let list = String::from_utf8(sent).unwrap();
                prop_assert_eq!(parsed(&list), (flags, Forgiven::NONE));
            }
        }

        #[test]
        fn any_list_is_walked_as_it_was_checked(list in r#"\([\\* ()\t"a\[\]é]{0,20}\)"#) {
            let mut lexer = Lexer::new(list.as_bytes());
            let Some(flags) = Flags::parse(&mut lexer) else { return Ok(()) };
            prop_assert_eq!(flags.as_bytes().len() + 2, lexer.taken_of(list.as_bytes()));
            let letters = |octet: &u8| !b" \t()\"".contains(octet);
            let told: Vec<u8> = flags.iter().flat_map(Flag::as_bytes).copied().filter(letters).collect();
            let stood: Vec<u8> = flags.as_bytes().iter().copied().filter(letters).collect();
            prop_assert_eq!(told, stood);
            let usual = flags.iter().all(|flag| flag == Flag::Any || flag.check().is_ok());
            prop_assert!(usual || flags.iter().any(|flag| flag == Flag::Recent) || lexer.quirks().contains(Quirk::BadFlag));
        }
    }
}
