//! APPEND (RFC 9051 §6.3.12): a message goes up in pieces.

use core::mem::MaybeUninit;

use mailproto_core::imap::command::AppendOptions;

use mailproto_core::imap::Flag;

use super::messages::{MAILPROTO_IMAP_MAX_FLAGS, fill_flags};
use crate::imap::argument::{Arguments, Few};
use crate::imap::client::{act, attempt, command};
use crate::imap::{mailproto_imap_client, mailproto_imap_date_time, mailproto_imap_mailbox};
use crate::{mailproto_error, mailproto_span};

/// What goes with a message that is appended (RFC 9051 §6.3.12). Begin with
/// `MAILPROTO_IMAP_APPEND_OPTIONS_INIT`, then change what is to differ.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_append_options {
    /// `sizeof(mailproto_imap_append_options)`: tells the library which fields there are.
    pub size: usize,
    /// Its flags, with spaces between them: `\Seen $Forwarded`. None unless told.
    pub flags: mailproto_span,
    /// Its internal date, if `has_date` is 1.
    pub date: mailproto_imap_date_time,
    /// 1 if `date` is meant, else 0, and the server's clock says it. 0 unless told.
    pub has_date: u8,
    /// 1 if the message may hold NUL and goes as it is, without a transfer encoding (RFC 3516 §4.4),
    /// else 0. The server must offer BINARY. 0 unless told.
    pub binary: u8,
    /// 1 if the headers of the message may hold UTF-8 (RFC 9755 §4), else 0. UTF8=ACCEPT must be
    /// enabled. 0 unless told.
    pub utf8: u8,
    /// Zero.
    pub reserved: [u8; 3],
}

fn with_options<T>(
    options: Option<&mailproto_imap_append_options>,
    arguments: &Arguments,
    call: impl FnOnce(&AppendOptions<'_>) -> T,
) -> Result<T, mailproto_error> {
    let Some(options) = options else { return Ok(call(&AppendOptions::default())) };
    if options.size != size_of::<mailproto_imap_append_options>() {
        return Err(mailproto_error::AbiMismatch);
    }
    let yes = [options.has_date, options.binary, options.utf8];
    if yes.iter().any(|&yes| yes > 1) || options.reserved != [0; 3] {
        return Err(mailproto_error::BadValue);
    }
    let mut places = [Flag::Seen; MAILPROTO_IMAP_MAX_FLAGS];
    let mut flags = Few::new(&mut places);
    fill_flags(&mut flags, options.flags, arguments)?;
    Ok(call(&AppendOptions {
        flags: &flags,
        date: (options.has_date == 1).then(|| options.date.into()),
        binary: options.binary == 1,
        utf8: options.utf8 == 1,
    }))
}

/// APPEND: puts a message into a mailbox (RFC 9051 §6.3.12). When UPLOAD tells that the server takes
/// it, give it with `mailproto_imap_client_upload` and end it with `mailproto_imap_client_append_end`.
/// If the server refuses, the command completes instead, perhaps in the middle; then there is nothing
/// more to give.
///
/// Until `mailproto_imap_client_append_end` no other command can be queued. An upload that cannot be
/// finished leaves no other way than to close the connection: the server counts octets.
///
/// @param client   the object.
/// @param mailbox  where it goes.
/// @param options  its flags and date; NULL for none.
/// @param octets   its length, lines ended by CRLF.
/// @param tag      receives the command's tag; may be NULL.
///
/// `MAILPROTO_ERROR_NOT_OFFERED` for `binary` without BINARY; `MAILPROTO_ERROR_WRONG_STATE` for `utf8`
/// when UTF8=ACCEPT is not enabled; `_BAD_ARGUMENT`, `_TOO_LONG` and others for flags, date and name.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_append(
    client: Option<&mut mailproto_imap_client>,
    mailbox: mailproto_imap_mailbox,
    options: Option<&mailproto_imap_append_options>,
    octets: u64,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    command(client, tag, &mut |client, arguments| {
        let mailbox = arguments.mailbox(&mailbox)?;
        with_options(options, arguments, |options| client.append(mailbox, options, octets))
    })
}

/// Gives octets of the message (RFC 9051 §6.3.12).
///
/// @param client  the object.
/// @param octets  the next ones.
/// @param taken   receives how many were taken, which is as many as the outgoing buffer has room for,
///                perhaps none: send `mailproto_imap_client_outgoing` and give the rest. 0 in every
///                case of error.
///
/// `MAILPROTO_ERROR_NULL_POINTER` without `taken`; `MAILPROTO_ERROR_WRONG_STATE` when no upload is
/// under way, or the server does not take it yet; `MAILPROTO_ERROR_TOO_MUCH_DATA` when there are more
/// than were announced.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_upload(
    client: Option<&mut mailproto_imap_client>,
    octets: mailproto_span,
    taken: Option<&mut MaybeUninit<usize>>,
) -> mailproto_error {
    let Some(taken) = taken else { return mailproto_error::NullPointer };
    taken.write(0);
    act(client, &mut |engine| {
        let octets = engine.arguments().octets(octets)?;
        let uploaded = engine.client.upload(octets).map_err(|error| engine.refused(error))?;
        taken.write(uploaded);
        Ok(())
    })
}

/// The message is complete, and another of so many `octets` follows in the same APPEND (RFC 3502).
///
/// `MAILPROTO_ERROR_TOO_LITTLE_DATA` when the message is not complete; `MAILPROTO_ERROR_NOT_OFFERED`
/// when the server has no MULTIAPPEND; `MAILPROTO_ERROR_WRONG_STATE` when no upload is under way; else
/// as `mailproto_imap_client_append`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_append_next(
    client: Option<&mut mailproto_imap_client>,
    options: Option<&mailproto_imap_append_options>,
    octets: u64,
) -> mailproto_error {
    act(client, &mut |engine| {
        let arguments = engine.arguments();
        let next =
            with_options(options, &arguments, |options| engine.client.append_next(options, octets));
        next.inspect_err(|_| engine.limited(&arguments))?.map_err(|error| engine.refused(error))
    })
}

/// The message, or the last of several, is complete: ends the APPEND (RFC 9051 §6.3.12).
///
/// `MAILPROTO_ERROR_TOO_LITTLE_DATA` when it is not; `MAILPROTO_ERROR_FULL` when the outgoing buffer
/// has no room for the end of the line: send, and call again; `MAILPROTO_ERROR_WRONG_STATE` when no
/// upload is under way.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_append_end(
    client: Option<&mut mailproto_imap_client>,
) -> mailproto_error {
    attempt(client, |client| client.append_end())
}
