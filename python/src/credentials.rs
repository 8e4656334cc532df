//! Credentials. Their secrets are wiped in the end, cannot be read back and are in no `repr`.

use std::sync::Arc;

use mailproto_core::LocalError;
use mailproto_core::sasl::{self, Auto, Exposure, Mechanism, Name};
use pyo3::prelude::*;
use self_cell::self_cell;
use zeroize::Zeroizing;

use crate::{error, random};

type Secret = Zeroizing<String>;

/// What a user can show.
pub(crate) enum Owned {
    Password { authzid: String, user: String, password: Secret },
    Token { user: String, token: Secret, host: String, port: u16 },
    External { authzid: String },
    Anonymous { trace: String },
}

impl Owned {
    fn lend(&self) -> sasl::Credentials<'_> {
        match self {
            Self::Password { authzid, user, password } => {
                sasl::Credentials::Password { authzid, user, password }
            }
            Self::Token { user, token, host, port } => {
                sasl::Credentials::Token { user, token, host, port: *port }
            }
            Self::External { authzid } => sasl::Credentials::External { authzid },
            Self::Anonymous { trace } => sasl::Credentials::Anonymous { trace },
        }
    }

    /// The mechanisms that can use them.
    pub(crate) fn mechanisms(&self) -> sasl::NameSet {
        self.lend().mechanisms()
    }
}

/// What a SASL exchange needs as long as it lasts.
pub(crate) struct Material {
    credentials: Arc<Owned>,
    nonce: [u8; 18],
}

self_cell!(
    /// A SASL exchange with what it borrows.
    pub(crate) struct Exchange {
        owner: Material,
        #[not_covariant]
        dependent: Auto,
    }
);

impl Exchange {
    /// Begins an exchange with a fresh nonce.
    pub(crate) fn begin(
        name: Name,
        credentials: Arc<Owned>,
    ) -> PyResult<Result<Self, sasl::Error>> {
        let mut nonce = [0; 18];
        random::fill(&mut nonce)?;
        let material = Material { credentials, nonce };
        Ok(Self::try_new(material, |material| {
            Auto::new(name, material.credentials.lend(), &material.nonce)
        }))
    }
}

/// The mechanism of this name.
pub(crate) fn named(mechanism: &str) -> Result<Name, LocalError> {
    let name = Name::from_bytes(mechanism.as_bytes());
    name.ok_or(LocalError::Sasl(sasl::Error::Unsupported))
}

/// The strongest mechanism that is offered, suits the credentials and is safe on this channel.
pub(crate) fn strongest(
    offered: sasl::NameSet,
    suiting: sasl::NameSet,
    private: bool,
) -> Result<Name, LocalError> {
    if private {
        return sasl::choose(offered, suiting).ok_or(LocalError::NotOffered);
    }
    let safe = suiting.at_most(Exposure::Nothing);
    let unsafe_one = sasl::choose(offered, suiting).map(|_| LocalError::Insecure);
    sasl::choose(offered, safe).ok_or(unsafe_one.unwrap_or(LocalError::NotOffered))
}

/// The SASL exchange of a client, and what came of the last one.
#[derive(Default)]
pub(crate) struct Authentication {
    exchange: Option<Exchange>,
    failure: Option<sasl::Error>,
    /// The server is not who it claims to be: the offset at which that showed.
    distrust: Option<(sasl::Error, u64)>,
}

impl Authentication {
    /// An exchange has begun.
    pub(crate) fn begun(&mut self, exchange: Exchange) {
        self.exchange = Some(exchange);
        self.failure = None;
    }

    /// The server has completed it.
    pub(crate) fn ended(&mut self) {
        self.exchange = None;
    }

    /// Why the last one was given up on this side, if it was.
    pub(crate) fn failure(&self) -> Option<String> {
        self.failure.map(|error| error.to_string())
    }

    /// Answers a challenge by `respond`, which came with the octet `received`. Where the mechanism
    /// cannot, the exchange has to be cancelled: an error, of which notes were taken.
    pub(crate) fn answer(
        &mut self,
        received: u64,
        respond: impl FnOnce(&mut dyn Mechanism) -> Result<(), LocalError>,
    ) -> Result<(), sasl::Error> {
        let answered = match &mut self.exchange {
            Some(exchange) => exchange.with_dependent_mut(|_, mechanism| respond(mechanism)),
            None => Err(LocalError::Sasl(sasl::Error::UnexpectedChallenge)),
        };
        let failure = match answered {
            Ok(()) => return Ok(()),
            Err(LocalError::Sasl(failure)) => failure,
            Err(_) => sasl::Error::TooLong,
        };
        if is_impostor(failure) {
            self.distrust = Some((failure, received));
        }
        self.failure = Some(failure);
        Err(failure)
    }

    /// Whether the server still may be who it claims to be.
    pub(crate) fn check_trust(&self, py: Python<'_>) -> PyResult<()> {
        match self.distrust {
            None => Ok(()),
            Some((failure, offset)) => {
                let text = format!("SASL: {failure}");
                Err(error::insecure(py, "server-not-authenticated", offset, text))
            }
        }
    }
}

/// Whether a mechanism's error means that the server is not the one that knows the password.
fn is_impostor(failure: sasl::Error) -> bool {
    matches!(
        failure,
        sasl::Error::ServerNotVerified | sasl::Error::NonceMismatch | sasl::Error::TooFewIterations
    )
}

/// Reads any of the classes below.
pub(crate) fn read(object: &Bound<'_, PyAny>) -> PyResult<Arc<Owned>> {
    if let Ok(password) = object.cast::<Password>() {
        return Ok(password.get().0.clone());
    }
    if let Ok(token) = object.cast::<Token>() {
        return Ok(token.get().0.clone());
    }
    if let Ok(external) = object.cast::<External>() {
        return Ok(external.get().0.clone());
    }
    Ok(object.cast::<Anonymous>()?.get().0.clone())
}

/// A user name and a password, for SCRAM, CRAM-MD5, PLAIN or LOGIN.
///
/// `authzid` is whom to act as, when not as `user`.
#[pyclass(module = "mailproto", frozen)]
pub(crate) struct Password(Arc<Owned>);

#[pymethods]
impl Password {
    #[new]
    #[pyo3(signature = (user, password, *, authzid=String::new()), text_signature = "(user, password, *, authzid='')")]
    fn new(user: String, password: String, authzid: String) -> Self {
        Self(Arc::new(Owned::Password { authzid, user, password: Zeroizing::new(password) }))
    }

    /// Whose password it is.
    #[getter]
    fn user(&self) -> &str {
        match &*self.0 {
            Owned::Password { user, .. } => user,
            _ => "",
        }
    }

    fn __repr__(&self) -> String {
        format!("Password({:?}, <hidden>)", self.user())
    }
}

/// An OAuth 2.0 access token, for OAUTHBEARER or XOAUTH2.
///
/// `host` and `port` are the server's; OAUTHBEARER alone sends them.
#[pyclass(module = "mailproto", frozen)]
pub(crate) struct Token(Arc<Owned>);

#[pymethods]
impl Token {
    #[new]
    #[pyo3(signature = (user, token, *, host=String::new(), port=0), text_signature = "(user, token, *, host='', port=0)")]
    fn new(user: String, token: String, host: String, port: u16) -> Self {
        Self(Arc::new(Owned::Token { user, token: Zeroizing::new(token), host, port }))
    }

    /// The mailbox's user.
    #[getter]
    fn user(&self) -> &str {
        match &*self.0 {
            Owned::Token { user, .. } => user,
            _ => "",
        }
    }

    fn __repr__(&self) -> String {
        format!("Token({:?}, <hidden>)", self.user())
    }
}

/// The channel itself identifies the user, by a TLS client certificate: EXTERNAL.
#[pyclass(module = "mailproto", frozen)]
pub(crate) struct External(Arc<Owned>);

#[pymethods]
impl External {
    #[new]
    #[pyo3(signature = (*, authzid=String::new()), text_signature = "(*, authzid='')")]
    fn new(authzid: String) -> Self {
        Self(Arc::new(Owned::External { authzid }))
    }

    fn __repr__(&self) -> &'static str {
        "External()"
    }
}

/// No identity; `trace` is a hint for the server's log, such as a mail address: ANONYMOUS.
#[pyclass(module = "mailproto", frozen)]
pub(crate) struct Anonymous(Arc<Owned>);

#[pymethods]
impl Anonymous {
    #[new]
    #[pyo3(signature = (trace=String::new()), text_signature = "(trace='')")]
    fn new(trace: String) -> Self {
        Self(Arc::new(Owned::Anonymous { trace }))
    }

    fn __repr__(&self) -> &'static str {
        "Anonymous()"
    }
}
