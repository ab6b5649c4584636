//! The codes of moves and actions: each begins the name of a mutation, which nothing else may have.

use super::{SUBMIT, TextPlace, action::type_name, lookup::Lookup};
use crate::catalog::{Object, messages};

/// Verbs of mutations that every object has.
const TAKEN: [&str; 8] =
    ["create", "update", "delete", "restore", "upsert", "merge", "unmerge", "reassign"];

/// Verbs of mutations that objects with approvals have besides.
pub(super) const OF_APPROVALS: [&str; 3] = ["decide", "withdraw", "delegate"];

/// Reports a code that no mutation of the object can begin with. Whether the object has it twice is asked by the caller.
pub(super) fn check(lookup: &mut Lookup<'_, '_, '_>, code: &str, place: TextPlace<'_>) {
    if !is_code(code) {
        lookup.fault(place, messages::bad_move_code(code));
    } else if TAKEN.contains(&code) {
        lookup.fault(place, messages::taken_move_code(code));
    } else if let Some(other) = taken(lookup, code) {
        let object = lookup.at(lookup.object).name.clone();
        let mutation = format!("{code}{object}");
        lookup.fault(place, messages::both_create(object, other, mutation));
    }
}

/// Whether another object has the mutation, or is called as its types are.
pub(super) fn is_taken(lookup: &Lookup<'_, '_, '_>, code: &str) -> bool {
    taken(lookup, code).is_some()
}

/// The other object that has the mutation, or is called as its types are.
fn taken(lookup: &Lookup<'_, '_, '_>, code: &str) -> Option<String> {
    let own = lookup.at(lookup.object);
    let mut names = vec![format!("{code}{}", own.name)];
    names.extend(own.plural_name().map(|plural| format!("{code}{plural}")));
    let type_name = type_name(code, own);
    let objects = lookup.work.catalog.objects.iter();
    let mut others = objects.filter(|other| other.ix != lookup.object);
    let has = |other: &&Object| {
        let called = [Some(other.name.clone()), other.plural_name()];
        let called: Vec<_> = called.into_iter().flatten().collect();
        let moves = other.flow.iter().flat_map(|flow| &flow.moves);
        let moves = moves.map(|known| known.code.as_str());
        let actions = other.actions.iter().map(|known| known.code.as_str());
        let of_approvals = OF_APPROVALS.into_iter().chain([SUBMIT]).filter(|_| other.approval);
        let verbs: Vec<_> =
            TAKEN.into_iter().chain(of_approvals).chain(moves).chain(actions).collect();
        let is_taken = |name: &String| {
            let mut rests = verbs.iter().filter_map(|verb| name.strip_prefix(verb));
            rests.any(|rest| called.iter().any(|called| called == rest))
        };
        names.iter().any(is_taken) || called.contains(&type_name)
    };
    others.find(has).map(|other| other.name.clone())
}

/// Whether a move or an action can have this code.
fn is_code(code: &str) -> bool {
    let begins = code.starts_with(|c: char| c.is_ascii_lowercase());
    begins && code.len() <= 30 && code.chars().all(|c| c.is_ascii_alphanumeric())
}
