//! The one place that decides where log lines go: `defmt`, the `log` crate, both, or nothing.
//! Rule of the house: what is logged is a verb, a state or a count, never an argument, so that
//! no credential can reach a log.

macro_rules! debug {
    ($($arg:tt)*) => {{
        #[cfg(feature = "defmt")]
        ::defmt::debug!($($arg)*);
        #[cfg(feature = "log")]
        ::log::debug!($($arg)*);
        #[cfg(not(any(feature = "defmt", feature = "log")))]
        { let _ = ($($arg)*); }
    }};
}
