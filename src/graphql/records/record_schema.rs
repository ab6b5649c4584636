//! Records in the schema: their fields, lists and root fields.
//!
//! Names and types only, as in `schema`. What a field is for is not known here.

use async_graphql::dynamic::{Field, Object as Type, TypeRef};

use super::{
    aggregates,
    describe::{Dated, arg, field},
    draft::SchemaDraft,
    grouped_types::GroupedType,
    history,
    names::{
        ACTIONS, AGGREGATE, AS_OF, FIELD_STATE, FIELD_STATES, OFFSET, RECORD_ACTION,
        RECORD_ACTIONS, RESPONSIBLE, TITLE,
    },
    needs::Need,
    unions,
};
use crate::{
    catalog::{Field as Known, FieldType, Object, ObjectKind},
    graphql::field_kinds::scalar,
};

/// Builds a list of an object. `at`: its type and name.
fn listing(draft: &mut SchemaDraft<'_>, at: [&str; 2], ty: TypeRef, object: &Object) -> Field {
    let mut listed =
        field(at[1], ty).argument(arg("filter", TypeRef::named(format!("{}Filter", object.name))));
    if object.kind != ObjectKind::Line {
        listed = listed
            .argument(arg("orderBy", TypeRef::named_nn_list(format!("{}Order", object.name))));
    }
    aggregates::searched(draft, at, object, listed).argument(arg("first", TypeRef::named("Int")))
}

/// Builds a list of a record without pages.
fn plain(draft: &mut SchemaDraft<'_>, at: [&str; 2], object: &Object) -> Field {
    listing(draft, at, TypeRef::named_nn_list_nn(&object.name), object)
        .argument(arg(OFFSET, TypeRef::named("Int")))
}

/// Builds a connection. On a record it is non-null; as a root field it is nullable.
fn paged(
    draft: &mut SchemaDraft<'_>,
    at: [&str; 2],
    object: &Object,
    ty: impl FnOnce(String) -> TypeRef,
) -> Field {
    listing(draft, at, ty(format!("{}Connection", object.name)), object)
        .argument(arg("after", TypeRef::named("String")))
        .argument(arg("last", TypeRef::named("Int")))
        .argument(arg("before", TypeRef::named("String")))
}

pub(super) fn record(draft: &mut SchemaDraft<'_>, object: &Object) {
    let whole = draft.whole;
    let mut ty = GroupedType::new(object, ("", ""), |ty: Type| ty.implement("Node"));
    for (ix, known) in object.by_every_name(whole.fields(object)) {
        let (see, now) = (Need::See(object.ix, ix), object.field(ix));
        if let Some(out) = output(draft, object, &known) {
            ty.field(draft, (ix, &known), Need::See, |_| out);
        }
        if known.relation().is_none()
            && let Some(target) = known.target()
        {
            let name = format!("{}{AGGREGATE}", known.name);
            let target = whole.catalog.object(target);
            let at = [object.name.as_str(), name.as_str()];
            let all = aggregates::aggregate(draft, at, target, TypeRef::named_nn_list_nn);
            if draft.has(&at, see) {
                let dated = format!("{}{AGGREGATE}", now.name);
                ty = ty.with(if known.name == now.name { all } else { all.renamed_to(&dated) });
            }
        }
    }
    if object.kind != ObjectKind::Line {
        ty = ty.with(history::field());
        ty = ty.with(field("_can", TypeRef::named_nn(RECORD_ACTIONS)));
        if object.flow.is_some() || !object.actions.is_empty() {
            ty = ty.with(field(ACTIONS, TypeRef::named_nn_list_nn(RECORD_ACTION)));
        }
    }
    if let Some(employee) = whole.responsible(object) {
        let all = TypeRef::named_nn_list_nn(&employee.name);
        let at = [object.name.as_str(), RESPONSIBLE];
        let listed = listing(draft, at, all, employee);
        if draft.has(&at, Need::Responsible(object.ix)) {
            ty = ty.with(listed);
        }
    }
    let states = field(FIELD_STATES, TypeRef::named_nn_list_nn(FIELD_STATE))
        .argument(arg("fields", TypeRef::named_nn_list("String")));
    let ty = ty.with(field(TITLE, TypeRef::named("String"))).with(states).finish(draft);
    draft.register(Need::Read(object.ix), ty);
}

/// Builds the field of a record for one of its object.
fn output(draft: &mut SchemaDraft<'_>, object: &Object, known: &Known) -> Option<Field> {
    let catalog = draft.whole.catalog;
    let (_, name) = known.place();
    let at = [object.name.as_str(), name];
    Some(match (&known.ty, known.target().map(|ix| catalog.object(ix))) {
        (FieldType::Relation(_), Some(target)) => field(name, TypeRef::named(&target.name)),
        (ty @ FieldType::Union(_), _) => {
            field(&known.name, TypeRef::named(unions::named(catalog, ty, "")?))
        }
        (FieldType::Lines(_) | FieldType::ManyToMany(_), Some(target)) => plain(draft, at, target),
        (FieldType::Inverse(_), Some(target)) if target.kind == ObjectKind::Line => {
            plain(draft, at, target)
        }
        (FieldType::Inverse(_), Some(target)) => paged(draft, at, target, TypeRef::named_nn),
        (FieldType::MultiPicklist(list), _) => {
            field(name, TypeRef::named_nn_list(&catalog.picklist(*list).name))
        }
        _ => {
            let scalar = scalar(catalog, known)?;
            let always = known.promised();
            let ty = if always { TypeRef::named_nn(scalar) } else { TypeRef::named(scalar) };
            field(name, ty)
        }
    })
}

pub(super) fn connection(object: &Object) -> Type {
    Type::new(format!("{}Connection", object.name))
        .field(field("edges", TypeRef::named_nn_list_nn(format!("{}Edge", object.name))))
        .field(field("nodes", TypeRef::named_nn_list_nn(&object.name)))
        .field(field("pageInfo", TypeRef::named_nn("PageInfo")))
        .field(field("totalCount", TypeRef::named_nn("Int")))
}

pub(super) fn edge(object: &Object) -> Type {
    Type::new(format!("{}Edge", object.name))
        .field(field("cursor", TypeRef::named_nn("String")))
        .field(field("node", TypeRef::named_nn(&object.name)))
}

pub(super) fn roots(draft: &mut SchemaDraft<'_>, object: &Object, mut query: Type) -> Type {
    let (name, catalog) = (object.singular(), draft.whole.catalog);
    let mut one =
        field(&name, TypeRef::named(&object.name)).argument(arg("id", TypeRef::named("ID")));
    for (ix, key) in object.by_every_name(object.key_fields()) {
        if draft.has(&["Query", &name, &key.name], Need::Compare(object.ix, ix)) {
            let ty = scalar(catalog, &key).unwrap_or("String");
            one = one.argument(arg(&key.name, TypeRef::named(ty)).under(object, &key.name));
        }
    }
    let mut found = vec![(name.clone(), one)];
    let grouped = format!("{name}{AGGREGATE}");
    let rows = TypeRef::named_nn_list;
    let aggregate = aggregates::aggregate(draft, ["Query", &grouped], object, rows);
    found.push((grouped, aggregate));
    if let Some(plural) = &object.plural {
        let list = paged(draft, ["Query", plural], object, TypeRef::named);
        found.push((plural.clone(), list));
    }
    for (name, root) in found {
        if draft.has(&["Query", &name], Need::Read(object.ix)) {
            query = query.field(root.argument(arg(AS_OF, TypeRef::named("DateTime"))));
        }
    }
    query
}
