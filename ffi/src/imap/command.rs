//! The commands by name.

use mailproto_core::imap::CommandKind;

/// The commands by name; a command and its UID form share one.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_imap_command {
    /// No command.
    None = 0,
    /// CAPABILITY (RFC 9051 §6.1.1).
    Capability = 1,
    /// NOOP (RFC 9051 §6.1.2).
    Noop = 2,
    /// LOGOUT (RFC 9051 §6.1.3).
    Logout = 3,
    /// ID (RFC 2971 §3.1).
    Id = 4,
    /// STARTTLS (RFC 9051 §6.2.1).
    Starttls = 5,
    /// AUTHENTICATE (RFC 9051 §6.2.2).
    Authenticate = 6,
    /// LOGIN (RFC 9051 §6.2.3).
    Login = 7,
    /// UNAUTHENTICATE (RFC 8437).
    Unauthenticate = 8,
    /// COMPRESS (RFC 4978 §3).
    Compress = 9,
    /// LANGUAGE (RFC 5255 §3.2).
    Language = 10,
    /// ENABLE (RFC 9051 §6.3.1).
    Enable = 11,
    /// SELECT (RFC 9051 §6.3.2).
    Select = 12,
    /// EXAMINE (RFC 9051 §6.3.3).
    Examine = 13,
    /// CREATE (RFC 9051 §6.3.4).
    Create = 14,
    /// DELETE (RFC 9051 §6.3.5).
    Delete = 15,
    /// RENAME (RFC 9051 §6.3.6).
    Rename = 16,
    /// SUBSCRIBE (RFC 9051 §6.3.7).
    Subscribe = 17,
    /// UNSUBSCRIBE (RFC 9051 §6.3.8).
    Unsubscribe = 18,
    /// LIST (RFC 9051 §6.3.9).
    List = 19,
    /// LSUB (RFC 3501 §6.3.9).
    Lsub = 20,
    /// XLIST: Google's forerunner of SPECIAL-USE.
    Xlist = 21,
    /// NAMESPACE (RFC 9051 §6.3.10).
    Namespace = 22,
    /// STATUS (RFC 9051 §6.3.11).
    Status = 23,
    /// APPEND (RFC 9051 §6.3.12).
    Append = 24,
    /// IDLE (RFC 9051 §6.3.13).
    Idle = 25,
    /// CHECK (RFC 3501 §6.4.1).
    Check = 26,
    /// CLOSE (RFC 9051 §6.4.1).
    Close = 27,
    /// UNSELECT (RFC 9051 §6.4.2).
    Unselect = 28,
    /// EXPUNGE (RFC 9051 §6.4.3) and UID EXPUNGE (RFC 9051 §6.4.9).
    Expunge = 29,
    /// SEARCH and UID SEARCH (RFC 9051 §6.4.4, §6.4.9).
    Search = 30,
    /// FETCH and UID FETCH (RFC 9051 §6.4.5, §6.4.9).
    Fetch = 31,
    /// STORE and UID STORE (RFC 9051 §6.4.6, §6.4.9).
    Store = 32,
    /// COPY and UID COPY (RFC 9051 §6.4.7, §6.4.9).
    Copy = 33,
    /// MOVE and UID MOVE (RFC 9051 §6.4.8, §6.4.9).
    Move = 34,
    /// SORT and UID SORT (RFC 5256 §3).
    Sort = 35,
    /// THREAD and UID THREAD (RFC 5256 §3).
    Thread = 36,
    /// GETQUOTA (RFC 9208 §4.1.2).
    GetQuota = 37,
    /// GETQUOTAROOT (RFC 9208 §4.1.3).
    GetQuotaRoot = 38,
    /// SETQUOTA (RFC 9208 §4.1.1).
    SetQuota = 39,
    /// SETACL (RFC 4314 §3.1).
    SetAcl = 40,
    /// DELETEACL (RFC 4314 §3.2).
    DeleteAcl = 41,
    /// GETACL (RFC 4314 §3.3).
    GetAcl = 42,
    /// LISTRIGHTS (RFC 4314 §3.4).
    ListRights = 43,
    /// MYRIGHTS (RFC 4314 §3.5).
    MyRights = 44,
    /// GETMETADATA (RFC 5464 §4.2).
    GetMetadata = 45,
    /// SETMETADATA (RFC 5464 §4.3).
    SetMetadata = 46,
    /// GETJMAPACCESS (RFC 9698 §4).
    GetJmapAccess = 47,
    /// Any other, sent by its name.
    Raw = 48,
    /// One that this version of the C ABI has no number for.
    Other = 255,
}

impl From<CommandKind> for mailproto_imap_command {
    fn from(kind: CommandKind) -> Self {
        match kind {
            CommandKind::Capability => Self::Capability,
            CommandKind::Noop => Self::Noop,
            CommandKind::Logout => Self::Logout,
            CommandKind::Id => Self::Id,
            CommandKind::StartTls => Self::Starttls,
            CommandKind::Authenticate => Self::Authenticate,
            CommandKind::Login => Self::Login,
            CommandKind::Unauthenticate => Self::Unauthenticate,
            CommandKind::Compress => Self::Compress,
            CommandKind::Language => Self::Language,
            CommandKind::Enable => Self::Enable,
            CommandKind::Select => Self::Select,
            CommandKind::Examine => Self::Examine,
            CommandKind::Create => Self::Create,
            CommandKind::Delete => Self::Delete,
            CommandKind::Rename => Self::Rename,
            CommandKind::Subscribe => Self::Subscribe,
            CommandKind::Unsubscribe => Self::Unsubscribe,
            CommandKind::List => Self::List,
            CommandKind::Lsub => Self::Lsub,
            CommandKind::Xlist => Self::Xlist,
            CommandKind::Namespace => Self::Namespace,
            CommandKind::Status => Self::Status,
            CommandKind::Append => Self::Append,
            CommandKind::Idle => Self::Idle,
            CommandKind::Check => Self::Check,
            CommandKind::Close => Self::Close,
            CommandKind::Unselect => Self::Unselect,
            CommandKind::Expunge => Self::Expunge,
            CommandKind::Search => Self::Search,
            CommandKind::Fetch => Self::Fetch,
            CommandKind::Store => Self::Store,
            CommandKind::Copy => Self::Copy,
            CommandKind::Move => Self::Move,
            CommandKind::Sort => Self::Sort,
            CommandKind::Thread => Self::Thread,
            CommandKind::GetQuota => Self::GetQuota,
            CommandKind::GetQuotaRoot => Self::GetQuotaRoot,
            CommandKind::SetQuota => Self::SetQuota,
            CommandKind::SetAcl => Self::SetAcl,
            CommandKind::DeleteAcl => Self::DeleteAcl,
            CommandKind::GetAcl => Self::GetAcl,
            CommandKind::ListRights => Self::ListRights,
            CommandKind::MyRights => Self::MyRights,
            CommandKind::GetMetadata => Self::GetMetadata,
            CommandKind::SetMetadata => Self::SetMetadata,
            CommandKind::GetJmapAccess => Self::GetJmapAccess,
            CommandKind::Raw => Self::Raw,
            _ => Self::Other,
        }
    }
}
