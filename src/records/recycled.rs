//! The recycle bin: deleted records as JSON by field name, so that they survive changes of the definition.
//! Also decides who may see and restore them.

use std::collections::{BTreeSet, HashMap};

use rust_decimal::Decimal;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, LockType, Order, Query, SelectStatement};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::{
    draft::StoredRecord, events::json_of, recycle_bin_rules, session::Session, store::Values,
};
use crate::{
    access::Action,
    base::{Error, Result, Value},
    catalog::{Catalog, Conversion, Field, Object, ObjectIx, ObjectKind, Storage},
    sql::Dialect,
    storage::{Tx, fault},
};

pub(super) const TABLE: &str = "tw_recycled";
/// Most rows per statement.
const ROWS: usize = 100;

/// A record with its lines and members.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Content {
    pub(super) values: Map<String, Json>,
    pub(super) lines: HashMap<String, Vec<Map<String, Json>>>,
    pub(super) members: HashMap<String, Vec<Uuid>>,
}

/// A record to restore.
pub(super) struct Kept {
    pub(super) entry: String,
    /// The version of its deletion.
    pub(super) version: i64,
    pub(super) content: Content,
}

/// A deleted record in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recycled {
    /// The id of its row. Ids rise with time.
    pub entry: Uuid,
    /// The object.
    pub object: ObjectIx,
    /// The record.
    pub id: Uuid,
    /// The version of its deletion.
    pub version: i64,
    /// The operator who deleted it.
    pub operator: Option<Uuid>,
    /// When, in microseconds since 1970.
    pub at: i64,
    /// Its display name, if the caller may see it.
    pub title: Option<String>,
}

/// Encodes all stored fields of a row, including empty ones.
pub(super) fn whole(object: &Object, row: &Values) -> Map<String, Json> {
    let stored = object.each_field().filter(|(_, field)| field.column.is_some());
    let value = |ix| row.get(&ix).unwrap_or(&Value::Null);
    stored.map(|(ix, field)| (field.stored.clone(), json_of(value(ix)))).collect()
}

/// Decodes a stored row. Omits fields that no longer exist or whose type has changed.
pub(super) fn values(catalog: &Catalog, object: &Object, row: &Map<String, Json>) -> Values {
    let stored = object.each_field().filter(|(_, field)| field.column.is_some());
    let read = |field: &Field| value(catalog, field, row.get(&field.stored)?);
    stored.filter_map(|(ix, field)| Some((ix, read(field)?))).collect()
}

/// Decodes a value of history or the recycle bin. None if it does not fit the field's present type. What was kept under
/// another type of the field is converted where that needs nothing but the value.
pub(super) fn value(catalog: &Catalog, field: &Field, json: &Json) -> Option<Value> {
    let known = as_stored(field, json);
    if field.retyped.is_empty() {
        return known;
    }
    let fits = |value: &Value| Conversion::fits(catalog, &field.ty, value);
    known.filter(fits).or_else(|| Conversion::formerly(catalog, &field.ty, json))
}

fn as_stored(field: &Field, json: &Json) -> Option<Value> {
    if json.is_null() {
        return Some(Value::Null);
    }
    let text = || json.as_str().map(str::to_owned);
    match field.ty.storage() {
        Storage::Decimal(_) => text()?.parse::<Decimal>().ok().map(Value::Decimal),
        Storage::Id => text()?.parse().ok().map(Value::Id),
        Storage::Text => text().map(Value::Text),
        Storage::Integer => json.as_i64().map(Value::Int),
        Storage::Boolean => json.as_bool().map(Value::Bool),
        Storage::Date => text()?.parse().ok().map(Value::Date),
        Storage::DateTime => {
            let at = chrono::DateTime::parse_from_rfc3339(&text()?).ok()?;
            Some(Value::DateTime(at.to_utc()))
        }
        Storage::Time => text()?.parse().ok().map(Value::Time),
        Storage::Json => Some(Value::Json(json.to_string())),
        Storage::Names => {
            let items = json.as_array()?.iter();
            let item = |item: &Json| Some(Value::Text(item.as_str()?.to_owned()));
            items.map(item).collect::<Option<_>>().map(Value::List)
        }
        // Lines and members are kept beside the values.
        Storage::Elsewhere => None,
    }
}

/// Stores deleted records: `INSERT INTO tw_recycled (…) VALUES (…), (…)`.
pub(super) async fn keep(
    session: &Session,
    tx: &Tx,
    object: &Object,
    records: &[StoredRecord],
    contents: &[Content],
) -> Result<()> {
    let at = session.env.clock.now().timestamp_micros();
    let operator = session.access.operator().map(|id| id.to_string());
    let rows: Vec<_> = records.iter().zip(contents).collect();
    for rows in rows.chunks(ROWS) {
        let mut insert = Query::insert();
        insert.into_table(Alias::new(TABLE)).columns(
            ["id", "object", "record_id", "version", "operator_id", "at", "content"]
                .map(Alias::new),
        );
        for (old, content) in rows {
            insert
                .values([
                    session.env.ids.next().to_string().into(),
                    object.name.as_str().into(),
                    old.id.to_string().into(),
                    (old.version + 1).into(),
                    operator.clone().into(),
                    at.into(),
                    serde_json::to_string(content).map_err(Error::internal)?.into(),
                ])
                .map_err(Error::internal)?;
        }
        tx.insert(&insert).await.map_err(fault)?;
    }
    Ok(())
}

/// Selects what the caller may restore: their own deletions, or all for administrators.
fn removed_by(session: &Session) -> SelectStatement {
    let mut select = Query::select();
    select.from(Alias::new(TABLE));
    if !session.access.may_everything() {
        let operator = session.access.operator().map(|id| id.to_string()).unwrap_or_default();
        select.and_where(Expr::col(Alias::new("operator_id")).eq(operator));
    }
    select
}

/// Loads and locks a deleted record. None if there is none that the caller may restore.
///
/// `SELECT id, version, content FROM tw_recycled WHERE operator_id = $1 AND object = $2 AND record_id = $3
/// FOR UPDATE`
pub(super) async fn find(
    session: &Session,
    tx: &Tx,
    object: &Object,
    id: Uuid,
) -> Result<Option<Kept>> {
    let mut select = removed_by(session);
    select
        .columns(["id", "version", "content"].map(Alias::new))
        .and_where(Expr::col(Alias::new("object")).eq(object.name.as_str()))
        .and_where(Expr::col(Alias::new("record_id")).eq(id.to_string()));
    if tx.dialect() == Dialect::Postgres {
        select.lock(LockType::Update);
    }
    let rows = tx.select(&select).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let content: String = row.try_get_by_index(2).map_err(Error::internal)?;
    Ok(Some(Kept {
        entry: row.try_get_by_index(0).map_err(Error::internal)?,
        version: row.try_get_by_index(1).map_err(Error::internal)?,
        content: serde_json::from_str(&content).map_err(Error::internal)?,
    }))
}

/// Deletes an entry of the recycle bin.
pub(super) async fn forget(tx: &Tx, entry: &str) -> Result<()> {
    let delete = Query::delete()
        .from_table(Alias::new(TABLE))
        .and_where(Expr::col(Alias::new("id")).eq(entry))
        .to_owned();
    tx.delete(&delete).await.map(|_| ()).map_err(fault)
}

/// Returns the deleted records that the caller may restore, latest first, and whether there are more.
///
/// `SELECT … FROM tw_recycled WHERE operator_id = $1 AND object IN ($2, …) AND id < $3 ORDER BY id DESC LIMIT
/// 51`
pub async fn recycled(
    session: &Session,
    object: Option<&str>,
    first: u32,
    after: Option<Uuid>,
) -> Result<(Vec<Recycled>, bool)> {
    let open = session.catalog.objects.iter().filter(|known| {
        known.kind != ObjectKind::Line
            && object.is_none_or(|object| known.name == object)
            && session.access.may(known, Action::Read)
            && session.access.may(known, Action::Create)
    });
    let names: Vec<_> = open.map(|object| object.name.as_str()).collect();
    if names.is_empty() || first == 0 {
        return Ok((Vec::new(), false));
    }
    let mut select = removed_by(session);
    select
        .columns(
            ["id", "object", "record_id", "version", "operator_id", "at", "content"]
                .map(Alias::new),
        )
        .and_where(Expr::col(Alias::new("object")).is_in(names))
        .order_by(Alias::new("id"), Order::Desc)
        .limit(u64::from(first) + 1);
    if let Some(after) = after {
        select.and_where(Expr::col(Alias::new("id")).lt(after.to_string()));
    }
    let rows = session.database.select(&select).await?;
    let wanted = usize::try_from(first).map_err(Error::internal)?;
    let mut listed = Vec::with_capacity(rows.len().min(wanted));
    let mut contents = Vec::with_capacity(rows.len().min(wanted));
    for row in rows.iter().take(wanted) {
        let text = |at: usize| row.try_get_by_index::<String>(at).map_err(Error::internal);
        let id = |at: usize| text(at)?.parse::<Uuid>().map_err(Error::internal);
        let Some(object) = session.catalog.named(&text(1)?) else { continue };
        let operator: Option<String> = row.try_get_by_index(4).map_err(Error::internal)?;
        contents.push(serde_json::from_str::<Content>(&text(6)?).map_err(Error::internal)?);
        listed.push(Recycled {
            entry: id(0)?,
            object: object.ix,
            id: id(2)?,
            version: row.try_get_by_index(3).map_err(Error::internal)?,
            operator: operator.and_then(|operator| operator.parse().ok()),
            at: row.try_get_by_index(5).map_err(Error::internal)?,
            title: None,
        });
    }
    name(session, &mut listed, &contents).await?;
    Ok((listed, rows.len() > wanted))
}

/// Adds display names. Omits those of fields that are hidden from the caller, and of records that the caller
/// could not read.
async fn name(session: &Session, listed: &mut [Recycled], contents: &[Content]) -> Result<()> {
    let objects: BTreeSet<_> = listed.iter().map(|one| one.object).collect();
    for object in objects.into_iter().map(|ix| session.catalog.object(ix)) {
        let Some(display) = object.display else { continue };
        if session.access.field_rule(object.ix, display).is_some() {
            continue;
        }
        let all = listed.iter_mut().zip(contents);
        let of: Vec<_> = all.filter(|(one, _)| one.object == object.ix).collect();
        let rule = session.access.row_rule(object, Action::Read);
        let kept: Vec<_> = of.iter().map(|(_, content)| *content).collect();
        let open = recycle_bin_rules::open(session, None, object, rule, &kept).await?;
        for ((one, content), _) in of.into_iter().zip(open).filter(|(_, open)| *open) {
            let values = values(&session.catalog, object, &content.values);
            one.title = values.get(&display).and_then(Value::as_text).map(str::to_owned);
        }
    }
    Ok(())
}
