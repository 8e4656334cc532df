//! The IMAP client against any server: no panic, no more events than octets, the same events for every cut, and
//! nothing sent that was not asked for. In the octets a line that begins with `T ` is a reply to the newest command.
#![no_main]

#[path = "../../../core/tests/imap_hostile/told.rs"]
mod told;

use libfuzzer_sys::fuzz_target;
use mailproto_core::imap::command::{AppendOptions, Argument, FetchItem, SearchKey, Store};
use mailproto_core::imap::{
    BodySection, Client, Config, Flag, Mailbox, QuirkSet, Security, Sequence, State, Tag,
};
use mailproto_core::sasl::{Login, Plain};
use mailproto_core::{LocalError, Violation};
use mailproto_fuzz::Input;
use told::Told;

fuzz_target!(|data: &[u8]| {
    let Some(input) = Input::parse(data) else { return };
    assert_eq!(run(&input, false), run(&input, true));
});

/// The front of `octets`, so many lines of it. Calls happen behind each group, so that they fall on the same place
/// however it is cut.
fn group(octets: &[u8], lines: usize) -> (&[u8], &[u8]) {
    let ends = octets.iter().enumerate().filter(|&(_, &octet)| octet == b'\n');
    let end = ends.map(|(at, _)| at + 1).nth(lines - 1).unwrap_or(octets.len());
    octets.split_at(end)
}

fn with_tag(group: &[u8], newest: u32) -> Vec<u8> {
    let lines = group.split_inclusive(|&octet| octet == b'\n');
    let lines = lines.map(|line| match line.strip_prefix(b"T ") {
        Some(reply) => [format!("AAA{newest} ").as_bytes(), reply].concat(),
        None => line.to_vec(),
    });
    lines.collect::<Vec<_>>().concat()
}

/// Must never be seen: each part stands behind CR, LF or NUL.
const INJECTIONS: [&[u8]; 3] = [b"a\r\nINJECTED", b"a\nINJECTED", b"a\0INJECTED"];

struct Session<'b> {
    client: Client<'b>,
    told: Told,
    calls: Vec<String>,
    newest: u32,
    /// Octets received and events told.
    work: (usize, usize),
}

/// What was told, and what came of the calls.
fn run(input: &Input<'_>, cut: bool) -> (Vec<String>, Vec<String>) {
    let (mut scratch, mut tx) = (vec![0; 64 << (input.reads.len() & 7)], vec![0; 600]);
    let bit = |bit: u8| input.setting & (1 << bit) != 0;
    let config = Config {
        security: match input.setting & 3 {
            0 => Security::StartTlsRequired,
            1 => Security::DangerCleartext,
            _ => Security::Private,
        },
        tolerate: if bit(2) { QuirkSet::NONE } else { QuirkSet::ALL },
        pipelining: !bit(3),
        max_literal: 1 << 20,
        ..Config::default()
    };
    let client = Client::new(&mut scratch, &mut tx, config);
    let mut session =
        Session { client, told: Told::default(), calls: Vec::new(), newest: 0, work: (0, 0) };
    if bit(4) && config.security != Security::StartTlsRequired {
        session.select();
    }
    let (lines, mut calls) = (1 + usize::from(input.setting >> 5), input.calls.iter().cycle());
    let mut rest = input.octets;
    while !rest.is_empty() {
        let (front, behind) = group(rest, lines);
        rest = behind;
        let octets = with_tag(front, session.newest);
        let group = Input { octets: &octets, ..*input };
        if !session.feed(&if cut { group.cut() } else { group.whole() }) {
            return session.end();
        }
        if let Some(&choice) = calls.next() {
            session.call(choice);
        }
        session.send();
    }
    let eof = format!("{:?} {:?}", session.client.eof(), session.client.state());
    session.calls.push(eof);
    session.end()
}

impl Session<'_> {
    /// A mailbox is selected, and a FETCH is in flight.
    fn select(&mut self) {
        let said = ["* PREAUTH ready\r\n", "* 9 EXISTS\r\nAAA1 OK selected\r\n"];
        self.feed(&[said[0].as_bytes()]);
        self.client.select("INBOX".into()).expect("legal behind PREAUTH");
        self.send();
        self.feed(&[said[1].as_bytes()]);
        assert_eq!(self.client.state(), State::Selected);
        self.client.fetch(Sequence::ALL, &[FetchItem::Uid]).expect("legal in a mailbox");
        self.newest = 2;
        self.send();
    }

    /// Polls each read dry; whether the session goes on.
    fn feed(&mut self, reads: &[&[u8]]) -> bool {
        for &read in reads {
            let mut octets = read;
            self.work.0 += read.len();
            loop {
                match self.client.poll(&mut octets) {
                    Ok(Some(event)) => self.told.event(&event),
                    Ok(None) if octets.is_empty() => break,
                    // Behind the OK to COMPRESS nothing is taken before the caller has changed over (RFC 4978 §3).
                    Ok(None) => {
                        let changed = self.client.compression_established();
                        changed.expect("all is taken, unless COMPRESS was accepted");
                    }
                    Err(error) => {
                        // Whether the OK to STARTTLS was told before octets that were injected behind it were
                        // seen depends on the cut.
                        if error.violation == Violation::PlaintextAfterStartTls {
                            self.told = Told::default();
                            self.calls.clear();
                        }
                        self.told.line(format!("{error:?}"));
                        assert_eq!(self.client.poll(&mut octets).unwrap_err(), error, "for good");
                        assert!(
                            self.client.outgoing().is_empty(),
                            "a failed session sends nothing"
                        );
                        assert_eq!(self.client.noop(), Err(LocalError::Closed));
                        return false;
                    }
                }
                self.work.1 += 1;
                assert!(self.work.1 <= 4 * self.work.0 + 64, "more events than octets");
            }
        }
        true
    }

    fn send(&mut self) {
        let sent = self.client.outgoing();
        assert!(
            !sent.windows(8).any(|window| window == b"INJECTED"),
            "an argument became a command"
        );
        if !sent.is_empty() {
            self.calls.push(format!("sent {}", sent.escape_ascii()));
        }
        let length = sent.len();
        self.client.sent(length);
    }

    fn end(self) -> (Vec<String>, Vec<String>) {
        (self.told.into_lines(), self.calls)
    }

    /// Makes a call; whatever it says must be the same for every cut.
    fn call(&mut self, choice: u8) {
        let client = &mut self.client;
        let before = client.outgoing().to_vec();
        let answer = call(client, choice);
        match answer {
            Ok(Some(tag)) => self.newest = tag.0,
            Ok(None) => {}
            Err(_) => assert_eq!(client.outgoing(), before, "a refusal sends nothing"),
        }
        self.calls.push(format!("{answer:?}"));
    }
}

fn call(client: &mut Client<'_>, choice: u8) -> Result<Option<Tag>, LocalError> {
    let high = usize::from(choice >> 6);
    let number = u32::from(choice >> 6) + 1;
    let name: Mailbox<'_> = ["INBOX", "a b", "\u{fc}", "b"][high].into();
    let injection = INJECTIONS[high % INJECTIONS.len()];
    let whole = FetchItem::BodySection { section: BodySection::WHOLE, peek: true, partial: None };
    let items = [FetchItem::Uid, FetchItem::Flags, whole];
    Ok(Some(match choice & 63 {
        0 => client.capability()?,
        1 => client.starttls()?,
        2 => return client.tls_established().map(|()| None),
        3 => client.login(b"user", b"pass word")?,
        4 => client.authenticate(&mut Plain::new("", "user", "password").unwrap())?,
        5 => client.authenticate(&mut Login::new("user", "password").unwrap())?,
        6 => return client.respond(&mut Login::new("u", "p").unwrap()).map(|()| None),
        7 => return client.respond(&mut Plain::new("", "u", "p").unwrap()).map(|()| None),
        8 => return client.cancel().map(|()| None),
        9 => client.select(name)?,
        10 => client.examine(name)?,
        11 => client.create(Mailbox::Raw(b"two\r\nlines"))?,
        12 => client.delete(name)?,
        13 => client.rename(name, Mailbox::Raw(b"a\"b\xff"))?,
        14 => client.list("".into(), "*".into())?,
        15 => client.namespace()?,
        16 => client.enable(&["CONDSTORE", "UTF8=ACCEPT"])?,
        17 => client.append(name, &AppendOptions::default(), high as u64 * 5)?,
        18 => return client.upload(&[b'x'; 20][..high * 5]).map(|_| None),
        19 => return client.append_end().map(|()| None),
        20 => return client.append_next(&AppendOptions::default(), 3).map(|()| None),
        21 => client.idle()?,
        22 => return client.done().map(|()| None),
        23 => client.noop()?,
        24 => client.check()?,
        25 => client.close()?,
        26 => client.unselect()?,
        27 => client.expunge()?,
        28 => client.fetch(number.into(), &items)?,
        29 => client.uid_fetch(Sequence::ALL, &items)?,
        30 => client.store(number.into(), &Store::add(&[Flag::Seen]))?,
        31 => client.uid_store(Sequence::ALL, &Store::remove(&[Flag::Seen]))?,
        32 => client.copy(number.into(), name)?,
        33 => client.uid_move_to(number.into(), name)?,
        34 => client.search(&[SearchKey::Subject(b"\xff x")])?,
        35 => client.uid_search(&[SearchKey::Unseen])?,
        36 => client.compress()?,
        37 => return client.compression_established().map(|()| None),
        38 => client.unauthenticate()?,
        39 => client.id(&[("name", Some("x"))])?,
        40 => client.raw("X-NEW", &[Argument::Astring(b"\r\n")])?,
        41 => client.logout()?,
        42 => client.raw(std::str::from_utf8(injection).unwrap(), &[])?,
        43 => client.raw("X-NEW", &[Argument::Verbatim(injection)])?,
        44 => client.raw("X-NEW", &[Argument::Atom(injection)])?,
        45 => client.fetch(Sequence::Text(injection), &items)?,
        46 => client.fetch(1.into(), &[FetchItem::Other(injection)])?,
        47 => client.uid_search(&[SearchKey::Keyword(injection)])?,
        48 => return client.tick(u32::from(choice) << 10).map(|()| None).or(Ok(None)),
        _ => return Ok(None),
    }))
}
