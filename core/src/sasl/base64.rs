//! Base64 (RFC 4648 §4) of what a mechanism encodes by itself, inside its messages.

use super::output::Sink;
use base64ct::{Base64, Base64Unpadded, Encoding};

/// Writes `octets` in base64, without padding: for nonces, where `=` would only take room.
pub(super) fn put_unpadded(to: &mut dyn Sink, octets: &[u8]) {
    for group in octets.chunks(3) {
        let mut encoded = [0; 4];
        if let Ok(text) = Base64Unpadded::encode(group, &mut encoded) {
            to.put(text.as_bytes());
        }
    }
}

/// Writes `octets` in base64.
pub(super) fn put(to: &mut dyn Sink, octets: &[u8]) {
    let mut encoder = Encoder::new(to);
    encoder.put(octets);
    encoder.finish();
}

/// Decodes all of `text` into `room`; `None` when it is not base64 or does not fit.
pub(super) fn decode<'r>(text: &[u8], room: &'r mut [u8]) -> Option<&'r [u8]> {
    Base64::decode(text, room).ok()
}

/// A sink that passes on the base64 of what it is given, padded once it is finished.
pub(super) struct Encoder<'s> {
    to: &'s mut dyn Sink,
    /// The octets of a group that is not whole yet.
    group: [u8; 3],
    held: usize,
}

impl<'s> Encoder<'s> {
    pub(super) fn new(to: &'s mut dyn Sink) -> Self {
        Encoder { to, group: [0; 3], held: 0 }
    }

    pub(super) fn finish(mut self) {
        self.flush();
    }

    fn flush(&mut self) {
        let mut encoded = [0; 4];
        if let Some(Ok(text)) =
            self.group.get(..self.held).map(|group| Base64::encode(group, &mut encoded))
        {
            self.to.put(text.as_bytes());
        }
        self.held = 0;
    }
}

impl Sink for Encoder<'_> {
    fn put(&mut self, octets: &[u8]) {
        for octet in octets {
            if let Some(place) = self.group.get_mut(self.held) {
                *place = *octet;
            }
            self.held = self.held.wrapping_add(1);
            if self.held >= self.group.len() {
                self.flush();
            }
        }
    }
}
