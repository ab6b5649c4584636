//! Roll-ups of all related records, kept up by the saves of these records.
//!
//! [`store`] notes the records that a written row refers to, before and after. Behind the changes of a command they are
//! locked, in one order for everyone, and their roll-ups computed of the rows there are. Whoever else has saved a
//! related record waits for the lock, and then computes with both.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use uuid::Uuid;

use super::{
    events::{self, LoggedChange},
    formulas,
    session::Session,
    store, write,
};
use crate::{
    base::{Result, Value},
    catalog::{FieldIx, FieldType, Object, ObjectIx},
    sql::{decode, rolled_up_of},
    storage::{HistoryAction, Tx},
};

/// Computes what the changes of a transaction owe. A roll-up that a formula reads may count for others in turn; this
/// ends, because no roll-up rests on itself.
pub(super) async fn keep(session: &Session, tx: &Tx) -> Result<()> {
    loop {
        let mut owed: BTreeMap<ObjectIx, Vec<Uuid>> = BTreeMap::new();
        for (object, id) in tx.take_owed() {
            owed.entry(object).or_default().push(id);
        }
        if owed.is_empty() {
            return Ok(());
        }
        for (object, ids) in owed {
            let object = session.catalog.object(object);
            for ids in ids.chunks(store::NAMED) {
                bring_up(session, tx, object, ids).await?;
            }
        }
    }
}

/// Computes the roll-ups of some records, and writes those that differ. It is a change of the record like any other,
/// by whoever has saved the related one.
async fn bring_up(session: &Session, tx: &Tx, object: &Object, ids: &[Uuid]) -> Result<()> {
    let fields: Vec<_> = object
        .each_field()
        .filter(|(_, field)| field.system_rollup().is_some())
        .map(|(ix, _)| ix)
        .collect();
    // First the lock, then what the rows come to: only a statement behind the lock sees what others have committed.
    let stored = store::load_beside(tx, object, ids).await?;
    let mut rolled = rolled_up(session, tx, object, &fields, ids).await?;
    let now = session.env.clock.now();
    let (mut entries, mut alike) = (Vec::new(), IndexMap::new());
    for before in stored {
        let Some(id) = before.get(&FieldIx::ID).and_then(Value::as_id) else { continue };
        let Some(computed) = rolled.remove(&id) else { continue };
        let mut values = before.clone();
        values.extend(fields.iter().copied().zip(computed));
        // Nobody could correct a formula here. If it cannot be computed, it has no value.
        formulas::settle(session, object, &mut values);
        let changes = events::differences(object, Some(&before), Some(&values));
        if changes.is_empty() {
            continue;
        }
        let version = write::touch(session, object, now, &mut values);
        let changed = events::changed(object, &before, &values);
        let at = events::changed_at(session, object, &values);
        entries.push(LoggedChange { id, version, changes, at });
        let told = changed.iter().filter(|ix| object.system.version != Some(**ix));
        let form = format!("{:?}", told.map(|ix| (ix, values.get(ix))).collect::<Vec<_>>());
        let (ids, ..) = alike.entry(form).or_insert_with(|| (Vec::new(), values, changed));
        ids.push(id);
    }
    for (ids, values, changed) in alike.values() {
        store::update(tx, object, ids, values, changed).await?;
    }
    events::record(session, tx, object, HistoryAction::Update, entries).await
}

/// What the related records of some records come to, in the order of the fields.
async fn rolled_up(
    session: &Session,
    tx: &Tx,
    object: &Object,
    fields: &[FieldIx],
    ids: &[Uuid],
) -> Result<BTreeMap<Uuid, Vec<Value>>> {
    let which = store::among(tx.dialect(), "id", ids)?;
    let select = rolled_up_of(tx.dialect(), &session.catalog, object, fields, which)?;
    let mut found = BTreeMap::new();
    for row in tx.select(&select).await? {
        let id = decode(tx.dialect(), &FieldType::Id, &row, 0)?.as_id();
        let values = fields
            .iter()
            .enumerate()
            .map(|(at, ix)| decode(tx.dialect(), &object.field(*ix).ty, &row, at + 1));
        let values = values.collect::<Result<Vec<_>>>()?;
        found.extend(id.map(|id| (id, values)));
    }
    Ok(found)
}
