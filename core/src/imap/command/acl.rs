//! ACL (RFC 4314 §3).

use super::encoder::Encoder;
use super::mailboxes::one;
use crate::error::EmitError;
use crate::imap::Mailbox;

/// What SETACL does with the rights that it names (RFC 4314 §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum RightsChange<'r> {
    /// These are the rights from now on.
    Replace(&'r str),
    /// These are given beside those there are.
    Add(&'r str),
    /// These are taken away.
    Remove(&'r str),
}

/// `SETACL mailbox identifier rights` (RFC 4314 §3.1).
pub(crate) fn set(
    line: &mut Encoder<'_>,
    mailbox: Mailbox<'_>,
    identifier: &[u8],
    change: RightsChange<'_>,
) -> Result<(), EmitError> {
    of(line, b"SETACL", mailbox, identifier)?;
    let (sign, rights): (&[u8], _) = match change {
        RightsChange::Replace("") => (b" \"\"", ""),
        RightsChange::Replace(rights) => (b" ", rights),
        RightsChange::Add(rights) => (b" +", rights),
        RightsChange::Remove(rights) => (b" -", rights),
    };
    // RFC 4314 §2: rights are lower-case letters and digits.
    let no_right = |octet: u8| !octet.is_ascii_lowercase() && !octet.is_ascii_digit();
    if let Some(at) = rights.bytes().position(no_right) {
        return Err(EmitError::BadArgument { at });
    }
    line.raw(sign);
    line.raw(rights.as_bytes());
    Ok(())
}

/// `DELETEACL mailbox identifier` and `LISTRIGHTS mailbox identifier` (RFC 4314 §3.2, §3.4).
pub(crate) fn of(
    line: &mut Encoder<'_>,
    name: &[u8],
    mailbox: Mailbox<'_>,
    identifier: &[u8],
) -> Result<(), EmitError> {
    one(line, name, mailbox)?;
    line.sp();
    line.astring(identifier)
}
