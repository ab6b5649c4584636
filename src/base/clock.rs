//! Time and ids as values that are passed in.
//!
//! Floors 0 to 5 never read a clock or make an id; the caller passes them in, from an [`Env`]. Tests replace
//! both with fixed sources, so that snapshots need no redaction.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

/// The largest difference between the clocks of two processes, and the largest setback of one clock, for
/// which nobody is refused.
pub const LEEWAY: Duration = Duration::from_mins(1);

/// A source of the current instant.
pub trait Clock: Send + Sync {
    /// The current instant, in UTC, cut to microseconds so that both databases store it exactly.
    fn now(&self) -> DateTime<Utc>;
}

/// A source of record ids.
pub trait Ids: Send + Sync {
    /// A new UUIDv7; later calls give greater ids within one process.
    fn next(&self) -> Uuid;
}

/// The environment in which a company's server works, beside its database.
#[derive(Clone)]
pub struct Env {
    /// Current time.
    pub clock: Arc<dyn Clock>,
    /// New record ids.
    pub ids: Arc<dyn Ids>,
    /// The business time zone, for `today()` and for grouping dates.
    pub zone: Tz,
}

/// The machine's clock and random ids, which a running server uses.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemWorld;

impl Clock for SystemWorld {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> DateTime<Utc> {
        let now = Utc::now();
        DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now)
    }
}

impl Ids for SystemWorld {
    #[expect(clippy::disallowed_methods, reason = "the one place that makes random ids")]
    fn next(&self) -> Uuid {
        Uuid::now_v7()
    }
}

impl Env {
    /// The machine's clock and random ids in the given business time zone.
    pub fn system(zone: Tz) -> Self {
        Self { clock: Arc::new(SystemWorld), ids: Arc::new(SystemWorld), zone }
    }
}
