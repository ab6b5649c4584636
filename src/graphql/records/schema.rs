//! Builds the GraphQL schema of a catalog: names and types only; `words` has labels and descriptions.
//!
//! The schema parses, validates and is introspected; its fields are never resolved. Output fields are
//! nullable even if required on records, because the caller may lack the right to see them. Root fields are
//! nullable, so that a failing one leaves the others.

use async_graphql::dynamic::{
    Enum, EnumItem, Field, InputObject, Interface, InterfaceField, Object as Type, Scalar, Schema,
    SchemaBuilder, TypeRef,
};

use super::{
    aggregates,
    describe::{arg, field, input},
    history, mutations,
    names::{
        AS_OF, FIELD_STATE, FIELD_STATES, IS_NULL, MERGE, MINE, OFFSET, OWN_RECORDS,
        RECORD_ACTIONS, RESPONSIBLE, TITLE,
    },
    recycle_bin_schema, search_schema, subscription_schema,
};
use crate::{
    access::{Action, Visible},
    base::{Error, Result},
    catalog::{FieldIx, FieldType, Object, ObjectKind, Picklist},
    graphql::{
        field_kinds::{EQUAL, ORDERED, TEXT, operated, scalar},
        relative_periods::AROUND,
    },
};

/// Finishes a schema.
pub(super) fn finish(builder: SchemaBuilder) -> Result<Schema> {
    builder.finish().map_err(Error::internal)
}

/// Builds the record schema of a catalog.
pub(super) fn builder(visible: Visible<'_>) -> SchemaBuilder {
    let mut query = Type::new("Query");
    let mut mutation = Type::new("Mutation");
    query = query
        .field(field("node", TypeRef::named("Node")).argument(arg("id", TypeRef::named_nn("ID"))));
    let mut changes = false;
    let told = subscription_schema::opens(visible).then_some("Subscription");
    let mut schema = Schema::build("Query", Some("Mutation"), told).disable_suggestions();
    for ty in shared().into_iter().chain(about_rights()).chain(history::types()) {
        schema = schema.register(ty);
    }
    schema = mutations::merging(visible, mutations::shared(schema));
    for scalar in ["Decimal", "Date", "DateTime", "JSON"] {
        schema = schema.register(Scalar::new(scalar));
    }
    schema = schema
        .register(Interface::new("Node").field(InterfaceField::new("id", TypeRef::named_nn("ID"))));
    for list in visible.picklists() {
        schema = schema.register(picklist(list));
        schema = schema.register(compare(&format!("{}Filter", list.name), &list.name, EQUAL));
        schema = schema.register(
            InputObject::new(format!("{}ListFilter", list.name))
                .field(input("has", TypeRef::named(&list.name)))
                .field(input("isNull", TypeRef::named("Boolean"))),
        );
    }
    for object in visible.objects() {
        schema = schema
            .register(record(visible, object))
            .register(filter(visible, object))
            .register(many_filter(visible, object));
        schema = aggregates::register(visible, object, schema);
        if object.kind == ObjectKind::Line {
            if visible.may(object, Action::Edit) {
                schema = schema
                    .register(write(visible, object, "Create"))
                    .register(write(visible, object, "Update"))
                    .register(line_patch(object))
                    .register(line_list(object));
            }
            continue;
        }
        schema = schema
            .register(connection(object))
            .register(edge(object))
            .register(order(visible, object));
        schema = mutations::payloads(visible, object, schema);
        query = roots(visible, object, query);
        schema = schema.register(reference(visible, object));
        for (action, verb) in [(Action::Create, "Create"), (Action::Edit, "Update")] {
            if visible.may(object, action) {
                schema = schema.register(write(visible, object, verb));
                changes = true;
            }
        }
        changes |= visible.may(object, Action::Delete);
        mutation = mutations::fields(visible, object, mutation);
    }
    if !changes {
        mutation = mutation.field(field("none", TypeRef::named("Boolean")));
    }
    if visible.objects().any(|object| recycle_bin_schema::opens(visible, object)) {
        query = query.field(recycle_bin_schema::root());
        schema = recycle_bin_schema::types(schema);
    }
    query = search_schema::roots(query);
    schema = search_schema::types(schema);
    subscription_schema::register(visible, schema).register(query).register(mutation)
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
    let mut types: Vec<async_graphql::dynamic::Type> = vec![
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
        ("Boolean", EQUAL),
        ("ID", EQUAL),
    ] {
        types.push(compare(&format!("{ty}Filter"), ty, operators).into());
    }
    types
}

fn picklist(list: &Picklist) -> Enum {
    list.values.iter().fold(Enum::new(&list.name), |ty, value| ty.item(&value.name))
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
    let visibility = Enum::new("FieldVisibility")
        .item(EnumItem::new("VISIBLE").description("As it is."))
        .item(EnumItem::new("MASKED").description("A part of it."))
        .item(EnumItem::new("HIDDEN").description("Not on this record."));
    let own = Enum::new(OWN_RECORDS)
        .description("Whose records are the caller's own.")
        .item(EnumItem::new("RESPONSIBLE").description("The caller is responsible for them now."))
        .item(EnumItem::new("RELATED").description("The caller is among their employees now."));
    vec![actions.into(), state.into(), visibility.into(), own.into()]
}

fn listing(visible: Visible<'_>, name: &str, ty: TypeRef, object: &Object) -> Field {
    let mut listed =
        field(name, ty).argument(arg("filter", TypeRef::named(format!("{}Filter", object.name))));
    if object.kind != ObjectKind::Line {
        listed = listed
            .argument(arg("orderBy", TypeRef::named_nn_list(format!("{}Order", object.name))));
    }
    aggregates::searched(visible, object, listed).argument(arg("first", TypeRef::named("Int")))
}

/// Builds a list of a record without pages.
fn plain(visible: Visible<'_>, name: &str, object: &Object) -> Field {
    listing(visible, name, TypeRef::named_nn_list_nn(&object.name), object)
        .argument(arg(OFFSET, TypeRef::named("Int")))
}

/// Builds a connection. On a record it is non-null; as a root field it is nullable.
fn paged(
    visible: Visible<'_>,
    name: &str,
    object: &Object,
    ty: impl FnOnce(String) -> TypeRef,
) -> Field {
    listing(visible, name, ty(format!("{}Connection", object.name)), object)
        .argument(arg("after", TypeRef::named("String")))
        .argument(arg("last", TypeRef::named("Int")))
        .argument(arg("before", TypeRef::named("String")))
}

fn record(visible: Visible<'_>, object: &Object) -> Type {
    let catalog = visible.catalog;
    let mut ty = Type::new(&object.name).implement("Node");
    for (_, known) in visible.fields(object) {
        let out = match (&known.ty, known.target().map(|ix| catalog.object(ix))) {
            (FieldType::Relation(_), Some(target)) => {
                field(&known.name, TypeRef::named(&target.name))
            }
            (FieldType::Lines(_) | FieldType::ManyToMany(_), Some(target)) => {
                plain(visible, &known.name, target)
            }
            (FieldType::Inverse(_), Some(target)) if target.kind == ObjectKind::Line => {
                plain(visible, &known.name, target)
            }
            (FieldType::Inverse(_), Some(target)) => {
                paged(visible, &known.name, target, TypeRef::named_nn)
            }
            (FieldType::MultiPicklist(list), _) => {
                field(&known.name, TypeRef::named_nn_list(&catalog.picklist(*list).name))
            }
            _ => {
                let Some(scalar) = scalar(catalog, known) else { continue };
                let always = known.promised();
                let ty = if always { TypeRef::named_nn(scalar) } else { TypeRef::named(scalar) };
                field(&known.name, ty)
            }
        };
        ty = ty.field(out);
        if known.relation().is_none()
            && let Some(target) = known.target()
        {
            let target = catalog.object(target);
            let all = TypeRef::named_nn_list_nn;
            ty = ty.field(aggregates::aggregate(visible, &known.name, target, all));
        }
    }
    if object.kind != ObjectKind::Line {
        ty = ty.field(history::field());
        ty = ty.field(field("_can", TypeRef::named_nn(RECORD_ACTIONS)));
    }
    if let Some(employee) = visible.responsible(object) {
        let all = TypeRef::named_nn_list_nn(&employee.name);
        ty = ty.field(listing(visible, RESPONSIBLE, all, employee));
    }
    let states = field(FIELD_STATES, TypeRef::named_nn_list_nn(FIELD_STATE))
        .argument(arg("fields", TypeRef::named_nn_list("String")));
    ty.field(field(TITLE, TypeRef::named("String"))).field(states)
}

fn filter(visible: Visible<'_>, object: &Object) -> InputObject {
    let catalog = visible.catalog;
    let own = format!("{}Filter", object.name);
    let mut ty = InputObject::new(&own)
        .field(input("and", TypeRef::named_nn_list(&own)))
        .field(input("or", TypeRef::named_nn_list(&own)))
        .field(input("not", TypeRef::named(&own)))
        .field(input(IS_NULL, TypeRef::named("Boolean")));
    if visible.staff(object).is_some() {
        ty = ty.field(input(MINE, TypeRef::named(OWN_RECORDS)));
    }
    for (_, known) in visible.compared(object) {
        let target = known.target().map(|ix| format!("{}Filter", catalog.object(ix).name));
        let name = match (&known.ty, target) {
            (FieldType::Relation(_), Some(target)) => target,
            (_, Some(target)) => {
                let many = format!("{target}Many");
                ty = ty.field(input(&known.name, TypeRef::named(many)));
                continue;
            }
            (FieldType::MultiPicklist(list), None) => {
                format!("{}ListFilter", catalog.picklist(*list).name)
            }
            (_, None) => match scalar(catalog, known) {
                Some(scalar) => format!("{scalar}Filter"),
                None => continue,
            },
        };
        ty = ty.field(input(&known.name, TypeRef::named(name)));
    }
    ty
}

/// Builds the filter `{some, none, every}` on records of an object.
fn many_filter(visible: Visible<'_>, object: &Object) -> InputObject {
    let own = format!("{}Filter", object.name);
    let quantified = ["some", "none", "every"]
        .into_iter()
        .fold(InputObject::new(format!("{own}Many")), |ty, quantifier| {
            ty.field(input(quantifier, TypeRef::named(&own)))
        });
    aggregates::compared_many(visible, object, quantified)
}

fn order(visible: Visible<'_>, object: &Object) -> InputObject {
    let catalog = visible.catalog;
    let mut ty = InputObject::new(format!("{}Order", object.name))
        .description("One key: exactly one field.");
    for (_, known) in visible.compared(object) {
        let name = match (&known.ty, known.target()) {
            (FieldType::Relation(_), Some(target)) => {
                format!("{}Order", catalog.object(target).name)
            }
            (ty, None) if ty.traits().sorts => "OrderDirection".to_owned(),
            _ => continue,
        };
        ty = ty.field(input(&known.name, TypeRef::named(name)));
    }
    ty
}

fn write(visible: Visible<'_>, object: &Object, verb: &str) -> InputObject {
    let catalog = visible.catalog;
    let mut ty = InputObject::new(format!("{verb}{}Input", object.name));
    let mut empty = true;
    for (_, known) in visible.written(object) {
        let given = match (&known.ty, known.target().map(|ix| catalog.object(ix))) {
            (FieldType::Relation(_), Some(target)) => {
                TypeRef::named(format!("{}RefInput", target.name))
            }
            (FieldType::ManyToMany(_), _) => TypeRef::named("RecordSet"),
            (FieldType::Lines(_), Some(line)) => TypeRef::named(format!("{}ListInput", line.name)),
            (FieldType::MultiPicklist(list), _) => {
                TypeRef::named_nn_list(&catalog.picklist(*list).name)
            }
            _ => match scalar(catalog, known) {
                Some(scalar) => TypeRef::named(scalar),
                None => continue,
            },
        };
        ty = ty.field(input(&known.name, given));
        empty = false;
    }
    if empty {
        ty = ty.field(input("_", TypeRef::named("Boolean")));
    }
    ty
}

/// Builds the input of a reference: an existing record, or one to create.
fn reference(visible: Visible<'_>, object: &Object) -> InputObject {
    let made = format!("Create{}Input", object.name);
    let ty = InputObject::new(format!("{}RefInput", object.name))
        .description(
            "A record there is, by `id`, or one made in the same transaction: one of both.",
        )
        .field(input("id", TypeRef::named("ID")));
    if visible.may(object, Action::Create) {
        ty.field(input("create", TypeRef::named(made)))
    } else {
        ty
    }
}

fn line_patch(object: &Object) -> InputObject {
    InputObject::new(format!("{}PatchInput", object.name))
        .field(input("id", TypeRef::named_nn("ID")))
        .field(input("patch", TypeRef::named_nn(format!("Update{}Input", object.name))))
}

fn line_list(object: &Object) -> InputObject {
    InputObject::new(format!("{}ListInput", object.name))
        .field(input("create", TypeRef::named_nn_list(format!("Create{}Input", object.name))))
        .field(input("update", TypeRef::named_nn_list(format!("{}PatchInput", object.name))))
        .field(input("delete", TypeRef::named_nn_list("ID")))
}

fn connection(object: &Object) -> Type {
    Type::new(format!("{}Connection", object.name))
        .field(field("edges", TypeRef::named_nn_list_nn(format!("{}Edge", object.name))))
        .field(field("nodes", TypeRef::named_nn_list_nn(&object.name)))
        .field(field("pageInfo", TypeRef::named_nn("PageInfo")))
        .field(field("totalCount", TypeRef::named_nn("Int")))
}

fn edge(object: &Object) -> Type {
    Type::new(format!("{}Edge", object.name))
        .field(field("cursor", TypeRef::named_nn("String")))
        .field(field("node", TypeRef::named_nn(&object.name)))
}

fn roots(visible: Visible<'_>, object: &Object, query: Type) -> Type {
    let mut one = field(object.singular(), TypeRef::named(&object.name))
        .argument(arg("id", TypeRef::named("ID")));
    let seen = |ix: &FieldIx| visible.compared(object).any(|(seen, _)| seen == *ix);
    for (_, key) in object.key_fields().filter(|(ix, _)| seen(ix)) {
        let ty = scalar(visible.catalog, key).unwrap_or("String");
        one = one.argument(arg(&key.name, TypeRef::named(ty)));
    }
    let rows = TypeRef::named_nn_list;
    let aggregate = aggregates::aggregate(visible, &object.singular(), object, rows);
    let past = |field: Field| field.argument(arg(AS_OF, TypeRef::named("DateTime")));
    let query = query.field(past(one)).field(past(aggregate));
    match &object.plural {
        Some(plural) => query.field(past(paged(visible, plural, object, TypeRef::named))),
        None => query,
    }
}
