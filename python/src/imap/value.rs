//! Arguments of commands, as Python gives them: mailboxes, messages, flags, options by name. The engine
//! checks what may be sent; here only types are.

use mailproto_core::imap::command::{
    AppendOptions, ListReturn, ListSelection, PartialRange, SearchReturn, SortBy, SortKey,
    StatusItem, ThreadAlgorithm,
};
use mailproto_core::imap::{DateTime, Flag, Mailbox, Security, Sequence};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

use super::moment;
use super::uid_set::UidSet;
use crate::error;

/// How credentials may travel.
pub(crate) fn read_security(security: &str) -> PyResult<Security> {
    match security {
        "starttls-required" => Ok(Security::StartTlsRequired),
        "private" => Ok(Security::Private),
        "danger-cleartext" => Ok(Security::DangerCleartext),
        _ => Err(PyValueError::new_err(
            "security must be 'starttls-required', 'private' or 'danger-cleartext'",
        )),
    }
}

/// A mailbox's name: text that the engine encodes, or octets as the server sent them.
pub(crate) enum Name {
    Text(String),
    Octets(Vec<u8>),
}

impl Name {
    pub(crate) fn read(name: &Bound<'_, PyAny>) -> PyResult<Self> {
        if let Ok(octets) = name.cast::<PyBytes>() {
            return Ok(Self::Octets(octets.as_bytes().into()));
        }
        let text = name.cast::<PyString>()?;
        match text.to_str() {
            Ok(text) => Ok(Self::Text(text.into())),
            Err(_) => {
                let words = "a mailbox name that is no text: give Mailbox.name_raw".to_owned();
                Err(error::argument(name.py(), "bad-argument", words))
            }
        }
    }

    pub(crate) fn lend(&self) -> Mailbox<'_> {
        match self {
            Self::Text(name) => Mailbox::Name(name),
            Self::Octets(name) => Mailbox::Raw(name),
        }
    }
}

/// Which messages: a number, a set, numbers one by one, or text as in `1:5,9:*`.
pub(crate) enum Messages {
    Text(String),
    Set(UidSet),
}

impl Messages {
    pub(crate) fn read(messages: &Bound<'_, PyAny>) -> PyResult<Self> {
        if let Ok(text) = messages.cast::<PyString>() {
            return Ok(Self::Text(text.to_cow()?.into_owned()));
        }
        if let Ok(number) = messages.extract::<u32>() {
            // Zero is told by the engine.
            return Ok(Self::Text(number.to_string()));
        }
        UidSet::read(messages).map(Self::Set)
    }

    pub(crate) fn lend(&self) -> Sequence<'_> {
        match self {
            Self::Text(text) => Sequence::Text(text.as_bytes()),
            Self::Set(set) => Sequence::Ranges(set.as_ranges()),
        }
    }
}

/// Texts one by one; a lone one is one of them.
pub(crate) fn texts(names: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    if let Ok(name) = names.cast::<PyString>() {
        return Ok(vec![name.to_cow()?.into_owned()]);
    }
    names.try_iter()?.map(|name| name?.extract()).collect()
}

pub(crate) fn flags(flags: &[String]) -> Vec<Flag<'_>> {
    flags.iter().map(|flag| Flag::from(flag.as_str())).collect()
}

/// What goes with a message that is appended.
pub(crate) struct Append {
    flags: Vec<String>,
    date: Option<DateTime>,
    binary: bool,
    utf8: bool,
}

impl Append {
    pub(crate) fn read(
        flags: Option<&Bound<'_, PyAny>>,
        date: Option<&Bound<'_, PyAny>>,
        binary: bool,
        utf8: bool,
    ) -> PyResult<Self> {
        let flags = flags.map(texts).transpose()?.unwrap_or_default();
        Ok(Self { flags, date: date.map(moment::read).transpose()?, binary, utf8 })
    }

    pub(crate) fn lend<R>(&self, use_it: impl FnOnce(&AppendOptions<'_>) -> R) -> R {
        let Self { date, binary, utf8, .. } = *self;
        use_it(&AppendOptions { flags: &flags(&self.flags), date, binary, utf8 })
    }
}

pub(crate) fn selection(py: Python<'_>, names: &[String]) -> PyResult<Vec<ListSelection>> {
    let one = |name: &String| match name.to_ascii_uppercase().as_str() {
        "SUBSCRIBED" => Ok(ListSelection::Subscribed),
        "REMOTE" => Ok(ListSelection::Remote),
        "RECURSIVEMATCH" => Ok(ListSelection::RecursiveMatch),
        "SPECIAL-USE" => Ok(ListSelection::SpecialUse),
        _ => Err(unknown(py, "selection option", name)),
    };
    names.iter().map(one).collect()
}

pub(crate) fn list_returns<'l>(
    py: Python<'_>,
    names: &[String],
    status: &'l [StatusItem<'l>],
) -> PyResult<Vec<ListReturn<'l>>> {
    let one = |name: &String| match name.to_ascii_uppercase().as_str() {
        "SUBSCRIBED" => Ok(ListReturn::Subscribed),
        "CHILDREN" => Ok(ListReturn::Children),
        "SPECIAL-USE" => Ok(ListReturn::SpecialUse),
        "MYRIGHTS" => Ok(ListReturn::MyRights),
        _ => Err(unknown(py, "return option", name)),
    };
    let mut returns: Vec<_> = names.iter().map(one).collect::<PyResult<_>>()?;
    if !status.is_empty() {
        returns.push(ListReturn::Status(status));
    }
    Ok(returns)
}

/// Items of STATUS. One that is not known is sent as it is, if it is an atom.
pub(crate) fn status_items(names: &[String]) -> Vec<StatusItem<'_>> {
    let other = |name| StatusItem::Other(str::as_bytes(name));
    names.iter().map(|name| known_status_item(name).unwrap_or_else(|| other(name))).collect()
}

fn known_status_item(name: &str) -> Option<StatusItem<'static>> {
    Some(match name.to_ascii_uppercase().as_str() {
        "MESSAGES" => StatusItem::Messages,
        "RECENT" => StatusItem::Recent,
        "UIDNEXT" => StatusItem::UidNext,
        "UIDVALIDITY" => StatusItem::UidValidity,
        "UNSEEN" => StatusItem::Unseen,
        "DELETED" => StatusItem::Deleted,
        "SIZE" => StatusItem::Size,
        "HIGHESTMODSEQ" => StatusItem::HighestModSeq,
        "APPENDLIMIT" => StatusItem::AppendLimit,
        "MAILBOXID" => StatusItem::MailboxId,
        "DELETED-STORAGE" => StatusItem::DeletedStorage,
        _ => return None,
    })
}

/// RETURN options of SEARCH and SORT: `MIN`, `PARTIAL 1:50` …
pub(crate) fn search_returns(py: Python<'_>, names: &[String]) -> PyResult<Vec<SearchReturn>> {
    let one = |name: &String| {
        let upper = name.to_ascii_uppercase();
        Ok(match upper.as_str() {
            "MIN" => SearchReturn::Min,
            "MAX" => SearchReturn::Max,
            "ALL" => SearchReturn::All,
            "COUNT" => SearchReturn::Count,
            "SAVE" => SearchReturn::Save,
            "RELEVANCY" => SearchReturn::Relevancy,
            upper => {
                let range = upper.strip_prefix("PARTIAL ").and_then(|range| {
                    let (first, last) = range.split_once(':')?;
                    Some((first.parse().ok()?, last.parse().ok()?))
                });
                let wrong = || unknown(py, "return option", name);
                SearchReturn::Partial(partial(py, range.ok_or_else(wrong)?)?)
            }
        })
    };
    names.iter().map(one).collect()
}

/// Positions from 1, or from -1 at the end.
pub(crate) fn partial(py: Python<'_>, (first, last): (i64, i64)) -> PyResult<PartialRange> {
    let number = |position: i64| u32::try_from(position.unsigned_abs()).ok();
    match (number(first), number(last)) {
        (Some(a), Some(b)) if first > 0 && last > 0 => Ok(PartialRange::FromFirst(a, b)),
        (Some(a), Some(b)) if first < 0 && last < 0 => Ok(PartialRange::FromLast(a, b)),
        _ => {
            let text = format!("PARTIAL {first}:{last}: both count from 1, or both from -1");
            Err(error::argument(py, "bad-argument", text))
        }
    }
}

/// `DATE`, `REVERSE ARRIVAL` …; several in one text are several.
pub(crate) fn sort_order(py: Python<'_>, names: &[String]) -> PyResult<Vec<SortBy>> {
    let mut order = Vec::new();
    let mut reverse = false;
    for word in names.iter().flat_map(|name| name.split_ascii_whitespace()) {
        let key = match word.to_ascii_uppercase().as_str() {
            "REVERSE" => {
                reverse = true;
                continue;
            }
            "ARRIVAL" => SortKey::Arrival,
            "CC" => SortKey::Cc,
            "DATE" => SortKey::Date,
            "FROM" => SortKey::From,
            "SIZE" => SortKey::Size,
            "SUBJECT" => SortKey::Subject,
            "TO" => SortKey::To,
            "DISPLAYFROM" => SortKey::DisplayFrom,
            "DISPLAYTO" => SortKey::DisplayTo,
            "RELEVANCY" => SortKey::Relevancy,
            _ => return Err(unknown(py, "sort key", word)),
        };
        order.push(SortBy { key, reverse: std::mem::take(&mut reverse) });
    }
    if reverse { Err(unknown(py, "sort key", "REVERSE of nothing")) } else { Ok(order) }
}

pub(crate) fn algorithm(name: &str) -> ThreadAlgorithm<'_> {
    match name.to_ascii_uppercase().as_str() {
        "ORDEREDSUBJECT" => ThreadAlgorithm::OrderedSubject,
        "REFERENCES" => ThreadAlgorithm::References,
        "REFS" => ThreadAlgorithm::Refs,
        _ => ThreadAlgorithm::Other(name.as_bytes()),
    }
}

fn unknown(py: Python<'_>, what: &str, name: &str) -> PyErr {
    error::argument(py, "bad-argument", format!("unknown {what}: {name}"))
}
