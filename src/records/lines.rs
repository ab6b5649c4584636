//! Lines of a document: the diff an input asks for, applied in memory, then written.

use std::collections::HashSet;

use rust_decimal::Decimal;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{
    change::{Input, LineChange},
    draft::{Draft, apply, checked},
    employees, events, formulas, nested,
    references::{self, Memo, Reference},
    session::Session,
    store::{self, Values},
};
use crate::{
    base::{Code, Error, Result, Value},
    catalog::{FieldIx, FieldType, Lines, Object, Rollup, RollupOp},
    rules,
    storage::{Tx, fault},
};

/// The lines of one field as they will stand, and what has to be written for it.
pub(super) struct LineDraft {
    pub(super) field: FieldIx,
    lines: Lines,
    /// Every line that will stand, in order.
    standing: Vec<Values>,
    created: Vec<Values>,
    updated: Vec<(Uuid, Values, Vec<FieldIx>)>,
    deleted: Vec<Uuid>,
    pub(super) references: Vec<Reference>,
    pub(super) faults: Vec<Error>,
    /// For history: what of them differs. A new record's are not told one by one, since all of it is new.
    told: Vec<Json>,
}

/// What became of a line, as history keeps it:
/// `{"id": …, "lineNo": 2, "change": "UPDATED", "fields": {"quantity": ["1", "2"]}}`.
fn told(object: &Object, old: Option<&Values>, new: Option<&Values>) -> Json {
    let change = match (old, new) {
        (None, _) => "CREATED",
        (_, None) => "DELETED",
        _ => "UPDATED",
    };
    let line = new.or(old);
    let id = line.and_then(|line| line.get(&FieldIx(0))).map(events::json_of);
    let no = line.and_then(|line| line_no(object, line));
    let fields = events::differences(object, old, new);
    json!({ "id": id, "lineNo": no, "change": change, "fields": fields })
}

/// Applies a change to the lines there are.
#[expect(clippy::too_many_arguments, reason = "what a save knows of the lines of one field")]
pub(super) async fn draft(
    session: &Session,
    tx: &Tx,
    head: &Object,
    record: &Values,
    new_head: bool,
    field: FieldIx,
    change: &LineChange,
    memo: &Memo,
) -> Result<Option<LineDraft>> {
    let FieldType::Lines(lines) = head.field(field).ty else { return Ok(None) };
    let Some(head_id) = record.get(&FieldIx(0)).and_then(Value::as_id) else { return Ok(None) };
    let object = session.catalog.object(lines.target);
    let mut draft = LineDraft {
        field,
        lines,
        standing: Vec::new(),
        created: Vec::new(),
        updated: Vec::new(),
        deleted: change.delete.clone(),
        references: Vec::new(),
        faults: Vec::new(),
        told: Vec::new(),
    };
    if !new_head {
        draft.standing = store::load(tx, object, lines.via, &[head_id]).await?;
    }
    let path = |part: &str, at: usize| {
        vec![head.field(field).name.clone(), part.to_owned(), at.to_string()]
    };
    remove(&mut draft, object, change, &path);
    for (at, (id, patch)) in change.update.iter().enumerate() {
        let path = path("update", at);
        change_line(session, tx, object, &mut draft, *id, patch, path, memo).await?;
    }
    let mut next =
        draft.standing.iter().filter_map(|line| line_no(object, line)).max().unwrap_or(0);
    for (at, input) in change.create.iter().enumerate() {
        next += 1;
        let mut values = Values::default();
        values.insert(FieldIx(0), Value::Id(session.env.ids.next()));
        values.insert(lines.via, Value::Id(head_id));
        if let Some((ix, _)) = object.named("lineNo") {
            values.insert(ix, Value::Int(next));
        }
        employees::recorded(head, record, field, object, &mut values);
        let line =
            new_line(session, tx, object, values, input, path("create", at), &mut draft, memo)
                .await?;
        if !new_head {
            draft.told.push(told(object, None, Some(&line)));
        }
        draft.standing.push(line.clone());
        draft.created.push(line);
    }
    Ok(Some(draft))
}

fn line_no(object: &Object, line: &Values) -> Option<i64> {
    let (ix, _) = object.named("lineNo")?;
    match line.get(&ix) {
        Some(Value::Int(no)) => Some(*no),
        _ => None,
    }
}

fn has_id(line: &Values, id: Uuid) -> bool {
    line.get(&FieldIx(0)) == Some(&Value::Id(id))
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
    Error::new(
        Code::RecordNotFound,
        format!("this document has no such `{}`", object.name),
        format!("此单据没有该 `{}`", object.name),
    )
}

#[expect(clippy::too_many_arguments, reason = "what a save knows of one line")]
async fn change_line(
    session: &Session,
    tx: &Tx,
    object: &Object,
    draft: &mut LineDraft,
    id: Uuid,
    patch: &Input,
    path: Vec<String>,
    memo: &Memo,
) -> Result<()> {
    let Some(at) = draft.standing.iter().position(|line| has_id(line, id)) else {
        draft.faults.push(no_line(object).at(path));
        return Ok(());
    };
    let old = draft.standing[at].clone();
    let mut values = old.clone();
    let mut touched = apply(session, object, &mut values, patch);
    values.extend(nested::make(session, tx, object, patch, &path, &mut draft.faults, memo).await?);
    draft.faults.extend(prefixed(formulas::compute(session, object, &mut values), &path));
    touched.extend(object.formulas.iter().filter(|ix| old.get(ix) != values.get(ix)));
    let facts =
        references::facts(session, tx, object, &values, rules::needed_paths(object, None), memo)
            .await?;
    draft.faults.extend(prefixed(checked(session, object, &values, &facts, Some(&touched)), &path));
    draft.references.extend(under(references::of_values(object, &values, &touched), &path));
    let changed = events::changed(object, &old, &values);
    draft.standing[at] = values.clone();
    if !changed.is_empty() {
        draft.told.push(told(object, Some(&old), Some(&values)));
        draft.updated.push((id, values, changed));
    }
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "what a save knows of one line")]
async fn new_line(
    session: &Session,
    tx: &Tx,
    object: &Object,
    mut values: Values,
    input: &Input,
    path: Vec<String>,
    draft: &mut LineDraft,
    memo: &Memo,
) -> Result<Values> {
    let touched = apply(session, object, &mut values, input);
    values.extend(nested::make(session, tx, object, input, &path, &mut draft.faults, memo).await?);
    let facts = references::facts(
        session,
        tx,
        object,
        &values,
        rules::needed_paths(object, Some(&values)),
        memo,
    )
    .await?;
    let line = Draft::complete(session, object, &mut values, &facts);
    draft.faults.extend(prefixed(line, &path));
    draft.faults.extend(prefixed(formulas::compute(session, object, &mut values), &path));
    draft.faults.extend(prefixed(checked(session, object, &values, &facts, None), &path));
    draft.references.extend(under(references::of_values(object, &values, &touched), &path));
    Ok(values)
}

fn prefixed(faults: Vec<Error>, path: &[String]) -> Vec<Error> {
    faults
        .into_iter()
        .map(|fault| path.iter().rev().fold(fault, |fault, part| fault.within(part.clone())))
        .collect()
}

fn under(references: Vec<Reference>, path: &[String]) -> Vec<Reference> {
    references
        .into_iter()
        .map(|reference| Reference {
            path: path.iter().cloned().chain(reference.path).collect(),
            ..reference
        })
        .collect()
}

impl LineDraft {
    /// What a roll-up over these lines comes to.
    pub(super) fn rollup(&self, rollup: Rollup) -> Value {
        rolled(rollup, &self.standing)
    }

    /// What history is told, if anything: `{"created": 0, "updated": 1, "deleted": 0, "lines": […]}`.
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

/// What a roll-up over some lines comes to.
pub(super) fn rolled(rollup: Rollup, standing: &[Values]) -> Value {
    match rollup.op {
        RollupOp::Count => Value::Int(i64::try_from(standing.len()).unwrap_or(i64::MAX)),
        RollupOp::Sum(field) => {
            let total: Decimal = standing
                .iter()
                .filter_map(|line| line.get(&field).and_then(Value::as_decimal))
                .sum();
            match rollup.scale {
                Some(_) => Value::Decimal(total),
                None => Value::Int(i64::try_from(total).unwrap_or(i64::MAX)),
            }
        }
    }
}

/// Writes what differs in the lines of some records of one object; those of one field in one statement.
pub(super) async fn write(session: &Session, tx: &Tx, drafts: &[&LineDraft]) -> Result<()> {
    let mut fields: Vec<_> = drafts.iter().map(|draft| draft.field).collect();
    fields.dedup();
    for field in
        fields.iter().enumerate().filter(|(at, f)| !fields[..*at].contains(f)).map(|(_, f)| *f)
    {
        let drafts = || drafts.iter().filter(move |draft| draft.field == field);
        let Some(first) = drafts().next() else { continue };
        let object = session.catalog.object(first.lines.target);
        let deleted: Vec<_> = drafts().flat_map(|draft| draft.deleted.iter().copied()).collect();
        store::delete(tx, object, &deleted).await.map_err(fault)?;
        for (id, values, fields) in drafts().flat_map(|draft| &draft.updated) {
            store::update(tx, object, &[*id], values, fields).await?;
        }
        let created: Vec<_> = drafts().flat_map(|draft| &draft.created).collect();
        store::insert(tx, &session.catalog, object, &created).await?;
    }
    Ok(())
}
