//! Sequence sets (RFC 9051 §9): iterated as ranges, never expanded.

/// A range of message numbers or UIDs, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The first.
    pub first: u32,
    /// The last.
    pub last: u32,
}

/// A sequence set as the server sent it.
#[derive(Clone, Copy, Debug)]
pub struct SequenceSet<'a> {
    octets: &'a [u8],
}
