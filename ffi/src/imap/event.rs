//! Events as C sees them: one flat struct, of which each kind fills some fields.

use mailproto_core::imap::response::esearch::EsearchItem;
use mailproto_core::imap::response::fetch::{BodyItem, BodyStart, Content, Item, MessageId};
use mailproto_core::imap::response::list::{List, ListKind};
#[cfg(feature = "imap-metadata")]
use mailproto_core::imap::response::metadata::{Metadata, MetadataEntries};
use mailproto_core::imap::response::thread::ThreadElement;
use mailproto_core::imap::{
    Capability, Code, Data, DateTime, Event, Greeting, Listing, Oversize, Range, Status, Tag,
};

use super::{
    mailproto_imap_command, mailproto_imap_date_time, mailproto_imap_item, mailproto_imap_quirk,
    mailproto_imap_response_code, mailproto_imap_string,
};
use crate::mailproto_span;

/// What happened. Which fields of `mailproto_imap_event` are filled is said with each; the others
/// are zero. Where a field holds a list, the iterator is named that walks it: it begins as `{field}`.
#[repr(i32)]
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
#[repr(i32)]
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
#[repr(i32)]
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
#[repr(i32)]
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
#[repr(i32)]
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
#[repr(i32)]
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
    /// The command that is meant, as the function that queued it gave it.
    pub tag: u32,
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
    /// A message number, a UID or another number; of a range the first.
    pub number: u32,
    /// Of a range the last.
    pub last: u32,
    /// A number of octets, a mod-sequence or another large number.
    pub octets: u64,
    /// Where in a section its octets begin.
    pub origin: u64,
    /// A position.
    pub from: i64,
    /// A position.
    pub to: i64,
    /// A moment.
    pub date: mailproto_imap_date_time,
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
    /// Zero.
    pub reserved: u8,
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

impl mailproto_imap_event {
    const fn new(kind: mailproto_imap_event_kind) -> Self {
        Self {
            kind,
            tag: 0,
            command: mailproto_imap_command::None,
            status: mailproto_imap_status::None,
            listing: mailproto_imap_listing::None,
            item: mailproto_imap_item::None,
            esearch: mailproto_imap_esearch::None,
            thread: mailproto_imap_thread::None,
            oversize: mailproto_imap_oversize::None,
            quirk: mailproto_imap_quirk::None,
            number: 0,
            last: 0,
            octets: 0,
            origin: 0,
            from: 0,
            to: 0,
            date: mailproto_imap_date_time::NONE,
            delimiter: 0,
            has_octets: 0,
            has_origin: 0,
            by_uid: 0,
            is_nil: 0,
            reserved: 0,
            code: mailproto_imap_response_code::NONE,
            text: mailproto_span::EMPTY,
            data: mailproto_span::EMPTY,
            data2: mailproto_span::EMPTY,
            data3: mailproto_span::EMPTY,
            name: mailproto_imap_string::NIL,
            identifier: mailproto_imap_string::NIL,
            value: mailproto_imap_string::NIL,
        }
    }

    /// Nothing that this ABI knows.
    const NONE: Self = Self::new(mailproto_imap_event_kind::None);

    fn tagged(self, tag: Tag) -> Self {
        Self { tag: tag.0, ..self }
    }

    fn told(self, code: Option<Code<'_>>, text: &[u8]) -> Self {
        Self { code: code.into(), text: text.into(), ..self }
    }

    fn listing(self, listing: impl Into<mailproto_imap_listing>) -> Self {
        Self { listing: listing.into(), ..self }
    }

    const fn number(self, number: u32) -> Self {
        Self { number, ..self }
    }

    const fn range(self, range: Range) -> Self {
        Self { number: range.first, last: range.last, ..self }
    }

    fn octets(self, octets: Option<u64>) -> Self {
        Self { octets: octets.unwrap_or_default(), has_octets: octets.is_some().into(), ..self }
    }

    fn data(self, data: &[u8]) -> Self {
        Self { data: data.into(), ..self }
    }

    fn data2(self, data: &[u8]) -> Self {
        Self { data2: data.into(), ..self }
    }

    fn name(self, name: impl Into<mailproto_imap_string>) -> Self {
        Self { name: name.into(), ..self }
    }

    fn value(self, value: impl Into<mailproto_imap_string>) -> Self {
        Self { value: value.into(), ..self }
    }

    fn date(self, date: Option<DateTime>) -> Self {
        let is_nil = date.is_none().into();
        Self { date: date.map_or(mailproto_imap_date_time::NONE, Into::into), is_nil, ..self }
    }

    fn message(self, message: MessageId) -> Self {
        match message {
            MessageId::Number(number) => self.number(number),
            MessageId::Uid(uid) => Self { by_uid: 1, ..self.number(uid) },
        }
    }

    fn capability(self, capability: Capability<'_>) -> Self {
        let value = capability.value().unwrap_or_default();
        self.data(capability.name()).data2(value).octets(capability.append_limit())
    }
}

impl From<Event<'_>> for mailproto_imap_event {
    fn from(event: Event<'_>) -> Self {
        use mailproto_imap_event_kind as Kind;
        let new = Self::new;
        match event {
            Event::Data(data) => data.into(),
            Event::Greeting { greeting, code, text } => {
                Self { status: greeting.into(), ..new(Kind::Greeting).told(code, text) }
            }
            Event::Status { status, code, text } => {
                Self { status: status.into(), ..new(Kind::Status).told(code, text) }
            }
            Event::Bye { code, text } => new(Kind::Bye).told(code, text),
            Event::Completed { tag, kind, status, code, text } => Self {
                command: kind.into(),
                status: status.into(),
                ..new(Kind::Completed).tagged(tag).told(code, text)
            },
            Event::Challenge { tag, challenge } => new(Kind::Challenge).tagged(tag).data(challenge),
            Event::Idling { tag } => new(Kind::Idling).tagged(tag),
            Event::IdleDue { tag } => new(Kind::IdleDue).tagged(tag),
            Event::Upload { tag, octets } => new(Kind::Upload).tagged(tag).octets(Some(octets)),
            Event::Continuation { code, text } => new(Kind::Continuation).told(code, text),
            Event::Oversize { what, octets } => {
                Self { oversize: what.into(), ..new(Kind::Oversize).octets(Some(octets)) }
            }
            Event::Quirk { quirk, offset } => {
                Self { quirk: quirk.into(), ..new(Kind::Quirk).octets(Some(offset)) }
            }
            _ => Self::NONE,
        }
    }
}

impl From<Data<'_>> for mailproto_imap_event {
    fn from(data: Data<'_>) -> Self {
        use mailproto_imap_event_kind as Kind;
        let new = Self::new;
        match data {
            Data::Item(item) => item.into(),
            Data::BodyData(octets) => new(Kind::BodyData).data(octets),
            Data::FetchStart(message) => new(Kind::FetchStart).message(message),
            Data::FetchEnd(message) => new(Kind::FetchEnd).message(message),
            Data::BodyStart(body) => body.into(),
            Data::BodyEnd => new(Kind::BodyEnd),
            Data::Begin(listing) => new(Kind::ListingBegin).listing(listing),
            Data::End(listing) => new(Kind::ListingEnd).listing(listing),
            Data::Capability(capability) => new(Kind::Capability).capability(capability),
            Data::Enabled(capability) => new(Kind::Enabled).capability(capability),
            Data::Flag(flag) => new(Kind::Flag).data(flag.as_bytes()),
            Data::Found(number) => new(Kind::Found).number(number),
            Data::FoundModSeq(number) => new(Kind::FoundModSeq).octets(Some(number)),
            Data::Esearch(item) => item.into(),
            Data::Vanished(range) => new(Kind::Vanished).range(range),
            Data::Thread(element) => element.into(),
            Data::List(list) => list.into(),
            Data::MailboxStatus(status) => {
                new(Kind::MailboxStatus).name(status.mailbox).data(status.items().rest())
            }
            Data::Namespace(namespace) => Self {
                data3: namespace.shared().rest().into(),
                ..new(Kind::Namespace)
                    .data(namespace.personal().rest())
                    .data2(namespace.other_users().rest())
            },
            Data::Id(id) => new(Kind::Id).data(id.iter().rest()),
            #[cfg(feature = "imap-quota")]
            Data::Quota(quota) => new(Kind::Quota).name(quota.root).data(quota.resources().rest()),
            #[cfg(feature = "imap-quota")]
            Data::QuotaRoot(root) => {
                new(Kind::QuotaRoot).name(root.mailbox).data(root.roots.iter().rest())
            }
            #[cfg(feature = "imap-acl")]
            Data::Acl(acl) => new(Kind::Acl).name(acl.mailbox).data(acl.entries().rest()),
            #[cfg(feature = "imap-acl")]
            Data::ListRights(rights) => Self {
                identifier: rights.identifier.into(),
                ..new(Kind::ListRights)
                    .name(rights.mailbox)
                    .value(rights.required.as_received())
                    .data(rights.optional_strings().iter().rest())
            },
            #[cfg(feature = "imap-acl")]
            Data::MyRights(rights) => {
                new(Kind::MyRights).name(rights.mailbox).value(rights.rights.as_received())
            }
            #[cfg(feature = "imap-metadata")]
            Data::Metadata(metadata) => metadata.into(),
            Data::Exists(number) => new(Kind::Exists).number(number),
            Data::Recent(number) => new(Kind::Recent).number(number),
            Data::Expunge(number) => new(Kind::Expunge).number(number),
            Data::Unrecognized(line) => new(Kind::Unrecognized).data(line),
            _ => Self::NONE,
        }
    }
}

impl From<Item<'_>> for mailproto_imap_event {
    fn from(item: Item<'_>) -> Self {
        use mailproto_imap_item as Kind;
        let new = |item| Self { item, ..Self::new(mailproto_imap_event_kind::Item) };
        match item {
            Item::Uid(uid) => new(Kind::Uid).number(uid),
            Item::Flags(flags) => new(Kind::Flags).data(flags.as_bytes()),
            Item::Rfc822Size(octets) => new(Kind::Rfc822Size).octets(Some(octets)),
            Item::InternalDate(date) => new(Kind::InternalDate).date(date),
            Item::Envelope(envelope) => new(Kind::Envelope).data(envelope.as_received()),
            Item::Body(structure) => new(Kind::Body).data(structure.as_received()),
            Item::BodyStructure(structure) => {
                new(Kind::BodyStructure).data(structure.as_received())
            }
            Item::BinarySize(section, octets) => {
                new(Kind::BinarySize).data(section.as_bytes()).octets(Some(octets))
            }
            Item::ModSeq(number) => new(Kind::ModSeq).octets(Some(number)),
            #[cfg(feature = "imap-gmail")]
            Item::GmailMessageId(number) => new(Kind::GmailMessageId).octets(Some(number)),
            #[cfg(feature = "imap-gmail")]
            Item::GmailThreadId(number) => new(Kind::GmailThreadId).octets(Some(number)),
            #[cfg(feature = "imap-gmail")]
            Item::GmailLabels(labels) => new(Kind::GmailLabels).data(labels.rest()),
            Item::EmailId(id) => new(Kind::EmailId).data(id),
            Item::ThreadId(id) => Self {
                is_nil: id.is_none().into(),
                ..new(Kind::ThreadId).data(id.unwrap_or_default())
            },
            Item::Preview(text) => {
                Self { is_nil: text.is_none().into(), ..new(Kind::Preview).value(text) }
            }
            Item::SaveDate(date) => new(Kind::SaveDate).date(date),
            Item::Other { name, value } => new(Kind::Other).data(name).data2(value),
            Item::Malformed(octets) => new(Kind::Malformed).data(octets),
            _ => Self::NONE,
        }
    }
}

impl From<BodyStart<'_>> for mailproto_imap_event {
    fn from(body: BodyStart<'_>) -> Self {
        use mailproto_imap_item as Kind;
        let (item, section) = match body.item {
            BodyItem::Body(section) => (Kind::BodySection, section.as_bytes()),
            BodyItem::Binary(section) => (Kind::Binary, section.as_bytes()),
            BodyItem::Rfc822 => (Kind::Rfc822, &[][..]),
            BodyItem::Rfc822Header => (Kind::Rfc822Header, &[][..]),
            BodyItem::Rfc822Text => (Kind::Rfc822Text, &[][..]),
        };
        let octets = match body.content {
            Content::Literal(octets) => Some(octets),
            Content::Quoted | Content::Nil => None,
        };
        Self {
            item,
            origin: body.origin.unwrap_or_default(),
            has_origin: body.origin.is_some().into(),
            is_nil: (body.content == Content::Nil).into(),
            ..Self::new(mailproto_imap_event_kind::BodyStart).data(section).octets(octets)
        }
    }
}

impl From<EsearchItem<'_>> for mailproto_imap_event {
    fn from(item: EsearchItem<'_>) -> Self {
        use mailproto_imap_esearch as Kind;
        let new = |esearch| Self { esearch, ..Self::new(mailproto_imap_event_kind::Esearch) };
        match item {
            EsearchItem::Correlator(correlator) => {
                let name = correlator.mailbox.map(|mailbox| mailbox.as_received());
                let uid_validity = correlator.uid_validity.unwrap_or_default();
                new(Kind::Correlator).value(correlator.tag).name(name).number(uid_validity)
            }
            EsearchItem::Uid => new(Kind::Uid),
            EsearchItem::Min(number) => new(Kind::Min).number(number),
            EsearchItem::Max(number) => new(Kind::Max).number(number),
            EsearchItem::Count(number) => new(Kind::Count).number(number),
            EsearchItem::ModSeq(number) => new(Kind::ModSeq).octets(Some(number)),
            EsearchItem::All(range) => new(Kind::All).range(range),
            EsearchItem::Partial { first, last } => {
                Self { from: first, to: last, ..new(Kind::Partial) }
            }
            EsearchItem::PartialRange(range) => new(Kind::PartialRange).range(range),
            EsearchItem::Relevancy(score) => new(Kind::Relevancy).number(score),
            EsearchItem::AddTo { position, range } => {
                Self { from: position.into(), ..new(Kind::AddTo).range(range) }
            }
            EsearchItem::RemoveFrom { position, range } => {
                Self { from: position.into(), ..new(Kind::RemoveFrom).range(range) }
            }
            EsearchItem::OtherName(name) => new(Kind::OtherName).data(name),
            EsearchItem::OtherValue(value) => new(Kind::OtherValue).data(value),
            _ => new(Kind::Other),
        }
    }
}

impl From<ThreadElement> for mailproto_imap_event {
    fn from(element: ThreadElement) -> Self {
        use mailproto_imap_thread as Kind;
        let new = |thread| Self { thread, ..Self::new(mailproto_imap_event_kind::Thread) };
        match element {
            ThreadElement::Open => new(Kind::Open),
            ThreadElement::Message(number) => new(Kind::Message).number(number),
            ThreadElement::Close => new(Kind::Close),
        }
    }
}

impl From<List<'_>> for mailproto_imap_event {
    fn from(list: List<'_>) -> Self {
        Self {
            delimiter: list.delimiter.unwrap_or_default(),
            ..Self::new(mailproto_imap_event_kind::List)
                .listing(list.kind)
                .name(list.name)
                .data(list.attributes.as_bytes())
                .data2(list.extended().rest())
        }
    }
}

#[cfg(feature = "imap-metadata")]
impl From<Metadata<'_>> for mailproto_imap_event {
    fn from(metadata: Metadata<'_>) -> Self {
        let event = Self::new(mailproto_imap_event_kind::Metadata).name(metadata.mailbox);
        match metadata.entries {
            MetadataEntries::Values(values) => event.data(values.rest()),
            MetadataEntries::Changed(names) => event.data2(names.iter().rest()),
        }
    }
}
