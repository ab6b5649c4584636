//! Opens a request: its version and access, and the document parsed, bounded and validated once.
//!
//! Executes nothing.

use std::sync::Arc;

use async_graphql::{parser::types::ExecutableDocument, registry::MetaType};

use super::{
    endpoint::Records,
    published::{Prepared, PublishedSchema, View},
};
use crate::{
    access::{Access, Principal},
    base::{Error, Result},
    catalog::Catalog,
    graphql::{
        document::{invalid, parsed},
        document_check::check_existing,
        engine::to_validate,
        exchange::{Caller, Request},
        limits::{Limits, Size, check_document},
        optional,
        overlap::check_overlaps,
        reply::one,
    },
};

/// The context of a request.
pub(super) struct Opened {
    /// The catalog version it sees.
    pub(super) published: Arc<PublishedSchema>,
    /// The caller's own access.
    pub(super) own: Arc<Access>,
    /// The effective access: the caller's own, or that of the account they view as.
    pub(super) access: Arc<Access>,
    /// What exists for this access.
    pub(super) view: Arc<View>,
    /// The document.
    pub(super) prepared: Arc<Prepared>,
}

/// Who asks, and in which version.
pub(super) struct Entered {
    published: Arc<PublishedSchema>,
    own: Arc<Access>,
    access: Arc<Access>,
    /// The fingerprint of what exists for them.
    pub(super) fingerprint: String,
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

    /// Pins the version that a request sees, and finds out with which rights.
    pub(super) async fn entered(&self, caller: &Caller, principal: &Principal) -> Result<Entered> {
        let published = self.published.pin();
        let own = self.company.rights.access(principal, &published.catalog).await?;
        let viewed = self.viewed_as(caller, &own, &published.catalog).await?;
        let access = viewed.unwrap_or_else(|| Arc::clone(&own));
        let fingerprint = self.company.fingerprint(&published.catalog, &access);
        Ok(Entered { published, own, access, fingerprint })
    }

    /// Finds out what a request runs in. Kept by version, rights and text, so that this costs next to nothing
    /// from the second time on.
    pub(super) async fn opened(
        &self,
        request: &Request,
        entered: Entered,
    ) -> Result<Opened, Vec<Error>> {
        let Entered { published, own, access, .. } = entered;
        let view = published.view(&access);
        let prepared = match view.prepared.get(&request.query) {
            Some(prepared) => prepared,
            None => {
                let (document, size) =
                    Box::pin(prepare(&request.query, &published, &access, &view, &self.limits))
                        .await?;
                let operation = self.operations.of(&request.query, &document);
                let prepared = Arc::new(Prepared { document, size, operation });
                view.prepared.insert(request.query.clone(), Arc::clone(&prepared));
                prepared
            }
        };
        self.operations.sent(&prepared.operation, self.company.env.clock.now());
        Ok(Opened { published, own, access, view, prepared })
    }
}

/// Parses a document, checks its limits and validates it.
async fn prepare(
    text: &str,
    published: &PublishedSchema,
    access: &Access,
    view: &View,
    limits: &Limits,
) -> Result<(ExecutableDocument, Size), Vec<Error>> {
    let mut document = parsed(text, limits).map_err(one)?;
    let size = check_document(&document, limits).map_err(one)?;
    let registry = published.schema.registry();
    optional::settle(&mut document, registry, &view.hidden);
    let closed = |ty: &str, field: &str| published.waiting(access, ty, field);
    check_existing(&document, registry, &view.hidden, true, &closed)?;
    let validated = published.schema.execute(to_validate(text, &document, Some(registry))).await;
    if !validated.errors.is_empty() {
        return Err(invalid(validated.errors));
    }
    let union = |name: &str| matches!(registry.types.get(name), Some(MetaType::Union { .. }));
    check_overlaps(&document, union).map_err(one)?;
    Ok((document, size))
}
