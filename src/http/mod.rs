//! Floor 11: bytes to requests and back. Owns addresses, content types, statuses, headers and time limits.
//!
//! Beside the wiring in `app.rs` and the yardstick of `bench`, the only module that knows axum. Must not know
//! catalogs, databases or how tokens are made: it gets endpoints and an [`Auth`], and passes values between them. From the database it reads only how long a
//! request has waited.

mod accounts;
mod address;
pub mod auth;
mod compressed;
mod cookie;
mod cors;
pub mod errors;
pub(crate) mod faults;
mod graphql;
mod health;
mod media;
mod middleware;
mod persisted;
mod playground;
mod request;
mod server;
mod socket;
mod sse;

use std::{sync::Arc, time::Duration};

use axum::{Extension, Router, extract::DefaultBodyLimit, routing::any};
use tokio::sync::{Semaphore, watch};

pub use self::{
    auth::{Auth, ClientOrigin, Pending, TokenResponse},
    persisted::Trusted,
    server::serve,
};
use crate::{
    base::{error::Result, network::Network},
    graphql::exchange::Endpoint,
};

/// What the router needs from the rest of the server.
#[derive(Clone)]
pub struct Shell {
    /// The record schema, at `/graphql`.
    pub records: Arc<dyn Endpoint>,
    /// The metadata schema, at `/metadata`.
    pub metadata: Arc<dyn Endpoint>,
    /// Sign-in and tokens.
    pub auth: Arc<dyn Auth>,
    /// Whether the server can serve requests now. Called by `/readyz`.
    pub ready: Arc<dyn Fn() -> Pending<'static, Result<()>> + Send + Sync>,
    /// Becomes true when the server stops, which ends subscriptions and connections.
    pub closing: watch::Receiver<bool>,
    /// Permits for WebSocket connections.
    pub sockets: Arc<Semaphore>,
    /// Limits.
    pub settings: HttpSettings,
}

/// Limits of the HTTP layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpSettings {
    /// The largest GraphQL request body in bytes.
    pub max_body: usize,
    /// How long a request may take until its response is ready.
    pub timeout: Duration,
    /// Whether the playground page is served.
    pub playground: bool,
    /// Whether responses contain `Server-Timing`.
    pub server_timing: bool,
    /// Documents of a list that the settings name.
    pub trusted: Trusted,
    /// The accounts of a demo server and their password, as JSON for the page. None on other servers.
    pub demo_accounts: Option<Arc<str>>,
    /// Most WebSocket connections.
    pub connections: usize,
    /// Most concurrent operations per WebSocket connection.
    pub operations: usize,
    /// Proxies whose forwarding headers are trusted.
    pub proxies: Vec<Network>,
    /// Other origins that may send requests, in the form of the `Origin` header.
    pub allowed_origins: Vec<String>,
    /// How long a browser keeps the cookie of a sign-in that stays: as long as a refresh token can be used.
    pub cookie_lifetime: Duration,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            max_body: 1024 * 1024,
            timeout: Duration::from_secs(30),
            playground: true,
            server_timing: false,
            trusted: Trusted::default(),
            demo_accounts: None,
            connections: 5_000,
            operations: 100,
            proxies: Vec::new(),
            allowed_origins: Vec::new(),
            cookie_lifetime: Duration::from_hours(30 * 24),
        }
    }
}

/// The largest body of a sign-in request. Hashing long passwords costs time.
const MAX_AUTH_BODY: usize = 16 * 1024;

/// Builds the router of all addresses.
///
/// Each route handles all methods, so that a wrong one gets an error of our form. `middleware` is the outermost
/// layer and also covers unknown addresses.
pub fn router(shell: Shell) -> Router {
    let body = DefaultBodyLimit::max(shell.settings.max_body);
    let small = DefaultBodyLimit::max(MAX_AUTH_BODY);
    let limits = Arc::new(shell.settings.clone());
    let trusted = limits.trusted.clone();
    // Sign-in responses are not compressed: their compressed length could reveal the secrets in them.
    let squeezed = Router::new()
        .route("/graphql", any(graphql::records).layer(body))
        .route("/metadata", any(graphql::metadata).layer(body))
        .route("/", any(playground::root))
        .route("/playground/{*file}", any(playground::file));
    let squeezed = playground::VIEWS
        .iter()
        .fold(squeezed, |router, view| router.route(view, any(playground::view)))
        .layer(compressed::layer());
    squeezed
        .route("/auth/login", any(accounts::login).layer(small))
        .route("/auth/password", any(accounts::password).layer(small))
        .route("/auth/refresh", any(accounts::refresh).layer(small))
        .route("/auth/logout", any(accounts::logout).layer(small))
        .route("/healthz", any(health::alive))
        .route("/readyz", any(health::ready))
        .fallback(request::unknown_path)
        .layer(Extension(persisted::PersistedDocuments::beside(trusted)))
        .with_state(Arc::new(shell))
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&limits), cors::share))
        .layer(axum::middleware::from_fn_with_state(limits, middleware::guard))
}

/// Completes when the server stops.
async fn stopped(closing: &mut watch::Receiver<bool>) {
    if closing.wait_for(|closing| *closing).await.is_err() {
        // The sender is gone, so nobody can stop the server.
        std::future::pending::<()>().await;
    }
}

#[cfg(test)]
mod tests;
