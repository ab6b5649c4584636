//! `/auth/*`: sign-in, refresh and sign-out as JSON. Does not know how passwords are verified or tokens are
//! made.
//!
//! Programs get and send the refresh token in bodies. With `cookie: true` it is in a cookie instead, for pages of
//! this server.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{Method, StatusCode, header},
    response::Response,
};
use serde_json::{Map, Value, json};

use super::{
    ClientOrigin, Shell, TokenResponse,
    address::Client,
    auth,
    cookie::{self, OwnPage, RefreshCookie},
    errors::content,
    faults,
    media::JSON,
    request::{self as incoming, json_object},
};
use crate::base::{Error, error::Result};

/// `POST /auth/login` with `{account, password}`, from a page with `cookie` and `stay` besides.
pub(super) async fn login(State(shell): State<Arc<Shell>>, request: Request) -> Response {
    post(request, async |request| {
        let (origin, own) = (origin(&request), OwnPage::of(request.headers()));
        let mut body = json_object(request).await?;
        let keeps = keeps(&mut body, own)?;
        let account = text(&mut body, "account")?;
        let password = text(&mut body, "password")?;
        tokens(&shell, shell.auth.login(account, password, origin).await?, keeps)
    })
    .await
}

/// `POST /auth/password` with `{token, password}`, from a page with `cookie` and `stay` besides. The token is that
/// of a one-time link.
pub(super) async fn password(State(shell): State<Arc<Shell>>, request: Request) -> Response {
    post(request, async |request| {
        let (origin, own) = (origin(&request), OwnPage::of(request.headers()));
        let mut body = json_object(request).await?;
        let keeps = keeps(&mut body, own)?;
        let token = text(&mut body, "token")?;
        let password = text(&mut body, "password")?;
        tokens(&shell, shell.auth.set_password(token, password, origin).await?, keeps)
    })
    .await
}

/// `POST /auth/refresh` with `{refreshToken}`, or with `{cookie: true}` and the cookie.
///
/// A refused cookie stays in the browser: a response cannot remove one value of it, and by the time it arrives another
/// window may have signed in and have a good one.
pub(super) async fn refresh(State(shell): State<Arc<Shell>>, request: Request) -> Response {
    post(request, async |request| {
        let own = OwnPage::of(request.headers());
        let sent = RefreshCookie::of(request.headers());
        let mut body = json_object(request).await?;
        let Some(page) = page(&mut body, own)? else {
            let token = text(&mut body, "refreshToken")?;
            return tokens(&shell, shell.auth.refresh(token).await?, None);
        };
        // Without a cookie the token is empty, and refused like any other that cannot be used.
        let RefreshCookie { token, stays } = sent.unwrap_or_default();
        tokens(&shell, shell.auth.refresh(token).await?, Some((page, stays)))
    })
    .await
}

/// `POST /auth/logout` with the access token. A body is ignored.
///
/// The cookie goes whatever becomes of the session: who signs out does not expect this browser to be signed in.
pub(super) async fn logout(State(shell): State<Arc<Shell>>, request: Request) -> Response {
    let keeps = request.method() == Method::POST && cookie::is_sent(request.headers());
    let page = OwnPage::of(request.headers()).filter(|_| keeps);
    let mut response = post(request, async |request| {
        let token = auth::bearer(request.headers())?.ok_or_else(faults::not_signed_in)?;
        let principal = shell.auth.authenticate(token).await?;
        shell.auth.logout(principal).await?;
        Ok(content(StatusCode::OK, JSON, "{}"))
    })
    .await;
    if let Some(page) = page {
        page.clear(response.headers_mut());
    }
    response
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

/// The response with new tokens. The refresh token is in the body, or in the cookie of a page, which stays or not.
fn tokens(shell: &Shell, new: TokenResponse, keeps: Option<(OwnPage, bool)>) -> Result<Response> {
    let Some((page, stays)) = keeps else {
        let body = serde_json::to_vec(&new).map_err(Error::internal)?;
        return Ok(content(StatusCode::OK, JSON, body));
    };
    let body = json!({ "accessToken": new.access_token, "expiresIn": new.expires_in });
    let mut response = content(StatusCode::OK, JSON, body.to_string());
    let cookie = RefreshCookie { token: new.refresh_token, stays };
    page.store(response.headers_mut(), &cookie, shell.settings.cookie_lifetime)?;
    Ok(response)
}

/// Returns the page if it wants the cookie, and whether the cookie shall stay.
fn keeps(body: &mut Map<String, Value>, own: Option<OwnPage>) -> Result<Option<(OwnPage, bool)>> {
    let Some(page) = page(body, own)? else { return Ok(None) };
    Ok(Some((page, flag(body, "stay")?)))
}

/// Returns the page if it wants the cookie. Refuses programs and other pages that do.
fn page(body: &mut Map<String, Value>, own: Option<OwnPage>) -> Result<Option<OwnPage>> {
    if !flag(body, "cookie")? {
        return Ok(None);
    }
    own.map(Some).ok_or_else(faults::cookie_of_other_page)
}

/// A key that may be missing, which is false.
fn flag(body: &mut Map<String, Value>, key: &'static str) -> Result<bool> {
    match body.remove(key) {
        None => Ok(false),
        Some(Value::Bool(flag)) => Ok(flag),
        Some(_) => Err(faults::no_boolean(key).at([key])),
    }
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
