//! Stage 5: the fields that objects add to each other: parents of lines, inverses, roll-ups.

use super::{
    super::{
        diagnostic::Diagnostic,
        directive::Applied,
        field::{Field, Inverse, Label, Lines, OnDelete, Relation, Rollup, RollupOp, RollupScope},
        field_type::{FieldType, Unit},
        ids::{FieldIx, ObjectIx},
        messages, names,
        object::{Object, ObjectKind},
        part::Origin,
        source::SourcePlace,
    },
    Stages,
    objects::{push, system},
};
use crate::base::{Code, Message, text::tidy};

pub(super) fn resolve(work: &mut Stages<'_>) {
    parents(work);
    parents_of_lines(work);
    inverses(work);
    // Those over related records may be over what lines come to.
    rollups(work, |scope| scope == RollupScope::Lines);
    rollups(work, |scope| scope != RollupScope::Lines);
}

fn each_field(work: &Stages<'_>) -> Vec<(ObjectIx, FieldIx)> {
    work.catalog
        .objects
        .iter()
        .flat_map(|object| object.each_field().map(|(field, _)| (object.ix, field)))
        .collect()
}

fn parents(work: &mut Stages<'_>) {
    for (owner, field) in each_field(work) {
        let FieldType::Lines(Lines { target, .. }) = work.catalog.object(owner).field(field).ty
        else {
            continue;
        };
        let Some((place, _)) = work.fields.get(&(owner, field)).cloned() else { continue };
        work.asked_lines.insert(target);
        let line = work.catalog.object(target);
        if line.parent.is_some() {
            let fault = place.fault(Code::CatalogRelation, messages::lines_of_another(&line.name));
            work.hinted(fault, messages::own_lines_each());
            continue;
        }
        let name = names::camel(&work.catalog.object(owner).name);
        if line.by_name.contains_key(&name) {
            let fault =
                place.fault(Code::CatalogRelation, messages::parent_name_taken(&line.name, name));
            work.hinted(fault, messages::parent_is_there());
            continue;
        }
        let relation = Relation {
            target: owner,
            inverse: None,
            parent: true,
            tree: false,
            on_delete: OnDelete::Cascade,
        };
        let column = format!("{}_id", names::snake(&name));
        let via = push(
            &mut work.catalog.objects[target.0],
            system(&name, &column, FieldType::Relation(relation)),
        );
        work.catalog.objects[target.0].parent = Some(via);
        work.catalog.objects[owner.0].fields[field.0].ty = FieldType::Lines(Lines { target, via });
    }
    for ix in 0..work.catalog.objects.len() {
        let object = &work.catalog.objects[ix];
        if object.kind == ObjectKind::Line && !work.asked_lines.contains(&object.ix) {
            let fault = work.object_places[ix]
                .fault(Code::CatalogRelation, messages::lines_of_nothing(&object.name));
            let hint = messages::add_lines_field(&object.name);
            work.hinted(fault, hint);
        }
    }
}

/// A line is open with its document, whatever else it refers to.
fn parents_of_lines(work: &mut Stages<'_>) {
    for (owner, field) in each_field(work) {
        let line = work.catalog.object(owner);
        let parent = line.field(field).relation().is_some_and(|relation| relation.parent);
        if !parent || line.kind != ObjectKind::Line || line.parent == Some(field) {
            continue;
        }
        let Some((place, directives)) = work.fields.get(&(owner, field)).cloned() else { continue };
        let pos = directives.get("relation").map_or(place.pos, |applied| applied.at("parent"));
        let fault = SourcePlace { pos, ..place }
            .fault(Code::CatalogRelation, messages::line_opens_with_document(&line.name));
        work.hinted(fault, messages::parent_on_document());
    }
}

fn inverses(work: &mut Stages<'_>) {
    for (object, via) in each_field(work) {
        let field = work.catalog.object(object).field(via);
        let Some(relation) = field.relation() else { continue };
        let (target, Some(name)) = (relation.target, relation.inverse.clone()) else { continue };
        let Some((place, directives)) = work.fields.get(&(object, via)).cloned() else { continue };
        let pos = directives.get("relation").map_or(place.pos, |applied| applied.at("inverse"));
        let place = SourcePlace { pos, ..place };
        if let Some(fault) = names::field_fault(messages::the_inverse(), &name) {
            let hint = names::advice(&name, &names::camel(&name), Message::same("`inverseLabel`"));
            work.fault(place.fault(Code::CatalogName, fault).hinted(hint));
            continue;
        }
        let other = work.catalog.object(target);
        if let Some((taken, _)) = other.named(&name) {
            let custom = work.fields.get(&(target, taken)).map(|(place, _)| *place);
            let custom = custom.filter(|place| place.source.origin == Origin::Custom);
            let fault = match (place.source.origin, custom) {
                (Origin::Standard, Some(custom)) => custom
                    .fault(Code::CatalogDuplicate, messages::list_of_standard(&other.name, name)),
                _ => place.fault(Code::CatalogRelation, messages::inverse_taken(&other.name, name)),
            };
            work.fault(fault);
            continue;
        }
        let said = directives.get("relation");
        let label = |name| said.and_then(|applied| applied.text(name)).map(tidy);
        let own = || work.catalog.object(object).label.zh.clone();
        let inverse = Field {
            label: Label { zh: label("inverseLabel").or_else(own), en: label("inverseLabelEn") },
            required: false,
            system: false,
            column: None,
            origin: place.source.origin,
            ..system(&name, "", FieldType::Inverse(Inverse { target: object, via }))
        };
        push(&mut work.catalog.objects[target.0], inverse);
    }
}

/// Reports the label of an inverse that is not there.
pub(super) fn labels_an_inverse(
    said: Option<&Applied>,
    place: SourcePlace<'_>,
    work: &mut Stages<'_>,
) {
    let Some(said) = said.filter(|said| !said.has("inverse")) else { return };
    for label in INVERSE_LABELS.into_iter().filter(|label| said.has(label)) {
        let place = SourcePlace { pos: said.at(label), ..place };
        let fault = place.fault(Code::CatalogRelation, messages::label_without_inverse(label));
        work.hinted(fault, messages::name_inverse());
    }
}

/// The arguments that label the list at the other end of a relation.
const INVERSE_LABELS: [&str; 2] = ["inverseLabel", "inverseLabelEn"];

fn rollups(work: &mut Stages<'_>, which: impl Fn(RollupScope) -> bool) {
    for (object, field) in each_field(work) {
        let FieldType::Rollup(rollup) = work.catalog.object(object).field(field).ty else {
            continue;
        };
        if !which(rollup.scope) {
            continue;
        }
        let Some((place, directives)) = work.fields.get(&(object, field)).cloned() else {
            continue;
        };
        let Some(applied) = directives.get("rollup") else { continue };
        let of = applied.text("of").unwrap_or_default();
        let owner = work.catalog.object(object);
        let list = owner.named(of).and_then(|(ix, field)| match &field.ty {
            FieldType::Lines(lines) => Some((ix, lines.target)),
            FieldType::Inverse(inverse) => Some((ix, inverse.target)),
            FieldType::ManyToMany(junction) => Some((ix, junction.target)),
            _ => None,
        });
        if let Some((lines, _)) = list
            && let Some((message, hint)) = out_of_scope(owner.field(lines), rollup.scope)
        {
            let place = SourcePlace { pos: applied.at("of"), ..place };
            work.hinted(place.fault(Code::CatalogDirective, message), hint);
            continue;
        }
        let Some((lines, target)) = list else {
            if !work.refused.contains(&(object, of.to_owned())) {
                let lines = owner.fields.iter().filter(|f| matches!(f.ty, FieldType::Lines(_)));
                let near = names::nearest(of, lines.map(|field| field.name.as_str()));
                let hint = near.map(messages::did_you_mean);
                let place = SourcePlace { pos: applied.at("of"), ..place };
                let fault =
                    place.fault(Code::CatalogDirective, messages::no_lines_field(of, &owner.name));
                work.fault(Diagnostic { hint, ..fault });
            }
            continue;
        };
        let line = work.catalog.object(target);
        let op = match rollup.op {
            RollupOp::Count => Ok((RollupOp::Count, None)),
            op => rolled(line, op, applied, rollup.scale, directives.get("field")),
        };
        match op {
            Ok((op, scale)) => {
                let said = directives.get("field");
                let asked = said.and_then(|said| Some((said.at("scale"), said.int("scale")?)));
                let mean = matches!(op, RollupOp::Avg(_));
                if let (Some((pos, asked)), Some(scale)) = (asked, scale)
                    && asked != i64::from(scale)
                {
                    let message = match mean {
                        true => messages::mean_has_scale(scale),
                        false => messages::sum_has_scale(scale),
                    };
                    work.fault(SourcePlace { pos, ..place }.fault(Code::CatalogDirective, message));
                }
                let rollup = FieldType::Rollup(Rollup { lines, op, scale, ..rollup });
                work.catalog.objects[object.0].fields[field.0].ty = rollup;
            }
            Err((message, hint)) => {
                let argument = argument(rollup.op);
                let rolled = applied.text(argument).unwrap_or_default();
                if !work.refused.contains(&(target, rolled.to_owned())) {
                    let place = SourcePlace { pos: applied.at(argument), ..place };
                    let fault = place.fault(Code::CatalogDirective, message);
                    work.fault(Diagnostic { hint, ..fault });
                }
            }
        }
    }
}

/// The fault of a roll-up over records of a scope that are others, with advice.
fn out_of_scope(list: &Field, scope: RollupScope) -> Option<(Message, Message)> {
    let name = &list.name;
    match (&list.ty, scope) {
        (FieldType::Lines(_), RollupScope::Lines) => None,
        (FieldType::Lines(_), _) => Some((messages::are_lines(name), messages::leave_scope())),
        (_, RollupScope::Lines) => Some((messages::are_related(name), messages::say_scope())),
        (_, RollupScope::Viewer) => None,
        (FieldType::ManyToMany(_), RollupScope::System) => {
            Some((messages::refer_in_lists(name), messages::or_by_viewer()))
        }
        (_, RollupScope::System) => None,
    }
}

/// The argument of the directive that names the field.
fn argument(op: RollupOp) -> &'static str {
    match op {
        RollupOp::Count => "count",
        RollupOp::Sum(_) => "sum",
        RollupOp::Min(_) => "min",
        RollupOp::Max(_) => "max",
        RollupOp::Avg(_) => "avg",
    }
}

/// The function with the field of the lines that is rolled up, and the digits of the result. The error is the fault
/// and its advice.
///
/// A roll-up has a scale if it is declared as a `Decimal`. A mean has four digits unless told, and no fewer than the
/// field.
fn rolled(
    line: &Object,
    op: RollupOp,
    applied: &Applied,
    scale: Option<u8>,
    said: Option<&Applied>,
) -> Result<(RollupOp, Option<u8>), (Message, Option<Message>)> {
    let name = applied.text(argument(op)).unwrap_or_default();
    let (field, scale) = summed(line, name, scale, matches!(op, RollupOp::Avg(_)))?;
    Ok(match op {
        RollupOp::Count => (op, scale),
        RollupOp::Sum(_) => (RollupOp::Sum(field), scale),
        RollupOp::Min(_) => (RollupOp::Min(field), scale),
        RollupOp::Max(_) => (RollupOp::Max(field), scale),
        RollupOp::Avg(_) => {
            let asked = said.and_then(|said| said.int("scale"));
            let asked = asked.map_or(Some(MEAN_SCALE), |asked| u8::try_from(asked).ok());
            let asked = asked.filter(|asked| *asked <= 8).unwrap_or(8);
            (RollupOp::Avg(field), scale.map(|scale| scale.max(asked)))
        }
    })
}

/// The digits of a mean after the point, unless told.
const MEAN_SCALE: u8 = 4;

/// The field of the lines that is rolled up, and its digits after the point.
fn summed(
    line: &Object,
    name: &str,
    scale: Option<u8>,
    mean: bool,
) -> Result<(FieldIx, Option<u8>), (Message, Option<Message>)> {
    // What lines come to is a number of their document, as one that people give.
    let of_lines = |field: &Field| matches!(field.ty, FieldType::Rollup(rollup) if rollup.scope == RollupScope::Lines);
    let number = |field: &Field| {
        let rolled = matches!(field.ty, FieldType::Rollup(_));
        field.ty.traits().adds_up && (!rolled || of_lines(field)) && !field.on_read
    };
    let Some((ix, field)) = line.named(name) else {
        let numbers = line.fields.iter().filter(|field| !field.system && number(field));
        let near = names::nearest(name, numbers.map(|field| field.name.as_str()));
        let hint = near.map(messages::did_you_mean);
        return Err((messages::unknown_field(&line.name, name), hint));
    };
    match (&field.ty, scale) {
        _ if field.on_read => Err((messages::sum_of_unstored(name), Some(messages::store_it()))),
        (FieldType::Decimal { unit: Unit::Amount, .. }, _) => {
            Err((messages::sum_of_amounts(name), Some(messages::sum_base_amount())))
        }
        (FieldType::Decimal { scale, .. }, Some(_)) => Ok((ix, Some(*scale))),
        (FieldType::Rollup(Rollup { scale: Some(of), .. }), Some(_)) if of_lines(field) => {
            Ok((ix, Some(*of)))
        }
        (FieldType::Rollup(Rollup { scale: None, .. }), Some(_)) if of_lines(field) && mean => {
            Ok((ix, Some(0)))
        }
        (FieldType::Rollup(Rollup { scale: None, .. }), None) if of_lines(field) => Ok((ix, None)),
        (FieldType::Integer | FieldType::Duration | FieldType::Rating { .. }, Some(_)) if mean => {
            Ok((ix, Some(0)))
        }
        (FieldType::Integer | FieldType::Duration | FieldType::Rating { .. }, None) => {
            Ok((ix, None))
        }
        (FieldType::Decimal { .. } | FieldType::Rollup(Rollup { scale: Some(_), .. }), None) => {
            Err((messages::sum_is_decimal(name), Some(messages::declare_decimal())))
        }
        (FieldType::Integer | FieldType::Duration | FieldType::Rating { .. }, Some(_)) => {
            Err((messages::sum_is_int(name), Some(messages::declare_int())))
        }
        _ => Err((messages::no_number(name, &line.name), None)),
    }
}
