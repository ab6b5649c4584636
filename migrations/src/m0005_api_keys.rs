//! The keys that programs act with, and the way to an account's entries in the audit trail.

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
        let instant = |name: &str| ColumnDef::new(Alias::new(name)).big_integer().to_owned();
        // `roles` is a JSON list; of the secret only its hash is kept.
        let key = Table::create()
            .table(Alias::new("tw_api_key"))
            .col(text("id").primary_key())
            .col(text("operator_id"))
            .col(text("name"))
            .col(text("roles"))
            .col(text("secret_hash"))
            .col(text("created_by"))
            .col(instant("created_at").not_null())
            .col(instant("expires_at").not_null())
            .col(instant("last_used_at"))
            .col(instant("revoked_at"))
            .to_owned();
        manager.create_table(key).await?;
        for (name, table, columns) in [
            ("tw_api_key_operator", "tw_api_key", &["operator_id", "id"]),
            ("tw_audit_account", "tw_audit", &["account", "id"]),
        ] {
            let mut index = Index::create();
            index.name(name).table(Alias::new(table));
            for column in columns {
                index.col(Alias::new(*column));
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("platform tables are never taken back".to_owned()))
    }
}
