//! The client's functions. Each names one method of the engine, so that a program links the
//! commands it uses and no others.

use core::mem::MaybeUninit;

use mailproto_core::pop3::{Client, CommandNumber, Config};
use mailproto_core::{LocalError, RemoteError};

use super::{Place, mailproto_pop3_config, mailproto_pop3_event, mailproto_pop3_state};
use crate::memory::{self, Region};
use crate::sasl::mailproto_sasl;
#[cfg(feature = "pop3-extras")]
use crate::sasl::mask_of;
use crate::{error, mailproto_error, mailproto_span};

/// How many words a `mailproto_pop3_client` has.
#[cfg(target_pointer_width = "64")]
pub const MAILPROTO_POP3_CLIENT_WORDS: usize = 28;
/// How many words a `mailproto_pop3_client` has.
#[cfg(target_pointer_width = "32")]
pub const MAILPROTO_POP3_CLIENT_WORDS: usize = 40;

/// A POP3 client: turns received octets into events, and calls into octets to send. It may lie
/// anywhere, `static` too, and may be moved.
///
/// One thread at a time may use it. Two clients know nothing of each other.
#[repr(C, align(8))]
pub struct mailproto_pop3_client {
    /// The library's own.
    _opaque: [MaybeUninit<usize>; MAILPROTO_POP3_CLIENT_WORDS],
}

memory::opaque!(mailproto_pop3_client, Engine, 0x4350_4f50);

/// What lies in a `mailproto_pop3_client`.
pub(crate) struct Engine {
    client: Client<'static>,
    /// The number that goes with the error that was returned last.
    detail: usize,
}

impl Engine {
    fn refused(&mut self, error: LocalError) -> mailproto_error {
        let (code, detail) = error::local(error);
        self.detail = detail;
        code
    }

    fn failed(&mut self, error: RemoteError) -> mailproto_error {
        let (code, detail) = error::remote(error.violation);
        self.detail = detail;
        code
    }

    fn done(&mut self, outcome: Result<(), LocalError>) -> mailproto_error {
        outcome.map_or_else(|error| self.refused(error), |()| mailproto_error::None)
    }

    /// Hands the number of a command over, where it was queued.
    fn queued(&mut self, queued: Queued, number: Number<'_>) -> mailproto_error {
        match queued {
            Ok(queued) => {
                if let Some(number) = number {
                    number.write(queued.0);
                }
                mailproto_error::None
            }
            Err(error) => self.refused(error),
        }
    }

    /// An argument. The engine writes to the outgoing buffer while it reads arguments, so that these must
    /// not lie in it.
    fn argument(&self, span: mailproto_span) -> Result<&'static [u8], mailproto_error> {
        let argument = span.octets()?;
        let [_, tx] = self.client.memory();
        check_apart(argument, tx)?;
        Ok(argument)
    }
}

fn check_apart(octets: &[u8], others: &[u8]) -> Result<(), mailproto_error> {
    let overlaps = Region::of(octets).overlaps(Region::of(others));
    if overlaps { Err(mailproto_error::Overlap) } else { Ok(()) }
}

type Object<'a> = Option<&'a mut mailproto_pop3_client>;
type Number<'a> = Option<&'a mut MaybeUninit<u32>>;
type Queued = Result<CommandNumber, LocalError>;

/// The engine of an object that was set up. After a fatal error every call returns it again.
fn engine(client: Object<'_>) -> Result<&mut Engine, mailproto_error> {
    alive(memory::open_mut(client)?)
}

/// The same engine, if its session has not ended with an error.
fn alive(engine: &mut Engine) -> Result<&mut Engine, mailproto_error> {
    match engine.client.failure() {
        Some(error) => Err(engine.failed(error)),
        None => Ok(engine),
    }
}

/// Calls the engine, if there is one.
fn act(client: Object<'_>, call: impl FnOnce(&mut Engine) -> mailproto_error) -> mailproto_error {
    engine(client).map_or_else(|code| code, call)
}

/// Queues a command that takes two numbers, or does not look at them.
#[inline(never)]
fn command(
    client: Object<'_>,
    [argument, second]: [u32; 2],
    number: Number<'_>,
    call: fn(&mut Client<'static>, u32, u32) -> Queued,
) -> mailproto_error {
    act(client, |engine| {
        let queued = call(&mut engine.client, argument, second);
        engine.queued(queued, number)
    })
}

/// Queues a command that takes a text.
#[inline(never)]
fn text_command(
    client: Object<'_>,
    text: mailproto_span,
    number: Number<'_>,
    call: fn(&mut Client<'static>, &[u8]) -> Queued,
) -> mailproto_error {
    act(client, |engine| match engine.argument(text) {
        Ok(text) => {
            let queued = call(&mut engine.client, text);
            engine.queued(queued, number)
        }
        Err(code) => code,
    })
}

/// Queues a command that takes two texts.
#[inline(never)]
fn texts_command(
    client: Object<'_>,
    [one, other]: [mailproto_span; 2],
    number: Number<'_>,
    call: fn(&mut Client<'static>, &[u8], &[u8]) -> Queued,
) -> mailproto_error {
    act(client, |engine| match (engine.argument(one), engine.argument(other)) {
        (Ok(one), Ok(other)) => {
            let queued = call(&mut engine.client, one, other);
            engine.queued(queued, number)
        }
        (Err(code), _) | (_, Err(code)) => code,
    })
}

/// Sets a client up for one connection.
///
/// `scratch` and `tx` are borrowed until `mailproto_pop3_client_wipe` or until the object is set up
/// anew; neither may be touched by the program meanwhile.
///
/// @param client       the object.
/// @param size         `sizeof *client`.
/// @param scratch      holds a line that a read cut, and bounds how long a line may be: 512 octets
///                     hold every line that RFC 1939 allows, 256 work with all known servers.
/// @param scratch_len  its size in octets.
/// @param tx           holds commands until they are sent: 255 octets hold any command; SASL
///                     responses with large tokens need more.
/// @param tx_len       its size in octets.
/// @param config       how to behave; NULL for the default: lenient, STLS required, pipelining.
///
/// Returns `MAILPROTO_OK`; `MAILPROTO_ERROR_NULL_POINTER`; `MAILPROTO_ERROR_ABI_MISMATCH` when
/// `size` or `config->size` is not the library's; `MAILPROTO_ERROR_BAD_VALUE` for what `config` may
/// not hold; `MAILPROTO_ERROR_OVERLAP` when the buffers overlap. Then the object is as it was.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_init(
    client: Option<&mut mailproto_pop3_client>,
    size: usize,
    scratch: *mut u8,
    scratch_len: usize,
    tx: *mut u8,
    tx_len: usize,
    config: Option<&mailproto_pop3_config>,
) -> mailproto_error {
    mailproto_error::of(memory::vacant(client, size).and_then(|vacant| {
        let config = Config::try_from(config.unwrap_or(&mailproto_pop3_config::DEFAULT))?;
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
pub extern "C" fn mailproto_pop3_client_wipe(
    client: Option<&mut mailproto_pop3_client>,
) -> mailproto_error {
    mailproto_error::of(wipe(client))
}

fn wipe(mut client: Object<'_>) -> Result<(), mailproto_error> {
    memory::open_mut(client.as_deref_mut())?.client.wipe();
    memory::dismiss(client)
}

/// Takes octets that were received, and tells what happened, one event a call. Call it until it
/// returns 0: then all octets were taken and nothing more is to be told.
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
pub extern "C" fn mailproto_pop3_client_poll(
    client: Option<&mut mailproto_pop3_client>,
    input: Option<&mut *const u8>,
    input_len: Option<&mut usize>,
    event: Option<&mut MaybeUninit<mailproto_pop3_event>>,
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
    event: Option<&mut MaybeUninit<mailproto_pop3_event>>,
) -> Result<bool, mailproto_error> {
    let engine = memory::open_mut(client)?;
    let (Some(ptr), Some(len), Some(event)) = (input, input_len, event) else {
        return Err(mailproto_error::NullPointer);
    };
    let mut input = memory::octets(*ptr, *len)?;
    let [scratch, tx] = engine.client.memory();
    check_apart(input, tx)?;
    check_apart(input, scratch)?;
    let happened = engine.client.poll_with(&mut input, Place(event));
    *ptr = ptr.wrapping_add(len.wrapping_sub(input.len()));
    *len = input.len();
    match happened {
        Ok(happened) => Ok(happened),
        Err(_) => alive(engine).map(|_| false),
    }
}

/// What is to be sent now. Commands that must wait for a reply are not in it yet.
///
/// @param client  the object.
/// @param octets  receives where it lies, until the next call on the object.
/// @param len     receives how many octets there are; 0 for nothing, and in every case of error.
///
/// Returns `MAILPROTO_OK`, or why not.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_outgoing(
    client: Option<&mailproto_pop3_client>,
    octets: Option<&mut MaybeUninit<*const u8>>,
    len: Option<&mut MaybeUninit<usize>>,
) -> mailproto_error {
    let (Some(ptr), Some(len)) = (octets, len) else {
        return mailproto_error::NullPointer;
    };
    let (pending, outcome) = match memory::open(client) {
        // After a failure there is nothing.
        Ok(engine) => (engine.client.outgoing(), failure_of(engine)),
        Err(code) => (&[][..], code),
    };
    mailproto_span::from(pending).write(ptr, len);
    outcome
}

fn failure_of(engine: &Engine) -> mailproto_error {
    let failure = engine.client.failure();
    failure.map_or(mailproto_error::None, |error| error::remote(error.violation).0)
}

/// Tells that the first `n` octets of `mailproto_pop3_client_outgoing` have been sent. They are
/// wiped. A number larger than there are octets counts as all of them.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_sent(
    client: Option<&mut mailproto_pop3_client>,
    n: usize,
) -> mailproto_error {
    act(client, |engine| {
        engine.client.sent(n);
        mailproto_error::None
    })
}

/// Tells that the connection has ended.
///
/// Returns `MAILPROTO_OK` only after QUIT was answered or the greeting was a refusal;
/// `MAILPROTO_ERROR_UNEXPECTED_EOF` while a reply was due: what was delivered of a message is not a
/// message; `MAILPROTO_ERROR_CLOSED_BY_PEER` otherwise.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_eof(
    client: Option<&mut mailproto_pop3_client>,
) -> mailproto_error {
    act(client, |engine| {
        let _ = engine.client.eof();
        mailproto_error::of(alive(engine).map(drop))
    })
}

/// Tells the time, in milliseconds of any clock that does not jump; it may wrap.
///
/// Returns `MAILPROTO_OK`, or `MAILPROTO_ERROR_TIMEOUT` when a reply was due and nothing came for
/// `reply_timeout_ms`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_tick(
    client: Option<&mut mailproto_pop3_client>,
    now_ms: u32,
) -> mailproto_error {
    act(client, |engine| {
        let _ = engine.client.tick(now_ms);
        mailproto_error::of(alive(engine).map(drop))
    })
}

/// When `mailproto_pop3_client_tick` should be called at the latest, on its clock.
///
/// Returns 1 and fills in `deadline_ms`, or 0 while nothing is awaited, or a negative
/// `mailproto_error`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_deadline(
    client: Option<&mailproto_pop3_client>,
    deadline_ms: Option<&mut MaybeUninit<u32>>,
) -> i32 {
    let Some(deadline) = deadline_ms else {
        return mailproto_error::NullPointer as i32;
    };
    match memory::open(client) {
        Ok(engine) => engine.client.deadline().map_or(0, |at| {
            deadline.write(at);
            1
        }),
        Err(code) => code as i32,
    }
}

/// Where the session stands.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_state(
    client: Option<&mailproto_pop3_client>,
) -> mailproto_pop3_state {
    let engine = memory::open(client);
    engine.map_or(mailproto_pop3_state::None, |engine| engine.client.state().into())
}

/// What the server announced in its last reply to CAPA: the bit `1u << capability` for each
/// `mailproto_pop3_capability`, and the bit 0 once the reply is complete, so that what is not in
/// the set is not offered. 0 before, for NULL, and for an object that was not set up.
#[cfg(feature = "pop3-extras")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_capabilities(
    client: Option<&mailproto_pop3_client>,
) -> u32 {
    memory::open(client).map_or(0, |engine| super::event::mask_of(engine.client.capabilities()))
}

/// The SASL mechanisms that the server announced, of those that are known here: the bit `1u <<
/// mechanism` for each `mailproto_sasl_mechanism`. See `mailproto_sasl_choose`.
#[cfg(feature = "pop3-extras")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_mechanisms(client: Option<&mailproto_pop3_client>) -> u32 {
    memory::open(client).map_or(0, |engine| mask_of(engine.client.mechanisms()))
}

/// 1 if credentials may be sent: the channel is private, or was declared good enough. Else 0.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_may_send_credentials(
    client: Option<&mailproto_pop3_client>,
) -> i32 {
    memory::open(client).is_ok_and(|engine| engine.client.may_send_credentials()).into()
}

/// 1 if no command is in flight, else 0.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_is_idle(client: Option<&mailproto_pop3_client>) -> i32 {
    memory::open(client).is_ok_and(|engine| engine.client.is_idle()).into()
}

/// How many octets have been received.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_received(client: Option<&mailproto_pop3_client>) -> u64 {
    memory::open(client).map_or(0, |engine| engine.client.received())
}

/// The number that goes with the error that was returned last: an index, a limit, a size; see
/// `mailproto_error`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_detail(client: Option<&mailproto_pop3_client>) -> usize {
    memory::open(client).map_or(0, |engine| engine.detail)
}

/// What ended the session: `MAILPROTO_OK` if it was not ended by an error.
///
/// @param client  the object.
/// @param offset  receives how many octets of this connection had been received before the
///                offending item; may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_failure(
    client: Option<&mailproto_pop3_client>,
    offset: Option<&mut MaybeUninit<u64>>,
) -> mailproto_error {
    let failure = memory::open(client).map(|engine| engine.client.failure());
    if let Some(offset) = offset {
        offset.write(failure.ok().flatten().map_or(0, |error| error.offset));
    }
    match failure {
        Ok(failure) => {
            failure.map_or(mailproto_error::None, |error| error::remote(error.violation).0)
        }
        Err(code) => code,
    }
}

/// CAPA: asks what the server offers (RFC 2449 §5). CAPABILITY events follow.
///
/// @param client   the object.
/// @param command  receives the number that the command's events carry; may be NULL. So with every
///                 command.
///
/// This and every command returns `MAILPROTO_OK`, or an error code, and then nothing was queued:
/// `MAILPROTO_ERROR_WRONG_STATE`, `_BUSY`, `_CLOSED`, `_FULL`, `_BUFFER_TOO_SMALL`, or what is said
/// with the command; -200 and below when the session was ended by an error before.
#[cfg(feature = "pop3-extras")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_capa(
    client: Option<&mut mailproto_pop3_client>,
    command: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    self::command(client, [0; 2], command, |client, _, _| client.capa())
}

/// STLS: asks to begin TLS (RFC 2595 §4). After its completion make the handshake and call
/// `mailproto_pop3_client_tls_established`.
///
/// `MAILPROTO_ERROR_NOT_OFFERED` when CAPA was answered without it; `MAILPROTO_ERROR_WRONG_STATE`
/// when the channel is private already.
#[cfg(feature = "pop3-extras")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_stls(
    client: Option<&mut mailproto_pop3_client>,
    command: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    self::command(client, [0; 2], command, |client, _, _| client.stls())
}

/// Tells that the TLS handshake after STLS is done and the server's certificate verified. All that
/// was learnt before is forgotten; ask CAPA again.
///
/// `MAILPROTO_ERROR_WRONG_STATE` when STLS was not the last thing that happened.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_tls_established(
    client: Option<&mut mailproto_pop3_client>,
) -> mailproto_error {
    act(client, |engine| {
        #[cfg(feature = "pop3-extras")]
        let outcome = engine.client.tls_established();
        // There is no STLS, but the loop of mailproto_transport.h asks for it.
        #[cfg(not(feature = "pop3-extras"))]
        let outcome: Result<(), _> = Err(LocalError::WrongState);
        engine.done(outcome)
    })
}

/// USER: names the mailbox (RFC 1939 §7). `mailproto_pop3_client_login` does both steps.
///
/// `MAILPROTO_ERROR_INSECURE` when the channel is not private; `_EMPTY`, `_FORBIDDEN_OCTET`,
/// `_TOO_LONG`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_user(
    client: Option<&mut mailproto_pop3_client>,
    name: mailproto_span,
    command: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    text_command(client, name, command, Client::user)
}

/// PASS: gives the password, spaces included (RFC 1939 §7), after USER was accepted.
///
/// `MAILPROTO_ERROR_WRONG_STATE` when USER was not the last command and accepted; else as
/// `mailproto_pop3_client_user`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_pass(
    client: Option<&mut mailproto_pop3_client>,
    password: mailproto_span,
    command: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    text_command(client, password, command, Client::pass)
}

/// USER and, once it is accepted, PASS: the number is that of PASS. If USER is refused the password
/// is not sent, and PASS completes with status NOT_SENT.
///
/// As `mailproto_pop3_client_user`; neither command is queued then.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_login(
    client: Option<&mut mailproto_pop3_client>,
    name: mailproto_span,
    password: mailproto_span,
    command: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    texts_command(client, [name, password], command, Client::login)
}

/// APOP: logs in with a digest of the greeting's timestamp and the shared secret (RFC 1939 §7).
/// Only where the configuration's `apop` asked for it, since MD5 protects little.
///
/// `MAILPROTO_ERROR_NOT_OFFERED` when it was not asked for, or the greeting had no well-formed
/// timestamp, or one that the scratch buffer cannot hold beside the greeting; else as
/// `mailproto_pop3_client_user`.
#[cfg(feature = "apop")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_apop(
    client: Option<&mut mailproto_pop3_client>,
    name: mailproto_span,
    secret: mailproto_span,
    command: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    texts_command(client, [name, secret], command, Client::apop)
}

/// AUTH: logs in by a SASL mechanism (RFC 5034), with its initial response where that fits into the
/// command line. Answer each CHALLENGE with `mailproto_pop3_client_respond`.
///
/// `MAILPROTO_ERROR_INSECURE` when the mechanism would show a secret, or a proof of one, to
/// listeners; `MAILPROTO_ERROR_NOT_OFFERED` when CAPA was answered without it; a code of -100 to
/// -199 when the mechanism refuses.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_auth(
    client: Option<&mut mailproto_pop3_client>,
    sasl: Option<&mut mailproto_sasl>,
    command: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    match memory::open_mut(sasl) {
        Ok(exchange) => act(client, |engine| {
            let queued = engine.client.auth(exchange.mechanism_mut());
            engine.queued(queued, command)
        }),
        Err(code) => code,
    }
}

/// Answers the challenge that the last event brought.
///
/// `MAILPROTO_ERROR_WRONG_STATE` when there is none; `MAILPROTO_ERROR_BUFFER_TOO_SMALL` when the
/// outgoing buffer cannot hold the response; a code of -100 to -199 when the mechanism does not
/// accept the challenge: then `mailproto_pop3_client_cancel`.
#[cfg(feature = "pop3-extras")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_respond(
    client: Option<&mut mailproto_pop3_client>,
    sasl: Option<&mut mailproto_sasl>,
) -> mailproto_error {
    match memory::open_mut(sasl) {
        Ok(exchange) => act(client, |engine| {
            let outcome = engine.client.respond(exchange.mechanism_mut());
            engine.done(outcome)
        }),
        Err(code) => code,
    }
}

/// Gives up the SASL exchange (RFC 5034 §4); the server completes AUTH with an error.
///
/// `MAILPROTO_ERROR_WRONG_STATE` when no challenge awaits an answer.
#[cfg(feature = "pop3-extras")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_cancel(
    client: Option<&mut mailproto_pop3_client>,
) -> mailproto_error {
    act(client, |engine| {
        let outcome = engine.client.cancel();
        engine.done(outcome)
    })
}

/// STAT: how many messages, how many octets (RFC 1939 §5): `messages` and `octets` of its
/// COMPLETED.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_stat(
    client: Option<&mut mailproto_pop3_client>,
    command: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    self::command(client, [0; 2], command, |client, _, _| client.stat())
}

/// LIST: the lengths of all messages (RFC 1939 §5), as SCAN_LISTING events.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_list(
    client: Option<&mut mailproto_pop3_client>,
    command: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    self::command(client, [0; 2], command, |client, _, _| client.list())
}

/// LIST for one message (RFC 1939 §5): `octets` of its COMPLETED.
///
/// `MAILPROTO_ERROR_MESSAGE_NUMBER_ZERO` for 0.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_list_one(
    client: Option<&mut mailproto_pop3_client>,
    message: u32,
    command: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    self::command(client, [message, 0], command, |client, message, _| client.list_one(message))
}

/// UIDL: the unique-ids of all messages (RFC 1939 §7), as UNIQUE_ID events.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_uidl(
    client: Option<&mut mailproto_pop3_client>,
    command: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    self::command(client, [0; 2], command, |client, _, _| client.uidl())
}

/// UIDL for one message (RFC 1939 §7): `uid` of its COMPLETED.
///
/// `MAILPROTO_ERROR_MESSAGE_NUMBER_ZERO` for 0.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_uidl_one(
    client: Option<&mut mailproto_pop3_client>,
    message: u32,
    command: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    self::command(client, [message, 0], command, |client, message, _| client.uidl_one(message))
}

/// RETR: a whole message (RFC 1939 §5), as DATA events.
///
/// `MAILPROTO_ERROR_MESSAGE_NUMBER_ZERO` for 0.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_retr(
    client: Option<&mut mailproto_pop3_client>,
    message: u32,
    command: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    self::command(client, [message, 0], command, |client, message, _| client.retr(message))
}

/// TOP: a message's header and the first `lines` of its body (RFC 1939 §7), as DATA events.
///
/// `MAILPROTO_ERROR_MESSAGE_NUMBER_ZERO` for 0.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_top(
    client: Option<&mut mailproto_pop3_client>,
    message: u32,
    lines: u32,
    command: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    self::command(client, [message, lines], command, Client::top)
}

/// DELE: marks a message as deleted (RFC 1939 §5). It is removed at QUIT.
///
/// `MAILPROTO_ERROR_MESSAGE_NUMBER_ZERO` for 0.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_dele(
    client: Option<&mut mailproto_pop3_client>,
    message: u32,
    command: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    self::command(client, [message, 0], command, |client, message, _| client.dele(message))
}

/// RSET: takes all marks of deletion back (RFC 1939 §5).
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_rset(
    client: Option<&mut mailproto_pop3_client>,
    command: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    self::command(client, [0; 2], command, |client, _, _| client.rset())
}

/// NOOP: nothing, but it resets the server's timer for idle sessions (RFC 1939 §5).
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_noop(
    client: Option<&mut mailproto_pop3_client>,
    command: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    self::command(client, [0; 2], command, |client, _, _| client.noop())
}

/// QUIT: ends the session; after login the marked messages are removed (RFC 1939 §6). A negative
/// reply then means that some were not.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_quit(
    client: Option<&mut mailproto_pop3_client>,
    command: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    self::command(client, [0; 2], command, |client, _, _| client.quit())
}

/// UTF8: switches to UTF-8 (RFC 6856 §2), before login.
///
/// `MAILPROTO_ERROR_NOT_OFFERED` when CAPA was answered without it.
#[cfg(feature = "pop3-extras")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_utf8(
    client: Option<&mut mailproto_pop3_client>,
    command: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    self::command(client, [0; 2], command, |client, _, _| client.utf8())
}

/// LANG: which languages there are for the server's words (RFC 6856 §3.2), as LANGUAGE events.
///
/// `MAILPROTO_ERROR_NOT_OFFERED` when CAPA was answered without it.
#[cfg(feature = "pop3-extras")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_lang_list(
    client: Option<&mut mailproto_pop3_client>,
    command: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    self::command(client, [0; 2], command, |client, _, _| client.lang_list())
}

/// LANG with a language tag, or `*` for the server's choice (RFC 6856 §3.2).
///
/// `MAILPROTO_ERROR_NOT_OFFERED` when CAPA was answered without it; `_EMPTY`, `_FORBIDDEN_OCTET`,
/// `_TOO_LONG`.
#[cfg(feature = "pop3-extras")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_lang(
    client: Option<&mut mailproto_pop3_client>,
    tag: mailproto_span,
    command: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    text_command(client, tag, command, Client::lang)
}

/// Sends a command that this library does not know, as given, without CRLF. It is not checked
/// whether the command is legal, and it must not be one that changes the state.
///
/// @param client     the object.
/// @param line       the command.
/// @param multiline  1 if a positive reply to it has several lines, which come as DATA; else 0.
/// @param command    receives the command's number; may be NULL.
///
/// `MAILPROTO_ERROR_FORBIDDEN_OCTET` for CR, LF or NUL; `_EMPTY`, `_TOO_LONG`; `_BAD_VALUE` for a
/// `multiline` that is neither 0 nor 1.
#[cfg(feature = "pop3-extras")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_client_raw(
    client: Option<&mut mailproto_pop3_client>,
    line: mailproto_span,
    multiline: i32,
    command: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    match multiline {
        0 => text_command(client, line, command, |client, line| client.raw(line, false)),
        1 => text_command(client, line, command, |client, line| client.raw(line, true)),
        _ => mailproto_error::BadValue,
    }
}
