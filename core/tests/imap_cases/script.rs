//! Makes scripts of cases: what the server says as the case has it, and beside it a client that asks what such
//! answers belong to.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use serde_json::{Value, json};

use crate::plain::{self, Response};
use crate::replay::{Ask, Piece, Script, Start, Step};

pub(crate) fn decode(text: &Value) -> Vec<u8> {
    BASE64.decode(text.as_str().expect("base64")).expect("base64")
}

/// Responses to a client that has a mailbox selected. Before each group that ends with a tagged reply the client
/// asks for something.
///
/// Tags that no client of ours would send are left as they are: what they complete was never asked.
pub(crate) fn lines(octets: &[u8]) -> Script {
    let (responses, rest) = plain::responses(octets);
    let mut script = Script::default();
    if responses.first().is_some_and(|first| is(first, "PREAUTH")) {
        script.start = Start::Greeting;
    }
    for group in responses.split_inclusive(|response| response.tag.is_some()) {
        let tag = group.last().and_then(|last| last.tag.clone());
        if let Some(tag) = tag.filter(|tag| !is_foreign(tag)) {
            script.steps.push(Step::Ask(asked(group), tag));
        }
        script.steps.push(Step::Server(group.iter().flat_map(pieces).collect()));
    }
    if !rest.is_empty() {
        script.steps.push(Step::Server(vec![Piece::Octets(rest.to_vec())]));
    }
    script
}

/// The same as the first thing that the client hears.
pub(crate) fn greeting(octets: &[u8]) -> Script {
    Script { start: Start::Greeting, ..lines(octets) }
}

/// What a client has asked to be answered so.
fn asked(group: &[Response]) -> Ask {
    if group.iter().any(|response| is(response, "BYE")) {
        return Ask::Logout;
    }
    Ask::Noop
}

fn is(response: &Response, name: &str) -> bool {
    matches!(response.tree.list(), [star, word, ..] if star.is_word("*") && word.is_word(name))
}

/// `IDLE OK IDLE terminated`; a tag with a `+` (RFC 9051 §9, `tag`).
fn is_foreign(tag: &[u8]) -> bool {
    tag == b"IDLE" || tag.contains(&b'+')
}

fn pieces(response: &Response) -> Vec<Piece> {
    match &response.tag {
        Some(tag) if !is_foreign(tag) => {
            let rest = response.octets[tag.len()..].to_vec();
            vec![Piece::Tag(tag.clone()), Piece::Octets(rest)]
        }
        _ => vec![Piece::Octets(response.octets.clone())],
    }
}

/// A session, or several one after another: the server's side word for word, the client's by its kind.
pub(crate) fn sessions(case: &Value) -> Vec<Script> {
    let mut sessions: Vec<Vec<(char, Vec<u8>)>> = vec![Vec::new()];
    for (from, mut octets) in turns(case) {
        while let Some(end) = (from == 'S').then(|| end_of_session(&octets)).flatten() {
            let rest = octets.split_off(end);
            sessions.last_mut().expect("a session").push((from, octets));
            sessions.push(Vec::new());
            octets = rest;
        }
        sessions.last_mut().expect("a session").push((from, octets));
    }
    sessions.iter().map(|turns| session(turns)).collect()
}

/// Where a greeting follows a BYE.
fn end_of_session(octets: &[u8]) -> Option<usize> {
    let bye = octets.windows(6).position(|six| six == b"* BYE ")?;
    let greeting = octets[bye..].windows(7).position(|seven| seven == b"\r\n* OK ")?;
    Some(bye + greeting + 2)
}

fn session(turns: &[(char, Vec<u8>)]) -> Script {
    let mut script = Script::default();
    let first = turns.first().filter(|(from, _)| *from == 'S');
    let first = first.map(|(_, octets)| plain::responses(octets).0).unwrap_or_default();
    let is_greeting =
        |first: &Response| ["OK", "PREAUTH", "BYE"].iter().any(|word| is(first, word));
    let only = matches!(&first[..], [first] | [first, ..] if is_greeting(first))
        && first.iter().all(|response| response.tag.is_none());
    let silent = turns.first().is_none_or(|(from, _)| *from == 'S') && first.is_empty();
    if only || silent {
        script.start = Start::Greeting;
    }
    for (at, (from, octets)) in turns.iter().enumerate() {
        let prompted = at > 0 && turns[at - 1].1.starts_with(b"+");
        if *from == 'C' && prompted && !octets.to_ascii_uppercase().starts_with(b"DONE") {
            // The rest of a command: a literal, a response to a challenge.
            continue;
        }
        if *from == 'S' {
            let (responses, rest) = plain::responses(octets);
            let mut said: Vec<Piece> = responses.iter().flat_map(pieces).collect();
            said.push(Piece::Octets(rest.to_vec()));
            script.steps.push(Step::Server(said));
        } else {
            let next = turns.get(at + 1).map(|(_, octets)| &octets[..]).unwrap_or_default();
            script.steps.extend(asks(octets, next));
        }
    }
    script
}

/// Who says what, with what one says in several steps put together.
fn turns(case: &Value) -> Vec<(char, Vec<u8>)> {
    let mut turns: Vec<(char, Vec<u8>)> = Vec::new();
    for step in case["script"].as_array().expect("a script") {
        let from = match step[0].as_str().expect("who") {
            "S" => 'S',
            "C" => 'C',
            _ => continue,
        };
        let octets = decode(&step[1]);
        match turns.last_mut() {
            Some((last, said)) if *last == from && from == 'S' => said.extend(octets),
            _ => turns.push((from, octets)),
        }
    }
    turns
}

/// What our client asks instead of what the case's client says.
fn asks(octets: &[u8], answer: &[u8]) -> Vec<Step> {
    let lines = octets.split(|&octet| octet == b'\n');
    let words = |line: &[u8]| -> Vec<Vec<u8>> {
        let words = line.split(|octet| octet.is_ascii_whitespace()).filter(|word| !word.is_empty());
        words.map(<[u8]>::to_vec).collect()
    };
    let mut steps = Vec::new();
    for line in lines {
        match &words(line)[..] {
            [done] if done.eq_ignore_ascii_case(b"DONE") => {
                steps.push(Step::Ask(Ask::Done, Vec::new()));
            }
            [tag, name, ..] if tag.iter().all(u8::is_ascii_alphanumeric) => {
                let ask = match words(line).get(2) {
                    Some(mechanism) if name.eq_ignore_ascii_case(b"AUTHENTICATE") => {
                        Ask::Authenticate(String::from_utf8_lossy(mechanism).into_owned())
                    }
                    _ => ask(&name.to_ascii_uppercase(), answer),
                };
                steps.push(Step::Ask(ask, tag.clone()));
                // What follows is a literal or a response to a challenge.
                if line.ends_with(b"}\r") {
                    break;
                }
            }
            _ => {}
        }
    }
    steps
}

fn ask(name: &[u8], answer: &[u8]) -> Ask {
    match name {
        b"CAPABILITY" => Ask::Capability,
        b"LOGIN" => Ask::Login,
        b"STARTTLS" => Ask::StartTls,
        b"SELECT" => Ask::Select,
        b"EXAMINE" => Ask::Examine,
        b"CLOSE" => Ask::Close,
        b"UNSELECT" => Ask::Unselect,
        b"ENABLE" => Ask::Enable,
        b"IDLE" => Ask::Idle,
        b"UNAUTHENTICATE" => Ask::Unauthenticate,
        b"LOGOUT" => Ask::Logout,
        b"APPEND" if answer.starts_with(b"+") => Ask::Append,
        _ => Ask::Noop,
    }
}

/// Everything that the server says.
pub(crate) fn said(script: &Script) -> Vec<u8> {
    let mut all = Vec::new();
    for step in &script.steps {
        if let Step::Server(pieces) = step {
            for piece in pieces {
                let (Piece::Octets(octets) | Piece::Tag(octets)) = piece;
                all.extend(octets);
            }
        }
    }
    all
}

/// A message as the body of a FETCH.
pub(crate) fn body(message: &[u8]) -> Script {
    let head = format!("* 1 FETCH (UID 1 BODY[] {{{}}}\r\n", message.len());
    lines(&[head.as_bytes(), message, b" FLAGS ())\r\nA1 OK done\r\n"].concat())
}

/// In some of Swift's raw strings `\#r\#n`, which is CR LF there, was collected as it stands in the source.
pub(crate) fn mended(source: &str, octets: Vec<u8>) -> Vec<u8> {
    let escaped: [&[u8]; 2] = [br"\#r\#n", b"\\#r\r\n"];
    for escaped in escaped.into_iter().filter(|_| source == "swift-nio-imap") {
        if let Some(at) = octets.windows(escaped.len()).position(|found| found == escaped) {
            let behind = &octets[at + escaped.len()..];
            return mended(source, [&octets[..at], b"\r\n", behind].concat());
        }
    }
    octets
}

/// What imap-codec's parsers leave for their caller is no part of the fragment.
pub(crate) fn without_remainder<'o>(source: &str, case: &Value, octets: &'o [u8]) -> &'o [u8] {
    if source != "imap-codec" || octets.iter().all(|&octet| octet == b'?') {
        return octets;
    }
    let remainder = case["meaning"]["remainder"].as_str().unwrap_or_default().as_bytes();
    let octets = octets.strip_suffix(remainder).unwrap_or(octets);
    let octets = octets.strip_suffix(b"|xxx").unwrap_or(octets);
    let end = octets.iter().rposition(|&octet| octet != b'?').map_or(0, |at| at + 1);
    &octets[..end]
}

/// The source of the sessions that were recorded with real servers.
pub(crate) const RECORDED: &str = "recorded sessions";

/// Reads them: who said how many octets stands beside what was said.
pub(crate) fn recorded(folder: &Path) -> Vec<Value> {
    let entries = std::fs::read_dir(folder).expect("recorded sessions");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "idx"));
    paths.sort();
    paths.iter().map(|path| recording(path)).collect()
}

fn recording(path: &Path) -> Value {
    let read = |extension: &str| std::fs::read(path.with_extension(extension)).expect(extension);
    let (server, client) = (read("s2c"), read("c2s"));
    let index = String::from_utf8(read("idx")).expect("JSON lines");
    let steps = index.lines().map(|line| {
        let step: Value = serde_json::from_str(line).expect("a step");
        let number = |at: usize| step[at].as_u64().expect("a number") as usize;
        let (start, end) = (number(1), number(1) + number(2));
        match step[0].as_str() {
            Some("s2c") => json!(["S", plain::base64(&server[start..end])]),
            _ => json!(["C", plain::base64(&client[start..end])]),
        }
    });
    let name = path.file_stem().expect("a name").to_string_lossy();
    json!({
        "id": format!("sessions/{name}"),
        "side": "server-to-client",
        "kind": "session",
        "expect": "ok",
        "bytes_b64": plain::base64(&server),
        "script": steps.collect::<Vec<_>>(),
    })
}
