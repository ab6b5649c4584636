//! Documents of a list: named by id or hash, by POST and GET, and nothing beside them where that is wanted.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, header},
};
use serde_json::{Value, json};
use tower::ServiceExt;
use tradewind::http::{HttpSettings, Trusted};

use crate::{both_dbs, support::Client};

both_dbs! {
    documents_of_a_list_are_named
    nothing_else_is_taken_where_that_is_wanted
}

const COUNT: &str =
    "query Count($code: String) { customers(filter: {code: {eq: $code}}) { totalCount } }";
const COUNT_HASH: &str = "8273422ceb5761dd0c088799002c25fb15dac6b2febe77887a1a7356519b3109";
const CHANGE: &str = "mutation Change { deleteCustomer(id: \"x\") { userErrors { code } } }";
const OTHER: &str = "{ customers { totalCount } }";
const OTHER_HASH: &str = "a4193f97df7d52158165d761aa4d0b133fca514693d84ce3fbffc1f6f078bc9e";

/// A router of the company with a list of documents.
struct Door {
    router: Router,
    token: String,
}

impl Door {
    async fn of(client: &Client, only: bool) -> Self {
        // As Apollo's tool writes it; the plain form has a test of its own.
        let list = json!({ "format": "apollo-persisted-query-manifest", "version": 1, "operations": [
            { "id": "count", "name": "Count", "type": "query", "body": COUNT },
            { "id": "change", "name": "Change", "type": "mutation", "body": CHANGE },
        ] });
        let trusted = Trusted::parse(&list.to_string(), only).unwrap();
        let router = client.server.router(HttpSettings { trusted, ..HttpSettings::default() });
        Self { router, token: client.token("admin").await }
    }

    async fn send(&self, method: &str, address: &str, body: String) -> (u16, Value) {
        let request = Request::builder()
            .method(method)
            .uri(address)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/graphql-response+json")
            .body(Body::from(body))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap())
    }

    async fn post(&self, body: Value) -> (u16, Value) {
        self.send("POST", "/graphql", body.to_string()).await
    }

    async fn get(&self, parameters: &str) -> (u16, Value) {
        self.send("GET", &format!("/graphql?{parameters}"), String::new()).await
    }
}

fn by_hash(hash: &str) -> Value {
    json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } })
}

fn code(answer: &(u16, Value)) -> (u16, &str) {
    (answer.0, answer.1["errors"][0]["extensions"]["code"].as_str().unwrap_or("-"))
}

async fn documents_of_a_list_are_named(client: &Client) {
    let department = client.department("D").await;
    client.customer(&department, "A", json!({})).await;
    let door = Door::of(client, false).await;
    let variables = json!({ "code": "A" });
    let prefixed = format!("sha256:{COUNT_HASH}");
    let escaped = "variables=%7B%22code%22%3A%22A%22%7D";
    for answer in [
        door.post(json!({ "documentId": "count", "variables": variables })).await,
        door.post(json!({ "documentId": prefixed, "variables": variables })).await,
        door.post(json!({ "extensions": by_hash(COUNT_HASH), "variables": variables })).await,
        door.post(json!({ "query": COUNT, "documentId": null, "variables": variables })).await,
        door.get(&format!("documentId=count&{escaped}")).await,
        door.get(&format!("documentId=sha256%3A{COUNT_HASH}&operationName=Count&{escaped}")).await,
    ] {
        assert_eq!(answer.0, 200, "{answer:?}");
        assert_eq!(answer.1["data"], json!({ "customers": { "totalCount": 1 } }), "{answer:?}");
    }
    // Other texts are taken, too, and other hashes may be brought.
    assert_eq!(code(&door.post(json!({ "query": OTHER })).await), (200, "-"));
    let missed = door.post(json!({ "extensions": by_hash(OTHER_HASH) })).await;
    assert_eq!(code(&missed), (200, "PERSISTED_QUERY_NOT_FOUND"));
    for (body, refused) in [
        (json!({ "documentId": "counts" }), (200, "PERSISTED_QUERY_NOT_FOUND")),
        (json!({ "documentId": 7 }), (400, "INPUT_VALUE")),
        (json!({ "documentId": "" }), (200, "PERSISTED_QUERY_NOT_FOUND")),
    ] {
        assert_eq!(code(&door.post(body.clone()).await), refused, "{body}");
    }
    // What an address names changes nothing.
    assert_eq!(code(&door.get("documentId=change").await), (405, "INPUT_METHOD"));
    assert_eq!(code(&door.post(json!({ "documentId": "change" })).await).0, 200);
}

async fn nothing_else_is_taken_where_that_is_wanted(client: &Client) {
    let door = Door::of(client, true).await;
    for body in [
        json!({ "documentId": "count" }),
        json!({ "query": COUNT }),
        json!({ "query": COUNT, "extensions": by_hash(COUNT_HASH) }),
        json!({ "extensions": by_hash(COUNT_HASH) }),
    ] {
        let answer = door.post(body.clone()).await;
        assert_eq!(answer.1["data"], json!({ "customers": { "totalCount": 0 } }), "{body}");
    }
    for (body, refused) in [
        (json!({ "extensions": by_hash(OTHER_HASH) }), (200, "PERSISTED_QUERY_NOT_FOUND")),
        (json!({ "query": OTHER }), (403, "PERSISTED_QUERY_ONLY")),
        // Not even with a space more.
        (json!({ "query": format!("{COUNT} ") }), (403, "PERSISTED_QUERY_ONLY")),
        (
            json!({ "query": OTHER, "extensions": by_hash(OTHER_HASH) }),
            (403, "PERSISTED_QUERY_ONLY"),
        ),
        (json!({ "documentId": OTHER_HASH }), (200, "PERSISTED_QUERY_NOT_FOUND")),
        (json!({}), (400, "INPUT_VALUE")),
    ] {
        assert_eq!(code(&door.post(body.clone()).await), refused, "{body}");
    }
    let metadata = json!({ "query": "{ __typename }" }).to_string();
    let refused = door.send("POST", "/metadata", metadata).await;
    assert_eq!(code(&refused), (403, "PERSISTED_QUERY_ONLY"));
}
