//! mailproto: POP3 and IMAP protocol engines that never touch a socket, a clock or a heap.
//!
//! A caller moves bytes; an engine turns bytes into events and intentions into bytes. All memory
//! is the engine's own struct plus two buffers that the caller lends it, whatever the size of the
//! mail. Every engine has one shape: `poll` takes input and tells events, methods queue commands,
//! `outgoing` and `sent` give output. See `pop3::Client`, `imap::Client` and `pop3::Server`, each behind a feature
//! of its module's name (the server also behind `server`); the IMAP server is still to come.
//!
//! Rooms, and who may import whom: `pop3` and `imap` build on [`wire`], and call [`sasl`], which stands
//! alone, through a trait; `driver` runs a POP3 client over a transport; `message` reads mail and imports no
//! engine; `imap` and `message` share a calendar. Nothing else crosses.
#![cfg_attr(not(test), no_std)]
#![forbid(unsafe_code)]
#![warn(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::arithmetic_side_effects
)]
#![cfg_attr(
    test,
    allow(
        clippy::indexing_slicing,
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::unreachable,
        clippy::arithmetic_side_effects
    )
)]

#[cfg(any(feature = "pop3", feature = "imap"))]
#[macro_use]
mod log;

#[cfg(any(feature = "imap", feature = "message"))]
mod calendar;
#[cfg(all(feature = "pop3", any(feature = "embedded-io", feature = "embedded-io-async")))]
pub mod driver;
mod error;
#[cfg(any(feature = "pop3-extras", feature = "imap-authenticate"))]
mod exchange;
#[cfg(feature = "imap")]
#[cfg_attr(not(all(feature = "imap-all", feature = "fast")), allow(dead_code))]
pub mod imap;
#[cfg(feature = "message")]
pub mod message;
#[cfg(any(feature = "pop3", feature = "imap", feature = "message"))]
mod names;
#[cfg(feature = "pop3")]
pub mod pop3;
pub mod sasl;
mod wipe;
pub mod wire;

pub use error::{LocalError, RemoteError, Violation};
