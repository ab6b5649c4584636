//! The table of operations: what a caller can do with records of an object, each a named action with typed arguments,
//! the right it needs, and a result.
//!
//! An operation is one file here and one line in [`OPERATIONS`]. The API, its documents, rights, `@atomic` and
//! idempotency read the table; none of them knows an operation by name. The moves of flows are one operation more, and
//! named actions another, with a root field for each.

mod actions;
mod approvals;
mod arguments;
mod batch_create;
mod bulk_by_filter;
mod merge;
mod merge_log;
mod merged_employees;
mod moves;
mod reassign;
mod reference_moves;
mod restore;
mod single_record;
mod unmerge;
mod upsert;

use std::fmt;

use async_trait::async_trait;

use super::{bulk::Outcome, change::Change, session::Session};
use crate::{
    access::Visible,
    base::{Error, Result},
    catalog::{Object, ObjectIx, ObjectKind},
    query::Filter,
    storage::Tx,
};

pub use self::{
    actions::ACTION,
    arguments::{Argument, ArgumentType, ArgumentValue, Arguments},
    merge::Take,
    merge_log::{merged_into, purge_merges},
    moves::MOVE,
};

/// A named action on records of an object.
pub struct Operation {
    /// The verb of its name: `create`.
    pub verb: &'static str,
    /// The objects that have it.
    pub with: ObjectsWith,
    /// Whether the object's plural follows the verb: `createCustomers`.
    pub many: bool,
    /// Its arguments, in order.
    pub arguments: &'static [Argument],
    /// What it returns.
    pub result: ResultType,
    /// Describes it in English and Chinese. `{object}` stands for the object's title.
    pub about: (&'static str, &'static str),
    /// Whether the caller may use it on the object at all.
    pub open: fn(Visible<'_>, &Object) -> bool,
    /// Makes a command of its arguments. The faults are the caller's to correct.
    pub read: fn(&Object, Arguments) -> Result<Box<dyn Command>, Vec<Error>>,
}

impl Operation {
    /// The name of its root field. None for many records of an object without a plural, and for lines.
    pub fn field(&self, object: &Object) -> Option<String> {
        if object.kind == ObjectKind::Line || !self.with.has(object) {
            return None;
        }
        let name = if self.many { object.plural_name()? } else { object.name.clone() };
        Some(format!("{}{name}", self.verb))
    }
}

/// Which objects have an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectsWith {
    /// All with records of their own.
    Records,
    /// Those with approvals.
    Approval,
    /// Those with an approval that begins by itself, without a move.
    Submission,
}

impl ObjectsWith {
    fn has(self, object: &Object) -> bool {
        match self {
            Self::Records => true,
            Self::Approval => !object.approvals.is_empty(),
            Self::Submission => object.is_submitted(),
        }
    }
}

/// What an operation returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResultType {
    /// One record.
    Record,
    /// One record, which the caller may no longer see now that they have decided on it.
    Decided,
    /// Several records in the order of the request.
    Records,
    /// The id of a deleted record.
    Deleted,
    /// The ids of deleted records.
    AllDeleted,
    /// Several records that have another owner.
    Reassigned,
    /// One record, and how many records of each object refer to it instead of others.
    Merged,
    /// The record of an action, and those that it made.
    Acted,
}

/// Saves a record although it looks like another, where the rule permits that.
const DESPITE: Argument = Argument { name: "allowDuplicates", ty: ArgumentType::Flag };

/// Every operation.
pub static OPERATIONS: [&Operation; 15] = [
    &single_record::CREATE,
    &single_record::UPDATE,
    &single_record::DELETE,
    &batch_create::CREATE,
    &bulk_by_filter::UPDATE,
    &bulk_by_filter::DELETE,
    &reassign::REASSIGN,
    &upsert::UPSERT,
    &restore::RESTORE,
    &merge::MERGE,
    &unmerge::UNMERGE,
    &approvals::SUBMIT,
    &approvals::DECIDE,
    &approvals::DELEGATE,
    &approvals::WITHDRAW,
];

/// The moves of a flow, of one record and of those of a filter: each has root fields of its own, which say by [`MOVE`]
/// which it is.
pub static MOVES: [&Operation; 2] = [&moves::ONE, &moves::EACH];

/// The named actions of an object, of one record and of those of a filter: each has root fields of its own, which say by
/// [`ACTION`] which it is.
pub static ACTIONS: [&Operation; 2] = [&actions::ONE, &actions::EACH];

/// An operation with its arguments, ready to run. It says of itself what admission and transactions need.
#[async_trait]
pub trait Command: fmt::Debug + Send + Sync {
    /// The object.
    fn object(&self) -> ObjectIx;

    /// Runs it in a transaction. The faults of the outcome are a person's to correct; then nothing of it may be kept,
    /// unless the outcome says that a part is.
    async fn run(&self, session: &Session, tx: &Tx) -> Result<Outcome>;

    /// Whether what it writes is taken back in the end.
    fn is_dry_run(&self) -> bool {
        false
    }

    /// Whether it also writes records of other objects.
    fn writes_others(&self) -> bool {
        false
    }

    /// Whether it creates records and changes none.
    fn only_creates(&self) -> bool {
        false
    }

    /// Whether it deletes records, so that it may be retried after other deletions.
    fn deletes(&self) -> bool {
        false
    }

    /// The change of one record, if it is nothing else.
    fn change(&self) -> Option<&Change> {
        None
    }

    /// Most records in its result.
    fn most(&self) -> u64 {
        1
    }

    /// The filter that selects its records.
    fn filter(&self) -> Option<&Filter> {
        None
    }
}
