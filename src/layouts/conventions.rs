//! Which fields of an object are its state, and its place in time: those that its definition names, else by what they are
//! called. A layout may name others.

use crate::catalog::{Field, FieldIx, Object};

/// The names of fields that say in which state a record is.
const STATES: [&str; 4] = ["status", "state", "stage", "lifecycle"];
/// The names of fields at which a record begins.
const STARTS: [&str; 12] = [
    "startsAt",
    "startAt",
    "plannedAt",
    "scheduledAt",
    "startsOn",
    "startDate",
    "plannedOn",
    "dueAt",
    "dueOn",
    "dueDate",
    "expectedCloseOn",
    "orderDate",
];
/// The names of fields at which it ends.
const ENDS: [&str; 4] = ["endsAt", "endAt", "endsOn", "endDate"];

/// Whether a field of an object exists for whoever is asked about.
pub type Sees<'s> = &'s dyn Fn(&Object, FieldIx) -> bool;

fn first(
    object: &Object,
    sees: Sees<'_>,
    names: &[&str],
    fits: fn(&Field) -> bool,
) -> Option<FieldIx> {
    let mut known = names.iter().filter_map(|name| object.named(name));
    known.find(|(ix, field)| fits(field) && sees(object, *ix)).map(|(ix, _)| ix)
}

/// The field that says in which state a record is: a picklist, or a relation as to a sales stage.
pub fn state_field(object: &Object, sees: Sees<'_>) -> Option<FieldIx> {
    match object.places.state {
        Some(ix) => Some(ix).filter(|ix| sees(object, *ix)),
        None => first(object, sees, &STATES, Field::has_states),
    }
}

/// The field that places a record in a calendar: the one that is named so, else one of a usual name, else the first by which records are indexed,
/// else the first.
pub fn start_field(object: &Object, sees: Sees<'_>) -> Option<FieldIx> {
    if let Some(ix) = object.places.start {
        return Some(ix).filter(|ix| sees(object, *ix));
    }
    let own = |ix: &FieldIx| {
        let field = object.field(*ix);
        field.is_moment() && !field.system && sees(object, *ix)
    };
    let indexed = || object.indexed().flatten().copied().find(own);
    let any = || object.each_field().map(|(ix, _)| ix).find(own);
    first(object, sees, &STARTS, Field::is_moment).or_else(indexed).or_else(any)
}

/// The field at which a record ends in a calendar.
pub fn end_field(object: &Object, sees: Sees<'_>) -> Option<FieldIx> {
    match object.places.end {
        Some(ix) => Some(ix).filter(|ix| sees(object, *ix)),
        None => first(object, sees, &ENDS, Field::is_moment),
    }
}
