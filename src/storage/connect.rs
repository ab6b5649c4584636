//! Opening the database: SQLite as a file with one writer and many readers, PostgreSQL as a pool.

use std::{path::Path, sync::Arc, time::Duration};

use sea_orm::{ConnectOptions, Database as SeaDatabase, DatabaseConnection, sqlx::Connection};
use sea_orm_migration::MigratorTrait;

use super::{
    database::Database,
    look::{file_of, look},
    read_pool::{Lanes, stopping},
};
use crate::{
    base::{Code, Error, Result},
    sql::Dialect,
};

/// Longest wait for the one connection that writes to SQLite: shorter than a request may take, so that who
/// waits is told that the database is busy.
const QUEUE: Duration = Duration::from_secs(20);

/// How addresses of databases begin.
const SCHEMES: [&str; 3] = ["sqlite:", "postgres://", "postgresql://"];

/// Longest wait for a lock that another process holds on a SQLite file.
const LOCKED: Duration = Duration::from_secs(10);

/// How many connections, and how long to wait for one.
#[derive(Debug, Clone, Copy)]
pub struct PoolSettings {
    /// Fewest connections kept open.
    pub least: u32,
    /// Most connections (SQLite: readers beside the one writer).
    pub most: u32,
    /// Longest wait for a free connection.
    pub acquire: Duration,
    /// Longest a statement may take before PostgreSQL stops it; none for any length.
    pub statement: Option<Duration>,
}

impl Default for PoolSettings {
    fn default() -> Self {
        Self { least: 1, most: 8, acquire: Duration::from_secs(5), statement: None }
    }
}

/// Opens a database by its URL, making a SQLite file that is not there, and brings platform tables up.
///
/// One that is neither empty nor ours is refused before anything is written.
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
        // Tables may be large: what brings them up is not stopped as requests are.
        let one = PoolSettings { least: 0, most: 1, statement: None, ..settings };
        let patient = connect(url, one, |_| {}).await?;
        migrate(url, &patient).await?;
        patient.close().await.map_err(|error| unavailable(url, &error))?;
        // All may have died while nobody used them.
        Database::new(Dialect::Postgres, pool.clone(), pool).trying(settings.most.saturating_add(1))
    } else {
        return Err(Error::new(
            Code::StorageUnavailable,
            "the database URL is neither `sqlite://` nor `postgres://`",
            "数据库地址既不是 `sqlite://` 也不是 `postgres://`",
        ));
    };
    Ok(database)
}

/// Brings the platform tables up.
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
    // One connection writes, so that writers queue here instead of meeting "database is locked".
    let one = PoolSettings { least: 1, most: 1, acquire: QUEUE, ..settings };
    let mut watched = Arc::default();
    let writing = format!("{base}?mode=rwc");
    let writer = connect(&writing, one, |options| watched = stopping(options)).await?;
    let reading = format!("{base}?mode=ro");
    let mut lanes = Vec::new();
    // Those that are kept open come last, since the last is taken first.
    for ix in (0..settings.most).rev() {
        let least = u32::from(ix < settings.least);
        let one = PoolSettings { least, most: 1, ..settings };
        let lane = connect(&reading, one, |options| {
            options.connect_lazy(least == 0);
            let _watched = stopping(options);
        });
        lanes.push(lane.await?);
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
        // A connection that is closed for its age does not tell that it is free (`lanes`).
        options.max_lifetime(None::<Duration>);
    }
    // What is read comes from the mapped file: only what stands in the log is kept by each connection that reads,
    // and what it sorts. The one that writes keeps the pages that saves have in common.
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
            // As much as the engine maps: what is read from there is neither copied nor kept by each connection.
            .pragma("mmap_size", "2147418112")
            // 32 MiB of log between checkpoints instead of 4: a save touches a page of every index, and the
            // longer the log, the more saves share the writing of a page.
            .pragma("wal_autocheckpoint", "8000")
    });
    options.map_sqlx_postgres_opts(move |postgres| {
        // Statements are short and prepared: compiling them anew for each run costs more than it saves.
        let postgres = postgres
            .statement_cache_capacity(500)
            .application_name("tradewind")
            .options([("jit", "off")])
            // Conditions on all records of an object hash what they lead to (`query::guard`); what is not
            // expected to fit is looked through once for each record instead.
            .options([("work_mem", "16MB"), ("hash_mem_multiplier", "8")]);
        match settings.statement {
            Some(most) => postgres.options([("statement_timeout", most.as_millis().to_string())]),
            None => postgres,
        }
    });
    options.map_sqlx_postgres_pool_opts(|pool| {
        pool.before_acquire(|connection, _about| {
            // One whose rollback has failed.
            let good = !connection.is_in_transaction();
            Box::pin(async move { Ok(good) })
        })
    });
    adjust(&mut options);
    SeaDatabase::connect(options).await.map_err(|error| unavailable(url, &error))
}

/// Where a database is, without what may be a password.
pub fn place(url: &str) -> &str {
    match url.rsplit_once('@') {
        Some((_, place)) => place.split('?').next().unwrap_or_default(),
        None => url,
    }
}

pub(super) fn unavailable(url: &str, cause: &dyn std::fmt::Display) -> Error {
    let place = place(url);
    let mut error = Error::new(
        Code::StorageUnavailable,
        format!("the database at `{place}` cannot be opened"),
        format!("无法打开数据库 `{place}`"),
    )
    .hint(
        "check that it runs, that the address is right and that this user may write",
        "请检查数据库是否运行、地址是否正确以及是否有写权限",
    );
    error.internal = Some(cause.to_string());
    error
}
