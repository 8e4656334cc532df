//! The client's trait, and the course that mechanisms with a single message share.

use super::Error;

/// Client side of one exchange. Object safe: engines take `&mut dyn Mechanism`.
///
/// A value serves one exchange; for another attempt make another.
pub trait Mechanism {
    /// The registered name, upper case, such as `SCRAM-SHA-256`.
    fn name(&self) -> &str;

    /// What a listener on the wire would learn. Engines refuse to send a [`Exposure::Secret`] over a channel
    /// that is not private.
    fn exposure(&self) -> Exposure;

    /// True when the client speaks first, so that an initial response exists.
    fn client_first(&self) -> bool;

    /// Answers `challenge` (decoded octets; empty for the first turn of a client-first mechanism) by writing
    /// a response to `out`, raw octets too; returns how many.
    ///
    /// # Errors
    /// After [`Error::BufferTooSmall`] nothing has changed: repeat the call with a larger `out`. After any other the
    /// exchange must be cancelled. In neither case does `out` hold anything of use.
    fn respond(&mut self, challenge: &[u8], out: &mut [u8]) -> Result<usize, Error>;

    /// May the server's success be believed now? False before the last message was sent, after an error, and,
    /// for a mechanism that authenticates the server too, until the server has proved itself.
    fn is_complete(&self) -> bool;
}

/// What one who reads the wire learns from an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Exposure {
    /// Nothing that could be used again.
    Nothing,
    /// A proof of the password, on which guesses can be tried at leisure.
    Proof,
    /// The password or token itself.
    Secret,
}

/// The course of a client that says one thing: `First` → `Spoken`, and `Over` once anything else happens.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Course {
    First,
    Spoken,
    Over,
}

impl Course {
    /// Writes the one message. The challenge must be empty: it only invites the client to speak (RFC 4422 §3.3).
    pub(super) fn speak(
        &mut self,
        challenge: &[u8],
        out: &mut [u8],
        compose: impl FnOnce(&mut super::output::Output<'_>),
    ) -> Result<usize, Error> {
        if *self != Course::First || !challenge.is_empty() {
            *self = Course::Over;
            return Err(Error::UnexpectedChallenge);
        }
        let mut output = super::output::Output::new(out);
        compose(&mut output);
        let written = output.finish()?;
        *self = Course::Spoken;
        Ok(written)
    }

    pub(super) fn is_spoken(self) -> bool {
        self == Course::Spoken
    }
}
