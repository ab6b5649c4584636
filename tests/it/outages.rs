//! Databases that fail while the server runs: full disks, locked files, connections that are ended. What is
//! answered as done is stored, what is not stored is refused with advice, and service comes back by itself.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use axum::{
    body::Body,
    http::{Request, header},
};
use sea_orm::{
    ConnectionTrait, SqliteTransactionMode, TransactionOptions, TransactionTrait,
    sqlx::{Executor, Row},
};
use serde_json::{Value, json};

use crate::{
    program::{PASSWORD, Server, add_administrator, connect, folder, program, sign_in},
    support::{Client, TestDatabase, open_hasty},
};

const CREATE: &str = "mutation($i: CreateRegionInput!, $k: String) { createRegion(input: $i, idempotencyKey: $k) { record { code } userErrors { code } } }";

fn region(code: &str) -> Value {
    json!({ "query": CREATE, "variables": { "i": { "code": code, "name": code } } })
}

fn limit(server: &Server, bytes: &str) {
    let pid = server.child.id().to_string();
    let size = format!("--fsize={bytes}:unlimited");
    let done = Command::new("prlimit").args(["--pid", &pid, &size]).status().unwrap();
    assert!(done.success());
}

fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_else(|| panic!("{answer:#}"))
}

/// A server whose writes beyond a limit fail as on a full disk, also those of its log.
fn start(folder: &Path) -> Server {
    let words = ["serve", "--listen", "127.0.0.1:0", "--database-url", "sqlite://t.db"];
    let wanted = program(folder, &words);
    let mut command = Command::new("sh");
    command
        .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\" 2>>log"])
        .arg(wanted.get_program())
        .args(wanted.get_args())
        .current_dir(folder)
        .stdout(Stdio::piped());
    Server::of(command)
}

#[tokio::test]
async fn a_full_disk_loses_nothing_that_was_acknowledged() {
    let database = TestDatabase::sqlite();
    let folder = folder(&database);
    add_administrator(folder, "sqlite://t.db");
    let server = start(folder);
    let token = sign_in(&server);
    let ask = |body: &Value| server.post("/graphql", Some(&token), body).unwrap();
    let create = |code: &str| ask(&region(code));
    assert_eq!(create("R0")["data"]["createRegion"]["record"]["code"], "R0");
    let ready = || server.reply("GET", "/readyz", None, &Value::Null).unwrap();
    assert!(ready().starts_with("HTTP/1.1 200"), "{}", ready());
    let login = json!({ "account": "chef", "password": PASSWORD });
    let tokens = server.post("/auth/login", None, &login).unwrap();

    // Full twice over: what a failed write leaves behind must not let the next ones seem to succeed.
    for round in 0..2 {
        limit(&server, "1000");
        let mut refused = Vec::new();
        for n in 0..4 {
            let code_of = format!("F{round}{n}");
            let answer = create(&code_of);
            assert_eq!(code(&answer), "STORAGE_UNAVAILABLE", "{answer:#}");
            assert!(answer["errors"][0]["extensions"]["hint"].is_string(), "{answer:#}");
            refused.push(code_of);
        }
        let keyed = json!({ "query": CREATE, "variables": { "i": { "code": "K", "name": "K" }, "k": format!("k{round}") } });
        let atomic = json!({ "query": "mutation @atomic { a: createRegion(input: {code: \"A1\", name: \"A\"}) { record { code } userErrors { code } } b: createRegion(input: {code: \"A2\", name: \"A\"}) { record { code } userErrors { code } } }" });
        for body in [&keyed, &keyed, &atomic] {
            assert_eq!(code(&ask(body)), "STORAGE_UNAVAILABLE");
        }
        let define = json!({ "query": "mutation { applySchema(sdl: \"type Cup @object(kind: MASTER, label: \\\"杯\\\", plural: \\\"cups\\\") { size: Int @field(label: \\\"大小\\\") }\") { version diagnostics { code } } }" });
        let defined = server.post("/metadata", Some(&token), &define).unwrap();
        assert_eq!(code(&defined), "STORAGE_UNAVAILABLE", "{defined:#}");
        let refresh = json!({ "refreshToken": tokens["refreshToken"] });
        for (path, body) in [("/auth/login", &login), ("/auth/refresh", &refresh)] {
            let reply = server.reply("POST", path, None, body).unwrap();
            assert!(reply.starts_with("HTTP/1.1 503"), "{path}: {reply}");
            assert!(reply.to_lowercase().contains("retry-after:"), "{path}: {reply}");
            assert!(reply.contains("STORAGE_UNAVAILABLE"), "{path}: {reply}");
        }
        assert!(ready().starts_with("HTTP/1.1 503"), "{}", ready());
        // Reading goes on.
        let read = ask(&json!({ "query": "{ regions { totalCount } }" }));
        assert_eq!(read["data"]["regions"]["totalCount"], 1 + round * 2, "{read:#}");

        limit(&server, "unlimited");
        let made = format!("N{round}");
        assert_eq!(create(&made)["data"]["createRegion"]["record"]["code"], made.as_str());
        assert_eq!(ask(&keyed)["data"]["createRegion"]["userErrors"], json!([]));
        let gone = format!(
            "mutation {{ a: deleteRegion(id: \"{}\") {{ userErrors {{ code }} }} }}",
            id(&ask, "K")
        );
        assert_eq!(ask(&json!({ "query": gone }))["data"]["a"]["userErrors"], json!([]));
        let kept = json!({ "query": "mutation { createRegion(input: {code: \"X\", name: \"X\"}) { record { code } userErrors { code } } }" });
        if round == 0 {
            assert_eq!(ask(&kept)["data"]["createRegion"]["record"]["code"], "X");
        }
        assert!(ready().starts_with("HTTP/1.1 200"), "{}", ready());
        for code_of in refused {
            let query = format!("{{ region(code: \"{code_of}\") {{ code }} }}");
            assert_eq!(ask(&json!({ "query": query }))["data"]["region"], Value::Null);
        }
        assert!(server.post("/auth/login", None, &login).unwrap()["accessToken"].is_string());
    }
    let all = json!({ "query": "{ regions(orderBy: [{code: ASC}]) { nodes { code } } }" });
    let before = ask(&all);
    server.kill();
    // What was answered as stored is there for the next one.
    let server = start(folder);
    let token = sign_in(&server);
    assert_eq!(server.post("/graphql", Some(&token), &all).unwrap(), before);
    let codes: Vec<_> = before["data"]["regions"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| node["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["N0", "N1", "R0", "X"]);
    let log = std::fs::read_to_string(folder.join("log")).unwrap();
    assert!(!log.contains("panicked"), "{log}");
}

fn id(ask: &impl Fn(&Value) -> Value, code: &str) -> String {
    let found = ask(&json!({ "query": format!("{{ region(code: \"{code}\") {{ id }} }}") }));
    found["data"]["region"]["id"].as_str().unwrap_or_else(|| panic!("{found:#}")).to_owned()
}

fn login() -> Request<Body> {
    Request::post("/auth/login")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(json!({ "account": "admin", "password": PASSWORD }).to_string()))
        .unwrap()
}

fn ready() -> Request<Body> {
    Request::get("/readyz").body(Body::empty()).unwrap()
}

/// Another process writes for a long time.
#[tokio::test]
async fn a_locked_file_is_told_and_waited_out() {
    let client = Client::sqlite().await;
    let (_company, hasty) = open_hasty(&client, Duration::from_millis(100)).await;
    let other = connect(&client.database.url()).await;
    let immediate = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let held = other.begin_with_options(immediate).await.unwrap();
    let refused = hasty.post("/graphql", region("R1")).await;
    assert_eq!(refused.codes(), ["STORAGE_UNAVAILABLE"]);
    assert_eq!(hasty.send(login()).await.0, 503);
    assert_eq!(hasty.send(ready()).await.0, 503);
    let read = hasty.post("/graphql", json!({ "query": "{ regions { totalCount } }" })).await;
    assert_eq!(read.data()["regions"]["totalCount"], 0);
    held.rollback().await.unwrap();
    assert_eq!(hasty.send(ready()).await.0, 200);
    assert_eq!(hasty.send(login()).await.0, 200);
    let made = hasty.post("/graphql", region("R1")).await.data();
    assert_eq!(made["createRegion"]["record"]["code"], "R1");
    other.close().await.unwrap();
}

/// Ends every connection of a company, as a restart of the server or a firewall does.
async fn end_connections(client: &Client) {
    let pool = client.company.database.writer().get_postgres_connection_pool();
    let mut held = Vec::new();
    while let Some(connection) = pool.try_acquire() {
        held.push(connection);
    }
    let mut ids = Vec::new();
    for connection in &mut held {
        // One that was ended before may not have been found out.
        if let Ok(row) = connection.fetch_one("SELECT pg_backend_pid()").await {
            ids.push(row.get::<i32, _>(0).to_string());
        }
    }
    drop(held);
    let other = connect(&client.database.url()).await;
    for id in ids {
        let end = format!("SELECT pg_terminate_backend({id}, 5000)");
        other.execute_unprepared(&end).await.unwrap();
    }
    other.close().await.unwrap();
}

#[tokio::test]
async fn ended_connections_are_replaced() {
    let Some(client) = Client::postgres().await else { return };
    let id = client.create("Region", json!({ "code": "R1", "name": "一" })).await;
    let change = format!(
        "mutation {{ updateRegion(id: \"{id}\", patch: {{name: \"二\"}}) {{ record {{ name }} userErrors {{ code }} }} }}"
    );
    let history = format!(
        "{{ region(id: \"{id}\") {{ history(first: 3) {{ nodes {{ changes {{ field }} }} }} }} }}"
    );
    let asked = [
        "{ regions(first: 1) { totalCount nodes { code } } }",
        "{ regionAggregate { count } }",
        "{ regions(search: \"一\") { totalCount } }",
        &history,
        &change,
    ];
    for query in asked {
        end_connections(&client).await;
        let answer = client.ask(query, json!({})).await;
        assert!(answer.body.get("errors").is_none(), "{query}: {:#}", answer.body);
    }
    end_connections(&client).await;
    client.metadata("{ objects { name } }", json!({})).await;
    end_connections(&client).await;
    assert_eq!(client.send(login()).await.0, 200);
    end_connections(&client).await;
    assert_eq!(client.send(ready()).await.0, 200);
}
