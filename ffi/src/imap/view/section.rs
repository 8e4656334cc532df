//! Sections (RFC 9051 §6.4.5): which part of a message a body is.

use core::mem::MaybeUninit;

use mailproto_core::imap::{FieldNames, PartNumbers, Section};

use super::{next, step};
use crate::imap::{mailproto_imap_section_part, mailproto_imap_string};
use crate::mailproto_span;

/// What of a part a section is (RFC 9051 §6.4.5).
///
/// @param section  what stands between the brackets: `data` of BODY_START, or of BINARY_SIZE.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_section_part_of(
    section: mailproto_span,
) -> mailproto_imap_section_part {
    let part = section.octets().map(|octets| Section::new(octets).part());
    part.map_or(mailproto_imap_section_part::Other, Into::into)
}

/// The part numbers of a section, from the outermost part inwards: `{event.data}`; walk them with
/// `mailproto_imap_part_numbers_next`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_part_numbers {
    /// What is left to be told.
    pub rest: mailproto_span,
}

/// The next part number.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_part_numbers_next(
    numbers: Option<&mut mailproto_imap_part_numbers>,
    number: Option<&mut MaybeUninit<u32>>,
) -> i32 {
    next(numbers.map(|numbers| &mut numbers.rest), number, |rest| step!(PartNumbers<'_>, rest))
}

/// The names of the header fields of a section: `mailproto_imap_section_fields`; walk them with
/// `mailproto_imap_field_names_next`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct mailproto_imap_field_names {
    /// What is left to be told.
    pub rest: mailproto_span,
}

/// The names of the header fields of HEADER.FIELDS and HEADER.FIELDS.NOT. Servers may write them in
/// another case and order than asked.
///
/// @param section  what stands between the brackets.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_section_fields(
    section: mailproto_span,
) -> mailproto_imap_field_names {
    let rest = section.octets().map(|octets| Section::new(octets).fields().rest());
    mailproto_imap_field_names { rest: rest.unwrap_or_default().into() }
}

/// The next name of a header field.
#[unsafe(no_mangle)]
pub extern "C" fn mailproto_imap_field_names_next(
    names: Option<&mut mailproto_imap_field_names>,
    name: Option<&mut MaybeUninit<mailproto_imap_string>>,
) -> i32 {
    next(names.map(|names| &mut names.rest), name, |rest| {
        step!(FieldNames<'_>, rest).map(Into::into)
    })
}
