//! What resolvers of `/metadata` take from their context, and how they raise errors.

use async_graphql::Context;

use crate::{
    base::{Code, Error},
    company::Company,
    graphql::{exchange::Caller, reply::shown},
};

/// The fingerprint of what exists for the caller of this request.
pub(super) struct Fingerprint(pub(super) String);

/// Returns the company that is asked.
pub(super) fn company<'c>(ctx: &Context<'c>) -> async_graphql::Result<&'c Company> {
    ctx.data::<Company>()
}

/// Converts one of our errors into the engine's type.
pub(super) fn raised(ctx: &Context<'_>, error: &Error) -> async_graphql::Error {
    let caller = ctx.data::<Caller>().cloned().unwrap_or_default();
    if matches!(error.code, Code::Internal | Code::StorageUnavailable) {
        tracing::error!(request.id = %caller.request_id, error = %error, "request failed");
    }
    let shown = shown(error, &caller);
    let mut raised = async_graphql::Error::new(error.message.text(caller.lang));
    let mut extensions = async_graphql::ErrorExtensionValues::default();
    if let Some(fields) = shown["extensions"].as_object() {
        for (key, value) in fields {
            if let Ok(value) = async_graphql::Value::from_json(value.clone()) {
                extensions.set(key, value);
            }
        }
    }
    raised.extensions = Some(extensions);
    raised
}
