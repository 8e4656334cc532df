//! Commands that open, keep and list mailboxes (RFC 9051 §6.3, RFC 3501 §6.3).

use crate::LocalError;
#[cfg(feature = "imap-condstore")]
use crate::imap::command::mailboxes::SelectOptions;
use crate::imap::command::{ListOptions, ListReturn, ListSelection, StatusItem};
use crate::imap::command::{list, mailboxes};
use crate::imap::session::Rules;
use crate::imap::{Attribute, Capabilities, Client, CommandKind, Mailbox, Tag};

impl<const N: usize> Client<'_, N> {
    /// SELECT (RFC 9051 §6.3.2): opens a mailbox. FLAGS, EXISTS and, as codes of untagged OKs,
    /// UIDVALIDITY, UIDNEXT and PERMANENTFLAGS come before the outcome. A mailbox that is open is
    /// closed first, even if this fails; nothing is expunged.
    ///
    /// # Errors
    /// [`BadArgument`](LocalError::BadArgument) or [`ForbiddenOctet`](LocalError::ForbiddenOctet)
    /// for a name that cannot be sent; those of any command.
    pub fn select(&mut self, mailbox: Mailbox<'_>) -> Result<Tag, LocalError> {
        self.of_mailbox(CommandKind::Select, OPENS, b"SELECT", mailbox)
    }

    /// EXAMINE (RFC 9051 §6.3.3): opens a mailbox that is not to be changed; otherwise as
    /// [`select`](Self::select).
    ///
    /// # Errors
    /// As of [`select`](Self::select).
    pub fn examine(&mut self, mailbox: Mailbox<'_>) -> Result<Tag, LocalError> {
        self.of_mailbox(CommandKind::Examine, OPENS, b"EXAMINE", mailbox)
    }

    /// SELECT with CONDSTORE or QRESYNC (RFC 7162 §3.1.8, §3.2.5): as [`select`](Self::select), and
    /// with QRESYNC what changed meanwhile comes before the outcome: `VANISHED (EARLIER)` by
    /// element, then FETCH with the flags.
    ///
    /// # Errors
    /// [`BadArgument`](LocalError::BadArgument) for a UIDVALIDITY or mod-sequence of 0, and for `*`
    /// or `$` in a set; [`NotOffered`](LocalError::NotOffered) without the extension; else as of
    /// [`select`](Self::select).
    #[cfg(feature = "imap-condstore")]
    pub fn select_with(
        &mut self,
        mailbox: Mailbox<'_>,
        options: &SelectOptions<'_>,
    ) -> Result<Tag, LocalError> {
        self.open_with(CommandKind::Select, b"SELECT", mailbox, options)
    }

    /// EXAMINE with CONDSTORE or QRESYNC (RFC 7162 §3.1.8, §3.2.5): as [`select_with`](Self::select_with), not to be changed.
    ///
    /// # Errors
    /// As of [`select_with`](Self::select_with).
    #[cfg(feature = "imap-condstore")]
    pub fn examine_with(
        &mut self,
        mailbox: Mailbox<'_>,
        options: &SelectOptions<'_>,
    ) -> Result<Tag, LocalError> {
        self.open_with(CommandKind::Examine, b"EXAMINE", mailbox, options)
    }

    #[cfg(feature = "imap-condstore")]
    fn open_with(
        &mut self,
        kind: CommandKind,
        name: &[u8],
        mailbox: Mailbox<'_>,
        options: &SelectOptions<'_>,
    ) -> Result<Tag, LocalError> {
        if options.qresync.is_some() {
            self.require(Capabilities::QRESYNC)?;
        } else if options.condstore {
            self.require(Capabilities::CONDSTORE)?;
        }
        self.command(kind, OPENS, &mut |line| mailboxes::select(line, name, mailbox, options))
    }

    /// CREATE (RFC 9051 §6.3.4): a mailbox, and those above it if they are missing. A name that
    /// ends in the hierarchy separator says that others will be created below it.
    ///
    /// # Errors
    /// As of [`select`](Self::select).
    pub fn create(&mut self, mailbox: Mailbox<'_>) -> Result<Tag, LocalError> {
        self.of_mailbox(CommandKind::Create, Rules::AUTHENTICATED, b"CREATE", mailbox)
    }

    /// CREATE with USE (RFC 6154 §3): a mailbox for a special use, as
    /// [`Attribute::Sent`](crate::imap::Attribute::Sent).
    ///
    /// # Errors
    /// [`BadArgument`](LocalError::BadArgument) for an attribute that cannot be one;
    /// [`NotOffered`](LocalError::NotOffered) without CREATE-SPECIAL-USE; else as of
    /// [`select`](Self::select).
    pub fn create_for(
        &mut self,
        mailbox: Mailbox<'_>,
        special_use: &[Attribute<'_>],
    ) -> Result<Tag, LocalError> {
        self.require(Capabilities::CREATE_SPECIAL_USE)?;
        self.command(CommandKind::Create, Rules::AUTHENTICATED, &mut |line| {
            mailboxes::create(line, mailbox, special_use)
        })
    }

    /// DELETE (RFC 9051 §6.3.5): a mailbox and the messages in it, not those below it.
    ///
    /// # Errors
    /// As of [`select`](Self::select).
    pub fn delete(&mut self, mailbox: Mailbox<'_>) -> Result<Tag, LocalError> {
        self.of_mailbox(CommandKind::Delete, Rules::AUTHENTICATED, b"DELETE", mailbox)
    }

    /// RENAME (RFC 9051 §6.3.6): a mailbox and those below it. Of INBOX it moves the messages and
    /// leaves it empty.
    ///
    /// # Errors
    /// As of [`select`](Self::select).
    pub fn rename(&mut self, from: Mailbox<'_>, to: Mailbox<'_>) -> Result<Tag, LocalError> {
        self.command(CommandKind::Rename, Rules::AUTHENTICATED, &mut |line| {
            mailboxes::rename(line, from, to)
        })
    }

    /// SUBSCRIBE (RFC 9051 §6.3.7).
    ///
    /// # Errors
    /// As of [`select`](Self::select).
    pub fn subscribe(&mut self, mailbox: Mailbox<'_>) -> Result<Tag, LocalError> {
        self.of_mailbox(CommandKind::Subscribe, Rules::AUTHENTICATED, b"SUBSCRIBE", mailbox)
    }

    /// UNSUBSCRIBE (RFC 9051 §6.3.8).
    ///
    /// # Errors
    /// As of [`select`](Self::select).
    pub fn unsubscribe(&mut self, mailbox: Mailbox<'_>) -> Result<Tag, LocalError> {
        self.of_mailbox(CommandKind::Unsubscribe, Rules::AUTHENTICATED, b"UNSUBSCRIBE", mailbox)
    }

    /// LIST (RFC 9051 §6.3.9): the mailboxes that match a pattern, each as
    /// [`Data::List`](crate::imap::Data::List). The reference says where the pattern begins and is
    /// usually empty; `*` stands for anything, `%` for anything within one level. With an empty
    /// pattern: the hierarchy separator.
    ///
    /// # Errors
    /// As of [`select`](Self::select).
    pub fn list(
        &mut self,
        reference: Mailbox<'_>,
        pattern: Mailbox<'_>,
    ) -> Result<Tag, LocalError> {
        self.plain_list(CommandKind::List, b"LIST", reference, pattern)
    }

    /// LIST with options (RFC 9051 §6.3.9, RFC 5258): as [`list`](Self::list), with
    /// [`Data::MailboxStatus`](crate::imap::Data::MailboxStatus) between, if that was asked for.
    ///
    /// # Errors
    /// [`Empty`](LocalError::Empty) for no patterns or no status items;
    /// [`BadArgument`](LocalError::BadArgument) for RECURSIVEMATCH with nothing that it modifies;
    /// [`NotOffered`](LocalError::NotOffered) without LIST-EXTENDED, LIST-STATUS, SPECIAL-USE and
    /// so on, as the options require; else as of [`select`](Self::select).
    pub fn list_with(&mut self, options: &ListOptions<'_>) -> Result<Tag, LocalError> {
        if options.is_extended() {
            self.require(list_needs(options))?;
        }
        self.command(CommandKind::List, Rules::AUTHENTICATED, &mut |line| list::list(line, options))
    }

    /// LSUB (RFC 3501 §6.3.9): the subscribed mailboxes that match a pattern, each as
    /// [`Data::List`](crate::imap::Data::List). A server of IMAP4rev2 only need not know it: use
    /// [`list_with`](Self::list_with).
    ///
    /// # Errors
    /// As of [`select`](Self::select).
    pub fn lsub(
        &mut self,
        reference: Mailbox<'_>,
        pattern: Mailbox<'_>,
    ) -> Result<Tag, LocalError> {
        self.plain_list(CommandKind::Lsub, b"LSUB", reference, pattern)
    }

    /// XLIST: Google's LIST that tells special uses, from before RFC 6154.
    ///
    /// # Errors
    /// [`NotOffered`](LocalError::NotOffered) without XLIST; else as of [`select`](Self::select).
    pub fn xlist(
        &mut self,
        reference: Mailbox<'_>,
        pattern: Mailbox<'_>,
    ) -> Result<Tag, LocalError> {
        self.require(Capabilities::XLIST)?;
        self.plain_list(CommandKind::Xlist, b"XLIST", reference, pattern)
    }

    /// NAMESPACE (RFC 9051 §6.3.10): where the user's own, other users' and shared mailboxes are,
    /// as [`Data::Namespace`](crate::imap::Data::Namespace).
    ///
    /// # Errors
    /// [`NotOffered`](LocalError::NotOffered) without NAMESPACE; those of any command.
    pub fn namespace(&mut self) -> Result<Tag, LocalError> {
        self.require(Capabilities::NAMESPACE)?;
        self.bare(CommandKind::Namespace, Rules::AUTHENTICATED, b"NAMESPACE")
    }

    /// STATUS (RFC 9051 §6.3.11): what a mailbox holds, without opening it, as
    /// [`Data::MailboxStatus`](crate::imap::Data::MailboxStatus). Not meant for the mailbox that is
    /// selected.
    ///
    /// # Errors
    /// [`Empty`](LocalError::Empty) for no items; else as of [`select`](Self::select).
    pub fn status(
        &mut self,
        mailbox: Mailbox<'_>,
        items: &[StatusItem<'_>],
    ) -> Result<Tag, LocalError> {
        self.command(CommandKind::Status, Rules::AUTHENTICATED, &mut |line| {
            list::status(line, mailbox, items)
        })
    }

    fn plain_list(
        &mut self,
        kind: CommandKind,
        name: &[u8],
        reference: Mailbox<'_>,
        pattern: Mailbox<'_>,
    ) -> Result<Tag, LocalError> {
        self.command(kind, Rules::AUTHENTICATED, &mut |line| {
            list::plain(line, name, reference, pattern)
        })
    }

    /// A command whose only argument is a mailbox.
    pub(super) fn of_mailbox(
        &mut self,
        kind: CommandKind,
        rules: Rules,
        name: &[u8],
        mailbox: Mailbox<'_>,
    ) -> Result<Tag, LocalError> {
        self.command(kind, rules, &mut |line| mailboxes::one(line, name, mailbox))
    }
}

/// Until a mailbox is open, nobody knows to which one untagged data belongs (RFC 7162 §3.2.11).
const OPENS: Rules = Rules::AUTHENTICATED.alone();

/// What the server must offer for these options.
fn list_needs(options: &ListOptions<'_>) -> Capabilities {
    let mut needs = Capabilities::LIST_EXTENDED;
    if options.selection.contains(&ListSelection::SpecialUse) {
        needs.insert(Capabilities::SPECIAL_USE);
    }
    for option in options.returns {
        needs.insert(match option {
            ListReturn::SpecialUse => Capabilities::SPECIAL_USE,
            ListReturn::Status(_) => Capabilities::LIST_STATUS,
            #[cfg(feature = "imap-acl")]
            ListReturn::MyRights => Capabilities::LIST_MYRIGHTS,
            #[cfg(feature = "imap-metadata")]
            ListReturn::Metadata(_) => Capabilities::LIST_METADATA,
            ListReturn::Subscribed | ListReturn::Children => Capabilities::NONE,
        });
    }
    needs
}
