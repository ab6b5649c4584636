//! Checks the ticked values of a dimension, on a role or a person, and tells what they are called.
//!
//! A record is given by its id or a unique key, such as a department's code; a picklist value by its name.
//! Ids and names are stored, so that a later change of a code removes nothing.

use std::collections::HashMap;

use uuid::Uuid;

use super::faults;
use crate::{
    access::{Action, Role, Visible},
    base::{Code, Error, Message, Result, Value},
    catalog::{Catalog, FieldIx, Object, ObjectIx, Operators, Picklist},
    query::{Compare, Filter, Find, FoundRows, Item, Part, Selection, What},
    records::{self, HitParts, Session, hits_find},
};

/// Most records whose titles one statement reads.
const AT_ONCE: usize = 500;

/// The type at the end of a dimension's path.
enum End<'c> {
    Records(&'c Object),
    Values(&'c Picklist),
}

fn ends<'c>(catalog: &'c Catalog, dimension: &str) -> Vec<End<'c>> {
    let mut found: Vec<End<'c>> = Vec::new();
    let mut seen: Vec<ObjectIx> = Vec::new();
    for object in &catalog.objects {
        for known in object.dimensions.iter().filter(|known| known.name == dimension) {
            // A dimension that is a direct parent uses the right on that parent and has no values to tick.
            let last = known.path.last().filter(|_| known.path.len() == 1);
            if last.and_then(|ix| object.field(*ix).relation()).is_some_and(|to| to.parent) {
                continue;
            }
            if let Some(target) = catalog.end(object, &known.path) {
                if !seen.contains(&target) {
                    seen.push(target);
                    found.push(End::Records(catalog.object(target)));
                }
            } else if let Some(list) = list(catalog, object, &known.path) {
                found.push(End::Values(list));
            }
        }
    }
    found
}

/// Returns the picklist of a path's last field.
fn list<'c>(catalog: &'c Catalog, object: &Object, path: &[FieldIx]) -> Option<&'c Picklist> {
    let (last, before) = path.split_last()?;
    let at = catalog.end(object, before)?;
    catalog.object(at).field(*last).ty.picklist().map(|ix| catalog.picklist(ix))
}

/// Returns the values as ids or names. Refuses a value that matches nothing the caller can see. The dimension is that of
/// `catalog`, which need not be live yet.
pub(super) async fn ticked(
    session: &Session,
    catalog: &Catalog,
    dimension: &str,
    given: &[String],
) -> Result<Vec<String>> {
    let ends = ends(catalog, dimension);
    let mut kept: Vec<String> = Vec::with_capacity(given.len());
    for (at, text) in given.iter().enumerate() {
        let Some(found) = one(session, &ends, text.trim()).await? else {
            return Err(unknown(&ends, text).at(["values".to_owned(), at.to_string()]));
        };
        if !kept.contains(&found) {
            kept.push(found);
        }
    }
    Ok(kept)
}

/// What values of dimensions are called, by dimension and value: the titles of records that the caller sees, and the labels
/// of picklist values. What is gone or hidden from the caller is not among them.
pub async fn titles(
    session: &Session,
    values: &[(String, Vec<String>)],
) -> Result<HashMap<(String, String), Message>> {
    let mut titles = HashMap::new();
    let mut ids: HashMap<ObjectIx, Vec<(Uuid, &str)>> = HashMap::new();
    for (dimension, values) in values {
        for end in ends(&session.catalog, dimension) {
            match end {
                End::Values(list) => {
                    let known = |value: &&String| list.values.iter().any(|one| one.name == **value);
                    for value in values.iter().filter(known) {
                        titles.insert((dimension.clone(), value.clone()), list.title(value));
                    }
                }
                End::Records(object) => {
                    let wanted = values.iter().filter_map(|value| value.parse().ok());
                    let of = ids.entry(object.ix).or_default();
                    of.extend(wanted.map(|id: Uuid| (id, dimension.as_str())));
                }
            }
        }
    }
    let visible = Visible { catalog: &session.catalog, access: &session.access };
    for (object, wanted) in ids {
        let object = session.catalog.object(object);
        if !session.access.may(object, Action::Read) {
            continue;
        }
        let mut all: Vec<_> = wanted.iter().map(|(id, _)| *id).collect();
        all.sort_unstable();
        all.dedup();
        for some in all.chunks(AT_ONCE) {
            let values = some.iter().map(|id| Value::Id(*id)).collect();
            let filter = Filter::Field(FieldIx::ID, Compare::In(values));
            let size = u32::try_from(some.len()).map_err(Error::internal)?;
            let find = hits_find(visible, object, Some(filter), size, HitParts::default());
            for hit in records::hits(session, find, &[]).await?.hits {
                let Some(title) = hit.title else { continue };
                for (_, dimension) in wanted.iter().filter(|(id, _)| *id == hit.id) {
                    let key = ((*dimension).to_owned(), hit.id.to_string());
                    titles.insert(key, Message::same(title.clone()));
                }
            }
        }
    }
    Ok(titles)
}

/// Replaces a role's ticked values by ids or names.
pub(super) async fn of_role(session: &Session, catalog: &Catalog, role: &mut Role) -> Result<()> {
    let mut all = std::mem::take(&mut role.ticked);
    for (dimension, values) in &mut all {
        let within = |mut error: Error| {
            // The role's list is called `ticked`, not `values`.
            error.path.splice(..1, ["ticked".to_owned(), dimension.clone()]);
            error
        };
        *values = ticked(session, catalog, dimension, values).await.map_err(within)?;
    }
    role.ticked = all;
    Ok(())
}

async fn one(session: &Session, ends: &[End<'_>], text: &str) -> Result<Option<String>> {
    for end in ends {
        match end {
            End::Values(list) => {
                if list.values.iter().any(|value| value.name == text) {
                    return Ok(Some(text.to_owned()));
                }
            }
            End::Records(object) => {
                if let Some(id) = record(session, object, text).await? {
                    return Ok(Some(id.to_string()));
                }
            }
        }
    }
    Ok(None)
}

/// The ids among a role's ticked values with the keys of their records, for those that have one.
pub(super) async fn keys_of(session: &Session, role: &Role) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for (dimension, values) in &role.ticked {
        let ends = ends(&session.catalog, dimension);
        for text in values {
            let Ok(id) = text.parse() else { continue };
            for end in &ends {
                let End::Records(object) = end else { continue };
                let Some(ix) = text_keys(object).next() else { continue };
                let row = one_record(session, object, (FieldIx::ID, Value::Id(id)), ix).await?;
                let key = row.rows.first().and_then(|row| row.text("key").map(str::to_owned));
                found.extend(key.map(|key| (text.clone(), key)));
            }
        }
    }
    Ok(found)
}

/// Finds a record by its id, or by a unique key of one text field. One of an object that is not live yet has none.
async fn record(session: &Session, object: &Object, text: &str) -> Result<Option<Uuid>> {
    let Some(object) = session.catalog.named(&object.name) else { return Ok(None) };
    let keys: Vec<(FieldIx, Value)> = match text.parse() {
        Ok(id) => vec![(FieldIx::ID, Value::Id(id))],
        Err(_) => text_keys(object).map(|ix| (ix, Value::Text(text.to_owned()))).collect(),
    };
    for key in keys {
        let found = one_record(session, object, key, FieldIx::ID).await?;
        if let Some(id) = found.rows.first().and_then(|row| row.id("key")) {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

/// Finds a record by a key, with the value of one field as `key`.
async fn one_record(
    session: &Session,
    object: &Object,
    key: (FieldIx, Value),
    field: FieldIx,
) -> Result<FoundRows> {
    let selection = Selection(vec![Part { key: "key".to_owned(), what: Item::Field(field) }]);
    let find = Find { object: object.ix, what: What::One { key: vec![key], selection } };
    match records::find_rows(session, find).await {
        // An object that the caller may not query does not exist for them.
        Err(error) if matches!(error.code, Code::InputInvalid | Code::AccessDenied) => {
            Ok(FoundRows::default())
        }
        found => found,
    }
}

/// Returns the text fields that are a unique key by themselves.
fn text_keys(object: &Object) -> impl Iterator<Item = FieldIx> + '_ {
    object.uniques.iter().filter_map(|unique| match unique.fields[..] {
        [ix] => (object.field(ix).ty.traits().operators == Operators::Text).then_some(ix),
        _ => None,
    })
}

fn unknown(ends: &[End<'_>], text: &str) -> Error {
    let mut en = Vec::new();
    let mut zh = Vec::new();
    let mut hint = Vec::new();
    for end in ends {
        match end {
            End::Records(object) => {
                let keys: Vec<_> =
                    text_keys(object).map(|ix| object.field(ix).name.as_str()).collect();
                en.push(format!("`{}` with this id or key", object.name));
                zh.push(format!("该 ID 或编码的 `{}`", object.name));
                hint.push(["id"].into_iter().chain(keys).collect::<Vec<_>>().join(", "));
            }
            End::Values(list) => {
                let names: Vec<_> = list.values.iter().map(|value| value.name.as_str()).collect();
                en.push(format!("value of `{}`", list.name));
                zh.push(format!("`{}` 的取值", list.name));
                hint.push(names.join(", "));
            }
        }
    }
    let kinds = Message::new(en.join(" or "), zh.join("或"));
    faults::no_such_value(text, kinds, hint.join("; "))
}
