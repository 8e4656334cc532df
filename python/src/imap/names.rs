//! The names that values of the engine have in Python.

use std::borrow::Cow;

use mailproto_core::imap::{Greeting, Quirk, State, Status};
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::field::Field;

/// One of a few names.
#[derive(Clone, PartialEq)]
pub(crate) struct Name(Cow<'static, str>);

impl From<&'static str> for Name {
    fn from(name: &'static str) -> Self {
        Self(name.into())
    }
}

impl From<String> for Name {
    fn from(name: String) -> Self {
        Self(name.into())
    }
}

impl Field for Name {
    fn object<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyString::intern(py, &self.0).into_any())
    }

    fn read(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(object.extract::<String>()?.into())
    }

    fn same(&self, other: &Self, _: Python<'_>) -> bool {
        self == other
    }
}

pub(crate) fn state(state: State) -> &'static str {
    match state {
        State::Greeting => "greeting",
        State::NotAuthenticated => "not-authenticated",
        State::Handshake => "handshake",
        State::Authenticated => "authenticated",
        State::Selected => "selected",
        State::Logout => "logout",
        State::Closed => "closed",
    }
}

pub(crate) fn status(status: Status) -> Name {
    match status {
        Status::Ok => "ok".into(),
        Status::No => "no".into(),
        Status::Bad => "bad".into(),
        Status::NotSent => "not-sent".into(),
    }
}

pub(crate) fn greeting(greeting: Greeting) -> Name {
    match greeting {
        Greeting::Ok => "ok".into(),
        Greeting::Preauth => "preauth".into(),
        Greeting::Bye => "bye".into(),
    }
}

/// A quirk's name: that of the engine in lower case, its words joined by hyphens.
pub(crate) fn quirk(quirk: Quirk) -> String {
    let mut name = String::new();
    for letter in format!("{quirk:?}").chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

/// The name of the quirk of this number, which a violation bears.
pub(crate) fn quirk_violation(number: u8) -> String {
    let found = Quirk::ALL.into_iter().find(|quirk| *quirk as u8 == number);
    found.map_or_else(|| "quirk".into(), quirk)
}
