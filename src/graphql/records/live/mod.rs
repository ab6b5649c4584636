//! Subscriptions: changes of records for callers who may see them.
//!
//! `parsed_subscription` checks the request, `following` runs the subscription, `known_records` stores which records
//! the subscriber knows. Knows no transport; `subscription_schema` declares the fields.

pub(super) mod following;
mod known_records;
mod message;
pub(super) mod parsed_subscription;
mod quota;
mod settings;
pub(super) mod state;

pub(in crate::graphql) use self::quota::QuotaShare;
pub use self::{settings::LiveSettings, state::Live};
