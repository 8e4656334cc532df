//! The structure of a message as a tree of parts, made at once from the octets of the response, without
//! recursion.

use mailproto_core::imap::ImapString;
use mailproto_core::imap::response::body_structure::{
    self, BodyStructure, Extension, MessageEnd, Multipart, Node, Parameters,
};
use mailproto_core::imap::response::envelope as view;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict, PyIterator, PyList, PyMappingProxy, PyString, PyTuple};

use super::cache::{self, Cache, Kind};
use super::envelope::{Envelope, Kept, or_none, plain};
use super::{held, text};
use crate::joined::place;

/// A part of a message as MIME divides it, or the message itself, with the parts in it
/// (RFC 9051 §7.5.2).
///
/// Made anew from the octets of a `BODYSTRUCTURE`, as `received` has them: the part of this `index`,
/// counted as `walk` does.
#[pyclass(module = "mailproto.sansio.imap", frozen)]
pub(crate) struct Part {
    /// What FETCH calls it: `1.2`; empty for a multipart that is the whole message.
    #[pyo3(get)]
    section: Py<PyAny>,
    /// Type and subtype in lower case: `text/plain`.
    #[pyo3(get)]
    media_type: Py<PyAny>,
    /// The parameters of the type, names in lower case, values decoded (RFC 2231).
    #[pyo3(get)]
    parameters: Py<PyAny>,
    /// Content-ID, or `None`.
    #[pyo3(get)]
    content_id: Py<PyAny>,
    /// Content-Description, decoded, or `None`.
    #[pyo3(get)]
    description: Py<PyAny>,
    /// Content-Transfer-Encoding in lower case: `base64`; `None` of a multipart.
    #[pyo3(get)]
    encoding: Py<PyAny>,
    /// The octets as it is encoded; `None` of a multipart.
    #[pyo3(get)]
    size: Py<PyAny>,
    /// The lines of a text or a message, or `None`.
    #[pyo3(get)]
    lines: Py<PyAny>,
    /// Content-MD5, or `None`.
    #[pyo3(get)]
    md5: Py<PyAny>,
    /// `attachment`, `inline` or another word, in lower case, or `None`.
    #[pyo3(get)]
    disposition: Py<PyAny>,
    /// The parameters of the disposition, as those of the type.
    #[pyo3(get)]
    disposition_parameters: Py<PyAny>,
    /// Content-Language.
    #[pyo3(get)]
    languages: Py<PyTuple>,
    /// Content-Location, or `None`.
    #[pyo3(get)]
    location: Py<PyAny>,
    /// The parts of a multipart; of a message within the message, its body alone.
    #[pyo3(get)]
    parts: Py<PyTuple>,
    /// The envelope of a message within the message, else `None`.
    #[pyo3(get)]
    envelope: Py<PyAny>,
    kept: Py<PyBytes>,
    start: u32,
    len: u32,
    index: u32,
}

const FIELDS: [&str; 15] = [
    "section",
    "media_type",
    "parameters",
    "content_id",
    "description",
    "encoding",
    "size",
    "lines",
    "md5",
    "disposition",
    "disposition_parameters",
    "languages",
    "location",
    "parts",
    "envelope",
];

#[pymethods]
impl Part {
    #[new]
    #[pyo3(signature = (received, index = 0))]
    fn new<'py>(received: &Bound<'py, PyBytes>, index: u32) -> PyResult<Bound<'py, Self>> {
        let octets = received.as_bytes();
        if BodyStructure::from_received(octets).is_none() {
            return Err(PyValueError::new_err("these octets are no BODYSTRUCTURE"));
        }
        let root = cache::with(|cache| build(received, 0, octets.len(), cache))?;
        let mut parts = walk(&root)?;
        parts.nth(index as usize).ok_or_else(|| PyValueError::new_err("there is no such part"))
    }

    #[classattr]
    fn __match_args__(py: Python<'_>) -> PyResult<Py<PyTuple>> {
        Ok(PyTuple::new(py, FIELDS)?.unbind())
    }

    /// The name of a file, if the sender gave one: the disposition's, else the type's. It is what a
    /// stranger wrote, slashes and all: never use it as a path.
    #[getter]
    fn filename<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let of = |table: &Py<PyAny>, name: &str| -> PyResult<Option<Bound<'py, PyAny>>> {
            let value = table.bind(py).call_method1("get", (name,))?;
            Ok(if value.is_none() { None } else { Some(value) })
        };
        match of(&self.disposition_parameters, "filename")? {
            Some(name) => Ok(Some(name)),
            None => of(&self.parameters, "name"),
        }
    }

    /// Whether it is a multipart.
    #[getter]
    fn is_multipart(&self, py: Python<'_>) -> PyResult<bool> {
        Ok(self.media_type.bind(py).cast::<PyString>()?.to_cow()?.starts_with("multipart/"))
    }

    /// Whether it is to be saved and not shown (RFC 2183 §2.8): its disposition is neither `inline` nor
    /// missing, or is missing while the part has a file name and is no multipart.
    #[getter]
    fn is_attachment(&self, py: Python<'_>) -> PyResult<bool> {
        if !self.disposition.is_none(py) {
            return self.disposition.bind(py).ne("inline");
        }
        Ok(!self.is_multipart(py)? && self.filename(py)?.is_some())
    }

    /// The structure of the whole message as the server sent it.
    #[getter]
    fn received<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        self.octets(py).bytes(py)
    }

    /// This part and all parts in it, each before those in it.
    fn walk<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyIterator>> {
        PyList::new(slf.py(), walk(slf)?)?.try_iter()
    }

    /// The part of this section, among this one and those in it; `None` where there is none.
    fn find<'py>(slf: &Bound<'py, Self>, section: &str) -> PyResult<Option<Bound<'py, Self>>> {
        for part in walk(slf)? {
            if part.get().section.bind(slf.py()).eq(section)? {
                return Ok(Some(part));
            }
        }
        Ok(None)
    }

    fn __eq__(&self, other: &Self, py: Python<'_>) -> PyResult<bool> {
        let same = self.octets(py).octets(py) == other.octets(py).octets(py);
        if same && self.index == other.index {
            return Ok(true);
        }
        self.values(py)?.eq(other.values(py)?)
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        let values: PyResult<Vec<_>> =
            self.values(py)?.iter().map(|value| held::hashable(&value)).collect();
        PyTuple::new(py, values?)?.hash()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let (section, media_type) =
            (self.section.bind(py).repr()?, self.media_type.bind(py).str()?);
        let parts = self.parts.bind(py).len();
        let within = if parts > 0 { format!(", {parts} within") } else { String::new() };
        let name = match self.filename(py)? {
            Some(name) => format!(", {}", name.repr()?),
            None => String::new(),
        };
        Ok(format!("<Part {section} {media_type}{name}{within}>"))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyTuple>> {
        let (py, part) = (slf.py(), slf.get());
        let index = part.index.into_pyobject(py)?.into_any();
        let arguments = PyTuple::new(py, [part.received(py).into_any(), index])?;
        PyTuple::new(py, [slf.get_type().into_any(), arguments.into_any()])
    }

    /// The part as a dictionary, with the parts in it.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let entries = PyDict::new(py);
        for (name, value) in FIELDS.iter().zip(self.values(py)?.iter()) {
            entries.set_item(name, held::entry(&value)?)?;
        }
        Ok(entries)
    }
}

impl Part {
    fn octets(&self, py: Python<'_>) -> Kept {
        Kept::new(self.kept.bind(py), self.start as usize, self.len as usize)
    }

    fn values<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let values = [
            &self.section,
            &self.media_type,
            &self.parameters,
            &self.content_id,
            &self.description,
            &self.encoding,
            &self.size,
            &self.lines,
            &self.md5,
            &self.disposition,
            &self.disposition_parameters,
            self.languages.as_any(),
            &self.location,
            self.parts.as_any(),
            &self.envelope,
        ];
        PyTuple::new(py, values)
    }
}

/// A part and all in it, each before those in it. No deeper than `MAX_NESTING`.
fn walk<'py>(
    part: &Bound<'py, Part>,
) -> PyResult<impl Iterator<Item = Bound<'py, Part>> + use<'py>> {
    let (mut waiting, mut parts) = (vec![part.clone()], Vec::new());
    while let Some(part) = waiting.pop() {
        for each in part.get().parts.bind(part.py()).iter().rev() {
            waiting.push(each.cast_into()?);
        }
        parts.push(part);
    }
    // PyList wants to know how many there are.
    Ok(parts.into_iter())
}

/// A multipart or message whose end has not come.
struct Open<'a, 'py> {
    index: u32,
    section: Py<PyAny>,
    /// Of a message: what its header says, and its envelope.
    message: Option<(body_structure::Part<'a>, view::Envelope<'a>)>,
    parts: Vec<Bound<'py, Part>>,
}

/// What a part is made from.
struct Maker<'m, 'py> {
    py: Python<'py>,
    cache: &'m mut Cache,
    source: &'m Bound<'py, PyBytes>,
    start: usize,
    len: usize,
}

/// Makes the tree of a structure that was checked and lies in `source`.
pub(crate) fn build<'py>(
    source: &Bound<'py, PyBytes>,
    start: usize,
    len: usize,
    cache: &mut Cache,
) -> PyResult<Bound<'py, Part>> {
    let octets = source.as_bytes().get(start..start.saturating_add(len)).unwrap_or_default();
    let mut nodes = BodyStructure::from_checked(octets).nodes();
    let mut maker = Maker { py: source.py(), cache, source, start, len };
    let mut open: Vec<Open<'_, 'py>> = Vec::new();
    let mut count = 0;
    while let Some(node) = nodes.next() {
        let mut opened = None;
        let part = match node {
            Node::Part(part) => Some(maker.leaf(count, nodes.section(), &part)?),
            Node::Open => {
                opened = Some(None);
                None
            }
            Node::Message(part, envelope) => {
                opened = Some(Some((part, envelope)));
                None
            }
            Node::Close(multipart) => match open.pop() {
                Some(begun) => Some(maker.multipart(begun, &multipart)?),
                None => break,
            },
            Node::MessageEnd(end) => match open.pop() {
                Some(begun) => Some(maker.message(begun, &end)?),
                None => break,
            },
            _ => None,
        };
        if let Some(message) = opened {
            let section = maker.section(nodes.section())?;
            open.push(Open { index: count, section, message, parts: Vec::new() });
            count += 1;
        } else if let Some(part) = part {
            if matches!(node, Node::Part(_)) {
                count += 1;
            }
            match open.last_mut() {
                Some(outer) => outer.parts.push(part),
                None => return Ok(part),
            }
        }
    }
    Err(PyValueError::new_err("a BODYSTRUCTURE that does not end"))
}

impl<'py> Maker<'_, 'py> {
    fn leaf(
        &mut self,
        index: u32,
        section: &[u16],
        part: &body_structure::Part<'_>,
    ) -> PyResult<Bound<'py, Part>> {
        let section = self.section(section)?;
        let lines = part.lines;
        self.of_header(index, section, part, lines, &part.extension, PyTuple::empty(self.py), None)
    }

    fn message(
        &mut self,
        begun: Open<'_, 'py>,
        end: &MessageEnd<'_>,
    ) -> PyResult<Bound<'py, Part>> {
        let Some((part, envelope)) = &begun.message else {
            return Err(PyValueError::new_err("a message that ends as a multipart"));
        };
        let octets = envelope.as_received();
        let place = place(octets, self.source.as_bytes()).unwrap_or_default();
        let kept = Kept::new(self.source, place.start, place.len());
        let envelope = Envelope::build(self.py, self.cache, kept, envelope.starts())?;
        let envelope = Bound::new(self.py, envelope)?;
        let parts = PyTuple::new(self.py, &begun.parts)?;
        let Open { index, section, .. } = &begun;
        let (index, section) = (*index, section.clone_ref(self.py));
        self.of_header(index, section, part, end.lines, &end.extension, parts, Some(envelope))
    }

    #[expect(clippy::too_many_arguments, reason = "a part has that many kinds of fields")]
    fn of_header(
        &mut self,
        index: u32,
        section: Py<PyAny>,
        part: &body_structure::Part<'_>,
        lines: Option<u64>,
        extension: &Extension<'_>,
        parts: Bound<'py, PyTuple>,
        envelope: Option<Bound<'py, Envelope>>,
    ) -> PyResult<Bound<'py, Part>> {
        let py = self.py;
        let (disposition, disposition_parameters) = self.disposition(extension)?;
        let part = Part {
            section,
            media_type: self
                .media_type(part.media_type.as_received(), part.subtype.as_received())?,
            parameters: self.parameters(part.parameters)?,
            content_id: plain(py, part.id),
            description: match part.description {
                Some(description) => text::decoded(py, description)?.into_any().unbind(),
                None => py.None(),
            },
            encoding: self.lower(part.encoding)?,
            size: number(py, part.octets)?,
            lines: number(py, lines)?,
            md5: plain(py, extension.md5()),
            disposition,
            disposition_parameters,
            languages: self.languages(extension)?,
            location: plain(py, extension.location()),
            parts: parts.unbind(),
            envelope: or_none(py, envelope),
            kept: self.source.clone().unbind(),
            start: self.start as u32,
            len: self.len as u32,
            index,
        };
        Bound::new(py, part)
    }

    fn multipart(
        &mut self,
        begun: Open<'_, 'py>,
        end: &Multipart<'_>,
    ) -> PyResult<Bound<'py, Part>> {
        let py = self.py;
        let (disposition, disposition_parameters) = self.disposition(&end.extension)?;
        let part = Part {
            section: begun.section,
            media_type: self.media_type(b"multipart", end.subtype.as_received())?,
            parameters: self.parameters(end.parameters)?,
            content_id: py.None(),
            description: py.None(),
            encoding: py.None(),
            size: py.None(),
            lines: py.None(),
            md5: py.None(),
            disposition,
            disposition_parameters,
            languages: self.languages(&end.extension)?,
            location: plain(py, end.extension.location()),
            parts: PyTuple::new(py, begun.parts)?.unbind(),
            envelope: py.None(),
            kept: self.source.clone().unbind(),
            start: self.start as u32,
            len: self.len as u32,
            index: begun.index,
        };
        Bound::new(py, part)
    }

    fn section(&mut self, numbers: &[u16]) -> PyResult<Py<PyAny>> {
        let mut octets = [0_u8; 16];
        let key = numbers.iter().flat_map(|number| number.to_le_bytes());
        let short = numbers.len() <= 8;
        octets.iter_mut().zip(key).for_each(|(to, from)| *to = from);
        let py = self.py;
        let make = || {
            let numbers: Vec<String> = numbers.iter().map(u16::to_string).collect();
            PyString::new(py, &numbers.join(".")).into_any()
        };
        if !short {
            return Ok(make().unbind());
        }
        let key = octets.get(..numbers.len() * 2).unwrap_or_default();
        self.cache.get(py, Kind::Section, key, |_| Ok(make()))
    }

    fn media_type(&mut self, kind: &[u8], subtype: &[u8]) -> PyResult<Py<PyAny>> {
        let mut key = [0_u8; 96];
        let len = kind.len().saturating_add(subtype.len()).saturating_add(1);
        let octets = kind.iter().chain(b"/").chain(subtype);
        let py = self.py;
        if len > key.len() {
            let name: Vec<u8> = octets.copied().collect();
            return Ok(text::lower(py, &name).into_any().unbind());
        }
        key.iter_mut().zip(octets).for_each(|(to, from)| *to = *from);
        let key = key.get(..len).unwrap_or_default();
        self.cache.get(py, Kind::MediaType, key, |_| Ok(text::lower(py, key).into_any()))
    }

    fn lower(&mut self, word: ImapString<'_>) -> PyResult<Py<PyAny>> {
        let (py, octets) = (self.py, word.as_received());
        self.cache.get(py, Kind::Lower, octets, |_| Ok(text::lower(py, octets).into_any()))
    }

    fn parameters(&mut self, list: Parameters<'_>) -> PyResult<Py<PyAny>> {
        /// Longer ones hold boundaries and file names, of which no two are the same.
        const USUAL: usize = 48;
        let (py, octets) = (self.py, list.as_received());
        if octets.is_empty() {
            return nothing(py);
        }
        if octets.len() > USUAL {
            return Ok(text::parameters(py, list)?.into_any().unbind());
        }
        self.cache.get(py, Kind::Parameters, octets, |_| Ok(text::parameters(py, list)?.into_any()))
    }

    fn disposition(&mut self, extension: &Extension<'_>) -> PyResult<(Py<PyAny>, Py<PyAny>)> {
        match extension.disposition() {
            Some(disposition) => {
                Ok((self.lower(disposition.kind)?, self.parameters(disposition.parameters)?))
            }
            None => Ok((self.py.None(), nothing(self.py)?)),
        }
    }

    fn languages(&mut self, extension: &Extension<'_>) -> PyResult<Py<PyTuple>> {
        let mut languages = extension.language().peekable();
        if languages.peek().is_none() {
            return Ok(PyTuple::empty(self.py).unbind());
        }
        let languages: Vec<_> = languages.map(|language| text::string(self.py, language)).collect();
        Ok(PyTuple::new(self.py, languages)?.unbind())
    }
}

/// A table with nothing in it, which all share.
pub(crate) fn nothing(py: Python<'_>) -> PyResult<Py<PyAny>> {
    static NOTHING: PyOnceLock<Py<PyMappingProxy>> = PyOnceLock::new();
    let made = || held::table(PyDict::new(py)).map(Bound::unbind);
    Ok(NOTHING.get_or_try_init(py, made)?.clone_ref(py).into_any())
}

fn number(py: Python<'_>, number: Option<u64>) -> PyResult<Py<PyAny>> {
    match number {
        Some(number) => Ok(number.into_pyobject(py)?.into_any().unbind()),
        None => Ok(py.None()),
    }
}
