//! BODYSTRUCTURE (RFC 9051 §7.5.2): the MIME structure of a message, walked part by part.

use core::mem::MaybeUninit;

use mailproto_core::imap::response::body_structure::{
    BodyStructure, Extension, Languages, MAX_NESTING, Nodes, ParameterIter, Parameters, Part, Step,
};

#[cfg(feature = "message")]
use mailproto_core::{
    imap::ImapString,
    message::parameter::{Parameter, find},
};

use super::{next, next_in_place, step};
use crate::imap::mailproto_imap_string;
#[cfg(feature = "message")]
use crate::imap::string::{nothing, tell_length};
use crate::{mailproto_error, mailproto_span, memory};

/// How many words a `mailproto_imap_body_structure` has.
#[cfg(all(target_pointer_width = "64", feature = "fast"))]
pub const MAILPROTO_IMAP_BODY_STRUCTURE_WORDS: usize = 34;
/// How many words a `mailproto_imap_body_structure` has.
#[cfg(all(target_pointer_width = "64", not(feature = "fast")))]
pub const MAILPROTO_IMAP_BODY_STRUCTURE_WORDS: usize = 28;
/// How many words a `mailproto_imap_body_structure` has.
#[cfg(all(target_pointer_width = "32", feature = "fast"))]
pub const MAILPROTO_IMAP_BODY_STRUCTURE_WORDS: usize = 62;
/// How many words a `mailproto_imap_body_structure` has.
#[cfg(all(target_pointer_width = "32", not(feature = "fast")))]
pub const MAILPROTO_IMAP_BODY_STRUCTURE_WORDS: usize = 44;

/// How deep multiparts and messages may be nested at most, whatever `max_nesting` says; and how many
/// part numbers a section has at most, but for one.
pub const MAILPROTO_IMAP_MAX_NESTING: usize = 64;

const _: () = assert!(MAILPROTO_IMAP_MAX_NESTING == MAX_NESTING);

/// The structure of a message's body (RFC 9051 §7.5.2), walked without recursion:
///
/// ```text
/// multipart/mixed            OPEN
///   text/plain           1     PART
///   message/rfc822       2     MESSAGE
///     text/html          2.1     PART
///                              MESSAGE_END
///                          CLOSE
/// ```
///
/// It may be copied; a copy goes on from the same place.
#[repr(C, align(8))]
#[derive(Clone, Copy)]
pub struct mailproto_imap_body_structure {
    /// The library's own.
    _opaque: [MaybeUninit<usize>; MAILPROTO_IMAP_BODY_STRUCTURE_WORDS],
}

memory::opaque!(mailproto_imap_body_structure, Nodes<'static>, 0x5453_4442);

/// Stands before the first part.
///
/// @param structure  the object. It borrows the octets.
/// @param size       `sizeof *structure`.
/// @param octets     `data` of an event whose `item` is BODYSTRUCTURE or BODY; or a copy of it. Of
///                   other octets the walk ends early.
///
/// Returns `MAILPROTO_OK`, `MAILPROTO_ERROR_NULL_POINTER`, `MAILPROTO_ERROR_BAD_VALUE` or
/// `MAILPROTO_ERROR_ABI_MISMATCH`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_body_structure_init(
    structure: Option<&mut mailproto_imap_body_structure>,
    size: usize,
    octets: mailproto_span,
) -> mailproto_error {
    mailproto_error::of(memory::vacant(structure, size).and_then(|vacant| {
        let structure = BodyStructure::from_checked(octets.octets()?);
        memory::place(vacant, structure.nodes());
        Ok(())
    }))
}

/// What the walk through a structure comes by.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_imap_node_kind {
    /// Nothing.
    None = 0,
    /// A multipart begins; its parts follow, then CLOSE.
    Open = 1,
    /// A part that has no parts of its own: all fields but `envelope`.
    Part = 2,
    /// A message within the message (`message/rfc822`, `message/global`): as PART, with `envelope`. Its
    /// structure follows, then MESSAGE_END, which tells its `lines` and what comes behind: an attached
    /// message's encoding comes here, its disposition and file name with MESSAGE_END.
    Message = 3,
    /// The message's structure is complete: `lines`, `md5` and what stands behind it here.
    MessageEnd = 4,
    /// The multipart is complete: `subtype`, `parameters`, `disposition` and what stands behind it
    /// here.
    Close = 5,
    /// One that this version of the C ABI has no number for.
    Other = 255,
}

/// A part of a structure, as its header describes it (RFC 2045).
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_node {
    /// What it is.
    pub kind: mailproto_imap_node_kind,
    /// How many multiparts and messages are open.
    pub depth: u32,
    /// The numbers by which FETCH names the part (RFC 9051 §6.4.5.1), from the outermost inwards: the
    /// `path` of a `mailproto_imap_fetch_item`.
    pub section: [u32; 65],
    /// How many there are; 0 for a multipart that is the whole message or all of a message within.
    pub section_len: usize,
    /// The type, such as `text`, in any case.
    pub media_type: mailproto_imap_string,
    /// The subtype, such as `plain`; of a multipart such as `mixed`.
    pub subtype: mailproto_imap_string,
    /// The parameters of the type.
    pub parameters: mailproto_imap_parameters,
    /// Content-ID.
    pub id: mailproto_imap_string,
    /// Content-Description.
    pub description: mailproto_imap_string,
    /// Content-Transfer-Encoding: see `mailproto_transfer_encoding_of`.
    pub encoding: mailproto_imap_string,
    /// The length in octets, encoded as it is.
    pub octets: u64,
    /// The length in lines, of `text` parts and messages.
    pub lines: u64,
    /// 1 if `octets` is told, else 0.
    pub has_octets: u8,
    /// 1 if `lines` is told, else 0.
    pub has_lines: u8,
    /// Zero.
    pub reserved: [u8; 6],
    /// The envelope of a message within: `mailproto_imap_envelope_read`.
    pub envelope: mailproto_span,
    /// Content-MD5 (RFC 1864).
    pub md5: mailproto_imap_string,
    /// Content-Disposition (RFC 2183), such as `inline` or `attachment`, in any case.
    pub disposition: mailproto_imap_string,
    /// The parameters of the disposition, such as `filename`: see `mailproto_imap_file_name`.
    pub disposition_parameters: mailproto_imap_parameters,
    /// Content-Language (RFC 3282).
    pub language: mailproto_imap_languages,
    /// Content-Location (RFC 2557).
    pub location: mailproto_imap_string,
    /// What stands behind the fields that are known, as it came.
    pub other: mailproto_span,
}

memory::zero!(mailproto_imap_node);

impl mailproto_imap_node {
    /// Tells of a node, of which all but the kind and the envelope stand in `part`.
    fn fill(&mut self, step: &Step<'_>, part: &Part<'_>) {
        use mailproto_imap_node_kind as Kind;
        self.envelope = mailproto_span::EMPTY;
        self.kind = match step {
            Step::Open => Kind::Open,
            Step::Part => Kind::Part,
            Step::Message(envelope) => {
                self.envelope = envelope.as_received().into();
                Kind::Message
            }
            Step::MessageEnd => Kind::MessageEnd,
            Step::Close => Kind::Close,
            _ => Kind::Other,
        };
        self.part(part);
        self.extension(&part.extension);
    }

    #[inline(never)]
    fn part(&mut self, part: &Part<'_>) {
        use mailproto_imap_node_kind as Kind;
        // Multiparts and the ends of messages have no type.
        let typed = matches!(self.kind, Kind::Part | Kind::Message);
        let told = |string, told: bool| if told { Some(string) } else { None };
        self.media_type.set(told(part.media_type, typed));
        self.subtype.set(told(part.subtype, typed || self.kind == Kind::Close));
        self.encoding.set(told(part.encoding, typed));
        self.parameters = part.parameters.into();
        self.id.set(part.id);
        self.description.set(part.description);
        self.octets = part.octets.unwrap_or_default();
        self.has_octets = part.octets.is_some().into();
        self.lines = part.lines.unwrap_or_default();
        self.has_lines = part.lines.is_some().into();
    }

    #[inline(never)]
    fn extension(&mut self, extension: &Extension<'_>) {
        self.md5.set(extension.md5());
        let disposition = extension.disposition();
        self.disposition.set(disposition.map(|disposition| disposition.kind));
        let parameters = disposition.map(|disposition| disposition.parameters);
        self.disposition_parameters = parameters.unwrap_or_default().into();
        self.language = extension.language().into();
        self.location.set(extension.location());
        self.other = extension.other().into();
    }

    fn section(&mut self, numbers: &[u16]) {
        self.section_len = numbers.len().min(self.section.len());
        for (to, from) in self.section.iter_mut().zip(numbers) {
            *to = (*from).into();
        }
    }
}

/// The next part, or the beginning or end of several.
///
/// @param structure  what is left; advanced.
/// @param node       receives it.
///
/// Returns 1, 0 at the end, or a negative `mailproto_error`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_body_structure_next(
    structure: Option<&mut mailproto_imap_body_structure>,
    node: Option<&mut MaybeUninit<mailproto_imap_node>>,
) -> i32 {
    let nodes = match memory::open_mut(structure) {
        Ok(nodes) => nodes,
        Err(code) => return code as i32,
    };
    let Some(out) = node else { return mailproto_error::NullPointer as i32 };
    let mut part = Part::default();
    let Some(step) = nodes.step(&mut part) else { return 0 };
    let told = memory::zeroed(out);
    told.fill(&step, &part);
    told.depth = u32::try_from(nodes.depth()).unwrap_or(u32::MAX);
    told.section(nodes.section());
    1
}

/// Parameters of a type or disposition, one after another: walk them with
/// `mailproto_imap_parameters_next`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_parameters {
    /// What is left to be told.
    pub rest: mailproto_span,
}

impl From<Parameters<'_>> for mailproto_imap_parameters {
    fn from(parameters: Parameters<'_>) -> Self {
        Self { rest: parameters.into_iter().rest().into() }
    }
}

/// A parameter: long or non-ASCII values may be spread over several, or encoded (RFC 2231);
/// `mailproto_imap_parameter_decode` puts them together.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_parameter {
    /// Its name, such as `charset`, in any case.
    pub name: mailproto_imap_string,
    /// Its value.
    pub value: mailproto_imap_string,
}

memory::zero!(mailproto_imap_parameter);

/// The next parameter.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_parameters_next(
    parameters: Option<&mut mailproto_imap_parameters>,
    parameter: Option<&mut MaybeUninit<mailproto_imap_parameter>>,
) -> i32 {
    next_in_place(parameters.map(|parameters| &mut parameters.rest), parameter, |rest, place| {
        let (name, value) = step!(ParameterIter<'_>, rest)?;
        let told = memory::zeroed(place);
        told.name.set(Some(name));
        told.value.set(Some(value));
        Some(())
    })
}

/// Finds a parameter and decodes it to UTF-8: sections are put together, charsets and encoded words
/// are read (RFC 2231, RFC 2047), as far as this library knows them.
///
/// @param parameters  where it is looked for.
/// @param name        such as `charset`, in any case.
/// @param out         receives the value, without a NUL behind it.
/// @param out_len     how many octets `out` holds.
/// @param len         receives how many octets were written; may be NULL.
///
/// Returns `MAILPROTO_OK`; `MAILPROTO_ERROR_EMPTY` when there is no such parameter;
/// `MAILPROTO_ERROR_BUFFER_TOO_SMALL`, with the beginning in `out`, when it does not hold the value;
/// `_NOT_UTF8` for a `name` that is none; `_OVERLAP`, `_NULL_POINTER` or `_BAD_VALUE`.
#[cfg(feature = "message")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_parameter_decode(
    parameters: mailproto_imap_parameters,
    name: mailproto_span,
    out: *mut u8,
    out_len: usize,
    len: Option<&mut MaybeUninit<usize>>,
) -> mailproto_error {
    let name = name.text().map_err(nothing);
    tell_length(len, name.and_then(|name| decode(parameters, name, out, out_len)))
}

/// The file name of a part, decoded to UTF-8: `filename` of its disposition (RFC 2183 §2.3), or
/// else `name` of its type. It is the sender's word: take no path from it.
///
/// @param disposition  the parameters of the part's disposition.
/// @param parameters   those of its type.
/// @param out          receives the name, without a NUL behind it.
/// @param out_len      how many octets `out` holds.
/// @param len          receives how many octets were written; may be NULL.
///
/// Returns what `mailproto_imap_parameter_decode` does: `MAILPROTO_ERROR_EMPTY` for a part that has
/// no name.
#[cfg(feature = "message")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_file_name(
    disposition: mailproto_imap_parameters,
    parameters: mailproto_imap_parameters,
    out: *mut u8,
    out_len: usize,
    len: Option<&mut MaybeUninit<usize>>,
) -> mailproto_error {
    let named = decode(disposition, "filename", out, out_len);
    tell_length(
        len,
        match named {
            Err((mailproto_error::Empty, _)) => decode(parameters, "name", out, out_len),
            named => named,
        },
    )
}

#[cfg(feature = "message")]
fn decode(
    parameters: mailproto_imap_parameters,
    name: &str,
    out: *mut u8,
    out_len: usize,
) -> Result<usize, (mailproto_error, usize)> {
    let rest = parameters.rest.octets().map_err(nothing)?;
    let out = memory::room(out, out_len, rest).map_err(nothing)?;
    let pair = |(name, value): (ImapString<'static>, ImapString<'static>)| {
        Parameter::from_pair(name.as_received(), value.as_received(), value.is_escaped())
    };
    let value = find(ParameterIter::resume(rest).map(pair), name);
    let decoded = value.ok_or((mailproto_error::Empty, 0))?.decode_to_utf8(out);
    if decoded.truncated {
        Err((mailproto_error::BufferTooSmall, decoded.len))
    } else {
        Ok(decoded.len)
    }
}

/// Languages, one after another: walk them with `mailproto_imap_languages_next`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_languages {
    /// What is left to be told.
    pub rest: mailproto_span,
}

impl From<Languages<'_>> for mailproto_imap_languages {
    fn from(languages: Languages<'_>) -> Self {
        Self { rest: languages.rest().into() }
    }
}

/// The next language tag.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_languages_next(
    languages: Option<&mut mailproto_imap_languages>,
    language: Option<&mut MaybeUninit<mailproto_imap_string>>,
) -> i32 {
    next(languages.map(|languages| &mut languages.rest), language, |rest| {
        step!(Languages<'_>, rest).map(Into::into)
    })
}
