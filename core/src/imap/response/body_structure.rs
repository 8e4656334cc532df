//! To be written.

/// View.
#[derive(Clone, Copy, Debug)]
pub struct BodyStructure<'a> {
    octets: &'a [u8],
}
