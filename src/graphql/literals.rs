//! Checks literals that contain variables, and handles literals of inputs: their wrong values are user
//! errors, as in variables.
//!
//! The engine checks literals after inserting variables, and skips those whose variables have no value. A
//! document is validated once for all requests, so there are no values. `positions` checks the places of
//! variables themselves.

use async_graphql::{
    Name,
    registry::{MetaType, MetaTypeName, Registry},
};
use async_graphql_value::{Number, Value};
use indexmap::IndexMap;

/// Whether an argument of a mutation is an input of a record. Its faults go to `userErrors`.
pub(super) fn is_input(registry: &Registry, ty: &str) -> bool {
    let name = MetaTypeName::concrete_typename(ty);
    let object = matches!(registry.types.get(name), Some(MetaType::InputObject { .. }));
    object && !name.ends_with("Filter")
}

/// Returns an input literal with every wrong value replaced by a valid one. Otherwise the engine would refuse
/// it before all faults can be reported together.
///
/// Missing values, forbidden nulls and unknown fields stay, so that the engine refuses them.
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

/// Whether a literal without nested fields fits a type.
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

/// Returns some value of a type.
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

/// Whether a literal contains a variable.
pub(super) fn holds_variable(value: &Value) -> bool {
    match value {
        Value::Variable(_) => true,
        Value::List(items) => items.iter().any(holds_variable),
        Value::Object(fields) => fields.values().any(holds_variable),
        _ => false,
    }
}

/// Returns the type that some part of a literal does not fit. With `given` (an input), wrong scalars are
/// ignored, because they are reported elsewhere.
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

/// Like [`misfit`], for a named type that is neither a list nor required.
fn named(registry: &Registry, known: &MetaType, value: &Value, given: bool) -> Option<String> {
    let wrong = || (!given).then(|| known.name().to_owned());
    match (known, value) {
        (MetaType::Scalar { is_valid: Some(fits), .. }, value) => {
            match value.clone().into_const() {
                Some(constant) if !fits(&constant) => wrong(),
                // A scalar that accepts anything may contain a variable.
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
