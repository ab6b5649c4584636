//! Jobs at `/metadata`: how they stand, cancelled and resumed by whoever they are for and by administrators.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use serde_json::json;

use super::{
    argument_lookup::id,
    audit::told,
    context::{company, raised},
    paging::{PageRequest, Paged, counts, stray},
    scalars::{Instant, Word, at},
    user_errors::{UserErrorInfo, user_errors},
};
use crate::{
    base::{Code, Error, Lang},
    company::Company,
    graphql::exchange::Caller,
    jobs::{Job, JobFault, JobKind, JobState},
    records::Session,
    storage::audit::{self, AuditKind},
};

/// Work that takes longer than a request.
#[derive(SimpleObject)]
#[graphql(name = "Job")]
pub(super) struct JobInfo {
    id: ID,
    kind: Word<JobKind>,
    state: Word<JobState>,
    /// The operator for whom it is done.
    owner: Option<ID>,
    /// The fields that it is about, as `Object.field`.
    fields: Vec<String>,
    progress: JobProgress,
    /// What went wrong.
    faults: Vec<JobFaultInfo>,
    created_at: Instant,
    /// When it last got further.
    changed_at: Instant,
}

/// How far a job is.
#[derive(SimpleObject)]
struct JobProgress {
    /// How many records are done.
    done: i64,
    /// How many there are; none while that is not known.
    total: Option<i64>,
}

/// Something that went wrong in a job.
#[derive(SimpleObject)]
#[graphql(name = "JobFault")]
struct JobFaultInfo {
    code: String,
    /// What it is about: an object, a record, a field.
    path: Vec<String>,
    message: String,
}

/// A job after it was changed, or what stands against that.
#[derive(SimpleObject)]
struct JobPayload {
    /// None if it was refused.
    job: Option<JobInfo>,
    user_errors: Vec<UserErrorInfo>,
}

fn fault(fault: JobFault, lang: Lang) -> JobFaultInfo {
    let message = match lang {
        Lang::En => fault.en,
        Lang::Zh => fault.zh,
    };
    JobFaultInfo { code: fault.code, path: fault.path, message }
}

/// A job of the caller's, or any for administrators.
pub(super) async fn found(ctx: &Context<'_>, id: &ID) -> Result<Option<JobInfo>> {
    let (company, session) = (company(ctx)?, ctx.data::<Session>()?);
    let found = async {
        let known = company.job(session, self::id(id)?).await?;
        known.map(|job| shown(ctx, company, job)).transpose()
    };
    found.await.map_err(|error: Error| raised(ctx, &error))
}

/// A job as the schema shows it.
pub(super) fn shown(
    ctx: &Context<'_>,
    company: &Company,
    job: Job,
) -> crate::base::Result<JobInfo> {
    let lang = ctx.data::<Caller>().map(|caller| caller.lang).unwrap_or_default();
    Ok(JobInfo {
        id: job.id.to_string().into(),
        kind: Word(job.kind),
        state: Word(job.state),
        owner: job.owner.map(|owner| owner.to_string().into()),
        fields: company.fields_of_job(&job)?,
        progress: JobProgress { done: job.done, total: job.total },
        faults: job.faults.into_iter().map(|one| fault(one, lang)).collect(),
        created_at: at(job.created_at.timestamp_micros()),
        changed_at: at(job.changed_at.timestamp_micros()),
    })
}

#[derive(Default)]
pub(super) struct JobQuery;

#[Object]
impl JobQuery {
    /// A job of the caller's, or any for administrators.
    async fn job(&self, ctx: &Context<'_>, id: ID) -> Result<Option<JobInfo>> {
        found(ctx, &id).await
    }

    /// The caller's jobs, all for administrators; the newest first.
    async fn jobs(
        &self,
        ctx: &Context<'_>,
        kind: Option<Word<JobKind>>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Paged<JobInfo>> {
        let (company, session) = (company(ctx)?, ctx.data::<Session>()?);
        let listed = async {
            let page = PageRequest::new(first, after)?;
            let before = page.after.as_ref();
            let before = before.map(|after| id(&ID::from(after)).map_err(|_no_id| stray()));
            let (before, most) = (before.transpose()?, page.one_more());
            let kind = kind.map(|Word(kind)| kind);
            let (jobs, total) = company.jobs(session, kind, before, most, counts(ctx)).await?;
            let each = jobs.into_iter().map(|job| {
                let key = job.id.to_string();
                Ok((key, shown(ctx, company, job)?))
            });
            Ok(page.of(each.collect::<crate::base::Result<_>>()?, total))
        };
        listed.await.map_err(|error: Error| raised(ctx, &error))
    }
}

/// What came of a change of a job. That it is not in a state for it is told in the payload.
fn payload(
    ctx: &Context<'_>,
    company: &Company,
    done: crate::base::Result<Job>,
) -> Result<JobPayload> {
    match done.and_then(|job| shown(ctx, company, job)) {
        Ok(job) => Ok(JobPayload { job: Some(job), user_errors: Vec::new() }),
        Err(error) if matches!(error.code, Code::JobState | Code::RecordNotFound) => {
            let user_errors = user_errors(ctx, &[error.at(["id"])])?;
            Ok(JobPayload { job: None, user_errors })
        }
        Err(error) => Err(raised(ctx, &error)),
    }
}

#[derive(Default)]
pub(super) struct JobMutation;

#[Object]
impl JobMutation {
    /// Ends a job before it is done, after the chunk that is under way. What it has made so far is given up.
    async fn cancel_job(&self, ctx: &Context<'_>, id: ID) -> Result<JobPayload> {
        let (company, session) = (company(ctx)?, ctx.data::<Session>()?);
        let wanted = self::id(&id).map_err(|error| raised(ctx, &error))?;
        let detail = json!({ "cancelJob": id.to_string() });
        let entry = told(ctx, AuditKind::Definition, None, detail)?;
        let done = audit::with(entry, company.cancel_job(session, wanted));
        payload(ctx, company, Box::pin(done).await)
    }

    /// Has a job go on that was cancelled or has failed.
    async fn resume_job(&self, ctx: &Context<'_>, id: ID) -> Result<JobPayload> {
        let (company, session) = (company(ctx)?, ctx.data::<Session>()?);
        let wanted = self::id(&id).map_err(|error| raised(ctx, &error))?;
        let detail = json!({ "resumeJob": id.to_string() });
        let entry = told(ctx, AuditKind::Definition, None, detail)?;
        let done = audit::with(entry, company.resume_job(session, wanted));
        payload(ctx, company, Box::pin(done).await)
    }
}
