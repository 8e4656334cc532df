//! The instrument of the engine's tests: transcripts (`C:` and `S:` lines) are replayed against an
//! engine, the peer's octets cut wherever a test wants, and what happened comes back as a log of
//! owned lines that can be compared.

#![allow(dead_code)] // each test binary uses its own part

pub(crate) mod client;
pub(crate) mod collected;
pub(crate) mod cuts;
pub(crate) mod log;
pub(crate) mod script;
#[cfg(feature = "server")]
pub(crate) mod server;

use std::path::PathBuf;

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
