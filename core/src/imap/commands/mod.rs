//! The commands of a client, one method each: what the command needs, in which state it is legal,
//! and who writes it. Those of which more than a line travels (STARTTLS, AUTHENTICATE, LOGIN,
//! APPEND, IDLE) stand with the client itself.
//!
//! All of them behave alike. `Ok` gives the tag under which
//! [`Event::Completed`](super::Event::Completed) will tell the outcome; on an error nothing is
//! queued and nothing has changed. Every one of them can fail with [`Closed`](LocalError::Closed)
//! (the session is over), [`WrongState`](LocalError::WrongState) (log in or select first),
//! [`Busy`](LocalError::Busy) (poll until what is in flight has completed),
//! [`Full`](LocalError::Full) (send and poll, then call again) and
//! [`BufferTooSmall`](LocalError::BufferTooSmall) (lend a larger `tx`); each names what it adds to
//! these. Arguments are sent as atom, quoted string or literal, as their octets require: CR and LF
//! travel in a literal, NUL is refused with [`ForbiddenOctet`](LocalError::ForbiddenOctet).

mod extensions;
mod mailboxes;
mod messages;
mod search;

use super::command::general::{self, IdField};
use super::command::raw::{self, Argument, ArgumentStep, ArgumentSteps};
use super::session::Rules;
use super::{Capabilities, Client, CommandKind, State, Tag};
use crate::LocalError;

impl<const N: usize> Client<'_, N> {
    /// CAPABILITY (RFC 9051 §6.1.1): what the server can do. The names come as data by element, and
    /// [`capabilities`](Self::capabilities) holds the set: ask when
    /// [`KNOWN`](Capabilities::KNOWN) is not in it.
    ///
    /// # Errors
    /// Those of any command.
    pub fn capability(&mut self) -> Result<Tag, LocalError> {
        self.bare(CommandKind::Capability, Rules::ANY, b"CAPABILITY")
    }

    /// NOOP (RFC 9051 §6.1.2): gives the server occasion to tell what has happened in the mailbox,
    /// and keeps the connection alive.
    ///
    /// # Errors
    /// Those of any command.
    pub fn noop(&mut self) -> Result<Tag, LocalError> {
        self.bare(CommandKind::Noop, Rules::ANY, b"NOOP")
    }

    /// LOGOUT (RFC 9051 §6.1.3): ends the session. The server says BYE, completes the command and
    /// closes the connection. Nothing can be sent behind it.
    ///
    /// # Errors
    /// Those of any command.
    pub fn logout(&mut self) -> Result<Tag, LocalError> {
        self.bare(CommandKind::Logout, Rules::ANY.alone(), b"LOGOUT")
    }

    /// ID (RFC 2971 §3.1): tells the server who asks, and asks who it is; no fields for asking
    /// only. Its answer comes as [`Data::Id`](super::Data::Id).
    ///
    /// # Errors
    /// [`TooLong`](LocalError::TooLong) for more than 30 fields, a name of more than 30 octets or a
    /// value of more than 1024 (RFC 2971 §3.3); [`NotOffered`](LocalError::NotOffered) without ID;
    /// those of any command.
    pub fn id(&mut self, fields: &[IdField<'_>]) -> Result<Tag, LocalError> {
        self.require(Capabilities::ID)?;
        self.command(CommandKind::Id, Rules::ANY, &mut |line| general::id(line, fields))
    }

    /// ENABLE (RFC 9051 §6.3.1): turns on extensions that change what the server sends, as
    /// `CONDSTORE`, `QRESYNC`, `UTF8=ACCEPT` or `IMAP4rev2`. Those that it did turn on come as data
    /// by element. To be sent after login, before a mailbox is selected.
    ///
    /// With `UTF8=ACCEPT` or `IMAP4rev2` mailbox names are UTF-8 from then on, in both directions.
    ///
    /// # Errors
    /// [`Empty`](LocalError::Empty) for no names; [`BadArgument`](LocalError::BadArgument) for one
    /// that is no atom; [`WrongState`](LocalError::WrongState) when a mailbox is selected;
    /// [`NotOffered`](LocalError::NotOffered) without ENABLE; those of any command.
    pub fn enable(&mut self, capabilities: &[&str]) -> Result<Tag, LocalError> {
        // RFC 9051 §6.3.1: before any mailbox is selected.
        if self.state() == State::Selected {
            return Err(LocalError::WrongState);
        }
        self.require(Capabilities::ENABLE)?;
        self.command(CommandKind::Enable, Rules::AUTHENTICATED.alone(), &mut |line| {
            general::enable(line, capabilities)
        })
    }

    /// LANGUAGE (RFC 5255 §3.2): in which language the server writes its texts; language ranges in
    /// the order of preference, none to ask which there are.
    ///
    /// # Errors
    /// Those of any command.
    pub fn language(&mut self, ranges: &[&str]) -> Result<Tag, LocalError> {
        self.command(CommandKind::Language, Rules::ANY, &mut |line| general::language(line, ranges))
    }

    /// COMPRESS DEFLATE (RFC 4978 §3). After [`Event::Completed`](super::Event::Completed) with OK
    /// both sides compress: the octet behind that line is the first compressed one. `poll` takes no
    /// more than the line.
    ///
    /// # Errors
    /// [`NotOffered`](LocalError::NotOffered) without COMPRESS=DEFLATE; those of any command.
    #[cfg(feature = "imap-compress")]
    pub fn compress(&mut self) -> Result<Tag, LocalError> {
        self.require(Capabilities::COMPRESS_DEFLATE)?;
        self.bare(CommandKind::Compress, Rules::AUTHENTICATED.alone(), b"COMPRESS DEFLATE")
    }

    /// UNAUTHENTICATE (RFC 8437): back to where one logs in, with nothing enabled.
    ///
    /// # Errors
    /// [`NotOffered`](LocalError::NotOffered) without UNAUTHENTICATE; those of any command.
    pub fn unauthenticate(&mut self) -> Result<Tag, LocalError> {
        self.require(Capabilities::UNAUTHENTICATE)?;
        let rules = Rules::AUTHENTICATED.alone();
        self.bare(CommandKind::Unauthenticate, rules, b"UNAUTHENTICATE")
    }

    /// GETJMAPACCESS (RFC 9698): where the same mail can be had by JMAP. The answer comes as
    /// [`Data::Unrecognized`](super::Data::Unrecognized).
    ///
    /// # Errors
    /// [`NotOffered`](LocalError::NotOffered) without JMAPACCESS; those of any command.
    pub fn get_jmap_access(&mut self) -> Result<Tag, LocalError> {
        self.require(Capabilities::JMAPACCESS)?;
        self.bare(CommandKind::GetJmapAccess, Rules::AUTHENTICATED, b"GETJMAPACCESS")
    }

    /// A command that has no method here, by its name, with arguments that are checked: whatever
    /// they hold, they stay arguments of this command. For a UID command the name is `UID` and the
    /// first argument its name. Responses that are not known come as
    /// [`Data::Unrecognized`](super::Data::Unrecognized). Literals wait for the server, even with
    /// LITERAL+: one that does not know the command could take them for the next (RFC 7888 §4).
    ///
    /// ```no_run
    /// # use mailproto_core::{LocalError, imap::{Client, command::Argument}};
    /// # fn f<const N: usize>(client: &mut Client<'_, N>) -> Result<(), LocalError> {
    /// let events = Argument::Verbatim(b"SET (SELECTED (MessageNew MessageExpunge))");
    /// client.raw("NOTIFY", &[events])?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`BadArgument`](LocalError::BadArgument) for a name that is no atom, or has a method of its
    /// own because it changes the state (as SELECT or STARTTLS), for lists in lists beyond 16
    /// levels, and for an argument that does not follow its grammar;
    /// [`ForbiddenOctet`](LocalError::ForbiddenOctet) and [`Empty`](LocalError::Empty) where the
    /// argument cannot be; those of any command.
    pub fn raw(&mut self, name: &str, arguments: &[Argument<'_>]) -> Result<Tag, LocalError> {
        let numbers = matches!(arguments.first(), Some(Argument::Sequence(_)));
        let rules = if numbers { Rules::ANY.by_number() } else { Rules::ANY };
        self.command(CommandKind::Raw, rules, &mut |line| {
            raw::raw(line, name.as_bytes(), arguments)
        })
    }

    /// As [`raw`](Self::raw), with arguments in a row.
    ///
    /// # Errors
    /// As of [`raw`](Self::raw); [`BadArgument`](LocalError::BadArgument) for a list of more than follow.
    pub fn raw_steps(
        &mut self,
        name: &[u8],
        arguments: &dyn ArgumentSteps,
    ) -> Result<Tag, LocalError> {
        let first = arguments.step(0);
        let numbers = matches!(first, Some(ArgumentStep::Argument(Argument::Sequence(_))));
        let rules = if numbers { Rules::ANY.by_number() } else { Rules::ANY };
        self.command(CommandKind::Raw, rules, &mut |line| raw::raw_steps(line, name, arguments))
    }

    /// A command without arguments.
    fn bare(&mut self, kind: CommandKind, rules: Rules, name: &[u8]) -> Result<Tag, LocalError> {
        self.command(kind, rules, &mut |line| {
            line.raw(name);
            Ok(())
        })
    }
}
