//! Responses that the engine tells element by element (CAPABILITY, SEARCH, ESEARCH, THREAD …), gathered
//! to one event each.

use mailproto_core::imap::response::esearch::EsearchItem;
use mailproto_core::imap::response::thread::ThreadElement;
use mailproto_core::imap::{Capability, Data, Listing, Range};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyFrozenSet, PyTuple};

use super::event::{Capabilities, Enabled, Esearch, Flags, Numbers, Search, Thread, Vanished};
use super::held::{Held, table};
use super::text;
use super::uid_set::UidSet;
use crate::error;
use crate::field::Text;

/// How deep threads may lie in each other: Python walks tuples by recursion.
const DEPTH: usize = 500;

/// What has come of a response, as far as it is kept.
#[derive(Default)]
pub(crate) struct Gathered {
    kind: Option<Listing>,
    /// How many octets of memory that took.
    octets: usize,
    names: Vec<String>,
    numbers: Vec<u32>,
    ranges: Vec<Range>,
    mod_seq: Option<u64>,
    esearch: Parts,
    threads: Vec<Vec<Py<PyAny>>>,
    /// Nothing more is kept: it is too large, and that was told.
    over: bool,
}

/// The parts of ESEARCH.
#[derive(Default)]
struct Parts {
    tag: Option<Text>,
    mailbox: Option<Text>,
    uid_validity: Option<u32>,
    uid: bool,
    min: Option<u32>,
    max: Option<u32>,
    count: Option<u32>,
    all: bool,
    partial: Option<(i64, i64)>,
    partial_ranges: Vec<Range>,
    relevancy: Vec<u32>,
    added: Vec<(u32, u32, u32)>,
    removed: Vec<(u32, u32, u32)>,
    others: Vec<(String, Vec<u8>)>,
}

impl Gathered {
    pub(crate) fn begin(kind: Listing) -> Self {
        Self { kind: Some(kind), ..Self::default() }
    }

    /// Takes an element, if it is one. Where there would be more than `most` octets to keep, that is an
    /// error, once; what is left of the response is skipped then.
    pub(crate) fn element(
        &mut self,
        py: Python<'_>,
        data: &Data<'_>,
        utf8: bool,
        most: usize,
    ) -> PyResult<()> {
        if self.over {
            return Ok(());
        }
        self.octets = self.octets.saturating_add(self.cost(data));
        let deep = self.threads.len() > DEPTH;
        if self.octets > most || deep {
            *self = Self { kind: self.kind, over: true, ..Self::default() };
            let what = if deep { "threads nested" } else { "a response" };
            return Err(error::limit(py, format!("{what} beyond the limit"), "max_listing"));
        }
        match data {
            Data::Capability(capability) | Data::Enabled(capability) => {
                self.names.push(capital(capability));
            }
            Data::Flag(flag) => {
                self.names.push(String::from_utf8_lossy(flag.as_bytes()).into_owned());
            }
            Data::Found(number) => self.numbers.push(*number),
            Data::FoundModSeq(mod_seq) => self.mod_seq = Some(*mod_seq),
            Data::Vanished(range) => self.ranges.push(*range),
            Data::Esearch(item) => self.esearch(item, utf8),
            Data::Thread(element) => self.thread(py, *element)?,
            _ => {}
        }
        Ok(())
    }

    /// How much memory an element takes, about.
    fn cost(&self, data: &Data<'_>) -> usize {
        match data {
            Data::Capability(name) | Data::Enabled(name) => name.name().len() + 32,
            Data::Flag(flag) => flag.as_bytes().len() + 32,
            Data::Found(_) => 4,
            Data::Thread(_) => 40,
            Data::Esearch(EsearchItem::OtherName(octets) | EsearchItem::OtherValue(octets)) => {
                octets.len() + 64
            }
            _ => 8,
        }
    }

    fn esearch(&mut self, item: &EsearchItem<'_>, utf8: bool) {
        let parts = &mut self.esearch;
        match *item {
            EsearchItem::Correlator(correlator) => {
                parts.tag = correlator.tag.map(|tag| Text::new(&text::octets_of(tag)));
                let name = |name| Text::new(text::mailbox(name, utf8).as_bytes());
                parts.mailbox = correlator.mailbox.map(name);
                parts.uid_validity = correlator.uid_validity;
            }
            EsearchItem::Uid => parts.uid = true,
            EsearchItem::Min(number) => parts.min = Some(number),
            EsearchItem::Max(number) => parts.max = Some(number),
            EsearchItem::Count(number) => parts.count = Some(number),
            EsearchItem::ModSeq(number) => self.mod_seq = Some(number),
            EsearchItem::All(range) => {
                parts.all = true;
                self.ranges.push(range);
            }
            EsearchItem::Partial { first, last } => parts.partial = Some((first, last)),
            EsearchItem::PartialRange(range) => parts.partial_ranges.push(range),
            EsearchItem::Relevancy(score) => parts.relevancy.push(score),
            EsearchItem::AddTo { position, range } => {
                parts.added.push((position, range.first, range.last));
            }
            EsearchItem::RemoveFrom { position, range } => {
                parts.removed.push((position, range.first, range.last));
            }
            EsearchItem::OtherName(name) => {
                let name = String::from_utf8_lossy(name).to_ascii_uppercase();
                parts.others.push((name, Vec::new()));
            }
            EsearchItem::OtherValue(value) => {
                if let Some((_, octets)) = parts.others.last_mut() {
                    if !octets.is_empty() {
                        octets.push(b' ');
                    }
                    octets.extend_from_slice(value);
                }
            }
            _ => {}
        }
    }

    fn thread(&mut self, py: Python<'_>, element: ThreadElement) -> PyResult<()> {
        match element {
            ThreadElement::Open => {
                if self.threads.is_empty() {
                    self.threads.push(Vec::new());
                }
                self.threads.push(Vec::new());
            }
            ThreadElement::Message(number) => {
                let number = number.into_pyobject(py)?.into_any().unbind();
                if let Some(thread) = self.threads.last_mut() {
                    thread.push(number);
                }
            }
            ThreadElement::Close => {
                if self.threads.len() > 1
                    && let Some(thread) = self.threads.pop()
                    && let Some(outer) = self.threads.last_mut()
                {
                    outer.push(PyTuple::new(py, thread)?.into_any().unbind());
                }
            }
        }
        Ok(())
    }

    /// The event, when all has come; `None` of a response that was too large.
    pub(crate) fn end(mut self, py: Python<'_>) -> PyResult<Option<Bound<'_, PyAny>>> {
        let Some(kind) = self.kind.filter(|_| !self.over) else { return Ok(None) };
        let event = match kind {
            Listing::Capability => {
                Bound::new(py, Capabilities { names: self.set(py)? })?.into_any()
            }
            Listing::Enabled => Bound::new(py, Enabled { names: self.set(py)? })?.into_any(),
            Listing::Flags => Bound::new(py, Flags { flags: self.set(py)? })?.into_any(),
            Listing::Search | Listing::Sort => {
                let numbers = Numbers(std::mem::take(&mut self.numbers));
                let sort = kind == Listing::Sort;
                Bound::new(py, Search { numbers, mod_seq: self.mod_seq, sort })?.into_any()
            }
            Listing::Vanished | Listing::VanishedEarlier => {
                let uids = held_set(py, self.ranges)?;
                Bound::new(py, Vanished { uids, earlier: kind == Listing::VanishedEarlier })?
                    .into_any()
            }
            Listing::Thread => {
                // What was not closed is closed.
                while self.threads.len() > 1 {
                    self.thread(py, ThreadElement::Close)?;
                }
                let threads = PyTuple::new(py, self.threads.pop().unwrap_or_default())?;
                Bound::new(py, Thread { threads: Held::new(threads) })?.into_any()
            }
            Listing::Esearch => Bound::new(py, self.into_esearch(py)?)?.into_any(),
            _ => return Ok(None),
        };
        Ok(Some(event))
    }

    fn set(&self, py: Python<'_>) -> PyResult<Held<super::held::Set>> {
        Ok(Held::new(PyFrozenSet::new(py, &self.names)?))
    }

    fn into_esearch(self, py: Python<'_>) -> PyResult<Esearch> {
        let Self { ranges, mod_seq, esearch: parts, .. } = self;
        let ordered = if parts.all { &ranges } else { &parts.partial_ranges };
        let pairs: Vec<_> = ordered.iter().map(|range| (range.first, range.last)).collect();
        let ordered = Held::new(PyTuple::new(py, pairs)?);
        let others = PyDict::new(py);
        for (name, value) in parts.others {
            others.set_item(name, PyBytes::new(py, &value))?;
        }
        Ok(Esearch {
            tag: parts.tag,
            uid: parts.uid,
            min: parts.min,
            max: parts.max,
            count: parts.count,
            all: if parts.all { Some(held_set(py, ranges)?) } else { None },
            mod_seq,
            partial: match parts.partial {
                Some(positions) => Some(Held::new(positions.into_pyobject(py)?)),
                None => None,
            },
            partial_set: match parts.partial {
                Some(_) => Some(held_set(py, parts.partial_ranges)?),
                None => None,
            },
            ranges: ordered,
            relevancy: Held::new(PyTuple::new(py, parts.relevancy)?),
            added: Held::new(PyTuple::new(py, parts.added)?),
            removed: Held::new(PyTuple::new(py, parts.removed)?),
            others: Held::new(table(others)?),
            mailbox: parts.mailbox,
            uid_validity: parts.uid_validity,
        })
    }
}

/// A capability in capitals.
pub(crate) fn capital(capability: &Capability<'_>) -> String {
    String::from_utf8_lossy(capability.name()).to_ascii_uppercase()
}

fn held_set(py: Python<'_>, ranges: Vec<Range>) -> PyResult<Held<UidSet>> {
    Ok(Held::new(Bound::new(py, UidSet::of(ranges))?))
}
