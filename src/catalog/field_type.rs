//! The types of fields, and what each means for everything else: one row of a table for each type.
//!
//! Rooms above ask a [`Traits`] or a [`Storage`] and match those without a wildcard. A new type is a variant of
//! [`FieldType`], its row here, and the name by which a definition asks for it.

use super::{
    field::{Inverse, Junction, Lines, Relation, Rollup},
    ids::{ObjectIx, PicklistIx},
    number::NumberFormat,
    union::UnionRelation,
};

/// The form of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextForm {
    /// One line.
    Plain,
    /// Several lines.
    Long,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A web address.
    Url,
}

/// What a definition has done to a text before it is stored, beside what its form has done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TextNormal {
    /// Blanks at both ends are removed, those of a long text, too.
    pub trimmed: bool,
    /// Full-width letters, digits and signs become those of usual width.
    pub half_width: bool,
    /// A telephone number is written without blanks and dashes, in usual width.
    pub phone: bool,
}

/// What a decimal counts. It changes how people read the number, not how it is stored or computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Nothing in particular.
    Plain,
    /// An amount of money, in the company's currency.
    Money,
    /// An amount of money in the currency that stands beside it. Such amounts are not added up.
    Amount,
    /// Hundredths: 12.5 is 12.5 %.
    Percent,
}

/// The type of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldType {
    /// The record's own id.
    Id,
    /// Text of at most `max` characters.
    Text {
        /// The longest value, in characters.
        max: u32,
        /// The form.
        form: TextForm,
        /// What is done to a text before it is stored.
        normal: TextNormal,
    },
    /// HTML of at most `max` characters, cleaned before it is stored.
    RichText {
        /// The longest value, in characters.
        max: u32,
    },
    /// A 32-bit whole number.
    Integer,
    /// A length of time in whole minutes.
    Duration,
    /// A rating in whole steps from 1 to `max`.
    Rating {
        /// The highest rating.
        max: u8,
    },
    /// An exact decimal of 18 digits, `scale` of them after the point.
    Decimal {
        /// Digits after the point.
        scale: u8,
        /// What it counts.
        unit: Unit,
    },
    /// True or false.
    Boolean,
    /// A calendar day.
    Date,
    /// An instant.
    DateTime,
    /// A time of day, without a day or a time zone.
    Time,
    /// Any JSON.
    Json,
    /// One value of a list.
    Picklist(PicklistIx),
    /// Several values of a list.
    MultiPicklist(PicklistIx),
    /// A number that the server assigns.
    AutoNumber(NumberFormat),
    /// A reference to one record.
    Relation(Relation),
    /// A value over the record's lines.
    Rollup(Rollup),
    /// Owned lines.
    Lines(Lines),
    /// References to many records.
    ManyToMany(Junction),
    /// The records that refer here.
    Inverse(Inverse),
    /// A reference to one record of one of several objects.
    Union(UnionRelation),
}

/// How the values of a type are stored, encoded and read back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Storage {
    /// The id of a record.
    Id,
    /// A text.
    Text,
    /// A whole number.
    Integer,
    /// An exact decimal with so many digits after the point.
    Decimal(u8),
    /// True or false.
    Boolean,
    /// A calendar day.
    Date,
    /// An instant.
    DateTime,
    /// A time of day.
    Time,
    /// JSON.
    Json,
    /// The names of picklist values, as JSON.
    Names,
    /// Nothing: the values are in other tables.
    Elsewhere,
}

/// The GraphQL type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScalarType {
    /// `ID`
    Id,
    /// `String`
    String,
    /// `Int`
    Int,
    /// `Decimal`
    Decimal,
    /// `Boolean`
    Boolean,
    /// `Date`
    Date,
    /// `DateTime`
    DateTime,
    /// `Time`
    Time,
    /// `JSON`
    Json,
    /// The enum of a picklist.
    Enum(PicklistIx),
}

/// What a filter can ask of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operators {
    /// Equal, one of a list, or empty.
    Equal,
    /// Those of `Equal`, and less, greater and between.
    Ordered,
    /// Those of `Ordered`, and parts of the text.
    Text,
    /// Has a value, or empty.
    Has,
    /// Only whether it is empty.
    Null,
    /// Conditions below the record it refers to.
    Record,
    /// Conditions on some, none or every record of the list.
    Records,
}

/// The row of a type in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traits {
    /// How values are stored.
    pub storage: Storage,
    /// The GraphQL type of a value. None where the type is that of other records.
    pub scalar: Option<ScalarType>,
    /// What filters can ask.
    pub operators: Operators,
    /// Values can be added up and averaged.
    pub adds_up: bool,
    /// Records can be sorted by it. By a relation, they are sorted by fields of its target.
    pub sorts: bool,
    /// Values can be told apart: counted as different ones, and grouped by.
    pub groups: bool,
    /// A unique field of the type finds a record: `customer(code: "C1")`.
    pub finds: bool,
    /// A part of the value can be shown in place of it.
    pub masks: bool,
    /// The words of the value can be searched.
    pub searches: bool,
}

/// A value that is stored in a column of its own, equal to others of its kind and nothing more.
const PLAIN: Traits = Traits {
    storage: Storage::Text,
    scalar: None,
    operators: Operators::Equal,
    adds_up: false,
    sorts: true,
    groups: true,
    finds: false,
    masks: false,
    searches: false,
};

/// A text.
const TEXT: Traits = Traits {
    scalar: Some(ScalarType::String),
    operators: Operators::Text,
    finds: true,
    masks: true,
    searches: true,
    ..PLAIN
};

/// A whole number.
const INTEGER: Traits = Traits {
    storage: Storage::Integer,
    scalar: Some(ScalarType::Int),
    operators: Operators::Ordered,
    adds_up: true,
    ..PLAIN
};

/// Records of a list.
const RECORDS: Traits = Traits {
    storage: Storage::Elsewhere,
    operators: Operators::Records,
    sorts: false,
    groups: false,
    ..PLAIN
};

impl FieldType {
    /// The row of the type.
    pub fn traits(&self) -> Traits {
        match self {
            Self::Id => Traits { storage: Storage::Id, scalar: Some(ScalarType::Id), ..PLAIN },
            Self::Text { .. } => TEXT,
            // Its words are searched and filtered in a field of their own.
            Self::RichText { .. } => Traits {
                scalar: Some(ScalarType::String),
                operators: Operators::Null,
                sorts: false,
                groups: false,
                ..PLAIN
            },
            Self::Integer => Traits { finds: true, ..INTEGER },
            Self::Duration | Self::Rating { .. } => INTEGER,
            Self::Decimal { scale, unit } => {
                Traits { adds_up: *unit != Unit::Amount, ..decimal(*scale) }
            }
            Self::Boolean => {
                Traits { storage: Storage::Boolean, scalar: Some(ScalarType::Boolean), ..PLAIN }
            }
            Self::Date => Traits {
                storage: Storage::Date,
                scalar: Some(ScalarType::Date),
                operators: Operators::Ordered,
                ..PLAIN
            },
            Self::DateTime => Traits {
                storage: Storage::DateTime,
                scalar: Some(ScalarType::DateTime),
                operators: Operators::Ordered,
                ..PLAIN
            },
            Self::Time => Traits {
                storage: Storage::Time,
                scalar: Some(ScalarType::Time),
                operators: Operators::Ordered,
                ..PLAIN
            },
            Self::Json => Traits {
                storage: Storage::Json,
                scalar: Some(ScalarType::Json),
                operators: Operators::Null,
                sorts: false,
                groups: false,
                ..PLAIN
            },
            Self::Picklist(list) => Traits { scalar: Some(ScalarType::Enum(*list)), ..PLAIN },
            Self::MultiPicklist(list) => Traits {
                storage: Storage::Names,
                scalar: Some(ScalarType::Enum(*list)),
                operators: Operators::Has,
                sorts: false,
                groups: false,
                ..PLAIN
            },
            Self::AutoNumber(_) => TEXT,
            Self::Relation(_) => {
                Traits { storage: Storage::Id, operators: Operators::Record, ..PLAIN }
            }
            Self::Rollup(rollup) => rollup.scale.map_or(INTEGER, decimal),
            Self::Lines(_) | Self::ManyToMany(_) | Self::Inverse(_) => RECORDS,
            Self::Union(_) => Traits { operators: Operators::Record, sorts: true, ..RECORDS },
        }
    }

    /// How values are stored.
    pub fn storage(&self) -> Storage {
        self.traits().storage
    }

    /// What is done to a text before it is stored, beside what its form does.
    pub fn normal(&self) -> TextNormal {
        match self {
            Self::Text { normal, .. } => *normal,
            _ => TextNormal::default(),
        }
    }

    /// Digits after the point, for exact decimals.
    pub fn scale(&self) -> Option<u8> {
        match self.storage() {
            Storage::Decimal(scale) => Some(scale),
            Storage::Id
            | Storage::Text
            | Storage::Integer
            | Storage::Boolean
            | Storage::Date
            | Storage::DateTime
            | Storage::Time
            | Storage::Json
            | Storage::Names
            | Storage::Elsewhere => None,
        }
    }

    /// The longest text that fits, in characters, if the definition says.
    pub fn longest(&self) -> Option<u32> {
        match self {
            Self::Text { max, .. } | Self::RichText { max } => Some(*max),
            Self::Id
            | Self::Integer
            | Self::Duration
            | Self::Rating { .. }
            | Self::Decimal { .. }
            | Self::Boolean
            | Self::Date
            | Self::DateTime
            | Self::Time
            | Self::Json
            | Self::Picklist(_)
            | Self::MultiPicklist(_)
            | Self::AutoNumber(_)
            | Self::Relation(_)
            | Self::Rollup(_)
            | Self::Lines(_)
            | Self::ManyToMany(_)
            | Self::Inverse(_)
            | Self::Union(_) => None,
        }
    }

    /// The least and the greatest whole number of the type, for those that are one.
    pub fn whole_range(&self) -> Option<(i32, i32)> {
        match self {
            Self::Duration => Some((0, i32::MAX)),
            Self::Rating { max } => Some((1, i32::from(*max))),
            _ if self.storage() == Storage::Integer => Some((i32::MIN, i32::MAX)),
            _ => None,
        }
    }

    /// The highest rating, for a rating.
    pub fn highest(&self) -> Option<u8> {
        match self {
            Self::Rating { max } => Some(*max),
            _ => None,
        }
    }

    /// The picklist, if the type has one.
    pub fn picklist(&self) -> Option<PicklistIx> {
        match self.traits().scalar {
            Some(ScalarType::Enum(list)) => Some(list),
            _ => None,
        }
    }

    /// The object at the other end of a relation of any kind.
    pub fn target(&self) -> Option<ObjectIx> {
        match self {
            Self::Relation(relation) => Some(relation.target),
            Self::Lines(lines) => Some(lines.target),
            Self::ManyToMany(junction) => Some(junction.target),
            Self::Inverse(inverse) => Some(inverse.target),
            Self::Id
            | Self::Text { .. }
            | Self::RichText { .. }
            | Self::Integer
            | Self::Duration
            | Self::Rating { .. }
            | Self::Decimal { .. }
            | Self::Boolean
            | Self::Date
            | Self::DateTime
            | Self::Time
            | Self::Json
            | Self::Picklist(_)
            | Self::MultiPicklist(_)
            | Self::AutoNumber(_)
            | Self::Rollup(_)
            | Self::Union(_) => None,
        }
    }
}

/// An exact decimal.
fn decimal(scale: u8) -> Traits {
    Traits { storage: Storage::Decimal(scale), scalar: Some(ScalarType::Decimal), ..INTEGER }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{FieldForm, resolve, standard_sources};

    /// What rooms above may rely on, for every type that standard objects use.
    #[test]
    fn rows_agree_with_themselves() {
        let catalog = resolve(&standard_sources(), 1).unwrap();
        let mut seen = Vec::new();
        for object in &catalog.objects {
            for (_, field) in object.each_field() {
                let traits = field.ty.traits();
                let place = format!("{}.{}", object.name, field.name);
                let stored = traits.storage != Storage::Elsewhere;
                assert_eq!(stored, field.column.is_some(), "{place}");
                let record = field.target().is_some() || matches!(field.ty, FieldType::Union(_));
                assert_eq!(traits.scalar.is_none(), record, "{place}");
                assert_eq!(field.ty.scale().is_some(), traits.scalar == Some(ScalarType::Decimal));
                // What is added up is a number, and numbers are ordered.
                assert!(!traits.adds_up || traits.operators == Operators::Ordered, "{place}");
                // Masks, search and finding by a key take a text as it is written.
                let text = traits.operators == Operators::Text;
                assert!(!(traits.masks || traits.searches) || text, "{place}");
                seen.push(catalog.form(object, field));
            }
        }
        for form in [FieldForm::Money, FieldForm::Percent, FieldForm::Lines, FieldForm::Inverse] {
            assert!(seen.contains(&form), "{form:?}");
        }
    }
}
