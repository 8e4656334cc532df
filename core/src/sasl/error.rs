//! What can go wrong in an exchange, on either side.

use core::fmt;

/// Why a mechanism refused to go on. Carries no text, least of all a secret.
///
/// After any error but [`BufferTooSmall`](Error::BufferTooSmall) the exchange is over: the engine cancels it
/// (client) or answers that it failed (server), and the mechanism is discarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Error {
    /// The output buffer holds fewer than `needed` octets. Nothing changed: call again with a larger one.
    BufferTooSmall {
        /// Octets that this message takes.
        needed: usize,
    },
    /// The server mechanism's work buffer holds fewer than `needed` octets. The client's text is longer
    /// than this server cares to keep: let the exchange fail, or give a larger work buffer to the next one.
    WorkTooSmall {
        /// Octets that were needed up to here.
        needed: usize,
    },
    /// A user name, password, token or key is empty. Ask for it before connecting.
    EmptyCredential,
    /// A credential contains what its mechanism cannot carry: NUL, or for tokens, hosts and traces
    /// a control character. Correct the credential.
    ForbiddenCharacter,
    /// A credential is longer than its mechanism allows (the trace of ANONYMOUS: 255 characters). Shorten it.
    TooLong,
    /// The nonce has fewer than 12 octets, so that it may repeat. Give 18 octets of a good random source.
    WeakNonce,
    /// The mechanism is not compiled in, or cannot use credentials of this kind.
    /// Choose from [`Credentials::mechanisms`](super::Credentials::mechanisms).
    Unsupported,
    /// The server sent a challenge where none is due. Cancel: it does not speak this mechanism.
    UnexpectedChallenge,
    /// The server's challenge does not follow the mechanism's grammar. Cancel.
    MalformedChallenge,
    /// The client's response does not follow the mechanism's grammar. Answer that authentication failed.
    MalformedResponse,
    /// The peer demands an extension that is not known here (`m=` of RFC 5802 §5.1) or channel binding.
    /// Cancel, and try another mechanism.
    UnsupportedExtension,
    /// The server's nonce does not begin with ours: a replay, or a broken server. Cancel and distrust it.
    NonceMismatch,
    /// The server demands fewer than 4,096 iterations (RFC 7677 §4), which would make the proof easy to
    /// crack. Cancel; for a server that is known to be so, `danger_accept_few_iterations`.
    TooFewIterations,
    /// The server demands more iterations than the cap, which would keep this machine busy. Cancel, or
    /// raise the cap with `max_iterations`.
    TooManyIterations,
    /// The server ended the exchange with an error of its own (`e=` of RFC 5802 §7): usually a wrong
    /// user name or password.
    ServerRejected,
    /// The server could not prove that it knows the password. It is not the server it claims to be, and
    /// its success must not be believed: close the connection.
    ServerNotVerified,
    /// A server mechanism was called out of turn: `step` while a claim awaits its answer, an answer where
    /// none was asked, `verdict` in place of `secret`. A mistake in the calling program.
    OutOfTurn,
    /// The secret given for a user is of a kind or size that this mechanism cannot use, for instance SCRAM keys for
    /// CRAM-MD5. The exchange will fail; do not offer the mechanism to users without a fitting secret.
    UnusableSecret,
}

impl Error {
    fn text(self) -> &'static str {
        match self {
            Error::BufferTooSmall { .. } => "output buffer too small",
            Error::WorkTooSmall { .. } => "work buffer too small",
            Error::EmptyCredential => "empty credential",
            Error::ForbiddenCharacter => "forbidden character in a credential",
            Error::TooLong => "credential too long",
            Error::WeakNonce => "nonce too short",
            Error::Unsupported => "mechanism not available for these credentials",
            Error::UnexpectedChallenge => "challenge where none is due",
            Error::MalformedChallenge => "malformed challenge",
            Error::MalformedResponse => "malformed response",
            Error::UnsupportedExtension => "peer demands an unknown extension",
            Error::NonceMismatch => "server's nonce does not extend ours",
            Error::TooFewIterations => "too few iterations",
            Error::TooManyIterations => "too many iterations",
            Error::ServerRejected => "server reported an error",
            Error::ServerNotVerified => "server could not prove itself",
            Error::OutOfTurn => "call out of turn",
            Error::UnusableSecret => "secret unusable for this mechanism",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl core::error::Error for Error {}
