//! Fields that are called otherwise from now on, in the texts that name them: expressions, paths, definitions, questions
//! of saved views, contents of dashboards. TOML texts follow in the rooms that read them, by what is here.
//!
//! Owns which name becomes which; a text that does not name a renamed field stays byte for byte.

mod dashboards;
mod definitions;
mod expressions;
mod questions;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use super::{
    field::Field,
    field_group::{grouped, place_of},
    object::Object,
    snapshot::Catalog,
};

pub use definitions::{RenamedField, renamed_text};
pub(super) use expressions::rewritten;

/// What is renamed, beside the catalog whose names texts have.
pub struct Renames<'c> {
    catalog: &'c Catalog,
    /// New names, by object and old name.
    names: HashMap<&'c str, HashMap<&'c str, String>>,
}

impl<'c> Renames<'c> {
    /// What a new catalog calls otherwise than the one before.
    pub fn between(old: &'c Catalog, new: &Catalog) -> Self {
        let mut names: HashMap<&str, HashMap<&str, String>> = HashMap::new();
        for before in &old.objects {
            let Some(object) = new.named(&before.name) else { continue };
            for field in &before.fields {
                let now = object.stored(&field.stored).map(|(_, now)| &now.name);
                if let Some(now) = now.filter(|now| **now != field.name) {
                    let of = names.entry(&before.name).or_default();
                    of.insert(&field.name, now.clone());
                }
            }
            for group in before.groups.iter().filter(|group| object.group(&group.name).is_none()) {
                if let Some(now) = object.group_once_called(&group.name) {
                    let of = names.entry(&before.name).or_default();
                    of.insert(&group.name, now.name.clone());
                }
            }
        }
        Self { catalog: old, names }
    }

    /// One field that is to have another name, or one group of fields. A field of a data item has it in every object that
    /// uses the item.
    pub fn of_one(catalog: &'c Catalog, object: &'c str, field: &'c str, to: &str) -> Self {
        let mut names = HashMap::from([(object, HashMap::from([(field, to.to_owned())]))]);
        let mut put = |object: &'c Object, field: &'c Field, to: String| {
            names.entry(&object.name).or_default().insert(&field.name, to);
        };
        if let Some(owner) = catalog.named(object).filter(|owner| owner.group(field).is_some()) {
            for (_, known) in owner.in_group(field) {
                put(owner, known, grouped(to, known.place().1));
            }
        }
        for owner in &catalog.objects {
            for group in owner.groups.iter().filter(|group| group.item == object) {
                if let Some((_, known)) = owner.named(&group.field(field)) {
                    put(owner, known, group.field(to));
                }
            }
        }
        Self { catalog, names }
    }

    /// The names that still lead to fields of a catalog, each with the one that it has now.
    pub fn of_old_names(catalog: &'c Catalog) -> Self {
        let of = |object: &'c Object| -> (&'c str, HashMap<&'c str, String>) {
            let each = object.old_names.iter();
            let each = each.map(|(old, ix)| (old.as_str(), object.field(*ix).name.clone()));
            let groups = object.old_names.keys().filter_map(|old| {
                let (old, _) = place_of(old);
                let old = old.filter(|old| object.group(old).is_none())?;
                Some((old, object.group_once_called(old)?.name.clone()))
            });
            (&object.name, each.chain(groups).collect())
        };
        Self { catalog, names: catalog.objects.iter().map(of).collect() }
    }

    /// Whether nothing is renamed.
    pub fn is_empty(&self) -> bool {
        self.names.values().all(HashMap::is_empty)
    }

    /// The object with this name, in the catalog before.
    pub fn object(&self, name: &str) -> Option<&'c Object> {
        self.catalog.named(name)
    }

    /// The object to which a field of another leads, in the catalog before.
    pub fn target(&self, object: &Object, field: &str) -> Option<&'c Object> {
        let (_, field) = object.called(field)?;
        Some(self.catalog.object(field.target()?))
    }

    /// The new name of a field, if it has one.
    pub fn name(&self, object: &str, field: &str) -> Option<&str> {
        self.names.get(object)?.get(field).map(String::as_str)
    }

    /// A path over relations such as `customer.level`, if it names something renamed.
    pub fn path(&self, object: &Object, path: &str) -> Option<String> {
        let steps = self.catalog.steps(object, path);
        self.steps(object, &steps).map(|steps| steps.join("."))
    }

    /// The steps of a path with their new names; none if they stay.
    fn steps<'t>(&'t self, object: &'t Object, steps: &[&'t str]) -> Option<Vec<&'t str>> {
        let (mut at, mut new, mut any) = (Some(object), Vec::new(), false);
        for step in steps {
            let name = at.and_then(|object| self.name(&object.name, step));
            any |= name.is_some();
            new.push(name.unwrap_or(step));
            at = at.and_then(|object| self.target(object, step));
        }
        any.then_some(new)
    }
}
