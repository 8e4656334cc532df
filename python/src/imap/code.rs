//! Response codes (RFC 9051 §7.1): what a status response tells programs.

use mailproto_core::imap::response::strings::Strings;
use mailproto_core::imap::{self, Range, SequenceSet};
use pyo3::BoundObject;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyFrozenSet, PyString, PyTuple};

use super::held;
use super::text;
use super::uid_set::UidSet;

/// A response code (RFC 9051 §7.1; the registry is that of RFC 5530).
///
/// ``name`` is in capitals. What ``value`` is depends on it: ``None`` for most; an ``int`` for UIDNEXT,
/// UIDVALIDITY, UNSEEN, HIGHESTMODSEQ; a ``frozenset`` for PERMANENTFLAGS and CAPABILITY; for APPENDUID
/// ``(uid_validity, UidSet)``; for COPYUID ``(uid_validity, source UidSet, destination UidSet)``, and
/// `pairs` tells which became which; for MODIFIED a ``UidSet``. Of a code that is not known it is the
/// text behind the name.
#[pyclass(module = "mailproto.sansio.imap", frozen)]
pub(crate) struct Code {
    /// Which, in capitals: `ALERT`, `TRYCREATE` …
    #[pyo3(get)]
    name: Py<PyString>,
    /// What it tells, if anything.
    #[pyo3(get)]
    value: Py<PyAny>,
    /// Of COPYUID, both sets as they came: they pair off.
    order: Option<[Box<[u8]>; 2]>,
}

#[pymethods]
impl Code {
    #[new]
    #[pyo3(signature = (name, value = None, order = None))]
    fn new(
        name: &Bound<'_, PyString>,
        value: Option<&Bound<'_, PyAny>>,
        order: Option<(Bound<'_, PyBytes>, Bound<'_, PyBytes>)>,
    ) -> PyResult<Self> {
        let order: Option<[Box<[u8]>; 2]> =
            order.map(|(one, other)| [one, other].map(|set| set.as_bytes().into()));
        for set in order.iter().flatten() {
            SequenceSet::from_bytes(set)
                .ok_or_else(|| PyValueError::new_err("order: these octets are no set"))?;
        }
        let value = value.map_or_else(|| name.py().None(), |value| value.clone().unbind());
        Ok(Self { name: name.clone().unbind(), value, order })
    }

    #[classattr]
    fn __match_args__(py: Python<'_>) -> PyResult<Py<PyTuple>> {
        Ok(PyTuple::new(py, ["name", "value"])?.unbind())
    }

    /// Of COPYUID: each UID in the source with its UID in the destination, in the server's order. Of any
    /// other code, nothing.
    fn pairs<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let [source, destination] = match &self.order {
            Some([source, destination]) => [source, destination].map(|set| numbers(py, set)),
            None => [numbers(py, b""), numbers(py, b"")],
        };
        py.import("builtins")?.getattr("zip")?.call1((source?, destination?))
    }

    fn __eq__(&self, other: &Self, py: Python<'_>) -> PyResult<bool> {
        Ok(self.order == other.order
            && self.name.bind(py).as_any().eq(&other.name)?
            && self.value.bind(py).eq(&other.value)?)
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        PyTuple::new(py, [self.name.bind(py).as_any(), self.value.bind(py)])?.hash()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let name = self.name.bind(py).repr()?;
        if self.value.is_none(py) {
            return Ok(format!("Code({name})"));
        }
        Ok(format!("Code({name}, {})", self.value.bind(py).repr()?))
    }

    /// The code as the server wrote it, as far as the value tells: its name, and the value if it is text.
    fn __str__(&self, py: Python<'_>) -> PyResult<String> {
        let name = self.name.bind(py).to_string();
        match self.value.extract::<String>(py) {
            Ok(value) => Ok(format!("{name} {value}")),
            Err(_) => Ok(name),
        }
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyTuple>> {
        let (py, code) = (slf.py(), slf.get());
        let order = code
            .order
            .as_ref()
            .map(|[one, other]| (PyBytes::new(py, one), PyBytes::new(py, other)).into_pyobject(py));
        let arguments = (&code.name, &code.value, order.transpose()?).into_pyobject(py)?;
        PyTuple::new(py, [slf.get_type().into_any(), arguments.into_any()])
    }

    /// The code as a dictionary.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let entries = PyDict::new(py);
        entries.set_item("name", &self.name)?;
        entries.set_item("value", held::entry(self.value.bind(py))?)?;
        Ok(entries)
    }
}

/// The numbers of a set in the order in which it came, one by one: it may hold thousands of millions.
fn numbers<'py>(py: Python<'py>, set: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    let range = py.import("builtins")?.getattr("range")?;
    let set = SequenceSet::from_bytes(set).unwrap_or_default();
    let ranges =
        set.ranges().map(|Range { first, last }| range.call1((first, u64::from(last) + 1)));
    let ranges = PyTuple::new(py, ranges.collect::<PyResult<Vec<_>>>()?)?;
    py.import("itertools")?.getattr("chain")?.call1(ranges)
}

/// Makes the object of a code.
pub(crate) fn build<'py>(py: Python<'py>, code: imap::Code<'_>) -> PyResult<Bound<'py, Code>> {
    use imap::Code as C;
    let mut order = None;
    let (name, value): (String, Py<PyAny>) = match code {
        C::AppendUid { uid_validity, uids } => ("APPENDUID".into(), {
            (uid_validity, UidSet::of_received(uids)).into_pyobject(py)?.into_any().unbind()
        }),
        C::CopyUid { uid_validity, source, destination } => {
            order = Some([source, destination].map(|set| set.as_bytes().into()));
            let sets = (UidSet::of_received(source), UidSet::of_received(destination));
            let value = (uid_validity, sets.0, sets.1).into_pyobject(py)?;
            ("COPYUID".into(), value.into_any().unbind())
        }
        C::Modified(set) => named(py, "MODIFIED", UidSet::of_received(set))?,
        C::BadCharset(list) => named(py, "BADCHARSET", strings(py, list)?)?,
        C::BadEvent(list) => named(py, "BADEVENT", strings(py, list)?)?,
        C::BadUrl(url) => named(py, "BADURL", text::string(py, url))?,
        C::Capability(list) => {
            let names = list.iter().map(|each| text::plain(py, &each.name().to_ascii_uppercase()));
            named(py, "CAPABILITY", PyFrozenSet::new(py, names)?)?
        }
        C::PermanentFlags(flags) => {
            let flags = flags.iter().map(|flag| text::plain(py, flag.as_bytes()));
            named(py, "PERMANENTFLAGS", PyFrozenSet::new(py, flags)?)?
        }
        C::HighestModSeq(number) => named(py, "HIGHESTMODSEQ", number)?,
        C::UidNext(number) => named(py, "UIDNEXT", number)?,
        C::UidValidity(number) => named(py, "UIDVALIDITY", number)?,
        C::Unseen(number) => named(py, "UNSEEN", number)?,
        C::InProgress { tag, done, goal } => {
            let tag = tag.map(|tag| text::string(py, tag));
            named(py, "INPROGRESS", (tag, done, goal))?
        }
        C::MailboxId(id) => named(py, "MAILBOXID", text::plain(py, id))?,
        C::MessageLimit { limit, uid } => named(py, "MESSAGELIMIT", (limit, uid))?,
        C::MetadataLongEntries(octets) => named(py, "METADATA LONGENTRIES", octets)?,
        C::MetadataMaxSize(octets) => named(py, "METADATA MAXSIZE", octets)?,
        C::MetadataTooMany => ("METADATA TOOMANY".into(), py.None()),
        C::MetadataNoPrivate => ("METADATA NOPRIVATE".into(), py.None()),
        C::AnnotateTooBig => ("ANNOTATE TOOBIG".into(), py.None()),
        C::AnnotateTooMany => ("ANNOTATE TOOMANY".into(), py.None()),
        C::NoUpdate(tag) => named(py, "NOUPDATE", text::string(py, tag))?,
        C::Referral(urls) => named(py, "REFERRAL", text::plain(py, urls))?,
        C::UndefinedFilter(name) => named(py, "UNDEFINED-FILTER", text::plain(py, name))?,
        C::ReadOnly => ("READ-ONLY".into(), py.None()),
        C::ReadWrite => ("READ-WRITE".into(), py.None()),
        C::UnknownCte => ("UNKNOWN-CTE".into(), py.None()),
        C::Unknown { name, arguments } => {
            let name = String::from_utf8_lossy(name).to_ascii_uppercase();
            let arguments = (!arguments.is_empty()).then(|| text::plain(py, arguments));
            (name, arguments.into_pyobject(py)?.unbind())
        }
        // The others tell nothing but their name, which is the engine's in capitals.
        bare => (format!("{bare:?}").to_ascii_uppercase(), py.None()),
    };
    Bound::new(py, Code { name: PyString::intern(py, &name).unbind(), value, order })
}

fn named<'py, T: IntoPyObject<'py>>(
    py: Python<'py>,
    name: &str,
    value: T,
) -> PyResult<(String, Py<PyAny>)> {
    Ok((name.into(), value.into_pyobject(py).map_err(Into::into)?.into_any().into_bound().unbind()))
}

fn strings<'py>(py: Python<'py>, list: Strings<'_>) -> PyResult<Bound<'py, PyTuple>> {
    PyTuple::new(py, list.iter().map(|each| text::string(py, each)).collect::<Vec<_>>())
}
