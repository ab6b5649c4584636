//! Requests at `/metadata`, checked like those for records before the engine executes them.

use std::sync::Arc;

use async_graphql::{
    parser::types::{ExecutableDocument, Field, OperationDefinition, OperationType},
    registry::Registry,
};
use serde_json::{Map, Value as Json};

use super::{endpoint::Metadata, faults};
use crate::{
    base::{Error, Lang, Result},
    catalog::Catalog,
    graphql::{
        self,
        document::{invalid, operation, parsed},
        document_check::check_existing,
        engine::{to_execute, to_validate},
        exchange::Request,
        introspect::{Introspected, Told, asks, written},
        limits::check_document,
        overlap::check_overlaps,
        reader::{Args, Collected, SelectionReader},
        records,
        reply::one,
        schema_mask::Hidden,
        tally::Tally,
        variables::{self, Lacks, Variables},
    },
    sql::unheld,
};

/// A valid document with the variables of its operation.
pub(super) struct ValidatedDocument {
    pub(super) document: ExecutableDocument,
    /// What its operation is.
    pub(super) operation: OperationType,
    pub(super) variables: Variables,
}

/// The value of a response key.
pub(super) enum ResponsePart {
    /// Known text.
    Known(String),
    /// A document that the engine must execute.
    Ask(Box<ExecutableDocument>),
}

impl Metadata {
    /// Parses and validates a request.
    pub(super) async fn asked(&self, request: &Request) -> Result<ValidatedDocument, Vec<Error>> {
        let document = parsed(&request.query, &self.limits).map_err(one)?;
        unheld_texts(request).map_err(one)?;
        check_document(&document, &self.limits).map_err(one)?;
        let hidden = Hidden::default();
        check_existing(&document, &self.registry, &hidden, false, &|_, _| None)?;
        let validated = self.validating.execute(to_validate(&request.query, &document, None)).await;
        let declared = document.operations.iter().flat_map(|(_, operation)| {
            operation
                .node
                .variable_definitions
                .iter()
                .flat_map(|variable| &variable.node.directives)
        });
        if let Some(directive) = declared.into_iter().next() {
            let name = directive.node.name.node.as_str();
            return Err(one(faults::directive_on_variable(name)));
        }
        if !validated.errors.is_empty() {
            return Err(invalid(validated.errors));
        }
        check_overlaps(&document, |_| false).map_err(one)?;
        let asked = operation(&document, request.operation_name.as_deref()).map_err(one)?;
        if request.read_only && asked.ty != OperationType::Query {
            return Err(one(graphql::faults::mutation_by_get()));
        }
        let given: &Map<String, Json> = &request.variables;
        let variables = variables::coerce(&document, asked, given, &self.registry, &hidden)?.values;
        variables::conditions(&document, asked, &variables).map_err(one)?;
        let operation = asked.ty;
        Ok(ValidatedDocument { document, operation, variables })
    }

    /// Splits a request into root fields that are executed separately: if one fails, the others are still
    /// returned.
    pub(super) async fn parts(
        &self,
        asked: &ValidatedDocument,
        request: &Request,
        catalog: &Catalog,
        lang: Lang,
    ) -> Result<Vec<(String, ResponsePart)>> {
        // Reads only selections and variables, so the date does not matter.
        let (now, zone) = (chrono::DateTime::UNIX_EPOCH, chrono_tz::Tz::UTC);
        let today = now.date_naive();
        let tally = Tally::default();
        let (limits, tally) = (&self.limits, &tally);
        let args = Args { catalog, limits, tally, today, zone, now, viewer: None, visible: None };
        let (document, variables) = (&asked.document, &asked.variables);
        let lacks = Lacks::default();
        let reader = SelectionReader { args, document, variables, lacks: &lacks, lang };
        let operation = operation(document, request.operation_name.as_deref())?;
        let ty = match operation.ty {
            OperationType::Mutation => "Mutation",
            OperationType::Query => "Query",
            OperationType::Subscription => "Subscription",
        };
        let roots = reader.collect(&[&operation.selection_set.node], ty);
        // The engine answers a subscription as a query, each time.
        let as_query = OperationDefinition { ty: OperationType::Query, ..operation.clone() };
        let operation = match operation.ty {
            OperationType::Subscription => {
                let root = roots.first().and_then(|(_, fields)| fields.first());
                if roots.len() != 1 || root.is_none_or(|field| is_meta(field)) {
                    return Err(records::faults::one_root_field());
                }
                &as_query
            }
            OperationType::Query | OperationType::Mutation => operation,
        };
        let mut told = introspection(&reader, operation, &roots, &self.registry).await?;
        let part = |(key, fields): (String, Vec<&Field>)| {
            let part = match told.remove(&key) {
                Some(text) => ResponsePart::Known(text),
                None if fields.iter().any(|field| is_typename(field)) => {
                    ResponsePart::Known(format!("\"{ty}\""))
                }
                None => {
                    ResponsePart::Ask(Box::new(to_execute(document, operation, &fields, variables)))
                }
            };
            (key, part)
        };
        Ok(roots.into_iter().map(part).collect())
    }
}

/// Returns the responses to `__schema` and `__type`.
async fn introspection(
    reader: &SelectionReader<'_>,
    operation: &OperationDefinition,
    roots: &Collected<'_>,
    registry: &Arc<Registry>,
) -> Result<Told> {
    let asks = asks(reader, operation, roots);
    let registry = Arc::clone(registry);
    written(asks, reader.lang, Introspected::Metadata(registry)).await
}

/// Refuses texts with NUL characters anywhere, because neither database can store them.
fn unheld_texts(request: &Request) -> Result<(), Error> {
    let mut open: Vec<&Json> = request.variables.values().collect();
    while let Some(value) = open.pop() {
        match value {
            Json::String(text) if text.contains('\0') => return Err(unheld()),
            Json::Array(items) => open.extend(items),
            Json::Object(fields) if fields.keys().any(|key| key.contains('\0')) => {
                return Err(unheld());
            }
            Json::Object(fields) => open.extend(fields.values()),
            _ => {}
        }
    }
    let escaped = |text: &str| {
        text.starts_with("0000")
            || text.strip_prefix('{').is_some_and(|code| {
                code.starts_with('0') && code.trim_start_matches('0').starts_with('}')
            })
    };
    match request.query.split("\\u").skip(1).any(escaped) || request.query.contains('\0') {
        true => Err(unheld()),
        false => Ok(()),
    }
}

fn is_meta(field: &Field) -> bool {
    field.name.node.starts_with("__")
}

fn is_typename(field: &Field) -> bool {
    field.name.node == "__typename"
}
