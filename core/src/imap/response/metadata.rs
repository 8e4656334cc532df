//! METADATA (RFC 5464 §4.4): annotations of mailboxes and of the server. Grammar only.

use super::strings::Strings;
use crate::imap::lexer::Lexer;
use crate::imap::mailbox::MailboxName;
use crate::imap::quirk::Quirk;
use crate::imap::resume::resumable;
use crate::imap::string::ImapString;

/// Annotations of a mailbox or of the server (RFC 5464 §4.4).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Metadata<'a> {
    /// The mailbox; empty for the server itself.
    pub mailbox: MailboxName<'a>,
    /// What is told.
    pub entries: MetadataEntries<'a>,
}

/// What a METADATA response tells (RFC 5464 §4.4).
#[derive(Clone, Copy, Debug)]
pub enum MetadataEntries<'a> {
    /// Entries with their values, as GETMETADATA asked for them (RFC 5464 §4.4.1).
    Values(MetadataValues<'a>),
    /// The names of entries that have changed; the server tells unasked (RFC 5464 §4.4.2).
    Changed(Strings<'a>),
}

impl<'a> Metadata<'a> {
    /// What follows `METADATA `, to the end of the line: `mailbox SP (entry-values / entry-list)`
    /// (RFC 5464 §5).
    pub(crate) fn parse(lexer: &mut Lexer<'a>) -> Option<Self> {
        let mailbox = MailboxName::parse(lexer)?;
        let mut ahead = *lexer;
        ahead.sp()?;
        let entries = if ahead.peek() == Some(b'(') {
            *lexer = ahead;
            MetadataEntries::Values(MetadataValues { rest: entry_values(lexer)? })
        } else {
            MetadataEntries::Changed(Strings::to_end(lexer).filter(|names| !names.is_empty())?)
        };
        lexer.end()?;
        Some(Self { mailbox, entries })
    }

    /// The value of this entry, where it is told and not NIL. Entries are compared in any case
    /// (RFC 5464 §3).
    #[must_use]
    pub fn value(self, entry: &str) -> Option<ImapString<'a>> {
        let MetadataEntries::Values(mut values) = self.entries else { return None };
        let (_, value) = values.find(|(name, _)| name.eq_ignore_ascii_case(entry.as_bytes()))?;
        value
    }
}

/// Entries with their values, which are NIL where there is none: an iterator over both.
#[derive(Clone, Copy, Debug)]
pub struct MetadataValues<'a> {
    rest: &'a [u8],
}

resumable!(MetadataValues { rest });

impl<'a> Iterator for MetadataValues<'a> {
    type Item = (ImapString<'a>, Option<ImapString<'a>>);

    fn next(&mut self) -> Option<Self::Item> {
        let mut lexer = Lexer::new(self.rest);
        lexer.skip_spaces(Quirk::ExtraSpace);
        let pair = entry_value(&mut lexer);
        self.rest = lexer.rest();
        pair
    }
}

/// `"(" entry-value *(SP entry-value) ")"`: what is between the parentheses.
fn entry_values<'a>(lexer: &mut Lexer<'a>) -> Option<&'a [u8]> {
    lexer.open()?;
    let inside = lexer.rest();
    if lexer.close().is_some() {
        lexer.note(Quirk::EmptyList);
        return Some(b"");
    }
    lexer.skip_spaces(Quirk::ExtraSpace);
    loop {
        entry_value(lexer)?;
        let values = inside.get(..lexer.taken_of(inside))?;
        if lexer.close().is_some() {
            return Some(values);
        }
        lexer.sp()?;
    }
}

/// `entry SP value`; a value is a `nstring` or a `literal8` (RFC 5464 §5).
fn entry_value<'a>(lexer: &mut Lexer<'a>) -> Option<(ImapString<'a>, Option<ImapString<'a>>)> {
    let entry = lexer.astring()?;
    lexer.sp()?;
    Some((entry, lexer.nstring()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    type Pairs = Vec<(Vec<u8>, Option<Vec<u8>>)>;

    /// The pairs, or the names with no values; whether nothing was forgiven.
    fn told(octets: &[u8]) -> Option<(Pairs, bool)> {
        let mut lexer = Lexer::new(octets);
        let metadata = Metadata::parse(&mut lexer)?;
        assert!(lexer.at_end());
        let octets = |string: ImapString<'_>| string.octets().collect::<Vec<_>>();
        let pairs = match metadata.entries {
            MetadataEntries::Values(values) => {
                values.map(|(entry, value)| (octets(entry), value.map(octets))).collect()
            }
            MetadataEntries::Changed(names) => {
                names.iter().map(|name| (octets(name), None)).collect()
            }
        };
        Some((pairs, lexer.quirks().is_empty()))
    }

    fn expect(pairs: &[(&str, Option<&[u8]>)], well: bool) -> Option<(Pairs, bool)> {
        let pair = |&(entry, value): &(&str, Option<&[u8]>)| {
            (entry.as_bytes().to_vec(), value.map(<[u8]>::to_vec))
        };
        Some((pairs.iter().map(pair).collect(), well))
    }

    // RFC 5464 §4.2, §4.4.
    #[test]
    fn examples_of_the_rfc() {
        assert_eq!(
            told(br#""INBOX" (/private/comment "My own comment")"#),
            expect(&[("/private/comment", Some(b"My own comment"))], true)
        );
        assert_eq!(
            told(br#""" (/shared/comment "Shared comment" /private/comment NIL)"#),
            expect(
                &[("/shared/comment", Some(b"Shared comment")), ("/private/comment", None)],
                true
            )
        );
        assert_eq!(told(br#""" /shared/comment"#), expect(&[("/shared/comment", None)], true));
        assert_eq!(
            told(br#""INBOX" /shared/comment /private/comment"#),
            expect(&[("/shared/comment", None), ("/private/comment", None)], true)
        );
        assert_eq!(
            told(b"INBOX (/a {4}\r\n) \r\n /b ~{3}\r\na\0b)"),
            expect(&[("/a", Some(b") \r\n")), ("/b", Some(b"a\0b"))], true)
        );
    }

    #[test]
    fn a_value_is_found_by_its_name() {
        let line = br#""INBOX" (/shared/comment "x" /private/comment NIL)"#;
        let metadata = Metadata::parse(&mut Lexer::new(line)).unwrap();
        assert_eq!(metadata.value("/Shared/Comment"), Some(ImapString::plain(b"x")));
        assert_eq!(metadata.value("/private/comment"), None);
        assert_eq!(metadata.value("/private/x"), None);
    }

    #[test]
    fn what_servers_send_is_forgiven() {
        let pair: &[(&str, Option<&[u8]>)] = &[("/a", Some(b"b"))];
        for line in
            [&b"INBOX (/a \"b\") "[..], b"INBOX (/a \"b\" )", b"INBOX (/a b)", b"INBOX  (/a \"b\")"]
        {
            assert_eq!(told(line), expect(pair, false), "{}", line.escape_ascii());
        }
        assert_eq!(told(b"INBOX ()"), expect(&[], false));
    }

    #[test]
    fn what_tells_nothing_is_none() {
        for line in
            [&b""[..], b"INBOX", b"INBOX ", b"INBOX (", b"INBOX (/a)", b"INBOX (/a \"b\") x"]
        {
            assert_eq!(told(line), None, "{}", line.escape_ascii());
        }
    }
}
