//! The commands, one function each, so that a program links the commands it uses and no others.

#[cfg(feature = "imap-append")]
mod append;
mod authenticate;
#[cfg(any(feature = "imap-quota", feature = "imap-acl", feature = "imap-metadata"))]
mod extensions;
mod general;
mod mailboxes;
mod messages;
mod raw;
mod search;

#[cfg(feature = "imap-append")]
pub use append::*;
pub use authenticate::*;
#[cfg(any(feature = "imap-quota", feature = "imap-acl", feature = "imap-metadata"))]
pub use extensions::*;
pub use general::*;
pub use mailboxes::*;
pub use messages::*;
pub use raw::*;
pub use search::*;
