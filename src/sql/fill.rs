//! Fills columns with what is derived from other records: those that stored rows do not have yet, access keys and
//! roll-ups of all related records whatever is in them.

use sea_orm::sea_query::{
    Alias, Expr, ExprTrait, Func, PostgresQueryBuilder, Query, SqliteQueryBuilder, UpdateStatement,
};

use super::{access_keys, computed::ComputedIn, dialect::Dialect, exact_sums};
use crate::{
    base::{Error, Result},
    catalog::{Catalog, Field, FieldIx, FieldType, Object, RollupOp},
    expr::Expr as Formula,
};

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
///
/// Where only some lines count: `… WHERE head_id = head.id AND (the condition)`, see [`counted`]. Empty for a roll-up
/// of other records, which `system_rollups` states.
pub fn rollup(
    dialect: Dialect,
    catalog: &Catalog,
    object: &Object,
    field: &Field,
    counted: Option<Expr>,
) -> String {
    let (FieldType::Rollup(rolled), Some(column)) = (&field.ty, field.column.as_deref()) else {
        return String::new();
    };
    let FieldType::Lines(lines) = object.field(rolled.lines).ty else { return String::new() };
    let line = catalog.object(lines.target);
    let parent = line.field(lines.via).column.clone().unwrap_or_default();
    let of_line = |column: &str| Expr::col((Alias::new(&line.table), Alias::new(column)));
    let value = |field: FieldIx| of_line(line.field(field).column.as_deref().unwrap_or_default());
    let computed: Expr = match rolled.op {
        RollupOp::Count => Func::count(of_line("id")).into(),
        RollupOp::Sum(field) => Func::sum(value(field)).into(),
        RollupOp::Min(field) => Func::min(value(field)).into(),
        RollupOp::Max(field) => Func::max(value(field)).into(),
        RollupOp::Avg(field) => {
            let digits = rolled.scale.unwrap_or_default();
            let finer = digits.saturating_sub(line.field(field).ty.scale().unwrap_or_default());
            mean(dialect, &value(field), digits, finer)
        }
    };
    let select = Query::select()
        .expr(computed)
        .from(Alias::new(&line.table))
        .and_where(
            Expr::col((Alias::new(&line.table), Alias::new(parent)))
                .equals((Alias::new(&object.table), Alias::new("id"))),
        )
        .and_where_option(counted)
        .to_owned();
    let value = match rolled.op.begins_at_zero() {
        true => Func::coalesce([Expr::from(select), Expr::Constant(0_i64.into())]).into(),
        false => Expr::from(select),
    };
    let update = Query::update()
        .table(Alias::new(&object.table))
        .value(Alias::new(column), value)
        .to_owned();
    print(dialect, &update)
}

/// The condition that a line counts for a roll-up.
pub fn counted(dialect: Dialect, line: &Object, condition: &Formula) -> Result<Expr> {
    counted_at(dialect, line, &line.table, condition)
}

/// The same for the record at an alias.
pub(super) fn counted_at(
    dialect: Dialect,
    line: &Object,
    alias: &str,
    condition: &Formula,
) -> Result<Expr> {
    let place = ComputedIn { dialect, name: "counted".to_owned(), today: None };
    super::computed(condition, &FieldType::Boolean, place, &mut |path| {
        let read = path.first().and_then(|name| line.named(name));
        let (_, read) = read.ok_or_else(|| Error::internal("a condition over no field"))?;
        let column = read.column.as_deref().unwrap_or_default();
        Ok((Expr::col((Alias::new(alias), Alias::new(column))), read.ty.clone()))
    })
}

/// The mean with so many digits after the point, `finer` more than the values have, rounded half away from zero.
///
/// SQLite: `sum / n * 10^f + (abs(sum % n) * 2 * 10^f + n) / (2 * n)` with the sign of the sum, since whole values are
/// divided without a rest there.
fn mean(dialect: Dialect, value: &Expr, digits: u8, finer: u8) -> Expr {
    if dialect == Dialect::Postgres {
        return exact_sums::mean_of_numerics(value, digits);
    }
    let number = |number: i64| Expr::Constant(number.into());
    let (sum, count) =
        (|| Expr::from(Func::sum(value.clone())), || Expr::from(Func::count(value.clone())));
    let more = 10_i64.pow(u32::from(finer));
    let left = sum().modulo(count()).mul(number(2 * more));
    let half = dialect.either(sum().lt(number(0)), number(0).sub(count()), count());
    sum().div(count()).mul(number(more)).add(left.add(half).div(count().mul(number(2))))
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
