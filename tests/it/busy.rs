//! One person, or one stranger, cannot take the server away from the others: few operations of a person are
//! carried out at once, and connections on which nothing is asked are closed.

use std::time::Duration;

use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::watch,
};
use tradewind::{
    graphql::limits::Limits,
    http::{self, HttpSettings},
    sql::Dialect,
};

use crate::{
    both_dbs,
    support::{Client, PASSWORD, Poster, open_limited},
};

both_dbs! {
    others_are_answered_while_one_waits
}

async fn others_are_answered_while_one_waits(client: &Client) {
    let patience = Duration::from_millis(300);
    let limits = Limits { at_once: 1, patience, ..Limits::default() };
    let router = open_limited(client, limits).await;
    let account = |name: &'static str| client.company.add_operator(name, name, PASSWORD, true);
    account("first").await.unwrap();
    account("second").await.unwrap();
    let first = Poster::at(router.clone(), &client.token("first").await);
    let second = Poster::at(router, &client.token("second").await);
    let change =
        "mutation { createRegion(input: {code: \"A\", name: \"a\"}) { userErrors { code } } }";
    let read = "{ regions { totalCount } }";

    // What is noted of a first use is written.
    for poster in [&first, &second] {
        poster.ask(read, json!({})).await.data();
    }
    // Nobody else writes for a while.
    let held = client.company.database.begin().await.unwrap();
    if client.company.database.dialect() == Dialect::Postgres {
        held.define("LOCK TABLE region IN EXCLUSIVE MODE").await.unwrap();
    }
    let changing = first.ask(change, json!({}));
    tokio::pin!(changing);
    let busy = tokio::select! {
        done = &mut changing => panic!("{done:?}"),
        busy = async {
            // Their turn is taken before this is asked.
            tokio::task::yield_now().await;
            loop {
                let answer = first.ask(read, json!({})).await;
                if answer.body.get("errors").is_some() {
                    return answer;
                }
            }
        } => busy,
    };
    assert_eq!(busy.codes(), ["LIMIT_BUSY"]);
    let described = first.post("/metadata", json!({ "query": "{ version }" })).await;
    assert_eq!(described.codes(), ["LIMIT_BUSY"]);
    assert_eq!(second.ask(read, json!({})).await.data()["regions"]["totalCount"], 0);
    drop(held);
    assert_eq!(changing.await.data()["createRegion"]["userErrors"], json!([]));
    assert_eq!(first.ask(read, json!({})).await.data()["regions"]["totalCount"], 1);
}

/// A connection.
struct Line(TcpStream);

impl Line {
    async fn open(address: std::net::SocketAddr, said: &[u8]) -> Self {
        let mut line = Self(TcpStream::connect(address).await.unwrap());
        line.say(said).await;
        line
    }

    async fn say(&mut self, said: &[u8]) {
        self.0.write_all(said).await.unwrap();
    }

    /// What comes until something has come that ends so.
    async fn hear(&mut self, end: &[u8]) -> Vec<u8> {
        let (mut heard, mut piece) = (Vec::new(), [0_u8; 1_024]);
        while !heard.ends_with(end) {
            let count = self.0.read(&mut piece).await.unwrap();
            assert!(count > 0, "{}", String::from_utf8_lossy(&heard));
            heard.extend_from_slice(&piece[..count]);
        }
        heard
    }

    /// What comes until the other side closes.
    async fn rest(&mut self) -> String {
        let mut heard = Vec::new();
        // A reset is an end as well.
        let _ = self.0.read_to_end(&mut heard).await;
        String::from_utf8_lossy(&heard).into_owned()
    }
}

const ALIVE: &[u8] = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";

#[tokio::test]
async fn heads_and_bodies_have_a_time() {
    let client = Client::sqlite().await;
    let timeout = Duration::from_millis(600);
    let router = client.server.router(HttpSettings { timeout, ..HttpSettings::default() });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, closing) = watch::channel(false);
    let serving = tokio::spawn(http::serve(listener, router, Duration::from_millis(300), closing));

    // One that is kept, and one that becomes a WebSocket, outlast those that ask nothing.
    let mut kept = Line::open(address, ALIVE).await;
    let answer = kept.hear(b"}").await;
    assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
    let upgrade =
        b"GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\
        Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
        Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n";
    let mut socket = Line::open(address, upgrade).await;
    let answer = socket.hear(b"\r\n\r\n").await;
    assert!(answer.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&answer));

    let mut silent = Line::open(address, b"").await;
    let mut half = Line::open(address, b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-").await;
    assert_eq!(silent.rest().await, "");
    assert_eq!(half.rest().await, "");
    // So it is for each of a connection's requests.
    kept.say(ALIVE).await;
    kept.hear(b"}").await;
    kept.say(b"GET /healthz HTTP/1.1\r\nHo").await;
    assert_eq!(kept.rest().await, "");
    // A masked ping, and its answer.
    socket.say(&[0x89, 0x80, 1, 2, 3, 4]).await;
    assert_eq!(socket.hear(&[0x8a, 0x00]).await, [0x8a, 0x00]);

    // A body has the time of its request.
    let token = client.token("admin").await;
    let head = format!(
        "POST /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{\"query\": "
    );
    let late = Line::open(address, head.as_bytes()).await.rest().await;
    assert!(late.starts_with("HTTP/1.1 503") && late.contains("LIMIT_TIME"), "{late}");

    stop.send(true).unwrap();
    serving.await.unwrap();
}
