//! POP3: RFC 1939 with CAPA (2449), STLS (2595), AUTH (5034), response codes (2449, 3206), UTF8
//! and LANG (6856), under the transport rules of RFC 8314. May import `wire` and `sasl`.
//!
//! The grammar files (`capability`, `command`, `response`) hold each parser beside its emitter and
//! know no session; the session files (`session`, `client` with `replies`, `server` with
//! `requests` and `top`) hold no grammar.

mod capability;
mod client;
mod command;
mod config;
mod event;
mod offer;
mod replies;
#[cfg(feature = "server")]
mod requests;
mod response;
#[cfg(feature = "server")]
mod server;
mod session;
#[cfg(feature = "server")]
mod top;

pub use capability::{Capabilities, Capability, MechanismNames};
pub use client::Client;
pub use command::{Command, CommandError, Verb};
pub use config::{Config, Quirk, QuirkSet, Security};
pub use event::{Event, Sink, Value};
pub use response::{ResponseCode, Status};
pub use session::{CommandNumber, State};
#[cfg(feature = "server")]
pub use {
    config::{ServerConfig, Utf8},
    requests::Request,
    server::Server,
};
