//! `/auth/*`: sign-in, refresh and sign-out as JSON. Does not know how passwords are verified or tokens are
//! made.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{Method, StatusCode, header},
    response::Response,
};
use serde_json::{Map, Value};

use super::{
    ClientOrigin, Shell, TokenResponse,
    address::Client,
    auth,
    errors::content,
    faults,
    media::JSON,
    request::{self as incoming, json_object},
};
use crate::base::{Error, error::Result};

/// `POST /auth/login` with `{account, password}`.
pub(super) async fn login(State(shell): State<Arc<Shell>>, request: Request) -> Response {
    post(request, async |request| {
        let origin = origin(&request);
        let mut body = json_object(request).await?;
        let account = text(&mut body, "account")?;
        let password = text(&mut body, "password")?;
        tokens(&shell.auth.login(account, password, origin).await?)
    })
    .await
}

/// `POST /auth/password` with `{token, password}`. The token is that of a one-time link.
pub(super) async fn password(State(shell): State<Arc<Shell>>, request: Request) -> Response {
    post(request, async |request| {
        let origin = origin(&request);
        let mut body = json_object(request).await?;
        let token = text(&mut body, "token")?;
        let password = text(&mut body, "password")?;
        tokens(&shell.auth.set_password(token, password, origin).await?)
    })
    .await
}

/// `POST /auth/refresh` with `{refreshToken}`.
pub(super) async fn refresh(State(shell): State<Arc<Shell>>, request: Request) -> Response {
    post(request, async |request| {
        let mut body = json_object(request).await?;
        tokens(&shell.auth.refresh(text(&mut body, "refreshToken")?).await?)
    })
    .await
}

/// `POST /auth/logout` with the access token. A body is ignored.
pub(super) async fn logout(State(shell): State<Arc<Shell>>, request: Request) -> Response {
    post(request, async |request| {
        let token = auth::bearer(request.headers())?.ok_or_else(faults::not_signed_in)?;
        let principal = shell.auth.authenticate(token).await?;
        shell.auth.logout(principal).await?;
        Ok(content(StatusCode::OK, JSON, "{}"))
    })
    .await
}

/// Runs a handler for POST only, and turns its error into a response.
async fn post(
    request: Request,
    handler: impl AsyncFnOnce(Request) -> Result<Response>,
) -> Response {
    if request.method() != Method::POST {
        return incoming::wrong_method(&request, "POST");
    }
    let mut refusal = incoming::refusal(&request, Error::internal(""));
    match handler(request).await {
        Ok(response) => response,
        Err(error) => {
            refusal.error = error;
            refusal.response(JSON)
        }
    }
}

fn tokens(tokens: &TokenResponse) -> Result<Response> {
    let body = serde_json::to_vec(tokens).map_err(Error::internal)?;
    Ok(content(StatusCode::OK, JSON, body))
}

fn text(body: &mut Map<String, Value>, key: &'static str) -> Result<String> {
    match body.remove(key) {
        Some(Value::String(text)) => Ok(text),
        _ => Err(faults::no_string(key).at([key])),
    }
}

fn origin(request: &Request) -> ClientOrigin {
    let client = request.extensions().get::<Client>();
    let agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    ClientOrigin {
        address: client.and_then(|client| client.0),
        agent: agent.map(|text| text.chars().take(200).collect()),
    }
}
