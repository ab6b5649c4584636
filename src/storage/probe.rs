//! Whether the database can be written to, found out by writing.
//!
//! SQLite begins a transaction on a full disk and fails at its end, so nothing less than a commit tells.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::sync::Mutex;

use super::{Database, catalogs, settings};
use crate::base::{Code, Env, Error, Result};

/// How long what was found out holds, if no write fails meanwhile.
const HOLDS: Duration = Duration::from_secs(5);
/// Longest wait for the probe: whoever waits longer for the connection that writes cannot write.
const PATIENCE: Duration = Duration::from_secs(2);
/// The setting that is written.
const KEY: &str = "probed_at";

/// Finds it out, at most now and then.
#[derive(Clone)]
pub struct Probe {
    database: Database,
    env: Env,
    good: Arc<Mutex<Option<Good>>>,
}

/// When all was well, and how many writes had failed by then.
struct Good {
    at: Instant,
    failures: u64,
}

impl Probe {
    /// One for a database.
    pub fn new(database: Database, env: Env) -> Self {
        Self { database, env, good: Arc::default() }
    }

    /// Whether it can be read and written to. Of several who ask at once one tries, and the others hear of it.
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
        tried.map_err(|_late| {
            Error::new(
                Code::StorageUnavailable,
                "the database does not take writes in time",
                "数据库未能及时响应写入",
            )
        })??;
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
