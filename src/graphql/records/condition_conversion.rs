//! Conditions that need conversion: days relative to today, dates that cover all their instants, and decimals
//! with more digits than are stored. Knows nothing of documents.

use std::str::FromStr;

use async_graphql::Value as Given;
use chrono::{DateTime, Days, LocalResult, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use rust_decimal::{Decimal, RoundingStrategy};

use super::{
    argument_parts::{items, no_meaning},
    expected_values::{self, bad},
};
use crate::{
    base::{Result, Value, calendar},
    catalog::FieldType,
    graphql::{reader::Args, relative_periods::Around},
    query::Compare,
};

/// Most days from today.
const FARTHEST: u64 = 36_600;

/// Evaluates comparisons with texts that contain U+0000, which neither database can store.
pub(super) fn held(compare: Compare) -> Compare {
    /// The text before the first U+0000, if there is one.
    fn cut(value: &Value) -> Option<&str> {
        value.as_text()?.split_once('\0').map(|(before, _)| before)
    }
    // The least storable text that is greater, and the greatest that is less.
    let least = |before: &str| Value::Text(format!("{before}\u{1}"));
    let greatest = |before: &str| Value::Text(before.to_owned());
    match compare {
        Compare::Eq(value) | Compare::Has(value) if cut(&value).is_some() => Compare::Known(false),
        Compare::Text(_, text) if text.contains('\0') => Compare::Known(false),
        Compare::Ne(value) if cut(&value).is_some() => Compare::Known(true),
        Compare::In(values) if values.iter().any(|value| cut(value).is_some()) => {
            let left: Vec<_> = values.into_iter().filter(|value| cut(value).is_none()).collect();
            if left.is_empty() { Compare::Known(false) } else { Compare::In(left) }
        }
        Compare::NotIn(values) if values.iter().any(|value| cut(value).is_some()) => {
            let left: Vec<_> = values.into_iter().filter(|value| cut(value).is_none()).collect();
            if left.is_empty() { Compare::Known(true) } else { Compare::NotIn(left) }
        }
        Compare::Gt(ref value) | Compare::Gte(ref value) => match cut(value) {
            Some(before) => Compare::Gte(least(before)),
            None => compare,
        },
        Compare::Lt(ref value) | Compare::Lte(ref value) => match cut(value) {
            Some(before) => Compare::Lte(greatest(before)),
            None => compare,
        },
        Compare::Between(low, high) => {
            let low = cut(&low).map(least).unwrap_or(low);
            let high = cut(&high).map(greatest).unwrap_or(high);
            Compare::Between(low, high)
        }
        compare => compare,
    }
}

impl Args<'_> {
    /// Converts `{thisMonth: true}`, `{lastDays: 30}`, or for an instant `{lte: "2026-11-23"}`. Returns
    /// comparisons, and whether one of them must hold (true) or none (false). None if no conversion is
    /// needed.
    pub(super) fn by_days(
        &self,
        ty: &FieldType,
        operator: &str,
        value: &Given,
    ) -> Result<Option<(Vec<Compare>, bool)>> {
        let days = match ty {
            FieldType::Date | FieldType::DateTime => self.relative(ty, operator, value)?,
            _ => return Ok(None),
        };
        match days {
            Some((days, holds)) => Ok(Some((vec![days], holds))),
            None if *ty == FieldType::DateTime => self.whole_days(ty, operator, value),
            None => Ok(None),
        }
    }

    /// Returns the instant at which a day begins in the business time zone, within the calendar.
    pub(super) fn starts(&self, day: NaiveDate) -> DateTime<Utc> {
        let (first, last) = calendar::ends();
        let ends = (began(first, Tz::UTC), began(last + Days::new(1), Tz::UTC));
        began(day, self.zone).clamp(ends.0, ends.1 - TimeDelta::microseconds(1))
    }

    /// Returns the last instant of a day.
    fn finishes(&self, day: NaiveDate) -> DateTime<Utc> {
        match calendar::ends().1 > day {
            true => self.starts(day + Days::new(1)) - TimeDelta::microseconds(1),
            false => began(day + Days::new(1), Tz::UTC) - TimeDelta::microseconds(1),
        }
    }

    /// Compares instants with days, as if comparing the day of each instant: "after a day" excludes all of
    /// it, "up to a day" includes all of it. None if no day is given.
    fn whole_days(
        &self,
        ty: &FieldType,
        operator: &str,
        value: &Given,
    ) -> Result<Option<(Vec<Compare>, bool)>> {
        let day = |value: &Given| match value {
            Given::String(text) => calendar::day(text),
            _ => None,
        };
        let given = items(value);
        if !given.iter().any(|value| day(value).is_some()) {
            return Ok(None);
        }
        let starts = |day: NaiveDate| Value::DateTime(self.starts(day));
        let finishes = |day: NaiveDate| Value::DateTime(self.finishes(day));
        let within = |day: NaiveDate| Compare::Between(starts(day), finishes(day));
        let (any, holds) = match (operator, given.as_slice(), day(value)) {
            ("eq", _, Some(day)) => (vec![within(day)], true),
            ("ne", _, Some(day)) => (vec![within(day)], false),
            ("gt", _, Some(day)) => (vec![Compare::Gt(finishes(day))], true),
            ("gte", _, Some(day)) => (vec![Compare::Gte(starts(day))], true),
            ("lt", _, Some(day)) => (vec![Compare::Lt(starts(day))], true),
            ("lte", _, Some(day)) => (vec![Compare::Lte(finishes(day))], true),
            ("between", [low, high], _) => {
                let end = |value: &Given, end: &dyn Fn(NaiveDate) -> Value| match day(value) {
                    Some(day) => Ok(end(day)),
                    None => self.value(ty, value),
                };
                (vec![Compare::Between(end(low, &starts)?, end(high, &finishes)?)], true)
            }
            ("in" | "notIn", all, _) => {
                self.tally.list(all.len())?;
                let each = all.iter().map(|value| match (day(value), value) {
                    (Some(day), _) => Ok(within(day)),
                    (None, Given::Null) => Err(no_meaning()),
                    (None, value) => Ok(Compare::Eq(self.value(ty, value)?)),
                });
                (each.collect::<Result<_>>()?, operator == "in")
            }
            _ => return Ok(None),
        };
        any.iter().try_for_each(|compare| self.tally.compared(ty, compare))?;
        Ok(Some((any, holds)))
    }

    /// Converts `{thisMonth: true}` or `{lastDays: 30}` into days, and whether the value must be within them.
    /// None for other operators.
    fn relative(
        &self,
        ty: &FieldType,
        operator: &str,
        value: &Given,
    ) -> Result<Option<(Compare, bool)>> {
        if matches!(value, Given::Null) {
            return Err(no_meaning());
        }
        let (days, holds) = match operator {
            "lastDays" | "nextDays" => {
                let count = match value {
                    Given::Number(number) => number.as_u64(),
                    _ => None,
                };
                let count = count
                    .filter(|count| (1..=FARTHEST).contains(count))
                    .ok_or_else(|| bad(expected_values::days()))?;
                let others = Days::new(count - 1);
                let tomorrow = self.today + Days::new(1);
                let days = if operator == "lastDays" {
                    (self.today - others, tomorrow)
                } else {
                    (self.today, tomorrow + others)
                };
                (Some(days), true)
            }
            _ => {
                let Ok(around) = Around::from_str(operator) else { return Ok(None) };
                let Given::Boolean(holds) = value else {
                    return Err(bad(expected_values::true_or_false()));
                };
                (around.days(self.today), *holds)
            }
        };
        let (from, until) = days.ok_or_else(|| bad(expected_values::day()))?;
        // Dates end with the calendar.
        let (first, last) = calendar::ends();
        let (from, until) = (from.max(first), until.min(last + Days::new(1)));
        let within = match ty {
            FieldType::DateTime => {
                let until = self.finishes(until - Days::new(1));
                Compare::Between(Value::DateTime(self.starts(from)), Value::DateTime(until))
            }
            _ => Compare::Between(Value::Date(from), Value::Date(until - Days::new(1))),
        };
        Ok(Some((within, holds)))
    }
}

/// Returns the instant at which a day begins. If clocks skip midnight, the first instant that exists.
fn began(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let mut local = day.and_time(NaiveTime::MIN);
    // A day that a zone skipped begins with the next one.
    for _ in 0..=26 * 4 {
        match zone.from_local_datetime(&local) {
            LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => return at.to_utc(),
            LocalResult::None => local += TimeDelta::minutes(15),
        }
    }
    Utc.from_utc_datetime(&local)
}

/// A bound above all stored decimals with this scale: 64-bit integers.
pub(super) fn stored(scale: u8) -> Decimal {
    Decimal::new(i64::MAX, scale.into())
}

/// Returns an equivalent condition with values of the given scale: with two digits `> 1.005` becomes `>
/// 1.00`, and nothing equals `1.005`. No value exceeds `most`.
pub(super) fn fitted(compare: Compare, scale: u8, most: Decimal) -> Compare {
    let rounded = |value: &Value, way| match value.as_decimal() {
        Some(number) => {
            Value::Decimal(number.round_dp_with_strategy(scale.into(), way).clamp(-most, most))
        }
        None => value.clone(),
    };
    let down = |value: &Value| rounded(value, RoundingStrategy::ToNegativeInfinity);
    let up = |value: &Value| rounded(value, RoundingStrategy::ToPositiveInfinity);
    let exact = |value: &Value| down(value).as_decimal() == value.as_decimal();
    match compare {
        Compare::Eq(value) if !exact(&value) => Compare::Known(false),
        Compare::Ne(value) if !exact(&value) => Compare::Known(true),
        Compare::Gt(value) => Compare::Gt(down(&value)),
        Compare::Gte(value) if !exact(&value) => Compare::Gt(down(&value)),
        Compare::Lt(value) if !exact(&value) => Compare::Lte(down(&value)),
        Compare::Lte(value) => Compare::Lte(down(&value)),
        Compare::Between(low, high) => Compare::Between(up(&low), down(&high)),
        Compare::In(mut values) if !values.is_empty() => {
            values.retain(exact);
            if values.is_empty() { Compare::Known(false) } else { Compare::In(values) }
        }
        Compare::NotIn(mut values) if !values.is_empty() => {
            values.retain(exact);
            if values.is_empty() { Compare::Known(true) } else { Compare::NotIn(values) }
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Value {
        Value::Decimal(text.parse().unwrap())
    }

    #[test]
    fn more_digits_than_there_are_compare_as_numbers_do() {
        let (odd, down, up) = (decimal("1.005"), decimal("1.00"), decimal("1.01"));
        for (given, fits) in [
            (Compare::Eq(odd.clone()), Compare::Known(false)),
            (Compare::In(vec![odd.clone()]), Compare::Known(false)),
            (Compare::In(vec![]), Compare::In(vec![])),
            (Compare::Ne(odd.clone()), Compare::Known(true)),
            (Compare::Gt(odd.clone()), Compare::Gt(down.clone())),
            (Compare::Gte(odd.clone()), Compare::Gt(down.clone())),
            (Compare::Lt(odd.clone()), Compare::Lte(down.clone())),
            (Compare::Lte(odd.clone()), Compare::Lte(down.clone())),
            (Compare::Between(odd.clone(), odd.clone()), Compare::Between(up, down.clone())),
            (Compare::In(vec![odd.clone(), down.clone()]), Compare::In(vec![down.clone()])),
            (Compare::NotIn(vec![odd.clone()]), Compare::Known(true)),
            (Compare::Gte(down.clone()), Compare::Gte(down.clone())),
            (Compare::Lt(down.clone()), Compare::Lt(down)),
        ] {
            assert_eq!(fitted(given, 2, stored(2)), fits);
        }
        let huge = decimal("99999999999999999999");
        let (most, most_stored) = (decimal("92233720368547758.07"), stored(2));
        assert_eq!(fitted(Compare::Lt(huge.clone()), 2, most_stored), Compare::Lte(most.clone()));
        assert_eq!(fitted(Compare::Gt(huge.clone()), 2, most_stored), Compare::Gt(most));
        assert_eq!(fitted(Compare::Eq(huge.clone()), 2, most_stored), Compare::Known(false));
        // A sum may be that large.
        assert_eq!(fitted(Compare::Lt(huge.clone()), 2, Decimal::MAX), Compare::Lt(huge));
    }

    #[test]
    fn days_begin_where_the_company_is() {
        let day = "2026-11-24".parse().unwrap();
        assert_eq!(began(day, Tz::Asia__Shanghai).to_rfc3339(), "2026-11-23T16:00:00+00:00");
        // In Beirut the clock went from 0 to 1 that night.
        let skipped = "2024-03-31".parse().unwrap();
        assert_eq!(began(skipped, Tz::Asia__Beirut).to_rfc3339(), "2024-03-30T22:00:00+00:00");
        // Samoa had no 30 December that year.
        let (left_out, next) = ("2011-12-30".parse().unwrap(), "2011-12-31".parse().unwrap());
        assert_eq!(began(left_out, Tz::Pacific__Apia), began(next, Tz::Pacific__Apia));
    }
}
