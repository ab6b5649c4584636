//! A row while it is built: its parts in order, and which of them are JSON.

use std::collections::HashMap;

use sea_orm::sea_query::Expr;

use crate::{
    base::Result,
    catalog::FieldIx,
    sql::{Dialect, ROW_WIDTH},
};

/// A row while it is built.
#[derive(Default)]
pub(super) struct RowBuilder {
    pub(super) parts: Vec<RowPart>,
    /// The index of each field, by the alias of its record. A field that is selected under several
    /// response keys is read once.
    fields: HashMap<(String, FieldIx), usize>,
}

/// One part of a row.
pub(super) struct RowPart {
    pub(super) value: Expr,
    /// The value is JSON text. SQLite needs `json(…)` to put it into a row as JSON.
    pub(super) json: bool,
}

impl RowBuilder {
    /// The index of a field of the record at an alias. `value` adds the field if it is missing.
    pub(super) fn field(
        &mut self,
        alias: &str,
        ix: FieldIx,
        value: impl FnOnce(&mut Self) -> Result<usize>,
    ) -> Result<usize> {
        let key = (alias.to_owned(), ix);
        if let Some(at) = self.fields.get(&key) {
            return Ok(*at);
        }
        let at = value(self)?;
        self.fields.insert(key, at);
        Ok(at)
    }

    /// Adds a part and returns its index.
    pub(super) fn add(&mut self, value: Expr) -> usize {
        self.put(value, false)
    }

    /// Adds a part that is JSON and returns its index.
    pub(super) fn add_json(&mut self, value: Expr) -> usize {
        self.put(value, true)
    }

    /// Adds a part and returns its index.
    pub(super) fn put(&mut self, value: Expr, json: bool) -> usize {
        self.parts.push(RowPart { value, json });
        self.parts.len() - 1
    }

    /// The values of the parts, in order.
    pub(super) fn values(self) -> impl Iterator<Item = Expr> {
        self.parts.into_iter().map(|part| part.value)
    }

    /// The row as a JSON array.
    pub(super) fn json(self, dialect: Dialect) -> Expr {
        let whole = self.parts.len() < ROW_WIDTH && self.parts.iter().any(|part| part.json);
        if dialect == Dialect::Sqlite && whole {
            return self.joined(dialect);
        }
        let part =
            |part: RowPart| if part.json { dialect.json_again(part.value) } else { part.value };
        dialect.json_row(self.parts.into_iter().map(part).collect())
    }

    /// The row as a text, joined from plain values and JSON texts. `json(…)` would parse and write nested
    /// JSON once more at each level.
    fn joined(self, dialect: Dialect) -> Expr {
        let mut pieces = Vec::new();
        let mut plain = Vec::new();
        for part in self.parts {
            if !part.json {
                plain.push(part.value);
                continue;
            }
            if !plain.is_empty() {
                pieces.push(dialect.json_members(std::mem::take(&mut plain)));
            }
            pieces.push(dialect.json_text(part.value));
        }
        if !plain.is_empty() {
            pieces.push(dialect.json_members(plain));
        }
        dialect.json_joined(pieces)
    }
}
