//! Error codes: the errors of the core as numbers that never change, in ranges by whose fault they
//! are.

use mailproto_core::{LocalError, Violation, sasl};

/// How a call went. 0 is success.
///
/// - -1 to -99: the caller's fault. Nothing was sent and nothing has changed; the session can go
///   on.
/// - -100 to -199: a SASL mechanism refused. The exchange is over: cancel it.
/// - -200 and below: the peer's or the network's fault. The session is over, and every further call
///   on the object returns the same error.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum mailproto_error {
    /// Success; `MAILPROTO_OK` is the same.
    None = 0,

    /// A pointer that must not be NULL is.
    NullPointer = -1,
    /// The object was never set up by its `init`, or was wiped since.
    NotInitialized = -2,
    /// A number is no member of its enumeration, or a length is impossible.
    BadValue = -3,
    /// The program was compiled with the header of another version than this library's.
    AbiMismatch = -4,
    /// Memory overlaps that must not: scratch, outgoing buffer, input, object.
    Overlap = -5,
    /// Text that must be UTF-8 is not.
    NotUtf8 = -6,

    /// The command is not legal in the present state (RFC 1939 §3, RFC 9051 §3). Look at `state`.
    WrongState = -20,
    /// A command that changes the state is outstanding, a SASL challenge awaits its answer, or a
    /// message that is being uploaded is not complete. Poll, or go on with the upload, until it is.
    Busy = -21,
    /// The session has ended. Open a new connection and set the object up anew.
    Closed = -22,
    /// The peer's capability list does not contain what this command needs.
    NotOffered = -23,
    /// Credentials would travel over a channel that was not declared private. Use TLS.
    Insecure = -24,
    /// An argument holds CR, LF or NUL, another control character or a space, where none may stand.
    /// `detail` is its index.
    ForbiddenOctet = -25,
    /// An argument that must not be empty is.
    Empty = -26,
    /// The line would be longer than the protocol allows, or a list than this library does. `detail`
    /// is the limit.
    TooLong = -27,
    /// Message numbers start at 1 (RFC 1939 §4, RFC 9051 §2.3.1).
    MessageNumberZero = -28,
    /// The outgoing buffer can never hold this. `detail` is the size that it needs.
    BufferTooSmall = -29,
    /// The outgoing buffer or the table of commands in flight is full for now. Send, poll, try
    /// again.
    Full = -30,
    /// An argument does not follow its grammar. `detail` is the index of what does not.
    BadArgument = -31,
    /// More octets were given than were announced; none was taken. `detail` are still due.
    TooMuchData = -32,
    /// Fewer octets were given than were announced. `detail` are still due.
    TooLittleData = -33,
    /// A refusal that this version of the C ABI has no number for.
    OtherLocal = -99,

    /// A SASL message does not fit; `detail` is the octets that it takes.
    SaslBufferTooSmall = -100,
    /// The server mechanism's work buffer is too small; `detail` is what it needed up to here.
    SaslWorkTooSmall = -101,
    /// A user name, password, token or key is empty.
    SaslEmptyCredential = -102,
    /// A credential contains what its mechanism cannot carry (NUL, control characters).
    SaslForbiddenCharacter = -103,
    /// A credential is longer than its mechanism allows.
    SaslTooLong = -104,
    /// The nonce has fewer than 12 octets. Give 18 of a good random source.
    SaslWeakNonce = -105,
    /// The mechanism is not in this library, or cannot use credentials of this kind.
    SaslUnsupported = -106,
    /// The server sent a challenge where none is due.
    SaslUnexpectedChallenge = -107,
    /// The server's challenge does not follow the mechanism's grammar.
    SaslMalformedChallenge = -108,
    /// The client's response does not follow the mechanism's grammar.
    SaslMalformedResponse = -109,
    /// The peer demands an extension that is not known here, or channel binding.
    SaslUnsupportedExtension = -110,
    /// The server's nonce does not begin with ours: a replay. Distrust the server.
    SaslNonceMismatch = -111,
    /// The server demands fewer than 4,096 iterations, which would make the proof easy to crack.
    SaslTooFewIterations = -112,
    /// The server demands more iterations than the cap.
    SaslTooManyIterations = -113,
    /// The server ended the exchange with an error of its own: usually a wrong password.
    SaslServerRejected = -114,
    /// The server could not prove that it knows the password. Close the connection.
    SaslServerNotVerified = -115,
    /// A server mechanism was called out of turn.
    SaslOutOfTurn = -116,
    /// The secret given for a user is of a kind or size that the mechanism cannot use.
    SaslUnusableSecret = -117,
    /// A refusal that this version of the C ABI has no number for.
    SaslOther = -199,

    /// The first line is not a greeting of this protocol: wrong port, wrong server.
    BadGreeting = -200,
    /// A positive reply answers no command that was sent: replies and commands are out of step.
    UnsolicitedReply = -201,
    /// Octets followed the positive answer to STLS before the handshake: an injection (RFC 2595
    /// §4).
    PlaintextAfterStls = -202,
    /// The server refused STLS and the policy requires it.
    StlsRefused = -203,
    /// Success was claimed before the SASL mechanism had verified the server.
    ServerNotAuthenticated = -204,
    /// Something that only a lenient engine mends. `detail` is the quirk.
    QuirkNotTolerated = -205,
    /// The connection ended while a reply was due, or in the middle of one.
    UnexpectedEof = -206,
    /// The connection ended with nothing outstanding, but without QUIT, so that deletions did not
    /// happen; in IMAP without LOGOUT or BYE.
    ClosedByPeer = -207,
    /// Nothing came for longer than the configured time.
    Timeout = -208,
    /// Octets followed the positive answer to STARTTLS before the handshake: an injection (RFC 9051
    /// §6.2.1).
    PlaintextAfterStarttls = -209,
    /// The server refused STARTTLS, or asked for something else instead, and the policy requires it.
    StarttlsRefused = -210,
    /// The server greeted with PREAUTH, which leaves no way to STARTTLS, and the policy requires it.
    Preauth = -211,
    /// The size of a literal cannot be read: where it ends cannot be known (RFC 9051 §4.3).
    BadLiteral = -212,
    /// A literal is larger than the configuration allows. It was not taken.
    LiteralTooLarge = -213,
    /// A tagged reply names a command that was never sent, or one that is complete.
    UnknownTag = -214,
    /// A tagged reply came before its command had left: it cannot be an answer.
    CompletionTooEarly = -215,
    /// More untagged responses came than the configuration allows while a command was running.
    TooManyResponses = -216,
    /// A violation that this version of the C ABI has no number for.
    OtherRemote = -299,
}

/// A code and the number that goes with it.
pub(crate) type Detailed = (mailproto_error, usize);

// Codes run in the order of the variants: a match of nothing but codes, in a function of its own, is an addition
// and no table.

#[inline(never)]
fn local_code(error: LocalError) -> mailproto_error {
    use mailproto_error as Code;
    match error {
        LocalError::WrongState => Code::WrongState,
        LocalError::Busy => Code::Busy,
        LocalError::Closed => Code::Closed,
        LocalError::NotOffered => Code::NotOffered,
        LocalError::Insecure => Code::Insecure,
        LocalError::ForbiddenOctet { .. } => Code::ForbiddenOctet,
        LocalError::Empty => Code::Empty,
        LocalError::TooLong { .. } => Code::TooLong,
        LocalError::MessageNumberZero => Code::MessageNumberZero,
        LocalError::BufferTooSmall { .. } => Code::BufferTooSmall,
        LocalError::Full => Code::Full,
        LocalError::BadArgument { .. } => Code::BadArgument,
        LocalError::TooMuchData { .. } => Code::TooMuchData,
        LocalError::TooLittleData { .. } => Code::TooLittleData,
        _ => Code::OtherLocal,
    }
}

pub(crate) fn local(error: LocalError) -> Detailed {
    if let LocalError::Sasl(error) = error {
        return mechanism(error);
    }
    let detail = match error {
        LocalError::ForbiddenOctet { at: number }
        | LocalError::TooLong { limit: number }
        | LocalError::BufferTooSmall { needed: number }
        | LocalError::BadArgument { at: number }
        | LocalError::TooMuchData { left: number }
        | LocalError::TooLittleData { left: number } => number,
        _ => 0,
    };
    (local_code(error), detail)
}

#[inline(never)]
fn mechanism_code(error: sasl::Error) -> mailproto_error {
    use mailproto_error as Code;
    use sasl::Error;
    match error {
        Error::BufferTooSmall { .. } => Code::SaslBufferTooSmall,
        Error::WorkTooSmall { .. } => Code::SaslWorkTooSmall,
        Error::EmptyCredential => Code::SaslEmptyCredential,
        Error::ForbiddenCharacter => Code::SaslForbiddenCharacter,
        Error::TooLong => Code::SaslTooLong,
        Error::WeakNonce => Code::SaslWeakNonce,
        Error::Unsupported => Code::SaslUnsupported,
        Error::UnexpectedChallenge => Code::SaslUnexpectedChallenge,
        Error::MalformedChallenge => Code::SaslMalformedChallenge,
        Error::MalformedResponse => Code::SaslMalformedResponse,
        Error::UnsupportedExtension => Code::SaslUnsupportedExtension,
        Error::NonceMismatch => Code::SaslNonceMismatch,
        Error::TooFewIterations => Code::SaslTooFewIterations,
        Error::TooManyIterations => Code::SaslTooManyIterations,
        Error::ServerRejected => Code::SaslServerRejected,
        Error::ServerNotVerified => Code::SaslServerNotVerified,
        Error::OutOfTurn => Code::SaslOutOfTurn,
        Error::UnusableSecret => Code::SaslUnusableSecret,
        _ => Code::SaslOther,
    }
}

pub(crate) fn mechanism(error: sasl::Error) -> Detailed {
    use sasl::Error;
    let detail = match error {
        Error::BufferTooSmall { needed } | Error::WorkTooSmall { needed } => needed,
        _ => 0,
    };
    (mechanism_code(error), detail)
}

#[inline(never)]
fn remote_code(violation: Violation) -> mailproto_error {
    use mailproto_error as Code;
    match violation {
        Violation::BadGreeting => Code::BadGreeting,
        Violation::UnsolicitedReply => Code::UnsolicitedReply,
        Violation::PlaintextAfterStls => Code::PlaintextAfterStls,
        Violation::StlsRefused => Code::StlsRefused,
        Violation::ServerNotAuthenticated => Code::ServerNotAuthenticated,
        Violation::Quirk(_) => Code::QuirkNotTolerated,
        Violation::UnexpectedEof => Code::UnexpectedEof,
        Violation::ClosedByPeer => Code::ClosedByPeer,
        Violation::Timeout => Code::Timeout,
        Violation::PlaintextAfterStartTls => Code::PlaintextAfterStarttls,
        Violation::StartTlsRefused => Code::StarttlsRefused,
        Violation::Preauth => Code::Preauth,
        Violation::BadLiteral => Code::BadLiteral,
        Violation::LiteralTooLarge => Code::LiteralTooLarge,
        Violation::UnknownTag => Code::UnknownTag,
        Violation::CompletionTooEarly => Code::CompletionTooEarly,
        Violation::TooManyResponses => Code::TooManyResponses,
        _ => Code::OtherRemote,
    }
}

pub(crate) fn remote(violation: Violation) -> Detailed {
    let detail = match violation {
        Violation::Quirk(quirk) => usize::from(quirk).saturating_add(1),
        _ => 0,
    };
    (remote_code(violation), detail)
}

impl mailproto_error {
    /// What an outcome is to C.
    pub(crate) fn of(outcome: Result<(), Self>) -> Self {
        outcome.err().unwrap_or(Self::None)
    }
}

/// What an error code means, in English: a NUL-terminated string that is always valid. Any number
/// may be given. A program that does not call this function does not contain the strings.
#[cfg(feature = "strerror")]
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_strerror(error: i32) -> *const core::ffi::c_char {
    let row = TEXTS.iter().find(|(code, _)| *code as i32 == error);
    row.map_or(c"unknown error", |(_, text)| text).as_ptr()
}

#[cfg(feature = "strerror")]
static TEXTS: &[(mailproto_error, &core::ffi::CStr)] = {
    use mailproto_error as Code;
    &[
        (Code::None, c"success"),
        (Code::NullPointer, c"a pointer that must not be NULL is"),
        (Code::NotInitialized, c"the object was never set up, or was wiped"),
        (Code::BadValue, c"no member of the enumeration, or an impossible length"),
        (Code::AbiMismatch, c"header and library are of different versions"),
        (Code::Overlap, c"memory overlaps that must not"),
        (Code::NotUtf8, c"text is not UTF-8"),
        (Code::WrongState, c"command not legal in this state"),
        (Code::Busy, c"a command that changes the state is outstanding"),
        (Code::Closed, c"the session has ended"),
        (Code::NotOffered, c"the server does not offer this"),
        (Code::Insecure, c"credentials refused: the channel is not private"),
        (Code::ForbiddenOctet, c"forbidden octet in an argument"),
        (Code::Empty, c"argument is empty"),
        (Code::TooLong, c"line longer than the protocol allows"),
        (Code::MessageNumberZero, c"message numbers start at 1"),
        (Code::BufferTooSmall, c"outgoing buffer too small"),
        (Code::Full, c"outgoing buffer or command table full: send and poll first"),
        (Code::BadArgument, c"an argument does not follow its grammar"),
        (Code::TooMuchData, c"more octets than were announced"),
        (Code::TooLittleData, c"fewer octets than were announced"),
        (Code::OtherLocal, c"the call was refused"),
        (Code::SaslBufferTooSmall, c"SASL: buffer too small"),
        (Code::SaslWorkTooSmall, c"SASL: work buffer too small"),
        (Code::SaslEmptyCredential, c"SASL: empty credential"),
        (Code::SaslForbiddenCharacter, c"SASL: forbidden character in a credential"),
        (Code::SaslTooLong, c"SASL: credential too long"),
        (Code::SaslWeakNonce, c"SASL: nonce too short"),
        (Code::SaslUnsupported, c"SASL: mechanism not available for these credentials"),
        (Code::SaslUnexpectedChallenge, c"SASL: challenge where none is due"),
        (Code::SaslMalformedChallenge, c"SASL: malformed challenge"),
        (Code::SaslMalformedResponse, c"SASL: malformed response"),
        (Code::SaslUnsupportedExtension, c"SASL: the peer demands an unknown extension"),
        (Code::SaslNonceMismatch, c"SASL: the server's nonce does not extend ours"),
        (Code::SaslTooFewIterations, c"SASL: too few iterations"),
        (Code::SaslTooManyIterations, c"SASL: too many iterations"),
        (Code::SaslServerRejected, c"SASL: the server reported an error"),
        (Code::SaslServerNotVerified, c"SASL: the server could not prove itself"),
        (Code::SaslOutOfTurn, c"SASL: call out of turn"),
        (Code::SaslUnusableSecret, c"SASL: secret unusable for this mechanism"),
        (Code::SaslOther, c"SASL: the mechanism refused"),
        (Code::BadGreeting, c"the first line is not a greeting of this protocol"),
        (Code::UnsolicitedReply, c"a reply answers no command that was sent"),
        (Code::PlaintextAfterStls, c"octets followed the answer to STLS before the handshake"),
        (Code::StlsRefused, c"the server refused STLS, which the policy requires"),
        (Code::ServerNotAuthenticated, c"success was claimed before the server proved itself"),
        (Code::QuirkNotTolerated, c"a deviation that strict mode does not mend"),
        (Code::UnexpectedEof, c"the connection ended in the middle of a reply"),
        (Code::ClosedByPeer, c"the peer closed the connection"),
        (Code::Timeout, c"nothing was received in time"),
        (Code::PlaintextAfterStarttls, c"octets followed the answer to STARTTLS"),
        (Code::StarttlsRefused, c"the server refused STARTTLS, which the policy requires"),
        (Code::Preauth, c"the greeting PREAUTH leaves no way to STARTTLS"),
        (Code::BadLiteral, c"the announcement of a literal cannot be read"),
        (Code::LiteralTooLarge, c"a literal is larger than the configuration allows"),
        (Code::UnknownTag, c"a tagged reply answers no command in flight"),
        (Code::CompletionTooEarly, c"a tagged reply came before its command had left"),
        (Code::TooManyResponses, c"more untagged responses than the configuration allows"),
        (Code::OtherRemote, c"the peer ended the session"),
    ]
};
