//! The types expressions are checked against, and how messages name them.
//!
//! Owns [`Type`] and its naming; knows neither syntax nor evaluation.

use std::{fmt, sync::Arc};

/// What an expression, a field or a constant is.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// The literal `null`, before it has taken the type of its place.
    Null,
    /// True or false.
    Bool,
    /// A whole number.
    Int,
    /// An exact decimal.
    Decimal,
    /// Text.
    Text,
    /// One value of a picklist.
    Picklist(Arc<Picklist>),
    /// A calendar day.
    Date,
    /// An instant.
    DateTime,
    /// The id of a record of any object.
    Id,
    /// Free JSON.
    Json,
    /// A record of the object with this api name; its value is the record's id.
    Record(String),
    /// Several values of one type.
    List(Box<Type>),
}

/// A picklist as expressions see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picklist {
    /// The picklist's api name.
    pub name: String,
    /// The api names of its values, in order.
    pub values: Vec<String>,
}

impl Type {
    /// Whether values of this type are numbers.
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Int | Self::Decimal)
    }

    /// Whether values of this type are text: text itself and picklist values.
    pub fn is_text(&self) -> bool {
        matches!(self, Self::Text | Self::Picklist(_))
    }

    /// The picklist whose values stand here, alone or in a list.
    pub fn picklist(&self) -> Option<&Arc<Picklist>> {
        match self {
            Self::Picklist(picklist) => Some(picklist),
            Self::List(item) => item.picklist(),
            _ => None,
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool => f.write_str("true or false"),
            Self::Int => f.write_str("a whole number"),
            Self::Decimal => f.write_str("a decimal number"),
            Self::Text => f.write_str("text"),
            Self::Picklist(picklist) => write!(f, "a value of picklist `{}`", picklist.name),
            Self::Date => f.write_str("a date"),
            Self::DateTime => f.write_str("a date and time"),
            Self::Id => f.write_str("an id"),
            Self::Json => f.write_str("JSON"),
            Self::Record(object) => write!(f, "a record of `{object}`"),
            Self::List(item) => write!(f, "a list (of {item})"),
        }
    }
}
