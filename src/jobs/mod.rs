//! Floor 8: jobs, which take longer than a request: what is to be done, how far it has got, who works on it.
//!
//! Owns `tw_job` and the leases on it. A process takes a job for a while and holds it by a token; what it commits moves
//! the job under that token, so that a worker thought dead can commit nothing more, and what it wrote and how far it got
//! become final together. Must not know what the jobs do.

pub(crate) mod faults;
mod lease;
mod stored_jobs;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::base::{Error, Lang};

pub use lease::{BEAT, HeldJob, JobLease, LEASE, take};
pub use stored_jobs::{
    JobFilter, NewJob, active, by_id, cancel, count, is_due, list, purge, resume,
};

/// What a job does.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, strum::AsRefStr, strum::EnumString, strum::VariantNames,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum JobKind {
    /// Converts the values of fields that get another type.
    Retype,
}

/// How a job stands.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, strum::AsRefStr, strum::EnumString, strum::VariantNames,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum JobState {
    /// It waits for a worker, or until it is due.
    Queued,
    /// Somebody works on it.
    Running,
    /// It is to end before it is done.
    Cancelling,
    /// It has ended before it was done, and can be resumed.
    Cancelled,
    /// It is done.
    Done,
    /// It is done but for what its faults say.
    DoneWithFaults,
    /// It cannot go on until what its faults say is mended, and can be resumed then.
    Failed,
}

impl JobState {
    /// Whether somebody works on it or will.
    pub fn is_active(self) -> bool {
        matches!(self, Self::Queued | Self::Running | Self::Cancelling)
    }
}

/// Something that went wrong in a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobFault {
    /// The code.
    pub code: String,
    /// What it is about: an object and a field, a record.
    #[serde(default)]
    pub path: Vec<String>,
    /// The message in English.
    pub en: String,
    /// The message in Chinese.
    pub zh: String,
}

impl JobFault {
    /// The fault that an error is.
    pub fn of(error: &Error) -> Self {
        Self {
            code: error.code.name().to_owned(),
            path: error.path.iter().map(ToString::to_string).collect(),
            en: error.message.text(Lang::En).to_owned(),
            zh: error.message.text(Lang::Zh).to_owned(),
        }
    }
}

/// A job.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its id. Ids rise with time.
    pub id: Uuid,
    /// What it does.
    pub kind: JobKind,
    /// How it stands.
    pub state: JobState,
    /// The operator for whom it is done.
    pub owner: Option<Uuid>,
    /// What it was asked for.
    pub input: Json,
    /// How far it has got, in the words of its kind.
    pub cursor: Json,
    /// How much is done.
    pub done: i64,
    /// How much there is to do, once that is known.
    pub total: Option<i64>,
    /// What went wrong.
    pub faults: Vec<JobFault>,
    /// When the worker was last heard of.
    pub heartbeat_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last got further.
    pub changed_at: DateTime<Utc>,
}

/// How far a job is after a chunk.
#[derive(Debug, Clone, PartialEq)]
pub struct ChunkProgress {
    /// Where the next chunk begins.
    pub cursor: Json,
    /// How much is done.
    pub done: i64,
    /// How much there is to do.
    pub total: Option<i64>,
    /// All that went wrong so far.
    pub faults: Vec<JobFault>,
    /// What follows.
    pub next: NextStep,
}

/// What follows a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextStep {
    /// The next chunk.
    GoOn,
    /// Nothing before an instant.
    Wait(DateTime<Utc>),
    /// Nothing before an instant, and what is done stays: whoever cancels it from now on comes too late.
    Settle(DateTime<Utc>),
    /// Nothing more.
    End(JobState),
}
