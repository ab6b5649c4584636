//! Literals that hold a variable: whether what is written around it fits the type.
//!
//! The engine looks at literals with the variables put in, and leaves those alone whose variables it does not have.
//! A document is validated once for all its requests, so none has any. Where a variable itself may stand is
//! the business of `positions`.

use async_graphql::registry::{MetaType, MetaTypeName, Registry};
use async_graphql_value::Value;

/// Whether a variable stands somewhere within.
pub(super) fn holds_variable(value: &Value) -> bool {
    match value {
        Value::Variable(_) => true,
        Value::List(items) => items.iter().any(holds_variable),
        Value::Object(fields) => fields.values().any(holds_variable),
        _ => false,
    }
}

/// The type that some part of a literal does not fit.
pub(super) fn misfit(registry: &Registry, ty: &str, value: &Value) -> Option<String> {
    match (MetaTypeName::create(ty), value) {
        (_, Value::Variable(_)) => None,
        (MetaTypeName::NonNull(_), Value::Null) => Some(ty.to_owned()),
        (MetaTypeName::NonNull(inner), value) => misfit(registry, inner, value),
        (_, Value::Null) => None,
        (MetaTypeName::List(each), Value::List(items)) => {
            items.iter().find_map(|item| misfit(registry, each, item))
        }
        (MetaTypeName::List(each), single) => misfit(registry, each, single),
        (MetaTypeName::Named(name), value) => {
            registry.types.get(name).and_then(|known| named(registry, known, value))
        }
    }
}

/// The same for a type that is neither a list nor required.
fn named(registry: &Registry, known: &MetaType, value: &Value) -> Option<String> {
    let wrong = || Some(known.name().to_owned());
    match (known, value) {
        (MetaType::Scalar { is_valid: Some(fits), .. }, value) => {
            match value.clone().into_const() {
                Some(constant) if !fits(&constant) => wrong(),
                // What is free to be anything may hold a variable too.
                _ => None,
            }
        }
        (MetaType::Enum { .. }, Value::Enum(_)) | (MetaType::Scalar { .. }, _) => None,
        (MetaType::InputObject { input_fields, .. }, Value::Object(given)) => {
            input_fields.values().find_map(|field| match given.get(field.name.as_str()) {
                Some(value) => misfit(registry, &field.ty, value),
                None => (MetaTypeName::create(&field.ty).is_non_null()
                    && field.default_value.is_none())
                .then(|| field.ty.clone()),
            })
        }
        _ => wrong(),
    }
}
