//! Field rights: which fields of an object a caller sees, sees masked, or may change.
//!
//! A role shows every field of the records that it opens, unless it says otherwise. A field that one role
//! shows and another hides is seen only on the records that the first role opens.

use std::{collections::HashMap, sync::Arc};

use super::{
    computed,
    grants::Making,
    person::Person,
    role::{Action, Mask, Role},
    rule::RowRule,
};
use crate::catalog::{Catalog, Field, FieldIx, FieldType, Inverse, Object, ObjectIx};

/// How a caller sees a field that is not shown on every record.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct FieldRule {
    /// The records on which the value itself is seen.
    pub shown: RowRule,
    /// The masks for other records, and on which records each applies. The mask that leaves least of a long
    /// text comes first. If several masks apply to a record, the text shows as little as any of them leaves.
    pub masked: Vec<(Mask, RowRule)>,
}

impl FieldRule {
    /// A field that is seen on no record.
    pub fn nowhere() -> Self {
        Self { shown: RowRule::None, masked: Vec::new() }
    }

    /// The number of sub-selects that its conditions need for a record.
    pub fn selects(&self) -> usize {
        let masked = self.masked.iter().map(|(_, on)| on.selects());
        self.shown.selects() + masked.sum::<usize>()
    }

    /// The rest of a text under the masks that apply, which is as little as any of them leaves;
    /// `None` if no mask applies.
    pub fn left(&self, holds: &[bool], text: &str) -> Option<String> {
        let masks = self.masked.iter().zip(holds).filter(|(_, holds)| **holds);
        masks.map(|((mask, _), _)| mask.of(text)).min_by_key(|left| left.chars().count())
    }

    /// Whether the field is never seen, as if it did not exist.
    pub fn hidden(&self) -> bool {
        self.shown == RowRule::None && self.masked.is_empty()
    }
}

/// The fields of a catalog that are not shown on every record, and the fields that may not be written.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Fields {
    pub(super) rules: HashMap<(ObjectIx, FieldIx), FieldRule>,
    pub(super) kept: Vec<(ObjectIx, FieldIx)>,
}

/// The field rights of a person.
pub(super) fn fields(catalog: &Catalog, roles: &[Arc<Role>], person: &Person) -> Fields {
    let mut found = Fields::default();
    let held = || roles.iter().chain(&person.withheld);
    let mentioned: Vec<(ObjectIx, FieldIx)> = held()
        .flat_map(|role| &role.fields)
        .filter_map(|said| Some((catalog.named(&said.object)?, said)))
        .flat_map(|(object, said)| {
            let names = said.hidden.iter().chain(said.masked.keys()).chain(&said.readonly);
            // What a role says of a group holds of each of its fields, what it says of a union field of each relation
            // that stands for it.
            let named = names.flat_map(|name| object.meant_by(name)).map(|(ix, _)| ix);
            let each = named
                .flat_map(|ix| std::iter::once(ix).chain(object.relations_of(ix).iter().copied()));
            each.map(|ix| (object.ix, ix)).collect::<Vec<_>>()
        })
        .collect();
    let mut making = Making::new(catalog, roles, person);
    for (object, field) in mentioned {
        let object = catalog.object(object);
        if object.field(field).promised() {
            continue;
        }
        if let Some(rule) = rule(&mut making, object, field) {
            found.rules.insert((object.ix, field), rule);
        }
        let head = catalog.head(object);
        let writes = |role: &&Arc<Role>| role.grants_any(head, &[Action::Create, Action::Edit]);
        if held().filter(writes).any(|role| !says(role, object, field).2) {
            found.kept.push((object.ix, field));
        }
    }
    for (of, ix) in catalog.hidden.iter().copied() {
        let relations = catalog.object(of).relations_of(ix).iter().copied();
        let each = std::iter::once(ix).chain(relations);
        found.rules.extend(each.map(|ix| ((of, ix), FieldRule::nowhere())));
        if !found.kept.contains(&(of, ix)) {
            found.kept.push((of, ix));
        }
    }
    lists_follow(catalog, &mut found);
    computed::follow(catalog, &mut found);
    found
}

/// A list of the records that refer to a record says of each what it refers to: whoever does not see the relation does
/// not see the list. A relation is shown everywhere or nowhere, and so is the list.
fn lists_follow(catalog: &Catalog, fields: &mut Fields) {
    if fields.rules.is_empty() {
        return;
    }
    for object in &catalog.objects {
        for (ix, field) in object.each_field() {
            if let FieldType::Inverse(Inverse { target, via }) = field.ty
                && fields.rules.contains_key(&(target, via))
            {
                fields.rules.insert((object.ix, ix), FieldRule::nowhere());
            }
        }
    }
}

/// Whether one role shows a field, how it masks it, and whether it may write it.
fn says(role: &Role, object: &Object, field: FieldIx) -> (bool, Option<Mask>, bool) {
    let field = object.whole(field);
    let known = object.field(field);
    // A role may still name it as it was called, or the group that it is in.
    let is = |name: &String| {
        let otherwise = !known.renamed.is_empty() || known.place().0.is_some();
        *name == known.name || otherwise && object.meant_by(name).iter().any(|(ix, _)| *ix == field)
    };
    let of_object = || role.fields.iter().filter(|said| said.object == object.name);
    let hidden = of_object().any(|said| said.hidden.iter().any(is));
    let masked = of_object().flat_map(|said| &said.masked);
    let masked = masked.filter(|(name, _)| is(name)).map(|(_, mask)| *mask).max();
    let readonly = of_object().any(|said| said.readonly.iter().any(is));
    let shown = !hidden && masked.is_none();
    (shown, masked.filter(|_| !hidden), shown && !readonly)
}

/// The rule of a field; `None` if every role that opens the object (for a line, its
/// document) shows the field.
fn rule(making: &mut Making<'_>, object: &Object, field: FieldIx) -> Option<FieldRule> {
    let head = making.catalog.head(object);
    let opens = |role: &&Arc<Role>| role.grants_any(head, &[Action::Read]);
    let opening: Vec<_> = making.roles.iter().filter(opens).collect();
    // INVARIANT: a relation is shown by all roles or by none, so that no join depends on the record.
    let leads = |field: &Field| field.target().is_some() || matches!(field.ty, FieldType::Union(_));
    let whole = leads(object.field(field));
    let withheld = making.person.withheld.iter().filter(opens).filter(|_| whole);
    if opening.iter().copied().chain(withheld).all(|role| says(role, object, field).0) {
        return None;
    }
    if whole {
        return Some(FieldRule::nowhere());
    }
    let mut of = |wanted: &dyn Fn(&Role) -> bool| {
        let those = opening.iter().filter(|role| wanted(role));
        let those: Vec<_> = those.map(|role| making.of_role(role, object)).collect();
        if those.is_empty() { RowRule::None } else { RowRule::any(those) }
    };
    let shown = of(&|role| says(role, object, field).0);
    let mut masks: Vec<_> = opening.iter().filter_map(|role| says(role, object, field).1).collect();
    masks.sort_unstable();
    masks.dedup();
    let masked = masks.into_iter().rev().map(|mask| {
        let on = of(&|role| says(role, object, field).1 == Some(mask));
        (mask, on)
    });
    Some(FieldRule { shown, masked: masked.collect() })
}
