//! Floor 10: catalog to GraphQL schema, selections to intents, rows to the response.
//!
//! `records` answers `/graphql` and `metadata` answers `/metadata`. What both use stands beside them.

mod atomic;
pub mod concurrency_limit;
mod directives;
mod document;
mod document_check;
mod engine;
pub mod exchange;
pub(crate) mod faults;
mod field_kinds;
mod introspect;
mod introspection_writer;
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
mod relative_periods;
mod reply;
mod request_summary;
mod schema_mask;
mod stored_value;
mod tally;
mod variable_substitution;
mod variables;
mod words;

pub use exchange::{Answer, Caller, Endpoint, Reply, Request};
pub use records::create_input;
