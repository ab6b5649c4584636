//! Caches statement texts of saves by what they write, so that most saves only bind values.

use std::sync::Arc;

use moka::sync::Cache;
use sea_orm::sea_query::{Value, Values};

use crate::{
    base::{Error, Result},
    catalog::{Catalog, Object, ObjectIx},
};

/// Most bytes that the cached texts take, roughly.
const KEPT: u64 = 16 << 20;

/// What a statement's text depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TextKey {
    version: i64,
    object: Option<ObjectIx>,
    what: &'static str,
    rows: usize,
    kept: bool,
}

impl TextKey {
    /// The key of a statement for `rows` rows of an object, or of a platform table. `what` names the
    /// statement, `most` is the largest number of rows that one statement takes. Only texts for one row and
    /// for `most` rows are cached, because other numbers seldom recur.
    pub fn new(
        catalog: &Catalog,
        object: Option<&Object>,
        what: &'static str,
        rows: usize,
        most: usize,
    ) -> Self {
        let (version, object) = (catalog.version, object.map(|object| object.ix));
        Self { version, object, what, rows, kept: rows == 1 || rows == most }
    }
}

/// The texts of one database.
#[derive(Clone)]
pub(super) struct Texts(Cache<TextKey, Arc<str>>);

impl Default for Texts {
    fn default() -> Self {
        let weight = |_: &TextKey, text: &Arc<str>| {
            u32::try_from(text.len() + size_of::<TextKey>() + 100).unwrap_or(u32::MAX)
        };
        Self(Cache::builder().weigher(weight).max_capacity(KEPT).build())
    }
}

impl Texts {
    /// Returns the cached text of a key, or the text that `make` builds for these values.
    pub(super) fn get(
        &self,
        key: TextKey,
        values: &[Value],
        make: impl FnOnce() -> Result<(String, Values)>,
    ) -> Result<Arc<str>> {
        if let Some(text) = self.0.get(&key) {
            return Ok(text);
        }
        let (text, bound) = make()?;
        // INVARIANT: a text is kept for values in the order in which it takes them.
        if bound.0 != values {
            return Err(Error::internal("a statement binds its values in another order"));
        }
        let text: Arc<str> = text.into();
        if key.kept {
            self.0.insert(key, Arc::clone(&text));
        }
        Ok(text)
    }
}
