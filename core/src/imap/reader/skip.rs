//! What is passed over: responses that do not fit or are not wanted, the rest of long texts, and what follows
//! a response on its line.

#[cfg(feature = "fast")]
use super::Mode;
use super::parts::Dropped;
#[cfg(feature = "fast")]
use super::place::find_lf;
use super::{Phase, Reader, Reply, Told, nothing, oversize, reply};
use crate::Violation;
use crate::imap::event::Oversize;
use crate::imap::framer::{Found, Stop};
use crate::imap::quirk::Quirk;
use crate::imap::session::Count;

impl Reader {
    /// A response that does not fit: it is skipped to its end.
    pub(super) fn skip_response<'s>(&mut self, content: &[u8], input: &mut &[u8]) -> Reply<'s> {
        self.dropping = true;
        self.phase = Phase::Skip;
        let (n, found) = self.framer.feed(content, Stop::Line);
        self.framed = n as Count;
        self.consume(n, input);
        let told = match found {
            Found::More => self.skip(input),
            Found::TooLarge => self.lost(Violation::LiteralTooLarge),
            // A line that ends here would have fitted.
            _ => self.skipped(),
        };
        reply(told)
    }

    pub(super) fn skip<'s>(&mut self, input: &mut &[u8]) -> Told<'s> {
        match self.drop_part(input, Stop::Line) {
            Dropped::Partial => nothing(),
            Dropped::TooLarge => self.lost(Violation::LiteralTooLarge),
            Dropped::Whole { octets, .. } => {
                self.framed = octets;
                self.skipped()
            }
        }
    }

    pub(super) fn skipped<'s>(&mut self) -> Told<'s> {
        let octets = self.framed;
        self.part_ended();
        self.ended();
        oversize(Oversize::Response, octets)
    }

    /// Skips the rest of a line of text.
    #[cfg(not(feature = "fast"))]
    pub(super) fn skip_text<'s>(
        &mut self,
        mut octets: Count,
        mut cr: bool,
        scratch: &[u8],
        input: &mut &[u8],
    ) -> Told<'s> {
        loop {
            let Some(octet) = self.peek(scratch, input) else {
                self.phase = Phase::SkipText { octets, cr };
                return nothing();
            };
            if octet == b'\n' {
                break;
            }
            cr = octet == b'\r';
            octets = octets.saturating_add(1);
            self.consume(1, input);
        }
        if !cr {
            self.note(Quirk::BareLf);
        }
        self.item = self.consumed;
        self.consume(1, input);
        self.ended();
        oversize(Oversize::Text, octets.saturating_sub(cr.into()))
    }

    /// Skips the rest of a line of text.
    #[cfg(feature = "fast")]
    pub(super) fn skip_text<'s>(
        &mut self,
        mut octets: Count,
        mut cr: bool,
        scratch: &[u8],
        input: &mut &[u8],
    ) -> Told<'s> {
        loop {
            let front = self.front(scratch, input);
            let Some(&last) = front.last() else {
                self.phase = Phase::SkipText { octets, cr };
                return nothing();
            };
            let Some(lf) = find_lf(front) else {
                cr = last == b'\r';
                octets = octets.saturating_add(front.len() as Count);
                self.consume(front.len(), input);
                continue;
            };
            let cr = if lf > 0 { front.get(lf.wrapping_sub(1)) == Some(&b'\r') } else { cr };
            let octets = octets.saturating_add(lf as Count).saturating_sub(Count::from(cr));
            if !cr {
                self.note(Quirk::BareLf);
            }
            self.consume(lf, input);
            self.item = self.consumed;
            self.consume(1, input);
            self.ended();
            return oversize(Oversize::Text, octets);
        }
    }

    /// The session does not want the response that has begun: [`pass`](Self::pass) is to pass over the rest.
    pub(in crate::imap) fn void(&mut self) {
        if self.phase != Phase::Start {
            self.phase = Phase::Void;
            self.part_ended();
        }
    }

    /// Whether the rest of a response is to be passed over, since it has been told or the session does not want it.
    #[inline]
    pub(in crate::imap) fn is_passing(&self) -> bool {
        matches!(self.phase, Phase::Void | Phase::Tail)
    }

    /// Passes over it; whether it has ended. What should not be there is noted once, where the session wants to know.
    ///
    /// # Errors
    /// [`Violation::LiteralTooLarge`].
    #[cold]
    #[inline(never)]
    pub(in crate::imap) fn pass(
        &mut self,
        scratch: &[u8],
        input: &mut &[u8],
    ) -> Result<bool, Violation> {
        loop {
            let front = self.front(scratch, input);
            if front.is_empty() {
                return Ok(false);
            }
            #[cfg(feature = "fast")]
            if let (Mode::Whole { left, .. }, Phase::Void) = (self.mode, self.phase) {
                let (n, over) = (left.min(front.len()), left <= front.len());
                self.consume(n, input);
                if over {
                    self.ended();
                    return Ok(true);
                }
                continue;
            }
            let (n, found) = self.framer.feed(front, Stop::Line);
            if self.phase == Phase::Tail {
                self.note_rest(front.get(..n).unwrap_or_default());
            }
            self.consume(n, input);
            match found {
                Found::TooLarge => return Err(Violation::LiteralTooLarge),
                Found::LineEnd => self.consume(1, input),
                Found::LineEnded => {}
                _ => continue,
            }
            if self.spaces > 0 && !self.junk && self.phase == Phase::Tail {
                self.item = self.consumed;
                self.note(Quirk::TrailingSpace);
            }
            self.part_ended();
            self.ended();
            return Ok(true);
        }
    }

    /// Notes what stands behind a response on its line.
    fn note_rest(&mut self, rest: &[u8]) {
        let junk = rest.iter().position(|octet| !matches!(octet, b' ' | b'\r'));
        self.spaces |= u8::from(rest.contains(&b' '));
        let Some(at) = junk.filter(|_| !self.junk) else { return };
        let parenthesis = rest.get(at) == Some(&b')');
        self.item = self.consumed.wrapping_add(at as Count);
        self.note(if parenthesis { Quirk::ExtraParentheses } else { Quirk::ExtraField });
        self.junk = true;
    }
}
