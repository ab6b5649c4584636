//! Parts: the definition texts of every kind in one table, each with the versions in which it stands.

use sea_orm_migration::prelude::*;

/// The migration.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

/// A text stood in one version each; those of the last one stand on.
const OBJECTS: &str = "INSERT INTO tw_part (id, kind, name, origin, position, body, since, until) \
    SELECT id, 'OBJECTS', path, kind, position, body, version, \
    CASE WHEN version = (SELECT MAX(version) FROM tw_source) THEN NULL ELSE version + 1 END FROM tw_source";

/// Roles stand from the last version on: what they were before is in the audit trail only.
const ROLES: &str = "INSERT INTO tw_part (id, kind, name, origin, position, body, names, since) \
    SELECT 'role-' || code, 'ROLE', code, 'CUSTOM', 1, body, ticked, \
    (SELECT COALESCE(MAX(version), 0) FROM tw_catalog) FROM tw_role";

#[expect(elided_lifetimes_in_paths, reason = "the trait's signature, which the macro must meet")]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let text = |name: &str| ColumnDef::new(Alias::new(name)).text().not_null().to_owned();
        let number = |name: &str| ColumnDef::new(Alias::new(name)).big_integer().to_owned();
        // `names` is JSON: the records that a text names, by id. `until` is the first version without the row.
        let part = Table::create()
            .table(Alias::new("tw_part"))
            .col(text("id").primary_key())
            .col(text("kind"))
            .col(text("name"))
            .col(text("origin"))
            .col(number("position").not_null())
            .col(text("body"))
            .col(ColumnDef::new(Alias::new("names")).text())
            .col(number("since").not_null())
            .col(number("until"))
            .to_owned();
        manager.create_table(part).await?;
        let index = Index::create()
            .name("ix_tw_part_kind")
            .table(Alias::new("tw_part"))
            .col(Alias::new("kind"))
            .col(Alias::new("until"))
            .col(Alias::new("name"))
            .to_owned();
        manager.create_index(index).await?;
        let kind = Table::alter()
            .table(Alias::new("tw_catalog"))
            .add_column(text("kind").default("OBJECTS"))
            .to_owned();
        manager.alter_table(kind).await?;
        let connection = manager.get_connection();
        connection.execute_unprepared(OBJECTS).await?;
        connection.execute_unprepared(ROLES).await?;
        for table in ["tw_source", "tw_role"] {
            manager.drop_table(Table::drop().table(Alias::new(table)).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("platform tables are never taken back".to_owned()))
    }
}
