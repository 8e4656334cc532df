//! Errors, split by whose fault they are: [`LocalError`] is the caller's (nothing was sent, nothing
//! changed), [`RemoteError`] is the peer's or the network's (the session is over).

use core::fmt;

use crate::sasl;

/// A call was refused. Nothing was queued for sending and the engine's state is as it was, so the
/// session can go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum LocalError {
    /// The command is not legal in the present state (RFC 1939 §3, RFC 9051 §3). Log in or select a
    /// mailbox first, or look at `state()`.
    WrongState,
    /// A command that goes alone (STLS, AUTH, APOP, PASS, QUIT; in IMAP STARTTLS, AUTHENTICATE, LOGIN,
    /// SELECT, IDLE and others that change the state) is outstanding, or a SASL challenge awaits its answer,
    /// or a message that is being uploaded is not complete. Poll, or go on with the upload, until it is.
    Busy,
    /// The session has ended, by QUIT or LOGOUT, by the server's BYE, by end of file or by an earlier
    /// [`RemoteError`]. Open a new connection with a new engine.
    Closed,
    /// The server's capability list does not contain what this command needs.
    NotOffered,
    /// Credentials would travel over a channel that was not declared private. Use TLS, or say
    /// so by name with `Security::DangerCleartext`.
    Insecure,
    /// An argument holds CR, LF or NUL, another control character or a space, where none may stand; `at` is its
    /// index in the argument.
    ForbiddenOctet {
        /// Index of the first forbidden octet.
        at: usize,
    },
    /// An argument that must not be empty is.
    Empty,
    /// The line would be longer than the protocol allows (RFC 2449 §4: 255 octets for a command).
    TooLong {
        /// The longest line, in octets, CRLF included.
        limit: usize,
    },
    /// Message numbers start at 1 (RFC 1939 §4).
    MessageNumberZero,
    /// The outgoing buffer can never hold this: make it at least `needed` octets.
    BufferTooSmall {
        /// The size of buffer, in octets, with which this call succeeds.
        needed: usize,
    },
    /// The outgoing buffer or the table of commands in flight is full for now. Send `outgoing()`,
    /// poll the replies, and call again.
    Full,
    /// An argument does not follow its grammar; `at` is the index of the first octet that does not.
    BadArgument {
        /// Index of the octet.
        at: usize,
    },
    /// The octets given are more than were announced. None was taken; `left` are still due.
    TooMuchData {
        /// How many octets are still due, as far as `usize` counts.
        left: usize,
    },
    /// Fewer octets were given than were announced, and the server waits for the others: give it `left` more.
    TooLittleData {
        /// How many octets are still due, as far as `usize` counts.
        left: usize,
    },
    /// The SASL mechanism refused; see [`sasl::Error`]. If an exchange is under way, cancel it.
    Sasl(sasl::Error),
}

/// Why a command cannot be written: those of [`LocalError`] that come of arguments, each of which holds no more than a
/// number. So it fits into registers, which an error of SASL within would not let it.
#[cfg(feature = "imap")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EmitError {
    /// As [`LocalError::ForbiddenOctet`].
    ForbiddenOctet { at: usize },
    /// As [`LocalError::Empty`].
    Empty,
    /// As [`LocalError::TooLong`].
    TooLong { limit: usize },
    /// As [`LocalError::MessageNumberZero`].
    MessageNumberZero,
    /// As [`LocalError::Full`].
    Full,
    /// As [`LocalError::BadArgument`].
    BadArgument { at: usize },
    /// As [`LocalError::WrongState`].
    WrongState,
}

#[cfg(feature = "imap")]
impl From<EmitError> for LocalError {
    fn from(error: EmitError) -> Self {
        match error {
            EmitError::ForbiddenOctet { at } => Self::ForbiddenOctet { at },
            EmitError::Empty => Self::Empty,
            EmitError::TooLong { limit } => Self::TooLong { limit },
            EmitError::MessageNumberZero => Self::MessageNumberZero,
            EmitError::Full => Self::Full,
            EmitError::BadArgument { at } => Self::BadArgument { at },
            EmitError::WrongState => Self::WrongState,
        }
    }
}

impl fmt::Display for LocalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongState => f.write_str("command not legal in this state"),
            Self::Busy => f.write_str("a command that changes the state is outstanding"),
            Self::Closed => f.write_str("the session has ended"),
            Self::NotOffered => f.write_str("the server does not offer this"),
            Self::Insecure => f.write_str("credentials refused: the channel is not private"),
            Self::ForbiddenOctet { at } => write!(f, "forbidden octet in argument at index {at}"),
            Self::Empty => f.write_str("argument is empty"),
            Self::TooLong { limit } => write!(f, "longer than the {limit} that are allowed"),
            Self::MessageNumberZero => f.write_str("message numbers start at 1"),
            Self::BufferTooSmall { needed } => {
                write!(f, "outgoing buffer too small: {needed} octets needed")
            }
            Self::Full => f.write_str("outgoing buffer or command table full: send and poll first"),
            Self::BadArgument { at } => write!(f, "argument malformed at index {at}"),
            Self::TooMuchData { left } => {
                write!(f, "more octets than were announced: {left} are still due")
            }
            Self::TooLittleData { left } => {
                write!(f, "fewer octets than were announced: {left} are still due")
            }
            Self::Sasl(error) => write!(f, "SASL: {error}"),
        }
    }
}

impl core::error::Error for LocalError {}

/// The session is over: the peer broke framing, broke a security rule, or went away. Every further
/// `poll` returns the same error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct RemoteError {
    /// The rule that was broken.
    pub violation: Violation,
    /// How many octets of this connection had been received before the offending item.
    pub offset: u64,
}

/// What a peer did that ends a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Violation {
    /// The first line is not a greeting of this protocol (RFC 1939 §4, RFC 9051 §7.1): wrong port, wrong
    /// server.
    BadGreeting,
    /// A positive reply came that answers no command sent: replies and commands are out of step.
    UnsolicitedReply,
    /// Octets followed the positive answer to STLS, before the handshake: an injection (RFC 2595 §4).
    PlaintextAfterStls,
    /// The server refused STLS and the policy requires it.
    StlsRefused,
    /// The server claimed success before the SASL mechanism had verified the server.
    ServerNotAuthenticated,
    /// Something that only a lenient engine mends; the payload is the quirk's place in `ALL` of
    /// `pop3::Quirk` or `imap::Quirk`.
    Quirk(u8),
    /// The connection ended while a reply was due, or in the middle of one. What was delivered of
    /// a message is not a message.
    UnexpectedEof,
    /// The connection ended with nothing outstanding, but without QUIT, so that deletions did not happen; in
    /// IMAP without LOGOUT or BYE (RFC 9051 §3.4).
    ClosedByPeer,
    /// Nothing came for longer than the configured time.
    Timeout,
    /// Octets followed the positive answer to STARTTLS, before the handshake: an injection (RFC 9051 §6.2.1).
    PlaintextAfterStartTls,
    /// The server refused STARTTLS, or asked for something else instead, and the policy requires it
    /// (RFC 9051 §11.1).
    StartTlsRefused,
    /// The server greeted with PREAUTH, which leaves no way to STARTTLS, and the policy requires it
    /// (RFC 9051 §11.1).
    Preauth,
    /// The size of a literal is announced by something that is no number (RFC 9051 §4.3): where the literal ends
    /// cannot be known.
    BadLiteral,
    /// A literal is larger than the configuration allows. It was not taken.
    LiteralTooLarge,
    /// A tagged reply names a command that was never sent, or one that is complete (RFC 9051 §2.2.2).
    UnknownTag,
    /// A tagged reply came before the command had left, or success before all of it had: it cannot be an answer
    /// (RFC 9051 §2.2.2, §4.3).
    CompletionTooEarly,
    /// More untagged responses came than the configuration allows while a command was running.
    TooManyResponses,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BadGreeting => "the first line is not a greeting of this protocol",
            Self::UnsolicitedReply => "a reply answers no command that was sent",
            Self::PlaintextAfterStls => "octets followed the answer to STLS before the handshake",
            Self::StlsRefused => "the server refused STLS, which the policy requires",
            Self::ServerNotAuthenticated => "success was claimed before the server proved itself",
            Self::Quirk(_) => "a deviation that strict mode does not mend",
            Self::UnexpectedEof => "the connection ended in the middle of a reply",
            Self::ClosedByPeer => "the peer closed the connection",
            Self::Timeout => "nothing was received in time",
            Self::PlaintextAfterStartTls => "octets followed the answer to STARTTLS",
            Self::StartTlsRefused => "the server refused STARTTLS, which the policy requires",
            Self::Preauth => "the greeting PREAUTH leaves no way to STARTTLS",
            Self::BadLiteral => "the announcement of a literal cannot be read",
            Self::LiteralTooLarge => "a literal is larger than the configuration allows",
            Self::UnknownTag => "a tagged reply answers no command in flight",
            Self::CompletionTooEarly => "a tagged reply came before its command had left",
            Self::TooManyResponses => "more untagged responses than the configuration allows",
        })
    }
}

impl fmt::Display for RemoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at octet {})", self.violation, self.offset)
    }
}

impl core::error::Error for RemoteError {}
