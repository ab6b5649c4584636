//! Jobs: what takes longer than a request, with how far it has got and who works on it.

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
        let number = |name: &str| ColumnDef::new(Alias::new(name)).big_integer().to_owned();
        let instant = |name: &str| number(name).not_null().to_owned();
        // `input`, `cursor` and `faults` are JSON; instants are microseconds since 1970. Who works on a job has its
        // `token` until `lease_until`; before `due_at` nobody takes it.
        let jobs = Table::create()
            .table(Alias::new("tw_job"))
            .col(text("id").primary_key())
            .col(text("kind"))
            .col(text("state"))
            .col(ColumnDef::new(Alias::new("owner_id")).text())
            .col(text("input"))
            .col(text("cursor"))
            .col(instant("done"))
            .col(number("total"))
            .col(text("faults"))
            .col(ColumnDef::new(Alias::new("token")).text())
            .col(number("lease_until"))
            .col(number("heartbeat_at"))
            .col(instant("due_at"))
            .col(instant("created_at"))
            .col(instant("changed_at"))
            .to_owned();
        manager.create_table(jobs).await?;
        let waiting = Index::create()
            .name("ix_tw_job_waiting")
            .table(Alias::new("tw_job"))
            .col(Alias::new("state"))
            .col(Alias::new("due_at"))
            .to_owned();
        manager.create_index(waiting).await
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("platform tables are never taken back".to_owned()))
    }
}
