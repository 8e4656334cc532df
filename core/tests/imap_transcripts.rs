//! Every IMAP transcript of the corpus tells what it must, and sends what it must; and what is told does not depend on
//! how the server's octets were cut into reads.
//!
//! The words are those of `common/script.rs`; events are written as in `imap_hostile/told.rs`. A `C:` line that begins
//! with a tag is a command, made by the method that writes it; other `C:` lines are what goes on: the octets of a
//! literal, a response of SASL, `DONE`, the message of an APPEND and the empty line that ends it.
#![cfg(all(feature = "imap-all", feature = "pop3", feature = "sasl-all", feature = "apop"))]

mod common;

#[path = "imap_hostile/session.rs"]
#[allow(dead_code)]
mod session;
#[path = "imap_hostile/told.rs"]
mod told;
#[path = "imap_hostile/transcript.rs"]
mod transcript;

use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

use common::corpus;
use common::cuts::Cuts;
use common::script::Script;
use transcript::replay;

/// The least that is promised to work, a page, and what holds nearly all.
const SCRATCHES: [usize; 3] = [512, 1024, 4096];

const RANDOM_SPLITS: u64 = 16;

fn scripts() -> Vec<Script> {
    let scripts = corpus("imap", Script::parse);
    assert!(scripts.len() >= 25, "the corpus is there");
    scripts
}

#[test]
fn every_transcript_tells_the_events_and_sends_the_octets_that_stand_in_it() {
    let mut failures = 0;
    let scripts = scripts();
    for script in &scripts {
        let outcome = replay(script, &Cuts::Nowhere, script.settings.scratch);
        let expected = script.expected.clone().unwrap();
        if let Some(difference) = first_difference(&expected, &outcome.told) {
            failures += 1;
            println!("{}: {difference}", script.name);
        }
        let said = script.client_octets();
        if outcome.sent != said {
            failures += 1;
            let (sent, said) = (outcome.sent.escape_ascii(), said.escape_ascii());
            println!("{}: sent {sent}\n  not {said}", script.name);
        }
    }
    assert_eq!(failures, 0, "see above");
    println!("{} transcripts", scripts.len());
}

#[test]
fn events_do_not_depend_on_the_cuts() {
    let scripts = scripts();
    let (next, replays) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|threads| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            threads.spawn(|| {
                while let Some(script) = scripts.get(next.fetch_add(1, Relaxed)) {
                    replays.fetch_add(does_not_depend_on_the_cuts(script), Relaxed);
                }
            });
        }
    });
    println!("{} transcripts, {replays:?} replays", scripts.len());
}

fn does_not_depend_on_the_cuts(script: &Script) -> usize {
    let mut replays = 0;
    for scratch in SCRATCHES {
        let whole = replay(script, &Cuts::Nowhere, scratch);
        for cuts in all_cuts(script.server_octets().len()) {
            let cut = replay(script, &cuts, scratch);
            assert_eq!(cut, whole, "{} cut {cuts:?}, scratch {scratch}", script.name);
            replays += 1;
        }
    }
    replays
}

fn all_cuts(length: usize) -> impl Iterator<Item = Cuts> {
    let every = [1, 2, 3, 5, 7, 16, 61].map(Cuts::Every);
    let random = (0..RANDOM_SPLITS).map(Cuts::Random);
    every.into_iter().chain((1..length).map(Cuts::Once)).chain(random)
}

fn first_difference(expected: &[String], told: &[String]) -> Option<String> {
    let longest = expected.len().max(told.len());
    let at = (0..longest).find(|&at| expected.get(at) != told.get(at))?;
    let show = |lines: &[String]| lines.get(at).map_or("nothing more".into(), Clone::clone);
    Some(format!("event {at}\n  expected {}\n  told     {}", show(expected), show(told)))
}
