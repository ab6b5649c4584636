//! Transactions. After a failed statement `Tx` checks whether the transaction is still open.
//!
//! SQLite undoes a transaction by itself when it cannot read or write, but the driver still counts it as
//! open. PostgreSQL accepts no more statements and turns the commit into a rollback, which the driver reports
//! as success. `Tx` therefore refuses statements and commits of such a transaction. See
//! `docs/decisions/0085-what-a-failed-statement-leaves.md`.

use std::{
    collections::BTreeSet,
    mem,
    ops::Deref,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU8, Ordering},
    },
};

use async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement as SqlStatement,
    sea_query::{
        Alias, CommonTableExpression, DeleteStatement, InsertStatement, PostgresQueryBuilder,
        SelectStatement, SqliteQueryBuilder, UpdateStatement, Values, WithClause,
    },
};

use uuid::Uuid;

use super::{
    Database, audit, commit_tracking,
    driver_errors::{fault, lost, marked, of_commit, over, unsure},
    fault_injection::{self, Harm},
    open_transaction::OpenTransaction,
    read_pool::Lane,
    rows,
    statement_texts::TextKey,
    wait_time::waiting,
};
use crate::{
    base::{Error, Result},
    catalog::ObjectIx,
    query::{FoundRows, Statement, render::Renderer},
    sql::{Dialect, platform},
};

/// A reading transaction. All its reads see one moment.
pub struct Snapshot<'d> {
    tx: Tx,
    // Dropped after `tx`, so that the connection is returned when the transaction has ended.
    _lane: Option<Lane<'d>>,
}

impl<'d> Snapshot<'d> {
    pub(super) fn new(tx: Tx, lane: Option<Lane<'d>>) -> Self {
        Self { tx, _lane: lane }
    }
}

impl Deref for Snapshot<'_> {
    type Target = Tx;

    fn deref(&self) -> &Tx {
        &self.tx
    }
}

/// A transaction. It writes unless it belongs to a [`Snapshot`].
pub struct Tx {
    database: Database,
    inner: OpenTransaction,
    standing: AtomicU8,
    /// Records whose roll-ups of all related records are to be computed before the commit.
    owed: Mutex<BTreeSet<(ObjectIx, Uuid)>>,
    /// Records whose employees by rules are to be told anew before the commit.
    related: Mutex<BTreeSet<(ObjectIx, Uuid)>>,
}

/// The transaction is open.
const STANDS: u8 = 0;
/// PostgreSQL accepts no more statements until a rollback to a savepoint.
const ABORTED: u8 = 1;
/// The database has undone the transaction.
const OVER: u8 = 2;

/// Why a commit failed.
pub(super) enum Failed {
    /// Nothing was stored.
    Refused(Error),
    /// The database reported this error.
    Told(DbErr),
    /// The result did not arrive.
    Unheard(DbErr),
}

impl Failed {
    /// Converts it to a database error.
    pub(super) fn into_told(self) -> DbErr {
        match self {
            Self::Refused(_) => over(),
            Self::Told(error) | Self::Unheard(error) => marked(error),
        }
    }
}

impl Tx {
    pub(super) fn new(database: Database, inner: OpenTransaction) -> Self {
        let standing = AtomicU8::new(STANDS);
        Self { database, inner, standing, owed: Mutex::default(), related: Mutex::default() }
    }

    /// Notes records whose roll-ups of all related records may be others now. A commit is refused until they are taken.
    pub fn owe(&self, records: impl IntoIterator<Item = (ObjectIx, Uuid)>) {
        self.owed.lock().unwrap_or_else(PoisonError::into_inner).extend(records);
    }

    /// Takes the noted records, in the order in which all transactions lock them.
    pub fn take_owed(&self) -> BTreeSet<(ObjectIx, Uuid)> {
        mem::take(&mut *self.owed.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Notes records whose employees by rules may be others now. A commit is refused until they are taken.
    pub fn relate(&self, records: impl IntoIterator<Item = (ObjectIx, Uuid)>) {
        self.related.lock().unwrap_or_else(PoisonError::into_inner).extend(records);
    }

    /// Takes the noted records, in the order in which all transactions lock them.
    pub fn take_related(&self) -> BTreeSet<(ObjectIx, Uuid)> {
        mem::take(&mut *self.related.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Forgets what is to be computed before the commit: what it was for is undone.
    pub fn forget_noted(&self) {
        self.take_owed();
        self.take_related();
    }

    /// Its SQL dialect.
    pub fn dialect(&self) -> Dialect {
        self.database.dialect()
    }

    fn standing(&self) -> u8 {
        self.standing.load(Ordering::Acquire)
    }

    /// Runs a statement. If it fails, checks whether the transaction is still open.
    async fn sent<T>(
        &self,
        harm: Option<Harm>,
        running: impl Future<Output = Result<T, DbErr>>,
    ) -> Result<T, DbErr> {
        if self.standing() == OVER {
            return Err(over());
        }
        let done = match fault_injection::before(harm, self.dialect(), &self.inner).await {
            Ok(()) => waiting(running).await,
            Err(error) => Err(error),
        };
        if let Err(error) = &done {
            self.database.noted(error);
            self.ask(error).await;
        }
        done
    }

    /// Finds out the state of the transaction after an error.
    async fn ask(&self, error: &DbErr) {
        let standing = match self.dialect() {
            Dialect::Postgres if lost(error) => OVER,
            Dialect::Postgres => ABORTED,
            // SQLite refuses `BEGIN` within a transaction, and only there. If `BEGIN` succeeds, the driver's
            // rollback ends that new transaction.
            Dialect::Sqlite => match self.inner.execute_unprepared(platform::BEGIN).await {
                Err(refused) if refused.to_string().contains("within a transaction") => STANDS,
                _begun_or_worse => OVER,
            },
        };
        self.standing.fetch_max(standing, Ordering::AcqRel);
        if standing == OVER {
            tracing::warn!(%error, "the database has undone a transaction by itself");
            self.database.spoil();
        }
    }

    async fn carried(&self, statement: SqlStatement) -> Result<ExecResult, DbErr> {
        self.sent(self.database.harm(&statement.sql), self.inner.execute_raw(statement)).await
    }

    async fn query(&self, statement: SqlStatement) -> Result<Vec<QueryResult>, DbErr> {
        self.sent(self.database.harm(&statement.sql), self.inner.query_all_raw(statement)).await
    }

    async fn written(&self, sql: String, values: Values) -> Result<u64, DbErr> {
        let done = self.carried(self.database.counted(sql, values)).await;
        done.map(|done| done.rows_affected())
    }

    /// Runs a select.
    pub async fn select(&self, select: &SelectStatement) -> Result<Vec<QueryResult>> {
        let (sql, values) = self.dialect().print(select);
        self.query(self.database.counted(sql, values)).await.map_err(fault)
    }

    /// Runs a query of this dialect.
    pub(super) async fn rows(&self, sql: &str) -> Result<Vec<QueryResult>> {
        let sent = self.database.counted(sql.to_owned(), Values(Vec::new()));
        self.query(sent).await.map_err(fault)
    }

    /// Runs an insert. Returns the raw error, so that the caller can check for a violation.
    pub async fn insert(&self, insert: &InsertStatement) -> Result<u64, DbErr> {
        let (sql, values) = match self.dialect() {
            Dialect::Sqlite => insert.build(SqliteQueryBuilder),
            Dialect::Postgres => insert.build(PostgresQueryBuilder),
        };
        self.written(sql, values).await
    }

    /// Runs an insert whose text depends only on a key. `make` is called if no text is cached; it must bind
    /// the values in the given order.
    pub async fn insert_kept(
        &self,
        key: TextKey,
        values: Vec<sea_orm::Value>,
        make: impl FnOnce(&[sea_orm::Value]) -> Result<Inserts>,
    ) -> Result<(), DbErr> {
        let made = || make(&values).map(|written| written.print(self.dialect()));
        let text = self.database.texts.get(key, &values, made);
        let text = text.map_err(|error| DbErr::Custom(error.to_string()))?;
        self.written(String::from(&*text), Values(values)).await.map(|_| ())
    }

    /// Runs an insert that returns columns.
    pub async fn insert_returning(&self, insert: &InsertStatement) -> Result<Option<QueryResult>> {
        let (sql, values) = match self.dialect() {
            Dialect::Sqlite => insert.build(SqliteQueryBuilder),
            Dialect::Postgres => insert.build(PostgresQueryBuilder),
        };
        let found = self.query(self.database.counted(sql, values)).await.map_err(fault)?;
        Ok(found.into_iter().next())
    }

    /// Runs an update and returns the number of changed rows.
    pub async fn update(&self, update: &UpdateStatement) -> Result<u64, DbErr> {
        let (sql, values) = match self.dialect() {
            Dialect::Sqlite => update.build(SqliteQueryBuilder),
            Dialect::Postgres => update.build(PostgresQueryBuilder),
        };
        self.written(sql, values).await
    }

    /// Runs a delete and returns the number of removed rows.
    pub async fn delete(&self, delete: &DeleteStatement) -> Result<u64, DbErr> {
        let (sql, values) = match self.dialect() {
            Dialect::Sqlite => delete.build(SqliteQueryBuilder),
            Dialect::Postgres => delete.build(PostgresQueryBuilder),
        };
        self.written(sql, values).await
    }

    /// Runs a statement of this dialect.
    pub(super) async fn run<const N: usize>(
        &self,
        sql: String,
        values: [sea_orm::Value; N],
    ) -> Result<(), DbErr> {
        self.written(sql, Values(values.into())).await.map(|_| ())
    }

    /// Runs a statement without values: DDL, or a command for the transaction itself.
    pub async fn define(&self, ddl: &str) -> Result<(), DbErr> {
        self.written(ddl.to_owned(), Values(Vec::new())).await.map(|_| ())
    }

    /// Runs a compiled read within the transaction, so that it sees uncommitted writes, and writes its JSON
    /// to `out`.
    pub async fn answer(
        &self,
        statement: Statement,
        renderer: Renderer<'_>,
        out: &mut String,
    ) -> Result<bool> {
        let Statement { sql, values, root } = statement;
        let sent = self.database.counted(String::from(&*sql), values);
        let found = self.query(sent).await.map_err(fault)?;
        rows::answer(&root, &found, renderer, out)
    }

    /// Runs a compiled read within the transaction and returns its records as values.
    pub async fn found(&self, statement: Statement, renderer: Renderer<'_>) -> Result<FoundRows> {
        let Statement { sql, values, root } = statement;
        let sent = self.database.counted(String::from(&*sql), values);
        let found = self.query(sent).await.map_err(fault)?;
        rows::found(&root, &found, renderer)
    }

    /// Locks a name until the transaction ends. Other transactions that want the name wait. On SQLite there
    /// is only one writer.
    ///
    /// `SELECT pg_advisory_xact_lock(…)`
    pub async fn alone(&self, name: &str) -> Result<()> {
        if self.dialect() == Dialect::Sqlite {
            return Ok(());
        }
        // FNV: the same hash in every process, with few collisions.
        let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let key = i64::from_ne_bytes(hash.to_ne_bytes());
        self.rows(&platform::advisory_lock(key)).await.map(|_| ())
    }

    /// Lifts the statement timeout for this transaction: tables may be large.
    pub async fn unlimited(&self) -> Result<()> {
        match self.dialect() {
            Dialect::Sqlite => Ok(()),
            Dialect::Postgres => self.define(platform::NO_TIMEOUT).await.map_err(fault),
        }
    }

    /// Sets a savepoint: `SAVEPOINT step`. Savepoints nest.
    pub async fn mark(&self) -> Result<()> {
        self.define(platform::SAVEPOINT).await.map_err(fault)
    }

    /// Rolls back to the last savepoint and releases it. The transaction continues, even after a refused
    /// statement.
    pub async fn back(&self) -> Result<()> {
        self.define(platform::ROLLBACK_TO_SAVEPOINT).await.map_err(fault)?;
        let again =
            self.standing.compare_exchange(ABORTED, STANDS, Ordering::AcqRel, Ordering::Acquire);
        tracing::trace!(aborted = again.is_ok(), "went back to a mark");
        self.keep().await
    }

    /// Releases the last savepoint and keeps its writes.
    pub async fn keep(&self) -> Result<()> {
        self.define(platform::RELEASE_SAVEPOINT).await.map_err(fault)
    }

    /// Commits. An error says either that nothing was stored or that the result is unknown.
    pub async fn commit(self) -> Result<()> {
        commit_tracking::begins();
        self.finish().await.map_err(|failed| match failed {
            Failed::Refused(error) => error,
            Failed::Told(error) => of_commit(error),
            Failed::Unheard(error) => unsure(error),
        })
    }

    pub(super) async fn finish(self) -> Result<(), Failed> {
        match self.standing() {
            STANDS => {}
            ABORTED => {
                return Err(Failed::Refused(Error::internal("a commit of what was refused")));
            }
            _over => return Err(Failed::Refused(fault(over()))),
        }
        if !self.take_owed().is_empty() {
            return Err(Failed::Refused(Error::internal(
                "roll-ups of all records are not kept up",
            )));
        }
        if !self.take_related().is_empty() {
            return Err(Failed::Refused(Error::internal("employees by rules are not kept up")));
        }
        if let Some(entry) = audit::waiting().map_err(Failed::Refused)? {
            self.insert(&entry).await.map_err(|error| Failed::Refused(fault(error)))?;
        }
        let harm = self.database.harm(platform::COMMIT);
        let Self { database, inner, .. } = self;
        if let Err(error) = fault_injection::before(harm, database.dialect(), &inner).await {
            database.spoil();
            return Err(Failed::Refused(fault(error)));
        }
        if let Err(error) = waiting(inner.commit()).await {
            // Its state is unknown, so nobody may use the connection again.
            database.noted(&error);
            database.spoil();
            return Err(Failed::Told(error));
        }
        database.commits.send_modify(|count| *count += 1);
        if harm == Some(Harm::Unheard) {
            Err(Failed::Unheard(fault_injection::error()))
        } else {
            Ok(())
        }
    }
}

/// For entities of platform tables.
#[async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        self.dialect().backend()
    }

    async fn execute_raw(&self, statement: SqlStatement) -> Result<ExecResult, DbErr> {
        self.carried(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.sent(self.database.harm(sql), self.inner.execute_unprepared(sql)).await
    }

    async fn query_one_raw(&self, statement: SqlStatement) -> Result<Option<QueryResult>, DbErr> {
        self.query(statement).await.map(|found| found.into_iter().next())
    }

    async fn query_all_raw(&self, statement: SqlStatement) -> Result<Vec<QueryResult>, DbErr> {
        self.query(statement).await
    }
}

/// Inserts into one table, or into two whose order does not matter.
pub struct Inserts {
    before: Option<InsertStatement>,
    last: InsertStatement,
}

impl Inserts {
    /// `INSERT …`
    pub fn one(insert: InsertStatement) -> Self {
        Self { before: None, last: insert }
    }

    /// PostgreSQL: `WITH "first" AS (INSERT …) INSERT …`, which saves a round trip.
    pub fn both(first: InsertStatement, second: InsertStatement) -> Self {
        Self { before: Some(first), last: second }
    }

    fn print(self, dialect: Dialect) -> (String, Values) {
        match (self.before, dialect) {
            (Some(first), _) => {
                let mut part = CommonTableExpression::new();
                part.query(first).table_name(Alias::new("first"));
                let mut with = WithClause::new();
                with.cte(part);
                self.last.with(with).build(PostgresQueryBuilder)
            }
            (None, Dialect::Sqlite) => self.last.build(SqliteQueryBuilder),
            (None, Dialect::Postgres) => self.last.build(PostgresQueryBuilder),
        }
    }
}
