//! What is stored of approvals: `tw_approval`, `tw_approval_task` and `tw_approval_entry`.

use std::str::FromStr;

use sea_orm::{
    QueryResult,
    sea_query::{Alias, Expr, ExprTrait, JoinType, Order, Query, SelectStatement},
};
use serde::{Deserialize, Serialize};
use strum::{AsRefStr, EnumString};
use uuid::Uuid;

use crate::{
    base::{Error, Message, Result},
    catalog::{Label, OwnDecision, PlannedStep},
    records::Session,
    storage::{Database, Tx, fault},
};

const APPROVAL: &str = "tw_approval";
const TASK: &str = "tw_approval_task";
const ENTRY: &str = "tw_approval_entry";

/// How far an approval is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, AsRefStr, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ApprovalProgress {
    /// It waits for decisions.
    Pending,
    /// Somebody wants the record changed.
    Returned,
    /// All steps are passed.
    Approved,
    /// Somebody has refused.
    Rejected,
    /// The submitter has taken the record back.
    Withdrawn,
    /// The record was changed after it was approved.
    Void,
}

/// How far a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, AsRefStr, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum TaskState {
    /// Others come first.
    Waiting,
    /// Its assignee can decide.
    Open,
    /// They have agreed.
    Approved,
    /// They have refused.
    Rejected,
    /// They want the record changed.
    Returned,
    /// Somebody else has it now.
    Delegated,
    /// It was decided without them.
    Closed,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, AsRefStr, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum EntryKind {
    /// The record was submitted.
    Submit,
    /// A task was given to somebody.
    Assign,
    /// Somebody has agreed.
    Approve,
    /// Somebody has refused.
    Reject,
    /// Somebody wants the record changed.
    Return,
    /// Somebody has given their task to another.
    Delegate,
    /// A decision was not needed: they had agreed before, or nobody was found.
    Skip,
    /// The submitter has taken the record back.
    Withdraw,
    /// All steps are passed.
    End,
    /// The record was changed after it was approved.
    Void,
}

/// What an approval keeps of its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ApprovalPlan {
    pub(super) label: (Option<String>, Option<String>),
    pub(super) oneself: OwnDecision,
    pub(super) once: bool,
    pub(super) steps: Vec<PlannedStep>,
}

impl ApprovalPlan {
    pub(super) fn title(&self, code: &str) -> Message {
        let (zh, en) = self.label.clone();
        Label { zh, en }.title(code)
    }
}

/// An approval of a record. Instants are in microseconds since 1970.
#[derive(Debug, Clone)]
pub(super) struct ApprovalRow {
    pub(super) id: Uuid,
    pub(super) object: String,
    pub(super) record: Uuid,
    pub(super) code: String,
    pub(super) plan: ApprovalPlan,
    pub(super) state: ApprovalProgress,
    pub(super) round: i64,
    /// The index of the first step that is not passed.
    pub(super) place: usize,
    /// The state of the record's flow from which the move led with which it began.
    pub(super) back: Option<String>,
    /// Who has submitted the record: the operator, and their employee.
    pub(super) operator: Option<Uuid>,
    pub(super) employee: Option<Uuid>,
    pub(super) started_at: i64,
    pub(super) ended_at: Option<i64>,
}

/// A decision that somebody has to make.
#[derive(Debug, Clone)]
pub(super) struct TaskRow {
    pub(super) id: Uuid,
    pub(super) approval: Uuid,
    /// The index of its step.
    pub(super) step: usize,
    /// Its place among those of the step.
    pub(super) turn: i64,
    /// Whose it is; none: any administrator's.
    pub(super) employee: Option<Uuid>,
    pub(super) state: TaskState,
    pub(super) opened_at: Option<i64>,
    pub(super) decided_at: Option<i64>,
    /// The operator who has decided.
    pub(super) operator: Option<Uuid>,
    pub(super) comment: Option<String>,
}

/// Something that was done.
#[derive(Debug, Clone)]
pub(super) struct EntryRow {
    pub(super) approval: Uuid,
    pub(super) at: i64,
    pub(super) kind: EntryKind,
    pub(super) step: Option<usize>,
    /// The operator who has done it.
    pub(super) operator: Option<Uuid>,
    /// The employee in whose place.
    pub(super) behalf: Option<Uuid>,
    /// The employee to whom.
    pub(super) to: Option<Uuid>,
    pub(super) comment: Option<String>,
}

const OF_APPROVAL: [&str; 13] = [
    "id",
    "object",
    "record_id",
    "code",
    "plan",
    "state",
    "round",
    "place",
    "back",
    "operator_id",
    "employee_id",
    "started_at",
    "ended_at",
];
const OF_TASK: [&str; 10] = [
    "id",
    "approval_id",
    "step",
    "turn",
    "employee_id",
    "state",
    "opened_at",
    "decided_at",
    "operator_id",
    "comment",
];
const OF_ENTRY: [&str; 9] =
    ["id", "approval_id", "at", "kind", "step", "operator_id", "behalf_id", "to_id", "comment"];

fn column(name: &str) -> Expr {
    Expr::col(Alias::new(name))
}

fn text(row: &QueryResult, at: usize) -> Result<String> {
    row.try_get_by_index(at).map_err(Error::internal)
}

fn open_text(row: &QueryResult, at: usize) -> Result<Option<String>> {
    row.try_get_by_index(at).map_err(Error::internal)
}

fn number(row: &QueryResult, at: usize) -> Result<i64> {
    row.try_get_by_index(at).map_err(Error::internal)
}

fn open_number(row: &QueryResult, at: usize) -> Result<Option<i64>> {
    row.try_get_by_index(at).map_err(Error::internal)
}

fn id(row: &QueryResult, at: usize) -> Result<Uuid> {
    text(row, at)?.parse().map_err(Error::internal)
}

fn open_id(row: &QueryResult, at: usize) -> Result<Option<Uuid>> {
    open_text(row, at)?.map(|id| id.parse().map_err(Error::internal)).transpose()
}

fn named<T: FromStr>(row: &QueryResult, at: usize) -> Result<T>
where
    T::Err: std::fmt::Display,
{
    text(row, at)?.parse().map_err(Error::internal)
}

fn place(number: i64) -> Result<usize> {
    usize::try_from(number).map_err(Error::internal)
}

fn stored(place: usize) -> i64 {
    i64::try_from(place).unwrap_or(i64::MAX)
}

fn approval(row: &QueryResult) -> Result<ApprovalRow> {
    Ok(ApprovalRow {
        id: id(row, 0)?,
        object: text(row, 1)?,
        record: id(row, 2)?,
        code: text(row, 3)?,
        plan: serde_json::from_str(&text(row, 4)?).map_err(Error::internal)?,
        state: named(row, 5)?,
        round: number(row, 6)?,
        place: place(number(row, 7)?)?,
        back: open_text(row, 8)?,
        operator: open_id(row, 9)?,
        employee: open_id(row, 10)?,
        started_at: number(row, 11)?,
        ended_at: open_number(row, 12)?,
    })
}

fn task(row: &QueryResult) -> Result<TaskRow> {
    Ok(TaskRow {
        id: id(row, 0)?,
        approval: id(row, 1)?,
        step: place(number(row, 2)?)?,
        turn: number(row, 3)?,
        employee: open_id(row, 4)?,
        state: named(row, 5)?,
        opened_at: open_number(row, 6)?,
        decided_at: open_number(row, 7)?,
        operator: open_id(row, 8)?,
        comment: open_text(row, 9)?,
    })
}

fn entry(row: &QueryResult) -> Result<EntryRow> {
    Ok(EntryRow {
        approval: id(row, 1)?,
        at: number(row, 2)?,
        kind: named(row, 3)?,
        step: open_number(row, 4)?.map(place).transpose()?,
        operator: open_id(row, 5)?,
        behalf: open_id(row, 6)?,
        to: open_id(row, 7)?,
        comment: open_text(row, 8)?,
    })
}

/// Where rows are read.
#[derive(Clone, Copy)]
pub(super) enum ReadFrom<'r> {
    Tx(&'r Tx),
    Database(&'r Database),
}

impl ReadFrom<'_> {
    async fn select(self, select: &SelectStatement) -> Result<Vec<QueryResult>> {
        match self {
            Self::Tx(tx) => tx.select(select).await,
            Self::Database(database) => database.select(select).await,
        }
    }
}

fn select<const N: usize>(table: &str, columns: [&str; N]) -> SelectStatement {
    Query::select().columns(columns.map(Alias::new)).from(Alias::new(table)).to_owned()
}

/// The approvals of a record, the latest first.
pub(super) async fn of_record(
    from: ReadFrom<'_>,
    object: &str,
    record: Uuid,
) -> Result<Vec<ApprovalRow>> {
    let mut found = select(APPROVAL, OF_APPROVAL);
    found
        .and_where(column("record_id").eq(record.to_string()))
        .and_where(column("object").eq(object))
        .order_by(Alias::new("id"), Order::Desc);
    from.select(&found).await?.iter().map(approval).collect()
}

/// Approvals by their ids.
pub(super) async fn by_ids(from: ReadFrom<'_>, ids: &[Uuid]) -> Result<Vec<ApprovalRow>> {
    let mut found = select(APPROVAL, OF_APPROVAL);
    found.and_where(column("id").is_in(ids.iter().map(Uuid::to_string)));
    from.select(&found).await?.iter().map(approval).collect()
}

/// The tasks of approvals, in the order in which they were made.
pub(super) async fn tasks_of(from: ReadFrom<'_>, approvals: &[Uuid]) -> Result<Vec<TaskRow>> {
    let mut found = select(TASK, OF_TASK);
    found
        .and_where(column("approval_id").is_in(approvals.iter().map(Uuid::to_string)))
        .order_by(Alias::new("step"), Order::Asc)
        .order_by(Alias::new("turn"), Order::Asc)
        .order_by(Alias::new("id"), Order::Asc);
    from.select(&found).await?.iter().map(task).collect()
}

/// What was done of approvals, in order.
pub(super) async fn entries_of(from: ReadFrom<'_>, approvals: &[Uuid]) -> Result<Vec<EntryRow>> {
    let mut found = select(ENTRY, OF_ENTRY);
    found
        .and_where(column("approval_id").is_in(approvals.iter().map(Uuid::to_string)))
        .order_by(Alias::new("id"), Order::Asc);
    from.select(&found).await?.iter().map(entry).collect()
}

/// A task, if there is one of this id.
pub(super) async fn task_by_id(tx: &Tx, id: Uuid) -> Result<Option<TaskRow>> {
    let mut found = select(TASK, OF_TASK);
    found.and_where(column("id").eq(id.to_string()));
    tx.select(&found).await?.first().map(task).transpose()
}

/// The open tasks of some employees, the oldest first; of administrators also those that nobody has.
pub(super) async fn open_tasks(
    database: &Database,
    employees: &[Uuid],
    unassigned: bool,
    most: u64,
) -> Result<Vec<TaskRow>> {
    let own = column("employee_id").is_in(employees.iter().map(Uuid::to_string));
    let whose = match unassigned {
        true => own.or(column("employee_id").is_null()),
        false => own,
    };
    let mut found = select(TASK, OF_TASK);
    found
        .and_where(column("state").eq(TaskState::Open.as_ref()))
        .and_where(whose)
        .order_by(Alias::new("opened_at"), Order::Asc)
        .order_by(Alias::new("id"), Order::Asc)
        .limit(most);
    database.select(&found).await?.iter().map(task).collect()
}

/// The open tasks that somebody has, of approvals that wait: the approval, the object, the record and the employee.
///
/// `SELECT t.approval_id, a.object, a.record_id, t.employee_id FROM tw_approval_task t INNER JOIN tw_approval a ON a.id =
/// t.approval_id WHERE t.state = 'OPEN' AND t.employee_id IS NOT NULL AND a.state = 'PENDING' ORDER BY t.id LIMIT $1`
pub(super) async fn assigned_tasks(
    database: &Database,
    most: u64,
) -> Result<Vec<(Uuid, String, Uuid, Uuid)>> {
    let of = |table: &str, name: &str| Expr::col((Alias::new(table), Alias::new(name)));
    let select = Query::select()
        .expr(of("t", "approval_id"))
        .expr(of("a", "object"))
        .expr(of("a", "record_id"))
        .expr(of("t", "employee_id"))
        .from_as(Alias::new(TASK), Alias::new("t"))
        .join_as(
            JoinType::InnerJoin,
            Alias::new(APPROVAL),
            Alias::new("a"),
            of("a", "id").eq(of("t", "approval_id")),
        )
        .and_where(of("t", "state").eq(TaskState::Open.as_ref()))
        .and_where(of("t", "employee_id").is_not_null())
        .and_where(of("a", "state").eq(ApprovalProgress::Pending.as_ref()))
        .order_by((Alias::new("t"), Alias::new("id")), Order::Asc)
        .limit(most)
        .to_owned();
    let rows = database.select(&select).await?;
    rows.iter().map(|row| Ok((id(row, 0)?, text(row, 1)?, id(row, 2)?, id(row, 3)?))).collect()
}

/// The tasks that an operator has decided, the latest first.
pub(super) async fn decided_tasks(
    database: &Database,
    operator: Uuid,
    most: u64,
) -> Result<Vec<TaskRow>> {
    let mut found = select(TASK, OF_TASK);
    found
        .and_where(column("operator_id").eq(operator.to_string()))
        .and_where(column("decided_at").is_not_null())
        .order_by(Alias::new("decided_at"), Order::Desc)
        .order_by(Alias::new("id"), Order::Desc)
        .limit(most);
    database.select(&found).await?.iter().map(task).collect()
}

pub(super) async fn insert_approval(tx: &Tx, row: &ApprovalRow) -> Result<()> {
    let id = |id: Option<Uuid>| id.map(|id| id.to_string());
    let plan = serde_json::to_string(&row.plan).map_err(Error::internal)?;
    let insert = Query::insert()
        .into_table(Alias::new(APPROVAL))
        .columns(OF_APPROVAL.map(Alias::new))
        .values([
            row.id.to_string().into(),
            row.object.as_str().into(),
            row.record.to_string().into(),
            row.code.as_str().into(),
            plan.into(),
            row.state.as_ref().into(),
            row.round.into(),
            stored(row.place).into(),
            row.back.clone().into(),
            id(row.operator).into(),
            id(row.employee).into(),
            row.started_at.into(),
            row.ended_at.into(),
        ])
        .map_err(Error::internal)?
        .to_owned();
    tx.insert(&insert).await.map(|_| ()).map_err(fault)
}

/// Stores how far an approval is.
pub(super) async fn update_approval(tx: &Tx, row: &ApprovalRow) -> Result<()> {
    let update = Query::update()
        .table(Alias::new(APPROVAL))
        .value(Alias::new("state"), row.state.as_ref())
        .value(Alias::new("place"), stored(row.place))
        .value(Alias::new("ended_at"), row.ended_at)
        .and_where(column("id").eq(row.id.to_string()))
        .to_owned();
    tx.update(&update).await.map(|_| ()).map_err(fault)
}

pub(super) async fn insert_task(tx: &Tx, row: &TaskRow) -> Result<()> {
    let id = |id: Option<Uuid>| id.map(|id| id.to_string());
    let insert = Query::insert()
        .into_table(Alias::new(TASK))
        .columns(OF_TASK.map(Alias::new))
        .values([
            row.id.to_string().into(),
            row.approval.to_string().into(),
            stored(row.step).into(),
            row.turn.into(),
            id(row.employee).into(),
            row.state.as_ref().into(),
            row.opened_at.into(),
            row.decided_at.into(),
            id(row.operator).into(),
            row.comment.clone().into(),
        ])
        .map_err(Error::internal)?
        .to_owned();
    tx.insert(&insert).await.map(|_| ()).map_err(fault)
}

/// Stores how far a task is.
pub(super) async fn update_task(tx: &Tx, row: &TaskRow) -> Result<()> {
    let update = Query::update()
        .table(Alias::new(TASK))
        .value(Alias::new("state"), row.state.as_ref())
        .value(Alias::new("opened_at"), row.opened_at)
        .value(Alias::new("decided_at"), row.decided_at)
        .value(Alias::new("operator_id"), row.operator.map(|id| id.to_string()))
        .value(Alias::new("comment"), row.comment.clone())
        .and_where(column("id").eq(row.id.to_string()))
        .to_owned();
    tx.update(&update).await.map(|_| ()).map_err(fault)
}

pub(super) async fn insert_entry(session: &Session, tx: &Tx, row: &EntryRow) -> Result<()> {
    let id = |id: Option<Uuid>| id.map(|id| id.to_string());
    let insert = Query::insert()
        .into_table(Alias::new(ENTRY))
        .columns(OF_ENTRY.map(Alias::new))
        .values([
            session.env.ids.next().to_string().into(),
            row.approval.to_string().into(),
            row.at.into(),
            row.kind.as_ref().into(),
            row.step.map(stored).into(),
            id(row.operator).into(),
            id(row.behalf).into(),
            id(row.to).into(),
            row.comment.clone().into(),
        ])
        .map_err(Error::internal)?
        .to_owned();
    tx.insert(&insert).await.map(|_| ()).map_err(fault)
}
