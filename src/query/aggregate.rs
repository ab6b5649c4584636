//! The wish for aggregates: records grouped, and what is counted and summed of each group.
//! No rights, no SQL.

use chrono_tz::Tz;

use super::{
    filter::{Compare, Filter},
    find::{Listing, Nulls, Part},
};
use crate::{
    catalog::{FieldIx, FieldType},
    sql::{Period, figures::FINER},
};

/// Groups of records of one object with their measures.
#[derive(Debug, Clone, Default, PartialEq, Hash)]
pub struct Aggregation {
    /// Which records.
    pub filter: Option<Filter>,
    /// What they are grouped by; without any, all records are one group, even when there are none.
    pub groups: Vec<Group>,
    /// Which groups.
    pub having: Option<Having>,
    /// In which order; ties are broken by the groups' own values.
    pub order: Vec<Ranking>,
    /// Of one period, in its own order: groups of no records stand between those there are.
    pub fill: bool,
    /// How many groups at most.
    pub size: u32,
    /// How many groups to pass over.
    pub offset: u32,
    /// What is selected of each.
    pub parts: Vec<Part<AggregatePart>>,
}

/// One thing that records are grouped by: a field, reached over to-one relations.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Group {
    /// Relations first, the field last.
    pub path: Vec<FieldIx>,
    /// The period that days and instants are counted into, and the time zone its days are of.
    pub bucket: Option<(Period, Tz)>,
}

/// What is made of the values of a field within a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::EnumString, strum::AsRefStr)]
#[strum(serialize_all = "camelCase")]
pub enum Function {
    /// Their sum.
    Sum,
    /// Their mean, rounded half away from zero to four digits more than the field has.
    Avg,
    /// The least.
    Min,
    /// The greatest.
    Max,
    /// How many different ones there are.
    CountDistinct,
}

/// A number of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Measure {
    /// How many records it has.
    Count,
    /// Something made of a field.
    Of(Function, FieldIx),
}

/// A condition on a group.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum Having {
    /// All hold; true when empty.
    And(Vec<Having>),
    /// One holds; false when empty.
    Or(Vec<Having>),
    /// Does not hold.
    Not(Box<Having>),
    /// A measure compares.
    Measure(Measure, Compare),
}

/// One ordering key of groups.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Ranking {
    /// What is compared.
    pub by: By,
    /// Greatest first.
    pub descending: bool,
    /// Where groups without a value come.
    pub nulls: Nulls,
}

/// What groups are ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum By {
    /// The value of the group at a place.
    Group(usize),
    /// A measure.
    Measure(Measure),
}

/// One selected thing of a group.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum AggregatePart {
    /// The GraphQL type's name.
    Typename(String),
    /// What the group has in common.
    Key(Vec<Part<KeyPart>>),
    /// How many records it has.
    Count,
    /// How many groups there are, those beyond the page included.
    Groups,
    /// What is made of fields.
    Of(Function, Vec<Part<OfPart>>),
    /// The records of it that come first in an order: a list with one `Nodes` and no filter.
    Top(Box<Listing>),
}

/// One selected thing of what a group has in common.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum KeyPart {
    /// The GraphQL type's name.
    Typename(String),
    /// The value of the group at a place.
    Group(usize),
    /// Values of a related record.
    Over(Vec<Part<KeyPart>>),
}

/// One selected thing of what is made of fields.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum OfPart {
    /// The GraphQL type's name.
    Typename(String),
    /// The field.
    Field(FieldIx),
}

impl Function {
    /// The type of what is made of values of a type.
    pub fn gives(self, ty: &FieldType) -> FieldType {
        let scale = ty.scale().unwrap_or_default();
        match self {
            Self::Sum => FieldType::Decimal { scale, money: false },
            Self::Avg => FieldType::Decimal { scale: scale + FINER, money: false },
            Self::Min | Self::Max => ty.clone(),
            Self::CountDistinct => FieldType::Integer,
        }
    }
}

impl Having {
    /// All of some conditions; one alone is itself.
    pub fn all(mut conditions: Vec<Self>) -> Self {
        match conditions.len() {
            1 => conditions.swap_remove(0),
            _ => Self::And(conditions),
        }
    }

    /// Whether it adds nothing: all groups meet it.
    pub fn says_nothing(&self) -> bool {
        matches!(self, Self::And(all) if all.iter().all(Self::says_nothing))
    }

    /// Whether some condition in it adds nothing.
    pub fn holds_nothing(&self) -> bool {
        match self {
            Self::And(all) => all.is_empty() || all.iter().any(Self::holds_nothing),
            Self::Or(all) => all.iter().any(Self::holds_nothing),
            Self::Not(inner) => inner.holds_nothing(),
            Self::Measure(..) => false,
        }
    }

    /// Every measure that is compared.
    pub fn measures(&self) -> Vec<Measure> {
        match self {
            Self::And(all) | Self::Or(all) => all.iter().flat_map(Self::measures).collect(),
            Self::Not(inner) => inner.measures(),
            Self::Measure(measure, _) => vec![*measure],
        }
    }
}

impl Aggregation {
    /// The fields that anything is made of, each once.
    pub fn measured(&self) -> Vec<FieldIx> {
        let mut fields = Vec::new();
        let mut add = |field: FieldIx| {
            if !fields.contains(&field) {
                fields.push(field);
            }
        };
        for part in &self.parts {
            if let AggregatePart::Of(_, parts) = &part.what {
                for part in parts {
                    if let OfPart::Field(field) = part.what {
                        add(field);
                    }
                }
            }
        }
        let ranked = self.order.iter().filter_map(|ranking| match ranking.by {
            By::Measure(measure) => Some(measure),
            By::Group(_) => None,
        });
        let compared = self.having.iter().flat_map(Having::measures);
        for measure in ranked.chain(compared) {
            if let Measure::Of(_, field) = measure {
                add(field);
            }
        }
        fields
    }
}
