//! A GraphQL request and its reply, free of HTTP.

use std::{future::Future, pin::Pin, sync::Arc};

use futures_util::Stream;

use crate::{access::Principal, base::Lang};

/// One well-formed GraphQL request, as any transport hands it over.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The document's text.
    pub query: String,
    /// Which operation of the document to run.
    pub operation_name: Option<String>,
    /// Values of variables.
    pub variables: serde_json::Map<String, serde_json::Value>,
    /// Mutations are refused with `INPUT_METHOD`, as over GET.
    pub read_only: bool,
    /// Only what it would cost is asked for.
    pub cost_only: bool,
}

/// Who sends a request and how they want to be spoken to.
#[derive(Debug, Clone, Default)]
pub struct Caller {
    /// The signed-in person; none for anonymous callers.
    pub principal: Option<Principal>,
    /// Language of messages.
    pub lang: Lang,
    /// The id the log knows this request by.
    pub request_id: String,
    /// What records are read for, as the request says: `print` or `export`.
    pub purpose: Option<String>,
    /// The account whose eyes an administrator borrows.
    pub view_as: Option<String>,
}

/// The answer: a complete JSON response body.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The response as JSON text: `{"data":…,"errors":…,"extensions":…}`.
    pub body: Vec<u8>,
    /// 200 when an operation was executed (even with field errors), else the status of the refusal,
    /// to be used with `application/graphql-response+json`.
    pub status: u16,
}

/// The reply in the making.
pub type Replying<'a> = Pin<Box<dyn Future<Output = Reply> + Send + 'a>>;

/// What a subscription tells: complete response bodies one after another; the refusal when it cannot go on.
pub type Series = Pin<Box<dyn Stream<Item = Result<Vec<u8>, Reply>> + Send>>;

/// One reply, or a series of them.
pub enum Answer {
    /// Of a query, of a mutation, or of what was refused.
    Once(Reply),
    /// Of a subscription.
    Series(Series),
}

/// The answer in the making.
pub type Answering = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// Something that answers GraphQL requests: the record schema or the metadata schema.
pub trait Endpoint: Send + Sync {
    /// Answers one request; never fails, faults are part of the reply.
    fn answer<'a>(&'a self, request: Request, caller: Caller) -> Replying<'a>;

    /// Answers one request of any kind. Subscriptions are only taken here.
    fn begin(self: Arc<Self>, request: Request, caller: Caller) -> Answering;
}
