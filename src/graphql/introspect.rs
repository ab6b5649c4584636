//! Responds to `__schema` and `__type` from the schema of the caller's view.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{
    parser::types::{Field as Asked, OperationDefinition},
    registry::{MetaDirective, Registry},
};
use tokio::sync::Semaphore;

use super::{
    directives,
    introspection_writer::{Ask, answer, planned},
    meta,
    reader::{Collected, SelectionReader},
    words::Words,
};
use crate::{
    base::{Error, Lang, Result},
    catalog::Catalog,
};

/// JSON texts by response key.
pub(super) type Told = HashMap<String, String>;

/// Most schemas written at once: each uses a core and much memory.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Whether a root field is introspection.
pub(super) fn introspects(field: &Asked) -> bool {
    matches!(field.name.node.as_str(), "__schema" | "__type")
}

/// Returns the introspection fields of an operation.
pub(super) fn asks(
    reader: &SelectionReader<'_>,
    operation: &OperationDefinition,
    roots: &Collected<'_>,
) -> Vec<Ask> {
    if !roots.values().flatten().any(|field| introspects(field)) {
        return Vec::new();
    }
    let mut asks = planned(reader, &[&operation.selection_set.node], "Query");
    asks.retain(|ask| meta::reserved(&ask.name) && ask.name != "__typename");
    asks
}

/// Writes responses away from the serving threads, because a large schema takes long.
pub(super) async fn written(
    asks: Vec<Ask>,
    lang: Lang,
    source: impl FnOnce() -> Result<Introspected> + Send + 'static,
) -> Result<Told> {
    if asks.is_empty() {
        return Ok(Told::new());
    }
    let _place = AT_ONCE.acquire().await.map_err(Error::internal)?;
    let task = tokio::task::spawn_blocking(move || {
        let source = source()?;
        let (registry, own): (_, Vec<MetaDirective>) = match &source {
            Introspected::Records(schema, _) => {
                (schema.registry(), directives::declared().collect())
            }
            Introspected::Metadata(registry) => (registry.as_ref(), Vec::new()),
        };
        let mut directives: Vec<_> = registry.directives.values().chain(&own).collect();
        directives.sort_by(|a, b| a.name.cmp(&b.name));
        let words = match &source {
            Introspected::Records(_, catalog) => Words::records(catalog, lang),
            Introspected::Metadata(_) => Words::metadata(lang),
        };
        let one = |ask: &Ask| Ok((ask.key.clone(), answer(registry, &directives, &words, ask)?));
        asks.iter().map(one).collect::<Result<Told>>()
    });
    task.await.map_err(Error::internal)?
}

/// The schema to describe.
pub(super) enum Introspected {
    Records(async_graphql::dynamic::Schema, Arc<Catalog>),
    Metadata(Arc<Registry>),
}
