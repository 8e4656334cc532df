//! Commands (RFC 9051 §6): their names, and one file a family with the emitters. Knows no session.
//!
//! What is public here are arguments: of [`Client`](super::Client)'s methods, which write them straight
//! into the outgoing buffer. They are borrowed for the call only. Some options have fields that a
//! cargo feature brings, which another crate may switch on: end them with `..Default::default()`.

#[cfg(feature = "imap-acl")]
pub(crate) mod acl;
pub(crate) mod append;
pub(crate) mod encoder;
pub(crate) mod fetch;
pub(crate) mod general;
pub(crate) mod list;
pub(crate) mod mailboxes;
pub(crate) mod messages;
#[cfg(feature = "imap-metadata")]
pub(crate) mod metadata;
#[cfg(feature = "imap-quota")]
pub(crate) mod quota;
pub(crate) mod raw;
pub(crate) mod search;
pub(crate) mod search_key;
mod search_steps;
#[cfg(all(test, feature = "imap-esearch", feature = "imap-items"))]
mod tests;
mod value;

#[cfg(feature = "imap-acl")]
pub use acl::RightsChange;
pub use append::AppendOptions;
#[cfg(feature = "imap-esearch")]
pub use fetch::PartialRange;
pub use fetch::{FetchItem, FetchItems, FetchOptions};
pub use general::IdField;
pub use list::{ListOptions, ListReturn, ListSelection, StatusItem};
#[cfg(feature = "imap-condstore")]
pub use mailboxes::{QResync, SelectOptions};
pub use messages::Store;
#[cfg(feature = "imap-metadata")]
pub use metadata::{MetadataDepth, MetadataOptions, MetadataValue};
#[cfg(feature = "imap-quota")]
pub use quota::QuotaLimit;
pub use raw::{Argument, ArgumentStep, ArgumentSteps};
pub use search::SearchOptions;
#[cfg(feature = "imap-esearch")]
pub use search::SearchReturn;
#[cfg(feature = "imap-sort")]
pub use search::{SortBy, SortKey, ThreadAlgorithm};
#[cfg(feature = "imap-condstore")]
pub use search_key::FlagScope;
pub use search_key::SearchKey;
pub use search_steps::{SearchStep, SearchSteps};

/// The commands by name; a command and its UID form share one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(u8)]
#[non_exhaustive]
pub enum CommandKind {
    /// CAPABILITY (RFC 9051 §6.1.1).
    Capability,
    /// NOOP (RFC 9051 §6.1.2).
    Noop,
    /// LOGOUT (RFC 9051 §6.1.3).
    Logout,
    /// ID (RFC 2971 §3.1).
    Id,
    /// STARTTLS (RFC 9051 §6.2.1).
    StartTls,
    /// AUTHENTICATE (RFC 9051 §6.2.2).
    Authenticate,
    /// LOGIN (RFC 9051 §6.2.3).
    Login,
    /// UNAUTHENTICATE (RFC 8437).
    Unauthenticate,
    /// COMPRESS (RFC 4978 §3).
    Compress,
    /// LANGUAGE (RFC 5255 §3.2).
    Language,
    /// ENABLE (RFC 9051 §6.3.1).
    Enable,
    /// SELECT (RFC 9051 §6.3.2).
    Select,
    /// EXAMINE (RFC 9051 §6.3.3).
    Examine,
    /// CREATE (RFC 9051 §6.3.4).
    Create,
    /// DELETE (RFC 9051 §6.3.5).
    Delete,
    /// RENAME (RFC 9051 §6.3.6).
    Rename,
    /// SUBSCRIBE (RFC 9051 §6.3.7).
    Subscribe,
    /// UNSUBSCRIBE (RFC 9051 §6.3.8).
    Unsubscribe,
    /// LIST (RFC 9051 §6.3.9).
    List,
    /// LSUB (RFC 3501 §6.3.9).
    Lsub,
    /// XLIST: Google's forerunner of SPECIAL-USE.
    Xlist,
    /// NAMESPACE (RFC 9051 §6.3.10).
    Namespace,
    /// STATUS (RFC 9051 §6.3.11).
    Status,
    /// APPEND (RFC 9051 §6.3.12).
    Append,
    /// IDLE (RFC 9051 §6.3.13).
    Idle,
    /// CHECK (RFC 3501 §6.4.1).
    Check,
    /// CLOSE (RFC 9051 §6.4.1).
    Close,
    /// UNSELECT (RFC 9051 §6.4.2).
    Unselect,
    /// EXPUNGE (RFC 9051 §6.4.3) and UID EXPUNGE (RFC 9051 §6.4.9).
    Expunge,
    /// SEARCH and UID SEARCH (RFC 9051 §6.4.4, §6.4.9).
    Search,
    /// FETCH and UID FETCH (RFC 9051 §6.4.5, §6.4.9).
    Fetch,
    /// STORE and UID STORE (RFC 9051 §6.4.6, §6.4.9).
    Store,
    /// COPY and UID COPY (RFC 9051 §6.4.7, §6.4.9).
    Copy,
    /// MOVE and UID MOVE (RFC 9051 §6.4.8, §6.4.9).
    Move,
    /// SORT and UID SORT (RFC 5256 §3).
    Sort,
    /// THREAD and UID THREAD (RFC 5256 §3).
    Thread,
    /// GETQUOTA (RFC 9208 §4.1.2).
    GetQuota,
    /// GETQUOTAROOT (RFC 9208 §4.1.3).
    GetQuotaRoot,
    /// SETQUOTA (RFC 9208 §4.1.1).
    SetQuota,
    /// SETACL (RFC 4314 §3.1).
    SetAcl,
    /// DELETEACL (RFC 4314 §3.2).
    DeleteAcl,
    /// GETACL (RFC 4314 §3.3).
    GetAcl,
    /// LISTRIGHTS (RFC 4314 §3.4).
    ListRights,
    /// MYRIGHTS (RFC 4314 §3.5).
    MyRights,
    /// GETMETADATA (RFC 5464 §4.2).
    GetMetadata,
    /// SETMETADATA (RFC 5464 §4.3).
    SetMetadata,
    /// GETJMAPACCESS (RFC 9698 §4).
    GetJmapAccess,
    /// Any other, sent by its name.
    Raw,
}

impl CommandKind {
    /// The command's name as it is sent, without UID; empty for [`CommandKind::Raw`].
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Capability => "CAPABILITY",
            Self::Noop => "NOOP",
            Self::Logout => "LOGOUT",
            Self::Id => "ID",
            Self::StartTls => "STARTTLS",
            Self::Authenticate => "AUTHENTICATE",
            Self::Login => "LOGIN",
            Self::Unauthenticate => "UNAUTHENTICATE",
            Self::Compress => "COMPRESS",
            Self::Language => "LANGUAGE",
            Self::Enable => "ENABLE",
            Self::Select => "SELECT",
            Self::Examine => "EXAMINE",
            Self::Create => "CREATE",
            Self::Delete => "DELETE",
            Self::Rename => "RENAME",
            Self::Subscribe => "SUBSCRIBE",
            Self::Unsubscribe => "UNSUBSCRIBE",
            Self::List => "LIST",
            Self::Lsub => "LSUB",
            Self::Xlist => "XLIST",
            Self::Namespace => "NAMESPACE",
            Self::Status => "STATUS",
            Self::Append => "APPEND",
            Self::Idle => "IDLE",
            Self::Check => "CHECK",
            Self::Close => "CLOSE",
            Self::Unselect => "UNSELECT",
            Self::Expunge => "EXPUNGE",
            Self::Search => "SEARCH",
            Self::Fetch => "FETCH",
            Self::Store => "STORE",
            Self::Copy => "COPY",
            Self::Move => "MOVE",
            Self::Sort => "SORT",
            Self::Thread => "THREAD",
            Self::GetQuota => "GETQUOTA",
            Self::GetQuotaRoot => "GETQUOTAROOT",
            Self::SetQuota => "SETQUOTA",
            Self::SetAcl => "SETACL",
            Self::DeleteAcl => "DELETEACL",
            Self::GetAcl => "GETACL",
            Self::ListRights => "LISTRIGHTS",
            Self::MyRights => "MYRIGHTS",
            Self::GetMetadata => "GETMETADATA",
            Self::SetMetadata => "SETMETADATA",
            Self::GetJmapAccess => "GETJMAPACCESS",
            Self::Raw => "",
        }
    }
}
