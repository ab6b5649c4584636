//! Literals that hold a variable: whether what is written around it fits the type. And literals of inputs: what of
//! them does not fit is a person's to correct, as it is in variables.
//!
//! The engine looks at literals with the variables put in, and leaves those alone whose variables it does not have.
//! A document is validated once for all its requests, so none has any. Where a variable itself may stand is
//! the business of `positions`.

use async_graphql::{
    Name,
    registry::{MetaType, MetaTypeName, Registry},
};
use async_graphql_value::{Number, Value};
use indexmap::IndexMap;

/// Whether an argument of a mutation takes values of a record, which are told of in `userErrors`.
pub(super) fn is_input(registry: &Registry, ty: &str) -> bool {
    let name = MetaTypeName::concrete_typename(ty);
    let object = matches!(registry.types.get(name), Some(MetaType::InputObject { .. }));
    object && !name.ends_with("Filter")
}

/// The literal of an input with something fitting in place of each value that does not fit its type: for the engine,
/// which refuses those before they can be told with the others.
///
/// What is missing, `null` where a value has to be, and fields that are not there are left for it to refuse.
pub(super) fn fitting(registry: &Registry, ty: &str, value: &Value) -> Value {
    match (MetaTypeName::create(ty), value) {
        (_, Value::Variable(_) | Value::Null) => value.clone(),
        (MetaTypeName::NonNull(inner), value) => fitting(registry, inner, value),
        (MetaTypeName::List(each), Value::List(items)) => {
            Value::List(items.iter().map(|item| fitting(registry, each, item)).collect())
        }
        (MetaTypeName::List(each), single) => fitting(registry, each, single),
        (MetaTypeName::Named(name), value) => match (registry.types.get(name), value) {
            (Some(MetaType::InputObject { input_fields, .. }), Value::Object(given)) => {
                let field = |(name, value): (&Name, &Value)| {
                    let known = input_fields.get(name.as_str());
                    let value = known.map(|known| fitting(registry, &known.ty, value));
                    value.map(|value| (name.clone(), value))
                };
                let whole = given.iter().map(|(name, value)| {
                    field((name, value)).unwrap_or_else(|| (name.clone(), value.clone()))
                });
                Value::Object(whole.collect())
            }
            (Some(known), value) if fits(known, value) => value.clone(),
            _ => filler(registry, name),
        },
    }
}

/// Whether a literal without fields of its own is one of a type.
fn fits(known: &MetaType, value: &Value) -> bool {
    match (known, value) {
        (MetaType::Scalar { is_valid: Some(fits), .. }, value) => {
            value.clone().into_const().is_none_or(|constant| fits(&constant))
        }
        (MetaType::Scalar { .. }, _) => true,
        (MetaType::Enum { enum_values, .. }, Value::Enum(name)) => {
            enum_values.contains_key(name.as_str())
        }
        (MetaType::Enum { enum_values, .. }, Value::String(name)) => {
            enum_values.contains_key(name.as_str())
        }
        _ => false,
    }
}

/// Some value of a type.
fn filler(registry: &Registry, ty: &str) -> Value {
    match MetaTypeName::create(ty) {
        MetaTypeName::NonNull(inner) => filler(registry, inner),
        MetaTypeName::List(_) => Value::List(Vec::new()),
        MetaTypeName::Named(name) => match (registry.types.get(name), name) {
            (Some(MetaType::InputObject { input_fields, .. }), _) => {
                let needed = input_fields.values().filter(|field| {
                    MetaTypeName::create(&field.ty).is_non_null() && field.default_value.is_none()
                });
                let filled: IndexMap<_, _> = needed
                    .map(|field| (Name::new(&field.name), filler(registry, &field.ty)))
                    .collect();
                Value::Object(filled)
            }
            (Some(MetaType::Enum { enum_values, .. }), _) => {
                enum_values.keys().next().map_or(Value::Null, |name| Value::Enum(Name::new(name)))
            }
            (_, "Int" | "Float") => Value::Number(Number::from(0)),
            (_, "Boolean") => Value::Boolean(false),
            _ => Value::String(String::new()),
        },
    }
}

/// Whether a variable stands somewhere within.
pub(super) fn holds_variable(value: &Value) -> bool {
    match value {
        Value::Variable(_) => true,
        Value::List(items) => items.iter().any(holds_variable),
        Value::Object(fields) => fields.values().any(holds_variable),
        _ => false,
    }
}

/// The type that some part of a literal does not fit. Of an input (`given`) values of another kind are told elsewhere.
pub(super) fn misfit(registry: &Registry, ty: &str, value: &Value, given: bool) -> Option<String> {
    match (MetaTypeName::create(ty), value) {
        (_, Value::Variable(_)) => None,
        (MetaTypeName::NonNull(_), Value::Null) => Some(ty.to_owned()),
        (MetaTypeName::NonNull(inner), value) => misfit(registry, inner, value, given),
        (_, Value::Null) => None,
        (MetaTypeName::List(each), Value::List(items)) => {
            items.iter().find_map(|item| misfit(registry, each, item, given))
        }
        (MetaTypeName::List(each), single) => misfit(registry, each, single, given),
        (MetaTypeName::Named(name), value) => {
            registry.types.get(name).and_then(|known| named(registry, known, value, given))
        }
    }
}

/// The same for a type that is neither a list nor required.
fn named(registry: &Registry, known: &MetaType, value: &Value, given: bool) -> Option<String> {
    let wrong = || (!given).then(|| known.name().to_owned());
    match (known, value) {
        (MetaType::Scalar { is_valid: Some(fits), .. }, value) => {
            match value.clone().into_const() {
                Some(constant) if !fits(&constant) => wrong(),
                // What is free to be anything may hold a variable too.
                _ => None,
            }
        }
        (MetaType::Enum { .. }, Value::Enum(_)) | (MetaType::Scalar { .. }, _) => None,
        (MetaType::InputObject { input_fields, .. }, Value::Object(fields)) => {
            input_fields.values().find_map(|field| match fields.get(field.name.as_str()) {
                Some(value) => misfit(registry, &field.ty, value, given),
                None => (MetaTypeName::create(&field.ty).is_non_null()
                    && field.default_value.is_none())
                .then(|| field.ty.clone()),
            })
        }
        _ => wrong(),
    }
}
