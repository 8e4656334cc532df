//! The MIME structure of a message (RFC 9051 §7.5.2): checked once, walked part by part from where it
//! lies, without recursion.

use super::envelope::Envelope;
#[cfg(feature = "fast")]
use super::lengths::{self, Known, Measure};
use crate::imap::lexer::Lexer;
#[cfg(feature = "fast")]
use crate::imap::lexer::Plain;
use crate::imap::quirk::Quirk;
use crate::imap::resume::resumable;
use crate::imap::string::ImapString;

/// How deep multiparts and messages may be nested at most, whatever `Config::max_nesting` says.
pub const MAX_NESTING: usize = 64;

/// The structure of a message's body, as BODY or BODYSTRUCTURE gave it (RFC 9051 §7.5.2).
///
/// ```text
/// multipart/mixed            Open
///   text/plain           1     Part
///   message/rfc822       2     Message
///     text/html          2.1     Part
///                              MessageEnd
///                          Close
/// ```
#[derive(Clone, Copy, Debug)]
pub struct BodyStructure<'a> {
    octets: &'a [u8],
    /// What was seen at the first steps when it was checked.
    #[cfg(feature = "fast")]
    shape: [Lengths; SHAPE],
}

impl<'a> BodyStructure<'a> {
    /// Reads a structure anew that [`as_received`](Self::as_received) gave and that was kept aside; `None` for
    /// octets that are no structure, more than one, or one that is nested deeper than [`MAX_NESTING`].
    ///
    /// ```
    /// use mailproto_core::imap::response::body_structure::BodyStructure;
    ///
    /// let kept = br#"("text" "plain" NIL NIL NIL "7bit" 12 1)"#.to_vec();
    /// let structure = BodyStructure::from_received(&kept).expect("a structure");
    /// assert_eq!(structure.nodes().count(), 1);
    /// ```
    #[must_use]
    pub fn from_received(octets: &'a [u8]) -> Option<Self> {
        let mut lexer = Lexer::new(octets);
        let structure = Self::parse(&mut lexer, MAX_NESTING)?;
        lexer.at_end().then_some(structure)
    }

    /// The same without looking at the octets, which [`as_received`](Self::as_received) gave. Of anything else,
    /// [`nodes`](Self::nodes) ends where the grammar does.
    #[must_use]
    pub const fn from_checked(octets: &'a [u8]) -> Self {
        Self {
            octets,
            #[cfg(feature = "fast")]
            shape: [Lengths::UNKNOWN; SHAPE],
        }
    }

    /// Takes a `body`, nested no deeper than `max_nesting`.
    pub(crate) fn parse(lexer: &mut Lexer<'a>, max_nesting: usize) -> Option<Self> {
        let octets = lexer.rest();
        let mut walk = Walk::new(*lexer);
        #[cfg(feature = "fast")]
        let (mut shape, mut steps) = ([Lengths::UNKNOWN; SHAPE], 0..SHAPE);
        while walk.at != At::End {
            #[cfg(feature = "fast")]
            {
                let index = steps.next().unwrap_or(SHAPE);
                if let Some((_, lengths)) = walk.plain_part() {
                    if let Some(known) = shape.get_mut(index) {
                        *known = lengths;
                    }
                    continue;
                }
            }
            walk.step(None)?;
            if walk.depth > max_nesting {
                return None;
            }
        }
        *lexer = walk.lexer;
        Some(Self {
            octets: octets.get(..lexer.taken_of(octets))?,
            #[cfg(feature = "fast")]
            shape,
        })
    }

    /// The parts, in the order of the message, each multipart and message around its own.
    #[must_use]
    pub const fn nodes(&self) -> Nodes<'a> {
        Nodes {
            walk: Walk::new(Lexer::new(self.octets)),
            section: SectionPath::ROOT,
            #[cfg(feature = "fast")]
            shape: self.shape,
            #[cfg(feature = "fast")]
            steps: 0,
        }
    }

    /// The structure as it came.
    #[must_use]
    pub const fn as_received(&self) -> &'a [u8] {
        self.octets
    }
}

/// What the walk through a structure comes by (RFC 9051 §9, `body`).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Node<'a> {
    /// A multipart begins; its parts follow, then [`Node::Close`].
    Open,
    /// A part that has no parts of its own.
    Part(Part<'a>),
    /// A message within the message (`message/rfc822`, `message/global`): its structure follows, then
    /// [`Node::MessageEnd`].
    Message(Part<'a>, Envelope<'a>),
    /// The message's structure is complete.
    MessageEnd(MessageEnd<'a>),
    /// The multipart is complete.
    Close(Multipart<'a>),
}

/// What [`Nodes::step`] came by: a [`Node`], whose fields are told apart from it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Step<'a> {
    /// A multipart begins.
    Open,
    /// A part that has no parts of its own.
    Part,
    /// A message within the message begins.
    Message(Envelope<'a>),
    /// The message's structure is complete: `lines` and `extension` are told.
    MessageEnd,
    /// The multipart is complete: `subtype`, `parameters` and `extension` are told.
    Close,
}

/// A part, as its header describes it (RFC 2045).
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// The type, such as `text`, in any case.
    pub media_type: ImapString<'a>,
    /// The subtype, such as `plain`.
    pub subtype: ImapString<'a>,
    /// The parameters of the type.
    pub parameters: Parameters<'a>,
    /// Content-ID.
    pub id: Option<ImapString<'a>>,
    /// Content-Description.
    pub description: Option<ImapString<'a>>,
    /// Content-Transfer-Encoding; `7BIT` is meant where it is empty.
    pub encoding: ImapString<'a>,
    /// The length in octets, encoded as it is; `None` where the server does not know.
    pub octets: Option<u64>,
    /// The length in lines, of `text` parts (of messages see [`MessageEnd`]).
    pub lines: Option<u64>,
    /// What BODYSTRUCTURE tells and BODY does not.
    pub extension: Extension<'a>,
}

impl Default for Part<'_> {
    /// Nothing is told.
    #[cfg_attr(feature = "fast", inline)]
    #[cfg_attr(not(feature = "fast"), inline(never))]
    fn default() -> Self {
        Self {
            media_type: ImapString::default(),
            subtype: ImapString::default(),
            parameters: Parameters::default(),
            id: None,
            description: None,
            encoding: ImapString::default(),
            octets: None,
            lines: None,
            extension: Extension::default(),
        }
    }
}

impl<'a> Part<'a> {
    /// A part of the usual kind, what follows it, and the lengths of its strings.
    #[cfg(feature = "fast")]
    #[inline(always)]
    fn plain(octets: &'a [u8]) -> Option<(Self, &'a [u8], Lengths)> {
        let mut plain = Plain(octets);
        plain.octet(b'(')?;
        let media_type = plain.string_then(b' ')?;
        let subtype = plain.string_then(b' ')?;
        let (list, pair) = plain.parameters_sp()?;
        let id = plain.nil_or_string_then(b' ')?;
        let description = plain.nil_or_string_then(b' ')?;
        let encoding = plain.string_then(b' ')?;
        let octets = Some(plain.number()?);
        let mut lines = None;
        match kind(media_type, subtype) {
            Kind::Text => {
                plain.octet(b' ')?;
                lines = Some(plain.number()?);
            }
            Kind::Message => return None,
            Kind::Other => {}
        }
        let (extension, end) = Extension::plain(&mut plain)?;
        let mut measure = Measure::new();
        let pair = match pair {
            Some([name, value]) => [measure.string(name), measure.string(value)],
            None => NO_PAIR,
        };
        let lengths = Lengths {
            strings: [
                measure.string(media_type),
                measure.string(subtype),
                measure.optional(id),
                measure.optional(description),
                measure.string(encoding),
            ],
            pair,
            end: match end {
                0 => 0,
                _ if !measure.fits() || (!list.is_empty() && pair == NO_PAIR) => 0,
                end if lines.is_some() => end | Lengths::LINES,
                end => end,
            },
        };
        let part = Self {
            media_type,
            subtype,
            parameters: Parameters { list, pair },
            id,
            description,
            encoding,
            octets,
            lines,
            extension,
        };
        Some((part, plain.0, lengths))
    }
}

/// How many steps of a walk are known at the most.
#[cfg(feature = "fast")]
const SHAPE: usize = 8;
/// None, or more than one.
#[cfg(feature = "fast")]
const NO_PAIR: [u8; 2] = [lengths::NIL; 2];

/// The lengths of the strings of a part that has no parameters, or one.
#[cfg(feature = "fast")]
#[derive(Clone, Copy, Debug)]
struct Lengths {
    /// Type, subtype, id, description, encoding.
    strings: [u8; 5],
    pair: [u8; 2],
    /// How many octets end it, behind the numbers, and [`LINES`](Self::LINES); 0 where nothing is known.
    end: u8,
}

#[cfg(feature = "fast")]
impl Lengths {
    const UNKNOWN: Self = Self { strings: [0; 5], pair: NO_PAIR, end: 0 };
    /// There is a number of lines.
    const LINES: u8 = 0x20;

    /// The part of these lengths that begins here, and what follows it.
    #[inline(always)]
    fn part(self, octets: &[u8]) -> Option<(Part<'_>, &[u8])> {
        let Self { strings: [media_type, subtype, id, description, encoding], pair, end } = self;
        let mut known = Known::new(octets, 1);
        let media_type = known.string(media_type)?;
        let subtype = known.string(subtype)?;
        let list = if pair == NO_PAIR {
            known.skip(4);
            &[]
        } else {
            known.pair(pair)?
        };
        let id = known.optional(id)?;
        let description = known.optional(description)?;
        let encoding = known.string(encoding)?;
        let mut plain = Plain(known.rest()?);
        let octets = Some(plain.number()?);
        let mut lines = None;
        if end & Self::LINES != 0 {
            plain.octet(b' ')?;
            lines = Some(plain.number()?);
        }
        let part = Part {
            media_type,
            subtype,
            parameters: Parameters { list, pair },
            id,
            description,
            encoding,
            octets,
            lines,
            extension: Extension::default(),
        };
        Some((part, plain.0.get(usize::from(end & !Self::LINES)..)?))
    }
}

/// What follows the parts of a multipart (RFC 9051 §9, `body-type-mpart`).
#[derive(Clone, Copy, Debug)]
pub struct Multipart<'a> {
    /// The subtype, such as `mixed` or `alternative`.
    pub subtype: ImapString<'a>,
    /// The parameters of the type.
    pub parameters: Parameters<'a>,
    /// What else BODYSTRUCTURE tells.
    pub extension: Extension<'a>,
}

/// What follows the structure of a message within the message (RFC 9051 §9, `body-type-msg`).
#[derive(Clone, Copy, Debug)]
pub struct MessageEnd<'a> {
    /// The message's length in lines.
    pub lines: Option<u64>,
    /// What BODYSTRUCTURE tells and BODY does not.
    pub extension: Extension<'a>,
}

/// Extension data (RFC 9051 §7.5.2): each is missing where the server ends before it. Their shape is not checked before they
/// are asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Extension<'a> {
    /// MD5, disposition, language, location.
    fields: [&'a [u8]; FIELDS],
    other: &'a [u8],
}

impl<'a> Extension<'a> {
    /// None, all of it NIL, or all that is known, and the closing parenthesis; how many octets that were if there is
    /// nothing in them, else 0.
    #[cfg(feature = "fast")]
    #[inline(always)]
    fn plain(plain: &mut Plain<'a>) -> Option<(Self, u8)> {
        if plain.octet(b')').is_some() {
            return Some((Self::default(), 1));
        }
        if let Some((b" NIL NIL NIL NIL)", rest)) = plain.0.split_first_chunk() {
            plain.0 = rest;
            return Some((Self::default(), 17));
        }
        plain.octet(b' ')?;
        let md5 = plain.value_then(b' ')?;
        if plain.0.starts_with(b"\"") {
            return None;
        }
        let disposition = plain.value_then(b' ')?;
        let language = plain.value_then(b' ')?;
        let location = plain.value_then(b')')?;
        Some((Self { fields: [md5, disposition, language, location], other: &[] }, 0))
    }

    #[cfg_attr(feature = "fast", inline(always))]
    #[cfg_attr(not(feature = "fast"), inline(never))]
    fn string(&self, field: Field) -> Option<ImapString<'a>> {
        if cfg!(feature = "fast") && self.is_missing(field) {
            return None;
        }
        self.lexer(field).nstring().flatten()
    }

    #[inline(always)]
    fn is_missing(&self, field: Field) -> bool {
        self.fields.get(field as usize).is_none_or(|value| value.is_empty())
    }

    fn lexer(&self, field: Field) -> Lexer<'a> {
        Lexer::new(self.fields.get(field as usize).copied().unwrap_or_default())
    }

    /// Content-MD5 (RFC 1864); multiparts have none.
    #[must_use]
    #[cfg_attr(feature = "fast", inline)]
    pub fn md5(&self) -> Option<ImapString<'a>> {
        self.string(Field::Md5)
    }

    /// Content-Disposition (RFC 2183).
    #[must_use]
    #[cfg_attr(feature = "fast", inline)]
    pub fn disposition(&self) -> Option<Disposition<'a>> {
        if cfg!(feature = "fast") && self.is_missing(Field::Disposition) {
            return None;
        }
        self.disposition_told()
    }

    #[inline(never)]
    fn disposition_told(&self) -> Option<Disposition<'a>> {
        let mut lexer = self.lexer(Field::Disposition);
        if lexer.open().is_none() {
            let kind = self.string(Field::Disposition)?;
            return Some(Disposition { kind, parameters: Parameters::default() });
        }
        let kind = lexer.string()?;
        let _ = lexer.sp();
        Some(Disposition { kind, parameters: Parameters::of(lexer.rest()) })
    }

    /// Content-Language (RFC 3282): tags, one after another.
    #[must_use]
    #[cfg_attr(feature = "fast", inline)]
    pub fn language(&self) -> Languages<'a> {
        let mut lexer = self.lexer(Field::Language);
        if lexer.open().is_none() && lexer.nil().is_some() {
            lexer = Lexer::new(&[]);
        }
        Languages { lexer }
    }

    /// Content-Location (RFC 2557).
    #[must_use]
    #[cfg_attr(feature = "fast", inline)]
    pub fn location(&self) -> Option<ImapString<'a>> {
        self.string(Field::Location)
    }

    /// What stands behind the fields that are known, as it came.
    #[must_use]
    pub const fn other(&self) -> &'a [u8] {
        self.other
    }
}

/// How many fields of extension data have names.
const FIELDS: usize = 4;

/// The fields of [`Extension`], in the order of the wire. Multiparts have no MD5.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Md5,
    Disposition,
    Language,
    Location,
}

/// How a part wants to be shown (RFC 2183).
#[derive(Clone, Copy, Debug)]
pub struct Disposition<'a> {
    /// Such as `inline` or `attachment`, in any case.
    pub kind: ImapString<'a>,
    /// Such as `filename`.
    pub parameters: Parameters<'a>,
}

/// Parameters of a type or disposition: names and values. Long or non-ASCII values may be spread over
/// several, or encoded (RFC 2231); the crate's `message` module puts them together.
#[derive(Clone, Copy, Debug)]
pub struct Parameters<'a> {
    /// From the opening parenthesis on; anything else is no parameters.
    list: &'a [u8],
    /// The lengths of the only name and value, if they are known.
    #[cfg(feature = "fast")]
    pair: [u8; 2],
}

impl Default for Parameters<'_> {
    /// None.
    #[inline(always)]
    fn default() -> Self {
        Self::of(&[])
    }
}

impl<'a> Parameters<'a> {
    /// Parameters that [`as_received`](Self::as_received) gave. Of anything else, those that can be read.
    #[must_use]
    pub const fn from_received(list: &'a [u8]) -> Self {
        Self::of(list)
    }

    #[inline(always)]
    const fn of(list: &'a [u8]) -> Self {
        Self {
            list,
            #[cfg(feature = "fast")]
            pair: NO_PAIR,
        }
    }

    /// The parameters as they came, from the opening parenthesis on; empty where there are none.
    #[must_use]
    pub const fn as_received(self) -> &'a [u8] {
        self.list
    }

    /// The value of the first parameter of this name, in any case.
    #[must_use]
    pub fn get(&self, name: &[u8]) -> Option<ImapString<'a>> {
        let (_, value) = self.into_iter().find(|(found, _)| found.eq_ignore_ascii_case(name))?;
        Some(value)
    }
}

impl<'a> IntoIterator for Parameters<'a> {
    type Item = (ImapString<'a>, ImapString<'a>);
    type IntoIter = ParameterIter<'a>;

    #[inline]
    fn into_iter(self) -> ParameterIter<'a> {
        let list = match self.list {
            [b'(', list @ ..] => list,
            _ => &[],
        };
        ParameterIter {
            lexer: Lexer::new(list),
            #[cfg(feature = "fast")]
            pair: self.pair,
        }
    }
}

/// The names and values of [`Parameters`].
#[derive(Clone, Copy, Debug)]
pub struct ParameterIter<'a> {
    lexer: Lexer<'a>,
    /// The lengths of the only name and value, if they are known and come next.
    #[cfg(feature = "fast")]
    pair: [u8; 2],
}

impl<'a> ParameterIter<'a> {
    /// Goes on where another stood, of which [`rest`](Self::rest) gave this.
    #[must_use]
    pub const fn resume(rest: &'a [u8]) -> Self {
        Self {
            lexer: Lexer::new(rest),
            #[cfg(feature = "fast")]
            pair: NO_PAIR,
        }
    }

    /// What has not been read yet, as it came.
    #[must_use]
    pub const fn rest(&self) -> &'a [u8] {
        self.lexer.rest()
    }
}

impl<'a> Iterator for ParameterIter<'a> {
    type Item = (ImapString<'a>, ImapString<'a>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        #[cfg(feature = "fast")]
        if self.pair != NO_PAIR {
            let [name, value] = core::mem::replace(&mut self.pair, NO_PAIR);
            let mut known = Known::new(self.lexer.rest(), 0);
            let pair = (known.string(name)?, known.string(value)?);
            // Nothing is left but the parenthesis.
            let rest = self.lexer.rest();
            self.lexer.advance(rest.len().wrapping_sub(1));
            return Some(pair);
        }
        let _ = self.lexer.sp();
        if self.lexer.peek()? == b')' {
            return None;
        }
        let name = self.lexer.string()?;
        let _ = self.lexer.sp();
        Some((name, self.lexer.string().unwrap_or_default()))
    }
}

/// Languages, one or several in parentheses.
#[derive(Clone, Copy, Debug)]
pub struct Languages<'a> {
    lexer: Lexer<'a>,
}

resumable!(Languages { lexer });

impl<'a> Iterator for Languages<'a> {
    type Item = ImapString<'a>;

    fn next(&mut self) -> Option<ImapString<'a>> {
        let _ = self.lexer.sp();
        if self.lexer.peek()? == b')' { None } else { self.lexer.string() }
    }
}

/// What the walk came by: a [`Step`], whose envelope is told apart from it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Came {
    Open,
    Part,
    Message,
    MessageEnd,
    Close,
}

/// Where the walk tells what it came by. Of the part only those fields are told that it has.
struct Place<'p, 'a> {
    part: &'p mut Part<'a>,
    /// The envelope of a message, and what stands behind it.
    envelope: &'a [u8],
}

/// The same for who only checks: there is no room on a chip's stack for what nobody reads.
type Telling<'t, 'p, 'a> = Option<&'t mut Place<'p, 'a>>;

/// Tells something, if it is to be told.
#[inline(always)]
fn tell<'a>(place: &mut Telling<'_, '_, 'a>, tell: impl FnOnce(&mut Part<'a>)) {
    if let Some(place) = place {
        tell(place.part);
    }
}

/// Where the walk stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// A body begins.
    Body,
    /// A body within something has ended.
    After,
    /// All is told.
    End,
}

/// The grammar of `body` (RFC 9051 §9), one step a node.
#[derive(Clone, Copy, Debug)]
struct Walk<'a> {
    lexer: Lexer<'a>,
    at: At,
    depth: usize,
    /// One bit a level: whether that is a multipart, or else a message.
    multiparts: u64,
}

impl<'a> Walk<'a> {
    const fn new(lexer: Lexer<'a>) -> Self {
        Self { lexer, at: At::Body, depth: 0, multiparts: 0 }
    }

    #[cfg_attr(feature = "wide", inline(always))]
    fn step(&mut self, place: Telling<'_, '_, 'a>) -> Option<Came> {
        match self.at {
            At::Body => {}
            At::After if self.multiparts & 1 == 0 => return self.message_end(place),
            At::After => {
                if self.at_multipart_end()? {
                    return self.multipart_end(place);
                }
            }
            At::End => return None,
        }
        self.body(place)
    }

    /// The next step, told with its envelope.
    #[inline]
    fn told_step(&mut self, part: &mut Part<'a>) -> Option<Step<'a>> {
        let mut place = Place { part, envelope: &[] };
        Some(match self.step(Some(&mut place))? {
            Came::Open => Step::Open,
            Came::Part => Step::Part,
            Came::Message => Step::Message(Envelope::parse(&mut Lexer::new(place.envelope))?),
            Came::MessageEnd => Step::MessageEnd,
            Came::Close => Step::Close,
        })
    }

    fn enter(&mut self, multipart: bool) -> Option<()> {
        if self.depth >= MAX_NESTING {
            return None;
        }
        self.depth = self.depth.saturating_add(1);
        self.multiparts = self.multiparts << 1 | u64::from(multipart);
        self.at = At::Body;
        Some(())
    }

    fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.multiparts >>= 1;
        self.body_ended();
    }

    fn body_ended(&mut self) {
        self.at = if self.depth == 0 { At::End } else { At::After };
    }

    #[cfg_attr(feature = "wide", inline(always))]
    fn body(&mut self, place: Telling<'_, '_, 'a>) -> Option<Came> {
        self.lexer.open()?;
        if self.lexer.peek() == Some(b'(') {
            self.enter(true)?;
            return Some(Came::Open);
        }
        self.part(place)
    }

    /// The next node, if it is a part of the usual kind.
    #[cfg(feature = "fast")]
    #[inline(always)]
    fn plain_part(&mut self) -> Option<(Part<'a>, Lengths)> {
        let in_message = self.at == At::After && self.multiparts & 1 == 0;
        if in_message || self.at == At::End {
            return None;
        }
        let (part, rest, lengths) = Part::plain(self.lexer.rest())?;
        self.lexer.advance_to(rest);
        self.body_ended();
        Some((part, lengths))
    }

    /// The next node, if it is a part whose lengths are known.
    #[cfg(feature = "fast")]
    #[inline(always)]
    fn known_part(&mut self, lengths: Lengths) -> Option<Part<'a>> {
        let (part, rest) = lengths.part(self.lexer.rest())?;
        self.lexer.advance_to(rest);
        self.body_ended();
        Some(part)
    }

    /// A part as servers send it, or a message.
    #[inline(never)]
    fn part(&mut self, mut place: Telling<'_, '_, 'a>) -> Option<Came> {
        let lexer = &mut self.lexer;
        let media_type = media_type(lexer)?;
        let subtype = string_sp(lexer)?;
        let parameters = parameters(lexer)?;
        lexer.sp()?;
        let id = nstring_sp(lexer)?;
        let description = nstring_sp(lexer)?;
        let encoding = string_sp(lexer)?;
        tell(&mut place, |part| {
            part.media_type = media_type;
            part.subtype = subtype;
            part.parameters = parameters;
            part.id = id;
            part.description = description;
            part.encoding = encoding;
        });
        let octets = lexer.tolerant_number()?;
        tell(&mut place, |part| part.octets = octets);
        match kind(media_type, subtype) {
            Kind::Message if matches!(lexer.rest(), [b' ', b'(', ..]) => {
                lexer.sp()?;
                if let Some(place) = place {
                    place.envelope = lexer.rest();
                }
                Envelope::check(lexer)?;
                lexer.sp()?;
                self.enter(false)?;
                return Some(Came::Message);
            }
            Kind::Text => lines(lexer, &mut place)?,
            _ => {}
        }
        part_extension(lexer, place)?;
        self.body_ended();
        Some(Came::Part)
    }

    /// Behind a part of a multipart: whether that was the last. If not, the next one begins.
    #[cfg_attr(feature = "wide", inline(always))]
    fn at_multipart_end(&mut self) -> Option<bool> {
        match self.lexer.peek()? {
            b'(' => return Some(false),
            b'"' => {
                self.lexer.note(Quirk::MissingSpace);
                return Some(true);
            }
            _ => self.lexer.sp()?,
        }
        let ends = self.lexer.peek()? != b'(';
        if !ends {
            self.lexer.note(Quirk::ExtraSpace);
        }
        Some(ends)
    }

    #[cfg_attr(feature = "wide", inline(always))]
    fn multipart_end(&mut self, mut place: Telling<'_, '_, 'a>) -> Option<Came> {
        let lexer = &mut self.lexer;
        let subtype = lexer.string()?;
        tell(&mut place, |part| part.subtype = subtype);
        if lexer.close().is_none() {
            lexer.sp()?;
            let parameters = parameters(lexer)?;
            tell(&mut place, |part| part.parameters = parameters);
            if !all_nil(lexer, b" NIL NIL NIL)") {
                extension(lexer, Field::Disposition, place)?;
            }
        }
        self.leave();
        Some(Came::Close)
    }

    fn message_end(&mut self, mut place: Telling<'_, '_, 'a>) -> Option<Came> {
        lines(&mut self.lexer, &mut place)?;
        part_extension(&mut self.lexer, place)?;
        self.leave();
        Some(Came::MessageEnd)
    }
}

/// A string and a space.
#[inline(never)]
fn string_sp<'a>(lexer: &mut Lexer<'a>) -> Option<ImapString<'a>> {
    let string = lexer.string()?;
    lexer.sp()?;
    Some(string)
}

/// A string or NIL, and a space.
#[inline(never)]
fn nstring_sp<'a>(lexer: &mut Lexer<'a>) -> Option<Option<ImapString<'a>>> {
    let string = lexer.nstring()?;
    lexer.sp()?;
    Some(string)
}

/// A space and a number of lines.
#[inline(never)]
fn lines(lexer: &mut Lexer<'_>, place: &mut Telling<'_, '_, '_>) -> Option<()> {
    if lexer.peek() == Some(b' ') {
        lexer.sp()?;
        let lines = lexer.tolerant_number()?;
        tell(place, |part| part.lines = lines);
    } else {
        lexer.note(Quirk::MissingField);
    }
    Some(())
}

/// What decides which fields a part has.
enum Kind {
    Text,
    Message,
    Other,
}

#[inline]
fn kind(media_type: ImapString<'_>, subtype: ImapString<'_>) -> Kind {
    match media_type.as_received() {
        b"text" => Kind::Text,
        [b't' | b'T', rest @ ..] if rest.eq_ignore_ascii_case(b"ext") => Kind::Text,
        [b'm' | b'M', rest @ ..] if rest.eq_ignore_ascii_case(b"essage") => {
            let subtype = subtype.as_received();
            let message =
                subtype.eq_ignore_ascii_case(b"rfc822") || subtype.eq_ignore_ascii_case(b"global");
            if message { Kind::Message } else { Kind::Other }
        }
        _ => Kind::Other,
    }
}

/// A type and the space behind it. Where there is none but the space, the type is missing.
fn media_type<'a>(lexer: &mut Lexer<'a>) -> Option<ImapString<'a>> {
    if lexer.octet(b' ').is_some() {
        lexer.note(Quirk::MissingField);
        return Some(ImapString::default());
    }
    string_sp(lexer)
}

/// A list of names and values, or NIL.
#[cfg_attr(feature = "fast", inline(always))]
fn parameters<'a>(lexer: &mut Lexer<'a>) -> Option<Parameters<'a>> {
    let list = lexer.rest();
    let plain = cfg!(feature = "fast") && list.starts_with(b"(\"");
    if plain {
        lexer.open()?;
    } else if lexer.apart(no_parameters)? {
        return Some(Parameters::default());
    }
    loop {
        if lexer.string_and_end()? {
            // A name without a value.
            lexer.note(Quirk::MissingField);
            break;
        }
        if lexer.string_and_end()? {
            break;
        }
    }
    Some(Parameters::of(list.get(..lexer.taken_of(list))?))
}

/// NIL, or what stands in its place; whether there was that. If not, a list has been opened.
#[cfg_attr(feature = "fast", inline(never))]
fn no_parameters(lexer: &mut Lexer<'_>) -> Option<bool> {
    if lexer.nil().is_some() {
        return Some(true);
    }
    if lexer.open().is_none() {
        lexer.string()?;
        lexer.note(Quirk::MissingParentheses);
        return Some(true);
    }
    let empty = lexer.close().is_some();
    if empty {
        lexer.note(Quirk::EmptyList);
    }
    Some(empty)
}

/// The extension data of a part, MD5 first, and the closing parenthesis.
#[cfg_attr(feature = "fast", inline(always))]
fn part_extension<'a>(lexer: &mut Lexer<'a>, place: Telling<'_, '_, 'a>) -> Option<()> {
    if cfg!(feature = "fast") && lexer.octet(b')').is_some() || all_nil(lexer, b" NIL NIL NIL NIL)")
    {
        return Some(());
    }
    lexer.apart(|lexer| extension(lexer, Field::Md5, place))
}

/// Takes these octets, if they come next: with `fast`.
#[inline(always)]
fn all_nil(lexer: &mut Lexer<'_>, nils: &[u8]) -> bool {
    let rest = if cfg!(feature = "fast") { lexer.rest().strip_prefix(nils) } else { None };
    if let Some(rest) = rest {
        lexer.advance_to(rest);
    }
    rest.is_some()
}

/// The fields from the first on, a space before each, and the closing parenthesis.
#[inline(never)]
fn extension<'a>(
    lexer: &mut Lexer<'a>,
    first: Field,
    mut place: Telling<'_, '_, 'a>,
) -> Option<()> {
    for index in first as usize..FIELDS {
        if lexer.close().is_some() {
            return Some(());
        }
        if index == Field::Disposition as usize && lexer.rest().starts_with(b" \"") {
            // A disposition that is a mere string.
            lexer.note(Quirk::MissingParentheses);
        }
        lexer.sp()?;
        let value = lexer.value_or_nil()?;
        tell(&mut place, |part| {
            part.extension.fields.get_mut(index).into_iter().for_each(|field| *field = value);
        });
    }
    let mut other: &[u8] = &[];
    while lexer.close().is_none() {
        lexer.sp()?;
        if other.is_empty() {
            other = lexer.rest();
        }
        lexer.value()?;
    }
    // Without the closing parenthesis.
    let len = lexer.taken_of(other).saturating_sub(1);
    tell(&mut place, |part| part.extension.other = other.get(..len).unwrap_or_default());
    Some(())
}

/// The parts of a [`BodyStructure`], in the order of the message.
#[derive(Clone, Copy, Debug)]
pub struct Nodes<'a> {
    walk: Walk<'a>,
    section: SectionPath,
    #[cfg(feature = "fast")]
    shape: [Lengths; SHAPE],
    /// How many steps were made.
    #[cfg(feature = "fast")]
    steps: usize,
}

impl<'a> Nodes<'a> {
    /// As [`next`](Iterator::next), for who has little memory: the fields of the node are told in `part`, those it has
    /// not are empty there.
    #[inline]
    pub fn step(&mut self, part: &mut Part<'a>) -> Option<Step<'a>> {
        #[cfg(feature = "fast")]
        if let Some(usual) = self.usual_part() {
            *part = usual;
            self.section.follow(&Step::Part);
            return Some(Step::Part);
        }
        *part = Part::default();
        let step = self.walk.told_step(part)?;
        self.section.follow(&step);
        Some(step)
    }

    /// A part of the usual kind, read with what is known of it.
    #[cfg(feature = "fast")]
    #[inline(always)]
    fn usual_part(&mut self) -> Option<Part<'a>> {
        let known = self.shape.get(self.steps).filter(|known| known.end > 0).copied();
        self.steps = self.steps.wrapping_add(1);
        match known {
            Some(known) => self.walk.known_part(known),
            None => self.walk.plain_part().map(|(part, _)| part),
        }
    }

    /// The numbers by which FETCH names the part that was told last (RFC 9051 §6.4.5.1): `BODY[2.1]`. Empty for a
    /// multipart that is the whole message or all of a message within.
    #[must_use]
    pub fn section(&self) -> &[u16] {
        self.section.numbers()
    }

    /// How many multiparts and messages are open.
    #[must_use]
    pub const fn depth(&self) -> usize {
        self.walk.depth
    }
}

impl<'a> Iterator for Nodes<'a> {
    type Item = Node<'a>;

    #[inline]
    fn next(&mut self) -> Option<Node<'a>> {
        #[cfg(feature = "fast")]
        if let Some(part) = self.usual_part() {
            self.section.follow(&Step::Part);
            return Some(Node::Part(part));
        }
        let mut part = Part::default();
        let step = self.walk.told_step(&mut part)?;
        self.section.follow(&step);
        let Part { subtype, parameters, lines, extension, .. } = part;
        Some(match step {
            Step::Open => Node::Open,
            Step::Part => Node::Part(part),
            Step::Message(envelope) => Node::Message(part, envelope),
            Step::MessageEnd => Node::MessageEnd(MessageEnd { lines, extension }),
            Step::Close => Node::Close(Multipart { subtype, parameters, extension }),
        })
    }
}

/// The numbers of the part where a walk stands (RFC 9051 §6.4.5.1).
#[derive(Clone, Copy, Debug)]
struct SectionPath {
    numbers: [u16; MAX_NESTING + 1],
    len: usize,
    previous: Previous,
}

/// What was told before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Previous {
    /// Nothing, or a message: its content shares its number if it is a multipart, and is its part 1 if not.
    Message,
    /// A multipart that begins.
    Open,
    /// A part that is complete.
    Part,
    /// A multipart that is complete.
    Close,
}

impl SectionPath {
    const ROOT: Self = Self { numbers: [0; MAX_NESTING + 1], len: 0, previous: Previous::Message };

    fn numbers(&self) -> &[u16] {
        self.numbers.get(..self.len).unwrap_or_default()
    }

    #[inline]
    fn follow(&mut self, step: &Step<'_>) {
        self.previous = match step {
            Step::Open => {
                if self.previous != Previous::Message {
                    self.count();
                }
                Previous::Open
            }
            Step::Part => {
                self.count();
                Previous::Part
            }
            Step::Message(_) => {
                self.count();
                Previous::Message
            }
            Step::MessageEnd => {
                if self.previous != Previous::Close {
                    self.len = self.len.saturating_sub(1);
                }
                Previous::Part
            }
            Step::Close => {
                self.len = self.len.saturating_sub(1);
                Previous::Close
            }
        };
    }

    /// Goes to the next part beside the last one, or to the first one within it.
    #[inline]
    fn count(&mut self) {
        let within = matches!(self.previous, Previous::Message | Previous::Open);
        if within && let Some(number) = self.numbers.get_mut(self.len) {
            *number = 0;
            self.len = self.len.saturating_add(1);
        }
        if let Some(number) = self.len.checked_sub(1).and_then(|last| self.numbers.get_mut(last)) {
            *number = number.saturating_add(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imap::quirk::Forgiven;

    fn parse(octets: &[u8]) -> Option<(BodyStructure<'_>, Forgiven)> {
        let mut lexer = Lexer::new(octets);
        let structure = BodyStructure::parse(&mut lexer, 32)?;
        assert!(lexer.at_end(), "left: {:?}", lexer.rest());
        Some((structure, lexer.quirks()))
    }

    /// One line a node: its section, its type.
    fn outline(octets: &[u8]) -> Vec<String> {
        let (structure, _) = parse(octets).unwrap();
        let mut nodes = structure.nodes();
        let mut lines = Vec::new();
        while let Some(node) = nodes.next() {
            let section: Vec<_> = nodes.section().iter().map(u16::to_string).collect();
            let text =
                |string: ImapString<'_>| String::from_utf8_lossy(string.as_received()).into_owned();
            let what = match node {
                Node::Open => "(".into(),
                Node::Part(part) => format!("{}/{}", text(part.media_type), text(part.subtype)),
                Node::Message(part, _) => {
                    format!("{}/{} (", text(part.media_type), text(part.subtype))
                }
                Node::MessageEnd(end) => format!(") {:?}", end.lines),
                Node::Close(multipart) => format!(") {}", text(multipart.subtype)),
            };
            lines.push(format!("{}:{what}", section.join(".")));
        }
        lines
    }

    /// The example of RFC 9051 §7.5.2.
    #[test]
    fn example_of_the_rfc() {
        let octets = br#"(("TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7BIT" 1152 23)("TEXT" "PLAIN" ("CHARSET" "US-ASCII" "NAME" "cc.diff") "<960723163407.20117h@cac.washington.edu>" "Compiler diff" "BASE64" 4554 73) "MIXED")"#;
        let (structure, quirks) = parse(octets).unwrap();
        assert!(quirks.is_empty());
        let mut nodes = structure.nodes();
        assert!(matches!(nodes.next(), Some(Node::Open)));
        assert!(matches!(nodes.next(), Some(Node::Part(_))));
        let Some(Node::Part(part)) = nodes.next() else { panic!() };
        assert_eq!(nodes.section(), [2]);
        assert_eq!(part.parameters.get(b"name").unwrap(), *b"cc.diff");
        assert_eq!(part.parameters.into_iter().count(), 2);
        assert_eq!(part.id.unwrap(), *b"<960723163407.20117h@cac.washington.edu>");
        assert_eq!(part.description.unwrap(), *b"Compiler diff");
        assert_eq!((part.octets, part.lines), (Some(4554), Some(73)));
        assert!(
            matches!(nodes.next(), Some(Node::Close(multipart)) if multipart.subtype == *b"MIXED")
        );
        assert!(nodes.next().is_none());
    }

    /// The numbers of the example in RFC 9051 §6.4.5.1.
    #[test]
    fn parts_are_numbered_as_fetch_names_them() {
        let text = r#"("TEXT" "PLAIN" NIL NIL NIL "7BIT" 1 1)"#;
        let app = r#"("APPLICATION" "OCTET-STREAM" NIL NIL NIL "7BIT" 1)"#;
        let image = r#"("IMAGE" "GIF" NIL NIL NIL "7BIT" 1)"#;
        let envelope = "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)";
        let rfc822 = |body: &str| {
            format!(r#"("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 1 {envelope} {body} 9)"#)
        };
        let inner = format!(r#"({text}{app} "MIXED")"#);
        let alternative =
            format!(r#"({text}("TEXT" "RICHTEXT" NIL NIL NIL "7BIT" 1 1) "ALTERNATIVE")"#);
        let deep =
            format!(r#"({image}{} "MIXED")"#, rfc822(&format!(r#"({text}{alternative} "MIXED")"#)));
        let whole = format!(r#"({text}{app}{}{deep} "MIXED")"#, rfc822(&inner));
        assert_eq!(
            outline(whole.as_bytes()),
            [
                ":(",
                "1:TEXT/PLAIN",
                "2:APPLICATION/OCTET-STREAM",
                "3:MESSAGE/RFC822 (",
                "3:(",
                "3.1:TEXT/PLAIN",
                "3.2:APPLICATION/OCTET-STREAM",
                "3:) MIXED",
                "3:) Some(9)",
                "4:(",
                "4.1:IMAGE/GIF",
                "4.2:MESSAGE/RFC822 (",
                "4.2:(",
                "4.2.1:TEXT/PLAIN",
                "4.2.2:(",
                "4.2.2.1:TEXT/PLAIN",
                "4.2.2.2:TEXT/RICHTEXT",
                "4.2.2:) ALTERNATIVE",
                "4.2:) MIXED",
                "4.2:) Some(9)",
                "4:) MIXED",
                ":) MIXED",
            ]
        );
        assert_eq!(outline(text.as_bytes()), ["1:TEXT/PLAIN"]);
        assert_eq!(
            outline(rfc822(&rfc822(text)).as_bytes()),
            [
                "1:MESSAGE/RFC822 (",
                "1.1:MESSAGE/RFC822 (",
                "1.1.1:TEXT/PLAIN",
                "1.1:) Some(9)",
                "1:) Some(9)"
            ]
        );
    }

    #[test]
    fn extension_data_is_read_where_it_is() {
        let octets = br#"("text" "plain" NIL NIL NIL "7bit" 5 1 "md5==" ("attachment" ("filename" "a b.txt")) ("en" "de") "http://x" (1 (2)) "y")"#;
        let (structure, _) = parse(octets).unwrap();
        let Some(Node::Part(part)) = structure.nodes().next() else { panic!() };
        let extension = part.extension;
        assert_eq!(extension.md5().unwrap(), *b"md5==");
        let disposition = extension.disposition().unwrap();
        assert_eq!(disposition.kind, *b"attachment");
        assert_eq!(disposition.parameters.get(b"FILENAME").unwrap(), *b"a b.txt");
        assert_eq!(extension.language().count(), 2);
        assert_eq!(extension.location().unwrap(), *b"http://x");
        assert_eq!(extension.other(), br#"(1 (2)) "y""#);
        let (structure, _) = parse(br#"("a" "b" NIL NIL NIL "7bit" 5 NIL NIL "en")"#).unwrap();
        let Some(Node::Part(part)) = structure.nodes().next() else { panic!() };
        assert!(part.extension.disposition().is_none());
        assert!(part.extension.language().eq([ImapString::plain(b"en")]));
        assert_eq!(part.extension.location(), None);
    }

    #[test]
    fn what_servers_send_is_forgiven() {
        for (octets, quirk) in [
            (&br#"("text" "plain" NIL NIL NIL NIL 5 1)"#[..], Quirk::UnexpectedNil),
            (br#"(("text" "plain" NIL NIL NIL "7bit" 5 1 NIL NIL NIL NIL) "alternative" ("boundary" NIL))"#, Quirk::UnexpectedNil),
            (br#"("text" "plain" NIL NIL NIL "7bit" 5 -1 NIL NIL NIL NIL)"#, Quirk::BadNumber),
            (br#"("text" "plain" NIL NIL NIL "7bit" 5 NIL NIL NIL NIL)"#, Quirk::BadNumber),
            (br#"(NIL NIL NIL NIL NIL "7BIT" 0 NIL NIL NIL NIL)"#, Quirk::UnexpectedNil),
            (br#"( "X-ZIP" NIL NIL NIL "base64" 5 NIL NIL NIL NIL)"#, Quirk::MissingField),
            (br#"(("text" "plain" NIL NIL NIL "7bit" 5 1) ("text" "html" NIL NIL NIL "7bit" 5 1) "mixed")"#, Quirk::ExtraSpace),
            (br#"("text" "plain" () NIL NIL "7bit" 5 1 NIL NIL NIL NIL)"#, Quirk::EmptyList),
        ] {
            let (structure, quirks) = parse(octets).unwrap_or_else(|| panic!("{quirk:?}"));
            assert!(quirks.contains(quirk), "{quirk:?}: {quirks:?}");
            assert!(structure.nodes().count() > 0);
        }
        // A disposition that is a mere string.
        let (structure, _) =
            parse(br#"("text" "plain" NIL NIL NIL "7bit" 5 1 NIL "inline" NIL NIL)"#).unwrap();
        let Some(Node::Part(part)) = structure.nodes().next() else { panic!() };
        assert_eq!(part.extension.disposition().unwrap().kind, *b"inline");
    }

    /// A parameter's name is a string like any other: a literal too (RFC 9051 §9, `body-fld-param`).
    #[test]
    fn parameters_need_not_be_quoted() {
        let (structure, quirks) =
            parse(b"(\"text\" \"plain\" ({7}\r\nCHARSET {5}\r\nutf-8) NIL NIL \"7bit\" 5 1)")
                .unwrap();
        let Some(Node::Part(part)) = structure.nodes().next() else { panic!() };
        assert_eq!(part.parameters.get(b"charset").unwrap(), *b"utf-8");
        assert!(quirks.is_empty());
    }

    #[test]
    fn nesting_is_bounded() {
        let nested = |depth: usize| {
            let mut text = "(".repeat(depth);
            text.push_str(r#"("a" "b" NIL NIL NIL "7bit" 0)"#);
            text.push_str(&r#" "mixed")"#.repeat(depth));
            text
        };
        assert!(parse(nested(32).as_bytes()).is_some());
        assert!(parse(nested(33).as_bytes()).is_none());
        let text = nested(MAX_NESTING + 1);
        let mut lexer = Lexer::new(text.as_bytes());
        assert!(BodyStructure::parse(&mut lexer, usize::MAX).is_none());
    }

    /// What is known of a structure changes nothing in what is told: without it, all is looked for anew.
    #[cfg(feature = "fast")]
    #[test]
    fn what_is_known_tells_the_same() {
        let text = r#"("text" "plain" ("charset" "utf-8") NIL NIL "8bit" 12 1 NIL NIL NIL NIL)"#;
        let short = r#"("TEXT" "html" NIL "<i>" "a \"d\"" "" 123456789 0)"#;
        let two = r#"("a" "b" ("c" "d" "e" "f") NIL NIL "7bit" 1)"#;
        let odd = r#"("a" "b" ("n \"m\"" "\\") NIL NIL "7bit" 1 "md5" ("inline" ("x" "y")) ("de" "fr") NIL)"#;
        let long =
            format!(r#"("text" "plain" ("name" "{}") NIL NIL "8bit" 12 1)"#, "x".repeat(200));
        let many = text.repeat(12);
        for octets in [
            text.to_owned(),
            short.to_owned(),
            format!(r#"({text}{short}{two}{odd}{long} "mixed" ("boundary" "b") NIL NIL NIL)"#),
            format!(r#"(({short}{text} "alternative"){odd}({many} "x") "mixed")"#),
            format!(
                r#"({text}("message" "rfc822" NIL NIL NIL "7bit" 5 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) {short} 3){text} "digest")"#
            ),
        ] {
            let (known, _) = parse(octets.as_bytes()).unwrap_or_else(|| panic!("{octets}"));
            let told = |structure: BodyStructure<'_>| {
                let (mut nodes, mut part, mut told) =
                    (structure.nodes(), Part::default(), Vec::new());
                while let Some(step) = nodes.step(&mut part) {
                    let Part { media_type, subtype, parameters, id, description, encoding, .. } =
                        part;
                    let (octets, lines, extension) = (part.octets, part.lines, part.extension);
                    let pairs: Vec<_> = parameters.into_iter().collect();
                    let mut rest = parameters.into_iter();
                    while rest.next().is_some() {
                        let left = ParameterIter::resume(rest.rest());
                        assert!(left.eq(rest), "{pairs:?}");
                    }
                    told.push(format!(
                        "{} {:?} {media_type:?} {subtype:?} {pairs:?} {id:?} {description:?} {encoding:?} {octets:?} {lines:?} {:?} {:?} {:?} {:?}",
                        std::mem::discriminant(&step) == std::mem::discriminant(&Step::Part),
                        nodes.section(), extension.md5(), extension.disposition(), extension.location(),
                        parameters.as_received(),
                    ));
                }
                told
            };
            assert_eq!(
                told(known),
                told(BodyStructure::from_checked(known.as_received())),
                "{octets}"
            );
        }
    }
}
