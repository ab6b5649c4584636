//! Conversions of values from one type of field to another: which there are, and what each makes of a value.
//!
//! Pure: the business time zone is handed in. A conversion can be stored, so that a job needs no catalog for it.

use std::str::FromStr;

use chrono::{Duration, NaiveDate, NaiveTime, TimeZone};
use chrono_tz::Tz;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{
    field_type::{FieldType, TextForm, TextNormal, Unit},
    ids::PicklistIx,
    snapshot::{Catalog, Picklist},
};
use crate::base::{Value, calendar};

/// Digits of a decimal, before and after the point.
const DIGITS: u32 = 18;

/// A value of a picklist, by its name and what people call it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChoiceForm {
    name: String,
    labels: Vec<String>,
}

/// What the values of a field are, as far as a conversion goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ValueForm {
    /// A text of at most `max` characters.
    Text {
        /// The longest value, in characters.
        max: u32,
        /// Whether it may have several lines.
        long: bool,
    },
    /// A whole number within these bounds.
    Integer {
        /// The least.
        low: i32,
        /// The greatest.
        high: i32,
    },
    /// An exact decimal.
    Decimal {
        /// Digits after the point.
        scale: u8,
    },
    /// A calendar day.
    Date,
    /// An instant.
    DateTime,
    /// One of these.
    Choice(Vec<ChoiceForm>),
    /// Several of these.
    Choices(Vec<ChoiceForm>),
}

impl ValueForm {
    /// The form of a type's values. None for types that nothing is converted to or from.
    pub fn of(catalog: &Catalog, ty: &FieldType) -> Option<Self> {
        Some(match ty {
            FieldType::Text { max, form, .. } => {
                Self::Text { max: *max, long: *form == TextForm::Long }
            }
            FieldType::Integer | FieldType::Duration | FieldType::Rating { .. } => {
                let (low, high) = ty.whole_range().unwrap_or((i32::MIN, i32::MAX));
                Self::Integer { low, high }
            }
            FieldType::Decimal { scale, .. } => Self::Decimal { scale: *scale },
            FieldType::Date => Self::Date,
            FieldType::DateTime => Self::DateTime,
            FieldType::Picklist(list) => Self::Choice(choices(catalog.picklist(*list))),
            FieldType::MultiPicklist(list) => Self::Choices(choices(catalog.picklist(*list))),
            FieldType::Id
            | FieldType::RichText { .. }
            | FieldType::Boolean
            | FieldType::Time
            | FieldType::Json
            | FieldType::AutoNumber(_)
            | FieldType::Relation(_)
            | FieldType::Union(_)
            | FieldType::Rollup(_)
            | FieldType::Lines(_)
            | FieldType::ManyToMany(_)
            | FieldType::Inverse(_) => return None,
        })
    }

    /// A type whose values are stored as these are.
    pub fn stored_as(&self) -> FieldType {
        match self {
            Self::Text { max, .. } => {
                FieldType::Text { max: *max, form: TextForm::Long, normal: TextNormal::default() }
            }
            Self::Integer { .. } => FieldType::Integer,
            Self::Decimal { scale } => FieldType::Decimal { scale: *scale, unit: Unit::Plain },
            Self::Date => FieldType::Date,
            Self::DateTime => FieldType::DateTime,
            Self::Choice(_) => FieldType::Picklist(PicklistIx(0)),
            Self::Choices(_) => FieldType::MultiPicklist(PicklistIx(0)),
        }
    }

    /// Whether a value is one of this form.
    fn has(&self, value: &Value) -> bool {
        let among = |all: &[ChoiceForm], name: &str| all.iter().any(|known| known.name == name);
        match (self, value) {
            (_, Value::Null) | (Self::DateTime, Value::DateTime(_)) => true,
            (Self::Text { max, long }, Value::Text(text)) => {
                text.chars().count() <= *max as usize && (*long || !text.contains(['\n', '\r']))
            }
            (Self::Integer { low, high }, Value::Int(int)) => {
                (i64::from(*low)..=i64::from(*high)).contains(int)
            }
            (Self::Decimal { scale }, Value::Decimal(number)) => {
                let minor = Decimal::from(10_i64.pow(u32::from(*scale)));
                let bound = Decimal::from(10_i64.pow(DIGITS));
                number.normalize().scale() <= u32::from(*scale)
                    && number.abs().checked_mul(minor).is_some_and(|minor| minor < bound)
            }
            (Self::Date, Value::Date(day)) => calendar::has_day(*day),
            (Self::Choice(all), Value::Text(name)) => among(all, name),
            (Self::Choices(all), Value::List(items)) => {
                items.iter().all(|item| item.as_text().is_some_and(|name| among(all, name)))
            }
            _ => false,
        }
    }

    /// What a text says in this form.
    fn read(&self, text: &str) -> Option<Value> {
        let trimmed = text.trim();
        if trimmed.is_empty() && !matches!(self, Self::Text { .. }) {
            return Some(Value::Null);
        }
        match self {
            Self::Text { .. } => Some(Value::Text(text.to_owned())),
            Self::Integer { .. } => whole(Decimal::from_str(trimmed).ok()?),
            Self::Decimal { .. } => Decimal::from_str(trimmed).ok().map(Value::Decimal),
            Self::Date => calendar::day(trimmed).map(Value::Date),
            Self::DateTime => calendar::instant(trimmed).map(Value::DateTime),
            Self::Choice(all) => choice(all, trimmed).map(Value::Text),
            Self::Choices(all) => {
                choice(all, trimmed).map(|name| Value::List(vec![Value::Text(name)]))
            }
        }
    }
}

fn choices(list: &Picklist) -> Vec<ChoiceForm> {
    let each = list.values.iter().map(|value| ChoiceForm {
        name: value.name.clone(),
        labels: [&value.label.zh, &value.label.en].into_iter().flatten().cloned().collect(),
    });
    each.collect()
}

/// The value with this name, else the only one with this label.
fn choice(all: &[ChoiceForm], text: &str) -> Option<String> {
    if let Some(known) = all.iter().find(|known| known.name == text) {
        return Some(known.name.clone());
    }
    let mut labelled = all.iter().filter(|known| known.labels.iter().any(|label| label == text));
    let first = labelled.next()?;
    labelled.next().is_none().then(|| first.name.clone())
}

/// A number without anything after the point, as a whole one.
fn whole(number: Decimal) -> Option<Value> {
    let exact = number.normalize();
    let int = (exact.scale() == 0).then(|| i64::try_from(exact.mantissa()).ok())??;
    Some(Value::Int(int))
}

/// How the values of a field become those of another type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversion {
    from: ValueForm,
    to: ValueForm,
}

impl Conversion {
    /// The conversion from a type of one catalog to a type of another. None where it makes no sense.
    pub fn between(
        (old, from): (&Catalog, &FieldType),
        (new, to): (&Catalog, &FieldType),
    ) -> Option<Self> {
        use ValueForm::{Choice, Choices, Date, DateTime, Decimal, Integer, Text};
        let (from, to) = (ValueForm::of(old, from)?, ValueForm::of(new, to)?);
        let there_is = matches!(
            (&from, &to),
            (
                Text { .. },
                Text { .. } | Integer { .. } | Decimal { .. } | Date | DateTime | Choice(_)
            ) | (Integer { .. } | Decimal { .. }, Text { .. } | Integer { .. } | Decimal { .. })
                | (Date | DateTime, Text { .. } | Date | DateTime)
                | (Choice(_), Text { .. } | Choice(_) | Choices(_))
                | (Choices(_), Choice(_) | Choices(_))
        );
        there_is.then_some(Self { from, to })
    }

    /// A type whose values are stored as those before.
    pub fn stored_from(&self) -> FieldType {
        self.from.stored_as()
    }

    /// A type whose values are stored as those behind.
    pub fn stored_to(&self) -> FieldType {
        self.to.stored_as()
    }

    /// What becomes of a value. None if it cannot be converted without a loss.
    pub fn convert(&self, value: &Value, zone: Tz) -> Option<Value> {
        let to = &self.to;
        let made = match value {
            Value::Null => Value::Null,
            Value::Text(text) if matches!(self.from, ValueForm::Text { .. }) => to.read(text)?,
            Value::Text(name) if matches!(to, ValueForm::Choices(_)) => {
                Value::List(vec![Value::Text(name.clone())])
            }
            Value::Text(name) => Value::Text(name.clone()),
            Value::Int(_) | Value::Decimal(_) => {
                let number = value.as_decimal()?;
                match to {
                    ValueForm::Integer { .. } => whole(number)?,
                    ValueForm::Decimal { .. } => Value::Decimal(number),
                    _ => Value::Text(number.to_string()),
                }
            }
            Value::Date(day) => match to {
                ValueForm::DateTime => Value::DateTime(begins(*day, zone)?),
                ValueForm::Text { .. } => Value::Text(day.to_string()),
                _ => value.clone(),
            },
            Value::DateTime(at) => match to {
                ValueForm::Date => {
                    let day = at.with_timezone(&zone).date_naive();
                    (begins(day, zone)? == *at).then_some(Value::Date(day))?
                }
                ValueForm::Text { .. } => Value::Text(at.to_rfc3339()),
                _ => value.clone(),
            },
            Value::List(items) => match (to, items.as_slice()) {
                (ValueForm::Choice(_), [one]) => one.clone(),
                (ValueForm::Choice(_), _) => return None,
                _ => value.clone(),
            },
            Value::Bool(_) | Value::Time(_) | Value::Id(_) | Value::Json(_) => return None,
        };
        to.has(&made).then_some(made)
    }

    /// What history or the recycle bin keeps of a field that had another type once. None if it does not fit today's.
    pub fn formerly(catalog: &Catalog, ty: &FieldType, json: &Json) -> Option<Value> {
        let form = ValueForm::of(catalog, ty)?;
        let text = match json {
            Json::String(text) => text.clone(),
            Json::Number(number) => number.to_string(),
            Json::Array(items) => match items.as_slice() {
                [Json::String(one)] => one.clone(),
                _ => return None,
            },
            Json::Null | Json::Bool(_) | Json::Object(_) => return None,
        };
        form.read(&text).filter(|value| form.has(value))
    }

    /// Whether a value fits a type.
    pub fn fits(catalog: &Catalog, ty: &FieldType, value: &Value) -> bool {
        ValueForm::of(catalog, ty).is_none_or(|form| form.has(value))
    }
}

/// The first instant of a day. Where the clock leaps over midnight, the day begins an hour later.
fn begins(day: NaiveDate, zone: Tz) -> Option<chrono::DateTime<chrono::Utc>> {
    let midnight = day.and_time(NaiveTime::MIN);
    let first = |at| zone.from_local_datetime(&at).earliest();
    let at = first(midnight).or_else(|| first(midnight + Duration::hours(1)))?;
    Some(at.to_utc()).filter(|at| calendar::has_instant(*at))
}

#[cfg(test)]
mod tests {
    use chrono_tz::{America::Sao_Paulo, Asia::Shanghai};

    use super::*;

    fn text(max: u32) -> ValueForm {
        ValueForm::Text { max, long: false }
    }

    fn converted(from: ValueForm, to: ValueForm, value: Value) -> Option<Value> {
        Conversion { from, to }.convert(&value, Shanghai)
    }

    fn levels() -> Vec<ChoiceForm> {
        let one = |name: &str, label: &str| ChoiceForm {
            name: name.to_owned(),
            labels: vec![label.to_owned()],
        };
        vec![one("HIGH", "高"), one("LOW", "低"), one("LOWEST", "低")]
    }

    fn of(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    #[test]
    fn texts_become_what_they_say_or_nothing() {
        let whole = || ValueForm::Integer { low: 0, high: 100 };
        for (given, is) in [
            ("30", Some(Value::Int(30))),
            (" 30.0 ", Some(Value::Int(30))),
            ("", Some(Value::Null)),
            ("30.5", None),
            ("101", None),
            ("-1", None),
            ("1,000", None),
            ("about 30", None),
            ("99999999999999999999999999999999", None),
        ] {
            assert_eq!(converted(text(40), whole(), of(given)), is, "{given}");
        }
        let price = || ValueForm::Decimal { scale: 2 };
        let number = |minor, scale| Some(Value::Decimal(Decimal::new(minor, scale)));
        assert_eq!(converted(text(40), price(), of("12.50")), number(1_250, 2));
        assert_eq!(converted(text(40), price(), of("12.505")), None);
        assert_eq!(converted(text(40), price(), of("10000000000000000")), None);
        let day = NaiveDate::from_ymd_opt(2026, 11, 28).unwrap();
        assert_eq!(converted(text(40), ValueForm::Date, of("2026-11-28")), Some(Value::Date(day)));
        assert_eq!(converted(text(40), ValueForm::Date, of("28.11.2026")), None);
        let list = || ValueForm::Choice(levels());
        assert_eq!(converted(text(40), list(), of("HIGH")), Some(of("HIGH")));
        assert_eq!(converted(text(40), list(), of("高")), Some(of("HIGH")));
        assert_eq!(converted(text(40), list(), of("低")), None);
        assert_eq!(converted(text(40), text(2), of("abc")), None);
        assert_eq!(converted(text(40), text(2), of("客户")), Some(of("客户")));
        assert_eq!(converted(text(40), text(9), of("a\nb")), None);
    }

    #[test]
    fn numbers_days_and_choices_are_converted_without_loss() {
        let whole = || ValueForm::Integer { low: i32::MIN, high: i32::MAX };
        let price = |scale| ValueForm::Decimal { scale };
        let number = |minor, scale| Value::Decimal(Decimal::new(minor, scale));
        assert_eq!(converted(whole(), price(2), Value::Int(7)), Some(number(7, 0)));
        assert_eq!(converted(price(2), whole(), number(700, 2)), Some(Value::Int(7)));
        assert_eq!(converted(price(2), whole(), number(701, 2)), None);
        assert_eq!(converted(price(2), price(1), number(701, 2)), None);
        assert_eq!(converted(price(2), text(40), number(1_250, 2)), Some(of("12.50")));
        assert_eq!(converted(whole(), text(1), Value::Int(12)), None);
        let lists = || ValueForm::Choices(levels());
        let high = Value::List(vec![of("HIGH")]);
        let choice = || ValueForm::Choice(levels());
        assert_eq!(converted(choice(), lists(), of("HIGH")), Some(high.clone()));
        assert_eq!(converted(lists(), choice(), high), Some(of("HIGH")));
        let two = Value::List(vec![of("HIGH"), of("LOW")]);
        assert_eq!(converted(lists(), choice(), two), None);
        let day = NaiveDate::from_ymd_opt(2026, 6, 15).unwrap();
        let at = converted(ValueForm::Date, ValueForm::DateTime, Value::Date(day)).unwrap();
        assert_eq!(at, Value::DateTime("2026-06-14T16:00:00Z".parse().unwrap()));
        assert_eq!(converted(ValueForm::DateTime, ValueForm::Date, at), Some(Value::Date(day)));
        let later = Value::DateTime("2026-06-14T16:00:01Z".parse().unwrap());
        assert_eq!(converted(ValueForm::DateTime, ValueForm::Date, later), None);
        // On this day the clock went from midnight to one o'clock.
        let leap = NaiveDate::from_ymd_opt(2018, 11, 4).unwrap();
        let begun = begins(leap, Sao_Paulo).unwrap();
        assert_eq!(begun, "2018-11-04T03:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap());
    }
}
