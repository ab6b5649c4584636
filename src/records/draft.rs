//! Records in the making: values, lines, members and faults, then their rows.
//!
//! Several of one object go the way of one, with what they ask of the database put together.
//! Order: the record as it is (locked) → values given → defaults → number → lines and roll-ups →
//! required fields and checks → references → rows → history and outbox.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use indexmap::IndexMap;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{
    change::Input,
    employees,
    events::{self, Entry},
    formulas,
    lines::{self, LineDraft},
    members, nested,
    permitted::{self, Standing},
    references::{self, Memo, Reference},
    session::Session,
    store::{self, Values},
};
use crate::{
    base::{Error, Result, Value},
    catalog::{FieldIx, FieldType, Object},
    rules::{self, Facts, Scope},
    storage::Tx,
};

/// A record as it was read, locked for change.
pub(super) struct Known {
    pub(super) id: Uuid,
    pub(super) version: i64,
    pub(super) values: Values,
}

/// What a save has made of a record.
pub(super) struct Written {
    pub(super) id: Uuid,
    /// Its values.
    pub(super) values: Values,
    /// The fields that changed, lines and members among them; none for a new record.
    pub(super) changed: Option<Vec<FieldIx>>,
}

impl Written {
    /// The record as it stands now.
    pub(super) fn standing(&self) -> Standing<'_> {
        Standing { id: self.id, values: &self.values }
    }
}

/// What came of some records of one object.
pub(super) enum Made {
    /// All were written.
    Done(Vec<Written>),
    /// None was, for the faults of each.
    Refused(Vec<Vec<Error>>),
}

/// A record in the making.
pub(super) struct Draft<'s> {
    session: &'s Session,
    object: &'s Object,
    id: Uuid,
    values: Values,
    /// Lines and members given, the owner's row among them.
    owned: Input,
    lines: Vec<LineDraft>,
    references: Vec<Reference>,
    faults: Vec<Error>,
}

/// Puts the given values into a record, normalised; gives the fields they touch.
pub(super) fn apply(
    session: &Session,
    object: &Object,
    values: &mut Values,
    input: &Input,
) -> Vec<FieldIx> {
    for (ix, value) in &input.values {
        let value = rules::normalise(&session.catalog, object.field(*ix), value.clone());
        values.insert(*ix, value);
    }
    input.values.iter().map(|(ix, _)| *ix).collect()
}

/// The rules a record breaks.
pub(super) fn checked(
    session: &Session,
    object: &Object,
    values: &Values,
    facts: &Facts,
    touched: Option<&[FieldIx]>,
) -> Vec<Error> {
    rules::check_record(&session.catalog, &scope(session, object, values, facts), touched)
}

fn scope<'s>(
    session: &Session,
    object: &'s Object,
    values: &'s Values,
    facts: &'s Facts,
) -> Scope<'s> {
    Scope {
        object,
        values,
        facts,
        viewer: session.access.viewer().map_or(Value::Null, Value::Id),
        today: session.today(),
        now: session.env.clock.now(),
    }
}

impl<'s> Draft<'s> {
    fn new(session: &'s Session, object: &'s Object, id: Uuid, values: Values) -> Self {
        Self {
            session,
            object,
            id,
            values,
            owned: Input::default(),
            lines: Vec::new(),
            references: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// Gives a new record its defaults.
    pub(super) fn complete(
        session: &Session,
        object: &Object,
        values: &mut Values,
        facts: &Facts,
    ) -> Vec<Error> {
        let none = Values::default();
        let at = scope(session, object, &none, facts);
        rules::fill_defaults(&session.catalog, object, values, facts, &at)
    }

    /// Lines and members as they will stand, with the row of the owner.
    async fn draft_owned(
        &mut self,
        tx: &Tx,
        input: &Input,
        old: Option<&Values>,
        memo: &Memo,
    ) -> Result<()> {
        let (session, object, id) = (self.session, self.object, self.id);
        let (faults, values) = (&mut self.faults, &self.values);
        self.owned =
            employees::with_owner(session, tx, object, faults, id, values, old, input).await?;
        let new = old.is_none();
        for (field, change) in &self.owned.lines {
            let draft =
                lines::draft(session, tx, object, &self.values, new, *field, change, memo).await?;
            if let Some(mut draft) = draft {
                // That the owner is there is checked once, at the record itself.
                let owner = employees::owner(self.session, self.object, &self.values);
                draft.references.retain(|reference| Some(reference.id) != owner);
                self.faults.append(&mut draft.faults);
                self.references.append(&mut draft.references);
                self.lines.push(draft);
            }
        }
        for (ix, field) in self.object.each_field() {
            let FieldType::Rollup(rollup) = field.ty else { continue };
            match self.lines.iter().find(|draft| draft.field == rollup.lines) {
                Some(draft) => {
                    self.values.insert(ix, draft.rollup(rollup));
                }
                None if new => {
                    let zero = match rollup.scale {
                        Some(_) => Value::Decimal(rust_decimal::Decimal::ZERO),
                        None => Value::Int(0),
                    };
                    self.values.insert(ix, zero);
                }
                None => {}
            }
        }
        self.faults.extend(formulas::compute(session, object, &mut self.values));
        self.draft_members(tx, new).await
    }

    /// What members come and go; nothing of those that are there already.
    async fn draft_members(&mut self, tx: &Tx, new: bool) -> Result<()> {
        for (field, change) in &mut self.owned.members {
            let field = self.object.field(*field);
            let FieldType::ManyToMany(junction) = &field.ty else { continue };
            let target = junction.target;
            let given = change.set.iter().flatten().map(|id| ("set", id));
            for (part, id) in given.chain(change.add.iter().map(|id| ("add", id))) {
                let path = vec![field.name.clone(), part.to_owned()];
                self.references.push(Reference { path, target, id: *id, keyed: false });
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

    /// What has changed of lines and members, for history.
    fn owned_changes(&self, changes: &mut Map<String, Json>) {
        for draft in &self.lines {
            let name = &self.object.field(draft.field).name;
            changes.extend(draft.change().map(|change| (name.clone(), change)));
        }
        for (field, change) in &self.owned.members {
            let ids = |ids: &[Uuid]| ids.iter().map(Uuid::to_string).collect::<Vec<_>>();
            changes.insert(
                self.object.field(*field).name.clone(),
                json!({ "added": ids(&change.add), "removed": ids(&change.remove) }),
            );
        }
    }
}

/// What every change of a record changes besides.
const TOUCHED: [&str; 3] = ["version", "updatedAt", "updatedBy"];

/// Those of [`TOUCHED`] that an object has.
pub(super) fn touched(object: &Object) -> impl Iterator<Item = FieldIx> {
    TOUCHED.iter().filter_map(|name| object.named(name)).map(|(ix, _)| ix)
}

/// Counts a change of a record, with when and by whom; gives its version by then. All records of one save are
/// changed at one instant, so that those that come to the same values are written together.
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

/// Every fault there is, references last; the rows may be written when no draft has any.
///
/// Where there is no other fault, references that foreign keys check are left to them and put into `left`:
/// nearly all name something, and asking costs a way to the database and back.
async fn faults(
    session: &Session,
    tx: &Tx,
    drafts: &mut [Draft<'_>],
    left: &mut Vec<Reference>,
) -> Result<Option<Vec<Vec<Error>>>> {
    let mut faults: Vec<_> =
        drafts.iter_mut().map(|draft| std::mem::take(&mut draft.faults)).collect();
    let clean = faults.iter().all(Vec::is_empty);
    let given = drafts.iter_mut().enumerate().flat_map(|(at, draft)| {
        std::mem::take(&mut draft.references).into_iter().map(move |reference| (at, reference))
    });
    let (keyed, asked): (Vec<_>, Vec<_>) =
        given.partition(|(_, reference)| clean && references::left_to_keys(session, reference));
    let missing = missing(session, tx, &asked, &mut faults).await?;
    if missing {
        self::missing(session, tx, &keyed, &mut faults).await?;
    }
    left.extend(keyed.into_iter().map(|(_, reference)| reference));
    Ok((!clean || missing).then_some(faults))
}

/// Tells each draft which of its references name nothing; whether any does.
async fn missing(
    session: &Session,
    tx: &Tx,
    asked: &[(usize, Reference)],
    faults: &mut [Vec<Error>],
) -> Result<bool> {
    let references: Vec<_> = asked.iter().map(|(_, reference)| reference).collect();
    let there = references::visible(session, tx, &references).await?;
    let mut any = false;
    for ((at, reference), _) in asked.iter().zip(there).filter(|(_, there)| !there) {
        faults[*at].push(references::not_found(session, reference));
        any = true;
    }
    Ok(any)
}

/// A new record with its defaults, lines and members, and what is wrong with it.
async fn draft_new<'s>(
    session: &'s Session,
    tx: &Tx,
    object: &'s Object,
    input: &Input,
    memo: &Memo,
) -> Result<Draft<'s>> {
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
    let mut draft = Draft::new(session, object, id, values);
    apply(session, object, &mut draft.values, input);
    let made = nested::make(session, tx, object, input, &[], &mut draft.faults, memo).await?;
    let own: Vec<_> = made.iter().map(|(ix, _)| *ix).collect();
    draft.values.extend(made);
    let paths = rules::needed_paths(object, Some(&draft.values));
    let mut facts = references::facts(session, tx, object, &draft.values, paths, memo).await?;
    let given: Vec<_> = draft.values.keys().copied().collect();
    let broken = Draft::complete(session, object, &mut draft.values, &facts);
    draft.faults.extend(broken);
    // A rule may read over a reference that is here by default only.
    let mut late = rules::needed_paths(object, None);
    late.retain(|path| {
        let root = path.first().and_then(|root| object.named(root)).map(|(ix, _)| ix);
        root.is_some_and(|root| !given.contains(&root) && draft.values.contains_key(&root))
    });
    if !late.is_empty() {
        facts.0.extend(references::facts(session, tx, object, &draft.values, late, memo).await?.0);
    }
    draft.draft_owned(tx, input, None, memo).await?;
    draft.faults.extend(checked(session, object, &draft.values, &facts, None));
    let stored = object.each_field().filter(|(ix, field)| !field.system && !own.contains(ix));
    let stored: Vec<_> = stored.map(|(ix, _)| ix).collect();
    draft.references.extend(references::of_values(object, &draft.values, &stored));
    Ok(draft)
}

/// Makes records of one object: all or, with the faults of each, none.
pub(super) async fn create(
    session: &Session,
    tx: &Tx,
    object: &Object,
    inputs: &[&Input],
    left: &mut Vec<Reference>,
) -> Result<Made> {
    let memo = Memo::default();
    let mut drafts = Vec::with_capacity(inputs.len());
    for input in inputs {
        let draft = draft_new(session, tx, object, input, &memo).await;
        left.extend(memo.left());
        drafts.push(draft?);
    }
    if let Some(faults) = faults(session, tx, &mut drafts, left).await? {
        return Ok(Made::Refused(faults));
    }
    // Numbers are taken last, so that their series is locked as shortly as possible.
    for (ix, field) in object.each_field() {
        if let FieldType::AutoNumber(format) = &field.ty {
            let count = drafts.len();
            let numbers = events::numbers(session, tx, object, &field.name, format, count).await?;
            for (draft, number) in drafts.iter_mut().zip(numbers) {
                draft.values.insert(ix, number);
                draft.faults.extend(formulas::compute(session, object, &mut draft.values));
            }
        }
    }
    // A formula may read the number.
    if drafts.iter().any(|draft| !draft.faults.is_empty()) {
        return Ok(Made::Refused(drafts.into_iter().map(|draft| draft.faults).collect()));
    }
    let rows: Vec<_> = drafts.iter().map(|draft| &draft.values).collect();
    store::insert(tx, &session.catalog, object, &rows).await?;
    write_owned(session, tx, object, &drafts).await?;
    let entry = |draft: &Draft<'_>| {
        let mut changes = events::differences(object, None, Some(&draft.values));
        draft.owned_changes(&mut changes);
        let at = events::changed_at(session, object, &draft.values);
        Entry { id: draft.id, version: 1, changes, at }
    };
    events::record(session, tx, object, "CREATE", drafts.iter().map(entry).collect()).await?;
    let written = |draft: Draft<'_>| Written { id: draft.id, values: draft.values, changed: None };
    Ok(Made::Done(drafts.into_iter().map(written).collect()))
}

/// The records of some ids as stored, in the order of the ids, or the error that there is none.
pub(super) async fn current(tx: &Tx, object: &Object, ids: &[Uuid]) -> Result<Vec<Known>> {
    let found = store::load(tx, object, FieldIx(0), ids).await?;
    let id = |values: &Values| values.get(&FieldIx(0)).and_then(Value::as_id);
    let mut found: HashMap<_, _> =
        found.into_iter().filter_map(|values| Some((id(&values)?, values))).collect();
    let known = |id: &Uuid| {
        let values = found.remove(id).ok_or_else(|| permitted::no_such(object))?;
        Ok(Known { id: *id, version: version(object, &values), values })
    };
    ids.iter().map(known).collect()
}

/// A record that is there with what it is given, and what is wrong with it.
async fn draft_known<'s>(
    session: &'s Session,
    tx: &Tx,
    object: &'s Object,
    old: &Known,
    patch: &Input,
    memo: &Memo,
) -> Result<Draft<'s>> {
    let mut draft = Draft::new(session, object, old.id, old.values.clone());
    let touched = apply(session, object, &mut draft.values, patch);
    let made = nested::make(session, tx, object, patch, &[], &mut draft.faults, memo).await?;
    draft.values.extend(made);
    draft.draft_owned(tx, patch, Some(&old.values), memo).await?;
    let paths = rules::needed_paths(object, None);
    let facts = references::facts(session, tx, object, &draft.values, paths, memo).await?;
    let mut read = events::changed(object, &old.values, &draft.values);
    read.extend(&touched);
    draft.faults.extend(checked(session, object, &draft.values, &facts, Some(&read)));
    draft.references.extend(references::of_values(object, &draft.values, &touched));
    Ok(draft)
}

/// Changes records of one object: all or, with the faults of each, none.
pub(super) async fn update(
    session: &Session,
    tx: &Tx,
    object: &Object,
    records: Vec<(Known, &Input)>,
    left: &mut Vec<Reference>,
) -> Result<Made> {
    let memo = Memo::default();
    let mut drafts = Vec::with_capacity(records.len());
    let mut known = Vec::with_capacity(records.len());
    for (old, patch) in records {
        let draft = draft_known(session, tx, object, &old, patch, &memo).await;
        left.extend(memo.left());
        drafts.push(draft?);
        known.push(old);
    }
    if let Some(faults) = faults(session, tx, &mut drafts, left).await? {
        return Ok(Made::Refused(faults));
    }
    let now = session.env.clock.now();
    let (mut entries, mut changed) = (Vec::new(), Vec::new());
    for (draft, old) in drafts.iter_mut().zip(&known) {
        let mut changes = events::differences(object, Some(&old.values), Some(&draft.values));
        draft.owned_changes(&mut changes);
        if changes.is_empty() {
            changed.push(Vec::new());
            continue;
        }
        let version = touch(session, object, now, &mut draft.values);
        changed.push(events::changed(object, &old.values, &draft.values));
        let at = events::changed_at(session, object, &draft.values);
        entries.push(Entry { id: draft.id, version, changes, at });
    }
    rewrite(tx, object, &drafts, &changed).await?;
    write_owned(session, tx, object, &drafts).await?;
    events::record(session, tx, object, "UPDATE", entries).await?;
    let written = |(draft, fields): (Draft<'_>, Vec<FieldIx>)| {
        let lines = draft.lines.iter().map(|lines| lines.field);
        let owned = lines.chain(draft.owned.members.iter().map(|(field, _)| *field));
        let changed = Some(fields.into_iter().chain(owned).collect());
        Written { id: draft.id, values: draft.values, changed }
    };
    Ok(Made::Done(drafts.into_iter().zip(changed).map(written).collect()))
}

/// Writes the changed fields of records; those that come to the same values in one statement.
async fn rewrite(
    tx: &Tx,
    object: &Object,
    drafts: &[Draft<'_>],
    changed: &[Vec<FieldIx>],
) -> Result<()> {
    let mut alike: IndexMap<String, (Vec<Uuid>, &Draft<'_>, &[FieldIx])> = IndexMap::new();
    for (draft, fields) in drafts.iter().zip(changed).filter(|(_, fields)| !fields.is_empty()) {
        let told = fields.iter().filter(|ix| object.field(**ix).name != "version");
        let form = format!("{:?}", told.map(|ix| (ix, draft.values.get(ix))).collect::<Vec<_>>());
        alike.entry(form).or_insert_with(|| (Vec::new(), draft, fields)).0.push(draft.id);
    }
    for (ids, draft, fields) in alike.values() {
        store::update(tx, object, ids, &draft.values, fields).await?;
    }
    Ok(())
}

/// Writes lines and members.
async fn write_owned(
    session: &Session,
    tx: &Tx,
    object: &Object,
    drafts: &[Draft<'_>],
) -> Result<()> {
    let lines: Vec<_> = drafts.iter().flat_map(|draft| &draft.lines).collect();
    lines::write(session, tx, &lines).await?;
    for draft in drafts {
        for (field, change) in &draft.owned.members {
            if let FieldType::ManyToMany(junction) = &object.field(*field).ty {
                members::write(tx, junction, draft.id, change).await?;
            }
        }
    }
    Ok(())
}
