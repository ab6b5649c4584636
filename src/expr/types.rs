//! The types of expressions, and their names in messages.
//!
//! Owns [`Type`] and its names. Must not know syntax or evaluation.

use std::{borrow::Cow, sync::Arc};

use super::messages;
use crate::base::{Lang, Message, Said};

/// The type of an expression, a field or a constant.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// The literal `null`, before it gets the type that its place expects.
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
    Picklist(Arc<PicklistType>),
    /// A calendar day.
    Date,
    /// An instant.
    DateTime,
    /// A time of day.
    Time,
    /// The id of a record of any object.
    Id,
    /// Free JSON.
    Json,
    /// A record of the object with this API name; its value is the record's id.
    Record(String),
    /// Several values of one type.
    List(Box<Type>),
}

/// A picklist as expressions use it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PicklistType {
    /// The picklist's API name.
    pub name: String,
    /// The API names of its values, in order.
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

    /// The picklist of the values, alone or in a list.
    pub fn picklist(&self) -> Option<&Arc<PicklistType>> {
        match self {
            Self::Picklist(picklist) => Some(picklist),
            Self::List(item) => item.picklist(),
            _ => None,
        }
    }
}

impl Type {
    /// The name of the type in messages.
    pub fn message(&self) -> Message {
        match self {
            Self::Null => Message::same("null"),
            Self::Bool => messages::true_or_false(),
            Self::Int => messages::whole_number(),
            Self::Decimal => messages::decimal_number(),
            Self::Text => messages::text(),
            Self::Picklist(picklist) => messages::value_of_list(&picklist.name),
            Self::Date => messages::date(),
            Self::DateTime => messages::instant(),
            Self::Time => messages::time_of_day(),
            Self::Id => messages::id(),
            Self::Json => Message::same("JSON"),
            Self::Record(object) => messages::record(object),
            Self::List(item) => messages::list(item.message()),
        }
    }
}

impl Said for Type {
    fn said(&self, lang: Lang) -> Cow<'_, str> {
        Cow::Owned(self.message().text(lang).to_owned())
    }
}
