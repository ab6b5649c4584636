//! `@optional`: a selected field that does not exist for the caller returns null.
//!
//! So one document serves callers of all roles. Hidden fields and unknown fields behave the same; variables
//! and fragments that only they used are removed. For an optional variable, the parts that do not exist are
//! removed (`variables.rs`).

use std::collections::HashSet;

use async_graphql::{
    Name, Positioned,
    parser::types::{
        Directive, DocumentOperations, ExecutableDocument, Field, OperationDefinition,
        OperationType, Selection, SelectionSet, VariableDefinition,
    },
    registry::{MetaTypeName, Registry},
};
use async_graphql_value::Value;

use super::schema_mask::Hidden;

/// The directive's name.
pub(super) const OPTIONAL: &str = "optional";

/// What exists for the caller.
struct Known<'k> {
    registry: &'k Registry,
    hidden: &'k Hidden,
}

/// Marks a field that does not exist for the caller. No document can contain a directive of this name.
const ABSENT: &str = "!absent";

/// Whether a field replaces one that does not exist for the caller.
pub(super) fn absent(field: &Field) -> bool {
    field.directives.iter().any(|directive| directive.node.name.node == ABSENT)
}

/// Returns the type's name, or an empty one for a field that does not exist.
pub(super) fn told(field: &Field, ty: &str) -> String {
    if absent(field) { String::new() } else { ty.to_owned() }
}

/// Removes the mark from a field for the engine.
pub(super) fn unmark(field: &mut Field) {
    field.directives.retain(|directive| directive.node.name.node != ABSENT);
}

/// Whether a variable is declared `@optional`.
pub(super) fn declared(definition: &VariableDefinition) -> bool {
    definition.directives.iter().any(|directive| directive.node.name.node == OPTIONAL)
}

/// Returns the variables that a document uses as the value of an `or`: each of their items is a branch.
pub(super) fn branches(document: &ExecutableDocument) -> HashSet<String> {
    let mut found = HashSet::new();
    let operations = document.operations.iter().map(|(_, operation)| &operation.node.selection_set);
    let fragments = document.fragments.values().map(|fragment| &fragment.node.selection_set);
    let mut open: Vec<_> = operations.chain(fragments).map(|set| &set.node).collect();
    while let Some(set) = open.pop() {
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => {
                    let given = field.node.arguments.iter();
                    given.for_each(|(_, value)| branches_of(&value.node, &mut found));
                    open.push(&field.node.selection_set.node);
                }
                Selection::InlineFragment(inner) => open.push(&inner.node.selection_set.node),
                Selection::FragmentSpread(_) => {}
            }
        }
    }
    found
}

fn branches_of(value: &Value, found: &mut HashSet<String>) {
    match value {
        Value::List(items) => items.iter().for_each(|item| branches_of(item, found)),
        Value::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Value::Variable(name) if key == "or" => {
                        found.insert(name.to_string());
                    }
                    value => branches_of(value, found),
                }
            }
        }
        _ => {}
    }
}

/// Replaces optional fields that do not exist for a caller by nulls.
pub(super) fn settle(document: &mut ExecutableDocument, registry: &Registry, hidden: &Hidden) {
    let known = &Known { registry, hidden };
    let before = Used::of(document);
    match &mut document.operations {
        DocumentOperations::Single(operation) => settle_operation(&mut operation.node, known),
        DocumentOperations::Multiple(all) => {
            for operation in all.values_mut() {
                settle_operation(&mut operation.node, known);
            }
        }
    }
    for fragment in document.fragments.values_mut() {
        let on = fragment.node.type_condition.node.on.node.to_string();
        settle_set(&mut fragment.node.selection_set.node, &on, known);
    }
    let after = Used::of(document);
    // Elements that were unused before stay, so that validation refuses them.
    document
        .fragments
        .retain(|name, _| !before.fragments.contains(name) || after.fragments.contains(name));
    let keep = |operation: &mut OperationDefinition| {
        operation.variable_definitions.retain(|definition| {
            let name = &definition.node.name.node;
            !before.variables.contains(name) || after.variables.contains(name)
        });
    };
    match &mut document.operations {
        DocumentOperations::Single(operation) => keep(&mut operation.node),
        DocumentOperations::Multiple(all) => {
            for operation in all.values_mut() {
                keep(&mut operation.node);
            }
        }
    }
}

fn settle_operation(operation: &mut OperationDefinition, known: &Known<'_>) {
    let root = match operation.ty {
        OperationType::Query => "Query",
        OperationType::Mutation => "Mutation",
        OperationType::Subscription => "Subscription",
    };
    settle_set(&mut operation.selection_set.node, root, known);
}

fn settle_set(set: &mut SelectionSet, ty: &str, known: &Known<'_>) {
    if set.items.is_empty() {
        return;
    }
    set.items.retain_mut(|item| match &mut item.node {
        Selection::Field(field) => settle_field(&mut field.node, ty, known),
        Selection::InlineFragment(inner) => {
            let on = inner.node.type_condition.as_ref().map(|on| on.node.on.node.to_string());
            settle_set(&mut inner.node.selection_set.node, on.as_deref().unwrap_or(ty), known);
            true
        }
        Selection::FragmentSpread(_) => true,
    });
    // Only subscriptions lose fields, because they cannot return null.
    if set.items.is_empty() {
        set.items.push(nothing());
    }
}

/// Returns whether the field stays.
fn settle_field(field: &mut Field, ty: &str, known: &Known<'_>) -> bool {
    let ours = |directive: &Positioned<Directive>| {
        directive.node.name.node == OPTIONAL && directive.node.arguments.is_empty()
    };
    // Removes only one. The engine refuses a second.
    let optional = field.directives.iter().position(ours).map(|at| field.directives.remove(at));
    let optional = optional.is_some();
    let name = field.name.node.as_str();
    if name.starts_with("__") {
        return true;
    }
    let Some(there) = known.hidden.field(known.registry, ty, name) else {
        if optional && ty != "Subscription" {
            put_null(field);
            return true;
        }
        return !optional;
    };
    let below = MetaTypeName::concrete_typename(&there.ty);
    settle_set(&mut field.selection_set.node, below, known);
    true
}

/// Replaces a field by one that returns null under the same key.
fn put_null(field: &mut Field) {
    let here = |name: &str| Positioned::new(Name::new(name), async_graphql::Pos::default());
    let key = field.alias.take().unwrap_or_else(|| field.name.clone());
    let mut directives = std::mem::take(&mut field.directives);
    let absent = Directive { name: here(ABSENT), arguments: Vec::new() };
    directives.push(Positioned::new(absent, async_graphql::Pos::default()));
    *field = Field {
        alias: Some(key),
        name: Positioned::new(Name::new("__typename"), field.name.pos),
        arguments: Vec::new(),
        directives,
        selection_set: Positioned::new(SelectionSet::default(), field.selection_set.pos),
    };
}

/// `__typename @skip(if: true)`: an empty selection, if all fields were removed.
fn nothing() -> Positioned<Selection> {
    let here = |name: &str| Positioned::new(Name::new(name), async_graphql::Pos::default());
    let at = async_graphql::Pos::default();
    let skip = Directive {
        name: here("skip"),
        arguments: vec![(here("if"), Positioned::new(Value::Boolean(true), at))],
    };
    let field = Field {
        alias: None,
        name: here("__typename"),
        arguments: Vec::new(),
        directives: vec![Positioned::new(skip, at)],
        selection_set: Positioned::new(SelectionSet::default(), at),
    };
    Positioned::new(Selection::Field(Positioned::new(field, at)), at)
}

/// The variables and fragments that the operations of a document use.
#[derive(Default)]
struct Used {
    variables: HashSet<Name>,
    fragments: HashSet<Name>,
}

impl Used {
    fn of(document: &ExecutableDocument) -> Self {
        let mut used = Self::default();
        for (_, operation) in document.operations.iter() {
            used.directives(&operation.node.directives);
            used.set(&operation.node.selection_set.node, document);
        }
        used
    }

    fn set(&mut self, set: &SelectionSet, document: &ExecutableDocument) {
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => {
                    field.node.arguments.iter().for_each(|(_, value)| self.value(&value.node));
                    self.directives(&field.node.directives);
                    self.set(&field.node.selection_set.node, document);
                }
                Selection::InlineFragment(inner) => {
                    self.directives(&inner.node.directives);
                    self.set(&inner.node.selection_set.node, document);
                }
                Selection::FragmentSpread(spread) => {
                    self.directives(&spread.node.directives);
                    let name = &spread.node.fragment_name.node;
                    if self.fragments.insert(name.clone())
                        && let Some(fragment) = document.fragments.get(name)
                    {
                        self.directives(&fragment.node.directives);
                        self.set(&fragment.node.selection_set.node, document);
                    }
                }
            }
        }
    }

    fn directives(&mut self, directives: &[Positioned<Directive>]) {
        let arguments = directives.iter().flat_map(|directive| &directive.node.arguments);
        arguments.for_each(|(_, value)| self.value(&value.node));
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Variable(name) => {
                self.variables.insert(name.clone());
            }
            Value::List(items) => items.iter().for_each(|item| self.value(item)),
            Value::Object(fields) => fields.values().for_each(|value| self.value(value)),
            _ => {}
        }
    }
}
