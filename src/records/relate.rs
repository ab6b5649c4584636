//! Employees whom rules relate to records: a function of what is stored, with the rule's code at each row.
//!
//! Whatever changes a record tells it here ([`note`]): the record itself, or others whose rules lead over it. Behind the
//! changes of a command ([`keep`]) one statement for all rules and records of an object tells who is to be related and who is,
//! and only the difference is written. Rows that people have entered, and those of other rules, stay.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use uuid::Uuid;

use super::{
    change::{Input, LineChange},
    draft::{StoredRecord, current},
    employees,
    events::LoggedChange,
    faults, relate_select,
    session::Session,
    store, system_rollups, write,
};
use crate::{
    access::RowRule,
    base::{Error, Result},
    catalog::{EMPLOYEES, FieldIx, FieldType, Object, ObjectIx, RelateRead},
    sql::decode,
    storage::{HistoryAction, Tx},
};

/// Most records that one change elsewhere gives other employees.
const MOST: usize = 500;

/// Notes the records to which rules may relate others now that these have changed.
pub(super) async fn note(
    session: &Session,
    tx: &Tx,
    object: &Object,
    action: HistoryAction,
    entries: &[LoggedChange],
) -> Result<()> {
    for read in &object.relate_reads {
        // Lines and members are told by their present names, values by those that they are stored by.
        let names = read.fields.iter().map(|ix| object.field(*ix));
        let names: Vec<_> = names.flat_map(|f| [f.stored.as_str(), f.name.as_str()]).collect();
        let touched =
            |entry: &&LoggedChange| names.iter().any(|name| entry.changes.contains_key(*name));
        let hit: Vec<_> = entries.iter().filter(touched).collect();
        if hit.is_empty() {
            continue;
        }
        let ids: Vec<_> = hit.iter().map(|entry| entry.id).collect();
        let gone = action == HistoryAction::Delete;
        let Some((last, prefix)) = read.way.split_last() else {
            if !gone {
                tx.relate(ids.into_iter().map(|id| (read.head, id)));
            }
            continue;
        };
        if !gone {
            note_heads(session, tx, read, &read.way, &ids).await?;
        }
        let catalog = &session.catalog;
        let head = catalog.object(read.head);
        let Some(before) = catalog.end(head, prefix).map(|end| catalog.object(end)) else {
            continue;
        };
        // A record that refers to another one now has left the list of the former.
        if let FieldType::Inverse(inverse) = before.field(*last).ty {
            let via = &object.field(inverse.via).stored;
            let former = hit.iter().filter_map(|entry| entry.changes.get(via)?.get(0));
            let former = former.filter_map(Json::as_str).filter_map(|id| id.parse().ok());
            note_heads(session, tx, read, prefix, &former.collect::<Vec<Uuid>>()).await?;
        }
    }
    Ok(())
}

/// The same before records are removed: what leads over them does so no longer afterwards.
pub(super) async fn note_before(
    session: &Session,
    tx: &Tx,
    object: &Object,
    ids: &[Uuid],
) -> Result<()> {
    for read in object.relate_reads.iter().filter(|read| !read.way.is_empty()) {
        note_heads(session, tx, read, &read.way, ids).await?;
    }
    Ok(())
}

/// Notes the records from which a way leads to some others.
async fn note_heads(
    session: &Session,
    tx: &Tx,
    read: &RelateRead,
    way: &[FieldIx],
    ends: &[Uuid],
) -> Result<()> {
    let head = session.catalog.object(read.head);
    let mut found = BTreeSet::new();
    if way.is_empty() {
        found.extend(ends.iter().copied());
    }
    for ends in ends.chunks(store::NAMED).filter(|_| !way.is_empty()) {
        let most = u64::try_from(MOST + 1).map_err(Error::internal)?;
        let catalog = (&*session.catalog, tx.dialect());
        let select = relate_select::heads(catalog, head, way, ends, most)?;
        for row in tx.select(&select).await? {
            found.extend(decode(tx.dialect(), &FieldType::Id, &row, 0)?.as_id());
        }
    }
    if found.len() > MOST {
        return Err(faults::too_many_related(MOST));
    }
    tx.relate(found.into_iter().map(|id| (read.head, id)));
    Ok(())
}

/// Computes what the changes of a transaction owe: roll-ups of all related records, and employees by rules.
pub(super) async fn keep(session: &Session, tx: &Tx) -> Result<()> {
    loop {
        system_rollups::keep(session, tx).await?;
        let mut owed: BTreeMap<ObjectIx, Vec<Uuid>> = BTreeMap::new();
        for (object, id) in tx.take_related() {
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

/// What differs at one record.
#[derive(Default)]
struct Difference {
    /// The rows there are, by rule and employee.
    there: BTreeMap<(String, Uuid), Vec<Uuid>>,
    wanted: BTreeSet<(String, Uuid)>,
}

impl Difference {
    /// The rows to add and to remove. One row is enough for each rule and employee.
    fn change(&self, line: &Object) -> Option<LineChange> {
        let new = self.wanted.iter().filter(|key| !self.there.contains_key(*key));
        let create: Vec<_> = new.map(|(rule, who)| employees::by_rule(line, *who, rule)).collect();
        let gone = self.there.iter().flat_map(|(key, rows)| {
            let keep = usize::from(self.wanted.contains(key));
            rows.iter().skip(keep).copied()
        });
        let delete: Vec<_> = gone.collect();
        let any = !create.is_empty() || !delete.is_empty();
        any.then(|| LineChange { create, delete, ..LineChange::default() })
    }
}

/// Relates the employees of some records anew. It is a change of the record like any other, by whoever has brought it about.
async fn bring_up(session: &Session, tx: &Tx, object: &Object, ids: &[Uuid]) -> Result<()> {
    let Some((field, known)) = object.named(EMPLOYEES) else { return Ok(()) };
    let FieldType::Lines(lines) = known.ty else { return Ok(()) };
    let line = session.catalog.object(lines.target);
    let catalog = (&*session.catalog, tx.dialect());
    let Some(select) = relate_select::related(catalog, object, ids)? else { return Ok(()) };
    let mut found: BTreeMap<Uuid, Difference> = BTreeMap::new();
    for row in tx.select(&select).await? {
        let id = |at| Ok::<_, Error>(decode(tx.dialect(), &FieldType::Id, &row, at)?.as_id());
        let rule: Option<String> = row.try_get_by_index(1).map_err(Error::internal)?;
        let (Some(record), Some(rule), Some(employee)) = (id(0)?, rule, id(2)?) else { continue };
        let of = found.entry(record).or_default();
        match id(3)? {
            Some(row) => of.there.entry((rule, employee)).or_default().push(row),
            None => drop(of.wanted.insert((rule, employee))),
        }
    }
    let patches: BTreeMap<Uuid, Input> = found
        .iter()
        .filter_map(|(id, difference)| {
            let change = difference.change(line)?;
            Some((*id, Input { lines: vec![(field, change)], ..Input::default() }))
        })
        .collect();
    if patches.is_empty() {
        return Ok(());
    }
    let server = session.elevated("employees by rules follow from the record");
    let ids: Vec<_> = patches.keys().copied().collect();
    let known = current(&server, tx, object, &ids, &RowRule::All).await?;
    let changed: Vec<(StoredRecord, &Input)> = known.into_iter().zip(patches.values()).collect();
    let written = write::update(&server, tx, object, changed, &mut Vec::new(), false).await?;
    match written {
        write::WriteOutcome::Done(_) => {
            // The rows of rules lead nowhere, so this owes these records nothing more.
            let others = tx.take_related().into_iter();
            tx.relate(others.filter(|(of, id)| *of != object.ix || !ids.contains(id)));
            Ok(())
        }
        write::WriteOutcome::Refused(faults) => {
            let first = faults.into_iter().flatten().next();
            Err(first.unwrap_or_else(|| Error::internal("employees by rules are refused")))
        }
    }
}
