//! What was received and not yet taken by an engine.

use std::collections::VecDeque;

use pyo3::buffer::PyBuffer;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// Feeds in their order, then perhaps the end.
#[derive(Default)]
pub(crate) struct Feed {
    waiting: VecDeque<Py<PyBytes>>,
    /// How much of the first has been taken.
    taken: usize,
    ended: bool,
}

impl Feed {
    /// Adds what was received; nothing at all is the end. An immutable `bytes` is kept as it is,
    /// the octets of any other buffer are copied, since they may change.
    pub(crate) fn push(&mut self, data: &Bound<'_, PyAny>) -> PyResult<()> {
        let data = match data.cast_exact::<PyBytes>() {
            Ok(data) => data.clone(),
            Err(_) => copy(data)?,
        };
        if data.as_bytes().is_empty() {
            self.ended = true;
        } else {
            self.waiting.push_back(data.unbind());
        }
        Ok(())
    }

    /// The first feed, and how much of it has been taken.
    pub(crate) fn first<'py>(&self, py: Python<'py>) -> Option<(Bound<'py, PyBytes>, usize)> {
        Some((self.waiting.front()?.bind(py).clone(), self.taken))
    }

    /// Notes that of the first feed all but `left` octets have been taken.
    pub(crate) fn leave(&mut self, whole: usize, left: usize) {
        if left == 0 {
            self.waiting.pop_front();
            self.taken = 0;
        } else {
            self.taken = whole.saturating_sub(left);
        }
    }

    /// Gives back what has not been taken.
    pub(crate) fn unread(&mut self, py: Python<'_>) -> Vec<u8> {
        let mut octets = Vec::new();
        for data in std::mem::take(&mut self.waiting) {
            octets.extend_from_slice(data.as_bytes(py).get(self.taken..).unwrap_or_default());
            self.taken = 0;
        }
        octets
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Whether the end has been told.
    pub(crate) const fn has_ended(&self) -> bool {
        self.ended
    }
}

/// Copies the octets of any buffer.
pub(crate) fn copy<'py>(data: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
    let octets = PyBuffer::<u8>::get(data)?.to_vec(data.py())?;
    Ok(PyBytes::new(data.py(), &octets))
}
