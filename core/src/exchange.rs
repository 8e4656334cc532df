//! A SASL response as a line of base64: what AUTH (RFC 5034 §4) and AUTHENTICATE (RFC 9051 §6.2.2) share. Imports
//! `sasl` and `wire`'s base64.

use crate::LocalError;
use crate::sasl::{Error, Mechanism};
use crate::wire::base64;

/// What ends a line, in octets.
pub(crate) const CRLF: usize = 2;

/// Lays the answer to `challenge` into the front of `room`, CRLF included; returns how many octets that is.
///
/// # Errors
/// [`LocalError::BufferTooSmall`] when it does not fit; [`LocalError::Sasl`] when the mechanism refuses.
#[cfg_attr(not(feature = "fast"), inline(never))]
pub(crate) fn response_line(
    mechanism: &mut dyn Mechanism,
    challenge: &[u8],
    room: &mut [u8],
) -> Result<usize, LocalError> {
    let raw = base64::raw_len(room.len().saturating_sub(CRLF));
    let raw = room.get_mut(..raw).unwrap_or_default();
    let octets = mechanism.respond(challenge, raw).map_err(|error| match error {
        Error::BufferTooSmall { needed } => {
            LocalError::BufferTooSmall { needed: base64::encoded_len(needed).saturating_add(CRLF) }
        }
        error => LocalError::Sasl(error),
    })?;
    base64::encode_line(room, octets).ok_or(LocalError::Full)
}
