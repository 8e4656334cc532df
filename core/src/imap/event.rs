//! What a client is told.

use super::command::CommandKind;
use super::quirk::Quirk;
use super::response::Data;
use super::response::code::Code;
use super::session::Tag;

/// What happened (RFC 9051 §7). Text and data are borrowed from the input given to
/// [`Client::poll`](super::Client::poll) or from the scratch buffer, until the next call on the engine.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// The server's greeting (RFC 9051 §7.1). With [`Greeting::Bye`] the session is over.
    Greeting {
        /// What the server will do.
        greeting: Greeting,
        /// For programs.
        code: Option<Code<'a>>,
        /// The server's words.
        text: &'a [u8],
    },
    /// An untagged OK, NO or BAD: information, a warning, an error that belongs to no command
    /// (RFC 9051 §7.1).
    Status {
        /// Which.
        status: Status,
        /// For programs.
        code: Option<Code<'a>>,
        /// The server's words. With [`Code::Alert`] show them to the user.
        text: &'a [u8],
    },
    /// The server closes the connection (RFC 9051 §7.1.5).
    Bye {
        /// Why, for programs.
        code: Option<Code<'a>>,
        /// The server's words.
        text: &'a [u8],
    },
    /// A command is done: there is exactly one such event for each.
    ///
    /// After STARTTLS with [`Status::Ok`] make the TLS handshake, then call
    /// [`Client::tls_established`](super::Client::tls_established).
    Completed {
        /// The command.
        tag: Tag,
        /// Its name.
        kind: CommandKind,
        /// How it went.
        status: Status,
        /// Why, for programs.
        code: Option<Code<'a>>,
        /// The server's words.
        text: &'a [u8],
    },
    /// AUTHENTICATE: the server asks (RFC 9051 §6.2.2). Answer with
    /// [`Client::respond`](super::Client::respond) or [`Client::cancel`](super::Client::cancel).
    Challenge {
        /// The command.
        tag: Tag,
        /// The challenge, decoded.
        challenge: &'a [u8],
    },
    /// IDLE has begun: the server will tell what happens in the mailbox (RFC 9051 §6.3.13).
    Idling {
        /// The command; end it with [`Client::done`](super::Client::done).
        tag: Tag,
    },
    /// IDLE has lasted as long as it may. Call [`Client::done`](super::Client::done), and
    /// [`Client::idle`](super::Client::idle) again.
    IdleDue {
        /// The command.
        tag: Tag,
    },
    /// APPEND: the server awaits the message (RFC 9051 §6.3.12). Give its octets to
    /// [`Client::upload`](super::Client::upload).
    Upload {
        /// The command.
        tag: Tag,
        /// How many octets are still to be given.
        octets: u64,
    },
    /// A continuation request that is neither a challenge nor answered by [`Upload`](Self::Upload) or
    /// [`Idling`](Self::Idling) (RFC 9051 §7.6): it let a literal go, or nobody awaits it; then
    /// [`Quirk::UnexpectedContinuation`] follows.
    Continuation {
        /// For programs.
        code: Option<Code<'a>>,
        /// The server's words.
        text: &'a [u8],
    },
    /// Server data (RFC 9051 §7.2–§7.5).
    Data(Data<'a>),
    /// Something did not fit the scratch buffer. Of a status response the beginning was used, in the
    /// event before; anything else was skipped.
    Oversize {
        /// What it was.
        what: Oversize,
        /// Its length in octets.
        octets: u64,
    },
    /// The server deviated from the RFCs, and it was mended: in the event before, if it has one. (Only
    /// [`Quirk::FoldedQuoted`] may come before the item that it is about, since that is longer than a line.)
    Quirk {
        /// How.
        quirk: Quirk,
        /// How many octets of this connection came before the item.
        offset: u64,
    },
}

/// What a greeting says (RFC 9051 §7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Greeting {
    /// Log in.
    Ok,
    /// Logged in already.
    Preauth,
    /// Refused.
    Bye,
}

/// What a status response says (RFC 9051 §7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(u8)]
pub enum Status {
    /// It went well.
    Ok,
    /// It failed.
    No,
    /// The server did not understand, or is in trouble.
    Bad,
    /// The command was never sent, or its answer never came: the engine withdrew it.
    NotSent,
}

/// What did not fit the scratch buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Oversize {
    /// The text of a status response; its beginning was used.
    Text,
    /// A data item of a FETCH response.
    Item,
    /// An element of a response that comes by element.
    Element,
    /// A whole response.
    Response,
}
