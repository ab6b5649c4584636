//! Fills columns with what is derived from other records: those that stored rows do not have yet, and access keys
//! whatever is in them.

use sea_orm::sea_query::{
    Alias, Expr, ExprTrait, Func, PostgresQueryBuilder, Query, SqliteQueryBuilder, UpdateStatement,
};

use super::{access_keys, dialect::Dialect};
use crate::catalog::{Catalog, FieldType, Object, Rollup, RollupOp};

/// `UPDATE customer_employee SET recorded_at = (SELECT created_at FROM customer h WHERE h.id = customer_id)`.
pub(super) fn recorded(
    dialect: Dialect,
    catalog: &Catalog,
    line: &Object,
    column: &str,
) -> Option<String> {
    let via = line.field(line.parent?);
    let head = catalog.object(via.target()?);
    let made = head.field(head.system.created_at?);
    let of_head = |column: &str| Expr::col((Alias::new("h"), Alias::new(column)));
    let select = Query::select()
        .expr(of_head(made.column.as_deref()?))
        .from_as(Alias::new(&head.table), Alias::new("h"))
        .and_where(
            of_head("id").equals((Alias::new(&line.table), Alias::new(via.column.as_deref()?))),
        )
        .to_owned();
    let update = Query::update()
        .table(Alias::new(&line.table))
        .value(Alias::new(column), Expr::from(select))
        .to_owned();
    Some(print(dialect, &update))
}

/// `UPDATE head SET total = COALESCE((SELECT SUM(amount) FROM line WHERE head_id = head.id), 0)`.
pub fn rollup(
    dialect: Dialect,
    catalog: &Catalog,
    object: &Object,
    column: &str,
    rolled: Rollup,
) -> String {
    let FieldType::Lines(lines) = object.field(rolled.lines).ty else { return String::new() };
    let line = catalog.object(lines.target);
    let parent = line.field(lines.via).column.clone().unwrap_or_default();
    let computed = match rolled.op {
        RollupOp::Count => Func::count(Expr::col((Alias::new(&line.table), Alias::new("id")))),
        RollupOp::Sum(field) => {
            let summed = line.field(field).column.clone().unwrap_or_default();
            Func::sum(Expr::col((Alias::new(&line.table), Alias::new(summed))))
        }
    };
    let select = Query::select()
        .expr(computed)
        .from(Alias::new(&line.table))
        .and_where(
            Expr::col((Alias::new(&line.table), Alias::new(parent)))
                .equals((Alias::new(&object.table), Alias::new("id"))),
        )
        .to_owned();
    let value = Func::coalesce([Expr::from(select), Expr::Constant(0_i64.into())]);
    let update = Query::update()
        .table(Alias::new(&object.table))
        .value(Alias::new(column), Expr::from(value))
        .to_owned();
    print(dialect, &update)
}

/// Fills access keys whatever is in them: `UPDATE opportunity SET customer_id__department_id = (SELECT
/// k.department_id FROM customer k WHERE k.id = opportunity.customer_id FOR SHARE) WHERE customer_id__department_id
/// IS DISTINCT FROM (SELECT …)`, a statement for each.
///
/// Who moves a related record meanwhile is waited for, so that what is filled last is right.
pub fn access_keys(dialect: Dialect, object: &Object, which: impl Fn(&str) -> bool) -> Vec<String> {
    let each = object.access_keys.iter().filter(|key| which(&key.column));
    each.filter_map(|key| {
        let via = object.field(key.via).column.as_deref()?;
        let reference = || Expr::col((Alias::new(&object.table), Alias::new(via)));
        let now = Expr::from(access_keys::value_of(key, reference()));
        let update = Query::update()
            .table(Alias::new(&object.table))
            .value(Alias::new(&key.column), access_keys::value_locked(dialect, key, reference()))
            .and_where(access_keys::differs(&key.column, now))
            .to_owned();
        Some(print(dialect, &update))
    })
    .collect()
}

fn print(dialect: Dialect, update: &UpdateStatement) -> String {
    match dialect {
        Dialect::Sqlite => update.to_string(SqliteQueryBuilder),
        Dialect::Postgres => update.to_string(PostgresQueryBuilder),
    }
}
