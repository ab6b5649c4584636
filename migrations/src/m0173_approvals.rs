//! Approvals of records: what was begun, who has to decide, and what was done.

use sea_orm_migration::prelude::*;

/// The migration.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

fn text(name: &str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).text().not_null().to_owned()
}

fn open_text(name: &str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).text().null().to_owned()
}

fn number(name: &str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).big_integer().not_null().to_owned()
}

fn open_number(name: &str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).big_integer().null().to_owned()
}

fn id() -> ColumnDef {
    ColumnDef::new(Alias::new("id")).text().not_null().primary_key().to_owned()
}

fn index(name: &str, table: &str, columns: &[&str]) -> IndexCreateStatement {
    let mut index = Index::create().name(name).table(Alias::new(table)).to_owned();
    for column in columns {
        index.col(Alias::new(*column));
    }
    index
}

#[expect(elided_lifetimes_in_paths, reason = "the trait's signature, which the macro must meet")]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let approvals = Table::create()
            .table(Alias::new("tw_approval"))
            .col(id())
            .col(text("object"))
            .col(text("record_id"))
            .col(text("code"))
            .col(text("plan"))
            .col(text("state"))
            .col(number("round"))
            .col(number("place"))
            .col(open_text("back"))
            .col(open_text("operator_id"))
            .col(open_text("employee_id"))
            .col(number("started_at"))
            .col(open_number("ended_at"))
            .to_owned();
        let tasks = Table::create()
            .table(Alias::new("tw_approval_task"))
            .col(id())
            .col(text("approval_id"))
            .col(number("step"))
            .col(number("turn"))
            .col(open_text("employee_id"))
            .col(text("state"))
            .col(open_number("opened_at"))
            .col(open_number("decided_at"))
            .col(open_text("operator_id"))
            .col(open_text("comment"))
            .to_owned();
        let entries = Table::create()
            .table(Alias::new("tw_approval_entry"))
            .col(id())
            .col(text("approval_id"))
            .col(number("at"))
            .col(text("kind"))
            .col(open_number("step"))
            .col(open_text("operator_id"))
            .col(open_text("behalf_id"))
            .col(open_text("to_id"))
            .col(open_text("comment"))
            .to_owned();
        for table in [approvals, tasks, entries] {
            manager.create_table(table).await?;
        }
        for index in [
            index("tw_approval_record", "tw_approval", &["record_id", "object", "id"]),
            index("tw_approval_state", "tw_approval", &["state", "object"]),
            index("tw_approval_task_of", "tw_approval_task", &["approval_id", "id"]),
            index("tw_approval_task_waiting", "tw_approval_task", &["state", "employee_id"]),
            index("tw_approval_task_decided", "tw_approval_task", &["operator_id", "decided_at"]),
            index("tw_approval_entry_of", "tw_approval_entry", &["approval_id", "id"]),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("platform tables are never taken back".to_owned()))
    }
}
