//! GraphQL over HTTP: turns a JSON body into a request, and a reply into a response.
//!
//! Never parses a document; the endpoint does. GET runs only queries. They are named by their hash, or sent
//! as text with an `Authorization` header, which no form and no link can send.

use std::{collections::HashMap, sync::Arc};

use axum::{
    extract::{Query, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::Response,
};
use serde_json::{Map, Value};

use super::{
    Shell, auth, cors,
    errors::{challenge, content},
    faults,
    media::{self, MediaType},
    middleware::{LogDetails, Refused},
    persisted::PersistedDocuments,
    playground, request as incoming, socket, sse,
};
use crate::{
    base::{Error, error::Result},
    graphql::exchange::{self, Answer, Caller, Endpoint, Reply},
};

/// `/graphql`.
pub(super) async fn records(State(shell): State<Arc<Shell>>, request: Request) -> Response {
    let endpoint = Arc::clone(&shell.records);
    serve(&shell, endpoint, request).await
}

/// `/metadata`.
pub(super) async fn metadata(State(shell): State<Arc<Shell>>, request: Request) -> Response {
    let endpoint = Arc::clone(&shell.metadata);
    serve(&shell, endpoint, request).await
}

async fn serve(shell: &Shell, endpoint: Arc<dyn Endpoint>, request: Request) -> Response {
    if request.method() == Method::GET && request.headers().contains_key(header::UPGRADE) {
        // Boxed, as below: this keeps the future of ordinary requests small, and each request moves it.
        if let Err(error) = cors::check_socket(&shell.settings, request.headers()) {
            return incoming::refusal(&request, error).response(media::JSON);
        }
        return Box::pin(socket::upgrade(shell, endpoint, request)).await;
    }
    let named = request.method() == Method::GET && asks(&request);
    if request.method() != Method::POST && !named {
        return without_post(shell, &request);
    }
    if sse::wanted(request.headers()) && request.method() == Method::POST {
        return Box::pin(streamed(shell, endpoint, request)).await;
    }
    let Some(form) = media::negotiate(request.headers()) else {
        let refused = incoming::refusal(&request, faults::not_acceptable());
        return refused.response(media::JSON);
    };
    let mut refusal = incoming::refusal(&request, Error::internal(""));
    match answer(shell, endpoint.as_ref(), request, &refusal.request_id).await {
        Ok(reply) => respond(form, reply),
        Err(error) => {
            refusal.error = error;
            refusal.response(form.content_type())
        }
    }
}

/// Whether a GET contains an operation: it names a stored document, or sends its text with a token.
fn asks(request: &Request) -> bool {
    let given = parameters(request);
    let named = given.contains_key("extensions") || given.contains_key("documentId");
    named || (given.contains_key("query") && by_program(request))
}

/// Whether a program sent the request: a link, an image or a form cannot send this header.
fn by_program(request: &Request) -> bool {
    request.headers().contains_key(header::AUTHORIZATION)
}

/// Returns the query parameters of the URL.
fn parameters(request: &Request) -> HashMap<String, String> {
    Query::try_from_uri(request.uri()).map(|Query(given)| given).unwrap_or_default()
}

/// Builds a body from the parameters of a GET. Empty parameters are ignored.
fn asked_by_address(request: &Request) -> Result<Map<String, Value>> {
    let mut body = Map::new();
    for (key, text) in parameters(request) {
        if text.is_empty() {
            continue;
        }
        let value = match key.as_str() {
            "operationName" | "documentId" => Value::String(text),
            "query" if by_program(request) => Value::String(text),
            "variables" | "extensions" => serde_json::from_str(&text)
                .map_err(|_not_json| faults::invalid_parameter(&key).at([key.clone()]))?,
            "query" => {
                return Err(faults::text_by_get());
            }
            _ => continue,
        };
        body.insert(key, value);
    }
    Ok(body)
}

/// Browsers get the page. Other GETs are refused unless they name a document or bring a token.
fn without_post(shell: &Shell, request: &Request) -> Response {
    let read = matches!(*request.method(), Method::GET | Method::HEAD);
    if read && shell.settings.playground && media::wants_page(request.headers()) {
        return playground::graphiql(request);
    }
    let error = faults::operation_by_other_method(incoming::known(request.method()));
    incoming::not_allowed(request, error, "POST")
}

/// Authenticates before reading the body, so that a bad token costs only its check.
async fn answer(
    shell: &Shell,
    endpoint: &dyn Endpoint,
    request: Request,
    request_id: &str,
) -> Result<Reply> {
    let headers: &HeaderMap = request.headers();
    let lang = incoming::lang(headers);
    let caller = auth::caller(shell.auth.as_ref(), headers, lang, request_id.to_owned()).await?;
    let documents = request.extensions().get::<PersistedDocuments>().cloned().unwrap_or_default();
    let noted = request.extensions().get::<LogDetails>().cloned();
    let by_address = request.method() == Method::GET;
    let body = match by_address {
        true => asked_by_address(&request)?,
        false => incoming::json_object(request).await?,
    };
    let mut operation = operation(body, &documents, caller.principal.is_some())?;
    operation.read_only = by_address;
    note(noted.as_ref(), &caller, &operation);
    Ok(endpoint.answer(operation, caller).await)
}

/// Responds to a client that accepts events: subscriptions as events, other operations in another accepted
/// type.
async fn streamed(shell: &Shell, endpoint: Arc<dyn Endpoint>, request: Request) -> Response {
    let form = media::negotiate(request.headers());
    let mut refusal = incoming::refusal(&request, Error::internal(""));
    match begin(shell, endpoint, request, &refusal.request_id).await {
        // 401 uses the status even if the client accepts only events.
        Ok(Answer::Once(reply)) if form.is_some() || reply.status == 401 => {
            respond(form.unwrap_or(MediaType::GraphQl), reply)
        }
        Ok(answer) => {
            let fingerprint = match &answer {
                Answer::Once(reply) => reply.fingerprint.clone(),
                // Its events outlive the fingerprint of its beginning.
                Answer::Series(_) => None,
            };
            let mut response = sse::respond(answer, shell.closing.clone());
            show_fingerprint(&mut response, fingerprint.as_deref());
            response
        }
        Err(error) => {
            refusal.error = error;
            refusal.response(form.unwrap_or(MediaType::GraphQl).content_type())
        }
    }
}

/// Like [`answer`], for an operation that may be a subscription.
async fn begin(
    shell: &Shell,
    endpoint: Arc<dyn Endpoint>,
    request: Request,
    request_id: &str,
) -> Result<Answer> {
    let headers: &HeaderMap = request.headers();
    let lang = incoming::lang(headers);
    let caller = auth::caller(shell.auth.as_ref(), headers, lang, request_id.to_owned()).await?;
    let documents = request.extensions().get::<PersistedDocuments>().cloned().unwrap_or_default();
    let noted = request.extensions().get::<LogDetails>().cloned();
    let body = incoming::json_object(request).await?;
    let operation = operation(body, &documents, caller.principal.is_some())?;
    note(noted.as_ref(), &caller, &operation);
    Ok(endpoint.begin(operation, caller).await)
}

/// The header by which pages notice that what `/metadata` told them is stale.
const FINGERPRINT: HeaderName = HeaderName::from_static("x-tradewind-fingerprint");

fn respond(form: MediaType, reply: Reply) -> Response {
    let told = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::OK);
    let status = match form {
        // A mutation by GET is not a well-formed request, so its status stays 405.
        MediaType::Json if told != StatusCode::METHOD_NOT_ALLOWED => StatusCode::OK,
        MediaType::Json | MediaType::GraphQl => told,
    };
    let refused = refused(&reply.body);
    let mut response = content(status, form.content_type(), reply.body);
    show_fingerprint(&mut response, reply.fingerprint.as_deref());
    if status == StatusCode::METHOD_NOT_ALLOWED {
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
    }
    if let Some(refused) = refused {
        response.extensions_mut().insert(refused);
    }
    if status == StatusCode::UNAUTHORIZED {
        challenge(response.headers_mut());
    }
    response
}

fn show_fingerprint(response: &mut Response, fingerprint: Option<&str>) {
    if let Some(value) = fingerprint.and_then(|print| HeaderValue::from_str(print).ok()) {
        response.headers_mut().insert(FINGERPRINT, value);
    }
}

/// Returns the first error code of a body that starts with errors.
fn refused(body: &[u8]) -> Option<Refused> {
    let errors = body.strip_prefix(b"{\"errors\":")?;
    let mut values = serde_json::Deserializer::from_slice(errors).into_iter::<Value>();
    let errors = values.next()?.ok()?;
    let code = errors.get(0)?.get("extensions")?.get("code")?.as_str()?;
    Some(Refused(code.to_owned()))
}

/// Records account and operation for the log.
fn note(noted: Option<&LogDetails>, caller: &Caller, operation: &exchange::Request) {
    let Some(noted) = noted else { return };
    if let Some(principal) = &caller.principal {
        noted.account.get_or_init(|| principal.account.clone());
    }
    let name = operation.operation_name.clone().or_else(|| name(&operation.query));
    if let Some(name) = name {
        noted.operation.get_or_init(|| name.chars().take(NAME).collect());
    }
}

/// Most characters of an operation's name in the log.
const NAME: usize = 100;

/// The name of a document's first operation: `query Name(`.
fn name(document: &str) -> Option<String> {
    let text = document.trim_start();
    let rest =
        ["query", "mutation", "subscription"].iter().find_map(|kind| text.strip_prefix(kind))?;
    let rest = rest.strip_prefix(char::is_whitespace)?.trim_start();
    let of_name = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
    let name: String = rest.chars().take_while(of_name).collect();
    Some(name).filter(|name| !name.is_empty())
}

/// Builds the request from a body. Only keys of the GraphQL-over-HTTP specification and `documentId` are
/// read.
pub(super) fn operation(
    mut body: Map<String, Value>,
    documents: &PersistedDocuments,
    signed_in: bool,
) -> Result<exchange::Request> {
    let query = match body.remove("query") {
        Some(Value::String(query)) => Some(query),
        None | Some(Value::Null) => None,
        Some(_) => return Err(faults::no_string("query").at(["query"])),
    };
    let operation_name = match body.remove("operationName") {
        Some(Value::String(name)) => Some(name),
        None | Some(Value::Null) => None,
        Some(_) => {
            return Err(faults::no_string_or_null("operationName").at(["operationName"]));
        }
    };
    let variables = map(body.remove("variables"), "variables")?;
    let extensions = map(body.remove("extensions"), "extensions")?;
    let cost_only = extensions.get("costOnly") == Some(&Value::Bool(true));
    let id = match body.remove("documentId") {
        Some(Value::String(id)) => Some(id),
        None | Some(Value::Null) => None,
        Some(_) => return Err(faults::no_string("documentId").at(["documentId"])),
    };
    let query = documents.text(query, id.as_deref(), &extensions, signed_in)?;
    Ok(exchange::Request { query, operation_name, variables, read_only: false, cost_only })
}

fn map(value: Option<Value>, key: &'static str) -> Result<Map<String, Value>> {
    match value {
        Some(Value::Object(map)) => Ok(map),
        None | Some(Value::Null) => Ok(Map::new()),
        Some(_) => Err(faults::no_object_or_null(key).at([key])),
    }
}
