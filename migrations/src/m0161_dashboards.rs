//! Dashboards that people keep and share.

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
        // `content` is a JSON object of parameters and widgets, `roles` a JSON list of codes.
        let dashboard = Table::create()
            .table(Alias::new("tw_dashboard"))
            .col(text("id").primary_key())
            .col(text("name"))
            .col(text("content"))
            .col(text("owner_id"))
            .col(text("share"))
            .col(text("roles"))
            .col(number("version"))
            .col(number("created_at"))
            .col(number("updated_at"))
            .to_owned();
        manager.create_table(dashboard).await?;
        for (name, column) in [("tw_dashboard_owner", "owner_id"), ("tw_dashboard_share", "share")]
        {
            let index = Index::create()
                .name(name)
                .table(Alias::new("tw_dashboard"))
                .col(Alias::new(column))
                .to_owned();
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("platform tables are never taken back".to_owned()))
    }
}
