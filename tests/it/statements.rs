//! The SQL that requests come to, one statement for each root field, on both databases.

use std::fmt::Write as _;

use serde_json::json;

use crate::support::{
    Client,
    recorder::{listen, sent},
};

/// Requests and what they are about.
const REQUESTS: &[(&str, &str)] = &[
    ("one by a unique key", "{ customer(code: \"C1\") { id code name level } }"),
    ("a list in its usual order", "{ customers(first: 2) { nodes { code } } }"),
    ("a count alone", "{ customers(filter: {level: {eq: A}}) { totalCount } }"),
    (
        "filters of every kind",
        "{ customers(first: 1, filter: {or: [{level: {in: [A, B]}}, {not: {staffCount: {between: [1, 2]}}}], name: {contains: \"漆\"}, createdAt: {gt: \"2026-01-01T00:00:00Z\"}, creditLimit: {lte: \"10\"}, owner: {id: {isNull: false}}}) { nodes { code } } }",
    ),
    (
        "filters over relations",
        "{ customers(first: 1, filter: {department: {code: {eq: \"TJ\"}}, contacts: {some: {name: {startsWith: \"王\"}}}, orders: {none: {}}, opportunities: {every: {amount: {gt: 1}}}}) { nodes { code } } }",
    ),
    (
        "the first of each group",
        "{ customerAggregate(groupBy: [{level: true}]) { key { level } count top(first: 2, orderBy: [{creditLimit: DESC}]) { code } } }",
    ),
    ("a search", "{ customers(first: 1, search: \"天津 a\") { nodes { code } } }"),
    (
        "the next page of an order over a relation",
        "{ customers(first: 1, orderBy: [{department: {code: DESC}}, {staffCount: ASC}], after: \"@\") { nodes { code } pageInfo { hasNextPage endCursor } } }",
    ),
    (
        "nested both ways",
        "{ customers(first: 2) { totalCount nodes { code owner { name } department { name parent { name } } contacts(first: 5) { totalCount nodes { name } } } } }",
    ),
    (
        "orders with their lines",
        "{ salesOrders(first: 2) { nodes { number totalAmount lines { quantity price item { code } } } } }",
    ),
    (
        "members both ways",
        "{ opportunities(first: 1, filter: {categories: {some: {code: {eq: \"R\"}}}}) { nodes { categories { code } } } }",
    ),
    (
        "a create",
        "mutation { createRegion(input: {code: \"X\", name: \"x\"}) { record { code } userErrors { code } } }",
    ),
    (
        "an update",
        "mutation { updateCustomer(id: \"@id\", patch: {city: \"天津\"}) { record { id version } userErrors { code } } }",
    ),
    ("a delete", "mutation { deleteContact(id: \"@contact\") { id userErrors { code } } }"),
];

async fn recorded(client: &Client) -> String {
    let department = client.department("TJ").await;
    let customer = client.customer(&department, "C1", json!({})).await;
    client.customer(&department, "C2", json!({})).await;
    let contact = json!({ "name": "王", "customer": { "id": customer } });
    let contact = client.create("Contact", contact).await;
    let order = "{ customers(first: 1, orderBy: [{department: {code: DESC}}, {staffCount: ASC}]) { pageInfo { endCursor } } }";
    let page = client.data(order).await;
    let cursor = page["customers"]["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
    listen();
    let mut text = String::new();
    for (title, query) in REQUESTS {
        let asked =
            query.replace("@id", &customer).replace("@contact", &contact).replace('@', &cursor);
        let answer = client.data(&asked).await;
        assert!(!answer.to_string().contains("RECORD_"), "{answer:#}");
        writeln!(text, "## {title}\n{query}\n").unwrap();
        for sql in sent() {
            writeln!(text, "{sql};").unwrap();
        }
        text.push('\n');
    }
    text
}

#[tokio::test]
async fn requests_become_these_statements() {
    let client = Client::sqlite().await;
    insta::assert_snapshot!("sqlite", recorded(&client).await);
    if let Some(client) = Client::postgres().await {
        insta::assert_snapshot!("postgres", recorded(&client).await);
    }
}

#[test]
fn the_standard_objects_make_this_schema() {
    let sdl = tradewind::app::standard_sdl().unwrap();
    // Names and types; that all of it is described is a test of its own.
    let mut inside = false;
    let mut bare = String::new();
    for line in sdl.lines() {
        let quotes = line.trim() == "\"\"\"";
        inside ^= quotes;
        if !inside && !quotes {
            writeln!(bare, "{line}").unwrap();
        }
    }
    insta::assert_snapshot!("schema", bare);
}
