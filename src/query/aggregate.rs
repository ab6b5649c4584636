//! `Aggregation`: groups of records with counts, sums and other measures, as they were
//! asked for. No rights, no SQL.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::{
    drill::Drill,
    filter::{Compare, Filter},
    find::{Listing, Nulls, Part},
};
use crate::{
    catalog::{FieldIx, FieldType, Unit},
    sql::{Period, exact_sums::FINER},
};

/// Groups of records of one object with their measures.
#[derive(Debug, Clone, Default, PartialEq, Hash)]
pub struct Aggregation {
    /// The condition on records.
    pub filter: Option<Filter>,
    /// The grouping keys. Without any, all records form one group, even if there are no records.
    pub groups: Vec<Group>,
    /// The condition on groups.
    pub having: Option<Having>,
    /// The order of groups; the groups' own values break ties.
    pub order: Vec<Ranking>,
    /// Groups by one period, in period order: add empty groups for periods without records in between.
    pub fill: bool,
    /// The first days of the first and the last period between which the filter keeps all records.
    pub bounds: Option<(NaiveDate, NaiveDate)>,
    /// The largest number of groups to return.
    pub size: u32,
    /// The number of groups to skip.
    pub offset: u32,
    /// The parts selected of each group.
    pub parts: Vec<Part<AggregatePart>>,
}

/// One grouping key: a field, reached over to-one relations.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Group {
    /// Relations first, the field last.
    pub path: Vec<FieldIx>,
    /// The period that a date or an instant falls into, and the time zone of its days.
    pub bucket: Option<(Period, Tz)>,
}

/// A function of the values that a field has within a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::EnumString, strum::AsRefStr)]
#[strum(serialize_all = "camelCase")]
pub enum Function {
    /// Their sum.
    Sum,
    /// Their mean, rounded half away from zero to four digits more than the field has.
    Avg,
    /// The smallest value.
    Min,
    /// The largest value.
    Max,
    /// The number of distinct values.
    CountDistinct,
}

/// A figure of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Measure {
    /// The number of records.
    Count,
    /// A function of a field's values.
    Of(Function, FieldIx),
}

/// A condition on a group.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum Having {
    /// All hold; true when empty.
    And(Vec<Having>),
    /// One holds; false when empty.
    Or(Vec<Having>),
    /// The inner condition does not hold.
    Not(Box<Having>),
    /// A comparison of a measure.
    Measure(Measure, Compare),
}

/// One sort key of groups.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Ranking {
    /// The value to sort by.
    pub by: GroupSortKey,
    /// Largest first.
    pub descending: bool,
    /// Where groups without a value are placed.
    pub nulls: Nulls,
}

/// A value that groups are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GroupSortKey {
    /// The group's value of the grouping key at this index.
    Group(usize),
    /// A measure.
    Measure(Measure),
}

/// One selected part of a group.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum AggregatePart {
    /// The GraphQL type's name.
    Typename(String),
    /// The values that the group's records share.
    Key(Vec<Part<KeyPart>>),
    /// The number of records in the group.
    Count,
    /// The number of all groups, including those outside the page.
    Groups,
    /// The results of a function, by field.
    Of(Function, Vec<Part<OfPart>>),
    /// A filter that lists exactly the records of the group.
    Drill(Drill),
    /// The first records of the group in an order: a listing with one `Nodes` and no filter.
    Top(Box<Listing>),
}

/// One selected part of a group's key.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum KeyPart {
    /// The GraphQL type's name.
    Typename(String),
    /// The value of the grouping key at this index.
    Group(usize),
    /// Values of a related record.
    Over(Vec<Part<KeyPart>>),
}

/// One selected part of a function's results.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum OfPart {
    /// The GraphQL type's name.
    Typename(String),
    /// The result for a field.
    Field(FieldIx),
    /// The results for fields of a group.
    Group(Vec<Part<OfPart>>),
}

impl OfPart {
    /// The fields of some parts.
    fn fields(parts: &[Part<Self>]) -> Vec<FieldIx> {
        let each = parts.iter().flat_map(|part| match &part.what {
            Self::Typename(_) => Vec::new(),
            Self::Field(field) => vec![*field],
            Self::Group(inner) => Self::fields(inner),
        });
        each.collect()
    }
}

impl Function {
    /// The type of the result for values of type `ty`.
    pub fn gives(self, ty: &FieldType) -> FieldType {
        let scale = ty.scale().unwrap_or_default();
        match self {
            Self::Sum => FieldType::Decimal { scale, unit: Unit::Plain },
            Self::Avg => FieldType::Decimal { scale: scale + FINER, unit: Unit::Plain },
            Self::Min | Self::Max => ty.clone(),
            Self::CountDistinct => FieldType::Integer,
        }
    }
}

impl Having {
    /// Joins conditions with AND; a single condition stays as it is.
    pub fn all(mut conditions: Vec<Self>) -> Self {
        match conditions.len() {
            1 => conditions.swap_remove(0),
            _ => Self::And(conditions),
        }
    }

    /// Whether it is an `And` without any comparison, so that all groups meet it.
    pub fn says_nothing(&self) -> bool {
        matches!(self, Self::And(all) if all.iter().all(Self::says_nothing))
    }

    /// Whether it contains an empty `And` at any depth.
    pub fn holds_nothing(&self) -> bool {
        match self {
            Self::And(all) => all.is_empty() || all.iter().any(Self::holds_nothing),
            Self::Or(all) => all.iter().any(Self::holds_nothing),
            Self::Not(inner) => inner.holds_nothing(),
            Self::Measure(..) => false,
        }
    }

    /// All measures that it compares.
    pub fn measures(&self) -> Vec<Measure> {
        match self {
            Self::And(all) | Self::Or(all) => all.iter().flat_map(Self::measures).collect(),
            Self::Not(inner) => inner.measures(),
            Self::Measure(measure, _) => vec![*measure],
        }
    }
}

impl Aggregation {
    /// The fields that measures read, each once: in parts, order and `having`.
    pub fn measured(&self) -> Vec<FieldIx> {
        let mut fields = Vec::new();
        let mut add = |field: FieldIx| {
            if !fields.contains(&field) {
                fields.push(field);
            }
        };
        for part in &self.parts {
            if let AggregatePart::Of(_, parts) = &part.what {
                OfPart::fields(parts).into_iter().for_each(&mut add);
            }
        }
        let ranked = self.order.iter().filter_map(|ranking| match ranking.by {
            GroupSortKey::Measure(measure) => Some(measure),
            GroupSortKey::Group(_) => None,
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
