//! Messages and MIME for C: transfer encodings undone while a body arrives, and encoded words.

use core::mem::MaybeUninit;

use mailproto_core::message::encoded_word::{Decoded, decode_to_utf8};
use mailproto_core::message::transfer::{Decoder, Finished, TransferEncoding};

use crate::{mailproto_error, mailproto_span, memory};

/// An encoding as Content-Transfer-Encoding names it (RFC 2045 §6.1).
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_transfer_encoding {
    /// `7bit`, and where nothing is said.
    SevenBit = 0,
    /// `8bit`.
    EightBit = 1,
    /// `binary`.
    Binary = 2,
    /// `quoted-printable`.
    QuotedPrintable = 3,
    /// `base64`.
    Base64 = 4,
    /// Another one, which is handed on as it is.
    Unknown = 255,
}

impl From<TransferEncoding> for mailproto_transfer_encoding {
    fn from(encoding: TransferEncoding) -> Self {
        match encoding {
            TransferEncoding::SevenBit => Self::SevenBit,
            TransferEncoding::EightBit => Self::EightBit,
            TransferEncoding::Binary => Self::Binary,
            TransferEncoding::QuotedPrintable => Self::QuotedPrintable,
            TransferEncoding::Base64 => Self::Base64,
            _ => Self::Unknown,
        }
    }
}

/// Which encoding a name stands for, in any case: the body of Content-Transfer-Encoding, or
/// `encoding.octets` of a `mailproto_imap_node`. Comments and what follows the name are passed over.
/// No octets are SEVEN_BIT.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_transfer_encoding_of(
    name: mailproto_span,
) -> mailproto_transfer_encoding {
    match name.octets() {
        Ok([]) => mailproto_transfer_encoding::SevenBit,
        Ok(name) => TransferEncoding::from_field(name).into(),
        Err(_) => mailproto_transfer_encoding::Unknown,
    }
}

/// How many words a `mailproto_decoder` has.
#[cfg(target_pointer_width = "64")]
pub const MAILPROTO_DECODER_WORDS: usize = 16;
/// How many words a `mailproto_decoder` has.
#[cfg(target_pointer_width = "32")]
pub const MAILPROTO_DECODER_WORDS: usize = 10;

/// Undoes the transfer encoding of a body while it arrives: resumable at any octet, into any buffer,
/// without a limit on lines. It may be copied.
#[repr(C, align(8))]
#[derive(Clone, Copy)]
pub struct mailproto_decoder {
    /// The library's own.
    _opaque: [MaybeUninit<usize>; MAILPROTO_DECODER_WORDS],
}

memory::opaque!(mailproto_decoder, Decoder, 0x4345_444d);

/// Stands at the beginning of a body.
///
/// @param decoder   the object.
/// @param size      `sizeof *decoder`.
/// @param encoding  a `mailproto_transfer_encoding`. All but BASE64 and QUOTED_PRINTABLE are handed on
///                  as they are.
///
/// Returns `MAILPROTO_OK`, `MAILPROTO_ERROR_NULL_POINTER`, `MAILPROTO_ERROR_ABI_MISMATCH`, or
/// `MAILPROTO_ERROR_BAD_VALUE` for what is no encoding.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_decoder_init(
    decoder: Option<&mut mailproto_decoder>,
    size: usize,
    encoding: i32,
) -> mailproto_error {
    use mailproto_transfer_encoding as Encoding;
    const KNOWN: [(mailproto_transfer_encoding, TransferEncoding); 6] = [
        (Encoding::SevenBit, TransferEncoding::SevenBit),
        (Encoding::EightBit, TransferEncoding::EightBit),
        (Encoding::Binary, TransferEncoding::Binary),
        (Encoding::QuotedPrintable, TransferEncoding::QuotedPrintable),
        (Encoding::Base64, TransferEncoding::Base64),
        (Encoding::Unknown, TransferEncoding::Unknown),
    ];
    mailproto_error::of(memory::vacant(decoder, size).and_then(|vacant| {
        let known = KNOWN.iter().find(|(known, _)| *known as i32 == encoding);
        let (_, encoding) = known.ok_or(mailproto_error::BadValue)?;
        memory::place(vacant, Decoder::new(*encoding));
        Ok(())
    }))
}

/// Takes octets of the body and gives what they stand for.
///
/// @param decoder    the object.
/// @param input      where the octets lie; advanced past those that were taken.
/// @param input_len  how many there are; reduced by as many.
/// @param out        receives what they stand for; apart from the input.
/// @param out_len    how many octets `out` holds, at least one.
/// @param written    receives how many octets of `out` were filled.
///
/// Returns 1 when `out` is full: take what was written, and call again; 0 when all of the input was
/// taken; or a negative `mailproto_error`: `_NULL_POINTER`, `_NOT_INITIALIZED`, `_BAD_VALUE` or
/// `_OVERLAP`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_decoder_decode(
    decoder: Option<&mut mailproto_decoder>,
    input: Option<&mut *const u8>,
    input_len: Option<&mut usize>,
    out: *mut u8,
    out_len: usize,
    written: Option<&mut MaybeUninit<usize>>,
) -> i32 {
    match decode(decoder, input, input_len, (out, out_len), written) {
        Ok(full) => full.into(),
        Err(code) => code as i32,
    }
}

fn decode(
    decoder: Option<&mut mailproto_decoder>,
    input: Option<&mut *const u8>,
    input_len: Option<&mut usize>,
    (out, out_len): (*mut u8, usize),
    written: Option<&mut MaybeUninit<usize>>,
) -> Result<bool, mailproto_error> {
    let decoder = memory::open_mut(decoder)?;
    let (Some(ptr), Some(len), Some(written)) = (input, input_len, written) else {
        return Err(mailproto_error::NullPointer);
    };
    written.write(0);
    let mut input = memory::octets(*ptr, *len)?;
    let out = memory::room(out, out_len, input)?;
    if out.is_empty() {
        return Err(mailproto_error::BadValue);
    }
    let before = input.len();
    let progress = decoder.decode(&mut input, out);
    *ptr = ptr.wrapping_add(before.wrapping_sub(input.len()));
    *len = input.len();
    written.write(progress.written);
    Ok(progress.full)
}

/// The most octets that the end of a body brings.
pub const MAILPROTO_DECODER_END_OCTETS: usize = 3;

const _: () = assert!(MAILPROTO_DECODER_END_OCTETS == Finished::MAX_OCTETS);

/// Ends the body, which may bring some octets more.
///
/// @param decoder  the object. Set it up anew for another body.
/// @param out      receives the octets.
/// @param out_len  how many octets `out` holds, at least `MAILPROTO_DECODER_END_OCTETS`.
/// @param written  receives how many octets of `out` were filled.
/// @param faults   receives how many octets or sequences of the whole body do not belong to the
///                 encoding; they were passed over (base64) or left as they stand (quoted-printable),
///                 as RFC 2045 §6.7 and §6.8 advise. May be NULL.
///
/// Returns `MAILPROTO_OK`, `_NULL_POINTER`, `_NOT_INITIALIZED`, or `MAILPROTO_ERROR_BUFFER_TOO_SMALL`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_decoder_finish(
    decoder: Option<&mut mailproto_decoder>,
    out: *mut u8,
    out_len: usize,
    written: Option<&mut MaybeUninit<usize>>,
    faults: Option<&mut MaybeUninit<u64>>,
) -> mailproto_error {
    mailproto_error::of(memory::open_mut(decoder).and_then(|decoder| {
        let written = written.ok_or(mailproto_error::NullPointer)?;
        written.write(0);
        let out = memory::octets_mut(out, out_len)?;
        if out.len() < MAILPROTO_DECODER_END_OCTETS {
            return Err(mailproto_error::BufferTooSmall);
        }
        let finished = decoder.finish(out);
        written.write(finished.written);
        if let Some(faults) = faults {
            faults.write(finished.faults);
        }
        Ok(())
    }))
}

/// Turns the body of a header field, such as a subject, into UTF-8: encoded words are decoded (RFC
/// 2047). Of charsets UTF-8, US-ASCII and ISO-8859-1 are known; words in others are left as they are
/// encoded, and what is no UTF-8 becomes U+FFFD. The result may hold any character, control characters
/// too.
///
/// @param text     the field's body, folded or not.
/// @param out      receives the text, without a NUL behind it.
/// @param out_len  how many octets `out` holds.
/// @param len      receives how many octets of it were filled; may be NULL.
///
/// Returns `MAILPROTO_OK`; `MAILPROTO_ERROR_BUFFER_TOO_SMALL` when `out` holds only the beginning, cut
/// between two characters; `_OVERLAP`, `_NULL_POINTER` or `_BAD_VALUE`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_words_decode(
    text: mailproto_span,
    out: *mut u8,
    out_len: usize,
    len: Option<&mut MaybeUninit<usize>>,
) -> mailproto_error {
    tell_decoded(len, words(text, out, out_len))
}

fn words(text: mailproto_span, out: *mut u8, out_len: usize) -> Result<Decoded, mailproto_error> {
    let text = text.octets()?;
    Ok(decode_to_utf8(text, memory::room(out, out_len, text)?))
}

/// Hands over how much was decoded.
pub(crate) fn tell_decoded(
    len: Option<&mut MaybeUninit<usize>>,
    decoded: Result<Decoded, mailproto_error>,
) -> mailproto_error {
    if let Some(len) = len {
        len.write(decoded.map_or(0, |decoded| decoded.len));
    }
    match decoded {
        Ok(decoded) if decoded.truncated => mailproto_error::BufferTooSmall,
        Ok(_) => mailproto_error::None,
        Err(code) => code,
    }
}
