//! Sections (RFC 9051 §6.4.5): which part of a message.

/// A section, as the server names it.
#[derive(Clone, Copy, Debug)]
pub struct Section<'a> {
    octets: &'a [u8],
}

/// What of a part.
#[derive(Clone, Copy, Debug)]
pub struct SectionPart;
