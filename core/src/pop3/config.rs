//! What a caller may decide for an engine, and what a lenient client mends.

#[cfg(feature = "server")]
use crate::sasl::NameSet;
#[cfg(feature = "server")]
use crate::wire::Newlines;

/// How credentials may travel (RFC 8314).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(u8)]
pub enum Security {
    /// The channel is in the clear: no credentials before STLS has succeeded and
    /// `tls_established` was called; a server that refuses STLS ends the session.
    #[default]
    StlsRequired,
    /// The caller declares the channel private: implicit TLS, a tunnel, the same machine.
    Private,
    /// Credentials may travel in the clear. Whoever listens has them.
    DangerCleartext,
}

/// A deviation from the RFCs that servers in the field show and a lenient client mends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(u8)]
#[non_exhaustive]
pub enum Quirk {
    /// A line ended with a bare LF (RFC 1939 §3 demands CRLF).
    BareLf,
    /// `+ok`, `-err` or `+OKAY`: the status indicator must be in upper case (RFC 1939 §3), and ends there.
    StatusCase,
    /// Lines stood before the greeting. They were skipped.
    Banner,
    /// An empty line in a listing. It was skipped.
    EmptyLine,
    /// A SASL challenge that is not base64 (RFC 5034 §4). It was taken for an empty one.
    ChallengeNotBase64,
    /// A unique-id that is longer than 70 octets or holds others than 0x21–0x7E (RFC 1939 §7). It
    /// was taken as it is.
    UniqueId,
    /// A line that is no reply where one is due, or none that was asked for. It was handed over as
    /// unrecognized.
    NotAReply,
    /// A line of a listing that cannot be read. It was handed over as unrecognized.
    BadListing,
}

impl Quirk {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::BareLf,
        Self::StatusCase,
        Self::Banner,
        Self::EmptyLine,
        Self::ChallengeNotBase64,
        Self::UniqueId,
        Self::NotAReply,
        Self::BadListing,
    ];

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A set of quirks: those that a client tolerates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct QuirkSet(u8);

impl QuirkSet {
    /// Nothing is tolerated.
    pub const NONE: Self = Self(0);
    /// Everything that can be mended is.
    pub const ALL: Self = Self(0xff);

    /// Whether `quirk` is in the set.
    #[must_use]
    pub const fn contains(self, quirk: Quirk) -> bool {
        self.0 & quirk.bit() != 0
    }

    /// The set with `quirk`.
    #[must_use]
    pub const fn with(self, quirk: Quirk) -> Self {
        Self(self.0 | quirk.bit())
    }

    /// The set without `quirk`.
    #[must_use]
    pub const fn without(self, quirk: Quirk) -> Self {
        Self(self.0 & !quirk.bit())
    }

    /// The set whose bits, from the lowest on, say of each of [`Quirk::ALL`] whether it is in.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits)
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Takes one quirk out of the set.
    pub(crate) fn pop(&mut self) -> Option<Quirk> {
        let quirk = *Quirk::ALL.get(self.0.trailing_zeros() as usize)?;
        *self = self.without(quirk);
        Some(quirk)
    }
}

/// How a client behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// How credentials may travel.
    pub security: Security,
    /// Which deviations are mended, and reported, instead of ending the session.
    pub tolerate: QuirkSet,
    /// Whether commands are sent without waiting where the server offers PIPELINING.
    pub pipelining: bool,
    /// Whether APOP may be used. Its MD5 protects a password badly; off unless asked for.
    #[cfg(feature = "apop")]
    pub apop: bool,
    /// How long a reply may take, in milliseconds; 0 is for ever. Needs `tick`.
    pub reply_timeout_ms: u32,
}

impl Config {
    /// Mends what can be mended, and reports it. The default.
    #[must_use]
    pub const fn lenient() -> Self {
        Self {
            security: Security::StlsRequired,
            tolerate: QuirkSet::ALL,
            pipelining: true,
            #[cfg(feature = "apop")]
            apop: false,
            reply_timeout_ms: 60_000,
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
}

impl Default for Config {
    fn default() -> Self {
        Self::lenient()
    }
}

/// What a server offers and how it behaves.
#[cfg(feature = "server")]
#[derive(Clone, Copy, Debug)]
pub struct ServerConfig<'c> {
    /// Whether the channel is private, and whether credentials are taken over one that is not.
    pub security: Security,
    /// Whether STLS is offered (RFC 2595 §4).
    pub stls: bool,
    /// Whether USER and PASS are offered.
    pub user: bool,
    /// The SASL mechanisms that are offered.
    pub mechanisms: NameSet,
    /// The timestamp of the greeting, angle brackets included, a fresh one for each connection;
    /// with it APOP is offered (RFC 1939 §7).
    pub timestamp: Option<&'c [u8]>,
    /// Whether UTF8 is offered, and USER, PASS and APOP with UTF-8 (RFC 6856 §2.1).
    pub utf8: Option<Utf8>,
    /// Whether LANG is offered (RFC 6856 §3).
    pub lang: bool,
    /// `EXPIRE`: how many days mail is kept, `Some(None)` for NEVER (RFC 2449 §6.7).
    pub expire: Option<Option<u32>>,
    /// `LOGIN-DELAY` in seconds (RFC 2449 §6.5).
    pub login_delay: Option<u32>,
    /// `IMPLEMENTATION` (RFC 2449 §6.9).
    pub implementation: Option<&'c [u8]>,
    /// What becomes of bare LF in messages.
    pub newlines: Newlines,
    /// After how many refused lines or logins in one session the server hangs up; 0 is never.
    pub max_errors: u8,
    /// After how many idle milliseconds the session ends without UPDATE; RFC 1939 §3 demands at
    /// least ten minutes. 0 is never. Needs `tick`.
    pub autologout_ms: u32,
}

/// What UTF8 covers (RFC 6856 §2.1).
#[cfg(feature = "server")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Utf8 {
    /// Messages and listings.
    Messages,
    /// User names and passwords too.
    Users,
}

#[cfg(feature = "server")]
impl Default for ServerConfig<'_> {
    fn default() -> Self {
        Self {
            security: Security::StlsRequired,
            stls: true,
            user: true,
            mechanisms: NameSet::EMPTY,
            timestamp: None,
            utf8: None,
            lang: false,
            expire: None,
            login_delay: None,
            implementation: None,
            newlines: Newlines::Keep,
            max_errors: 10,
            autologout_ms: 600_000,
        }
    }
}
