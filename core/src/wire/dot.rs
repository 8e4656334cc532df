//! Dot-stuffing (RFC 1939 §3): a multi-line block ends with a line that holds a single dot, and a
//! line of text that begins with a dot carries one more. Both directions are resumable at any
//! octet and copy nothing that they need not.

use super::search::{find_lf, find_lf_dot};

/// How a line ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum LineEnding {
    /// CR LF, as the RFCs demand.
    #[default]
    Crlf,
    /// A bare LF.
    Lf,
}

impl LineEnding {
    /// How many octets it has.
    #[must_use]
    pub const fn octets(self) -> u64 {
        match self {
            Self::Crlf => 2,
            Self::Lf => 1,
        }
    }
}

/// What [`Unstuffer::next`] found.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece<'i> {
    /// Octets of the text, lying in the caller's input.
    Data(&'i [u8]),
    /// The terminating line; what follows in the input belongs to something else.
    End,
}

/// Where in a block the next octet stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum At {
    /// At the first octet of a line.
    #[default]
    Start,
    /// Inside a line.
    Text,
    /// Inside a line, directly after CR.
    Cr,
    /// After a dot that began a line: one that was dropped, or one that was added.
    Dot,
    /// After a dropped dot and CR. The CR is withheld: it may belong to the terminator.
    DotCr,
}

impl At {
    /// Whether the LF at index `lf` of `text`, which begins here, ends a line.
    fn ends_line(self, text: &[u8], lf: usize, ending: LineEnding) -> bool {
        ending == LineEnding::Lf
            || match lf.checked_sub(1) {
                Some(before) => text.get(before) == Some(&b'\r'),
                None => self == Self::Cr,
            }
    }

    /// The place behind `text`, which begins here.
    fn behind(self, text: &[u8], ending: LineEnding) -> Self {
        match text {
            [] => self,
            [head @ .., b'\n'] if self.ends_line(text, head.len(), ending) => Self::Start,
            [.., b'\r'] => Self::Cr,
            _ => Self::Text,
        }
    }
}

/// Takes a dot-stuffed block apart.
///
/// A line begins after CRLF only: a bare LF is text, so `\n.\n` inside a message ends nothing. In
/// a block whose status line already ended with a bare LF ([`Unstuffer::new`] with
/// [`LineEnding::Lf`]) the server is known to end lines so, and a bare LF ends a line too.
#[derive(Debug, Default)]
pub struct Unstuffer {
    at: At,
    ending: LineEnding,
}

impl Unstuffer {
    /// At the beginning of a block, behind a status line that ended as told.
    #[must_use]
    pub const fn new(ending: LineEnding) -> Self {
        Self { at: At::Start, ending }
    }

    /// How lines end in this block.
    #[must_use]
    pub const fn ending(&self) -> LineEnding {
        self.ending
    }

    /// The next piece, or `None` when all input is taken. Data is broken where a stuffed dot is
    /// dropped and nowhere else.
    #[cfg(feature = "wide")]
    pub fn next<'i>(&mut self, input: &mut &'i [u8]) -> Option<Piece<'i>> {
        loop {
            let (&octet, rest) = input.split_first()?;
            match (self.at, octet) {
                (At::Start, b'.') => self.at = At::Dot,
                (At::Dot, b'\r') => self.at = At::DotCr,
                (At::Dot, b'\n') if self.ending == LineEnding::Lf => return self.end(input, rest),
                (At::DotCr, b'\n') => return self.end(input, rest),
                (At::DotCr, _) => {
                    self.at = At::Cr;
                    return Some(Piece::Data(b"\r"));
                }
                _ => return Some(Piece::Data(self.text(input))),
            }
            *input = rest;
        }
    }

    #[cfg(feature = "wide")]
    fn end<'i>(&mut self, input: &mut &'i [u8], rest: &'i [u8]) -> Option<Piece<'i>> {
        *input = rest;
        self.at = At::Start;
        Some(Piece::End)
    }

    /// Text up to and including the end of line before the next line that begins with a dot, or to
    /// the end of the input.
    #[cfg(feature = "wide")]
    fn text<'i>(&mut self, input: &mut &'i [u8]) -> &'i [u8] {
        let whole = *input;
        let mut searched = 0_usize;
        while let Some(found) = whole.get(searched..).and_then(find_lf_dot) {
            let lf = searched.saturating_add(found);
            searched = lf.saturating_add(1);
            if self.at.ends_line(whole, lf, self.ending) {
                let (text, rest) = whole.split_at_checked(searched).unwrap_or((whole, &[]));
                *input = rest;
                self.at = At::Start;
                return text;
            }
        }
        *input = &[];
        self.at = self.at.behind(whole, self.ending);
        whole
    }

    /// The next piece, or `None` when all input is taken. Data is broken where a stuffed dot is
    /// dropped and nowhere else. Octet by octet, which is smaller.
    #[cfg(not(feature = "wide"))]
    #[inline(never)]
    pub fn next<'i>(&mut self, input: &mut &'i [u8]) -> Option<Piece<'i>> {
        let lf_ends = self.ending == LineEnding::Lf;
        let mut len = 0_usize;
        while let Some(&octet) = input.get(len) {
            // Most octets: within a line, and no part of its end.
            if self.at == At::Text && octet > b'\r' {
                len = len.wrapping_add(1);
                continue;
            }
            self.at = match (self.at, octet) {
                (At::Start, b'.') if len > 0 => break,
                (At::DotCr, b'\n') | (At::Dot, b'\n') if self.at == At::DotCr || lf_ends => {
                    *input = input.get(1..).unwrap_or_default();
                    self.at = At::Start;
                    return Some(Piece::End);
                }
                (At::DotCr, _) => {
                    self.at = At::Cr;
                    return Some(Piece::Data(b"\r"));
                }
                (At::Start, b'.') | (At::Dot, b'\r') => {
                    *input = input.get(1..).unwrap_or_default();
                    self.at = if octet == b'.' { At::Dot } else { At::DotCr };
                    continue;
                }
                (_, b'\r') => At::Cr,
                (At::Cr, b'\n') => At::Start,
                (_, b'\n') if lf_ends => At::Start,
                _ => At::Text,
            };
            len = len.wrapping_add(1);
        }
        let (text, rest) = input.split_at_checked(len)?;
        *input = rest;
        (!text.is_empty()).then_some(Piece::Data(text))
    }
}

/// What a [`Stuffer`] does with a bare LF.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Newlines {
    /// Hands it on as it is.
    #[default]
    Keep,
    /// Makes CRLF of it, for mail that is stored with the line ends of Unix.
    ToCrlf,
}

/// Makes a dot-stuffed block out of text that comes in pieces of any size.
#[derive(Debug, Default)]
pub struct Stuffer {
    at: At,
    newlines: Newlines,
}

impl Stuffer {
    /// At the beginning of a block.
    #[must_use]
    pub const fn new(newlines: Newlines) -> Self {
        Self { at: At::Start, newlines }
    }

    /// Takes as much of `text` as fits into `out`, dots added; returns how many octets of `out` were
    /// filled. Text is left over only when `out` is full (up to one octet may stay unused).
    pub fn stuff(&mut self, text: &mut &[u8], out: &mut [u8]) -> usize {
        let mut out = Cursor { room: out, filled: 0 };
        while let Some(&octet) = text.first() {
            if self.at == At::Start && octet == b'.' {
                if !out.put(b".") {
                    break;
                }
                self.at = At::Dot;
            }
            if !self.copy_run(text, &mut out) {
                break;
            }
        }
        out.filled
    }

    /// Copies up to where octets must be added, or as far as there is room. False when nothing
    /// fitted.
    fn copy_run(&mut self, text: &mut &[u8], out: &mut Cursor<'_>) -> bool {
        // No further than there is room, or octets would be searched again at every call.
        let reach = text.get(..out.room.len()).unwrap_or(text);
        let run = match self.newlines {
            Newlines::Keep => find_lf_dot(reach).map(|lf| lf.saturating_add(1)),
            Newlines::ToCrlf => match find_lf(reach) {
                Some(lf) if self.at.ends_line(reach, lf, LineEnding::Crlf) => {
                    Some(lf.saturating_add(1))
                }
                Some(0) => return self.complete_line(text, out),
                bare => bare,
            },
        };
        let run = run.unwrap_or(reach.len());
        let (copied, rest) = text.split_at_checked(run).unwrap_or((text, &[]));
        *text = rest;
        self.at = self.at.behind(copied, LineEnding::Crlf);
        out.put(copied) && !copied.is_empty()
    }

    /// Makes CRLF of the bare LF that `text` begins with. False when it did not fit.
    fn complete_line(&mut self, text: &mut &[u8], out: &mut Cursor<'_>) -> bool {
        let fits = out.put(b"\r\n");
        if fits {
            *text = text.get(1..).unwrap_or_default();
            self.at = At::Start;
        }
        fits
    }

    /// Writes the terminating line, after completing a last line that has no end. `None` when
    /// `out` has no room for it (5 octets are always enough); call again with more.
    pub fn finish(&mut self, out: &mut [u8]) -> Option<usize> {
        let end: &[u8] = if self.at == At::Start { b".\r\n" } else { b"\r\n.\r\n" };
        out.get_mut(..end.len())?.copy_from_slice(end);
        self.at = At::Start;
        Some(end.len())
    }
}

struct Cursor<'o> {
    room: &'o mut [u8],
    filled: usize,
}

impl Cursor<'_> {
    /// Puts all of `octets`, or nothing.
    fn put(&mut self, octets: &[u8]) -> bool {
        let room = core::mem::take(&mut self.room);
        if room.len() < octets.len() {
            self.room = room;
            return false;
        }
        let (to, rest) = room.split_at_mut(octets.len());
        to.copy_from_slice(octets);
        self.room = rest;
        self.filled = self.filled.saturating_add(octets.len());
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unstuff(stream: &[u8], cut: usize, ending: LineEnding) -> (Vec<u8>, Option<usize>) {
        let mut unstuffer = Unstuffer::new(ending);
        let (mut text, mut taken) = (Vec::new(), 0);
        for chunk in stream.chunks(cut) {
            let mut input = chunk;
            while let Some(piece) = unstuffer.next(&mut input) {
                match piece {
                    Piece::Data(data) => {
                        assert!(!data.is_empty());
                        text.extend_from_slice(data);
                    }
                    Piece::End => return (text, Some(taken + chunk.len() - input.len())),
                }
            }
            taken += chunk.len();
        }
        (text, None)
    }

    /// The block, its text, and how long the block is (RFC 1939 §3).
    const BLOCKS: &[(&[u8], &[u8])] = &[
        (b".\r\n", b""),
        (b"..\r\n.\r\n", b".\r\n"),
        (b"a\r\n.\r\n", b"a\r\n"),
        (b"..leading dot\r\n.unstuffed\r\nx\r\n.\r\n", b".leading dot\r\nunstuffed\r\nx\r\n"),
        (b"So\r\n..\r\nthis\r\n.\r\n", b"So\r\n.\r\nthis\r\n"),
        (b"a\n.\nb\r\n.\r\n", b"a\n.\nb\r\n"),
        (b"x\r\n.\rY\r\n.\r\n", b"x\r\n\rY\r\n"),
        (b"x\r\n.\r\r\n.\r\n", b"x\r\n\r\r\n"),
        (b"x\r\n.\n.\r\n\r\n.\r\n", b"x\r\n\n.\r\n\r\n"),
        (b"\r\n\r\n.\r\n", b"\r\n\r\n"),
        (b"a\r.\r\n.\r\n", b"a\r.\r\n"),
    ];

    #[test]
    fn blocks_come_apart_the_same_at_every_cut() {
        for (block, text) in BLOCKS {
            let mut stream = block.to_vec();
            stream.extend_from_slice(b"+OK next");
            for cut in 1..=stream.len() {
                let expected = (text.to_vec(), Some(block.len()));
                assert_eq!(unstuff(&stream, cut, LineEnding::Crlf), expected, "{block:?} by {cut}");
            }
        }
    }

    #[test]
    fn a_server_that_ends_lines_with_lf_ends_blocks_so_too() {
        for cut in 1..10 {
            let (text, end) = unstuff(b"a\n..b\n.\nrest", cut, LineEnding::Lf);
            assert_eq!((text.as_slice(), end), (&b"a\n.b\n"[..], Some(8)));
        }
    }

    #[test]
    fn data_is_not_copied_and_broken_only_at_stuffed_dots() {
        let stream = b"one\r\ntwo\r\n..three\r\nfour\r\n.\r\n";
        let (mut unstuffer, mut input) = (Unstuffer::default(), &stream[..]);
        assert_eq!(unstuffer.next(&mut input), Some(Piece::Data(b"one\r\ntwo\r\n")));
        let Some(Piece::Data(data)) = unstuffer.next(&mut input) else { panic!("no data") };
        assert_eq!(data, b".three\r\nfour\r\n");
        assert_eq!(data.as_ptr(), stream[11..].as_ptr());
        assert_eq!(unstuffer.next(&mut input), Some(Piece::End));
    }

    fn stuff(text: &[u8], cut: usize, room: usize, newlines: Newlines) -> Vec<u8> {
        let (mut stuffer, mut block) = (Stuffer::new(newlines), Vec::new());
        let mut out = vec![0; room];
        for mut piece in text.chunks(cut) {
            while !piece.is_empty() {
                let filled = stuffer.stuff(&mut piece, &mut out);
                assert!(filled > 0 || piece.is_empty(), "stuck");
                block.extend_from_slice(&out[..filled]);
            }
        }
        let mut end = [0; 5];
        let filled = stuffer.finish(&mut end).expect("room");
        block.extend_from_slice(&end[..filled]);
        block
    }

    #[test]
    fn stuffing_is_the_inverse_at_every_cut_and_room() {
        for (_, text) in BLOCKS {
            for cut in 1..=text.len() {
                for room in [2, 3, 7, 100] {
                    let block = stuff(text, cut, room, Newlines::Keep);
                    let expected = (text.to_vec(), Some(block.len()));
                    assert_eq!(unstuff(&block, 1, LineEnding::Crlf), expected, "{text:?}");
                }
            }
        }
    }

    #[test]
    fn bare_line_feeds_become_crlf_when_asked() {
        for cut in 1..12 {
            for room in [2, 3, 50] {
                let block = stuff(b"a\n.b\r\n\n.\nc", cut, room, Newlines::ToCrlf);
                assert_eq!(block, b"a\r\n..b\r\n\r\n..\r\nc\r\n.\r\n", "cut {cut} room {room}");
            }
        }
    }
}
