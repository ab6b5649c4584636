//! An operation while it is executed: what it runs in, and what it gathers.

use std::sync::{Arc, Mutex};

use super::{cost::Spent, endpoint::Records, published::PublishedSchema};
use crate::{
    company::admission::Admission,
    graphql::{
        exchange::{Caller, Request},
        reader::SelectionReader,
    },
    records::Session,
};

/// The execution of one operation.
pub(super) struct Run<'r> {
    pub(super) records: &'r Records,
    pub(super) published: &'r Arc<PublishedSchema>,
    pub(super) session: &'r Session,
    pub(super) reader: &'r SelectionReader<'r>,
    pub(super) caller: &'r Caller,
    pub(super) request: &'r Request,
    pub(super) watch: &'r Admission<'r>,
    pub(super) spent: Mutex<Spent>,
    pub(super) goes_on: Mutex<GoesOn>,
}

/// The lists of an operation with further records.
#[derive(Debug, Default)]
pub(super) struct GoesOn {
    /// Those of the payload that is being written, below its root field.
    pub(super) payload: Vec<Vec<String>>,
    /// All reported lists, by their path of keys.
    pub(super) told: Vec<Vec<String>>,
}
