//! The data items of a FETCH response (RFC 9051 §7.5.2), one by one, and bodies as they come.

use super::parts::{Part, Separator};
use super::{Mode, Phase, Reader, Told, tell};
use crate::Violation;
use crate::imap::event::{Event, Oversize};
#[cfg(feature = "fast")]
use crate::imap::flag::Flags;
use crate::imap::framer::{Found, Stop};
use crate::imap::lexer::Lexer;
#[cfg(feature = "fast")]
use crate::imap::lexer::Plain;
use crate::imap::quirk::{Quirk, QuirkSet};
use crate::imap::response::Data;
#[cfg(all(feature = "fast", feature = "imap-body-structure"))]
use crate::imap::response::body_structure::BodyStructure;
#[cfg(all(feature = "fast", feature = "imap-envelope"))]
use crate::imap::response::envelope::Envelope;
use crate::imap::response::fetch::{BodyStart, Content, Item, Key};
use crate::imap::work;

impl Reader {
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
        #[cfg(feature = "fast")]
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
        #[cfg(feature = "fast")]
        return self.larger_item(content, item, input);
        #[cfg(not(feature = "fast"))]
        self.unusual_item(content, item, input)
    }

    /// The same for the items that are long.
    #[cfg(feature = "fast")]
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
            let structure = BodyStructure::parse(&mut lexer, self.max_nesting);
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
        let Some(value) = Item::parse(&key, &mut lexer, self.max_nesting) else {
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

    /// The value of a body: its announcement is taken, its octets are not. An error without a violation is a
    /// value that no body can have.
    pub(super) fn begin_body<'s>(
        &mut self,
        key: &Key<'s>,
        lexer: &mut Lexer<'s>,
    ) -> Result<BodyStart<'s>, Option<Violation>> {
        let body = key.body().ok_or(None)?;
        let content = match lexer.peek() {
            Some(b'{' | b'~') => {
                let octets = lexer.literal_header().ok_or(Some(Violation::BadLiteral))?;
                if octets > self.max_literal {
                    return Err(Some(Violation::LiteralTooLarge));
                }
                Content::Literal(octets)
            }
            Some(b'"') => {
                lexer.advance(1);
                Content::Quoted
            }
            _ => {
                lexer.nil().ok_or(None)?;
                Content::Nil
            }
        };
        self.behind_literal = matches!(content, Content::Literal(_));
        self.phase = match content {
            Content::Literal(0) | Content::Nil => Phase::BodyEnd { line_end: false },
            Content::Literal(octets) => Phase::Body(octets),
            Content::Quoted => Phase::QuotedBody { escaped: false },
        };
        Ok(BodyStart { item: body, origin: key.origin(), content })
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

    /// The line has ended, the list has not.
    #[cold]
    pub(super) fn list_is_cut<'s>(&mut self) -> Told<'s> {
        self.ended();
        self.note(Quirk::MissingParentheses);
        tell(Data::FetchEnd(self.message))
    }

    /// The line has ended behind a literal, the list has not. Some servers put a line ending there that does not
    /// belong there; what comes next shows it.
    #[inline(never)]
    pub(super) fn items_cut<'s, 'i: 's>(
        &mut self,
        scratch: &'s mut [u8],
        input: &mut &'i [u8],
    ) -> Told<'s> {
        self.item = self.consumed;
        match self.peek(scratch, input) {
            None => return Ok(None),
            Some(b' ' | b')') => {}
            Some(_) => return self.list_is_cut(),
        }
        if !self.seek(scratch, input) {
            return Ok(None);
        }
        self.note(Quirk::MissingParentheses);
        self.behind_literal = false;
        self.phase = Phase::Items;
        self.item(scratch, input)
    }

    /// The next data item, of a response that does not lie whole in one place.
    #[inline(never)]
    pub(super) fn item_in_parts<'s, 'i: 's>(
        &mut self,
        scratch: &'s mut [u8],
        input: &mut &'i [u8],
    ) -> Told<'s> {
        if !self.is_mid_part() {
            match self.separators(scratch, input, Stop::Item) {
                Separator::None => return Ok(None),
                Separator::Part => self.first = false,
                Separator::Close => {
                    if self.first {
                        self.note(Quirk::EmptyList);
                    }
                    self.consume(1, input);
                    self.phase = Phase::Tail;
                    return tell(Data::FetchEnd(self.message));
                }
                Separator::LineEnd if self.behind_literal => {
                    // What there is to note depends on what comes next.
                    self.quirks = QuirkSet::NONE;
                    self.ended();
                    self.phase = Phase::ItemsCut;
                    return self.items_cut(scratch, input);
                }
                Separator::LineEnd => return self.list_is_cut(),
            }
        }
        match self.part(scratch, input, Stop::Item) {
            Part::Partial => Ok(None),
            Part::Fatal(violation) => self.lost(violation),
            Part::Oversize { octets, line_end } => {
                self.behind_literal = false;
                self.list_may_be_cut(line_end);
                Ok(Some(Event::Oversize { what: Oversize::Item, octets }))
            }
            Part::Whole { len, found } => {
                let octets = self.front(scratch, input).get(..len).unwrap_or_default();
                let (octets, line_end) = self.take_part(octets, found, input);
                if found == Found::Announced {
                    self.body_in_parts(octets)
                } else {
                    self.whole_part(octets, line_end)
                }
            }
        }
    }

    /// An item has been found whole.
    pub(super) fn whole_part<'s>(&mut self, octets: &'s [u8], line_end: bool) -> Told<'s> {
        let mut lexer = Lexer::new(octets);
        work::add(octets.len());
        self.behind_literal = false;
        self.list_may_be_cut(line_end);
        let folded = core::mem::take(&mut self.folded);
        let Some(key) = Key::parse(&mut lexer) else { return self.malformed(octets) };
        if key.body().is_some() {
            // It was not announced: NIL, or nothing that can be a body. The octets of a string are in the part.
            if matches!(lexer.peek(), Some(b'{' | b'~' | b'"')) {
                return self.malformed(octets);
            }
            return match self.begin_body(&key, &mut lexer) {
                Ok(start) => {
                    self.phase = Phase::BodyEnd { line_end };
                    self.end_part(lexer, folded);
                    tell(Data::BodyStart(start))
                }
                Err(Some(violation)) => self.lost(violation),
                Err(None) => self.malformed(octets),
            };
        }
        let Some(value) = Item::parse(&key, &mut lexer, self.max_nesting) else {
            return self.malformed(octets);
        };
        self.end_part(lexer, folded);
        tell(Data::Item(value))
    }

    /// Notes what was forgiven in a part, and what is left of it.
    fn end_part(&mut self, mut lexer: Lexer<'_>, folded: bool) {
        if !lexer.at_end() {
            lexer.note(Quirk::ExtraField);
        }
        let quirks = lexer.quirks();
        self.quirks.insert(if folded { quirks.without(Quirk::FoldedQuoted) } else { quirks });
    }

    pub(super) fn body_in_parts<'s>(&mut self, octets: &'s [u8]) -> Told<'s> {
        let mut lexer = Lexer::new(octets);
        let begun = Key::parse(&mut lexer).map(|key| self.begin_body(&key, &mut lexer));
        match begun {
            Some(Ok(start)) => {
                self.quirks.insert(lexer.quirks());
                tell(Data::BodyStart(start))
            }
            Some(Err(Some(violation))) => self.lost(violation),
            _ => self.malformed(octets),
        }
    }

    pub(super) fn malformed<'s>(&mut self, octets: &'s [u8]) -> Told<'s> {
        if lost_body(octets) {
            return self.lost(Violation::BadLiteral);
        }
        self.note(Quirk::MalformedItem);
        tell(Data::Item(Item::Malformed(octets)))
    }

    /// If the line ended with this item, so did the FETCH.
    pub(super) fn list_may_be_cut(&mut self, line_end: bool) {
        if line_end {
            self.ended();
            self.phase = Phase::ItemsEnd;
        }
    }

    /// Octets of a body, from where they lie.
    #[inline]
    pub(super) fn body<'s, 'i: 's>(
        &mut self,
        left: u64,
        scratch: &'s mut [u8],
        input: &mut &'i [u8],
    ) -> Told<'s> {
        let front = self.front(scratch, input);
        let n = usize::try_from(left).unwrap_or(usize::MAX).min(front.len());
        if n == 0 {
            return Ok(None);
        }
        let left = left.saturating_sub(n as u64);
        self.phase = if left == 0 { Phase::BodyEnd { line_end: false } } else { Phase::Body(left) };
        self.consume(n, input);
        tell(Data::BodyData(front.get(..n).unwrap_or_default()))
    }

    /// Octets of a body in quotes, up to a backslash or the end.
    #[inline(never)]
    pub(super) fn quoted_body<'s, 'i: 's>(
        &mut self,
        mut escaped: bool,
        scratch: &'s mut [u8],
        input: &mut &'i [u8],
    ) -> Told<'s> {
        if !escaped && self.peek(scratch, input) == Some(b'\\') {
            self.consume(1, input);
            escaped = true;
        }
        let front = self.front(scratch, input);
        let from = usize::from(escaped);
        let text = front.get(from..).unwrap_or_default();
        let special = |octet: &u8| matches!(octet, b'"' | b'\\' | b'\n');
        let len = from.saturating_add(text.iter().position(special).unwrap_or(text.len()));
        let len = len.min(front.len());
        if len > 0 {
            self.phase = Phase::QuotedBody { escaped: false };
            self.consume(len, input);
            return tell(Data::BodyData(front.get(..len).unwrap_or_default()));
        }
        match front.first() {
            None => {
                self.phase = Phase::QuotedBody { escaped };
                return Ok(None);
            }
            Some(b'"') => self.consume(1, input),
            Some(_) => self.note(Quirk::BadQuoting),
        }
        self.phase = Phase::Items;
        tell(Data::BodyEnd)
    }
}

/// Whether this is a body with an announcement that cannot be read: what follows could be its octets, or a response.
#[cold]
pub(super) fn lost_body(octets: &[u8]) -> bool {
    let mut lexer = Lexer::new(octets);
    Key::parse(&mut lexer).is_some_and(|key| key.body().is_some())
        && matches!(lexer.rest(), [b'{', ..] | [b'~', b'{', ..])
}
