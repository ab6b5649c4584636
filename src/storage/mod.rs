//! Floor 6: the pool, transactions, running statements, platform tables.
//!
//! The only holder of connections. Returns responses as JSON text and rows as [`crate::base::Value`]s. It
//! must not know rights (plans carry them) or GraphQL.

pub mod audit;
pub mod catalogs;
mod connect;
mod database;
pub mod delegations;
pub mod derived;
mod driver_errors;
pub(crate) mod faults;
pub mod formulas;
mod harm;
mod held;
mod history_action;
pub mod keeping;
mod keys;
pub mod logins;
mod look;
pub mod outbox;
pub mod parts;
pub mod platform;
mod probe;
mod read_pool;
pub mod rights;
mod rows;
pub mod search;
pub mod settings;
mod texts;
mod tx;
pub mod waiting;

pub use connect::{PoolSettings, open, place};
pub use database::Database;
pub use driver_errors::{Violation, does_not_fit, fault, unfit, violation};
pub use harm::{Harm, Harms};
pub use history_action::HistoryAction;
pub use look::{FileLock, claim};
pub use probe::Probe;
pub use texts::TextKey;
pub use tx::{Inserts, Snapshot, Tx};
