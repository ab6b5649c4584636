//! A document: parsed, and the operation of it that is asked for.

use async_graphql::{
    ServerError,
    parser::{
        parse_query,
        types::{DocumentOperations, ExecutableDocument, OperationDefinition},
    },
};

use super::{
    faults,
    limits::{Limits, check_text, check_twice},
    refusals::in_both,
};
use crate::base::{Error, Result, escapes};

/// Parses a document, unless it is too long or nested too deep for the parser.
pub(super) fn parsed(text: &str, limits: &Limits) -> Result<ExecutableDocument> {
    check_text(text, limits)?;
    let text = escapes::plain(text);
    let document = parse_query(&*text).map_err(|error| {
        let place = error.positions().next().unwrap_or_default();
        faults::unparsable(place.line, place.column)
    })?;
    check_twice(&text)?;
    Ok(document)
}

/// Converts the engine's validation errors.
pub(super) fn invalid(errors: Vec<ServerError>) -> Vec<Error> {
    let found = errors.into_iter().take(20).map(|error| {
        let place = error.locations.first().copied().unwrap_or_default();
        faults::invalid(in_both(&error.message), place.line, place.column)
    });
    found.collect()
}

/// Returns the name of the requested operation, if it has one.
pub(super) fn named<'d>(document: &'d ExecutableDocument, name: Option<&str>) -> Option<&'d str> {
    let DocumentOperations::Multiple(all) = &document.operations else { return None };
    let asked = |known: &&str| name.is_none_or(|name| name == *known);
    all.keys().map(async_graphql::Name::as_str).find(asked)
}

/// Returns the requested operation.
pub(super) fn operation<'d>(
    document: &'d ExecutableDocument,
    name: Option<&str>,
) -> Result<&'d OperationDefinition> {
    let found = match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Some(&operation.node),
        (DocumentOperations::Multiple(all), None) if all.len() == 1 => {
            all.values().next().map(|operation| &operation.node)
        }
        (DocumentOperations::Multiple(all), Some(name)) => {
            all.get(name).map(|operation| &operation.node)
        }
        _ => None,
    };
    found.ok_or_else(|| match name {
        Some(name) => faults::no_operation(name),
        None => faults::operation_not_named(),
    })
}
