//! Writing: one record with its lines and members, or several, in one transaction.
//!
//! Rights on the record as it is → the change (`draft`, `deletes`) → rights on what has become of it → commit.
//! Faults a person can correct come all at once, with paths; nothing is written then.

use uuid::Uuid;

use super::{
    change::{Change, Op},
    deletes,
    draft::{as_expected, create, current, update},
    employees,
    permitted::{self, Standing},
    references::{self, Reference},
    session::Session,
};
use crate::{
    access::Action,
    base::{Code, Error, Result},
    catalog::Object,
    storage::Tx,
};

/// What came of a save.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saved {
    /// Committed: the record's id.
    Done(Uuid),
    /// Refused for what a person can correct; nothing was written.
    Refused(Vec<Error>),
}

/// Carries out a change. An `Err` is a fault of the program or the server; a [`Saved::Refused`] is the user's.
pub async fn save(session: &Session, change: &Change) -> Result<Saved> {
    save_and_see(session, change).await.map(|(saved, _)| saved)
}

/// The same; tells too whether the caller is known to see the record as it was saved.
pub async fn save_and_see(session: &Session, change: &Change) -> Result<(Saved, bool)> {
    let object = session.catalog.object(change.object);
    let action = open(session, object, change)?;
    let tx = session.database.begin().await?;
    let mut left = Vec::new();
    match carry_out(session, &tx, object, change, action, &mut left).await {
        Ok((saved, seen)) => {
            if matches!(saved, Saved::Done(_)) {
                tx.commit().await?;
            }
            Ok((saved, seen))
        }
        Err(error) => {
            let faults = corrected(session, tx, error, &left).await?;
            Ok((Saved::Refused(faults), false))
        }
    }
}

/// What came of several saves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SavedAll {
    /// All committed, or with a trial all could be: the ids in the order of the changes.
    Done(Vec<Uuid>),
    /// Refused, with the place of the change before each path; nothing was written.
    Refused(Vec<Error>),
}

/// Carries out several changes, all or none of them; a `trial` writes nothing in the end.
pub async fn save_all(session: &Session, changes: &[Change], trial: bool) -> Result<SavedAll> {
    let mut actions = Vec::with_capacity(changes.len());
    for change in changes {
        actions.push(open(session, session.catalog.object(change.object), change)?);
    }
    let tx = session.database.begin().await?;
    let (mut done, mut faults) = (Vec::new(), Vec::new());
    for (at, (change, action)) in changes.iter().zip(actions).enumerate() {
        let object = session.catalog.object(change.object);
        let mut left = Vec::new();
        let refused = match carry_out(session, &tx, object, change, action, &mut left).await {
            Ok((Saved::Done(id), _)) => {
                done.push(id);
                continue;
            }
            Ok((Saved::Refused(faults), _)) => faults,
            // The transaction is over: what comes after cannot be tried.
            Err(error) => {
                let refused = corrected(session, tx, error, &left).await?;
                faults.extend(refused.into_iter().map(|fault| fault.within(at.to_string())));
                return Ok(SavedAll::Refused(faults));
            }
        };
        faults.extend(refused.into_iter().map(|fault| fault.within(at.to_string())));
    }
    if !faults.is_empty() {
        return Ok(SavedAll::Refused(faults));
    }
    if !trial {
        tx.commit().await?;
    }
    Ok(SavedAll::Done(done))
}

/// The action of a change, if it is open on the object and on the fields it gives.
fn open(session: &Session, object: &Object, change: &Change) -> Result<Action> {
    let action = match change.op {
        Op::Create(_) => Action::Create,
        Op::Update { .. } => Action::Edit,
        Op::Delete { .. } => Action::Delete,
    };
    if !session.access.may(object, action) {
        return Err(Error::new(
            Code::InputInvalid,
            format!("there is no object `{}`", object.name),
            format!("没有对象 `{}`", object.name),
        ));
    }
    if let Op::Create(input) | Op::Update { patch: input, .. } = &change.op {
        let values = input.values.iter().map(|(ix, _)| *ix);
        let owned =
            input.lines.iter().map(|(ix, _)| *ix).chain(input.members.iter().map(|(ix, _)| *ix));
        for ix in values.chain(owned) {
            if !session.access.may_write(object.ix, ix) {
                let name = &object.field(ix).name;
                return Err(Error::new(
                    Code::InputInvalid,
                    format!("you may not give `{name}`"),
                    format!("您不能填写 `{name}`"),
                ));
            }
        }
    }
    Ok(action)
}

/// What a person can correct of an error that ended a transaction; other errors stay errors.
async fn corrected(
    session: &Session,
    tx: Tx,
    error: Error,
    left: &[Reference],
) -> Result<Vec<Error>> {
    if error.code == Code::RecordReference && !left.is_empty() {
        // PostgreSQL answers nothing more in a transaction it has refused something in.
        drop(tx);
        let again = session.database.begin().await?;
        let missing = references::missing(session, &again, left).await?;
        return Ok(if missing.is_empty() { vec![error] } else { missing });
    }
    if is_users(error.code) { Ok(vec![error]) } else { Err(error) }
}

/// Rights on the record as it is, the change, and rights on what has become of it; tells whether the
/// caller is known to see that.
async fn carry_out(
    session: &Session,
    tx: &Tx,
    object: &Object,
    change: &Change,
    action: Action,
    left: &mut Vec<Reference>,
) -> Result<(Saved, bool)> {
    let (saved, written) = match &change.op {
        Op::Create(input) => create(session, tx, object, input, left).await?,
        Op::Update { id, expected, .. } | Op::Delete { id, expected } => {
            let (old, version) = current(tx, object, *id).await?;
            let record = Standing { id: *id, values: &old };
            permitted::allowed(session, tx, object, record, action).await?;
            as_expected(version, *expected)?;
            match &change.op {
                Op::Update { patch, .. } => {
                    update(session, tx, object, *id, (old, version), patch, left).await?
                }
                _ => {
                    let done = deletes::delete(session, tx, object, *id, (old, version)).await?;
                    return Ok((done, false));
                }
            }
        }
    };
    let Saved::Done(id) = saved else { return Ok((saved, false)) };
    let record = Standing { id, values: &written.values };
    let rule = |action| session.access.row_rule(object, action);
    // What was open and does not depend on what has changed is open still.
    let kept = |action| match &written.changed {
        Some(changed) => !permitted::depends(rule(action), changed),
        None => false,
    };
    if !kept(action) {
        permitted::still_allowed(session, tx, object, record, action).await?;
    }
    if action == Action::Create && session.access.may(object, Action::Edit) {
        entrust(session, tx, object, record, left).await?;
    }
    let seen = kept(Action::Read)
        || permitted::by_values(rule(Action::Read), &written.values) == Some(true);
    Ok((saved, seen))
}

/// Whoever enters a record for someone else may correct it for a time, where he may change his own (c.10 A5).
async fn entrust(
    session: &Session,
    tx: &Tx,
    object: &Object,
    record: Standing<'_>,
    left: &mut Vec<Reference>,
) -> Result<()> {
    if permitted::open_to(session, tx, object, record, Action::Edit).await? {
        return Ok(());
    }
    if let Some(patch) = employees::entrusted(session, object) {
        let old = current(tx, object, record.id).await?;
        update(session, tx, object, record.id, old, &patch, left).await?;
    }
    Ok(())
}

/// Whether a person can correct it, rather than the program.
fn is_users(code: Code) -> bool {
    matches!(
        code,
        Code::RecordTaken
            | Code::RecordReference
            | Code::RecordInUse
            | Code::RecordNotFound
            | Code::RecordVersion
    )
}
