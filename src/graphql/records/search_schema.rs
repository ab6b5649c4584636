//! `search` and `candidates` in the schema: records of many objects by words, and those to which a field may
//! refer.

use async_graphql::dynamic::{Object as Type, TypeRef};

use super::{
    describe::{arg, field},
    draft::SchemaDraft,
    needs::Need,
};

/// The root field that searches all objects.
pub(super) const SEARCH: &str = "search";
/// The type of what it finds of one object.
pub(super) const GROUP: &str = "SearchGroup";
/// The type of a record that it finds.
pub(super) const HIT: &str = "SearchHit";
/// The root field with the records to which a field may refer.
pub(super) const CANDIDATES: &str = "candidates";
/// The type of such a record.
pub(super) const CANDIDATE: &str = "Candidate";

/// Adds the root fields and registers their types, which are there for everyone.
pub(super) fn register(draft: &mut SchemaDraft<'_>, query: Type) -> Type {
    for ty in types() {
        draft.register(Need::Nothing, ty);
    }
    let search = field(SEARCH, TypeRef::named_nn_list(GROUP))
        .argument(arg("text", TypeRef::named_nn("String")))
        .argument(arg("objects", TypeRef::named_nn_list("String")))
        .argument(arg("first", TypeRef::named("Int")));
    let candidates = field(CANDIDATES, TypeRef::named_nn_list(CANDIDATE))
        .argument(arg("object", TypeRef::named_nn("String")))
        .argument(arg("field", TypeRef::named_nn("String")))
        .argument(arg("id", TypeRef::named("ID")))
        .argument(arg("draft", TypeRef::named("JSON")))
        .argument(arg("search", TypeRef::named("String")))
        .argument(arg("first", TypeRef::named("Int")));
    query.field(search).field(candidates)
}

fn types() -> [Type; 3] {
    let group = Type::new(GROUP)
        .field(field("object", TypeRef::named_nn("String")))
        .field(field("label", TypeRef::named_nn("String")))
        .field(field("totalCount", TypeRef::named_nn("Int")))
        .field(field("hits", TypeRef::named_nn_list_nn(HIT)));
    let hit = Type::new(HIT)
        .field(field("id", TypeRef::named_nn("ID")))
        .field(field("text", TypeRef::named("String")))
        .field(field("detail", TypeRef::named("String")))
        .field(field("field", TypeRef::named("String")));
    let candidate = Type::new(CANDIDATE)
        .field(field("id", TypeRef::named_nn("ID")))
        .field(field("object", TypeRef::named_nn("String")))
        .field(field("text", TypeRef::named("String")))
        .field(field("detail", TypeRef::named("String")))
        .field(field("recent", TypeRef::named_nn("Boolean")));
    [group, hit, candidate]
}
