//! Stage 5: what objects add to each other: parents of lines, inverses, roll-ups.

use super::{
    super::{
        diagnostic::Diagnostic,
        field::{
            Field, FieldIx, FieldType, Inverse, Label, Lines, OnDelete, Relation, Rollup, RollupOp,
        },
        names,
        object::{Object, ObjectIx, ObjectKind, Origin},
        source::Place,
    },
    Work,
    objects::{push, system},
};
use crate::base::{Code, text::tidy};

pub(super) fn resolve(work: &mut Work<'_>) {
    parents(work);
    parents_of_lines(work);
    inverses(work);
    rollups(work);
}

fn each_field(work: &Work<'_>) -> Vec<(ObjectIx, FieldIx)> {
    work.catalog
        .objects
        .iter()
        .flat_map(|object| object.each_field().map(|(field, _)| (object.ix, field)))
        .collect()
}

fn parents(work: &mut Work<'_>) {
    for (owner, field) in each_field(work) {
        let FieldType::Lines(Lines { target, .. }) = work.catalog.object(owner).field(field).ty
        else {
            continue;
        };
        let Some((place, _)) = work.fields.get(&(owner, field)).cloned() else { continue };
        work.asked_lines.insert(target);
        let line = work.catalog.object(target);
        if line.parent.is_some() {
            let fault = place.fault(
                Code::CatalogRelation,
                format!("`{}` is already the line object of another field", line.name),
            );
            work.hinted(fault, "define a line object of its own for each field");
            continue;
        }
        let name = names::camel(&work.catalog.object(owner).name);
        if line.by_name.contains_key(&name) {
            let fault = place.fault(
                Code::CatalogRelation,
                format!("`{}` has a field `{name}`, which is the name of its parent", line.name),
            );
            work.hinted(fault, "the parent is there without being defined; take the field out");
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
            let fault = work.object_places[ix].fault(
                Code::CatalogRelation,
                format!("no document has `{}` as its lines", object.name),
            );
            work.hinted(fault, format!("add a field `lines: [{}!]! @lines` to it", object.name));
        }
    }
}

/// A line is open with its document, whatever else it names.
fn parents_of_lines(work: &mut Work<'_>) {
    for (owner, field) in each_field(work) {
        let line = work.catalog.object(owner);
        let parent = line.field(field).relation().is_some_and(|relation| relation.parent);
        if !parent || line.kind != ObjectKind::Line || line.parent == Some(field) {
            continue;
        }
        let Some((place, directives)) = work.fields.get(&(owner, field)).cloned() else { continue };
        let pos = directives.get("relation").map_or(place.pos, |applied| applied.at("parent"));
        let fault = Place { pos, ..place }.fault(
            Code::CatalogRelation,
            format!("`{}` is a line: it is open where its document is", line.name),
        );
        work.hinted(fault, "put `parent: true` on a relation of the document");
    }
}

fn inverses(work: &mut Work<'_>) {
    for (object, via) in each_field(work) {
        let field = work.catalog.object(object).field(via);
        let Some(relation) = field.relation() else { continue };
        let (target, Some(name)) = (relation.target, relation.inverse.clone()) else { continue };
        let Some((place, directives)) = work.fields.get(&(object, via)).cloned() else { continue };
        let pos = directives.get("relation").map_or(place.pos, |applied| applied.at("inverse"));
        let place = Place { pos, ..place };
        if let Some(fault) = names::field_fault(&name) {
            let fault = fault.replace("field name", "inverse");
            let hint = names::advice(&name, &names::camel(&name), "`inverseLabel`");
            work.fault(place.fault(Code::CatalogName, fault).hinted(hint));
            continue;
        }
        let other = work.catalog.object(target);
        if let Some((taken, _)) = other.named(&name) {
            let custom = work.fields.get(&(target, taken)).map(|(place, _)| *place);
            let custom = custom.filter(|place| place.source.origin == Origin::Custom);
            let fault = match (place.source.origin, custom) {
                (Origin::Standard, Some(custom)) => custom.fault(
                    Code::CatalogDuplicate,
                    format!(
                        "`{}` already has the list `{name}`, the inverse of a standard relation",
                        other.name
                    ),
                ),
                _ => place.fault(
                    Code::CatalogRelation,
                    format!("`{}` already has a `{name}`; choose another inverse", other.name),
                ),
            };
            work.fault(fault);
            continue;
        }
        let label = directives.get("relation").and_then(|applied| applied.text("inverseLabel"));
        let zh = label.map(tidy).or_else(|| work.catalog.object(object).label.zh.clone());
        let inverse = Field {
            label: Label { zh, en: None },
            required: false,
            system: false,
            column: None,
            origin: place.source.origin,
            ..system(&name, "", FieldType::Inverse(Inverse { target: object, via }))
        };
        push(&mut work.catalog.objects[target.0], inverse);
    }
}

fn rollups(work: &mut Work<'_>) {
    for (object, field) in each_field(work) {
        let FieldType::Rollup(rollup) = work.catalog.object(object).field(field).ty else {
            continue;
        };
        let Some((place, directives)) = work.fields.get(&(object, field)).cloned() else {
            continue;
        };
        let Some(applied) = directives.get("rollup") else { continue };
        let of = applied.text("of").unwrap_or_default();
        let owner = work.catalog.object(object);
        let Some((lines, Lines { target, .. })) =
            owner.named(of).and_then(|(ix, field)| match field.ty {
                FieldType::Lines(lines) => Some((ix, lines)),
                _ => None,
            })
        else {
            if !work.refused.contains(&(object, of.to_owned())) {
                let lines = owner.fields.iter().filter(|f| matches!(f.ty, FieldType::Lines(_)));
                let near = names::nearest(of, lines.map(|field| field.name.as_str()));
                let hint = near.map(|near| format!("did you mean `{near}`?"));
                let place = Place { pos: applied.at("of"), ..place };
                let fault = place.fault(
                    Code::CatalogDirective,
                    format!("`{of}` is not a field with `@lines` of `{}`", owner.name),
                );
                work.fault(Diagnostic { hint, ..fault });
            }
            continue;
        };
        let line = work.catalog.object(target);
        let op = match rollup.op {
            RollupOp::Count => Ok((RollupOp::Count, None)),
            RollupOp::Sum(_) => summed(line, applied.text("sum").unwrap_or_default(), rollup.scale),
        };
        match op {
            Ok((op, scale)) => {
                let said = directives.get("field");
                let asked = said.and_then(|said| Some((said.at("scale"), said.int("scale")?)));
                if let (Some((pos, asked)), Some(scale)) = (asked, scale)
                    && asked != i64::from(scale)
                {
                    let message = format!("the sum has the scale of what is summed up, {scale}");
                    work.fault(Place { pos, ..place }.fault(Code::CatalogDirective, message));
                }
                let rollup = FieldType::Rollup(Rollup { lines, op, scale });
                work.catalog.objects[object.0].fields[field.0].ty = rollup;
            }
            Err((message, hint)) => {
                let sum = applied.text("sum").unwrap_or_default();
                if !work.refused.contains(&(target, sum.to_owned())) {
                    let place = Place { pos: applied.at("sum"), ..place };
                    let fault = place.fault(Code::CatalogDirective, message);
                    work.fault(Diagnostic { hint, ..fault });
                }
            }
        }
    }
}

/// The field of the lines that is summed up, or what is wrong with it and what to do.
///
/// A roll-up has a scale when it is declared as a `Decimal`.
fn summed(
    line: &Object,
    name: &str,
    scale: Option<u8>,
) -> Result<(RollupOp, Option<u8>), (String, Option<String>)> {
    let number = |field: &Field| matches!(field.ty, FieldType::Decimal { .. } | FieldType::Integer);
    let Some((ix, field)) = line.named(name) else {
        let numbers = line.fields.iter().filter(|field| !field.system && number(field));
        let near = names::nearest(name, numbers.map(|field| field.name.as_str()));
        let hint = near.map(|near| format!("did you mean `{near}`?"));
        return Err((format!("`{}` has no field `{name}`", line.name), hint));
    };
    match (&field.ty, scale) {
        (FieldType::Decimal { scale, .. }, Some(_)) => Ok((RollupOp::Sum(ix), Some(*scale))),
        (FieldType::Integer, None) => Ok((RollupOp::Sum(ix), None)),
        (FieldType::Decimal { .. }, None) => Err((
            format!("`{name}` is a `Decimal`, so its sum is one too"),
            Some("declare the roll-up as a `Decimal`".to_owned()),
        )),
        (FieldType::Integer, Some(_)) => Err((
            format!("`{name}` is an `Int`, so its sum is one too"),
            Some("declare the roll-up as an `Int`".to_owned()),
        )),
        _ => Err((format!("`{name}` of `{}` is not a number", line.name), None)),
    }
}
