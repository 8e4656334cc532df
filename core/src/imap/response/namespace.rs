//! To be written.

/// View.
#[derive(Clone, Copy, Debug)]
pub struct Namespace<'a> {
    octets: &'a [u8],
}
