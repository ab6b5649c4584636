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
    media::{self, JSON},
    shield::RequestId,
};
use crate::base::{
    Code, Error,
    error::{Lang, Result},
};

/// The preferred language of a request.
pub(super) fn lang(headers: &HeaderMap) -> Lang {
    Lang::from_header(headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()))
}

/// The id that `shield` gave this request.
pub(super) fn request_id(request: &Request) -> String {
    request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default()
}

/// Builds the refusal of a request, in its language and with its id.
pub(super) fn refusal(request: &Request, error: Error) -> Refusal {
    Refusal { error, lang: lang(request.headers()), request_id: request_id(request) }
}

/// The response to a method that an address does not support.
pub(super) fn wrong_method(request: &Request, allowed: &'static str) -> Response {
    let error = Error::new(
        Code::InputMethod,
        format!("this address does not take {}", known(request.method())),
        format!("此地址不接受 {} 方法", known(request.method())),
    )
    .hint(format!("use {allowed}"), format!("请使用 {allowed}"));
    not_allowed(request, error, allowed)
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
    let error = Error::new(Code::InputPath, "there is nothing at this address", "此地址没有内容")
        .hint(
            "records are at /graphql, administration at /metadata, sign-in at /auth/login",
            "业务数据在 /graphql，管理在 /metadata，登录在 /auth/login",
        );
    refusal(&request, error).response(JSON)
}

/// Reads a request's body as a JSON object.
///
/// Checks the content type first: a form of another site can send anything except JSON.
pub(super) async fn json_object(request: Request) -> Result<Map<String, Value>> {
    if !media::is_json_body(request.headers()) {
        return Err(Error::new(
            Code::InputContentType,
            "the body must be uncompressed JSON in UTF-8",
            "请求体必须是未压缩的 UTF-8 JSON",
        )
        .hint("send `Content-Type: application/json`", "请发送 `Content-Type: application/json`"));
    }
    match parse(&body(request).await?)? {
        Value::Object(map) => Ok(map),
        Value::Array(_) => Err(Error::new(
            Code::InputValue,
            "the body must be one JSON object; batches are not taken",
            "请求体必须是单个 JSON 对象，不接受批量请求",
        )
        .hint("send one request for each operation", "请为每个操作单独发送请求")),
        _ => Err(Error::new(
            Code::InputValue,
            "the body must be a JSON object",
            "请求体必须是 JSON 对象",
        )),
    }
}

async fn body(request: Request) -> Result<Bytes> {
    Bytes::from_request(request, &()).await.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Error::new(Code::LimitBody, "the body is larger than allowed", "请求体超过允许的大小")
        } else {
            broken(&rejection)
        }
    })
}

fn broken(rejection: &BytesRejection) -> Error {
    tracing::debug!(cause = %rejection, "body broke off");
    Error::new(Code::InputSyntax, "the body broke off", "请求体不完整")
}

/// Parses JSON. The parser limits nesting, which protects the stack.
fn parse(bytes: &[u8]) -> Result<Value> {
    serde_json::from_slice(bytes).map_err(|error| {
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Error::new(Code::InputSyntax, "the body is empty", "请求体为空");
        }
        let (line, column) = (error.line(), error.column());
        let deep = error.to_string().starts_with("recursion limit");
        let (en, zh) =
            if deep { ("nested too deep", "嵌套过深") } else { ("not valid", "无效") };
        Error::new(
            Code::InputSyntax,
            format!("the body's JSON is {en} at line {line}, column {column}"),
            format!("请求体的 JSON 在第 {line} 行第 {column} 列{zh}"),
        )
    })
}
