//! The search tables: the grams of each record, beside the object's own table.
//!
//! PostgreSQL stores them as a `tsvector` under a GIN index. SQLite stores them in an FTS5 table that keeps
//! only its index. Another table assigns the numbers of its rows.

use sea_orm::sea_query::{
    Alias, BinOper, Expr, ExprTrait, Func, InsertStatement, OnConflict, Query, SelectStatement,
};
use uuid::Uuid;

use super::dialect::{Dialect, quoted};
use crate::{
    base::{Error, Result},
    catalog::{FieldIx, Object, ObjectKind, fitted},
};

/// The name of the table of an object's grams.
fn grams(object: &Object) -> String {
    fitted(format!("tw_{}__search", object.table))
}

/// SQLite: the name of the table with the numbers that its records have in the index.
fn numbers(object: &Object) -> String {
    fitted(format!("tw_{}__searched", object.table))
}

/// The statements that create the tables.
pub fn create(dialect: Dialect, object: &Object) -> Vec<String> {
    let (table, grams, numbers) =
        (quoted(&object.table), quoted(&grams(object)), quoted(&numbers(object)));
    match dialect {
        Dialect::Postgres => vec![format!(
            "CREATE TABLE {grams} (record_id uuid PRIMARY KEY REFERENCES {table} (id) \
             ON DELETE CASCADE, grams tsvector NOT NULL)"
        )],
        Dialect::Sqlite => vec![
            format!(
                "CREATE TABLE {numbers} (no INTEGER PRIMARY KEY AUTOINCREMENT, \
                 record_id TEXT NOT NULL UNIQUE REFERENCES {table} (id) ON DELETE CASCADE)"
            ),
            format!(
                "CREATE VIRTUAL TABLE {grams} USING fts5(grams, content='', contentless_delete=1, \
                 detail=none, tokenize='ascii')"
            ),
        ],
    }
}

/// The statement that indexes the filled tables; `None` on SQLite, where they are an index themselves.
pub fn index(dialect: Dialect, object: &Object) -> Option<String> {
    let name = quoted(&fitted(format!("ix_{}__search", object.table)));
    let grams = quoted(&grams(object));
    (dialect == Dialect::Postgres)
        .then(|| format!("CREATE INDEX {name} ON {grams} USING gin (grams)"))
}

/// The statement that locks an object's table for all others; `None` on SQLite, which has one writer anyway.
pub fn lock(dialect: Dialect, object: &Object) -> Option<String> {
    let table = quoted(&object.table);
    (dialect == Dialect::Postgres).then(|| format!("LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"))
}

/// The statements that let the database gather statistics of an object's tables.
pub fn analyze(object: &Object) -> Vec<String> {
    let mut tables = vec![object.table.clone()];
    if !searched(object).is_empty() {
        tables.push(grams(object));
    }
    tables.iter().map(|table| format!("ANALYZE {}", quoted(table))).collect()
}

/// The statements that drop the tables, if they exist.
pub fn drop(dialect: Dialect, object: &Object) -> Vec<String> {
    let mut tables = vec![grams(object)];
    if dialect == Dialect::Sqlite {
        tables.push(numbers(object));
    }
    tables.iter().map(|table| format!("DROP TABLE IF EXISTS {}", quoted(table))).collect()
}

/// PostgreSQL: writes the grams of records, in place of earlier ones.
///
/// ```sql
/// INSERT INTO tw_customer__search (record_id, grams)
/// VALUES ($1, array_to_tsvector(string_to_array($2, ' ')))
/// ON CONFLICT (record_id) DO UPDATE SET grams = excluded.grams
/// ```
pub fn write(object: &Object, records: &[(Uuid, String)]) -> Result<InsertStatement> {
    let mut insert = Query::insert();
    insert
        .into_table(Alias::new(grams(object)))
        .columns(["record_id", "grams"].map(Alias::new))
        .on_conflict(
            OnConflict::column(Alias::new("record_id"))
                .update_column(Alias::new("grams"))
                .to_owned(),
        );
    for (id, grams) in records {
        let space = Expr::Constant(" ".into());
        let array = Func::cust(Alias::new("string_to_array")).arg(grams.as_str()).arg(space);
        let vector = Func::cust(Alias::new("array_to_tsvector")).arg(Expr::from(array));
        insert.values([Expr::val(*id), vector.into()]).map_err(Error::internal)?;
    }
    Ok(insert)
}

/// SQLite: the statements that write the grams in a JSON text `[["<id>", "<grams>"], …]`, in place of earlier
/// ones. Each binds the text as its only value. `anew` says that none of the records is indexed yet, so that
/// nothing has to be deleted.
pub fn write_all(object: &Object, anew: bool) -> Vec<String> {
    let (grams, numbers) = (quoted(&grams(object)), quoted(&numbers(object)));
    let mut statements = Vec::new();
    if !anew {
        statements.push(format!(
            "DELETE FROM {grams} WHERE rowid IN (SELECT no FROM {numbers} WHERE record_id IN \
             (SELECT value->>0 FROM json_each($1)))"
        ));
    }
    statements.push(format!(
        "INSERT INTO {numbers} (record_id) SELECT value->>0 FROM json_each($1) WHERE TRUE \
         ON CONFLICT (record_id) DO NOTHING"
    ));
    statements.push(format!(
        "INSERT INTO {grams} (rowid, grams) SELECT n.no, j.value->>1 FROM json_each($1) j \
         JOIN {numbers} n ON n.record_id = j.value->>0"
    ));
    statements
}

/// The statement that deletes the grams of the records in a JSON text `["<id>", …]`; `None` on PostgreSQL,
/// where they are deleted with their record.
pub fn forget(dialect: Dialect, object: &Object) -> Option<String> {
    let (grams, numbers) = (quoted(&grams(object)), quoted(&numbers(object)));
    (dialect == Dialect::Sqlite).then(|| {
        format!(
            "DELETE FROM {grams} WHERE rowid IN (SELECT no FROM {numbers} WHERE record_id IN \
             (SELECT value FROM json_each($1)))"
        )
    })
}

/// Selects the ids of the records that have the grams of a query:
/// `SELECT record_id FROM tw_customer__search WHERE grams @@ CAST($1 AS tsquery)`; on SQLite
/// `SELECT record_id FROM tw_customer__searched WHERE no IN
/// (SELECT rowid FROM tw_customer__search WHERE tw_customer__search MATCH $1)`.
pub fn found(dialect: Dialect, object: &Object, query: String) -> SelectStatement {
    let column = |name: &'static str| Expr::col(Alias::new(name));
    let table = Alias::new(grams(object));
    match dialect {
        Dialect::Postgres => Query::select()
            .column(Alias::new("record_id"))
            .from(table)
            .and_where(
                column("grams")
                    .binary(BinOper::Custom("@@"), Expr::val(query).cast_as(Alias::new("tsquery"))),
            )
            .to_owned(),
        Dialect::Sqlite => {
            // `MATCH` takes the table's own name, because an index without content has no column to name.
            let index = Expr::col(Alias::new(grams(object)));
            let rows = Query::select()
                .column(Alias::new("rowid"))
                .from(table)
                .and_where(index.binary(BinOper::Custom("MATCH"), Expr::val(query)))
                .to_owned();
            Query::select()
                .column(Alias::new("record_id"))
                .from(Alias::new(numbers(object)))
                .and_where(column("no").in_subquery(rows))
                .to_owned()
        }
    }
}

/// The columns of an object whose texts have grams; none if its records are not searched.
pub fn searched(object: &Object) -> Vec<&str> {
    if object.kind == ObjectKind::Line {
        return Vec::new();
    }
    let searched = object.each_field().filter(|(_, field)| field.search);
    searched.filter_map(|(_, field)| field.column.as_deref()).collect()
}

/// The field by whose spelling records are found: what names them to people, if that is searched.
pub fn spelt(object: &Object) -> Option<FieldIx> {
    let named = object.display.filter(|ix| object.field(*ix).search);
    named.filter(|_| object.kind != ObjectKind::Line)
}
