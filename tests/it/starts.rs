//! How the program starts, and what it says where it cannot: databases of others, addresses that are taken or
//! odd, a second server on a file, a demo that was interrupted, and what its log tells.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    path::Path,
    process::{Command, Stdio},
};

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::{Value, json};

use crate::{
    program::{PASSWORD, Server, add_administrator, connect, folder, program, run, sign_in},
    support::TestDatabase,
};

#[tokio::test]
async fn databases_of_others_are_left_alone() {
    let home = TestDatabase::sqlite();
    let folder = folder(&home);
    std::fs::create_dir_all(folder).unwrap();
    let url = format!("sqlite://{}/others.db", folder.display());
    let others = connect(&format!("{url}?mode=rwc")).await;
    others.execute_unprepared("CREATE TABLE customer (id INTEGER)").await.unwrap();
    others.close().await.unwrap();
    let bytes = std::fs::read(folder.join("others.db")).unwrap();
    for words in [&["serve", "--listen", "127.0.0.1:0"][..], &["migrate"]] {
        let (done, text) = run(folder, &[words, &["--database-url", &url]].concat());
        assert!(!done && text.contains("STORAGE_FOREIGN") && text.contains("`customer`"), "{text}");
        assert!(text.contains("others.db"), "{text}");
    }
    assert_eq!(std::fs::read(folder.join("others.db")).unwrap(), bytes);
    std::fs::write(folder.join("letter.db"), "Dear reader, this is no database at all.").unwrap();
    for (url, expected) in [
        ("sqlite://letter.db", "not a SQLite database"),
        ("sqlite://.", "is a folder"),
        ("sqlite://", "names no file"),
        ("sqlite::memory:", "names no file"),
    ] {
        let (done, text) = run(folder, &["migrate", "--database-url", url]);
        assert!(!done && text.contains(expected) && !text.contains("INTERNAL"), "{url}: {text}");
    }
    let Some(server) = TestDatabase::postgres().await else { return };
    let others = connect(&server.url()).await;
    others.execute_unprepared("CREATE TABLE customer (id int)").await.unwrap();
    let (done, text) = run(folder, &["migrate", "--database-url", &server.url()]);
    assert!(!done && text.contains("STORAGE_FOREIGN") && text.contains("`customer`"), "{text}");
    // Away with it, and there is nothing against this one.
    others.execute_unprepared("DROP TABLE customer").await.unwrap();
    others.close().await.unwrap();
    let (done, text) = run(folder, &["migrate", "--database-url", &server.url()]);
    assert!(done, "{text}");
}

#[test]
fn mistakes_are_told_in_words_and_at_once() {
    let home = TestDatabase::sqlite();
    let folder = folder(&home);
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let traced = |words: &[&str]| {
        let output = program(folder, words).env("RUST_BACKTRACE", "1").output().unwrap();
        assert!(!output.status.success(), "{words:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    // Before the demo is loaded.
    let text = traced(&["serve", "--demo", "--listen", &format!("localhost:{port}")]);
    assert!(text.contains("cannot listen on 127.0.0.1") && !text.contains("backtrace"), "{text}");
    assert!(!folder.join("data").exists());
    let text = traced(&["migrate", "--database-url", "postgres://nobody:secret@127.0.0.1:1/x"]);
    assert!(text.contains("127.0.0.1:1/x") && text.contains("refused"), "{text}");
    assert!(!text.contains("secret") && !text.contains("timed out"), "{text}");
}

/// Not even its tables are brought up to what a newer program wants.
#[tokio::test]
async fn a_file_that_is_served_is_left_as_it_is() {
    let home = TestDatabase::sqlite();
    let folder = folder(&home);
    add_administrator(folder, "sqlite://t.db");
    let first = Server::start(folder, "sqlite://t.db");
    let database = connect(&format!("sqlite://{}/t.db", folder.display())).await;
    let newest =
        "DELETE FROM seaql_migrations WHERE version = (SELECT max(version) FROM seaql_migrations)";
    assert_eq!(database.execute_unprepared(newest).await.unwrap().rows_affected(), 1);
    let applied = async || {
        let all = Statement::from_string(DbBackend::Sqlite, "SELECT version FROM seaql_migrations");
        database.query_all_raw(all).await.unwrap().len()
    };
    let before = applied().await;
    let words = ["serve", "--listen", "127.0.0.1:0", "--database-url", "sqlite://t.db"];
    let (done, text) = run(folder, &words);
    assert!(!done && text.contains("already serves the file"), "{text}");
    assert_eq!(applied().await, before);
    first.kill();
}

#[test]
fn a_second_server_on_a_file_is_refused() {
    let home = TestDatabase::sqlite();
    let folder = folder(&home);
    let url = "sqlite://t.db";
    add_administrator(folder, url);
    let first = Server::start(folder, url);
    let words = ["serve", "--listen", "127.0.0.1:0", "--database-url", url];
    let (done, text) = run(folder, &words);
    assert!(!done && text.contains("already serves the file") && text.contains("t.db"), "{text}");
    // Other commands work meanwhile.
    let mut child =
        program(folder, &["user", "add", "second", "--password-stdin", "--database-url", url])
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
    writeln!(child.stdin.take().unwrap(), "{PASSWORD}").unwrap();
    assert!(child.wait_with_output().unwrap().status.success());
    sign_in(&first);
    // A server that is killed leaves nothing behind that keeps the next one away.
    first.kill();
    sign_in(&Server::start(folder, url));
}

fn demo(folder: &Path) -> Command {
    let words = ["serve", "--demo", "--listen", "127.0.0.1:0", "--database-url", "sqlite://t.db"];
    let mut command = program(folder, &words);
    command.stderr(Stdio::null());
    command
}

fn signs_in(server: &Server, account: &str, password: &str) -> bool {
    let login = json!({ "account": account, "password": password });
    server.post("/auth/login", None, &login).unwrap()["accessToken"].is_string()
}

#[test]
fn a_demo_that_was_interrupted_is_loaded_again() {
    let home = TestDatabase::sqlite();
    let folder = folder(&home);
    let mut child = demo(folder).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    lines.find(|line| line.as_ref().unwrap().contains("40 %")).unwrap().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    // The administrator made before keeps their own password.
    let words = ["user", "add", "admin", "--administrator", "--password-stdin", "--database-url"];
    let mut child = program(folder, &[&words[..], &["sqlite://t.db"]].concat())
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{PASSWORD}").unwrap();
    assert!(child.wait_with_output().unwrap().status.success());
    let server = Server::of(demo(folder));
    assert!(signs_in(&server, "admin", PASSWORD));
    assert!(signs_in(&server, "zhang", tradewind::demo::PASSWORD));
    let token = server
        .post("/auth/login", None, &json!({ "account": "admin", "password": PASSWORD }))
        .unwrap()["accessToken"]
        .as_str()
        .unwrap()
        .to_owned();
    let counted = server
        .post("/graphql", Some(&token), &json!({ "query": "{ customers { totalCount } }" }))
        .unwrap();
    assert!(counted["data"]["customers"]["totalCount"].as_u64().unwrap() > 10, "{counted}");
}

#[test]
fn the_log_tells_who_asked_for_what() {
    let home = TestDatabase::sqlite();
    let folder = folder(&home);
    add_administrator(folder, "sqlite://t.db");
    let words = ["serve", "--listen", "127.0.0.1:0", "--database-url", "sqlite://t.db"];
    let mut command = program(folder, &words);
    let log = std::fs::File::create(folder.join("log")).unwrap();
    command.env("TRADEWIND_LOG_FORMAT", "json").stderr(log);
    let server = Server::of(command);
    let token = sign_in(&server);
    let good = json!({ "query": "query Regions { regions { totalCount } }" });
    server.post("/graphql", Some(&token), &good).unwrap();
    let bad = json!({ "query": "query Wrong { nonsense }" });
    server.post("/graphql", Some(&token), &bad).unwrap();
    server.post("/graphql", Some("x.y.z"), &good).unwrap();
    server.kill();
    let log = std::fs::read_to_string(folder.join("log")).unwrap();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |message: &str, key: &str, value: &str| {
        lines
            .iter()
            .map(|line| (&line["level"], &line["fields"]))
            .find(|(_, fields)| fields["message"] == message && fields[key] == value)
            .unwrap_or_else(|| panic!("no {message} with {key} {value} in {log}"))
    };
    let started = of("started", "database", "sqlite://t.db").1;
    assert!(started["version"].is_string() && started["address"].is_string(), "{started}");
    let (level, good) = of("request", "operation", "Regions");
    assert_eq!((level, &good["account"]), (&json!("INFO"), &json!("chef")));
    assert!(good["duration_ms"].is_u64() && good["address"] == "127.0.0.1", "{good}");
    assert_eq!(of("request refused", "operation", "Wrong").1["refused"], "INPUT_INVALID");
    let (level, _) = of("request refused", "refused", "AUTH_TOKEN_INVALID");
    assert_eq!(level, "INFO");
    assert!(lines.iter().all(|line| line["level"] != "ERROR"), "{log}");
}

#[test]
fn the_demo_s_password_is_not_for_everybody() {
    let home = TestDatabase::sqlite();
    let folder = folder(&home);
    let url = "sqlite://t.db";
    let server = Server::of(demo(folder));
    let login = json!({ "account": "admin", "password": "tradewind-demo" });
    let tokens = server.post("/auth/login", None, &login).unwrap();
    let token = tokens["accessToken"].as_str().unwrap();
    let rename = r#"mutation { updateOperators(filter: {account: {eq: "li"}}, patch: {account: "li2"}, atMost: 1) { count } }"#;
    let renamed = server.post("/graphql", Some(token), &json!({ "query": rename })).unwrap();
    assert_eq!(renamed["data"]["updateOperators"]["count"], 1, "{renamed}");
    server.kill();
    let public = &["serve", "--listen", "0.0.0.0:0", "--database-url", url][..];
    let (done, text) = run(folder, public);
    assert!(!done && text.contains("admin") && text.contains("wang"), "{text}");
    let give = |account: &str| {
        let words = ["user", "passwd", account, "--password-stdin", "--database-url", url];
        let mut child = program(folder, &words).stdin(Stdio::piped()).spawn().unwrap();
        writeln!(child.stdin.take().unwrap(), "{PASSWORD}").unwrap();
        child.wait_with_output().unwrap().status.success()
    };
    let accounts = text.split("knows: ").nth(1).unwrap().split(';').next().unwrap();
    let accounts: Vec<_> = accounts.split(", ").collect();
    assert!(accounts.len() > 10, "{accounts:?}");
    for account in &accounts {
        let (done, text) = run(folder, public);
        assert!(!done && text.contains(account), "{text}");
        assert!(give(account), "{account}");
    }
    drop(Server::of(program(folder, public)));
}
