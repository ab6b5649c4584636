//! `draftCustomer` in the schema, for every object: a record as it would be saved.

use async_graphql::dynamic::{Object as Type, TypeRef};

use super::{
    describe::{arg, field},
    draft::SchemaDraft,
    mutations::DUPLICATE,
    needs::Need,
};
use crate::{
    access::Action,
    catalog::{Catalog, Object, ObjectIx, ObjectKind},
};

/// The type of a field's state.
pub(super) const STATE: &str = "DraftState";

/// The type of a draft.
pub(super) fn draft_type(object: &Object) -> String {
    format!("{}Draft", object.name)
}

fn root(object: &Object) -> String {
    format!("draft{}", object.name)
}

/// The root fields of all objects of a catalog.
pub(super) fn roots(catalog: &Catalog) -> impl Iterator<Item = (String, ObjectIx)> {
    let heads = catalog.objects.iter().filter(|object| object.kind != ObjectKind::Line);
    heads.map(|object| (root(object), object.ix))
}

/// What callers need who make or change records.
pub(super) fn writing(object: &Object) -> Need {
    Need::Any([Action::Create, Action::Edit].map(|action| Need::May(object.ix, action)).into())
}

/// Registers the type of states.
pub(super) fn shared(draft: &mut SchemaDraft<'_>) {
    let state = Type::new(STATE)
        .field(field("path", TypeRef::named_nn_list_nn("String")))
        .field(field("visible", TypeRef::named_nn("Boolean")))
        .field(field("required", TypeRef::named_nn("Boolean")))
        .field(field("readOnly", TypeRef::named_nn("Boolean")))
        .field(field("options", TypeRef::named_nn_list("String")));
    draft.register(Need::Nothing, state);
}

/// Adds the root field of an object and registers its type.
pub(super) fn register(draft: &mut SchemaDraft<'_>, object: &Object, query: Type) -> Type {
    let (name, ty) = (root(object), draft_type(object));
    let drafted = Type::new(&ty)
        .field(field("record", TypeRef::named(&object.name)))
        .field(field("states", TypeRef::named_nn_list_nn(STATE)))
        .field(field("duplicates", TypeRef::named_nn_list_nn(DUPLICATE)))
        .field(field("userErrors", TypeRef::named_nn_list_nn("UserError")));
    draft.register(writing(object), drafted);
    if !draft.has(&["Query", &name], writing(object)) {
        return query;
    }
    let root = field(name, TypeRef::named(ty))
        .argument(arg("id", TypeRef::named("ID")))
        .argument(arg("patch", TypeRef::named_nn(format!("Update{}Input", object.name))))
        .argument(arg("changed", TypeRef::named_nn_list("String")));
    query.field(root)
}
