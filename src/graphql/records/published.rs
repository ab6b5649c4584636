//! What requests need of one catalog version: its schema, and what of it exists for each shape of access.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{
    dynamic::{Schema, SchemaBuilder},
    parser::types::ExecutableDocument,
};
use moka::sync::Cache;
use serde_json::Value as Json;

use super::{
    client_operations::ClientOperation,
    faults,
    mutations::{self, RootMutation},
    names::AGGREGATE,
    needs::{Need, Needs},
    print, record_draft_schema,
    schema::{self, Built},
    subscription_schema,
};
use crate::{
    access::{Access, Visible},
    base::{Error, Lang, Result},
    catalog::{Catalog, ObjectIx},
    graphql::{
        directives,
        engine::{NESTED, OnlyValidate},
        limits::Size,
        schema_mask::Hidden,
        stored_value::{self, ReadableValue},
        words::Words,
    },
};

/// Most characters of prepared documents per access shape.
const PREPARED: u64 = 500_000;
/// Most shapes per catalog version. Callers with the same roles share a shape.
const VIEWS: u64 = 1_000;

/// A catalog version with everything that requests need from it.
pub struct PublishedSchema {
    /// The catalog.
    pub catalog: Arc<Catalog>,
    /// The whole schema, which validates all documents.
    pub(in crate::graphql) schema: Schema,
    /// What its elements need.
    needs: Needs,
    /// The view of callers with all rights.
    full: Arc<View>,
    /// Views by access shape.
    views: Cache<u64, Arc<View>>,
    roots: HashMap<String, RootField>,
    drafts: HashMap<String, ObjectIx>,
    changes: HashMap<String, ObjectIx>,
    mutations: HashMap<String, RootMutation>,
}

/// A parsed and validated document.
pub(super) struct Prepared {
    pub(super) document: ExecutableDocument,
    /// Its size.
    pub(super) size: Size,
    /// What is known of it as one that clients send.
    pub(super) operation: Arc<ClientOperation>,
}

/// What exists for callers of one access shape.
pub(super) struct View {
    /// The parts of the schema that do not exist for them.
    pub(super) hidden: Arc<Hidden>,
    /// Prepared documents by text.
    pub(super) prepared: Cache<String, Arc<Prepared>>,
}

impl View {
    fn new(hidden: Hidden) -> Self {
        let weight =
            |text: &String, _: &Arc<Prepared>| u32::try_from(text.len()).unwrap_or(u32::MAX);
        let prepared = Cache::builder().weigher(weight).max_capacity(PREPARED).build();
        Self { hidden: Arc::new(hidden), prepared }
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

impl RootField {
    /// The object.
    fn object(self) -> ObjectIx {
        match self {
            Self::One(object) | Self::List(object) | Self::Aggregate(object) => object,
        }
    }
}

impl PublishedSchema {
    /// Derives everything that requests need from a catalog.
    pub fn new(catalog: Arc<Catalog>) -> Result<Self> {
        let validate =
            |schema: SchemaBuilder| schema.extension(OnlyValidate).limit_recursive_depth(NESTED);
        let Built { schema, needs } = schema::build(&catalog, validate)?;
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
            needs,
            full: Arc::new(View::new(Hidden::default())),
            views: Cache::new(VIEWS),
            roots,
            drafts: record_draft_schema::roots(&catalog).collect(),
            changes: subscription_schema::roots(&catalog).collect(),
            mutations: mutations::roots(&catalog).collect(),
            catalog,
        })
    }

    /// Returns what exists for a caller.
    pub(super) fn view(&self, access: &Access) -> Arc<View> {
        if access.shape() == 0 {
            return Arc::clone(&self.full);
        }
        if let Some(view) = self.views.get(&access.shape()) {
            return view;
        }
        let visible = Visible { catalog: &self.catalog, access };
        let view = Arc::new(View::new(self.needs.hidden(visible)));
        self.views.insert(access.shape(), Arc::clone(&view));
        view
    }

    /// Checks a value that is to be stored against a type of the schema, as it exists for a caller.
    pub(in crate::graphql) fn checked(
        &self,
        access: &Access,
        at: (&[&str], &str),
        value: &Json,
    ) -> Result<Json, Vec<Error>> {
        let view = self.view(access);
        stored_value::check((self.schema.registry(), &view.hidden), at, value)
    }

    /// Returns what of a stored value exists for a caller.
    pub(in crate::graphql) fn readable(
        &self,
        access: &Access,
        at: (&[&str], &str),
        value: &Json,
    ) -> ReadableValue {
        let view = self.view(access);
        stored_value::read((self.schema.registry(), &view.hidden), at, value)
    }

    /// What would not exist without what some needs are about.
    pub(super) fn without(&self, about: impl Fn(&Need) -> bool) -> Hidden {
        self.needs.without(about)
    }

    /// Computes what exists for a caller before their first request.
    pub fn prepare(&self, access: &Access) {
        self.view(access);
    }

    /// Returns the meaning of a root field. A table, so that requests need not build names.
    pub(super) fn root(&self, field: &str) -> Option<RootField> {
        self.roots.get(field).copied()
    }

    /// Returns the object that a root field of `Query` drafts.
    pub(super) fn drafts(&self, field: &str) -> Option<ObjectIx> {
        self.drafts.get(field).copied()
    }

    /// Returns the object of a root field of `Subscription`.
    pub(super) fn changes(&self, field: &str) -> Option<ObjectIx> {
        self.changes.get(field).copied()
    }

    /// Returns what a root field of `Mutation` does.
    pub(super) fn mutation(&self, field: &str) -> Option<RootMutation> {
        self.mutations.get(field).copied()
    }

    /// Returns the fault of a root field of an object that is closed to the caller only until it has pages.
    pub(super) fn waiting(&self, access: &Access, ty: &str, field: &str) -> Option<Error> {
        let object = match ty {
            "Query" => self.root(field).map(RootField::object).or_else(|| self.drafts(field)),
            "Mutation" => self.mutation(field).map(|root| root.object),
            "Subscription" => self.changes(field),
            _ => None,
        };
        let object = object.filter(|object| access.waits_for_pages(*object))?;
        let object = self.catalog.object(object);
        Some(faults::no_pages_yet(object.title(), &object.name))
    }

    /// Prints the whole schema as SDL, with English descriptions.
    pub fn sdl(&self) -> String {
        let words = Words::records(&self.catalog, Lang::En);
        print::types(self.schema.registry(), &words) + &directives::sdl()
    }
}
