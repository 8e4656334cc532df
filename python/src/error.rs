//! The engines' errors as Python exceptions. The classes are Python's (`mailproto._errors`); each
//! row here says which one, under which name for programs.

use mailproto_core::pop3::Quirk;
use mailproto_core::{LocalError, RemoteError, Violation};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

/// Makes an exception of the class named.
fn raise<'py, A>(py: Python<'py>, class: &str, arguments: A) -> PyErr
where
    A: pyo3::call::PyCallArgs<'py>,
{
    static MODULE: PyOnceLock<Py<PyModule>> = PyOnceLock::new();
    let module =
        MODULE.get_or_try_init(py, || Ok(PyModule::import(py, "mailproto._errors")?.unbind()));
    let error = module.and_then(|module| {
        let class = module.bind(py).getattr(class)?.cast_into::<PyType>()?;
        class.call1(arguments)
    });
    error.map_or_else(|error| error, PyErr::from_value)
}

/// The caller's fault.
pub(crate) fn local(py: Python<'_>, error: LocalError) -> PyErr {
    let (class, reason) = match error {
        LocalError::WrongState => ("WrongState", "wrong-state"),
        LocalError::Busy => ("WrongState", "busy"),
        LocalError::Closed => ("WrongState", "closed"),
        LocalError::NotOffered => ("NotOffered", "not-offered"),
        LocalError::Insecure => ("InsecureChannel", "insecure"),
        LocalError::ForbiddenOctet { .. } => ("InvalidArgument", "forbidden-octet"),
        LocalError::Empty => ("InvalidArgument", "empty"),
        LocalError::TooLong { .. } => ("InvalidArgument", "too-long"),
        LocalError::MessageNumberZero => ("InvalidArgument", "message-number"),
        LocalError::Full => ("PipelineFull", "full"),
        LocalError::BadArgument { .. } => ("InvalidArgument", "bad-argument"),
        LocalError::TooMuchData { .. } => ("InvalidArgument", "too-much-data"),
        LocalError::TooLittleData { .. } => ("WrongState", "too-little-data"),
        LocalError::Sasl(_) => ("MechanismRefused", "sasl"),
        LocalError::BufferTooSmall { needed } => {
            return raise(py, "LimitExceeded", (error.to_string(), needed));
        }
        _ => ("LocalProtocolError", "unknown"),
    };
    raise(py, class, (reason, error.to_string()))
}

/// An argument that cannot even be given to the engine.
pub(crate) fn argument(py: Python<'_>, reason: &str, message: String) -> PyErr {
    raise(py, "InvalidArgument", (reason, message))
}

/// A limit that the program has set, by the name of its option.
pub(crate) fn limit(py: Python<'_>, text: String, option: &str) -> PyErr {
    raise(py, "LimitExceeded", (format!("{text}: raise {option}"),))
}

/// The server's fault, an attacker's, or the network's; of POP3.
pub(crate) fn remote(py: Python<'_>, error: RemoteError) -> PyErr {
    remote_of(py, error, |number| quirk_violation(number).to_owned())
}

/// The same of any protocol, which tells the names of its quirks.
pub(crate) fn remote_of(
    py: Python<'_>,
    RemoteError { violation, offset }: RemoteError,
    quirk: fn(u8) -> String,
) -> PyErr {
    let text = violation.to_string();
    match violation {
        Violation::BadGreeting => broken(py, "bad-greeting", offset, text),
        Violation::UnsolicitedReply => broken(py, "unsolicited-reply", offset, text),
        Violation::Quirk(number) => broken(py, &quirk(number), offset, text),
        Violation::BadLiteral => broken(py, "bad-literal", offset, text),
        Violation::LiteralTooLarge => broken(py, "literal-too-large", offset, text),
        Violation::UnknownTag => broken(py, "unknown-tag", offset, text),
        Violation::CompletionTooEarly => broken(py, "completion-too-early", offset, text),
        Violation::TooManyResponses => broken(py, "too-many-responses", offset, text),
        Violation::PlaintextAfterStartTls => insecure(py, "plaintext-after-starttls", offset, text),
        Violation::StartTlsRefused => insecure(py, "starttls-refused", offset, text),
        Violation::Preauth => insecure(py, "preauth", offset, text),
        Violation::PlaintextAfterStls => insecure(py, "plaintext-after-stls", offset, text),
        Violation::StlsRefused => insecure(py, "stls-refused", offset, text),
        Violation::ServerNotAuthenticated => insecure(py, "server-not-authenticated", offset, text),
        Violation::Timeout => raise(py, "Timeout", (text,)),
        Violation::UnexpectedEof | Violation::ClosedByPeer => {
            raise(py, "ConnectionLost", (text, offset))
        }
        _ => broken(py, "unknown", offset, text),
    }
}

fn broken(py: Python<'_>, violation: &str, offset: u64, text: String) -> PyErr {
    raise(py, "RemoteProtocolError", (violation, offset, text))
}

/// A violation that may be an attack.
pub(crate) fn insecure(py: Python<'_>, violation: &str, offset: u64, text: String) -> PyErr {
    raise(py, "SecurityError", (violation, offset, text))
}

fn quirk_violation(number: u8) -> &'static str {
    Quirk::ALL.into_iter().find(|quirk| *quirk as u8 == number).map_or("quirk", quirk_name)
}

/// A quirk's name for programs.
pub(crate) fn quirk_name(quirk: Quirk) -> &'static str {
    match quirk {
        Quirk::BareLf => "bare-lf",
        Quirk::StatusCase => "status-case",
        Quirk::Banner => "banner",
        Quirk::EmptyLine => "empty-line",
        Quirk::ChallengeNotBase64 => "challenge-not-base64",
        Quirk::UniqueId => "unique-id",
        Quirk::NotAReply => "not-a-reply",
        Quirk::BadListing => "bad-listing",
        _ => "unknown",
    }
}
