//! The copy of a document for the engine's validation.
//!
//! The engine does not know our directives or the newest introspection fields, and ignores directives on
//! `__typename`. The copy replaces these by equivalents that the engine checks.

use async_graphql::{
    Name, Pos, Positioned,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute},
    parser::types::{
        Directive, DocumentOperations, ExecutableDocument, Field, InlineFragment,
        OperationDefinition, OperationType, Selection, SelectionSet,
    },
    registry::{MetaTypeName, Registry},
};
use async_graphql_value::Value;

use super::{
    atomic,
    literals::{fitting, is_input},
    meta, optional,
    variables::Variables,
};

/// Deepest nesting for the engine. Our own depth limit applies first.
pub(super) const NESTED: usize = 256;

/// Builds a request that the engine only validates.
///
/// With `inputs`, a schema, literals in inputs of mutations are checked by us and not by the engine.
pub(super) fn to_validate(
    text: &str,
    document: &ExecutableDocument,
    inputs: Option<&Registry>,
) -> async_graphql::Request {
    let any = document.operations.iter().find_map(|(name, _)| name.cloned());
    let mut request = async_graphql::Request::new(text).data(Marked);
    if let Some(name) = any {
        request = request.operation_name(name.to_string());
    }
    request.set_parsed_query(known(document, inputs));
    request
}

/// Stops the engine before it resolves a document that is only to be validated.
pub(super) struct OnlyValidate;

struct Marked;

impl ExtensionFactory for OnlyValidate {
    fn create(&self) -> std::sync::Arc<dyn Extension> {
        std::sync::Arc::new(Self)
    }
}

#[async_trait::async_trait]
impl Extension for OnlyValidate {
    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> async_graphql::Response {
        if ctx.data_opt::<Marked>().is_some() {
            return async_graphql::Response::default();
        }
        next.run(ctx, operation_name).await
    }
}

/// Returns the operations of a document.
pub(super) fn operations(
    document: &mut ExecutableDocument,
) -> Vec<&mut Positioned<OperationDefinition>> {
    match &mut document.operations {
        DocumentOperations::Single(operation) => vec![operation],
        DocumentOperations::Multiple(all) => all.values_mut().collect(),
    }
}

/// Rewrites a document so that the engine understands it.
fn known(document: &ExecutableDocument, inputs: Option<&Registry>) -> ExecutableDocument {
    let mut document = document.clone();
    atomic::hide(&mut document);
    if let Some(registry) = inputs {
        fit_inputs(registry, &mut document);
    }
    for operation in operations(&mut document) {
        let root = match operation.node.ty {
            OperationType::Query => "Query",
            OperationType::Mutation | OperationType::Subscription => "",
        };
        rewrite(&mut operation.node.selection_set.node, root);
    }
    for fragment in document.fragments.values_mut() {
        let on = fragment.node.type_condition.node.on.node.to_string();
        rewrite(&mut fragment.node.selection_set.node, &on);
    }
    document
}

/// Replaces invalid input literals of mutations by valid ones, because we check the originals ourselves.
fn fit_inputs(registry: &Registry, document: &mut ExecutableDocument) {
    let mutations = operations(document).into_iter();
    let mutations = mutations.filter(|operation| operation.node.ty == OperationType::Mutation);
    let mut open: Vec<_> =
        mutations.map(|operation| &mut operation.node.selection_set.node).collect();
    let mut roots = Vec::new();
    while let Some(set) = open.pop() {
        for item in &mut set.items {
            match &mut item.node {
                Selection::Field(field) => roots.push(&mut field.node),
                Selection::InlineFragment(inner) => open.push(&mut inner.node.selection_set.node),
                Selection::FragmentSpread(_) => {}
            }
        }
    }
    for field in roots {
        fit_arguments(registry, field);
    }
    // A fragment on `Mutation` has root fields, too.
    for fragment in document.fragments.values_mut() {
        if fragment.node.type_condition.node.on.node != "Mutation" {
            continue;
        }
        for item in &mut fragment.node.selection_set.node.items {
            if let Selection::Field(field) = &mut item.node {
                fit_arguments(registry, &mut field.node);
            }
        }
    }
}

fn fit_arguments(registry: &Registry, field: &mut Field) {
    let mutations = registry.types.get("Mutation");
    let known = mutations.and_then(|ty| ty.field_by_name(&field.name.node));
    for (name, value) in &mut field.arguments {
        let ty = known.and_then(|known| known.args.get(name.node.as_str())).map(|arg| &arg.ty);
        if let Some(ty) = ty.filter(|ty| is_input(registry, ty)) {
            value.node = fitting(registry, ty, &value.node);
        }
    }
}

/// Rewrites a selection on a type. `ty` is known only for introspection types.
fn rewrite(set: &mut SelectionSet, ty: &str) {
    for item in &mut set.items {
        match &mut item.node {
            Selection::Field(field) => {
                optional::unmark(&mut field.node);
                if let Some(spread) = typename(field) {
                    item.node = spread;
                    continue;
                }
                let name = field.node.name.node.as_str();
                let below = meta::types().types.get(ty).and_then(|ty| ty.field_by_name(name));
                let below = below.map(|field| MetaTypeName::concrete_typename(&field.ty));
                newest(&mut field.node, ty);
                rewrite(&mut field.node.selection_set.node, below.unwrap_or_default());
            }
            Selection::InlineFragment(inner) => {
                let on = inner.node.type_condition.as_ref().map(|on| on.node.on.node.to_string());
                rewrite(&mut inner.node.selection_set.node, on.as_deref().unwrap_or(ty));
            }
            Selection::FragmentSpread(_) => {}
        }
    }
}

/// Rewrites `__typename @skip(if: $a)` as `... @skip(if: $a) { __typename }`, whose directives the engine
/// checks.
fn typename(field: &Positioned<Field>) -> Option<Selection> {
    let Field { name, directives, .. } = &field.node;
    if name.node != "__typename" || directives.is_empty() {
        return None;
    }
    let mut bare = field.clone();
    let directives = std::mem::take(&mut bare.node.directives);
    let items = vec![Positioned::new(Selection::Field(bare), field.pos)];
    let selection_set = Positioned::new(SelectionSet { items }, field.pos);
    let inner = InlineFragment { type_condition: None, directives, selection_set };
    Some(Selection::InlineFragment(Positioned::new(inner, field.pos)))
}

/// Builds `__typename` alone.
fn bare(pos: Pos) -> Positioned<Field> {
    let field = Field {
        alias: None,
        name: Positioned::new(Name::new("__typename"), pos),
        arguments: Vec::new(),
        directives: Vec::new(),
        selection_set: Positioned::new(SelectionSet::default(), pos),
    };
    Positioned::new(field, pos)
}

/// Replaces introspection fields that the engine lacks by others of the same type.
fn newest(field: &mut Field, ty: &str) {
    let name = |name: &str, pos: Pos| Positioned::new(Name::new(name), pos);
    let pos = field.name.pos;
    let stands = match (ty, field.name.node.as_str()) {
        ("__Schema", "directives") => {
            let mut given = field.arguments.iter();
            let at = given.position(|(name, _)| name.node == "includeDeprecated");
            if let Some((_, value)) = at.map(|at| field.arguments.remove(at)) {
                // Keeps the value, so that the engine checks it.
                let include = Directive {
                    name: name("include", pos),
                    arguments: vec![(name("if", pos), value)],
                };
                let mut bare = bare(pos);
                bare.node.directives.push(Positioned::new(include, pos));
                let stands = typename(&bare).map(|stands| Positioned::new(stands, pos));
                field.selection_set.node.items.extend(stands);
            }
            return;
        }
        ("__Directive", "isDeprecated") => "isRepeatable",
        ("__Directive", "deprecationReason") => "description",
        _ => return,
    };
    if field.alias.is_none() {
        field.alias = Some(field.name.clone());
    }
    field.name = name(stands, pos);
}

/// Builds a document with one root field for the engine to execute. Removes arguments whose variable has no
/// value.
pub(super) fn to_execute(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    fields: &[&Field],
    variables: &Variables,
) -> ExecutableDocument {
    let pos = Pos::default();
    let alone = |field: &&Field| {
        // Directives are already applied.
        let field = Field { directives: Vec::new(), ..(*field).clone() };
        Positioned::new(Selection::Field(Positioned::new(field, pos)), pos)
    };
    let items = fields.iter().map(alone).collect();
    let selection_set = Positioned::new(SelectionSet { items }, pos);
    let operation = OperationDefinition { selection_set, ..operation.clone() };
    let mut document = ExecutableDocument {
        operations: DocumentOperations::Single(Positioned::new(operation, pos)),
        fragments: document.fragments.clone(),
    };
    for operation in operations(&mut document) {
        settle(&mut operation.node.selection_set.node, variables);
    }
    for fragment in document.fragments.values_mut() {
        settle(&mut fragment.node.selection_set.node, variables);
    }
    document
}

fn settle(set: &mut SelectionSet, variables: &Variables) {
    for item in &mut set.items {
        match &mut item.node {
            Selection::Field(field) => {
                let field = &mut field.node;
                field.arguments.retain_mut(|(_, value)| given(&mut value.node, variables));
                settle(&mut field.selection_set.node, variables);
            }
            Selection::InlineFragment(inner) => {
                settle(&mut inner.node.selection_set.node, variables);
            }
            Selection::FragmentSpread(_) => {}
        }
    }
}

/// Whether a value is given. Removes fields without a value from objects.
fn given(value: &mut Value, variables: &Variables) -> bool {
    match value {
        Value::Variable(name) => variables.contains_key(name),
        Value::Object(fields) => {
            fields.retain(|_, value| given(value, variables));
            true
        }
        Value::List(items) => {
            for item in items {
                if !given(item, variables) {
                    *item = Value::Null;
                }
            }
            true
        }
        _ => true,
    }
}
