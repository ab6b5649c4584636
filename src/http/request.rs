//! What all handlers read from a request first: language, request id, body, JSON.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request, rejection::BytesRejection},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::Response,
};
use serde_json::{Map, Value};

use super::{
    errors::Refusal,
    faults,
    media::{self, JSON},
    middleware::RequestId,
};
use crate::base::{
    Error,
    error::{Lang, Result},
};

/// The preferred language of a request.
pub(super) fn lang(headers: &HeaderMap) -> Lang {
    Lang::from_header(headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()))
}

/// The id that `middleware` gave this request.
pub(super) fn request_id(request: &Request) -> String {
    request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default()
}

/// Builds the refusal of a request, in its language and with its id.
pub(super) fn refusal(request: &Request, error: Error) -> Refusal {
    Refusal { error, lang: lang(request.headers()), request_id: request_id(request) }
}

/// The response to a method that an address does not support.
pub(super) fn wrong_method(request: &Request, allowed: &'static str) -> Response {
    not_allowed(request, faults::wrong_method(known(request.method()), allowed), allowed)
}

/// A 405 with its required `Allow` header.
pub(super) fn not_allowed(request: &Request, error: Error, allowed: &'static str) -> Response {
    let mut response = refusal(request, error).response(JSON);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
    response
}

/// A method's name if it is a common one. Other names are the client's own text.
pub(super) fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "this method",
    }
}

/// The response at unknown addresses.
pub(super) async fn unknown_path(request: Request) -> Response {
    refusal(&request, faults::no_address()).response(JSON)
}

/// Reads a request's body as a JSON object.
///
/// Checks the content type first: a form of another site can send anything except JSON.
pub(super) async fn json_object(request: Request) -> Result<Map<String, Value>> {
    if !media::is_json_body(request.headers()) {
        return Err(faults::no_json_body());
    }
    match parse(&body(request).await?)? {
        Value::Object(map) => Ok(map),
        Value::Array(_) => Err(faults::batch()),
        _ => Err(faults::no_object_body()),
    }
}

async fn body(request: Request) -> Result<Bytes> {
    Bytes::from_request(request, &()).await.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            faults::large_body()
        } else {
            broken(&rejection)
        }
    })
}

fn broken(rejection: &BytesRejection) -> Error {
    tracing::debug!(cause = %rejection, "body broke off");
    faults::broken_body()
}

/// Parses JSON. The parser limits nesting, which protects the stack.
fn parse(bytes: &[u8]) -> Result<Value> {
    serde_json::from_slice(bytes).map_err(|error| {
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return faults::empty_body();
        }
        let (line, column) = (error.line(), error.column());
        match error.to_string().starts_with("recursion limit") {
            true => faults::deep_body(line, column),
            false => faults::invalid_body(line, column),
        }
    })
}
