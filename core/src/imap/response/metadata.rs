//! To be written.

/// View.
#[derive(Clone, Copy, Debug)]
pub struct Metadata<'a> {
    octets: &'a [u8],
}
