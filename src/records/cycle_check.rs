//! Relations of an object to itself that form a tree: no record may be below itself.
//!
//! A new record has no children yet, so only updates can close a circle.

use std::collections::HashMap;

use sea_orm::sea_query::{Alias, Query};
use serde_json::json;
use uuid::Uuid;

use super::{
    faults, guesses,
    session::Session,
    store::{self, Values},
};
use crate::{
    base::{Error, Result, Value},
    catalog::{Catalog, FieldIx, FieldType, Object},
    sql::decode,
    storage::{
        Tx,
        audit::{self, AuditEvent, AuditKind},
        fault,
    },
};

/// Returns the tree relations of an object.
fn trees(object: &Object) -> impl Iterator<Item = FieldIx> {
    let fields = object.each_field().filter(|(_, field)| {
        field.relation().is_some_and(|relation| relation.tree && relation.target == object.ix)
    });
    fields.map(|(ix, _)| ix)
}

/// A record before and after its change.
pub(super) struct Moved<'m> {
    pub(super) id: Uuid,
    pub(super) old: &'m Values,
    pub(super) new: &'m Values,
}

impl Moved<'_> {
    fn of(&self, ix: FieldIx) -> (Option<Uuid>, Option<Uuid>) {
        let id = |values: &Values| values.get(&ix).and_then(Value::as_id);
        (id(self.old), id(self.new))
    }
}

/// Returns faults for records that are now below themselves. Other transactions that change the same tree
/// wait for this one.
pub(super) async fn circles(
    session: &Session,
    tx: &Tx,
    object: &Object,
    records: &[Moved<'_>],
) -> Result<Option<Vec<Vec<Error>>>> {
    let mut faults: Vec<Vec<Error>> = records.iter().map(|_| Vec::new()).collect();
    for ix in trees(object) {
        let moves =
            |record: &Moved<'_>| matches!(record.of(ix), (old, new) if old != new && new.is_some());
        if !records.iter().any(moves) {
            continue;
        }
        tx.alone(&format!("tree {} {}", object.name, object.field(ix).name)).await?;
        let ids = records.iter().filter(|record| moves(record)).map(|record| record.id);
        let above = above(tx, object, ix, ids.collect()).await?;
        for (record, faults) in records.iter().zip(&mut faults) {
            if moves(record) && below_itself(&above, record.id) {
                // Records on the circle may be hidden, so this counts as a guess.
                if !session.access.reads_all(object) {
                    session.guess(object, guesses::KEY)?;
                }
                faults.push(faults::below_itself().at([object.field(ix).name.as_str()]));
            }
        }
    }
    Ok(faults.iter().any(|faults| !faults.is_empty()).then_some(faults))
}

/// Loads records and all their ancestors with their parents: `SELECT id, parent_id FROM department WHERE id
/// IN (…)` per level.
async fn above(
    tx: &Tx,
    object: &Object,
    ix: FieldIx,
    mut ids: Vec<Uuid>,
) -> Result<HashMap<Uuid, Option<Uuid>>> {
    let column = object.field(ix).column.as_deref().unwrap_or("id");
    let mut above = HashMap::new();
    while !ids.is_empty() {
        let mut next = Vec::new();
        for ids in ids.chunks(store::NAMED) {
            let select = Query::select()
                .columns(["id", column].map(Alias::new))
                .from(Alias::new(&object.table))
                .and_where(store::among(tx.dialect(), "id", ids)?)
                .to_owned();
            for row in tx.select(&select).await? {
                let id = |at| Ok(decode(tx.dialect(), &FieldType::Id, &row, at)?.as_id());
                if let Some(own) = id(0)? {
                    let up = id(1)?;
                    above.insert(own, up);
                    next.extend(up);
                }
            }
        }
        next.sort_unstable();
        next.dedup();
        next.retain(|id| !above.contains_key(id));
        ids = next;
    }
    Ok(above)
}

fn below_itself(above: &HashMap<Uuid, Option<Uuid>>, id: Uuid) -> bool {
    let up = |id: &Uuid| above.get(id).copied().flatten();
    // Old data may contain circles.
    std::iter::successors(up(&id), up).take(above.len()).any(|at| at == id)
}

/// Whether the `parent` of an object decides which records are below a dimension value.
fn opens(catalog: &Catalog, object: &Object, ix: FieldIx) -> bool {
    object.field(ix).name == "parent"
        && catalog.objects.iter().any(|other| {
            other
                .dimensions
                .iter()
                .any(|dimension| catalog.end(other, &dimension.path) == Some(object.ix))
        })
}

/// Writes an audit entry for each record that moved within a tree on which rights depend.
pub(super) async fn tell(
    session: &Session,
    tx: &Tx,
    object: &Object,
    records: &[Moved<'_>],
) -> Result<()> {
    for ix in trees(object).filter(|ix| opens(&session.catalog, object, *ix)) {
        for record in records {
            let (from, to) = record.of(ix);
            if from == to {
                continue;
            }
            let event = AuditEvent {
                operator: session.access.operator(),
                object: Some(&object.name),
                record: Some(record.id),
                detail: json!({ "action": "move", "from": from, "to": to }),
                ..AuditEvent::default()
            };
            tx.insert(&audit::entry(&session.env, AuditKind::Rights, &event)?)
                .await
                .map_err(fault)?;
        }
    }
    Ok(())
}
