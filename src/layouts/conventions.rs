//! Which fields of an object are its state, and its place in time: those that its definition names, else by what they are
//! called. A layout may name others.

use crate::catalog::{Catalog, Field, FieldIx, FieldType, Object};

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

/// The names of states in which nothing is left to do.
const CLOSED: [&str; 13] = [
    "DONE",
    "COMPLETED",
    "FINISHED",
    "CLOSED",
    "CANCELLED",
    "CANCELED",
    "SOLVED",
    "RESOLVED",
    "REJECTED",
    "ENDED",
    "VOID",
    "ABANDONED",
    "ARCHIVED",
];

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

/// The values of a state, a picklist, with which nothing is left to do. None if the state is a relation.
pub fn closed_states<'c>(catalog: &'c Catalog, object: &Object, state: FieldIx) -> Vec<&'c str> {
    let FieldType::Picklist(list) = object.field(state).ty else { return Vec::new() };
    let names = catalog.picklist(list).values.iter().map(|value| value.name.as_str());
    names.filter(|name| CLOSED.contains(name)).collect()
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
