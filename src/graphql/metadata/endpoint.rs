//! The endpoint for metadata and what it holds.

use std::sync::Arc;

use async_graphql::{
    EmptySubscription, OutputType, Schema, ValidationMode,
    registry::{MetaDirective, MetaType, Registry},
};

use super::roots::{Mutation, Query};
use crate::{
    company::{Company, Derived},
    graphql::{
        concurrency_limit::Turns,
        engine::{NESTED, OnlyValidate},
        limits::Limits,
        records::PublishedSchema,
    },
};

/// Answers requests on metadata.
pub struct Metadata {
    /// Executes valid requests.
    pub(super) schema: Schema<Query, Mutation, EmptySubscription>,
    /// Validates requests.
    pub(super) validating: Schema<Query, Mutation, EmptySubscription>,
    /// Names and types of both schemas.
    pub(super) registry: Arc<Registry>,
    pub(super) company: Company,
    /// What saved questions are checked against.
    pub(super) published: Derived<PublishedSchema>,
    pub(super) limits: Limits,
    pub(super) turns: Arc<Turns>,
}

/// The root types.
const ROOTS: [&str; 2] = ["Query", "Mutation"];

/// Builds the registry of the metadata schema, with the standard directives.
fn registry(directives: &Registry) -> Registry {
    let mut registry = Registry::default();
    for known in directives.directives.values() {
        registry.add_directive(MetaDirective {
            name: known.name.clone(),
            description: known.description.clone(),
            locations: known.locations.clone(),
            args: known.args.clone(),
            is_repeatable: known.is_repeatable,
            visible: None,
            composable: None,
        });
    }
    <Query as OutputType>::create_type_info(&mut registry);
    <Mutation as OutputType>::create_type_info(&mut registry);
    let [query, mutation] = ROOTS;
    (registry.query_type, registry.mutation_type) = (query.to_owned(), Some(mutation.to_owned()));
    // Root fields are executed separately and are null if they fail.
    for root in ROOTS {
        if let Some(MetaType::Object { fields, .. }) = registry.types.get_mut(root) {
            for field in fields.values_mut() {
                field.ty.truncate(field.ty.trim_end_matches('!').len());
            }
        }
    }
    registry
}

impl Metadata {
    /// The endpoint of a company. Its directives are those of the records' schema, and what views ask for are values of
    /// its types.
    pub fn new(
        company: Company,
        published: Derived<PublishedSchema>,
        limits: Limits,
        turns: Arc<Turns>,
    ) -> Self {
        let registry = Arc::new(registry(published.pin().schema.registry()));
        let build = || {
            let roots = Schema::build(Query::default(), Mutation::default(), EmptySubscription);
            roots.data(company.clone()).disable_suggestions().limit_recursive_depth(NESTED)
        };
        let schema = build().validation_mode(ValidationMode::Fast).finish();
        let validating = build().extension(OnlyValidate).finish();
        Self { schema, validating, registry, company, published, limits, turns }
    }
}
