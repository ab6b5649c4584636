//! SQLite's connections, each a pool of its own, so that a statement nobody waits for any more is stopped.
//!
//! A request that is over drops its connection while the engine, on a thread of its own, goes on. Then the
//! engine asks every so many steps whether it is to go on; a pool of one connection knows which it is asked for.

use std::{
    collections::VecDeque,
    ops::Deref,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sea_orm::{ConnAcquireErr, ConnectOptions, DatabaseConnection, DbErr, sqlx::Connection};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::faults::none_free;

/// Steps of SQLite's machine between two questions: some tenths of a millisecond.
const STEPS: i32 = 10_000;

/// What is known of the one connection of a pool.
#[derive(Default)]
pub(super) struct Watched {
    /// Nobody has it.
    free: AtomicBool,
    /// A statement was stopped on it, or it was found in another state than the driver takes it for.
    stopped: AtomicBool,
}

impl Watched {
    /// Whoever has it gives it back to be closed.
    pub(super) fn spoil(&self) {
        self.stopped.store(true, Ordering::Release);
    }

    fn begin(&self) {
        self.free.store(false, Ordering::Release);
        self.stopped.store(false, Ordering::Release);
    }

    fn goes_on(&self) -> bool {
        let free = self.free.load(Ordering::Acquire);
        if free {
            self.stopped.store(true, Ordering::Release);
        }
        !free
    }
}

/// Lets a pool of one SQLite connection stop what goes on when its connection is given back.
///
/// One that is in the middle of a transaction, or was spoiled, is not given out again.
pub(super) fn stopping(options: &mut ConnectOptions) -> Arc<Watched> {
    let watched = Arc::<Watched>::default();
    let told = Arc::clone(&watched);
    options.map_sqlx_sqlite_pool_opts(move |pool| {
        let (made, taken, given) =
            (Arc::clone(&watched), Arc::clone(&watched), Arc::clone(&watched));
        pool.after_connect(move |connection, _about| {
            let watched = Arc::clone(&made);
            Box::pin(async move {
                watched.begin();
                let mut handle = connection.lock_handle().await?;
                handle.set_progress_handler(STEPS, move || watched.goes_on());
                Ok(())
            })
        })
        .before_acquire(move |connection, _about| {
            // SQLite undoes the transaction of a change it stops, which the driver does not get to know:
            // such a connection is closed, and another opened. So is one whose rollback has failed.
            let stopped = taken.stopped.load(Ordering::Acquire);
            let good = !stopped && !connection.is_in_transaction();
            taken.begin();
            Box::pin(async move { Ok(good) })
        })
        .after_release(move |_connection, _about| {
            given.free.store(true, Ordering::Release);
            Box::pin(async { Ok(true) })
        })
    });
    told
}

/// Connections that read.
pub(super) struct Lanes {
    free: Mutex<Free>,
    places: Semaphore,
    patience: Duration,
}

impl Lanes {
    /// Takes pools of one connection; who wants one waits so long at most.
    pub(super) fn new(connections: Vec<DatabaseConnection>, patience: Duration) -> Self {
        let places = Semaphore::new(connections.len());
        let free = Free { used: VecDeque::new(), fresh: connections };
        Self { free: Mutex::new(free), places, patience }
    }

    /// The next that is free.
    pub(super) async fn take(&self) -> Result<Lane<'_>, DbErr> {
        let closed = |_cause| DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed);
        let place = tokio::time::timeout(self.patience, self.places.acquire())
            .await
            .map_err(|_late| none_free())?
            .map_err(closed)?;
        let connection = {
            let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
            free.used.pop_front().or_else(|| free.fresh.pop())
        };
        let none = DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed);
        let connection = connection.ok_or(none)?;
        Ok(Lane { lanes: self, connection, _place: place })
    }
}

/// The connections nobody has.
struct Free {
    /// Those that were taken before, the longest unused first.
    used: VecDeque<DatabaseConnection>,
    /// Those that need not be opened while the others are enough.
    fresh: Vec<DatabaseConnection>,
}

/// A connection that goes back when it is dropped.
pub(super) struct Lane<'l> {
    lanes: &'l Lanes,
    connection: DatabaseConnection,
    // Given back after the connection is: fields are dropped when `drop` is through.
    _place: SemaphorePermit<'l>,
}

impl Deref for Lane<'_> {
    type Target = DatabaseConnection;

    fn deref(&self) -> &DatabaseConnection {
        &self.connection
    }
}

impl Drop for Lane<'_> {
    fn drop(&mut self) {
        // The last in turn: what it may still have to finish holds up nobody who finds another.
        let mut free = self.lanes.free.lock().unwrap_or_else(PoisonError::into_inner);
        free.used.push_back(self.connection.clone());
    }
}
