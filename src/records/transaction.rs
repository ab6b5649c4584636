//! A transaction for the commands of a mutation. Each command is written completely or not at all.

use uuid::Uuid;

use super::{
    bulk::{OnError, Outcome, carry_out_all},
    bulk_by_filter::{self, Matching, Verb},
    change::{Change, Input, Op},
    idempotency::{self, Claim, Once},
    restore::{self, Restore},
    session::Session,
    upsert::{self, Upsert},
};
use crate::{
    base::{Code, Error, Result},
    catalog::{Object, ObjectIx},
    storage::{Tx, rights, settings},
};

/// The command of a mutation field.
#[derive(Debug, Clone, PartialEq)]
pub enum Wish {
    /// Create, update or delete one record.
    One(Change),
    /// Create several records. An input that could not be read contains its faults.
    Create {
        /// The object.
        object: ObjectIx,
        /// The inputs in order, or their faults.
        inputs: Vec<Result<Input, Vec<Error>>>,
        /// What happens to the others if one is refused.
        on: OnError,
    },
    /// Do the same with all records that match a filter.
    Matching(Matching),
    /// Update the record with a key, or create it.
    Upsert(Upsert),
    /// Restore a deleted record.
    Restore(Restore),
}

impl Wish {
    /// Whether it creates nested records.
    pub fn nests(&self) -> bool {
        let nests = |input: &Input| input.depth() > 0;
        match self {
            Self::One(Change {
                op: Op::Create(input) | Op::Update { patch: input, .. }, ..
            }) => nests(input),
            Self::Create { inputs, .. } => inputs.iter().flatten().any(nests),
            Self::Upsert(upsert) => nests(&upsert.input),
            Self::Matching(Matching { verb: Verb::Update(patch), .. }) => nests(patch),
            Self::One(_) | Self::Matching(_) | Self::Restore(_) => false,
        }
    }
}

/// A transaction in which commands run.
pub struct Work<'s> {
    session: &'s Session,
    tx: Tx,
}

impl<'s> Work<'s> {
    /// Begins a transaction. Dropping it without a commit rolls it back.
    pub async fn begin(session: &'s Session) -> Result<Self> {
        Ok(Self { session, tx: session.database.begin().await? })
    }

    /// Commits.
    pub async fn commit(self) -> Result<()> {
        self.tx.commit().await
    }

    /// Counts the administrators who could sign in after a commit.
    pub async fn administrators(&self) -> Result<usize> {
        let catalog = &self.session.catalog;
        match (catalog.named("Operator"), catalog.named("Employee")) {
            (Some(operator), Some(employee)) => {
                rights::administrators(&self.tx, operator, employee).await
            }
            _ => Ok(0),
        }
    }

    /// Sets a setting of the company in this transaction.
    pub async fn set(&self, key: &str, value: &str) -> Result<()> {
        settings::set(&self.tx, key, value).await
    }

    /// Executes a command, unless it ran before with the same key. Returns its outcome.
    pub async fn carry_out_once(&self, wish: &Wish, once: &Once) -> Result<Outcome> {
        match idempotency::claim(self.session, &self.tx, once).await? {
            Claim::Known(outcome) => Ok(outcome),
            Claim::New(id) => {
                let outcome = self.carry_out(wish).await?;
                idempotency::settle(&self.tx, &id, &outcome).await?;
                Ok(outcome)
            }
        }
    }

    /// Deletes several records of one object that may refer to each other: all or none.
    pub async fn remove(&self, object: ObjectIx, changes: &[Change]) -> Result<Vec<Uuid>> {
        let (session, tx) = (self.session, &self.tx);
        let object = session.catalog.object(object);
        tx.mark().await?;
        let done = carry_out_all(session, tx, object, changes, OnError::Abort, |_| None).await?;
        let ids = done.ids();
        if ids.is_empty() {
            tx.back().await?;
        } else {
            tx.keep().await?;
        }
        Ok(ids)
    }

    /// Executes a command. A refused command or a dry run writes nothing.
    pub async fn carry_out(&self, wish: &Wish) -> Result<Outcome> {
        let (session, tx) = (self.session, &self.tx);
        tx.mark().await?;
        let (outcome, trial) = match wish {
            Wish::One(change) => {
                let object = session.catalog.object(change.object);
                let change = std::slice::from_ref(change);
                let place = |_: usize| None;
                let done =
                    carry_out_all(session, tx, object, change, OnError::Abort, place).await?;
                (done, false)
            }
            Wish::Create { object, inputs, on } => {
                let object = session.catalog.object(*object);
                (create_all(session, tx, object, inputs, *on).await?, false)
            }
            Wish::Upsert(wish) => (upsert::carry_out(session, tx, wish).await?, false),
            Wish::Restore(wish) => (restore::carry_out(session, tx, wish).await?, false),
            Wish::Matching(wish) => {
                (bulk_by_filter::carry_out(session, tx, wish).await?, wish.trial)
            }
        };
        if trial || outcome.rows().is_empty() {
            tx.back().await?;
        } else {
            tx.keep().await?;
        }
        Ok(outcome)
    }
}

/// Creates several records. An input that could not be read is refused with its faults.
async fn create_all(
    session: &Session,
    tx: &Tx,
    object: &Object,
    inputs: &[Result<Input, Vec<Error>>],
    on: OnError,
) -> Result<Outcome> {
    let (mut changes, mut places, mut faults) = (Vec::new(), Vec::new(), Vec::new());
    for (at, input) in inputs.iter().enumerate() {
        match input {
            Ok(input) => {
                changes.push(Change { object: object.ix, op: Op::Create(input.clone()) });
                places.push(at);
            }
            Err(found) => {
                let found = found.iter().map(|fault| {
                    let fault = Error { code: Code::RecordValue, ..fault.clone() };
                    (at, fault.within(at.to_string()))
                });
                faults.extend(found);
            }
        }
    }
    if on == OnError::Abort && !faults.is_empty() {
        return Ok(Outcome::refused(faults.into_iter().map(|(_, fault)| fault).collect()));
    }
    let place = |at: usize| places.get(at).map(usize::to_string);
    let done = carry_out_all(session, tx, object, &changes, on, place).await?;
    if faults.is_empty() {
        return Ok(done);
    }
    let mut rows = vec![None; inputs.len()];
    for (at, row) in places.into_iter().zip(done.rows()) {
        rows[at] = row;
    }
    let mut faults: Vec<_> = faults.into_iter().map(|(_, fault)| fault).collect();
    faults.extend_from_slice(done.faults());
    Ok(Outcome::of(rows, faults, done.seen()))
}
