//! A database for one test, gone after it: a SQLite file, or a schema or a database of the PostgreSQL test server.

use std::{
    path::{Path, PathBuf},
    sync::{
        Once,
        atomic::{AtomicU32, Ordering},
    },
};

use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, Statement};

/// Where a test's records are.
pub(crate) enum TestDatabase {
    Sqlite(PathBuf),
    Postgres {
        server: String,
        schema: String,
    },
    /// A copy of another database of the server.
    PostgresCopy {
        server: String,
        name: String,
    },
}

static COUNT: AtomicU32 = AtomicU32::new(0);

fn unique() -> String {
    format!("{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst))
}

/// Where the PostgreSQL test server is.
fn server() -> String {
    let named = setting("TEST_DATABASE_URL");
    named.unwrap_or_else(|| "postgres://postgres@127.0.0.1:5432/test".into())
}

/// Whether a template is of a run whose process is gone: templates live as long as theirs.
fn is_left(process: &str) -> bool {
    Path::new("/proc/self").exists() && !Path::new("/proc").join(process).exists()
}

async fn connected(server: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = sea_orm::ConnectOptions::new(server);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await
}

impl TestDatabase {
    pub(crate) fn is_postgres(&self) -> bool {
        !matches!(self, Self::Sqlite(_))
    }

    /// An empty database of the server, which others are copied from. None where this user may not create databases.
    pub(super) async fn postgres_template() -> Option<Self> {
        let server = server();
        let connection = connected(&server).await.ok()?;
        let left = "SELECT datname FROM pg_database WHERE datname LIKE 'it\\_template\\_%'";
        let left = Statement::from_string(DbBackend::Postgres, left);
        for row in connection.query_all_raw(left).await.ok()? {
            let name: String = row.try_get_by_index(0).ok()?;
            if is_left(name.trim_start_matches("it_template_")) {
                let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
                connection.execute_unprepared(&drop).await.ok();
            }
        }
        let name = format!("it_template_{}", std::process::id());
        let create = format!("CREATE DATABASE {name} TEMPLATE template0");
        let made = connection.execute_unprepared(&create).await;
        connection.close().await.unwrap();
        made.is_ok().then_some(Self::PostgresCopy { server, name })
    }

    /// A file that others are copied from.
    pub(super) fn sqlite_template() -> Self {
        const BEGINNING: &str = "tradewind_it_template_";
        for entry in std::fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let process = name.to_str().and_then(|name| name.strip_prefix(BEGINNING));
            if process.is_some_and(is_left) {
                std::fs::remove_dir_all(entry.path()).ok();
            }
        }
        Self::Sqlite(std::env::temp_dir().join(format!("{BEGINNING}{}", std::process::id())))
    }

    /// A copy of a database that nobody is connected to.
    pub(super) async fn copy(&self) -> Self {
        match self {
            Self::Sqlite(folder) => {
                let copy = Self::sqlite();
                if let Self::Sqlite(target) = &copy {
                    std::fs::create_dir_all(target).unwrap();
                    std::fs::copy(folder.join("t.db"), target.join("t.db")).unwrap();
                }
                copy
            }
            Self::PostgresCopy { server, name: template } => {
                let (server, name) = (server.clone(), format!("it_{}", unique()));
                let connection = connected(&server).await.unwrap();
                for sql in [
                    format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
                    format!("CREATE DATABASE {name} TEMPLATE {template}"),
                ] {
                    connection.execute_unprepared(&sql).await.unwrap();
                }
                connection.close().await.unwrap();
                Self::PostgresCopy { server, name }
            }
            Self::Postgres { .. } => panic!("a schema is not copied"),
        }
    }

    pub(crate) fn sqlite() -> Self {
        let folder = std::env::temp_dir().join(format!("tradewind_it_{}", unique()));
        std::fs::remove_dir_all(&folder).ok();
        Self::Sqlite(folder)
    }

    /// None, with one printed line, where no server is at hand.
    pub(crate) async fn postgres() -> Option<Self> {
        let server = server();
        let named = setting("TEST_DATABASE_URL").is_some();
        let schema = format!("it_{}", unique());
        let connection = match connected(&server).await {
            Ok(connection) => connection,
            Err(error) if named || setting("TEST_REQUIRE_POSTGRES").is_some() => {
                panic!("the PostgreSQL test server does not answer: {error}")
            }
            Err(_) => {
                static TOLD: Once = Once::new();
                TOLD.call_once(|| {
                    eprintln!("no PostgreSQL at hand: its half of the tests is skipped");
                });
                return None;
            }
        };
        let fresh = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}");
        connection.execute_unprepared(&fresh).await.unwrap();
        connection.close().await.unwrap();
        Some(Self::Postgres { server, schema })
    }

    /// The URL the server is given.
    pub(crate) fn url(&self) -> String {
        match self {
            Self::Sqlite(folder) => format!("sqlite://{}/t.db", folder.display()),
            Self::Postgres { server, schema } => {
                let joint = if server.contains('?') { '&' } else { '?' };
                format!("{server}{joint}options[search_path]={schema}")
            }
            Self::PostgresCopy { server, name } => {
                let (place, options) = match server.split_once('?') {
                    Some((place, options)) => (place, format!("?{options}")),
                    None => (server.as_str(), String::new()),
                };
                let (place, _) = place.rsplit_once('/').unwrap();
                format!("{place}/{name}{options}")
            }
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let (server, drop) = match self {
            Self::Sqlite(folder) => {
                std::fs::remove_dir_all(folder).ok();
                return;
            }
            // A test that failed leaves its records to be looked at: its transactions may still be open.
            _ if std::thread::panicking() => return,
            Self::Postgres { server, schema } => (server, format!("DROP SCHEMA {schema} CASCADE")),
            Self::PostgresCopy { server, name } => {
                (server, format!("DROP DATABASE {name} WITH (FORCE)"))
            }
        };
        let server = server.clone();
        let gone = std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let connection = connected(&server).await.unwrap();
                let quiet = "SET client_min_messages = warning; SET lock_timeout = '5s'";
                connection.execute_unprepared(quiet).await.unwrap();
                connection.execute_unprepared(&drop).await.unwrap();
            });
        });
        gone.join().ok();
    }
}

#[expect(clippy::disallowed_methods, reason = "where the test server is comes from outside")]
pub(crate) fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
