//! What attackers and odd servers say, from lists that were collected elsewhere: survived as the lists demand, at
//! every cut and with little memory. Where the lists are absent this test says so and is skipped (with
//! `MAILPROTO_REQUIRE_ALL=1` it fails). The counts stand in `tests/corpus/RESULTS.md`; `MAILPROTO_BLESS=1` writes them.
#![cfg(all(feature = "imap-all", feature = "pop3", feature = "sasl-all", feature = "apop"))]

mod common;

#[path = "imap_hostile/attacks.rs"]
mod attacks;
#[path = "imap_hostile/command_lexer.rs"]
mod command_lexer;
#[path = "imap_hostile/quirks.rs"]
mod quirks;
#[path = "imap_hostile/session.rs"]
#[allow(dead_code)]
mod session;
#[path = "imap_hostile/told.rs"]
mod told;

use std::fmt::Write as _;

use attacks::{ATTACKS, Attack, Came};
use common::collected::{folder, keep};
use common::cuts::Cuts;
use common::script::unescape;
use mailproto_core::imap::{Config, Security};
use quirks::{Context, KEEP_THE_GRAMMAR, NO_NEIGHBOUR_BEHIND, ROWS, Row};
use serde_json::Value;
use session::{Outcome, Session};

/// The scratch buffers: the least that is promised to work, and what holds nearly all.
const SCRATCHES: [usize; 2] = [512, 4096];

/// Up to here every two-way split is tried.
const EVERY_SPLIT: usize = 4096;

/// What is longer is cut in fewer ways, so that the tests stay quick.
const LONG: usize = 100_000;

/// Where the list and we say the same in different words, or what is demanded is not ours to do.
const REMARKS: &[(&str, &str)] = &[
    (
        "A06",
        "the refusal is a `LocalError` of each call that would show credentials; nothing is sent",
    ),
    ("C09", "lenient mode is the default (issue 3), and tells each bare LF; strict mode refuses"),
    ("D06", "an event a response, and none is kept; `Config::max_untagged` sets the budget"),
    ("D11, F07", "`respond` refuses with the reason, and `cancel` says `*` (RFC 9051 §6.2.2)"),
    ("E01", "a name is refused; the octets of `Mailbox::Raw` travel in a literal (RFC 9051 §4.3)"),
    ("E02", "`me` goes as an atom, which it is (RFC 9051 §9, `astring`)"),
    ("E03", "names go as atoms where they are such (RFC 9051 §9, `astring`)"),
];

#[test]
fn what_was_collected_is_survived() {
    let Some(folder) = folder() else { return };
    let mut failures = Vec::new();
    let counts = attacks(&security(&folder), &mut failures);
    let counts = counts + &quirks(&lines(&folder), &mut failures);
    println!("{counts}");
    assert_eq!(failures, Vec::<String>::new());
    keep("## IMAP: attacks and quirks", &format!("{HEAD}{counts}{}", remarks()));
}

const HEAD: &str = "Written by `MAILPROTO_BLESS=1 cargo test -p mailproto-core --test imap_hostile`. What is demanded \
    stands\nthere, case by case. Each is replayed whole, octet by octet, at every two-way split (above 4 kB at \
    some), each with 512\nand with 4,096 octets of scratch; the lines of FETCH also between two good items.\n\n\
    | list | cases | as demanded | replays |\n|---|---:|---:|---:|\n";

/// All attacks, with what is demanded of each.
fn attacks(cases: &[Case], failures: &mut Vec<String>) -> String {
    assert!(cases.len() >= 89, "{} attacks", cases.len());
    let mut replays = 0;
    for case in cases {
        let of_it: Vec<_> = ATTACKS.iter().filter(|attack| attack.id == case.id).collect();
        assert!(!of_it.is_empty(), "{}: nothing is demanded", case.id);
        for attack in of_it {
            match std::panic::catch_unwind(|| at_every_cut(attack, &case.feeds)) {
                Ok(count) => replays += count,
                Err(_) => failures.push(case.id.clone()),
            }
        }
    }
    let cases = cases.len();
    format!("| attacks | {cases} | {cases} | {replays} |\n")
}

/// All lines of deployed servers, with what must be told of each.
fn quirks(lines: &[Line], failures: &mut Vec<String>) -> String {
    assert!(lines.len() >= 73, "{} lines", lines.len());
    let mut rows = String::new();
    for (class, valid) in [("lines outside the grammar", false), ("valid lines", true)] {
        let (mut count, mut replays) = (0, 0);
        for line in lines.iter().filter(|line| line.valid == valid) {
            let row = ROWS.iter().find(|row| row.id == line.id);
            let row = row.unwrap_or_else(|| panic!("{}: nothing is demanded", line.id));
            count += 1;
            match std::panic::catch_unwind(|| survives(row, line)) {
                Ok(more) => replays += more,
                Err(_) => failures.push(line.id.clone()),
            }
        }
        let _ = writeln!(rows, "| {class} | {count} | {count} | {replays} |");
    }
    rows
}

fn remarks() -> String {
    let mut text = String::from("\n| attack | remark |\n|---|---|\n");
    for (id, remark) in REMARKS {
        let _ = writeln!(text, "| {id} | {remark} |");
    }
    text.push_str("\n| line | why no quirk is told |\n|---|---|\n");
    for (id, reason) in KEEP_THE_GRAMMAR {
        let _ = writeln!(text, "| `{id}` | {reason} |");
    }
    text
}

/// A line of the list of quirks.
struct Line {
    id: String,
    valid: bool,
    wire: Vec<u8>,
}

fn lines(folder: &std::path::Path) -> Vec<Line> {
    let text = std::fs::read_to_string(folder.join("quirks.tsv")).expect("the list");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let of = |line: &str| {
        let columns: Vec<_> = line.split('\t').collect();
        let [id, class, _, _, wire] = columns[..] else { panic!("five columns: {line}") };
        let wire = unescape(wire).unwrap_or_else(|| panic!("escapes: {line}"));
        Line { id: id.into(), valid: class == "valid", wire }
    };
    lines.map(of).collect()
}

/// Replays a line at every cut, with each scratch buffer, alone and between neighbours; returns how often.
fn survives(row: &Row, line: &Line) -> usize {
    let mut replays = 0;
    let told: Vec<_> = row.told.iter().map(|line| (*line).to_owned()).collect();
    for (wire, told) in std::iter::once((line.wire.clone(), told)).chain(among_items(row, line)) {
        for scratch in SCRATCHES {
            let run = |cuts: &Cuts| hear(row.context, &wire, scratch, cuts);
            let whole = run(&Cuts::Nowhere);
            demand(line, &told, &whole);
            for cuts in all_cuts(wire.len()) {
                assert_eq!(run(&cuts), whole, "{} cut {cuts:?}", line.id);
                replays += 1;
            }
        }
    }
    replays
}

/// A FETCH line with a good item before what it holds, and one with a good item behind.
fn among_items(row: &Row, line: &Line) -> Vec<(Vec<u8>, Vec<String>)> {
    let Some(at) = line.wire.windows(2).position(|window| window == b" (") else { return vec![] };
    if !line.wire[..at].ends_with(b" FETCH") || NO_NEIGHBOUR_BEHIND.contains(&row.id) {
        return Vec::new();
    }
    let size = "item RFC822.SIZE 77";
    let (front, items) = line.wire.split_at(at + 2);
    let before = [front, b"RFC822.SIZE 77 ", items].concat();
    let items = line.wire.strip_suffix(b")\r\n").expect("a FETCH line ends so");
    let behind = [items, b" RFC822.SIZE 77)\r\n"].concat();
    let with = |index: usize| {
        let mut told: Vec<_> = row.told.iter().map(|line| (*line).to_owned()).collect();
        told.insert(index, size.into());
        told
    };
    vec![(before, with(1)), (behind, with(row.told.len() - 1))]
}

/// What follows each line, and must be understood.
const NEXT: (&[u8], &str) = (b"* OK in step\r\n", "status Ok \"in step\"");

fn hear(context: Context, wire: &[u8], scratch: usize, cuts: &Cuts) -> Outcome {
    let (mut memory, mut tx) = (vec![0; scratch], vec![0; 1024]);
    let config = Config::lenient().with_security(Security::Private);
    let mut session = Session::new(&mut memory, &mut tx, config, cuts);
    match context {
        Context::Selected => session.selected("IMAP4rev1"),
        Context::Enabling => {
            session.authenticated("IMAP4rev1 ENABLE");
            session.queue(|client| client.enable(&["CONDSTORE", "UTF8=ACCEPT"]));
        }
        Context::Literal => {
            session.selected("IMAP4rev1");
            session.queue(|client| client.create(mailproto_core::imap::Mailbox::Raw(b"a\r\nb")));
        }
    }
    session.hears(wire);
    session.hears(NEXT.0);
    session.goes_on();
    session.into_outcome()
}

fn demand(line: &Line, told: &[String], outcome: &Outcome) {
    let (id, all) = (&line.id, &outcome.told);
    let quirks = all.iter().filter(|line| line.starts_with("quirk ")).count();
    let kept = KEEP_THE_GRAMMAR.iter().any(|(kept, _)| kept == id);
    if line.valid || kept {
        assert_eq!(quirks, 0, "{id}: {all:#?}");
    } else {
        assert!(quirks > 0, "{id}: mended, and nobody is told: {all:#?}");
    }
    let mut rest = all.iter();
    for line in told.iter().map(String::as_str).chain([NEXT.1]) {
        assert!(rest.any(|told| told == line), "{id}: not told: {line}\n{all:#?}");
    }
    if line.valid {
        assert_eq!(all.len(), told.len() + 1, "{id}: {all:#?}");
    }
}

struct Case {
    id: String,
    feeds: Vec<Vec<u8>>,
}

/// The attacks on IMAP clients; `T1`, `T2` … at the front of a line are the tags that our client gives.
fn security(folder: &std::path::Path) -> Vec<Case> {
    let text = std::fs::read_to_string(folder.join("security.jsonl")).expect("the list");
    let cases = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("a case"));
    let cases = cases.filter(|case| case["proto"] == "imap");
    let of = |case: Value| Case {
        id: case["id"].as_str().expect("an id").into(),
        feeds: case["server"].as_array().expect("feeds").iter().map(feed).collect(),
    };
    cases.map(of).collect()
}

fn feed(feed: &Value) -> Vec<u8> {
    let octets = feed.as_str().expect("text").chars();
    let octets: Vec<_> = octets.map(|octet| u8::try_from(octet).expect("Latin-1")).collect();
    let lines = octets.split_inclusive(|&octet| octet == b'\n');
    lines.flat_map(with_our_tag).collect()
}

fn with_our_tag(line: &[u8]) -> Vec<u8> {
    match line {
        [b'T', digit, rest @ ..] if digit.is_ascii_digit() => {
            [&b"AAA"[..], &[*digit], rest].concat()
        }
        [b't', digit, rest @ ..] if digit.is_ascii_digit() => {
            [&b"aaa"[..], &[*digit], rest].concat()
        }
        line => line.to_vec(),
    }
}

/// Replays an attack whole, octet by octet and at every two-way split, with each scratch buffer. Returns how often.
fn at_every_cut(attack: &Attack, feeds: &[Vec<u8>]) -> usize {
    let length = feeds.iter().map(Vec::len).sum();
    let mut replays = 0;
    for scratch in SCRATCHES {
        let whole = replay(attack, feeds, scratch, &Cuts::Nowhere);
        for cuts in all_cuts(length) {
            let cut = replay(attack, feeds, scratch, &cuts);
            assert!(cut == whole, "{} cut {cuts:?}\n{cut:#?}\n{whole:#?}", attack.id);
            replays += 1;
        }
    }
    replays
}

fn replay(attack: &Attack, feeds: &[Vec<u8>], scratch: usize, cuts: &Cuts) -> Outcome {
    let (mut memory, mut tx) = (vec![0; scratch], vec![0; 1024]);
    let mut session = Session::new(&mut memory, &mut tx, attack.config, cuts);
    (attack.act)(&mut session, &Came { id: attack.id, feeds, scratch });
    session.into_outcome().without_injected_handshake()
}

/// Octet by octet, in short reads, and once: everywhere, or in what is longer than 4 kB at its ends and at some
/// places in between.
fn all_cuts(length: usize) -> Vec<Cuts> {
    let every = if length <= LONG { &[1, 2, 3, 7, 64, 1460][..] } else { &[1, 1460] };
    let step = if length <= EVERY_SPLIT { 1 } else { length / 8 };
    let ends = (1..4).chain(length.saturating_sub(4)..length);
    let ends = ends.filter(|_| length > EVERY_SPLIT);
    let once = (1..length).step_by(step).chain(ends).map(Cuts::Once);
    let every = every.iter().copied().map(Cuts::Every);
    every.chain(once).filter(|_| length > 0).chain([Cuts::Nowhere]).collect()
}
