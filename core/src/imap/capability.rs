//! Capabilities (RFC 9051 §7.2.2): the names that a server announces.

/// One capability, as announced.
#[derive(Clone, Copy, Debug)]
pub struct Capability<'a> {
    name: &'a [u8],
}

impl<'a> Capability<'a> {
    /// The name as it came.
    #[must_use]
    pub const fn name(self) -> &'a [u8] {
        self.name
    }

    pub(crate) const fn new(name: &'a [u8]) -> Self {
        Self { name }
    }
}

/// The set of the capabilities that this crate knows by name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Capabilities(u64);
