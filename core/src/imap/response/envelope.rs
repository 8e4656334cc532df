//! The envelope of a message (RFC 9051 §7.5.2): checked once, read field by field from where it lies.

use crate::imap::lexer::{Lexer, Plain};
use crate::imap::quirk::Quirk;
use crate::imap::string::ImapString;

/// Date, subject, people and message-ids, as the server took them from the header (RFC 9051 §7.5.2).
///
/// Every field is read from the response when it is asked for. Text may hold encoded words (RFC 2047);
/// the crate's `message` module decodes them.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'a> {
    octets: &'a [u8],
    /// Where each field begins. One that is missing begins at the end.
    starts: [u32; FIELDS],
}

const FIELDS: usize = 10;

/// The fields, in the order of the wire.
#[derive(Clone, Copy)]
enum Field {
    Date,
    Subject,
    From,
    Sender,
    ReplyTo,
    To,
    Cc,
    Bcc,
    InReplyTo,
    MessageId,
}

impl Field {
    const fn is_address_list(index: usize) -> bool {
        index >= Self::From as usize && index <= Self::Bcc as usize
    }
}

impl<'a> Envelope<'a> {
    /// Reads an envelope anew that [`as_received`](Self::as_received) gave and that was kept aside; `None` for
    /// octets that are no envelope, or more than one.
    ///
    /// ```
    /// use mailproto_core::imap::response::envelope::Envelope;
    ///
    /// let kept = br#"(NIL "Lunch" NIL NIL NIL NIL NIL NIL NIL NIL)"#.to_vec();
    /// let envelope = Envelope::from_received(&kept).expect("an envelope");
    /// assert_eq!(envelope.subject().expect("a subject"), *b"Lunch");
    ///
    /// // With the places of the fields kept beside the octets, nothing is looked at twice.
    /// let again = Envelope::from_parts(&kept, envelope.starts());
    /// assert_eq!(again.subject(), envelope.subject());
    /// ```
    #[must_use]
    pub fn from_received(octets: &'a [u8]) -> Option<Self> {
        let mut lexer = Lexer::new(octets);
        let envelope = Self::parse(&mut lexer)?;
        lexer.at_end().then_some(envelope)
    }

    /// The same without looking at the octets: `octets` and `starts` are what [`as_received`](Self::as_received)
    /// and [`starts`](Self::starts) gave. Of anything else fields may be missing or read from the wrong place, no
    /// more than that.
    #[must_use]
    pub const fn from_parts(octets: &'a [u8], starts: [u32; 10]) -> Self {
        Self { octets, starts }
    }

    /// Where each field begins in what [`as_received`](Self::as_received) gives: date, subject, from, sender,
    /// reply-to, to, cc, bcc, in-reply-to, message-id. One that is missing begins at the end.
    #[must_use]
    pub const fn starts(&self) -> [u32; 10] {
        self.starts
    }

    /// Takes `(date subject from sender reply-to to cc bcc in-reply-to message-id)`.
    pub(crate) fn parse(lexer: &mut Lexer<'a>) -> Option<Self> {
        lexer.apart(Self::parse_apart)
    }

    #[inline(always)]
    fn parse_apart(lexer: &mut Lexer<'a>) -> Option<Self> {
        let octets = lexer.rest();
        lexer.open()?;
        let extra = lexer.peek() == Some(b'(');
        if extra {
            lexer.open()?;
            lexer.note(Quirk::ExtraParentheses);
        }
        let mut starts = [0; FIELDS];
        let mut missing = false;
        for (index, start) in starts.iter_mut().enumerate() {
            lexer.skip_extra_spaces();
            *start = u32::try_from(lexer.taken_of(octets)).ok()?;
            if !missing {
                missing = field(index, lexer)?;
            }
        }
        if missing {
            lexer.note(Quirk::MissingField);
        }
        if lexer.close().is_none() {
            surplus(lexer)?;
        }
        if extra {
            lexer.close()?;
        }
        Some(Self { octets: octets.get(..lexer.taken_of(octets))?, starts })
    }

    /// The Date header field, as it stood in the message (RFC 5322 §3.6.1).
    #[must_use]
    pub fn date(&self) -> Option<ImapString<'a>> {
        self.string(Field::Date)
    }

    /// The Subject header field.
    #[must_use]
    pub fn subject(&self) -> Option<ImapString<'a>> {
        self.string(Field::Subject)
    }

    /// Who wrote it.
    #[must_use]
    pub fn from(&self) -> Addresses<'a> {
        self.addresses(Field::From)
    }

    /// Who sent it; servers repeat [`from`](Self::from) where the message has no Sender.
    #[must_use]
    pub fn sender(&self) -> Addresses<'a> {
        self.addresses(Field::Sender)
    }

    /// Whom to answer; servers repeat [`from`](Self::from) where the message has no Reply-To.
    #[must_use]
    pub fn reply_to(&self) -> Addresses<'a> {
        self.addresses(Field::ReplyTo)
    }

    /// To whom it is.
    #[must_use]
    pub fn to(&self) -> Addresses<'a> {
        self.addresses(Field::To)
    }

    /// Who gets a copy.
    #[must_use]
    pub fn cc(&self) -> Addresses<'a> {
        self.addresses(Field::Cc)
    }

    /// Who gets a copy without the others' knowing.
    #[must_use]
    pub fn bcc(&self) -> Addresses<'a> {
        self.addresses(Field::Bcc)
    }

    /// The In-Reply-To header field.
    #[must_use]
    pub fn in_reply_to(&self) -> Option<ImapString<'a>> {
        self.string(Field::InReplyTo)
    }

    /// The Message-ID header field, angle brackets included.
    #[must_use]
    pub fn message_id(&self) -> Option<ImapString<'a>> {
        self.string(Field::MessageId)
    }

    /// The envelope as it came.
    #[must_use]
    pub const fn as_received(&self) -> &'a [u8] {
        self.octets
    }

    fn lexer(&self, field: Field) -> Lexer<'a> {
        let start = self.starts.get(field as usize).copied().unwrap_or_default();
        Lexer::new(self.octets.get(start as usize..).unwrap_or_default())
    }

    fn string(&self, field: Field) -> Option<ImapString<'a>> {
        self.lexer(field).nstring().flatten()
    }

    fn addresses(&self, field: Field) -> Addresses<'a> {
        Addresses::at(self.lexer(field))
    }
}

/// A field, and the space behind all but the last; whether the envelope ends there instead.
#[inline(always)]
fn field(index: usize, lexer: &mut Lexer<'_>) -> Option<bool> {
    let last = index == FIELDS - 1;
    if Field::is_address_list(index) {
        check_addresses(lexer)?;
    } else if !last && lexer.plain_nstring_sp().is_some() {
        return Some(false);
    } else {
        lexer.nstring()?;
    }
    if last {
        return Some(false);
    }
    let ends = lexer.peek() == Some(b')');
    if !ends && lexer.sp().is_none() {
        between_fields(lexer)?;
    }
    Some(ends)
}

/// Two fields without a space between them.
#[cold]
fn between_fields(lexer: &mut Lexer<'_>) -> Option<()> {
    matches!(lexer.peek()?, b'(' | b'"').then(|| lexer.note(Quirk::MissingSpace))
}

/// Fields behind the last one.
#[cold]
fn surplus(lexer: &mut Lexer<'_>) -> Option<()> {
    while lexer.close().is_none() {
        lexer.sp()?;
        lexer.value()?;
    }
    lexer.note(Quirk::ExtraField);
    Some(())
}

/// Takes a list of addresses or NIL.
#[cfg_attr(feature = "fast", inline(always))]
fn check_addresses(lexer: &mut Lexer<'_>) -> Option<()> {
    if lexer.open().is_none() {
        return if lexer.nil().is_some() { Some(()) } else { lexer.apart(not_a_list) };
    }
    while cfg!(feature = "fast") && lexer.peek() == Some(b'(') {
        Address::check(lexer)?;
        if lexer.octet(b')').is_some() {
            return Some(());
        }
    }
    lexer.apart(odd_list)
}

/// A string in place of a list.
#[cold]
fn not_a_list(lexer: &mut Lexer<'_>) -> Option<()> {
    lexer.string()?;
    lexer.note(Quirk::MissingParentheses);
    Some(())
}

/// What is left of a list, which may be empty, or have spaces or NIL between its addresses.
#[cold]
fn odd_list(lexer: &mut Lexer<'_>) -> Option<()> {
    if lexer.peek() == Some(b')') {
        lexer.note(Quirk::EmptyList);
    }
    while lexer.close().is_none() {
        lexer.skip_spaces(Quirk::ExtraSpace);
        if lexer.nil().is_some() {
            lexer.note(Quirk::UnexpectedNil);
        } else {
            Address::unusual(lexer)?;
        }
    }
    Some(())
}

/// One address of an envelope (RFC 9051 §7.5.2), or a mark that a group begins or ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Address<'a> {
    /// The name that people read.
    pub name: Option<ImapString<'a>>,
    /// The source route (obsolete).
    pub adl: Option<ImapString<'a>>,
    /// What stands before the `@`; of a group that begins, its name; none where a group ends.
    pub mailbox: Option<ImapString<'a>>,
    /// What stands behind the `@`; none for the marks of groups.
    pub host: Option<ImapString<'a>>,
}

impl<'a> Address<'a> {
    /// Takes `(name adl mailbox host)`.
    #[inline(always)]
    fn parse(lexer: &mut Lexer<'a>) -> Option<Self> {
        match Self::plain(lexer.rest()) {
            Some((address, rest)) => {
                lexer.advance_to(rest);
                Some(address)
            }
            None => Self::unusual(lexer),
        }
    }

    /// Passes an address.
    #[inline(always)]
    fn check(lexer: &mut Lexer<'a>) -> Option<()> {
        match Self::plain(lexer.rest()) {
            Some((_, rest)) => {
                lexer.advance_to(rest);
                Some(())
            }
            None => lexer.apart(|lexer| Self::unusual(lexer).map(drop)),
        }
    }

    /// A well-formed one, and what follows it: with `fast`.
    #[inline(always)]
    fn plain(octets: &'a [u8]) -> Option<(Self, &'a [u8])> {
        if !cfg!(feature = "fast") {
            return None;
        }
        let mut plain = Plain(octets);
        plain.octet(b'(')?;
        let name = plain.nstring_then(b' ')?;
        let adl = plain.nil_or_string_then(b' ')?;
        let mailbox = plain.nstring_then(b' ')?;
        let host = plain.nstring_then(b')')?;
        Some((Self { name, adl, mailbox, host }, plain.0))
    }

    #[cold]
    #[inline(never)]
    fn unusual(lexer: &mut Lexer<'a>) -> Option<Self> {
        let mut told = Self::default();
        let Self { name, adl, mailbox, host } = &mut told;
        lexer.open()?;
        for (index, field) in [name, adl, mailbox, host].into_iter().enumerate() {
            if index > 0 && lexer.sp().is_none() {
                if index < 3 {
                    return None;
                }
                // A host that is missing.
                lexer.note(Quirk::MissingField);
                break;
            }
            *field = lexer.nstring()?;
        }
        lexer.close()?;
        Some(told)
    }

    /// Whether a group begins here, named [`mailbox`](Self::mailbox) (RFC 5322 §3.4).
    #[must_use]
    pub const fn begins_group(&self) -> bool {
        self.host.is_none() && self.mailbox.is_some()
    }

    /// Whether a group ends here (RFC 5322 §3.4).
    #[must_use]
    pub const fn ends_group(&self) -> bool {
        self.host.is_none() && self.mailbox.is_none()
    }
}

/// The addresses of a field, one after another (RFC 9051 §7.5.2).
#[derive(Clone, Copy, Debug)]
pub struct Addresses<'a> {
    lexer: Lexer<'a>,
}

impl<'a> Addresses<'a> {
    /// Goes on where others stood, of which [`rest`](Self::rest) gave this. Of anything else, it tells those
    /// addresses that it can read.
    #[must_use]
    pub const fn resume(rest: &'a [u8]) -> Self {
        Self { lexer: Lexer::new(rest) }
    }

    /// What has not been read yet, as it came: all that is to be kept to go on later, with
    /// [`resume`](Self::resume).
    #[must_use]
    pub const fn rest(&self) -> &'a [u8] {
        self.lexer.rest()
    }

    /// Stands before the first address, or at an end.
    fn at(mut lexer: Lexer<'a>) -> Self {
        Self { lexer: if lexer.open().is_some() { lexer } else { Lexer::new(&[]) } }
    }
}

impl<'a> Iterator for Addresses<'a> {
    type Item = Address<'a>;

    #[inline]
    fn next(&mut self) -> Option<Address<'a>> {
        if self.lexer.peek() != Some(b'(') {
            self.skip_oddities()?;
        }
        Address::parse(&mut self.lexer)
    }
}

impl Addresses<'_> {
    /// Passes spaces and NILs between addresses; `None` at the end of the list.
    fn skip_oddities(&mut self) -> Option<()> {
        loop {
            match self.lexer.peek()? {
                b'(' => return Some(()),
                b' ' | b'\t' => self.lexer.advance(1),
                _ => self.lexer.nil()?,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::quirk::QuirkSet;

    fn parse(octets: &[u8]) -> Option<(Envelope<'_>, QuirkSet)> {
        let mut lexer = Lexer::new(octets);
        let envelope = Envelope::parse(&mut lexer)?;
        assert!(lexer.at_end(), "left: {:?}", lexer.rest());
        Some((envelope, lexer.quirks()))
    }

    fn text(string: Option<ImapString<'_>>) -> Option<String> {
        string.map(|string| String::from_utf8(string.octets().collect()).unwrap())
    }

    /// The example of RFC 9051 §8.
    #[test]
    fn example_of_the_rfc() {
        let (envelope, quirks) = parse(
            br#"("Wed, 17 Jul 1996 02:23:25 -0700 (PDT)" "IMAP4rev2 WG mtg summary and minutes" (("Terry Gray" NIL "gray" "cac.washington.edu")) (("Terry Gray" NIL "gray" "cac.washington.edu")) (("Terry Gray" NIL "gray" "cac.washington.edu")) ((NIL NIL "imap" "cac.washington.edu")) ((NIL NIL "minutes" "CNRI.Reston.VA.US") ("John Klensin" NIL "KLENSIN" "MIT.EDU")) NIL NIL "<B27397-0100000@cac.washington.ed>")"#,
        )
        .unwrap();
        assert_eq!(text(envelope.date()).unwrap(), "Wed, 17 Jul 1996 02:23:25 -0700 (PDT)");
        assert_eq!(text(envelope.subject()).unwrap(), "IMAP4rev2 WG mtg summary and minutes");
        let from: Vec<_> = envelope.from().collect();
        assert_eq!(from.len(), 1);
        assert_eq!(text(from[0].name).unwrap(), "Terry Gray");
        assert_eq!(text(from[0].host).unwrap(), "cac.washington.edu");
        assert_eq!(envelope.cc().count(), 2);
        assert_eq!(text(envelope.cc().nth(1).unwrap().mailbox).unwrap(), "KLENSIN");
        assert_eq!(envelope.bcc().count(), 0);
        assert_eq!(envelope.in_reply_to(), None);
        assert_eq!(text(envelope.message_id()).unwrap(), "<B27397-0100000@cac.washington.ed>");
        assert_eq!(quirks, QuirkSet::NONE.with(Quirk::ExtraSpace), "a space between addresses");
    }

    #[test]
    fn groups_are_told() {
        let (envelope, _) = parse(
            br#"(NIL NIL NIL NIL NIL ((NIL NIL "friends" NIL)(NIL NIL "a" "x.org")(NIL NIL NIL NIL)) NIL NIL NIL NIL)"#,
        )
        .unwrap();
        let to: Vec<_> = envelope.to().collect();
        assert!(to[0].begins_group() && !to[0].ends_group());
        assert!(!to[1].begins_group() && !to[1].ends_group());
        assert!(to[2].ends_group());
    }

    #[test]
    fn literals_and_escapes_are_strings_too() {
        let (envelope, quirks) =
            parse(b"({3}\r\na\"b \"a\\\"b\" NIL NIL NIL NIL NIL NIL NIL NIL)").unwrap();
        assert_eq!(text(envelope.date()).unwrap(), "a\"b");
        assert_eq!(text(envelope.subject()).unwrap(), "a\"b");
        assert!(quirks.is_empty());
    }

    #[test]
    fn what_servers_send_is_forgiven() {
        for (octets, quirk, from, message_id) in [
            (
                &br#"((NIL "s" (("a" NIL "b" "c")) NIL NIL NIL NIL NIL NIL NIL))"#[..],
                Quirk::ExtraParentheses,
                1,
                None,
            ),
            (br#"(NIL "s" (("a" NIL "b" "c")) NIL NIL NIL NIL NIL)"#, Quirk::MissingField, 1, None),
            (
                br#"(NIL "s" (NIL ("a" NIL "b" "c")) NIL NIL NIL NIL NIL NIL "<x>")"#,
                Quirk::UnexpectedNil,
                1,
                Some("<x>"),
            ),
            (br#"(NIL "s" () NIL NIL NIL NIL NIL NIL "<x>")"#, Quirk::EmptyList, 0, Some("<x>")),
            (
                br#"(NIL "s" ((a NIL b c)) NIL NIL NIL NIL NIL NIL "<x>")"#,
                Quirk::UnquotedString,
                1,
                Some("<x>"),
            ),
            (
                br#"(NIL "s" (("a" NIL "b" "c")) NIL NIL NIL NIL NIL NIL "<"id"@x.org>")"#,
                Quirk::BadQuoting,
                1,
                Some("<\"id\"@x.org>"),
            ),
            (
                b"(NIL \"s\xe9\" ((\"a\" NIL \"b\" \"c\")) NIL NIL NIL NIL NIL NIL \"<x>\")",
                Quirk::EightBit,
                1,
                Some("<x>"),
            ),
            (
                br#"(NIL "s" (("a" NIL "b" "c")) NIL NIL NIL NIL NIL NIL "<x>" NIL)"#,
                Quirk::ExtraField,
                1,
                Some("<x>"),
            ),
        ] {
            let (envelope, quirks) = parse(octets).unwrap_or_else(|| panic!("{quirk:?}"));
            assert!(quirks.contains(quirk), "{quirk:?}: {quirks:?}");
            assert_eq!(envelope.from().count(), from, "{quirk:?}");
            assert_eq!(text(envelope.message_id()).as_deref(), message_id, "{quirk:?}");
        }
    }
}
