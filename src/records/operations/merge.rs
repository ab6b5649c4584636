//! Merges duplicates: what refers to the dropped records refers to the kept one instead, which gets their related
//! employees and members, and the values that the caller takes from them.
//!
//! The caller must be allowed to edit the kept record and to delete the dropped ones. Whoever asks for a dropped record
//! by its id gets the kept one. See `docs/decisions/0130-merging-records.md`.

use std::collections::HashSet;

use async_trait::async_trait;
use serde_json::json;
use uuid::Uuid;

use super::{
    Argument, ArgumentType, Command, ObjectsWith, Operation, ResultType,
    bulk_by_filter::DRY_RUN,
    merge_log::{self, Detail},
    merged_employees::{Theirs, employees},
    reference_moves::{self, Direction},
};
use crate::{
    access::{Action, FieldRule, RowRule},
    base::{Code, Error, Result, Value},
    catalog::{FieldIx, Object, ObjectIx},
    records::{
        Input, Outcome, Session,
        authorize::{self, LoadedRecord},
        deletes,
        draft::{self, StoredRecord},
        events, faults, guesses, in_use,
        references::{self, Reference},
        save::is_users,
        write::{self, WriteOutcome},
    },
    storage::{
        Tx,
        audit::{self, AuditEvent, AuditKind},
        fault,
    },
};

/// Most records dropped at once.
const MOST: usize = 20;

pub(super) static MERGE: Operation = Operation {
    verb: "merge",
    with: ObjectsWith::Records,
    many: true,
    arguments: &[
        Argument { name: "keep", ty: ArgumentType::Id },
        Argument { name: "drop", ty: ArgumentType::Ids },
        Argument { name: "take", ty: ArgumentType::Takes },
        DRY_RUN,
    ],
    result: ResultType::Merged,
    about: (
        "Merges duplicates into the record to keep: {object}. What refers to the others refers to it instead, also what the caller does not see; it gets their related employees and members, and their ids lead to it. Needs the rights to edit the one and to delete the others; `unmerge` undoes it within 30 days. A dry run writes nothing.",
        "将重复的{object}合并到保留的一条：引用其他记录的内容（含调用者不可见的）改为引用保留的记录，并合并其相关员工与成员，原标识指向保留的记录。需有修改保留记录和删除其他记录的权限；30 天内可撤销。试运行不写入。",
    ),
    open: |visible, object| {
        visible.may(object, Action::Edit) && visible.may(object, Action::Delete)
    },
    read: |object, mut given| {
        Ok(Box::new(Merge {
            object: object.ix,
            keep: given.id("keep")?,
            drop: given.ids("drop").unwrap_or_default(),
            take: given.takes("take").unwrap_or_default(),
            trial: given.flag(DRY_RUN.name),
        }))
    },
};

/// A field whose value is taken from a dropped record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Take {
    /// The field's name.
    pub field: String,
    /// The dropped record.
    pub from: Uuid,
}

/// A command to merge records.
#[derive(Debug)]
struct Merge {
    object: ObjectIx,
    keep: Uuid,
    drop: Vec<Uuid>,
    take: Vec<Take>,
    trial: bool,
}

#[async_trait]
impl Command for Merge {
    fn object(&self) -> ObjectIx {
        self.object
    }

    async fn run(&self, session: &Session, tx: &Tx) -> Result<Outcome> {
        let session = &session.on_trial(self.trial);
        let object = session.catalog.object(self.object);
        if guesses::possible(session, object) {
            session.may_guess()?;
        }
        tx.mark().await?;
        match self.merge(session, tx, object).await {
            Ok(outcome) if outcome.faults().is_empty() => {
                tx.keep().await?;
                Ok(outcome)
            }
            Ok(refused) => {
                tx.back().await?;
                Ok(refused)
            }
            Err(error) if error.code == Code::RecordInUse && error.path == ["id"] => {
                tx.back().await?;
                // Something has come to refer to them meanwhile.
                let told = in_use::told(session, tx, object, &self.drop).await?;
                let told = told.into_iter().map(|(_, fault)| fault).next().unwrap_or(error);
                Ok(Outcome::refused(vec![told.at(["drop"])]))
            }
            Err(error) if is_users(error.code) => {
                tx.back().await?;
                if error.code == Code::RecordTaken && guesses::keys_hidden(session, object) {
                    session.guess(object, guesses::KEY)?;
                }
                Ok(Outcome::refused(vec![error]))
            }
            Err(error) => Err(error),
        }
    }

    fn is_dry_run(&self) -> bool {
        self.trial
    }

    fn writes_others(&self) -> bool {
        true
    }
}

impl Merge {
    async fn merge(&self, session: &Session, tx: &Tx, object: &Object) -> Result<Outcome> {
        if let Some(fault) = self.misfit().or_else(|| decides_rights(session, object)) {
            return Ok(Outcome::refused(vec![fault]));
        }
        let (kept, dropped) = match self.locked(session, tx, object).await {
            Ok(locked) => locked,
            Err(error) if error.code == Code::RecordNotFound => {
                return Ok(Outcome::refused(vec![error]));
            }
            Err(error) => return Err(error),
        };
        let taken = match self.taken(session, tx, object, &dropped).await? {
            Ok(taken) => taken,
            Err(faults) => return Ok(Outcome::refused(faults)),
        };
        let mut detail = Detail {
            moves: reference_moves::references(session, tx, object, &self.drop, self.keep).await?,
            ..Detail::default()
        };
        let moved = reference_moves::counted(session, tx, &detail.moves).await?;
        let faults = reference_moves::apply(session, tx, &detail.moves, Direction::There).await?;
        if !faults.is_empty() {
            return Ok(Outcome::refused(faults));
        }
        reference_moves::authors(session, tx, object, &self.drop, self.keep).await?;
        let theirs = Theirs::load(session, tx, object, &self.drop).await?;
        // First, so that the kept record can have their keys.
        deletes::delete(session, tx, object, &dropped).await?;
        if !taken.values.is_empty() {
            for (ix, value) in &taken.values {
                let before = kept.values.get(ix).unwrap_or(&Value::Null);
                let both = json!([events::json_of(before), events::json_of(value)]);
                detail.taken.insert(object.field(*ix).stored.clone(), both);
            }
            if let Some(faults) = change(session, tx, object, self.keep, &taken, true).await? {
                return Ok(Outcome::refused(faults));
            }
        }
        // As the record is now: a new owner has brought a row of their own.
        let united = theirs.lacking(session, tx, object, self.keep, &self.drop).await?;
        let rows = employees(session, tx, object, self.keep).await?;
        if united != Input::default() {
            detail.members = united
                .members
                .iter()
                .map(|(ix, change)| (object.field(*ix).stored.clone(), change.add.clone()))
                .collect();
            let server = session.elevated("employees and members of merged records are united");
            if let Some(faults) = change(&server, tx, object, self.keep, &united, false).await? {
                return Ok(Outcome::refused(faults));
            }
            let now = employees(session, tx, object, self.keep).await?;
            let before: HashSet<_> = rows.iter().map(|(id, _)| *id).collect();
            let new = now.into_iter().map(|(id, _)| id).filter(|id| !before.contains(id));
            detail.employees = new.collect();
        }
        merge_log::store(session, tx, object, self.keep, &self.drop, &detail).await?;
        let event = AuditEvent {
            operator: session.access.operator(),
            object: Some(&object.name),
            record: Some(self.keep),
            detail: json!({ "dropped": self.drop, "moved": detail.moves.len() }),
            ..AuditEvent::default()
        };
        tx.insert(&audit::entry(&session.env, AuditKind::Merge, &event)?).await.map_err(fault)?;
        Ok(Outcome::done(vec![(self.keep, false)]).redirecting(moved))
    }

    /// The fault of the arguments alone.
    fn misfit(&self) -> Option<Error> {
        let different: HashSet<_> = self.drop.iter().collect();
        if self.drop.is_empty() || self.drop.len() > MOST {
            return Some(faults::merge_count(MOST).at(["drop"]));
        }
        if different.len() < self.drop.len() || different.contains(&self.keep) {
            return Some(faults::merged_twice().at(["drop"]));
        }
        None
    }

    /// Locks all records, in one order for everyone, and checks the caller's rights on each.
    async fn locked(
        &self,
        session: &Session,
        tx: &Tx,
        object: &Object,
    ) -> Result<(StoredRecord, Vec<StoredRecord>)> {
        let rule = session.access.row_rule(object, Action::Read);
        let ids: Vec<_> = std::iter::once(self.keep).chain(self.drop.iter().copied()).collect();
        let known = draft::current(session, tx, object, &ids, rule).await;
        let mut known = match known {
            Ok(known) => known.into_iter(),
            Err(error) if error.code == Code::RecordNotFound => {
                let kept = draft::current(session, tx, object, &[self.keep], rule).await;
                let place = if kept.is_ok() { "drop" } else { "keep" };
                return Err(error.at([place]));
            }
            Err(error) => return Err(error),
        };
        let kept = known.next().ok_or_else(|| Error::internal("no record to keep"))?;
        let dropped: Vec<_> = known.collect();
        let one = LoadedRecord { id: kept.id, values: &kept.values };
        authorize::allowed(session, tx, object, &[one], Action::Edit).await?;
        let all = dropped.iter().map(|old| LoadedRecord { id: old.id, values: &old.values });
        let all: Vec<_> = all.collect();
        authorize::allowed(session, tx, object, &all, Action::Delete).await?;
        Ok((kept, dropped))
    }

    /// The values that the caller takes, as a patch of the kept record.
    async fn taken(
        &self,
        session: &Session,
        tx: &Tx,
        object: &Object,
        dropped: &[StoredRecord],
    ) -> Result<Result<Input, Vec<Error>>> {
        let (mut patch, mut faults) = (Input::default(), Vec::new());
        for (at, take) in self.take.iter().enumerate() {
            let refuse = |part: &str, error: Error| {
                error.at(["take".to_owned(), at.to_string(), part.to_owned()])
            };
            let Some(old) = dropped.iter().find(|old| old.id == take.from) else {
                faults.push(refuse("from", faults::value_of_other()));
                continue;
            };
            let known = object.called(&take.field).filter(|(ix, field)| {
                let access = &session.access;
                let target = field.target().map(|target| session.catalog.object(target));
                let sees = target.is_none_or(|target| access.may(target, Action::Read));
                let hidden = access.field_rule(object.ix, *ix).is_some_and(FieldRule::hidden);
                let united = !object.relations_of(*ix).is_empty();
                (field.column.is_some() || united)
                    && field.of_union.is_none()
                    && field.writable()
                    && sees
                    && !hidden
                    && access.may_write(object.ix, *ix)
            });
            let Some((ix, field)) = known else {
                // Alike for a field that is hidden, and one that there is not.
                faults.push(refuse("field", faults::value_not_takeable()));
                continue;
            };
            if !shown(session, tx, object, old, ix).await? {
                let title = session.catalog.title(object, field);
                faults.push(refuse("field", faults::value_not_seen(title)));
                continue;
            }
            // A union field is its relations, all of them.
            let own = [ix];
            let columns = match object.relations_of(ix) {
                [] => own.as_slice(),
                relations => relations,
            };
            patch.values.retain(|(of, _)| !columns.contains(of));
            for ix in columns {
                let value = old.values.get(ix).cloned().unwrap_or(Value::Null);
                let value = self.visible(session, tx, object, *ix, value).await?;
                patch.values.push((*ix, value));
            }
        }
        Ok(if faults.is_empty() { Ok(patch) } else { Err(faults) })
    }

    /// A value as the caller sees it: a reference to what they may not see is none, and so is one to a dropped record.
    async fn visible(
        &self,
        session: &Session,
        tx: &Tx,
        object: &Object,
        ix: FieldIx,
        value: Value,
    ) -> Result<Value> {
        let target = object.field(ix).target();
        let (Some(target), Some(id)) = (target, value.as_id()) else { return Ok(value) };
        if target == object.ix && self.drop.contains(&id) {
            return Ok(Value::Null);
        }
        let reference = Reference { path: Vec::new(), target, id, keyed: true };
        let rule = |object: &Object| session.access.row_rule(object, Action::Read);
        let seen = references::exist(session, tx, &[&reference], rule).await?;
        Ok(if seen == [true] { value } else { Value::Null })
    }
}

/// Refuses to merge what rights are made of: only administrators may.
fn decides_rights(session: &Session, object: &Object) -> Option<Error> {
    if session.access.may_everything() || !session.catalog.decides_rights(object) {
        return None;
    }
    Some(faults::merge_decides_rights(object.noun()).at(["keep"]))
}

/// Whether the caller sees a field of a record as it is.
async fn shown(
    session: &Session,
    tx: &Tx,
    object: &Object,
    old: &StoredRecord,
    ix: FieldIx,
) -> Result<bool> {
    let Some(rule) = session.access.field_rule(object.ix, ix) else { return Ok(true) };
    match authorize::by_values(&rule.shown, &old.values) {
        Some(shown) => Ok(shown),
        None => authorize::meets_now(session, tx, object, old.id, &rule.shown).await,
    }
}

/// Changes the kept record as it is by now. Returns the faults, if it is refused.
pub(super) async fn change(
    session: &Session,
    tx: &Tx,
    object: &Object,
    id: Uuid,
    patch: &Input,
    asked: bool,
) -> Result<Option<Vec<Error>>> {
    let rule = &RowRule::All;
    let known = draft::current(session, tx, object, &[id], rule).await?;
    let records = known.into_iter().map(|old| (old, patch)).collect();
    match write::update(session, tx, object, records, &mut Vec::new(), asked).await? {
        WriteOutcome::Done(_) => Ok(None),
        WriteOutcome::Refused(faults) => Ok(Some(faults.into_iter().flatten().collect())),
    }
}
