//! Fields that are called otherwise from now on, in the texts that name them: expressions, paths, definitions, questions
//! of saved views. TOML texts follow in the rooms that read them, by what is here.
//!
//! Owns which name becomes which; a text that does not name a renamed field stays byte for byte.

mod definitions;
mod expressions;
mod questions;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use super::{object::Object, snapshot::Catalog};

pub use definitions::{RenamedField, renamed_text};

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
        }
        Self { catalog: old, names }
    }

    /// One field that is to have another name.
    fn of_one(catalog: &'c Catalog, object: &'c str, field: &'c str, to: &str) -> Self {
        let names = HashMap::from([(object, HashMap::from([(field, to.to_owned())]))]);
        Self { catalog, names }
    }

    /// The names that still lead to fields of a catalog, each with the one that it has now.
    pub fn of_old_names(catalog: &'c Catalog) -> Self {
        let of = |object: &'c Object| -> (&'c str, HashMap<&'c str, String>) {
            let each = object.old_names.iter();
            let each = each.map(|(old, ix)| (old.as_str(), object.field(*ix).name.clone()));
            (&object.name, each.collect())
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
        let steps: Vec<_> = path.split('.').collect();
        self.steps(Some(object), &steps).map(|steps| steps.join("."))
    }

    /// The steps of a path with their new names; none if they stay.
    fn steps<'t>(&'t self, object: Option<&Object>, steps: &[&'t str]) -> Option<Vec<&'t str>> {
        let (mut at, mut new, mut any) = (object.map(|object| object.ix), Vec::new(), false);
        for step in steps {
            let object = at.map(|ix| self.catalog.object(ix));
            let name = object.and_then(|object| self.name(&object.name, step));
            any |= name.is_some();
            new.push(name.unwrap_or(step));
            at = object.and_then(|object| Some(self.target(object, step)?.ix));
        }
        any.then_some(new)
    }
}
