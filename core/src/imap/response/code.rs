//! To be written.

/// View.
#[derive(Clone, Copy, Debug)]
pub struct Code<'a> {
    octets: &'a [u8],
}
