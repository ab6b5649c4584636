//! Makes faults of records readable for their caller: removes names that do not exist for the caller.
//!
//! Lower modules report faults completely, with names of the definition. All of them pass through here before
//! they are returned.

use super::faults;
use crate::{
    access::{Action, Visible},
    base::{Code, Error},
    catalog::{FieldIx, Object},
    graphql,
};

/// Returns the readable faults of a write to an object, without duplicates.
pub(super) fn readable<'f>(
    visible: Visible<'_>,
    object: &Object,
    faults: impl Iterator<Item = &'f Error>,
) -> Vec<Error> {
    let mut told: Vec<Error> = Vec::new();
    for fault in faults {
        let fault = one(visible, object, fault);
        if !told.contains(&fault) {
            told.push(fault);
        }
    }
    told
}

/// A fault as the caller may read it. Its path is that of the input: a relation that stands for a union field is
/// called `subject.customer` below, and there is given as `subject` and `customer`.
fn one(visible: Visible<'_>, object: &Object, fault: &Error) -> Error {
    let told =
        known_to(visible, object, &Error { path: united(visible, object, fault), ..fault.clone() });
    let path = told.path.iter().flat_map(|part| part.split('.')).map(str::to_owned).collect();
    Error { path, ..told }
}

/// The path of a fault with the names of relations that stand for union fields: `subject.customer` for both parts.
fn united(visible: Visible<'_>, object: &Object, fault: &Error) -> Vec<String> {
    let (mut at, mut path) = (object, Vec::with_capacity(fault.path.len()));
    let mut parts = fault.path.iter().peekable();
    while let Some(part) = parts.next() {
        let (mut part, mut known) = (part.clone(), at.called(part));
        let relation = known.zip(parts.peek());
        let relation = relation.and_then(|((ix, _), next)| at.relation_in_union(ix, next));
        if let Some(relation) = relation {
            parts.next();
            (part, known) = (at.field(relation).name.clone(), Some((relation, at.field(relation))));
        }
        if let Some(target) = known.and_then(|(_, field)| field.target()) {
            at = visible.catalog.object(target);
        }
        path.push(part);
    }
    path
}

fn known_to(visible: Visible<'_>, object: &Object, fault: &Error) -> Error {
    let exists = |object: &Object, ix: FieldIx| visible.sees(object, ix);
    // The object that the path has reached, and the object of its last field.
    let (mut at, mut owner) = (object, object);
    for (place, part) in fault.path.iter().enumerate() {
        let Some((ix, field)) = at.called(part) else { continue };
        if !exists(at, ix) {
            return unnamed(fault, fault.path.iter().take(place));
        }
        owner = at;
        if let Some(target) = field.target() {
            at = visible.catalog.object(target);
        }
    }
    let hint = fault.hint.iter();
    let texts = std::iter::once(&fault.message).chain(hint).flat_map(|text| [&text.en, &text.zh]);
    let hidden = |name: &str| {
        let path: Vec<_> = name.split('.').collect();
        let called = owner.begin(&path).map(|(ix, ..)| (ix, ()));
        let field = called.is_some_and(|(ix, ())| !exists(owner, ix));
        let object = visible.catalog.named(name);
        field
            || object.is_some_and(|object| {
                !visible.access.may(object, Action::Read) && !made(visible, object)
            })
    };
    let named = fault.about.iter().map(String::as_str);
    if texts.flat_map(|text| names(text)).chain(named).any(hidden) {
        let last = fault.path.iter().rposition(|part| owner.called(part).is_some());
        return unnamed(fault, fault.path.iter().take(last.unwrap_or(0)));
    }
    fault.clone()
}

/// Whether the caller knows an unreadable object's name because they may create or edit its records.
fn made(visible: Visible<'_>, object: &Object) -> bool {
    [Action::Create, Action::Edit].into_iter().any(|action| visible.may(object, action))
}

/// Returns the words in backticks, and paths of them. What is written `freight.cost` may be the field of a group.
fn names(text: &str) -> impl Iterator<Item = &str> {
    let part_of = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let quoted = text.split('`').skip(1).step_by(2);
    let words = quoted.clone().flat_map(move |part| part.split(move |c| !part_of(c)));
    let paths = quoted.flat_map(move |part| part.split(move |c| !part_of(c) && c != '.'));
    words.chain(paths.filter(|path| path.contains('.')))
}

/// Replaces a fault's texts by ones without names.
fn unnamed<'p>(fault: &Error, path: impl Iterator<Item = &'p String>) -> Error {
    let unnamed = match fault.code {
        Code::RecordRequired => faults::hidden_required(),
        Code::RecordTaken => faults::hidden_taken(),
        Code::RecordReference => faults::hidden_reference(),
        Code::RecordInUse => faults::hidden_in_use(),
        Code::RecordReadOnly => faults::hidden_read_only(),
        Code::RecordVersion => faults::hidden_version(),
        Code::RecordNotFound => graphql::faults::no_record(),
        code => Error { code, ..faults::hidden_rule() },
    };
    unnamed.at(path.cloned())
}
