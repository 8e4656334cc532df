//! Search keys in a row, each operator before its operands: for callers that hold a search in a flat array, with
//! no memory for a tree of borrowed values.

use core::fmt;

use super::encoder::Encoder;
use super::search_key::SearchKey;
use crate::error::EmitError;
use crate::imap::Sequence;

/// How many parentheses may be open at once.
const DEPTH: usize = 32;

/// A step of [`SearchSteps`].
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum SearchStep<'k> {
    /// A key that holds no other.
    Key(SearchKey<'k>),
    /// NOT (RFC 9051 §6.4.4): what does not match the key that follows.
    Not,
    /// OR (RFC 9051 §6.4.4): what matches one of the two keys that follow, or both.
    Or,
    /// FUZZY (RFC 6203 §4): what resembles the key that follows.
    Fuzzy,
    /// A parenthesis opens: what matches all keys up to [`Close`](Self::Close), at least one.
    Open,
    /// It closes.
    Close,
}

/// Search keys one after another, an operator before its operands, for [`SearchKey::Steps`]. A slice of steps is
/// such a row; for other memory implement it, and make each step when it is asked for. That happens more than once,
/// in order.
///
/// ```
/// use mailproto_core::imap::command::{SearchKey, SearchStep};
///
/// // UNSEEN OR FROM "ada" (FROM "grace" FLAGGED)
/// let steps: &[SearchStep] = &[
///     SearchStep::Key(SearchKey::Unseen),
///     SearchStep::Or,
///     SearchStep::Key(SearchKey::From(b"ada")),
///     SearchStep::Open,
///     SearchStep::Key(SearchKey::From(b"grace")),
///     SearchStep::Key(SearchKey::Flagged),
///     SearchStep::Close,
/// ];
/// let key = SearchKey::Steps(&steps);
/// ```
pub trait SearchSteps: Sync {
    /// The step at `index`, the first one being 0; `None` behind the last.
    fn step(&self, index: usize) -> Option<SearchStep<'_>>;
}

impl SearchSteps for &[SearchStep<'_>] {
    fn step(&self, index: usize) -> Option<SearchStep<'_>> {
        self.get(index).copied()
    }
}

impl fmt::Debug for dyn SearchSteps + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries((0..).map_while(|index| self.step(index))).finish()
    }
}

/// Writes the keys; the space before the first is there already.
///
/// # Errors
/// [`EmitError::Empty`] for no keys, in parentheses or at all; [`EmitError::BadArgument`] for operands that are
/// missing, parentheses that do not pair or are nested too deep, and keys that hold others; those of the values.
pub(super) fn emit(line: &mut Encoder<'_>, steps: &dyn SearchSteps) -> Result<(), EmitError> {
    let mut nesting = Nesting::default();
    let mut begins = true;
    for step in (0..).map_while(|index| steps.step(index)) {
        nesting.take(&step)?;
        if !begins && !matches!(step, SearchStep::Close) {
            line.sp();
        }
        begins = matches!(step, SearchStep::Open);
        match step {
            SearchStep::Key(key) => key.emit(line)?,
            SearchStep::Not => line.raw(b"NOT"),
            SearchStep::Or => line.raw(b"OR"),
            SearchStep::Fuzzy => line.raw(b"FUZZY"),
            SearchStep::Open => line.open(),
            SearchStep::Close => line.close(),
        }
    }
    nesting.end()
}

/// Whether one of the keys names messages by number.
pub(super) fn names_numbers(steps: &dyn SearchSteps) -> bool {
    (0..).map_while(|index| steps.step(index)).any(|step| match step {
        SearchStep::Key(SearchKey::Sequence(set)) => !matches!(set, Sequence::Saved),
        _ => false,
    })
}

/// What is expected within a pair of parentheses, or in the whole.
#[derive(Clone, Copy, Default)]
struct Level {
    /// So many operands are due.
    due: u8,
    /// Whether there is a key.
    any: bool,
}

impl Level {
    /// A key begins that has so many operands of its own.
    fn key(&mut self, operands: u8) -> Result<(), EmitError> {
        let due = self.due.saturating_sub(1).checked_add(operands);
        self.due = due.ok_or(EmitError::BadArgument { at: 0 })?;
        self.any = true;
        Ok(())
    }

    /// All keys have come.
    const fn end(self) -> Result<(), EmitError> {
        match self {
            Self { due: 0, any: true } => Ok(()),
            Self { any: false, .. } => Err(EmitError::Empty),
            _ => Err(EmitError::BadArgument { at: 0 }),
        }
    }
}

/// How far a row of steps is what it should be.
#[derive(Default)]
struct Nesting {
    /// What is due behind each parenthesis that is open: there is a key at least, itself.
    outer: heapless::Vec<u8, DEPTH>,
    level: Level,
}

impl Nesting {
    const BAD: EmitError = EmitError::BadArgument { at: 0 };

    /// Goes on with a step.
    fn take(&mut self, step: &SearchStep<'_>) -> Result<(), EmitError> {
        match step {
            SearchStep::Key(key) if key.holds_others() => Err(Self::BAD),
            SearchStep::Key(_) => self.level.key(0),
            SearchStep::Not | SearchStep::Fuzzy => self.level.key(1),
            SearchStep::Or => self.level.key(2),
            SearchStep::Open => {
                self.level.key(0)?;
                self.outer.push(self.level.due).map_err(|_| Self::BAD)?;
                self.level = Level::default();
                Ok(())
            }
            SearchStep::Close => {
                self.level.end()?;
                self.level = Level { due: self.outer.pop().ok_or(Self::BAD)?, any: true };
                Ok(())
            }
        }
    }

    fn end(&self) -> Result<(), EmitError> {
        if self.outer.is_empty() { self.level.end() } else { Err(Self::BAD) }
    }
}
