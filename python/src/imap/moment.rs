//! Moments as `datetime`, always aware of their zone.

use mailproto_core::imap::DateTime;
use mailproto_core::message;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDateTime, PyType, PyTzInfo, PyTzInfoAccess};

use super::cache::{Cache, Kind};

/// The `datetime` of a moment that a server told; `None` outside of Python's years. A leap second is
/// the first of the next minute.
pub(crate) fn aware<'py>(
    py: Python<'py>,
    cache: &mut Cache,
    moment: DateTime,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    // A zone of a day or more is no zone to Python.
    let usual = moment.second < 60 && moment.zone_minutes.unsigned_abs() < 24 * 60;
    let moment = if usual {
        moment
    } else {
        let zone =
            if moment.zone_minutes.unsigned_abs() < 24 * 60 { moment.zone_minutes } else { 0 };
        let Some(moment) = DateTime::from_unix(moment.to_unix(), zone) else { return Ok(None) };
        moment
    };
    if moment.date.year == 0 {
        return Ok(None);
    }
    build(py, cache, moment).map(Some)
}

/// The `datetime` of a Date field (RFC 5322 §3.3). Where the sender's zone is not known it is UTC.
pub(crate) fn of_field<'py>(
    py: Python<'py>,
    cache: &mut Cache,
    field: &[u8],
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let Some(moment) = message::date::DateTime::from_field(field) else { return Ok(None) };
    let zone =
        if moment.offset_minutes.unsigned_abs() < 24 * 60 { moment.offset_minutes } else { 0 };
    match DateTime::from_unix(moment.unix_seconds, zone) {
        Some(moment) => aware(py, cache, moment),
        None => Ok(None),
    }
}

/// Calls `datetime` as `pickle` does, with the octets of its state: a third of what seven numbers cost.
fn build<'py>(py: Python<'py>, cache: &mut Cache, moment: DateTime) -> PyResult<Bound<'py, PyAny>> {
    static DATETIME: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let class = DATETIME.import(py, "datetime", "datetime")?;
    let [century, year] = moment.date.year.to_be_bytes();
    let DateTime { hour, minute, second, .. } = moment;
    let state = [century, year, moment.date.month, moment.date.day, hour, minute, second, 0, 0, 0];
    class.call1((PyBytes::new(py, &state), zone(py, cache, moment.zone_minutes)?))
}

fn zone(py: Python<'_>, cache: &mut Cache, minutes: i16) -> PyResult<Py<PyAny>> {
    cache.get(py, Kind::Zone, &minutes.to_le_bytes(), |_| {
        let module = py.import("datetime")?;
        if minutes == 0 {
            return module.getattr("timezone")?.getattr("utc");
        }
        let offset = module.getattr("timedelta")?.call1((0, i32::from(minutes) * 60))?;
        module.getattr("timezone")?.call1((offset,))
    })
}

/// Reads an aware `datetime` as a moment.
pub(crate) fn read(moment: &Bound<'_, PyAny>) -> PyResult<DateTime> {
    let moment = moment.cast::<PyDateTime>()?;
    let zone: Option<Bound<'_, PyTzInfo>> = moment.get_tzinfo();
    // One that tells no zone is the local time, as everywhere in Python.
    let moment =
        if zone.is_none() { moment.call_method0("astimezone")? } else { moment.clone().into_any() };
    let offset = moment.call_method0("utcoffset")?.call_method0("total_seconds")?;
    let number = |name: &str| moment.getattr(name)?.extract::<u8>();
    let date = super::keys::read_date(&moment)?;
    let zone_minutes = (offset.extract::<f64>()? / 60.0) as i16;
    let (hour, minute, second) = (number("hour")?, number("minute")?, number("second")?);
    Ok(DateTime { date, hour, minute, second, zone_minutes })
}
