//! A walk through the fields of IMAP responses: each is looked at, and what a corpus counts is
//! counted.

use std::hint::black_box;

/// What is in a corpus, or was found there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) responses: u64,
    pub(crate) uid_sum: u64,
    pub(crate) flags: u64,
    pub(crate) size_sum: u64,
    /// Those of attached messages among them.
    pub(crate) envelopes: u64,
    /// Those that are not multiparts.
    pub(crate) parts: u64,
    pub(crate) body_bytes: u64,
    pub(crate) body_sum: u64,
}

/// What was found so far, and a sum of all that was looked at.
pub(crate) struct Walk {
    pub(crate) totals: Totals,
    check: bool,
    seen: u64,
}

impl Walk {
    /// With `check` the octets of bodies are summed, else they are only counted.
    pub(crate) fn new(check: bool) -> Self {
        Self { totals: Totals::default(), check, seen: 0 }
    }

    /// Looks at a string.
    pub(crate) fn text(&mut self, octets: &[u8]) {
        self.seen = self.seen.wrapping_add(black_box(octets).len() as u64);
    }

    /// Looks at a string that may be NIL.
    #[cfg(feature = "peers")]
    pub(crate) fn optional(&mut self, octets: Option<&[u8]>) {
        match octets {
            Some(octets) => self.text(octets),
            None => self.number(0u8),
        }
    }

    /// Looks at a number, or at a value that is no string.
    pub(crate) fn number(&mut self, number: impl Into<u64>) {
        self.seen = self.seen.wrapping_add(black_box(number.into()));
    }

    /// Looks at octets of a body.
    pub(crate) fn body(&mut self, octets: &[u8]) {
        self.totals.body_bytes += black_box(octets).len() as u64;
        if self.check {
            self.totals.body_sum += octets.iter().map(|&octet| u64::from(octet)).sum::<u64>();
        }
    }

    pub(crate) fn finish(self) -> Totals {
        black_box(self.seen);
        self.totals
    }
}
