//! To be written.

/// View.
#[derive(Clone, Copy, Debug)]
pub struct List<'a> {
    octets: &'a [u8],
}
