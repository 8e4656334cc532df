//! Response codes as C sees them: a number for each, and one flat struct for what it tells.

use mailproto_core::imap::Code;

use super::mailproto_imap_string;
use crate::mailproto_span;

/// A response code (RFC 9051 §7.1, RFC 5530): what a status response tells programs. Which fields of
/// `mailproto_imap_response_code` are filled is said with each; the others are zero.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_imap_code {
    /// There is none.
    None = 0,
    /// ALERT: the text must be shown to the user (RFC 9051 §7.1).
    Alert = 1,
    /// ALREADYEXISTS: there is a mailbox of that name (RFC 9051 §7.1).
    AlreadyExists = 2,
    /// APPENDUID: what UIDs the appended messages got (RFC 9051 §7.1). `number` is the
    /// UIDVALIDITY of the mailbox, `data` the UIDs, one for each message, in the order in which
    /// they were appended: `mailproto_imap_ranges`.
    AppendUid = 3,
    /// AUTHENTICATIONFAILED: the name or the password is wrong (RFC 9051 §7.1).
    AuthenticationFailed = 4,
    /// AUTHORIZATIONFAILED: one may not act as that user (RFC 9051 §7.1).
    AuthorizationFailed = 5,
    /// BADCHARSET: the charset is not known; perhaps with those that are (RFC 9051 §7.1).
    /// `data` holds those: `mailproto_imap_strings`.
    BadCharset = 6,
    /// BADCOMPARATOR: no such comparator (RFC 5255 §4.9).
    BadComparator = 7,
    /// BADEVENT: NOTIFY does not know one of the events; these it does (RFC 5465 §8). `data`
    /// holds those: `mailproto_imap_strings`.
    BadEvent = 8,
    /// BADURL: this URL of CATENATE cannot be used (RFC 4469 §4). `string` is the URL.
    BadUrl = 9,
    /// CANNOT: never, for reasons that lie in the request (RFC 9051 §7.1).
    Cannot = 10,
    /// CAPABILITY: what the server can do from now on (RFC 9051 §7.1). `data` holds them:
    /// `mailproto_imap_capabilities`.
    Capability = 11,
    /// CLIENTBUG: the server believes that the client is at fault (RFC 9051 §7.1).
    ClientBug = 12,
    /// CLOSED: from here on server data belongs to the newly selected mailbox (RFC 9051 §7.1).
    Closed = 13,
    /// COMPRESSIONACTIVE: there is compression already (RFC 4978 §3).
    CompressionActive = 14,
    /// CONTACTADMIN: the user should call the administrator (RFC 9051 §7.1).
    ContactAdmin = 15,
    /// COPYUID: what UIDs the copied or moved messages got (RFC 9051 §7.1). The sets pair off:
    /// the first UID of one with the first of the other, and so on. Some servers send them
    /// empty. `number` is the UIDVALIDITY of the destination, `data` the UIDs in the source
    /// mailbox, `data2` those in the destination: `mailproto_imap_ranges`.
    CopyUid = 16,
    /// CORRUPTION: the server has lost data (RFC 9051 §7.1).
    Corruption = 17,
    /// EXPIRED: the password has run out (RFC 9051 §7.1).
    Expired = 18,
    /// EXPUNGEISSUED: messages have been expunged meanwhile by someone else (RFC 9051 §7.1).
    ExpungeIssued = 19,
    /// HASCHILDREN: the mailbox has children, and cannot be deleted (RFC 9051 §7.1).
    HasChildren = 20,
    /// HIGHESTMODSEQ: the mailbox's highest mod-sequence (RFC 7162 §3.1.2.1). `number64`.
    HighestModSeq = 21,
    /// INPROGRESS: the command takes time; this is how far it is (RFC 9585 §4). `string` is the
    /// command's tag or NIL, `number` how many units of work are done if `has_number` is 1,
    /// `goal` how many there are to do if `has_goal` is 1.
    InProgress = 22,
    /// INUSE: something else holds it; try again later (RFC 9051 §7.1).
    InUse = 23,
    /// LIMIT: a limit of the server is reached (RFC 9051 §7.1).
    Limit = 24,
    /// MAILBOXID: the object identifier of the mailbox (RFC 8474 §4.1). `data`.
    MailboxId = 25,
    /// MESSAGELIMIT: the command touched only so many messages (RFC 9738 §3.1). `number` is how
    /// many messages a command may touch; if `has_goal` is 1, `goal` is the lowest UID that was
    /// processed.
    MessageLimit = 26,
    /// METADATA LONGENTRIES: values were left out, the longest of which has so many octets (RFC
    /// 5464 §4.2.1). `number64`.
    MetadataLongEntries = 27,
    /// METADATA MAXSIZE: the value is too long; so many octets are allowed (RFC 5464 §4.3).
    /// `number64`.
    MetadataMaxSize = 28,
    /// METADATA TOOMANY: no more entries fit (RFC 5464 §4.3).
    MetadataTooMany = 29,
    /// METADATA NOPRIVATE: there are no private entries here (RFC 5464 §4.3).
    MetadataNoPrivate = 30,
    /// MODIFIED: these messages have changed since, and were not stored (RFC 7162 §3.1.3). UIDs
    /// after UID STORE, else message numbers. `data`: `mailproto_imap_ranges`.
    Modified = 31,
    /// NOMODSEQ: the mailbox keeps no mod-sequences (RFC 7162 §3.1.2.2).
    NoModSeq = 32,
    /// NONEXISTENT: there is no such mailbox (RFC 9051 §7.1).
    NonExistent = 33,
    /// NOPERM: access control forbids it (RFC 9051 §7.1).
    NoPerm = 34,
    /// NOTIFICATIONOVERFLOW: NOTIFY is off, there was too much to tell (RFC 5465 §5.8).
    NotificationOverflow = 35,
    /// NOTSAVED: `$` is now empty (RFC 9051 §7.1).
    NotSaved = 36,
    /// NOUPDATE: the search with this tag will not be kept up to date (RFC 5267 §4.3.1).
    /// `string` is the tag.
    NoUpdate = 37,
    /// OVERQUOTA: it would exceed the quota, or does already (RFC 9051 §7.1).
    OverQuota = 38,
    /// PARSE: a message in the mailbox cannot be parsed (RFC 9051 §7.1).
    Parse = 39,
    /// PERMANENTFLAGS: what flags can be changed for good; with `\*` also new keywords (RFC
    /// 9051 §7.1). `data`: `mailproto_imap_flags`.
    PermanentFlags = 40,
    /// PRIVACYREQUIRED: only over TLS (RFC 9051 §7.1).
    PrivacyRequired = 41,
    /// READ-ONLY: the mailbox was opened, or has become, read-only (RFC 9051 §7.1).
    ReadOnly = 42,
    /// READ-WRITE: the mailbox was opened, or has become, writable (RFC 9051 §7.1).
    ReadWrite = 43,
    /// REFERRAL: look there; one or more IMAP URLs, separated by spaces (RFC 2193 §4, RFC 2221
    /// §3). `data`.
    Referral = 44,
    /// SERVERBUG: the server believes itself to be at fault (RFC 9051 §7.1).
    ServerBug = 45,
    /// TEMPFAIL: it may work later (RFC 5259 §8).
    TempFail = 46,
    /// TOOBIG: the message is too large (RFC 4469 §4.3, RFC 7889 §4).
    TooBig = 47,
    /// TRYCREATE: the destination does not exist; CREATE it first (RFC 9051 §7.1).
    TryCreate = 48,
    /// UIDNEXT: what UID the next message will probably get (RFC 9051 §7.1). `number`.
    UidNext = 49,
    /// UIDNOTSTICKY: UIDs do not last in this mailbox (RFC 9051 §7.1).
    UidNotSticky = 50,
    /// UIDREQUIRED: message numbers are not allowed here (RFC 9586 §3.5).
    UidRequired = 51,
    /// UIDVALIDITY: with another value than before, all UIDs that are remembered are void (RFC
    /// 9051 §7.1). `number`.
    UidValidity = 52,
    /// UNAVAILABLE: something behind the server is down; try again later (RFC 9051 §7.1).
    Unavailable = 53,
    /// UNDEFINED-FILTER: there is no filter of this name (RFC 5466 §3.1). `data` is its name.
    UndefinedFilter = 54,
    /// UNKNOWN-CTE: the server cannot decode the part (RFC 9051 §7.1).
    UnknownCte = 55,
    /// UNSEEN: the number of the first message not seen (RFC 3501 §7.1). `number`.
    Unseen = 56,
    /// USEATTR: the mailbox cannot have the special use that was asked for (RFC 6154 §6).
    UseAttr = 57,
    /// ANNOTATE TOOBIG: the annotation is too long (RFC 5257 §4.5).
    AnnotateTooBig = 58,
    /// ANNOTATE TOOMANY: no more annotations fit (RFC 5257 §4.5).
    AnnotateTooMany = 59,
    /// Another code; or a known one whose arguments are malformed, which the quirk BAD_CODE tells.
    /// `data` is its name, `data2` what stood between the name and the bracket, as they came.
    Unknown = 60,
    /// One that this version of the C ABI has no number for.
    Other = 255,
}

/// A response code and what it tells.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_response_code {
    /// Which code; NONE if there is none.
    pub kind: mailproto_imap_code,
    /// 1 if `number` is told, else 0.
    pub has_number: u8,
    /// 1 if `goal` is told, else 0.
    pub has_goal: u8,
    /// Zero.
    pub reserved: u8,
    /// A number, as said with the code.
    pub number: u32,
    /// A number of octets or a mod-sequence, as said with the code.
    pub number64: u64,
    /// Another number, as said with the code.
    pub goal: u32,
    /// Octets, or a list to be walked, as said with the code.
    pub data: mailproto_span,
    /// Another list, as said with the code.
    pub data2: mailproto_span,
    /// A tag or a URL, as said with the code.
    pub string: mailproto_imap_string,
}

impl mailproto_imap_response_code {
    /// Tells the code, where there was none.
    pub(crate) fn write(&mut self, code: &Code<'_>) {
        self.kind = code.into();
        match code {
            Code::AppendUid { uid_validity, uids } => {
                self.number(Some(*uid_validity));
                self.data = uids.as_bytes().into();
            }
            #[cfg(feature = "imap-codes")]
            Code::BadCharset(names) | Code::BadEvent(names) => {
                self.data = names.iter().rest().into()
            }
            #[cfg(feature = "imap-codes")]
            Code::BadUrl(string) | Code::NoUpdate(string) => self.string = (*string).into(),
            Code::Capability(list) => self.data = list.iter().rest().into(),
            Code::CopyUid { uid_validity, source, destination } => {
                self.number(Some(*uid_validity));
                self.data = source.as_bytes().into();
                self.data2 = destination.as_bytes().into();
            }
            #[cfg(feature = "imap-codes")]
            Code::InProgress { tag, done, goal } => {
                self.string = (*tag).into();
                self.number(*done);
                self.goal(*goal);
            }
            #[cfg(feature = "imap-codes")]
            Code::MailboxId(octets) | Code::Referral(octets) | Code::UndefinedFilter(octets) => {
                self.data = (*octets).into();
            }
            #[cfg(feature = "imap-codes")]
            Code::MessageLimit { limit, uid } => {
                self.number(Some(*limit));
                self.goal(*uid);
            }
            #[cfg(any(feature = "imap-codes", feature = "imap-condstore"))]
            Code::HighestModSeq(number) => self.number64 = *number,
            #[cfg(feature = "imap-codes")]
            Code::MetadataLongEntries(number) | Code::MetadataMaxSize(number) => {
                self.number64 = *number;
            }
            #[cfg(any(feature = "imap-codes", feature = "imap-condstore"))]
            Code::Modified(set) => self.data = set.as_bytes().into(),
            Code::PermanentFlags(flags) => self.data = flags.as_bytes().into(),
            Code::UidNext(number) | Code::UidValidity(number) | Code::Unseen(number) => {
                self.number(Some(*number));
            }
            Code::Unknown { name, arguments } => {
                self.data = (*name).into();
                self.data2 = (*arguments).into();
            }
            // The name says it all.
            _ => {}
        }
    }

    fn number(&mut self, number: Option<u32>) {
        self.number = number.unwrap_or_default();
        self.has_number = number.is_some().into();
    }

    #[cfg(feature = "imap-codes")]
    fn goal(&mut self, goal: Option<u32>) {
        self.goal = goal.unwrap_or_default();
        self.has_goal = goal.is_some().into();
    }
}

impl From<&Code<'_>> for mailproto_imap_code {
    fn from(code: &Code<'_>) -> Self {
        match code {
            Code::Alert => Self::Alert,
            Code::AppendUid { .. } => Self::AppendUid,
            Code::Capability(_) => Self::Capability,
            Code::Closed => Self::Closed,
            Code::CopyUid { .. } => Self::CopyUid,
            Code::PermanentFlags(_) => Self::PermanentFlags,
            Code::ReadOnly => Self::ReadOnly,
            Code::ReadWrite => Self::ReadWrite,
            Code::TryCreate => Self::TryCreate,
            Code::UidNext(_) => Self::UidNext,
            Code::UidValidity(_) => Self::UidValidity,
            Code::Unseen(_) => Self::Unseen,
            #[cfg(any(feature = "imap-codes", feature = "imap-condstore"))]
            Code::HighestModSeq(_) => Self::HighestModSeq,
            #[cfg(any(feature = "imap-codes", feature = "imap-condstore"))]
            Code::Modified(_) => Self::Modified,
            #[cfg(any(feature = "imap-codes", feature = "imap-condstore"))]
            Code::NoModSeq => Self::NoModSeq,
            Code::Unknown { .. } => Self::Unknown,
            #[cfg(feature = "imap-codes")]
            code => Self::of_another(code),
            #[cfg(not(feature = "imap-codes"))]
            _ => Self::Other,
        }
    }
}

#[cfg(feature = "imap-codes")]
impl mailproto_imap_code {
    /// The codes that a minimal client does without.
    fn of_another(code: &Code<'_>) -> Self {
        match code {
            Code::AlreadyExists => Self::AlreadyExists,
            Code::AuthenticationFailed => Self::AuthenticationFailed,
            Code::AuthorizationFailed => Self::AuthorizationFailed,
            Code::BadCharset(_) => Self::BadCharset,
            Code::BadComparator => Self::BadComparator,
            Code::BadEvent(_) => Self::BadEvent,
            Code::BadUrl(_) => Self::BadUrl,
            Code::Cannot => Self::Cannot,
            Code::ClientBug => Self::ClientBug,
            Code::CompressionActive => Self::CompressionActive,
            Code::ContactAdmin => Self::ContactAdmin,
            Code::Corruption => Self::Corruption,
            Code::Expired => Self::Expired,
            Code::ExpungeIssued => Self::ExpungeIssued,
            Code::HasChildren => Self::HasChildren,
            Code::InProgress { .. } => Self::InProgress,
            Code::InUse => Self::InUse,
            Code::Limit => Self::Limit,
            Code::MailboxId(_) => Self::MailboxId,
            Code::MessageLimit { .. } => Self::MessageLimit,
            Code::MetadataLongEntries(_) => Self::MetadataLongEntries,
            Code::MetadataMaxSize(_) => Self::MetadataMaxSize,
            Code::MetadataTooMany => Self::MetadataTooMany,
            Code::MetadataNoPrivate => Self::MetadataNoPrivate,
            Code::NonExistent => Self::NonExistent,
            Code::NoPerm => Self::NoPerm,
            Code::NotificationOverflow => Self::NotificationOverflow,
            Code::NotSaved => Self::NotSaved,
            Code::NoUpdate(_) => Self::NoUpdate,
            Code::OverQuota => Self::OverQuota,
            Code::Parse => Self::Parse,
            Code::PrivacyRequired => Self::PrivacyRequired,
            Code::Referral(_) => Self::Referral,
            Code::ServerBug => Self::ServerBug,
            Code::TempFail => Self::TempFail,
            Code::TooBig => Self::TooBig,
            Code::UidNotSticky => Self::UidNotSticky,
            Code::UidRequired => Self::UidRequired,
            Code::Unavailable => Self::Unavailable,
            Code::UndefinedFilter(_) => Self::UndefinedFilter,
            Code::UnknownCte => Self::UnknownCte,
            Code::UseAttr => Self::UseAttr,
            Code::AnnotateTooBig => Self::AnnotateTooBig,
            Code::AnnotateTooMany => Self::AnnotateTooMany,
            _ => Self::Other,
        }
    }
}
