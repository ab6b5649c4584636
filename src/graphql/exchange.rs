//! A GraphQL request and its reply, independent of HTTP.

use std::{future::Future, pin::Pin, sync::Arc};

use futures_util::Stream;

use crate::{access::Principal, base::Lang};

/// A well-formed GraphQL request of any transport.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The document's text.
    pub query: String,
    /// Which operation of the document to run.
    pub operation_name: Option<String>,
    /// Values of variables.
    pub variables: serde_json::Map<String, serde_json::Value>,
    /// Refuse mutations with `INPUT_METHOD`, as for GET.
    pub read_only: bool,
    /// Return only the cost.
    pub cost_only: bool,
}

/// The sender of a request, and their language.
#[derive(Debug, Clone, Default)]
pub struct Caller {
    /// The signed-in principal. None for anonymous callers.
    pub principal: Option<Principal>,
    /// Language of messages.
    pub lang: Lang,
    /// The id of the request in the log.
    pub request_id: String,
    /// The purpose of reading that the request states: `print` or `export`.
    pub purpose: Option<String>,
    /// The account that an administrator views as.
    pub view_as: Option<String>,
}

/// A complete JSON response body.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The response as JSON text: `{"data":…,"errors":…,"extensions":…}`.
    pub body: Vec<u8>,
    /// 200 if an operation was executed, even with field errors. Otherwise the status of the refusal, for use
    /// with `application/graphql-response+json`.
    pub status: u16,
    /// The fingerprint of what exists for the caller, as far as it was found out who they are.
    pub fingerprint: Option<String>,
}

/// A future of a reply.
pub type Replying<'a> = Pin<Box<dyn Future<Output = Reply> + Send + 'a>>;

/// The events of a subscription: complete response bodies. An error is the refusal that ends it.
pub type Series = Pin<Box<dyn Stream<Item = Result<Vec<u8>, Reply>> + Send>>;

/// One reply, or a series of them.
pub enum Answer {
    /// The reply of a query or mutation, or a refusal.
    Once(Reply),
    /// The series of a subscription.
    Series(Series),
}

/// A future of an answer.
pub type Answering = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// An endpoint for GraphQL requests: the record schema or the metadata schema.
pub trait Endpoint: Send + Sync {
    /// Executes a request. Never fails: errors are part of the reply.
    fn answer<'a>(&'a self, request: Request, caller: Caller) -> Replying<'a>;

    /// Executes a request of any kind. Only this method accepts subscriptions.
    fn begin(self: Arc<Self>, request: Request, caller: Caller) -> Answering;
}
