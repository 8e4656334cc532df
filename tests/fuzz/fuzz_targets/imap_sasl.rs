//! SASL over AUTHENTICATE: whatever a server challenges, each response is one line of base64 or `*`, success is never
//! believed before the mechanism believes it, and no cut changes what happens.
//!
//! A line that begins with `+` is a challenge whose rest is put in base64; one that begins with `T ` is a reply to the
//! command; any other comes as it is.
#![no_main]

#[path = "../../../core/tests/imap_hostile/told.rs"]
mod told;

use libfuzzer_sys::fuzz_target;
use mailproto_core::imap::{Client, Config, Security, State};
use mailproto_core::sasl::{Auto, Credentials, Mechanism, Name, ScramSha1, ScramSha256};
use mailproto_fuzz::Input;
use told::Told;

fuzz_target!(|data: &[u8]| {
    let Some(input) = Input::parse(data) else { return };
    assert_eq!(run(&input, false), run(&input, true));
});

const NONCE: &[u8] = b"0123456789abcdef01";
const PASSWORD: Credentials<'_> =
    Credentials::Password { authzid: "", user: "user", password: "pencil" };
const TOKEN: Credentials<'_> =
    Credentials::Token { user: "user", token: "token", host: "example.org", port: 143 };

fn mechanism(setting: u8) -> Box<dyn Mechanism> {
    let of = |name, credentials| Auto::new(name, credentials, NONCE).expect("credentials that fit");
    match setting & 7 {
        0 => Box::new(of(Name::Plain, PASSWORD)),
        1 => Box::new(of(Name::Login, PASSWORD)),
        2 => Box::new(of(Name::CramMd5, PASSWORD)),
        3 => Box::new(of(Name::XOauth2, TOKEN)),
        4 => Box::new(of(Name::OauthBearer, TOKEN)),
        5 => Box::new(of(Name::External, Credentials::External { authzid: "me" })),
        // Few iterations, so that the fuzzer need not wait for them.
        6 => {
            let scram = ScramSha1::new("user", "pencil", NONCE).expect("credentials");
            Box::new(scram.danger_accept_few_iterations().max_iterations(9))
        }
        _ => {
            let scram = ScramSha256::new("user", "pencil", NONCE).expect("credentials");
            Box::new(scram.danger_accept_few_iterations().max_iterations(9))
        }
    }
}

/// The line as the server says it.
fn said(line: &[u8]) -> Vec<u8> {
    match line {
        [b'+', challenge @ ..] => {
            let challenge = challenge.strip_suffix(b"\n").unwrap_or(challenge);
            [b"+ ", base64(challenge).as_slice(), b"\r\n"].concat()
        }
        [b'T', b' ', reply @ ..] => [b"AAA1 ", reply].concat(),
        line => line.to_vec(),
    }
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn base64(octets: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    for group in octets.chunks(3) {
        let bits = group.iter().fold(0_u32, |bits, &octet| bits << 8 | u32::from(octet));
        let bits = bits << (8 * (3 - group.len()));
        let digit = |at: u32| DIGITS[(bits >> (18 - 6 * at) & 63) as usize];
        let digits = (0..4).map(|at| if at as usize <= group.len() { digit(at) } else { b'=' });
        text.extend(digits);
    }
    text
}

fn run(input: &Input<'_>, cut: bool) -> (Vec<String>, Vec<String>) {
    let (mut scratch, mut tx) = (vec![0; 64 << (input.reads.len() & 7)], vec![0; 300]);
    let config = Config { max_literal: 1 << 20, ..Config::default() };
    let mut client = Client::new(&mut scratch, &mut tx, config.with_security(Security::Private));
    let greeting: &[u8] = if input.setting & 8 != 0 {
        b"* OK [CAPABILITY IMAP4rev1 SASL-IR] ready\r\n"
    } else {
        b"* OK ready\r\n"
    };
    let mut greeting = greeting;
    while let Ok(Some(_)) = client.poll(&mut greeting) {}
    let mut mechanism = mechanism(input.setting);
    let (mut told, mut calls) = (Told::default(), Vec::new());
    if client.authenticate(&mut *mechanism).is_err() {
        return (told.into_lines(), calls);
    }
    send(&mut client, &mut calls);
    for line in input.octets.split_inclusive(|&octet| octet == b'\n') {
        let octets = said(line);
        let part = Input { octets: &octets, ..*input };
        let mut challenged = false;
        for read in if cut { part.cut() } else { part.whole() } {
            let mut octets = read;
            loop {
                match client.poll(&mut octets) {
                    Ok(Some(event)) => {
                        let line = told::event_line(&event);
                        let accepted = line.starts_with("completed 1 Authenticate Ok");
                        assert!(!accepted || mechanism.is_complete(), "believed too early");
                        challenged |= line.starts_with("challenge ");
                        told.event(&event);
                    }
                    Ok(None) => break,
                    Err(error) => {
                        told.line(format!("{error:?}"));
                        assert!(client.outgoing().is_empty(), "a failed session sends nothing");
                        return (told.into_lines(), calls);
                    }
                }
            }
        }
        if challenged {
            let answer = client.respond(&mut *mechanism);
            calls.push(format!("{answer:?}"));
            if answer.is_err() {
                calls.push(format!("{:?}", client.cancel()));
            }
        }
        send(&mut client, &mut calls);
        if client.state() != State::NotAuthenticated {
            break;
        }
    }
    (told.into_lines(), calls)
}

/// Whole lines leave: the command, base64, or `*`.
fn send(client: &mut Client<'_>, calls: &mut Vec<String>) {
    let sent = client.outgoing();
    if sent.is_empty() {
        return;
    }
    let line = sent.strip_suffix(b"\r\n").expect("a whole line");
    let text = line.strip_prefix(b"AAA1 AUTHENTICATE ").unwrap_or(line);
    let allowed = |octet: &u8| DIGITS.contains(octet) || matches!(octet, b'=' | b'*' | b' ' | b'-');
    assert!(text.iter().all(allowed), "{}", sent.escape_ascii());
    calls.push(format!("sent {}", sent.escape_ascii()));
    let length = sent.len();
    client.sent(length);
}
