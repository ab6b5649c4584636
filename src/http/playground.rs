//! The web page, embedded in the program: the console and GraphiQL. Serves its files and knows nothing of what they
//! do.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Path, Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    response::Response,
};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::{Shell, media, request as incoming};

#[derive(RustEmbed)]
#[folder = "$OUT_DIR/playground"]
struct Files;

/// The page may load only files and responses of this server, and nothing inline.
const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; font-src 'self' data:; connect-src 'self'; object-src 'none'; \
    base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const CONSOLE: &str = "index.html";
const GRAPHIQL: &str = "graphiql.html";

/// The one file of the page that is not embedded.
const ACCOUNTS: &str = "accounts.json";

/// The addresses of the console's views beside `/`. The page itself tells them apart.
pub(super) const VIEWS: [&str; 10] = [
    "/signin",
    "/home",
    "/approvals",
    "/me",
    "/search",
    "/o/{*rest}",
    "/d",
    "/d/{*rest}",
    "/admin",
    "/admin/{*rest}",
];

/// `GET /`.
pub(super) async fn root(State(shell): State<Arc<Shell>>, request: Request) -> Response {
    if !shell.settings.playground {
        return incoming::unknown_path(request).await;
    }
    index(&request)
}

/// `GET` of one of [`VIEWS`], by browsers. For programs there is nothing.
pub(super) async fn view(state: State<Arc<Shell>>, request: Request) -> Response {
    let read = matches!(*request.method(), Method::GET | Method::HEAD);
    if read && !media::wants_page(request.headers()) {
        return incoming::unknown_path(request).await;
    }
    root(state, request).await
}

/// `GET /playground/*`: the page's scripts, styles and fonts.
pub(super) async fn file(
    State(shell): State<Arc<Shell>>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    if name == ACCOUNTS && shell.settings.playground {
        return accounts(&request, shell.settings.demo_accounts.clone());
    }
    match Files::get(&name) {
        Some(file) if shell.settings.playground => send(&request, &name, file),
        _ => incoming::unknown_path(request).await,
    }
}

/// The demo accounts for the page's sign-in. `null` unless this is a demo server.
fn accounts(request: &Request, known: Option<Arc<str>>) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return incoming::wrong_method(request, "GET, HEAD");
    }
    let body = known.map_or_else(|| "null".to_owned(), |known| known.to_string());
    let mut response = Response::new(Body::from(body));
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(ACCOUNTS)));
    response
}

/// The console, at whatever address.
fn index(request: &Request) -> Response {
    match Files::get(CONSOLE) {
        Some(file) => send(request, CONSOLE, file),
        None => incoming::refusal(request, crate::base::Error::internal("no page was built in"))
            .response(media::JSON),
    }
}

/// GraphiQL, at whatever address. A build without it has a page that says what is missing.
pub(super) fn graphiql(request: &Request) -> Response {
    match Files::get(GRAPHIQL) {
        Some(file) => send(request, GRAPHIQL, file),
        None => index(request),
    }
}

/// Sends a file. Names under `assets/` contain a hash, so those files never change.
fn send(request: &Request, name: &str, file: EmbeddedFile) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return incoming::wrong_method(request, "GET, HEAD");
    }
    // Weak, because the same file may be sent compressed.
    let mut tag = String::from("W/\"");
    for byte in file.metadata.sha256_hash().iter().take(16) {
        // Writing to a string cannot fail.
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    let known = request.headers().get_all(header::IF_NONE_MATCH).iter().any(|value| {
        let tags = value.to_str().unwrap_or_default();
        tags.split(',')
            .any(|given| tag.trim_start_matches("W/") == given.trim().trim_start_matches("W/"))
    });
    let mut response = Response::new(if known { Body::empty() } else { file.data.into() });
    if known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let cache = if name.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(name)));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    // At the same address programs get JSON.
    headers.insert(header::VARY, HeaderValue::from_static("Accept"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "ttf" => "font/ttf",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_has_a_type_and_the_page_nothing_inline() {
        for name in Files::iter() {
            assert_ne!(content_type(&name), "application/octet-stream", "{name}");
        }
        assert!(Files::get(CONSOLE).is_some());
        for name in Files::iter().filter(|name| name.ends_with(".html")) {
            let page = Files::get(&name).unwrap();
            let text = std::str::from_utf8(&page.data).unwrap();
            for inline in ["<script>", "<style", "style=", "onload=", "javascript:"] {
                assert!(!text.contains(inline), "{name}: {inline} would be refused by the policy");
            }
        }
    }
}
