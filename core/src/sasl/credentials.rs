//! Credentials of any kind, and one type that runs whichever mechanism suits them: for hosts, where the
//! mechanism is chosen at run time. A chip names the one struct that it uses, and links nothing else.

use super::{Error, Exposure, Mechanism, Name, NameSet};
use core::{convert::Infallible, fmt, marker::PhantomData};

/// What a user can show. Borrowed from the caller, who wipes it.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Credentials<'a> {
    /// A user name and a password.
    Password {
        /// Whom to act as, when not as `user`; mostly empty.
        authzid: &'a str,
        /// Whose password it is.
        user: &'a str,
        /// The password.
        password: &'a str,
    },
    /// An OAuth 2.0 access token.
    Token {
        /// The mailbox's user.
        user: &'a str,
        /// The access token, without `Bearer`.
        token: &'a str,
        /// The server's host name; may be empty. OAUTHBEARER alone sends it.
        host: &'a str,
        /// The server's port, or 0.
        port: u16,
    },
    /// The channel itself identifies the user (a TLS client certificate).
    External {
        /// Whom to act as; empty for whom the channel names.
        authzid: &'a str,
    },
    /// No identity.
    Anonymous {
        /// A hint for the server's log, such as a mail address; may be empty.
        trace: &'a str,
    },
}

impl Credentials<'_> {
    /// The compiled-in mechanisms that can use these credentials. LOGIN and CRAM-MD5 cannot act as
    /// another user, XOAUTH2 needs a user.
    pub fn mechanisms(&self) -> NameSet {
        let suiting = match self {
            Credentials::Password { authzid: "", .. } => NameSet::of(&[
                Name::ScramSha256,
                Name::ScramSha1,
                Name::CramMd5,
                Name::Plain,
                Name::Login,
            ]),
            Credentials::Password { .. } => {
                NameSet::of(&[Name::ScramSha256, Name::ScramSha1, Name::Plain])
            }
            Credentials::Token { user: "", .. } => NameSet::of(&[Name::OauthBearer]),
            Credentials::Token { .. } => NameSet::of(&[Name::OauthBearer, Name::XOauth2]),
            Credentials::External { .. } => NameSet::of(&[Name::External]),
            Credentials::Anonymous { .. } => NameSet::of(&[Name::Anonymous]),
        };
        suiting.intersection(NameSet::COMPILED)
    }
}

/// Shows the kind only.
impl fmt::Debug for Credentials<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Credentials::Password { .. } => "Password",
            Credentials::Token { .. } => "Token",
            Credentials::External { .. } => "External",
            Credentials::Anonymous { .. } => "Anonymous",
        })
    }
}

/// Any compiled-in mechanism.
#[non_exhaustive]
#[allow(clippy::large_enum_variant)] // there is no heap to box one in
pub enum Auto<'a> {
    /// SCRAM-SHA-256.
    #[cfg(feature = "sasl-scram-sha-256")]
    ScramSha256(super::ScramSha256<'a>),
    /// SCRAM-SHA-1.
    #[cfg(feature = "sasl-scram-sha-1")]
    ScramSha1(super::ScramSha1<'a>),
    /// CRAM-MD5.
    #[cfg(feature = "sasl-cram-md5")]
    CramMd5(super::CramMd5<'a>),
    /// PLAIN.
    #[cfg(feature = "sasl-plain")]
    Plain(super::Plain<'a>),
    /// LOGIN.
    #[cfg(feature = "sasl-login")]
    Login(super::Login<'a>),
    /// OAUTHBEARER.
    #[cfg(feature = "sasl-oauthbearer")]
    OauthBearer(super::OauthBearer<'a>),
    /// XOAUTH2.
    #[cfg(feature = "sasl-xoauth2")]
    XOauth2(super::XOauth2<'a>),
    /// EXTERNAL.
    #[cfg(feature = "sasl-external")]
    External(super::External<'a>),
    /// ANONYMOUS.
    #[cfg(feature = "sasl-anonymous")]
    Anonymous(super::Anonymous<'a>),
    /// Cannot be made; holds the lifetime in a build without mechanisms.
    #[doc(hidden)]
    Never(Infallible, PhantomData<&'a ()>),
}

impl<'a> Auto<'a> {
    /// Makes the mechanism `name` for `credentials`. `nonce` is used by SCRAM alone: 18 octets of a good
    /// random source, never used before.
    ///
    /// # Errors
    /// [`Error::Unsupported`] when `name` is not in [`Credentials::mechanisms`]; otherwise what the mechanism's own
    /// constructor says of unusable credentials.
    #[allow(unused_variables)] // a build may lack the mechanisms that read them
    pub fn new(name: Name, credentials: Credentials<'a>, nonce: &'a [u8]) -> Result<Self, Error> {
        if !credentials.mechanisms().contains(name) {
            return Err(Error::Unsupported);
        }
        match (name, credentials) {
            #[cfg(feature = "sasl-scram-sha-256")]
            (Name::ScramSha256, Credentials::Password { authzid, user, password }) => Ok(
                Auto::ScramSha256(super::ScramSha256::new(user, password, nonce)?.act_as(authzid)?),
            ),
            #[cfg(feature = "sasl-scram-sha-1")]
            (Name::ScramSha1, Credentials::Password { authzid, user, password }) => {
                Ok(Auto::ScramSha1(super::ScramSha1::new(user, password, nonce)?.act_as(authzid)?))
            }
            #[cfg(feature = "sasl-cram-md5")]
            (Name::CramMd5, Credentials::Password { user, password, .. }) => {
                super::CramMd5::new(user, password).map(Auto::CramMd5)
            }
            #[cfg(feature = "sasl-plain")]
            (Name::Plain, Credentials::Password { authzid, user, password }) => {
                super::Plain::new(authzid, user, password).map(Auto::Plain)
            }
            #[cfg(feature = "sasl-login")]
            (Name::Login, Credentials::Password { user, password, .. }) => {
                super::Login::new(user, password).map(Auto::Login)
            }
            #[cfg(feature = "sasl-oauthbearer")]
            (Name::OauthBearer, Credentials::Token { user, token, host, port }) => {
                super::OauthBearer::new(user, token, host, port).map(Auto::OauthBearer)
            }
            #[cfg(feature = "sasl-xoauth2")]
            (Name::XOauth2, Credentials::Token { user, token, .. }) => {
                super::XOauth2::new(user, token).map(Auto::XOauth2)
            }
            #[cfg(feature = "sasl-external")]
            (Name::External, Credentials::External { authzid }) => {
                super::External::new(authzid).map(Auto::External)
            }
            #[cfg(feature = "sasl-anonymous")]
            (Name::Anonymous, Credentials::Anonymous { trace }) => {
                super::Anonymous::new(trace).map(Auto::Anonymous)
            }
            _ => Err(Error::Unsupported),
        }
    }
}

macro_rules! dispatch {
    ($auto:expr, $mechanism:ident => $call:expr) => {
        match $auto {
            #[cfg(feature = "sasl-scram-sha-256")]
            Auto::ScramSha256($mechanism) => $call,
            #[cfg(feature = "sasl-scram-sha-1")]
            Auto::ScramSha1($mechanism) => $call,
            #[cfg(feature = "sasl-cram-md5")]
            Auto::CramMd5($mechanism) => $call,
            #[cfg(feature = "sasl-plain")]
            Auto::Plain($mechanism) => $call,
            #[cfg(feature = "sasl-login")]
            Auto::Login($mechanism) => $call,
            #[cfg(feature = "sasl-oauthbearer")]
            Auto::OauthBearer($mechanism) => $call,
            #[cfg(feature = "sasl-xoauth2")]
            Auto::XOauth2($mechanism) => $call,
            #[cfg(feature = "sasl-external")]
            Auto::External($mechanism) => $call,
            #[cfg(feature = "sasl-anonymous")]
            Auto::Anonymous($mechanism) => $call,
            Auto::Never(never, _) => match *never {},
        }
    };
}

#[allow(unused_variables)] // in a build without mechanisms
impl Mechanism for Auto<'_> {
    fn name(&self) -> &str {
        dispatch!(self, mechanism => mechanism.name())
    }

    fn exposure(&self) -> Exposure {
        dispatch!(self, mechanism => mechanism.exposure())
    }

    fn client_first(&self) -> bool {
        dispatch!(self, mechanism => mechanism.client_first())
    }

    fn respond(&mut self, challenge: &[u8], out: &mut [u8]) -> Result<usize, Error> {
        dispatch!(self, mechanism => mechanism.respond(challenge, out))
    }

    fn is_complete(&self) -> bool {
        dispatch!(self, mechanism => mechanism.is_complete())
    }
}
