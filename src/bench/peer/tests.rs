//! Addresses, headers and answers of a peer, and a request to one as it arrives.

use axum::{Json as Sent, Router, routing::post};
use rust_decimal::Decimal;
use serde_json::json;

use super::*;
use crate::bench::client::once;

fn told<T: std::fmt::Debug>(result: Result<T>) -> String {
    format!("{:#}", result.unwrap_err())
}

#[test]
fn addresses_are_read() {
    for (url, host, port, authority, path) in [
        ("http://localhost:5433/graphql", "localhost", 5433, "localhost:5433", "/graphql"),
        ("http://10.0.0.1", "10.0.0.1", 80, "10.0.0.1", "/"),
        ("http://10.0.0.1?key=x", "10.0.0.1", 80, "10.0.0.1", "/?key=x"),
        ("http://[::1]:8080/v1/graphql?key=x", "::1", 8080, "[::1]:8080", "/v1/graphql?key=x"),
    ] {
        let place = Place::of(url).unwrap();
        assert_eq!((place.host.as_str(), place.port), (host, port), "{url}");
        assert_eq!((place.authority.as_str(), place.path.as_str()), (authority, path), "{url}");
    }
    for (url, expected) in [
        ("https://example.com/graphql", "speaks no TLS"),
        ("HTTPS://example.com/graphql", "speaks no TLS"),
        ("localhost:5433/graphql", "such as `http://127.0.0.1:5433/graphql`"),
        ("/graphql", "such as `http://127.0.0.1:5433/graphql`"),
        ("postgres://localhost/bench", "such as `http://127.0.0.1:5433/graphql`"),
        ("http://localhost:99999/", "such as `http://127.0.0.1:5433/graphql`"),
        ("", "such as `http://127.0.0.1:5433/graphql`"),
        ("http://me:secret@localhost/graphql", "by `--peer-header` instead"),
    ] {
        let told = told(Place::of(url));
        assert!(told.contains(expected) && !told.contains("secret"), "{url}: {told}");
    }
}

#[test]
fn headers_are_read() {
    let given = ["X-Role: manager", "accept:text/plain", "x-role:  other ", "X-Empty:"];
    let given = given.map(str::to_owned);
    let headers = headers("localhost:5433", &given).unwrap();
    let of = |name: &str| -> Vec<&str> {
        headers.get_all(name).iter().map(|value| value.to_str().unwrap()).collect()
    };
    assert_eq!(of("x-role"), ["manager", "other"]);
    assert_eq!(of("accept"), ["text/plain"]);
    assert_eq!(of("content-type"), ["application/json"]);
    assert_eq!(of("host"), ["localhost:5433"]);
    assert_eq!(of("x-empty"), [""]);
    assert!(!format!("{headers:?}").contains("manager"));
    for (line, expected) in [
        ("Authorization Bearer secret", "`Authorization` of `--peer-header` has no colon"),
        ("Not one: secret", "`Not one` of `--peer-header` cannot be the name"),
        (": secret", "`` of `--peer-header` cannot be the name"),
        ("X-Name: secret\nX-Role: b", "value of the header `X-Name`"),
    ] {
        let told = told(super::headers("localhost", &[line.to_owned()]));
        assert!(told.contains(expected) && !told.contains("secret"), "{line}: {told}");
    }
}

#[test]
fn only_answers_with_data_are_right() {
    for right in [
        r#"{"data":{"customer":{"id":"x"}}}"#,
        r#"{"errors":null,"extensions":{"a":[1]},"data":{"none":null,"some":[]}}"#,
        r#"{"errors":[],"data":{"n":0}}"#,
    ] {
        assert!(check(right.as_bytes()).is_ok(), "{right}");
    }
    for (wrong, expected) in [
        (
            r#"{"errors":[{"message":"no such field"},{"message":"b"}],"data":{"a":1}}"#,
            "no such field",
        ),
        (r#"{"errors":["odd"]}"#, r#"{"errors":["odd"]}"#),
        (r#"{"errors":"odd"}"#, r#"{"errors":"odd"}"#),
        (r#"{"data":null}"#, "without data"),
        (r#"{"data":{}}"#, "without data"),
        (r#"{"data":{"customer":null}}"#, "without data"),
        ("{}", "without data"),
        (r#"{"data":[1]}"#, "no answer of GraphQL: {\"data\""),
        ("<html>", "no answer of GraphQL: <html>"),
        ("", "no answer of GraphQL"),
    ] {
        let told = told(check(wrong.as_bytes()));
        assert!(told.contains(expected), "{wrong}: {told}");
    }
}

/// Answers a manager with what was sent.
async fn answer(headers: HeaderMap, Sent(body): Sent<Json>) -> Sent<Json> {
    if headers.get("x-role").is_none_or(|role| role != "manager") {
        return Sent(json!({ "errors": [{ "message": "who are you?" }] }));
    }
    Sent(json!({ "data": { "host": headers["host"].to_str().unwrap(), "body": body } }))
}

/// Starts a server, which ends with the test's runtime.
async fn echo() -> SocketAddr {
    let router = Router::new().route("/v1/graphql", post(answer));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

#[tokio::test]
async fn a_peer_is_asked_with_its_documents_and_headers() {
    let address = echo().await;
    let folder = std::env::temp_dir().join(format!("tradewind-peer-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("W1.graphql"), "query One($key: uuid!) { one(key: $key) }").unwrap();
    std::fs::write(folder.join("W1.json"), r#"{ "key": "$id" }"#).unwrap();
    let mut flags = PeerFlags {
        url: format!("http://{address}/v1/graphql?key=secret"),
        documents: folder.clone(),
        headers: vec!["X-Role: manager".to_owned()],
        processes: Vec::new(),
    };
    let world = World::scaled(Decimal::ONE);
    let peer = Peer::open(flags.clone(), &Workload::ALL).await.unwrap();
    assert_eq!(peer.shown(), format!("http://{address}/v1/graphql"));
    assert!(peer.takes(Workload::W1) && !peer.takes(Workload::W2));
    let answer = once(&peer, Workload::W1, world, 1, "U").await.unwrap();
    let answer: Json = serde_json::from_slice(&answer).unwrap();
    let drawn = Workload::W1.draw(world, &mut crate::demo::random::Random::new(1), "U");
    assert_eq!(
        answer["data"],
        json!({
            "host": address.to_string(),
            "body": {
                "query": "query One($key: uuid!) { one(key: $key) }",
                "variables": { "key": drawn.drawn()["id"] },
            },
        })
    );

    flags.headers.clear();
    let stranger = Peer::open(flags.clone(), &[Workload::W1]).await.unwrap();
    let refused = told(once(&stranger, Workload::W1, world, 1, "U").await);
    assert!(refused.contains("who are you?"), "{refused}");
    flags.url = format!("http://{address}/elsewhere");
    let lost = Peer::open(flags.clone(), &[Workload::W1]).await.unwrap();
    let refused = told(once(&lost, Workload::W1, world, 1, "U").await);
    assert!(refused.contains("status 404"), "{refused}");

    flags.processes = vec![u32::MAX];
    let refused = told(Peer::open(flags.clone(), &[Workload::W1]).await);
    assert!(refused.contains("the CPU time of process 4294967295 cannot be read"), "{refused}");
    flags.processes.clear();
    flags.url = "http://127.0.0.1:1/graphql".to_owned();
    let refused = told(Peer::open(flags, &[Workload::W1]).await);
    assert!(refused.contains("nothing answers at `127.0.0.1:1`"), "{refused}");
    std::fs::remove_dir_all(&folder).unwrap();
}
