//! QUOTA (RFC 9208 §4.1).

use super::encoder::Encoder;
use crate::error::EmitError;

/// A resource and its limit (RFC 9208 §5): `STORAGE` in units of 1024 octets, `MESSAGE`, `MAILBOX`.
pub type QuotaLimit<'q> = (&'q str, u64);

/// `GETQUOTA root` (RFC 9208 §4.1.2).
pub(crate) fn get(line: &mut Encoder<'_>, root: &[u8]) -> Result<(), EmitError> {
    line.raw(b"GETQUOTA ");
    line.astring(root)
}

/// `SETQUOTA root (resource limit …)` (RFC 9208 §4.1.1).
pub(crate) fn set(
    line: &mut Encoder<'_>,
    root: &[u8],
    limits: &[QuotaLimit<'_>],
) -> Result<(), EmitError> {
    line.raw(b"SETQUOTA ");
    line.astring(root)?;
    line.sp();
    line.list(limits, |line, &(resource, limit)| {
        line.atom(resource.as_bytes())?;
        line.sp();
        line.number63(limit)
    })
}
