//! The events do not depend on how the stream was cut (RFC 1939 knows no packets): every
//! transcript of the corpus, whole, octet by octet, at every two-way split and at random splits.
#![cfg(all(feature = "pop3", feature = "sasl-all", feature = "apop"))]

mod common;

use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

use common::client::{Outcome, replay_with};
use common::cuts::Cuts;
use common::script::Script;
use common::{log::Entry, root};

/// The smallest scratch buffer that the documentation names, the least that RFC 1939's lines need,
/// and one that holds anything.
const SCRATCHES: [usize; 3] = [256, 512, 4096];

const RANDOM_SPLITS: u64 = 32;

#[test]
fn client_events_do_not_depend_on_the_cuts() {
    let scripts = Script::folder(&root().join("tests/corpus/pop3"));
    assert!(scripts.len() >= 30, "the corpus is there");
    let next = AtomicUsize::new(0);
    let replays = AtomicUsize::new(0);
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
        let whole = normal(replay_with(script, &Cuts::Nowhere, scratch));
        for cuts in all_cuts(script.server_octets().len()) {
            let cut = normal(replay_with(script, &cuts, scratch));
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

/// The one thing that a cut may change: octets that stand directly behind the answer to STLS are
/// seen with it, and its completion is not told at all, or they come later, and it has been.
fn normal(mut outcome: Outcome) -> Outcome {
    let entries = &mut outcome.log.0;
    let injected = matches!(entries.last(), Some(Entry::Event(line))
        if line.starts_with("fatal PlaintextAfterStls"));
    if injected {
        entries.retain(
            |entry| !matches!(entry, Entry::Event(line) if line.starts_with("completed STLS Ok")),
        );
    }
    outcome
}
