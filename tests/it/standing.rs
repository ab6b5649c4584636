//! Who may sign in no more is out at once, whatever they hold; and whose address a sign-in comes from.

use std::net::SocketAddr;

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{Request, header},
};
use serde_json::{Value, json};
use tower::ServiceExt;
use tradewind::http::HttpSettings;

use crate::{
    both_dbs,
    support::{Client, PASSWORD, Poster, office::Office, open_unhurried},
};

both_dbs! {
    who_is_disabled_is_out_at_once
    who_has_left_or_is_removed_is_out_at_once
    what_follows_ends_in_every_process
    the_last_administrator_stays
    addresses_are_those_of_clients
    strangers_behind_a_proxy_shut_nobody_out
    a_lost_answer_ends_nothing
}

async fn post(router: &Router, path: &str, token: Option<&str>, body: Value) -> (u16, Value) {
    from(router, "192.0.2.1", &[], path, token, body).await
}

async fn from(
    router: &Router,
    peer: &str,
    headers: &[(&str, &str)],
    path: &str,
    token: Option<&str>,
    body: Value,
) -> (u16, Value) {
    let mut request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/graphql-response+json")
        .extension(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 5000)));
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(body.to_string())).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap())
}

async fn login(router: &Router, account: &str, password: &str) -> (u16, Value) {
    post(router, "/auth/login", None, json!({ "account": account, "password": password })).await
}

async fn opens(router: &Router, token: &str) -> bool {
    post(router, "/metadata", Some(token), json!({ "query": "{ version }" })).await.0 == 200
}

async fn key(client: &Client, account: &str) -> String {
    let query = format!(
        "mutation {{ createApiKey(name: \"x\", account: \"{account}\", roles: [\"salesperson\"],
            expiresAt: \"2026-07-15T00:00:00Z\") {{ secret }} }}"
    );
    let made = client.metadata(&query, json!({})).await;
    made["createApiKey"]["secret"].as_str().unwrap().to_owned()
}

async fn operator(client: &Client, account: &str) -> String {
    let query = format!("{{ operator(account: \"{account}\") {{ id }} }}");
    client.data(&query).await["operator"]["id"].as_str().unwrap().to_owned()
}

async fn trail(client: &Client, kind: &str) -> Vec<Value> {
    let query = format!("{{ auditTrail(kind: {kind}) {{ nodes {{ account detail }} }} }}");
    let told = client.metadata(&query, json!({})).await;
    told["auditTrail"]["nodes"].as_array().unwrap().clone()
}

/// Everything that one person holds.
struct Held {
    access: String,
    refresh: String,
    key: String,
}

impl Held {
    async fn by(client: &Client, account: &str) -> Self {
        let (status, body) = login(&client.router, account, PASSWORD).await;
        assert_eq!(status, 200, "{body}");
        let text = |key: &str| body[key].as_str().unwrap().to_owned();
        let key = key(client, account).await;
        Self { access: text("accessToken"), refresh: text("refreshToken"), key }
    }

    /// Whether each opens a door: token, key, refresh.
    async fn opens(&self, router: &Router) -> [bool; 3] {
        let again = json!({ "refreshToken": self.refresh });
        let refreshed = post(router, "/auth/refresh", None, again).await.0 == 200;
        [opens(router, &self.access).await, opens(router, &self.key).await, refreshed]
    }
}

async fn who_is_disabled_is_out_at_once(client: &Client) {
    let _office = Office::open(client).await;
    let zhang = Held::by(client, "zhang").await;
    let there = client.reopened().await.unwrap().router(HttpSettings::default());
    assert_eq!(zhang.opens(&client.router).await, [true; 3]);
    assert!(opens(&there, &zhang.access).await && opens(&there, &zhang.key).await);
    let id = operator(client, "zhang").await;
    let done = client.update("Operator", &id, json!({ "status": "DISABLED" })).await;
    assert_eq!(done["userErrors"], json!([]));
    assert_eq!(zhang.opens(&client.router).await, [false; 3]);
    // A stranger learns no more than from a wrong password.
    let (status, right) = login(&client.router, "zhang", PASSWORD).await;
    let (_, wrong) = login(&client.router, "zhang", "guess").await;
    assert_eq!((status, &right["errors"][0]["message"]), (401, &wrong["errors"][0]["message"]));
    assert_eq!(right["errors"][0]["extensions"]["code"], "AUTH_BAD_CREDENTIALS");
    client.world.advance(std::time::Duration::from_secs(1));
    assert_eq!(zhang.opens(&there).await, [false; 3]);
    assert_eq!(
        trail(client, "ACCOUNT_CLOSED").await,
        [json!({ "account": "admin", "detail": { "of": "zhang", "why": "DISABLED" } })]
    );
    // Once let in again, zhang signs in anew; keys work again, what was ended does not.
    client.update("Operator", &id, json!({ "status": "ENABLED" })).await;
    assert_eq!(login(&client.router, "zhang", PASSWORD).await.0, 200);
    assert_eq!(zhang.opens(&client.router).await, [false, true, false]);
    assert_eq!(trail(client, "ACCOUNT_OPENED").await.len(), 1);
}

async fn who_has_left_or_is_removed_is_out_at_once(client: &Client) {
    let office = Office::open(client).await;
    let people = ["zhang", "li", "chen", "su"];
    let mut held = Vec::new();
    for account in people {
        held.push(Held::by(client, account).await);
    }
    let left = json!({ "status": "LEFT" });
    client.update("Employee", &office.id("zhang"), left.clone()).await;
    let many = format!(
        "mutation {{ updateEmployees(filter: {{id: {{in: [\"{}\", \"{}\"]}}}}, patch: {{status: LEFT}}, atMost: 2) {{ count }} }}",
        office.id("li"),
        office.id("wang")
    );
    client.data(&many).await;
    let chen = operator(client, "chen").await;
    let together = format!(
        "mutation @atomic {{ a: updateOperator(id: \"{chen}\", patch: {{status: DISABLED}}) {{ userErrors {{ code }} }} }}"
    );
    client.data(&together).await;
    let su = operator(client, "su").await;
    let remove =
        format!("mutation {{ deleteOperator(id: \"{su}\") {{ id userErrors {{ code }} }} }}");
    assert_eq!(client.data(&remove).await["deleteOperator"]["userErrors"], json!([]));
    for (account, held) in people.into_iter().zip(&held) {
        assert_eq!(held.opens(&client.router).await, [false; 3], "{account}");
        assert_eq!(login(&client.router, account, PASSWORD).await.0, 401, "{account}");
    }
    // On leave is not gone.
    client.update("Employee", &office.id("zheng"), json!({ "status": "ON_LEAVE" })).await;
    assert_eq!(login(&client.router, "zheng", PASSWORD).await.0, 200);
    let told = trail(client, "ACCOUNT_CLOSED").await;
    let mut why: Vec<_> = told
        .iter()
        .map(|entry| {
            format!("{} {}", entry["detail"]["of"], entry["detail"]["why"]).replace('"', "")
        })
        .collect();
    why.sort();
    assert_eq!(why, ["chen DISABLED", "li LEFT", "su DELETED", "wang LEFT", "zhang LEFT"]);
}

/// Nobody looks over these subscriptions for an hour: what ends them is told.
async fn what_follows_ends_in_every_process(client: &Client) {
    let office = Office::open(client).await;
    let here = open_unhurried(client).await;
    let there = open_unhurried(client).await;
    let query = "subscription { customerChanged { kind } }";
    let mut told = Vec::new();
    for router in [&here, &there] {
        for token in [&office.tokens["zhang"], &office.tokens["li"]] {
            told.push(Poster::at(router.clone(), token).follow(query, json!({})).await);
        }
    }
    let admin = Poster::at(here, &client.token("admin").await);
    let id = operator(client, "zhang").await;
    let disable = "mutation($id: ID!) { updateOperator(id: $id, patch: {status: DISABLED}) { userErrors { code } } }";
    admin.ask(disable, json!({ "id": id })).await.data();
    let leave = "mutation($id: ID!) { updateEmployee(id: $id, patch: {status: LEFT}) { userErrors { code } } }";
    admin.ask(leave, json!({ "id": office.id("li") })).await.data();
    for mut told in told {
        assert_eq!(told.end().await, ["AUTH_TOKEN_INVALID"]);
    }
    // A sign-out ends what its own process carries.
    let mut chen = Poster::at(there.clone(), &office.tokens["chen"]).follow(query, json!({})).await;
    assert_eq!(post(&there, "/auth/logout", Some(&office.tokens["chen"]), json!({})).await.0, 200);
    assert_eq!(chen.end().await, ["AUTH_TOKEN_INVALID"]);
}

async fn the_last_administrator_stays(client: &Client) {
    let office = Office::open(client).await;
    let admin = operator(client, "admin").await;
    let refused = |payload: &Value| payload["userErrors"][0]["code"] == "RECORD_LAST_ADMINISTRATOR";
    let disable = json!({ "status": "DISABLED" });
    assert!(refused(&client.update("Operator", &admin, disable.clone()).await));
    let delete =
        format!("mutation {{ deleteOperator(id: \"{admin}\") {{ userErrors {{ code }} }} }}");
    assert!(refused(&client.data(&delete).await["deleteOperator"]));
    let together = format!(
        "mutation @atomic {{ a: updateOperator(id: \"{admin}\", patch: {{name: \"x\"}}) {{ userErrors {{ code }} }}
            b: updateOperator(id: \"{admin}\", patch: {{status: DISABLED}}) {{ userErrors {{ code }} }} }}"
    );
    let done = client.data(&together).await;
    assert!(refused(&done["a"]) || refused(&done["b"]), "{done}");
    let name = client.data("{ operator(account: \"admin\") { name status } }").await;
    assert_eq!(name["operator"], json!({ "name": "Admin", "status": "ENABLED" }));
    let all = "mutation { updateOperators(filter: {account: {in: [\"admin\", \"zhang\"]}}, patch: {status: DISABLED}, atMost: 5) { count userErrors { code } } }";
    assert!(refused(&client.data(all).await["updateOperators"]));
    // An employee who has left is no administrator either.
    let patch = json!({ "employee": { "id": office.id("new") } });
    let new = operator(client, "new").await;
    client.update("Operator", &new, json!({ "employee": null })).await;
    client.update("Operator", &admin, patch).await;
    let left = json!({ "status": "LEFT" });
    assert!(refused(&client.update("Employee", &office.id("new"), left).await));
    let give = |account: &str, roles: &str| {
        format!("mutation {{ assignRoles(account: \"{account}\", roles: [{roles}]) {{ roles }} }}")
    };
    let take =
        client.metadata_as(&client.token("admin").await, &give("admin", ""), json!({})).await;
    assert_eq!(take.codes(), ["RECORD_LAST_ADMINISTRATOR"]);
    client.metadata(&give("zhang", "\"administrator\""), json!({})).await;
    assert_eq!(client.update("Operator", &admin, disable).await["userErrors"], json!([]));
    let zhang = client.token("zhang").await;
    let take = client.metadata_as(&zhang, &give("zhang", ""), json!({})).await;
    assert_eq!(take.codes(), ["RECORD_LAST_ADMINISTRATOR"]);
}

fn behind(client: &Client) -> Router {
    let proxies = vec!["10.0.0.0/8".parse().unwrap()];
    client.server.router(HttpSettings { proxies, ..HttpSettings::default() })
}

async fn addresses_are_those_of_clients(client: &Client) {
    let router = behind(client);
    let body = || json!({ "account": "nobody", "password": PASSWORD });
    let wrong = || json!({ "account": "nobody", "password": "guess" });
    let chain = [("x-forwarded-for", "198.51.100.9, 203.0.113.7")];
    let (status, _) = from(&router, "10.0.0.3", &chain, "/auth/login", None, body()).await;
    assert_eq!(status, 200);
    from(&router, "10.0.0.3", &chain, "/auth/login", None, wrong()).await;
    // Who is no proxy of ours says nothing that counts.
    from(&router, "192.0.2.4", &chain, "/auth/login", None, body()).await;
    let listed = "{ accountSessions(account: \"nobody\") { nodes { address } } }";
    let listed = client.metadata(listed, json!({})).await;
    let mut addresses: Vec<_> = listed["accountSessions"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|session| session["address"].as_str().unwrap())
        .collect();
    addresses.sort_unstable();
    assert_eq!(addresses, ["192.0.2.4", "203.0.113.7"]);
    let told = trail(client, "SIGN_IN").await;
    assert_eq!(told[1]["detail"]["address"], "203.0.113.7", "{told:?}");
    let told = trail(client, "SIGN_IN_FAILED").await;
    assert_eq!(told[0]["detail"]["addresses"], json!(["203.0.113.7"]));
}

async fn strangers_behind_a_proxy_shut_nobody_out(client: &Client) {
    // With the proxy known, each stranger counts separately; without, they all count as one.
    for router in [behind(client), client.router.clone()] {
        for n in 0..40 {
            let at = format!("203.0.113.{n}");
            let chain = [("x-forwarded-for", at.as_str())];
            let body = json!({ "account": format!("stranger{n}"), "password": "x" });
            from(&router, "10.0.0.3", &chain, "/auth/login", None, body).await;
        }
        let chain = [("x-forwarded-for", "198.51.100.1")];
        for _ in 0..2 {
            let body = json!({ "account": "admin", "password": PASSWORD });
            let (status, body) = from(&router, "10.0.0.3", &chain, "/auth/login", None, body).await;
            assert_eq!(status, 200, "{body}");
        }
    }
    // Here strangers had no part: a wrong password is answered as one.
    let chain = [("x-forwarded-for", "198.51.100.1")];
    let wrong = || json!({ "account": "nobody", "password": "x" });
    let known = from(&behind(client), "10.0.0.3", &chain, "/auth/login", None, wrong()).await;
    let unknown = from(&client.router, "10.0.0.3", &chain, "/auth/login", None, wrong()).await;
    assert_eq!((known.0, unknown.0), (401, 429));
}

async fn a_lost_answer_ends_nothing(client: &Client) {
    let there = client.reopened().await.unwrap().router(HttpSettings::default());
    let (_, first) = login(&client.router, "nobody", PASSWORD).await;
    let again = || json!({ "refreshToken": first["refreshToken"] });
    let mut at_once = Vec::new();
    for n in 0..8 {
        let router = if n % 2 == 0 { client.router.clone() } else { there.clone() };
        let body = again();
        at_once.push(tokio::spawn(async move { post(&router, "/auth/refresh", None, body).await }));
    }
    let mut given = Vec::new();
    for task in at_once {
        let (status, body) = task.await.unwrap();
        assert_eq!(status, 200, "{body}");
        given.push(body["refreshToken"].clone());
    }
    given.dedup();
    assert_eq!(given.len(), 1);
    client.world.advance(std::time::Duration::from_secs(29));
    let (_, late) = post(&there, "/auth/refresh", None, again()).await;
    assert_eq!(late["refreshToken"], given[0]);
    let access = late["accessToken"].as_str().unwrap();
    assert!(opens(&client.router, access).await);
    client.world.advance(std::time::Duration::from_secs(62));
    assert_eq!(post(&there, "/auth/refresh", None, again()).await.0, 401);
    assert_eq!(post(&client.router, "/auth/refresh", None, again()).await.0, 401);
    assert!(!opens(&client.router, access).await);
    let next = json!({ "refreshToken": given[0] });
    assert_eq!(post(&there, "/auth/refresh", None, next).await.0, 401);
    assert_eq!(trail(client, "REFRESH_REUSED").await.len(), 1);
}
