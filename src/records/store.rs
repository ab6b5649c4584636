//! Rows of one object in a transaction: load for a change, insert, update, delete; and what rows of others carry
//! of them.
//!
//! Turns violations into errors of the fields concerned.

use sea_orm::{
    DbErr, Value as SqlValue,
    sea_query::{Alias, Expr, ExprTrait, LockType, Order, Query, SelectStatement},
};
use uuid::Uuid;

use super::faults;
use crate::{
    base::{Error, Message, Result, Value},
    catalog::{Catalog, CountsFor, FieldIx, Object, Unique},
    sql::{Dialect, access_keys, decode, encode, encode_as, gram_tables, grams, keys},
    storage::{Inserts, TextKey, Tx, Violation, fault, logins, search, violation},
};

pub(super) use crate::rules::Values;

/// Returns the stored fields of an object with their columns.
fn columns(object: &Object) -> Vec<(FieldIx, &str)> {
    object.each_field().filter_map(|(ix, field)| Some((ix, field.column.as_deref()?))).collect()
}

/// Most ids per statement.
pub(super) const NAMED: usize = 500;
/// Most rows per statement. Full chunks share one prepared text.
const ROWS: usize = 100;

/// `id = $1`, or `id IN ($1, …)` for several.
pub(super) fn among(dialect: Dialect, column: &str, ids: &[Uuid]) -> Result<Expr> {
    is_among(dialect, Expr::col(Alias::new(column)), ids)
}

pub(super) fn is_among(dialect: Dialect, column: Expr, ids: &[Uuid]) -> Result<Expr> {
    let id = |id: &Uuid| encode_as(dialect, &Value::Id(*id));
    Ok(match ids {
        [one] => column.eq(id(one)?),
        several => column.is_in(several.iter().map(id).collect::<Result<Vec<_>>>()?),
    })
}

/// Loads and locks the records whose `field` is one of these ids: `SELECT … FROM customer AS t1 WHERE t1.id =
/// $1 FOR UPDATE OF t1`.
///
/// Lines come in their order. Records are locked in the order of their ids, so that concurrent writers do not
/// deadlock.
pub(super) async fn load(
    tx: &Tx,
    object: &Object,
    field: FieldIx,
    ids: &[Uuid],
) -> Result<Vec<Values>> {
    load_where(tx, object, field, ids, |_| Ok(())).await
}

/// Like [`load`], restricted by `narrow` on the alias `t1`. Other records are not locked.
pub(super) async fn load_where(
    tx: &Tx,
    object: &Object,
    field: FieldIx,
    ids: &[Uuid],
    narrow: impl Fn(&mut SelectStatement) -> Result<()>,
) -> Result<Vec<Values>> {
    load_locked(tx, object, (field, ids), Some(LockType::Update), narrow).await
}

/// The records whose `field` is one of these ids, without a lock.
pub(super) async fn read(
    tx: &Tx,
    object: &Object,
    field: FieldIx,
    ids: &[Uuid],
) -> Result<Vec<Values>> {
    load_locked(tx, object, (field, ids), None, |_| Ok(())).await
}

/// Loads records and locks them against other writers, though not against who refers to them: whoever has saved a
/// record that refers to one of these may do the same.
pub(super) async fn load_beside(tx: &Tx, object: &Object, ids: &[Uuid]) -> Result<Vec<Values>> {
    load_locked(tx, object, (FieldIx::ID, ids), Some(LockType::NoKeyUpdate), |_| Ok(())).await
}

async fn load_locked(
    tx: &Tx,
    object: &Object,
    (field, ids): (FieldIx, &[Uuid]),
    lock: Option<LockType>,
    narrow: impl Fn(&mut SelectStatement) -> Result<()>,
) -> Result<Vec<Values>> {
    let of = |column: &str| (Alias::new("t1"), Alias::new(column));
    let columns = columns(object);
    let dialect = tx.dialect();
    let by = object.field(field).column.as_deref().unwrap_or("id");
    let mut sorted = ids.to_vec();
    sorted.sort_unstable();
    let mut records = Vec::new();
    for ids in sorted.chunks(NAMED) {
        let mut select = Query::select();
        select
            .columns(columns.iter().map(|(_, column)| of(column)))
            .from_as(Alias::new(&object.table), Alias::new("t1"))
            .and_where(is_among(dialect, Expr::col(of(by)), ids)?);
        narrow(&mut select)?;
        if object.parent.is_some() {
            select.order_by(of("line_no"), Order::Asc);
        } else if ids.len() > 1 || field != FieldIx::ID {
            select.order_by(of("id"), Order::Asc);
        }
        if let (Dialect::Postgres, Some(lock)) = (dialect, lock) {
            select.lock_with_tables(lock, [Alias::new("t1")]);
        }
        for row in tx.select(&select).await? {
            let mut values = Values::default();
            for (at, (ix, _)) in columns.iter().enumerate() {
                values.insert(*ix, decode(dialect, &object.field(*ix).ty, &row, at)?);
            }
            records.push(values);
        }
    }
    Ok(records)
}

/// Inserts records of one object: `INSERT INTO customer (…) VALUES (…), (…)`. On PostgreSQL the same
/// statement inserts their grams. The access keys that they carry are read from the related records.
pub(super) async fn insert(
    tx: &Tx,
    catalog: &Catalog,
    object: &Object,
    records: &[&Values],
) -> Result<()> {
    let columns = columns(object);
    let carried = &object.access_keys;
    let width = columns.len() + carried.len();
    let most = (30_000 / width.max(1)).clamp(1, ROWS);
    for records in records.chunks(most) {
        let mut found = Vec::new();
        if search::has(object) {
            found.extend(records.iter().filter_map(|values| {
                Some((values.get(&FieldIx::ID)?.as_id()?, found_by(object, values)))
            }));
        }
        let with_grams = !found.is_empty() && tx.dialect() == Dialect::Postgres;
        let mut values = Vec::with_capacity(records.len() * (width + 2));
        for record in records {
            for (ix, _) in &columns {
                let value = record.get(ix).unwrap_or(&Value::Null);
                values.push(encode(tx.dialect(), &object.field(*ix).ty, value)?);
            }
            for key in carried {
                let value = record.get(&key.via).unwrap_or(&Value::Null);
                values.push(encode(tx.dialect(), &object.field(key.via).ty, value)?);
            }
        }
        let rows = values.len();
        if with_grams {
            values
                .extend(found.iter().flat_map(|(id, grams)| [(*id).into(), grams.as_str().into()]));
        }
        let written = |bound: &[SqlValue]| {
            let names = columns.iter().map(|(_, column)| *column);
            let names = names.chain(carried.iter().map(|key| key.column.as_str()));
            let mut insert = Query::insert();
            insert.into_table(Alias::new(&object.table)).columns(names.map(Alias::new));
            for row in bound[..rows].chunks(width) {
                let (own, related) = row.split_at(columns.len());
                let own = own.iter().cloned().map(Expr::val);
                let related = carried.iter().zip(related).map(|(key, id)| {
                    access_keys::value_locked(tx.dialect(), key, Expr::val(id.clone()))
                });
                insert.values(own.chain(related)).map_err(Error::internal)?;
            }
            Ok(match with_grams {
                true => Inserts::both(insert, gram_tables::write(object, &found)?),
                false => Inserts::one(insert),
            })
        };
        let key = TextKey::new(catalog, Some(object), "insert", records.len(), most);
        let done = tx.insert_kept(key, values, written).await;
        done.map_err(|error| refused(object, error))?;
        if !found.is_empty() && !with_grams {
            search::put(tx, object, &found, true).await?;
        }
    }
    for values in records {
        counted(tx, object, values);
        let id = values.get(&FieldIx::ID).and_then(Value::as_id);
        called(tx, object, id.as_slice(), values).await?;
    }
    Ok(())
}

/// Notes the records for whose roll-ups a record counts.
pub(super) fn counted(tx: &Tx, object: &Object, values: &Values) {
    let named = |known: &CountsFor| Some((known.object, values.get(&known.via)?.as_id()?));
    tx.owe(object.counts_for.iter().filter_map(named));
}

/// Notes the records for whose roll-ups stored records count: `SELECT DISTINCT customer_id FROM loan WHERE id IN (…)`.
async fn counted_there(tx: &Tx, object: &Object, ids: &[Uuid], by: &[&CountsFor]) -> Result<()> {
    for known in by {
        let field = object.field(known.via);
        let Some(column) = field.column.as_deref() else { continue };
        let select = Query::select()
            .distinct()
            .column(Alias::new(column))
            .from(Alias::new(&object.table))
            .and_where(among(tx.dialect(), "id", ids)?)
            .to_owned();
        for row in tx.select(&select).await? {
            let named = decode(tx.dialect(), &field.ty, &row, 0)?.as_id();
            tx.owe(named.map(|id| (known.object, id)));
        }
    }
    Ok(())
}

/// Keeps the logins of operators in step with their accounts.
async fn called(tx: &Tx, object: &Object, ids: &[Uuid], values: &Values) -> Result<()> {
    if object.name != "Operator" {
        return Ok(());
    }
    let account = object.named("account").and_then(|(ix, _)| values.get(&ix)?.as_text());
    for (id, account) in ids.iter().zip(account.into_iter().cycle()) {
        logins::follow(tx, &object.table, *id, account).await?;
    }
    Ok(())
}

/// Returns the search grams of a record's values.
fn found_by(object: &Object, values: &Values) -> String {
    let searched = object.each_field().filter(|(_, field)| field.search);
    let name = gram_tables::spelt(object).and_then(|ix| values.get(&ix)?.as_text());
    grams(searched.filter_map(|(ix, _)| values.get(&ix)?.as_text()), name)
}

/// Updates some fields of records that get equal values: `UPDATE customer SET level = $1, version = $2 WHERE
/// id = $3`.
///
/// With several records each version is incremented: `SET …, version = version + 1 WHERE id IN (…)`. The
/// records are locked, so the versions are those that were read.
pub(super) async fn update(
    tx: &Tx,
    object: &Object,
    ids: &[Uuid],
    values: &Values,
    fields: &[FieldIx],
) -> Result<()> {
    let decides = |known: &&CountsFor| {
        fields.contains(&known.via) || known.reads.iter().any(|read| fields.contains(read))
    };
    let counts: Vec<_> = object.counts_for.iter().filter(decides).collect();
    let moves = counts.iter().filter(|known| fields.contains(&known.via));
    tx.owe(moves.filter_map(|known| Some((known.object, values.get(&known.via)?.as_id()?))));
    for ids in ids.chunks(NAMED) {
        counted_there(tx, object, ids, &counts).await?;
        let mut update = Query::update();
        update.table(Alias::new(&object.table));
        for ix in fields {
            let field = object.field(*ix);
            let Some(column) = &field.column else { continue };
            let value = if ids.len() > 1 && object.system.version == Some(*ix) {
                Expr::col(Alias::new(column)).add(1_i64)
            } else {
                let value = values.get(ix).unwrap_or(&Value::Null);
                Expr::val(encode(tx.dialect(), &field.ty, value)?)
            };
            update.value(Alias::new(column), value);
        }
        for key in object.access_keys.iter().filter(|key| fields.contains(&key.via)) {
            let related = values.get(&key.via).unwrap_or(&Value::Null);
            let related = Expr::val(encode(tx.dialect(), &object.field(key.via).ty, related)?);
            let value = access_keys::value_locked(tx.dialect(), key, related);
            update.value(Alias::new(&key.column), value);
        }
        update.and_where(among(tx.dialect(), "id", ids)?);
        tx.update(&update).await.map_err(|error| refused(object, error))?;
        carry(tx, object, ids, values, fields).await?;
        if fields.iter().any(|ix| object.field(*ix).name == "account") {
            called(tx, object, ids, values).await?;
        }
        if fields.iter().any(|ix| object.field(*ix).search) && search::has(object) {
            let searched = object.each_field().filter(|(_, field)| field.search);
            match ids {
                // All searched values are known.
                [id] if searched.map(|(ix, _)| ix).all(|ix| values.contains_key(&ix)) => {
                    search::put(tx, object, &[(*id, found_by(object, values))], false).await?;
                }
                _ => search::refresh(tx, object, ids).await?,
            }
        }
    }
    Ok(())
}

/// Gives changed fields to the records that carry them: `UPDATE opportunity SET customer_id__department_id = $1
/// WHERE id IN (SELECT id … WHERE customer_id IN (…) AND … ORDER BY id FOR NO KEY UPDATE)`. It is no change of
/// these records.
///
/// Rows that are right are left alone, and the others locked in the order of their ids, as every writer does.
async fn carry(
    tx: &Tx,
    object: &Object,
    ids: &[Uuid],
    values: &Values,
    fields: &[FieldIx],
) -> Result<()> {
    for carrier in object.carriers.iter().filter(|carrier| fields.contains(&carrier.key)) {
        let value = values.get(&carrier.key).unwrap_or(&Value::Null);
        let value = encode(tx.dialect(), &object.field(carrier.key).ty, value)?;
        let mut others = Query::select();
        others
            .column(Alias::new("id"))
            .from(Alias::new(&carrier.table))
            .and_where(among(tx.dialect(), &carrier.via, ids)?)
            .and_where(access_keys::differs(&carrier.column, Expr::val(value.clone())))
            .order_by(Alias::new("id"), Order::Asc);
        if tx.dialect() == Dialect::Postgres {
            others.lock(LockType::NoKeyUpdate);
        }
        let update = Query::update()
            .table(Alias::new(&carrier.table))
            .value(Alias::new(&carrier.column), Expr::val(value))
            .and_where(Expr::col(Alias::new("id")).in_subquery(others))
            .to_owned();
        tx.update(&update).await.map_err(fault)?;
    }
    Ok(())
}

/// `DELETE FROM customer WHERE id = $1`. Returns the raw error, so that the caller can check for a violation.
pub(super) async fn delete(tx: &Tx, object: &Object, ids: &[Uuid]) -> Result<(), DbErr> {
    for ids in ids.chunks(NAMED) {
        if search::has(object) {
            search::forget(tx, object, ids).await?;
        }
        let failed = |error: Error| DbErr::Custom(error.to_string());
        let counts: Vec<_> = object.counts_for.iter().collect();
        counted_there(tx, object, ids, &counts).await.map_err(failed)?;
        let own = among(tx.dialect(), "id", ids).map_err(failed)?;
        let delete =
            Query::delete().from_table(Alias::new(&object.table)).and_where(own).to_owned();
        tx.delete(&delete).await?;
    }
    Ok(())
}

/// Turns the database's refusal of a write into the user's error.
pub(super) fn refused(object: &Object, error: DbErr) -> Error {
    match violation(&error) {
        Some(Violation::Unique(text)) => {
            taken(object, key(object, &text).map_or(&[], |key| &key.fields))
        }
        Some(Violation::Reference) => faults::reference_deleted(),
        None => fault(error),
    }
}

/// Finds the violated key. PostgreSQL reports the index, SQLite `table.column` of each column.
fn key<'o>(object: &'o Object, text: &str) -> Option<&'o Unique> {
    object.uniques.iter().find(|unique| {
        let columns: Vec<_> = unique
            .fields
            .iter()
            .filter_map(|ix| object.field(*ix).column.as_deref())
            .map(|column| format!("{}.{column}", object.table))
            .collect();
        let beside: Vec<_> = unique
            .fields
            .iter()
            .filter_map(|ix| keys::compared(object, *ix))
            .map(|column| format!("{}.{column}", object.table))
            .collect();
        let form = keys::name_of(&unique.name);
        let named = |before: &str| {
            ["\"", "'"].iter().any(|end| text.contains(&format!("{before}{form}{end}")))
        };
        named("\"")
            || named("'")
            || named("but_")
            || text.contains(&format!("\"{}\"", unique.name))
            || text.ends_with(&format!("failed: {}", columns.join(", ")))
            || text.ends_with(&columns.join(", "))
            || text.ends_with(&format!("failed: {}", beside.join(", ")))
    })
}

/// The error for a taken key, at its first field.
pub(super) fn taken(object: &Object, fields: &[FieldIx]) -> Error {
    let fields: Vec<_> = fields.iter().map(|ix| object.field(*ix)).collect();
    let titles: Vec<_> = fields.iter().map(|field| field.title()).collect();
    let fault = match titles.as_slice() {
        [] => faults::key_taken(),
        [title] => faults::value_taken(title),
        several => faults::values_taken(Message::joined(several, (", ", "、"))),
    };
    let names = fields.iter().map(|field| field.name.as_str());
    fault.about(names.clone()).at(names.take(1))
}
