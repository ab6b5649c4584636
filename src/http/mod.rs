//! Floor 10: bytes to requests and back. Owns addresses, content types, statuses, headers and time limits.
//!
//! The only room that knows axum. Must not know catalogs, databases or how a token is made:
//! it is handed endpoints and an [`Auth`], and passes values between them.

mod accounts;
pub mod auth;
pub mod errors;
mod graphql;
mod health;
mod media;
mod persisted;
mod playground;
mod request;
mod shield;

use std::{sync::Arc, time::Duration};

use axum::{Extension, Router, extract::DefaultBodyLimit, routing::any};

pub use self::auth::{Auth, Origin, Pending, Tokens};
use crate::{base::error::Result, graphql::exchange::Endpoint};

/// What the router needs from the rest of the server.
#[derive(Clone)]
pub struct Shell {
    /// The record schema, at `/graphql`.
    pub records: Arc<dyn Endpoint>,
    /// The metadata schema, at `/metadata`.
    pub metadata: Arc<dyn Endpoint>,
    /// Sign-in and tokens.
    pub auth: Arc<dyn Auth>,
    /// Whether the server can do its work now; asked by `/readyz`.
    pub ready: Arc<dyn Fn() -> Pending<'static, Result<()>> + Send + Sync>,
    /// Limits.
    pub settings: HttpSettings,
}

/// Limits of the HTTP layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpSettings {
    /// The largest GraphQL request body in bytes.
    pub max_body: usize,
    /// How long one request may take, from its head to the last byte of the reply's making.
    pub timeout: Duration,
    /// Whether the playground page is served.
    pub playground: bool,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self { max_body: 1024 * 1024, timeout: Duration::from_secs(30), playground: true }
    }
}

/// The largest body of a sign-in request: a password is hashed, so its length is work.
const MAX_AUTH_BODY: usize = 16 * 1024;

/// Every address of the server.
///
/// Each route answers all methods itself, so that a wrong one gets our error form.
/// `shield` is outermost: it also covers the answers for unknown addresses.
pub fn router(shell: Shell) -> Router {
    let body = DefaultBodyLimit::max(shell.settings.max_body);
    let small = DefaultBodyLimit::max(MAX_AUTH_BODY);
    let limits = shell.settings.clone();
    Router::new()
        .route("/graphql", any(graphql::records).layer(body))
        .route("/metadata", any(graphql::metadata).layer(body))
        .route("/auth/login", any(accounts::login).layer(small))
        .route("/auth/refresh", any(accounts::refresh).layer(small))
        .route("/auth/logout", any(accounts::logout).layer(small))
        .route("/healthz", any(health::alive))
        .route("/readyz", any(health::ready))
        .route("/", any(playground::page))
        .route("/playground/{*file}", any(playground::file))
        .fallback(request::unknown_path)
        .layer(Extension(persisted::Documents::default()))
        .with_state(Arc::new(shell))
        .layer(axum::middleware::from_fn_with_state(Arc::new(limits), shield::guard))
}

#[cfg(test)]
mod tests;
