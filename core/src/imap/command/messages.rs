//! Commands that change messages: STORE, COPY, MOVE and EXPUNGE (RFC 9051 §6.4).

use super::encoder::Encoder;
use crate::error::EmitError;
use crate::imap::{Capabilities, Flag, Mailbox, Sequence};

/// What STORE does with the flags that it names (RFC 9051 §6.4.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(u8)]
enum Change {
    Replace,
    Add,
    Remove,
}

#[derive(Clone, Copy, Debug)]
enum Stored<'s> {
    Flags(&'s [Flag<'s>]),
    #[cfg(feature = "imap-gmail")]
    GmailLabels(&'s [Mailbox<'s>]),
}

/// What STORE changes (RFC 9051 §6.4.6).
///
/// ```
/// use mailproto_core::imap::{Flag, command::Store};
///
/// let read = Store::add(&[Flag::Seen]).silent();
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Store<'s> {
    change: Change,
    stored: Stored<'s>,
    silent: bool,
    #[cfg(feature = "imap-condstore")]
    unchanged_since: Option<u64>,
}

impl<'s> Store<'s> {
    /// `FLAGS`: these, and no others.
    #[must_use]
    pub const fn replace(flags: &'s [Flag<'s>]) -> Self {
        Self::new(Change::Replace, Stored::Flags(flags))
    }

    /// `+FLAGS`: these beside those there are.
    #[must_use]
    pub const fn add(flags: &'s [Flag<'s>]) -> Self {
        Self::new(Change::Add, Stored::Flags(flags))
    }

    /// `-FLAGS`: without these.
    #[must_use]
    pub const fn remove(flags: &'s [Flag<'s>]) -> Self {
        Self::new(Change::Remove, Stored::Flags(flags))
    }

    /// `X-GM-LABELS`: these labels, and no others. A label that begins with a backslash, as
    /// `\Inbox`, is one of Google's own.
    #[cfg(feature = "imap-gmail")]
    #[must_use]
    pub const fn replace_labels(labels: &'s [Mailbox<'s>]) -> Self {
        Self::new(Change::Replace, Stored::GmailLabels(labels))
    }

    /// `+X-GM-LABELS`: these labels beside those there are.
    #[cfg(feature = "imap-gmail")]
    #[must_use]
    pub const fn add_labels(labels: &'s [Mailbox<'s>]) -> Self {
        Self::new(Change::Add, Stored::GmailLabels(labels))
    }

    /// `-X-GM-LABELS`: without these labels.
    #[cfg(feature = "imap-gmail")]
    #[must_use]
    pub const fn remove_labels(labels: &'s [Mailbox<'s>]) -> Self {
        Self::new(Change::Remove, Stored::GmailLabels(labels))
    }

    const fn new(change: Change, stored: Stored<'s>) -> Self {
        Self {
            change,
            stored,
            silent: false,
            #[cfg(feature = "imap-condstore")]
            unchanged_since: None,
        }
    }

    /// `.SILENT` (RFC 9051 §6.4.6): the server need not tell the new flags.
    #[must_use]
    pub const fn silent(mut self) -> Self {
        self.silent = true;
        self
    }

    /// UNCHANGEDSINCE: not where the message changed after this mod-sequence; the code MODIFIED
    /// then tells which did (RFC 7162 §3.1.3). 0: not where a flag exists already.
    #[cfg(feature = "imap-condstore")]
    #[must_use]
    pub const fn unchanged_since(mut self, mod_seq: u64) -> Self {
        self.unchanged_since = Some(mod_seq);
        self
    }

    /// What the server must offer.
    pub(crate) const fn needs(&self) -> Capabilities {
        let needs = match self.stored {
            Stored::Flags(_) => Capabilities::NONE,
            #[cfg(feature = "imap-gmail")]
            Stored::GmailLabels(_) => Capabilities::X_GM_EXT_1,
        };
        #[cfg(feature = "imap-condstore")]
        if self.unchanged_since.is_some() {
            return needs.union(Capabilities::CONDSTORE);
        }
        needs
    }
}

/// `[UID ]STORE set [(UNCHANGEDSINCE n)] ±FLAGS[.SILENT] (flag …)` (RFC 9051 §6.4.6, RFC 7162
/// §3.1.3).
pub(crate) fn store(
    line: &mut Encoder<'_>,
    uid: bool,
    set: Sequence<'_>,
    what: &Store<'_>,
) -> Result<(), EmitError> {
    line.raw(if uid { b"UID STORE " } else { b"STORE " });
    line.sequence_set(set)?;
    #[cfg(feature = "imap-condstore")]
    if let Some(mod_seq) = what.unchanged_since {
        line.raw(b" (UNCHANGEDSINCE ");
        line.number63(mod_seq)?;
        line.close();
    }
    line.raw(match what.change {
        Change::Replace => b" ",
        Change::Add => b" +",
        Change::Remove => b" -",
    });
    let silent: &[u8] = if what.silent { b".SILENT " } else { b" " };
    match what.stored {
        Stored::Flags(flags) => {
            line.raw(b"FLAGS");
            line.raw(silent);
            line.flags(flags)
        }
        #[cfg(feature = "imap-gmail")]
        Stored::GmailLabels(labels) => {
            line.raw(b"X-GM-LABELS");
            line.raw(silent);
            line.list(labels, |line, label| gmail_label(line, *label))
        }
    }
}

/// A label: one of Google's own, or a name written as a mailbox is.
#[cfg(feature = "imap-gmail")]
pub(crate) fn gmail_label(line: &mut Encoder<'_>, label: Mailbox<'_>) -> Result<(), EmitError> {
    let octets = match label {
        Mailbox::Name(name) => name.as_bytes(),
        Mailbox::Raw(octets) => octets,
        _ => b"",
    };
    match octets {
        [b'\\', name @ ..] if crate::imap::flag::check_atom(name, 1).is_ok() => {
            line.raw(octets);
            Ok(())
        }
        _ => line.mailbox(label),
    }
}

/// `COPY set mailbox`, `MOVE set mailbox` and their UID forms, which `name` spells (RFC 9051
/// §6.4.7–9).
pub(crate) fn to_mailbox(
    line: &mut Encoder<'_>,
    name: &[u8],
    set: Sequence<'_>,
    mailbox: Mailbox<'_>,
) -> Result<(), EmitError> {
    line.raw(name);
    line.sp();
    line.sequence_set(set)?;
    line.sp();
    line.mailbox(mailbox)
}

/// `UID EXPUNGE set` (RFC 9051 §6.4.9, RFC 4315 §2.1).
pub(crate) fn uid_expunge(line: &mut Encoder<'_>, uids: Sequence<'_>) -> Result<(), EmitError> {
    line.raw(b"UID EXPUNGE ");
    line.sequence_set(uids)
}
