//! SQLite connections, each in a pool of its own, so that abandoned statements are stopped.
//!
//! A request that ends drops its connection, but the engine continues on its own thread. Its progress handler
//! therefore checks every [`STEPS`] steps whether the connection is free again. With one connection per pool
//! it knows which connection that is.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sea_orm::{
    ConnAcquireErr, ConnectOptions, DatabaseConnection, DbErr, QueryResult, RuntimeErr, Statement,
    sea_query::Values,
    sqlx::{self, Connection, Sqlite, pool::PoolConnection},
};
use sea_query_sqlx::SqlxValues;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::{driver_errors::none_free, postgres_pool::not_acquired};

/// Steps of SQLite's virtual machine between two checks: some tenths of a millisecond.
const STEPS: i32 = 10_000;

/// The state of a pool's single connection.
#[derive(Default)]
pub(super) struct Watched {
    /// Nobody uses it.
    free: AtomicBool,
    /// It must be closed: a statement was stopped on it, or its state is not what the driver believes.
    stopped: AtomicBool,
}

impl Watched {
    /// Has the connection closed before its next use.
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

/// Makes a pool of one SQLite connection stop a statement whose connection was returned.
///
/// A connection that is inside a transaction, or was spoiled, is closed and replaced.
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
            // When SQLite stops a change it undoes the transaction, and the driver does not notice. Such a
            // connection is replaced, and so is one whose rollback failed.
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

/// A connection in a pool of its own. Reads keep it checked out, because the driver pings a connection that goes back
/// into its pool, which is one more hand-over to its thread.
pub(super) struct LaneConnection {
    pool: DatabaseConnection,
    watched: Arc<Watched>,
    kept: Option<PoolConnection<Sqlite>>,
}

impl LaneConnection {
    /// The pool of one connection, and the state of that.
    pub(super) fn new(pool: DatabaseConnection, watched: Arc<Watched>) -> Self {
        Self { pool, watched, kept: None }
    }
}

/// A pool of reading connections.
pub(super) struct Lanes {
    free: Mutex<Free>,
    places: Semaphore,
    patience: Duration,
}

impl Lanes {
    /// Takes pools of one connection each, and the longest wait for a free one.
    pub(super) fn new(connections: Vec<LaneConnection>, patience: Duration) -> Self {
        let places = Semaphore::new(connections.len());
        let free = Free { used: VecDeque::new(), fresh: connections };
        Self { free: Mutex::new(free), places, patience }
    }

    /// Takes the next free connection. Fails if none becomes free in time.
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
        Ok(Lane { lanes: self, connection: Some(connection), busy: false, _place: place })
    }
}

/// The free connections.
struct Free {
    /// Connections used before, longest unused first.
    used: VecDeque<LaneConnection>,
    /// Connections not used yet. They are opened only if no used one is free.
    fresh: Vec<LaneConnection>,
}

/// A connection that is returned on drop.
pub(super) struct Lane<'l> {
    lanes: &'l Lanes,
    connection: Option<LaneConnection>,
    /// A statement has begun and its end was not seen.
    busy: bool,
    // Released after `drop` has returned the connection: fields drop last.
    _place: SemaphorePermit<'l>,
}

impl Lane<'_> {
    /// Reads on the connection, which stays checked out.
    pub(super) async fn read(&mut self, statement: &Statement) -> Result<Vec<QueryResult>, DbErr> {
        let Some(lane) = &mut self.connection else { return Err(none_free()) };
        if lane.watched.stopped.load(Ordering::Acquire) {
            // The pool replaces it.
            lane.kept = None;
        }
        let kept = match lane.kept.take() {
            Some(kept) => kept,
            None => {
                let pool = lane.pool.get_sqlite_connection_pool();
                pool.acquire().await.map_err(not_acquired)?
            }
        };
        let kept = lane.kept.insert(kept);
        self.busy = true;
        let values = statement.values.clone().unwrap_or(Values(Vec::new()));
        let text = sqlx::AssertSqlSafe(statement.sql.as_str());
        let read = sqlx::query_with(text, SqlxValues(values)).fetch_all(&mut **kept).await;
        self.busy = false;
        let read = read.map_err(|error| DbErr::Query(RuntimeErr::SqlxError(error.into())))?;
        Ok(read.into_iter().map(QueryResult::from).collect())
    }

    /// The pool with the connection in it, for a transaction.
    pub(super) fn pool(&mut self) -> Result<&DatabaseConnection, DbErr> {
        let Some(lane) = &mut self.connection else { return Err(none_free()) };
        lane.kept = None;
        Ok(&lane.pool)
    }
}

impl Drop for Lane<'_> {
    fn drop(&mut self) {
        let Some(mut lane) = self.connection.take() else { return };
        if self.busy {
            // Back in the pool it counts as free, which stops the statement.
            lane.kept = None;
        }
        // At the back of the queue, because it may still be finishing a stopped statement.
        let mut free = self.lanes.free.lock().unwrap_or_else(PoisonError::into_inner);
        free.used.push_back(lane);
    }
}
