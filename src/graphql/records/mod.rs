//! The record endpoint: a request becomes intents, intents become the response's JSON.
//!
//! async-graphql parses and validates. Its resolvers never see records: each root field is one `Find` or one
//! `Command`, whose JSON is inserted into the response.

mod aggregates;
mod approvals;
mod args;
mod argument_parts;
mod atomic_run;
mod client_operations;
mod condition_conversion;
mod cost;
mod describe;
mod draft;
mod drill;
mod endpoint;
mod execution;
mod expected_values;
mod fault_redaction;
pub(crate) mod faults;
mod filled_periods;
mod grouped_types;
mod grouping;
mod groups;
mod history;
mod input_schema;
mod inputs;
mod introspection;
mod live;
mod more_extension;
mod mutate;
mod mutation_args;
mod mutations;
mod my_day;
mod named_mutations;
mod names;
mod needs;
mod operation;
mod payloads;
mod prepare;
mod print;
mod published;
mod recents;
mod record_draft_response;
mod record_draft_schema;
mod record_schema;
mod recycle_bin_response;
mod recycle_bin_schema;
mod root_fields;
mod schema;
mod search_response;
mod search_schema;
mod select;
mod selection_cost;
mod subscription_schema;
mod timeline;
mod unions;

use std::sync::Arc;

use self::live::following;
pub use self::{
    client_operations::ClientOperations,
    endpoint::Records,
    inputs::create_input,
    live::{Live, LiveSettings},
    published::PublishedSchema,
};
pub(in crate::graphql) use self::{client_operations::ValidOperations, live::QuotaShare};
use super::{
    exchange::{Answering, Caller, Endpoint, Reply, Replying, Request},
    reply::refusal,
};

impl Endpoint for Records {
    fn answer<'a>(&'a self, request: Request, caller: Caller) -> Replying<'a> {
        Box::pin(async move {
            let mut fingerprint = None;
            let reply = match self.operate(&request, &caller, &mut fingerprint).await {
                Ok(reply) => reply,
                Err(errors) => refusal(&errors, &caller),
            };
            Reply { fingerprint, ..reply }
        })
    }

    fn begin(self: Arc<Self>, request: Request, caller: Caller) -> Answering {
        Box::pin(following::begin(self, request, caller))
    }
}
