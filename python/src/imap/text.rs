//! Text that people wrote: strings of the wire, encoded words (RFC 2047), parameters (RFC 2231), as
//! `str`. Where octets are no text, U+FFFD stands; the octets are beside it in the `_raw` attributes.

use std::borrow::Cow;

use mailproto_core::imap::response::body_structure::Parameters;
use mailproto_core::imap::{ImapString, MailboxName};
use mailproto_core::message::encoded_word::{Piece, Pieces, decode_to_utf8};
use mailproto_core::message::parameter::{Parameter, find};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyMappingProxy, PyString};

use super::held::table;

/// The octets of a string of the wire, its backslashes undone.
pub(crate) fn octets_of(string: ImapString<'_>) -> Cow<'_, [u8]> {
    match string.as_plain() {
        Some(octets) => Cow::Borrowed(octets),
        None => Cow::Owned(string.octets().collect()),
    }
}

/// A string of the protocol as `str`.
#[inline]
pub(crate) fn plain<'py>(py: Python<'py>, octets: &[u8]) -> Bound<'py, PyString> {
    // Python checks that it is UTF-8 while it makes the string.
    let made = PyString::from_bytes(py, octets);
    made.unwrap_or_else(|_| PyString::new(py, &String::from_utf8_lossy(octets)))
}

/// The same of a string of the wire.
#[inline]
pub(crate) fn string<'py>(py: Python<'py>, string: ImapString<'_>) -> Bound<'py, PyString> {
    match string.as_plain() {
        Some(octets) => plain(py, octets),
        None => plain(py, &octets_of(string)),
    }
}

/// Text for people, with encoded words in it perhaps.
#[inline]
pub(crate) fn decoded<'py>(
    py: Python<'py>,
    text: ImapString<'_>,
) -> PyResult<Bound<'py, PyString>> {
    match text.as_plain() {
        Some(octets) => unfolded(py, octets),
        None => unfolded(py, &octets_of(text)),
    }
}

#[inline]
fn unfolded<'py>(py: Python<'py>, octets: &[u8]) -> PyResult<Bound<'py, PyString>> {
    if !is_encoded(octets) {
        return Ok(plain(py, octets));
    }
    words(py, octets)
}

/// Whether an encoded word may be in it, or a line end.
#[inline]
pub(crate) fn is_encoded(octets: &[u8]) -> bool {
    // First without branches, so that it is done many octets at a time.
    let odd = |odd: bool, &octet: &u8| odd | matches!(octet, b'=' | b'\r' | b'\n');
    octets.iter().fold(false, odd)
        && (octets.windows(2).any(|pair| pair == b"=?")
            || octets.iter().any(|octet| matches!(octet, b'\r' | b'\n')))
}

/// Most characters that an octet becomes are three octets of UTF-8.
const GROWTH: usize = 3;

#[inline(never)]
fn words<'py>(py: Python<'py>, octets: &[u8]) -> PyResult<Bound<'py, PyString>> {
    let mut text = vec![0; octets.len().saturating_mul(GROWTH)];
    let decoded = decode_to_utf8(octets, &mut text);
    if decoded.foreign == 0 {
        return Ok(plain(py, text.get(..decoded.len).unwrap_or_default()));
    }
    foreign_words(py, octets)
}

/// Encoded words in charsets that Python knows, characters cut between two of them joined.
fn foreign_words<'py>(py: Python<'py>, octets: &[u8]) -> PyResult<Bound<'py, PyString>> {
    let mut text = String::new();
    let mut run = Run::default();
    for piece in Pieces::new(octets) {
        match piece {
            Piece::Text(piece) => {
                run.end(py, &mut text)?;
                text.push_str(&String::from_utf8_lossy(piece));
            }
            Piece::Word(word) => {
                if !run.charset.eq_ignore_ascii_case(word.charset) {
                    run.end(py, &mut text)?;
                    run.charset = word.charset;
                }
                run.octets.extend(word.octets());
                run.raw.push(word.raw);
            }
        }
    }
    run.end(py, &mut text)?;
    Ok(PyString::new(py, &text))
}

/// Encoded words that follow each other, all of one charset.
#[derive(Default)]
struct Run<'a> {
    charset: &'a [u8],
    octets: Vec<u8>,
    raw: Vec<&'a [u8]>,
}

impl Run<'_> {
    fn end(&mut self, py: Python<'_>, text: &mut String) -> PyResult<()> {
        let Self { charset, octets, raw } = std::mem::take(self);
        if octets.is_empty() && raw.is_empty() {
            return Ok(());
        }
        match of_charset(py, charset, &octets)? {
            Some(decoded) => text.push_str(&decoded.to_string_lossy()),
            None => raw.iter().for_each(|word| text.push_str(&String::from_utf8_lossy(word))),
        }
        Ok(())
    }
}

/// Python's codecs that are no charset of mail, some of which are slow or run what they are given.
const NO_CHARSETS: [&str; 8] = [
    "idna",
    "punycode",
    "unicode_escape",
    "raw_unicode_escape",
    "undefined",
    "mbcs",
    "oem",
    "utf_8_sig",
];

/// Octets in a charset that Python knows; `None` for another.
fn of_charset<'py>(
    py: Python<'py>,
    charset: &[u8],
    octets: &[u8],
) -> PyResult<Option<Bound<'py, PyString>>> {
    let Ok(name) = str::from_utf8(charset) else { return Ok(None) };
    if octets.is_ascii() && name.eq_ignore_ascii_case("us-ascii") {
        return Ok(Some(plain(py, octets)));
    }
    let normal = name.to_ascii_lowercase().replace(['-', ' '], "_");
    if name.is_empty() || NO_CHARSETS.contains(&normal.as_str()) || normal.contains('\0') {
        return Ok(None);
    }
    let octets = PyBytes::new(py, octets);
    // LookupError, or whatever else a codec raises.
    let decoded = octets.call_method1("decode", (name, "replace"));
    Ok(decoded.ok().and_then(|text| text.cast_into().ok()))
}

/// Parameters of a media type or disposition, names in lower case, values put together and decoded.
pub(crate) fn parameters<'py>(
    py: Python<'py>,
    list: Parameters<'_>,
) -> PyResult<Bound<'py, PyMappingProxy>> {
    let entries = PyDict::new(py);
    for (name, value) in list {
        let name = octets_of(name);
        if name.contains(&b'*') {
            return extended_parameters(py, list);
        }
        let name = lower(py, &name);
        if !entries.contains(&name)? {
            entries.set_item(name, decoded(py, value)?)?;
        }
    }
    table(entries)
}

/// In lower case.
pub(crate) fn lower<'py>(py: Python<'py>, octets: &[u8]) -> Bound<'py, PyString> {
    if octets.iter().any(u8::is_ascii_uppercase) {
        return plain(py, &octets.to_ascii_lowercase());
    }
    plain(py, octets)
}

/// Each of these is looked for among all of them.
const MOST_PARAMETERS: usize = 100;

/// Parameters of which at least one is extended or in sections (RFC 2231).
fn extended_parameters<'py>(
    py: Python<'py>,
    list: Parameters<'_>,
) -> PyResult<Bound<'py, PyMappingProxy>> {
    let all: Vec<_> = list.into_iter().map(parameter).collect();
    let entries = PyDict::new(py);
    for Parameter { attribute, .. } in all.iter().take(MOST_PARAMETERS) {
        let Ok(name) = str::from_utf8(attribute) else { continue };
        let key = lower(py, attribute);
        if entries.contains(&key)? {
            continue;
        }
        let Some(value) = find(all.iter().copied(), name) else { continue };
        let octets: Vec<u8> = value.octets().collect();
        let mut text = vec![0; list.as_received().len().saturating_mul(GROWTH)];
        let decoded = value.decode_to_utf8(&mut text);
        let known = plain(py, text.get(..decoded.len).unwrap_or_default());
        let charset = value.charset().filter(|_| decoded.foreign > 0).unwrap_or_default();
        let foreign = if charset.is_empty() { None } else { of_charset(py, charset, &octets)? };
        entries.set_item(key, foreign.unwrap_or(known))?;
    }
    table(entries)
}

fn parameter<'a>((name, value): (ImapString<'a>, ImapString<'a>)) -> Parameter<'a> {
    Parameter::from_pair(name.as_received(), value.as_received(), value.is_escaped())
}

/// A mailbox's name, as far as it can be decoded.
pub(crate) fn mailbox(name: MailboxName<'_>, utf8: bool) -> String {
    name.display(utf8).to_string()
}
