//! What a caller may decide for a client.

use super::quirk::QuirkSet;

/// How credentials may travel (RFC 8314).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(u8)]
pub enum Security {
    /// The channel is in the clear: no credentials before STARTTLS has succeeded and
    /// `tls_established` was called. A server that refuses STARTTLS, or greets with PREAUTH so that
    /// there is no way to it, ends the session (RFC 9051 §11.1).
    #[default]
    StartTlsRequired,
    /// The caller declares the channel private: implicit TLS, a tunnel, the same machine.
    Private,
    /// Credentials may travel in the clear. Whoever listens has them.
    DangerCleartext,
}

/// How a client behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// How credentials may travel.
    pub security: Security,
    /// Which deviations are mended, and reported ([`Event::Quirk`](super::Event::Quirk)), instead of ending the
    /// session.
    pub tolerate: QuirkSet,
    /// From what the letters before the number in each tag are made. Give another one to each connection, so
    /// that nobody can prepare replies for it.
    pub tag_seed: u32,
    /// Whether commands are sent without waiting for the replies to those before, where that is not
    /// ambiguous (RFC 9051 §5.5).
    pub pipelining: bool,
    /// How deep the parentheses of a response may nest. What is deeper is reported as oversize or malformed.
    pub max_nesting: u8,
    /// How many octets a literal may have; a larger one ends the session. Bodies stream, so this is no question
    /// of memory.
    pub max_literal: u64,
    /// How many untagged responses may come between two completions while commands are in flight, IDLE aside;
    /// more end the session. 0 is any number, the default: a FETCH of a large mailbox brings one a message.
    pub max_untagged: u32,
    /// How long the server may say nothing while a reply is due, in milliseconds; 0 is for ever. Needs `tick`.
    pub reply_timeout_ms: u32,
    /// After how long IDLE is to be ended and begun again, in milliseconds; 0 is never. Needs `tick`.
    ///
    /// Servers may log an idle client out after 30 minutes (RFC 9051 §5.4), hence the default of 29 (RFC 9051
    /// §6.3.13). Behind network address translation 8 to 10 minutes are better, since such a box forgets a
    /// connection that is silent, and neither side is told.
    pub idle_reissue_ms: u32,
}

impl Config {
    /// Mends what can be mended, and reports it. The default.
    #[must_use]
    pub const fn lenient() -> Self {
        Self {
            security: Security::StartTlsRequired,
            tolerate: QuirkSet::ALL,
            tag_seed: 0,
            pipelining: true,
            max_nesting: 32,
            max_literal: u32::MAX as u64,
            max_untagged: 0,
            reply_timeout_ms: 60_000,
            idle_reissue_ms: 29 * 60_000,
        }
    }

    /// Ends the session at the first deviation.
    #[must_use]
    pub const fn strict() -> Self {
        Self { tolerate: QuirkSet::NONE, ..Self::lenient() }
    }

    /// The same with another security policy.
    #[must_use]
    pub const fn with_security(self, security: Security) -> Self {
        Self { security, ..self }
    }

    /// The same with other tags.
    #[must_use]
    pub const fn with_tag_seed(self, tag_seed: u32) -> Self {
        Self { tag_seed, ..self }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self::lenient()
    }
}
