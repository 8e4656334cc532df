//! APPEND: messages that are uploaded in pieces (RFC 9051 §6.3.12), also several at once (RFC 3502).

use super::capability::Capabilities;
use super::client::{Client, Part};
use super::command::CommandKind;
use super::command::append::{self, AppendOptions};
use super::command::encoder::Encoded;
use super::course::{Lasting, Upload};
use super::mailbox::Mailbox;
use super::session::{Count, Rules, Tag, count, wide};
use crate::LocalError;

impl<const N: usize> Client<'_, N> {
    /// APPEND: puts a message of so many `octets` into a mailbox (RFC 9051 §6.3.12). When
    /// [`Event::Upload`](super::Event::Upload) tells that the server takes it, give it with
    /// [`upload`](Self::upload) and end it with [`append_end`](Self::append_end). If the server refuses, the
    /// command completes instead, perhaps in the middle; then there is nothing more to give.
    ///
    /// Until `append_end` no other command can be queued. An upload that cannot be finished leaves no other way
    /// than to close the connection: the server counts octets.
    ///
    /// # Errors
    /// [`LocalError::NotOffered`] for `binary` without BINARY; [`LocalError::WrongState`] for `utf8` when
    /// UTF8=ACCEPT is not enabled; those of the mailbox's name, the flags and the date.
    pub fn append(
        &mut self,
        mailbox: Mailbox<'_>,
        options: &AppendOptions<'_>,
        octets: u64,
    ) -> Result<Tag, LocalError> {
        let rules = Rules::AUTHENTICATED;
        self.session.check(rules)?;
        self.check_append(options)?;
        let refused = self.session.is_above_limit(octets);
        let part = Part { command: Some((CommandKind::Append, rules)), ends: false };
        let (tag, waits) = self.write(part, &mut |line| {
            if refused {
                line.synchronize();
            }
            append::append(line, mailbox, options, octets)
        })?;
        self.begin_upload(options, octets, waits);
        Ok(tag)
    }

    fn check_append(&self, options: &AppendOptions<'_>) -> Result<(), LocalError> {
        if options.binary { self.require(Capabilities::BINARY) } else { Ok(()) }
    }

    fn begin_upload(&mut self, options: &AppendOptions<'_>, octets: u64, waits: bool) {
        let due = !waits;
        let parenthesis = !append::closing(options).is_empty();
        self.session.lasting = Lasting::Upload(Upload { left: count(octets), due, parenthesis });
    }

    /// Gives octets of the message (RFC 9051 §6.3.12); returns how many were taken, which is as many as the outgoing buffer has room
    /// for, perhaps none: send [`outgoing`](Self::outgoing) and give the rest.
    ///
    /// # Errors
    /// [`LocalError::WrongState`] when no upload is under way, or the server does not take it yet;
    /// [`LocalError::TooMuchData`] when there are more than were announced.
    pub fn upload(&mut self, octets: &[u8]) -> Result<usize, LocalError> {
        self.session.check_open()?;
        let takes = self.session.pipeline.takes_upload();
        let Lasting::Upload(upload) = &mut self.session.lasting else {
            return Err(LocalError::WrongState);
        };
        if !takes {
            return Err(LocalError::WrongState);
        }
        if octets.len() as u64 > wide(upload.left) {
            return Err(LocalError::TooMuchData { left: size(wide(upload.left)) });
        }
        let room = self.tx.free().len();
        let (taken, _) = octets.split_at_checked(room).unwrap_or((octets, &[]));
        let octets = self.tx.write(&[taken])?;
        upload.left = upload.left.saturating_sub(octets as Count);
        upload.due = false;
        self.session.pipeline.extend(&Encoded { octets, ..Encoded::default() }, true);
        Ok(octets)
    }

    /// The message is complete, and another of so many `octets` follows in the same APPEND (RFC 3502).
    ///
    /// # Errors
    /// [`LocalError::TooLittleData`] when the message is not complete; [`LocalError::NotOffered`] when the
    /// server has no MULTIAPPEND; [`LocalError::WrongState`] when no upload is under way, and as
    /// [`append`](Self::append).
    pub fn append_next(
        &mut self,
        options: &AppendOptions<'_>,
        octets: u64,
    ) -> Result<(), LocalError> {
        let upload = self.session.check_uploaded()?;
        self.require(Capabilities::MULTIAPPEND)?;
        self.check_append(options)?;
        let refused = self.session.is_above_limit(octets);
        let part = Part { command: None, ends: false };
        let (_, waits) = self.write(part, &mut |line| {
            if refused {
                line.synchronize();
            }
            if upload.parenthesis {
                line.close();
            }
            append::next(line, options, octets)
        })?;
        self.begin_upload(options, octets, waits);
        Ok(())
    }

    /// The message, or the last of several, is complete: ends the APPEND (RFC 9051 §6.3.12).
    ///
    /// # Errors
    /// [`LocalError::TooLittleData`] when it is not; [`LocalError::Full`] when the outgoing buffer has no room
    /// for the end of the line; [`LocalError::WrongState`] when no upload is under way.
    pub fn append_end(&mut self) -> Result<(), LocalError> {
        let upload = self.session.check_uploaded()?;
        self.write(Part { command: None, ends: true }, &mut |line| {
            if upload.parenthesis {
                line.close();
            }
            Ok(())
        })?;
        self.session.lasting = Lasting::Nothing;
        Ok(())
    }
}

impl<const N: usize> super::course::Session<N> {
    /// Whether a message is larger than the server takes: then it is asked first, and not sent in vain (RFC 7889 §4).
    fn is_above_limit(&self, octets: u64) -> bool {
        self.append_limit.is_some_and(|limit| octets > limit)
    }

    /// The upload that is under way, if all its octets have been given.
    fn check_uploaded(&self) -> Result<Upload, LocalError> {
        self.check_open()?;
        let Lasting::Upload(upload) = self.lasting else { return Err(LocalError::WrongState) };
        if !self.pipeline.takes_upload() {
            return Err(LocalError::WrongState);
        }
        if upload.left > 0 {
            return Err(LocalError::TooLittleData { left: size(wide(upload.left)) });
        }
        Ok(upload)
    }
}

/// A number of octets, as far as `usize` counts.
fn size(octets: u64) -> usize {
    usize::try_from(octets).unwrap_or(usize::MAX)
}
