//! Days and periods in a time zone, as SQL. PostgreSQL knows time zones; SQLite gets their
//! offsets in the statement.
//!
//! Both count an instant to the day on the zone's clock at that time, whatever the year. Days range from the
//! year 1 to 9999. Instants before and after are counted to the first and the last day.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, PoisonError, RwLock},
};

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Offset, SecondsFormat, TimeZone, Utc};
use chrono_tz::Tz;
use sea_orm::sea_query::{Alias, CaseStatement, Expr, ExprTrait, Func};

use super::dialect::Dialect;

/// A period of days.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, strum::EnumString, strum::EnumIter, strum::AsRefStr,
)]
#[strum(serialize_all = "UPPERCASE")]
pub enum Period {
    /// A single day.
    Day,
    /// A week from Monday.
    Week,
    /// A month.
    Month,
    /// A quarter, from the first of January, April, July or October.
    Quarter,
    /// A year.
    Year,
}

impl Period {
    /// The first day of the period that contains a day.
    pub fn start(self, day: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Day => Some(day),
            Self::Week => {
                day.checked_sub_days(Days::new(day.weekday().num_days_from_monday().into()))
            }
            Self::Month => day.with_day(1),
            Self::Quarter => day.with_day(1)?.with_month(day.month0() / 3 * 3 + 1),
            Self::Year => day.with_day(1)?.with_month(1),
        }
    }

    /// The first day of the next period, for the first day of one.
    pub fn next(self, first: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Day => first.checked_add_days(Days::new(1)),
            Self::Week => first.checked_add_days(Days::new(7)),
            Self::Month => first.checked_add_months(Months::new(1)),
            Self::Quarter => first.checked_add_months(Months::new(3)),
            Self::Year => first.checked_add_months(Months::new(12)),
        }
    }

    /// The first day of the period before, for the first day of one.
    pub fn previous(self, first: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Day => first.checked_sub_days(Days::new(1)),
            Self::Week => first.checked_sub_days(Days::new(7)),
            Self::Month => first.checked_sub_months(Months::new(1)),
            Self::Quarter => first.checked_sub_months(Months::new(3)),
            Self::Year => first.checked_sub_months(Months::new(12)),
        }
    }
}

/// The years with known changes of clocks. Before and after them, the nearest offset applies.
const YEARS: std::ops::Range<i32> = 1800..2110;

/// Instants with the offset that applies from then on, both in microseconds. The first
/// applies from the beginning.
type Changes = Arc<[(i64, i64)]>;

/// The changes of zones computed so far.
static KNOWN: LazyLock<RwLock<HashMap<Tz, Changes>>> = LazyLock::new(RwLock::default);

/// The instants at which the years 1 and 10000 begin in UTC, in microseconds.
const FIRST: i64 = -62_135_596_800_000_000;
const END: i64 = 253_402_300_800_000_000;

/// If a zone's last known change is after this instant (2030), its clock keeps changing.
const LASTING: i64 = 1_893_456_000_000_000;

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

impl Dialect {
    /// The calendar day of a stored instant in a zone.
    ///
    /// PostgreSQL: `timezone('Asia/Shanghai', at)::date`; SQLite:
    /// `date((at + offset) / 1000000, 'unixepoch')`, with a division that rounds down. The ends of the range
    /// need `CASE WHEN at >= … THEN '9999-12-31' ELSE … END`.
    pub fn day_of(self, at: Expr, zone: Tz) -> Expr {
        let changes = changes(zone);
        let day = match self {
            Self::Postgres => self.by_zone(&at, zone, &changes),
            Self::Sqlite => {
                let local = at.clone().add(offset(&at, &changes));
                let day = || number(DAY);
                let within = local.clone().modulo(day()).add(day()).modulo(day());
                let seconds = local.sub(within).div(number(1_000_000));
                Func::cust(Alias::new("date")).args([seconds, text("unixepoch")]).into()
            }
        };
        let offset = |change: Option<&(i64, i64)>| change.map_or(0, |(_, offset)| *offset);
        let (first, last) = (offset(changes.first()), offset(changes.last()));
        let ends = [
            (last > 0).then(|| (at.clone().gte(self.instant(END - last)), "9999-12-31")),
            (first < 0).then(|| (at.clone().lt(self.instant(FIRST - first)), "0001-01-01")),
        ];
        let mut ends = ends.into_iter().flatten().peekable();
        if ends.peek().is_none() {
            return day;
        }
        ends.fold(CaseStatement::new(), |case, (beyond, end)| case.case(beyond, self.date(end)))
            .finally(day)
            .into()
    }

    /// PostgreSQL: `timezone('Asia/Shanghai', at)::date`. PostgreSQL continues changes of clocks for ever,
    /// while we know none after the last year in [`YEARS`]. So from the last known change on, a fixed offset
    /// applies: `CASE WHEN at < '2099-…' THEN … ELSE timezone(interval '1 hour', at)::date END`.
    fn by_zone(self, at: &Expr, zone: Tz, changes: &[(i64, i64)]) -> Expr {
        let date = |zone: Expr| {
            Func::cust(Alias::new("timezone"))
                .args([zone, at.clone()])
                .into_cast(Alias::new("date"))
        };
        let named = date(text(zone.name()));
        match changes.last() {
            Some((from, offset)) if *from > LASTING => {
                let fixed = text(&format!("{} seconds", offset / 1_000_000));
                let fixed = date(fixed.cast_as(Alias::new("interval")));
                let before = at.clone().lt(self.instant(*from));
                CaseStatement::new().case(before, named).finally(fixed).into()
            }
            _ => named,
        }
    }

    /// An instant in microseconds, in its stored form.
    fn instant(self, micros: i64) -> Expr {
        match self {
            Self::Sqlite => number(micros),
            Self::Postgres => {
                let at = DateTime::<Utc>::from_timestamp_micros(micros).unwrap_or_default();
                let at = at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
                text(&at).cast_as(Alias::new("timestamptz"))
            }
        }
    }

    /// A day in its stored form.
    fn date(self, day: &str) -> Expr {
        match self {
            Self::Sqlite => text(day),
            Self::Postgres => text(day).cast_as(Alias::new("date")),
        }
    }
}

/// The first day of the period that contains a day.
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
                // Back first: going forward to Sunday first would pass the last day.
                Period::Week => args.extend([text("-6 days"), text("weekday 1")]),
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

/// The offset of the zone's clock at an instant: `28800000000`, or if clocks change
/// `CASE WHEN at < … THEN … ELSE … END`, nested by halves.
fn offset(at: &Expr, changes: &[(i64, i64)]) -> Expr {
    match changes {
        [] => number(0),
        [(_, offset)] => number(*offset),
        several => {
            let (before, after) = several.split_at(several.len() / 2);
            let from = after.first().map_or(i64::MIN, |(from, _)| *from);
            Dialect::Sqlite.either(
                at.clone().lt(number(from)),
                offset(at, before),
                offset(at, after),
            )
        }
    }
}

/// The instants from which each offset applies, both in microseconds. The first applies from the beginning.
fn changes(zone: Tz) -> Changes {
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(&zone).cloned();
    known.unwrap_or_else(|| {
        let changes: Changes = looked_through(zone).into();
        KNOWN.write().unwrap_or_else(PoisonError::into_inner).insert(zone, Arc::clone(&changes));
        changes
    })
}

/// Compares the offset day by day, and finds each change to the second by halving the day.
fn looked_through(zone: Tz) -> Vec<(i64, i64)> {
    let offset = |second: i64| {
        let at = DateTime::from_timestamp(second, 0).unwrap_or_default().naive_utc();
        i64::from(zone.offset_from_utc_datetime(&at).fix().local_minus_utc())
    };
    let start = |year| {
        let day = Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0).single().unwrap_or_default();
        day.timestamp()
    };
    let (mut at, end) = (start(YEARS.start), start(YEARS.end));
    let mut known = offset(at);
    let mut changes = vec![(i64::MIN, known * 1_000_000)];
    while at < end {
        let next = at + DAY / 1_000_000;
        if offset(next) != known {
            let (mut low, mut high) = (at, next);
            while high - low > 1 {
                let middle = low + (high - low) / 2;
                if offset(middle) == known { low = middle } else { high = middle }
            }
            known = offset(next);
            changes.push((high * 1_000_000, known * 1_000_000));
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

/// Casts the result of a function.
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
    fn clocks_change_when_they_did() {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().timestamp_micros();
        assert_eq!(*changes(Tz::UTC), [(i64::MIN, 0)]);
        let shanghai = changes(Tz::Asia__Shanghai);
        assert_eq!(shanghai.first(), Some(&(i64::MIN, 29_143_000_000)));
        assert_eq!(shanghai.get(1), Some(&(at("1900-12-31T15:54:17Z"), 28_800_000_000)));
        assert!(shanghai.contains(&(at("1986-05-03T18:00:00Z"), 32_400_000_000)));
        assert_eq!(shanghai.last(), Some(&(at("1991-09-14T17:00:00Z"), 28_800_000_000)));
        let berlin = changes(Tz::Europe__Berlin);
        assert!(berlin.contains(&(at("2026-03-29T01:00:00Z"), 7_200_000_000)));
        assert!(berlin.contains(&(at("2026-10-25T01:00:00Z"), 3_600_000_000)));
        assert!(berlin.contains(&(at("1980-04-06T01:00:00Z"), 7_200_000_000)));
        assert!(berlin.last().unwrap().0 > LASTING);
    }
}
