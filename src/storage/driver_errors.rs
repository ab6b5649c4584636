//! The meaning of database errors: is the database unavailable, is the connection lost, may a commit have
//! been stored nevertheless, which constraint refused a write.

use std::sync::Arc;

use sea_orm::{
    ConnAcquireErr, DbErr, RuntimeErr, SqlErr,
    sqlx::{Error as SqlxError, error::DatabaseError},
};

use super::faults;
use crate::base::Error;

/// PostgreSQL's code for a cancelled statement.
const CANCELED: &str = "57014";
/// SQLite's code for an interrupted statement.
const INTERRUPTED: &str = "9";
/// PostgreSQL's code for an exceeded limit, such as a gigabyte for one value.
const TOO_MUCH: &str = "54000";
/// SQLite's code for a value that is too big.
const TOO_BIG: &str = "18";

/// Turns a database error into the caller's: stopped, too large, unavailable for now, or internal. Writers
/// check for a [`violation`] first, because they know what they wrote.
pub fn fault(error: DbErr) -> Error {
    match code(&error).as_deref() {
        Some(CANCELED | INTERRUPTED) => faults::stopped(),
        Some(TOO_BIG | TOO_MUCH) => logged(faults::too_big(), &error),
        _ if is_unsure(&error) => unsure(error),
        _ if unreachable(&error) => logged(faults::not_reached(), &error),
        Some(code) if for_now(code) => logged(faults::not_at_the_moment(), &error),
        _ => Error::internal(error),
    }
}

/// Whether the database was unavailable.
pub(super) fn unavailable(error: &DbErr) -> bool {
    unreachable(error) || code(error).is_some_and(|code| for_now(&code))
}

/// The fault with its cause, which only the log gets.
fn logged(fault: Error, cause: &DbErr) -> Error {
    Error { internal: Some(cause.to_string()), ..fault }
}

/// Turns the error of a commit into the caller's: an ordinary fault if certainly nothing was stored,
/// otherwise [`unsure`].
pub(super) fn of_commit(error: DbErr) -> Error {
    if certain(&error) { fault(error) } else { unsure(error) }
}

/// The error of a commit whose result is unknown.
pub(super) fn unsure(cause: DbErr) -> Error {
    logged(faults::perhaps_stored(), &cause)
}

/// Marks an error of a commit whose result is unknown.
#[derive(Debug)]
struct Unsure(String);

impl std::fmt::Display for Unsure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unsure {}

/// Marks an error of a commit unless certainly nothing was stored.
pub(super) fn marked(error: DbErr) -> DbErr {
    if certain(&error) {
        return error;
    }
    let cause = std::io::Error::other(Unsure(error.to_string()));
    DbErr::Exec(RuntimeErr::SqlxError(Arc::new(SqlxError::Io(cause))))
}

fn is_unsure(error: &DbErr) -> bool {
    let Some(SqlxError::Io(cause)) = driver(error) else { return false };
    cause.get_ref().and_then(|cause| cause.downcast_ref::<Unsure>()).is_some()
}

/// The error for a statement or commit after the database has undone the transaction.
pub(super) fn over() -> DbErr {
    DbErr::Conn(RuntimeErr::Internal("the transaction was undone by the database".to_owned()))
}

/// Whether the connection is lost.
pub(super) fn lost(error: &DbErr) -> bool {
    match driver(error) {
        Some(SqlxError::Io(_) | SqlxError::Protocol(_) | SqlxError::WorkerCrashed) => true,
        Some(SqlxError::Database(told)) => told.code().is_some_and(|code| {
            code.len() == STATE && (code.starts_with("08") || code.starts_with("57P"))
        }),
        _ => false,
    }
}

/// Whether a commit with this error has certainly stored nothing.
fn certain(error: &DbErr) -> bool {
    let Some(code) = code(error) else { return false };
    if code.len() == STATE {
        // The server refused. Errors that end a connection may come after the commit.
        return !code.starts_with("08") && !code.starts_with("57P") && !code.starts_with("58");
    }
    // 778 is a failed write of a page. The others are reasons not to write at all.
    code == "778" || matches!(primary(&code), Some(5 | 6 | 7 | 8 | 13 | 19))
}

/// Length of codes of the SQL standard. SQLite's numbers are shorter.
const STATE: usize = 5;

/// Whether the cause may pass by itself, or when someone repairs the machine.
fn for_now(code: &str) -> bool {
    if code.len() == STATE {
        // By class: connection, serialization and deadlock, resources, locks, operator, system. 25006 is a
        // read-only database.
        return ["08", "40", "53", "55", "57", "58"].iter().any(|class| code.starts_with(class))
            || code == "25006";
    }
    // PERM, BUSY, LOCKED, NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOTADB.
    matches!(primary(code), Some(3 | 5..=8 | 10 | 11 | 13..=15 | 26))
}

/// The primary part of a SQLite code, without its extension.
fn primary(code: &str) -> Option<u32> {
    code.parse::<u32>().ok().map(|code| code & 0xff)
}

fn unreachable(error: &DbErr) -> bool {
    matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_))
        || matches!(
            driver(error),
            Some(
                SqlxError::Io(_)
                    | SqlxError::Tls(_)
                    | SqlxError::Protocol(_)
                    | SqlxError::PoolTimedOut
                    | SqlxError::PoolClosed
                    | SqlxError::WorkerCrashed
                    | SqlxError::BeginFailed
                    | SqlxError::InvalidSavePointStatement
            )
        )
        || lost(error)
}

fn driver(error: &DbErr) -> Option<&SqlxError> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(cause))
        | DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause)) => Some(cause),
        _ => None,
    }
}

fn code(error: &DbErr) -> Option<String> {
    let told = driver(error)?.as_database_error()?;
    DatabaseError::code(told).map(std::borrow::Cow::into_owned)
}

/// Whether PostgreSQL does not know a name that was bound as a value, such as a time zone.
pub(super) fn unknown_name(error: &DbErr) -> bool {
    code(error).as_deref() == Some("22023")
}

/// The error if no connection became free in time.
pub(super) fn none_free() -> DbErr {
    DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)
}

/// A constraint that refused a write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Violation {
    /// A unique key. PostgreSQL gives the name of the index, SQLite the columns.
    Unique(String),
    /// A reference to a record, or from a record.
    Reference,
}

/// Whether the database refuses a change of tables because of stored values: duplicates, values too wide for
/// a key, or another violated constraint.
pub fn unfit(error: &DbErr) -> bool {
    code(error).is_some_and(|code| match code.len() {
        STATE => code.starts_with("22") || code.starts_with("23") || code == "54000",
        _ => primary(&code) == Some(19),
    })
}

/// The error if stored records do not fit the table of a definition.
pub fn does_not_fit(cause: &DbErr) -> Error {
    logged(faults::records_do_not_fit(), cause)
}

/// Returns the violated constraint, if the error is a violation.
pub fn violation(error: &DbErr) -> Option<Violation> {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(text)) => Some(Violation::Unique(text)),
        Some(SqlErr::ForeignKeyConstraintViolation(_)) => Some(Violation::Reference),
        // SQLite reports a reference refused by RESTRICT under its code for triggers.
        _ if error.to_string().contains("FOREIGN KEY constraint failed") => {
            Some(Violation::Reference)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::{borrow::Cow, error::Error as StdError, fmt};

    use sea_orm::sqlx::error::ErrorKind;

    use super::*;
    use crate::base::Code;

    /// An error as a database driver returns it.
    #[derive(Debug)]
    struct Told(&'static str);

    impl fmt::Display for Told {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl StdError for Told {}

    impl DatabaseError for Told {
        fn message(&self) -> &str {
            self.0
        }

        fn code(&self) -> Option<Cow<'_, str>> {
            Some(self.0.into())
        }

        fn as_error(&self) -> &(dyn StdError + Send + Sync + 'static) {
            self
        }

        fn as_error_mut(&mut self) -> &mut (dyn StdError + Send + Sync + 'static) {
            self
        }

        fn into_error(self: Box<Self>) -> Box<dyn StdError + Send + Sync + 'static> {
            self
        }

        fn kind(&self) -> ErrorKind {
            ErrorKind::Other
        }
    }

    fn told(code: &'static str) -> DbErr {
        DbErr::Exec(RuntimeErr::SqlxError(Arc::new(SqlxError::Database(Box::new(Told(code))))))
    }

    fn broken() -> DbErr {
        let cause = std::io::Error::from(std::io::ErrorKind::BrokenPipe);
        DbErr::Query(RuntimeErr::SqlxError(Arc::new(SqlxError::Io(cause))))
    }

    #[test]
    fn what_may_pass_is_told_as_unavailable() {
        // Full, I/O (writing), busy, locked, out of memory, read-only, corrupt, cannot be opened.
        for sqlite in ["13", "778", "5", "517", "6", "7", "8", "11", "14", "26"] {
            assert_eq!(fault(told(sqlite)).code, Code::StorageUnavailable, "{sqlite}");
        }
        for postgres in ["57P01", "57P03", "53100", "53300", "08006", "40P01", "58030", "25006"] {
            assert_eq!(fault(told(postgres)).code, Code::StorageUnavailable, "{postgres}");
        }
        for other in [broken(), over(), none_free()] {
            let told = fault(other);
            assert_eq!(told.code, Code::StorageUnavailable);
            assert!(told.hint.is_some());
        }
        for ours in ["1", "42601", "22P02", "XX000"] {
            assert_eq!(fault(told(ours)).code, Code::Internal, "{ours}");
        }
        for stopped in ["57014", "9"] {
            assert_eq!(fault(told(stopped)).code, Code::LimitTime, "{stopped}");
        }
    }

    #[test]
    fn a_commit_is_refused_or_not_known() {
        let unknown = |error| of_commit(error).message.en.contains("or not");
        for refused in ["13", "778", "5", "23505", "40001", "53100"] {
            assert!(!unknown(told(refused)), "{refused}");
        }
        for open in ["57P01", "08006", "266"] {
            assert!(unknown(told(open)), "{open}");
            assert!(fault(marked(told(open))).message.en.contains("or not"), "{open}");
        }
        assert!(unknown(broken()));
    }
}
