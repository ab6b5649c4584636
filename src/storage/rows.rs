//! Turns rows of a compiled read into JSON text, or into values.
//!
//! SQLite returns JSON already. PostgreSQL returns typed columns, which are written here in one pass.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use sea_orm::{
    QueryResult,
    sqlx::{Row, postgres::PgRow},
};
use uuid::Uuid;

use crate::{
    base::{Error, Result},
    query::{
        FoundRows, RootShape,
        render::{Renderer, RowSource, instant, quoted},
        shape::{ConnectionShape, Leaf},
    },
    sql::Dialect,
};

/// Writes the rows of a statement as JSON. Returns false if a single record was asked for and not found.
pub(super) fn answer(
    root: &RootShape,
    rows: &[QueryResult],
    renderer: Renderer<'_>,
    out: &mut String,
) -> Result<bool> {
    match (root, renderer.dialect) {
        (RootShape::One(shape), dialect) => {
            let Some(row) = rows.first() else { return Ok(false) };
            match dialect {
                Dialect::Sqlite => renderer.object_of(shape, text(row, 0)?, out)?,
                Dialect::Postgres => renderer.object(shape, &typed(row)?, out)?,
            }
        }
        (RootShape::Rows(shape), _) => {
            let row = rows.first().ok_or_else(|| Error::internal("groups gave no row"))?;
            renderer.rows_of(shape, text(row, 0)?, out)?;
        }
        (RootShape::List(shape), Dialect::Postgres) if is_typed(shape) => {
            out.reserve(rows.len() * 320);
            typed_list(shape, rows, renderer, out)?;
        }
        (RootShape::List(shape), _) => {
            let row = rows.first().ok_or_else(|| Error::internal("a list gave no row"))?;
            let page = match shape.rows {
                Some(at) => text(row, at)?,
                None => "[]",
            };
            let total = match shape.total {
                Some(at) => number(row, at)?.to_string(),
                None => "0".to_owned(),
            };
            out.reserve(page.len() * 2);
            renderer.connection_of(shape, page, &total, out)?;
        }
    }
    Ok(true)
}

/// Reads the rows of a statement as values. A single record that was not found is no row.
pub(super) fn found(
    root: &RootShape,
    rows: &[QueryResult],
    renderer: Renderer<'_>,
) -> Result<FoundRows> {
    match (root, renderer.dialect) {
        (RootShape::One(shape), dialect) => {
            let Some(row) = rows.first() else { return Ok(FoundRows::default()) };
            let found = match dialect {
                Dialect::Sqlite => renderer.found_of(shape, text(row, 0)?, &mut 0)?,
                Dialect::Postgres => renderer.found(shape, &typed(row)?, &mut 0)?,
            };
            Ok(FoundRows { rows: vec![found], more: false })
        }
        (RootShape::Rows(_), _) => Err(Error::internal("groups are no records")),
        (RootShape::List(shape), Dialect::Postgres) if is_typed(shape) => {
            let page = typed_page(shape, rows)?;
            let page: Vec<&dyn RowSource> = page.iter().map(|row| row as &dyn RowSource).collect();
            renderer.found_list(shape, &page)
        }
        (RootShape::List(shape), _) => {
            let row = rows.first().ok_or_else(|| Error::internal("a list gave no row"))?;
            let page = match shape.rows {
                Some(at) => text(row, at)?,
                None => "[]",
            };
            renderer.found_list_of(shape, page)
        }
    }
}

/// PostgreSQL returns typed columns for root lists, unless the query asks only for their count.
fn is_typed(shape: &ConnectionShape) -> bool {
    use crate::query::shape::ConnectionSlot;
    shape
        .parts
        .iter()
        .any(|(_, slot)| !matches!(slot, ConnectionSlot::Total | ConnectionSlot::Typename(_)))
}

fn typed_list(
    shape: &ConnectionShape,
    rows: &[QueryResult],
    renderer: Renderer<'_>,
    out: &mut String,
) -> Result<()> {
    let total = match (shape.total, rows.first()) {
        (Some(at), Some(row)) => number(row, at)?.to_string(),
        _ => "0".to_owned(),
    };
    let page = typed_page(shape, rows)?;
    let page: Vec<&dyn RowSource> = page.iter().map(|row| row as &dyn RowSource).collect();
    renderer.connection(shape, &page, &total, out)
}

fn typed_page<'r>(shape: &ConnectionShape, rows: &'r [QueryResult]) -> Result<Vec<TypedRow<'r>>> {
    let mut page = Vec::with_capacity(rows.len());
    for row in rows {
        // With a total, even an empty page has a row. The column before the total is then null.
        let present = match shape.total {
            Some(at) => {
                row.try_get_by_index::<Option<bool>>(at - 1).map_err(Error::internal)?.is_some()
            }
            None => true,
        };
        if present {
            page.push(typed(row)?);
        }
    }
    Ok(page)
}

/// Borrows a text from the row.
fn text(row: &QueryResult, at: usize) -> Result<&str> {
    match (row.try_as_sqlite_row(), row.try_as_pg_row()) {
        (Some(row), _) => row.try_get(at).map_err(Error::internal),
        (None, Some(row)) => row.try_get(at).map_err(Error::internal),
        (None, None) => Err(Error::internal("a row of neither database")),
    }
}

fn number(row: &QueryResult, at: usize) -> Result<i64> {
    row.try_get_by_index(at).map_err(Error::internal)
}

fn typed(row: &QueryResult) -> Result<TypedRow<'_>> {
    row.try_as_pg_row().map(TypedRow).ok_or_else(|| Error::internal("not a PostgreSQL row"))
}

/// A row of PostgreSQL's typed columns.
struct TypedRow<'r>(&'r PgRow);

impl<'r> TypedRow<'r> {
    fn get<T>(&self, at: usize) -> Result<Option<T>>
    where
        T: sea_orm::sqlx::Decode<'r, sea_orm::sqlx::Postgres>
            + sea_orm::sqlx::Type<sea_orm::sqlx::Postgres>,
    {
        self.0.try_get::<Option<T>, _>(at).map_err(Error::internal)
    }
}

impl RowSource for TypedRow<'_> {
    fn leaf(&self, at: usize, leaf: Leaf, out: &mut String) -> Result<()> {
        let written = match leaf {
            Leaf::Text => self.get::<&str>(at)?.map(|text| quoted(text, out)),
            Leaf::Decimal(_) | Leaf::Figure(_) => {
                self.get::<&str>(at)?.map(|text| plain(text, out))
            }
            Leaf::Json => self.get::<&str>(at)?.map(|text| out.push_str(text)),
            Leaf::Id => self.get::<Uuid>(at)?.map(|id| {
                plain(id.hyphenated().encode_lower(&mut Uuid::encode_buffer()), out);
            }),
            Leaf::Int => self.get::<i64>(at)?.map(|int| out.push_str(&int.to_string())),
            Leaf::Bool => {
                self.get::<bool>(at)?.map(|bool| out.push_str(if bool { "true" } else { "false" }))
            }
            Leaf::Date => self.get::<NaiveDate>(at)?.map(|date| plain(&date.to_string(), out)),
            Leaf::Time => self.get::<NaiveTime>(at)?.map(|time| plain(&time.to_string(), out)),
            Leaf::DateTime => {
                self.get::<DateTime<Utc>>(at)?.map(|at| instant(at.timestamp_micros(), out))
            }
        };
        if written.is_none() {
            out.push_str("null");
        }
        Ok(())
    }

    fn json(&self, at: usize) -> Result<Option<&str>> {
        self.get::<&str>(at)
    }

    fn id(&self, at: usize) -> Result<Option<Uuid>> {
        self.get::<Uuid>(at)
    }
}

/// Writes a text that needs no escaping as a JSON string.
fn plain(text: &str, out: &mut String) {
    out.push('"');
    out.push_str(text);
    out.push('"');
}
