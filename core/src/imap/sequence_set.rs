//! Sequence sets (RFC 9051 §9, `sequence-set`): received ones, read range by range and never expanded,
//! and those that commands take.

use core::fmt;
use core::ops::{RangeFrom, RangeFull, RangeInclusive};

use super::flag::show;
use super::lexer::Lexer;
use super::quirk::Quirk;
use crate::error::EmitError;
use crate::wire::{Put, put_decimal};

/// A range of message numbers or UIDs, both ends included.
///
/// In what a server sends, `first` is not greater than `last`: `4:2` is read as `2:4` (RFC 9051 §9). A `*`,
/// which no server should send, is read as the largest number there is, [`u32::MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(C)]
pub struct Range {
    /// The first.
    pub first: u32,
    /// The last.
    pub last: u32,
}

impl Range {
    /// One element of a sequence set, `n` or `n:m`.
    pub(crate) fn parse(element: &[u8]) -> Option<Self> {
        let mut lexer = Lexer::new(element);
        let range = Self::take(&mut lexer)?;
        lexer.at_end().then_some(range)
    }

    /// The element at the front.
    fn take(lexer: &mut Lexer<'_>) -> Option<Self> {
        let one = number_or_star(lexer)?;
        let other = match lexer.octet(b':') {
            Some(()) => number_or_star(lexer)?,
            None => one,
        };
        Some(Self { first: one.min(other), last: one.max(other) })
    }

    /// How many numbers it holds.
    #[must_use]
    pub fn count(self) -> u64 {
        let between = u64::from(self.last).checked_sub(self.first.into());
        between.map_or(0, |between| between.saturating_add(1))
    }

    /// Whether `number` is in it.
    #[must_use]
    pub const fn contains(self, number: u32) -> bool {
        self.first <= number && number <= self.last
    }

    /// Its numbers, as a range of the language. A server may name four thousand million messages in ten
    /// octets: look at [`count`](Self::count) before you walk through them.
    #[must_use]
    pub const fn numbers(self) -> RangeInclusive<u32> {
        self.first..=self.last
    }
}

impl From<RangeInclusive<u32>> for Range {
    fn from(range: RangeInclusive<u32>) -> Self {
        let (first, last) = range.into_inner();
        Self { first, last }
    }
}

/// A number or `*`, which is larger than all numbers.
#[inline]
fn number_or_star(lexer: &mut Lexer<'_>) -> Option<u32> {
    if let Some(number) = lexer.number() {
        if number == 0 {
            lexer.note(Quirk::BadNumber);
        }
        return Some(number);
    }
    lexer.octet(b'*')?;
    lexer.note(Quirk::BadNumber);
    Some(u32::MAX)
}

/// A sequence set as a server sends it (RFC 9051 §9), in COPYUID, MODIFIED or ESEARCH: a view, walked range by range.
#[derive(Clone, Copy, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SequenceSet<'a> {
    octets: &'a [u8],
}

impl<'a> SequenceSet<'a> {
    /// From a set as a server writes it, such as [`as_bytes`](Self::as_bytes) gave. Zero and `*` are forgiven;
    /// `None` for other octets that are no `sequence-set` (RFC 9051 §9). No octets are the empty set.
    ///
    /// ```
    /// use mailproto_core::imap::SequenceSet;
    ///
    /// assert_eq!(SequenceSet::from_bytes(b"1,3:5").expect("a set").count(), 4);
    /// assert!(SequenceSet::from_bytes(b"1,").is_none());
    /// ```
    #[must_use]
    pub fn from_bytes(octets: &'a [u8]) -> Option<Self> {
        let mut lexer = Lexer::new(octets);
        if lexer.at_end() {
            return Some(Self::default());
        }
        let set = Self::parse(&mut lexer)?;
        lexer.at_end().then_some(set)
    }

    /// A sequence set. Zero and `*` are forgiven.
    pub(crate) fn parse(lexer: &mut Lexer<'a>) -> Option<Self> {
        let mut ahead = *lexer;
        loop {
            Range::take(&mut ahead)?;
            if ahead.octet(b',').is_none() {
                break;
            }
        }
        let octets = lexer.rest().get(..ahead.taken_of(lexer.rest()))?;
        *lexer = ahead;
        Some(Self { octets })
    }

    /// Its ranges, in the order in which they came; each ascends.
    #[must_use]
    pub const fn ranges(self) -> Ranges<'a> {
        Ranges { rest: self.octets }
    }

    /// Whether `number` is in it.
    #[must_use]
    pub fn contains(self, number: u32) -> bool {
        self.ranges().any(|range| range.contains(number))
    }

    /// How many numbers it tells. One that is told twice counts twice.
    #[must_use]
    pub fn count(self) -> u64 {
        self.ranges().fold(0, |count, range| count.saturating_add(range.count()))
    }

    /// Whether it tells none, as only some servers' COPYUID does.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.octets.is_empty()
    }

    /// The set as it came.
    #[must_use]
    pub const fn as_bytes(self) -> &'a [u8] {
        self.octets
    }
}

impl fmt::Display for SequenceSet<'_> {
    /// The set as it came.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(self.octets, f)
    }
}

impl fmt::Debug for SequenceSet<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(self.octets, f)
    }
}

impl<'a> IntoIterator for SequenceSet<'a> {
    type Item = Range;
    type IntoIter = Ranges<'a>;

    fn into_iter(self) -> Ranges<'a> {
        self.ranges()
    }
}

/// The ranges of a [`SequenceSet`].
#[derive(Clone, Copy, Debug)]
pub struct Ranges<'a> {
    rest: &'a [u8],
}

impl<'a> Ranges<'a> {
    /// Goes on where another stood, of which [`rest`](Self::rest) gave this. Of anything else, it tells the
    /// ranges that it can read.
    #[must_use]
    pub const fn resume(rest: &'a [u8]) -> Self {
        Self { rest }
    }

    /// What has not been read yet, as it came.
    #[must_use]
    pub const fn rest(&self) -> &'a [u8] {
        self.rest
    }
}

impl Iterator for Ranges<'_> {
    type Item = Range;

    fn next(&mut self) -> Option<Range> {
        let mut lexer = Lexer::new(self.rest);
        let range = Range::take(&mut lexer)?;
        let _ = lexer.octet(b',');
        self.rest = lexer.rest();
        Some(range)
    }
}

/// The messages that a command is for, by number or by UID (RFC 9051 §9, `sequence-set`).
///
/// ```
/// use mailproto_core::imap::Sequence;
///
/// let uids = [1, 2, 3, 7];
/// let several: [Sequence<'_>; 4] = [7.into(), (2..=4).into(), (12..).into(), (&uids).into()];
/// assert_eq!(several[2], Sequence::Range { first: 12, last: None });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Sequence<'s> {
    /// One message.
    One(u32),
    /// All between these two, included.
    Range {
        /// One end.
        first: u32,
        /// The other; `None` is `*`, the last message of the mailbox. If `first` is larger than that, it
        /// is still a range (RFC 9051 §9): `9:*` is never empty while there are messages.
        last: Option<u32>,
    },
    /// Several ranges.
    Ranges(&'s [Range]),
    /// Several messages. Where numbers follow each other, they are sent as a range.
    Numbers(&'s [u32]),
    /// `*`: the last message of the mailbox.
    Last,
    /// `$`: what the last search with SAVE has found (RFC 5182).
    Saved,
    /// A set that is written already; its grammar is checked.
    Text(&'s [u8]),
}

impl Sequence<'static> {
    /// All messages: `1:*`.
    pub const ALL: Self = Self::Range { first: 1, last: None };
}

impl Sequence<'_> {
    /// Writes the set.
    ///
    /// # Errors
    /// `MessageNumberZero`; `Empty`, for no ranges, numbers or text; `BadArgument` or `ForbiddenOctet`
    /// for text that is no sequence set.
    pub(crate) fn emit(&self, out: &mut impl Put) -> Result<(), EmitError> {
        match *self {
            Self::One(number) => emit_range(number, Some(number), out),
            Self::Range { first, last } => emit_range(first, last, out),
            Self::Ranges(_) | Self::Numbers(_) => self.emit_ranges(out),
            Self::Last => {
                out.put(b"*");
                Ok(())
            }
            Self::Saved => {
                out.put(b"$");
                Ok(())
            }
            Self::Text(text) => {
                check_text(text)?;
                out.put(text);
                Ok(())
            }
        }
    }

    fn emit_ranges(mut self, out: &mut impl Put) -> Result<(), EmitError> {
        let first = self.next_range().ok_or(EmitError::Empty)?;
        emit_range(first.first, Some(first.last), out)?;
        while let Some(range) = self.next_range() {
            out.put(b",");
            emit_range(range.first, Some(range.last), out)?;
        }
        Ok(())
    }

    /// Takes the first of several.
    fn next_range(&mut self) -> Option<Range> {
        match self {
            Self::Ranges(ranges) => {
                let (first, rest) = ranges.split_first()?;
                *ranges = rest;
                Some(*first)
            }
            Self::Numbers(numbers) => {
                let mut runs = Runs { rest: numbers };
                let first = runs.next();
                *numbers = runs.rest;
                first
            }
            _ => None,
        }
    }
}

/// `n` or `n:m`; no `last` is `*`.
fn emit_range(first: u32, last: Option<u32>, out: &mut impl Put) -> Result<(), EmitError> {
    if first == 0 || last == Some(0) {
        return Err(EmitError::MessageNumberZero);
    }
    put_decimal(first.into(), out);
    match last {
        Some(last) if last == first => {}
        Some(last) => {
            out.put(b":");
            put_decimal(last.into(), out);
        }
        None => out.put(b":*"),
    }
    Ok(())
}

/// Whether this is `sequence-set` (RFC 9051 §9): ranges with commas between them, or `$`.
fn check_text(text: &[u8]) -> Result<(), EmitError> {
    match text {
        [] => return Err(EmitError::Empty),
        b"$" => return Ok(()),
        _ => {}
    }
    let mut lexer = Lexer::new(text);
    loop {
        let element = lexer;
        let bad = |lexer: &Lexer<'_>| {
            let at = lexer.taken_of(text);
            Err(match lexer.peek() {
                Some(b'\r' | b'\n' | 0) => EmitError::ForbiddenOctet { at },
                _ => EmitError::BadArgument { at },
            })
        };
        let Some(range) = Range::take(&mut lexer) else { return bad(&element) };
        if range.first == 0 {
            return Err(EmitError::MessageNumberZero);
        }
        match lexer.octet(b',') {
            Some(()) => {}
            None if lexer.at_end() => return Ok(()),
            None => return bad(&lexer),
        }
    }
}

/// Numbers, as ranges of those that follow each other.
struct Runs<'s> {
    rest: &'s [u32],
}

impl Iterator for Runs<'_> {
    type Item = Range;

    fn next(&mut self) -> Option<Range> {
        let (&first, mut rest) = self.rest.split_first()?;
        let mut last = first;
        while let Some((&next, behind)) = rest.split_first()
            && last.checked_add(1) == Some(next)
        {
            (last, rest) = (next, behind);
        }
        self.rest = rest;
        Some(Range { first, last })
    }
}

impl From<u32> for Sequence<'_> {
    fn from(number: u32) -> Self {
        Self::One(number)
    }
}

impl From<RangeInclusive<u32>> for Sequence<'_> {
    fn from(range: RangeInclusive<u32>) -> Self {
        let (first, last) = range.into_inner();
        Self::Range { first, last: Some(last) }
    }
}

impl From<RangeFrom<u32>> for Sequence<'_> {
    fn from(range: RangeFrom<u32>) -> Self {
        Self::Range { first: range.start, last: None }
    }
}

impl From<RangeFull> for Sequence<'_> {
    fn from(_: RangeFull) -> Self {
        Sequence::ALL
    }
}

impl From<Range> for Sequence<'_> {
    fn from(range: Range) -> Self {
        Self::Range { first: range.first, last: Some(range.last) }
    }
}

impl<'s> From<&'s [Range]> for Sequence<'s> {
    fn from(ranges: &'s [Range]) -> Self {
        Self::Ranges(ranges)
    }
}

impl<'s, const N: usize> From<&'s [Range; N]> for Sequence<'s> {
    fn from(ranges: &'s [Range; N]) -> Self {
        Self::Ranges(ranges)
    }
}

impl<'s> From<&'s [u32]> for Sequence<'s> {
    fn from(numbers: &'s [u32]) -> Self {
        Self::Numbers(numbers)
    }
}

impl<'s, const N: usize> From<&'s [u32; N]> for Sequence<'s> {
    fn from(numbers: &'s [u32; N]) -> Self {
        Self::Numbers(numbers)
    }
}

impl<'s> From<SequenceSet<'s>> for Sequence<'s> {
    /// What a server has told, to be used as it came: the UIDs of a COPYUID in the next command.
    fn from(set: SequenceSet<'s>) -> Self {
        Self::Text(set.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::quirk::Forgiven;
    use proptest::prelude::*;

    fn emitted(sequence: Sequence<'_>) -> Result<String, EmitError> {
        let mut sent = Vec::new();
        sequence.emit(&mut |octets: &[u8]| sent.extend_from_slice(octets))?;
        Ok(String::from_utf8(sent).unwrap())
    }

    fn range(first: u32, last: u32) -> Range {
        Range { first, last }
    }

    #[test]
    fn the_set_of_rfc_9051_is_read() {
        // RFC 9051 §9, of sequence-set: "2,4:7,9,12:*" and "*:4,5:7" with 15 messages.
        let mut lexer = Lexer::new(b"2,4:7,9,12:*] text");
        let set = SequenceSet::parse(&mut lexer).unwrap();
        assert_eq!(lexer.rest(), b"] text");
        let expected = [range(2, 2), range(4, 7), range(9, 9), range(12, u32::MAX)];
        assert_eq!(set.ranges().collect::<Vec<_>>(), expected);
        assert!(set.contains(5) && set.contains(99) && !set.contains(8));
        let set = SequenceSet::parse(&mut Lexer::new(b"*:4,5:7")).unwrap();
        assert_eq!(set.ranges().collect::<Vec<_>>(), [range(4, u32::MAX), range(5, 7)]);
    }

    #[test]
    fn reversed_ranges_are_turned_round_and_counted() {
        // RFC 4315 §3: "304,319:320".
        let mut lexer = Lexer::new(b"320:319,304");
        let set = SequenceSet::parse(&mut lexer).unwrap();
        assert_eq!(lexer.quirks(), Forgiven::NONE);
        assert_eq!(set.ranges().collect::<Vec<_>>(), [range(319, 320), range(304, 304)]);
        assert_eq!((set.count(), set.as_bytes()), (3, &b"320:319,304"[..]));
        assert_eq!(range(1, u32::MAX).count(), u64::from(u32::MAX));
        assert_eq!(range(2, 1).count(), 0);
        assert!(SequenceSet::default().is_empty() && SequenceSet::default().count() == 0);
    }

    #[test]
    fn what_is_no_set_is_none_and_zero_is_noted() {
        for octets in ["", ",", "1,", "1:", "a", "4294967296", "1,,2", "$", ":1"] {
            let mut lexer = Lexer::new(octets.as_bytes());
            assert!(SequenceSet::parse(&mut lexer).is_none(), "{octets}");
            assert_eq!(lexer.rest(), octets.as_bytes());
        }
        let mut lexer = Lexer::new(b"0:3");
        assert_eq!(SequenceSet::parse(&mut lexer).unwrap().count(), 4);
        assert!(lexer.quirks().contains(Quirk::BadNumber));
        assert_eq!(Range::parse(b"9:2"), Some(range(2, 9)));
        assert_eq!(Range::parse(b"41"), Some(range(41, 41)));
        assert_eq!(Range::parse(b"41,"), None);
    }

    #[test]
    fn arguments_are_written_as_the_rfc_has_them() {
        let ranges = [range(1, 3), range(9, 9), range(7, 5)];
        for (sequence, text) in [
            (Sequence::from(4_294_967_295), "4294967295"),
            (Sequence::from(2..=4), "2:4"),
            (Sequence::from(5..=5), "5"),
            (Sequence::from(559..), "559:*"),
            (Sequence::from(..), "1:*"),
            (Sequence::from(&ranges), "1:3,9,7:5"),
            (Sequence::from(&[1, 2, 3, 7, 9, 8, u32::MAX][..]), "1:3,7,9,8,4294967295"),
            (Sequence::from(&[u32::MAX, 1]), "4294967295,1"),
            (Sequence::Last, "*"),
            (Sequence::Saved, "$"),
            (Sequence::Text(b"*:4,5:7"), "*:4,5:7"),
            (Sequence::Text(b"$"), "$"),
        ] {
            assert_eq!(emitted(sequence).as_deref(), Ok(text));
        }
    }

    #[test]
    fn what_no_server_would_understand_is_not_sent() {
        for (sequence, error) in [
            (Sequence::from(0), EmitError::MessageNumberZero),
            (Sequence::Range { first: 1, last: Some(0) }, EmitError::MessageNumberZero),
            (Sequence::from(0..), EmitError::MessageNumberZero),
            (Sequence::from(&[1, 0]), EmitError::MessageNumberZero),
            (Sequence::Numbers(&[]), EmitError::Empty),
            (Sequence::Ranges(&[]), EmitError::Empty),
            (Sequence::Text(b""), EmitError::Empty),
            (Sequence::Text(b"1:0"), EmitError::MessageNumberZero),
            (Sequence::Text(b"1,"), EmitError::BadArgument { at: 2 }),
            (Sequence::Text(b"1 2"), EmitError::BadArgument { at: 1 }),
            (Sequence::Text(b"1\r\n2"), EmitError::ForbiddenOctet { at: 1 }),
            (Sequence::Text(b"1,$"), EmitError::BadArgument { at: 2 }),
        ] {
            assert_eq!(emitted(sequence), Err(error), "{sequence:?}");
        }
    }
    proptest! {
        #[test]
        fn what_is_written_is_read(ends in prop::collection::vec((1_u32.., 1_u32..), 1..20)) {
            let ranges: Vec<_> = ends.iter().map(|(first, last)| range(*first, *last)).collect();
            let text = emitted(Sequence::from(&ranges[..])).unwrap();
            prop_assert_eq!(emitted(Sequence::Text(text.as_bytes())), Ok(text.clone()));
            let mut lexer = Lexer::new(text.as_bytes());
            let set = SequenceSet::parse(&mut lexer).unwrap();
            prop_assert!(lexer.at_end() && lexer.quirks() == Forgiven::NONE);
            let ascending = |(first, last): (u32, u32)| range(first.min(last), first.max(last));
            prop_assert!(set.ranges().eq(ends.iter().copied().map(ascending)));
        }

        #[test]
        fn numbers_are_told_once_each(numbers in prop::collection::vec(1_u32..40, 1..40)) {
            let text = emitted(Sequence::from(&numbers[..])).unwrap();
            let set = SequenceSet::parse(&mut Lexer::new(text.as_bytes())).unwrap();
            prop_assert!(set.ranges().flat_map(Range::numbers).eq(numbers));
        }

        #[test]
        fn text_is_sent_only_if_it_is_a_set(text in "[0-9:,*$ ]{0,12}") {
            let mut lexer = Lexer::new(text.as_bytes());
            let set = SequenceSet::parse(&mut lexer).filter(|_| lexer.at_end());
            let good = set.is_some_and(|set| set.ranges().all(|range| range.first > 0));
            prop_assert_eq!(emitted(Sequence::Text(text.as_bytes())).is_ok(), good || text == "$");
        }
    }
}
