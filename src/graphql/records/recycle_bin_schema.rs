//! `recycleBin` in the schema: deleted records that the caller may restore, latest first.

use async_graphql::dynamic::{Field, Object as Type, TypeRef};

use super::{
    describe::{arg, field},
    draft::SchemaDraft,
    needs::Need,
};
use crate::{
    access::{Action, Visible},
    catalog::{Object, ObjectKind},
};

/// The root field.
pub(super) const ROOT: &str = "recycleBin";
/// The type of its answer.
pub(super) const LIST: &str = "RecycleBin";
/// The type of a removed record.
pub(super) const RECORD: &str = "RecycledRecord";

/// Whether the caller may restore any record of an object.
pub(super) fn opens(visible: Visible<'_>, object: &Object) -> bool {
    object.kind != ObjectKind::Line && visible.may(object, Action::Create)
}

/// Adds the root field and registers its types, where the caller may restore records of any object.
pub(super) fn register(draft: &mut SchemaDraft<'_>, query: Type) -> Type {
    let whole = draft.whole;
    let objects = whole.objects().filter(|object| opens(whole, object));
    let any: Vec<_> = objects.map(|object| Need::May(object.ix, Action::Create)).collect();
    if any.is_empty() {
        return query;
    }
    let need = Need::Any(any);
    for ty in types() {
        draft.register(need.clone(), ty);
    }
    if draft.has(&["Query", ROOT], need) { query.field(root()) } else { query }
}

/// Builds the root field with its arguments.
fn root() -> Field {
    field(ROOT, TypeRef::named(LIST))
        .description("Removed records that the caller may put back, the latest first: those they removed, and for administrators all.")
        .argument(arg("object", TypeRef::named("String")))
        .argument(arg("first", TypeRef::named("Int")))
        .argument(arg("after", TypeRef::named("String")))
}

/// Builds its types.
fn types() -> [Type; 2] {
    let list = Type::new(LIST)
        .field(field("nodes", TypeRef::named_nn_list_nn(RECORD)))
        .field(field("pageInfo", TypeRef::named_nn("PageInfo")));
    let title = "What named the record; none where the caller would not see it.";
    let record = Type::new(RECORD)
        .description("A removed record.")
        .field(field("id", TypeRef::named_nn("ID")))
        .field(field("object", TypeRef::named_nn("String")))
        .field(field("version", TypeRef::named_nn("Int")))
        .field(field("title", TypeRef::named("String")).description(title))
        .field(field("deletedAt", TypeRef::named_nn("DateTime")))
        .field(field("deletedBy", TypeRef::named("ID")));
    [list, record]
}
