//! Framing shared by both protocols: lines, dot-stuffed blocks, the outgoing buffer. Knows no
//! command names and imports nothing of the crate but its errors.

#[allow(dead_code)] // Which of it is in use depends on the features.
pub(crate) mod base64;
#[cfg(feature = "pop3")]
mod cursor;
mod dot;
mod line;
#[cfg(all(feature = "imap", any(feature = "fast", test)))]
pub(crate) mod literal;
mod search;
mod tx;
mod utf8;

#[cfg(feature = "pop3")]
pub(crate) use cursor::Cursor;
pub use dot::{LineEnding, Newlines, Piece, Stuffer, Unstuffer};
pub use line::{Framed, LineFramer};
#[cfg(any(feature = "server", all(feature = "imap", feature = "fast")))]
pub(crate) use search::find_lf;
#[cfg(feature = "pop3")]
pub(crate) use tx::decimal;
#[cfg(any(feature = "pop3-extras", feature = "imap"))]
pub(crate) use tx::move_to_front;
pub use tx::{Decimal, Tx};
#[cfg(feature = "imap")]
pub(crate) use tx::{Put, copy, put_decimal};
#[cfg(any(feature = "imap", feature = "message"))]
pub(crate) use utf8::Utf8;
pub use utf8::valid_up_to;
