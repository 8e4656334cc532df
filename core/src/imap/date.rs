//! Dates (RFC 9051 §9, `date` and `date-time`): of INTERNALDATE and SAVEDATE, and those that APPEND and
//! SEARCH take.

use core::fmt;

use super::lexer::Lexer;
use super::quirk::{Forgiven, Quirk};
use crate::calendar::{
    day_since_1970, days_since_1970, is_day, month_name, month_number, zone_minutes,
};
use crate::error::EmitError;
use crate::wire::Put;

/// A day (RFC 9051 §9, `date`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Date {
    /// The year, in four digits at most.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl Date {
    /// This day; `None` where the calendar has none.
    ///
    /// ```
    /// use mailproto_core::imap::Date;
    ///
    /// assert!(Date::new(2024, 2, 29).is_some());
    /// assert!(Date::new(2023, 2, 29).is_none());
    /// ```
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let date = Self { year, month, day };
        date.exists().then_some(date)
    }

    /// The day of this moment, in UTC: seconds since the beginning of 1970. `None` outside of the years
    /// 0 to 9999.
    #[must_use]
    pub fn from_unix(seconds: i64) -> Option<Self> {
        DateTime::from_unix(seconds, 0).map(|moment| moment.date)
    }

    /// Whether there is such a day, and its year has no five digits.
    fn exists(self) -> bool {
        self.year <= 9999 && is_day(self.year, self.month.into(), self.day.into())
    }

    /// The date at the front. Obsolete forms are noted.
    fn take(lexer: &mut Lexer<'_>) -> Option<Self> {
        let spaced = lexer.octet(b' ').is_some();
        let (day, digits) = number(lexer, 2)?;
        // date-day-fixed: two digits, or a space and one.
        if spaced == (digits == 2) {
            lexer.note(Quirk::BadDate);
        }
        lexer.octet(b'-')?;
        let month = month_number(lexer.take(3)?)?;
        lexer.octet(b'-')?;
        let year = year(lexer)?;
        Self::new(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    }

    /// Writes it (`date-text`).
    ///
    /// # Errors
    /// `BadArgument`, for a day that does not exist.
    pub(crate) fn emit(self, out: &mut impl Put) -> Result<(), EmitError> {
        if self.day < 10 {
            self.check()?;
            out.put(&[b'0'.wrapping_add(self.day)]);
            return self.emit_month_and_year(out);
        }
        self.emit_fixed(out)
    }

    /// Writes it with a day of two octets (`date-day-fixed`).
    fn emit_fixed(self, out: &mut impl Put) -> Result<(), EmitError> {
        self.check()?;
        out.put(&two_digits(self.day, b' '));
        self.emit_month_and_year(out)
    }

    fn check(self) -> Result<(), EmitError> {
        if self.exists() { Ok(()) } else { Err(EmitError::BadArgument { at: 0 }) }
    }

    fn emit_month_and_year(self, out: &mut impl Put) -> Result<(), EmitError> {
        out.put(b"-");
        out.put(month_name(self.month).ok_or(EmitError::BadArgument { at: 0 })?);
        out.put(b"-");
        // Both are below 100.
        out.put(&two_digits((self.year / 100) as u8, b'0'));
        out.put(&two_digits((self.year % 100) as u8, b'0'));
        Ok(())
    }
}

impl fmt::Display for Date {
    /// As ISO 8601 writes it: `1994-02-01`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// A day, a time and a zone (RFC 9051 §9, `date-time`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct DateTime {
    /// The day, in `zone`.
    pub date: Date,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 60: there are leap seconds.
    pub second: u8,
    /// How far the zone is ahead of UTC, in minutes.
    pub zone_minutes: i16,
}

impl DateTime {
    /// This moment, in seconds since the beginning of 1970, as a clock in the zone shows it. `None` outside
    /// of the years 0 to 9999.
    ///
    /// ```
    /// use mailproto_core::imap::DateTime;
    ///
    /// let moment = DateTime::from_unix(837_596_665, -420).expect("a year of four digits");
    /// assert_eq!(moment.to_string(), "1996-07-17T02:44:25-07:00");
    /// assert_eq!(moment.to_unix(), 837_596_665);
    /// ```
    #[must_use]
    pub fn from_unix(seconds: i64, zone_minutes: i16) -> Option<Self> {
        let local = seconds.checked_add(i64::from(zone_minutes).checked_mul(60)?)?;
        // A day has 675 times 128 seconds: so there is no division of 64 bits, which takes 700 octets of a chip's
        // flash. Years of four digits lie within.
        let high = i32::try_from(local >> 7).ok()?;
        let (year, month, day) = day_since_1970(high.div_euclid(675).into())?;
        let of_day = high.rem_euclid(675) << 7 | (local & 0x7f) as i32;
        let octet = |number: i32| u8::try_from(number).ok();
        Some(Self {
            date: Date { year, month: u8::try_from(month).ok()?, day: u8::try_from(day).ok()? },
            hour: octet(of_day / 3600)?,
            minute: octet(of_day / 60 % 60)?,
            second: octet(of_day % 60)?,
            zone_minutes,
        })
    }

    /// Seconds since the beginning of 1970, UTC, without leap seconds: a second 60 counts as the first of
    /// the next minute. A day that does not exist, which no server's date is, counts as the first of 1970.
    #[must_use]
    pub fn to_unix(self) -> i64 {
        let Date { year, month, day } = self.date;
        let days = days_since_1970(year, month.into(), day.into());
        let days = days.filter(|_| year <= 9999).unwrap_or(0);
        let minutes = i64::from(self.hour)
            .saturating_mul(60)
            .saturating_add(self.minute.into())
            .saturating_sub(self.zone_minutes.into());
        let of_day = minutes.saturating_mul(60).saturating_add(self.second.into());
        days.saturating_mul(86_400).saturating_add(of_day)
    }

    /// What stands between the quotes of a `date-time`. The forms that RFC 1176 had (a year of two digits, a
    /// named zone behind a hyphen) are read and noted; what is no moment at all is `None`, and noted.
    #[cfg_attr(not(feature = "fast"), inline(never))]
    pub(crate) fn parse(text: &[u8]) -> (Option<Self>, Forgiven) {
        let mut lexer = Lexer::new(text);
        match Self::take(&mut lexer) {
            Some(moment) if lexer.end().is_some() => (Some(moment), lexer.quirks()),
            _ => (None, Forgiven::NONE.with(Quirk::BadDate)),
        }
    }

    /// What stands between the quotes, where there is nothing to forgive in it: `17-Jul-1996 02:44:25 -0700`.
    #[cfg(feature = "fast")]
    #[inline]
    pub(crate) fn usual(text: &[u8; 26]) -> Option<Self> {
        let &[d, ay, b'-', m, on, th, b'-', y, e, a, r, b' ', ref rest @ ..] = text else {
            return None;
        };
        let &[h, our, b':', mi, nute, b':', s, econd, b' ', sign, z, o, n, es] = rest else {
            return None;
        };
        let date = Date {
            year: u16::from(pair(y, e)?).wrapping_mul(100).wrapping_add(pair(a, r)?.into()),
            month: month([m, on, th])?,
            day: if d == b' ' { digit(ay)? } else { pair(d, ay)? },
        };
        let zone_minutes = pair(n, es).filter(|minutes| *minutes <= 59)?;
        let zone = i16::from(pair(z, o)?).wrapping_mul(60).wrapping_add(zone_minutes.into());
        let moment = Self {
            date,
            hour: pair(h, our)?,
            minute: pair(mi, nute)?,
            second: pair(s, econd)?,
            zone_minutes: match sign {
                b'+' => zone,
                b'-' => zone.wrapping_neg(),
                _ => return None,
            },
        };
        let is_known = moment.hour <= 23 && moment.minute <= 59 && moment.second <= 60;
        (is_known && date.exists()).then_some(moment)
    }

    fn take(lexer: &mut Lexer<'_>) -> Option<Self> {
        let date = Date::take(lexer)?;
        lexer.sp()?;
        let hour = clock(lexer, 23)?;
        lexer.octet(b':')?;
        let minute = clock(lexer, 59)?;
        lexer.octet(b':')?;
        let second = clock(lexer, 60)?;
        Some(Self { date, hour, minute, second, zone_minutes: zone(lexer)? })
    }

    /// Writes it in its quotes.
    ///
    /// # Errors
    /// `BadArgument`, for a moment that does not exist, or a zone a hundred hours away.
    pub(crate) fn emit(self, out: &mut impl Put) -> Result<(), EmitError> {
        let zone = self.zone_minutes.unsigned_abs();
        if self.hour > 23 || self.minute > 59 || self.second > 60 || zone >= 6000 {
            return Err(EmitError::BadArgument { at: 0 });
        }
        out.put(b"\"");
        self.date.emit_fixed(out)?;
        for (before, number) in [(b" ", self.hour), (b":", self.minute), (b":", self.second)] {
            out.put(before);
            out.put(&two_digits(number, b'0'));
        }
        out.put(if self.zone_minutes < 0 { b" -" } else { b" +" });
        // Both are below 100.
        out.put(&two_digits((zone / 60) as u8, b'0'));
        out.put(&two_digits((zone % 60) as u8, b'0'));
        out.put(b"\"");
        Ok(())
    }
}

impl fmt::Display for DateTime {
    /// As ISO 8601 writes it: `1996-07-17T02:44:25-07:00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let zone = self.zone_minutes.unsigned_abs();
        let sign = if self.zone_minutes < 0 { '-' } else { '+' };
        write!(f, "{}T{:02}:{:02}:{:02}", self.date, self.hour, self.minute, self.second)?;
        write!(f, "{sign}{:02}:{:02}", zone / 60, zone % 60)
    }
}

#[cfg(feature = "fast")]
#[inline(always)]
fn digit(octet: u8) -> Option<u8> {
    let digit = octet.wrapping_sub(b'0');
    (digit <= 9).then_some(digit)
}

#[cfg(feature = "fast")]
#[inline(always)]
fn pair(tens: u8, ones: u8) -> Option<u8> {
    Some(digit(tens)?.wrapping_mul(10).wrapping_add(digit(ones)?))
}

/// The number of a month, spelled as RFC 9051 §9 has it: found by its last two letters, without a branch for each.
#[cfg(feature = "fast")]
#[inline(always)]
fn month(name: [u8; 3]) -> Option<u8> {
    /// The months at the sum of their last two letters, modulo 32; in between, what no name is.
    static MONTHS: [[u8; 4]; 32] = {
        let mut months = [[0; 4]; 32];
        months[15] = *b"Jan\x01";
        months[7] = *b"Feb\x02";
        months[19] = *b"Mar\x03";
        months[2] = *b"Apr\x04";
        months[26] = *b"May\x05";
        months[3] = *b"Jun\x06";
        months[1] = *b"Jul\x07";
        months[28] = *b"Aug\x08";
        months[21] = *b"Sep\x09";
        months[23] = *b"Oct\x0a";
        months[5] = *b"Nov\x0b";
        months[8] = *b"Dec\x0c";
        months
    };
    let [_, on, th] = name;
    let [a, b, c, number] = *MONTHS.get(usize::from(on.wrapping_add(th) & 31))?;
    ([a, b, c] == name).then_some(number)
}

/// Up to `most` digits: the number, and how many digits it has.
fn number(lexer: &mut Lexer<'_>, most: usize) -> Option<(u16, u16)> {
    let digits = lexer.take_while(|octet| octet.is_ascii_digit());
    if digits.is_empty() || digits.len() > most {
        return None;
    }
    let number = digits.iter().try_fold(0_u16, |number, digit| {
        number.checked_mul(10)?.checked_add(u16::from(digit & 0x0f))
    })?;
    Some((number, u16::try_from(digits.len()).ok()?))
}

/// Four digits. Two mean what RFC 5322 §4.3 says.
fn year(lexer: &mut Lexer<'_>) -> Option<u16> {
    let (year, digits) = number(lexer, 4)?;
    match digits {
        4 => return Some(year),
        2 => lexer.note(Quirk::BadDate),
        _ => return None,
    }
    year.checked_add(if year < 50 { 2000 } else { 1900 })
}

/// Two digits of a clock. One alone is noted.
fn clock(lexer: &mut Lexer<'_>, most: u8) -> Option<u8> {
    let (number, digits) = number(lexer, 2)?;
    if digits == 1 {
        lexer.note(Quirk::BadDate);
    }
    u8::try_from(number).ok().filter(|number| *number <= most)
}

/// The zone behind the time, in minutes. All forms but ` +hhmm` and ` -hhmm` are noted; where there is
/// none, or a military letter, it is UTC (RFC 5322 §4.3).
fn zone(lexer: &mut Lexer<'_>) -> Option<i16> {
    let spaced = lexer.sp().is_some();
    let sign = lexer.peek().filter(|octet| matches!(octet, b'+' | b'-'));
    lexer.advance(usize::from(sign.is_some()));
    if let Some(sign) = sign
        && let Some((digits, 4)) = number(lexer, 4)
    {
        if !spaced {
            lexer.note(Quirk::BadDate);
        }
        return offset(sign, digits);
    }
    lexer.note(Quirk::BadDate);
    let name = lexer.take_while(|octet| octet.is_ascii_alphabetic());
    match name {
        [] if sign.is_some() => None,
        [] | [_] => Some(0),
        name => zone_minutes(name),
    }
}

/// `hhmm` in minutes.
fn offset(sign: u8, digits: u16) -> Option<i16> {
    let (hours, minutes) = (digits / 100, digits % 100);
    if minutes > 59 {
        return None;
    }
    let minutes = hours.checked_mul(60)?.checked_add(minutes)?;
    let minutes = i16::try_from(minutes).ok()?;
    Some(if sign == b'-' { minutes.saturating_neg() } else { minutes })
}

/// A number below 100 in two octets; `fill` stands for a first digit that is zero.
const fn two_digits(number: u8, fill: u8) -> [u8; 2] {
    let tens = if number < 10 { fill } else { b'0'.wrapping_add(number / 10) };
    [tens, b'0'.wrapping_add(number % 10)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(moment: DateTime) -> Result<String, EmitError> {
        let mut sent = Vec::new();
        moment.emit(&mut |octets: &[u8]| sent.extend_from_slice(octets))?;
        Ok(String::from_utf8(sent).unwrap())
    }

    fn day(date: Date) -> Result<String, EmitError> {
        let mut sent = Vec::new();
        date.emit(&mut |octets: &[u8]| sent.extend_from_slice(octets))?;
        Ok(String::from_utf8(sent).unwrap())
    }

    #[test]
    fn dates_of_the_rfcs_are_read_and_written_back() {
        // The first is of RFC 9051 §7.5.2; seconds by `date -u -d … +%s`.
        for (text, iso, unix) in [
            ("17-Jul-1996 02:44:25 -0700", "1996-07-17T02:44:25-07:00", 837_596_665),
            (" 7-May-2014 03:41:14 +0000", "2014-05-07T03:41:14+00:00", 1_399_434_074),
            ("01-Jan-2017 00:59:60 +0100", "2017-01-01T00:59:60+01:00", 1_483_228_800),
            ("29-Feb-2000 23:59:59 +0545", "2000-02-29T23:59:59+05:45", 951_848_099),
            ("31-Dec-9999 23:59:59 +0000", "9999-12-31T23:59:59+00:00", 253_402_300_799),
        ] {
            let (moment, quirks) = DateTime::parse(text.as_bytes());
            let moment = moment.unwrap_or_else(|| panic!("{text}"));
            assert_eq!(quirks, Forgiven::NONE, "{text}");
            assert_eq!((moment.to_string().as_str(), moment.to_unix()), (iso, unix));
            let canonical = text.replacen("01-Jan", " 1-Jan", 1);
            assert_eq!(written(moment), Ok(format!("\"{canonical}\"")));
        }
    }

    #[test]
    fn obsolete_forms_are_read_and_noted() {
        for (text, iso) in [
            // RFC 1176's form, as Cyrus reads it.
            ("13-Jul-96 02:44:25-PDT", "1996-07-13T02:44:25-07:00"),
            ("13-Jul-96 02:44:25-0700", "1996-07-13T02:44:25-07:00"),
            (" 1-Jan-49 00:00:00 GMT", "2049-01-01T00:00:00+00:00"),
            ("01-Jan-50 00:00:00-A", "1950-01-01T00:00:00+00:00"),
            ("01-Jan-2000 00:00:00", "2000-01-01T00:00:00+00:00"),
            ("1-Jan-2000 0:00:00 +0000", "2000-01-01T00:00:00+00:00"),
            (" 17-JUL-1996 02:44:25 -0700", "1996-07-17T02:44:25-07:00"),
        ] {
            let (moment, quirks) = DateTime::parse(text.as_bytes());
            assert_eq!(moment.map(|moment| moment.to_string()).as_deref(), Some(iso), "{text}");
            assert_eq!(quirks, Forgiven::NONE.with(Quirk::BadDate), "{text}");
        }
    }

    #[test]
    fn what_is_no_moment_is_absent_and_noted() {
        for text in [
            "",
            "00-Jan-0000 00:00:00 +0000",
            "98765432100-OCT-2018 13:41:57 -0400",
            "27-JAG-2018 13:41:57 -0400",
            "27-OCT-2018 33:41:57 -0400",
            "27-OCT-2018 13:411:57 -0400",
            "27-OCT-2018 13:41:577 -0400",
            "27-OCT-2018 13:41:57 -98765432100",
            "27-OCT-2018 13:41:57 -0400 XYZ",
            "27-OCT-2018 13:41:57 XYZ",
            "27-OCT-2018 13:41:57 -",
            "27-OCT-2018 13:41:57 -0460",
            "29-Feb-1900 00:00:00 +0000",
            "27-OCT-018 13:41:57 -0400",
            "27 Oct 2018 13:41:57 -0400",
        ] {
            let bad = Forgiven::NONE.with(Quirk::BadDate);
            assert_eq!(DateTime::parse(text.as_bytes()), (None, bad), "{text}");
        }
    }

    #[test]
    fn days_are_written_as_search_wants_them() {
        // RFC 9051 §6.4.4: SINCE 1-Feb-1994.
        assert_eq!(day(Date::new(1994, 2, 1).unwrap()).as_deref(), Ok("1-Feb-1994"));
        assert_eq!(day(Date::new(2026, 12, 31).unwrap()).as_deref(), Ok("31-Dec-2026"));
        assert_eq!(day(Date::new(0, 1, 1).unwrap()).as_deref(), Ok("1-Jan-0000"));
        assert_eq!(Date::from_unix(86_399), Date::new(1970, 1, 1));
        assert!(Date::new(1994, 2, 1) < Date::new(1994, 10, 1));
    }

    #[test]
    fn what_does_not_exist_is_not_sent() {
        let bad = Err(EmitError::BadArgument { at: 0 });
        for (year, month, of_month) in [(2001, 2, 29), (2001, 0, 1), (2001, 13, 1), (10_000, 1, 1)]
        {
            assert_eq!(day(Date { year, month, day: of_month }), bad);
            assert_eq!(Date::new(year, month, of_month), None);
        }
        let moment = DateTime::from_unix(0, 0).unwrap();
        assert_eq!(written(DateTime { hour: 24, ..moment }), bad);
        assert_eq!(written(DateTime { minute: 60, ..moment }), bad);
        assert_eq!(written(DateTime { second: 61, ..moment }), bad);
        assert_eq!(written(DateTime { zone_minutes: 6000, ..moment }), bad);
        assert_eq!(written(DateTime { zone_minutes: i16::MIN, ..moment }), bad);
        assert_eq!(DateTime::from_unix(i64::MAX, 0), None);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(seconds in -62_167_000_000_i64..253_402_000_000, zone in -5999_i16..6000) {
            let Some(moment) = DateTime::from_unix(seconds, zone) else { return Ok(()) };
            prop_assert_eq!(moment.to_unix(), seconds);
            let text = written(moment).unwrap();
            let (read, quirks) = DateTime::parse(text.trim_matches('"').as_bytes());
            prop_assert_eq!((read, quirks), (Some(moment), Forgiven::NONE));
            #[cfg(feature = "fast")]
            prop_assert_eq!(text.as_bytes()[1..27].as_array().and_then(DateTime::usual), Some(moment));
        }

        /// The short way takes nothing that the general one does not read in the same way, without a quirk.
        #[cfg(feature = "fast")]
        #[test]
        fn the_short_way_reads_the_same(
            text in "[ 0-3][0-9]-(Jan|Feb|Jun|Sep|Nov|Dec|[A-Z][a-z]{2})-[0-9]{4} [0-2][0-9]:[0-6][0-9]:[0-6][0-9] [+-][0-9]{2}[0-7][0-9]",
        ) {
            let told = DateTime::parse(text.as_bytes());
            let usual = text.as_bytes().as_array().and_then(DateTime::usual);
            let read = told.0.filter(|_| told.1.is_empty());
            prop_assert_eq!(usual, read);
        }

        #[test]
        fn any_octets_are_survived(text in "[ 0-9]{1,2}-[a-zA-Z]{3}-[0-9]{2,4} [0-9:]{0,9}[ +0-9A-Z-]{0,8}", octets: Vec<u8>) {
            let (moment, quirks) = DateTime::parse(text.as_bytes());
            prop_assert!(moment.is_some() || quirks.contains(Quirk::BadDate));
            let _ = DateTime::parse(&octets);
        }
    }
}
