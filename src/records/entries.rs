//! Reads stored history entries, the latest of each record first. Does not decide what the caller may see of
//! them.

use std::collections::HashMap;

use sea_orm::{
    QueryResult,
    sea_query::{
        Alias, Condition, Expr, ExprTrait, Order, Query, SelectStatement, WindowStatement,
    },
};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::session::Session;
use crate::{
    base::{Error, Result},
    catalog::{FieldIx, Object},
    sql::{Dialect, any_of, functions},
    storage::Tx,
};

/// A stored entry.
pub(super) struct HistoryEntry {
    pub(super) id: String,
    pub(super) at: i64,
    /// The stored text. `history` shows it unchanged, even if a later program wrote it.
    pub(super) action: String,
    pub(super) version: i64,
    pub(super) operator: Option<Uuid>,
    pub(super) changes: Map<String, Json>,
    /// The root field of the move or action by which it came about.
    pub(super) via: Option<String>,
}

/// Runs a select, within a transaction if there is one.
pub(super) async fn selected(
    session: &Session,
    tx: Option<&Tx>,
    select: &SelectStatement,
) -> Result<Vec<QueryResult>> {
    match tx {
        None => session.database.select(select).await,
        Some(tx) => tx.select(select).await,
    }
}

/// Returns the latest entries of records, per group before an entry id if one is given, at most `most` per
/// record.
///
/// ```sql
/// SELECT … FROM (SELECT h.*, ROW_NUMBER() OVER (PARTITION BY record_id ORDER BY id DESC) AS n
///   FROM tw_history h WHERE object = $1 AND (record_id IN (…) AND id < $2)) p WHERE n <= 51
/// ```
pub(super) async fn entries(
    session: &Session,
    object: &Object,
    field: Option<FieldIx>,
    of: &[(Option<String>, Vec<Uuid>)],
    most: usize,
) -> Result<HashMap<Uuid, Vec<HistoryEntry>>> {
    let column = |name: &'static str| Expr::col(Alias::new(name));
    let mut window = WindowStatement::partition_by(Alias::new("record_id"));
    window.order_by(Alias::new("id"), Order::Desc);
    let mut among = Condition::any();
    for (before, records) in of {
        let those = column("record_id").is_in(records.iter().map(Uuid::to_string));
        among = among.add(match before {
            Some(before) => those.and(column("id").lt(before.as_str())),
            None => those,
        });
    }
    let mut inner = Query::select();
    inner
        .columns(COLUMNS.map(Alias::new))
        .expr_window_as(functions::row_number(), window, Alias::new("n"))
        .from(Alias::new("tw_history"))
        .and_where(column("object").eq(object.name.as_str()))
        .cond_where(among);
    if let Some(field) = field {
        // A union field is stored as its relations.
        let own = [field];
        let stored = match object.relations_of(field) {
            [] => own.as_slice(),
            relations => relations,
        };
        let dialect = session.database.dialect();
        let any = stored.iter().map(|ix| holds(dialect, &object.field(*ix).stored));
        inner.and_where(any_of(any.collect()).unwrap_or_else(|| Expr::val(1).eq(0)));
    }
    let select = Query::select()
        .columns(COLUMNS.map(Alias::new))
        .from_subquery(inner, Alias::new("p"))
        .and_where(column("n").lte(i64::try_from(most).map_err(Error::internal)?))
        .order_by(Alias::new("record_id"), Order::Asc)
        .order_by(Alias::new("id"), Order::Desc)
        .to_owned();
    let mut found: HashMap<Uuid, Vec<HistoryEntry>> = HashMap::new();
    for row in session.database.select(&select).await? {
        let (record, entry) = entry(&row)?;
        found.entry(record).or_default().push(entry);
    }
    Ok(found)
}

const COLUMNS: [&str; 8] =
    ["id", "record_id", "at", "action", "version", "operator_id", "changes", "via"];

/// The condition that an entry changes a field: `json_extract(changes, '$.level') IS NOT NULL`.
fn holds(dialect: Dialect, field: &str) -> Expr {
    functions::json_member(dialect, Expr::col(Alias::new("changes")), field).is_not_null()
}

fn entry(row: &QueryResult) -> Result<(Uuid, HistoryEntry)> {
    let text = |at: usize| row.try_get_by_index::<String>(at).map_err(Error::internal);
    let number = |at: usize| row.try_get_by_index::<i64>(at).map_err(Error::internal);
    let operator = row.try_get_by_index::<Option<String>>(5).map_err(Error::internal)?;
    let entry = HistoryEntry {
        id: text(0)?,
        at: number(2)?,
        action: text(3)?,
        version: number(4)?,
        operator: operator.and_then(|id| id.parse().ok()),
        changes: serde_json::from_str(&text(6)?).map_err(Error::internal)?,
        via: row.try_get_by_index::<Option<String>>(7).map_err(Error::internal)?,
    };
    Ok((text(1)?.parse().map_err(Error::internal)?, entry))
}
