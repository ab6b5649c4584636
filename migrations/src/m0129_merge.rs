//! Merged records: which record stands for which, and what it takes to undo that.

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
        // `detail` is JSON: what was changed, until it can no longer be undone.
        let merge = Table::create()
            .table(Alias::new("tw_merge"))
            .col(text("id").primary_key())
            .col(text("merge_id"))
            .col(text("object"))
            .col(text("kept_id"))
            .col(text("dropped_id"))
            .col(ColumnDef::new(Alias::new("operator_id")).text())
            .col(ColumnDef::new(Alias::new("at")).big_integer().not_null())
            .col(text("detail"))
            .to_owned();
        manager.create_table(merge).await?;
        for (name, columns) in [
            ("ix_tw_merge_dropped", ["dropped_id", "object"]),
            ("ix_tw_merge_kept", ["kept_id", "merge_id"]),
        ] {
            let mut index = Index::create();
            index.name(name).table(Alias::new("tw_merge"));
            for column in columns {
                index.col(Alias::new(column));
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("platform tables are never taken back".to_owned()))
    }
}
