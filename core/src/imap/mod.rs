//! IMAP (RFC 3501, RFC 9051): the client engine, the grammar of server data and of commands.
//!
//! [`Client`] is the engine: its methods queue commands, [`Client::poll`] takes what the server says and tells
//! [`Event`]s. [`command`] holds what commands take as arguments, [`response`] what server data
//! bring; what both have in common stands here. Everything that is told is borrowed, from the caller's input or from the
//! scratch buffer, until the next call.
//!
//! A mailbox is selected, and of each message the UID and the subject are printed. `server` stands for a socket:
//!
//! ```
//! use mailproto_core::imap::command::FetchItem;
//! use mailproto_core::imap::response::fetch::Item;
//! use mailproto_core::imap::{Client, Config, Data, Event, Mailbox, Security, Sequence, State};
//!
//! # let mut answers = [
//! #     (&b""[..], &b"* PREAUTH [CAPABILITY IMAP4rev1] ready\r\n"[..]),
//! #     (b"AAA1 EXAMINE INBOX\r\n", b"* 2 EXISTS\r\n* FLAGS ()\r\nAAA1 OK [READ-ONLY] done\r\n"),
//! #     (b"AAA2 FETCH 1:* (UID ENVELOPE)\r\n", b"* 1 FETCH (UID 7 ENVELOPE (NIL \"Lunch\" NIL NIL NIL \
//! #         NIL NIL NIL NIL NIL))\r\n* 2 FETCH (UID 9 ENVELOPE (NIL {5}\r\nTea?! NIL NIL NIL NIL NIL NIL NIL NIL))\r\n\
//! #         AAA2 OK done\r\n"),
//! #     (b"AAA3 LOGOUT\r\n", b"* BYE until next time\r\nAAA3 OK done\r\n"),
//! # ].into_iter();
//! # let mut server = |octets: &[u8]| {
//! #     let (expected, answer) = answers.next().expect("an answer");
//! #     assert_eq!(octets, expected);
//! #     answer
//! # };
//! # let mut printed = String::new();
//! # macro_rules! print { ($($arg:tt)*) => { printed.push_str(&format!($($arg)*)) } }
//! let (mut scratch, mut tx) = ([0; 1024], [0; 256]);
//! let config = Config::default().with_security(Security::Private); // the socket is a TLS stream
//! let mut client = Client::new(&mut scratch, &mut tx, config);
//! while client.state() != State::Closed {
//!     match client.state() {
//!         _ if !client.is_idle() => {}
//!         State::Authenticated => _ = client.examine(Mailbox::INBOX)?,
//!         State::Selected => {
//!             client.fetch(Sequence::ALL, &[FetchItem::Uid, FetchItem::Envelope])?;
//!             client.logout()?; // leaves when the FETCH is complete
//!         }
//!         _ => {} // NotAuthenticated: `login` or `authenticate`
//!     }
//!     let mut input = server(client.outgoing()); // any piece of the stream, however long
//!     client.sent(usize::MAX); // all of it was sent
//!     while let Some(event) = client.poll(&mut input)? {
//!         match event {
//!             Event::Data(Data::Item(Item::Uid(uid))) => print!("{uid} "),
//!             Event::Data(Data::Item(Item::Envelope(envelope))) => {
//!                 let mut room = [0; 80];
//!                 let subject = envelope.subject().and_then(|text| text.copy_to(&mut room));
//!                 print!("{}\n", String::from_utf8_lossy(subject.unwrap_or(b"(none, or long)")));
//!             }
//!             Event::Oversize { octets, .. } => print!("(something of {octets} octets)\n"),
//!             _ => {}
//!         }
//!     }
//! }
//! # assert_eq!(printed, "7 Lunch\n9 Tea?!\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Subjects may hold encoded words (RFC 2047): `message::encoded_word` reads them.
//!
//! Files, for who reads on: grammar files know no session; the session holds no grammar.

mod attribute;
#[cfg(feature = "imap-authenticate")]
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
mod lasting;
mod lexer;
mod login;
mod mailbox;
mod model;
mod pipeline;
mod quirk;
mod reader;
mod replies;
pub mod response;
mod resume;
mod section;
mod sequence_set;
mod session;
mod string;
#[cfg(test)]
mod tests;
#[cfg(feature = "imap-append")]
mod upload;
#[cfg(feature = "count-work")]
#[doc(hidden)]
pub mod work;
#[cfg(not(feature = "count-work"))]
mod work;

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
pub use section::{BodySection, FieldNames, Part, PartNumbers, Partial, Section, SectionPart};
pub use sequence_set::{Range, Ranges, Sequence, SequenceSet};
pub use session::{State, Tag};
pub use string::{ImapString, Pieces};
