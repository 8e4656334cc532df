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

/// Every transcript of a folder of the corpus, in the order of names; `parse` is given the name and the text.
pub(crate) fn corpus<T>(folder: &str, parse: fn(&str, &str) -> T) -> Vec<T> {
    let path = root().join("tests/corpus").join(folder);
    let entries = std::fs::read_dir(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "txt"));
    let read = |file: &PathBuf| {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        parse(&name, &std::fs::read_to_string(file).unwrap())
    };
    files.iter().map(read).collect()
}
