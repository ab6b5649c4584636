//! The audit trail: who did, or was refused, what is not a change of a record.

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
        let text = |name: &str| ColumnDef::new(Alias::new(name)).text().to_owned();
        // Ids rise with time, so the primary key is the order of the trail.
        let audit = Table::create()
            .table(Alias::new("tw_audit"))
            .col(text("id").not_null().primary_key())
            .col(ColumnDef::new(Alias::new("at")).big_integer().not_null())
            .col(text("kind").not_null())
            .col(text("operator_id"))
            .col(text("account"))
            .col(text("object"))
            .col(text("record_id"))
            .col(text("detail").not_null())
            .to_owned();
        manager.create_table(audit).await?;
        for (name, column) in [("tw_audit_kind", "kind"), ("tw_audit_operator", "operator_id")] {
            let index = Index::create()
                .name(name)
                .table(Alias::new("tw_audit"))
                .col(Alias::new(column))
                .col(Alias::new("id"))
                .to_owned();
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("platform tables are never taken back".to_owned()))
    }
}
