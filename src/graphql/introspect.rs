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
    schema_mask::Hidden,
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
pub(super) async fn written(asks: Vec<Ask>, lang: Lang, source: Introspected) -> Result<Told> {
    if asks.is_empty() {
        return Ok(Told::new());
    }
    let _place = AT_ONCE.acquire().await.map_err(Error::internal)?;
    let task = tokio::task::spawn_blocking(move || {
        let everything = Hidden::default();
        let (registry, hidden, own): (_, _, Vec<MetaDirective>) = match &source {
            Introspected::Records(schema, hidden, _) => {
                (schema.registry(), hidden.as_ref(), directives::declared().collect())
            }
            Introspected::Metadata(registry) => (registry.as_ref(), &everything, Vec::new()),
        };
        let mut directives: Vec<_> = registry.directives.values().chain(&own).collect();
        directives.sort_by(|a, b| a.name.cmp(&b.name));
        let words = match &source {
            Introspected::Records(_, _, catalog) => Words::records(catalog, lang),
            Introspected::Metadata(_) => Words::metadata(lang),
        };
        let one = |ask: &Ask| {
            let written = answer(registry, hidden, &directives, &words, ask)?;
            Ok((ask.key.clone(), written))
        };
        asks.iter().map(one).collect::<Result<Told>>()
    });
    task.await.map_err(Error::internal)?
}

/// The schema to describe.
pub(super) enum Introspected {
    /// The whole schema, what of it the caller may not see, and its catalog.
    Records(async_graphql::dynamic::Schema, Arc<Hidden>, Arc<Catalog>),
    Metadata(Arc<Registry>),
}
