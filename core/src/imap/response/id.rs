//! ID (RFC 2971 §3.2): what the server says of its implementation. Grammar only.

use crate::imap::lexer::Lexer;
use crate::imap::quirk::Quirk;
use crate::imap::resume::resumable;
use crate::imap::string::ImapString;

/// Who made the server, which version it is, and whatever else it tells: pairs of a name and a value
/// (RFC 2971 §3.2, §3.3). Statistics and bug reports may use it; the behaviour of a client should not
/// depend on it. Iterate over it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Id<'a> {
    /// What stood between the parentheses; nothing for NIL.
    pairs: &'a [u8],
}

impl<'a> Id<'a> {
    /// What follows `ID `, to the end of the line: `nil` or `"(" *(string SP nstring) ")"`.
    pub(crate) fn parse(lexer: &mut Lexer<'a>) -> Option<Self> {
        let id = if lexer.nil().is_some() { Self::default() } else { Self::list(lexer)? };
        lexer.end()?;
        Some(id)
    }

    fn list(lexer: &mut Lexer<'a>) -> Option<Self> {
        lexer.open()?;
        let inside = lexer.rest();
        if lexer.close().is_some() {
            return Some(Self::default());
        }
        lexer.skip_spaces(Quirk::ExtraSpace);
        loop {
            pair(lexer)?;
            let pairs = inside.get(..lexer.taken_of(inside))?;
            if lexer.close().is_some() {
                return Some(Self { pairs });
            }
            lexer.sp()?;
        }
    }

    /// The pairs, in the order in which they came. A value may be NIL.
    #[must_use]
    pub const fn iter(self) -> IdPairs<'a> {
        IdPairs { rest: self.pairs }
    }

    /// The value of this name, in any case: `name`, `version`, `vendor`, `os`, `support-url` and others
    /// (RFC 2971 §3.3).
    #[must_use]
    pub fn field(self, name: &str) -> Option<ImapString<'a>> {
        let named = |(each, value): (ImapString<'a>, Option<ImapString<'a>>)| {
            if each.eq_ignore_ascii_case(name.as_bytes()) { value } else { None }
        };
        self.iter().find_map(named)
    }

    /// Whether the server tells nothing.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.pairs.is_empty()
    }
}

impl<'a> IntoIterator for Id<'a> {
    type Item = (ImapString<'a>, Option<ImapString<'a>>);
    type IntoIter = IdPairs<'a>;

    fn into_iter(self) -> IdPairs<'a> {
        self.iter()
    }
}

/// The pairs of an [`Id`].
#[derive(Clone, Copy, Debug)]
pub struct IdPairs<'a> {
    rest: &'a [u8],
}

resumable!(IdPairs { rest });

impl<'a> Iterator for IdPairs<'a> {
    type Item = (ImapString<'a>, Option<ImapString<'a>>);

    fn next(&mut self) -> Option<Self::Item> {
        let mut lexer = Lexer::new(self.rest);
        lexer.skip_spaces(Quirk::ExtraSpace);
        let pair = pair(&mut lexer);
        self.rest = lexer.rest();
        pair
    }
}

/// `string SP nstring`. A value that is missing at the end counts as NIL.
fn pair<'a>(lexer: &mut Lexer<'a>) -> Option<(ImapString<'a>, Option<ImapString<'a>>)> {
    let name = lexer.string()?;
    let mut ahead = *lexer;
    if ahead.close().is_some() || ahead.at_end() {
        lexer.note(Quirk::MissingField);
        return Some((name, None));
    }
    lexer.sp()?;
    Some((name, lexer.nstring()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    type Told = (Vec<(Vec<u8>, Option<Vec<u8>>)>, Vec<Quirk>);

    fn told(octets: &[u8]) -> Option<Told> {
        let mut lexer = Lexer::new(octets);
        let id = Id::parse(&mut lexer)?;
        assert!(lexer.at_end());
        let octets = |string: ImapString<'_>| string.octets().collect::<Vec<_>>();
        let pairs = id.iter().map(|(name, value)| (octets(name), value.map(octets))).collect();
        let quirks = Quirk::ALL.into_iter().filter(|&quirk| lexer.quirks().contains(quirk));
        Some((pairs, quirks.collect()))
    }

    fn expect(pairs: &[(&str, Option<&str>)], quirks: &[Quirk]) -> Option<Told> {
        let octets = |text: &str| text.as_bytes().to_vec();
        let pairs = pairs.iter().map(|(name, value)| (octets(name), value.map(octets))).collect();
        Some((pairs, quirks.to_vec()))
    }

    // RFC 2971 §3.1, §3.2.
    #[test]
    fn examples_of_the_rfc() {
        let line = br#"("name" "Cyrus" "version" "1.5" "os" "sunos" "os-version" "5.5" "support-url" "mailto:cyrus-bugs+@andrew.cmu.edu")"#;
        let id = Id::parse(&mut Lexer::new(line)).unwrap();
        assert_eq!(id.iter().count(), 5);
        assert_eq!(id.field("Version"), Some(ImapString::plain(b"1.5")));
        assert_eq!(id.field("vendor"), None);
        assert_eq!(told(b"NIL"), expect(&[], &[]));
        assert_eq!(told(b"nil"), expect(&[], &[]));
        assert_eq!(told(b"()"), expect(&[], &[]));
        assert_eq!(told(b"(\"key\" NIL)"), expect(&[("key", None)], &[]));
        assert_eq!(told(b"({1}\r\n) \"\\\"\")"), expect(&[(")", Some("\""))], &[]));
    }

    #[test]
    fn what_servers_send_is_forgiven() {
        for (line, pairs, quirk) in [
            (&b"(\"a\" \"b\" )"[..], ("a", Some("b")), Quirk::TrailingSpace),
            (b"(\"a\" \"b\") ", ("a", Some("b")), Quirk::TrailingSpace),
            (b"(\"a\"  \"b\")", ("a", Some("b")), Quirk::ExtraSpace),
            (b"(a b)", ("a", Some("b")), Quirk::UnquotedString),
            (b"(\"a\")", ("a", None), Quirk::MissingField),
            (b"(NIL \"b\")", ("", Some("b")), Quirk::UnexpectedNil),
        ] {
            assert_eq!(told(line), expect(&[pairs], &[quirk]), "{}", line.escape_ascii());
        }
    }

    #[test]
    fn what_is_no_list_is_none() {
        for line in [&b""[..], b"(", b"(\"a\" \"b\"", b"\"a\"", b"(\"a\" (b))", b"NIL NIL"] {
            assert_eq!(told(line), None, "{}", line.escape_ascii());
        }
    }
}
