//! `/healthz` and `/readyz`: whether the process is alive, and whether it can serve requests.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{Method, StatusCode},
    response::Response,
};

use super::{Shell, errors::content, media::JSON, request as incoming};
use crate::base::{Code, Error};

/// `GET /healthz`: uses nothing, so it also responds if the database does not.
pub(super) async fn alive(request: Request) -> Response {
    if !is_read(&request) {
        return incoming::wrong_method(&request, "GET, HEAD");
    }
    content(StatusCode::OK, JSON, r#"{"status":"ok"}"#)
}

/// `GET /readyz`: asks the app. Any error means not ready.
pub(super) async fn ready(State(shell): State<Arc<Shell>>, request: Request) -> Response {
    if !is_read(&request) {
        return incoming::wrong_method(&request, "GET, HEAD");
    }
    let mut refusal = incoming::refusal(&request, Error::internal(""));
    match (shell.ready)().await {
        Ok(()) => content(StatusCode::OK, JSON, r#"{"status":"ready"}"#),
        Err(error) => {
            // Whatever the cause, the client should try again.
            refusal.error = Error { code: Code::StorageUnavailable, ..error };
            refusal.response(JSON)
        }
    }
}

fn is_read(request: &Request) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD)
}
