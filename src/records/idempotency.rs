//! Wishes that are carried out once however often they are sent: a key, what it was used for, what came of it.
//!
//! The key's row is written in the transaction of the change: whoever sends the same at the same time waits
//! for it, and a change that did not last leaves no key.

use chrono::Duration;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, LockBehavior, LockType, OnConflict, Query};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{bulk::Outcome, session::Session};
use crate::{
    base::{Code, Error, LEEWAY, Message, Result},
    sql::Dialect,
    storage::{Tx, fault},
};

/// How long a key is known, by every clock that may ask.
const KEPT: Duration = Duration::hours(24);
/// Keys past their time that each new one takes away.
const SWEPT: u64 = 20;
const TABLE: &str = "tw_idempotency";

/// A key and the request it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    /// The key as the caller's operator gave it.
    pub key: String,
    /// The request in a form that is the same whenever it asks the same.
    pub request: String,
}

/// What a key is to a request.
pub(super) enum Claim {
    /// It is this request's from now on, under this id.
    New(String),
    /// The request was carried out before, and this came of it.
    Known(Outcome),
}

fn hash(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Takes a key for a request, or tells what came of the request before.
///
/// `INSERT INTO tw_idempotency (…) VALUES (…) ON CONFLICT (id) DO UPDATE SET … WHERE at <= $5`
pub(super) async fn claim(session: &Session, tx: &Tx, once: &Once) -> Result<Claim> {
    let operator = session.access.operator().map(|id| id.to_string()).unwrap_or_default();
    let (id, digest) = (hash(&[&operator, &once.key]), hash(&[&once.request]));
    let now = session.env.clock.now();
    let (at, past) = (now.timestamp_micros(), (now - KEPT - LEEWAY).timestamp_micros());
    sweep(tx, past).await?;
    let column = |name: &str| Expr::col((Alias::new(TABLE), Alias::new(name)));
    let insert = Query::insert()
        .into_table(Alias::new(TABLE))
        .columns(["id", "digest", "at", "outcome"].map(Alias::new))
        .values([id.as_str().into(), digest.as_str().into(), at.into(), "".into()])
        .map_err(Error::internal)?
        .on_conflict(
            OnConflict::column(Alias::new("id"))
                .update_columns(["digest", "at", "outcome"].map(Alias::new))
                .action_and_where(column("at").lte(past))
                .to_owned(),
        )
        .to_owned();
    if tx.insert(&insert).await.map_err(fault)? == 1 {
        return Ok(Claim::New(id));
    }
    let select = Query::select()
        .columns(["digest", "outcome"].map(Alias::new))
        .from(Alias::new(TABLE))
        .and_where(column("id").eq(id.as_str()))
        .to_owned();
    let rows = tx.select(&select).await?;
    let row = rows.first().ok_or_else(|| Error::internal("a key that is there and is not"))?;
    let text = |at: usize| row.try_get_by_index::<String>(at).map_err(Error::internal);
    if text(0)? != digest {
        return Err(Error::new(
            Code::ConflictIdempotency,
            "this key was used for another request",
            "此幂等键已用于其他请求",
        )
        .at(["idempotencyKey"])
        .hint("give every request a key of its own", "请为每个请求使用不同的键"));
    }
    let kept: Kept = serde_json::from_str(&text(1)?).map_err(Error::internal)?;
    Ok(Claim::Known(kept.outcome()))
}

/// Takes away some keys that are past their time; those another transaction is at are left to it.
///
/// `DELETE FROM tw_idempotency WHERE id IN (SELECT id … WHERE at <= $1 LIMIT 20 FOR UPDATE SKIP LOCKED)`
async fn sweep(tx: &Tx, past: i64) -> Result<()> {
    let mut old = Query::select();
    old.column(Alias::new("id"))
        .from(Alias::new(TABLE))
        .and_where(Expr::col(Alias::new("at")).lte(past))
        .limit(SWEPT);
    if tx.dialect() == Dialect::Postgres {
        old.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    let delete = Query::delete()
        .from_table(Alias::new(TABLE))
        .and_where(Expr::col(Alias::new("id")).in_subquery(old))
        .to_owned();
    tx.delete(&delete).await.map(|_| ()).map_err(fault)
}

/// Writes down what came of a request.
pub(super) async fn settle(tx: &Tx, id: &str, outcome: &Outcome) -> Result<()> {
    let kept = serde_json::to_string(&Kept::of(outcome)).map_err(Error::internal)?;
    let update = Query::update()
        .table(Alias::new(TABLE))
        .value(Alias::new("outcome"), kept)
        .and_where(Expr::col(Alias::new("id")).eq(id))
        .to_owned();
    tx.update(&update).await.map(|_| ()).map_err(fault)
}

/// An outcome as it is stored: ids and faults, nothing of a record's values.
#[derive(Serialize, Deserialize)]
struct Kept {
    rows: Vec<Option<Uuid>>,
    faults: Vec<Fault>,
}

#[derive(Serialize, Deserialize)]
struct Fault {
    code: String,
    path: Vec<String>,
    message: (String, String),
    hint: Option<(String, String)>,
    #[serde(default)]
    about: Vec<String>,
}

impl Kept {
    fn of(outcome: &Outcome) -> Self {
        let texts = |message: &Message| (message.en.to_string(), message.zh.to_string());
        let fault = |error: &Error| Fault {
            code: error.code.name().to_owned(),
            path: error.path.clone(),
            message: texts(&error.message),
            hint: error.hint.as_ref().map(texts),
            about: error.about.clone(),
        };
        Self { rows: outcome.rows(), faults: outcome.faults().iter().map(fault).collect() }
    }

    fn outcome(self) -> Outcome {
        let fault = |fault: Fault| {
            let known = Code::ALL.iter().find(|code| code.name() == fault.code);
            let (en, zh) = fault.message;
            let error = Error::new(known.copied().unwrap_or(Code::RecordValue), en, zh);
            let error = error.at(fault.path).about(fault.about);
            match fault.hint {
                Some((en, zh)) => error.hint(en, zh),
                None => error,
            }
        };
        // Whether the caller still sees the records is asked again.
        Outcome::of(self.rows, self.faults.into_iter().map(fault).collect(), false)
    }
}
