//! The client's object and its loop: octets in, events out, octets to send, time. The commands stand in
//! `commands/`.

use core::mem::MaybeUninit;

use mailproto_core::imap::{Client, Config, Tag};
use mailproto_core::{LocalError, RemoteError};

use super::argument::Arguments;
use super::{mailproto_imap_config, mailproto_imap_event, mailproto_imap_state};
use crate::memory::{self, Region};
use crate::sasl::mask_of;
use crate::{error, mailproto_error, mailproto_span};

/// How many words a `mailproto_imap_client` has.
#[cfg(target_pointer_width = "64")]
pub const MAILPROTO_IMAP_CLIENT_WORDS: usize = 92;
/// How many words a `mailproto_imap_client` has.
#[cfg(all(target_pointer_width = "32", feature = "fast"))]
pub const MAILPROTO_IMAP_CLIENT_WORDS: usize = 162;
/// How many words a `mailproto_imap_client` has.
#[cfg(all(target_pointer_width = "32", not(feature = "fast")))]
pub const MAILPROTO_IMAP_CLIENT_WORDS: usize = 112;

/// An IMAP client: turns received octets into events, and calls into octets to send. It may lie
/// anywhere, `static` too, and may be moved.
///
/// One thread at a time may use it. Two clients know nothing of each other. Eight commands may be in
/// flight; a ninth is refused with `MAILPROTO_ERROR_FULL`.
#[repr(C, align(8))]
pub struct mailproto_imap_client {
    /// The library's own.
    _opaque: [MaybeUninit<usize>; MAILPROTO_IMAP_CLIENT_WORDS],
}

memory::opaque!(mailproto_imap_client, Engine, 0x4350_4d49);

/// What lies in a `mailproto_imap_client`.
pub(crate) struct Engine {
    pub(crate) client: Client<'static>,
    /// The number that goes with the error that was returned last.
    detail: usize,
}

impl Engine {
    pub(crate) fn refused(&mut self, error: LocalError) -> mailproto_error {
        let (code, detail) = error::local(error);
        self.detail = detail;
        code
    }

    /// Keeps the number that goes with an error of this boundary.
    pub(crate) fn limited(&mut self, arguments: &Arguments) {
        self.detail = arguments.limit();
    }

    fn failed(&mut self, error: RemoteError) -> mailproto_error {
        let (code, detail) = error::remote(error.violation);
        self.detail = detail;
        code
    }

    /// The engine writes to the outgoing buffer while it reads arguments.
    pub(crate) fn arguments(&self) -> Arguments {
        let [_, tx] = self.client.memory();
        Arguments::apart_from(Region::of(tx))
    }
}

pub(crate) type Object<'a> = Option<&'a mut mailproto_imap_client>;
/// Where a command's tag goes.
pub(crate) type TagOut<'a> = Option<&'a mut MaybeUninit<u32>>;
/// What the engine says to a command.
pub(crate) type Queued = Result<Tag, LocalError>;

// Every command goes through these, which are no templates, so that a chip has them once.

/// The engine in the object; after a fatal error every call returns it again.
#[inline(never)]
fn ready(client: Object<'_>) -> Result<&mut Engine, mailproto_error> {
    unfailed(memory::open_mut(client)?)
}

fn unfailed(engine: &mut Engine) -> Result<&mut Engine, mailproto_error> {
    match engine.client.failure() {
        Some(error) => Err(engine.failed(error)),
        None => Ok(engine),
    }
}

/// Queues a command: finds the engine, lets `call` read the arguments and queue, and hands the tag over.
#[inline(never)]
pub(crate) fn command(
    client: Object<'_>,
    mut tag: TagOut<'_>,
    call: &mut dyn FnMut(&mut Client<'static>, &Arguments) -> Result<Queued, mailproto_error>,
) -> mailproto_error {
    act(client, &mut |engine| {
        let arguments = engine.arguments();
        let queued = call(&mut engine.client, &arguments);
        let queued = queued.inspect_err(|_| engine.limited(&arguments))?;
        let queued = queued.map_err(|error| engine.refused(error))?;
        if let Some(tag) = &mut tag {
            tag.write(queued.0);
        }
        Ok(())
    })
}

/// Queues a command without arguments.
#[inline(never)]
pub(crate) fn bare(
    client: Object<'_>,
    tag: TagOut<'_>,
    call: fn(&mut Client<'static>) -> Queued,
) -> mailproto_error {
    command(client, tag, &mut |client, _| Ok(call(client)))
}

#[inline(never)]
pub(crate) fn act(
    client: Object<'_>,
    call: &mut dyn FnMut(&mut Engine) -> Result<(), mailproto_error>,
) -> mailproto_error {
    mailproto_error::of(ready(client).and_then(call))
}

/// Does what the engine may refuse.
#[inline(never)]
pub(crate) fn attempt(
    client: Object<'_>,
    call: fn(&mut Client<'static>) -> Result<(), LocalError>,
) -> mailproto_error {
    act(client, &mut |engine| call(&mut engine.client).map_err(|error| engine.refused(error)))
}

/// Sets a client up for one connection.
///
/// `scratch` and `tx` are borrowed until `mailproto_imap_client_wipe` or until the object is set up
/// anew; neither may be touched by the program meanwhile.
///
/// @param client       the object.
/// @param size         `sizeof *client`.
/// @param scratch      holds a data item that a read cut, and bounds how long one may be; bodies and
///                     long lists stream past it. 512 octets work, 4096 hold nearly all that servers
///                     send.
/// @param scratch_len  its size in octets.
/// @param tx           holds commands until they are sent; the messages of APPEND stream through it.
///                     256 octets hold most commands.
/// @param tx_len       its size in octets.
/// @param config       how to behave; NULL for the default: lenient, STARTTLS required, pipelining.
///
/// Returns `MAILPROTO_OK`; `MAILPROTO_ERROR_NULL_POINTER`; `MAILPROTO_ERROR_ABI_MISMATCH` when
/// `size` or `config->size` is not the library's; `MAILPROTO_ERROR_BAD_VALUE` for what `config` may
/// not hold; `MAILPROTO_ERROR_OVERLAP` when the buffers overlap. Then the object is as it was.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_init(
    client: Option<&mut mailproto_imap_client>,
    size: usize,
    scratch: *mut u8,
    scratch_len: usize,
    tx: *mut u8,
    tx_len: usize,
    config: Option<&mailproto_imap_config>,
) -> mailproto_error {
    mailproto_error::of(memory::vacant(client, size).and_then(|vacant| {
        let config = config.map_or(Ok(Config::default()), Config::try_from)?;
        memory::check_disjoint(scratch, scratch_len, tx, tx_len)?;
        let scratch = memory::octets_mut(scratch, scratch_len)?;
        let tx = memory::octets_mut(tx, tx_len)?;
        memory::place(vacant, Engine { client: Client::new(scratch, tx, config), detail: 0 });
        Ok(())
    }))
}

/// Ends the use of a client: wipes the scratch buffer, the outgoing buffer and the object, and
/// gives the buffers back.
///
/// Returns `MAILPROTO_OK`, `MAILPROTO_ERROR_NULL_POINTER` or `MAILPROTO_ERROR_NOT_INITIALIZED`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_wipe(
    client: Option<&mut mailproto_imap_client>,
) -> mailproto_error {
    mailproto_error::of(wipe(client))
}

fn wipe(mut client: Object<'_>) -> Result<(), mailproto_error> {
    memory::open_mut(client.as_deref_mut())?.client.wipe();
    memory::dismiss(client)
}

/// Takes octets that were received, and tells what happened, one event a call. Call it until it
/// returns 0: then all octets were taken and nothing more is to be told. Call it after
/// `mailproto_imap_client_tick` too, with nothing if there is nothing.
///
/// After COMPRESS was accepted it takes no more: what is left is compressed. See
/// `mailproto_imap_client_compression_established`.
///
/// @param client     the object.
/// @param input      where the received octets lie; advanced past those that were taken. Any memory
///                   but the scratch buffer and the outgoing buffer.
/// @param input_len  how many there are; reduced by as many.
/// @param event      is filled in when 1 is returned. Its spans lie in the input or in the scratch
///                   buffer.
///
/// Returns 1 for an event, 0 for none, or a `mailproto_error`, which is negative. A code of -200
/// and below ends the session; every further call returns the same.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_poll(
    client: Option<&mut mailproto_imap_client>,
    input: Option<&mut *const u8>,
    input_len: Option<&mut usize>,
    event: Option<&mut MaybeUninit<mailproto_imap_event>>,
) -> i32 {
    match poll(client, input, input_len, event) {
        Ok(happened) => happened.into(),
        Err(code) => code as i32,
    }
}

fn poll(
    client: Object<'_>,
    input: Option<&mut *const u8>,
    input_len: Option<&mut usize>,
    event: Option<&mut MaybeUninit<mailproto_imap_event>>,
) -> Result<bool, mailproto_error> {
    let engine = memory::open_mut(client)?;
    let (Some(ptr), Some(len), Some(event)) = (input, input_len, event) else {
        return Err(mailproto_error::NullPointer);
    };
    let engine = unfailed(engine)?;
    let mut input = memory::octets(*ptr, *len)?;
    let region = Region::of(input);
    if engine.client.memory().iter().any(|lent| region.overlaps(Region::of(lent))) {
        return Err(mailproto_error::Overlap);
    }
    let mut told = None;
    let outcome = engine.client.poll_to(&mut input, &mut told);
    *ptr = ptr.wrapping_add(len.wrapping_sub(input.len()));
    *len = input.len();
    if let Err(error) = outcome {
        return Err(engine.failed(error));
    }
    if let Some(told) = &told {
        mailproto_imap_event::write(event, told);
    }
    Ok(told.is_some())
}

/// What is to be sent now. Commands that must wait for a reply are not in it yet.
///
/// @param client  the object.
/// @param octets  receives where it lies, until the next call on the object.
/// @param len     receives how many octets there are; 0 for nothing, and in every case of error.
///
/// Returns `MAILPROTO_OK`, or why not.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_outgoing(
    client: Option<&mailproto_imap_client>,
    octets: Option<&mut MaybeUninit<*const u8>>,
    len: Option<&mut MaybeUninit<usize>>,
) -> mailproto_error {
    let (Some(ptr), Some(len)) = (octets, len) else {
        return mailproto_error::NullPointer;
    };
    let (pending, outcome) = match memory::open(client) {
        Ok(engine) => match failure_of(engine) {
            mailproto_error::None => (engine.client.outgoing(), mailproto_error::None),
            code => (&[][..], code),
        },
        Err(code) => (&[][..], code),
    };
    mailproto_span::from(pending).write(ptr, len);
    outcome
}

fn failure_of(engine: &Engine) -> mailproto_error {
    let failure = engine.client.failure();
    failure.map_or(mailproto_error::None, |error| error::remote(error.violation).0)
}

/// Tells that the first `n` octets of `mailproto_imap_client_outgoing` have been sent. They are
/// wiped. A number larger than there are octets counts as all of them.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_sent(
    client: Option<&mut mailproto_imap_client>,
    n: usize,
) -> mailproto_error {
    act(client, &mut |engine| {
        engine.client.sent(n);
        Ok(())
    })
}

/// Tells that the connection has ended.
///
/// Returns `MAILPROTO_OK` after the server has said BYE or has answered LOGOUT;
/// `MAILPROTO_ERROR_UNEXPECTED_EOF` while a reply was due or in the middle of a response: what was
/// delivered of a body is not the body; `MAILPROTO_ERROR_CLOSED_BY_PEER` otherwise. Commands that
/// were never answered are then told by `mailproto_imap_client_poll`, with status NOT_SENT, if it
/// returned `MAILPROTO_OK`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_eof(
    client: Option<&mut mailproto_imap_client>,
) -> mailproto_error {
    act(client, &mut |engine| engine.client.eof().map_err(|error| engine.failed(error)))
}

/// Tells the time, in milliseconds of any clock that does not jump; it may wrap. An IDLE that has
/// lasted `idle_reissue_ms` is told by the next `mailproto_imap_client_poll`.
///
/// Returns `MAILPROTO_OK`, or `MAILPROTO_ERROR_TIMEOUT` when a reply was due and nothing came for
/// `reply_timeout_ms`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_tick(
    client: Option<&mut mailproto_imap_client>,
    now_ms: u32,
) -> mailproto_error {
    act(client, &mut |engine| engine.client.tick(now_ms).map_err(|error| engine.failed(error)))
}

/// When `mailproto_imap_client_tick` should be called at the latest, on its clock.
///
/// Returns 1 and fills in `deadline_ms`, or 0 while nothing is awaited and before the first `tick`, or
/// a negative `mailproto_error`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_deadline(
    client: Option<&mailproto_imap_client>,
    deadline_ms: Option<&mut MaybeUninit<u32>>,
) -> i32 {
    let Some(deadline) = deadline_ms else {
        return mailproto_error::NullPointer as i32;
    };
    match memory::open(client) {
        Ok(engine) => told(engine.client.deadline(), Some(deadline)),
        Err(code) => code as i32,
    }
}

/// 1 and the value, or 0.
fn told<T>(value: Option<T>, out: Option<&mut MaybeUninit<T>>) -> i32 {
    match (value, out) {
        (Some(value), Some(out)) => {
            out.write(value);
            1
        }
        (Some(_), None) => 1,
        (None, _) => 0,
    }
}

/// Where the session stands.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_state(
    client: Option<&mailproto_imap_client>,
) -> mailproto_imap_state {
    let engine = memory::open(client);
    engine.map_or(mailproto_imap_state::None, |engine| engine.client.state().into())
}

/// What the server announced last: the bits `MAILPROTO_IMAP_CAPABILITY_…`. Without
/// `MAILPROTO_IMAP_CAPABILITY_KNOWN` nothing is known, and it is time to ask with CAPABILITY: at the
/// beginning, unless the greeting told; after STARTTLS; after login, unless the server told by then
/// (RFC 9051 §6.2.2). 0 for NULL and for an object that was not set up.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_capabilities(
    client: Option<&mailproto_imap_client>,
) -> u64 {
    memory::open(client).map_or(0, |engine| engine.client.capabilities().bits())
}

/// What ENABLE has switched on (RFC 9051 §6.3.1): the bits `MAILPROTO_IMAP_CAPABILITY_…`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_enabled(client: Option<&mailproto_imap_client>) -> u64 {
    memory::open(client).map_or(0, |engine| engine.client.enabled().bits())
}

/// 1 if mailbox names are UTF-8, since UTF8=ACCEPT or IMAP4rev2 was enabled; 0 if they are modified
/// UTF-7.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_is_utf8(client: Option<&mailproto_imap_client>) -> i32 {
    memory::open(client).is_ok_and(|engine| engine.client.is_utf8()).into()
}

/// The letters before the number in each tag as it is sent (RFC 9051 §2.2.1), for those who compare
/// tags with one that a response names, as ESEARCH does. They lie in the object.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_tag_prefix(
    client: Option<&mailproto_imap_client>,
) -> mailproto_span {
    let prefix = memory::open(client).map(|engine| engine.client.tag_prefix());
    prefix.unwrap_or_default().into()
}

/// The SASL mechanisms that the server announced, of those that are known here: the bit `1u <<
/// mechanism` for each `mailproto_sasl_mechanism`. See `mailproto_sasl_choose`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_mechanisms(client: Option<&mailproto_imap_client>) -> u32 {
    memory::open(client).map_or(0, |engine| mask_of(engine.client.mechanisms()))
}

/// 1 if credentials may be sent: the channel is private, or was declared good enough. Else 0. While
/// it is not private whatever the server says, ALERTs too, may have been said by someone else.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_may_send_credentials(
    client: Option<&mailproto_imap_client>,
) -> i32 {
    memory::open(client).is_ok_and(|engine| engine.client.may_send_credentials()).into()
}

/// 1 if no command is in flight, else 0.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_is_idle(client: Option<&mailproto_imap_client>) -> i32 {
    memory::open(client).is_ok_and(|engine| engine.client.is_idle()).into()
}

/// How many octets have been received.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_received(client: Option<&mailproto_imap_client>) -> u64 {
    memory::open(client).map_or(0, |engine| engine.client.received())
}

/// How many messages the selected mailbox holds (RFC 9051 §2.3.1.2): what EXISTS said, less what
/// EXPUNGE and VANISHED took.
///
/// @param client  the object.
/// @param count   receives the number; may be NULL.
///
/// Returns 1 if it is known, or 0. So with the next four.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_messages(
    client: Option<&mailproto_imap_client>,
    count: Option<&mut MaybeUninit<u32>>,
) -> i32 {
    told(memory::open(client).ok().and_then(|engine| engine.client.messages()), count)
}

/// How many of them are recent (RFC 3501 §2.3.2).
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_recent(
    client: Option<&mailproto_imap_client>,
    count: Option<&mut MaybeUninit<u32>>,
) -> i32 {
    told(memory::open(client).ok().and_then(|engine| engine.client.recent()), count)
}

/// The selected mailbox's UIDVALIDITY (RFC 9051 §2.3.1.1). With another one than last time all that
/// was kept by UID is void.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_uid_validity(
    client: Option<&mailproto_imap_client>,
    uid_validity: Option<&mut MaybeUninit<u32>>,
) -> i32 {
    told(memory::open(client).ok().and_then(|engine| engine.client.uid_validity()), uid_validity)
}

/// What UID the next message will get at the least (RFC 9051 §2.3.1.1).
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_uid_next(
    client: Option<&mailproto_imap_client>,
    uid_next: Option<&mut MaybeUninit<u32>>,
) -> i32 {
    told(memory::open(client).ok().and_then(|engine| engine.client.uid_next()), uid_next)
}

/// The highest mod-sequence that HIGHESTMODSEQ told (RFC 7162 §3.1.2.1). Keep it only when all
/// responses of the command that brought it have been taken (RFC 7162 §3.2.5).
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_highest_mod_seq(
    client: Option<&mailproto_imap_client>,
    mod_seq: Option<&mut MaybeUninit<u64>>,
) -> i32 {
    told(memory::open(client).ok().and_then(|engine| engine.client.highest_mod_seq()), mod_seq)
}

/// 1 if the selected mailbox cannot be changed (RFC 9051 §6.3.3, `READ-ONLY`), else 0.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_is_read_only(
    client: Option<&mailproto_imap_client>,
) -> i32 {
    memory::open(client).is_ok_and(|engine| engine.client.is_read_only()).into()
}

/// The number that goes with the error that was returned last: an index, a limit, a size; see
/// `mailproto_error`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_detail(client: Option<&mailproto_imap_client>) -> usize {
    memory::open(client).map_or(0, |engine| engine.detail)
}

/// What ended the session: `MAILPROTO_OK` if it was not ended by an error.
///
/// @param client  the object.
/// @param offset  receives how many octets of this connection had been received before the
///                offending item; may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_failure(
    client: Option<&mailproto_imap_client>,
    offset: Option<&mut MaybeUninit<u64>>,
) -> mailproto_error {
    let engine = memory::open(client);
    if let Some(offset) = offset {
        let failure = engine.as_ref().ok().and_then(|engine| engine.client.failure());
        offset.write(failure.map_or(0, |error| error.offset));
    }
    engine.map_or_else(|code| code, failure_of)
}
