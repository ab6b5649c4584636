//! The outbox in the order in which transactions became final, with the fields that a change touched.
//!
//! On PostgreSQL a row carries the number of its transaction: rows of one that is still running cannot be
//! read, and a row that follows them must not be taken for the end. SQLite has one writer, so that its row
//! numbers are that order already. Nothing has read the outbox before this form, so what is in it goes.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// The migration.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const SQLITE: &[&str] = &[
    "DROP TABLE tw_outbox",
    "CREATE TABLE tw_outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, tx INTEGER NOT NULL DEFAULT 0, \
     object TEXT NOT NULL, record_id TEXT NOT NULL, action TEXT NOT NULL, fields TEXT NOT NULL, \
     catalog_version INTEGER NOT NULL, at INTEGER NOT NULL)",
];

const POSTGRES: &[&str] = &[
    "DROP TABLE tw_outbox",
    "CREATE TABLE tw_outbox (seq BIGINT GENERATED ALWAYS AS IDENTITY, \
     tx BIGINT NOT NULL DEFAULT (pg_current_xact_id()::text)::bigint, \
     object TEXT NOT NULL, record_id TEXT NOT NULL, action TEXT NOT NULL, fields TEXT NOT NULL, \
     catalog_version BIGINT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (tx, seq))",
];

#[expect(elided_lifetimes_in_paths, reason = "the trait's signature, which the macro must meet")]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        let statements = match connection.get_database_backend() {
            DbBackend::Postgres => POSTGRES,
            _ => SQLITE,
        };
        for statement in statements {
            connection.execute_unprepared(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("platform tables are never taken back".to_owned()))
    }
}
