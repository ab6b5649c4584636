//! Counts the arguments of one operation while they are parsed, before they become intents or statements.
//! Literals and variables count alike.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::{faults, limits::Limits};
use crate::{
    base::{Result, folding::folded},
    catalog::FieldType,
    query::Compare,
    sql::pattern_length,
};

/// Longest compared text, unless its field stores longer ones.
pub(super) const LONGEST: usize = 1_000;
/// Most characters of all search patterns together.
const PATTERNS: usize = 10_000;
/// Longest pattern of SQLite, in bytes.
const PATTERN: usize = 50_000;
/// A text with up to this many characters always fits: the forms of one character need less than 200 bytes.
const ALWAYS_FITS: usize = 250;
/// Most compared values, including those in lists.
const VALUES: usize = 20_000;
/// Most values in a list.
const LISTED: usize = 10_000;
/// Most keys for ordering or grouping a list.
const KEYS: usize = 20;
/// Deepest nesting of conditions.
const DEEPEST: usize = 15;

/// The counts so far.
#[derive(Debug, Default)]
pub(super) struct Tally {
    conditions: AtomicUsize,
    values: AtomicUsize,
    patterns: AtomicUsize,
    owned: AtomicUsize,
    /// The nesting of the current condition.
    depth: AtomicUsize,
}

/// The counts at some point.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    conditions: usize,
    values: usize,
    patterns: usize,
}

fn add(to: &AtomicUsize, count: usize) -> usize {
    to.fetch_add(count, Ordering::Relaxed).saturating_add(count)
}

impl Tally {
    /// The number of conditions.
    pub(super) fn conditions(&self) -> usize {
        self.conditions.load(Ordering::Relaxed)
    }

    /// Counts a condition: a comparison, a followed relation, or an input object of conditions.
    pub(super) fn condition(&self, limits: &Limits) -> Result<()> {
        self.several(1, limits)
    }

    fn several(&self, count: usize, limits: &Limits) -> Result<()> {
        if add(&self.conditions, count) > limits.conditions {
            return Err(faults::many_conditions(limits.conditions));
        }
        Ok(())
    }

    /// Parses a nested condition. Fails if it is too deep.
    pub(super) fn nested<T>(&self, read: impl FnOnce() -> Result<T>) -> Result<T> {
        if add(&self.depth, 1) > DEEPEST {
            self.depth.fetch_sub(1, Ordering::Relaxed);
            return Err(faults::deep_conditions(DEEPEST));
        }
        let read = read();
        self.depth.fetch_sub(1, Ordering::Relaxed);
        read
    }

    /// Refuses a list with too many values before parsing it.
    pub(super) fn list(&self, count: usize) -> Result<()> {
        if count > LISTED {
            return Err(faults::long_list(LISTED));
        }
        Ok(())
    }

    /// Counts the values of a comparison.
    pub(super) fn compared(&self, ty: &FieldType, compare: &Compare) -> Result<()> {
        let values = match compare {
            Compare::In(all) | Compare::NotIn(all) => all.as_slice(),
            Compare::Eq(one)
            | Compare::Ne(one)
            | Compare::Gt(one)
            | Compare::Gte(one)
            | Compare::Lt(one)
            | Compare::Lte(one)
            | Compare::Has(one) => std::slice::from_ref(one),
            Compare::Between(low, high) => {
                self.length(ty, low.as_text())?;
                std::slice::from_ref(high)
            }
            Compare::Text(_, text) => return self.pattern(text),
            Compare::IsNull(_) | Compare::Known(_) => &[],
        };
        values.iter().try_for_each(|value| self.length(ty, value.as_text()))?;
        self.values(values.len())
    }

    fn values(&self, count: usize) -> Result<()> {
        if add(&self.values, count) > VALUES {
            return Err(faults::many_values(VALUES));
        }
        Ok(())
    }

    fn length(&self, ty: &FieldType, text: Option<&str>) -> Result<()> {
        let most = ty.longest().and_then(|max| usize::try_from(max).ok());
        let most = most.unwrap_or(LONGEST).max(LONGEST);
        match text {
            // The number of bytes is faster to compute and never smaller.
            Some(text) if text.len() > most && text.chars().count() > most => {
                Err(faults::long_text(most))
            }
            _ => Ok(()),
        }
    }

    /// Counts a search pattern in folded form: one character may become eighteen.
    fn pattern(&self, text: &str) -> Result<()> {
        let length = match text.chars().count() {
            raw if raw > LONGEST => raw,
            _ => folded(text).chars().count(),
        };
        if length > LONGEST {
            return Err(faults::long_text(LONGEST));
        }
        if length > ALWAYS_FITS && pattern_length(text) > PATTERN {
            return Err(faults::many_spellings());
        }
        self.looked_for(length)
    }

    fn looked_for(&self, length: usize) -> Result<()> {
        if add(&self.patterns, length) > PATTERNS {
            return Err(faults::long_texts(PATTERNS));
        }
        Ok(())
    }

    /// Refuses too many keys for ordering or grouping before parsing them.
    pub(super) fn keys(&self, count: usize) -> Result<()> {
        if count > KEYS {
            return Err(faults::many_keys(KEYS));
        }
        Ok(())
    }

    /// Returns the present counts.
    pub(super) fn mark(&self) -> Mark {
        Mark {
            conditions: self.conditions(),
            values: self.values.load(Ordering::Relaxed),
            patterns: self.patterns.load(Ordering::Relaxed),
        }
    }

    /// Counts again what was parsed between two marks, for each further use in a statement.
    pub(super) fn again(
        &self,
        since: Mark,
        now: Mark,
        times: usize,
        limits: &Limits,
    ) -> Result<()> {
        let more = |then: usize, now: usize| now.saturating_sub(then).saturating_mul(times);
        self.several(more(since.conditions, now.conditions), limits)?;
        self.looked_for(more(since.patterns, now.patterns))?;
        self.values(more(since.values, now.values))
    }

    /// Starts counting the writes of a root field.
    pub(super) fn writes(&self) {
        self.owned.store(0, Ordering::Relaxed);
    }

    /// Counts a line, member or nested record, once per affected record.
    pub(super) fn owned(&self, times: usize, limits: &Limits) -> Result<()> {
        let most = usize::try_from(limits.bulk).unwrap_or(usize::MAX);
        if add(&self.owned, times) > most {
            return Err(faults::many_parts(most));
        }
        Ok(())
    }

    /// Multiplies the counted lines, members and nested records by the number of affected records.
    pub(super) fn for_each(&self, records: u32, limits: &Limits) -> Result<()> {
        let further = usize::try_from(records.saturating_sub(1)).unwrap_or(usize::MAX);
        match self.owned.load(Ordering::Relaxed) {
            0 => Ok(()),
            owned => self.owned(owned.saturating_mul(further), limits),
        }
    }
}
