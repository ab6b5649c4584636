//! `__schema` and `__type`, answered by the engine from the schema of the caller's view.

use async_graphql::parser::types::{
    DocumentOperations, OperationDefinition, OperationType, Selection as Node,
};
use serde_json::Value as Json;

use super::{
    directives,
    records::{Run, one},
};
use crate::base::{Code, Error, Result};

impl Run<'_> {
    /// Answers `__schema` and `__type` by the engine, which knows nothing but names and types.
    pub(super) async fn introspect(
        &self,
        operation: &OperationDefinition,
    ) -> Result<serde_json::Map<String, Json>, Vec<Error>> {
        let text = &self.request.query;
        let mut types = text.match_indices("__type").map(|(at, word)| at + word.len());
        let asked = text.contains("__schema")
            || types
                .any(|at| text.get(at..).is_some_and(|rest| rest.trim_start().starts_with('(')));
        if !asked || operation.ty != OperationType::Query {
            return Ok(serde_json::Map::new());
        }
        if !self.records.limits.introspection {
            return Err(one(Error::new(
                Code::AccessDenied,
                "the schema cannot be asked for here",
                "此服务器已关闭内省查询",
            )
            .hint(
                "`tradewind schema print` writes it, or set `documents.introspection = true`",
                "可用 `tradewind schema print` 导出，或设置 `documents.introspection = true`",
            )));
        }
        // Fragments stay: what else is in them the engine answers with nothing, and nobody looks at it.
        let keeps = |node: &Node| match node {
            Node::Field(field) => field.node.name.node.starts_with("__"),
            _ => true,
        };
        let mut only = operation.clone();
        only.selection_set.node.items.retain(|item| keeps(&item.node));
        let mut document = self.reader.document.clone();
        let position = document
            .operations
            .iter()
            .next()
            .map_or_else(Default::default, |(_, operation)| operation.pos);
        document.operations =
            DocumentOperations::Single(async_graphql::Positioned::new(only, position));
        let values: async_graphql::Variables =
            self.reader.variables.iter().map(|(name, value)| (name.clone(), value.clone())).fold(
                async_graphql::Variables::default(),
                |mut all, (name, value)| {
                    all.insert(name, value);
                    all
                },
            );
        let request = || {
            let mut request = async_graphql::Request::new("").variables(values.clone());
            request.set_parsed_query(document.clone());
            request
        };
        let schema = self.published.introspection(&self.session.access).map_err(one)?;
        let response = Box::pin(schema.execute(request())).await;
        if let Some(error) = response.errors.first() {
            return Err(one(Error::internal(&error.message)));
        }
        match response.data.into_json() {
            Ok(Json::Object(mut told)) => {
                directives::tell(request(), operation, self.reader, &mut told).await;
                Ok(told)
            }
            _ => Ok(serde_json::Map::new()),
        }
    }
}
