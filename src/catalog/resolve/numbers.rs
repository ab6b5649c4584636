//! Stage 7: the values that auto-numbers print, looked up in the objects they are read from.

use super::{
    super::{
        field_type::{FieldType, TextForm},
        ids::{FieldIx, ObjectIx},
        messages, names,
        number::LONGEST_VALUE,
        source::SourcePlace,
    },
    Stages,
};
use crate::base::{Code, Message};

/// The most relations over which a number reads a value.
const FARTHEST: usize = 3;

pub(super) fn resolve(work: &mut Stages<'_>) {
    for at in 0..work.catalog.objects.len() {
        let object = &work.catalog.objects[at];
        let numbers = object.each_field().filter_map(|(ix, field)| match &field.ty {
            FieldType::AutoNumber(format) if format.has_values() => Some((ix, format.clone())),
            _ => None,
        });
        for (ix, format) in numbers.collect::<Vec<_>>() {
            let object = &work.catalog.objects[at];
            let format = format.reading(|path| {
                let path = path.join(".");
                let steps = work.catalog.steps(object, &path).into_iter();
                steps.map(str::to_owned).collect()
            });
            work.catalog.objects[at].fields[ix.0].ty = FieldType::AutoNumber(format.clone());
            for path in format.paths() {
                check(ObjectIx(at), ix, path, work);
            }
        }
    }
}

/// Reports what is wrong with the path of a value.
fn check(object: ObjectIx, number: FieldIx, path: &[String], work: &mut Stages<'_>) {
    let Some(place) = place(object, number, work) else { return };
    if path.len() > FARTHEST + 1 {
        return work.fault(place.fault(Code::CatalogNumber, messages::long_number_path(FARTHEST)));
    }
    let (mut at, last) = (object, path.len() - 1);
    for (step, name) in path.iter().enumerate() {
        let known = work.catalog.object(at);
        let Some((_, field)) = known.named(name) else {
            return unknown(at, name, &path.join("."), place, work);
        };
        let message = if step == last {
            let own = step == 0;
            let kept = field.system && matches!(field.ty, FieldType::Integer);
            let computed = kept || own && field.formula_text.is_some();
            match field.on_read {
                true => Some(messages::number_of_unstored(name)),
                false => value_fault(&field.ty, own, computed, name),
            }
        } else {
            match field.relation() {
                Some(relation) => {
                    at = relation.target;
                    continue;
                }
                None => Some(messages::number_step(name)),
            }
        };
        if let Some(message) = message {
            work.fault(place.fault(Code::CatalogNumber, message));
        }
        return;
    }
}

/// What speaks against a field's value in a number.
fn value_fault(ty: &FieldType, own: bool, computed: bool, name: &str) -> Option<Message> {
    if computed {
        return Some(messages::computed_number_value(name));
    }
    match ty {
        FieldType::Text { form: TextForm::Long, .. } => Some(messages::no_number_value(name)),
        FieldType::Text { max, .. } if *max > LONGEST_VALUE => {
            Some(messages::long_number_value(name, LONGEST_VALUE))
        }
        FieldType::Text { .. } | FieldType::Picklist(_) | FieldType::Integer => None,
        FieldType::AutoNumber(_) if !own => None,
        _ => Some(messages::no_number_value(name)),
    }
}

fn unknown(at: ObjectIx, name: &str, path: &str, place: SourcePlace<'_>, work: &mut Stages<'_>) {
    if work.refused.contains(&(at, name.to_owned())) {
        return;
    }
    let near = names::nearest(name, work.catalog.object(at).by_name.keys().map(String::as_str));
    let mut fault = place.fault(Code::CatalogNumber, messages::no_number_part(path));
    fault.hint = near.map(messages::did_you_mean);
    work.faults.push(fault);
}

/// Where the format of a number is written.
fn place<'a>(object: ObjectIx, number: FieldIx, work: &Stages<'a>) -> Option<SourcePlace<'a>> {
    if let Some((place, directives)) = work.fields.get(&(object, number)) {
        let pos = directives.get("number").map_or(place.pos, |said| said.at("format"));
        return Some(SourcePlace { pos, ..*place });
    }
    let written = work.object_directives[object.0].iter().find_map(|(place, directives)| {
        let said = directives.get("object").filter(|said| said.text("number").is_some())?;
        Some(SourcePlace { pos: said.at("number"), ..*place })
    });
    written.or_else(|| work.object_places.get(object.0).copied())
}
