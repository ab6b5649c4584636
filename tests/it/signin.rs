//! Sign-in as people meet it at the front door: sessions, passwords, keys for programs, and the trail of it all.

use axum::{
    body::{Body, to_bytes},
    http::{Request, header},
};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::{
    both_dbs,
    support::{Client, PASSWORD, office::Office},
};

both_dbs! {
    people_look_after_their_sessions
    a_page_stays_signed_in_by_its_cookie
    what_ended_long_ago_is_removed
    a_new_password_ends_other_sessions
    administrators_look_after_sign_ins
    keys_act_with_their_own_roles
    keys_stay_within_their_account
    keys_end
    guesses_are_told_and_do_not_tell
    the_trail_is_for_administrators
}

const GOOD: &str = "a heron over the harbour";

async fn send(client: &Client, path: &str, token: Option<&str>, body: Value) -> (u16, Value) {
    let mut request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/graphql-response+json");
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let (status, body) = client.send(request.body(Body::from(body.to_string())).unwrap()).await;
    (status, serde_json::from_slice(&body).unwrap())
}

async fn login(client: &Client, account: &str, password: &str) -> (u16, Value) {
    send(client, "/auth/login", None, json!({ "account": account, "password": password })).await
}

async fn asked(client: &Client, token: &str, query: &str) -> Value {
    client.metadata_as(token, query, json!({})).await.data()
}

async fn code(client: &Client, token: &str, query: &str) -> String {
    let answer = client.metadata_as(token, query, json!({})).await;
    answer.codes().first().map(|code| (*code).to_owned()).unwrap_or_default()
}

/// Whether a token opens the door.
async fn holds(client: &Client, token: &str) -> bool {
    send(client, "/metadata", Some(token), json!({ "query": "{ version }" })).await.0 == 200
}

async fn make_key(client: &Client, token: &str, arguments: &str) -> Value {
    let query = format!(
        "mutation {{ createApiKey(expiresAt: \"2026-07-15T00:00:00Z\", {arguments}) {{
            apiKey {{ id name roles expiresAt createdAt lastUsedAt prefix }} secret }} }}"
    );
    asked(client, token, &query).await["createApiKey"].clone()
}

async fn people_look_after_their_sessions(client: &Client) {
    let (here, there) = (client.token("nobody").await, client.token("nobody").await);
    let listed =
        asked(client, &here, "{ sessions { nodes { id createdAt lastUsedAt current } } }").await;
    let sessions = listed["sessions"]["nodes"].as_array().unwrap();
    assert_eq!(sessions.len(), 2);
    assert_eq!(sessions.iter().filter(|session| session["current"] == true).count(), 1);
    assert_eq!(sessions[0]["createdAt"], "2026-06-15T02:00:00Z");
    let other = sessions.iter().find(|session| session["current"] == false).unwrap();
    let revoke = format!("mutation {{ revokeSession(id: {}) }}", other["id"]);
    // Another person cannot, and learns nothing.
    let admin = client.token("admin").await;
    assert_eq!(code(client, &admin, &revoke).await, "RECORD_NOT_FOUND");
    assert!(holds(client, &there).await);
    assert_eq!(asked(client, &here, &revoke).await["revokeSession"], true);
    assert!(!holds(client, &there).await && holds(client, &here).await);
    assert_eq!(code(client, &here, &revoke).await, "RECORD_NOT_FOUND");
    assert_eq!(code(client, &here, "mutation { revokeSession(id: \"x\") }").await, "INPUT_VALUE");
    let (status, _) = send(client, "/auth/logout", Some(&here), json!({})).await;
    assert_eq!(status, 200);
    assert!(!holds(client, &here).await);
}

/// What a page of the server gets, with the cookie that it has: status, body, and the cookie as it is set.
async fn from_page(
    client: &Client,
    path: &str,
    (cookie, token): (&str, &str),
    body: Value,
) -> (u16, Value, Option<String>) {
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::HOST, "crm.example.com")
        .header(header::ORIGIN, "https://crm.example.com")
        .header(header::COOKIE, format!("theme=dark; {cookie}"))
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .body(Body::from(body.to_string()));
    let response = client.router.clone().oneshot(request.unwrap()).await.unwrap();
    let set = response.headers().get(header::SET_COOKIE);
    let set = set.map(|line| line.to_str().unwrap().to_owned());
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap(), set)
}

/// The name and the value of a cookie, as a browser sends them.
fn pair(cookie: &str) -> &str {
    cookie.split(';').next().unwrap()
}

async fn a_page_stays_signed_in_by_its_cookie(client: &Client) {
    let sign_in =
        json!({ "account": "nobody", "password": PASSWORD, "cookie": true, "stay": true });
    let renew = json!({ "cookie": true });
    let (status, body, first) = from_page(client, "/auth/login", ("", "-"), sign_in.clone()).await;
    let first = first.unwrap();
    assert_eq!((status, body.as_object().unwrap().len()), (200, 2), "{body}");
    assert!(holds(client, body["accessToken"].as_str().unwrap()).await);
    let (value, attributes) = first.split_once("; ").unwrap();
    assert!(value.starts_with("tw_refresh=s."), "{value}");
    assert_eq!(attributes, "HttpOnly; SameSite=Strict; Path=/auth; Secure; Max-Age=2592000");
    // Two windows renew it at once: both are signed in, and both get the same cookie, which stays.
    let mut second = Vec::new();
    for _ in 0..2 {
        let (status, body, set) =
            from_page(client, "/auth/refresh", (pair(&first), "-"), renew.clone()).await;
        assert_eq!(status, 200, "{body}");
        assert!(body.get("refreshToken").is_none());
        assert!(holds(client, body["accessToken"].as_str().unwrap()).await);
        second.push(set.unwrap());
    }
    assert!(second[0] == second[1] && second[0] != first && second[0].ends_with(attributes));
    // The token in it is like any other: who brings a copy later ends the session.
    client.world.advance(std::time::Duration::from_secs(31));
    let used = (pair(&first), "-");
    let (status, body, set) = from_page(client, "/auth/refresh", used, renew.clone()).await;
    let refused = &body["errors"][0]["extensions"]["code"];
    assert_eq!((status, refused), (401, &json!("AUTH_TOKEN_INVALID")));
    // The refusal leaves the cookie: another window may have got one of the same name meanwhile.
    assert_eq!(set, None);
    let (status, ..) =
        from_page(client, "/auth/refresh", (pair(&second[0]), "-"), renew.clone()).await;
    assert_eq!(status, 401);

    // A link signs in by a cookie as well, here for this run of the browser.
    let link =
        client.metadata("mutation { createSignInLink(account: \"nobody\") { token } }", json!({}));
    let token = link.await["createSignInLink"]["token"].clone();
    let body = json!({ "token": token, "password": GOOD, "cookie": true });
    let (status, body, set) = from_page(client, "/auth/password", ("", "-"), body).await;
    let set = set.unwrap();
    assert_eq!((status, set.contains("Max-Age")), (200, false), "{body}");
    let (_, body, set) = from_page(client, "/auth/refresh", (pair(&set), "-"), renew.clone()).await;
    let (token, set) = (body["accessToken"].as_str().unwrap(), set.unwrap());
    assert!(!set.contains("Max-Age"), "{set}");
    // Signing out ends the session and takes the cookie.
    let (status, _, gone) = from_page(client, "/auth/logout", (pair(&set), token), json!({})).await;
    assert_eq!(status, 200);
    assert!(gone.unwrap().ends_with("Max-Age=0"));
    let (status, ..) = from_page(client, "/auth/refresh", (pair(&set), "-"), renew).await;
    assert!(status == 401 && !holds(client, token).await);
}

async fn what_ended_long_ago_is_removed(client: &Client) {
    let (over, kept) = (client.token("nobody").await, client.token("nobody").await);
    let (status, _) = send(client, "/auth/logout", Some(&over), json!({})).await;
    assert_eq!(status, 200);
    let identity = &client.company.identity;
    assert_eq!(identity.purge().await.unwrap(), 0);
    client.world.advance(std::time::Duration::from_hours(25));
    assert_eq!(identity.purge().await.unwrap(), 1);
    // One that can still be renewed is not over.
    client.world.advance(std::time::Duration::from_hours(24 * 40));
    assert!(identity.purge().await.unwrap() >= 1);
    assert!(!holds(client, &over).await && !holds(client, &kept).await);
}

async fn a_new_password_ends_other_sessions(client: &Client) {
    let (here, there) = (client.token("nobody").await, client.token("nobody").await);
    let change = |current: &str, new: &str| {
        format!("mutation {{ changePassword(current: \"{current}\", new: \"{new}\") }}")
    };
    assert_eq!(code(client, &here, &change("wrong one", GOOD)).await, "AUTH_BAD_CREDENTIALS");
    let request = Request::post("/metadata")
        .header(header::AUTHORIZATION, format!("Bearer {here}"))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT_LANGUAGE, "zh")
        .body(Body::from(json!({ "query": change(PASSWORD, "password1234") }).to_string()));
    let (_, body) = client.send(request.unwrap()).await;
    let body: Value = serde_json::from_slice(&body).unwrap();
    let error = &body["errors"][0];
    assert_eq!(error["message"], "密码太容易被猜到");
    assert_eq!(error["extensions"]["code"], "AUTH_PASSWORD_WEAK");
    assert_eq!(error["extensions"]["path"], json!(["new"]));
    assert!(error["extensions"]["hint"].as_str().unwrap().contains("密码"), "{body:#}");
    assert!(holds(client, &there).await);
    assert_eq!(asked(client, &here, &change(PASSWORD, GOOD)).await["changePassword"], true);
    assert!(holds(client, &here).await && !holds(client, &there).await);
    assert_eq!(login(client, "nobody", PASSWORD).await.0, 401);
    assert_eq!(login(client, "nobody", GOOD).await.0, 200);
}

async fn administrators_look_after_sign_ins(client: &Client) {
    let admin = client.token("admin").await;
    let token = client.token("nobody").await;
    for query in [
        "{ accountSessions(account: \"admin\") { nodes { id } } }",
        "mutation { revokeSessions(account: \"admin\") }",
        "mutation { unlockAccount(account: \"admin\") }",
        "{ apiKeys(account: \"admin\") { nodes { id } } }",
        "mutation { createApiKey(name: \"x\", roles: [\"administrator\"], account: \"admin\", expiresAt: \"2026-07-15T00:00:00Z\") { secret } }",
    ] {
        assert_eq!(code(client, &token, query).await, "ACCESS_DENIED", "{query}");
    }
    // Who may define rights looks after others, but not after administrators, and acts as nobody else.
    let definer =
        "code = \\\"definer\\\"\\nlabel = \\\"x\\\"\\nlabel_en = \\\"x\\\"\\ncustomize = true";
    asked(
        client,
        &admin,
        &format!("mutation {{ saveRole(definition: \"{definer}\") {{ code }} }}"),
    )
    .await;
    let give = "mutation { assignRoles(account: \"nobody\", roles: [\"definer\"]) { roles } }";
    asked(client, &admin, give).await;
    for query in [
        "{ accountSessions(account: \"admin\") { nodes { id } } }",
        "mutation { revokeSessions(account: \"admin\") }",
        "mutation { unlockAccount(account: \"admin\") }",
        "{ apiKeys(account: \"admin\") { nodes { id } } }",
    ] {
        assert_eq!(code(client, &token, query).await, "ACCESS_DENIED", "{query}");
    }
    let other = client.company.add_operator("other", "Other", PASSWORD, false).await.unwrap();
    let theirs = client.token("other").await;
    let make = "mutation { createApiKey(name: \"x\", roles: [\"definer\"], account: \"other\", expiresAt: \"2026-07-15T00:00:00Z\") { secret } }";
    assert_eq!(code(client, &token, make).await, "ACCESS_DENIED");
    let listed =
        asked(client, &token, "{ accountSessions(account: \"Other\") { nodes { id current } } }")
            .await;
    assert_eq!(listed["accountSessions"]["nodes"].as_array().unwrap().len(), 1);
    assert_eq!(listed["accountSessions"]["nodes"][0]["current"], false);
    assert_eq!(
        asked(client, &token, "mutation { revokeSessions(account: \"other\") }").await["revokeSessions"],
        true
    );
    assert!(!holds(client, &theirs).await);
    assert!(client.company.identity.sessions_of(other).await.unwrap().is_empty());

    for _ in 0..5 {
        assert_eq!(login(client, "other", "guess").await.0, 401);
    }
    assert_eq!(login(client, "other", PASSWORD).await.0, 429);
    asked(client, &admin, "mutation { unlockAccount(account: \"other\") }").await;
    assert_eq!(login(client, "other", PASSWORD).await.0, 200);
}

/// A key and a sign-in of the same person, at the same instant: each sees what its own roles open.
async fn keys_act_with_their_own_roles(client: &Client) {
    let office = Office::open(client).await;
    let admin = client.token("admin").await;
    let zhang = client.token("zhang").await;
    let made = make_key(client, &admin, "name: \"all\", roles: [\"administrator\"]").await;
    let all = made["secret"].as_str().unwrap();
    let made = make_key(client, &admin, "name: \"less\", roles: [\"purchasing\"]").await;
    let less = made["secret"].as_str().unwrap();
    let made = make_key(
        client,
        &admin,
        "name: \"as zhang\", account: \"zhang\", roles: [\"salesperson\"]",
    )
    .await;
    let as_zhang = made["secret"].as_str().unwrap();
    assert_eq!(made["apiKey"]["roles"], json!(["salesperson"]));
    assert_eq!(made["apiKey"]["expiresAt"], "2026-07-15T00:00:00Z");
    assert_eq!(made["apiKey"]["lastUsedAt"], json!(null));
    assert!(as_zhang.starts_with(made["apiKey"]["prefix"].as_str().unwrap()));
    let count = "{ customers { totalCount nodes { code } } }";
    let seen = async |token: &str| {
        client.ask_as(token, count).await.body["data"]["customers"]["totalCount"].clone()
    };
    for _ in 0..2 {
        // In turn, so that what is remembered of one would show with the other.
        assert_eq!(seen(all).await, 4);
        assert_eq!(seen(less).await, json!(null));
        assert_eq!(seen(&admin).await, 4);
        assert_eq!(seen(as_zhang).await, seen(&zhang).await);
        assert_eq!(seen(as_zhang).await, 1);
    }
    // What it writes is written by the operator.
    let id = office.id("CZ");
    let write = format!(
        "mutation {{ updateCustomer(id: \"{id}\", patch: {{remark: \"by key\"}}) {{ record {{ updatedBy {{ account }} }} userErrors {{ code }} }} }}"
    );
    let written = client.ask_as(as_zhang, &write).await.data();
    assert_eq!(written["updateCustomer"]["userErrors"], json!([]), "{written}");
    let read = format!("{{ customer(id: \"{id}\") {{ updatedBy {{ account }} }} }}");
    assert_eq!(client.data(&read).await["customer"]["updatedBy"]["account"], "zhang");
    // Taken from the account, it is taken from the key with the next request.
    office.give("zhang", &[], &[]).await;
    assert_eq!(seen(as_zhang).await, json!(null));
    let listed = asked(
        client,
        &admin,
        "{ apiKeys(account: \"zhang\") { nodes { name roles lastUsedAt } } }",
    )
    .await;
    assert_eq!(
        listed["apiKeys"]["nodes"],
        json!([{ "name": "as zhang", "roles": ["salesperson"], "lastUsedAt": "2026-06-15T02:00:00Z" }])
    );
}

/// Fewer roles never give more: not what another role of the account walls off, nor its owner's rights to raise.
async fn keys_stay_within_their_account(client: &Client) {
    let office = Office::open(client).await;
    let admin = client.token("admin").await;
    let role = |text: &str| {
        let text = text.replace('"', "\\\"").replace('\n', "\\n");
        format!("mutation {{ saveRole(definition: \"{text}\") {{ code }} }}")
    };
    let buyer = "code = \"buyer\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Department\", \"Customer\"]\nactions = [\"read\"]\nopen = true";
    asked(client, &admin, &role(buyer)).await;
    let keeps = "code = \"keeps\"\nlabel = \"x\"\nlabel_en = \"x\"\nlines = [\"PURCHASING\"]\n[[grants]]\nobjects = [\"Department\"]\nactions = [\"read\"]\nopen = true\n[[fields]]\nobject = \"Department\"\nhidden = [\"parent\"]";
    asked(client, &admin, &role(keeps)).await;
    let definer = "code = \"definer\"\nlabel = \"x\"\nlabel_en = \"x\"\ncustomize = true";
    asked(client, &admin, &role(definer)).await;
    let give = "mutation { assignRoles(account: \"zhang\", roles: [\"buyer\", \"keeps\", \"definer\"]) { roles } }";
    asked(client, &admin, give).await;
    let zhang = client.token("zhang").await;
    let customers = "{ customers { totalCount } }";
    let walled = client.ask_as(&zhang, customers).await.body;
    let key = make_key(client, &zhang, "name: \"less\", roles: [\"buyer\"]").await;
    let secret = key["secret"].as_str().unwrap();
    assert_eq!(client.ask_as(secret, customers).await.body, walled, "walls hold for the key");
    assert_eq!(walled["errors"][0]["extensions"]["code"], "INPUT_INVALID");
    let parents = "{ departments { nodes { parent { code } } } }";
    let hidden = client.ask_as(secret, parents).await;
    assert_eq!(hidden.codes(), ["INPUT_INVALID"], "what one role hides of relations stays hidden");
    assert!(!office.id("CZ").is_empty());
    // Through a key nobody raises what the account holds, nor arranges who stands in.
    let key = make_key(client, &zhang, "name: \"defines\", roles: [\"definer\"]").await;
    let secret = key["secret"].as_str().unwrap();
    assert_eq!(code(client, secret, &role(buyer)).await, "ACCESS_DENIED");
    let other = role(&buyer.replace("buyer", "another"));
    assert_eq!(asked(client, secret, &other).await["saveRole"]["code"], "another");
    let stand_in = format!(
        "mutation {{ delegate(to: \"{}\", until: \"2026-07-01T00:00:00Z\") {{ id }} }}",
        office.id("li")
    );
    assert_eq!(code(client, secret, &stand_in).await, "AUTH_SESSION_REQUIRED");
    // The trail names the operator and the key.
    let trail = asked(
        client,
        &admin,
        "{ auditTrail(kind: RIGHTS, account: \"zhang\", first: 1) { nodes { account detail } } }",
    )
    .await;
    assert_eq!(trail["auditTrail"]["nodes"][0]["account"], "zhang");
    assert_eq!(trail["auditTrail"]["nodes"][0]["detail"]["byKey"], key["apiKey"]["id"]);
}

async fn keys_end(client: &Client) {
    let admin = client.token("admin").await;
    let key = make_key(client, &admin, "name: \"reports\", roles: [\"administrator\"]").await;
    let secret = key["secret"].as_str().unwrap().to_owned();
    assert!(holds(client, &secret).await);
    let id = key["apiKey"]["id"].as_str().unwrap();
    for query in [
        "mutation { createApiKey(name: \"x\", roles: [\"administrator\"], expiresAt: \"2026-07-15T00:00:00Z\") { secret } }".to_owned(),
        format!("mutation {{ revokeApiKey(id: \"{id}\") }}"),
        format!("mutation {{ changePassword(current: \"{PASSWORD}\", new: \"{GOOD}\") }}"),
        format!("mutation {{ revokeSession(id: \"{id}\") }}"),
        "mutation { revokeSessions(account: \"nobody\") }".to_owned(),
        "mutation { unlockAccount(account: \"nobody\") }".to_owned(),
    ] {
        assert_eq!(code(client, &secret, &query).await, "AUTH_SESSION_REQUIRED", "{query}");
    }
    let (status, body) = send(client, "/auth/logout", Some(&secret), json!({})).await;
    assert_eq!(
        (status, &body["errors"][0]["extensions"]["code"]),
        (403, &json!("AUTH_SESSION_REQUIRED"))
    );
    for (arguments, path) in [
        (
            "name: \"x\", roles: [\"nothing\"], expiresAt: \"2026-07-15T00:00:00Z\"",
            json!(["roles", "0"]),
        ),
        ("name: \"x\", roles: [\"administrator\"], expiresAt: \"tomorrow\"", json!(["expiresAt"])),
        (
            "name: \"x\", roles: [\"administrator\"], expiresAt: \"2026-06-15T02:00:00Z\"",
            json!(["expiresAt"]),
        ),
        (
            "name: \"x\", roles: [\"administrator\"], expiresAt: \"2027-06-18T00:00:00Z\"",
            json!(["expiresAt"]),
        ),
        (
            "name: \"x\", roles: [\"administrator\"], account: \"none\", expiresAt: \"2026-07-15T00:00:00Z\"",
            json!(["account"]),
        ),
    ] {
        let query = format!("mutation {{ createApiKey({arguments}) {{ secret }} }}");
        let answer = client.metadata_as(&admin, &query, json!({})).await;
        assert_eq!(answer.codes(), ["INPUT_VALUE"], "{query}");
        assert_eq!(answer.body["errors"][0]["extensions"]["path"], path, "{query}");
    }
    // Nobody revokes another's, nor learns that it is there.
    let nobody = client.token("nobody").await;
    let revoke = format!("mutation {{ revokeApiKey(id: \"{id}\") }}");
    assert_eq!(code(client, &nobody, &revoke).await, "RECORD_NOT_FOUND");
    let short = make_key(client, &admin, "name: \"short\", roles: [\"administrator\"]").await;
    assert_eq!(asked(client, &admin, &revoke).await["revokeApiKey"], true);
    assert!(!holds(client, &secret).await);
    assert_eq!(code(client, &admin, &revoke).await, "RECORD_NOT_FOUND");
    client.world.advance(std::time::Duration::from_hours(24 * 30));
    let (status, body) =
        send(client, "/metadata", short["secret"].as_str(), json!({ "query": "{ version }" }))
            .await;
    assert_eq!(
        (status, &body["errors"][0]["extensions"]["code"]),
        (401, &json!("AUTH_KEY_EXPIRED"))
    );
    let made_up = format!("{}_{}", short["apiKey"]["prefix"].as_str().unwrap(), "A".repeat(43));
    let (status, body) =
        send(client, "/metadata", Some(&made_up), json!({ "query": "{ version }" })).await;
    assert_eq!(
        (status, &body["errors"][0]["extensions"]["code"]),
        (401, &json!("AUTH_TOKEN_INVALID"))
    );
}

async fn guesses_are_told_and_do_not_tell(client: &Client) {
    let admin = client.token("admin").await;
    let (known, unknown) =
        (login(client, "nobody", "guess").await, login(client, "none", "guess").await);
    assert_eq!(known.0, unknown.0);
    let without_id = |mut body: Value| {
        body["errors"][0]["extensions"].as_object_mut().unwrap().remove("requestId");
        body
    };
    assert_eq!(without_id(known.1), without_id(unknown.1));
    for account in ["nobody", "none"] {
        for _ in 0..4 {
            assert_eq!(login(client, account, "guess").await.0, 401, "{account}");
        }
        for _ in 0..3 {
            assert_eq!(login(client, account, PASSWORD).await.0, 429, "{account}");
        }
    }
    let query = "{ failed: auditTrail(kind: SIGN_IN_FAILED) { nodes { account operator detail } }
        locked: auditTrail(kind: SIGN_IN_LOCKED, account: \"nobody\") { nodes { account operator detail } } }";
    let told = asked(client, &admin, query).await;
    let failed = told["failed"]["nodes"].as_array().unwrap();
    assert_eq!(failed.len(), 2, "{told:#}");
    for entry in failed {
        assert_eq!((&entry["detail"]["count"], &entry["operator"]), (&json!(5), &json!(null)));
    }
    assert!(failed.iter().any(|entry| entry["account"] == "nobody"));
    assert!(failed.iter().any(|entry| entry["account"].is_null()));
    assert_eq!(told["locked"]["nodes"].as_array().unwrap().len(), 1, "{told:#}");
    assert_eq!(told["locked"]["nodes"][0]["detail"]["count"], 3);
}

async fn the_trail_is_for_administrators(client: &Client) {
    let nobody = client.token("nobody").await;
    assert_eq!(code(client, &nobody, "{ auditTrail { nodes { id } } }").await, "ACCESS_DENIED");
    let admin = client.token("admin").await;
    send(client, "/auth/logout", Some(&nobody), json!({})).await;
    let query =
        "{ auditTrail(account: \"nobody\") { nodes { id at kind operator account detail } } }";
    let told = asked(client, &admin, query).await["auditTrail"]["nodes"].clone();
    let kinds: Vec<_> =
        told.as_array().unwrap().iter().map(|entry| entry["kind"].clone()).collect();
    // The newest first; the password was set from the command line, by nobody who is signed in.
    assert_eq!(kinds, ["SIGN_OUT", "SIGN_IN", "PASSWORD_CHANGED"]);
    assert_eq!((&told[2]["operator"], &told[2]["account"]), (&json!(null), &json!("nobody")));
    assert_eq!(told[1]["detail"]["session"], told[0]["detail"]["session"]);
    let page = format!(
        "{{ auditTrail(account: \"nobody\", first: 1, after: {}) {{ nodes {{ id }} }} }}",
        told[0]["id"]
    );
    assert_eq!(
        asked(client, &admin, &page).await["auditTrail"]["nodes"],
        json!([{ "id": told[1]["id"] }])
    );
}
