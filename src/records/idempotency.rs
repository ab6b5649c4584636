//! Idempotency keys: a command with a key runs once however often it is sent. Stores the key, a hash of the
//! request, and the outcome.
//!
//! The key's row belongs to the transaction of the change. A concurrent request with the same key waits for
//! it, and a rolled-back change leaves no key.

use chrono::Duration;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, LockBehavior, LockType, OnConflict, Query};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    bulk::{MadeRecord, Outcome, Redirected},
    faults,
    session::Session,
};
use crate::{
    base::{Code, Error, LEEWAY, Message, Result},
    sql::Dialect,
    storage::{Tx, fault},
};

/// How long a key is stored. Processes' clocks may differ by [`LEEWAY`].
const KEPT: Duration = Duration::hours(24);
/// Most expired keys that each new key deletes.
const SWEPT: u64 = 20;
const TABLE: &str = "tw_idempotency";

/// A key and its request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    /// The key that the caller gave.
    pub key: String,
    /// The request in a canonical form: equal for equal requests.
    pub request: String,
}

/// The result of claiming a key.
pub(super) enum KeyClaim {
    /// The key is new and stored under this id.
    New(String),
    /// The request ran before with this outcome.
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

/// Claims a key for a request, or returns the outcome of the earlier run. Fails if the key was used for
/// another request.
///
/// `INSERT INTO tw_idempotency (…) VALUES (…) ON CONFLICT (id) DO UPDATE SET … WHERE at <= $5`
pub(super) async fn claim(session: &Session, tx: &Tx, once: &Once) -> Result<KeyClaim> {
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
        return Ok(KeyClaim::New(id));
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
        return Err(faults::idempotency_key_reused().at(["idempotencyKey"]));
    }
    let kept: Kept = serde_json::from_str(&text(1)?).map_err(Error::internal)?;
    Ok(KeyClaim::Known(kept.outcome()))
}

/// Deletes some expired keys. Skips those that another transaction has locked.
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

/// Stores the outcome of a request.
pub(super) async fn settle(tx: &Tx, id: &str, outcome: &Outcome) -> Result<()> {
    let kept = serde_json::to_string(&Kept::of(outcome)).map_err(Error::internal)?;
    let update = Query::update()
        .table(Alias::new(TABLE))
        .value(Alias::new("outcome"), kept)
        .and_where(Expr::col(Alias::new("id")).eq(id))
        .to_owned();
    tx.update(&update).await.map(|_| ()).map_err(fault)
}

/// A stored outcome: ids and faults, without values of records.
#[derive(Serialize, Deserialize)]
struct Kept {
    rows: Vec<Option<Uuid>>,
    faults: Vec<Fault>,
    #[serde(default)]
    moved: Vec<Redirected>,
    #[serde(default)]
    made: Vec<MadeRecord>,
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
        Self {
            rows: outcome.rows(),
            faults: outcome.faults().iter().map(fault).collect(),
            moved: outcome.redirected().to_vec(),
            made: outcome.all_made().to_vec(),
        }
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
        // The caller may have lost the right to see the records, so that is checked again.
        let faults = self.faults.into_iter().map(fault).collect();
        Outcome::of(self.rows, faults, false).redirecting(self.moved).making(self.made)
    }
}
