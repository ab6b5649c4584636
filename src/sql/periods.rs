//! Days and periods in a time zone, as SQL: PostgreSQL knows time zones, SQLite is told their offsets.

use chrono::{DateTime, Duration, Offset, TimeZone, Utc};
use chrono_tz::Tz;
use sea_orm::sea_query::{Alias, CaseStatement, Expr, ExprTrait, Func};

use super::dialect::Dialect;

/// A period of days.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, strum::EnumString, strum::EnumIter, strum::AsRefStr,
)]
#[strum(serialize_all = "UPPERCASE")]
pub enum Period {
    /// The day itself.
    Day,
    /// From a Monday on.
    Week,
    /// From the first of a month on.
    Month,
    /// From the first of January, April, July or October on.
    Quarter,
    /// From the first of January on.
    Year,
}

/// The years whose changes of the clock SQLite is told of; before and after, the nearest offset holds.
const YEARS: std::ops::Range<i32> = 2000..2060;

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

impl Dialect {
    /// The calendar day of a stored instant in a zone.
    ///
    /// PostgreSQL: `timezone('Asia/Shanghai', at)::date`; SQLite: `date((at + 28800000000) / 1000000, 'unixepoch')`,
    /// with the division made one that rounds down.
    pub fn day_of(self, at: Expr, zone: Tz) -> Expr {
        match self {
            Self::Postgres => Func::cust(Alias::new("timezone"))
                .args([text(zone.name()), at])
                .into_cast(Alias::new("date")),
            Self::Sqlite => {
                let local = at.clone().add(offset(at, zone));
                let day = || number(DAY);
                let within = local.clone().modulo(day()).add(day()).modulo(day());
                let seconds = local.sub(within).div(number(1_000_000));
                Func::cust(Alias::new("date")).args([seconds, text("unixepoch")]).into()
            }
        }
    }
}

/// The first day of the period that a day is in.
///
/// PostgreSQL: `date_trunc('month', day::timestamp)::date`; SQLite: `date(day, 'start of month')`.
pub fn start_of(dialect: Dialect, period: Period, day: Expr) -> Expr {
    if period == Period::Day {
        return day;
    }
    match dialect {
        Dialect::Postgres => Func::cust(Alias::new("date_trunc"))
            .args([text(&period.as_ref().to_lowercase()), day.cast_as(Alias::new("timestamp"))])
            .into_cast(Alias::new("date")),
        Dialect::Sqlite => {
            let mut args = vec![day.clone()];
            match period {
                Period::Week => args.extend([text("weekday 0"), text("-6 days")]),
                Period::Month => args.push(text("start of month")),
                Period::Quarter => {
                    let month = Func::cust(Alias::new("strftime")).args([text("%m"), day]);
                    let into = Expr::from(month).sub(number(1)).modulo(number(3));
                    let back = Func::cust(Alias::new("format")).args([text("-%d months"), into]);
                    args.extend([text("start of month"), back.into()]);
                }
                _ => args.push(text("start of year")),
            }
            Func::cust(Alias::new("date")).args(args).into()
        }
    }
}

/// What is added to an instant to have the zone's clock: `28800000000`, or where clocks change
/// `CASE WHEN at < … THEN … ELSE … END`.
fn offset(at: Expr, zone: Tz) -> Expr {
    let changes = changes(zone);
    let Some(((_, last), before)) = changes.split_last() else { return number(0) };
    if before.is_empty() {
        return number(*last);
    }
    let mut case = CaseStatement::new();
    for pair in changes.windows(2) {
        let ((_, offset), (until, _)) = (pair[0], pair[1]);
        case = case.case(at.clone().lt(number(until)), number(offset));
    }
    case.finally(number(*last)).into()
}

/// From which instant on which offset holds, both in microseconds; the first holds from the beginning.
fn changes(zone: Tz) -> Vec<(i64, i64)> {
    let offset = |at: DateTime<Utc>| {
        i64::from(zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc())
    };
    let start = |year| Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0).single().unwrap_or_default();
    let (mut at, end) = (start(YEARS.start), start(YEARS.end));
    let mut known = offset(at);
    let mut changes = vec![(i64::MIN, known * 1_000_000)];
    while at < end {
        let next = at + Duration::days(1);
        if offset(next) != known {
            let (mut low, mut high) = (at, next);
            while high - low > Duration::seconds(1) {
                let middle = low + (high - low) / 2;
                if offset(middle) == known { low = middle } else { high = middle }
            }
            // Changes are at full minutes; halving leaves parts of a second.
            let on = high.timestamp().div_euclid(60) * 60;
            known = offset(next);
            changes.push((on * 1_000_000, known * 1_000_000));
        }
        at = next;
    }
    changes
}

fn text(text: &str) -> Expr {
    Expr::Constant(text.to_owned().into())
}

fn number(number: i64) -> Expr {
    Expr::Constant(number.into())
}

/// Casting what a function gives.
trait IntoCast {
    fn into_cast(self, ty: Alias) -> Expr;
}

impl IntoCast for sea_orm::sea_query::FunctionCall {
    fn into_cast(self, ty: Alias) -> Expr {
        Expr::from(self).cast_as(ty)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_that_never_change_have_one_offset() {
        assert_eq!(changes(Tz::Asia__Shanghai), [(i64::MIN, 28_800_000_000)]);
        assert_eq!(changes(Tz::UTC), [(i64::MIN, 0)]);
    }

    #[test]
    fn clocks_change_when_they_do() {
        let changes = changes(Tz::Europe__Berlin);
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().timestamp_micros();
        assert!(changes.contains(&(at("2026-03-29T01:00:00Z"), 7_200_000_000)));
        assert!(changes.contains(&(at("2026-10-25T01:00:00Z"), 3_600_000_000)));
        assert_eq!(changes.len(), 121);
    }
}
