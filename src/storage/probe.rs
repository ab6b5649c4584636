//! Checks that the database can be written to, by writing.
//!
//! On a full disk SQLite begins a transaction and fails at the commit, so only a commit proves it.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::sync::Mutex;

use super::{Database, catalogs, faults, settings};
use crate::base::{Env, Result};

/// How long a good result is valid if no write fails meanwhile.
const HOLDS: Duration = Duration::from_secs(5);
/// Longest wait for the probe. If the writing connection takes longer, the database counts as unavailable.
const PATIENCE: Duration = Duration::from_secs(2);
/// The setting that the probe writes.
const KEY: &str = "probed_at";

/// Runs the check, and trusts a good result for some seconds.
#[derive(Clone)]
pub struct Probe {
    database: Database,
    env: Env,
    good: Arc<Mutex<Option<Good>>>,
}

/// When the last check succeeded, and the count of failures at that time.
struct Good {
    at: Instant,
    failures: u64,
}

impl Probe {
    /// A probe of a database.
    pub fn new(database: Database, env: Env) -> Self {
        Self { database, env, good: Arc::default() }
    }

    /// Checks reading and writing. Concurrent callers share one check.
    pub async fn ready(&self) -> Result<()> {
        let mut good = self.good.lock().await;
        let failures = self.database.failures();
        let holds = good
            .as_ref()
            .is_some_and(|good| good.failures == failures && good.at.elapsed() < HOLDS);
        if holds {
            return Ok(());
        }
        *good = None;
        let tried = tokio::time::timeout(PATIENCE, self.write()).await;
        tried.map_err(|_late| faults::slow_write())??;
        *good = Some(Good { at: Instant::now(), failures: self.database.failures() });
        Ok(())
    }

    async fn write(&self) -> Result<()> {
        catalogs::version(&self.database).await?;
        let now = self.env.clock.now().timestamp_micros().to_string();
        let tx = self.database.begin().await?;
        settings::set(&tx, KEY, &now).await?;
        tx.commit().await
    }
}
