//! Dates (RFC 9051 §9: `date`, `date-time`).

/// A day (RFC 9051 §9, `date`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    /// The year.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

/// A day, a time and a zone (RFC 9051 §9, `date-time`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateTime {
    /// The day, in `zone`.
    pub date: Date,
}
