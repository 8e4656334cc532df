//! Data items of a message (RFC 9051 §6.4.5): their names, which FETCH takes and events bring, and FETCH's
//! arguments.

#[cfg(feature = "imap-esearch")]
use mailproto_core::imap::command::PartialRange;
use mailproto_core::imap::command::{FetchItem, FetchItems, FetchOptions};
use mailproto_core::imap::{BodySection, Part, Partial, SectionPart};

use super::argument::{Arguments, member};
use crate::memory::{self, Region};
use crate::{mailproto_error, mailproto_span};

/// A data item of a message (RFC 9051 §6.4.5, §7.5.2): what FETCH asks for, and which fields of
/// `mailproto_imap_event` it fills when it comes. Those that come as a body come by the events
/// BODY_START, BODY_DATA and BODY_END, all others by ITEM.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_imap_item {
    /// This event has no data item.
    None = 0,
    /// FLAGS: `data` (`mailproto_imap_flags`).
    Flags = 1,
    /// UID: `number`.
    Uid = 2,
    /// RFC822.SIZE: `octets`.
    Rfc822Size = 3,
    /// INTERNALDATE, when the server received it: `date`; `is_nil` if it is no date that exists.
    InternalDate = 4,
    /// ENVELOPE, the header fields that a list of messages shows: `data`
    /// (`mailproto_imap_envelope_read`).
    Envelope = 5,
    /// BODY, the structure without extension data: `data` (`mailproto_imap_body_structure_init`).
    Body = 6,
    /// BODYSTRUCTURE, the structure: `data` (`mailproto_imap_body_structure_init`).
    BodyStructure = 7,
    /// `BODY[section]`: comes as a body.
    BodySection = 8,
    /// `BINARY[part]`, a part with its transfer encoding undone (RFC 3516 §4.2): comes as a body.
    Binary = 9,
    /// `BINARY.SIZE[part]` (RFC 3516 §4.3): `octets`, and `data` the part.
    BinarySize = 10,
    /// RFC822, the message; sets `\Seen` (RFC 3501 §6.4.5): comes as a body.
    Rfc822 = 11,
    /// RFC822.HEADER, its header: comes as a body.
    Rfc822Header = 12,
    /// RFC822.TEXT, its body; sets `\Seen`: comes as a body.
    Rfc822Text = 13,
    /// MODSEQ, its mod-sequence (RFC 7162 §3.1.4.2): `octets`; 0 where the server has none.
    ModSeq = 14,
    /// X-GM-MSGID: `octets`.
    GmailMessageId = 15,
    /// X-GM-THRID: `octets`.
    GmailThreadId = 16,
    /// X-GM-LABELS: `data` (`mailproto_imap_labels`).
    GmailLabels = 17,
    /// EMAILID (RFC 8474 §5.1): `data`.
    EmailId = 18,
    /// THREADID (RFC 8474 §5.2): `data`; `is_nil` where the server has no threads.
    ThreadId = 19,
    /// PREVIEW, the beginning of the text (RFC 8970 §3): `value`, in UTF-8; `is_nil` where there is
    /// none yet.
    Preview = 20,
    /// SAVEDATE, when it came into the mailbox (RFC 8514 §4.3): `date`; `is_nil` where that is not
    /// known.
    SaveDate = 21,
    /// FETCH only: FLAGS INTERNALDATE RFC822.SIZE ENVELOPE. It must be the only item, and so must the
    /// next two.
    All = 30,
    /// FETCH only: FLAGS INTERNALDATE RFC822.SIZE.
    Fast = 31,
    /// FETCH only: FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODY.
    Full = 32,
    /// Another. FETCH: its name is `text`, an atom. Event: `data` is its name, with the section if it
    /// has one, `data2` its value, as they came.
    Other = 254,
    /// Event only: an item that cannot be read, name and value as they came: `data`. Its neighbours
    /// are unhurt.
    Malformed = 255,
}

/// What of a part (RFC 9051 §6.4.5).
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_imap_section_part {
    /// All of it: of the message, header and text; of a part of it, the body.
    Whole = 0,
    /// HEADER: the header of the message, or of the message that the part is.
    Header = 1,
    /// HEADER.FIELDS: some fields of the header.
    HeaderFields = 2,
    /// HEADER.FIELDS.NOT: the header without some fields.
    HeaderFieldsNot = 3,
    /// TEXT: the text of the message, or of the message that the part is.
    Text = 4,
    /// MIME: the header of the part.
    Mime = 5,
    /// Something else.
    Other = 255,
}

impl From<SectionPart> for mailproto_imap_section_part {
    fn from(part: SectionPart) -> Self {
        match part {
            SectionPart::Whole => Self::Whole,
            SectionPart::Header => Self::Header,
            SectionPart::HeaderFields => Self::HeaderFields,
            SectionPart::HeaderFieldsNot => Self::HeaderFieldsNot,
            SectionPart::Text => Self::Text,
            SectionPart::Mime => Self::Mime,
            _ => Self::Other,
        }
    }
}

/// A data item that FETCH asks for (RFC 9051 §6.4.5). Most need `kind` alone: see
/// `MAILPROTO_IMAP_FETCH` and `mailproto_imap_fetch_part`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_fetch_item {
    /// A `mailproto_imap_item`.
    pub kind: i32,
    /// BODY_SECTION: a `mailproto_imap_section_part`, what of the part.
    pub part: i32,
    /// BODY_SECTION, BINARY, BINARY_SIZE: the part's numbers, from the outermost part inwards, as
    /// `mailproto_imap_node` has them; none for the message itself.
    pub path: *const u32,
    /// How many there are.
    pub path_len: usize,
    /// HEADER_FIELDS and HEADER_FIELDS_NOT: the names of the fields, with spaces between them. OTHER:
    /// the item's name.
    pub text: mailproto_span,
    /// If `has_partial` is 1: how many octets come before those that are wanted.
    pub offset: u64,
    /// If `has_partial` is 1: how many octets are wanted at most; not 0.
    pub octets: u64,
    /// BODY_SECTION, BINARY: 1 if only a stretch is wanted, else 0.
    pub has_partial: u8,
    /// BODY_SECTION, BINARY: 1 if `\Seen` shall stay as it is, else 0.
    pub peek: u8,
    /// PREVIEW: 1 if it is wanted only where the server has it at hand (RFC 8970 §3.1), else 0.
    pub lazy: u8,
    /// Zero.
    pub reserved: [u8; 5],
}

memory::plain!(mailproto_imap_fetch_item);

/// Some of what was found, by its place in it (RFC 9394 §3.1); both ends are included, and count from
/// 1.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_partial {
    /// One end; 0 if all is wanted.
    pub first: u32,
    /// The other end.
    pub last: u32,
    /// 1 if they count from the largest UID backwards, else 0.
    pub from_last: u8,
    /// Zero.
    pub reserved: [u8; 3],
}

memory::plain!(mailproto_imap_partial);

impl mailproto_imap_partial {
    /// Whether some is wanted, and not all.
    #[cfg(not(feature = "imap-esearch"))]
    pub(crate) fn is_told(self) -> Result<bool, mailproto_error> {
        if self.from_last > 1 { Err(mailproto_error::BadValue) } else { Ok(self.first > 0) }
    }

    /// `None` where all is wanted.
    #[cfg(feature = "imap-esearch")]
    pub(crate) fn range(self) -> Result<Option<PartialRange>, mailproto_error> {
        match (self.first, self.from_last) {
            (_, 2..) => Err(mailproto_error::BadValue),
            (0, _) => Ok(None),
            (first, 0) => Ok(Some(PartialRange::FromFirst(first, self.last))),
            (first, _) => Ok(Some(PartialRange::FromLast(first, self.last))),
        }
    }
}

/// Of which messages FETCH tells something, beyond the set. Begin with
/// `MAILPROTO_IMAP_FETCH_OPTIONS_INIT`, then change what is to differ.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_fetch_options {
    /// `sizeof(mailproto_imap_fetch_options)`: tells the library which fields there are.
    pub size: usize,
    /// CHANGEDSINCE: if `has_changed_since` is 1, only messages that changed after this mod-sequence
    /// (RFC 7162 §3.1.4).
    pub changed_since: u64,
    /// PARTIAL: only these of the messages that the set names (RFC 9394 §3.3). In UID FETCH only.
    pub partial: mailproto_imap_partial,
    /// 1 if `changed_since` is meant, else 0. 0 unless told.
    pub has_changed_since: u8,
    /// VANISHED: 1 if UIDs of the set that are no more are told too, else 0. In UID FETCH only, with
    /// CHANGEDSINCE and when QRESYNC is enabled (RFC 7162 §3.2.6). 0 unless told.
    pub vanished: u8,
    /// Zero.
    pub reserved: [u8; 2],
}

impl TryFrom<&mailproto_imap_fetch_options> for FetchOptions {
    type Error = mailproto_error;

    fn try_from(options: &mailproto_imap_fetch_options) -> Result<Self, mailproto_error> {
        if options.size != size_of::<mailproto_imap_fetch_options>() {
            return Err(mailproto_error::AbiMismatch);
        }
        if options.has_changed_since > 1 || options.vanished > 1 || options.reserved != [0; 2] {
            return Err(mailproto_error::BadValue);
        }
        #[cfg(not(feature = "imap-condstore"))]
        if options.has_changed_since == 1 || options.vanished == 1 {
            return Err(mailproto_error::BadValue);
        }
        #[cfg(not(feature = "imap-esearch"))]
        if options.partial.is_told()? {
            return Err(mailproto_error::BadValue);
        }
        Ok(Self {
            #[cfg(feature = "imap-condstore")]
            changed_since: (options.has_changed_since == 1).then_some(options.changed_since),
            #[cfg(feature = "imap-condstore")]
            vanished: options.vanished == 1,
            #[cfg(feature = "imap-esearch")]
            partial: options.partial.range()?,
        })
    }
}

/// The items that FETCH asks for, each made when it is asked for.
pub(crate) struct Items {
    items: &'static [mailproto_imap_fetch_item],
    tx: Region,
}

impl Items {
    /// Checks the items, since an item cannot fail.
    pub(crate) fn read(
        ptr: *const mailproto_imap_fetch_item,
        count: usize,
        arguments: &Arguments,
    ) -> Result<Self, mailproto_error> {
        let items: &'static [mailproto_imap_fetch_item] = arguments.array(ptr, count)?;
        items.iter().try_for_each(|item| fetch_item(item, arguments).map(drop))?;
        Ok(Self { items, tx: arguments.tx() })
    }
}

impl FetchItems for Items {
    fn item(&self, index: usize) -> Option<FetchItem<'_>> {
        fetch_item(self.items.get(index)?, &Arguments::apart_from(self.tx)).ok()
    }
}

#[inline(never)]
fn fetch_item(
    item: &mailproto_imap_fetch_item,
    arguments: &Arguments,
) -> Result<FetchItem<'static>, mailproto_error> {
    use mailproto_imap_item as Kind;
    if item.has_partial > 1 || item.peek > 1 || item.lazy > 1 || item.reserved != [0; 5] {
        return Err(mailproto_error::BadValue);
    }
    let partial =
        (item.has_partial == 1).then_some(Partial { offset: item.offset, octets: item.octets });
    let peek = item.peek == 1;
    Ok(member!(item.kind, Kind {
        All => FetchItem::All,
        Fast => FetchItem::Fast,
        Full => FetchItem::Full,
        Uid => FetchItem::Uid,
        Flags => FetchItem::Flags,
        Envelope => FetchItem::Envelope,
        InternalDate => FetchItem::InternalDate,
        Rfc822Size => FetchItem::Rfc822Size,
        Body => FetchItem::Body,
        BodyStructure => FetchItem::BodyStructure,
        BodySection => {
            FetchItem::BodySection { section: section(item, arguments)?, peek, partial }
        },
        Rfc822 => FetchItem::Rfc822,
        Rfc822Header => FetchItem::Rfc822Header,
        Rfc822Text => FetchItem::Rfc822Text,
        #[cfg(feature = "imap-items")]
        Binary => FetchItem::Binary { part: path(item, arguments)?, peek, partial },
        #[cfg(feature = "imap-items")]
        BinarySize => FetchItem::BinarySize(path(item, arguments)?),
        #[cfg(feature = "imap-condstore")]
        ModSeq => FetchItem::ModSeq,
        #[cfg(feature = "imap-gmail")]
        GmailMessageId => FetchItem::GmailMessageId,
        #[cfg(feature = "imap-gmail")]
        GmailThreadId => FetchItem::GmailThreadId,
        #[cfg(feature = "imap-gmail")]
        GmailLabels => FetchItem::GmailLabels,
        #[cfg(feature = "imap-items")]
        EmailId => FetchItem::EmailId,
        #[cfg(feature = "imap-items")]
        ThreadId => FetchItem::ThreadId,
        #[cfg(feature = "imap-items")]
        Preview => FetchItem::Preview { lazy: item.lazy == 1 },
        #[cfg(feature = "imap-items")]
        SaveDate => FetchItem::SaveDate,
        Other => FetchItem::Other(arguments.octets(item.text)?),
    }))
}

fn path(
    item: &mailproto_imap_fetch_item,
    arguments: &Arguments,
) -> Result<&'static [u32], mailproto_error> {
    arguments.array(item.path, item.path_len)
}

fn section(
    item: &mailproto_imap_fetch_item,
    arguments: &Arguments,
) -> Result<BodySection<'static>, mailproto_error> {
    use mailproto_imap_section_part as Which;
    let part = member!(item.part, Which {
        Whole => Part::Whole,
        Header => Part::Header,
        HeaderFields => Part::HeaderFieldsIn(arguments.octets(item.text)?),
        HeaderFieldsNot => Part::HeaderFieldsNotIn(arguments.octets(item.text)?),
        Text => Part::Text,
        Mime => Part::Mime,
    });
    Ok(BodySection { path: path(item, arguments)?, part })
}
