//! The employees of a record follow its owner: the field the definition names, or whoever made it where there is none.

use chrono::Duration;
use uuid::Uuid;

use super::{
    change::{Input, LineChange},
    session::Session,
    store::{self, Values},
};
use crate::{
    base::{Code, Error, Result, Value},
    catalog::{EMPLOYEES, FieldIx, FieldType, Object, RECORDED},
    storage::Tx,
};

/// The source of the row that follows the owner.
pub(super) const OWNER: &str = "OWNER";
/// The source of a row that a person put there.
const MANUAL: &str = "MANUAL";
/// The source of the row of whoever entered a record for someone else.
const DELEGATION: &str = "DELEGATION";

/// The lines and members of an input with the line that the owner stands for: made with the record, changed
/// with the owner.
#[expect(clippy::too_many_arguments, reason = "what a save knows of one record, used here once")]
pub(super) async fn with_owner(
    session: &Session,
    tx: &Tx,
    object: &Object,
    faults: &mut Vec<Error>,
    id: Uuid,
    values: &Values,
    old: Option<&Values>,
    input: &Input,
) -> Result<Input> {
    let (lines, members) = (input.lines.clone(), input.members.clone());
    let mut input = Input { lines, members, ..Input::default() };
    let Some((field, known)) = object.named(EMPLOYEES).filter(|_| object.responsible) else {
        return Ok(input);
    };
    let FieldType::Lines(lines) = known.ty else { return Ok(input) };
    let line = session.catalog.object(lines.target);
    let owner = |values: &Values| owner(session, object, values);
    let (now, before) = (owner(values), old.and_then(&owner));
    let follows = object.owner.is_some();
    let changed = if old.is_some() { follows && now != before } else { now.is_some() };
    let asked = input.lines.iter().find(|(of, _)| *of == field).map(|(_, change)| change);
    let touches =
        asked.is_some_and(|change| !(change.update.is_empty() && change.delete.is_empty()));
    if !changed && !touches {
        return Ok(input);
    }
    let owned: Vec<Uuid> = match old {
        Some(_) => {
            let standing = store::load(tx, line, lines.via, &[id]).await?;
            standing.iter().filter(|row| is_owner(line, row)).filter_map(row_id).collect()
        }
        None => Vec::new(),
    };
    if let Some(change) = asked {
        kept(change, &owned, faults);
    }
    if changed {
        let position = input.lines.iter().position(|(of, _)| *of == field).unwrap_or_else(|| {
            input.lines.push((field, LineChange::default()));
            input.lines.len() - 1
        });
        let change = &mut input.lines[position].1;
        change.delete.extend(owned);
        change.create.extend(now.map(|employee| row(line, employee)));
    }
    Ok(input)
}

/// Puts into a line of the employees of a record when that was made.
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
    let made = object.named("createdAt").and_then(|(ix, _)| record.get(&ix));
    values.extend(line.named(RECORDED).zip(made).map(|((ix, _), made)| (ix, made.clone())));
}

/// Whose record it is: the employee in `owner`, or the caller where there is no such field.
pub(super) fn owner(session: &Session, object: &Object, values: &Values) -> Option<Uuid> {
    match object.owner {
        Some(owner) => values.get(&owner).and_then(Value::as_id),
        None => session.access.viewer(),
    }
}

fn row_id(row: &Values) -> Option<Uuid> {
    row.get(&FieldIx(0)).and_then(Value::as_id)
}

fn is_owner(line: &Object, row: &Values) -> bool {
    let source = line.named("source").and_then(|(ix, _)| row.get(&ix)?.as_text());
    source == Some(OWNER)
}

/// The owner's row is changed by changing the owner.
fn kept(change: &LineChange, owned: &[Uuid], faults: &mut Vec<Error>) {
    let updates = change.update.iter().map(|(id, _)| id).enumerate().map(|at| ("update", at));
    let deletes = change.delete.iter().enumerate().map(|at| ("delete", at));
    for (part, (at, id)) in updates.chain(deletes) {
        if owned.contains(id) {
            let fault = Error::new(
                Code::RecordReadOnly,
                "this employee is here as the record's owner",
                "该员工是此记录的业务员",
            )
            .hint("change the owner instead", "请修改业务员");
            faults.push(fault.at([EMPLOYEES.to_owned(), part.to_owned(), at.to_string()]));
        }
    }
}

/// How long whoever enters a record for someone else may go on changing it (c.10 A5).
const ENTRUSTED: Duration = Duration::days(30);

/// The change that lets whoever entered a record for someone else correct it for a time; none where he is no
/// employee or the object has none.
pub(super) fn entrusted(session: &Session, object: &Object) -> Option<Input> {
    let employee = session.access.viewer()?;
    let until = Value::DateTime(session.env.clock.now() + ENTRUSTED);
    let source = Value::Text(DELEGATION.to_owned());
    let said = [("isPrimary", Value::Bool(false)), ("source", source), ("until", until)];
    let line = among(session, object, employee, said)?;
    Some(Input { lines: vec![line], ..Input::default() })
}

/// A row for someone who is related and not responsible.
pub(super) fn related(
    session: &Session,
    object: &Object,
    employee: Uuid,
) -> Option<(FieldIx, LineChange)> {
    let no = || Value::Bool(false);
    let source = Value::Text(MANUAL.to_owned());
    among(
        session,
        object,
        employee,
        [("isResponsible", no()), ("isPrimary", no()), ("source", source)],
    )
}

/// A further row among the employees of a record, with what is said of it.
fn among<const N: usize>(
    session: &Session,
    object: &Object,
    employee: Uuid,
    said: [(&str, Value); N],
) -> Option<(FieldIx, LineChange)> {
    let (field, known) = object.named(EMPLOYEES)?;
    let FieldType::Lines(lines) = known.ty else { return None };
    let line = session.catalog.object(lines.target);
    let mut row = row(line, employee);
    for (name, value) in said {
        let (ix, _) = line.named(name)?;
        row.values.retain(|(known, _)| *known != ix);
        row.values.push((ix, value));
    }
    Some((field, LineChange { create: vec![row], ..LineChange::default() }))
}

fn row(line: &Object, employee: Uuid) -> Input {
    let mut input = Input::default();
    for (name, value) in [
        ("employee", Value::Id(employee)),
        ("isResponsible", Value::Bool(true)),
        ("isPrimary", Value::Bool(true)),
        ("source", Value::Text(OWNER.to_owned())),
    ] {
        input.values.extend(line.named(name).map(|(ix, _)| (ix, value)));
    }
    input
}
