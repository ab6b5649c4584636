//! The record endpoint: a request becomes intents, intents become the response's JSON.
//!
//! async-graphql parses and validates. Its resolvers never see records: each root field is one `Find` or one
//! `Change`, whose JSON is inserted into the response.

mod aggregates;
mod args;
mod changed;
mod cost;
mod describe;
mod endpoint;
mod expected;
pub(crate) mod faults;
mod goes_on;
mod grouping;
mod history;
mod inputs;
mod introspection;
mod live;
mod mutate;
mod mutation_args;
mod mutations;
mod names;
mod operation;
mod payloads;
mod prepare;
mod print;
mod published;
mod readable;
mod recycle_bin;
mod relative;
mod removed;
mod root_fields;
mod run;
mod said;
mod schema;
mod select;
mod together;
mod weight;

use std::sync::Arc;

use self::live::following;
pub use self::{
    endpoint::Records,
    inputs::create_input,
    live::{Live, LiveSettings},
    published::PublishedSchema,
};
use super::{
    exchange::{Answering, Caller, Endpoint, Replying, Request},
    reply::refusal,
};

impl Endpoint for Records {
    fn answer<'a>(&'a self, request: Request, caller: Caller) -> Replying<'a> {
        Box::pin(async move {
            match self.operate(&request, &caller).await {
                Ok(reply) => reply,
                Err(errors) => refusal(&errors, &caller),
            }
        })
    }

    fn begin(self: Arc<Self>, request: Request, caller: Caller) -> Answering {
        Box::pin(following::begin(self, request, caller))
    }
}
