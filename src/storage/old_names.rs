//! Names that fields had, each with the instant until which it leads to its field.
//!
//! Definitions say which names there were; here is since when. A name whose time is over stays, so that no publish takes
//! it for a new one.

use chrono::{DateTime, Days, Utc};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement};

use super::{Database, Tx, fault};
use crate::{
    base::{Error, Result},
    catalog::Catalog,
};

const TABLE: &str = "tw_old_name";
const COLUMNS: [&str; 4] = ["object", "field", "name", "until"];
/// How long an old name leads to its field, from the publish that brings the new one.
const KEPT: Days = Days::new(90);

/// A name that a field had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredOldName {
    /// The object.
    pub object: String,
    /// The first name that the field had.
    pub field: String,
    /// The old name.
    pub name: String,
    /// Until when it leads to the field, in microseconds since 1970.
    pub until: i64,
}

impl StoredOldName {
    fn is(&self, object: &str, field: &str, name: &str) -> bool {
        (self.object.as_str(), self.field.as_str(), self.name.as_str()) == (object, field, name)
    }
}

/// `SELECT object, field, name, until FROM tw_old_name`
fn select() -> SelectStatement {
    Query::select().columns(COLUMNS.map(Alias::new)).from(Alias::new(TABLE)).to_owned()
}

fn read(rows: &[sea_orm::QueryResult]) -> Result<Vec<StoredOldName>> {
    let each = rows.iter().map(|row| {
        Ok(StoredOldName {
            object: row.try_get_by_index(0)?,
            field: row.try_get_by_index(1)?,
            name: row.try_get_by_index(2)?,
            until: row.try_get_by_index(3)?,
        })
    });
    each.collect::<Result<_, sea_orm::DbErr>>().map_err(Error::internal)
}

/// All old names, those whose time is over included.
pub async fn all(database: &Database) -> Result<Vec<StoredOldName>> {
    read(&database.select(&select()).await?)
}

/// Has the old names in a catalog lead to their fields whose time is not over. With `new`, so do those that begin with
/// the publish of the catalog.
pub fn lead(catalog: &mut Catalog, known: &[StoredOldName], now: DateTime<Utc>, new: bool) {
    let now = now.timestamp_micros();
    catalog.keep_old_names(|object, field, name| {
        let known = known.iter().find(|known| known.is(object, field, name));
        known.map_or(new, |known| known.until > now)
    });
}

/// Notes the names that begin with the publish of a catalog, and forgets those that it does not have.
pub async fn note(tx: &Tx, now: DateTime<Utc>, catalog: &Catalog) -> Result<()> {
    let known = read(&tx.select(&select()).await?)?;
    let wanted: Vec<_> = catalog.kept_names().collect();
    for gone in &known {
        if wanted.iter().any(|(object, field, name)| gone.is(object, field, name)) {
            continue;
        }
        let of = |column: &str| Expr::col(Alias::new(column));
        let delete = Query::delete()
            .from_table(Alias::new(TABLE))
            .and_where(of("object").eq(gone.object.as_str()))
            .and_where(of("field").eq(gone.field.as_str()))
            .and_where(of("name").eq(gone.name.as_str()))
            .to_owned();
        tx.delete(&delete).await.map_err(fault)?;
    }
    let until = now.checked_add_days(KEPT).unwrap_or(now).timestamp_micros();
    for (object, field, name) in wanted {
        if known.iter().any(|known| known.is(object, field, name)) {
            continue;
        }
        let insert = Query::insert()
            .into_table(Alias::new(TABLE))
            .columns(COLUMNS.map(Alias::new))
            .values([object.into(), field.into(), name.into(), until.into()])
            .map_err(Error::internal)?
            .to_owned();
        tx.insert(&insert).await.map_err(fault)?;
    }
    Ok(())
}
