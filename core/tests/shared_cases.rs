//! Cases that were collected from other projects' tests, run against the client. They are not part of
//! this project: they lie in a folder beside it, or where `MAILPROTO_SHARED` says, and where they are
//! absent this test says so and is skipped (with `MAILPROTO_REQUIRE_ALL=1` it fails).
//!
//! Each case is replayed whole, octet by octet and at every two-way split. What a reply means is read
//! a second time here, line by line, in the plainest way, and compared. Where we do otherwise than a
//! case says, it stands in [`EXCEPTIONS`] with the reason.
#![cfg(all(feature = "pop3", feature = "sasl-all", feature = "apop"))]

mod common;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use common::client::{Outcome, replay};
use common::collected::{folder, keep};
use common::cuts::Cuts;
use common::log::data_line;
use common::script::{Script, Step};
use mailproto_core::LocalError;
use mailproto_core::pop3::{Client, Config, Security};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// Where we do not do what a case says, and why. What we do instead is checked all the same.
const EXCEPTIONS: [(&str, &str); 12] = [
    (
        "cpython/TestPOP3Class/test_apop_normal",
        "`<timestamp>` is no msg-id, so APOP is refused (RFC 1939 §7, CVE-2007-1558)",
    ),
    (
        "cpython/TestPOP3_TLSClass/test_apop_normal",
        "the same; moreover the timestamp was received before STLS (RFC 2595 §4)",
    ),
    (
        "cpython/TestPOP3Class/test_too_long_lines",
        "the test's own command of 2,066 octets is refused: 255 are allowed (RFC 2449 §4)",
    ),
    ("cpython/TestPOP3_TLSClass/test_too_long_lines", "the same"),
    (
        "cpython/TestPOP3Class/test_pass_",
        "PASS without USER and USER after login are refused (RFC 1939 §7); sent as raw commands",
    ),
    ("cpython/TestPOP3_TLSClass/test_pass_", "the same"),
    (
        "cpython/TestTimeouts/testTimeoutDefault",
        "`+ Hola mundo` is no greeting: RFC 1939 §4 has `+OK`; the session ends there",
    ),
    (
        "curl/test851",
        "the server ends the one-line reply to `LIST n` with a dot; the dot is told as unrecognized",
    ),
    ("curl/test1407", "the same"),
    (
        "mailkit/resource/pop3/gmail.uidl-error2.txt",
        "a gap in the numbers is legal once messages are marked as deleted (RFC 1939 §7)",
    ),
    (
        "mailkit/resource/pop3/gmail.retr1-parse-error.txt",
        "the error is in the message, which POP3 does not read (RFC 1939 §3): delivered as it is",
    ),
    (
        "ruby-net-pop/apop_invalid_at",
        "`!` may stand in a msg-id (RFC 5322 §3.2.3), so this one is well formed",
    ),
];

/// The sources, in the order of the table, and how many cases of POP3 each has at least.
const SOURCES: [(&str, usize); 7] = [
    ("security", 12),
    ("cpython", 40),
    ("curl", 27),
    ("mailkit", 27),
    ("ruby-net-pop", 8),
    ("imap_tools-messages", 49),
    ("rfc-sasl-examples", 1),
];

#[test]
fn collected_cases_behave_as_they_say() {
    let Some(folder) = folder() else { return };
    let mut counts = Vec::new();
    let mut failures = Vec::new();
    for (source, least) in SOURCES {
        let cases = cases(&folder, source);
        assert!(cases.len() >= least, "{source}: {} cases", cases.len());
        let mut count = Count { source, ..Count::default() };
        for case in &cases {
            count.one(case, &mut failures);
        }
        counts.push(count);
    }
    println!("{}", table(&counts));
    assert_eq!(failures, Vec::<String>::new());
    for (id, _) in EXCEPTIONS {
        assert!(counts.iter().any(|count| count.exceptions.contains_key(id)), "no case: {id}");
    }
    keep("# Collected cases, as last run", &format!("{HEAD}{}", table(&counts)));
}

fn cases(folder: &std::path::Path, source: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(folder.join(format!("{source}.jsonl"))).expect(source);
    let cases = text.lines().map(|line| serde_json::from_str::<Value>(line).expect(source));
    cases.filter(|case| case["protocol"] == "pop3" || case["proto"] == "pop3").collect()
}

/// What became of a source's cases.
#[derive(Default)]
struct Count {
    source: &'static str,
    cases: usize,
    as_stated: usize,
    exceptions: BTreeMap<String, &'static str>,
    replays: usize,
}

impl Count {
    fn one(&mut self, case: &Value, failures: &mut Vec<String>) {
        let id = case["id"].as_str().expect("an id");
        self.cases += 1;
        match std::panic::catch_unwind(|| judge(self.source, id, case)) {
            Ok(replays) => {
                self.replays += replays;
                match EXCEPTIONS.iter().find(|(exception, _)| *exception == id) {
                    Some((_, reason)) => drop(self.exceptions.insert(id.into(), reason)),
                    None => self.as_stated += 1,
                }
            }
            Err(_) => failures.push(id.into()),
        }
    }
}

/// Runs a case; returns in how many replays.
fn judge(source: &str, id: &str, case: &Value) -> usize {
    match source {
        "security" => attack(id, case),
        "imap_tools-messages" => message(case),
        "mailkit" => fragment(id, case),
        _ if case["kind"] == "fragment" => injected_argument(case),
        _ if id == "curl/banner-pop3" => banner(case),
        _ => session(id, case),
    }
}

// Replaying.

/// Replays a script whole and at every split; all must come to the same.
fn at_every_split(script: &Script) -> (Outcome, usize) {
    let whole = replay(script, &Cuts::Nowhere).without_injected_handshake();
    let length = script.server_octets().len();
    let step = if length <= 4096 { 1 } else { length / 500 };
    let once = (1..length).step_by(step).map(Cuts::Once);
    let mut replays = 1;
    for cuts in [Cuts::Every(1), Cuts::Every(3)].into_iter().chain(once) {
        let cut = replay(script, &cuts).without_injected_handshake();
        assert!(cut == whole, "{} cut {cuts:?}\n{cut:?}\n{whole:?}", script.name);
        replays += 1;
    }
    (whole, replays)
}

fn decode(text: &Value) -> Vec<u8> {
    BASE64.decode(text.as_str().expect("base64")).expect("base64")
}

fn start(script: &mut Script) {
    script.server(b"+OK ready\r\n");
}

fn log_in(script: &mut Script) {
    script.steps.push(Step::Client(b"USER mrose".to_vec(), false));
    script.server(b"+OK\r\n");
    script.steps.push(Step::Client(b"PASS secret".to_vec(), false));
    script.server(b"+OK\r\n");
}

fn offer_pipelining(script: &mut Script) {
    script.steps.push(Step::Client(b"CAPA".to_vec(), false));
    script.server(b"+OK\r\nPIPELINING\r\n.\r\n");
}

fn say(script: &mut Script, line: &str) {
    script.steps.push(Step::Client(line.as_bytes().to_vec(), has_many_lines(line.as_bytes())));
}

/// RFC 1939 §5, §7: what the reply to a command looks like.
fn has_many_lines(line: &[u8]) -> bool {
    let line = line.to_ascii_uppercase();
    matches!(&line[..], b"LIST" | b"UIDL" | b"CAPA")
        || line.starts_with(b"RETR ")
        || line.starts_with(b"TOP ")
}

// Sessions.

/// A recorded session, or several that were recorded one behind the other.
fn session(id: &str, case: &Value) -> usize {
    connections(case).iter().map(|connection| one_session(id, case, connection)).sum()
}

/// The steps of each connection. A recording that goes on with a greeting behind the answer to QUIT or
/// STLS is of the next connection.
fn connections(case: &Value) -> Vec<Vec<(String, Vec<u8>)>> {
    let mut connections = vec![Vec::new()];
    let mut ends_here = false;
    for entry in case["script"].as_array().expect("a script") {
        let (direction, octets) = (entry[0].as_str().unwrap().to_owned(), decode(&entry[1]));
        let steps = connections.last_mut().unwrap();
        if direction == "S" && ends_here {
            let end = octets.iter().position(|&octet| octet == b'\n').unwrap() + 1;
            let (answer, rest) = octets.split_at(end);
            steps.push((direction.clone(), answer.to_vec()));
            if !rest.is_empty() {
                connections.push(vec![(direction, rest.to_vec())]);
            }
            ends_here = false;
            continue;
        }
        ends_here = direction == "C" && matches!(&octets[..], b"QUIT\r\n" | b"STLS\r\n");
        steps.push((direction, octets));
    }
    connections
}

fn one_session(id: &str, case: &Value, steps: &[(String, Vec<u8>)]) -> usize {
    let mut script = Script { name: id.into(), ..Script::default() };
    settings(id, case, steps, &mut script);
    let mut talk = Talk { script, logged_in: false, user: false, exchange: false, upgrade: false };
    for (direction, octets) in steps {
        if direction == "S" { talk.server(octets) } else { talk.client(octets) }
    }
    let script = talk.script;
    let (outcome, replays) = at_every_split(&script);
    let told = reduced(&outcome);
    if id.ends_with("test_too_long_lines") {
        let refused = outcome.log.has("refused \"echo +a");
        assert!(refused && !outcome.log.has("fatal"), "{told:?}");
        assert!(!outcome.log.all_sent().contains(&b'+'));
        return replays;
    }
    let wants_apop = id.contains("apop");
    if wants_apop && !matches!(id, "ruby-net-pop/apop_ok" | "rfc-sasl-examples/apop-rfc1939") {
        return replays + apop_as_the_greeting_allows(id, &script);
    }
    if id == "cpython/TestTimeouts/testTimeoutDefault" {
        assert_eq!(told, ["fatal BadGreeting @0"]);
        return replays;
    }
    assert_eq!(told, expected(&script), "{id}");
    assert_eq!(
        outcome.log.all_sent().escape_ascii().to_string(),
        script.client_octets().escape_ascii().to_string(),
    );
    assert!(outcome.failure.is_none(), "{:?}", outcome.failure);
    let fails = case["expect"] == "error" || case["expect"] == "client-reports-failure";
    let failed = told.iter().any(|line| line.starts_with("completed") && line.ends_with(" Err"));
    assert!(failed || !fails, "{id} must fail: {told:?}");
    if id == "curl/test985" {
        no_credentials_after(&script);
    }
    replays
}

fn settings(id: &str, case: &Value, steps: &[(String, Vec<u8>)], script: &mut Script) {
    let settings = &mut script.settings;
    let says = |line: &[u8]| steps.iter().any(|(who, said)| who == "C" && said.starts_with(line));
    if says(b"STLS") || id == "curl/test985" {
        settings.security = "stls".into();
    }
    settings.apop = true;
    settings.secret = match &case["meaning"]["password"] {
        Value::String(password) => password.clone().into_bytes(),
        _ => b"pass".to_vec(),
    };
    // Where it is one that we have and curl's arithmetic is right, our own mechanism answers.
    if case["expect"] == "ok" && says(b"AUTH CRAM-MD5") && !says(b"AUTH PLAIN") {
        settings.credentials = ["password", "user", "secret"].map(str::to_owned).to_vec();
    }
}

/// Makes a script of a recording: what is not legal in its state goes out as a raw command, and what
/// a test's server lets pass without login is preceded by one.
struct Talk {
    script: Script,
    logged_in: bool,
    user: bool,
    exchange: bool,
    upgrade: bool,
}

impl Talk {
    fn server(&mut self, octets: &[u8]) {
        self.exchange = octets.starts_with(b"+ ") || matches!(octets, b"+\r\n" | b"+\n");
        self.script.server(octets);
    }

    fn client(&mut self, octets: &[u8]) {
        let line = octets.strip_suffix(b"\r\n").expect("a line");
        if std::mem::take(&mut self.upgrade) {
            self.script.steps.push(Step::Tls);
        }
        if self.exchange {
            self.script.steps.push(Step::Client(line.to_vec(), false));
            return;
        }
        let verb = line.split(|&octet| octet == b' ').next().unwrap_or_default();
        let many = has_many_lines(line);
        let step = match verb {
            b"USER" | b"PASS" if self.logged_in || (verb == b"PASS" && !self.user) => {
                Step::Raw(line.to_vec(), many)
            }
            _ => Step::Client(line.to_vec(), many),
        };
        match verb {
            b"USER" => self.user = true,
            b"PASS" | b"AUTH" | b"APOP" => self.logged_in = true,
            b"STLS" => self.upgrade = true,
            b"STAT" | b"LIST" | b"UIDL" | b"RETR" | b"TOP" | b"DELE" | b"RSET" | b"NOOP"
                if !self.logged_in =>
            {
                self.logged_in = true;
                log_in(&mut self.script);
            }
            _ => {}
        }
        self.script.steps.push(step);
    }
}

/// APOP is used if the greeting allows it, and only then.
fn apop_as_the_greeting_allows(id: &str, script: &Script) -> usize {
    let mut script = Script {
        steps: script.steps.iter().filter(|step| !is_apop(step)).cloned().collect(),
        ..script.clone()
    };
    while matches!(script.steps.last(), Some(Step::Server(_))) && script.steps.len() > 1 {
        script.steps.pop();
    }
    let step = if id == "ruby-net-pop/apop_invalid_at" {
        Step::Client(b"APOP user 00000000000000000000000000000000".to_vec(), false)
    } else {
        Step::Refused(b"APOP user x".to_vec(), "NotOffered".into())
    };
    let stop = script.steps.iter().position(|step| matches!(step, Step::Client(..)));
    script.steps.truncate(stop.unwrap_or(script.steps.len()));
    script.settings.security = "private".into();
    script.steps.push(step);
    let (outcome, replays) = at_every_split(&script);
    assert!(!outcome.log.has("instead of a refusal"), "{:?}", outcome.log);
    assert_eq!(outcome.log.all_sent().starts_with(b"APOP user "), id.ends_with("invalid_at"));
    replays
}

fn is_apop(step: &Step) -> bool {
    matches!(step, Step::Client(line, _) if line.starts_with(b"APOP"))
}

/// STLS is required and was not found: nothing that shows a secret is said.
fn no_credentials_after(script: &Script) {
    let mut script = script.clone();
    for line in ["USER user", "AUTH PLAIN AHVzZXIAc2VjcmV0", "APOP user x"] {
        script.steps.push(Step::Refused(line.as_bytes().to_vec(), "Insecure".into()));
    }
    let outcome = replay(&script, &Cuts::Nowhere);
    assert!(!outcome.log.has("instead of a refusal"), "{:?}", outcome.log);
}

// What a session must tell, read in the plainest way.

/// The events as far as the plain reading knows them: without the server's words, without quirks.
fn reduced(outcome: &Outcome) -> Vec<String> {
    let events = outcome.log.events().into_iter();
    let known = events.filter(|line| !line.starts_with("quirk") && !line.starts_with("started"));
    known.map(|line| reduce(&line)).collect()
}

fn reduce(line: &str) -> String {
    let keeps_text = ["data", "challenge", "unrecognized", "lang"];
    if keeps_text.iter().any(|word| line.starts_with(word)) {
        return line.to_owned();
    }
    let line = line.split(" \"").next().unwrap_or(line);
    let words = line.split(' ').filter(|word| !word.starts_with('['));
    words.collect::<Vec<_>>().join(" ").replacen("other ", "capability ", 1)
}

fn expected(script: &Script) -> Vec<String> {
    let mut events = Vec::new();
    let mut commands: Vec<&[u8]> = Vec::new();
    let mut greeted = false;
    for step in &script.steps {
        match step {
            Step::Client(line, _) | Step::Raw(line, _) => commands.push(line),
            Step::Server(octets) => {
                let mut lines = Lines(octets);
                if !std::mem::replace(&mut greeted, true) {
                    let greeting = lines.next().unwrap_or_default();
                    events.push(format!("greeting {}", status(greeting)));
                }
                read_replies(&mut lines, script, &mut commands, &mut events);
            }
            _ => {}
        }
    }
    events
}

fn read_replies(
    lines: &mut Lines<'_>,
    script: &Script,
    commands: &mut Vec<&[u8]>,
    events: &mut Vec<String>,
) {
    while let Some(line) = lines.next() {
        if line.first() == Some(&b'+') && !line[1..].to_ascii_uppercase().starts_with(b"OK") {
            let text = line[1..].trim_ascii();
            let challenge = BASE64.decode(text).unwrap_or_default();
            events.push(format!("challenge \"{}\"", challenge.escape_ascii()));
            // The answer is no command.
            commands.truncate(1);
            continue;
        }
        commands.retain(|command| command.contains(&b' ') || is_command(command));
        if commands.is_empty() {
            events.push(format!("unrecognized \"{}\"", line.escape_ascii()));
            continue;
        }
        let command = commands.remove(0);
        commands.retain(|command| is_command(command));
        let raw =
            script.steps.iter().any(|step| matches!(step, Step::Raw(raw, _) if raw == command));
        reply(line, command, raw, lines, events);
    }
}

/// Whether a line is a command, and not the answer to a challenge.
fn is_command(line: &[u8]) -> bool {
    let verb = line.split(|&octet| octet == b' ').next().unwrap_or_default();
    (3..=4).contains(&verb.len()) && verb.iter().all(u8::is_ascii_alphanumeric)
}

fn reply(line: &[u8], command: &[u8], raw: bool, lines: &mut Lines<'_>, events: &mut Vec<String>) {
    let words: Vec<String> =
        command.split(|&o| o == b' ').map(|w| w.escape_ascii().to_string()).collect();
    let verb = words[0].as_str();
    let argument = words.get(1).map(String::as_str);
    let number = argument.filter(|word| word.parse::<u32>().is_ok());
    let typed =
        matches!(verb, "CAPA" | "STLS" | "USER" | "PASS" | "APOP" | "AUTH" | "STAT" | "RSET")
            || matches!(verb, "NOOP" | "QUIT" | "UTF8" | "LANG")
            || (matches!(verb, "LIST" | "UIDL") && argument.is_none())
            || number.is_some();
    let subject = match number.filter(|_| verb != "LANG") {
        _ if raw || !typed => "raw".to_owned(),
        Some(number) => format!("{verb} {number}"),
        None => verb.to_owned(),
    };
    let status = status(line);
    let mut value = String::new();
    if status == "Ok" && has_many_lines(command) {
        listing(verb, subject == "raw", lines, events);
    } else if status == "Ok" && subject != "raw" {
        let text = String::from_utf8_lossy(line.get(4..).unwrap_or_default()).into_owned();
        let mut parts = text.split_whitespace();
        let pair = [parts.next().unwrap_or_default(), parts.next().unwrap_or_default()];
        value = match verb {
            "STAT" => format!(" drop={},{}", pair[0], pair[1]),
            "LIST" => format!(" scan={},{}", pair[0], pair[1]),
            "UIDL" => format!(" uid={},{}", pair[0], pair[1]),
            _ => value,
        };
    }
    events.push(format!("completed {subject} {status}{value}"));
}

fn listing(verb: &str, raw: bool, lines: &mut Lines<'_>, events: &mut Vec<String>) {
    let mut body = Vec::new();
    for line in lines.by_ref() {
        let text = match line {
            b"." => break,
            [b'.', text @ ..] => text,
            text => text,
        };
        let (shown, is_empty) = (text.escape_ascii(), text.is_empty());
        match verb {
            "LIST" if !raw && !is_empty => events.push(format!("scan {shown}")),
            "UIDL" if !raw && !is_empty => events.push(format!("uid {shown}")),
            "CAPA" if !raw && !is_empty => events.push(format!("capability {shown}")),
            "LIST" | "UIDL" | "CAPA" if !raw => {}
            _ => body.extend([text, b"\r\n"].concat()),
        }
    }
    if !body.is_empty() {
        events.push(data_line(&body));
    }
}

fn status(line: &[u8]) -> &'static str {
    if line.to_ascii_uppercase().starts_with(b"+OK") { "Ok" } else { "Err" }
}

/// Lines, without their ends.
struct Lines<'a>(&'a [u8]);

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let end = self.0.iter().position(|&octet| octet == b'\n')?;
        let line = &self.0[..end];
        self.0 = &self.0[end + 1..];
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }
}

// Single replies.

/// A reply of a real server, to the command that its name tells.
fn fragment(id: &str, case: &Value) -> usize {
    let octets = decode(&case["bytes_b64"]);
    let name = id.rsplit('/').next().unwrap().trim_end_matches(".txt");
    let name = name.split_once('.').unwrap().1;
    let mut script = Script { name: id.into(), ..Script::default() };
    if name.ends_with("greeting") {
        script.server(&octets);
    } else {
        start(&mut script);
        asks(name, &mut script);
        script.server(&octets);
    }
    let (outcome, replays) = at_every_split(&script);
    assert!(outcome.failure.is_none());
    match name {
        "uidl-error1" => {
            assert!(outcome.log.has("unrecognized \"3\"") && outcome.log.has("quirk BadListing"));
            assert!(outcome.log.has("uid 1 101") && outcome.log.has("uid 2 102"));
            assert!(outcome.log.has("completed UIDL Ok"), "the session goes on");
        }
        "uidl1-error1" | "uidl1-error2" => assert!(outcome.log.has("completed UIDL 1 Malformed")),
        _ => assert_eq!(reduced(&outcome), expected(&script)),
    }
    replays
}

/// Says what a reply of this name answers.
fn asks(name: &str, script: &mut Script) {
    match name {
        "auth" | "plus" => return say(script, "AUTH XOAUTH2"),
        _ if name.starts_with("capa") => return say(script, "CAPA"),
        _ => log_in(script),
    }
    let many: &[&str] = match name {
        "dele123" => &["DELE 1", "DELE 2", "DELE 3"],
        "top123" => &["TOP 1 0", "TOP 2 0", "TOP 3 0"],
        _ => &[],
    };
    if !many.is_empty() {
        offer_pipelining(script);
        return many.iter().for_each(|line| say(script, line));
    }
    say(
        script,
        match name {
            "dele" => "DELE 1",
            "list" => "LIST",
            "list1" => "LIST 1",
            "list2" => "LIST 2",
            "list3" => "LIST 3",
            "quit" => "QUIT",
            "retr1" | "retr1-parse-error" => "RETR 1",
            "stat" => "STAT",
            "top" => "TOP 1 0",
            "uidl" | "uidl-error1" | "uidl-error2" => "UIDL",
            "uidl1" | "uidl1-error1" | "uidl1-error2" => "UIDL 1",
            "uidl2" => "UIDL 2",
            "uidl3" => "UIDL 3",
            _ => panic!("no command is known for {name}"),
        },
    );
}

/// A message behind RETR: every octet of it.
fn message(case: &Value) -> usize {
    let mut script = Script { name: case["id"].to_string(), ..Script::default() };
    start(&mut script);
    log_in(&mut script);
    say(&mut script, "RETR 1");
    script.server(&decode(&case["bytes_b64"]));
    let (outcome, replays) = at_every_split(&script);
    let body = outcome.log.bodies().concat();
    let digest: String = Sha256::digest(&body).iter().fold(String::new(), |mut hex, octet| {
        let _ = write!(hex, "{octet:02x}");
        hex
    });
    assert_eq!(digest, case["meaning"]["payload_sha256"].as_str().unwrap());
    let octets = case["meaning"]["payload_octets"].as_u64().unwrap();
    assert_eq!(body.len() as u64, octets);
    assert!(outcome.log.has(&format!("started RETR 1 octets={octets} ")));
    assert!(outcome.log.has("completed RETR 1 Ok"));
    replays
}

/// A picture before the greeting.
fn banner(case: &Value) -> usize {
    let mut script = Script { name: "banner".into(), ..Script::default() };
    script.server(&decode(&case["bytes_b64"]));
    let (outcome, replays) = at_every_split(&script);
    let told = outcome.log.events();
    assert!(told.last().unwrap().starts_with("greeting Ok"), "{told:?}");
    assert_eq!(told.iter().filter(|line| line.starts_with("quirk Banner")).count(), 5);
    replays
}

/// CRLF in an argument of USER, PASS, APOP.
fn injected_argument(case: &Value) -> usize {
    let argument = decode(&case["bytes_b64"]);
    let at = argument.iter().position(|octet| b"\r\n\0".contains(octet)).expect("an injection");
    let (mut scratch, mut tx) = ([0; 512], [0; 512]);
    let mut config = Config::default().with_security(Security::Private);
    config.apop = true;
    let mut client = Client::new(&mut scratch, &mut tx, config);
    client.poll(&mut &b"+OK <a@b>\r\n"[..]).expect("a greeting");
    let answers = match case["meaning"]["argument_of"].as_str() {
        Some("USER") => vec![client.user(&argument), client.login(&argument, b"secret")],
        Some("PASS") => vec![client.login(b"mrose", &argument)],
        Some("APOP") => vec![client.apop(&argument, b"x"), client.apop(b"x", &argument)],
        other => panic!("no such argument: {other:?}"),
    };
    for answer in answers {
        assert_eq!(answer, Err(LocalError::ForbiddenOctet { at }));
    }
    assert!(client.outgoing().is_empty());
    1
}

// Attacks.

fn attack(id: &str, case: &Value) -> usize {
    let mut script = Script { name: id.into(), ..Script::default() };
    script.settings.secret = b"tanstaaf".to_vec();
    let feeds: Vec<Vec<u8>> = case["server"].as_array().unwrap().iter().map(latin1).collect();
    let precondition = case["precondition"].as_str().unwrap();
    if precondition.contains("StartTlsRequired") {
        script.settings.security = "stls".into();
    }
    let asked = precondition.rsplit_once("client sent ").map(|(_, command)| command);
    match asked {
        Some("STLS") => {
            start(&mut script);
            say(&mut script, "STLS");
        }
        Some(command) => {
            start(&mut script);
            log_in(&mut script);
            say(&mut script, command);
        }
        None => {}
    }
    if id == "B02" {
        // The greeting, then the refusal of CAPA.
        script.server(&feeds[0]);
        say(&mut script, "CAPA");
        script.server(&feeds[1]);
    } else {
        script.server(&feeds.concat());
    }
    for line in ["USER mrose", "APOP mrose x", "AUTH PLAIN AHVzZXIAc2VjcmV0"] {
        let error = match id {
            "B01" | "B03" | "B14" => "Closed",
            "B02" => "Insecure",
            "B13" if line.starts_with("APOP") => "NotOffered",
            _ => continue,
        };
        script.steps.push(Step::Refused(line.as_bytes().to_vec(), error.into()));
    }
    let (outcome, replays) = at_every_split(&script);
    assert!(!outcome.log.has("instead of a refusal"), "{:?}", outcome.log);
    let told = outcome.log.events();
    let last = told.last().unwrap();
    let body = |expected: &[u8]| {
        assert_eq!(outcome.log.bodies().concat(), expected, "{id}");
        assert!(last.starts_with("completed RETR 1 Ok"), "{told:?}");
    };
    match id {
        "B01" => assert!(last.starts_with("fatal PlaintextAfterStls"), "{told:?}"),
        "B02" => assert_eq!(outcome.log.all_sent(), b"CAPA\r\n"),
        "B03" => assert!(last.starts_with("fatal StlsRefused"), "{told:?}"),
        "B04" => body(b".leading dot\r\nunstuffed\r\nx\r\n"),
        "B05" => body(b"abc\r\n"),
        "B06" => body(b"So\r\n.\r\nthis\r\n"),
        "B07" => body(b"a\n.\nb\r\n"),
        "B08" => body(b"x\r\n\rY\r\n"),
        "B09" => body(b""),
        "B12" => assert!(last.starts_with("completed STAT Malformed"), "{told:?}"),
        "B13" => assert_eq!(outcome.log.all_sent(), b""),
        "B14" => {
            assert!(last.starts_with("greeting Err [SYS/TEMP]"), "{told:?}");
            assert_eq!(outcome.log.all_sent(), b"");
        }
        _ => panic!("no judge for {id}: {}", case["required"]),
    }
    replays
}

/// Strings in these cases are octets, one a character.
fn latin1(text: &Value) -> Vec<u8> {
    let letters = text.as_str().unwrap().chars();
    letters.map(|letter| u8::try_from(u32::from(letter)).expect("an octet")).collect()
}

// The table.

const HEAD: &str = "Written by `MAILPROTO_BLESS=1 cargo test -p mailproto-core --test shared_cases`, and \
    compared by every run\nthat finds the cases. A replay is one way to cut the server's octets into reads.\n\n";

fn table(counts: &[Count]) -> String {
    let mut text = String::from(
        "| source | cases | as stated | exceptions | replays |\n|---|---:|---:|---:|---:|\n",
    );
    for Count { source, cases, as_stated, exceptions, replays } in counts {
        let exceptions = exceptions.len();
        let _ = writeln!(text, "| {source} | {cases} | {as_stated} | {exceptions} | {replays} |");
    }
    text.push_str("\n| exception | reason |\n|---|---|\n");
    for (id, reason) in EXCEPTIONS {
        let _ = writeln!(text, "| `{id}` | {reason} |");
    }
    text
}
