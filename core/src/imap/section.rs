//! Sections (RFC 9051 §6.4.5): which part of a message a body is, as the server names it, and as FETCH
//! asks for it.

use core::fmt;

use super::flag::{check_atom, show};
use super::lexer::Lexer;
use super::resume::resumable;
use super::string::ImapString;
use crate::error::EmitError;
use crate::wire::{Put, put_decimal};

/// Which part of a message a body is: what the server put between the brackets of `BODY[…]` or
/// `BINARY[…]` (RFC 9051 §7.5.2).
///
/// ```
/// use mailproto_core::imap::{Section, SectionPart};
///
/// let section = Section::new(b"4.2.HEADER.FIELDS (Date From)");
/// assert!(section.path().eq([4, 2]));
/// assert_eq!(section.part(), SectionPart::HeaderFields);
/// assert!(section.fields().any(|name| name.eq_ignore_ascii_case(b"from")));
/// ```
#[derive(Clone, Copy, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Section<'a> {
    octets: &'a [u8],
}

impl<'a> Section<'a> {
    /// From what stands between the brackets. Any octets do; what is not understood is a
    /// [`SectionPart::Other`].
    #[must_use]
    pub const fn new(octets: &'a [u8]) -> Self {
        Self { octets }
    }

    /// What stands between the brackets, as it came.
    #[must_use]
    pub const fn as_bytes(self) -> &'a [u8] {
        self.octets
    }

    /// The part numbers, from the outermost part inwards; none for the message itself.
    #[must_use]
    pub const fn path(self) -> PartNumbers<'a> {
        PartNumbers { rest: self.octets }
    }

    /// What of that part.
    #[must_use]
    pub fn part(self) -> SectionPart {
        const NAMES: [(&[u8], SectionPart); 5] = [
            (b"HEADER", SectionPart::Header),
            (b"TEXT", SectionPart::Text),
            (b"MIME", SectionPart::Mime),
            (b"HEADER.FIELDS", SectionPart::HeaderFields),
            (b"HEADER.FIELDS.NOT", SectionPart::HeaderFieldsNot),
        ];
        let name = self.specifier().take_while(|octet| !matches!(octet, b' ' | b'('));
        if name.is_empty() {
            return SectionPart::Whole;
        }
        let known = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        known.map_or(SectionPart::Other, |(_, part)| *part)
    }

    /// The names of the header fields of [`SectionPart::HeaderFields`] and
    /// [`SectionPart::HeaderFieldsNot`]. Servers may write them in another case and order than asked.
    #[must_use]
    pub fn fields(self) -> FieldNames<'a> {
        let mut rest = self.specifier();
        rest.take_while(|octet| octet != b'(');
        rest.advance(1);
        FieldNames { rest }
    }

    /// Whether this is what was asked for (RFC 9051 §7.5.2), whatever the case and order of the field names.
    #[must_use]
    pub fn answers(self, asked: &BodySection<'_>) -> bool {
        let named = |mut fields: &mut dyn Iterator<Item = &[u8]>| {
            let mut count = 0_usize;
            let all = Iterator::all(&mut fields, |field| {
                count = count.saturating_add(1);
                self.fields().any(|name| name.eq_ignore_ascii_case(field))
            });
            all && self.fields().count() == count
        };
        let same_part = match (self.part(), asked.part) {
            (SectionPart::Whole, Part::Whole)
            | (SectionPart::Header, Part::Header)
            | (SectionPart::Text, Part::Text)
            | (SectionPart::Mime, Part::Mime) => true,
            (SectionPart::HeaderFields, Part::HeaderFields(fields))
            | (SectionPart::HeaderFieldsNot, Part::HeaderFieldsNot(fields)) => {
                named(&mut Names::Listed(fields))
            }
            (SectionPart::HeaderFields, Part::HeaderFieldsIn(fields))
            | (SectionPart::HeaderFieldsNot, Part::HeaderFieldsNotIn(fields)) => {
                named(&mut Names::Words(fields))
            }
            _ => false,
        };
        same_part && self.path().eq(asked.path.iter().copied())
    }

    /// What is behind the part numbers.
    fn specifier(self) -> Lexer<'a> {
        let mut numbers = self.path();
        while numbers.next().is_some() {}
        Lexer::new(numbers.rest)
    }
}

impl fmt::Display for Section<'_> {
    /// What stands between the brackets; what is not printable ASCII is escaped.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(self.octets, f)
    }
}

impl fmt::Debug for Section<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(self.octets, f)
    }
}

/// What of a part (RFC 9051 §6.4.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(u8)]
#[non_exhaustive]
pub enum SectionPart {
    /// All of it: of the message, header and text; of a part of it, the body.
    Whole,
    /// `HEADER`: the header of the message, or of the message that the part is.
    Header,
    /// `HEADER.FIELDS`: some fields of the header.
    HeaderFields,
    /// `HEADER.FIELDS.NOT`: the header without some fields.
    HeaderFieldsNot,
    /// `TEXT`: the text of the message, or of the message that the part is.
    Text,
    /// `MIME`: the header of the part.
    Mime,
    /// Something else.
    Other,
}

/// The part numbers of a [`Section`].
#[derive(Clone, Copy, Debug)]
pub struct PartNumbers<'a> {
    rest: &'a [u8],
}

resumable!(PartNumbers { rest });

impl Iterator for PartNumbers<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let mut lexer = Lexer::new(self.rest);
        let number = lexer.number()?;
        if lexer.octet(b'.').is_none() && !matches!(lexer.peek(), None | Some(b' ')) {
            return None;
        }
        self.rest = lexer.rest();
        Some(number)
    }
}

/// The field names of a [`Section`].
#[derive(Clone, Copy, Debug)]
pub struct FieldNames<'a> {
    rest: Lexer<'a>,
}

resumable!(FieldNames { rest: Lexer });

impl<'a> Iterator for FieldNames<'a> {
    type Item = ImapString<'a>;

    fn next(&mut self) -> Option<ImapString<'a>> {
        self.rest.take_while(|octet| octet == b' ');
        self.rest.astring()
    }
}

/// A part of a message, to be asked for (RFC 9051 §6.4.5).
///
/// ```
/// use mailproto_core::imap::BodySection;
///
/// let first_attachment = BodySection::part(&[2]);
/// let for_a_list = BodySection::fields(&["From", "Subject", "Date"]);
/// # let _ = (first_attachment, for_a_list);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct BodySection<'s> {
    /// The part numbers, from the outermost part inwards, as BODYSTRUCTURE counts them; none for the
    /// message itself.
    pub path: &'s [u32],
    /// What of that part.
    pub part: Part<'s>,
}

/// What of a part is asked for (RFC 9051 §6.4.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Part<'s> {
    /// All of it: of the message, header and text; of a part of it, the body.
    #[default]
    Whole,
    /// The header of the message, or of the message that the part is.
    Header,
    /// These fields of the header. Their names in any case, without colons.
    HeaderFields(&'s [&'s str]),
    /// The header without these fields.
    HeaderFieldsNot(&'s [&'s str]),
    /// These fields of the header, their names with spaces between them: for callers that have no slice of them.
    HeaderFieldsIn(&'s [u8]),
    /// The header without these fields, their names with spaces between them.
    HeaderFieldsNotIn(&'s [u8]),
    /// The text of the message, or of the message that the part is.
    Text,
    /// The header of the part; there must be part numbers.
    Mime,
}

impl<'s> BodySection<'s> {
    /// The whole message: `[]`.
    pub const WHOLE: Self = Self { path: &[], part: Part::Whole };
    /// The header of the message: `[HEADER]`.
    pub const HEADER: Self = Self { path: &[], part: Part::Header };
    /// The text of the message: `[TEXT]`.
    pub const TEXT: Self = Self { path: &[], part: Part::Text };

    /// The body of a part.
    #[must_use]
    pub const fn part(path: &'s [u32]) -> Self {
        Self { path, part: Part::Whole }
    }

    /// Some fields of the header of the message.
    #[must_use]
    pub const fn fields(names: &'s [&'s str]) -> Self {
        Self { path: &[], part: Part::HeaderFields(names) }
    }

    /// Writes it, brackets included.
    ///
    /// # Errors
    /// `BadArgument`, for a part number that is zero (`at` is its place), MIME without part numbers, or a
    /// field name that is none (RFC 5322 §2.2); `Empty`, for no field names or an empty one.
    pub(crate) fn emit(&self, out: &mut impl Put) -> Result<(), EmitError> {
        out.put(b"[");
        emit_path(self.path, out)?;
        if !self.path.is_empty() && self.part != Part::Whole {
            out.put(b".");
        }
        match self.part {
            Part::Whole => {}
            Part::Header => out.put(b"HEADER"),
            Part::HeaderFields(names) => emit_fields(FIELDS, Names::Listed(names), out)?,
            Part::HeaderFieldsNot(names) => emit_fields(FIELDS_NOT, Names::Listed(names), out)?,
            Part::HeaderFieldsIn(names) => emit_fields(FIELDS, Names::Words(names), out)?,
            Part::HeaderFieldsNotIn(names) => emit_fields(FIELDS_NOT, Names::Words(names), out)?,
            Part::Text => out.put(b"TEXT"),
            Part::Mime if self.path.is_empty() => return Err(EmitError::BadArgument { at: 0 }),
            Part::Mime => out.put(b"MIME"),
        }
        out.put(b"]");
        Ok(())
    }
}

impl<'s> From<&'s [u32]> for BodySection<'s> {
    fn from(path: &'s [u32]) -> Self {
        Self::part(path)
    }
}

/// Writes part numbers with full stops between them (`section-part`, RFC 9051 §9).
///
/// # Errors
/// `BadArgument` where one is zero; `at` is its place.
pub(crate) fn emit_path(path: &[u32], out: &mut impl Put) -> Result<(), EmitError> {
    for (at, &number) in path.iter().enumerate() {
        if number == 0 {
            return Err(EmitError::BadArgument { at });
        }
        if at > 0 {
            out.put(b".");
        }
        put_decimal(number.into(), out);
    }
    Ok(())
}

const FIELDS: &[u8] = b"HEADER.FIELDS (";
const FIELDS_NOT: &[u8] = b"HEADER.FIELDS.NOT (";

fn emit_fields(specifier: &[u8], names: Names<'_>, out: &mut impl Put) -> Result<(), EmitError> {
    let mut before = specifier;
    for name in names {
        out.put(before);
        emit_field(name, out)?;
        before = b" ";
    }
    if before == specifier {
        return Err(EmitError::Empty);
    }
    out.put(b")");
    Ok(())
}

/// The names of fields.
enum Names<'s> {
    Listed(&'s [&'s str]),
    /// With spaces between them.
    Words(&'s [u8]),
}

impl<'s> Iterator for Names<'s> {
    type Item = &'s [u8];

    fn next(&mut self) -> Option<&'s [u8]> {
        match self {
            Self::Listed(names) => {
                let (name, rest) = names.split_first()?;
                *names = rest;
                Some(name.as_bytes())
            }
            Self::Words(names) => {
                let begin = names.iter().position(|&octet| octet != b' ')?;
                let (_, name) = names.split_at_checked(begin)?;
                let end = name.iter().position(|&octet| octet == b' ').unwrap_or(name.len());
                let (name, rest) = name.split_at_checked(end)?;
                *names = rest;
                Some(name)
            }
        }
    }
}

/// A field name (RFC 5322 §2.2), as an atom where it can be one.
fn emit_field(name: &[u8], out: &mut impl Put) -> Result<(), EmitError> {
    if name.is_empty() {
        return Err(EmitError::Empty);
    }
    let no_name = |octet: &u8| !matches!(octet, 0x21..=0x39 | 0x3b..=0x7e);
    if let Some(at) = name.iter().position(no_name) {
        return Err(EmitError::BadArgument { at });
    }
    if check_atom(name, 0).is_ok() {
        out.put(name);
        return Ok(());
    }
    out.put(b"\"");
    for octet in name {
        if matches!(octet, b'"' | b'\\') {
            out.put(b"\\");
        }
        out.put(core::slice::from_ref(octet));
    }
    out.put(b"\"");
    Ok(())
}

/// A stretch of a body (`partial`, RFC 9051 §6.4.5): servers send less where the body ends earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Partial {
    /// How many octets come before it.
    pub offset: u64,
    /// How many it has at most; not zero.
    pub octets: u64,
}

impl Partial {
    /// Writes `<offset.octets>`.
    ///
    /// # Errors
    /// `BadArgument`, for no octets, or numbers of more than 63 bits (RFC 9051 §9).
    pub(crate) fn emit(self, out: &mut impl Put) -> Result<(), EmitError> {
        let fits = |number: u64| i64::try_from(number).is_ok();
        if self.octets == 0 || !fits(self.offset) || !fits(self.octets) {
            return Err(EmitError::BadArgument { at: 0 });
        }
        out.put(b"<");
        put_decimal(self.offset, out);
        out.put(b".");
        put_decimal(self.octets, out);
        out.put(b">");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(octets: &str) -> (Vec<u32>, SectionPart, Vec<String>) {
        let section = Section::new(octets.as_bytes());
        let names =
            section.fields().map(|name| String::from_utf8(name.octets().collect()).unwrap());
        (section.path().collect(), section.part(), names.collect())
    }

    fn written(section: BodySection<'_>) -> Result<String, EmitError> {
        let mut sent = Vec::new();
        section.emit(&mut |octets: &[u8]| sent.extend_from_slice(octets))?;
        Ok(String::from_utf8(sent).unwrap())
    }

    #[test]
    fn sections_of_the_rfc_are_read() {
        // RFC 9051 §6.4.5.
        for (octets, path, part) in [
            ("", &[][..], SectionPart::Whole),
            ("HEADER", &[], SectionPart::Header),
            ("TEXT", &[], SectionPart::Text),
            ("1", &[1], SectionPart::Whole),
            ("3.HEADER", &[3], SectionPart::Header),
            ("3.TEXT", &[3], SectionPart::Text),
            ("3.2", &[3, 2], SectionPart::Whole),
            ("4.1.MIME", &[4, 1], SectionPart::Mime),
            ("4.2.2.1", &[4, 2, 2, 1], SectionPart::Whole),
            ("1.text", &[1], SectionPart::Text),
            ("1.X-NEW", &[1], SectionPart::Other),
            ("2X", &[], SectionPart::Other),
            ("99999999999", &[], SectionPart::Other),
        ] {
            assert_eq!(read(octets), (path.to_vec(), part, vec![]), "{octets}");
        }
    }

    #[test]
    fn field_names_are_read_as_servers_write_them() {
        for octets in [
            "HEADER.FIELDS (DATE FROM)",
            "header.fields (\"DATE\" FROM)",
            "HEADER.FIELDS ( DATE  FROM )",
            "HEADER.FIELDS(DATE FROM)",
            "HEADER.FIELDS ({4}\r\nDATE FROM)",
        ] {
            let names = vec!["DATE".to_owned(), "FROM".to_owned()];
            assert_eq!(read(octets), (vec![], SectionPart::HeaderFields, names), "{octets}");
        }
        let (path, part, names) = read("1.2.HEADER.FIELDS.NOT (Bcc)");
        assert_eq!((path, part), (vec![1, 2], SectionPart::HeaderFieldsNot));
        assert_eq!(names, ["Bcc"]);
    }

    #[test]
    fn what_is_asked_for_is_what_is_answered() {
        let fields = ["Date", "a\"b]"];
        for (section, text) in [
            (BodySection::WHOLE, "[]"),
            (BodySection::HEADER, "[HEADER]"),
            (BodySection::TEXT, "[TEXT]"),
            (BodySection::part(&[4, 2, 1]), "[4.2.1]"),
            (BodySection { path: &[3], part: Part::Mime }, "[3.MIME]"),
            (BodySection { path: &[3], part: Part::Text }, "[3.TEXT]"),
            (BodySection::fields(&fields), r#"[HEADER.FIELDS (Date "a\"b]")]"#),
            (
                BodySection { path: &[1, 2], part: Part::HeaderFieldsNot(&["Bcc"]) },
                "[1.2.HEADER.FIELDS.NOT (Bcc)]",
            ),
        ] {
            assert_eq!(written(section).as_deref(), Ok(text));
            let answer = Section::new(&text.as_bytes()[1..text.len() - 1]);
            assert!(answer.answers(&section), "{text}");
            assert!(!answer.answers(&BodySection::part(&[9])), "{text}");
        }
        let asked = BodySection::fields(&["Date", "From"]);
        assert!(Section::new(b"HEADER.FIELDS (\"FROM\" DATE)").answers(&asked));
        assert!(!Section::new(b"HEADER.FIELDS (FROM)").answers(&asked));
    }

    #[test]
    fn what_is_no_section_is_not_sent() {
        let fields = |names| BodySection { path: &[], part: Part::HeaderFields(names) };
        for (section, error) in [
            (BodySection::part(&[1, 0]), EmitError::BadArgument { at: 1 }),
            (BodySection { path: &[], part: Part::Mime }, EmitError::BadArgument { at: 0 }),
            (fields(&[]), EmitError::Empty),
            (fields(&[""]), EmitError::Empty),
            (fields(&["From:"]), EmitError::BadArgument { at: 4 }),
            (fields(&["a b"]), EmitError::BadArgument { at: 1 }),
            (fields(&["a\r\nb"]), EmitError::BadArgument { at: 1 }),
        ] {
            assert_eq!(written(section), Err(error), "{section:?}");
        }
    }

    #[test]
    fn partials() {
        let emit = |offset, octets| {
            let mut sent = Vec::new();
            Partial { offset, octets }
                .emit(&mut |octets: &[u8]| sent.extend_from_slice(octets))
                .map(|()| sent)
        };
        // RFC 9051 §6.4.5: BODY[]<0.2048>.
        assert_eq!(emit(0, 2048), Ok(b"<0.2048>".to_vec()));
        assert_eq!(emit(5, 0), Err(EmitError::BadArgument { at: 0 }));
        assert_eq!(emit(1 << 63, 1), Err(EmitError::BadArgument { at: 0 }));
    }
}
