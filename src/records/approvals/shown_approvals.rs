//! What is told of approvals. Whether the record may be read is asked by whoever tells it.

use std::collections::{BTreeSet, HashMap};

use uuid::Uuid;

use super::{
    decide::{is_submitter, may_withdraw, mine},
    outcome::{self, StepOutcome},
    rows::{self, ApprovalProgress, ApprovalRow, EntryKind, ReadFrom, TaskRow, TaskState},
};
use crate::{
    access::Action,
    base::{Message, Result, Value},
    catalog::{FieldIx, Object},
    query::{Compare, ConnectionPart, Filter, Find, Item, Listing, Page, Part, Selection, What},
    records::{Session, find::find_rows, store},
};

/// Most tasks of one's own that are looked at.
const MOST: u64 = 500;

/// Which tasks of one's own are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApprovalList {
    /// Those that wait for the caller.
    Waiting,
    /// Those on which they have decided.
    Decided,
}

/// A task as it is told.
#[derive(Debug, Clone)]
pub struct ToldTask {
    /// Its id.
    pub id: Uuid,
    /// Its approval.
    pub approval: Uuid,
    /// The object of the record.
    pub object: String,
    /// The record.
    pub record: Uuid,
    /// The approval's code, and what people call it.
    pub code: (String, Message),
    /// The step's code, and what people call it.
    pub step: (String, Message),
    /// How many times the record was submitted for this.
    pub round: i64,
    /// How far it is.
    pub state: TaskState,
    /// Whose it is; none: any administrator's, or somebody's whom the caller does not see.
    pub assignee: Option<Uuid>,
    /// Their name.
    pub assignee_name: Option<String>,
    /// The caller can decide on it now.
    pub mine: bool,
    /// Since when, in microseconds since 1970.
    pub opened_at: Option<i64>,
    /// When it was decided.
    pub decided_at: Option<i64>,
    /// The name of who has.
    pub decided_by: Option<String>,
    /// What they said.
    pub comment: Option<String>,
    /// The name of who has submitted the record.
    pub submitted_by: Option<String>,
    /// When.
    pub submitted_at: i64,
}

/// A step as it is told.
#[derive(Debug, Clone)]
pub struct ToldStep {
    /// Its code, and what people call it.
    pub step: (String, Message),
    /// Steps of one group that follow one another are side by side.
    pub group: Option<String>,
    /// How many have to agree.
    pub quorum: String,
    /// `DONE`, `OPEN` or `LATER`.
    pub state: &'static str,
}

/// Something that was done, as it is told.
#[derive(Debug, Clone)]
pub struct ToldEntry {
    /// When, in microseconds since 1970.
    pub at: i64,
    /// What.
    pub kind: EntryKind,
    /// The step's code, and what people call it.
    pub step: Option<(String, Message)>,
    /// The name of who has done it.
    pub by: Option<String>,
    /// The name of the employee in whose place.
    pub behalf: Option<String>,
    /// The name of the employee to whom.
    pub to: Option<String>,
    /// What they said.
    pub comment: Option<String>,
}

/// An approval as it is told.
#[derive(Debug, Clone)]
pub struct ToldApproval {
    /// Its id.
    pub id: Uuid,
    /// Its code, and what people call it.
    pub code: (String, Message),
    /// How far it is.
    pub state: ApprovalProgress,
    /// How many times the record was submitted for this.
    pub round: i64,
    /// The name of who has submitted the record.
    pub started_by: Option<String>,
    /// When, in microseconds since 1970.
    pub started_at: i64,
    /// When it ended.
    pub ended_at: Option<i64>,
    /// The caller may take the record back.
    pub can_withdraw: bool,
    /// Its steps, in order.
    pub steps: Vec<ToldStep>,
    /// Its tasks.
    pub tasks: Vec<ToldTask>,
    /// What was done, in order.
    pub entries: Vec<ToldEntry>,
}

/// The names of operators and employees, as far as the caller sees them.
#[derive(Default)]
struct Names {
    operators: HashMap<Uuid, String>,
    employees: HashMap<Uuid, String>,
}

impl Names {
    fn operator(&self, id: Option<Uuid>) -> Option<String> {
        self.operators.get(&id?).cloned()
    }

    fn employee(&self, id: Option<Uuid>) -> Option<String> {
        self.employees.get(&id?).cloned()
    }

    async fn of(
        session: &Session,
        operators: BTreeSet<Uuid>,
        employees: BTreeSet<Uuid>,
    ) -> Result<Self> {
        Ok(Self {
            operators: names(session, "Operator", operators).await?,
            employees: names(session, "Employee", employees).await?,
        })
    }
}

/// The names of records of an object, as far as the caller sees them.
async fn names(
    session: &Session,
    object: &str,
    ids: BTreeSet<Uuid>,
) -> Result<HashMap<Uuid, String>> {
    let known = session.catalog.named(object).and_then(|known| Some((known, known.named("name")?)));
    let Some((object, (name, _))) = known else { return Ok(HashMap::new()) };
    let access = &session.access;
    let seen = access.may(object, Action::Read) && access.field_rule(object.ix, name).is_none();
    let Ok(size) = u32::try_from(ids.len()) else { return Ok(HashMap::new()) };
    if size == 0 || !seen {
        return Ok(HashMap::new());
    }
    let part = |key: &str, field| Part { key: key.to_owned(), what: Item::Field(field) };
    let row = Selection(vec![part("id", FieldIx::ID), part("name", name)]);
    let among = Compare::In(ids.into_iter().map(Value::Id).collect());
    let listing = Listing {
        filter: Some(Filter::Field(FieldIx::ID, among)),
        page: Page { size, ..Page::default() },
        parts: vec![Part { key: String::new(), what: ConnectionPart::Nodes(row) }],
        ..Listing::default()
    };
    let find = Find { object: object.ix, what: What::List(listing) };
    let found = find_rows(&session.uncounted(), find).await?;
    let rows = found.rows.iter();
    Ok(rows.filter_map(|row| Some((row.id("id")?, row.text("name")?.to_owned()))).collect())
}

/// The tasks of the caller, in order. Those on records that they may no longer read are among them.
pub async fn inbox(session: &Session, list: ApprovalList) -> Result<Vec<ToldTask>> {
    let access = &session.access;
    let tasks = match list {
        ApprovalList::Waiting => {
            let own = access.viewer().into_iter().chain(access.stands_for().iter().copied());
            let own: Vec<_> = own.collect();
            let all = access.may_everything() && !access.is_server();
            if own.is_empty() && !all {
                return Ok(Vec::new());
            }
            rows::open_tasks(&session.database, &own, all, MOST).await?
        }
        ApprovalList::Decided => match access.operator() {
            Some(operator) => rows::decided_tasks(&session.database, operator, MOST).await?,
            None => Vec::new(),
        },
    };
    let ids: BTreeSet<_> = tasks.iter().map(|task| task.approval).collect();
    let ids: Vec<_> = ids.into_iter().collect();
    let mut approvals = HashMap::new();
    for ids in ids.chunks(store::NAMED) {
        let found = rows::by_ids(ReadFrom::Database(&session.database), ids).await?;
        approvals.extend(found.into_iter().map(|row| (row.id, row)));
    }
    let (mut operators, mut employees) = (BTreeSet::new(), BTreeSet::new());
    for task in &tasks {
        operators.extend(task.operator);
        employees.extend(task.employee);
    }
    operators.extend(approvals.values().filter_map(|row| row.operator));
    let names = Names::of(session, operators, employees).await?;
    let told = tasks.iter().filter_map(|task| {
        let approval = approvals.get(&task.approval)?;
        Some(told_task(session, &names, approval, task))
    });
    Ok(told.filter(|task| list == ApprovalList::Decided || task.mine).collect())
}

fn told_task(session: &Session, names: &Names, approval: &ApprovalRow, task: &TaskRow) -> ToldTask {
    let open = task.state == TaskState::Open && approval.state == ApprovalProgress::Pending;
    ToldTask {
        id: task.id,
        approval: approval.id,
        object: approval.object.clone(),
        record: approval.record,
        code: (approval.code.clone(), approval.plan.title(&approval.code)),
        step: step_of(approval, task.step),
        round: approval.round,
        state: task.state,
        assignee: task.employee.filter(|who| names.employees.contains_key(who)),
        assignee_name: names.employee(task.employee),
        mine: open && mine(session, task).is_some() && !is_submitter(session, approval),
        opened_at: task.opened_at,
        decided_at: task.decided_at,
        decided_by: names.operator(task.operator),
        comment: task.comment.clone(),
        submitted_by: names.operator(approval.operator),
        submitted_at: approval.started_at,
    }
}

fn step_of(approval: &ApprovalRow, at: usize) -> (String, Message) {
    match approval.plan.steps.get(at) {
        Some(step) => (step.code.clone(), step.title()),
        None => (String::new(), Message::same(String::new())),
    }
}

/// The approvals of a record, the latest first.
pub async fn approvals_of(
    session: &Session,
    object: &Object,
    record: Uuid,
) -> Result<Vec<ToldApproval>> {
    let from = ReadFrom::Database(&session.database);
    let approvals = rows::of_record(from, &object.name, record).await?;
    let ids: Vec<_> = approvals.iter().map(|row| row.id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let tasks = rows::tasks_of(from, &ids).await?;
    let entries = rows::entries_of(from, &ids).await?;
    let (mut operators, mut employees) = (BTreeSet::new(), BTreeSet::new());
    operators.extend(approvals.iter().filter_map(|row| row.operator));
    for task in &tasks {
        operators.extend(task.operator);
        employees.extend(task.employee);
    }
    for entry in &entries {
        operators.extend(entry.operator);
        employees.extend(entry.behalf.into_iter().chain(entry.to));
    }
    let names = Names::of(session, operators, employees).await?;
    let told = approvals.iter().map(|approval| {
        let own = |of: Uuid| of == approval.id;
        let tasks: Vec<_> = tasks.iter().filter(|task| own(task.approval)).collect();
        ToldApproval {
            id: approval.id,
            code: (approval.code.clone(), approval.plan.title(&approval.code)),
            state: approval.state,
            round: approval.round,
            started_by: names.operator(approval.operator),
            started_at: approval.started_at,
            ended_at: approval.ended_at,
            can_withdraw: approval.state == ApprovalProgress::Pending
                && may_withdraw(session, approval),
            steps: steps(approval, &tasks),
            tasks: tasks.iter().map(|task| told_task(session, &names, approval, task)).collect(),
            entries: entries
                .iter()
                .filter(|entry| own(entry.approval))
                .map(|entry| ToldEntry {
                    at: entry.at,
                    kind: entry.kind,
                    step: entry.step.map(|at| step_of(approval, at)),
                    by: names.operator(entry.operator),
                    behalf: names.employee(entry.behalf),
                    to: names.employee(entry.to),
                    comment: entry.comment.clone(),
                })
                .collect(),
        }
    });
    Ok(told.collect())
}

fn steps(approval: &ApprovalRow, tasks: &[&TaskRow]) -> Vec<ToldStep> {
    let told = approval.plan.steps.iter().enumerate().map(|(at, step)| {
        let own: Vec<_> =
            tasks.iter().filter(|task| task.step == at).map(|task| task.state).collect();
        let passed = outcome::of_step(step.quorum, &own) == StepOutcome::Passed;
        let reached = at < approval.place || !own.is_empty();
        let open = own.iter().any(|state| matches!(state, TaskState::Open | TaskState::Waiting));
        let state = match (reached, open) {
            _ if at < approval.place || reached && passed => "DONE",
            (true, true) => "OPEN",
            (true, false) => "DONE",
            (false, _) => "LATER",
        };
        ToldStep {
            step: (step.code.clone(), step.title()),
            group: step.group.clone(),
            quorum: step.quorum.text(),
            state,
        }
    });
    told.collect()
}
