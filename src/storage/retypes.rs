//! Fills the column of a field that gets another type from the one it has now, a chunk of records at a time.
//!
//! A column beside tells what each record was converted from. A record is to be converted while that differs from the
//! value it has, so that chunks may be cut off anywhere and done again, and records that are saved meanwhile are found
//! without their saves knowing of it.

use chrono_tz::Tz;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, Order, Query, SelectStatement};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{Database, Tx, derived, does_not_fit, failing_records::FailingRecords, fault, unfit};
use crate::{
    base::{Error, Result, Value},
    catalog::{FieldType, Object, Retype},
    sql::{
        Dialect, access_keys::differs, ddl, decode, encode_as, purged, retyped, rewrite,
        stored_json,
    },
};

/// Records per chunk.
pub const CHUNK: u64 = 1_000;
/// Records that are read at once to find out which cannot be converted.
const READ: u64 = 5_000;
/// Beyond this many records nothing is counted.
const MOST: u64 = 2_000_000;

/// What came of a chunk.
#[derive(Debug, Default)]
pub struct FilledChunk {
    /// The last record that was looked at; none if there was nothing left.
    pub last: Option<Uuid>,
    /// How many records were looked at.
    pub records: u64,
    /// Those that cannot be converted. They are left as they are, unless they are to be emptied.
    pub failing: Vec<Uuid>,
}

/// Adds the columns that are to be filled. With `anew`, what an attempt before has left of them is removed first.
pub async fn prepare(tx: &Tx, retype: &Retype, anew: bool) -> Result<()> {
    if anew {
        drop_columns(tx, &retype.table, &[retype.was(), retype.to.clone()]).await?;
    }
    let there = derived::there(tx).await?;
    let (from, to) = (retype.conversion.stored_from(), retype.conversion.stored_to());
    for (column, ty) in [(&retype.to, &to), (&retype.was(), &from)] {
        if !there.columns.contains(&(retype.table.clone(), column.clone())) {
            let add = retyped::add_column(tx.dialect(), &retype.table, column, ty);
            tx.define(&add).await.map_err(fault)?;
        }
    }
    Ok(())
}

/// Removes columns of a table that are there.
pub async fn drop_columns(tx: &Tx, table: &str, columns: &[String]) -> Result<()> {
    let there = derived::there(tx).await?;
    for column in columns {
        if !there.columns.contains(&(table.to_owned(), column.clone())) {
            continue;
        }
        if tx.dialect() == Dialect::Sqlite {
            for row in tx.select(&retyped::indexes_over(table, column)).await? {
                let name: String = row.try_get_by_index(0).map_err(Error::internal)?;
                tx.define(&ddl::drop_index(tx.dialect(), &name)).await.map_err(fault)?;
            }
        }
        let statement = purged::column(tx.dialect(), table, column);
        tx.define(&statement).await.map_err(fault)?;
    }
    Ok(())
}

/// Makes the indexes and key columns of an object that are other ones than those before: `DROP INDEX …`, `CREATE INDEX …`.
pub async fn reindex(tx: &Tx, before: &Object, object: &Object) -> Result<()> {
    let there = derived::there(tx).await?;
    for statement in retyped::reindexed(tx.dialect(), before, object, &there) {
        tx.define(&statement).await.map_err(refused)?;
    }
    Ok(())
}

/// `SELECT id, minutes FROM x_visit WHERE id > $1 ORDER BY id LIMIT 1000`
fn rows(
    dialect: Dialect,
    retype: &Retype,
    after: Option<Uuid>,
    most: u64,
) -> Result<SelectStatement> {
    let mut select = Query::select();
    select
        .columns([Alias::new("id"), Alias::new(&retype.from)])
        .from(Alias::new(&retype.table))
        .order_by(Alias::new("id"), Order::Asc)
        .limit(most);
    if let Some(after) = after {
        let after = encode_as(dialect, &Value::Id(after))?;
        select.and_where(Expr::col(Alias::new("id")).gt(after));
    }
    Ok(select)
}

/// The id and the value of a row of [`rows`].
fn read(dialect: Dialect, from: &FieldType, row: &sea_orm::QueryResult) -> Result<(Uuid, Value)> {
    let id = decode(dialect, &FieldType::Id, row, 0)?.as_id();
    let id = id.ok_or_else(|| Error::internal("a record without an id"))?;
    Ok((id, decode(dialect, from, row, 1)?))
}

/// Converts the next records behind one that are still to be converted, at most so many.
///
/// `SELECT id, minutes FROM x_visit WHERE minutes IS DISTINCT FROM minutes_2__was AND id > $1 ORDER BY id LIMIT 1000`
pub async fn fill(
    tx: &Tx,
    zone: Tz,
    retype: &Retype,
    after: Option<Uuid>,
    most: u64,
) -> Result<FilledChunk> {
    let dialect = tx.dialect();
    let (from, to) = (retype.conversion.stored_from(), retype.conversion.stored_to());
    let was = retype.was();
    let mut select = rows(dialect, retype, after, most)?;
    select.and_where(differs(&retype.from, Expr::col(Alias::new(&was))));
    let (mut filled, mut written) = (FilledChunk::default(), Vec::new());
    for row in tx.select(&select).await? {
        let (id, value) = read(dialect, &from, &row)?;
        filled.last = Some(id);
        filled.records += 1;
        let made = retype.conversion.convert(&value, zone);
        if made.is_none() {
            filled.failing.push(id);
            if !retype.or_null {
                continue;
            }
        }
        written.push(json!([
            id.to_string(),
            stored_json(dialect, &to, &made.unwrap_or(Value::Null))?,
            stored_json(dialect, &from, &value)?,
        ]));
    }
    if !written.is_empty() {
        let write = rewrite(dialect, &retype.table, &[(&retype.to, &to), (&was, &from)]);
        tx.run(write, [Json::Array(written).to_string().into()]).await.map_err(refused)?;
    }
    Ok(filled)
}

/// Converts all that is still to be converted. Returns the records that cannot be; of many only some.
pub async fn fill_all(tx: &Tx, zone: Tz, retype: &Retype, most: usize) -> Result<FailingRecords> {
    let (mut after, mut failing) = (None, FailingRecords::default());
    loop {
        let filled = fill(tx, zone, retype, after, CHUNK).await?;
        failing.count += i64::try_from(filled.failing.len()).unwrap_or(i64::MAX);
        let room = most.saturating_sub(failing.examples.len());
        failing.examples.extend(filled.failing.iter().take(room));
        if filled.last.is_none() {
            return Ok(failing);
        }
        after = filled.last;
    }
}

/// The records whose values cannot be converted, and how many can. None if there are too many to look at.
pub async fn unconverted(
    database: &Database,
    zone: Tz,
    retype: &Retype,
    most: usize,
) -> Result<Option<(FailingRecords, i64)>> {
    let (dialect, from) = (database.dialect(), retype.conversion.stored_from());
    let (mut after, mut looked, mut converting) = (None, 0, 0);
    let mut failing = FailingRecords::default();
    loop {
        let mut select = rows(dialect, retype, after, READ)?;
        select.and_where(Expr::col(Alias::new(&retype.from)).is_not_null());
        let found = database.select(&select).await?;
        for row in &found {
            let (id, value) = read(dialect, &from, row)?;
            after = Some(id);
            if retype.conversion.convert(&value, zone).is_some() {
                converting += 1;
                continue;
            }
            failing.count += 1;
            if failing.examples.len() < most {
                failing.examples.push(id);
            }
        }
        looked += u64::try_from(found.len()).unwrap_or(u64::MAX);
        if u64::try_from(found.len()).unwrap_or(u64::MAX) < READ {
            return Ok(Some((failing, converting)));
        }
        if looked >= MOST {
            return Ok(None);
        }
    }
}

/// Whether a table has more records than this: `SELECT id FROM x_visit LIMIT 1 OFFSET 50000`.
pub async fn is_larger(database: &Database, table: &str, most: u64) -> Result<bool> {
    let select = Query::select()
        .column(Alias::new("id"))
        .from(Alias::new(table))
        .limit(1)
        .offset(most)
        .to_owned();
    Ok(!database.select(&select).await?.is_empty())
}

/// How many records have a value to convert: `SELECT COUNT(*) FROM x_visit WHERE minutes IS NOT NULL`.
pub async fn count(tx: &Tx, retype: &Retype) -> Result<i64> {
    let select = Query::select()
        .expr(Func::count(Expr::col(Alias::new("id"))))
        .from(Alias::new(&retype.table))
        .and_where(Expr::col(Alias::new(&retype.from)).is_not_null())
        .to_owned();
    let rows = tx.select(&select).await?;
    let row = rows.first().ok_or_else(|| Error::internal("a count gave no row"))?;
    row.try_get_by_index(0).map_err(Error::internal)
}

/// Whether all columns of a conversion are there: what is purged meanwhile is converted no more.
pub async fn is_there(tx: &Tx, retype: &Retype) -> Result<bool> {
    let there = derived::there(tx).await?;
    let mut columns = [retype.from.clone(), retype.to.clone(), retype.was()].into_iter();
    Ok(columns.all(|column| there.columns.contains(&(retype.table.clone(), column))))
}

/// If a key of the table refuses converted values, the stored records do not fit the definition.
fn refused(error: sea_orm::DbErr) -> Error {
    if unfit(&error) { does_not_fit(&error) } else { fault(error) }
}
