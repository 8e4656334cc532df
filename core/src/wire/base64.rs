//! Base64 (RFC 4648 §4) within one buffer, for SASL's challenges and responses (RFC 5034 §4,
//! RFC 9051 §6.2.2). In constant time, since what passes is secret.

use base64ct::{Base64, Encoding};
use zeroize::Zeroize;

/// How long `octets` become in base64.
pub(crate) const fn encoded_len(octets: usize) -> usize {
    octets.div_ceil(3).saturating_mul(4)
}

/// How many octets become at most `room` octets of base64.
pub(crate) const fn raw_len(room: usize) -> usize {
    (room / 4).saturating_mul(3)
}

/// Encodes the first `octets` of `buffer` where they lie and returns the new length, or `None`, with
/// nothing changed, where the buffer is too small. What was encoded is overwritten.
pub(crate) fn encode_in_place(buffer: &mut [u8], octets: usize) -> Option<usize> {
    let encoded = encoded_len(octets);
    let text = buffer.get_mut(..encoded)?;
    // From the last group to the first, since each grows into the place of the next.
    for group in (0..octets.div_ceil(3)).rev() {
        let from = group.saturating_mul(3);
        let raw = text.get(from..octets.min(from.saturating_add(3)))?;
        let mut copy = [0; 3];
        copy.iter_mut().zip(raw).for_each(|(to, from)| *to = *from);
        let copy = copy.get(..raw.len())?;
        let to = group.saturating_mul(4);
        Base64::encode(copy, text.get_mut(to..to.saturating_add(4))?).ok()?;
    }
    Some(encoded)
}

/// As [`encode_in_place`], and ends the line.
pub(crate) fn encode_line(buffer: &mut [u8], octets: usize) -> Option<usize> {
    let end = encoded_len(octets).checked_add(2)?;
    if buffer.len() < end {
        return None;
    }
    let encoded = encode_in_place(buffer, octets)?;
    let line_end = buffer.get_mut(encoded..end)?;
    line_end.iter_mut().zip(b"\r\n").for_each(|(to, from)| *to = *from);
    Some(end)
}

/// Decodes `text` where it lies, and wipes what is left of it; returns the length of what it stands
/// for, or `None` where it is not base64.
pub(crate) fn decode_in_place(text: &mut [u8]) -> Option<usize> {
    let decoded = Base64::decode_in_place(text).ok().map(<[u8]>::len);
    text.get_mut(decoded.unwrap_or(0)..).unwrap_or_default().zeroize();
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4648 §10.
    const VECTORS: &[(&[u8], &[u8])] = &[
        (b"", b""),
        (b"f", b"Zg=="),
        (b"fo", b"Zm8="),
        (b"foo", b"Zm9v"),
        (b"foob", b"Zm9vYg=="),
        (b"fooba", b"Zm9vYmE="),
        (b"foobar", b"Zm9vYmFy"),
    ];

    #[test]
    fn both_ways_in_the_smallest_buffer() {
        for (raw, text) in VECTORS {
            let mut buffer = vec![0; encoded_len(raw.len())];
            buffer[..raw.len()].copy_from_slice(raw);
            let len = encode_in_place(&mut buffer, raw.len()).unwrap();
            assert_eq!(&buffer[..len], *text);
            let len = decode_in_place(&mut buffer[..len]).unwrap();
            assert_eq!(&buffer[..len], *raw);
        }
        let long: Vec<u8> = (0..=255).cycle().take(1000).collect();
        let mut buffer = vec![0; encoded_len(long.len())];
        buffer[..long.len()].copy_from_slice(&long);
        let len = encode_in_place(&mut buffer, long.len()).unwrap();
        let len = decode_in_place(&mut buffer[..len]).unwrap();
        assert_eq!(&buffer[..len], long);
    }

    #[test]
    fn too_small_a_buffer_is_left_as_it_was() {
        let mut buffer = *b"foo\0";
        assert_eq!(encode_line(&mut buffer, 3), None);
        assert_eq!(encode_in_place(&mut buffer[..3], 3), None);
        assert_eq!(&buffer, b"foo\0");
    }

    #[test]
    fn what_is_not_base64_is_refused() {
        for bad in [&b"Zg"[..], b"Z", b"Rubbish", b"Zm9v!", b"Zg==Zg=="] {
            assert_eq!(decode_in_place(&mut bad.to_vec()), None, "{bad:?}");
        }
    }
}
