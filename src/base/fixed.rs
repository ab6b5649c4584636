//! A fixed world: a clock that is moved by hand, and ids that count.
//!
//! For tests and reproducible data. Must not know what uses it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::clock::{Clock, Env, Ids};

/// A clock that moves only on request, with ids that increase; for tests and reproducible data.
///
/// Two worlds with the same start and the same calls give the same instants and ids. Clones share
/// one clock and one count.
#[derive(Debug, Clone)]
pub struct FixedWorld(Arc<State>);

#[derive(Debug)]
struct State {
    micros: AtomicI64,
    step: AtomicI64,
    made: AtomicU64,
}

impl FixedWorld {
    /// A world whose clock shows `start`, cut to microseconds.
    pub fn new(start: DateTime<Utc>) -> Self {
        Self(Arc::new(State {
            micros: AtomicI64::new(start.timestamp_micros()),
            step: AtomicI64::new(0),
            made: AtomicU64::new(0),
        }))
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        self.0.micros.fetch_add(by, Ordering::SeqCst);
    }

    /// Moves the clock by this much at each reading from now on, as real clocks do.
    pub fn tick(&self, by: Duration) {
        let by = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        self.0.step.store(by, Ordering::SeqCst);
    }

    /// This world as the environment for the floors above, in the given business time zone.
    pub fn env(&self, zone: Tz) -> Env {
        Env { clock: Arc::new(self.clone()), ids: Arc::new(self.clone()), zone }
    }
}

impl Clock for FixedWorld {
    fn now(&self) -> DateTime<Utc> {
        let step = self.0.step.load(Ordering::SeqCst);
        let micros = self.0.micros.fetch_add(step, Ordering::SeqCst);
        DateTime::from_timestamp_micros(micros).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}

impl Ids for FixedWorld {
    /// The clock's milliseconds, the version and variant bits of a UUIDv7, and the count.
    fn next(&self) -> Uuid {
        const MILLIS: u128 = (1 << 48) - 1;
        const COUNT: u128 = (1 << 62) - 1;
        let made = u128::from(self.0.made.fetch_add(1, Ordering::SeqCst)) + 1;
        let millis = u128::try_from(self.now().timestamp_millis()).unwrap_or(0);
        Uuid::from_u128((millis & MILLIS) << 80 | 0x7 << 76 | 0b10 << 62 | (made & COUNT))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_upwards_and_repeats() {
        let start = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let ids = || {
            let world = FixedWorld::new(start);
            let mut ids = vec![world.next(), world.next()];
            world.advance(Duration::from_millis(5));
            ids.push(world.next());
            assert_eq!(world.now(), start + Duration::from_millis(5));
            ids
        };
        let made = ids();
        assert!(made.is_sorted());
        assert_eq!(made.iter().map(Uuid::get_version_num).collect::<Vec<_>>(), [7, 7, 7]);
        assert_eq!(made[0].get_variant(), uuid::Variant::RFC4122);
        assert_eq!(made, ids());
    }
}
