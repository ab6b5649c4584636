//! Values of variables: defaults, required ones, types. The engine's own checks leave these open.

use async_graphql::{
    Name, Value,
    parser::types::{ExecutableDocument, OperationDefinition, Selection},
    registry::{MetaType, Registry},
};
use async_graphql_value::Value as Written;
use indexmap::IndexMap;
use serde_json::Value as Json;

use super::{existing::Hidden, said::whole};
use crate::base::{Code, Error, Result};

/// An operation's variables after defaults and checks.
pub(super) type Variables = IndexMap<Name, Value>;

/// The values of an operation's variables, each of its declared type; a variable that was not given and
/// has no default is absent.
pub(super) fn coerce(
    operation: &OperationDefinition,
    given: &serde_json::Map<String, serde_json::Value>,
    registry: &Registry,
    hidden: &Hidden,
) -> Result<Variables> {
    let mut values = Variables::new();
    for definition in &operation.variable_definitions {
        let definition = &definition.node;
        let name = definition.name.node.as_str();
        let ty = &definition.var_type.node;
        match given.get(name) {
            Some(json) => {
                let value = check(&ty.to_string(), json, (registry, hidden), 0)
                    .map_err(|(path, expected)| wrong(name, &path, &expected))?;
                values.insert(definition.name.node.clone(), value);
            }
            None => match &definition.default_value {
                Some(default) => {
                    values.insert(definition.name.node.clone(), default.node.clone());
                }
                None if !ty.nullable => {
                    return Err(Error::new(
                        Code::InputVariable,
                        format!("the variable `${name}` of type `{ty}` has no value"),
                        format!("变量 `${name}` (类型 `{ty}`) 没有值"),
                    ));
                }
                None => {}
            },
        }
    }
    Ok(values)
}

/// Refuses `null` as a condition of `@skip` or `@include`, where a default let a nullable variable stand.
pub(super) fn conditions(document: &ExecutableDocument, values: &Variables) -> Result<()> {
    let operations = document.operations.iter().map(|(_, operation)| &operation.node.selection_set);
    let fragments = document.fragments.values().map(|fragment| &fragment.node.selection_set);
    let mut open: Vec<_> = operations.chain(fragments).map(|set| &set.node).collect();
    while let Some(set) = open.pop() {
        for item in &set.items {
            let (directives, inner) = match &item.node {
                Selection::Field(field) => {
                    (&field.node.directives, Some(&field.node.selection_set))
                }
                Selection::InlineFragment(inner) => {
                    (&inner.node.directives, Some(&inner.node.selection_set))
                }
                Selection::FragmentSpread(spread) => (&spread.node.directives, None),
            };
            open.extend(inner.map(|inner| &inner.node));
            let given = directives.iter().filter_map(|directive| directive.node.get_argument("if"));
            for condition in given {
                if let Written::Variable(name) = &condition.node
                    && values.get(name) == Some(&Value::Null)
                {
                    return Err(wrong(name, &[], "a `Boolean!`"));
                }
            }
        }
    }
    Ok(())
}

fn wrong(name: &str, path: &[String], expected: &str) -> Error {
    let place = path.iter().rev().fold(format!("${name}"), |mut place, part| {
        place.push('.');
        place.push_str(part);
        place
    });
    Error::new(
        Code::InputVariable,
        format!("the variable `{place}` is not {expected}"),
        format!("变量 `{place}` 不是 {expected}"),
    )
}

type Misfit = (Vec<String>, String);

/// The whole schema, and what of it does not exist for the caller.
type Known<'k> = (&'k Registry, &'k Hidden);

/// A value of a type as it is written: `[ID!]!`. The types of inputs stand as texts in the schema.
fn check(ty: &str, value: &Json, known: Known<'_>, depth: usize) -> Result<Value, Misfit> {
    let (base, nullable) = match ty.strip_suffix('!') {
        Some(base) => (base, false),
        None => (ty, true),
    };
    if value.is_null() {
        return if nullable { Ok(Value::Null) } else { Err((Vec::new(), format!("a `{ty}`"))) };
    }
    if depth > 40 {
        return Err((Vec::new(), "nested so deep".to_owned()));
    }
    let inner = base.strip_prefix('[').and_then(|inner| inner.strip_suffix(']'));
    match (inner, value) {
        (Some(inner), Json::Array(items)) => items
            .iter()
            .enumerate()
            .map(|(at, item)| {
                check(inner, item, known, depth + 1).map_err(|(mut path, expected)| {
                    path.push(at.to_string());
                    (path, expected)
                })
            })
            .collect::<Result<Vec<_>, _>>()
            .map(Value::List),
        (Some(inner), single) => {
            check(inner, single, known, depth + 1).map(|value| Value::List(vec![value]))
        }
        (None, value) => named(base, value, known, depth),
    }
}

fn named(name: &str, value: &Json, known: Known<'_>, depth: usize) -> Result<Value, Misfit> {
    let misfit = || (Vec::new(), format!("a `{name}`"));
    match known.1.ty(known.0, name) {
        Some(MetaType::InputObject { input_fields, .. }) => {
            let Json::Object(fields) = value else { return Err(misfit()) };
            let mut checked = IndexMap::with_capacity(fields.len());
            for (key, value) in fields {
                let there = input_fields.get(key.as_str());
                let Some(field) = there.filter(|_| known.1.input(name, key)) else {
                    return Err((vec![key.clone()], format!("a field of `{name}`")));
                };
                let value =
                    check(&field.ty, value, known, depth + 1).map_err(|(mut path, expected)| {
                        path.push(key.clone());
                        (path, expected)
                    })?;
                checked.insert(Name::new(key), value);
            }
            for (key, field) in input_fields {
                if field.ty.ends_with('!') && !checked.contains_key(key.as_str()) {
                    return Err((vec![key.clone()], format!("given, but `{}`", field.ty)));
                }
            }
            Ok(Value::Object(checked))
        }
        Some(MetaType::Enum { .. }) => match value {
            Json::String(text) if known.1.value(known.0, name, text) => {
                Ok(Value::Enum(Name::new(text)))
            }
            _ => Err(misfit()),
        },
        Some(MetaType::Scalar { .. }) => scalar(name, value).ok_or_else(misfit),
        _ => Err(misfit()),
    }
}

fn scalar(name: &str, value: &Json) -> Option<Value> {
    let fits = match (name, value) {
        ("Int", Json::Number(number)) => {
            whole(number).is_some_and(|int| i32::try_from(int).is_ok())
        }
        ("Float", Json::Number(_)) => true,
        ("String" | "Date" | "DateTime", Json::String(_)) => true,
        ("Boolean", Json::Bool(_)) => true,
        ("ID", Json::String(_)) => true,
        ("ID", Json::Number(number)) => number.is_i64() || number.is_u64(),
        ("Decimal", Json::String(_)) => true,
        ("Decimal", Json::Number(number)) => whole(number).is_some(),
        ("JSON", _) => true,
        _ => false,
    };
    // Zero with a sign is written as a number with a point.
    let zero = value.as_f64() == Some(0.0) && matches!(name, "Int" | "Decimal");
    let value = if zero { Json::from(0) } else { value.clone() };
    fits.then(|| Value::from_json(value).ok()).flatten()
}
