//! Reads records: a find becomes a plan, a statement, and JSON or values.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement, UnionType};
use uuid::Uuid;

use super::{history, session::Session};
use crate::{
    access::{Action, RowRule},
    base::{Error, Result, Value},
    catalog::{FieldIx, Object, ObjectIx},
    query::{
        Find, FoundRows, Guard, Item, Later, Part, Plan, Selection, Statement, What,
        render::Renderer,
    },
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
    let (statement, later) = (compiled(session, find)?, Later::default());
    let start = out.len();
    let found = session.database.answer(statement, renderer(session, &later), out).await?;
    let mut due = later.take();
    if !due.is_empty() {
        for due in &mut due {
            due.at -= start;
        }
        let text = out.split_off(start);
        out.push_str(&Box::pin(history::fill(session, text, due)).await?);
    }
    Ok(found)
}

/// Like [`find`], but returns the records as values. The find is of one record, or of the `nodes` of a list,
/// and selects fields, relations and plain lists.
pub async fn find_rows(session: &Session, find: Find) -> Result<FoundRows> {
    let (statement, later) = (compiled(session, find)?, Later::default());
    session.database.found(statement, renderer(session, &later)).await
}

/// Like [`find_rows`], within a transaction.
pub(super) async fn find_rows_in(session: &Session, tx: &Tx, find: Find) -> Result<FoundRows> {
    let (statement, later) = (compiled(session, find)?, Later::default());
    tx.found(statement, renderer(session, &later)).await
}

fn compiled(session: &Session, find: Find) -> Result<Statement> {
    let plan = Plan::new(find, &session.catalog, &session.access, session.purpose)?;
    let mut plan = plan.on(session.today());
    if session.reads.is_some() {
        plan = plan.counted();
    }
    let (templates, dialect) = (session.database.templates(), session.database.dialect());
    templates.statement(plan, &session.catalog, dialect, &session.seal)
}

fn renderer<'s>(session: &'s Session, later: &'s Later) -> Renderer<'s> {
    Renderer {
        dialect: session.database.dialect(),
        seal: &session.seal,
        reads: session.reads.as_deref(),
        later,
        beyond: &session.beyond,
    }
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

/// Whether there is a record that the caller may read.
pub async fn is_readable(session: &Session, object: &Object, id: Uuid) -> Result<bool> {
    let own = Part { key: "id".to_owned(), what: Item::Field(FieldIx::ID) };
    let key = vec![(FieldIx::ID, Value::Id(id))];
    let what = What::One { key, selection: Selection(vec![own]) };
    Ok(find(session, Find { object: object.ix, what }).await?.is_some_and(|found| found != "null"))
}
