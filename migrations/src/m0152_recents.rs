//! Which records people have opened lately.

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
        let recents = Table::create()
            .table(Alias::new("tw_recent"))
            .col(text("operator_id"))
            .col(text("object"))
            .col(text("record_id"))
            .col(ColumnDef::new(Alias::new("opened_at")).big_integer().not_null())
            .primary_key(
                Index::create()
                    .col(Alias::new("operator_id"))
                    .col(Alias::new("object"))
                    .col(Alias::new("record_id")),
            )
            .to_owned();
        manager.create_table(recents).await
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("platform tables are never taken back".to_owned()))
    }
}
