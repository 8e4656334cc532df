//! Search keys (RFC 9051 §6.4.4 and extensions), in a flat array: each operator before its operands.

#[cfg(feature = "imap-condstore")]
use mailproto_core::imap::Flag;
#[cfg(feature = "imap-condstore")]
use mailproto_core::imap::command::FlagScope;
use mailproto_core::imap::command::{SearchKey, SearchStep, SearchSteps};

use super::argument::{Arguments, member};
use super::{mailproto_imap_date, mailproto_imap_sequence};
use crate::memory::{self, Region, Shared};
use crate::{mailproto_error, mailproto_span};

/// What a message must be like to be found (RFC 9051 §6.4.4). Which fields of
/// `mailproto_imap_search_key` are read is said with each. Strings match anywhere in the field, in any
/// case.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_imap_search {
    /// No key.
    None = 0,
    /// All messages.
    All = 1,
    /// `\Answered` is set.
    Answered = 2,
    /// `\Deleted` is set.
    Deleted = 3,
    /// `\Draft` is set.
    Draft = 4,
    /// `\Flagged` is set.
    Flagged = 5,
    /// `\Recent` is set, `\Seen` is not (RFC 3501 §6.4.4).
    New = 6,
    /// `\Recent` is not set (RFC 3501 §6.4.4).
    Old = 7,
    /// `\Recent` is set (RFC 3501 §6.4.4).
    Recent = 8,
    /// `\Seen` is set.
    Seen = 9,
    /// `\Answered` is not set.
    Unanswered = 10,
    /// `\Deleted` is not set.
    Undeleted = 11,
    /// `\Draft` is not set.
    Undraft = 12,
    /// `\Flagged` is not set.
    Unflagged = 13,
    /// `\Seen` is not set.
    Unseen = 14,
    /// This keyword is set: `text`.
    Keyword = 15,
    /// This keyword is not set: `text`.
    Unkeyword = 16,
    /// The field Bcc holds this: `text`.
    Bcc = 17,
    /// The body holds this: `text`.
    Body = 18,
    /// The field Cc holds this: `text`.
    Cc = 19,
    /// The field From holds this: `text`.
    From = 20,
    /// The field Subject holds this: `text`.
    Subject = 21,
    /// Header or body hold this: `text`.
    Text = 22,
    /// The field To holds this: `text`.
    To = 23,
    /// A header field holds this: `field` is the field's name, `text` what it holds; empty for any
    /// message that has the field.
    Header = 24,
    /// Received before this day: `date`.
    Before = 25,
    /// Received on this day: `date`.
    On = 26,
    /// Received on this day or after it: `date`.
    Since = 27,
    /// The field Date names a day before this one: `date`.
    SentBefore = 28,
    /// The field Date names this day: `date`.
    SentOn = 29,
    /// The field Date names this day or one after it: `date`.
    SentSince = 30,
    /// More octets than this: `number`.
    Larger = 31,
    /// Fewer octets than this: `number`.
    Smaller = 32,
    /// Received within the last so many seconds, at least 1 (RFC 5032): `number`.
    Younger = 33,
    /// Received longer ago than so many seconds, at least 1 (RFC 5032): `number`.
    Older = 34,
    /// These message numbers: `sequence`.
    Sequence = 35,
    /// These UIDs: `sequence`.
    Uid = 36,
    /// NOT: what does not match the key that follows.
    Not = 37,
    /// OR: what matches one of the two keys that follow, or both.
    Or = 38,
    /// The mod-sequence is at least this (RFC 7162 §3.1.5): `number`.
    ModSeq = 39,
    /// The mod-sequence of this flag is at least that (RFC 7162 §3.1.5): `text` is the flag, as
    /// `\Seen` or a keyword, `scope` a `mailproto_imap_flag_scope`, `number` the mod-sequence.
    FlagModSeq = 40,
    /// The EMAILID is this (RFC 8474 §6): `text`.
    EmailId = 41,
    /// The THREADID is this (RFC 8474 §6): `text`.
    ThreadId = 42,
    /// Put into this mailbox before this day (RFC 8514 §4.1): `date`.
    SavedBefore = 43,
    /// Put into this mailbox on this day (RFC 8514 §4.1): `date`.
    SavedOn = 44,
    /// Put into this mailbox on this day or after it (RFC 8514 §4.1): `date`.
    SavedSince = 45,
    /// The mailbox keeps the date at which messages are put into it (RFC 8514 §4.1).
    SaveDateSupported = 46,
    /// FUZZY: what resembles the key that follows (RFC 6203 §4).
    Fuzzy = 47,
    /// What the filter of this name selects (RFC 5466 §3.1): `text`.
    Filter = 48,
    /// X-GM-RAW: as in Google's own search field: `text`.
    GmailRaw = 49,
    /// X-GM-MSGID: `number`.
    GmailMessageId = 50,
    /// X-GM-THRID: `number`.
    GmailThreadId = 51,
    /// X-GM-LABELS: `text`, of which `scope` is the `mailproto_imap_mailbox_form`.
    GmailLabel = 52,
    /// A parenthesis opens: what matches all keys up to CLOSE, at least one. At most 32 may be open.
    Open = 100,
    /// It closes.
    Close = 101,
}

/// Whose flag a mod-sequence is about (RFC 7162 §7, `entry-type-req`).
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_imap_flag_scope {
    /// The user's own.
    Private = 0,
    /// The one that all users share.
    Shared = 1,
    /// Either.
    All = 2,
}

/// A search key (RFC 9051 §6.4.4). A search is an array of them, of which a message must match all;
/// NOT, OR and FUZZY stand before the keys that they are about, and parentheses make one key of
/// several: `OR FROM "ada" OPEN FROM "grace" FLAGGED CLOSE`. `MAILPROTO_IMAP_KEY`,
/// `mailproto_imap_key_text` and others make one.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_search_key {
    /// A `mailproto_imap_search`.
    pub kind: i32,
    /// As said with the kind.
    pub scope: i32,
    /// Octets, seconds, a mod-sequence or an identifier.
    pub number: u64,
    /// What a field holds, a keyword or another word.
    pub text: mailproto_span,
    /// The name of a header field.
    pub field: mailproto_span,
    /// A day.
    pub date: mailproto_imap_date,
    /// Messages.
    pub sequence: mailproto_imap_sequence,
}

memory::plain!(mailproto_imap_search_key);

/// The keys of a search, each made when it is asked for.
pub(crate) struct Keys {
    keys: Shared<&'static [mailproto_imap_search_key]>,
    tx: Region,
}

impl Keys {
    /// Checks the keys, since a step cannot fail.
    pub(crate) fn read(
        ptr: *const mailproto_imap_search_key,
        count: usize,
        arguments: &Arguments,
    ) -> Result<Self, mailproto_error> {
        let keys: &'static [mailproto_imap_search_key] = arguments.array(ptr, count)?;
        keys.iter().try_for_each(|key| step(key, arguments).map(drop))?;
        Ok(Self { keys: Shared(keys), tx: arguments.tx() })
    }
}

impl SearchSteps for Keys {
    fn step(&self, index: usize) -> Option<SearchStep<'_>> {
        step(self.keys.0.get(index)?, &Arguments::apart_from(self.tx)).ok()
    }
}

#[inline(never)]
fn step(
    key: &mailproto_imap_search_key,
    arguments: &Arguments,
) -> Result<SearchStep<'static>, mailproto_error> {
    use SearchStep::Key;
    use mailproto_imap_search as Kind;
    // Apart, since a table of all numbers up to theirs would be mostly empty.
    if key.kind >= Kind::Open as i32 {
        return Ok(
            member!(key.kind, Kind { Open => SearchStep::Open, Close => SearchStep::Close }),
        );
    }
    let text = if holds_text(key.kind) { arguments.octets(key.text)? } else { &[] };
    let date = key.date.into();
    let seconds = || u32::try_from(key.number).map_err(|_| mailproto_error::BadValue);
    Ok(member!(key.kind, Kind {
        Not => SearchStep::Not,
        Or => SearchStep::Or,
        Fuzzy => SearchStep::Fuzzy,
        All => Key(SearchKey::All),
        Answered => Key(SearchKey::Answered),
        Deleted => Key(SearchKey::Deleted),
        Draft => Key(SearchKey::Draft),
        Flagged => Key(SearchKey::Flagged),
        New => Key(SearchKey::New),
        Old => Key(SearchKey::Old),
        Recent => Key(SearchKey::Recent),
        Seen => Key(SearchKey::Seen),
        Unanswered => Key(SearchKey::Unanswered),
        Undeleted => Key(SearchKey::Undeleted),
        Undraft => Key(SearchKey::Undraft),
        Unflagged => Key(SearchKey::Unflagged),
        Unseen => Key(SearchKey::Unseen),
        Keyword => Key(SearchKey::Keyword(text)),
        Unkeyword => Key(SearchKey::Unkeyword(text)),
        Bcc => Key(SearchKey::Bcc(text)),
        Body => Key(SearchKey::Body(text)),
        Cc => Key(SearchKey::Cc(text)),
        From => Key(SearchKey::From(text)),
        Subject => Key(SearchKey::Subject(text)),
        Text => Key(SearchKey::Text(text)),
        To => Key(SearchKey::To(text)),
        Filter => Key(SearchKey::Filter(text)),
        Header => {
            Key(SearchKey::Header { field: arguments.octets(key.field)?, value: text })
        },
        Before => Key(SearchKey::Before(date)),
        On => Key(SearchKey::On(date)),
        Since => Key(SearchKey::Since(date)),
        SentBefore => Key(SearchKey::SentBefore(date)),
        SentOn => Key(SearchKey::SentOn(date)),
        SentSince => Key(SearchKey::SentSince(date)),
        Larger => Key(SearchKey::Larger(key.number)),
        Smaller => Key(SearchKey::Smaller(key.number)),
        Younger => Key(SearchKey::Younger(seconds()?)),
        Older => Key(SearchKey::Older(seconds()?)),
        Sequence => Key(SearchKey::Sequence(arguments.sequence(&key.sequence)?)),
        Uid => Key(SearchKey::Uid(arguments.sequence(&key.sequence)?)),
        #[cfg(feature = "imap-items")]
        EmailId => Key(SearchKey::EmailId(text)),
        #[cfg(feature = "imap-items")]
        ThreadId => Key(SearchKey::ThreadId(text)),
        #[cfg(feature = "imap-items")]
        SavedBefore => Key(SearchKey::SavedBefore(date)),
        #[cfg(feature = "imap-items")]
        SavedOn => Key(SearchKey::SavedOn(date)),
        #[cfg(feature = "imap-items")]
        SavedSince => Key(SearchKey::SavedSince(date)),
        #[cfg(feature = "imap-items")]
        SaveDateSupported => Key(SearchKey::SaveDateSupported),
        #[cfg(feature = "imap-condstore")]
        ModSeq => Key(SearchKey::ModSeq(key.number)),
        #[cfg(feature = "imap-condstore")]
        FlagModSeq => Key(SearchKey::FlagModSeq {
            flag: Flag::from_bytes(text),
            scope: flag_scope(key.scope)?,
            mod_seq: key.number,
        }),
        #[cfg(feature = "imap-gmail")]
        GmailRaw => Key(SearchKey::GmailRaw(text)),
        #[cfg(feature = "imap-gmail")]
        GmailMessageId => Key(SearchKey::GmailMessageId(key.number)),
        #[cfg(feature = "imap-gmail")]
        GmailThreadId => Key(SearchKey::GmailThreadId(key.number)),
        #[cfg(feature = "imap-gmail")]
        GmailLabel => Key(SearchKey::GmailLabel(arguments.mailbox(
            &super::mailproto_imap_mailbox { octets: key.text, form: key.scope },
        )?)),
    }))
}

/// Whether keys of this kind hold `text`.
const fn holds_text(kind: i32) -> bool {
    use mailproto_imap_search as Kind;
    const FIRST: i32 = Kind::Keyword as i32;
    const LAST: i32 = Kind::Header as i32;
    const FLAG_MOD_SEQ: i32 = Kind::FlagModSeq as i32;
    const EMAIL_ID: i32 = Kind::EmailId as i32;
    const THREAD_ID: i32 = Kind::ThreadId as i32;
    const FILTER: i32 = Kind::Filter as i32;
    const GMAIL_RAW: i32 = Kind::GmailRaw as i32;
    matches!(kind, FIRST..=LAST | FLAG_MOD_SEQ | EMAIL_ID | THREAD_ID | FILTER | GMAIL_RAW)
}

#[cfg(feature = "imap-condstore")]
fn flag_scope(number: i32) -> Result<FlagScope, mailproto_error> {
    use mailproto_imap_flag_scope as Scope;
    Ok(member!(number, Scope {
        Private => FlagScope::Private,
        Shared => FlagScope::Shared,
        All => FlagScope::All,
    }))
}
