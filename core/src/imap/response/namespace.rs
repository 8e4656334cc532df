//! NAMESPACE (RFC 9051 §7.3.3, RFC 2342): below which names the mailboxes of whom are found. Grammar only.

use super::list;
use super::strings::Strings;
use crate::imap::lexer::Lexer;
use crate::imap::mailbox::MailboxName;
use crate::imap::quirk::Quirk;
use crate::imap::resume::resumable;
use crate::imap::string::ImapString;

/// The namespaces of a server (RFC 9051 §6.3.10). Each kind may have none, one or several.
#[derive(Clone, Copy, Debug, Default)]
pub struct Namespace<'a> {
    // Of each kind: what stood between the outer parentheses; nothing for NIL.
    personal: &'a [u8],
    other_users: &'a [u8],
    shared: &'a [u8],
}

/// One namespace (RFC 9051 §7.3.3).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct NamespaceEntry<'a> {
    /// What the names of its mailboxes begin with, often with the delimiter at the end; perhaps empty.
    pub prefix: MailboxName<'a>,
    /// What separates the levels of hierarchy; `None` where there are no levels.
    pub delimiter: Option<u8>,
    extensions: &'a [u8],
}

impl<'a> Namespace<'a> {
    /// What follows `NAMESPACE `, to the end of the line. What is missing counts as NIL.
    pub(crate) fn parse(lexer: &mut Lexer<'a>) -> Option<Self> {
        let personal = namespaces(lexer)?;
        let other_users = next_namespaces(lexer)?;
        let shared = next_namespaces(lexer)?;
        lexer.end()?;
        Some(Self { personal, other_users, shared })
    }

    /// Where the user's own mailboxes are. New ones are made below the first.
    #[must_use]
    pub const fn personal(self) -> NamespaceEntries<'a> {
        NamespaceEntries { rest: self.personal }
    }

    /// Where the mailboxes of other users are.
    #[must_use]
    pub const fn other_users(self) -> NamespaceEntries<'a> {
        NamespaceEntries { rest: self.other_users }
    }

    /// Where the mailboxes are that are meant to be shared.
    #[must_use]
    pub const fn shared(self) -> NamespaceEntries<'a> {
        NamespaceEntries { rest: self.shared }
    }
}

impl<'a> NamespaceEntry<'a> {
    /// What else the server tells of it: names, each with some values (RFC 9051 §7.3.3).
    #[must_use]
    pub const fn extensions(self) -> NamespaceExtensions<'a> {
        NamespaceExtensions { rest: self.extensions }
    }

    /// What to call the namespace in the user's language (RFC 5255 §3.4).
    #[must_use]
    pub fn translation(self) -> Option<MailboxName<'a>> {
        let mut all = self.extensions();
        let (_, values) = all.find(|(name, _)| name.eq_ignore_ascii_case(b"TRANSLATION"))?;
        values.iter().next().map(MailboxName::new)
    }
}

/// The namespaces of one kind.
#[derive(Clone, Copy, Debug)]
pub struct NamespaceEntries<'a> {
    rest: &'a [u8],
}

resumable!(NamespaceEntries { rest });

impl<'a> Iterator for NamespaceEntries<'a> {
    type Item = NamespaceEntry<'a>;

    fn next(&mut self) -> Option<NamespaceEntry<'a>> {
        let mut lexer = Lexer::new(self.rest);
        lexer.skip_spaces(Quirk::ExtraSpace);
        let entry = entry(&mut lexer);
        self.rest = lexer.rest();
        entry
    }
}

/// The extensions of a [`NamespaceEntry`].
#[derive(Clone, Copy, Debug)]
pub struct NamespaceExtensions<'a> {
    rest: &'a [u8],
}

resumable!(NamespaceExtensions { rest });

impl<'a> Iterator for NamespaceExtensions<'a> {
    type Item = (ImapString<'a>, Strings<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let mut lexer = Lexer::new(self.rest);
        let extension = extension(&mut lexer);
        self.rest = lexer.rest();
        extension
    }
}

fn next_namespaces<'a>(lexer: &mut Lexer<'a>) -> Option<&'a [u8]> {
    let mut ahead = *lexer;
    if ahead.end().is_some() {
        lexer.note(Quirk::MissingField);
        return Some(b"");
    }
    if lexer.sp().is_none() {
        lexer.note(Quirk::MissingSpace);
    }
    namespaces(lexer)
}

/// `"(" 1*Namespace-Descr ")" / nil` (RFC 9051 §9, `Namespace`): what is between the parentheses.
fn namespaces<'a>(lexer: &mut Lexer<'a>) -> Option<&'a [u8]> {
    if lexer.nil().is_some() {
        return Some(b"");
    }
    lexer.open()?;
    let inside = lexer.rest();
    if lexer.close().is_some() {
        lexer.note(Quirk::EmptyList);
        return Some(b"");
    }
    loop {
        lexer.skip_spaces(Quirk::ExtraSpace);
        entry(lexer)?;
        let entries = inside.get(..lexer.taken_of(inside))?;
        if lexer.close().is_some() {
            return Some(entries);
        }
    }
}

/// `Namespace-Descr` (RFC 9051 §9).
fn entry<'a>(lexer: &mut Lexer<'a>) -> Option<NamespaceEntry<'a>> {
    lexer.open()?;
    let prefix = MailboxName::new(lexer.string()?);
    lexer.sp()?;
    let delimiter = list::delimiter(lexer)?;
    let behind = lexer.rest();
    loop {
        let extensions = behind.get(..lexer.taken_of(behind))?;
        if lexer.close().is_some() {
            return Some(NamespaceEntry { prefix, delimiter, extensions });
        }
        extension(lexer)?;
    }
}

/// `SP string SP "(" string *(SP string) ")"` (RFC 9051 §9, `Namespace-Response-Extension`).
fn extension<'a>(lexer: &mut Lexer<'a>) -> Option<(ImapString<'a>, Strings<'a>)> {
    lexer.sp()?;
    let name = lexer.string()?;
    lexer.sp()?;
    Some((name, Strings::parse(lexer)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    type Entries = Vec<(Vec<u8>, Option<u8>)>;

    fn entries(entries: NamespaceEntries<'_>) -> Entries {
        let octets = |name: MailboxName<'_>| name.as_received().octets().collect();
        entries.map(|entry| (octets(entry.prefix), entry.delimiter)).collect()
    }

    fn told(octets: &[u8]) -> Option<([Entries; 3], Vec<Quirk>)> {
        let mut lexer = Lexer::new(octets);
        let all = Namespace::parse(&mut lexer)?;
        assert!(lexer.at_end());
        let quirks = Quirk::ALL.into_iter().filter(|&quirk| lexer.quirks().contains(quirk));
        let kinds = [all.personal(), all.other_users(), all.shared()].map(entries);
        Some((kinds, quirks.collect()))
    }

    fn expect(kinds: [&[(&str, &str)]; 3], quirks: &[Quirk]) -> Option<([Entries; 3], Vec<Quirk>)> {
        let entry = |&(prefix, delimiter): &(&str, &str)| {
            (prefix.as_bytes().to_vec(), delimiter.bytes().next())
        };
        Some((kinds.map(|kind| kind.iter().map(entry).collect()), quirks.to_vec()))
    }

    // RFC 2342 §5 and RFC 9051 §6.3.10.
    #[test]
    fn examples_of_the_rfcs() {
        for (line, kinds) in [
            (&br#"(("" "/")) NIL NIL"#[..], [&[("", "/")][..], &[], &[]]),
            (br#"NIL NIL (("" "."))"#, [&[], &[], &[("", ".")]]),
            (
                br#"(("" "/")) NIL (("Public Folders/" "/"))"#,
                [&[("", "/")], &[], &[("Public Folders/", "/")]],
            ),
            (
                br##"(("" "/")) (("~" "/")) (("#shared/" "/")("#public/" "/")("#ftp/" "/")("#news." "."))"##,
                [
                    &[("", "/")],
                    &[("~", "/")],
                    &[("#shared/", "/"), ("#public/", "/"), ("#ftp/", "/"), ("#news.", ".")],
                ],
            ),
            (br#"(("INBOX." ".")) NIL NIL"#, [&[("INBOX.", ".")], &[], &[]]),
            (
                br##"(("" "/")("#mh/" "/" "X-PARAM" ("FLAG1" "FLAG2"))) NIL NIL"##,
                [&[("", "/"), ("#mh/", "/")], &[], &[]],
            ),
            (br#"((")" NIL)) nil NIL"#, [&[(")", "")], &[], &[]]),
            (br#"(("" "\\")) NIL NIL"#, [&[("", "\\")], &[], &[]]),
        ] {
            assert_eq!(told(line), expect(kinds, &[]), "{}", line.escape_ascii());
        }
    }

    #[test]
    fn extensions_are_told() {
        // RFC 2342 §5.6; RFC 5255 §3.4.
        let all = Namespace::parse(&mut Lexer::new(
            br##"(("" "/")("#mh/" "/" "X-PARAM" ("FLAG1" "FLAG2") "X-B" (c))) (("Other Users/" "/" "TRANSLATION" ("Andere Ben&APw-tzer/"))) NIL"##,
        ))
        .unwrap();
        let mh = all.personal().nth(1).unwrap();
        let told: Vec<_> = mh.extensions().collect();
        assert_eq!(told[0].0, *b"X-PARAM");
        assert!(told[0].1.iter().eq([&b"FLAG1"[..], b"FLAG2"].map(ImapString::plain)));
        assert_eq!((told.len(), told[1].1.iter().count()), (2, 1));
        assert!(mh.translation().is_none());
        let translation = all.other_users().next().unwrap().translation().unwrap();
        assert!(translation.is("Andere Benützer/", false));
    }

    #[test]
    fn what_servers_send_is_forgiven() {
        let one: [&[(&str, &str)]; 3] = [&[("", "/")], &[], &[]];
        for (line, quirk) in [
            (&br#"(("" "/")) NIL"#[..], Quirk::MissingField),
            (br#"(("" "/")) NIL NIL "#, Quirk::TrailingSpace),
            (br#"(("" "/")) () NIL"#, Quirk::EmptyList),
            (br#"( ("" "/")) NIL NIL"#, Quirk::ExtraSpace),
            (br#"((NIL "/")) NIL NIL"#, Quirk::UnexpectedNil),
            (br#"(("" "/"))NIL NIL"#, Quirk::MissingSpace),
        ] {
            let expected = expect(one, &[quirk]);
            assert_eq!(told(line), expected, "{}", line.escape_ascii());
        }
        let two = expect([&[("", "/"), ("b", "/")], &[], &[]], &[Quirk::ExtraSpace]);
        assert_eq!(told(br#"(("" "/") ("b" "/")) NIL NIL"#), two);
    }

    #[test]
    fn what_is_no_list_is_none() {
        for line in [&b""[..], b"(", b"((", b"((\"\"))", b"((\"\" \"/\") NIL NIL", b"INBOX NIL NIL"]
        {
            assert_eq!(told(line), None, "{}", line.escape_ascii());
        }
    }
}
