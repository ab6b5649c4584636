//! Counts the visible records of several objects in one statement.

use std::collections::HashMap;

use sea_orm::sea_query::{Alias, Asterisk, Expr, Func, Query, SelectStatement};

use super::session::Session;
use crate::{
    access::Action,
    base::{Error, Result},
    catalog::{Object, ObjectIx},
    query::Guard,
};

/// Returns the number of visible records of each object.
///
/// `SELECT (SELECT COUNT(*) FROM customer), (SELECT COUNT(*) FROM contact)`
pub async fn counts(session: &Session, objects: &[ObjectIx]) -> Result<HashMap<ObjectIx, i64>> {
    let visible = |ix: &&ObjectIx| session.access.may(session.catalog.object(**ix), Action::Read);
    let visible: Vec<_> = objects.iter().filter(visible).copied().collect();
    let mut counted: HashMap<_, _> = objects.iter().map(|ix| (*ix, 0)).collect();
    if visible.is_empty() {
        return Ok(counted);
    }
    let mut select = Query::select();
    for ix in &visible {
        let counted = one(session, session.catalog.object(*ix))?;
        select.expr(Expr::SubQuery(None, Box::new(counted.into())));
    }
    let rows = session.database.select(&select).await?;
    let row = rows.first().ok_or_else(|| Error::internal("no row of counts"))?;
    for (at, ix) in visible.into_iter().enumerate() {
        counted.insert(ix, row.try_get_by_index(at).map_err(Error::internal)?);
    }
    Ok(counted)
}

fn one(session: &Session, object: &Object) -> Result<SelectStatement> {
    let mut select = Query::select();
    select
        .expr(Func::count(Expr::col(Asterisk)))
        .from_as(Alias::new(&object.table), Alias::new("t1"));
    let guard = Guard::new(&session.catalog, session.database.dialect()).of_all();
    guard.restrict(object.ix, "t1", session.access.row_rule(object, Action::Read), &mut select)?;
    Ok(select)
}
