//! Tests the router with fake endpoints and a fake sign-in.

use std::sync::Mutex;

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, Request, Response, header},
};
use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio::sync::{Semaphore, broadcast, watch};
use tower::ServiceExt;
use uuid::Uuid;

use super::{Auth, ClientOrigin, HttpSettings, Pending, Shell, TokenResponse, router};
use crate::{
    access::{Principal, Via},
    base::{Code, Error, error::Lang, error::Result},
    graphql::exchange::{self, Answer, Answering, Caller, Endpoint, Reply, Replying},
    identity::Endings,
};
use std::{sync::Arc, time::Duration};

const TWO: &str = r#"{"query":"{ two }"}"#;

mod answers;
mod cookies;
mod pages;

static LARGE: std::sync::LazyLock<String> =
    std::sync::LazyLock::new(|| format!("{{\"data\":{{\"text\":\"{}\"}}}}", "word ".repeat(2_000)));

/// Responds according to the document's text and records its requests.
#[derive(Default)]
struct Fake {
    seen: Mutex<Vec<(exchange::Request, Caller)>>,
}

impl Endpoint for Fake {
    fn answer(&self, request: exchange::Request, caller: Caller) -> Replying<'_> {
        Box::pin(async move {
            let query = request.query.clone();
            let caller_known = caller.principal.is_some();
            self.seen.lock().unwrap().push((request, caller));
            let (status, body) = match query.as_str() {
                "invalid" => (400, r#"{"errors":[{"message":"no"}]}"#),
                "anonymous" => (401, r#"{"errors":[{"message":"who"}]}"#),
                "panic" => panic!("secret detail"),
                "slow" => {
                    tokio::time::sleep(Duration::from_mins(1)).await;
                    (200, "")
                }
                "large" => (200, LARGE.as_str()),
                _ => (200, r#"{"data":{"two":2}}"#),
            };
            let fingerprint = caller_known.then(|| "print".to_owned());
            Reply { body: body.as_bytes().to_vec(), status, fingerprint }
        })
    }

    fn begin(self: Arc<Self>, request: exchange::Request, caller: Caller) -> Answering {
        Box::pin(async move {
            if request.query == "series" {
                let bodies = [r#"{"data":{"n":1}}"#, r#"{"data":{"n":2}}"#];
                let series = futures_util::stream::iter(bodies).map(|body| Ok(body.into()));
                return Answer::Series(Box::pin(series));
            }
            Answer::Once(self.answer(request, caller).await)
        })
    }
}

struct FakeAuth {
    origins: Mutex<Vec<ClientOrigin>>,
    ended: broadcast::Sender<Uuid>,
}

impl Default for FakeAuth {
    fn default() -> Self {
        Self { origins: Mutex::default(), ended: broadcast::Sender::new(1) }
    }
}

fn fails<T: Send + 'static>(code: Code) -> Result<T> {
    Err(Error::new(code, "refused", "拒绝"))
}

fn tokens() -> TokenResponse {
    TokenResponse { access_token: "a".into(), refresh_token: "r".into(), expires_in: 900 }
}

impl Auth for FakeAuth {
    fn authenticate(&self, bearer: String) -> Pending<'_, Result<Principal>> {
        Box::pin(async move {
            match bearer.as_str() {
                "good" => Ok(Principal {
                    operator: Uuid::nil(),
                    account: "zhang".into(),
                    name: "张".into(),
                    employee: None,
                    roles: Vec::new(),
                    via: Via::Session(Uuid::nil()),
                }),
                "old" => fails(Code::AuthTokenExpired),
                "broken" => Err(Error::internal("password=hunter2")),
                _ => fails(Code::AuthTokenInvalid),
            }
        })
    }

    fn still(&self, principal: Principal) -> Pending<'_, Result<Principal>> {
        Box::pin(async move { Ok(principal) })
    }

    fn login(
        &self,
        account: String,
        password: String,
        origin: ClientOrigin,
    ) -> Pending<'_, Result<TokenResponse>> {
        self.origins.lock().unwrap().push(origin);
        Box::pin(async move {
            match (account.as_str(), password.as_str()) {
                ("zhang", "right") => Ok(tokens()),
                ("busy", _) => fails(Code::AuthThrottled),
                _ => fails(Code::AuthBadCredentials),
            }
        })
    }

    fn set_password(
        &self,
        token: String,
        _: String,
        origin: ClientOrigin,
    ) -> Pending<'_, Result<TokenResponse>> {
        self.origins.lock().unwrap().push(origin);
        Box::pin(
            async move { if token == "l" { Ok(tokens()) } else { fails(Code::AuthTokenInvalid) } },
        )
    }

    fn refresh(&self, token: String) -> Pending<'_, Result<TokenResponse>> {
        Box::pin(async move {
            match token.as_str() {
                "r" => Ok(tokens()),
                "down" => fails(Code::StorageUnavailable),
                "broken" => Err(Error::internal("password=hunter2")),
                _ => fails(Code::AuthTokenInvalid),
            }
        })
    }

    fn logout(&self, _: Principal) -> Pending<'_, Result<()>> {
        Box::pin(async { Ok(()) })
    }

    fn endings(&self) -> Endings {
        Endings::new(self.ended.subscribe())
    }
}

struct World {
    records: Arc<Fake>,
    auth: Arc<FakeAuth>,
    router: axum::Router,
}

fn world(settings: HttpSettings, ready: bool) -> World {
    let (records, auth) = (Arc::new(Fake::default()), Arc::new(FakeAuth::default()));
    let shell = Shell {
        records: records.clone(),
        metadata: Arc::new(Fake::default()),
        auth: auth.clone(),
        ready: Arc::new(move || {
            Box::pin(async move { if ready { Ok(()) } else { fails(Code::StorageUnavailable) } })
        }),
        closing: watch::Sender::new(false).subscribe(),
        sockets: Arc::new(Semaphore::new(settings.connections)),
        settings,
    };
    World { records, auth, router: router(shell) }
}

fn plain() -> World {
    world(HttpSettings { max_body: 4096, ..HttpSettings::default() }, true)
}

/// Builds a request from lines such as `POST /graphql`, `accept: */*`. POST bodies are JSON by default.
fn request(head: &[&str], body: impl Into<Body>) -> Request<Body> {
    let (method, uri) = head[0].split_once(' ').unwrap();
    let mut builder = Request::builder().method(method).uri(uri);
    for line in &head[1..] {
        let (name, value) = line.split_once(": ").unwrap();
        builder = builder.header(name, value);
    }
    if !head.iter().any(|line| line.to_ascii_lowercase().starts_with("content-type")) {
        builder = builder.header(header::CONTENT_TYPE, "application/json");
    }
    builder.body(body.into()).unwrap()
}

impl World {
    async fn send(&self, head: &[&str], body: impl Into<Body>) -> (u16, HeaderMap, String) {
        let response: Response<Body> =
            self.router.clone().oneshot(request(head, body)).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        (parts.status.as_u16(), parts.headers, String::from_utf8_lossy(&bytes).into_owned())
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

/// The code of a body's first error, or `-`.
fn code(body: &str) -> String {
    let value: Value = serde_json::from_str(body).unwrap_or_default();
    value["errors"][0]["extensions"]["code"].as_str().unwrap_or("-").to_owned()
}

#[tokio::test]
async fn refusals_and_answers_by_head_and_body() {
    let deep = format!("{{\"query\":\"x\",\"variables\":{}", "[".repeat(3000));
    let long = format!("{{\"query\":\"{}\"}}", "x".repeat(5000));
    let post = "POST /graphql";
    #[rustfmt::skip]
    let cases: &[(&[&str], &str, u16, &str)] = &[
        // methods and addresses
        (&["GET /graphql?query={two}"], "", 405, "INPUT_METHOD"),
        (&["GET /metadata", "accept: application/json"], "", 405, "INPUT_METHOD"),
        (&["GET /graphql?query={two}", "authorization: Bearer good"], "", 200, "-"),
        (&["GET /graphql?query={two}&variables={%22a%22:1}&operationName=&extensions=", "authorization: Bearer good"], "", 200, "-"),
        (&["GET /metadata?query={two}", "authorization: Bearer good"], "", 200, "-"),
        (&["GET /graphql?query={two}", "authorization: Bearer bad"], "", 401, "AUTH_TOKEN_INVALID"),
        (&["GET /graphql?query={two}&variables=[", "authorization: Bearer good"], "", 400, "INPUT_SYNTAX"),
        (&["GET /graphql?query={two}&variables=[]", "authorization: Bearer good"], "", 400, "INPUT_VALUE"),
        (&["GET /graphql?query={two}&extensions={}"], "", 405, "INPUT_METHOD"),
        (&["GET /graphql?query=", "authorization: Bearer good"], "", 400, "INPUT_VALUE"),
        (&["GET /graphql", "authorization: Bearer good"], "", 405, "INPUT_METHOD"),
        (&["PUT /graphql"], TWO, 405, "INPUT_METHOD"),
        (&["DELETE /metadata"], TWO, 405, "INPUT_METHOD"),
        (&["OPTIONS /graphql"], "", 405, "INPUT_METHOD"),
        (&["BREW /graphql"], "", 405, "INPUT_METHOD"),
        (&["POST /healthz"], "", 405, "INPUT_METHOD"),
        (&["POST /"], "", 405, "INPUT_METHOD"),
        (&["GET /auth/login"], "", 405, "INPUT_METHOD"),
        (&["GET /nothing"], "", 404, "INPUT_PATH"),
        (&["POST /graphql/"], TWO, 404, "INPUT_PATH"),
        (&["GET /playground/nothing.js"], "", 404, "INPUT_PATH"),
        (&["GET /playground/../Cargo.toml"], "", 404, "INPUT_PATH"),
        // content types
        (&[post], TWO, 200, "-"),
        (&["POST /metadata"], TWO, 200, "-"),
        (&[post, "content-type: application/json; charset=utf-8"], TWO, 200, "-"),
        (&[post, "content-type: Application/JSON; charset=\"UTF-8\""], TWO, 200, "-"),
        (&[post, "content-type: application/json; charset=gbk"], TWO, 415, "INPUT_CONTENT_TYPE"),
        (&[post, "content-type: text/plain"], TWO, 415, "INPUT_CONTENT_TYPE"),
        (&[post, "content-type: "], TWO, 415, "INPUT_CONTENT_TYPE"),
        (&[post, "content-type: application/x-www-form-urlencoded"], "query={two}", 415, "INPUT_CONTENT_TYPE"),
        (&[post, "content-type: multipart/form-data; boundary=x"], TWO, 415, "INPUT_CONTENT_TYPE"),
        (&[post, "content-type: application/graphql"], "{ two }", 415, "INPUT_CONTENT_TYPE"),
        (&[post, "content-type: application/json", "content-type: text/plain"], TWO, 415, "INPUT_CONTENT_TYPE"),
        (&[post, "content-encoding: gzip"], TWO, 415, "INPUT_CONTENT_TYPE"),
        (&[post, "content-encoding: identity"], TWO, 200, "-"),
        // accepted types
        (&[post, "accept: text/html"], TWO, 406, "INPUT_ACCEPT"),
        (&[post, "accept: application/json;q=0"], TWO, 406, "INPUT_ACCEPT"),
        (&[post, "accept: application/json; charset=gbk"], TWO, 406, "INPUT_ACCEPT"),
        // bodies
        (&[post], "", 400, "INPUT_SYNTAX"),
        (&[post], "  ", 400, "INPUT_SYNTAX"),
        (&[post], "{", 400, "INPUT_SYNTAX"),
        (&[post], "{\"query\":\"\\ud800\"}", 400, "INPUT_SYNTAX"),
        (&[post], "{\"query\":\"x\"} x", 400, "INPUT_SYNTAX"),
        (&[post], &deep, 400, "INPUT_SYNTAX"),
        (&[post], &long, 413, "LIMIT_BODY"),
        (&[post], "[]", 400, "INPUT_VALUE"),
        (&[post], "[{\"query\":\"{ two }\"}]", 400, "INPUT_VALUE"),
        (&[post], "\"{ two }\"", 400, "INPUT_VALUE"),
        (&[post], "null", 400, "INPUT_VALUE"),
        (&[post], "{}", 400, "INPUT_VALUE"),
        (&[post], r#"{"query":null}"#, 400, "INPUT_VALUE"),
        (&[post], r#"{"query":7}"#, 400, "INPUT_VALUE"),
        (&[post], r#"{"query":["{ two }"]}"#, 400, "INPUT_VALUE"),
        (&[post], r#"{"query":"x","operationName":{}}"#, 400, "INPUT_VALUE"),
        (&[post], r#"{"query":"x","variables":[]}"#, 400, "INPUT_VALUE"),
        (&[post], r#"{"query":"x","variables":"{}"}"#, 400, "INPUT_VALUE"),
        (&[post], r#"{"query":"x","extensions":1}"#, 400, "INPUT_VALUE"),
        (&[post], r#"{"query":"x","operationName":null,"variables":null,"extensions":null,"id":1}"#, 200, "-"),
        // sign-in
        (&[post, "authorization: Bearer good"], TWO, 200, "-"),
        (&[post, "authorization: bearer  good "], TWO, 200, "-"),
        (&[post, "authorization: Bearer bad"], TWO, 401, "AUTH_TOKEN_INVALID"),
        (&[post, "authorization: Bearer old"], TWO, 401, "AUTH_TOKEN_EXPIRED"),
        (&[post, "authorization: Bearer bad"], &long, 401, "AUTH_TOKEN_INVALID"),
        (&[post, "authorization: Basic Z29vZA=="], TWO, 401, "AUTH_TOKEN_INVALID"),
        (&[post, "authorization: Bearer"], TWO, 401, "AUTH_TOKEN_INVALID"),
        (&[post, "authorization: good"], TWO, 401, "AUTH_TOKEN_INVALID"),
        (&[post, "authorization: Bearer good", "authorization: Bearer good"], TWO, 401, "AUTH_TOKEN_INVALID"),
        (&[post, "authorization: Bearer broken"], TWO, 500, "INTERNAL"),
        (&["POST /auth/login"], r#"{"account":"zhang","password":"right"}"#, 200, "-"),
        (&["POST /auth/login"], r#"{"account":"zhang","password":"wrong"}"#, 401, "AUTH_BAD_CREDENTIALS"),
        (&["POST /auth/login"], r#"{"account":"busy","password":"x"}"#, 429, "AUTH_THROTTLED"),
        (&["POST /auth/login"], r#"{"account":"zhang"}"#, 400, "INPUT_VALUE"),
        (&["POST /auth/login"], r#"{"account":1,"password":"x"}"#, 400, "INPUT_VALUE"),
        (&["POST /auth/login"], "zhang", 400, "INPUT_SYNTAX"),
        (&["POST /auth/login", "content-type: application/x-www-form-urlencoded"], "account=zhang", 415, "INPUT_CONTENT_TYPE"),
        (&["POST /auth/refresh"], r#"{"refreshToken":"r"}"#, 200, "-"),
        (&["POST /auth/refresh"], r#"{"refreshToken":"x"}"#, 401, "AUTH_TOKEN_INVALID"),
        (&["POST /auth/refresh"], "{}", 400, "INPUT_VALUE"),
        (&["POST /auth/logout", "authorization: Bearer good"], "", 200, "-"),
        (&["POST /auth/logout"], "{}", 401, "AUTH_REQUIRED"),
        (&["POST /auth/logout", "authorization: Bearer old"], "{}", 401, "AUTH_TOKEN_EXPIRED"),
        (&["GET /healthz"], "", 200, "-"),
        (&["HEAD /healthz"], "", 200, "-"),
        (&["GET /readyz"], "", 200, "-"),
    ];
    let world = plain();
    for (head, body, status, expected) in cases {
        let (got, headers, answer) = world.send(head, (*body).to_owned()).await;
        let at = format!("{head:?} {body:.80} -> {answer:.200}");
        assert_eq!((got, code(&answer).as_str()), (*status, *expected), "{at}");
        assert!(!text(&headers, "x-request-id").is_empty(), "{at}");
        assert_eq!(text(&headers, "x-content-type-options"), "nosniff", "{at}");
        assert!(text(&headers, "content-security-policy").contains("frame-ancestors 'none'"));
        assert_eq!(headers.contains_key("www-authenticate"), got == 401, "{at}");
        assert_eq!(headers.contains_key("allow"), got == 405, "{at}");
        assert!(!answer.contains("hunter2"), "{at}");
    }
}

#[tokio::test]
async fn the_answers_form_is_negotiated() {
    const JSON: &str = "application/json; charset=utf-8";
    const GRAPHQL: &str = "application/graphql-response+json; charset=utf-8";
    let cases = [
        (None, JSON, 200),
        (Some("*/*"), JSON, 200),
        (Some("application/*"), JSON, 200),
        (Some("application/json"), JSON, 200),
        (Some("application/json, */*"), JSON, 200),
        (Some("application/json, multipart/mixed"), JSON, 200),
        (Some("application/graphql-response+json"), GRAPHQL, 400),
        (Some("application/graphql-response+json; charset=utf-8"), GRAPHQL, 400),
        (Some("application/graphql-response+json, application/json;q=0.9"), GRAPHQL, 400),
        (Some("application/json, application/graphql-response+json"), GRAPHQL, 400),
        (Some("application/graphql-response+json;q=0.5, application/json"), JSON, 200),
        (Some("application/json;q=0.5, */*"), GRAPHQL, 400),
        (Some("application/json;q=0, */*"), GRAPHQL, 400),
        (Some("text/html, */*;q=0.1"), JSON, 200),
    ];
    for (accept, form, status) in cases {
        let line = accept.map(|accept| format!("accept: {accept}"));
        let mut head = vec!["POST /graphql"];
        head.extend(line.as_deref());
        let (got, headers, _) = plain().send(&head, r#"{"query":"invalid"}"#).await;
        assert_eq!((text(&headers, "content-type"), got), (form, status), "{accept:?}");
        let (got, ..) = plain().send(&head, TWO).await;
        assert_eq!(got, 200, "{accept:?}");
    }
    let graphql = ["POST /graphql", "accept: application/graphql-response+json"];
    let (status, headers, _) = plain().send(&graphql, r#"{"query":"anonymous"}"#).await;
    assert_eq!((status, text(&headers, "www-authenticate")), (401, "Bearer"));
}

#[tokio::test]
async fn the_endpoint_gets_what_was_sent() {
    let world = plain();
    let body = json!({"query": "q", "operationName": "O", "variables": {"a": [1, null]}});
    let head = ["POST /graphql", "authorization: Bearer good", "accept-language: zh-CN,en;q=0.5"];
    let (_, headers, _) = world.send(&head, body.to_string()).await;
    world.send(&["POST /graphql"], TWO).await;
    let seen = world.records.seen.lock().unwrap();
    let (request, caller) = &seen[0];
    assert_eq!((request.query.as_str(), request.operation_name.as_deref()), ("q", Some("O")));
    assert_eq!(Value::from(request.variables.clone()), json!({"a": [1, null]}));
    assert!(!request.read_only);
    assert_eq!(caller.principal.as_ref().unwrap().account, "zhang");
    assert_eq!(
        (caller.lang, caller.request_id.as_str()),
        (Lang::Zh, text(&headers, "x-request-id"))
    );
    let (_, anonymous) = &seen[1];
    assert_eq!((&anonymous.principal, anonymous.lang), (&None, Lang::En));
    assert_ne!(anonymous.request_id, caller.request_id);
}

#[tokio::test]
async fn messages_are_in_the_callers_language_with_path_and_hint() {
    let head = ["POST /graphql", "accept-language: zh"];
    let (_, _, body) = plain().send(&head, "{}").await;
    let error = &serde_json::from_str::<Value>(&body).unwrap()["errors"][0];
    assert_eq!(error["message"], "缺少 `query`");
    assert_eq!(error["extensions"]["path"], json!(["query"]));
    assert!(error["extensions"]["hint"].is_string());
    assert!(error["extensions"].get("requestId").is_none());
}

#[tokio::test]
async fn panics_and_faults_say_only_the_request_id() {
    for head in [&["POST /graphql"][..], &["POST /graphql", "authorization: Bearer broken"]] {
        let (status, headers, body) = plain().send(head, r#"{"query":"panic"}"#).await;
        let id = text(&headers, "x-request-id");
        assert_eq!((status, code(&body).as_str()), (500, "INTERNAL"));
        let value: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(value["errors"][0]["extensions"], json!({"code": "INTERNAL", "requestId": id}));
        assert!(!body.contains("secret"), "{body}");
    }
}

#[tokio::test]
async fn slow_requests_are_stopped() {
    let settings = HttpSettings { timeout: Duration::from_millis(30), ..HttpSettings::default() };
    let (status, _, body) =
        world(settings, true).send(&["POST /graphql"], r#"{"query":"slow"}"#).await;
    assert_eq!((status, code(&body).as_str()), (503, "LIMIT_TIME"));
}

#[tokio::test]
async fn readiness_is_told_apart_from_life() {
    let world = world(HttpSettings::default(), false);
    let (status, _, body) = world.send(&["GET /readyz"], "").await;
    assert_eq!((status, code(&body).as_str()), (503, "STORAGE_UNAVAILABLE"));
    assert_eq!(world.send(&["GET /healthz"], "").await.0, 200);
}

#[tokio::test]
async fn sign_in_gives_tokens_no_cache_keeps() {
    let world = plain();
    let head = ["POST /auth/login", "user-agent: test", "x-forwarded-for: 1.2.3.4"];
    let (_, headers, body) = world.send(&head, r#"{"account":"zhang","password":"right"}"#).await;
    let expected = json!({"accessToken": "a", "refreshToken": "r", "expiresIn": 900});
    assert_eq!(serde_json::from_str::<Value>(&body).unwrap(), expected);
    assert_eq!(text(&headers, "cache-control"), "no-store");
    let origins = world.auth.origins.lock().unwrap().clone();
    assert_eq!(origins, [ClientOrigin { address: None, agent: Some("test".into()) }]);
    assert!(!format!("{:?}", tokens()).contains("\"a\""));
    let long = format!(r#"{{"account":"zhang","password":"{}"}}"#, "x".repeat(20_000));
    assert_eq!(world.send(&["POST /auth/login"], long).await.0, 413);
}

const EVENTS: &str = "accept: text/event-stream";
/// As urql sends it for any operation.
const BOTH: &str = "accept: application/graphql-response+json, application/json, text/event-stream, multipart/mixed";
const GRAPHQL: &str = "application/graphql-response+json; charset=utf-8";

#[tokio::test]
async fn events_are_for_series_and_for_who_takes_nothing_else() {
    let world = plain();
    let series = r#"{"query":"series"}"#;
    let events = ":\n\nevent: next\ndata: {\"data\":{\"n\":1}}\n\nevent: next\ndata: {\"data\":{\"n\":2}}\n\nevent: complete\ndata: \n\n";
    let two = ":\n\nevent: next\ndata: {\"data\":{\"two\":2}}\n\nevent: complete\ndata: \n\n";
    for (accept, body, status, ty, answer) in [
        (EVENTS, series, 200, "text/event-stream", events),
        (BOTH, series, 200, "text/event-stream", events),
        (EVENTS, TWO, 200, "text/event-stream", two),
        (BOTH, TWO, 200, GRAPHQL, r#"{"data":{"two":2}}"#),
        (BOTH, r#"{"query":"invalid"}"#, 400, GRAPHQL, r#"{"errors":[{"message":"no"}]}"#),
        (EVENTS, r#"{"query":"anonymous"}"#, 401, GRAPHQL, r#"{"errors":[{"message":"who"}]}"#),
    ] {
        let (got, headers, text_of) = world.send(&["POST /graphql", accept], body).await;
        assert_eq!((got, text(&headers, "content-type")), (status, ty), "{accept} {body}");
        assert_eq!(text_of, answer);
    }
    let (status, _, body) = world.send(&["POST /graphql", EVENTS], "{").await;
    assert_eq!((status, code(&body).as_str()), (400, "INPUT_SYNTAX"));
}
