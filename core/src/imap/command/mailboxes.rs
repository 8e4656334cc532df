//! Commands that open and keep mailboxes (RFC 9051 §6.3.2–8), with CONDSTORE and QRESYNC (RFC
//! 7162).

use super::encoder::Encoder;
use crate::error::EmitError;
#[cfg(feature = "imap-condstore")]
use crate::imap::Sequence;
use crate::imap::flag::check_atom;
use crate::imap::{Attribute, Mailbox};

/// What SELECT and EXAMINE ask for beside the mailbox (RFC 7162 §3.1.8, §3.2.5).
#[cfg(feature = "imap-condstore")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SelectOptions<'s> {
    /// Whether mod-sequences shall be told from now on (RFC 7162 §3.1.8).
    pub condstore: bool,
    /// What the caller knows of the mailbox, so that only what has changed since is told.
    pub qresync: Option<QResync<'s>>,
}

/// What is known of a mailbox from an earlier session (RFC 7162 §3.2.5). ENABLE QRESYNC must come
/// first.
#[cfg(feature = "imap-condstore")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QResync<'s> {
    /// Its UIDVALIDITY then.
    pub uid_validity: u32,
    /// Its HIGHESTMODSEQ then.
    pub mod_seq: u64,
    /// The UIDs that are known; without `*`. `None` stands for all.
    pub known_uids: Option<Sequence<'s>>,
    /// Some message numbers and the UIDs that they had, in the same order: a hint that saves the
    /// server work (RFC 7162 §3.2.5.2).
    pub matches: Option<(Sequence<'s>, Sequence<'s>)>,
}

/// `SELECT mailbox` or `EXAMINE mailbox` (RFC 9051 §6.3.2–3), and other commands of that form.
pub(crate) fn one(
    line: &mut Encoder<'_>,
    name: &[u8],
    mailbox: Mailbox<'_>,
) -> Result<(), EmitError> {
    line.raw(name);
    line.sp();
    line.mailbox(mailbox)
}

/// `SELECT mailbox (CONDSTORE)`, `SELECT mailbox (QRESYNC (…))`; EXAMINE likewise.
#[cfg(feature = "imap-condstore")]
pub(crate) fn select(
    line: &mut Encoder<'_>,
    name: &[u8],
    mailbox: Mailbox<'_>,
    options: &SelectOptions<'_>,
) -> Result<(), EmitError> {
    one(line, name, mailbox)?;
    match (options.condstore, &options.qresync) {
        (false, None) => Ok(()),
        (true, None) => {
            line.raw(b" (CONDSTORE)");
            Ok(())
        }
        (condstore, Some(known)) => {
            line.raw(if condstore { b" (CONDSTORE QRESYNC (" } else { b" (QRESYNC (" });
            qresync(line, known)?;
            line.raw(b"))");
            Ok(())
        }
    }
}

/// RFC 7162 §7: `uidvalidity SP mod-sequence-value [SP known-uids] [SP seq-match-data]`.
#[cfg(feature = "imap-condstore")]
fn qresync(line: &mut Encoder<'_>, known: &QResync<'_>) -> Result<(), EmitError> {
    if known.uid_validity == 0 || known.mod_seq == 0 {
        return Err(EmitError::BadArgument { at: 0 });
    }
    line.number(known.uid_validity.into());
    line.sp();
    line.number63(known.mod_seq)?;
    if let Some(uids) = known.known_uids {
        line.sp();
        line.fixed_set(uids)?;
    }
    if let Some((numbers, uids)) = known.matches {
        line.raw(b" (");
        line.fixed_set(numbers)?;
        line.sp();
        line.fixed_set(uids)?;
        line.close();
    }
    Ok(())
}

/// `CREATE mailbox [(USE (attribute …))]` (RFC 9051 §6.3.4, RFC 6154 §3).
pub(crate) fn create(
    line: &mut Encoder<'_>,
    mailbox: Mailbox<'_>,
    special_use: &[Attribute<'_>],
) -> Result<(), EmitError> {
    one(line, b"CREATE", mailbox)?;
    if special_use.is_empty() {
        return Ok(());
    }
    line.raw(b" (USE ");
    line.list(special_use, |line, attribute| match attribute.as_bytes() {
        [b'\\', name @ ..] => {
            check_atom(name, 1)?;
            line.raw(attribute.as_bytes());
            Ok(())
        }
        _ => Err(EmitError::BadArgument { at: 0 }),
    })?;
    line.close();
    Ok(())
}

/// `RENAME from to` (RFC 9051 §6.3.6).
pub(crate) fn rename(
    line: &mut Encoder<'_>,
    from: Mailbox<'_>,
    to: Mailbox<'_>,
) -> Result<(), EmitError> {
    one(line, b"RENAME", from)?;
    line.sp();
    line.mailbox(to)
}
