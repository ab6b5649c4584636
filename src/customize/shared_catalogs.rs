//! Catalogs that companies of one process share: those with the same definitions in the same version have one.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};

use crate::{
    catalog::{Catalog, DefinitionPart, Diagnostic, resolve_apart},
    storage::old_names::{self, StoredOldName},
};

/// How many catalogs are kept for companies to come.
const KEPT: usize = 4;

/// Catalogs with the definitions that they were made of.
#[derive(Default)]
pub struct SharedCatalogs(Mutex<Vec<SharedCatalog>>);

struct SharedCatalog {
    parts: Vec<DefinitionPart>,
    old_names: Vec<StoredOldName>,
    catalog: Arc<Catalog>,
}

impl SharedCatalogs {
    /// The catalog of definitions in a version: that of another company, or one that is made and kept.
    pub(super) fn of(
        &self,
        parts: &[DefinitionPart],
        version: i64,
        old_names: &[StoredOldName],
        now: DateTime<Utc>,
    ) -> Result<Arc<Catalog>, Vec<Diagnostic>> {
        let lasting = old_names.iter().filter(|name| name.until > now.timestamp_micros());
        let lasting: Vec<_> = lasting.cloned().collect();
        let same = |known: &&SharedCatalog| {
            let of = (known.catalog.version, known.parts.as_slice(), &known.old_names);
            of == (version, parts, &lasting)
        };
        let kept = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept().iter().find(same) {
            return Ok(Arc::clone(&known.catalog));
        }
        let mut catalog = resolve_apart(parts, version)?;
        old_names::lead(&mut catalog, &lasting, now, false);
        let catalog = Arc::new(catalog);
        let mut kept = kept();
        if kept.len() == KEPT {
            kept.remove(0);
        }
        let (parts, old_names) = (parts.to_vec(), lasting);
        kept.push(SharedCatalog { parts, old_names, catalog: Arc::clone(&catalog) });
        Ok(catalog)
    }
}
