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

/// The setting that says so: the version of the last publish that brought keys, or nothing.
const DUE: &str = "access_keys_due";

/// Remembers, in the transaction of a publish, that keys have to be filled again.
pub async fn note(tx: &Tx, catalog: &Catalog) -> Result<()> {
    settings::set(tx, DUE, &catalog.version.to_string()).await
}

/// The version since which keys have to be filled again, if they have.
pub async fn due(database: &Database) -> Result<Option<String>> {
    Ok(settings::get(database, DUE).await?.filter(|version| !version.is_empty()))
}

/// Fills all keys again, a table at a time.
pub async fn fill(database: &Database, catalog: &Catalog) -> Result<()> {
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
    Ok(())
}

/// Remembers that keys are filled again behind a version. If a later one has brought keys meanwhile, they are due still.
pub async fn done(database: &Database, version: &str) -> Result<()> {
    if due(database).await?.as_deref() == Some(version) {
        settings::put(database, DUE, "").await?;
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
