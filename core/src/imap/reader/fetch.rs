//! The data items of a FETCH response (RFC 9051 §7.5.2), one by one, and bodies as they come.

use super::parts::{Part, Separator};
use super::{Phase, Reader, Told, nothing, oversize, tell};
use crate::Violation;
use crate::imap::event::Oversize;
#[cfg(not(feature = "fast"))]
use crate::imap::framer::Line;
use crate::imap::framer::{Found, Stop};
use crate::imap::lexer::Lexer;
use crate::imap::quirk::{Forgiven, Quirk};
use crate::imap::response::Data;
use crate::imap::response::fetch::{BodyStart, Content, Item, Key};
use crate::imap::session::{Count, count, wide};
use crate::imap::work;

impl Reader {
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
                if octets > wide(self.framer.max_literal()) {
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
            Content::Literal(octets) => Phase::Body(count(octets)),
            Content::Quoted => Phase::QuotedBody { escaped: false },
        };
        Ok(BodyStart { item: body, origin: key.origin(), content })
    }

    /// The line has ended, the list has not.
    #[cold]
    pub(super) fn list_is_cut<'s>(&mut self) -> Told<'s> {
        self.cut_list();
        tell(Data::FetchEnd(self.message))
    }

    fn cut_list(&mut self) {
        self.ended();
        self.note(Quirk::MissingParentheses);
    }

    /// The line has ended behind a literal, the list has not. Some servers put a line ending there that does not
    /// belong there; what comes next shows it. `None` where the list goes on.
    fn list_goes_on(&mut self, scratch: &mut [u8], input: &mut &[u8]) -> Option<Part> {
        self.item = self.consumed;
        match self.peek(scratch, input) {
            None => return Some(Part::Partial),
            Some(b' ' | b')') => {}
            Some(_) => return Some(Part::ListCut),
        }
        #[cfg(feature = "fast")]
        if !self.seek(scratch, input) {
            return Some(Part::Partial);
        }
        self.note(Quirk::MissingParentheses);
        self.behind_literal = false;
        self.phase = Phase::Items;
        None
    }

    /// The next data item, if the list goes on.
    #[cfg(feature = "fast")]
    #[inline(never)]
    pub(super) fn items_cut<'s, 'i: 's>(
        &mut self,
        scratch: &'s mut [u8],
        input: &mut &'i [u8],
    ) -> Told<'s> {
        match self.list_goes_on(scratch, input) {
            None => self.item(scratch, input),
            Some(Part::ListCut) => self.list_is_cut(),
            Some(_) => nothing(),
        }
    }

    /// The next data item, of a response that does not lie whole in one place.
    #[cfg(feature = "fast")]
    #[inline(never)]
    pub(super) fn item_in_parts<'s, 'i: 's>(
        &mut self,
        scratch: &'s mut [u8],
        input: &mut &'i [u8],
    ) -> Told<'s> {
        let mut told = nothing();
        match self.item_part(scratch, input) {
            Part::Whole { len, found } => {
                let (octets, line_end) = self.taken_item(len, found, scratch, input);
                self.whole_part(octets, line_end, found == Found::Announced, &mut told);
            }
            Part::LineEnd => return self.items_cut(scratch, input),
            part => self.no_item(part, &mut told),
        }
        told
    }

    /// The next data item, told where the caller wants it: it is large, for a stack on a chip.
    #[cfg(not(feature = "fast"))]
    #[inline(never)]
    pub(super) fn item_in_place<'s, 'i: 's>(
        &mut self,
        scratch: &'s mut [u8],
        input: &mut &'i [u8],
        told: &mut Told<'s>,
    ) {
        self.goes_on();
        match self.item_part(scratch, input) {
            Part::Whole { len, found } => {
                let (octets, line_end) = self.taken_item(len, found, scratch, input);
                self.whole_part(octets, line_end, found == Found::Announced, told);
            }
            part => self.no_item(part, told),
        }
    }

    /// What is told where there is no whole item.
    fn no_item(&mut self, part: Part, told: &mut Told<'_>) {
        match part {
            Part::Fatal(violation) => *told = self.lost(violation),
            Part::ListEnd => *told = tell(Data::FetchEnd(self.message)),
            Part::ListCut => {
                self.cut_list();
                *told = tell(Data::FetchEnd(self.message));
            }
            Part::Oversize { octets, line_end } => {
                self.behind_literal = false;
                self.list_may_be_cut(line_end);
                *told = oversize(Oversize::Item, octets);
            }
            _ => {}
        }
    }

    /// Takes an item that is whole; whether the line ended with it.
    fn taken_item<'s, 'i: 's>(
        &mut self,
        len: usize,
        found: Found,
        scratch: &'s [u8],
        input: &mut &'i [u8],
    ) -> (&'s [u8], bool) {
        let octets = self.front(scratch, input).get(..len).unwrap_or_default();
        let (octets, line_end) = self.take_part(octets, found, input);
        if found != Found::Announced {
            work::add(octets.len());
            self.behind_literal = false;
            self.list_may_be_cut(line_end);
        }
        (octets, line_end)
    }

    /// Finds the next data item, or the end of the list. Without `fast` it looks twice where a line was cut.
    #[cfg_attr(feature = "fast", allow(clippy::never_loop))]
    #[cfg_attr(not(feature = "fast"), inline(never))]
    fn item_part(&mut self, scratch: &mut [u8], input: &mut &[u8]) -> Part {
        while !self.is_mid_part() {
            #[cfg(not(feature = "fast"))]
            if self.phase == Phase::ItemsCut
                && let Some(part) = self.list_goes_on(scratch, input)
            {
                return part;
            }
            match self.separators(scratch, input, Stop::Item) {
                Separator::None => return Part::Partial,
                Separator::Part => {
                    self.first = false;
                    break;
                }
                Separator::Close => {
                    if self.first {
                        self.note(Quirk::EmptyList);
                    }
                    self.consume(1, input);
                    self.phase = Phase::Tail;
                    return Part::ListEnd;
                }
                Separator::LineEnd if self.behind_literal => {
                    // What there is to note depends on what comes next.
                    self.quirks = Forgiven::NONE;
                    self.ended();
                    self.phase = Phase::ItemsCut;
                    #[cfg(feature = "fast")]
                    return Part::LineEnd;
                }
                Separator::LineEnd => return Part::ListCut,
            }
        }
        self.part(scratch, input, Stop::Item)
    }

    /// An item has been found whole, or the beginning of a body whose octets come next.
    #[cfg_attr(not(feature = "fast"), inline(never))]
    fn whole_part<'s>(
        &mut self,
        octets: &'s [u8],
        line_end: bool,
        announced: bool,
        told: &mut Told<'s>,
    ) {
        let mut lexer = Lexer::new(octets);
        let key = Key::parse(&mut lexer);
        // By reference: a key is large, for a stack on a chip.
        let read = match &key {
            None => None,
            Some(key) if key.body().is_some() => {
                self.body_start(key, &mut lexer, line_end, announced, told)
            }
            Some(key) => self.told_item(key, &mut lexer, told),
        };
        match read {
            Some(()) => self.end_part(&mut lexer),
            None => self.malformed(octets, told),
        }
    }

    /// The value of an item, told in place.
    #[cfg(not(feature = "fast"))]
    fn told_item<'s>(
        &self,
        key: &Key<'s>,
        lexer: &mut Lexer<'s>,
        told: &mut Told<'s>,
    ) -> Option<()> {
        *told = tell(Data::BodyEnd);
        let Told::Data(data) = told else { return None };
        Item::tell(key, lexer, self.max_nesting.into(), data)
    }

    /// The value of an item.
    #[cfg(feature = "fast")]
    #[inline(always)]
    fn told_item<'s>(
        &self,
        key: &Key<'s>,
        lexer: &mut Lexer<'s>,
        told: &mut Told<'s>,
    ) -> Option<()> {
        *told = tell(Data::Item(Item::parse(key, lexer, self.max_nesting.into())?));
        Some(())
    }

    /// A body begins whose octets come next, or NIL in its place; `None` for what can be neither.
    #[cfg_attr(not(feature = "fast"), inline(never))]
    fn body_start<'s>(
        &mut self,
        key: &Key<'s>,
        lexer: &mut Lexer<'s>,
        line_end: bool,
        announced: bool,
        told: &mut Told<'s>,
    ) -> Option<()> {
        // One that was not announced is NIL, or nothing that can be a body. The octets of a string are in the part.
        if !announced && matches!(lexer.peek(), Some(b'{' | b'~' | b'"')) {
            return None;
        }
        match self.begin_body(key, lexer) {
            Ok(start) => {
                if !announced {
                    self.phase = Phase::BodyEnd { line_end };
                }
                *told = tell(Data::BodyStart(start));
            }
            Err(violation) => {
                *told = self.lost(violation?);
                // Nothing counts any more but that.
                *lexer = Lexer::new(&[]);
            }
        }
        Some(())
    }

    /// Notes what was forgiven in a part, and what is left of it.
    fn end_part(&mut self, lexer: &mut Lexer<'_>) {
        if !lexer.at_end() {
            lexer.note(Quirk::ExtraField);
        }
        #[cfg(feature = "fast")]
        if core::mem::take(&mut self.folded) {
            self.quirks.insert(lexer.quirks().without(Quirk::FoldedQuoted));
            return;
        }
        self.quirks.insert(lexer.quirks());
    }

    pub(super) fn malformed<'s>(&mut self, octets: &'s [u8], told: &mut Told<'s>) {
        #[cfg(feature = "fast")]
        {
            self.folded = false;
        }
        if lost_body(octets) {
            *told = self.lost(Violation::BadLiteral);
            return;
        }
        self.note(Quirk::MalformedItem);
        *told = tell(Data::Item(Item::Malformed(octets)));
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
        left: Count,
        scratch: &'s mut [u8],
        input: &mut &'i [u8],
    ) -> Told<'s> {
        let front = self.front(scratch, input);
        let n = usize::try_from(left).unwrap_or(usize::MAX).min(front.len());
        if n == 0 {
            return nothing();
        }
        let left = left.saturating_sub(n as Count);
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
            #[cfg(not(feature = "fast"))]
            for &octet in front.iter().take(len) {
                let _ = self.framer.line(octet);
            }
            self.phase = Phase::QuotedBody { escaped: false };
            self.consume(len, input);
            return tell(Data::BodyData(front.get(..len).unwrap_or_default()));
        }
        match front.first() {
            None => {
                self.phase = Phase::QuotedBody { escaped };
                return nothing();
            }
            Some(b'"') => self.consume(1, input),
            Some(_) => {
                // What announces a literal here may be taken for one by someone else.
                #[cfg(not(feature = "fast"))]
                if self.framer.line(b'\n') == Line::Announces {
                    self.lost = self.framer.enter_literal();
                }
                self.note(Quirk::BadQuoting);
            }
        }
        #[cfg(not(feature = "fast"))]
        self.framer.reset();
        self.phase = Phase::Items;
        tell(Data::BodyEnd)
    }
}

/// Whether this is a body with an announcement that cannot be read: what follows could be its octets, or a response.
#[cold]
#[inline(never)]
pub(super) fn lost_body(octets: &[u8]) -> bool {
    let mut lexer = Lexer::new(octets);
    Key::parse(&mut lexer).is_some_and(|key| key.body().is_some())
        && matches!(lexer.rest(), [b'{', ..] | [b'~', b'{', ..])
}
