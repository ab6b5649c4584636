//! The root fields of mutations by name, with their arguments and payload types.
//!
//! Contains only names and types. `mutation_args` and `mutate` do the work.

use std::collections::HashSet;

use async_graphql::dynamic::{
    Enum, EnumItem, Field, InputObject, InputValue, Object as Type, SchemaBuilder, TypeRef,
};

use super::describe::{arg, field};
use crate::{
    access::Visible,
    catalog::{Catalog, Object, ObjectIx},
    records::{ArgumentType, OPERATIONS, Operation, ResultType},
};

/// What becomes of the others when one of several is refused.
const ON_ERROR: &str = "BulkOnError";
/// The ids of deleted records.
const DELETED: &str = "DeletesPayload";
/// A field whose value is taken from a merged record.
const TAKE: &str = "MergeTake";
/// How many records of an object refer to another record now.
pub(super) const MOVED: &str = "MovedReferences";

/// The type of an operation's payload.
pub(super) fn payload_type(operation: &Operation, object: &Object) -> String {
    let plural = || object.plural_name().unwrap_or_default();
    match operation.result {
        ResultType::Record => format!("{}Payload", object.name),
        ResultType::Records => format!("{}Payload", plural()),
        ResultType::Deleted => "DeletePayload".to_owned(),
        ResultType::AllDeleted => DELETED.to_owned(),
        ResultType::Reassigned => format!("{}Reassignment", object.name),
        ResultType::Merged => format!("Merge{}Payload", plural()),
    }
}

/// The type of an argument in the schema.
fn argument_type(object: &Object, ty: ArgumentType) -> TypeRef {
    let name = &object.name;
    match ty {
        ArgumentType::Id => TypeRef::named_nn("ID"),
        ArgumentType::Ids => TypeRef::named_nn_list_nn("ID"),
        ArgumentType::Version => TypeRef::named("Int"),
        ArgumentType::Filter => TypeRef::named_nn(format!("{name}Filter")),
        ArgumentType::Patch => TypeRef::named_nn(format!("Update{name}Input")),
        ArgumentType::Input => TypeRef::named_nn(format!("Create{name}Input")),
        ArgumentType::Inputs => TypeRef::named_nn_list_nn(format!("Create{name}Input")),
        ArgumentType::Key => TypeRef::named_nn(keys_type(object)),
        ArgumentType::OnError => TypeRef::named(ON_ERROR),
        ArgumentType::AtMost => TypeRef::named_nn("Int"),
        ArgumentType::Flag => TypeRef::named("Boolean"),
        ArgumentType::Takes => TypeRef::named_nn_list(TAKE),
    }
}

fn arguments(operation: &Operation, object: &Object) -> Vec<InputValue> {
    let own = operation.arguments.iter().map(|argument| {
        let input = arg(argument.name, argument_type(object, argument.ty));
        match argument.name {
            ALL => input.description(
                "Every record is meant; without it a filter that says nothing is refused.",
            ),
            _ => input,
        }
    });
    own.chain([arg(KEY, TypeRef::named("String"))]).collect()
}

/// The argument that selects every record.
pub(super) const ALL: &str = "all";

/// The argument with the idempotency key.
pub(super) const KEY: &str = "idempotencyKey";

/// The enum of an object's unique fields.
fn keys_type(object: &Object) -> String {
    format!("{}Key", object.name)
}

/// Returns the root fields of all objects of a catalog.
pub(super) fn roots(
    catalog: &Catalog,
) -> impl Iterator<Item = (String, (&'static Operation, ObjectIx))> {
    catalog.objects.iter().flat_map(|object| {
        let named = move |operation: &'static Operation| {
            Some((operation.field(object)?, (operation, object.ix)))
        };
        OPERATIONS.into_iter().filter_map(named)
    })
}

/// Adds the root fields of an object for a caller.
pub(super) fn fields(visible: Visible<'_>, object: &Object, mutation: Type) -> Type {
    let open = OPERATIONS.into_iter().filter(|operation| (operation.open)(visible, object));
    open.fold(mutation, |mutation, operation| {
        let Some(name) = operation.field(object) else { return mutation };
        let root = field(name, TypeRef::named(payload_type(operation, object)));
        mutation.field(arguments(operation, object).into_iter().fold(root, Field::argument))
    })
}

/// Registers types that every catalog has.
pub(super) fn shared(schema: SchemaBuilder) -> SchemaBuilder {
    let deleted =
        Type::new("DeletePayload").field(field("id", TypeRef::named("ID"))).field(errors());
    let many = Type::new(DELETED)
        .field(field("ids", TypeRef::named_nn_list_nn("ID")))
        .field(count())
        .field(errors());
    let on_error = Enum::new(ON_ERROR)
        .description("What becomes of the others when one of several is refused.")
        .item(EnumItem::new("ABORT").description("Nothing is written."))
        .item(EnumItem::new("CONTINUE").description("They are written."));
    schema.register(deleted).register(many).register(on_error)
}

/// Registers the types of merging, where the caller may merge anything.
pub(super) fn merging(visible: Visible<'_>, schema: SchemaBuilder) -> SchemaBuilder {
    let takes = |operation: &&Operation| {
        operation.arguments.iter().any(|argument| argument.ty == ArgumentType::Takes)
    };
    let open = |object: &Object| {
        let mut merging = OPERATIONS.into_iter().filter(takes);
        merging
            .any(|operation| operation.field(object).is_some() && (operation.open)(visible, object))
    };
    if !visible.objects().any(open) {
        return schema;
    }
    let take = InputObject::new(TAKE)
        .field(arg("field", TypeRef::named_nn("String")))
        .field(arg("from", TypeRef::named_nn("ID")));
    let moved = Type::new(MOVED).field(field("object", TypeRef::named_nn("String"))).field(count());
    schema.register(take).register(moved)
}

/// Registers the payload types of an object.
pub(super) fn payloads(
    visible: Visible<'_>,
    object: &Object,
    mut schema: SchemaBuilder,
) -> SchemaBuilder {
    let mut known = HashSet::new();
    for operation in OPERATIONS {
        let ty = payload_type(operation, object);
        let exists = match operation.result {
            // Every object has these; several operations share them.
            ResultType::Record => true,
            ResultType::Records => object.plural.is_some(),
            ResultType::Deleted | ResultType::AllDeleted => false,
            ResultType::Reassigned | ResultType::Merged => {
                operation.field(object).is_some() && (operation.open)(visible, object)
            }
        };
        if !exists || !known.insert(ty.clone()) {
            continue;
        }
        schema = schema.register(payload(operation, object, Type::new(ty)).field(errors()));
    }
    if OPERATIONS.into_iter().any(|operation| {
        let keyed = operation.arguments.iter().any(|argument| argument.ty == ArgumentType::Key);
        keyed && (operation.open)(visible, object)
    }) {
        let keys =
            Enum::new(keys_type(object)).description("The fields that are unique, by their names.");
        let by = visible.upserted_by(object);
        schema = schema.register(by.fold(keys, |keys, (_, field)| keys.item(&field.name)));
    }
    schema
}

/// Adds the fields of a result.
fn payload(operation: &Operation, object: &Object, ty: Type) -> Type {
    let record = || field("record", TypeRef::named(&object.name));
    let records = || field("records", TypeRef::named_list_nn(&object.name));
    match operation.result {
        ResultType::Record => ty.field(record()),
        ResultType::Records => ty.field(records()).field(count()),
        ResultType::Reassigned => {
            let nodes = field("nodes", TypeRef::named_nn_list_nn(&object.name));
            let nodes = nodes.deprecation(Some("The same as `records`."));
            ty.field(records()).field(count()).field(nodes)
        }
        ResultType::Merged => {
            ty.field(record()).field(field("moved", TypeRef::named_nn_list_nn(MOVED)))
        }
        ResultType::Deleted | ResultType::AllDeleted => ty,
    }
}

fn count() -> Field {
    field("count", TypeRef::named_nn("Int"))
}

fn errors() -> Field {
    field("userErrors", TypeRef::named_nn_list_nn("UserError"))
}
