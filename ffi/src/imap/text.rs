//! Text of headers: strings that a server sent, turned into UTF-8.

use core::mem::MaybeUninit;

use mailproto_core::message::encoded_word::{Decoded, decode_quoted_to_utf8, decode_to_utf8};

use super::mailproto_imap_string;
use crate::mailproto_error;
use crate::memory::room;
use crate::message::tell_decoded;

/// Turns a string of an envelope or a body structure, such as a subject or a name, into UTF-8: encoded
/// words are decoded, as of `mailproto_words_decode`.
///
/// @param string   the string; NIL is an empty text.
/// @param out      receives the text, without a NUL behind it.
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
        None => Ok(decode_quoted_to_utf8(string.as_received(), out)),
    }
}
