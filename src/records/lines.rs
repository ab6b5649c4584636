//! Lines of a document: applies a change in memory, then writes it.

use std::collections::HashSet;

use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{
    change::{Input, LineChange},
    employees, events, faults,
    line_history::LineAction,
    record_drafts::DraftedState,
    recycled,
    references::{self, Reference},
    session::Session,
    stages::{RowDraft, Save},
    store::{self, Values},
    unique_keys::RowKeys,
};
use crate::{
    base::{Code, Error, Result, Value},
    catalog::{Catalog, EMPLOYEES, Field, FieldIx, FieldType, Lines, Object, Rollup, RollupOp},
    rules,
    storage::{Tx, fault},
};

/// The resulting lines of one field, and what must be written.
pub(super) struct LineDraft {
    pub(super) field: FieldIx,
    lines: Lines,
    /// All resulting lines, in order.
    standing: Vec<Values>,
    created: Vec<Values>,
    updated: Vec<(Uuid, Values, Vec<FieldIx>)>,
    pub(super) deleted: Vec<Uuid>,
    pub(super) references: Vec<Reference>,
    /// The keys that they need.
    pub(super) keys: Vec<RowKeys>,
    pub(super) faults: Vec<Error>,
    /// Faults of values that could not be read. Roll-ups over the lines are then unknown.
    pub(super) misread: Vec<Error>,
    /// The states of their fields, if they are told.
    pub(super) states: Vec<DraftedState>,
    /// The changes for history. Empty for a new record, because all its lines are new.
    told: Vec<Json>,
}

/// Encodes the change of a line for history: `{"id": …, "lineNo": 2, "change": "UPDATED", "fields":
/// {"quantity": ["1", "2"]}}`.
fn told(object: &Object, old: Option<&Values>, new: Option<&Values>) -> Json {
    let change = match (old, new) {
        (None, _) => LineAction::Created,
        (_, None) => LineAction::Deleted,
        _ => LineAction::Updated,
    };
    let line = new.or(old);
    let id = line.and_then(|line| line.get(&FieldIx::ID)).map(events::json_of);
    let no = line.and_then(|line| line_no(object, line));
    let fields = events::differences(object, old, new);
    json!({ "id": id, "lineNo": no, "change": change.as_str(), "fields": fields })
}

/// Applies a change to the stored lines.
pub(super) async fn draft(
    save: &Save<'_>,
    head: &Object,
    record: &Values,
    new_head: bool,
    field: FieldIx,
    change: &LineChange,
) -> Result<Option<LineDraft>> {
    let FieldType::Lines(lines) = head.field(field).ty else { return Ok(None) };
    let Some(head_id) = record.get(&FieldIx::ID).and_then(Value::as_id) else { return Ok(None) };
    let session = save.session;
    let object = session.catalog.object(lines.target);
    let mut draft = LineDraft::new(field, lines);
    draft.deleted.clone_from(&change.delete);
    if !new_head {
        draft.standing = store::load(save.tx, object, lines.via, &[head_id]).await?;
    }
    let path = |part: &str, at: usize| {
        vec![head.field(field).name.clone(), part.to_owned(), at.to_string()]
    };
    remove(&mut draft, object, change, &path);
    for (at, (id, patch)) in change.update.iter().enumerate() {
        let path = path("update", at);
        change_line(save, object, record, &mut draft, *id, patch, path).await?;
    }
    let mut next =
        draft.standing.iter().filter_map(|line| line_no(object, line)).max().unwrap_or(0);
    for (at, input) in change.create.iter().enumerate() {
        next += 1;
        let mut values = Values::default();
        values.insert(FieldIx::ID, Value::Id(session.env.ids.next()));
        values.insert(lines.via, Value::Id(head_id));
        if let Some(ix) = object.system.line_no {
            values.insert(ix, Value::Int(next));
        }
        employees::recorded(head, record, field, object, &mut values);
        let row = RowDraft::new(object, values, path("create", at)).below(lines.via, record);
        let line = draft.stage(save, row, input).await?;
        if !new_head {
            draft.told.push(told(object, None, Some(&line)));
        }
        draft.standing.push(line.clone());
        draft.created.push(line);
    }
    Ok(Some(draft))
}

/// Drafts the lines of one field that a deleted record had.
pub(super) async fn restored(
    save: &Save<'_>,
    head: &Object,
    record: &Values,
    field: FieldIx,
    kept: &[Map<String, Json>],
) -> Result<Option<LineDraft>> {
    let FieldType::Lines(lines) = head.field(field).ty else { return Ok(None) };
    let object = save.session.catalog.object(lines.target);
    let name = &head.field(field).name;
    let catalog = &save.session.catalog;
    let mut rows: Vec<_> = kept.iter().map(|row| recycled::values(catalog, object, row)).collect();
    // Rows of employees are rights that others or the server gave. They are restored for employees who still
    // exist.
    let rights = head.responsible && name == EMPLOYEES;
    if rights {
        rows = of_those_there(save, object, rows).await?;
    }
    let mut draft = LineDraft::new(field, lines);
    for (at, mut values) in rows.into_iter().enumerate() {
        employees::recorded(head, record, field, object, &mut values);
        let path = vec![name.clone(), at.to_string()];
        let row = RowDraft::restored(object, values, path, !rights).below(lines.via, record);
        let line = draft.stage(save, row, &Input::default()).await?;
        draft.standing.push(line.clone());
        draft.created.push(line);
    }
    Ok(Some(draft))
}

/// Returns the rows of employees who still exist.
async fn of_those_there(save: &Save<'_>, line: &Object, rows: Vec<Values>) -> Result<Vec<Values>> {
    let Some((ix, target)) = line.employee() else { return Ok(rows) };
    let named = rows.iter().map(|row| row.get(&ix).and_then(Value::as_id));
    let named: Vec<_> = named
        .map(|id| Reference { path: Vec::new(), target, id: id.unwrap_or_default(), keyed: true })
        .collect();
    let there = references::there(save, &named.iter().collect::<Vec<_>>()).await?;
    Ok(rows.into_iter().zip(there).filter(|(_, there)| *there).map(|(row, _)| row).collect())
}

fn line_no(object: &Object, line: &Values) -> Option<i64> {
    match line.get(&object.system.line_no?) {
        Some(Value::Int(no)) => Some(*no),
        _ => None,
    }
}

fn has_id(line: &Values, id: Uuid) -> bool {
    line.get(&FieldIx::ID) == Some(&Value::Id(id))
}

fn remove(
    draft: &mut LineDraft,
    object: &Object,
    change: &LineChange,
    path: &dyn Fn(&str, usize) -> Vec<String>,
) {
    let mut seen = HashSet::new();
    for (at, id) in change.delete.iter().enumerate() {
        let there = draft.standing.iter().any(|line| has_id(line, *id));
        if !there || !seen.insert(*id) {
            draft.faults.push(no_line(object).at(path("delete", at)));
        }
    }
    let gone = |line: &Values| change.delete.iter().any(|id| has_id(line, *id));
    let removed = draft.standing.iter().filter(|line| gone(line));
    draft.told.extend(removed.map(|line| told(object, Some(line), None)));
    draft.standing.retain(|line| !gone(line));
}

fn no_line(object: &Object) -> Error {
    faults::no_such_line(object.noun()).about([object.name.as_str()])
}

async fn change_line(
    save: &Save<'_>,
    object: &Object,
    record: &Values,
    draft: &mut LineDraft,
    id: Uuid,
    patch: &Input,
    path: Vec<String>,
) -> Result<()> {
    let Some(at) = draft.standing.iter().position(|line| has_id(line, id)) else {
        draft.faults.push(no_line(object).at(path));
        return Ok(());
    };
    let old = draft.standing[at].clone();
    let row = RowDraft::known(object, &old, path).below(draft.lines.via, record);
    let values = draft.stage(save, row, patch).await?;
    let changed = events::changed(object, &old, &values);
    draft.standing[at] = values.clone();
    if !changed.is_empty() {
        draft.told.push(told(object, Some(&old), Some(&values)));
        draft.updated.push((id, values, changed));
    }
    Ok(())
}

impl LineDraft {
    fn new(field: FieldIx, lines: Lines) -> Self {
        Self {
            field,
            lines,
            standing: Vec::new(),
            created: Vec::new(),
            updated: Vec::new(),
            deleted: Vec::new(),
            references: Vec::new(),
            keys: Vec::new(),
            faults: Vec::new(),
            misread: Vec::new(),
            states: Vec::new(),
            told: Vec::new(),
        }
    }

    /// Takes a line through all stages and keeps its keys, faults and references. Returns its values.
    async fn stage(
        &mut self,
        save: &Save<'_>,
        mut row: RowDraft<'_>,
        input: &Input,
    ) -> Result<Values> {
        save.open(&mut row, input).await?;
        save.close(&mut row).await?;
        if save.tells_states {
            self.states.append(&mut save.states(&mut row).await?);
        }
        self.keys.extend(RowKeys::of(&save.session.catalog, &row));
        self.faults.extend(row.faults);
        self.misread.extend(row.misread);
        self.references.extend(row.references);
        Ok(row.values)
    }

    /// All resulting lines, in order.
    pub(super) fn standing(&self) -> &[Values] {
        &self.standing
    }

    /// Computes a roll-up over these lines.
    pub(super) fn rollup(&self, catalog: &Catalog, field: &Field, rollup: Rollup) -> Value {
        rolled(catalog.object(self.lines.target), field, rollup, &self.standing)
    }

    /// Returns the change for history, if there is any: `{"created": 0, "updated": 1, "deleted": 0, "lines":
    /// […]}`.
    pub(super) fn change(&self) -> Option<Json> {
        let counts = [self.created.len(), self.updated.len(), self.deleted.len()];
        let [created, updated, deleted] = counts;
        let mut change = json!({ "created": created, "updated": updated, "deleted": deleted });
        if !self.told.is_empty() {
            change["lines"] = json!(self.told);
        }
        counts.iter().any(|count| *count > 0).then_some(change)
    }
}

/// Computes a roll-up over some lines of an object.
fn rolled(line: &Object, field: &Field, rollup: Rollup, standing: &[Values]) -> Value {
    let counts = |values: &&Values| {
        field.counted.as_ref().is_none_or(|counted| rules::counts(line, counted, values))
    };
    let counted = standing.iter().filter(counts);
    let Some(read) = rollup.op.field() else {
        return Value::Int(i64::try_from(counted.count()).unwrap_or(i64::MAX));
    };
    let numbers = counted.filter_map(|line| line.get(&read).and_then(Value::as_decimal));
    let result = match rollup.op {
        RollupOp::Min(_) => numbers.min(),
        RollupOp::Max(_) => numbers.max(),
        RollupOp::Avg(_) => mean(numbers.collect(), rollup.scale.unwrap_or_default()),
        RollupOp::Sum(_) | RollupOp::Count => Some(numbers.sum()),
    };
    match (result, rollup.scale) {
        (None, _) => Value::Null,
        (Some(result), Some(_)) => Value::Decimal(result),
        (Some(result), None) => Value::Int(i64::try_from(result).unwrap_or(i64::MAX)),
    }
}

/// The mean of some numbers, rounded half away from zero.
fn mean(numbers: Vec<Decimal>, scale: u8) -> Option<Decimal> {
    let count = Decimal::from(numbers.len());
    let mean = numbers.into_iter().sum::<Decimal>().checked_div(count)?;
    Some(
        mean.round_dp_with_strategy(scale.into(), RoundingStrategy::MidpointAwayFromZero)
            .normalize(),
    )
}

/// Groups the lines of several records by field.
fn by_field<'d>(drafts: &[&'d LineDraft]) -> Vec<Vec<&'d LineDraft>> {
    let mut fields: Vec<Vec<&LineDraft>> = Vec::new();
    for draft in drafts {
        match fields.iter_mut().find(|of| of.first().is_some_and(|one| one.field == draft.field)) {
            Some(of) => of.push(draft),
            None => fields.push(vec![draft]),
        }
    }
    fields
}

/// Deletes and updates lines of several records. Per field, one statement deletes.
pub(super) async fn withdraw(session: &Session, tx: &Tx, drafts: &[&LineDraft]) -> Result<()> {
    for drafts in by_field(drafts) {
        let Some(first) = drafts.first() else { continue };
        let object = session.catalog.object(first.lines.target);
        let deleted: Vec<_> =
            drafts.iter().flat_map(|draft| draft.deleted.iter().copied()).collect();
        store::delete(tx, object, &deleted).await.map_err(fault)?;
        for (id, values, fields) in drafts.iter().flat_map(|draft| &draft.updated) {
            let updated = store::update(tx, object, &[*id], values, fields).await;
            updated.map_err(|error| of_lines(session, first, error))?;
        }
    }
    Ok(())
}

/// Adds the lines' field to the path of a taken key.
fn of_lines(session: &Session, draft: &LineDraft, error: Error) -> Error {
    let head = session.catalog.head(session.catalog.object(draft.lines.target));
    match error.code {
        Code::RecordTaken => error.within(head.field(draft.field).name.as_str()),
        _ => error,
    }
}

/// Inserts the new lines of several records, one statement per field.
pub(super) async fn add(session: &Session, tx: &Tx, drafts: &[&LineDraft]) -> Result<()> {
    for drafts in by_field(drafts) {
        let Some(first) = drafts.first() else { continue };
        let object = session.catalog.object(first.lines.target);
        let created: Vec<_> = drafts.iter().flat_map(|draft| &draft.created).collect();
        let inserted = store::insert(tx, &session.catalog, object, &created).await;
        inserted.map_err(|error| of_lines(session, first, error))?;
    }
    Ok(())
}
