//! Commands on the messages of the selected mailbox (RFC 9051 §6.4), by number and by UID.
//!
//! By number, a command stays in the outgoing buffer while another is in flight during which the
//! server may renumber the messages (RFC 9051 §5.5). By UID it never has to wait.

use crate::LocalError;
use crate::imap::command::{FetchItem, FetchItems, FetchOptions, Store};
use crate::imap::command::{fetch, messages};
use crate::imap::session::Rules;
use crate::imap::{Capabilities, Client, CommandKind, Mailbox, Sequence, Tag};

/// FETCH, STORE and SEARCH by number: the server sends no EXPUNGE meanwhile (RFC 9051 §7.5.1).
pub(super) const BY_NUMBER: Rules = Rules::SELECTED.by_number().keeps_numbers();

impl<const N: usize> Client<'_, N> {
    /// CHECK (RFC 3501 §6.4.1): a checkpoint, whatever the server takes it for. IMAP4rev2 has
    /// dropped it: use [`noop`](Self::noop).
    ///
    /// # Errors
    /// Those of any command.
    pub fn check(&mut self) -> Result<Tag, LocalError> {
        self.bare(CommandKind::Check, Rules::SELECTED, b"CHECK")
    }

    /// CLOSE (RFC 9051 §6.4.1): removes the messages with `\Deleted`, without telling which, and
    /// closes the mailbox.
    ///
    /// # Errors
    /// Those of any command.
    pub fn close(&mut self) -> Result<Tag, LocalError> {
        self.bare(CommandKind::Close, Rules::SELECTED.alone(), b"CLOSE")
    }

    /// UNSELECT (RFC 9051 §6.4.2): closes the mailbox and removes nothing.
    ///
    /// # Errors
    /// [`NotOffered`](LocalError::NotOffered) without UNSELECT; those of any command.
    pub fn unselect(&mut self) -> Result<Tag, LocalError> {
        self.require(Capabilities::UNSELECT)?;
        self.bare(CommandKind::Unselect, Rules::SELECTED.alone(), b"UNSELECT")
    }

    /// EXPUNGE (RFC 9051 §6.4.3): removes the messages with `\Deleted`. Each is told by
    /// [`Data::Expunge`](crate::imap::Data::Expunge) or, once QRESYNC is enabled, by
    /// [`Data::Vanished`](crate::imap::Data::Vanished).
    ///
    /// # Errors
    /// Those of any command.
    pub fn expunge(&mut self) -> Result<Tag, LocalError> {
        self.bare(CommandKind::Expunge, Rules::SELECTED, b"EXPUNGE")
    }

    /// UID EXPUNGE (RFC 9051 §6.4.9, RFC 4315 §2.1): as [`expunge`](Self::expunge), but only among
    /// these UIDs.
    ///
    /// # Errors
    /// [`NotOffered`](LocalError::NotOffered) without UIDPLUS or IMAP4rev2; those of the set:
    /// [`Empty`](LocalError::Empty), [`MessageNumberZero`](LocalError::MessageNumberZero),
    /// [`BadArgument`](LocalError::BadArgument); those of any command.
    pub fn uid_expunge(&mut self, uids: Sequence<'_>) -> Result<Tag, LocalError> {
        self.require(Capabilities::UIDPLUS)?;
        self.command(CommandKind::Expunge, Rules::SELECTED, &mut |line| {
            messages::uid_expunge(line, uids)
        })
    }

    /// FETCH (RFC 9051 §6.4.5): tells of these messages, by number, what the items ask for. For
    /// each message: [`Data::FetchStart`](crate::imap::Data::FetchStart), the items, bodies in
    /// pieces, [`Data::FetchEnd`](crate::imap::Data::FetchEnd).
    ///
    /// # Errors
    /// [`Empty`](LocalError::Empty) for no items; [`BadArgument`](LocalError::BadArgument) for
    /// [`FetchItem::All`], [`Fast`](FetchItem::Fast) or [`Full`](FetchItem::Full) beside another
    /// (`at` is its place), and for a section that cannot be; those of the set, as of
    /// [`uid_expunge`](Self::uid_expunge); those of any command.
    pub fn fetch(
        &mut self,
        numbers: Sequence<'_>,
        items: &[FetchItem<'_>],
    ) -> Result<Tag, LocalError> {
        self.fetch_each(numbers, &items, &FetchOptions::default())
    }

    /// UID FETCH (RFC 9051 §6.4.9): as [`fetch`](Self::fetch), by UID. UIDs that are no more are no
    /// error.
    ///
    /// # Errors
    /// As of [`fetch`](Self::fetch).
    pub fn uid_fetch(
        &mut self,
        uids: Sequence<'_>,
        items: &[FetchItem<'_>],
    ) -> Result<Tag, LocalError> {
        self.uid_fetch_with(uids, items, &FetchOptions::default())
    }

    /// FETCH with CHANGEDSINCE (RFC 7162 §3.1.4): as [`fetch`](Self::fetch), of the messages that
    /// changed since.
    ///
    /// # Errors
    /// [`BadArgument`](LocalError::BadArgument) for VANISHED or PARTIAL, which only UID FETCH has;
    /// [`NotOffered`](LocalError::NotOffered) without CONDSTORE; else as of [`fetch`](Self::fetch).
    pub fn fetch_with(
        &mut self,
        numbers: Sequence<'_>,
        items: &[FetchItem<'_>],
        options: &FetchOptions,
    ) -> Result<Tag, LocalError> {
        self.fetch_each(numbers, &items, options)
    }

    /// UID FETCH with CHANGEDSINCE, VANISHED (RFC 7162 §3.1.4, §3.2.6) or PARTIAL (RFC 9394 §3.3).
    /// What has vanished comes by element as `VANISHED (EARLIER)`.
    ///
    /// # Errors
    /// [`BadArgument`](LocalError::BadArgument) for VANISHED without CHANGEDSINCE;
    /// [`NotOffered`](LocalError::NotOffered) without CONDSTORE, QRESYNC or PARTIAL; else as of
    /// [`fetch`](Self::fetch).
    pub fn uid_fetch_with(
        &mut self,
        uids: Sequence<'_>,
        items: &[FetchItem<'_>],
        options: &FetchOptions,
    ) -> Result<Tag, LocalError> {
        self.uid_fetch_each(uids, &items, options)
    }

    /// As [`fetch_with`](Self::fetch_with), with items that are made when they are asked for.
    ///
    /// # Errors
    /// As of [`fetch_with`](Self::fetch_with).
    pub fn fetch_each(
        &mut self,
        numbers: Sequence<'_>,
        items: &dyn FetchItems,
        options: &FetchOptions,
    ) -> Result<Tag, LocalError> {
        self.fetch_by(false, BY_NUMBER, numbers, items, options)
    }

    /// As [`uid_fetch_with`](Self::uid_fetch_with), with items that are made when they are asked for.
    ///
    /// # Errors
    /// As of [`uid_fetch_with`](Self::uid_fetch_with).
    pub fn uid_fetch_each(
        &mut self,
        uids: Sequence<'_>,
        items: &dyn FetchItems,
        options: &FetchOptions,
    ) -> Result<Tag, LocalError> {
        self.fetch_by(true, Rules::SELECTED, uids, items, options)
    }

    fn fetch_by(
        &mut self,
        uid: bool,
        rules: Rules,
        messages: Sequence<'_>,
        items: &dyn FetchItems,
        options: &FetchOptions,
    ) -> Result<Tag, LocalError> {
        #[cfg(any(feature = "imap-condstore", feature = "imap-esearch"))]
        self.require(fetch_needs(options))?;
        self.command(CommandKind::Fetch, rules, &mut |line| {
            fetch::fetch(line, uid, messages, items, options)
        })
    }

    /// STORE (RFC 9051 §6.4.6): changes flags of these messages, by number. Unless it is silent the
    /// new flags come as of [`fetch`](Self::fetch).
    ///
    /// # Errors
    /// [`Empty`](LocalError::Empty), [`BadArgument`](LocalError::BadArgument) and
    /// [`ForbiddenOctet`](LocalError::ForbiddenOctet) for a flag that cannot be set;
    /// [`NotOffered`](LocalError::NotOffered) for UNCHANGEDSINCE without CONDSTORE and for labels
    /// without X-GM-EXT-1; those of the set, as of [`uid_expunge`](Self::uid_expunge); those of any
    /// command.
    pub fn store(&mut self, numbers: Sequence<'_>, what: &Store<'_>) -> Result<Tag, LocalError> {
        self.require(what.needs())?;
        self.command(CommandKind::Store, BY_NUMBER, &mut |line| {
            messages::store(line, false, numbers, what)
        })
    }

    /// UID STORE (RFC 9051 §6.4.9): as [`store`](Self::store), by UID.
    ///
    /// # Errors
    /// As of [`store`](Self::store).
    pub fn uid_store(&mut self, uids: Sequence<'_>, what: &Store<'_>) -> Result<Tag, LocalError> {
        self.require(what.needs())?;
        self.command(CommandKind::Store, Rules::SELECTED, &mut |line| {
            messages::store(line, true, uids, what)
        })
    }

    /// COPY (RFC 9051 §6.4.7): these messages, by number, to another mailbox. The outcome's code
    /// COPYUID tells their UIDs there; with TRYCREATE the mailbox can be created.
    ///
    /// # Errors
    /// Those of the set, as of [`uid_expunge`](Self::uid_expunge); those of the name, as of
    /// [`select`](Self::select); those of any command.
    pub fn copy(&mut self, numbers: Sequence<'_>, to: Mailbox<'_>) -> Result<Tag, LocalError> {
        let rules = Rules::SELECTED.by_number();
        self.transfer(CommandKind::Copy, rules, b"COPY", numbers, to)
    }

    /// UID COPY (RFC 9051 §6.4.9): as [`copy`](Self::copy), by UID.
    ///
    /// # Errors
    /// As of [`copy`](Self::copy).
    pub fn uid_copy(&mut self, uids: Sequence<'_>, to: Mailbox<'_>) -> Result<Tag, LocalError> {
        self.transfer(CommandKind::Copy, Rules::SELECTED, b"UID COPY", uids, to)
    }

    /// MOVE (RFC 9051 §6.4.8): these messages, by number, to another mailbox. An untagged OK with
    /// COPYUID comes first, then what [`expunge`](Self::expunge) tells.
    ///
    /// # Errors
    /// [`NotOffered`](LocalError::NotOffered) without MOVE or IMAP4rev2; else as of
    /// [`copy`](Self::copy).
    pub fn move_to(&mut self, numbers: Sequence<'_>, to: Mailbox<'_>) -> Result<Tag, LocalError> {
        self.require(Capabilities::MOVE)?;
        let rules = Rules::SELECTED.by_number();
        self.transfer(CommandKind::Move, rules, b"MOVE", numbers, to)
    }

    /// UID MOVE (RFC 9051 §6.4.9): as [`move_to`](Self::move_to), by UID.
    ///
    /// # Errors
    /// As of [`move_to`](Self::move_to).
    pub fn uid_move_to(&mut self, uids: Sequence<'_>, to: Mailbox<'_>) -> Result<Tag, LocalError> {
        self.require(Capabilities::MOVE)?;
        self.transfer(CommandKind::Move, Rules::SELECTED, b"UID MOVE", uids, to)
    }

    fn transfer(
        &mut self,
        kind: CommandKind,
        rules: Rules,
        name: &[u8],
        set: Sequence<'_>,
        mailbox: Mailbox<'_>,
    ) -> Result<Tag, LocalError> {
        self.command(kind, rules, &mut |line| messages::to_mailbox(line, name, set, mailbox))
    }
}

/// What the server must offer for these options.
#[cfg(any(feature = "imap-condstore", feature = "imap-esearch"))]
fn fetch_needs(options: &FetchOptions) -> Capabilities {
    let mut needs = Capabilities::NONE;
    #[cfg(feature = "imap-condstore")]
    {
        if options.changed_since.is_some() {
            needs.insert(Capabilities::CONDSTORE);
        }
        if options.vanished {
            needs.insert(Capabilities::QRESYNC);
        }
    }
    #[cfg(feature = "imap-esearch")]
    if options.partial.is_some() {
        needs.insert(Capabilities::PARTIAL);
    }
    needs
}
