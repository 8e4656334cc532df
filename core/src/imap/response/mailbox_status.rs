//! To be written.

/// View.
#[derive(Clone, Copy, Debug)]
pub struct MailboxStatus<'a> {
    octets: &'a [u8],
}
