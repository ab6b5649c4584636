//! Records as of an earlier instant: today's rows with the later history undone.
//!
//! All reads use one snapshot. For each object of the query, the history since the instant is read. Records
//! without history are today's rows; the others are reconstructed backwards from their present values.

mod owned;

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, Utc};
use sea_orm::{
    QueryResult,
    sea_query::{Alias, Expr, ExprTrait, Order, Query, WindowStatement},
};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::{faults, recycled::value, session::Session, store::Values};
use crate::{
    access::{Action, RowRule},
    base::{Error, Result, Value},
    catalog::{Catalog, FieldIx, Object, ObjectIx},
    query::{Find, Guard, Past, Plan, Stood, compile, render::Renderer},
    sql::{Dialect, decode, encode_as, functions, listed, stored_fields, stored_json},
    storage::{HistoryAction, Tx},
};

/// Most changes since the instant that are undone per object.
const MOST: u64 = 20_000;
/// Most ids per statement.
const NAMED: usize = 500;

/// Runs a find as of an instant, under today's rights.
///
/// Statements: one for the history of each object, line object and many-to-many field of the query, up to two
/// more for each that has history, and the read itself.
pub async fn find_as_of(
    session: &Session,
    find: Find,
    at: DateTime<Utc>,
) -> Result<Option<String>> {
    let mut plan = Plan::of_past(find, &session.catalog, &session.access, session.purpose)?;
    let reads = session.reads.as_deref();
    if reads.is_some() {
        plan = plan.counted();
    }
    let one = plan.alone();
    let tx = session.database.snapshot().await?;
    let mut past = Past::default();
    let objects: Vec<_> = plan.objects().collect();
    for ix in objects {
        let object = session.catalog.object(ix);
        let whole = Since::new(session, &tx, &plan, at, one, whole(session, object));
        let stood = match object.parent {
            Some(_) => owned::lines(&whole, object).await?,
            None => stood(&whole).await?,
        };
        past.records.extend(stood.map(|stood| (ix, Arc::new(stood))));
    }
    let members: Vec<_> = plan.members().collect();
    for (ix, field) in members {
        let of = Since::new(session, &tx, &plan, at, one, session.catalog.object(ix));
        let stood = owned::members(&of, field).await?;
        past.members.extend(stood.map(|stood| ((ix, field), Arc::new(stood))));
    }
    let dialect = session.database.dialect();
    let statement = compile(&plan.over(past), &session.catalog, dialect, &session.seal)?;
    let later = crate::query::Later::default();
    let renderer =
        Renderer { dialect, seal: &session.seal, reads, later: &later, beyond: &session.beyond };
    let mut out = String::new();
    Ok(tx.answer(statement, renderer, &mut out).await?.then_some(out))
}

/// An entry of history.
struct Entry {
    record: Uuid,
    action: HistoryAction,
    version: i64,
    operator: Option<Uuid>,
    at: i64,
    changes: Map<String, Json>,
}

const COLUMNS: [&str; 6] = ["record_id", "action", "version", "operator_id", "at", "changes"];

fn entry(row: &QueryResult) -> Result<Entry> {
    let text = |at: usize| row.try_get_by_index::<String>(at).map_err(Error::internal);
    let number = |at: usize| row.try_get_by_index::<i64>(at).map_err(Error::internal);
    let operator = row.try_get_by_index::<Option<String>>(3).map_err(Error::internal)?;
    Ok(Entry {
        record: text(0)?.parse().map_err(Error::internal)?,
        action: HistoryAction::of_stored(&text(1)?),
        version: number(2)?,
        operator: operator.and_then(|id| id.parse().ok()),
        at: number(4)?,
        changes: serde_json::from_str(&text(5)?).map_err(Error::internal)?,
    })
}

/// Returns the object whose history contains an object's changes: the head of a line, otherwise the object
/// itself.
fn whole<'s>(session: &'s Session, object: &'s Object) -> &'s Object {
    let head = object.parent.and_then(|parent| object.field(parent).target());
    head.map_or(object, |head| session.catalog.object(head))
}

/// The parameters for reading an object's history.
struct Since<'s> {
    session: &'s Session,
    tx: &'s Tx,
    object: &'s Object,
    /// Which of its records are read.
    rule: RowRule,
    at: DateTime<Utc>,
    only: Option<Uuid>,
}

impl<'s> Since<'s> {
    fn new(
        session: &'s Session,
        tx: &'s Tx,
        plan: &Plan,
        at: DateTime<Utc>,
        one: Option<(ObjectIx, Uuid)>,
        object: &'s Object,
    ) -> Self {
        let rule = plan.rule(object.ix).cloned();
        let rule = rule.unwrap_or_else(|| session.access.row_rule(object, Action::Read).clone());
        let only = one.filter(|(root, _)| *root == object.ix).map(|(_, id)| id);
        Self { session, tx, object, rule, at, only }
    }

    /// `SELECT … FROM tw_history WHERE object = $1 AND at > $2 AND record_id IN (SELECT … FROM customer t1
    /// WHERE …) LIMIT 20001`
    ///
    /// Reads only records that the caller may see today: others are not returned and must not count. Sorted
    /// with the latest entry of each record first.
    async fn entries(&self) -> Result<Vec<Entry>> {
        let Self { session, tx, object, rule, at, only } = self;
        let column = |name: &'static str| Expr::col(Alias::new(name));
        let mut select = Query::select();
        select
            .columns(COLUMNS.map(Alias::new))
            .from(Alias::new("tw_history"))
            .and_where(column("object").eq(object.name.as_str()))
            .and_where(column("at").gt(at.timestamp_micros()))
            .limit(MOST + 1);
        if *rule != RowRule::All {
            let id = Expr::col((Alias::new("t1"), Alias::new("id")));
            let mut seen = Query::select();
            seen.expr(id.cast_as(Alias::new("text")))
                .from_as(Alias::new(&object.table), Alias::new("t1"));
            Guard::new(&session.catalog, tx.dialect())
                .of_all()
                .restrict(object.ix, "t1", rule, &mut seen)?;
            select.and_where(column("record_id").in_subquery(seen));
        }
        if let Some(id) = only {
            select.and_where(column("record_id").eq(id.to_string()));
        }
        let rows = tx.select(&select).await?;
        if u64::try_from(rows.len()).map_err(Error::internal)? > MOST {
            return Err(too_many(object));
        }
        let mut since = rows.iter().map(entry).collect::<Result<Vec<_>>>()?;
        // By version, because the clocks of several processes may differ.
        since.sort_by_key(|entry| std::cmp::Reverse(entry.version));
        Ok(since)
    }
}

fn too_many(object: &Object) -> Error {
    faults::too_many_changes(MOST, object.noun()).at(["asOf"])
}

/// Returns the distinct record ids of entries.
fn records_of(since: &[Entry]) -> Vec<Uuid> {
    let mut ids: Vec<_> = since.iter().map(|entry| entry.record).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Returns the changed records of an object as of the instant. None if nothing has changed.
async fn stood(of: &Since<'_>) -> Result<Option<Stood>> {
    let Since { tx, object, at, .. } = *of;
    let since = of.entries().await?;
    if since.is_empty() {
        return Ok(None);
    }
    let ids = records_of(&since);
    let mut records: HashMap<_, _> = ids.iter().map(|id| (*id, Values::default())).collect();
    records.extend(current(tx, object, "id", &ids).await?);
    let mut oldest: HashMap<Uuid, i64> = HashMap::new();
    for entry in &since {
        undo(&of.session.catalog, object, &mut records, entry);
        oldest.insert(entry.record, entry.version);
    }
    let before = before(tx, object, at, &ids).await?;
    for (id, values) in records.iter_mut().filter(|(_, values)| !values.is_empty()) {
        signed(object, *id, values, &before, oldest.get(id).copied().unwrap_or(1));
    }
    packed(tx.dialect(), object, records).map(Some)
}

/// Encodes changed records and their values as of the instant. A record without values did not exist then.
fn packed(dialect: Dialect, object: &Object, records: HashMap<Uuid, Values>) -> Result<Stood> {
    let changed = listed(dialect, &records.keys().map(Uuid::to_string).collect::<Vec<_>>())?;
    let mut rows = Vec::with_capacity(records.len());
    for values in records.values().filter(|values| !values.is_empty()) {
        let row = stored_fields(object).map(|(ix, field, _)| {
            stored_json(dialect, &field.ty, values.get(&ix).unwrap_or(&Value::Null))
        });
        rows.push(Json::Array(row.collect::<Result<_>>()?));
    }
    Ok(Stood { changed, rows: Json::Array(rows).to_string() })
}

/// Loads the present records whose column has one of these ids.
async fn current(
    tx: &Tx,
    object: &Object,
    column: &str,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Values>> {
    let dialect = tx.dialect();
    let mut records = HashMap::new();
    for ids in ids.chunks(NAMED) {
        let ids = ids.iter().map(|id| encode_as(dialect, &Value::Id(*id)));
        let select = Query::select()
            .columns(stored_fields(object).map(|(_, _, column)| Alias::new(column)))
            .from(Alias::new(&object.table))
            .and_where(Expr::col(Alias::new(column)).is_in(ids.collect::<Result<Vec<_>>>()?))
            .to_owned();
        for row in tx.select(&select).await? {
            let mut values = Values::default();
            for (at, (ix, field, _)) in stored_fields(object).enumerate() {
                values.insert(ix, decode(dialect, &field.ty, &row, at)?);
            }
            if let Some(id) = values.get(&FieldIx::ID).and_then(Value::as_id) {
                records.insert(id, values);
            }
        }
    }
    Ok(records)
}

/// Undoes one entry of a record.
fn undo(catalog: &Catalog, object: &Object, records: &mut HashMap<Uuid, Values>, entry: &Entry) {
    let values = records.entry(entry.record).or_default();
    match entry.action {
        // The record did not exist before it was created or restored.
        HistoryAction::Create | HistoryAction::Restore => {
            values.clear();
            return;
        }
        HistoryAction::Delete => {
            values.clear();
            values.insert(FieldIx::ID, Value::Id(entry.record));
        }
        HistoryAction::Update => {}
    }
    for (name, change) in &entry.changes {
        let Some((ix, field)) = object.stored(name) else { continue };
        if field.column.is_none() {
            continue;
        }
        let old = change.get(0).and_then(|old| value(catalog, field, old));
        values.insert(ix, old.unwrap_or(Value::Null));
    }
}

/// Returns the last entry of each record up to an instant, and the entry of its creation.
///
/// ```sql
/// SELECT … FROM (SELECT h.*, ROW_NUMBER() OVER (PARTITION BY record_id ORDER BY version DESC) AS n
///   FROM tw_history h WHERE object = $1 AND record_id IN (…) AND at <= $2) p
/// WHERE n = 1 OR action = 'CREATE'
/// ```
async fn before(
    tx: &Tx,
    object: &Object,
    at: DateTime<Utc>,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Entry>>> {
    let column = |name: &'static str| Expr::col(Alias::new(name));
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    for ids in ids.chunks(NAMED) {
        let mut window = WindowStatement::partition_by(Alias::new("record_id"));
        window.order_by(Alias::new("version"), Order::Desc);
        let inner = Query::select()
            .columns(COLUMNS.map(Alias::new))
            .expr_window_as(functions::row_number(), window, Alias::new("n"))
            .from(Alias::new("tw_history"))
            .and_where(column("object").eq(object.name.as_str()))
            .and_where(column("record_id").is_in(ids.iter().map(Uuid::to_string)))
            .and_where(column("at").lte(at.timestamp_micros()))
            .to_owned();
        let select = Query::select()
            .columns(COLUMNS.map(Alias::new))
            .from_subquery(inner, Alias::new("p"))
            .and_where(
                column("n").eq(1_i64).or(column("action").eq(HistoryAction::Create.as_str())),
            )
            .order_by(Alias::new("n"), Order::Asc)
            .to_owned();
        for row in tx.select(&select).await? {
            let entry = entry(&row)?;
            found.entry(entry.record).or_default().push(entry);
        }
    }
    Ok(found)
}

/// Sets version, creator, last author and their times as of the instant.
///
/// A record loaded without history counts as last changed when it was created.
fn signed(
    object: &Object,
    id: Uuid,
    values: &mut Values,
    before: &HashMap<Uuid, Vec<Entry>>,
    undone: i64,
) {
    let entries = before.get(&id).map(Vec::as_slice).unwrap_or_default();
    let operator = |entry: &Entry| entry.operator.map_or(Value::Null, Value::Id);
    let instant = |entry: &Entry| {
        DateTime::from_timestamp_micros(entry.at).map_or(Value::Null, Value::DateTime)
    };
    let system = object.system;
    let known = |ix: Option<FieldIx>, values: &Values| ix.and_then(|ix| values.get(&ix)).cloned();
    let made = entries.iter().find(|entry| entry.action == HistoryAction::Create);
    let created = known(system.created_at, values).or_else(|| made.map(instant));
    let creator = known(system.created_by, values).or_else(|| made.map(operator));
    let (version, updated, by) = match entries.first() {
        Some(last) => (last.version, Some(instant(last)), Some(operator(last))),
        None => (undone - 1, created.clone(), creator.clone()),
    };
    for (ix, value) in [
        (system.version, Some(Value::Int(Ord::max(version, 1)))),
        (system.created_at, created),
        (system.created_by, creator),
        (system.updated_at, updated),
        (system.updated_by, by),
    ] {
        if let Some(ix) = ix {
            values.insert(ix, value.unwrap_or(Value::Null));
        }
    }
}
