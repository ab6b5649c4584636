//! Writes drafts: numbers, rows, lines, members, then history and outbox.
//!
//! [`draft`] collected their faults; nothing is written if there is any.

use chrono::{DateTime, Utc};
use indexmap::IndexMap;
use uuid::Uuid;

use super::{
    approvals,
    authorize::{self, LoadedRecord},
    change::Input,
    cycle_check::{self, Moved},
    draft::{self, Draft, DraftedFrom, StoredRecord},
    events::{self, LoggedChange},
    lines, members, numbers,
    recycled::{self, Kept},
    references::Reference,
    session::Session,
    stages::{RowDraft, Save},
    store::{self, Values},
};
use crate::{
    access::Action,
    base::{Error, Result, Value},
    catalog::{APPROVED, FieldIx, FieldType, Object},
    storage::{HistoryAction, Tx},
};

/// A record that a save has written.
pub(super) struct WrittenRecord {
    pub(super) id: Uuid,
    /// Its values.
    pub(super) values: Values,
    /// The changed fields, including lines and members. None for a new record.
    pub(super) changed: Option<Vec<FieldIx>>,
}

impl WrittenRecord {
    /// The record in its present state.
    pub(super) fn standing(&self) -> LoadedRecord<'_> {
        LoadedRecord { id: self.id, values: &self.values }
    }
}

/// The result for several records of one object.
pub(super) enum WriteOutcome {
    /// All were written.
    Done(Vec<WrittenRecord>),
    /// None was written. The faults of each.
    Refused(Vec<Vec<Error>>),
}

/// Sets version, time and author of a change; returns the new version. All records of a save get one instant,
/// so that records with equal values share a statement.
pub(super) fn touch(
    session: &Session,
    object: &Object,
    now: DateTime<Utc>,
    values: &mut Values,
) -> i64 {
    let version = version(object, values) + 1;
    let by = session.access.operator().map_or(Value::Null, Value::Id);
    let system = object.system;
    set(values, system.version, Value::Int(version));
    set(values, system.updated_at, Value::DateTime(now));
    set(values, system.updated_by, by);
    version
}

pub(super) fn version(object: &Object, values: &Values) -> i64 {
    match object.system.version.and_then(|ix| values.get(&ix)) {
        Some(Value::Int(version)) => *version,
        _ => 0,
    }
}

/// Sets a system field, if the object has it.
fn set(values: &mut Values, field: Option<FieldIx>, value: Value) {
    if let Some(ix) = field {
        values.insert(ix, value);
    }
}

/// The system fields of a new record.
pub(super) fn fresh(session: &Session, object: &Object, id: Uuid) -> Values {
    let now = Value::DateTime(session.env.clock.now());
    let by = session.access.operator().map_or(Value::Null, Value::Id);
    let mut values = Values::default();
    let system = object.system;
    values.insert(FieldIx::ID, Value::Id(id));
    set(&mut values, system.version, Value::Int(1));
    for (time, author) in
        [(system.created_at, system.created_by), (system.updated_at, system.updated_by)]
    {
        set(&mut values, time, now.clone());
        set(&mut values, author, by.clone());
    }
    values
}

/// Creates records of one object: all, or none with the faults of each.
pub(super) async fn create(
    session: &Session,
    tx: &Tx,
    object: &Object,
    inputs: &[&Input],
    left: &mut Vec<Reference>,
) -> Result<WriteOutcome> {
    let save = Save::new(session, tx);
    let mut drafts = Vec::with_capacity(inputs.len());
    for input in inputs {
        let id = session.env.ids.next();
        let row = RowDraft::new(object, fresh(session, object, id), Vec::new());
        let draft = Draft::of(&save, id, row, DraftedFrom::Input(input)).await;
        left.extend(save.memo.left());
        drafts.push(draft?);
    }
    if let Some(faults) = draft::faults(&save, &mut drafts, left).await? {
        return Ok(WriteOutcome::Refused(faults));
    }
    // Numbers are taken last, so that their series is locked only briefly.
    for number in numbers::numbers(object) {
        numbers::give(&save, object, number, &mut drafts).await?;
    }
    if drafts.iter().any(|draft| !draft.row.faults.is_empty())
        && let Some(faults) = draft::faults(&save, &mut drafts, left).await?
    {
        return Ok(WriteOutcome::Refused(faults));
    }
    insert(&save, object, drafts, HistoryAction::Create).await
}

/// Restores a deleted record with its id, number, lines and members; the result is as of [`create`].
pub(super) async fn restore(
    session: &Session,
    tx: &Tx,
    object: &Object,
    id: Uuid,
    kept: &Kept,
) -> Result<WriteOutcome> {
    let save = Save::new(session, tx);
    let values = recycled::values(&session.catalog, object, &kept.content.values);
    let row = RowDraft::restored(object, values, Vec::new(), true);
    let mut drafts = vec![Draft::of(&save, id, row, DraftedFrom::Kept(&kept.content)).await?];
    if let Some(faults) = draft::faults(&save, &mut drafts, &mut Vec::new()).await? {
        return Ok(WriteOutcome::Refused(faults));
    }
    for draft in &mut drafts {
        set(&mut draft.row.values, object.system.version, Value::Int(kept.version));
        touch(session, object, session.env.clock.now(), &mut draft.row.values);
    }
    insert(&save, object, drafts, HistoryAction::Restore).await
}

/// Inserts the rows of new or restored records with what they own.
async fn insert(
    save: &Save<'_>,
    object: &Object,
    drafts: Vec<Draft<'_>>,
    action: HistoryAction,
) -> Result<WriteOutcome> {
    let (session, tx) = (save.session, save.tx);
    let rows: Vec<_> = drafts.iter().map(|draft| &draft.row.values).collect();
    store::insert(tx, &session.catalog, object, &rows).await?;
    add_owned(session, tx, object, &drafts).await?;
    let entry = |draft: &Draft<'_>| {
        let mut changes = events::differences(object, None, Some(&draft.row.values));
        draft.owned_changes(&mut changes);
        let at = events::changed_at(session, object, &draft.row.values);
        LoggedChange { id: draft.id, version: version(object, &draft.row.values), changes, at }
    };
    events::record(session, tx, object, action, drafts.iter().map(entry).collect()).await?;
    let written =
        |draft: Draft<'_>| WrittenRecord { id: draft.id, values: draft.row.values, changed: None };
    Ok(WriteOutcome::Done(drafts.into_iter().map(written).collect()))
}

/// Updates records of one object: all, or none with the faults of each. `asked`: fail if the caller may no
/// longer edit the updated records.
pub(super) async fn update(
    session: &Session,
    tx: &Tx,
    object: &Object,
    records: Vec<(StoredRecord, &Input)>,
    left: &mut Vec<Reference>,
    asked: bool,
) -> Result<WriteOutcome> {
    let save = Save { consequence: !asked, ..Save::new(session, tx) };
    let mut drafts = Vec::with_capacity(records.len());
    for (old, patch) in &records {
        let row = RowDraft::known(object, &old.values, Vec::new());
        let draft = Draft::of(&save, old.id, row, DraftedFrom::Input(patch)).await;
        left.extend(save.memo.left());
        drafts.push(draft?);
    }
    if let Some(faults) = draft::faults(&save, &mut drafts, left).await? {
        return Ok(WriteOutcome::Refused(faults));
    }
    let now = session.env.clock.now();
    let (mut entries, mut changed) = (Vec::new(), Vec::new());
    for (draft, (old, _)) in drafts.iter_mut().zip(&records) {
        let mut changes = events::differences(object, Some(&old.values), Some(&draft.row.values));
        draft.owned_changes(&mut changes);
        if changes.is_empty() {
            changed.push(Vec::new());
            continue;
        }
        let version = touch(session, object, now, &mut draft.row.values);
        changed.push(events::changed(object, &old.values, &draft.row.values));
        let at = events::changed_at(session, object, &draft.row.values);
        entries.push(LoggedChange { id: draft.id, version, changes, at });
    }
    rewrite(tx, object, &drafts, &changed).await?;
    let moved = drafts.iter().zip(&records);
    let moved = moved.map(|(draft, (old, _))| Moved {
        id: old.id,
        old: &old.values,
        new: &draft.row.values,
    });
    let moved: Vec<_> = moved.collect();
    if let Some(faults) = cycle_check::circles(session, tx, object, &moved).await? {
        return Ok(WriteOutcome::Refused(faults));
    }
    cycle_check::tell(session, tx, object, &moved).await?;
    let lines: Vec<_> = drafts.iter().flat_map(|draft| &draft.lines).collect();
    lines::withdraw(session, tx, &lines).await?;
    for (draft, fields) in drafts.iter().zip(&mut changed) {
        fields.extend(draft.lines.iter().map(|lines| lines.field));
        fields.extend(draft.owned.members.iter().map(|(field, _)| *field));
    }
    if asked {
        // Before new lines exist, because added rows must not allow the change that adds them.
        let rule = session.access.row_rule(object, Action::Edit);
        let depends = drafts.iter().zip(&changed);
        let depends = depends.filter(|(_, fields)| authorize::depends(rule, fields));
        let standing =
            depends.map(|(draft, _)| LoadedRecord { id: draft.id, values: &draft.row.values });
        let depends: Vec<_> = standing.collect();
        authorize::still_allowed(session, tx, object, &depends, Action::Edit).await?;
    }
    add_owned(session, tx, object, &drafts).await?;
    events::record(session, tx, object, HistoryAction::Update, entries).await?;
    if let Some(state) = object.approval_state() {
        let taken_back = drafts.iter().zip(&records).filter(|(draft, (old, _))| {
            approvals::state_of(object, &old.values) == Some(APPROVED)
                && draft.row.values.get(&state).is_none_or(Value::is_null)
        });
        let ids: Vec<_> = taken_back.map(|(draft, _)| draft.id).collect();
        Box::pin(approvals::void(session, tx, &object.name, &ids)).await?;
    }
    let written = |(draft, changed): (Draft<'_>, Vec<FieldIx>)| WrittenRecord {
        id: draft.id,
        values: draft.row.values,
        changed: Some(changed),
    };
    Ok(WriteOutcome::Done(drafts.into_iter().zip(changed).map(written).collect()))
}

/// Writes the changed fields of records. Records with equal changes share a statement.
async fn rewrite(
    tx: &Tx,
    object: &Object,
    drafts: &[Draft<'_>],
    changed: &[Vec<FieldIx>],
) -> Result<()> {
    let mut alike: IndexMap<String, (Vec<Uuid>, &Draft<'_>, &[FieldIx])> = IndexMap::new();
    for (draft, fields) in drafts.iter().zip(changed).filter(|(_, fields)| !fields.is_empty()) {
        let told = fields.iter().filter(|ix| object.system.version != Some(**ix));
        let form =
            format!("{:?}", told.map(|ix| (ix, draft.row.values.get(ix))).collect::<Vec<_>>());
        alike.entry(form).or_insert_with(|| (Vec::new(), draft, fields)).0.push(draft.id);
    }
    for (ids, draft, fields) in alike.values() {
        store::update(tx, object, ids, &draft.row.values, fields).await?;
    }
    Ok(())
}

/// Inserts new lines and members.
async fn add_owned(
    session: &Session,
    tx: &Tx,
    object: &Object,
    drafts: &[Draft<'_>],
) -> Result<()> {
    let lines: Vec<_> = drafts.iter().flat_map(|draft| &draft.lines).collect();
    lines::add(session, tx, &lines).await?;
    for draft in drafts {
        for (field, change) in &draft.owned.members {
            if let FieldType::ManyToMany(junction) = &object.field(*field).ty {
                members::write(tx, junction, draft.id, change).await?;
            }
        }
    }
    Ok(())
}
