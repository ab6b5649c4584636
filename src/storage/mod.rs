//! Floor 6: the pool, transactions, running statements, platform tables.
//!
//! The only holder of connections. Returns responses as JSON text and rows as [`crate::base::Value`]s. It
//! must not know rights (plans carry them) or GraphQL.

pub mod access_keys;
pub mod approvals;
pub mod audit;
pub mod catalogs;
pub mod commit_tracking;
mod connect;
mod database;
mod database_check;
pub mod delegations;
pub mod derived;
mod driver_errors;
pub mod failing_records;
mod fault_injection;
pub(crate) mod faults;
pub mod forgotten;
pub mod formulas;
mod history_action;
mod keys;
pub mod logins;
pub mod old_names;
mod open_transaction;
pub mod outbox;
pub mod parts;
pub mod platform;
mod postgres_pool;
mod postgres_transaction;
mod probe;
mod read_pool;
pub mod retired;
pub mod retypes;
pub mod rights;
pub mod role_uses;
mod rows;
pub mod schema_drafts;
pub mod search;
pub mod settings;
mod statement_texts;
mod system_rollups;
mod tx;
pub mod view_questions;
pub mod wait_time;

pub use connect::{PoolSettings, open, place};
pub use database::Database;
pub use database_check::{FileLock, claim};
pub use driver_errors::{Violation, does_not_fit, fault, unfit, violation};
pub use fault_injection::{Harm, Harms};
pub use history_action::HistoryAction;
pub use probe::Probe;
pub use statement_texts::TextKey;
pub use tx::{Inserts, Snapshot, Tx};
