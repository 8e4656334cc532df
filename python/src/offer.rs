//! What a server is told to offer, as Python says it.

use mailproto_core::pop3::Utf8;
use mailproto_core::sasl::{Name, NameSet};
use mailproto_core::wire::Newlines;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

pub(crate) fn read_mechanisms(names: &[String]) -> PyResult<NameSet> {
    names.iter().try_fold(NameSet::EMPTY, |set, name| {
        match Name::from_bytes(name.as_bytes()).filter(|name| NameSet::COMPILED.contains(*name)) {
            Some(name) => Ok(set.with(name)),
            None => Err(PyValueError::new_err(format!("unknown SASL mechanism: {name}"))),
        }
    })
}

pub(crate) fn read_utf8(utf8: Option<&str>) -> PyResult<Option<Utf8>> {
    match utf8 {
        None => Ok(None),
        Some("messages") => Ok(Some(Utf8::Messages)),
        Some("users") => Ok(Some(Utf8::Users)),
        Some(_) => Err(PyValueError::new_err("utf8 must be None, 'messages' or 'users'")),
    }
}

pub(crate) fn read_newlines(newlines: &str) -> PyResult<Newlines> {
    match newlines {
        "keep" => Ok(Newlines::Keep),
        "to-crlf" => Ok(Newlines::ToCrlf),
        _ => Err(PyValueError::new_err("newlines must be 'keep' or 'to-crlf'")),
    }
}

/// Days, or `never`.
pub(crate) fn read_expire(expire: &Bound<'_, PyAny>) -> PyResult<Option<u32>> {
    match expire.extract::<&str>() {
        Ok("never") => Ok(None),
        Ok(_) => Err(PyValueError::new_err("expire must be a number of days or 'never'")),
        Err(_) => expire.extract().map(Some),
    }
}
