//! Commands (RFC 9051 §6).

/// The commands by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CommandKind {
    /// Any other.
    Raw,
}
