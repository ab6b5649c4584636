//! The subscriptions of `/metadata`. Each is a question whose answer is told at once, and again whenever it is another.
//!
//! So a message is what the same fields of a query answer, under the rights of its moment. Knows the questions and what
//! they wait for; `watching` asks them. Must not know transports.

use std::{borrow::Cow, pin::Pin};

use async_graphql::{
    Context, ID, Object, OutputType, Response, Result, SimpleObject, SubscriptionType,
    registry::Registry,
};
use futures_util::Stream;

use super::{
    context::Fingerprint,
    jobs::{JobInfo, found},
};

/// What can be followed.
pub(super) struct Subscription;

/// What has changed for the caller.
#[derive(SimpleObject)]
struct ViewerChange {
    /// Another one makes stale what `/metadata` told the caller.
    fingerprint: String,
}

#[Object]
#[expect(clippy::unused_async, reason = "the engine's macro takes async resolvers only")]
impl Subscription {
    /// Tells of changes of all that `/metadata` tells the caller: definitions, layouts, menus, views, their rights.
    async fn viewer_changed(&self, ctx: &Context<'_>) -> Result<ViewerChange> {
        let Fingerprint(fingerprint) = ctx.data::<Fingerprint>()?;
        Ok(ViewerChange { fingerprint: fingerprint.clone() })
    }

    /// Tells how a job of the caller's stands, or any for administrators.
    async fn job_changed(&self, ctx: &Context<'_>, id: ID) -> Result<Option<JobInfo>> {
        found(ctx, &id).await
    }
}

/// For validation alone: messages do not come from the engine.
impl SubscriptionType for Subscription {
    fn type_name() -> Cow<'static, str> {
        <Self as OutputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <Self as OutputType>::create_type_info(registry)
    }

    fn create_field_stream<'a>(
        &'a self,
        _ctx: &'a Context<'_>,
    ) -> Option<Pin<Box<dyn Stream<Item = Response> + Send + 'a>>> {
        None
    }
}
