//! The search grams of records: which objects have them, filling missing ones, writing them with each save.
//!
//! A setting per object names the columns of its grams and of its spellings. If it differs from the catalog, because a
//! definition changed or the program is newer, the grams are rebuilt.

use std::collections::HashMap;

use sea_orm::{
    DbErr, QueryResult,
    sea_query::{Alias, Expr, ExprTrait, LikeExpr, Order, Query, SelectStatement},
};
use uuid::Uuid;

use super::{Database, Tx, fault, settings};
use crate::{
    base::{Error, Result, Value},
    catalog::{Catalog, FieldType, Object},
    sql::{Dialect, decode, encode_as, gram_tables, grams},
};

/// Prefix of the settings' keys.
const KEY: &str = "search.";
/// Version of the gram format. A new number rebuilds all grams.
const FORM: &str = "4";
/// Records per chunk when grams are built.
const CHUNK: u64 = 1_000;
/// Most records per statement on PostgreSQL.
const ROWS: usize = 100;

/// The setting of an object whose grams are up to date.
fn mark(object: &Object) -> Option<String> {
    let columns = gram_tables::searched(object);
    let spelt = spelt(object).unwrap_or_default();
    (!columns.is_empty()).then(|| format!("{FORM} {} {spelt}", columns.join(",")))
}

/// The column by whose spelling records of an object are found.
fn spelt(object: &Object) -> Option<&str> {
    object.field(gram_tables::spelt(object)?).column.as_deref()
}

/// The objects whose grams differ from the catalog.
fn stale<'c>(catalog: &'c Catalog, marks: &HashMap<String, String>) -> Vec<&'c Object> {
    let differs = |object: &&Object| marks.get(&object.table) != mark(object).as_ref();
    catalog.objects.iter().filter(differs).collect()
}

fn marks_select() -> SelectStatement {
    Query::select()
        .columns(["key", "value"].map(Alias::new))
        .from(Alias::new("tw_setting"))
        .and_where(Expr::col(Alias::new("key")).like(LikeExpr::new(format!("{KEY}%"))))
        .to_owned()
}

fn marks(rows: &[QueryResult]) -> Result<HashMap<String, String>> {
    let each = rows.iter().map(|row| {
        let (key, value): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        Ok((key.strip_prefix(KEY).unwrap_or_default().to_owned(), value))
    });
    each.collect::<Result<_, DbErr>>().map_err(Error::internal)
}

/// Rebuilds grams that are missing, or that an earlier program or definition made.
pub async fn bring_up(database: &Database, catalog: &Catalog) -> Result<()> {
    let known = marks(&database.select(&marks_select()).await?)?;
    if stale(catalog, &known).is_empty() {
        return Ok(());
    }
    let tx = database.begin().await?;
    tx.unlimited().await?;
    prepare(&tx, catalog).await?;
    tx.commit().await
}

/// Like [`bring_up`], within the transaction of a new version.
pub async fn prepare(tx: &Tx, catalog: &Catalog) -> Result<()> {
    // This row locks out other processes. Later ones find nothing to do.
    settings::set(tx, "searching", FORM).await?;
    let known = marks(&tx.select(&marks_select()).await?)?;
    for object in stale(catalog, &known) {
        let key = format!("{KEY}{}", object.table);
        let Some(mark) = mark(object) else {
            take_away(tx, object).await?;
            let delete = Query::delete()
                .from_table(Alias::new("tw_setting"))
                .and_where(Expr::col(Alias::new("key")).eq(key))
                .to_owned();
            tx.delete(&delete).await.map_err(fault)?;
            continue;
        };
        tracing::info!(object = object.name, "making the index of what is searched");
        remake(tx, object).await?;
        settings::set(tx, &key, &mark).await?;
    }
    Ok(())
}

async fn take_away(tx: &Tx, object: &Object) -> Result<()> {
    for statement in gram_tables::drop(tx.dialect(), object) {
        tx.define(&statement).await.map_err(fault)?;
    }
    Ok(())
}

/// Rebuilds the grams of all records of an object.
pub async fn remake(tx: &Tx, object: &Object) -> Result<()> {
    // Saves lock the object's table first. Without the same order here, dropping the grams could deadlock
    // with them.
    if let Some(statement) = gram_tables::lock(tx.dialect(), object) {
        tx.define(&statement).await.map_err(fault)?;
    }
    take_away(tx, object).await?;
    for statement in gram_tables::create(tx.dialect(), object) {
        tx.define(&statement).await.map_err(fault)?;
    }
    fill(tx, object).await?;
    if let Some(statement) = gram_tables::index(tx.dialect(), object) {
        tx.define(&statement).await.map_err(fault)?;
    }
    Ok(())
}

/// Writes the grams of all records, in chunks by id.
async fn fill(tx: &Tx, object: &Object) -> Result<()> {
    let mut last = None;
    loop {
        let mut select = texts(object);
        select.order_by(Alias::new("id"), Order::Asc).limit(CHUNK);
        if let Some(last) = last {
            let last = encode_as(tx.dialect(), &Value::Id(last))?;
            select.and_where(Expr::col(Alias::new("id")).gt(last));
        }
        let rows = read(tx, object, &select).await?;
        match rows.last() {
            Some((id, _)) => last = Some(*id),
            None => return Ok(()),
        }
        put(tx, object, &rows, true).await?;
    }
}

/// `SELECT id, code, name FROM customer`.
fn texts(object: &Object) -> SelectStatement {
    let mut select = Query::select();
    select.column(Alias::new("id")).from(Alias::new(&object.table));
    select.columns(gram_tables::searched(object).into_iter().map(Alias::new));
    select
}

/// The grams of the records of a select of [`texts`].
async fn read(tx: &Tx, object: &Object, select: &SelectStatement) -> Result<Vec<(Uuid, String)>> {
    let mut rows = Vec::new();
    let named = spelt(object).and_then(|spelt| {
        gram_tables::searched(object).into_iter().position(|column| column == spelt)
    });
    for row in tx.select(select).await? {
        let id = decode(tx.dialect(), &FieldType::Id, &row, 0)?.as_id();
        let id = id.ok_or_else(|| Error::internal("a record without an id"))?;
        let columns = 1..row.column_names().len();
        let texts = columns.map(|at| row.try_get_by_index::<Option<String>>(at));
        let texts = texts.collect::<Result<Vec<_>, _>>().map_err(Error::internal)?;
        let name = named.and_then(|at| texts.get(at)?.as_deref());
        rows.push((id, grams(texts.iter().flatten().map(String::as_str), name)));
    }
    Ok(rows)
}

/// Writes grams of records. `anew` says that these records have none yet.
pub async fn put(tx: &Tx, object: &Object, rows: &[(Uuid, String)], anew: bool) -> Result<()> {
    if tx.dialect() == Dialect::Postgres {
        for rows in rows.chunks(ROWS) {
            tx.insert(&gram_tables::write(object, rows)?).await.map_err(fault)?;
        }
        return Ok(());
    }
    let rows: Vec<_> = rows.iter().map(|(id, grams)| [id.to_string(), grams.clone()]).collect();
    let rows = serde_json::to_string(&rows).map_err(Error::internal)?;
    for statement in gram_tables::write_all(object, anew) {
        tx.run(statement, [rows.as_str().into()]).await.map_err(fault)?;
    }
    Ok(())
}

/// Rewrites the grams of records from their present values.
pub async fn refresh(tx: &Tx, object: &Object, ids: &[Uuid]) -> Result<()> {
    let encoded = ids.iter().map(|id| encode_as(tx.dialect(), &Value::Id(*id)));
    let encoded = encoded.collect::<Result<Vec<_>>>()?;
    let select = texts(object).and_where(Expr::col(Alias::new("id")).is_in(encoded)).to_owned();
    let rows = read(tx, object, &select).await?;
    put(tx, object, &rows, false).await
}

/// Deletes the grams of records that are about to be removed.
pub async fn forget(tx: &Tx, object: &Object, ids: &[Uuid]) -> Result<(), DbErr> {
    let Some(statement) = gram_tables::forget(tx.dialect(), object) else { return Ok(()) };
    let ids = serde_json::json!(ids.iter().map(Uuid::to_string).collect::<Vec<_>>());
    tx.run(statement, [ids.to_string().into()]).await
}

/// Whether an object has grams.
pub fn has(object: &Object) -> bool {
    !gram_tables::searched(object).is_empty()
}
