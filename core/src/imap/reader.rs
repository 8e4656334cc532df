//! Takes the octets of a connection apart into replies (RFC 9051 §7): one a call, whatever the cut. Knows the
//! grammar, no session.
//!
//! A response whose octets, literals included, fit the scratch buffer is looked at where it lies: in the caller's input, or,
//! when reads have cut it, in the scratch buffer. One that does not fit is read part by part, with the
//! framer. Which of the two is decided by lengths alone, so that it never depends on the cuts.

use super::capability::Capability;
use super::event::{Event, Oversize, Status};
use super::flag::{Flag, Flags};
use super::framer::{Found, Framer, Stop};
use super::lexer::{Lexer, Plain};
use super::quirk::{Quirk, QuirkSet};
use super::response::body_structure::BodyStructure;
use super::response::code::{self, Code};
use super::response::envelope::Envelope;
use super::response::esearch::EsearchState;
use super::response::fetch::{BodyStart, Content, Item, Key, MessageId};
use super::response::thread::ThreadElement;
use super::response::{self, Data, Listing};
use super::sequence_set::Range;
use super::work;
use crate::wire::{copy, literal, move_to_front};
use crate::{RemoteError, Violation};

/// What a call on the client tells: the event is made where it is found, and not moved again.
pub(super) type Told<'a> = Result<Option<Event<'a>>, RemoteError>;

/// What a response is, as far as its first octets tell.
#[derive(Clone, Copy, Debug)]
pub(super) enum Reply<'a> {
    /// All input was taken, and there is nothing to tell.
    Nothing,
    /// A status response that completes a command.
    Tagged { tag: &'a [u8], status: Status, code: Option<Code<'a>>, text: &'a [u8] },
    /// One that does not.
    Status { condition: Condition, code: Option<Code<'a>>, text: &'a [u8] },
    /// A continuation request: what follows `+ `.
    Continue { text: &'a [u8] },
    /// Server data.
    Data(Data<'a>),
    /// Something did not fit.
    Oversize { what: Oversize, octets: u64 },
    /// A line that is no response at all.
    Junk(&'a [u8]),
    /// Framing is lost.
    Fatal(Violation),
}

/// What an untagged status response says (RFC 9051 §7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    Ok,
    No,
    Bad,
    Preauth,
    Bye,
}

/// How far a response has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// None has begun.
    Start,
    /// Between the data items of a FETCH.
    Items,
    /// Behind a FETCH whose line has ended behind a literal, with its list still open.
    ItemsCut,
    /// Behind a FETCH whose line has ended, with its list still open.
    ItemsEnd,
    /// In a body of so many more octets.
    Body(u64),
    /// In a body that is a quoted string; perhaps behind a backslash.
    QuotedBody { escaped: bool },
    /// A body has ended.
    BodyEnd,
    /// Between the elements of a response that comes by element.
    Elements(Listing),
    /// Behind the last of them, and the line's end.
    ElementsEnd(Listing),
    /// All has been told; the line's end is still to come.
    Tail,
    /// In a response that does not fit and is being skipped.
    Skip,
    /// In a response that the session does not want.
    Void,
    /// In the text of a status response that does not fit: behind so many octets, the last of them perhaps CR.
    SkipText { octets: u64, cr: bool },
}

/// How a response is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// It is not known yet where the response ends.
    Seeking,
    /// The response lies whole in one place; so many of its octets are left, of which the last are its line ending.
    Whole { left: usize, ending: usize },
    /// Part by part.
    Parts,
}

/// The reader of one connection. Its buffer is the caller's.
#[derive(Debug)]
pub(super) struct Reader {
    phase: Phase,
    mode: Mode,
    /// `scratch[start..end]` holds octets that were received and not told.
    start: usize,
    end: usize,
    /// Octets of a literal that are still to be gathered, and where in the scratch buffer the line behind it begins.
    literal: usize,
    line: usize,
    /// What the framer has seen of the present part: so many octets, all of them in the scratch buffer unless the
    /// part is being dropped.
    framer: Framer,
    framed: u64,
    /// Whether the present part is being dropped.
    dropping: bool,
    /// Spaces, CR and a comma behind the part that was told last.
    spaces: u8,
    cr: bool,
    comma: bool,
    /// Whether what should not be there has been noted behind the response.
    junk: bool,
    /// Whether it has been told that a line ended within the item that comes next.
    folded: bool,
    /// The message of the present FETCH.
    message: MessageId,
    /// Whether none of its items has come, and whether the last one was a body in a literal.
    first: bool,
    behind_literal: bool,
    esearch: EsearchState,
    max_nesting: usize,
    max_literal: u64,
    quirks: QuirkSet,
    /// Octets of the connection that were told or skipped, and how many of them came before the present item.
    consumed: u64,
    item: u64,
    truncated: bool,
    /// Up to where the present response goes at least, counted like these: its lines announce literals.
    promise: u64,
    /// Whether a response ended before that, so that nobody can tell where the next one begins.
    lost: bool,
}

/// Where a part of a response ends.
#[derive(Clone, Copy)]
enum Part {
    /// It is not complete, and all input was taken.
    Partial,
    /// It is the first octets of what comes next, up to here.
    Whole {
        len: usize,
        found: Found,
    },
    /// It was dropped.
    Oversize {
        octets: u64,
        line_end: bool,
    },
    Fatal(Violation),
}

impl Reader {
    pub(super) const fn new(max_nesting: u8, max_literal: u64) -> Self {
        Self {
            phase: Phase::Start,
            mode: Mode::Seeking,
            start: 0,
            end: 0,
            literal: 0,
            line: 0,
            framer: Framer::new(max_literal),
            framed: 0,
            dropping: false,
            spaces: 0,
            cr: false,
            comma: false,
            junk: false,
            folded: false,
            message: MessageId::Number(0),
            first: false,
            behind_literal: false,
            esearch: EsearchState::START,
            max_nesting: max_nesting as usize,
            max_literal,
            quirks: QuirkSet::NONE,
            consumed: 0,
            item: 0,
            truncated: false,
            promise: 0,
            lost: false,
        }
    }

    /// What was forgiven in the reply that was told last.
    pub(super) fn take_quirks(&mut self) -> QuirkSet {
        core::mem::take(&mut self.quirks)
    }

    /// How many octets of the connection came before what was told last.
    pub(super) const fn offset(&self) -> u64 {
        self.item
    }

    /// Whether a response has begun and not ended.
    pub(super) fn is_mid_response(&self) -> bool {
        self.phase != Phase::Start || self.start < self.end
    }

    /// Whether the reply that was told last had to be cut.
    pub(super) const fn is_truncated(&self) -> bool {
        self.truncated
    }

    /// Whether the next octets begin a response; if not, they go on with its data.
    #[inline]
    pub(super) fn is_between(&self) -> bool {
        self.phase == Phase::Start
    }

    /// Whether a response has been told whose line has not ended.
    #[inline]
    pub(super) fn is_in_tail(&self) -> bool {
        self.phase == Phase::Tail
    }

    /// Whether they go on with a FETCH response.
    #[inline]
    pub(super) const fn is_in_fetch(&self) -> bool {
        matches!(
            self.phase,
            Phase::Items | Phase::Body(_) | Phase::BodyEnd | Phase::QuotedBody { .. }
        )
    }

    /// Begins a FETCH response, if one of the usual spelling comes next. If not, nothing has been told.
    #[inline]
    pub(super) fn fetch_start(
        &mut self,
        scratch: &mut [u8],
        input: &mut &[u8],
    ) -> Option<MessageId> {
        if self.phase != Phase::Start || self.lost || !self.seek(scratch, input) {
            return None;
        }
        let Mode::Whole { left, ending: 2 } = self.mode else { return None };
        let front = self.front(scratch, input).get(..left)?;
        let mut plain = Plain(front.strip_prefix(b"* ")?);
        let number = plain.nz_number()?;
        let items = plain.0.strip_prefix(b" FETCH (")?;
        if items.first() == Some(&b'(') {
            return None;
        }
        self.truncated = false;
        self.item = self.consumed;
        self.consume(front.len().wrapping_sub(items.len()), input);
        self.message = MessageId::Number(number);
        self.first = true;
        self.behind_literal = false;
        self.phase = Phase::Items;
        Some(self.message)
    }

    /// Takes octets from `input` where a response begins, and tells at most one reply. Never takes more than one
    /// line.
    #[inline]
    pub(super) fn response<'s, 'i: 's>(
        &mut self,
        scratch: &'s mut [u8],
        input: &mut &'i [u8],
    ) -> Reply<'s> {
        self.truncated = false;
        self.item = self.consumed;
        if self.lost {
            return Reply::Fatal(Violation::BadLiteral);
        }
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

    /// Takes octets from `input` where the data of a response go on, and tells at most one event.
    #[inline(always)]
    pub(super) fn data<'s, 'i: 's>(
        &mut self,
        scratch: &'s mut [u8],
        input: &mut &'i [u8],
    ) -> Told<'s> {
        self.truncated = false;
        if !self.is_mid_part() {
            self.item = self.consumed;
        }
        match self.phase {
            Phase::Items => self.item(scratch, input),
            Phase::Body(left) => self.body(left, scratch, input),
            Phase::BodyEnd => {
                self.phase = Phase::Items;
                tell(Data::BodyEnd)
            }
            Phase::QuotedBody { escaped } => self.quoted_body(escaped, scratch, input),
            Phase::ItemsCut => self.items_cut(scratch, input),
            Phase::ItemsEnd => self.list_is_cut(),
            Phase::Elements(listing) => self.element(listing, scratch, input),
            Phase::ElementsEnd(listing) => {
                self.ended();
                tell(Data::End(listing))
            }
            Phase::Skip => self.skip(input),
            Phase::SkipText { octets, cr } => self.skip_text(octets, cr, scratch, input),
            Phase::Start | Phase::Tail | Phase::Void => Ok(None),
        }
    }

    // Responses.

    /// Reads what kind of response it is.
    #[inline]
    fn begin<'s>(&mut self, content: &'s [u8], input: &mut &[u8]) -> Reply<'s> {
        let mut lexer = Lexer::new(content);
        match lexer.peek() {
            Some(b'*') => {
                lexer.advance(1);
                self.untagged(content, lexer, input)
            }
            Some(b'+') => {
                lexer.advance(1);
                if lexer.octet(b' ').is_none() {
                    lexer.note(Quirk::MissingText);
                }
                self.text_taken(content, lexer.quirks(), input);
                Reply::Continue { text: lexer.rest() }
            }
            _ => self.tagged(content, lexer, input),
        }
    }

    #[inline]
    fn untagged<'s>(
        &mut self,
        content: &'s [u8],
        mut lexer: Lexer<'s>,
        input: &mut &[u8],
    ) -> Reply<'s> {
        if lexer.sp().is_none() {
            return self.junk(content, input);
        }
        if !lexer.peek().is_some_and(|octet| octet.is_ascii_digit()) {
            return self.named(content, lexer, input);
        }
        let Some(number) = lexer.number().filter(|_| lexer.sp().is_some()) else {
            return self.unrecognized(content, Some(Quirk::MalformedResponse), input);
        };
        let Some(name) = lexer.atom() else {
            return self.unrecognized(content, Some(Quirk::MalformedResponse), input);
        };
        match name.len() {
            5 if name.eq_ignore_ascii_case(b"FETCH") => {
                self.fetch(content, lexer, MessageId::Number(number), input)
            }
            8 if name.eq_ignore_ascii_case(b"UIDFETCH") => {
                self.fetch(content, lexer, MessageId::Uid(number), input)
            }
            6 if name.eq_ignore_ascii_case(b"EXISTS") => {
                self.count(content, lexer, Data::Exists(number), input)
            }
            6 if name.eq_ignore_ascii_case(b"RECENT") => {
                self.count(content, lexer, Data::Recent(number), input)
            }
            7 if name.eq_ignore_ascii_case(b"EXPUNGE") => {
                self.count(content, lexer, Data::Expunge(number), input)
            }
            _ => self.unrecognized(content, None, input),
        }
    }

    /// `* n EXISTS` and the like.
    fn count<'s>(
        &mut self,
        content: &'s [u8],
        mut lexer: Lexer<'s>,
        data: Data<'s>,
        input: &mut &[u8],
    ) -> Reply<'s> {
        if lexer.end().is_none() || self.mode == Mode::Parts {
            return self.unrecognized(content, Some(Quirk::MalformedResponse), input);
        }
        self.quirks.insert(lexer.quirks());
        self.consume_line(input);
        Reply::Data(data)
    }

    /// `* n FETCH (`.
    #[inline]
    fn fetch<'s>(
        &mut self,
        content: &'s [u8],
        mut lexer: Lexer<'s>,
        message: MessageId,
        input: &mut &[u8],
    ) -> Reply<'s> {
        if lexer.sp().is_none() {
            lexer.note(Quirk::MissingSpace);
        }
        if lexer.open().is_none() {
            return self.unrecognized(content, Some(Quirk::MalformedResponse), input);
        }
        while lexer.open().is_some() {
            lexer.note(Quirk::ExtraParentheses);
        }
        self.quirks.insert(lexer.quirks());
        self.consume(lexer.taken_of(content), input);
        self.message = message;
        self.first = true;
        self.behind_literal = false;
        self.phase = Phase::Items;
        Reply::Data(Data::FetchStart(message))
    }

    /// A response that begins with its name.
    fn named<'s>(
        &mut self,
        content: &'s [u8],
        mut lexer: Lexer<'s>,
        input: &mut &[u8],
    ) -> Reply<'s> {
        let Some(name) = lexer.atom() else {
            return self.unrecognized(content, Some(Quirk::MalformedResponse), input);
        };
        if let Some(condition) = condition(name) {
            return self.status(content, condition, lexer, input);
        }
        if let Some(listing) = listing(name) {
            return self.begin_elements(content, listing, lexer, input);
        }
        if self.mode == Mode::Parts {
            return self.skip_response(content, input);
        }
        // The name alone is no space short of arguments: some have none.
        let separated = lexer.sp().is_some();
        let data = response::parse(name, &mut lexer);
        work::add(lexer.taken_of(content));
        let Some(data) = data else {
            let quirk = (!is_name(name)).then_some(Quirk::MalformedResponse);
            return self.unrecognized(content, quirk, input);
        };
        match data.filter(|_| separated || lexer.at_end()) {
            Some(data) => {
                self.quirks.insert(lexer.quirks());
                self.consume_line(input);
                Reply::Data(data)
            }
            None => self.unrecognized(content, Some(Quirk::MalformedResponse), input),
        }
    }

    fn status<'s>(
        &mut self,
        content: &'s [u8],
        condition: Condition,
        mut lexer: Lexer<'s>,
        input: &mut &[u8],
    ) -> Reply<'s> {
        let _ = lexer.octet(b' ');
        let (code, text, quirks) = self.text(lexer.rest());
        lexer.note_all(quirks);
        self.text_taken(content, lexer.quirks(), input);
        Reply::Status { condition, code, text }
    }

    /// `tag OK text`, or no response.
    fn tagged<'s>(
        &mut self,
        content: &'s [u8],
        mut lexer: Lexer<'s>,
        input: &mut &[u8],
    ) -> Reply<'s> {
        let status = |lexer: &mut Lexer<'s>| {
            let tag = lexer.atom()?;
            lexer.sp()?;
            let status = match condition(lexer.atom()?)? {
                Condition::Ok => Status::Ok,
                Condition::No => Status::No,
                Condition::Bad => Status::Bad,
                Condition::Preauth | Condition::Bye => return None,
            };
            Some((tag, status))
        };
        let Some((tag, status)) = status(&mut lexer) else {
            return self.junk(content, input);
        };
        let _ = lexer.octet(b' ');
        let (code, text, quirks) = self.text(lexer.rest());
        lexer.note_all(quirks);
        self.text_taken(content, lexer.quirks(), input);
        Reply::Tagged { tag, status, code, text }
    }

    /// A line that is no response.
    fn junk<'s>(&mut self, content: &'s [u8], input: &mut &[u8]) -> Reply<'s> {
        self.text_taken(content, QuirkSet::NONE, input);
        Reply::Junk(content)
    }

    /// The code and the words of a status response, or as much of them as fits.
    fn text<'s>(&self, octets: &'s [u8]) -> (Option<Code<'s>>, &'s [u8], QuirkSet) {
        if self.mode == Mode::Parts { code::parse_cut(octets) } else { code::parse_text(octets) }
    }

    /// A line of text has been read, or as much of it as fits.
    fn text_taken(&mut self, content: &[u8], quirks: QuirkSet, input: &mut &[u8]) {
        self.quirks.insert(quirks);
        if self.mode == Mode::Parts {
            self.consume(content.len(), input);
            self.truncated = true;
            self.phase = Phase::SkipText {
                octets: content.len() as u64,
                cr: content.last() == Some(&b'\r'),
            };
        } else {
            self.consume_line(input);
        }
    }

    /// A response that is handed over as it came.
    fn unrecognized<'s>(
        &mut self,
        content: &'s [u8],
        quirk: Option<Quirk>,
        input: &mut &[u8],
    ) -> Reply<'s> {
        if self.mode == Mode::Parts {
            return self.skip_response(content, input);
        }
        if let Some(quirk) = quirk {
            self.note(quirk);
        }
        self.consume_line(input);
        Reply::Data(Data::Unrecognized(content))
    }

    // FETCH.

    /// The next data item.
    #[inline(always)]
    fn item<'s, 'i: 's>(&mut self, scratch: &'s mut [u8], input: &mut &'i [u8]) -> Told<'s> {
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
    fn is_blank(&self, left: usize, ending: usize, scratch: &[u8], input: &&[u8]) -> bool {
        let rest = self.front(scratch, input).get(..left.saturating_sub(ending));
        rest.is_some_and(|rest| rest.iter().all(|&octet| octet == b' '))
    }

    /// The next data item, of a response that lies whole in one place.
    #[inline(always)]
    fn whole_item<'s>(&mut self, content: &'s [u8], input: &mut &[u8]) -> Told<'s> {
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
    fn larger_item<'s>(
        &mut self,
        content: &'s [u8],
        item: &'s [u8],
        input: &mut &[u8],
    ) -> Told<'s> {
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
    fn take_item(&mut self, content: &[u8], rest: &[u8], input: &mut &[u8]) {
        work::add(content.len().wrapping_sub(rest.len()));
        self.behind_literal = false;
        self.consume(content.len().wrapping_sub(rest.len()), input);
    }

    /// Any item but the most usual.
    #[inline(never)]
    fn unusual_item<'s>(
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

    fn whole_body<'s>(
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
    fn begin_body<'s>(
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
            Content::Literal(0) | Content::Nil => Phase::BodyEnd,
            Content::Literal(octets) => Phase::Body(octets),
            Content::Quoted => Phase::QuotedBody { escaped: false },
        };
        Ok(BodyStart { item: body, origin: key.origin(), content })
    }

    /// An item that the grammar does not know how to read, or that has something behind it: where it ends is a
    /// question of parentheses and quotes alone.
    #[cold]
    fn odd_item<'s>(
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
    fn list_ends<'s>(&mut self, mut lexer: Lexer<'_>, input: &mut &[u8]) -> Told<'s> {
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
    fn list_is_cut<'s>(&mut self) -> Told<'s> {
        self.ended();
        self.note(Quirk::MissingParentheses);
        tell(Data::FetchEnd(self.message))
    }

    /// The line has ended behind a literal, the list has not. Some servers put a line ending there that does not
    /// belong there; what comes next shows it.
    #[inline(never)]
    fn items_cut<'s, 'i: 's>(&mut self, scratch: &'s mut [u8], input: &mut &'i [u8]) -> Told<'s> {
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
    fn item_in_parts<'s, 'i: 's>(
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
    fn whole_part<'s>(&mut self, octets: &'s [u8], line_end: bool) -> Told<'s> {
        let mut lexer = Lexer::new(octets);
        work::add(octets.len());
        self.behind_literal = false;
        self.list_may_be_cut(line_end);
        let folded = core::mem::take(&mut self.folded);
        let Some(key) = Key::parse(&mut lexer) else { return self.malformed(octets) };
        if key.body().is_some() {
            // It was not announced: NIL, or nothing that can be a body.
            return match self.begin_body(&key, &mut lexer) {
                Ok(start) => tell(Data::BodyStart(start)),
                Err(Some(violation)) => self.lost(violation),
                Err(None) => self.malformed(octets),
            };
        }
        let Some(value) = Item::parse(&key, &mut lexer, self.max_nesting) else {
            return self.malformed(octets);
        };
        if !lexer.at_end() {
            lexer.note(Quirk::ExtraField);
        }
        let mut quirks = lexer.quirks();
        if folded {
            quirks = quirks.without(Quirk::FoldedQuoted);
        }
        self.quirks.insert(quirks);
        tell(Data::Item(value))
    }

    fn body_in_parts<'s>(&mut self, octets: &'s [u8]) -> Told<'s> {
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

    fn malformed<'s>(&mut self, octets: &'s [u8]) -> Told<'s> {
        if lost_body(octets) {
            return self.lost(Violation::BadLiteral);
        }
        self.note(Quirk::MalformedItem);
        tell(Data::Item(Item::Malformed(octets)))
    }

    /// If the line ended with this item, so did the FETCH.
    fn list_may_be_cut(&mut self, line_end: bool) {
        if line_end {
            self.ended();
            self.phase = Phase::ItemsEnd;
        }
    }

    /// Octets of a body, from where they lie.
    #[inline]
    fn body<'s, 'i: 's>(
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
        self.phase = if left == 0 { Phase::BodyEnd } else { Phase::Body(left) };
        self.consume(n, input);
        tell(Data::BodyData(front.get(..n).unwrap_or_default()))
    }

    /// Octets of a body in quotes, up to a backslash or the end.
    #[inline(never)]
    fn quoted_body<'s, 'i: 's>(
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

    // Responses that come by element.

    fn begin_elements<'s>(
        &mut self,
        content: &'s [u8],
        mut listing: Listing,
        mut lexer: Lexer<'s>,
        input: &mut &[u8],
    ) -> Reply<'s> {
        if listing == Listing::Vanished {
            let mut ahead = lexer;
            if ahead.sp().is_some() && ahead.rest().starts_with(b"(") {
                ahead.advance(1);
                if ahead.keyword(b"EARLIER").is_some() && ahead.close().is_some() {
                    listing = Listing::VanishedEarlier;
                    lexer = ahead;
                }
            }
        }
        if listing == Listing::Flags && (lexer.sp().is_none() || lexer.open().is_none()) {
            return self.unrecognized(content, Some(Quirk::MalformedResponse), input);
        }
        self.quirks.insert(lexer.quirks());
        self.consume(lexer.taken_of(content), input);
        self.framer.reset();
        self.esearch = EsearchState::START;
        self.phase = Phase::Elements(listing);
        Reply::Data(Data::Begin(listing))
    }

    /// The next element.
    #[inline(never)]
    fn element<'s, 'i: 's>(
        &mut self,
        listing: Listing,
        scratch: &'s mut [u8],
        input: &mut &'i [u8],
    ) -> Told<'s> {
        let thread = listing == Listing::Thread;
        let stop = if thread { Stop::Thread } else { Stop::Element };
        loop {
            if !self.is_mid_part() {
                match self.separators(scratch, input, stop) {
                    Separator::None => return Ok(None),
                    Separator::LineEnd => {
                        self.ended();
                        return tell(Data::End(listing));
                    }
                    Separator::Close => {
                        self.consume(1, input);
                        match listing {
                            Listing::Thread => {
                                return tell(Data::Thread(ThreadElement::Close));
                            }
                            Listing::Esearch => {
                                self.esearch.close();
                                continue;
                            }
                            _ => self.phase = Phase::Tail,
                        }
                        return tell(Data::End(listing));
                    }
                    Separator::Part if self.peek(scratch, input) != Some(b'(') => {}
                    Separator::Part if thread => {
                        self.consume(1, input);
                        return tell(Data::Thread(ThreadElement::Open));
                    }
                    Separator::Part if listing == Listing::Esearch && self.esearch.enters() => {
                        self.consume(1, input);
                        self.esearch.open();
                        continue;
                    }
                    Separator::Part => {}
                }
            }
            let (len, found) = match self.part(scratch, input, stop) {
                Part::Partial => return Ok(None),
                Part::Fatal(violation) => return self.lost(violation),
                Part::Oversize { octets, line_end } => {
                    if listing == Listing::Esearch {
                        self.esearch.skipped();
                    }
                    self.elements_may_end(listing, line_end);
                    return Ok(Some(Event::Oversize { what: Oversize::Element, octets }));
                }
                Part::Whole { len, found } => (len, found),
            };
            // A range of a set is always told; names and positions are not.
            let range = matches!(self.esearch, EsearchState::All)
                && self.peek(scratch, input).is_some_and(|octet| octet.is_ascii_digit());
            if listing == Listing::Esearch && !range {
                let octets = self.front(scratch, input).get(..len).unwrap_or_default();
                work::add(octets.len());
                let mut state = self.esearch;
                if let Some(None) = state.element(&mut Lexer::new(octets), self.comma) {
                    self.esearch = state;
                    let (_, line_end) = self.take_part(octets, found, input);
                    if line_end {
                        self.ended();
                        return tell(Data::End(listing));
                    }
                    continue;
                }
            }
            let octets = self.front(scratch, input).get(..len).unwrap_or_default();
            let (octets, line_end) = self.take_part(octets, found, input);
            self.elements_may_end(listing, line_end);
            return self.whole_element(listing, octets);
        }
    }

    fn elements_may_end(&mut self, listing: Listing, line_end: bool) {
        if line_end {
            self.ended();
            self.phase = Phase::ElementsEnd(listing);
        }
    }

    fn whole_element<'s>(&mut self, listing: Listing, octets: &'s [u8]) -> Told<'s> {
        let mut lexer = Lexer::new(octets);
        work::add(octets.len());
        let data = match listing {
            Listing::Capability => Some(Data::Capability(Capability::new(octets))),
            Listing::Enabled => Some(Data::Enabled(Capability::new(octets))),
            Listing::Flags => Flag::parse(&mut lexer).map(Data::Flag),
            Listing::Search | Listing::Sort => found(&mut lexer),
            Listing::Esearch => {
                self.esearch.element(&mut lexer, self.comma).flatten().map(Data::Esearch)
            }
            Listing::Thread => lexer.number().map(|n| Data::Thread(ThreadElement::Message(n))),
            Listing::Vanished | Listing::VanishedEarlier => {
                Range::parse(octets).map(Data::Vanished)
            }
        };
        self.quirks.insert(lexer.quirks());
        match data {
            Some(data) => tell(data),
            None => {
                self.note(Quirk::MalformedItem);
                tell(Data::Unrecognized(octets))
            }
        }
    }

    // What is passed over.

    /// A response that does not fit: it is skipped to its end.
    fn skip_response<'s>(&mut self, content: &[u8], input: &mut &[u8]) -> Reply<'s> {
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

    fn skip<'s>(&mut self, input: &mut &[u8]) -> Told<'s> {
        match self.drop_part(input, Stop::Line) {
            Dropped::Partial => Ok(None),
            Dropped::TooLarge => self.lost(Violation::LiteralTooLarge),
            Dropped::Whole { octets, .. } => {
                self.framed = octets;
                self.skipped()
            }
        }
    }

    fn skipped<'s>(&mut self) -> Told<'s> {
        let octets = self.framed;
        self.part_ended();
        self.ended();
        Ok(Some(Event::Oversize { what: Oversize::Response, octets }))
    }

    /// Skips the rest of a line of text.
    fn skip_text<'s>(
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
    pub(super) fn void(&mut self) {
        if self.phase != Phase::Start {
            self.phase = Phase::Void;
            self.part_ended();
        }
    }

    /// Whether the session does not want what comes next.
    #[inline]
    pub(super) fn is_void(&self) -> bool {
        self.phase == Phase::Void
    }

    /// Passes over what the session does not want, up to its end, and tells nothing of it.
    ///
    /// # Errors
    /// [`Violation::LiteralTooLarge`].
    #[cold]
    pub(super) fn pass(&mut self, scratch: &[u8], input: &mut &[u8]) -> Result<(), Violation> {
        while self.is_void() {
            let front = self.front(scratch, input);
            if front.is_empty() {
                break;
            }
            let (n, over) = match self.mode {
                Mode::Whole { left, .. } => (left.min(front.len()), left <= front.len()),
                Mode::Seeking | Mode::Parts => match self.framer.feed(front, Stop::Line) {
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
    pub(super) fn finish_line(
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

    /// Framing is lost.
    #[cold]
    fn lost<'s>(&self, violation: Violation) -> Told<'s> {
        Err(RemoteError { violation, offset: self.item })
    }

    // Where the octets are.

    const fn is_gathered(&self) -> bool {
        self.start < self.end
    }

    /// What comes next, as far as it lies in one place.
    #[inline]
    fn front<'s, 'i: 's>(&self, scratch: &'s [u8], input: &&'i [u8]) -> &'s [u8] {
        if self.is_gathered() {
            scratch.get(self.start..self.end).unwrap_or_default()
        } else {
            input
        }
    }

    fn peek(&self, scratch: &[u8], input: &&[u8]) -> Option<u8> {
        self.front(scratch, input).first().copied()
    }

    /// Takes the first `n` octets of what comes next.
    #[inline]
    fn consume(&mut self, n: usize, input: &mut &[u8]) {
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
    fn consume_line(&mut self, input: &mut &[u8]) {
        if let Mode::Whole { left, .. } = self.mode {
            self.consume(left, input);
        }
        self.ended();
    }

    /// The response is complete: the next one begins.
    #[inline]
    fn ended(&mut self) {
        self.lost |= self.consumed < self.promise;
        self.phase = Phase::Start;
        self.mode = Mode::Seeking;
        self.cr = false;
        self.junk = false;
        self.spaces = 0;
    }

    fn note(&mut self, quirk: Quirk) {
        self.quirks = self.quirks.with(quirk);
    }

    // Where a response ends.

    /// Finds out whether the response fits the scratch buffer, literals included, and lies whole in one place; false
    /// while that is not known. What has been cut is gathered.
    #[inline]
    fn seek(&mut self, scratch: &mut [u8], input: &mut &[u8]) -> bool {
        if self.mode != Mode::Seeking {
            return true;
        }
        if self.is_gathered() {
            return self.gather(scratch, input);
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

    /// Appends to what has been gathered, until the response is whole or does not fit.
    fn gather(&mut self, scratch: &mut [u8], input: &mut &[u8]) -> bool {
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
    fn whole(&mut self, len: usize, ending: usize) {
        self.mode = Mode::Whole { left: len, ending };
        self.promise = self.consumed.saturating_add(len as u64);
    }

    /// The response, which has so many octets at least, is to be read part by part.
    fn parts(&mut self, promise: u64) {
        self.promise = self.consumed.saturating_add(promise);
        self.mode = Mode::Parts;
        self.part_ended();
    }

    /// Moves octets, which fit, from the input to the scratch buffer.
    #[inline]
    fn append(&mut self, n: usize, scratch: &mut [u8], input: &mut &[u8]) {
        let (octets, rest) = input.split_at_checked(n).unwrap_or_default();
        if let Some(room) = scratch.get_mut(self.end..) {
            copy(room, octets);
        }
        self.end = self.end.saturating_add(n);
        *input = rest;
    }

    // Parts of a response that does not fit.

    fn is_mid_part(&self) -> bool {
        self.framed > 0 || self.dropping
    }

    fn part_ended(&mut self) {
        self.framer.reset();
        self.framed = 0;
        self.dropping = false;
        self.spaces = 0;
        self.comma = false;
    }

    /// Passes what stands between two parts.
    fn separators(&mut self, scratch: &[u8], input: &mut &[u8], stop: Stop) -> Separator {
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

    fn note_spaces(&mut self, allowed: u8, quirk: Quirk) {
        if core::mem::take(&mut self.spaces) > allowed {
            self.note(quirk);
        }
    }

    /// Finds the end of the present part. One that is whole lies at the front of what comes next, not taken
    /// yet.
    fn part(&mut self, scratch: &mut [u8], input: &mut &[u8], stop: Stop) -> Part {
        if self.dropping {
            return self.dropped(input, stop);
        }
        // What the scratch buffer holds and the framer has not seen.
        while let Some(unseen) = self.unseen(scratch) {
            let (n, found) = self.framer.feed(unseen, stop);
            self.framed = self.framed.saturating_add(n as u64);
            match found {
                Found::More => {}
                Found::TooLarge => return Part::Fatal(Violation::LiteralTooLarge),
                Found::Announced if !self.is_body(scratch, &[]) => {}
                _ => return self.gathered_part(found),
            }
        }
        // What lies in the input and the framer has seen.
        let mut len = 0_usize;
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
    fn unseen<'s>(&self, scratch: &'s [u8]) -> Option<&'s [u8]> {
        let framed = usize::try_from(self.framed).ok()?;
        let unseen = scratch.get(self.start.checked_add(framed)?..self.end)?;
        (!unseen.is_empty()).then_some(unseen)
    }

    /// Whether the item whose value is announced is a body.
    fn is_body(&self, scratch: &[u8], direct: &[u8]) -> bool {
        let gathered = scratch.get(self.start..self.end).unwrap_or_default();
        let octets = if gathered.is_empty() { direct } else { gathered };
        Key::parse(&mut Lexer::new(octets)).is_some_and(|key| key.body().is_some())
    }

    /// The part in the scratch buffer is complete.
    fn gathered_part(&self, found: Found) -> Part {
        Part::Whole { len: usize::try_from(self.framed).unwrap_or(usize::MAX), found }
    }

    /// Takes a part that is whole; whether the line ended with it.
    fn take_part<'s>(
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
    fn extend(&mut self, n: usize, scratch: &mut [u8], input: &mut &[u8]) -> bool {
        let gathered = self.end.saturating_sub(self.start);
        if gathered.saturating_add(n) <= scratch.len() {
            if self.start > 0 {
                (self.start, self.end) = (0, move_to_front(scratch, self.start, self.end));
            }
            self.framed = self.framed.saturating_add(n as u64);
            self.append(n, scratch, input);
            return true;
        }
        self.consumed = self.consumed.saturating_add(gathered as u64);
        (self.start, self.end) = (0, 0);
        self.framed = self.framed.saturating_add(n as u64);
        self.consume(n, input);
        self.dropping = true;
        false
    }

    /// The part that is being dropped goes on.
    fn dropped(&mut self, input: &mut &[u8], stop: Stop) -> Part {
        match self.drop_part(input, stop) {
            Dropped::Partial => Part::Partial,
            Dropped::TooLarge => Part::Fatal(Violation::LiteralTooLarge),
            Dropped::Whole { octets, line_end } => Part::Oversize { octets, line_end },
        }
    }

    /// The part that is being dropped ends here.
    fn oversize(&mut self, found: Found, input: &mut &[u8]) -> Part {
        let octets = self.framed;
        self.part_ended();
        Part::Oversize { octets, line_end: self.takes_line_end(found, input) }
    }

    /// Whether the line has ended with a part; if so, its LF is taken.
    fn takes_line_end(&mut self, found: Found, input: &mut &[u8]) -> bool {
        if found == Found::LineEnd {
            self.consume(1, input);
        }
        matches!(found, Found::LineEnd | Found::LineEnded)
    }

    /// Drops octets of the present part, of which the scratch buffer holds none.
    fn drop_part(&mut self, input: &mut &[u8], stop: Stop) -> Dropped {
        loop {
            let (n, found) = self.framer.feed(input, stop);
            self.framed = self.framed.saturating_add(n as u64);
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

#[inline(always)]
const fn tell(data: Data<'_>) -> Told<'_> {
    Ok(Some(Event::Data(data)))
}

/// What stands between two parts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Separator {
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
enum Dropped {
    Partial,
    TooLarge,
    Whole { octets: u64, line_end: bool },
}

/// Where a response ends.
enum Seek {
    /// Here, with a line ending of this length.
    Whole { len: usize, ending: usize },
    /// Beyond what the scratch buffer holds, and not before so many octets.
    Long { promise: u64 },
    /// Beyond the input, which fits; so many octets of a literal are still to come, and the present line begins here.
    Cut { literal: usize, line: usize },
}

fn seek_in_place(input: &[u8], capacity: usize, text_possible: bool) -> Seek {
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
fn find_lf(octets: &[u8]) -> Option<usize> {
    let lf = crate::wire::find_lf(octets);
    work::add(lf.map_or(octets.len(), |lf| lf.saturating_add(1)));
    lf
}

/// A line without its ending, and the ending's length.
#[inline]
fn split_ending(line: &[u8]) -> (&[u8], usize) {
    match line {
        [line @ .., b'\r', b'\n'] => (line, 2),
        [line @ .., b'\n'] => (line, 1),
        line => (line, 0),
    }
}

/// Whether literals may stand in a response that begins like this: in text, `{5}` means nothing.
fn is_structured(response: &[u8]) -> bool {
    let mut lexer = Lexer::new(response);
    lexer.octet(b'*').is_some()
        && lexer.sp().is_some()
        && lexer.atom().is_some_and(|name| condition(name).is_none())
}

/// Whether a response may be called so, though it is not known here. Those that count messages need a number.
fn is_name(name: &[u8]) -> bool {
    let counts: [&[u8]; 5] = [b"FETCH", b"EXISTS", b"RECENT", b"EXPUNGE", b"UIDFETCH"];
    name.first().is_some_and(u8::is_ascii_alphabetic)
        && !counts.iter().any(|count| name.eq_ignore_ascii_case(count))
}

fn condition(name: &[u8]) -> Option<Condition> {
    let is = |keyword: &[u8]| name.eq_ignore_ascii_case(keyword);
    match name.len() {
        2 if is(b"OK") => Some(Condition::Ok),
        2 if is(b"NO") => Some(Condition::No),
        3 if is(b"BAD") => Some(Condition::Bad),
        3 if is(b"BYE") => Some(Condition::Bye),
        7 if is(b"PREAUTH") => Some(Condition::Preauth),
        _ => None,
    }
}

fn listing(name: &[u8]) -> Option<Listing> {
    let is = |keyword: &[u8]| name.eq_ignore_ascii_case(keyword);
    match name.len() {
        5 if is(b"FLAGS") => Some(Listing::Flags),
        6 if is(b"SEARCH") => Some(Listing::Search),
        7 if is(b"ESEARCH") => Some(Listing::Esearch),
        7 if is(b"ENABLED") => Some(Listing::Enabled),
        10 if is(b"CAPABILITY") => Some(Listing::Capability),
        #[cfg(feature = "imap-condstore")]
        8 if is(b"VANISHED") => Some(Listing::Vanished),
        #[cfg(feature = "imap-sort")]
        4 if is(b"SORT") => Some(Listing::Sort),
        #[cfg(feature = "imap-sort")]
        6 if is(b"THREAD") => Some(Listing::Thread),
        _ => None,
    }
}

/// An element of SEARCH or SORT: a number, or the mod-sequence behind the last one.
fn found<'s>(lexer: &mut Lexer<'s>) -> Option<Data<'s>> {
    if lexer.open().is_none() {
        let number = lexer.number()?;
        return lexer.at_end().then_some(Data::Found(number));
    }
    lexer.keyword(b"MODSEQ")?;
    lexer.sp()?;
    let number = lexer.number64()?;
    lexer.close()?;
    Some(Data::FoundModSeq(number))
}

/// Whether this is a body with an announcement that cannot be read: what follows could be its octets, or a response.
#[cold]
fn lost_body(octets: &[u8]) -> bool {
    let mut lexer = Lexer::new(octets);
    Key::parse(&mut lexer).is_some_and(|key| key.body().is_some())
        && matches!(lexer.rest(), [b'{', ..] | [b'~', b'{', ..])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One line a reply; bodies' octets and their quirks put together.
    fn replies(stream: &[u8], cut: &dyn Fn(usize) -> usize, scratch: usize) -> Vec<String> {
        let mut scratch = vec![0; scratch];
        let mut reader = Reader::new(32, 1 << 31);
        let mut lines: Vec<String> = Vec::new();
        let mut at = 0;
        while at < stream.len() {
            let next = cut(at).max(at + 1).min(stream.len());
            let mut input = &stream[at..next];
            at = next;
            loop {
                if reader.is_in_tail() && !reader.finish_line(&scratch, &mut input).unwrap() {
                    break;
                }
                let reply = if reader.is_between() {
                    reader.response(&mut scratch, &mut input)
                } else {
                    match reader.data(&mut scratch, &mut input) {
                        Ok(Some(Event::Data(data))) => Reply::Data(data),
                        Ok(Some(Event::Oversize { what, octets })) => {
                            Reply::Oversize { what, octets }
                        }
                        Err(error) => Reply::Fatal(error.violation),
                        Ok(Some(Event::Quirk { quirk, .. })) => {
                            lines.push(format!("quirk {quirk:?}"));
                            continue;
                        }
                        _ => Reply::Nothing,
                    }
                };
                let reply = match reply {
                    Reply::Nothing => break,
                    Reply::Data(Data::BodyData(octets)) => {
                        let text = octets.escape_ascii().to_string();
                        match lines.last_mut() {
                            Some(last) if last.starts_with("data ") => last.push_str(&text),
                            _ => lines.push(format!("data {text}")),
                        }
                        None
                    }
                    Reply::Data(Data::Item(Item::Envelope(envelope))) => {
                        Some(format!("envelope {}", envelope.as_received().escape_ascii()))
                    }
                    Reply::Data(Data::Item(Item::Malformed(octets))) => {
                        Some(format!("malformed {}", octets.escape_ascii()))
                    }
                    Reply::Data(Data::Unrecognized(octets)) => {
                        Some(format!("raw {}", octets.escape_ascii()))
                    }
                    reply => Some(format!("{reply:?}")),
                };
                let fatal = reply.as_deref().is_some_and(|reply| reply.starts_with("Fatal"));
                lines.extend(reply);
                let quirks = reader.take_quirks();
                if quirks != QuirkSet::NONE {
                    let names: Vec<_> =
                        Quirk::ALL.iter().filter(|q| quirks.contains(**q)).collect();
                    lines.push(format!("quirks {names:?} at {}", reader.offset()));
                }
                if fatal {
                    return lines;
                }
            }
            assert!(input.is_empty(), "all is taken when there is nothing to tell");
        }
        lines
    }

    /// What a stream tells, whole; and the same at every cut, for several sizes of scratch.
    fn told(stream: &[u8], scratch: usize) -> Vec<String> {
        let whole = replies(stream, &|_| usize::MAX, scratch);
        for cut in 1..stream.len() {
            let two = |at: usize| if at < cut { cut } else { usize::MAX };
            assert_eq!(replies(stream, &two, scratch), whole, "cut at {cut}, scratch {scratch}");
        }
        for size in [1, 2, 3, 7] {
            let every = replies(stream, &|at| at + size, scratch);
            assert_eq!(every, whole, "cut every {size}, scratch {scratch}");
        }
        whole
    }

    #[test]
    fn a_fetch_is_told_item_by_item_at_every_cut() {
        let stream = b"* 12 FETCH (UID 7 FLAGS (\\Seen a) ENVELOPE (NIL {3}\r\na\"b NIL NIL NIL NIL NIL NIL NIL \"x\") BODY[]<0> {5}\r\n)\r\n* RFC822.SIZE 44 X-NEW (1 \"(\") BODY[TEXT] \"a\\\"b\" BINARY[1] NIL)\r\n* 3 EXISTS\r\nA1 OK [READ-ONLY] done {5}\r\n";
        let whole = told(stream, 4096);
        assert_eq!(whole.len(), 17);
        for scratch in [64, 80, 100, 150] {
            let small = told(stream, scratch);
            let expected: Vec<_> = whole.to_vec();
            assert_eq!(small, expected, "scratch {scratch}");
        }
    }

    #[test]
    fn what_does_not_fit_is_said_and_its_neighbours_told() {
        let stream = b"* 12 FETCH (UID 7 ENVELOPE (NIL \"a subject that is too long for the scratch buffer of 64 octets\" NIL NIL NIL NIL NIL NIL NIL NIL) RFC822.SIZE 44)\r\n* X-UNKNOWN {70}\r\n0123456789012345678901234567890123456789012345678901234567890123456789 x\r\n* OK a text that is much longer than sixty-four octets, and so it is cut\r\nA1 OK done\r\n";
        let whole = told(stream, 64);
        assert!(whole.iter().any(|line| line.contains("Uid(7)")));
        assert!(whole.iter().any(|line| line.contains("Rfc822Size(44)")));
        assert_eq!(whole.iter().filter(|line| line.starts_with("Oversize")).count(), 3);
        assert!(whole.last().unwrap().contains("Tagged"));
    }

    #[test]
    fn quirks_of_servers_are_survived_at_every_cut() {
        for stream in [
            &b"* 1 FETCH (UID 5 BODY[])\r\n* OK x\r\n"[..],
            b"* 1 FETCH (UID 5 BODY[] {2}\r\nab\r\n)\r\n* OK x\r\n",
            b"* 1 FETCH (BODY[] {2}\r\nab\r\n* OK x\r\n",
            b"* 1 FETCH (ENVELOPE (NIL \"a\r\n b\" NIL NIL NIL NIL NIL NIL NIL NIL) UID 5)\r\n* OK x\r\n",
            b"* 1 FETCH (FLAGS (\\Seen X \"a\r\nb\")\r\n* OK x\r\n",
            b"* 1 FETCH (UID 5 FLAGS (\\Seen) )\r\n* OK x\r\n",
            b"* 1 FETCH (BODYSTRUCTURE (\"a\" \"b\" NIL NIL NIL \"7bit\" 0)((\"x\") \"mixed\") UID 5)\r\n* OK x\r\n",
            b"* 1 FETCH (UID 5 RFC822.HEADER  {2}\r\nab)\r\n* OK x\r\n",
            b"* 1 FETCH ((UID 5))\r\n* OK x\r\n",
            b"* 1 FETCH (UID 5\r\n* OK x\r\n",
            b"* SEARCH 1 2 3 \r\n* SEARCH\r\n* SEARCH 5 (MODSEQ 9)\r\n* OK x\r\n",
            b"* FLAGS (\\Seen \\* [x])\r\n* CAPABILITY IMAP4rev1 X=y \r\n* OK x\r\n",
            b"*  1843 EXISTS\r\n\r\nrubbish\n* -1 EXISTS\r\n* 1EXISTS\r\n* FETCH\r\n* 1 FETCH\r\n* 1 FETCH (\r\n* OK x\r\n",
        ] {
            for scratch in [64, 4096] {
                let whole = told(stream, scratch);
                let last = &whole[whole.len() - 1];
                assert!(last.contains("Status { condition: Ok"), "{last}");
            }
        }
    }
}
