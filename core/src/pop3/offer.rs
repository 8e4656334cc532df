//! What the server announced in its last reply to CAPA. Without the feature `pop3-extras` there is no CAPA,
//! and nothing is ever known.

#[cfg(feature = "pop3-extras")]
use super::capability::{Capabilities, Capability};
#[cfg(feature = "pop3-extras")]
use crate::{
    LocalError,
    sasl::{Name, NameSet},
};

#[derive(Debug)]
pub(super) struct Offer {
    #[cfg(feature = "pop3-extras")]
    pub(super) capabilities: Capabilities,
    #[cfg(feature = "pop3-extras")]
    pub(super) mechanisms: NameSet,
}

#[cfg(feature = "pop3-extras")]
impl Offer {
    /// Nothing is known.
    pub(super) const NONE: Self =
        Self { capabilities: Capabilities::NONE, mechanisms: NameSet::EMPTY };

    /// Commands may be sent without waiting for replies (RFC 2449 §6.6).
    pub(super) const fn pipelining(&self) -> bool {
        self.capabilities.contains(Capabilities::PIPELINING)
    }

    /// What stands in brackets is a response code, registered or not (RFC 2449 §6.4).
    pub(super) const fn resp_codes(&self) -> bool {
        self.capabilities.contains(Capabilities::RESP_CODES)
    }

    pub(super) const fn check(&self, capability: Capabilities) -> Result<(), LocalError> {
        if self.capabilities.lacks(capability) { Err(LocalError::NotOffered) } else { Ok(()) }
    }

    pub(super) fn check_mechanism(&self, name: &[u8]) -> Result<(), LocalError> {
        let known = self.capabilities.contains(Capabilities::KNOWN);
        match Name::from_bytes(name) {
            Some(name) if known && !self.mechanisms.contains(name) => Err(LocalError::NotOffered),
            _ => Ok(()),
        }
    }

    /// Notes what a line of CAPA's reply announced.
    pub(super) fn announce(&mut self, capability: &Capability<'_>) {
        self.capabilities.announce(capability);
        if let Capability::Sasl(names) = capability {
            for name in names.iter().filter_map(Name::from_bytes) {
                self.mechanisms.insert(name);
            }
        }
    }

    /// Notes that the reply is complete: what it did not announce is not there.
    pub(super) fn complete(&mut self) {
        self.capabilities.insert(Capabilities::KNOWN);
    }
}

#[cfg(not(feature = "pop3-extras"))]
impl Offer {
    pub(super) const NONE: Self = Self {};

    #[allow(clippy::unused_self)]
    pub(super) const fn pipelining(&self) -> bool {
        false
    }

    #[allow(clippy::unused_self)]
    pub(super) const fn resp_codes(&self) -> bool {
        false
    }
}
