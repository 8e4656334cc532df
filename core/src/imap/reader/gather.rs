//! The one way without `fast`: a response is gathered in the scratch buffer, octet by octet, until it is whole, or
//! does not fit, or has shown that it comes part by part.

use super::place::{is_structured, split_ending};
use super::responses::{Counted, counted, listing};
use super::{Reader, Reply};
use crate::imap::framer::Line;
use crate::imap::lexer::{Lexer, is_atom_octet};
use crate::imap::quirk::Quirk;
use crate::imap::response::Listing;

impl Reader {
    /// Gathers a response, or as much of it as tells what it is.
    pub(super) fn respond<'s, 'i: 's>(
        &mut self,
        scratch: &'s mut [u8],
        input: &mut &'i [u8],
    ) -> Reply<'s> {
        let Some(ending) = self.gather(scratch, input) else { return Reply::Nothing };
        if ending == 1 {
            self.note(Quirk::BareLf);
        }
        self.part_ended();
        let len = self.end.saturating_sub(ending);
        self.begin(scratch.get(..len).unwrap_or_default(), input)
    }

    /// The length of the line ending with which the response is whole; 0 where more is to come. `None` while it cannot
    /// be told.
    fn gather(&mut self, scratch: &mut [u8], input: &mut &[u8]) -> Option<usize> {
        loop {
            let &next = input.first()?;
            let gathered = scratch.get(..self.end)?;
            if comes_in_parts(gathered, next) {
                return Some(0);
            }
            if gathered.len() == scratch.len() {
                self.cut = true;
                return Some(0);
            }
            self.append(1, scratch, input);
            let gathered = scratch.get(..self.end)?;
            match self.framer.line(next) {
                Line::Goes => {}
                Line::Announces if is_structured(gathered) => drop(self.framer.enter_literal()),
                Line::Announces | Line::Ends => return Some(split_ending(gathered).1),
                Line::EndsLiteral => return Some(1),
            }
        }
    }
}

/// Whether a response that begins like this, with that octet next, is a FETCH or comes by element.
fn comes_in_parts(head: &[u8], next: u8) -> bool {
    let behind = matches!(head, [.., b'(' | b' ']);
    (behind || !is_atom_octet(next)) && begins_parts(head, next).is_some_and(|begins| begins)
}

fn begins_parts(head: &[u8], next: u8) -> Option<bool> {
    let mut lexer = Lexer::new(head);
    lexer.octet(b'*')?;
    lexer.sp()?;
    let number = lexer.number();
    if number.is_some() {
        lexer.sp()?;
    }
    let name = lexer.atom()?;
    let fetch =
        number.is_some() && matches!(counted(name), Some(Counted::Fetch | Counted::UidFetch));
    let listing = listing(name).filter(|_| number.is_none());
    if fetch || listing == Some(Listing::Flags) {
        // The space may be missing in a FETCH; what begins so otherwise is no list.
        if lexer.sp().is_none() && !fetch {
            return None;
        }
        lexer.open()?;
        // A parenthesis too many is forgiven at the beginning of a FETCH.
        while fetch && lexer.open().is_some() {}
        return Some(lexer.at_end() && (!fetch || next != b'('));
    }
    #[cfg(feature = "imap-condstore")]
    if listing == Some(Listing::Vanished) && lexer.sp().is_some() {
        if lexer.at_end() {
            return Some(!matches!(next, b' ' | b'('));
        }
        lexer.open()?;
        lexer.keyword(b"EARLIER")?;
        lexer.close()?;
    }
    let waits = listing? == Listing::Vanished && next == b' ' && !head.ends_with(b")");
    Some(lexer.at_end() && !waits)
}
