//! Many changes of one kind to one object in a transaction: first together, and if that is refused, one by
//! one, so that each fault gets its place.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    change::{Change, Op},
    in_use,
    save::{Carried, carry_out, is_users, named, open},
    session::Session,
};
use crate::{
    access::Action,
    base::{Code, Error, Result},
    catalog::Object,
    rules,
    storage::Tx,
};

/// What happens to the other changes if one is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnError {
    /// Nothing is written.
    Abort,
    /// They are written.
    Continue,
}

/// The result of a command. It is either written or has a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Everything is written.
    Done {
        /// The records in the order of the request.
        rows: Vec<Uuid>,
        /// Whether the caller is known to see all of them.
        seen: bool,
        /// How many records of each object refer to another record now, as far as the caller sees them.
        moved: Vec<Redirected>,
        /// The records that an action made.
        made: Vec<MadeRecord>,
    },
    /// Everything that was not refused is written.
    Partly {
        /// The records in the order of the request. None for a refused one.
        rows: Vec<Option<Uuid>>,
        /// Faults that a person can correct.
        faults: Faults,
        /// Whether the caller is known to see all of them.
        seen: bool,
    },
    /// Nothing is written.
    Refused(Faults),
}

/// A number of records of one object that refer to another record now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redirected {
    /// The object's name.
    pub object: String,
    /// How many, of those that the caller sees.
    pub count: u64,
}

/// A record that an action made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeRecord {
    /// What the action calls it.
    pub name: String,
    /// Its id.
    pub id: Uuid,
}

/// Faults that a person can correct. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults(Vec<Error>);

impl From<Vec<Error>> for Faults {
    fn from(mut faults: Vec<Error>) -> Self {
        if faults.is_empty() {
            faults.push(Error::internal("refused without a fault"));
        }
        // If the list was already cut short, as in a stored idempotent result, it stays as it is.
        let few = faults.iter().any(|fault| fault.code == Code::RecordMore);
        Self(if few { faults } else { Error::few(faults) })
    }
}

impl Outcome {
    /// A refusal with these faults.
    pub fn refused(faults: Vec<Error>) -> Self {
        Self::Refused(faults.into())
    }

    /// Success. Each id comes with whether the caller is known to see the record.
    pub fn done(rows: Vec<(Uuid, bool)>) -> Self {
        let seen = rows.iter().all(|(_, seen)| *seen);
        Self::Done {
            rows: rows.into_iter().map(|(id, _)| id).collect(),
            seen,
            moved: Vec::new(),
            made: Vec::new(),
        }
    }

    /// A refusal with one more fault.
    #[must_use]
    pub fn but(&self, fault: Error) -> Self {
        let mut faults = self.faults().to_vec();
        faults.push(fault);
        Self::refused(faults)
    }

    /// Builds the outcome of these rows and faults.
    pub(super) fn of(rows: Vec<Option<Uuid>>, faults: Vec<Error>, seen: bool) -> Self {
        match (rows, faults) {
            (rows, faults) if faults.is_empty() => {
                let rows = rows.into_iter().flatten().collect();
                Self::Done { rows, seen, moved: Vec::new(), made: Vec::new() }
            }
            (rows, faults) if rows.is_empty() => Self::refused(faults),
            (rows, faults) => Self::Partly { rows, faults: faults.into(), seen },
        }
    }

    /// The records in the order of the request. None for a refused one.
    pub fn rows(&self) -> Vec<Option<Uuid>> {
        match self {
            Self::Done { rows, .. } => rows.iter().copied().map(Some).collect(),
            Self::Partly { rows, .. } => rows.clone(),
            Self::Refused(_) => Vec::new(),
        }
    }

    /// The ids of the written records. In a dry run, those that would be written.
    pub fn ids(&self) -> Vec<Uuid> {
        self.rows().into_iter().flatten().collect()
    }

    /// Faults that a person can correct.
    pub fn faults(&self) -> &[Error] {
        match self {
            Self::Done { .. } => &[],
            Self::Partly { faults, .. } | Self::Refused(faults) => &faults.0,
        }
    }

    /// The same with records that refer to another record now.
    #[must_use]
    pub(super) fn redirecting(self, redirected: Vec<Redirected>) -> Self {
        match self {
            Self::Done { rows, seen, made, .. } => {
                Self::Done { rows, seen, moved: redirected, made }
            }
            refused => refused,
        }
    }

    /// The same with records that an action made.
    #[must_use]
    pub(super) fn making(self, made: Vec<MadeRecord>) -> Self {
        match self {
            Self::Done { rows, seen, moved, .. } => Self::Done { rows, seen, moved, made },
            refused => refused,
        }
    }

    /// The record that an action made under a name.
    pub fn made(&self, name: &str) -> Option<Uuid> {
        let Self::Done { made, .. } = self else { return None };
        made.iter().find(|made| made.name == name).map(|made| made.id)
    }

    /// The records that an action made.
    pub(super) fn all_made(&self) -> &[MadeRecord] {
        match self {
            Self::Done { made, .. } => made,
            Self::Partly { .. } | Self::Refused(_) => &[],
        }
    }

    /// How many records of each object refer to another record now.
    pub fn redirected(&self) -> &[Redirected] {
        match self {
            Self::Done { moved, .. } => moved,
            Self::Partly { .. } | Self::Refused(_) => &[],
        }
    }

    /// Whether the caller is known to see all records.
    pub fn seen(&self) -> bool {
        match self {
            Self::Done { seen, .. } | Self::Partly { seen, .. } => *seen,
            Self::Refused(_) => false,
        }
    }
}

/// Most changes whose faults are listed if nothing will be written.
const TOLD: usize = 100;

/// Executes changes of one kind. `place` returns the start of the path of a change's faults.
pub(super) async fn carry_out_all(
    session: &Session,
    tx: &Tx,
    object: &Object,
    changes: &[Change],
    on: OnError,
    place: impl Fn(usize) -> Option<String>,
) -> Result<Outcome> {
    let placed = |at: usize, error: Error| match place(at) {
        Some(place) => error.within(place),
        None => error,
    };
    let Some(first) = changes.first() else { return Ok(Outcome::done(Vec::new())) };
    let mut action = open(session, object, first)?;
    for (at, change) in changes.iter().enumerate().skip(1) {
        action = open(session, object, change).map_err(|error| placed(at, error))?;
    }
    let (careful, mut with) = (session.carefully(), session);
    while changes.len() > 1 && together(object, changes) {
        tx.mark().await?;
        let all: Vec<_> = changes.iter().collect();
        match carry_out(with, tx, object, &all, action, &mut Vec::new()).await {
            Ok(Carried::Done(done)) => {
                tx.keep().await?;
                return Ok(Outcome::done(done));
            }
            Ok(Carried::Refused(faults)) if on == OnError::Abort => {
                tx.back().await?;
                let all = faults.into_iter().enumerate();
                let all = all.flat_map(|(at, faults)| faults.into_iter().map(move |f| (at, f)));
                return Ok(Outcome::refused(all.map(|(at, fault)| placed(at, fault)).collect()));
            }
            Ok(Carried::Refused(_)) => tx.back().await?,
            Err(error)
                if error.code == Code::RecordTaken && on == OnError::Abort && !with.careful =>
            {
                tx.back().await?;
                with = &careful;
                continue;
            }
            Err(error) if error.code == Code::RecordInUse => {
                tx.back().await?;
                // Records that refer to each other can only be deleted together. One by one, each would be in
                // use.
                let told = in_use::told(session, tx, object, &removed(changes)).await?;
                if told.is_empty() && session.trial {
                    let done = removed(changes).into_iter().map(|id| (id, true));
                    return Ok(Outcome::done(done.collect()));
                }
                if !told.is_empty() && on == OnError::Abort {
                    let told = told.into_iter().take(TOLD);
                    return Ok(Outcome::refused(told.map(|(at, f)| placed(at, f)).collect()));
                }
            }
            Err(error) if is_users(error.code) || error.code == Code::AccessDenied => {
                tx.back().await?;
            }
            Err(error) => return Err(error),
        }
        break;
    }
    one_by_one(session, tx, object, changes, action, on, placed).await
}

/// Returns the ids of the records that changes delete.
fn removed(changes: &[Change]) -> Vec<Uuid> {
    let id = |change: &Change| match &change.op {
        Op::Delete { id, .. } => Some(*id),
        _ => None,
    };
    changes.iter().filter_map(id).collect()
}

/// Whether changes may run together: none may read what another writes.
fn together(object: &Object, changes: &[Change]) -> bool {
    let alone = |change: &Change| match &change.op {
        Op::Update { patch, .. } => {
            patch.lines.is_empty() && patch.members.is_empty() && patch.nested.is_empty()
        }
        Op::Create(_) | Op::Delete { .. } => true,
    };
    let updates = changes.iter().any(|change| matches!(change.op, Op::Update { .. }));
    changes.iter().all(alone) && (!updates || !rules::reads_beyond(object))
}

async fn one_by_one(
    session: &Session,
    tx: &Tx,
    object: &Object,
    changes: &[Change],
    action: Action,
    on: OnError,
    placed: impl Fn(usize, Error) -> Error,
) -> Result<Outcome> {
    let (mut rows, mut faults, mut refused) = (Vec::with_capacity(changes.len()), Vec::new(), 0);
    let careful = session.carefully();
    for (at, change) in changes.iter().enumerate() {
        let mut left = Vec::new();
        tx.mark().await?;
        let mut carried = carry_out(session, tx, object, &[change], action, &mut left).await;
        if carried.as_ref().is_err_and(|error| error.code == Code::RecordTaken && !session.careful)
        {
            tx.back().await?;
            tx.mark().await?;
            carried = carry_out(&careful, tx, object, &[change], action, &mut left).await;
        }
        let told = match carried {
            Ok(Carried::Done(done)) => {
                tx.keep().await?;
                rows.extend(done.into_iter().map(|(id, seen)| (Some(id), seen)));
                continue;
            }
            Ok(Carried::Refused(faults)) => {
                tx.back().await?;
                faults.into_iter().flatten().collect()
            }
            Err(error) if error.code == Code::RecordReference && !left.is_empty() => {
                tx.back().await?;
                named(session, tx, error, &left).await?
            }
            Err(error) if error.code == Code::RecordInUse => {
                tx.back().await?;
                let one = removed(&changes[at..=at]);
                let told = in_use::told(session, tx, object, &one).await?;
                if told.is_empty() && session.trial {
                    rows.extend(one.into_iter().map(|id| (Some(id), true)));
                    continue;
                }
                vec![told.into_iter().map(|(_, fault)| fault).next().unwrap_or(error)]
            }
            Err(error) if is_users(error.code) => {
                tx.back().await?;
                vec![error]
            }
            Err(error) if error.code == Code::AccessDenied && on == OnError::Continue => {
                tx.back().await?;
                vec![error]
            }
            Err(error) => return Err(placed(at, error)),
        };
        rows.push((None, true));
        faults.extend(told.into_iter().map(|fault| placed(at, fault)));
        refused += 1;
        if on == OnError::Abort && refused == TOLD {
            break;
        }
    }
    if on == OnError::Abort && !faults.is_empty() {
        return Ok(Outcome::refused(faults));
    }
    let seen = rows.iter().all(|(_, seen)| *seen);
    Ok(Outcome::of(rows.into_iter().map(|(id, _)| id).collect(), faults, seen))
}
