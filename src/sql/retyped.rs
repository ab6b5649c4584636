//! The statements around a field that gets another type: its columns, and the indexes over them.

use sea_orm::sea_query::{
    Alias, Expr, ExprTrait, Func, PostgresQueryBuilder, Query, SelectStatement, SqliteQueryBuilder,
    Table,
};

use super::{
    ddl::{There, column_of, drop_index, object_indexes},
    dialect::{Dialect, quoted},
    keys::{self, KeyIndex},
};
use crate::catalog::{FieldType, Object};

/// `ALTER TABLE x_visit ADD COLUMN minutes_2 numeric(18, 2)`
pub fn add_column(dialect: Dialect, table: &str, column: &str, ty: &FieldType) -> String {
    let mut alter = Table::alter();
    alter.table(Alias::new(table)).add_column(column_of(dialect, column, ty));
    match dialect {
        Dialect::Sqlite => alter.to_string(SqliteQueryBuilder),
        Dialect::Postgres => alter.to_string(PostgresQueryBuilder),
    }
}

/// The indexes of SQLite over a column, which it does not drop with the column: `SELECT name FROM sqlite_master WHERE
/// type = 'index' AND tbl_name = $1 AND instr(sql, $2) > 0`. PostgreSQL drops them by itself.
pub fn indexes_over(table: &str, column: &str) -> SelectStatement {
    let of = |name: &str| Expr::col(Alias::new(name));
    let within = Func::cust(Alias::new("instr")).args([of("sql"), Expr::val(quoted(column))]);
    Query::select()
        .column(Alias::new("name"))
        .from(Alias::new("sqlite_master"))
        .and_where(of("type").eq("index"))
        .and_where(of("tbl_name").eq(table))
        .and_where(Expr::from(within).gt(0))
        .to_owned()
}

/// The statements that take away the indexes and key columns of an object that are not the same any more, and make those
/// that are missing.
pub fn reindexed(dialect: Dialect, before: &Object, object: &Object, there: &There) -> Vec<String> {
    let old = object_indexes(dialect, before);
    let new = object_indexes(dialect, object);
    let gone: Vec<_> = old
        .iter()
        .filter(|known| there.indexes.contains(&known.0) && !new.contains(known))
        .map(|(name, _)| name)
        .collect();
    let mut statements = Vec::new();
    let beside = keys::columns_beside(dialect, before);
    // Key columns are listed among the indexes, and go once nothing is over them.
    let is_column = |name: &String| beside.iter().any(|(_, column)| column.name == *name);
    for unique in &before.uniques {
        let key = KeyIndex::new(dialect, before, unique);
        statements
            .extend(key.filter(|key| gone.contains(&&key.name)).iter().flat_map(KeyIndex::drop));
    }
    let key_of = |name: &String| before.uniques.iter().any(|key| keys::name_of(&key.name) == *name);
    let plain = gone.iter().filter(|name| !is_column(name) && !key_of(name));
    statements.extend(plain.map(|name| drop_index(dialect, name)));
    let columns = beside.iter().filter(|(_, column)| gone.contains(&&column.name));
    statements.extend(columns.map(|(_, column)| column.drop.clone()));
    let stays = |name: &String| there.indexes.contains(name) && !gone.contains(&name);
    statements.extend(new.into_iter().filter(|(name, _)| !stays(name)).map(|(_, sql)| sql));
    statements
}
