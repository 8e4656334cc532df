//! Where the octets are, in the caller's input or gathered in the scratch buffer, and where a response ends.

#[cfg(feature = "fast")]
use super::Mode;
use super::{Phase, Reader, condition};
use crate::imap::lexer::Lexer;
use crate::imap::quirk::Quirk;
use crate::imap::session::Count;
#[cfg(feature = "fast")]
use crate::imap::work;
use crate::wire::copy;

impl Reader {
    pub(super) const fn is_gathered(&self) -> bool {
        self.start < self.end
    }

    /// What comes next, as far as it lies in one place.
    #[inline]
    pub(super) fn front<'s, 'i: 's>(&self, scratch: &'s [u8], input: &&'i [u8]) -> &'s [u8] {
        if self.is_gathered() {
            scratch.get(self.start..self.end).unwrap_or_default()
        } else {
            input
        }
    }

    pub(super) fn peek(&self, scratch: &[u8], input: &&[u8]) -> Option<u8> {
        self.front(scratch, input).first().copied()
    }

    /// Takes the first `n` octets of what comes next.
    #[inline]
    pub(super) fn consume(&mut self, n: usize, input: &mut &[u8]) {
        if self.is_gathered() {
            self.start = self.start.saturating_add(n);
            if self.start >= self.end {
                (self.start, self.end) = (0, 0);
            }
        } else {
            *input = input.get(n..).unwrap_or_default();
        }
        self.consumed = self.consumed.saturating_add(n as Count);
        #[cfg(feature = "fast")]
        if let Mode::Whole { left, .. } = &mut self.mode {
            *left = left.saturating_sub(n);
        }
    }

    /// Takes what is left of a response that lies whole in one place.
    #[inline]
    pub(super) fn consume_line(&mut self, input: &mut &[u8]) {
        #[cfg(not(feature = "fast"))]
        self.consume(self.end.saturating_sub(self.start), input);
        #[cfg(feature = "fast")]
        if let Mode::Whole { left, .. } = self.mode {
            self.consume(left, input);
        }
        self.ended();
    }

    /// The response is complete: the next one begins.
    #[inline]
    pub(super) fn ended(&mut self) {
        #[cfg(feature = "fast")]
        {
            self.lost |= self.consumed < self.promise;
            self.mode = Mode::Seeking;
        }
        #[cfg(not(feature = "fast"))]
        {
            self.framer.reset();
            self.cut = false;
        }
        self.phase = Phase::Start;
        self.cr = false;
        self.junk = false;
        self.spaces = 0;
    }

    /// Whether the response at hand does not fit the scratch buffer, so that only its beginning is seen.
    #[inline(always)]
    pub(super) fn is_cut(&self) -> bool {
        #[cfg(feature = "fast")]
        return self.mode == Mode::Parts;
        #[cfg(not(feature = "fast"))]
        return self.cut;
    }

    pub(super) fn note(&mut self, quirk: Quirk) {
        self.quirks = self.quirks.with(quirk);
    }

    /// Moves octets, which fit, from the input to the scratch buffer.
    #[inline]
    pub(super) fn append(&mut self, n: usize, scratch: &mut [u8], input: &mut &[u8]) {
        let (octets, rest) = input.split_at_checked(n).unwrap_or_default();
        if let Some(room) = scratch.get_mut(self.end..) {
            copy(room, octets);
        }
        self.end = self.end.saturating_add(n);
        *input = rest;
    }
}

/// Index of the first LF.
#[cfg(feature = "fast")]
#[inline(always)]
pub(super) fn find_lf(octets: &[u8]) -> Option<usize> {
    let lf = crate::wire::find_lf(octets);
    work::add(lf.map_or(octets.len(), |lf| lf.saturating_add(1)));
    lf
}

/// A line without its ending, and the ending's length.
#[inline]
pub(super) fn split_ending(line: &[u8]) -> (&[u8], usize) {
    match line {
        [line @ .., b'\r', b'\n'] => (line, 2),
        [line @ .., b'\n'] => (line, 1),
        line => (line, 0),
    }
}

/// Whether literals may stand in a response that begins like this: in text, `{5}` means nothing.
pub(super) fn is_structured(response: &[u8]) -> bool {
    let mut lexer = Lexer::new(response);
    lexer.octet(b'*').is_some()
        && lexer.sp().is_some()
        && lexer.atom().is_some_and(|name| condition(name).is_none())
}
