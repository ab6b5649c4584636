//! Columns of access keys (`catalog::AccessKey`): their definitions, and the value that a record carries.

use sea_orm::sea_query::{
    Alias, Expr, ExprTrait, LockType, PostgresQueryBuilder, Query, SelectStatement,
    SqliteQueryBuilder, Table,
};

use super::{
    ddl::definition,
    dialect::{Dialect, quoted},
    fill,
};
use crate::catalog::{AccessKey, Catalog, Field, Object};

/// The access keys of an object, each with the field that it carries.
pub(super) fn each<'c>(
    catalog: &'c Catalog,
    object: &'c Object,
) -> impl Iterator<Item = (&'c AccessKey, Field)> {
    object.access_keys.iter().filter_map(|key| {
        let target = catalog.object(object.field(key.via).target()?);
        let field = target.field(key.key).clone();
        // Empty where the relation is, and no reference of its own.
        Some((key, Field { required: false, system: false, ..field }))
    })
}

/// The statements that add the columns that a table lacks, and those that fill them from the related records:
/// `ALTER TABLE opportunity ADD COLUMN customer_id__department_id uuid`.
pub(super) fn add(
    dialect: Dialect,
    catalog: &Catalog,
    object: &Object,
    has: impl Fn(&str) -> bool,
) -> (Vec<String>, Option<String>) {
    let lacking = each(catalog, object).filter(|(key, _)| !has(&key.column));
    let added = lacking.map(|(key, field)| {
        let mut column = definition(dialect, &key.column, &field);
        let mut table = Table::alter();
        table.table(Alias::new(&object.table)).add_column(&mut column);
        match dialect {
            Dialect::Sqlite => table.to_string(SqliteQueryBuilder),
            Dialect::Postgres => table.to_string(PostgresQueryBuilder),
        }
    });
    (added.collect(), fill::access_keys_of(dialect, object, |column| !has(column)))
}

/// The statements that drop the columns that an earlier object had and this one does not.
pub(super) fn drop(before: &Object, object: &Object) -> Vec<String> {
    let kept = |column: &str| object.access_keys.iter().any(|key| key.column == column);
    let gone = before.access_keys.iter().filter(|key| !kept(&key.column));
    let table = quoted(&object.table);
    gone.map(|key| format!("ALTER TABLE {table} DROP COLUMN {}", quoted(&key.column))).collect()
}

/// What the record behind a reference has: `SELECT k.department_id FROM customer k WHERE k.id = $1`.
pub fn value_of(key: &AccessKey, reference: Expr) -> SelectStatement {
    let of = |column: &str| Expr::col((Alias::new("k"), Alias::new(column)));
    let (table, column) = &key.from;
    Query::select()
        .expr(of(column))
        .from_as(Alias::new(table), Alias::new("k"))
        .and_where(of("id").eq(reference))
        .to_owned()
}

/// The value for a record that is being written. The related record is locked, `… FOR SHARE`: whoever changes
/// it at the same time either has changed it before, or finds this record and changes its key, too. SQLite has
/// one writer.
pub fn value_locked(dialect: Dialect, key: &AccessKey, reference: Expr) -> Expr {
    let mut select = value_of(key, reference);
    if dialect == Dialect::Postgres {
        select.lock(LockType::Share);
    }
    Expr::from(select)
}
