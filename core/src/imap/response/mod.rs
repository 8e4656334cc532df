//! Server data (RFC 9051 §7.2–§7.5): what untagged responses tell, one file a response. Each is a view
//! of the octets that came, checked once and walked lazily. Grammar only: knows no session.

pub mod code;
pub mod fetch;
pub mod strings;
pub mod thread;

#[cfg(feature = "imap-acl")]
pub mod acl;
#[cfg(feature = "imap-body-structure")]
pub mod body_structure;
#[cfg(any(feature = "imap-envelope", feature = "imap-body-structure"))]
pub mod envelope;
#[cfg(feature = "imap-esearch")]
pub mod esearch;
#[cfg(feature = "imap-id")]
pub mod id;
#[cfg(all(feature = "fast", any(feature = "imap-envelope", feature = "imap-body-structure")))]
mod lengths;
#[cfg(feature = "imap-list")]
pub mod list;
#[cfg(feature = "imap-list")]
pub mod mailbox_status;
#[cfg(feature = "imap-metadata")]
pub mod metadata;
#[cfg(feature = "imap-list")]
pub mod namespace;
#[cfg(feature = "imap-quota")]
pub mod quota;

use super::capability::Capability;
use super::flag::Flag;
use super::lexer::Lexer;
#[cfg(feature = "imap-condstore")]
use super::sequence_set::Range;
#[cfg(feature = "imap-sort")]
use thread::ThreadElement;

#[cfg(feature = "imap-body-structure")]
pub use body_structure::BodyStructure;
#[cfg(any(feature = "imap-envelope", feature = "imap-body-structure"))]
pub use envelope::Envelope;
pub use fetch::{BodyStart, Item, MessageId};

#[cfg(feature = "imap-acl")]
use acl::{Acl, ListRights, MyRights};
#[cfg(feature = "imap-esearch")]
use esearch::EsearchItem;
#[cfg(feature = "imap-id")]
use id::Id;
#[cfg(feature = "imap-list")]
use list::{List, ListKind};
#[cfg(feature = "imap-list")]
use mailbox_status::MailboxStatus;
#[cfg(feature = "imap-metadata")]
use metadata::Metadata;
#[cfg(feature = "imap-list")]
use namespace::Namespace;
#[cfg(feature = "imap-quota")]
use quota::{Quota, QuotaRoot};

/// What an untagged response tells (RFC 9051 §7.2–§7.5). Long responses come element by element, between
/// [`Begin`](Self::Begin) and [`End`](Self::End); a FETCH item by item, between
/// [`FetchStart`](Self::FetchStart) and [`FetchEnd`](Self::FetchEnd).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Data<'a> {
    /// A response that comes by element begins.
    Begin(Listing),
    /// All its elements have come.
    End(Listing),
    /// CAPABILITY: one of them (RFC 9051 §7.2.2).
    Capability(Capability<'a>),
    /// ENABLED: one of them (RFC 9051 §7.2.1).
    Enabled(Capability<'a>),
    /// FLAGS: one of the mailbox's flags (RFC 9051 §7.3.5).
    Flag(Flag<'a>),
    /// SEARCH or SORT: a message number or UID (RFC 3501 §7.2.5, RFC 5256 §4).
    Found(u32),
    /// SEARCH or SORT: the highest mod-sequence among the messages found (RFC 7162 §3.1.5).
    #[cfg(feature = "imap-condstore")]
    FoundModSeq(u64),
    /// ESEARCH: a part of the result (RFC 9051 §7.3.4).
    #[cfg(feature = "imap-esearch")]
    Esearch(EsearchItem<'a>),
    /// VANISHED: a range of UIDs that are no more (RFC 7162 §3.2.10).
    #[cfg(feature = "imap-condstore")]
    Vanished(Range),
    /// THREAD: a part of the tree (RFC 5256 §4).
    #[cfg(feature = "imap-sort")]
    Thread(ThreadElement),
    /// LIST, LSUB or XLIST: a mailbox (RFC 9051 §7.3.1).
    #[cfg(feature = "imap-list")]
    List(List<'a>),
    /// STATUS (RFC 9051 §7.3.4).
    #[cfg(feature = "imap-list")]
    MailboxStatus(MailboxStatus<'a>),
    /// NAMESPACE (RFC 9051 §7.3.3).
    #[cfg(feature = "imap-list")]
    Namespace(Namespace<'a>),
    /// ID (RFC 2971 §3.2).
    #[cfg(feature = "imap-id")]
    Id(Id<'a>),
    /// QUOTA (RFC 9208 §4.2.1).
    #[cfg(feature = "imap-quota")]
    Quota(Quota<'a>),
    /// QUOTAROOT (RFC 9208 §4.2.2).
    #[cfg(feature = "imap-quota")]
    QuotaRoot(QuotaRoot<'a>),
    /// ACL (RFC 4314 §3.6).
    #[cfg(feature = "imap-acl")]
    Acl(Acl<'a>),
    /// LISTRIGHTS (RFC 4314 §3.7).
    #[cfg(feature = "imap-acl")]
    ListRights(ListRights<'a>),
    /// MYRIGHTS (RFC 4314 §3.8).
    #[cfg(feature = "imap-acl")]
    MyRights(MyRights<'a>),
    /// METADATA (RFC 5464 §4.4).
    #[cfg(feature = "imap-metadata")]
    Metadata(Metadata<'a>),
    /// EXISTS: how many messages the mailbox holds (RFC 9051 §7.4.1).
    Exists(u32),
    /// RECENT (RFC 3501 §7.3.2).
    Recent(u32),
    /// EXPUNGE: this message is no more, and those behind it move up (RFC 9051 §7.5.1).
    Expunge(u32),
    /// A FETCH response begins (RFC 9051 §7.5.2).
    FetchStart(MessageId),
    /// FETCH: a data item.
    Item(Item<'a>),
    /// FETCH: a body, or a section of one, begins. Its octets follow.
    BodyStart(BodyStart<'a>),
    /// FETCH: octets of the body. They lie in the caller's input, however long the body is.
    BodyData(&'a [u8]),
    /// FETCH: the body is complete.
    BodyEnd,
    /// The FETCH response is complete.
    FetchEnd(MessageId),
    /// A response that is not known here, or cannot be read: its line as it came, with literals in it.
    Unrecognized(&'a [u8]),
}

/// Reads a response that is told whole, from behind its name. An outer `None` for names that are not known here, an inner
/// one for what cannot be read.
#[cfg_attr(not(feature = "imap-full"), allow(unused_variables))]
pub(crate) fn parse<'a>(name: &[u8], lexer: &mut Lexer<'a>) -> Option<Option<Data<'a>>> {
    let is = |keyword: &[u8]| name.eq_ignore_ascii_case(keyword);
    match name.len() {
        #[cfg(feature = "imap-id")]
        2 if is(b"ID") => Some(Id::parse(lexer).map(Data::Id)),
        #[cfg(feature = "imap-list")]
        4 if is(b"LIST") => Some(List::parse(ListKind::List, lexer).map(Data::List)),
        #[cfg(feature = "imap-list")]
        4 if is(b"LSUB") => Some(List::parse(ListKind::Lsub, lexer).map(Data::List)),
        #[cfg(feature = "imap-list")]
        5 if is(b"XLIST") => Some(List::parse(ListKind::Xlist, lexer).map(Data::List)),
        #[cfg(feature = "imap-list")]
        6 if is(b"STATUS") => Some(MailboxStatus::parse(lexer).map(Data::MailboxStatus)),
        #[cfg(feature = "imap-list")]
        9 if is(b"NAMESPACE") => Some(Namespace::parse(lexer).map(Data::Namespace)),
        #[cfg(feature = "imap-quota")]
        5 if is(b"QUOTA") => Some(Quota::parse(lexer).map(Data::Quota)),
        #[cfg(feature = "imap-quota")]
        9 if is(b"QUOTAROOT") => Some(QuotaRoot::parse(lexer).map(Data::QuotaRoot)),
        #[cfg(feature = "imap-acl")]
        3 if is(b"ACL") => Some(Acl::parse(lexer).map(Data::Acl)),
        #[cfg(feature = "imap-acl")]
        10 if is(b"LISTRIGHTS") => Some(ListRights::parse(lexer).map(Data::ListRights)),
        #[cfg(feature = "imap-acl")]
        8 if is(b"MYRIGHTS") => Some(MyRights::parse(lexer).map(Data::MyRights)),
        #[cfg(feature = "imap-metadata")]
        8 if is(b"METADATA") => Some(Metadata::parse(lexer).map(Data::Metadata)),
        _ => None,
    }
}

/// The responses that come by element (RFC 9051 §7.2, §7.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(u8)]
#[non_exhaustive]
pub enum Listing {
    /// CAPABILITY (RFC 9051 §7.2.2).
    Capability,
    /// ENABLED (RFC 9051 §7.2.1).
    Enabled,
    /// FLAGS (RFC 9051 §7.3.5).
    Flags,
    /// SEARCH (RFC 3501 §7.2.5).
    Search,
    /// SORT (RFC 5256 §4).
    Sort,
    /// ESEARCH (RFC 9051 §7.3.4).
    Esearch,
    /// THREAD (RFC 5256 §4).
    Thread,
    /// VANISHED: messages that have just gone (RFC 7162 §3.2.10).
    Vanished,
    /// VANISHED (EARLIER): messages that had gone before (RFC 7162 §3.2.10).
    VanishedEarlier,
}
