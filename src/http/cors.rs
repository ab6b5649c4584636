//! Cross-origin requests (CORS): which origins may send them, and the preflight responses.
//!
//! An origin proves nothing about the caller: each request brings its token in a header that the page sets.
//! Credentials are never allowed: the only cookie is read at `/auth`, from pages of this server alone (`cookie`).

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};

use super::{HttpSettings, faults};
use crate::base::error::Result;

const METHODS: &str = "GET, POST, OPTIONS";

/// Request headers that a page may send besides the safelisted ones.
const SENT: &str = "accept, accept-language, apollo-require-preflight, apollographql-client-name, \
    apollographql-client-version, authorization, content-type, last-event-id, x-apollo-operation-name, \
    x-graphql-event-stream-token, x-requested-with, x-tradewind-purpose, x-tradewind-view-as";

/// Response headers that a page may read.
const READ: &str = "etag, retry-after, server-timing, www-authenticate, x-request-id, \
    x-tradewind-fingerprint";

/// How long a browser may cache a preflight, in seconds.
const REMEMBERED: &str = "7200";

/// Responds to preflights and adds the CORS headers to responses.
pub(super) async fn share(
    State(settings): State<Arc<HttpSettings>>,
    request: Request,
    next: Next,
) -> Response {
    if settings.allowed_origins.is_empty() {
        return next.run(request).await;
    }
    let allowed = allowed(&settings, request.headers());
    let asks = request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = match (&allowed, asks) {
        (Some(_), true) => told(),
        _ => next.run(request).await,
    };
    let headers = response.headers_mut();
    // The response depends on the origin.
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = allowed {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(READ));
        headers.insert(
            HeaderName::from_static("cross-origin-resource-policy"),
            HeaderValue::from_static("cross-origin"),
        );
    }
    response
}

/// Returns the origin of a request if it is allowed.
fn allowed(settings: &HttpSettings, headers: &HeaderMap) -> Option<HeaderValue> {
    let origin = headers.get(header::ORIGIN)?;
    let text = origin.to_str().ok()?;
    settings.allowed_origins.iter().any(|known| known == text).then(|| origin.clone())
}

/// The response to a preflight.
fn told() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    let told = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, METHODS),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, SENT),
        (header::ACCESS_CONTROL_MAX_AGE, REMEMBERED),
    ];
    for (name, value) in told {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Returns the host of the origin if a page of this server sent the request: it equals `Host`, or the
/// `X-Forwarded-Host` of a proxy. A page of another origin can set neither.
pub(super) fn own_host(headers: &HeaderMap) -> Option<&str> {
    let (_, host) = headers.get(header::ORIGIN)?.to_str().ok()?.split_once("://")?;
    let names = [header::HOST, HeaderName::from_static("x-forwarded-host")];
    let own = names.iter().filter_map(|name| headers.get(name)?.to_str().ok()).any(|name| {
        name.split(',').any(|name| !host.is_empty() && name.trim().eq_ignore_ascii_case(host))
    });
    own.then_some(host)
}

/// Refuses WebSockets from pages of other origins, because browsers send no preflight for them.
pub(super) fn check_socket(settings: &HttpSettings, headers: &HeaderMap) -> Result<()> {
    let program = !headers.contains_key(header::ORIGIN);
    if program || own_host(headers).is_some() || allowed(settings, headers).is_some() {
        return Ok(());
    }
    Err(faults::foreign_origin())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sockets_are_for_our_own_page_and_those_on_the_list() {
        let settings = HttpSettings {
            allowed_origins: vec!["https://app.example.com".to_owned()],
            ..HttpSettings::default()
        };
        let check = |origin: Option<&'static str>, host: &'static str, named: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static(host));
            headers.insert("x-forwarded-host", HeaderValue::from_static(named));
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
            }
            check_socket(&settings, &headers).is_ok()
        };
        assert!(check(None, "crm.example.com", ""));
        assert!(check(Some("https://crm.example.com"), "crm.example.com", ""));
        assert!(check(Some("https://crm.example.com"), "127.0.0.1:8080", "CRM.example.com"));
        assert!(check(Some("https://app.example.com"), "crm.example.com", ""));
        assert!(!check(Some("http://app.example.com"), "crm.example.com", ""));
        assert!(!check(Some("https://evil.example.com"), "crm.example.com", ""));
        assert!(!check(Some("null"), "crm.example.com", ""));
    }
}
