//! The root fields of mutations by name, with their arguments and payload types.
//!
//! Contains only names and types. `mutation_args` and `mutate` do the work.

use async_graphql::dynamic::{
    Enum, EnumItem, Field, InputValue, Object as Type, SchemaBuilder, TypeRef,
};

use super::schema::{arg, field};
use crate::{
    access::{Action, Visible},
    catalog::{Catalog, Object, ObjectIx, ObjectKind},
};

/// The operation of a root field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    /// Creates a record.
    Create,
    /// Updates a record.
    Update,
    /// Deletes a record.
    Delete,
    /// Creates several records.
    CreateMany,
    /// Updates the records that match a filter.
    UpdateMany,
    /// Deletes the records that match a filter.
    DeleteMany,
    /// Gives the records that match a filter to another owner.
    Reassign,
    /// Updates the record with a unique key, or creates it.
    Upsert,
    /// Restores a deleted record.
    Restore,
}

/// The enum for what happens to the others if one is refused.
const ON_ERROR: &str = "BulkOnError";
/// The payload type of deleting several records.
const DELETED: &str = "DeletesPayload";

impl Verb {
    const ALL: [Self; 9] = [
        Self::Create,
        Self::Update,
        Self::Delete,
        Self::CreateMany,
        Self::UpdateMany,
        Self::DeleteMany,
        Self::Reassign,
        Self::Upsert,
        Self::Restore,
    ];

    /// The root field's name: `createCustomer`, `createCustomers`. None for several records of an object
    /// without a plural.
    fn field(self, object: &Object) -> Option<String> {
        let (verb, many) = match self {
            Self::Create => ("create", false),
            Self::Update => ("update", false),
            Self::Delete => ("delete", false),
            Self::CreateMany => ("create", true),
            Self::UpdateMany => ("update", true),
            Self::DeleteMany => ("delete", true),
            Self::Reassign => ("reassign", true),
            Self::Upsert => ("upsert", false),
            Self::Restore => ("restore", false),
        };
        let name = if many { object.plural_name()? } else { object.name.clone() };
        Some(format!("{verb}{name}"))
    }

    /// The payload type.
    pub(super) fn payload(self, object: &Object) -> String {
        match self {
            Self::Create | Self::Update | Self::Upsert | Self::Restore => {
                format!("{}Payload", object.name)
            }
            Self::Delete => "DeletePayload".to_owned(),
            Self::CreateMany | Self::UpdateMany => {
                format!("{}Payload", object.plural_name().unwrap_or_default())
            }
            Self::DeleteMany => DELETED.to_owned(),
            Self::Reassign => format!("{}Reassignment", object.name),
        }
    }

    /// Whether the caller's rights allow it at all.
    fn open(self, visible: Visible<'_>, object: &Object) -> bool {
        match self {
            Self::Create | Self::CreateMany | Self::Restore => visible.may(object, Action::Create),
            Self::Update | Self::UpdateMany => visible.may(object, Action::Edit),
            Self::Delete | Self::DeleteMany => visible.may(object, Action::Delete),
            Self::Reassign => visible.reassigns(object),
            Self::Upsert => {
                let both = [Action::Create, Action::Edit];
                both.into_iter().all(|action| visible.may(object, action))
                    && visible.upserted_by(object).next().is_some()
            }
        }
    }

    fn about(self) -> Option<&'static str> {
        Some(match self {
            Self::CreateMany => {
                "Makes several records, all or none; with `CONTINUE` those that are not refused. The path of a fault begins with the place of its input."
            }
            Self::UpdateMany => {
                "Changes the records of the filter that the caller may read, all or none; the caller must be able to change each before and after. The path of a fault begins with the id. A dry run writes nothing."
            }
            Self::DeleteMany => {
                "Removes the records of the filter that the caller may read, all or none. The path of a fault begins with the id. A dry run removes nothing."
            }
            Self::Reassign => {
                "Gives records another owner, all or none: those of the filter that the caller may read, each of which they must be able to change before and after. A dry run writes nothing."
            }
            Self::Restore => {
                "Puts a record back that the caller removed, with its id, lines and members; administrators put back those of everyone."
            }
            Self::Upsert => {
                "Changes the record that has the key of the input, by what is given and leaving the rest; makes it where there is none."
            }
            Self::Create | Self::Update | Self::Delete => return None,
        })
    }

    fn arguments(self, object: &Object) -> Vec<InputValue> {
        let name = &object.name;
        let id = || arg("id", TypeRef::named_nn("ID"));
        let version = || arg("expectedVersion", TypeRef::named("Int"));
        let filter = || arg("filter", TypeRef::named_nn(format!("{name}Filter")));
        let patch = || arg("patch", TypeRef::named_nn(format!("Update{name}Input")));
        let most = || arg("atMost", TypeRef::named_nn("Int"));
        let all = || {
            arg(ALL, TypeRef::named("Boolean")).description(
                "Every record is meant; without it a filter that says nothing is refused.",
            )
        };
        let trial = || arg("dryRun", TypeRef::named("Boolean"));
        let input = format!("Create{name}Input");
        let mut arguments = match self {
            Self::Create => vec![arg("input", TypeRef::named_nn(input))],
            Self::Update => vec![id(), patch(), version()],
            Self::Delete => vec![id(), version()],
            Self::CreateMany => vec![
                arg("inputs", TypeRef::named_nn_list_nn(input)),
                arg("onError", TypeRef::named(ON_ERROR)),
            ],
            Self::UpdateMany => vec![filter(), patch(), most(), all(), trial()],
            Self::DeleteMany => vec![filter(), most(), all(), trial()],
            Self::Reassign => vec![
                filter(),
                arg("to", TypeRef::named_nn("ID")),
                arg("keepFormer", TypeRef::named("Boolean")),
                most(),
                all(),
                trial(),
            ],
            Self::Restore => vec![id()],
            Self::Upsert => vec![
                arg("by", TypeRef::named_nn(keys_type(object))),
                arg("input", TypeRef::named_nn(input)),
            ],
        };
        arguments.push(arg(KEY, TypeRef::named("String")));
        arguments
    }
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
pub(super) fn roots(catalog: &Catalog) -> impl Iterator<Item = (String, (Verb, ObjectIx))> {
    let heads = catalog.objects.iter().filter(|object| object.kind != ObjectKind::Line);
    heads.flat_map(|object| {
        let named = move |verb: Verb| Some((verb.field(object)?, (verb, object.ix)));
        Verb::ALL.into_iter().filter_map(named)
    })
}

/// Adds the root fields of an object for a caller.
pub(super) fn fields(visible: Visible<'_>, object: &Object, mutation: Type) -> Type {
    let open = Verb::ALL.into_iter().filter(|verb| verb.open(visible, object));
    open.fold(mutation, |mutation, verb| {
        let Some(name) = verb.field(object) else { return mutation };
        let mut root = field(name, TypeRef::named(verb.payload(object)));
        if let Some(about) = verb.about() {
            root = root.description(about);
        }
        mutation.field(verb.arguments(object).into_iter().fold(root, Field::argument))
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

/// Registers the payload types of an object.
pub(super) fn payloads(
    visible: Visible<'_>,
    object: &Object,
    mut schema: SchemaBuilder,
) -> SchemaBuilder {
    let one = Type::new(Verb::Create.payload(object))
        .field(field("record", TypeRef::named(&object.name)))
        .field(errors());
    schema = schema.register(one);
    if Verb::Upsert.open(visible, object) {
        let keys =
            Enum::new(keys_type(object)).description("The fields that are unique, by their names.");
        let by = visible.upserted_by(object);
        schema = schema.register(by.fold(keys, |keys, (_, field)| keys.item(&field.name)));
    }
    if object.plural.is_some() {
        let many = Type::new(Verb::CreateMany.payload(object))
            .field(field("records", TypeRef::named_list_nn(&object.name)))
            .field(count())
            .field(errors());
        schema = schema.register(many);
    }
    if visible.reassigns(object) {
        let reassigned = Type::new(Verb::Reassign.payload(object))
            .field(field("records", TypeRef::named_list_nn(&object.name)))
            .field(count())
            .field(
                field("nodes", TypeRef::named_nn_list_nn(&object.name))
                    .deprecation(Some("The same as `records`.")),
            )
            .field(errors());
        schema = schema.register(reassigned);
    }
    schema
}

fn count() -> Field {
    field("count", TypeRef::named_nn("Int"))
}

fn errors() -> Field {
    field("userErrors", TypeRef::named_nn_list_nn("UserError"))
}
