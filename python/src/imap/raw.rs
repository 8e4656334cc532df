//! Arguments of commands that this package does not know.

use mailproto_core::imap::Sequence;
use mailproto_core::imap::command::Argument;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyString, PyTuple};

use super::uid_set::UidSet;

/// How deep lists may lie in each other. The engine's own bound is lower.
const DEPTH: usize = 32;

/// An argument: text as `astring`, octets as `string`, a number, a set, NIL, or a list of these.
pub(crate) enum Owned {
    Text(String),
    Octets(Vec<u8>),
    Number(u64),
    Set(UidSet),
    Nil,
    List(Vec<Owned>),
}

impl Owned {
    pub(crate) fn read(argument: &Bound<'_, PyAny>, depth: usize) -> PyResult<Self> {
        if argument.is_none() {
            return Ok(Self::Nil);
        }
        if let Ok(text) = argument.cast::<PyString>() {
            return Ok(Self::Text(text.to_cow()?.into_owned()));
        }
        if let Ok(octets) = argument.cast::<PyBytes>() {
            return Ok(Self::Octets(octets.as_bytes().into()));
        }
        if let Ok(set) = argument.cast::<UidSet>() {
            return Ok(Self::Set(set.get().clone()));
        }
        let list = argument.is_instance_of::<PyList>() || argument.is_instance_of::<PyTuple>();
        if list && depth < DEPTH {
            let inner = argument.try_iter()?.map(|each| Self::read(&each?, depth + 1));
            return inner.collect::<PyResult<_>>().map(Self::List);
        }
        argument.extract().map(Self::Number).map_err(|_| {
            PyTypeError::new_err(
                "an argument is a str, bytes, int, UidSet, None or a list of these",
            )
        })
    }
}

/// Lends them to the engine.
pub(crate) fn lend<R>(arguments: &[Owned], use_them: &mut dyn FnMut(&[Argument<'_>]) -> R) -> R {
    lend_to(arguments, Vec::new(), use_them)
}

/// Makes one argument after the other; a list is lent while those behind it are made.
fn lend_to<'a, R>(
    rest: &'a [Owned],
    mut made: Vec<Argument<'a>>,
    use_them: &mut dyn FnMut(&[Argument<'_>]) -> R,
) -> R {
    for (at, argument) in rest.iter().enumerate() {
        made.push(match argument {
            Owned::Text(text) => Argument::Astring(text.as_bytes()),
            Owned::Octets(octets) => Argument::String(Some(octets)),
            Owned::Number(number) => Argument::Number(*number),
            Owned::Set(set) => Argument::Sequence(Sequence::Ranges(set.as_ranges())),
            Owned::Nil => Argument::String(None),
            Owned::List(list) => {
                let behind = rest.get(at + 1..).unwrap_or_default();
                return lend_to(list, Vec::new(), &mut |list| {
                    let mut made: Vec<Argument<'_>> = made.clone();
                    made.push(Argument::List(list));
                    lend_to(behind, made, use_them)
                });
            }
        });
    }
    use_them(&made)
}
