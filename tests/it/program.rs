//! The program as it is started: its commands, what it says when it cannot, and what a kill leaves behind.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection};
use serde_json::{Value, json};

use crate::support::TestDatabase;

const PROGRAM: &str = env!("CARGO_BIN_EXE_tradewind");

pub(crate) fn program(folder: &Path, words: &[&str]) -> Command {
    std::fs::create_dir_all(folder).unwrap();
    let mut command = Command::new(PROGRAM);
    command.args(words).current_dir(folder).stdout(Stdio::piped()).stderr(Stdio::piped());
    // Whatever the language of the terminal that the tests are started in.
    command.env("LC_ALL", "C");
    command
}

pub(crate) fn run(folder: &Path, words: &[&str]) -> (bool, String) {
    let Output { status, stdout, stderr } = program(folder, words).output().unwrap();
    let text = format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert!(!text.contains("panicked"), "{words:?}: {text}");
    (status.success(), text)
}

pub(crate) fn folder(database: &TestDatabase) -> &Path {
    match database {
        TestDatabase::Sqlite(folder) => folder,
        _postgres => Path::new("."),
    }
}

#[test]
fn commands_answer_or_say_why_not() {
    let database = TestDatabase::sqlite();
    let folder = folder(&database);
    for (words, expected) in [
        (&["--help"][..], "serve"),
        (&["--version"], "tradewind"),
        (&["config"], "database_url"),
        (&["schema", "print"], "type Customer implements Node"),
        (&["schema", "check"], "no faults"),
        (&["migrate"], "catalog version 1"),
        (&["migrate"], "catalog version 1"),
    ] {
        let (done, text) = run(folder, words);
        assert!(done && text.contains(expected), "{words:?}: {text}");
    }
    std::fs::write(folder.join("bad.graphql"), "type X @objekt { a: Strin }").unwrap();
    for (words, expected) in [
        (&["schema", "check", "bad.graphql"][..], "bad.graphql:1:8"),
        (&["schema", "check", "none.graphql"], "cannot read none.graphql"),
        (&["serv"], "unrecognized subcommand"),
        (&["migrate", "--database-url", "mysql://x"], "sqlite://… or postgres://…"),
        (
            &["migrate", "--database-url", "postgres://nobody:secret@127.0.0.1:1/x"],
            "STORAGE_UNAVAILABLE",
        ),
        (&["migrate", "--config", "none.toml"], "none.toml"),
        (&["serve", "--demo", "--listen", "0.0.0.0:0"], "127.0.0.1:8080"),
        (&["bench", "run", "--peer-documents", "."], "--peer <URL>"),
        (&["bench", "run", "--peer", "https://x/", "--peer-documents", "."], "speaks no TLS"),
        (&["bench", "run", "--peer", "http://x/", "--peer-documents", "none"], "folder `none`"),
        (&["user", "passwd", "nobody", "--password-stdin"], "there is no account `nobody`"),
    ] {
        let (done, text) = run(folder, words);
        assert!(!done && text.contains(expected), "{words:?}: {text}");
        assert!(!text.contains("secret"), "{text}");
    }
}

#[test]
fn a_chinese_terminal_is_answered_in_chinese() {
    let database = TestDatabase::sqlite();
    let folder = folder(&database);
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(folder.join("bad.graphql"), "type X @objekt { a: Strin }").unwrap();
    let told = |words: &[&str]| {
        let output = program(folder, words).env("LC_ALL", "zh_CN.UTF-8").output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        String::from_utf8_lossy(&text).into_owned()
    };
    for (words, expected) in [
        (&["--help"][..], "用法"),
        (&["schema", "check"], "没有"),
        (&["migrate"], "定义版本 1"),
        (&["schema", "check", "bad.graphql"], "bad.graphql:1:8"),
        (&["schema", "check", "none.graphql"], "无法读取"),
        (&["serv"], "错误"),
        (&["migrate", "--database-url", "mysql://x"], "其值无效；应为"),
        (&["migrate", "--database-url", "postgres://nobody:secret@127.0.0.1:1/x"], "无法"),
        (&["migrate", "--config", "none.toml"], "none.toml：无法读取"),
        (&["serve", "--demo", "--listen", "0.0.0.0:0"], "演示"),
        (&["bench", "run", "--peer-documents", "."], "缺少参数 `--peer <URL>`"),
        (&["bench", "run", "--peer", "http://x/", "--peer-documents", "none"], "文件夹 `none`"),
        (&["user", "passwd", "nobody", "--password-stdin"], "没有账号"),
    ] {
        let text = told(words);
        assert!(text.contains(expected), "{words:?}: {text}");
    }
}

#[test]
fn a_port_in_use_is_told() {
    let database = TestDatabase::sqlite();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (done, text) = run(folder(&database), &["serve", "--listen", &address]);
    assert!(!done && text.contains(&address) && text.contains("another server"), "{text}");
}

/// A running server, killed when dropped.
pub(crate) struct Server {
    pub(crate) child: Child,
    pub(crate) address: String,
}

impl Server {
    pub(crate) fn start(folder: &Path, url: &str) -> Self {
        let words = ["serve", "--listen", "127.0.0.1:0", "--database-url", url];
        let mut command = program(folder, &words);
        command.stderr(Stdio::null());
        Self::of(command)
    }

    /// What a command starts.
    pub(crate) fn of(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines
            .find_map(|line| line.unwrap().strip_prefix("GraphQL    http://").map(str::to_owned))
            .unwrap_or_else(|| panic!("the server ended"));
        // Whatever it says later must find a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address: address.trim_end_matches("/graphql").to_owned() }
    }

    /// One request by a plain socket; none when the server went away meanwhile.
    pub(crate) fn post(&self, path: &str, token: Option<&str>, body: &Value) -> Option<Value> {
        let reply = self.reply("POST", path, token, body)?;
        serde_json::from_str(reply.split_once("\r\n\r\n")?.1).ok()
    }

    /// The whole reply to a request, status and headers included.
    pub(crate) fn reply(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        body: &Value,
    ) -> Option<String> {
        let mut stream = std::net::TcpStream::connect(&self.address).ok()?;
        let body = body.to_string();
        let bearer =
            token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n{bearer}content-length: {}\r\n\r\n{body}",
            body.len()
        )
        .ok()?;
        let mut reply = String::new();
        std::io::Read::read_to_string(&mut stream, &mut reply).ok()?;
        Some(reply)
    }

    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

pub(crate) const PASSWORD: &str = "correct horse battery";

pub(crate) fn add_administrator(folder: &Path, url: &str) {
    let words =
        ["user", "add", "chef", "--administrator", "--password-stdin", "--database-url", url];
    let mut child = program(folder, &words).stdin(Stdio::piped()).spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "{PASSWORD}").unwrap();
    let done = child.wait_with_output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

pub(crate) fn sign_in(server: &Server) -> String {
    let login = json!({ "account": "chef", "password": PASSWORD });
    let tokens = server.post("/auth/login", None, &login).unwrap();
    tokens["accessToken"].as_str().unwrap_or_else(|| panic!("{tokens}")).to_owned()
}

fn definition(dry_run: bool) -> Value {
    let query = "mutation($sdl: String!, $dry: Boolean!) { applySchema(sdl: $sdl, dryRun: $dry) { version diagnostics { code message } } }";
    let sdl = include_str!("../cases/sample_loan.graphql");
    json!({ "query": query, "variables": { "sdl": sdl, "dry": dry_run } })
}

pub(crate) async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(2).sqlx_logging(false);
    Database::connect(options).await.unwrap()
}

async fn count(connection: &DatabaseConnection, sql: &str) -> i64 {
    let statement = sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, sql);
    connection.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

/// Asks again and again until it holds; gives up after half a minute.
async fn until(holds: impl AsyncFn() -> bool) {
    let asking = async {
        while !holds().await {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), asking).await.unwrap();
}

/// A definition is held up half-way by a lock, the server is killed there: nothing of it is left.
#[tokio::test(flavor = "multi_thread")]
async fn a_kill_between_tables_leaves_nothing() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let TestDatabase::Postgres { schema, .. } = &database else { return };
    let home = TestDatabase::sqlite();
    let (folder, url) = (folder(&home), database.url());
    add_administrator(folder, &url);
    let server = Server::start(folder, &url);
    let token = sign_in(&server);
    let watcher = connect(&url).await;
    let tables = format!("SELECT count(*) FROM pg_tables WHERE schemaname = '{schema}'");
    let before = count(&watcher, &tables).await;
    let versions = count(&watcher, "SELECT max(version) FROM tw_catalog").await;

    let holder = connect(&url).await;
    let lock = sea_orm::TransactionTrait::begin(&holder).await.unwrap();
    lock.execute_unprepared("LOCK TABLE customer IN SHARE ROW EXCLUSIVE MODE").await.unwrap();
    let (address, bearer) = (server.address.clone(), token.clone());
    let asked = std::thread::spawn(move || {
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        let body = definition(false).to_string();
        write!(stream, "POST /metadata HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nauthorization: Bearer {bearer}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).unwrap();
        std::io::Read::read_to_end(&mut stream, &mut Vec::new()).ok();
    });
    let waiting =
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'customer'::regclass";
    until(async || count(&watcher, waiting).await > 0).await;
    server.kill();
    asked.join().unwrap();
    lock.rollback().await.unwrap();
    // The database notices that its client is gone when it would answer it.
    until(async || count(&watcher, waiting).await == 0).await;
    let server = Server::start(folder, &url);
    let token = sign_in(&server);
    assert_eq!(count(&watcher, "SELECT max(version) FROM tw_catalog").await, versions);
    assert_eq!(count(&watcher, &tables).await, before);
    let applied = server.post("/metadata", Some(&token), &definition(false)).unwrap();
    assert_eq!(
        applied["data"]["applySchema"],
        json!({ "version": versions + 1, "diagnostics": [] }),
        "{applied}"
    );
    let asked = json!({ "query": "{ sampleLoans { totalCount } }" });
    let answer = server.post("/graphql", Some(&token), &asked).unwrap();
    assert_eq!(answer["data"]["sampleLoans"]["totalCount"], 0);
    holder.close().await.unwrap();
    watcher.close().await.unwrap();
}

#[test]
fn a_server_starts_on_an_empty_folder_and_again() {
    let database = TestDatabase::sqlite();
    let folder = folder(&database);
    add_administrator(folder, "sqlite://data/tradewind.db");
    for version in [2, 2] {
        let server = Server::start(folder, "sqlite://data/tradewind.db");
        let token = sign_in(&server);
        let dry = server.post("/metadata", Some(&token), &definition(true)).unwrap();
        assert_eq!(dry["data"]["applySchema"]["diagnostics"], json!([]), "{dry}");
        let applied = server.post("/metadata", Some(&token), &definition(false)).unwrap();
        assert_eq!(applied["data"]["applySchema"]["version"], version, "{applied}");
        server.kill();
    }
}
