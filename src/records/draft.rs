//! Drafts: values, lines, members and faults of records before they are written, whether they are new, changed
//! or restored.
//!
//! A draft takes its row and its lines through the [`stages`](super::stages); [`faults`] then looks at all
//! drafts of a save. [`mod@write`] writes them.

use std::collections::HashMap;

use sea_orm::sea_query::SelectStatement;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{
    authorize,
    change::{Input, MemberChange},
    employees,
    lines::{self, LineDraft},
    members, numbers,
    recycled::Content,
    references::{self, Reference},
    session::Session,
    stages::{RowDraft, Save},
    store::{self, Values},
    unique_keys::{self, RowKeys, SaveKeys},
    write,
};
use crate::{
    access::RowRule,
    base::{Error, Result, Value},
    catalog::{Catalog, FieldIx, FieldType, Object, RollupScope},
    query::Guard,
    storage::Tx,
};

/// A stored record, locked for a change.
pub(super) struct StoredRecord {
    pub(super) id: Uuid,
    pub(super) version: i64,
    pub(super) values: Values,
}

/// A record before it is written.
pub(super) struct Draft<'s> {
    pub(super) id: Uuid,
    pub(super) row: RowDraft<'s>,
    /// The given lines and members, with the owner's row.
    pub(super) owned: Input,
    pub(super) lines: Vec<LineDraft>,
}

/// What a record is drafted from.
#[derive(Clone, Copy)]
pub(super) enum DraftedFrom<'i> {
    /// The input of a create or the patch of an update.
    Input(&'i Input),
    /// The lines and members that a deleted record had. Its row has its values already.
    Kept(&'i Content),
}

impl<'s> Draft<'s> {
    /// Takes a record with its lines and members through all stages.
    pub(super) async fn of(
        save: &Save<'_>,
        id: Uuid,
        row: RowDraft<'s>,
        given: DraftedFrom<'_>,
    ) -> Result<Self> {
        let mut draft = Self { id, row, owned: Input::default(), lines: Vec::new() };
        match given {
            DraftedFrom::Input(input) => {
                save.open(&mut draft.row, input).await?;
                draft.owned = employees::with_owner(save, &mut draft.row, id, input).await?;
                draft.draft_lines(save).await?;
                draft.draft_members(save.tx).await?;
            }
            DraftedFrom::Kept(content) => {
                save.open(&mut draft.row, &Input::default()).await?;
                draft.restore_lines(save, content).await?;
                draft.restore_members(save, content).await?;
            }
        }
        draft.show_to_rules();
        draft.roll_up(&save.session.catalog);
        save.close(&mut draft.row).await?;
        Ok(draft)
    }

    /// Lets the rules of the object read its lines and members as they will be.
    fn show_to_rules(&mut self) {
        if !self.row.object.rules.is_empty() || self.row.object.flow.is_some() {
            let lines = self.lines.iter().map(|draft| (draft.field, draft.standing().to_vec()));
            self.row.lines = lines.collect();
            self.row.members.clone_from(&self.owned.members);
        }
    }

    /// Drafts the given lines.
    async fn draft_lines(&mut self, save: &Save<'_>) -> Result<()> {
        let object = self.row.object;
        let new = self.row.old.is_none();
        for (field, change) in &self.owned.lines {
            let draft = lines::draft(save, object, &self.row.values, new, *field, change).await?;
            if let Some(mut draft) = draft {
                // The owner's existence is checked once, on the record itself.
                let owner = employees::owner(save.session, object, &self.row.values);
                draft.references.retain(|reference| Some(reference.id) != owner);
                if !draft.misread.is_empty() {
                    let rolled = object.each_field().filter(|(_, field)| {
                        matches!(&field.ty, FieldType::Rollup(rollup) if rollup.lines == draft.field)
                    });
                    self.row.unread.extend(rolled.map(|(ix, _)| ix));
                }
                self.row.misread.append(&mut draft.misread);
                self.row.references.append(&mut draft.references);
                self.row.faults.append(&mut draft.faults);
                self.lines.push(draft);
            }
        }
        Ok(())
    }

    /// Drafts the lines that a deleted record had.
    async fn restore_lines(&mut self, save: &Save<'_>, content: &Content) -> Result<()> {
        let object = self.row.object;
        for (ix, field) in object.each_field() {
            let kept = content.lines.get(&field.stored).map_or(&[][..], Vec::as_slice);
            let draft = lines::restored(save, object, &self.row.values, ix, kept).await?;
            if let Some(mut draft) = draft {
                self.row.faults.append(&mut draft.faults);
                self.lines.push(draft);
            }
        }
        Ok(())
    }

    /// Computes the roll-ups over drafted lines.
    fn roll_up(&mut self, catalog: &Catalog) {
        let object = self.row.object;
        let restored = self.row.restored.is_some();
        let new = self.row.old.is_none() && !restored;
        for (ix, field) in object.each_field() {
            let FieldType::Rollup(rollup) = field.ty else { continue };
            if field.on_read {
                continue;
            }
            // What was removed has lost the records that referred to it.
            let new = new || restored && rollup.scope == RollupScope::System;
            if self.row.unread.contains(&rollup.lines) {
                self.row.unread.push(ix);
            }
            match self.lines.iter().find(|draft| draft.field == rollup.lines) {
                Some(draft) => {
                    self.row.values.insert(ix, draft.rollup(catalog, field, rollup));
                }
                None if new => {
                    let zero = match rollup.scale {
                        _ if !rollup.op.begins_at_zero() => Value::Null,
                        Some(_) => Value::Decimal(rust_decimal::Decimal::ZERO),
                        None => Value::Int(0),
                    };
                    self.row.values.insert(ix, zero);
                }
                None => {}
            }
        }
    }

    /// Adds the members that a deleted record had and that still exist.
    async fn restore_members(&mut self, save: &Save<'_>, content: &Content) -> Result<()> {
        for (ix, field) in self.row.object.each_field() {
            let (FieldType::ManyToMany(junction), Some(kept)) =
                (&field.ty, content.members.get(&field.stored))
            else {
                continue;
            };
            let named = |id: &Uuid| Reference {
                path: Vec::new(),
                target: junction.target,
                id: *id,
                keyed: true,
            };
            let named: Vec<_> = kept.iter().map(named).collect();
            let there = references::there(save, &named.iter().collect::<Vec<_>>()).await?;
            let there = kept.iter().zip(there).filter(|(_, there)| *there);
            let add: Vec<_> = there.map(|(id, _)| *id).collect();
            if !add.is_empty() {
                self.owned.members.push((ix, MemberChange { add, ..MemberChange::default() }));
            }
        }
        Ok(())
    }

    /// Reduces members to those that are added or removed.
    async fn draft_members(&mut self, tx: &Tx) -> Result<()> {
        let new = self.row.old.is_none();
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
    pub(super) fn owned_changes(&self, changes: &mut Map<String, Json>) {
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

/// Returns all faults, or none if the rows may be written. If references name no record, only those faults
/// are returned: others may result from them, or reveal what they name.
///
/// If there is no other fault, references that foreign keys check are not checked here but put into `left`.
/// Nearly all name a record, and a check costs a round trip.
pub(super) async fn faults(
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
        if numbers::numbers(drafts[*at].row.object).next().is_some() {
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
        let taken = unique_keys::faults(save.session, save.tx, &keys).await?;
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
    let found = store::load_where(tx, object, FieldIx::ID, ids, narrow).await?;
    let id = |values: &Values| values.get(&FieldIx::ID).and_then(Value::as_id);
    let mut found: HashMap<_, _> =
        found.into_iter().filter_map(|values| Some((id(&values)?, values))).collect();
    let known = |id: &Uuid| {
        let values = found.remove(id).ok_or_else(|| authorize::no_such(object))?;
        Ok(StoredRecord { id: *id, version: write::version(object, &values), values })
    };
    ids.iter().map(known).collect()
}
