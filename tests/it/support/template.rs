//! The company that most stories begin with, made once and copied for each: making a hundred and more tables takes
//! longer than most stories.

use sea_orm::ConnectionTrait;
use tokio::sync::OnceCell;
use tradewind::base::{FixedWorld, clock::Ids};

use super::{
    client::{PASSWORD, server, world},
    database::TestDatabase,
};

/// A database with the standard objects and two operators, and nobody connected to it.
struct Template {
    database: TestDatabase,
    /// How many ids its making took.
    ids: u128,
}

static SQLITE: OnceCell<Template> = OnceCell::const_new();
static POSTGRES: OnceCell<Option<Template>> = OnceCell::const_new();

impl Template {
    async fn make(database: TestDatabase) -> Self {
        let world = world();
        let company = Box::pin(server(&database, &world)).await.company.clone();
        for (account, name, administers) in [("admin", "Admin", true), ("nobody", "Nobody", false)]
        {
            company.add_operator(account, name, PASSWORD, administers).await.unwrap();
        }
        if !database.is_postgres() {
            let writer = company.database.writer();
            writer.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await.unwrap();
        }
        company.database.close().await.unwrap();
        // An id ends in the count of those made.
        let ids = (world.next().as_u128() & ((1 << 62) - 1)) - 1;
        Self { database, ids }
    }

    async fn copy(&self, world: &FixedWorld) -> TestDatabase {
        for _ in 0..self.ids {
            world.next();
        }
        self.database.copy().await
    }
}

/// A copy of the company on SQLite, in a world that has made its ids.
pub(super) async fn sqlite(world: &FixedWorld) -> TestDatabase {
    let template = SQLITE.get_or_init(|| Template::make(TestDatabase::sqlite_template())).await;
    template.copy(world).await
}

/// A copy of the company on PostgreSQL. None where databases cannot be created.
pub(super) async fn postgres(world: &FixedWorld) -> Option<TestDatabase> {
    let made = async || match TestDatabase::postgres_template().await {
        Some(database) => Some(Template::make(database).await),
        None => None,
    };
    match POSTGRES.get_or_init(made).await {
        Some(template) => Some(template.copy(world).await),
        None => None,
    }
}
