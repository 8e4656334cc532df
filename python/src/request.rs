//! What a client wants of a server, as Python objects. The table below is the whole list.

use mailproto_core::pop3::{self, Verb};
use mailproto_core::sasl::{Claim, ServerMechanism};
use pyo3::exceptions::PyNotImplementedError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::engine::Pop3Server;
use crate::field::{Field, Numbers, Secret, Text};
use crate::record::record;

record! {
    /// USER and PASS (RFC 1939 §7). Answer with `accept` or `reject`.
    Login {
        /// The mailbox.
        name: Text,
        /// The password.
        password: Secret,
    }
}

record! {
    /// APOP (RFC 1939 §7). Ask `apop_matches`, then answer with `accept` or `reject`.
    Apop {
        /// The mailbox.
        name: Text,
        /// The MD5 digest, in hexadecimal.
        digest: Secret,
    }
}

record! {
    /// AUTH: is this the user's password, and may the user act as `authzid`? Answer with `verdict`.
    PasswordClaim {
        /// The SASL mechanism.
        mechanism: Text,
        /// Whom to act as; empty for `user`.
        authzid: Text,
        /// Whose password it should be.
        user: Text,
        /// The password to check.
        password: Secret,
    }
}

record! {
    /// AUTH: the mechanism verifies by itself and needs the user's secret. Answer with `secret`.
    SecretClaim {
        /// The SASL mechanism.
        mechanism: Text,
        /// Whom to act as; empty for `user`.
        authzid: Text,
        /// Whose secret is needed.
        user: Text,
    }
}

record! {
    /// AUTH: is this a valid access token for the user? Answer with `verdict`.
    TokenClaim {
        /// The SASL mechanism.
        mechanism: Text,
        /// The user; may be empty, when the token itself must tell.
        user: Text,
        /// The token to check.
        token: Secret,
    }
}

record! {
    /// AUTH: does the TLS client certificate cover this? Answer with `verdict`.
    ExternalClaim {
        /// The SASL mechanism.
        mechanism: Text,
        /// Whom to act as; empty for whom the certificate names.
        authzid: Text,
    }
}

record! {
    /// AUTH: are anonymous users welcome? Answer with `verdict`.
    AnonymousClaim {
        /// The SASL mechanism.
        mechanism: Text,
        /// What the client wishes to see in the log.
        trace: Text,
    }
}

record! {
    /// AUTH succeeded. Open the mailbox, then answer with `accept` or `reject`.
    Authenticated {
        /// The SASL mechanism.
        mechanism: Text,
        /// Whose mailbox; empty where the certificate or the token names the user.
        identity: Text,
    }
}

record! {
    /// The client gave up AUTH. It has been answered.
    Cancelled {}
}

record! {
    /// STLS was accepted (RFC 2595 §4). Send, make the handshake, then call `tls_established`.
    StartTls {}
}

record! {
    /// STAT. Answer with `drop_listing`.
    Stat {}
}

record! {
    /// LIST. Answer with `scan_listing` for one message, with `scan_listings` for all.
    List {
        /// The message, which exists, or `None` for all.
        message: Option<u32>,
    }
}

record! {
    /// UIDL. Answer with `unique_id` for one message, with `unique_ids` for all.
    Uidl {
        /// The message, which exists, or `None` for all.
        message: Option<u32>,
    }
}

record! {
    /// RETR or TOP. Answer with `message`, then `message_data` while the engine `wants_more`, then
    /// `end_message`.
    Message {
        /// The message, which exists.
        message: u32,
        /// For TOP, how many lines of the body; the engine cuts there.
        lines: Option<u32>,
    }
}

record! {
    /// LANG (RFC 6856 §3). Answer with `accept_language`, or where there is no tag with `language`
    /// for each and then `end_listing`.
    Lang {
        /// The language tag, `*` for the server's choice, or `None` for the list.
        tag: Option<Text>,
    }
}

record! {
    /// QUIT after login: the UPDATE state (RFC 1939 §6). Remove the messages, then answer with
    /// `updated`.
    Update {
        /// The messages that are marked as deleted, in order.
        deleted: Numbers,
    }
}

record! {
    /// The engine has answered a command by itself.
    Handled {
        /// Which.
        verb: Verb,
    }
}

record! {
    /// The engine has refused a line, or an authentication failed.
    Refused {
        /// The command, where it is known.
        verb: Option<Verb>,
    }
}

/// Makes the Python object of a claim; `None` where nothing is claimed.
pub(crate) fn claim<'py>(
    py: Python<'py>,
    mechanism: &str,
    claim: Claim<'_>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let mechanism = Text::new(mechanism.as_bytes());
    Ok(Some(match claim {
        Claim::Password { authzid, user, password } => {
            let (authzid, user) = (Text::new(authzid), Text::new(user));
            let password = Secret::new(password);
            Bound::new(py, PasswordClaim { mechanism, authzid, user, password })?.into_any()
        }
        Claim::User { authzid, user } => {
            let (authzid, user) = (Text::new(authzid), Text::new(user));
            Bound::new(py, SecretClaim { mechanism, authzid, user })?.into_any()
        }
        Claim::Token { user, token } => {
            let (user, token) = (Text::new(user), Secret::new(token));
            Bound::new(py, TokenClaim { mechanism, user, token })?.into_any()
        }
        Claim::External { authzid } => {
            Bound::new(py, ExternalClaim { mechanism, authzid: Text::new(authzid) })?.into_any()
        }
        Claim::Anonymous { trace } => {
            Bound::new(py, AnonymousClaim { mechanism, trace: Text::new(trace) })?.into_any()
        }
        _ => return Ok(None),
    }))
}

/// Makes the Python object of a request that needs no more than what is in it.
pub(crate) fn build<'py>(
    py: Python<'py>,
    request: pop3::Request<'_>,
) -> PyResult<Bound<'py, PyAny>> {
    Ok(match request {
        pop3::Request::Login { name, password } => {
            let (name, password) = (Text::new(name), Secret::new(password));
            Bound::new(py, Login { name, password })?.into_any()
        }
        pop3::Request::Apop { name, digest } => {
            let (name, digest) = (Text::new(name), Secret::new(digest));
            Bound::new(py, Apop { name, digest })?.into_any()
        }
        pop3::Request::StartTls => Bound::new(py, StartTls {})?.into_any(),
        pop3::Request::Stat => Bound::new(py, Stat {})?.into_any(),
        pop3::Request::List { message } => Bound::new(py, List { message })?.into_any(),
        pop3::Request::Uidl { message } => Bound::new(py, Uidl { message })?.into_any(),
        pop3::Request::Message { message, lines } => {
            Bound::new(py, Message { message, lines })?.into_any()
        }
        pop3::Request::Lang { tag } => Bound::new(py, Lang { tag: tag.map(Text::new) })?.into_any(),
        pop3::Request::Handled { verb } => Bound::new(py, Handled { verb })?.into_any(),
        pop3::Request::Refused { verb } => Bound::new(py, Refused { verb })?.into_any(),
        unknown => {
            let text = format!("request unknown to the Python package: {unknown:?}");
            return Err(PyNotImplementedError::new_err(text));
        }
    })
}

/// Makes the request that QUIT brings.
pub(crate) fn update<'py>(py: Python<'py>, server: &Pop3Server<'_>) -> PyResult<Bound<'py, PyAny>> {
    let deleted = Numbers(server.deleted().collect());
    Ok(Bound::new(py, Update { deleted })?.into_any())
}

/// Makes the request that a mechanism's success brings.
pub(crate) fn authenticated<'py>(
    py: Python<'py>,
    mechanism: &dyn ServerMechanism,
) -> PyResult<Bound<'py, PyAny>> {
    let identity = Text::new(mechanism.identity());
    let mechanism = Text::new(mechanism.name().as_bytes());
    Ok(Bound::new(py, Authenticated { mechanism, identity })?.into_any())
}
