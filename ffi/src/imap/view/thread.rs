//! THREAD (RFC 5256 §4): depths made of parentheses.

use core::mem::MaybeUninit;

use mailproto_core::imap::response::thread::{ThreadDepth, ThreadElement};

use crate::imap::mailproto_imap_thread;
use crate::{mailproto_error, memory};

/// How many words a `mailproto_imap_thread_depth` has.
#[cfg(target_pointer_width = "64")]
pub const MAILPROTO_IMAP_THREAD_DEPTH_WORDS: usize = 24;
/// How many words a `mailproto_imap_thread_depth` has.
#[cfg(target_pointer_width = "32")]
pub const MAILPROTO_IMAP_THREAD_DEPTH_WORDS: usize = 36;

/// Makes of the elements of THREAD what an indented list needs: each message with its depth, the
/// number of its ancestors. A message is followed by its answers, and whatever has depth 0 begins a
/// thread. Answers to a message that is missing are as deep as if it were there.
///
/// A chain of answers may have any length. Where parentheses are nested more than 32 deep, what
/// follows a closing one of those is told deeper than it is.
#[repr(C, align(8))]
#[derive(Clone, Copy)]
pub struct mailproto_imap_thread_depth {
    /// The library's own.
    _opaque: [MaybeUninit<usize>; MAILPROTO_IMAP_THREAD_DEPTH_WORDS],
}

memory::opaque!(mailproto_imap_thread_depth, ThreadDepth, 0x5244_4854);

/// Begins, before the first element of a response.
///
/// @param depth  the object.
/// @param size   `sizeof *depth`.
///
/// Returns `MAILPROTO_OK`, `MAILPROTO_ERROR_NULL_POINTER` or `MAILPROTO_ERROR_ABI_MISMATCH`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_thread_depth_init(
    depth: Option<&mut mailproto_imap_thread_depth>,
    size: usize,
) -> mailproto_error {
    mailproto_error::of(
        memory::vacant(depth, size).map(|vacant| memory::place(vacant, ThreadDepth::new())),
    )
}

/// Takes an element.
///
/// @param depth    the object.
/// @param thread   `thread` of a THREAD event.
/// @param number   `number` of the event.
/// @param message  receives how deep the message is that the event brings.
///
/// Returns 1 for a message, 0 for another element, or a negative `mailproto_error`:
/// `MAILPROTO_ERROR_BAD_VALUE` for what is no element.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_thread_depth_next(
    depth: Option<&mut mailproto_imap_thread_depth>,
    thread: i32,
    number: u32,
    message: Option<&mut MaybeUninit<u32>>,
) -> i32 {
    const OPEN: i32 = mailproto_imap_thread::Open as i32;
    const MESSAGE: i32 = mailproto_imap_thread::Message as i32;
    const CLOSE: i32 = mailproto_imap_thread::Close as i32;
    let element = match thread {
        OPEN => ThreadElement::Open,
        MESSAGE => ThreadElement::Message(number),
        CLOSE => ThreadElement::Close,
        _ => return mailproto_error::BadValue as i32,
    };
    match (memory::open_mut(depth), message) {
        (Ok(depth), Some(message)) => depth.element(element).map_or(0, |(deep, _)| {
            message.write(deep);
            1
        }),
        (Ok(_), None) => mailproto_error::NullPointer as i32,
        (Err(code), _) => code as i32,
    }
}
