//! Undoes the last merge into a record: the merged records are restored, and references go back to them.
//!
//! What has been changed since stays: a reference that was set to something else, a value that was edited.

use async_trait::async_trait;
use serde_json::json;
use uuid::Uuid;

use super::{
    Argument, ArgumentType, Command, ObjectsWith, Operation, ResultType,
    merge::change,
    merge_log::{self, Merged},
    merged_employees::employees,
    reference_moves::{self, Direction},
    restore::restore,
};
use crate::{
    access::{Action, RowRule},
    base::{Code, Error, Result, Value},
    catalog::{EMPLOYEES, Object, ObjectIx},
    records::{
        Input, LineChange, MemberChange, Outcome, Session,
        authorize::{self, LoadedRecord},
        draft, events, faults, recycled,
        save::is_users,
    },
    storage::{
        Tx,
        audit::{self, AuditEvent, AuditKind},
        fault,
    },
};

pub(super) static UNMERGE: Operation = Operation {
    verb: "unmerge",
    with: ObjectsWith::Records,
    many: true,
    arguments: &[Argument { name: "keep", ty: ArgumentType::Id }],
    result: ResultType::Record,
    about: (
        "Undoes the last merge into a record, within 30 days: {object}. Puts the merged records back with what referred to them, as far as nothing else was changed since. For whoever merged them, and administrators.",
        "在 30 天内撤销最近一次合并到该{object}的操作：恢复被合并的记录及对它们的引用，此后另行修改的内容保持不变。仅限合并者本人和管理员。",
    ),
    open: |visible, object| {
        [Action::Create, Action::Edit].into_iter().all(|action| visible.may(object, action))
    },
    read: |object, mut given| Ok(Box::new(Unmerge { object: object.ix, keep: given.id("keep")? })),
};

/// A command to undo a merge.
#[derive(Debug)]
struct Unmerge {
    object: ObjectIx,
    keep: Uuid,
}

#[async_trait]
impl Command for Unmerge {
    fn object(&self) -> ObjectIx {
        self.object
    }

    async fn run(&self, session: &Session, tx: &Tx) -> Result<Outcome> {
        let object = session.catalog.object(self.object);
        tx.mark().await?;
        match self.unmerge(session, tx, object).await {
            Ok(outcome) if outcome.faults().is_empty() => {
                tx.keep().await?;
                Ok(outcome)
            }
            Ok(refused) => {
                tx.back().await?;
                Ok(refused)
            }
            Err(error) if is_users(error.code) => {
                tx.back().await?;
                Ok(Outcome::refused(vec![error]))
            }
            Err(error) => Err(error),
        }
    }

    fn writes_others(&self) -> bool {
        true
    }
}

fn none() -> Error {
    faults::no_merge_to_undo().at(["keep"])
}

impl Unmerge {
    async fn unmerge(&self, session: &Session, tx: &Tx, object: &Object) -> Result<Outcome> {
        let rule = session.access.row_rule(object, Action::Read);
        let known = draft::current(session, tx, object, &[self.keep], rule).await;
        let known = known.map_err(|error| match error.code {
            Code::RecordNotFound => error.at(["keep"]),
            _ => error,
        })?;
        let standing: Vec<_> =
            known.iter().map(|old| LoadedRecord { id: old.id, values: &old.values }).collect();
        authorize::allowed(session, tx, object, &standing, Action::Edit).await?;
        let Some(merged) = merge_log::last(session, tx, object, self.keep).await? else {
            return Ok(Outcome::refused(vec![none()]));
        };
        let mut later = self.among(session, tx, object, &merged).await?;
        if later.len() < merged.dropped.len() {
            return Ok(Outcome::refused(vec![none()]));
        }
        let kept_later = match self.give_back(session, tx, object, &merged).await? {
            Ok(later) => later,
            Err(faults) => return Ok(Outcome::refused(faults)),
        };
        for id in &merged.dropped {
            let restored = restore(session, tx, object, *id).await?;
            if !restored.faults().is_empty() {
                return Ok(restored);
            }
        }
        // What of the dropped records could not be restored alone may have been restored by hand.
        let mut moves = merged.detail.moves;
        moves.retain(|found| merged.dropped.contains(&found.from));
        let faults = reference_moves::apply(session, tx, &moves, Direction::Back).await?;
        if !faults.is_empty() {
            return Ok(Outcome::refused(faults));
        }
        // References among these records, now that all are there.
        later.push((self.keep, kept_later));
        let server = session.elevated("references among records that are restored together");
        for (id, patch) in later.into_iter().filter(|(_, patch)| *patch != Input::default()) {
            if let Some(faults) = change(&server, tx, object, id, &patch, false).await? {
                return Ok(Outcome::refused(faults));
            }
        }
        merge_log::forget(tx, &merged.id).await?;
        let event = AuditEvent {
            operator: session.access.operator(),
            object: Some(&object.name),
            record: Some(self.keep),
            detail: json!({ "restored": merged.dropped }),
            ..AuditEvent::default()
        };
        tx.insert(&audit::entry(&session.env, AuditKind::Unmerge, &event)?).await.map_err(fault)?;
        Ok(Outcome::done(vec![(self.keep, false)]))
    }

    /// What the dropped records referred to among each other, to be set when all are there. Fewer than the records, if one
    /// of them is no longer in the recycle bin for the caller.
    async fn among(
        &self,
        session: &Session,
        tx: &Tx,
        object: &Object,
        merged: &Merged,
    ) -> Result<Vec<(Uuid, Input)>> {
        let mut all = Vec::new();
        for id in &merged.dropped {
            let Some(kept) = recycled::find(session, tx, object, *id).await? else { continue };
            let mut patch = Input::default();
            let values = recycled::values(&session.catalog, object, &kept.content.values);
            for (ix, field) in object.each_field() {
                let own = field.target() == Some(object.ix);
                let value = values.get(&ix).and_then(Value::as_id);
                if let Some(value) = value.filter(|id| own && merged.dropped.contains(id)) {
                    patch.values.push((ix, Value::Id(value)));
                }
                let members = kept.content.members.get(&field.stored).into_iter().flatten();
                let add: Vec<_> =
                    members.copied().filter(|id| own && merged.dropped.contains(id)).collect();
                if !add.is_empty() {
                    patch.members.push((ix, MemberChange { add, ..MemberChange::default() }));
                }
            }
            all.push((*id, patch));
        }
        Ok(all)
    }

    /// Takes from the kept record what it got from the others, before they need it again: their keys, related employees
    /// and members. What was edited since stays. Returns what it referred to among them, to be set when they are there.
    async fn give_back(
        &self,
        session: &Session,
        tx: &Tx,
        object: &Object,
        merged: &Merged,
    ) -> Result<Result<Input, Vec<Error>>> {
        let mut later = Input::default();
        let server = session.elevated("undoing what a merge gave to the record");
        let known = draft::current(&server, tx, object, &[self.keep], &RowRule::All).await?;
        let mut patch = Input::default();
        for old in &known {
            for (name, both) in &merged.detail.taken {
                let Some((ix, field)) = object.stored(name) else { continue };
                let now = old.values.get(&ix).unwrap_or(&Value::Null);
                if events::json_of(now) == both[1]
                    && let Some(before) = recycled::value(&session.catalog, field, &both[0])
                {
                    let own = field.target() == Some(object.ix);
                    let gone = before.as_id().filter(|id| own && merged.dropped.contains(id));
                    match gone {
                        Some(_) => later.values.push((ix, before)),
                        None => patch.values.push((ix, before)),
                    }
                }
            }
        }
        let rows = employees(session, tx, object, self.keep).await?;
        let rows = rows.into_iter().map(|(id, _)| id);
        let rows: Vec<_> = rows.filter(|id| merged.detail.employees.contains(id)).collect();
        if let Some((ix, _)) = object.named(EMPLOYEES).filter(|_| !rows.is_empty()) {
            patch.lines.push((ix, LineChange { delete: rows, ..LineChange::default() }));
        }
        for (name, members) in &merged.detail.members {
            let Some((ix, _)) = object.stored(name) else { continue };
            let change = MemberChange { remove: members.clone(), ..MemberChange::default() };
            patch.members.push((ix, change));
        }
        if patch == Input::default() {
            return Ok(Ok(later));
        }
        let refused = change(&server, tx, object, self.keep, &patch, false).await?;
        Ok(refused.map_or(Ok(later), Err))
    }
}
