//! Items of FETCH, written as RFC 9051 §6.4.5 writes them, as the engine takes them.

use mailproto_core::imap::command::FetchItem;
use mailproto_core::imap::{BodySection, Part, Partial};
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::error;

/// An item with what it names.
pub(crate) enum Item {
    Plain(FetchItem<'static>),
    Section { kind: Kind, path: Vec<u32>, part: What, names: Vec<String>, partial: Option<Partial> },
    Other(String),
}

#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Body { peek: bool },
    Binary { peek: bool },
    BinarySize,
}

#[derive(Clone, Copy)]
pub(crate) enum What {
    Whole,
    Header,
    HeaderFields,
    HeaderFieldsNot,
    Text,
    Mime,
}

/// Reads one text, in which there may be several items, or texts one by one.
pub(crate) fn read(items: &Bound<'_, PyAny>) -> PyResult<Vec<Item>> {
    let py = items.py();
    let mut all = Vec::new();
    let mut add = |text: &str| -> PyResult<()> {
        let inside = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
        for item in split(inside.unwrap_or(text)) {
            let read = item_of(item).ok_or_else(|| {
                error::argument(py, "bad-argument", format!("no item of FETCH: {item:?}"))
            })?;
            all.push(read);
        }
        Ok(())
    };
    if let Ok(text) = items.cast::<PyString>() {
        add(&text.to_cow()?)?;
    } else {
        for item in items.try_iter()? {
            add(&item?.cast_into::<PyString>()?.to_cow()?)?;
        }
    }
    Ok(all)
}

/// Lends them to the engine.
pub(crate) fn lend<R>(items: &[Item], use_them: impl FnOnce(&[FetchItem<'_>]) -> R) -> R {
    let names: Vec<Vec<&str>> = items.iter().map(Item::names).collect();
    let lent: Vec<_> = items.iter().zip(&names).map(|(item, names)| item.lend(names)).collect();
    use_them(&lent)
}

impl Item {
    fn names(&self) -> Vec<&str> {
        match self {
            Self::Section { names, .. } => names.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        }
    }

    fn lend<'f>(&'f self, names: &'f [&'f str]) -> FetchItem<'f> {
        match self {
            Self::Plain(item) => *item,
            Self::Other(name) => FetchItem::Other(name.as_bytes()),
            Self::Section { kind, path, part, partial, .. } => {
                let partial = *partial;
                match *kind {
                    Kind::BinarySize => FetchItem::BinarySize(path),
                    Kind::Binary { peek } => FetchItem::Binary { part: path, peek, partial },
                    Kind::Body { peek } => {
                        let section = BodySection { path, part: part.lend(names) };
                        FetchItem::BodySection { section, peek, partial }
                    }
                }
            }
        }
    }
}

impl What {
    fn lend<'f>(self, names: &'f [&'f str]) -> Part<'f> {
        match self {
            Self::Whole => Part::Whole,
            Self::Header => Part::Header,
            Self::HeaderFields => Part::HeaderFields(names),
            Self::HeaderFieldsNot => Part::HeaderFieldsNot(names),
            Self::Text => Part::Text,
            Self::Mime => Part::Mime,
        }
    }
}

/// The items of a text: separated by spaces that stand in no brackets and parentheses.
fn split(text: &str) -> Vec<&str> {
    let (mut items, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    for (at, octet) in text.bytes().enumerate() {
        match octet {
            b'[' | b'(' => depth += 1,
            b']' | b')' => depth = depth.saturating_sub(1),
            // What is in parentheses belongs to what is before it.
            b' ' if depth == 0 && text.as_bytes().get(at + 1) != Some(&b'(') => {
                items.push(text.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    items.push(text.get(start..).unwrap_or_default());
    items
}

fn item_of(text: &str) -> Option<Item> {
    let upper = text.to_ascii_uppercase();
    if let Some((name, rest)) = upper.split_once('[') {
        return section(name, rest);
    }
    Some(Item::Plain(match upper.as_str() {
        "ALL" => FetchItem::All,
        "FAST" => FetchItem::Fast,
        "FULL" => FetchItem::Full,
        "UID" => FetchItem::Uid,
        "FLAGS" => FetchItem::Flags,
        "ENVELOPE" => FetchItem::Envelope,
        "INTERNALDATE" => FetchItem::InternalDate,
        "RFC822.SIZE" => FetchItem::Rfc822Size,
        "BODY" => FetchItem::Body,
        "BODYSTRUCTURE" => FetchItem::BodyStructure,
        "RFC822" => FetchItem::Rfc822,
        "RFC822.HEADER" => FetchItem::Rfc822Header,
        "RFC822.TEXT" => FetchItem::Rfc822Text,
        "MODSEQ" => FetchItem::ModSeq,
        "X-GM-MSGID" => FetchItem::GmailMessageId,
        "X-GM-THRID" => FetchItem::GmailThreadId,
        "X-GM-LABELS" => FetchItem::GmailLabels,
        "EMAILID" => FetchItem::EmailId,
        "THREADID" => FetchItem::ThreadId,
        "PREVIEW" => FetchItem::Preview { lazy: false },
        "PREVIEW (LAZY)" => FetchItem::Preview { lazy: true },
        "SAVEDATE" => FetchItem::SaveDate,
        _ => return Some(Item::Other(text.to_owned())),
    }))
}

/// What follows the bracket: `1.2.HEADER.FIELDS (SUBJECT)]<0.100>`.
fn section(name: &str, rest: &str) -> Option<Item> {
    let kind = match name {
        "BODY" => Kind::Body { peek: false },
        "BODY.PEEK" => Kind::Body { peek: true },
        "BINARY" => Kind::Binary { peek: false },
        "BINARY.PEEK" => Kind::Binary { peek: true },
        "BINARY.SIZE" => Kind::BinarySize,
        _ => return None,
    };
    let (inside, behind) = rest.rsplit_once(']')?;
    let partial = partial(behind)?;
    let mut path = Vec::new();
    let mut specifier = inside;
    while specifier.starts_with(|letter: char| letter.is_ascii_digit()) {
        let (number, next) = specifier.split_once('.').unwrap_or((specifier, ""));
        path.push(number.parse().ok()?);
        if next.is_empty() && specifier.ends_with('.') {
            return None;
        }
        specifier = next;
    }
    let (word, names) = specifier.split_once(' ').unwrap_or((specifier, ""));
    let part = match word {
        "" => What::Whole,
        "HEADER" => What::Header,
        "HEADER.FIELDS" => What::HeaderFields,
        "HEADER.FIELDS.NOT" => What::HeaderFieldsNot,
        "TEXT" => What::Text,
        "MIME" => What::Mime,
        _ => return None,
    };
    let names: Vec<String> = match part {
        What::HeaderFields | What::HeaderFieldsNot => {
            let names = names.strip_prefix('(')?.strip_suffix(')')?;
            names.split(' ').map(|name| name.trim_matches('"').to_owned()).collect()
        }
        _ if names.is_empty() && !specifier.ends_with(' ') => Vec::new(),
        _ => return None,
    };
    let plain = matches!((kind, part), (Kind::Body { .. }, _) | (_, What::Whole));
    let sized = !matches!(kind, Kind::BinarySize) || partial.is_none();
    (plain && sized).then_some(Item::Section { kind, path, part, names, partial })
}

/// `<offset.octets>`, or nothing.
fn partial(text: &str) -> Option<Option<Partial>> {
    if text.is_empty() {
        return Some(None);
    }
    let (offset, octets) = text.strip_prefix('<')?.strip_suffix('>')?.split_once('.')?;
    Some(Some(Partial { offset: offset.parse().ok()?, octets: octets.parse().ok()? }))
}
