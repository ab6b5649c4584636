//! Periods around today that conditions name: `{thisMonth: true}`.

use chrono::{Datelike, Days, Months, NaiveDate};

/// Periods relative to today.
#[derive(Debug, Clone, Copy, strum::EnumString, strum::VariantNames)]
#[strum(serialize_all = "camelCase")]
pub(super) enum Around {
    Today,
    Yesterday,
    Tomorrow,
    ThisWeek,
    LastWeek,
    NextWeek,
    ThisMonth,
    LastMonth,
    NextMonth,
    ThisQuarter,
    LastQuarter,
    NextQuarter,
    ThisYear,
    LastYear,
    NextYear,
}

/// The operators of these periods.
pub(super) const AROUND: &[&str] = <Around as strum::VariantNames>::VARIANTS;

impl Around {
    /// Returns the first day, and the first day after the period.
    pub(super) fn days(self, today: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
        let week = today - Days::new(u64::from(today.weekday().num_days_from_monday()));
        let month = today.with_day(1)?;
        let quarter = month - Months::new(month.month0() % 3);
        let year = month.with_month(1)?;
        let days = |from: NaiveDate, count| Some((from, from + Days::new(count)));
        let months = |from: NaiveDate, count| Some((from, from + Months::new(count)));
        match self {
            Self::Today => days(today, 1),
            Self::Yesterday => days(today.pred_opt()?, 1),
            Self::Tomorrow => days(today.succ_opt()?, 1),
            Self::ThisWeek => days(week, 7),
            Self::LastWeek => days(week - Days::new(7), 7),
            Self::NextWeek => days(week + Days::new(7), 7),
            Self::ThisMonth => months(month, 1),
            Self::LastMonth => months(month - Months::new(1), 1),
            Self::NextMonth => months(month + Months::new(1), 1),
            Self::ThisQuarter => months(quarter, 3),
            Self::LastQuarter => months(quarter - Months::new(3), 3),
            Self::NextQuarter => months(quarter + Months::new(3), 3),
            Self::ThisYear => months(year, 12),
            Self::LastYear => months(year - Months::new(12), 12),
            Self::NextYear => months(year + Months::new(12), 12),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_stand_around_today() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let today = day("2026-11-24");
        for (around, from, until) in [
            (Around::Today, "2026-11-24", "2026-11-25"),
            (Around::Yesterday, "2026-11-23", "2026-11-24"),
            (Around::Tomorrow, "2026-11-25", "2026-11-26"),
            (Around::ThisWeek, "2026-11-23", "2026-11-30"),
            (Around::LastWeek, "2026-11-16", "2026-11-23"),
            (Around::NextWeek, "2026-11-30", "2026-12-07"),
            (Around::ThisMonth, "2026-11-01", "2026-12-01"),
            (Around::LastMonth, "2026-10-01", "2026-11-01"),
            (Around::NextMonth, "2026-12-01", "2027-01-01"),
            (Around::ThisQuarter, "2026-10-01", "2027-01-01"),
            (Around::LastQuarter, "2026-07-01", "2026-10-01"),
            (Around::NextQuarter, "2027-01-01", "2027-04-01"),
            (Around::ThisYear, "2026-01-01", "2027-01-01"),
            (Around::LastYear, "2025-01-01", "2026-01-01"),
            (Around::NextYear, "2027-01-01", "2028-01-01"),
        ] {
            assert_eq!(around.days(today), Some((day(from), day(until))), "{around:?}");
        }
        let leap = day("2028-02-29");
        assert_eq!(Around::LastYear.days(leap), Some((day("2027-01-01"), day("2028-01-01"))));
    }
}
