//! How a confirmed colleague gets in: a link made by an administrator, a password of their own, and nothing twice.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Request, header},
};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::{
    both_dbs,
    program::connect,
    support::{Client, PASSWORD, office::Office, open_copy},
};

both_dbs! {
    a_confirmed_colleague_gets_in
    a_link_is_good_once_and_for_a_while
    links_are_for_administrators_to_make
    the_command_line_knows_confirmed_colleagues
    an_account_of_someone_removed_is_free
    a_sign_in_is_called_what_its_operator_is
    accounts_are_the_same_in_any_width
    names_of_colleagues_are_no_passwords
}

const GOOD: &str = "a heron over the harbour";

async fn post(client: &Client, path: &str, body: Value) -> (u16, Value) {
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .unwrap();
    let (status, body) = client.send(request).await;
    (status, serde_json::from_slice(&body).unwrap())
}

async fn login(client: &Client, account: &str, password: &str) -> u16 {
    post(client, "/auth/login", json!({ "account": account, "password": password })).await.0
}

async fn set_password(client: &Client, token: &Value, password: &str) -> (u16, Value) {
    post(client, "/auth/password", json!({ "token": token, "password": password })).await
}

fn code(body: &Value) -> &str {
    body["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
}

/// An employee who was confirmed as the operator of an account.
async fn confirmed(client: &Client, code: &str, account: &str) -> Value {
    let department = client.department(&format!("D{code}")).await;
    let input = json!({ "code": code, "name": "李雷", "department": { "id": department } });
    let employee = client.create("Employee", input).await;
    let query = format!(
        "mutation {{ confirmEmployee(employee: \"{employee}\", account: \"{account}\", systems: [SALES]) {{
            operator account roles hasPassword standing }} }}"
    );
    client.metadata(&query, json!({})).await["confirmEmployee"].clone()
}

async fn link(client: &Client, account: &str) -> Value {
    let query = format!(
        "mutation {{ createSignInLink(account: \"{account}\") {{ account token path expiresAt }} }}"
    );
    client.metadata(&query, json!({})).await["createSignInLink"].clone()
}

async fn a_confirmed_colleague_gets_in(client: &Client) {
    let known = confirmed(client, "E1", " NewBie ").await;
    assert_eq!(known["account"], "newbie");
    assert_eq!((&known["hasPassword"], &known["standing"]), (&json!(false), &json!("ACTIVE")));
    // Roles can be given before there is a password.
    let give = "mutation { assignRoles(account: \"newbie\", roles: [\"salesperson\"]) { account roles hasPassword } }";
    let given = client.metadata(give, json!({})).await["assignRoles"].clone();
    assert_eq!(
        given,
        json!({ "account": "newbie", "roles": ["salesperson"], "hasPassword": false })
    );
    assert_eq!(login(client, "newbie", GOOD).await, 401);
    let made = link(client, "Newbie").await;
    assert_eq!(
        (&made["account"], &made["expiresAt"]),
        (&json!("newbie"), &json!("2026-06-18T02:00:00Z"))
    );
    assert_eq!(made["path"], format!("/#link={}", made["token"].as_str().unwrap()));
    // A weak one is refused and leaves the link as it was.
    for weak in ["short", "newbie12345", "lilei123456", "tradewind-demo"] {
        let (status, body) = set_password(client, &made["token"], weak).await;
        assert_eq!(status, 400, "{weak}: {body}");
    }
    let (status, tokens) = set_password(client, &made["token"], GOOD).await;
    assert_eq!(status, 200, "{tokens}");
    let token = tokens["accessToken"].as_str().unwrap();
    let viewer = client.metadata_as(token, "{ viewer { account roles } }", json!({})).await.data();
    assert_eq!(viewer["viewer"], json!({ "account": "newbie", "roles": ["salesperson"] }));
    assert_eq!(login(client, "newbie", GOOD).await, 200);
    let listed = client.metadata("{ accounts { nodes { account hasPassword } } }", json!({})).await;
    let listed = listed["accounts"]["nodes"].as_array().unwrap();
    assert!(listed.contains(&json!({ "account": "newbie", "hasPassword": true })), "{listed:?}");
    let trail = client
        .metadata("{ auditTrail(first: 20) { nodes { kind account detail } } }", json!({}))
        .await;
    let of = |kind: &str| {
        let all = trail["auditTrail"]["nodes"].as_array().unwrap();
        all.iter().find(|entry| entry["kind"] == kind).unwrap_or(&Value::Null).clone()
    };
    assert_eq!(
        (&of("LINK_MADE")["account"], &of("LINK_MADE")["detail"]["of"]),
        (&json!("admin"), &json!("newbie"))
    );
    assert_eq!(of("LINK_USED")["account"], "newbie");
    assert!(!trail.to_string().contains(made["token"].as_str().unwrap()));
}

async fn a_link_is_good_once_and_for_a_while(client: &Client) {
    confirmed(client, "E1", "newbie").await;
    let first = link(client, "newbie").await;
    let second = link(client, "newbie").await;
    let third = link(client, "newbie").await;
    for bad in [&first["token"], &second["token"], &json!("twl_x_y"), &json!(""), &json!("tw_1")] {
        let (status, body) = set_password(client, bad, GOOD).await;
        assert_eq!((status, code(&body)), (401, "AUTH_TOKEN_INVALID"), "{bad}");
    }
    // Of several at once one wins.
    let uses = (0..4).map(|n| {
        let (poster, token) = (client.poster(), third["token"].clone());
        tokio::spawn(async move {
            let body = json!({ "token": token, "password": format!("{GOOD} {n}") });
            poster.post("/auth/password", body).await.body.get("accessToken").is_some()
        })
    });
    let mut won = 0;
    for one in uses.collect::<Vec<_>>() {
        won += usize::from(one.await.unwrap());
    }
    assert_eq!(won, 1);
    assert_eq!(set_password(client, &third["token"], GOOD).await.0, 401);
    // For whoever has forgotten their password too; what they are signed in with ends.
    let nobody = client.token("nobody").await;
    let late = link(client, "nobody").await;
    client.world.advance(Duration::from_hours(72));
    assert_eq!(set_password(client, &late["token"], GOOD).await.0, 401);
    let admin = client.token("admin").await;
    let query = "mutation { createSignInLink(account: \"nobody\") { token } }";
    let made = client.metadata_as(&admin, query, json!({})).await.data();
    let (status, _) = set_password(client, &made["createSignInLink"]["token"], GOOD).await;
    assert_eq!(status, 200);
    let old = client.metadata_as(&nobody, "{ version }", json!({})).await;
    assert!(!old.codes().is_empty());
    assert_eq!(
        (login(client, "nobody", PASSWORD).await, login(client, "nobody", GOOD).await),
        (401, 200)
    );
    // A link of one who may sign in no more is none.
    let made = client.metadata_as(&admin, query, json!({})).await.data();
    let operator = client.poster_of("admin").await;
    let disable = "mutation { updateOperators(filter: {account: {eq: \"nobody\"}}, patch: {status: DISABLED}, atMost: 1) { count } }";
    operator.ask(disable, json!({})).await.data();
    let token = &made["createSignInLink"]["token"];
    assert_eq!(set_password(client, token, "another heron of the harbour").await.0, 401);
    let refused = client.metadata_as(&admin, query, json!({})).await;
    assert_eq!(refused.codes(), ["INPUT_VALUE"]);
}

async fn links_are_for_administrators_to_make(client: &Client) {
    let _office = Office::open(client).await;
    let definer =
        "code = \\\"definer\\\"\\nlabel = \\\"x\\\"\\nlabel_en = \\\"x\\\"\\ncustomize = true";
    let save = format!("mutation {{ saveRole(definition: \"{definer}\") {{ code }} }}");
    client.metadata(&save, json!({})).await;
    let give = "mutation { assignRoles(account: \"li\", roles: [\"definer\"]) { roles } }";
    client.metadata(give, json!({})).await;
    let query = "mutation { createSignInLink(account: \"zhang\") { token } }";
    for who in ["li", "wang"] {
        let token = client.token(who).await;
        let refused = client.metadata_as(&token, query, json!({})).await;
        assert_eq!(refused.codes(), ["ACCESS_DENIED"], "{who}");
    }
    let key = "mutation { createApiKey(name: \"x\", roles: [\"administrator\"], expiresAt: \"2026-07-15T00:00:00Z\") { secret } }";
    let key = client.metadata(key, json!({})).await["createApiKey"]["secret"].clone();
    let refused = client.metadata_as(key.as_str().unwrap(), query, json!({})).await;
    assert_eq!(refused.codes(), ["AUTH_SESSION_REQUIRED"]);
    let unknown = "mutation { createSignInLink(account: \"nobody-at-all\") { token } }";
    let admin = client.token("admin").await;
    assert_eq!(client.metadata_as(&admin, unknown, json!({})).await.codes(), ["INPUT_VALUE"]);
}

async fn the_command_line_knows_confirmed_colleagues(client: &Client) {
    let operator = confirmed(client, "E1", "newbie").await["operator"].clone();
    let company = &client.company;
    // The one there is gets the password; no second one is made.
    let added = company.add_operator(" Newbie", "x", GOOD, false).await.unwrap();
    assert_eq!(json!(added.to_string()), operator);
    assert_eq!(login(client, "newbie", GOOD).await, 200);
    let taken = company.add_operator("NEWBIE", "x", GOOD, false).await.unwrap_err();
    assert_eq!(taken.code.name(), "RECORD_TAKEN");
    confirmed(client, "E2", "second").await;
    company.renew_password("Second ", GOOD).await.unwrap();
    assert_eq!(login(client, "second", GOOD).await, 200);
    confirmed(client, "E3", "third").await;
    let link = company.make_link("third").await.unwrap();
    assert_eq!(set_password(client, &json!(link.token), GOOD).await.0, 200);
    let unknown = company.renew_password("fourth", GOOD).await.unwrap_err();
    assert!(unknown.message.en.contains("fourth"));
    // What cannot be an account leaves nothing behind.
    let before = client.data("{ operators { totalCount } }").await;
    company.add_operator("two words", "x", GOOD, false).await.unwrap_err();
    company.add_operator("weak", "x", "weak123456", false).await.unwrap_err();
    assert_eq!(client.data("{ operators { totalCount } }").await, before);
}

async fn an_account_of_someone_removed_is_free(client: &Client) {
    let first = client.company.add_operator("gone", "Gone", GOOD, false).await.unwrap();
    let delete =
        format!("mutation {{ deleteOperator(id: \"{first}\") {{ userErrors {{ code }} }} }}");
    client.data(&delete).await;
    assert_eq!(login(client, "gone", GOOD).await, 401);
    let second = client.company.add_operator("gone", "Gone", "another heron of the harbour", false);
    assert_ne!(second.await.unwrap(), first);
    assert_eq!(login(client, "gone", GOOD).await, 401);
    assert_eq!(login(client, "gone", "another heron of the harbour").await, 200);
}

async fn names_of_colleagues_are_no_passwords(client: &Client) {
    let office = Office::open(client).await;
    client.update("Employee", &office.id("su"), json!({ "name": "Wojciech Brzeczek" })).await;
    let token = client.token("zhang").await;
    for weak in ["zhangsan1234", "Wangxiaoming1", "brzeczek1234", "wojciech.brzeczek"] {
        let query =
            format!("mutation {{ changePassword(current: \"{PASSWORD}\", new: \"{weak}\") }}");
        let refused = client.metadata_as(&token, &query, json!({})).await;
        assert_eq!(refused.codes(), ["AUTH_PASSWORD_WEAK"], "{weak}");
    }
}

async fn signed_in_as(client: &Client, account: &str, password: &str) -> Value {
    let (_, tokens) =
        post(client, "/auth/login", json!({ "account": account, "password": password })).await;
    let Some(token) = tokens["accessToken"].as_str() else { return Value::Null };
    let viewer = client.metadata_as(token, "{ viewer { operator account } }", json!({})).await;
    viewer.data()["viewer"].clone()
}

async fn a_sign_in_is_called_what_its_operator_is(client: &Client) {
    let first = confirmed(client, "E1", "wei").await;
    let made = link(client, "wei").await;
    assert_eq!(set_password(client, &made["token"], GOOD).await.0, 200);
    // By one change, by many, by its key: from the commit on.
    for (change, account) in [
        (format!("updateOperator(id: {}, patch: {{account: \"WeiWei\"}}) {{ userErrors {{ code }} }}", first["operator"]), "weiwei"),
        ("updateOperators(filter: {account: {eq: \"weiwei\"}}, patch: {account: \"wei2\"}, atMost: 1) { userErrors { code } }".to_owned(), "wei2"),
    ] {
        client.data(&format!("mutation {{ {change} }}")).await;
        let viewer = signed_in_as(client, account, GOOD).await;
        assert_eq!(viewer, json!({ "operator": first["operator"], "account": account }));
        assert_eq!(login(client, "wei", GOOD).await, 401);
    }
    // One that nobody could sign in by is no account.
    let blank = format!(
        "mutation {{ updateOperator(id: {}, patch: {{account: \"wei wei\"}}) {{ userErrors {{ code path }} }} }}",
        first["operator"]
    );
    let told = client.data(&blank).await["updateOperator"]["userErrors"].clone();
    assert_eq!(told, json!([{ "code": "RECORD_VALUE", "path": ["account"] }]));
    // A link that is open stays with its person.
    let open = link(client, "wei2").await;
    let rename = format!(
        "mutation {{ updateOperator(id: {}, patch: {{account: \"wei3\"}}) {{ userErrors {{ code }} }} }}",
        first["operator"]
    );
    client.data(&rename).await;
    assert_eq!(set_password(client, &open["token"], GOOD).await.0, 200);
    assert_eq!(signed_in_as(client, "wei3", GOOD).await["operator"], first["operator"]);
    client.data(&rename.replace("wei3", "wei2")).await;
    // Whoever is confirmed by the name that has become free is somebody else.
    let second = confirmed(client, "E2", "wei").await;
    let made = link(client, "wei").await;
    let other = "a heron under the harbour";
    assert_eq!(set_password(client, &made["token"], other).await.0, 200);
    assert_eq!(signed_in_as(client, "wei", other).await["operator"], second["operator"]);
    assert_eq!(signed_in_as(client, "wei2", GOOD).await["operator"], first["operator"]);
    let listed = client.metadata("{ accounts { nodes { operator account } } }", json!({})).await;
    let listed = listed["accounts"]["nodes"].as_array().unwrap();
    assert_eq!(listed.iter().filter(|one| one["account"] == "wei").count(), 1, "{listed:?}");
    // A removed operator's account is free as well, and what is given by it is given to the next.
    let gone = format!(
        "mutation {{ deleteOperator(id: {}) {{ userErrors {{ code }} }} }}",
        second["operator"]
    );
    assert_eq!(client.data(&gone).await["deleteOperator"]["userErrors"], json!([]));
    let refused = client
        .metadata_as(
            &client.token("admin").await,
            "mutation { assignRoles(account: \"wei\", roles: [\"finance\"]) { account } }",
            json!({}),
        )
        .await;
    assert_eq!(refused.codes(), ["INPUT_VALUE"]);
    let trail = client
        .metadata("{ auditTrail(account: \"wei\", first: 9) { nodes { kind } } }", json!({}))
        .await;
    assert!(!trail["auditTrail"]["nodes"].as_array().unwrap().is_empty());
    let third = confirmed(client, "E3", "wei").await;
    let given = client.metadata("mutation { assignRoles(account: \"wei\", roles: [\"finance\"]) { operator hasPassword } }", json!({})).await;
    assert_eq!(
        given["assignRoles"],
        json!({ "operator": third["operator"], "hasPassword": false })
    );
    let made = link(client, "wei").await;
    assert_eq!(set_password(client, &made["token"], GOOD).await.0, 200);
    assert_eq!(signed_in_as(client, "wei", GOOD).await["operator"], third["operator"]);
}

async fn accounts_are_the_same_in_any_width(client: &Client) {
    let known = confirmed(client, "E1", "ＬＩＵ２").await;
    assert_eq!(known["account"], "liu2");
    let made = link(client, "ｌｉｕ2").await;
    assert_eq!(set_password(client, &made["token"], GOOD).await.0, 200);
    for account in ["liu2", "LIU2", "ＬＩＵ２", " ｌｉｕ２\u{3000}"] {
        assert_eq!(login(client, account, GOOD).await, 200, "{account}");
    }
    assert_eq!(login(client, "ａｄｍｉｎ", PASSWORD).await, 200);
    // As an older program has kept them.
    let kept = connect(&client.database.url()).await;
    kept.execute_unprepared("UPDATE tw_login SET account = 'ｌｉｕ２' WHERE account = 'liu2'")
        .await
        .unwrap();
    kept.close().await.unwrap();
    assert_eq!(login(client, "liu2", GOOD).await, 401);
    let copy = open_copy(&client.database, &client.world).await;
    let body = json!({ "account": "ｌｉｕ２", "password": GOOD }).to_string();
    let request = Request::post("/auth/login")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body));
    let (status, _) = copy.send(request.unwrap()).await;
    assert_eq!(status, 200);
}
