//! Base64 (RFC 4648 §4) within one buffer, for SASL's challenges and responses (RFC 5034 §4,
//! RFC 9051 §6.2.2). In constant time, since what passes is secret.

use crate::wipe::wipe;

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
#[cfg_attr(not(feature = "fast"), inline(never))]
pub(crate) fn encode_in_place(buffer: &mut [u8], octets: usize) -> Option<usize> {
    let encoded = encoded_len(octets);
    let text = buffer.get_mut(..encoded)?;
    // From the last group to the first, since each lies at or behind the octets that it is made of.
    let (mut group, mut from) = (encoded, encoded.wrapping_sub(encoded / 4));
    while group > 0 {
        (group, from) = (group.wrapping_sub(4), from.wrapping_sub(3));
        let mut bits = 0;
        for place in from..from.wrapping_add(3) {
            let octet = if place < octets { *text.get(place)? } else { 0 };
            bits = bits << 8 | i32::from(octet);
        }
        // So many letters as there are octets, and one more.
        for (letters, to) in text.get_mut(group..)?.iter_mut().take(4).enumerate() {
            let is_padding = from.wrapping_add(letters) > octets;
            *to = if is_padding { b'=' } else { letter(bits >> 18 & 0x3f) };
            bits <<= 6;
        }
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
    let decoded = decode(text);
    wipe(text.get_mut(decoded.unwrap_or(0)..).unwrap_or_default());
    decoded
}

fn decode(text: &mut [u8]) -> Option<usize> {
    let padding = match text {
        [.., b'=', b'='] => 2_usize,
        [.., b'='] => 1,
        _ => 0,
    };
    let len = text.len().checked_sub(padding)?;
    // Negative when there was an octet that is none of the alphabet, or a bit that stands for nothing.
    let mut verdict = if text.len().is_multiple_of(4) { 0 } else { -1 };
    let (mut bits, mut held, mut decoded) = (0_u32, 0_u32, 0_usize);
    for index in 0..len {
        let sextet = sextet(*text.get(index)?);
        verdict |= sextet;
        bits = (bits << 6) | (sextet.unsigned_abs() & 0x3f);
        held = held.wrapping_add(6);
        if held >= 8 {
            held = held.wrapping_sub(8);
            *text.get_mut(decoded)? = bits.wrapping_shr(held) as u8;
            decoded = decoded.saturating_add(1);
        }
    }
    let void = bits & 1_u32.wrapping_shl(held).wrapping_sub(1);
    verdict |= 0_i32.wrapping_sub(void as i32);
    (verdict >= 0).then_some(decoded)
}

// Without a branch or a table, so that time tells nothing: a difference is negative on one side of a limit,
// and its sign, spread over all bits, selects what to add.

/// The letter for six bits.
const fn letter(sextet: i32) -> u8 {
    const fn above(sextet: i32, limit: i32, step: i32) -> i32 {
        (limit.wrapping_sub(sextet) >> 8) & step
    }
    let upper = sextet.wrapping_add(b'A' as i32);
    let lower = upper.wrapping_add(above(sextet, 25, 6));
    let digit = lower.wrapping_sub(above(sextet, 51, 75));
    let plus = digit.wrapping_sub(above(sextet, 61, 15));
    plus.wrapping_add(above(sextet, 62, 3)) as u8
}

/// The six bits for a letter; negative for an octet that is none.
const fn sextet(letter: u8) -> i32 {
    const fn within(letter: i32, first: u8, last: u8, value: i32) -> i32 {
        let behind = (first as i32).wrapping_sub(1).wrapping_sub(letter);
        let before = letter.wrapping_sub(last as i32).wrapping_sub(1);
        ((behind & before) >> 8) & value
    }
    let letter = letter as i32;
    // One more than they stand for: none of them leaves -1.
    let upper = within(letter, b'A', b'Z', letter.wrapping_sub(64));
    let lower = within(letter, b'a', b'z', letter.wrapping_sub(70));
    let digit = within(letter, b'0', b'9', letter.wrapping_add(5));
    let plus = within(letter, b'+', b'+', 63);
    let slash = within(letter, b'/', b'/', 64);
    (upper | lower | digit | plus | slash).wrapping_sub(1)
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
        for bad in [
            &b"Zg"[..],
            b"Z",
            b"Rubbish",
            b"Zm9v!",
            b"Zg==Zg==",
            b"=",
            b"==",
            b"====",
            b"Z===",
            b"Zm9vZg",
            b"Zm=v",
            b"Zg=",
            b"Zg=\0",
            // Bits that stand for nothing (RFC 4648 §3.5).
            b"Zh==",
            b"Zm9=",
        ] {
            let mut text = bad.to_vec();
            assert_eq!(decode_in_place(&mut text), None, "{bad:?}");
            assert!(text.iter().all(|&octet| octet == 0), "what was not read is wiped");
        }
    }

    /// Each letter of the alphabet, and each octet that is none.
    #[test]
    fn the_alphabet_is_that_of_rfc_4648() {
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for octet in 0..=255_u8 {
            let value = alphabet.iter().position(|&letter| letter == octet);
            assert_eq!(sextet(octet), value.map_or(-1, |value| value as i32), "{octet:#x}");
            let Some(value) = value else { continue };
            assert_eq!(letter(value as i32), octet);
        }
    }

    proptest::proptest! {
        /// Against another implementation.
        #[test]
        fn all_octets_go_both_ways(raw: Vec<u8>, text in "[A-Da-d+/=]{0,9}") {
            use base64::Engine;
            let other = base64::engine::general_purpose::STANDARD;
            let mut buffer = raw.clone();
            buffer.resize(encoded_len(raw.len()), 0);
            let len = encode_in_place(&mut buffer, raw.len()).unwrap();
            let expected = other.encode(&raw);
            proptest::prop_assert_eq!(&buffer[..len], expected.as_bytes());
            let len = decode_in_place(&mut buffer).unwrap();
            proptest::prop_assert_eq!(&buffer[..len], &raw);
            let mut ours = text.clone().into_bytes();
            let len = decode_in_place(&mut ours);
            let expected = other.decode(&text).ok();
            proptest::prop_assert_eq!(len.map(|len| &ours[..len]), expected.as_deref());
        }
    }
}
