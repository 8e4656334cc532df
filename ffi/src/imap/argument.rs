//! What commands take: mailboxes, messages, dates (RFC 9051 §9). Borrowed for the call only.

use core::cell::Cell;
use core::mem::MaybeUninit;

use mailproto_core::imap::{Date, DateTime, ImapString, Mailbox, MailboxName, Range, Sequence};

use crate::memory::{self, Region};
use crate::{mailproto_error, mailproto_span};

/// What a number from C stands for: a `match` with the members of its enumeration. A number that is none of them is
/// `BadValue`, and leaves the function.
macro_rules! member {
    ($number:expr, $kind:ident { $($(#[$only:meta])* $member:ident => $value:expr),+ $(,)? }) => {
        match $number {
            $($(#[$only])* number if number == $kind::$member as i32 => $value,)+
            _ => return Err($crate::mailproto_error::BadValue),
        }
    };
}
pub(super) use member;

/// Reads arguments, and sees to it that none lies where the command is written.
pub(crate) struct Arguments {
    tx: Region,
    /// How long the list may be that was too long.
    limit: Cell<usize>,
}

impl Arguments {
    pub(crate) const fn apart_from(tx: Region) -> Self {
        Self { tx, limit: Cell::new(0) }
    }

    /// Where the command is written.
    pub(crate) const fn tx(&self) -> Region {
        self.tx
    }

    /// The number that goes with the error that was returned last.
    pub(crate) const fn limit(&self) -> usize {
        self.limit.get()
    }

    #[inline(never)]
    pub(crate) fn octets(&self, span: mailproto_span) -> Result<&'static [u8], mailproto_error> {
        let octets = span.octets()?;
        self.check(Region::of(octets)).map(|()| octets)
    }

    #[inline(never)]
    pub(crate) fn text(&self, span: mailproto_span) -> Result<&'static str, mailproto_error> {
        memory::text(self.octets(span)?)
    }

    pub(crate) fn array<T: memory::Plain>(
        &self,
        ptr: *const T,
        len: usize,
    ) -> Result<&'static [T], mailproto_error> {
        let array = memory::array(ptr, len)?;
        self.check(Region::of_array(array)).map(|()| array)
    }

    fn check(&self, argument: Region) -> Result<(), mailproto_error> {
        if argument.overlaps(self.tx) { Err(mailproto_error::Overlap) } else { Ok(()) }
    }

    #[inline(never)]
    pub(crate) fn mailbox(
        &self,
        mailbox: &mailproto_imap_mailbox,
    ) -> Result<Mailbox<'static>, mailproto_error> {
        use mailproto_imap_mailbox_form as Form;
        Ok(member!(mailbox.form, Form {
            Name => Mailbox::Name(self.text(mailbox.octets)?),
            Raw => Mailbox::Raw(self.octets(mailbox.octets)?),
            Escaped => {
                let octets = self.octets(mailbox.octets)?;
                Mailbox::Received(MailboxName::new(ImapString::from_received(octets, true)))
            }
        }))
    }

    #[inline(never)]
    pub(crate) fn sequence(
        &self,
        sequence: &mailproto_imap_sequence,
    ) -> Result<Sequence<'static>, mailproto_error> {
        use mailproto_imap_sequence_kind as Kind;
        let (first, count) = (sequence.first, sequence.count);
        Ok(member!(sequence.kind, Kind {
            One => Sequence::One(first),
            Range => Sequence::Range { first, last: Some(sequence.last) },
            From => Sequence::Range { first, last: None },
            Last => Sequence::Last,
            Saved => Sequence::Saved,
            Ranges => Sequence::Ranges(self.array(sequence.ranges.cast::<Range>(), count)?),
            Numbers => Sequence::Numbers(self.array(sequence.numbers, count)?),
            Text => Sequence::Text(self.octets(sequence.text)?),
        }))
    }

    /// Puts what the bits of a mask stand for into `few`. A bit that stands for nothing is an error.
    #[cfg(any(feature = "imap-list", feature = "imap-esearch"))]
    pub(crate) fn fill_mask<T: Copy>(
        &self,
        few: &mut Few<'_, T>,
        mut mask: u32,
        bits: &[(u32, T)],
    ) -> Result<(), mailproto_error> {
        for (bit, thing) in bits {
            if mask & bit != 0 {
                few.push(*thing);
            }
            mask &= !bit;
        }
        if mask == 0 { Ok(()) } else { Err(mailproto_error::BadValue) }
    }

    /// Words with spaces between them: how C gives lists of atoms.
    pub(crate) fn words(&self, span: mailproto_span) -> Result<Words<'static>, mailproto_error> {
        Ok(Words { rest: self.octets(span)? })
    }

    /// Puts what `from` makes into `few`.
    pub(crate) fn fill<T>(
        &self,
        few: &mut Few<'_, T>,
        from: impl Iterator<Item = Result<T, mailproto_error>>,
    ) -> Result<(), mailproto_error> {
        for thing in from {
            few.push(thing?);
        }
        let limit = few.places.len();
        if few.count > limit { Err(self.too_long(limit)) } else { Ok(()) }
    }

    /// A list is longer than this library takes.
    pub(crate) fn too_long(&self, limit: usize) -> mailproto_error {
        self.limit.set(limit);
        mailproto_error::TooLong
    }

    /// Puts words with spaces between them into `few`.
    pub(crate) fn fill_words(
        &self,
        few: &mut Few<'_, &'static str>,
        span: mailproto_span,
    ) -> Result<(), mailproto_error> {
        self.fill(few, self.words(span)?.map(memory::text))
    }
}

/// Words with spaces between them.
pub(crate) struct Words<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a [u8];

    #[inline(never)]
    fn next(&mut self) -> Option<&'a [u8]> {
        while let [b' ', rest @ ..] = self.rest {
            self.rest = rest;
        }
        let end = self.rest.iter().position(|&octet| octet == b' ').unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        (!word.is_empty()).then_some(word)
    }
}

/// A few things on the stack, where the engine wants them in one place and C has them in another form.
pub(crate) struct Few<'p, T> {
    /// Where they go; what is there already does not matter.
    places: &'p mut [T],
    count: usize,
}

impl<'p, T> Few<'p, T> {
    /// None, and places for some.
    pub(crate) const fn new(places: &'p mut [T]) -> Self {
        Self { places, count: 0 }
    }

    /// Adds a thing; counts on when there is no place any more.
    pub(crate) fn push(&mut self, thing: T) {
        if let Some(place) = self.places.get_mut(self.count) {
            *place = thing;
        }
        self.count = self.count.saturating_add(1);
    }

    /// All of them, for as long as the places are there.
    #[cfg(feature = "imap-esearch")]
    pub(crate) fn all(self) -> &'p [T] {
        self.places.get(..self.count).unwrap_or_default()
    }
}

impl<T> core::ops::Deref for Few<'_, T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.places.get(..self.count).unwrap_or(self.places)
    }
}

/// How the name of a mailbox is given.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_imap_mailbox_form {
    /// As people read it, in UTF-8. It is sent as UTF-8 where that is enabled, else as modified UTF-7.
    Name = 0,
    /// Octets to be sent as they are.
    Raw = 1,
    /// Octets to be sent as they are, but for the backslashes that a server put before some.
    Escaped = 2,
}

/// The name of a mailbox, as commands take it (RFC 9051 §5.1). `mailproto_imap_named` makes one of
/// UTF-8, `mailproto_imap_received` one of what a server sent.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_mailbox {
    /// The name.
    pub octets: mailproto_span,
    /// A `mailproto_imap_mailbox_form`.
    pub form: i32,
}

memory::plain!(mailproto_imap_mailbox);

/// A range of message numbers or UIDs, both ends included. In what a server sends, `first` is not
/// greater than `last`, and `*` is read as 4,294,967,295.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct mailproto_imap_range {
    /// The first.
    pub first: u32,
    /// The last.
    pub last: u32,
}

// The engine takes them as they are: its `Range` has the layout of ours.
memory::plain!(mailproto_imap_range, Range);

impl From<Range> for mailproto_imap_range {
    fn from(range: Range) -> Self {
        Self { first: range.first, last: range.last }
    }
}

/// How messages are named.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_imap_sequence_kind {
    /// Not at all.
    None = 0,
    /// One message: `first`.
    One = 1,
    /// All between `first` and `last`, included.
    Range = 2,
    /// All from `first` to the last of the mailbox, `*`. If `first` is larger than that, it is still a
    /// range (RFC 9051 §9): `9:*` is never empty while there are messages.
    From = 3,
    /// The last message of the mailbox: `*`.
    Last = 4,
    /// `$`: what the last search with SAVE has found (RFC 5182).
    Saved = 5,
    /// `count` ranges: `ranges`.
    Ranges = 6,
    /// `count` messages: `numbers`. Where they follow each other, they are sent as a range.
    Numbers = 7,
    /// A set that is written already, such as a server sent it: `text`. Its grammar is checked.
    Text = 8,
}

/// The messages that a command is for, by number or by UID (RFC 9051 §9, `sequence-set`).
/// `mailproto_imap_one`, `_range`, `_from`, `_all`, `_numbers`, `_ranges`, `_set` make it.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_sequence {
    /// A `mailproto_imap_sequence_kind`.
    pub kind: i32,
    /// One end.
    pub first: u32,
    /// The other end.
    pub last: u32,
    /// How many ranges or numbers there are.
    pub count: usize,
    /// Ranges.
    pub ranges: *const mailproto_imap_range,
    /// Numbers.
    pub numbers: *const u32,
    /// A set in the words of RFC 9051.
    pub text: mailproto_span,
}

memory::plain!(mailproto_imap_sequence);

/// A day (RFC 9051 §9, `date`).
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct mailproto_imap_date {
    /// The year, in four digits at most.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

memory::plain!(mailproto_imap_date);

impl From<mailproto_imap_date> for Date {
    /// One that does not exist is refused where it is written.
    fn from(date: mailproto_imap_date) -> Self {
        Self { year: date.year, month: date.month, day: date.day }
    }
}

impl From<Date> for mailproto_imap_date {
    fn from(date: Date) -> Self {
        Self { year: date.year, month: date.month, day: date.day }
    }
}

/// A day, a time and a zone (RFC 9051 §9, `date-time`).
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct mailproto_imap_date_time {
    /// The day, in the zone.
    pub date: mailproto_imap_date,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 60: there are leap seconds.
    pub second: u8,
    /// Zero.
    pub reserved: u8,
    /// How far the zone is ahead of UTC, in minutes.
    pub zone_minutes: i16,
}

memory::plain!(mailproto_imap_date_time);

impl From<DateTime> for mailproto_imap_date_time {
    fn from(moment: DateTime) -> Self {
        Self {
            date: moment.date.into(),
            hour: moment.hour,
            minute: moment.minute,
            second: moment.second,
            reserved: 0,
            zone_minutes: moment.zone_minutes,
        }
    }
}

impl From<mailproto_imap_date_time> for DateTime {
    /// One that does not exist is refused where it is written.
    fn from(moment: mailproto_imap_date_time) -> Self {
        Self {
            date: moment.date.into(),
            hour: moment.hour,
            minute: moment.minute,
            second: moment.second,
            zone_minutes: moment.zone_minutes,
        }
    }
}

/// A moment in seconds since the beginning of 1970, UTC, without leap seconds. A day that does not
/// exist counts as the first of 1970.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_date_time_to_unix(moment: mailproto_imap_date_time) -> i64 {
    DateTime::from(moment).to_unix()
}

/// Makes a moment of seconds since the beginning of 1970, as a clock in a zone shows it.
///
/// @param seconds       the moment.
/// @param zone_minutes  how far the zone is ahead of UTC, in minutes.
/// @param moment        receives it.
///
/// Returns `MAILPROTO_OK`, `MAILPROTO_ERROR_NULL_POINTER`, or `MAILPROTO_ERROR_BAD_VALUE` outside of
/// the years 0 to 9999.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_date_time_from_unix(
    seconds: i64,
    zone_minutes: i16,
    moment: Option<&mut MaybeUninit<mailproto_imap_date_time>>,
) -> mailproto_error {
    match (moment, DateTime::from_unix(seconds, zone_minutes)) {
        (Some(moment), Some(made)) => {
            moment.write(made.into());
            mailproto_error::None
        }
        (None, _) => mailproto_error::NullPointer,
        (_, None) => mailproto_error::BadValue,
    }
}
