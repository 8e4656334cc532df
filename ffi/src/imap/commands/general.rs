//! Commands that concern the connection (RFC 9051 §6.1, §6.3.1), IDLE, and those that this library does not
//! know.

use core::mem::MaybeUninit;

use crate::imap::argument::Few;
use crate::imap::client::{attempt, bare, command};
use crate::imap::mailproto_imap_client;
use crate::{mailproto_error, mailproto_span, memory};

/// CAPABILITY: asks what the server can do (RFC 9051 §6.1.1). CAPABILITY events follow, and
/// `mailproto_imap_client_capabilities` holds the set.
///
/// @param client  the object.
/// @param tag     receives the number that the command's events carry; may be NULL. So with every
///                command.
///
/// This and every command returns `MAILPROTO_OK`, or an error code, and then nothing was queued:
/// `MAILPROTO_ERROR_WRONG_STATE` (log in or select first), `_BUSY`, `_CLOSED`, `_FULL`,
/// `_BUFFER_TOO_SMALL`, or what is said with the command; -200 and below when the session was ended
/// by an error before.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_capability(
    client: Option<&mut mailproto_imap_client>,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    bare(client, tag, |client| client.capability())
}

/// NOOP: gives the server occasion to tell what has happened in the mailbox, and keeps the connection
/// alive (RFC 9051 §6.1.2).
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_noop(
    client: Option<&mut mailproto_imap_client>,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    bare(client, tag, |client| client.noop())
}

/// LOGOUT: ends the session (RFC 9051 §6.1.3). The server says BYE, completes the command and closes
/// the connection. Nothing can be queued behind it.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_logout(
    client: Option<&mut mailproto_imap_client>,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    bare(client, tag, |client| client.logout())
}

/// A field of ID and its value (RFC 2971 §3.3).
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_id_field {
    /// Such as `name`, `version`, `vendor`: at most 30 octets of UTF-8.
    pub name: mailproto_span,
    /// At most 1024 octets of UTF-8.
    pub value: mailproto_span,
    /// 1 if NIL is sent in place of a value, else 0.
    pub is_nil: i32,
}

memory::plain!(mailproto_imap_id_field);

/// How many fields ID can have; RFC 2971 §3.3 allows 30.
pub const MAILPROTO_IMAP_MAX_ID_FIELDS: usize = 16;

/// ID: tells the server who asks, and asks who it is (RFC 2971 §3.1). An ID event answers.
///
/// @param client  the object.
/// @param fields  what is told; nothing for asking only.
/// @param count   how many fields there are.
/// @param tag     receives the command's tag; may be NULL.
///
/// `MAILPROTO_ERROR_TOO_LONG` for more than `MAILPROTO_IMAP_MAX_ID_FIELDS`, a name of more than 30 octets
/// or a value of more than 1024; `MAILPROTO_ERROR_NOT_OFFERED` without ID.
#[cfg(feature = "imap-id")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_id(
    client: Option<&mut mailproto_imap_client>,
    fields: *const mailproto_imap_id_field,
    count: usize,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    command(client, tag, &mut |client, arguments| {
        let field = |field: &mailproto_imap_id_field| match field.is_nil {
            0 => Ok((arguments.text(field.name)?, Some(arguments.text(field.value)?))),
            1 => Ok((arguments.text(field.name)?, None)),
            _ => Err(mailproto_error::BadValue),
        };
        let mut places = [("", None); MAILPROTO_IMAP_MAX_ID_FIELDS];
        let mut told = Few::new(&mut places);
        arguments.fill(&mut told, arguments.array(fields, count)?.iter().map(field))?;
        Ok(client.id(&told))
    })
}

/// How many names ENABLE and LANGUAGE can have.
pub const MAILPROTO_IMAP_MAX_NAMES: usize = 16;

/// ENABLE: turns on extensions that change what the server sends (RFC 9051 §6.3.1). Those that it did
/// turn on come as ENABLED events. To be sent after login, before a mailbox is selected.
///
/// With `UTF8=ACCEPT` or `IMAP4rev2` mailbox names are UTF-8 from then on, in both directions.
///
/// @param client        the object.
/// @param capabilities  their names, with spaces between them: `CONDSTORE`, `QRESYNC`, `UTF8=ACCEPT`,
///                      `IMAP4rev2`.
/// @param tag           receives the command's tag; may be NULL.
///
/// `MAILPROTO_ERROR_EMPTY`; `MAILPROTO_ERROR_BAD_ARGUMENT` for one that is no atom;
/// `MAILPROTO_ERROR_WRONG_STATE` when a mailbox is selected; `MAILPROTO_ERROR_NOT_OFFERED` without
/// ENABLE; `MAILPROTO_ERROR_TOO_LONG` for more than `MAILPROTO_IMAP_MAX_NAMES`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_enable(
    client: Option<&mut mailproto_imap_client>,
    capabilities: mailproto_span,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    command(client, tag, &mut |client, arguments| {
        let mut places = [""; MAILPROTO_IMAP_MAX_NAMES];
        let mut names = Few::new(&mut places);
        arguments.fill_words(&mut names, capabilities)?;
        Ok(client.enable(&names))
    })
}

/// LANGUAGE: in which language the server writes its texts (RFC 5255 §3.2).
///
/// @param client  the object.
/// @param ranges  language ranges in the order of preference, with spaces between them; none to ask
///                which there are.
/// @param tag     receives the command's tag; may be NULL.
///
/// `MAILPROTO_ERROR_TOO_LONG` for more than `MAILPROTO_IMAP_MAX_NAMES`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_language(
    client: Option<&mut mailproto_imap_client>,
    ranges: mailproto_span,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    command(client, tag, &mut |client, arguments| {
        let mut places = [""; MAILPROTO_IMAP_MAX_NAMES];
        let mut names = Few::new(&mut places);
        arguments.fill_words(&mut names, ranges)?;
        Ok(client.language(&names))
    })
}

/// COMPRESS DEFLATE (RFC 4978 §3). After its completion with status OK both sides compress: the octet
/// behind that line is the first compressed one, and `mailproto_imap_client_poll` takes no more than
/// the line. Then call `mailproto_imap_client_compression_established`.
///
/// `MAILPROTO_ERROR_NOT_OFFERED` without COMPRESS=DEFLATE.
#[cfg(feature = "imap-compress")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_compress(
    client: Option<&mut mailproto_imap_client>,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    bare(client, tag, |client| client.compress())
}

/// Tells that from now on `poll` is given what the program has decompressed, and that the program
/// compresses what `outgoing` gives (RFC 4978 §3).
///
/// `MAILPROTO_ERROR_WRONG_STATE` when COMPRESS was not accepted, or this was told before.
#[cfg(feature = "imap-compress")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_compression_established(
    client: Option<&mut mailproto_imap_client>,
) -> mailproto_error {
    attempt(client, |client| client.compression_established())
}

/// UNAUTHENTICATE: back to where one logs in, with nothing enabled (RFC 8437).
///
/// `MAILPROTO_ERROR_NOT_OFFERED` without UNAUTHENTICATE.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_unauthenticate(
    client: Option<&mut mailproto_imap_client>,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    bare(client, tag, |client| client.unauthenticate())
}

/// GETJMAPACCESS: where the same mail can be had by JMAP (RFC 9698). An UNRECOGNIZED event answers.
///
/// `MAILPROTO_ERROR_NOT_OFFERED` without JMAPACCESS.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_get_jmap_access(
    client: Option<&mut mailproto_imap_client>,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    bare(client, tag, |client| client.get_jmap_access())
}

/// IDLE: lets the server tell what happens, until `mailproto_imap_client_done` (RFC 9051 §6.3.13).
/// Nothing else can be sent meanwhile. IDLING says that it has begun, IDLE_DUE that it is time to
/// begin anew.
///
/// `MAILPROTO_ERROR_NOT_OFFERED` when the capabilities are known and lack it.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_idle(
    client: Option<&mut mailproto_imap_client>,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    bare(client, tag, |client| client.idle())
}

/// DONE: ends IDLE (RFC 9051 §6.3.13). Its completion follows.
///
/// `MAILPROTO_ERROR_WRONG_STATE` before IDLING, after DONE, and when the server has ended IDLE by
/// itself.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_done(
    client: Option<&mut mailproto_imap_client>,
) -> mailproto_error {
    attempt(client, |client| client.done())
}
