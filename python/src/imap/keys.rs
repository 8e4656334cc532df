//! Search keys, nested tuples in Python, as the tree of borrowed values that the engine takes. An arena
//! owns them for the time of the call.

use mailproto_core::imap::command::SearchKey;
use mailproto_core::imap::{Date, Mailbox, Range, Sequence};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString, PyTuple};
use typed_arena::Arena;

use super::uid_set::UidSet;
use crate::error;

/// How deep keys may lie in each other. The engine has its own bound for those that do not chain.
const DEPTH: usize = 200;

/// What the keys borrow.
#[derive(Default)]
pub(crate) struct Memory<'k> {
    keys: Arena<SearchKey<'k>>,
    octets: Arena<Vec<u8>>,
    texts: Arena<String>,
    ranges: Arena<Vec<Range>>,
}

/// Reads keys.
pub(crate) struct Reader<'k, 'c> {
    memory: &'k Memory<'k>,
    /// In which charset text is encoded; UTF-8 if none is named.
    charset: Option<&'c str>,
    /// Whether there is text beyond ASCII.
    pub(crate) wide: bool,
}

impl<'k, 'c> Reader<'k, 'c> {
    pub(crate) const fn new(memory: &'k Memory<'k>, charset: Option<&'c str>) -> Self {
        Self { memory, charset, wide: false }
    }

    /// All keys of a call; none are `ALL`.
    pub(crate) fn read(&mut self, keys: &Bound<'_, PyTuple>) -> PyResult<Vec<SearchKey<'k>>> {
        if keys.is_empty() {
            return Ok(vec![SearchKey::All]);
        }
        keys.iter().map(|key| self.key(&key, 0)).collect()
    }

    fn key(&mut self, key: &Bound<'_, PyAny>, depth: usize) -> PyResult<SearchKey<'k>> {
        let py = key.py();
        if depth > DEPTH {
            return Err(wrong(py, "search keys lie too deep in each other"));
        }
        if let Ok(name) = key.cast::<PyString>() {
            return self.lone(py, &name.to_cow()?);
        }
        if let Ok(set) = key.cast::<UidSet>() {
            return Ok(SearchKey::Sequence(self.set(set.get())));
        }
        let Ok(parts) = key.cast::<PyTuple>() else {
            return Err(wrong(py, "a search key is a str, a tuple or a UidSet"));
        };
        let Ok(first) = parts.get_item(0) else { return Err(wrong(py, "an empty search key")) };
        let name = first.cast_into::<PyString>()?.to_cow()?.to_ascii_uppercase();
        let arguments = parts.get_slice(1, parts.len());
        self.named(&name, &arguments, depth)
    }

    /// A key that is one word, or a set of message numbers.
    fn lone(&self, py: Python<'_>, name: &str) -> PyResult<SearchKey<'k>> {
        Ok(match name.to_ascii_uppercase().as_str() {
            "ALL" => SearchKey::All,
            "ANSWERED" => SearchKey::Answered,
            "DELETED" => SearchKey::Deleted,
            "DRAFT" => SearchKey::Draft,
            "FLAGGED" => SearchKey::Flagged,
            "NEW" => SearchKey::New,
            "OLD" => SearchKey::Old,
            "RECENT" => SearchKey::Recent,
            "SEEN" => SearchKey::Seen,
            "UNANSWERED" => SearchKey::Unanswered,
            "UNDELETED" => SearchKey::Undeleted,
            "UNDRAFT" => SearchKey::Undraft,
            "UNFLAGGED" => SearchKey::Unflagged,
            "UNSEEN" => SearchKey::Unseen,
            "SAVEDATESUPPORTED" => SearchKey::SaveDateSupported,
            _ if name
                .starts_with(|letter: char| letter.is_ascii_digit() || "*$".contains(letter)) =>
            {
                SearchKey::Sequence(Sequence::Text(self.keep(name.as_bytes().into())))
            }
            _ => return Err(unknown(py, name)),
        })
    }

    fn named(
        &mut self,
        name: &str,
        arguments: &Bound<'_, PyTuple>,
        depth: usize,
    ) -> PyResult<SearchKey<'k>> {
        let py = arguments.py();
        let count = match name {
            "AND" => return self.all_of(arguments, depth),
            "OR" if arguments.len() > 2 => return self.any_of(arguments, depth),
            "OR" | "HEADER" => 2,
            "MODSEQ" if arguments.len() == 3 => 3,
            _ if arguments.is_empty() => return self.lone(py, name),
            _ => 1,
        };
        if arguments.len() != count {
            return Err(wrong(py, &format!("{name} takes {count} argument(s)")));
        }
        let one = arguments.get_item(0)?;
        Ok(match name {
            "NOT" => SearchKey::Not(self.inner(&one, depth)?),
            "FUZZY" => SearchKey::Fuzzy(self.inner(&one, depth)?),
            "OR" => {
                let first = self.inner(&one, depth)?;
                SearchKey::Or(first, self.inner(&arguments.get_item(1)?, depth)?)
            }
            "BCC" => SearchKey::Bcc(self.text(&one)?),
            "BODY" => SearchKey::Body(self.text(&one)?),
            "CC" => SearchKey::Cc(self.text(&one)?),
            "FROM" => SearchKey::From(self.text(&one)?),
            "SUBJECT" => SearchKey::Subject(self.text(&one)?),
            "TEXT" => SearchKey::Text(self.text(&one)?),
            "TO" => SearchKey::To(self.text(&one)?),
            "HEADER" => {
                let field = self.text(&one)?;
                SearchKey::Header { field, value: self.text(&arguments.get_item(1)?)? }
            }
            "KEYWORD" => SearchKey::Keyword(self.text(&one)?),
            "UNKEYWORD" => SearchKey::Unkeyword(self.text(&one)?),
            "BEFORE" => SearchKey::Before(read_date(&one)?),
            "ON" => SearchKey::On(read_date(&one)?),
            "SINCE" => SearchKey::Since(read_date(&one)?),
            "SENTBEFORE" => SearchKey::SentBefore(read_date(&one)?),
            "SENTON" => SearchKey::SentOn(read_date(&one)?),
            "SENTSINCE" => SearchKey::SentSince(read_date(&one)?),
            "SAVEDBEFORE" => SearchKey::SavedBefore(read_date(&one)?),
            "SAVEDON" => SearchKey::SavedOn(read_date(&one)?),
            "SAVEDSINCE" => SearchKey::SavedSince(read_date(&one)?),
            "LARGER" => SearchKey::Larger(one.extract()?),
            "SMALLER" => SearchKey::Smaller(one.extract()?),
            "YOUNGER" => SearchKey::Younger(one.extract()?),
            "OLDER" => SearchKey::Older(one.extract()?),
            "UID" => SearchKey::Uid(self.messages(&one)?),
            "SEQUENCE" => SearchKey::Sequence(self.messages(&one)?),
            "MODSEQ" if count == 3 => self.flag_mod_seq(arguments)?,
            "MODSEQ" => SearchKey::ModSeq(one.extract()?),
            "EMAILID" => SearchKey::EmailId(self.text(&one)?),
            "THREADID" => SearchKey::ThreadId(self.text(&one)?),
            "FILTER" => SearchKey::Filter(self.text(&one)?),
            "X-GM-RAW" => SearchKey::GmailRaw(self.text(&one)?),
            "X-GM-MSGID" => SearchKey::GmailMessageId(one.extract()?),
            "X-GM-THRID" => SearchKey::GmailThreadId(one.extract()?),
            "X-GM-LABELS" => {
                let label = self.memory.texts.alloc(one.extract()?);
                SearchKey::GmailLabel(Mailbox::Name(label))
            }
            _ => return Err(unknown(py, name)),
        })
    }

    fn inner(&mut self, key: &Bound<'_, PyAny>, depth: usize) -> PyResult<&'k SearchKey<'k>> {
        let key = self.key(key, depth + 1)?;
        Ok(self.memory.keys.alloc(key))
    }

    fn all_of(&mut self, keys: &Bound<'_, PyTuple>, depth: usize) -> PyResult<SearchKey<'k>> {
        let inner: PyResult<Vec<_>> = keys.iter().map(|key| self.key(&key, depth + 1)).collect();
        Ok(SearchKey::And(self.memory.keys.alloc_extend(inner?)))
    }

    /// What matches one of several: a chain of ORs, each the second key of the one before.
    fn any_of(&mut self, keys: &Bound<'_, PyTuple>, depth: usize) -> PyResult<SearchKey<'k>> {
        let inner: PyResult<Vec<_>> = keys.iter().map(|key| self.inner(&key, depth)).collect();
        let chain = inner?
            .into_iter()
            .rev()
            .reduce(|rest, key| self.memory.keys.alloc(SearchKey::Or(key, rest)));
        chain.copied().ok_or_else(|| wrong(keys.py(), "OR of nothing"))
    }

    /// `("MODSEQ", flag, "all", number)` (RFC 7162 §3.1.5).
    fn flag_mod_seq(&mut self, arguments: &Bound<'_, PyTuple>) -> PyResult<SearchKey<'k>> {
        use mailproto_core::imap::command::FlagScope;
        let (flag, scope, mod_seq): (Bound<'_, PyAny>, String, u64) = arguments.extract()?;
        let scope = match scope.to_ascii_lowercase().as_str() {
            "priv" => FlagScope::Private,
            "shared" => FlagScope::Shared,
            "all" => FlagScope::All,
            _ => return Err(wrong(arguments.py(), "MODSEQ: priv, shared or all")),
        };
        let flag = mailproto_core::imap::Flag::from_bytes(self.text(&flag)?);
        Ok(SearchKey::FlagModSeq { flag, scope, mod_seq })
    }

    /// Text in the charset, or octets as they are.
    fn text(&mut self, text: &Bound<'_, PyAny>) -> PyResult<&'k [u8]> {
        if let Ok(octets) = text.cast::<PyBytes>() {
            let octets = octets.as_bytes();
            self.wide |= !octets.is_ascii();
            return Ok(self.keep(octets.into()));
        }
        let text = text.cast::<PyString>()?;
        let octets = match self.charset {
            None => text.to_cow()?.as_bytes().to_vec(),
            Some(charset) => {
                let encoded = text.call_method1("encode", (charset,))?;
                encoded.cast::<PyBytes>()?.as_bytes().to_vec()
            }
        };
        self.wide |= !octets.is_ascii();
        Ok(self.keep(octets))
    }

    fn messages(&self, messages: &Bound<'_, PyAny>) -> PyResult<Sequence<'k>> {
        if let Ok(text) = messages.cast::<PyString>() {
            return Ok(Sequence::Text(self.keep(text.to_cow()?.as_bytes().into())));
        }
        Ok(self.set(&UidSet::read(messages)?))
    }

    fn set(&self, set: &UidSet) -> Sequence<'k> {
        Sequence::Ranges(self.memory.ranges.alloc(set.as_ranges().to_vec()))
    }

    fn keep(&self, octets: Vec<u8>) -> &'k [u8] {
        self.memory.octets.alloc(octets)
    }
}

/// The day of a `date` or `datetime`, or of its ISO text.
pub(crate) fn read_date(date: &Bound<'_, PyAny>) -> PyResult<Date> {
    let py = date.py();
    if date.is_instance_of::<PyString>() {
        let class = py.import("datetime")?.getattr("date")?;
        return read_date(&class.call_method1("fromisoformat", (date,))?);
    }
    let number = |name: &str| date.getattr(name)?.extract::<u16>();
    let (year, month, day) = (number("year")?, number("month")?, number("day")?);
    let day = u8::try_from(month).ok().zip(u8::try_from(day).ok());
    let date = day.and_then(|(month, day)| Date::new(year, month, day));
    date.ok_or_else(|| wrong(py, "a day that does not exist"))
}

fn wrong(py: Python<'_>, text: &str) -> PyErr {
    error::argument(py, "bad-argument", text.to_owned())
}

fn unknown(py: Python<'_>, name: &str) -> PyErr {
    wrong(py, &format!("unknown search key: {name}"))
}
