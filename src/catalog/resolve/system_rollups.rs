//! Roll-ups of all related records: which records count for which, and the order in which they are computed.
//!
//! Such a roll-up may rest on stored formulas of the related records, those on roll-ups of theirs, and so on, but never
//! on itself.

use std::collections::HashSet;

use super::{
    super::{
        field_type::FieldType,
        ids::{FieldIx, ObjectIx},
        messages,
        object::CountsFor,
        snapshot::Catalog,
        source::SourcePlace,
    },
    Stages,
};
use crate::base::{Code, Message};

/// A field of an object.
type Place = (ObjectIx, FieldIx);

pub(super) fn resolve(work: &mut Stages<'_>) {
    let places: Vec<Place> = all(&work.catalog);
    for (object, ix) in &places {
        let name = work.catalog.object(*object).field(*ix).name.clone();
        let Some((place, directives)) = work.fields.get(&(*object, *ix)) else { continue };
        let place = *place;
        let pos = directives.get("rollup").map_or(place.pos, |applied| applied.pos);
        if work.catalog.object(*object).field(*ix).required {
            let fault = place.fault(Code::CatalogDirective, messages::may_be_without(name));
            work.hinted(fault, messages::leave_out_sign());
        }
        let mut circle = vec![(*object, *ix)];
        if leads_back(&work.catalog, (*object, *ix), &mut circle, &mut HashSet::new()) {
            let names: Vec<_> = circle.iter().map(|place| named(&work.catalog, *place)).collect();
            let message = messages::rolls_up_itself(Message::joined(&names, (" reads ", " 引用 ")));
            let place = SourcePlace { pos, ..place };
            work.hinted(place.fault(Code::CatalogExpression, message), messages::leave_circle());
        }
    }
    if work.faults.is_empty() {
        derive(&mut work.catalog, &places);
    }
}

fn named(catalog: &Catalog, (object, ix): Place) -> Message {
    let object = catalog.object(object);
    Message::same(format!("`{}.{}`", object.name, object.field(ix).name))
}

fn all(catalog: &Catalog) -> Vec<Place> {
    let fields = catalog
        .objects
        .iter()
        .flat_map(|object| object.each_field().map(|(ix, field)| (object.ix, ix, field)));
    fields
        .filter(|(.., field)| field.system_rollup().is_some())
        .map(|(object, ix, _)| (object, ix))
        .collect()
}

/// The fields that a stored field is computed from.
fn reads(catalog: &Catalog, (object, ix): Place) -> Vec<Place> {
    let object = catalog.object(object);
    let field = object.field(ix);
    if let FieldType::Rollup(rollup) = field.ty {
        let Some(target) = object.field(rollup.lines).target() else { return Vec::new() };
        let counted = field.counted.iter().flat_map(|by| catalog.object(target).read_by(by));
        return rollup.op.field().into_iter().chain(counted).map(|ix| (target, ix)).collect();
    }
    let read = field.formula.iter().flat_map(|formula| object.read_by(formula));
    read.map(|ix| (object.ix, ix)).collect()
}

/// Follows what the last field of a path reads, until the first one is met again. The path is then the circle.
fn leads_back(
    catalog: &Catalog,
    first: Place,
    path: &mut Vec<Place>,
    seen: &mut HashSet<Place>,
) -> bool {
    let Some(last) = path.last().copied() else { return false };
    for read in reads(catalog, last) {
        path.push(read);
        if read == first || seen.insert(read) && leads_back(catalog, first, path, seen) {
            return true;
        }
        path.pop();
    }
    false
}

/// Notes the order, and for each object the roll-ups for which its records count.
fn derive(catalog: &mut Catalog, places: &[Place]) {
    let (mut order, mut seen) = (Vec::new(), HashSet::new());
    for place in places {
        behind(catalog, *place, &mut seen, &mut order);
    }
    for (object, ix) in places {
        let known = catalog.object(*object);
        let Some(rollup) = known.field(*ix).system_rollup() else { continue };
        let FieldType::Inverse(list) = known.field(rollup.lines).ty else { continue };
        let read: Vec<_> = reads(catalog, (*object, *ix)).into_iter().map(|(_, ix)| ix).collect();
        let all = &mut catalog.objects[list.target.0].counts_for;
        let at = all.iter().position(|for_| (for_.via, for_.object) == (list.via, *object));
        let at = at.unwrap_or_else(|| {
            all.push(CountsFor { via: list.via, object: *object, reads: Vec::new() });
            all.len() - 1
        });
        for ix in read {
            if !all[at].reads.contains(&ix) {
                all[at].reads.push(ix);
            }
        }
    }
    catalog.system_rollups = order;
}

/// Puts a roll-up behind all that it rests on.
fn behind(catalog: &Catalog, at: Place, seen: &mut HashSet<Place>, order: &mut Vec<Place>) {
    if !seen.insert(at) {
        return;
    }
    for read in reads(catalog, at) {
        behind(catalog, read, seen, order);
    }
    if catalog.object(at.0).field(at.1).system_rollup().is_some() {
        order.push(at);
    }
}
