//! Removing records with their lines; what they held stays in history and in the recycle bin.
//!
//! What refers to them and may do without is emptied as an update of its own record, not by the database, so
//! that history tells it and those who follow the record hear of it.

use std::collections::HashMap;

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{
    draft::{self, Known},
    events::{self, Entry},
    members,
    recycled::{self, Content},
    session::Session,
    store::{self, Values},
};
use crate::{
    base::{Code, Error, Result, Value},
    catalog::{FieldIx, FieldType, Object, ObjectKind, OnDelete},
    storage::{Tx, Violation, fault, violation},
};

/// `DELETE FROM customer WHERE id = $1`; lines go with them, references from elsewhere refuse it.
///
/// Before, they are put whole into the recycle bin.
pub(super) async fn delete(
    session: &Session,
    tx: &Tx,
    object: &Object,
    records: &[Known],
) -> Result<()> {
    let whole = |old: &Known| Content {
        values: recycled::whole(object, &old.values),
        ..Content::default()
    };
    let mut contents: Vec<_> = records.iter().map(whole).collect();
    let at = session.env.clock.now().timestamp_micros();
    let entry = |old: &Known| Entry {
        at,
        id: old.id,
        version: old.version + 1,
        changes: events::differences(object, Some(&old.values), None),
    };
    let mut entries: Vec<_> = records.iter().map(entry).collect();
    owned(session, tx, object, &mut entries, &mut contents).await?;
    recycled::keep(session, tx, object, records, &contents).await?;
    let ids: Vec<_> = records.iter().map(|old| old.id).collect();
    clear(session, tx, object, &ids).await?;
    store::delete(tx, object, &ids).await.map_err(|error| match violation(&error) {
        Some(Violation::Reference) => Error::new(
            Code::RecordInUse,
            "other records still refer to this one",
            "仍有其他记录引用此记录",
        )
        .at(["id"])
        .hint("remove or change them first", "请先删除或修改这些记录"),
        _ => fault(error),
    })?;
    events::record(session, tx, object, "DELETE", entries).await
}

/// Puts the lines and members that go with records into their last history entries and what is kept of them.
async fn owned(
    session: &Session,
    tx: &Tx,
    object: &Object,
    entries: &mut [Entry],
    contents: &mut [Content],
) -> Result<()> {
    let ids: Vec<_> = entries.iter().map(|entry| entry.id).collect();
    let places: HashMap<_, _> = ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    for field in &object.fields {
        let mut told: Vec<Vec<Json>> = vec![Vec::new(); entries.len()];
        match &field.ty {
            FieldType::Lines(lines) => {
                let line = session.catalog.object(lines.target);
                for row in store::load(tx, line, lines.via, &ids).await? {
                    let head = row.get(&lines.via).and_then(Value::as_id);
                    let Some(at) = head.and_then(|head| places.get(&head)) else { continue };
                    told[*at].push(Json::Object(events::values(line, &row)));
                    let kept = contents[*at].lines.entry(field.name.clone()).or_default();
                    kept.push(recycled::whole(line, &row));
                }
            }
            FieldType::ManyToMany(junction) => {
                for (head, member) in members::load(tx, junction, &ids).await? {
                    let Some(at) = places.get(&head) else { continue };
                    told[*at].push(json!(member));
                    contents[*at].members.entry(field.name.clone()).or_default().push(member);
                }
            }
            _ => continue,
        }
        for (entry, held) in entries.iter_mut().zip(told).filter(|(_, held)| !held.is_empty()) {
            entry.changes.insert(field.name.clone(), json!([held, null]));
        }
    }
    Ok(())
}

/// The relations to an object that are emptied when a record of it goes, by the object that has them.
fn cleared<'s>(
    session: &'s Session,
    object: &'s Object,
) -> impl Iterator<Item = (&'s Object, Vec<FieldIx>)> {
    session.catalog.objects.iter().filter_map(|referring| {
        // Who made and last changed a record is not told by its history. Lines have none of their own.
        let fields = referring.each_field().filter(|(_, field)| {
            !field.system
                && field.relation().is_some_and(|relation| {
                    relation.target == object.ix && relation.on_delete == OnDelete::Clear
                })
        });
        let fields: Vec<_> = fields.map(|(ix, _)| ix).collect();
        (referring.kind != ObjectKind::Line && !fields.is_empty()).then_some((referring, fields))
    })
}

/// Those of [`cleared`] that have records which refer to some that are about to be removed:
/// `SELECT EXISTS (SELECT 1 FROM opportunity WHERE contact_id IN (…)), EXISTS (…)`.
async fn referring<'s>(
    session: &'s Session,
    tx: &Tx,
    object: &'s Object,
    gone: &[Uuid],
) -> Result<Vec<(&'s Object, Vec<FieldIx>)>> {
    let mut candidates: Vec<_> = cleared(session, object).map(|known| (known, false)).collect();
    if candidates.is_empty() {
        return Ok(Vec::new());
    }
    for gone in gone.chunks(store::NAMED) {
        let mut select = Query::select();
        for ((referring, fields), _) in &candidates {
            let columns = fields.iter().filter_map(|ix| referring.field(*ix).column.as_deref());
            let any = columns.map(|column| store::among(tx.dialect(), column, gone));
            let any = any.reduce(|any, next| Ok(any?.or(next?)));
            let any = any.ok_or_else(|| Error::internal("no relation"))??;
            let rows = Query::select()
                .expr(Expr::Constant(1.into()))
                .from(Alias::new(&referring.table))
                .and_where(any)
                .to_owned();
            select.expr(Expr::exists(rows));
        }
        let rows = tx.select(&select).await?;
        let row = rows.first().ok_or_else(|| Error::internal("no row of references"))?;
        for (at, (_, there)) in candidates.iter_mut().enumerate() {
            *there |= row.try_get_by_index::<bool>(at).map_err(Error::internal)?;
        }
    }
    Ok(candidates.into_iter().filter(|(_, there)| *there).map(|(known, _)| known).collect())
}

/// Empties what refers to records about to be removed:
/// `UPDATE opportunity SET contact_id = NULL, version = version + 1, … WHERE id IN (…)`.
async fn clear(session: &Session, tx: &Tx, object: &Object, gone: &[Uuid]) -> Result<()> {
    for (referring, fields) in referring(session, tx, object, gone).await? {
        let mut found: HashMap<Uuid, Values> = HashMap::new();
        for field in &fields {
            for values in store::load(tx, referring, *field, gone).await? {
                let id = values.get(&FieldIx(0)).and_then(Value::as_id);
                found.extend(id.map(|id| (id, values)));
            }
        }
        // What goes itself is not changed before.
        found.retain(|id, _| referring.ix != object.ix || !gone.contains(id));
        let is_gone = |value: Option<&Value>| {
            value.and_then(Value::as_id).is_some_and(|id| gone.contains(&id))
        };
        let (mut alike, mut entries) = (HashMap::<_, Vec<(Uuid, Values)>>::new(), Vec::new());
        for (id, mut values) in found {
            let before = values.clone();
            let emptied: Vec<_> =
                fields.iter().copied().filter(|ix| is_gone(values.get(ix))).collect();
            values.extend(emptied.iter().map(|ix| (*ix, Value::Null)));
            let version = draft::touch(session, referring, &mut values);
            let changes = events::differences(referring, Some(&before), Some(&values));
            let at = events::changed_at(session, referring, &values);
            entries.push(Entry { id, version, changes, at });
            alike.entry(emptied).or_default().push((id, values));
        }
        for (mut fields, records) in alike {
            fields.extend(draft::touched(referring));
            let ids: Vec<_> = records.iter().map(|(id, _)| *id).collect();
            if let Some((_, values)) = records.first() {
                store::update(tx, referring, &ids, values, &fields).await?;
            }
        }
        events::record(session, tx, referring, "UPDATE", entries).await?;
    }
    Ok(())
}
