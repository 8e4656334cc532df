//! Quoted-printable (RFC 2045 §6.7).

use super::super::text::{copy, cut, is_wsp};
use super::{Finished, Progress};

/// The value of a hexadecimal digit. Lower case is a fault of the encoder that everybody forgives.
pub(in super::super) fn hex_digit(octet: u8) -> Option<u8> {
    char::from(octet).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// Decodes quoted-printable while it arrives.
///
/// Line ends stay as they are; white space before them is dropped (rule 3; of a run of more than 64,
/// the last 64). A soft line break disappears. `=` before anything else stays as it stands and
/// counts as a fault.
#[derive(Clone, Debug, Default)]
pub struct QuotedPrintableDecoder {
    at: At,
    space: Space,
    /// Octets to be written before anything else.
    due: Due,
    faults: u64,
}

/// Behind what the next octet comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum At {
    /// Text, and white space that may be trailing.
    #[default]
    Text,
    /// CR that may end the line.
    Cr,
    /// `=`.
    Equals,
    /// `=` and one hexadecimal digit.
    Hex(u8),
    /// `=` and white space.
    EqualsSpace,
    /// `=`, perhaps white space, and CR.
    EqualsCr,
}

impl QuotedPrintableDecoder {
    /// At the beginning of a body.
    #[must_use]
    pub const fn new() -> Self {
        Self { at: At::Text, space: Space { tabs: 0, len: 0 }, due: Due::EMPTY, faults: 0 }
    }

    /// Takes from the front of `input` what it can and fills `out`, of at least one octet. Call until
    /// [`Progress::full`] is false.
    pub fn decode(&mut self, input: &mut &[u8], out: &mut [u8]) -> Progress {
        let mut out = Room { out, written: 0 };
        while let Some((&octet, rest)) = input.split_first() {
            let went_on = self.pay(&mut out)
                && match self.at {
                    At::Text if cfg!(feature = "fast") && self.space.len == 0 => {
                        self.text(input, &mut out)
                    }
                    _ => match self.octet(octet, &mut out) {
                        Octet::Taken => {
                            *input = rest;
                            true
                        }
                        Octet::Again => true,
                        Octet::Full => false,
                    },
                };
            if !went_on {
                return Progress { written: out.written, full: true };
            }
        }
        Progress { written: out.written, full: false }
    }

    /// Writes what is due.
    fn pay(&mut self, out: &mut Room<'_>) -> bool {
        while let Some(octet) = self.due.first() {
            if !out.put(octet) {
                return false;
            }
            self.due.drop_first();
        }
        true
    }

    /// Takes a run of text without octets that mean something; false when there is no room.
    fn text(&mut self, input: &mut &[u8], out: &mut Room<'_>) -> bool {
        let reach = input.get(..out.left()).unwrap_or(input);
        let run = find_special(reach);
        let (text, rest) = cut(input, run);
        // Before `=` white space is text; else it may be trailing.
        let len = match rest.first() {
            Some(b'=') => run,
            _ => {
                text.iter().rposition(|&octet| !is_wsp(octet)).map_or(0, |at| at.saturating_add(1))
            }
        };
        let (text, rest) = cut(input, len);
        out.put_all(text);
        *input = rest;
        let Some((&octet, behind)) = rest.split_first() else { return true };
        match self.octet(octet, out) {
            Octet::Taken => *input = behind,
            Octet::Again => {}
            Octet::Full => return false,
        }
        true
    }

    fn octet(&mut self, octet: u8, out: &mut Room<'_>) -> Octet {
        match (self.at, octet) {
            (At::Text, b' ' | b'\t') => {
                if self.space.is_full() && !self.release_one(out) {
                    return Octet::Full;
                }
                self.space.push(octet);
            }
            (At::Text, b'\r') => self.at = At::Cr,
            (At::Text, b'\n') => return self.line_end(b"\n"),
            (At::Text, _) => {
                if !self.release(out) || (octet != b'=' && !out.put(octet)) {
                    return Octet::Full;
                }
                if octet == b'=' {
                    self.at = At::Equals;
                }
            }
            (At::Cr, b'\n') => return self.line_end(b"\r\n"),
            (At::Cr, _) => {
                if !self.release(out) {
                    return Octet::Full;
                }
                return self.stays(b"\r");
            }
            (At::Equals | At::EqualsSpace, b' ' | b'\t') if !self.space.is_full() => {
                self.space.push(octet);
                self.at = At::EqualsSpace;
            }
            (At::Equals | At::EqualsSpace, b'\r') => self.at = At::EqualsCr,
            (At::Equals | At::EqualsSpace | At::EqualsCr, b'\n') => return self.line_end(b""),
            (At::Equals, _) if hex_digit(octet).is_some() => self.at = At::Hex(octet),
            (At::Equals | At::EqualsSpace, _) => {
                self.fault();
                return self.stays(b"=");
            }
            // A CR alone ends no line, but behind `=` nothing else can be meant.
            (At::EqualsCr, _) => {
                self.fault();
                self.line_end(b"");
                return Octet::Again;
            }
            (At::Hex(high), _) => {
                let octets = hex_digit(high).zip(hex_digit(octet));
                let Some((high_value, low)) = octets else {
                    self.fault();
                    return self.stays(&[b'=', high]);
                };
                if !out.put((high_value << 4) | low) {
                    return Octet::Full;
                }
                self.at = At::Text;
            }
        }
        Octet::Taken
    }

    /// Trailing white space is dropped, the line end is written.
    fn line_end(&mut self, end: &[u8]) -> Octet {
        self.space = Space::default();
        self.at = At::Text;
        self.due.set(end);
        Octet::Taken
    }

    /// What looked like more stays as it stands.
    fn stays(&mut self, octets: &[u8]) -> Octet {
        self.due.set(octets);
        self.at = At::Text;
        Octet::Again
    }

    /// White space was not trailing.
    fn release(&mut self, out: &mut Room<'_>) -> bool {
        while self.space.len > 0 {
            if !self.release_one(out) {
                return false;
            }
        }
        true
    }

    fn release_one(&mut self, out: &mut Room<'_>) -> bool {
        let fits = out.put(self.space.first());
        if fits {
            self.space.drop_first();
        }
        fits
    }

    fn fault(&mut self) {
        self.faults = self.faults.saturating_add(1);
    }

    /// Ends the body. `out` needs room for [`Finished::MAX_OCTETS`] octets; what has no room is lost.
    /// White space that ends the body is dropped, and so is a last `=`.
    pub fn finish(&mut self, out: &mut [u8]) -> Finished {
        let mut out = Room { out, written: 0 };
        self.pay(&mut out);
        match self.at {
            At::Hex(high) => {
                self.fault();
                out.put_all(&[b'=', high]);
            }
            At::Cr => out.put_all(b"\r"),
            _ => {}
        }
        self.at = At::Text;
        self.space = Space::default();
        Finished { written: out.written, faults: self.faults }
    }
}

/// What became of an octet.
enum Octet {
    Taken,
    /// The state changed; the same octet comes again.
    Again,
    /// There was no room, and nothing changed but what was written.
    Full,
}

/// A run of white space that may be trailing, a bit for each: whether it is a tab.
#[derive(Clone, Copy, Debug, Default)]
struct Space {
    tabs: u64,
    len: u32,
}

impl Space {
    const fn is_full(self) -> bool {
        self.len == u64::BITS
    }

    fn push(&mut self, octet: u8) {
        self.tabs |= u64::from(octet == b'\t').unbounded_shl(self.len);
        self.len = self.len.saturating_add(1);
    }

    const fn first(self) -> u8 {
        if self.tabs & 1 == 1 { b'\t' } else { b' ' }
    }

    fn drop_first(&mut self) {
        self.tabs >>= 1;
        self.len = self.len.saturating_sub(1);
    }
}

/// Up to two octets that are to be written.
#[derive(Clone, Copy, Debug, Default)]
struct Due {
    octets: [u8; 2],
    len: u8,
}

impl Due {
    const EMPTY: Self = Self { octets: [0; 2], len: 0 };

    fn set(&mut self, octets: &[u8]) {
        *self = match *octets {
            [] => Self::EMPTY,
            [one] => Self { octets: [one, 0], len: 1 },
            [one, two, ..] => Self { octets: [one, two], len: 2 },
        };
    }

    fn first(self) -> Option<u8> {
        let [first, _] = self.octets;
        (self.len > 0).then_some(first)
    }

    fn drop_first(&mut self) {
        let [_, second] = self.octets;
        *self = Self { octets: [second, 0], len: self.len.saturating_sub(1) };
    }
}

struct Room<'o> {
    out: &'o mut [u8],
    written: usize,
}

impl Room<'_> {
    const fn left(&self) -> usize {
        self.out.len().saturating_sub(self.written)
    }

    fn put(&mut self, octet: u8) -> bool {
        let Some(place) = self.out.get_mut(self.written) else { return false };
        *place = octet;
        self.written = self.written.saturating_add(1);
        true
    }

    /// As much as fits.
    fn put_all(&mut self, octets: &[u8]) {
        let room = self.out.get_mut(self.written..).unwrap_or_default();
        self.written = self.written.saturating_add(copy(room, octets));
    }
}

/// Index of the first octet that is more than text, or the length.
#[cfg(feature = "memchr")]
fn find_special(text: &[u8]) -> usize {
    memchr::memchr3(b'=', b'\r', b'\n', text).unwrap_or(text.len())
}

/// Index of the first octet that is more than text, or the length.
#[cfg(not(feature = "memchr"))]
fn find_special(text: &[u8]) -> usize {
    super::super::text::span(text, |octet| !matches!(octet, b'=' | b'\r' | b'\n'))
}

#[cfg(test)]
mod tests {
    use super::super::TransferEncoding;
    use super::super::tests::decoded;
    use proptest::prelude::*;

    fn qp(body: &[u8], cut: usize, room: usize) -> (Vec<u8>, u64) {
        decoded(TransferEncoding::QuotedPrintable, body, cut, room)
    }

    const BODIES: &[(&[u8], &[u8], u64)] = &[
        // RFC 2045 §6.7, the example.
        (
            b"Now's the time =\r\nfor all folk to come=\r\n to the aid of their country.",
            b"Now's the time for all folk to come to the aid of their country.",
            0,
        ),
        // Rule 1, and lower case.
        (b"=0C=3D=c3=A9", b"\x0c=\xc3\xa9", 0),
        // Rule 3: white space at the end of a line.
        (b"a \t\r\nb=20\r\nc  d\r\n  e \nf ", b"a\r\nb \r\nc  d\r\n  e\nf", 0),
        // Rule 5: soft breaks, with white space that was added on the way.
        (b"one =  \r\ntwo= \t\nthree=", b"one twothree", 0),
        // What is no such sequence stays (§6.7, note on robustness).
        (b"1=2 =x=4z =", b"1=2 =x=4z ", 3),
        (b"=  x", b"=  x", 1),
        (b"a=\rb", b"ab", 1),
        // A bare CR is text.
        (b"a \rb\r", b"a \rb\r", 0),
        (b"=4", b"=4", 1),
        (b"== 41", b"== 41", 2),
        (b"\r\n\r\n", b"\r\n\r\n", 0),
        (b"", b"", 0),
    ];

    #[test]
    fn bodies_decode_the_same_at_every_cut_and_room() {
        for (body, octets, faults) in BODIES {
            for cut in 1..=body.len().max(1) {
                for room in [1, 2, 3, 7, 100] {
                    let expected = (octets.to_vec(), *faults);
                    assert_eq!(qp(body, cut, room), expected, "{body:?} by {cut}, {room}");
                }
            }
        }
    }

    #[test]
    fn of_a_long_run_of_spaces_the_last_are_dropped() {
        let body = [b"a".to_vec(), vec![b' '; 1000], b"\r\n".to_vec()].concat();
        let expected = [b"a".to_vec(), vec![b' '; 1000 - 64], b"\r\n".to_vec()].concat();
        for (cut, room) in [(1, 1), (2000, 2000), (70, 3), (3, 70)] {
            assert_eq!(qp(&body, cut, room), (expected.clone(), 0));
        }
    }

    /// The plainest encoder: every octet but letters is quoted, and lines are short.
    fn encode(octets: &[u8], line: usize) -> Vec<u8> {
        let mut text = Vec::new();
        for piece in octets.chunks(line) {
            for octet in piece {
                match octet {
                    b'a'..=b'z' => text.push(*octet),
                    _ => text.extend_from_slice(format!("={octet:02X}").as_bytes()),
                }
            }
            text.extend_from_slice(b"=\r\n");
        }
        text
    }

    proptest! {
        #[test]
        fn what_an_encoder_made_comes_back(
            octets in prop::collection::vec(prop_oneof![any::<u8>(), b'a'..=b'z'], 0..300),
            line in 1_usize..30,
            cut in 1_usize..500,
            room in 1_usize..500,
        ) {
            prop_assert_eq!(qp(&encode(&octets, line), cut, room), (octets, 0));
        }

        #[test]
        fn any_octets_decode_alike_however_cut(
            body in "[= \t\r\n4aZ\u{e9}]{0,60}",
            cut in 1_usize..20,
            room in 1_usize..20,
        ) {
            prop_assert_eq!(qp(body.as_bytes(), cut, room), qp(body.as_bytes(), 1000, 1000));
        }
    }
}
