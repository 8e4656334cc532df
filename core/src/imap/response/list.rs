//! LIST, LSUB and XLIST (RFC 9051 §7.3.1, RFC 3501 §7.2.3): one mailbox a response. Grammar only; how a
//! hierarchy delimiter is read is said here for NAMESPACE too.

use super::strings::Strings;
use crate::imap::attribute::Attributes;
use crate::imap::lexer::Lexer;
use crate::imap::mailbox::MailboxName;
use crate::imap::quirk::Quirk;
use crate::imap::resume::resumable;
use crate::imap::string::ImapString;

/// A mailbox, as LIST, LSUB or XLIST tells of it (RFC 9051 §7.3.1).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct List<'a> {
    /// Which of the three it was.
    pub kind: ListKind,
    /// What the server says about the mailbox, such as `\Noselect` or `\Sent`.
    pub attributes: Attributes<'a>,
    /// What separates the levels of hierarchy in `name`; `None` where there are no levels.
    pub delimiter: Option<u8>,
    /// The name.
    pub name: MailboxName<'a>,
    /// The extended data, parentheses included.
    extended: &'a [u8],
}

/// Which response told of a mailbox (RFC 9051 §7.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(u8)]
pub enum ListKind {
    /// LIST (RFC 9051 §7.3.1).
    List,
    /// LSUB: a name that is subscribed to, perhaps no mailbox any more (RFC 3501 §7.2.3).
    Lsub,
    /// XLIST: Google's LIST with special-use attributes, from before RFC 6154.
    Xlist,
}

impl<'a> List<'a> {
    /// What follows `LIST `, to the end of the line.
    pub(crate) fn parse(kind: ListKind, lexer: &mut Lexer<'a>) -> Option<Self> {
        let attributes = attributes(lexer)?;
        separator(lexer);
        let delimiter = delimiter(lexer)?;
        separator(lexer);
        let (name, extended) = name_and_extended(lexer)?;
        Some(Self { kind, attributes, delimiter, name, extended })
    }

    /// What else the server tells about the mailbox (RFC 9051 §7.3.1, `mbox-list-extended`).
    #[must_use]
    pub fn extended(self) -> ExtendedItems<'a> {
        let inside = self.extended.strip_prefix(b"(").unwrap_or_default();
        ExtendedItems { rest: inside }
    }
}

/// One extended data item of a LIST response (RFC 9051 §7.3.1, RFC 5258 §6).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum ExtendedItem<'a> {
    /// CHILDINFO: mailboxes below this one satisfy these selection options, such as `SUBSCRIBED`
    /// (RFC 9051 §6.3.9.6).
    ChildInfo(Strings<'a>),
    /// OLDNAME: the mailbox was called so before (RFC 9051 §6.3.9.7).
    OldName(MailboxName<'a>),
    /// Another one.
    Other {
        /// Its name.
        name: ImapString<'a>,
        /// Its value as it came: a number, a sequence set, or a parenthesized list (`tagged-ext-val`,
        /// RFC 9051 §9).
        value: &'a [u8],
    },
}

/// The extended data items of a [`List`].
#[derive(Clone, Copy, Debug)]
pub struct ExtendedItems<'a> {
    rest: &'a [u8],
}

resumable!(ExtendedItems { rest });

impl<'a> Iterator for ExtendedItems<'a> {
    type Item = ExtendedItem<'a>;

    fn next(&mut self) -> Option<ExtendedItem<'a>> {
        let mut lexer = Lexer::new(self.rest);
        lexer.skip_spaces(Quirk::ExtraSpace);
        let pair = extended_pair(&mut lexer);
        self.rest = lexer.rest();
        let (name, value) = pair?;
        Some(known_item(name, value).unwrap_or(ExtendedItem::Other { name, value }))
    }
}

fn known_item<'a>(name: ImapString<'a>, value: &'a [u8]) -> Option<ExtendedItem<'a>> {
    let mut lexer = Lexer::new(value);
    if name.eq_ignore_ascii_case(b"CHILDINFO") {
        return Strings::parse(&mut lexer).map(ExtendedItem::ChildInfo);
    }
    if !name.eq_ignore_ascii_case(b"OLDNAME") {
        return None;
    }
    lexer.open()?;
    let old = MailboxName::parse(&mut lexer)?;
    lexer.close()?;
    Some(ExtendedItem::OldName(old))
}

/// `mbox-list-extended-item` (RFC 9051 §9): `astring SP tagged-ext-val`.
fn extended_pair<'a>(lexer: &mut Lexer<'a>) -> Option<(ImapString<'a>, &'a [u8])> {
    let name = lexer.astring()?;
    lexer.sp()?;
    // A list, a number or a sequence set; no string and no other atom, lest the end of an unquoted name,
    // `Mail (from home)`, be taken for one.
    if !matches!(lexer.peek()?, b'(' | b'0'..=b'9' | b'*') {
        return None;
    }
    Some((name, lexer.value()?))
}

/// `mbox-list-extended` (RFC 9051 §9), as it came.
fn extended<'a>(lexer: &mut Lexer<'a>) -> Option<&'a [u8]> {
    let whole = lexer.rest();
    lexer.open()?;
    if lexer.close().is_none() {
        extended_pair(lexer)?;
        while lexer.close().is_none() {
            lexer.sp()?;
            extended_pair(lexer)?;
        }
    }
    whole.get(..lexer.taken_of(whole))
}

/// The name of the mailbox and the extended data, to the end of the line.
fn name_and_extended<'a>(lexer: &mut Lexer<'a>) -> Option<(MailboxName<'a>, &'a [u8])> {
    let mut ahead = *lexer;
    let Some(name) = MailboxName::parse(&mut ahead) else { return Some((unquoted(lexer)?, b"")) };
    if let Some(extended) = tail(&mut ahead) {
        *lexer = ahead;
        return Some((name, extended));
    }
    // Only an atom can be the beginning of an unquoted name.
    if !matches!(lexer.peek(), Some(b'"' | b'{')) {
        return Some((unquoted(lexer)?, b""));
    }
    ahead.note(Quirk::ExtraField);
    ahead.advance(ahead.rest().len());
    *lexer = ahead;
    Some((name, b""))
}

/// What may follow the name.
fn tail<'a>(lexer: &mut Lexer<'a>) -> Option<&'a [u8]> {
    let mut ahead = *lexer;
    let found = if ahead.end().is_some() {
        &[]
    } else {
        ahead = *lexer;
        ahead.sp()?;
        let found = extended(&mut ahead)?;
        ahead.end()?;
        found
    };
    *lexer = ahead;
    Some(found)
}

/// A name with spaces, tabs or parentheses in it that was not quoted: it goes to the end of the line.
fn unquoted<'a>(lexer: &mut Lexer<'a>) -> Option<MailboxName<'a>> {
    let line = lexer.rest();
    let name = line.trim_ascii_end();
    if name.is_empty() {
        return None;
    }
    if name.len() != line.len() {
        lexer.note(Quirk::TrailingSpace);
    }
    if !name.is_ascii() {
        lexer.note(Quirk::EightBit);
    }
    lexer.note(Quirk::UnquotedMailboxName);
    lexer.advance(line.len());
    Some(MailboxName::new(ImapString::plain(name)))
}

/// `"(" [mbx-list-flags] ")"` (RFC 9051 §9); NIL is forgiven.
fn attributes<'a>(lexer: &mut Lexer<'a>) -> Option<Attributes<'a>> {
    if lexer.nil().is_some() {
        lexer.note(Quirk::UnexpectedNil);
        return Some(Attributes::default());
    }
    Attributes::parse(lexer)
}

/// A space that may be missing.
fn separator(lexer: &mut Lexer<'_>) {
    if lexer.sp().is_none() {
        lexer.note(Quirk::MissingSpace);
    }
}

/// A hierarchy delimiter: `DQUOTE QUOTED-CHAR DQUOTE / nil` (RFC 9051 §9, `mailbox-list`).
pub(super) fn delimiter(lexer: &mut Lexer<'_>) -> Option<Option<u8>> {
    if lexer.nil().is_some() {
        return Some(None);
    }
    // A backslash that is not quoted by another: no delimiter begins with a quote and a space.
    if matches!(lexer.rest(), [b'"', b'\\', b'"', b' ' | b')', ..]) {
        lexer.advance(3);
        lexer.note(Quirk::BadQuoting);
        return Some(Some(b'\\'));
    }
    let string = lexer.string()?;
    let mut octets = string.octets();
    match (octets.next(), octets.next()) {
        (Some(delimiter), None) => Some(Some(delimiter)),
        (None, _) => {
            lexer.note(Quirk::MissingField);
            Some(None)
        }
        (Some(_), Some(_)) => {
            lexer.note(Quirk::BadQuoting);
            Some(None)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::attribute::Attribute;

    fn quirks(lexer: &Lexer<'_>) -> Vec<Quirk> {
        Quirk::ALL.into_iter().filter(|&quirk| lexer.quirks().contains(quirk)).collect()
    }

    /// Delimiter, name, number of extended items, quirks.
    type Told = (Option<u8>, Vec<u8>, usize, Vec<Quirk>);

    fn told(octets: &[u8]) -> Option<Told> {
        let mut lexer = Lexer::new(octets);
        let list = List::parse(ListKind::List, &mut lexer)?;
        assert!(lexer.at_end());
        let name = list.name.as_received().octets().collect();
        Some((list.delimiter, name, list.extended().count(), quirks(&lexer)))
    }

    fn expect(delimiter: Option<u8>, name: &[u8], quirks: &[Quirk]) -> Option<Told> {
        Some((delimiter, name.to_vec(), 0, quirks.to_vec()))
    }

    // RFC 3501 §6.3.8, §7.2.2; RFC 9051 §6.3.9.8.
    #[test]
    fn examples_of_the_rfcs() {
        let slash = Some(b'/');
        for (line, delimiter, name) in [
            (&br#"(\Noselect) "/" """#[..], slash, &b""[..]),
            (br##"(\Noselect) "." #news."##, Some(b'.'), b"#news."),
            (br#"(\Noselect) "/" /"#, slash, b"/"),
            (br#"(\Noselect) "/" ~/Mail/foo"#, slash, b"~/Mail/foo"),
            (br#"() "/" ~/Mail/meetings"#, slash, b"~/Mail/meetings"),
            (br#"(\Marked \NoInferiors) "/" "inbox""#, slash, b"inbox"),
            (br#"(\NonExistent) "/" "Foo""#, slash, b"Foo"),
            (br#"(\Noselect) NIL "[Gmail]""#, None, b"[Gmail]"),
            (br#"() "\\" INBOX"#, Some(b'\\'), b"INBOX"),
            (b"() \"/\" {7}\r\na (b) \"", slash, b"a (b) \""),
            // RFC 9051 §4.5: no nil, but a mailbox of that name.
            (br#"(\HasNoChildren) "/" NIL"#, slash, b"NIL"),
            (br#"() "." INBOX.[Airmail].Snooze"#, Some(b'.'), b"INBOX.[Airmail].Snooze"),
        ] {
            assert_eq!(told(line), expect(delimiter, name, &[]), "{}", line.escape_ascii());
        }
    }

    #[test]
    fn attributes_are_told() {
        let mut lexer = Lexer::new(br#"(\Marked \NoInferiors) "/" "inbox""#);
        let list = List::parse(ListKind::Lsub, &mut lexer).unwrap();
        assert_eq!(list.kind, ListKind::Lsub);
        assert!(list.attributes.iter().eq([Attribute::Marked, Attribute::Noinferiors]));
    }

    // RFC 9051 §6.3.9.8, examples 6 to 8, and RFC 5258 §5.
    #[test]
    fn extended_data_is_told() {
        let item = |line: &'static [u8]| {
            let list = List::parse(ListKind::List, &mut Lexer::new(line)).unwrap();
            list.extended().collect::<Vec<_>>()
        };
        let child = item(br#"() "/" "Foo" ("CHILDINFO" ("SUBSCRIBED"))"#);
        assert!(matches!(child[..], [ExtendedItem::ChildInfo(options)]
            if options.iter().eq([ImapString::plain(b"SUBSCRIBED")])));
        let child = item(br#"() "/" Foo (childinfo (subscribed special-use))"#);
        assert!(
            matches!(child[..], [ExtendedItem::ChildInfo(options)] if options.iter().count() == 2)
        );
        let old = item(br#"() "/" "NewMailbox" ("OLDNAME" ("OldMailbox"))"#);
        assert!(matches!(old[..], [ExtendedItem::OldName(name)]
            if name.as_received() == *b"OldMailbox"));
        let some = item(br#"() "/" "A" ("X-a" 1:4,7 "X-b" (c ("d)") NIL) OLDNAME ("x" "y"))"#);
        assert!(matches!(some[..], [
            ExtendedItem::Other { name: a, value: b"1:4,7" },
            ExtendedItem::Other { name: b, value: br#"(c ("d)") NIL)"# },
            ExtendedItem::Other { value: br#"("x" "y")"#, .. },
        ] if a == *b"X-a" && b == *b"X-b"));
        assert!(item(br#"() "/" "A" ()"#).is_empty());
        assert!(item(br#"() "/" "A""#).is_empty());
    }

    #[test]
    fn names_that_are_not_quoted_go_to_the_end_of_the_line() {
        use Quirk::{EightBit, TrailingSpace, UnquotedMailboxName};
        for (line, name, quirks) in [
            (&b"() \"/\" Foo\tBar"[..], &b"Foo\tBar"[..], &[UnquotedMailboxName][..]),
            (b"() \"/\" Sent Items", b"Sent Items", &[UnquotedMailboxName]),
            (b"() \"/\" Mail (from home)", b"Mail (from home)", &[UnquotedMailboxName]),
            (
                b"() \"/\" (old) mail \"x\" ",
                b"(old) mail \"x\"",
                &[TrailingSpace, UnquotedMailboxName],
            ),
            (b"() \"/\" a\\b", b"a\\b", &[UnquotedMailboxName]),
            (b"() \"/\" \"a b", b"\"a b", &[UnquotedMailboxName]),
            (b"() \"/\" INBOX ", b"INBOX", &[TrailingSpace]),
            (b"() \"/\" \"Entw\xc3\xbcrfe\"", b"Entw\xc3\xbcrfe", &[EightBit]),
            (b"() \"/\" Entw\xc3\xbcrfe", b"Entw\xc3\xbcrfe", &[EightBit]),
        ] {
            assert_eq!(told(line), expect(Some(b'/'), name, quirks), "{}", line.escape_ascii());
        }
    }

    #[test]
    fn what_servers_send_is_forgiven() {
        for (line, delimiter, quirk) in [
            (&br#"() "\" A"#[..], Some(b'\\'), Quirk::BadQuoting),
            (br#"() "" A"#, None, Quirk::MissingField),
            (br#"() "//" A"#, None, Quirk::BadQuoting),
            (br#"() / A"#, Some(b'/'), Quirk::UnquotedString),
            (br#"()"/" A"#, Some(b'/'), Quirk::MissingSpace),
            (br#"()  "/" A"#, Some(b'/'), Quirk::ExtraSpace),
            (br#"( ) "/" A"#, Some(b'/'), Quirk::TrailingSpace),
            (br#"NIL "/" A"#, Some(b'/'), Quirk::UnexpectedNil),
            (br#"() "/" "A" b"#, Some(b'/'), Quirk::ExtraField),
        ] {
            assert_eq!(told(line), expect(delimiter, b"A", &[quirk]), "{}", line.escape_ascii());
        }
    }

    #[test]
    fn what_tells_no_mailbox_is_none() {
        for line in
            [&b""[..], b"()", b"() \"/\"", b"() \"/\" ", b"INBOX", b"(\\Marked", b"() \"/ INBOX"]
        {
            assert_eq!(told(line), None, "{}", line.escape_ascii());
        }
    }
}
