//! POP3 for C: the enumerations that both roles share, the client, the server.

mod client;
mod config;
mod event;
#[cfg(feature = "server")]
mod request;
#[cfg(feature = "server")]
mod server;

pub use client::*;
pub use config::*;
use event::Place;
pub use event::*;
#[cfg(feature = "server")]
pub use request::*;
#[cfg(feature = "server")]
pub use server::*;

use mailproto_core::pop3::{Quirk, ResponseCode, State, Status, Verb};

/// The state of a session (RFC 1939 §3), and the steps before, between and after.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_pop3_state {
    /// There is no session: NULL, or an object that was never set up.
    None = 0,
    /// The greeting has not come yet.
    Greeting = 1,
    /// Nobody is logged in.
    Authorization = 2,
    /// STLS was accepted: the TLS handshake is the program's, and nothing else may be received.
    Handshake = 3,
    /// Logged in.
    Transaction = 4,
    /// The session has ended.
    Closed = 5,
}

impl From<State> for mailproto_pop3_state {
    fn from(state: State) -> Self {
        match state {
            State::Greeting => Self::Greeting,
            State::Authorization => Self::Authorization,
            State::Handshake => Self::Handshake,
            State::Transaction => Self::Transaction,
            State::Closed => Self::Closed,
        }
    }
}

/// The commands by name.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_pop3_verb {
    /// No command.
    None = 0,
    /// CAPA (RFC 2449 §5).
    Capa = 1,
    /// STLS (RFC 2595 §4).
    Stls = 2,
    /// USER (RFC 1939 §7).
    User = 3,
    /// PASS (RFC 1939 §7).
    Pass = 4,
    /// APOP (RFC 1939 §7).
    Apop = 5,
    /// AUTH (RFC 5034).
    Auth = 6,
    /// STAT (RFC 1939 §5).
    Stat = 7,
    /// LIST (RFC 1939 §5).
    List = 8,
    /// UIDL (RFC 1939 §7).
    Uidl = 9,
    /// RETR (RFC 1939 §5).
    Retr = 10,
    /// TOP (RFC 1939 §7).
    Top = 11,
    /// DELE (RFC 1939 §5).
    Dele = 12,
    /// RSET (RFC 1939 §5).
    Rset = 13,
    /// NOOP (RFC 1939 §5).
    Noop = 14,
    /// QUIT (RFC 1939 §4, §6).
    Quit = 15,
    /// UTF8 (RFC 6856 §2).
    Utf8 = 16,
    /// LANG (RFC 6856 §3).
    Lang = 17,
    /// Any other command, sent as given.
    Raw = 18,
}

impl From<Verb> for mailproto_pop3_verb {
    fn from(verb: Verb) -> Self {
        match verb {
            Verb::Capa => Self::Capa,
            Verb::Stls => Self::Stls,
            Verb::User => Self::User,
            Verb::Pass => Self::Pass,
            Verb::Apop => Self::Apop,
            Verb::Auth => Self::Auth,
            Verb::Stat => Self::Stat,
            Verb::List => Self::List,
            Verb::Uidl => Self::Uidl,
            Verb::Retr => Self::Retr,
            Verb::Top => Self::Top,
            Verb::Dele => Self::Dele,
            Verb::Rset => Self::Rset,
            Verb::Noop => Self::Noop,
            Verb::Quit => Self::Quit,
            Verb::Utf8 => Self::Utf8,
            Verb::Lang => Self::Lang,
            Verb::Raw => Self::Raw,
        }
    }
}

/// The status indicator of a reply, and what takes its place where there is none.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_pop3_status {
    /// This event has no status.
    None = 0,
    /// `+OK`.
    Ok = 1,
    /// `-ERR`.
    Err = 2,
    /// `+OK`, but what the command asked for is not in the reply, or not readable.
    Malformed = 3,
    /// The command never left: a command before it failed, or the session ended first.
    NotSent = 4,
}

impl From<Status> for mailproto_pop3_status {
    fn from(status: Status) -> Self {
        match status {
            Status::Ok => Self::Ok,
            Status::Err => Self::Err,
            Status::Malformed => Self::Malformed,
            Status::NotSent => Self::NotSent,
        }
    }
}

/// A response code (RFC 2449 §8): why a command failed, for programs.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_pop3_response_code {
    /// There is none.
    None = 0,
    /// `LOGIN-DELAY`: logged in again too soon (RFC 2449 §8.1.1). Wait, then log in.
    LoginDelay = 1,
    /// `IN-USE`: another session holds the maildrop (RFC 2449 §8.1.2). Try later.
    InUse = 2,
    /// `AUTH`: the credentials are wrong (RFC 3206 §5). Ask the user.
    Auth = 3,
    /// `SYS/TEMP`: the server is at fault, for now (RFC 3206 §4). Try later.
    SysTemp = 4,
    /// `SYS/PERM`: the server is at fault until somebody mends it (RFC 3206 §4).
    SysPerm = 5,
    /// `UTF8`: what was asked for needs the UTF8 command first (RFC 6856 §5).
    Utf8 = 6,
    /// Any other code: see the text beside it.
    Other = 7,
}

impl From<ResponseCode<'_>> for mailproto_pop3_response_code {
    fn from(code: ResponseCode<'_>) -> Self {
        match code {
            ResponseCode::LoginDelay => Self::LoginDelay,
            ResponseCode::InUse => Self::InUse,
            ResponseCode::Auth => Self::Auth,
            ResponseCode::SysTemp => Self::SysTemp,
            ResponseCode::SysPerm => Self::SysPerm,
            ResponseCode::Utf8 => Self::Utf8,
            ResponseCode::Other(_) => Self::Other,
        }
    }
}

/// A deviation from the RFCs that servers in the field show and a lenient client mends.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_pop3_quirk {
    /// None.
    None = 0,
    /// A line ended with a bare LF (RFC 1939 §3 demands CRLF).
    BareLf = 1,
    /// `+ok` or `-err`: the status indicator must be in upper case (RFC 1939 §3).
    StatusCase = 2,
    /// Lines stood before the greeting. They were skipped.
    Banner = 3,
    /// An empty line in a listing. It was skipped.
    EmptyLine = 4,
    /// A SASL challenge that is not base64 (RFC 5034 §4). It was taken for an empty one.
    ChallengeNotBase64 = 5,
    /// A unique-id that is longer than 70 octets or holds others than 0x21 to 0x7E (RFC 1939 §7).
    /// It was taken as it is.
    UniqueId = 6,
    /// A line that is no reply where one is due, or none that was asked for. It was handed over as
    /// unrecognized.
    NotAReply = 7,
    /// A line of a listing that cannot be read. It was handed over as unrecognized.
    BadListing = 8,
    /// One that this version of the C ABI has no number for.
    Other = 255,
}

impl From<Quirk> for mailproto_pop3_quirk {
    fn from(quirk: Quirk) -> Self {
        match quirk {
            Quirk::BareLf => Self::BareLf,
            Quirk::StatusCase => Self::StatusCase,
            Quirk::Banner => Self::Banner,
            Quirk::EmptyLine => Self::EmptyLine,
            Quirk::ChallengeNotBase64 => Self::ChallengeNotBase64,
            Quirk::UniqueId => Self::UniqueId,
            Quirk::NotAReply => Self::NotAReply,
            Quirk::BadListing => Self::BadListing,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `MAILPROTO_ERROR_QUIRK_NOT_TOLERATED` has the quirk as a number of its own.
    #[test]
    fn a_quirk_that_is_not_tolerated_is_told_by_its_number_here() {
        for quirk in Quirk::ALL {
            let violation = mailproto_core::Violation::Quirk(quirk as u8);
            let (_, detail) = crate::error::remote(violation);
            assert_eq!(detail, mailproto_pop3_quirk::from(quirk) as usize);
        }
    }
}
