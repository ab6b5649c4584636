//! Builds the GraphQL schema of a catalog: names and types only; `words` has labels and descriptions.
//!
//! The schema parses, validates and is introspected; its fields are never resolved. Output fields are
//! nullable even if required on records, because the caller may lack the right to see them. Root fields are
//! nullable, so that a failing one leaves the others.

use async_graphql::dynamic::{
    Enum, EnumItem, InputObject, Interface, InterfaceField, Object as Type, Scalar, Schema,
    SchemaBuilder, TypeRef,
};

use super::{
    aggregates, approvals,
    describe::{arg, field, input},
    draft::SchemaDraft,
    history,
    input_schema::{filter, line_list, line_patch, many_filter, order, reference, write},
    mutations, my_day, named_mutations,
    names::{FIELD_STATE, MERGE, OWN_RECORDS, RECORD_ACTION, RECORD_ACTIONS},
    needs::{Need, Needs},
    recents, record_draft_schema,
    record_schema::{connection, edge, record, roots},
    recycle_bin_schema, search_schema, subscription_schema, timeline, unions,
};
use crate::{
    access::{Access, Action, Visible},
    base::{Error, Result},
    catalog::{Catalog, ObjectKind},
    graphql::{
        field_kinds::{EQUAL, ORDERED, TEXT, operated},
        relative_periods::AROUND,
    },
};

/// A schema and what its elements need.
pub(super) struct Built {
    pub(super) schema: Schema,
    pub(super) needs: Needs,
}

/// Builds the record schema of a catalog. `set` sets what the engine does with it.
pub(super) fn build(
    catalog: &Catalog,
    set: impl FnOnce(SchemaBuilder) -> SchemaBuilder,
) -> Result<Built> {
    let everything = Access::system("the whole schema");
    finished(SchemaDraft::whole(Visible { catalog, access: &everything }), set)
}

/// Builds the schema of one caller, against which tests hold what is hidden of the whole.
#[cfg(test)]
pub(super) fn narrow(visible: Visible<'_>) -> Result<Schema> {
    let everything = Access::system("the whole schema");
    let whole = Visible { access: &everything, ..visible };
    Ok(finished(SchemaDraft::narrow(whole, visible), |schema| schema)?.schema)
}

fn finished(
    mut draft: SchemaDraft<'_>,
    set: impl FnOnce(SchemaBuilder) -> SchemaBuilder,
) -> Result<Built> {
    every_type(&mut draft);
    let told = subscription_schema::register(&mut draft).then_some("Subscription");
    let schema = Schema::build("Query", Some("Mutation"), told).disable_suggestions();
    let (schema, needs) = draft.finish(set(schema));
    Ok(Built { schema: schema.finish().map_err(Error::internal)?, needs })
}

fn every_type(draft: &mut SchemaDraft<'_>) {
    for ty in shared().into_iter().chain(about_rights()).chain(history::types()) {
        draft.register(Need::Nothing, ty);
    }
    mutations::shared(draft);
    record_draft_schema::shared(draft);
    for scalar in ["Decimal", "Date", "DateTime", "Time", "JSON"] {
        draft.register(Need::Nothing, Scalar::new(scalar));
    }
    let node = Interface::new("Node").field(InterfaceField::new("id", TypeRef::named_nn("ID")));
    draft.register(Need::Nothing, node);
    picklists(draft);
    unions::register(draft);
    let mut query = Type::new("Query")
        .field(field("node", TypeRef::named("Node")).argument(arg("id", TypeRef::named_nn("ID"))));
    let mut mutation = Type::new("Mutation");
    for object in draft.whole.objects() {
        record(draft, object);
        filter(draft, object);
        many_filter(draft, object);
        aggregates::register(draft, object);
        if object.kind == ObjectKind::Line {
            let edit = Need::May(object.ix, Action::Edit);
            write(draft, object, "Create", &edit);
            write(draft, object, "Update", &edit);
            draft.register(edit.clone(), line_patch(object));
            draft.register(edit, line_list(object));
            continue;
        }
        draft.register(Need::Read(object.ix), connection(object));
        draft.register(Need::Read(object.ix), edge(object));
        order(draft, object);
        mutations::payloads(draft, object);
        query = roots(draft, object, query);
        reference(draft, object);
        write(draft, object, "Create", &Need::May(object.ix, Action::Create));
        write(draft, object, "Update", &record_draft_schema::writing(object));
        query = record_draft_schema::register(draft, object, query);
        mutation = mutations::fields(draft, object, mutation);
    }
    if !draft.holds(&changes(draft.whole)) {
        mutation = mutation.field(field("none", TypeRef::named("Boolean")));
    }
    query = recycle_bin_schema::register(draft, query);
    query = search_schema::register(draft, query);
    query = recents::register(draft, query);
    query = timeline::register(draft, query);
    query = my_day::register(draft, query);
    query = approvals::register(draft, query);
    draft.register(Need::Nothing, query);
    draft.register(Need::Nothing, mutation);
}

/// What callers need who can change any record.
fn changes(whole: Visible<'_>) -> Need {
    let objects = whole.objects().filter(|object| object.kind != ObjectKind::Line);
    let actions = [Action::Create, Action::Edit, Action::Delete];
    let each = objects.flat_map(|object| {
        let named = named_mutations::of(object).map(|named| named.need(object));
        let approves = !object.approvals.is_empty();
        let approves = approves.then_some(Need::May(object.ix, Action::Approve));
        actions.map(|action| Need::May(object.ix, action)).into_iter().chain(named).chain(approves)
    });
    Need::Any(each.collect())
}

fn compare(name: &str, ty: &str, operators: &[&str]) -> InputObject {
    let mut filter = InputObject::new(name);
    for operator in operated(ty, operators) {
        let given = match operator {
            "in" | "notIn" | "between" => TypeRef::named_nn_list(ty),
            "lastDays" | "nextDays" => TypeRef::named("Int"),
            "isNull" => TypeRef::named("Boolean"),
            around if AROUND.contains(&around) => TypeRef::named("Boolean"),
            _ => TypeRef::named(ty),
        };
        filter = filter.field(input(operator, given));
    }
    filter
}

/// Builds types that every catalog has.
fn shared() -> Vec<async_graphql::dynamic::Type> {
    let page = Type::new("PageInfo")
        .field(field("hasNextPage", TypeRef::named_nn("Boolean")))
        .field(field("hasPreviousPage", TypeRef::named_nn("Boolean")))
        .field(field("startCursor", TypeRef::named("String")))
        .field(field("endCursor", TypeRef::named("String")));
    let error = Type::new("UserError")
        .field(field("code", TypeRef::named_nn("String")))
        .field(field("path", TypeRef::named_nn_list_nn("String")))
        .field(field("message", TypeRef::named_nn("String")))
        .field(field("hint", TypeRef::named("String")))
        .field(field("mine", TypeRef::named("JSON")))
        .field(field("theirs", TypeRef::named("JSON")));
    let direction = Enum::new("OrderDirection")
        .item(EnumItem::new("ASC").description("Least first; records without a value last."))
        .item(EnumItem::new("DESC").description("Greatest first; records without a value first."))
        .item(
            EnumItem::new("ASC_NULLS_FIRST")
                .description("Least first, after records without a value."),
        )
        .item(
            EnumItem::new("ASC_NULLS_LAST")
                .description("Least first; records without a value last."),
        )
        .item(
            EnumItem::new("DESC_NULLS_FIRST")
                .description("Greatest first, after records without a value."),
        )
        .item(
            EnumItem::new("DESC_NULLS_LAST")
                .description("Greatest first; records without a value last."),
        );
    let set = InputObject::new("RecordSet")
        .description("Changes of a set of references: exactly `set`, or `add` and `remove`.")
        .field(input("set", TypeRef::named_nn_list("ID")))
        .field(input("add", TypeRef::named_nn_list("ID")))
        .field(input("remove", TypeRef::named_nn_list("ID")));
    let null = InputObject::new("JSONFilter").field(input("isNull", TypeRef::named("Boolean")));
    let rich = InputObject::new("RichTextFilter").field(input("isNull", TypeRef::named("Boolean")));
    let mut types: Vec<async_graphql::dynamic::Type> = vec![
        rich.into(),
        page.into(),
        error.into(),
        direction.into(),
        set.into(),
        null.into(),
        aggregates::shared().into(),
    ];
    for (ty, operators) in [
        ("String", TEXT),
        ("Int", ORDERED),
        ("Decimal", ORDERED),
        ("Date", ORDERED),
        ("DateTime", ORDERED),
        ("Time", ORDERED),
        ("Boolean", EQUAL),
        ("ID", EQUAL),
    ] {
        types.push(compare(&format!("{ty}Filter"), ty, operators).into());
    }
    types
}

/// Registers picklists with their filters. They exist where a field of theirs is seen.
fn picklists(draft: &mut SchemaDraft<'_>) {
    let whole = draft.whole;
    let mut used = vec![Vec::new(); whole.catalog.picklists.len()];
    for object in whole.objects() {
        for (ix, known) in whole.fields(object) {
            if let Some(uses) = known.ty.picklist().and_then(|list| used.get_mut(list.0)) {
                uses.push(Need::See(object.ix, ix));
            }
        }
    }
    for (list, used) in whole.catalog.picklists.iter().zip(used) {
        let (name, need) = (&list.name, Need::Any(used));
        let all = Enum::new(name).items(list.values.iter().map(|value| &value.name));
        draft.register(need.clone(), all);
        draft.register(need.clone(), compare(&format!("{name}Filter"), name, EQUAL));
        draft.register(
            need,
            InputObject::new(format!("{name}ListFilter"))
                .field(input("has", TypeRef::named(name)))
                .field(input("isNull", TypeRef::named("Boolean"))),
        );
    }
}

/// Builds the types for the caller's rights on a record.
fn about_rights() -> Vec<async_graphql::dynamic::Type> {
    let about = "What the caller may do with a record.";
    let actions = Action::on_records()
        .fold(Type::new(RECORD_ACTIONS).description(about), |ty, action| {
            ty.field(field(action.as_ref(), TypeRef::named_nn("Boolean")))
        })
        .field(field(MERGE, TypeRef::named_nn("Boolean")));
    let state = Type::new(FIELD_STATE)
        .description("How the caller sees a field of a record.")
        .field(field("field", TypeRef::named_nn("String")))
        .field(field("state", TypeRef::named_nn("FieldVisibility")));
    let action = Type::new(RECORD_ACTION)
        .description("A move of a record to another state, or an action on it.")
        .field(field("name", TypeRef::named_nn("String")))
        .field(field("code", TypeRef::named_nn("String")))
        .field(field("allowed", TypeRef::named_nn("Boolean")))
        .field(field("because", TypeRef::named("ActionBarrier")));
    let barrier = Enum::new("ActionBarrier")
        .item(EnumItem::new("STATE").description("It does not lead on from the record's state."))
        .item(EnumItem::new("CONDITION").description("Its condition does not hold for the record."))
        .item(EnumItem::new("RIGHT").description("The caller lacks its right on the record."));
    let visibility = Enum::new("FieldVisibility")
        .item(EnumItem::new("VISIBLE").description("As it is."))
        .item(EnumItem::new("MASKED").description("A part of it."))
        .item(EnumItem::new("HIDDEN").description("Not on this record."));
    let own = Enum::new(OWN_RECORDS)
        .description("Whose records are the caller's own.")
        .item(EnumItem::new("RESPONSIBLE").description("The caller is responsible for them now."))
        .item(EnumItem::new("RELATED").description("The caller is among their employees now."));
    vec![actions.into(), action.into(), barrier.into(), state.into(), visibility.into(), own.into()]
}
