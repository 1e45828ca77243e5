//! When something was written: a second of Universal Time in the form of TMX.

use crate::unit::Unit;
use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

/// A second of Universal Time as TMX writes dates: `YYYYMMDDThhmmssZ` (TMX 1.4b, section "Date formats"; ISO 8601 basic).
///
/// The memory has no clock of its own: who writes says when.
///
/// ```
/// use dhakira::memory::Moment;
/// use std::time::{Duration, UNIX_EPOCH};
/// let moment = Moment::new("20240229T235959Z").unwrap();
/// assert_eq!(moment, Moment::from(UNIX_EPOCH + Duration::from_secs(1_709_251_199)));
/// assert_eq!(Moment::new("2024-02-29"), None);
/// assert!(moment < Moment::new("20240301T000000Z").unwrap());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(u64);

impl Moment {
    /// Reads `YYYYMMDDThhmmssZ`, exactly that, each part within its bounds.
    pub fn new(date: &str) -> Option<Moment> {
        let bytes = date.as_bytes();
        let shaped = bytes.len() == 16
            && bytes.iter().enumerate().all(|(at, b)| match at {
                8 => *b == b'T',
                15 => *b == b'Z',
                _ => b.is_ascii_digit(),
            });
        if !shaped {
            return None;
        }
        let digits = digits(date);
        let part = |divisor: u64| digits / divisor % 100;
        let fits = (1..=12).contains(&part(100_000_000))
            && (1..=31).contains(&part(1_000_000))
            && part(10_000) < 24
            && part(100) < 60
            && part(1) <= 60;
        fits.then_some(Moment(digits))
    }

    /// As one number, `YYYYMMDDhhmmss`.
    pub(super) fn number(self) -> u64 {
        self.0
    }

    /// From such a number, which may come from a file and be any.
    pub(super) fn from_number(number: u64) -> Moment {
        Moment(number.min(99_999_999_999_999))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08}T{:06}Z", self.0 / 1_000_000, self.0 % 1_000_000)
    }
}

impl From<SystemTime> for Moment {
    /// The second that `time` lies in; times before 1970 are its beginning.
    fn from(time: SystemTime) -> Moment {
        let seconds = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let (days, second) = (seconds / 86_400, seconds % 86_400);
        // Days to civil date: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
        let shifted = days + 719_468;
        let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = era * 400 + year_of_era + u64::from(month <= 2);
        let date = year * 10_000 + month * 100 + day;
        Moment::from_number(date * 1_000_000 + second / 3_600 * 10_000 + second / 60 % 60 * 100 + second % 60)
    }
}

/// The date of a unit as its file has it: the latest `changedate`, or where there is none `creationdate`, of the unit and of
/// its variants; many tools date only those.
pub(super) fn changed(unit: &Unit) -> Option<&str> {
    let variants = unit.variants.iter().map(|v| v.attr("changedate").or_else(|| v.attr("creationdate")));
    let all = std::iter::once(unit.attr("changedate").or_else(|| unit.attr("creationdate"))).chain(variants);
    // The first of equals: `max_by_key` would give the last.
    all.flatten().reduce(|best, next| if digits(next) > digits(best) { next } else { best })
}

/// The same as one number that grows with time; 0 where there is none to read.
pub(super) fn changed_number(unit: &Unit) -> u64 {
    changed(unit).map_or(0, digits)
}

/// The digits of a date (`20210831T224900Z`, `2021-08-31`) as one number; a date without a time is that day's beginning.
fn digits(date: &str) -> u64 {
    let (count, number) = date
        .bytes()
        .filter(u8::is_ascii_digit)
        .take(14)
        .fold((0, 0u64), |(count, number), byte| (count + 1, number * 10 + u64::from(byte - b'0')));
    if count == 0 { 0 } else { number * 10u64.pow(14 - count) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn days_are_those_of_the_calendar() {
        let check = |seconds: u64, date: &str| {
            assert_eq!(Moment::from(UNIX_EPOCH + Duration::from_secs(seconds)).to_string(), date);
            assert_eq!(Moment::new(date).map(|m| m.to_string()).as_deref(), Some(date));
        };
        check(0, "19700101T000000Z");
        check(951_782_400, "20000229T000000Z");
        check(951_868_800, "20000301T000000Z");
        check(1_704_067_199, "20231231T235959Z");
        check(4_107_542_400, "21000301T000000Z");
        for wrong in
            ["", "20240101T000000", "20241301T000000Z", "20240100T000000Z", "20240101T240000Z", "٢٠٢٤0101T0000"]
        {
            assert_eq!(Moment::new(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn dates_of_every_form_are_ordered() {
        assert_eq!(digits("20210831T224900Z"), 20_210_831_224_900);
        assert_eq!(digits("2021-08-31"), 20_210_831_000_000);
        assert_eq!(digits("soon"), 0);
    }
}
