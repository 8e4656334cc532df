//! Base64 (RFC 4648 §4) within one buffer, for SASL's challenges and responses (RFC 5034 §4,
//! RFC 9051 §6.2.2). In constant time, since what passes is secret.

use base64ct::{Base64, Encoding};
use zeroize::Zeroize;

/// How long `octets` become in base64.
pub(crate) const fn encoded_len(octets: usize) -> usize {
    octets.div_ceil(3).saturating_mul(4)
}

/// Encodes the last `octets` of `buffer` to its front; returns the length there. The buffer must
/// be at least [`encoded_len`] plus 4 octets long, so that reading stays ahead of writing.
fn encode_from_end(buffer: &mut [u8], octets: usize) -> Option<usize> {
    let mut from = buffer.len().checked_sub(octets)?;
    let mut to = 0_usize;
    while from < buffer.len() {
        let raw = buffer.get(from..buffer.len().min(from.saturating_add(3)))?;
        let mut group = [0; 3];
        let group = group.get_mut(..raw.len())?;
        group.copy_from_slice(raw);
        from = from.saturating_add(raw.len());
        let end = to.saturating_add(4);
        if end > from {
            return None;
        }
        Base64::encode(group, buffer.get_mut(to..end)?).ok()?;
        to = end;
    }
    Some(to)
}

/// How many octets become at most `room` octets of base64.
pub(crate) const fn raw_len(room: usize) -> usize {
    (room / 4).saturating_mul(3)
}

/// The last `octets` of a buffer, where what is to be encoded is written first.
pub(crate) fn room_at_end(buffer: &mut [u8], octets: usize) -> &mut [u8] {
    let at = buffer.len().saturating_sub(octets);
    buffer.get_mut(at..).unwrap_or_default()
}

/// Encodes the first `octets` of the `room` octets at the buffer's end to its front, and wipes
/// what lies behind; returns the length at the front.
pub(crate) fn encode(buffer: &mut [u8], room: usize, octets: usize) -> Option<usize> {
    let raw = room_at_end(buffer, room);
    let shift = raw.len().checked_sub(octets)?;
    raw.copy_within(..octets, shift);
    let encoded = encode_from_end(buffer, octets)?;
    buffer.get_mut(encoded..)?.zeroize();
    Some(encoded)
}

/// As [`encode`], and ends the line.
pub(crate) fn encode_line(buffer: &mut [u8], room: usize, octets: usize) -> Option<usize> {
    let encoded = encode(buffer, room, octets)?;
    let end = encoded.checked_add(2)?;
    buffer.get_mut(encoded..end)?.copy_from_slice(b"\r\n");
    Some(end)
}

/// Decodes `text` where it lies; returns the length of what it stands for, or `None` where it is
/// not base64.
pub(crate) fn decode_in_place(text: &mut [u8]) -> Option<usize> {
    Base64::decode_in_place(text).ok().map(<[u8]>::len)
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
            let mut buffer = vec![0; encoded_len(raw.len()) + 4];
            let at = buffer.len() - raw.len();
            buffer[at..].copy_from_slice(raw);
            let len = encode_from_end(&mut buffer, raw.len()).unwrap();
            assert_eq!(&buffer[..len], *text);
            let len = decode_in_place(&mut buffer[..len]).unwrap();
            assert_eq!(&buffer[..len], *raw);
        }
        let long: Vec<u8> = (0..=255).cycle().take(1000).collect();
        let mut buffer = vec![0; encoded_len(long.len()) + 4];
        let at = buffer.len() - long.len();
        buffer[at..].copy_from_slice(&long);
        let len = encode_from_end(&mut buffer, long.len()).unwrap();
        let len = decode_in_place(&mut buffer[..len]).unwrap();
        assert_eq!(&buffer[..len], long);
    }

    #[test]
    fn what_is_not_base64_is_refused() {
        for bad in [&b"Zg"[..], b"Z", b"Rubbish", b"Zm9v!", b"Zg==Zg=="] {
            assert_eq!(decode_in_place(&mut bad.to_vec()), None, "{bad:?}");
        }
    }
}
