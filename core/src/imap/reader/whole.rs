//! The short way: a response that lies whole in one place, in the caller's input or gathered in the scratch buffer, is
//! looked at there (feature `fast`). It tells what the other way tells.

use super::fetch::lost_body;
use super::place::{find_lf, is_structured, split_ending};
use super::{Mode, Phase, Reader, Reply, Told, tell};
use crate::Violation;
use crate::imap::event::Event;
use crate::imap::flag::Flags;
use crate::imap::framer::{Found, Stop};
use crate::imap::lexer::{Lexer, Plain};
use crate::imap::quirk::Quirk;
use crate::imap::response::Data;
#[cfg(feature = "imap-body-structure")]
use crate::imap::response::body_structure::BodyStructure;
#[cfg(feature = "imap-envelope")]
use crate::imap::response::envelope::Envelope;
use crate::imap::response::fetch::{Item, Key, MessageId};
use crate::imap::work;
use crate::wire::{literal, move_to_front};

impl Reader {
    /// Begins a FETCH response, if one of the usual spelling comes next. If not, nothing has been told.
    #[inline(always)]
    pub(in crate::imap) fn fetch_start(
        &mut self,
        scratch: &mut [u8],
        input: &mut &[u8],
    ) -> Option<MessageId> {
        if self.phase != Phase::Start || self.lost || !self.seek(scratch, input) {
            return None;
        }
        let Mode::Whole { left, ending: 2 } = self.mode else { return None };
        let line = self.front(scratch, input).get(..left)?;
        let (b"* ", number) = line.split_first_chunk()? else { return None };
        let mut plain = Plain(number);
        let number = plain.nz_number()?;
        let (b" FETCH (", items) = plain.0.split_first_chunk()? else { return None };
        if items.first() == Some(&b'(') {
            return None;
        }
        let taken = left.wrapping_sub(items.len());
        self.cuts_capabilities = false;
        self.item = self.consumed;
        self.consumed = self.consumed.saturating_add(taken as u64);
        self.mode = Mode::Whole { left: items.len(), ending: 2 };
        self.pass_over(taken, input);
        self.message = MessageId::Number(number);
        self.first = true;
        self.behind_literal = false;
        self.phase = Phase::Items;
        Some(self.message)
    }

    /// Looks at a response that fits where it lies, and at the beginning of another.
    #[inline]
    pub(super) fn respond<'s, 'i: 's>(
        &mut self,
        scratch: &'s mut [u8],
        input: &mut &'i [u8],
    ) -> Reply<'s> {
        if !self.seek(scratch, input) {
            return Reply::Nothing;
        }
        let capacity = scratch.len();
        let front = self.front(scratch, input);
        let Mode::Whole { left, ending } = self.mode else {
            // Of a text that does not fit, so much is told.
            let content = front.get(..capacity).unwrap_or(front);
            return self.begin(content, input);
        };
        if ending == 1 {
            self.note(Quirk::BareLf);
        }
        let content = front.get(..left.saturating_sub(ending)).unwrap_or_default();
        self.begin(content, input)
    }

    /// Finds out whether the response fits the scratch buffer, literals included, and lies whole in one place; false
    /// while that is not known. What has been cut is gathered.
    #[inline(always)]
    pub(super) fn seek(&mut self, scratch: &mut [u8], input: &mut &[u8]) -> bool {
        if self.mode != Mode::Seeking {
            return true;
        }
        if self.is_gathered() {
            return (self.start > 0 && self.seek_behind(scratch)) || self.gather(scratch, input);
        }
        let near = input.get(..scratch.len()).unwrap_or(input);
        let lf = find_lf(near);
        if let Some(lf) = lf
            && let Some([before @ .., octet, b'\r', b'\n']) = near.get(..=lf)
            && *octet != b'}'
        {
            self.whole(before.len().wrapping_add(3), 2);
            return true;
        }
        self.seek_on(lf, scratch, input)
    }

    /// The same where the first line ends like that, if at all: in an unusual way, or with a literal's announcement.
    #[inline(never)]
    fn seek_on(&mut self, lf: Option<usize>, scratch: &mut [u8], input: &mut &[u8]) -> bool {
        match seek_in_place(input, lf, scratch.len(), self.phase == Phase::Start) {
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
        let near = behind.get(..scratch.len()).unwrap_or(behind);
        match seek_in_place(behind, find_lf(near), scratch.len(), self.phase == Phase::Start) {
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

    /// The next data item.
    #[inline(always)]
    pub(super) fn item<'s, 'i: 's>(
        &mut self,
        scratch: &'s mut [u8],
        input: &mut &'i [u8],
    ) -> Told<'s> {
        if let Mode::Whole { left, ending } = self.mode {
            if self.behind_literal && self.is_blank(left, ending, scratch, input) {
                self.consume_line(input);
                self.phase = Phase::ItemsCut;
                return self.items_cut(scratch, input);
            }
            if self.is_gathered() || input.len() >= left {
                let front = self.front(scratch, input);
                let content = front.get(..left.saturating_sub(ending)).unwrap_or_default();
                return self.whole_item(content, input);
            }
            // The caller has not given back what was left of the input.
            self.mode = Mode::Parts;
        }
        self.item_in_parts(scratch, input)
    }

    /// Whether nothing but spaces is left of the line.
    pub(super) fn is_blank(
        &self,
        left: usize,
        ending: usize,
        scratch: &[u8],
        input: &&[u8],
    ) -> bool {
        let rest = self.front(scratch, input).get(..left.saturating_sub(ending));
        rest.is_some_and(|rest| rest.iter().all(|&octet| octet == b' '))
    }

    /// The next data item, of a response that lies whole in one place.
    #[inline(always)]
    pub(super) fn whole_item<'s>(&mut self, content: &'s [u8], input: &mut &[u8]) -> Told<'s> {
        let mut lexer = Lexer::new(content);
        let separated = lexer.octet(b' ').is_some();
        if lexer.peek() == Some(b' ') {
            lexer.skip_spaces(Quirk::ExtraSpace);
        }
        match lexer.peek() {
            Some(b')') => {
                if separated {
                    self.note(Quirk::TrailingSpace);
                }
                if self.first {
                    self.note(Quirk::EmptyList);
                }
                return self.list_ends(lexer, input);
            }
            None => {
                self.consume_line(input);
                return self.list_is_cut();
            }
            _ => {}
        }
        self.first = false;
        let item = lexer.rest();
        self.item = self.consumed.wrapping_add(content.len().wrapping_sub(item.len()) as u64);
        self.quirks.insert(lexer.quirks());
        // What most responses consist of, as most servers spell it.
        if let Some(value) = item.strip_prefix(b"UID ") {
            let mut plain = Plain(value);
            if let Some(uid) = plain.nz_number()
                && plain.ends()
            {
                self.take_item(content, plain.0, input);
                return tell(Data::Item(Item::Uid(uid)));
            }
        } else if let Some(value) = item.strip_prefix(b"FLAGS ")
            && let Some((flags, rest)) = Flags::usual(value)
            && Plain(rest).ends()
        {
            self.take_item(content, rest, input);
            return tell(Data::Item(Item::Flags(flags)));
        }
        self.larger_item(content, item, input)
    }

    /// The same for the items that are long.
    #[inline(never)]
    pub(super) fn larger_item<'s>(
        &mut self,
        content: &'s [u8],
        item: &'s [u8],
        input: &mut &[u8],
    ) -> Told<'s> {
        #[cfg(feature = "imap-envelope")]
        if let Some(value) = item.strip_prefix(b"ENVELOPE ") {
            let mut lexer = Lexer::new(value);
            let envelope = Envelope::parse(&mut lexer);
            if let Some(envelope) = envelope
                && Plain(lexer.rest()).ends()
            {
                self.quirks.insert(lexer.quirks());
                self.take_item(content, lexer.rest(), input);
                return tell(Data::Item(Item::Envelope(envelope)));
            }
            self.quirks.insert(lexer.quirks());
            return self.odd_item(content, item, envelope.map(Item::Envelope), input);
        }
        #[cfg(feature = "imap-body-structure")]
        if let Some(value) = item.strip_prefix(b"BODYSTRUCTURE ") {
            let mut lexer = Lexer::new(value);
            let structure = BodyStructure::parse(&mut lexer, self.max_nesting.into());
            if let Some(structure) = structure
                && Plain(lexer.rest()).ends()
            {
                self.quirks.insert(lexer.quirks());
                self.take_item(content, lexer.rest(), input);
                return tell(Data::Item(Item::BodyStructure(structure)));
            }
            self.quirks.insert(lexer.quirks());
            return self.odd_item(content, item, structure.map(Item::BodyStructure), input);
        }
        self.unusual_item(content, item, input)
    }

    /// An item has been read, and what it left follows it.
    #[inline(always)]
    pub(super) fn take_item(&mut self, content: &[u8], rest: &[u8], input: &mut &[u8]) {
        work::add(content.len().wrapping_sub(rest.len()));
        self.behind_literal = false;
        self.consume(content.len().wrapping_sub(rest.len()), input);
    }

    /// Any item but the most usual.
    #[inline(never)]
    pub(super) fn unusual_item<'s>(
        &mut self,
        content: &'s [u8],
        item: &'s [u8],
        input: &mut &[u8],
    ) -> Told<'s> {
        let mut lexer = Lexer::new(item);
        let Some(key) = Key::parse(&mut lexer) else {
            return self.odd_item(content, item, None, input);
        };
        if key.body().is_some() {
            return self.whole_body(content, item, &key, lexer, input);
        }
        let Some(value) = Item::parse(&key, &mut lexer, self.max_nesting.into()) else {
            return self.odd_item(content, item, None, input);
        };
        if !matches!(lexer.peek(), None | Some(b' ' | b')')) {
            return self.odd_item(content, item, Some(value), input);
        }
        self.quirks.insert(lexer.quirks());
        self.take_item(content, lexer.rest(), input);
        tell(Data::Item(value))
    }

    pub(super) fn whole_body<'s>(
        &mut self,
        content: &'s [u8],
        item: &'s [u8],
        key: &Key<'s>,
        mut lexer: Lexer<'s>,
        input: &mut &[u8],
    ) -> Told<'s> {
        match self.begin_body(key, &mut lexer) {
            Ok(start) => {
                self.quirks.insert(lexer.quirks());
                self.consume(lexer.taken_of(content), input);
                tell(Data::BodyStart(start))
            }
            Err(Some(violation)) => self.lost(violation),
            Err(None) => self.odd_item(content, item, None, input),
        }
    }

    /// An item that the grammar does not know how to read, or that has something behind it: where it ends is a
    /// question of parentheses and quotes alone.
    #[cold]
    pub(super) fn odd_item<'s>(
        &mut self,
        content: &'s [u8],
        item: &'s [u8],
        value: Option<Item<'s>>,
        input: &mut &[u8],
    ) -> Told<'s> {
        self.framer.reset();
        let mut len = 0_usize;
        let found = loop {
            let rest = item.get(len..).unwrap_or_default();
            let (n, found) = self.framer.feed(rest, Stop::Item);
            len = len.saturating_add(n);
            if found != Found::Announced {
                break found;
            }
        };
        // What the grammar has looked at in vain.
        work::add(len);
        if found == Found::TooLarge {
            return self.lost(Violation::LiteralTooLarge);
        }
        let before = content.len().saturating_sub(item.len());
        if found == Found::More && self.framer.is_quoted() {
            // The line has ended within a quoted string; what follows may belong to it. So the framer goes on beyond
            // the line's end.
            self.consume(before, input);
            self.mode = Mode::Parts;
            self.framed = len as u64;
            self.folded = true;
            return Ok(Some(Event::Quirk { quirk: Quirk::FoldedQuoted, offset: self.item }));
        }
        self.framer.reset();
        if len == 0 {
            // The line has ended, where a body in quotes did not.
            self.consume_line(input);
            return self.list_is_cut();
        }
        let octets = item.get(..len).unwrap_or_default();
        self.behind_literal = false;
        self.consume(before.saturating_add(len), input);
        if let Some(value) = value {
            self.note(Quirk::ExtraField);
            return tell(Data::Item(value));
        }
        if lost_body(octets) {
            return self.lost(Violation::BadLiteral);
        }
        self.note(Quirk::MalformedItem);
        tell(Data::Item(Item::Malformed(octets)))
    }

    /// The list is closed, in a response that lies whole in one place.
    #[inline]
    pub(super) fn list_ends<'s>(&mut self, mut lexer: Lexer<'_>, input: &mut &[u8]) -> Told<'s> {
        lexer.advance(1);
        if !lexer.at_end() {
            lexer.skip_spaces(Quirk::TrailingSpace);
            while lexer.octet(b')').is_some() {
                lexer.note(Quirk::ExtraParentheses);
            }
            if lexer.end().is_none() {
                lexer.note(Quirk::ExtraField);
            }
            self.quirks.insert(lexer.quirks());
        }
        self.consume_line(input);
        tell(Data::FetchEnd(self.message))
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

/// `lf` is where the first line ends.
fn seek_in_place(
    input: &[u8],
    mut lf: Option<usize>,
    capacity: usize,
    text_possible: bool,
) -> Seek {
    let mut at = 0_usize;
    let near = input.get(..capacity).unwrap_or(input);
    loop {
        let rest = near.get(at..).unwrap_or_default();
        let Some(found) = lf else {
            if input.len() > capacity {
                return Seek::Long { promise: at as u64 };
            }
            return Seek::Cut { literal: 0, line: at };
        };
        let len = at.saturating_add(found).saturating_add(1);
        let (line, ending) = split_ending(rest.get(..=found).unwrap_or_default());
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
        lf = find_lf(near.get(at..).unwrap_or_default());
    }
}
