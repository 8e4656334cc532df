//! The envelope of a message (RFC 9051 §7.5.2): checked once, read field by field from where it lies.

#[cfg(feature = "fast")]
use super::lengths::{self, Measure};
use crate::imap::lexer::Lexer;
#[cfg(feature = "fast")]
use crate::imap::lexer::Plain;
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
    /// What else was seen when it was checked.
    #[cfg(feature = "fast")]
    shape: Shape,
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
        Self {
            octets,
            starts,
            #[cfg(feature = "fast")]
            shape: Shape::UNKNOWN,
        }
    }

    /// Where each field begins in what [`as_received`](Self::as_received) gives: date, subject, from, sender,
    /// reply-to, to, cc, bcc, in-reply-to, message-id. One that is missing begins at the end.
    #[must_use]
    pub const fn starts(&self) -> [u32; 10] {
        self.starts
    }

    /// Takes `(date subject from sender reply-to to cc bcc in-reply-to message-id)`.
    #[cfg(feature = "fast")]
    pub(crate) fn parse(lexer: &mut Lexer<'a>) -> Option<Self> {
        lexer.apart(Self::parse_apart)
    }

    #[cfg(feature = "fast")]
    #[inline(always)]
    fn parse_apart(lexer: &mut Lexer<'a>) -> Option<Self> {
        let octets = lexer.rest();
        lexer.open()?;
        let extra = lexer.peek() == Some(b'(');
        if extra {
            lexer.open()?;
            lexer.note(Quirk::ExtraParentheses);
        }
        let mut reading = Reading::new(octets, lexer, !extra);
        let closed = reading.fields()?;
        let missing = reading.missing;
        let mut envelope = reading.envelope;
        if missing {
            lexer.note(Quirk::MissingField);
        }
        if !closed {
            if lexer.close().is_none() {
                surplus(lexer)?;
            }
            if extra {
                lexer.close()?;
            }
        }
        envelope.octets = octets.get(..lexer.taken_of(octets))?;
        Some(envelope)
    }

    /// Passes an envelope.
    #[cfg(feature = "fast")]
    pub(super) fn check(lexer: &mut Lexer<'a>) -> Option<()> {
        Self::parse(lexer).map(drop)
    }

    /// Takes `(date subject from sender reply-to to cc bcc in-reply-to message-id)`.
    #[cfg(not(feature = "fast"))]
    pub(crate) fn parse(lexer: &mut Lexer<'a>) -> Option<Self> {
        let octets = lexer.rest();
        let mut starts = [0; FIELDS];
        Self::pass(lexer, Some(&mut starts))?;
        Some(Self { octets: octets.get(..lexer.taken_of(octets))?, starts })
    }

    /// Passes an envelope.
    #[cfg(not(feature = "fast"))]
    pub(super) fn check(lexer: &mut Lexer<'a>) -> Option<()> {
        Self::pass(lexer, None)
    }

    /// Passes an envelope; where its fields begin is told to those who want to know.
    #[cfg(not(feature = "fast"))]
    #[inline(never)]
    fn pass(lexer: &mut Lexer<'_>, mut starts: Option<&mut [u32; FIELDS]>) -> Option<()> {
        let octets = lexer.rest();
        lexer.open()?;
        let extra = lexer.peek() == Some(b'(');
        if extra {
            lexer.open()?;
            lexer.note(Quirk::ExtraParentheses);
        }
        let mut missing = false;
        for index in 0..FIELDS {
            lexer.skip_extra_spaces();
            if let Some(start) = starts.as_deref_mut().and_then(|starts| starts.get_mut(index)) {
                *start = u32::try_from(lexer.taken_of(octets)).ok()?;
            }
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
        Some(())
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

    #[cfg_attr(feature = "fast", inline(always))]
    fn string(&self, field: Field) -> Option<ImapString<'a>> {
        #[cfg(feature = "fast")]
        if let Some(kind) = self.shape.strings.get(field as usize).filter(|kind| **kind != OTHER) {
            return self.known_string(field, *kind);
        }
        self.lexer(field).nstring().flatten()
    }

    /// A string whose quotes are known to stand at its field's ends.
    #[cfg(feature = "fast")]
    #[inline(always)]
    fn known_string(&self, field: Field, kind: u8) -> Option<ImapString<'a>> {
        if kind == NIL {
            return None;
        }
        let index = field as usize;
        let begin = (*self.starts.get(index)? as usize).wrapping_add(1);
        let next = self.starts.get(index.wrapping_add(1));
        let end = next.map_or(self.octets.len(), |next| *next as usize).wrapping_sub(2);
        Some(ImapString::from_received(self.octets.get(begin..end)?, kind == ESCAPED))
    }

    #[cfg_attr(feature = "fast", inline)]
    fn addresses(&self, field: Field) -> Addresses<'a> {
        let addresses = Addresses::at(self.lexer(field));
        #[cfg(feature = "fast")]
        let addresses = Addresses { known: self.shape.known(field), ..addresses };
        addresses
    }
}

/// What is known of an envelope, so that nothing in it has to be looked for again.
#[cfg(feature = "fast")]
#[derive(Clone, Copy, Debug)]
struct Shape {
    /// Of each field that is a string: what it is.
    strings: [u8; FIELDS],
    /// Of each list: from where to where its first addresses are known.
    lists: [(u8, u8); LISTS],
    /// How many addresses are known, and those.
    known: u8,
    people: [Lengths; PEOPLE],
}

#[cfg(feature = "fast")]
const LISTS: usize = 6;
/// How many addresses are known at the most.
#[cfg(feature = "fast")]
const PEOPLE: usize = 12;

/// A string of which nothing is known; NIL; one whose quotes stand at the field's ends, without and with backslashes.
#[cfg(feature = "fast")]
const OTHER: u8 = 0;
#[cfg(feature = "fast")]
const NIL: u8 = 1;
#[cfg(feature = "fast")]
const PLAIN: u8 = 2;
#[cfg(feature = "fast")]
const ESCAPED: u8 = 3;

/// Addresses that are known, of one list.
#[cfg(feature = "fast")]
#[derive(Clone, Copy, Debug)]
struct Known {
    people: [Lengths; PEOPLE],
    next: u8,
    end: u8,
}

#[cfg(feature = "fast")]
impl Known {
    const NONE: Self = Self { people: [Lengths::UNKNOWN; PEOPLE], next: 0, end: 0 };

    #[inline(always)]
    fn next(&mut self) -> Option<Lengths> {
        if self.next >= self.end {
            return None;
        }
        let lengths = self.people.get(usize::from(self.next)).copied();
        self.next = self.next.wrapping_add(1);
        lengths
    }
}

#[cfg(feature = "fast")]
impl Shape {
    const UNKNOWN: Self = Self {
        strings: [OTHER; FIELDS],
        lists: [(0, 0); LISTS],
        known: 0,
        people: [Lengths::UNKNOWN; PEOPLE],
    };

    /// Notes what is known of a string.
    #[inline(always)]
    fn string(&mut self, field: Field, string: Option<ImapString<'_>>) {
        if let Some(kind) = self.strings.get_mut(field as usize) {
            *kind = match string {
                None => NIL,
                Some(string) if string.is_escaped() => ESCAPED,
                Some(_) => PLAIN,
            };
        }
    }

    #[cold]
    fn forget(&mut self, index: usize) {
        if let Some(kind) = self.strings.get_mut(index) {
            *kind = OTHER;
        }
    }

    #[inline(always)]
    fn known(&self, field: Field) -> Known {
        let list = (field as usize).wrapping_sub(Field::From as usize);
        let (next, end) = self.lists.get(list).copied().unwrap_or_default();
        Known { people: self.people, next, end }
    }
}

/// The lengths of an address's strings; all zero where they are not known.
#[cfg(feature = "fast")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Lengths([u8; 4]);

#[cfg(feature = "fast")]
impl Lengths {
    const UNKNOWN: Self = Self([0; 4]);

    #[inline(always)]
    fn of(&Address { name, adl, mailbox, host }: &Address<'_>) -> Self {
        let mut measure = Measure::new();
        let lengths = [
            measure.optional(name),
            measure.optional(adl),
            measure.optional(mailbox),
            measure.optional(host),
        ];
        if measure.fits() { Self(lengths) } else { Self::UNKNOWN }
    }

    /// The address of these lengths that begins here, and what follows it.
    #[inline(always)]
    fn address(self, octets: &[u8]) -> Option<(Address<'_>, &[u8])> {
        let Self([name, adl, mailbox, host]) = self;
        let mut known = lengths::Known::new(octets, 1);
        let address = Address {
            name: known.optional(name)?,
            adl: known.optional(adl)?,
            mailbox: known.optional(mailbox)?,
            host: known.optional(host)?,
        };
        Some((address, known.rest()?))
    }
}

/// An envelope that is being read.
#[cfg(feature = "fast")]
struct Reading<'l, 'a> {
    lexer: &'l mut Lexer<'a>,
    envelope: Envelope<'a>,
    /// Whether it ended before its last field.
    missing: bool,
    /// Whether it may end as usual.
    may_close: bool,
}

#[cfg(feature = "fast")]
impl<'l, 'a> Reading<'l, 'a> {
    #[inline(always)]
    const fn new(octets: &'a [u8], lexer: &'l mut Lexer<'a>, may_close: bool) -> Self {
        Self {
            lexer,
            envelope: Envelope::from_parts(octets, [0; FIELDS]),
            missing: false,
            may_close,
        }
    }

    /// All fields, one after another, so that nothing is decided for each of them; whether the parenthesis behind them has
    /// been taken too.
    #[inline(always)]
    fn fields(&mut self) -> Option<bool> {
        self.string(Field::Date)?;
        self.string(Field::Subject)?;
        self.people(Field::From)?;
        self.people(Field::Sender)?;
        self.people(Field::ReplyTo)?;
        self.people(Field::To)?;
        self.people(Field::Cc)?;
        self.people(Field::Bcc)?;
        self.string(Field::InReplyTo)?;
        self.begins(Field::MessageId as usize)?;
        if self.missing {
            return Some(false);
        }
        if self.may_close
            && let Some(string) = self.lexer.plain_nstring_then(b')')
        {
            self.envelope.shape.string(Field::MessageId, string);
            return Some(true);
        }
        self.missing = field(Field::MessageId as usize, self.lexer)?;
        Some(false)
    }

    /// Notes where a field begins.
    #[inline(always)]
    fn begins(&mut self, index: usize) -> Option<()> {
        if matches!(self.lexer.peek(), Some(b' ' | b'\t')) {
            // A space too many: nobody knows where the field before it ended.
            self.envelope.shape.forget(index.wrapping_sub(1));
        }
        self.lexer.skip_extra_spaces();
        let start = self.lexer.taken_of(self.envelope.octets);
        *self.envelope.starts.get_mut(index)? = u32::try_from(start).ok()?;
        Some(())
    }

    #[inline(always)]
    fn string(&mut self, field: Field) -> Option<()> {
        self.begins(field as usize)?;
        if self.missing {
            return Some(());
        }
        match self.lexer.plain_nstring_then(b' ') {
            Some(string) => self.envelope.shape.string(field, string),
            None => self.missing = self::field(field as usize, self.lexer)?,
        }
        Some(())
    }

    #[inline(always)]
    fn people(&mut self, field: Field) -> Option<()> {
        self.begins(field as usize)?;
        if self.missing {
            return Some(());
        }
        let repeats = matches!(field, Field::Sender | Field::ReplyTo);
        if (!repeats || self.repeated(field).is_none()) && self.usual_people(field).is_none() {
            self.missing = self::field(field as usize, self.lexer)?;
        }
        Some(())
    }

    /// The same list as the one before it, and the space behind it: servers repeat From where there is no Sender or
    /// Reply-To (RFC 9051 §7.5.2).
    #[inline(always)]
    fn repeated(&mut self, field: Field) -> Option<()> {
        let before = (field as usize).wrapping_sub(1);
        let known =
            self.envelope.shape.lists.get(before.wrapping_sub(Field::From as usize)).copied()?;
        let begin = *self.envelope.starts.get(before)? as usize;
        let end = *self.envelope.starts.get(field as usize)? as usize;
        let list = self.envelope.octets.get(begin..end)?;
        if known.0 == known.1 || !list.ends_with(b") ") {
            return None;
        }
        let rest = self.lexer.rest().strip_prefix(list)?;
        self.lexer.advance_to(rest);
        *self
            .envelope
            .shape
            .lists
            .get_mut((field as usize).wrapping_sub(Field::From as usize))? = known;
        Some(())
    }

    /// A list of addresses, or NIL, and the space behind it.
    #[inline(always)]
    fn usual_people(&mut self, field: Field) -> Option<()> {
        let mut plain = Plain(self.lexer.rest());
        let shape = &mut self.envelope.shape;
        let first = shape.known;
        let mut known = first;
        if plain.nil_then(b' ').is_none() {
            plain.octet(b'(')?;
            loop {
                let (address, rest) = Address::plain(plain.0)?;
                plain.0 = rest;
                if let Some(lengths) = shape.people.get_mut(usize::from(known)) {
                    *lengths = Lengths::of(&address);
                    known = known.wrapping_add(1);
                }
                if plain.octet(b')').is_some() {
                    break;
                }
            }
            plain.octet(b' ')?;
        }
        shape.known = known;
        *shape.lists.get_mut((field as usize).wrapping_sub(Field::From as usize))? = (first, known);
        self.lexer.advance_to(plain.0);
        Some(())
    }
}

/// A field, and the space behind all but the last; whether the envelope ends there instead.
#[cfg_attr(feature = "fast", cold)]
#[cfg_attr(feature = "fast", inline(never))]
#[cfg_attr(not(feature = "fast"), inline(always))]
fn field(index: usize, lexer: &mut Lexer<'_>) -> Option<bool> {
    let last = index == FIELDS - 1;
    if Field::is_address_list(index) {
        check_addresses(lexer)?;
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
fn check_addresses(lexer: &mut Lexer<'_>) -> Option<()> {
    if lexer.open().is_none() {
        return if lexer.nil().is_some() { Some(()) } else { lexer.apart(not_a_list) };
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
            unusual_address(lexer, &mut |_, _| ())?;
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
        #[cfg(feature = "fast")]
        if let Some((address, rest)) = Self::plain(lexer.rest()) {
            lexer.advance_to(rest);
            return Some(address);
        }
        Self::unusual(lexer)
    }

    /// A well-formed one, and what follows it.
    #[cfg(feature = "fast")]
    #[inline(always)]
    fn plain(octets: &'a [u8]) -> Option<(Self, &'a [u8])> {
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
        unusual_address(lexer, &mut |index, field| {
            *match index {
                0 => &mut told.name,
                1 => &mut told.adl,
                2 => &mut told.mailbox,
                _ => &mut told.host,
            } = field;
        })?;
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

/// Takes `(name adl mailbox host)`, and tells each field with its place.
#[cold]
fn unusual_address<'a>(
    lexer: &mut Lexer<'a>,
    tell: &mut dyn FnMut(usize, Option<ImapString<'a>>),
) -> Option<()> {
    lexer.open()?;
    for index in 0..4 {
        if index > 0 && lexer.sp().is_none() {
            if index < 3 {
                return None;
            }
            // A host that is missing.
            lexer.note(Quirk::MissingField);
            break;
        }
        tell(index, lexer.nstring()?);
    }
    lexer.close()
}

/// The addresses of a field, one after another (RFC 9051 §7.5.2).
#[derive(Clone, Copy, Debug)]
pub struct Addresses<'a> {
    lexer: Lexer<'a>,
    /// Those of the next that are known.
    #[cfg(feature = "fast")]
    known: Known,
}

impl<'a> Addresses<'a> {
    /// Goes on where others stood, of which [`rest`](Self::rest) gave this. Of anything else, it tells those
    /// addresses that it can read.
    #[must_use]
    pub const fn resume(rest: &'a [u8]) -> Self {
        Self::over(Lexer::new(rest))
    }

    const fn over(lexer: Lexer<'a>) -> Self {
        Self {
            lexer,
            #[cfg(feature = "fast")]
            known: Known::NONE,
        }
    }

    /// What has not been read yet, as it came: all that is to be kept to go on later, with
    /// [`resume`](Self::resume).
    #[must_use]
    pub const fn rest(&self) -> &'a [u8] {
        self.lexer.rest()
    }

    /// Stands before the first address, or at an end.
    fn at(mut lexer: Lexer<'a>) -> Self {
        Self::over(if lexer.open().is_some() { lexer } else { Lexer::new(&[]) })
    }
}

impl<'a> Iterator for Addresses<'a> {
    type Item = Address<'a>;

    #[inline]
    fn next(&mut self) -> Option<Address<'a>> {
        #[cfg(feature = "fast")]
        if let Some(lengths) = self.known.next()
            && lengths != Lengths::UNKNOWN
        {
            let (address, rest) = lengths.address(self.lexer.rest())?;
            self.lexer.advance_to(rest);
            return Some(address);
        }
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
    use crate::imap::quirk::Forgiven;

    fn parse(octets: &[u8]) -> Option<(Envelope<'_>, Forgiven)> {
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
        assert_eq!(quirks, Forgiven::NONE.with(Quirk::ExtraSpace), "a space between addresses");
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

    /// What is known of an envelope changes nothing in what is told: without it, all is looked for anew.
    #[cfg(feature = "fast")]
    #[test]
    fn what_is_known_tells_the_same() {
        let long = "x".repeat(200);
        let many = r#"("A" NIL "a" "x.org")"#.repeat(20);
        for octets in [
            r#"("d" "a \"b\" \\" (("A \"B\"" NIL "a" "x")) (("A \"B\"" NIL "a" "x")) (("A" NIL "a" "x")) NIL NIL NIL NIL "<i>")"#,
            r#"("" "" (("" "" "" "")("a" NIL NIL NIL)) NIL NIL (("" "" "" "")) NIL NIL "" "")"#,
            r#"(NIL NIL ((NIL NIL "a" "x")) ((NIL NIL "a" "x")) NIL NIL NIL NIL NIL NIL)"#,
            r#"("d"  "s"  ((NIL NIL "a" "x"))  ((NIL NIL "a" "x"))  NIL NIL NIL NIL "r"  "<i>" )"#,
            r#"("d" "s"((NIL NIL "a" "x"))((NIL NIL "a" "x")) ((NIL NIL "a" "x")) NIL NIL NIL "r" "<i>" "more")"#,
            r#"("d" "s" ((NIL NIL "a" "x") (NIL NIL "b" "x")) ((NIL NIL "a" "x")(a NIL b c)(NIL NIL "d" "x")))"#,
            &format!(
                r#"("{long}" "{long}" (("{long}" NIL "a" "x")) NIL NIL ({many}) (("b" NIL "b" "x")) NIL NIL "<i>")"#
            ),
            "(\"d\" {3}\r\na\"b ((NIL NIL \"a\" \"x\")({1}\r\nb NIL \"b\" \"x\")) NIL NIL NIL NIL NIL NIL \"<i>\")",
        ] {
            let (known, _) = parse(octets.as_bytes()).unwrap_or_else(|| panic!("{octets}"));
            let unknown = Envelope::from_parts(known.as_received(), known.starts());
            let strings = |of: &Envelope<'_>| {
                [of.date(), of.subject(), of.in_reply_to(), of.message_id()].map(|string| {
                    string.map(|string| (string.as_received().to_vec(), string.is_escaped()))
                })
            };
            let people = |of: &Envelope<'_>| {
                [of.from(), of.sender(), of.reply_to(), of.to(), of.cc(), of.bcc()]
                    .map(|list| format!("{:?}", list.collect::<Vec<_>>()))
            };
            assert_eq!(strings(&known), strings(&unknown), "{octets}");
            assert_eq!(people(&known), people(&unknown), "{octets}");
            // One can stop anywhere, and go on with what is left.
            let mut to = known.to();
            while to.next().is_some() {
                assert!(Addresses::resume(to.rest()).eq(to));
            }
        }
    }
}
