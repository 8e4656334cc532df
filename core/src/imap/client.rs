//! The client.

/// The client role of IMAP.
#[derive(Debug)]
pub struct Client {}
