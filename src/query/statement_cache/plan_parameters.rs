//! Values that are taken out of a plan, and the stand-ins that replace them.
//!
//! Must not know where in the plan they were.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta};
use rust_decimal::Decimal;
use sea_orm::sea_query::Value as SqlValue;
use uuid::Uuid;

use crate::{
    base::{Error, Result, Value},
    catalog::FieldType,
    query::{guard::listed, ordered_union::MOST},
    sql::{Dialect, encode, encode_as, keys::keyed},
};

/// A value taken out of a plan.
#[derive(PartialEq)]
pub(super) enum PlanParameter<'c> {
    /// A value that is compared with a field of a type.
    Field(&'c FieldType, Value),
    /// A value whose key form is compared.
    Key(Value),
    /// A value of a rule, an employee or an instant.
    Own(Value),
    /// Values that are bound as one.
    List(Vec<Value>),
}

impl PlanParameter<'_> {
    /// The bound form of the value, or of the stand-in of a family and a slot.
    pub(super) fn bound(
        &self,
        dialect: Dialect,
        stand_in: Option<(usize, usize)>,
    ) -> Result<SqlValue> {
        let shown = |value: &Value| match stand_in {
            None => value.clone(),
            Some((family, at)) => stands_for(value, family, at, 0).unwrap_or_else(|| value.clone()),
        };
        match self {
            Self::Field(ty, value) => encode(dialect, ty, &shown(value)),
            Self::Key(value) => encode_as(dialect, &keyed(&shown(value))),
            Self::Own(value) => encode_as(dialect, &shown(value)),
            Self::List(values) => match stand_in {
                None => Ok(listed(dialect, values)?.into()),
                Some((family, at)) => Ok(listed(dialect, &standing(values, family, at))?.into()),
            },
        }
    }

    /// The bound form of one value of a list, or of its stand-in.
    pub(super) fn member(
        &self,
        dialect: Dialect,
        ix: usize,
        stand_in: Option<(usize, usize)>,
    ) -> Result<SqlValue> {
        let none = || Error::internal("a statement has a place for a value that is not there");
        let Self::List(values) = self else { return Err(none()) };
        match stand_in {
            None => encode_as(dialect, values.get(ix).ok_or_else(none)?),
            Some((family, at)) => {
                encode_as(dialect, standing(values, family, at).get(ix).ok_or_else(none)?)
            }
        }
    }

    /// The number of values that may be bound alone.
    pub(super) fn members(&self) -> usize {
        match self {
            Self::List(values) => values.len().min(MOST + 1),
            _ => 0,
        }
    }
}

/// The stand-ins for the values of a list, at most one more than an ordered union merges. The number of
/// merged values is a part of a statement's form.
pub(super) fn standing(values: &[Value], family: usize, at: usize) -> Vec<Value> {
    let each = values.iter().take(MOST + 1).enumerate();
    each.map(|(ix, value)| stands_for(value, family, at, ix).unwrap_or_else(|| value.clone()))
        .collect()
}

/// The stand-in for a value; `None` for a value that is a part of the form.
pub(super) fn stands_for(value: &Value, family: usize, at: usize, ix: usize) -> Option<Value> {
    let number = i64::try_from(family * 10_000_000 + at * (MOST + 1) + ix).ok()?;
    Some(match value {
        Value::Null | Value::Bool(_) | Value::Json(_) | Value::List(_) => return None,
        Value::Int(_) => Value::Int(i64::MAX / 3 + number),
        // With eight digits after the point, it still fits the 64 bits in which SQLite stores it.
        Value::Decimal(_) => Value::Decimal(Decimal::from(7_000_000_000 + number)),
        Value::Text(_) => Value::Text(format!("\u{1}{number}\u{1}")),
        Value::Date(_) => {
            let days = Days::new(u64::try_from(number).ok()?);
            Value::Date(NaiveDate::from_ymd_opt(5_000, 1, 1)?.checked_add_days(days)?)
        }
        Value::DateTime(_) => Value::DateTime(
            DateTime::from_timestamp(95_000_000_000, 0)? + TimeDelta::microseconds(number),
        ),
        // The nanosecond is no time that anybody gives.
        Value::Time(_) => {
            let (seconds, micros) = (number / 1_000_000, number % 1_000_000);
            Value::Time(NaiveTime::from_num_seconds_from_midnight_opt(
                u32::try_from(seconds).ok()?,
                u32::try_from(micros * 1_000 + 1).ok()?,
            )?)
        }
        Value::Id(_) => Value::Id(Uuid::from_u128((0xf0f0 << 100) | u128::try_from(number).ok()?)),
    })
}
