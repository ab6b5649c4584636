//! Drafts of definitions, one of each operator, and what definitions no longer have while its values are kept.

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
        let number =
            |name: &str| ColumnDef::new(Alias::new(name)).big_integer().not_null().to_owned();
        let draft = Table::create()
            .table(Alias::new("tw_schema_draft"))
            .col(text("operator_id").primary_key())
            .col(number("base"))
            .col(text("body"))
            .col(number("changed_at"))
            .to_owned();
        manager.create_table(draft).await?;
        // `field` is empty for an object as a whole; `place` is the table, or `table.column`; `stood_in` is the last
        // version that has it.
        let retired = Table::create()
            .table(Alias::new("tw_retired"))
            .col(text("object"))
            .col(text("field"))
            .col(text("place"))
            .col(number("stood_in"))
            .primary_key(Index::create().col(Alias::new("object")).col(Alias::new("field")))
            .to_owned();
        manager.create_table(retired).await
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("platform tables are never taken back".to_owned()))
    }
}
