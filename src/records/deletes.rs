//! Removing records with their lines; what they held stays in history and in the recycle bin.

use std::collections::HashMap;

use serde_json::{Value as Json, json};

use super::{
    draft::Known,
    events::{self, Entry},
    members,
    recycled::{self, Content},
    session::Session,
    store,
};
use crate::{
    base::{Code, Error, Result, Value},
    catalog::{FieldType, Object},
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
