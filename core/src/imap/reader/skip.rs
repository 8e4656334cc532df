//! What is passed over: responses that do not fit or are not wanted, the rest of long texts, and what follows
//! a response on its line.

#[cfg(feature = "fast")]
use super::Mode;
use super::parts::Dropped;
use super::place::find_lf;
use super::{Phase, Reader, Reply, Told};
use crate::Violation;
use crate::imap::event::{Event, Oversize};
use crate::imap::framer::{Found, Stop};
use crate::imap::quirk::Quirk;

impl Reader {
    /// A response that does not fit: it is skipped to its end.
    pub(super) fn skip_response<'s>(&mut self, content: &[u8], input: &mut &[u8]) -> Reply<'s> {
        self.dropping = true;
        self.phase = Phase::Skip;
        let (n, found) = self.framer.feed(content, Stop::Line);
        self.framed = n as u64;
        self.consume(n, input);
        let told = match found {
            Found::More => self.skip(input),
            Found::TooLarge => self.lost(Violation::LiteralTooLarge),
            // A line that ends here would have fitted.
            _ => self.skipped(),
        };
        match told {
            Ok(Some(Event::Oversize { what, octets })) => Reply::Oversize { what, octets },
            Err(error) => Reply::Fatal(error.violation),
            _ => Reply::Nothing,
        }
    }

    pub(super) fn skip<'s>(&mut self, input: &mut &[u8]) -> Told<'s> {
        match self.drop_part(input, Stop::Line) {
            Dropped::Partial => Ok(None),
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
        Ok(Some(Event::Oversize { what: Oversize::Response, octets }))
    }

    /// Skips the rest of a line of text.
    pub(super) fn skip_text<'s>(
        &mut self,
        mut octets: u64,
        mut cr: bool,
        scratch: &[u8],
        input: &mut &[u8],
    ) -> Told<'s> {
        loop {
            let front = self.front(scratch, input);
            let Some(&last) = front.last() else {
                self.phase = Phase::SkipText { octets, cr };
                return Ok(None);
            };
            let Some(lf) = find_lf(front) else {
                cr = last == b'\r';
                octets = octets.saturating_add(front.len() as u64);
                self.consume(front.len(), input);
                continue;
            };
            let cr = if lf > 0 { front.get(lf.wrapping_sub(1)) == Some(&b'\r') } else { cr };
            let octets = octets.saturating_add(lf as u64).saturating_sub(u64::from(cr));
            if !cr {
                self.note(Quirk::BareLf);
            }
            self.consume(lf, input);
            self.item = self.consumed;
            self.consume(1, input);
            self.ended();
            return Ok(Some(Event::Oversize { what: Oversize::Text, octets }));
        }
    }

    /// The session does not want the response that has begun: [`pass`](Self::pass) is to pass over the rest.
    pub(in crate::imap) fn void(&mut self) {
        if self.phase != Phase::Start {
            self.phase = Phase::Void;
            self.part_ended();
        }
    }

    /// Whether the session does not want what comes next.
    #[inline]
    pub(in crate::imap) fn is_void(&self) -> bool {
        self.phase == Phase::Void
    }

    /// Passes over what the session does not want, up to its end, and tells nothing of it.
    ///
    /// # Errors
    /// [`Violation::LiteralTooLarge`].
    #[cold]
    pub(in crate::imap) fn pass(
        &mut self,
        scratch: &[u8],
        input: &mut &[u8],
    ) -> Result<(), Violation> {
        while self.is_void() {
            let front = self.front(scratch, input);
            if front.is_empty() {
                break;
            }
            #[cfg(feature = "fast")]
            let mode = self.mode;
            #[cfg(not(feature = "fast"))]
            let mode = ();
            let (n, over) = match mode {
                #[cfg(feature = "fast")]
                Mode::Whole { left, .. } => (left.min(front.len()), left <= front.len()),
                _ => match self.framer.feed(front, Stop::Line) {
                    (_, Found::TooLarge) => return Err(Violation::LiteralTooLarge),
                    (n, Found::More | Found::Announced) => (n, false),
                    (n, Found::LineEnd) => (n.saturating_add(1), true),
                    (n, Found::End | Found::LineEnded) => (n, true),
                },
            };
            self.consume(n, input);
            if over {
                self.ended();
            }
        }
        Ok(())
    }

    /// Skips what is left of a line whose response has been told; whether it has ended. What should not be there is
    /// noted once.
    pub(in crate::imap) fn finish_line(
        &mut self,
        scratch: &[u8],
        input: &mut &[u8],
    ) -> Result<bool, Violation> {
        loop {
            let front = self.front(scratch, input);
            if front.is_empty() {
                return Ok(false);
            }
            let (n, found) = self.framer.feed(front, Stop::Line);
            let rest = front.get(..n).unwrap_or_default();
            let junk = rest.iter().position(|octet| !matches!(octet, b' ' | b'\r'));
            self.spaces |= u8::from(rest.contains(&b' '));
            if let Some(at) = junk.filter(|_| !core::mem::replace(&mut self.junk, junk.is_some())) {
                let parenthesis = rest.get(at) == Some(&b')');
                self.item = self.consumed.saturating_add(at as u64);
                self.note(if parenthesis { Quirk::ExtraParentheses } else { Quirk::ExtraField });
            }
            self.junk |= junk.is_some();
            self.consume(n, input);
            match found {
                Found::TooLarge => return Err(Violation::LiteralTooLarge),
                Found::LineEnd => self.consume(1, input),
                Found::LineEnded => {}
                _ => continue,
            }
            if self.spaces > 0 && !self.junk {
                self.item = self.consumed;
                self.note(Quirk::TrailingSpace);
            }
            self.part_ended();
            self.ended();
            return Ok(true);
        }
    }
}
