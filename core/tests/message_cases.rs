//! Real messages and addresses that were collected from other projects' tests, read by `message`. They are
//! not part of this project: they lie in a folder beside it, or where `MAILPROTO_SHARED` says, and where
//! they are absent this test says so and is skipped (with `MAILPROTO_REQUIRE_ALL=1` it fails).
#![cfg(feature = "message")]

use std::path::PathBuf;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use mailproto_core::message::address::{Address, Addresses};
use mailproto_core::message::date::DateTime;
use mailproto_core::message::encoded_word::decode_to_utf8;
use mailproto_core::message::header::{FieldFinder, Fields, Found};
use mailproto_core::message::mime::{Event, Walker};
use mailproto_core::message::transfer::{Decoder, Finished};
use serde_json::Value;

fn cases(source: &str) -> Vec<Value> {
    let shared = std::env::var_os("MAILPROTO_SHARED").map(PathBuf::from);
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared"));
    let file = shared.unwrap_or_else(beside).join("cases").join(format!("{source}.jsonl"));
    let Ok(text) = std::fs::read_to_string(&file) else {
        let required = std::env::var("MAILPROTO_REQUIRE_ALL").is_ok_and(|value| value == "1");
        assert!(!required, "the collected cases are not there (MAILPROTO_SHARED)");
        println!("skipped: the collected cases are not there (MAILPROTO_SHARED)");
        return Vec::new();
    };
    text.lines().map(|line| serde_json::from_str(line).expect(source)).collect()
}

fn octets(case: &Value) -> Vec<u8> {
    BASE64.decode(case["bytes_b64"].as_str().unwrap()).unwrap()
}

/// The message within a reply to RETR (RFC 1939 §5): without status line, stuffing and terminator.
fn payload(reply: &[u8]) -> Vec<u8> {
    let lines = reply.split_inclusive(|&octet| octet == b'\n').skip(1);
    let lines = lines.take_while(|line| *line != b".\r\n");
    lines.flat_map(|line| line.strip_prefix(b".").unwrap_or(line)).copied().collect()
}

fn utf8(body: &[u8]) -> String {
    let mut out = vec![0; body.len() * 3];
    let decoded = decode_to_utf8(body, &mut out);
    assert!(!decoded.truncated);
    String::from_utf8(out[..decoded.len].to_vec()).unwrap()
}

/// What the walker tells, bodies decoded, a line each.
fn walk(message: &[u8], cut: usize) -> Vec<String> {
    let (mut memory, mut out, mut log) = ([0; 1024], [0; 100], Vec::new());
    let mut walker = Walker::new(&mut memory);
    let (mut decoder, mut body) = (None::<Decoder>, Vec::new());
    let mut take = |event: Event<'_>| match event {
        Event::Begin(part) => {
            let name = part.file_name(&mut out).map(|name| out[..name.len].to_vec());
            let name = name.map(|name| String::from_utf8(name).unwrap());
            log.push(format!(
                "begin {:?} {:?} {name:?}",
                part.path,
                part.content_type.map(<[u8]>::escape_ascii).map(|it| it.to_string())
            ));
            assert!(!part.truncated);
            decoder = Some(Decoder::new(part.encoding()));
        }
        Event::Body(mut octets) => {
            let decoder = decoder.as_mut().expect("a part has begun");
            while !octets.is_empty() {
                let progress = decoder.decode(&mut octets, &mut out);
                body.extend_from_slice(&out[..progress.written]);
            }
        }
        Event::End { complete } => {
            if let Some(mut decoder) = decoder.take() {
                let finished: Finished = decoder.finish(&mut out);
                body.extend_from_slice(&out[..finished.written]);
                log.push(format!("body {}", body.escape_ascii()));
                body.clear();
            }
            log.push(format!("end {complete}"));
        }
    };
    for mut piece in message.chunks(cut) {
        while let Some(event) = walker.next(&mut piece) {
            take(event);
        }
    }
    while let Some(event) = walker.finish() {
        take(event);
    }
    log
}

fn subjects(message: &[u8], cut: usize) -> Vec<Vec<u8>> {
    let mut buffer = [0; 4096];
    let mut finder = FieldFinder::new(&["Subject"], &mut buffer);
    let mut subjects = Vec::new();
    let mut take = |found: Found<'_>| {
        if let Found::Field { body, whole, .. } = found {
            assert!(whole);
            subjects.push(body.to_vec());
        }
    };
    for mut piece in message.chunks(cut) {
        while let Some(found) = finder.next(&mut piece) {
            take(found);
        }
    }
    finder.finish().into_iter().for_each(take);
    subjects
}

#[test]
fn real_messages_are_read_the_same_at_every_cut() {
    let cases = cases("imap_tools-messages");
    let (mut parts, mut addresses, mut malformed, mut dates) = (0, 0, 0, 0);
    for case in &cases {
        let message = payload(&octets(case));
        let whole = walk(&message, message.len().max(1));
        for cut in [1, 2, 3, 7, 64, 512] {
            assert_eq!(walk(&message, cut), whole, "{} by {cut}", case["id"]);
        }
        parts += whole.iter().filter(|line| line.starts_with("begin")).count();

        let fields = || Fields::new(&message);
        let in_slice: Vec<Vec<u8>> = fields()
            .filter(|field| field.is("subject"))
            .map(|field| field.unfolded().collect::<Vec<u8>>().trim_ascii_end().to_vec())
            .collect();
        for cut in [1, 5, 1000] {
            assert_eq!(subjects(&message, cut), in_slice, "{} by {cut}", case["id"]);
        }
        in_slice.iter().for_each(|subject| drop(utf8(subject)));
        for field in fields() {
            if ["from", "to", "cc", "bcc", "reply-to"].iter().any(|name| field.is(name)) {
                for address in Addresses::new(field.body) {
                    addresses += 1;
                    malformed += usize::from(matches!(address, Address::Malformed(_)));
                }
            }
            dates += usize::from(field.is("date") && DateTime::from_field(field.body).is_some());
        }
    }
    println!(
        "{} messages, {parts} parts, {addresses} addresses ({malformed} malformed), {dates} dates",
        cases.len()
    );
}

#[test]
fn collected_fields_mean_what_their_source_says() {
    let (mut compared, mut foreign) = (0, 0);
    for case in cases("node-imap") {
        if case["meaning"]["rule"] != "rfc822-header" {
            continue;
        }
        let header = octets(&case);
        for field in Fields::new(&header) {
            let name = String::from_utf8(field.name.to_ascii_lowercase()).unwrap();
            let Some([Value::String(expected)]) =
                case["meaning"]["expected"][&name].as_array().map(Vec::as_slice)
            else {
                continue;
            };
            let mut out = vec![0; header.len() * 3];
            let decoded = decode_to_utf8(field.body, &mut out);
            if decoded.foreign > 0 {
                foreign += 1;
                continue;
            }
            let text = std::str::from_utf8(&out[..decoded.len]).unwrap();
            assert_eq!(text.trim(), expected.trim(), "{}", case["id"]);
            compared += 1;
        }
    }
    println!("{compared} fields compared, {foreign} in charsets that are not converted");
}
