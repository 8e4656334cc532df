//! Takes the octets of a connection apart into replies (RFC 9051 §7): one a call, whatever the cut. Knows the
//! grammar, no session.
//!
//! A response whose octets, literals included, fit the scratch buffer is looked at where it lies: in the caller's input, or,
//! when reads have cut it, in the scratch buffer. One that does not fit is read part by part, with the
//! framer. Which of the two is decided by lengths alone, so that it never depends on the cuts.

mod elements;
mod fetch;
#[cfg(not(feature = "fast"))]
mod gather;
mod parts;
mod place;
mod responses;
mod skip;
#[cfg(test)]
mod tests;
#[cfg(feature = "fast")]
mod usual;
#[cfg(feature = "fast")]
mod whole;

#[cfg(feature = "fast")]
use super::event::Event;
use super::event::{Oversize, Status};
use super::framer::Framer;
#[cfg(test)]
use super::quirk::Quirk;
use super::quirk::{Forgiven, QuirkSet};
use super::response::code::Code;
#[cfg(feature = "imap-esearch")]
use super::response::esearch::EsearchState;
use super::response::fetch::MessageId;
use super::response::{Data, Listing};
use super::session::{Count, count};
#[cfg(feature = "fast")]
use crate::RemoteError;
use crate::Violation;
#[cfg(not(feature = "fast"))]
use crate::names::place;

/// What a call on the client tells: the event is made where it is found, and not moved again.
#[cfg(feature = "fast")]
pub(super) type Told<'a> = Result<Option<Event<'a>>, RemoteError>;

/// What the data of a response tell.
#[cfg(not(feature = "fast"))]
pub(super) type Told<'a> = Reply<'a>;

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
    Continue { code: Option<Code<'a>>, text: &'a [u8] },
    /// Server data.
    Data(Data<'a>),
    /// Something did not fit.
    Oversize { what: Oversize, octets: Count },
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
    Body(Count),
    /// In a body that is a quoted string; perhaps behind a backslash.
    QuotedBody { escaped: bool },
    /// A body has ended, and perhaps the line with it.
    BodyEnd { line_end: bool },
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
    SkipText { octets: Count, cr: bool },
}

/// How a response is read.
#[cfg(feature = "fast")]
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
    #[cfg(feature = "fast")]
    mode: Mode,
    /// Whether the line at hand does not fit.
    #[cfg(not(feature = "fast"))]
    cut: bool,
    /// `scratch[start..end]` holds octets that were received and not told.
    start: usize,
    end: usize,
    /// Octets of a literal that are still to be gathered, and where in the scratch buffer the line behind it begins.
    #[cfg(feature = "fast")]
    literal: usize,
    #[cfg(feature = "fast")]
    line: usize,
    /// What the framer has seen of the present part: so many octets, all of them in the scratch buffer unless the
    /// part is being dropped.
    framer: Framer,
    framed: Count,
    /// Whether the present part is being dropped.
    dropping: bool,
    /// Spaces, CR and a comma behind the part that was told last.
    spaces: u8,
    cr: bool,
    comma: bool,
    /// Whether what should not be there has been noted behind the response.
    junk: bool,
    /// Whether it has been told that a line ended within the item that comes next.
    #[cfg(feature = "fast")]
    folded: bool,
    /// The message of the present FETCH.
    message: MessageId,
    /// Whether none of its items has come, and whether the last one was a body in a literal.
    first: bool,
    behind_literal: bool,
    #[cfg(feature = "imap-esearch")]
    esearch: EsearchState,
    max_nesting: u8,
    quirks: Forgiven,
    /// Octets of the connection that were told or skipped, and how many of them came before the present item.
    consumed: Count,
    item: Count,
    /// Whether the list of capabilities in the text that was told last was cut.
    cuts_capabilities: bool,
    /// Up to where the present response goes at least, counted like these: its lines announce literals.
    #[cfg(feature = "fast")]
    promise: Count,
    /// Whether a response ended before that, so that nobody can tell where the next one begins.
    lost: bool,
}

impl Reader {
    pub(super) const fn new(max_nesting: u8, max_literal: u64) -> Self {
        // Larger numbers count as the largest one.
        let largest = Count::MAX.wrapping_sub(1);
        let max_literal = if count(max_literal) > largest { largest } else { count(max_literal) };
        Self {
            phase: Phase::Start,
            #[cfg(feature = "fast")]
            mode: Mode::Seeking,
            #[cfg(not(feature = "fast"))]
            cut: false,
            start: 0,
            end: 0,
            #[cfg(feature = "fast")]
            literal: 0,
            #[cfg(feature = "fast")]
            line: 0,
            framer: Framer::new(max_literal),
            framed: 0,
            dropping: false,
            spaces: 0,
            cr: false,
            comma: false,
            junk: false,
            #[cfg(feature = "fast")]
            folded: false,
            message: MessageId::Number(0),
            first: false,
            behind_literal: false,
            #[cfg(feature = "imap-esearch")]
            esearch: EsearchState::START,
            max_nesting,
            quirks: Forgiven::NONE,
            consumed: 0,
            item: 0,
            cuts_capabilities: false,
            #[cfg(feature = "fast")]
            promise: 0,
            lost: false,
        }
    }

    /// What was forgiven in the reply that was told last.
    pub(super) fn take_quirks(&mut self) -> QuirkSet {
        core::mem::take(&mut self.quirks).into()
    }

    /// How many octets of the connection came before what was told last.
    pub(super) const fn offset(&self) -> Count {
        self.item
    }

    /// Whether a response has begun and not ended.
    pub(super) fn is_mid_response(&self) -> bool {
        self.phase != Phase::Start || self.start < self.end
    }

    /// Whether the list of capabilities in the reply that was told last had to be cut.
    pub(super) const fn cuts_capabilities(&self) -> bool {
        self.cuts_capabilities
    }

    /// Whether the next octets begin a response; if not, they go on with its data.
    #[inline]
    pub(super) fn is_between(&self) -> bool {
        self.phase == Phase::Start
    }

    /// Whether they are no octets of a body, nor of any response that is no FETCH.
    #[cfg(feature = "fast")]
    #[inline(always)]
    pub(super) const fn may_be_usual(&self) -> bool {
        matches!(self.phase, Phase::Start | Phase::Items)
    }

    /// Whether they begin one, of which not all has come.
    #[cfg(feature = "fast")]
    #[inline]
    pub(super) fn is_waiting(&self) -> bool {
        self.phase == Phase::Start && self.mode == Mode::Seeking && !self.lost
    }

    /// Whether they go on with a FETCH response.
    #[cfg(feature = "fast")]
    #[inline]
    pub(super) const fn is_in_fetch(&self) -> bool {
        matches!(
            self.phase,
            Phase::Items | Phase::Body(_) | Phase::BodyEnd { .. } | Phase::QuotedBody { .. }
        )
    }

    /// Takes octets from `input` where a response begins, and tells at most one reply. Never takes more than one
    /// line.
    #[cfg_attr(feature = "fast", inline)]
    #[cfg_attr(not(feature = "fast"), inline(never))]
    pub(super) fn response<'s, 'i: 's>(
        &mut self,
        scratch: &'s mut [u8],
        input: &mut &'i [u8],
    ) -> Reply<'s> {
        self.cuts_capabilities = false;
        self.item = self.consumed;
        if self.lost {
            return Reply::Fatal(Violation::BadLiteral);
        }
        self.respond(scratch, input)
    }

    /// Takes octets from `input`, and tells at most one reply.
    #[cfg(not(feature = "fast"))]
    #[inline(always)]
    pub(super) fn read<'s, 'i: 's>(
        &mut self,
        scratch: &'s mut [u8],
        input: &mut &'i [u8],
        told: &mut Reply<'s>,
    ) {
        match self.phase {
            Phase::Start => *told = self.response(scratch, input),
            Phase::Items | Phase::ItemsCut => self.item_in_place(scratch, input, told),
            _ => *told = self.data(scratch, input),
        }
    }

    /// Takes octets from `input` where the data of a response go on, and tells at most one event.
    #[cfg_attr(feature = "fast", inline(always))]
    #[cfg_attr(not(feature = "fast"), inline(never))]
    pub(super) fn data<'s, 'i: 's>(
        &mut self,
        scratch: &'s mut [u8],
        input: &mut &'i [u8],
    ) -> Told<'s> {
        self.goes_on();
        match self.phase {
            #[cfg(feature = "fast")]
            Phase::Items => self.item(scratch, input),
            Phase::Body(left) => self.body(left, scratch, input),
            Phase::BodyEnd { line_end } => {
                self.phase = if line_end { Phase::ItemsEnd } else { Phase::Items };
                tell(Data::BodyEnd)
            }
            Phase::QuotedBody { escaped } => self.quoted_body(escaped, scratch, input),
            #[cfg(feature = "fast")]
            Phase::ItemsCut => self.items_cut(scratch, input),
            Phase::ItemsEnd => self.list_is_cut(),
            Phase::Elements(listing) => self.element(listing, scratch, input),
            Phase::ElementsEnd(listing) => {
                self.ended();
                tell(Data::End(listing))
            }
            Phase::Skip => self.skip(input),
            Phase::SkipText { octets, cr } => self.skip_text(octets, cr, scratch, input),
            Phase::Start | Phase::Tail | Phase::Void => nothing(),
            #[cfg(not(feature = "fast"))]
            Phase::Items | Phase::ItemsCut => nothing(),
        }
    }

    /// The data of a response go on: with another part, unless one has begun.
    #[inline(always)]
    pub(super) fn goes_on(&mut self) {
        self.cuts_capabilities = false;
        if !self.is_mid_part() {
            self.item = self.consumed;
        }
    }

    /// Framing is lost.
    #[cold]
    #[cfg(feature = "fast")]
    const fn lost<'s>(&self, violation: Violation) -> Told<'s> {
        Err(RemoteError { violation, offset: self.item })
    }

    /// Framing is lost.
    #[cfg(not(feature = "fast"))]
    const fn lost<'s>(&self, violation: Violation) -> Told<'s> {
        Reply::Fatal(violation)
    }
}

#[cfg(feature = "fast")]
#[inline(always)]
const fn tell(data: Data<'_>) -> Told<'_> {
    Ok(Some(Event::Data(data)))
}

#[cfg(not(feature = "fast"))]
const fn tell(data: Data<'_>) -> Told<'_> {
    Reply::Data(data)
}

#[cfg(feature = "fast")]
const fn nothing<'s>() -> Told<'s> {
    Ok(None)
}

#[cfg(not(feature = "fast"))]
const fn nothing<'s>() -> Told<'s> {
    Reply::Nothing
}

#[cfg(feature = "fast")]
const fn oversize<'s>(what: Oversize, octets: Count) -> Told<'s> {
    Ok(Some(Event::Oversize { what, octets }))
}

#[cfg(not(feature = "fast"))]
const fn oversize<'s>(what: Oversize, octets: Count) -> Told<'s> {
    Reply::Oversize { what, octets }
}

/// What data tell, as a reply.
#[cfg(feature = "fast")]
fn reply(told: Told<'_>) -> Reply<'_> {
    match told {
        Ok(Some(Event::Oversize { what, octets })) => Reply::Oversize { what, octets },
        Err(error) => Reply::Fatal(error.violation),
        _ => Reply::Nothing,
    }
}

#[cfg(not(feature = "fast"))]
const fn reply(told: Told<'_>) -> Reply<'_> {
    told
}

#[cfg(feature = "fast")]
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

#[cfg(not(feature = "fast"))]
fn condition(name: &[u8]) -> Option<Condition> {
    Some(match place("OK NO BAD BYE PREAUTH", name)? {
        0 => Condition::Ok,
        1 => Condition::No,
        2 => Condition::Bad,
        3 => Condition::Bye,
        _ => Condition::Preauth,
    })
}
