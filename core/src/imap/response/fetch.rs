//! The data items of a FETCH response (RFC 9051 §7.5.2): names, and the values that are told whole. Bodies are
//! streamed by the reader.

#[cfg(not(feature = "fast"))]
use super::Data;
#[cfg(feature = "imap-body-structure")]
use super::body_structure::BodyStructure;
#[cfg(feature = "imap-envelope")]
use super::envelope::Envelope;
use crate::imap::date::DateTime;
use crate::imap::flag::Flags;
use crate::imap::lexer::{Lexer, is_atom_octet};
use crate::imap::quirk::Quirk;
#[cfg(feature = "imap-gmail")]
use crate::imap::resume::resumable;
use crate::imap::section::Section;
#[cfg(any(feature = "imap-items", feature = "imap-gmail"))]
use crate::imap::string::ImapString;
#[cfg(not(feature = "fast"))]
use crate::names::place;

/// Which message a FETCH response is about (RFC 9051 §7.5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum MessageId {
    /// FETCH: the message's number in the mailbox.
    Number(u32),
    /// UIDFETCH: its UID (RFC 9586 §3.3).
    Uid(u32),
}

/// A data item of a FETCH response other than a body (RFC 9051 §7.5.2).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Item<'a> {
    /// `FLAGS`.
    Flags(Flags<'a>),
    /// `UID`.
    Uid(u32),
    /// `RFC822.SIZE`: the length of the message in octets.
    Rfc822Size(u64),
    /// `INTERNALDATE`; `None` where the server sent no date that exists.
    InternalDate(Option<DateTime>),
    /// `ENVELOPE`.
    #[cfg(feature = "imap-envelope")]
    Envelope(Envelope<'a>),
    /// `BODY` without a section: the structure, without extension data.
    #[cfg(feature = "imap-body-structure")]
    Body(BodyStructure<'a>),
    /// `BODYSTRUCTURE`.
    #[cfg(feature = "imap-body-structure")]
    BodyStructure(BodyStructure<'a>),
    /// `BINARY.SIZE`: the length of a section, decoded, in octets.
    #[cfg(feature = "imap-items")]
    BinarySize(Section<'a>, u64),
    /// `MODSEQ`: the message's mod-sequence (RFC 7162 §3.1.4.2); 0 where the server has none.
    #[cfg(feature = "imap-condstore")]
    ModSeq(u64),
    /// `X-GM-MSGID`.
    #[cfg(feature = "imap-gmail")]
    GmailMessageId(u64),
    /// `X-GM-THRID`.
    #[cfg(feature = "imap-gmail")]
    GmailThreadId(u64),
    /// `X-GM-LABELS`.
    #[cfg(feature = "imap-gmail")]
    GmailLabels(Labels<'a>),
    /// `EMAILID` (RFC 8474 §5.1).
    #[cfg(feature = "imap-items")]
    EmailId(&'a [u8]),
    /// `THREADID` (RFC 8474 §5.2); `None` where the server has no threads.
    #[cfg(feature = "imap-items")]
    ThreadId(Option<&'a [u8]>),
    /// `PREVIEW`: the beginning of the text (RFC 8970 §3), in UTF-8; `None` where there is none yet.
    #[cfg(feature = "imap-items")]
    Preview(Option<ImapString<'a>>),
    /// `SAVEDATE`: when the message came into the mailbox (RFC 8514 §4.3).
    #[cfg(feature = "imap-items")]
    SaveDate(Option<DateTime>),
    /// An item that is not known here, as it came.
    Other {
        /// Its name, with the section if it has one.
        name: &'a [u8],
        /// Its value: an atom, a string with its quotes or its literal's announcement, or a list.
        value: &'a [u8],
    },
    /// An item that cannot be read, name and value as they came. Its neighbours are unhurt.
    Malformed(&'a [u8]),
}

/// A body, or a section of one, that is about to be streamed (RFC 9051 §7.5.2).
#[derive(Clone, Copy, Debug)]
pub struct BodyStart<'a> {
    /// How it was asked for.
    pub item: BodyItem<'a>,
    /// With a partial FETCH, at which octet of the section the data begin: `BODY[]<0>`.
    pub origin: Option<u64>,
    /// What follows.
    pub content: Content,
}

/// The items that are streamed (RFC 9051 §7.5.2, RFC 3501 §7.4.2).
#[derive(Clone, Copy, Debug)]
pub enum BodyItem<'a> {
    /// `BODY[section]`.
    Body(Section<'a>),
    /// `BINARY[section]`, with the transfer encoding undone.
    #[cfg(feature = "imap-items")]
    Binary(Section<'a>),
    /// `RFC822`, which is `BODY[]`.
    Rfc822,
    /// `RFC822.HEADER`, which is `BODY[HEADER]`.
    Rfc822Header,
    /// `RFC822.TEXT`, which is `BODY[TEXT]`.
    Rfc822Text,
}

/// How a body comes (RFC 9051 §9, `nstring`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// So many octets.
    Literal(u64),
    /// A quoted string, whose length shows at its end.
    Quoted,
    /// There is no such section.
    Nil,
}

/// Gmail's labels of a message, one after another: names like mailbox names, or like flags (`\Important`).
#[cfg(feature = "imap-gmail")]
#[derive(Clone, Copy, Debug)]
pub struct Labels<'a> {
    lexer: Lexer<'a>,
}

#[cfg(feature = "imap-gmail")]
impl<'a> Labels<'a> {
    fn parse(lexer: &mut Lexer<'a>) -> Option<Self> {
        if lexer.nil().is_some() {
            lexer.note(Quirk::UnexpectedNil);
            return Some(Self { lexer: Lexer::new(&[]) });
        }
        lexer.open()?;
        let labels = Self { lexer: *lexer };
        while lexer.close().is_none() {
            lexer.astring()?;
            if lexer.peek() != Some(b')') {
                lexer.sp()?;
            }
        }
        Some(labels)
    }
}

#[cfg(feature = "imap-gmail")]
resumable!(Labels { lexer });

#[cfg(feature = "imap-gmail")]
impl<'a> Iterator for Labels<'a> {
    type Item = ImapString<'a>;

    fn next(&mut self) -> Option<ImapString<'a>> {
        let _ = self.lexer.sp();
        if self.lexer.peek()? == b')' { None } else { self.lexer.astring() }
    }
}

/// The name of a data item, as far as it decides what follows.
#[derive(Clone, Copy)]
pub(crate) struct Key<'a> {
    name: &'a [u8],
    section: Option<&'a [u8]>,
    origin: Option<u64>,
    /// All of that, as it came.
    octets: &'a [u8],
}

impl<'a> Key<'a> {
    /// Takes a name, `[section]` and `<origin>`, and the space behind it.
    pub(crate) fn parse(lexer: &mut Lexer<'a>) -> Option<Self> {
        let octets = lexer.rest();
        // Beyond the parentheses there are no delimiters but the bracket.
        let mut name = lexer.take_while(|octet| octet > b')' && octet != b'[');
        if lexer.peek().is_some_and(is_atom_octet) && lexer.peek() != Some(b'[') {
            lexer.take_while(|octet| is_atom_octet(octet) && octet != b'[');
            name = octets.get(..lexer.taken_of(octets))?;
        }
        if name.is_empty() {
            return None;
        }
        let (mut section, mut origin) = (None, None);
        if lexer.peek() == Some(b'[') {
            section = Some(bracketed(lexer)?);
            if lexer.octet(b'<').is_some() {
                origin = Some(lexer.number64()?);
                if lexer.octet(b'.').is_some() {
                    // How many were asked for does not belong here.
                    lexer.number64()?;
                    lexer.note(Quirk::ExtraField);
                }
                lexer.octet(b'>')?;
            }
        }
        let octets = octets.get(..lexer.taken_of(octets))?;
        match lexer.peek() {
            Some(b' ') => lexer.sp()?,
            Some(b'(') => lexer.note(Quirk::MissingSpace),
            _ => return None,
        }
        Some(Self { name, section, origin, octets })
    }

    /// What is to be streamed, if that is it.
    #[cfg(not(feature = "fast"))]
    #[inline(never)]
    pub(crate) fn body(&self) -> Option<BodyItem<'a>> {
        let place = place(BODIES, self.name)?;
        match (place, self.section) {
            (0, Some(section)) => Some(BodyItem::Body(Section::new(section))),
            #[cfg(feature = "imap-items")]
            (4, Some(section)) => Some(BodyItem::Binary(Section::new(section))),
            (1, None) => Some(BodyItem::Rfc822),
            (2, None) => Some(BodyItem::Rfc822Header),
            (3, None) => Some(BodyItem::Rfc822Text),
            _ => None,
        }
    }

    /// What is to be streamed, if that is it.
    #[cfg(feature = "fast")]
    pub(crate) fn body(&self) -> Option<BodyItem<'a>> {
        if let Some(section) = self.section {
            return match self.name.len() {
                4 if self.is(b"BODY") => Some(BodyItem::Body(Section::new(section))),
                #[cfg(feature = "imap-items")]
                6 if self.is(b"BINARY") => Some(BodyItem::Binary(Section::new(section))),
                _ => None,
            };
        }
        match self.name.len() {
            6 if self.is(b"RFC822") => Some(BodyItem::Rfc822),
            13 if self.is(b"RFC822.HEADER") => Some(BodyItem::Rfc822Header),
            11 if self.is(b"RFC822.TEXT") => Some(BodyItem::Rfc822Text),
            _ => None,
        }
    }

    pub(crate) const fn origin(&self) -> Option<u64> {
        self.origin
    }

    #[cfg(feature = "fast")]
    #[inline(always)]
    fn is(&self, name: &[u8]) -> bool {
        self.name == name || self.name.eq_ignore_ascii_case(name)
    }
}

/// The items that are streamed.
#[cfg(not(feature = "fast"))]
const BODIES: &str = "BODY RFC822 RFC822.HEADER RFC822.TEXT BINARY";

/// The items that are told whole.
#[cfg(not(feature = "fast"))]
const ITEMS: &str = if cfg!(feature = "imap-body-structure") {
    "UID FLAGS RFC822.SIZE INTERNALDATE BODYSTRUCTURE BODY"
} else {
    "UID FLAGS RFC822.SIZE INTERNALDATE"
};

/// Those of extensions, and ENVELOPE.
#[cfg(not(feature = "fast"))]
const MORE_ITEMS: &str = if cfg!(any(feature = "imap-items", feature = "imap-gmail")) {
    "ENVELOPE MODSEQ EMAILID THREADID PREVIEW SAVEDATE X-GM-MSGID X-GM-THRID X-GM-LABELS"
} else if cfg!(feature = "imap-condstore") {
    "ENVELOPE MODSEQ"
} else if cfg!(feature = "imap-envelope") {
    "ENVELOPE"
} else {
    ""
};

/// `[` … `]`; what stands between. A bracket within a quoted string does not end it.
fn bracketed<'a>(lexer: &mut Lexer<'a>) -> Option<&'a [u8]> {
    lexer.octet(b'[')?;
    let section = lexer.rest();
    loop {
        match lexer.peek()? {
            b']' => break,
            b'"' => drop(lexer.quoted()?),
            b'\r' | b'\n' => return None,
            _ => lexer.advance(1),
        }
    }
    let section = section.get(..lexer.taken_of(section))?;
    lexer.octet(b']')?;
    Some(section)
}

/// Looked up in tables, which cost less than comparisons, and told where it is wanted.
#[cfg(not(feature = "fast"))]
impl<'a> Item<'a> {
    /// Takes the value of an item.
    #[inline(never)]
    #[cfg_attr(not(feature = "imap-body-structure"), allow(unused_variables))]
    pub(crate) fn tell(
        key: &Key<'a>,
        lexer: &mut Lexer<'a>,
        max_nesting: usize,
        told: &mut Data<'a>,
    ) -> Option<()> {
        if let Some(section) = key.section {
            return Self::with_section(key, section, lexer, told);
        }
        match place(ITEMS, key.name) {
            Some(0) => uid(lexer)?.put(told),
            Some(1) => Self::Flags(flags(lexer)?).put(told),
            Some(2) => Self::Rfc822Size(lexer.number64()?).put(told),
            Some(3) => Self::InternalDate(date_time(lexer)?).put(told),
            #[cfg(feature = "imap-body-structure")]
            Some(4) => Self::BodyStructure(BodyStructure::parse(lexer, max_nesting)?).put(told),
            #[cfg(feature = "imap-body-structure")]
            Some(5) => Self::Body(BodyStructure::parse(lexer, max_nesting)?).put(told),
            _ => return Self::of_an_extension(key, lexer, told),
        }
        Some(())
    }

    #[inline(always)]
    fn put(self, told: &mut Data<'a>) {
        *told = Data::Item(self);
    }

    #[inline(never)]
    fn of_an_extension(key: &Key<'a>, lexer: &mut Lexer<'a>, told: &mut Data<'a>) -> Option<()> {
        match place(MORE_ITEMS, key.name) {
            #[cfg(feature = "imap-envelope")]
            Some(0) => Self::Envelope(Envelope::parse(lexer)?).put(told),
            #[cfg(feature = "imap-condstore")]
            Some(1) => mod_seq(lexer)?.put(told),
            #[cfg(feature = "imap-items")]
            Some(2) => Self::EmailId(object_id(lexer)?).put(told),
            #[cfg(feature = "imap-items")]
            Some(3) => Self::ThreadId(thread_id(lexer)?).put(told),
            #[cfg(feature = "imap-items")]
            Some(4) => Self::Preview(lexer.nstring()?).put(told),
            #[cfg(feature = "imap-items")]
            Some(5) => Self::SaveDate(date_time(lexer)?).put(told),
            #[cfg(feature = "imap-gmail")]
            Some(6) => Self::GmailMessageId(lexer.number64()?).put(told),
            #[cfg(feature = "imap-gmail")]
            Some(7) => Self::GmailThreadId(lexer.number64()?).put(told),
            #[cfg(feature = "imap-gmail")]
            Some(8) => Self::GmailLabels(Labels::parse(lexer)?).put(told),
            _ => Self::other(key, lexer)?.put(told),
        }
        Some(())
    }

    #[cfg_attr(not(feature = "imap-items"), allow(unused_variables))]
    fn with_section(
        key: &Key<'a>,
        section: &'a [u8],
        lexer: &mut Lexer<'a>,
        told: &mut Data<'a>,
    ) -> Option<()> {
        #[cfg(feature = "imap-items")]
        if key.name.eq_ignore_ascii_case(b"BINARY.SIZE") {
            Self::BinarySize(Section::new(section), lexer.number64()?).put(told);
            return Some(());
        }
        Self::other(key, lexer)?.put(told);
        Some(())
    }
}

#[cfg(feature = "fast")]
impl<'a> Item<'a> {
    /// Takes the value of an item.
    #[inline]
    #[cfg_attr(not(feature = "imap-body-structure"), allow(unused_variables))]
    pub(crate) fn parse(key: &Key<'a>, lexer: &mut Lexer<'a>, max_nesting: usize) -> Option<Self> {
        match key.name.len() {
            _ if key.section.is_some() => Self::with_section(key, lexer),
            3 if key.is(b"UID") => uid(lexer),
            5 if key.is(b"FLAGS") => flags(lexer).map(Self::Flags),
            #[cfg(feature = "imap-envelope")]
            8 if key.is(b"ENVELOPE") => Envelope::parse(lexer).map(Self::Envelope),
            #[cfg(feature = "imap-body-structure")]
            13 if key.is(b"BODYSTRUCTURE") => {
                BodyStructure::parse(lexer, max_nesting).map(Self::BodyStructure)
            }
            #[cfg(feature = "imap-body-structure")]
            4 if key.is(b"BODY") => BodyStructure::parse(lexer, max_nesting).map(Self::Body),
            11 if key.is(b"RFC822.SIZE") => lexer.number64().map(Self::Rfc822Size),
            12 if key.is(b"INTERNALDATE") => date_time(lexer).map(Self::InternalDate),
            _ => Self::of_an_extension(key, lexer),
        }
    }

    fn of_an_extension(key: &Key<'a>, lexer: &mut Lexer<'a>) -> Option<Self> {
        match key.name.len() {
            #[cfg(feature = "imap-condstore")]
            6 if key.is(b"MODSEQ") => mod_seq(lexer),
            #[cfg(feature = "imap-items")]
            7 if key.is(b"EMAILID") => object_id(lexer).map(Self::EmailId),
            #[cfg(feature = "imap-items")]
            8 if key.is(b"THREADID") => thread_id(lexer).map(Self::ThreadId),
            #[cfg(feature = "imap-items")]
            7 if key.is(b"PREVIEW") => lexer.nstring().map(Self::Preview),
            #[cfg(feature = "imap-items")]
            8 if key.is(b"SAVEDATE") => date_time(lexer).map(Self::SaveDate),
            #[cfg(feature = "imap-gmail")]
            10 if key.is(b"X-GM-MSGID") => lexer.number64().map(Self::GmailMessageId),
            #[cfg(feature = "imap-gmail")]
            10 if key.is(b"X-GM-THRID") => lexer.number64().map(Self::GmailThreadId),
            #[cfg(feature = "imap-gmail")]
            11 if key.is(b"X-GM-LABELS") => Labels::parse(lexer).map(Self::GmailLabels),
            _ => Self::other(key, lexer),
        }
    }

    fn with_section(key: &Key<'a>, lexer: &mut Lexer<'a>) -> Option<Self> {
        #[cfg(feature = "imap-items")]
        if let Some(section) = key.section
            && key.is(b"BINARY.SIZE")
        {
            return lexer.number64().map(|octets| Self::BinarySize(Section::new(section), octets));
        }
        Self::other(key, lexer)
    }
}

impl<'a> Item<'a> {
    fn other(key: &Key<'a>, lexer: &mut Lexer<'a>) -> Option<Self> {
        Some(Self::Other { name: key.octets, value: lexer.value()? })
    }
}

fn uid<'a>(lexer: &mut Lexer<'a>) -> Option<Item<'a>> {
    let uid = lexer.number()?;
    if uid == 0 {
        lexer.note(Quirk::BadNumber);
    }
    Some(Item::Uid(uid))
}

/// A list of flags; some servers send NIL for none.
fn flags<'a>(lexer: &mut Lexer<'a>) -> Option<Flags<'a>> {
    if lexer.nil().is_none() {
        return Flags::parse(lexer);
    }
    lexer.note(Quirk::UnexpectedNil);
    Some(Flags::default())
}

/// `(n)`; servers that have none send a negative number or nothing.
#[cfg(feature = "imap-condstore")]
fn mod_seq<'a>(lexer: &mut Lexer<'a>) -> Option<Item<'a>> {
    if let Some(number) = lexer.number64() {
        lexer.note(Quirk::MissingParentheses);
        return Some(Item::ModSeq(number));
    }
    lexer.open()?;
    let number = lexer.tolerant_number()?;
    lexer.close()?;
    Some(Item::ModSeq(number.unwrap_or_default()))
}

/// `(objectid)` (RFC 8474 §7).
#[cfg(feature = "imap-items")]
fn object_id<'a>(lexer: &mut Lexer<'a>) -> Option<&'a [u8]> {
    lexer.open()?;
    let id = lexer.atom()?;
    lexer.close()?;
    Some(id)
}

#[cfg(feature = "imap-items")]
fn thread_id<'a>(lexer: &mut Lexer<'a>) -> Option<Option<&'a [u8]>> {
    if lexer.nil().is_some() {
        return Some(None);
    }
    object_id(lexer).map(Some)
}

/// A quoted date-time or NIL.
fn date_time(lexer: &mut Lexer<'_>) -> Option<Option<DateTime>> {
    let Some(text) = lexer.nstring()? else { return Some(None) };
    let (date, quirks) = DateTime::parse(text.as_received());
    lexer.note_all(quirks);
    Some(date)
}
