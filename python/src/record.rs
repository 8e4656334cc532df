//! One macro that makes the classes of events and requests: frozen, without a dictionary, compared
//! by value, hashed, pickled, shown, matched by position.

/// Makes a class of a name and its fields, each a [`Field`](crate::field::Field). It belongs to the
/// module of POP3 unless another is named.
macro_rules! record {
    (
        in $module:literal;
        $(#[$doc:meta])*
        $name:ident { $($(#[$about:meta])* $field:ident: $kind:ty,)* }
        $($more:tt)*
    ) => {
        $(#[$doc])*
        #[pyclass(module = $module, frozen)]
        pub(crate) struct $name {
            $(pub(crate) $field: $kind,)*
        }

        #[pymethods]
        // As many as the event has fields.
        #[allow(clippy::too_many_arguments)]
        impl $name {
            #[new]
            fn new($($field: &Bound<'_, PyAny>),*) -> PyResult<Self> {
                Ok(Self { $($field: Field::read($field)?,)* })
            }

            #[classattr]
            fn __match_args__(py: Python<'_>) -> PyResult<Py<PyTuple>> {
                let names: &[&str] = &[$(stringify!($field)),*];
                Ok(PyTuple::new(py, names)?.unbind())
            }

            $(
                $(#[$about])*
                #[getter]
                fn $field<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                    self.$field.object(py)
                }
            )*

            fn __eq__(&self, other: &Self, py: Python<'_>) -> bool {
                let _ = (other, py); // where there are no fields
                true $(&& self.$field.same(&other.$field, py))*
            }

            fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
                let name = stringify!($name).into_pyobject(py)?.into_any();
                PyTuple::new(py, [name, $(self.$field.hashable(py)?),*])?.hash()
            }

            fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
                let _ = py;
                let fields: &[String] =
                    &[$(format!("{}={}", stringify!($field), self.$field.show(py)?)),*];
                Ok(format!("{}({})", stringify!($name), fields.join(", ")))
            }

            fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyTuple>> {
                let py = slf.py();
                let fields: &[Bound<'_, PyAny>] = &[$(slf.get().$field.plain(py)?),*];
                let fields = PyTuple::new(py, fields)?;
                PyTuple::new(py, [slf.get_type().into_any(), fields.into_any()])
            }

            /// The event as a dictionary; its name is under `event`.
            fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
                let entries = PyDict::new(py);
                entries.set_item("event", stringify!($name))?;
                $(entries.set_item(stringify!($field), self.$field.entry(py)?)?;)*
                Ok(entries)
            }

            $($more)*
        }
    };
    ($($record:tt)*) => { record! { in "mailproto.sansio.pop3"; $($record)* } };
}

pub(crate) use record;
