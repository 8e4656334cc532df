//! Text of headers: strings that a server sent, turned into UTF-8.

use core::mem::MaybeUninit;

use mailproto_core::imap::ImapString;
use mailproto_core::message::encoded_word::{Decoded, decode_to_utf8};

use super::mailproto_imap_string;
use crate::mailproto_error;
use crate::memory::room;
use crate::message::tell_decoded;

/// Turns a string of an envelope or a body structure, such as a subject or a name, into UTF-8: encoded
/// words are decoded, as of `mailproto_words_decode`.
///
/// @param string   the string; NIL is an empty text.
/// @param out      receives the text, without a NUL behind it. For a string with backslashes, which is
///                 rare, it must hold the string too, beside the text.
/// @param out_len  how many octets `out` holds.
/// @param len      receives how many octets of it were filled; may be NULL.
///
/// Returns `MAILPROTO_OK`; `MAILPROTO_ERROR_BUFFER_TOO_SMALL` when `out` holds only the beginning, cut
/// between two characters; `_OVERLAP`, `_NULL_POINTER` or `_BAD_VALUE`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_string_decode(
    string: mailproto_imap_string,
    out: *mut u8,
    out_len: usize,
    len: Option<&mut MaybeUninit<usize>>,
) -> mailproto_error {
    tell_decoded(len, decode(string, out, out_len))
}

fn decode(
    string: mailproto_imap_string,
    out: *mut u8,
    out_len: usize,
) -> Result<Decoded, mailproto_error> {
    let string = string.view()?;
    let out = room(out, out_len, string.as_received())?;
    match string.as_plain() {
        Some(text) => Ok(decode_to_utf8(text, out)),
        None => Ok(decode_escaped(string, out)),
    }
}

/// Copies the string to the end of the room, and decodes it into what is before that.
fn decode_escaped(string: ImapString<'_>, out: &mut [u8]) -> Decoded {
    let len = string.len();
    let Some((out, copy)) =
        out.len().checked_sub(len).and_then(|front| out.split_at_mut_checked(front))
    else {
        return Decoded { truncated: true, ..Decoded::default() };
    };
    decode_to_utf8(string.copy_to(copy).unwrap_or_default(), out)
}
