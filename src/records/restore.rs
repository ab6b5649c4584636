//! Putting a removed record back: under its id, with its lines and members, as its definition is now.

use uuid::Uuid;

use super::{
    bulk::Outcome,
    change::MemberChange,
    draft::{Draft, checked},
    employees,
    events::{self, Entry},
    formulas, lines, members,
    permitted::{self, Standing},
    recycled::{self, Kept},
    references::{self, Memo, Reference},
    save::is_users,
    session::Session,
    store::{self, Values},
};
use crate::{
    access::{Action, RowRule},
    base::{Code, Error, Result, Value},
    catalog::{FieldIx, FieldType, Object, ObjectIx},
    rules,
    storage::Tx,
};

/// Whatever is there, whoever may see it: the record named it before.
static ANY: RowRule = RowRule::All;

/// A wish to put a removed record back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restore {
    /// The object.
    pub object: ObjectIx,
    /// The record.
    pub id: Uuid,
}

/// Does it. One that the caller may not take back, or would not see, is none to him.
pub(super) async fn carry_out(session: &Session, tx: &Tx, wish: &Restore) -> Result<Outcome> {
    let object = session.catalog.object(wish.object);
    if !session.access.may(object, Action::Create) {
        return Ok(Outcome::refused(vec![permitted::no_such(object)]));
    }
    let Some(kept) = recycled::find(session, tx, object, wish.id).await? else {
        return Ok(Outcome::refused(vec![permitted::no_such(object)]));
    };
    tx.mark().await?;
    match put_back(session, tx, object, wish.id, kept).await {
        Ok(faults) if faults.is_empty() => {
            tx.keep().await?;
            Ok(Outcome { rows: vec![Some(wish.id)], ..Outcome::default() })
        }
        Ok(faults) => {
            tx.back().await?;
            Ok(Outcome::refused(faults))
        }
        Err(error) if is_users(error.code) => {
            tx.back().await?;
            Ok(Outcome::refused(vec![error]))
        }
        Err(error) => Err(error),
    }
}

/// The record's rows as they were, with what the definition asks for now; what stands against it.
async fn put_back(
    session: &Session,
    tx: &Tx,
    object: &Object,
    id: Uuid,
    kept: Kept,
) -> Result<Vec<Error>> {
    let memo = Memo::default();
    let mut faults = Vec::new();
    let Kept { entry, version, content } = kept;
    let mut values = recycled::values(object, &content.values);
    let touched = complete(session, tx, object, &mut values, &[], &memo, &mut faults).await?;
    let mut owned = Vec::new();
    for (ix, field) in object.each_field() {
        let FieldType::Lines(of) = field.ty else { continue };
        let line = session.catalog.object(of.target);
        let mut rows = Vec::new();
        for (at, row) in content.lines.get(&field.name).into_iter().flatten().enumerate() {
            let mut row = recycled::values(line, row);
            employees::recorded(object, &values, ix, line, &mut row);
            let path = [field.name.clone(), at.to_string()];
            complete(session, tx, line, &mut row, &path, &memo, &mut faults).await?;
            rows.push(row);
        }
        owned.push((ix, line, rows));
    }
    for (ix, field) in object.each_field() {
        let FieldType::Rollup(rollup) = field.ty else { continue };
        if let Some((_, _, rows)) = owned.iter().find(|(of, ..)| *of == rollup.lines) {
            values.insert(ix, lines::rolled(rollup, rows));
        }
    }
    faults.extend(formulas::compute(session, object, &mut values));
    let paths = rules::needed_paths(object, None);
    let facts = references::facts(session, tx, object, &values, paths, &memo).await?;
    faults.extend(checked(session, object, &values, &facts, Some(&touched)));
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
    recycled::forget(tx, &entry).await?;
    let at = events::changed_at(session, object, &values);
    events::record(session, tx, object, "RESTORE", vec![Entry { id, version, changes, at }])
        .await?;
    let record = Standing { id, values: &values };
    permitted::allowed(session, tx, object, &[record], Action::Create).await?;
    Ok(Vec::new())
}

/// Fits a kept row to its definition as it is now: defaults of fields that are new, and references to what is
/// gone emptied or, where one is required, told. Gives the fields without a value and those that are new.
async fn complete(
    session: &Session,
    tx: &Tx,
    object: &Object,
    values: &mut Values,
    path: &[String],
    memo: &Memo,
    faults: &mut Vec<Error>,
) -> Result<Vec<FieldIx>> {
    let placed = |error: Error| path.iter().rev().fold(error, Error::within);
    let paths = rules::needed_paths(object, Some(values));
    let facts = references::facts(session, tx, object, values, paths, memo).await?;
    let before: Vec<_> = values.keys().copied().collect();
    faults.extend(Draft::complete(session, object, values, &facts).into_iter().map(placed));
    let named = object.each_field().filter(|(ix, _)| Some(*ix) != object.parent);
    let named: Vec<_> = named
        .filter_map(|(ix, field)| {
            let target = field.relation()?.target;
            let id = values.get(&ix)?.as_id()?;
            let path = vec![field.name.clone()];
            Some((ix, Reference { path, target, id, keyed: true }))
        })
        .collect();
    let asked: Vec<_> = named.iter().map(|(_, reference)| reference).collect();
    let there = references::exist(session, tx, &asked, |_| &ANY).await?;
    for ((ix, reference), _) in named.iter().zip(there).filter(|(_, there)| !there) {
        let field = object.field(*ix);
        if !field.required || field.system {
            values.insert(*ix, Value::Null);
        } else if session.access.field_rule(object.ix, *ix).is_none() {
            faults.push(placed(references::not_found(session, reference)));
        } else {
            faults.push(Error::new(
                Code::RecordReference,
                "a record that this one referred to is gone",
                "此记录所引用的记录已不存在",
            ));
        }
    }
    if !path.is_empty() {
        faults.extend(formulas::compute(session, object, values).into_iter().map(placed));
    }
    let touched = object.each_field().filter(|(ix, field)| {
        let empty = values.get(ix).is_none_or(Value::is_null);
        field.column.is_some() && (empty || !before.contains(ix))
    });
    let touched: Vec<_> = touched.map(|(ix, _)| ix).collect();
    if !path.is_empty() {
        faults.extend(
            checked(session, object, values, &facts, Some(&touched)).into_iter().map(placed),
        );
    }
    Ok(touched)
}
