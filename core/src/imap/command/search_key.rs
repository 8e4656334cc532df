//! Search keys (RFC 9051 §6.4.4 and extensions): a tree of borrowed values that is written straight
//! into the outgoing buffer.

use super::encoder::Encoder;
#[cfg(feature = "imap-condstore")]
use super::encoder::Source;
use super::search_steps::{self, SearchSteps};
use crate::error::EmitError;
#[cfg(feature = "imap-gmail")]
use crate::imap::Mailbox;
use crate::imap::{Date, Sequence};
use crate::names::name_at;

/// How deep keys may lie in each other: in parentheses, or in an OR before its second key.
const DEPTH: usize = 32;

/// What a message must be like to be found (RFC 9051 §6.4.4).
///
/// Strings are octets in the charset of the search, UTF-8 if none is named; they match anywhere in
/// the field, in any case.
///
/// ```
/// use mailproto_core::imap::command::SearchKey;
///
/// let unread_from_two = [
///     SearchKey::Unseen,
///     SearchKey::Or(&SearchKey::From(b"ada"), &SearchKey::From(b"grace")),
/// ];
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum SearchKey<'k> {
    /// All messages.
    All,
    /// `\Answered` is set.
    Answered,
    /// `\Deleted` is set.
    Deleted,
    /// `\Draft` is set.
    Draft,
    /// `\Flagged` is set.
    Flagged,
    /// `\Recent` is set, `\Seen` is not (RFC 3501 §6.4.4).
    New,
    /// `\Recent` is not set (RFC 3501 §6.4.4).
    Old,
    /// `\Recent` is set (RFC 3501 §6.4.4).
    Recent,
    /// `\Seen` is set.
    Seen,
    /// `\Answered` is not set.
    Unanswered,
    /// `\Deleted` is not set.
    Undeleted,
    /// `\Draft` is not set.
    Undraft,
    /// `\Flagged` is not set.
    Unflagged,
    /// `\Seen` is not set.
    Unseen,
    /// This keyword is set.
    Keyword(&'k [u8]),
    /// This keyword is not set.
    Unkeyword(&'k [u8]),
    /// The field Bcc holds this.
    Bcc(&'k [u8]),
    /// The body holds this.
    Body(&'k [u8]),
    /// The field Cc holds this.
    Cc(&'k [u8]),
    /// The field From holds this.
    From(&'k [u8]),
    /// The field Subject holds this.
    Subject(&'k [u8]),
    /// Header or body hold this.
    Text(&'k [u8]),
    /// The field To holds this.
    To(&'k [u8]),
    /// A header field holds this.
    Header {
        /// The field's name.
        field: &'k [u8],
        /// What it holds; empty for any message that has the field.
        value: &'k [u8],
    },
    /// Received before this day.
    Before(Date),
    /// Received on this day.
    On(Date),
    /// Received on this day or after it.
    Since(Date),
    /// The field Date names a day before this one.
    SentBefore(Date),
    /// The field Date names this day.
    SentOn(Date),
    /// The field Date names this day or one after it.
    SentSince(Date),
    /// More octets than this.
    Larger(u64),
    /// Fewer octets than this.
    Smaller(u64),
    /// Received within the last so many seconds, at least 1 (RFC 5032).
    Younger(u32),
    /// Received longer ago than so many seconds, at least 1 (RFC 5032).
    Older(u32),
    /// These message numbers; [`Sequence::Saved`] for what an earlier search has saved (RFC 5182).
    Sequence(Sequence<'k>),
    /// These UIDs.
    Uid(Sequence<'k>),
    /// What does not match this.
    Not(&'k SearchKey<'k>),
    /// What matches one of these, or both.
    Or(&'k SearchKey<'k>, &'k SearchKey<'k>),
    /// What matches all of these, at least one; in parentheses.
    And(&'k [SearchKey<'k>]),
    /// What matches all of these keys, each operator before its operands. Without parentheses: this may stand
    /// beside other keys, but not be the operand of one.
    Steps(&'k dyn SearchSteps),
    /// The mod-sequence is at least this (RFC 7162 §3.1.5).
    #[cfg(feature = "imap-condstore")]
    ModSeq(u64),
    /// The mod-sequence of this flag is at least that (RFC 7162 §3.1.5).
    #[cfg(feature = "imap-condstore")]
    FlagModSeq {
        /// The flag, as `\Seen` or a keyword.
        flag: crate::imap::Flag<'k>,
        /// Whose flag.
        scope: FlagScope,
        /// The mod-sequence.
        mod_seq: u64,
    },
    /// The EMAILID is this (RFC 8474 §6).
    #[cfg(feature = "imap-items")]
    EmailId(&'k [u8]),
    /// The THREADID is this (RFC 8474 §6).
    #[cfg(feature = "imap-items")]
    ThreadId(&'k [u8]),
    /// Put into this mailbox before this day (RFC 8514 §4.1).
    #[cfg(feature = "imap-items")]
    SavedBefore(Date),
    /// Put into this mailbox on this day (RFC 8514 §4.1).
    #[cfg(feature = "imap-items")]
    SavedOn(Date),
    /// Put into this mailbox on this day or after it (RFC 8514 §4.1).
    #[cfg(feature = "imap-items")]
    SavedSince(Date),
    /// The mailbox keeps the date at which messages are put into it (RFC 8514 §4.1).
    #[cfg(feature = "imap-items")]
    SaveDateSupported,
    /// What resembles this (RFC 6203 §4).
    Fuzzy(&'k SearchKey<'k>),
    /// What the filter of this name selects (RFC 5466 §3.1).
    Filter(&'k [u8]),
    /// X-GM-RAW: as in Google's own search field.
    #[cfg(feature = "imap-gmail")]
    GmailRaw(&'k [u8]),
    /// X-GM-MSGID.
    #[cfg(feature = "imap-gmail")]
    GmailMessageId(u64),
    /// X-GM-THRID.
    #[cfg(feature = "imap-gmail")]
    GmailThreadId(u64),
    /// X-GM-LABELS.
    #[cfg(feature = "imap-gmail")]
    GmailLabel(Mailbox<'k>),
}

/// Whose flag a mod-sequence is about (RFC 7162 §7, `entry-type-req`).
#[cfg(feature = "imap-condstore")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(u8)]
pub enum FlagScope {
    /// The user's own.
    Private,
    /// The one that all users share.
    Shared,
    /// Either.
    All,
}

/// The keys of a search, in whatever form: a message must match all of them.
pub(crate) trait Keys {
    /// Writes them, a space before each.
    ///
    /// # Errors
    /// [`EmitError::Empty`] for no keys; [`EmitError::BadArgument`] for keys that make no search; those of the
    /// values.
    fn emit(&self, line: &mut Encoder<'_>) -> Result<(), EmitError>;

    /// Whether one of them names messages by number, so that an EXPUNGE in between would change what is meant
    /// (RFC 9051 §5.5).
    fn names_numbers(&self) -> bool;
}

/// Keys that lie in each other.
impl Keys for &[SearchKey<'_>] {
    fn emit(&self, line: &mut Encoder<'_>) -> Result<(), EmitError> {
        search_keys(line, self)
    }

    fn names_numbers(&self) -> bool {
        names_numbers(self)
    }
}

/// Keys in a row.
pub(crate) struct Row<'k>(pub(crate) &'k dyn SearchSteps);

impl Keys for Row<'_> {
    fn emit(&self, line: &mut Encoder<'_>) -> Result<(), EmitError> {
        line.sp();
        search_steps::emit(line, self.0)
    }

    fn names_numbers(&self) -> bool {
        search_steps::names_numbers(self.0)
    }
}

/// Writes the keys, a space before each.
///
/// # Errors
/// [`EmitError::Empty`] for no keys; [`EmitError::BadArgument`] when they lie too deep in each
/// other; those of the values.
fn search_keys(line: &mut Encoder<'_>, keys: &[SearchKey<'_>]) -> Result<(), EmitError> {
    let mut opened = false;
    walk(keys, &mut |step| {
        let Step::Key(key) = step else {
            line.close();
            return Ok(());
        };
        if !opened {
            line.sp();
        }
        opened = matches!(key, SearchKey::And(_));
        match key {
            SearchKey::And(_) => line.open(),
            SearchKey::Or(..) => line.raw(b"OR"),
            SearchKey::Not(_) => line.raw(b"NOT"),
            SearchKey::Fuzzy(_) => line.raw(b"FUZZY"),
            SearchKey::Steps(steps) => search_steps::emit(line, *steps)?,
            leaf => leaf.emit(line)?,
        }
        Ok(())
    })
}

/// Whether one of the keys names messages by number.
fn names_numbers(keys: &[SearchKey<'_>]) -> bool {
    let mut numbers = false;
    let walked = walk(keys, &mut |step| {
        numbers |= match step {
            Step::Key(SearchKey::Sequence(set)) => !matches!(set, Sequence::Saved),
            Step::Key(SearchKey::Steps(steps)) => search_steps::names_numbers(*steps),
            _ => false,
        };
        Ok(())
    });
    numbers || walked.is_err()
}

/// What one meets on the way through keys that lie in each other.
enum Step<'a, 'k> {
    /// A key, before those in it.
    Key(&'a SearchKey<'k>),
    /// The end of an [`SearchKey::And`].
    Close,
}

/// Keys that still have to be visited, and whether a parenthesis closes them.
#[derive(Clone, Copy)]
struct Level<'a, 'k> {
    rest: &'a [SearchKey<'k>],
    closes: bool,
}

/// Visits the keys and those in them in the order in which they are written.
fn walk<'a, 'k>(
    keys: &'a [SearchKey<'k>],
    visit: &mut dyn FnMut(Step<'a, 'k>) -> Result<(), EmitError>,
) -> Result<(), EmitError> {
    let mut outer: Outer<'a, 'k> = heapless::Vec::new();
    let mut level = Level { rest: keys, closes: false };
    if keys.is_empty() {
        return Err(EmitError::Empty);
    }
    loop {
        let Some((key, rest)) = level.rest.split_first() else {
            if level.closes {
                visit(Step::Close)?;
            }
            match outer.pop() {
                Some(next) => level = next,
                None => return Ok(()),
            }
            continue;
        };
        level.rest = rest;
        visit(Step::Key(key))?;
        match *key {
            SearchKey::And([]) => return Err(EmitError::Empty),
            SearchKey::Not(SearchKey::Steps(_))
            | SearchKey::Fuzzy(SearchKey::Steps(_))
            | SearchKey::Or(SearchKey::Steps(_), _)
            | SearchKey::Or(_, SearchKey::Steps(_)) => {
                return Err(EmitError::BadArgument { at: 0 });
            }
            SearchKey::And(inner) => descend(&mut outer, &mut level, inner, true)?,
            SearchKey::Not(inner) | SearchKey::Fuzzy(inner) => {
                descend(&mut outer, &mut level, core::slice::from_ref(inner), false)?;
            }
            SearchKey::Or(first, second) => {
                descend(&mut outer, &mut level, core::slice::from_ref(second), false)?;
                descend(&mut outer, &mut level, core::slice::from_ref(first), false)?;
            }
            _ => {}
        }
    }
}

type Outer<'a, 'k> = heapless::Vec<Level<'a, 'k>, DEPTH>;

/// Turns to `inner`, and back to what is left of `level` afterwards. Where nothing is left nothing
/// is kept, so that a long chain of ORs, each the second key of the one before, stays flat.
fn descend<'a, 'k>(
    outer: &mut Outer<'a, 'k>,
    level: &mut Level<'a, 'k>,
    inner: &'a [SearchKey<'k>],
    closes: bool,
) -> Result<(), EmitError> {
    if !level.rest.is_empty() || level.closes {
        outer.push(*level).map_err(|_| EmitError::BadArgument { at: 0 })?;
    }
    *level = Level { rest: inner, closes };
    Ok(())
}

impl SearchKey<'_> {
    /// Whether there are keys in it.
    pub(super) const fn holds_others(&self) -> bool {
        matches!(self, Self::Not(_) | Self::Or(..) | Self::And(_) | Self::Fuzzy(_) | Self::Steps(_))
    }

    /// Writes a key that holds no other.
    pub(super) fn emit(&self, line: &mut Encoder<'_>) -> Result<(), EmitError> {
        match *self {
            Self::Sequence(set) => return line.sequence_set(set),
            Self::Younger(0) | Self::Older(0) => return Err(EmitError::BadArgument { at: 0 }),
            #[cfg(feature = "imap-condstore")]
            Self::FlagModSeq { flag, scope, mod_seq } => {
                return flag_mod_seq(line, flag, scope, mod_seq);
            }
            _ => line.raw(self.name()),
        }
        match *self {
            Self::Bcc(text)
            | Self::Body(text)
            | Self::Cc(text)
            | Self::From(text)
            | Self::Subject(text)
            | Self::Text(text)
            | Self::To(text) => string(line, text),
            Self::Header { field, value } => {
                string(line, field)?;
                string(line, value)
            }
            Self::Keyword(name) | Self::Unkeyword(name) | Self::Filter(name) => word(line, name),
            Self::Before(date)
            | Self::On(date)
            | Self::Since(date)
            | Self::SentBefore(date)
            | Self::SentOn(date)
            | Self::SentSince(date) => day(line, date),
            Self::Larger(octets) | Self::Smaller(octets) => number(line, octets),
            Self::Younger(seconds) | Self::Older(seconds) => number(line, seconds.into()),
            Self::Uid(set) => {
                line.sp();
                line.sequence_set(set)
            }
            #[cfg(feature = "imap-items")]
            Self::EmailId(id) | Self::ThreadId(id) => word(line, id),
            #[cfg(feature = "imap-items")]
            Self::SavedBefore(date) | Self::SavedOn(date) | Self::SavedSince(date) => {
                day(line, date)
            }
            #[cfg(feature = "imap-condstore")]
            Self::ModSeq(mod_seq) => number(line, mod_seq),
            #[cfg(feature = "imap-gmail")]
            Self::GmailRaw(text) => string(line, text),
            #[cfg(feature = "imap-gmail")]
            Self::GmailMessageId(id) | Self::GmailThreadId(id) => {
                line.sp();
                line.number(id);
                Ok(())
            }
            #[cfg(feature = "imap-gmail")]
            Self::GmailLabel(label) => {
                line.sp();
                super::messages::gmail_label(line, label)
            }
            _ => Ok(()),
        }
    }

    fn name(&self) -> &'static [u8] {
        match self.place() {
            #[cfg(any(feature = "imap-items", feature = "imap-condstore", feature = "imap-gmail"))]
            place @ 64.. => name_at(MORE_NAMES, usize::from(place.wrapping_sub(64))),
            place => name_at(NAMES, usize::from(place)),
        }
    }

    /// Where its name stands in [`NAMES`], or 64 places before it in [`MORE_NAMES`].
    const fn place(&self) -> u8 {
        match self {
            Self::Answered => 1,
            Self::Deleted => 2,
            Self::Draft => 3,
            Self::Flagged => 4,
            Self::New => 5,
            Self::Old => 6,
            Self::Recent => 7,
            Self::Seen => 8,
            Self::Unanswered => 9,
            Self::Undeleted => 10,
            Self::Undraft => 11,
            Self::Unflagged => 12,
            Self::Unseen => 13,
            Self::Keyword(_) => 14,
            Self::Unkeyword(_) => 15,
            Self::Bcc(_) => 16,
            Self::Body(_) => 17,
            Self::Cc(_) => 18,
            Self::From(_) => 19,
            Self::Subject(_) => 20,
            Self::Text(_) => 21,
            Self::To(_) => 22,
            Self::Header { .. } => 23,
            Self::Before(_) => 24,
            Self::On(_) => 25,
            Self::Since(_) => 26,
            Self::SentBefore(_) => 27,
            Self::SentOn(_) => 28,
            Self::SentSince(_) => 29,
            Self::Larger(_) => 30,
            Self::Smaller(_) => 31,
            Self::Younger(_) => 32,
            Self::Older(_) => 33,
            Self::Uid(_) => 34,
            Self::Filter(_) => 35,
            #[cfg(feature = "imap-condstore")]
            Self::ModSeq(_) => 64,
            #[cfg(feature = "imap-items")]
            Self::EmailId(_) => 65,
            #[cfg(feature = "imap-items")]
            Self::ThreadId(_) => 66,
            #[cfg(feature = "imap-items")]
            Self::SavedBefore(_) => 67,
            #[cfg(feature = "imap-items")]
            Self::SavedOn(_) => 68,
            #[cfg(feature = "imap-items")]
            Self::SavedSince(_) => 69,
            #[cfg(feature = "imap-items")]
            Self::SaveDateSupported => 70,
            #[cfg(feature = "imap-gmail")]
            Self::GmailRaw(_) => 71,
            #[cfg(feature = "imap-gmail")]
            Self::GmailMessageId(_) => 72,
            #[cfg(feature = "imap-gmail")]
            Self::GmailThreadId(_) => 73,
            #[cfg(feature = "imap-gmail")]
            Self::GmailLabel(_) => 74,
            _ => 0,
        }
    }
}

/// The names of keys.
const NAMES: &str = "ALL ANSWERED DELETED DRAFT FLAGGED NEW OLD RECENT SEEN UNANSWERED UNDELETED UNDRAFT UNFLAGGED \
    UNSEEN KEYWORD UNKEYWORD BCC BODY CC FROM SUBJECT TEXT TO HEADER BEFORE ON SINCE SENTBEFORE SENTON SENTSINCE \
    LARGER SMALLER YOUNGER OLDER UID FILTER";

/// The names of those that are features of their own.
#[cfg(any(feature = "imap-items", feature = "imap-condstore", feature = "imap-gmail"))]
const MORE_NAMES: &str = "MODSEQ EMAILID THREADID SAVEDBEFORE SAVEDON SAVEDSINCE SAVEDATESUPPORTED X-GM-RAW X-GM-MSGID \
    X-GM-THRID X-GM-LABELS";

fn string(line: &mut Encoder<'_>, text: &[u8]) -> Result<(), EmitError> {
    line.sp();
    // Any astring will do, but a quoted string cannot be taken for a key.
    line.string(text)
}

fn word(line: &mut Encoder<'_>, atom: &[u8]) -> Result<(), EmitError> {
    line.sp();
    line.atom(atom)
}

fn day(line: &mut Encoder<'_>, date: Date) -> Result<(), EmitError> {
    line.sp();
    line.date(date)
}

fn number(line: &mut Encoder<'_>, number: u64) -> Result<(), EmitError> {
    line.sp();
    line.number63(number)
}

/// `MODSEQ "/flags/\\Seen" all 620162338` (RFC 7162 §3.1.5, §7): the backslash of a flag is quoted.
#[cfg(feature = "imap-condstore")]
fn flag_mod_seq(
    line: &mut Encoder<'_>,
    flag: crate::imap::Flag<'_>,
    scope: FlagScope,
    mod_seq: u64,
) -> Result<(), EmitError> {
    let octets = flag.as_bytes();
    crate::imap::flag::check_atom(octets.strip_prefix(b"\\").unwrap_or(octets), 0)?;
    line.raw(b"MODSEQ ");
    line.string_of(Source::FlagEntry(octets))?;
    line.raw(match scope {
        FlagScope::Private => b" priv ",
        FlagScope::Shared => b" shared ",
        FlagScope::All => b" all ",
    });
    line.number63(mod_seq)
}
