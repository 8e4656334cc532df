//! What a client is told.

use super::capability::Capability;
use super::command::Verb;
use super::config::Quirk;
use super::response::{ResponseCode, Status};
use super::session::CommandNumber;

/// What happened. Text and data are borrowed from the input given to [`Client::poll`](super::Client::poll) or from the
/// scratch buffer, until the next call on the engine.
// The kind stands apart from the fields, so that a sink that is inlined knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[non_exhaustive]
pub enum Event<'a> {
    /// The server's greeting (RFC 1939 §4). With [`Status::Err`] the session is over.
    Greeting {
        /// Whether the server will serve.
        status: Status,
        /// Why not, for programs.
        code: Option<ResponseCode<'a>>,
        /// The server's words.
        text: &'a [u8],
        /// What APOP needs, angle brackets included, where the server offers it (RFC 1939 §7) and
        /// the `apop` feature is on.
        timestamp: Option<&'a [u8]>,
    },
    /// A positive reply of several lines begins. Its lines or its data follow, then `Completed`.
    Started {
        /// The command that is answered.
        command: CommandNumber,
        /// Its name.
        verb: Verb,
        /// The message that it named, or 0.
        message: u32,
        /// The length of the message in octets, where the server tells it here. A hint only.
        octets: Option<u64>,
        /// The server's words.
        text: &'a [u8],
    },
    /// A line of the reply to CAPA.
    Capability {
        /// The command that is answered.
        command: CommandNumber,
        /// What is offered.
        capability: Capability<'a>,
    },
    /// A line of the reply to LIST (RFC 1939 §5).
    ScanListing {
        /// The command that is answered.
        command: CommandNumber,
        /// The message's number.
        message: u32,
        /// Its length in octets.
        octets: u64,
    },
    /// A line of the reply to UIDL (RFC 1939 §7).
    UniqueId {
        /// The command that is answered.
        command: CommandNumber,
        /// The message's number.
        message: u32,
        /// Its unique-id.
        uid: &'a [u8],
    },
    /// A line of the reply to LANG (RFC 6856 §3.2).
    Language {
        /// The command that is answered.
        command: CommandNumber,
        /// The language tag (RFC 5646).
        tag: &'a [u8],
        /// The language's name, in that language.
        description: &'a [u8],
    },
    /// Octets of the reply to RETR, TOP or a raw command, dots removed, CRLF included.
    Data {
        /// The command that is answered.
        command: CommandNumber,
        /// The next octets.
        octets: &'a [u8],
    },
    /// AUTH: the server asks (RFC 5034 §4). Answer with [`Client::respond`](super::Client::respond) or
    /// [`Client::cancel`](super::Client::cancel).
    Challenge {
        /// The command that is answered.
        command: CommandNumber,
        /// The challenge, decoded.
        challenge: &'a [u8],
    },
    /// A command is done: there is exactly one such event for each.
    ///
    /// After STLS with [`Status::Ok`] make the TLS handshake, then call
    /// [`Client::tls_established`](super::Client::tls_established).
    Completed {
        /// The command.
        command: CommandNumber,
        /// Its name.
        verb: Verb,
        /// The message that it named, or 0.
        message: u32,
        /// How it went.
        status: Status,
        /// Why, for programs.
        code: Option<ResponseCode<'a>>,
        /// The server's words; empty after a reply of several lines, where they came in `Started`.
        text: &'a [u8],
        /// What the command asked for, where a single line tells it.
        value: Value<'a>,
    },
    /// A line that is not understood, as it came. The session goes on.
    Unrecognized {
        /// The line without its ending.
        line: &'a [u8],
    },
    /// A line was longer than the scratch buffer. Of a status line the beginning was used, in the
    /// event before; a line of a listing was skipped.
    Oversize {
        /// The command that was being answered; `None` for the greeting.
        verb: Option<Verb>,
        /// The line's length in octets, without its ending.
        octets: u64,
    },
    /// The server deviated from the RFCs, and it was mended (in the event before, if it has one).
    Quirk {
        /// How.
        quirk: Quirk,
        /// How many octets of this connection came before the line.
        offset: u64,
    },
}

/// Where an event is written: [`Client::poll_with`](super::Client::poll_with) tells it there, at most once a call.
///
/// An implementation that is inlined writes, wherever one kind of event is told, the fields of that kind alone.
pub trait Sink<'a> {
    /// Takes the event.
    fn tell(self, event: Event<'a>);
}

/// An event for Rust.
impl<'a> Sink<'a> for &mut Option<Event<'a>> {
    #[inline(always)]
    fn tell(self, event: Event<'a>) {
        *self = Some(event);
    }
}

/// What a command asked for, where a single line tells it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Value<'a> {
    /// Nothing was asked for.
    #[default]
    None,
    /// STAT: the drop listing (RFC 1939 §5).
    DropListing {
        /// How many messages there are.
        messages: u32,
        /// Their length in octets.
        octets: u64,
    },
    /// LIST with a message number.
    ScanListing {
        /// The message's number.
        message: u32,
        /// Its length in octets.
        octets: u64,
    },
    /// UIDL with a message number.
    UniqueId {
        /// The message's number.
        message: u32,
        /// Its unique-id.
        uid: &'a [u8],
    },
}
