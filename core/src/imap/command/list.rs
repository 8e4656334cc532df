//! LIST with its options, LSUB, XLIST and STATUS (RFC 9051 §6.3.9, §6.3.11; RFC 3501 §6.3.9; RFC
//! 5819, RFC 6154, RFC 8440, RFC 9590).

use super::encoder::Encoder;
use crate::error::EmitError;
use crate::imap::Mailbox;

/// Which mailboxes LIST considers (RFC 9051 §6.3.9.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(u8)]
#[non_exhaustive]
pub enum ListSelection {
    /// SUBSCRIBED: those that are subscribed, whether they exist or not.
    Subscribed,
    /// REMOTE: those of other servers too.
    Remote,
    /// RECURSIVEMATCH: parents of what matches, too. Not without SUBSCRIBED or SPECIAL-USE.
    RecursiveMatch,
    /// SPECIAL-USE: those that have a special use (RFC 6154 §2).
    SpecialUse,
}

impl ListSelection {
    const fn name(self) -> &'static [u8] {
        match self {
            Self::Subscribed => b"SUBSCRIBED",
            Self::Remote => b"REMOTE",
            Self::RecursiveMatch => b"RECURSIVEMATCH",
            Self::SpecialUse => b"SPECIAL-USE",
        }
    }

    /// RFC 9051 §9, `list-select-base-opt`.
    const fn is_base(self) -> bool {
        matches!(self, Self::Subscribed | Self::SpecialUse)
    }
}

/// What LIST tells of each mailbox (RFC 9051 §6.3.9.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ListReturn<'l> {
    /// SUBSCRIBED: whether it is subscribed.
    Subscribed,
    /// CHILDREN: whether it has children.
    Children,
    /// SPECIAL-USE: its special use (RFC 6154 §2).
    SpecialUse,
    /// STATUS: a STATUS response for each that can be selected (RFC 5819).
    Status(&'l [StatusItem<'l>]),
    /// MYRIGHTS: a MYRIGHTS response for each (RFC 8440).
    #[cfg(feature = "imap-acl")]
    MyRights,
    /// METADATA: a METADATA response for each, with these entries (RFC 9590).
    #[cfg(feature = "imap-metadata")]
    Metadata(&'l [&'l str]),
}

impl ListReturn<'_> {
    fn emit(&self, line: &mut Encoder<'_>) -> Result<(), EmitError> {
        match self {
            Self::Subscribed => line.raw(b"SUBSCRIBED"),
            Self::Children => line.raw(b"CHILDREN"),
            Self::SpecialUse => line.raw(b"SPECIAL-USE"),
            Self::Status(items) => {
                line.raw(b"STATUS ");
                status_items(line, items)?;
            }
            #[cfg(feature = "imap-acl")]
            Self::MyRights => line.raw(b"MYRIGHTS"),
            #[cfg(feature = "imap-metadata")]
            Self::Metadata(entries) => {
                line.raw(b"METADATA ");
                super::metadata::entries(line, entries)?;
            }
        }
        Ok(())
    }
}

/// What LIST may be asked (RFC 9051 §6.3.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListOptions<'l> {
    /// Which mailboxes are considered; empty for those that exist.
    pub selection: &'l [ListSelection],
    /// Where the patterns begin; usually empty.
    pub reference: Mailbox<'l>,
    /// The patterns, at least one; `*` stands for anything, `%` for anything within one level of
    /// the hierarchy.
    pub patterns: &'l [Mailbox<'l>],
    /// What is told of each; empty for what the server thinks fit.
    pub returns: &'l [ListReturn<'l>],
}

impl ListOptions<'_> {
    /// Whether this needs more than a server of RFC 3501 understands.
    pub(crate) const fn is_extended(&self) -> bool {
        !self.selection.is_empty() || self.patterns.len() != 1 || !self.returns.is_empty()
    }
}

/// `LIST [(selection …)] reference pattern [RETURN (…)]` (RFC 9051 §6.3.9).
pub(crate) fn list(line: &mut Encoder<'_>, options: &ListOptions<'_>) -> Result<(), EmitError> {
    line.raw(b"LIST ");
    if !options.selection.is_empty() {
        selection(line, options.selection)?;
        line.sp();
    }
    line.mailbox(options.reference)?;
    line.sp();
    match options.patterns {
        [] => return Err(EmitError::Empty),
        [pattern] => line.pattern(*pattern)?,
        patterns => line.list(patterns, |line, pattern| line.pattern(*pattern))?,
    }
    if options.returns.is_empty() {
        return Ok(());
    }
    line.raw(b" RETURN ");
    line.list(options.returns, |line, option| option.emit(line))
}

/// RFC 9051 §6.3.9.1: RECURSIVEMATCH modifies another option, and REMOTE is none that it modifies.
fn selection(line: &mut Encoder<'_>, options: &[ListSelection]) -> Result<(), EmitError> {
    let recursive = options.iter().position(|&option| option == ListSelection::RecursiveMatch);
    match recursive {
        Some(at) if !options.iter().any(|option| option.is_base()) => {
            Err(EmitError::BadArgument { at })
        }
        _ => line.list(options, |line, option| {
            line.raw(option.name());
            Ok(())
        }),
    }
}

/// `LIST reference pattern`, and LSUB and XLIST, which look alike (RFC 3501 §6.3.8–9).
pub(crate) fn plain(
    line: &mut Encoder<'_>,
    name: &[u8],
    reference: Mailbox<'_>,
    pattern: Mailbox<'_>,
) -> Result<(), EmitError> {
    line.raw(name);
    line.sp();
    line.mailbox(reference)?;
    line.sp();
    line.pattern(pattern)
}

/// What STATUS tells (RFC 9051 §6.3.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum StatusItem<'i> {
    /// MESSAGES: how many there are.
    Messages,
    /// RECENT (RFC 3501 §6.3.10): how many have `\Recent`.
    Recent,
    /// UIDNEXT: the next UID.
    UidNext,
    /// UIDVALIDITY.
    UidValidity,
    /// UNSEEN: how many have no `\Seen`.
    Unseen,
    /// DELETED: how many have `\Deleted`.
    Deleted,
    /// SIZE: the octets of all messages together.
    Size,
    /// HIGHESTMODSEQ (RFC 7162 §3.1.7).
    #[cfg(feature = "imap-condstore")]
    HighestModSeq,
    /// APPENDLIMIT: the largest message that it takes (RFC 7889 §4).
    AppendLimit,
    /// MAILBOXID (RFC 8474 §4.3).
    MailboxId,
    /// DELETED-STORAGE: what EXPUNGE would give back (RFC 9208 §5.3).
    #[cfg(feature = "imap-quota")]
    DeletedStorage,
    /// Another, by its name.
    Other(&'i [u8]),
}

impl StatusItem<'_> {
    const fn name(&self) -> &[u8] {
        match self {
            Self::Messages => b"MESSAGES",
            Self::Recent => b"RECENT",
            Self::UidNext => b"UIDNEXT",
            Self::UidValidity => b"UIDVALIDITY",
            Self::Unseen => b"UNSEEN",
            Self::Deleted => b"DELETED",
            Self::Size => b"SIZE",
            #[cfg(feature = "imap-condstore")]
            Self::HighestModSeq => b"HIGHESTMODSEQ",
            Self::AppendLimit => b"APPENDLIMIT",
            Self::MailboxId => b"MAILBOXID",
            #[cfg(feature = "imap-quota")]
            Self::DeletedStorage => b"DELETED-STORAGE",
            Self::Other(name) => name,
        }
    }
}

/// `STATUS mailbox (item …)` (RFC 9051 §6.3.11).
pub(crate) fn status(
    line: &mut Encoder<'_>,
    mailbox: Mailbox<'_>,
    items: &[StatusItem<'_>],
) -> Result<(), EmitError> {
    super::mailboxes::one(line, b"STATUS", mailbox)?;
    line.sp();
    status_items(line, items)
}

fn status_items(line: &mut Encoder<'_>, items: &[StatusItem<'_>]) -> Result<(), EmitError> {
    if items.is_empty() {
        return Err(EmitError::Empty);
    }
    line.list(items, |line, item| line.atom(item.name()))
}
