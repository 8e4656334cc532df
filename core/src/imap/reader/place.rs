//! Where the octets are, in the caller's input or gathered in the scratch buffer, and where a response ends.

use super::{Mode, Phase, Reader, condition};
use crate::imap::lexer::Lexer;
use crate::imap::quirk::Quirk;
use crate::imap::work;
use crate::wire::{copy, literal, move_to_front};

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
        self.consumed = self.consumed.saturating_add(n as u64);
        if let Mode::Whole { left, .. } = &mut self.mode {
            *left = left.saturating_sub(n);
        }
    }

    /// Takes what is left of a response that lies whole in one place.
    #[inline]
    pub(super) fn consume_line(&mut self, input: &mut &[u8]) {
        if let Mode::Whole { left, .. } = self.mode {
            self.consume(left, input);
        }
        self.ended();
    }

    /// The response is complete: the next one begins.
    #[inline]
    pub(super) fn ended(&mut self) {
        self.lost |= self.consumed < self.promise;
        self.phase = Phase::Start;
        self.mode = Mode::Seeking;
        self.cr = false;
        self.junk = false;
        self.spaces = 0;
    }

    pub(super) fn note(&mut self, quirk: Quirk) {
        self.quirks = self.quirks.with(quirk);
    }

    /// Finds out whether the response fits the scratch buffer, literals included, and lies whole in one place; false
    /// while that is not known. What has been cut is gathered.
    #[inline]
    pub(super) fn seek(&mut self, scratch: &mut [u8], input: &mut &[u8]) -> bool {
        if self.mode != Mode::Seeking {
            return true;
        }
        if self.is_gathered() {
            return (self.start > 0 && self.seek_behind(scratch)) || self.gather(scratch, input);
        }
        match seek_in_place(input, scratch.len(), self.phase == Phase::Start) {
            Seek::Whole { len, ending } => self.whole(len, ending),
            Seek::Long { promise } => self.parts(promise),
            Seek::Cut { literal, line } => {
                self.append(input.len(), scratch, input);
                (self.literal, self.line) = (literal, line);
                return false;
            }
        }
        true
    }

    /// The same where what has been gathered holds the end of the response before this one, and more.
    #[cold]
    fn seek_behind(&mut self, scratch: &mut [u8]) -> bool {
        let behind = scratch.get(self.start..self.end).unwrap_or_default();
        match seek_in_place(behind, scratch.len(), self.phase == Phase::Start) {
            Seek::Whole { len, ending } => self.whole(len, ending),
            Seek::Long { promise } => self.parts(promise),
            Seek::Cut { literal, line } => {
                (self.literal, self.line) = (literal, line);
                (self.start, self.end) = (0, move_to_front(scratch, self.start, self.end));
                return false;
            }
        }
        true
    }

    /// Appends to what has been gathered, until the response is whole or does not fit.
    pub(super) fn gather(&mut self, scratch: &mut [u8], input: &mut &[u8]) -> bool {
        loop {
            if input.is_empty() {
                return false;
            }
            if self.literal > 0 {
                let n = self.literal.min(input.len());
                self.append(n, scratch, input);
                self.literal = self.literal.saturating_sub(n);
                self.line = self.end;
                continue;
            }
            let room = scratch.len().saturating_sub(self.end);
            let near = input.get(..room).unwrap_or(input);
            let Some(lf) = find_lf(near) else {
                let fits = near.len() == input.len();
                self.append(near.len(), scratch, input);
                if fits {
                    return false;
                }
                self.parts(self.line as u64);
                return true;
            };
            self.append(lf.saturating_add(1), scratch, input);
            let gathered = scratch.get(..self.end).unwrap_or_default();
            let (line, ending) = split_ending(gathered.get(self.line..).unwrap_or_default());
            let literal = literal::announced(line)
                .filter(|_| self.phase != Phase::Start || is_structured(gathered));
            match literal {
                None => self.whole(self.end, ending),
                Some(octets) => {
                    let room = scratch.len().saturating_sub(self.end);
                    match usize::try_from(octets) {
                        Ok(octets) if octets <= room => {
                            self.literal = octets;
                            self.line = self.end;
                            continue;
                        }
                        _ => self.parts((self.end as u64).saturating_add(octets)),
                    }
                }
            }
            return true;
        }
    }

    /// The response lies whole in one place.
    #[inline]
    pub(super) fn whole(&mut self, len: usize, ending: usize) {
        self.mode = Mode::Whole { left: len, ending };
        self.promise = self.consumed.saturating_add(len as u64);
    }

    /// The response, which has so many octets at least, is to be read part by part.
    pub(super) fn parts(&mut self, promise: u64) {
        self.promise = self.consumed.saturating_add(promise);
        self.mode = Mode::Parts;
        self.part_ended();
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

/// Where a response ends.
pub(super) enum Seek {
    /// Here, with a line ending of this length.
    Whole { len: usize, ending: usize },
    /// Beyond what the scratch buffer holds, and not before so many octets.
    Long { promise: u64 },
    /// Beyond the input, which fits; so many octets of a literal are still to come, and the present line begins here.
    Cut { literal: usize, line: usize },
}

pub(super) fn seek_in_place(input: &[u8], capacity: usize, text_possible: bool) -> Seek {
    let mut at = 0_usize;
    let near = input.get(..capacity).unwrap_or(input);
    loop {
        let rest = near.get(at..).unwrap_or_default();
        let Some(lf) = find_lf(rest) else {
            if input.len() > capacity {
                return Seek::Long { promise: at as u64 };
            }
            return Seek::Cut { literal: 0, line: at };
        };
        let len = at.saturating_add(lf).saturating_add(1);
        let (line, ending) = split_ending(rest.get(..lf.saturating_add(1)).unwrap_or_default());
        let literal = literal::announced(line).filter(|_| !text_possible || is_structured(input));
        let Some(octets) = literal else { return Seek::Whole { len, ending } };
        let next = usize::try_from(octets).ok().and_then(|octets| len.checked_add(octets));
        match next {
            Some(next) if next <= capacity => at = next,
            _ => return Seek::Long { promise: (len as u64).saturating_add(octets) },
        }
        if at > input.len() {
            return Seek::Cut { literal: at.saturating_sub(input.len()), line: at };
        }
    }
}

/// Index of the first LF.
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
