//! The data items of a FETCH response (RFC 9051 §7.5.2), one by one, and bodies as they come.

use super::parts::{Part, Separator};
use super::{Phase, Reader, Told, nothing, oversize, tell};
use crate::Violation;
use crate::imap::event::Oversize;
#[cfg(not(feature = "fast"))]
use crate::imap::framer::Line;
use crate::imap::framer::{Found, Stop};
use crate::imap::lexer::Lexer;
use crate::imap::quirk::{Quirk, QuirkSet};
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
            None => return nothing(),
            Some(b' ' | b')') => {}
            Some(_) => return self.list_is_cut(),
        }
        #[cfg(feature = "fast")]
        if !self.seek(scratch, input) {
            return nothing();
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
                Separator::None => return nothing(),
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
            Part::Partial => nothing(),
            Part::Fatal(violation) => self.lost(violation),
            Part::Oversize { octets, line_end } => {
                self.behind_literal = false;
                self.list_may_be_cut(line_end);
                oversize(Oversize::Item, octets)
            }
            Part::Whole { len, found } => {
                let octets = self.front(scratch, input).get(..len).unwrap_or_default();
                let (octets, line_end) = self.take_part(octets, found, input);
                self.whole_part(octets, line_end, found == Found::Announced)
            }
        }
    }

    /// An item has been found whole, or the beginning of a body whose octets come next.
    fn whole_part<'s>(&mut self, octets: &'s [u8], line_end: bool, announced: bool) -> Told<'s> {
        let mut lexer = Lexer::new(octets);
        if !announced {
            work::add(octets.len());
            self.behind_literal = false;
            self.list_may_be_cut(line_end);
        }
        let Some(key) = Key::parse(&mut lexer) else { return self.malformed(octets) };
        if key.body().is_none() {
            let Some(value) = Item::parse(&key, &mut lexer, self.max_nesting.into()) else {
                return self.malformed(octets);
            };
            self.end_part(lexer);
            return tell(Data::Item(value));
        }
        // One that was not announced is NIL, or nothing that can be a body. The octets of a string are in the part.
        if !announced && matches!(lexer.peek(), Some(b'{' | b'~' | b'"')) {
            return self.malformed(octets);
        }
        match self.begin_body(&key, &mut lexer) {
            Ok(start) => {
                if !announced {
                    self.phase = Phase::BodyEnd { line_end };
                }
                self.end_part(lexer);
                tell(Data::BodyStart(start))
            }
            Err(Some(violation)) => self.lost(violation),
            Err(None) => self.malformed(octets),
        }
    }

    /// Notes what was forgiven in a part, and what is left of it.
    fn end_part(&mut self, mut lexer: Lexer<'_>) {
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

    pub(super) fn malformed<'s>(&mut self, octets: &'s [u8]) -> Told<'s> {
        #[cfg(feature = "fast")]
        {
            self.folded = false;
        }
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
pub(super) fn lost_body(octets: &[u8]) -> bool {
    let mut lexer = Lexer::new(octets);
    Key::parse(&mut lexer).is_some_and(|key| key.body().is_some())
        && matches!(lexer.rest(), [b'{', ..] | [b'~', b'{', ..])
}
