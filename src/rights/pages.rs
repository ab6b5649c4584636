//! Which objects have no pages yet, so that only those who define objects use them.
//!
//! Kept for the version of layouts that was read last; the catalog says which objects need pages. Must not know what
//! layouts say.

use std::{collections::HashSet, sync::Arc};

use arc_swap::ArcSwapOption;

use super::Rights;
use crate::{
    base::Result,
    catalog::{Catalog, Object, PartKind},
    layouts::{missing_pages, needs_pages},
    storage::{catalogs, parts},
};

/// The names of stored layouts, with the version that changed them last.
pub(super) struct StoredLayouts {
    version: i64,
    names: HashSet<String>,
}

/// The layouts that were read last.
pub(super) type LayoutsCell = Arc<ArcSwapOption<StoredLayouts>>;

impl Rights {
    /// The names of the objects of a catalog that lack a page. Without own objects the database is not asked.
    pub(super) async fn pageless(&self, catalog: &Catalog) -> Result<Arc<HashSet<String>>> {
        let objects = catalog.objects.iter();
        let own: Vec<&Object> = objects.filter(|object| needs_pages(object)).collect();
        if own.is_empty() {
            return Ok(Arc::default());
        }
        let stored = self.stored_layouts().await?;
        let lacking = own.into_iter().filter(|object| {
            !missing_pages(object, |key| stored.names.contains(&key.name())).is_empty()
        });
        Ok(Arc::new(lacking.map(|object| object.name.clone()).collect()))
    }

    async fn stored_layouts(&self) -> Result<Arc<StoredLayouts>> {
        let database = &self.source.database;
        let version = catalogs::version_of(database, PartKind::Layout).await?;
        if let Some(known) = self.layouts.load_full().filter(|known| known.version == version) {
            return Ok(known);
        }
        let names = parts::names(database, PartKind::Layout).await?;
        let stored = Arc::new(StoredLayouts { version, names });
        self.layouts.store(Some(Arc::clone(&stored)));
        Ok(stored)
    }
}
