//! What a replay came to, in eight octets: FNV-1a over the lines.

use alloc::format;
use core::fmt::Debug;

use crate::common::log::{Entry, Log};

/// FNV-1a of 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Digest(pub(crate) u64);

impl Default for Digest {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Digest {
    /// Of lines, and of how it ended.
    pub(crate) fn of<'l>(lines: impl Iterator<Item = &'l [u8]>, end: &dyn Debug) -> Self {
        let mut digest = Self::default();
        lines.for_each(|line| digest.line(line));
        digest.line(format!("{end:?}").as_bytes());
        digest
    }

    /// Of a log, in which what was told and what was sent stand in order.
    pub(crate) fn of_log(log: &Log, end: &dyn Debug) -> Self {
        let lines = log.0.iter().map(|entry| match entry {
            Entry::Event(line) => line.as_bytes(),
            Entry::Data(octets) | Entry::Sent(octets) => octets,
        });
        Self::of(lines, end)
    }

    /// A response that is read whole and one that is read in parts differ in the place of a quirk, by spaces and a
    /// line's end; with the features of chips all are read in parts. So its place does not count.
    fn line(&mut self, line: &[u8]) {
        let is_quirk = line.starts_with(b"quirk ");
        self.add(line.split(|&octet| is_quirk && octet == b'@').next().unwrap_or_default());
        self.add(&[0xff]);
    }

    pub(crate) fn add(&mut self, octets: &[u8]) {
        for &octet in octets {
            self.0 = (self.0 ^ u64::from(octet)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}
