//! Rows of one object in a transaction: read for change, insert, update.
//!
//! Turns the database's refusals into the errors of the fields they are about.

use std::collections::HashMap;

use sea_orm::{
    DbErr,
    sea_query::{Alias, Expr, ExprTrait, LockType, Order, Query},
};
use uuid::Uuid;

use crate::{
    base::{Code, Error, Result, Value},
    catalog::{Catalog, FieldIx, Object},
    sql::{Dialect, decode, encode, encode_as},
    storage::{Tx, Violation, fault, violation},
};

/// A record's stored values by field.
pub(super) type Values = HashMap<FieldIx, Value>;

/// The stored fields of an object with their columns.
fn columns(object: &Object) -> Vec<(FieldIx, &str)> {
    object.each_field().filter_map(|(ix, field)| Some((ix, field.column.as_deref()?))).collect()
}

/// The records whose `field` is `id`, locked for change: `SELECT … WHERE id = $1 FOR UPDATE`.
pub(super) async fn load(
    tx: &Tx,
    object: &Object,
    field: FieldIx,
    id: Uuid,
) -> Result<Vec<Values>> {
    let columns = columns(object);
    let dialect = tx.dialect();
    let by = object.field(field).column.as_deref().unwrap_or("id");
    let mut select = Query::select();
    select
        .columns(columns.iter().map(|(_, column)| Alias::new(*column)))
        .from(Alias::new(&object.table))
        .and_where(Expr::col(Alias::new(by)).eq(encode_as(dialect, &Value::Id(id))?));
    if object.parent.is_some() {
        select.order_by(Alias::new("line_no"), Order::Asc);
    }
    if dialect == Dialect::Postgres {
        select.lock(LockType::Update);
    }
    let mut records = Vec::new();
    for row in tx.select(&select).await? {
        let mut values = Values::new();
        for (at, (ix, _)) in columns.iter().enumerate() {
            values.insert(*ix, decode(dialect, &object.field(*ix).ty, &row, at)?);
        }
        records.push(values);
    }
    Ok(records)
}

/// Inserts records of one object in as few statements as the databases' parameter limits allow.
pub(super) async fn insert(
    tx: &Tx,
    catalog: &Catalog,
    object: &Object,
    records: &[Values],
) -> Result<()> {
    let columns = columns(object);
    let chunk = (30_000 / columns.len().max(1)).clamp(1, 500);
    for records in records.chunks(chunk) {
        let mut insert = Query::insert();
        insert
            .into_table(Alias::new(&object.table))
            .columns(columns.iter().map(|(_, column)| Alias::new(*column)));
        for values in records {
            let row = columns
                .iter()
                .map(|(ix, _)| {
                    let value = values.get(ix).unwrap_or(&Value::Null);
                    encode(tx.dialect(), &object.field(*ix).ty, value).map(Expr::val)
                })
                .collect::<Result<Vec<_>>>()?;
            insert.values(row).map_err(Error::internal)?;
        }
        tx.insert(&insert).await.map_err(|error| refused(catalog, object, error))?;
    }
    Ok(())
}

/// Writes some fields of one record.
pub(super) async fn update(
    tx: &Tx,
    catalog: &Catalog,
    object: &Object,
    id: Uuid,
    values: &Values,
    fields: &[FieldIx],
) -> Result<()> {
    let mut update = Query::update();
    update.table(Alias::new(&object.table));
    for ix in fields {
        let field = object.field(*ix);
        let Some(column) = &field.column else { continue };
        let value = values.get(ix).unwrap_or(&Value::Null);
        update.value(Alias::new(column), Expr::val(encode(tx.dialect(), &field.ty, value)?));
    }
    update.and_where(Expr::col(Alias::new("id")).eq(encode_as(tx.dialect(), &Value::Id(id))?));
    tx.update(&update).await.map_err(|error| refused(catalog, object, error))?;
    Ok(())
}

/// What the database's refusal of a write means to the person who wrote.
pub(super) fn refused(catalog: &Catalog, object: &Object, error: DbErr) -> Error {
    match violation(&error) {
        Some(Violation::Unique(text)) => taken(object, &text),
        Some(Violation::Reference) => {
            let _ = catalog;
            Error::new(
                Code::RecordReference,
                "a record referred to was deleted meanwhile",
                "所引用的记录已被删除",
            )
        }
        None => fault(error),
    }
}

/// A unique key is taken: PostgreSQL names the index, SQLite `table.column` for each column.
fn taken(object: &Object, text: &str) -> Error {
    let key = object.uniques.iter().find(|unique| {
        let columns: Vec<_> = unique
            .fields
            .iter()
            .filter_map(|ix| object.field(*ix).column.as_deref())
            .map(|column| format!("{}.{column}", object.table))
            .collect();
        text.contains(&format!("\"{}\"", unique.name))
            || text.ends_with(&format!("failed: {}", columns.join(", ")))
            || text.ends_with(&columns.join(", "))
    });
    let names: Vec<_> = key
        .map(|unique| unique.fields.iter().map(|ix| object.field(*ix).name.as_str()).collect())
        .unwrap_or_default();
    let what = crate::catalog::quoted_list(&names);
    let error = Error::new(
        Code::RecordTaken,
        format!("another record already has this {what}"),
        format!("已有其他记录使用此 {what}"),
    )
    .hint("choose another value", "请使用其他值");
    match names.as_slice() {
        [one, ..] => error.at([*one]),
        [] => error,
    }
}
