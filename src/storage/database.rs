//! The database handle, its transactions, and what its errors mean.

use std::{
    ops::Deref,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, IsolationLevel,
    QueryResult, RuntimeErr, SqlErr, SqliteTransactionMode, Statement as SqlStatement,
    TransactionOptions, TransactionTrait,
    sea_query::{
        Alias, CommonTableExpression, DeleteStatement, InsertStatement, PostgresQueryBuilder,
        SelectStatement, SqliteQueryBuilder, UpdateStatement, Values, WithClause,
    },
    sqlx::error::DatabaseError,
};
use tokio::sync::watch;

use super::{
    lanes::{Lane, Lanes},
    rows,
    texts::{TextKey, Texts},
    waiting::waiting,
};
use crate::{
    base::{Code, Error, Result},
    query::{Statement, Templates, render::Renderer},
    sql::Dialect,
};

/// A company's database. Cheap to clone.
#[derive(Clone)]
pub struct Database {
    dialect: Dialect,
    reader: DatabaseConnection,
    /// What SQLite reads by.
    lanes: Option<Arc<Lanes>>,
    writer: DatabaseConnection,
    statements: Arc<AtomicU64>,
    templates: Templates,
    texts: Texts,
    commits: Arc<watch::Sender<u64>>,
}

impl Database {
    pub(super) fn new(
        dialect: Dialect,
        reader: DatabaseConnection,
        writer: DatabaseConnection,
    ) -> Self {
        Self {
            dialect,
            reader,
            lanes: None,
            writer,
            statements: Arc::default(),
            templates: Templates::default(),
            texts: Texts::default(),
            commits: Arc::default(),
        }
    }

    /// The same, reading by these.
    pub(super) fn reading_by(self, lanes: Lanes) -> Self {
        Self { lanes: Some(Arc::new(lanes)), ..self }
    }

    async fn read(&self, statement: SqlStatement) -> Result<Vec<QueryResult>> {
        let Some(lanes) = &self.lanes else {
            return waiting(self.reader.query_all_raw(statement)).await.map_err(fault);
        };
        let lane = waiting(lanes.take()).await.map_err(fault)?;
        waiting(lane.query_all_raw(statement)).await.map_err(fault)
    }

    /// Which SQL it speaks.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// How many statements have been sent so far; tests count by it.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// The statements compiled so far.
    pub fn templates(&self) -> &Templates {
        &self.templates
    }

    /// Sees when a transaction of this process has become final.
    pub fn commits(&self) -> watch::Receiver<u64> {
        self.commits.subscribe()
    }

    /// The connection that may write, for sea-orm entities of platform tables.
    pub fn writer(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// Connections that read, beside those that answer.
    pub fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    fn counted(&self, sql: String, values: Values) -> SqlStatement {
        self.statements.fetch_add(1, Ordering::Relaxed);
        tracing::debug!(target: "tradewind::sql", "{sql}");
        SqlStatement::from_sql_and_values(self.dialect.backend(), sql, values)
    }

    /// Runs a compiled read and writes its answer as JSON; false when one record was asked for and is not there.
    pub async fn answer(
        &self,
        statement: Statement,
        renderer: Renderer<'_>,
        out: &mut String,
    ) -> Result<bool> {
        let Statement { sql, values, root } = statement;
        let found = self.read(self.counted(String::from(&*sql), values)).await?;
        rows::answer(&root, &found, renderer, out)
    }

    /// Runs a select outside a transaction.
    pub async fn select(&self, select: &SelectStatement) -> Result<Vec<QueryResult>> {
        let (sql, values) = self.dialect.print(select);
        self.read(self.counted(sql, values)).await
    }

    /// Runs a statement in the words of this dialect outside a transaction.
    pub(super) async fn rows<const N: usize>(
        &self,
        sql: &str,
        values: [sea_orm::Value; N],
    ) -> Result<Vec<QueryResult>> {
        let values = Values(values.into());
        self.read(self.counted(sql.to_owned(), values)).await
    }

    /// Begins a writing transaction; dropped without a commit it is rolled back.
    pub async fn begin(&self) -> Result<Tx> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let inner = waiting(self.writer.begin_with_options(options)).await.map_err(fault)?;
        Ok(Tx { database: self.clone(), inner })
    }

    /// Begins a reading transaction, which sees the database as it is at its first statement.
    pub async fn snapshot(&self) -> Result<Snapshot<'_>> {
        let (lane, options) = match &self.lanes {
            Some(lanes) => {
                let lane = waiting(lanes.take()).await.map_err(fault)?;
                (Some(lane), TransactionOptions::default())
            }
            None => {
                let options = TransactionOptions {
                    isolation_level: Some(IsolationLevel::RepeatableRead),
                    access_mode: Some(AccessMode::ReadOnly),
                    ..TransactionOptions::default()
                };
                (None, options)
            }
        };
        let reader = lane.as_deref().unwrap_or(&self.reader);
        let inner = waiting(reader.begin_with_options(options)).await.map_err(fault)?;
        Ok(Snapshot { tx: Tx { database: self.clone(), inner }, _lane: lane })
    }
}

/// A reading transaction: all it reads is of one moment.
pub struct Snapshot<'d> {
    tx: Tx,
    // Given back after the transaction has ended.
    _lane: Option<Lane<'d>>,
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
}

impl Tx {
    /// Which SQL it speaks.
    pub fn dialect(&self) -> Dialect {
        self.database.dialect
    }

    async fn execute(&self, sql: String, values: Values) -> Result<u64, DbErr> {
        let statement = self.database.counted(sql, values);
        waiting(self.inner.execute_raw(statement)).await.map(|done| done.rows_affected())
    }

    /// Runs a select.
    pub async fn select(&self, select: &SelectStatement) -> Result<Vec<QueryResult>> {
        let (sql, values) = self.dialect().print(select);
        waiting(self.inner.query_all_raw(self.database.counted(sql, values))).await.map_err(fault)
    }

    /// Runs a query in the words of this dialect.
    pub(super) async fn rows(&self, sql: &str) -> Result<Vec<QueryResult>> {
        let sent = self.database.counted(sql.to_owned(), Values(Vec::new()));
        waiting(self.inner.query_all_raw(sent)).await.map_err(fault)
    }

    /// Runs an insert; the database's refusal is the caller's to understand.
    pub async fn insert(&self, insert: &InsertStatement) -> Result<u64, DbErr> {
        let (sql, values) = match self.dialect() {
            Dialect::Sqlite => insert.build(SqliteQueryBuilder),
            Dialect::Postgres => insert.build(PostgresQueryBuilder),
        };
        self.execute(sql, values).await
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
        self.execute(String::from(&*text), Values(values)).await.map(|_| ())
    }

    /// Runs an insert that returns columns.
    pub async fn insert_returning(&self, insert: &InsertStatement) -> Result<Option<QueryResult>> {
        let (sql, values) = match self.dialect() {
            Dialect::Sqlite => insert.build(SqliteQueryBuilder),
            Dialect::Postgres => insert.build(PostgresQueryBuilder),
        };
        waiting(self.inner.query_one_raw(self.database.counted(sql, values))).await.map_err(fault)
    }

    /// Runs an update and tells how many rows it changed.
    pub async fn update(&self, update: &UpdateStatement) -> Result<u64, DbErr> {
        let (sql, values) = match self.dialect() {
            Dialect::Sqlite => update.build(SqliteQueryBuilder),
            Dialect::Postgres => update.build(PostgresQueryBuilder),
        };
        self.execute(sql, values).await
    }

    /// Runs a delete and tells how many rows it removed.
    pub async fn delete(&self, delete: &DeleteStatement) -> Result<u64, DbErr> {
        let (sql, values) = match self.dialect() {
            Dialect::Sqlite => delete.build(SqliteQueryBuilder),
            Dialect::Postgres => delete.build(PostgresQueryBuilder),
        };
        self.execute(sql, values).await
    }

    /// Runs a statement in the words of this dialect.
    pub(super) async fn run<const N: usize>(
        &self,
        sql: String,
        values: [sea_orm::Value; N],
    ) -> Result<(), DbErr> {
        self.execute(sql, Values(values.into())).await.map(|_| ())
    }

    /// Runs one statement without values: of a catalog change, or about the transaction itself.
    pub async fn define(&self, ddl: &str) -> Result<(), DbErr> {
        self.execute(ddl.to_owned(), Values(Vec::new())).await.map(|_| ())
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
        let found = waiting(self.inner.query_all_raw(sent)).await.map_err(fault)?;
        rows::answer(&root, &found, renderer, out)
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
        self.keep().await
    }

    /// Takes the last mark away and keeps what was written since.
    pub async fn keep(&self) -> Result<()> {
        self.define("RELEASE SAVEPOINT step").await.map_err(fault)
    }

    /// Makes everything since the beginning lasting.
    pub async fn commit(self) -> Result<()> {
        waiting(self.inner.commit()).await.map_err(fault)?;
        self.database.commits.send_modify(|count| *count += 1);
        Ok(())
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

/// What a database error is to the caller: unavailable, or a fault of ours. Constraint violations are
/// looked at before, where it is known what was written.
pub fn fault(error: DbErr) -> Error {
    match &error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => {
            let mut unavailable = Error::new(
                Code::StorageUnavailable,
                "the database cannot be reached",
                "无法连接数据库",
            )
            .hint("try again in a moment", "请稍后重试");
            unavailable.internal = Some(error.to_string());
            unavailable
        }
        DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))
            if cause.as_database_error().and_then(DatabaseError::code).as_deref()
                == Some(CANCELED) =>
        {
            Error::new(
                Code::LimitTime,
                "the request took too long and was stopped",
                "请求耗时过长，已中止",
            )
            .hint("ask for less at once, or try again later", "请减少一次查询的内容，或稍后重试")
        }
        _ => Error::internal(error),
    }
}

/// PostgreSQL's code for a statement that it stopped.
const CANCELED: &str = "57014";

/// A constraint the database refused a write for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Violation {
    /// A unique key; PostgreSQL names the index, SQLite the columns.
    Unique(String),
    /// A reference to a record, or from one.
    Reference,
}

/// The constraint behind an error, if that is what it is.
pub fn violation(error: &DbErr) -> Option<Violation> {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(text)) => Some(Violation::Unique(text)),
        Some(SqlErr::ForeignKeyConstraintViolation(_)) => Some(Violation::Reference),
        // SQLite reports a reference held by RESTRICT under its code for triggers.
        _ if error.to_string().contains("FOREIGN KEY constraint failed") => {
            Some(Violation::Reference)
        }
        _ => None,
    }
}
