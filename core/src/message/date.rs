//! Dates (RFC 5322 §3.3, and the obsolete forms of §4.3).

use super::text::{cut, skip_cfws, span};
use crate::calendar::{days_since_1970, month_number, zone_minutes};

/// A moment, as a Date field tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct DateTime {
    /// Seconds since the beginning of 1970, UTC, without leap seconds. A second 60 counts as the first
    /// of the next minute.
    pub unix_seconds: i64,
    /// How far the sender's clock is ahead of UTC, in minutes.
    pub offset_minutes: i16,
    /// Whether that offset is known; it is not where the zone is `-0000`, a military letter, unknown
    /// or missing (§3.3, §4.3).
    pub offset_known: bool,
}

impl DateTime {
    /// From the body of a Date field, folded or not. Comments may stand between the parts; the day of
    /// the week is passed over, right or wrong; a year of two digits is put between 1950 and 2049, one
    /// of three counts from 1900 (§4.3).
    ///
    /// `None` where it is no date, or one that does not exist.
    ///
    /// ```
    /// use mailproto_core::message::date::DateTime;
    ///
    /// let date = DateTime::from_field(b"Fri, 21 Nov 1997 09:55:06 -0600").expect("a date");
    /// assert_eq!((date.unix_seconds, date.offset_minutes), (880_127_706, -360));
    /// ```
    #[must_use]
    pub fn from_field(body: &[u8]) -> Option<Self> {
        let mut rest = skip_cfws(body);
        if word(&mut rest).is_some() {
            rest = skip_cfws(rest);
            rest = skip_cfws(rest.strip_prefix(b",").unwrap_or(rest));
        }
        let day = number(&mut rest, 2)?.0;
        let month = month(&mut rest)?;
        let year = year(&mut rest)?;
        let (hour, minute, second) = time_of_day(&mut rest)?;
        let (offset, offset_known) = zone(rest);
        let days = days_since_1970(year, month, day)?;
        let clock = i64::from(hour)
            .saturating_mul(60)
            .saturating_add(i64::from(minute))
            .saturating_sub(i64::from(offset));
        let seconds = clock.saturating_mul(60).saturating_add(i64::from(second));
        let unix_seconds = days.saturating_mul(86_400).saturating_add(seconds);
        Some(Self { unix_seconds, offset_minutes: offset, offset_known })
    }
}

/// Letters, and behind them comments and white space.
fn word<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (word, behind) = cut(rest, span(rest, |octet| octet.is_ascii_alphabetic()));
    if word.is_empty() {
        return None;
    }
    *rest = skip_cfws(behind);
    // Some write a full stop behind an abbreviation.
    *rest = rest.strip_prefix(b".").map_or(*rest, skip_cfws);
    Some(word)
}

/// Up to `most` digits: the number, and how many digits it has.
fn number(rest: &mut &[u8], most: usize) -> Option<(u16, usize)> {
    let len = span(rest, |octet| octet.is_ascii_digit());
    let (digits, behind) = cut(rest, len);
    if digits.is_empty() || len > most {
        return None;
    }
    *rest = skip_cfws(behind);
    let value = digits.iter().try_fold(0_u16, |value, digit| {
        value.checked_mul(10)?.checked_add(u16::from(digit & 0x0f))
    })?;
    Some((value, len))
}

fn month(rest: &mut &[u8]) -> Option<u16> {
    *rest = rest.strip_prefix(b"-").unwrap_or(rest);
    let word = word(rest)?;
    let name = word.get(..3)?;
    *rest = rest.strip_prefix(b"-").unwrap_or(rest);
    month_number(name)
}

/// RFC 5322 §4.3 on years of fewer than four digits.
fn year(rest: &mut &[u8]) -> Option<u16> {
    let (year, digits) = number(rest, 4)?;
    match digits {
        1 => None,
        2 if year < 50 => year.checked_add(2000),
        2 | 3 => year.checked_add(1900),
        _ => Some(year),
    }
}

fn time_of_day(rest: &mut &[u8]) -> Option<(u16, u16, u16)> {
    let hour = number(rest, 2)?.0;
    let minute = behind_colon(rest)?;
    let second = if rest.starts_with(b":") { behind_colon(rest)? } else { 0 };
    (hour < 24 && minute < 60 && second <= 60).then_some((hour, minute, second))
}

fn behind_colon(rest: &mut &[u8]) -> Option<u16> {
    *rest = skip_cfws(rest.strip_prefix(b":")?);
    number(rest, 2).map(|(value, _)| value)
}

/// The offset in minutes, and whether it is known.
fn zone(mut rest: &[u8]) -> (i16, bool) {
    let sign = match rest {
        [sign @ (b'+' | b'-'), behind @ ..] => {
            rest = behind;
            *sign
        }
        _ => {
            let name = word(&mut rest).unwrap_or_default();
            return zone_minutes(name).map_or((0, false), |minutes| (minutes, true));
        }
    };
    let digits = number(&mut rest, 4).filter(|(value, len)| *len == 4 && value % 100 < 60);
    let Some((value, _)) = digits else { return (0, false) };
    let minutes = (value / 100).saturating_mul(60).saturating_add(value % 100);
    let minutes = i16::try_from(minutes).unwrap_or(0);
    if sign == b'-' { (minutes.saturating_neg(), minutes != 0) } else { (minutes, true) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn is(body: &str, unix_seconds: i64, offset_minutes: i16, offset_known: bool) {
        let expected = DateTime { unix_seconds, offset_minutes, offset_known };
        assert_eq!(DateTime::from_field(body.as_bytes()), Some(expected), "{body}");
    }

    #[test]
    fn the_examples_of_rfc_5322_appendix_a() {
        // Seconds by `date -u +%s`.
        is("Fri, 21 Nov 1997 09:55:06 -0600", 880_127_706, -360, true);
        is("Tue, 1 Jul 2003 10:52:37 +0200", 1_057_049_557, 120, true);
        is("Thu, 13 Feb 1969 23:32:54 -0330", -27_723_426, -210, true);
        is("Mon, 24 Nov 1997 14:22:01 -0800", 880_410_121, -480, true);
        // A.5: comments and folding.
        is(
            "Thu,\r\n      13\r\n        Feb\r\n          1969\r\n      23:32\r\n               -0330 (Newfoundland Time)",
            -27_723_480,
            -210,
            true,
        );
        // A.6.2: obsolete.
        is("21 Nov 97 09:55:06 GMT", 880_106_106, 0, true);
        // A.6.3: white space and comments everywhere.
        is("Fri, 21 Nov 1997 09(comment):   55  :  06 -0600", 880_127_706, -360, true);
    }

    #[test]
    fn obsolete_zones_and_years() {
        is("1 Jan 70 00:00 UT", 0, 0, true);
        is("1 Jan 1970 00:00:00 EST", 18_000, -300, true);
        is("1 Jan 1970 00:00:00 PDT", 25_200, -420, true);
        is("1 Jan 1970 00:00:00 A", 0, 0, false);
        is("1 Jan 1970 00:00:00 -0000", 0, 0, false);
        is("1 Jan 1970 00:00:00 +0000", 0, 0, true);
        is("1 Jan 1970 00:00:00", 0, 0, false);
        is("1 Jan 1970 00:00:00 CEST", 0, 0, false);
        is("1 Jan 1970 00:00:00 +99999", 0, 0, false);
        is("1 Jan 100 00:00 Z", 946_684_800, 0, true);
        is("1 Jan 49 00:00 Z", 2_493_072_000, 0, true);
        is("1 Jan 50 00:00 Z", -631_152_000, 0, true);
    }

    #[test]
    fn what_senders_break_is_read_all_the_same() {
        is("Thu 1 January 1970 00:00:01 GMT", 1, 0, true);
        is("thursday , 01-JAN-1970 0:0:1 gmt", 1, 0, true);
        is("Wrong, 29 Feb 2000 00:00:00 +0000", 951_782_400, 0, true);
        is("31 Dec 1998 23:59:60 +0000", 915_148_800, 0, true);
    }

    #[test]
    fn what_is_no_date_is_none() {
        for body in [
            "",
            "Mon",
            "yesterday",
            "1 Jan",
            "1 Jan 2000",
            "1 Jan 2000 24:00",
            "1 Jan 2000 12:60",
            "31 Feb 2000 12:00",
            "29 Feb 1900 12:00",
            "0 Jan 2000 12:00",
            "1 Foo 2000 12:00",
            "100 Jan 2000 1:00",
            "1 Jan 99999 12:00",
            "1 Jan 5 12:00",
            "(",
            "1 (x Jan 2000 12:00",
        ] {
            assert_eq!(DateTime::from_field(body.as_bytes()), None, "{body}");
        }
    }

    proptest! {
        #[test]
        fn any_octets_are_survived(body in "[0-9a-zA-Z:,+( )-]{0,40}", octets: Vec<u8>) {
            let _ = DateTime::from_field(body.as_bytes());
            let _ = DateTime::from_field(&octets);
        }

        #[test]
        fn zones_shift_the_clock(hours in 0_i16..24, minutes in 0_i16..60, west: bool) {
            let sign = if west { '-' } else { '+' };
            let body = format!("1 Jan 2000 00:00:00 {sign}{hours:02}{minutes:02}");
            let offset = (hours * 60 + minutes) * if west { -1 } else { 1 };
            let date = DateTime::from_field(body.as_bytes()).unwrap();
            prop_assert_eq!(date.unix_seconds, 946_684_800 - i64::from(offset) * 60);
            prop_assert_eq!(date.offset_minutes, offset);
        }
    }
}
