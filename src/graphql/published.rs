//! The live catalog with its schemas, swapped whole when a new version is published.

use std::{collections::HashMap, sync::Arc};

use arc_swap::ArcSwap;
use async_graphql::dynamic::Schema;
use moka::sync::Cache;

use super::{
    records::{OnlyValidate, Prepared},
    schema,
    visible::Visible,
};
use crate::{
    access::Access,
    base::Result,
    catalog::{Catalog, ObjectIx},
};

/// Documents kept parsed and validated per schema.
const PREPARED: u64 = 2_000;
/// Schemas kept per catalog version: callers with the same roles share one.
const VIEWS: u64 = 64;

/// One catalog version with everything derived from it for requests.
pub struct Published {
    /// The catalog.
    pub catalog: Arc<Catalog>,
    /// The schema of those who may everything.
    full: Arc<View>,
    /// Schemas by the shape of accesses.
    views: Cache<u64, Arc<View>>,
    roots: HashMap<String, Root>,
}

/// The schema as it is for callers of one access shape: the rest of the catalog does not exist for them.
pub(super) struct View {
    /// Validates documents.
    pub(super) schema: Schema,
    /// Answers introspection.
    pub(super) introspection: Schema,
    /// Documents by text.
    pub(super) prepared: Cache<String, Arc<Prepared>>,
}

impl View {
    fn new(visible: Visible<'_>) -> Result<Self> {
        let schema = schema::finish(schema::builder(visible).extension(OnlyValidate))?;
        let introspection = schema::finish(schema::builder(visible).introspection_only())?;
        Ok(Self { schema, introspection, prepared: Cache::new(PREPARED) })
    }
}

/// What a root field of the query type answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Root {
    /// One record of an object.
    One(ObjectIx),
    /// The list of an object.
    List(ObjectIx),
}

impl Published {
    /// Derives what requests need from a catalog.
    pub fn new(catalog: Arc<Catalog>) -> Result<Self> {
        let everything = Access::system("the whole schema");
        let full = View::new(Visible { catalog: &catalog, access: &everything })?;
        let mut roots = HashMap::new();
        for object in &catalog.objects {
            let Some(plural) = &object.plural else { continue };
            roots.insert(object.singular(), Root::One(object.ix));
            // Where the two are the same word, it is the list.
            roots.insert(plural.clone(), Root::List(object.ix));
        }
        Ok(Self { catalog, full: Arc::new(full), views: Cache::new(VIEWS), roots })
    }

    /// The schema of a caller.
    pub(super) fn view(&self, access: &Access) -> Result<Arc<View>> {
        if access.shape() == 0 {
            return Ok(Arc::clone(&self.full));
        }
        if let Some(view) = self.views.get(&access.shape()) {
            return Ok(view);
        }
        let view = Arc::new(View::new(Visible { catalog: &self.catalog, access })?);
        self.views.insert(access.shape(), Arc::clone(&view));
        Ok(view)
    }

    /// What a root field answers, looked up: names are not to be put together by every request.
    pub(super) fn root(&self, field: &str) -> Option<Root> {
        self.roots.get(field).copied()
    }

    /// The whole schema as SDL text.
    pub fn sdl(&self) -> String {
        self.full.schema.sdl()
    }
}

/// Holds the live version.
pub struct Publisher(ArcSwap<Published>);

impl Publisher {
    /// Starts with a version.
    pub fn new(published: Published) -> Self {
        Self(ArcSwap::from_pointee(published))
    }

    /// The version a request sees from start to end.
    pub fn pin(&self) -> Arc<Published> {
        self.0.load_full()
    }

    /// Makes a version live unless a later one is; running requests finish on theirs.
    pub fn publish(&self, published: Published) {
        let published = Arc::new(published);
        self.0.rcu(|live| {
            let later = live.catalog.version >= published.catalog.version;
            Arc::clone(if later { live } else { &published })
        });
    }
}
