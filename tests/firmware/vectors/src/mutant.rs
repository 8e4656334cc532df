//! Mutilated transcripts: the client says what it would have said, but the server's octets are damaged, in a
//! way that the seed decides.

use alloc::vec::Vec;

use crate::common::cuts::Random;
use crate::common::script::{Script, Step};

/// What the grammars are sensitive to.
const TELLING: &[u8] = b"(){}[]<>\"\\\r\n \0*+.0194294967296~\xff";

/// In transcripts with a handshake the player insists on it.
pub(crate) fn fits_imap(script: &Script) -> bool {
    !script.steps.iter().any(|step| matches!(step, Step::Tls))
}

/// In those with AUTH it takes what follows for responses, and on a refusal it insists.
pub(crate) fn fits_pop3(script: &Script) -> bool {
    let insists = |step: &Step| match step {
        Step::Client(line, _) => line.starts_with(b"AUTH"),
        step => matches!(step, Step::Refused(..)),
    };
    !script.steps.iter().any(insists)
}

/// The transcript with damage in everything that the server says.
pub(crate) fn of(script: &Script, seed: u64) -> Script {
    let mut random = Random::new(seed + 1);
    let mut mutant = script.clone();
    for step in &mut mutant.steps {
        if let Step::Server(octets) = step {
            damage(octets, &mut random);
        }
    }
    mutant
}

/// Once in a hundred octets, and at least once in two steps.
fn damage(octets: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..octets.len() / 100 + random.below(2) {
        let at = random.below(octets.len());
        let end = (at + 1 + random.below(12)).min(octets.len());
        match random.below(4) {
            0 => octets.get_mut(at).into_iter().for_each(|octet| *octet = telling(random)),
            1 => octets.insert(at, telling(random)),
            2 => drop(octets.drain(at.min(end)..end)),
            _ => {
                let again = octets[at.min(end)..end].to_vec();
                octets.splice(at..at, again).for_each(drop);
            }
        }
    }
}

fn telling(random: &mut Random) -> u8 {
    TELLING[random.below(TELLING.len())]
}
