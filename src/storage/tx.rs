//! Transactions. After a statement that failed the database is asked whether the transaction still stands.
//!
//! SQLite undoes one by itself when it cannot write or read, and the driver goes on counting it as open;
//! PostgreSQL takes no more statements and answers a commit with a rollback that the driver takes for done.
//! What is not there any more is not written to, and not told as stored.

use std::{
    ops::Deref,
    sync::atomic::{AtomicU8, Ordering},
};

use async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult,
    Statement as SqlStatement,
    sea_query::{
        Alias, CommonTableExpression, DeleteStatement, InsertStatement, PostgresQueryBuilder,
        SelectStatement, SqliteQueryBuilder, UpdateStatement, Values, WithClause,
    },
};

use super::{
    Database, audit,
    faults::{fault, lost, marked, of_commit, over, unsure},
    harm::{self, Harm},
    keeping,
    read_pool::Lane,
    rows,
    texts::TextKey,
    waiting::waiting,
};
use crate::{
    base::{Error, Result},
    query::{Statement, render::Renderer},
    sql::Dialect,
};

/// A reading transaction: all it reads is of one moment.
pub struct Snapshot<'d> {
    tx: Tx,
    // Given back after the transaction has ended.
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

/// A transaction, a writing one unless it is a [`Snapshot`]'s.
pub struct Tx {
    database: Database,
    inner: DatabaseTransaction,
    standing: AtomicU8,
}

/// It stands.
const STANDS: u8 = 0;
/// PostgreSQL takes nothing more until a mark is gone back to.
const ABORTED: u8 = 1;
/// The database has undone it.
const OVER: u8 = 2;

/// Why a commit failed.
pub(super) enum Failed {
    /// Nothing was stored.
    Refused(Error),
    /// As the database told it.
    Told(DbErr),
    /// The answer did not arrive.
    Unheard(DbErr),
}

impl Failed {
    /// As an error of the database.
    pub(super) fn into_told(self) -> DbErr {
        match self {
            Self::Refused(_) => over(),
            Self::Told(error) | Self::Unheard(error) => marked(error),
        }
    }
}

impl Tx {
    pub(super) fn new(database: Database, inner: DatabaseTransaction) -> Self {
        Self { database, inner, standing: AtomicU8::new(STANDS) }
    }

    /// Which SQL it speaks.
    pub fn dialect(&self) -> Dialect {
        self.database.dialect()
    }

    fn standing(&self) -> u8 {
        self.standing.load(Ordering::Acquire)
    }

    /// Runs a statement, and asks whether the transaction still stands if it fails.
    async fn sent<T>(
        &self,
        harm: Option<Harm>,
        running: impl Future<Output = Result<T, DbErr>>,
    ) -> Result<T, DbErr> {
        if self.standing() == OVER {
            return Err(over());
        }
        let done = match harm::before(harm, self.dialect(), &self.inner).await {
            Ok(()) => waiting(running).await,
            Err(error) => Err(error),
        };
        if let Err(error) = &done {
            self.database.noted(error);
            self.ask(error).await;
        }
        done
    }

    /// Asks what has become of the transaction by an error.
    async fn ask(&self, error: &DbErr) {
        let standing = match self.dialect() {
            Dialect::Postgres if lost(error) => OVER,
            Dialect::Postgres => ABORTED,
            // Within a transaction, and only there, SQLite refuses to begin one. If it does begin, that leaves
            // the driver with one to undo.
            Dialect::Sqlite => match self.inner.execute_unprepared("BEGIN").await {
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

    /// Runs a query in the words of this dialect.
    pub(super) async fn rows(&self, sql: &str) -> Result<Vec<QueryResult>> {
        let sent = self.database.counted(sql.to_owned(), Values(Vec::new()));
        self.query(sent).await.map_err(fault)
    }

    /// Runs an insert; the database's refusal is the caller's to understand.
    pub async fn insert(&self, insert: &InsertStatement) -> Result<u64, DbErr> {
        let (sql, values) = match self.dialect() {
            Dialect::Sqlite => insert.build(SqliteQueryBuilder),
            Dialect::Postgres => insert.build(PostgresQueryBuilder),
        };
        self.written(sql, values).await
    }

    /// Runs an insert whose text depends on nothing but a key: what `make` writes of the values is only asked
    /// for where no text is kept, and binds them in their order.
    pub async fn insert_kept(
        &self,
        key: TextKey,
        values: Vec<sea_orm::Value>,
        make: impl FnOnce(&[sea_orm::Value]) -> Result<Written>,
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

    /// Runs an update and tells how many rows it changed.
    pub async fn update(&self, update: &UpdateStatement) -> Result<u64, DbErr> {
        let (sql, values) = match self.dialect() {
            Dialect::Sqlite => update.build(SqliteQueryBuilder),
            Dialect::Postgres => update.build(PostgresQueryBuilder),
        };
        self.written(sql, values).await
    }

    /// Runs a delete and tells how many rows it removed.
    pub async fn delete(&self, delete: &DeleteStatement) -> Result<u64, DbErr> {
        let (sql, values) = match self.dialect() {
            Dialect::Sqlite => delete.build(SqliteQueryBuilder),
            Dialect::Postgres => delete.build(PostgresQueryBuilder),
        };
        self.written(sql, values).await
    }

    /// Runs a statement in the words of this dialect.
    pub(super) async fn run<const N: usize>(
        &self,
        sql: String,
        values: [sea_orm::Value; N],
    ) -> Result<(), DbErr> {
        self.written(sql, Values(values.into())).await.map(|_| ())
    }

    /// Runs one statement without values: of a catalog change, or about the transaction itself.
    pub async fn define(&self, ddl: &str) -> Result<(), DbErr> {
        self.written(ddl.to_owned(), Values(Vec::new())).await.map(|_| ())
    }

    /// Runs a compiled read within the transaction, so that it sees what was written there, and writes its
    /// answer as JSON.
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

    /// Waits until no other transaction has this name, and has it until it ends. On SQLite there is one writer.
    ///
    /// `SELECT pg_advisory_xact_lock(…)`
    pub async fn alone(&self, name: &str) -> Result<()> {
        if self.dialect() == Dialect::Sqlite {
            return Ok(());
        }
        // FNV: the same in every process, and other names seldom share it.
        let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let key = i64::from_ne_bytes(hash.to_ne_bytes());
        self.rows(&format!("SELECT pg_advisory_xact_lock({key})")).await.map(|_| ())
    }

    /// Lifts the limit on how long a statement may take, for this transaction: tables may be large.
    pub async fn unlimited(&self) -> Result<()> {
        match self.dialect() {
            Dialect::Sqlite => Ok(()),
            Dialect::Postgres => {
                self.define("SET LOCAL statement_timeout = 0").await.map_err(fault)
            }
        }
    }

    /// Marks the place to come back to: `SAVEPOINT step`. Marks of one name lie on each other, the last on top.
    pub async fn mark(&self) -> Result<()> {
        self.define("SAVEPOINT step").await.map_err(fault)
    }

    /// Undoes what was written since the last mark and takes the mark away; the transaction goes on, also
    /// after a refusal of the database.
    pub async fn back(&self) -> Result<()> {
        self.define("ROLLBACK TO SAVEPOINT step").await.map_err(fault)?;
        let again =
            self.standing.compare_exchange(ABORTED, STANDS, Ordering::AcqRel, Ordering::Acquire);
        tracing::trace!(aborted = again.is_ok(), "went back to a mark");
        self.keep().await
    }

    /// Takes the last mark away and keeps what was written since.
    pub async fn keep(&self) -> Result<()> {
        self.define("RELEASE SAVEPOINT step").await.map_err(fault)
    }

    /// Makes everything since the beginning lasting. An error says that nothing was stored, or that nobody
    /// knows.
    pub async fn commit(self) -> Result<()> {
        keeping::begins();
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
        if let Some(entry) = audit::waiting().map_err(Failed::Refused)? {
            self.insert(&entry).await.map_err(|error| Failed::Refused(fault(error)))?;
        }
        let harm = self.database.harm("COMMIT");
        let Self { database, inner, .. } = self;
        if let Err(error) = harm::before(harm, database.dialect(), &inner).await {
            database.spoil();
            return Err(Failed::Refused(fault(error)));
        }
        if let Err(error) = waiting(inner.commit()).await {
            // Whatever state it is in, nobody goes on with it.
            database.noted(&error);
            database.spoil();
            return Err(Failed::Told(error));
        }
        database.commits.send_modify(|count| *count += 1);
        if harm == Some(Harm::Unheard) { Err(Failed::Unheard(harm::error())) } else { Ok(()) }
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

/// What an insert writes: rows of one table, or of two that do not depend on each other.
pub struct Written {
    before: Option<InsertStatement>,
    last: InsertStatement,
}

impl Written {
    /// `INSERT …`
    pub fn one(insert: InsertStatement) -> Self {
        Self { before: None, last: insert }
    }

    /// PostgreSQL: `WITH "first" AS (INSERT …) INSERT …`, which saves a way to the server and back.
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
