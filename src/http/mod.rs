//! Floor 10: bytes to requests and back. Owns addresses, content types, statuses, headers and time limits.
//!
//! The only room that knows axum. Must not know catalogs, databases or how a token is made:
//! it is handed endpoints and an [`Auth`], and passes values between them. Of the database it only asks how
//! long a request has waited for it.

mod accounts;
mod address;
pub mod auth;
mod compressed;
mod cors;
pub mod errors;
mod graphql;
mod health;
mod media;
mod persisted;
mod playground;
mod request;
mod server;
mod shield;
mod socket;
mod sse;

use std::{sync::Arc, time::Duration};

use axum::{Extension, Router, extract::DefaultBodyLimit, routing::any};
use tokio::sync::{Semaphore, watch};

pub use self::{
    auth::{Auth, Origin, Pending, Tokens},
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
    /// Whether the server can do its work now; asked by `/readyz`.
    pub ready: Arc<dyn Fn() -> Pending<'static, Result<()>> + Send + Sync>,
    /// Becomes true when the server stops: what would go on for ever ends then.
    pub closing: watch::Receiver<bool>,
    /// Places for WebSocket connections.
    pub sockets: Arc<Semaphore>,
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
    /// Whether responses tell how long they took.
    pub server_timing: bool,
    /// Documents that are known beforehand.
    pub trusted: Trusted,
    /// On a demo server its accounts and their password, as JSON for the page.
    pub demo_accounts: Option<Arc<str>>,
    /// Most WebSocket connections.
    pub connections: usize,
    /// Most operations at once on one of them.
    pub operations: usize,
    /// Proxies that are believed when they tell whom they ask for.
    pub proxies: Vec<Network>,
    /// Origins of other pages that may ask, as browsers write them.
    pub allowed_origins: Vec<String>,
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
        }
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
    let limits = Arc::new(shell.settings.clone());
    let trusted = limits.trusted.clone();
    // Answers to sign-in stay as they are: they hold secrets, whose length tells of them once it is squeezed.
    let squeezed = Router::new()
        .route("/graphql", any(graphql::records).layer(body))
        .route("/metadata", any(graphql::metadata).layer(body))
        .route("/", any(playground::page))
        .route("/playground/{*file}", any(playground::file))
        .layer(compressed::layer());
    squeezed
        .route("/auth/login", any(accounts::login).layer(small))
        .route("/auth/password", any(accounts::password).layer(small))
        .route("/auth/refresh", any(accounts::refresh).layer(small))
        .route("/auth/logout", any(accounts::logout).layer(small))
        .route("/healthz", any(health::alive))
        .route("/readyz", any(health::ready))
        .fallback(request::unknown_path)
        .layer(Extension(persisted::Documents::beside(trusted)))
        .with_state(Arc::new(shell))
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&limits), cors::share))
        .layer(axum::middleware::from_fn_with_state(limits, shield::guard))
}

/// Ends when the server stops.
async fn stopped(closing: &mut watch::Receiver<bool>) {
    if closing.wait_for(|closing| *closing).await.is_err() {
        // Nobody is left who could stop it.
        std::future::pending::<()>().await;
    }
}

#[cfg(test)]
mod tests;
