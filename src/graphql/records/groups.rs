//! Groups of fields in what callers write: `{freight: {cost: 5}}` is `{"freight.cost": 5}` to those who read it, because
//! the fields of a group are fields of its object.

use std::borrow::Cow;

use async_graphql::{Value as Given, parser::types::Field as Asked};

use super::{argument_parts::Fields, select::unknown};
use crate::{
    base::{Error, Result},
    catalog::{FieldIx, Object, grouped, place_of},
    graphql::{
        optional,
        reader::{Args, SelectionReader},
    },
    query::{Item, Part, Selection},
};

/// A path of names as callers write it: a field of a group takes two steps.
pub(super) fn steps(path: &[String]) -> Vec<&str> {
    let each = path.iter().map(|step| place_of(step));
    each.flat_map(|(group, name)| group.into_iter().chain([name])).collect()
}

/// An error within a field, which may be in a group.
pub(super) fn within_field(error: Error, name: &str) -> Error {
    let (group, name) = place_of(name);
    let error = error.within(name);
    match group {
        Some(group) => error.within(group),
        None => error,
    }
}

/// The given fields of an object, those in groups beside the others. A group that is null or empty stays.
pub(super) fn flat<'f>(object: &Object, given: &'f Fields) -> Cow<'f, Fields> {
    let is_group = |name: &str| object.named(name).is_none() && object.leads_into(name);
    if object.groups.is_empty() || !given.keys().any(|name| is_group(name)) {
        return Cow::Borrowed(given);
    }
    let mut all = Fields::with_capacity(given.len());
    for (name, value) in given {
        match value {
            Given::Object(inner) if is_group(name) && !inner.is_empty() => {
                let each = inner.iter().map(|(inner, value)| {
                    (async_graphql::Name::new(grouped(name, inner)), value.clone())
                });
                all.extend(each);
            }
            _ => drop(all.insert(name.clone(), value.clone())),
        }
    }
    Cow::Owned(all)
}

impl Args<'_> {
    /// The fields of a group that an input can give, for an input that empties the group.
    pub(super) fn emptied(&self, object: &Object, group: &str) -> Vec<FieldIx> {
        let named = |name: &str| place_of(name).0 == Some(group);
        let own = object.each_field().filter(|(_, field)| named(&field.name)).map(|(ix, _)| ix);
        let old = object.old_names.iter().filter(|(name, _)| named(name)).map(|(_, ix)| *ix);
        let mut all: Vec<_> = own.chain(old).collect();
        all.sort_unstable();
        all.dedup();
        all.retain(|ix| match self.visible {
            Some(visible) => visible.writes(object, *ix),
            None => object.field(*ix).writable(),
        });
        all
    }
}

impl<'r> SelectionReader<'r> {
    /// Parses the selection of a group.
    pub(super) fn group(
        &self,
        object: &Object,
        group: &str,
        fields: &[&'r Asked],
    ) -> Result<Selection> {
        let ty = object.group_type(group);
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
        let mut selection = Selection::default();
        for (key, fields) in self.collect(&sets, &ty) {
            let Some(first) = fields.first() else { continue };
            let name = first.name.node.as_str();
            let what = if name == "__typename" {
                Item::Typename(optional::told(first, &ty))
            } else {
                let known = object.called(&grouped(group, name));
                let (ix, field) = known.ok_or_else(|| unknown(&ty, name))?;
                self.item(object, (ix, field), first, &fields)?
            };
            selection.0.push(Part { key, what });
        }
        Ok(selection)
    }
}
