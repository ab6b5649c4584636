//! What a form draws for the field of a type.

use super::{
    field::Rollup,
    field_type::{FieldType, TextForm, Unit},
};

/// What a form draws for a field, and what `/metadata` calls its type.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, strum::AsRefStr, strum::EnumString, strum::VariantNames,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum FieldForm {
    /// The record's id.
    Id,
    /// One line of text.
    Text,
    /// Several lines of text.
    LongText,
    /// HTML, cleaned before it is stored.
    RichText,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A web address.
    Url,
    /// A whole number.
    Integer,
    /// A length of time in minutes.
    Duration,
    /// A rating in steps from 1.
    Rating,
    /// An exact decimal.
    Decimal,
    /// An amount of money.
    Money,
    /// An amount of money in the currency that stands beside it.
    Amount,
    /// Hundredths.
    Percent,
    /// True or false.
    Boolean,
    /// A day.
    Date,
    /// An instant.
    DateTime,
    /// A time of day.
    Time,
    /// Any JSON.
    Json,
    /// One value of a list.
    Picklist,
    /// Several values of a list.
    MultiPicklist,
    /// A number that the server assigns.
    Number,
    /// A reference to one record.
    Relation,
    /// The lines of a document.
    Lines,
    /// References to several records.
    ManyToMany,
    /// The records that refer to this one.
    Inverse,
    /// A reference to one record of one of several objects.
    Union,
}

impl FieldType {
    /// What a form draws for a field. A roll-up looks like what it sums, which `summed` says.
    pub(super) fn form(&self, summed: impl FnOnce(Rollup) -> Option<FieldForm>) -> FieldForm {
        match self {
            Self::Id => FieldForm::Id,
            Self::Text { form, .. } => match form {
                TextForm::Plain => FieldForm::Text,
                TextForm::Long => FieldForm::LongText,
                TextForm::Email => FieldForm::Email,
                TextForm::Phone => FieldForm::Phone,
                TextForm::Url => FieldForm::Url,
            },
            Self::RichText { .. } => FieldForm::RichText,
            Self::Integer => FieldForm::Integer,
            Self::Duration => FieldForm::Duration,
            Self::Rating { .. } => FieldForm::Rating,
            Self::Decimal { unit, .. } => match unit {
                Unit::Plain => FieldForm::Decimal,
                Unit::Money => FieldForm::Money,
                Unit::Amount => FieldForm::Amount,
                Unit::Percent => FieldForm::Percent,
            },
            Self::Boolean => FieldForm::Boolean,
            Self::Date => FieldForm::Date,
            Self::DateTime => FieldForm::DateTime,
            Self::Time => FieldForm::Time,
            Self::Json => FieldForm::Json,
            Self::Picklist(_) => FieldForm::Picklist,
            Self::MultiPicklist(_) => FieldForm::MultiPicklist,
            Self::AutoNumber(_) => FieldForm::Number,
            Self::Relation(_) => FieldForm::Relation,
            Self::Rollup(rollup) => summed(*rollup).unwrap_or(FieldForm::Integer),
            Self::Lines(_) => FieldForm::Lines,
            Self::ManyToMany(_) => FieldForm::ManyToMany,
            Self::Inverse(_) => FieldForm::Inverse,
            Self::Union(_) => FieldForm::Union,
        }
    }
}
