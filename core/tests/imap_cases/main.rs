//! Cases of IMAP that were collected from other projects' tests, run against the client. They are not part of
//! this project: they lie in a folder beside it, or where `MAILPROTO_SHARED` says, and where they are absent this
//! test says so and is skipped (with `MAILPROTO_REQUIRE_ALL=1` it fails).
//!
//! What a server says is replayed whole, octet by octet, at every two-way split of up to 4 kB, and with 512 octets
//! of scratch. What the client tells is held against a second, plain reader and, where a case says in a structured
//! way what it means, against that. What a client sends is asked of ours, and the octets are compared. Where
//! we do otherwise than a case says, it stands in `exceptions` with the reason; what is not run, in the table.
#![cfg(all(feature = "imap-all", feature = "sasl-all", feature = "message"))]

mod commands;
#[path = "../common/mod.rs"]
mod common;
mod exceptions;
mod judge;
mod meaning;
mod names;
mod plain;
mod replay;
mod script;
mod table;
mod told;
mod tree;
mod wrap;

use std::path::Path;

use serde_json::Value;

use common::collected::{folder, keep};
use exceptions::Instead;
use judge::{Expect, Verdict};
use replay::Script;
use table::Count;
use wrap::Wrapped;

/// The sources, in the order of the table, and how many cases of IMAP each has at least.
const SOURCES: [(&str, usize); 20] = [
    ("async-imap", 30),
    ("cpython", 82),
    ("curl", 35),
    ("emailjs-imap-handler", 100),
    ("go-imap", 162),
    ("hoodiecrow", 140),
    ("imap-codec", 730),
    ("imapclient", 75),
    ("imapflow", 192),
    ("imaptest", 871),
    ("libetpan", 90),
    ("mailkit", 429),
    ("node-imap", 81),
    ("pymap", 270),
    ("rfc-sasl-examples", 4),
    ("ruby-net-imap", 33),
    ("rust-imap", 75),
    ("swift-nio-imap", 1445),
    ("tokio-imap", 111),
    (script::RECORDED, 6),
];

#[test]
fn collected_cases_behave_as_they_say() {
    let Some(folder) = folder() else { return };
    let mut counts: Vec<Count> = Vec::new();
    // Halves of the sources beside each other.
    std::thread::scope(|scope| {
        let halves = SOURCES.chunks(SOURCES.len() / 2).map(|sources| {
            let folder = &folder;
            scope.spawn(move || sources.iter().map(|source| count(folder, source)).collect())
        });
        let halves: Vec<std::thread::ScopedJoinHandle<'_, Vec<Count>>> = halves.collect();
        counts.extend(halves.into_iter().flat_map(|half| half.join().expect("a half")));
    });
    println!("{}", table::text(&counts));
    let failures: Vec<&String> = counts.iter().flat_map(|count| &count.failures).collect();
    assert!(failures.is_empty(), "{failures:#?}");
    for (id, ..) in exceptions::EXCEPTIONS {
        assert!(
            counts.iter().any(|count| count.exceptions.iter().any(|found| found == id)),
            "no such case: {id}"
        );
    }
    keep("## IMAP", &table::text(&counts));
}

/// Runs all cases of a source.
fn count(folder: &Path, (source, least): &(&'static str, usize)) -> Count {
    let cases = cases(folder, source);
    assert!(cases.len() >= *least, "{source}: {} cases", cases.len());
    let mut count = Count::new(source);
    for case in &cases {
        let id = case["id"].as_str().expect("an id");
        let instead = exceptions::find(id);
        let ran = std::panic::catch_unwind(|| run(source, case, instead));
        count.add(id, instead.is_some(), ran.unwrap_or_else(|_| Err("a panic".into())));
    }
    count
}

fn cases(folder: &Path, source: &str) -> Vec<Value> {
    if source == script::RECORDED {
        return script::recorded(&folder.join("sessions"));
    }
    let text = std::fs::read_to_string(folder.join(format!("{source}.jsonl"))).expect(source);
    let cases = text.lines().map(|line| serde_json::from_str::<Value>(line).expect(source));
    cases.filter(|case| case["protocol"] == "imap").collect()
}

/// What became of a case.
#[derive(Debug)]
pub(crate) enum Ran {
    /// What a server says was heard.
    Heard(Expect, Verdict),
    /// What a client says was sent.
    Sent(commands::Sent),
    /// It was refused, as an exception says.
    Refused,
    /// A mailbox name was read or written.
    Name,
    /// A SASL exchange was held.
    Exchange,
    /// It is not run, for this reason.
    Not(&'static str),
}

fn run(source: &str, case: &Value, instead: Option<Instead>) -> Result<Ran, String> {
    let octets = script::mended(source, script::decode(&case["bytes_b64"]));
    if let Wrapped::Command(before, after) = wrapped(source, case, &octets) {
        let octets = octets.strip_suffix(b"\r\n").unwrap_or(&octets);
        return sent(&[before.as_bytes(), octets, after.as_bytes()].concat(), instead);
    }
    match (case["kind"].as_str().expect("a kind"), case["side"] == "server-to-client") {
        ("codec", _) => names::compare(case, &octets).map(|()| Ran::Name),
        // A nonce is made of random octets, so the RFC's own cannot be given from here.
        ("sasl", _) if case["meaning"]["client_nonce"].is_string() => {
            Ok(Ran::Not("with the RFC's own nonce, which only the tests of `sasl::scram` can set"))
        }
        ("sasl", _) => commands::exchange(case).map(|()| Ran::Exchange),
        (_, true) => hear(source, case, &octets, instead),
        (_, false) => send(source, case, &octets, instead),
    }
}

// What servers say.

fn hear(
    source: &str,
    case: &Value,
    octets: &[u8],
    instead: Option<Instead>,
) -> Result<Ran, String> {
    let expect = match case["expect"].as_str().expect("an expectation") {
        _ if instead.is_some() => Expect::Ok,
        "error" => Expect::Error,
        "ok-lenient" => Expect::Lenient,
        "incomplete" => Expect::Incomplete,
        _ => Expect::Ok,
    };
    let scripts = match scripts(source, case, octets, expect) {
        Ok(scripts) => scripts,
        Err(reason) => return Ok(Ran::Not(reason)),
    };
    let compare = |told: &[told::Response]| match instead {
        None => meaning::compare(source, case, told),
        Some(Instead::Otherwise) => match meaning::compare(source, case, told) {
            Err(_) => Ok(false),
            Ok(_) => Err("an exception that is none: it is told as the case means".into()),
        },
        Some(_) => Ok(false),
    };
    let mut total = Verdict::default();
    for script in &scripts {
        let verdict = judge::judge(script, expect, &compare);
        match (verdict, instead) {
            (Err(error), Some(Instead::Refused)) if error.starts_with("fatal") => {
                return Ok(Ran::Refused);
            }
            (Ok(verdict), Some(Instead::Accepted)) if verdict.mended => {
                return Err("an exception that is none: it is flagged".into());
            }
            (Ok(verdict), _) => total.add(&verdict),
            (Err(error), _) => return Err(error),
        }
    }
    Ok(Ran::Heard(expect, total))
}

fn scripts(
    source: &str,
    case: &Value,
    octets: &[u8],
    expect: Expect,
) -> Result<Vec<Script>, &'static str> {
    let rule = case["meaning"]["rule"].as_str().unwrap_or_default();
    Ok(match case["kind"].as_str().expect("a kind") {
        "unit" if rule.contains("greeting") => vec![script::greeting(octets)],
        // Complete lines, but perhaps of a rule that no response consists of.
        "unit" if source == "swift-nio-imap" && !rule.is_empty() => {
            vec![fragment(wrapped(source, case, octets), octets, expect)?]
        }
        "unit" => vec![script::lines(octets)],
        "line" => vec![script::lines(&[octets, b"\r\n"].concat())],
        "session" => script::sessions(case),
        "payload" => vec![script::body(octets)],
        "fragment" => {
            let octets = script::without_remainder(source, case, octets);
            vec![fragment(wrapped(source, case, octets), octets, expect)?]
        }
        _ => return Err("of an unknown kind"),
    })
}

/// Where a case that is no whole line stands.
fn wrapped(source: &str, case: &Value, octets: &[u8]) -> Wrapped {
    let (id, rule) = (case["id"].as_str(), case["meaning"]["rule"].as_str());
    match (id, rule) {
        (Some(id), Some(rule)) if !rule.is_empty() => wrap::wrap(source, id, rule, octets),
        _ => Wrapped::Lines,
    }
}

fn fragment(wrapped: Wrapped, octets: &[u8], expect: Expect) -> Result<Script, &'static str> {
    let complete = expect != Expect::Incomplete;
    Ok(match wrapped {
        Wrapped::Greeting => script::greeting(octets),
        Wrapped::Lines => script::lines(octets),
        Wrapped::In(before, after) => {
            let ended = octets.strip_suffix(b"\r\n").filter(|_| after.is_empty());
            let behind = if complete { [after.as_bytes(), b"\r\n"].concat() } else { Vec::new() };
            script::lines(&[before.as_bytes(), ended.unwrap_or(octets), &behind].concat())
        }
        Wrapped::Command(..) => return Err(SERVER),
        Wrapped::Not(reason) => return Err(reason),
    })
}

// What clients say.

const SERVER: &str = "what a server does with commands";

fn send(
    source: &str,
    case: &Value,
    octets: &[u8],
    instead: Option<Instead>,
) -> Result<Ran, String> {
    let (rule, kind) = (case["meaning"]["rule"].as_str().unwrap_or_default(), &case["kind"]);
    let untagged = octets.splitn(2, |&octet| octet == b' ').nth(1);
    let line = match (source, untagged) {
        ("libetpan", Some(line)) => line,
        ("imaptest", Some([b'!', ..])) => {
            return Ok(Ran::Not("a pattern for replies, in a script's place for commands"));
        }
        ("imaptest", Some(line)) if *kind == "unit" => line,
        // Two have no tag.
        ("imap-codec", _) if octets.starts_with(b"id (") => octets,
        ("imap-codec", Some(line)) if *kind == "unit" && case["expect"] == "ok" => line,
        ("swift-nio-imap", _) if rule == "emit:command" => octets,
        ("imapflow" | "emailjs-imap-handler", Some(line)) if rule == "emit" => {
            if case["meaning"]["options"]["isLogging"] == true || octets.starts_with(b"{") {
                return Ok(Ran::Not("for a log, or no command"));
            }
            line
        }
        _ => return Ok(Ran::Not(SERVER)),
    };
    sent(line, instead)
}

fn sent(line: &[u8], instead: Option<Instead>) -> Result<Ran, String> {
    match (commands::compare(line), instead) {
        (Err(error), Some(Instead::Refused)) if error.starts_with("refused") => Ok(Ran::Refused),
        (Err(error), Some(Instead::Otherwise)) if error.starts_with("sent") => Ok(Ran::Refused),
        (Ok(_), Some(_)) => Err("an exception that is none: it is sent".into()),
        (sent, _) => sent.map(Ran::Sent),
    }
}
