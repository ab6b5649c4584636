//! Limits how many different guarded records a person may read per window: reading every page is an export by
//! another name.
//!
//! Counts in this process only. A record read again within the window counts once.

use std::{
    collections::{HashSet, VecDeque},
    hash::{BuildHasherDefault, Hasher},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};
use moka::sync::Cache;
use uuid::Uuid;

/// The budget, unless a role sets another cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BudgetSettings {
    /// Most different records. 0: no limit.
    pub reads: u32,
    /// The length of the window.
    pub window: Duration,
}

impl Default for BudgetSettings {
    fn default() -> Self {
        Self { reads: 3_000, window: Duration::from_hours(1) }
    }
}

/// Counts the records that each operator reads.
#[derive(Clone)]
pub struct Budget {
    settings: BudgetSettings,
    windows: Cache<Uuid, Arc<Mutex<Window>>>,
}

/// What one operator has read.
#[derive(Default)]
struct Window {
    /// The records, by the random half of their ids.
    seen: HashSet<u64, BuildHasherDefault<Half>>,
    /// When each record was first read, in microseconds since 1970, oldest first. Sliding the window touches
    /// only expired entries.
    order: VecDeque<(i64, u64)>,
    alerted: Option<i64>,
}

impl Window {
    /// Removes records that were read at or before `start`.
    fn slide(&mut self, start: i64) {
        while let Some((_, record)) = self.order.pop_front_if(|(seen, _)| *seen <= start) {
            self.seen.remove(&record);
        }
    }
}

/// A hasher that does nothing: half an id is random already.
#[derive(Default)]
struct Half(u64);

impl Hasher for Half {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, half: u64) {
        self.0 = half;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Whether a read is within the budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admitted {
    /// It is within.
    Within,
    /// It exceeds the budget.
    Beyond {
        /// The limit of the window.
        most: u32,
        /// Whether this is the first time in this window.
        alert: bool,
    },
}

impl Budget {
    /// Creates an empty budget with these settings.
    pub fn new(settings: BudgetSettings) -> Self {
        let windows = Cache::builder().time_to_idle(settings.window).max_capacity(100_000).build();
        Self { settings, windows }
    }

    /// The length of the window.
    pub fn window(&self) -> Duration {
        self.settings.window
    }

    /// Counts records as read if the budget allows all of them. `cap` replaces the limit of the settings.
    pub fn admit(
        &self,
        operator: Uuid,
        cap: Option<u32>,
        records: &[Uuid],
        now: DateTime<Utc>,
    ) -> Admitted {
        self.counted(operator, cap, now, |window, most, at| {
            let halves = records.iter().map(|id| half(*id));
            let mut news: Vec<u64> = halves.filter(|half| !window.seen.contains(half)).collect();
            news.sort_unstable();
            news.dedup();
            let within = window.seen.len() + news.len() <= most;
            if within {
                window.seen.extend(&news);
                window.order.extend(news.into_iter().map(|half| (at, half)));
            }
            within
        })
    }

    /// Whether the operator may read at least one more record.
    pub fn left(&self, operator: Uuid, cap: Option<u32>, now: DateTime<Utc>) -> Admitted {
        self.counted(operator, cap, now, |window, most, _| window.seen.len() < most)
    }

    /// Returns how many more records the operator may read in this window, and the limit. None without a
    /// limit.
    pub fn remaining(
        &self,
        operator: Uuid,
        cap: Option<u32>,
        now: DateTime<Utc>,
    ) -> Option<(usize, usize)> {
        let mut remaining = None;
        self.counted(operator, cap, now, |window, most, _| {
            remaining = Some((most.saturating_sub(window.seen.len()), most));
            true
        });
        remaining
    }

    fn counted(
        &self,
        operator: Uuid,
        cap: Option<u32>,
        now: DateTime<Utc>,
        within: impl FnOnce(&mut Window, usize, i64) -> bool,
    ) -> Admitted {
        let most = cap.unwrap_or(self.settings.reads);
        if most == 0 {
            return Admitted::Within;
        }
        let window = self.windows.get_with(operator, Arc::default);
        let mut window = window.lock().unwrap_or_else(PoisonError::into_inner);
        let at = now.timestamp_micros();
        let length = i64::try_from(self.settings.window.as_micros()).unwrap_or(i64::MAX);
        let start = at.saturating_sub(length);
        window.slide(start);
        if within(&mut window, usize::try_from(most).unwrap_or(usize::MAX), at) {
            return Admitted::Within;
        }
        let alert = window.alerted.is_none_or(|alerted| alerted <= start);
        if alert {
            window.alerted = Some(at);
        }
        Admitted::Beyond { most, alert }
    }
}

/// The random half of an id.
fn half(id: Uuid) -> u64 {
    id.as_u64_pair().1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_count_once_within_a_window_that_slides() {
        let minute = Duration::from_mins(1);
        let budget = Budget::new(BudgetSettings { reads: 3, window: minute });
        let id = |at: u128| Uuid::from_u128(at);
        let (who, other) = (id(1), id(2));
        let start = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let at = |seconds: i64| start + chrono::Duration::seconds(seconds);
        let beyond = |alert| Admitted::Beyond { most: 3, alert };
        assert_eq!(budget.admit(who, None, &[id(10), id(11), id(10)], at(0)), Admitted::Within);
        assert_eq!(budget.admit(who, None, &[id(10), id(11)], at(30)), Admitted::Within);
        assert_eq!(budget.admit(who, None, &[id(12), id(13)], at(30)), beyond(true));
        assert_eq!(budget.admit(who, None, &[id(12)], at(30)), Admitted::Within);
        assert_eq!(budget.left(who, None, at(30)), beyond(false));
        assert_eq!(budget.admit(who, None, &[id(13)], at(40)), beyond(false));
        assert_eq!(budget.admit(who, Some(4), &[id(13)], at(40)), Admitted::Within);
        assert_eq!(budget.admit(who, Some(0), &[id(14)], at(40)), Admitted::Within);
        assert_eq!(budget.admit(other, None, &[id(12), id(13)], at(40)), Admitted::Within);
        // The first two are a minute old now.
        assert_eq!(budget.admit(who, None, &[id(14)], at(61)), Admitted::Within);
        assert_eq!(budget.admit(who, None, &[id(15)], at(61)), beyond(false));
        assert_eq!(budget.admit(who, None, &[id(1), id(2), id(3), id(4)], at(200)), beyond(true));
    }
}
