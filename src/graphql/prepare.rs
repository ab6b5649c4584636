//! Opens a request: its version and access, and the document parsed, bounded and validated once.
//!
//! Executes nothing. Only this file and `/metadata` use async-graphql to parse and validate.

use std::sync::Arc;

use async_graphql::{
    ServerError,
    parser::{
        parse_query,
        types::{DocumentOperations, ExecutableDocument, OperationDefinition},
    },
};

use super::{
    engine::to_validate,
    exchange::{Caller, Request},
    limits::{Limits, Size, check_document, check_text, check_twice},
    optional,
    overlap::check_overlaps,
    published::{Published, View},
    records::{Records, one},
    refusals::in_both,
    schema_mask::check_existing,
};
use crate::{
    access::{Access, Principal},
    base::{Code, Error, Result, escapes},
    catalog::Catalog,
    message,
};

/// The context of a request.
pub(super) struct Opened {
    /// The catalog version it sees.
    pub(super) published: Arc<Published>,
    /// The caller's own access.
    pub(super) own: Arc<Access>,
    /// The effective access: the caller's own, or that of the account they view as.
    pub(super) access: Arc<Access>,
    /// What exists for this access.
    pub(super) view: Arc<View>,
    /// The document.
    pub(super) prepared: Arc<Prepared>,
}

impl Records {
    /// The rights of the account an administrator reads as; none when they read as themselves.
    async fn viewed_as(
        &self,
        caller: &Caller,
        own: &Access,
        catalog: &Arc<Catalog>,
    ) -> Result<Option<Arc<Access>>> {
        let Some(account) = &caller.view_as else { return Ok(None) };
        let viewed = self.company.viewed_as(account, own).await?;
        self.company.access_as(&viewed, catalog).await.map(Some)
    }

    /// Finds out what a request runs in. Kept by version, rights and text, so that this costs next to nothing
    /// from the second time on.
    pub(super) async fn opened(
        &self,
        request: &Request,
        caller: &Caller,
        principal: &Principal,
    ) -> Result<Opened, Vec<Error>> {
        let published = self.published.pin();
        let own = self.company.rights.access(principal, &published.catalog).await.map_err(one)?;
        let viewed = self.viewed_as(caller, &own, &published.catalog).await.map_err(one)?;
        let access = viewed.clone().unwrap_or_else(|| Arc::clone(&own));
        let view = published.view(&access).map_err(one)?;
        let prepared = match view.prepared.get(&request.query) {
            Some(prepared) => prepared,
            None => {
                let prepared = Arc::new(
                    Box::pin(prepare(&request.query, &published, &view, &self.limits)).await?,
                );
                view.prepared.insert(request.query.clone(), Arc::clone(&prepared));
                prepared
            }
        };
        Ok(Opened { published, own, access, view, prepared })
    }
}

/// A parsed and validated document.
pub(super) struct Prepared {
    pub(super) document: ExecutableDocument,
    /// Its size.
    pub(super) size: Size,
}

/// Parses a document, checks its limits and validates it.
async fn prepare(
    text: &str,
    published: &Published,
    view: &View,
    limits: &Limits,
) -> Result<Prepared, Vec<Error>> {
    let mut document = parsed(text, limits).map_err(one)?;
    let size = check_document(&document, limits).map_err(one)?;
    let registry = published.schema.registry();
    optional::settle(&mut document, registry, &view.hidden);
    check_existing(&document, registry, &view.hidden, true)?;
    let validated = published.schema.execute(to_validate(text, &document, Some(registry))).await;
    if !validated.errors.is_empty() {
        return Err(invalid(validated.errors));
    }
    check_overlaps(&document).map_err(one)?;
    Ok(Prepared { document, size })
}

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
