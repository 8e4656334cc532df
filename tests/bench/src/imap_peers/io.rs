//! io-imap: coroutines over imap-codec and its fragmentizer. One gathers the whole answer to a
//! FETCH, another streams the bodies and sees nothing else but UIDs.

use io_imap::codec::fragmentizer::Fragmentizer;
use io_imap::codec::imap_types::fetch::{Macro, MacroOrMessageDataItemNames};
use io_imap::codec::imap_types::sequence::SequenceSet;
use io_imap::coroutine::{ImapCoroutine, ImapCoroutineState, ImapYield};
use io_imap::rfc3501::fetch::{ImapMessageFetch, ImapMessageFetchOptions};
use io_imap::rfc3501::fetch_stream_batch::{
    ImapMessageFetchStreamBatch, ImapMessageFetchStreamBatchYield as Yield,
};

use super::codec::items;
use crate::imap::{Contestant, Standing};
use crate::walk::{Totals, Walk};

/// As its own client has them.
const MAX_MESSAGE: u32 = 100 * 1024 * 1024;
const READ: usize = 16 * 1024;
const BODY_READ: usize = 128 * 1024;

/// FETCH as a command whose answer is kept until it is complete.
pub(super) struct Fetched;

impl Contestant for Fetched {
    fn name(&self) -> &'static str {
        "io-imap 0.7.1, FETCH"
    }

    fn run(&mut self, corpus: &[u8], read: usize, check: bool) -> Totals {
        let mut fragmentizer = Fragmentizer::new(MAX_MESSAGE);
        let names = MacroOrMessageDataItemNames::Macro(Macro::Full);
        let mut fetch = ImapMessageFetch::new(all(), names, ImapMessageFetchOptions::default());
        let sent = fetch.resume(&mut fragmentizer, None);
        let ImapCoroutineState::Yielded(ImapYield::WantsWrite(command)) = sent else {
            panic!("{sent:?}");
        };
        let (done, mut reads, mut arrived) = (completion(&command), corpus.chunks(read), None);
        let answer = loop {
            match fetch.resume(&mut fragmentizer, arrived.take()) {
                ImapCoroutineState::Yielded(ImapYield::WantsRead) => {
                    arrived = Some(reads.next().unwrap_or(&done));
                }
                ImapCoroutineState::Complete(answer) => break answer.expect("a sound answer"),
                other => panic!("{other:?}"),
            }
        };
        let mut walk = Walk::new(check);
        for (message, all) in &answer {
            walk.number(message.get());
            items(all.as_ref(), &mut walk);
        }
        walk.finish()
    }
}

/// FETCH of bodies alone, which go past its buffers where they can.
pub(super) struct Streamed;

impl Contestant for Streamed {
    fn name(&self) -> &'static str {
        "io-imap 0.7.1, streamed (UID and body only)"
    }

    fn standing(&self) -> Standing {
        Standing::Partial
    }

    fn finds(&self, all: &Totals) -> Option<Totals> {
        (all.body_bytes > 0).then_some(Totals { flags: 0, ..*all })
    }

    fn run(&mut self, corpus: &[u8], read: usize, check: bool) -> Totals {
        let mut walk = Walk::new(check);
        let mut fragmentizer = Fragmentizer::new(MAX_MESSAGE);
        let mut fetch = ImapMessageFetchStreamBatch::new(all(), true);
        let sent = fetch.resume(&mut fragmentizer, None);
        let ImapCoroutineState::Yielded(Yield::WantsWrite(command)) = sent else {
            panic!("{sent:?}");
        };
        let (done, mut rest, mut arrived) = (completion(&command), corpus, None);
        loop {
            match fetch.resume(&mut fragmentizer, arrived.take()) {
                ImapCoroutineState::Yielded(Yield::WantsRead) if rest.is_empty() => {
                    arrived = Some(&done[..]);
                }
                ImapCoroutineState::Yielded(Yield::WantsRead) => {
                    arrived = Some(take(&mut rest, read.min(READ)));
                }
                ImapCoroutineState::Yielded(Yield::MessageStart { uid }) => {
                    walk.totals.responses += 1;
                    walk.totals.uid_sum += u64::from(uid);
                }
                ImapCoroutineState::Yielded(Yield::BodyChunk(octets)) => walk.body(&octets),
                ImapCoroutineState::Yielded(Yield::WantsStream { len }) => {
                    let mut body = take(&mut rest, len as usize);
                    while !body.is_empty() {
                        walk.body(take(&mut body, read.min(BODY_READ)));
                    }
                }
                ImapCoroutineState::Yielded(Yield::MessageEnd) => {}
                ImapCoroutineState::Yielded(other) => panic!("{other:?}"),
                ImapCoroutineState::Complete(answer) => break answer.expect("a sound answer"),
            }
        }
        walk.finish()
    }
}

/// Every message.
fn all() -> SequenceSet {
    "1:*".try_into().expect("a sequence set")
}

/// What ends the answer to a command; the corpora have no tags.
fn completion(command: &[u8]) -> Vec<u8> {
    let tag = command.split(|&octet| octet == b' ').next().unwrap_or_default();
    [tag, b" OK done\r\n"].concat()
}

/// Takes no more than `most` octets off the front.
fn take<'c>(rest: &mut &'c [u8], most: usize) -> &'c [u8] {
    let (taken, left) = rest.split_at(most.min(rest.len()));
    *rest = left;
    taken
}
