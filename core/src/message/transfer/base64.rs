//! Base64 as bodies have it (RFC 2045 §6.8). Not in constant time: bodies are no secrets of the session.

use super::super::text::copy;
use super::Progress;

/// What is no digit.
const NONE: u8 = 0x80;

/// RFC 4648 §4.
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The value of each octet, or [`NONE`].
static VALUES: [u8; 256] = values();

const fn values() -> [u8; 256] {
    let mut values = [NONE; 256];
    let mut rest: &[u8] = DIGITS;
    let mut value = 0_u8;
    while let [digit, behind @ ..] = rest {
        let (_, from) = values.split_at_mut(*digit as usize);
        if let [place, ..] = from {
            *place = value;
        }
        value = value.wrapping_add(1);
        rest = behind;
    }
    values
}

fn value(octet: u8) -> u8 {
    if cfg!(feature = "fast") {
        return VALUES.get(usize::from(octet)).copied().unwrap_or(NONE);
    }
    match octet {
        b'A'..=b'Z' => octet.wrapping_sub(b'A'),
        b'a'..=b'z' => octet.wrapping_sub(b'a').wrapping_add(26),
        b'0'..=b'9' => octet.wrapping_sub(b'0').wrapping_add(52),
        b'+' => 62,
        b'/' => 63,
        _ => NONE,
    }
}

/// The value of a digit of base64.
pub(in super::super) fn digit(octet: u8) -> Option<u8> {
    Some(value(octet)).filter(|&value| value != NONE)
}

/// Decodes base64 while it arrives.
///
/// White space is passed over wherever it stands. So is what is no digit, but counted as a fault.
/// Padding may be missing; where it stands it ends the data (RFC 2045 §6.8), and what follows (the
/// footers of mailing lists) is passed over and counted.
#[derive(Clone, Debug, Default)]
pub struct Base64Decoder {
    /// The last digit, of which some bits are still to be used.
    last: u8,
    /// How many digits of the group of four have come.
    have: u8,
    ended: bool,
    faults: u64,
}

impl Base64Decoder {
    /// At the beginning of a body.
    #[must_use]
    pub const fn new() -> Self {
        Self { last: 0, have: 0, ended: false, faults: 0 }
    }

    /// Takes from the front of `input` what it can and fills `out`, of at least one octet. Call until
    /// [`Progress::full`] is false.
    pub fn decode(&mut self, input: &mut &[u8], out: &mut [u8]) -> Progress {
        let mut written = 0_usize;
        loop {
            if cfg!(feature = "fast") && self.have == 0 && !self.ended {
                let room = out.get_mut(written..).unwrap_or_default();
                written = written.saturating_add(groups(input, room));
            }
            let Some((&octet, rest)) = input.split_first() else {
                return Progress { written, full: false };
            };
            let value = value(octet);
            if value == NONE || self.ended {
                self.no_digit(octet);
            } else if self.have == 0 {
                self.have = 1;
                self.last = value;
            } else {
                let Some(place) = out.get_mut(written) else {
                    return Progress { written, full: true };
                };
                *place = self.complete(value);
                written = written.saturating_add(1);
            }
            *input = rest;
        }
    }

    /// The octet that a digit completes: the second, third and fourth of a group do.
    fn complete(&mut self, value: u8) -> u8 {
        let (octet, have) = match self.have {
            1 => ((self.last << 2) | (value >> 4), 2),
            2 => ((self.last << 4) | (value >> 2), 3),
            _ => ((self.last << 6) | value, 0),
        };
        self.last = value;
        self.have = have;
        octet
    }

    fn no_digit(&mut self, octet: u8) {
        match octet {
            b' ' | b'\t' | b'\r' | b'\n' => {}
            b'=' if self.ended => {}
            b'=' if self.have >= 2 => {
                self.ended = true;
                self.have = 0;
            }
            _ => self.fault(),
        }
    }

    fn fault(&mut self) {
        self.faults = self.faults.saturating_add(1);
    }

    /// Ends the body; returns the number of faults in all of it. All octets have been delivered: a
    /// lone digit stands for none and is a fault, missing padding is not.
    pub fn finish(&mut self) -> u64 {
        if self.have == 1 {
            self.fault();
        }
        self.have = 0;
        self.ended = true;
        self.faults
    }
}

/// Decodes whole groups from the front of `input`, as far as they hold nothing but digits and there
/// is room. Returns how many octets were written.
fn groups(input: &mut &[u8], out: &mut [u8]) -> usize {
    let (from, _) = input.as_chunks::<8>();
    let (to, _) = out.as_chunks_mut::<6>();
    let mut done = 0_usize;
    for (group, room) in from.iter().zip(to) {
        let values = group.map(value);
        if values.iter().fold(0, |all, value| all | value) & NONE != 0 {
            break;
        }
        let bits = values.iter().fold(0_u64, |bits, &value| (bits << 6) | u64::from(value));
        let [_, _, octets @ ..] = bits.to_be_bytes();
        *room = octets;
        done = done.saturating_add(1);
    }
    *input = input.get(done.saturating_mul(8)..).unwrap_or_default();
    done.saturating_mul(6)
}

/// Encodes a body in base64, in lines of 76 digits (RFC 2045 §6.8).
#[derive(Clone, Debug, Default)]
pub struct Base64Encoder {
    group: [u8; 3],
    have: usize,
    /// How many groups the line has.
    groups: u8,
}

impl Base64Encoder {
    /// The room that any call needs to get on: the digits of one group and two line ends.
    pub const MIN_ROOM: usize = 8;

    /// At the beginning of a body.
    #[must_use]
    pub const fn new() -> Self {
        Self { group: [0; 3], have: 0, groups: 0 }
    }

    /// Takes from the front of `input` what it can and fills `out`, of at least
    /// [`Base64Encoder::MIN_ROOM`] octets. Call until [`Progress::full`] is false.
    pub fn encode(&mut self, input: &mut &[u8], out: &mut [u8]) -> Progress {
        let mut written = 0_usize;
        loop {
            if self.have == 3 {
                let room = out.get_mut(written..).unwrap_or_default();
                let Some(len) = self.put_group(room) else {
                    return Progress { written, full: true };
                };
                written = written.saturating_add(len);
            }
            let Some((&octet, rest)) = input.split_first() else {
                return Progress { written, full: false };
            };
            if let Some(place) = self.group.get_mut(self.have) {
                *place = octet;
                self.have = self.have.saturating_add(1);
            }
            *input = rest;
        }
    }

    /// Ends the body and its last line. `None` when `out`, of fewer than [`Base64Encoder::MIN_ROOM`]
    /// octets, has no room; call again with more.
    pub fn finish(&mut self, out: &mut [u8]) -> Option<usize> {
        if out.len() < Self::MIN_ROOM {
            return None;
        }
        let len = if self.have > 0 { self.put_group(out)? } else { 0 };
        let end: &[u8] = if self.groups > 0 { b"\r\n" } else { b"" };
        self.groups = 0;
        Some(len.saturating_add(copy(out.get_mut(len..)?, end)))
    }

    /// Writes the group, padded where it is not whole, behind the line end that it may need.
    fn put_group(&mut self, out: &mut [u8]) -> Option<usize> {
        let end: &[u8] = if self.groups == 19 { b"\r\n" } else { b"" };
        let to = out.get_mut(end.len()..end.len().saturating_add(4))?;
        let [one, two, three] = self.group;
        let (two, three) =
            (if self.have > 1 { two } else { 0 }, if self.have > 2 { three } else { 0 });
        let bits = u32::from_be_bytes([0, one, two, three]);
        let digits = [bits >> 18, bits >> 12, bits >> 6, bits].map(digit_of);
        copy(to, &digits);
        if let Some(padding) = to.get_mut(self.have.saturating_add(1)..) {
            padding.fill(b'=');
        }
        copy(out, end);
        self.groups = if end.is_empty() { self.groups.saturating_add(1) } else { 1 };
        self.have = 0;
        Some(end.len().saturating_add(4))
    }
}

/// The digit of the last six bits.
fn digit_of(bits: u32) -> u8 {
    let value = u8::try_from(bits & 0x3f).unwrap_or_default();
    DIGITS.get(usize::from(value)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::TransferEncoding;
    use super::super::tests::decoded;
    use super::Base64Encoder;
    use ::base64::Engine as _;
    use ::base64::prelude::BASE64_STANDARD;
    use proptest::prelude::*;

    fn base64(body: &[u8], cut: usize, room: usize) -> (Vec<u8>, u64) {
        decoded(TransferEncoding::Base64, body, cut, room)
    }

    /// RFC 4648 §10, and what is made of faults (RFC 2045 §6.8).
    const BODIES: &[(&[u8], &[u8], u64)] = &[
        (b"", b"", 0),
        (b"Zg==", b"f", 0),
        (b"Zm8=", b"fo", 0),
        (b"Zm9v", b"foo", 0),
        (b"Zm9vYg==", b"foob", 0),
        (b"Zm9vYmE=", b"fooba", 0),
        (b"Zm9vYmFy", b"foobar", 0),
        // Line ends and spaces anywhere.
        (b"Zm9\r\nvY\n mFy\t\r\n", b"foobar", 0),
        // Padding that is missing, or half missing.
        (b"Zg", b"f", 0),
        (b"Zm8", b"fo", 0),
        (b"Zg=\r\n", b"f", 0),
        // Octets outside the alphabet are ignored.
        (b"Zm*9v!Ym-Fy", b"foobar", 3),
        (b"=Zm9v", b"foo", 1),
        // A lone digit stands for no octet.
        (b"Zm9vY", b"foo", 1),
        // Padding ends the data.
        (b"Zg==\r\n-- \r\nlist\r\n", b"f", 6),
    ];

    #[test]
    fn bodies_decode_the_same_at_every_cut_and_room() {
        for (body, octets, faults) in BODIES {
            for cut in 1..=body.len().max(1) {
                for room in [1, 2, 3, 5, 6, 7, 100] {
                    let expected = (octets.to_vec(), *faults);
                    assert_eq!(base64(body, cut, room), expected, "{body:?} by {cut}, {room}");
                }
            }
        }
    }

    fn encoded(octets: &[u8], cut: usize, room: usize) -> String {
        let (mut encoder, mut text, mut out) = (Base64Encoder::new(), Vec::new(), vec![0; room]);
        for mut piece in octets.chunks(cut) {
            loop {
                let progress = encoder.encode(&mut piece, &mut out);
                text.extend_from_slice(&out[..progress.written]);
                if !progress.full {
                    break;
                }
                assert!(progress.written > 0, "stuck");
            }
        }
        assert_eq!(encoder.finish(&mut [0; Base64Encoder::MIN_ROOM - 1]), None);
        let len = encoder.finish(&mut out).unwrap();
        text.extend_from_slice(&out[..len]);
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn lines_are_at_most_76_digits_long_and_have_ends() {
        for len in [0, 1, 2, 3, 56, 57, 58, 114, 115, 200] {
            let octets = vec![0xfb; len];
            let whole = BASE64_STANDARD.encode(&octets);
            let lines = whole.as_bytes().chunks(76);
            let lines = lines.map(|line| String::from_utf8(line.to_vec()).unwrap() + "\r\n");
            let expected: String = lines.collect();
            for (cut, room) in [(1, 8), (2, 9), (1000, 1000), (7, 13)] {
                assert_eq!(encoded(&octets, cut, room), expected);
            }
        }
    }

    proptest! {
        #[test]
        fn what_we_encode_we_decode(
            octets in prop::collection::vec(any::<u8>(), 0..300),
            cut in 1_usize..50,
            room in 8_usize..50,
        ) {
            let text = encoded(&octets, cut, room);
            prop_assert_eq!(base64(text.as_bytes(), cut, room), (octets, 0));
        }

        #[test]
        fn what_an_encoder_made_comes_back(
            octets in prop::collection::vec(any::<u8>(), 0..400),
            line in 1_usize..100,
            cut in 1_usize..500,
            room in 1_usize..500,
        ) {
            let text = BASE64_STANDARD.encode(&octets);
            let lines: Vec<&[u8]> = text.as_bytes().chunks(line).collect();
            prop_assert_eq!(base64(&lines.join(&b"\r\n"[..]), cut, room), (octets, 0));
        }

        #[test]
        fn any_octets_decode_alike_however_cut(
            body in prop::collection::vec(any::<u8>(), 0..200),
            cut in 1_usize..50,
            room in 1_usize..50,
        ) {
            prop_assert_eq!(base64(&body, cut, room), base64(&body, 1000, 1000));
        }
    }
}
