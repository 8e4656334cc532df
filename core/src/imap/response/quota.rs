//! To be written.

/// View.
#[derive(Clone, Copy, Debug)]
pub struct Quota<'a> {
    octets: &'a [u8],
}

/// View.
#[derive(Clone, Copy, Debug)]
pub struct QuotaRoot<'a> {
    octets: &'a [u8],
}
