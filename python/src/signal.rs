//! What says where an engine stands: the sentinels of `next_event`, the names of the states.

use mailproto_core::pop3::State;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

/// `NEED_DATA`: all that was received has been taken.
pub(crate) fn need_data(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    static NEED_DATA: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    sentinel(py, &NEED_DATA, "NEED_DATA")
}

/// `PAUSED`: something else comes first.
pub(crate) fn paused(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    static PAUSED: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    sentinel(py, &PAUSED, "PAUSED")
}

fn sentinel<'py>(
    py: Python<'py>,
    kept: &'static PyOnceLock<Py<PyAny>>,
    name: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let sentinel = kept.get_or_try_init(py, || {
        py.import("mailproto.sansio._sentinels")?.getattr(name).map(Bound::unbind)
    });
    Ok(sentinel?.bind(py).clone())
}

/// A state's name.
pub(crate) fn state_name(state: State) -> &'static str {
    match state {
        State::Greeting => "greeting",
        State::Authorization => "authorization",
        State::Handshake => "handshake",
        State::Transaction => "transaction",
        State::Closed => "closed",
    }
}
