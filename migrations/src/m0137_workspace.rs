//! What people keep for their work: saved views, pins, defaults of roles, preferences, drafts of forms.

use sea_orm_migration::prelude::*;

/// The migration.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

/// A required text.
fn text(name: &str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).text().not_null().to_owned()
}

/// A required number or instant.
fn number(name: &str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).big_integer().not_null().to_owned()
}

fn views() -> [TableCreateStatement; 4] {
    // `question` is a JSON object, `roles` a JSON list of codes.
    let view = Table::create()
        .table(Alias::new("tw_saved_view"))
        .col(text("id").primary_key())
        .col(text("object"))
        .col(text("name"))
        .col(text("face"))
        .col(text("question"))
        .col(text("owner_id"))
        .col(text("share"))
        .col(text("roles"))
        .col(number("version"))
        .col(number("created_at"))
        .col(number("updated_at"))
        .to_owned();
    let pin = Table::create()
        .table(Alias::new("tw_view_pin"))
        .col(text("operator_id"))
        .col(text("view_id"))
        .primary_key(Index::create().col(Alias::new("operator_id")).col(Alias::new("view_id")))
        .to_owned();
    let default = Table::create()
        .table(Alias::new("tw_default_view"))
        .col(text("role"))
        .col(text("object"))
        .col(text("view_id"))
        .primary_key(Index::create().col(Alias::new("role")).col(Alias::new("object")))
        .to_owned();
    // When views of an object changed last for an audience, as a number that rises with each change.
    let stamp = Table::create()
        .table(Alias::new("tw_view_stamp"))
        .col(text("audience"))
        .col(text("object"))
        .col(number("stamp"))
        .primary_key(Index::create().col(Alias::new("audience")).col(Alias::new("object")))
        .to_owned();
    [view, pin, default, stamp]
}

fn inputs() -> [TableCreateStatement; 2] {
    let preference = Table::create()
        .table(Alias::new("tw_preference"))
        .col(text("operator_id"))
        .col(text("key"))
        .col(text("value"))
        .primary_key(Index::create().col(Alias::new("operator_id")).col(Alias::new("key")))
        .to_owned();
    // `record_id` is null for a record that is not made yet; `base` is the version that was edited.
    let draft = Table::create()
        .table(Alias::new("tw_form_draft"))
        .col(text("id").primary_key())
        .col(text("operator_id"))
        .col(text("object"))
        .col(ColumnDef::new(Alias::new("record_id")).text())
        .col(ColumnDef::new(Alias::new("base")).big_integer())
        .col(text("data"))
        .col(number("updated_at"))
        .to_owned();
    [preference, draft]
}

#[expect(elided_lifetimes_in_paths, reason = "the trait's signature, which the macro must meet")]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in views().into_iter().chain(inputs()) {
            manager.create_table(table).await?;
        }
        for (name, table, columns) in [
            ("tw_saved_view_object", "tw_saved_view", &["object", "share"][..]),
            ("tw_saved_view_owner", "tw_saved_view", &["owner_id", "object"]),
            ("tw_view_pin_view", "tw_view_pin", &["view_id"]),
            ("tw_view_stamp_stamp", "tw_view_stamp", &["stamp"]),
            ("tw_form_draft_operator", "tw_form_draft", &["operator_id", "updated_at"]),
            ("tw_form_draft_updated", "tw_form_draft", &["updated_at"]),
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
