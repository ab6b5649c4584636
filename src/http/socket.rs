//! GraphQL over WebSocket: the `graphql-transport-ws` protocol, with its close codes and our limits.
//!
//! One task per connection reads, writes and counts. Each operation runs in its own task and passes on one
//! message at a time. So a client that does not read slows its operations and fills no memory.

use std::{collections::HashMap, sync::Arc, time::Duration};

use axum::{
    extract::{
        FromRequestParts, Request,
        ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade},
    },
    http::HeaderMap,
    response::Response,
};
use futures_util::StreamExt;
use serde_json::{Map, Value, json};
use tokio::{
    sync::mpsc,
    task::{AbortHandle, JoinSet},
    time::{Instant, sleep_until, timeout},
};
use uuid::Uuid;

use super::{
    Shell, auth, faults, graphql,
    middleware::{caught, overdue},
    persisted::PersistedDocuments,
    request as incoming, stopped,
};
use crate::{
    base::{Error, error::Result},
    graphql::exchange::{self, Answer, Caller, Endpoint, Reply},
    identity::Endings,
    storage::commit_tracking::keeping,
};

/// The supported protocol.
const PROTOCOL: &str = "graphql-transport-ws";
/// How long a client may take to authenticate.
const INIT: Duration = Duration::from_secs(3);
/// How often the server pings the client and checks its session.
const PING: Duration = Duration::from_secs(20);
/// A client that is silent for this long is gone.
const SILENT: Duration = Duration::from_mins(1);
/// A connection without an operation for this long is closed.
const IDLE: Duration = Duration::from_mins(5);
/// How long a client may take to read one message.
const WRITE: Duration = Duration::from_secs(30);
/// The longest id of an operation.
const ID: usize = 256;

/// The code and reason with which a connection is closed.
struct Close(u16, String);

impl Close {
    fn bad(what: &str) -> Self {
        Self(4400, format!("Invalid message: {what}"))
    }
}

/// Responds to the handshake and serves the connection.
pub(super) async fn upgrade(
    shell: &Shell,
    endpoint: Arc<dyn Endpoint>,
    request: Request,
) -> Response {
    let Ok(place) = Arc::clone(&shell.sockets).try_acquire_owned() else {
        let refused = incoming::refusal(&request, faults::many_connections());
        return refused.response(super::media::JSON);
    };
    let refused = incoming::refusal(&request, faults::no_handshake());
    let documents = request.extensions().get::<PersistedDocuments>().cloned().unwrap_or_default();
    let (mut parts, _body) = request.into_parts();
    let Ok(upgrade) = WebSocketUpgrade::from_request_parts(&mut parts, &()).await else {
        return refused.response(super::media::JSON);
    };
    let most = shell.settings.max_body;
    let shell = shell.clone();
    let served = Served {
        lang: refused.lang,
        headers: parts.headers,
        request_id: refused.request_id,
        documents,
        endpoint,
        shell,
    };
    upgrade.protocols([PROTOCOL]).max_message_size(most).max_frame_size(most).on_upgrade(
        move |socket| async move {
            served.serve(socket).await;
            drop(place);
        },
    )
}

/// The data with which a connection was opened.
struct Served {
    shell: Shell,
    endpoint: Arc<dyn Endpoint>,
    documents: PersistedDocuments,
    headers: HeaderMap,
    lang: crate::base::Lang,
    request_id: String,
}

/// A message of an operation.
struct Told {
    id: String,
    /// The run of the operation with this id. A completed run may still have a message on its way.
    run: u64,
    message: String,
    last: bool,
}

struct Connection {
    served: Served,
    caller: Option<Caller>,
    running: HashMap<String, (u64, AbortHandle)>,
    tasks: JoinSet<()>,
    runs: u64,
    tell: mpsc::Sender<Told>,
}

impl Served {
    async fn serve(self, mut socket: WebSocket) {
        let ended = match socket.protocol() {
            Some(_) => self.converse(&mut socket).await,
            None => Some(Close(4406, "Subprotocol not acceptable".to_owned())),
        };
        if let Some(Close(code, reason)) = ended {
            // A reason may have at most 123 bytes.
            let reason: String = reason.chars().take(100).collect();
            let frame = CloseFrame { code, reason: reason.into() };
            let _gone = timeout(WRITE, socket.send(Message::Close(Some(frame)))).await;
            // Waits for the client's close frame, so that ours arrives before the connection ends.
            drained(&mut socket).await;
        }
    }

    /// Serves until the client goes (none), or until the server must close the connection.
    async fn converse(self, socket: &mut WebSocket) -> Option<Close> {
        let mut closing = self.shell.closing.clone();
        let (tell, mut told) = mpsc::channel(1);
        let mut connection = Connection {
            served: self,
            caller: None,
            running: HashMap::new(),
            tasks: JoinSet::new(),
            runs: 0,
            tell,
        };
        let began = Instant::now();
        let (mut heard, mut used) = (began, began);
        let mut ping = began + PING;
        let mut endings = connection.served.shell.auth.endings();
        loop {
            let init = if connection.caller.is_none() { began + INIT } else { ping };
            let reply = tokio::select! {
                message = socket.recv() => {
                    let message = message?.ok()?;
                    heard = Instant::now();
                    match message {
                        Message::Text(text) => {
                            used = heard;
                            match connection.heard(&text).await {
                                Ok(reply) => reply,
                                Err(close) => return Some(close),
                            }
                        }
                        Message::Binary(_) => return Some(Close::bad("text is expected")),
                        Message::Close(_) => {
                            // Reading further sends our close frame.
                            drained(socket).await;
                            return None;
                        }
                        Message::Ping(_) | Message::Pong(_) => None,
                    }
                }
                Some(told) = told.recv() => {
                    used = Instant::now();
                    connection.passed_on(told)
                }
                () = sleep_until(init.min(ping)) => {
                    let now = Instant::now();
                    if connection.caller.is_none() && now >= init {
                        return Some(Close(4408, "Connection initialisation timeout".to_owned()));
                    }
                    if now >= heard + SILENT {
                        return None;
                    }
                    if connection.running.is_empty() && now >= used + IDLE {
                        return Some(Close(1000, "Idle".to_owned()));
                    }
                    if !connection.still().await {
                        return Some(forbidden());
                    }
                    ping = now + PING;
                    timeout(WRITE, socket.send(Message::Ping(vec![].into()))).await.ok()?.ok()?;
                    None
                }
                () = ended(&mut endings, connection.operator()) => {
                    if !connection.still().await {
                        return Some(forbidden());
                    }
                    None
                }
                () = stopped(&mut closing) => {
                    return Some(Close(1001, "Going away".to_owned()));
                }
            };
            if let Some(reply) = reply {
                timeout(WRITE, socket.send(Message::Text(reply.into()))).await.ok()?.ok()?;
            }
        }
    }
}

/// Reads and drops further messages for a moment.
async fn drained(socket: &mut WebSocket) {
    let _gone = timeout(Duration::from_secs(1), async {
        while let Some(Ok(_message)) = socket.recv().await {}
    })
    .await;
}

/// Waits until a sign-in of the operator ends. Without an operator, waits forever.
async fn ended(endings: &mut Endings, operator: Option<Uuid>) {
    match operator {
        Some(operator) => endings.of(operator).await,
        None => std::future::pending().await,
    }
}

fn forbidden() -> Close {
    Close(4403, "Forbidden".to_owned())
}

impl Connection {
    /// Handles a message and returns the immediate reply.
    async fn heard(&mut self, text: &str) -> Result<Option<String>, Close> {
        // Otherwise finished tasks would stay in memory as long as the connection.
        while self.tasks.try_join_next().is_some() {}
        let Ok(Value::Object(mut message)) = serde_json::from_str(text) else {
            return Err(Close::bad("a JSON object is expected"));
        };
        let payload = match message.remove("payload") {
            Some(Value::Object(payload)) => Some(payload),
            None | Some(Value::Null) => None,
            Some(_) => return Err(Close::bad("`payload` must be an object")),
        };
        match message.get("type").and_then(Value::as_str) {
            Some("connection_init") => self.init(payload.unwrap_or_default()).await.map(Some),
            Some("ping") => Ok(Some(match payload {
                Some(payload) => json!({ "type": "pong", "payload": payload }).to_string(),
                None => json!({ "type": "pong" }).to_string(),
            })),
            Some("pong") => Ok(None),
            Some("subscribe") => {
                let id = id(&message)?;
                let payload = payload.ok_or_else(|| Close::bad("`payload` is missing"))?;
                self.subscribe(id, payload).await
            }
            Some("complete") => {
                if let Some((_, task)) = self.running.remove(&id(&message)?) {
                    task.abort();
                }
                Ok(None)
            }
            Some(_) => Err(Close::bad("unknown `type`")),
            None => Err(Close::bad("`type` is missing")),
        }
    }

    async fn init(&mut self, payload: Map<String, Value>) -> Result<String, Close> {
        if self.caller.is_some() {
            return Err(Close(4429, "Too many initialisation requests".to_owned()));
        }
        let Served { shell, headers, lang, request_id, .. } = &self.served;
        let mut headers = headers.clone();
        let within = payload.get("headers").and_then(Value::as_object);
        for (name, value) in payload.iter().chain(within.into_iter().flatten()) {
            let known = auth::HEADERS.iter().find(|known| known.eq_ignore_ascii_case(name));
            if let (Some(known), Some(text)) = (known, value.as_str()) {
                let value = text.parse().map_err(|_not_ascii| forbidden())?;
                headers.insert(*known, value);
            }
        }
        let caller = auth::caller(shell.auth.as_ref(), &headers, *lang, request_id.clone()).await;
        match caller {
            Ok(caller) if caller.principal.is_some() => self.caller = Some(caller),
            _ => return Err(forbidden()),
        }
        Ok(json!({ "type": "connection_ack" }).to_string())
    }

    fn operator(&self) -> Option<Uuid> {
        self.caller.as_ref()?.principal.as_ref().map(|principal| principal.operator)
    }

    /// Whether the caller's session is still active.
    async fn still(&mut self) -> bool {
        let Some(Caller { principal: Some(principal), .. }) = &mut self.caller else { return true };
        match self.served.shell.auth.still(principal.clone()).await {
            Ok(now) => {
                *principal = now;
                true
            }
            // A database that is briefly unavailable does not end the connection.
            Err(error) => error.code.status() >= 500,
        }
    }

    async fn subscribe(
        &mut self,
        id: String,
        payload: Map<String, Value>,
    ) -> Result<Option<String>, Close> {
        if self.caller.is_none() {
            return Err(Close(4401, "Unauthorized".to_owned()));
        }
        if self.running.contains_key(&id) {
            return Err(Close(4409, format!("Subscriber for {id} already exists")));
        }
        if !payload.get("query").is_some_and(Value::is_string)
            && !payload.get("extensions").is_some_and(Value::is_object)
            && !payload.get("documentId").is_some_and(Value::is_string)
        {
            return Err(Close::bad("`payload.query` must be a string"));
        }
        if !self.still().await {
            return Err(forbidden());
        }
        let Served { shell, endpoint, documents, .. } = &self.served;
        self.runs += 1;
        let Some(mut caller) = self.caller.clone() else { return Err(forbidden()) };
        caller.request_id = format!("{}-{}", caller.request_id, self.runs);
        let most = shell.settings.operations;
        let request = match graphql::operation(payload, documents, true) {
            Ok(_) if self.running.len() >= most => Err(faults::many_operations(most)),
            request => request,
        };
        let request = match request {
            Ok(request) => request,
            Err(error) => return Ok(Some(refused(&id, &error, &caller))),
        };
        let run = Operation {
            id: id.clone(),
            run: self.runs,
            tell: self.tell.clone(),
            endpoint: Arc::clone(endpoint),
            limit: shell.settings.timeout,
            caller,
        };
        let task = self.tasks.spawn(run.carry_out(request));
        self.running.insert(id, (self.runs, task));
        Ok(None)
    }

    /// Returns the text to send for a message, unless it belongs to an earlier run.
    fn passed_on(&mut self, told: Told) -> Option<String> {
        let (run, _) = self.running.get(&told.id)?;
        if *run != told.run {
            return None;
        }
        if told.last {
            self.running.remove(&told.id);
        }
        Some(told.message)
    }
}

fn id(message: &Map<String, Value>) -> Result<String, Close> {
    match message.get("id") {
        Some(Value::String(id)) if !id.is_empty() && id.len() <= ID => Ok(id.clone()),
        _ => Err(Close::bad("`id` must be a text that is not empty")),
    }
}

/// `{"id":…,"type":"next","payload":…}`
fn message(id: &str, ty: &str, payload: Option<&str>) -> String {
    let mut text = json!({ "id": id, "type": ty }).to_string();
    if let Some(payload) = payload {
        text.pop();
        text.push_str(",\"payload\":");
        text.push_str(payload);
        text.push('}');
    }
    text
}

fn refused(id: &str, error: &Error, caller: &Caller) -> String {
    let body =
        super::errors::errors_body(std::slice::from_ref(error), caller.lang, &caller.request_id);
    message(id, "error", Some(&errors(&body)))
}

/// Extracts the list of errors from a response body.
fn errors(body: &[u8]) -> String {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    body.get("errors").map_or_else(|| "[]".to_owned(), Value::to_string)
}

/// An operation in its own task.
struct Operation {
    id: String,
    run: u64,
    tell: mpsc::Sender<Told>,
    endpoint: Arc<dyn Endpoint>,
    caller: Caller,
    limit: Duration,
}

impl Operation {
    async fn carry_out(self, request: exchange::Request) {
        let answering = Arc::clone(&self.endpoint).begin(request, self.caller.clone());
        let (answered, keeps) = keeping(timeout(self.limit, caught(answering))).await;
        let answer = match answered {
            Ok(Ok(answer)) => answer,
            Ok(Err(cause)) => return self.failed(&Error::internal(cause)).await,
            Err(_elapsed) => return self.failed(&overdue(keeps)).await,
        };
        match answer {
            Answer::Once(Reply { status: 200, body, .. }) => self.next(&body).await,
            Answer::Once(reply) => return self.refused(&reply).await,
            Answer::Series(mut series) => loop {
                match caught(series.next()).await {
                    Ok(Some(Ok(body))) => self.next(&body).await,
                    Ok(Some(Err(reply))) => return self.refused(&reply).await,
                    Ok(None) => break,
                    Err(cause) => return self.failed(&Error::internal(cause)).await,
                }
            },
        }
        self.told(message(&self.id, "complete", None), true).await;
    }

    async fn next(&self, body: &[u8]) {
        let body = String::from_utf8_lossy(body);
        self.told(message(&self.id, "next", Some(&body)), false).await;
    }

    async fn refused(&self, reply: &Reply) {
        self.told(message(&self.id, "error", Some(&errors(&reply.body))), true).await;
    }

    async fn failed(&self, error: &Error) {
        self.told(refused(&self.id, error, &self.caller), true).await;
    }

    async fn told(&self, message: String, last: bool) {
        let told = Told { id: self.id.clone(), run: self.run, message, last };
        // The connection is gone, and this task ends with it.
        let _gone = self.tell.send(told).await;
    }
}
