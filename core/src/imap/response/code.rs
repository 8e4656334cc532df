//! Response codes (RFC 9051 §7.1): what a status response tells programs, in brackets before the text that
//! it tells people. Grammar only.

#[cfg(feature = "imap-codes")]
use super::strings::Strings;
use crate::imap::capability::Capability;
use crate::imap::flag::{Flags, is_strict_atom_octet};
use crate::imap::lexer::Lexer;
use crate::imap::quirk::Quirk;
use crate::imap::resume::resumable;
use crate::imap::sequence_set::SequenceSet;
#[cfg(feature = "imap-codes")]
use crate::imap::string::ImapString;
use crate::imap::work;
use crate::names::place;

/// A response code (RFC 9051 §7.1; the registry is that of RFC 5530).
///
/// Unless told otherwise a number that must not be zero may be zero here: some servers send that, and
/// [`Quirk::BadNumber`] says so.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Code<'a> {
    /// ALERT: the text must be shown to the user (RFC 9051 §7.1).
    Alert,
    /// ALREADYEXISTS: there is a mailbox of that name (RFC 9051 §7.1).
    #[cfg(feature = "imap-codes")]
    AlreadyExists,
    /// APPENDUID: what UIDs the appended messages got (RFC 9051 §7.1).
    AppendUid {
        /// The UIDVALIDITY of the mailbox.
        uid_validity: u32,
        /// One UID for each message, in the order in which they were appended.
        uids: SequenceSet<'a>,
    },
    /// AUTHENTICATIONFAILED: the name or the password is wrong (RFC 9051 §7.1).
    #[cfg(feature = "imap-codes")]
    AuthenticationFailed,
    /// AUTHORIZATIONFAILED: one may not act as that user (RFC 9051 §7.1).
    #[cfg(feature = "imap-codes")]
    AuthorizationFailed,
    /// BADCHARSET: the charset is not known; perhaps with those that are (RFC 9051 §7.1).
    #[cfg(feature = "imap-codes")]
    BadCharset(Strings<'a>),
    /// BADCOMPARATOR: no such comparator (RFC 5255 §4.9).
    #[cfg(feature = "imap-codes")]
    BadComparator,
    /// BADEVENT: NOTIFY does not know one of the events; these it does (RFC 5465 §8).
    #[cfg(feature = "imap-codes")]
    BadEvent(Strings<'a>),
    /// BADURL: this URL of CATENATE cannot be used (RFC 4469 §4).
    #[cfg(feature = "imap-codes")]
    BadUrl(ImapString<'a>),
    /// CANNOT: never, for reasons that lie in the request (RFC 9051 §7.1).
    #[cfg(feature = "imap-codes")]
    Cannot,
    /// CAPABILITY: what the server can do from now on (RFC 9051 §7.1).
    Capability(CapabilityList<'a>),
    /// CLIENTBUG: the server believes that the client is at fault (RFC 9051 §7.1).
    #[cfg(feature = "imap-codes")]
    ClientBug,
    /// CLOSED: from here on server data belongs to the newly selected mailbox (RFC 9051 §7.1).
    Closed,
    /// COMPRESSIONACTIVE: there is compression already (RFC 4978 §3).
    #[cfg(feature = "imap-codes")]
    CompressionActive,
    /// CONTACTADMIN: the user should call the administrator (RFC 9051 §7.1).
    #[cfg(feature = "imap-codes")]
    ContactAdmin,
    /// COPYUID: what UIDs the copied or moved messages got (RFC 9051 §7.1). The sets pair off: the first UID
    /// of one with the first of the other, and so on. Some servers send them empty.
    CopyUid {
        /// The UIDVALIDITY of the destination.
        uid_validity: u32,
        /// The UIDs in the source mailbox.
        source: SequenceSet<'a>,
        /// The UIDs in the destination, in the same order.
        destination: SequenceSet<'a>,
    },
    /// CORRUPTION: the server has lost data (RFC 9051 §7.1).
    #[cfg(feature = "imap-codes")]
    Corruption,
    /// EXPIRED: the password has run out (RFC 9051 §7.1).
    #[cfg(feature = "imap-codes")]
    Expired,
    /// EXPUNGEISSUED: messages have been expunged meanwhile by someone else (RFC 9051 §7.1).
    #[cfg(feature = "imap-codes")]
    ExpungeIssued,
    /// HASCHILDREN: the mailbox has children, and cannot be deleted (RFC 9051 §7.1).
    #[cfg(feature = "imap-codes")]
    HasChildren,
    /// HIGHESTMODSEQ: the mailbox's highest mod-sequence (RFC 7162 §3.1.2.1).
    #[cfg(any(feature = "imap-codes", feature = "imap-condstore"))]
    HighestModSeq(u64),
    /// INPROGRESS: the command takes time; this is how far it is (RFC 9585 §4).
    #[cfg(feature = "imap-codes")]
    InProgress {
        /// The command's tag.
        tag: Option<ImapString<'a>>,
        /// How many units of work are done.
        done: Option<u32>,
        /// How many there are to do.
        goal: Option<u32>,
    },
    /// INUSE: something else holds it; try again later (RFC 9051 §7.1).
    #[cfg(feature = "imap-codes")]
    InUse,
    /// LIMIT: a limit of the server is reached (RFC 9051 §7.1).
    #[cfg(feature = "imap-codes")]
    Limit,
    /// MAILBOXID: the object identifier of the mailbox (RFC 8474 §4.1).
    #[cfg(feature = "imap-codes")]
    MailboxId(&'a [u8]),
    /// MESSAGELIMIT: the command touched only so many messages (RFC 9738 §3.1).
    #[cfg(feature = "imap-codes")]
    MessageLimit {
        /// How many messages a command may touch.
        limit: u32,
        /// The lowest UID that was processed, where the command was done in part.
        uid: Option<u32>,
    },
    /// METADATA LONGENTRIES: values were left out, the longest of which has so many octets
    /// (RFC 5464 §4.2.1).
    #[cfg(feature = "imap-codes")]
    MetadataLongEntries(u64),
    /// METADATA MAXSIZE: the value is too long; so many octets are allowed (RFC 5464 §4.3).
    #[cfg(feature = "imap-codes")]
    MetadataMaxSize(u64),
    /// METADATA TOOMANY: no more entries fit (RFC 5464 §4.3).
    #[cfg(feature = "imap-codes")]
    MetadataTooMany,
    /// METADATA NOPRIVATE: there are no private entries here (RFC 5464 §4.3).
    #[cfg(feature = "imap-codes")]
    MetadataNoPrivate,
    /// MODIFIED: these messages have changed since, and were not stored (RFC 7162 §3.1.3). UIDs after
    /// UID STORE, else message numbers.
    #[cfg(any(feature = "imap-codes", feature = "imap-condstore"))]
    Modified(SequenceSet<'a>),
    /// NOMODSEQ: the mailbox keeps no mod-sequences (RFC 7162 §3.1.2.2).
    #[cfg(any(feature = "imap-codes", feature = "imap-condstore"))]
    NoModSeq,
    /// NONEXISTENT: there is no such mailbox (RFC 9051 §7.1).
    #[cfg(feature = "imap-codes")]
    NonExistent,
    /// NOPERM: access control forbids it (RFC 9051 §7.1).
    #[cfg(feature = "imap-codes")]
    NoPerm,
    /// NOTIFICATIONOVERFLOW: NOTIFY is off, there was too much to tell (RFC 5465 §5.8).
    #[cfg(feature = "imap-codes")]
    NotificationOverflow,
    /// NOTSAVED: `$` is now empty (RFC 9051 §7.1).
    #[cfg(feature = "imap-codes")]
    NotSaved,
    /// NOUPDATE: the search with this tag will not be kept up to date (RFC 5267 §4.3.1).
    #[cfg(feature = "imap-codes")]
    NoUpdate(ImapString<'a>),
    /// OVERQUOTA: it would exceed the quota, or does already (RFC 9051 §7.1).
    #[cfg(feature = "imap-codes")]
    OverQuota,
    /// PARSE: a message in the mailbox cannot be parsed (RFC 9051 §7.1).
    #[cfg(feature = "imap-codes")]
    Parse,
    /// PERMANENTFLAGS: what flags can be changed for good; with [`Flag::Any`](crate::imap::Flag::Any) also
    /// new keywords (RFC 9051 §7.1).
    PermanentFlags(Flags<'a>),
    /// PRIVACYREQUIRED: only over TLS (RFC 9051 §7.1).
    #[cfg(feature = "imap-codes")]
    PrivacyRequired,
    /// READ-ONLY: the mailbox was opened, or has become, read-only (RFC 9051 §7.1).
    ReadOnly,
    /// READ-WRITE: the mailbox was opened, or has become, writable (RFC 9051 §7.1).
    ReadWrite,
    /// REFERRAL: look there; one or more IMAP URLs, separated by spaces (RFC 2193 §4, RFC 2221 §3).
    #[cfg(feature = "imap-codes")]
    Referral(&'a [u8]),
    /// SERVERBUG: the server believes itself to be at fault (RFC 9051 §7.1).
    #[cfg(feature = "imap-codes")]
    ServerBug,
    /// TEMPFAIL: it may work later (RFC 5259 §8).
    #[cfg(feature = "imap-codes")]
    TempFail,
    /// TOOBIG: the message is too large (RFC 4469 §4.3, RFC 7889 §4).
    #[cfg(feature = "imap-codes")]
    TooBig,
    /// TRYCREATE: the destination does not exist; CREATE it first (RFC 9051 §7.1).
    TryCreate,
    /// UIDNEXT: what UID the next message will probably get (RFC 9051 §7.1).
    UidNext(u32),
    /// UIDNOTSTICKY: UIDs do not last in this mailbox (RFC 9051 §7.1).
    #[cfg(feature = "imap-codes")]
    UidNotSticky,
    /// UIDREQUIRED: message numbers are not allowed here (RFC 9586 §3.5).
    #[cfg(feature = "imap-codes")]
    UidRequired,
    /// UIDVALIDITY: with another value than before, all UIDs that are remembered are void
    /// (RFC 9051 §7.1).
    UidValidity(u32),
    /// UNAVAILABLE: something behind the server is down; try again later (RFC 9051 §7.1).
    #[cfg(feature = "imap-codes")]
    Unavailable,
    /// UNDEFINED-FILTER: there is no filter of this name (RFC 5466 §3.1).
    #[cfg(feature = "imap-codes")]
    UndefinedFilter(&'a [u8]),
    /// UNKNOWN-CTE: the server cannot decode the part (RFC 9051 §7.1).
    #[cfg(feature = "imap-codes")]
    UnknownCte,
    /// UNSEEN: the number of the first message not seen (RFC 3501 §7.1).
    Unseen(u32),
    /// USEATTR: the mailbox cannot have the special use that was asked for (RFC 6154 §6).
    #[cfg(feature = "imap-codes")]
    UseAttr,
    /// ANNOTATE TOOBIG: the annotation is too long (RFC 5257 §4.5).
    #[cfg(feature = "imap-codes")]
    AnnotateTooBig,
    /// ANNOTATE TOOMANY: no more annotations fit (RFC 5257 §4.5).
    #[cfg(feature = "imap-codes")]
    AnnotateTooMany,
    /// Another code; or a known one whose arguments are malformed, which [`Quirk::BadCode`] tells.
    Unknown {
        /// Its name, as it came.
        name: &'a [u8],
        /// What stood between the name and the bracket, as it came.
        arguments: &'a [u8],
    },
}

/// The codes that take no arguments, as far as a minimal client reads them.
const BARE: &str = "ALERT CLOSED READ-ONLY READ-WRITE TRYCREATE";

/// The others.
#[cfg(feature = "imap-codes")]
const MORE_BARE: &str = "ALREADYEXISTS AUTHENTICATIONFAILED AUTHORIZATIONFAILED BADCOMPARATOR CANNOT \
    CLIENTBUG COMPRESSIONACTIVE CONTACTADMIN CORRUPTION EXPIRED EXPUNGEISSUED \
    HASCHILDREN INUSE LIMIT NONEXISTENT NOPERM NOTIFICATIONOVERFLOW NOTSAVED OVERQUOTA \
    PARSE PRIVACYREQUIRED SERVERBUG TEMPFAIL TOOBIG UIDNOTSTICKY UIDREQUIRED \
    UNAVAILABLE UNKNOWN-CTE USEATTR NOMODSEQ";

/// The codes that take arguments, as far as a minimal client reads them.
#[cfg(not(any(feature = "imap-codes", feature = "imap-condstore")))]
const WITH_ARGUMENTS: &str =
    "UIDNEXT UIDVALIDITY UNSEEN PERMANENTFLAGS CAPABILITY APPENDUID COPYUID";

/// The same, and what the extension for mod-sequences brings (RFC 7162 §7).
#[cfg(any(feature = "imap-codes", feature = "imap-condstore"))]
const WITH_ARGUMENTS: &str = "UIDNEXT UIDVALIDITY UNSEEN PERMANENTFLAGS CAPABILITY APPENDUID COPYUID \
    HIGHESTMODSEQ MODIFIED";

/// The others.
#[cfg(feature = "imap-codes")]
const MORE_WITH_ARGUMENTS: &str = "BADCHARSET BADEVENT BADURL REFERRAL UNDEFINED-FILTER NOUPDATE \
    MAILBOXID MESSAGELIMIT INPROGRESS METADATA ANNOTATE";

/// The code of this name that takes no arguments.
#[inline(never)]
fn bare(name: &[u8]) -> Option<Code<'static>> {
    Some(match place(BARE, name) {
        Some(0) => Code::Alert,
        Some(1) => Code::Closed,
        Some(2) => Code::ReadOnly,
        Some(3) => Code::ReadWrite,
        Some(_) => Code::TryCreate,
        None => return more_bare(name),
    })
}

#[cfg(feature = "imap-codes")]
#[inline(never)]
fn more_bare(name: &[u8]) -> Option<Code<'static>> {
    Some(match place(MORE_BARE, name)? {
        0 => Code::AlreadyExists,
        1 => Code::AuthenticationFailed,
        2 => Code::AuthorizationFailed,
        3 => Code::BadComparator,
        4 => Code::Cannot,
        5 => Code::ClientBug,
        6 => Code::CompressionActive,
        7 => Code::ContactAdmin,
        8 => Code::Corruption,
        9 => Code::Expired,
        10 => Code::ExpungeIssued,
        11 => Code::HasChildren,
        12 => Code::InUse,
        13 => Code::Limit,
        14 => Code::NonExistent,
        15 => Code::NoPerm,
        16 => Code::NotificationOverflow,
        17 => Code::NotSaved,
        18 => Code::OverQuota,
        19 => Code::Parse,
        20 => Code::PrivacyRequired,
        21 => Code::ServerBug,
        22 => Code::TempFail,
        23 => Code::TooBig,
        24 => Code::UidNotSticky,
        25 => Code::UidRequired,
        26 => Code::Unavailable,
        27 => Code::UnknownCte,
        28 => Code::UseAttr,
        _ => Code::NoModSeq,
    })
}

#[cfg(not(feature = "imap-codes"))]
fn more_bare(name: &[u8]) -> Option<Code<'static>> {
    #[cfg(feature = "imap-condstore")]
    if name.eq_ignore_ascii_case(b"NOMODSEQ") {
        return Some(Code::NoModSeq);
    }
    let _ = name;
    None
}

/// The code of this name with its arguments, if it takes any, which the lexer stands before. `None` for arguments that cannot be read,
/// and for names that are not `known` here.
#[inline(never)]
fn known_code<'a>(name: &[u8], lexer: &mut Lexer<'a>, known: &mut bool) -> Option<Code<'a>> {
    let bare = bare(name);
    if bare.is_some() {
        return bare;
    }
    let _ = lexer.sp();
    match place(WITH_ARGUMENTS, name) {
        Some(0) => positive(lexer).map(Code::UidNext),
        Some(1) => positive(lexer).map(Code::UidValidity),
        Some(2) => positive(lexer).map(Code::Unseen),
        Some(3) => Flags::parse(lexer).map(Code::PermanentFlags),
        Some(4) => CapabilityList::parse(lexer).map(Code::Capability),
        Some(5) => append_uid(lexer),
        Some(6) => copy_uid(lexer),
        #[cfg(any(feature = "imap-codes", feature = "imap-condstore"))]
        Some(7) => lexer.number64().map(Code::HighestModSeq),
        #[cfg(any(feature = "imap-codes", feature = "imap-condstore"))]
        Some(_) => uid_set(lexer).map(Code::Modified),
        _ => more_with_arguments(name, lexer, known),
    }
}

#[cfg(feature = "imap-codes")]
#[inline(never)]
fn more_with_arguments<'a>(
    name: &[u8],
    lexer: &mut Lexer<'a>,
    known: &mut bool,
) -> Option<Code<'a>> {
    let Some(place) = place(MORE_WITH_ARGUMENTS, name) else {
        *known = false;
        return None;
    };
    match place {
        0 => optional_strings(lexer).map(Code::BadCharset),
        1 => optional_strings(lexer).map(Code::BadEvent),
        2 => string_or_rest(lexer).map(Code::BadUrl),
        3 => rest(lexer).map(Code::Referral),
        4 => rest(lexer).map(Code::UndefinedFilter),
        5 => lexer.astring().map(Code::NoUpdate),
        6 => mailbox_id(lexer),
        7 => message_limit(lexer),
        8 => in_progress(lexer),
        9 => metadata(lexer),
        _ => annotate(lexer),
    }
}

#[cfg(not(feature = "imap-codes"))]
fn more_with_arguments<'a>(_: &[u8], _: &mut Lexer<'a>, known: &mut bool) -> Option<Code<'a>> {
    *known = false;
    None
}

/// Takes the response code of what follows `OK `, `NO `, `BAD `, `BYE `, `PREAUTH ` or `+ ` (`resp-text`, RFC 9051
/// §9), if there is one; what is left is the text.
///
/// The text is for people: nothing in it means anything, `{5}` at its end neither (RFC 9051 §4.3).
/// A code that is none stays in the text.
pub(crate) fn parse_text<'a>(lexer: &mut Lexer<'a>) -> Option<Code<'a>> {
    let octets = lexer.rest();
    work::add(octets.len());
    let odd = octets
        .iter()
        .fold(0, |odd, &octet| odd | u8::from(octet >= 0x80) | u8::from(octet == 0) << 1);
    if odd & 1 != 0 {
        lexer.note(Quirk::EightBit);
    }
    if odd & 2 != 0 {
        lexer.note(Quirk::ControlCharacter);
    }
    let mut code = None;
    if octets.first() == Some(&b'[') {
        code = bracketed(lexer);
        if code.is_none() {
            lexer.note(Quirk::BadCode);
        }
    }
    // RFC 9051 allows an empty text behind the space, RFC 3501 does not.
    if lexer.at_end() && !octets.ends_with(b" ") {
        lexer.note(Quirk::MissingText);
    }
    code
}

/// Whether a text whose end is missing was cut within the code.
pub(crate) fn is_cut(octets: &[u8]) -> bool {
    octets.strip_prefix(b"[").is_some_and(|code| code_length(code).is_none())
}

/// The same for a text whose end is missing, where it was cut within the code. Only CAPABILITY tells something then:
/// those that are whole.
#[inline(never)]
pub(crate) fn parse_cut<'a>(lexer: &mut Lexer<'a>) -> Option<Code<'a>> {
    let code = lexer.rest();
    lexer.advance(code.len());
    let whole = code.iter().rposition(|&octet| octet == b' ').and_then(|end| code.get(1..end));
    Code::parse(&mut Lexer::new(whole.unwrap_or_default()))
        .filter(|code| matches!(code, Code::Capability(_)))
}

/// A code in brackets, and the space behind it.
fn bracketed<'a>(lexer: &mut Lexer<'a>) -> Option<Code<'a>> {
    let octets = lexer.rest().strip_prefix(b"[")?;
    let len = code_length(octets)?;
    let mut inside = Lexer::new(octets.get(..len)?);
    work::add(len);
    let code = Code::parse(&mut inside);
    if code.is_some() {
        lexer.note_all(inside.quirks());
        lexer.advance(len.saturating_add(2));
        if !lexer.at_end() && lexer.octet(b' ').is_none() {
            lexer.note(Quirk::MissingSpace);
        }
    }
    code
}

/// How many octets stand before the bracket that ends the code. One within a quoted string or within
/// parentheses does not: servers have flags such as `[x]`. Where quotes or parentheses are not closed, the
/// first bracket ends it.
fn code_length(octets: &[u8]) -> Option<usize> {
    let (mut depth, mut quoted, mut before) = (0_usize, false, b'[');
    for (at, &octet) in octets.iter().enumerate() {
        match octet {
            _ if before == b'\\' && quoted => {
                // The octet behind a backslash is text, a second backslash too.
                before = 0;
                continue;
            }
            b'"' if quoted => quoted = false,
            b'"' if matches!(before, b' ' | b'(' | b'=') => quoted = true,
            _ if quoted => {}
            b'(' => depth = depth.saturating_add(1),
            b')' => depth = depth.saturating_sub(1),
            b']' if depth == 0 => return Some(at),
            _ => {}
        }
        before = octet;
    }
    octets.iter().position(|&octet| octet == b']')
}

impl<'a> Code<'a> {
    /// What stands between the brackets (`resp-text-code`, RFC 9051 §9). `None` where that does not begin
    /// with an atom.
    fn parse(lexer: &mut Lexer<'a>) -> Option<Self> {
        let name = lexer.take_while(is_strict_atom_octet);
        if name.is_empty() || !matches!(lexer.peek(), None | Some(b' ')) {
            return None;
        }
        let mut ahead = *lexer;
        let mut known = true;
        let code = known_code(name, &mut ahead, &mut known);
        if code.is_some() {
            *lexer = ahead;
            skip_to_end(lexer);
            return code;
        }
        if known {
            lexer.note(Quirk::BadCode);
        }
        let _ = lexer.octet(b' ');
        Some(Self::Unknown { name, arguments: lexer.rest() })
    }
}

/// The end of the code. What stands before it is skipped.
fn skip_to_end(lexer: &mut Lexer<'_>) {
    let blank = lexer.rest().iter().all(|octet| matches!(octet, b' ' | b'\t'));
    if !lexer.at_end() {
        lexer.note(if blank { Quirk::TrailingSpace } else { Quirk::ExtraField });
    }
}

/// A number that should not be zero.
fn positive(lexer: &mut Lexer<'_>) -> Option<u32> {
    let number = lexer.number()?;
    if number == 0 {
        lexer.note(Quirk::BadNumber);
    }
    Some(number)
}

/// All that is left, at least one octet.
#[cfg(feature = "imap-codes")]
fn rest<'a>(lexer: &mut Lexer<'a>) -> Option<&'a [u8]> {
    let rest = lexer.rest();
    lexer.advance(rest.len());
    (!rest.is_empty()).then_some(rest)
}

/// A quoted string, or all that is left.
#[cfg(feature = "imap-codes")]
fn string_or_rest<'a>(lexer: &mut Lexer<'a>) -> Option<ImapString<'a>> {
    lexer.quoted().or_else(|| rest(lexer).map(ImapString::plain))
}

/// A list of strings that may be left out.
#[cfg(feature = "imap-codes")]
fn optional_strings<'a>(lexer: &mut Lexer<'a>) -> Option<Strings<'a>> {
    if lexer.at_end() { Some(Strings::EMPTY) } else { Strings::parse(lexer) }
}

/// A set of UIDs. One that is not there is forgiven: Outlook.com copies nothing with `[COPYUID 701  ]`.
fn uid_set<'a>(lexer: &mut Lexer<'a>) -> Option<SequenceSet<'a>> {
    if lexer.at_end() {
        lexer.note(Quirk::MissingField);
        return Some(SequenceSet::default());
    }
    SequenceSet::parse(lexer)
}

/// `uniqueid SP append-uid` (RFC 9051 §9, `resp-code-apnd`).
fn append_uid<'a>(lexer: &mut Lexer<'a>) -> Option<Code<'a>> {
    let uid_validity = positive(lexer)?;
    lexer.sp()?;
    Some(Code::AppendUid { uid_validity, uids: uid_set(lexer)? })
}

/// `uniqueid SP uid-set SP uid-set` (RFC 9051 §9, `resp-code-copy`).
fn copy_uid<'a>(lexer: &mut Lexer<'a>) -> Option<Code<'a>> {
    let uid_validity = positive(lexer)?;
    let _ = lexer.sp();
    let source = uid_set(lexer)?;
    let _ = lexer.sp();
    let destination = uid_set(lexer)?;
    Some(Code::CopyUid { uid_validity, source, destination })
}

/// `"(" (quoted / nil) SP (nil / number) SP (nil / number) ")"`, or nothing (RFC 9585 §6).
#[cfg(feature = "imap-codes")]
fn in_progress<'a>(lexer: &mut Lexer<'a>) -> Option<Code<'a>> {
    if lexer.at_end() {
        return Some(Code::InProgress { tag: None, done: None, goal: None });
    }
    lexer.open()?;
    let tag = lexer.nstring()?;
    lexer.sp()?;
    let done = number_or_nil(lexer)?;
    lexer.sp()?;
    let goal = number_or_nil(lexer)?;
    lexer.close()?;
    Some(Code::InProgress { tag, done, goal })
}

#[cfg(feature = "imap-codes")]
fn number_or_nil(lexer: &mut Lexer<'_>) -> Option<Option<u32>> {
    if lexer.nil().is_some() { Some(None) } else { lexer.number().map(Some) }
}

/// `"(" objectid ")"` (RFC 8474 §7).
#[cfg(feature = "imap-codes")]
fn mailbox_id<'a>(lexer: &mut Lexer<'a>) -> Option<Code<'a>> {
    lexer.open()?;
    let id = lexer.atom()?;
    lexer.close()?;
    Some(Code::MailboxId(id))
}

/// `message-limit [SP uniqueid]` (RFC 9738 §5).
#[cfg(feature = "imap-codes")]
fn message_limit<'a>(lexer: &mut Lexer<'a>) -> Option<Code<'a>> {
    let limit = positive(lexer)?;
    let mut ahead = *lexer;
    let uid = ahead.sp().and_then(|()| ahead.number());
    if uid.is_some() {
        *lexer = ahead;
    }
    Some(Code::MessageLimit { limit, uid })
}

/// `"LONGENTRIES" SP number`, `"MAXSIZE" SP number`, `"TOOMANY"` or `"NOPRIVATE"` (RFC 5464 §5).
#[cfg(feature = "imap-codes")]
fn metadata<'a>(lexer: &mut Lexer<'a>) -> Option<Code<'a>> {
    if lexer.keyword(b"TOOMANY").is_some() {
        return Some(Code::MetadataTooMany);
    }
    if lexer.keyword(b"NOPRIVATE").is_some() {
        return Some(Code::MetadataNoPrivate);
    }
    let code = if lexer.keyword(b"LONGENTRIES").is_some() {
        Code::MetadataLongEntries
    } else {
        lexer.keyword(b"MAXSIZE")?;
        Code::MetadataMaxSize
    };
    lexer.sp()?;
    lexer.number64().map(code)
}

/// `"TOOBIG"` or `"TOOMANY"` (RFC 5257 §5).
#[cfg(feature = "imap-codes")]
fn annotate<'a>(lexer: &mut Lexer<'a>) -> Option<Code<'a>> {
    if lexer.keyword(b"TOOBIG").is_some() {
        return Some(Code::AnnotateTooBig);
    }
    lexer.keyword(b"TOOMANY")?;
    Some(Code::AnnotateTooMany)
}

/// The capabilities in a CAPABILITY response code (RFC 9051 §7.1). Iterate over it.
#[derive(Clone, Copy, Debug, Default)]
pub struct CapabilityList<'a> {
    /// Names with spaces between them.
    list: &'a [u8],
}

impl<'a> CapabilityList<'a> {
    fn parse(lexer: &mut Lexer<'a>) -> Option<Self> {
        let whole = lexer.rest();
        lexer.atom()?;
        loop {
            let mut ahead = *lexer;
            if ahead.sp().is_none() || ahead.atom().is_none() {
                break;
            }
            *lexer = ahead;
        }
        Some(Self { list: whole.get(..lexer.taken_of(whole))? })
    }

    /// The capabilities, in the order in which they came.
    #[must_use]
    pub const fn iter(self) -> CapabilityIter<'a> {
        CapabilityIter { rest: self.list }
    }
}

impl<'a> IntoIterator for CapabilityList<'a> {
    type Item = Capability<'a>;
    type IntoIter = CapabilityIter<'a>;

    fn into_iter(self) -> CapabilityIter<'a> {
        self.iter()
    }
}

/// The capabilities of a [`CapabilityList`].
#[derive(Clone, Copy, Debug)]
pub struct CapabilityIter<'a> {
    rest: &'a [u8],
}

resumable!(CapabilityIter { rest });

impl<'a> Iterator for CapabilityIter<'a> {
    type Item = Capability<'a>;

    fn next(&mut self) -> Option<Capability<'a>> {
        let mut lexer = Lexer::new(self.rest);
        lexer.skip_spaces(Quirk::ExtraSpace);
        let name = lexer.atom();
        self.rest = lexer.rest();
        name.map(Capability::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The code as Debug shows it, the text, the quirks.
    fn told(octets: &[u8]) -> (Option<Code<'_>>, &[u8], Vec<Quirk>) {
        let mut lexer = Lexer::new(octets);
        let code = parse_text(&mut lexer);
        let (text, quirks) = (lexer.rest(), lexer.quirks());
        (code, text, Quirk::ALL.into_iter().filter(|&quirk| quirks.contains(quirk)).collect())
    }

    /// Asserts that a code matches a pattern, and that nothing had to be forgiven.
    macro_rules! code {
        ($octets:expr, $pattern:pat $(if $guard:expr)?) => {
            let (code, text, quirks) = told($octets);
            assert!(matches!(code, Some($pattern) $(if $guard)?), "{code:?}");
            assert_eq!((text, &quirks[..]), (&b"text"[..], &[][..]), "{}", $octets.escape_ascii());
        };
    }

    fn ranges(set: SequenceSet<'_>) -> Vec<(u32, u32)> {
        set.ranges().map(|range| (range.first, range.last)).collect()
    }

    #[test]
    fn codes_without_arguments_are_known_in_any_case() {
        for name in [BARE, MORE_BARE].into_iter().flat_map(|names| names.split(' ')) {
            for name in [name, &name.to_lowercase()] {
                let line = format!("[{name}] text");
                let (told, text, quirks) = told(line.as_bytes());
                // The variants are called as the codes are.
                let told = format!("{:?}", told.unwrap()).to_uppercase();
                assert_eq!(told, name.to_uppercase().replace('-', ""));
                assert_eq!((text, quirks), (&b"text"[..], vec![]));
            }
        }
    }

    // RFC 3501 §7.1 and §6.3.1, RFC 9051 §7.1.
    #[test]
    fn codes_of_the_base_protocol() {
        code!(b"[ALERT] text", Code::Alert);
        code!(b"[UIDNEXT 4392] text", Code::UidNext(4392));
        code!(b"[UIDVALIDITY 3857529045] text", Code::UidValidity(3_857_529_045));
        code!(b"[UNSEEN 12] text", Code::Unseen(12));
        code!(b"[READ-WRITE] text", Code::ReadWrite);
        code!(b"[BADCHARSET] text", Code::BadCharset(list) if list.is_empty());
        code!(b"[BADCHARSET (US-ASCII \"UTF-8\")] text", Code::BadCharset(list)
            if list.iter().map(ImapString::as_received).eq([&b"US-ASCII"[..], b"UTF-8"]));
        code!(b"[CAPABILITY IMAP4rev1 LITERAL+] text", Code::Capability(list)
            if list.iter().map(Capability::name).eq([&b"IMAP4rev1"[..], b"LITERAL+"]));
        code!(b"[PERMANENTFLAGS (\\Deleted \\Seen \\*)] text", Code::PermanentFlags(flags)
            if flags.iter().count() == 3);
        code!(b"[PERMANENTFLAGS ()] text", Code::PermanentFlags(flags) if flags.is_empty());
    }

    // RFC 4315 §3 and §4; the second COPYUID is RFC 9051 §6.4.8's.
    #[test]
    fn codes_of_uidplus() {
        code!(b"[APPENDUID 38505 3955] text", Code::AppendUid { uid_validity: 38505, uids }
            if ranges(uids) == [(3955, 3955)]);
        code!(b"[APPENDUID 38505 3955:3957] text", Code::AppendUid { uid_validity: 38505, uids }
            if uids.count() == 3);
        code!(b"[COPYUID 38505 304,319:320 3956:3958] text",
            Code::CopyUid { uid_validity: 38505, source, destination }
            if ranges(source) == [(304, 304), (319, 320)] && ranges(destination) == [(3956, 3958)]);
        code!(b"[COPYUID 432432 42:69 1202:1229] text", Code::CopyUid { uid_validity: 432_432, source, .. }
            if source.count() == 28);
        code!(b"[UIDNOTSTICKY] text", Code::UidNotSticky);
    }

    #[test]
    fn codes_of_extensions() {
        // RFC 7162 §3.1.2.1, §3.1.3.
        code!(b"[HIGHESTMODSEQ 715194045007] text", Code::HighestModSeq(715_194_045_007));
        code!(b"[MODIFIED 7,9] text", Code::Modified(set) if ranges(set) == [(7, 7), (9, 9)]);
        // RFC 5464 §4.2.1, §4.3.
        code!(b"[METADATA LONGENTRIES 2199] text", Code::MetadataLongEntries(2199));
        code!(b"[metadata maxSizE 4294967295] text", Code::MetadataMaxSize(4_294_967_295));
        code!(b"[METADATA TOOMANY] text", Code::MetadataTooMany);
        code!(b"[METADATA NOPRIVATE] text", Code::MetadataNoPrivate);
        // RFC 8474 §4.1.
        code!(b"[MAILBOXID (F2212ea87-6097-4256-9d51-71338625)] text", Code::MailboxId(id)
            if id == b"F2212ea87-6097-4256-9d51-71338625");
        // RFC 9585 §4.
        code!(b"[INPROGRESS (\"A001\" 454 1000)] text",
            Code::InProgress { tag: Some(tag), done: Some(454), goal: Some(1000) } if tag == *b"A001");
        code!(
            b"[INPROGRESS (\"A001\" 999 NIL)] text",
            Code::InProgress { tag: Some(_), done: Some(999), goal: None }
        );
        code!(
            b"[INPROGRESS (NIL NIL NIL)] text",
            Code::InProgress { tag: None, done: None, goal: None }
        );
        code!(b"[INPROGRESS] text", Code::InProgress { tag: None, done: None, goal: None });
        // RFC 9738 §3.1.
        code!(
            b"[MESSAGELIMIT 1000 23221] text",
            Code::MessageLimit { limit: 1000, uid: Some(23221) }
        );
        code!(b"[MESSAGELIMIT 1000] text", Code::MessageLimit { limit: 1000, uid: None });
        // RFC 5465 §8, RFC 5267 §4.3.1, RFC 5466 §3.1, RFC 2221 §3, RFC 5257 §4.5.
        code!(b"[BADEVENT (FlagChange MessageNew)] text", Code::BadEvent(list)
            if list.iter().count() == 2);
        code!(b"[NOUPDATE \"B02\"] text", Code::NoUpdate(tag) if tag == *b"B02");
        code!(b"[UNDEFINED-FILTER OnTheRoad] text", Code::UndefinedFilter(b"OnTheRoad"));
        code!(
            b"[REFERRAL IMAP://user;AUTH=*@SERVER2/] text",
            Code::Referral(b"IMAP://user;AUTH=*@SERVER2/")
        );
        code!(b"[ANNOTATE TOOBIG] text", Code::AnnotateTooBig);
        code!(b"[ANNOTATE TOOMANY] text", Code::AnnotateTooMany);
    }

    #[test]
    fn brackets_in_strings_and_flags_do_not_end_the_code() {
        code!(b"[BADURL \"/INBOX;UIDVALIDITY=785799047/;UID=[11]\\\"\"] text", Code::BadUrl(url)
            if url == *b"/INBOX;UIDVALIDITY=785799047/;UID=[11]\"");
        code!(b"[BADURL /INBOX/;UID=113330;section=1.5.9] text", Code::BadUrl(url)
            if url == *b"/INBOX/;UID=113330;section=1.5.9");
        let (code, text, quirks) = told(b"[PERMANENTFLAGS ([css3-page] \\*)] Flags permitted.");
        let Some(Code::PermanentFlags(flags)) = code else { panic!("{code:?}") };
        assert_eq!(flags.iter().map(|flag| flag.as_bytes()).next(), Some(&b"[css3-page]"[..]));
        assert_eq!((text, &quirks[..]), (&b"Flags permitted."[..], &[Quirk::BadFlag][..]));
        // An opening one is an ATOM-CHAR.
        let (code, text, _) = told(b"[XFOO see bar[baz] mailbox is busy");
        assert!(matches!(code, Some(Code::Unknown { name: b"XFOO", arguments: b"see bar[baz" })));
        assert_eq!(text, b"mailbox is busy");
        // What is not closed does not hide the end.
        let (code, text, _) = told(b"[X-A \"b] it's (so)");
        assert!(matches!(code, Some(Code::Unknown { name: b"X-A", arguments: b"\"b" })));
        assert_eq!(text, b"it's (so)");
    }

    #[test]
    fn unknown_codes_keep_their_arguments() {
        code!(b"[X-FOO bar (baz)] text", Code::Unknown { name: b"X-FOO", arguments: b"bar (baz)" });
        code!(b"[JMAPACCESS] text", Code::Unknown { name: b"JMAPACCESS", arguments: b"" });
        code!(
            b"[URLMECH INTERNAL XSAMPLE=P34OKhO7VEkCbsiYY8rGEg==] text",
            Code::Unknown { name: b"URLMECH", .. }
        );
    }

    #[test]
    fn text_is_for_people() {
        for text in [&b"LOGIN completed"[..], b"a {5}", b"see [ALERT] {3+}", b" [ALERT]", b"x]"] {
            let (code, told, quirks) = told(text);
            assert!(code.is_none());
            assert_eq!((told, &quirks[..]), (text, &[][..]));
        }
    }

    #[test]
    fn missing_text_is_forgiven() {
        let (code, text, quirks) = told(b"[HIGHESTMODSEQ 102784]");
        assert!(matches!(code, Some(Code::HighestModSeq(102_784))));
        assert_eq!((text, &quirks[..]), (&b""[..], &[Quirk::MissingText][..]));
        let (code, text, quirks) = told(b"");
        assert_eq!(
            (code.is_none(), text, &quirks[..]),
            (true, &b""[..], &[Quirk::MissingText][..])
        );
        // RFC 9051 §9: `resp-text = ["[" resp-text-code "]" SP] [text]`.
        let (code, text, quirks) = told(b"[READ-WRITE] ");
        assert!(matches!(code, Some(Code::ReadWrite)));
        assert_eq!((text, &quirks[..]), (&b""[..], &[][..]));
        let (_, text, quirks) = told(b"[READ-WRITE]done");
        assert_eq!((text, &quirks[..]), (&b"done"[..], &[Quirk::MissingSpace][..]));
    }

    #[test]
    fn what_is_no_code_stays_in_the_text() {
        for text in [
            &b"[] hello"[..],
            b"[REFERRAL imap://user@host/INBOX",
            b"[\x01BAD-CODE] done",
            b"[Error=\"LOGIN failed\" AuthResultFromPopImapEnd=0] sorry",
        ] {
            let (code, told, quirks) = told(text);
            assert!(code.is_none(), "{code:?}");
            assert_eq!((told, &quirks[..]), (text, &[Quirk::BadCode][..]));
        }
    }

    #[test]
    fn zero_is_told_and_reported() {
        for (octets, debug) in [
            (&b"[UIDNEXT 0] next"[..], "UidNext(0)"),
            (b"[UIDVALIDITY 0] valid", "UidValidity(0)"),
            (b"[UNSEEN 0] none", "Unseen(0)"),
        ] {
            let (code, _, quirks) = told(octets);
            assert_eq!(format!("{:?}", code.unwrap()), debug);
            assert_eq!(quirks, [Quirk::BadNumber]);
        }
    }

    #[test]
    fn empty_sets_are_told_as_empty() {
        let (code, text, quirks) = told(b"[COPYUID 701  ] done");
        let Some(Code::CopyUid { uid_validity: 701, source, destination }) = code else {
            panic!("{code:?}")
        };
        assert!(source.is_empty() && destination.is_empty());
        assert_eq!(text, b"done");
        assert!(quirks.contains(&Quirk::MissingField));
    }

    #[test]
    fn malformed_arguments_leave_the_code_unknown() {
        for octets in [
            &b"[UIDNEXT] text"[..],
            b"[UIDVALIDITY 4294967296] text",
            b"[APPENDUID None 105] text",
            b"[PERMANENTFLAGS \\Answered \\*)] text",
            b"[METADATA] text",
            b"[INPROGRESS (1 2)] text",
            b"[HIGHESTMODSEQ -1] text",
        ] {
            let (code, text, quirks) = told(octets);
            let Some(Code::Unknown { name, .. }) = code else { panic!("{code:?}") };
            assert!(octets[1..].starts_with(name));
            assert_eq!((text, &quirks[..]), (&b"text"[..], &[Quirk::BadCode][..]), "{octets:?}");
        }
    }

    #[test]
    fn what_is_too_much_is_skipped() {
        let (code, _, quirks) = told(b"[UIDNEXT 5 6] text");
        assert!(matches!(code, Some(Code::UidNext(5))));
        assert_eq!(quirks, [Quirk::ExtraField]);
        let (code, _, quirks) = told(b"[READ-ONLY ] text");
        assert!(matches!(code, Some(Code::ReadOnly)));
        assert_eq!(quirks, [Quirk::TrailingSpace]);
        let (code, _, quirks) = told(b"[PERMANENTFLAGS (\\Answered \\Seen $Forwarded )] Limited");
        assert!(matches!(code, Some(Code::PermanentFlags(flags)) if flags.iter().count() == 3));
        assert_eq!(quirks, [Quirk::TrailingSpace]);
    }

    #[test]
    fn octets_that_are_no_ascii_are_told_as_they_came() {
        let (code, text, quirks) = told(b"Logged in \xe2\x80\x93 go ahead!");
        assert!(code.is_none());
        assert_eq!(
            (text, &quirks[..]),
            (&b"Logged in \xe2\x80\x93 go ahead!"[..], &[Quirk::EightBit][..])
        );
        let (_, text, quirks) = told(b"[ALERT] a\0b\xfc");
        assert_eq!(
            (text, &quirks[..]),
            (&b"a\0b\xfc"[..], &[Quirk::EightBit, Quirk::ControlCharacter][..])
        );
    }
}
