//! Which fields of an object are its state, and its place in time, by what they are called.
//!
//! The directive language does not say so; a layout may name others.

use crate::catalog::{Field, FieldIx, FieldType, Object, Storage};

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
    first(object, sees, &STATES, has_states)
}

/// Whether the values of a field can be the columns of a board.
pub(super) fn has_states(field: &Field) -> bool {
    matches!(field.ty, FieldType::Picklist(_) | FieldType::Relation(_))
}

/// Whether a field is a day or an instant.
pub(super) fn is_time(field: &Field) -> bool {
    matches!(field.ty.storage(), Storage::Date | Storage::DateTime)
}

/// The field that places a record in a calendar: one of a usual name, else the first by which records are indexed,
/// else the first.
pub fn start_field(object: &Object, sees: Sees<'_>) -> Option<FieldIx> {
    let own = |ix: &FieldIx| {
        let field = object.field(*ix);
        is_time(field) && !field.system && sees(object, *ix)
    };
    let indexed = || object.indexed().flatten().copied().find(own);
    let any = || object.each_field().map(|(ix, _)| ix).find(own);
    first(object, sees, &STARTS, is_time).or_else(indexed).or_else(any)
}

/// The field at which a record ends in a calendar.
pub fn end_field(object: &Object, sees: Sees<'_>) -> Option<FieldIx> {
    first(object, sees, &ENDS, is_time)
}
