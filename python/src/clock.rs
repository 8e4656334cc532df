//! The caller's clock, in seconds, beside the engine's, in milliseconds that wrap.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// The time that was told last, on both.
#[derive(Clone, Copy, Default)]
pub(crate) struct Clock {
    seconds: f64,
    milliseconds: u32,
}

impl Clock {
    /// Sets the time; returns it in milliseconds.
    pub(crate) fn set(&mut self, now: f64) -> PyResult<u32> {
        if !now.is_finite() {
            return Err(PyValueError::new_err("now must be a finite number of seconds"));
        }
        self.seconds = now;
        self.milliseconds = wrapped(now);
        Ok(self.milliseconds)
    }

    /// A time of the engine's clock in the caller's seconds.
    pub(crate) fn seconds(&self, milliseconds: u32) -> Option<f64> {
        let ahead = milliseconds.wrapping_sub(self.milliseconds).cast_signed();
        Some(self.seconds + f64::from(ahead) / 1000.0)
    }
}

/// Modulo 2³², so that the number fits.
fn wrapped(seconds: f64) -> u32 {
    (seconds * 1000.0).floor().rem_euclid(f64::from(u32::MAX) + 1.0) as u32
}
