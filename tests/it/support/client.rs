//! A signed-in client of one company, speaking HTTP to its router.

use std::{sync::LazyLock, time::Duration};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, header},
};
use chrono::DateTime;
use chrono_tz::Asia::Shanghai;
use serde_json::{Value, json};
use tower::ServiceExt;
use tradewind::{
    app::{Server, Shared, Tuning},
    base::FixedWorld,
    company::Company,
    demo,
    graphql::{limits::Limits, records::LiveSettings},
    http::HttpSettings,
    identity::IdentitySettings,
    load_demo,
    storage::{Harms, PoolSettings},
};

use super::{TestDatabase, Told, template};

/// What the companies of all stories share.
static SHARED: LazyLock<Shared> = LazyLock::new(Shared::default);

pub(crate) const PASSWORD: &str = "correct horse battery";

/// 2026-06-15 10:00:00 in Shanghai: a clock that stands until it is moved, ids that count.
pub(super) fn world() -> FixedWorld {
    FixedWorld::new(DateTime::from_timestamp(1_781_488_800, 0).unwrap())
}

/// A company, its router and an administrator's token.
pub(crate) struct Client {
    pub(crate) server: Server,
    pub(crate) company: Company,
    pub(crate) router: Router,
    pub(crate) world: FixedWorld,
    token: String,
    // Last, so that the database goes after those who use it.
    pub(crate) database: TestDatabase,
}

/// The reply to one request.
#[derive(Debug)]
pub(crate) struct Answer {
    /// Without `extensions`.
    pub(crate) body: Value,
    /// What it cost, where an operation was executed.
    pub(crate) cost: Value,
    /// What of optional variables was left out.
    pub(crate) left: Value,
    /// Lists that go on beyond what is answered.
    pub(crate) more: Value,
}

impl Answer {
    fn read(body: &[u8]) -> Self {
        let mut body: Value = serde_json::from_slice(body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(body)));
        let extensions = body.as_object_mut().and_then(|body| body.remove("extensions"));
        let of = |name: &str| extensions.as_ref().map_or(Value::Null, |all| all[name].clone());
        let (cost, left, more) = (of("cost"), of("left"), of("more"));
        Self { body, cost, left, more }
    }

    /// The data of an answer without errors.
    #[track_caller]
    pub(crate) fn data(self) -> Value {
        assert!(self.body.get("errors").is_none(), "{:#}", self.body);
        self.body["data"].clone()
    }

    /// The codes of the errors.
    #[track_caller]
    pub(crate) fn codes(&self) -> Vec<&str> {
        let errors = self.body["errors"].as_array().unwrap_or_else(|| panic!("{:#}", self.body));
        errors.iter().map(|error| error["extensions"]["code"].as_str().unwrap()).collect()
    }
}

impl Client {
    pub(crate) async fn sqlite() -> Self {
        let world = world();
        let database = Box::pin(template::sqlite(&world)).await;
        Box::pin(Self::open(database, world)).await
    }

    pub(crate) async fn postgres() -> Option<Self> {
        let world = world();
        if let Some(database) = Box::pin(template::postgres(&world)).await {
            return Some(Box::pin(Self::open(database, world)).await);
        }
        let database = TestDatabase::postgres().await?;
        let company = server(&database, &world).await.company.clone();
        company.add_operator("admin", "Admin", PASSWORD, true).await.unwrap();
        company.add_operator("nobody", "Nobody", PASSWORD, false).await.unwrap();
        company.database.close().await.unwrap();
        Some(Box::pin(Self::open(database, world)).await)
    }

    async fn open(database: TestDatabase, world: FixedWorld) -> Self {
        let server = server(&database, &world).await;
        let company = server.company.clone();
        let router = server.router(HttpSettings::default());
        let token = sign_in(&router, "admin", PASSWORD).await;
        Self { server, company, router, world, token, database }
    }

    /// The demo company, signed in as its administrator.
    pub(crate) async fn demo(database: TestDatabase) -> Self {
        Box::pin(Self::loaded(database)).await
    }

    async fn loaded(database: TestDatabase) -> Self {
        let world = world();
        let server = server(&database, &world).await;
        let company = server.company.clone();
        assert!(load_demo::is_empty(&company).await.unwrap());
        let mut last = (0, 1);
        load_demo::load(&company, |done, all| last = (done, all)).await.unwrap();
        assert_eq!(last.0, last.1);
        assert!(!load_demo::is_empty(&company).await.unwrap());
        let router = server.router(HttpSettings::default());
        let token = sign_in(&router, "admin", demo::PASSWORD).await;
        Self { server, company, router, world, token, database }
    }

    /// The same company opened again, as after a restart.
    pub(crate) async fn restarted(self) -> Self {
        let Self { company, world, database, .. } = self;
        company.database.close().await.unwrap();
        let server = server(&database, &world).await;
        let company = server.company.clone();
        let router = server.router(HttpSettings::default());
        let token = sign_in(&router, "admin", PASSWORD).await;
        Self { server, company, router, world, token, database }
    }

    /// The company opened once more beside this one, as by a newly started program.
    pub(crate) async fn reopened(&self) -> Result<Server, tradewind::base::Error> {
        open(&self.database, &self.world, &Tuning::default()).await
    }

    /// Signs in as someone else.
    pub(crate) async fn token(&self, account: &str) -> String {
        sign_in(&self.router, account, PASSWORD).await
    }

    /// Sends any request.
    pub(crate) async fn send(&self, request: Request<Body>) -> (u16, Vec<u8>) {
        self.poster().send(request).await
    }

    /// Subscribes as someone, over server-sent events.
    pub(crate) async fn follow(&self, token: &str, query: &str, variables: Value) -> Told {
        let poster = Poster { router: self.router.clone(), token: token.to_owned() };
        poster.follow(query, variables).await
    }

    /// Subscribes to metadata as someone.
    pub(crate) async fn follow_metadata(&self, token: &str, query: &str, variables: Value) -> Told {
        let poster = Poster { router: self.router.clone(), token: token.to_owned() };
        poster.follow_at("/metadata", query, variables).await
    }

    /// The token that this client asks with.
    pub(crate) fn own_token(&self) -> String {
        self.token.clone()
    }

    /// Asks like this client, from another task.
    pub(crate) fn poster(&self) -> Poster {
        Poster { router: self.router.clone(), token: self.token.clone() }
    }

    /// The way of someone who signs in now.
    pub(crate) async fn poster_of(&self, account: &str) -> Poster {
        Poster { router: self.router.clone(), token: self.token(account).await }
    }

    /// The same of an account of the demo company.
    pub(crate) async fn demo_poster_of(&self, account: &str) -> Poster {
        let token = sign_in(&self.router, account, demo::PASSWORD).await;
        Poster { router: self.router.clone(), token }
    }

    pub(crate) async fn post(&self, path: &str, token: &str, body: Value) -> Answer {
        let poster = Poster { router: self.router.clone(), token: token.to_owned() };
        poster.post(path, body).await
    }
    /// A request with variables, as the administrator.
    pub(crate) async fn ask(&self, query: &str, variables: Value) -> Answer {
        self.post("/graphql", &self.token, json!({ "query": query, "variables": variables })).await
    }

    /// A request by another person.
    pub(crate) async fn ask_as(&self, token: &str, query: &str) -> Answer {
        self.post("/graphql", token, json!({ "query": query })).await
    }

    /// A request by another person with a header of its own.
    pub(crate) async fn ask_with(&self, token: &str, header: (&str, &str), query: &str) -> Answer {
        self.post_with("/graphql", token, header, query).await
    }

    /// The same at `/metadata`.
    pub(crate) async fn metadata_with(
        &self,
        token: &str,
        header: (&str, &str),
        query: &str,
    ) -> Answer {
        self.post_with("/metadata", token, header, query).await
    }

    async fn post_with(
        &self,
        path: &str,
        token: &str,
        header: (&str, &str),
        query: &str,
    ) -> Answer {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header.0, header.1)
            .body(Body::from(json!({ "query": query }).to_string()))
            .unwrap();
        let (_, body) = self.send(request).await;
        Answer::read(&body)
    }

    /// The data of a request that must succeed.
    pub(crate) async fn data(&self, query: &str) -> Value {
        self.ask(query, json!({})).await.data()
    }

    /// The data of a request at `/metadata` that must succeed.
    pub(crate) async fn metadata(&self, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables });
        self.post("/metadata", &self.token, body).await.data()
    }

    /// The same by another person, errors included.
    pub(crate) async fn metadata_as(&self, token: &str, query: &str, variables: Value) -> Answer {
        self.post("/metadata", token, json!({ "query": query, "variables": variables })).await
    }

    /// Applies a definition, new objects with their generated layouts, and gives the payload.
    pub(crate) async fn apply(&self, sdl: &str, dry_run: bool) -> Value {
        self.applied(sdl, dry_run, true).await
    }

    /// Applies a definition without layouts: only those who define objects use what it brings.
    pub(crate) async fn apply_without_pages(&self, sdl: &str) -> Value {
        self.applied(sdl, false, false).await
    }

    async fn applied(&self, sdl: &str, dry_run: bool, pages: bool) -> Value {
        let query = "mutation($sdl: String!, $dry: Boolean!, $pages: Boolean!) { applySchema(sdl: $sdl, dryRun: $dry, acceptLayouts: $pages) {
            version changes { kind object field risk } diagnostics { code path line column message hint } } }";
        let variables = json!({ "sdl": sdl, "dry": dry_run, "pages": pages });
        self.metadata(query, variables).await["applySchema"].clone()
    }

    /// Creates a record that must be accepted; its id.
    pub(crate) async fn create(&self, object: &str, input: Value) -> String {
        let payload = self.try_create(object, input.clone()).await;
        let id = payload["record"]["id"].as_str();
        id.unwrap_or_else(|| panic!("{object} {input}: {payload:#}")).to_owned()
    }

    /// Creates a record; the payload whatever it says.
    pub(crate) async fn try_create(&self, object: &str, input: Value) -> Value {
        let query = format!(
            "mutation($input: Create{object}Input!) {{ create{object}(input: $input) {{
                record {{ id version }} userErrors {{ code path message hint }} }} }}"
        );
        self.ask(&query, json!({ "input": input })).await.data()[format!("create{object}")].clone()
    }

    /// Updates a record; the payload whatever it says.
    pub(crate) async fn update(&self, object: &str, id: &str, patch: Value) -> Value {
        let query = format!(
            "mutation($id: ID!, $patch: Update{object}Input!) {{ update{object}(id: $id, patch: $patch) {{
                record {{ id version }} userErrors {{ code path message hint }} }} }}"
        );
        let answer = self.ask(&query, json!({ "id": id, "patch": patch })).await;
        answer.data()[format!("update{object}")].clone()
    }

    /// A department with its code as its name.
    pub(crate) async fn department(&self, code: &str) -> String {
        self.create("Department", json!({ "code": code, "name": code })).await
    }

    /// A customer of a department.
    pub(crate) async fn customer(&self, department: &str, code: &str, more: Value) -> String {
        let mut input = json!({ "code": code, "name": format!("客户 {code}"), "department": { "id": department } });
        if let (Some(input), Some(more)) = (input.as_object_mut(), more.as_object()) {
            input.extend(more.clone());
        }
        self.create("Customer", input).await
    }
}

/// One person's way to the router.
pub(crate) struct Poster {
    router: Router,
    token: String,
}

impl Poster {
    /// The way through any router, with a token of one's own.
    pub(crate) fn at(router: Router, token: &str) -> Self {
        Self { router, token: token.to_owned() }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> (u16, Vec<u8>) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        (status, to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec())
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/graphql-response+json")
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .body(Body::from(body.to_string()))
            .unwrap();
        let (_, body) = self.send(request).await;
        Answer::read(&body)
    }

    /// A request with variables.
    pub(crate) async fn ask(&self, query: &str, variables: Value) -> Answer {
        self.post("/graphql", json!({ "query": query, "variables": variables })).await
    }

    /// Subscribes over server-sent events.
    pub(crate) async fn follow(&self, query: &str, variables: Value) -> Told {
        self.follow_at("/graphql", query, variables).await
    }

    /// The same at an address.
    pub(crate) async fn follow_at(&self, path: &str, query: &str, variables: Value) -> Told {
        let body = json!({ "query": query, "variables": variables });
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "text/event-stream")
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .body(Body::from(body.to_string()))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
        Told::of(response.into_body())
    }
}

/// An administrator's way to a company whose statements may take so long.
pub(crate) async fn open_hurried(client: &Client, statement: Duration) -> Poster {
    let pool = PoolSettings { statement: Some(statement), ..PoolSettings::default() };
    open_tuned(client, &Tuning { pool, ..Tuning::default() }).await
}

/// An administrator's way to a company with one reading connection, whose requests may take so long.
pub(crate) async fn open_impatient(client: &Client, request: Duration) -> Poster {
    let pool = PoolSettings { most: 1, ..PoolSettings::default() };
    let tuning = Tuning { pool, ..Tuning::default() };
    let server = open(&client.database, &client.world, &tuning).await.unwrap();
    // It begins with the sign-in, which takes its time.
    let token = sign_in(&server.router(HttpSettings::default()), "admin", PASSWORD).await;
    let settings = HttpSettings { timeout: request, ..HttpSettings::default() };
    Poster { router: server.router(settings), token }
}

/// A company beside the client's, as in another process, that looks over subscriptions once an hour.
pub(crate) async fn open_unhurried(client: &Client) -> Router {
    let live = LiveSettings { recheck: Duration::from_hours(1), ..LiveSettings::default() };
    let tuning = Tuning { live, ..Tuning::default() };
    let server = open(&client.database, &client.world, &tuning).await.unwrap();
    server.router(HttpSettings::default())
}

/// An administrator's way to a company that does not tell its schema.
pub(crate) async fn open_closed(client: &Client) -> Poster {
    let limits = Limits { introspection: false, ..Limits::default() };
    open_tuned(client, &Tuning { limits, ..Tuning::default() }).await
}

/// A company over the same database whose statements come to harm, and an administrator's way to it.
pub(crate) async fn open_harmed(client: &Client, harms: Harms) -> (Company, Poster) {
    let pool = PoolSettings { most: 3, ..PoolSettings::default() };
    let database = tradewind::storage::open(&client.database.url(), pool).await.unwrap();
    let tuning = Tuning { identity: identity(), ..Tuning::default() };
    let env = client.world.env(Shanghai);
    let server =
        Server::over(database.harmed(harms), env, tuning, &Shared::default()).await.unwrap();
    let router = server.router(HttpSettings::default());
    let token = sign_in(&router, "admin", PASSWORD).await;
    (server.company, Poster { router, token })
}

/// A company beside the client's that is tuned otherwise, and an administrator's way to it.
pub(crate) async fn open_beside(client: &Client, tuning: &Tuning) -> (Company, Poster) {
    let server = open(&client.database, &client.world, tuning).await.unwrap();
    let router = server.router(HttpSettings::default());
    let token = sign_in(&router, "admin", PASSWORD).await;
    (server.company, Poster { router, token })
}

/// The same with locks of others and free connections waited for no longer than this.
pub(crate) async fn open_hasty(client: &Client, acquire: Duration) -> (Company, Poster) {
    let pool = PoolSettings { acquire, ..PoolSettings::default() };
    let tuning = Tuning { pool, ..Tuning::default() };
    let server = open(&client.database, &client.world, &tuning).await.unwrap();
    let router = server.router(HttpSettings::default());
    let token = sign_in(&router, "admin", PASSWORD).await;
    (server.company, Poster { router, token })
}

/// The router of a company that allows for so much.
pub(crate) async fn open_limited(client: &Client, limits: Limits) -> Router {
    let tuning = Tuning { limits, ..Tuning::default() };
    let server = open(&client.database, &client.world, &tuning).await.unwrap();
    server.router(HttpSettings::default())
}

/// An administrator's way to a company that is tuned otherwise.
pub(crate) async fn open_tuned(client: &Client, tuning: &Tuning) -> Poster {
    let server = open(&client.database, &client.world, tuning).await.unwrap();
    let router = server.router(HttpSettings::default());
    let token = sign_in(&router, "admin", PASSWORD).await;
    Poster { router, token }
}

/// An administrator's way to a copy of a company's database.
pub(crate) async fn open_copy(database: &TestDatabase, world: &FixedWorld) -> Poster {
    open_copy_as(database, world, "admin").await
}

/// Someone's way to a company over a copy.
pub(crate) async fn open_copy_as(
    database: &TestDatabase,
    world: &FixedWorld,
    account: &str,
) -> Poster {
    let router = server(database, world).await.router(HttpSettings::default());
    let token = sign_in(&router, account, PASSWORD).await;
    Poster { router, token }
}

pub(super) async fn server(database: &TestDatabase, world: &FixedWorld) -> Server {
    open(database, world, &Tuning::default()).await.unwrap()
}

async fn open(
    database: &TestDatabase,
    world: &FixedWorld,
    changed: &Tuning,
) -> Result<Server, tradewind::base::Error> {
    let identity = identity();
    // Looks over often, so that no story waits for it, unless it is about what is told without.
    let usual = changed.live == LiveSettings::default();
    let recheck = if usual { Duration::from_millis(300) } else { changed.live.recheck };
    let live = LiveSettings { recheck, records: 50, ..LiveSettings::default() };
    let tuning = Tuning { identity, live, ..changed.clone() };
    Box::pin(Server::beside(&database.url(), world.env(Shanghai), tuning, &SHARED)).await
}

/// Passwords that are checked at once.
fn identity() -> IdentitySettings {
    IdentitySettings { hash_memory_kib: 64, hash_passes: 1, ..IdentitySettings::default() }
}

async fn sign_in(router: &Router, account: &str, password: &str) -> String {
    let body = json!({ "account": account, "password": password });
    let request = Request::post("/auth/login")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    body["accessToken"].as_str().unwrap_or_else(|| panic!("{body}")).to_owned()
}

/// What the `userErrors` of a payload say, each as its code and place: `RECORD_TAKEN lines.create.0.mark`.
pub(crate) fn told(payload: &Value) -> Vec<String> {
    let faults = payload["userErrors"].as_array().unwrap_or_else(|| panic!("{payload:#}"));
    let fault = |fault: &Value| {
        let path = fault["path"].as_array().unwrap().iter();
        let path: Vec<_> = path.map(|part| part.as_str().unwrap()).collect();
        format!("{} {}", fault["code"].as_str().unwrap(), path.join("."))
    };
    faults.iter().map(fault).collect()
}
