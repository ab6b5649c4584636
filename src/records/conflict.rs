//! Finds in history what has changed since the expected version of a change, as far as the caller may see it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::{
    change::Input, change_visibility::changes_noticed, draft::StoredRecord, events::json_in,
    faults, names, session::Session,
};
use crate::{
    base::{Error, Message, Result, Sides, Value},
    catalog::{Field, FieldIx, Object},
    storage::Tx,
};

/// The expected version and the input of a change.
pub(super) struct Meant<'c> {
    pub(super) expected: Option<i64>,
    pub(super) input: Option<&'c Input>,
}

/// Most entries of history that are read.
const ENTRIES: u64 = 500;

/// Returns the faults of a change with a stale version: one for the version, and one per field that differs
/// now, with both values.
pub(super) async fn faults(
    session: &Session,
    tx: &Tx,
    object: &Object,
    record: &StoredRecord,
    meant: &Meant<'_>,
) -> Result<Vec<Error>> {
    let version = record.version;
    let Some(expected) = meant.expected.filter(|expected| *expected != version) else {
        return Ok(Vec::new());
    };
    // Before version 1 nothing could differ.
    let since = match expected {
        ..1 => Vec::new(),
        _ => since(tx, object, record.id, expected).await?,
    };
    if only_computed(object, &since, version.saturating_sub(expected)) {
        return Ok(Vec::new());
    }
    let fields = differing(session, tx, object, record.id, &since).await?;
    let names = fields.iter().map(|(_, field)| field.name.as_str());
    let titles: Vec<_> =
        fields.iter().map(|(_, field)| session.catalog.title(object, field)).collect();
    let about_version = match Message::joined(&titles, (", ", "、")) {
        _ if titles.is_empty() => faults::changed(version),
        all => faults::changed_in(version, all),
    };
    let mut faults = vec![about_version.at(["expectedVersion"]).about(names)];
    // For fields that the caller does not see on every record, neither value is shown.
    let open: Vec<_> = fields
        .iter()
        .filter(|(ix, _)| session.access.field_rule(object.ix, *ix).is_none())
        .copied()
        .collect();
    let mut sides = sides(session, tx, record, &open, meant.input).await?;
    faults.extend(titles.iter().zip(&fields).map(|(title, (ix, field))| {
        let fault = faults::field_changed(title).at([field.name.as_str()]);
        Error { sides: sides.remove(ix).map(Box::new), ..fault }
    }));
    Ok(faults)
}

/// Returns the present value and the caller's value of fields that the caller sees on every record. Lines and
/// members are omitted. A referenced record is named only if the caller may see it.
async fn sides(
    session: &Session,
    tx: &Tx,
    record: &StoredRecord,
    fields: &[(FieldIx, &Field)],
    input: Option<&Input>,
) -> Result<HashMap<FieldIx, Sides>> {
    let now = |ix: FieldIx| record.values.get(&ix).unwrap_or(&Value::Null);
    let mut named: HashMap<_, Vec<Uuid>> = HashMap::new();
    for (ix, field) in fields {
        if let (Some(relation), Some(id)) = (field.relation(), now(*ix).as_id()) {
            named.entry(relation.target).or_default().push(id);
        }
    }
    let known = match named.is_empty() {
        true => names::Known::new(),
        false => names::known(session, Some(tx), named).await?,
    };
    let stored = fields.iter().filter(|(_, field)| field.column.is_some());
    let each = stored.map(|(ix, field)| {
        let theirs = match (field.relation(), now(*ix).as_id()) {
            (Some(relation), Some(id)) if !known.contains_key(&(relation.target, id)) => Json::Null,
            _ => json_in(field, now(*ix)),
        };
        let given = input.into_iter().flat_map(|input| &input.values);
        let mine = given.rev().find(|(given, _)| given == ix);
        let named = now(*ix).as_id().filter(|_| theirs != Json::Null);
        let tells = std::iter::once(record.id).chain(named).collect();
        (*ix, Sides { mine: mine.map(|(_, value)| json_in(field, value)), theirs, tells })
    });
    Ok(each.collect())
}

/// Whether the entries are all there are of so many versions, and no field of them is one that anybody gives. So the
/// caller has seen all that people have changed: what is only computed, as a roll-up of all related records is by their
/// saves, is overwritten by nobody.
fn only_computed(object: &Object, since: &[Map<String, Json>], versions: i64) -> bool {
    let given = |name: &String| object.stored(name).is_none_or(|(_, field)| field.writable());
    i64::try_from(since.len()) == Ok(versions) && !since.iter().flat_map(Map::keys).any(given)
}

/// Returns the changes behind a version.
///
/// `SELECT changes FROM tw_history WHERE object = $1 AND record_id = $2 AND version > $3 ORDER BY version,
/// id`
async fn since(
    tx: &Tx,
    object: &Object,
    id: Uuid,
    expected: i64,
) -> Result<Vec<Map<String, Json>>> {
    let column = |name: &str| Expr::col(Alias::new(name));
    let select = Query::select()
        .column(Alias::new("changes"))
        .from(Alias::new("tw_history"))
        .and_where(column("object").eq(object.name.as_str()))
        .and_where(column("record_id").eq(id.to_string()))
        .and_where(column("version").gt(expected))
        .order_by(Alias::new("version"), Order::Asc)
        .order_by(Alias::new("id"), Order::Asc)
        .limit(ENTRIES)
        .to_owned();
    let rows = tx.select(&select).await?;
    let changes = rows.iter().map(|row| {
        let text: String = row.try_get_by_index(0).map_err(Error::internal)?;
        serde_json::from_str(&text).map_err(Error::internal)
    });
    changes.collect()
}

/// Returns the fields whose values differ between a version and now.
async fn differing<'o>(
    session: &Session,
    tx: &Tx,
    object: &'o Object,
    id: Uuid,
    since: &[Map<String, Json>],
) -> Result<Vec<(FieldIx, &'o Field)>> {
    // Per field: its first and its last value. For lines and members, whose entries list additions and
    // removals, the change of each entry.
    let mut spans: BTreeMap<&str, Vec<Json>> = BTreeMap::new();
    for changes in since {
        for (name, change) in changes {
            let span = spans.entry(name).or_default();
            match (span.last_mut().and_then(|span| span.get_mut(1)), change.get(1)) {
                (Some(last), Some(now)) => *last = now.clone(),
                _ => span.push(change.clone()),
            }
        }
    }
    let back = |change: &Json| change.is_array() && change.get(0) == change.get(1);
    let all = spans.iter().flat_map(|(name, span)| span.iter().map(move |one| (*name, one)));
    let changes: Vec<_> = all.filter(|(_, change)| !back(change)).collect();
    let each: Vec<_> = changes.iter().map(|change| (id, vec![*change])).collect();
    let seen = changes_noticed(session, Some(tx), object, &each).await?;
    let noticed = changes.iter().zip(seen).filter(|(_, seen)| *seen);
    let noticed: BTreeSet<_> = noticed.map(|((name, _), _)| *name).collect();
    let fields = object.each_field().filter(|(_, field)| noticed.contains(field.stored.as_str()));
    Ok(fields.collect())
}
