//! Stage 8: parses formulas to typed expressions over their own record, in the order in
//! which they are computed.
//!
//! A stored result must never be out of date, so a formula reads nothing that changes
//! without a save of its record.

use std::collections::HashMap;

use super::{
    super::{
        field::{Field, OnDelete},
        field_type::FieldType,
        ids::{FieldIx, ObjectIx},
        messages,
        object::{Object, ObjectKind},
        source::SourcePlace,
    },
    Work, expressions,
};
use crate::{
    base::{Code, Message},
    expr::{Expr, Function},
};

pub(super) fn resolve(work: &mut Work<'_>) {
    for ix in 0..work.catalog.objects.len() {
        let ix = ObjectIx(ix);
        let fields: Vec<_> = work.catalog.object(ix).each_field().map(|(ix, _)| ix).collect();
        for field in fields {
            formula(ix, field, work);
        }
        order(ix, work);
    }
}

/// The place of the text of a field's formula.
fn place<'a>(object: ObjectIx, field: FieldIx, work: &Work<'a>) -> Option<SourcePlace<'a>> {
    let (place, directives) = work.fields.get(&(object, field))?;
    Some(SourcePlace { pos: directives.get("formula")?.at("expr"), ..*place })
}

fn formula(ix: ObjectIx, field_ix: FieldIx, work: &mut Work<'_>) {
    let field = work.catalog.object(ix).field(field_ix);
    let Some(text) = field.formula_text.clone() else { return };
    let Some(place) = place(ix, field_ix, work) else { return };
    // The stage of field types has reported already that these take no formula.
    if matches!(field.ty, FieldType::Relation(_) | FieldType::AutoNumber(_) | FieldType::Rollup(_))
    {
        return;
    }
    let Some(expected) = expressions::field_type(&work.catalog, &field.ty) else { return };
    let Some(parsed) = expressions::parse(ix, &text, &expected, place, work) else { return };
    let faults = faults(work.catalog.object(ix), &text, &parsed);
    for (message, hint) in faults {
        work.hinted(place.fault(Code::CatalogExpression, message), hint);
    }
    work.catalog.objects[ix.0].fields[field_ix.0].formula = Some(parsed);
}

/// The faults of a formula that reads forbidden fields or functions, each with advice.
fn faults(object: &Object, text: &str, formula: &Expr) -> Vec<(Message, Message)> {
    let mut faults = Vec::new();
    for path in formula.paths() {
        let name = path.join(".");
        // Every save changes version, time and author once all values are known.
        let touched = |ix: FieldIx| object.system.touched().any(|touched| touched == ix);
        match path.first().and_then(|first| object.named(first)) {
            Some((ix, own)) if path.len() == 1 => {
                if emptied(object, own) || touched(ix) {
                    faults.push((messages::changes_without(text, name), messages::read_given()));
                }
            }
            _ => faults.push((messages::not_own(text, name), messages::copy_by_default())),
        }
    }
    for function in [Function::Today, Function::Now] {
        if formula.calls(function) {
            faults.push((messages::goes_stale(text, function.name()), messages::keep_the_day()));
        }
    }
    faults
}

/// Whether the database itself empties the reference when the record that it refers to is deleted.
fn emptied(object: &Object, field: &Field) -> bool {
    let alone = field.system || object.kind == ObjectKind::Line;
    alone && field.relation().is_some_and(|relation| relation.on_delete == OnDelete::Clear)
}

/// Orders the formulas of an object as they are computed, and reports those that read themselves.
fn order(ix: ObjectIx, work: &mut Work<'_>) {
    let object = work.catalog.object(ix);
    let reads: HashMap<FieldIx, Vec<FieldIx>> = object
        .each_field()
        .filter_map(|(ix, field)| Some((ix, object.read_by(field.formula.as_ref()?))))
        .collect();
    let mut visit = Visit { reads: &reads, done: Vec::new(), under: Vec::new(), circle: None };
    let mut circles = Vec::new();
    for (field, _) in object.each_field().filter(|(ix, _)| reads.contains_key(ix)) {
        visit.field(field);
        visit.under.clear();
        circles.extend(visit.circle.take());
    }
    let done = visit.done;
    for circle in circles {
        let object = work.catalog.object(ix);
        let names: Vec<_> = circle
            .iter()
            .map(|ix| Message::same(format!("`{}`", object.field(*ix).name)))
            .collect();
        let Some(place) = circle.first().and_then(|first| place(ix, *first, work)) else {
            continue;
        };
        let message = messages::reads_itself(Message::joined(&names, (" reads ", " 引用 ")));
        work.hinted(place.fault(Code::CatalogExpression, message), messages::leave_circle());
    }
    work.catalog.objects[ix.0].formulas = done;
}

/// A walk from formulas to the formulas that they read.
struct Visit<'r> {
    reads: &'r HashMap<FieldIx, Vec<FieldIx>>,
    done: Vec<FieldIx>,
    /// The formulas on the current path.
    under: Vec<FieldIx>,
    /// The first path that leads back to its beginning.
    circle: Option<Vec<FieldIx>>,
}

impl Visit<'_> {
    fn field(&mut self, field: FieldIx) {
        let Some(reads) = self.reads.get(&field) else { return };
        if self.done.contains(&field) {
            return;
        }
        if let Some(at) = self.under.iter().position(|before| *before == field) {
            let circle = self.under[at..].iter().copied().chain([field]).collect();
            self.circle.get_or_insert(circle);
            return;
        }
        self.under.push(field);
        for read in reads {
            self.field(*read);
        }
        self.under.pop();
        self.done.push(field);
    }
}
