//! Inputs in the schema that are made of an object's fields: filters, orders, and what is written.
//!
//! Names and types only, as in `schema`. How inputs are read is not known here.

use async_graphql::dynamic::{InputObject, TypeRef};

use super::{
    aggregates,
    describe::input,
    draft::SchemaDraft,
    grouped_types::GroupedType,
    names::{IS_NULL, MINE, OWN_RECORDS},
    needs::Need,
    unions,
};
use crate::{
    access::Action,
    catalog::{Catalog, Field as Known, FieldIx, FieldType, FlowMove, NamedAction, Object},
    graphql::field_kinds::scalar,
};

pub(super) fn filter(draft: &mut SchemaDraft<'_>, object: &Object) {
    let whole = draft.whole;
    let own = format!("{}Filter", object.name);
    let mut ty = GroupedType::new(object, ("", "Filter"), |ty: InputObject| {
        ty.field(input("and", TypeRef::named_nn_list(&own)))
            .field(input("or", TypeRef::named_nn_list(&own)))
            .field(input("not", TypeRef::named(&own)))
            .field(input(IS_NULL, TypeRef::named("Boolean")))
    });
    if whole.staff(object).is_some() && draft.has(&[&own, MINE], Need::Staff(object.ix)) {
        ty = ty.with(input(MINE, TypeRef::named(OWN_RECORDS)));
    }
    for (ix, known) in object.by_every_name(whole.compared(object)) {
        if let Some(condition) = condition(whole.catalog, &known) {
            let make = |name: &str| input(name, TypeRef::named(condition));
            ty.field(draft, (ix, &known), Need::Compare, make);
        }
    }
    let ty = ty.finish(draft);
    draft.register(Need::Read(object.ix), ty);
}

/// The type of conditions on a field.
fn condition(catalog: &Catalog, known: &Known) -> Option<String> {
    let target = known.target().map(|ix| format!("{}Filter", catalog.object(ix).name));
    Some(match (&known.ty, target) {
        (FieldType::Relation(_), Some(target)) => target,
        (_, Some(target)) => format!("{target}Many"),
        (FieldType::MultiPicklist(list), None) => {
            format!("{}ListFilter", catalog.picklist(*list).name)
        }
        (ty @ FieldType::Union(_), None) => unions::named(catalog, ty, "Filter")?,
        (FieldType::RichText { .. }, None) => "RichTextFilter".to_owned(),
        (_, None) => format!("{}Filter", scalar(catalog, known)?),
    })
}

/// Builds the filter `{some, none, every}` on records of an object.
pub(super) fn many_filter(draft: &mut SchemaDraft<'_>, object: &Object) {
    let own = format!("{}Filter", object.name);
    let quantified = ["some", "none", "every"]
        .into_iter()
        .fold(InputObject::new(format!("{own}Many")), |ty, quantifier| {
            ty.field(input(quantifier, TypeRef::named(&own)))
        });
    let ty = aggregates::compared_many(draft, object, quantified);
    draft.register(Need::Read(object.ix), ty);
}

pub(super) fn order(draft: &mut SchemaDraft<'_>, object: &Object) {
    let whole = draft.whole;
    let mut ty = GroupedType::new(object, ("", "Order"), |ty: InputObject| {
        ty.description("One key: exactly one field.")
    });
    for (ix, known) in object.by_every_name(whole.compared(object)) {
        let name = match (&known.ty, known.target()) {
            (FieldType::Relation(_), Some(target)) => {
                format!("{}Order", whole.catalog.object(target).name)
            }
            (ty @ FieldType::Union(_), None) => {
                let Some(name) = unions::named(whole.catalog, ty, "Order") else { continue };
                name
            }
            (ty, None) if ty.traits().sorts => "OrderDirection".to_owned(),
            _ => continue,
        };
        ty.field(draft, (ix, &known), Need::Compare, |own| input(own, TypeRef::named(name)));
    }
    let ty = ty.finish(draft);
    draft.register(Need::Read(object.ix), ty);
}

pub(super) fn write(draft: &mut SchemaDraft<'_>, object: &Object, verb: &str, need: &Need) {
    let whole = draft.whole;
    let mut ty = GroupedType::new(object, (verb, "Input"), |ty: InputObject| ty);
    let mut empty = true;
    for (ix, known) in object.by_every_name(whole.written(object)) {
        if let Some(given) = given(whole.catalog, &known) {
            empty &= !ty.field(draft, (ix, &known), Need::Write, |name| input(name, given));
        }
    }
    if empty {
        ty = ty.with(input("_", TypeRef::named("Boolean")));
    }
    let ty = ty.finish(draft);
    draft.register(need.clone(), ty);
}

/// What a caller needs to give a move any of what it asks for: to write one of the fields, or to see one, where the move
/// writes under a mandate.
pub(super) fn gives(object: &Object, step: &FlowMove, need: &Need) -> Need {
    let each = step.input.iter().map(|asked| given_by(object, step, asked.field));
    Need::Both(Box::new((need.clone(), Need::Any(each.collect()))))
}

fn given_by(object: &Object, step: &FlowMove, field: FieldIx) -> Need {
    match step.mandate {
        true => Need::See(object.ix, field),
        false => Need::Write(object.ix, field),
    }
}

/// Registers the input of a move: the fields that it asks for and that the caller may give. None is required
/// by its type, as in a new record: the move itself tells what it lacks.
pub(super) fn of_move(
    draft: &mut SchemaDraft<'_>,
    object: &Object,
    step: &FlowMove,
    own: &str,
    need: &Need,
) {
    let mut ty = InputObject::new(own);
    for asked in &step.input {
        let known = object.field(asked.field);
        let Some(given) = given(draft.whole.catalog, known) else { continue };
        if draft.has(&[own, &known.name], given_by(object, step, asked.field)) {
            ty = ty.field(input(&known.name, given));
        }
    }
    draft.register(gives(object, step, need), ty);
}

/// Registers the input of an action: what it asks for. None is required by its type, as in a new record.
pub(super) fn of_action(draft: &mut SchemaDraft<'_>, action: &NamedAction, need: &Need) {
    let own = &action.input.name;
    let mut ty = InputObject::new(own);
    for (_, asked) in action.asks() {
        let Some(given) = given(draft.whole.catalog, asked) else { continue };
        let seen = asked.target().map_or(Need::Nothing, Need::Read);
        if draft.has(&[own, &asked.name], seen) {
            ty = ty.field(input(&asked.name, given));
        }
    }
    if action.asks().all(|(_, asked)| asked.target().is_some()) {
        // Whoever reads none of the objects has nothing to give.
        ty = ty.field(input("_", TypeRef::named("Boolean")));
    }
    draft.register(need.clone(), ty);
}

/// The type in which inputs give a field.
fn given(catalog: &Catalog, known: &Known) -> Option<TypeRef> {
    Some(match (&known.ty, known.target().map(|ix| catalog.object(ix))) {
        (FieldType::Relation(_), Some(target)) => {
            TypeRef::named(format!("{}RefInput", target.name))
        }
        (ty @ FieldType::Union(_), _) => TypeRef::named(unions::named(catalog, ty, "RefInput")?),
        (FieldType::ManyToMany(_), _) => TypeRef::named("RecordSet"),
        (FieldType::Lines(_), Some(line)) => TypeRef::named(format!("{}ListInput", line.name)),
        (FieldType::MultiPicklist(list), _) => {
            TypeRef::named_nn_list(&catalog.picklist(*list).name)
        }
        _ => TypeRef::named(scalar(catalog, known)?),
    })
}

/// Builds the input of a reference: an existing record, or one to create.
pub(super) fn reference(draft: &mut SchemaDraft<'_>, object: &Object) {
    let own = format!("{}RefInput", object.name);
    let made = format!("Create{}Input", object.name);
    let mut ty = InputObject::new(&own)
        .description(
            "A record there is, by `id`, or one made in the same transaction: one of both.",
        )
        .field(input("id", TypeRef::named("ID")));
    if draft.has(&[&own, "create"], Need::May(object.ix, Action::Create)) {
        ty = ty.field(input("create", TypeRef::named(made)));
    }
    draft.register(Need::Read(object.ix), ty);
}

pub(super) fn line_patch(object: &Object) -> InputObject {
    InputObject::new(format!("{}PatchInput", object.name))
        .field(input("id", TypeRef::named_nn("ID")))
        .field(input("patch", TypeRef::named_nn(format!("Update{}Input", object.name))))
}

pub(super) fn line_list(object: &Object) -> InputObject {
    InputObject::new(format!("{}ListInput", object.name))
        .field(input("create", TypeRef::named_nn_list(format!("Create{}Input", object.name))))
        .field(input("update", TypeRef::named_nn_list(format!("{}PatchInput", object.name))))
        .field(input("delete", TypeRef::named_nn_list("ID")))
}
