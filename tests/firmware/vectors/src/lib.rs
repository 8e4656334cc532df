//! The vector suite: every transcript of the corpus, and mutilated ones, replayed at several cuts. It needs no
//! host: the same program runs on a chip and on a computer, and both must come to the same verdicts.
//!
//! A verdict is a line: the transcript's name, a digest of all that the engine told and sent, and the
//! number of replays that it came out the same.
#![no_std]

extern crate alloc;

#[allow(dead_code, unused_imports)]
#[macro_use]
mod host;

mod digest;
mod mutant;

/// The player of the engine's tests (`core/tests/common`).
#[allow(dead_code, unused_imports)]
mod common {
    pub(crate) mod client {
        include!(concat!(env!("OUT_DIR"), "/client.rs"));
    }
    pub(crate) mod cuts {
        include!(concat!(env!("OUT_DIR"), "/cuts.rs"));
    }
    pub(crate) mod log {
        include!(concat!(env!("OUT_DIR"), "/log.rs"));
    }
    pub(crate) mod script {
        include!(concat!(env!("OUT_DIR"), "/script.rs"));
    }
    pub(crate) mod server {
        include!(concat!(env!("OUT_DIR"), "/server.rs"));
    }
}

/// The player for IMAP (`core/tests/imap_hostile`).
#[allow(dead_code, unused_imports)]
mod imap {
    pub(crate) mod session {
        include!(concat!(env!("OUT_DIR"), "/session.rs"));
    }
    pub(crate) mod told {
        include!(concat!(env!("OUT_DIR"), "/told.rs"));
    }
    pub(crate) mod transcript {
        include!(concat!(env!("OUT_DIR"), "/transcript.rs"));
    }
}

use alloc::format;
use alloc::string::String;

use common::client;
use common::cuts::Cuts;
use common::script::Script;
use common::server::{self, ServerScript};
use digest::Digest;
use imap::transcript;

include!(concat!(env!("OUT_DIR"), "/corpus.rs"));

/// Where verdicts go, a line each.
pub type Print<'p> = &'p mut dyn FnMut(&str);

/// How many mutilated ones are made of each transcript.
const MUTANTS: u64 = 4;

/// The larger scratch buffer; the smaller is what the transcript asks for.
const LARGE: usize = 4096;

/// Replays everything. Whether all came out as it stands in the transcripts, at every cut.
pub fn run(print: Print<'_>) -> bool {
    let mut suite = Suite { print, passed: true };
    for (name, text) in IMAP {
        suite.imap(&Script::parse(name, text));
    }
    for (name, text) in POP3 {
        suite.pop3(&Script::parse(name, text));
    }
    for (name, text) in POP3_SERVER {
        suite.pop3_server(&ServerScript::parse(name, text));
    }
    suite.passed
}

struct Suite<'p> {
    print: Print<'p>,
    passed: bool,
}

impl Suite<'_> {
    fn imap(&mut self, script: &Script) {
        let name = format!("imap/{}", script.name);
        let outcome = transcript::replay(script, &Cuts::Nowhere, script.settings.scratch);
        self.demand(&name, "told", Some(outcome.told) == script.expected);
        self.demand(&name, "sent", outcome.sent == script.client_octets());
        let play = |script: &Script, cuts: &Cuts, scratch: usize| {
            let outcome = transcript::replay(script, cuts, scratch);
            let told = outcome.told.iter().map(String::as_bytes);
            let lines = told.chain([&outcome.sent[..]]);
            Digest::of(lines, &(outcome.failure, outcome.state, outcome.messages))
        };
        self.at_every_cut(&name, script, &play);
        if mutant::fits_imap(script) {
            self.mutants(&name, script, &play);
        }
    }

    fn pop3(&mut self, script: &Script) {
        let name = format!("pop3/{}", script.name);
        let outcome = client::replay(script, &Cuts::Nowhere);
        self.demand(&name, "told", Some(outcome.log.events()) == script.expected);
        self.demand(&name, "sent", outcome.log.all_sent() == script.client_octets());
        let play = |script: &Script, cuts: &Cuts, scratch: usize| {
            let outcome = client::replay_with(script, cuts, scratch).without_injected_handshake();
            Digest::of_log(&outcome.log, &(outcome.failure, outcome.state))
        };
        self.at_every_cut(&name, script, &play);
        if mutant::fits_pop3(script) {
            self.mutants(&name, script, &play);
        }
    }

    fn pop3_server(&mut self, script: &ServerScript) {
        let name = format!("pop3-server/{}", script.name);
        let outcome = server::replay(script, &Cuts::Nowhere);
        let said = server::matches_words(&outcome.log.all_sent(), &script.said);
        self.demand(&name, "said", said);
        let play = |cuts: &Cuts| {
            let outcome = server::replay(script, cuts).without_injected_handshake();
            Digest::of_log(&outcome.log, &outcome.state)
        };
        let digest = play(&Cuts::Nowhere);
        let mut replays = 1;
        for cuts in some_cuts(script.client_octets()) {
            self.demand(&name, "depends on the cut", play(&cuts) == digest);
            replays += 1;
        }
        self.verdict(&name, digest, replays);
    }

    /// The transcript as it is, in reads of several lengths, with two scratch buffers.
    fn at_every_cut(&mut self, name: &str, script: &Script, play: &Play<'_>) {
        for scratch in [script.settings.scratch, LARGE] {
            let digest = play(script, &Cuts::Nowhere, scratch);
            let mut replays = 1;
            for cuts in some_cuts(script.server_octets().len()) {
                let same = play(script, &cuts, scratch) == digest;
                self.demand(name, "depends on the cut", same);
                replays += 1;
            }
            self.verdict(&format!("{name} {scratch}"), digest, replays);
        }
    }

    /// What a server says that has lost its mind: the same verdict at each cut, whatever it is.
    fn mutants(&mut self, name: &str, script: &Script, play: &Play<'_>) {
        let scratch = script.settings.scratch;
        let mut all = Digest::default();
        for seed in 0..MUTANTS {
            let mutant = mutant::of(script, seed);
            let digest = play(&mutant, &Cuts::Nowhere, scratch);
            for cuts in [Cuts::Every(1), Cuts::Every(7)] {
                let same = play(&mutant, &cuts, scratch) == digest;
                self.demand(name, "a mutant depends on the cut", same);
            }
            all.add(&digest.0.to_be_bytes());
        }
        self.verdict(&format!("{name} mutants"), all, 3 * MUTANTS);
    }

    fn demand(&mut self, name: &str, what: &str, holds: bool) {
        if !holds {
            (self.print)(&format!("FAILED {name}: {what}"));
            self.passed = false;
        }
    }

    fn verdict(&mut self, name: &str, digest: Digest, replays: u64) {
        (self.print)(&format!("{name} {:016x} {replays}", digest.0));
    }
}

/// Replays a transcript, cut so, with a scratch buffer of so many octets.
type Play<'p> = dyn Fn(&Script, &Cuts, usize) -> Digest + 'p;

/// Octet by octet, in short reads, in random ones, and once at eight places.
fn some_cuts(length: usize) -> impl Iterator<Item = Cuts> {
    let every = [1, 2, 3, 7, 16, 61].map(Cuts::Every);
    let once = (1..8).map(move |eighth| Cuts::Once(length * eighth / 8));
    every.into_iter().chain(once).chain((0..2).map(Cuts::Random))
}
