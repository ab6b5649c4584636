//! Catalogs that companies of one process share: those with the same definitions in the same version have one.

use std::sync::{Arc, Mutex, PoisonError};

use crate::catalog::{Catalog, DefinitionPart, Diagnostic, resolve};

/// How many catalogs are kept for companies to come.
const KEPT: usize = 4;

/// Catalogs with the definitions that they were made of.
#[derive(Default)]
pub struct SharedCatalogs(Mutex<Vec<SharedCatalog>>);

struct SharedCatalog {
    parts: Vec<DefinitionPart>,
    catalog: Arc<Catalog>,
}

impl SharedCatalogs {
    /// The catalog of definitions in a version: that of another company, or one that is made and kept.
    pub(super) fn of(
        &self,
        parts: &[DefinitionPart],
        version: i64,
    ) -> Result<Arc<Catalog>, Vec<Diagnostic>> {
        let same =
            |known: &&SharedCatalog| known.catalog.version == version && known.parts == parts;
        let kept = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept().iter().find(same) {
            return Ok(Arc::clone(&known.catalog));
        }
        let catalog = Arc::new(resolve(parts, version)?);
        let mut kept = kept();
        if kept.len() == KEPT {
            kept.remove(0);
        }
        kept.push(SharedCatalog { parts: parts.to_vec(), catalog: Arc::clone(&catalog) });
        Ok(catalog)
    }
}
