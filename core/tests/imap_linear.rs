//! Linear work of the IMAP client: what it costs to read a response is proportional to its length, whatever stands in
//! it, however it is cut and however large the scratch buffer is. The client allocates nothing, so its memory is what
//! it was given.
#![cfg(feature = "imap-all")]

use std::sync::Mutex;
use std::time::{Duration, Instant};

use mailproto_core::imap::command::FetchItem;
use mailproto_core::imap::{Client, Config, Security, Sequence};

/// Times are measured one after another.
static ALONE: Mutex<()> = Mutex::new(());

/// Sizes are compared with so many times as much.
const FACTOR: usize = 4;
/// How much longer that may take; quadratic work would take 16 times as long.
const AT_MOST: f64 = 11.0;
/// A build without optimisation takes a part of the octets, so that the tests stay quick. With `--release` it is
/// all that issue 3 names: an 11 MB line, a million flags.
const PART: usize = if cfg!(debug_assertions) { 40 } else { 1 };

/// What a response is made of: its beginning, what is repeated, and how often in full size, its end.
struct Shape {
    name: &'static str,
    front: &'static str,
    unit: &'static str,
    times: usize,
    end: &'static str,
}

const fn shape(
    name: &'static str,
    front: &'static str,
    unit: &'static str,
    times: usize,
    end: &'static str,
) -> Shape {
    Shape { name, front, unit, times, end }
}

const SHAPES: &[Shape] = &[
    // Those that issue 3 names.
    shape("SEARCH of 11 MB", "* SEARCH", " 1234567890", 1_000_000, "\r\n"),
    shape("a million flags", "* FLAGS (\\Seen", " $Forwarded", 1_000_000, ")\r\n"),
    shape("a message with a million flags", "* 1 FETCH (UID 5 FLAGS (a", " b", 1_000_000, "))\r\n"),
    shape("one-octet literals", "* 1 FETCH (X (a", " {1}\r\n(", 100_000, ") UID 5)\r\n"),
    shape("one-octet bodies", "* 1 FETCH (UID 5", " BODY[1] {1}\r\n(", 100_000, ")\r\n"),
    shape("parentheses", "* 1 FETCH (BODYSTRUCTURE ", "(", 200_000, "\r\n"),
    shape("balanced parentheses", "* 1 FETCH (UID 5 X (", "((a) b) ", 100_000, "c))\r\n"),
    shape("text of 10 MB", "* OK ", "xxxxxxxxxx", 1_000_000, "\r\n"),
    // Others that hold what a reader may look for.
    shape("text that looks like literals", "* OK {1", " {1", 1_000_000, "\r\n"),
    shape("quotes", "* 1 FETCH (X (\"", "\\\"a", 1_000_000, "\"))\r\n"),
    shape("quotes that are not closed", "* 1 FETCH (X (", "\"a", 1_000_000, "\r\n"),
    shape("a quoted body", "* 1 FETCH (BODY[] \"", "\\\\a", 1_000_000, "\")\r\n"),
    shape("brackets", "* 1 FETCH (", "BODY[", 500_000, "\r\n"),
    shape("a code", "* OK [X", " [\"(", 1_000_000, "\r\n"),
    shape("capabilities", "* CAPABILITY IMAP4rev1", " AUTH=X", 500_000, "\r\n"),
    shape("ESEARCH", "* ESEARCH UID ALL 1", ",3:4", 1_000_000, "\r\n"),
    shape("VANISHED", "* VANISHED (EARLIER) 1", ",3:4", 1_000_000, "\r\n"),
    shape("THREAD", "* THREAD (1", "(2)", 1_000_000, ")\r\n"),
    shape("a deep THREAD", "* THREAD ", "(2 3", 500_000, "\r\n"),
    shape(
        "addresses",
        "* 1 FETCH (ENVELOPE (NIL NIL (",
        "(NIL NIL \"a\" \"b\")",
        100_000,
        ")))\r\n",
    ),
    shape("an unknown response", "* XNEW", " (a \"b\" {1}\r\nc)", 100_000, "\r\n"),
    shape("spaces", "* SEARCH", "    ", 1_000_000, "\r\n"),
    shape("nothing but CR", "* OK ", "\r", 1_000_000, "\r\n"),
    shape("short lines", "", "* 1 EXISTS\r\n", 500_000, ""),
    shape("flags, message by message", "", "* 1 FETCH (UID 5 FLAGS (\\Seen))\r\n", 100_000, ""),
    shape("lines that are none", "", "x\r\n", 500_000, ""),
];

impl Shape {
    fn octets(&self, size: usize) -> Vec<u8> {
        let times = self.times / PART / FACTOR * size;
        [self.front, &self.unit.repeat(times), self.end].concat().into_bytes()
    }
}

/// A client with a mailbox selected and a FETCH in flight, over scratch memory of this size.
fn with_client<T>(scratch: usize, run: impl FnOnce(&mut Client<'_>) -> T) -> T {
    let (mut scratch, mut tx) = (vec![0; scratch], vec![0; 256]);
    let config = Config::lenient().with_security(Security::Private);
    let mut client = Client::new(&mut scratch, &mut tx, config);
    client.poll(&mut &b"* PREAUTH ready\r\n"[..]).unwrap();
    client.select("INBOX".into()).unwrap();
    client.sent(usize::MAX);
    client.poll(&mut &b"AAA1 OK selected\r\n"[..]).unwrap();
    client.fetch(Sequence::ALL, &[FetchItem::Uid]).unwrap();
    client.sent(usize::MAX);
    run(&mut client)
}

/// Feeds reads; returns how many octets they had.
fn feed<'o>(client: &mut Client<'_>, reads: impl Iterator<Item = &'o [u8]>) -> usize {
    let (mut polls, mut octets) = (0, 0);
    for read in reads {
        octets += read.len();
        let mut input = read;
        loop {
            polls += 1;
            match client.poll(&mut input) {
                Ok(Some(_)) => {}
                Ok(None) => break,
                // A shape that is cut off may end the session; that is the end of work.
                Err(_) => return octets,
            }
        }
    }
    assert!(polls <= 3 * octets + 64, "{polls} calls for {octets} octets");
    octets
}

fn time(octets: &[u8], scratch: usize, read: usize) -> Duration {
    // The fastest of some runs: what disturbs only slows down.
    let times = (0..3).map(|_| {
        with_client(scratch, |client| {
            let start = Instant::now();
            feed(client, octets.chunks(read));
            start.elapsed()
        })
    });
    times.min().unwrap()
}

/// Other work on the machine may fall on one comparison, but not on each of ten; quadratic work does.
fn settles_below(limit: f64, mut ratio: impl FnMut() -> f64) -> bool {
    (0..10).any(|_| ratio() < limit)
}

#[test]
fn time_is_proportional_to_length() {
    let _alone = ALONE.lock();
    for shape in SHAPES {
        let (once, often) = (shape.octets(1), shape.octets(FACTOR));
        for scratch in [512, 4096] {
            for read in [1, 64, 1460, usize::MAX] {
                let mut last = (Duration::ZERO, Duration::ZERO);
                let linear = settles_below(AT_MOST, || {
                    last = (time(&once, scratch, read), time(&often, scratch, read));
                    // What is too short to be measured is no measure.
                    let floor = Duration::from_micros(20);
                    last.1.max(floor).as_secs_f64() / last.0.max(floor).as_secs_f64()
                });
                let name = shape.name;
                assert!(linear, "{name}, scratch {scratch}, reads of {read}: {last:?}");
                let speed = often.len() as f64 / 1e6 / last.1.as_secs_f64();
                println!("{name}, scratch {scratch}, {read}: {speed:.0} MB/s");
            }
        }
    }
}

/// A large scratch buffer does not multiply the work: an octet in it is not looked at or moved again for each of its
/// neighbours. What fits is read and not skipped, which costs more, but not 128 times as much.
#[test]
fn time_does_not_grow_with_the_scratch_buffer() {
    let _alone = ALONE.lock();
    for shape in SHAPES {
        let octets = shape.octets(FACTOR);
        for read in [1, 64] {
            let mut last = (Duration::ZERO, Duration::ZERO);
            let constant = settles_below(16.0, || {
                last = (time(&octets, 512, read), time(&octets, 65_536, read));
                last.1.as_secs_f64() / last.0.as_secs_f64()
            });
            assert!(constant, "{}, reads of {read}: {last:?}", shape.name);
        }
    }
}

/// An unfinished line is never looked at again: the last read costs as much as the first.
#[test]
fn no_read_costs_more_for_what_came_before_it() {
    let _alone = ALONE.lock();
    for front in
        ["* OK ", "* XNEW ", "* SEARCH ", "* 1 FETCH (X (", "* 1 FETCH (X \"", "* LIST () \"/\" "]
    {
        with_client(4096, |client| {
            feed(client, front.as_bytes().chunks(1));
            let mut time = |reads: usize| {
                let start = Instant::now();
                for _ in 0..reads {
                    feed(client, std::iter::once(&[b'7'; 64][..]));
                }
                start.elapsed().as_secs_f64()
            };
            let constant = settles_below(4.0, || {
                let early = time(100_000 / PART);
                time(400_000 / PART);
                time(100_000 / PART) / early
            });
            assert!(constant, "{front}");
        });
    }
}

/// Octets that are looked at, counted by the engine itself: at most three for each that is received (issue 3), for
/// every shape, every line of the corpus, every collected line and attack, at every cut.
#[cfg(feature = "count-work")]
mod counted {
    use super::*;
    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD as BASE64;
    use mailproto_core::imap::work;
    use serde_json::Value;
    use std::path::Path;

    const AT_MOST: u64 = 3;

    #[test]
    fn no_octet_is_looked_at_more_than_three_times() {
        let _alone = ALONE.lock();
        let mut worst = Worst::default();
        for shape in SHAPES {
            let octets = shape.octets(1);
            for scratch in [512, 4096, 65_536] {
                for read in [1, 7, 64, 1460, usize::MAX] {
                    worst.of(shape.name, octets.chunks(read), scratch);
                }
            }
        }
        for (name, octets) in small() {
            for scratch in [512, 4096] {
                for read in [1, 2, 3, 7, 64, usize::MAX] {
                    worst.of(&name, octets.chunks(read), scratch);
                }
                for at in 1..octets.len() {
                    let (front, rest) = octets.split_at(at);
                    worst.of(&name, [front, rest].into_iter(), scratch);
                }
            }
        }
        println!(
            "{} runs, at worst {:.2} octets for each: {}",
            worst.runs, worst.ratio, worst.name
        );
    }

    #[derive(Default)]
    struct Worst {
        runs: usize,
        ratio: f64,
        name: String,
    }

    impl Worst {
        fn of<'o>(&mut self, name: &str, reads: impl Iterator<Item = &'o [u8]>, scratch: usize) {
            let mut longest = 0;
            let reads = reads.inspect(|read| longest = longest.max(read.len()));
            let (octets, looked_at) = with_client(scratch, |client| {
                let _ = work::take();
                (feed(client, reads), work::take())
            });
            let place = format!("{name}, scratch {scratch}, reads of at most {longest}");
            assert!(looked_at <= AT_MOST * octets as u64, "{place}: {looked_at} for {octets}");
            let ratio = looked_at as f64 / octets as f64;
            self.runs += 1;
            if ratio > self.ratio {
                (self.ratio, self.name) = (ratio, place);
            }
        }
    }

    /// Each server line of the corpus, and what was collected elsewhere if it is there.
    fn small() -> Vec<(String, Vec<u8>)> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut cases = Vec::new();
        for entry in std::fs::read_dir(root.join("tests/corpus/imap")).expect("the corpus") {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let lines = text.lines().filter_map(|line| line.strip_prefix("S: "));
            let octets: Vec<u8> = lines
                .flat_map(|line| [line.replace("\\\\", "\\").as_bytes(), b"\r\n"].concat())
                .collect();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            cases.extend((!octets.is_empty()).then_some((name, octets)));
        }
        assert!(cases.len() >= 25);
        let shared =
            std::env::var_os("MAILPROTO_SHARED").map_or(root.join("../shared"), Into::into);
        for (name, octets) in collected(&shared.join("cases")) {
            if octets.len() <= 4096 {
                cases.push((name, octets));
            }
        }
        cases
    }

    /// The attacks, and what servers say in the other collected cases.
    fn collected(folder: &Path) -> Vec<(String, Vec<u8>)> {
        let Ok(files) = std::fs::read_dir(folder) else {
            println!("the collected cases are not there");
            return Vec::new();
        };
        let mut cases = Vec::new();
        for file in files.map(|file| file.unwrap().path()) {
            if file.extension().is_none_or(|extension| extension != "jsonl") {
                continue;
            }
            let text = std::fs::read_to_string(&file).unwrap();
            for case in text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
                let octets = said(&case);
                let name = format!("{} {}", file.display(), case["id"]);
                cases.extend((!octets.is_empty()).then_some((name, octets)));
            }
        }
        cases
    }

    fn said(case: &Value) -> Vec<u8> {
        if let Some(feeds) = case["server"].as_array().filter(|_| case["proto"] == "imap") {
            let feeds = feeds.iter().filter_map(Value::as_str);
            return feeds.flat_map(|feed| feed.chars().map(|octet| octet as u8)).collect();
        }
        let server = case["protocol"] == "imap" && case["side"] == "server-to-client";
        let octets = case["bytes_b64"].as_str().filter(|_| server && case["kind"] == "unit");
        octets.map(|octets| BASE64.decode(octets).expect("base64")).unwrap_or_default()
    }
}
