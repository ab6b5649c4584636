//! Tasks of people who cannot decide on them: they have left, have lost their rights, or their roles open nothing to those who
//! are related to a record. They are given anew by the step, in the end to administrators.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{
    approvers::{ApproverSearch, Sought},
    progress::{self, Deed, Running},
    rows::{self, EntryKind, TaskState},
};
use crate::{
    access::{Action, RowRule},
    base::{Code, Result},
    catalog::{IfNone, Object},
    records::{Session, draft::current, relate},
};

impl Running<'_> {
    /// Gives open tasks anew that nobody can decide on. The record has the assignees as its employees already. Returns
    /// whether there were any.
    pub(super) async fn give_anew(&mut self) -> Result<bool> {
        let server = self.session.elevated("whether somebody can decide goes by the record");
        let ids = [self.approval.record];
        let known = current(&server, self.tx, self.object, &ids, &RowRule::All).await?;
        let Some(record) = known.first() else { return Ok(false) };
        let mut vacant = Vec::new();
        for (at, task) in self.tasks.iter().enumerate() {
            let Some(employee) = task.employee.filter(|_| task.state == TaskState::Open) else {
                continue;
            };
            let (session, tx, object) = (&server, self.tx, self.object);
            let search = ApproverSearch { session, tx, object, record, approval: &self.approval };
            if !search.can_decide(employee).await? {
                vacant.push((at, employee));
            }
        }
        for (at, gone) in &vacant {
            let (at, step) = (*at, self.tasks[*at].step);
            self.tasks[at].state = TaskState::Delegated;
            rows::update_task(self.tx, &self.tasks[at]).await?;
            let (session, tx, object) = (&server, self.tx, self.object);
            let search = ApproverSearch { session, tx, object, record, approval: &self.approval };
            let plan = &self.approval.plan.steps[step];
            let found = Box::pin(search.approvers(plan)).await?;
            let of_step = self.tasks.iter().filter(|task| task.step == step);
            let asked: Vec<Uuid> = of_step.filter_map(|task| task.employee).collect();
            let next = found.into_iter().flatten().find(|who| !asked.contains(who));
            let left = self
                .tasks
                .iter()
                .any(|task| task.step == step && task.state != TaskState::Delegated);
            let next = match (next, left, plan.if_none) {
                (None, false, IfNone::Manager) => {
                    search.manager(self.approval.employee, &asked).await?
                }
                (next, ..) => next,
            };
            // The others of the step decide without them, or nobody has to.
            if next.is_none() && (left || plan.if_none == IfNone::Skip) {
                let deed = Deed { step: Some(step), behalf: Some(*gone), ..Deed::default() };
                self.note(EntryKind::Skip, deed).await?;
                continue;
            }
            self.give(step, self.tasks[at].turn, next, TaskState::Open).await?;
            let deed = Deed { step: Some(step), behalf: Some(*gone), to: next, ..Deed::default() };
            self.note(EntryKind::Assign, deed).await?;
        }
        Ok(!vacant.is_empty())
    }
}

/// Most approvals that are looked after at once.
const MOST: u64 = 10_000;

/// Gives open tasks anew whose assignees have left or have lost their rights. Returns how many approvals had any, or the first
/// error once all were looked at. It may run in
/// several processes at once: each approval is looked at under its record's lock.
pub async fn look_after_approvals(session: &Session) -> Result<u64> {
    let open = rows::assigned_tasks(&session.database, MOST).await?;
    let mut by_object: BTreeMap<String, Vec<(Uuid, Uuid, Uuid)>> = BTreeMap::new();
    for (approval, object, record, employee) in open {
        by_object.entry(object).or_default().push((approval, record, employee));
    }
    let (mut done, mut failed) = (0, None);
    for (name, open) in by_object {
        let Some(object) = session.catalog.named(&name) else { continue };
        let mut employees: Vec<_> = open.iter().map(|(.., employee)| *employee).collect();
        employees.sort_unstable();
        employees.dedup();
        let people =
            session.staff()?.people(&session.catalog, Sought::Employees(&employees)).await?;
        let able = |employee: &Uuid| {
            people.iter().any(|member| {
                let may = |action| member.access.may(object, action);
                member.employee == *employee && may(Action::Read) && may(Action::Approve)
            })
        };
        let mut vacant: Vec<_> = open
            .iter()
            .filter(|(.., employee)| !able(employee))
            .map(|(id, of, _)| (*id, *of))
            .collect();
        vacant.sort_unstable();
        vacant.dedup();
        for (approval, record) in vacant {
            match Box::pin(look_after(session, object, approval, record)).await {
                Ok(any) => done += u64::from(any),
                // The others have theirs given anew all the same.
                Err(error) => failed = failed.or(Some(error)),
            }
        }
    }
    failed.map_or(Ok(done), Err)
}

async fn look_after(
    session: &Session,
    object: &Object,
    approval: Uuid,
    record: Uuid,
) -> Result<bool> {
    let tx = session.database.begin().await?;
    match current(session, &tx, object, &[record], &RowRule::All).await {
        Ok(_) => {}
        // It was removed with another record.
        Err(error) if error.code == Code::RecordNotFound => return Ok(false),
        Err(error) => return Err(error),
    }
    let Some(mut running) = progress::load(session, &tx, object, approval).await? else {
        return Ok(false);
    };
    let waits = running.approval.state == rows::ApprovalProgress::Pending;
    if !waits || !running.give_anew().await? {
        return Ok(false);
    }
    Box::pin(running.go_on()).await?;
    relate::keep(session, &tx).await?;
    tx.commit().await?;
    Ok(true)
}
