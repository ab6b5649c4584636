//! A document: parsed, and the operation of it that is asked for.

use async_graphql::{
    ServerError,
    parser::{
        parse_query,
        types::{DocumentOperations, ExecutableDocument, OperationDefinition},
    },
};

use super::{
    limits::{Limits, check_text, check_twice},
    refusals::in_both,
};
use crate::{
    base::{Code, Error, Result, escapes},
    message,
};

/// Parses a document, unless it is too long or nested too deep for the parser.
pub(super) fn parsed(text: &str, limits: &Limits) -> Result<ExecutableDocument> {
    check_text(text, limits)?;
    let text = escapes::plain(text);
    let document = parse_query(&*text).map_err(|error| {
        let place = error.positions().next().unwrap_or_default();
        Error::new(
            Code::InputSyntax,
            format!(
                "the document cannot be parsed at line {}, column {}",
                place.line, place.column
            ),
            format!("查询在第 {} 行第 {} 列无法解析", place.line, place.column),
        )
    })?;
    check_twice(&text)?;
    Ok(document)
}

/// Converts the engine's validation errors.
pub(super) fn invalid(errors: Vec<ServerError>) -> Vec<Error> {
    let found = errors.into_iter().take(20).map(|error| {
        let place = error.locations.first().copied().unwrap_or_default();
        let (told, line, column) = (in_both(&error.message), place.line, place.column);
        let message = message!(
            "{told} (line {line}, column {column})",
            "{told}（第 {line} 行第 {column} 列）",
            told,
        );
        Error::of(Code::InputInvalid, message)
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
        Some(name) => Error::new(
            Code::InputInvalid,
            format!("the document has no operation `{name}`"),
            format!("查询中没有操作 `{name}`"),
        ),
        None => Error::new(
            Code::InputInvalid,
            "the document has several operations; say which by `operationName`",
            "查询包含多个操作，请用 `operationName` 指定",
        ),
    })
}
