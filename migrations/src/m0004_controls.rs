//! The company's switches on the rule, and who stands in for whom.

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
        let instant =
            |name: &str| ColumnDef::new(Alias::new(name)).big_integer().not_null().to_owned();
        // An empty dimension stands for the object as a whole; actions are a JSON list.
        let control = Table::create()
            .table(Alias::new("tw_control"))
            .col(text("object"))
            .col(text("dimension"))
            .col(text("actions"))
            .primary_key(Index::create().col(Alias::new("object")).col(Alias::new("dimension")))
            .to_owned();
        manager.create_table(control).await?;
        let delegation = Table::create()
            .table(Alias::new("tw_delegation"))
            .col(text("id").primary_key())
            .col(text("from_employee"))
            .col(text("to_employee"))
            .col(instant("since"))
            .col(instant("until"))
            .col(text("reason"))
            .col(ColumnDef::new(Alias::new("made_by")).text())
            .col(instant("made_at"))
            .to_owned();
        manager.create_table(delegation).await?;
        let index = Index::create()
            .name("tw_delegation_to")
            .table(Alias::new("tw_delegation"))
            .col(Alias::new("to_employee"))
            .col(Alias::new("until"))
            .to_owned();
        manager.create_index(index).await
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("platform tables are never taken back".to_owned()))
    }
}
