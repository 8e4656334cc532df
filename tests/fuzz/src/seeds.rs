//! Makes seeds for the targets out of the transcripts in `tests/corpus`: the peer's octets, cut into
//! reads of a few lengths, behind calls that ask for them.

use std::path::{Path, PathBuf};

use mailproto_fuzz::{Input, PLACES};

fn main() -> std::io::Result<()> {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let corpus = here.join("../corpus");
    let mut seeds = 0;
    seeds += make(&corpus.join("pop3"), &here.join("corpus/pop3_client"), "S", &calls())?;
    seeds += make(&corpus.join("pop3-server"), &here.join("corpus/pop3_server"), "C", &[vec![]])?;
    seeds += make(&corpus.join("pop3"), &here.join("corpus/splitter"), "S", &[vec![]])?;
    seeds += imap(&corpus.join("imap"), &here)?;
    println!("{seeds} seeds");
    Ok(())
}

/// Writes the seeds of the IMAP targets.
fn imap(from: &Path, here: &Path) -> std::io::Result<usize> {
    let to = |target: &str| here.join("corpus").join(target);
    let folders = ["imap_client", "imap_views", "imap_sasl", "imap_commands"].map(to);
    let [clients, views, exchanges, commands] = &folders;
    for folder in &folders {
        std::fs::create_dir_all(folder)?;
    }
    let mut seeds = 0;
    let mut write = |path: PathBuf, seed: &[u8]| {
        seeds += 1;
        std::fs::write(path, seed)
    };
    for entry in std::fs::read_dir(from)? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let octets = said_by("S", &std::fs::read_to_string(&path)?);
        // `T ` stands for the tag of the newest command.
        let octets = without_tags(&octets);
        for (which, calls) in imap_calls().iter().enumerate() {
            for (setting, reads) in [(0x02, &[7, 1, 64][..]), (0x12, &[255]), (0x36, &[1])] {
                let input = Input { setting, reads, calls, octets: &octets };
                write(clients.join(format!("{name}-{which}-{setting}")), &input.emit())?;
            }
        }
        for (place, (front, _)) in PLACES.iter().enumerate() {
            for (which, octets) in in_place(&octets, front).into_iter().enumerate() {
                let setting = u8::try_from(place).expect("few places");
                let input = Input { setting, reads: &[3], calls: &[], octets };
                write(views.join(format!("{name}-{place}-{which}")), &input.emit())?;
            }
        }
    }
    for (which, octets) in EXCHANGES.iter().enumerate() {
        for setting in 0..16 {
            let input = Input { setting, reads: &[3, 1, 1], calls: &[], octets };
            write(exchanges.join(format!("{which}-{setting}")), &input.emit())?;
        }
    }
    for choice in 0..48 {
        for (which, setting) in [0xa7_u8, 0xb7, 0xbf, 0x07].into_iter().enumerate() {
            let arguments: Vec<u8> =
                (0_u8..120).map(|at| at.wrapping_mul(7).wrapping_add(choice) ^ (at >> 3)).collect();
            let seed = [&[setting, choice], &arguments[..]].concat();
            write(commands.join(format!("{choice}-{which}")), &seed)?;
        }
    }
    Ok(seeds)
}

/// What servers say in exchanges; RFC 7677 §3 for the nonce of the target.
const EXCHANGES: [&[u8]; 6] = [
    b"+\nT OK in\r\n",
    b"+Username:\n+Password:\nT OK in\r\n",
    b"+<1896.697170952@postoffice.example.net>\nT NO no\r\n",
    b"+\n+r=MDEyMzQ1Njc4OWFiY2RlZjAxserver,s=QSXCR+Q6sek8bf92,i=4\n+v=bad=\nT OK in\r\n",
    b"+{\"status\":\"401\"}\nT NO no\r\n",
    b"* CAPABILITY IMAP4rev1\r\n+ !!!\r\n+\nT BAD no\r\n",
];

/// Calls of the IMAP client target, in some orders that make sessions of them.
fn imap_calls() -> Vec<Vec<u8>> {
    vec![
        vec![3, 9, 28, 30, 35, 14, 21, 22, 41],
        vec![4, 7, 16, 9, 29, 31, 34, 25],
        vec![0, 1, 2, 3, 11, 17, 18, 18, 19, 23],
        vec![9, 64 + 17, 64 + 18, 19, 128 + 29, 36, 37, 38],
        vec![40, 42, 43, 44, 45, 46, 47, 5, 6, 6, 8],
    ]
}

/// The octets with `T ` for each of our tags.
fn without_tags(octets: &[u8]) -> Vec<u8> {
    let lines = octets.split_inclusive(|&octet| octet == b'\n');
    let lines = lines.map(|line| match line.strip_prefix(b"AAA") {
        Some(tagged) => {
            let digits = tagged.iter().take_while(|octet| octet.is_ascii_digit()).count();
            [b"T", &tagged[digits..]].concat()
        }
        None => line.to_vec(),
    });
    lines.collect::<Vec<_>>().concat()
}

/// What stands behind the last words of `front` in each line that holds them.
fn in_place<'o>(octets: &'o [u8], front: &str) -> Vec<&'o [u8]> {
    let words = front.strip_prefix("* 1 FETCH (UID 5 ").unwrap_or(front).as_bytes();
    let lines = octets.split(|&octet| octet == b'\n');
    let found = lines.filter(|_| !words.is_empty()).filter_map(|line| {
        let at = line.windows(words.len()).position(|window| window == words)?;
        let rest = line[at + words.len()..].strip_suffix(b"\r")?;
        Some(rest.strip_suffix(b")").filter(|_| front.contains(" FETCH ")).unwrap_or(rest))
    });
    found.collect()
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
