//! A database for one test, gone after it: a SQLite file, or a schema of the PostgreSQL test server.

use std::{
    path::PathBuf,
    sync::{
        Once,
        atomic::{AtomicU32, Ordering},
    },
};

use sea_orm::{ConnectionTrait, Database};

/// Where a test's records are.
pub(crate) enum TestDatabase {
    Sqlite(PathBuf),
    Postgres { server: String, schema: String },
}

static COUNT: AtomicU32 = AtomicU32::new(0);

fn unique() -> String {
    format!("{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst))
}

impl TestDatabase {
    pub(crate) fn sqlite() -> Self {
        let folder = std::env::temp_dir().join(format!("tradewind_it_{}", unique()));
        std::fs::remove_dir_all(&folder).ok();
        Self::Sqlite(folder)
    }

    /// None, with one printed line, where no server is at hand.
    pub(crate) async fn postgres() -> Option<Self> {
        let named = setting("TEST_DATABASE_URL");
        let server =
            named.clone().unwrap_or_else(|| "postgres://postgres@127.0.0.1:5432/test".into());
        let schema = format!("it_{}", unique());
        let mut options = sea_orm::ConnectOptions::new(&server);
        options.max_connections(1).sqlx_logging(false);
        let connection = match Database::connect(options).await {
            Ok(connection) => connection,
            Err(error) if named.is_some() || setting("TEST_REQUIRE_POSTGRES").is_some() => {
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
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        match self {
            Self::Sqlite(folder) => {
                std::fs::remove_dir_all(folder).ok();
            }
            // A test that failed leaves its schema to be looked at: its transactions may still be open.
            Self::Postgres { .. } if std::thread::panicking() => {}
            Self::Postgres { server, schema } => {
                let (server, drop) = (server.clone(), format!("DROP SCHEMA {schema} CASCADE"));
                let gone = std::thread::spawn(move || {
                    let runtime =
                        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                    runtime.block_on(async {
                        let mut options = sea_orm::ConnectOptions::new(&server);
                        options.max_connections(1).sqlx_logging(false);
                        let connection = Database::connect(options).await.unwrap();
                        connection
                            .execute_unprepared(
                                "SET client_min_messages = warning; SET lock_timeout = '5s'",
                            )
                            .await
                            .unwrap();
                        connection.execute_unprepared(&drop).await.unwrap();
                    });
                });
                gone.join().ok();
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "where the test server is comes from outside")]
pub(crate) fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
