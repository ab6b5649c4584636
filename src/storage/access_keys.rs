//! Keeps access keys right where the store cannot: what was written by requests and processes that did not know a
//! key yet is filled again.
//!
//! A definition may bring a key while records are written under the version before, in this process for as long as a
//! request may run, in others until they follow. The database remembers that, until it has been filled again behind
//! all of them.

use super::{Database, settings};
use crate::{
    base::Result,
    catalog::Catalog,
    sql::fill,
    storage::{Tx, fault},
};

/// The setting that says so.
const UNSETTLED: &str = "access_keys_unsettled";

/// Remembers, in the transaction of a publish, that keys have to be filled again.
pub async fn unsettle(tx: &Tx, catalog: &Catalog) -> Result<()> {
    settings::set(tx, UNSETTLED, &catalog.version.to_string()).await
}

/// Whether keys have to be filled again.
pub async fn unsettled(database: &Database) -> Result<bool> {
    Ok(settings::get(database, UNSETTLED).await?.is_some_and(|version| !version.is_empty()))
}

/// Fills all keys again, a table at a time. With `last`, nobody can have written without them any more.
pub async fn settle(database: &Database, catalog: &Catalog, last: bool) -> Result<()> {
    for object in &catalog.objects {
        let statements = fill::access_keys(database.dialect(), object, |_| true);
        if statements.is_empty() {
            continue;
        }
        let tx = database.begin().await?;
        tx.unlimited().await?;
        run(&tx, &statements).await?;
        tx.commit().await?;
    }
    if last {
        settings::put(database, UNSETTLED, "").await?;
    }
    Ok(())
}

/// Runs statements that fill keys.
pub async fn run(tx: &Tx, statements: &[String]) -> Result<()> {
    for statement in statements {
        tx.define(statement).await.map_err(fault)?;
    }
    Ok(())
}
