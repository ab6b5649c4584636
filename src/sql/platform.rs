//! Statements of connections and transactions, of the outbox, and those that ask a database what it holds.
//!
//! Everything else is built with sea-query. These texts use functions and system tables that sea-query does
//! not know.

use super::{Dialect, dialect::quoted};

/// Begins a transaction, as tests see it. Within a transaction, SQLite refuses it.
pub const BEGIN: &str = "BEGIN";

/// Begins a transaction on PostgreSQL that only reads, and sees the moment of its first statement.
pub const BEGIN_SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// Undoes a transaction.
pub const ROLLBACK: &str = "ROLLBACK";

/// Commits a transaction, as tests see it.
pub const COMMIT: &str = "COMMIT";

/// Sets a savepoint. Savepoints of one name nest.
pub const SAVEPOINT: &str = "SAVEPOINT step";

/// Rolls back to the last savepoint, which stays set.
pub const ROLLBACK_TO_SAVEPOINT: &str = "ROLLBACK TO SAVEPOINT step";

/// Releases the last savepoint and keeps its writes.
pub const RELEASE_SAVEPOINT: &str = "RELEASE SAVEPOINT step";

/// Lifts PostgreSQL's statement timeout until the transaction ends.
pub const NO_TIMEOUT: &str = "SET LOCAL statement_timeout = 0";

/// Fails if PostgreSQL does not know a time zone: `$1`.
pub const KNOWS_ZONE: &str = "SELECT now() AT TIME ZONE $1";

/// Waits on PostgreSQL for those who write a table, and has others wait until the transaction ends. Readers go on.
pub fn no_writers(table: &str) -> String {
    format!("LOCK TABLE {} IN SHARE MODE", quoted(table))
}

/// Locks a number on PostgreSQL until the transaction ends. Others that want it wait.
pub fn advisory_lock(key: i64) -> String {
    format!("SELECT pg_advisory_xact_lock({key})")
}

/// Has the database itself end a transaction, as it does when it fails.
pub fn undo(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => ROLLBACK,
        Dialect::Postgres => "SELECT pg_terminate_backend(pg_backend_pid())",
    }
}

/// The names of all tables. Tables that an extension of PostgreSQL created do not count.
pub fn tables(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => {
            "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        }
        Dialect::Postgres => {
            "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND NOT EXISTS (SELECT 1 FROM \
             pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')"
        }
    }
}

/// The columns of all tables: table and column.
pub fn columns(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => {
            "SELECT table_name::text, column_name::text FROM information_schema.columns \
             WHERE table_schema = current_schema()"
        }
        Dialect::Sqlite => {
            "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"
        }
    }
}

/// The names of all indexes. On SQLite also `table.column` of each generated column, because
/// [`columns`] does not list these.
pub fn indexes(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => {
            "SELECT indexname::text FROM pg_indexes WHERE schemaname = current_schema()"
        }
        Dialect::Sqlite => {
            "SELECT name FROM sqlite_master WHERE type = 'index' UNION ALL \
             SELECT m.name || '.' || c.name FROM sqlite_master m JOIN pragma_table_xinfo(m.name) c \
             WHERE m.type = 'table' AND c.hidden > 1"
        }
    }
}

/// The present end of the outbox: SQLite's last sequence number, or PostgreSQL's snapshot as a text.
pub fn outbox_end(dialect: Dialect) -> &'static str {
    match dialect {
        // `sqlite_sequence` also covers purged rows.
        Dialect::Sqlite => {
            "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'tw_outbox'), 0)"
        }
        Dialect::Postgres => "SELECT pg_current_snapshot()::text",
    }
}

/// Events behind a position, oldest first. Binds the position and the most rows. SQLite's position is only
/// `seq`. PostgreSQL stops at the first transaction that is not final.
pub fn outbox_behind(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => {
            "SELECT tx, seq, object, record_id, action, fields, at, version FROM tw_outbox \
             WHERE seq > ? ORDER BY seq LIMIT ?"
        }
        Dialect::Postgres => {
            "SELECT tx, seq, object, record_id, action, fields, at, version FROM tw_outbox \
             WHERE (tx, seq) > ($1, $2) \
             AND tx < (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint \
             ORDER BY tx, seq LIMIT $3"
        }
    }
}

/// The records of an object with events behind a position. Binds the position, as in [`outbox_behind`], and
/// the object's name.
pub fn outbox_touched(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "SELECT DISTINCT record_id FROM tw_outbox WHERE seq > ? AND object = ?",
        Dialect::Postgres => {
            "SELECT DISTINCT record_id FROM tw_outbox \
             WHERE (tx, seq) > ($1, $2) AND object = $3"
        }
    }
}
