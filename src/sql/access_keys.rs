//! Columns of access keys (`catalog::AccessKey`): their definitions, and the value that a record carries.

use sea_orm::sea_query::{
    Alias, BinOper, Expr, ExprTrait, LockType, PostgresQueryBuilder, Query, SelectStatement,
    SqliteQueryBuilder, Table,
};

use super::{
    ddl::{There, definition},
    dialect::Dialect,
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

/// The statements that add the columns that a table lacks:
/// `ALTER TABLE opportunity ADD COLUMN customer_id__department_id uuid`.
pub(super) fn add(
    dialect: Dialect,
    catalog: &Catalog,
    object: &Object,
    has: impl Fn(&str) -> bool,
) -> Vec<String> {
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
    added.collect()
}

/// The statements of a publish for the access keys that objects did not have before: those that add columns, to
/// be run first, and those that fill them.
///
/// A column that is no longer needed stays, because requests that began before still name it. So it may be there
/// already when its key comes back. Objects that are there `again` were not kept up: all of theirs are filled.
pub fn publish(
    dialect: Dialect,
    (old, new): (&Catalog, &Catalog),
    again: &[&str],
    there: &There,
) -> (Vec<String>, Vec<String>) {
    let (mut added, mut filled) = (Vec::new(), Vec::new());
    for object in &new.objects {
        if again.contains(&object.name.as_str()) {
            filled.extend(fill::access_keys(dialect, object, |_| true));
        }
        let Some(before) = old.named(&object.name) else { continue };
        let has = |column: &str| there.columns.contains(&(object.table.clone(), column.to_owned()));
        let fresh = |column: &str| before.access_keys.iter().all(|key| key.column != column);
        added.extend(add(dialect, new, object, |column| has(column) || !fresh(column)));
        filled.extend(fill::access_keys(dialect, object, fresh));
    }
    (added, filled)
}

/// Whether an object has access keys that it did not have before.
pub fn fresh(old: &Catalog, new: &Catalog) -> bool {
    let columns = |object: &Object| -> Vec<String> {
        object.access_keys.iter().map(|key| key.column.clone()).collect()
    };
    new.objects.iter().any(|object| {
        let before = old.named(&object.name).map(columns);
        before.is_some_and(|before| columns(object).iter().any(|column| !before.contains(column)))
    })
}

/// The condition that a column has another value, null or not.
pub fn differs(column: &str, value: Expr) -> Expr {
    Expr::col(Alias::new(column)).binary(BinOper::Custom("IS DISTINCT FROM"), value)
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
