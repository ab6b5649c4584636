//! Steps on what comes with the program, which one's own text does not define: they state it anew, or cannot be made.

use super::{
    edit::{EditFault, SchemaEdit, quoted},
    outline::{DefinitionOutline, outline},
};

/// The edit by which a step on a standard object, field or picklist value states it anew in one's own text. None if the
/// standard text does not define it; the fault tells that it stays as it is.
pub fn restating(standard: &str, edit: &SchemaEdit) -> Option<Result<SchemaEdit, EditFault>> {
    let (object, field) = about(edit)?;
    let units = outline(standard)?;
    let mut of = units.iter().filter(|unit| unit.name == object);
    let unit = match field {
        Some(field) => of.find(|unit| unit.member(field).is_some())?,
        None => of.find(|unit| !unit.extend)?,
    };
    let name = match field {
        Some(field) => format!("{object}.{field}"),
        None => object.to_owned(),
    };
    Some(match edit {
        SchemaEdit::Relabel { label: None, label_en: None, .. } => return None,
        SchemaEdit::Relabel { field: None, .. } if unit.list => Err(EditFault::Standard(name)),
        SchemaEdit::Relabel { field, label, label_en, .. } => {
            let labels = [label.as_deref(), label_en.as_deref()];
            Ok(relabelled(standard, unit, field.as_deref(), labels))
        }
        SchemaEdit::UpdateField { object, sdl, .. } => {
            Ok(SchemaEdit::DefineField { object: object.clone(), sdl: sdl.clone() })
        }
        _ => Err(EditFault::Standard(name)),
    })
}

/// The object and field that an edit changes; none if it adds something.
fn about(edit: &SchemaEdit) -> Option<(&str, Option<&str>)> {
    match edit {
        SchemaEdit::DefineObject { .. } | SchemaEdit::DefineField { .. } => None,
        SchemaEdit::UpdateField { object, field, .. }
        | SchemaEdit::RetypeField { object, field, .. }
        | SchemaEdit::RetireField { object, field }
        | SchemaEdit::DropOldName { object, field, .. } => Some((object, Some(field))),
        SchemaEdit::RetireObject { object } | SchemaEdit::UpdateObject { object, .. } => {
            Some((object, None))
        }
        SchemaEdit::Relabel { object, field, .. } => Some((object, field.as_deref())),
    }
}

/// The edit that gives other labels.
fn relabelled(
    standard: &str,
    unit: &DefinitionOutline,
    field: Option<&str>,
    labels: [Option<&str>; 2],
) -> SchemaEdit {
    let object = &unit.name;
    let written = |names: [&str; 2]| {
        let given = names.into_iter().zip(labels);
        let given = given.filter_map(|(name, label)| Some(format!("{name}: {}", quoted(label?))));
        given.collect::<Vec<_>>().join(", ")
    };
    let Some((name, member)) = field.and_then(|name| Some((name, unit.member(name)?))) else {
        let sdl = format!("extend type {object} @object({})", written(["label", "labelEn"]));
        return SchemaEdit::DefineObject { sdl };
    };
    if unit.list {
        let labels = written(["zh", "en"]);
        return SchemaEdit::DefineObject {
            sdl: format!("extend enum {object} {{ {name} @label({labels}) }}"),
        };
    }
    let typed = standard.get(member.named.start..member.typed).unwrap_or_default();
    let sdl = format!("{typed} @standard({})", written(["label", "labelEn"]));
    SchemaEdit::DefineField { object: object.clone(), sdl }
}
