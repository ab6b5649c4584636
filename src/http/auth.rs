//! The part of sign-in that HTTP needs: tokens in, principals out. Knows no password storage and no keys.

use std::{future::Future, net::IpAddr, pin::Pin};

use axum::http::{HeaderMap, header};
use serde::Serialize;

use super::faults;
use crate::{
    access::Principal,
    base::error::{Lang, Result},
    graphql::exchange::Caller,
    identity::Endings,
};

/// A boxed future.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Sign-in, as the app implements it over `identity`.
pub trait Auth: Send + Sync {
    /// Returns the principal of a bearer token.
    fn authenticate(&self, bearer: String) -> Pending<'_, Result<Principal>>;
    /// Reloads a principal. Fails if their session has ended.
    fn still(&self, principal: Principal) -> Pending<'_, Result<Principal>>;
    /// Returns new tokens for an account and its password.
    fn login(
        &self,
        account: String,
        password: String,
        origin: ClientOrigin,
    ) -> Pending<'_, Result<TokenResponse>>;
    /// Sets a password with a one-time link and signs in.
    fn set_password(
        &self,
        token: String,
        password: String,
        origin: ClientOrigin,
    ) -> Pending<'_, Result<TokenResponse>>;
    /// Returns new tokens for a refresh token.
    fn refresh(&self, token: String) -> Pending<'_, Result<TokenResponse>>;
    /// Ends the principal's session.
    fn logout(&self, principal: Principal) -> Pending<'_, Result<()>>;
    /// Returns a receiver of operators whose sign-ins end from now on.
    fn endings(&self) -> Endings;
}

/// The origin of a sign-in, for throttling and the list of sessions.
///
/// The address is that of the connection, or the one that a trusted proxy reports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClientOrigin {
    /// The client's address, if the server knows it.
    pub address: Option<IpAddr>,
    /// The `User-Agent` header, cut to 200 characters.
    pub agent: Option<String>,
}

/// The result of a sign-in.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenResponse {
    /// For the `Authorization` header.
    pub access_token: String,
    /// For `/auth/refresh`.
    pub refresh_token: String,
    /// Seconds until the access token expires.
    pub expires_in: u64,
}

impl std::fmt::Debug for TokenResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenResponse")
            .field("expires_in", &self.expires_in)
            .finish_non_exhaustive()
    }
}

/// Returns the bearer token of a request. None without an `Authorization` header.
pub(super) fn bearer(headers: &HeaderMap) -> Result<Option<String>> {
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let Some(first) = given.next() else { return Ok(None) };
    let token = first.to_str().ok().and_then(|text| {
        let (scheme, token) = text.trim().split_once(' ')?;
        let token = token.trim();
        let single = !token.is_empty() && !token.contains([' ', ',']);
        (scheme.eq_ignore_ascii_case("bearer") && single).then(|| token.to_owned())
    });
    match token {
        Some(token) if given.next().is_none() => Ok(Some(token)),
        _ => Err(faults::not_one_token()),
    }
}

/// The header with the purpose of reading: `print` or `export`.
const PURPOSE: &str = "x-tradewind-purpose";
/// The header by which an administrator reads as another account.
const VIEW_AS: &str = "x-tradewind-view-as";

/// The headers of a caller. On a WebSocket the first message may also contain them.
pub(super) const HEADERS: [&str; 3] = ["authorization", PURPOSE, VIEW_AS];

/// Returns the caller of a request: anonymous without a token, an error for a bad token.
pub(super) async fn caller(
    auth: &dyn Auth,
    headers: &HeaderMap,
    lang: Lang,
    request_id: String,
) -> Result<Caller> {
    let principal = match bearer(headers)? {
        Some(token) => Some(auth.authenticate(token).await?),
        None => None,
    };
    let said = |name: &str| {
        let text = headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()));
        text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    let (purpose, view_as) = (said(PURPOSE), said(VIEW_AS));
    Ok(Caller { principal, lang, request_id, purpose, view_as })
}
