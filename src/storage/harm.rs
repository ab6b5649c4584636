//! Harm that tests do to statements, to see what comes of databases that fail.
//!
//! A database has none unless it is handed in.

use std::{
    io::{Error as IoError, ErrorKind},
    sync::Arc,
};

use sea_orm::{ConnectionTrait, DbErr, RuntimeErr, sqlx::Error as SqlxError};

use crate::sql::Dialect;

/// What happens to a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Harm {
    /// It is not carried out; the transaction stands.
    Refused,
    /// It is not carried out, and the database undoes the transaction by itself: SQLite as on a full disk,
    /// PostgreSQL by ending the connection.
    Undone,
    /// It is carried out, and the answer does not arrive.
    Unheard,
}

/// Asked with the text of each statement, `BEGIN` and `COMMIT` among them.
pub type Harms = Arc<dyn Fn(&str) -> Option<Harm> + Send + Sync>;

/// The error of a statement that was not carried out, or whose answer did not arrive.
pub(super) fn error() -> DbErr {
    let cause = IoError::new(ErrorKind::StorageFull, "harm that a test does");
    DbErr::Exec(RuntimeErr::SqlxError(Arc::new(SqlxError::Io(cause))))
}

/// Does it to the connection of a transaction, before a statement.
pub(super) async fn before(
    harm: Option<Harm>,
    dialect: Dialect,
    connection: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    match harm {
        None | Some(Harm::Unheard) => Ok(()),
        Some(Harm::Refused) => Err(error()),
        Some(Harm::Undone) => {
            let end = match dialect {
                Dialect::Sqlite => "ROLLBACK",
                Dialect::Postgres => "SELECT pg_terminate_backend(pg_backend_pid())",
            };
            connection.execute_unprepared(end).await?;
            Err(error())
        }
    }
}
