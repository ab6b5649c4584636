//! The database handle, where reads and transactions begin.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicU64, Ordering},
};

use async_trait::async_trait;
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, IsolationLevel,
    QueryResult, SqliteTransactionMode, SqlxPostgresConnector, Statement as SqlStatement,
    TransactionOptions, TransactionTrait,
    sea_query::{SelectStatement, Values},
    sqlx::postgres::PgPoolOptions,
};
use tokio::sync::watch;

use super::{
    driver_errors::{fault, lost, unavailable, unknown_name},
    fault_injection::{self, Harm, Harms},
    faults,
    open_transaction::OpenTransaction,
    postgres_pool::Held,
    postgres_transaction::HeldTransaction,
    read_pool::{Lanes, Watched},
    rows,
    statement_texts::Texts,
    tx::{Failed, Snapshot, Tx},
    wait_time::waiting,
};
use crate::{
    base::Result,
    query::{FoundRows, Statement, Templates, render::Renderer},
    sql::{Dialect, platform},
};

/// A company's database. Cheap to clone.
#[derive(Clone)]
pub struct Database {
    dialect: Dialect,
    reader: DatabaseConnection,
    /// SQLite's readers.
    lanes: Option<Arc<Lanes>>,
    /// PostgreSQL's connections, kept between reads and transactions.
    held: Option<Arc<Held>>,
    writer: DatabaseConnection,
    /// The state of SQLite's one writing connection.
    watched: Option<Arc<Watched>>,
    /// How many connections to try for a read or a `BEGIN`, in case idle ones are dead.
    tries: u32,
    statements: Arc<AtomicU64>,
    templates: Templates,
    pub(super) texts: Texts,
    pub(super) commits: Arc<watch::Sender<u64>>,
    harms: Option<Harms>,
    failures: Arc<AtomicU64>,
    /// The same database over connections of its own.
    apart: Arc<OnceLock<Box<Database>>>,
}

/// Connections of work that takes longer than requests, and of what saves ask beside their own: jobs hold two at most.
const APART: u32 = 6;

impl Database {
    /// Wraps these connections.
    pub fn new(dialect: Dialect, reader: DatabaseConnection, writer: DatabaseConnection) -> Self {
        Self {
            dialect,
            reader,
            lanes: None,
            held: None,
            writer,
            watched: None,
            tries: 1,
            statements: Arc::default(),
            templates: Templates::default(),
            texts: Texts::default(),
            commits: Arc::default(),
            harms: None,
            failures: Arc::default(),
            apart: Arc::default(),
        }
    }

    /// The same database for work that takes longer than requests: on PostgreSQL over connections of its own without a
    /// limit of time, so that it never takes those that answer. SQLite has its one writer.
    pub fn for_jobs(&self) -> &Self {
        if self.dialect == Dialect::Sqlite {
            return self;
        }
        self.apart.get_or_init(|| {
            let pool = self.writer.get_postgres_connection_pool();
            let patient = pool.connect_options().as_ref().clone();
            let patient = patient.options([("statement_timeout", "0")]);
            let pool = PgPoolOptions::new()
                .max_connections(APART)
                .acquire_timeout(pool.options().get_acquire_timeout())
                .connect_lazy_with(patient);
            let apart = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
            let (reader, writer) = (apart.clone(), apart);
            let apart = Arc::default();
            Box::new(Self { reader, writer, held: None, apart, ..self.clone() })
        })
    }

    /// Adds SQLite's readers and the state of its writer.
    pub(super) fn by_lanes(self, lanes: Lanes, watched: Arc<Watched>) -> Self {
        Self { lanes: Some(Arc::new(lanes)), watched: Some(watched), ..self }
    }

    /// Keeps connections of PostgreSQL's pool.
    pub(super) fn holding(self) -> Self {
        let held = Held::new(self.reader.get_postgres_connection_pool().clone());
        Self { held: Some(Arc::new(held)), ..self }
    }

    /// Closes all connections, once those who use them have ended.
    pub async fn close(&self) -> Result<()> {
        if let Some(held) = &self.held {
            held.drain();
        }
        if let Some(apart) = self.apart.get() {
            apart.writer.close_by_ref().await.map_err(fault)?;
        }
        self.reader.close_by_ref().await.map_err(fault)?;
        self.writer.close_by_ref().await.map_err(fault)
    }

    /// Sets how many connections to try before a lost connection is an error.
    pub(super) fn trying(self, tries: u32) -> Self {
        Self { tries, ..self }
    }

    /// Adds harm to statements, for tests.
    #[must_use]
    pub fn harmed(self, harms: Harms) -> Self {
        Self { harms: Some(harms), ..self }
    }

    /// The harm that a test wants for this statement.
    pub(super) fn harm(&self, sql: &str) -> Option<Harm> {
        self.harms.as_ref().and_then(|harms| harms(sql))
    }

    /// Fails a read outside a transaction if a test wants that.
    fn harmed_read(&self, sql: &str) -> Result<(), DbErr> {
        if self.harm(sql).is_some() { Err(fault_injection::error()) } else { Ok(()) }
    }

    async fn read(&self, statement: SqlStatement) -> Result<Vec<QueryResult>> {
        self.harmed_read(&statement.sql).map_err(fault)?;
        if let Some(lanes) = &self.lanes {
            let mut lane = waiting(lanes.take()).await.map_err(fault)?;
            return waiting(lane.read(&statement)).await.map_err(fault);
        }
        self.asked_by(&self.reader, statement).await.map_err(fault)
    }

    /// Reads on a connection of a pool. If the connection died while idle, the next one is tried.
    async fn asked_by(
        &self,
        pool: &DatabaseConnection,
        statement: SqlStatement,
    ) -> Result<Vec<QueryResult>, DbErr> {
        if let Some(held) = &self.held {
            for _another in 1..self.tries {
                match waiting(held.read(&statement)).await {
                    Err(error) if lost(&error) => {}
                    done => return done,
                }
            }
            return waiting(held.read(&statement)).await;
        }
        for _another in 1..self.tries {
            match waiting(pool.query_all_raw(statement.clone())).await {
                Err(error) if lost(&error) => {}
                done => return done,
            }
        }
        waiting(pool.query_all_raw(statement)).await
    }

    /// Begins a transaction. If the connection died while idle, the next one is tried.
    async fn begun_by(
        &self,
        pool: &DatabaseConnection,
        options: impl Fn() -> TransactionOptions,
        begin: &str,
    ) -> Result<OpenTransaction, DbErr> {
        self.harmed_read(platform::BEGIN)?;
        let once = async || match &self.held {
            Some(held) => {
                let begun = waiting(HeldTransaction::begin(held, begin)).await;
                if begun.as_ref().is_err_and(lost) {
                    // The others are likely to be as dead.
                    held.drain();
                }
                begun.map(OpenTransaction::Held)
            }
            None => waiting(pool.begin_with_options(options())).await.map(OpenTransaction::Driver),
        };
        for _another in 1..self.tries {
            match once().await {
                Err(error) if lost(&error) => {}
                begun => return begun,
            }
        }
        once().await
    }

    /// Has SQLite's writing connection replaced before its next use, because its state is not what the driver
    /// believes.
    pub(super) fn spoil(&self) {
        if let Some(watched) = &self.watched {
            watched.spoil();
        }
    }

    /// Its SQL dialect.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// How many statements were sent so far. Tests count with it.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// How many statements failed so far because the database was unavailable.
    pub fn failures(&self) -> u64 {
        self.failures.load(Ordering::Relaxed)
    }

    /// Counts an error if it says that the database is unavailable.
    pub(super) fn noted(&self, error: &DbErr) {
        if unavailable(error) {
            self.failures.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The cache of compiled statements.
    pub fn templates(&self) -> &Templates {
        &self.templates
    }

    /// A receiver that changes with each commit of this process.
    pub fn commits(&self) -> watch::Receiver<u64> {
        self.commits.subscribe()
    }

    /// The raw writing connection, for yardsticks and tests.
    pub fn writer(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// A raw reading connection apart from the read pool of requests, for yardsticks and tests.
    pub fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    pub(super) fn counted(&self, sql: String, values: Values) -> SqlStatement {
        self.statements.fetch_add(1, Ordering::Relaxed);
        tracing::debug!(target: "tradewind::sql", "{sql}");
        SqlStatement::from_sql_and_values(self.dialect.backend(), sql, values)
    }

    /// Runs a compiled read and writes its JSON to `out`. Returns false if a single record was asked for and
    /// not found.
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

    /// Runs a compiled read and returns its records as values.
    pub async fn found(&self, statement: Statement, renderer: Renderer<'_>) -> Result<FoundRows> {
        let Statement { sql, values, root } = statement;
        let found = self.read(self.counted(String::from(&*sql), values)).await?;
        rows::found(&root, &found, renderer)
    }

    /// Refuses a time zone that this PostgreSQL does not know. Its zones may differ from the program's, and
    /// every statement by days would fail.
    pub async fn knows_zone(&self, zone: &str) -> Result<()> {
        if self.dialect == Dialect::Sqlite {
            return Ok(());
        }
        let asked = self.counted(platform::KNOWS_ZONE.to_owned(), Values(vec![zone.into()]));
        match waiting(self.reader.query_all_raw(asked)).await {
            Ok(_) => return Ok(()),
            Err(error) if unknown_name(&error) => {}
            Err(error) => return Err(fault(error)),
        }
        Err(faults::unknown_zone(zone))
    }

    /// Runs a select outside a transaction.
    pub async fn select(&self, select: &SelectStatement) -> Result<Vec<QueryResult>> {
        let (sql, values) = self.dialect.print(select);
        self.read(self.counted(sql, values)).await
    }

    /// Runs a statement of this dialect outside a transaction.
    pub(super) async fn rows<const N: usize>(
        &self,
        sql: &str,
        values: [sea_orm::Value; N],
    ) -> Result<Vec<QueryResult>> {
        let values = Values(values.into());
        self.read(self.counted(sql.to_owned(), values)).await
    }

    /// Begins a writing transaction. Dropping it without a commit rolls it back.
    pub async fn begin(&self) -> Result<Tx> {
        self.begun().await.map_err(fault)
    }

    async fn begun(&self) -> Result<Tx, DbErr> {
        let options = || TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        match self.begun_by(&self.writer, options, platform::BEGIN).await {
            Ok(inner) => Ok(Tx::new(self.clone(), inner)),
            Err(error) => {
                self.noted(&error);
                Err(error)
            }
        }
    }

    /// Begins a reading transaction, which sees the database as of its first statement.
    pub async fn snapshot(&self) -> Result<Snapshot<'_>> {
        if let Some(lanes) = &self.lanes {
            let mut lane = waiting(lanes.take()).await.map_err(fault)?;
            let pool = lane.pool().map_err(fault)?;
            let begun = self.begun_by(pool, TransactionOptions::default, platform::BEGIN).await;
            return Ok(Snapshot::new(Tx::new(self.clone(), begun.map_err(fault)?), Some(lane)));
        }
        let options = || TransactionOptions {
            isolation_level: Some(IsolationLevel::RepeatableRead),
            access_mode: Some(AccessMode::ReadOnly),
            ..TransactionOptions::default()
        };
        let inner =
            self.begun_by(&self.reader, options, platform::BEGIN_SNAPSHOT).await.map_err(fault)?;
        Ok(Snapshot::new(Tx::new(self.clone(), inner), None))
    }
}

/// For entities of platform tables. Reads use the writing connection; each statement that writes has its own
/// transaction.
#[async_trait]
impl ConnectionTrait for Database {
    fn get_database_backend(&self) -> DbBackend {
        self.dialect.backend()
    }

    async fn execute_raw(&self, statement: SqlStatement) -> Result<ExecResult, DbErr> {
        let tx = self.begun().await?;
        let done = tx.execute_raw(statement).await?;
        tx.finish().await.map(|()| done).map_err(Failed::into_told)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let tx = self.begun().await?;
        let done = tx.execute_unprepared(sql).await?;
        tx.finish().await.map(|()| done).map_err(Failed::into_told)
    }

    async fn query_one_raw(&self, statement: SqlStatement) -> Result<Option<QueryResult>, DbErr> {
        self.query_all_raw(statement).await.map(|found| found.into_iter().next())
    }

    async fn query_all_raw(&self, statement: SqlStatement) -> Result<Vec<QueryResult>, DbErr> {
        self.harmed_read(&statement.sql)?;
        self.asked_by(&self.writer, statement).await
    }
}
