//! The Gregorian calendar and the words for its months: arithmetic that message headers and IMAP's dates
//! share. Imports `names`.

use crate::names::place;

/// Whether the month, from 1 to 12, has such a day.
pub(crate) fn is_day(year: u16, month: u16, day: u16) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let length = match month {
        2 => 28_u16.saturating_add(leap.into()),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    (1..=length).contains(&day) && (1..=12).contains(&month)
}

/// How many days lie between this day and the first of 1970; `None` where the month has no such day.
/// `month` is from 1 to 12.
pub(crate) fn days_since_1970(year: u16, month: u16, day: u16) -> Option<i64> {
    if !is_day(year, month, day) {
        return None;
    }
    // In 32 bits, since the division of numbers of 64 takes 700 octets of a chip's flash. Years begin in March, so
    // that the leap day is the last, and 400 years earlier than they do, so that none is negative.
    let year = u32::from(year).wrapping_add(400).wrapping_sub(u32::from(month <= 2));
    let month = u32::from(month).wrapping_add(9) % 12;
    let leap_days = (year / 4).wrapping_sub(year / 100).wrapping_add(year / 400);
    let before_month = month.wrapping_mul(153).wrapping_add(2) / 5;
    let days = year.wrapping_mul(365).wrapping_add(leap_days).wrapping_add(before_month);
    let days = i64::from(days.wrapping_add(day.into()));
    days.checked_sub(MARCH_OF_0.wrapping_add(1))
}

/// The days of 400 years.
const CYCLE: u32 = 146_097;

/// How many days before 1970 the first of March of the year 0 was, and 400 years.
const MARCH_OF_0: i64 = 719_468 + CYCLE as i64;

/// Year, month and day of the day that lies so many days behind the first of 1970; `None` outside of the
/// years 0 to 9999.
#[cfg(feature = "imap")]
pub(crate) fn day_since_1970(days: i64) -> Option<(u16, u16, u16)> {
    // As above, in 32 bits, and 400 years earlier.
    let since_march_of_0 = u32::try_from(days.checked_add(MARCH_OF_0)?).ok()?;
    let (cycle, of_cycle) = (since_march_of_0 / CYCLE, since_march_of_0 % CYCLE);
    // Of the days of a cycle before this one, those that were leap days are taken off: after 4, 100 and
    // 400 years there is one more, one less, one more.
    let leap_days =
        (of_cycle / 1_460).wrapping_sub(of_cycle / 36_524).wrapping_add(of_cycle / (CYCLE - 1));
    let year = of_cycle.wrapping_sub(leap_days) / 365;
    let before_year = year.wrapping_mul(365).wrapping_add(year / 4).wrapping_sub(year / 100);
    let of_year = of_cycle.wrapping_sub(before_year);
    let month = of_year.wrapping_mul(5).wrapping_add(2) / 153;
    let before_month = month.wrapping_mul(153).wrapping_add(2) / 5;
    let day = of_year.wrapping_sub(before_month).wrapping_add(1);
    // Month 0 is March; January and February belong to the next year.
    let new_year = month >= 10;
    let month = if new_year { month.wrapping_sub(9) } else { month.wrapping_add(3) };
    let year = cycle.checked_mul(400)?.wrapping_add(year).wrapping_add(new_year.into());
    let year = u16::try_from(year.checked_sub(400)?).ok().filter(|year| *year <= 9999)?;
    Some((year, month as u16, day as u16))
}

const MONTHS: &str = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec";

/// The number of the month of this name of three letters, in any case.
pub(crate) fn month_number(name: &[u8]) -> Option<u16> {
    let before = u16::try_from(place(MONTHS, name)?).ok()?;
    before.checked_add(1)
}

/// The name of a month, in three letters.
#[cfg(feature = "imap")]
pub(crate) fn month_name(number: u8) -> Option<&'static [u8]> {
    let from = usize::from(number).checked_sub(1)?.checked_mul(4)?;
    MONTHS.as_bytes().get(from..)?.get(..3)
}

/// How far a zone of this name, in any case, is ahead of UTC, in minutes (RFC 5322 §4.3). A military
/// letter but Z tells nothing, and is not known.
pub(crate) fn zone_minutes(name: &[u8]) -> Option<i16> {
    let zone = place("UT GMT UTC Z EDT EST CDT CST MDT MST PDT PST", name)?;
    // Those of America come in pairs, summer time first: EDT is four hours behind.
    let hours = match zone {
        0..=3 => 0,
        zone => i16::try_from(zone.saturating_add(5) / 2).ok()?,
    };
    Some(hours.saturating_mul(-60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_follow_each_other() {
        // 1 January 0 by `date -u -d 0000-01-01 +%s`, in days.
        let mut expected = -719_528;
        for year in 0..=9999 {
            for month in 1..=12 {
                for day in 1..=31 {
                    if let Some(days) = days_since_1970(year, month, day) {
                        assert_eq!(days, expected, "{year}-{month}-{day}");
                        #[cfg(feature = "imap")]
                        assert_eq!(day_since_1970(days), Some((year, month, day)));
                        expected += 1;
                    }
                }
            }
        }
        // 31 December 9999 by the same means.
        assert_eq!(expected - 1, 2_932_896);
    }

    #[test]
    fn there_are_no_days_where_the_calendar_has_none() {
        for (year, month, day) in
            [(1900, 2, 29), (2001, 2, 29), (2000, 4, 31), (2000, 1, 0), (2000, 0, 1), (2000, 13, 1)]
        {
            assert_eq!(days_since_1970(year, month, day), None, "{year}-{month}-{day}");
        }
    }

    #[cfg(feature = "imap")]
    #[test]
    fn there_are_no_years_of_five_digits() {
        for days in [-719_529, 2_932_897, i64::MIN, i64::MAX] {
            assert_eq!(day_since_1970(days), None);
        }
    }

    #[test]
    fn months_and_zones_have_names() {
        assert_eq!((month_number(b"jan"), month_number(b"DEC")), (Some(1), Some(12)));
        assert_eq!((month_number(b"anF"), month_number(b"Sept")), (None, None));
        assert_eq!((zone_minutes(b"pdt"), zone_minutes(b"A")), (Some(-420), None));
    }
}
