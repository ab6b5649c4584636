//! Floor 10: catalog to GraphQL schema, selections to intents, rows to the response.
//!
//! `records` answers `/graphql` and `metadata` answers `/metadata`. What both use stands beside them.

mod around;
mod atomic;
mod described;
mod directives;
mod document;
mod engine;
pub mod exchange;
mod existing;
pub(crate) mod faults;
mod field_kinds;
mod introspect;
pub mod limits;
mod literals;
mod meta;
pub mod metadata;
mod optional;
mod overlap;
mod positions;
mod reader;
pub mod records;
mod refusals;
mod reply;
mod schema_mask;
mod tally;
pub mod turns;
mod variables;
mod viewing;
mod words;
mod written;

pub use exchange::{Answer, Caller, Endpoint, Reply, Request};
pub use records::create_input;
