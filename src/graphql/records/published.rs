//! What requests need of one catalog version: its schema, and what of it exists for each shape of access.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{dynamic::Schema, parser::types::ExecutableDocument};
use moka::sync::Cache;
use serde_json::Value as Json;

use super::{mutations, names::AGGREGATE, print, schema, subscription_schema};
use crate::{
    access::{Access, Visible},
    base::{Error, Lang, Result},
    catalog::{Catalog, ObjectIx},
    graphql::{
        directives,
        engine::{NESTED, OnlyValidate},
        limits::Size,
        reply::one,
        schema_mask::Hidden,
        stored_value::{self, ReadableValue},
        words::Words,
    },
    records::Operation,
};

/// Most characters of prepared documents per access shape.
const PREPARED: u64 = 500_000;
/// Most shapes per catalog version. Callers with the same roles share a shape.
const VIEWS: u64 = 1_000;
/// Most cached schemas for introspection. Introspection is rare and comes in bursts.
const INTROSPECTED: u64 = 2;

/// A catalog version with everything that requests need from it.
pub struct PublishedSchema {
    /// The catalog.
    pub catalog: Arc<Catalog>,
    /// The whole schema, which validates all documents.
    pub(in crate::graphql) schema: Schema,
    /// The view of callers with all rights.
    full: Arc<View>,
    /// Views by access shape.
    views: Cache<u64, Arc<View>>,
    introspected: Cache<u64, Schema>,
    roots: HashMap<String, RootField>,
    changes: HashMap<String, ObjectIx>,
    mutations: HashMap<String, (&'static Operation, ObjectIx)>,
}

/// A parsed and validated document.
pub(super) struct Prepared {
    pub(super) document: ExecutableDocument,
    /// Its size.
    pub(super) size: Size,
}

/// What exists for callers of one access shape.
pub(super) struct View {
    /// The parts of the schema that do not exist for them.
    pub(super) hidden: Hidden,
    /// Prepared documents by text.
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

/// The meaning of a root field of `Query`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RootField {
    /// A record of an object.
    One(ObjectIx),
    /// A list of an object.
    List(ObjectIx),
    /// Groups of an object's records.
    Aggregate(ObjectIx),
}

impl PublishedSchema {
    /// Derives everything that requests need from a catalog.
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
            roots.insert(format!("{singular}{AGGREGATE}"), RootField::Aggregate(object.ix));
            roots.insert(singular, RootField::One(object.ix));
            // Where the two are the same word, it is the list.
            roots.insert(plural.clone(), RootField::List(object.ix));
        }
        Ok(Self {
            schema,
            full: Arc::new(View::new(Hidden::default())),
            views: Cache::new(VIEWS),
            introspected: Cache::new(INTROSPECTED),
            roots,
            changes: subscription_schema::roots(&catalog).collect(),
            mutations: mutations::roots(&catalog).collect(),
            catalog,
        })
    }

    /// Returns what exists for a caller.
    pub(super) fn view(&self, access: &Access) -> Result<Arc<View>> {
        if access.shape() == 0 {
            return Ok(Arc::clone(&self.full));
        }
        if let Some(view) = self.views.get(&access.shape()) {
            return Ok(view);
        }
        // The narrower schema is built only to find what it lacks.
        let visible = Visible { catalog: &self.catalog, access };
        let narrow = schema::finish(schema::builder(visible))?;
        let hidden = Hidden::between(self.schema.registry(), narrow.registry());
        let view = Arc::new(View::new(hidden));
        self.views.insert(access.shape(), Arc::clone(&view));
        Ok(view)
    }

    /// Checks a value that is to be stored against a type of the schema, as it exists for a caller.
    pub(in crate::graphql) fn checked(
        &self,
        access: &Access,
        at: (&[&str], &str),
        value: &Json,
    ) -> Result<Json, Vec<Error>> {
        let view = self.view(access).map_err(one)?;
        stored_value::check((self.schema.registry(), &view.hidden), at, value)
    }

    /// Returns what of a stored value exists for a caller.
    pub(in crate::graphql) fn readable(
        &self,
        access: &Access,
        at: (&[&str], &str),
        value: &Json,
    ) -> Result<ReadableValue> {
        let view = self.view(access)?;
        Ok(stored_value::read((self.schema.registry(), &view.hidden), at, value))
    }

    /// Computes what exists for a caller before their first request.
    pub fn prepare(&self, access: &Access) -> Result<()> {
        self.view(access).map(|_view| ())
    }

    /// Returns the schema for a caller's introspection.
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

    /// Returns the meaning of a root field. A table, so that requests need not build names.
    pub(super) fn root(&self, field: &str) -> Option<RootField> {
        self.roots.get(field).copied()
    }

    /// Returns the object of a root field of `Subscription`.
    pub(super) fn changes(&self, field: &str) -> Option<ObjectIx> {
        self.changes.get(field).copied()
    }

    /// Returns the verb and object of a root field of `Mutation`.
    pub(super) fn mutation(&self, field: &str) -> Option<(&'static Operation, ObjectIx)> {
        self.mutations.get(field).copied()
    }

    /// Prints the whole schema as SDL, with English descriptions.
    pub fn sdl(&self) -> String {
        let words = Words::records(&self.catalog, Lang::En);
        print::types(self.schema.registry(), &words) + &directives::sdl()
    }
}
