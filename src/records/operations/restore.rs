//! Restores a deleted record with its id, lines and members, under its present definition.

use async_trait::async_trait;
use uuid::Uuid;

use super::{Argument, ArgumentType, Command, ObjectsWith, Operation, ResultType, merge_log};
use crate::{
    access::Action,
    base::{Code, Error, Result},
    catalog::{Object, ObjectIx},
    records::{
        Outcome, Session, authorize, guesses,
        recycled::{self, Kept},
        save::is_users,
        write::{self, WriteOutcome, WrittenRecord},
    },
    storage::Tx,
};

pub(super) static RESTORE: Operation = Operation {
    verb: "restore",
    with: ObjectsWith::Records,
    many: false,
    arguments: &[Argument { name: "id", ty: ArgumentType::Id }],
    result: ResultType::Record,
    about: (
        "Puts a removed record back with its id, lines and members: {object}. Administrators put back those that anyone removed.",
        "恢复已删除的{object}，连同标识、明细与成员。管理员可恢复任何人删除的记录。",
    ),
    open: |visible, object| visible.may(object, Action::Create),
    read: |object, mut given| Ok(Box::new(Restore { object: object.ix, id: given.id("id")? })),
};

/// A command to restore a deleted record.
#[derive(Debug)]
struct Restore {
    object: ObjectIx,
    id: Uuid,
}

#[async_trait]
impl Command for Restore {
    fn object(&self) -> ObjectIx {
        self.object
    }

    async fn run(&self, session: &Session, tx: &Tx) -> Result<Outcome> {
        restore(session, tx, session.catalog.object(self.object), self.id).await
    }
}

/// Restores a record. If the caller may not restore the record or could not see it, it does not exist for
/// them.
pub(super) async fn restore(
    session: &Session,
    tx: &Tx,
    object: &Object,
    id: Uuid,
) -> Result<Outcome> {
    if !session.access.may(object, Action::Create) {
        return Ok(Outcome::refused(vec![authorize::no_such(object)]));
    }
    let Some(kept) = recycled::find(session, tx, object, id).await? else {
        return Ok(Outcome::refused(vec![authorize::no_such(object)]));
    };
    if guesses::possible(session, object) {
        session.may_guess()?;
    }
    tx.mark().await?;
    let mut put = put_back(session, tx, object, id, &kept).await;
    if put.as_ref().is_err_and(|error| error.code == Code::RecordTaken) {
        tx.back().await?;
        tx.mark().await?;
        put = put_back(&session.carefully(), tx, object, id, &kept).await;
    }
    match put {
        Ok(faults) if faults.is_empty() => {
            tx.keep().await?;
            Ok(Outcome::done(vec![(id, false)]))
        }
        Ok(faults) => {
            tx.back().await?;
            Ok(Outcome::refused(faults))
        }
        Err(error) if is_users(error.code) => {
            if error.code == Code::RecordTaken && guesses::keys_hidden(session, object) {
                session.guess(object, guesses::KEY)?;
            }
            tx.back().await?;
            Ok(Outcome::refused(vec![error]))
        }
        Err(error) => Err(error),
    }
}

/// Writes the record and asks for the right to create it. Returns the faults.
async fn put_back(
    session: &Session,
    tx: &Tx,
    object: &Object,
    id: Uuid,
    kept: &Kept,
) -> Result<Vec<Error>> {
    let written = match write::restore(session, tx, object, id, kept).await? {
        WriteOutcome::Done(written) => written,
        WriteOutcome::Refused(faults) => return Ok(faults.into_iter().flatten().collect()),
    };
    recycled::forget(tx, &kept.entry).await?;
    merge_log::restored(tx, object, id).await?;
    let standing: Vec<_> = written.iter().map(WrittenRecord::standing).collect();
    authorize::allowed(session, tx, object, &standing, Action::Create).await?;
    Ok(Vec::new())
}
