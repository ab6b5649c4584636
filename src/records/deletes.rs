//! Removing records with their lines; what they held stays in history.

use serde_json::{Value as Json, json};

use super::{
    draft::Known,
    events::{self, Entry},
    members,
    session::Session,
    store,
};
use crate::{
    base::{Code, Error, Result, Value},
    catalog::{FieldType, Object},
    storage::{Tx, Violation, fault, violation},
};

/// `DELETE FROM customer WHERE id = $1`; lines go with them, references from elsewhere refuse it.
pub(super) async fn delete(
    session: &Session,
    tx: &Tx,
    object: &Object,
    records: &[Known],
) -> Result<()> {
    let mut entries: Vec<_> = records
        .iter()
        .map(|old| Entry {
            id: old.id,
            version: old.version + 1,
            changes: events::differences(object, Some(&old.values), None),
        })
        .collect();
    owned(session, tx, object, &mut entries).await?;
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

/// Puts the lines and members that go with records into their last history entries.
async fn owned(session: &Session, tx: &Tx, object: &Object, entries: &mut [Entry]) -> Result<()> {
    let ids: Vec<_> = entries.iter().map(|entry| entry.id).collect();
    let mut put = |at: usize, name: &str, held: Vec<Json>| {
        if !held.is_empty() {
            entries[at].changes.insert(name.to_owned(), json!([held, null]));
        }
    };
    for field in &object.fields {
        match &field.ty {
            FieldType::Lines(lines) => {
                let line = session.catalog.object(lines.target);
                let rows = store::load(tx, line, lines.via, &ids).await?;
                for (at, id) in ids.iter().enumerate() {
                    let own =
                        rows.iter().filter(|row| row.get(&lines.via) == Some(&Value::Id(*id)));
                    let held = own.map(|row| Json::Object(events::values(line, row))).collect();
                    put(at, &field.name, held);
                }
            }
            FieldType::ManyToMany(junction) => {
                let members = members::load(tx, junction, &ids).await?;
                for (at, id) in ids.iter().enumerate() {
                    let own = members.iter().filter(|(owner, _)| owner == id);
                    put(at, &field.name, own.map(|(_, member)| json!(member)).collect());
                }
            }
            _ => {}
        }
    }
    Ok(())
}
