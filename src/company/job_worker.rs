//! Work on jobs: each is carried out chunk by chunk by whichever process has it, under the rights of whoever it is for.
//! Also who sees jobs and may cancel or resume them.

use std::time::Duration;

use tokio::{sync::watch, task::JoinHandle};
use uuid::Uuid;

use super::{Company, faults, retyping};
use crate::{
    base::{Code, Error, Result},
    jobs::{
        self, BEAT, ChunkProgress, HeldJob, Job, JobFault, JobFilter, JobKind, JobState, NextStep,
    },
    records::Session,
};

/// How often a process looks for a job when it has none.
const LOOKED: Duration = Duration::from_secs(1);
/// How long a job waits after the database was not reached.
const AGAIN: Duration = Duration::from_secs(5);

/// Lets the worker of a job be heard of until it is dropped.
struct Heartbeat(JoinHandle<()>);

impl Drop for Heartbeat {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Company {
    /// Works on jobs one after another until the server stops. The chunk that is under way then is ended, and the job
    /// given back.
    pub async fn work(self, mut closing: watch::Receiver<bool>) {
        let mut found = false;
        while !*closing.borrow() {
            match Box::pin(self.work_off(&closing)).await {
                // There may be another.
                Ok(worked) => found = worked,
                Err(error) => tracing::warn!(%error, "cannot work on jobs"),
            }
            if std::mem::take(&mut found) {
                continue;
            }
            tokio::select! {
                () = tokio::time::sleep(LOOKED) => {}
                _closing = closing.wait_for(|closing| *closing) => {}
            }
        }
    }

    /// Takes a job that is due and works on it until it ends, waits, or the server stops. Returns whether there was one.
    pub async fn work_off(&self, closing: &watch::Receiver<bool>) -> Result<bool> {
        let Some(mut held) = self.take_job().await? else { return Ok(false) };
        let _beating = self.heartbeat(&held);
        while self.work_chunk(&mut held).await? {
            if *closing.borrow() {
                held.lease.give_back(self.database.for_jobs(), self.env.clock.now()).await?;
                break;
            }
        }
        Ok(true)
    }

    /// Takes a job that is due and that nobody works on.
    pub async fn take_job(&self) -> Result<Option<HeldJob>> {
        if !jobs::is_due(&self.database, &self.env).await? {
            return Ok(None);
        }
        jobs::take(self.database.for_jobs(), &self.env).await
    }

    /// Lets the worker of a job be heard of, in a task of its own.
    fn heartbeat(&self, held: &HeldJob) -> Heartbeat {
        let (company, lease) = (self.clone(), held.lease);
        Heartbeat(tokio::spawn(async move {
            loop {
                tokio::time::sleep(BEAT).await;
                match lease.beat(&company.database, &company.env).await {
                    Ok(true) => {}
                    Ok(false) => return,
                    Err(error) => tracing::warn!(%error, "cannot hold on to a job"),
                }
            }
        }))
    }

    /// Carries out the next chunk of a job. Returns whether it goes on at once; if not it has ended, waits, or another
    /// worker has it.
    pub async fn work_chunk(&self, held: &mut HeldJob) -> Result<bool> {
        let id = held.job.id;
        let Some(job) = jobs::by_id(&self.database, id).await? else { return Ok(false) };
        held.job = job;
        let done = match held.job.kind {
            JobKind::Retype => Box::pin(self.retype_chunk(held)).await,
        };
        match done {
            Ok(goes_on) => Ok(goes_on),
            Err(error) if error.code == Code::JobState => {
                tracing::warn!(job = %id, %error, "the job is another worker's");
                Ok(false)
            }
            Err(error) if retyping::passes(error.code) => {
                tracing::warn!(job = %id, %error, "the job is tried again");
                let due = self.env.clock.now() + AGAIN;
                held.lease.give_back(self.database.for_jobs(), due).await?;
                Ok(false)
            }
            Err(error) => {
                tracing::warn!(job = %id, %error, "the job has failed");
                self.fail_job(held, &error).await
            }
        }
    }

    async fn fail_job(&self, held: &HeldJob, error: &Error) -> Result<bool> {
        let HeldJob { job, lease } = held;
        let progress = ChunkProgress {
            cursor: job.cursor.clone(),
            done: job.done,
            total: job.total,
            faults: vec![JobFault::of(error)],
            next: NextStep::End(JobState::Failed),
        };
        let tx = self.database.for_jobs().begin().await?;
        lease.advance_in(&tx, &self.env, &progress).await?;
        tx.commit().await?;
        Ok(false)
    }

    /// Which jobs a caller sees: all as an administrator, else their own.
    fn seen(session: &Session, kind: Option<JobKind>) -> Option<JobFilter> {
        if session.access.may_everything() {
            return Some(JobFilter { kind, owner: None });
        }
        let owner = session.access.operator()?;
        Some(JobFilter { kind, owner: Some(owner) })
    }

    /// A job that the caller sees.
    pub async fn job(&self, session: &Session, id: Uuid) -> Result<Option<Job>> {
        let Some(filter) = Self::seen(session, None) else { return Ok(None) };
        let known = jobs::by_id(&self.database, id).await?;
        Ok(known.filter(|job| filter.owner.is_none() || job.owner == filter.owner))
    }

    /// A page of the jobs that the caller sees, the newest first, and how many there are if that is `counted`.
    pub async fn jobs(
        &self,
        session: &Session,
        kind: Option<JobKind>,
        before: Option<Uuid>,
        first: u64,
        counted: bool,
    ) -> Result<(Vec<Job>, u64)> {
        let Some(filter) = Self::seen(session, kind) else { return Ok((Vec::new(), 0)) };
        let listed = jobs::list(&self.database, filter, before, first).await?;
        let total = if counted { jobs::count(&self.database, filter).await? } else { 0 };
        Ok((listed, total))
    }

    /// Has a job of the caller's end before it is done.
    pub async fn cancel_job(&self, session: &Session, id: Uuid) -> Result<Job> {
        let job = self.job(session, id).await?.ok_or_else(jobs::faults::no_job)?;
        let may_end = match job.kind {
            JobKind::Retype => retyping::may_end(&job)?,
        };
        if job.state.is_active() && !may_end {
            return Err(faults::published_already());
        }
        jobs::cancel(&self.database, &self.env, id).await?;
        self.job(session, id).await?.ok_or_else(jobs::faults::no_job)
    }

    /// Has a job of the caller's go on that was cancelled or has failed.
    pub async fn resume_job(&self, session: &Session, id: Uuid) -> Result<Job> {
        self.job(session, id).await?.ok_or_else(jobs::faults::no_job)?;
        jobs::resume(&self.database, &self.env, id).await?;
        self.job(session, id).await?.ok_or_else(jobs::faults::no_job)
    }

    /// The fields that a job is about, as `Object.field`.
    pub fn fields_of_job(&self, job: &Job) -> Result<Vec<String>> {
        match job.kind {
            JobKind::Retype => retyping::fields_of(job),
        }
    }
}
