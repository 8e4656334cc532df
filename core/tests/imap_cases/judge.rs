//! Runs a script in all the ways that it must come out alike, and holds what the client tells against what a
//! case expects and against the plain reader.

use mailproto_core::Violation;
use mailproto_core::imap::{Config, Oversize, Quirk, QuirkSet};

use crate::common::cuts::Cuts;
use crate::plain;
use crate::replay::{Outcome, Script, replay};
use crate::script::said;
use crate::told::{self, Response, Told};

/// What a case may come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expect {
    Ok,
    Lenient,
    Error,
    Incomplete,
}

/// How a case came out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Verdict {
    pub(crate) replays: usize,
    /// Something was mended: strict mode would have ended the session.
    pub(crate) mended: bool,
    /// Responses that say what the plain reader says.
    pub(crate) read_twice: usize,
    /// What the case means was compared.
    pub(crate) meaning: bool,
    /// Items that did not fit 512 octets.
    pub(crate) oversize: usize,
}

impl Verdict {
    pub(crate) fn add(&mut self, other: &Self) {
        self.replays += other.replays;
        self.mended |= other.mended;
        self.read_twice += other.read_twice;
        self.meaning |= other.meaning;
        self.oversize += other.oversize;
    }
}

/// What belongs to the moment in a session, not to the grammar: cases are single responses, out of their session.
const OF_THE_SESSION: [Quirk; 6] = [
    Quirk::UnexpectedContinuation,
    Quirk::UnexpectedResponse,
    Quirk::ExistsShrank,
    Quirk::UnexpectedExpunge,
    Quirk::BadMessageNumber,
    Quirk::UidNextShrank,
];

fn strict() -> Config {
    let tolerate = OF_THE_SESSION.into_iter().fold(QuirkSet::NONE, QuirkSet::with);
    Config { tolerate, ..Config::strict() }
}

fn of_grammar(quirk: Quirk) -> bool {
    !OF_THE_SESSION.contains(&quirk)
}

/// Runs a script; `Err` says what is not as expected.
pub(crate) fn judge(
    script: &Script,
    expect: Expect,
    meaning: &dyn Fn(&[Response]) -> Result<bool, String>,
) -> Result<Verdict, String> {
    let mut script = script.clone();
    script.eof = true;
    let octets = said(&script);
    let scratch = octets.len() + 1024;
    let whole = replay(&script, Config::lenient(), scratch, &Cuts::Nowhere);
    let mut verdict = Verdict { replays: 1, ..Verdict::default() };
    verdict.replays += at_every_split(&script, scratch, &whole)?;
    verdict.replays += in_small_memory(&script, &whole, &mut verdict.oversize)?;
    let responses = told::responses(&whole.told);
    verdict.mended = responses.iter().any(is_mended);
    verdict.replays += 1;
    let strictly = replay(&script, strict(), scratch, &Cuts::Nowhere);
    let noted =
        whole.told.iter().any(|told| matches!(told, Told::Quirk(quirk, _) if of_grammar(*quirk)));
    if strictly.failure.is_some() != noted && whole.failure.is_none() {
        return Err(format!("strict {:?} but {:?}", strictly.failure, whole.told));
    }
    let complete = plain::responses(&octets).1.is_empty();
    if !complete && whole.failure.is_none() && whole.eof != Some(Violation::UnexpectedEof) {
        return Err(format!("the end is {:?}", whole.eof));
    }
    match expect {
        Expect::Ok | Expect::Lenient => {
            if let Some(violation) = whole.failure {
                return Err(format!("fatal {violation:?} {:?}", whole.told));
            }
            verdict.read_twice = read_twice(&octets, &responses)?;
            verdict.meaning = meaning(&responses)?;
        }
        Expect::Error => {
            if strictly.failure.is_none() && !verdict.mended && complete {
                return Err(format!("not flagged: {responses:?}"));
            }
        }
        Expect::Incomplete => {
            let complete = plain::responses(&octets).0.len();
            if responses.len() != complete {
                return Err(format!("told of what is not complete: {responses:?}"));
            }
        }
    }
    Ok(verdict)
}

fn is_mended(response: &Response) -> bool {
    response.raw || response.quirks.iter().any(|&quirk| of_grammar(quirk))
}

/// Octet by octet, in threes, and at every two-way split of up to 4 kB: all must come to the same.
fn at_every_split(script: &Script, scratch: usize, whole: &Outcome) -> Result<usize, String> {
    let length = whole.octets;
    let most = if length <= 4096 { length } else { 0 };
    let mut replays = 0;
    for cuts in [Cuts::Every(1), Cuts::Every(3)].into_iter().chain((1..most).map(Cuts::Once)) {
        let cut = replay(script, Config::lenient(), scratch, &cuts);
        if cut != *whole {
            return Err(format!("{cuts:?} {}", difference(&whole.told, &cut.told)));
        }
        replays += 1;
    }
    Ok(replays)
}

fn difference(whole: &[Told], cut: &[Told]) -> String {
    let at = whole.iter().zip(cut).position(|(a, b)| a != b);
    let at = at.unwrap_or(whole.len().min(cut.len()));
    format!("event {at}: {:?} instead of {:?}", cut.get(at), whole.get(at))
}

/// With 512 octets of scratch nothing is lost but what is told as oversize, whatever the cut.
fn in_small_memory(
    script: &Script,
    whole: &Outcome,
    oversize: &mut usize,
) -> Result<usize, String> {
    const SCRATCH: usize = 512;
    let small = replay(script, Config::lenient(), SCRATCH, &Cuts::Nowhere);
    for cuts in [Cuts::Every(1), Cuts::Every(509)] {
        let cut = replay(script, Config::lenient(), SCRATCH, &cuts);
        if cut != small {
            let difference = difference(&small.told, &cut.told);
            return Err(format!("512 octets, {cuts:?} {difference}"));
        }
    }
    if small.failure != whole.failure {
        let told = small.told.last();
        return Err(format!("512 octets: {:?} {told:?}", small.failure));
    }
    *oversize = nothing_lost(&whole.told, &small.told)?;
    Ok(3)
}

/// Walks both: each event of `whole` is in `small`, or in its place stands that something did not fit. What is
/// noted may be noted elsewhere, and not about what was skipped, but nothing is noted that is not so.
fn nothing_lost(whole: &[Told], small: &[Told]) -> Result<usize, String> {
    let noted = |told: &&Told| matches!(told, Told::Quirk(..));
    for event in small.iter().filter(noted) {
        if !whole.iter().any(|other| same_quirk(event, other)) {
            return Err(format!("512 octets: {event:?} is noted"));
        }
    }
    let events =
        |told: &[Told]| told.iter().filter(|told| !noted(told)).cloned().collect::<Vec<_>>();
    let (whole, small) = (events(whole), events(small));
    let (mut count, mut rest) = (0, &whole[..]);
    for (at, event) in small.iter().enumerate() {
        if let Told::Oversize(what, _) = event {
            count += 1;
            rest = without(rest, *what);
            continue;
        }
        let cut = matches!(small.get(at + 1), Some(Told::Oversize(Oversize::Text, _)));
        match rest.split_first() {
            Some((next, later)) if event == next || (cut && is_beginning(event, next)) => {
                rest = later;
            }
            other => {
                let other = other.map(|(next, _)| next);
                return Err(format!("512 octets: {event:?} in the place of {other:?}"));
            }
        }
    }
    if rest.is_empty() { Ok(count) } else { Err(format!("512 octets: {rest:?} is lost")) }
}

fn same_quirk(one: &Told, other: &Told) -> bool {
    matches!((one, other), (Told::Quirk(one, _), Told::Quirk(other, _)) if one == other)
}

/// Without what did not fit.
fn without(rest: &[Told], what: Oversize) -> &[Told] {
    let end = match (what, rest.first()) {
        // Of a text the beginning was told already.
        (Oversize::Text, _) | (_, None) => 0,
        (Oversize::Response, Some(Told::FetchStart(_))) => end(rest, &Told::FetchEnd),
        (Oversize::Response, Some(Told::Begin(listing))) => end(rest, &Told::End(*listing)),
        (Oversize::Item, Some(Told::BodyStart(..))) => end(rest, &Told::BodyEnd),
        _ => 1,
    };
    &rest[end..]
}

/// Behind the first of these.
fn end(rest: &[Told], last: &Told) -> usize {
    rest.iter().position(|told| told == last).map_or(rest.len(), |at| at + 1)
}

/// Whether `event` is the beginning of `whole`, which is a status response or what cannot be read.
fn is_beginning(event: &Told, whole: &Told) -> bool {
    match (event, whole) {
        (Told::Raw(event), Told::Raw(whole)) => whole.starts_with(event),
        (Told::Line(event), Told::Line(whole)) => match (event.list(), whole.list()) {
            ([tag, word, code, text], [whole_tag, whole_word, whole_code, whole_text]) => {
                // Of a list of capabilities the beginning is told; another code that was cut is text.
                let cut = (whole_code.list().starts_with(code.list()) && text.octets().is_empty())
                    || (code.is_nil() && text.octets().starts_with(b"["));
                let same = code == whole_code && whole_text.octets().starts_with(text.octets());
                (tag, word) == (whole_tag, whole_word) && (same || cut)
            }
            _ => false,
        },
        _ => false,
    }
}

/// Holds the responses against those of the plain reader; returns how many were compared.
fn read_twice(octets: &[u8], responses: &[Response]) -> Result<usize, String> {
    let (plain, _) = plain::responses(octets);
    let mut compared = 0;
    if plain.len() != responses.len() {
        // Where something was mended the plain reader may have lost the thread.
        if !responses.iter().any(is_mended) {
            return Err(format!(
                "{} responses, not {}: {responses:?}",
                responses.len(),
                plain.len()
            ));
        }
        for response in responses.iter().filter(|response| !is_mended(response)) {
            if !plain.iter().any(|other| says(response, other)) {
                return Err(format!("{:?} was not said", response.tree));
            }
            compared += 1;
        }
        return Ok(compared);
    }
    for (response, other) in responses.iter().zip(&plain) {
        if is_mended(response) {
            continue;
        }
        if !says(response, other) {
            return Err(format!("{:?} instead of {:?}", response.tree, other.tree));
        }
        compared += 1;
    }
    Ok(compared)
}

fn says(response: &Response, other: &plain::Response) -> bool {
    let tree = plain::normal(&response.tree);
    // IDLE and APPEND take no notice of the text.
    let plus = matches!(tree.list(), [only] if only.is_word("+"));
    tree.says(&other.tree) || (plus && other.octets.starts_with(b"+"))
}
