//! Jobs as rows: made, read, listed, cancelled and resumed. Working on them is in `lease`.

use std::str::FromStr;

use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    DbErr, QueryResult,
    sea_query::{
        Alias, Cond, Expr, ExprTrait, Func, InsertStatement, Order, Query, SelectStatement,
        UpdateStatement,
    },
};
use serde_json::Value as Json;
use uuid::Uuid;

use super::{Job, JobKind, JobState, faults};
use crate::{
    base::{Env, Error, Result},
    storage::{Database, Tx, fault},
};

pub(super) const TABLE: &str = "tw_job";
const COLUMNS: [&str; 12] = [
    "id",
    "kind",
    "state",
    "owner_id",
    "input",
    "cursor",
    "done",
    "total",
    "faults",
    "heartbeat_at",
    "created_at",
    "changed_at",
];
/// How long a job is kept after it has ended.
const KEPT: Duration = Duration::days(30);

pub(super) fn of(column: &str) -> Expr {
    Expr::col(Alias::new(column))
}

pub(super) fn is_state(states: &[JobState]) -> Expr {
    of("state").is_in(states.iter().map(AsRef::as_ref).collect::<Vec<&str>>())
}

/// Jobs that somebody works on or will.
pub(super) const ACTIVE: [JobState; 3] =
    [JobState::Queued, JobState::Running, JobState::Cancelling];

/// A job to be made.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// What it does.
    pub kind: JobKind,
    /// The operator for whom it is done.
    pub owner: Option<Uuid>,
    /// What it is asked for.
    pub input: Json,
    /// Where its first chunk begins.
    pub cursor: Json,
    /// When it is due.
    pub due: DateTime<Utc>,
}

impl NewJob {
    /// The insert that makes it, in the transaction of what it belongs to.
    pub fn insert(&self, env: &Env) -> Result<(Uuid, InsertStatement)> {
        let (id, now) = (env.ids.next(), env.clock.now().timestamp_micros());
        let row = Query::insert()
            .into_table(Alias::new(TABLE))
            .columns(
                [
                    "id",
                    "kind",
                    "state",
                    "owner_id",
                    "input",
                    "cursor",
                    "done",
                    "faults",
                    "due_at",
                    "created_at",
                    "changed_at",
                ]
                .map(Alias::new),
            )
            .values([
                id.to_string().into(),
                self.kind.as_ref().into(),
                JobState::Queued.as_ref().into(),
                self.owner.map(|owner| owner.to_string()).into(),
                self.input.to_string().into(),
                self.cursor.to_string().into(),
                0_i64.into(),
                "[]".into(),
                self.due.timestamp_micros().into(),
                now.into(),
                now.into(),
            ])
            .map_err(Error::internal)?
            .to_owned();
        Ok((id, row))
    }
}

/// `SELECT id, kind, … FROM tw_job`
pub(super) fn select() -> SelectStatement {
    Query::select().columns(COLUMNS.map(Alias::new)).from(Alias::new(TABLE)).to_owned()
}

pub(super) fn read(row: &QueryResult) -> Result<Job> {
    let text = |at: usize| row.try_get_by_index::<String>(at);
    let instant = |at: i64| DateTime::from_timestamp_micros(at).unwrap_or_default();
    let stored = || -> Result<_, DbErr> {
        let (id, kind, state) = (text(0)?, text(1)?, text(2)?);
        let owner: Option<String> = row.try_get_by_index(3)?;
        let (input, cursor, faults) = (text(4)?, text(5)?, text(8)?);
        let beat: Option<i64> = row.try_get_by_index(9)?;
        let counts = (row.try_get_by_index(6)?, row.try_get_by_index(7)?);
        let times: (i64, i64) = (row.try_get_by_index(10)?, row.try_get_by_index(11)?);
        Ok((id, kind, state, owner, input, cursor, faults, beat, counts, times))
    };
    let (id, kind, state, owner, input, cursor, told, beat, (done, total), (made, changed)) =
        stored().map_err(Error::internal)?;
    Ok(Job {
        id: id.parse().map_err(Error::internal)?,
        kind: JobKind::from_str(&kind).map_err(Error::internal)?,
        state: JobState::from_str(&state).map_err(Error::internal)?,
        owner: owner.map(|id| id.parse().map_err(Error::internal)).transpose()?,
        input: serde_json::from_str(&input).map_err(Error::internal)?,
        cursor: serde_json::from_str(&cursor).map_err(Error::internal)?,
        done,
        total,
        faults: serde_json::from_str(&told).map_err(Error::internal)?,
        heartbeat_at: beat.map(instant),
        created_at: instant(made),
        changed_at: instant(changed),
    })
}

/// A job by its id.
pub async fn by_id(database: &Database, id: Uuid) -> Result<Option<Job>> {
    let select = select().and_where(of("id").eq(id.to_string())).to_owned();
    database.select(&select).await?.first().map(read).transpose()
}

/// Whether there is a job to be taken; whether it still is, `take` finds out.
pub async fn is_due(database: &Database, env: &Env) -> Result<bool> {
    let now = env.clock.now().timestamp_micros();
    let free = Cond::any().add(of("lease_until").is_null()).add(of("lease_until").lt(now));
    let due =
        Cond::any().add(of("due_at").lte(now)).add(of("state").eq(JobState::Cancelling.as_ref()));
    let select = Query::select()
        .column(Alias::new("id"))
        .from(Alias::new(TABLE))
        .and_where(is_state(&ACTIVE))
        .cond_where(free)
        .cond_where(due)
        .limit(1)
        .to_owned();
    Ok(!database.select(&select).await?.is_empty())
}

/// Jobs of a kind that somebody works on or will.
pub async fn active(database: &Database, kind: JobKind) -> Result<Vec<Job>> {
    let select = select()
        .and_where(of("kind").eq(kind.as_ref()))
        .and_where(is_state(&ACTIVE))
        .order_by(Alias::new("id"), Order::Asc)
        .to_owned();
    database.select(&select).await?.iter().map(read).collect()
}

/// Which jobs are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct JobFilter {
    /// Of one kind.
    pub kind: Option<JobKind>,
    /// Of one operator.
    pub owner: Option<Uuid>,
}

impl JobFilter {
    fn condition(self) -> Cond {
        Cond::all()
            .add_option(self.kind.map(|kind| of("kind").eq(kind.as_ref())))
            .add_option(self.owner.map(|owner| of("owner_id").eq(owner.to_string())))
    }
}

/// A page of jobs, the newest first: those before one, at most so many.
pub async fn list(
    database: &Database,
    filter: JobFilter,
    before: Option<Uuid>,
    first: u64,
) -> Result<Vec<Job>> {
    let before = before.map(|id| of("id").lt(id.to_string()));
    let select = select()
        .cond_where(filter.condition().add_option(before))
        .order_by(Alias::new("id"), Order::Desc)
        .limit(first)
        .to_owned();
    database.select(&select).await?.iter().map(read).collect()
}

/// How many jobs there are.
pub async fn count(database: &Database, filter: JobFilter) -> Result<u64> {
    let select = Query::select()
        .expr(Func::count(of("id")))
        .from(Alias::new(TABLE))
        .cond_where(filter.condition())
        .to_owned();
    let rows = database.select(&select).await?;
    let row = rows.first().ok_or_else(|| Error::internal("a count gave no row"))?;
    let count: i64 = row.try_get_by_index(0).map_err(Error::internal)?;
    Ok(u64::try_from(count).unwrap_or_default())
}

fn update(id: Uuid, state: JobState, env: &Env, from: &[JobState]) -> UpdateStatement {
    let now = env.clock.now().timestamp_micros();
    Query::update()
        .table(Alias::new(TABLE))
        .value(Alias::new("state"), state.as_ref())
        .value(Alias::new("changed_at"), now)
        .and_where(of("id").eq(id.to_string()))
        .and_where(is_state(from))
        .to_owned()
}

/// Changes a job that is in one of some states; otherwise tells in which it is.
async fn moved(database: &Database, id: Uuid, update: &UpdateStatement) -> Result<()> {
    let tx = database.begin().await?;
    if tx.update(update).await.map_err(fault)? == 1 {
        return tx.commit().await;
    }
    drop(tx);
    let job = by_id(database, id).await?.ok_or_else(faults::no_job)?;
    Err(faults::not_in_state(job.state.as_ref()))
}

/// Has a job end before it is done; whoever works on it sees so after its chunk. A failed one gives up what it has made.
pub async fn cancel(database: &Database, env: &Env, id: Uuid) -> Result<()> {
    let from = [JobState::Queued, JobState::Running, JobState::Failed];
    moved(database, id, &update(id, JobState::Cancelling, env, &from)).await
}

/// Has a job that was cancelled or has failed go on.
pub async fn resume(database: &Database, env: &Env, id: Uuid) -> Result<()> {
    let mut update = update(id, JobState::Queued, env, &[JobState::Cancelled, JobState::Failed]);
    update
        .value(Alias::new("faults"), "[]")
        .value(Alias::new("due_at"), env.clock.now().timestamp_micros());
    moved(database, id, &update).await
}

/// Removes jobs that ended long ago.
pub async fn purge(database: &Database, env: &Env) -> Result<()> {
    let ended = [JobState::Cancelled, JobState::Done, JobState::DoneWithFaults, JobState::Failed];
    let before = (env.clock.now() - KEPT).timestamp_micros();
    let delete = Query::delete()
        .from_table(Alias::new(TABLE))
        .and_where(is_state(&ended))
        .and_where(of("changed_at").lt(before))
        .to_owned();
    let tx: Tx = database.begin().await?;
    tx.delete(&delete).await.map_err(fault)?;
    tx.commit().await
}
