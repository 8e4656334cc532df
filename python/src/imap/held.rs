//! Fields of events that are Python objects already: sets, tuples, tables, and objects of this
//! module. They are made once, and cannot be changed afterwards.

use std::marker::PhantomData;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyFrozenSet, PyList, PyMapping, PyMappingProxy, PyTuple};

use super::code::Code;
use super::uid_set::UidSet;
use crate::field::Field;

/// What an object must be to stand in a field.
pub(crate) trait Kind {
    /// The object, or what is made of it for the field.
    fn read<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>>;
}

/// A field that holds an object of this kind.
pub(crate) struct Held<K>(Py<PyAny>, PhantomData<fn() -> K>);

impl<K> Held<K> {
    pub(crate) fn new<T>(object: Bound<'_, T>) -> Self {
        Self(object.into_any().unbind(), PhantomData)
    }
}

/// A `frozenset` of `str`.
pub(crate) enum Set {}
/// A `tuple`.
pub(crate) enum Tuple {}
/// A mapping that cannot be changed.
pub(crate) enum Table {}

impl Kind for Set {
    fn read<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        Ok(object.cast::<PyFrozenSet>()?.clone().into_any())
    }
}

impl Kind for Tuple {
    fn read<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        Ok(object.cast::<PyTuple>()?.clone().into_any())
    }
}

impl Kind for Table {
    fn read<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let copy = PyDict::new(object.py());
        copy.update(object.cast::<PyMapping>()?)?;
        Ok(table(copy)?.into_any())
    }
}

macro_rules! classes {
    ($($class:ty)*) => {$(
        impl Kind for $class {
            fn read<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
                Ok(object.cast::<$class>()?.clone().into_any())
            }
        }
    )*};
}

classes!(UidSet Code);

impl<K: Kind> Field for Held<K> {
    fn object<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(self.0.bind(py).clone())
    }

    fn read(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        K::read(object).map(Self::new)
    }

    fn same(&self, other: &Self, py: Python<'_>) -> bool {
        self.0.bind(py).eq(other.0.bind(py)).unwrap_or(false)
    }

    fn plain<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        plain(self.0.bind(py))
    }

    fn hashable<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        hashable(self.0.bind(py))
    }

    fn entry<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        entry(self.0.bind(py))
    }

    fn show(&self, py: Python<'_>) -> PyResult<String> {
        Ok(plain(self.0.bind(py))?.repr()?.to_string())
    }
}

/// A mapping that cannot be changed, of a dictionary that nobody else has.
pub(crate) fn table(entries: Bound<'_, PyDict>) -> PyResult<Bound<'_, PyMappingProxy>> {
    Ok(PyMappingProxy::new(entries.py(), entries.as_mapping()))
}

/// What is pickled for an object: itself, but of a table its dictionary.
pub(crate) fn plain<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    if object.is_instance_of::<PyMappingProxy>() {
        return object.call_method0("copy");
    }
    Ok(object.clone())
}

/// What is hashed for an object: itself, but of a table its items.
pub(crate) fn hashable<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    if object.is_instance_of::<PyMappingProxy>() {
        let items = object.call_method0("items")?;
        return Ok(PyFrozenSet::new(
            object.py(),
            items.try_iter()?.collect::<PyResult<Vec<_>>>()?,
        )?
        .into_any());
    }
    Ok(object.clone())
}

/// What stands for an object in the dictionary of `to_dict`: of sets and tuples a list, of tables and
/// events a dictionary, of a set of UIDs its text.
pub(crate) fn entry<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = object.py();
    if let Ok(tuple) = object.cast::<PyTuple>() {
        let entries: PyResult<Vec<_>> = tuple.iter().map(|each| entry(&each)).collect();
        return Ok(PyList::new(py, entries?)?.into_any());
    }
    if object.is_instance_of::<PyFrozenSet>() {
        let list = PyList::empty(py);
        for each in object.try_iter()? {
            list.append(each?)?;
        }
        list.sort()?;
        return Ok(list.into_any());
    }
    if object.is_instance_of::<UidSet>() {
        return Ok(object.str()?.into_any());
    }
    if object.is_instance_of::<PyMappingProxy>() {
        let entries = PyDict::new(py);
        for pair in object.call_method0("items")?.try_iter()? {
            let (name, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = pair?.extract()?;
            entries.set_item(name, entry(&value)?)?;
        }
        return Ok(entries.into_any());
    }
    if object.hasattr("to_dict")? { object.call_method0("to_dict") } else { Ok(object.clone()) }
}
