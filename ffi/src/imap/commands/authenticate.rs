//! Getting in: STARTTLS (RFC 9051 §6.2.1), LOGIN (§6.2.3), AUTHENTICATE (§6.2.2).

use core::mem::MaybeUninit;

#[cfg(feature = "imap-authenticate")]
use crate::imap::client::act;
use crate::imap::client::{attempt, bare, command};
use crate::imap::mailproto_imap_client;
#[cfg(feature = "imap-authenticate")]
use crate::memory;
#[cfg(feature = "imap-authenticate")]
use crate::sasl::mailproto_sasl;
use crate::{mailproto_error, mailproto_span};

/// STARTTLS: asks to begin TLS (RFC 9051 §6.2.1). After its completion with status OK make the
/// handshake and call `mailproto_imap_client_tls_established`.
///
/// `MAILPROTO_ERROR_NOT_OFFERED` when the capabilities are known and lack it;
/// `MAILPROTO_ERROR_WRONG_STATE` when the channel is private already.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_starttls(
    client: Option<&mut mailproto_imap_client>,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    bare(client, tag, |client| client.starttls())
}

/// Tells that the TLS handshake after STARTTLS is done and the server's certificate verified. All
/// that was learnt before is forgotten (RFC 9051 §6.2.1); ask CAPABILITY again.
///
/// `MAILPROTO_ERROR_WRONG_STATE` when STARTTLS was not the last thing that happened.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_tls_established(
    client: Option<&mut mailproto_imap_client>,
) -> mailproto_error {
    attempt(client, |client| client.tls_established())
}

/// LOGIN: gives name and password (RFC 9051 §6.2.3). A mechanism of
/// `mailproto_imap_client_authenticate` is the better choice where the server has one.
///
/// `MAILPROTO_ERROR_INSECURE` when the channel is not private; `MAILPROTO_ERROR_NOT_OFFERED` when the
/// server announced LOGINDISABLED; `MAILPROTO_ERROR_FORBIDDEN_OCTET` for NUL.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_login(
    client: Option<&mut mailproto_imap_client>,
    name: mailproto_span,
    password: mailproto_span,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    command(client, tag, &mut |client, arguments| {
        Ok(client.login(arguments.octets(name)?, arguments.octets(password)?))
    })
}

/// AUTHENTICATE: logs in by a SASL mechanism (RFC 9051 §6.2.2), with its initial response where the
/// server takes one (SASL-IR, RFC 4959). Answer each CHALLENGE with `mailproto_imap_client_respond`.
///
/// `MAILPROTO_ERROR_INSECURE` when the mechanism would show a secret, or a proof of one, to
/// listeners; `MAILPROTO_ERROR_NOT_OFFERED` when the capabilities are known and lack it; a code of
/// -100 to -199 when the mechanism refuses.
#[cfg(feature = "imap-authenticate")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_authenticate(
    client: Option<&mut mailproto_imap_client>,
    sasl: Option<&mut mailproto_sasl>,
    tag: Option<&mut MaybeUninit<u32>>,
) -> mailproto_error {
    match memory::open_mut(sasl) {
        Ok(exchange) => {
            command(client, tag, &mut |client, _| Ok(client.authenticate(exchange.mechanism_mut())))
        }
        Err(code) => code,
    }
}

/// Answers the challenge that the last event brought, before more is received (RFC 9051 §6.2.2).
///
/// `MAILPROTO_ERROR_WRONG_STATE` when there is none; `MAILPROTO_ERROR_BUFFER_TOO_SMALL` when the
/// outgoing buffer cannot hold the response; a code of -100 to -199 when the mechanism does not
/// accept the challenge, or it did not fit the scratch buffer or was not base64: then
/// `mailproto_imap_client_cancel`.
#[cfg(feature = "imap-authenticate")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_respond(
    client: Option<&mut mailproto_imap_client>,
    sasl: Option<&mut mailproto_sasl>,
) -> mailproto_error {
    match memory::open_mut(sasl) {
        Ok(exchange) => act(client, &mut |engine| {
            let answered = engine.client.respond(exchange.mechanism_mut());
            answered.map_err(|error| engine.refused(error))
        }),
        Err(code) => code,
    }
}

/// Gives up the SASL exchange (RFC 9051 §6.2.2); the server completes AUTHENTICATE with BAD.
///
/// `MAILPROTO_ERROR_WRONG_STATE` when the server awaits no answer.
#[cfg(feature = "imap-authenticate")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_client_cancel(
    client: Option<&mut mailproto_imap_client>,
) -> mailproto_error {
    attempt(client, |client| client.cancel())
}
