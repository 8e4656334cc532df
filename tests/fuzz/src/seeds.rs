//! Makes seeds for the targets out of the transcripts in `tests/corpus`: the peer's octets, cut into
//! reads of a few lengths, behind calls that ask for them.

use std::path::{Path, PathBuf};

use mailproto_fuzz::Input;

fn main() -> std::io::Result<()> {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let corpus = here.join("../corpus");
    let mut seeds = 0;
    seeds += make(&corpus.join("pop3"), &here.join("corpus/pop3_client"), "S", &calls())?;
    seeds += make(&corpus.join("pop3-server"), &here.join("corpus/pop3_server"), "C", &[vec![]])?;
    seeds += make(&corpus.join("pop3"), &here.join("corpus/splitter"), "S", &[vec![]])?;
    println!("{seeds} seeds");
    Ok(())
}

/// Each call of the client target, in some orders that make sessions of them.
fn calls() -> Vec<Vec<u8>> {
    let of = |list: &[u8]| list.to_vec();
    vec![
        of(&[5, 22, 22, 13, 14, 16, 18 | 32, 19 | 32, 20 | 32, 23]),
        of(&[0, 22, 22, 22, 1, 2, 0, 22, 22, 22, 22, 5, 22, 22, 18 | 32]),
        of(&[8, 10, 10, 13, 18 | 32]),
        of(&[9, 11, 12, 13]),
        of(&[6, 13, 18 | 32]),
        of(&[24, 25, 26, 5, 22, 27]),
    ]
}

/// Writes a seed for each transcript in `from`, each list of calls and a setting.
fn make(from: &Path, to: &Path, peer: &str, calls: &[Vec<u8>]) -> std::io::Result<usize> {
    std::fs::create_dir_all(to)?;
    let mut seeds = 0;
    for entry in std::fs::read_dir(from)? {
        let path = entry?.path();
        let octets = said_by(peer, &std::fs::read_to_string(&path)?);
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        for (which, calls) in calls.iter().enumerate() {
            for setting in [0x02, 0x3e, 0x86] {
                let input = Input { setting, reads: &[7, 1, 64], calls, octets: &octets };
                std::fs::write(to.join(format!("{name}-{which}-{setting}")), input.emit())?;
                seeds += 1;
            }
        }
    }
    Ok(seeds)
}

/// The octets of one side of a transcript.
fn said_by(peer: &str, transcript: &str) -> Vec<u8> {
    let mut octets = Vec::new();
    for line in transcript.lines() {
        let (word, text) = line.split_once(' ').unwrap_or((line, ""));
        if word.strip_prefix(peer) == Some(":") {
            octets.extend(unescaped(text));
            octets.extend(b"\r\n");
        } else if word.strip_prefix(peer) == Some("|") {
            octets.extend(unescaped(text));
        }
    }
    octets
}

/// The escapes that matter here; others stay as they are, which is as good for a seed.
fn unescaped(text: &str) -> Vec<u8> {
    let plain = [("\\r", "\r"), ("\\n", "\n"), ("\\0", "\0"), ("\\\\", "\\")];
    let text = plain.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    text.into_bytes()
}
