//! Every transcript of a server's session says what it must, however the client's octets are cut and in
//! whatever pieces the host hands over the messages.
#![cfg(all(feature = "pop3", feature = "server", feature = "sasl-all", feature = "apop"))]

mod common;

use common::corpus;
use common::cuts::Cuts;
use common::log::Entry;
use common::server::{ServerScript, matches_words, replay};

fn scripts() -> Vec<ServerScript> {
    let scripts = corpus("pop3-server", ServerScript::parse);
    assert!(scripts.len() >= 30, "the corpus is there");
    scripts
}

#[test]
fn every_transcript_is_answered_as_it_stands_in_it() {
    let mut failures = 0;
    for script in scripts() {
        let outcome = replay(&script, &Cuts::Nowhere);
        let said = outcome.log.all_sent();
        if !matches_words(&said, &script.said) {
            failures += 1;
            let (said, wanted) = (said.escape_ascii(), script.said.escape_ascii());
            println!("{}\n  said   {said}\n  wanted {wanted}", script.name);
        }
        let told: Vec<&String> = outcome.log.0.iter().filter_map(told).collect();
        if told != script.expected.iter().collect::<Vec<_>>() {
            failures += 1;
            println!("{}: {told:?}, not {:?}", script.name, script.expected);
        }
    }
    assert_eq!(failures, 0, "see above");
}

fn told(entry: &Entry) -> Option<&String> {
    match entry {
        Entry::Event(line)
            if ["update", "fatal", "eof"].iter().any(|word| line.starts_with(word)) =>
        {
            Some(line)
        }
        _ => None,
    }
}

#[test]
fn answers_do_not_depend_on_the_cuts() {
    let mut replays = 0;
    for script in scripts() {
        let whole = replay(&script, &Cuts::Nowhere).without_injected_handshake();
        let length = script.client_octets();
        let every = [1, 2, 3, 5, 7, 16, 61].map(Cuts::Every);
        let random = (0..32).map(Cuts::Random);
        for cuts in every.into_iter().chain((1..length).map(Cuts::Once)).chain(random) {
            let cut = replay(&script, &cuts).without_injected_handshake();
            assert_eq!(cut, whole, "{} cut {cuts:?}", script.name);
            replays += 1;
        }
    }
    println!("{replays} replays");
}
