//! The one value type that records, expressions and filters share.
//!
//! Owns the values of fields in memory; must not know columns or JSON responses.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

/// The value of a field or of an expression.
///
/// Money and quantities are [`Value::Decimal`], never floating point. Picklist values are [`Value::Text`]
/// with the value's API name, multi-picklists a [`Value::List`] of those.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum Value {
    /// No value.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// An exact decimal: money, quantity, rate.
    Decimal(Decimal),
    /// Text of any length, and picklist values by API name.
    Text(String),
    /// A calendar day without a time zone.
    Date(NaiveDate),
    /// An instant, always UTC.
    DateTime(DateTime<Utc>),
    /// A time of day in whole seconds.
    Time(NaiveTime),
    /// A record's id.
    Id(Uuid),
    /// Free JSON, kept as the given text, normalised.
    Json(String),
    /// Several values of one kind.
    List(Vec<Value>),
}

impl Value {
    /// Whether this is [`Value::Null`].
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The text inside, if this is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The id inside, if this is an id.
    pub fn as_id(&self) -> Option<Uuid> {
        match self {
            Self::Id(id) => Some(*id),
            _ => None,
        }
    }

    /// The number inside as an exact decimal, for integers and decimals.
    pub fn as_decimal(&self) -> Option<Decimal> {
        match self {
            Self::Int(int) => Some(Decimal::from(*int)),
            Self::Decimal(decimal) => Some(*decimal),
            _ => None,
        }
    }
}
