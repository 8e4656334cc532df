//! METADATA (RFC 5464 §4.2–3).

use super::encoder::Encoder;
use super::mailboxes::one;
use crate::error::EmitError;
use crate::imap::Mailbox;

/// An entry and its value; `None` deletes it (RFC 5464 §4.3). Values may hold any octets.
pub type MetadataValue<'e> = (&'e str, Option<&'e [u8]>);

/// How GETMETADATA chooses (RFC 5464 §4.2.1–2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MetadataOptions {
    /// Values of more octets than this are left out.
    pub max_size: Option<u32>,
    /// How far below the entries that are named the server looks.
    pub depth: MetadataDepth,
}

/// How far below the entries that are named GETMETADATA looks (RFC 5464 §4.2.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(u8)]
pub enum MetadataDepth {
    /// At them only.
    #[default]
    Entry,
    /// At those one level below too.
    Children,
    /// At all below.
    Infinity,
}

/// `GETMETADATA [(MAXSIZE n DEPTH d)] mailbox entry` or, of several, `(entry …)` (RFC 5464 §4.2).
pub(crate) fn get(
    line: &mut Encoder<'_>,
    mailbox: Mailbox<'_>,
    names: &[&str],
    options: &MetadataOptions,
) -> Result<(), EmitError> {
    line.raw(b"GETMETADATA ");
    let depth: Option<&[u8]> = match options.depth {
        MetadataDepth::Entry => None,
        MetadataDepth::Children => Some(b"DEPTH 1"),
        MetadataDepth::Infinity => Some(b"DEPTH infinity"),
    };
    if options.max_size.is_some() || depth.is_some() {
        line.open();
        if let Some(octets) = options.max_size {
            line.raw(b"MAXSIZE ");
            line.number(octets.into());
        }
        if options.max_size.is_some() && depth.is_some() {
            line.sp();
        }
        line.raw(depth.unwrap_or_default());
        line.raw(b") ");
    }
    line.mailbox(mailbox)?;
    line.sp();
    match names {
        [name] => entry(line, name),
        names => entries(line, names),
    }
}

/// `SETMETADATA mailbox (entry value …)` (RFC 5464 §4.3).
pub(crate) fn set(
    line: &mut Encoder<'_>,
    mailbox: Mailbox<'_>,
    values: &[MetadataValue<'_>],
) -> Result<(), EmitError> {
    if values.is_empty() {
        return Err(EmitError::Empty);
    }
    one(line, b"SETMETADATA", mailbox)?;
    line.sp();
    line.list(values, |line, &(name, value)| {
        entry(line, name)?;
        line.sp();
        match value {
            Some(octets) if octets.contains(&0) => line.literal8(octets),
            value => line.nstring(value),
        }
    })
}

/// `(entry …)` (RFC 5464 §5).
pub(crate) fn entries(line: &mut Encoder<'_>, names: &[&str]) -> Result<(), EmitError> {
    if names.is_empty() {
        return Err(EmitError::Empty);
    }
    line.list(names, |line, name| entry(line, name))
}

/// RFC 5464 §3.1: an entry is a path of names that are not empty, in ASCII, without control
/// characters, `*` and `%`.
fn entry(line: &mut Encoder<'_>, name: &str) -> Result<(), EmitError> {
    if name.is_empty() {
        return Err(EmitError::Empty);
    }
    let mut before = None;
    for (at, octet) in name.bytes().enumerate() {
        let begins = at > 0 || octet == b'/';
        let twice = octet == b'/' && before == Some(b'/');
        if !begins || twice || !matches!(octet, b' '..=b'~') || matches!(octet, b'*' | b'%') {
            return Err(EmitError::BadArgument { at });
        }
        before = Some(octet);
    }
    if before == Some(b'/') {
        return Err(EmitError::BadArgument { at: name.len().saturating_sub(1) });
    }
    line.astring(name.as_bytes())
}
