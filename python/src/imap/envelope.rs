//! The envelope of a message and the addresses in it. Both are made at once from the octets of the
//! response: objects whose attributes Python reads straight from memory.

use mailproto_core::imap::response::envelope;
use mailproto_core::imap::{ImapString, response::envelope::Addresses};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyString, PyTuple};

use super::cache::{self, Cache, Kind};
use super::{held, moment, text};

/// Octets that were received, as a part of a `bytes` that several objects share.
pub(crate) struct Kept {
    source: Py<PyBytes>,
    start: u32,
    len: u32,
}

impl Kept {
    /// Part of `source`; of more than four thousand million octets, nothing.
    pub(crate) fn new(source: &Bound<'_, PyBytes>, start: usize, len: usize) -> Self {
        let place = u32::try_from(start).ok().zip(u32::try_from(len).ok());
        let (start, len) = place.unwrap_or_default();
        Self { source: source.clone().unbind(), start, len }
    }

    pub(crate) fn octets<'s>(&'s self, py: Python<'s>) -> &'s [u8] {
        let (start, len) = (self.start as usize, self.len as usize);
        self.source.as_bytes(py).get(start..start.saturating_add(len)).unwrap_or_default()
    }

    /// These octets alone.
    pub(crate) fn bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        let source = self.source.bind(py);
        if source.as_bytes().len() == self.len as usize {
            return source.clone();
        }
        PyBytes::new(py, self.octets(py))
    }
}

/// What a server took from the header of a message (RFC 9051 §7.5.2): date, subject, people.
///
/// Text is decoded (RFC 2047); the attributes that end with `_raw` have it as it came. Made anew from
/// the octets of an `ENVELOPE`, as `received` has them.
#[pyclass(module = "mailproto.sansio.imap", frozen)]
pub(crate) struct Envelope {
    /// When it was written: an aware `datetime`, or `None` where there is no date that can be read.
    #[pyo3(get)]
    date: Py<PyAny>,
    /// What it is about, or `None`.
    #[pyo3(get)]
    subject: Py<PyAny>,
    /// Who wrote it.
    #[pyo3(get)]
    from_: Py<PyTuple>,
    /// Who sent it; servers repeat `from_` where the message does not say.
    #[pyo3(get)]
    sender: Py<PyTuple>,
    /// Whom to answer; servers repeat `from_` where the message does not say.
    #[pyo3(get)]
    reply_to: Py<PyTuple>,
    /// To whom it is.
    #[pyo3(get)]
    to: Py<PyTuple>,
    /// Who gets a copy.
    #[pyo3(get)]
    cc: Py<PyTuple>,
    /// Who gets a copy without the others' knowing.
    #[pyo3(get)]
    bcc: Py<PyTuple>,
    /// The Message-ID of what it answers, with its angle brackets, or `None`.
    #[pyo3(get)]
    in_reply_to: Py<PyAny>,
    /// Its Message-ID, with the angle brackets, or `None`.
    #[pyo3(get)]
    message_id: Py<PyAny>,
    kept: Kept,
    starts: [u32; 10],
}

const FIELDS: [&str; 10] = [
    "date",
    "subject",
    "from_",
    "sender",
    "reply_to",
    "to",
    "cc",
    "bcc",
    "in_reply_to",
    "message_id",
];

#[pymethods]
impl Envelope {
    #[new]
    fn new(received: &Bound<'_, PyBytes>) -> PyResult<Self> {
        let octets = received.as_bytes();
        let view = envelope::Envelope::from_received(octets)
            .ok_or_else(|| PyValueError::new_err("these octets are no ENVELOPE"))?;
        let kept = Kept::new(received, 0, octets.len());
        cache::with(|cache| Self::build(received.py(), cache, kept, view.starts()))
    }

    #[classattr]
    fn __match_args__(py: Python<'_>) -> PyResult<Py<PyTuple>> {
        Ok(PyTuple::new(py, FIELDS)?.unbind())
    }

    /// The Date field as it came.
    #[getter]
    fn date_raw<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        raw(py, self.view(py).date())
    }

    /// The subject as it came, encoded words not decoded.
    #[getter]
    fn subject_raw<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        raw(py, self.view(py).subject())
    }

    /// `in_reply_to` as it came.
    #[getter]
    fn in_reply_to_raw<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        raw(py, self.view(py).in_reply_to())
    }

    /// `message_id` as it came.
    #[getter]
    fn message_id_raw<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        raw(py, self.view(py).message_id())
    }

    /// The envelope as the server sent it.
    #[getter]
    fn received<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        self.kept.bytes(py)
    }

    fn __eq__(&self, other: &Self, py: Python<'_>) -> PyResult<bool> {
        if self.kept.octets(py) == other.kept.octets(py) {
            return Ok(true);
        }
        self.values(py)?.eq(other.values(py)?)
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        self.values(py)?.hash()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let (date, subject) = (self.date.bind(py).str()?, self.subject.bind(py).repr()?);
        let people = |list: &Py<PyTuple>| -> PyResult<String> {
            let people: PyResult<Vec<String>> =
                list.bind(py).iter().map(|each| Ok(each.str()?.to_string())).collect();
            Ok(people?.join(", "))
        };
        let (from, to) = (people(&self.from_)?, people(&self.to)?);
        Ok(format!("<Envelope {subject}, {date}, from {from}, to {to}>"))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyTuple>> {
        let received = PyTuple::new(slf.py(), [slf.get().received(slf.py())])?;
        PyTuple::new(slf.py(), [slf.get_type().into_any(), received.into_any()])
    }

    /// The envelope as a dictionary, addresses too.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let entries = PyDict::new(py);
        for (name, value) in FIELDS.iter().zip(self.values(py)?.iter()) {
            entries.set_item(name.trim_end_matches('_'), held::entry(&value)?)?;
        }
        Ok(entries)
    }
}

impl Envelope {
    /// Makes an envelope of octets that were checked, with the places of its fields.
    pub(crate) fn build(
        py: Python<'_>,
        cache: &mut Cache,
        kept: Kept,
        starts: [u32; 10],
    ) -> PyResult<Self> {
        let octets = kept.octets(py);
        let view = envelope::Envelope::from_parts(octets, starts);
        let date = match view.date() {
            Some(date) => moment::of_field(py, cache, &text::octets_of(date))?,
            None => None,
        };
        let from_ = addresses(py, cache, view.from())?;
        // Most servers repeat From: the same octets are the same people.
        let field = |at: usize| {
            let place = starts.get(at).zip(starts.get(at + 1));
            place.and_then(|(&start, &end)| octets.get(start as usize..end as usize))
        };
        let author = field(2);
        let mut again = |at: usize, list: Addresses<'_>| match field(at) {
            Some(same) if Some(same) == author => Ok(from_.clone_ref(py)),
            _ => addresses(py, cache, list),
        };
        let (sender, reply_to) = (again(3, view.sender())?, again(4, view.reply_to())?);
        Ok(Self {
            date: or_none(py, date),
            subject: match view.subject() {
                Some(subject) => text::decoded(py, subject)?.into_any().unbind(),
                None => py.None(),
            },
            sender,
            reply_to,
            from_,
            to: addresses(py, cache, view.to())?,
            cc: addresses(py, cache, view.cc())?,
            bcc: addresses(py, cache, view.bcc())?,
            in_reply_to: plain(py, view.in_reply_to()),
            message_id: plain(py, view.message_id()),
            kept,
            starts,
        })
    }

    fn view<'s>(&'s self, py: Python<'s>) -> envelope::Envelope<'s> {
        envelope::Envelope::from_parts(self.kept.octets(py), self.starts)
    }

    fn values<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let Self { date, subject, from_, sender, reply_to, to, cc, bcc, .. } = self;
        let people = [from_, sender, reply_to, to, cc, bcc].map(|people| people.as_any());
        let values = [date, subject].into_iter().chain(people);
        let values: Vec<_> = values.chain([&self.in_reply_to, &self.message_id]).collect();
        PyTuple::new(py, values)
    }
}

/// A person, or a list of them, as the header names it (RFC 9051 §7.5.2, RFC 5322 §3.4).
#[pyclass(module = "mailproto.sansio.imap", frozen)]
pub(crate) struct Address {
    /// The name that people read, decoded (RFC 2047), or `None`.
    #[pyo3(get)]
    name: Py<PyAny>,
    /// What stands before the `@`, or `None`.
    #[pyo3(get)]
    mailbox: Py<PyAny>,
    /// What stands behind the `@`, or `None`.
    #[pyo3(get)]
    host: Py<PyAny>,
    /// The name of the group that it is in, or `None`.
    #[pyo3(get)]
    group: Py<PyAny>,
    /// The source route (obsolete), or `None`.
    #[pyo3(get)]
    route: Py<PyAny>,
    /// The name as it came, where it is not what `name` is in UTF-8.
    raw: Option<Py<PyBytes>>,
}

const PARTS: [&str; 6] = ["name", "mailbox", "host", "group", "route", "name_raw"];

#[pymethods]
impl Address {
    #[new]
    #[pyo3(signature = (name, mailbox, host, group = None, route = None, name_raw = None))]
    fn new(
        py: Python<'_>,
        name: Option<Bound<'_, PyString>>,
        mailbox: Option<Bound<'_, PyString>>,
        host: Option<Bound<'_, PyString>>,
        group: Option<Bound<'_, PyString>>,
        route: Option<Bound<'_, PyString>>,
        name_raw: Option<Bound<'_, PyBytes>>,
    ) -> Self {
        let raw = name_raw.filter(|raw| {
            let name = name.as_ref().and_then(|name| name.to_str().ok());
            name.map(str::as_bytes) != Some(raw.as_bytes())
        });
        let held = |text: Option<Bound<'_, PyString>>| or_none(py, text);
        Self {
            name: held(name),
            mailbox: held(mailbox),
            host: held(host),
            group: held(group),
            route: held(route),
            raw: raw.map(Bound::unbind),
        }
    }

    #[classattr]
    fn __match_args__(py: Python<'_>) -> PyResult<Py<PyTuple>> {
        Ok(PyTuple::new(py, PARTS)?.unbind())
    }

    /// The name as it came, encoded words not decoded, or `None`.
    #[getter]
    fn name_raw<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        if let Some(raw) = &self.raw {
            return Ok(raw.bind(py).clone().into_any());
        }
        if self.name.is_none(py) {
            return Ok(py.None().into_bound(py));
        }
        self.name.bind(py).call_method1("encode", ("utf-8", "surrogateescape"))
    }

    /// `mailbox@host`; what is missing is empty, and with it the `@`.
    #[getter]
    fn email(&self, py: Python<'_>) -> PyResult<String> {
        let text = |part: &Py<PyAny>| -> PyResult<Option<String>> {
            if part.is_none(py) { Ok(None) } else { part.extract(py).map(Some) }
        };
        let (mailbox, host) = (text(&self.mailbox)?.unwrap_or_default(), text(&self.host)?);
        Ok(match host {
            Some(host) => format!("{mailbox}@{host}"),
            None => mailbox,
        })
    }

    /// As a header has it: `Name <mailbox@host>`.
    fn __str__(&self, py: Python<'_>) -> PyResult<String> {
        let email = self.email(py)?;
        if self.name.is_none(py) {
            return Ok(email);
        }
        Ok(format!("{} <{email}>", self.name.bind(py).str()?))
    }

    fn __eq__(&self, other: &Self, py: Python<'_>) -> PyResult<bool> {
        self.values(py)?.eq(other.values(py)?)
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        self.values(py)?.hash()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let mut shown = Vec::new();
        for (name, value) in PARTS.iter().zip(self.values(py)?.iter()) {
            if shown.len() < 3 || (!value.is_none() && *name != "name_raw") {
                shown.push(format!("{name}={}", value.repr()?));
            }
        }
        Ok(format!("Address({})", shown.join(", ")))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyTuple>> {
        let values = slf.get().values(slf.py())?;
        PyTuple::new(slf.py(), [slf.get_type().into_any(), values.into_any()])
    }

    /// The address as a dictionary.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let entries = PyDict::new(py);
        for (name, value) in PARTS.iter().zip(self.values(py)?.iter()).take(4) {
            entries.set_item(name, value)?;
        }
        entries.set_item("email", self.email(py)?)?;
        Ok(entries)
    }
}

impl Address {
    fn values<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let Self { name, mailbox, host, group, route, .. } = self;
        let values = [name, mailbox, host, group, route].map(|value| value.bind(py).clone());
        let raw = self.name_raw(py)?;
        PyTuple::new(py, values.into_iter().chain([raw]).collect::<Vec<_>>())
    }

    fn build<'py>(
        py: Python<'py>,
        cache: &mut Cache,
        address: &envelope::Address<'_>,
        group: Option<ImapString<'_>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (mut name, mut raw) = (py.None(), None);
        if let Some(text) = address.name {
            let octets = text::octets_of(text);
            name = text::decoded(py, text)?.into_any().unbind();
            if text::is_encoded(&octets) || str::from_utf8(&octets).is_err() {
                raw = Some(PyBytes::new(py, &octets).unbind());
            }
        }
        let host = match address.host {
            Some(host) => cache.get(py, Kind::Text, host.as_received(), |_| {
                Ok(text::string(py, host).into_any())
            })?,
            None => py.None(),
        };
        let group = match group {
            Some(group) => text::decoded(py, group)?.into_any().unbind(),
            None => py.None(),
        };
        let (mailbox, route) = (plain(py, address.mailbox), plain(py, address.adl));
        Ok(Bound::new(py, Self { name, mailbox, host, group, route, raw })?.into_any())
    }
}

/// The people of a field. A group is not one of them: its members say that they are in it.
fn addresses(py: Python<'_>, cache: &mut Cache, mut list: Addresses<'_>) -> PyResult<Py<PyTuple>> {
    let mut first = None;
    let mut more: Option<Bound<'_, PyList>> = None;
    let mut group = None;
    loop {
        let before = list.rest();
        let Some(address) = list.next() else { break };
        if address.begins_group() {
            group = address.mailbox;
            continue;
        }
        if address.ends_group() {
            group = None;
            continue;
        }
        let object = if group.is_none() {
            let len = before.len().saturating_sub(list.rest().len());
            let octets = before.get(..len).unwrap_or_default();
            cache
                .get(py, Kind::Address, octets, |cache| Address::build(py, cache, &address, None))?
        } else {
            Address::build(py, cache, &address, group)?.unbind()
        };
        match (&first, &more) {
            (None, _) => first = Some(object),
            (Some(_), Some(more)) => more.append(object)?,
            (Some(one), None) => more = Some(PyList::new(py, [one, &object])?),
        }
    }
    Ok(match (first, more) {
        (_, Some(more)) => more.to_tuple().unbind(),
        (Some(one), None) => PyTuple::new(py, [one])?.unbind(),
        (None, None) => PyTuple::empty(py).unbind(),
    })
}

/// A string of the protocol, or `None`.
#[inline]
pub(crate) fn plain(py: Python<'_>, string: Option<ImapString<'_>>) -> Py<PyAny> {
    match string {
        Some(string) => text::string(py, string).into_any().unbind(),
        None => py.None(),
    }
}

fn raw<'py>(py: Python<'py>, string: Option<ImapString<'_>>) -> Option<Bound<'py, PyBytes>> {
    string.map(|string| PyBytes::new(py, &text::octets_of(string)))
}

/// An object, or `None`.
#[inline]
pub(crate) fn or_none<T>(py: Python<'_>, object: Option<Bound<'_, T>>) -> Py<PyAny> {
    object.map_or_else(|| py.None(), |object| object.into_any().unbind())
}
