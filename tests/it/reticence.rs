//! What the server does not tell of its schema: a name that nobody asked for.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, header},
};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::{both_dbs, support::Client};

both_dbs! {
    nothing_is_suggested
}

async fn post(router: &Router, token: &str, address: &str, query: &str) -> (u16, Value) {
    let request = Request::post(address)
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/graphql-response+json")
        .body(Body::from(json!({ "query": query }).to_string()))
        .unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap())
}

async fn nothing_is_suggested(client: &Client) {
    let token = client.token("admin").await;
    let typos = [
        ("/graphql", "{ custmers { totalCount } }"),
        ("/graphql", "{ customers { totalCont } }"),
        ("/graphql", "{ customers { nodes { nam } } }"),
        ("/graphql", "{ customers(frst: 1) { totalCount } }"),
        ("/graphql", "{ customers(filter: {nam: {eq: \"x\"}}) { totalCount } }"),
        ("/graphql", "{ customers(filter: {name: {eqq: \"x\"}}) { totalCount } }"),
        ("/graphql", "{ customers(orderBy: [{nam: ASC}]) { totalCount } }"),
        ("/graphql", "{ customers(orderBy: [{name: ASCC}]) { totalCount } }"),
        ("/graphql", "{ customers @skp(if: true) { totalCount } }"),
        ("/graphql", "{ customers @skip(i: true) { totalCount } }"),
        ("/graphql", "{ node(id: \"x\") { ... on Custmer { id } } }"),
        ("/graphql", "query($x: CustomerFiltr) { customers(filter: $x) { totalCount } }"),
        ("/graphql", "mutation { createCustmer(input: {}) { record { id } } }"),
        ("/graphql", "mutation { createCustomer(inpt: {}) { record { id } } }"),
        ("/graphql", "mutation { createCustomer(input: {nam: \"x\"}) { record { id } } }"),
        ("/graphql", "{ __type(nam: \"x\") { name } }"),
        ("/metadata", "{ versin }"),
        ("/metadata", "{ __type(nam: \"x\") { name } }"),
        ("/metadata", "{ __type(name: \"x\") { nam } }"),
        ("/metadata", "mutation { applyShema(sdl: \"\") { version } }"),
        ("/metadata", "mutation { applySchema(sld: \"\") { version } }"),
        ("/metadata", "mutation { applySchema(sdl: \"\") { versin } }"),
    ];
    for (address, query) in typos {
        let (_, body) = post(&client.router, &token, address, query).await;
        assert!(body["errors"][0].is_object(), "{query}: {body}");
        assert!(!body.to_string().to_lowercase().contains("did you mean"), "{query}: {body}");
    }
}
