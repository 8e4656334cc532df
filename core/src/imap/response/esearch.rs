//! To be written.

/// View.
#[derive(Clone, Copy, Debug)]
pub struct EsearchItem<'a> {
    octets: &'a [u8],
}
