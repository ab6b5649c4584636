//! Counts guesses: refused writes that reveal something about records or fields the caller may not see.
//!
//! A taken unique key and a failed check over hidden values must be reported. They count per person. Above a
//! limit per hour, writes that could reveal more are refused.

use std::{
    collections::{BTreeMap, HashSet, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, Duration, Utc};

use super::{faults, session::Session};
use crate::{
    base::Result,
    catalog::{FieldType, Object},
    rules,
};

/// Largest weight of guesses per person within [`WINDOW`].
const MOST: u32 = 100;
/// How long a guess counts.
const WINDOW: Duration = Duration::hours(1);
/// Weight of a taken key.
pub(super) const KEY: u32 = 1;
/// Weight of a check over hidden values: bisection finds any number in a few dozen tries.
pub(super) const RULE: u32 = 5;

/// The guesses of one person.
#[derive(Debug, Default)]
pub struct Guesses {
    made: Mutex<VecDeque<(i64, u32)>>,
}

impl Guesses {
    /// Returns the weight of earlier guesses in the window, and adds this one if they are below the limit.
    fn count(&self, weight: u32, now: DateTime<Utc>) -> u32 {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let past = (now - WINDOW).timestamp_micros();
        while made.pop_front_if(|(at, _)| *at <= past).is_some() {}
        let sum: u32 = made.iter().map(|(_, weight)| weight).sum();
        if weight > 0 && sum < MOST {
            made.push_back((now.timestamp_micros(), weight));
        }
        sum
    }
}

/// The guesses of one request.
#[derive(Debug)]
pub struct Guessing {
    person: Arc<Guesses>,
    told: Mutex<GuessCounts>,
    /// The keys that were reported.
    keys: Mutex<HashSet<(String, usize, String)>>,
}

/// What a request has guessed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GuessCounts {
    /// The number of guesses by object.
    pub objects: BTreeMap<String, u32>,
    /// Whether the limit was reached.
    pub beyond: bool,
}

impl Guessing {
    /// Starts a request of a person.
    pub fn of(person: Arc<Guesses>) -> Self {
        Self { person, told: Mutex::default(), keys: Mutex::default() }
    }

    /// The guesses so far.
    pub fn told(&self) -> GuessCounts {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn count(&self, object: &str, weight: u32, now: DateTime<Utc>) -> Result<()> {
        let before = self.person.count(weight, now);
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        *told.objects.entry(object.to_owned()).or_default() += 1;
        told.beyond |= before.saturating_add(weight) >= MOST;
        if before < MOST { Ok(()) } else { Err(faults::too_many_guesses()) }
    }

    /// Whether a key is reported for the first time in this request.
    pub(super) fn first(&self, object: &str, key: usize, value: &str) -> bool {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        keys.insert((object.to_owned(), key, value.to_owned()))
    }

    pub(super) fn left(&self, now: DateTime<Utc>) -> Result<()> {
        if self.person.count(0, now) < MOST { Ok(()) } else { Err(faults::too_many_guesses()) }
    }
}

/// Whether a taken key of an object may belong to records or fields that the caller does not see.
pub(super) fn keys_hidden(session: &Session, object: &Object) -> bool {
    let hidden = |ix| session.access.field_rule(object.ix, ix).is_some();
    let keys = object.uniques.iter().flat_map(|unique| &unique.fields);
    !object.uniques.is_empty() && (!session.access.reads_all(object) || keys.copied().any(hidden))
}

/// Whether a refused write of an object's record or lines may reveal something that the caller does not see.
pub(super) fn possible(session: &Session, object: &Object) -> bool {
    if session.guesses.is_none() || session.access.may_everything() {
        return false;
    }
    let kept = |path: &Vec<String>| {
        path.len() > 1
            || path
                .first()
                .and_then(|name| object.named(name))
                .is_some_and(|(ix, _)| session.access.field_rule(object.ix, ix).is_some())
    };
    let lines = object.each_field().filter(|(_, field)| matches!(field.ty, FieldType::Lines(_)));
    let mut lines = lines.filter_map(|(_, field)| field.target());
    keys_hidden(session, object)
        || rules::checks_read(object, None).iter().any(kept)
        || rules::read_only_reads(object).iter().any(kept)
        || lines.any(|line| possible(session, session.catalog.object(line)))
}
