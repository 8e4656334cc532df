//! The server's trait, what passes between a mechanism and the program's user database, and the parts that
//! the mechanisms share.
//!
//! The exchange is driven by requests, never by callbacks, so that a look-up may take its time:
//!
//! ```text
//! step(response) → Challenge(n)   send out[..n], wait for the client's response, step(Some(response))
//!                → Claim          read claim(), look it up, verdict(…) or secret(…), step(None)
//!                → Success        identity() has the right to the mailbox
//!                → Failure        answer that authentication failed
//! ```

use super::{Error, Name, NameSet, output::Output};
use core::{convert::Infallible, marker::PhantomData};
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

/// Server side of one exchange. Object safe: engines take `&mut dyn ServerMechanism`.
///
/// A value serves one exchange; for another attempt make another.
pub trait ServerMechanism {
    /// The registered name, upper case.
    fn name(&self) -> &str;

    /// True when the server speaks first; then an initial response is, but for LOGIN's, an error.
    fn server_first(&self) -> bool;

    /// Goes on with the client's decoded response; `None` when there is none yet (the command came without an initial
    /// response) and after a claim was answered. Challenges are written to `out`, raw.
    ///
    /// # Errors
    /// After [`Error::BufferTooSmall`] nothing has changed: repeat the call with a larger `out`. After any other
    /// the exchange has failed; answer the client so.
    fn step(&mut self, response: Option<&[u8]>, out: &mut [u8]) -> Result<Step, Error>;

    /// What the client claims, once `step` returned [`Step::Claim`]; [`Claim::None`] before and once answered.
    fn claim(&self) -> Claim<'_>;

    /// Answers any claim but [`Claim::User`]: is it true, and may the user act as `authzid`?
    ///
    /// # Errors
    /// [`Error::OutOfTurn`] when no such claim stands.
    fn verdict(&mut self, accepted: bool) -> Result<(), Error> {
        let _ = accepted;
        Err(Error::OutOfTurn)
    }

    /// Answers [`Claim::User`] with the user's secret. It is not kept.
    ///
    /// # Errors
    /// [`Error::OutOfTurn`] when no such claim stands; [`Error::UnusableSecret`] for a secret of the wrong kind;
    /// [`Error::WorkTooSmall`].
    fn secret(&mut self, secret: Secret<'_>) -> Result<(), Error> {
        let _ = secret;
        Err(Error::OutOfTurn)
    }

    /// Who was authenticated, after [`Step::Success`]; empty before. That is `authzid` when the client asked to act
    /// as another, `user` when not. It is empty where the
    /// channel (EXTERNAL) or the token (OAUTHBEARER) names the user and the client did not.
    fn identity(&self) -> &[u8];
}

/// What the exchange needs next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Step {
    /// Send this many octets of `out` as a challenge.
    Challenge(usize),
    /// Look at the claim, answer it, and step again with `None`.
    Claim,
    /// The client is who it says.
    Success,
    /// It is not.
    Failure,
}

/// What a client says of itself. User names and identities are valid UTF-8 without NUL; a password may be any octets
/// without NUL. Never log one.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Claim<'a> {
    /// Nothing is to be decided now.
    None,
    /// Is this the user's password? Compare with [`same_octets`], or verify a hash.
    Password {
        /// Whom to act as; empty for `user`.
        authzid: &'a [u8],
        /// Whose password it should be.
        user: &'a [u8],
        /// The password to check.
        password: &'a [u8],
    },
    /// The mechanism does the verifying and needs this user's secret. Give [`Secret::Unknown`] also when
    /// the user may not act as `authzid`.
    User {
        /// Whom to act as; empty for `user`.
        authzid: &'a [u8],
        /// Whose secret is needed.
        user: &'a [u8],
    },
    /// Is this a valid access token for the user?
    Token {
        /// The user; may be empty in OAUTHBEARER, when the token itself must tell.
        user: &'a [u8],
        /// The token to check.
        token: &'a [u8],
    },
    /// Does the channel's own authentication (a TLS client certificate) cover this?
    External {
        /// Whom to act as; empty for whom the channel names.
        authzid: &'a [u8],
    },
    /// Are anonymous users welcome?
    Anonymous {
        /// What the client wishes to see in the log; may be empty.
        trace: &'a [u8],
    },
}

/// The answer to [`Claim::User`].
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Secret<'a> {
    /// No such user, or none who may log in. The exchange goes on, in the same shape and at the cost of one with a user of
    /// this store, and fails at its end.
    Unknown(Store),
    /// The password.
    Password(&'a [u8]),
    /// What a SCRAM server stores in place of it (RFC 5802 §3).
    Scram {
        /// The salt, raw.
        salt: &'a [u8],
        /// The iteration count.
        iterations: u32,
        /// StoredKey: 20 octets for SCRAM-SHA-1, 32 for SCRAM-SHA-256.
        stored_key: &'a [u8],
        /// ServerKey, as long.
        server_key: &'a [u8],
    },
}

/// What a user database holds for the users it does know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Store {
    /// Passwords: the salted password is computed at each login.
    Passwords,
    /// SCRAM keys: nothing is computed at login.
    ScramKeys,
}

/// How SCRAM answers for users who do not exist, and salts those whose password is stored bare. The same for
/// every connection and over restarts, or the difference tells who exists.
#[derive(Clone, Copy)]
pub struct Decoy<'a> {
    /// A random secret of the server, 16 octets or more.
    pub key: &'a [u8],
    /// As many octets as the salts of the user database have, at most the hash's length (20 or 32).
    pub salt_octets: usize,
    /// The iteration count of the user database; at least 4,096.
    pub iterations: u32,
}

/// Compares two secrets in a time that does not depend on where they differ (it does on their lengths).
pub fn same_octets(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
}

/// The octets that a mechanism keeps of an exchange, in the caller's memory; wiped when the exchange ends.
pub(super) struct Workspace<'b> {
    room: &'b mut [u8],
    used: usize,
}

/// A part of a [`Workspace`].
#[derive(Clone, Copy, Default)]
pub(super) struct Span {
    start: usize,
    end: usize,
}

impl Span {
    pub(super) fn of(self, octets: &[u8]) -> &[u8] {
        octets.get(self.start..self.end).unwrap_or_default()
    }
}

impl<'b> Workspace<'b> {
    pub(super) fn new(room: &'b mut [u8]) -> Self {
        Workspace { room, used: 0 }
    }

    pub(super) fn get(&self, span: Span) -> &[u8] {
        span.of(self.room)
    }

    /// Keeps a copy.
    pub(super) fn keep(&mut self, octets: &[u8]) -> Result<Span, Error> {
        self.compose(|_, to| {
            super::output::Sink::put(to, octets);
            Ok(())
        })
    }

    /// Keeps a copy of a name, which must be UTF-8 without NUL (RFC 4422 §3.4.1).
    pub(super) fn keep_name(&mut self, name: &[u8]) -> Result<Span, Error> {
        check_name(name)?;
        self.keep(name)
    }

    /// Keeps what `write` puts; it is given what was kept before.
    pub(super) fn compose(
        &mut self,
        write: impl FnOnce(&[u8], &mut Output<'_>) -> Result<(), Error>,
    ) -> Result<Span, Error> {
        let (kept, free) = self.room.split_at_mut_checked(self.used).unwrap_or_default();
        let mut output = Output::new(free);
        write(kept, &mut output)?;
        match output.finish() {
            Ok(written) => {
                let start = self.used;
                self.used = start.saturating_add(written);
                Ok(Span { start, end: self.used })
            }
            Err(Error::BufferTooSmall { needed }) => {
                Err(Error::WorkTooSmall { needed: self.used.saturating_add(needed) })
            }
            Err(other) => Err(other),
        }
    }

    /// Wipes one part, when it has served.
    pub(super) fn wipe(&mut self, span: Span) {
        if let Some(octets) = self.room.get_mut(span.start..span.end) {
            octets.zeroize();
        }
    }
}

impl Drop for Workspace<'_> {
    fn drop(&mut self) {
        self.wipe(Span { start: 0, end: self.used });
    }
}

/// A name as the client sends it: UTF-8 without NUL.
pub(super) fn check_name(name: &[u8]) -> Result<(), Error> {
    if name.contains(&0) || core::str::from_utf8(name).is_err() {
        return Err(Error::MalformedResponse);
    }
    Ok(())
}

/// The course of a mechanism in which the client speaks once and the caller decides.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// Nothing has happened.
    Start,
    /// An empty challenge invited the client to speak.
    Invited,
    /// A claim awaits its answer.
    Asking,
    /// The claim was answered.
    Answered(bool),
    /// OAuth: the client was told of its refusal and owes an empty reply.
    Refused,
    /// Success was reported.
    Accepted,
    /// All else is over.
    Over,
}

/// What a [`Turn`] makes of a step.
pub(super) enum Move<'r> {
    /// The step is settled.
    Settled(Step),
    /// The client's message is to be read; then [`Turn::ask`].
    Read(&'r [u8]),
}

impl Turn {
    pub(super) fn advance<'r>(&mut self, response: Option<&'r [u8]>) -> Result<Move<'r>, Error> {
        let (next, movement) = match (*self, response) {
            (Turn::Start, None) => (Turn::Invited, Ok(Move::Settled(Step::Challenge(0)))),
            (Turn::Start | Turn::Invited, Some(message)) => (Turn::Over, Ok(Move::Read(message))),
            (Turn::Answered(true), None) => (Turn::Accepted, Ok(Move::Settled(Step::Success))),
            (Turn::Answered(false), None) | (Turn::Refused, Some(_)) => {
                (Turn::Over, Ok(Move::Settled(Step::Failure)))
            }
            _ => (Turn::Over, Err(Error::OutOfTurn)),
        };
        *self = next;
        movement
    }

    /// The client's message was understood and makes a claim.
    pub(super) fn ask(&mut self) -> Result<Step, Error> {
        *self = Turn::Asking;
        Ok(Step::Claim)
    }

    /// Takes the caller's verdict.
    pub(super) fn answer(&mut self, accepted: bool) -> Result<(), Error> {
        if *self != Turn::Asking {
            return Err(Error::OutOfTurn);
        }
        *self = Turn::Answered(accepted);
        Ok(())
    }
}

/// What any server mechanism may need; each takes its part.
pub struct Setup<'b> {
    /// Memory for what the client says: 512 octets do for passwords, 4,096 for tokens. Wiped at the end.
    pub work: &'b mut [u8],
    /// 18 octets of a good random source, never used before (CRAM-MD5, SCRAM).
    pub nonce: &'b [u8],
    /// The server's host name (CRAM-MD5).
    pub host: &'b str,
    /// For users who do not exist (SCRAM).
    pub decoy: Decoy<'b>,
}

/// The server side of any compiled-in mechanism, chosen at run time.
#[non_exhaustive]
#[allow(clippy::large_enum_variant)] // there is no heap to box one in
pub enum AutoServer<'b> {
    /// SCRAM-SHA-256.
    #[cfg(feature = "sasl-scram-sha-256")]
    ScramSha256(super::ScramSha256Server<'b>),
    /// SCRAM-SHA-1.
    #[cfg(feature = "sasl-scram-sha-1")]
    ScramSha1(super::ScramSha1Server<'b>),
    /// CRAM-MD5.
    #[cfg(feature = "sasl-cram-md5")]
    CramMd5(super::CramMd5Server<'b>),
    /// PLAIN.
    #[cfg(feature = "sasl-plain")]
    Plain(super::PlainServer<'b>),
    /// LOGIN.
    #[cfg(feature = "sasl-login")]
    Login(super::LoginServer<'b>),
    /// OAUTHBEARER.
    #[cfg(feature = "sasl-oauthbearer")]
    OauthBearer(super::OauthBearerServer<'b>),
    /// XOAUTH2.
    #[cfg(feature = "sasl-xoauth2")]
    XOauth2(super::XOauth2Server<'b>),
    /// EXTERNAL.
    #[cfg(feature = "sasl-external")]
    External(super::ExternalServer<'b>),
    /// ANONYMOUS.
    #[cfg(feature = "sasl-anonymous")]
    Anonymous(super::AnonymousServer<'b>),
    /// Cannot be made; holds the lifetime in a build without mechanisms.
    #[doc(hidden)]
    Never(Infallible, PhantomData<&'b ()>),
}

impl<'b> AutoServer<'b> {
    /// Makes the server side of `name`.
    ///
    /// # Errors
    /// [`Error::Unsupported`] when it is not compiled in; [`Error::WeakNonce`] and [`Error::EmptyCredential`] (no decoy key)
    /// from those that need them.
    #[allow(unused_variables)]
    pub fn new(name: Name, setup: Setup<'b>) -> Result<Self, Error> {
        if !NameSet::COMPILED.contains(name) {
            return Err(Error::Unsupported);
        }
        match name {
            #[cfg(feature = "sasl-scram-sha-256")]
            Name::ScramSha256 => {
                super::ScramSha256Server::new(setup.work, setup.nonce, setup.decoy)
                    .map(AutoServer::ScramSha256)
            }
            #[cfg(feature = "sasl-scram-sha-1")]
            Name::ScramSha1 => super::ScramSha1Server::new(setup.work, setup.nonce, setup.decoy)
                .map(AutoServer::ScramSha1),
            #[cfg(feature = "sasl-cram-md5")]
            Name::CramMd5 => super::CramMd5Server::new(setup.work, setup.nonce, setup.host)
                .map(AutoServer::CramMd5),
            #[cfg(feature = "sasl-plain")]
            Name::Plain => Ok(AutoServer::Plain(super::PlainServer::new(setup.work))),
            #[cfg(feature = "sasl-login")]
            Name::Login => Ok(AutoServer::Login(super::LoginServer::new(setup.work))),
            #[cfg(feature = "sasl-oauthbearer")]
            Name::OauthBearer => {
                Ok(AutoServer::OauthBearer(super::OauthBearerServer::new(setup.work)))
            }
            #[cfg(feature = "sasl-xoauth2")]
            Name::XOauth2 => Ok(AutoServer::XOauth2(super::XOauth2Server::new(setup.work))),
            #[cfg(feature = "sasl-external")]
            Name::External => Ok(AutoServer::External(super::ExternalServer::new(setup.work))),
            #[cfg(feature = "sasl-anonymous")]
            Name::Anonymous => Ok(AutoServer::Anonymous(super::AnonymousServer::new(setup.work))),
            #[allow(unreachable_patterns)] // with every mechanism compiled in
            _ => Err(Error::Unsupported),
        }
    }
}

macro_rules! dispatch {
    ($auto:expr, $mechanism:ident => $call:expr) => {
        match $auto {
            #[cfg(feature = "sasl-scram-sha-256")]
            AutoServer::ScramSha256($mechanism) => $call,
            #[cfg(feature = "sasl-scram-sha-1")]
            AutoServer::ScramSha1($mechanism) => $call,
            #[cfg(feature = "sasl-cram-md5")]
            AutoServer::CramMd5($mechanism) => $call,
            #[cfg(feature = "sasl-plain")]
            AutoServer::Plain($mechanism) => $call,
            #[cfg(feature = "sasl-login")]
            AutoServer::Login($mechanism) => $call,
            #[cfg(feature = "sasl-oauthbearer")]
            AutoServer::OauthBearer($mechanism) => $call,
            #[cfg(feature = "sasl-xoauth2")]
            AutoServer::XOauth2($mechanism) => $call,
            #[cfg(feature = "sasl-external")]
            AutoServer::External($mechanism) => $call,
            #[cfg(feature = "sasl-anonymous")]
            AutoServer::Anonymous($mechanism) => $call,
            AutoServer::Never(never, _) => match *never {},
        }
    };
}

#[allow(unused_variables)] // in a build without mechanisms
impl ServerMechanism for AutoServer<'_> {
    fn name(&self) -> &str {
        dispatch!(self, mechanism => mechanism.name())
    }

    fn server_first(&self) -> bool {
        dispatch!(self, mechanism => mechanism.server_first())
    }

    fn step(&mut self, response: Option<&[u8]>, out: &mut [u8]) -> Result<Step, Error> {
        dispatch!(self, mechanism => mechanism.step(response, out))
    }

    fn claim(&self) -> Claim<'_> {
        dispatch!(self, mechanism => mechanism.claim())
    }

    fn verdict(&mut self, accepted: bool) -> Result<(), Error> {
        dispatch!(self, mechanism => mechanism.verdict(accepted))
    }

    fn secret(&mut self, secret: Secret<'_>) -> Result<(), Error> {
        dispatch!(self, mechanism => mechanism.secret(secret))
    }

    fn identity(&self) -> &[u8] {
        dispatch!(self, mechanism => mechanism.identity())
    }
}
