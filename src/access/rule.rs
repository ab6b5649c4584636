//! Which records an action may touch: a condition on the record, which the query compiler turns into SQL.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{base::Value, catalog::FieldIx};

/// The records of an object that an action may touch.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum RowRule {
    /// No record; the object is as if it did not exist.
    None,
    /// All records.
    All,
    /// Records that meet a condition.
    When(Condition),
}

/// A condition on a record. Its values are bound, so that all conditions of one form have the same SQL.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum Condition {
    /// One holds; false when empty.
    Any(Vec<Condition>),
    /// All hold. Never empty: a person without a dimension sees nothing, not everything.
    All(Vec<Condition>),
    /// The record's employees include the person.
    Employee {
        /// The lines field with the record's employees.
        lines: FieldIx,
        /// The person, and the employees for whom they stand in.
        employees: Vec<Uuid>,
        /// Only lines that make them responsible.
        responsible: bool,
        /// Lines that have ended by this instant do not count.
        at: DateTime<Utc>,
    },
    /// The value at the end of a path over relations is one of these.
    Within {
        /// The fields; the last is a relation or a picklist.
        path: Vec<FieldIx>,
        /// The distinct values: ids or picklist names.
        values: Vec<Value>,
        /// The values are a twentieth or more of all values, so that a scan of records soon finds a match.
        wide: bool,
    },
    /// The record waits for no approval.
    Settled {
        /// The field with the state of its approval.
        state: FieldIx,
    },
    /// The record at the end of a path may be read.
    Readable {
        /// The relations.
        path: Vec<FieldIx>,
        /// The rule of the record at the end.
        rule: Box<RowRule>,
    },
}

impl RowRule {
    /// The rule that holds where both rules hold.
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

    /// The rule without its instant, so that the same rule at two instants is equal.
    #[must_use]
    pub fn timeless(mut self) -> Self {
        if let Self::When(condition) = &mut self {
            condition.forget_time();
        }
        self
    }

    /// The rule without some employees: records that only they open are closed.
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

    /// The number of sub-selects that the rule needs for a record.
    pub fn selects(&self) -> usize {
        match self {
            Self::None | Self::All => 0,
            Self::When(condition) => condition.selects(),
        }
    }

    /// The rule of several alternatives, each of which opens a record.
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
    /// Whether so many records meet it that a scan in any order finds them soon.
    pub fn wide(&self) -> bool {
        match self {
            Self::Any(inner) | Self::All(inner) => inner.iter().any(Self::wide),
            Self::Within { wide, .. } => *wide,
            Self::Employee { .. } | Self::Settled { .. } | Self::Readable { .. } => false,
        }
    }

    fn selects(&self) -> usize {
        match self {
            Self::Any(inner) | Self::All(inner) => inner.iter().map(Self::selects).sum(),
            Self::Employee { .. } => 1,
            Self::Settled { .. } => 0,
            Self::Within { path, .. } => path.len().saturating_sub(1),
            Self::Readable { path, rule } => path.len() + rule.selects(),
        }
    }

    /// `None` if it can no longer be met.
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
            Self::Within { .. } | Self::Settled { .. } => self.clone(),
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
            Self::Within { .. } | Self::Settled { .. } => {}
        }
    }
}
