//! Links by which people set a password themselves, each good once.

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
        // One for each operator: a new one takes the place of the one before. Of the secret only its hash is kept.
        let link = Table::create()
            .table(Alias::new("tw_sign_in_link"))
            .col(text("operator_id").primary_key())
            .col(text("id"))
            .col(text("account"))
            .col(text("secret_hash"))
            .col(instant("created_at"))
            .col(instant("expires_at"))
            .to_owned();
        manager.create_table(link).await?;
        let index = Index::create()
            .name("uq_tw_sign_in_link_id")
            .table(Alias::new("tw_sign_in_link"))
            .col(Alias::new("id"))
            .unique()
            .to_owned();
        manager.create_index(index).await
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("platform tables are never taken back".to_owned()))
    }
}
