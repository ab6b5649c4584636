//! Display names of the records that a history refers to, as far as the caller may see them.

use std::collections::HashMap;

use sea_orm::{
    QueryResult,
    sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement, UnionType},
};
use uuid::Uuid;

use super::{entries::selected, history::plain, recycle_bin_rules, session::Session};
use crate::{
    access::{Action, RowRule},
    base::{Error, Result, Value},
    catalog::{FieldType, Object, ObjectIx},
    query::Guard,
    sql::{Dialect, decode, encode_as},
    storage::Tx,
};

/// Visible records by id, with their display name. None if the caller may not see the name.
pub(super) type Known = HashMap<(ObjectIx, Uuid), Option<String>>;

/// Returns those records that the caller may see, or could see if they still existed.
///
/// `SELECT 3, id, name FROM employee WHERE id IN (…) AND … UNION ALL SELECT …`
pub(super) async fn known(
    session: &Session,
    tx: Option<&Tx>,
    named: HashMap<ObjectIx, Vec<Uuid>>,
) -> Result<Known> {
    let dialect = session.database.dialect();
    let guard = Guard::new(&session.catalog, dialect);
    let (mut selects, mut judged) = (Vec::new(), Vec::new());
    for (target, mut wanted) in named {
        wanted.sort_unstable();
        wanted.dedup();
        let object = session.catalog.object(target);
        let mut rule = session.access.row_rule(object, Action::Read).clone();
        if session.purpose != Action::Read && object.guarded() {
            rule = rule.both(session.access.row_rule(object, session.purpose));
        }
        if rule == RowRule::None {
            continue;
        }
        if rule != RowRule::All {
            judged.push((object, rule.clone(), wanted.clone()));
        }
        for wanted in wanted.chunks(NAMED) {
            let id = Expr::col((Alias::new("t1"), Alias::new("id")));
            let ids = wanted.iter().map(|id| encode_as(dialect, &Value::Id(*id)));
            let place = i64::try_from(target.0).map_err(Error::internal)?;
            let mut select = Query::select();
            select
                .expr(Expr::Constant(place.into()).cast_as(Alias::new("bigint")))
                .expr(id.clone())
                .expr(called(session, object))
                .from_as(Alias::new(&object.table), Alias::new("t1"))
                .and_where(id.is_in(ids.collect::<Result<Vec<_>>>()?));
            guard.restrict(target, "t1", &rule, &mut select)?;
            selects.push((wanted.len(), select));
        }
    }
    // Each statement combines as many selects as its limit of ids allows.
    let mut known = Known::new();
    let mut union: Option<(usize, SelectStatement)> = None;
    for (ids, select) in selects {
        union = Some(match union.take() {
            None => (ids, select),
            Some((before, mut union)) if before + ids <= NAMED => {
                union.union(UnionType::All, select);
                (before + ids, union)
            }
            Some((_, union)) => {
                note(&mut known, &selected(session, tx, &union).await?, dialect)?;
                (ids, select)
            }
        });
    }
    if let Some((_, union)) = union {
        note(&mut known, &selected(session, tx, &union).await?, dialect)?;
    }
    // Deleted records that the caller could see are included without a name.
    for (object, rule, mut wanted) in judged {
        wanted.retain(|id| !known.contains_key(&(object.ix, *id)));
        if !wanted.is_empty() {
            let open = recycle_bin_rules::open_among(session, tx, object, &rule, &wanted).await?;
            known.extend(open.into_iter().map(|id| ((object.ix, id), None)));
        }
    }
    Ok(known)
}

/// Most ids per statement.
const NAMED: usize = 10_000;

fn note(known: &mut Known, rows: &[QueryResult], dialect: Dialect) -> Result<()> {
    for row in rows {
        let place: i64 = row.try_get_by_index(0).map_err(Error::internal)?;
        let id = decode(dialect, &FieldType::Id, row, 1)?.as_id();
        let called: Option<String> = row.try_get_by_index(2).map_err(Error::internal)?;
        if let (Ok(place), Some(id)) = (usize::try_from(place), id) {
            known.insert((ObjectIx(place), id), called);
        }
    }
    Ok(())
}

/// The display name as an expression. Null unless the caller sees that field on every record.
fn called(session: &Session, object: &Object) -> Expr {
    let display = object.display.filter(|ix| plain(session, object, *ix));
    let column = display.and_then(|ix| object.field(ix).column.as_deref());
    let text = Alias::new("text");
    match column {
        Some(column) => Expr::col((Alias::new("t1"), Alias::new(column))).cast_as(text),
        None => Expr::val(None::<String>).cast_as(text),
    }
}
