//! The grams of records: which objects have them, filled where they are missing, written with each save.
//!
//! Which columns an object's grams were made of is kept as a setting. Where that is not what the catalog says,
//! because a definition was changed or the program is newer, they are made anew.

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

/// What the keys of the settings begin with.
const KEY: &str = "search.";
/// How grams are made; another number has all of them made anew.
const FORM: &str = "3";
/// Records whose grams are made at a time.
const CHUNK: u64 = 1_000;
/// Most records whose grams are written by one statement on PostgreSQL.
const ROWS: usize = 100;

/// What is kept of an object whose grams are as they should be.
fn mark(object: &Object) -> Option<String> {
    let columns = gram_tables::searched(object);
    (!columns.is_empty()).then(|| format!("{FORM} {}", columns.join(",")))
}

/// The objects whose grams are not what the catalog says.
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

/// Makes the grams of a database that were made by another program, or not at all, what the catalog says.
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

/// The same within the transaction of a new version. Several processes take their turn.
pub async fn prepare(tx: &Tx, catalog: &Catalog) -> Result<()> {
    // The process that writes this row first makes the others wait; they then find nothing to do.
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

/// Makes the grams of all records of an object anew.
pub async fn remake(tx: &Tx, object: &Object) -> Result<()> {
    // Whoever saves locks the object's table first; taking the other away would lock them the other way round.
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

/// Writes the grams of all records, a chunk at a time in the order of their ids.
async fn fill(tx: &Tx, object: &Object) -> Result<()> {
    let mut last = None;
    loop {
        let mut select = texts(object);
        select.order_by(Alias::new("id"), Order::Asc).limit(CHUNK);
        if let Some(last) = last {
            let last = encode_as(tx.dialect(), &Value::Id(last))?;
            select.and_where(Expr::col(Alias::new("id")).gt(last));
        }
        let rows = read(tx, &select).await?;
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

async fn read(tx: &Tx, select: &SelectStatement) -> Result<Vec<(Uuid, String)>> {
    let mut rows = Vec::new();
    for row in tx.select(select).await? {
        let id = decode(tx.dialect(), &FieldType::Id, &row, 0)?.as_id();
        let id = id.ok_or_else(|| Error::internal("a record without an id"))?;
        let columns = 1..row.column_names().len();
        let texts = columns.map(|at| row.try_get_by_index::<Option<String>>(at));
        let texts = texts.collect::<Result<Vec<_>, _>>().map_err(Error::internal)?;
        rows.push((id, grams(texts.iter().flatten().map(String::as_str))));
    }
    Ok(rows)
}

/// Writes grams of records; `anew` says that these records had none.
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

/// Writes the grams of records as they are in the database by now.
pub async fn refresh(tx: &Tx, object: &Object, ids: &[Uuid]) -> Result<()> {
    let encoded = ids.iter().map(|id| encode_as(tx.dialect(), &Value::Id(*id)));
    let encoded = encoded.collect::<Result<Vec<_>>>()?;
    let select = texts(object).and_where(Expr::col(Alias::new("id")).is_in(encoded)).to_owned();
    let rows = read(tx, &select).await?;
    put(tx, object, &rows, false).await
}

/// Forgets records that are about to be removed.
pub async fn forget(tx: &Tx, object: &Object, ids: &[Uuid]) -> Result<(), DbErr> {
    let Some(statement) = gram_tables::forget(tx.dialect(), object) else { return Ok(()) };
    let ids = serde_json::json!(ids.iter().map(Uuid::to_string).collect::<Vec<_>>());
    tx.run(statement, [ids.to_string().into()]).await
}

/// Whether records of an object have grams.
pub fn has(object: &Object) -> bool {
    !gram_tables::searched(object).is_empty()
}
