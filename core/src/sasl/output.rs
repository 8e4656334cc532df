//! Where messages are composed. A message is written by one function into any [`Sink`]: the output buffer,
//! a MAC, a comparison. So what is signed cannot differ from what is sent.

use super::Error;
use zeroize::Zeroize;

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
            self.room.zeroize();
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
#[allow(dead_code)]
pub(super) struct Prefix<'m>(Option<&'m [u8]>);

#[allow(dead_code)]
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
#[allow(dead_code)] // which helpers are in use depends on the mechanisms compiled in
pub(super) fn write(out: &mut [u8], message: &[u8]) -> Result<usize, Error> {
    let mut output = Output::new(out);
    output.put(message);
    output.finish()
}

/// Writes a number without leading zeros (no `core::fmt`, which is large on a chip).
#[allow(dead_code)]
pub(super) fn put_decimal(to: &mut dyn Sink, number: u32) {
    let mut divisor = 1_000_000_000;
    while divisor > 1 && number < divisor {
        divisor /= 10;
    }
    while divisor > 0 {
        // A remainder of ten is below ten.
        to.put(&[b'0'.wrapping_add((number / divisor % 10) as u8)]);
        divisor /= 10;
    }
}

/// A credential that must be there and may contain anything but NUL.
#[allow(dead_code)]
pub(super) fn check_text(text: &str) -> Result<(), Error> {
    if text.is_empty() {
        return Err(Error::EmptyCredential);
    }
    check_no_nul(text)
}

/// An optional credential without NUL.
#[allow(dead_code)]
pub(super) fn check_no_nul(text: &str) -> Result<(), Error> {
    if text.as_bytes().contains(&0) { Err(Error::ForbiddenCharacter) } else { Ok(()) }
}

/// An optional credential without control characters (^A separates the fields of the OAuth mechanisms).
#[allow(dead_code)]
pub(super) fn check_no_controls(text: &str) -> Result<(), Error> {
    if text.bytes().any(|octet| octet.is_ascii_control()) {
        Err(Error::ForbiddenCharacter)
    } else {
        Ok(())
    }
}

/// A bearer token: RFC 6750 §2.1 has letters, digits and a few signs; anything printable is let through.
#[allow(dead_code)]
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
#[allow(dead_code)]
pub(super) fn check_nonce(nonce: &[u8]) -> Result<(), Error> {
    if nonce.len() < 12 { Err(Error::WeakNonce) } else { Ok(()) }
}
