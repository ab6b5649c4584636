//! Removed records, whole, for as long as they may be put back.

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
        // `content` is JSON: values, lines and members by the names of fields.
        let recycled = Table::create()
            .table(Alias::new("tw_recycled"))
            .col(text("id").primary_key())
            .col(text("object"))
            .col(text("record_id"))
            .col(number("version"))
            .col(ColumnDef::new(Alias::new("operator_id")).text())
            .col(number("at"))
            .col(text("content"))
            .to_owned();
        manager.create_table(recycled).await?;
        for (name, unique, columns) in [
            ("uq_tw_recycled_record", true, ["object", "record_id"]),
            ("ix_tw_recycled_operator", false, ["operator_id", "id"]),
        ] {
            let mut index = Index::create();
            index.name(name).table(Alias::new("tw_recycled"));
            if unique {
                index.unique();
            }
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
