//! The types of a schema as its text tells them.

use std::collections::HashMap;

use async_graphql::parser::{
    parse_schema,
    types::{TypeKind, TypeSystemDefinition},
};

/// A field: its name, its arguments with their types, its own type.
pub(super) type Field = (String, Vec<(String, String)>, String);

/// What a type is made of.
pub(super) enum Kind {
    Object(Vec<Field>),
    Input(Vec<(String, String)>),
    Enum(Vec<String>),
    Union,
    Scalar,
}

/// The types of a schema by name.
pub(super) struct Types(pub(super) HashMap<String, Kind>);

impl Types {
    pub(super) fn read(sdl: &str) -> Self {
        let mut types = HashMap::new();
        for definition in parse_schema(sdl).unwrap().definitions {
            let TypeSystemDefinition::Type(ty) = definition else { continue };
            let name = ty.node.name.node.to_string();
            let fields = |fields: Vec<async_graphql::Positioned<_>>| {
                let each = fields.into_iter().map(|field| {
                    let field: async_graphql::parser::types::FieldDefinition = field.node;
                    let arguments = field.arguments.into_iter().map(|argument| {
                        (argument.node.name.node.to_string(), argument.node.ty.node.to_string())
                    });
                    (field.name.node.to_string(), arguments.collect(), field.ty.node.to_string())
                });
                Kind::Object(each.collect())
            };
            let kind = match ty.node.kind {
                TypeKind::Object(object) => fields(object.fields),
                TypeKind::Interface(interface) => fields(interface.fields),
                TypeKind::InputObject(input) => {
                    let each = input.fields.into_iter();
                    Kind::Input(
                        each.map(|field| {
                            (field.node.name.node.to_string(), field.node.ty.node.to_string())
                        })
                        .collect(),
                    )
                }
                TypeKind::Enum(values) => Kind::Enum(
                    values.values.into_iter().map(|v| v.node.value.node.to_string()).collect(),
                ),
                TypeKind::Union(_) => Kind::Union,
                TypeKind::Scalar => Kind::Scalar,
            };
            types.insert(name, kind);
        }
        Self(types)
    }

    pub(super) fn fields(&self, ty: &str) -> &[Field] {
        match self.0.get(ty) {
            Some(Kind::Object(fields)) => fields,
            _ => &[],
        }
    }
}

/// The name within `[X!]!`.
pub(super) fn named(ty: &str) -> &str {
    ty.trim_matches(['[', ']', '!'])
}
