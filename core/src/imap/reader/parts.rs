//! Parts of a response, found with the framer: data items of one that does not fit, and elements.

use super::Reader;
use crate::Violation;
use crate::imap::framer::{Found, Stop};
use crate::imap::lexer::Lexer;
use crate::imap::quirk::Quirk;
use crate::imap::response::fetch::Key;
use crate::imap::session::Count;
use crate::wire::move_to_front;

/// Where a part of a response ends.
#[derive(Clone, Copy)]
pub(super) enum Part {
    /// It is not complete, and all input was taken.
    Partial,
    /// It is the first octets of what comes next, up to here.
    Whole {
        len: usize,
        found: Found,
    },
    /// It was dropped.
    Oversize {
        octets: Count,
        line_end: bool,
    },
    Fatal(Violation),
    /// Of a FETCH: its list is complete, or its line has ended before; or that has ended behind a literal.
    ListEnd,
    ListCut,
    #[cfg(feature = "fast")]
    LineEnd,
}

impl Reader {
    pub(super) fn is_mid_part(&self) -> bool {
        self.framed > 0 || self.dropping
    }

    pub(super) fn part_ended(&mut self) {
        self.framer.reset();
        self.framed = 0;
        self.dropping = false;
        self.spaces = 0;
        self.comma = false;
    }

    /// Passes what stands between two parts.
    pub(super) fn separators(
        &mut self,
        scratch: &[u8],
        input: &mut &[u8],
        stop: Stop,
    ) -> Separator {
        while let Some(octet) = self.peek(scratch, input) {
            self.item = self.consumed;
            match octet {
                b' ' | b'\t' => self.spaces = self.spaces.saturating_add(1),
                b',' if stop == Stop::Element => self.comma = true,
                b'\r' => self.cr = true,
                b'\n' => {
                    self.consume(1, input);
                    self.note_spaces(0, Quirk::TrailingSpace);
                    if !self.cr {
                        self.note(Quirk::BareLf);
                    }
                    return Separator::LineEnd;
                }
                b')' => {
                    self.note_spaces(0, Quirk::TrailingSpace);
                    return Separator::Close;
                }
                _ => {
                    if octet == b'(' && stop == Stop::Element && self.spaces == 0 {
                        self.note(Quirk::MissingSpace);
                    }
                    self.note_spaces(1, Quirk::ExtraSpace);
                    return Separator::Part;
                }
            }
            self.consume(1, input);
        }
        Separator::None
    }

    pub(super) fn note_spaces(&mut self, allowed: u8, quirk: Quirk) {
        if core::mem::take(&mut self.spaces) > allowed {
            self.note(quirk);
        }
    }

    /// Finds the end of the present part. One that is whole lies at the front of what comes next, not taken
    /// yet.
    pub(super) fn part(&mut self, scratch: &mut [u8], input: &mut &[u8], stop: Stop) -> Part {
        if self.dropping {
            return self.dropped(input, stop);
        }
        // What the scratch buffer holds and the framer has not seen.
        #[cfg(feature = "fast")]
        while let Some(unseen) = self.unseen(scratch) {
            let (n, found) = self.framer.feed(unseen, stop);
            self.framed = self.framed.saturating_add(n as Count);
            match found {
                Found::More => {}
                Found::TooLarge => return Part::Fatal(Violation::LiteralTooLarge),
                Found::Announced if !self.is_body(scratch, &[]) => {}
                _ => return self.gathered_part(found),
            }
        }
        // What lies in the input and the framer has seen.
        let mut len = 0_usize;
        #[cfg(feature = "fast")]
        if !self.is_gathered() {
            let framed = core::mem::take(&mut self.framed);
            len = usize::try_from(framed).unwrap_or(usize::MAX).min(input.len());
        }
        let found = loop {
            let rest = input.get(len..).unwrap_or_default();
            let (n, found) = self.framer.feed(rest, stop);
            len = len.saturating_add(n);
            if found != Found::Announced {
                break found;
            }
            // The key must be read in one place.
            if self.is_gathered() && !self.extend(core::mem::take(&mut len), scratch, input) {
                return self.dropped(input, stop);
            }
            if self.is_body(scratch, input.get(..len).unwrap_or_default()) {
                break found;
            }
        };
        if found == Found::TooLarge {
            return Part::Fatal(Violation::LiteralTooLarge);
        }
        if found != Found::More && !self.is_gathered() && len <= scratch.len() {
            return Part::Whole { len, found };
        }
        match (self.extend(len, scratch, input), found) {
            (_, Found::More) => Part::Partial,
            // A key that does not fit: the octets behind it are dropped with it.
            (false, Found::Announced) => self.dropped(input, stop),
            (true, found) => self.gathered_part(found),
            (false, found) => self.oversize(found, input),
        }
    }

    /// What the scratch buffer holds and the framer has not seen.
    #[cfg(feature = "fast")]
    pub(super) fn unseen<'s>(&self, scratch: &'s [u8]) -> Option<&'s [u8]> {
        let framed = usize::try_from(self.framed).ok()?;
        let unseen = scratch.get(self.start.checked_add(framed)?..self.end)?;
        (!unseen.is_empty()).then_some(unseen)
    }

    /// Whether the item whose value is announced is a body.
    pub(super) fn is_body(&self, scratch: &[u8], direct: &[u8]) -> bool {
        // What the framer has not seen yet does not count.
        let framed = usize::try_from(self.framed).unwrap_or(usize::MAX);
        let gathered = scratch.get(self.start..self.end).unwrap_or_default();
        let gathered = gathered.get(..framed).unwrap_or(gathered);
        let octets = if gathered.is_empty() { direct } else { gathered };
        Key::parse(&mut Lexer::new(octets)).is_some_and(|key| key.body().is_some())
    }

    /// The part in the scratch buffer is complete.
    pub(super) fn gathered_part(&self, found: Found) -> Part {
        Part::Whole { len: usize::try_from(self.framed).unwrap_or(usize::MAX), found }
    }

    /// Takes a part that is whole; whether the line ended with it.
    pub(super) fn take_part<'s>(
        &mut self,
        octets: &'s [u8],
        found: Found,
        input: &mut &[u8],
    ) -> (&'s [u8], bool) {
        self.part_ended();
        self.consume(octets.len(), input);
        let line_end = self.takes_line_end(found, input);
        match octets {
            octets if !line_end => (octets, false),
            [octets @ .., b'\r'] | [octets @ .., b'\r', b'\n'] => (octets, true),
            octets => {
                self.note(Quirk::BareLf);
                (octets, true)
            }
        }
    }

    /// Adds the input's first `n` octets to the part in the scratch buffer. Where that does not hold them, all of the
    /// part is dropped.
    pub(super) fn extend(&mut self, n: usize, scratch: &mut [u8], input: &mut &[u8]) -> bool {
        let gathered = self.end.saturating_sub(self.start);
        if gathered.saturating_add(n) <= scratch.len() {
            if self.start > 0 {
                (self.start, self.end) = (0, move_to_front(scratch, self.start, self.end));
            }
            self.framed = self.framed.saturating_add(n as Count);
            self.append(n, scratch, input);
            return true;
        }
        self.consumed = self.consumed.saturating_add(gathered as Count);
        (self.start, self.end) = (0, 0);
        self.framed = self.framed.saturating_add(n as Count);
        self.consume(n, input);
        self.dropping = true;
        false
    }

    /// The part that is being dropped goes on.
    pub(super) fn dropped(&mut self, input: &mut &[u8], stop: Stop) -> Part {
        match self.drop_part(input, stop) {
            Dropped::Partial => Part::Partial,
            Dropped::TooLarge => Part::Fatal(Violation::LiteralTooLarge),
            Dropped::Whole { octets, line_end } => Part::Oversize { octets, line_end },
        }
    }

    /// The part that is being dropped ends here.
    pub(super) fn oversize(&mut self, found: Found, input: &mut &[u8]) -> Part {
        let octets = self.framed;
        self.part_ended();
        Part::Oversize { octets, line_end: self.takes_line_end(found, input) }
    }

    /// Whether the line has ended with a part; if so, its LF is taken.
    pub(super) fn takes_line_end(&mut self, found: Found, input: &mut &[u8]) -> bool {
        if found == Found::LineEnd {
            self.consume(1, input);
        }
        matches!(found, Found::LineEnd | Found::LineEnded)
    }

    /// Drops octets of the present part, of which the scratch buffer holds none.
    pub(super) fn drop_part(&mut self, input: &mut &[u8], stop: Stop) -> Dropped {
        loop {
            let (n, found) = self.framer.feed(input, stop);
            self.framed = self.framed.saturating_add(n as Count);
            self.consume(n, input);
            match found {
                Found::More => return Dropped::Partial,
                Found::TooLarge => return Dropped::TooLarge,
                Found::Announced => continue,
                Found::End | Found::LineEnd | Found::LineEnded => {}
            }
            let octets = self.framed;
            self.part_ended();
            return Dropped::Whole { octets, line_end: self.takes_line_end(found, input) };
        }
    }
}

/// What stands between two parts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Separator {
    /// All input was taken.
    None,
    /// A part begins.
    Part,
    /// A closing parenthesis, which has not been taken.
    Close,
    /// The line's end, which has been taken.
    LineEnd,
}

/// What became of a part that is dropped.
pub(super) enum Dropped {
    Partial,
    TooLarge,
    Whole { octets: Count, line_end: bool },
}
