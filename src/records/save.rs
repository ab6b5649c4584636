//! Saves one record with its lines and members in a transaction, or several of one object.
//!
//! Steps: rights on the stored records → the change (`draft`, `deletes`) → rights on the changed records →
//! commit. All faults that a person can correct are returned together, with paths; then nothing is written.

use uuid::Uuid;

use super::{
    authorize::{self, LoadedRecord},
    change::{Change, Input, Op},
    conflict, deletes,
    draft::{StoredRecord, current},
    duplicates, employees, faults, guesses, in_use, nested,
    references::{self, Reference},
    relate,
    session::Session,
    write::{WriteOutcome, WrittenRecord, create, update},
};
use crate::{
    access::{Action, RowRule},
    base::{Code, Error, Result},
    catalog::Object,
    query,
    storage::Tx,
};

/// The result of a save.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saved {
    /// Committed. The record's id.
    Done(Uuid),
    /// Refused with faults that a person can correct. Nothing was written.
    Refused(Vec<Error>),
}

/// Executes a change. `Err` is a failure of program or server; [`Saved::Refused`] contains the user's faults.
pub async fn save(session: &Session, change: &Change) -> Result<Saved> {
    save_and_see(session, change).await.map(|(saved, _)| saved)
}

/// Like [`save`]. Also returns whether the caller is known to see the saved record.
pub async fn save_and_see(session: &Session, change: &Change) -> Result<(Saved, bool)> {
    let object = session.catalog.object(change.object);
    let action = open(session, object, change)?;
    let tx = session.database.begin().await?;
    let mut left = Vec::new();
    let carried = match carry_out(session, &tx, object, &[change], action, &mut left).await {
        Ok(Carried::Done(done)) => relate::keep(session, &tx).await.map(|()| Carried::Done(done)),
        other => other,
    };
    match carried {
        Ok(Carried::Done(done)) => {
            tx.commit().await?;
            let first = done.first().ok_or_else(|| Error::internal("a save of nothing"))?;
            Ok((Saved::Done(first.0), first.1))
        }
        Ok(Carried::Refused(faults)) => {
            Ok((Saved::Refused(faults.into_iter().flatten().collect()), false))
        }
        Err(error) if error.code == Code::RecordReference && !left.is_empty() => {
            // PostgreSQL accepts no statements in a transaction after a refused one.
            drop(tx);
            let again = session.database.begin().await?;
            Ok((Saved::Refused(named(session, &again, error, &left).await?), false))
        }
        Err(error) if error.code == Code::RecordTaken && !session.careful => {
            drop(tx);
            Box::pin(save_and_see(&session.carefully(), change)).await
        }
        Err(error) if error.code == Code::RecordInUse => {
            drop(tx);
            let again = session.database.begin().await?;
            let told = match &change.op {
                Op::Delete { id, .. } => in_use::told(session, &again, object, &[*id]).await?,
                _ => Vec::new(),
            };
            let told = told.into_iter().map(|(_, fault)| fault).next().unwrap_or(error);
            Ok((Saved::Refused(vec![told]), false))
        }
        Err(error) if is_users(error.code) => Ok((Saved::Refused(vec![error]), false)),
        Err(error) => Err(error),
    }
}

/// Returns the action of a change. Fails if the caller may not do it on the object or may not give its
/// fields.
pub(super) fn open(session: &Session, object: &Object, change: &Change) -> Result<Action> {
    let action = match change.op {
        Op::Create(_) => Action::Create,
        Op::Update { .. } => Action::Edit,
        Op::Delete { .. } => Action::Delete,
    };
    if !session.access.may(object, action) {
        return Err(query::faults::no_object(&object.name));
    }
    if let Op::Create(input) | Op::Update { patch: input, .. } = &change.op {
        if input.depth() > nested::DEEPEST {
            return Err(faults::nested_too_deep(nested::DEEPEST));
        }
        let owned = input.lines.iter().map(|(ix, change)| (object.field(*ix), change));
        for (field, change) in owned {
            let Some(line) = field.target().map(|line| session.catalog.object(line)) else {
                continue;
            };
            for input in change.inputs() {
                open_nested(session, line, input)?;
                given(session, line, input)?;
            }
        }
        open_nested(session, object, input)?;
        given(session, object, input)?;
    }
    Ok(action)
}

/// Refuses an input with a field that the caller may not set.
fn given(session: &Session, object: &Object, input: &Input) -> Result<()> {
    match input.given().find(|ix| !session.access.may_write(object.ix, *ix)) {
        None => Ok(()),
        Some(ix) => Err(faults::not_settable(session.catalog.title(object, object.field(ix)))),
    }
}

/// Checks whether the caller may create the nested records of an input.
pub(super) fn open_nested(session: &Session, object: &Object, input: &Input) -> Result<()> {
    for (ix, inner) in &input.nested {
        let field = object.field(*ix);
        let Some(target) = field.target() else { continue };
        let change = Change { object: target, op: Op::Create(inner.clone()) };
        open(session, session.catalog.object(target), &change)
            .map_err(|error| error.within("create").within(field.name.as_str()))?;
    }
    Ok(())
}

/// Finds the references for which the database refused a write.
pub(super) async fn named(
    session: &Session,
    tx: &Tx,
    error: Error,
    left: &[Reference],
) -> Result<Vec<Error>> {
    let missing = references::missing(session, tx, left).await?;
    Ok(if missing.is_empty() { vec![error] } else { missing })
}

/// The result of changes within a transaction.
pub(super) enum Carried {
    /// The ids, and whether the caller is known to see each record.
    Done(Vec<(Uuid, bool)>),
    /// The faults of each change. The transaction must be rolled back.
    Refused(Vec<Vec<Error>>),
}

/// Executes changes of one kind on records of one object: checks rights on the stored records, writes, and
/// checks rights on the changed ones. A taken key counts as a guess if the caller may not see its record.
///
/// The database reports only the first taken key. The caller then repeats the changes with a careful session,
/// which checks all keys before writing.
pub(super) async fn carry_out(
    session: &Session,
    tx: &Tx,
    object: &Object,
    changes: &[&Change],
    action: Action,
    left: &mut Vec<Reference>,
) -> Result<Carried> {
    let may_tell = match action {
        Action::Delete => in_use::possible(session, object),
        _ => guesses::possible(session, object) || duplicates::may_tell(session, object),
    };
    if may_tell {
        session.may_guess()?;
    }
    let carried = change_all(session, tx, object, changes, action, left).await;
    // Another transaction took the key after the check.
    if let Err(error) = &carried
        && error.code == Code::RecordTaken
        && session.careful
        && guesses::keys_hidden(session, object)
    {
        session.guess(object, guesses::KEY)?;
    }
    carried
}

async fn change_all(
    session: &Session,
    tx: &Tx,
    object: &Object,
    changes: &[&Change],
    action: Action,
    left: &mut Vec<Reference>,
) -> Result<Carried> {
    let made = if action == Action::Create {
        let inputs = changes.iter().filter_map(|change| input(change)).collect::<Vec<_>>();
        create(session, tx, object, &inputs, left).await?
    } else {
        let known = standing(session, tx, object, changes, action).await?;
        let mut conflicts = Vec::new();
        for (change, old) in changes.iter().zip(&known) {
            let meant = conflict::Meant { expected: expected(change), input: input(change) };
            conflicts.push(conflict::faults(session, tx, object, old, &meant).await?);
        }
        if conflicts.iter().any(|faults| !faults.is_empty()) {
            return Ok(Carried::Refused(conflicts));
        }
        if action == Action::Delete {
            deletes::delete(session, tx, object, &known).await?;
            return Ok(Carried::Done(known.iter().map(|old| (old.id, false)).collect()));
        }
        let patches = changes.iter().filter_map(|change| input(change));
        update(session, tx, object, known.into_iter().zip(patches).collect(), left, true).await?
    };
    let written = match made {
        WriteOutcome::Done(written) => written,
        WriteOutcome::Refused(faults) => return Ok(Carried::Refused(faults)),
    };
    let despite: Vec<_> = changes
        .iter()
        .map(|change| input(change).is_some_and(|input| input.despite_duplicates))
        .collect();
    if let Some(faults) = duplicates::refused(session, tx, object, &written, &despite).await? {
        return Ok(Carried::Refused(faults));
    }
    let rule = |action| session.access.row_rule(object, action);
    // A right that does not depend on the changed fields still holds.
    let kept = |written: &WrittenRecord, action| match &written.changed {
        Some(changed) => !authorize::depends(rule(action), changed),
        None => false,
    };
    if action == Action::Create {
        let made: Vec<_> = written.iter().map(WrittenRecord::standing).collect();
        authorize::still_allowed(session, tx, object, &made, action).await?;
        if session.access.may(object, Action::Edit) {
            entrust(session, tx, object, &made, left).await?;
        }
    }
    let seen = |written: &WrittenRecord| {
        kept(written, Action::Read)
            || authorize::by_values(rule(Action::Read), &written.values) == Some(true)
    };
    Ok(Carried::Done(written.iter().map(|written| (written.id, seen(written))).collect()))
}

fn input(change: &Change) -> Option<&Input> {
    match &change.op {
        Op::Create(input) | Op::Update { patch: input, .. } => Some(input),
        Op::Delete { .. } => None,
    }
}

fn expected(change: &Change) -> Option<i64> {
    match &change.op {
        Op::Update { expected, .. } | Op::Delete { expected, .. } => *expected,
        Op::Create(_) => None,
    }
}

/// Loads and locks the records of changes, and checks the right to the action.
pub(super) async fn standing(
    session: &Session,
    tx: &Tx,
    object: &Object,
    changes: &[&Change],
    action: Action,
) -> Result<Vec<StoredRecord>> {
    let which = |change: &&Change| match &change.op {
        Op::Update { id, .. } | Op::Delete { id, .. } => Some(*id),
        Op::Create(_) => None,
    };
    let ids: Vec<_> = changes.iter().filter_map(which).collect();
    let rule = session.access.row_rule(object, Action::Read);
    let known = current(session, tx, object, &ids, rule).await?;
    let records: Vec<_> =
        known.iter().map(|old| LoadedRecord { id: old.id, values: &old.values }).collect();
    authorize::allowed(session, tx, object, &records, action).await?;
    Ok(known)
}

/// Lets the creator of a record for somebody else edit it for a time, if they may edit their own records.
async fn entrust(
    session: &Session,
    tx: &Tx,
    object: &Object,
    records: &[LoadedRecord<'_>],
    left: &mut Vec<Reference>,
) -> Result<()> {
    let Some(patch) = employees::entrusted(session, object) else { return Ok(()) };
    let open = authorize::open_to(session, tx, object, records, Action::Edit).await?;
    let closed = records.iter().zip(open).filter(|(_, open)| !open);
    let ids: Vec<_> = closed.map(|(record, _)| record.id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let known = current(session, tx, object, &ids, &RowRule::All).await?;
    let records = known.into_iter().map(|old| (old, &patch)).collect();
    update(session, tx, object, records, left, false).await?;
    Ok(())
}

/// Whether a person can correct the error.
pub(super) fn is_users(code: Code) -> bool {
    matches!(
        code,
        Code::RecordTaken
            | Code::RecordValue
            | Code::RecordReference
            | Code::RecordInUse
            | Code::RecordNotFound
            | Code::RecordVersion
            | Code::RecordRule
            | Code::RecordPending
    )
}
