//! The values inside events. They stay in Rust until Python asks for one: an attribute that nobody
//! reads costs nothing.

use std::ops::Range;

use mailproto_core::pop3::{Status, Verb};
use mailproto_core::sasl::same_octets;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyMemoryView, PySlice, PyString, PyTuple};
use zeroize::Zeroizing;

use crate::joined;

/// A value that an attribute of an event shows.
pub(crate) trait Field: Sized {
    /// The attribute's value.
    fn object<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>>;

    /// Reads the attribute's value, as the constructor is given it.
    fn read(object: &Bound<'_, PyAny>) -> PyResult<Self>;

    /// Whether two values are equal.
    fn same(&self, other: &Self, py: Python<'_>) -> bool;

    /// What is pickled, from which [`read`](Self::read) makes the same value.
    fn plain<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.object(py)
    }

    /// What is hashed; equal values give equal ones.
    fn hashable<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.plain(py)
    }

    /// What stands in the dictionary of `to_dict`.
    fn entry<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.plain(py)
    }

    /// What stands in `repr`.
    fn show(&self, py: Python<'_>) -> PyResult<String> {
        Ok(self.object(py)?.repr()?.to_string())
    }
}

macro_rules! numbers {
    ($($number:ty)*) => {$(
        impl Field for $number {
            fn object<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                Ok(self.into_pyobject(py)?.to_owned().into_any())
            }

            fn read(object: &Bound<'_, PyAny>) -> PyResult<Self> {
                object.extract()
            }

            fn same(&self, other: &Self, _: Python<'_>) -> bool {
                self == other
            }
        }
    )*};
}

numbers!(bool u16 u32 u64);

impl<F: Field> Field for Option<F> {
    fn object<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.as_ref().map_or_else(|| Ok(py.None().into_bound(py)), |field| field.object(py))
    }

    fn read(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        if object.is_none() { Ok(None) } else { F::read(object).map(Some) }
    }

    fn same(&self, other: &Self, py: Python<'_>) -> bool {
        match (self, other) {
            (Some(one), Some(other)) => one.same(other, py),
            (one, other) => one.is_none() && other.is_none(),
        }
    }

    fn plain<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.as_ref().map_or_else(|| Ok(py.None().into_bound(py)), |field| field.plain(py))
    }

    fn hashable<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.as_ref().map_or_else(|| Ok(py.None().into_bound(py)), |field| field.hashable(py))
    }

    fn entry<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.as_ref().map_or_else(|| Ok(py.None().into_bound(py)), |field| field.entry(py))
    }

    fn show(&self, py: Python<'_>) -> PyResult<String> {
        self.as_ref().map_or_else(|| Ok("None".into()), |field| field.show(py))
    }
}

/// One of a few names, which Python keeps once.
pub(crate) trait Named: Copy + PartialEq + Sized + 'static {
    /// All values.
    const ALL: &'static [Self];
    /// What a wrong name is called in the exception.
    const WHAT: &'static str;

    fn name(self) -> &'static str;
}

impl<N: Named> Field for N {
    fn object<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyString::intern(py, self.name()).into_any())
    }

    fn read(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        let name = object.cast::<PyString>()?.to_cow()?;
        let known = N::ALL.iter().copied().find(|known| known.name() == name);
        known.ok_or_else(|| PyValueError::new_err(format!("unknown {}: {name}", N::WHAT)))
    }

    fn same(&self, other: &Self, _: Python<'_>) -> bool {
        self == other
    }
}

impl Named for Verb {
    const ALL: &'static [Self] = &[
        Self::Capa,
        Self::Stls,
        Self::User,
        Self::Pass,
        Self::Apop,
        Self::Auth,
        Self::Stat,
        Self::List,
        Self::Uidl,
        Self::Retr,
        Self::Top,
        Self::Dele,
        Self::Rset,
        Self::Noop,
        Self::Quit,
        Self::Utf8,
        Self::Lang,
        Self::Raw,
    ];
    const WHAT: &'static str = "verb";

    fn name(self) -> &'static str {
        self.keyword()
    }
}

impl Named for Status {
    const ALL: &'static [Self] = &[Self::Ok, Self::Err, Self::Malformed, Self::NotSent];
    const WHAT: &'static str = "status";

    fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Err => "err",
            Self::Malformed => "malformed",
            Self::NotSent => "not-sent",
        }
    }
}

/// A peer's text: UTF-8 (RFC 6856), octets that are not escaped as surrogates (PEP 383), so that
/// nothing is lost.
#[derive(Clone, PartialEq)]
pub(crate) struct Text(Box<[u8]>);

impl Text {
    pub(crate) fn new(text: &[u8]) -> Self {
        Self(text.into())
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl Field for Text {
    fn object<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        decode(py, &self.0).map(Bound::into_any)
    }

    fn read(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        octets_of(object, |octets| Ok(Self::new(octets)))
    }

    fn same(&self, other: &Self, _: Python<'_>) -> bool {
        self == other
    }
}

/// Decodes a peer's text.
pub(crate) fn decode<'py>(py: Python<'py>, text: &[u8]) -> PyResult<Bound<'py, PyString>> {
    match str::from_utf8(text) {
        Ok(text) => Ok(PyString::new(py, text)),
        Err(_) => PyString::from_encoded_object(
            &PyBytes::new(py, text),
            Some(c"utf-8"),
            Some(c"surrogateescape"),
        ),
    }
}

/// Lends the octets of a `str`, encoded as [`decode`] decodes, or of a `bytes`.
pub(crate) fn octets_of<R>(
    object: &Bound<'_, PyAny>,
    use_them: impl FnOnce(&[u8]) -> PyResult<R>,
) -> PyResult<R> {
    if let Ok(octets) = object.cast::<PyBytes>() {
        return use_them(octets.as_bytes());
    }
    let text = object.cast::<PyString>()?;
    if let Ok(text) = text.to_str() {
        return use_them(text.as_bytes());
    }
    let encoded = text.call_method1("encode", ("utf-8", "surrogateescape"))?;
    use_them(encoded.cast::<PyBytes>()?.as_bytes())
}

/// Octets of the peer, for Python as `bytes`.
#[derive(Clone, PartialEq)]
pub(crate) struct Raw(Box<[u8]>);

impl Raw {
    pub(crate) fn new(octets: &[u8]) -> Self {
        Self(octets.into())
    }
}

impl Field for Raw {
    fn object<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyBytes::new(py, &self.0).into_any())
    }

    fn read(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(Self::new(object.cast::<PyBytes>()?.as_bytes()))
    }

    fn same(&self, other: &Self, _: Python<'_>) -> bool {
        self == other
    }
}

/// As [`Raw`], of which `repr` shows the length only: a SASL challenge.
#[derive(Clone, PartialEq)]
pub(crate) struct Hidden(Box<[u8]>);

impl Hidden {
    pub(crate) fn new(octets: &[u8]) -> Self {
        Self(octets.into())
    }
}

impl Field for Hidden {
    fn object<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyBytes::new(py, &self.0).into_any())
    }

    fn read(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(Self::new(object.cast::<PyBytes>()?.as_bytes()))
    }

    fn same(&self, other: &Self, _: Python<'_>) -> bool {
        self == other
    }

    fn show(&self, _: Python<'_>) -> PyResult<String> {
        Ok(format!("<{} octets>", self.0.len()))
    }
}

/// Words separated by spaces, for Python as a tuple of `str`.
#[derive(Clone, PartialEq)]
pub(crate) struct Words(Box<[u8]>);

impl Words {
    pub(crate) fn new(line: &[u8]) -> Self {
        Self(line.into())
    }

    fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.0.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty())
    }
}

impl Field for Words {
    fn object<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let words: PyResult<Vec<_>> = self.iter().map(|word| decode(py, word)).collect();
        Ok(PyTuple::new(py, words?)?.into_any())
    }

    fn read(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        let mut line = Vec::new();
        for word in object.cast::<PyTuple>()?.iter() {
            octets_of(&word, |word| {
                line.extend_from_slice(word);
                line.push(b' ');
                Ok(())
            })?;
        }
        line.pop();
        Ok(Self(line.into()))
    }

    fn same(&self, other: &Self, _: Python<'_>) -> bool {
        self.iter().eq(other.iter())
    }
}

/// Octets of a message: a part of the `bytes` that was fed, which it keeps alive.
pub(crate) struct Slice {
    source: Py<PyBytes>,
    start: usize,
    end: usize,
}

impl Slice {
    /// `octets`, as a part of `source` if they lie in it, else as a copy.
    pub(crate) fn new(source: &Bound<'_, PyBytes>, octets: &[u8]) -> Self {
        match joined::place(octets, source.as_bytes()) {
            Some(Range { start, end }) => Self { source: source.clone().unbind(), start, end },
            None => Self::whole(PyBytes::new(source.py(), octets)),
        }
    }

    fn whole(source: Bound<'_, PyBytes>) -> Self {
        let end = source.as_bytes().len();
        Self { source: source.unbind(), start: 0, end }
    }

    fn octets<'s>(&'s self, py: Python<'s>) -> &'s [u8] {
        self.source.as_bytes(py).get(self.start..self.end).unwrap_or_default()
    }

    pub(crate) const fn len(&self) -> usize {
        self.end - self.start
    }
}

impl Field for Slice {
    fn object<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let source = self.source.bind(py);
        let view = PyMemoryView::from(source)?;
        if self.len() == source.as_bytes().len() {
            return Ok(view.into_any());
        }
        // Not `PySlice::new`: in PyO3 0.30 it leaks its numbers.
        view.get_item(py.get_type::<PySlice>().call1((self.start, self.end))?)
    }

    fn read(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        let octets = match object.cast::<PyBytes>() {
            Ok(octets) => octets.clone(),
            Err(_) => crate::feed::copy(object)?,
        };
        Ok(Self::whole(octets))
    }

    fn same(&self, other: &Self, py: Python<'_>) -> bool {
        self.octets(py) == other.octets(py)
    }

    fn plain<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let octets = self.octets(py);
        if octets.len() == self.source.as_bytes(py).len() {
            return Ok(self.source.bind(py).clone().into_any());
        }
        Ok(PyBytes::new(py, octets).into_any())
    }

    fn show(&self, _: Python<'_>) -> PyResult<String> {
        Ok(format!("<{} octets>", self.len()))
    }
}

/// A peer's secret: text as [`Text`], but wiped in the end and hidden from `repr`.
#[derive(Clone, PartialEq)]
pub(crate) struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    pub(crate) fn new(secret: &[u8]) -> Self {
        Self(Zeroizing::new(secret.into()))
    }
}

impl Field for Secret {
    fn object<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        decode(py, &self.0).map(Bound::into_any)
    }

    fn read(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        octets_of(object, |octets| Ok(Self::new(octets)))
    }

    fn same(&self, other: &Self, _: Python<'_>) -> bool {
        same_octets(&self.0, &other.0)
    }

    fn show(&self, _: Python<'_>) -> PyResult<String> {
        Ok("<hidden>".into())
    }
}

/// Numbers of messages, for Python as a tuple of `int`.
#[derive(Clone, PartialEq)]
pub(crate) struct Numbers(pub(crate) Vec<u32>);

impl Field for Numbers {
    fn object<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyTuple::new(py, &self.0)?.into_any())
    }

    fn read(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        object.extract().map(Self)
    }

    fn same(&self, other: &Self, _: Python<'_>) -> bool {
        self == other
    }
}
