//! Which records an action may touch, as a condition on the record: what the query compiler turns into SQL.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{base::Value, catalog::FieldIx};

/// Which records of an object an action may touch.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum RowRule {
    /// None; the object is as if it did not exist.
    None,
    /// All.
    All,
    /// Those that meet a condition.
    When(Condition),
}

/// A condition on a record. The values in it are bound, so that its SQL is the same for all who share its form.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum Condition {
    /// One holds; false when empty.
    Any(Vec<Condition>),
    /// All hold. Never empty: a person without a dimension sees nothing by it, not everything.
    All(Vec<Condition>),
    /// The person is among the record's employees.
    Employee {
        /// The record's employees: a lines field.
        lines: FieldIx,
        /// The person, and those they stand in for.
        employees: Vec<Uuid>,
        /// Only as one who is responsible.
        responsible: bool,
        /// When: rows that have ended by then do not count.
        at: DateTime<Utc>,
    },
    /// The value at the end of a path over relations is one of these.
    Within {
        /// The fields, the last of them a relation or a picklist.
        path: Vec<FieldIx>,
        /// The values, each once: ids or names.
        values: Vec<Value>,
        /// These are a twentieth or more of all there are: looking through records comes by them soon.
        wide: bool,
    },
    /// The record at the end of a path may be read.
    Readable {
        /// The relations.
        path: Vec<FieldIx>,
        /// The rule there.
        rule: Box<RowRule>,
    },
}

impl RowRule {
    /// The rule that holds where both do.
    #[must_use]
    pub fn both(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::None, _) | (_, Self::None) => Self::None,
            (Self::All, rule) | (rule, Self::All) => rule.clone(),
            (one, other) if one == other => one.clone(),
            (Self::When(one), Self::When(other)) => {
                Self::When(Condition::All(vec![one.clone(), other.clone()]))
            }
        }
    }

    /// The rule without the instant at which it was asked for, so that the same rule of two moments is equal.
    #[must_use]
    pub fn timeless(mut self) -> Self {
        if let Self::When(condition) = &mut self {
            condition.forget_time();
        }
        self
    }

    /// The rule as it is without some employees: what is open because of them alone is closed.
    #[must_use]
    pub fn without(&self, gone: &[Uuid]) -> Self {
        match self {
            Self::When(condition) => match condition.without(gone) {
                Some(condition) => Self::When(condition),
                None => Self::None,
            },
            rule => rule.clone(),
        }
    }

    /// How many selects of their own it takes to ask it of a record.
    pub fn selects(&self) -> usize {
        match self {
            Self::None | Self::All => 0,
            Self::When(condition) => condition.selects(),
        }
    }

    /// The rule of several alternatives: each on its own opens a record.
    pub fn any(alternatives: Vec<RowRule>) -> Self {
        let mut conditions = Vec::new();
        for alternative in alternatives {
            match alternative {
                Self::All => return Self::All,
                Self::None => {}
                Self::When(condition) if !conditions.contains(&condition) => {
                    conditions.push(condition);
                }
                Self::When(_) => {}
            }
        }
        match conditions.len() {
            1 => Self::When(conditions.swap_remove(0)),
            _ => Self::When(Condition::Any(conditions)),
        }
    }
}

impl Condition {
    /// Whether so many records meet it that they are found by looking through all in whatever order.
    pub fn wide(&self) -> bool {
        match self {
            Self::Any(inner) | Self::All(inner) => inner.iter().any(Self::wide),
            Self::Within { wide, .. } => *wide,
            Self::Employee { .. } | Self::Readable { .. } => false,
        }
    }

    fn selects(&self) -> usize {
        match self {
            Self::Any(inner) | Self::All(inner) => inner.iter().map(Self::selects).sum(),
            Self::Employee { .. } => 1,
            Self::Within { path, .. } => path.len().saturating_sub(1),
            Self::Readable { path, rule } => path.len() + rule.selects(),
        }
    }

    /// None where it cannot be met any more.
    fn without(&self, gone: &[Uuid]) -> Option<Self> {
        Some(match self {
            Self::Any(inner) => {
                let left: Vec<_> = inner.iter().filter_map(|inner| inner.without(gone)).collect();
                if left.is_empty() {
                    return None;
                }
                Self::Any(left)
            }
            Self::All(inner) => {
                Self::All(inner.iter().map(|inner| inner.without(gone)).collect::<Option<_>>()?)
            }
            Self::Employee { lines, employees, responsible, at } => {
                let left: Vec<_> =
                    employees.iter().filter(|who| !gone.contains(who)).copied().collect();
                if left.is_empty() {
                    return None;
                }
                let (lines, responsible, at) = (*lines, *responsible, *at);
                Self::Employee { lines, employees: left, responsible, at }
            }
            Self::Readable { path, rule } => match rule.without(gone) {
                RowRule::None => return None,
                rule => Self::Readable { path: path.clone(), rule: Box::new(rule) },
            },
            Self::Within { .. } => self.clone(),
        })
    }

    fn forget_time(&mut self) {
        match self {
            Self::Any(inner) | Self::All(inner) => inner.iter_mut().for_each(Self::forget_time),
            Self::Employee { at, .. } => *at = DateTime::UNIX_EPOCH,
            Self::Readable { rule, .. } => {
                if let RowRule::When(condition) = rule.as_mut() {
                    condition.forget_time();
                }
            }
            Self::Within { .. } => {}
        }
    }
}
