//! Opening the database: SQLite as a file with one writer and many readers, PostgreSQL as a pool.

use std::{path::Path, sync::Arc, time::Duration};

use sea_orm::{ConnectOptions, Database as SeaDatabase, DatabaseConnection, sqlx::Connection};
use sea_orm_migration::MigratorTrait;

use super::{
    database::Database,
    database_check::{file_of, look},
    faults,
    read_pool::{LaneConnection, Lanes, stopping},
};
use crate::{
    base::{Error, Result},
    sql::Dialect,
};

/// Longest wait for the single SQLite writer. Shorter than the time limit of a request, so that the caller
/// gets "database busy" and no timeout.
const QUEUE: Duration = Duration::from_secs(20);

/// Prefixes of supported database URLs.
const SCHEMES: [&str; 3] = ["sqlite:", "postgres://", "postgresql://"];

/// Longest wait for a lock that another process holds on a SQLite file.
const LOCKED: Duration = Duration::from_secs(10);

/// Pool sizes and time limits.
#[derive(Debug, Clone, Copy)]
pub struct PoolSettings {
    /// Fewest connections kept open.
    pub least: u32,
    /// Most connections. On SQLite: readers, in addition to the one writer.
    pub most: u32,
    /// Longest wait for a free connection.
    pub acquire: Duration,
    /// PostgreSQL stops a statement after this time. None: no limit.
    pub statement: Option<Duration>,
}

impl Default for PoolSettings {
    fn default() -> Self {
        Self { least: 1, most: 8, acquire: Duration::from_secs(5), statement: None }
    }
}

/// Opens a database by its URL and migrates the platform tables. Creates a missing SQLite file.
///
/// A database that is neither empty nor Tradewind's is refused before anything is written.
pub async fn open(url: &str, settings: PoolSettings) -> Result<Database> {
    if SCHEMES.iter().any(|scheme| url.starts_with(scheme)) {
        look(url, settings.acquire).await?;
    }
    let database = if url.starts_with("sqlite:") {
        let database = sqlite(url, settings).await?;
        migrate(url, database.writer()).await?;
        database
    } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        let pool = connect(url, settings, |_| {}).await?;
        // Tables may be large, so migrations run without the statement timeout.
        let one = PoolSettings { least: 0, most: 1, statement: None, ..settings };
        let patient = connect(url, one, |_| {}).await?;
        migrate(url, &patient).await?;
        patient.close().await.map_err(|error| unavailable(url, &error))?;
        // Every idle connection may be dead, so a first statement is tried on all of them and one new one.
        Database::new(Dialect::Postgres, pool.clone(), pool)
            .holding()
            .trying(settings.most.saturating_add(1))
    } else {
        return Err(faults::bad_url());
    };
    Ok(database)
}

/// Migrates the platform tables.
async fn migrate(url: &str, connection: &DatabaseConnection) -> Result<()> {
    let done = tradewind_migrations::Migrator::up(connection, None).await;
    done.map_err(|error| unavailable(url, &error))
}

async fn sqlite(url: &str, settings: PoolSettings) -> Result<Database> {
    let file = file_of(url)?;
    if let Some(folder) = Path::new(file).parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|error| unavailable(url, &error))?;
    }
    let base = format!("sqlite://{file}");
    // A single writer: writers queue here and never see "database is locked".
    let one = PoolSettings { least: 1, most: 1, acquire: QUEUE, ..settings };
    let mut watched = Arc::default();
    let writing = format!("{base}?mode=rwc");
    let writer = connect(&writing, one, |options| watched = stopping(options)).await?;
    let reading = format!("{base}?mode=ro");
    let mut lanes = Vec::new();
    // `Lanes` hands out the last one first, so connections that are kept open are added last.
    for ix in (0..settings.most).rev() {
        let least = u32::from(ix < settings.least);
        let one = PoolSettings { least, most: 1, ..settings };
        let mut watched = Arc::default();
        let pool = connect(&reading, one, |options| {
            options.connect_lazy(least == 0);
            watched = stopping(options);
        });
        let pool = pool.await?;
        lanes.push(LaneConnection::new(pool, watched));
    }
    let lanes = Lanes::new(lanes, settings.acquire);
    let none = PoolSettings { least: 0, ..settings };
    let reader = connect(&reading, none, |options| {
        options.connect_lazy(true);
    });
    Ok(Database::new(Dialect::Sqlite, reader.await?, writer).by_lanes(lanes, watched))
}

async fn connect(
    url: &str,
    settings: PoolSettings,
    adjust: impl FnOnce(&mut ConnectOptions),
) -> Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(settings.most)
        .min_connections(settings.least)
        .acquire_timeout(settings.acquire)
        .connect_timeout(settings.acquire)
        .test_before_acquire(false)
        .sqlx_logging(false);
    if url.starts_with("sqlite:") {
        // The driver closes an expired connection without `after_release`, so `read_pool` would not learn
        // that it is free.
        options.max_lifetime(None::<Duration>);
    }
    // Readers get pages from the memory-mapped file. Their cache holds only pages of the log, and sorts. The
    // writer caches the pages that saves share.
    let kept = if url.ends_with("mode=ro") { "-2048" } else { "-8192" };
    options.map_sqlx_sqlite_opts(move |sqlite| {
        use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
        sqlite
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(settings.acquire.min(LOCKED))
            .statement_cache_capacity(500)
            .pragma("cache_size", kept)
            // The most that SQLite maps. Mapped pages are neither copied nor cached per connection.
            .pragma("mmap_size", "2147418112")
            // A checkpoint every 32 MiB of log, not every 4: a save touches a page of every index, and with a
            // longer log more saves share one write of a page.
            .pragma("wal_autocheckpoint", "8000")
    });
    options.map_sqlx_postgres_opts(move |postgres| {
        // Statements are short and prepared. Compiling each run costs more than it saves.
        let postgres = postgres
            .statement_cache_capacity(500)
            .application_name("tradewind")
            .options([("jit", "off")])
            // Row rules over many records use hashed sub-selects (`query::guard`). PostgreSQL hashes only
            // what it expects to fit in memory; otherwise it runs the sub-select once per record.
            .options([("work_mem", "16MB"), ("hash_mem_multiplier", "8")]);
        match settings.statement {
            Some(most) => postgres.options([("statement_timeout", most.as_millis().to_string())]),
            None => postgres,
        }
    });
    options.map_sqlx_postgres_pool_opts(|pool| {
        pool.before_acquire(|connection, _about| {
            // The rollback of this connection's transaction may have failed.
            let good = !connection.is_in_transaction();
            Box::pin(async move { Ok(good) })
        })
    });
    adjust(&mut options);
    SeaDatabase::connect(options).await.map_err(|error| unavailable(url, &error))
}

/// The address in a database URL, without user, password and parameters.
pub fn place(url: &str) -> &str {
    match url.rsplit_once('@') {
        Some((_, place)) => place.split('?').next().unwrap_or_default(),
        None => url,
    }
}

pub(super) fn unavailable(url: &str, cause: &dyn std::fmt::Display) -> Error {
    Error { internal: Some(cause.to_string()), ..faults::not_opened(place(url)) }
}
