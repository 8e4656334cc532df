//! A FETCH response as one object. What is small is kept as it is; of envelope and structure the octets,
//! until Python asks for them.

use mailproto_core::imap::response::fetch::BodyItem;
use mailproto_core::imap::response::{Item, MessageId};
use mailproto_core::imap::{DateTime, Section, SectionPart};
use pyo3::BoundObject;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict, PyFrozenSet, PyMapping, PyMappingProxy, PyTuple};

use super::cache::{self, Cache, Kind};
use super::collect::too_much;
use super::envelope::{Envelope, Kept, or_none};
use super::part::{self, Part};
use super::{held, moment, text};

/// What the server told of a message (FETCH, RFC 9051 §7.5.2), in one object. What it did not tell is
/// ``None``, or empty where it is a mapping.
///
/// Nothing in it can be changed. Envelope, structure and bodies become objects when they are first
/// asked for.
#[pyclass(module = "mailproto.sansio.imap", frozen)]
pub(crate) struct Fetch {
    /// The message's number in the mailbox; ``None`` in UIDONLY mode.
    #[pyo3(get)]
    number: Py<PyAny>,
    /// Its UID.
    #[pyo3(get)]
    uid: Py<PyAny>,
    /// Its flags: a ``frozenset`` of ``str``.
    #[pyo3(get)]
    flags: Py<PyAny>,
    /// Its length in octets.
    #[pyo3(get)]
    size: Py<PyAny>,
    /// Which items came: UID 1, FLAGS 2, MODSEQ 4, RFC822.SIZE 8, INTERNALDATE 16, ENVELOPE 32,
    /// BODYSTRUCTURE or BODY 64, a section or BINARY 128, anything else 256, added up.
    #[pyo3(get)]
    present: u32,
    internal_date: Option<DateTime>,
    long: Option<Box<Long>>,
    rare: Option<Box<Rare>>,
}

/// The items that take octets.
#[derive(Default)]
struct Long {
    kept: Option<Py<PyBytes>>,
    envelope_at: Option<Place>,
    starts: [u32; 10],
    structure_at: Option<Place>,
    envelope: Lazy<Envelope>,
    structure: Lazy<Part>,
}

/// An object that is made when it is first asked for.
struct Lazy<T>(PyOnceLock<Py<T>>);

impl<T> Default for Lazy<T> {
    fn default() -> Self {
        Self(PyOnceLock::new())
    }
}

/// Where something begins, and how long it is.
type Place = (usize, usize);

/// The items that are asked for now and then.
#[derive(Default)]
struct Rare {
    mod_seq: Option<u64>,
    email_id: Option<String>,
    thread_id: Option<String>,
    preview: Option<String>,
    save_date: Option<DateTime>,
    gmail_message_id: Option<u64>,
    gmail_thread_id: Option<u64>,
    gmail_labels: Option<Vec<String>>,
    binary_sizes: Vec<(String, u64)>,
    others: Vec<(String, Py<PyBytes>)>,
    malformed: Vec<Py<PyBytes>>,
    bodies: Vec<(String, Option<Py<PyBytes>>)>,
    origins: Vec<(String, u64)>,
    table: Lazy<PyMappingProxy>,
}

const UID: u32 = 1;
const FLAGS: u32 = 2;
const MOD_SEQ: u32 = 4;
const SIZE: u32 = 8;
const INTERNAL_DATE: u32 = 16;
const ENVELOPE: u32 = 32;
const STRUCTURE: u32 = 64;
const BODY: u32 = 128;
const ELSE: u32 = 256;

const FIELDS: [&str; 20] = [
    "number",
    "uid",
    "flags",
    "size",
    "internal_date",
    "envelope",
    "body_structure",
    "mod_seq",
    "bodies",
    "origins",
    "binary_sizes",
    "email_id",
    "thread_id",
    "preview",
    "save_date",
    "gmail_message_id",
    "gmail_thread_id",
    "gmail_labels",
    "others",
    "malformed",
];

#[pymethods]
impl Fetch {
    #[new]
    #[pyo3(signature = (
        number = None,
        uid = None,
        flags = None,
        size = None,
        internal_date = None,
        envelope = None,
        body_structure = None,
        mod_seq = None,
        bodies = None,
        origins = None,
        binary_sizes = None,
        email_id = None,
        thread_id = None,
        preview = None,
        save_date = None,
        gmail_message_id = None,
        gmail_thread_id = None,
        gmail_labels = None,
        others = None,
        malformed = None,
    ))]
    #[expect(clippy::too_many_arguments, reason = "FETCH has that many items")]
    fn new(
        py: Python<'_>,
        number: Option<u32>,
        uid: Option<u32>,
        flags: Option<Bound<'_, PyFrozenSet>>,
        size: Option<u64>,
        internal_date: Option<Bound<'_, PyAny>>,
        envelope: Option<Py<Envelope>>,
        body_structure: Option<Py<Part>>,
        mod_seq: Option<u64>,
        bodies: Option<Bound<'_, PyMapping>>,
        origins: Option<Bound<'_, PyMapping>>,
        binary_sizes: Option<Bound<'_, PyMapping>>,
        email_id: Option<String>,
        thread_id: Option<String>,
        preview: Option<String>,
        save_date: Option<Bound<'_, PyAny>>,
        gmail_message_id: Option<u64>,
        gmail_thread_id: Option<u64>,
        gmail_labels: Option<Bound<'_, PyFrozenSet>>,
        others: Option<Bound<'_, PyMapping>>,
        malformed: Option<Vec<Py<PyBytes>>>,
    ) -> PyResult<Self> {
        let long = Long::default();
        if let Some(envelope) = envelope {
            let _ = long.envelope.0.set(py, envelope);
        }
        if let Some(structure) = body_structure {
            let _ = long.structure.0.set(py, structure);
        }
        let rare = Rare {
            mod_seq,
            email_id,
            thread_id,
            preview,
            save_date: save_date.as_ref().map(moment::read).transpose()?,
            gmail_message_id,
            gmail_thread_id,
            gmail_labels: gmail_labels
                .map(|labels| labels.iter().map(|label| label.extract()).collect())
                .transpose()?,
            binary_sizes: pairs(binary_sizes)?,
            others: pairs(others)?,
            malformed: malformed.unwrap_or_default(),
            bodies: pairs(bodies)?,
            origins: pairs(origins)?,
            table: Lazy::default(),
        };
        let present = rare.present()
            | if uid.is_some() { UID } else { 0 }
            | if flags.is_some() { FLAGS } else { 0 }
            | if size.is_some() { SIZE } else { 0 }
            | if internal_date.is_some() { INTERNAL_DATE } else { 0 }
            | if long.envelope.0.get(py).is_some() { ENVELOPE } else { 0 }
            | if long.structure.0.get(py).is_some() { STRUCTURE } else { 0 };
        Ok(Self {
            number: integer(py, number)?,
            uid: integer(py, uid)?,
            flags: or_none(py, flags),
            size: integer(py, size)?,
            present,
            internal_date: internal_date.as_ref().map(moment::read).transpose()?,
            long: Some(long.into()),
            rare: Some(rare.into()),
        })
    }

    #[classattr]
    fn __match_args__(py: Python<'_>) -> PyResult<Py<PyTuple>> {
        Ok(PyTuple::new(py, FIELDS)?.unbind())
    }

    /// When the server received it (INTERNALDATE).
    #[getter]
    fn internal_date<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        date(py, self.internal_date)
    }

    /// Date, subject and people (ENVELOPE).
    #[getter]
    fn envelope(&self, py: Python<'_>) -> PyResult<Option<Py<Envelope>>> {
        let Some(long) = &self.long else { return Ok(None) };
        if let Some(envelope) = long.envelope.0.get(py) {
            return Ok(Some(envelope.clone_ref(py)));
        }
        let Some((start, len)) = long.envelope_at else { return Ok(None) };
        let Some(kept) = &long.kept else { return Ok(None) };
        let kept = Kept::new(kept.bind(py), start, len);
        let envelope = cache::with(|cache| Envelope::build(py, cache, kept, long.starts))?;
        let envelope = Py::new(py, envelope)?;
        Ok(Some(long.envelope.0.get_or_init(py, || envelope).clone_ref(py)))
    }

    /// The parts of the message as a tree (BODYSTRUCTURE, or BODY without a section).
    #[getter]
    fn body_structure(&self, py: Python<'_>) -> PyResult<Option<Py<Part>>> {
        let Some(long) = &self.long else { return Ok(None) };
        if let Some(structure) = long.structure.0.get(py) {
            return Ok(Some(structure.clone_ref(py)));
        }
        let Some((start, len)) = long.structure_at else { return Ok(None) };
        let Some(kept) = &long.kept else { return Ok(None) };
        let structure = cache::with(|cache| part::build(kept.bind(py), start, len, cache))?;
        Ok(Some(long.structure.0.get_or_init(py, || structure.unbind()).clone_ref(py)))
    }

    /// The mod-sequence (RFC 7162); 0 where the server has none.
    #[getter]
    fn mod_seq(&self) -> Option<u64> {
        self.rare.as_ref()?.mod_seq
    }

    /// The sections that came whole, by name: ``""``, ``"1.2"``, ``"HEADER"``, ``"BINARY[1]"`` …; in
    /// capitals. ``None`` of one that does not exist.
    #[getter]
    fn bodies<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let Some(rare) = self.rare.as_ref().filter(|rare| !rare.bodies.is_empty()) else {
            return Ok(part::nothing(py)?.into_bound(py));
        };
        let made = || Ok::<_, PyErr>(rare.bodies(py)?.unbind());
        Ok(rare.table.0.get_or_try_init(py, made)?.bind(py).clone().into_any())
    }

    /// Of sections that came in part, at which octet they begin.
    #[getter]
    fn origins<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        numbers(py, self.rare.as_ref().map_or(&[], |rare| &rare.origins))
    }

    /// The octets of sections, decoded (BINARY.SIZE).
    #[getter]
    fn binary_sizes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        numbers(py, self.rare.as_ref().map_or(&[], |rare| &rare.binary_sizes))
    }

    /// The whole message, or else the only section that came.
    #[getter]
    fn body<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        let bodies = &self.rare.as_ref()?.bodies;
        let whole = bodies.iter().find(|(section, _)| section.is_empty());
        let only = bodies.first().filter(|_| bodies.len() == 1);
        let (_, octets) = whole.or(only)?;
        Some(octets.as_ref()?.bind(py).clone())
    }

    /// EMAILID (RFC 8474).
    #[getter]
    fn email_id(&self) -> Option<&str> {
        self.rare.as_ref()?.email_id.as_deref()
    }

    /// THREADID (RFC 8474).
    #[getter]
    fn thread_id(&self) -> Option<&str> {
        self.rare.as_ref()?.thread_id.as_deref()
    }

    /// The beginning of the text (PREVIEW, RFC 8970).
    #[getter]
    fn preview(&self) -> Option<&str> {
        self.rare.as_ref()?.preview.as_deref()
    }

    /// When it came into the mailbox (SAVEDATE, RFC 8514).
    #[getter]
    fn save_date<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        date(py, self.rare.as_ref().and_then(|rare| rare.save_date))
    }

    /// X-GM-MSGID.
    #[getter]
    fn gmail_message_id(&self) -> Option<u64> {
        self.rare.as_ref()?.gmail_message_id
    }

    /// X-GM-THRID.
    #[getter]
    fn gmail_thread_id(&self) -> Option<u64> {
        self.rare.as_ref()?.gmail_thread_id
    }

    /// X-GM-LABELS.
    #[getter]
    fn gmail_labels<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyFrozenSet>>> {
        let labels = self.rare.as_ref().and_then(|rare| rare.gmail_labels.as_ref());
        labels.map(|labels| PyFrozenSet::new(py, labels)).transpose()
    }

    /// Items that are not known here, names in capitals, values as they came.
    #[getter]
    fn others<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let others = PyDict::new(py);
        for (name, value) in self.rare.iter().flat_map(|rare| &rare.others) {
            others.set_item(name, value)?;
        }
        Ok(held::table(others)?.into_any())
    }

    /// Items that cannot be read, name and value as they came.
    #[getter]
    fn malformed<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let items: &[Py<PyBytes>] = self.rare.as_ref().map_or(&[], |rare| &rare.malformed);
        PyTuple::new(py, items)
    }

    fn __eq__(&self, other: &Self, py: Python<'_>) -> PyResult<bool> {
        self.values(py, held::plain)?.eq(other.values(py, held::plain)?)
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        self.values(py, held::hashable)?.hash()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let mut shown = Vec::new();
        for (name, value) in FIELDS.iter().zip(self.values(py, held::plain)?.iter()) {
            if *name == "bodies" {
                shown.extend(self.rare.as_ref().and_then(|rare| rare.show_bodies(py)));
            } else if value.is_truthy()? || (!value.is_none() && *name == "flags") {
                shown.push(format!("{name}={}", value.repr()?));
            }
        }
        Ok(format!("Fetch({})", shown.join(", ")))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyTuple>> {
        let values = slf.get().values(slf.py(), held::plain)?;
        PyTuple::new(slf.py(), [slf.get_type().into_any(), values.into_any()])
    }

    /// What was told as a dictionary; its name is under ``event``. What was not told is not in it.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let told = PyDict::new(py);
        told.set_item("event", "Fetch")?;
        for (name, value) in FIELDS.iter().zip(self.values(py, held::entry)?.iter()) {
            if value.is_truthy()? || (!value.is_none() && matches!(*name, "flags" | "size")) {
                told.set_item(name, value)?;
            }
        }
        Ok(told)
    }
}

impl Fetch {
    /// All that it tells, each item as `form` gives it.
    fn values<'py>(
        &self,
        py: Python<'py>,
        form: impl Fn(&Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let values: [Bound<'py, PyAny>; 20] = [
            self.number.bind(py).clone(),
            self.uid.bind(py).clone(),
            self.flags.bind(py).clone(),
            self.size.bind(py).clone(),
            or_none(py, self.internal_date(py)?).into_bound(py),
            self.envelope(py)?.into_pyobject(py)?,
            self.body_structure(py)?.into_pyobject(py)?,
            self.mod_seq().into_pyobject(py)?,
            self.bodies(py)?,
            self.origins(py)?,
            self.binary_sizes(py)?,
            self.email_id().into_pyobject(py)?,
            self.thread_id().into_pyobject(py)?,
            self.preview().into_pyobject(py)?,
            or_none(py, self.save_date(py)?).into_bound(py),
            self.gmail_message_id().into_pyobject(py)?,
            self.gmail_thread_id().into_pyobject(py)?,
            or_none(py, self.gmail_labels(py)?).into_bound(py),
            self.others(py)?,
            self.malformed(py)?.into_any(),
        ];
        PyTuple::new(py, values.iter().map(form).collect::<PyResult<Vec<_>>>()?)
    }
}

impl Rare {
    fn present(&self) -> u32 {
        let else_told = self.email_id.is_some()
            || self.thread_id.is_some()
            || self.preview.is_some()
            || self.save_date.is_some()
            || self.gmail_message_id.is_some()
            || self.gmail_thread_id.is_some()
            || self.gmail_labels.is_some()
            || !(self.binary_sizes.is_empty()
                && self.others.is_empty()
                && self.malformed.is_empty());
        let body = !self.bodies.is_empty();
        (u32::from(self.mod_seq.is_some()) * MOD_SEQ)
            | (u32::from(else_told) * ELSE)
            | (u32::from(body) * BODY)
    }

    fn bodies<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyMappingProxy>> {
        let bodies = PyDict::new(py);
        for (section, octets) in &self.bodies {
            bodies.set_item(section, octets)?;
        }
        held::table(bodies)
    }

    /// The sections and their lengths.
    fn show_bodies(&self, py: Python<'_>) -> Option<String> {
        if self.bodies.is_empty() {
            return None;
        }
        let shown = self.bodies.iter().map(|(section, octets)| match octets {
            Some(octets) => format!("{section:?}: <{} octets>", octets.as_bytes(py).len()),
            None => format!("{section:?}: None"),
        });
        Some(format!("bodies={{{}}}", shown.collect::<Vec<_>>().join(", ")))
    }
}

/// The items of a FETCH response that have come.
#[derive(Default)]
pub(crate) struct Gathering {
    number: Option<u32>,
    uid: Option<u32>,
    flags: Option<Py<PyAny>>,
    size: Option<u64>,
    internal_date: Option<DateTime>,
    /// The octets of envelope and structure.
    octets: Vec<u8>,
    envelope_at: Option<Place>,
    starts: [u32; 10],
    structure_at: Option<Place>,
    rare: Option<Box<Rare>>,
    present: u32,
    /// How many octets of memory all that takes, about.
    taken: usize,
    /// Nothing more is kept: it is too large, and that was told.
    over: bool,
    /// The body that is coming is NIL.
    pub(crate) nil: bool,
}

impl Gathering {
    pub(crate) fn begin(&mut self, message: MessageId) {
        let mut octets = std::mem::take(&mut self.octets);
        octets.clear();
        *self = Self { octets, ..Self::default() };
        match message {
            MessageId::Number(number) => self.number = Some(number),
            MessageId::Uid(uid) => {
                self.uid = Some(uid);
                self.present = UID;
            }
        }
    }

    /// Number and UID, as far as they are known.
    pub(crate) const fn message(&self) -> (Option<u32>, Option<u32>) {
        (self.number, self.uid)
    }

    pub(crate) const fn octets(&self) -> usize {
        self.taken
    }

    /// Takes an item. Where there would be more than `most` octets to keep, that is an error, once.
    #[inline]
    pub(crate) fn item(
        &mut self,
        py: Python<'_>,
        cache: &mut Cache,
        item: Item<'_>,
        most: usize,
    ) -> PyResult<()> {
        match item {
            Item::Uid(uid) => {
                self.uid = Some(uid);
                self.present |= UID;
            }
            Item::Flags(flags) => {
                self.present |= FLAGS;
                self.flags = Some(cache.get(py, Kind::Flags, flags.as_bytes(), |cache| {
                    let flags =
                        flags.iter().map(|flag| {
                            let octets = flag.as_bytes();
                            cache.get(py, Kind::Text, octets, |_| {
                                Ok(text::plain(py, octets).into_any())
                            })
                        });
                    Ok(PyFrozenSet::new(py, flags.collect::<PyResult<Vec<_>>>()?)?.into_any())
                })?);
            }
            Item::Rfc822Size(octets) => {
                self.size = Some(octets);
                self.present |= SIZE;
            }
            Item::InternalDate(date) => {
                self.internal_date = date;
                self.present |= INTERNAL_DATE;
            }
            Item::Envelope(envelope) => {
                self.envelope_at = self.keep(py, envelope.as_received(), most)?;
                self.starts = envelope.starts();
                self.present |= ENVELOPE;
            }
            Item::BodyStructure(structure) => {
                self.structure_at = self.keep(py, structure.as_received(), most)?;
                self.present |= STRUCTURE;
            }
            Item::Body(structure) => {
                self.present |= STRUCTURE;
                if self.structure_at.is_none() {
                    self.structure_at = self.keep(py, structure.as_received(), most)?;
                }
            }
            item => self.rare_item(py, item, most)?,
        }
        Ok(())
    }

    /// Keeps octets; tells where they lie.
    #[inline]
    fn keep(&mut self, py: Python<'_>, octets: &[u8], most: usize) -> PyResult<Option<Place>> {
        if !self.spend(py, octets.len(), most)? {
            return Ok(None);
        }
        let start = self.octets.len();
        self.octets.extend_from_slice(octets);
        Ok(Some((start, octets.len())))
    }

    /// Whether so many octets more may be kept.
    fn spend(&mut self, py: Python<'_>, octets: usize, most: usize) -> PyResult<bool> {
        if self.over {
            return Ok(false);
        }
        self.taken = self.taken.saturating_add(octets);
        if self.taken <= most {
            return Ok(true);
        }
        self.over = true;
        Err(too_much(py))
    }

    fn rare_item(&mut self, py: Python<'_>, item: Item<'_>, most: usize) -> PyResult<()> {
        const OVERHEAD: usize = 64;
        let octets = match &item {
            Item::Other { name, value } => name.len() + value.len(),
            Item::Malformed(octets) => octets.len(),
            Item::GmailLabels(labels) => labels.map(|label| label.len() + OVERHEAD).sum(),
            Item::Preview(Some(text)) => text.len(),
            _ => 0,
        };
        if !self.spend(py, octets + OVERHEAD, most)? {
            return Ok(());
        }
        self.present |= if matches!(item, Item::ModSeq(_)) { MOD_SEQ } else { ELSE };
        let rare = self.rare.get_or_insert_default();
        match item {
            Item::ModSeq(number) => rare.mod_seq = Some(number),
            Item::BinarySize(section, octets) => {
                rare.binary_sizes.push((section_name(section), octets));
            }
            Item::GmailMessageId(number) => rare.gmail_message_id = Some(number),
            Item::GmailThreadId(number) => rare.gmail_thread_id = Some(number),
            Item::GmailLabels(labels) => {
                let label =
                    |label| text::mailbox(mailproto_core::imap::MailboxName::new(label), false);
                rare.gmail_labels = Some(labels.map(label).collect());
            }
            Item::EmailId(id) => rare.email_id = Some(lossy(id)),
            Item::ThreadId(id) => rare.thread_id = id.map(lossy),
            Item::Preview(preview) => {
                rare.preview = preview.map(|preview| lossy(&text::octets_of(preview)));
            }
            Item::SaveDate(date) => rare.save_date = date,
            Item::Other { name, value } => {
                rare.others.push((lossy(name).to_uppercase(), PyBytes::new(py, value).unbind()));
            }
            Item::Malformed(octets) => rare.malformed.push(PyBytes::new(py, octets).unbind()),
            _ => {}
        }
        Ok(())
    }

    /// Takes a section that came whole.
    pub(crate) fn body(
        &mut self,
        section: String,
        origin: Option<u64>,
        octets: Option<Py<PyBytes>>,
        len: usize,
    ) {
        const OVERHEAD: usize = 128;
        self.taken = self.taken.saturating_add(len).saturating_add(OVERHEAD);
        self.present |= BODY;
        let rare = self.rare.get_or_insert_default();
        if let Some(origin) = origin {
            rare.origins.push((section.clone(), origin));
        }
        rare.bodies.push((section, octets));
    }

    /// The event, when all has come.
    pub(crate) fn end<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, Fetch>> {
        let long = if self.octets.is_empty() {
            None
        } else {
            Some(Box::new(Long {
                kept: Some(PyBytes::new(py, &self.octets).unbind()),
                envelope_at: self.envelope_at,
                starts: self.starts,
                structure_at: self.structure_at,
                ..Long::default()
            }))
        };
        let fetch = Fetch {
            number: integer(py, self.number)?,
            uid: integer(py, self.uid)?,
            flags: self.flags.take().unwrap_or_else(|| py.None()),
            size: integer(py, self.size)?,
            present: self.present,
            internal_date: self.internal_date,
            long,
            rare: self.rare.take(),
        };
        // What a large response took is not kept for the next.
        self.octets.clear();
        self.octets.shrink_to(1 << 16);
        Bound::new(py, fetch)
    }
}

/// Under which name a body is kept, and whether it is decoded.
pub(crate) fn body_key(item: BodyItem<'_>) -> (String, bool) {
    match item {
        BodyItem::Body(section) => (section_name(section), false),
        BodyItem::Binary(section) => (format!("BINARY[{}]", section_name(section)), true),
        BodyItem::Rfc822 => (String::new(), false),
        BodyItem::Rfc822Header => ("HEADER".into(), false),
        BodyItem::Rfc822Text => ("TEXT".into(), false),
    }
}

/// The section of such a name.
pub(crate) fn bare_section(key: &str) -> &str {
    key.strip_prefix("BINARY[").and_then(|key| key.strip_suffix(']')).unwrap_or(key)
}

/// A section's name in capitals, its field names without quotes.
fn section_name(section: Section<'_>) -> String {
    if section.as_bytes().is_empty() {
        return String::new();
    }
    if !matches!(section.part(), SectionPart::HeaderFields | SectionPart::HeaderFieldsNot) {
        return lossy(section.as_bytes()).to_uppercase();
    }
    let whole = lossy(section.as_bytes()).to_uppercase();
    let specifier = whole.split(' ').next().unwrap_or_default();
    let fields: Vec<String> =
        section.fields().map(|field| lossy(&text::octets_of(field)).to_uppercase()).collect();
    format!("{} ({})", specifier.trim_end_matches('('), fields.join(" "))
}

fn lossy(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}

fn date(py: Python<'_>, date: Option<DateTime>) -> PyResult<Option<Bound<'_, PyAny>>> {
    match date {
        Some(date) => cache::with(|cache| moment::aware(py, cache, date)),
        None => Ok(None),
    }
}

#[inline]
fn integer<'py, N: IntoPyObject<'py>>(py: Python<'py>, number: Option<N>) -> PyResult<Py<PyAny>> {
    match number {
        Some(number) => {
            Ok(number.into_pyobject(py).map_err(Into::into)?.into_any().into_bound().unbind())
        }
        None => Ok(py.None()),
    }
}

/// A mapping that cannot be changed.
fn numbers<'py>(py: Python<'py>, pairs: &[(String, u64)]) -> PyResult<Bound<'py, PyAny>> {
    if pairs.is_empty() {
        return Ok(part::nothing(py)?.into_bound(py));
    }
    let entries = PyDict::new(py);
    for (name, number) in pairs {
        entries.set_item(name, number)?;
    }
    Ok(held::table(entries)?.into_any())
}

/// The entries of a mapping.
fn pairs<V>(mapping: Option<Bound<'_, PyMapping>>) -> PyResult<Vec<(String, V)>>
where
    V: for<'a, 'py> FromPyObject<'a, 'py>,
{
    let Some(mapping) = mapping else { return Ok(Vec::new()) };
    let mut entries = Vec::new();
    for pair in mapping.items()? {
        let (name, value): (String, Bound<'_, PyAny>) = pair.extract()?;
        entries.push((name, value.extract::<V>().map_err(Into::into)?));
    }
    Ok(entries)
}
