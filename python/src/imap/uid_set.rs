//! Sets of UIDs or message numbers, kept as ranges: a set of a million is as small as its gaps are few.

use std::cmp::Ordering;

use mailproto_core::imap::{Range, SequenceSet};
use pyo3::exceptions::{PyOverflowError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};

/// A set of UIDs, or of message numbers, that keeps ranges as ranges.
///
/// ``UidSet("1:5,9")``, ``UidSet([1, 2, 3])``, ``UidSet(7)``, ``UidSet()``. It iterates in ascending
/// order, and has ``len``, ``in``, ``|``, ``&``, ``-``, ``==``; ``str`` writes it as commands do.
#[pyclass(module = "mailproto.sansio.imap", frozen)]
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct UidSet {
    /// In ascending order, with a gap before each next one.
    ranges: Box<[Range]>,
}

#[pymethods]
impl UidSet {
    #[new]
    #[pyo3(signature = (numbers = None))]
    fn new(numbers: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        numbers.map_or_else(|| Ok(Self::default()), Self::read)
    }

    /// The ranges, each the first and the last number in it.
    #[getter]
    fn ranges<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let pairs: Vec<_> = self.ranges.iter().map(|range| (range.first, range.last)).collect();
        PyTuple::new(py, pairs)
    }

    /// The lowest number. Of an empty set there is none: `ValueError`.
    #[getter]
    fn min(&self) -> PyResult<u32> {
        self.ranges.first().map(|range| range.first).ok_or_else(empty)
    }

    /// The highest number. Of an empty set there is none: `ValueError`.
    #[getter]
    fn max(&self) -> PyResult<u32> {
        self.ranges.last().map(|range| range.last).ok_or_else(empty)
    }

    /// The set in pieces, in ascending order, each of at most `count` numbers, and at most `octets` long as
    /// text: what one command may take.
    #[pyo3(signature = (count, octets = 8000))]
    fn chunks(&self, count: u64, octets: usize) -> PyResult<Chunks> {
        if count == 0 || octets < LONGEST_RANGE {
            let text = format!("count must be at least 1, octets at least {LONGEST_RANGE}");
            return Err(PyValueError::new_err(text));
        }
        Ok(Chunks { rest: self.ranges.to_vec(), at: 0, count, octets })
    }

    fn __len__(&self) -> PyResult<usize> {
        let count: u64 = self.ranges.iter().map(|range| range.count()).sum();
        usize::try_from(count).map_err(|_| PyOverflowError::new_err("too many for len()"))
    }

    fn __bool__(&self) -> bool {
        !self.ranges.is_empty()
    }

    fn __iter__(&self) -> Numbers {
        Numbers { ranges: self.ranges.clone(), at: 0, next: 0 }
    }

    fn __contains__(&self, number: &Bound<'_, PyAny>) -> bool {
        number.extract().is_ok_and(|number| self.holds(number))
    }

    fn __or__(&self, other: &Self) -> Self {
        Self::of(self.ranges.iter().chain(&other.ranges).copied().collect())
    }

    fn __and__(&self, other: &Self) -> Self {
        let (mut ours, mut theirs) =
            (self.ranges.iter().peekable(), other.ranges.iter().peekable());
        let mut both = Vec::new();
        while let (Some(one), Some(two)) = (ours.peek(), theirs.peek()) {
            let (first, last) = (one.first.max(two.first), one.last.min(two.last));
            if first <= last {
                both.push(Range { first, last });
            }
            match one.last.cmp(&two.last) {
                Ordering::Less => drop(ours.next()),
                _ => drop(theirs.next()),
            }
        }
        Self { ranges: both.into() }
    }

    fn __sub__(&self, other: &Self) -> Self {
        let mut left = Vec::new();
        let mut theirs = other.ranges.iter().peekable();
        for range in &self.ranges {
            let mut first = Some(range.first);
            while let (Some(from), Some(taken)) = (first, theirs.peek()) {
                if taken.last < from {
                    theirs.next();
                    continue;
                }
                if taken.first > range.last {
                    break;
                }
                if from < taken.first {
                    left.push(Range { first: from, last: taken.first - 1 });
                }
                first = taken.last.checked_add(1).filter(|next| *next <= range.last);
            }
            left.extend(first.map(|first| Range { first, last: range.last }));
        }
        Self { ranges: left.into() }
    }

    fn __eq__(&self, other: &Self) -> bool {
        self == other
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        self.ranges(py)?.hash()
    }

    fn __str__(&self) -> String {
        text(&self.ranges)
    }

    fn __repr__(&self) -> String {
        if self.ranges.is_empty() {
            "UidSet()".into()
        } else {
            format!("UidSet('{}')", self.__str__())
        }
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyTuple>> {
        let text = PyTuple::new(slf.py(), [slf.get().__str__()])?;
        PyTuple::new(slf.py(), [slf.get_type().into_any(), text.into_any()])
    }
}

/// The longest text of a range, with its comma: `4294967295:4294967295,`.
const LONGEST_RANGE: usize = 22;

fn empty() -> PyErr {
    PyValueError::new_err("the set is empty")
}

impl UidSet {
    /// Of ranges in any order.
    pub(crate) fn of(mut ranges: Vec<Range>) -> Self {
        ranges.retain(|range| range.first <= range.last);
        if !ranges.is_sorted_by_key(|range| range.first) {
            ranges.sort_unstable_by_key(|range| range.first);
        }
        let mut merged: Vec<Range> = Vec::new();
        for range in ranges {
            match merged.last_mut() {
                Some(before) if range.first <= before.last.saturating_add(1) => {
                    before.last = before.last.max(range.last);
                }
                _ => merged.push(range),
            }
        }
        Self { ranges: merged.into() }
    }

    /// Of numbers in any order.
    pub(crate) fn of_numbers(numbers: &[u32]) -> Self {
        Self::of(numbers.iter().map(|&number| Range { first: number, last: number }).collect())
    }

    /// Of what a server sent. Zero, which no UID is, is left out.
    pub(crate) fn of_received(set: SequenceSet<'_>) -> Self {
        Self::of(set.ranges().map(|range| Range { first: range.first.max(1), ..range }).collect())
    }

    pub(crate) fn as_ranges(&self) -> &[Range] {
        &self.ranges
    }

    fn holds(&self, number: u32) -> bool {
        let behind = self.ranges.partition_point(|range| range.first <= number);
        behind.checked_sub(1).and_then(|at| self.ranges.get(at)).is_some_and(|r| r.contains(number))
    }

    /// Reads text, a number, a set or numbers one by one.
    pub(crate) fn read(numbers: &Bound<'_, PyAny>) -> PyResult<Self> {
        if let Ok(set) = numbers.cast::<Self>() {
            return Ok(set.get().clone());
        }
        if let Ok(text) = numbers.cast::<PyString>() {
            return parse(&text.to_cow()?);
        }
        if let Ok(number) = numbers.extract::<u32>() {
            return checked(vec![number]);
        }
        let mut all = Vec::with_capacity(numbers.len().unwrap_or(0).min(1 << 20));
        for number in numbers.try_iter()? {
            all.push(number?.extract()?);
        }
        checked(all)
    }
}

fn checked(numbers: Vec<u32>) -> PyResult<UidSet> {
    if numbers.contains(&0) {
        return Err(PyValueError::new_err("UIDs and message numbers start at 1"));
    }
    Ok(UidSet::of_numbers(&numbers))
}

/// `1:5,9`. A `*` is no number.
fn parse(text: &str) -> PyResult<UidSet> {
    let wrong = || PyValueError::new_err(format!("no set of numbers: {text:?}"));
    if text.contains('*') {
        return Err(wrong());
    }
    let set = SequenceSet::from_bytes(text.as_bytes()).ok_or_else(wrong)?;
    if set.ranges().any(|range| range.first == 0) {
        return Err(wrong());
    }
    Ok(UidSet::of_received(set))
}

fn text(ranges: &[Range]) -> String {
    let mut text = String::new();
    for range in ranges {
        let comma = if text.is_empty() { "" } else { "," };
        text.push_str(comma);
        push(&mut text, *range);
    }
    text
}

fn push(text: &mut String, range: Range) {
    use std::fmt::Write;
    let _ = write!(text, "{}", range.first);
    if range.last != range.first {
        let _ = write!(text, ":{}", range.last);
    }
}

/// The numbers of a set.
#[pyclass(module = "mailproto.sansio.imap")]
pub(crate) struct Numbers {
    ranges: Box<[Range]>,
    at: usize,
    /// How far the range is told.
    next: u32,
}

#[pymethods]
impl Numbers {
    fn __iter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    fn __next__(&mut self) -> Option<u32> {
        let range = self.ranges.get(self.at)?;
        let number = range.first.checked_add(self.next)?;
        if number == range.last {
            (self.at, self.next) = (self.at + 1, 0);
        } else {
            self.next += 1;
        }
        Some(number)
    }
}

/// The pieces of a set.
#[pyclass(module = "mailproto.sansio.imap")]
pub(crate) struct Chunks {
    rest: Vec<Range>,
    at: usize,
    count: u64,
    octets: usize,
}

#[pymethods]
impl Chunks {
    fn __iter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    fn __next__(&mut self) -> Option<UidSet> {
        let (mut piece, mut count, mut octets) = (Vec::new(), self.count, self.octets);
        while let Some(range) = self.rest.get_mut(self.at) {
            let mut written = String::new();
            push(&mut written, *range);
            let comma = usize::from(!piece.is_empty());
            if count == 0 || written.len() + comma > octets {
                break;
            }
            octets -= written.len() + comma;
            let taken = range.count().min(count);
            count -= taken;
            let last = range.first.saturating_add((taken - 1) as u32);
            piece.push(Range { first: range.first, last });
            if last == range.last {
                self.at += 1;
            } else {
                range.first = last + 1;
            }
        }
        if piece.is_empty() { None } else { Some(UidSet { ranges: piece.into() }) }
    }
}
