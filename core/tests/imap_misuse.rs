//! The IMAP client under calls in any order, against a server that is written apart from it and checks every octet
//! that it gets (RFC 9051 §2.2, §4.3, §5.5); and against servers that say anything at all.
#![cfg(all(feature = "imap-all", feature = "sasl-all"))]

#[path = "common/cuts.rs"]
#[allow(dead_code)]
mod cuts;

use std::collections::VecDeque;

use cuts::{Cuts, Random};
use mailproto_core::LocalError::{self, Busy, Closed, ForbiddenOctet, Insecure, WrongState};
use mailproto_core::imap::command::{AppendOptions, FetchItem, Store};
use mailproto_core::imap::{
    Client, Config, Event, Flag, Mailbox, QuirkSet, Security, Sequence, State, Status,
};

fn private() -> Config {
    Config::lenient().with_security(Security::Private)
}

// A server that is honest, and strict.

/// What the server reads next.
#[derive(Debug, PartialEq)]
enum Reading {
    Command,
    /// So many octets of a literal, and then the rest of the line.
    Literal(usize),
    /// Nothing: it has yet to say `+`, or no.
    Nothing,
    Done,
}

#[derive(Debug)]
struct Running {
    tag: String,
    name: String,
    keeps_numbers: bool,
}

#[derive(Debug)]
struct Server {
    reading: Reading,
    line: Vec<u8>,
    /// The literal that waits for `+`.
    announced: usize,
    running: Vec<Running>,
    /// Whether the rest of a command is to come, behind a literal.
    within: bool,
    /// A command that was refused before all of it had come: its rest is read and dropped.
    refused: bool,
    /// Whether IDLE was ended from here, so that a DONE may still be under way.
    stray_done: bool,
    selected: bool,
    messages: u32,
    says: VecDeque<u8>,
    random: Random,
    /// Messages that were appended.
    appended: Vec<Vec<u8>>,
    message: Vec<u8>,
    /// Whether the literal is a message, and no name.
    collecting: bool,
}

impl Server {
    fn new(seed: u64, capabilities: &str) -> Self {
        let mut server = Self {
            reading: Reading::Command,
            line: Vec::new(),
            announced: 0,
            running: Vec::new(),
            within: false,
            refused: false,
            stray_done: false,
            selected: false,
            messages: 0,
            says: VecDeque::new(),
            random: Random::new(seed),
            appended: Vec::new(),
            message: Vec::new(),
            collecting: false,
        };
        server.say(&format!("* PREAUTH [CAPABILITY IMAP4rev1 {capabilities}] ready"));
        server
    }

    fn say(&mut self, line: &str) {
        self.says.extend(line.bytes().chain(*b"\r\n"));
    }

    fn receive(&mut self, octets: &[u8]) {
        for &octet in octets {
            match &mut self.reading {
                Reading::Nothing => panic!("{octet:?} before the +: {self:?}"),
                Reading::Literal(left) => {
                    *left -= 1;
                    if self.collecting {
                        self.message.push(octet);
                    }
                    if *left == 0 {
                        self.reading = Reading::Command;
                    }
                }
                Reading::Command | Reading::Done => {
                    self.line.push(octet);
                    if octet == b'\n' {
                        self.take_line();
                    }
                }
            }
        }
    }

    fn take_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let text = String::from_utf8(line).expect("8-bit octets go in literals");
        let text = text.strip_suffix("\r\n").expect("CRLF").to_string();
        if self.reading == Reading::Done {
            assert_eq!(text, "DONE");
            return self.end_idle();
        }
        if text == "DONE" && std::mem::take(&mut self.stray_done) {
            return;
        }
        if let Some((_, announced)) = text.rsplit_once('{').filter(|_| text.ends_with('}')) {
            return self.literal(&text, announced.trim_end_matches('}'));
        }
        // The rest of a command after a literal has no tag.
        if std::mem::take(&mut self.within) {
            let message = std::mem::take(&mut self.message);
            if self.collecting && !std::mem::take(&mut self.refused) {
                self.appended.push(message);
            }
            return;
        }
        self.begin(&text);
    }

    /// A command, or its first line.
    fn begin(&mut self, text: &str) {
        let (tag, rest) = text.split_once(' ').expect("a tag and a name");
        let name = rest.split(' ').next().unwrap();
        assert!(self.running.iter().all(|running| running.tag != tag), "{tag} twice");
        let by_number = matches!(name, "FETCH" | "STORE" | "COPY");
        let keeps_numbers = matches!(name, "FETCH" | "STORE");
        if by_number {
            let ambiguous = self.running.iter().find(|running| !running.keeps_numbers);
            assert!(ambiguous.is_none(), "{text} beside {ambiguous:?}");
            assert!(self.selected, "{text}");
        }
        let alone = |name: &str| matches!(name, "SELECT" | "IDLE" | "LOGOUT" | "CLOSE");
        assert!(self.running.is_empty() || !alone(name), "{text} beside {:?}", self.running);
        assert!(
            !self.running.iter().any(|running| alone(&running.name)),
            "{text} beside one alone"
        );
        let (tag, name) = (tag.to_string(), name.to_string());
        if name == "IDLE" {
            self.reading = Reading::Done;
            // DONE must wait for this.
            self.say("+ idling");
        }
        self.running.push(Running { tag, name, keeps_numbers });
    }

    fn literal(&mut self, text: &str, announced: &str) {
        if !std::mem::replace(&mut self.within, true) {
            self.begin(text);
        }
        if !self.message.is_empty() {
            self.appended.push(std::mem::take(&mut self.message));
        }
        let append = self.running.last().is_some_and(|running| running.name == "APPEND");
        self.collecting = append && !text.contains("APPEND {");
        let number = announced.trim_end_matches('+');
        self.announced = number.parse().unwrap();
        if announced.ends_with('+') {
            self.reading = Reading::Literal(self.announced);
            self.check_empty();
            // The server may say no at once, but it reads what was promised (RFC 7888 §4).
            if self.collecting && self.random.below(4) == 0 {
                self.refuse();
                self.refused = true;
            }
        } else {
            self.reading = Reading::Nothing;
        }
    }

    fn check_empty(&mut self) {
        if self.reading == Reading::Literal(0) {
            self.reading = Reading::Command;
        }
    }

    fn refuse(&mut self) {
        let running = self.running.pop().expect("it has begun");
        self.say(&format!("{} NO refused", running.tag));
    }

    fn end_idle(&mut self) {
        self.reading = Reading::Command;
        let running = self.running.pop().expect("IDLE");
        self.say(&format!("{} OK idled", running.tag));
    }

    /// Does something of its own accord.
    fn act(&mut self) {
        match self.reading {
            Reading::Nothing if self.random.below(3) == 0 => {
                self.reading = Reading::Command;
                self.message.clear();
                self.within = false;
                self.refuse();
            }
            Reading::Nothing => {
                self.reading = Reading::Literal(self.announced);
                self.check_empty();
                self.say("+ go on");
                // And then no, in the middle of it.
                if self.collecting && self.random.below(6) == 0 {
                    self.refuse();
                    self.refused = true;
                }
            }
            Reading::Done if self.random.below(8) == 0 => {
                self.end_idle();
                self.stray_done = true;
            }
            Reading::Done => self.chat(),
            // The command that is being read is not complete.
            Reading::Literal(_) => {}
            Reading::Command if self.line.is_empty() && !self.within => {
                if self.running.is_empty() || self.random.below(3) == 0 {
                    self.chat();
                } else {
                    self.complete();
                }
            }
            Reading::Command => {}
        }
    }

    fn complete(&mut self) {
        let index = self.random.below(self.running.len());
        let running = self.running.remove(index);
        let status = ["OK", "OK", "OK", "NO", "BAD"][self.random.below(5)];
        match (&*running.name, status) {
            ("SELECT", "OK") => {
                self.selected = true;
                self.messages = 5;
                self.say("* 5 EXISTS");
            }
            ("SELECT", _) | ("CLOSE", "OK") => self.selected = false,
            _ => {}
        }
        self.say(&format!("{} {status} done", running.tag));
    }

    /// Untagged data, as the rules allow them.
    fn chat(&mut self) {
        // Without a command in progress numbers stay too (RFC 9051 §7.5.1).
        let numbers_stay =
            self.running.is_empty() || self.running.iter().any(|running| running.keeps_numbers);
        let changing =
            self.running.iter().any(|running| matches!(&*running.name, "SELECT" | "CLOSE"));
        match self.random.below(3) {
            0 if self.selected && !changing => {
                self.messages += 1;
                self.say(&format!("* {} EXISTS", self.messages));
            }
            1 if self.selected && !changing && !numbers_stay && self.messages > 0 => {
                let number = 1 + self.random.below(self.messages as usize);
                self.messages -= 1;
                self.say(&format!("* {number} EXPUNGE"));
            }
            _ => self.say("* OK still here"),
        }
    }
}

// A caller that calls anything.

/// What a caller wants now.
fn call(client: &mut Client<'_>, random: &mut Random, queued: &mut Vec<u32>) {
    let number = 1 + random.below(3) as u32;
    let options = AppendOptions::default();
    let result = match random.below(20) {
        0..=3 => client.noop(),
        4..=6 => client.fetch(Sequence::One(number), &[FetchItem::Flags]),
        7 => client.store(Sequence::One(number), &Store::add(&[Flag::Seen])),
        8 => client.copy(Sequence::One(number), Mailbox::Name("Ablage")),
        9..=10 => client.uid_fetch(Sequence::ALL, &[FetchItem::Uid]),
        11 => client.create(Mailbox::Raw(b"\xc3\xa4{3}\r\n")),
        12 => client.select(Mailbox::Name("INBOX")),
        13 => client.close(),
        14 => client.idle(),
        15 => client.append(Mailbox::Name("INBOX"), &options, random.below(300) as u64),
        16 => client.append(Mailbox::Raw(b"\xc3\xa4"), &options, random.below(300) as u64),
        17 => {
            let _ = client.done();
            return;
        }
        18 => {
            let _ = client.append_next(&options, random.below(50) as u64);
            return;
        }
        _ => {
            let _ = client.append_end();
            return;
        }
    };
    if let Ok(tag) = result {
        queued.push(tag.0);
    }
}

/// One session of random calls, cuts and sends. Returns how many commands were completed.
fn wander(seed: u64) -> usize {
    let mut random = Random::new(seed);
    let capabilities =
        ["IDLE MULTIAPPEND", "IDLE MULTIAPPEND LITERAL+", "IDLE LITERAL-", "IDLE"][random.below(4)];
    let (mut scratch, mut tx) = (vec![0; 256], vec![0; [96, 160, 1024][random.below(3)]]);
    let mut config = private();
    config.pipelining = random.below(8) > 0;
    // The server keeps all rules, so nothing needs to be forgiven.
    config.tolerate = QuirkSet::NONE;
    let mut client = Client::new(&mut scratch, &mut tx, config);
    let mut server = Server::new(seed ^ 0xff, capabilities);
    let (mut queued, mut done) = (Vec::new(), Vec::new());
    for step in 0..600 {
        match random.below(4) {
            0 if step < 400 => call(&mut client, &mut random, &mut queued),
            0 => finish(&mut client),
            1 => {
                let n = random.below(client.outgoing().len() + 1);
                let n = if random.below(3) == 0 { client.outgoing().len() } else { n };
                server.receive(&client.outgoing()[..n]);
                client.sent(n);
            }
            2 => server.act(),
            _ => {}
        }
        let octets = [0xAA_u8; 64];
        if random.below(2) == 0 {
            let most = random.below(64);
            for n in [most, 1] {
                if client.upload(&octets[..n]).is_ok() {
                    break;
                }
            }
        }
        let n = random.below(server.says.len() + 1);
        let heard: Vec<u8> = server.says.drain(..n).collect();
        hear(&mut client, &heard, &mut done, seed);
    }
    // All that was begun comes to its end.
    for _ in 0..2000 {
        finish(&mut client);
        let octets = client.outgoing().to_vec();
        server.receive(&octets);
        client.sent(octets.len());
        server.act();
        let heard: Vec<u8> = server.says.drain(..).collect();
        hear(&mut client, &heard, &mut done, seed);
        if client.is_idle() {
            break;
        }
    }
    assert!(client.is_idle(), "seed {seed}: {client:?} {server:?}");
    done.sort_unstable();
    assert_eq!(done, queued, "each command is completed once: seed {seed}");
    if server.selected {
        assert_eq!(client.messages(), Some(server.messages), "seed {seed}");
    }
    let octets = server.appended.iter().flatten();
    assert!(octets.clone().all(|&octet| octet == 0xAA), "no octet of another kind: seed {seed}");
    done.len()
}

/// Brings what lasts to its end.
fn finish(client: &mut Client<'_>) {
    let _ = client.done();
    while client.upload(&[0xAA]).is_ok_and(|taken| taken > 0) {}
    let _ = client.append_end();
}

fn hear(client: &mut Client<'_>, octets: &[u8], done: &mut Vec<u32>, seed: u64) {
    let mut input = octets;
    loop {
        match client.poll(&mut input) {
            Ok(None) => break,
            Ok(Some(Event::Completed { tag, status, .. })) => {
                assert_ne!(status, Status::NotSent, "seed {seed}");
                done.push(tag.0);
            }
            Ok(Some(_)) => {}
            Err(error) => panic!("seed {seed}: {error:?} in {}", octets.escape_ascii()),
        }
    }
    assert!(input.is_empty(), "seed {seed}");
}

#[test]
fn calls_in_any_order_keep_the_rules() {
    let done: usize = (0..3000).map(wander).sum();
    println!("{done} commands");
    assert!(done > 3000, "it does work: {done}");
}

// Servers that say anything.

const SAYINGS: &[&str] = &[
    "AAA1 OK x\r\n",
    "AAA2 NO x\r\n",
    "AAA3 BAD x\r\n",
    "AAA4 OK [READ-WRITE] x\r\n",
    "+ x\r\n",
    "+ Zm9v\r\n",
    "+\r\n",
    "* OK x\r\n",
    "* BYE x\r\n",
    "* PREAUTH x\r\n",
    "* 4294967295 EXISTS\r\n",
    "* 0 EXISTS\r\n",
    "* 7 EXPUNGE\r\n",
    "* 0 EXPUNGE\r\n",
    "* VANISHED 1:4294967295,1:4294967295\r\n",
    "* VANISHED (EARLIER) 1:4294967295\r\n",
    "* OK [CLOSED]\r\n",
    "* OK [UIDNEXT 0] x\r\n",
    "* OK [HIGHESTMODSEQ 18446744073709551615] x\r\n",
    "* OK [CAPABILITY IMAP4rev2 LITERAL+ SASL-IR AUTH=PLAIN IDLE STARTTLS] x\r\n",
    "* CAPABILITY IMAP4rev1\r\n",
    "* ENABLED UTF8=ACCEPT UIDONLY\r\n",
    "* 1 FETCH (FLAGS (\\Seen) BODY[] {3}\r\nabc)\r\n",
    "* 1 FETCH (BODY[] {99999999999999999999}\r\n",
    "\r\n",
    "\0\u{ff}\r\n",
    "* ",
    "x",
    "\n",
];

#[test]
fn no_server_makes_it_panic_or_stick() {
    for seed in 0..20_000 {
        let mut random = Random::new(seed);
        let (mut scratch, mut tx) = (vec![0; random.below(200)], vec![0; random.below(200)]);
        let security = [Security::Private, Security::DangerCleartext, Security::StartTlsRequired];
        let mut config = Config::lenient().with_security(security[random.below(3)]);
        if random.below(4) == 0 {
            config.tolerate = QuirkSet::NONE;
        }
        let mut client = Client::<4>::with_window(&mut scratch, &mut tx, config);
        let mut said =
            b"* OK [CAPABILITY IMAP4rev1 IDLE STARTTLS AUTH=PLAIN LITERAL-] hi\r\n".to_vec();
        let mut now = u32::MAX - 1000;
        for _ in 0..60 {
            let cuts = Cuts::Random(random.next());
            let mut rest = &said[..];
            for length in cuts.reads(0, said.len()) {
                let (mut input, after) = rest.split_at(length);
                rest = after;
                poll_dry(&mut client, &mut input, seed);
            }
            said = SAYINGS[random.below(SAYINGS.len())].as_bytes().to_vec();
            anything(&mut client, &mut random);
            client.sent(random.below(client.outgoing().len() + 2));
            now = now.wrapping_add(random.below(100) as u32);
            let _ = client.tick(now);
            let _ = client.deadline();
        }
        let _ = client.eof();
    }
}

fn poll_dry(client: &mut Client<'_, 4>, input: &mut &[u8], seed: u64) {
    for _ in 0..6 * input.len() + 80 {
        match client.poll(input) {
            Ok(Some(_)) => {}
            Ok(None) => return,
            Err(error) => {
                assert_eq!(client.state(), State::Closed);
                assert_eq!(client.poll(input).unwrap_err(), error);
                assert!(client.outgoing().is_empty());
                return;
            }
        }
    }
    panic!("stuck: seed {seed} {client:?} {}", input.escape_ascii());
}

fn anything(client: &mut Client<'_, 4>, random: &mut Random) {
    use mailproto_core::sasl::Plain;
    let mut plain = Plain::new("", "a", "b").unwrap();
    let octets = random.below(1000) as u64;
    let _ = match random.below(20) {
        0 => client.noop().map(drop),
        1 => client.starttls().map(drop),
        2 => client.tls_established(),
        3 => client.login(b"\xc3", b"\r\n").map(drop),
        4 => client.authenticate(&mut plain).map(drop),
        5 => client.respond(&mut plain),
        6 => client.cancel(),
        7 => client.select(Mailbox::Name("x")).map(drop),
        8 => client.fetch(Sequence::ALL, &[FetchItem::Uid]).map(drop),
        9 => client.idle().map(drop),
        10 => client.done(),
        11 => client.append(Mailbox::Raw(b"\xc3"), &AppendOptions::default(), octets).map(drop),
        12 => client.upload(&[0; 100][..random.below(100)]).map(drop),
        13 => client.append_next(&AppendOptions::default(), octets),
        14 => client.append_end(),
        15 => client.compress().map(drop),
        16 => client.compression_established(),
        17 => client.logout().map(drop),
        18 => client.enable(&["UTF8=ACCEPT"]).map(drop),
        _ => client.unauthenticate().map(drop),
    };
}

// Arguments (B19), and calls at the wrong time.

/// The call is refused, and nothing has changed that can be seen.
#[track_caller]
fn refused<T: std::fmt::Debug>(
    client: &mut Client<'_>,
    error: LocalError,
    call: impl FnOnce(&mut Client<'_>) -> Result<T, LocalError>,
) {
    let seen = |client: &Client<'_>| (client.outgoing().to_vec(), client.state(), client.is_idle());
    let before = seen(client);
    assert_eq!(call(client).expect_err("must be refused"), error);
    assert_eq!(seen(client), before);
}

fn with_client(greeting: &str, test: impl FnOnce(&mut Client<'_>)) {
    let (mut scratch, mut tx) = ([0; 512], [0; 512]);
    let mut client = Client::new(&mut scratch, &mut tx, private());
    assert!(client.poll(&mut greeting.as_bytes()).unwrap().is_some());
    test(&mut client);
}

#[test]
fn line_endings_in_arguments_start_no_command() {
    with_client("* PREAUTH hi\r\n", |client| {
        client.create(Mailbox::Raw(b"INBOX\r\nAAA9 DELETE INBOX")).unwrap();
        assert_eq!(client.outgoing(), b"AAA1 CREATE {24}\r\n", "it is a literal");
    });
    with_client("* OK hi\r\n", |client| {
        refused(client, ForbiddenOctet { at: 1 }, |client| client.login(b"a\0", b"b"));
        refused(client, ForbiddenOctet { at: 0 }, |client| client.login(b"a", b"\0"));
        client.login(b"me", b"pa\"ss\\wo rd").unwrap();
        assert_eq!(client.outgoing(), b"AAA1 LOGIN me \"pa\\\"ss\\\\wo rd\"\r\n");
    });
}

#[test]
fn calls_at_the_wrong_time_change_nothing() {
    with_client("* PREAUTH hi\r\n", |client| {
        refused(client, WrongState, |client| client.starttls());
        refused(client, WrongState, |client| client.tls_established());
        refused(client, WrongState, |client| client.login(b"a", b"b"));
        refused(client, WrongState, |client| client.fetch(Sequence::ALL, &[FetchItem::Uid]));
        refused(client, WrongState, |client| client.done());
        refused(client, WrongState, |client| client.upload(b"x"));
        refused(client, WrongState, |client| client.append_end());
        refused(client, WrongState, |client| client.cancel());
        refused(client, WrongState, |client| client.compression_established());
        client.select(Mailbox::Name("INBOX")).unwrap();
        refused(client, Busy, |client| client.noop());
    });
}

#[test]
fn after_the_end_every_call_says_so() {
    with_client("* BYE hi\r\n", |client| {
        refused(client, Closed, |client| client.starttls());
        refused(client, Closed, |client| client.tls_established());
        refused(client, Closed, |client| client.login(b"a", b"b"));
        refused(client, Closed, |client| client.select(Mailbox::Name("INBOX")));
        refused(client, Closed, |client| client.idle());
        refused(client, Closed, |client| client.done());
        refused(client, Closed, |client| client.upload(b"x"));
        refused(client, Closed, |client| client.append_end());
        refused(client, Closed, |client| client.cancel());
        refused(client, Closed, |client| client.compression_established());
        refused(client, Closed, |client| client.compress());
        refused(client, Closed, |client| client.logout());
    });
}

#[test]
fn credentials_stay_where_they_are() {
    let (mut scratch, mut tx) = ([0; 512], [0; 512]);
    let mut client = Client::new(&mut scratch, &mut tx, Config::lenient());
    assert!(client.poll(&mut &b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] x\r\n"[..]).is_ok());
    refused(&mut client, Insecure, |client| client.login(b"a", b"b"));
    let mut plain = mailproto_core::sasl::Plain::new("", "a", "b").unwrap();
    refused(&mut client, Insecure, |client| client.authenticate(&mut plain));
}
