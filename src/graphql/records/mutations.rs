//! The root fields of mutations by name, with their arguments and payload types.
//!
//! Contains only names and types. `mutation_args` and `mutate` do the work.

use std::collections::HashSet;

use async_graphql::dynamic::{
    Enum, EnumItem, Field, InputObject, InputValue, Object as Type, TypeRef,
};

use super::{
    describe::{Dated, arg, field},
    draft::SchemaDraft,
    named_mutations::{self, NamedMutation},
    needs::Need,
};
use crate::{
    catalog::{Catalog, Object, ObjectIx},
    records::{ArgumentType, OPERATIONS, Operation, ResultType},
};

/// What becomes of the others when one of several is refused.
const ON_ERROR: &str = "BulkOnError";
/// The ids of deleted records.
const DELETED: &str = "DeletesPayload";
/// A field whose value is taken from a merged record.
const TAKE: &str = "MergeTake";
/// A record that another one looks like.
pub(super) const DUPLICATE: &str = "Duplicate";
/// What is decided on a task of an approval.
const DECISION: &str = "ApprovalDecision";
/// How many records of an object refer to another record now.
pub(super) const MOVED: &str = "MovedReferences";

/// The type of an operation's payload.
pub(super) fn payload_type(
    operation: &Operation,
    named: Option<NamedMutation>,
    object: &Object,
) -> String {
    let plural = || object.plural_name().unwrap_or_default();
    match operation.result {
        ResultType::Record | ResultType::Decided => format!("{}Payload", object.name),
        ResultType::Acted => {
            let action = named.and_then(|named| named.action(object));
            action.map(|action| action.payload(object)).unwrap_or_default()
        }
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
        ArgumentType::Text => TypeRef::named("String"),
        ArgumentType::Decision => TypeRef::named_nn(DECISION),
        // Each move and each action has a type of its own.
        ArgumentType::MoveInput | ArgumentType::ActionInput => TypeRef::named("JSON"),
    }
}

pub(super) fn arguments(operation: &Operation, object: &Object) -> Vec<InputValue> {
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

/// What a root field of `Mutation` does.
#[derive(Clone, Copy)]
pub(super) struct RootMutation {
    pub(super) operation: &'static Operation,
    pub(super) object: ObjectIx,
    /// Which move or action it is, if it is one.
    pub(super) named: Option<NamedMutation>,
}

/// Returns the root fields of all objects of a catalog.
pub(super) fn roots(catalog: &Catalog) -> impl Iterator<Item = (String, RootMutation)> {
    catalog.objects.iter().flat_map(|object| {
        let of = |operation, named| RootMutation { operation, object: object.ix, named };
        let known = move |operation: &'static Operation| {
            Some((operation.field(object)?, of(operation, None)))
        };
        let named = named_mutations::of(object).flat_map(move |named| {
            let each = named.operations().into_iter();
            let each = each.filter_map(move |operation| {
                Some((named.field(operation, object)?, of(operation, Some(named))))
            });
            each.collect::<Vec<_>>()
        });
        OPERATIONS.into_iter().filter_map(known).chain(named)
    })
}

/// Adds the root fields of an object.
pub(super) fn fields(draft: &mut SchemaDraft<'_>, object: &Object, mut mutation: Type) -> Type {
    for (operation, need) in open(draft, object) {
        let Some(name) = operation.field(object) else { continue };
        if draft.has(&["Mutation", &name], need) {
            let root = field(name, TypeRef::named(payload_type(operation, None, object)));
            let arguments = arguments(operation, object).into_iter();
            mutation = mutation.field(arguments.fold(root, Field::argument));
        }
    }
    named_mutations::fields(draft, object, mutation)
}

/// Returns the operations on an object that are open to anyone, and what callers need for each.
fn open(draft: &SchemaDraft<'_>, object: &Object) -> Vec<(&'static Operation, Need)> {
    let all = OPERATIONS.into_iter().enumerate();
    let open = all.filter(|(_, operation)| (operation.open)(draft.whole, object));
    open.map(|(at, operation)| (operation, Need::Operation(object.ix, at))).collect()
}

/// Whether an operation has an argument of a type.
fn takes(operation: &Operation, ty: ArgumentType) -> bool {
    operation.arguments.iter().any(|argument| argument.ty == ty)
}

/// Registers types that every catalog has.
pub(super) fn shared(draft: &mut SchemaDraft<'_>) {
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
    let duplicate = Type::new(DUPLICATE)
        .field(field("id", TypeRef::named("ID")))
        .field(field("text", TypeRef::named("String")))
        .field(field("rule", TypeRef::named_nn("String")));
    draft.register(Need::Nothing, duplicate);
    draft.register(Need::Nothing, deleted);
    draft.register(Need::Nothing, many);
    draft.register(Need::Nothing, on_error);
    merging(draft);
    let needs = needs_of(draft, ArgumentType::Decision);
    if !needs.is_empty() {
        let decision = Enum::new(DECISION)
            .item(EnumItem::new("APPROVE"))
            .item(EnumItem::new("REJECT"))
            .item(EnumItem::new("RETURN"));
        draft.register(Need::Any(needs), decision);
    }
}

/// What callers need who may use any operation with an argument of a type.
fn needs_of(draft: &SchemaDraft<'_>, ty: ArgumentType) -> Vec<Need> {
    let mut needs = Vec::new();
    for object in draft.whole.objects() {
        let open = open(draft, object).into_iter();
        let taking =
            open.filter(|(operation, _)| takes(operation, ty) && operation.field(object).is_some());
        needs.extend(taking.map(|(_, need)| need));
    }
    needs
}

/// Registers the types of merging, where the caller may merge anything.
fn merging(draft: &mut SchemaDraft<'_>) {
    let needs = needs_of(draft, ArgumentType::Takes);
    if needs.is_empty() {
        return;
    }
    let take = InputObject::new(TAKE)
        .field(arg("field", TypeRef::named_nn("String")))
        .field(arg("from", TypeRef::named_nn("ID")));
    let moved = Type::new(MOVED).field(field("object", TypeRef::named_nn("String"))).field(count());
    draft.register(Need::Any(needs.clone()), take);
    draft.register(Need::Any(needs), moved);
}

/// Registers the payload types of an object.
pub(super) fn payloads(draft: &mut SchemaDraft<'_>, object: &Object) {
    let mut known = HashSet::new();
    let open = open(draft, object);
    for operation in OPERATIONS {
        let ty = payload_type(operation, None, object);
        let need = match operation.result {
            // Every object has these; several operations share them.
            ResultType::Record => Some(Need::Read(object.ix)),
            ResultType::Records => object.plural.as_ref().map(|_| Need::Read(object.ix)),
            ResultType::Deleted
            | ResultType::AllDeleted
            | ResultType::Acted
            | ResultType::Decided => None,
            ResultType::Reassigned | ResultType::Merged => {
                let mut open = open.iter().filter(|_| operation.field(object).is_some());
                let own = open.find(|(one, _)| std::ptr::eq(*one, operation));
                own.map(|(_, need)| need.clone())
            }
        };
        if let Some(need) = need
            && known.insert(ty.clone())
        {
            draft.register(need, payload(operation, object, Type::new(ty)).field(errors()));
        }
    }
    let keyed = open.into_iter().filter(|(operation, _)| takes(operation, ArgumentType::Key));
    let keyed: Vec<_> = keyed.map(|(_, need)| need).collect();
    if !keyed.is_empty() {
        keys(draft, object, Need::Any(keyed));
    }
}

/// Registers the enum of an object's unique fields.
fn keys(draft: &mut SchemaDraft<'_>, object: &Object, need: Need) {
    let own = keys_type(object);
    let mut keys = Enum::new(&own).description("The fields that are unique, by their names.");
    let whole = draft.whole;
    for (ix, key) in object.by_every_name(whole.upserted_by(object)) {
        let (compare, write) = (Need::Compare(object.ix, ix), Need::Write(object.ix, ix));
        if draft.has(&[&own, &key.name], Need::Both(Box::new((compare, write)))) {
            keys = keys.item(EnumItem::new(&key.name).under(object, &key.name));
        }
    }
    draft.register(need, keys);
}

/// Adds the fields of a result.
fn payload(operation: &Operation, object: &Object, ty: Type) -> Type {
    let record = || field("record", TypeRef::named(&object.name));
    let records = || field("records", TypeRef::named_list_nn(&object.name));
    match operation.result {
        ResultType::Record | ResultType::Decided => {
            let alike = field("duplicates", TypeRef::named_nn_list_nn(DUPLICATE));
            ty.field(record()).field(alike)
        }
        ResultType::Records => ty.field(records()).field(count()),
        ResultType::Reassigned => {
            let nodes = field("nodes", TypeRef::named_nn_list_nn(&object.name));
            let nodes = nodes.deprecation(Some("The same as `records`."));
            ty.field(records()).field(count()).field(nodes)
        }
        ResultType::Merged => {
            ty.field(record()).field(field("moved", TypeRef::named_nn_list_nn(MOVED)))
        }
        ResultType::Deleted | ResultType::AllDeleted | ResultType::Acted => ty,
    }
}

fn count() -> Field {
    field("count", TypeRef::named_nn("Int"))
}

pub(super) fn errors() -> Field {
    field("userErrors", TypeRef::named_nn_list_nn("UserError"))
}
