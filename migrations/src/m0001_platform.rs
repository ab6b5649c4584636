//! The first platform tables: catalog, sign-in, history, outbox, sequences.
//!
//! Ids are text, instants microseconds since 1970, so that both databases hold the same.

use sea_orm_migration::{
    prelude::*,
    sea_query::{Index, Table},
};

/// Makes the tables.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0001_platform"
    }
}

/// A column: its name, its kind, whether it may be empty.
type Column = (&'static str, Kind, bool);

#[derive(Clone, Copy)]
enum Kind {
    Text,
    Int,
    Bool,
}
use Kind::{Bool, Int, Text};

const TABLES: &[(&str, &[&str], &[Column])] = &[
    ("tw_setting", &["key"], &[("key", Text, false), ("value", Text, false)]),
    (
        "tw_catalog",
        &["version"],
        &[
            ("version", Int, false),
            ("published_at", Int, false),
            ("published_by", Text, true),
            ("note", Text, true),
        ],
    ),
    (
        "tw_source",
        &["id"],
        &[
            ("id", Text, false),
            ("version", Int, false),
            ("position", Int, false),
            ("kind", Text, false),
            ("path", Text, false),
            ("body", Text, false),
        ],
    ),
    (
        "tw_catalog_change",
        &["id"],
        &[
            ("id", Text, false),
            ("version", Int, false),
            ("position", Int, false),
            ("kind", Text, false),
            ("object", Text, false),
            ("field", Text, true),
            ("risk", Text, false),
        ],
    ),
    (
        "tw_login",
        &["operator_id"],
        &[
            ("operator_id", Text, false),
            ("account", Text, false),
            ("password_hash", Text, false),
            ("enabled", Bool, false),
            ("created_at", Int, false),
            ("updated_at", Int, false),
        ],
    ),
    (
        "tw_operator_role",
        &["operator_id", "role"],
        &[("operator_id", Text, false), ("role", Text, false)],
    ),
    (
        "tw_session",
        &["id"],
        &[
            ("id", Text, false),
            ("operator_id", Text, false),
            ("refresh_hash", Text, false),
            ("previous_hash", Text, true),
            ("created_at", Int, false),
            ("last_used_at", Int, false),
            ("expires_at", Int, false),
            ("revoked_at", Int, true),
            ("user_agent", Text, true),
            ("address", Text, true),
        ],
    ),
    (
        "tw_history",
        &["id"],
        &[
            ("id", Text, false),
            ("object", Text, false),
            ("record_id", Text, false),
            ("action", Text, false),
            ("version", Int, false),
            ("operator_id", Text, true),
            ("at", Int, false),
            ("changes", Text, false),
        ],
    ),
    (
        "tw_outbox",
        &["id"],
        &[
            ("id", Text, false),
            ("object", Text, false),
            ("record_id", Text, false),
            ("action", Text, false),
            ("catalog_version", Int, false),
            ("at", Int, false),
        ],
    ),
    ("tw_sequence", &["scope"], &[("scope", Text, false), ("next", Int, false)]),
];

/// Indexes beside the primary keys: name, table, unique, columns.
const INDEXES: &[(&str, &str, bool, &[&str])] = &[
    ("ix_tw_source_version", "tw_source", false, &["version", "position"]),
    ("uq_tw_login_account", "tw_login", true, &["account"]),
    ("ix_tw_session_operator", "tw_session", false, &["operator_id"]),
    ("ix_tw_history_record", "tw_history", false, &["object", "record_id", "id"]),
];

#[expect(elided_lifetimes_in_paths, reason = "the trait's signature, which the macro must meet")]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, key, columns) in TABLES {
            let mut table = Table::create();
            table.table(Alias::new(*name));
            for (column, kind, nullable) in *columns {
                let mut definition = ColumnDef::new(Alias::new(*column));
                match kind {
                    Text => definition.text(),
                    Int => definition.big_integer(),
                    Bool => definition.boolean(),
                };
                if !nullable {
                    definition.not_null();
                }
                table.col(&mut definition);
            }
            let mut primary = Index::create();
            for column in *key {
                primary.col(Alias::new(*column));
            }
            table.primary_key(&mut primary);
            manager.create_table(table).await?;
        }
        for (name, table, unique, columns) in INDEXES {
            let mut index = Index::create();
            index.name(*name).table(Alias::new(*table));
            if *unique {
                index.unique();
            }
            for column in *columns {
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
