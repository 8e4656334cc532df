//! APPEND (RFC 9051 §6.3.12), several messages at once (RFC 3502), and messages with UTF-8 in their
//! headers (RFC 9755 §4). The message itself follows from elsewhere.

use super::encoder::Encoder;
use crate::error::EmitError;
use crate::imap::{DateTime, Flag, Mailbox};

/// What goes with a message that is appended (RFC 9051 §6.3.12).
#[derive(Clone, Copy, Debug, Default)]
pub struct AppendOptions<'a> {
    /// Its flags.
    pub flags: &'a [Flag<'a>],
    /// Its internal date; the server's clock says it if it is missing.
    pub date: Option<DateTime>,
    /// Whether the message may hold NUL and go as it is, without a transfer encoding: sent as a
    /// literal8 (RFC 3516 §4.4). The server must offer BINARY.
    pub binary: bool,
    /// Whether the headers of the message may hold UTF-8 (RFC 9755 §4). UTF8=ACCEPT must be
    /// enabled.
    pub utf8: bool,
}

/// `APPEND mailbox [(flags)] ["date"] {n}`.
pub(crate) fn append(
    line: &mut Encoder<'_>,
    mailbox: Mailbox<'_>,
    options: &AppendOptions<'_>,
    octets: u64,
) -> Result<(), EmitError> {
    super::mailboxes::one(line, b"APPEND", mailbox)?;
    next(line, options, octets)
}

/// ` [(flags)] ["date"] {n}`: what announces a message, the first and any further one (RFC 3502
/// §6).
///
/// # Errors
/// [`EmitError::WrongState`] for `utf8` when UTF8=ACCEPT is not enabled; those of the flags and
/// the date.
pub(crate) fn next(
    line: &mut Encoder<'_>,
    options: &AppendOptions<'_>,
    octets: u64,
) -> Result<(), EmitError> {
    if !options.flags.is_empty() {
        line.sp();
        line.flags(options.flags)?;
    }
    if let Some(date) = options.date {
        line.sp();
        line.date_time(date)?;
    }
    line.sp();
    if options.utf8 {
        if !line.utf8() {
            return Err(EmitError::WrongState);
        }
        line.raw(b"UTF8 (");
    }
    line.upload(octets, options.binary || options.utf8)
}

/// What follows the octets of a message (RFC 9755 §4).
pub(crate) const fn closing(options: &AppendOptions<'_>) -> &'static [u8] {
    if options.utf8 { b")" } else { b"" }
}
