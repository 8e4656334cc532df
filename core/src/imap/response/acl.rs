//! ACL, LISTRIGHTS and MYRIGHTS (RFC 4314 §3.6–§3.8): who may do what to a mailbox. Grammar only.

use super::strings::{Strings, StringsIter};
use crate::imap::lexer::Lexer;
use crate::imap::mailbox::MailboxName;
use crate::imap::quirk::Quirk;
use crate::imap::resume::resumable;
use crate::imap::string::ImapString;

/// The access control list of a mailbox (RFC 4314 §3.6).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Acl<'a> {
    /// The mailbox.
    pub mailbox: MailboxName<'a>,
    entries: Strings<'a>,
}

/// Which rights can be given to someone on a mailbox (RFC 4314 §3.7).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ListRights<'a> {
    /// The mailbox.
    pub mailbox: MailboxName<'a>,
    /// To whom (RFC 4314 §1).
    pub identifier: ImapString<'a>,
    /// The rights that they will always have on this mailbox; perhaps none.
    pub required: Rights<'a>,
    optional: Strings<'a>,
}

/// What rights the user has on a mailbox (RFC 4314 §3.8).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct MyRights<'a> {
    /// The mailbox.
    pub mailbox: MailboxName<'a>,
    /// The rights.
    pub rights: Rights<'a>,
}

/// A set of rights, one letter or digit each (RFC 4314 §2): `l` lookup, `r` read, `s` keep `\Seen`, `w` write
/// flags, `i` insert, `p` post, `k` create mailboxes, `x` delete the mailbox, `t` delete messages, `e` expunge, `a`
/// administer; the old `c` and `d` stand for some of these (RFC 4314 §2.1.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rights<'a>(ImapString<'a>);

impl<'a> Rights<'a> {
    /// Whether the right with this letter is among them.
    #[must_use]
    pub fn contains(self, right: u8) -> bool {
        self.iter().any(|each| each == right)
    }

    /// The letters, as the string that they came as.
    #[must_use]
    pub const fn as_received(self) -> ImapString<'a> {
        self.0
    }

    /// The letters.
    pub fn iter(self) -> impl Iterator<Item = u8> + 'a {
        self.0.octets()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0.is_empty()
    }
}

impl<'a> Acl<'a> {
    /// What follows `ACL `, to the end of the line: `mailbox *(SP identifier SP rights)` (RFC 4314 §4).
    pub(crate) fn parse(lexer: &mut Lexer<'a>) -> Option<Self> {
        let mailbox = MailboxName::parse(lexer)?;
        let entries = Strings::to_end(lexer)?;
        if !entries.iter().count().is_multiple_of(2) {
            lexer.note(Quirk::MissingField);
        }
        Some(Self { mailbox, entries })
    }

    /// Who has which rights; perhaps nobody has any. An identifier that begins with `-` takes rights away
    /// (RFC 4314 §2).
    #[must_use]
    pub const fn entries(self) -> AclEntries<'a> {
        AclEntries { strings: self.entries.iter() }
    }
}

/// The entries of an [`Acl`] (RFC 4314 §3.6): identifiers, each with its rights.
#[derive(Clone, Copy, Debug)]
pub struct AclEntries<'a> {
    strings: StringsIter<'a>,
}

resumable!(AclEntries { strings });

impl<'a> Iterator for AclEntries<'a> {
    type Item = (ImapString<'a>, Rights<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let identifier = self.strings.next()?;
        Some((identifier, Rights(self.strings.next().unwrap_or_default())))
    }
}

impl<'a> ListRights<'a> {
    /// What follows `LISTRIGHTS `, to the end of the line: `mailbox SP identifier SP rights *(SP rights)`
    /// (RFC 4314 §4).
    pub(crate) fn parse(lexer: &mut Lexer<'a>) -> Option<Self> {
        let mailbox = MailboxName::parse(lexer)?;
        lexer.sp()?;
        let identifier = lexer.astring()?;
        lexer.sp()?;
        let required = Rights(lexer.astring()?);
        Some(Self { mailbox, identifier, required, optional: Strings::to_end(lexer)? })
    }

    /// The rights that can be given or not, as the strings that they came as.
    #[must_use]
    pub const fn optional_strings(self) -> Strings<'a> {
        self.optional
    }

    /// The rights that can be given or not. Those of one set only together.
    pub fn optional(self) -> impl Iterator<Item = Rights<'a>> {
        self.optional.iter().map(Rights)
    }
}

impl<'a> MyRights<'a> {
    /// What follows `MYRIGHTS `, to the end of the line: `mailbox SP rights` (RFC 4314 §4).
    pub(crate) fn parse(lexer: &mut Lexer<'a>) -> Option<Self> {
        let mailbox = MailboxName::parse(lexer)?;
        lexer.sp()?;
        let rights = Rights(lexer.astring()?);
        lexer.end()?;
        Some(Self { mailbox, rights })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Entries = Vec<(Vec<u8>, Vec<u8>)>;

    fn acl(octets: &[u8]) -> Option<(Entries, bool)> {
        let mut lexer = Lexer::new(octets);
        let acl = Acl::parse(&mut lexer)?;
        assert!(lexer.at_end());
        let entry = |(who, what): (ImapString<'_>, Rights<'_>)| {
            (who.octets().collect(), what.iter().collect())
        };
        Some((acl.entries().map(entry).collect(), lexer.quirks().is_empty()))
    }

    fn entries(all: &[(&str, &str)]) -> Entries {
        let octets = |text: &str| text.as_bytes().to_vec();
        all.iter().map(|&(who, what)| (octets(who), octets(what))).collect()
    }

    // RFC 4314 §3.3, §3.6.
    #[test]
    fn acl_tells_who_may_do_what() {
        let expect = |all, well| Some((entries(all), well));
        assert_eq!(acl(b"INBOX Fred rwipslda"), expect(&[("Fred", "rwipslda")], true));
        assert_eq!(
            acl(b"INBOX Fred rwipslxetad Chris lrswi"),
            expect(&[("Fred", "rwipslxetad"), ("Chris", "lrswi")], true)
        );
        assert_eq!(
            acl(br#""My folder" "user name" lr -bob """#),
            expect(&[("user name", "lr"), ("-bob", "")], true)
        );
        assert_eq!(acl(b"INBOX"), expect(&[], true));
        assert_eq!(acl(b"INBOX "), expect(&[], false));
        assert_eq!(acl(b"INBOX Fred"), expect(&[("Fred", "")], false));
        assert_eq!(acl(b"INBOX (a b)"), None);
        assert_eq!(acl(b""), None);
    }

    // RFC 4314 §3.4, §3.7.
    #[test]
    fn listrights_tells_what_can_be_given() {
        let told = |line: &'static [u8]| {
            let mut lexer = Lexer::new(line);
            let rights = ListRights::parse(&mut lexer)?;
            assert!(lexer.at_end() && lexer.quirks().is_empty());
            let optional = rights.optional().map(|each| each.iter().collect::<Vec<_>>());
            Some((rights.required.iter().collect::<Vec<_>>(), optional.collect::<Vec<_>>()))
        };
        let (required, optional) = told(b"~/Mail/saved smith la r swicdkxte").unwrap();
        assert_eq!(
            (&required[..], optional),
            (&b"la"[..], vec![b"r".to_vec(), b"swicdkxte".to_vec()])
        );
        let (required, optional) =
            told(b"archive/imap anyone \"\" l r s w i p k x t e c d a 0 1 2 3 4 5 6 7 8 9")
                .unwrap();
        assert_eq!((required.len(), optional.len()), (0, 23));
        assert_eq!(told(b"INBOX user lkr"), Some((b"lkr".to_vec(), vec![])));
        assert_eq!(told(b"INBOX user"), None);
    }

    // RFC 4314 §3.5, §3.8.
    #[test]
    fn myrights_tells_what_one_may_do() {
        let mut lexer = Lexer::new(b"INBOX rwiptsldaex");
        let told = MyRights::parse(&mut lexer).unwrap();
        assert!(lexer.at_end() && told.mailbox.is_inbox());
        assert!(told.rights.contains(b'x') && !told.rights.contains(b'k'));
        assert!(MyRights::parse(&mut Lexer::new(b"INBOX \"\"")).unwrap().rights.is_empty());
        assert!(MyRights::parse(&mut Lexer::new(b"INBOX lr ")).is_some());
        assert!(MyRights::parse(&mut Lexer::new(b"INBOX")).is_none());
        assert!(MyRights::parse(&mut Lexer::new(b"INBOX lr x")).is_none());
    }
}
