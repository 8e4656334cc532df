//! Takes a message apart while it arrives (RFC 2045, 2046): its parts, their headers, their bodies, in
//! fixed memory.
//!
//! ```
//! use mailproto_core::message::mime::{Event, Walker};
//!
//! let message = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHi\r\n--b--\r\n";
//! let mut buffer = [0; 512];
//! let (mut walker, mut bodies) = (Walker::new(&mut buffer), 0);
//! for mut piece in message.chunks(7) {
//!     while let Some(event) = walker.next(&mut piece) {
//!         if let Event::Body(octets) = event {
//!             bodies += octets.len();
//!         }
//!     }
//! }
//! while walker.finish().is_some() {}
//! assert_eq!(bodies, 2);
//! ```

use super::encoded_word::Decoded;
use super::header::{FieldScan, Step, Value};
use super::parameter::{Disposition, MediaType, file_name};
use super::text::{cut, find_lf, is_wsp, trim_end};
use super::transfer::TransferEncoding;

/// How deeply parts are told apart. What lies deeper is the body of the part around it.
pub const MAX_DEPTH: usize = 16;

/// The longest boundary that is understood. RFC 2046 §5.1.1 allows 70.
pub const MAX_BOUNDARY: usize = 200;

/// What [`Walker::next`] tells.
#[derive(Debug)]
pub enum Event<'s> {
    /// A part begins: its header has been read. Parts inside it, or its body, follow, then its end.
    Begin(Part<'s>),
    /// Octets of the body of the part that began last and has not ended, still in its transfer encoding.
    /// They lie in the input, but for a few around a line that was cut and looked like a boundary.
    Body(&'s [u8]),
    /// The part that began last and has not ended ends.
    End {
        /// Whether it ended as it should: a multipart with its last boundary, any other part with a
        /// boundary around it, or, where there is none around it, with the message.
        complete: bool,
    },
}

/// Why the inside of a multipart or of an attached message is not told part by part, but as a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Opaque {
    /// A multipart without a boundary, or with an empty one.
    NoBoundary,
    /// The boundary has no room in the walker's buffer, or is longer than [`MAX_BOUNDARY`].
    BoundaryTooLong,
    /// It lies deeper than [`MAX_DEPTH`].
    TooDeep,
    /// An attached message in base64 or quoted-printable, which RFC 2046 §5.2.1 forbids.
    Encoded,
}

/// A part that begins.
#[derive(Clone, Copy, Debug)]
pub struct Part<'s> {
    /// Where it is, as IMAP numbers parts (RFC 9051 §6.4.5.1): empty for a message that is a multipart,
    /// `[2, 1]` for the first part of the second. A multipart that is the whole of an attached message
    /// has the attachment's path.
    pub path: &'s [u16],
    /// The body of Content-Type, unfolded.
    pub content_type: Option<&'s [u8]>,
    /// The body of Content-Disposition, unfolded.
    pub content_disposition: Option<&'s [u8]>,
    /// The body of Content-Transfer-Encoding, unfolded.
    pub content_transfer_encoding: Option<&'s [u8]>,
    /// The body of Content-ID, unfolded.
    pub content_id: Option<&'s [u8]>,
    /// Whether one of these had no room in the walker's buffer and is cut short.
    pub truncated: bool,
    /// Why the inside comes as a body; `None` where it need not.
    pub opaque: Option<Opaque>,
    digest: bool,
}

impl<'s> Part<'s> {
    /// The media type. Where the field is missing it is `text/plain`, in a digest `message/rfc822`
    /// (RFC 2046 §5.1.5).
    #[must_use]
    pub fn media_type(&self) -> MediaType<'s> {
        let default: &[u8] = if self.digest { b"message/rfc822" } else { b"text/plain" };
        MediaType::from_field(self.content_type.unwrap_or(default))
    }

    /// How the body is encoded.
    #[must_use]
    pub fn encoding(&self) -> TransferEncoding {
        self.content_transfer_encoding
            .map_or(TransferEncoding::SevenBit, TransferEncoding::from_field)
    }

    /// The disposition, where there is one.
    #[must_use]
    pub fn disposition(&self) -> Option<Disposition<'s>> {
        self.content_disposition.map(Disposition::from_field)
    }

    /// Writes the name of the part's file into `out`; see [`file_name`].
    pub fn file_name(&self, out: &mut [u8]) -> Option<Decoded> {
        let disposition = self.disposition().map(|disposition| disposition.parameters);
        file_name(disposition, Some(self.media_type().parameters), out)
    }
}

/// What is done with attached messages (`message/rfc822`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Attached {
    /// Their parts are told one by one.
    #[default]
    Walk,
    /// They are bodies, to be saved as they are.
    Keep,
}

const NAMES: &[&str] =
    &["content-type", "content-disposition", "content-transfer-encoding", "content-id"];

/// Walks through a message that arrives in pieces of any size.
///
/// The buffer holds the boundaries that are open and the four fields of one header: 512 octets do for
/// all but strange mail. Preambles and epilogues are passed over (RFC 2046 §5.1.1). A boundary is a
/// whole line, trailing white space aside; the last one of a multipart may be missing.
#[derive(Debug)]
pub struct Walker<'b> {
    buffer: &'b mut [u8],
    attached: Attached,
    state: State,
    scan: FieldScan,
    line: Line,
    open: [Open; MAX_DEPTH],
    depth: usize,
    fields: [Option<Held>; 4],
    path: [u16; MAX_DEPTH],
}

#[derive(Clone, Copy, Debug)]
enum State {
    /// In a header.
    Header,
    /// A part has begun; perhaps a boundary came in the middle of its header.
    Begun(Option<Delimiter>),
    /// In a body, a preamble or an epilogue.
    Text { told: bool },
    /// Ending parts down to that depth, because of a boundary or of the end of the message.
    Ending { depth: usize, delimiter: Option<Delimiter> },
    /// In what is left of a boundary's line.
    Rest { closed: bool },
}

/// A part that has begun and not ended.
#[derive(Clone, Copy, Debug, Default)]
struct Open {
    kind: Kind,
    /// Its place in the path; 0 where it has none.
    number: u16,
    /// How many parts it has had.
    parts: u16,
    /// Where in the buffer its delimiter ends, which begins where the one below ends.
    end: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Leaf,
    Multipart,
    Digest,
    Message,
}

impl Kind {
    const fn is_multipart(self) -> bool {
        matches!(self, Self::Multipart | Self::Digest)
    }
}

/// The body of a field, in the buffer.
#[derive(Clone, Copy, Debug)]
struct Held {
    start: usize,
    value: Value,
}

/// A boundary that was found: of which open part, and whether it is the last.
#[derive(Clone, Copy, Debug)]
struct Delimiter {
    of: usize,
    last: bool,
}

/// A line that may be a boundary: what was read of it equals `CRLF -- boundary --` of all parts in `live`.
#[derive(Clone, Copy, Debug)]
struct Line {
    active: bool,
    live: u32,
    /// What was read begins here: 2 at the beginning of a body, 1 where the line end was a bare LF.
    from: usize,
    /// And ends here.
    at: usize,
}

impl Line {
    const fn begin(from: usize) -> Self {
        Self { active: true, live: u32::MAX, from, at: from }
    }
}

enum Looked {
    /// It may still be one.
    Maybe,
    No,
    Yes(Delimiter),
}

impl<'b> Walker<'b> {
    /// At the beginning of a message.
    #[must_use]
    pub const fn new(buffer: &'b mut [u8]) -> Self {
        const NONE: Open = Open { kind: Kind::Leaf, number: 0, parts: 0, end: 0 };
        Self {
            buffer,
            attached: Attached::Walk,
            state: State::Header,
            scan: FieldScan::new(),
            line: Line::begin(2),
            open: [NONE; MAX_DEPTH],
            depth: 0,
            fields: [None; 4],
            path: [0; MAX_DEPTH],
        }
    }

    /// The same, with attached messages treated as told.
    #[must_use]
    pub const fn attached(mut self, attached: Attached) -> Self {
        self.attached = attached;
        self
    }

    /// The next event, or `None` when all input is taken.
    pub fn next<'s, 'i: 's>(&'s mut self, input: &mut &'i [u8]) -> Option<Event<'s>> {
        loop {
            match self.state {
                State::Header => {
                    let delimiter = self.header(input)?;
                    return Some(self.begin(delimiter));
                }
                State::Begun(delimiter) => self.enter(delimiter),
                State::Text { told } => {
                    let text = self.text(input)?;
                    if told && !text.is_empty() {
                        return Some(Event::Body(self.octets(text)));
                    }
                }
                State::Ending { depth, delimiter } => {
                    if self.depth > depth {
                        return Some(self.end(delimiter));
                    }
                    let closed = delimiter.is_none_or(|delimiter| delimiter.last);
                    self.state = State::Rest { closed };
                }
                State::Rest { closed } => {
                    let lf = find_lf(input);
                    *input = cut(input, lf.map_or(input.len(), |lf| lf.saturating_add(1))).1;
                    lf?;
                    self.behind_delimiter(closed);
                }
            }
        }
    }

    /// Ends the message: call until `None`.
    pub fn finish(&mut self) -> Option<Event<'_>> {
        loop {
            match self.state {
                State::Header => {
                    if let Some(value) = self.scan.finish() {
                        self.hold(value);
                    }
                    let delimiter = self.line_at_end();
                    return Some(self.begin(delimiter));
                }
                State::Begun(delimiter) => self.enter(delimiter),
                State::Text { told } => {
                    let (line, delimiter) = (self.line, self.line_at_end());
                    let depth = delimiter.map_or(0, |delimiter| self.left_open(delimiter));
                    self.state = State::Ending { depth, delimiter };
                    if told && delimiter.is_none() && line.active && line.at > line.from {
                        return Some(Event::Body(self.octets(Text::Held(line))));
                    }
                }
                State::Ending { depth, delimiter } => {
                    if self.depth > depth {
                        return Some(self.end(delimiter));
                    }
                    if self.depth == 0 {
                        return None;
                    }
                    self.state = State::Ending { depth: 0, delimiter: None };
                }
                State::Rest { .. } => self.state = State::Ending { depth: 0, delimiter: None },
            }
        }
    }

    // Headers.

    /// Reads the header; `Some` when it has ended, perhaps by a boundary.
    fn header(&mut self, input: &mut &[u8]) -> Option<Option<Delimiter>> {
        while !input.is_empty() {
            // A line at a time: the next may be a boundary.
            let len = find_lf(input).map_or(input.len(), |lf| lf.saturating_add(1));
            let (mut line, rest) = cut(input, len);
            if let Some(delimiter) = self.boundary_in(input, line) {
                if let Some(value) = self.scan.finish() {
                    self.hold(value);
                }
                return Some(Some(delimiter));
            }
            if line.ends_with(b"\n") {
                self.line = Line::begin(2);
            }
            *input = rest;
            let mut ended = false;
            let used = self.used();
            while let Some(step) =
                self.scan.next(NAMES, &mut line, room(self.buffer, used, &self.fields))
            {
                match step {
                    Step::Field(value) => self.hold(value),
                    Step::End => ended = true,
                }
            }
            if ended {
                return Some(None);
            }
        }
        None
    }

    /// The boundary that `line`, with which `input` begins, completes; then that much of it is taken.
    fn boundary_in<'i>(&mut self, input: &mut &'i [u8], line: &'i [u8]) -> Option<Delimiter> {
        for (index, &octet) in line.iter().enumerate() {
            if !self.line.active {
                return None;
            }
            match self.look(octet) {
                Looked::Maybe => {}
                Looked::No => self.line.active = false,
                Looked::Yes(delimiter) => {
                    *input = cut(input, index).1;
                    return Some(delimiter);
                }
            }
        }
        None
    }

    fn hold(&mut self, value: Value) {
        let start = self.start_of_next();
        if let Some(place @ None) = self.fields.get_mut(value.index) {
            *place = Some(Held { start, value });
        }
    }

    /// How much of the buffer the boundaries take.
    fn used(&self) -> usize {
        let top = self.depth.checked_sub(1).and_then(|top| self.open.get(top));
        top.map_or(0, |open| open.end)
    }

    fn start_of_next(&self) -> usize {
        behind(self.used(), &self.fields)
    }

    fn field(&self, index: usize) -> Option<&[u8]> {
        let held = self.fields.get(index).copied().flatten()?;
        let end = held.start.saturating_add(held.value.len);
        self.buffer.get(held.start..end).map(trim_end)
    }

    // Parts that begin and end.

    fn begin(&mut self, delimiter: Option<Delimiter>) -> Event<'_> {
        let parent = self.depth.checked_sub(1).and_then(|parent| self.open.get(parent)).copied();
        let digest = parent.is_some_and(|parent| parent.kind == Kind::Digest);
        let (kind, opaque) = self.kind(digest);
        let number = match parent {
            Some(parent) if parent.kind.is_multipart() => parent.parts,
            _ => u16::from(!kind.is_multipart()),
        };
        let open = Open { kind, number, parts: 0, end: self.used() };
        if let Some(place) = self.open.get_mut(self.depth) {
            *place = open;
            self.depth = self.depth.saturating_add(1);
        }
        self.state = State::Begun(delimiter);
        let mut steps = 0_usize;
        let numbers = self.open.iter().take(self.depth).map(|open| open.number);
        for (place, number) in self.path.iter_mut().zip(numbers.filter(|&number| number > 0)) {
            *place = number;
            steps = steps.saturating_add(1);
        }
        Event::Begin(Part {
            path: self.path.get(..steps).unwrap_or_default(),
            content_type: self.field(0),
            content_disposition: self.field(1),
            content_transfer_encoding: self.field(2),
            content_id: self.field(3),
            truncated: self.fields.iter().flatten().any(|held| !held.value.is_whole()),
            opaque,
            digest,
        })
    }

    /// What the part is, by its header.
    fn kind(&self, digest: bool) -> (Kind, Option<Opaque>) {
        let default: &[u8] = if digest { b"message/rfc822" } else { b"" };
        let field = MediaType::from_field(self.field(0).unwrap_or(default));
        let multipart = field.kind.eq_ignore_ascii_case(b"multipart");
        let message = field.is("message", "rfc822") || field.is("message", "global");
        if !multipart && (!message || self.attached == Attached::Keep) {
            return (Kind::Leaf, None);
        }
        // The deepest place is for a leaf.
        if self.depth.saturating_add(1) >= MAX_DEPTH {
            return (Kind::Leaf, Some(Opaque::TooDeep));
        }
        if message {
            let encoding =
                self.field(2).map_or(TransferEncoding::SevenBit, TransferEncoding::from_field);
            let opaque = (!encoding.is_identity()).then_some(Opaque::Encoded);
            return (if opaque.is_some() { Kind::Leaf } else { Kind::Message }, opaque);
        }
        let kind = if field.is("multipart", "digest") { Kind::Digest } else { Kind::Multipart };
        match self.boundary(&mut [0; MAX_BOUNDARY]) {
            Ok(_) => (kind, None),
            Err(opaque) => (Kind::Leaf, Some(opaque)),
        }
    }

    /// The boundary of the part whose header has been read.
    fn boundary<'o>(&self, out: &'o mut [u8; MAX_BOUNDARY]) -> Result<&'o [u8], Opaque> {
        let field = MediaType::from_field(self.field(0).unwrap_or_default());
        let whole =
            self.fields.first().copied().flatten().is_some_and(|held| held.value.is_whole());
        let cut_short = if whole { Opaque::NoBoundary } else { Opaque::BoundaryTooLong };
        let value = field.parameters.find("boundary").ok_or(cut_short)?;
        let mut len = 0_usize;
        for octet in value.octets() {
            *out.get_mut(len).ok_or(Opaque::BoundaryTooLong)? = octet;
            len = len.saturating_add(1);
        }
        let boundary = trim_end(out.get(..len).unwrap_or_default());
        let room = self.buffer.len().saturating_sub(self.used());
        if boundary.is_empty() {
            return Err(cut_short);
        }
        if !whole || boundary.len().saturating_add(6) > room {
            return Err(Opaque::BoundaryTooLong);
        }
        Ok(boundary)
    }

    /// Goes into the part that has begun.
    fn enter(&mut self, delimiter: Option<Delimiter>) {
        let top = self.depth.saturating_sub(1);
        let kind = self.open.get(top).map_or(Kind::Leaf, |open| open.kind);
        if kind.is_multipart() {
            self.push_delimiter(top);
        }
        self.fields = [None; 4];
        self.scan = FieldScan::new();
        self.line = Line::begin(2);
        self.state = match (delimiter, kind) {
            (Some(delimiter), _) => {
                State::Ending { depth: self.left_open(delimiter), delimiter: Some(delimiter) }
            }
            (None, Kind::Message) => State::Header,
            (None, kind) => State::Text { told: kind == Kind::Leaf },
        };
    }

    /// Puts `CRLF -- boundary --` on the stack that the front of the buffer is.
    fn push_delimiter(&mut self, top: usize) {
        let mut memory = [0; MAX_BOUNDARY];
        let Ok(boundary) = self.boundary(&mut memory) else { return };
        let mut end = self.used();
        for &octet in b"\r\n--".iter().chain(boundary).chain(b"--") {
            if let Some(place) = self.buffer.get_mut(end) {
                *place = octet;
                end = end.saturating_add(1);
            }
        }
        if let Some(open) = self.open.get_mut(top) {
            open.end = end;
        }
    }

    /// How many parts a boundary leaves open.
    const fn left_open(&self, delimiter: Delimiter) -> usize {
        if delimiter.last { delimiter.of } else { delimiter.of.saturating_add(1) }
    }

    /// Ends the innermost part.
    fn end(&mut self, delimiter: Option<Delimiter>) -> Event<'_> {
        self.depth = self.depth.saturating_sub(1);
        let kind = self.open.get(self.depth).map_or(Kind::Leaf, |open| open.kind);
        let around = self.open.iter().take(self.depth).any(|open| open.kind.is_multipart());
        let complete = match delimiter {
            Some(delimiter) => {
                !kind.is_multipart() || (delimiter.of == self.depth && delimiter.last)
            }
            None => !kind.is_multipart() && !around,
        };
        Event::End { complete }
    }

    /// A part follows, or an epilogue.
    fn behind_delimiter(&mut self, closed: bool) {
        self.line = Line::begin(2);
        self.state = if closed { State::Text { told: false } } else { State::Header };
        if !closed && let Some(open) = self.open.get_mut(self.depth.saturating_sub(1)) {
            open.parts = open.parts.saturating_add(1);
        }
    }

    // Bodies.

    /// Takes text up to the next boundary, or what looks like one; `None` when all input is taken.
    fn text<'i>(&mut self, input: &mut &'i [u8]) -> Option<Text<'i>> {
        while self.line.active {
            let (&octet, rest) = input.split_first()?;
            match self.look(octet) {
                Looked::Maybe => *input = rest,
                Looked::Yes(delimiter) => {
                    self.line.active = false;
                    let depth = self.left_open(delimiter);
                    self.state = State::Ending { depth, delimiter: Some(delimiter) };
                    return Some(Text::Input(&[]));
                }
                Looked::No => {
                    self.line.active = false;
                    if self.line.at > self.line.from {
                        return Some(Text::Held(self.line));
                    }
                }
            }
        }
        if input.is_empty() {
            return None;
        }
        let enclosed = self.open.iter().take(self.depth).any(|open| open.kind.is_multipart());
        let len = if enclosed { clean_len(input) } else { input.len() };
        let (text, rest) = cut(input, len);
        *input = rest;
        match rest {
            [] => {}
            [b'\r', ..] => self.line = Line::begin(0),
            _ => self.line = Line::begin(1),
        }
        Some(Text::Input(text))
    }

    fn octets<'s>(&'s self, text: Text<'s>) -> &'s [u8] {
        match text {
            Text::Input(octets) => octets,
            Text::Held(line) => {
                let alike = usize::try_from(line.live.trailing_zeros()).unwrap_or(MAX_DEPTH);
                self.delimiter(alike).get(line.from..line.at).unwrap_or_default()
            }
        }
    }

    /// `CRLF -- boundary --` of an open part; empty where it has none.
    fn delimiter(&self, of: usize) -> &[u8] {
        let below = of.checked_sub(1).and_then(|below| self.open.get(below));
        let start = below.map_or(0, |open| open.end);
        let end = self.open.get(of).filter(|_| of < self.depth).map_or(start, |open| open.end);
        self.buffer.get(start..end).unwrap_or_default()
    }

    /// Looks at one more octet of a line that may be a boundary.
    fn look(&mut self, octet: u8) -> Looked {
        let ends = is_wsp(octet) || matches!(octet, b'\r' | b'\n');
        let (mut live, mut found) = (0_u32, None);
        for (of, bit) in (0..self.depth).zip(0..u32::BITS) {
            let bit = 1_u32.unbounded_shl(bit);
            let delimiter = self.delimiter(of);
            if self.line.live & bit == 0 || delimiter.is_empty() {
                continue;
            }
            if delimiter.get(self.line.at) == Some(&octet) {
                live |= bit;
            } else if ends {
                found = ended(delimiter, self.line.at, of).or(found);
            }
        }
        match found {
            Some(delimiter) => Looked::Yes(delimiter),
            None if live == 0 => Looked::No,
            None => {
                self.line.live = live;
                self.line.at = self.line.at.saturating_add(1);
                Looked::Maybe
            }
        }
    }

    /// The boundary that the message's last line, which has no line end, is.
    fn line_at_end(&mut self) -> Option<Delimiter> {
        if !self.line.active {
            return None;
        }
        match self.look(b'\n') {
            Looked::Yes(delimiter) => Some(delimiter),
            _ => None,
        }
    }
}

/// The boundary that ends at `at` octets of `delimiter`.
fn ended(delimiter: &[u8], at: usize, of: usize) -> Option<Delimiter> {
    let last = at == delimiter.len();
    (last || at.saturating_add(2) == delimiter.len()).then_some(Delimiter { of, last })
}

/// Text that is no boundary.
#[derive(Clone, Copy)]
enum Text<'i> {
    Input(&'i [u8]),
    /// What had looked like one.
    Held(Line),
}

impl Text<'_> {
    const fn is_empty(&self) -> bool {
        match self {
            Self::Input(octets) => octets.is_empty(),
            Self::Held(line) => line.at == line.from,
        }
    }
}

/// The part of the buffer behind the boundaries and the fields that are held.
fn room<'b>(buffer: &'b mut [u8], used: usize, fields: &[Option<Held>; 4]) -> &'b mut [u8] {
    buffer.get_mut(behind(used, fields)..).unwrap_or_default()
}

fn behind(used: usize, fields: &[Option<Held>; 4]) -> usize {
    let ends = fields.iter().flatten().map(|held| held.start.saturating_add(held.value.len));
    ends.fold(used, usize::max)
}

/// How many octets come before a line end that a boundary may follow, since `-` follows or nothing does.
fn clean_len(input: &[u8]) -> usize {
    let mut from = 0_usize;
    while let Some(lf) = input.get(from..).and_then(find_lf) {
        let lf = from.saturating_add(lf);
        from = lf.saturating_add(1);
        let line = input.get(from..).unwrap_or_default();
        if matches!(line, [] | [b'-'] | [b'-', b'-', ..]) {
            let before = input.get(..lf).unwrap_or_default();
            return before.strip_suffix(b"\r").unwrap_or(before).len();
        }
    }
    input.strip_suffix(b"\r").unwrap_or(input).len()
}

#[cfg(test)]
mod tests {
    use super::super::transfer::{Decoder, Finished};
    use super::*;
    use proptest::prelude::*;

    /// What happened, a line each; bodies whole.
    fn walk(
        message: &[u8],
        cuts: impl Iterator<Item = usize>,
        room: usize,
        attached: Attached,
    ) -> Vec<String> {
        let mut buffer = vec![0; room];
        let mut walker = Walker::new(&mut buffer).attached(attached);
        let (mut log, mut body, mut rest) = (Vec::new(), Vec::new(), message);
        let mut take = |event: Event<'_>| {
            if let Event::Body(octets) = event {
                assert!(!octets.is_empty());
                body.extend_from_slice(octets);
                return;
            }
            if !body.is_empty() {
                log.push(format!("body {}", body.escape_ascii()));
                body.clear();
            }
            log.push(match event {
                Event::Begin(part) => {
                    let path: Vec<String> = part.path.iter().map(u16::to_string).collect();
                    let media = part.media_type();
                    let text = |octets: &[u8]| String::from_utf8_lossy(octets).to_lowercase();
                    let opaque = part.opaque.map_or(String::new(), |opaque| format!(" {opaque:?}"));
                    format!(
                        "begin [{}] {}/{}{opaque}",
                        path.join("."),
                        text(media.kind),
                        text(media.subtype)
                    )
                }
                Event::End { complete } => format!("end {}", if complete { "ok" } else { "cut" }),
                Event::Body(_) => unreachable!(),
            });
        };
        for cut in cuts {
            let (mut piece, behind) = rest.split_at(cut.min(rest.len()));
            rest = behind;
            while let Some(event) = walker.next(&mut piece) {
                take(event);
            }
            assert!(piece.is_empty());
        }
        assert!(rest.is_empty());
        while let Some(event) = walker.finish() {
            take(event);
        }
        log
    }

    #[track_caller]
    fn tells(message: &[u8], expected: &[&str]) {
        for cut in 0..=message.len() {
            let log = walk(message, [cut, message.len()].into_iter(), 300, Attached::Walk);
            assert_eq!(log, expected, "cut at {cut}: {}", message.escape_ascii());
        }
        let log = walk(message, std::iter::repeat_n(1, message.len()), 300, Attached::Walk);
        assert_eq!(log, expected, "octet by octet");
    }

    #[test]
    fn the_example_of_rfc_2046_section_5_1_1() {
        tells(
            b"From: Nathaniel Borenstein <nsb@bellcore.com>\r\nMIME-Version: 1.0\r\nContent-type: multipart/mixed; boundary=\"simple boundary\"\r\n\r\nThis is the preamble.  It is to be ignored, though it\r\nis a handy place for composition agents to include an\r\nexplanatory note to non-MIME conformant readers.\r\n\r\n--simple boundary\r\n\r\nThis is implicitly typed plain US-ASCII text.\r\nIt does NOT end with a linebreak.\r\n--simple boundary\r\nContent-type: text/plain; charset=us-ascii\r\n\r\nThis is explicitly typed plain US-ASCII text.\r\nIt DOES end with a linebreak.\r\n\r\n--simple boundary--\r\n\r\nThis is the epilogue.  It is also to be ignored.\r\n",
            &[
                "begin [] multipart/mixed",
                "begin [1] text/plain",
                "body This is implicitly typed plain US-ASCII text.\\r\\nIt does NOT end with a linebreak.",
                "end ok",
                "begin [2] text/plain",
                "body This is explicitly typed plain US-ASCII text.\\r\\nIt DOES end with a linebreak.\\r\\n",
                "end ok",
                "end ok",
            ],
        );
    }

    #[test]
    fn a_message_without_parts_is_one() {
        tells(
            b"Subject: x\r\n\r\na\r\n--b\r\n",
            &["begin [1] text/plain", "body a\\r\\n--b\\r\\n", "end ok"],
        );
        tells(b"", &["begin [1] text/plain", "end ok"]);
        tells(b"Content-Type: image/png", &["begin [1] image/png", "end ok"]);
    }

    #[test]
    fn nested_parts_have_the_numbers_of_imap() {
        // After the example of RFC 9051 §6.4.5.1.
        tells(
            b"Content-Type: multipart/mixed; boundary=a\n\n--a\n\none\n--a\nContent-Type: message/rfc822\n\nSubject: s\nContent-Type: multipart/alternative; boundary=ab\n\n--ab\n\nx\n--ab\n\ny\n--ab--\n--a\nContent-Type: message/rfc822\n\nSubject: t\n\nz\n--a--\n",
            &[
                "begin [] multipart/mixed",
                "begin [1] text/plain",
                "body one",
                "end ok",
                "begin [2] message/rfc822",
                "begin [2] multipart/alternative",
                "begin [2.1] text/plain",
                "body x",
                "end ok",
                "begin [2.2] text/plain",
                "body y",
                "end ok",
                "end ok",
                "end ok",
                "begin [3] message/rfc822",
                "begin [3.1] text/plain",
                "body z",
                "end ok",
                "end ok",
                "end ok",
            ],
        );
    }

    #[test]
    fn a_digest_holds_messages() {
        tells(
            b"Content-Type: multipart/digest; boundary=d\r\n\r\n--d\r\n\r\nSubject: s\r\n\r\nhi\r\n--d--",
            &[
                "begin [] multipart/digest",
                "begin [1] message/rfc822",
                "begin [1.1] text/plain",
                "body hi",
                "end ok",
                "end ok",
                "end ok",
            ],
        );
    }

    #[test]
    fn missing_boundaries_cost_no_neighbour() {
        // The inner multipart is not closed; the boundary of the outer one ends it.
        tells(
            b"Content-Type: multipart/x; boundary=o\r\n\r\n--o\r\nContent-Type: multipart/y; boundary=i\r\n\r\n--i\r\n\r\na\r\n--o  \r\n\r\nb\r\n--",
            &[
                "begin [] multipart/x",
                "begin [1] multipart/y",
                "begin [1.1] text/plain",
                "body a",
                "end ok",
                "end cut",
                "begin [2] text/plain",
                "body b\\r\\n--",
                "end cut",
                "end cut",
            ],
        );
    }

    #[test]
    fn boundaries_that_resemble_each_other_are_told_apart() {
        tells(
            b"Content-Type: multipart/x; boundary=\"b-\"\r\n\r\n--b-\r\nContent-Type: multipart/y; boundary=\"b-1\"\r\n\r\n--b-1\r\n\r\na\r\n--b-12\r\n--b\r\n--b-1--\r\n--b---\r\n",
            &[
                "begin [] multipart/x",
                "begin [1] multipart/y",
                "begin [1.1] text/plain",
                "body a\\r\\n--b-12\\r\\n--b",
                "end ok",
                "end ok",
                "end ok",
            ],
        );
    }

    #[test]
    fn a_boundary_in_a_header_ends_the_part() {
        tells(
            b"Content-Type: multipart/x; boundary=b\r\n\r\n--b\r\n--b\r\nContent-Type: a/b\r\n--b\r\n\r\n\r\n--b\r\n\r\n--b--\r\n",
            &[
                "begin [] multipart/x",
                "begin [1] text/plain",
                "end ok",
                "begin [2] a/b",
                "end ok",
                "begin [3] text/plain",
                "end ok",
                "begin [4] text/plain",
                "end ok",
                "end ok",
            ],
        );
    }

    #[test]
    fn what_cannot_be_walked_is_a_body_and_says_why() {
        tells(
            b"Content-Type: multipart/x\r\n\r\n--b\r\n",
            &["begin [1] multipart/x NoBoundary", "body --b\\r\\n", "end ok"],
        );
        tells(
            b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nQQ==",
            &["begin [1] message/rfc822 Encoded", "body QQ==", "end ok"],
        );
        let long =
            format!("Content-Type: multipart/x; boundary={}\r\n\r\nx", "b".repeat(1_000_000));
        let log = walk(long.as_bytes(), std::iter::repeat_n(1000, 1001), 300, Attached::Walk);
        assert_eq!(log, ["begin [1] multipart/x BoundaryTooLong", "body x", "end ok"]);
        let keep = b"Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\ny";
        let log = walk(keep, [100].into_iter(), 100, Attached::Keep);
        assert_eq!(log, ["begin [1] message/rfc822", "body Subject: x\\r\\n\\r\\ny", "end ok"]);
    }

    #[test]
    fn nesting_is_bounded() {
        let mut message = String::new();
        for depth in 0..50 {
            message +=
                &format!("Content-Type: multipart/x; boundary=b{depth}\r\n\r\n--b{depth}\r\n");
        }
        let log = walk(message.as_bytes(), [message.len()].into_iter(), 1000, Attached::Walk);
        assert_eq!(log.iter().filter(|line| line.starts_with("begin")).count(), MAX_DEPTH);
        assert!(log[MAX_DEPTH - 1].ends_with("TooDeep"));
        let nested = "Content-Type: message/rfc822\r\n\r\n".repeat(50);
        let log = walk(nested.as_bytes(), [nested.len()].into_iter(), 1000, Attached::Walk);
        assert!(log[MAX_DEPTH - 1].ends_with("TooDeep"));
    }

    #[test]
    fn an_attachment_is_saved_through_512_octets() {
        use ::base64::Engine as _;
        let file: Vec<u8> = (0..100_000_u32).map(|n| (n.wrapping_mul(n) >> 7) as u8).collect();
        let text = ::base64::prelude::BASE64_STANDARD.encode(&file);
        let lines: Vec<&str> =
            text.as_bytes().chunks(76).map(|line| str::from_utf8(line).unwrap()).collect();
        let message = format!(
            "Subject: s\r\nContent-Type: multipart/mixed;\r\n boundary=\"=_b\"\r\n\r\n--=_b\r\n\r\nSee file.\r\n--=_b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename*=utf-8''%C3%BC.png\r\n\r\n{}\r\n--=_b--\r\n",
            lines.join("\r\n"),
        );
        let (mut memory, mut out, mut saved) = ([0; 384], [0; 128], Vec::new());
        let mut walker = Walker::new(&mut memory);
        let mut decoder: Option<Decoder> = None;
        for mut piece in message.as_bytes().chunks(536) {
            while let Some(event) = walker.next(&mut piece) {
                match (event, &mut decoder) {
                    (Event::Begin(part), _)
                        if part.disposition().is_some_and(|it| it.is_attachment()) =>
                    {
                        let name = part.file_name(&mut out).unwrap();
                        assert_eq!(&out[..name.len], "ü.png".as_bytes());
                        decoder = Some(Decoder::new(part.encoding()));
                    }
                    (Event::Body(mut octets), Some(decoder)) => {
                        while !octets.is_empty() {
                            let progress = decoder.decode(&mut octets, &mut out);
                            saved.extend_from_slice(&out[..progress.written]);
                        }
                    }
                    (Event::End { complete }, Some(ending)) => {
                        assert!(complete);
                        assert_eq!(ending.finish(&mut out), Finished { written: 0, faults: 0 });
                        decoder = None;
                    }
                    _ => {}
                }
            }
        }
        assert_eq!(saved, file);
    }

    /// Messages built of the octets that matter.
    fn message() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            4 => Just("\r\n"), 2 => Just("\n"), 1 => Just("\r"), 3 => Just("\r\n--a\r\n"), 2 => Just("--a"),
            2 => Just("\r\n--ab\r\n"), 1 => Just("--ab--\r\n"), 1 => Just("\r\n--a--"), 1 => Just("-"),
            3 => Just("Content-Type: multipart/x; boundary=ab\r\n\r\n"),
            1 => Just("Content-Type: message/rfc822\r\n\r\n"), 2 => Just("text"), 1 => Just(" "),
        ];
        let pieces = prop::collection::vec(piece, 0..30);
        pieces.prop_map(|pieces| {
            "Content-Type: multipart/x; boundary=a\r\n\r\n".to_owned() + &pieces.concat()
        })
    }

    proptest! {
        #[test]
        fn events_do_not_depend_on_the_cuts(
            message in message(),
            cuts in prop::collection::vec(0_usize..12, 0..40),
        ) {
            let message = message.as_bytes();
            let whole = walk(message, [message.len()].into_iter(), 300, Attached::Walk);
            let cut = walk(message, cuts.into_iter().chain([message.len()]), 300, Attached::Walk);
            prop_assert_eq!(&cut, &whole);
            let begun = whole.iter().filter(|line| line.starts_with("begin")).count();
            let ended = whole.iter().filter(|line| line.starts_with("end")).count();
            prop_assert_eq!(begun, ended);
        }

        #[test]
        fn parts_come_back(bodies in prop::collection::vec("[a\r\n-]{0,20}", 1..6), cut in 1_usize..30) {
            let mut message = String::from("Content-Type: multipart/x; boundary=a--a\r\n\r\n");
            let mut expected = vec!["begin [] multipart/x".to_owned()];
            for (number, body) in (1..).zip(&bodies) {
                message += &format!("--a--a\r\n\r\n{body}\r\n");
                expected.push(format!("begin [{number}] text/plain"));
                // An empty body and its empty line are one line end.
                if !body.is_empty() {
                    expected.push(format!("body {}", body.as_bytes().escape_ascii()));
                }
                expected.push("end ok".into());
            }
            message += "--a--a--\r\n";
            expected.push("end ok".into());
            prop_assume!(bodies.iter().all(|body| !body.contains("--a--a")));
            let cuts = std::iter::repeat_n(cut, message.len() / cut + 1);
            prop_assert_eq!(walk(message.as_bytes(), cuts, 300, Attached::Walk), expected);
        }
    }
}
