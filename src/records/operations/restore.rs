//! Restores a deleted record with its id, lines and members, under its present definition.

use async_trait::async_trait;
use uuid::Uuid;

use super::{Argument, ArgumentType, Command, Operation, ResultType, merges};
use crate::{
    access::{Action, RowRule},
    base::{Code, Error, Result, Value},
    catalog::{EMPLOYEES, FieldIx, FieldType, Object, ObjectIx},
    records::{
        MemberChange, Outcome, Session,
        authorize::{self, Standing},
        employees,
        events::{self, Entry},
        guesses, lines, members, privileges,
        recycled::{self, Kept},
        references::{self, Reference},
        save::is_users,
        stages::{Row, Save},
        store::{self, Values},
        taken::{self, RowKeys, SaveKeys},
    },
    storage::Tx,
};

pub(super) static RESTORE: Operation = Operation {
    verb: "restore",
    many: false,
    arguments: &[Argument { name: "id", ty: ArgumentType::Id }],
    result: ResultType::Record,
    about: (
        "Puts a removed record back with its id, lines and members: {object}. Administrators put back those that anyone removed.",
        "恢复已删除的{object}，连同标识、明细与成员。管理员可恢复任何人删除的记录。",
    ),
    open: |visible, object| visible.may(object, Action::Create),
    read: |object, mut given| Ok(Box::new(Restore { object: object.ix, id: given.id("id")? })),
};

/// Checks existence only, not the caller's rights.
static ANY: RowRule = RowRule::All;

/// A command to restore a deleted record.
#[derive(Debug)]
struct Restore {
    object: ObjectIx,
    id: Uuid,
}

#[async_trait]
impl Command for Restore {
    fn object(&self) -> ObjectIx {
        self.object
    }

    async fn run(&self, session: &Session, tx: &Tx) -> Result<Outcome> {
        restore(session, tx, session.catalog.object(self.object), self.id).await
    }
}

/// Restores a record. If the caller may not restore the record or could not see it, it does not exist for
/// them.
pub(super) async fn restore(
    session: &Session,
    tx: &Tx,
    object: &Object,
    id: Uuid,
) -> Result<Outcome> {
    if !session.access.may(object, Action::Create) {
        return Ok(Outcome::refused(vec![authorize::no_such(object)]));
    }
    let Some(kept) = recycled::find(session, tx, object, id).await? else {
        return Ok(Outcome::refused(vec![authorize::no_such(object)]));
    };
    if guesses::possible(session, object) {
        session.may_guess()?;
    }
    tx.mark().await?;
    let mut put = put_back(session, tx, object, id, &kept).await;
    if put.as_ref().is_err_and(|error| error.code == Code::RecordTaken) {
        tx.back().await?;
        tx.mark().await?;
        put = put_back(&session.carefully(), tx, object, id, &kept).await;
    }
    match put {
        Ok(faults) if faults.is_empty() => {
            tx.keep().await?;
            Ok(Outcome::done(vec![(id, false)]))
        }
        Ok(faults) => {
            tx.back().await?;
            Ok(Outcome::refused(faults))
        }
        Err(error) if is_users(error.code) => {
            if error.code == Code::RecordTaken && guesses::keys_hidden(session, object) {
                session.guess(object, guesses::KEY)?;
            }
            tx.back().await?;
            Ok(Outcome::refused(vec![error]))
        }
        Err(error) => Err(error),
    }
}

/// Writes the record's rows, adapted to the present definition. Returns the faults.
async fn put_back(
    session: &Session,
    tx: &Tx,
    object: &Object,
    id: Uuid,
    kept: &Kept,
) -> Result<Vec<Error>> {
    let save = Save::new(session, tx);
    let Kept { entry, version, content } = kept;
    let values = recycled::values(object, &content.values);
    let mut head = Row::new(object, values, Vec::new());
    privileges::check(session, &mut head);
    let touched = complete(&save, &mut head, true).await?;
    let (mut owned, mut keys) = (Vec::new(), SaveKeys::default());
    for (ix, field) in object.each_field() {
        let FieldType::Lines(of) = field.ty else { continue };
        let line = session.catalog.object(of.target);
        let kept = content.lines.get(&field.name).into_iter().flatten();
        let mut kept: Vec<_> = kept.map(|row| recycled::values(line, row)).collect();
        // Rows of employees are rights that others or the server gave. They are restored for employees who
        // still exist.
        let rights = object.responsible && field.name == EMPLOYEES;
        if rights {
            kept = of_those_there(&save, line, kept).await?;
        }
        let mut rows = Vec::new();
        for (at, mut values) in kept.into_iter().enumerate() {
            employees::recorded(object, &head.values, ix, line, &mut values);
            let path = vec![field.name.clone(), at.to_string()];
            let mut row = Row::new(line, values, path).below(of.via, &head.values);
            let touched = complete(&save, &mut row, !rights).await?;
            save.check_put_back(&mut row, &touched).await?;
            keys.rows.extend(RowKeys::of(&session.catalog, &row));
            let Row { values, mut faults, .. } = row;
            head.faults.append(&mut faults);
            rows.push(values);
        }
        owned.push((ix, line, rows));
    }
    for (ix, field) in object.each_field() {
        let FieldType::Rollup(rollup) = field.ty else { continue };
        if let Some((_, _, rows)) = owned.iter().find(|(of, ..)| *of == rollup.lines) {
            head.values.insert(ix, lines::rolled(rollup, rows));
        }
    }
    save.check_put_back(&mut head, &touched).await?;
    keys.rows.splice(0..0, RowKeys::of(&session.catalog, &head));
    let Row { mut values, mut faults, .. } = head;
    if references::alone(&mut faults) {
        return Ok(faults);
    }
    if session.careful || !faults.is_empty() {
        faults.extend(taken::faults(session, tx, &[keys]).await?.into_iter().flatten());
    }
    if !faults.is_empty() {
        return Ok(faults);
    }
    let version = version + 1;
    let by = session.access.operator().map_or(Value::Null, Value::Id);
    for (name, value) in [
        ("version", Value::Int(version)),
        ("updatedAt", Value::DateTime(session.env.clock.now())),
        ("updatedBy", by),
    ] {
        values.extend(object.named(name).map(|(ix, _)| (ix, value)));
    }
    store::insert(tx, &session.catalog, object, &[&values]).await?;
    let mut changes = events::differences(object, None, Some(&values));
    for (ix, line, rows) in &owned {
        store::insert(tx, &session.catalog, line, &rows.iter().collect::<Vec<_>>()).await?;
        if !rows.is_empty() {
            let counts = serde_json::json!({ "created": rows.len(), "updated": 0, "deleted": 0 });
            changes.insert(object.field(*ix).name.clone(), counts);
        }
    }
    for field in &object.fields {
        let (FieldType::ManyToMany(junction), Some(target)) = (&field.ty, field.target()) else {
            continue;
        };
        let Some(named) = content.members.get(&field.name) else { continue };
        let named: Vec<_> = named
            .iter()
            .map(|id| Reference { path: Vec::new(), target, id: *id, keyed: true })
            .collect();
        let asked: Vec<_> = named.iter().collect();
        let there = references::exist(session, tx, &asked, |_| &ANY).await?;
        let there = named.iter().zip(there).filter(|(_, there)| *there);
        let add = there.map(|(member, _)| member.id).collect();
        members::write(tx, junction, id, &MemberChange { add, ..MemberChange::default() }).await?;
    }
    recycled::forget(tx, entry).await?;
    merges::restored(tx, object, id).await?;
    let at = events::changed_at(session, object, &values);
    events::record(session, tx, object, "RESTORE", vec![Entry { id, version, changes, at }])
        .await?;
    let record = Standing { id, values: &values };
    authorize::allowed(session, tx, object, &[record], Action::Create).await?;
    Ok(Vec::new())
}

/// Returns the rows of employees who still exist.
async fn of_those_there(save: &Save<'_>, line: &Object, rows: Vec<Values>) -> Result<Vec<Values>> {
    let Some((ix, target)) = line.named("employee").and_then(|(ix, of)| Some((ix, of.target()?)))
    else {
        return Ok(rows);
    };
    let named = rows.iter().map(|row| row.get(&ix).and_then(Value::as_id));
    let named: Vec<_> = named
        .map(|id| Reference { path: Vec::new(), target, id: id.unwrap_or_default(), keyed: true })
        .collect();
    let asked: Vec<_> = named.iter().collect();
    let there = references::exist(save.session, save.tx, &asked, |_| &ANY).await?;
    Ok(rows.into_iter().zip(there).filter(|(_, there)| *there).map(|(row, _)| row).collect())
}

/// Adapts a stored row to its present definition and fills defaults of new fields. Returns the fields that
/// are empty or new.
///
/// An optional reference to a missing record is cleared. A required one must exist and, if `asked`, be
/// visible, as in a create; both failures look the same. A reference that equals the caller's own default is
/// allowed even if they cannot see it.
async fn complete(save: &Save<'_>, row: &mut Row<'_>, asked: bool) -> Result<Vec<FieldIx>> {
    let object = row.object;
    row.put_back = true;
    // Formulas are computed again.
    row.values.retain(|ix, _| object.field(*ix).formula.is_none());
    let before: Vec<_> = row.values.keys().copied().collect();
    let named = object.each_field().filter(|(ix, _)| Some(*ix) != object.parent);
    let named: Vec<_> = named
        .filter_map(|(ix, field)| {
            let target = field.relation()?.target;
            let id = row.values.get(&ix)?.as_id()?;
            // A reference to itself is valid.
            if row.values.get(&FieldIx(0))?.as_id() == Some(id) && target == object.ix {
                return None;
            }
            let path = vec![field.name.clone()];
            Some((ix, Reference { path, target, id, keyed: true }))
        })
        .collect();
    let all: Vec<_> = named.iter().map(|(_, reference)| reference).collect();
    let there = references::exist(save.session, save.tx, &all, |_| &ANY).await?;
    let seen = match asked {
        true => save.visible(&all).await?,
        false => there.clone(),
    };
    let mut missing = Vec::new();
    for ((ix, reference), (there, seen)) in named.iter().zip(there.into_iter().zip(seen)) {
        let field = object.field(*ix);
        let required = field.required && !field.system;
        if !required && !there {
            row.values.insert(*ix, Value::Null);
        } else if required && !seen {
            let own = save.default_of(row, *ix).await?;
            if !there || !matches!(own, Some(Ok(Value::Id(id))) if id == reference.id) {
                missing.push(row.placed(references::not_found(save.session, reference)));
            }
        }
    }
    row.blind = !missing.is_empty();
    row.faults.append(&mut missing);
    save.fill(row).await?;
    let touched = object.each_field().filter(|(ix, field)| {
        let empty = row.values.get(ix).is_none_or(Value::is_null);
        let given = field.column.is_some() && field.formula.is_none();
        given && (empty || !before.contains(ix))
    });
    Ok(touched.map(|(ix, _)| ix).collect())
}
