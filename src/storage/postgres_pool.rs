//! PostgreSQL connections that stay checked out between reads and transactions.
//!
//! The driver pings a connection whenever it goes back into its pool, which is a round trip more for each read and
//! each transaction. So up to all connections of the pool stay here, and one is given back when someone waits for the
//! pool. One on which a statement was cut off always goes back, so that the pool's ping finds out whether it is usable.
//! See `docs/decisions/0131-reads-hold-their-connections.md`.

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use sea_orm::{
    ConnAcquireErr, DbErr, ExecResult, QueryResult, RuntimeErr, Statement,
    sea_query::Values,
    sqlx::{self, Executor, PgPool, Postgres, pool::PoolConnection},
};
use sea_query_sqlx::SqlxValues;

use super::driver_errors::{lost, none_free};

/// How long a connection is kept without the pool looking at it: the pool closes those that are too old, and keeps no
/// more idle ones than it should.
const KEPT: Duration = Duration::from_mins(1);

/// The connections that are kept.
pub(super) struct Held {
    pool: PgPool,
    free: Mutex<Vec<KeptConnection>>,
    /// Who waits for a connection of the pool.
    waiting: AtomicUsize,
}

/// A connection that is out of the pool.
pub(super) struct KeptConnection {
    pub(super) connection: PoolConnection<Postgres>,
    since: Instant,
}

impl Held {
    /// Keeps connections of a pool.
    pub(super) fn new(pool: PgPool) -> Self {
        Self { pool, free: Mutex::default(), waiting: AtomicUsize::new(0) }
    }

    fn free(&self) -> MutexGuard<'_, Vec<KeptConnection>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection that was used last: its caches are warm, and others grow old and go back.
    fn next(&self) -> Option<KeptConnection> {
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
        Ok(HeldConnection { held: self, kept: Some(self.lend().await?), busy: false })
    }

    /// A connection to use: the last one used, or one of the pool.
    pub(super) async fn lend(&self) -> Result<KeptConnection, DbErr> {
        Ok(match self.next().or_else(|| self.pool.try_acquire().map(KeptConnection::now)) {
            Some(kept) => kept,
            None => {
                let _waiting = self.wait();
                // One may have been given back before this was seen to wait.
                match self.next() {
                    Some(kept) => kept,
                    None => KeptConnection::now(self.pool.acquire().await.map_err(not_acquired)?),
                }
            }
        })
    }

    /// Takes back a connection that is ready for the next statement, or hands it on to the pool.
    pub(super) fn give_back(&self, kept: KeptConnection) {
        let wanted = || self.waiting.load(Ordering::SeqCst) > 0;
        if wanted() || kept.since.elapsed() > KEPT || self.pool.is_closed() {
            return;
        }
        self.free().push(kept);
        // Whoever began to wait in between did not see it.
        if wanted() {
            drop(self.next());
        }
    }

    /// Says that someone waits for the pool, until this is dropped: connections go back as reads end.
    fn wait(&self) -> Waiting<'_> {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        Waiting(self)
    }

    /// Gives all free connections back.
    pub(super) fn drain(&self) {
        let all = std::mem::take(&mut *self.free());
        drop(all);
    }
}

impl KeptConnection {
    fn now(connection: PoolConnection<Postgres>) -> Self {
        Self { connection, since: Instant::now() }
    }

    /// Runs a query. The caller sees to it that the connection is not used again if this is cut off.
    pub(super) async fn read(&mut self, statement: &Statement) -> Result<Vec<QueryResult>, DbErr> {
        let values = statement.values.clone().unwrap_or(Values(Vec::new()));
        let text = sqlx::AssertSqlSafe(statement.sql.as_str());
        let read = sqlx::query_with(text, SqlxValues(values)).fetch_all(&mut *self.connection);
        let read = read.await.map_err(|error| DbErr::Query(RuntimeErr::SqlxError(error.into())))?;
        Ok(read.into_iter().map(QueryResult::from).collect())
    }

    /// Runs a statement that answers no rows.
    pub(super) async fn carry_out(&mut self, statement: &Statement) -> Result<ExecResult, DbErr> {
        let values = statement.values.clone().unwrap_or(Values(Vec::new()));
        let text = sqlx::AssertSqlSafe(statement.sql.as_str());
        let done = sqlx::query_with(text, SqlxValues(values)).execute(&mut *self.connection);
        let done = done.await.map_err(|error| DbErr::Exec(RuntimeErr::SqlxError(error.into())))?;
        Ok(done.into())
    }

    /// Runs a text without preparing it.
    pub(super) async fn send(&mut self, text: &str) -> Result<ExecResult, DbErr> {
        let done = (&mut *self.connection).execute(sqlx::AssertSqlSafe(text));
        let done = done.await.map_err(|error| DbErr::Exec(RuntimeErr::SqlxError(error.into())))?;
        Ok(done.into())
    }
}

/// Someone waits for a connection of the pool.
struct Waiting<'h>(&'h Held);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A connection in use.
struct HeldConnection<'h> {
    held: &'h Held,
    kept: Option<KeptConnection>,
    /// A statement has begun and its end was not seen.
    busy: bool,
}

impl HeldConnection<'_> {
    async fn read(&mut self, statement: &Statement) -> Result<Vec<QueryResult>, DbErr> {
        let Some(kept) = &mut self.kept else { return Err(none_free()) };
        self.busy = true;
        let read = kept.read(statement).await;
        // After an error of the statement the connection waits for the next one.
        self.busy = read.as_ref().is_err_and(lost);
        read
    }
}

impl Drop for HeldConnection<'_> {
    fn drop(&mut self) {
        if let (Some(kept), false) = (self.kept.take(), self.busy) {
            self.held.give_back(kept);
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
