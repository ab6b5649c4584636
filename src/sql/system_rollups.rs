//! Roll-ups of all related records, as they are stored: computed of the records as they are, for some or for all.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement, UpdateStatement};

use super::{
    dialect::Dialect,
    fill::counted_at,
    rolled_up::{Rolled, rolled_up},
};
use crate::{
    base::{Error, Result},
    catalog::{Catalog, FieldIx, FieldType, Object},
};

/// The related records. Their table may be that of the record itself, and no table has this name.
const RELATED: &str = "related_";

/// `(SELECT sum(related_.amount) FROM loan related_ WHERE related_.customer_id = customer.id AND (condition))`
fn value(dialect: Dialect, catalog: &Catalog, object: &Object, ix: FieldIx) -> Result<Expr> {
    let field = object.field(ix);
    let rollup = field.system_rollup().ok_or_else(|| Error::internal("not a roll-up of all"))?;
    let FieldType::Inverse(list) = object.field(rollup.lines).ty else {
        return Err(Error::internal("a roll-up of records that do not refer"));
    };
    let target = catalog.object(list.target);
    let of = |ix: FieldIx| {
        let column = target.field(ix).column.as_deref();
        let column = column.ok_or_else(|| Error::internal("a roll-up of what is not stored"))?;
        Ok::<_, Error>(Expr::col((Alias::new(RELATED), Alias::new(column))))
    };
    let mut rows = Query::select();
    rows.from_as(Alias::new(&target.table), Alias::new(RELATED))
        .and_where(of(list.via)?.equals((Alias::new(&object.table), Alias::new("id"))));
    if let Some(condition) = &field.counted {
        rows.and_where(counted_at(dialect, target, RELATED, condition)?);
    }
    let read = rollup.op.field();
    let rolled = Rolled {
        op: rollup.op,
        value: read.map(of).transpose()?.unwrap_or(Expr::Constant(1.into())),
        scale: read.and_then(|read| target.field(read).ty.scale()).unwrap_or_default(),
        digits: rollup.scale,
    };
    Ok(rolled_up(dialect, rolled, rows))
}

/// The roll-ups of some records: `SELECT id, (SELECT …), … FROM customer WHERE …`, in the order of the fields.
pub fn rolled_up_of(
    dialect: Dialect,
    catalog: &Catalog,
    object: &Object,
    fields: &[FieldIx],
    which: Expr,
) -> Result<SelectStatement> {
    let mut select = Query::select();
    select
        .column((Alias::new(&object.table), Alias::new("id")))
        .from(Alias::new(&object.table))
        .and_where(which);
    for ix in fields {
        select.expr(value(dialect, catalog, object, *ix)?);
    }
    Ok(select)
}

/// Fills a roll-up on all records: `UPDATE customer SET pledged = (SELECT …)`.
pub fn filled(
    dialect: Dialect,
    catalog: &Catalog,
    object: &Object,
    ix: FieldIx,
) -> Result<UpdateStatement> {
    let column = object.field(ix).column.as_deref();
    let column = column.ok_or_else(|| Error::internal("a stored roll-up without a column"))?;
    let mut update = Query::update();
    update
        .table(Alias::new(&object.table))
        .value(Alias::new(column), value(dialect, catalog, object, ix)?);
    Ok(update)
}
