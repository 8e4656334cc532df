//! The peers from the crate registry, each driven as its users must drive it.

use crate::imap::{Contestant, Standing};
use crate::walk::{Totals, Walk};

mod codec;
mod io;
mod proto;

/// All of them.
pub(crate) fn contestants() -> Vec<Box<dyn Contestant>> {
    vec![
        Box::new(Gathering::new("imap-codec 1.0.0", codec::decode_1)),
        Box::new(Gathering::new("imap-codec 2.0.0-alpha.10", codec::decode_2)),
        Box::new(codec::Fragmented),
        Box::new(Gathering::new("imap-proto 0.16.7", proto::parse_016)),
        Box::new(Gathering::new("imap-proto 0.17.0", proto::parse_017)),
        Box::new(Gathering::by_lines("imap-proto 0.16.7, by lines", proto::parse_016)),
        Box::new(Gathering::by_lines("imap-proto 0.17.0, by lines", proto::parse_017)),
        Box::new(io::Fetched),
        Box::new(io::Streamed),
    ]
}

/// What a parser that wants a response whole made of the octets it was shown.
enum Parsed {
    /// It took a response of so many octets and walked through it.
    Response(usize),
    /// It will not succeed before the response has so many octets, as far as it told.
    Short(usize),
}

/// Takes the first response of the octets and walks through it.
type Parse = fn(&[u8], &mut Walk) -> Parsed;

/// A parser that begins anew with every read until it has a whole response, and the buffer that its
/// user keeps for it: what lies whole in a read is parsed where it lies, and only what a read has
/// cut is gathered.
struct Gathering {
    name: &'static str,
    parse: Parse,
    /// Its user asks it again only when the end of a line has come, as the crate `imap` does.
    by_lines: bool,
}

impl Gathering {
    fn new(name: &'static str, parse: Parse) -> Self {
        Self { name, parse, by_lines: false }
    }

    fn by_lines(name: &'static str, parse: Parse) -> Self {
        Self { name, parse, by_lines: true }
    }

    /// Parses whole responses; returns how many octets they took, and how many the next one needs.
    fn parse_all(&self, octets: &[u8], walk: &mut Walk) -> (usize, usize) {
        let mut taken = 0;
        while taken < octets.len() && (taken == 0 || self.is_worth_asking(&octets[taken..])) {
            match (self.parse)(&octets[taken..], walk) {
                Parsed::Response(response) => taken += response,
                Parsed::Short(needed) => return (taken, needed),
            }
        }
        (taken, 0)
    }

    /// Whether these further octets may end a response.
    fn is_worth_asking(&self, octets: &[u8]) -> bool {
        !self.by_lines || octets.contains(&b'\n')
    }
}

impl Contestant for Gathering {
    fn name(&self) -> &'static str {
        self.name
    }

    fn standing(&self) -> Standing {
        if self.by_lines { Standing::Helped } else { Standing::Peer }
    }

    fn run(&mut self, corpus: &[u8], read: usize, check: bool) -> Totals {
        let (mut walk, mut held, mut needed) = (Walk::new(check), Vec::new(), 0);
        for chunk in corpus.chunks(read) {
            let mut taken = 0;
            if held.is_empty() {
                (taken, needed) = self.parse_all(chunk, &mut walk);
                held.extend_from_slice(&chunk[taken..]);
                continue;
            }
            held.extend_from_slice(chunk);
            if held.len() >= needed && self.is_worth_asking(chunk) {
                (taken, needed) = self.parse_all(&held, &mut walk);
            }
            held.drain(..taken);
        }
        walk.finish()
    }
}
