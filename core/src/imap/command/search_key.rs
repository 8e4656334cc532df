//! Search keys (RFC 9051 §6.4.4 and extensions): a tree of borrowed values that is written straight
//! into the outgoing buffer.

use super::encoder::Encoder;
use super::search_steps::{self, SearchSteps};
use crate::LocalError;
#[cfg(feature = "imap-gmail")]
use crate::imap::Mailbox;
use crate::imap::{Date, Sequence};

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
    /// [`LocalError::Empty`] for no keys; [`LocalError::BadArgument`] for keys that make no search; those of the
    /// values.
    fn emit(&self, line: &mut Encoder<'_>) -> Result<(), LocalError>;

    /// Whether one of them names messages by number, so that an EXPUNGE in between would change what is meant
    /// (RFC 9051 §5.5).
    fn names_numbers(&self) -> bool;
}

/// Keys that lie in each other.
impl Keys for &[SearchKey<'_>] {
    fn emit(&self, line: &mut Encoder<'_>) -> Result<(), LocalError> {
        search_keys(line, self)
    }

    fn names_numbers(&self) -> bool {
        names_numbers(self)
    }
}

/// Keys in a row.
pub(crate) struct Row<'k>(pub(crate) &'k dyn SearchSteps);

impl Keys for Row<'_> {
    fn emit(&self, line: &mut Encoder<'_>) -> Result<(), LocalError> {
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
/// [`LocalError::Empty`] for no keys; [`LocalError::BadArgument`] when they lie too deep in each
/// other; those of the values.
fn search_keys(line: &mut Encoder<'_>, keys: &[SearchKey<'_>]) -> Result<(), LocalError> {
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
    visit: &mut dyn FnMut(Step<'a, 'k>) -> Result<(), LocalError>,
) -> Result<(), LocalError> {
    let mut outer: Outer<'a, 'k> = heapless::Vec::new();
    let mut level = Level { rest: keys, closes: false };
    if keys.is_empty() {
        return Err(LocalError::Empty);
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
            SearchKey::And([]) => return Err(LocalError::Empty),
            SearchKey::Not(SearchKey::Steps(_))
            | SearchKey::Fuzzy(SearchKey::Steps(_))
            | SearchKey::Or(SearchKey::Steps(_), _)
            | SearchKey::Or(_, SearchKey::Steps(_)) => {
                return Err(LocalError::BadArgument { at: 0 });
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
) -> Result<(), LocalError> {
    if !level.rest.is_empty() || level.closes {
        outer.push(*level).map_err(|_| LocalError::BadArgument { at: 0 })?;
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
    pub(super) fn emit(&self, line: &mut Encoder<'_>) -> Result<(), LocalError> {
        match *self {
            Self::Keyword(keyword) => word(line, b"KEYWORD ", keyword),
            Self::Unkeyword(keyword) => word(line, b"UNKEYWORD ", keyword),
            Self::Bcc(text) => string(line, b"BCC ", text),
            Self::Body(text) => string(line, b"BODY ", text),
            Self::Cc(text) => string(line, b"CC ", text),
            Self::From(text) => string(line, b"FROM ", text),
            Self::Subject(text) => string(line, b"SUBJECT ", text),
            Self::Text(text) => string(line, b"TEXT ", text),
            Self::To(text) => string(line, b"TO ", text),
            Self::Header { field, value } => {
                string(line, b"HEADER ", field)?;
                string(line, b" ", value)
            }
            Self::Before(date) => day(line, b"BEFORE ", date),
            Self::On(date) => day(line, b"ON ", date),
            Self::Since(date) => day(line, b"SINCE ", date),
            Self::SentBefore(date) => day(line, b"SENTBEFORE ", date),
            Self::SentOn(date) => day(line, b"SENTON ", date),
            Self::SentSince(date) => day(line, b"SENTSINCE ", date),
            #[cfg(feature = "imap-items")]
            Self::SavedBefore(date) => day(line, b"SAVEDBEFORE ", date),
            #[cfg(feature = "imap-items")]
            Self::SavedOn(date) => day(line, b"SAVEDON ", date),
            #[cfg(feature = "imap-items")]
            Self::SavedSince(date) => day(line, b"SAVEDSINCE ", date),
            Self::Larger(octets) => number(line, b"LARGER ", octets),
            Self::Smaller(octets) => number(line, b"SMALLER ", octets),
            Self::Younger(0) | Self::Older(0) => Err(LocalError::BadArgument { at: 0 }),
            Self::Younger(seconds) => number(line, b"YOUNGER ", seconds.into()),
            Self::Older(seconds) => number(line, b"OLDER ", seconds.into()),
            Self::Sequence(set) => line.sequence_set(set),
            Self::Uid(set) => {
                line.raw(b"UID ");
                line.sequence_set(set)
            }
            #[cfg(feature = "imap-items")]
            Self::EmailId(id) => word(line, b"EMAILID ", id),
            #[cfg(feature = "imap-items")]
            Self::ThreadId(id) => word(line, b"THREADID ", id),
            Self::Filter(name) => word(line, b"FILTER ", name),
            #[cfg(feature = "imap-condstore")]
            Self::ModSeq(mod_seq) => number(line, b"MODSEQ ", mod_seq),
            #[cfg(feature = "imap-condstore")]
            Self::FlagModSeq { flag, scope, mod_seq } => flag_mod_seq(line, flag, scope, mod_seq),
            #[cfg(feature = "imap-gmail")]
            Self::GmailRaw(text) => string(line, b"X-GM-RAW ", text),
            #[cfg(feature = "imap-gmail")]
            Self::GmailMessageId(id) => unsigned(line, b"X-GM-MSGID ", id),
            #[cfg(feature = "imap-gmail")]
            Self::GmailThreadId(id) => unsigned(line, b"X-GM-THRID ", id),
            #[cfg(feature = "imap-gmail")]
            Self::GmailLabel(label) => {
                line.raw(b"X-GM-LABELS ");
                super::messages::gmail_label(line, label)
            }
            _ => {
                line.raw(self.name());
                Ok(())
            }
        }
    }

    /// The keys that are one word.
    const fn name(&self) -> &'static [u8] {
        match self {
            Self::Answered => b"ANSWERED",
            Self::Deleted => b"DELETED",
            Self::Draft => b"DRAFT",
            Self::Flagged => b"FLAGGED",
            Self::New => b"NEW",
            Self::Old => b"OLD",
            Self::Recent => b"RECENT",
            Self::Seen => b"SEEN",
            Self::Unanswered => b"UNANSWERED",
            Self::Undeleted => b"UNDELETED",
            Self::Undraft => b"UNDRAFT",
            Self::Unflagged => b"UNFLAGGED",
            Self::Unseen => b"UNSEEN",
            #[cfg(feature = "imap-items")]
            Self::SaveDateSupported => b"SAVEDATESUPPORTED",
            _ => b"ALL",
        }
    }
}

fn string(line: &mut Encoder<'_>, name: &[u8], text: &[u8]) -> Result<(), LocalError> {
    line.raw(name);
    // Any astring will do, but a quoted string cannot be taken for a key.
    line.string(text)
}

fn word(line: &mut Encoder<'_>, name: &[u8], atom: &[u8]) -> Result<(), LocalError> {
    line.raw(name);
    line.atom(atom)
}

fn day(line: &mut Encoder<'_>, name: &[u8], date: Date) -> Result<(), LocalError> {
    line.raw(name);
    line.date(date)
}

fn number(line: &mut Encoder<'_>, name: &[u8], number: u64) -> Result<(), LocalError> {
    line.raw(name);
    line.number63(number)
}

#[cfg(feature = "imap-gmail")]
fn unsigned(line: &mut Encoder<'_>, name: &[u8], number: u64) -> Result<(), LocalError> {
    line.raw(name);
    line.number(number);
    Ok(())
}

/// `MODSEQ "/flags/\\Seen" all 620162338` (RFC 7162 §3.1.5, §7): the backslash of a flag is quoted.
#[cfg(feature = "imap-condstore")]
fn flag_mod_seq(
    line: &mut Encoder<'_>,
    flag: crate::imap::Flag<'_>,
    scope: FlagScope,
    mod_seq: u64,
) -> Result<(), LocalError> {
    let octets = flag.as_bytes();
    crate::imap::flag::check_atom(octets.strip_prefix(b"\\").unwrap_or(octets), 0)?;
    line.raw(b"MODSEQ ");
    line.string_of(&|out| {
        out(b"/flags/");
        out(octets);
        Ok(())
    })?;
    line.raw(match scope {
        FlagScope::Private => b" priv ",
        FlagScope::Shared => b" shared ",
        FlagScope::All => b" all ",
    });
    line.number63(mod_seq)
}
