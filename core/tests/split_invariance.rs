//! The events do not depend on how the stream was cut (RFC 1939 knows no packets): every
//! transcript of the corpus, whole, octet by octet, at every two-way split and at random splits.
#![cfg(all(feature = "pop3", feature = "sasl-all", feature = "apop"))]

mod common;

use common::corpus;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

use common::client::replay_with;
use common::cuts::Cuts;
use common::script::Script;

/// The smallest scratch buffer that the documentation names, the least that RFC 1939's lines need,
/// and one that holds anything.
const SCRATCHES: [usize; 3] = [256, 512, 4096];

const RANDOM_SPLITS: u64 = 32;

#[test]
fn client_events_do_not_depend_on_the_cuts() {
    let scripts = corpus("pop3", Script::parse);
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
        let whole = replay_with(script, &Cuts::Nowhere, scratch).without_injected_handshake();
        for cuts in all_cuts(script.server_octets().len()) {
            let cut = replay_with(script, &cuts, scratch).without_injected_handshake();
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
