//! SCRAM (RFC 5802) with SHA-1 and SHA-256 (RFC 7677): the password never crosses the wire, and the server proves
//! that it knows it too.
//!
//! ```text
//! C: n,,n=user,r=NONCE                  client-first
//! S: r=NONCE+more,s=SALT,i=4096         server-first
//! C: c=biws,r=NONCE+more,p=PROOF        client-final
//! S: v=SIGNATURE                        server-final
//! ```
//!
//! Channel binding (the -PLUS variants) is not offered yet; [`Binding`] is its place.

mod client;
mod keys;
#[cfg(feature = "server")]
mod server;
#[cfg(test)]
mod tests;

pub use client::{Binding, Scram};
pub use keys::{Hash, Keys};
#[cfg(feature = "server")]
pub use server::ScramServer;

/// Client side of SCRAM-SHA-1.
#[cfg(feature = "sasl-scram-sha-1")]
pub type ScramSha1<'a> = Scram<'a, sha1::Sha1>;
/// Client side of SCRAM-SHA-256.
#[cfg(feature = "sasl-scram-sha-256")]
pub type ScramSha256<'a> = Scram<'a, sha2::Sha256>;
/// Server side of SCRAM-SHA-1.
#[cfg(all(feature = "server", feature = "sasl-scram-sha-1"))]
pub type ScramSha1Server<'b> = ScramServer<'b, sha1::Sha1>;
/// Server side of SCRAM-SHA-256.
#[cfg(all(feature = "server", feature = "sasl-scram-sha-256"))]
pub type ScramSha256Server<'b> = ScramServer<'b, sha2::Sha256>;

/// The fewest iterations that are taken as safe (RFC 7677 §4).
pub const MIN_ITERATIONS: u32 = 4096;

/// A nonce consists of printable ASCII but the comma (RFC 5802 §7).
fn is_nonce(octets: &[u8]) -> bool {
    !octets.is_empty() && octets.iter().all(|octet| octet.is_ascii_graphic() && *octet != b',')
}
