//! Stage 8: parses formulas to typed expressions over their own record, in the order in
//! which they are computed.
//!
//! A stored result must never be out of date, so a stored formula reads nothing that changes
//! without a save of its record. Those that are computed when they are read are checked by `read_formulas`.

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
    Stages, expressions, read_formulas,
};
use crate::{
    base::{Code, Message},
    expr::{Expr, Function, Type},
};

pub(super) fn resolve(work: &mut Stages<'_>) {
    for ix in 0..work.catalog.objects.len() {
        let ix = ObjectIx(ix);
        let fields: Vec<_> = work.catalog.object(ix).each_field().map(|(ix, _)| ix).collect();
        for field in fields {
            formula(ix, field, work);
        }
        order(ix, work);
    }
    for ix in 0..work.catalog.objects.len() {
        let ix = ObjectIx(ix);
        let fields: Vec<_> = work.catalog.object(ix).each_field().map(|(ix, _)| ix).collect();
        for field in fields {
            counted(ix, field, work);
        }
    }
    fills(work);
}

/// Refuses what fills a field by a roll-up, itself or over formulas: lines are summed after all that is given.
fn fills(work: &mut Stages<'_>) {
    let mut faults = Vec::new();
    for object in &work.catalog.objects {
        for (ix, field) in object.each_field().filter(|(_, field)| field.refills) {
            let mut read =
                field.default.as_ref().map(|fill| object.read_by(fill)).unwrap_or_default();
            let mut at = 0;
            while let Some(known) = read.get(at).map(|ix| object.field(*ix)) {
                let further = known.formula.as_ref().map(|formula| object.read_by(formula));
                let fresh = further.into_iter().flatten().filter(|ix| !read.contains(ix));
                read.extend(fresh.collect::<Vec<_>>());
                at += 1;
            }
            let summed = |ix: &FieldIx| matches!(object.field(*ix).ty, FieldType::Rollup(_));
            if let Some((place, said)) =
                work.fields.get(&(object.ix, ix)).filter(|_| read.iter().any(summed))
            {
                let pos = said.get("field").map_or(place.pos, |said| said.at("fill"));
                let place = SourcePlace { pos, ..*place };
                faults.push(place.fault(Code::CatalogExpression, messages::fills_from_sums()));
            }
        }
    }
    for fault in faults {
        work.hinted(fault, messages::default_instead());
    }
}

/// Parses the condition on the records that a roll-up counts. That of a stored one must, like a stored formula, change
/// only where the lines are saved; and the database has to know it, to count the lines there are.
fn counted(ix: ObjectIx, field_ix: FieldIx, work: &mut Stages<'_>) {
    let object = work.catalog.object(ix);
    let field = object.field(field_ix);
    let (Some(text), FieldType::Rollup(rollup)) = (field.counted_text.clone(), &field.ty) else {
        return;
    };
    let Some(line) = object.field(rollup.lines).target() else { return };
    let Some((place, directives)) = work.fields.get(&(ix, field_ix)) else { return };
    let Some(applied) = directives.get("rollup") else { return };
    let place = SourcePlace { pos: applied.at("where"), ..*place };
    let on_read = field.on_read;
    let Some(parsed) = expressions::parse(line, &text, &Type::Bool, place, work) else { return };
    let known = work.catalog.object(line);
    let faults = match on_read {
        false => of_lines(known, &text, &parsed),
        true => {
            let mut faults = read_formulas::faults(&work.catalog, known, &text, &parsed);
            faults.extend(read_formulas::size_faults(&work.catalog, known, &text, &parsed));
            faults
        }
    };
    for (message, hint) in faults {
        work.hinted(place.fault(Code::CatalogExpression, message), hint);
    }
    work.catalog.objects[ix.0].fields[field_ix.0].counted = Some(parsed);
}

/// The faults of the condition of a stored roll-up.
fn of_lines(line: &Object, text: &str, condition: &Expr) -> Vec<(Message, Message)> {
    let mut faults = faults(line, text, condition);
    faults.extend(read_formulas::unwritten(text, condition));
    for read in line.read_by(condition) {
        let read = line.field(read);
        if read.relation().is_some() {
            faults.push((messages::compares_records(text, &read.name), messages::read_given()));
        }
    }
    faults
}

/// The place of the text of a field's formula.
fn place<'a>(object: ObjectIx, field: FieldIx, work: &Stages<'a>) -> Option<SourcePlace<'a>> {
    let (place, directives) = work.fields.get(&(object, field))?;
    Some(SourcePlace { pos: directives.get("formula")?.at("expr"), ..*place })
}

fn formula(ix: ObjectIx, field_ix: FieldIx, work: &mut Stages<'_>) {
    let field = work.catalog.object(ix).field(field_ix);
    let Some(text) = field.formula_text.clone() else { return };
    let Some(place) = place(ix, field_ix, work) else { return };
    // The stage of field types has reported already that these take no formula.
    if matches!(field.ty, FieldType::Relation(_) | FieldType::AutoNumber(_) | FieldType::Rollup(_))
    {
        return;
    }
    let Some(expected) = expressions::field_type(&work.catalog, &field.ty) else { return };
    let on_read = field.on_read;
    let parsed = match on_read {
        true => expressions::parse_when_read(ix, &text, &expected, place, work),
        false => expressions::parse(ix, &text, &expected, place, work),
    };
    let Some(parsed) = parsed else { return };
    let object = work.catalog.object(ix);
    let faults = match on_read {
        true => {
            let mut faults = read_formulas::type_faults(object.field(field_ix));
            faults.extend(read_formulas::faults(&work.catalog, object, &text, &parsed));
            faults
        }
        false => faults(object, &text, &parsed),
    };
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
fn order(ix: ObjectIx, work: &mut Stages<'_>) {
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
    let sized = circles.is_empty();
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
    let object = work.catalog.object(ix);
    let (when_read, stored): (Vec<_>, Vec<_>) =
        done.into_iter().partition(|field| object.field(*field).on_read);
    for field in when_read.into_iter().filter(|_| sized) {
        let object = work.catalog.object(ix);
        let known = object.field(field);
        let (Some(formula), Some(text)) = (&known.formula, &known.formula_text) else { continue };
        let faults = read_formulas::size_faults(&work.catalog, object, text, formula);
        let Some(place) = place(ix, field, work) else { continue };
        for (message, hint) in faults {
            work.hinted(place.fault(Code::CatalogExpression, message), hint);
        }
    }
    work.catalog.objects[ix.0].formulas = stored;
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
