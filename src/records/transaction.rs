//! One transaction for the wishes of a mutation: each is carried out whole or leaves nothing.

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

/// What one field of a mutation wishes.
#[derive(Debug, Clone, PartialEq)]
pub enum Wish {
    /// One record made, changed or removed.
    One(Change),
    /// Several records made; an input that could not be read stands with its fault.
    Create {
        /// The object.
        object: ObjectIx,
        /// The inputs in order, or everything in one that cannot be read.
        inputs: Vec<Result<Input, Vec<Error>>>,
        /// What becomes of the others when one is refused.
        on: OnError,
    },
    /// The same done to all records of a filter.
    Matching(Matching),
    /// One record made, or changed where there is one.
    Upsert(Upsert),
    /// A removed record put back.
    Restore(Restore),
}

impl Wish {
    /// Whether records of other objects are made with it.
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

/// A transaction in which wishes are carried out.
pub struct Work<'s> {
    session: &'s Session,
    tx: Tx,
}

impl<'s> Work<'s> {
    /// Begins one; dropped without a commit it leaves nothing.
    pub async fn begin(session: &'s Session) -> Result<Self> {
        Ok(Self { session, tx: session.database.begin().await? })
    }

    /// Makes what was carried out lasting.
    pub async fn commit(self) -> Result<()> {
        self.tx.commit().await
    }

    /// How many administrators could sign in if what was carried out so far were lasting.
    pub async fn administrators(&self) -> Result<usize> {
        let catalog = &self.session.catalog;
        match (catalog.named("Operator"), catalog.named("Employee")) {
            (Some(operator), Some(employee)) => {
                rights::administrators(&self.tx, operator, employee).await
            }
            _ => Ok(0),
        }
    }

    /// Sets a setting of the company in the same transaction.
    pub async fn set(&self, key: &str, value: &str) -> Result<()> {
        settings::set(&self.tx, key, value).await
    }

    /// Carries out a wish unless it was carried out before under the same key; then tells what came of it.
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

    /// Removes several records of one object that may refer to each other: all, or none.
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

    /// Carries out a wish. One that is refused, or was only to be tried, leaves nothing.
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

/// Makes several records. An input that could not be read is refused like one that does not fit.
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
