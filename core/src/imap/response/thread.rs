//! To be written.

/// A part of a tree of threads (RFC 5256 §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThreadElement {
    /// A parenthesis opens.
    Open,
    /// A message.
    Message(u32),
    /// A parenthesis closes.
    Close,
}
