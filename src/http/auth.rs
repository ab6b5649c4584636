//! What this room needs of sign-in: tokens in, principals out. Knows no passwords' storage and no key.

use std::{future::Future, net::IpAddr, pin::Pin};

use axum::http::{HeaderMap, header};
use serde::Serialize;

use crate::{
    access::Principal,
    base::{
        Code, Error,
        error::{Lang, Result},
    },
    graphql::exchange::Caller,
    identity::Endings,
};

/// A result in the making.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Sign-in, as the app implements it over `identity`.
pub trait Auth: Send + Sync {
    /// Who a bearer token belongs to.
    fn authenticate(&self, bearer: String) -> Pending<'_, Result<Principal>>;
    /// The same principal as they are now; refused when their session has ended.
    fn still(&self, principal: Principal) -> Pending<'_, Result<Principal>>;
    /// New tokens for an account and its password.
    fn login(
        &self,
        account: String,
        password: String,
        origin: Origin,
    ) -> Pending<'_, Result<Tokens>>;
    /// Sets the password by a one-time link and signs in.
    fn set_password(
        &self,
        token: String,
        password: String,
        origin: Origin,
    ) -> Pending<'_, Result<Tokens>>;
    /// New tokens for a refresh token.
    fn refresh(&self, token: String) -> Pending<'_, Result<Tokens>>;
    /// Ends the principal's session.
    fn logout(&self, principal: Principal) -> Pending<'_, Result<()>>;
    /// Tells from now on whose sign-ins have ended.
    fn endings(&self) -> Endings;
}

/// Where a sign-in comes from, for throttling and the session list.
///
/// The address is the connection's own, or what a proxy says of it that the settings name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The client's address, where the server knows it.
    pub address: Option<IpAddr>,
    /// The `User-Agent` header, cut to 200 characters.
    pub agent: Option<String>,
}

/// What a sign-in gives.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tokens {
    /// For the `Authorization` header.
    pub access_token: String,
    /// For `/auth/refresh`.
    pub refresh_token: String,
    /// Seconds until the access token expires.
    pub expires_in: u64,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokens").field("expires_in", &self.expires_in).finish_non_exhaustive()
    }
}

/// The bearer token of a request; none when there is no `Authorization` header at all.
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
        _ => Err(Error::new(
            Code::AuthTokenInvalid,
            "the Authorization header is not one bearer token",
            "Authorization 请求头不是单个 Bearer 令牌",
        )
        .hint(
            "send `Authorization: Bearer <accessToken>`",
            "请发送 `Authorization: Bearer <accessToken>`",
        )),
    }
}

/// The header that says what records are read for: `print` or `export`.
const PURPOSE: &str = "x-tradewind-purpose";
/// The header by which an administrator reads as another account.
const VIEW_AS: &str = "x-tradewind-view-as";

/// The headers that tell who asks and how; on a WebSocket the first message may give them too.
pub(super) const HEADERS: [&str; 3] = ["authorization", PURPOSE, VIEW_AS];

/// The caller behind a request: anonymous without a token, refused with a bad one.
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
