//! Writes the traces of a save: history of fields, an outbox event.

use sea_orm::{
    Value as Bound,
    sea_query::{Alias, Expr, InsertStatement, Query},
};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{relate, session::Session, store::Values};
use crate::{
    base::{Error, Result, Value},
    catalog::{Field, FieldIx, Object},
    sql::Dialect,
    storage::{HistoryAction, Inserts, TextKey, Tx, fault},
};

/// Encodes a value for a history entry.
pub(super) fn json_of(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(bool) => json!(bool),
        Value::Int(int) => json!(int),
        Value::Decimal(number) => json!(number.to_string()),
        Value::Text(text) => json!(text),
        Value::Date(date) => json!(date.to_string()),
        Value::DateTime(at) => {
            json!(at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
        }
        Value::Time(time) => json!(time.to_string()),
        Value::Id(id) => json!(id.to_string()),
        Value::Json(text) => serde_json::from_str(text).unwrap_or_else(|_| json!(text)),
        Value::List(items) => Json::Array(items.iter().map(json_of).collect()),
    }
}

/// Encodes a field's value. Decimals get the field's number of digits.
pub(crate) fn json_in(field: &Field, value: &Value) -> Json {
    match (field.ty.scale(), value) {
        (Some(scale), Value::Decimal(number)) => {
            let mut number = *number;
            number.rescale(scale.into());
            json!(number.to_string())
        }
        _ => json_of(value),
    }
}

/// Returns the changed fields with old and new value: `{"level": ["B", "A"]}`.
pub(super) fn differences(
    object: &Object,
    old: Option<&Values>,
    new: Option<&Values>,
) -> Map<String, Json> {
    let mut changes = Map::new();
    for (ix, field) in object.each_field() {
        if field.column.is_none() || object.system.stamps(ix) {
            continue;
        }
        let [before, after] = [old, new]
            .map(|values| values.and_then(|values| values.get(&ix)).unwrap_or(&Value::Null));
        if before != after {
            changes.insert(
                field.stored.clone(),
                json!([json_in(field, before), json_in(field, after)]),
            );
        }
    }
    changes
}

/// Returns the values of a line: `{"quantity": "2.0000"}`.
pub(super) fn values(object: &Object, row: &Values) -> Map<String, Json> {
    let stored = object.each_field().filter(|(_, field)| field.column.is_some());
    stored
        .filter_map(|(ix, field)| Some((field.stored.clone(), json_in(field, row.get(&ix)?))))
        .filter(|(_, value)| !value.is_null())
        .collect()
}

/// Returns the fields of `values` that differ from `old`.
pub(super) fn changed(object: &Object, old: &Values, values: &Values) -> Vec<FieldIx> {
    object
        .each_field()
        .filter(|(ix, field)| {
            field.column.is_some()
                && values.get(ix).is_some_and(|new| old.get(ix).unwrap_or(&Value::Null) != new)
        })
        .map(|(ix, _)| ix)
        .collect()
}

/// The data of one record for history and outbox.
pub(super) struct LoggedChange {
    pub(super) id: Uuid,
    pub(super) version: i64,
    pub(super) changes: Map<String, Json>,
    /// Microseconds since 1970. Equals the record's `updatedAt`, so that both agree.
    pub(super) at: i64,
}

/// When a record with these values was last changed, in microseconds since 1970.
pub(super) fn changed_at(session: &Session, object: &Object, values: &Values) -> i64 {
    match object.system.updated_at.and_then(|ix| values.get(&ix)) {
        Some(Value::DateTime(at)) => at.timestamp_micros(),
        _ => session.env.clock.now().timestamp_micros(),
    }
}

/// Most entries per statement.
const ENTRIES: usize = 200;

/// Inserts the history entries and outbox events of saved records.
///
/// `INSERT INTO tw_history (…) VALUES (…), (…)`, and the same for `tw_outbox`.
pub(super) async fn record(
    session: &Session,
    tx: &Tx,
    object: &Object,
    action: HistoryAction,
    entries: Vec<LoggedChange>,
) -> Result<()> {
    relate::note(session, tx, object, action, &entries).await?;
    let operator = session.access.operator().map(|id| id.to_string());
    for entries in entries.chunks(ENTRIES) {
        let (mut history, mut events) = (Vec::new(), Vec::new());
        for entry in entries {
            let id = entry.id.to_string();
            let fields: Vec<_> = entry.changes.keys().map(String::as_str).collect();
            let fields = serde_json::to_string(&fields).map_err(Error::internal)?;
            let changes = serde_json::to_string(&entry.changes).map_err(Error::internal)?;
            events.extend::<[Bound; 7]>([
                object.name.as_str().into(),
                id.as_str().into(),
                action.as_str().into(),
                fields.into(),
                session.catalog.version.into(),
                entry.at.into(),
                entry.version.into(),
            ]);
            history.extend::<[Bound; 9]>([
                session.env.ids.next().to_string().into(),
                object.name.as_str().into(),
                id.into(),
                action.as_str().into(),
                entry.version.into(),
                operator.clone().into(),
                entry.at.into(),
                changes.into(),
                session.via.as_deref().map(str::to_owned).into(),
            ]);
        }
        let key = |what| TextKey::new(&session.catalog, None, what, entries.len(), ENTRIES);
        let done = match tx.dialect() {
            Dialect::Postgres => {
                let all = history.len();
                history.append(&mut events);
                let written = |values: &[Bound]| {
                    let (history, events) = values.split_at(all);
                    Ok(Inserts::both(rows(HISTORY, history)?, rows(OUTBOX, events)?))
                };
                tx.insert_kept(key("told"), history, written).await
            }
            Dialect::Sqlite => {
                let written = |table| move |values: &[Bound]| rows(table, values).map(Inserts::one);
                let first = tx.insert_kept(key("history"), history, written(HISTORY)).await;
                first.map_err(fault)?;
                tx.insert_kept(key("outbox"), events, written(OUTBOX)).await
            }
        };
        done.map_err(fault)?;
    }
    Ok(())
}

type Table = (&'static str, &'static [&'static str]);

const HISTORY: Table = (
    "tw_history",
    &["id", "object", "record_id", "action", "version", "operator_id", "at", "changes", "via"],
);
const OUTBOX: Table =
    ("tw_outbox", &["object", "record_id", "action", "fields", "catalog_version", "at", "version"]);

fn rows((table, columns): Table, values: &[Bound]) -> Result<InsertStatement> {
    let mut insert = Query::insert();
    insert.into_table(Alias::new(table)).columns(columns.iter().map(|name| Alias::new(*name)));
    for row in values.chunks(columns.len()) {
        insert.values(row.iter().cloned().map(Expr::val)).map_err(Error::internal)?;
    }
    Ok(insert)
}
