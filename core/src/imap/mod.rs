//! IMAP (RFC 3501, RFC 9051): the client engine, the grammar of server data and of commands.
//!
//! Grammar files know no session; the session holds no grammar.

mod attribute;
mod authenticate;
mod capability;
mod client;
pub mod command;
mod commands;
mod config;
mod course;
mod date;
mod event;
mod flag;
mod framer;
mod lexer;
mod mailbox;
mod model;
mod pipeline;
mod quirk;
mod reader;
mod replies;
pub mod response;
mod section;
mod sequence_set;
mod session;
mod string;
#[cfg(feature = "count-work")]
pub mod work;
#[cfg(not(feature = "count-work"))]
mod work;
#[cfg(test)]
mod tests;
mod upload;

pub use attribute::{Attribute, AttributeIter, Attributes};
pub use capability::{Capabilities, Capability};
pub use client::Client;
pub use command::CommandKind;
pub use config::{Config, Security};
pub use date::{Date, DateTime};
pub use event::{Event, Greeting, Oversize, Status};
pub use flag::{Flag, FlagIter, Flags};
pub use mailbox::{DisplayName, Mailbox, MailboxChars, MailboxName, NameError};
pub use quirk::{Quirk, QuirkSet};
pub use response::code::Code;
pub use response::{Data, Listing};
pub use section::{
    BodySection, FieldNames, Part, Partial, PartNumbers, Section, SectionPart,
};
pub use sequence_set::{Range, Ranges, Sequence, SequenceSet};
pub use session::{State, Tag};
pub use string::{ImapString, Pieces};
