//! To be written.

/// View.
#[derive(Clone, Copy, Debug)]
pub struct Id<'a> {
    octets: &'a [u8],
}
