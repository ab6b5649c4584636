//! Requests that run beside publishes, and the slowest of each kind.

use std::{
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use anyhow::{Context, Result};
use tokio::task::JoinSet;

use super::{client::Mixed, data::World, server::Target, workload::Workload};
use crate::demo::random::Random;

/// What is asked beside publishes, each by a connection of its own.
const KINDS: [Workload; 4] = [Workload::W1, Workload::W2, Workload::W7c, Workload::W7u];

/// The longest time of each kind, in microseconds.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Slowest([u64; KINDS.len()]);

impl fmt::Display for Slowest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all: Vec<_> = self.0.iter().map(|micros| (micros / 1_000).to_string()).collect();
        f.write_str(&all.join(" "))
    }
}

/// Requests that are being sent.
pub(super) struct Load {
    slowest: Arc<Mutex<Slowest>>,
    over: Arc<AtomicBool>,
    tasks: JoinSet<Result<()>>,
}

impl Load {
    /// Begins to send.
    pub(super) fn start(target: &Target, world: World, unique: u16) -> Self {
        let slowest: Arc<Mutex<Slowest>> = Arc::default();
        let over: Arc<AtomicBool> = Arc::default();
        let mut tasks = JoinSet::new();
        for (place, workload) in KINDS.into_iter().enumerate() {
            let (target, slowest, over) = (target.clone(), Arc::clone(&slowest), Arc::clone(&over));
            tasks.spawn(async move {
                let mut mixed = Mixed::open(&target).await?;
                let mut random = Random::new(u64::from(unique) + 1);
                let unique = format!("P{unique:04x}-{}", workload.name());
                while !over.load(Ordering::Relaxed) {
                    let sent = Instant::now();
                    let asked = mixed.ask(workload, target.part, world, &mut random, &unique);
                    asked.await.with_context(|| format!("{} beside a publish", workload.name()))?;
                    let took = u64::try_from(sent.elapsed().as_micros()).unwrap_or(u64::MAX);
                    let mut slowest = slowest.lock().unwrap_or_else(PoisonError::into_inner);
                    if let Some(most) = slowest.0.get_mut(place) {
                        *most = took.max(*most);
                    }
                }
                Ok(())
            });
        }
        Self { slowest, over, tasks }
    }

    /// Begins to measure anew.
    pub(super) fn forget(&self) {
        *self.slowest.lock().unwrap_or_else(PoisonError::into_inner) = Slowest::default();
    }

    /// The slowest so far.
    pub(super) fn slowest(&self) -> Slowest {
        *self.slowest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the requests. Fails if one of them did.
    pub(super) async fn stop(mut self) -> Result<Slowest> {
        self.over.store(true, Ordering::Relaxed);
        while let Some(done) = self.tasks.join_next().await {
            done??;
        }
        Ok(self.slowest())
    }
}
