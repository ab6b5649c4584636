//! Keeps a record's related employees in step with its owner: the field that the definition names, or the
//! creator if there is none.

use chrono::Duration;
use uuid::Uuid;

use super::{
    authorize,
    change::{Input, LineChange},
    faults,
    session::Session,
    stages::{RowDraft, Save},
    store::{self, Values},
};
use crate::{
    access::Action,
    base::{Error, Result, Value},
    catalog::{EMPLOYEES, FieldIx, FieldType, Object, RECORDED, StaffFields},
};

/// Source of the owner's row.
pub(super) const OWNER: &str = "OWNER";
/// Source of a row that a person added.
const MANUAL: &str = "MANUAL";
/// Source of the row of someone who entered a record for somebody else.
const DELEGATION: &str = "DELEGATION";
/// Source of a row that a rule added.
pub(super) const RULE: &str = "RULE";

/// Source of the row of someone who decides on an approval that waits.
pub(super) const APPROVAL: &str = "APPROVAL";

/// Returns the lines and members of an input with the owner's row, which is created with the record and
/// follows the owner.
///
/// These rows grant rights, so nobody may add, widen or prolong their own.
pub(super) async fn with_owner(
    save: &Save<'_>,
    head: &mut RowDraft<'_>,
    id: Uuid,
    input: &Input,
) -> Result<Input> {
    let (session, object) = (save.session, head.object);
    let (lines, members) = (input.lines.clone(), input.members.clone());
    let mut input = Input { lines, members, ..Input::default() };
    let Some((field, known)) = object.named(EMPLOYEES).filter(|_| object.responsible) else {
        return Ok(input);
    };
    let FieldType::Lines(lines) = known.ty else { return Ok(input) };
    let line = session.catalog.object(lines.target);
    let owner = |values: &Values| owner(session, object, values);
    let (now, before) = (owner(&head.values), head.old.and_then(&owner));
    let follows = object.owner.is_some();
    let changed = if head.old.is_some() { follows && now != before } else { now.is_some() };
    let asked = input.lines.iter().find(|(of, _)| *of == field).map(|(_, change)| change);
    let touches =
        asked.is_some_and(|change| !(change.update.is_empty() && change.delete.is_empty()));
    if !changed && asked.is_none() {
        return Ok(input);
    }
    let standing = match head.old {
        Some(_) if changed || touches => store::load(save.tx, line, lines.via, &[id]).await?,
        _ => Vec::new(),
    };
    if let Some(change) = asked {
        kept(session, line, change, &standing, &mut head.faults);
        not_for_oneself(session, line, change, &standing, &mut head.faults);
    }
    if changed && in_ones_place(save, head, id, now).await? {
        let name = object.owner.map(|ix| object.field(ix).name.clone());
        head.faults.push(faults::owned_in_place_of_another().at(name));
    }
    if changed {
        let owned = standing.iter().filter(|row| source(line, row) == Some(OWNER));
        let position = input.lines.iter().position(|(of, _)| *of == field).unwrap_or_else(|| {
            input.lines.push((field, LineChange::default()));
            input.lines.len() - 1
        });
        let change = &mut input.lines[position].1;
        change.delete.extend(owned.filter_map(row_id));
        change.create.extend(now.map(|employee| row(line, employee)));
    }
    Ok(input)
}

/// Whether the caller would become the owner of a record that they may edit only by standing in for someone.
async fn in_ones_place(
    save: &Save<'_>,
    head: &RowDraft<'_>,
    id: Uuid,
    now: Option<Uuid>,
) -> Result<bool> {
    let access = &save.session.access;
    let Some(old) = head.old.filter(|_| now.is_some() && now == access.viewer()) else {
        return Ok(false);
    };
    if access.stands_for().is_empty() {
        return Ok(false);
    }
    let rule = access.row_rule(head.object, Action::Edit).without(access.stands_for());
    let open = match authorize::by_values(&rule, old) {
        Some(open) => open,
        None => authorize::meets_now(save.session, save.tx, head.object, id, &rule).await?,
    };
    Ok(!open)
}

/// Copies the creation time of a record into a line of its employees.
pub(super) fn recorded(
    object: &Object,
    record: &Values,
    field: FieldIx,
    line: &Object,
    values: &mut Values,
) {
    if !object.responsible || object.field(field).name != EMPLOYEES {
        return;
    }
    let made = object.system.created_at.and_then(|ix| record.get(&ix));
    values.extend(line.named(RECORDED).zip(made).map(|((ix, _), made)| (ix, made.clone())));
}

/// Returns the record's owner: the employee in the owner field, or the caller if there is no such field.
pub(super) fn owner(session: &Session, object: &Object, values: &Values) -> Option<Uuid> {
    match object.owner {
        Some(owner) => values.get(&owner).and_then(Value::as_id),
        None => session.access.viewer(),
    }
}

fn row_id(row: &Values) -> Option<Uuid> {
    row.get(&FieldIx::ID).and_then(Value::as_id)
}

fn source<'r>(line: &Object, row: &'r Values) -> Option<&'r str> {
    line.staff.source.and_then(|ix| row.get(&ix)?.as_text())
}

fn of(row: &Values, field: Option<FieldIx>) -> Option<&Value> {
    field.and_then(|ix| row.get(&ix)).filter(|value| !value.is_null())
}

fn employee(line: &Object, row: &Values) -> Option<Uuid> {
    of(row, line.staff.employee).and_then(Value::as_id)
}

fn row_of(standing: &[Values], id: Uuid) -> Option<&Values> {
    standing.iter().find(|row| row_id(row) == Some(id))
}

fn at(fault: Error, part: &str, place: usize) -> Error {
    fault.at([EMPLOYEES.to_owned(), part.to_owned(), place.to_string()])
}

/// Refuses changes of rows that the server maintains. The owner's row changes with the owner. The row of
/// someone who entered the record may be deleted.
fn kept(
    session: &Session,
    line: &Object,
    change: &LineChange,
    standing: &[Values],
    faults: &mut Vec<Error>,
) {
    let updates = change.update.iter().map(|(id, _)| ("update", id)).enumerate();
    let deletes = change.delete.iter().map(|id| ("delete", id)).enumerate();
    for (place, (part, id)) in updates.chain(deletes) {
        let source = row_of(standing, *id).and_then(|row| source(line, row));
        let fault = match (source, part) {
            (Some(OWNER), _) => faults::owner_line(),
            (Some(DELEGATION), "update") | (Some(RULE | APPROVAL), _) => faults::kept_line(),
            _ => continue,
        };
        if source == Some(OWNER) || !session.access.may_everything() {
            faults.push(at(fault, part, place));
        }
    }
}

/// Refuses rows with which callers give rights to themselves or to those they stand in for.
fn not_for_oneself(
    session: &Session,
    line: &Object,
    change: &LineChange,
    standing: &[Values],
    faults: &mut Vec<Error>,
) {
    let access = &session.access;
    if access.may_everything() {
        return;
    }
    let oneself = |who: Option<Uuid>| {
        who.is_some_and(|who| access.viewer() == Some(who) || access.stands_for().contains(&who))
    };
    let staff = line.staff;
    let given = |input: &Input, field: Option<FieldIx>| {
        let ix = field?;
        input.values.iter().rev().find(|(of, _)| *of == ix).map(|(_, value)| value.clone())
    };
    for (place, input) in change.create.iter().enumerate() {
        let who = given(input, staff.employee).and_then(|value| value.as_id());
        // Callers cannot set the source, so a row with one was made by the server.
        if oneself(who) && given(input, staff.source).is_none() {
            faults.push(at(faults::own_rights(), "create", place));
        }
    }
    for (place, (id, patch)) in change.update.iter().enumerate() {
        let Some(row) = row_of(standing, *id) else { continue };
        let before = employee(line, row);
        let after = given(patch, staff.employee).map_or(before, |value| value.as_id());
        if !oneself(after) {
            continue;
        }
        let yes = Some(&Value::Bool(true));
        let widened =
            given(patch, staff.responsible).as_ref() == yes && of(row, staff.responsible) != yes;
        let prolonged =
            given(patch, staff.until).is_some_and(|until| match (of(row, staff.until), &until) {
                (None, _) => false,
                (Some(Value::DateTime(before)), Value::DateTime(after)) => after > before,
                _ => true,
            });
        if before != after || widened || prolonged {
            faults.push(at(faults::own_rights(), "update", place));
        }
    }
}

/// How long someone who enters a record for somebody else may edit it.
const ENTRUSTED: Duration = Duration::days(30);

/// Returns the change that lets the creator of a record for somebody else edit it for a time. None if they
/// are no employee or the object has no related employees.
pub(super) fn entrusted(session: &Session, object: &Object) -> Option<Input> {
    let employee = session.access.viewer()?;
    let until = Value::DateTime(session.env.clock.now() + ENTRUSTED);
    let source = Value::Text(DELEGATION.to_owned());
    let line = among(session, object, employee, |staff| {
        [(staff.primary, Value::Bool(false)), (staff.source, source), (staff.until, until)]
    })?;
    Some(Input { lines: vec![line], ..Input::default() })
}

/// Returns a row for an employee who is related and not responsible.
pub(super) fn related(
    session: &Session,
    object: &Object,
    employee: Uuid,
) -> Option<(FieldIx, LineChange)> {
    let no = || Value::Bool(false);
    let source = Value::Text(MANUAL.to_owned());
    among(session, object, employee, |staff| {
        [(staff.responsible, no()), (staff.primary, no()), (staff.source, source)]
    })
}

/// Returns a row for an employee whom a rule relates.
pub(super) fn by_rule(line: &Object, employee: Uuid, rule: &str) -> Input {
    from(line, employee, (RULE, rule))
}

/// Returns a row for an employee who decides on an approval with this code.
pub(super) fn by_approval(line: &Object, employee: Uuid, code: &str) -> Input {
    from(line, employee, (APPROVAL, code))
}

fn from(line: &Object, employee: Uuid, (source, code): (&str, &str)) -> Input {
    let mut row = row(line, employee);
    for (field, value) in [
        (line.staff.responsible, Value::Bool(false)),
        (line.staff.primary, Value::Bool(false)),
        (line.staff.source, Value::Text(source.to_owned())),
        (line.staff.rule, Value::Text(code.to_owned())),
    ] {
        let Some(ix) = field else { continue };
        row.values.retain(|(known, _)| *known != ix);
        row.values.push((ix, value));
    }
    row
}

/// Returns a row to add to the related employees of a record, with these values.
fn among<const N: usize>(
    session: &Session,
    object: &Object,
    employee: Uuid,
    said: impl FnOnce(StaffFields) -> [(Option<FieldIx>, Value); N],
) -> Option<(FieldIx, LineChange)> {
    let (field, known) = object.named(EMPLOYEES)?;
    let FieldType::Lines(lines) = known.ty else { return None };
    let line = session.catalog.object(lines.target);
    let mut row = row(line, employee);
    for (field, value) in said(line.staff) {
        let ix = field?;
        row.values.retain(|(known, _)| *known != ix);
        row.values.push((ix, value));
    }
    Some((field, LineChange { create: vec![row], ..LineChange::default() }))
}

fn row(line: &Object, employee: Uuid) -> Input {
    let mut input = Input::default();
    for (field, value) in [
        (line.staff.employee, Value::Id(employee)),
        (line.staff.responsible, Value::Bool(true)),
        (line.staff.primary, Value::Bool(true)),
        (line.staff.source, Value::Text(OWNER.to_owned())),
    ] {
        input.values.extend(field.map(|ix| (ix, value)));
    }
    input
}
