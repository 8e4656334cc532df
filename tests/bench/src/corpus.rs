//! The corpora of IMAP responses: written by a generator that lies beside the repository, with a
//! list of what a reader must find in each.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::walk::Totals;

/// A corpus, not yet read.
pub(crate) struct Corpus {
    pub(crate) name: String,
    pub(crate) totals: Totals,
    path: PathBuf,
    bytes: u64,
}

impl Corpus {
    /// A line of the manifest: name, SHA-256, octets, totals.
    fn of_line(line: &str, directory: &Path) -> Option<Self> {
        let mut columns = line.split('\t');
        let name = columns.next()?.to_owned();
        let mut numbers = columns.skip(1).map_while(|column| column.parse().ok());
        let bytes = numbers.next()?;
        let [responses, uid_sum, flags, size_sum, envelopes, parts, body_bytes, body_sum] =
            numbers.collect::<Vec<u64>>().try_into().ok()?;
        let totals =
            Totals { responses, uid_sum, flags, size_sum, envelopes, parts, body_bytes, body_sum };
        Some(Self { path: directory.join(format!("{name}.imap")), name, totals, bytes })
    }

    pub(crate) fn octets(&self) -> Result<Vec<u8>, String> {
        let octets = std::fs::read(&self.path).map_err(|error| error.to_string())?;
        if octets.len() as u64 == self.bytes {
            Ok(octets)
        } else {
            Err(format!("{} octets instead of {}", octets.len(), self.bytes))
        }
    }
}

/// The corpora, written first if they are not there yet.
pub(crate) fn corpora() -> Result<Vec<Corpus>, String> {
    let (generator, directory) = (root().join("../shared/bench/gen_corpus.py"), directory());
    let manifest = directory.join("MANIFEST.tsv");
    if !manifest.exists() {
        write(&generator, &directory)?;
    }
    let text = std::fs::read_to_string(&manifest).map_err(|error| error.to_string())?;
    text.lines()
        .skip(1)
        .map(|line| Corpus::of_line(line, &directory))
        .map(|corpus| corpus.ok_or_else(|| "MANIFEST.tsv is not understood".to_owned()))
        .collect()
}

fn write(generator: &Path, directory: &Path) -> Result<(), String> {
    if !generator.exists() {
        return Err("the generator of the corpora, ../shared/bench/gen_corpus.py, is absent".into());
    }
    let status = Command::new("python3").arg(generator).arg(directory).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("the generator of the corpora: {status}")),
        Err(error) => Err(format!("python3: {error}")),
    }
}

fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

fn directory() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root().join("target"), PathBuf::from);
    target.join("bench-corpus")
}
