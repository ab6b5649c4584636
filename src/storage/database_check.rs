//! Checks a database before the first write: empty, Tradewind's or foreign.

use std::{fs::File, io::ErrorKind, path::Path, str::FromStr, time::Duration};

use sea_orm::sqlx::{
    Connection, Error as SqlxError, Executor, Row,
    postgres::{PgConnectOptions, PgConnection},
    sqlite::{SqliteConnectOptions, SqliteConnection},
};

use super::{
    connect::{place, unavailable},
    faults,
};
use crate::{
    base::Result,
    sql::{Dialect, platform},
};

/// The file path in a SQLite URL.
pub(super) fn file_of(url: &str) -> Result<&str> {
    let file = url.trim_start_matches("sqlite:").trim_start_matches("//");
    let file = file.split('?').next().unwrap_or_default();
    if !file.is_empty() && !file.ends_with('/') && !file.contains(":memory:") {
        return Ok(file);
    }
    Err(faults::no_file(url))
}

/// Refuses a foreign database. Writes nothing. A server that does not respond within `patience` is an error.
pub(super) async fn look(url: &str, patience: Duration) -> Result<()> {
    let tables = if url.starts_with("sqlite:") {
        tables_of_file(url, file_of(url)?, patience).await?
    } else {
        let asked = tokio::time::timeout(patience, tables_of_server(url)).await;
        let asked = asked.map_err(|_late| unavailable(url, &"it does not answer in time"))?;
        asked.map_err(|error| unavailable(url, &error))?
    };
    match foreign(&tables) {
        None => Ok(()),
        Some(table) => Err(faults::foreign(place(url), table)),
    }
}

/// Returns a table that belongs to another program, if there is one.
fn foreign(tables: &[String]) -> Option<&str> {
    if tables.iter().any(|table| table == "tw_catalog") {
        return None;
    }
    // An interrupted first start leaves some of our tables without `tw_catalog`.
    let ours = |table: &str| table.starts_with("tw_") || table == "seaql_migrations";
    tables.iter().map(String::as_str).find(|table| !ours(table))
}

async fn tables_of_file(url: &str, file: &str, patience: Duration) -> Result<Vec<String>> {
    match std::fs::metadata(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unavailable(url, &error)),
        Ok(there) if there.is_dir() => return Err(faults::is_folder(file)),
        Ok(there) if there.len() == 0 => return Ok(Vec::new()),
        Ok(_) => {}
    }
    let options = SqliteConnectOptions::new().filename(file).read_only(true).busy_timeout(patience);
    let asked = async {
        let mut connection = SqliteConnection::connect_with(&options).await?;
        let rows = connection.fetch_all(platform::tables(Dialect::Sqlite)).await;
        connection.close().await?;
        rows?.iter().map(|row| row.try_get(0)).collect::<Result<Vec<String>, _>>()
    };
    asked.await.map_err(|error: SqlxError| {
        // SQLite checks the header at the first read, so a file that is no database fails here.
        let code = error.as_database_error().and_then(|told| told.code().map(String::from));
        match code.as_deref() {
            Some("26") => faults::is_no_database(file),
            _ => unavailable(url, &error),
        }
    })
}

async fn tables_of_server(url: &str) -> Result<Vec<String>, SqlxError> {
    let mut connection = PgConnection::connect_with(&PgConnectOptions::from_str(url)?).await?;
    let rows = connection.fetch_all(platform::tables(Dialect::Postgres)).await?;
    connection.close().await?;
    rows.iter().map(|row| row.try_get(0)).collect()
}

/// The lock on a SQLite file that this process serves. Released on drop or when the process ends.
#[derive(Debug)]
pub struct FileLock {
    _lock: File,
}

/// Locks a SQLite file for the one server that may serve it. Other commands do not need the lock. PostgreSQL
/// is shared by several servers and has no lock.
///
/// Take the claim before [`super::open`], so that a newer program does not migrate tables under a running
/// server. A foreign database is refused before the lock file is created.
pub async fn claim(url: &str, patience: Duration) -> Result<Option<FileLock>> {
    if !url.starts_with("sqlite:") {
        return Ok(None);
    }
    look(url, patience).await?;
    let file = Path::new(file_of(url)?);
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(|error| unavailable(url, &error))?;
    }
    // Different paths to one file must lead to one lock.
    let file = file.canonicalize().unwrap_or_else(|_not_there| file.to_owned());
    let mut lock = file.clone().into_os_string();
    lock.push(".lock");
    let lock = File::options().create(true).truncate(false).write(true).open(lock);
    let lock = lock.map_err(|error| unavailable(url, &error))?;
    match lock.try_lock() {
        Ok(()) => Ok(Some(FileLock { _lock: lock })),
        Err(std::fs::TryLockError::WouldBlock) => {
            Err(faults::served_already(file.display().to_string()))
        }
        Err(std::fs::TryLockError::Error(error)) => {
            tracing::warn!(%error, "this file system has no locks: a second server would not be noticed");
            Ok(None)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_addresses_are_named() {
        for url in [
            "sqlite://",
            "sqlite:",
            "sqlite:///",
            "sqlite://data/",
            "sqlite::memory:",
            "sqlite://?mode=ro",
        ] {
            let told = file_of(url).unwrap_err();
            assert!(told.message.en.contains(url), "{told}");
        }
        assert_eq!(file_of("sqlite://data/t.db?mode=rwc").unwrap(), "data/t.db");
        assert_eq!(file_of("sqlite:///srv/t.db").unwrap(), "/srv/t.db");
    }

    #[test]
    fn a_table_tells_whose_it_is() {
        let tables =
            |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        for ours in [&[][..], &["seaql_migrations", "tw_setting"], &["customer", "tw_catalog"]] {
            assert_eq!(foreign(&tables(ours)), None, "{ours:?}");
        }
        assert_eq!(foreign(&tables(&["seaql_migrations", "cake"])), Some("cake"));
    }
}
