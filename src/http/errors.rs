//! Errors as response bodies and statuses. The only place that decides which parts of an error leave the
//! server.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use serde_json::{Map, Value, json};

use super::middleware::Refused;
use crate::base::{Code, Error, error::Lang};

/// Builds a GraphQL response body that contains only errors.
///
/// Internal errors are logged with their cause. The client gets a fixed message with the request id.
pub fn errors_body(errors: &[Error], lang: Lang, request_id: &str) -> Vec<u8> {
    let shown: Vec<Value> = errors.iter().map(|error| shown(error, lang, request_id)).collect();
    json!({ "errors": shown }).to_string().into_bytes()
}

fn shown(error: &Error, lang: Lang, request_id: &str) -> Value {
    if let Some(internal) = &error.internal {
        let code = error.code.name();
        // A mistake of the caller, such as a bad token, is no fault of the server.
        if error.code.status() < 500 {
            tracing::debug!(request_id, code, internal, "request refused");
        } else {
            tracing::error!(request_id, code, internal, "request failed");
        }
    }
    let mut extensions = Map::new();
    extensions.insert("code".into(), error.code.name().into());
    if error.code == Code::Internal {
        extensions.insert("requestId".into(), request_id.into());
        let fixed = Error::internal("");
        return json!({ "message": fixed.message.text(lang), "extensions": extensions });
    }
    if !error.path.is_empty() {
        extensions.insert("path".into(), error.path.clone().into());
    }
    if let Some(hint) = &error.hint {
        extensions.insert("hint".into(), hint.text(lang).into());
    }
    json!({ "message": error.message.text(lang), "extensions": extensions })
}

/// An error that refuses a whole request, with the data for its response.
#[derive(Debug)]
pub(super) struct Refusal {
    /// The error.
    pub(super) error: Error,
    /// The language of the message.
    pub(super) lang: Lang,
    /// The id of the request in the log.
    pub(super) request_id: String,
}

impl Refusal {
    /// Builds the response: the status of the error's code, and the headers that some statuses require.
    pub(super) fn response(&self, content_type: &'static str) -> Response {
        let status = StatusCode::from_u16(self.error.code.status())
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = errors_body(std::slice::from_ref(&self.error), self.lang, &self.request_id);
        let mut response = content(status, content_type, body);
        response.extensions_mut().insert(Refused(self.error.code.name().to_owned()));
        if status == StatusCode::UNAUTHORIZED {
            challenge(response.headers_mut());
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY));
        }
        if status == StatusCode::METHOD_NOT_ALLOWED {
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
        }
        response
    }
}

/// Seconds until a client retries if the server or its database is unavailable.
const RETRY: &str = "5";

/// Adds the challenge that a 401 requires.
pub(super) fn challenge(headers: &mut HeaderMap) {
    headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
}

/// Builds a response that no cache may store.
pub(super) fn content(
    status: StatusCode,
    content_type: &'static str,
    body: impl Into<Body>,
) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
