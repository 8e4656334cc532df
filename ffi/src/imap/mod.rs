//! IMAP for C: the client, what it takes, what it tells, and the views of what it tells.

mod argument;
mod capability;
mod client;
mod code;
mod command;
mod commands;
mod config;
mod event;
mod item;
mod quirk;
mod search_key;
mod string;
#[cfg(test)]
mod tests;
#[cfg(feature = "message")]
mod text;
mod view;

pub use argument::*;
pub use capability::*;
pub use client::*;
pub use code::*;
pub use command::*;
pub use commands::*;
pub use config::*;
pub use event::*;
pub use item::*;
pub use quirk::*;
pub use search_key::*;
pub use string::*;
#[cfg(feature = "message")]
pub use text::*;
pub use view::*;

use mailproto_core::imap::State;

/// The state of a session (RFC 9051 §3), and the steps before, between and after.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum mailproto_imap_state {
    /// There is no session: NULL, or an object that was never set up.
    None = 0,
    /// The greeting has not come yet.
    Greeting = 1,
    /// Nobody is logged in.
    NotAuthenticated = 2,
    /// STARTTLS was accepted: the TLS handshake is the program's, and nothing else may be received.
    Handshake = 3,
    /// Logged in.
    Authenticated = 4,
    /// A mailbox is selected.
    Selected = 5,
    /// The server has said BYE (RFC 9051 §3.4): what it still says is taken, but no command is.
    Logout = 6,
    /// The session has ended.
    Closed = 7,
}

impl From<State> for mailproto_imap_state {
    fn from(state: State) -> Self {
        match state {
            State::Greeting => Self::Greeting,
            State::NotAuthenticated => Self::NotAuthenticated,
            State::Handshake => Self::Handshake,
            State::Authenticated => Self::Authenticated,
            State::Selected => Self::Selected,
            State::Logout => Self::Logout,
            State::Closed => Self::Closed,
        }
    }
}
