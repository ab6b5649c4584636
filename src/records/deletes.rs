//! Deletes records with their lines. Their values stay in history and in the recycle bin.
//!
//! Optional references to them are cleared as updates of the referring records and not by the database. So
//! history shows the change and followers get an event.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Keyword, Order, Query};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{
    draft::StoredRecord,
    events::{self, LoggedChange},
    formulas, guesses, in_use, members,
    recycled::{self, Content},
    relate,
    session::Session,
    store::{self, Values},
    write,
};
use crate::{
    base::{Code, Error, Result, Value},
    catalog::{Field, FieldIx, FieldType, Junction, Object, ObjectKind, OnDelete},
    sql::decode,
    storage::{HistoryAction, Tx, Violation, fault, violation},
};

/// `DELETE FROM customer WHERE id = $1`. Lines are deleted with their records; references from elsewhere
/// refuse the deletion.
///
/// The whole records are first stored in the recycle bin.
pub(super) async fn delete(
    session: &Session,
    tx: &Tx,
    object: &Object,
    records: &[StoredRecord],
) -> Result<()> {
    let whole = |old: &StoredRecord| Content {
        values: recycled::whole(object, &old.values),
        ..Content::default()
    };
    let mut contents: Vec<_> = records.iter().map(whole).collect();
    let at = session.env.clock.now().timestamp_micros();
    let entry = |old: &StoredRecord| LoggedChange {
        at,
        id: old.id,
        version: old.version + 1,
        changes: events::differences(object, Some(&old.values), None),
    };
    let mut entries: Vec<_> = records.iter().map(entry).collect();
    owned(session, tx, object, &mut entries, &mut contents).await?;
    recycled::keep(session, tx, object, records, &contents).await?;
    let ids: Vec<_> = records.iter().map(|old| old.id).collect();
    relate::note_before(session, tx, object, &ids).await?;
    clear(session, tx, object, &ids).await?;
    part(session, tx, object, records, &ids).await?;
    store::delete(tx, object, &ids).await.map_err(|error| match violation(&error) {
        Some(Violation::Reference) => in_use::fault(),
        _ => fault(error),
    })?;
    events::record(session, tx, object, HistoryAction::Delete, entries).await
}

/// Removes references among records that are deleted together, with their lines and members. Then the order
/// in which the database deletes them does not matter.
///
/// `UPDATE department SET parent_id = NULL WHERE id IN (…)`, `DELETE FROM bundle_line WHERE bundle_id IN (…)`
async fn part(
    session: &Session,
    tx: &Tx,
    object: &Object,
    records: &[StoredRecord],
    ids: &[Uuid],
) -> Result<()> {
    let all: HashSet<_> = ids.iter().copied().collect();
    let own = |field: &Field| field.relation().is_some_and(|to| to.target == object.ix);
    for (ix, field) in object.each_field() {
        let Some(column) = field.column.as_deref().filter(|_| own(field)) else { continue };
        let names = |old: &&StoredRecord| {
            old.values.get(&ix).and_then(Value::as_id).is_some_and(|id| all.contains(&id))
        };
        let bound: Vec<_> = records.iter().filter(names).map(|old| old.id).collect();
        for ids in bound.chunks(store::NAMED) {
            let update = Query::update()
                .table(Alias::new(&object.table))
                .value(Alias::new(column), Expr::Keyword(Keyword::Null))
                .and_where(store::among(tx.dialect(), "id", ids)?)
                .to_owned();
            tx.update(&update).await.map_err(fault)?;
        }
    }
    for field in &object.fields {
        let (table, column) = match &field.ty {
            FieldType::ManyToMany(junction) if junction.target == object.ix => {
                (&junction.table, Junction::OWNER)
            }
            FieldType::Lines(lines) => {
                let line = session.catalog.object(lines.target);
                let via = line.field(lines.via).column.as_deref();
                let refers = line.each_field().any(|(ix, field)| ix != lines.via && own(field));
                match via.filter(|_| refers) {
                    Some(via) => (&line.table, via),
                    None => continue,
                }
            }
            _ => continue,
        };
        for ids in ids.chunks(store::NAMED) {
            let delete = Query::delete()
                .from_table(Alias::new(table))
                .and_where(store::among(tx.dialect(), column, ids)?)
                .to_owned();
            tx.delete(&delete).await.map_err(fault)?;
        }
    }
    Ok(())
}

/// Adds lines and members to the last history entries and the recycle bin contents of records.
async fn owned(
    session: &Session,
    tx: &Tx,
    object: &Object,
    entries: &mut [LoggedChange],
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
                    // The database removes them with their record.
                    store::counted(tx, line, &row);
                    told[*at].push(Json::Object(events::values(line, &row)));
                    let kept = contents[*at].lines.entry(field.stored.clone()).or_default();
                    kept.push(recycled::whole(line, &row));
                }
            }
            FieldType::ManyToMany(junction) => {
                for (head, member) in members::load(tx, junction, &ids).await? {
                    let Some(at) = places.get(&head) else { continue };
                    told[*at].push(json!(member));
                    contents[*at].members.entry(field.stored.clone()).or_default().push(member);
                }
            }
            _ => continue,
        }
        for (entry, held) in entries.iter_mut().zip(told).filter(|(_, held)| !held.is_empty()) {
            entry.changes.insert(field.stored.clone(), json!([held, null]));
        }
    }
    Ok(())
}

/// Returns the relations to an object that are cleared when a record of it is deleted, by referring object.
fn cleared<'s>(
    session: &'s Session,
    object: &'s Object,
) -> impl Iterator<Item = (&'s Object, Vec<FieldIx>)> {
    session.catalog.objects.iter().filter_map(|referring| {
        // History does not record creators and last authors. Lines have no history of their own.
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

/// Most referring records per round.
const EMPTIED: u64 = 1_000;

/// The condition that a record refers to one of these: `contact_id IN (…) OR second_contact_id IN (…)`.
fn refers(tx: &Tx, referring: &Object, fields: &[FieldIx], to: &[Uuid]) -> Result<Expr> {
    let columns = fields.iter().filter_map(|ix| referring.field(*ix).column.as_deref());
    let any = columns.map(|column| store::among(tx.dialect(), column, to));
    let any = any.reduce(|any, next| Ok(any?.or(next?)));
    any.ok_or_else(|| Error::internal("no relation"))?
}

/// Returns the entries of [`cleared`] that have records which refer to the deleted ones: `SELECT EXISTS
/// (SELECT 1 FROM opportunity WHERE contact_id IN (…)), EXISTS (…)`.
async fn referring<'s>(
    session: &'s Session,
    tx: &Tx,
    object: &'s Object,
    gone: &[Uuid],
) -> Result<Vec<(&'s Object, Vec<FieldIx>)>> {
    let candidates: Vec<_> = cleared(session, object).collect();
    if candidates.is_empty() {
        return Ok(Vec::new());
    }
    let mut select = Query::select();
    for (referring, fields) in &candidates {
        let rows = Query::select()
            .expr(Expr::Constant(1.into()))
            .from(Alias::new(&referring.table))
            .and_where(refers(tx, referring, fields, gone)?)
            .to_owned();
        select.expr(Expr::exists(rows));
    }
    let rows = tx.select(&select).await?;
    let row = rows.first().ok_or_else(|| Error::internal("no row of references"))?;
    let mut there = Vec::new();
    for (at, candidate) in candidates.into_iter().enumerate() {
        if row.try_get_by_index::<bool>(at).map_err(Error::internal)? {
            there.push(candidate);
        }
    }
    Ok(there)
}

/// Clears all references to records that are about to be deleted.
async fn clear(session: &Session, tx: &Tx, object: &Object, gone: &[Uuid]) -> Result<()> {
    let fields: usize = cleared(session, object).map(|(_, fields)| fields.len()).sum();
    // SQLite allows 32,766 bound values per statement.
    let most = (20_000 / fields.max(1)).clamp(1, store::NAMED);
    let now = session.env.clock.now();
    let all: HashSet<_> = gone.iter().copied().collect();
    for gone in gone.chunks(most) {
        for (referring, fields) in referring(session, tx, object, gone).await? {
            loop {
                let ids = next_referring(tx, object, referring, &fields, gone).await?;
                let found = store::load(tx, referring, FieldIx::ID, &ids).await?;
                // Records that are deleted themselves need no update.
                let stays = |values: &Values| {
                    let id = values.get(&FieldIx::ID).and_then(Value::as_id);
                    referring.ix != object.ix || id.is_some_and(|id| !all.contains(&id))
                };
                let found: Vec<_> = found.into_iter().filter(stays).collect();
                if found.is_empty() {
                    break;
                }
                empty(session, tx, referring, &fields, &all, now, found).await?;
            }
        }
    }
    Ok(())
}

/// `SELECT id FROM opportunity WHERE contact_id IN (…) ORDER BY id LIMIT 1000`. Of the deleted object itself,
/// only records that remain.
async fn next_referring(
    tx: &Tx,
    object: &Object,
    referring: &Object,
    fields: &[FieldIx],
    gone: &[Uuid],
) -> Result<Vec<Uuid>> {
    let mut select = Query::select();
    select
        .column(Alias::new("id"))
        .from(Alias::new(&referring.table))
        .and_where(refers(tx, referring, fields, gone)?)
        .order_by(Alias::new("id"), Order::Asc)
        .limit(EMPTIED);
    if referring.ix == object.ix {
        select.and_where(store::among(tx.dialect(), "id", gone)?.not());
    }
    let rows = tx.select(&select).await?;
    let ids = rows.iter().map(|row| decode(tx.dialect(), &FieldType::Id, row, 0));
    Ok(ids.collect::<Result<Vec<_>>>()?.iter().filter_map(Value::as_id).collect())
}

/// `UPDATE opportunity SET contact_id = NULL, version = version + 1, … WHERE id IN (…)`.
async fn empty(
    session: &Session,
    tx: &Tx,
    referring: &Object,
    fields: &[FieldIx],
    gone: &HashSet<Uuid>,
    now: DateTime<Utc>,
    found: Vec<Values>,
) -> Result<()> {
    let names_gone = |values: &Values, ix: &FieldIx| {
        values.get(ix).and_then(Value::as_id).is_some_and(|id| gone.contains(&id))
    };
    let (mut alike, mut entries) = (HashMap::<_, Vec<(Uuid, Values)>>::new(), Vec::new());
    for mut values in found {
        let Some(id) = values.get(&FieldIx::ID).and_then(Value::as_id) else { continue };
        let before = values.clone();
        let emptied: Vec<_> = fields.iter().copied().filter(|ix| names_gone(&before, ix)).collect();
        values.extend(emptied.iter().map(|ix| (*ix, Value::Null)));
        // Nobody could correct a formula here. If it cannot be computed, it has no value.
        formulas::settle(session, referring, &mut values);
        let version = write::touch(session, referring, now, &mut values);
        let changes = events::differences(referring, Some(&before), Some(&values));
        let at = events::changed_at(session, referring, &values);
        entries.push(LoggedChange { id, version, changes, at });
        let computed: Vec<_> = referring.formulas.iter().map(|ix| values.get(ix)).collect();
        let form = (emptied, format!("{computed:?}"));
        alike.entry(form).or_default().push((id, values));
    }
    for ((mut fields, _), records) in alike {
        fields.extend(&referring.formulas);
        fields.extend(referring.system.touched());
        let ids: Vec<_> = records.iter().map(|(id, _)| *id).collect();
        if let Some((_, values)) = records.first() {
            let updated = store::update(tx, referring, &ids, values, &fields).await;
            if updated.as_ref().is_err_and(|error| error.code == Code::RecordTaken)
                && guesses::keys_hidden(session, referring)
            {
                // The violated key includes hidden values.
                session.guess(referring, guesses::KEY)?;
                return Err(in_use::fault());
            }
            updated?;
        }
    }
    events::record(session, tx, referring, HistoryAction::Update, entries).await
}
