//! The operating system's source of randomness, for nonces.

use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;

/// Fills `octets`, or raises `OSError`.
pub(crate) fn fill(octets: &mut [u8]) -> PyResult<()> {
    getrandom::fill(octets).map_err(|error| PyOSError::new_err(error.to_string()))
}
