//! The setting of the sign-in stories: a fresh database with an office.
//!
//! Knows how to find and clean up databases; knows no story.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use chrono::DateTime;
use chrono_tz::Asia::Shanghai;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection};
use sea_orm_migration::MigratorTrait;
use tradewind_migrations::Migrator;
use uuid::Uuid;

use crate::{
    base::{Code, Error, FixedWorld},
    identity::{
        FactsOf, Identity, IdentitySettings, NamesOf, OperatorFacts, OperatorStatus, SignInOrigin,
        Tokens, token,
    },
    sql::Dialect,
    storage,
};

pub(super) const PASSWORD: &str = "correct horse battery";

/// A database for one test.
pub(super) struct Home {
    pub(super) db: DatabaseConnection,
    kind: Kind,
}

enum Kind {
    File(PathBuf),
    Schema(String),
}

impl Home {
    pub(super) async fn sqlite() -> Self {
        let path = std::env::temp_dir().join(format!("tradewind-{}.db", unique()));
        let db = Database::connect(format!("sqlite://{}?mode=rwc", path.display())).await.unwrap();
        Self::ready(db, Kind::File(path)).await
    }

    /// Returns none if no server responds. A server that the environment names must respond.
    pub(super) async fn postgres() -> Option<Self> {
        let schema = format!("identity_{}", unique());
        let named = named_server();
        let urls = match &named {
            Some(url) => vec![url.clone()],
            None => {
                ["root", "postgres"].map(|user| format!("postgres://{user}@127.0.0.1/test")).into()
            }
        };
        for url in urls {
            let mut options = ConnectOptions::new(&url);
            options
                .max_connections(4)
                .connect_timeout(Duration::from_secs(2))
                .acquire_timeout(Duration::from_secs(5))
                .sqlx_logging(false)
                .set_schema_search_path(&schema);
            let Ok(db) = Database::connect(options).await else { continue };
            db.execute_unprepared(&format!("create schema {schema}")).await.unwrap();
            return Some(Self::ready(db, Kind::Schema(schema)).await);
        }
        assert!(named.is_none(), "the test database named does not answer");
        None
    }

    async fn ready(db: DatabaseConnection, kind: Kind) -> Self {
        Migrator::up(&db, None).await.unwrap();
        // Running the migrations again changes nothing.
        Migrator::up(&db, None).await.unwrap();
        Self { db, kind }
    }

    /// Runs a story and cleans up, even if it fails.
    pub(super) async fn tell<F>(self, story: impl FnOnce(Office) -> F + Send + 'static)
    where
        F: Future<Output = ()> + Send,
    {
        let dialect = match self.kind {
            Kind::File(_) => Dialect::Sqlite,
            Kind::Schema(_) => Dialect::Postgres,
        };
        let db = storage::Database::new(dialect, self.db.clone(), self.db.clone());
        let told = tokio::spawn(async move { story(Office::open(db).await).await }).await;
        self.leave().await;
        told.unwrap();
    }

    async fn leave(self) {
        match self.kind {
            Kind::File(path) => {
                self.db.close().await.unwrap();
                for end in ["", "-wal", "-shm"] {
                    std::fs::remove_file(format!("{}{end}", path.display())).ok();
                }
            }
            Kind::Schema(schema) => {
                let drop = format!("drop schema {schema} cascade");
                self.db.execute_unprepared(&drop).await.unwrap();
                self.db.close().await.unwrap();
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "tests have no settings to take it from")]
fn named_server() -> Option<String> {
    std::env::var("TEST_DATABASE_URL").ok().filter(|url| url.starts_with("postgres"))
}

fn unique() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::SeqCst);
    let bits = token::random().unwrap();
    format!("{}_{count}_{:02x}{:02x}{:02x}", std::process::id(), bits[0], bits[1], bits[2])
}

/// What the records say of operators who are not active.
pub(super) type Others = Arc<Mutex<HashMap<Uuid, Option<OperatorStatus>>>>;

/// An office with one operator, `zhang`.
pub(super) struct Office {
    pub(super) world: FixedWorld,
    pub(super) identity: Identity,
    pub(super) zhang: Uuid,
    /// What the records say of operators who are not active. None: the record is deleted.
    pub(super) others: Others,
    pub(super) db: storage::Database,
}

impl Office {
    pub(super) async fn open(db: storage::Database) -> Self {
        let world = FixedWorld::new(DateTime::from_timestamp(1_750_000_000, 250_000_000).unwrap());
        let others = Others::default();
        let identity = identity(&db, &world, &others).await;
        let zhang = Uuid::from_u128(0x11);
        identity.set_password(zhang, " Zhang\t", PASSWORD).await.unwrap();
        Self { world, identity, zhang, others, db }
    }

    /// Changes what the records say of `zhang`. After a second every process has noticed.
    pub(super) fn stands(&self, how: Option<OperatorStatus>) {
        self.others.lock().unwrap().insert(self.zhang, how);
        self.seconds(1);
    }

    pub(super) async fn login(&self) -> Tokens {
        self.identity.login("zhang", PASSWORD, SignInOrigin::default()).await.unwrap()
    }

    pub(super) async fn refused(&self, account: &str, password: &str) -> Error {
        self.identity.login(account, password, SignInOrigin::default()).await.unwrap_err()
    }

    pub(super) async fn code(&self, access_token: &str) -> Option<Code> {
        self.identity.authenticate(access_token).await.err().map(|error| error.code)
    }

    pub(super) async fn refresh_code(&self, refresh_token: &str) -> Option<Code> {
        self.identity.refresh(refresh_token).await.err().map(|error| error.code)
    }

    pub(super) fn seconds(&self, seconds: u64) {
        self.world.advance(Duration::from_secs(seconds));
    }
}

pub(super) async fn identity(
    db: &storage::Database,
    world: &FixedWorld,
    others: &Others,
) -> Identity {
    let settings =
        IdentitySettings { hash_memory_kib: 64, hash_passes: 1, ..IdentitySettings::default() };
    let others = Arc::clone(others);
    let facts: FactsOf = Arc::new(move |operator| {
        let known = others.lock().unwrap().get(&operator).copied();
        let standing = known.unwrap_or(Some(OperatorStatus::Active));
        Box::pin(async move {
            let name = "Zhang Wei".to_owned();
            Ok(standing.map(|standing| OperatorFacts { name, employee: Some(operator), standing }))
        })
    });
    let names: NamesOf = Arc::new(|| Box::pin(async { Ok(vec!["张伟".to_owned()]) }));
    Identity::open(db.clone(), world.env(Shanghai), settings, facts, names).await.unwrap()
}
