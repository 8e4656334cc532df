//! Base64 (RFC 4648 §4) of what a mechanism encodes by itself, inside its messages.

use super::output::Sink;
use crate::wire::base64;
use zeroize::Zeroize;

/// Writes `octets` in base64, without padding: for nonces, where `=` would only take room.
pub(super) fn put_unpadded(to: &mut dyn Sink, octets: &[u8]) {
    for group in octets.chunks(3) {
        let letters = encoded(group);
        to.put(letters.get(..=group.len()).unwrap_or(&letters));
    }
}

/// Writes `octets` in base64.
pub(super) fn put(to: &mut dyn Sink, octets: &[u8]) {
    octets.chunks(3).for_each(|group| to.put(&encoded(group)));
}

/// A group of up to three octets, padded.
fn encoded(group: &[u8]) -> [u8; 4] {
    let mut letters = [0; 4];
    letters.iter_mut().zip(group).for_each(|(to, from)| *to = *from);
    base64::encode_in_place(&mut letters, group.len());
    letters
}

/// Decodes all of `text` into `room`; `None` when it is not base64 or does not fit.
pub(super) fn decode<'r>(text: &[u8], room: &'r mut [u8]) -> Option<&'r [u8]> {
    let mut len = 0_usize;
    for letters in text.chunks(4) {
        // A group of fewer than three octets is the last one.
        if !len.is_multiple_of(3) {
            return None;
        }
        let mut group = [0; 4];
        group.iter_mut().zip(letters).for_each(|(to, from)| *to = *from);
        let octets = base64::decode_in_place(group.get_mut(..letters.len())?)?;
        let to = room.get_mut(len..)?.get_mut(..octets)?;
        to.iter_mut().zip(&group).for_each(|(to, from)| *to = *from);
        group.zeroize();
        len = len.checked_add(octets)?;
    }
    room.get(..len)
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
        if self.held > 0 {
            self.to.put(&encoded(self.group.get(..self.held).unwrap_or_default()));
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

#[cfg(test)]
mod tests {
    use super::{decode, put, put_unpadded};

    impl super::Sink for Vec<u8> {
        fn put(&mut self, octets: &[u8]) {
            self.extend_from_slice(octets);
        }
    }

    /// RFC 4648 §10.
    const VECTORS: [(&[u8], &[u8]); 7] = [
        (b"", b""),
        (b"f", b"Zg=="),
        (b"fo", b"Zm8="),
        (b"foo", b"Zm9v"),
        (b"foob", b"Zm9vYg=="),
        (b"fooba", b"Zm9vYmE="),
        (b"foobar", b"Zm9vYmFy"),
    ];

    #[test]
    fn the_vectors_of_the_rfc() {
        for (octets, text) in VECTORS {
            let (mut padded, mut unpadded) = (Vec::new(), Vec::new());
            put(&mut padded, octets);
            put_unpadded(&mut unpadded, octets);
            assert_eq!(padded, text);
            assert_eq!(unpadded, text.split(|&letter| letter == b'=').next().unwrap());
            assert_eq!(decode(text, &mut [0; 6]), Some(octets));
        }
    }

    #[test]
    fn what_is_no_base64_or_does_not_fit_is_none() {
        for text in [&b"Zg==Zg=="[..], b"Zg", b"Zg=", b"Zh==", b"Z===", b"Zg==\n", b"Zm9v!m9v"] {
            assert_eq!(decode(text, &mut [0; 16]), None, "{text:?}");
        }
        assert_eq!(decode(b"Zm9v", &mut [0; 2]), None);
    }
}
