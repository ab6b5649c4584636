//! The endpoint for metadata and what it holds.

use std::sync::Arc;

use async_graphql::{
    EmptyMutation, EmptySubscription, OutputType, Schema, ValidationMode,
    registry::{MetaDirective, MetaType, Registry},
};

use super::{
    roots::{Mutation, Query},
    subscriptions::Subscription,
};
use crate::{
    company::{Company, Derived},
    graphql::{
        concurrency_limit::Turns,
        engine::{NESTED, OnlyValidate},
        limits::Limits,
        records::{ClientOperations, Live, PublishedSchema},
    },
};

/// Answers requests on metadata.
pub struct Metadata {
    /// Executes valid requests.
    pub(super) schema: Schema<Query, Mutation, EmptySubscription>,
    /// Answers what subscriptions ask, each time anew.
    pub(super) watched: Schema<Subscription, EmptyMutation, EmptySubscription>,
    /// Validates requests.
    pub(super) validating: Schema<Query, Mutation, Subscription>,
    /// Names and types of both schemas.
    pub(super) registry: Arc<Registry>,
    pub(super) company: Company,
    /// What saved questions are checked against.
    pub(super) published: Derived<PublishedSchema>,
    pub(super) limits: Limits,
    pub(super) turns: Arc<Turns>,
    /// The places of subscriptions, shared with those of records.
    pub(super) live: Arc<Live>,
    /// What clients have asked of records lately.
    pub(super) operations: ClientOperations,
}

/// The root types.
const ROOTS: [&str; 3] = ["Query", "Mutation", "Subscription"];

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
    <Subscription as OutputType>::create_type_info(&mut registry);
    let [query, mutation, subscription] = ROOTS.map(str::to_owned);
    registry.query_type = query;
    (registry.mutation_type, registry.subscription_type) = (Some(mutation), Some(subscription));
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
        (live, operations): (Arc<Live>, ClientOperations),
    ) -> Self {
        let registry = Arc::new(registry(published.pin().schema.registry()));
        let schema = Schema::build(Query::default(), Mutation::default(), EmptySubscription)
            .data(company.clone())
            .disable_suggestions()
            .limit_recursive_depth(NESTED)
            .validation_mode(ValidationMode::Fast)
            .finish();
        let watched = Schema::build(Subscription, EmptyMutation, EmptySubscription)
            .data(company.clone())
            .disable_suggestions()
            .limit_recursive_depth(NESTED)
            .validation_mode(ValidationMode::Fast)
            .finish();
        let validating = Schema::build(Query::default(), Mutation::default(), Subscription)
            .disable_suggestions()
            .limit_recursive_depth(NESTED)
            .extension(OnlyValidate)
            .finish();
        Self {
            schema,
            watched,
            validating,
            registry,
            company,
            published,
            limits,
            turns,
            live,
            operations,
        }
    }
}
