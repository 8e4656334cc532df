//! The commands, one function each, so that a program links the commands it uses and no others.

mod append;
mod authenticate;
mod extensions;
mod general;
mod mailboxes;
mod messages;
mod search;

pub use append::*;
pub use authenticate::*;
pub use extensions::*;
pub use general::*;
pub use mailboxes::*;
pub use messages::*;
pub use search::*;
