//! `drill` of a group: the names by which a filter finds its records. What a value becomes is decided by `query`.

use async_graphql::Value as Given;

use crate::{
    base::{Error, Result},
    catalog::{Catalog, Object, place_of},
    query::{Drill, DrillKey, Exact, Group},
    sql::keys::is_keyed,
};

/// The drill-down of an aggregation of an object with a filter.
pub(super) fn drill(
    catalog: &Catalog,
    object: &Object,
    filter: Option<&Given>,
    groups: &[Group],
) -> Result<Drill> {
    let filter = match filter {
        Some(Given::Object(parts)) if !parts.is_empty() => {
            let json = Given::Object(parts.clone()).into_json().map_err(Error::internal)?;
            Some(json.to_string())
        }
        _ => None,
    };
    Ok(Drill { filter, keys: groups.iter().map(|group| key(catalog, object, group)).collect() })
}

fn key(catalog: &Catalog, object: &Object, group: &Group) -> DrillKey {
    let (mut at, mut names, mut exact) = (object, Vec::new(), Exact::Equal);
    for ix in &group.path {
        let field = at.field(*ix);
        let (group, name) = place_of(&field.name);
        names.push(group.into_iter().chain([name]).map(str::to_owned).collect::<Vec<_>>());
        exact = if is_keyed(at, *ix) { Exact::Between } else { Exact::Equal };
        at = field.target().map_or(at, |target| catalog.object(target));
    }
    let field = names.pop().unwrap_or_default();
    let period = group.bucket.map(|(period, _)| period);
    DrillKey { relations: names, field, period, exact }
}
