//! The statements that remove tables and columns for good.

use sea_orm::sea_query::{Alias, PostgresQueryBuilder, SqliteQueryBuilder, Table};

use super::{
    ddl::{There, drop_index, object_indexes},
    dialect::{Dialect, quoted},
    gram_tables,
};
use crate::catalog::{Field, FieldType, Object};

/// How names begin of what SQLite keeps empty. No table or column of a definition has two underscores in a row.
fn kept_empty(number: usize, name: &str) -> String {
    format!("gone{number}__{name}")
}

fn is_kept_empty(name: &str) -> bool {
    let number = name.strip_prefix("gone").and_then(|rest| rest.split_once("__"));
    number.is_some_and(|(number, _)| number.parse::<usize>().is_ok())
}

/// Removes an object's table, those of its many-to-many relations, and the index of what it was found by:
/// `DROP TABLE x_room`.
///
/// On SQLite a column that is kept empty may refer to it, and its table could not be written to without. There the table
/// is emptied and gets a name that no object's table has.
pub fn object(dialect: Dialect, object: &Object, there: &There) -> Vec<String> {
    let many = object.fields.iter().filter_map(|field| match &field.ty {
        FieldType::ManyToMany(junction) => Some(table(dialect, &junction.table)),
        _ => None,
    });
    let mut statements: Vec<_> = gram_tables::drop(dialect, object);
    statements.extend(many);
    let name = quoted(&object.table);
    if dialect == Dialect::Sqlite {
        let own = object.fields.iter().filter(|field| field.target() == Some(object.ix));
        for column in own.filter_map(|field| field.column.as_deref()) {
            statements.push(format!("UPDATE {name} SET {} = NULL", quoted(column)));
        }
        if there.columns.iter().any(|(_, column)| is_kept_empty(column)) {
            let indexes = object_indexes(dialect, object).into_iter().map(|(name, _)| name);
            let indexes = indexes.filter(|name| there.indexes.contains(name));
            statements.extend(indexes.map(|name| drop_index(dialect, &name)));
            let taken = |name: &str| there.columns.iter().any(|(table, _)| table == name);
            let names = (1..).map(|number| kept_empty(number, &object.table));
            let free = names.take(there.columns.len() + 1).find(|name| !taken(name));
            statements.push(format!("DELETE FROM {name}"));
            let free = quoted(&free.unwrap_or_default());
            statements.push(format!("ALTER TABLE {name} RENAME TO {free}"));
            return statements;
        }
    }
    statements.push(table(dialect, &object.table));
    statements
}

fn table(dialect: Dialect, name: &str) -> String {
    let mut drop = Table::drop();
    drop.table(Alias::new(name)).if_exists();
    match dialect {
        Dialect::Sqlite => drop.to_string(SqliteQueryBuilder),
        Dialect::Postgres => drop.to_string(PostgresQueryBuilder),
    }
}

/// Removes a field's column, or the table of its many-to-many relation: `ALTER TABLE x_visit DROP COLUMN minutes`.
///
/// SQLite drops no column that a constraint of its table names, as references of new tables do. There it is emptied and
/// gets a name that no field's column has.
pub fn field(dialect: Dialect, object: &Object, field: &Field, there: &There) -> Vec<String> {
    if let FieldType::ManyToMany(junction) = &field.ty {
        return vec![table(dialect, &junction.table)];
    }
    let Some(name) = &field.column else { return Vec::new() };
    if dialect == Dialect::Sqlite && field.relation().is_some() {
        let (table, old) = (quoted(&object.table), quoted(name));
        let taken = |name: &String| there.columns.contains(&(object.table.clone(), name.clone()));
        let names = (1..).map(|number| kept_empty(number, name));
        let free = names.take(there.columns.len() + 1).find(|name| !taken(name));
        let free = quoted(&free.unwrap_or_default());
        return vec![
            format!("UPDATE {table} SET {old} = NULL"),
            format!("ALTER TABLE {table} RENAME COLUMN {old} TO {free}"),
        ];
    }
    vec![column(dialect, &object.table, name)]
}

/// `ALTER TABLE x_visit DROP COLUMN minutes`
pub fn column(dialect: Dialect, table: &str, name: &str) -> String {
    let mut alter = Table::alter();
    alter.table(Alias::new(table)).drop_column(Alias::new(name));
    match dialect {
        Dialect::Sqlite => alter.to_string(SqliteQueryBuilder),
        Dialect::Postgres => alter.to_string(PostgresQueryBuilder),
    }
}
