//! Events as C sees them: one flat struct, of which each kind fills some fields.

use core::mem::MaybeUninit;

#[cfg(any(feature = "imap-esearch", feature = "imap-condstore"))]
use mailproto_core::imap::Range;
#[cfg(feature = "imap-esearch")]
use mailproto_core::imap::response::esearch::EsearchItem;
use mailproto_core::imap::response::fetch::{BodyItem, BodyStart, Content, Item, MessageId};
#[cfg(feature = "imap-list")]
use mailproto_core::imap::response::list::ListKind;
#[cfg(feature = "imap-metadata")]
use mailproto_core::imap::response::metadata::{Metadata, MetadataEntries};
#[cfg(feature = "imap-sort")]
use mailproto_core::imap::response::thread::ThreadElement;
use mailproto_core::imap::{
    Capability, Code, Data, DateTime, Event, Greeting, Listing, Oversize, Status, Tag,
};

use super::{
    mailproto_imap_command, mailproto_imap_date_time, mailproto_imap_item, mailproto_imap_quirk,
    mailproto_imap_response_code, mailproto_imap_string,
};
use crate::{mailproto_span, memory};

/// What happened. Which fields of `mailproto_imap_event` are filled is said with each; the others
/// are zero. Where a field holds a list, the iterator is named that walks it: it begins as `{field}`.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_imap_event_kind {
    /// Nothing; or something that this version of the C ABI does not know.
    None = 0,
    /// The server's greeting (RFC 9051 §7.1): `status` (OK, PREAUTH or BYE), `code`, `text`. With
    /// BYE the session is over.
    Greeting = 1,
    /// An untagged OK, NO or BAD: information, a warning, an error that belongs to no command
    /// (RFC 9051 §7.1): `status`, `code`, `text`. With the code ALERT show the text to the user.
    Status = 2,
    /// The server closes the connection (RFC 9051 §7.1.5): `code`, `text`.
    Bye = 3,
    /// A command is done; there is exactly one such event for each: `tag`, `command`, `status` (OK,
    /// NO, BAD or NOT_SENT), `code`, `text`. After STARTTLS with status OK make the TLS handshake,
    /// then call `mailproto_imap_client_tls_established`.
    Completed = 4,
    /// AUTHENTICATE: the server asks (RFC 9051 §6.2.2): `tag`, `data` the challenge, decoded. Answer
    /// with `mailproto_imap_client_respond` or `mailproto_imap_client_cancel`.
    Challenge = 5,
    /// IDLE has begun: the server will tell what happens in the mailbox (RFC 9051 §6.3.13): `tag`.
    /// End it with `mailproto_imap_client_done`.
    Idling = 6,
    /// IDLE has lasted as long as it may: `tag`. Call `mailproto_imap_client_done`, and
    /// `mailproto_imap_client_idle` again.
    IdleDue = 7,
    /// APPEND: the server awaits the message (RFC 9051 §6.3.12): `tag`, `octets` how many are still to
    /// be given to `mailproto_imap_client_upload`.
    Upload = 8,
    /// A continuation request that nothing else is told of (RFC 9051 §7.6): `code`, `text`.
    Continuation = 9,
    /// Something did not fit the scratch buffer: `oversize` what it was, `octets` its length. Of a
    /// status response the beginning was used, in the event before; anything else was skipped.
    Oversize = 10,
    /// The server deviated from the RFCs, and it was mended: `quirk`; `octets` is how many octets of
    /// this connection came before the item.
    Quirk = 11,

    /// A response that comes by element begins: `listing`. Its elements follow, then LISTING_END.
    ListingBegin = 20,
    /// All elements of a response have come: `listing`.
    ListingEnd = 21,
    /// CAPABILITY: one of them (RFC 9051 §7.2.2): `data` as it came; `data2` what follows its `=`, such
    /// as the name of a SASL mechanism; `octets` the largest message that APPEND takes, if
    /// `has_octets` is 1. See `mailproto_imap_capability`.
    Capability = 22,
    /// ENABLED: one of them (RFC 9051 §7.2.1): as CAPABILITY.
    Enabled = 23,
    /// FLAGS: one of the mailbox's flags (RFC 9051 §7.3.5): `data`.
    Flag = 24,
    /// SEARCH or SORT: `number`, a message number or UID (RFC 3501 §7.2.5, RFC 5256 §4).
    Found = 25,
    /// SEARCH or SORT: `octets` is the highest mod-sequence among the messages found (RFC 7162
    /// §3.1.5).
    FoundModSeq = 26,
    /// ESEARCH: a part of the result (RFC 9051 §7.3.4): `esearch`, and what is said there.
    Esearch = 27,
    /// VANISHED: the UIDs from `number` to `last` are no more (RFC 7162 §3.2.10).
    Vanished = 28,
    /// THREAD: a part of the tree (RFC 5256 §4): `thread`, and what is said there.
    Thread = 29,
    /// LIST, LSUB or XLIST: a mailbox (RFC 9051 §7.3.1): `listing` which of them, `name`, `delimiter`,
    /// `data` its attributes (`mailproto_imap_attributes`), `data2` what else is told
    /// (`mailproto_imap_extended_items`).
    List = 30,
    /// STATUS: what a mailbox holds (RFC 9051 §7.3.4): `name`, `data`
    /// (`mailproto_imap_status_items`).
    MailboxStatus = 31,
    /// NAMESPACE (RFC 9051 §7.3.3): `data` the user's own, `data2` other users', `data3` the shared
    /// ones (`mailproto_imap_namespaces`).
    Namespace = 32,
    /// ID: what the server says of itself (RFC 2971 §3.2): `data` (`mailproto_imap_id_fields`).
    Id = 33,
    /// QUOTA (RFC 9208 §4.2.1): `name` the quota root's, which is no mailbox, `data`
    /// (`mailproto_imap_quota_resources`).
    Quota = 34,
    /// QUOTAROOT (RFC 9208 §4.2.2): `name`, `data` the names of its roots (`mailproto_imap_strings`).
    QuotaRoot = 35,
    /// ACL (RFC 4314 §3.6): `name`, `data` (`mailproto_imap_acl_entries`).
    Acl = 36,
    /// LISTRIGHTS (RFC 4314 §3.7): `name`, `identifier`, `value` the rights that they will always
    /// have, `data` those that can be given or not (`mailproto_imap_strings`).
    ListRights = 37,
    /// MYRIGHTS (RFC 4314 §3.8): `name`, `value` the rights, a letter or digit each.
    MyRights = 38,
    /// METADATA (RFC 5464 §4.4): `name`, empty for the server itself; `data` entries with their values
    /// (`mailproto_imap_metadata_values`), or `data2` the names of entries that have changed
    /// (`mailproto_imap_strings`).
    Metadata = 39,
    /// EXISTS: how many messages the mailbox holds (RFC 9051 §7.4.1): `number`.
    Exists = 40,
    /// RECENT (RFC 3501 §7.3.2): `number`.
    Recent = 41,
    /// EXPUNGE: message `number` is no more, and those behind it move up (RFC 9051 §7.5.1).
    Expunge = 42,
    /// A FETCH response begins (RFC 9051 §7.5.2): `number` is the message's, or its UID if `by_uid` is
    /// 1 (RFC 9586 §3.3).
    FetchStart = 43,
    /// FETCH: a data item: `item`, and what is said there.
    Item = 44,
    /// FETCH: a body, or a section of one, begins: `item`, `data` the section, as between the brackets
    /// (`mailproto_imap_section_part` and others read it); `octets` how many follow, if `has_octets` is
    /// 1, and `origin` where in the section they begin, if `has_origin` is 1. With `is_nil` there is no
    /// such section.
    BodyStart = 45,
    /// FETCH: octets of the body: `data`. They lie in the input, however long the body is.
    BodyData = 46,
    /// FETCH: the body is complete.
    BodyEnd = 47,
    /// The FETCH response is complete: as FETCH_START.
    FetchEnd = 48,
    /// A response that is not known, or cannot be read: `data`, its line as it came, with literals in
    /// it.
    Unrecognized = 49,
}

/// What a status response or a greeting says (RFC 9051 §7.1).
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_imap_status {
    /// This event has no status.
    None = 0,
    /// It went well.
    Ok = 1,
    /// It failed.
    No = 2,
    /// The server did not understand, or is in trouble.
    Bad = 3,
    /// The command was never sent, or its answer never came: the engine withdrew it.
    NotSent = 4,
    /// The greeting: logged in already.
    Preauth = 5,
    /// The greeting: refused.
    Bye = 6,
}

impl From<Status> for mailproto_imap_status {
    fn from(status: Status) -> Self {
        match status {
            Status::Ok => Self::Ok,
            Status::No => Self::No,
            Status::Bad => Self::Bad,
            Status::NotSent => Self::NotSent,
        }
    }
}

impl From<Greeting> for mailproto_imap_status {
    fn from(greeting: Greeting) -> Self {
        match greeting {
            Greeting::Ok => Self::Ok,
            Greeting::Preauth => Self::Preauth,
            Greeting::Bye => Self::Bye,
        }
    }
}

/// Which response an event comes from (RFC 9051 §7.2, §7.3).
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_imap_listing {
    /// None of these.
    None = 0,
    /// CAPABILITY (RFC 9051 §7.2.2).
    Capability = 1,
    /// ENABLED (RFC 9051 §7.2.1).
    Enabled = 2,
    /// FLAGS (RFC 9051 §7.3.5).
    Flags = 3,
    /// SEARCH (RFC 3501 §7.2.5).
    Search = 4,
    /// SORT (RFC 5256 §4).
    Sort = 5,
    /// ESEARCH (RFC 9051 §7.3.4).
    Esearch = 6,
    /// THREAD (RFC 5256 §4).
    Thread = 7,
    /// VANISHED: messages that have just gone (RFC 7162 §3.2.10).
    Vanished = 8,
    /// VANISHED (EARLIER): messages that had gone before (RFC 7162 §3.2.10).
    VanishedEarlier = 9,
    /// LIST (RFC 9051 §7.3.1).
    List = 10,
    /// LSUB: a name that is subscribed to, perhaps no mailbox any more (RFC 3501 §7.2.3).
    Lsub = 11,
    /// XLIST: Google's LIST with special-use attributes, from before RFC 6154.
    Xlist = 12,
    /// One that this version of the C ABI has no number for.
    Other = 255,
}

impl From<Listing> for mailproto_imap_listing {
    fn from(listing: Listing) -> Self {
        match listing {
            Listing::Capability => Self::Capability,
            Listing::Enabled => Self::Enabled,
            Listing::Flags => Self::Flags,
            Listing::Search => Self::Search,
            Listing::Sort => Self::Sort,
            Listing::Esearch => Self::Esearch,
            Listing::Thread => Self::Thread,
            Listing::Vanished => Self::Vanished,
            Listing::VanishedEarlier => Self::VanishedEarlier,
            _ => Self::Other,
        }
    }
}

#[cfg(feature = "imap-list")]
impl From<ListKind> for mailproto_imap_listing {
    fn from(kind: ListKind) -> Self {
        match kind {
            ListKind::List => Self::List,
            ListKind::Lsub => Self::Lsub,
            ListKind::Xlist => Self::Xlist,
        }
    }
}

/// A part of an ESEARCH response (RFC 9051 §7.3.4). Numbers are UIDs if UID came before.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_imap_esearch {
    /// This event is no ESEARCH.
    None = 0,
    /// What the search was that this answers: `value` the tag of the command as it was sent, or NIL;
    /// in an answer to a search in several mailboxes `name`, and `number` its UIDVALIDITY (RFC 7377
    /// §2.1).
    Correlator = 1,
    /// The numbers that follow are UIDs.
    Uid = 2,
    /// MIN: `number` is the lowest one found.
    Min = 3,
    /// MAX: `number` is the highest one found.
    Max = 4,
    /// COUNT: `number` is how many were found.
    Count = 5,
    /// MODSEQ: `octets` is the highest mod-sequence among what is told here (RFC 7162 §3.1.10).
    ModSeq = 6,
    /// ALL: the messages from `number` to `last` were found.
    All = 7,
    /// PARTIAL: of all that was found, what stands at the positions from `from` to `to` will follow
    /// (RFC 9394 §3.1). Negative ones count from the end: -1 is the last.
    Partial = 8,
    /// PARTIAL: the messages from `number` to `last` are within these positions.
    PartialRange = 9,
    /// RELEVANCY: `number` is a score from 1 to 100, one for each message, in their order (RFC 6203
    /// §4).
    Relevancy = 10,
    /// ADDTO: put in the messages from `number` to `last`, at position `from`; 0: wherever they
    /// belong (RFC 5267 §4.3.3).
    AddTo = 11,
    /// REMOVEFROM: take out the messages from `number` to `last`, at position `from`; 0: look for
    /// them (RFC 5267 §4.3.4).
    RemoveFrom = 12,
    /// Another item: `data` is its name. OTHER_VALUE follows, once or more.
    OtherName = 13,
    /// An element of another item's value, as it came: `data`.
    OtherValue = 14,
    /// One that this version of the C ABI has no number for.
    Other = 255,
}

/// A part of the trees of a THREAD response (RFC 5256 §4), in the order of the wire.
/// `mailproto_imap_thread_depth` makes depths of them.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_imap_thread {
    /// This event is no THREAD.
    None = 0,
    /// A parenthesis opens: a thread, or one of several answers to the message before.
    Open = 1,
    /// A message: `number`.
    Message = 2,
    /// A parenthesis closes.
    Close = 3,
}

/// What did not fit the scratch buffer.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_imap_oversize {
    /// Nothing.
    None = 0,
    /// The text of a status response; its beginning was used.
    Text = 1,
    /// A data item of a FETCH response.
    Item = 2,
    /// An element of a response that comes by element.
    Element = 3,
    /// A whole response.
    Response = 4,
    /// One that this version of the C ABI has no number for.
    Other = 255,
}

impl From<Oversize> for mailproto_imap_oversize {
    fn from(what: Oversize) -> Self {
        match what {
            Oversize::Text => Self::Text,
            Oversize::Item => Self::Item,
            Oversize::Element => Self::Element,
            Oversize::Response => Self::Response,
            _ => Self::Other,
        }
    }
}

/// What happened. Spans and strings lie in the input given to `poll` or in the scratch buffer, and
/// are valid until the next call on the object, or until the input is overwritten.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_event {
    /// What kind of event it is.
    pub kind: mailproto_imap_event_kind,
    /// The command's name.
    pub command: mailproto_imap_command,
    /// How it went.
    pub status: mailproto_imap_status,
    /// Which response this comes from.
    pub listing: mailproto_imap_listing,
    /// Which data item of a message this is.
    pub item: mailproto_imap_item,
    /// Which part of an ESEARCH response this is.
    pub esearch: mailproto_imap_esearch,
    /// Which part of a THREAD response this is.
    pub thread: mailproto_imap_thread,
    /// What did not fit.
    pub oversize: mailproto_imap_oversize,
    /// What was mended.
    pub quirk: mailproto_imap_quirk,
    /// What separates the levels of hierarchy in `name`; 0 where there are no levels.
    pub delimiter: u8,
    /// 1 if `octets` is told, else 0.
    pub has_octets: u8,
    /// 1 if `origin` is told, else 0.
    pub has_origin: u8,
    /// 1 if `number` is a UID where it would be a message number, else 0.
    pub by_uid: u8,
    /// 1 if the server said NIL, or what cannot be read, in place of a value; else 0.
    pub is_nil: u8,
    /// A moment.
    pub date: mailproto_imap_date_time,
    /// The command that is meant, as the function that queued it gave it.
    pub tag: u32,
    /// A message number, a UID or another number; of a range the first.
    pub number: u32,
    /// Of a range the last.
    pub last: u32,
    /// Zero.
    pub reserved: u32,
    /// A number of octets, a mod-sequence or another large number.
    pub octets: u64,
    /// Where in a section its octets begin.
    pub origin: u64,
    /// A position.
    pub from: i64,
    /// A position.
    pub to: i64,
    /// Why, for programs.
    pub code: mailproto_imap_response_code,
    /// The server's words.
    pub text: mailproto_span,
    /// Octets, or a list to be walked.
    pub data: mailproto_span,
    /// Another list.
    pub data2: mailproto_span,
    /// A third list.
    pub data3: mailproto_span,
    /// The name of a mailbox or of a quota root.
    pub name: mailproto_imap_string,
    /// Whose rights these are.
    pub identifier: mailproto_imap_string,
    /// A string: a preview, rights, a tag.
    pub value: mailproto_imap_string,
}

memory::zero!(mailproto_imap_event);

// The kinds of events, and what each fills. All is written where the program wants it: the struct is too large for
// a chip to hold it twice.

impl mailproto_imap_event {
    /// Tells what happened.
    #[cfg_attr(not(feature = "fast"), inline(never))]
    pub(crate) fn write(place: &mut MaybeUninit<Self>, event: &Event<'_>) {
        let told = memory::zeroed(place);
        told.code.data = mailproto_span::EMPTY;
        told.code.data2 = mailproto_span::EMPTY;
        told.code.string.octets = mailproto_span::EMPTY;
        told.text = mailproto_span::EMPTY;
        told.data = mailproto_span::EMPTY;
        told.data2 = mailproto_span::EMPTY;
        told.data3 = mailproto_span::EMPTY;
        told.name.octets = mailproto_span::EMPTY;
        told.identifier.octets = mailproto_span::EMPTY;
        told.value.octets = mailproto_span::EMPTY;
        told.event(event);
    }

    #[cfg_attr(not(feature = "fast"), inline(never))]
    fn event(&mut self, event: &Event<'_>) {
        use mailproto_imap_event_kind as Kind;
        match event {
            Event::Data(data) => self.response(data),
            Event::Greeting { greeting, code, text } => {
                self.status = (*greeting).into();
                self.told(Kind::Greeting, code.as_ref(), text);
            }
            Event::Status { status, code, text } => {
                self.status = (*status).into();
                self.told(Kind::Status, code.as_ref(), text);
            }
            Event::Bye { code, text } => self.told(Kind::Bye, code.as_ref(), text),
            Event::Completed { tag, kind, status, code, text } => {
                self.tag = tag.0;
                self.command = (*kind).into();
                self.status = (*status).into();
                self.told(Kind::Completed, code.as_ref(), text);
            }
            #[cfg(feature = "imap-authenticate")]
            Event::Challenge { tag, challenge } => {
                self.tag = tag.0;
                self.data(Kind::Challenge, challenge);
            }
            Event::Idling { tag } => self.tagged(Kind::Idling, *tag),
            Event::IdleDue { tag } => self.tagged(Kind::IdleDue, *tag),
            #[cfg(feature = "imap-append")]
            Event::Upload { tag, octets } => {
                self.tag = tag.0;
                self.octets(Kind::Upload, *octets);
            }
            Event::Continuation { code, text } => {
                self.told(Kind::Continuation, code.as_ref(), text);
            }
            Event::Oversize { what, octets } => {
                self.oversize = (*what).into();
                self.octets(Kind::Oversize, *octets);
            }
            Event::Quirk { quirk, offset } => {
                self.quirk = (*quirk).into();
                self.octets(Kind::Quirk, *offset);
            }
            // Nothing that this ABI knows.
            _ => {}
        }
    }

    #[cfg_attr(not(feature = "fast"), inline(never))]
    fn response(&mut self, data: &Data<'_>) {
        use mailproto_imap_event_kind as Kind;
        match data {
            Data::Item(item) => self.item(item),
            Data::BodyData(octets) => self.data(Kind::BodyData, octets),
            Data::FetchStart(message) => self.message(Kind::FetchStart, *message),
            Data::FetchEnd(message) => self.message(Kind::FetchEnd, *message),
            Data::BodyStart(body) => self.body_start(body),
            Data::BodyEnd => self.kind = Kind::BodyEnd,
            Data::Begin(listing) => self.listing(Kind::ListingBegin, (*listing).into()),
            Data::End(listing) => self.listing(Kind::ListingEnd, (*listing).into()),
            Data::Capability(capability) => self.capability(Kind::Capability, capability),
            Data::Enabled(capability) => self.capability(Kind::Enabled, capability),
            Data::Flag(flag) => self.data(Kind::Flag, flag.as_bytes()),
            Data::Found(number) => self.number(Kind::Found, *number),
            #[cfg(feature = "imap-condstore")]
            Data::FoundModSeq(number) => self.octets(Kind::FoundModSeq, *number),
            #[cfg(feature = "imap-esearch")]
            Data::Esearch(item) => self.esearch(item),
            #[cfg(feature = "imap-condstore")]
            Data::Vanished(range) => {
                self.kind = Kind::Vanished;
                self.range(*range);
            }
            #[cfg(feature = "imap-sort")]
            Data::Thread(element) => self.thread(*element),
            #[cfg(feature = "imap-list")]
            Data::List(list) => {
                self.delimiter = list.delimiter.unwrap_or_default();
                self.listing(Kind::List, list.kind.into());
                self.name = list.name.into();
                self.data = list.attributes.as_bytes().into();
                self.data2 = list.extended().rest().into();
            }
            #[cfg(feature = "imap-list")]
            Data::MailboxStatus(status) => {
                self.name = status.mailbox.into();
                self.data(Kind::MailboxStatus, status.items().rest());
            }
            #[cfg(feature = "imap-list")]
            Data::Namespace(namespace) => {
                self.data(Kind::Namespace, namespace.personal().rest());
                self.data2 = namespace.other_users().rest().into();
                self.data3 = namespace.shared().rest().into();
            }
            #[cfg(feature = "imap-id")]
            Data::Id(id) => self.data(Kind::Id, id.iter().rest()),
            #[cfg(feature = "imap-quota")]
            Data::Quota(quota) => {
                self.name = quota.root.into();
                self.data(Kind::Quota, quota.resources().rest());
            }
            #[cfg(feature = "imap-quota")]
            Data::QuotaRoot(root) => {
                self.name = root.mailbox.into();
                self.data(Kind::QuotaRoot, root.roots.iter().rest());
            }
            #[cfg(feature = "imap-acl")]
            Data::Acl(acl) => {
                self.name = acl.mailbox.into();
                self.data(Kind::Acl, acl.entries().rest());
            }
            #[cfg(feature = "imap-acl")]
            Data::ListRights(rights) => {
                self.name = rights.mailbox.into();
                self.identifier = rights.identifier.into();
                self.value = rights.required.as_received().into();
                self.data(Kind::ListRights, rights.optional_strings().iter().rest());
            }
            #[cfg(feature = "imap-acl")]
            Data::MyRights(rights) => {
                self.kind = Kind::MyRights;
                self.name = rights.mailbox.into();
                self.value = rights.rights.as_received().into();
            }
            #[cfg(feature = "imap-metadata")]
            Data::Metadata(metadata) => self.metadata(metadata),
            Data::Exists(number) => self.number(Kind::Exists, *number),
            Data::Recent(number) => self.number(Kind::Recent, *number),
            Data::Expunge(number) => self.number(Kind::Expunge, *number),
            Data::Unrecognized(line) => self.data(Kind::Unrecognized, line),
            // Nothing that this ABI knows.
            _ => {}
        }
    }

    #[cfg_attr(not(feature = "fast"), inline(never))]
    fn item(&mut self, item: &Item<'_>) {
        use mailproto_imap_item as Kind;
        self.kind = mailproto_imap_event_kind::Item;
        match item {
            Item::Uid(uid) => self.item_number(Kind::Uid, *uid),
            Item::Flags(flags) => self.item_data(Kind::Flags, flags.as_bytes()),
            Item::Rfc822Size(octets) => self.item_octets(Kind::Rfc822Size, *octets),
            Item::InternalDate(date) => self.item_date(Kind::InternalDate, date.as_ref()),
            #[cfg(feature = "imap-envelope")]
            Item::Envelope(envelope) => self.item_data(Kind::Envelope, envelope.as_received()),
            #[cfg(feature = "imap-body-structure")]
            Item::Body(structure) => self.item_data(Kind::Body, structure.as_received()),
            #[cfg(feature = "imap-body-structure")]
            Item::BodyStructure(structure) => {
                self.item_data(Kind::BodyStructure, structure.as_received());
            }
            #[cfg(feature = "imap-items")]
            Item::BinarySize(section, octets) => {
                self.item_octets(Kind::BinarySize, *octets);
                self.data = section.as_bytes().into();
            }
            #[cfg(feature = "imap-condstore")]
            Item::ModSeq(number) => self.item_octets(Kind::ModSeq, *number),
            #[cfg(feature = "imap-gmail")]
            Item::GmailMessageId(number) => self.item_octets(Kind::GmailMessageId, *number),
            #[cfg(feature = "imap-gmail")]
            Item::GmailThreadId(number) => self.item_octets(Kind::GmailThreadId, *number),
            #[cfg(feature = "imap-gmail")]
            Item::GmailLabels(labels) => self.item_data(Kind::GmailLabels, labels.rest()),
            #[cfg(feature = "imap-items")]
            Item::EmailId(id) => self.item_data(Kind::EmailId, id),
            #[cfg(feature = "imap-items")]
            Item::ThreadId(id) => {
                self.is_nil = id.is_none().into();
                self.item_data(Kind::ThreadId, id.unwrap_or_default());
            }
            #[cfg(feature = "imap-items")]
            Item::Preview(text) => {
                self.item = Kind::Preview;
                self.is_nil = text.is_none().into();
                self.value = (*text).into();
            }
            #[cfg(feature = "imap-items")]
            Item::SaveDate(date) => self.item_date(Kind::SaveDate, date.as_ref()),
            Item::Other { name, value } => {
                self.item_data(Kind::Other, name);
                self.data2 = (*value).into();
            }
            Item::Malformed(octets) => self.item_data(Kind::Malformed, octets),
            // Nothing that this ABI knows.
            _ => self.kind = mailproto_imap_event_kind::None,
        }
    }

    #[cfg_attr(not(feature = "fast"), inline(never))]
    fn body_start(&mut self, body: &BodyStart<'_>) {
        use mailproto_imap_item as Kind;
        let (item, section) = match &body.item {
            BodyItem::Body(section) => (Kind::BodySection, section.as_bytes()),
            #[cfg(feature = "imap-items")]
            BodyItem::Binary(section) => (Kind::Binary, section.as_bytes()),
            BodyItem::Rfc822 => (Kind::Rfc822, &[][..]),
            BodyItem::Rfc822Header => (Kind::Rfc822Header, &[][..]),
            BodyItem::Rfc822Text => (Kind::Rfc822Text, &[][..]),
        };
        self.kind = mailproto_imap_event_kind::BodyStart;
        self.item_data(item, section);
        self.origin = body.origin.unwrap_or_default();
        self.has_origin = body.origin.is_some().into();
        match body.content {
            Content::Literal(octets) => {
                self.octets = octets;
                self.has_octets = 1;
            }
            Content::Quoted => {}
            Content::Nil => self.is_nil = 1,
        }
    }

    #[cfg(feature = "imap-esearch")]
    #[cfg_attr(not(feature = "fast"), inline(never))]
    fn esearch(&mut self, item: &EsearchItem<'_>) {
        use mailproto_imap_esearch as Kind;
        self.kind = mailproto_imap_event_kind::Esearch;
        self.esearch = match item {
            EsearchItem::Correlator(correlator) => {
                self.value = correlator.tag.into();
                self.name = correlator.mailbox.map(|mailbox| mailbox.as_received()).into();
                self.number = correlator.uid_validity.unwrap_or_default();
                Kind::Correlator
            }
            EsearchItem::Uid => Kind::Uid,
            EsearchItem::Min(number) => {
                self.number = *number;
                Kind::Min
            }
            EsearchItem::Max(number) => {
                self.number = *number;
                Kind::Max
            }
            EsearchItem::Count(number) => {
                self.number = *number;
                Kind::Count
            }
            EsearchItem::ModSeq(number) => {
                self.octets = *number;
                self.has_octets = 1;
                Kind::ModSeq
            }
            EsearchItem::All(range) => {
                self.range(*range);
                Kind::All
            }
            EsearchItem::Partial { first, last } => {
                self.from = *first;
                self.to = *last;
                Kind::Partial
            }
            EsearchItem::PartialRange(range) => {
                self.range(*range);
                Kind::PartialRange
            }
            EsearchItem::Relevancy(score) => {
                self.number = *score;
                Kind::Relevancy
            }
            EsearchItem::AddTo { position, range } => {
                self.from = (*position).into();
                self.range(*range);
                Kind::AddTo
            }
            EsearchItem::RemoveFrom { position, range } => {
                self.from = (*position).into();
                self.range(*range);
                Kind::RemoveFrom
            }
            EsearchItem::OtherName(name) => {
                self.data = (*name).into();
                Kind::OtherName
            }
            EsearchItem::OtherValue(value) => {
                self.data = (*value).into();
                Kind::OtherValue
            }
            _ => Kind::Other,
        };
    }

    #[cfg(feature = "imap-sort")]
    fn thread(&mut self, element: ThreadElement) {
        use mailproto_imap_thread as Kind;
        self.kind = mailproto_imap_event_kind::Thread;
        self.thread = match element {
            ThreadElement::Open => Kind::Open,
            ThreadElement::Message(number) => {
                self.number = number;
                Kind::Message
            }
            ThreadElement::Close => Kind::Close,
        };
    }

    #[cfg(feature = "imap-metadata")]
    fn metadata(&mut self, metadata: &Metadata<'_>) {
        self.kind = mailproto_imap_event_kind::Metadata;
        self.name = metadata.mailbox.into();
        match &metadata.entries {
            MetadataEntries::Values(values) => self.data = values.rest().into(),
            MetadataEntries::Changed(names) => self.data2 = names.iter().rest().into(),
        }
    }

    fn capability(&mut self, kind: mailproto_imap_event_kind, capability: &Capability<'_>) {
        self.data(kind, capability.name());
        self.data2 = capability.value().unwrap_or_default().into();
        if let Some(limit) = capability.append_limit() {
            self.octets(kind, limit);
        }
    }
}

// What several kinds have in common.

impl mailproto_imap_event {
    fn told(&mut self, kind: mailproto_imap_event_kind, code: Option<&Code<'_>>, text: &[u8]) {
        self.kind = kind;
        self.text = text.into();
        if let Some(code) = code {
            self.code.write(code);
        }
    }

    fn tagged(&mut self, kind: mailproto_imap_event_kind, tag: Tag) {
        self.kind = kind;
        self.tag = tag.0;
    }

    fn message(&mut self, kind: mailproto_imap_event_kind, message: MessageId) {
        let (number, by_uid) = match message {
            MessageId::Number(number) => (number, 0),
            MessageId::Uid(uid) => (uid, 1),
        };
        self.by_uid = by_uid;
        self.number(kind, number);
    }

    fn listing(&mut self, kind: mailproto_imap_event_kind, listing: mailproto_imap_listing) {
        self.kind = kind;
        self.listing = listing;
    }

    fn number(&mut self, kind: mailproto_imap_event_kind, number: u32) {
        self.kind = kind;
        self.number = number;
    }

    fn octets(&mut self, kind: mailproto_imap_event_kind, octets: u64) {
        self.kind = kind;
        self.octets = octets;
        self.has_octets = 1;
    }

    fn data(&mut self, kind: mailproto_imap_event_kind, data: &[u8]) {
        self.kind = kind;
        self.data = data.into();
    }

    #[cfg(any(feature = "imap-esearch", feature = "imap-condstore"))]
    fn range(&mut self, range: Range) {
        self.number = range.first;
        self.last = range.last;
    }

    fn item_number(&mut self, item: mailproto_imap_item, number: u32) {
        self.item = item;
        self.number = number;
    }

    fn item_octets(&mut self, item: mailproto_imap_item, octets: u64) {
        self.item = item;
        self.octets = octets;
        self.has_octets = 1;
    }

    fn item_data(&mut self, item: mailproto_imap_item, data: &[u8]) {
        self.item = item;
        self.data = data.into();
    }

    fn item_date(&mut self, item: mailproto_imap_item, date: Option<&DateTime>) {
        self.item = item;
        match date {
            Some(date) => self.date = (*date).into(),
            None => self.is_nil = 1,
        }
    }
}
