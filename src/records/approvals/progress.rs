//! How an approval goes on: steps are reached and passed, tasks open and close, and the record follows.

use std::collections::BTreeSet;

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use uuid::Uuid;

use super::{
    approvers::ApproverSearch,
    outcome::{self, StepOutcome},
    rows::{
        self, ApprovalProgress, ApprovalRow, EntryKind, EntryRow, ReadFrom, TaskRow, TaskState,
    },
};
use crate::{
    access::RowRule,
    base::{Error, Result, Value},
    catalog::{EMPLOYEES, FieldIx, FieldType, Object},
    records::{
        Input, LineChange, Session,
        draft::current,
        employees, states, store,
        write::{WriteOutcome, update},
    },
    sql::{decode, encode_as},
    storage::Tx,
};

/// An approval while it is changed.
pub(super) struct Running<'s> {
    pub(super) session: &'s Session,
    pub(super) tx: &'s Tx,
    pub(super) object: &'s Object,
    pub(super) approval: ApprovalRow,
    pub(super) tasks: Vec<TaskRow>,
}

impl Running<'_> {
    fn now(&self) -> i64 {
        self.session.env.clock.now().timestamp_micros()
    }

    /// The indices of the steps that are side by side from one on.
    fn side_by_side(&self, from: usize) -> std::ops::Range<usize> {
        let steps = &self.approval.plan.steps;
        let Some(group) = steps.get(from).map(|step| &step.group) else { return from..from };
        let alike = steps[from..].iter().take_while(|step| group.is_some() && step.group == *group);
        from..from + alike.count().max(1)
    }

    fn states(&self, step: usize) -> Vec<TaskState> {
        self.tasks.iter().filter(|task| task.step == step).map(|task| task.state).collect()
    }

    /// Notes what was done.
    pub(super) async fn note(&self, kind: EntryKind, done: Deed<'_>) -> Result<()> {
        let entry = EntryRow {
            approval: self.approval.id,
            at: self.now(),
            kind,
            step: done.step,
            operator: self.session.access.operator(),
            behalf: done.behalf,
            to: done.to,
            comment: done.comment.map(str::to_owned),
        };
        rows::insert_entry(self.session, self.tx, &entry).await
    }

    /// Gives the first steps to people, and goes on from there.
    pub(super) async fn begin(&mut self) -> Result<()> {
        self.reach(0).await?;
        self.go_on().await
    }

    /// Goes on after a decision: to the next steps, or to the end. Then the record follows.
    pub(super) async fn go_on(&mut self) -> Result<()> {
        loop {
            let steps = self.side_by_side(self.approval.place);
            if steps.is_empty() {
                return self.end(ApprovalProgress::Approved).await;
            }
            let mut outcomes = Vec::new();
            for step in steps.clone() {
                let quorum = self.approval.plan.steps[step].quorum;
                let outcome = outcome::of_step(quorum, &self.states(step));
                if outcome == StepOutcome::Passed {
                    self.close(Some(step)).await?;
                }
                outcomes.push(outcome);
            }
            if outcomes.contains(&StepOutcome::Refused) {
                return self.end(ApprovalProgress::Rejected).await;
            }
            if outcomes.contains(&StepOutcome::Waits) {
                for step in steps {
                    self.open_next(step).await?;
                }
                rows::update_approval(self.tx, &self.approval).await?;
                self.follow(Some(ApprovalProgress::Pending)).await?;
                // Whom their roles open nothing as a related employee cannot decide after all.
                if !Box::pin(self.give_anew()).await? {
                    return Ok(());
                }
                continue;
            }
            self.approval.place = steps.end;
            self.reach(steps.end).await?;
        }
    }

    /// Gives the steps that are side by side from one on to people.
    async fn reach(&mut self, from: usize) -> Result<()> {
        let server = self.session.elevated("who decides goes by the record as it is");
        let ids = [self.approval.record];
        let known = current(&server, self.tx, self.object, &ids, &RowRule::All).await?;
        let Some(record) = known.first() else { return Ok(()) };
        for at in self.side_by_side(from) {
            let step = self.approval.plan.steps[at].clone();
            let (session, tx, object) = (&server, self.tx, self.object);
            let asked = ApproverSearch { session, tx, object, record, approval: &self.approval };
            let found = Box::pin(asked.approvers(&step)).await?;
            if found.is_empty() {
                self.note(EntryKind::Skip, Deed { step: Some(at), ..Deed::default() }).await?;
            }
            for (turn, employee) in (0_i64..).zip(found) {
                let agreed = self.approval.plan.once
                    && employee.is_some()
                    && self
                        .tasks
                        .iter()
                        .any(|task| task.employee == employee && task.state == TaskState::Approved);
                let state = match (agreed, step.in_turn) {
                    (true, _) => TaskState::Approved,
                    (false, true) => TaskState::Waiting,
                    (false, false) => TaskState::Open,
                };
                self.give(at, turn, employee, state).await?;
                let done = Deed { step: Some(at), to: employee, ..Deed::default() };
                let kind = if agreed { EntryKind::Skip } else { EntryKind::Assign };
                self.note(kind, done).await?;
            }
        }
        Ok(())
    }

    /// Makes a task.
    pub(super) async fn give(
        &mut self,
        step: usize,
        turn: i64,
        employee: Option<Uuid>,
        state: TaskState,
    ) -> Result<()> {
        let task = TaskRow {
            id: self.session.env.ids.next(),
            approval: self.approval.id,
            step,
            turn,
            employee,
            state,
            opened_at: (state != TaskState::Waiting).then(|| self.now()),
            decided_at: None,
            operator: None,
            comment: None,
        };
        rows::insert_task(self.tx, &task).await?;
        self.tasks.push(task);
        Ok(())
    }

    /// Opens the next task of a step whose people are asked one after the other.
    async fn open_next(&mut self, step: usize) -> Result<()> {
        if self.states(step).contains(&TaskState::Open) {
            return Ok(());
        }
        let now = self.now();
        let mut waiting = self.tasks.iter_mut().filter(|task| task.step == step);
        if let Some(next) = waiting.find(|task| task.state == TaskState::Waiting) {
            (next.state, next.opened_at) = (TaskState::Open, Some(now));
            rows::update_task(self.tx, next).await?;
        }
        Ok(())
    }

    /// Closes what is open of a step, or of all.
    async fn close(&mut self, step: Option<usize>) -> Result<()> {
        for task in &mut self.tasks {
            let open = matches!(task.state, TaskState::Open | TaskState::Waiting);
            if open && step.is_none_or(|step| task.step == step) {
                task.state = TaskState::Closed;
                rows::update_task(self.tx, task).await?;
            }
        }
        Ok(())
    }

    /// Ends it. What is not approved goes back to where it came from.
    pub(super) async fn end(&mut self, state: ApprovalProgress) -> Result<()> {
        self.close(None).await?;
        (self.approval.state, self.approval.ended_at) = (state, Some(self.now()));
        rows::update_approval(self.tx, &self.approval).await?;
        if state == ApprovalProgress::Approved {
            self.note(EntryKind::End, Deed::default()).await?;
        }
        self.follow((state != ApprovalProgress::Withdrawn).then_some(state)).await
    }

    /// The record says how far its approval is, and has those as employees who decide on it now.
    async fn follow(&self, state: Option<ApprovalProgress>) -> Result<()> {
        let (session, tx, object) = (self.session, self.tx, self.object);
        let server = session.elevated("a record follows its approval");
        let Some(field) = object.approval_state() else {
            return Err(Error::internal("an approval without a state"));
        };
        let value = state.map_or(Value::Null, |state| Value::Text(state.as_ref().to_owned()));
        let mut patch = Input { values: vec![(field, value)], ..Input::default() };
        patch.lines.extend(self.related().await?);
        let refused =
            !matches!(state, Some(ApprovalProgress::Pending | ApprovalProgress::Approved));
        if let (true, Some(flow), Some(back)) =
            (refused, object.flow.as_deref(), &self.approval.back)
        {
            let state = match flow.key {
                None => Some(Value::Text(back.clone())),
                Some(key) => {
                    states::record_of(tx, &session.catalog, key, back).await?.map(Value::Id)
                }
            };
            patch.values.extend(state.map(|state| (flow.field, state)));
            patch.places_state = true;
        }
        let Some(fault) = self.write(&server, &patch).await? else { return Ok(()) };
        // Where the former state refuses the record now, it stays where it is, and can be changed there.
        let led_back = patch.places_state;
        patch.values.truncate(1);
        patch.places_state = false;
        match led_back {
            true => self.write(&server, &patch).await?.map_or(Ok(()), Err),
            false => Err(fault),
        }
    }

    /// Changes the record. Returns what is wrong with that.
    async fn write(&self, server: &Session, patch: &Input) -> Result<Option<Error>> {
        let (tx, object) = (self.tx, self.object);
        let ids = [self.approval.record];
        let known = current(server, tx, object, &ids, &RowRule::All).await?;
        let records = known.into_iter().map(|old| (old, patch)).collect();
        Ok(match update(server, tx, object, records, &mut Vec::new(), false).await? {
            WriteOutcome::Done(_) => None,
            WriteOutcome::Refused(faults) => {
                let first = faults.into_iter().flatten().next();
                Some(first.unwrap_or_else(|| Error::internal("a state of approval is refused")))
            }
        })
    }

    /// What changes of the employees who are here because they decide.
    async fn related(&self) -> Result<Option<(FieldIx, LineChange)>> {
        let (catalog, tx) = (&self.session.catalog, self.tx);
        let Some((field, known)) = self.object.named(EMPLOYEES) else { return Ok(None) };
        let FieldType::Lines(lines) = known.ty else { return Ok(None) };
        let line = catalog.object(lines.target);
        let column = |ix: Option<FieldIx>| {
            ix.and_then(|ix| line.field(ix).column.as_deref()).map(Alias::new)
        };
        let (Some(of), Some(employee), Some(source)) =
            (column(Some(lines.via)), column(line.staff.employee), column(line.staff.source))
        else {
            return Ok(None);
        };
        let record = encode_as(tx.dialect(), &Value::Id(self.approval.record))?;
        // `SELECT id, employee_id FROM sales_order_employee WHERE sales_order_id = $1 AND source = 'APPROVAL'`
        let select = Query::select()
            .column(Alias::new("id"))
            .column(employee)
            .from(Alias::new(&line.table))
            .and_where(Expr::col(of).eq(record))
            .and_where(Expr::col(source).eq(employees::APPROVAL))
            .to_owned();
        let open = self.tasks.iter().filter(|task| task.state == TaskState::Open);
        let mut wanted = self.there(open.filter_map(|task| task.employee).collect()).await?;
        let mut change = LineChange::default();
        for row in tx.select(&select).await? {
            let id = |at| Ok::<_, Error>(decode(tx.dialect(), &FieldType::Id, &row, at)?.as_id());
            let (Some(row), Some(employee)) = (id(0)?, id(1)?) else { continue };
            if !wanted.remove(&employee) {
                change.delete.push(row);
            }
        }
        let code = &self.approval.code;
        change.create.extend(wanted.iter().map(|who| employees::by_approval(line, *who, code)));
        let any = !change.create.is_empty() || !change.delete.is_empty();
        Ok(any.then_some((field, change)))
    }

    /// Those of some employees who are there: others were removed, or merged with somebody.
    ///
    /// `SELECT id FROM employee WHERE id IN (…)`
    async fn there(&self, employees: Vec<Uuid>) -> Result<BTreeSet<Uuid>> {
        let Some(object) = self.session.catalog.named("Employee") else {
            return Ok(BTreeSet::new());
        };
        let mut there = BTreeSet::new();
        for ids in employees.chunks(store::NAMED) {
            let dialect = self.tx.dialect();
            let select = Query::select()
                .column(Alias::new("id"))
                .from(Alias::new(&object.table))
                .and_where(store::among(dialect, "id", ids)?)
                .to_owned();
            for row in self.tx.select(&select).await? {
                there.extend(decode(dialect, &FieldType::Id, &row, 0)?.as_id());
            }
        }
        Ok(there)
    }
}

/// What is told of what was done.
#[derive(Default)]
pub(super) struct Deed<'d> {
    pub(super) step: Option<usize>,
    /// In whose place.
    pub(super) behalf: Option<Uuid>,
    /// To whom.
    pub(super) to: Option<Uuid>,
    pub(super) comment: Option<&'d str>,
}

/// Loads an approval to change it. The caller holds the lock of its record.
pub(super) async fn load<'s>(
    session: &'s Session,
    tx: &'s Tx,
    object: &'s Object,
    approval: Uuid,
) -> Result<Option<Running<'s>>> {
    let found = rows::by_ids(ReadFrom::Tx(tx), &[approval]).await?;
    let found = found.into_iter().find(|row| row.object == object.name);
    let Some(approval) = found else { return Ok(None) };
    let tasks = rows::tasks_of(ReadFrom::Tx(tx), &[approval.id]).await?;
    Ok(Some(Running { session, tx, object, approval, tasks }))
}
