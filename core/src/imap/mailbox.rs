//! Mailbox names (RFC 9051 §5.1, RFC 3501 §5.1.3).

use super::string::ImapString;

/// A mailbox name as the server sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MailboxName<'a> {
    name: ImapString<'a>,
}

/// A mailbox, as an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mailbox<'m> {
    /// A name as people read it.
    Name(&'m str),
    /// Octets as a server sent them.
    Raw(&'m [u8]),
}
