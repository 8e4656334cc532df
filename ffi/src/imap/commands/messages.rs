//! Commands on the messages of the selected mailbox (RFC 9051 §6.4), by number and by UID. By number, a
//! command stays in the outgoing buffer while another is in flight during which the server may renumber the
//! messages (RFC 9051 §5.5). By UID it never has to wait.

use core::mem::MaybeUninit;

use mailproto_core::imap::command::{FetchOptions, Store};
use mailproto_core::imap::{Client, Flag, Mailbox, Sequence};

use crate::imap::argument::{Arguments, Few};
use crate::imap::client::{Object, Queued, TagOut, bare, command};
use crate::imap::item::Items;
use crate::imap::{
    mailproto_imap_client, mailproto_imap_fetch_item, mailproto_imap_fetch_options,
    mailproto_imap_mailbox, mailproto_imap_sequence,
};
use crate::{mailproto_error, mailproto_span};

/// CHECK: a checkpoint, whatever the server takes it for (RFC 3501 §6.4.1). IMAP4rev2 has dropped it:
/// use `mailproto_imap_client_noop`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_check(
    client: Option<&mut mailproto_imap_client>,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    bare(client, tag, |client| client.check())
}

/// CLOSE: removes the messages with `\Deleted`, without telling which, and closes the mailbox (RFC
/// 9051 §6.4.1).
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_close(
    client: Option<&mut mailproto_imap_client>,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    bare(client, tag, |client| client.close())
}

/// UNSELECT: closes the mailbox and removes nothing (RFC 9051 §6.4.2).
///
/// `MAILPROTO_ERROR_NOT_OFFERED` without UNSELECT.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_unselect(
    client: Option<&mut mailproto_imap_client>,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    bare(client, tag, |client| client.unselect())
}

/// EXPUNGE: removes the messages with `\Deleted` (RFC 9051 §6.4.3). Each is told by an EXPUNGE event
/// or, once QRESYNC is enabled, by VANISHED.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_expunge(
    client: Option<&mut mailproto_imap_client>,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    bare(client, tag, |client| client.expunge())
}

/// UID EXPUNGE: as `mailproto_imap_client_expunge`, but only among these UIDs (RFC 9051 §6.4.9, RFC
/// 4315 §2.1).
///
/// `MAILPROTO_ERROR_NOT_OFFERED` without UIDPLUS or IMAP4rev2; `_EMPTY`, `_MESSAGE_NUMBER_ZERO` or
/// `_BAD_ARGUMENT` for a set that cannot be, as with every command that takes one.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_uid_expunge(
    client: Option<&mut mailproto_imap_client>,
    uids: mailproto_imap_sequence,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    command(
        client,
        tag,
        &mut |client, arguments| Ok(client.uid_expunge(arguments.sequence(&uids)?)),
    )
}

/// FETCH and UID FETCH: what is asked for, and of which messages.
struct Asked<'a> {
    uid: bool,
    messages: &'a mailproto_imap_sequence,
    items: *const mailproto_imap_fetch_item,
    count: usize,
    options: Option<&'a mailproto_imap_fetch_options>,
}

fn fetch(client: Object<'_>, asked: &Asked<'_>, tag: TagOut<'_>) -> mailproto_error {
    command(client, tag, &mut |client, arguments| {
        let options = asked.options.map_or(Ok(FetchOptions::default()), FetchOptions::try_from)?;
        let items = Items::read(asked.items, asked.count, arguments)?;
        let messages = arguments.sequence(asked.messages)?;
        Ok(match asked.uid {
            true => client.uid_fetch_each(messages, &items, &options),
            false => client.fetch_each(messages, &items, &options),
        })
    })
}

/// FETCH: tells of these messages, by number, what the items ask for (RFC 9051 §6.4.5). For each
/// message: FETCH_START, then ITEM, or BODY_START, BODY_DATA and BODY_END, then FETCH_END.
///
/// @param client    the object.
/// @param messages  their numbers: `mailproto_imap_one`, `mailproto_imap_range_of` and so on.
/// @param items     what is asked for: `MAILPROTO_IMAP_FETCH`, `mailproto_imap_fetch_part`.
/// @param count     how many items there are.
/// @param options   NULL for none: of the messages those that changed since (RFC 7162 §3.1.4).
/// @param tag       receives the command's tag; may be NULL.
///
/// `MAILPROTO_ERROR_EMPTY` for no items; `MAILPROTO_ERROR_BAD_ARGUMENT` for ALL, FAST or FULL beside
/// another (`detail` is its place), for a section that cannot be, and for options that only UID FETCH
/// has; `MAILPROTO_ERROR_NOT_OFFERED` without CONDSTORE, where the options require it; those of the
/// set, as of `mailproto_imap_client_uid_expunge`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_fetch(
    client: Option<&mut mailproto_imap_client>,
    messages: mailproto_imap_sequence,
    items: *const mailproto_imap_fetch_item,
    count: usize,
    options: Option<&mailproto_imap_fetch_options>,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    fetch(client, &Asked { uid: false, messages: &messages, items, count, options }, tag)
}

/// UID FETCH: as `mailproto_imap_client_fetch`, by UID (RFC 9051 §6.4.9). UIDs that are no more are no
/// error. With the option `vanished` they come as VANISHED of the listing VANISHED_EARLIER.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_uid_fetch(
    client: Option<&mut mailproto_imap_client>,
    uids: mailproto_imap_sequence,
    items: *const mailproto_imap_fetch_item,
    count: usize,
    options: Option<&mailproto_imap_fetch_options>,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    fetch(client, &Asked { uid: true, messages: &uids, items, count, options }, tag)
}

/// What STORE does with what it names (RFC 9051 §6.4.6).
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_imap_change {
    /// These, and no others.
    Replace = 0,
    /// These beside those there are.
    Add = 1,
    /// Without these.
    Remove = 2,
}

/// How many flags or labels STORE and APPEND can name.
pub const MAILPROTO_IMAP_MAX_FLAGS: usize = 16;

/// What STORE changes (RFC 9051 §6.4.6). Begin with `MAILPROTO_IMAP_STORE_INIT`, then change what is
/// to differ.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_store {
    /// `sizeof(mailproto_imap_store)`: tells the library which fields there are.
    pub size: usize,
    /// A `mailproto_imap_change`: what is done. REPLACE unless told.
    pub change: i32,
    /// 1 if the server need not tell the new flags, else 0. 0 unless told.
    pub silent: u8,
    /// 1 if `unchanged_since` is meant, else 0. 0 unless told.
    pub has_unchanged_since: u8,
    /// Zero.
    pub reserved: [u8; 2],
    /// UNCHANGEDSINCE: if `has_unchanged_since` is 1, not where the message changed after this
    /// mod-sequence; the code MODIFIED then tells which did (RFC 7162 §3.1.3). 0: not where a flag
    /// exists already.
    pub unchanged_since: u64,
    /// The flags, with spaces between them: `\Seen $Forwarded`. None unless told.
    pub flags: mailproto_span,
    /// Gmail's labels, in place of flags. One that begins with a backslash, as `\Inbox`, is one of
    /// Google's own. NULL, flags, unless told.
    pub labels: *const mailproto_imap_mailbox,
    /// How many labels there are.
    pub label_count: usize,
}

type Change = fn(&mut Client<'static>, Sequence<'_>, &Store<'_>) -> Queued;

fn store(
    client: Object<'_>,
    messages: &mailproto_imap_sequence,
    what: Option<&mailproto_imap_store>,
    tag: TagOut<'_>,
    call: Change,
) -> mailproto_error {
    command(client, tag, &mut |client, arguments| {
        let what = what.ok_or(mailproto_error::NullPointer)?;
        if what.size != size_of::<mailproto_imap_store>() {
            return Err(mailproto_error::AbiMismatch);
        }
        if what.silent > 1 || what.has_unchanged_since > 1 || what.reserved != [0; 2] {
            return Err(mailproto_error::BadValue);
        }
        let messages = arguments.sequence(messages)?;
        if !what.labels.is_null() {
            return with_labels(what, arguments, |what| call(client, messages, what));
        }
        let mut places = [Flag::Seen; MAILPROTO_IMAP_MAX_FLAGS];
        let mut flags = Few::new(&mut places);
        fill_flags(&mut flags, what.flags, arguments)?;
        let store = match change(what.change)? {
            mailproto_imap_change::Replace => Store::replace(&flags),
            mailproto_imap_change::Add => Store::add(&flags),
            mailproto_imap_change::Remove => Store::remove(&flags),
        };
        Ok(call(client, messages, &moderated(store, what)?))
    })
}

/// Reads flags with spaces between them.
pub(crate) fn fill_flags(
    flags: &mut Few<'_, Flag<'static>>,
    span: mailproto_span,
    arguments: &Arguments,
) -> Result<(), mailproto_error> {
    arguments.fill(flags, arguments.words(span)?.map(|word| Ok(Flag::from_bytes(word))))
}

#[cfg(feature = "imap-gmail")]
fn with_labels(
    what: &mailproto_imap_store,
    arguments: &Arguments,
    call: impl FnOnce(&Store<'_>) -> Queued,
) -> Result<Queued, mailproto_error> {
    let given = arguments.array(what.labels, what.label_count)?;
    let mut places = [Mailbox::INBOX; MAILPROTO_IMAP_MAX_FLAGS];
    let mut labels = Few::new(&mut places);
    arguments.fill(&mut labels, given.iter().map(|label| arguments.mailbox(label)))?;
    let store = match change(what.change)? {
        mailproto_imap_change::Replace => Store::replace_labels(&labels),
        mailproto_imap_change::Add => Store::add_labels(&labels),
        mailproto_imap_change::Remove => Store::remove_labels(&labels),
    };
    Ok(call(&moderated(store, what)?))
}

#[cfg(not(feature = "imap-gmail"))]
fn with_labels(
    _: &mailproto_imap_store,
    _: &Arguments,
    _: impl FnOnce(&Store<'_>) -> Queued,
) -> Result<Queued, mailproto_error> {
    Err(mailproto_error::BadValue)
}

pub(super) fn change(number: i32) -> Result<mailproto_imap_change, mailproto_error> {
    use mailproto_imap_change as Change;
    let known = [Change::Replace, Change::Add, Change::Remove];
    known.into_iter().find(|known| *known as i32 == number).ok_or(mailproto_error::BadValue)
}

/// `.SILENT` and UNCHANGEDSINCE.
fn moderated<'s>(
    store: Store<'s>,
    what: &mailproto_imap_store,
) -> Result<Store<'s>, mailproto_error> {
    let store = if what.silent == 1 { store.silent() } else { store };
    if what.has_unchanged_since == 0 {
        return Ok(store);
    }
    #[cfg(feature = "imap-condstore")]
    return Ok(store.unchanged_since(what.unchanged_since));
    #[cfg(not(feature = "imap-condstore"))]
    return Err(mailproto_error::BadValue);
}

/// STORE: changes flags of these messages, by number (RFC 9051 §6.4.6). Unless it is silent the new
/// flags come as of `mailproto_imap_client_fetch`.
///
/// @param client    the object.
/// @param messages  their numbers.
/// @param what      what is changed.
/// @param tag       receives the command's tag; may be NULL.
///
/// `MAILPROTO_ERROR_EMPTY`, `_BAD_ARGUMENT` or `_FORBIDDEN_OCTET` for a flag that cannot be set;
/// `MAILPROTO_ERROR_NOT_OFFERED` for UNCHANGEDSINCE without CONDSTORE and for labels without
/// X-GM-EXT-1; `MAILPROTO_ERROR_TOO_LONG` for more than `MAILPROTO_IMAP_MAX_FLAGS`; those of the set,
/// as of `mailproto_imap_client_uid_expunge`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_store(
    client: Option<&mut mailproto_imap_client>,
    messages: mailproto_imap_sequence,
    what: Option<&mailproto_imap_store>,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    store(client, &messages, what, tag, |client, numbers, what| client.store(numbers, what))
}

/// UID STORE: as `mailproto_imap_client_store`, by UID (RFC 9051 §6.4.9).
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_uid_store(
    client: Option<&mut mailproto_imap_client>,
    uids: mailproto_imap_sequence,
    what: Option<&mailproto_imap_store>,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    store(client, &uids, what, tag, |client, uids, what| client.uid_store(uids, what))
}

/// COPY, MOVE and their UID forms.
fn transfer(
    client: Object<'_>,
    messages: &mailproto_imap_sequence,
    to: &mailproto_imap_mailbox,
    tag: TagOut<'_>,
    call: fn(&mut Client<'static>, Sequence<'_>, Mailbox<'_>) -> Queued,
) -> mailproto_error {
    command(client, tag, &mut |client, arguments| {
        Ok(call(client, arguments.sequence(messages)?, arguments.mailbox(to)?))
    })
}

/// COPY: puts these messages, by number, into another mailbox too (RFC 9051 §6.4.7). The outcome's
/// code COPYUID tells their UIDs there; with TRYCREATE the mailbox can be created.
///
/// @param client    the object.
/// @param messages  their numbers.
/// @param to        the other mailbox.
/// @param tag       receives the command's tag; may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_copy(
    client: Option<&mut mailproto_imap_client>,
    messages: mailproto_imap_sequence,
    to: mailproto_imap_mailbox,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    transfer(client, &messages, &to, tag, |client, numbers, to| client.copy(numbers, to))
}

/// UID COPY: as `mailproto_imap_client_copy`, by UID (RFC 9051 §6.4.9).
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_uid_copy(
    client: Option<&mut mailproto_imap_client>,
    uids: mailproto_imap_sequence,
    to: mailproto_imap_mailbox,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    transfer(client, &uids, &to, tag, |client, uids, to| client.uid_copy(uids, to))
}

/// MOVE: puts these messages, by number, into another mailbox (RFC 9051 §6.4.8). An untagged OK with
/// COPYUID comes first, then what `mailproto_imap_client_expunge` tells.
///
/// `MAILPROTO_ERROR_NOT_OFFERED` without MOVE or IMAP4rev2; else as `mailproto_imap_client_copy`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_move(
    client: Option<&mut mailproto_imap_client>,
    messages: mailproto_imap_sequence,
    to: mailproto_imap_mailbox,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    transfer(client, &messages, &to, tag, |client, numbers, to| client.move_to(numbers, to))
}

/// UID MOVE: as `mailproto_imap_client_move`, by UID (RFC 9051 §6.4.9).
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_uid_move(
    client: Option<&mut mailproto_imap_client>,
    uids: mailproto_imap_sequence,
    to: mailproto_imap_mailbox,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    transfer(client, &uids, &to, tag, |client, uids, to| client.uid_move_to(uids, to))
}
