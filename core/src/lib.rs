//! mailproto: POP3 and IMAP protocol engines that never touch a socket, a clock or a heap.
//!
//! A caller moves bytes; an engine turns bytes into events and intentions into bytes. All memory
//! is the engine's own struct plus two buffers that the caller lends it, whatever the size of the
//! mail. See [`pop3::Client`] for the shape that every engine has.
//!
//! Rooms, and who may import whom: `pop3` and `imap` build on [`wire`]; [`sasl`] stands alone and is called
//! through a trait; nothing else crosses.
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
#[cfg(feature = "imap")]
pub mod imap;
#[cfg(feature = "message")]
pub mod message;
#[cfg(feature = "pop3")]
pub mod pop3;
pub mod sasl;
pub mod wire;

pub use error::{LocalError, RemoteError, Violation};
