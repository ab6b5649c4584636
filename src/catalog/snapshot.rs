//! The catalog itself: the result of a resolve, which the whole server reads.

use std::collections::HashMap;

use super::{
    field::{Field, Label},
    field_form::FieldForm,
    ids::{FieldIx, ObjectIx, PicklistIx},
    object::Object,
    part::Origin,
    quarantine::Quarantined,
    union::Union,
};
use crate::base::Lang;

/// The largest number of relations and fields on the path to a title.
const FARTHEST: usize = 4;

/// One value of a picklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PicklistValue {
    /// The API name, as stored.
    pub name: String,
    /// The labels.
    pub label: Label,
    /// The definition's description.
    pub description: Option<String>,
    /// The colour in which people see it: `#1677ff`.
    pub color: Option<String>,
    /// Records keep it, and nobody chooses it any more.
    pub inactive: bool,
    /// The values of the list on which a field depends under which it can be chosen. Empty: under each.
    pub under: Vec<String>,
}

/// A fixed list of values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picklist {
    /// The API name.
    pub name: String,
    /// The labels.
    pub label: Label,
    /// The definition's description.
    pub description: Option<String>,
    /// The values, in shown order.
    pub values: Vec<PicklistValue>,
    /// Where the definition comes from.
    pub origin: Origin,
}

impl Picklist {
    /// The value with this API name.
    pub fn value(&self, name: &str) -> Option<&PicklistValue> {
        self.values.iter().find(|value| value.name == name)
    }

    /// Whether the list has a value with this API name.
    pub fn has(&self, name: &str) -> bool {
        self.values.iter().any(|value| value.name == name)
    }

    /// The label of a value; its API name if it has no label or no longer exists.
    pub fn called<'v>(&'v self, name: &'v str, lang: Lang) -> &'v str {
        let known = self.values.iter().find(|value| value.name == name);
        known.and_then(|value| value.label.text(lang)).unwrap_or(name)
    }
}

/// All objects and picklists of one version. Immutable; a request uses one from start to end.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    /// Increases by one with each publish.
    pub version: i64,
    /// Objects, standard ones first, in the order of their definitions.
    pub objects: Vec<Object>,
    /// Picklists, in the same order.
    pub picklists: Vec<Picklist>,
    /// Unions, in the same order.
    pub unions: Vec<Union>,
    /// Data items, as definitions have them. Their fields are those of the objects that use them, in groups; an
    /// `ObjectIx` never leads here.
    pub items: Vec<Object>,
    pub(super) by_name: HashMap<String, ObjectIx>,
    /// Fields that nobody but administrators sees, whatever roles say.
    pub hidden: Vec<(ObjectIx, FieldIx)>,
    /// Roll-ups of all related records, each after those that it rests on.
    pub system_rollups: Vec<(ObjectIx, FieldIx)>,
    /// Definitions that do not resolve and are not in it.
    pub apart: Vec<Quarantined>,
}

impl Catalog {
    /// The object at an index.
    ///
    /// INVARIANT: an `ObjectIx` is only made by the resolver of the same catalog.
    pub fn object(&self, ix: ObjectIx) -> &Object {
        &self.objects[ix.0]
    }

    /// The object with an API name.
    pub fn named(&self, name: &str) -> Option<&Object> {
        self.by_name.get(name).map(|ix| self.object(*ix))
    }

    /// The data item with an API name.
    pub fn item(&self, name: &str) -> Option<&Object> {
        self.items.iter().find(|item| item.name == name)
    }

    /// The object at the end of a path over relations; `None` if the path ends in a value.
    pub fn end(&self, from: &Object, path: &[FieldIx]) -> Option<ObjectIx> {
        path.iter().try_fold(from.ix, |at, step| self.object(at).field(*step).target())
    }

    /// The document of a line object; any other object itself.
    pub fn head<'c>(&'c self, object: &'c Object) -> &'c Object {
        let head = object.parent.and_then(|parent| object.field(parent).target());
        head.map_or(object, |head| self.object(head))
    }

    /// The object of the employees whom the lines of a field name: `Employee` for `relatedEmployees`.
    pub fn employees_of(&self, object: ObjectIx, lines: FieldIx) -> Option<ObjectIx> {
        let line = self.object(object).field(lines).target()?;
        self.object(line).employee().map(|(_, employees)| employees)
    }

    /// The path to the field that names a record to people. It leads over relations if another record names
    /// it, as an item names a price. A line without such a field is named by the first record to which it
    /// must refer. Empty if there is none.
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

    /// What a form draws for a field of an object.
    pub fn form(&self, object: &Object, field: &Field) -> FieldForm {
        field.ty.form(|rollup| {
            let rolled = rollup.op.field()?;
            let line = self.object(object.field(rollup.lines).target()?);
            // A mean of whole numbers is none.
            let whole = rollup.scale.is_some() && line.field(rolled).ty.scale().is_none();
            Some(if whole { FieldForm::Decimal } else { self.form(line, line.field(rolled)) })
        })
    }

    /// Whether an object or a field of one is kept apart, because its definition does not resolve.
    pub fn keeps_apart(&self, object: &str, field: Option<&str>) -> bool {
        // A relation that stands for a union field is defined by that.
        let field = field.map(|field| field.split('.').next().unwrap_or(field));
        let name = field.map(|field| format!("{object}.{field}"));
        self.apart.iter().any(|apart| apart.name == object || Some(&apart.name) == name.as_ref())
    }

    /// Has names that fields had lead to them again: those for which `leads` says so, by object, first name of the field,
    /// and old name. What has a name now keeps it.
    pub fn keep_old_names(&mut self, leads: impl Fn(&str, &str, &str) -> bool) {
        for object in &mut self.objects {
            let mut kept = Vec::new();
            for (ix, field) in object.each_field() {
                let old = field.renamed.iter().filter(|old| !old.dropped);
                let old = old.filter(|old| leads(&object.name, &field.stored, &old.name));
                let free = old.filter(|old| !object.derives(&old.name));
                kept.extend(free.map(|old| (old.name.clone(), ix)));
            }
            object.old_names = kept.into_iter().collect();
        }
    }

    /// The names that fields had and that definitions do not drop: object, first name of the field, old name.
    pub fn kept_names(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        let fields =
            self.objects.iter().flat_map(|object| object.fields.iter().map(move |f| (object, f)));
        fields.flat_map(|(object, field)| {
            let old = field.renamed.iter().filter(|old| !old.dropped);
            old.map(|old| (object.name.as_str(), field.stored.as_str(), old.name.as_str()))
        })
    }

    /// The picklist at an index.
    pub fn picklist(&self, ix: PicklistIx) -> &Picklist {
        &self.picklists[ix.0]
    }
}
