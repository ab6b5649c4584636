//! What requests need of one catalog version: its schema, and what of it exists for each shape of access.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dynamic::Schema;
use moka::sync::Cache;

use super::{
    aggregates::AGGREGATE,
    engine::OnlyValidate,
    live,
    mutations::{self, Verb},
    prepare::Prepared,
    print, schema,
    schema_mask::Hidden,
    words::Words,
};
use crate::{
    access::{Access, Visible},
    base::{Lang, Result},
    catalog::{Catalog, ObjectIx},
};

/// Characters of documents kept parsed and validated per shape.
const PREPARED: u64 = 500_000;
/// Shapes kept per catalog version: callers with the same roles share one.
const VIEWS: u64 = 1_000;
/// Schemas of narrower shapes kept for introspection, which comes seldom and in bursts.
const INTROSPECTED: u64 = 2;

/// Selections and fragments within each other that the engine goes down: our own bound on depth is met before.
pub(super) const NESTED: usize = 256;

/// One catalog version with everything derived from it for requests.
pub struct Published {
    /// The catalog.
    pub catalog: Arc<Catalog>,
    /// Validates the documents of everyone.
    pub(super) schema: Schema,
    /// What exists for those who may everything.
    full: Arc<View>,
    /// What exists, by the shape of accesses.
    views: Cache<u64, Arc<View>>,
    introspected: Cache<u64, Schema>,
    roots: HashMap<String, Root>,
    changes: HashMap<String, ObjectIx>,
    mutations: HashMap<String, (Verb, ObjectIx)>,
}

/// What exists for callers of one access shape: the rest of the catalog does not, for them.
pub(super) struct View {
    /// What of the schema does not exist.
    pub(super) hidden: Hidden,
    /// Documents by text.
    pub(super) prepared: Cache<String, Arc<Prepared>>,
}

impl View {
    fn new(hidden: Hidden) -> Self {
        let weight =
            |text: &String, _: &Arc<Prepared>| u32::try_from(text.len()).unwrap_or(u32::MAX);
        let prepared = Cache::builder().weigher(weight).max_capacity(PREPARED).build();
        Self { hidden, prepared }
    }
}

/// What a root field of the query type answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Root {
    /// One record of an object.
    One(ObjectIx),
    /// The list of an object.
    List(ObjectIx),
    /// Groups of the records of an object.
    Aggregate(ObjectIx),
}

impl Published {
    /// Derives what requests need from a catalog.
    pub fn new(catalog: Arc<Catalog>) -> Result<Self> {
        let everything = Access::system("the whole schema");
        let visible = Visible { catalog: &catalog, access: &everything };
        let schema = schema::finish(
            schema::builder(visible).extension(OnlyValidate).limit_recursive_depth(NESTED),
        )?;
        let mut roots = HashMap::new();
        for object in &catalog.objects {
            let Some(plural) = &object.plural else { continue };
            let singular = object.singular();
            roots.insert(format!("{singular}{AGGREGATE}"), Root::Aggregate(object.ix));
            roots.insert(singular, Root::One(object.ix));
            // Where the two are the same word, it is the list.
            roots.insert(plural.clone(), Root::List(object.ix));
        }
        Ok(Self {
            schema,
            full: Arc::new(View::new(Hidden::default())),
            views: Cache::new(VIEWS),
            introspected: Cache::new(INTROSPECTED),
            roots,
            changes: live::roots(&catalog).collect(),
            mutations: mutations::roots(&catalog).collect(),
            catalog,
        })
    }

    /// What exists for a caller.
    pub(super) fn view(&self, access: &Access) -> Result<Arc<View>> {
        if access.shape() == 0 {
            return Ok(Arc::clone(&self.full));
        }
        if let Some(view) = self.views.get(&access.shape()) {
            return Ok(view);
        }
        // The narrower schema is made to see what it lacks, and dropped.
        let visible = Visible { catalog: &self.catalog, access };
        let narrow = schema::finish(schema::builder(visible))?;
        let hidden = Hidden::between(self.schema.registry(), narrow.registry());
        let view = Arc::new(View::new(hidden));
        self.views.insert(access.shape(), Arc::clone(&view));
        Ok(view)
    }

    /// Finds out what exists for a caller before their first request.
    pub fn prepare(&self, access: &Access) -> Result<()> {
        self.view(access).map(|_view| ())
    }

    /// The schema that a caller's introspection is answered from.
    pub(super) fn introspection(&self, access: &Access) -> Result<Schema> {
        if access.shape() == 0 {
            return Ok(self.schema.clone());
        }
        if let Some(schema) = self.introspected.get(&access.shape()) {
            return Ok(schema);
        }
        let visible = Visible { catalog: &self.catalog, access };
        let schema = schema::finish(schema::builder(visible))?;
        self.introspected.insert(access.shape(), schema.clone());
        Ok(schema)
    }

    /// What a root field answers, looked up: names are not to be put together by every request.
    pub(super) fn root(&self, field: &str) -> Option<Root> {
        self.roots.get(field).copied()
    }

    /// The object whose changes a root field of the subscription type tells of.
    pub(super) fn changes(&self, field: &str) -> Option<ObjectIx> {
        self.changes.get(field).copied()
    }

    /// What a root field of the mutation type does, and with which object.
    pub(super) fn mutation(&self, field: &str) -> Option<(Verb, ObjectIx)> {
        self.mutations.get(field).copied()
    }

    /// The whole schema as SDL text, described in English.
    pub fn sdl(&self) -> String {
        let words = Words::records(&self.catalog, Lang::En);
        print::types(self.schema.registry(), &words) + &super::directives::sdl()
    }
}
