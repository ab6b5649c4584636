//! Floor 9: catalog to GraphQL schema, selections to intents, rows to the response.

mod accounts;
mod administration;
mod aggregates;
mod applying;
mod args;
mod asked;
mod atomic;
mod audit;
mod cost;
mod definitions;
mod delegations;
mod described;
mod directives;
mod engine;
pub mod exchange;
mod expected;
mod explain;
mod forms;
mod goes_on;
mod grouping;
mod history;
mod holders;
mod inputs;
mod introspect;
mod keys;
pub mod limits;
mod literals;
pub mod live;
mod meta;
pub mod metadata;
mod mutate;
mod mutation_args;
mod mutations;
mod operators;
mod optional;
mod overlap;
mod paging;
mod payloads;
mod positions;
mod prepare;
mod print;
pub mod published;
mod readable;
pub mod records;
mod recycle_bin;
mod refusals;
mod relative;
mod roles;
mod root_fields;
mod said;
mod scalars;
mod schema;
mod schema_mask;
mod select;
mod simulate;
mod tally;
pub mod turns;
mod variables;
mod viewer;
mod viewing;
mod words;
mod written;

pub use exchange::{Answer, Caller, Endpoint, Reply, Request};

/// Parses a create input from JSON, as a variable contains it.
pub fn create_input(
    catalog: &crate::catalog::Catalog,
    object: &crate::catalog::Object,
    json: serde_json::Value,
) -> crate::base::Result<crate::records::Input> {
    let value = async_graphql::Value::from_json(json).map_err(crate::base::Error::internal)?;
    // Inputs never depend on the date.
    let (now, zone) = (chrono::DateTime::UNIX_EPOCH, chrono_tz::Tz::UTC);
    let today = now.date_naive();
    let (limits, tally) = (&limits::Limits::default(), &tally::Tally::default());
    let args = args::Args { catalog, limits, tally, today, zone, now, viewer: None };
    args.input(object, &value).map_err(|faults| match faults.into_iter().next() {
        Some(fault) => fault,
        None => crate::base::Error::internal("an input with no fault was refused"),
    })
}
