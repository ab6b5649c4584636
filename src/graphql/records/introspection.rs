//! `__schema` and `__type` at `/graphql`: what exists for the caller.

use std::sync::Arc;

use async_graphql::parser::types::OperationDefinition;

use super::{execution::Run, faults};
use crate::{
    base::Result,
    graphql::{
        introspect::{Introspected, Told, asks, written},
        reader::Collected,
    },
};

impl Run<'_> {
    /// Returns the responses to `__schema` and `__type` by response key.
    pub(super) async fn introspect(
        &self,
        operation: &OperationDefinition,
        roots: &Collected<'_>,
    ) -> Result<Told> {
        let asks = asks(self.reader, operation, roots);
        if asks.is_empty() {
            return Ok(Told::new());
        }
        if !self.records.limits.introspection {
            return Err(faults::introspection_is_off());
        }
        let published = self.published;
        let view = published.view(&self.session.access);
        let (schema, catalog) = (published.schema.clone(), Arc::clone(&published.catalog));
        let source = Introspected::Records(schema, Arc::clone(&view.hidden), catalog);
        written(asks, self.reader.lang, source).await
    }
}
