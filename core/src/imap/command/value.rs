//! Values in commands: mailboxes, sets, flags, dates. Each is written by its own type; here it is
//! decided what stands around it.

use super::encoder::{Encoder, Source};
use crate::error::EmitError;
use crate::imap::mailbox::is_control;
use crate::imap::{Date, DateTime, Flag, Mailbox, Sequence};

impl Encoder<'_> {
    /// A `mailbox`, as an astring (RFC 9051 §9).
    ///
    /// # Errors
    /// As [`string`](Self::string); [`EmitError::ForbiddenOctet`] for a name that may not be.
    pub(crate) fn mailbox(&mut self, mailbox: Mailbox<'_>) -> Result<(), EmitError> {
        check_name(mailbox)?;
        let utf8 = self.utf8();
        self.astring_of(Source::Mailbox(mailbox, utf8))
    }

    /// A mailbox pattern (RFC 9051 §9, `list-mailbox`), always as a string: `*` and `%` may stand
    /// there.
    ///
    /// # Errors
    /// As [`mailbox`](Self::mailbox).
    pub(crate) fn pattern(&mut self, pattern: Mailbox<'_>) -> Result<(), EmitError> {
        check_name(pattern)?;
        let utf8 = self.utf8();
        self.string_of(Source::Mailbox(pattern, utf8))
    }

    /// A sequence set.
    ///
    /// # Errors
    /// Those of [`Sequence`].
    pub(crate) fn sequence_set(&mut self, set: Sequence<'_>) -> Result<(), EmitError> {
        set.emit(self)
    }

    /// A sequence set in which `*` and `$` may not stand (RFC 7162 §3.2.5.2, RFC 4315 §3).
    ///
    /// # Errors
    /// [`EmitError::BadArgument`] where one does; those of [`Sequence`].
    #[cfg(feature = "imap-condstore")]
    pub(crate) fn fixed_set(&mut self, set: Sequence<'_>) -> Result<(), EmitError> {
        let mut moving = false;
        set.emit(&mut |octets: &[u8]| {
            moving |= octets.iter().any(|octet| matches!(octet, b'*' | b'$'));
            self.raw(octets);
        })?;
        if moving { Err(EmitError::BadArgument { at: 0 }) } else { Ok(()) }
    }

    /// A parenthesized list of flags.
    ///
    /// # Errors
    /// Those of [`Flag`].
    pub(crate) fn flags(&mut self, flags: &[Flag<'_>]) -> Result<(), EmitError> {
        Flag::emit_list(flags, self)
    }

    /// A `date` (RFC 9051 §9).
    ///
    /// # Errors
    /// Those of [`Date`].
    pub(crate) fn date(&mut self, date: Date) -> Result<(), EmitError> {
        date.emit(self)
    }

    /// A `date-time` in its quotes (RFC 9051 §9).
    ///
    /// # Errors
    /// Those of [`DateTime`].
    pub(crate) fn date_time(&mut self, date_time: DateTime) -> Result<(), EmitError> {
        date_time.emit(self)
    }
}

/// RFC 9051 §5.1: control characters and line separators may not stand in a name. Octets that a server
/// sent are exempt, so that a mailbox whose name it should not have given stays within reach.
fn check_name(mailbox: Mailbox<'_>) -> Result<(), EmitError> {
    let Mailbox::Name(name) = mailbox else { return Ok(()) };
    match name.find(is_control) {
        Some(at) => Err(EmitError::ForbiddenOctet { at }),
        None => Ok(()),
    }
}
