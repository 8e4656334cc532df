//! The client against any server: no panic, no more events than octets, the same events for every cut,
//! and nothing sent that was not asked for: each line that leaves is one that a call made.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mailproto_core::pop3::{Client, Config, Event, QuirkSet, Security};
use mailproto_core::sasl::{Login, Plain, ScramSha256};
use mailproto_fuzz::{Input, Told};

fuzz_target!(|data: &[u8]| {
    let Some(input) = Input::parse(data) else { return };
    let groups = groups(&input);
    let whole: Vec<_> = groups.iter().map(|group| group.whole()).collect();
    let cut: Vec<_> = groups.iter().map(|group| group.cut()).collect();
    let [whole, cut] = [whole, cut].map(|reads| run(&input, &reads).without_injected_handshake());
    assert_eq!(whole, cut);
});

/// The octets in groups of lines. Calls happen between them, so that they fall on the same place however
/// a group is cut.
fn groups<'d>(input: &Input<'d>) -> Vec<Input<'d>> {
    let lines = 1 + usize::from(input.setting >> 5);
    let (mut groups, mut rest) = (Vec::new(), input.octets);
    while !rest.is_empty() {
        let ends = rest.iter().enumerate().filter(|&(_, &octet)| octet == b'\n');
        let end = ends.map(|(at, _)| at + 1).nth(lines - 1).unwrap_or(rest.len());
        let (octets, after) = rest.split_at(end);
        groups.push(Input { octets, ..*input });
        rest = after;
    }
    groups
}

const ARGUMENT: &[u8] = b"argument";
/// Must never be seen: each part stands behind CR, LF or NUL.
const INJECTIONS: [&[u8]; 3] = [b"a\r\nINJECTED", b"a\nINJECTED", b"a\0INJECTED"];

fn run(input: &Input<'_>, groups: &[Vec<&[u8]>]) -> Told {
    let (mut scratch, mut tx) = ([0; 256], [0; 600]);
    let bit = |bit: u8| input.setting & (1 << bit) != 0;
    let config = Config {
        security: match input.setting & 3 {
            0 => Security::StlsRequired,
            1 => Security::DangerCleartext,
            _ => Security::Private,
        },
        tolerate: if bit(2) { QuirkSet::NONE } else { QuirkSet::ALL },
        pipelining: !bit(3),
        apop: bit(4),
        ..Config::default()
    };
    let mut client = Client::<8>::new(&mut scratch, &mut tx, config);
    let (mut told, mut calls) = (Told::default(), input.calls.iter().cycle());
    for reads in groups {
        for &read in reads {
            let mut octets = read;
            let mut events = 0;
            loop {
                match client.poll(&mut octets) {
                    Ok(Some(Event::Data { octets, .. })) => told.data(octets),
                    Ok(Some(event)) => told.line(format!("{event:?}")),
                    Ok(None) => break,
                    Err(error) => {
                        told.line(format!("{error:?}"));
                        assert_eq!(client.poll(&mut octets), Err(error), "for good");
                        assert!(client.outgoing().is_empty(), "a failed session sends nothing");
                        return told;
                    }
                }
                events += 1;
                assert!(events <= 4 * read.len() + 16, "more events than octets");
            }
            assert!(octets.is_empty(), "all is taken");
        }
        if let Some(&choice) = calls.next() {
            call(&mut client, choice, &mut told);
        }
        send(&mut client, &mut told);
    }
    told.line(format!("{:?} {:?}", client.eof(), client.state()));
    told
}

fn send(client: &mut Client<'_>, told: &mut Told) {
    let sent = client.outgoing();
    assert!(sent.is_empty() || sent.ends_with(b"\r\n"), "only whole lines");
    assert!(!sent.windows(8).any(|window| window == b"INJECTED"), "an argument became a command");
    assert!(!sent.contains(&0));
    let line_feeds = sent.iter().filter(|&&octet| octet == b'\n').count();
    let line_ends = sent.windows(2).filter(|&pair| pair == b"\r\n").count();
    assert_eq!(line_feeds, line_ends);
    if !sent.is_empty() {
        told.line(format!("sent {}", sent.escape_ascii()));
    }
    client.sent(sent.len());
    assert!(client.outgoing().is_empty());
}

/// Makes a call; whatever it says must be the same for every cut.
fn call(client: &mut Client<'_>, choice: u8, told: &mut Told) {
    let nonce = *b"0123456789abcdef01";
    let number = u32::from(choice >> 5);
    let injection = INJECTIONS[usize::from(choice >> 5) % INJECTIONS.len()];
    let before = client.outgoing().to_vec();
    let answer = match choice & 31 {
        0 => client.capa().map(drop),
        1 => client.stls().map(drop),
        2 => client.tls_established(),
        3 => client.user(ARGUMENT).map(drop),
        4 => client.pass(ARGUMENT).map(drop),
        5 => client.login(ARGUMENT, ARGUMENT).map(drop),
        6 => client.apop(ARGUMENT, ARGUMENT).map(drop),
        7 => client.auth(&mut Plain::new("", "user", "password").unwrap()).map(drop),
        8 => client.auth(&mut Login::new("user", "password").unwrap()).map(drop),
        9 => client.auth(&mut ScramSha256::new("user", "password", &nonce).unwrap()).map(drop),
        10 => client.respond(&mut Login::new("user", "password").unwrap()),
        11 => client.respond(&mut Plain::new("", "user", "password").unwrap()),
        12 => client.cancel(),
        13 => client.stat().map(drop),
        14 => client.list().map(drop),
        15 => client.list_one(number).map(drop),
        16 => client.uidl().map(drop),
        17 => client.uidl_one(number).map(drop),
        18 => client.retr(number).map(drop),
        19 => client.top(number, u32::from(choice)).map(drop),
        20 => client.dele(number).map(drop),
        21 => client.rset().map(drop),
        22 => client.noop().map(drop),
        23 => client.quit().map(drop),
        24 => client.utf8().map(drop),
        25 => client.lang_list().map(drop),
        26 => client.lang(ARGUMENT).map(drop),
        27 => client.raw(ARGUMENT, choice & 32 != 0).map(drop),
        28 => client.user(injection).map(drop),
        29 => client.login(ARGUMENT, injection).map(drop),
        30 => client.lang(injection).map(drop),
        _ => client.raw(injection, false).map(drop),
    };
    if answer.is_err() {
        assert_eq!(client.outgoing(), before, "a refusal sends nothing");
    }
    told.line(format!("{answer:?}"));
}
