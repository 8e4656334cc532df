//! Content transfer encodings (RFC 2045 §6), undone while a body arrives: resumable at any octet, into
//! any buffer, without a limit on lines.

mod base64;
mod quoted_printable;

pub(super) use base64::digit;
pub use base64::{Base64Decoder, Base64Encoder};
pub use quoted_printable::QuotedPrintableDecoder;
pub(super) use quoted_printable::hex_digit;

use super::text::{copy, cut, skip_cfws, span};

/// What a call of `decode` did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Progress {
    /// How many octets of `out` were filled.
    pub written: usize,
    /// Whether `out` was too small: take what was written, and call again before giving more input.
    /// False means that all of `input` was taken.
    pub full: bool,
}

/// An encoding as Content-Transfer-Encoding names it (RFC 2045 §6.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum TransferEncoding {
    /// `7bit`, and where nothing is said.
    #[default]
    SevenBit,
    /// `8bit`.
    EightBit,
    /// `binary`.
    Binary,
    /// `quoted-printable`.
    QuotedPrintable,
    /// `base64`.
    Base64,
    /// Another one, which is handed over as it is.
    Unknown,
}

impl TransferEncoding {
    /// From the body of the field. Comments and what follows the name are passed over.
    #[must_use]
    pub fn from_field(body: &[u8]) -> Self {
        const NAMES: &[(&[u8], TransferEncoding)] = &[
            (b"7bit", TransferEncoding::SevenBit),
            (b"8bit", TransferEncoding::EightBit),
            (b"binary", TransferEncoding::Binary),
            (b"quoted-printable", TransferEncoding::QuotedPrintable),
            (b"base64", TransferEncoding::Base64),
        ];
        let body = skip_cfws(body);
        let len = span(body, |octet| octet.is_ascii_graphic() && !b"(;\"".contains(&octet));
        let name = body.get(..len).unwrap_or_default();
        let known = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        known.map_or(Self::Unknown, |(_, encoding)| *encoding)
    }

    /// Whether the body is what it stands for, octet by octet.
    #[must_use]
    pub const fn is_identity(self) -> bool {
        !matches!(self, Self::QuotedPrintable | Self::Base64)
    }
}

/// Undoes whichever encoding a part has.
///
/// ```
/// use mailproto_core::message::transfer::{Decoder, TransferEncoding};
///
/// let mut decoder = Decoder::new(TransferEncoding::from_field(b"base64"));
/// let (mut input, mut out) = (&b"SGk=\r\n"[..], [0; 16]);
/// let progress = decoder.decode(&mut input, &mut out);
/// assert_eq!(&out[..progress.written], b"Hi");
/// assert_eq!(decoder.finish(&mut out).faults, 0);
/// ```
#[derive(Clone, Debug)]
pub enum Decoder {
    /// Hands on what it is given.
    Identity,
    /// Base64.
    Base64(Base64Decoder),
    /// Quoted-printable.
    QuotedPrintable(QuotedPrintableDecoder),
}

impl Decoder {
    /// At the beginning of a body.
    #[must_use]
    pub const fn new(encoding: TransferEncoding) -> Self {
        match encoding {
            TransferEncoding::Base64 => Self::Base64(Base64Decoder::new()),
            TransferEncoding::QuotedPrintable => {
                Self::QuotedPrintable(QuotedPrintableDecoder::new())
            }
            _ => Self::Identity,
        }
    }

    /// Takes from the front of `input` what it can and fills `out`, of at least one octet. Call until
    /// [`Progress::full`] is false.
    pub fn decode(&mut self, input: &mut &[u8], out: &mut [u8]) -> Progress {
        match self {
            Self::Identity => hand_on(input, out),
            Self::Base64(decoder) => decoder.decode(input, out),
            Self::QuotedPrintable(decoder) => decoder.decode(input, out),
        }
    }

    /// Ends the body, which may bring up to [`Finished::MAX_OCTETS`] octets more: `out` must have room
    /// for them.
    pub fn finish(&mut self, out: &mut [u8]) -> Finished {
        match self {
            Self::Identity => Finished { written: 0, faults: 0 },
            Self::Base64(decoder) => Finished { written: 0, faults: decoder.finish() },
            Self::QuotedPrintable(decoder) => decoder.finish(out),
        }
    }
}

/// What came at the end of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Finished {
    /// How many octets of `out` were filled.
    pub written: usize,
    /// How many octets or sequences of the whole body do not belong to the encoding. They were passed
    /// over (base64) or left as they stand (quoted-printable), as RFC 2045 §6.7 and §6.8 advise.
    pub faults: u64,
}

impl Finished {
    /// The most octets that the end of a body brings.
    pub const MAX_OCTETS: usize = 3;
}

fn hand_on(input: &mut &[u8], out: &mut [u8]) -> Progress {
    let written = copy(out, input);
    *input = cut(input, written).1;
    Progress { written, full: !input.is_empty() }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The body decoded with the input in pieces of `cut` and an `out` of `room` octets.
    pub(in super::super) fn decoded(
        encoding: TransferEncoding,
        body: &[u8],
        cut: usize,
        room: usize,
    ) -> (Vec<u8>, u64) {
        let (mut decoder, mut whole, mut out) = (Decoder::new(encoding), Vec::new(), vec![0; room]);
        for mut piece in body.chunks(cut) {
            loop {
                let before = piece.len();
                let progress = decoder.decode(&mut piece, &mut out);
                whole.extend_from_slice(&out[..progress.written]);
                assert_eq!(progress.full, !piece.is_empty());
                if !progress.full {
                    break;
                }
                assert!(progress.written > 0 || piece.len() < before, "stuck");
            }
        }
        let mut end = [0; Finished::MAX_OCTETS];
        let finished = decoder.finish(&mut end);
        whole.extend_from_slice(&end[..finished.written]);
        (whole, finished.faults)
    }

    #[test]
    fn encodings_are_known_by_name_in_any_case() {
        for (body, encoding) in [
            (&b"7bit"[..], TransferEncoding::SevenBit),
            (b" BASE64 ", TransferEncoding::Base64),
            (b"(c) quoted-printable (why)", TransferEncoding::QuotedPrintable),
            (b"base64;", TransferEncoding::Base64),
            (b"8Bit", TransferEncoding::EightBit),
            (b"binary", TransferEncoding::Binary),
            (b"x-uuencode", TransferEncoding::Unknown),
            (b"", TransferEncoding::Unknown),
        ] {
            assert_eq!(TransferEncoding::from_field(body), encoding, "{body:?}");
        }
    }

    #[test]
    fn other_encodings_pass_as_they_are() {
        for room in 1..5 {
            let expected = (b"=41 QQ==".to_vec(), 0);
            assert_eq!(decoded(TransferEncoding::EightBit, b"=41 QQ==", 3, room), expected);
        }
    }
}
