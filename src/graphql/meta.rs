//! The introspection types (`__Schema`, `__Type` and others) of the current GraphQL specification.
//!
//! The engine has types of these names from an older edition, which are not used.

use std::sync::LazyLock;

use async_graphql::{
    CacheControl, Positioned,
    parser::{
        parse_schema,
        types::{
            FieldDefinition, InputValueDefinition, TypeDefinition, TypeKind, TypeSystemDefinition,
        },
    },
    registry::{Deprecation, MetaEnumValue, MetaField, MetaInputValue, MetaType, Registry},
};

const TEXT: &str = include_str!("introspection.graphql");

/// The types, and a `Query` with `__schema` and `__type`.
static META: LazyLock<Registry> = LazyLock::new(|| {
    let mut registry = Registry::default();
    let definitions = parse_schema(TEXT).map(|document| document.definitions).unwrap_or_default();
    for definition in definitions {
        if let TypeSystemDefinition::Type(definition) = definition
            && let Some(ty) = ty(&definition.node)
        {
            registry.types.insert(definition.node.name.node.to_string(), ty);
        }
    }
    registry
});

/// What introspection shows of types of which nothing exists for a caller, because GraphQL has no empty types.
/// Nothing of it can be used.
#[derive(Default)]
pub(super) struct Nothing {
    /// `none`, in the root of mutations.
    pub(super) field: Option<MetaField>,
    /// `_`, in inputs.
    pub(super) input: Option<MetaInputValue>,
}

static NOTHING: LazyLock<Nothing> = LazyLock::new(|| {
    let mut nothing = Nothing::default();
    let text = "type Mutation { none: Boolean } input Input { _: Boolean }";
    let definitions = parse_schema(text).map(|document| document.definitions).unwrap_or_default();
    for definition in definitions {
        let TypeSystemDefinition::Type(definition) = definition else { continue };
        match &definition.node.kind {
            TypeKind::Object(ty) => nothing.field = ty.fields.first().map(|one| field(&one.node)),
            TypeKind::InputObject(ty) => {
                nothing.input = ty.fields.first().map(|one| argument(&one.node));
            }
            _ => {}
        }
    }
    nothing
});

/// Returns what is shown in place of nothing.
pub(super) fn nothing() -> &'static Nothing {
    &NOTHING
}

/// Returns the introspection types by name, including `Query` with its introspection fields.
pub(super) fn types() -> &'static Registry {
    &META
}

/// Whether a name is reserved for introspection.
pub(super) fn reserved(name: &str) -> bool {
    name.starts_with("__")
}

fn said(description: Option<&Positioned<String>>) -> Option<String> {
    description.map(|text| text.node.clone())
}

fn ty(definition: &TypeDefinition) -> Option<MetaType> {
    let (name, description) =
        (definition.name.node.to_string(), said(definition.description.as_ref()));
    match &definition.kind {
        TypeKind::Object(object) => Some(MetaType::Object {
            name,
            description,
            fields: object
                .fields
                .iter()
                .map(|known| (known.node.name.node.to_string(), field(&known.node)))
                .collect(),
            cache_control: CacheControl::default(),
            extends: false,
            shareable: false,
            resolvable: true,
            keys: None,
            visible: None,
            inaccessible: false,
            interface_object: false,
            tags: Vec::new(),
            is_subscription: false,
            rust_typename: None,
            directive_invocations: Vec::new(),
            requires_scopes: Vec::new(),
        }),
        TypeKind::Enum(list) => Some(MetaType::Enum {
            name,
            description,
            enum_values: list
                .values
                .iter()
                .map(|value| {
                    let name = value.node.value.node.to_string();
                    let value = MetaEnumValue {
                        name: name.clone(),
                        description: said(value.node.description.as_ref()),
                        deprecation: Deprecation::NoDeprecated,
                        visible: None,
                        inaccessible: false,
                        tags: Vec::new(),
                        directive_invocations: Vec::new(),
                    };
                    (name, value)
                })
                .collect(),
            visible: None,
            inaccessible: false,
            tags: Vec::new(),
            rust_typename: None,
            directive_invocations: Vec::new(),
            requires_scopes: Vec::new(),
        }),
        _ => None,
    }
}

fn field(definition: &FieldDefinition) -> MetaField {
    MetaField {
        name: definition.name.node.to_string(),
        description: said(definition.description.as_ref()),
        args: definition
            .arguments
            .iter()
            .map(|known| (known.node.name.node.to_string(), argument(&known.node)))
            .collect(),
        ty: definition.ty.node.to_string(),
        deprecation: Deprecation::NoDeprecated,
        cache_control: CacheControl::default(),
        external: false,
        requires: None,
        provides: None,
        visible: None,
        shareable: false,
        inaccessible: false,
        tags: Vec::new(),
        override_from: None,
        compute_complexity: None,
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    }
}

fn argument(definition: &InputValueDefinition) -> MetaInputValue {
    MetaInputValue {
        name: definition.name.node.to_string(),
        description: said(definition.description.as_ref()),
        ty: definition.ty.node.to_string(),
        deprecation: Deprecation::NoDeprecated,
        default_value: definition.default_value.as_ref().map(|value| value.node.to_string()),
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        is_secret: false,
        directive_invocations: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_types_of_the_specification_are_there() {
        let names: Vec<_> = types().types.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [
                "Query",
                "__Directive",
                "__DirectiveLocation",
                "__EnumValue",
                "__Field",
                "__InputValue",
                "__Schema",
                "__Type",
                "__TypeKind",
            ]
        );
    }
}
