//! Lines and many-to-many members as of an instant, from the history of the records that own them.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{
    super::{faults, line_history::LineAction, members, recycled, store::Values},
    Entry, Since, current, packed, records_of,
};
use crate::{
    base::{Error, Result, Value},
    catalog::{Catalog, FieldIx, FieldType, Object},
    query::Stood,
    sql::listed,
    storage::HistoryAction,
};

/// Returns the changed lines as of the instant. None if nothing has changed.
pub(super) async fn lines(of: &Since<'_>, line: &Object) -> Result<Option<Stood>> {
    let Some(via) = line.parent else { return Ok(None) };
    let held = |ty: &FieldType| matches!(ty, FieldType::Lines(lines) if lines.target == line.ix);
    let fields = of.object.fields.iter().filter(|field| held(&field.ty));
    let names: Vec<_> = fields.map(|field| field.stored.as_str()).collect();
    let mut since = of.entries().await?;
    since.retain(|entry| touches(entry, &names));
    if since.is_empty() {
        return Ok(None);
    }
    let column = line.field(via).column.as_deref().unwrap_or("id");
    let mut rows = current(of.tx, line, column, &records_of(&since)).await?;
    for entry in &since {
        if matches!(entry.action, HistoryAction::Create | HistoryAction::Restore) {
            // Lines created together with their record.
            let own = |row: &&mut Values| row.get(&via) == Some(&Value::Id(entry.record));
            rows.values_mut().filter(own).for_each(Values::clear);
            continue;
        }
        for change in names.iter().filter_map(|name| entry.changes.get(*name)) {
            undo(&of.session.catalog, line, change, &mut rows)?;
        }
    }
    packed(of.tx.dialect(), line, rows).map(Some)
}

/// Whether an entry changes lines or members with these names.
fn touches(entry: &Entry, names: &[&str]) -> bool {
    entry.action != HistoryAction::Update
        || names.iter().any(|name| entry.changes.contains_key(*name))
}

/// Undoes one change of lines.
fn undo(
    catalog: &Catalog,
    line: &Object,
    change: &Json,
    rows: &mut HashMap<Uuid, Values>,
) -> Result<()> {
    // The lines were deleted with their record, so the entry has their whole values.
    if let Some(removed) = change.get(0).and_then(Json::as_array) {
        for row in removed.iter().filter_map(Json::as_object) {
            let values = recycled::values(catalog, line, row);
            let id = values.get(&FieldIx::ID).and_then(Value::as_id);
            rows.extend(id.map(|id| (id, values)));
        }
        return Ok(());
    }
    let counted = ["created", "updated", "deleted"];
    if counted.iter().all(|count| change.get(*count).and_then(Json::as_u64) == Some(0)) {
        return Ok(());
    }
    let told = change.get("lines").and_then(Json::as_array).ok_or_else(|| not_kept(line))?;
    // One save may change a line twice. The last change is undone first.
    for row in told.iter().rev() {
        let id = row["id"].as_str().and_then(|id| id.parse::<Uuid>().ok());
        let id = id.ok_or_else(|| Error::internal("history tells of a line without an id"))?;
        let values = rows.entry(id).or_default();
        if LineAction::Created.is_of(row) {
            values.clear();
            continue;
        }
        let fields = row["fields"].as_object().into_iter().flatten();
        let old: Map<_, _> =
            fields.map(|(name, change)| (name.clone(), change[0].clone())).collect();
        // What does not fit the present type is not known any more.
        let stored = old.keys().filter_map(|name| line.stored(name));
        let stored = stored.filter(|(_, field)| field.column.is_some());
        values.extend(stored.map(|(ix, _)| (ix, Value::Null)));
        values.extend(recycled::values(catalog, line, &old));
    }
    Ok(())
}

/// Returns the changed members of a field as of the instant. None if nothing has changed.
pub(super) async fn members(of: &Since<'_>, field: FieldIx) -> Result<Option<Stood>> {
    let field = of.object.field(field);
    let FieldType::ManyToMany(junction) = &field.ty else { return Ok(None) };
    let name = field.stored.as_str();
    let mut since = of.entries().await?;
    since.retain(|entry| touches(entry, &[name]));
    if since.is_empty() {
        return Ok(None);
    }
    let owners = records_of(&since);
    let mut held: HashMap<Uuid, BTreeSet<String>> =
        owners.iter().map(|owner| (*owner, BTreeSet::new())).collect();
    for (owner, member) in members::load(of.tx, junction, &owners).await? {
        held.entry(owner).or_default().insert(member.to_string());
    }
    for entry in &since {
        let members = held.entry(entry.record).or_default();
        let change = entry.changes.get(name).unwrap_or(&Json::Null);
        let ids = |list: &Json| {
            let ids = list.as_array().into_iter().flatten();
            ids.filter_map(|id| id.as_str().map(str::to_owned)).collect::<Vec<_>>()
        };
        match entry.action {
            HistoryAction::Create | HistoryAction::Restore => members.clear(),
            HistoryAction::Delete => *members = ids(&change[0]).into_iter().collect(),
            // An earlier program stored the request and not its effect.
            HistoryAction::Update if change.get("set").is_some() => {
                return Err(not_kept(of.object));
            }
            HistoryAction::Update => {
                for id in ids(&change["added"]) {
                    members.remove(&id);
                }
                members.extend(ids(&change["removed"]));
            }
        }
    }
    let pairs =
        held.iter().flat_map(|(owner, members)| members.iter().map(move |id| json!([owner, id])));
    let rows = Json::Array(pairs.collect()).to_string();
    Ok(Some(Stood {
        changed: listed(of.tx.dialect(), &owners.iter().map(Uuid::to_string).collect::<Vec<_>>())?,
        rows,
    }))
}

/// The error if the history of an earlier program lacks the details.
fn not_kept(object: &Object) -> Error {
    faults::past_not_kept(object.noun()).at(["asOf"])
}
