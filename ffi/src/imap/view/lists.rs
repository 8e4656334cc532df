//! Lists: what events bring as one span, walked element by element. Each iterator begins as `{span}`.

use core::mem::MaybeUninit;

#[cfg(feature = "imap-acl")]
use mailproto_core::imap::response::acl::AclEntries;
use mailproto_core::imap::response::code::CapabilityIter;
#[cfg(feature = "imap-gmail")]
use mailproto_core::imap::response::fetch::Labels;
#[cfg(feature = "imap-id")]
use mailproto_core::imap::response::id::IdPairs;
#[cfg(feature = "imap-list")]
use mailproto_core::imap::response::list::{ExtendedItem, ExtendedItems};
#[cfg(feature = "imap-list")]
use mailproto_core::imap::response::mailbox_status::{StatusItem, StatusItems};
#[cfg(feature = "imap-metadata")]
use mailproto_core::imap::response::metadata::MetadataValues;
#[cfg(feature = "imap-list")]
use mailproto_core::imap::response::namespace::{NamespaceEntries, NamespaceExtensions};
#[cfg(feature = "imap-quota")]
use mailproto_core::imap::response::quota::QuotaResources;
use mailproto_core::imap::response::strings::StringsIter;
#[cfg(feature = "imap-list")]
use mailproto_core::imap::{Attribute, Attributes};
use mailproto_core::imap::{Flags, Ranges};

#[cfg(any(feature = "imap-id", feature = "imap-metadata"))]
use super::next_in_place;
use super::{next, step};
use crate::imap::{mailproto_imap_range, mailproto_imap_string};
use crate::{mailproto_span, memory};

/// Flags (RFC 9051 §2.3.2): `data` of FLAGS and of the code PERMANENTFLAGS. They may be given back to
/// STORE as they are.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_flags {
    /// What is left to be told.
    pub rest: mailproto_span,
}

/// The next flag, as it came: `\Seen`, `$Forwarded`. Flags are compared in any case (RFC 9051 §9).
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_flags_next(
    flags: Option<&mut mailproto_imap_flags>,
    flag: Option<&mut MaybeUninit<mailproto_span>>,
) -> i32 {
    next(flags.map(|flags| &mut flags.rest), flag, |rest| {
        let mut flags = Flags::from_bytes(rest).iter();
        let flag = flags.next()?;
        *rest = flags.rest();
        Some(flag.as_bytes().into())
    })
}

/// An attribute of a mailbox (RFC 9051 §7.3.1, RFC 5258 §3, RFC 6154 §2, RFC 8457 §3); the last four
/// are XLIST's.
#[cfg(feature = "imap-list")]
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_imap_attribute_kind {
    /// `\Noinferiors`: there are no mailboxes below it, and there can be none.
    Noinferiors = 1,
    /// `\Noselect`: it cannot be selected.
    Noselect = 2,
    /// `\NonExistent`: there is no such mailbox; implies `\Noselect`.
    NonExistent = 3,
    /// `\HasChildren`: there are mailboxes below it.
    HasChildren = 4,
    /// `\HasNoChildren`: there are none.
    HasNoChildren = 5,
    /// `\Marked`: it probably holds new messages.
    Marked = 6,
    /// `\Unmarked`: it does not.
    Unmarked = 7,
    /// `\Subscribed`.
    Subscribed = 8,
    /// `\Remote`: it is on another server.
    Remote = 9,
    /// `\All`: all messages are in it.
    All = 10,
    /// `\Archive`.
    Archive = 11,
    /// `\Drafts`.
    Drafts = 12,
    /// `\Flagged`: the messages that are flagged.
    Flagged = 13,
    /// `\Junk`.
    Junk = 14,
    /// `\Sent`.
    Sent = 15,
    /// `\Trash`.
    Trash = 16,
    /// `\Important` (RFC 8457 §3).
    Important = 17,
    /// `\AllMail`: what XLIST says for `\All`.
    AllMail = 18,
    /// `\Inbox`: of XLIST; INBOX has a name in the user's language there.
    Inbox = 19,
    /// `\Spam`: what XLIST says for `\Junk`.
    Spam = 20,
    /// `\Starred`: what XLIST says for `\Flagged`.
    Starred = 21,
    /// Any other: see `name`.
    Other = 255,
}

#[cfg(feature = "imap-list")]
impl From<Attribute<'_>> for mailproto_imap_attribute_kind {
    fn from(attribute: Attribute<'_>) -> Self {
        match attribute {
            Attribute::Noinferiors => Self::Noinferiors,
            Attribute::Noselect => Self::Noselect,
            Attribute::NonExistent => Self::NonExistent,
            Attribute::HasChildren => Self::HasChildren,
            Attribute::HasNoChildren => Self::HasNoChildren,
            Attribute::Marked => Self::Marked,
            Attribute::Unmarked => Self::Unmarked,
            Attribute::Subscribed => Self::Subscribed,
            Attribute::Remote => Self::Remote,
            Attribute::All => Self::All,
            Attribute::Archive => Self::Archive,
            Attribute::Drafts => Self::Drafts,
            Attribute::Flagged => Self::Flagged,
            Attribute::Junk => Self::Junk,
            Attribute::Sent => Self::Sent,
            Attribute::Trash => Self::Trash,
            Attribute::Important => Self::Important,
            Attribute::AllMail => Self::AllMail,
            Attribute::Inbox => Self::Inbox,
            Attribute::Spam => Self::Spam,
            Attribute::Starred => Self::Starred,
            _ => Self::Other,
        }
    }
}

/// An attribute of a mailbox.
#[cfg(feature = "imap-list")]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_attribute {
    /// Which.
    pub kind: mailproto_imap_attribute_kind,
    /// As its RFC spells it, backslash included; another one as it came.
    pub name: mailproto_span,
}

/// Attributes of a mailbox (RFC 9051 §7.3.1): `data` of LIST.
#[cfg(feature = "imap-list")]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_attributes {
    /// What is left to be told.
    pub rest: mailproto_span,
}

/// The next attribute.
#[cfg(feature = "imap-list")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_attributes_next(
    attributes: Option<&mut mailproto_imap_attributes>,
    attribute: Option<&mut MaybeUninit<mailproto_imap_attribute>>,
) -> i32 {
    next(attributes.map(|attributes| &mut attributes.rest), attribute, |rest| {
        let mut attributes = Attributes::from_bytes(rest).iter();
        let attribute = attributes.next()?;
        *rest = attributes.rest();
        Some(mailproto_imap_attribute { kind: attribute.into(), name: attribute.as_bytes().into() })
    })
}

/// What a mailbox is for: the first of its attributes that tells (RFC 6154 §2, RFC 8457 §3), by the
/// RFCs' words where XLIST has others; OTHER where none tells.
///
/// @param attributes  `data` of LIST.
#[cfg(feature = "imap-list")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_special_use(
    attributes: mailproto_span,
) -> mailproto_imap_attribute_kind {
    let special_use = attributes.octets().map(|list| Attributes::from_bytes(list).special_use());
    special_use.ok().flatten().map_or(mailproto_imap_attribute_kind::Other, Into::into)
}

/// A set of UIDs or message numbers (RFC 9051 §9): `data` and `data2` of the codes APPENDUID, COPYUID and
/// MODIFIED. It may be given to a command as it is: `mailproto_imap_set`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_ranges {
    /// What is left to be told.
    pub rest: mailproto_span,
}

/// The next range. A server may name four thousand million messages in ten octets: look before you
/// walk through them.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_ranges_next(
    ranges: Option<&mut mailproto_imap_ranges>,
    range: Option<&mut MaybeUninit<mailproto_imap_range>>,
) -> i32 {
    next(ranges.map(|ranges| &mut ranges.rest), range, |rest| {
        step!(Ranges<'_>, rest).map(Into::into)
    })
}

/// Strings: of the codes BADCHARSET and BADEVENT, of QUOTAROOT, LISTRIGHTS, METADATA and of extensions.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_strings {
    /// What is left to be told.
    pub rest: mailproto_span,
}

/// The next string.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_strings_next(
    strings: Option<&mut mailproto_imap_strings>,
    string: Option<&mut MaybeUninit<mailproto_imap_string>>,
) -> i32 {
    next(strings.map(|strings| &mut strings.rest), string, |rest| {
        step!(StringsIter<'_>, rest).map(Into::into)
    })
}

/// Capabilities (RFC 9051 §7.1): `data` of the code CAPABILITY.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_capabilities {
    /// What is left to be told.
    pub rest: mailproto_span,
}

/// The next capability: see `mailproto_imap_capability`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_capabilities_next(
    capabilities: Option<&mut mailproto_imap_capabilities>,
    capability: Option<&mut MaybeUninit<mailproto_span>>,
) -> i32 {
    next(capabilities.map(|capabilities| &mut capabilities.rest), capability, |rest| {
        step!(CapabilityIter<'_>, rest).map(|capability| capability.name().into())
    })
}

/// Gmail's labels of a message: `data` of the item GMAIL_LABELS. Names like mailbox names, or like flags
/// (`\Important`).
#[cfg(feature = "imap-gmail")]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_labels {
    /// What is left to be told.
    pub rest: mailproto_span,
}

/// The next label.
#[cfg(feature = "imap-gmail")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_labels_next(
    labels: Option<&mut mailproto_imap_labels>,
    label: Option<&mut MaybeUninit<mailproto_imap_string>>,
) -> i32 {
    next(labels.map(|labels| &mut labels.rest), label, |rest| {
        step!(Labels<'_>, rest).map(Into::into)
    })
}

/// A name and its value.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_pair {
    /// The name.
    pub name: mailproto_imap_string,
    /// The value; perhaps NIL.
    pub value: mailproto_imap_string,
}

memory::zero!(mailproto_imap_pair);

/// What a server says of itself (RFC 2971 §3.3): `data` of ID.
#[cfg(feature = "imap-id")]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_id_fields {
    /// What is left to be told.
    pub rest: mailproto_span,
}

/// The next field: `name`, `version`, `vendor`, `os`, `support-url` and others. A value may be NIL.
#[cfg(feature = "imap-id")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_id_fields_next(
    id_fields: Option<&mut mailproto_imap_id_fields>,
    field: Option<&mut MaybeUninit<mailproto_imap_pair>>,
) -> i32 {
    next_in_place(id_fields.map(|id_fields| &mut id_fields.rest), field, |rest, place| {
        let (name, value) = step!(IdPairs<'_>, rest)?;
        let told = memory::zeroed(place);
        told.name.set(Some(name));
        told.value.set(value);
        Some(())
    })
}

/// Annotations (RFC 5464 §4.4.1): `data` of METADATA.
#[cfg(feature = "imap-metadata")]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_metadata_values {
    /// What is left to be told.
    pub rest: mailproto_span,
}

/// The next entry and its value, which is NIL where there is none.
#[cfg(feature = "imap-metadata")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_metadata_values_next(
    metadata_values: Option<&mut mailproto_imap_metadata_values>,
    entry: Option<&mut MaybeUninit<mailproto_imap_pair>>,
) -> i32 {
    next_in_place(
        metadata_values.map(|metadata_values| &mut metadata_values.rest),
        entry,
        |rest, place| {
            let (name, value) = step!(MetadataValues<'_>, rest)?;
            let told = memory::zeroed(place);
            told.name.set(Some(name));
            told.value.set(value);
            Some(())
        },
    )
}

/// Who has which rights on a mailbox (RFC 4314 §3.6): `data` of ACL.
#[cfg(feature = "imap-acl")]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_acl_entries {
    /// What is left to be told.
    pub rest: mailproto_span,
}

/// The next identifier, `name`, with its rights, `value`: a letter or digit each. An identifier that
/// begins with `-` takes rights away (RFC 4314 §2).
#[cfg(feature = "imap-acl")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_acl_entries_next(
    acl_entries: Option<&mut mailproto_imap_acl_entries>,
    entry: Option<&mut MaybeUninit<mailproto_imap_pair>>,
) -> i32 {
    next(acl_entries.map(|acl_entries| &mut acl_entries.rest), entry, |rest| {
        let (name, rights) = step!(AclEntries<'_>, rest)?;
        Some(mailproto_imap_pair { name: name.into(), value: rights.as_received().into() })
    })
}

/// One resource of a quota root (RFC 9208 §3).
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_quota_resource {
    /// `STORAGE`, `MESSAGE`, `MAILBOX`, `ANNOTATION-STORAGE` (RFC 9208 §5) or another name, in any case.
    pub name: mailproto_span,
    /// How much is used: for the two storages in units of 1024 octets, else as a count.
    pub usage: u64,
    /// How much may be used, in the same units. It may be less than what is used.
    pub limit: u64,
}

/// The resources of a quota root (RFC 9208 §4.2.1): `data` of QUOTA.
#[cfg(feature = "imap-quota")]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_quota_resources {
    /// What is left to be told.
    pub rest: mailproto_span,
}

/// The next resource.
#[cfg(feature = "imap-quota")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_quota_resources_next(
    quota_resources: Option<&mut mailproto_imap_quota_resources>,
    resource: Option<&mut MaybeUninit<mailproto_imap_quota_resource>>,
) -> i32 {
    next(quota_resources.map(|quota_resources| &mut quota_resources.rest), resource, |rest| {
        let resource = step!(QuotaResources<'_>, rest)?;
        Some(mailproto_imap_quota_resource {
            name: resource.name.into(),
            usage: resource.usage,
            limit: resource.limit,
        })
    })
}

/// What STATUS tells (RFC 9051 §6.3.11, §7.3.4).
#[cfg(feature = "imap-list")]
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_imap_status_item_kind {
    /// MESSAGES: how many there are.
    Messages = 1,
    /// RECENT: how many are recent (RFC 3501 §6.3.10).
    Recent = 2,
    /// UIDNEXT: the UID that the next message will get, or a higher one. Some servers send 0.
    UidNext = 3,
    /// UIDVALIDITY: with another value than before, all UIDs that are remembered are void. Some
    /// servers send 0.
    UidValidity = 4,
    /// UNSEEN: how many have no `\Seen` flag.
    Unseen = 5,
    /// DELETED: how many have the `\Deleted` flag.
    Deleted = 6,
    /// SIZE: of all messages together, in octets.
    Size = 7,
    /// HIGHESTMODSEQ: the highest mod-sequence; 0 where the mailbox keeps none (RFC 7162 §3.1.7).
    HighestModSeq = 8,
    /// APPENDLIMIT: how many octets a message may have to be appended; no number for no limit (RFC
    /// 7889 §3.2).
    AppendLimit = 9,
    /// MAILBOXID: `value` is the object identifier of the mailbox (RFC 8474 §4.3).
    MailboxId = 10,
    /// DELETED-STORAGE: how much space EXPUNGE would free, in units of 1024 octets (RFC 9208 §3.1.1).
    DeletedStorage = 11,
    /// Another one, or one of those above with a value that is malformed: `name` and `value`, as they
    /// came.
    Other = 255,
}

/// One item of a STATUS response.
#[cfg(feature = "imap-list")]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_status_item {
    /// Which.
    pub kind: mailproto_imap_status_item_kind,
    /// 1 if `number` is told, else 0.
    pub has_number: i32,
    /// A number, as said with the kind.
    pub number: u64,
    /// The name of another item.
    pub name: mailproto_span,
    /// Octets, as said with the kind.
    pub value: mailproto_span,
}

#[cfg(feature = "imap-list")]
impl mailproto_imap_status_item {
    fn tell(item: &StatusItem<'_>) -> Self {
        use mailproto_imap_status_item_kind as Kind;
        let empty = mailproto_span::EMPTY;
        let (mut name, mut value) = (empty, empty);
        let (kind, number) = match *item {
            StatusItem::Messages(count) => (Kind::Messages, Some(count.into())),
            StatusItem::Recent(count) => (Kind::Recent, Some(count.into())),
            StatusItem::UidNext(uid) => (Kind::UidNext, Some(uid.into())),
            StatusItem::UidValidity(value) => (Kind::UidValidity, Some(value.into())),
            StatusItem::Unseen(count) => (Kind::Unseen, Some(count.into())),
            StatusItem::Deleted(count) => (Kind::Deleted, Some(count.into())),
            StatusItem::Size(octets) => (Kind::Size, Some(octets)),
            StatusItem::HighestModSeq(mod_seq) => (Kind::HighestModSeq, Some(mod_seq)),
            StatusItem::AppendLimit(limit) => (Kind::AppendLimit, limit),
            StatusItem::DeletedStorage(units) => (Kind::DeletedStorage, Some(units)),
            StatusItem::MailboxId(id) => {
                value = id.into();
                (Kind::MailboxId, None)
            }
            StatusItem::Other { name: other, value: octets } => {
                (name, value) = (other.into(), octets.into());
                (Kind::Other, None)
            }
            _ => (Kind::Other, None),
        };
        let has_number = number.is_some().into();
        Self { kind, has_number, number: number.unwrap_or_default(), name, value }
    }
}

/// What a mailbox holds (RFC 9051 §7.3.4): `data` of MAILBOX_STATUS.
#[cfg(feature = "imap-list")]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_status_items {
    /// What is left to be told.
    pub rest: mailproto_span,
}

/// The next item.
#[cfg(feature = "imap-list")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_status_items_next(
    status_items: Option<&mut mailproto_imap_status_items>,
    item: Option<&mut MaybeUninit<mailproto_imap_status_item>>,
) -> i32 {
    next(status_items.map(|status_items| &mut status_items.rest), item, |rest| {
        step!(StatusItems<'_>, rest).map(|item| mailproto_imap_status_item::tell(&item))
    })
}

/// What extended LIST data tell (RFC 9051 §7.3.1, RFC 5258 §6).
#[cfg(feature = "imap-list")]
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_imap_extended_item_kind {
    /// CHILDINFO: mailboxes below this one satisfy these selection options, such as `SUBSCRIBED` (RFC
    /// 9051 §6.3.9.6): `value` (`mailproto_imap_strings`).
    ChildInfo = 1,
    /// OLDNAME: the mailbox was called `name` before (RFC 9051 §6.3.9.7).
    OldName = 2,
    /// Another one: `name`, and `value` as it came.
    Other = 255,
}

/// One extended data item of a LIST response.
#[cfg(feature = "imap-list")]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_extended_item {
    /// Which.
    pub kind: mailproto_imap_extended_item_kind,
    /// A name, as said with the kind.
    pub name: mailproto_imap_string,
    /// Octets or a list, as said with the kind.
    pub value: mailproto_span,
}

#[cfg(feature = "imap-list")]
impl From<ExtendedItem<'_>> for mailproto_imap_extended_item {
    fn from(item: ExtendedItem<'_>) -> Self {
        use mailproto_imap_extended_item_kind as Kind;
        let (nil, empty) = (mailproto_imap_string::NIL, mailproto_span::EMPTY);
        match item {
            ExtendedItem::ChildInfo(options) => {
                Self { kind: Kind::ChildInfo, name: nil, value: options.iter().rest().into() }
            }
            ExtendedItem::OldName(name) => {
                Self { kind: Kind::OldName, name: name.into(), value: empty }
            }
            ExtendedItem::Other { name, value } => {
                Self { kind: Kind::Other, name: name.into(), value: value.into() }
            }
            _ => Self { kind: Kind::Other, name: nil, value: empty },
        }
    }
}

/// What else LIST tells about a mailbox (RFC 9051 §7.3.1): `data2` of LIST.
#[cfg(feature = "imap-list")]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_extended_items {
    /// What is left to be told.
    pub rest: mailproto_span,
}

/// The next item.
#[cfg(feature = "imap-list")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_extended_items_next(
    extended_items: Option<&mut mailproto_imap_extended_items>,
    item: Option<&mut MaybeUninit<mailproto_imap_extended_item>>,
) -> i32 {
    next(extended_items.map(|extended_items| &mut extended_items.rest), item, |rest| {
        step!(ExtendedItems<'_>, rest).map(Into::into)
    })
}

/// One namespace (RFC 9051 §7.3.3).
#[cfg(feature = "imap-list")]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_namespace {
    /// What the names of its mailboxes begin with, often with the delimiter at the end; perhaps empty.
    pub prefix: mailproto_imap_string,
    /// What to call the namespace in the user's language, a mailbox name, or NIL (RFC 5255 §3.4).
    pub translation: mailproto_imap_string,
    /// What else the server tells of it.
    pub extensions: mailproto_imap_namespace_extensions,
    /// What separates the levels of hierarchy; 0 where there are no levels.
    pub delimiter: i32,
}

/// The namespaces of one kind (RFC 9051 §6.3.10): `data`, `data2` and `data3` of NAMESPACE.
#[cfg(feature = "imap-list")]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_namespaces {
    /// What is left to be told.
    pub rest: mailproto_span,
}

/// The next namespace. New mailboxes are made below the first of the user's own.
#[cfg(feature = "imap-list")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_namespaces_next(
    namespaces: Option<&mut mailproto_imap_namespaces>,
    namespace: Option<&mut MaybeUninit<mailproto_imap_namespace>>,
) -> i32 {
    next(namespaces.map(|namespaces| &mut namespaces.rest), namespace, |rest| {
        let entry = step!(NamespaceEntries<'_>, rest)?;
        Some(mailproto_imap_namespace {
            prefix: entry.prefix.into(),
            translation: entry.translation().map(|name| name.as_received()).into(),
            extensions: mailproto_imap_namespace_extensions {
                rest: entry.extensions().rest().into(),
            },
            delimiter: entry.delimiter.unwrap_or_default().into(),
        })
    })
}

/// Something that a server tells of a namespace: a name and values (RFC 9051 §7.3.3).
#[cfg(feature = "imap-list")]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_namespace_extension {
    /// The name.
    pub name: mailproto_imap_string,
    /// The values.
    pub values: mailproto_imap_strings,
}

/// What else a server tells of a namespace (RFC 9051 §7.3.3).
#[cfg(feature = "imap-list")]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_namespace_extensions {
    /// What is left to be told.
    pub rest: mailproto_span,
}

/// The next extension.
#[cfg(feature = "imap-list")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_namespace_extensions_next(
    namespace_extensions: Option<&mut mailproto_imap_namespace_extensions>,
    extension: Option<&mut MaybeUninit<mailproto_imap_namespace_extension>>,
) -> i32 {
    next(
        namespace_extensions.map(|namespace_extensions| &mut namespace_extensions.rest),
        extension,
        |rest| {
            let (name, values) = step!(NamespaceExtensions<'_>, rest)?;
            let values = mailproto_imap_strings { rest: values.iter().rest().into() };
            Some(mailproto_imap_namespace_extension { name: name.into(), values })
        },
    )
}
