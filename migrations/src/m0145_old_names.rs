//! Names that fields had, with the instant until which they lead to them.

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
        // `field` is the first name that the field had, `until` microseconds since 1970.
        let names = Table::create()
            .table(Alias::new("tw_old_name"))
            .col(text("object"))
            .col(text("field"))
            .col(text("name"))
            .col(ColumnDef::new(Alias::new("until")).big_integer().not_null())
            .primary_key(
                Index::create()
                    .col(Alias::new("object"))
                    .col(Alias::new("field"))
                    .col(Alias::new("name")),
            )
            .to_owned();
        manager.create_table(names).await
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("platform tables are never taken back".to_owned()))
    }
}
