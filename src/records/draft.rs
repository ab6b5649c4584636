//! One record in the making: values, lines, members and faults, then its rows.
//!
//! Order: the record as it is (locked) → values given → defaults → number → lines and roll-ups →
//! required fields and checks → references → rows → history and outbox.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict, Query};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{
    change::{Input, MemberChange},
    employees, events,
    lines::{self, LineDraft},
    permitted,
    references::{self, Reference},
    save::Saved,
    session::Session,
    store::{self, Values},
};
use crate::{
    base::{Code, Error, Result, Value},
    catalog::{FieldIx, FieldType, Junction, Object},
    rules::{self, Facts, Scope},
    sql::encode_as,
    storage::{Tx, fault},
};

/// What a save has made of a record.
#[derive(Default)]
pub(super) struct Written {
    /// Its values.
    pub(super) values: Values,
    /// The fields that changed, lines and members among them; none for a new record.
    pub(super) changed: Option<Vec<FieldIx>>,
}

/// A record in the making.
pub(super) struct Draft<'s> {
    session: &'s Session,
    object: &'s Object,
    id: Uuid,
    values: Values,
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
        let none = Values::new();
        let at = scope(session, object, &none, facts);
        rules::fill_defaults(&session.catalog, object, values, facts, &at)
    }

    async fn draft_lines(&mut self, tx: &Tx, input: &Input, new: bool) -> Result<()> {
        for (field, change) in &input.lines {
            let draft =
                lines::draft(self.session, tx, self.object, self.id, new, *field, change).await?;
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
        Ok(())
    }

    fn draft_members(&mut self, input: &Input) {
        for (field, change) in &input.members {
            let field = self.object.field(*field);
            let Some(target) = field.target() else { continue };
            let given = change.set.iter().flatten().map(|id| ("set", id));
            for (part, id) in given.chain(change.add.iter().map(|id| ("add", id))) {
                let path = vec![field.name.clone(), part.to_owned()];
                self.references.push(Reference { path, target, id: *id, keyed: false });
            }
        }
    }

    /// Every fault there is, references last; empty means the rows may be written.
    ///
    /// Where there is no other fault, references that foreign keys check are left to them and put into
    /// `left`: nearly all name something, and asking costs a way to the database and back.
    async fn faults(&mut self, tx: &Tx, left: &mut Vec<Reference>) -> Result<Vec<Error>> {
        let mut faults = std::mem::take(&mut self.faults);
        let mut asked = std::mem::take(&mut self.references);
        if faults.is_empty() {
            let (keyed, others) = asked
                .into_iter()
                .partition(|reference| references::left_to_keys(self.session, reference));
            *left = keyed;
            asked = others;
        }
        let mut missing = references::missing(self.session, tx, &asked).await?;
        if !missing.is_empty() {
            missing.extend(references::missing(self.session, tx, left).await?);
        }
        faults.extend(missing);
        Ok(faults)
    }

    async fn write_owned(&self, tx: &Tx, input: &Input) -> Result<()> {
        for draft in &self.lines {
            draft.write(self.session, tx).await?;
        }
        for (field, change) in &input.members {
            if let FieldType::ManyToMany(junction) = &self.object.field(*field).ty {
                write_members(tx, junction, self.id, change).await?;
            }
        }
        Ok(())
    }

    /// Counts of changed lines and members, for history.
    fn owned_changes(&self, input: &Input, changes: &mut Map<String, Json>) {
        for draft in &self.lines {
            let (created, updated, deleted) = draft.counts;
            changes.insert(
                self.object.field(draft.field).name.clone(),
                json!({ "created": created, "updated": updated, "deleted": deleted }),
            );
        }
        for (field, change) in &input.members {
            let ids = |ids: &[Uuid]| ids.iter().map(Uuid::to_string).collect::<Vec<_>>();
            changes.insert(
                self.object.field(*field).name.clone(),
                json!({
                    "set": change.set.as_deref().map(ids),
                    "added": ids(&change.add),
                    "removed": ids(&change.remove),
                }),
            );
        }
    }
}

fn system_field(object: &Object, name: &str, value: Value, values: &mut Values) {
    if let Some((ix, _)) = object.named(name) {
        values.insert(ix, value);
    }
}

pub(super) async fn create(
    session: &Session,
    tx: &Tx,
    object: &Object,
    input: &Input,
    left: &mut Vec<Reference>,
) -> Result<(Saved, Written)> {
    let id = session.env.ids.next();
    let now = Value::DateTime(session.env.clock.now());
    let by = session.access.operator().map_or(Value::Null, Value::Id);
    let mut values = Values::new();
    system_field(object, "id", Value::Id(id), &mut values);
    system_field(object, "version", Value::Int(1), &mut values);
    for when in ["created", "updated"] {
        system_field(object, &format!("{when}At"), now.clone(), &mut values);
        system_field(object, &format!("{when}By"), by.clone(), &mut values);
    }
    let mut draft = Draft::new(session, object, id, values);
    apply(session, object, &mut draft.values, input);
    let paths = rules::needed_paths(object, Some(&draft.values));
    let facts = references::facts(session, tx, object, &draft.values, paths).await?;
    let given: Vec<_> = draft.values.keys().copied().collect();
    let broken = Draft::complete(session, object, &mut draft.values, &facts);
    draft.faults.extend(broken);
    // A rule may read over a reference that is here by default only.
    let mut late = rules::needed_paths(object, None);
    late.retain(|path| {
        let root = path.first().and_then(|root| object.named(root)).map(|(ix, _)| ix);
        root.is_some_and(|root| !given.contains(&root) && draft.values.contains_key(&root))
    });
    let mut facts = facts;
    if !late.is_empty() {
        facts.0.extend(references::facts(session, tx, object, &draft.values, late).await?.0);
    }
    let input = &employees::with_owner(
        session,
        tx,
        object,
        &mut draft.faults,
        id,
        &draft.values,
        None,
        input,
    )
    .await?;
    draft.draft_lines(tx, input, true).await?;
    draft.draft_members(input);
    draft.faults.extend(checked(session, object, &draft.values, &facts, None));
    let stored: Vec<_> =
        object.each_field().filter(|(_, field)| !field.system).map(|(ix, _)| ix).collect();
    draft.references.extend(references::of_values(object, &draft.values, &stored));
    let faults = draft.faults(tx, left).await?;
    if !faults.is_empty() {
        return Ok((Saved::Refused(faults), Written::default()));
    }
    // The number is taken last, so that its series is locked as shortly as possible.
    for (ix, field) in object.each_field() {
        if let FieldType::AutoNumber(format) = &field.ty {
            let number = events::number(session, tx, object, &field.name, format).await?;
            draft.values.insert(ix, number);
        }
    }
    store::insert(tx, &session.catalog, object, std::slice::from_ref(&draft.values)).await?;
    draft.write_owned(tx, input).await?;
    let mut changes = events::differences(object, None, Some(&draft.values));
    draft.owned_changes(input, &mut changes);
    events::record(session, tx, object, id, "CREATE", 1, changes).await?;
    Ok((Saved::Done(id), Written { values: draft.values, changed: None }))
}

/// The record of an id as stored, or the error that there is none.
pub(super) async fn current(tx: &Tx, object: &Object, id: Uuid) -> Result<(Values, i64)> {
    let mut found = store::load(tx, object, FieldIx(0), id).await?;
    let Some(values) = found.pop() else {
        return Err(permitted::no_such(object));
    };
    let version = match object.named("version").and_then(|(ix, _)| values.get(&ix)) {
        Some(Value::Int(version)) => *version,
        _ => 0,
    };
    Ok((values, version))
}

/// Refuses a change of a version that is not the record's any more.
pub(super) fn as_expected(version: i64, expected: Option<i64>) -> Result<()> {
    if expected.is_none_or(|expected| expected == version) {
        return Ok(());
    }
    Err(Error::new(
        Code::RecordVersion,
        format!("the record was changed meanwhile; it has version {version} now"),
        format!("记录已被修改，当前版本为 {version}"),
    )
    .at(["expectedVersion"])
    .hint("read it again and repeat your change", "请重新读取后再修改"))
}

pub(super) async fn update(
    session: &Session,
    tx: &Tx,
    object: &Object,
    id: Uuid,
    (old, version): (Values, i64),
    patch: &Input,
    left: &mut Vec<Reference>,
) -> Result<(Saved, Written)> {
    let mut draft = Draft::new(session, object, id, old.clone());
    let touched = apply(session, object, &mut draft.values, patch);
    let patch = &employees::with_owner(
        session,
        tx,
        object,
        &mut draft.faults,
        id,
        &draft.values,
        Some(&old),
        patch,
    )
    .await?;
    draft.draft_lines(tx, patch, false).await?;
    draft.draft_members(patch);
    let paths = rules::needed_paths(object, None);
    let facts = references::facts(session, tx, object, &draft.values, paths).await?;
    let mut read = events::changed(object, &old, &draft.values);
    read.extend(&touched);
    draft.faults.extend(checked(session, object, &draft.values, &facts, Some(&read)));
    draft.references.extend(references::of_values(object, &draft.values, &touched));
    let faults = draft.faults(tx, left).await?;
    if !faults.is_empty() {
        return Ok((Saved::Refused(faults), Written::default()));
    }
    let mut changes = events::differences(object, Some(&old), Some(&draft.values));
    draft.owned_changes(patch, &mut changes);
    if changes.is_empty() {
        return Ok((Saved::Done(id), Written { values: old, changed: Some(Vec::new()) }));
    }
    system_field(object, "version", Value::Int(version + 1), &mut draft.values);
    system_field(object, "updatedAt", Value::DateTime(session.env.clock.now()), &mut draft.values);
    let by = session.access.operator().map_or(Value::Null, Value::Id);
    system_field(object, "updatedBy", by, &mut draft.values);
    let fields = events::changed(object, &old, &draft.values);
    store::update(tx, &session.catalog, object, id, &draft.values, &fields).await?;
    draft.write_owned(tx, patch).await?;
    events::record(session, tx, object, id, "UPDATE", version + 1, changes).await?;
    let lines = draft.lines.iter().map(|lines| lines.field);
    let owned = lines.chain(patch.members.iter().map(|(field, _)| *field));
    let changed = Some(fields.into_iter().chain(owned).collect());
    Ok((Saved::Done(id), Written { values: draft.values, changed }))
}

/// Brings the members of a record to what the change asks for.
async fn write_members(
    tx: &Tx,
    junction: &Junction,
    owner: Uuid,
    change: &MemberChange,
) -> Result<()> {
    let id = |id: Uuid| encode_as(tx.dialect(), &Value::Id(id)).map(Expr::val);
    let of_owner = Expr::col(Alias::new(Junction::OWNER)).eq(id(owner)?);
    let removed = change.remove.iter().map(|member| id(*member)).collect::<Result<Vec<_>>>()?;
    if change.set.is_some() || !removed.is_empty() {
        let mut delete = Query::delete();
        delete.from_table(Alias::new(&junction.table)).and_where(of_owner);
        if change.set.is_none() {
            delete.and_where(Expr::col(Alias::new(Junction::MEMBER)).is_in(removed));
        }
        tx.delete(&delete).await.map_err(fault)?;
    }
    let added: Vec<Uuid> = change.set.iter().flatten().chain(&change.add).copied().collect();
    if added.is_empty() {
        return Ok(());
    }
    let mut insert = Query::insert();
    insert
        .into_table(Alias::new(&junction.table))
        .columns([Junction::OWNER, Junction::MEMBER].map(Alias::new))
        .on_conflict(
            OnConflict::columns([Junction::OWNER, Junction::MEMBER].map(Alias::new))
                .do_nothing()
                .to_owned(),
        );
    for member in added {
        insert.values([id(owner)?, id(member)?]).map_err(Error::internal)?;
    }
    tx.insert(&insert).await.map_err(fault)?;
    Ok(())
}
