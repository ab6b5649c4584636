//! The directives of our own that documents may use, as they are told to whoever asks for the schema.
//!
//! The engine's schemas of a catalog cannot declare any. One that declares them, and nothing else, is asked
//! the same, and its list of directives put in place of theirs.

use std::{borrow::Cow, sync::LazyLock};

use async_graphql::{
    ContextDirective, CustomDirective, CustomDirectiveFactory, EmptyMutation, EmptySubscription,
    InputType, Name, Object, Request, Schema, ServerError, ServerResult, ValidationMode, Value,
    parser::types::{Directive, OperationDefinition},
    registry::{MetaDirective, Registry},
};
use indexmap::IndexMap;
use serde_json::{Map, Value as Json};

use super::{optional, select::Reader, together};

/// A directive.
struct Declared {
    name: &'static str,
    /// What it does.
    description: &'static str,
    /// Where it stands.
    location: &'static str,
}

const DECLARED: [Declared; 2] = [
    Declared {
        name: together::ATOMIC,
        description: "All fields of the mutation in one transaction: all are carried out, or none.",
        location: "MUTATION",
    },
    Declared {
        name: optional::OPTIONAL,
        description: "Leaves the field out where it does not exist for the caller, instead of refusing the document.",
        location: "FIELD",
    },
];

/// A location by its name: the engine has a type for it that cannot be named here.
fn location<T: InputType>(name: &str) -> Option<T> {
    T::parse(Some(Value::Enum(Name::new(name)))).ok()
}

impl CustomDirectiveFactory for Declared {
    fn name(&self) -> Cow<'static, str> {
        self.name.into()
    }

    fn register(&self, registry: &mut Registry) {
        registry.add_directive(MetaDirective {
            name: self.name.to_owned(),
            description: Some(self.description.to_owned()),
            locations: location(self.location).into_iter().collect(),
            args: IndexMap::default(),
            is_repeatable: false,
            visible: None,
            composable: None,
        });
    }

    fn create(
        &self,
        _context: &ContextDirective<'_>,
        _directive: &Directive,
    ) -> ServerResult<Box<dyn CustomDirective>> {
        // They are taken off documents before those are executed.
        Err(ServerError::new("a directive of ours was left in a document", None))
    }
}

/// `Query` with a field that nobody asks for.
struct Query;

#[Object]
impl Query {
    async fn nothing(&self) -> bool {
        false
    }
}

type Declaring = Schema<Query, EmptyMutation, EmptySubscription>;

/// Takes any document: what it lacks it answers with nothing.
static DECLARING: LazyLock<Declaring> = LazyLock::new(|| {
    let empty = Schema::build(Query, EmptyMutation, EmptySubscription);
    DECLARED
        .into_iter()
        .fold(empty.validation_mode(ValidationMode::Fast), |schema, declared| {
            schema.directive(declared)
        })
        .finish()
});

/// Puts our directives into what a request for introspection was answered.
pub(super) async fn tell(
    request: Request,
    operation: &OperationDefinition,
    reader: &Reader<'_>,
    answer: &mut Map<String, Json>,
) {
    let mut places = Vec::new();
    for (key, fields) in reader.collect(&[&operation.selection_set.node], "Query") {
        if fields.first().is_none_or(|field| field.name.node != "__schema") {
            continue;
        }
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
        for (inner, fields) in reader.collect(&sets, "__Schema") {
            if fields.first().is_some_and(|field| field.name.node == "directives") {
                places.push((key.clone(), inner));
            }
        }
    }
    if places.is_empty() {
        return;
    }
    let declared = DECLARING.execute(request).await.data.into_json().unwrap_or_default();
    for (key, inner) in places {
        let listed = declared.get(&key).and_then(|schema| schema.get(&inner)).cloned();
        let place = answer.get_mut(&key).and_then(Json::as_object_mut);
        if let (Some(listed @ Json::Array(_)), Some(place)) = (listed, place) {
            place.insert(inner, listed);
        }
    }
}

/// Their definitions, for a printed schema.
pub(super) fn sdl() -> String {
    let definition = |Declared { name, description, location }: Declared| {
        let quotes = "\"\"\"";
        format!("\n{quotes}\n{description}\n{quotes}\ndirective @{name} on {location}\n")
    };
    DECLARED.map(definition).concat()
}
