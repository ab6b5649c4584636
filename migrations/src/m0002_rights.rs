//! Rights as rows: roles that administrators stored, and levels of dimensions set on persons.

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
        let role = Table::create()
            .table(Alias::new("tw_role"))
            .col(text("code").primary_key())
            .col(text("body"))
            .col(ColumnDef::new(Alias::new("updated_at")).big_integer().not_null())
            .to_owned();
        manager.create_table(role).await?;
        let reach = Table::create()
            .table(Alias::new("tw_reach"))
            .col(text("operator_id"))
            .col(text("dimension"))
            .col(text("level"))
            .col(text("members"))
            .primary_key(
                Index::create().col(Alias::new("operator_id")).col(Alias::new("dimension")),
            )
            .to_owned();
        manager.create_table(reach).await
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("platform tables are never taken back".to_owned()))
    }
}
