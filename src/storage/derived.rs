//! Columns and indexes that a newer program derives from unchanged definitions.
//!
//! A catalog version stores definition texts; the derived columns and indexes depend on the program, too. A
//! setting holds a hash of the tables that the last program made. If this program's hash differs, missing
//! columns and indexes are added, indexes that are no longer derived are dropped, and all access keys are filled
//! again, because the other program may have written beside them.

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
};

use super::{Database, Tx, access_keys, fault, keys, settings};
use crate::{
    base::{Error, Result},
    catalog::Catalog,
    sql::{
        Dialect,
        ddl::{self, There},
        fill, platform,
    },
};

const KEY: &str = "derived";

/// A hash of all statements that create the tables of a catalog.
fn print(dialect: Dialect, catalog: &Catalog) -> String {
    let mut hasher = DefaultHasher::new();
    ddl::missing(dialect, catalog, &There::default()).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// Adds the columns and indexes that the tables of a catalog lack, and drops indexes that are no longer
/// derived.
pub async fn bring_up(database: &Database, catalog: &Catalog) -> Result<()> {
    let print = print(database.dialect(), catalog);
    if settings::get(database, KEY).await?.as_ref() == Some(&print) {
        return Ok(());
    }
    let tx = database.begin().await?;
    tx.unlimited().await?;
    // This row locks out other processes. Later ones find nothing to do.
    settings::set(&tx, KEY, &print).await?;
    let there = there(&tx).await?;
    let mut keys = keys::of(tx.dialect(), catalog);
    let mut twins = false;
    let stale = ddl::stale(tx.dialect(), catalog, &there);
    for statement in stale.into_iter().chain(ddl::missing(tx.dialect(), catalog, &there)) {
        let key = keys.iter().position(|(_, key)| key.create() == statement);
        if let Some((object, key)) = key.map(|at| keys.swap_remove(at)) {
            twins |= keys::bring_over(&tx, object, &key).await?;
            continue;
        }
        tracing::info!(statement, "bringing up what this program keeps besides");
        tx.define(&statement).await.map_err(fault)?;
    }
    // A program before may have written beside keys that were there already.
    for object in &catalog.objects {
        let fill = fill::access_keys(tx.dialect(), object, |_| true);
        access_keys::run(&tx, &fill).await?;
    }
    if twins {
        // An empty hash makes the next start look for twins again.
        settings::set(&tx, KEY, "").await?;
    }
    tx.commit().await
}

/// Records that the tables of a catalog are as this program makes them.
pub async fn note(tx: &Tx, catalog: &Catalog) -> Result<()> {
    settings::set(tx, KEY, &print(tx.dialect(), catalog)).await
}

/// What the database has.
pub async fn there(tx: &Tx) -> Result<There> {
    let text = |row: &sea_orm::QueryResult, at: usize| {
        row.try_get_by_index::<String>(at).map_err(Error::internal)
    };
    let columns = tx.rows(platform::columns(tx.dialect())).await?;
    let columns = columns.iter().map(|row| Ok((text(row, 0)?, text(row, 1)?)));
    let columns = columns.collect::<Result<HashSet<_>>>()?;
    let indexes = tx.rows(platform::indexes(tx.dialect())).await?;
    let indexes = indexes.iter().map(|row| text(row, 0)).collect::<Result<HashSet<_>>>()?;
    Ok(There { columns, indexes })
}
