//! Approvals of records: they begin when a record is submitted, wait while people decide step by step, and end.
//!
//! An approval keeps the steps with which it began, whatever becomes of its text. While it waits, its record is closed to
//! changes and moves, and whoever has an open task is a related employee of it. Every change here happens under the
//! record's lock, in the transaction of the command.
//!
//! Must not know how commands are called, nor how answers look.

mod approvers;
mod begin;
mod decide;
mod outcome;
mod progress;
mod rows;
mod shown_approvals;
mod vacant_tasks;
mod voided;

pub use approvers::{Sought, StaffLookup, StaffMember};
pub(super) use begin::{Submitted, applies, begin, begins, nothing_applies};
pub use decide::Decision;
pub(super) use decide::{decide, delegate, withdraw};
pub use rows::{ApprovalProgress, EntryKind, TaskState};
pub use shown_approvals::{
    ApprovalList, ToldApproval, ToldEntry, ToldStep, ToldTask, approvals_of, inbox,
};
pub use vacant_tasks::look_after_approvals;
pub(super) use voided::{take_back, void};

use super::{draft::StoredRecord, faults, store::Values};
use crate::{
    base::{Error, Message},
    catalog::{Object, PENDING},
    records::Session,
};

/// The state of a record's approval.
pub(super) fn state_of<'v>(object: &Object, values: &'v Values) -> Option<&'v str> {
    values.get(&object.approval_state()?)?.as_text()
}

/// What is wrong with changing or moving a record that waits for approval.
pub(super) fn pending(object: &Object, old: &StoredRecord) -> Option<Error> {
    let waits = state_of(object, &old.values) == Some(PENDING);
    waits.then(|| faults::waits_for_approval(object.noun()))
}

/// What people call what is done with an approval, where they see its state: `decide` for `decideSalesOrder`.
pub(super) fn title(session: &Session, object: &Object, verb: &str) -> Option<Message> {
    let state = object.approval_state()?;
    let (en, zh) = match verb {
        "submit" => ("Submit", "提交审批"),
        "decide" => ("Decide", "审批"),
        "delegate" => ("Hand over", "转交审批"),
        "withdraw" => ("Take back", "撤回审批"),
        _ => return None,
    };
    session.access.field_rule(object.ix, state).is_none().then(|| Message::new(en, zh))
}
