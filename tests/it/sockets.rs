//! `graphql-transport-ws` over a real connection: what is answered, and by which code a connection ends.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};

use crate::support::Client;

type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

struct Socket(Stream);

/// What a server sends: a message, or the code it closes with.
#[derive(Debug, PartialEq)]
enum Sent {
    Said(Value),
    Closed(u16),
}

async fn listen(client: &Client) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = client.router.clone();
    // Nobody stops it.
    let closing = tokio::sync::watch::channel(false).1;
    tokio::spawn(tradewind::http::serve(listener, router, Duration::from_secs(10), closing));
    format!("ws://{address}/graphql")
}

impl Socket {
    async fn open(url: &str, protocol: Option<&str>) -> Self {
        let mut request = url.into_client_request().unwrap();
        if let Some(protocol) = protocol {
            request.headers_mut().insert("sec-websocket-protocol", protocol.parse().unwrap());
        }
        Self(connect_async(request).await.unwrap().0)
    }

    /// A connection that has said who it is.
    async fn signed_in(url: &str, token: &str) -> Self {
        let mut socket = Self::open(url, Some("graphql-transport-ws")).await;
        let payload = json!({ "Authorization": format!("Bearer {token}") });
        socket.say(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.next().await, Sent::Said(json!({ "type": "connection_ack" })));
        socket
    }

    async fn say(&mut self, message: Value) {
        self.text(&message.to_string()).await;
    }

    async fn text(&mut self, text: &str) {
        self.0.send(Message::Text(text.into())).await.unwrap();
    }

    async fn subscribe(&mut self, id: &str, query: &str) {
        self.say(json!({ "id": id, "type": "subscribe", "payload": { "query": query } })).await;
    }

    async fn next(&mut self) -> Sent {
        loop {
            let next = timeout(Duration::from_secs(20), self.0.next()).await;
            let Ok(Some(Ok(message))) = next else { panic!("nothing was said: {next:?}") };
            match message {
                Message::Text(text) => return Sent::Said(serde_json::from_str(&text).unwrap()),
                Message::Close(frame) => {
                    return Sent::Closed(frame.map_or(1005, |frame| frame.code.into()));
                }
                _ => {}
            }
        }
    }

    /// What is said within a moment.
    async fn soon(&mut self) -> Option<Value> {
        timeout(Duration::from_millis(500), self.said()).await.ok()
    }

    async fn said(&mut self) -> Value {
        match self.next().await {
            Sent::Said(message) => message,
            Sent::Closed(code) => panic!("closed with {code}"),
        }
    }
}

async fn company() -> (Client, String, String) {
    let client = Client::sqlite().await;
    let url = listen(&client).await;
    let token = client.token("admin").await;
    (client, url, token)
}

#[tokio::test]
async fn answers_a_close() {
    let (_client, url, token) = company().await;
    let mut socket = Socket::signed_in(&url, &token).await;
    socket.0.close(None).await.unwrap();
    // The answer to it, and then an end that is no fault.
    while let Some(message) = timeout(Duration::from_secs(20), socket.0.next()).await.unwrap() {
        message.unwrap();
    }
}

#[tokio::test]
async fn carries_several_operations_at_once() {
    let (client, url, token) = company().await;
    let mut socket = Socket::signed_in(&url, &token).await;
    socket.say(json!({ "type": "ping", "payload": { "n": 1 } })).await;
    assert_eq!(socket.said().await, json!({ "type": "pong", "payload": { "n": 1 } }));
    socket.say(json!({ "type": "pong" })).await;
    // Queries and mutations tell one result and complete.
    socket.subscribe("q", "{ customers { totalCount } }").await;
    let data = json!({ "data": { "customers": { "totalCount": 0 } } });
    let next = socket.said().await;
    assert_eq!(
        [&next["id"], &next["type"], &next["payload"]["data"]],
        [&json!("q"), &json!("next"), &data["data"]]
    );
    assert_eq!(socket.said().await, json!({ "id": "q", "type": "complete" }));
    // An id is free again when its operation is over.
    for id in ["q", "other"] {
        let query = "subscription { customerChanged { kind record { code } } }";
        socket.subscribe(id, query).await;
    }
    // Nothing says that a subscription has begun: records are made until both have told of one.
    let department = client.department("D").await;
    let mut heard = std::collections::HashSet::new();
    let mut made = 0;
    while heard.len() < 2 {
        made += 1;
        client.customer(&department, &format!("S{made}"), json!({})).await;
        while let Some(next) = socket.soon().await {
            assert_eq!(next["payload"]["data"]["customerChanged"]["kind"], "CREATED");
            heard.insert(next["id"].as_str().unwrap().to_owned());
        }
    }
    for code in ["C1", "C2"] {
        client.customer(&department, code, json!({})).await;
        let mut told = Vec::new();
        for _ in 0..2 {
            let next = socket.said().await;
            let changed = &next["payload"]["data"]["customerChanged"];
            assert_eq!(changed, &json!({ "kind": "CREATED", "record": { "code": code } }));
            told.push(next["id"].as_str().unwrap().to_owned());
        }
        told.sort();
        assert_eq!(told, ["other", "q"]);
    }
    // What was completed tells nothing more.
    socket.say(json!({ "id": "q", "type": "complete" })).await;
    socket.say(json!({ "id": "never", "type": "complete" })).await;
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.said().await, json!({ "type": "pong" }));
    client.customer(&department, "C3", json!({})).await;
    client.customer(&department, "C4", json!({})).await;
    assert_eq!(socket.said().await["id"], "other");
    assert_eq!(socket.said().await["id"], "other");
}

#[tokio::test]
async fn tells_why_an_operation_was_refused() {
    let (_client, url, token) = company().await;
    let mut socket = Socket::signed_in(&url, &token).await;
    for query in [
        "{ nothing }",
        "subscription { customerChanged { nothing } }",
        "{",
        "query A { __typename } query B { __typename }",
    ] {
        socket.subscribe("1", query).await;
        let error = socket.said().await;
        assert_eq!([&error["type"], &error["id"]], [&json!("error"), &json!("1")], "{query}");
        assert!(error["payload"][0]["extensions"]["code"].is_string(), "{error}");
    }
    // A field that fails leaves the rest of the result, as over HTTP.
    socket.subscribe("1", "{ customer { id } customers { totalCount } }").await;
    let next = socket.said().await;
    assert_eq!(next["type"], "next");
    assert_eq!(next["payload"]["errors"][0]["extensions"]["code"], "INPUT_VALUE");
    assert_eq!(socket.said().await["type"], "complete");
}

#[tokio::test]
async fn closes_by_the_protocol_s_codes() {
    let (client, url, token) = company().await;
    let query = json!({ "query": "{ __typename }" });
    let subscribe = |id: Value| json!({ "id": id, "type": "subscribe", "payload": query });
    let signed_in: [(Value, u16); 9] = [
        (json!({ "type": "connection_init" }), 4429),
        (json!({ "type": "what" }), 4400),
        (json!({ "id": "1" }), 4400),
        (json!([]), 4400),
        (subscribe(json!("")), 4400),
        (subscribe(json!(1)), 4400),
        (json!({ "id": "1", "type": "subscribe" }), 4400),
        (json!({ "id": "1", "type": "subscribe", "payload": {} }), 4400),
        (json!({ "type": "complete" }), 4400),
    ];
    for (message, code) in signed_in {
        let mut socket = Socket::signed_in(&url, &token).await;
        socket.say(message.clone()).await;
        assert_eq!(socket.next().await, Sent::Closed(code), "{message}");
    }
    let mut socket = Socket::signed_in(&url, &token).await;
    socket.text("{").await;
    assert_eq!(socket.next().await, Sent::Closed(4400));
    let mut socket = Socket::signed_in(&url, &token).await;
    socket.0.send(Message::Binary(vec![1].into())).await.unwrap();
    assert_eq!(socket.next().await, Sent::Closed(4400));
    // The same id twice.
    let mut socket = Socket::signed_in(&url, &token).await;
    for _ in 0..2 {
        socket.subscribe("1", "subscription { customerChanged { kind } }").await;
    }
    assert_eq!(socket.next().await, Sent::Closed(4409));
    // Before anything is said, with a wrong token, with none.
    let new = || Socket::open(&url, Some("graphql-transport-ws"));
    let mut socket = new().await;
    socket.say(subscribe(json!("1"))).await;
    assert_eq!(socket.next().await, Sent::Closed(4401));
    for payload in
        [json!({}), json!({ "Authorization": "Bearer x" }), json!({ "Authorization": "é" })]
    {
        let mut socket = new().await;
        socket.say(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.next().await, Sent::Closed(4403), "{payload}");
    }
    let mut socket = new().await;
    assert_eq!(socket.next().await, Sent::Closed(4408));
    // Another protocol, or none.
    for protocol in [Some("graphql-ws"), None] {
        let opened = try_open(&url, protocol).await;
        assert_eq!(opened, Some(4406), "{protocol:?}");
    }
    // The session ends, and with it the next operation and the connection.
    let ending = client.token("admin").await;
    let mut socket = Socket::signed_in(&url, &ending).await;
    client.metadata("mutation { revokeSessions(account: \"admin\") }", json!({})).await;
    socket.say(subscribe(json!("1"))).await;
    assert_eq!(socket.next().await, Sent::Closed(4403));
}

/// The code that a connection with some protocol is closed with. A client may give up at the handshake
/// already, where the server did not take up its protocol.
async fn try_open(url: &str, protocol: Option<&str>) -> Option<u16> {
    let mut request = url.into_client_request().unwrap();
    if let Some(protocol) = protocol {
        request.headers_mut().insert("sec-websocket-protocol", protocol.parse().unwrap());
    }
    match connect_async(request).await {
        Ok((stream, _)) => match Socket(stream).next().await {
            Sent::Closed(code) => Some(code),
            Sent::Said(_) => None,
        },
        Err(error) => {
            let text = error.to_string();
            text.to_lowercase().contains("subprotocol").then_some(4406)
        }
    }
}

#[tokio::test]
async fn is_closed_when_the_server_stops() {
    let (client, url, token) = company().await;
    let mut socket = Socket::signed_in(&url, &token).await;
    socket.subscribe("1", "subscription { customerChanged { kind } }").await;
    client.server.closing.send_replace(true);
    assert_eq!(socket.next().await, Sent::Closed(1001));
}

/// What is over makes room for more.
#[tokio::test]
async fn carries_any_number_of_operations_after_each_other() {
    let (_client, url, token) = company().await;
    let mut socket = Socket::signed_in(&url, &token).await;
    for n in 0..150 {
        let id = n.to_string();
        socket.subscribe(&id, "{ regions { totalCount } }").await;
        let told = socket.said().await;
        assert_eq!(told["payload"]["data"]["regions"]["totalCount"], 0, "{told}");
        assert_eq!(socket.said().await, json!({ "id": id, "type": "complete" }));
    }
    // So does what the client gives up.
    for n in 0..150 {
        let id = format!("s{n}");
        socket.subscribe(&id, "subscription { customerChanged { kind } }").await;
        socket.say(json!({ "id": id, "type": "complete" })).await;
    }
    socket.subscribe("last", "{ regions { totalCount } }").await;
    assert_eq!(socket.said().await["id"], "last");
}

#[tokio::test]
async fn bounds_what_one_connection_carries() {
    let (_client, url, token) = company().await;
    let mut socket = Socket::signed_in(&url, &token).await;
    for n in 0..101 {
        socket.subscribe(&n.to_string(), "subscription { customerChanged { kind } }").await;
    }
    let error = socket.said().await;
    assert_eq!([&error["type"], &error["id"]], [&json!("error"), &json!("100")]);
    assert_eq!(error["payload"][0]["extensions"]["code"], "LIMIT_SUBSCRIPTIONS");
    // A message beyond the size of a body ends the connection.
    let _sent = socket.0.send(Message::Text("x".repeat(2_000_000).into())).await;
    let next = timeout(Duration::from_secs(20), socket.0.next()).await.unwrap();
    assert!(!matches!(next, Some(Ok(Message::Text(_)))), "{next:?}");
}
