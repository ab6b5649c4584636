//! Responds to `__schema` and `__type` from the schema of the caller's view.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{
    parser::types::{Field as Asked, OperationDefinition},
    registry::{MetaDirective, Registry},
};
use tokio::sync::Semaphore;

use super::{
    described::{Ask, answer, planned},
    directives, meta,
    records::Run,
    select::{Collected, Reader},
    words::Words,
};
use crate::{
    base::{Code, Error, Lang, Result},
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
fn asks(reader: &Reader<'_>, operation: &OperationDefinition, roots: &Collected<'_>) -> Vec<Ask> {
    if !roots.values().flatten().any(|field| introspects(field)) {
        return Vec::new();
    }
    let mut asks = planned(reader, &[&operation.selection_set.node], "Query");
    asks.retain(|ask| meta::reserved(&ask.name) && ask.name != "__typename");
    asks
}

/// Writes responses away from the serving threads, because a large schema takes long.
async fn written(
    asks: Vec<Ask>,
    lang: Lang,
    source: impl FnOnce() -> Result<Source> + Send + 'static,
) -> Result<Told> {
    if asks.is_empty() {
        return Ok(Told::new());
    }
    let _place = AT_ONCE.acquire().await.map_err(Error::internal)?;
    let task = tokio::task::spawn_blocking(move || {
        let source = source()?;
        let (registry, own): (_, Vec<MetaDirective>) = match &source {
            Source::Records(schema, _) => (schema.registry(), directives::declared().collect()),
            Source::Metadata(registry) => (registry.as_ref(), Vec::new()),
        };
        let mut directives: Vec<_> = registry.directives.values().chain(&own).collect();
        directives.sort_by(|a, b| a.name.cmp(&b.name));
        let words = match &source {
            Source::Records(_, catalog) => Words::records(catalog, lang),
            Source::Metadata(_) => Words::metadata(lang),
        };
        let one = |ask: &Ask| Ok((ask.key.clone(), answer(registry, &directives, &words, ask)?));
        asks.iter().map(one).collect::<Result<Told>>()
    });
    task.await.map_err(Error::internal)?
}

/// The schema to describe.
enum Source {
    Records(async_graphql::dynamic::Schema, Arc<Catalog>),
    Metadata(Arc<Registry>),
}

impl Run<'_> {
    /// Returns the responses to `__schema` and `__type` by response key.
    pub(super) async fn introspect(
        &self,
        operation: &OperationDefinition,
        roots: &Collected<'_>,
    ) -> Result<Told> {
        let asks = asks(self.reader, operation, roots);
        if !asks.is_empty() && !self.records.limits.introspection {
            return Err(Error::new(
                Code::AccessDenied,
                "the schema cannot be asked for here",
                "此服务器已关闭内省查询",
            )
            .hint(
                "`tradewind schema print` writes it, or set `documents.introspection = true`",
                "可用 `tradewind schema print` 导出，或设置 `documents.introspection = true`",
            ));
        }
        let (published, access) = (Arc::clone(self.published), Arc::clone(&self.session.access));
        let source = move || {
            let schema = published.introspection(&access)?;
            Ok(Source::Records(schema, Arc::clone(&published.catalog)))
        };
        written(asks, self.reader.lang, source).await
    }
}

/// Returns the introspection responses at `/metadata`.
pub(super) async fn of_metadata(
    reader: &Reader<'_>,
    operation: &OperationDefinition,
    roots: &Collected<'_>,
    registry: &Arc<Registry>,
) -> Result<Told> {
    let asks = asks(reader, operation, roots);
    let registry = Arc::clone(registry);
    written(asks, reader.lang, move || Ok(Source::Metadata(registry))).await
}
