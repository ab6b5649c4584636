//! `fill` of groups by one period: whether it can be, and the periods between which a filter keeps all records.

use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;

use super::faults;
use crate::{
    base::{Result, Value},
    catalog::FieldIx,
    query::{Aggregation, Compare, Filter, GroupSortKey},
    sql::Period,
};

/// Most periods of a filled chart.
const PERIODS: usize = 1_000;

/// The first and the last day, as far as each is bounded.
type Days = (Option<NaiveDate>, Option<NaiveDate>);

/// Refuses to fill groups without an order of their own, and if groups are left out. Returns the first days of the first
/// and the last period, if the filter bounds both.
pub(super) fn filled(aggregation: &Aggregation) -> Result<Option<(NaiveDate, NaiveDate)>> {
    let in_order = aggregation.order.iter().all(|ranking| ranking.by == GroupSortKey::Group(0));
    let whole = in_order && aggregation.having.is_none() && aggregation.offset == 0;
    let (path, period, zone) = match aggregation.groups.as_slice() {
        [group] if whole => match group.bucket {
            Some((period, zone)) => (&group.path, period, zone),
            None => return Err(faults::fill_without_periods()),
        },
        _ => return Err(faults::fill_without_periods()),
    };
    let days = aggregation.filter.as_ref().map(|filter| days_of(filter, path, zone));
    let Some((Some(first), Some(last))) = days else { return Ok(None) };
    let (Some(first), Some(last)) = (period.start(first), period.start(last)) else {
        return Ok(None);
    };
    if first > last {
        return Ok(None);
    }
    if count(period, first, last) > PERIODS {
        return Err(faults::many_periods(PERIODS));
    }
    Ok(Some((first, last)))
}

/// The number of periods, or a larger one than is allowed.
fn count(period: Period, first: NaiveDate, last: NaiveDate) -> usize {
    let all = std::iter::successors(Some(first), |day| period.next(*day));
    all.take_while(|day| *day <= last).take(PERIODS + 1).count()
}

/// The days between which a filter keeps the values at the end of a path. Alternatives and negations bound nothing.
fn days_of(filter: &Filter, path: &[FieldIx], zone: Tz) -> Days {
    match (filter, path) {
        (Filter::And(all), _) => all.iter().fold((None, None), |known, inner| {
            let (first, last) = days_of(inner, path, zone);
            // The later of two beginnings, and the earlier of two ends.
            let latest = known.0.max(first);
            let earliest = known.1.into_iter().chain(last).min();
            (latest, earliest)
        }),
        (Filter::One(ix, inner), [first, rest @ ..]) if ix == first && !rest.is_empty() => {
            days_of(inner, rest, zone)
        }
        (Filter::Field(ix, compare), [field]) if ix == field => compared(compare, zone),
        _ => (None, None),
    }
}

fn compared(compare: &Compare, zone: Tz) -> Days {
    // The day of a value, or of the next one beside it.
    let day = |value: &Value, beside: i32| match value {
        Value::Date(day) => day.checked_add_signed(TimeDelta::days(beside.into())),
        Value::DateTime(at) => {
            let at = at.checked_add_signed(TimeDelta::microseconds(beside.into()))?;
            Some(at.with_timezone(&zone).date_naive())
        }
        _ => None,
    };
    match compare {
        Compare::Eq(value) => (day(value, 0), day(value, 0)),
        Compare::Gt(value) => (day(value, 1), None),
        Compare::Gte(value) => (day(value, 0), None),
        Compare::Lte(value) => (None, day(value, 0)),
        Compare::Lt(value) => (None, day(value, -1)),
        Compare::Between(low, high) => (day(low, 0), day(high, 0)),
        _ => (None, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_bound_days() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let at = |text: &str| Value::DateTime(text.parse().unwrap());
        let field = FieldIx(3);
        let on = |compare| Filter::Field(field, compare);
        let date = |text: &str| Value::Date(day(text));
        let bounds = |filter: &Filter| days_of(filter, &[field], Tz::Asia__Shanghai);
        let both = Filter::And(vec![
            on(Compare::Gte(date("2026-01-01"))),
            Filter::And(vec![
                on(Compare::Gt(date("2026-02-03"))),
                on(Compare::Lt(date("2026-05-01"))),
            ]),
            Filter::Field(FieldIx(4), Compare::Eq(date("2026-03-01"))),
        ]);
        assert_eq!(bounds(&both), (Some(day("2026-02-04")), Some(day("2026-04-30"))));
        let instants = on(Compare::Between(at("2026-01-31T16:00:00Z"), at("2026-02-28T15:59:59Z")));
        assert_eq!(bounds(&instants), (Some(day("2026-02-01")), Some(day("2026-02-28"))));
        let until = on(Compare::Lt(at("2026-02-28T16:00:00Z")));
        assert_eq!(bounds(&until), (None, Some(day("2026-02-28"))));
        for nothing in [Filter::Or(vec![both.clone()]), Filter::Not(Box::new(both.clone()))] {
            assert_eq!(bounds(&nothing), (None, None));
        }
        let over = Filter::One(FieldIx(9), Box::new(both));
        let days = days_of(&over, &[FieldIx(9), field], Tz::UTC);
        assert_eq!(days, (Some(day("2026-02-04")), Some(day("2026-04-30"))));
        assert_eq!(count(Period::Month, day("2026-01-01"), day("2026-12-01")), 12);
        assert_eq!(count(Period::Day, day("2020-01-01"), day("2026-12-01")), PERIODS + 1);
        assert_eq!(Period::Quarter.start(day("2026-12-31")), Some(day("2026-10-01")));
        assert_eq!(Period::Week.start(day("2026-11-29")), Some(day("2026-11-23")));
    }
}
