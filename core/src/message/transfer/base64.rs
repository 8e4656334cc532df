//! Base64 as bodies have it (RFC 2045 §6.8). Not in constant time: bodies are no secrets of the session.

use super::Progress;

/// What is no digit.
const NONE: u8 = 0x80;

/// The value of each octet, or [`NONE`].
static VALUES: [u8; 256] = values();

const fn values() -> [u8; 256] {
    let mut values = [NONE; 256];
    let mut rest: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
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
    VALUES.get(usize::from(octet)).copied().unwrap_or(NONE)
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
            if self.have == 0 && !self.ended {
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

#[cfg(test)]
mod tests {
    use super::super::TransferEncoding;
    use super::super::tests::decoded;
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

    proptest! {
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
