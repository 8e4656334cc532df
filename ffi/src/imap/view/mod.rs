//! Views of what events bring: lists and trees that are walked where they lie. An iterator is no more than what
//! is left to be told, so that it may be copied, kept as long as the octets are, and left half-walked.

#[cfg(feature = "imap-body-structure")]
mod body_structure;
#[cfg(any(feature = "imap-envelope", feature = "imap-body-structure"))]
mod envelope;
mod lists;
mod section;
#[cfg(feature = "imap-sort")]
mod thread;

#[cfg(feature = "imap-body-structure")]
pub use body_structure::*;
#[cfg(any(feature = "imap-envelope", feature = "imap-body-structure"))]
pub use envelope::*;
pub use lists::*;
pub use section::*;
#[cfg(feature = "imap-sort")]
pub use thread::*;

use core::mem::MaybeUninit;

use crate::{mailproto_error, mailproto_span};

/// Takes the next thing from what is left: 1 and the thing, 0 at the end, or an error.
pub(crate) fn next<T>(
    rest: Option<&mut mailproto_span>,
    thing: Option<&mut MaybeUninit<T>>,
    take: impl FnOnce(&mut &'static [u8]) -> Option<T>,
) -> i32 {
    next_in_place(rest, thing, |left, place| {
        place.write(take(left)?);
        Some(())
    })
}

/// The same for what is told where it lies.
pub(crate) fn next_in_place<T>(
    rest: Option<&mut mailproto_span>,
    place: Option<&mut MaybeUninit<T>>,
    take: impl FnOnce(&mut &'static [u8], &mut MaybeUninit<T>) -> Option<()>,
) -> i32 {
    let (Some(rest), Some(place)) = (rest, place) else {
        return mailproto_error::NullPointer as i32;
    };
    let mut left = match rest.octets() {
        Ok(left) => left,
        Err(code) => return code as i32,
    };
    let taken = take(&mut left, place).is_some();
    *rest = if taken { left.into() } else { mailproto_span::EMPTY };
    taken.into()
}

/// Resumes an iterator of the engine, takes a step, and keeps what is left.
macro_rules! step {
    ($iterator:ty, $rest:expr) => {{
        let mut iterator = <$iterator>::resume($rest);
        let item = iterator.next();
        *$rest = iterator.rest();
        item
    }};
}
pub(crate) use step;
