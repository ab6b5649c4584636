//! Counts the records that a change of rules would open and close.

use sea_orm::sea_query::{Alias, CaseStatement, Expr, ExprTrait, Func, Query, SelectStatement};
use uuid::Uuid;

use super::session::Session;
use crate::{
    access::RowRule,
    base::{Error, Result},
    catalog::{Catalog, FieldType, Object},
    query::Guard,
    sql::decode,
};

/// Most examples of each kind.
const EXAMPLES: u64 = 5;

/// The difference between two rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shift {
    /// The number of records that only the new rule allows.
    pub gained: i64,
    /// The number of records that only the old rule allows.
    pub lost: i64,
    /// Some of those gained, newest first.
    pub gained_examples: Vec<Uuid>,
    /// Some of those lost, newest first.
    pub lost_examples: Vec<Uuid>,
}

/// Compares two rules on the existing records. Each rule belongs to its own catalog.
///
/// `SELECT SUM(CASE WHEN after AND NOT before THEN 1 ELSE 0 END), SUM(…) FROM customer t1`
pub async fn shift(
    session: &Session,
    object: &Object,
    before: (&Catalog, &RowRule),
    after: (&Catalog, &RowRule),
) -> Result<Shift> {
    let (before, after) = (holds(session, object, before)?, holds(session, object, after)?);
    let yes = || Expr::Constant(1.into());
    let only = |one: &Expr, other: &Expr| one.clone().eq(yes()).and(other.clone().ne(yes()));
    let (gained, lost) = (only(&after, &before), only(&before, &after));
    let count = |condition: &Expr| -> Expr {
        let each = CaseStatement::new().case(condition.clone(), 1).finally(0);
        Func::coalesce([Func::sum(each).into(), Expr::val(0_i64)]).into()
    };
    let mut select = Query::select();
    select
        .expr(count(&gained))
        .expr(count(&lost))
        .from_as(Alias::new(&object.table), Alias::new("t1"));
    let rows = session.database.select(&select).await?;
    let row = rows.first().ok_or_else(|| Error::internal("no row of counts"))?;
    let mut shift = Shift {
        gained: row.try_get_by_index(0).map_err(Error::internal)?,
        lost: row.try_get_by_index(1).map_err(Error::internal)?,
        ..Shift::default()
    };
    if shift.gained > 0 {
        shift.gained_examples = examples(session, object, gained).await?;
    }
    if shift.lost > 0 {
        shift.lost_examples = examples(session, object, lost).await?;
    }
    Ok(shift)
}

/// 1 if the rule holds, otherwise 0. A plain condition could also be null.
fn holds(session: &Session, object: &Object, (of, rule): (&Catalog, &RowRule)) -> Result<Expr> {
    // What a new definition would carry is not stored yet.
    let guard = Guard::new(of, session.database.dialect()).of_all().without_access_keys();
    let ix = of.named(&object.name).map_or(object.ix, |object| object.ix);
    Ok(match guard.condition(ix, "t1", rule)? {
        None => Expr::Constant(1.into()),
        Some(condition) => CaseStatement::new()
            .case(condition, Expr::Constant(1.into()))
            .finally(Expr::Constant(0.into()))
            .into(),
    })
}

async fn examples(session: &Session, object: &Object, condition: Expr) -> Result<Vec<Uuid>> {
    let id = || Expr::col((Alias::new("t1"), Alias::new("id")));
    let select: SelectStatement = Query::select()
        .expr(id())
        .from_as(Alias::new(&object.table), Alias::new("t1"))
        .and_where(condition)
        .order_by_expr(id(), sea_orm::sea_query::Order::Desc)
        .limit(EXAMPLES)
        .to_owned();
    let dialect = session.database.dialect();
    let rows = session.database.select(&select).await?;
    let ids = rows.iter().map(|row| Ok(decode(dialect, &FieldType::Id, row, 0)?.as_id()));
    Ok(ids.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
}
