//! `@atomic`: all root fields of a mutation in one transaction, all or nothing.
//!
//! Without it each field has its own transaction.

use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, OperationType};

/// The directive's name.
pub(super) const ATOMIC: &str = "atomic";

/// Whether an operation has the directive.
pub(super) fn asked(operation: &OperationDefinition) -> bool {
    let atomic = |name: &str| name == ATOMIC;
    operation.directives.iter().any(|directive| atomic(&directive.node.name.node))
}

/// Removes the directive from mutations before the engine validates them, because the engine does not know
/// it.
pub(super) fn hide(document: &mut ExecutableDocument) {
    use async_graphql::parser::types::DocumentOperations::{Multiple, Single};
    let hide = |operation: &mut OperationDefinition| {
        let mut given = operation.directives.iter();
        let ours = given.position(|directive| {
            directive.node.name.node == ATOMIC && directive.node.arguments.is_empty()
        });
        // Removes only one. The engine refuses a second.
        if let Some(at) = ours.filter(|_| operation.ty == OperationType::Mutation) {
            operation.directives.remove(at);
        }
    };
    match &mut document.operations {
        Single(operation) => hide(&mut operation.node),
        Multiple(all) => all.values_mut().for_each(|operation| hide(&mut operation.node)),
    }
}
