//! Every transcript of the corpus tells what it must, and sends what it must.
#![cfg(all(feature = "pop3", feature = "sasl-all", feature = "apop"))]

mod common;

use common::client::replay;
use common::corpus;
use common::cuts::Cuts;
use common::script::Script;

#[test]
fn every_transcript_tells_the_events_and_sends_the_octets_that_stand_in_it() {
    let mut failures = 0;
    let scripts = corpus("pop3", Script::parse);
    assert!(scripts.len() >= 30, "the corpus is there");
    for script in &scripts {
        let outcome = replay(script, &Cuts::Nowhere);
        let (told, expected) = (outcome.log.events(), script.expected.clone().unwrap());
        if let Some(difference) = first_difference(&expected, &told) {
            failures += 1;
            println!("{}: {difference}", script.name);
        }
        let (sent, said) = (outcome.log.all_sent(), script.client_octets());
        if sent != said {
            failures += 1;
            println!(
                "{}: sent {}\n  not {}",
                script.name,
                sent.escape_ascii(),
                said.escape_ascii()
            );
        }
    }
    assert_eq!(failures, 0, "see above");
    println!("{} transcripts", scripts.len());
}

fn first_difference(expected: &[String], told: &[String]) -> Option<String> {
    let longest = expected.len().max(told.len());
    let at = (0..longest).find(|&at| expected.get(at) != told.get(at))?;
    let show = |lines: &[String]| lines.get(at).map_or("nothing more".into(), Clone::clone);
    Some(format!("event {at}\n  expected {}\n  told     {}", show(expected), show(told)))
}
