//! Commands that open, keep and list mailboxes (RFC 9051 §6.3, RFC 3501 §6.3).

use core::mem::MaybeUninit;

#[cfg(feature = "imap-list")]
use mailproto_core::imap::command::{ListOptions, ListReturn, ListSelection, StatusItem};
#[cfg(feature = "imap-condstore")]
use mailproto_core::imap::command::{QResync, SelectOptions};
use mailproto_core::imap::{Attribute, Client, Mailbox};

#[cfg(feature = "imap-condstore")]
use crate::imap::argument::Arguments;
use crate::imap::argument::Few;
#[cfg(feature = "imap-list")]
use crate::imap::client::bare;
use crate::imap::client::{Object, Queued, TagOut, command};
#[cfg(feature = "imap-condstore")]
use crate::imap::mailproto_imap_sequence;
use crate::imap::{mailproto_imap_client, mailproto_imap_mailbox};
use crate::{mailproto_error, mailproto_span};

/// A command whose only argument is a mailbox.
fn of_mailbox(
    client: Object<'_>,
    mailbox: &mailproto_imap_mailbox,
    tag: TagOut<'_>,
    call: fn(&mut Client<'static>, Mailbox<'_>) -> Queued,
) -> mailproto_error {
    command(client, tag, &mut |client, arguments| Ok(call(client, arguments.mailbox(mailbox)?)))
}

/// SELECT: opens a mailbox (RFC 9051 §6.3.2). FLAGS, EXISTS and, as codes of untagged OKs,
/// UIDVALIDITY, UIDNEXT and PERMANENTFLAGS come before the outcome. A mailbox that is open is closed
/// first, even if this fails; nothing is expunged.
///
/// @param client   the object.
/// @param mailbox  its name: `mailproto_imap_named`, `mailproto_imap_received`.
/// @param tag      receives the command's tag; may be NULL.
///
/// `MAILPROTO_ERROR_BAD_ARGUMENT`, `_FORBIDDEN_OCTET` or `_NOT_UTF8` for a name that cannot be sent.
/// So with every command that takes a mailbox.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_select(
    client: Option<&mut mailproto_imap_client>,
    mailbox: mailproto_imap_mailbox,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    of_mailbox(client, &mailbox, tag, |client, mailbox| client.select(mailbox))
}

/// EXAMINE: opens a mailbox that is not to be changed (RFC 9051 §6.3.3); otherwise as
/// `mailproto_imap_client_select`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_examine(
    client: Option<&mut mailproto_imap_client>,
    mailbox: mailproto_imap_mailbox,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    of_mailbox(client, &mailbox, tag, |client, mailbox| client.examine(mailbox))
}

/// What SELECT and EXAMINE ask for beside the mailbox (RFC 7162 §3.1.8, §3.2.5). Begin with
/// `MAILPROTO_IMAP_SELECT_OPTIONS_INIT`, then change what is to differ.
#[cfg(feature = "imap-condstore")]
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_select_options {
    /// `sizeof(mailproto_imap_select_options)`: tells the library which fields there are.
    pub size: usize,
    /// QRESYNC: the HIGHESTMODSEQ that the mailbox had when it was open last.
    pub mod_seq: u64,
    /// QRESYNC: the UIDVALIDITY that it had then.
    pub uid_validity: u32,
    /// CONDSTORE: 1 if mod-sequences shall be told from now on (RFC 7162 §3.1.8), else 0. 0 unless
    /// told.
    pub condstore: u8,
    /// QRESYNC: 1 if only what has changed since is to be told; ENABLE QRESYNC must come first. 0
    /// unless told.
    pub qresync: u8,
    /// Zero.
    pub reserved: [u8; 2],
    /// QRESYNC: the UIDs that are known, without `*`; kind NONE for all.
    pub known_uids: mailproto_imap_sequence,
    /// QRESYNC: some message numbers, a hint that saves the server work (RFC 7162 §3.2.5.2); kind NONE
    /// for none.
    pub match_numbers: mailproto_imap_sequence,
    /// QRESYNC: the UIDs that they had, in the same order.
    pub match_uids: mailproto_imap_sequence,
}

#[cfg(feature = "imap-condstore")]
fn select_options(
    options: Option<&mailproto_imap_select_options>,
    arguments: &Arguments,
) -> Result<SelectOptions<'static>, mailproto_error> {
    let options = options.ok_or(mailproto_error::NullPointer)?;
    if options.size != size_of::<mailproto_imap_select_options>() {
        return Err(mailproto_error::AbiMismatch);
    }
    if options.condstore > 1 || options.qresync > 1 || options.reserved != [0; 2] {
        return Err(mailproto_error::BadValue);
    }
    let set = |sequence: mailproto_imap_sequence| match sequence.kind {
        0 => Ok(None),
        _ => arguments.sequence(&sequence).map(Some),
    };
    let qresync = if options.qresync == 1 {
        Some(QResync {
            uid_validity: options.uid_validity,
            mod_seq: options.mod_seq,
            known_uids: set(options.known_uids)?,
            matches: set(options.match_numbers)?.zip(set(options.match_uids)?),
        })
    } else {
        None
    };
    Ok(SelectOptions { condstore: options.condstore == 1, qresync })
}

/// SELECT with CONDSTORE or QRESYNC (RFC 7162 §3.1.8, §3.2.5): as `mailproto_imap_client_select`, and
/// with QRESYNC what changed meanwhile comes before the outcome: VANISHED of the listing
/// VANISHED_EARLIER, then FETCH with the flags.
///
/// `MAILPROTO_ERROR_BAD_ARGUMENT` for a UIDVALIDITY or mod-sequence of 0, and for `*` or `$` in a set;
/// `MAILPROTO_ERROR_NOT_OFFERED` without the extension.
#[cfg(feature = "imap-condstore")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_select_with(
    client: Option<&mut mailproto_imap_client>,
    mailbox: mailproto_imap_mailbox,
    options: Option<&mailproto_imap_select_options>,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    command(client, tag, &mut |client, arguments| {
        let options = select_options(options, arguments)?;
        Ok(client.select_with(arguments.mailbox(&mailbox)?, &options))
    })
}

/// EXAMINE with CONDSTORE or QRESYNC: as `mailproto_imap_client_select_with`, not to be changed.
#[cfg(feature = "imap-condstore")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_examine_with(
    client: Option<&mut mailproto_imap_client>,
    mailbox: mailproto_imap_mailbox,
    options: Option<&mailproto_imap_select_options>,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    command(client, tag, &mut |client, arguments| {
        let options = select_options(options, arguments)?;
        Ok(client.examine_with(arguments.mailbox(&mailbox)?, &options))
    })
}

/// CREATE: makes a mailbox, and those above it if they are missing (RFC 9051 §6.3.4). A name that ends
/// in the hierarchy separator says that others will be created below it.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_create(
    client: Option<&mut mailproto_imap_client>,
    mailbox: mailproto_imap_mailbox,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    of_mailbox(client, &mailbox, tag, |client, mailbox| client.create(mailbox))
}

/// How many special uses CREATE can name.
pub const MAILPROTO_IMAP_MAX_SPECIAL_USES: usize = 8;

/// CREATE with USE: makes a mailbox for a special use (RFC 6154 §3).
///
/// @param client       the object.
/// @param mailbox      its name.
/// @param special_use  attributes, with spaces between them, such as `\Sent`.
/// @param tag          receives the command's tag; may be NULL.
///
/// `MAILPROTO_ERROR_BAD_ARGUMENT` for an attribute that cannot be one; `MAILPROTO_ERROR_NOT_OFFERED`
/// without CREATE-SPECIAL-USE; `MAILPROTO_ERROR_TOO_LONG` for more than
/// `MAILPROTO_IMAP_MAX_SPECIAL_USES`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_create_for(
    client: Option<&mut mailproto_imap_client>,
    mailbox: mailproto_imap_mailbox,
    special_use: mailproto_span,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    command(client, tag, &mut |client, arguments| {
        let mut places = [Attribute::All; MAILPROTO_IMAP_MAX_SPECIAL_USES];
        let mut uses = Few::new(&mut places);
        let words = arguments.words(special_use)?;
        arguments.fill(&mut uses, words.map(|word| Ok(Attribute::from_bytes(word))))?;
        Ok(client.create_for(arguments.mailbox(&mailbox)?, &uses))
    })
}

/// DELETE: removes a mailbox and the messages in it, not those below it (RFC 9051 §6.3.5).
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_delete(
    client: Option<&mut mailproto_imap_client>,
    mailbox: mailproto_imap_mailbox,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    of_mailbox(client, &mailbox, tag, |client, mailbox| client.delete(mailbox))
}

/// RENAME: gives a mailbox and those below it another name (RFC 9051 §6.3.6). Of INBOX it moves the
/// messages and leaves it empty.
///
/// @param client  the object.
/// @param from    its name.
/// @param to      its name from now on.
/// @param tag     receives the command's tag; may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_rename(
    client: Option<&mut mailproto_imap_client>,
    from: mailproto_imap_mailbox,
    to: mailproto_imap_mailbox,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    command(client, tag, &mut |client, arguments| {
        Ok(client.rename(arguments.mailbox(&from)?, arguments.mailbox(&to)?))
    })
}

/// SUBSCRIBE (RFC 9051 §6.3.7).
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_subscribe(
    client: Option<&mut mailproto_imap_client>,
    mailbox: mailproto_imap_mailbox,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    of_mailbox(client, &mailbox, tag, |client, mailbox| client.subscribe(mailbox))
}

/// UNSUBSCRIBE (RFC 9051 §6.3.8).
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_unsubscribe(
    client: Option<&mut mailproto_imap_client>,
    mailbox: mailproto_imap_mailbox,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    of_mailbox(client, &mailbox, tag, |client, mailbox| client.unsubscribe(mailbox))
}

/// A command that takes a reference and a pattern.
#[cfg(feature = "imap-list")]
fn plain_list(
    client: Object<'_>,
    names: [&mailproto_imap_mailbox; 2],
    tag: TagOut<'_>,
    call: fn(&mut Client<'static>, Mailbox<'_>, Mailbox<'_>) -> Queued,
) -> mailproto_error {
    let [reference, pattern] = names;
    command(client, tag, &mut |client, arguments| {
        Ok(call(client, arguments.mailbox(reference)?, arguments.mailbox(pattern)?))
    })
}

/// LIST: the mailboxes that match a pattern (RFC 9051 §6.3.9), each as a LIST event.
///
/// @param client     the object.
/// @param reference  where the pattern begins; usually `mailproto_imap_named("")`.
/// @param pattern    `*` stands for anything, `%` for anything within one level. An empty one asks for
///                   the hierarchy separator.
/// @param tag        receives the command's tag; may be NULL.
#[cfg(feature = "imap-list")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_list(
    client: Option<&mut mailproto_imap_client>,
    reference: mailproto_imap_mailbox,
    pattern: mailproto_imap_mailbox,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    plain_list(client, [&reference, &pattern], tag, |client, reference, pattern| {
        client.list(reference, pattern)
    })
}

/// LSUB: the names that are subscribed to (RFC 3501 §6.3.9), perhaps no mailboxes any more; otherwise
/// as `mailproto_imap_client_list`.
#[cfg(feature = "imap-list")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_lsub(
    client: Option<&mut mailproto_imap_client>,
    reference: mailproto_imap_mailbox,
    pattern: mailproto_imap_mailbox,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    plain_list(client, [&reference, &pattern], tag, |client, reference, pattern| {
        client.lsub(reference, pattern)
    })
}

/// XLIST: Google's LIST that tells special uses, from before RFC 6154; otherwise as
/// `mailproto_imap_client_list`.
///
/// `MAILPROTO_ERROR_NOT_OFFERED` without XLIST.
#[cfg(feature = "imap-list")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_xlist(
    client: Option<&mut mailproto_imap_client>,
    reference: mailproto_imap_mailbox,
    pattern: mailproto_imap_mailbox,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    plain_list(client, [&reference, &pattern], tag, |client, reference, pattern| {
        client.xlist(reference, pattern)
    })
}

/// LIST considers mailboxes that are subscribed, whether they exist or not (RFC 9051 §6.3.9.1).
pub const MAILPROTO_IMAP_LIST_SELECT_SUBSCRIBED: u32 = 0x1;
/// LIST considers mailboxes of other servers too (RFC 9051 §6.3.9.1).
pub const MAILPROTO_IMAP_LIST_SELECT_REMOTE: u32 = 0x2;
/// LIST tells parents of what matches, too; not without SUBSCRIBED or SPECIAL_USE (RFC 9051
/// §6.3.9.1).
pub const MAILPROTO_IMAP_LIST_SELECT_RECURSIVE_MATCH: u32 = 0x4;
/// LIST considers mailboxes that have a special use (RFC 6154 §2).
pub const MAILPROTO_IMAP_LIST_SELECT_SPECIAL_USE: u32 = 0x8;

/// LIST tells whether a mailbox is subscribed (RFC 9051 §6.3.9.2).
pub const MAILPROTO_IMAP_LIST_RETURN_SUBSCRIBED: u32 = 0x1;
/// LIST tells whether a mailbox has children (RFC 9051 §6.3.9.2).
pub const MAILPROTO_IMAP_LIST_RETURN_CHILDREN: u32 = 0x2;
/// LIST tells the special use of a mailbox (RFC 6154 §2).
pub const MAILPROTO_IMAP_LIST_RETURN_SPECIAL_USE: u32 = 0x4;
/// A MYRIGHTS event comes with each mailbox (RFC 8440).
pub const MAILPROTO_IMAP_LIST_RETURN_MY_RIGHTS: u32 = 0x8;

/// STATUS: how many messages there are (RFC 9051 §6.3.11).
pub const MAILPROTO_IMAP_STATUS_MESSAGES: u32 = 0x1;
/// STATUS: how many are recent (RFC 3501 §6.3.10).
pub const MAILPROTO_IMAP_STATUS_RECENT: u32 = 0x2;
/// STATUS: the next UID (RFC 9051 §6.3.11).
pub const MAILPROTO_IMAP_STATUS_UID_NEXT: u32 = 0x4;
/// STATUS: the UIDVALIDITY (RFC 9051 §6.3.11).
pub const MAILPROTO_IMAP_STATUS_UID_VALIDITY: u32 = 0x8;
/// STATUS: how many have no `\Seen` (RFC 9051 §6.3.11).
pub const MAILPROTO_IMAP_STATUS_UNSEEN: u32 = 0x10;
/// STATUS: how many have `\Deleted` (RFC 9051 §6.3.11).
pub const MAILPROTO_IMAP_STATUS_DELETED: u32 = 0x20;
/// STATUS: the octets of all messages together (RFC 9051 §6.3.11).
pub const MAILPROTO_IMAP_STATUS_SIZE: u32 = 0x40;
/// STATUS: the highest mod-sequence (RFC 7162 §3.1.7).
pub const MAILPROTO_IMAP_STATUS_HIGHEST_MOD_SEQ: u32 = 0x80;
/// STATUS: the largest message that it takes (RFC 7889 §4).
pub const MAILPROTO_IMAP_STATUS_APPEND_LIMIT: u32 = 0x100;
/// STATUS: the object identifier of the mailbox (RFC 8474 §4.3).
pub const MAILPROTO_IMAP_STATUS_MAILBOX_ID: u32 = 0x200;
/// STATUS: what EXPUNGE would give back (RFC 9208 §5.3).
pub const MAILPROTO_IMAP_STATUS_DELETED_STORAGE: u32 = 0x400;

/// How many patterns LIST can have.
pub const MAILPROTO_IMAP_MAX_PATTERNS: usize = 16;

/// What LIST may be asked (RFC 9051 §6.3.9, RFC 5258). Begin with
/// `MAILPROTO_IMAP_LIST_OPTIONS_INIT`, then change what is to differ.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_list_options {
    /// `sizeof(mailproto_imap_list_options)`: tells the library which fields there are.
    pub size: usize,
    /// Which mailboxes are considered: bits `MAILPROTO_IMAP_LIST_SELECT_…`; 0 for those that exist. 0
    /// unless told.
    pub select: u32,
    /// What is told of each: bits `MAILPROTO_IMAP_LIST_RETURN_…`. 0 unless told.
    pub returns: u32,
    /// STATUS: a MAILBOX_STATUS event for each that can be selected (RFC 5819): bits
    /// `MAILPROTO_IMAP_STATUS_…`. 0, no such events, unless told.
    pub status: u32,
    /// Zero.
    pub reserved: u32,
    /// METADATA: a METADATA event for each, with these entries, with spaces between them (RFC 9590).
    /// Empty, no such events, unless told.
    pub metadata: mailproto_span,
    /// Where the patterns begin. Empty unless told.
    pub reference: mailproto_imap_mailbox,
    /// The patterns: `*` stands for anything, `%` for anything within one level of the hierarchy.
    pub patterns: *const mailproto_imap_mailbox,
    /// How many there are, at least one.
    pub pattern_count: usize,
}

/// LIST with options (RFC 9051 §6.3.9, RFC 5258): as `mailproto_imap_client_list`, with other events
/// between, if they were asked for.
///
/// `MAILPROTO_ERROR_EMPTY` for no patterns; `MAILPROTO_ERROR_BAD_ARGUMENT` for RECURSIVE_MATCH with
/// nothing that it modifies; `MAILPROTO_ERROR_NOT_OFFERED` without LIST-EXTENDED, LIST-STATUS,
/// SPECIAL-USE and so on, as the options require; `MAILPROTO_ERROR_TOO_LONG` for more than
/// `MAILPROTO_IMAP_MAX_PATTERNS`.
#[cfg(feature = "imap-list")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_list_with(
    client: Option<&mut mailproto_imap_client>,
    options: Option<&mailproto_imap_list_options>,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    command(client, tag, &mut |client, arguments| {
        let options = options.ok_or(mailproto_error::NullPointer)?;
        if options.size != size_of::<mailproto_imap_list_options>() {
            return Err(mailproto_error::AbiMismatch);
        }
        if options.reserved != 0 {
            return Err(mailproto_error::BadValue);
        }
        let given = arguments.array(options.patterns, options.pattern_count)?;
        let mut places = [Mailbox::INBOX; MAILPROTO_IMAP_MAX_PATTERNS];
        let mut patterns = Few::new(&mut places);
        arguments.fill(&mut patterns, given.iter().map(|pattern| arguments.mailbox(pattern)))?;
        let mut places = [""; super::MAILPROTO_IMAP_MAX_NAMES];
        let mut entries = Few::new(&mut places);
        arguments.fill_words(&mut entries, options.metadata)?;
        let mut places = [StatusItem::Messages; STATUS.len()];
        let mut status = Few::new(&mut places);
        arguments.fill_mask(&mut status, options.status, STATUS)?;
        let mut places = [ListSelection::Remote; SELECTION.len()];
        let mut selection = Few::new(&mut places);
        arguments.fill_mask(&mut selection, options.select, SELECTION)?;
        let mut places = [ListReturn::Children; RETURNS.len() + 2];
        let mut returns = Few::new(&mut places);
        arguments.fill_mask(&mut returns, options.returns, RETURNS)?;
        if !status.is_empty() {
            returns.push(ListReturn::Status(&status));
        }
        if !entries.is_empty() {
            #[cfg(feature = "imap-metadata")]
            returns.push(ListReturn::Metadata(&entries));
            #[cfg(not(feature = "imap-metadata"))]
            return Err(mailproto_error::BadValue);
        }
        let options = ListOptions {
            selection: &selection,
            reference: arguments.mailbox(&options.reference)?,
            patterns: &patterns,
            returns: &returns,
        };
        Ok(client.list_with(&options))
    })
}

#[cfg(feature = "imap-list")]
const SELECTION: &[(u32, ListSelection)] = &[
    (MAILPROTO_IMAP_LIST_SELECT_SUBSCRIBED, ListSelection::Subscribed),
    (MAILPROTO_IMAP_LIST_SELECT_REMOTE, ListSelection::Remote),
    (MAILPROTO_IMAP_LIST_SELECT_RECURSIVE_MATCH, ListSelection::RecursiveMatch),
    (MAILPROTO_IMAP_LIST_SELECT_SPECIAL_USE, ListSelection::SpecialUse),
];

#[cfg(feature = "imap-list")]
const RETURNS: &[(u32, ListReturn<'static>)] = &[
    (MAILPROTO_IMAP_LIST_RETURN_SUBSCRIBED, ListReturn::Subscribed),
    (MAILPROTO_IMAP_LIST_RETURN_CHILDREN, ListReturn::Children),
    (MAILPROTO_IMAP_LIST_RETURN_SPECIAL_USE, ListReturn::SpecialUse),
    #[cfg(feature = "imap-acl")]
    (MAILPROTO_IMAP_LIST_RETURN_MY_RIGHTS, ListReturn::MyRights),
];

#[cfg(feature = "imap-list")]
const STATUS: &[(u32, StatusItem<'static>)] = &[
    (MAILPROTO_IMAP_STATUS_MESSAGES, StatusItem::Messages),
    (MAILPROTO_IMAP_STATUS_RECENT, StatusItem::Recent),
    (MAILPROTO_IMAP_STATUS_UID_NEXT, StatusItem::UidNext),
    (MAILPROTO_IMAP_STATUS_UID_VALIDITY, StatusItem::UidValidity),
    (MAILPROTO_IMAP_STATUS_UNSEEN, StatusItem::Unseen),
    (MAILPROTO_IMAP_STATUS_DELETED, StatusItem::Deleted),
    (MAILPROTO_IMAP_STATUS_SIZE, StatusItem::Size),
    #[cfg(feature = "imap-condstore")]
    (MAILPROTO_IMAP_STATUS_HIGHEST_MOD_SEQ, StatusItem::HighestModSeq),
    (MAILPROTO_IMAP_STATUS_APPEND_LIMIT, StatusItem::AppendLimit),
    (MAILPROTO_IMAP_STATUS_MAILBOX_ID, StatusItem::MailboxId),
    #[cfg(feature = "imap-quota")]
    (MAILPROTO_IMAP_STATUS_DELETED_STORAGE, StatusItem::DeletedStorage),
];

/// NAMESPACE: where the user's own, other users' and shared mailboxes are (RFC 9051 §6.3.10). A
/// NAMESPACE event answers.
///
/// `MAILPROTO_ERROR_NOT_OFFERED` without NAMESPACE.
#[cfg(feature = "imap-list")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_namespace(
    client: Option<&mut mailproto_imap_client>,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    bare(client, tag, |client| client.namespace())
}

/// STATUS: what a mailbox holds, without opening it (RFC 9051 §6.3.11). A MAILBOX_STATUS event
/// answers. Not meant for the mailbox that is selected.
///
/// @param client   the object.
/// @param mailbox  its name.
/// @param items    what is asked for: bits `MAILPROTO_IMAP_STATUS_…`.
/// @param tag      receives the command's tag; may be NULL.
///
/// `MAILPROTO_ERROR_EMPTY` for no items; `MAILPROTO_ERROR_BAD_VALUE` for a bit that is none.
#[cfg(feature = "imap-list")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_status(
    client: Option<&mut mailproto_imap_client>,
    mailbox: mailproto_imap_mailbox,
    items: u32,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    command(client, tag, &mut |client, arguments| {
        let mut places = [StatusItem::Messages; STATUS.len()];
        let mut told = Few::new(&mut places);
        arguments.fill_mask(&mut told, items, STATUS)?;
        Ok(client.status(arguments.mailbox(&mailbox)?, &told))
    })
}

/// STATUS with items by their names (RFC 9051 §6.3.11), those too that this library does not know:
/// otherwise as `mailproto_imap_client_status`.
///
/// @param client   the object.
/// @param mailbox  its name.
/// @param items    the names, with spaces between them.
/// @param tag      receives the command's tag; may be NULL.
///
/// `MAILPROTO_ERROR_TOO_LONG` for more than `MAILPROTO_IMAP_MAX_NAMES`.
#[cfg(feature = "imap-list")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_status_named(
    client: Option<&mut mailproto_imap_client>,
    mailbox: mailproto_imap_mailbox,
    items: mailproto_span,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    command(client, tag, &mut |client, arguments| {
        const MAX: usize = super::MAILPROTO_IMAP_MAX_NAMES;
        let mut places = [StatusItem::Messages; MAX];
        let mut named = Few::new(&mut places);
        arguments
            .fill(&mut named, arguments.words(items)?.map(|name| Ok(StatusItem::Other(name))))?;
        Ok(client.status(arguments.mailbox(&mailbox)?, &named))
    })
}
