//! The client's side: one object for any mechanism, one `init` a mechanism. An `init` leaves behind
//! how its mechanism is to be called, so that a program links the mechanisms it names and no
//! others.

use core::mem::MaybeUninit;

#[cfg(feature = "sasl-scram-sha-1")]
use mailproto_core::sasl::ScramSha1;
#[cfg(feature = "sasl-scram-sha-256")]
use mailproto_core::sasl::ScramSha256;
use mailproto_core::sasl::{self, Auto, Credentials, Mechanism};

use super::{mailproto_sasl_mechanism, name_of};
use crate::error::mechanism as refusal;
use crate::memory::{self, Any};
use crate::{mailproto_error, mailproto_span};

/// How many words a `mailproto_sasl` has.
#[cfg(target_pointer_width = "64")]
pub const MAILPROTO_SASL_WORDS: usize = 20;
/// How many words a `mailproto_sasl` has.
#[cfg(target_pointer_width = "32")]
pub const MAILPROTO_SASL_WORDS: usize = 26;

/// The client's side of one SASL exchange, by any mechanism. It serves one exchange: set it up anew
/// for another attempt.
///
/// User names, passwords and tokens are UTF-8 without NUL. The memory of all spans given to an
/// `init` is borrowed: it must stay as it is until AUTH has completed or `mailproto_sasl_wipe` was
/// called.
///
/// Every `init` returns `MAILPROTO_OK`; `MAILPROTO_ERROR_NULL_POINTER`, `_ABI_MISMATCH` (`size` is
/// not the library's), `_NOT_UTF8`, `_SASL_EMPTY_CREDENTIAL`, `_SASL_FORBIDDEN_CHARACTER`,
/// `_SASL_TOO_LONG` or `_SASL_WEAK_NONCE`, and then the object is as it was.
#[repr(C, align(8))]
pub struct mailproto_sasl {
    /// The library's own.
    _opaque: [MaybeUninit<usize>; MAILPROTO_SASL_WORDS],
}

/// The largest mechanism, and how to find the one that is there.
pub(crate) type Exchange = Any<Auto<'static>, dyn Mechanism>;

memory::opaque!(mailproto_sasl, Exchange, 0x4c53_4153);

fn init<M: Mechanism + 'static>(
    sasl: Option<&mut mailproto_sasl>,
    size: usize,
    make: impl FnOnce() -> Result<M, Refusal>,
) -> mailproto_error {
    mailproto_error::of(memory::vacant(sasl, size).and_then(|vacant| {
        let mechanism = make().map_err(|Refusal(code)| code)?;
        memory::place(vacant, Exchange::new(mechanism));
        Ok(())
    }))
}

/// Why a mechanism was not made: an error of this boundary or of the mechanism.
struct Refusal(mailproto_error);

impl From<mailproto_error> for Refusal {
    fn from(code: mailproto_error) -> Self {
        Self(code)
    }
}

impl From<sasl::Error> for Refusal {
    fn from(error: sasl::Error) -> Self {
        Self(refusal(error).0)
    }
}

/// PLAIN (RFC 4616): sends the password, so over a private channel only.
///
/// @param sasl      the object.
/// @param size      `sizeof *sasl`.
/// @param authzid   whom to act as, when not as `user`; mostly empty.
/// @param user      whose password it is.
/// @param password  the password.
#[cfg(feature = "sasl-plain")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_sasl_plain_init(
    sasl: Option<&mut mailproto_sasl>,
    size: usize,
    authzid: mailproto_span,
    user: mailproto_span,
    password: mailproto_span,
) -> mailproto_error {
    init(sasl, size, || Ok(sasl::Plain::new(authzid.text()?, user.text()?, password.text()?)?))
}

/// LOGIN (draft-murchison-sasl-login): sends the password, so over a private channel only.
///
/// @param sasl      the object.
/// @param size      `sizeof *sasl`.
/// @param user      the user's name.
/// @param password  the password.
#[cfg(feature = "sasl-login")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_sasl_login_init(
    sasl: Option<&mut mailproto_sasl>,
    size: usize,
    user: mailproto_span,
    password: mailproto_span,
) -> mailproto_error {
    init(sasl, size, || Ok(sasl::Login::new(user.text()?, password.text()?)?))
}

/// CRAM-MD5 (RFC 2195): sends a proof of the password, on which a listener can try guesses.
///
/// @param sasl      the object.
/// @param size      `sizeof *sasl`.
/// @param user      the user's name.
/// @param password  the password.
#[cfg(feature = "sasl-cram-md5")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_sasl_cram_md5_init(
    sasl: Option<&mut mailproto_sasl>,
    size: usize,
    user: mailproto_span,
    password: mailproto_span,
) -> mailproto_error {
    init(sasl, size, || Ok(sasl::CramMd5::new(user.text()?, password.text()?)?))
}

/// SCRAM-SHA-1 (RFC 5802): the server proves itself too.
///
/// @param sasl            the object.
/// @param size            `sizeof *sasl`.
/// @param authzid         whom to act as, when not as `user`; mostly empty.
/// @param user            whose password it is.
/// @param password        the password.
/// @param nonce           18 octets of a good random source, never used before.
/// @param max_iterations  the most iterations that this machine will compute for a server, lest a
///                        false one keep it busy; 0 for 600,000.
#[cfg(feature = "sasl-scram-sha-1")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_sasl_scram_sha_1_init(
    sasl: Option<&mut mailproto_sasl>,
    size: usize,
    authzid: mailproto_span,
    user: mailproto_span,
    password: mailproto_span,
    nonce: mailproto_span,
    max_iterations: u32,
) -> mailproto_error {
    init(sasl, size, || {
        let scram = ScramSha1::new(user.text()?, password.text()?, nonce.octets()?)?;
        let scram = scram.act_as(authzid.text()?)?;
        Ok(if max_iterations > 0 { scram.max_iterations(max_iterations) } else { scram })
    })
}

/// SCRAM-SHA-256 (RFC 7677): the server proves itself too. The strongest that there is here.
///
/// @param sasl            the object.
/// @param size            `sizeof *sasl`.
/// @param authzid         whom to act as, when not as `user`; mostly empty.
/// @param user            whose password it is.
/// @param password        the password.
/// @param nonce           18 octets of a good random source, never used before.
/// @param max_iterations  the most iterations that this machine will compute for a server, lest a
///                        false one keep it busy; 0 for 600,000.
#[cfg(feature = "sasl-scram-sha-256")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_sasl_scram_sha_256_init(
    sasl: Option<&mut mailproto_sasl>,
    size: usize,
    authzid: mailproto_span,
    user: mailproto_span,
    password: mailproto_span,
    nonce: mailproto_span,
    max_iterations: u32,
) -> mailproto_error {
    init(sasl, size, || {
        let scram = ScramSha256::new(user.text()?, password.text()?, nonce.octets()?)?;
        let scram = scram.act_as(authzid.text()?)?;
        Ok(if max_iterations > 0 { scram.max_iterations(max_iterations) } else { scram })
    })
}

/// XOAUTH2: sends an OAuth 2.0 access token, so over a private channel only.
///
/// @param sasl   the object.
/// @param size   `sizeof *sasl`.
/// @param user   the mailbox's user.
/// @param token  the access token, without `Bearer`.
#[cfg(feature = "sasl-xoauth2")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_sasl_xoauth2_init(
    sasl: Option<&mut mailproto_sasl>,
    size: usize,
    user: mailproto_span,
    token: mailproto_span,
) -> mailproto_error {
    init(sasl, size, || Ok(sasl::XOauth2::new(user.text()?, token.text()?)?))
}

/// OAUTHBEARER (RFC 7628): sends an OAuth 2.0 access token, so over a private channel only.
///
/// @param sasl   the object.
/// @param size   `sizeof *sasl`.
/// @param user   the mailbox's user; may be empty.
/// @param token  the access token, without `Bearer`.
/// @param host   the server's host name; may be empty.
/// @param port   the server's port, or 0.
#[cfg(feature = "sasl-oauthbearer")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_sasl_oauthbearer_init(
    sasl: Option<&mut mailproto_sasl>,
    size: usize,
    user: mailproto_span,
    token: mailproto_span,
    host: mailproto_span,
    port: u16,
) -> mailproto_error {
    init(sasl, size, || {
        Ok(sasl::OauthBearer::new(user.text()?, token.text()?, host.text()?, port)?)
    })
}

/// EXTERNAL (RFC 4422 appendix A): the channel itself, by a TLS client certificate, tells who this
/// is.
///
/// @param sasl     the object.
/// @param size     `sizeof *sasl`.
/// @param authzid  whom to act as; empty for whom the channel names.
#[cfg(feature = "sasl-external")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_sasl_external_init(
    sasl: Option<&mut mailproto_sasl>,
    size: usize,
    authzid: mailproto_span,
) -> mailproto_error {
    init(sasl, size, || Ok(sasl::External::new(authzid.text()?)?))
}

/// ANONYMOUS (RFC 4505).
///
/// @param sasl   the object.
/// @param size   `sizeof *sasl`.
/// @param trace  a hint for the server's log, such as a mail address; may be empty. At most 255
///               characters.
#[cfg(feature = "sasl-anonymous")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_sasl_anonymous_init(
    sasl: Option<&mut mailproto_sasl>,
    size: usize,
    trace: mailproto_span,
) -> mailproto_error {
    init(sasl, size, || Ok(sasl::Anonymous::new(trace.text()?)?))
}

/// Any mechanism for a user name and a password, chosen at run time: for hosts, since a program
/// that calls this contains them all.
///
/// @param sasl       the object.
/// @param size       `sizeof *sasl`.
/// @param mechanism  a `mailproto_sasl_mechanism`, as `mailproto_sasl_choose` returns it.
/// @param authzid    whom to act as, when not as `user`; mostly empty.
/// @param user       whose password it is.
/// @param password   the password.
/// @param nonce      18 octets of a good random source, never used before; SCRAM uses it.
///
/// Returns besides `MAILPROTO_ERROR_BAD_VALUE` for a number that is no mechanism, and
/// `MAILPROTO_ERROR_SASL_UNSUPPORTED` for one that takes no password or cannot act as another user.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_sasl_password_init(
    sasl: Option<&mut mailproto_sasl>,
    size: usize,
    mechanism: i32,
    authzid: mailproto_span,
    user: mailproto_span,
    password: mailproto_span,
    nonce: mailproto_span,
) -> mailproto_error {
    init(sasl, size, || {
        let name = name_of(mechanism).ok_or(mailproto_error::BadValue)?;
        let (authzid, user, password) = (authzid.text()?, user.text()?, password.text()?);
        let credentials = Credentials::Password { authzid, user, password };
        Ok(Auto::new(name, credentials, nonce.octets()?)?)
    })
}

/// The mechanism that the object was set up for; `MAILPROTO_SASL_MECHANISM_NONE` for NULL and for
/// an object that was not set up.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_sasl_name(sasl: Option<&mailproto_sasl>) -> mailproto_sasl_mechanism {
    let name = memory::open(sasl)
        .ok()
        .and_then(|exchange| sasl::Name::from_bytes(exchange.mechanism().name().as_bytes()));
    name.map_or(mailproto_sasl_mechanism::None, mailproto_sasl_mechanism::of)
}

/// Ends the borrowing of the credentials and wipes what the object knows of them. The credentials
/// themselves are the program's to wipe.
///
/// Returns `MAILPROTO_OK`, `MAILPROTO_ERROR_NULL_POINTER` or `MAILPROTO_ERROR_NOT_INITIALIZED`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_sasl_wipe(sasl: Option<&mut mailproto_sasl>) -> mailproto_error {
    mailproto_error::of(memory::dismiss(sasl))
}
