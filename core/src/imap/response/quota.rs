//! QUOTA and QUOTAROOT (RFC 9208 §4.2): how much may be stored, and how much is. Grammar only.

use super::strings::Strings;
use crate::imap::lexer::Lexer;
use crate::imap::mailbox::MailboxName;
use crate::imap::quirk::Quirk;
use crate::imap::resume::resumable;
use crate::imap::string::ImapString;

/// A quota root: what it limits, and how far it is used (RFC 9208 §4.2.1).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Quota<'a> {
    /// The name of the root. It is no mailbox name, and may be empty.
    pub root: ImapString<'a>,
    /// What stood between the parentheses.
    resources: &'a [u8],
}

/// One resource of a quota root (RFC 9208 §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct QuotaResource<'a> {
    /// `STORAGE`, `MESSAGE`, `MAILBOX`, `ANNOTATION-STORAGE` (RFC 9208 §5) or another name, in any case.
    pub name: &'a [u8],
    /// How much is used: for the two storages in units of 1024 octets, else as a count.
    pub usage: u64,
    /// How much may be used, in the same units. It may be less than what is used.
    pub limit: u64,
}

/// The quota roots of a mailbox (RFC 9208 §4.2.2). A QUOTA response for each follows.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct QuotaRoot<'a> {
    /// The mailbox.
    pub mailbox: MailboxName<'a>,
    /// The names of its quota roots. Without any, nothing limits the mailbox.
    pub roots: Strings<'a>,
}

impl<'a> Quota<'a> {
    /// What follows `QUOTA `, to the end of the line. The list may be empty (RFC 2087 §5.1).
    pub(crate) fn parse(lexer: &mut Lexer<'a>) -> Option<Self> {
        let root = lexer.astring()?;
        lexer.sp()?;
        let resources = resource_list(lexer)?;
        lexer.end()?;
        Some(Self { root, resources })
    }

    /// The resources, in the order in which they came.
    #[must_use]
    pub const fn resources(self) -> QuotaResources<'a> {
        QuotaResources { rest: self.resources }
    }

    /// The resource of this name, in any case.
    #[must_use]
    pub fn resource(self, name: &str) -> Option<QuotaResource<'a>> {
        self.resources().find(|each| each.name.eq_ignore_ascii_case(name.as_bytes()))
    }
}

impl<'a> QuotaRoot<'a> {
    /// What follows `QUOTAROOT `, to the end of the line.
    pub(crate) fn parse(lexer: &mut Lexer<'a>) -> Option<Self> {
        Some(Self { mailbox: MailboxName::parse(lexer)?, roots: Strings::to_end(lexer)? })
    }
}

/// The resources of a [`Quota`].
#[derive(Clone, Copy, Debug)]
pub struct QuotaResources<'a> {
    rest: &'a [u8],
}

resumable!(QuotaResources { rest });

impl<'a> Iterator for QuotaResources<'a> {
    type Item = QuotaResource<'a>;

    fn next(&mut self) -> Option<QuotaResource<'a>> {
        let mut lexer = Lexer::new(self.rest);
        lexer.skip_spaces(Quirk::ExtraSpace);
        let resource = resource(&mut lexer);
        self.rest = lexer.rest();
        resource
    }
}

/// `"(" quota-resource *(SP quota-resource) ")"` (RFC 9208 §7): what is between the parentheses.
fn resource_list<'a>(lexer: &mut Lexer<'a>) -> Option<&'a [u8]> {
    lexer.list(|lexer| resource(lexer).map(drop))
}

/// `resource-name SP resource-usage SP resource-limit` (RFC 9208 §7).
fn resource<'a>(lexer: &mut Lexer<'a>) -> Option<QuotaResource<'a>> {
    let name = lexer.atom()?;
    lexer.sp()?;
    let usage = lexer.number64()?;
    lexer.sp()?;
    Some(QuotaResource { name, usage, limit: lexer.number64()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The root, its resources, and whether nothing was forgiven.
    type Told<'a> = (Vec<u8>, Vec<(&'a str, u64, u64)>, bool);

    fn quota(octets: &[u8]) -> Option<Told<'_>> {
        let mut lexer = Lexer::new(octets);
        let quota = Quota::parse(&mut lexer)?;
        let name = |name| core::str::from_utf8(name).unwrap();
        let resources = quota.resources().map(|each| (name(each.name), each.usage, each.limit));
        assert!(lexer.at_end());
        Some((quota.root.octets().collect(), resources.collect(), lexer.quirks().is_empty()))
    }

    fn roots(octets: &[u8]) -> Option<(usize, bool)> {
        let mut lexer = Lexer::new(octets);
        let root = QuotaRoot::parse(&mut lexer)?;
        assert!(lexer.at_end());
        Some((root.roots.iter().count(), lexer.quirks().is_empty()))
    }

    // RFC 9208 §4.1, §4.2, §5; RFC 2087 §4.
    #[test]
    fn examples_of_the_rfcs() {
        let storage = |usage, limit| vec![("STORAGE", usage, limit)];
        assert_eq!(
            quota(br#""!partition/sda4" (STORAGE 104 10923847)"#),
            Some((b"!partition/sda4".to_vec(), storage(104, 10_923_847), true))
        );
        assert_eq!(quota(br#""" (STORAGE 10 512)"#), Some((vec![], storage(10, 512), true)));
        assert_eq!(
            quota(br##""#user/alice" (STORAGE 54 111 MESSAGE 42 1000)"##),
            Some((
                b"#user/alice".to_vec(),
                vec![("STORAGE", 54, 111), ("MESSAGE", 42, 1000)],
                true
            ))
        );
        assert_eq!(quota(b"my_root ()"), Some((b"my_root".to_vec(), vec![], true)));
        assert_eq!(roots(br##"INBOX "#user/alice" "!partition/sda4""##), Some((2, true)));
        assert_eq!(roots(b"comp.mail.mime"), Some((0, true)));
        assert_eq!(roots(br#"INBOX """#), Some((1, true)));
    }

    #[test]
    fn numbers_have_63_bits() {
        let all = quota(br#""" (STORAGE 9223372036854775807 15728640000000)"#).unwrap().1;
        assert_eq!(all, [("STORAGE", 9_223_372_036_854_775_807, 15_728_640_000_000)]);
    }

    #[test]
    fn what_servers_send_is_forgiven() {
        for line in [
            &b"a (STORAGE 1 2) "[..],
            b"a (STORAGE 1 2 )",
            b"a (STORAGE 1  2)",
            b"a ( STORAGE 1 2)",
        ] {
            assert_eq!(quota(line), Some((b"a".to_vec(), vec![("STORAGE", 1, 2)], false)));
        }
        assert_eq!(roots(b"INBOX a "), Some((1, false)));
        assert_eq!(roots(b"INBOX "), Some((0, false)));
    }

    #[test]
    fn what_is_no_quota_is_none() {
        for line in [
            &b""[..],
            b"a",
            b"a (",
            b"a (STORAGE",
            b"a (STORAGE)",
            b"a (STORAGE 1)",
            b"a (STORAGE 1 2 X)",
        ] {
            assert_eq!(quota(line), None, "{}", line.escape_ascii());
        }
        assert_eq!(roots(b""), None);
    }
}
