//! Compiles the corpus in, and the player of the engine's own tests.
//!
//! The player is taken as it stands in `core/tests`. It is written for a host; here each of its files gets one
//! line in front, which brings what a host finds in the prelude. Its `//!` lines go, as `include!` takes none.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

const PLAYER: &[&str] = &[
    "common/client.rs",
    "common/cuts.rs",
    "common/log.rs",
    "common/script.rs",
    "common/server.rs",
    "imap_hostile/session.rs",
    "imap_hostile/told.rs",
    "imap_hostile/transcript.rs",
];

fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap()).join("../../..");
    let into = PathBuf::from(env::var("OUT_DIR").unwrap());
    for name in PLAYER {
        let file = root.join("core/tests").join(name);
        println!("cargo:rerun-if-changed={}", file.display());
        let text = fs::read_to_string(&file).unwrap();
        let lines = text.lines().map(|line| if line.starts_with("//!") { "" } else { line });
        let lines: Vec<_> = lines.collect();
        let text = format!("use crate::host::*; {}\n", lines.join("\n"));
        fs::write(into.join(file.file_name().unwrap()), text).unwrap();
    }
    let corpus = root.join("tests/corpus");
    let folders = ["imap", "pop3", "pop3-server"].map(|name| folder(&corpus.join(name)));
    let [imap, pop3, server] = folders;
    let table = format!(
        "const IMAP: &[(&str, &str)] = &[{imap}];\n\
         const POP3: &[(&str, &str)] = &[{pop3}];\n\
         const POP3_SERVER: &[(&str, &str)] = &[{server}];\n"
    );
    fs::write(into.join("corpus.rs"), table).unwrap();
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=image.ld");
}

/// The transcripts of a folder, as rows of a table: name and text.
fn folder(path: &Path) -> String {
    println!("cargo:rerun-if-changed={}", path.display());
    let mut files: Vec<_> =
        fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut rows = String::new();
    for file in files {
        println!("cargo:rerun-if-changed={}", file.display());
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        writeln!(rows, "({name:?}, include_str!({:?})),", file.canonicalize().unwrap()).unwrap();
    }
    rows
}
