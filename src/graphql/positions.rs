//! Checks that variables are used where their types allow it. The engine has this rule but never applies it.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Name, Pos,
    parser::types::{BaseType, OperationDefinition, Type},
    registry::MetaTypeName,
};
use async_graphql_value::ConstValue;

/// A use of a variable.
pub(super) struct Usage {
    pub(super) variable: Name,
    /// The expected type.
    pub(super) expected: String,
    /// Whether there is a default for a missing value.
    pub(super) default: bool,
    pub(super) pos: Pos,
}

/// The variables used in an operation or fragment, and the fragments it spreads.
#[derive(Default)]
pub(super) struct VariableScope {
    pub(super) usages: Vec<Usage>,
    pub(super) spreads: Vec<Name>,
}

/// A variable used where its type does not fit.
pub(super) struct Misplaced {
    pub(super) pos: Pos,
    pub(super) variable: Name,
    pub(super) ty: String,
    pub(super) expected: String,
}

/// Returns the misplaced variables of an operation, including those in fragments it uses.
pub(super) fn misplaced(
    operation: &OperationDefinition,
    own: &VariableScope,
    fragments: &HashMap<Name, VariableScope>,
) -> Vec<Misplaced> {
    let (mut found, mut seen, mut open) = (Vec::new(), HashSet::new(), vec![own]);
    while let Some(scope) = open.pop() {
        for usage in &scope.usages {
            let mut all = operation.variable_definitions.iter();
            // The engine refuses undeclared variables.
            let Some(declared) = all.find(|definition| definition.node.name.node == usage.variable)
            else {
                continue;
            };
            let ty = &declared.node.var_type.node;
            let default = declared.node.default_value.as_ref();
            let stands = default.is_some_and(|value| value.node != ConstValue::Null);
            if !fits(ty, stands || usage.default, &usage.expected) {
                found.push(Misplaced {
                    pos: usage.pos,
                    variable: usage.variable.clone(),
                    ty: ty.to_string(),
                    expected: usage.expected.clone(),
                });
            }
        }
        for name in &scope.spreads {
            if seen.insert(name.clone()) {
                open.extend(fragments.get(name));
            }
        }
    }
    found
}

/// Whether a variable's type fits an expected one. `default`: a missing value has a default.
fn fits(ty: &Type, default: bool, expected: &str) -> bool {
    match MetaTypeName::create(expected) {
        MetaTypeName::NonNull(inner) => (!ty.nullable || default) && base_fits(&ty.base, inner),
        MetaTypeName::List(_) | MetaTypeName::Named(_) => base_fits(&ty.base, expected),
    }
}

fn base_fits(base: &BaseType, expected: &str) -> bool {
    match (base, MetaTypeName::create(expected)) {
        (BaseType::List(inner), MetaTypeName::List(expected)) => fits(inner, false, expected),
        (BaseType::Named(name), MetaTypeName::Named(expected)) => name == expected,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_fit_as_the_specification_says() {
        for (ty, default, expected, fit) in [
            ("Int", false, "Int", true),
            ("Int!", false, "Int", true),
            ("Int", false, "Int!", false),
            ("Int", true, "Int!", true),
            ("[Int!]!", false, "[Int!]", true),
            ("[Int!]", false, "[Int]", true),
            ("[Int]", false, "[Int!]", false),
            ("[Int]", true, "[Int]!", true),
            ("Int", false, "[Int]", false),
            ("[Int]", false, "Int", false),
            ("[[Int!]!]", false, "[[Int]]", true),
            ("Int", false, "Float", false),
        ] {
            let known = Type::new(ty).unwrap();
            assert_eq!(fits(&known, default, expected), fit, "{ty} {default} {expected}");
        }
    }
}
