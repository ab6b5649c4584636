//! Checks the values of variables: defaults, required values, types. The engine does not check these.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Name, Value,
    parser::types::{
        ExecutableDocument, OperationDefinition, OperationType, Selection, VariableDefinition,
    },
    registry::{MetaInputValue, MetaType, MetaTypeName, Registry},
};
use async_graphql_value::Value as Written;
use indexmap::IndexMap;
use serde_json::{Map, Value as Json};

use super::{faults, optional, schema_mask::Hidden};
use crate::base::{Error, Result};

/// An operation's variables after defaults and checks.
pub(super) type Variables = IndexMap<Name, Value>;

/// The variables with removed parts.
pub(super) type Lacks = HashMap<Name, Lack>;

/// How much of a variable was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lack {
    /// A part that narrowed it.
    Part,
    /// All of it.
    All,
}

/// The values of variables, and what was removed.
#[derive(Debug, Default)]
pub(super) struct Coerced {
    pub(super) values: Variables,
    /// Paths of removed parts that do not exist for the caller, of `@optional` variables.
    pub(super) left: Vec<Vec<String>>,
    /// The variables of these parts.
    pub(super) lacks: Lacks,
}

/// Returns the values of an operation's variables with their declared types. A variable without value or
/// default is absent. Fails with all faults of all variables.
pub(super) fn coerce(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    given: &serde_json::Map<String, serde_json::Value>,
    registry: &Registry,
    hidden: &Hidden,
) -> Result<Coerced, Vec<Error>> {
    let mut coerced = Coerced::default();
    let mut faults = Vec::new();
    let optional = operation.variable_definitions.iter().any(|one| optional::declared(&one.node));
    let branches = if optional { optional::branches(document) } else { HashSet::new() };
    for definition in &operation.variable_definitions {
        let definition = &definition.node;
        let name = definition.name.node.as_str();
        let ty = &definition.var_type.node;
        match given.get(name) {
            Some(json) => {
                let mut reading = Reading {
                    known: (registry, hidden),
                    ways: Ways::of(operation.ty, definition),
                    path: vec![name.to_owned()],
                    left: &mut coerced.left,
                    faults: &mut faults,
                };
                let branch = branches.contains(name);
                let (value, lack) = match reading.value(&ty.to_string(), json, branch) {
                    Got::Value(value, partly) => (value, partly.then_some(Lack::Part)),
                    Got::Fault => continue,
                    // All of it was removed.
                    Got::Left if json.is_array() => (Value::List(Vec::new()), Some(Lack::All)),
                    Got::Left => (Value::Object(IndexMap::new()), Some(Lack::All)),
                };
                let name = &definition.name.node;
                coerced.lacks.extend(lack.map(|lack| (name.clone(), lack)));
                coerced.values.insert(name.clone(), value);
            }
            None => match &definition.default_value {
                Some(default) => {
                    coerced.values.insert(definition.name.node.clone(), default.node.clone());
                }
                None if !ty.nullable => {
                    faults.push(faults::variable_missing(name, ty.to_string()).at([name]));
                }
                None => {}
            },
        }
    }
    faults.truncate(TOLD);
    if faults.is_empty() { Ok(coerced) } else { Err(faults) }
}

/// Parses a value that is to be stored, in which everything has to exist. Fails with every fault.
pub(super) fn stored_value(
    registry: &Registry,
    hidden: &Hidden,
    (path, ty): (&[&str], &str),
    value: &Json,
) -> Result<Json, Vec<Error>> {
    let (mut left, mut faults) = (Vec::new(), Vec::new());
    let mut reading = Reading {
        known: (registry, hidden),
        ways: Ways { lenient: false, forgiving: false, inputs: false },
        path: path.iter().map(|&step| step.to_owned()).collect(),
        left: &mut left,
        faults: &mut faults,
    };
    match reading.value(ty, value, false) {
        Got::Value(value, _) => value.into_json().map_err(|cause| vec![Error::internal(cause)]),
        Got::Left | Got::Fault => Err(faults),
    }
}

/// Returns what of a stored value still exists and fits, and the paths of the parts that do not.
pub(super) fn existing_value(
    registry: &Registry,
    hidden: &Hidden,
    (path, ty): (&[&str], &str),
    value: &Json,
) -> (Option<Json>, Vec<Vec<String>>) {
    let (mut left, mut faults) = (Vec::new(), Vec::new());
    let mut reading = Reading {
        known: (registry, hidden),
        ways: Ways { lenient: true, forgiving: true, inputs: false },
        path: path.iter().map(|&step| step.to_owned()).collect(),
        left: &mut left,
        faults: &mut faults,
    };
    let existing = match reading.value(ty, value, false) {
        Got::Value(value, _) => value.into_json().ok(),
        Got::Left | Got::Fault => None,
    };
    (existing, left)
}

/// How a variable is parsed.
#[derive(Clone, Copy)]
struct Ways {
    /// Remove parts that do not exist for the caller.
    lenient: bool,
    /// Remove parts that do not fit, too: they are stored, and the schema may have changed since.
    forgiving: bool,
    /// Pass on values of a wrong kind to the parser of inputs, whose faults the user can correct.
    inputs: bool,
}

impl Ways {
    fn of(ty: OperationType, definition: &VariableDefinition) -> Self {
        let written = definition.var_type.node.to_string();
        let filter = MetaTypeName::concrete_typename(&written).ends_with("Filter");
        let mutation = ty == OperationType::Mutation;
        Self {
            // A write with a filter that lost a condition would change too many records.
            lenient: optional::declared(definition) && !(filter && mutation),
            forgiving: false,
            inputs: mutation && !filter,
        }
    }
}

/// Refuses null as a condition of `@skip` or `@include`, which is possible for a nullable variable with a
/// default.
pub(super) fn conditions(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    values: &Variables,
) -> Result<()> {
    let mut open = vec![&operation.selection_set.node];
    let mut seen = HashSet::new();
    while let Some(set) = open.pop() {
        for item in &set.items {
            let (directives, inner) = match &item.node {
                Selection::Field(field) => {
                    (&field.node.directives, Some(&field.node.selection_set))
                }
                Selection::InlineFragment(inner) => {
                    (&inner.node.directives, Some(&inner.node.selection_set))
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    let fragment = document.fragments.get(name).filter(|_| seen.insert(name));
                    let inner = fragment.map(|fragment| &fragment.node.selection_set);
                    (&spread.node.directives, inner)
                }
            };
            open.extend(inner.map(|inner| &inner.node));
            let given = directives.iter().filter_map(|directive| directive.node.get_argument("if"));
            for condition in given {
                if let Written::Variable(name) = &condition.node
                    && values.get(name) == Some(&Value::Null)
                {
                    let fault = faults::variable_misfit(format!("${name}"), "Boolean!");
                    return Err(fault.at([name.to_string()]));
                }
            }
        }
    }
    Ok(())
}

/// Most faults reported at once.
const TOLD: usize = 20;
/// Deepest nesting of values.
const DEEPEST: usize = 40;

/// The result of parsing a value.
enum Got {
    /// A valid value, and whether a part that narrowed it was removed.
    Value(Value, bool),
    /// All of it was removed.
    Left,
    /// Invalid. The fault is recorded.
    Fault,
}

/// The parsing of a value.
struct Reading<'r> {
    /// The whole schema, and its parts that do not exist for the caller.
    known: (&'r Registry, &'r Hidden),
    ways: Ways,
    /// The path of the value.
    path: Vec<String>,
    left: &'r mut Vec<Vec<String>>,
    faults: &'r mut Vec<Error>,
}

impl Reading<'_> {
    /// Adds a fault of the present place, as `$input.lines.0`.
    fn fault(&mut self, fault: impl FnOnce(String) -> Error) -> Got {
        if self.ways.forgiving {
            self.left.push(self.path.clone());
            return Got::Left;
        }
        if self.faults.len() < TOLD {
            let place = format!("${}", self.path.join("."));
            self.faults.push(fault(place).at(self.path.clone()));
        }
        Got::Fault
    }

    fn misfit(&mut self, ty: &str) -> Got {
        self.fault(|place| faults::variable_misfit(place, ty))
    }

    /// Parses a nested value.
    fn below(&mut self, step: String, ty: &str, value: &Json, branch: bool) -> Got {
        self.path.push(step);
        let got = self.value(ty, value, branch);
        self.path.pop();
        got
    }

    /// Handles a value of a wrong type. In an input it is passed on, to be reported with the other faults of
    /// the record.
    fn other(&mut self, ty: &str, value: &Json) -> Got {
        if self.ways.inputs && self.path.len() > 1 {
            return match Value::from_json(value.clone()) {
                Ok(value) => Got::Value(value, false),
                Err(_) => self.misfit(ty),
            };
        }
        self.misfit(ty)
    }

    /// Parses a value of a type such as `[ID!]!`; the schema stores input types as texts. `branch`: the value
    /// is one branch of an `or`.
    fn value(&mut self, ty: &str, value: &Json, branch: bool) -> Got {
        let (base, nullable) = match ty.strip_suffix('!') {
            Some(base) => (base, false),
            None => (ty, true),
        };
        if value.is_null() {
            return if nullable { Got::Value(Value::Null, false) } else { self.misfit(ty) };
        }
        if self.path.len() > DEEPEST {
            return self.fault(faults::variable_too_deep);
        }
        let inner = base.strip_prefix('[').and_then(|inner| inner.strip_suffix(']'));
        let Some(inner) = inner else { return self.named(base, value, branch) };
        let Json::Array(items) = value else {
            return match self.value(inner, value, branch) {
                Got::Value(value, partly) => Got::Value(Value::List(vec![value]), partly),
                other => other,
            };
        };
        let (mut all, mut partly, mut fault) = (Vec::with_capacity(items.len()), false, false);
        for (at, item) in items.iter().enumerate() {
            match self.below(at.to_string(), inner, item, branch) {
                Got::Value(value, part) => {
                    all.push(value);
                    partly |= part;
                }
                Got::Left => partly = true,
                Got::Fault => fault = true,
            }
        }
        match fault {
            true => Got::Fault,
            false if all.is_empty() && partly => Got::Left,
            // Removing branches does not change the others.
            false => Got::Value(Value::List(all), partly && !branch),
        }
    }

    fn named(&mut self, name: &str, value: &Json, branch: bool) -> Got {
        let (registry, hidden) = self.known;
        match hidden.ty(registry, name) {
            Some(MetaType::InputObject { input_fields, .. }) => match value {
                Json::Object(fields) => self.object(name, input_fields, fields, branch),
                _ => self.other(name, value),
            },
            Some(MetaType::Enum { .. }) => match value {
                Json::String(text) if hidden.value(registry, name, text) => {
                    Got::Value(Value::Enum(Name::new(text)), false)
                }
                _ => self.other(name, value),
            },
            Some(MetaType::Scalar { .. }) => match scalar(name, value) {
                Some(value) => Got::Value(value, false),
                None => self.other(name, value),
            },
            _ => self.misfit(name),
        }
    }

    fn object(
        &mut self,
        name: &str,
        known: &IndexMap<String, MetaInputValue>,
        fields: &Map<String, Json>,
        branch: bool,
    ) -> Got {
        let mut checked = IndexMap::with_capacity(fields.len());
        let (mut partly, mut fault) = (false, false);
        for (key, value) in fields {
            let there = known.get(key.as_str());
            let got = match there.filter(|_| self.known.1.input(name, key)) {
                Some(field) => self.below(key.clone(), &field.ty, value, key == "or"),
                None if self.ways.lenient => {
                    let mut path = self.path.clone();
                    path.push(key.clone());
                    self.left.push(path);
                    Got::Left
                }
                None => {
                    self.path.push(key.clone());
                    let got = self.fault(|place| faults::variable_unknown_field(place, name));
                    self.path.pop();
                    got
                }
            };
            match got {
                Got::Value(value, part) => {
                    // A removed part inside `not` excludes nothing more.
                    partly |= part && key != "not";
                    checked.insert(Name::new(key), value);
                }
                Got::Left => partly = true,
                Got::Fault => fault = true,
            }
        }
        for (key, field) in known {
            let needed = field.ty.ends_with('!') && field.default_value.is_none();
            if needed && !fields.contains_key(key.as_str()) {
                self.path.push(key.clone());
                let got = self.fault(|place| faults::variable_field_missing(place, &field.ty));
                self.path.pop();
                if matches!(got, Got::Left) {
                    return got;
                }
                fault = true;
            }
        }
        match fault {
            true => Got::Fault,
            // A branch that lost a condition would match more records.
            false if partly && (branch || checked.is_empty()) => Got::Left,
            false => Got::Value(Value::Object(checked), partly),
        }
    }
}

fn scalar(name: &str, value: &Json) -> Option<Value> {
    let fits = match (name, value) {
        ("Int", Json::Number(number)) => {
            whole(number).is_some_and(|int| i32::try_from(int).is_ok())
        }
        ("Float", Json::Number(_)) => true,
        ("String" | "Date" | "DateTime" | "Time", Json::String(_)) => true,
        ("Boolean", Json::Bool(_)) => true,
        ("ID", Json::String(_)) => true,
        ("ID", Json::Number(number)) => number.is_i64() || number.is_u64(),
        ("Decimal", Json::String(_)) => true,
        ("Decimal", Json::Number(number)) => whole(number).is_some(),
        ("JSON", _) => true,
        _ => false,
    };
    // JSON writes negative zero as a number with a point.
    let zero = value.as_f64() == Some(0.0) && matches!(name, "Int" | "Decimal");
    let value = if zero { Json::from(0) } else { value.clone() };
    fits.then(|| Value::from_json(value).ok()).flatten()
}

/// Returns a whole number. Negative zero, which JSON writes with a point, is zero.
pub(super) fn whole(number: &serde_json::Number) -> Option<i64> {
    number.as_i64().or_else(|| (number.as_f64() == Some(0.0)).then_some(0))
}
