//! The keys that mutations were sent with, and what came of each.

use sea_orm_migration::prelude::*;

/// The migration.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[expect(elided_lifetimes_in_paths, reason = "the trait's signature, which the macro must meet")]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let text = |name: &str| ColumnDef::new(Alias::new(name)).text().not_null().to_owned();
        // `id` is a hash of the operator and their key, `digest` a hash of the request.
        let key = Table::create()
            .table(Alias::new("tw_idempotency"))
            .col(text("id").primary_key())
            .col(text("digest"))
            .col(ColumnDef::new(Alias::new("at")).big_integer().not_null())
            .col(text("outcome"))
            .to_owned();
        manager.create_table(key).await?;
        let index = Index::create()
            .name("ix_tw_idempotency_at")
            .table(Alias::new("tw_idempotency"))
            .col(Alias::new("at"))
            .to_owned();
        manager.create_index(index).await
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("platform tables are never taken back".to_owned()))
    }
}
