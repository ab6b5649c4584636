//! Checks that all of a document exists for its caller.
//!
//! This check runs before the engine validates, so hidden and unknown names get the same message, and no message
//! of the engine reveals hidden parts. It also refuses mistakes that the engine allows, in `__typename`,
//! positions of variables, and whole numbers.

use std::collections::HashMap;

use async_graphql::{
    Name, Pos, Positioned,
    parser::types::{
        BaseType, Directive, ExecutableDocument, Field, OperationDefinition, OperationType,
        Selection, SelectionSet, Type,
    },
    registry::{MetaType, MetaTypeName, Registry},
};
use async_graphql_value::{ConstValue, Number, Value};

use super::{
    faults,
    literals::{holds_variable, is_input, misfit},
    optional::OPTIONAL,
    positions::{Usage, VariableScope, misplaced},
    schema_mask::{Hidden, inputs, values},
};
use crate::base::Error;

/// Most faults reported at once.
const TOLD: usize = 20;

/// Returns a fault for everything in a document that does not exist for the caller. With `inputs`, inputs of
/// records are checked by us: their wrong values go to `userErrors`. `closed` gives the fault of a field that does not
/// exist for a reason that the caller may know.
pub(super) fn check_existing(
    document: &ExecutableDocument,
    registry: &Registry,
    hidden: &Hidden,
    inputs: bool,
    closed: &dyn Fn(&str, &str) -> Option<Error>,
) -> Result<(), Vec<Error>> {
    let scope = VariableScope::default();
    let mut walk = Walk {
        registry,
        hidden,
        inputs,
        closed,
        given: false,
        scope,
        faults: Vec::new(),
        refused: Vec::new(),
    };
    let mut operations = Vec::new();
    for (_, operation) in document.operations.iter() {
        walk.operation(&operation.node);
        operations.push((&operation.node, std::mem::take(&mut walk.scope)));
    }
    let mut sorted: Vec<_> = document.fragments.iter().collect();
    sorted.sort_by_key(|(_, fragment)| fragment.pos);
    let mut fragments = HashMap::new();
    for (name, fragment) in sorted {
        let on = &fragment.node.type_condition.node.on;
        if walk.known_type(on.pos, &on.node) {
            walk.directives(&fragment.node.directives);
            walk.set(&fragment.node.selection_set.node, &on.node);
        }
        fragments.insert(name.clone(), std::mem::take(&mut walk.scope));
    }
    for (operation, scope) in &operations {
        for found in misplaced(operation, scope, &fragments) {
            let (name, ty, expected) = (found.variable.as_str(), &found.ty, &found.expected);
            let (line, column) = (found.pos.line, found.pos.column);
            walk.fault(faults::misplaced_variable(name, ty, expected, line, column));
        }
    }
    match (walk.refused.is_empty(), walk.faults.is_empty()) {
        (false, _) => Err(walk.refused),
        (true, false) => Err(walk.faults),
        (true, true) => Ok(()),
    }
}

struct Walk<'w> {
    registry: &'w Registry,
    hidden: &'w Hidden,
    /// Whether inputs of mutations are checked by us.
    inputs: bool,
    /// What to say of a hidden field of a type.
    closed: &'w dyn Fn(&str, &str) -> Option<Error>,
    /// Whether the walk is inside such an input.
    given: bool,
    /// Variables and fragments of the current operation or fragment.
    scope: VariableScope,
    faults: Vec<Error>,
    /// What `closed` says of fields. Nothing else of the document is told then.
    refused: Vec<Error>,
}

impl<'w> Walk<'w> {
    fn fault(&mut self, fault: Error) {
        if self.faults.len() < TOLD {
            self.faults.push(fault);
        }
    }

    fn known_type(&mut self, pos: Pos, name: &str) -> bool {
        let known = self.hidden.ty(self.registry, name).is_some();
        if !known {
            self.fault(faults::unknown_type(name, pos.line, pos.column));
        }
        known
    }

    fn operation(&mut self, operation: &OperationDefinition) {
        for variable in &operation.variable_definitions {
            let mut given = variable.node.directives.iter();
            let ours = |directive: &Directive| {
                directive.name.node == OPTIONAL && directive.arguments.is_empty()
            };
            if given.next().is_some_and(|first| !ours(&first.node)) || given.next().is_some() {
                let pos = variable.pos;
                self.fault(faults::variable_directive(pos.line, pos.column));
            }
            let ty = &variable.node.var_type;
            let known = self.known_type(ty.pos, named(&ty.node));
            if let (true, Some(default)) = (known, &variable.node.default_value) {
                self.constant(default.pos, &default.node, &ty.node.to_string());
            }
        }
        let root = match operation.ty {
            OperationType::Query => "Query",
            OperationType::Mutation => "Mutation",
            OperationType::Subscription => "Subscription",
        };
        self.directives(&operation.directives);
        self.set(&operation.selection_set.node, root);
    }

    /// Checks variables in directives. The engine checks the rest.
    fn directives(&mut self, directives: &[Positioned<Directive>]) {
        for directive in directives {
            let known = self.registry.directives.get(directive.node.name.node.as_str());
            for (name, value) in &directive.node.arguments {
                if let Some(known) = known.and_then(|known| known.args.get(name.node.as_str())) {
                    let default = known.default_value.is_some();
                    self.argument(value.pos, &value.node, &known.ty, default);
                }
            }
        }
    }

    fn set(&mut self, set: &SelectionSet, ty: &str) {
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => self.field(&field.node, ty),
                Selection::InlineFragment(inner) => {
                    self.directives(&inner.node.directives);
                    let on = inner.node.type_condition.as_ref().map(|on| &on.node.on);
                    if on.is_none_or(|on| self.known_type(on.pos, &on.node)) {
                        let on = on.map_or(ty, |on| on.node.as_str());
                        self.set(&inner.node.selection_set.node, on);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    self.directives(&spread.node.directives);
                    self.scope.spreads.push(spread.node.fragment_name.node.clone());
                }
            }
        }
    }

    /// `__typename` has no arguments and no selection.
    fn typename(&mut self, field: &Field, ty: &str) {
        for (arg, _) in &field.arguments {
            self.unknown_argument(arg, "__typename", ty);
        }
        if !field.selection_set.node.items.is_empty() {
            let pos = field.selection_set.pos;
            self.fault(faults::selection_of_typename(pos.line, pos.column));
        }
    }

    fn unknown_argument(&mut self, arg: &Positioned<Name>, field: &str, ty: &str) {
        let Pos { line, column } = arg.pos;
        self.fault(faults::unknown_argument(arg.node.as_str(), field, ty, line, column));
    }

    fn field(&mut self, field: &Field, ty: &str) {
        let (pos, name) = (field.name.pos, field.name.node.as_str());
        self.directives(&field.directives);
        if name == "__typename" {
            return self.typename(field, ty);
        }
        let Some(known) = self.hidden.field(self.registry, ty, name) else {
            // The engine refuses selections on types without fields.
            if self.hidden.ty(self.registry, ty).is_some_and(MetaType::is_composite) {
                self.fault(faults::unknown_field(name, ty, pos.line, pos.column));
                self.refused.extend((self.closed)(ty, name).filter(|_| self.refused.is_empty()));
            }
            return;
        };
        for (arg, value) in &field.arguments {
            let there = known.args.get(arg.node.as_str());
            match there.filter(|_| !self.hidden.has(&[ty, name, &arg.node])) {
                Some(known) => {
                    let default = known.default_value.is_some();
                    self.given =
                        self.inputs && ty == "Mutation" && is_input(self.registry, &known.ty);
                    self.argument(value.pos, &value.node, &known.ty, default);
                    self.given = false;
                }
                None => self.unknown_argument(arg, name, ty),
            }
        }
        let below = MetaTypeName::concrete_typename(&known.ty);
        self.set(&field.selection_set.node, below);
    }

    /// Checks the value of an argument.
    fn argument(&mut self, pos: Pos, value: &Value, ty: &str, default: bool) {
        self.value(pos, value, ty, default);
        if !holds_variable(value) {
            return;
        }
        if let Some(expected) = misfit(self.registry, ty, value, self.given) {
            self.fault(faults::other_type(expected, pos.line, pos.column));
        }
    }

    /// Checks a value of an expected type. `default`: a missing value has a default.
    fn value(&mut self, pos: Pos, value: &Value, ty: &str, default: bool) {
        match value {
            Value::Variable(name) if !ty.is_empty() => self.scope.usages.push(Usage {
                variable: name.clone(),
                expected: ty.to_owned(),
                default,
                pos,
            }),
            Value::Enum(name) => self.named_value(pos, ty, name),
            Value::Number(number) => self.number(pos, ty, number),
            Value::List(items) => {
                let each = each(ty);
                for item in items {
                    self.value(pos, item, each, false);
                }
            }
            Value::Object(fields) => {
                for (name, value) in fields {
                    if let Some((ty, default)) = self.input(pos, ty, name) {
                        self.value(pos, value, &ty, default);
                    }
                }
            }
            _ => {}
        }
    }

    /// Whole numbers have 32 bits.
    fn number(&mut self, pos: Pos, ty: &str, number: &Number) {
        let whole = number.is_i64() || number.is_u64();
        let fits = number.as_i64().is_some_and(|int| i32::try_from(int).is_ok());
        if MetaTypeName::concrete_typename(ty) == "Int" && whole && !fits && !self.given {
            self.fault(faults::large_int(number.to_string(), pos.line, pos.column));
        }
    }

    fn constant(&mut self, pos: Pos, value: &ConstValue, ty: &str) {
        match value {
            ConstValue::Enum(name) => self.named_value(pos, ty, name),
            ConstValue::Number(number) => self.number(pos, ty, number),
            ConstValue::List(items) => items.iter().for_each(|item| self.constant(pos, item, ty)),
            ConstValue::Object(fields) => {
                for (name, value) in fields {
                    if let Some((ty, _)) = self.input(pos, ty, name) {
                        self.constant(pos, value, &ty);
                    }
                }
            }
            _ => {}
        }
    }

    fn named_value(&mut self, pos: Pos, ty: &str, value: &str) {
        let ty = MetaTypeName::concrete_typename(ty);
        // The engine refuses a name where no enum is expected.
        let enumerated = self.registry.types.get(ty).and_then(values).is_some();
        if enumerated && !self.given && !self.hidden.value(self.registry, ty, value) {
            self.fault(faults::unknown_value(value, ty, pos.line, pos.column));
        }
    }

    /// Returns the type of an input field, if it exists, and whether it has a default.
    fn input(&mut self, pos: Pos, ty: &str, field: &str) -> Option<(String, bool)> {
        let ty = MetaTypeName::concrete_typename(ty);
        let known = inputs(self.hidden.ty(self.registry, ty)?)?;
        match known.get(field).filter(|_| self.hidden.input(ty, field)) {
            Some(known) => Some((known.ty.clone(), known.default_value.is_some())),
            None => {
                self.fault(faults::unknown_field(field, ty, pos.line, pos.column));
                None
            }
        }
    }
}

/// Returns the type of a list's items. Inside a scalar no type is expected.
fn each(ty: &str) -> &str {
    match MetaTypeName::create(ty).unwrap_non_null() {
        MetaTypeName::List(each) => each,
        MetaTypeName::Named(_) | MetaTypeName::NonNull(_) => "",
    }
}

/// Returns the name of a variable's type without lists.
fn named(ty: &Type) -> &str {
    let mut base = &ty.base;
    loop {
        match base {
            BaseType::Named(name) => return name,
            BaseType::List(inner) => base = &inner.base,
        }
    }
}
