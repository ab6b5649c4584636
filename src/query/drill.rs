//! The filter that lists exactly the records of a group, as callers write it: what was asked for, and what the group's
//! records share.
//!
//! Owns its form. Must not know SQL.

use chrono::{Days, NaiveDate};

use super::render::quoted;
use crate::{base::calendar, sql::Period};

/// The filters of an aggregation's groups.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Drill {
    /// The filter of the aggregation, as JSON.
    pub filter: Option<String>,
    /// What each grouping key is in a filter.
    pub keys: Vec<DrillKey>,
}

/// A grouping key as a filter names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DrillKey {
    /// The names of each relation on the way, two for one in a group of fields.
    pub relations: Vec<Vec<String>>,
    /// The names of the field.
    pub field: Vec<String>,
    /// The period that the key begins.
    pub period: Option<Period>,
    /// The operator that compares values exactly as groups do.
    pub exact: Exact,
}

/// How a filter finds one value and no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Exact {
    /// `eq`.
    Equal,
    /// `between`, for texts of which `eq` compares the key form, while groups tell `ab` from `AB`.
    Between,
}

impl Drill {
    /// The filter of a group whose keys have these values, as JSON.
    pub(super) fn filter_of(&self, values: &[String]) -> String {
        let own = self.filter.iter().cloned();
        let keys = self.keys.iter().zip(values).map(|(key, value)| key.condition(value));
        let mut all: Vec<_> = own.chain(keys).collect();
        match all.len() {
            0 => "{}".to_owned(),
            1 => all.swap_remove(0),
            _ => format!("{{\"and\":[{}]}}", all.join(",")),
        }
    }
}

impl DrillKey {
    /// The condition that the key has a value, which is given as JSON.
    fn condition(&self, value: &str) -> String {
        if value == "null" {
            // Groups do not tell a related record without the value from none.
            let none = under(&self.field, NO_VALUE.to_owned());
            return self.relations.iter().rev().fold(none, |inner, relation| {
                under(relation, format!("{{\"or\":[{NO_VALUE},{inner}]}}"))
            });
        }
        let compared = match (self.period, self.exact) {
            (Some(period), _) => {
                let last = last_day(period, value);
                format!("{{\"between\":[{value},{}]}}", last.as_deref().unwrap_or(value))
            }
            (None, Exact::Equal) => format!("{{\"eq\":{value}}}"),
            (None, Exact::Between) => format!("{{\"between\":[{value},{value}]}}"),
        };
        let steps = self.relations.iter().rev();
        steps.fold(under(&self.field, compared), |inner, relation| under(relation, inner))
    }
}

const NO_VALUE: &str = "{\"isNull\":true}";

/// A condition below some names.
fn under(names: &[String], condition: String) -> String {
    names.iter().rev().fold(condition, |inner, name| {
        let mut outer = String::from("{");
        quoted(name, &mut outer);
        outer + ":" + &inner + "}"
    })
}

/// The last day of the period that begins on a day, both as JSON. The calendar ends the last period.
fn last_day(period: Period, first: &str) -> Option<String> {
    let first: NaiveDate = first.trim_matches('"').parse().ok()?;
    let end = calendar::ends().1;
    let next = period.next(first);
    let last =
        next.and_then(|next| next.checked_sub_days(Days::new(1))).map_or(end, |last| last.min(end));
    Some(format!("\"{last}\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(relations: &[&str], field: &[&str], period: Option<Period>) -> DrillKey {
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let relations = relations.iter().map(|relation| names(&[relation])).collect();
        DrillKey { relations, field: names(field), period, exact: Exact::Equal }
    }

    #[test]
    fn filters_stand_alone() {
        let of = |filter: Option<&str>, keys: &[DrillKey], values: &[&str]| {
            let drill = Drill { filter: filter.map(str::to_owned), keys: keys.to_vec() };
            drill.filter_of(&values.iter().map(|&value| value.to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(of(None, &[], &[]), "{}");
        let filter = r#"{"level":{"eq":"A"}}"#;
        assert_eq!(of(Some(filter), &[], &[]), filter);
        let name = key(&["owner"], &["name"], None);
        assert_eq!(
            of(None, std::slice::from_ref(&name), &["\"li\""]),
            r#"{"owner":{"name":{"eq":"li"}}}"#
        );
        assert_eq!(
            of(None, &[name], &["null"]),
            r#"{"owner":{"or":[{"isNull":true},{"name":{"isNull":true}}]}}"#
        );
        let cost = key(&[], &["freight", "cost"], None);
        let month = key(&[], &["createdAt"], Some(Period::Month));
        assert_eq!(
            of(Some(filter), &[cost, month], &["\"1.50\"", "\"2028-02-01\""]),
            r#"{"and":[{"level":{"eq":"A"}},{"freight":{"cost":{"eq":"1.50"}}},{"createdAt":{"between":["2028-02-01","2028-02-29"]}}]}"#
        );
        for (period, first, last) in [
            (Period::Day, "2026-12-31", "2026-12-31"),
            (Period::Week, "2026-11-30", "2026-12-06"),
            (Period::Quarter, "2026-10-01", "2026-12-31"),
            (Period::Year, "9999-01-01", "9999-12-31"),
            (Period::Week, "9999-12-27", "9999-12-31"),
        ] {
            let last = format!("\"{last}\"");
            assert_eq!(last_day(period, &format!("\"{first}\"")), Some(last), "{period:?}");
        }
    }
}
