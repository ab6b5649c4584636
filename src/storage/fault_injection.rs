//! Faults that tests inject into statements to simulate a failing database.
//!
//! Production databases have none.

use std::{
    io::{Error as IoError, ErrorKind},
    sync::Arc,
};

use sea_orm::{ConnectionTrait, DbErr, RuntimeErr, sqlx::Error as SqlxError};

use crate::sql::{Dialect, platform};

/// A fault of one statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Harm {
    /// The statement does not run. The transaction stays open.
    Refused,
    /// The statement does not run, and the database undoes the transaction: SQLite as on a full disk,
    /// PostgreSQL by ending the connection.
    Undone,
    /// The statement runs, but its result does not arrive.
    Unheard,
}

/// Called with the text of each statement, including `BEGIN` and `COMMIT`. Returns the fault to inject.
pub type Harms = Arc<dyn Fn(&str) -> Option<Harm> + Send + Sync>;

/// The error of an injected fault.
pub(super) fn error() -> DbErr {
    let cause = IoError::new(ErrorKind::StorageFull, "harm that a test does");
    DbErr::Exec(RuntimeErr::SqlxError(Arc::new(SqlxError::Io(cause))))
}

/// Injects a fault into the connection of a transaction before a statement runs.
pub(super) async fn before(
    harm: Option<Harm>,
    dialect: Dialect,
    connection: &impl ConnectionTrait,
) -> Result<(), DbErr> {
    match harm {
        None | Some(Harm::Unheard) => Ok(()),
        Some(Harm::Refused) => Err(error()),
        Some(Harm::Undone) => {
            connection.execute_unprepared(platform::undo(dialect)).await?;
            Err(error())
        }
    }
}
