//! To be written.

/// View.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'a> {
    octets: &'a [u8],
}
