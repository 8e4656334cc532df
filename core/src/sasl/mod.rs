//! SASL (RFC 4422): one file a mechanism, both sides in it, one trait a side.
//!
//! This room stands alone: it knows neither POP3 nor IMAP and imports nothing of them. The engines carry
//! its messages, encode them in base64 and frame them; a mechanism sees raw octets only. Nothing here
//! allocates: the client side borrows its credentials, the server side a work buffer.
//!
//! | mechanism | feature | RFC |
//! |---|---|---|
//! | SCRAM-SHA-256 | `sasl-scram-sha-256` | 7677 |
//! | SCRAM-SHA-1 | `sasl-scram-sha-1` | 5802 |
//! | CRAM-MD5 | `sasl-cram-md5` | 2195 |
//! | PLAIN | `sasl-plain` | 4616 |
//! | LOGIN | `sasl-login` | draft-murchison-sasl-login |
//! | OAUTHBEARER | `sasl-oauthbearer` | 7628 |
//! | XOAUTH2 | `sasl-xoauth2` | Google's and Microsoft's documents |
//! | EXTERNAL | `sasl-external` | 4422 appendix A |
//! | ANONYMOUS | `sasl-anonymous` | 4505 |
//!
//! APOP (RFC 1939 §7) is no SASL mechanism, but its digest lives here too (`apop`).
//!
//! User names and passwords are not prepared (SASLprep, RFC 4013): ASCII needs no preparation, other
//! UTF-8 goes out as it was given. Who accepts such names from people normalises them (NFKC) first.

#![cfg_attr(
    not(all(feature = "sasl-all", feature = "server")),
    allow(dead_code, unused_imports) // Which helpers are in use depends on the mechanisms compiled in.
)]

mod base64;
mod client;
mod credentials;
mod error;
mod gs2;
mod hex;
mod name;
mod output;

#[cfg(feature = "server")]
mod bearer;
#[cfg(feature = "server")]
mod server;
#[cfg(test)]
mod tests;

#[cfg(feature = "sasl-anonymous")]
pub mod anonymous;
#[cfg(feature = "apop")]
pub mod apop;
#[cfg(feature = "sasl-cram-md5")]
pub mod cram_md5;
#[cfg(feature = "sasl-external")]
pub mod external;
#[cfg(feature = "sasl-login")]
pub mod login;
#[cfg(feature = "sasl-oauthbearer")]
pub mod oauthbearer;
#[cfg(feature = "sasl-plain")]
pub mod plain;
#[cfg(any(feature = "sasl-scram-sha-1", feature = "sasl-scram-sha-256"))]
pub mod scram;
#[cfg(feature = "sasl-xoauth2")]
pub mod xoauth2;

pub use client::{Exposure, Mechanism};
pub use credentials::{Auto, Credentials};
pub use error::Error;
pub use name::{Name, NameSet, choose};
#[cfg(feature = "server")]
pub use server::{
    AutoServer, Claim, Decoy, Secret, ServerMechanism, Setup, Step, Store, same_octets,
};

#[cfg(feature = "sasl-anonymous")]
pub use anonymous::Anonymous;
#[cfg(feature = "sasl-cram-md5")]
pub use cram_md5::CramMd5;
#[cfg(feature = "sasl-external")]
pub use external::External;
#[cfg(feature = "sasl-login")]
pub use login::Login;
#[cfg(feature = "sasl-oauthbearer")]
pub use oauthbearer::OauthBearer;
#[cfg(feature = "sasl-plain")]
pub use plain::Plain;
#[cfg(any(feature = "sasl-scram-sha-1", feature = "sasl-scram-sha-256"))]
pub use scram::Scram;
#[cfg(feature = "sasl-scram-sha-1")]
pub use scram::ScramSha1;
#[cfg(feature = "sasl-scram-sha-256")]
pub use scram::ScramSha256;
#[cfg(feature = "sasl-xoauth2")]
pub use xoauth2::XOauth2;

#[cfg(all(feature = "server", feature = "sasl-anonymous"))]
pub use anonymous::AnonymousServer;
#[cfg(all(feature = "server", feature = "sasl-cram-md5"))]
pub use cram_md5::CramMd5Server;
#[cfg(all(feature = "server", feature = "sasl-external"))]
pub use external::ExternalServer;
#[cfg(all(feature = "server", feature = "sasl-login"))]
pub use login::LoginServer;
#[cfg(all(feature = "server", feature = "sasl-oauthbearer"))]
pub use oauthbearer::OauthBearerServer;
#[cfg(all(feature = "server", feature = "sasl-plain"))]
pub use plain::PlainServer;
#[cfg(all(
    feature = "server",
    any(feature = "sasl-scram-sha-1", feature = "sasl-scram-sha-256")
))]
pub use scram::ScramServer;
#[cfg(all(feature = "server", feature = "sasl-scram-sha-1"))]
pub use scram::ScramSha1Server;
#[cfg(all(feature = "server", feature = "sasl-scram-sha-256"))]
pub use scram::ScramSha256Server;
#[cfg(all(feature = "server", feature = "sasl-xoauth2"))]
pub use xoauth2::XOauth2Server;
