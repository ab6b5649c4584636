//! Fields that get another type: what is small is converted within the publish, what is large by a job that fills the new
//! columns first and publishes then. Behind either, a job converts what requests pinned to the version before have written,
//! and removes the columns that nobody reads any more.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{Company, Publication, PublishOptions, StoredDraft, faults};
use crate::{
    base::{Code, Error, Lang, Result},
    catalog::{Diagnostic, Retype},
    customize::{JobRow, PublishPlan},
    jobs::{
        self, ChunkProgress, HeldJob, Job, JobFault, JobKind, JobLease, JobState, NewJob, NextStep,
    },
    records::Session,
    storage::{
        Tx,
        audit::{self, AuditEntry, AuditEvent, AuditKind},
        catalogs, retypes, schema_drafts,
    },
};

/// When what was written under the version before is converted: first soon, because others follow within a second, then
/// once no request that began before can be running.
const SETTLED: [Duration; 2] = [Duration::from_secs(2), Duration::from_mins(1)];
/// Records that a fault names.
const NAMED: usize = 20;

/// What a job is asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct RetypeInput {
    retypes: Vec<Retype>,
    /// What it publishes; none where that was done at once.
    publish: Option<PublishInput>,
}

/// What is published once all is converted.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct PublishInput {
    text: String,
    base: i64,
    note: Option<String>,
    /// When the draft that it is was saved; it is dropped if it has not been saved since.
    draft: Option<i64>,
}

/// How far a job has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "phase", rename_all = "SCREAMING_SNAKE_CASE")]
enum RetypeCursor {
    /// The columns are to be added.
    Prepare,
    /// The records of one of the fields behind one are to be converted.
    Fill { field: usize, after: Option<Uuid> },
    /// What has changed since is to be converted, in the transaction that publishes.
    Publish,
    /// It is published; what was written under the version before is to be converted.
    Settle { pass: usize },
}

/// What a job has converted, to be published by it.
#[derive(Debug)]
pub struct FilledPublication {
    input: PublishInput,
    job: Job,
    lease: JobLease,
}

impl FilledPublication {
    /// As a draft over the version that it began with.
    pub(super) fn draft(&self) -> StoredDraft {
        let (base, text) = (self.input.base, self.input.text.clone());
        StoredDraft { base, text, changed_at: 0 }
    }
}

fn stored<T: Serialize>(value: &T) -> Result<Json> {
    serde_json::to_value(value).map_err(Error::internal)
}

fn read<T: serde::de::DeserializeOwned>(json: &Json) -> Result<T> {
    serde_json::from_value(json.clone()).map_err(Error::internal)
}

/// Whether a job can still be cancelled: what is published stays.
pub(super) fn may_end(job: &Job) -> Result<bool> {
    Ok(!matches!(read(&job.cursor)?, RetypeCursor::Settle { .. }))
}

/// The fields that a job gives another type, as `Object.field`.
pub(super) fn fields_of(job: &Job) -> Result<Vec<String>> {
    let input: RetypeInput = read(&job.input)?;
    Ok(input.retypes.iter().map(Retype::name).collect())
}

impl Company {
    fn at(&self, pause: Duration) -> DateTime<Utc> {
        self.env.clock.now() + pause
    }

    /// The diagnostics of fields that a job is converting already.
    pub(super) async fn converting(
        &self,
        wanted: &[Retype],
        path: &str,
    ) -> Result<Vec<Diagnostic>> {
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let mut busy = Vec::new();
        for job in jobs::active(&self.database, JobKind::Retype).await? {
            busy.extend(read::<RetypeInput>(&job.input)?.retypes);
        }
        let same = |one: &Retype, other: &Retype| {
            one.table == other.table && [&other.from, &other.to].contains(&&one.from)
        };
        let told = wanted.iter().filter(|one| busy.iter().any(|other| same(one, other)));
        Ok(told
            .map(|one| {
                let fault = faults::being_converted(one.name());
                Diagnostic {
                    code: fault.code,
                    path: path.to_owned(),
                    line: 1,
                    column: 1,
                    message: fault.message,
                    hint: fault.hint,
                }
            })
            .collect())
    }

    /// Whether a job is to convert what is there before a publish. What is added, or comes in a bundle, is published at
    /// once, however long that takes.
    pub(super) async fn takes_long(
        &self,
        publication: Publication<'_>,
        wanted: &[Retype],
    ) -> Result<bool> {
        if !matches!(publication, Publication::Draft | Publication::Version(_)) {
            return Ok(false);
        }
        for retype in wanted {
            if retypes::is_larger(&self.database, &retype.table, self.retyped_at_once).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The job that converts values and publishes for an operator.
    pub async fn publishing_job(&self, owner: Uuid) -> Result<Option<Job>> {
        for job in jobs::active(&self.database, JobKind::Retype).await? {
            if job.owner == Some(owner) && may_end(&job)? {
                return Ok(Some(job));
            }
        }
        Ok(None)
    }

    /// Makes the job that converts what is there and publishes a plan then.
    pub(super) async fn begin_retypes(
        &self,
        session: &Session,
        publication: Publication<'_>,
        plan: &PublishPlan,
        retypes: Vec<Retype>,
        note: Option<&str>,
    ) -> Result<Uuid> {
        let owner = session.access.operator();
        let mut draft = None;
        if let (Publication::Draft, Some(owner)) = (publication, owner) {
            draft = schema_drafts::of(&self.database, owner).await?.map(|known| known.changed_at);
        }
        let publish = PublishInput {
            text: plan.text().to_owned(),
            base: self.catalog().version,
            note: note.map(str::to_owned),
            draft,
        };
        let input = RetypeInput { retypes, publish: Some(publish) };
        let (id, insert) = NewJob {
            kind: JobKind::Retype,
            owner,
            input: stored(&input)?,
            cursor: stored(&RetypeCursor::Prepare)?,
            due: self.env.clock.now(),
        }
        .insert(&self.env)?;
        audit::tell("job", json!(id.to_string()));
        let tx = self.database.begin().await?;
        tx.insert(&insert).await.map_err(crate::storage::fault)?;
        tx.commit().await?;
        Ok(id)
    }

    /// The row of the job that follows a publish with fields of another type, or that such a publish ends.
    pub(super) fn job_row(
        &self,
        session: &Session,
        publication: Publication<'_>,
        retypes: Vec<Retype>,
    ) -> Result<Option<(Uuid, JobRow)>> {
        let Publication::Filled(filled) = publication else {
            return self.settling(session.access.operator(), retypes);
        };
        let progress = ChunkProgress {
            cursor: stored(&RetypeCursor::Settle { pass: 0 })?,
            done: filled.job.done,
            total: filled.job.total,
            faults: Vec::new(),
            next: NextStep::Settle(self.at(SETTLED[0])),
        };
        let update = filled.lease.advance(&self.env, &progress)?;
        Ok(Some((filled.job.id, JobRow::Moved(update))))
    }

    /// The row of the job that follows a publish which has converted values itself.
    pub(super) fn settling(
        &self,
        owner: Option<Uuid>,
        retypes: Vec<Retype>,
    ) -> Result<Option<(Uuid, JobRow)>> {
        if retypes.is_empty() {
            return Ok(None);
        }
        let job = NewJob {
            kind: JobKind::Retype,
            owner,
            input: stored(&RetypeInput { retypes, publish: None })?,
            cursor: stored(&RetypeCursor::Settle { pass: 0 })?,
            due: self.at(SETTLED[0]),
        };
        let (id, insert) = job.insert(&self.env)?;
        Ok(Some((id, JobRow::New(insert))))
    }

    /// Whether a publish drops the caller's draft: it is what is published.
    pub(super) async fn is_own_draft(
        &self,
        session: &Session,
        publication: Publication<'_>,
    ) -> Result<bool> {
        match (publication, session.access.operator()) {
            (Publication::Draft, _) => Ok(true),
            (Publication::Filled(filled), Some(owner)) => {
                let known = schema_drafts::of(&self.database, owner).await?;
                let known = known.map(|draft| draft.changed_at);
                Ok(known.is_some() && known == filled.input.draft)
            }
            _ => Ok(false),
        }
    }

    /// Carries out the next chunk of a job, or its end if it is cancelled. Returns whether it goes on at once.
    pub(super) async fn retype_chunk(&self, held: &HeldJob) -> Result<bool> {
        let HeldJob { job, .. } = held;
        let input: RetypeInput = read(&job.input)?;
        let cursor: RetypeCursor = read(&job.cursor)?;
        if let RetypeCursor::Settle { pass } = cursor {
            return self.settle_retypes(held, &input.retypes, pass).await;
        }
        if job.state == JobState::Cancelling {
            return self.give_up(held, &input.retypes).await;
        }
        let session = self.definer(job.owner).await?;
        match cursor {
            RetypeCursor::Prepare => self.prepare_retypes(held, &input.retypes).await,
            RetypeCursor::Fill { field, after } => {
                self.fill_retypes(held, &input.retypes, field, after).await
            }
            _ => Box::pin(self.publish_filled(held, &session, input)).await,
        }
    }

    /// The session of whoever a job is for, as their rights are now.
    async fn definer(&self, owner: Option<Uuid>) -> Result<Session> {
        let accounts = self.holders().await?.into_iter();
        let mut own = accounts.filter(|(operator, ..)| Some(*operator) == owner);
        let Some((operator, _, roles)) = own.next() else {
            return Err(faults::job_without_rights());
        };
        let catalog = self.catalog();
        let access = self.rights.of(operator, &roles, &catalog).await?;
        if !access.may_everything() {
            return Err(faults::job_without_rights());
        }
        Ok(self.uncounted_session(catalog, Arc::new(access)))
    }

    async fn chunk(&self) -> Result<Tx> {
        let tx = self.database.for_jobs().begin().await?;
        tx.unlimited().await?;
        Ok(tx)
    }

    /// Notes how far a job is and commits both, or nothing if another worker has it.
    async fn kept(
        &self,
        tx: Tx,
        held: &HeldJob,
        cursor: RetypeCursor,
        change: impl FnOnce(&mut ChunkProgress),
    ) -> Result<bool> {
        let HeldJob { job, lease } = held;
        let mut progress = ChunkProgress {
            cursor: stored(&cursor)?,
            done: job.done,
            total: job.total,
            faults: job.faults.clone(),
            next: NextStep::GoOn,
        };
        change(&mut progress);
        lease.advance_in(&tx, &self.env, &progress).await?;
        tx.commit().await?;
        Ok(progress.next == NextStep::GoOn)
    }

    async fn prepare_retypes(&self, held: &HeldJob, wanted: &[Retype]) -> Result<bool> {
        let tx = self.chunk().await?;
        let mut total = 0;
        for retype in wanted {
            retypes::prepare(&tx, retype, true).await?;
            total += retypes::count(&tx, retype).await?;
        }
        let first = RetypeCursor::Fill { field: 0, after: None };
        self.kept(tx, held, first, |progress| {
            (progress.done, progress.total) = (0, Some(total));
        })
        .await
    }

    async fn fill_retypes(
        &self,
        held: &HeldJob,
        wanted: &[Retype],
        field: usize,
        after: Option<Uuid>,
    ) -> Result<bool> {
        let tx = self.chunk().await?;
        let Some(retype) = wanted.get(field) else {
            return self.kept(tx, held, RetypeCursor::Publish, |_progress| {}).await;
        };
        // A chunk is never more than what is converted within a publish.
        let most = self.retyped_at_once.clamp(1, retypes::CHUNK);
        let filled = retypes::fill(&tx, self.env.zone, retype, after, most).await?;
        if !filled.failing.is_empty() && !retype.or_null {
            drop(tx);
            let tx = self.chunk().await?;
            let faults = unconverted(retype, &filled.failing);
            let same = RetypeCursor::Fill { field, after };
            return self
                .kept(tx, held, same, |progress| {
                    progress.faults = faults;
                    progress.next = NextStep::End(JobState::Failed);
                })
                .await;
        }
        let next = match filled.last {
            Some(last) => RetypeCursor::Fill { field, after: Some(last) },
            None => RetypeCursor::Fill { field: field + 1, after: None },
        };
        let records = i64::try_from(filled.records).unwrap_or(i64::MAX);
        self.kept(tx, held, next, |progress| {
            progress.done = progress.done.saturating_add(records);
            // Records have been added since they were counted.
            progress.total = progress.total.map(|total| total.max(progress.done));
        })
        .await
    }

    /// Publishes what the columns are filled for, under the rights that the owner has now.
    async fn publish_filled(
        &self,
        held: &HeldJob,
        session: &Session,
        input: RetypeInput,
    ) -> Result<bool> {
        let HeldJob { job, lease } = held;
        let Some(publish) = input.publish else {
            return Err(Error::internal("a job without anything to publish"));
        };
        let note = publish.note.clone();
        let filled = FilledPublication { input: publish, job: job.clone(), lease: *lease };
        let detail = json!({ "job": job.id.to_string() });
        let event = AuditEvent { operator: job.owner, detail, ..AuditEvent::default() };
        let entry = AuditEntry::new(&self.env, AuditKind::Definition, &event);
        let options = PublishOptions { note: note.as_deref(), ..PublishOptions::default() };
        let publishing = self.publish(session, Publication::Filled(&filled), options);
        let applied = Box::pin(audit::with(entry, publishing)).await?;
        if applied.job.is_some() {
            return Ok(false);
        }
        let mut faults: Vec<_> = applied.plan.diagnostics.iter().map(told).collect();
        if faults.is_empty() {
            faults.push(JobFault::of(&catalogs::conflict()));
        }
        let tx = self.chunk().await?;
        self.kept(tx, held, RetypeCursor::Publish, |progress| {
            progress.faults = faults;
            progress.next = NextStep::End(JobState::Failed);
        })
        .await
    }

    /// Converts what requests have written under the version before; at last removes the columns that are not read.
    async fn settle_retypes(&self, held: &HeldJob, done: &[Retype], pass: usize) -> Result<bool> {
        let tx = self.chunk().await?;
        let mut faults = held.job.faults.clone();
        let next = SETTLED.get(pass + 1);
        for retype in done {
            if !retypes::is_there(&tx, retype).await? {
                continue;
            }
            let failing = retypes::fill_all(&tx, self.env.zone, retype, NAMED).await?;
            if next.is_some() {
                continue;
            }
            if !retype.or_null {
                faults.extend(unconverted(retype, &failing.examples));
            }
            let gone = [retype.was(), retype.from.clone()];
            retypes::drop_columns(&tx, &retype.table, &gone).await?;
        }
        let step = match next {
            Some(pause) => NextStep::Settle(self.at(*pause)),
            None if faults.is_empty() => NextStep::End(JobState::Done),
            None => NextStep::End(JobState::DoneWithFaults),
        };
        self.kept(tx, held, RetypeCursor::Settle { pass: pass + 1 }, |progress| {
            (progress.faults, progress.next) = (faults, step);
        })
        .await
    }

    /// Removes what a cancelled job has made.
    async fn give_up(&self, held: &HeldJob, wanted: &[Retype]) -> Result<bool> {
        let tx = self.chunk().await?;
        for retype in wanted {
            let made = [retype.was(), retype.to.clone()];
            retypes::drop_columns(&tx, &retype.table, &made).await?;
        }
        self.kept(tx, held, RetypeCursor::Prepare, |progress| {
            (progress.done, progress.total) = (0, None);
            progress.next = NextStep::End(JobState::Cancelled);
        })
        .await
    }
}

/// The faults of values that cannot be converted, each with its record.
fn unconverted(retype: &Retype, records: &[Uuid]) -> Vec<JobFault> {
    let each = records.iter().take(NAMED).map(|id| {
        let fault = faults::value_not_converted(retype.name());
        let path = [retype.object.clone(), id.to_string(), retype.field.clone()];
        JobFault::of(&fault.at(path))
    });
    each.collect()
}

fn told(fault: &Diagnostic) -> JobFault {
    let text = |lang| fault.message.text(lang).to_owned();
    let code = fault.code.name().to_owned();
    JobFault { code, path: Vec::new(), en: text(Lang::En), zh: text(Lang::Zh) }
}

/// Whether an error passes by itself, so that the job is tried again.
pub(super) fn passes(code: Code) -> bool {
    matches!(code, Code::StorageUnavailable | Code::CatalogConflict | Code::LimitTime)
}
