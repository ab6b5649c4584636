//! Reads records: a find becomes a plan, a statement and JSON.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement, UnionType};
use uuid::Uuid;

use super::{history, session::Session};
use crate::{
    access::{Action, RowRule},
    base::{Error, Result, Value},
    catalog::ObjectIx,
    query::{Find, Guard, Later, Plan, render::Renderer},
    sql::encode_as,
    storage::Tx,
};

/// Runs a find and returns JSON. None if a single record was asked for and the caller may see no such record.
///
/// Takes one statement at any depth. Each place that selects a history takes two more.
pub async fn find(session: &Session, find: Find) -> Result<Option<String>> {
    let mut out = String::new();
    Ok(find_into(session, find, &mut out).await?.then_some(out))
}

/// Like [`find`], appending to `out`. Returns false if there is nothing to write.
///
/// After an error `out` may contain a part of the JSON.
pub async fn find_into(session: &Session, find: Find, out: &mut String) -> Result<bool> {
    answered(session, None, find, out).await
}

/// Like [`find`], within a transaction.
pub(super) async fn find_in(session: &Session, tx: &Tx, find: Find) -> Result<Option<String>> {
    let mut out = String::new();
    Ok(answered(session, Some(tx), find, &mut out).await?.then_some(out))
}

async fn answered(
    session: &Session,
    tx: Option<&Tx>,
    find: Find,
    out: &mut String,
) -> Result<bool> {
    let mut plan = Plan::new(find, &session.catalog, &session.access, session.purpose)?;
    let reads = session.reads.as_deref();
    if reads.is_some() {
        plan = plan.counted();
    }
    let dialect = session.database.dialect();
    let templates = session.database.templates();
    let statement = templates.statement(plan, &session.catalog, dialect, &session.seal)?;
    let later = Later::default();
    let renderer =
        Renderer { dialect, seal: &session.seal, reads, later: &later, beyond: &session.beyond };
    let start = out.len();
    let found = match tx {
        None => session.database.answer(statement, renderer, out).await?,
        Some(tx) => tx.answer(statement, renderer, out).await?,
    };
    let mut due = later.take();
    if !due.is_empty() {
        for due in &mut due {
            due.at -= start;
        }
        let text = out.split_off(start);
        out.push_str(&Box::pin(history::fill(session, tx, text, due)).await?);
    }
    Ok(found)
}

/// Returns the object of the record with this id, if the caller may read it.
///
/// `SELECT 0 FROM customer WHERE id = $1 UNION ALL SELECT 1 FROM contact WHERE id = $1 …`
pub async fn object_of(session: &Session, id: Uuid) -> Result<Option<ObjectIx>> {
    let guard = Guard::new(&session.catalog, session.database.dialect()).of_one();
    let mut union: Option<SelectStatement> = None;
    for object in &session.catalog.objects {
        let rule = session.access.row_rule(object, Action::Read);
        if *rule == RowRule::None {
            continue;
        }
        let place = i64::try_from(object.ix.0).map_err(Error::internal)?;
        let id = encode_as(session.database.dialect(), &Value::Id(id))?;
        let mut select = Query::select();
        select
            .expr(Expr::Constant(place.into()))
            .from_as(Alias::new(&object.table), Alias::new("t1"))
            .and_where(Expr::col((Alias::new("t1"), Alias::new("id"))).eq(id));
        guard.restrict(object.ix, "t1", rule, &mut select)?;
        match &mut union {
            None => union = Some(select),
            Some(union) => {
                union.union(UnionType::All, select);
            }
        }
    }
    let Some(select) = union else { return Ok(None) };
    let rows = session.database.select(&select).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    // SQLite and PostgreSQL differ in the width of a literal.
    let place = row
        .try_get_by_index::<i64>(0)
        .or_else(|_| row.try_get_by_index::<i32>(0).map(i64::from))
        .map_err(Error::internal)?;
    Ok(usize::try_from(place).ok().map(ObjectIx))
}
