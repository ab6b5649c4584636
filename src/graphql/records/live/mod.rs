//! Subscriptions: changes of records for callers who may see them.
//!
//! `wish` is a subscription as it was asked for, `following` runs it, `known` stores which records the subscriber
//! knows. Knows no transport; `changed` has the schema's part.

pub(super) mod following;
mod known;
mod message;
mod quota;
mod settings;
pub(super) mod state;
pub(super) mod wish;

pub use self::{settings::LiveSettings, state::Live};
