//! The server's functions. Each names one method of the engine.

use core::mem::MaybeUninit;

use mailproto_core::pop3::{ResponseCode, Server, ServerConfig};
use mailproto_core::{LocalError, RemoteError};

use super::{
    mailproto_pop3_request, mailproto_pop3_response_code, mailproto_pop3_server_config,
    mailproto_pop3_state,
};
use crate::memory::{self, Lent, Region};
use crate::sasl::{mailproto_sasl_server, mailproto_sasl_step};
use crate::{error, mailproto_error, mailproto_span};

/// How many words a `mailproto_pop3_server` has.
#[cfg(target_pointer_width = "64")]
pub const MAILPROTO_POP3_SERVER_WORDS: usize = 48;
/// How many words a `mailproto_pop3_server` has.
#[cfg(target_pointer_width = "32")]
pub const MAILPROTO_POP3_SERVER_WORDS: usize = 68;

/// A POP3 server for one connection: turns received octets into requests, and answers into octets
/// to send. It may lie anywhere, `static` too, and may be moved.
///
/// One thread at a time may use it. Two servers know nothing of each other.
#[repr(C, align(8))]
pub struct mailproto_pop3_server {
    /// The library's own.
    _opaque: [MaybeUninit<usize>; MAILPROTO_POP3_SERVER_WORDS],
}

memory::opaque!(mailproto_pop3_server, Engine, 0x5350_4f50);

/// What lies in a `mailproto_pop3_server`.
pub(crate) struct Engine {
    server: Server<'static, 'static>,
    scratch: Lent,
    tx: Lent,
    marks: Lent,
    failure: Option<RemoteError>,
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
        self.failure = Some(error);
        let (code, detail) = error::remote(error.violation);
        self.detail = detail;
        code
    }

    /// After a fatal error every call returns it again.
    fn check(&mut self) -> Result<(), mailproto_error> {
        self.failure.map_or(Ok(()), |error| Err(self.failed(error)))
    }

    /// The octets of an argument, which may not lie where answers are written to.
    fn argument(&self, span: mailproto_span) -> Result<&'static [u8], mailproto_error> {
        let octets = span.octets()?;
        let overlaps = Region::of(octets).overlaps(self.tx.region());
        if overlaps { Err(mailproto_error::Overlap) } else { Ok(octets) }
    }
}

type Object<'a> = Option<&'a mut mailproto_pop3_server>;

fn act(
    server: Object<'_>,
    call: impl FnOnce(&mut Engine) -> Result<(), mailproto_error>,
) -> mailproto_error {
    mailproto_error::of(memory::open_mut(server).and_then(|engine| {
        engine.check()?;
        call(engine)
    }))
}

/// Calls a method of the engine with the octets of some spans.
fn answer<const N: usize>(
    server: Object<'_>,
    spans: [mailproto_span; N],
    call: impl FnOnce(&mut Server<'static, 'static>, [&'static [u8]; N]) -> Result<(), LocalError>,
) -> mailproto_error {
    act(server, |engine| {
        let mut arguments = [&[][..]; N];
        for (argument, span) in arguments.iter_mut().zip(spans) {
            *argument = engine.argument(span)?;
        }
        call(&mut engine.server, arguments).map_err(|error| engine.refused(error))
    })
}

/// Sets a server up for one connection. Then call `mailproto_pop3_server_greet`.
///
/// The buffers, and the spans of the configuration, are borrowed until `mailproto_pop3_server_wipe`
/// or until the object is set up anew; the program may not touch them meanwhile.
///
/// @param server       the object.
/// @param size         `sizeof *server`.
/// @param scratch      bounds how long a line may be: 512 octets for any command; SASL with large
///                     tokens needs more.
/// @param scratch_len  its size in octets.
/// @param tx           holds answers until they are sent; 512 octets at least.
/// @param tx_len       its size in octets.
/// @param marks        holds a bit for each message of a mailbox; a larger mailbox than it has bits
///                     cannot be accepted.
/// @param marks_len    its size in octets.
/// @param config       how to behave; NULL for the default.
///
/// Returns `MAILPROTO_OK`; `MAILPROTO_ERROR_NULL_POINTER`; `MAILPROTO_ERROR_ABI_MISMATCH` when
/// `size` or `config->size` is not the library's; `MAILPROTO_ERROR_BAD_VALUE` for what `config` may
/// not hold; `MAILPROTO_ERROR_OVERLAP` when the buffers overlap. Then the object is as it was.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_server_init(
    server: Option<&mut mailproto_pop3_server>,
    size: usize,
    scratch: *mut u8,
    scratch_len: usize,
    tx: *mut u8,
    tx_len: usize,
    marks: *mut u8,
    marks_len: usize,
    config: Option<&mailproto_pop3_server_config>,
) -> mailproto_error {
    mailproto_error::of(memory::vacant(server, size).and_then(|vacant| {
        let config = config.map_or(Ok(ServerConfig::default()), ServerConfig::try_from)?;
        memory::check_disjoint(scratch, scratch_len, tx, tx_len)?;
        memory::check_disjoint(scratch, scratch_len, marks, marks_len)?;
        memory::check_disjoint(tx, tx_len, marks, marks_len)?;
        let scratch = memory::octets_mut(scratch, scratch_len)?;
        let tx = memory::octets_mut(tx, tx_len)?;
        let marks = memory::octets_mut(marks, marks_len)?;
        let (lent_scratch, lent_tx, lent_marks) =
            (Lent::new(scratch), Lent::new(tx), Lent::new(marks));
        marks.fill(0);
        let engine = Engine {
            server: Server::new(scratch, tx, marks, config),
            scratch: lent_scratch,
            tx: lent_tx,
            marks: lent_marks,
            failure: None,
            detail: 0,
        };
        memory::place(vacant, engine);
        Ok(())
    }))
}

/// Ends the use of a server: wipes its buffers and the object, and gives the buffers back.
///
/// Returns `MAILPROTO_OK`, `MAILPROTO_ERROR_NULL_POINTER` or `MAILPROTO_ERROR_NOT_INITIALIZED`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_server_wipe(
    server: Option<&mut mailproto_pop3_server>,
) -> mailproto_error {
    mailproto_error::of(wipe(server))
}

fn wipe(mut server: Object<'_>) -> Result<(), mailproto_error> {
    let engine = memory::open(server.as_deref())?;
    let lent = [engine.scratch, engine.tx, engine.marks];
    memory::dismiss(server.take())?;
    lent.into_iter().for_each(Lent::wipe);
    Ok(())
}

/// Sends the greeting (RFC 1939 §4), with the timestamp where one is configured.
///
/// `MAILPROTO_ERROR_WRONG_STATE` when the session has begun; `MAILPROTO_ERROR_BUFFER_TOO_SMALL`
/// when the outgoing buffer cannot hold the greeting, or later the answer to CAPA; `_EMPTY`,
/// `_FORBIDDEN_OCTET` for the text or the timestamp.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_server_greet(
    server: Option<&mut mailproto_pop3_server>,
    text: mailproto_span,
) -> mailproto_error {
    answer(server, [text], |server, [text]| server.greet(text))
}

/// Refuses the connection instead of greeting, or answers any request with an error.
///
/// @param server     the object.
/// @param code       a `mailproto_pop3_response_code`, or 0 for none.
/// @param code_text  for the code OTHER what stands between the brackets, else not looked at.
/// @param text       words for people.
///
/// `MAILPROTO_ERROR_WRONG_STATE` when no answer is owed, or one has begun (then
/// `mailproto_pop3_server_abort`); `MAILPROTO_ERROR_BAD_VALUE` for a number that is no code;
/// `_EMPTY`, `_FORBIDDEN_OCTET`, `_FULL`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_server_reject(
    server: Option<&mut mailproto_pop3_server>,
    code: i32,
    code_text: mailproto_span,
    text: mailproto_span,
) -> mailproto_error {
    const OTHER: i32 = mailproto_pop3_response_code::Other as i32;
    let code_text = if code == OTHER { code_text } else { mailproto_span::EMPTY };
    act(server, |engine| {
        let code = response_code(code, engine.argument(code_text)?)?;
        let text = engine.argument(text)?;
        engine.server.reject(code, text).map_err(|error| engine.refused(error))
    })
}

fn response_code(number: i32, text: &[u8]) -> Result<Option<ResponseCode<'_>>, mailproto_error> {
    let codes = [
        ResponseCode::LoginDelay,
        ResponseCode::InUse,
        ResponseCode::Auth,
        ResponseCode::SysTemp,
        ResponseCode::SysPerm,
        ResponseCode::Utf8,
        ResponseCode::Other(text),
    ];
    if number == 0 {
        return Ok(None);
    }
    if text.iter().any(|octet| !octet.is_ascii_graphic() || b"[]".contains(octet)) {
        return Err(mailproto_error::ForbiddenOctet);
    }
    let found =
        codes.into_iter().find(|&code| mailproto_pop3_response_code::from(code) as i32 == number);
    match found {
        Some(ResponseCode::Other(b"")) => Err(mailproto_error::Empty),
        Some(code) => Ok(Some(code)),
        None => Err(mailproto_error::BadValue),
    }
}

/// Takes octets that were received, and tells what the client wants, one request a call. Call it
/// until it returns 0. If octets are left in the input then, something else comes first: a request
/// awaits its answer, or what is outgoing must be sent to make room. Keep the rest, and call again
/// then.
///
/// @param server     the object.
/// @param input      where the received octets lie; advanced past those that were taken. Any memory
///                   but the server's buffers.
/// @param input_len  how many there are; reduced by as many.
/// @param request    is filled in when 1 is returned. Its spans lie in the scratch buffer.
///
/// Returns 1 for a request, 0 for none, or a `mailproto_error`, which is negative. A code of -200
/// and below ends the session; every further call returns the same.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_server_poll(
    server: Option<&mut mailproto_pop3_server>,
    input: Option<&mut *const u8>,
    input_len: Option<&mut usize>,
    request: Option<&mut MaybeUninit<mailproto_pop3_request>>,
) -> i32 {
    match poll(server, input, input_len, request) {
        Ok(happened) => happened.into(),
        Err(code) => code as i32,
    }
}

fn poll(
    server: Object<'_>,
    input: Option<&mut *const u8>,
    input_len: Option<&mut usize>,
    request: Option<&mut MaybeUninit<mailproto_pop3_request>>,
) -> Result<bool, mailproto_error> {
    let engine = memory::open_mut(server)?;
    let (Some(ptr), Some(len), Some(request)) = (input, input_len, request) else {
        return Err(mailproto_error::NullPointer);
    };
    engine.check()?;
    let mut input = memory::octets(*ptr, *len)?;
    let region = Region::of(input);
    let buffers = [engine.scratch, engine.tx, engine.marks];
    if buffers.iter().any(|buffer| buffer.region().overlaps(region)) {
        return Err(mailproto_error::Overlap);
    }
    let before = input.len();
    let happened = match engine.server.poll(&mut input) {
        Ok(Some(wanted)) => {
            request.write(wanted.into());
            Ok(true)
        }
        Ok(None) => Ok(false),
        Err(error) => Err(error),
    };
    *ptr = ptr.wrapping_add(before.wrapping_sub(input.len()));
    *len = input.len();
    happened.map_err(|error| engine.failed(error))
}

/// What is to be sent now.
///
/// @param server  the object.
/// @param octets  receives where it lies, until the next call on the object.
/// @param len     receives how many octets there are; 0 for nothing, and in every case of error.
///
/// Returns `MAILPROTO_OK`, or why not.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_server_outgoing(
    server: Option<&mailproto_pop3_server>,
    octets: Option<&mut MaybeUninit<*const u8>>,
    len: Option<&mut MaybeUninit<usize>>,
) -> mailproto_error {
    let (Some(ptr), Some(len)) = (octets, len) else {
        return mailproto_error::NullPointer;
    };
    let (pending, outcome) = match memory::open(server) {
        Ok(engine) => (engine.server.outgoing(), mailproto_error::None),
        Err(code) => (&[][..], code),
    };
    mailproto_span::from(pending).write(ptr, len);
    outcome
}

/// Tells that the first `n` octets of `mailproto_pop3_server_outgoing` have been sent. They are
/// wiped. A number larger than there are octets counts as all of them.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_server_sent(
    server: Option<&mut mailproto_pop3_server>,
    n: usize,
) -> mailproto_error {
    mailproto_error::of(memory::open_mut(server).map(|engine| engine.server.sent(n)))
}

/// Tells that the connection has ended. Without QUIT nothing is removed (RFC 1939 §6).
///
/// Returns `MAILPROTO_OK` after QUIT, or `MAILPROTO_ERROR_CLOSED_BY_PEER`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_server_eof(
    server: Option<&mut mailproto_pop3_server>,
) -> mailproto_error {
    act(server, |engine| engine.server.eof().map_err(|error| engine.failed(error)))
}

/// Tells the time, in milliseconds of any clock that does not jump; it may wrap.
///
/// Returns `MAILPROTO_OK`, or `MAILPROTO_ERROR_TIMEOUT` when the client was silent for
/// `autologout_ms`: hang up, remove nothing (RFC 1939 §3).
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_server_tick(
    server: Option<&mut mailproto_pop3_server>,
    now_ms: u32,
) -> mailproto_error {
    act(server, |engine| engine.server.tick(now_ms).map_err(|error| engine.failed(error)))
}

/// When `mailproto_pop3_server_tick` should be called at the latest, on its clock.
///
/// Returns 1 and fills in `deadline_ms`, or 0 if the session may last for ever, or a negative
/// `mailproto_error`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_server_deadline(
    server: Option<&mailproto_pop3_server>,
    deadline_ms: Option<&mut MaybeUninit<u32>>,
) -> i32 {
    let Some(deadline) = deadline_ms else {
        return mailproto_error::NullPointer as i32;
    };
    match memory::open(server) {
        Ok(engine) => engine.server.deadline().map_or(0, |at| {
            deadline.write(at);
            1
        }),
        Err(code) => code as i32,
    }
}

/// Where the session stands. Once it is CLOSED, send what is outgoing and hang up.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_server_state(
    server: Option<&mailproto_pop3_server>,
) -> mailproto_pop3_state {
    let engine = memory::open(server);
    engine.map_or(mailproto_pop3_state::None, |engine| engine.server.state().into())
}

/// 1 if a request awaits its answer, else 0.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_server_owes_answer(server: Option<&mailproto_pop3_server>) -> i32 {
    memory::open(server).is_ok_and(|engine| engine.server.owes_answer()).into()
}

/// 1 if the message is marked as deleted, else 0.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_server_is_deleted(
    server: Option<&mailproto_pop3_server>,
    message: u32,
) -> i32 {
    memory::open(server).is_ok_and(|engine| engine.server.is_deleted(message)).into()
}

/// The first message behind `after` that is marked as deleted, or 0 if there is none. Begin with 0.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_server_next_deleted(
    server: Option<&mailproto_pop3_server>,
    after: u32,
) -> u32 {
    let Ok(engine) = memory::open(server) else { return 0 };
    let last = u32::try_from(engine.marks.len().saturating_mul(8)).unwrap_or(u32::MAX);
    let mut behind = after.saturating_add(1)..=last;
    behind.find(|&message| engine.server.is_deleted(message)).unwrap_or_default()
}

/// The number that goes with the error that was returned last: an index, a limit, a size; see
/// `mailproto_error`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_server_detail(server: Option<&mailproto_pop3_server>) -> usize {
    memory::open(server).map_or(0, |engine| engine.detail)
}

/// What ended the session: `MAILPROTO_OK` if it was not ended by an error.
///
/// @param server  the object.
/// @param offset  receives how many octets of this connection had been received before the
///                offending item; may be NULL.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_server_failure(
    server: Option<&mailproto_pop3_server>,
    offset: Option<&mut MaybeUninit<u64>>,
) -> mailproto_error {
    let failure = memory::open(server).map(|engine| engine.failure);
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

/// Tells that the TLS handshake after STLS is done.
///
/// `MAILPROTO_ERROR_WRONG_STATE` when STLS was not the last thing that happened.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_server_tls_established(
    server: Option<&mut mailproto_pop3_server>,
) -> mailproto_error {
    answer(server, [], |server, []| server.tls_established())
}

/// Answers LOGIN, APOP, or an AUTH whose mechanism reported success: the client is logged in to a
/// mailbox of that many messages, which must not change until the session ends.
///
/// `MAILPROTO_ERROR_BUFFER_TOO_SMALL` when the marks have not a bit for each message; `detail` is
/// how many octets there must be. `MAILPROTO_ERROR_WRONG_STATE` when no login was asked for, or the
/// mechanism has not reported success.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_server_accept(
    server: Option<&mut mailproto_pop3_server>,
    messages: u32,
) -> mailproto_error {
    answer(server, [], |server, []| server.accept(messages))
}

/// Answers AUTH and RESPONSE: lets the mechanism take its step and sends what it says. After the
/// step CLAIM answer the mechanism and call this again; after SUCCESS call
/// `mailproto_pop3_server_accept`, after FAILURE `mailproto_pop3_server_reject`.
///
/// Returns a `mailproto_sasl_step`, which is positive, or a `mailproto_error`, which is negative: a
/// code of -100 to -199 when the mechanism does not accept the response: then
/// `mailproto_pop3_server_reject`; `MAILPROTO_ERROR_BUFFER_TOO_SMALL` when the outgoing buffer
/// cannot hold the challenge.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_server_authenticate(
    server: Option<&mut mailproto_pop3_server>,
    sasl: Option<&mut mailproto_sasl_server>,
) -> i32 {
    match authenticate(server, sasl) {
        Ok(step) => step as i32,
        Err(code) => code as i32,
    }
}

fn authenticate(
    server: Object<'_>,
    sasl: Option<&mut mailproto_sasl_server>,
) -> Result<mailproto_sasl_step, mailproto_error> {
    let exchange = memory::open_mut(sasl)?;
    let engine = memory::open_mut(server)?;
    engine.check()?;
    let step = engine.server.authenticate(exchange.mechanism_mut());
    step.map(Into::into).map_err(|error| engine.refused(error))
}

/// Answers STAT: how many messages there are, and their octets, deleted ones not counted.
///
/// `MAILPROTO_ERROR_WRONG_STATE` when that was not asked; `MAILPROTO_ERROR_FULL` until what is
/// outgoing is sent. The same holds for the other answers.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_server_drop_listing(
    server: Option<&mut mailproto_pop3_server>,
    messages: u32,
    octets: u64,
) -> mailproto_error {
    answer(server, [], |server, []| server.drop_listing(messages, octets))
}

/// Answers LIST: the length of a message, in octets with every line end counted as two. Deleted
/// messages are left out.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_server_scan_listing(
    server: Option<&mut mailproto_pop3_server>,
    message: u32,
    octets: u64,
) -> mailproto_error {
    answer(server, [], |server, []| server.scan_listing(message, octets))
}

/// Answers UIDL: the unique-id of a message. Deleted messages are left out.
///
/// `MAILPROTO_ERROR_EMPTY`, `_FORBIDDEN_OCTET` and `_TOO_LONG` for a unique-id that RFC 1939 §7
/// does not allow.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_server_unique_id(
    server: Option<&mut mailproto_pop3_server>,
    message: u32,
    uid: mailproto_span,
) -> mailproto_error {
    answer(server, [uid], |server, [uid]| server.unique_id(message, uid))
}

/// Answers LANG without a tag: a language and its name in that language.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_server_language(
    server: Option<&mut mailproto_pop3_server>,
    tag: mailproto_span,
    description: mailproto_span,
) -> mailproto_error {
    answer(server, [tag, description], |server, [tag, description]| {
        server.language(tag, description)
    })
}

/// Answers LANG with a tag: the server's words are in that language from now on.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_server_accept_language(
    server: Option<&mut mailproto_pop3_server>,
    tag: mailproto_span,
    text: mailproto_span,
) -> mailproto_error {
    answer(server, [tag, text], |server, [tag, text]| server.accept_language(tag, text))
}

/// Ends the listing of all messages, or of the languages.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_server_end_listing(
    server: Option<&mut mailproto_pop3_server>,
) -> mailproto_error {
    answer(server, [], |server, []| server.end_listing())
}

/// Answers MESSAGE: it will follow.
///
/// @param server  the object.
/// @param octets  how long it is, or NULL if that is not known.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_server_message(
    server: Option<&mut mailproto_pop3_server>,
    octets: Option<&u64>,
) -> mailproto_error {
    answer(server, [], |server, []| server.message(octets.copied()))
}

/// Takes as much of the next octets of the message as there is room for; dots are stuffed on the
/// way. With text left over, send what is outgoing and call again.
///
/// @param server    the object.
/// @param text      where the octets lie; advanced past those that were taken.
/// @param text_len  how many there are; reduced by as many.
///
/// `MAILPROTO_ERROR_WRONG_STATE` before `mailproto_pop3_server_message`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_server_message_data(
    server: Option<&mut mailproto_pop3_server>,
    text: Option<&mut *const u8>,
    text_len: Option<&mut usize>,
) -> mailproto_error {
    act(server, |engine| {
        let (Some(ptr), Some(len)) = (text, text_len) else {
            return Err(mailproto_error::NullPointer);
        };
        let mut text = memory::octets(*ptr, *len)?;
        if Region::of(text).overlaps(engine.tx.region()) {
            return Err(mailproto_error::Overlap);
        }
        let before = text.len();
        engine.server.message_data(&mut text).map_err(|error| engine.refused(error))?;
        *ptr = ptr.wrapping_add(before.wrapping_sub(text.len()));
        *len = text.len();
        Ok(())
    })
}

/// 1 if more of the message is needed: always for RETR, and for TOP until the lines that it asked
/// for are complete. Else 0.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_server_wants_more(server: Option<&mailproto_pop3_server>) -> i32 {
    memory::open(server).is_ok_and(|engine| engine.server.wants_more()).into()
}

/// Ends the message. A last line without an end is given one.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_server_end_message(
    server: Option<&mut mailproto_pop3_server>,
) -> mailproto_error {
    answer(server, [], |server, []| server.end_message())
}

/// Answers UPDATE. The session is over.
///
/// @param server       the object.
/// @param all_removed  1 if all messages that were marked have been removed (RFC 1939 §6), else 0.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_server_updated(
    server: Option<&mut mailproto_pop3_server>,
    all_removed: i32,
) -> mailproto_error {
    if !(0..=1).contains(&all_removed) {
        return mailproto_error::BadValue;
    }
    answer(server, [], |server, []| server.updated(all_removed == 1))
}

/// Ends the session at once, because the program's mailbox failed in the middle of an answer: the
/// client must not take what it has for the whole. Nothing is removed.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_pop3_server_abort(
    server: Option<&mut mailproto_pop3_server>,
) -> mailproto_error {
    answer(server, [], |server, []| {
        server.abort();
        Ok(())
    })
}
