//! Header fields (RFC 5322 §2.2): from a slice that holds the header, or from one that arrives.
//!
//! Both read alike. A line ends with CRLF or with a bare LF; the header ends with an empty line. White
//! space before the colon is passed over (§4.5). A line that is no field and continues none is counted
//! and passed over.

use super::text::{copy, cut, find_lf, is_wsp, span, trim_end};

/// A header field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    /// The field's name as it stands. Compare it with [`Field::is`].
    pub name: &'a [u8],
    /// What stands behind the colon, folding included, without the last line end.
    pub body: &'a [u8],
}

impl<'a> Field<'a> {
    /// Whether this is the field of that name; case does not matter (RFC 5322 §1.2.2).
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }

    /// The body without its folding (§2.2.3) and without white space before it.
    #[must_use]
    pub fn unfolded(&self) -> Unfolded<'a> {
        let mut unfolded = Unfolded { rest: self.body };
        let mut ahead = unfolded.clone();
        while ahead.next().is_some_and(is_wsp) {
            unfolded = ahead.clone();
        }
        unfolded
    }
}

/// The octets of a body without line ends. The white space that follows each stays.
#[derive(Clone, Debug)]
pub struct Unfolded<'a> {
    rest: &'a [u8],
}

impl Iterator for Unfolded<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        loop {
            let (&octet, rest) = self.rest.split_first()?;
            self.rest = match (octet, rest) {
                (b'\r', [b'\n', behind @ ..]) => behind,
                (b'\n', _) => rest,
                _ => {
                    self.rest = rest;
                    return Some(octet);
                }
            };
        }
    }
}

/// The fields of a header that lies in one slice, in their order.
///
/// ```
/// use mailproto_core::message::header::Fields;
///
/// let mut fields = Fields::new(b"Subject: one\r\n two\r\nDate: now\r\n\r\nbody");
/// let subject = fields.next().expect("a field");
/// assert!(subject.is("subject"));
/// assert!(subject.unfolded().eq(*b"one two"));
/// assert_eq!(fields.by_ref().count(), 1);
/// assert_eq!(fields.body(), Some(&b"body"[..]));
/// ```
#[derive(Clone, Debug)]
pub struct Fields<'a> {
    rest: &'a [u8],
    body: Option<&'a [u8]>,
    malformed: usize,
}

impl<'a> Fields<'a> {
    /// Over a message, or the header of one.
    #[must_use]
    pub const fn new(message: &'a [u8]) -> Self {
        Self { rest: message, body: None, malformed: 0 }
    }

    /// What follows the empty line, once the iterator has ended; `None` where there is none.
    #[must_use]
    pub const fn body(&self) -> Option<&'a [u8]> {
        self.body
    }

    /// How many lines so far neither were a field nor continued one.
    #[must_use]
    pub const fn malformed(&self) -> usize {
        self.malformed
    }

    /// The first field with this name, among those that are left.
    pub fn find(&self, name: &str) -> Option<Field<'a>> {
        Iterator::find(&mut self.clone(), |field| field.is(name))
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Field<'a>;

    fn next(&mut self) -> Option<Field<'a>> {
        while !self.rest.is_empty() {
            if let [b'\n', body @ ..] | [b'\r', b'\n', body @ ..] = self.rest {
                self.body = Some(body);
                self.rest = &[];
                break;
            }
            let (lines, rest) = cut(self.rest, folded_len(self.rest));
            self.rest = rest;
            if let Some(field) = field(lines) {
                return Some(field);
            }
            self.malformed = self.malformed.saturating_add(1);
        }
        None
    }
}

/// How long the first line and those that continue it are.
fn folded_len(text: &[u8]) -> usize {
    let mut len = 0_usize;
    loop {
        let Some(lf) = text.get(len..).and_then(find_lf) else { return text.len() };
        len = len.saturating_add(lf).saturating_add(1);
        if !text.get(len).copied().is_some_and(is_wsp) {
            return len;
        }
    }
}

fn field(lines: &[u8]) -> Option<Field<'_>> {
    let (name, rest) = cut(lines, span(lines, is_ftext));
    let rest = rest.get(span(rest, is_wsp)..)?;
    let body = rest.strip_prefix(b":")?;
    let body = body.strip_suffix(b"\n").unwrap_or(body);
    let body = body.strip_suffix(b"\r").unwrap_or(body);
    (!name.is_empty()).then_some(Field { name, body })
}

/// RFC 5322 §3.6.8 `ftext`.
fn is_ftext(octet: u8) -> bool {
    octet.is_ascii_graphic() && octet != b':'
}

/// What [`FieldFinder::next`] found.
#[derive(Debug, PartialEq, Eq)]
pub enum Found<'s> {
    /// One of the fields that were asked for.
    Field {
        /// Which: the index among the names that were given.
        index: usize,
        /// Its body, unfolded and without white space around it, in the finder's buffer until the next
        /// call. Where it is shorter than `octets`, the buffer was too small and holds its beginning.
        body: &'s [u8],
        /// How long the unfolded body is. Trailing white space counts.
        octets: usize,
        /// Whether all of it lies in `body`.
        whole: bool,
    },
    /// The empty line. What follows in the input is the body, and the finder takes none of it.
    End,
}

/// Finds fields in a header that arrives in pieces of any size.
///
/// ```
/// use mailproto_core::message::header::{FieldFinder, Found};
///
/// let mut buffer = [0; 64];
/// let mut finder = FieldFinder::new(&["subject"], &mut buffer);
/// for mut piece in [&b"To: x\r\nSub"[..], b"ject: He", b"llo\r\n\r\n"] {
///     while let Some(found) = finder.next(&mut piece) {
///         if let Found::Field { body, .. } = found {
///             assert_eq!(body, b"Hello");
///         }
///     }
/// }
/// ```
#[derive(Debug)]
pub struct FieldFinder<'w, 'b> {
    names: &'w [&'w str],
    buffer: &'b mut [u8],
    scan: FieldScan,
}

impl<'w, 'b> FieldFinder<'w, 'b> {
    /// Looks for fields of these names, of which the first 64 count. `buffer` holds one body at a time.
    #[must_use]
    pub const fn new(names: &'w [&'w str], buffer: &'b mut [u8]) -> Self {
        Self { names, buffer, scan: FieldScan::new() }
    }

    /// The next field or the end, or `None` when all input is taken or the header has ended.
    pub fn next(&mut self, input: &mut &[u8]) -> Option<Found<'_>> {
        match self.scan.next(self.names, input, self.buffer)? {
            Step::Field(value) => Some(self.found(value)),
            Step::End => Some(Found::End),
        }
    }

    /// Where the input has ended without an empty line: the field that was being read.
    pub fn finish(&mut self) -> Option<Found<'_>> {
        let value = self.scan.finish()?;
        Some(self.found(value))
    }

    /// How many lines so far neither were a field nor continued one.
    #[must_use]
    pub const fn malformed(&self) -> usize {
        self.scan.malformed
    }

    fn found(&self, value: Value) -> Found<'_> {
        let body = trim_end(self.buffer.get(..value.len).unwrap_or_default());
        Found::Field { index: value.index, body, octets: value.octets, whole: value.is_whole() }
    }
}

/// A field's body that was gathered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value {
    /// Which of the names.
    pub(super) index: usize,
    /// How much of it the buffer holds.
    pub(super) len: usize,
    octets: usize,
}

impl Value {
    pub(super) const fn is_whole(self) -> bool {
        self.len == self.octets
    }
}

pub(super) enum Step {
    Field(Value),
    End,
}

/// Where in a header the next octet stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// At the first octet of a line.
    Line,
    /// Behind a CR that is the first octet of a line.
    LineCr,
    /// In a name.
    Name,
    /// In white space behind a name.
    NameSpace,
    /// In a body that is gathered.
    Body,
    /// In such a body, behind CR.
    BodyCr,
    /// In a line that nobody wants.
    Skip,
    /// In the body of the message.
    End,
}

/// The state of a [`FieldFinder`], apart from what it borrows.
#[derive(Debug)]
pub(super) struct FieldScan {
    at: At,
    /// Which names begin with what was read of this one, a bit for each.
    candidates: u64,
    name_len: usize,
    value: Option<Value>,
    malformed: usize,
}

impl FieldScan {
    pub(super) const fn new() -> Self {
        Self { at: At::Line, candidates: 0, name_len: 0, value: None, malformed: 0 }
    }

    pub(super) fn next(
        &mut self,
        names: &[&str],
        input: &mut &[u8],
        buffer: &mut [u8],
    ) -> Option<Step> {
        loop {
            let (&octet, rest) = input.split_first()?;
            match (self.at, octet) {
                (At::End, _) => return None,
                (At::Line, b' ' | b'\t') => self.continued(),
                (At::Line, _) if self.value.is_some() => return self.value.take().map(Step::Field),
                (At::Line | At::LineCr, b'\n') => {
                    self.at = At::End;
                    *input = rest;
                    return Some(Step::End);
                }
                (At::Line, b'\r') => {
                    self.at = At::LineCr;
                    *input = rest;
                }
                (At::Line, _) => {
                    (self.at, self.candidates, self.name_len) = (At::Name, u64::MAX, 0);
                }
                (At::Name, _) if is_ftext(octet) => {
                    self.narrow(names, octet);
                    *input = rest;
                }
                (At::Name | At::NameSpace, b':') if self.name_len > 0 => {
                    self.named(names);
                    *input = rest;
                }
                (At::Name | At::NameSpace, b' ' | b'\t') => {
                    self.at = At::NameSpace;
                    *input = rest;
                }
                (At::Name | At::NameSpace | At::LineCr, _) => self.no_field(),
                (At::Body, _) => self.body(input, buffer),
                (At::BodyCr, b'\n') => {
                    self.at = At::Line;
                    *input = rest;
                }
                (At::BodyCr, _) => {
                    self.gather(b"\r", buffer);
                    self.at = At::Body;
                }
                (At::Skip, _) => self.skip(input),
            }
        }
    }

    /// The header ends here.
    pub(super) fn finish(&mut self) -> Option<Value> {
        self.at = At::End;
        self.value.take()
    }

    /// A line that begins with white space belongs to what came before.
    fn continued(&mut self) {
        self.at = if self.value.is_some() { At::Body } else { At::Skip };
        // Before any field there is nothing to continue.
        if self.name_len == 0 && self.value.is_none() && self.malformed == 0 {
            self.malformed = 1;
        }
    }

    fn narrow(&mut self, names: &[&str], octet: u8) {
        let mut candidates = 0;
        for (index, name) in (0_u32..64).zip(names) {
            let same = name.as_bytes().get(self.name_len);
            if same.is_some_and(|same| same.eq_ignore_ascii_case(&octet)) {
                candidates |= 1_u64.unbounded_shl(index);
            }
        }
        self.candidates &= candidates;
        self.name_len = self.name_len.saturating_add(1);
    }

    /// The name is complete: is the field wanted?
    fn named(&mut self, names: &[&str]) {
        let is = |index: usize, name: &str| {
            let bit = u32::try_from(index).map_or(0, |index| 1_u64.unbounded_shl(index));
            self.candidates & bit != 0 && name.len() == self.name_len
        };
        let wanted = names.iter().enumerate().find(|(index, name)| is(*index, name));
        self.value = wanted.map(|(index, _)| Value { index, len: 0, octets: 0 });
        self.at = if self.value.is_some() { At::Body } else { At::Skip };
    }

    fn no_field(&mut self) {
        self.malformed = self.malformed.saturating_add(1);
        self.name_len = self.name_len.max(1);
        self.at = At::Skip;
    }

    /// Gathers as far as the line goes.
    fn body(&mut self, input: &mut &[u8], buffer: &mut [u8]) {
        let line = find_lf(input);
        let (text, rest) = cut(input, line.unwrap_or(input.len()));
        let (text, cr) = text.strip_suffix(b"\r").map_or((text, false), |text| (text, true));
        self.gather(text, buffer);
        (self.at, *input) = match (line, cr) {
            (Some(_), _) => (At::Line, rest.get(1..).unwrap_or_default()),
            (None, true) => (At::BodyCr, rest),
            (None, false) => (At::Body, rest),
        };
    }

    fn gather(&mut self, text: &[u8], buffer: &mut [u8]) {
        let Some(value) = &mut self.value else { return };
        let text = if value.octets == 0 { text.get(span(text, is_wsp)..) } else { Some(text) };
        let text = text.unwrap_or_default();
        let room = buffer.get_mut(value.len..).unwrap_or_default();
        let len = if value.is_whole() { room.len().min(text.len()) } else { 0 };
        copy(room, cut(text, len).0);
        value.len = value.len.saturating_add(len);
        value.octets = value.octets.saturating_add(text.len());
    }

    fn skip(&mut self, input: &mut &[u8]) {
        let lf = find_lf(input);
        if lf.is_some() {
            self.at = At::Line;
        }
        *input = cut(input, lf.map_or(input.len(), |lf| lf.saturating_add(1))).1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// RFC 5322 appendix A.1.1, A.3, A.6.3 (obsolete white space), and what real mail brings.
    const HEADERS: &[&[u8]] = &[
        b"From: John Doe <jdoe@machine.example>\r\nTo: Mary Smith <mary@example.net>\r\nSubject: Saying Hello\r\nDate: Fri, 21 Nov 1997 09:55:06 -0600\r\nMessage-ID: <1234@local.machine.example>\r\n\r\nThis is a message just to say hello.",
        b"From  : John Doe <jdoe@machine(comment).  example>\r\nTo    : Mary Smith\r\n  \r\n          <mary@example.net>\r\nSubject     : Saying Hello\r\n\r\nbody",
        b"Subject:\r\n folded\r\n\tat\r\n once \r\nX: 1\r\n\r\n",
        b"Subject: bare\n line\nTo:\nX:y\n\nbody\n",
        b"From nobody Mon\r\nSubject: mbox\r\n>From: x\r\n\r\n",
        b" begins with space\r\nSubject: a\rb\r\nno field\r\n continued\r\nTo: t\r\r\n\r\n",
        b"Subject: no empty line\r\n",
        b"Subject: no line end",
        b"Subject: cr\r",
        b": no name\r\nSubject\r\n: no\r\nsubject:\r\n\r\nx",
        b"\r\nbody",
        b"\rx\r\nSubject: s\r\n\r\n",
        b"",
    ];
    const NAMES: &[&str] = &["From", "SUBJECT", "to"];

    type Seen = (Vec<(usize, Vec<u8>)>, Option<Vec<u8>>);

    fn by_slice(message: &[u8]) -> Seen {
        let mut fields = Fields::new(message);
        let mut seen = Vec::new();
        for field in fields.by_ref() {
            if let Some(index) = NAMES.iter().position(|name| field.is(name)) {
                let body: Vec<u8> = field.unfolded().collect();
                seen.push((index, trim_end(&body).to_vec()));
            }
        }
        (seen, fields.body().map(<[u8]>::to_vec))
    }

    fn streamed(message: &[u8], cuts: impl Iterator<Item = usize>) -> Seen {
        let mut buffer = [0; 1000];
        let mut finder = FieldFinder::new(NAMES, &mut buffer);
        let (mut seen, mut body, mut rest) = (Vec::new(), None::<Vec<u8>>, message);
        let mut take = |found: Found<'_>, body: &mut Option<Vec<u8>>| match found {
            Found::Field { index, body, whole, .. } => {
                assert!(whole);
                seen.push((index, trim_end(body).to_vec()));
            }
            Found::End => *body = Some(Vec::new()),
        };
        for cut in cuts {
            let (mut piece, behind) = rest.split_at(cut.min(rest.len()));
            rest = behind;
            while let Some(found) = finder.next(&mut piece) {
                take(found, &mut body);
            }
            match &mut body {
                Some(body) => body.extend_from_slice(piece),
                None => assert!(piece.is_empty()),
            }
        }
        assert!(rest.is_empty());
        if let Some(found) = finder.finish() {
            take(found, &mut body);
        }
        (seen, body)
    }

    #[test]
    fn a_stream_gives_what_the_slice_gives_at_every_cut() {
        for message in HEADERS {
            let whole = by_slice(message);
            for cut in 0..=message.len() {
                let cuts = [cut, message.len()].into_iter();
                assert_eq!(streamed(message, cuts), whole, "{:?}", message.escape_ascii());
            }
            assert_eq!(streamed(message, std::iter::repeat_n(1, message.len())), whole);
        }
    }

    fn names(message: &[u8]) -> Vec<String> {
        let name = |field: Field<'_>| String::from_utf8(field.name.to_vec()).unwrap();
        Fields::new(message).map(name).collect()
    }

    #[test]
    fn the_examples_of_rfc_5322_have_their_fields() {
        assert_eq!(names(HEADERS[0]), ["From", "To", "Subject", "Date", "Message-ID"]);
        assert_eq!(names(HEADERS[1]), ["From", "To", "Subject"]);
        let to = Fields::new(HEADERS[1]).find("to").unwrap();
        assert!(to.unfolded().eq(*b"Mary Smith            <mary@example.net>"));
        assert_eq!(by_slice(HEADERS[2]).0, [(1, b"folded\tat once".to_vec())]);
    }

    #[test]
    fn lines_that_are_no_field_are_counted_and_cost_no_neighbour() {
        for (message, malformed, fields) in
            [(HEADERS[4], 1, vec!["Subject", ">From"]), (HEADERS[5], 2, vec!["Subject", "To"])]
        {
            let mut found = Fields::new(message);
            assert_eq!(names(message), fields);
            assert_eq!((found.by_ref().count(), found.malformed()), (fields.len(), malformed));
            let mut buffer = [0; 9];
            let mut finder = FieldFinder::new(&[], &mut buffer);
            assert_eq!(finder.next(&mut &message[..]), Some(Found::End));
            assert_eq!(finder.malformed(), malformed);
        }
    }

    #[test]
    fn a_body_that_does_not_fit_is_reported_and_the_next_is_whole() {
        let message = b"Subject: 0123456789\r\n abc\r\nTo: x\r\n\r\n";
        for cut in 1..message.len() {
            let mut buffer = [0; 4];
            let mut finder = FieldFinder::new(NAMES, &mut buffer);
            let mut seen = Vec::new();
            for mut piece in message.chunks(cut) {
                while let Some(found) = finder.next(&mut piece) {
                    seen.push(format!("{found:?}"));
                }
            }
            let field = |index, body: &[u8], octets, whole| {
                format!("{:?}", Found::Field { index, body, octets, whole })
            };
            let expected = [
                field(1, b"0123", 14, false),
                field(2, b"x", 1, true),
                format!("{:?}", Found::End),
            ];
            assert_eq!(seen, expected);
        }
    }

    proptest! {
        #[test]
        fn any_octets_are_read_alike_by_both(
            text in "([STFstf]ubject|[TX]o|From|[: \r\nx]){0,30}",
            cuts in prop::collection::vec(0_usize..9, 0..20),
        ) {
            let message = text.as_bytes();
            let cuts = cuts.into_iter().chain([message.len()]);
            prop_assert_eq!(streamed(message, cuts), by_slice(message));
        }
    }
}
