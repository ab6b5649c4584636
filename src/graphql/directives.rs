//! Our own directives for documents, as introspection shows them.
//!
//! The engine's dynamic schemas cannot declare directives, so they are added to those of the engine.

use async_graphql::{InputType, Name, Value, registry::MetaDirective};
use indexmap::IndexMap;

use super::{atomic, optional};

/// A directive.
struct Declared {
    name: &'static str,
    /// Its description.
    description: &'static str,
    /// Where it may be used.
    locations: &'static [&'static str],
}

const DECLARED: [Declared; 2] = [
    Declared {
        name: atomic::ATOMIC,
        description: "All fields of the mutation in one transaction: all are carried out, or none.",
        locations: &["MUTATION"],
    },
    Declared {
        name: optional::OPTIONAL,
        description: "Of a field: answers null where it does not exist for the caller, instead of refusing the document. Of a variable: leaves out what of its value does not exist for the caller, and tells so in `extensions.left`; not in filters of changes.",
        locations: &["FIELD", "VARIABLE_DEFINITION"],
    },
];

/// Parses a location. The engine's type for it is not public.
fn location<T: InputType>(name: &str) -> Option<T> {
    T::parse(Some(Value::Enum(Name::new(name)))).ok()
}

/// Returns our directives as metadata of an engine's schema.
pub(super) fn declared() -> impl Iterator<Item = MetaDirective> {
    DECLARED.into_iter().map(|Declared { name, description, locations }| MetaDirective {
        name: name.to_owned(),
        description: Some(description.to_owned()),
        locations: locations.iter().filter_map(|place| location(place)).collect(),
        args: IndexMap::default(),
        is_repeatable: false,
        visible: None,
        composable: None,
    })
}

/// Returns their definitions for a printed schema.
pub(super) fn sdl() -> String {
    let definition = |Declared { name, description, locations }: Declared| {
        let quotes = "\"\"\"";
        format!(
            "\n{quotes}\n{description}\n{quotes}\ndirective @{name} on {}\n",
            locations.join(" | ")
        )
    };
    DECLARED.map(definition).concat()
}
