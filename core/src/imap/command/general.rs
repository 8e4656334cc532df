//! Commands that concern the connection (RFC 9051 §6.1, §6.3.1) and what extensions added to them.

use super::encoder::Encoder;
use crate::error::EmitError;

/// The limits of RFC 2971 §3.3: how many fields, how long a field's name and its value.
const ID_FIELDS: usize = 30;
const ID_FIELD_OCTETS: usize = 30;
const ID_VALUE_OCTETS: usize = 1024;

/// A field of ID and its value; `None` is sent as NIL (RFC 2971 §3.3).
pub type IdField<'f> = (&'f str, Option<&'f str>);

/// `ID (field value …)` or `ID NIL` (RFC 2971 §3.1).
pub(crate) fn id(line: &mut Encoder<'_>, fields: &[IdField<'_>]) -> Result<(), EmitError> {
    line.raw(b"ID ");
    if fields.is_empty() {
        return line.nstring(None);
    }
    if fields.len() > ID_FIELDS {
        return Err(EmitError::TooLong { limit: ID_FIELDS });
    }
    line.list(fields, |line, &(field, value)| {
        at_most(field, ID_FIELD_OCTETS)?;
        at_most(value.unwrap_or_default(), ID_VALUE_OCTETS)?;
        line.string(field.as_bytes())?;
        line.sp();
        line.nstring(value.map(str::as_bytes))
    })
}

fn at_most(text: &str, limit: usize) -> Result<(), EmitError> {
    if text.len() > limit { Err(EmitError::TooLong { limit }) } else { Ok(()) }
}

/// `ENABLE capability …` (RFC 9051 §6.3.1).
pub(crate) fn enable(line: &mut Encoder<'_>, capabilities: &[&str]) -> Result<(), EmitError> {
    if capabilities.is_empty() {
        return Err(EmitError::Empty);
    }
    line.raw(b"ENABLE ");
    line.separated(capabilities, |line, capability| line.atom(capability.as_bytes()))
}

/// `LANGUAGE [range …]` (RFC 5255 §3.2).
pub(crate) fn language(line: &mut Encoder<'_>, ranges: &[&str]) -> Result<(), EmitError> {
    // The server may not know it: it is not asked for among the capabilities.
    line.synchronize();
    line.raw(b"LANGUAGE");
    for range in ranges {
        line.sp();
        line.astring(range.as_bytes())?;
    }
    Ok(())
}
