//! A parenthesized list of strings: small lists of words that many responses and response codes have in
//! common. Grammar only.

use crate::imap::lexer::Lexer;
use crate::imap::quirk::Quirk;
use crate::imap::string::ImapString;

/// A parenthesized list of strings or atoms, such as the charsets in `BADCHARSET (US-ASCII UTF-8)`
/// (RFC 9051 §7.1). Iterate over it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Strings<'a> {
    /// What stood between the parentheses.
    list: &'a [u8],
}

impl<'a> Strings<'a> {
    /// No strings.
    pub(crate) const EMPTY: Self = Self { list: b"" };

    /// The list, parentheses included; an empty one is forgiven, and so is NIL.
    pub(crate) fn parse(lexer: &mut Lexer<'a>) -> Option<Self> {
        if lexer.nil().is_some() {
            lexer.note(Quirk::UnexpectedNil);
            return Some(Self::EMPTY);
        }
        lexer.open()?;
        let inside = lexer.rest();
        if lexer.close().is_some() {
            lexer.note(Quirk::EmptyList);
            return Some(Self::EMPTY);
        }
        lexer.skip_spaces(Quirk::ExtraSpace);
        lexer.astring()?;
        let mut list = inside.get(..lexer.taken_of(inside))?;
        while lexer.close().is_none() {
            lexer.sp()?;
            lexer.astring()?;
            list = inside.get(..lexer.taken_of(inside))?;
        }
        Some(Self { list })
    }

    /// The strings, in the order in which they came.
    #[must_use]
    pub const fn iter(self) -> StringsIter<'a> {
        StringsIter { rest: self.list }
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.list.is_empty()
    }
}

impl<'a> IntoIterator for Strings<'a> {
    type Item = ImapString<'a>;
    type IntoIter = StringsIter<'a>;

    fn into_iter(self) -> StringsIter<'a> {
        self.iter()
    }
}

/// The strings of a [`Strings`].
#[derive(Clone, Copy, Debug)]
pub struct StringsIter<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for StringsIter<'a> {
    type Item = ImapString<'a>;

    fn next(&mut self) -> Option<ImapString<'a>> {
        let mut lexer = Lexer::new(self.rest);
        lexer.skip_spaces(Quirk::ExtraSpace);
        let string = lexer.astring();
        self.rest = lexer.rest();
        string
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(octets: &[u8]) -> (Option<Vec<Vec<u8>>>, bool) {
        let mut lexer = Lexer::new(octets);
        let strings = Strings::parse(&mut lexer);
        let words = strings.map(|all| all.iter().map(|word| word.octets().collect()).collect());
        (words, lexer.quirks().is_empty() && lexer.at_end())
    }

    #[test]
    fn atoms_and_strings_are_told_in_order() {
        let words = |all: &[&str]| Some(all.iter().map(|word| word.as_bytes().to_vec()).collect());
        assert_eq!(parse(b"(US-ASCII \"UTF-8\")"), (words(&["US-ASCII", "UTF-8"]), true));
        assert_eq!(parse(b"({3}\r\na)b NIL)"), (words(&["a)b", "NIL"]), true));
        assert_eq!(parse(b"(a  \"b\\\"\" )"), (words(&["a", "b\""]), false));
        assert_eq!(parse(b"()"), (words(&[]), false));
        assert_eq!(parse(b"NIL"), (words(&[]), false));
    }

    #[test]
    fn what_is_no_list_is_none() {
        for octets in [&b"(a"[..], b"(a(b))", b"a", b"", b"(a\"b\")"] {
            assert_eq!(parse(octets).0, None, "{octets:?}");
        }
    }
}
