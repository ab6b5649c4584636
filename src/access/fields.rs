//! Field rights: which fields of an object a caller sees, sees masked, or may change (S-4.1.1).
//!
//! A role shows every field of what it opens unless it says otherwise. A field that one role shows and
//! another hides is seen on the records the first one opens, and on no others.

use std::{collections::HashMap, sync::Arc};

use super::{
    computed,
    grants::rules,
    person::Person,
    role::{Action, Mask, Role},
    rule::RowRule,
};
use crate::catalog::{Catalog, FieldIx, Object, ObjectIx};

/// What a caller sees of a field that is not simply shown.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct FieldRule {
    /// The records on which the value itself is seen.
    pub shown: RowRule,
    /// How it is seen on others, and on which.
    pub masked: Option<(Mask, RowRule)>,
}

impl FieldRule {
    /// Seen on no record.
    pub fn nowhere() -> Self {
        Self { shown: RowRule::None, masked: None }
    }

    /// Whether nothing is ever seen: the field is as if it did not exist.
    pub fn hidden(&self) -> bool {
        self.shown == RowRule::None && self.masked.is_none()
    }
}

/// The fields of a catalog that are not simply shown, and those that may not be written.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Fields {
    pub(super) rules: HashMap<(ObjectIx, FieldIx), FieldRule>,
    pub(super) kept: Vec<(ObjectIx, FieldIx)>,
}

/// What the roles of a person say of fields.
pub(super) fn fields(catalog: &Catalog, roles: &[Arc<Role>], person: &Person) -> Fields {
    let mut found = Fields::default();
    let held = || roles.iter().chain(&person.withheld);
    let mentioned: Vec<(ObjectIx, FieldIx)> = held()
        .flat_map(|role| &role.fields)
        .filter_map(|said| Some((catalog.named(&said.object)?, said)))
        .flat_map(|(object, said)| {
            let names = said.hidden.iter().chain(said.masked.keys()).chain(&said.readonly);
            names.filter_map(|name| Some((object.ix, object.named(name)?.0))).collect::<Vec<_>>()
        })
        .collect();
    for (object, field) in mentioned {
        let object = catalog.object(object);
        // What every record has is promised to all who see it.
        if object.field(field).system && object.field(field).required {
            continue;
        }
        if let Some(rule) = rule(catalog, roles, person, object, field) {
            found.rules.insert((object.ix, field), rule);
        }
        let writes = |role: &&Arc<Role>| grants(role, object, &[Action::Create, Action::Edit]);
        if held().filter(writes).any(|role| !says(role, object, field).2) {
            found.kept.push((object.ix, field));
        }
    }
    computed::follow(catalog, &mut found);
    found
}

fn grants(role: &Role, object: &Object, actions: &[Action]) -> bool {
    role.grants.iter().any(|grant| {
        grant.objects.contains(&object.name)
            && grant.actions.iter().any(|action| actions.contains(action))
    })
}

/// What one role says of a field: shown, masked, writable.
fn says(role: &Role, object: &Object, field: FieldIx) -> (bool, Option<Mask>, bool) {
    let name = &object.field(field).name;
    let of_object = || role.fields.iter().filter(|said| said.object == object.name);
    let hidden = of_object().any(|said| said.hidden.contains(name));
    let masked = of_object().find_map(|said| said.masked.get(name)).copied();
    let readonly = of_object().any(|said| said.readonly.contains(name));
    let shown = !hidden && masked.is_none();
    (shown, masked.filter(|_| !hidden), shown && !readonly)
}

/// None when every role that opens the object shows the field.
fn rule(
    catalog: &Catalog,
    roles: &[Arc<Role>],
    person: &Person,
    object: &Object,
    field: FieldIx,
) -> Option<FieldRule> {
    let opening: Vec<_> =
        roles.iter().filter(|role| grants(role, object, &[Action::Read])).collect();
    // INVARIANT: a relation is shown by all roles or by none, so that no join depends on the record.
    let whole = object.field(field).target().is_some();
    let withheld = person.withheld.iter().filter(|role| grants(role, object, &[Action::Read]));
    let withheld: Vec<_> = withheld.filter(|_| whole).collect();
    if opening.iter().chain(&withheld).all(|role| says(role, object, field).0) {
        return None;
    }
    let of = |wanted: &dyn Fn(&Role) -> bool| {
        let those: Vec<_> =
            opening.iter().filter(|role| wanted(role)).map(|r| Arc::clone(r)).collect();
        let each = those.iter().map(|role| {
            let alone = rules(catalog, std::slice::from_ref(role), person);
            alone.get(&(object.ix, Action::Read)).cloned().unwrap_or(RowRule::None)
        });
        if those.is_empty() { RowRule::None } else { RowRule::any(each.collect()) }
    };
    let shown = if whole { RowRule::None } else { of(&|role| says(role, object, field).0) };
    let mask = opening.iter().find_map(|role| says(role, object, field).1).filter(|_| !whole);
    let masked = mask.map(|mask| (mask, of(&|role| says(role, object, field).1.is_some())));
    Some(FieldRule { shown, masked })
}
