//! Drafts: values, lines, members and faults of records before they are written.
//!
//! Several records of one object take the same steps, with shared statements. Order: the locked record → the
//! `stages` of its row and its lines → references → numbers → rows → history and outbox.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use indexmap::IndexMap;
use sea_orm::sea_query::SelectStatement;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{
    authorize::{self, Standing},
    change::Input,
    employees,
    events::{self, Entry},
    lines::{self, LineDraft},
    members,
    references::{self, Reference},
    session::Session,
    stages::{Row, Save},
    store::{self, Values},
    taken::{self, RowKeys, SaveKeys},
    trees::{self, Moved},
};
use crate::{
    access::{Action, RowRule},
    base::{Error, Result, Value},
    catalog::{Catalog, FieldIx, FieldType, NumberFormat, Object},
    query::Guard,
    storage::Tx,
};

/// A stored record, locked for a change.
pub(super) struct StoredRecord {
    pub(super) id: Uuid,
    pub(super) version: i64,
    pub(super) values: Values,
}

/// A record that a save has written.
pub(super) struct Written {
    pub(super) id: Uuid,
    /// Its values.
    pub(super) values: Values,
    /// The changed fields, including lines and members. None for a new record.
    pub(super) changed: Option<Vec<FieldIx>>,
}

impl Written {
    /// The record in its present state.
    pub(super) fn standing(&self) -> Standing<'_> {
        Standing { id: self.id, values: &self.values }
    }
}

/// The result for several records of one object.
pub(super) enum Made {
    /// All were written.
    Done(Vec<Written>),
    /// None was written. The faults of each.
    Refused(Vec<Vec<Error>>),
}

/// A record before it is written.
struct Draft<'s> {
    id: Uuid,
    row: Row<'s>,
    /// The given lines and members, with the owner's row.
    owned: Input,
    lines: Vec<LineDraft>,
}

impl<'s> Draft<'s> {
    fn new(id: Uuid, row: Row<'s>) -> Self {
        Self { id, row, owned: Input::default(), lines: Vec::new() }
    }

    /// Drafts lines and members, with the owner's row, and the roll-ups over them.
    async fn draft_owned(&mut self, save: &Save<'_>, input: &Input) -> Result<()> {
        let object = self.row.object;
        self.owned = employees::with_owner(save, &mut self.row, self.id, input).await?;
        let new = self.row.old.is_none();
        for (field, change) in &self.owned.lines {
            let draft = lines::draft(save, object, &self.row.values, new, *field, change).await?;
            if let Some(mut draft) = draft {
                // The owner's existence is checked once, on the record itself.
                let owner = employees::owner(save.session, object, &self.row.values);
                draft.references.retain(|reference| Some(reference.id) != owner);
                self.row.faults.append(&mut draft.faults);
                if !draft.misread.is_empty() {
                    let rolled = object.each_field().filter(|(_, field)| {
                        matches!(&field.ty, FieldType::Rollup(rollup) if rollup.lines == draft.field)
                    });
                    self.row.unread.extend(rolled.map(|(ix, _)| ix));
                }
                self.row.misread.append(&mut draft.misread);
                self.row.references.append(&mut draft.references);
                self.lines.push(draft);
            }
        }
        for (ix, field) in object.each_field() {
            let FieldType::Rollup(rollup) = field.ty else { continue };
            if self.row.unread.contains(&rollup.lines) {
                self.row.unread.push(ix);
            }
            match self.lines.iter().find(|draft| draft.field == rollup.lines) {
                Some(draft) => {
                    self.row.values.insert(ix, draft.rollup(rollup));
                }
                None if new => {
                    let zero = match rollup.scale {
                        Some(_) => Value::Decimal(rust_decimal::Decimal::ZERO),
                        None => Value::Int(0),
                    };
                    self.row.values.insert(ix, zero);
                }
                None => {}
            }
        }
        self.draft_members(save.tx, new).await
    }

    /// Reduces members to those that are added or removed.
    async fn draft_members(&mut self, tx: &Tx, new: bool) -> Result<()> {
        for (field, change) in &mut self.owned.members {
            let field = self.row.object.field(*field);
            let FieldType::ManyToMany(junction) = &field.ty else { continue };
            let target = junction.target;
            let given = change.set.iter().flatten().map(|id| ("set", id));
            for (part, id) in given.chain(change.add.iter().map(|id| ("add", id))) {
                let path = vec![field.name.clone(), part.to_owned()];
                self.row.references.push(Reference { path, target, id: *id, keyed: false });
            }
            let there = match new {
                true => Vec::new(),
                false => members::load(tx, junction, &[self.id]).await?,
            };
            let there: Vec<_> = there.into_iter().map(|(_, member)| member).collect();
            *change = change.of(&there);
        }
        self.owned
            .members
            .retain(|(_, change)| !(change.add.is_empty() && change.remove.is_empty()));
        Ok(())
    }

    /// Returns the keys that the record and its lines need.
    fn keys(&mut self, catalog: &Catalog) -> SaveKeys {
        let lines = self.lines.iter_mut().flat_map(|draft| std::mem::take(&mut draft.keys));
        let lines: Vec<_> = lines.collect();
        let removed = self.lines.iter().flat_map(|draft| &draft.deleted).copied();
        SaveKeys {
            rows: RowKeys::of(catalog, &self.row).into_iter().chain(lines).collect(),
            removed: removed.collect(),
        }
    }

    /// Adds the changes of lines and members to a history entry.
    fn owned_changes(&self, changes: &mut Map<String, Json>) {
        let object = self.row.object;
        for draft in &self.lines {
            let name = &object.field(draft.field).name;
            changes.extend(draft.change().map(|change| (name.clone(), change)));
        }
        for (field, change) in &self.owned.members {
            let ids = |ids: &[Uuid]| ids.iter().map(Uuid::to_string).collect::<Vec<_>>();
            changes.insert(
                object.field(*field).name.clone(),
                json!({ "added": ids(&change.add), "removed": ids(&change.remove) }),
            );
        }
    }
}

/// The fields that every change of a record also changes.
const TOUCHED: [&str; 3] = ["version", "updatedAt", "updatedBy"];

/// Returns those of [`TOUCHED`] that an object has.
pub(super) fn touched(object: &Object) -> impl Iterator<Item = FieldIx> {
    TOUCHED.iter().filter_map(|name| object.named(name)).map(|(ix, _)| ix)
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
    let told = [Value::Int(version), Value::DateTime(now), by];
    for (name, value) in TOUCHED.into_iter().zip(told) {
        system_field(object, name, value, values);
    }
    version
}

fn version(object: &Object, values: &Values) -> i64 {
    match object.named("version").and_then(|(ix, _)| values.get(&ix)) {
        Some(Value::Int(version)) => *version,
        _ => 0,
    }
}

fn system_field(object: &Object, name: &str, value: Value, values: &mut Values) {
    if let Some((ix, _)) = object.named(name) {
        values.insert(ix, value);
    }
}

/// Returns all faults, or none if the rows may be written. If references name no record, only those faults
/// are returned: others may result from them, or reveal what they name.
///
/// If there is no other fault, references that foreign keys check are not checked here but put into `left`.
/// Nearly all name a record, and a check costs a round trip.
async fn faults(
    save: &Save<'_>,
    drafts: &mut [Draft<'_>],
    left: &mut Vec<Reference>,
) -> Result<Option<Vec<Vec<Error>>>> {
    let mut faults: Vec<_> =
        drafts.iter_mut().map(|draft| std::mem::take(&mut draft.row.faults)).collect();
    let read = drafts.iter().all(|draft| draft.row.misread.is_empty());
    let clean = read && faults.iter().all(Vec::is_empty);
    let given = drafts.iter_mut().enumerate().flat_map(|(at, draft)| {
        let references = std::mem::take(&mut draft.row.references);
        references.into_iter().map(move |reference| (at, reference))
    });
    let trusted = clean && !save.session.careful;
    let (keyed, asked): (Vec<_>, Vec<_>) = given
        .partition(|(_, reference)| trusted && references::left_to_keys(save.session, reference));
    let missing = missing(save, &asked, &mut faults).await?;
    if missing {
        self::missing(save, &keyed, &mut faults).await?;
    }
    for (at, reference) in &keyed {
        // A fault may appear only when the record has its number.
        if numbers(drafts[*at].row.object).next().is_some() {
            drafts[*at].row.references.push(reference.clone());
        }
    }
    left.extend(keyed.into_iter().map(|(_, reference)| reference));
    let mut refused = !clean || missing;
    if refused || save.session.careful {
        let keys = faults.iter_mut().zip(drafts.iter_mut()).map(|(faults, draft)| {
            let alone = references::alone(faults);
            if alone { SaveKeys::default() } else { draft.keys(&save.session.catalog) }
        });
        let keys: Vec<_> = keys.collect();
        let taken = taken::faults(save.session, save.tx, &keys).await?;
        refused |= taken.iter().any(|taken| !taken.is_empty());
        faults.iter_mut().zip(taken).for_each(|(faults, taken)| faults.extend(taken));
    }
    for (faults, draft) in faults.iter_mut().zip(drafts) {
        // Values that cannot be read come first: they depend on nothing else.
        faults.splice(0..0, std::mem::take(&mut draft.row.misread));
    }
    Ok(refused.then_some(faults))
}

/// Adds a fault for each reference that names no record. Returns whether there is any.
async fn missing(
    save: &Save<'_>,
    asked: &[(usize, Reference)],
    faults: &mut [Vec<Error>],
) -> Result<bool> {
    let references: Vec<_> = asked.iter().map(|(_, reference)| reference).collect();
    let there = save.visible(&references).await?;
    let mut any = false;
    for ((at, reference), _) in asked.iter().zip(there).filter(|(_, there)| !there) {
        faults[*at].push(references::not_found(save.session, reference));
        any = true;
    }
    Ok(any)
}

/// Drafts a new record with defaults, lines and members, and collects its faults.
async fn draft_new<'s>(save: &Save<'_>, object: &'s Object, input: &Input) -> Result<Draft<'s>> {
    let session = save.session;
    let id = session.env.ids.next();
    let now = Value::DateTime(session.env.clock.now());
    let by = session.access.operator().map_or(Value::Null, Value::Id);
    let mut values = Values::default();
    system_field(object, "id", Value::Id(id), &mut values);
    system_field(object, "version", Value::Int(1), &mut values);
    for when in ["created", "updated"] {
        system_field(object, &format!("{when}At"), now.clone(), &mut values);
        system_field(object, &format!("{when}By"), by.clone(), &mut values);
    }
    let mut draft = Draft::new(id, Row::new(object, values, Vec::new()));
    save.give(&mut draft.row, input).await?;
    save.fill(&mut draft.row).await?;
    draft.draft_owned(save, input).await?;
    // Expressions that read the number are evaluated when it is known.
    draft.row.unread.extend(numbers(object).map(|(ix, _)| ix));
    save.check(&mut draft.row).await?;
    Ok(draft)
}

/// Returns the auto-number fields.
fn numbers(object: &Object) -> impl Iterator<Item = (FieldIx, &NumberFormat)> {
    object.each_field().filter_map(|(ix, field)| match &field.ty {
        FieldType::AutoNumber(format) => Some((ix, format)),
        _ => None,
    })
}

/// Creates records of one object: all, or none with the faults of each.
pub(super) async fn create(
    session: &Session,
    tx: &Tx,
    object: &Object,
    inputs: &[&Input],
    left: &mut Vec<Reference>,
) -> Result<Made> {
    let save = Save::new(session, tx);
    let mut drafts = Vec::with_capacity(inputs.len());
    for input in inputs {
        let draft = draft_new(&save, object, input).await;
        left.extend(save.memo.left());
        drafts.push(draft?);
    }
    if let Some(faults) = faults(&save, &mut drafts, left).await? {
        return Ok(Made::Refused(faults));
    }
    // Numbers are taken last, so that their series is locked only briefly.
    for (ix, format) in numbers(object) {
        let (name, count) = (&object.field(ix).name, drafts.len());
        let numbers = events::numbers(session, tx, object, name, format, count).await?;
        for (draft, number) in drafts.iter_mut().zip(numbers) {
            draft.row.values.insert(ix, number);
            save.check_numbered(&mut draft.row, ix).await?;
        }
    }
    if drafts.iter().any(|draft| !draft.row.faults.is_empty())
        && let Some(faults) = faults(&save, &mut drafts, left).await?
    {
        return Ok(Made::Refused(faults));
    }
    let rows: Vec<_> = drafts.iter().map(|draft| &draft.row.values).collect();
    store::insert(tx, &session.catalog, object, &rows).await?;
    add_owned(session, tx, object, &drafts).await?;
    let entry = |draft: &Draft<'_>| {
        let mut changes = events::differences(object, None, Some(&draft.row.values));
        draft.owned_changes(&mut changes);
        let at = events::changed_at(session, object, &draft.row.values);
        Entry { id: draft.id, version: 1, changes, at }
    };
    events::record(session, tx, object, "CREATE", drafts.iter().map(entry).collect()).await?;
    let written =
        |draft: Draft<'_>| Written { id: draft.id, values: draft.row.values, changed: None };
    Ok(Made::Done(drafts.into_iter().map(written).collect()))
}

/// Loads and locks records in the order of their ids. Fails if one does not exist or does not meet the rule.
/// Both cases cost the same, and a record that does not meet the rule is not locked.
pub(super) async fn current(
    session: &Session,
    tx: &Tx,
    object: &Object,
    ids: &[Uuid],
    rule: &RowRule,
) -> Result<Vec<StoredRecord>> {
    let guard = Guard::new(&session.catalog, tx.dialect()).of_one();
    let narrow = |select: &mut SelectStatement| guard.restrict(object.ix, "t1", rule, select);
    let found = store::load_where(tx, object, FieldIx(0), ids, narrow).await?;
    let id = |values: &Values| values.get(&FieldIx(0)).and_then(Value::as_id);
    let mut found: HashMap<_, _> =
        found.into_iter().filter_map(|values| Some((id(&values)?, values))).collect();
    let known = |id: &Uuid| {
        let values = found.remove(id).ok_or_else(|| authorize::no_such(object))?;
        Ok(StoredRecord { id: *id, version: version(object, &values), values })
    };
    ids.iter().map(known).collect()
}

/// Drafts a change of a stored record and collects its faults.
async fn draft_known<'s>(
    save: &Save<'_>,
    object: &'s Object,
    old: &'s StoredRecord,
    patch: &Input,
) -> Result<Draft<'s>> {
    let mut draft = Draft::new(old.id, Row::known(object, &old.values, Vec::new()));
    save.give(&mut draft.row, patch).await?;
    draft.draft_owned(save, patch).await?;
    save.check(&mut draft.row).await?;
    Ok(draft)
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
) -> Result<Made> {
    let save = Save::new(session, tx);
    let mut drafts = Vec::with_capacity(records.len());
    for (old, patch) in &records {
        let draft = draft_known(&save, object, old, patch).await;
        left.extend(save.memo.left());
        drafts.push(draft?);
    }
    if let Some(faults) = faults(&save, &mut drafts, left).await? {
        return Ok(Made::Refused(faults));
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
        entries.push(Entry { id: draft.id, version, changes, at });
    }
    rewrite(tx, object, &drafts, &changed).await?;
    let moved = drafts.iter().zip(&records);
    let moved = moved.map(|(draft, (old, _))| Moved {
        id: old.id,
        old: &old.values,
        new: &draft.row.values,
    });
    let moved: Vec<_> = moved.collect();
    if let Some(faults) = trees::circles(session, tx, object, &moved).await? {
        return Ok(Made::Refused(faults));
    }
    trees::tell(session, tx, object, &moved).await?;
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
            depends.map(|(draft, _)| Standing { id: draft.id, values: &draft.row.values });
        let depends: Vec<_> = standing.collect();
        authorize::still_allowed(session, tx, object, &depends, Action::Edit).await?;
    }
    add_owned(session, tx, object, &drafts).await?;
    events::record(session, tx, object, "UPDATE", entries).await?;
    let written = |(draft, changed): (Draft<'_>, Vec<FieldIx>)| Written {
        id: draft.id,
        values: draft.row.values,
        changed: Some(changed),
    };
    Ok(Made::Done(drafts.into_iter().zip(changed).map(written).collect()))
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
        let told = fields.iter().filter(|ix| object.field(**ix).name != "version");
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
