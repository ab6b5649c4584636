//! `Server-Timing`: how long a request took and waited for the database, where that is to be told.

use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::json;
use tower::ServiceExt;
use tradewind::http::HttpSettings;

use crate::{both_dbs, support::Client};

both_dbs! {
    the_time_is_told_where_wanted
}

/// The milliseconds of `total` and `db`, if they are told.
async fn told(client: &Client, server_timing: bool, query: &str) -> Option<(f64, f64)> {
    let settings = HttpSettings { server_timing, ..HttpSettings::default() };
    let request = Request::post("/graphql")
        .header(header::AUTHORIZATION, format!("Bearer {}", client.token("admin").await))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(json!({ "query": query }).to_string()))
        .unwrap();
    let response = client.server.router(settings).oneshot(request).await.unwrap();
    assert_eq!(response.status(), 200);
    let told = response.headers().get("server-timing")?.to_str().unwrap().to_owned();
    let (total, db) = told.split_once(", ").unwrap();
    let number = |text: &str, name: &str| text.strip_prefix(name).unwrap().parse().unwrap();
    Some((number(total, "total;dur="), number(db, "db;dur=")))
}

async fn the_time_is_told_where_wanted(client: &Client) {
    let create = |code: &str| {
        format!(
            "mutation {{ createDepartment(input: {{code: \"{code}\", name: \"x\"}}) {{ record {{ id }} }} }}"
        )
    };
    assert_eq!(told(client, false, &create("A")).await, None);
    let (total, db) = told(client, true, &create("B")).await.unwrap();
    assert!(db > 0.0 && db <= total, "{db} of {total}");
}
