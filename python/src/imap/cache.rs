//! What mailboxes repeat (media types, flags, people) as Python objects that are made once and
//! shared. A table of fixed size for each thread, in which the newer takes the older's place: no
//! message, however strange, can make it grow.

use std::cell::Cell;

use pyo3::prelude::*;

/// What the octets of an entry stand for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Lower,
    Flags,
    MediaType,
    Parameters,
    Address,
    Section,
    Zone,
}

const SLOTS: usize = 1024;
const LONGEST: usize = 110;

struct Slot {
    object: Option<Py<PyAny>>,
    kind: Kind,
    len: u8,
    octets: [u8; LONGEST],
}

/// The objects that a thread has made last.
pub(crate) struct Cache {
    slots: Box<[Slot]>,
}

impl Default for Cache {
    fn default() -> Self {
        let empty = || Slot { object: None, kind: Kind::Text, len: 0, octets: [0; LONGEST] };
        Self { slots: std::iter::repeat_with(empty).take(SLOTS).collect() }
    }
}

thread_local! {
    static CACHE: Cell<Option<Cache>> = const { Cell::new(None) };
}

/// Lends the thread's cache. Python code that runs meanwhile, and asks again, gets another one.
pub(crate) fn with<R>(use_it: impl FnOnce(&mut Cache) -> R) -> R {
    let mut cache = CACHE.take().unwrap_or_default();
    let made = use_it(&mut cache);
    CACHE.set(Some(cache));
    made
}

impl Cache {
    /// The object that these octets stand for, made if it is not there. Octets that are longer than
    /// most are not kept.
    #[inline]
    pub(crate) fn get<'py>(
        &mut self,
        py: Python<'py>,
        kind: Kind,
        octets: &[u8],
        make: impl FnOnce(&mut Self) -> PyResult<Bound<'py, PyAny>>,
    ) -> PyResult<Py<PyAny>> {
        if octets.len() > LONGEST {
            return make(self).map(Bound::unbind);
        }
        let index = hash(kind, octets) % SLOTS;
        if let Some(slot) = self.slots.get(index)
            && slot.kind == kind
            && slot.octets.get(..usize::from(slot.len)) == Some(octets)
            && let Some(object) = &slot.object
        {
            return Ok(object.clone_ref(py));
        }
        let object = make(self)?.unbind();
        if let Some(slot) = self.slots.get_mut(index) {
            slot.object = Some(object.clone_ref(py));
            slot.kind = kind;
            slot.len = octets.len() as u8;
            slot.octets.iter_mut().zip(octets).for_each(|(to, from)| *to = *from);
        }
        Ok(object)
    }
}

/// Spreads octets over the table, eight at a time.
#[inline]
fn hash(kind: Kind, octets: &[u8]) -> usize {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut hash = kind as u64 ^ (octets.len() as u64) << 8;
    let (words, rest) = octets.as_chunks::<8>();
    for word in words {
        hash = (hash ^ u64::from_le_bytes(*word)).wrapping_mul(FACTOR).rotate_left(23);
    }
    let rest = rest.iter().fold(0, |rest, &octet| rest << 8 | u64::from(octet));
    ((hash ^ rest).wrapping_mul(FACTOR) >> 40) as usize
}
