//! Where messages are composed. A message is written by one function into any [`Sink`]: the output buffer,
//! a MAC, a comparison. So what is signed cannot differ from what is sent.

use super::Error;
use crate::wipe::wipe;

/// Takes a message piece by piece.
pub(super) trait Sink {
    fn put(&mut self, octets: &[u8]);
}

/// A buffer that is written up to its end and counts on beyond it.
pub(super) struct Output<'o> {
    room: &'o mut [u8],
    needed: usize,
}

impl<'o> Output<'o> {
    pub(super) fn new(room: &'o mut [u8]) -> Self {
        Output { room, needed: 0 }
    }

    /// How many octets were written; a message that does not fit is wiped.
    pub(super) fn finish(self) -> Result<usize, Error> {
        if self.needed > self.room.len() {
            wipe(self.room);
            return Err(Error::BufferTooSmall { needed: self.needed });
        }
        Ok(self.needed)
    }
}

impl Sink for Output<'_> {
    fn put(&mut self, octets: &[u8]) {
        let end = self.needed.saturating_add(octets.len());
        if let Some(room) = self.room.get_mut(self.needed..end) {
            room.iter_mut().zip(octets).for_each(|(to, from)| *to = *from);
        }
        self.needed = end;
    }
}

/// A text from which is taken off, from its start, what is put; so a message is compared without being composed.
pub(super) struct Prefix<'m>(Option<&'m [u8]>);

impl<'m> Prefix<'m> {
    pub(super) fn of(text: &'m [u8]) -> Self {
        Prefix(Some(text))
    }

    /// What is left; `None` when the text began differently.
    pub(super) fn rest(&self) -> Option<&'m [u8]> {
        self.0
    }
}

impl Sink for Prefix<'_> {
    fn put(&mut self, octets: &[u8]) {
        self.0 = self.0.and_then(|rest| rest.strip_prefix(octets));
    }
}

/// Writes one message to `out`.
pub(super) fn write(out: &mut [u8], message: &[u8]) -> Result<usize, Error> {
    let mut output = Output::new(out);
    output.put(message);
    output.finish()
}

/// Writes a number without leading zeros (no `core::fmt`, which is large on a chip).
pub(super) fn put_decimal(to: &mut dyn Sink, number: u32) {
    const POWERS: [u32; 10] =
        [1_000_000_000, 100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 10, 1];
    for power in POWERS {
        if number >= power || power == 1 {
            let digit = number.checked_div(power).unwrap_or(0) % 10;
            to.put(&[b'0'.wrapping_add(digit as u8)]);
        }
    }
}

/// A credential that must be there and may contain anything but NUL.
pub(super) fn check_text(text: &str) -> Result<(), Error> {
    if text.is_empty() {
        return Err(Error::EmptyCredential);
    }
    check_no_nul(text)
}

/// An optional credential without NUL.
pub(super) fn check_no_nul(text: &str) -> Result<(), Error> {
    // Not `contains`, which searches by the word: credentials are short, and that is larger.
    if text.bytes().any(|octet| octet == 0) { Err(Error::ForbiddenCharacter) } else { Ok(()) }
}

/// An optional credential without control characters (^A separates the fields of the OAuth mechanisms).
pub(super) fn check_no_controls(text: &str) -> Result<(), Error> {
    if text.bytes().any(|octet| octet.is_ascii_control()) {
        Err(Error::ForbiddenCharacter)
    } else {
        Ok(())
    }
}

/// A bearer token: RFC 6750 §2.1 has letters, digits and a few signs; anything printable is let through.
pub(super) fn check_token(token: &str) -> Result<(), Error> {
    if token.is_empty() {
        return Err(Error::EmptyCredential);
    }
    if token.bytes().all(|octet| octet.is_ascii_graphic()) {
        Ok(())
    } else {
        Err(Error::ForbiddenCharacter)
    }
}

/// A nonce must not repeat: 96 random bits are the least that is accepted.
pub(super) fn check_nonce(nonce: &[u8]) -> Result<(), Error> {
    if nonce.len() < 12 { Err(Error::WeakNonce) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_have_no_leading_zeros() {
        for (number, text) in
            [(0, "0"), (7, "7"), (10, "10"), (4096, "4096"), (u32::MAX, "4294967295")]
        {
            let mut room = [0; 10];
            let mut output = Output::new(&mut room);
            put_decimal(&mut output, number);
            let written = output.finish().unwrap();
            assert_eq!(&room[..written], text.as_bytes());
        }
    }
}
