//! The endpoint for records and what it holds.

use std::sync::Arc;

use super::{client_operations::ClientOperations, live::state::Live, published::PublishedSchema};
use crate::{
    company::{Company, Derived},
    graphql::{concurrency_limit::Turns, limits::Limits},
};

/// The endpoint for records.
pub struct Records {
    /// The company.
    pub company: Company,
    /// What requests need of the live catalog.
    pub published: Derived<PublishedSchema>,
    /// What a document may ask for.
    pub limits: Limits,
    /// Subscriptions.
    pub live: Arc<Live>,
    /// Turns of operations per person.
    pub turns: Arc<Turns>,
    /// The operations that clients have sent lately.
    pub operations: ClientOperations,
}
