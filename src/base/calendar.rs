//! The valid days and instants: those of the years 1 to 9999, which both databases store, sort and show; and times
//! of day. Owns their written forms; must not know time zones.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};

/// The first and the last year.
const YEARS: std::ops::RangeInclusive<i32> = 1..=9_999;

/// Whether a day is in these years.
pub fn has_day(day: NaiveDate) -> bool {
    YEARS.contains(&day.year())
}

/// Whether an instant is in these years, in UTC.
pub fn has_instant(at: DateTime<Utc>) -> bool {
    YEARS.contains(&at.year())
}

/// The first and the last day.
pub fn ends() -> (NaiveDate, NaiveDate) {
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
    (day(1, 1, 1), day(9_999, 12, 31))
}

/// Parses a day in the form `2026-11-23`; `None` for any other form.
pub fn day(text: &str) -> Option<NaiveDate> {
    let form = |(at, byte): (usize, u8)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    let written = text.len() == 10 && text.bytes().enumerate().all(form);
    written.then(|| text.parse().ok()).flatten().filter(|day| has_day(*day))
}

/// Parses an instant of RFC 3339, cut to microseconds.
pub fn instant(text: &str) -> Option<DateTime<Utc>> {
    let at = DateTime::parse_from_rfc3339(text).ok()?;
    DateTime::from_timestamp_micros(at.timestamp_micros()).filter(|at| has_instant(*at))
}

/// Parses a time of day in the form `09:30` or `09:30:15`; `None` for any other form.
pub fn time(text: &str) -> Option<NaiveTime> {
    let form = |(at, byte): (usize, u8)| match at {
        2 | 5 => byte == b':',
        _ => byte.is_ascii_digit(),
    };
    let written = matches!(text.len(), 5 | 8) && text.bytes().enumerate().all(form);
    let mut parts = text.split(':').map(str::parse);
    let mut part = || parts.next().unwrap_or(Ok(0)).ok();
    written.then(|| NaiveTime::from_hms_opt(part()?, part()?, part()?)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_minutes_and_may_have_seconds() {
        for (given, kept) in
            [("00:00", "00:00:00"), ("09:30", "09:30:00"), ("23:59:59", "23:59:59")]
        {
            assert_eq!(time(given).unwrap().to_string(), kept);
        }
        for bad in
            ["24:00", "9:30", "09:60", "09:30:60", "09:30:1", "09:30:00.5", "0９:30", "", "09-30"]
        {
            assert_eq!(time(bad), None, "{bad}");
        }
    }

    #[test]
    fn days_are_written_in_one_way() {
        for good in ["0001-01-01", "2026-11-23", "2028-02-29", "9999-12-31"] {
            assert_eq!(day(good).unwrap().to_string(), good);
        }
        for bad in [
            "+10000-01-01",
            "10000-01-01",
            "0000-01-01",
            "-0044-03-15",
            "26-1-1",
            "2026-1-5",
            "2026 - 01 - 05",
            "2026-02-30",
            " 2026-02-03",
            "2026/02/03",
            "２０２６-02-03",
            "",
        ] {
            assert_eq!(day(bad), None, "{bad}");
        }
    }

    #[test]
    fn instants_are_within_the_years_in_utc() {
        for good in
            ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59+08:00"]
        {
            assert!(instant(good).is_some(), "{good}");
        }
        for bad in [
            "0001-01-01T00:00:00+08:00",
            "9999-12-31T23:59:59-01:00",
            "9999-12-31T23:59:60Z",
            "0000-12-31T23:59:59Z",
            "2026-11-23",
        ] {
            assert_eq!(instant(bad), None, "{bad}");
        }
    }
}
