//! Floor 6: the pool, transactions, running statements, platform tables.
//!
//! The only holder of connections. Gives answers as JSON text and rows as [`crate::base::Value`]s;
//! knows nothing of rights (plans carry them) and nothing of GraphQL.

pub mod audit;
pub mod catalogs;
mod connect;
mod database;
pub mod delegations;
pub mod derived;
pub mod formulas;
mod lanes;
pub mod outbox;
pub mod platform;
pub mod rights;
mod rows;
pub mod search;
pub mod settings;
mod texts;
pub mod waiting;

pub use connect::{PoolSettings, open};
pub use database::{Database, Snapshot, Tx, Violation, Written, fault, violation};
pub use texts::TextKey;
