//! To be written.

/// View.
#[derive(Clone, Copy, Debug)]
pub struct BodyStart<'a> {
    octets: &'a [u8],
}

/// View.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    octets: &'a [u8],
}

/// Which message.
#[derive(Clone, Copy, Debug)]
pub enum MessageId {
    /// By number.
    Number(u32),
    /// By UID.
    Uid(u32),
}
