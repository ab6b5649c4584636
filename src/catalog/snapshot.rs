//! The catalog itself: what a resolve yields and the whole server reads.

use std::collections::HashMap;

use super::{
    field::{Field, FieldIx, Label},
    object::{Object, ObjectIx, Origin},
};
use crate::base::Lang;

/// Most relations and fields on the way to what names a record.
const FARTHEST: usize = 4;

/// A picklist's place in its catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PicklistIx(pub usize);

/// One value of a picklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PicklistValue {
    /// Api name, as stored.
    pub name: String,
    /// Shown names.
    pub label: Label,
    /// The definition's description.
    pub description: Option<String>,
}

/// A fixed list of values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picklist {
    /// Api name.
    pub name: String,
    /// Shown names.
    pub label: Label,
    /// The definition's description.
    pub description: Option<String>,
    /// The values, in shown order.
    pub values: Vec<PicklistValue>,
    /// Where the definition came from.
    pub origin: Origin,
}

impl Picklist {
    /// Whether the list has a value of this api name.
    pub fn has(&self, name: &str) -> bool {
        self.values.iter().any(|value| value.name == name)
    }

    /// What people call a value; its api name where it has no label or is there no more.
    pub fn called<'v>(&'v self, name: &'v str, lang: Lang) -> &'v str {
        let known = self.values.iter().find(|value| value.name == name);
        known.and_then(|value| value.label.text(lang)).unwrap_or(name)
    }
}

/// Every object and picklist at one version. Immutable; a request sees one from start to end.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    /// Rises by one with each publish.
    pub version: i64,
    /// Objects, standard ones first, in the order of their definitions.
    pub objects: Vec<Object>,
    /// Picklists, likewise.
    pub picklists: Vec<Picklist>,
    pub(super) by_name: HashMap<String, ObjectIx>,
}

impl Catalog {
    /// The object at a place.
    ///
    /// INVARIANT: an `ObjectIx` is only made by the resolver of the same catalog.
    pub fn object(&self, ix: ObjectIx) -> &Object {
        &self.objects[ix.0]
    }

    /// The object of an api name.
    pub fn named(&self, name: &str) -> Option<&Object> {
        self.by_name.get(name).map(|ix| self.object(*ix))
    }

    /// The object at the end of a path over relations; none where the path ends in a value.
    pub fn end(&self, from: &Object, path: &[FieldIx]) -> Option<ObjectIx> {
        path.iter().try_fold(from.ix, |at, step| self.object(at).field(*step).target())
    }

    /// The document of a line object; every other object itself.
    pub fn head<'c>(&'c self, object: &'c Object) -> &'c Object {
        let head = object.parent.and_then(|parent| object.field(parent).target());
        head.map_or(object, |head| self.object(head))
    }

    /// The way to the field that names a record to a person: over relations where a record is called by another, as
    /// a price by its item. A line that nothing names is called by the first record it must refer to. Empty where
    /// there is none.
    pub fn way_to_title(&self, object: &Object) -> Vec<FieldIx> {
        let mut path = Vec::new();
        let mut at = object;
        while path.len() < FARTHEST {
            let referred = || {
                let named = |field: &Field| field.required && !field.system;
                let mut fields = at.each_field();
                let first = fields.find(|(ix, field)| {
                    field.relation().is_some() && named(field) && Some(*ix) != at.parent
                });
                first.map(|(ix, _)| ix)
            };
            let Some(ix) = at.display.or_else(referred) else { break };
            path.push(ix);
            match at.field(ix).target() {
                Some(target) => at = self.object(target),
                None => return path,
            }
        }
        Vec::new()
    }

    /// The picklist at a place.
    pub fn picklist(&self, ix: PicklistIx) -> &Picklist {
        &self.picklists[ix.0]
    }
}
