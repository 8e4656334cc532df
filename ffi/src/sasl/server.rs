//! The server's side: one object for any mechanism, one `init` a mechanism, and the claims that
//! pass between a mechanism and the program's user database.

use core::mem::MaybeUninit;

use mailproto_core::sasl::{
    self, AutoServer, Claim, Decoy, Secret, ServerMechanism, Setup, Step, Store,
};

use super::{mailproto_sasl_mechanism, name_of};
use crate::error::mechanism as refusal;
use crate::memory::{self, Any};
use crate::{mailproto_error, mailproto_span};

/// How many words a `mailproto_sasl_server` has.
#[cfg(target_pointer_width = "64")]
pub const MAILPROTO_SASL_SERVER_WORDS: usize = 40;
/// How many words a `mailproto_sasl_server` has.
#[cfg(target_pointer_width = "32")]
pub const MAILPROTO_SASL_SERVER_WORDS: usize = 50;

/// The server's side of one SASL exchange, by any mechanism. It serves one exchange: set it up anew
/// for another attempt.
///
/// The memory of all spans and of the work buffer is borrowed until `mailproto_sasl_server_wipe` or
/// until the object is set up anew. The work buffer holds what the client says: 512 octets do for
/// passwords, 4,096 for tokens.
///
/// Every `init` returns `MAILPROTO_OK`; `MAILPROTO_ERROR_NULL_POINTER`, `_ABI_MISMATCH` (`size` is
/// not the library's), `_NOT_UTF8`, `_SASL_WEAK_NONCE`, `_SASL_WORK_TOO_SMALL`,
/// `_SASL_EMPTY_CREDENTIAL` (a decoy without key) or `_SASL_TOO_FEW_ITERATIONS` (fewer than 4,096
/// in a decoy), and then the object is as it was.
#[repr(C, align(8))]
pub struct mailproto_sasl_server {
    /// The library's own.
    _opaque: [MaybeUninit<usize>; MAILPROTO_SASL_SERVER_WORDS],
}

/// The largest mechanism, and how to find the one that is there.
pub(crate) type Exchange = Any<AutoServer<'static>, dyn ServerMechanism>;

memory::opaque!(mailproto_sasl_server, Exchange, 0x5353_4153);

/// How SCRAM answers for users who do not exist. The same for every connection and over restarts,
/// or the difference tells who exists.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_sasl_decoy {
    /// A random secret of the server, 16 octets or more.
    pub key: mailproto_span,
    /// As many octets as the salts of the user database have, at most the hash's length (20 or 32).
    pub salt_octets: usize,
    /// The iteration count of the user database; at least 4,096.
    pub iterations: u32,
}

impl mailproto_sasl_decoy {
    fn read(self) -> Result<Decoy<'static>, mailproto_error> {
        let Self { key, salt_octets, iterations } = self;
        Ok(Decoy { key: key.octets()?, salt_octets, iterations })
    }
}

/// What the exchange needs next, as `mailproto_pop3_server_authenticate` returns it.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_sasl_step {
    /// Nothing; no step is 0.
    None = 0,
    /// A challenge was sent: wait for the client's response.
    Challenge = 1,
    /// Look at the claim, answer it, and take another step.
    Claim = 2,
    /// The client is who it says.
    Success = 3,
    /// It is not.
    Failure = 4,
}

impl From<Step> for mailproto_sasl_step {
    fn from(step: Step) -> Self {
        match step {
            Step::Challenge(_) => Self::Challenge,
            Step::Claim => Self::Claim,
            Step::Success => Self::Success,
            Step::Failure => Self::Failure,
        }
    }
}

/// What is claimed.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_sasl_claim_kind {
    /// Nothing is to be decided now.
    None = 0,
    /// Is `secret` the password of `user`, who may act as `authzid`? Answer with
    /// `mailproto_sasl_server_verdict`.
    Password = 1,
    /// The mechanism does the verifying and needs the secret of `user`. Answer with
    /// `mailproto_sasl_server_secret_password`, `_scram` or `_unknown`; the latter also when the
    /// user may not act as `authzid`.
    User = 2,
    /// Is `secret` a valid access token for `user`? `user` may be empty in OAUTHBEARER, when the
    /// token itself must tell. Answer with `mailproto_sasl_server_verdict`.
    Token = 3,
    /// Does the channel's own authentication (a TLS client certificate) cover `authzid`, or if that
    /// is empty, anyone? Answer with `mailproto_sasl_server_verdict`.
    External = 4,
    /// Are anonymous users welcome? `user` is what the client wishes to see in the log. Answer with
    /// `mailproto_sasl_server_verdict`.
    Anonymous = 5,
}

/// What a client says of itself. Names are UTF-8 without NUL; a password may be any octets without
/// NUL. Never log one. The spans lie in the work buffer and are valid until the next call on the
/// object.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_sasl_claim {
    /// What is claimed.
    pub kind: mailproto_sasl_claim_kind,
    /// Whom to act as; empty for `user`.
    pub authzid: mailproto_span,
    /// Who this is.
    pub user: mailproto_span,
    /// A password or a token.
    pub secret: mailproto_span,
}

impl From<Claim<'_>> for mailproto_sasl_claim {
    fn from(claim: Claim<'_>) -> Self {
        use mailproto_sasl_claim_kind as Kind;
        let of = |kind, [authzid, user, secret]: [&[u8]; 3]| Self {
            kind,
            authzid: authzid.into(),
            user: user.into(),
            secret: secret.into(),
        };
        match claim {
            Claim::Password { authzid, user, password } => {
                of(Kind::Password, [authzid, user, password])
            }
            Claim::User { authzid, user } => of(Kind::User, [authzid, user, b""]),
            Claim::Token { user, token } => of(Kind::Token, [b"", user, token]),
            Claim::External { authzid } => of(Kind::External, [authzid, b"", b""]),
            Claim::Anonymous { trace } => of(Kind::Anonymous, [b"", trace, b""]),
            _ => of(Kind::None, [b""; 3]),
        }
    }
}

type Object<'a> = Option<&'a mut mailproto_sasl_server>;

/// Sets an object up with what `make` makes of its work buffer.
fn init<M: ServerMechanism + 'static>(
    sasl: Object<'_>,
    size: usize,
    (work, work_len): (*mut u8, usize),
    make: impl FnOnce(&'static mut [u8]) -> Result<Result<M, sasl::Error>, mailproto_error>,
) -> mailproto_error {
    mailproto_error::of(memory::vacant(sasl, size).and_then(|vacant| {
        let made = make(memory::octets_mut(work, work_len)?)?;
        memory::place(vacant, Exchange::new(made.map_err(|error| refusal(error).0)?));
        Ok(())
    }))
}

/// PLAIN (RFC 4616).
///
/// @param sasl      the object.
/// @param size      `sizeof *sasl`.
/// @param work      the work buffer.
/// @param work_len  its size in octets.
#[cfg(feature = "sasl-plain")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_sasl_server_plain_init(
    sasl: Option<&mut mailproto_sasl_server>,
    size: usize,
    work: *mut u8,
    work_len: usize,
) -> mailproto_error {
    init(sasl, size, (work, work_len), |work| Ok(Ok(sasl::PlainServer::new(work))))
}

/// LOGIN (draft-murchison-sasl-login).
///
/// @param sasl      the object.
/// @param size      `sizeof *sasl`.
/// @param work      the work buffer.
/// @param work_len  its size in octets.
#[cfg(feature = "sasl-login")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_sasl_server_login_init(
    sasl: Option<&mut mailproto_sasl_server>,
    size: usize,
    work: *mut u8,
    work_len: usize,
) -> mailproto_error {
    init(sasl, size, (work, work_len), |work| Ok(Ok(sasl::LoginServer::new(work))))
}

/// CRAM-MD5 (RFC 2195).
///
/// @param sasl      the object.
/// @param size      `sizeof *sasl`.
/// @param work      the work buffer.
/// @param work_len  its size in octets.
/// @param nonce     18 octets of a good random source, never used before.
/// @param host      the server's host name.
#[cfg(feature = "sasl-cram-md5")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_sasl_server_cram_md5_init(
    sasl: Option<&mut mailproto_sasl_server>,
    size: usize,
    work: *mut u8,
    work_len: usize,
    nonce: mailproto_span,
    host: mailproto_span,
) -> mailproto_error {
    init(sasl, size, (work, work_len), |work| {
        Ok(sasl::CramMd5Server::new(work, nonce.octets()?, host.text()?))
    })
}

/// SCRAM-SHA-1 (RFC 5802).
///
/// @param sasl      the object.
/// @param size      `sizeof *sasl`.
/// @param work      the work buffer.
/// @param work_len  its size in octets.
/// @param nonce     18 octets of a good random source, never used before.
/// @param decoy     how to answer for users who do not exist.
#[cfg(feature = "sasl-scram-sha-1")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_sasl_server_scram_sha_1_init(
    sasl: Option<&mut mailproto_sasl_server>,
    size: usize,
    work: *mut u8,
    work_len: usize,
    nonce: mailproto_span,
    decoy: Option<&mailproto_sasl_decoy>,
) -> mailproto_error {
    init(sasl, size, (work, work_len), |work| {
        let decoy = decoy.ok_or(mailproto_error::NullPointer)?.read()?;
        Ok(sasl::ScramSha1Server::new(work, nonce.octets()?, decoy))
    })
}

/// SCRAM-SHA-256 (RFC 7677).
///
/// @param sasl      the object.
/// @param size      `sizeof *sasl`.
/// @param work      the work buffer.
/// @param work_len  its size in octets.
/// @param nonce     18 octets of a good random source, never used before.
/// @param decoy     how to answer for users who do not exist.
#[cfg(feature = "sasl-scram-sha-256")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_sasl_server_scram_sha_256_init(
    sasl: Option<&mut mailproto_sasl_server>,
    size: usize,
    work: *mut u8,
    work_len: usize,
    nonce: mailproto_span,
    decoy: Option<&mailproto_sasl_decoy>,
) -> mailproto_error {
    init(sasl, size, (work, work_len), |work| {
        let decoy = decoy.ok_or(mailproto_error::NullPointer)?.read()?;
        Ok(sasl::ScramSha256Server::new(work, nonce.octets()?, decoy))
    })
}

/// Any mechanism, chosen at run time, such as by a request of kind AUTH: for hosts, since a program
/// that calls this contains them all.
///
/// @param sasl       the object.
/// @param size       `sizeof *sasl`.
/// @param mechanism  a `mailproto_sasl_mechanism`.
/// @param work       the work buffer.
/// @param work_len   its size in octets.
/// @param nonce      18 octets of a good random source, never used before (CRAM-MD5, SCRAM).
/// @param host       the server's host name (CRAM-MD5).
/// @param decoy      for users who do not exist (SCRAM).
///
/// Returns besides `MAILPROTO_ERROR_BAD_VALUE` for a number that is no mechanism, and
/// `MAILPROTO_ERROR_SASL_UNSUPPORTED` for one that is not in this library.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_sasl_server_init(
    sasl: Option<&mut mailproto_sasl_server>,
    size: usize,
    mechanism: i32,
    work: *mut u8,
    work_len: usize,
    nonce: mailproto_span,
    host: mailproto_span,
    decoy: Option<&mailproto_sasl_decoy>,
) -> mailproto_error {
    init(sasl, size, (work, work_len), |work| {
        let name = name_of(mechanism).ok_or(mailproto_error::BadValue)?;
        let decoy = decoy.ok_or(mailproto_error::NullPointer)?.read()?;
        let setup = Setup { work, nonce: nonce.octets()?, host: host.text()?, decoy };
        Ok(AutoServer::new(name, setup))
    })
}

/// What the client claims, after a step that is CLAIM; kind NONE before, and once it is answered.
///
/// @param sasl   the object.
/// @param claim  is filled in.
///
/// Returns `MAILPROTO_OK`, `MAILPROTO_ERROR_NULL_POINTER` or `MAILPROTO_ERROR_NOT_INITIALIZED`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_sasl_server_claim(
    sasl: Option<&mailproto_sasl_server>,
    claim: Option<&mut MaybeUninit<mailproto_sasl_claim>>,
) -> mailproto_error {
    mailproto_error::of(memory::open(sasl).and_then(|exchange| {
        claim.ok_or(mailproto_error::NullPointer)?.write(exchange.mechanism().claim().into());
        Ok(())
    }))
}

fn answer(
    sasl: Object<'_>,
    call: impl FnOnce(&mut dyn ServerMechanism) -> Result<Result<(), sasl::Error>, mailproto_error>,
) -> mailproto_error {
    mailproto_error::of(
        memory::open_mut(sasl)
            .and_then(|exchange| call(exchange.mechanism_mut())?.map_err(|error| refusal(error).0)),
    )
}

/// Answers any claim but one of kind USER.
///
/// @param sasl      the object.
/// @param accepted  1 if it is true, else 0.
///
/// `MAILPROTO_ERROR_SASL_OUT_OF_TURN` when no such claim stands; `MAILPROTO_ERROR_BAD_VALUE` when
/// `accepted` is neither 0 nor 1.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_sasl_server_verdict(
    sasl: Option<&mut mailproto_sasl_server>,
    accepted: i32,
) -> mailproto_error {
    if !(0..=1).contains(&accepted) {
        return mailproto_error::BadValue;
    }
    answer(sasl, |mechanism| Ok(mechanism.verdict(accepted == 1)))
}

/// Answers a claim of kind USER with the user's password. It is not kept.
///
/// `MAILPROTO_ERROR_SASL_OUT_OF_TURN` when no such claim stands;
/// `MAILPROTO_ERROR_SASL_UNUSABLE_SECRET`; `MAILPROTO_ERROR_SASL_WORK_TOO_SMALL`. So with the other
/// answers.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_sasl_server_secret_password(
    sasl: Option<&mut mailproto_sasl_server>,
    password: mailproto_span,
) -> mailproto_error {
    answer(sasl, |mechanism| Ok(mechanism.secret(Secret::Password(password.octets()?))))
}

/// Answers a claim of kind USER with what a SCRAM server stores in place of a password (RFC 5802
/// §3).
///
/// @param sasl        the object.
/// @param salt        the salt, raw.
/// @param iterations  the iteration count.
/// @param stored_key  StoredKey: 20 octets for SCRAM-SHA-1, 32 for SCRAM-SHA-256.
/// @param server_key  ServerKey, as long.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_sasl_server_secret_scram(
    sasl: Option<&mut mailproto_sasl_server>,
    salt: mailproto_span,
    iterations: u32,
    stored_key: mailproto_span,
    server_key: mailproto_span,
) -> mailproto_error {
    answer(sasl, |mechanism| {
        Ok(mechanism.secret(Secret::Scram {
            salt: salt.octets()?,
            iterations,
            stored_key: stored_key.octets()?,
            server_key: server_key.octets()?,
        }))
    })
}

/// Answers a claim of kind USER: there is no such user, or none who may log in. The exchange goes
/// on in the shape and at the cost of one with a user of this store, and fails at its end.
///
/// @param sasl        the object.
/// @param scram_keys  1 if the user database holds SCRAM keys, 0 if it holds passwords.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_sasl_server_secret_unknown(
    sasl: Option<&mut mailproto_sasl_server>,
    scram_keys: i32,
) -> mailproto_error {
    let store = match scram_keys {
        0 => Store::Passwords,
        1 => Store::ScramKeys,
        _ => return mailproto_error::BadValue,
    };
    answer(sasl, |mechanism| Ok(mechanism.secret(Secret::Unknown(store))))
}

/// Who was authenticated, after a step that is SUCCESS; empty before. That is `authzid` when the
/// client asked to act as another, `user` when not. EXTERNAL without `authzid` leaves it empty: the
/// channel names the user.
///
/// @param sasl      the object.
/// @param identity  receives the name, valid until the next call on the object.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_sasl_server_identity(
    sasl: Option<&mailproto_sasl_server>,
    identity: Option<&mut MaybeUninit<mailproto_span>>,
) -> mailproto_error {
    mailproto_error::of(memory::open(sasl).and_then(|exchange| {
        identity.ok_or(mailproto_error::NullPointer)?.write(exchange.mechanism().identity().into());
        Ok(())
    }))
}

/// The mechanism that the object was set up for; `MAILPROTO_SASL_MECHANISM_NONE` for NULL and for
/// an object that was not set up.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_sasl_server_name(
    sasl: Option<&mailproto_sasl_server>,
) -> mailproto_sasl_mechanism {
    let name = memory::open(sasl)
        .ok()
        .and_then(|exchange| sasl::Name::from_bytes(exchange.mechanism().name().as_bytes()));
    name.map_or(mailproto_sasl_mechanism::None, mailproto_sasl_mechanism::of)
}

/// Ends the exchange, wipes the work buffer and the object, and gives the buffer back.
///
/// Returns `MAILPROTO_OK`, `MAILPROTO_ERROR_NULL_POINTER` or `MAILPROTO_ERROR_NOT_INITIALIZED`.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_sasl_server_wipe(
    sasl: Option<&mut mailproto_sasl_server>,
) -> mailproto_error {
    mailproto_error::of(memory::dismiss(sasl))
}

/// Compares two secrets in a time that does not depend on where they differ (it does on their
/// lengths). Returns 1 if they are the same, else 0, also when one is NULL with a length.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_same_octets(one: mailproto_span, other: mailproto_span) -> i32 {
    match (one.octets(), other.octets()) {
        (Ok(one), Ok(other)) => sasl::same_octets(one, other).into(),
        _ => 0,
    }
}

/// Computes what a SCRAM-SHA-256 server stores in place of a password, once, when a user sets it.
/// Guesses can be tried on the keys: keep them as secret as password hashes.
///
/// @param password    the password.
/// @param salt        16 random octets.
/// @param iterations  4,096 or more.
/// @param stored_key  receives StoredKey, 32 octets.
/// @param server_key  receives ServerKey, 32 octets.
///
/// `MAILPROTO_ERROR_SASL_EMPTY_CREDENTIAL` for an empty password or salt;
/// `MAILPROTO_ERROR_SASL_TOO_FEW_ITERATIONS` below 4,096.
#[cfg(feature = "sasl-scram-sha-256")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_scram_sha_256_keys(
    password: mailproto_span,
    salt: mailproto_span,
    iterations: u32,
    stored_key: Option<&mut MaybeUninit<[u8; 32]>>,
    server_key: Option<&mut MaybeUninit<[u8; 32]>>,
) -> mailproto_error {
    let (Some(stored_key), Some(server_key)) = (stored_key, server_key) else {
        return mailproto_error::NullPointer;
    };
    let octets = password.octets().and_then(|password| Ok((password, salt.octets()?)));
    mailproto_error::of(octets.and_then(|(password, salt)| {
        let keys = sasl::scram::Keys::<sha2::Sha256>::derive(password, salt, iterations)
            .map_err(|error| refusal(error).0)?;
        stored_key.write(key(keys.stored_key()));
        server_key.write(key(keys.server_key()));
        Ok(())
    }))
}

#[cfg(feature = "sasl-scram-sha-256")]
fn key(octets: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    key.iter_mut().zip(octets).for_each(|(to, from)| *to = *from);
    key
}
