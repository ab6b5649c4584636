//! What people do with an approval that waits: decide, give their task to another, take the record back.

use strum::{AsRefStr, EnumString};
use uuid::Uuid;

use super::{
    approvers::ApproverSearch,
    progress::{self, Deed, Running},
    rows::{self, ApprovalProgress, EntryKind, ReadFrom, TaskRow, TaskState},
};
use crate::{
    access::{Action, RowRule},
    base::{Code, Error, Result},
    catalog::{Object, OwnDecision},
    records::{
        Session,
        authorize::{self, LoadedRecord},
        draft::current,
        faults,
    },
    storage::Tx,
};

/// A decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, AsRefStr, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Decision {
    /// To agree.
    Approve,
    /// To refuse.
    Reject,
    /// To want the record changed.
    Return,
}

/// The record, or why it was refused.
type Decided = std::result::Result<Uuid, Vec<Error>>;

fn no_such_task() -> Error {
    faults::no_such_task().at(["task"])
}

/// Who may act on a task.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ActsOn {
    /// Its assignee, and whoever stands in for them.
    Own,
    /// Administrators, too.
    Any,
}

/// Whose a task is that the caller acts on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder {
    /// Their own, or any administrator's.
    Oneself,
    /// Somebody else's, in whose place they act.
    Another(Uuid),
}

impl Holder {
    /// In whose place the caller acts.
    fn behalf(self) -> Option<Uuid> {
        match self {
            Self::Oneself => None,
            Self::Another(whose) => Some(whose),
        }
    }
}

/// Whether a task is the caller's, and in whose place they have it.
pub(super) fn mine(session: &Session, task: &TaskRow) -> Option<Holder> {
    let access = &session.access;
    match task.employee {
        Some(whose) if access.viewer() == Some(whose) => Some(Holder::Oneself),
        Some(whose) => access.stands_for().contains(&whose).then_some(Holder::Another(whose)),
        None => access.may_everything().then_some(Holder::Oneself),
    }
}

/// Locks the record of a task and loads its approval; the fault, if the caller cannot decide on it now.
async fn open<'s>(
    session: &'s Session,
    tx: &'s Tx,
    object: &'s Object,
    task: Uuid,
    acts_on: ActsOn,
) -> Result<std::result::Result<(Running<'s>, usize, Option<Uuid>), Error>> {
    let Some(found) = rows::task_by_id(tx, task).await? else { return Ok(Err(no_such_task())) };
    let approvals = rows::by_ids(ReadFrom::Tx(tx), &[found.approval]).await?;
    let of = approvals.into_iter().find(|row| row.object == object.name);
    let Some(record) = of.map(|row| row.record) else { return Ok(Err(no_such_task())) };
    let rule = session.access.row_rule(object, Action::Read);
    let known = match current(session, tx, object, &[record], rule).await {
        Ok(known) => known,
        // Who had a task knows that there is one.
        Err(error) if error.code == Code::RecordNotFound => {
            let had = mine(session, &found).is_some() && found.state != TaskState::Open;
            let fault = if had { faults::decided_already().at(["task"]) } else { no_such_task() };
            return Ok(Err(fault));
        }
        Err(error) => return Err(error),
    };
    // Only now does nobody else change it.
    let Some(running) = progress::load(session, tx, object, found.approval).await? else {
        return Ok(Err(no_such_task()));
    };
    let Some(at) = running.tasks.iter().position(|known| known.id == task) else {
        return Ok(Err(no_such_task()));
    };
    let everyones = acts_on == ActsOn::Any && session.access.may_everything();
    let of_another = running.tasks[at].employee.filter(|_| everyones);
    let holder = mine(session, &running.tasks[at]).or(of_another.map(Holder::Another));
    let Some(holder) = holder else {
        return Ok(Err(faults::task_of_another().at(["task"])));
    };
    if acts_on == ActsOn::Own && is_submitter(session, &running.approval) {
        return Ok(Err(faults::decides_on_ones_own().at(["task"])));
    }
    match running.tasks[at].state {
        TaskState::Open if running.approval.state == ApprovalProgress::Pending => {}
        TaskState::Waiting => return Ok(Err(faults::not_ones_turn().at(["task"]))),
        _ => return Ok(Err(faults::decided_already().at(["task"]))),
    }
    let records: Vec<_> =
        known.iter().map(|old| LoadedRecord { id: old.id, values: &old.values }).collect();
    authorize::allowed(session, tx, object, &records, Action::Approve).await?;
    Ok(Ok((running, at, holder.behalf())))
}

/// Whether the caller has submitted the record themselves, and may not decide on it.
pub(super) fn is_submitter(session: &Session, approval: &rows::ApprovalRow) -> bool {
    let access = &session.access;
    let own = |one: Option<Uuid>, other: Option<Uuid>| one.is_some() && one == other;
    approval.plan.oneself != OwnDecision::Allow
        && (own(approval.operator, access.operator()) || own(approval.employee, access.viewer()))
}

/// Decides on a task.
pub(in crate::records) async fn decide(
    session: &Session,
    tx: &Tx,
    object: &Object,
    task: Uuid,
    decision: Decision,
    comment: Option<&str>,
) -> Result<Decided> {
    let (mut running, at, behalf) = match open(session, tx, object, task, ActsOn::Own).await? {
        Ok(open) => open,
        Err(fault) => return Ok(Err(vec![fault])),
    };
    let (state, kind) = match decision {
        Decision::Approve => (TaskState::Approved, EntryKind::Approve),
        Decision::Reject => (TaskState::Rejected, EntryKind::Reject),
        Decision::Return => (TaskState::Returned, EntryKind::Return),
    };
    settle(&mut running, at, state, comment).await?;
    let step = Some(running.tasks[at].step);
    running.note(kind, Deed { step, behalf, comment, to: None }).await?;
    match decision {
        Decision::Return => running.end(ApprovalProgress::Returned).await?,
        _ => Box::pin(running.go_on()).await?,
    }
    Ok(Ok(running.approval.record))
}

async fn settle(
    running: &mut Running<'_>,
    at: usize,
    state: TaskState,
    comment: Option<&str>,
) -> Result<()> {
    let task = &mut running.tasks[at];
    task.state = state;
    task.decided_at = Some(running.session.env.clock.now().timestamp_micros());
    task.operator = running.session.access.operator();
    task.comment = comment.map(str::to_owned);
    rows::update_task(running.tx, task).await
}

/// Gives a task to another.
pub(in crate::records) async fn delegate(
    session: &Session,
    tx: &Tx,
    object: &Object,
    task: Uuid,
    to: Uuid,
    comment: Option<&str>,
) -> Result<Decided> {
    let (mut running, at, behalf) = match open(session, tx, object, task, ActsOn::Any).await? {
        Ok(open) => open,
        Err(fault) => return Ok(Err(vec![fault])),
    };
    let ids = [running.approval.record];
    let known = current(session, tx, object, &ids, &RowRule::All).await?;
    let Some(record) = known.first() else { return Ok(Err(vec![no_such_task()])) };
    let asked = ApproverSearch { session, tx, object, record, approval: &running.approval };
    if let Some(fault) = asked.may_get(to).await? {
        return Ok(Err(vec![fault]));
    }
    let (step, turn) = (running.tasks[at].step, running.tasks[at].turn);
    let asked_already = running.tasks.iter().any(|known| {
        known.step == step && known.employee == Some(to) && known.state != TaskState::Delegated
    });
    if asked_already {
        return Ok(Err(vec![faults::asked_already().at(["to"])]));
    }
    settle(&mut running, at, TaskState::Delegated, comment).await?;
    running.give(step, turn, Some(to), TaskState::Open).await?;
    let done = Deed { step: Some(step), behalf, to: Some(to), comment };
    running.note(EntryKind::Delegate, done).await?;
    Box::pin(running.go_on()).await?;
    Ok(Ok(running.approval.record))
}

/// Whether the caller may take back what was submitted: the submitter, whoever stands in for them, and administrators.
pub(super) fn may_withdraw(session: &Session, approval: &rows::ApprovalRow) -> bool {
    let access = &session.access;
    let submitted = approval.operator.is_some() && approval.operator == access.operator();
    let of = |whose: Uuid| access.viewer() == Some(whose) || access.stands_for().contains(&whose);
    submitted || approval.employee.is_some_and(of) || access.may_everything()
}

/// Takes a record back that waits for approval.
pub(in crate::records) async fn withdraw(
    session: &Session,
    tx: &Tx,
    object: &Object,
    record: Uuid,
    comment: Option<&str>,
) -> Result<Decided> {
    let rule = session.access.row_rule(object, Action::Read);
    current(session, tx, object, &[record], rule).await?;
    let found = rows::of_record(ReadFrom::Tx(tx), &object.name, record).await?;
    let pending = found.into_iter().find(|row| row.state == ApprovalProgress::Pending);
    let Some(pending) = pending else {
        return Ok(Err(vec![faults::waits_for_nothing(object.noun()).at(["id"])]));
    };
    if !may_withdraw(session, &pending) {
        return Ok(Err(vec![faults::submitted_by_another().at(["id"])]));
    }
    let Some(mut running) = progress::load(session, tx, object, pending.id).await? else {
        return Ok(Err(vec![faults::waits_for_nothing(object.noun()).at(["id"])]));
    };
    running.note(EntryKind::Withdraw, Deed { comment, ..Deed::default() }).await?;
    running.end(ApprovalProgress::Withdrawn).await?;
    Ok(Ok(record))
}
