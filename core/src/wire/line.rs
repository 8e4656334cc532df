//! Lines (RFC 1939 §3, RFC 9051 §2.2), resumable at any octet. A line that lies whole in the
//! caller's input stays there; only one that a read has cut is gathered in the scratch buffer.
//! No octet is searched twice.

use super::dot::LineEnding;
#[cfg(feature = "fast")]
use super::search::find_lf;

/// What [`LineFramer::next`] found. A line never includes its ending.
#[derive(Debug, PartialEq, Eq)]
pub enum Framed<'i> {
    /// The input ended before the line did; all of it was taken.
    Partial,
    /// A line that lies whole in the caller's input.
    Whole(&'i [u8], LineEnding),
    /// A line that was gathered: it is the first `.0` octets of the scratch buffer.
    Gathered(usize, LineEnding),
    /// A line longer than the scratch buffer. Its beginning fills the scratch buffer.
    Oversize {
        /// How long the line is, in octets without its ending.
        octets: u64,
        /// How it ended.
        ending: LineEnding,
    },
}

/// Finds the ends of lines in a stream that arrives in pieces of any size.
#[derive(Debug, Default)]
pub struct LineFramer {
    /// Octets of the present line that earlier inputs held, as far as `usize` counts.
    seen: usize,
    /// Whether the last of them was CR.
    cr: bool,
}

impl LineFramer {
    /// Takes octets from `input` up to and including the next LF. The result does not depend on how
    /// the stream is cut: a line longer than `scratch` is oversize even where it lies whole.
    #[cfg(feature = "fast")]
    pub fn next<'i>(&mut self, scratch: &mut [u8], input: &mut &'i [u8]) -> Framed<'i> {
        let taken = core::mem::take(input);
        let Some((head, rest)) = find_lf(taken).and_then(|at| taken.split_at_checked(at)) else {
            self.gather(scratch, taken);
            return Framed::Partial;
        };
        *input = rest.get(1..).unwrap_or_default();
        if self.seen == 0 {
            let (line, ending) = match head {
                [line @ .., b'\r'] => (line, LineEnding::Crlf),
                line => (line, LineEnding::Lf),
            };
            if line.len() <= scratch.len() {
                return Framed::Whole(line, ending);
            }
        }
        self.gather(scratch, head);
        self.finish(scratch.len())
    }

    /// Takes octets from `input` up to and including the next LF. The result does not depend on how
    /// the stream is cut. Every line is gathered, octet by octet, which is smaller.
    #[cfg(not(feature = "fast"))]
    pub fn next<'i>(&mut self, scratch: &mut [u8], input: &mut &'i [u8]) -> Framed<'i> {
        while let [octet, rest @ ..] = *input {
            *input = rest;
            if *octet == b'\n' {
                return self.finish(scratch.len());
            }
            if let Some(room) = scratch.get_mut(self.seen) {
                *room = *octet;
            }
            self.seen = self.seen.saturating_add(1);
            self.cr = *octet == b'\r';
        }
        Framed::Partial
    }

    #[cfg(feature = "fast")]
    fn gather(&mut self, scratch: &mut [u8], octets: &[u8]) {
        let Some(&last) = octets.last() else { return };
        let room = scratch.get_mut(self.seen..).unwrap_or_default();
        for (to, from) in room.iter_mut().zip(octets) {
            *to = *from;
        }
        self.seen = self.seen.saturating_add(octets.len());
        self.cr = last == b'\r';
    }

    fn finish(&mut self, capacity: usize) -> Framed<'static> {
        let octets = self.seen.saturating_sub(usize::from(self.cr));
        let ending = if self.cr { LineEnding::Crlf } else { LineEnding::Lf };
        *self = Self::default();
        if octets <= capacity {
            Framed::Gathered(octets, ending)
        } else {
            Framed::Oversize { octets: octets as u64, ending }
        }
    }

    /// Whether part of a line has been taken.
    #[must_use]
    pub fn is_mid_line(&self) -> bool {
        self.seen > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(stream: &[u8], cut: usize, scratch: usize) -> Vec<(Vec<u8>, LineEnding, u64)> {
        let mut scratch = vec![0; scratch];
        let mut framer = LineFramer::default();
        let mut out = Vec::new();
        for mut input in stream.chunks(cut) {
            loop {
                match framer.next(&mut scratch, &mut input) {
                    Framed::Partial => break,
                    Framed::Whole(line, ending) => {
                        out.push((line.to_vec(), ending, line.len() as u64));
                    }
                    Framed::Gathered(len, ending) => {
                        out.push((scratch[..len].to_vec(), ending, len as u64));
                    }
                    Framed::Oversize { octets, ending } => {
                        out.push((scratch.clone(), ending, octets));
                    }
                }
            }
        }
        out
    }

    #[test]
    fn lines_do_not_depend_on_the_cut() {
        let stream =
            b"+OK\r\n\r\n\nbare\nwith\rcr\r\n12345678\r\n123456789\r\n12345678\n\r\r\nend\r\n";
        let whole = frames(stream, stream.len(), 8);
        assert_eq!(whole.len(), 10);
        assert_eq!(whole[3], (b"bare".to_vec(), LineEnding::Lf, 4));
        assert_eq!(whole[5], (b"12345678".to_vec(), LineEnding::Crlf, 8));
        assert_eq!(whole[6], (b"12345678".to_vec(), LineEnding::Crlf, 9), "oversize by one");
        assert_eq!(whole[8], (b"\r".to_vec(), LineEnding::Crlf, 1));
        for cut in 1..stream.len() {
            assert_eq!(frames(stream, cut, 8), whole, "cut every {cut}");
        }
    }

    #[test]
    fn an_endless_line_takes_no_memory_and_is_counted() {
        let mut framer = LineFramer::default();
        let mut scratch = [0; 4];
        for _ in 0..1000 {
            let mut input = &[b'x'; 100][..];
            assert_eq!(framer.next(&mut scratch, &mut input), Framed::Partial);
        }
        assert_eq!(
            framer.next(&mut scratch, &mut &b"\n"[..]),
            Framed::Oversize { octets: 100_000, ending: LineEnding::Lf }
        );
    }
}
