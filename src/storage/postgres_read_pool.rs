//! PostgreSQL connections that reads keep between statements.
//!
//! The driver pings a connection whenever it goes back into its pool, which is a round trip for each read. Reads
//! therefore keep up to all connections of the pool checked out, and give one back when someone waits for the pool:
//! a transaction, or a read that found none here. One on which a statement was cut off always goes back, so that the
//! pool's ping finds out whether it is usable. See `docs/decisions/0131-reads-hold-their-connections.md`.

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use sea_orm::{
    ConnAcquireErr, DbErr, QueryResult, RuntimeErr, Statement,
    sea_query::Values,
    sqlx::{self, PgPool, Postgres, pool::PoolConnection},
};
use sea_query_sqlx::SqlxValues;

use super::driver_errors::{lost, none_free};

/// How long a connection is kept without the pool looking at it: the pool closes those that are too old, and keeps no
/// more idle ones than it should.
const KEPT: Duration = Duration::from_mins(1);

/// The connections that reads keep.
pub(super) struct Held {
    pool: PgPool,
    free: Mutex<Vec<Kept>>,
    /// Who waits for a connection of the pool.
    waiting: AtomicUsize,
}

/// A connection between two statements.
struct Kept {
    connection: PoolConnection<Postgres>,
    since: Instant,
}

impl Held {
    /// Keeps connections of a pool.
    pub(super) fn new(pool: PgPool) -> Self {
        Self { pool, free: Mutex::default(), waiting: AtomicUsize::new(0) }
    }

    fn free(&self) -> MutexGuard<'_, Vec<Kept>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection that was used last: its caches are warm, and others grow old and go back.
    fn next(&self) -> Option<Kept> {
        self.free().pop()
    }

    /// Reads on a connection of its own.
    pub(super) async fn read(&self, statement: &Statement) -> Result<Vec<QueryResult>, DbErr> {
        let mut connection = self.take().await?;
        let read = connection.read(statement).await;
        if read.as_ref().is_err_and(lost) {
            // The others are likely to be as dead.
            self.drain();
        }
        read
    }

    async fn take(&self) -> Result<HeldConnection<'_>, DbErr> {
        let kept = match self.next().or_else(|| self.pool.try_acquire().map(Kept::now)) {
            Some(kept) => kept,
            None => {
                let _waiting = self.wait();
                // One may have been given back before this was seen to wait.
                match self.next() {
                    Some(kept) => kept,
                    None => Kept::now(self.pool.acquire().await.map_err(not_acquired)?),
                }
            }
        };
        Ok(HeldConnection { held: self, kept: Some(kept), busy: false })
    }

    /// Says that someone waits for the pool, until this is dropped: connections go back as reads end.
    fn wait(&self) -> Waiting<'_> {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        Waiting(self)
    }

    /// Makes room for someone who takes a connection of the pool, until this is dropped.
    pub(super) fn make_room(&self) -> Waiting<'_> {
        let waiting = self.wait();
        // One for each who waits, of whom several may have seen the same idle one. It goes back into the pool, where they
        // find it.
        if self.pool.num_idle() < self.waiting.load(Ordering::SeqCst) {
            drop(self.next());
        }
        waiting
    }

    /// Gives all free connections back.
    pub(super) fn drain(&self) {
        let all = std::mem::take(&mut *self.free());
        drop(all);
    }
}

impl Kept {
    fn now(connection: PoolConnection<Postgres>) -> Self {
        Self { connection, since: Instant::now() }
    }
}

/// Someone waits for a connection of the pool.
pub(super) struct Waiting<'h>(&'h Held);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A connection in use.
struct HeldConnection<'h> {
    held: &'h Held,
    kept: Option<Kept>,
    /// A statement has begun and its end was not seen.
    busy: bool,
}

impl HeldConnection<'_> {
    async fn read(&mut self, statement: &Statement) -> Result<Vec<QueryResult>, DbErr> {
        let Some(kept) = &mut self.kept else { return Err(none_free()) };
        let values = statement.values.clone().unwrap_or(Values(Vec::new()));
        let text = sqlx::AssertSqlSafe(statement.sql.as_str());
        self.busy = true;
        let read = sqlx::query_with(text, SqlxValues(values)).fetch_all(&mut *kept.connection);
        let read = read.await.map_err(|error| DbErr::Query(RuntimeErr::SqlxError(error.into())));
        // After an error of the statement the connection waits for the next one.
        self.busy = read.as_ref().is_err_and(lost);
        Ok(read?.into_iter().map(QueryResult::from).collect())
    }
}

impl Drop for HeldConnection<'_> {
    fn drop(&mut self) {
        let Some(kept) = self.kept.take() else { return };
        let wanted = || self.held.waiting.load(Ordering::SeqCst) > 0;
        if self.busy || wanted() || kept.since.elapsed() > KEPT || self.held.pool.is_closed() {
            return;
        }
        self.held.free().push(kept);
        // Whoever began to wait in between did not see it.
        if wanted() {
            drop(self.held.next());
        }
    }
}

/// The error of a connection that the pool does not give.
pub(super) fn not_acquired(error: sqlx::Error) -> DbErr {
    match error {
        sqlx::Error::PoolTimedOut => none_free(),
        sqlx::Error::PoolClosed => DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed),
        other => DbErr::Conn(RuntimeErr::SqlxError(other.into())),
    }
}
