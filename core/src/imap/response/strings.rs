//! Lists of strings: the small lists of words that many responses and response codes have in common.
//! Grammar only.

use crate::imap::lexer::Lexer;
use crate::imap::quirk::Quirk;
use crate::imap::resume::resumable;
use crate::imap::string::ImapString;

/// A list of strings or atoms, such as the charsets in `BADCHARSET (US-ASCII UTF-8)` (RFC 9051 §7.1) or the
/// roots in QUOTAROOT (RFC 9208 §4.2.2). Iterate over it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Strings<'a> {
    /// The strings, with spaces between them.
    list: &'a [u8],
}

impl<'a> Strings<'a> {
    /// No strings.
    pub(crate) const EMPTY: Self = Self { list: b"" };

    /// A list in parentheses; an empty one is forgiven, and so is NIL.
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

    /// What follows to the end of the line, perhaps nothing: each string behind a space.
    #[cfg(any(feature = "imap-acl", feature = "imap-quota", feature = "imap-metadata"))]
    pub(crate) fn to_end(lexer: &mut Lexer<'a>) -> Option<Self> {
        let whole = lexer.rest();
        let mut list: &[u8] = b"";
        loop {
            let mut ahead = *lexer;
            if ahead.end().is_some() {
                *lexer = ahead;
                return Some(Self { list });
            }
            lexer.sp()?;
            lexer.astring()?;
            list = whole.get(..lexer.taken_of(whole))?;
        }
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

resumable!(StringsIter { rest });

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
    #[cfg(any(feature = "imap-acl", feature = "imap-quota", feature = "imap-metadata"))]
    fn strings_go_to_the_end_of_the_line() {
        let count = |octets: &[u8]| {
            let mut lexer = Lexer::new(octets);
            let strings = Strings::to_end(&mut lexer)?;
            Some((strings.iter().count(), lexer.quirks().is_empty() && lexer.at_end()))
        };
        assert_eq!(count(b""), Some((0, true)));
        assert_eq!(count(b" a \"b c\" {1}\r\n "), Some((3, true)));
        assert_eq!(count(b" a "), Some((1, false)));
        assert_eq!(count(b"a"), None);
        assert_eq!(count(b" a (b)"), None);
    }

    #[test]
    fn what_is_no_list_is_none() {
        for octets in [&b"(a"[..], b"(a(b))", b"a", b"", b"(a\"b\")"] {
            assert_eq!(parse(octets).0, None, "{octets:?}");
        }
    }
}
