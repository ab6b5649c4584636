//! Who works on a job: taken by one update, held by a token for as long as its heart beats, moved only under the token.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{
    Alias, CaseStatement, Cond, Expr, ExprTrait, Order, Query, UpdateStatement,
};
use uuid::Uuid;

use super::{
    ChunkProgress, Job, JobState, NextStep, faults,
    stored_jobs::{ACTIVE, TABLE, is_state, of, read, select},
};
use crate::{
    base::{Env, Error, Result},
    storage::{Database, Tx, fault},
};

/// How long a worker holds a job after it was last heard of.
pub const LEASE: Duration = Duration::from_secs(30);
/// How often a worker lets itself be heard of.
pub const BEAT: Duration = Duration::from_secs(5);

/// The right to work on a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobLease {
    /// The job.
    pub job: Uuid,
    token: Uuid,
}

/// A job that this process works on.
#[derive(Debug, Clone)]
pub struct HeldJob {
    /// The job as it was last read.
    pub job: Job,
    /// The right to work on it.
    pub lease: JobLease,
}

fn until(now: DateTime<Utc>) -> i64 {
    (now + LEASE).timestamp_micros()
}

/// Takes the oldest job that is due and that nobody works on. A person has one of a kind worked on at a time.
///
/// ```sql
/// UPDATE tw_job SET token = $1, lease_until = $2, … WHERE (lease_until IS NULL OR lease_until < $3) AND id =
///   (SELECT id FROM tw_job AS j WHERE state IN (…) AND … ORDER BY id LIMIT 1)
/// ```
pub async fn take(database: &Database, env: &Env) -> Result<Option<HeldJob>> {
    let (now, token) = (env.clock.now(), env.ids.next());
    let at = now.timestamp_micros();
    let in_job = |column: &str| Expr::col((Alias::new("j"), Alias::new(column)));
    let beside = |column: &str| Expr::col((Alias::new("o"), Alias::new(column)));
    let free = |until: Expr| Cond::any().add(until.clone().is_null()).add(until.lt(at));
    let others = Query::select()
        .column((Alias::new("o"), Alias::new("id")))
        .from_as(Alias::new(TABLE), Alias::new("o"))
        .and_where(beside("kind").eq(in_job("kind")))
        .and_where(beside("owner_id").eq(in_job("owner_id")))
        .and_where(beside("id").ne(in_job("id")))
        .and_where(beside("lease_until").gte(at))
        .to_owned();
    let active: Vec<&str> = ACTIVE.iter().map(AsRef::as_ref).collect();
    let due = Cond::any()
        .add(in_job("due_at").lte(at))
        .add(in_job("state").eq(JobState::Cancelling.as_ref()));
    let next = Query::select()
        .column((Alias::new("j"), Alias::new("id")))
        .from_as(Alias::new(TABLE), Alias::new("j"))
        .and_where(in_job("state").is_in(active))
        .cond_where(free(in_job("lease_until")))
        .cond_where(due)
        .and_where(Expr::exists(others).not())
        .order_by((Alias::new("j"), Alias::new("id")), Order::Asc)
        .limit(1)
        .to_owned();
    // Who is told to end stays so.
    let state = CaseStatement::new()
        .case(of("state").eq(JobState::Queued.as_ref()), JobState::Running.as_ref())
        .finally(of("state"));
    let update = Query::update()
        .table(Alias::new(TABLE))
        .value(Alias::new("state"), state)
        .value(Alias::new("token"), token.to_string())
        .value(Alias::new("lease_until"), until(now))
        .value(Alias::new("heartbeat_at"), at)
        // Another process may have taken it, or ended it, while this one waited for the row.
        .cond_where(free(of("lease_until")))
        .and_where(is_state(&ACTIVE))
        .and_where(of("id").in_subquery(next))
        .to_owned();
    let tx = database.begin().await?;
    if tx.update(&update).await.map_err(fault)? == 0 {
        return Ok(None);
    }
    let rows = tx.select(select().and_where(of("token").eq(token.to_string()))).await?;
    let job = rows.first().map(read).transpose()?;
    tx.commit().await?;
    Ok(job.map(|job| HeldJob { lease: JobLease { job: job.id, token }, job }))
}

impl JobLease {
    fn update(self) -> UpdateStatement {
        Query::update()
            .table(Alias::new(TABLE))
            .and_where(of("id").eq(self.job.to_string()))
            .and_where(of("token").eq(self.token.to_string()))
            .to_owned()
    }

    /// The update that notes how far the job is. It has to change one row in the transaction of the chunk; otherwise
    /// somebody else works on the job, and nothing of the chunk may be kept.
    pub fn advance(self, env: &Env, progress: &ChunkProgress) -> Result<UpdateStatement> {
        let now = env.clock.now();
        let faults = serde_json::to_string(&progress.faults).map_err(Error::internal)?;
        let mut update = self.update();
        update
            .value(Alias::new("cursor"), progress.cursor.to_string())
            .value(Alias::new("done"), progress.done)
            .value(Alias::new("total"), progress.total)
            .value(Alias::new("faults"), faults)
            .value(Alias::new("changed_at"), now.timestamp_micros());
        match progress.next {
            NextStep::GoOn => {
                update.value(Alias::new("lease_until"), until(now));
            }
            NextStep::Wait(due) => {
                update.value(Alias::new("due_at"), due.timestamp_micros());
                given_back(&mut update);
            }
            NextStep::Settle(due) => {
                update
                    .value(Alias::new("due_at"), due.timestamp_micros())
                    .value(Alias::new("state"), JobState::Queued.as_ref());
                freed(&mut update);
            }
            NextStep::End(state) => {
                update.value(Alias::new("state"), state.as_ref());
                freed(&mut update);
            }
        }
        Ok(update)
    }

    /// Notes within the transaction of a chunk how far the job is.
    pub async fn advance_in(self, tx: &Tx, env: &Env, progress: &ChunkProgress) -> Result<()> {
        match tx.update(&self.advance(env, progress)?).await.map_err(fault)? {
            1 => Ok(()),
            _ => Err(faults::lost()),
        }
    }

    /// Lets the worker be heard of. Returns false if another has taken the job over.
    pub async fn beat(self, database: &Database, env: &Env) -> Result<bool> {
        let now = env.clock.now();
        let mut update = self.update();
        update
            .value(Alias::new("heartbeat_at"), now.timestamp_micros())
            .value(Alias::new("lease_until"), until(now));
        changed(database, &update).await
    }

    /// Gives the job back, so that another worker may take it from an instant on.
    pub async fn give_back(self, database: &Database, due: DateTime<Utc>) -> Result<bool> {
        let mut update = self.update();
        update.value(Alias::new("due_at"), due.timestamp_micros());
        given_back(&mut update);
        changed(database, &update).await
    }
}

async fn changed(database: &Database, update: &UpdateStatement) -> Result<bool> {
    let tx = database.begin().await?;
    let touched = tx.update(update).await.map_err(fault)?;
    tx.commit().await?;
    Ok(touched == 1)
}

fn freed(update: &mut UpdateStatement) {
    let none = || Expr::val(Option::<i64>::None);
    update
        .value(Alias::new("token"), Expr::val(Option::<String>::None))
        .value(Alias::new("lease_until"), none());
}

fn given_back(update: &mut UpdateStatement) {
    let state = CaseStatement::new()
        .case(of("state").eq(JobState::Running.as_ref()), JobState::Queued.as_ref())
        .finally(of("state"));
    update.value(Alias::new("state"), state);
    freed(update);
}
