//! Arguments that both roles read alike.

use mailproto_core::pop3::Security;
use pyo3::exceptions::{PyOverflowError, PyValueError};
use pyo3::prelude::*;

use crate::error;

/// How credentials may travel.
pub(crate) fn read_security(security: &str) -> PyResult<Security> {
    match security {
        "stls-required" => Ok(Security::StlsRequired),
        "private" => Ok(Security::Private),
        "danger-cleartext" => Ok(Security::DangerCleartext),
        _ => Err(PyValueError::new_err(
            "security must be 'stls-required', 'private' or 'danger-cleartext'",
        )),
    }
}

/// Seconds as milliseconds; 0 stays 0, which is for ever, and so does what the engine cannot count.
pub(crate) fn read_timeout(name: &str, seconds: f64) -> PyResult<u32> {
    if seconds.is_nan() || seconds < 0.0 {
        return Err(PyValueError::new_err(format!("{name} must not be negative")));
    }
    let milliseconds = (seconds * 1000.0).ceil();
    // The engine's clock wraps: half of its range can be told from the past.
    Ok(if milliseconds > f64::from(i32::MAX) { 0 } else { milliseconds as u32 })
}

/// A message number or a count of lines. One that the protocol cannot carry is the caller's fault
/// as any other wrong argument is.
pub(crate) fn read_number(number: &Bound<'_, PyAny>) -> PyResult<u32> {
    number.extract().map_err(|error: PyErr| {
        let py = number.py();
        if error.is_instance_of::<PyOverflowError>(py) {
            let text = format!("{number} is not from 0 to {}", u32::MAX);
            return error::argument(py, "message-number", text);
        }
        error
    })
}
