//! What a page's frame asks first: who the viewer is, what they may do, and a fingerprint that changes with what
//! `/metadata` tells them and with nothing else.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, header},
};
use serde_json::{Value, json};
use tower::ServiceExt;
use tradewind::http::HttpSettings;

use crate::{
    both_dbs,
    support::{Client, office::Office},
};

both_dbs! {
    the_viewer_is_told_what_they_may_do
    roles_open_defining_and_sharing
    equal_questions_have_equal_fingerprints
    every_answer_carries_it
    it_changes_with_rights_and_definitions
    whoever_is_read_as_has_theirs
    processes_agree
}

/// The fingerprint in the head of an answer, and the body.
async fn answered(
    router: &Router,
    path: &str,
    query: &str,
    headers: &[(&str, &str)],
) -> (Option<String>, Value) {
    let mut request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(json!({ "query": query }).to_string())).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let print = response.headers().get("x-tradewind-fingerprint");
    let print = print.map(|print| print.to_str().unwrap().to_owned());
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (print, serde_json::from_slice(&body).unwrap_or_default())
}

fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

/// Someone's fingerprint: the same by every path, or the test fails.
pub(crate) async fn fingerprint(router: &Router, token: &str) -> String {
    let token = bearer(token);
    let headers = [("authorization", token.as_str())];
    let (records, _) = answered(router, "/graphql", "{ __typename }", &headers).await;
    let (metadata, body) =
        answered(router, "/metadata", "{ viewer { fingerprint } }", &headers).await;
    let records = records.unwrap();
    assert_eq!(Some(&records), metadata.as_ref());
    assert_eq!(body["data"]["viewer"]["fingerprint"], json!(records));
    assert_eq!(records.len(), 22, "{records}");
    records
}

const SAVE: &str = "mutation($d: String!) { saveRole(definition: $d) { code } }";

fn role(code: &str, more: &str) -> Value {
    json!({ "d": format!("code = \"{code}\"\nlabel = \"x\"\nlabel_en = \"x\"\n{more}") })
}

async fn the_viewer_is_told_what_they_may_do(client: &Client) {
    let office = Office::open(client).await;
    let query = "{ viewer { language timeZone today weekStart may actingAs } }";
    let admin = bearer(&client.token("admin").await);
    let headers = [("authorization", admin.as_str()), ("accept-language", "zh-CN")];
    let (_, told) = answered(&client.router, "/metadata", query, &headers).await;
    assert_eq!(
        told["data"]["viewer"],
        json!({
            "language": "zh-CN", "timeZone": "Asia/Shanghai", "today": "2026-06-15", "weekStart": 1,
            "may": ["DEFINE", "RIGHTS", "PEOPLE", "AUDIT", "VIEW_AS", "SHARE_VIEWS", "DASHBOARDS"], "actingAs": null,
        })
    );
    for (who, may) in
        [("zhang", json!([])), ("wang", json!(["SHARE_VIEWS", "DASHBOARDS"])), ("new", json!([]))]
    {
        let told = client.metadata_as(&office.tokens[who], query, json!({})).await.data();
        assert_eq!((&told["viewer"]["may"], &told["viewer"]["language"]), (&may, &json!("en")));
    }
    // Whoever reads as someone else is told what those may do, and as whom they read.
    let headers = [("authorization", admin.as_str()), ("x-tradewind-view-as", "WANG")];
    let (_, told) = answered(&client.router, "/metadata", query, &headers).await;
    assert_eq!(told["data"]["viewer"]["actingAs"], "wang");
    assert_eq!(told["data"]["viewer"]["may"], json!(["SHARE_VIEWS", "DASHBOARDS"]));
}

async fn roles_open_defining_and_sharing(client: &Client) {
    let office = Office::open(client).await;
    let admin = client.token("admin").await;
    for given in ["RIGHTS", "VIEW_AS", "define"] {
        let refused =
            client.metadata_as(&admin, SAVE, role("odd", &format!("may = [\"{given}\"]\n"))).await;
        assert_eq!(refused.codes(), ["CATALOG_SYNTAX"], "{given}");
    }
    client.metadata(SAVE, role("draws", "may = [\"DEFINE\"]\n")).await;
    client.metadata(SAVE, role("rules", "customize = true\n")).await;
    client.metadata(SAVE, role("shares", "may = [\"SHARE_VIEWS\"]\n")).await;
    let may = "{ viewer { may } }";
    let define = "mutation { applySchema(sdl: \"extend type Customer { more: String }\", dryRun: true) { version } }";
    let texts = "{ definitions { path } versions { totalCount } }";
    let rights = "{ roles { code } }";
    for (code, told, defines, sets_rights) in [
        ("draws", json!(["DEFINE"]), true, false),
        ("rules", json!(["DEFINE"]), true, true),
        ("shares", json!(["SHARE_VIEWS"]), false, false),
    ] {
        office.give("new", &[code], &[]).await;
        let token = client.token("new").await;
        let ask = |query| client.metadata_as(&token, query, json!({}));
        assert_eq!(ask(may).await.data()["viewer"]["may"], told, "{code}");
        for (query, allowed) in [(define, defines), (texts, defines), (rights, sets_rights)] {
            let refused = ask(query).await.body.get("errors").is_some();
            assert_eq!(refused, !allowed, "{code}: {query}");
        }
    }
}

async fn equal_questions_have_equal_fingerprints(client: &Client) {
    let office = Office::open(client).await;
    let of = |who: &'static str| fingerprint(&client.router, &office.tokens[who]);
    let (zhang, li, admin) = (of("zhang").await, of("li").await, client.token("admin").await);
    let admin = fingerprint(&client.router, &admin).await;
    // Once more, by another sign-in, and beside changes that nothing rests on.
    let again = client.token("zhang").await;
    client.update("Customer", &office.id("CZ"), json!({ "remark": "x" })).await;
    assert_eq!(fingerprint(&client.router, &again).await, zhang);
    assert!(zhang != li && zhang != admin && li != admin);
}

async fn every_answer_carries_it(client: &Client) {
    let token = client.token("admin").await;
    let print = fingerprint(&client.router, &token).await;
    let token = bearer(&token);
    let signed_in = [("authorization", token.as_str())];
    let stream = [("authorization", token.as_str()), ("accept", "text/event-stream")];
    for (path, query, headers) in [
        ("/graphql", "{ customers { totalCount } }", &signed_in[..]),
        ("/graphql", "mutation { deleteCustomer(id: \"x\") { userErrors { code } } }", &signed_in),
        // A refused document may be a stale one.
        ("/graphql", "{ nothing }", &signed_in),
        ("/graphql", "{", &signed_in),
        ("/graphql", "{ customers { totalCount } }", &stream),
        ("/graphql", "{ nothing }", &stream),
        ("/metadata", "{ version }", &signed_in),
        ("/metadata", "{ nothing }", &signed_in),
        ("/metadata", "mutation { revokeSession(id: \"x\") }", &signed_in),
        ("/metadata", "{ version }", &stream),
    ] {
        let (told, _) = answered(&client.router, path, query, headers).await;
        assert_eq!(told.as_ref(), Some(&print), "{path} {query} {headers:?}");
    }
    for (path, headers) in [("/graphql", &[][..]), ("/metadata", &[("authorization", "Bearer x")])]
    {
        let (told, body) = answered(&client.router, path, "{ __typename }", headers).await;
        assert!(told.is_none() && body["errors"].is_array(), "{path}: {body}");
    }
}

async fn it_changes_with_rights_and_definitions(client: &Client) {
    let office = Office::open(client).await;
    let id = |name: &str| office.id(name);
    let text = "[dimensions]\nDEPARTMENT = \"person\"\nCUSTOMER = \"all\"\n[[grants]]\nobjects = [\"Customer\"]\nactions = [\"read\"]\nemployees = \"related\"\ndimensions = true\n";
    client.metadata(SAVE, role("reads", text)).await;
    office.give("zhang", &["reads"], &[id("TJ")]).await;
    let zhang = client.token("zhang").await;
    let mut last = fingerprint(&client.router, &zhang).await;
    let masked = format!("{text}[[fields]]\nobject = \"Customer\"\nhidden = [\"remark\"]\n");
    let below = masked.replace("\"person\"", "\"below\"");
    let stands_in = format!(
        "mutation {{ delegate(from: \"{}\", to: \"{}\", until: \"2026-07-01T00:00:00Z\") {{ id }} }}",
        id("li"),
        id("zhang")
    );
    let reach = |code: &str| {
        format!(
            "mutation {{ setReach(account: \"zhang\", dimension: \"DEPARTMENT\", level: SET, values: [\"{code}\"]) }}"
        )
    };
    let controlled =
        "mutation { setControlled(object: \"Customer\", controlled: false) { object } }";
    for (what, query, variables) in [
        ("a reach", reach("QZ-TL"), json!({})),
        ("another value of it", reach("TJ-SL"), json!({})),
        ("a role", SAVE.to_owned(), role("reads", &masked)),
        ("a stand-in", stands_in, json!({})),
        ("a switch", controlled.to_owned(), json!({})),
        ("the switch back", controlled.replace("false", "true"), json!({})),
        ("a level of the role", SAVE.to_owned(), role("reads", &below)),
        (
            "a definition",
            "mutation { applySchema(sdl: \"extend type Customer { more: String }\") { version } }"
                .to_owned(),
            json!({}),
        ),
        // That of others too: it is a version, and pages may show what is published.
        ("a role of others", SAVE.to_owned(), role("elsewhere", "")),
    ] {
        client.metadata(&query, variables).await;
        let print = fingerprint(&client.router, &zhang).await;
        assert_ne!(print, last, "{what}");
        assert_eq!(print, fingerprint(&client.router, &zhang).await, "{what}");
        last = print;
    }
    // A department that moves into the tree below one's own.
    let moved = json!({ "parent": { "id": id("TJ-TL") } });
    assert_eq!(client.update("Department", &id("QZ-TL"), moved).await["userErrors"], json!([]));
    assert_ne!(fingerprint(&client.router, &zhang).await, last, "a tree");
}

async fn whoever_is_read_as_has_theirs(client: &Client) {
    let office = Office::open(client).await;
    let admin = bearer(&client.token("admin").await);
    let of = |who: &'static str| fingerprint(&client.router, &office.tokens[who]);
    for (account, query) in [("zhang", "{ viewer { fingerprint } }"), ("li", "{ version }")] {
        let headers = [("authorization", admin.as_str()), ("x-tradewind-view-as", account)];
        let own = of(account).await;
        let (records, _) = answered(&client.router, "/graphql", "{ __typename }", &headers).await;
        let (metadata, _) = answered(&client.router, "/metadata", query, &headers).await;
        assert_eq!((records, metadata), (Some(own.clone()), Some(own)), "{account}");
    }
}

async fn processes_agree(client: &Client) {
    let office = Office::open(client).await;
    let other = client.reopened().await.unwrap();
    let router = other.router(HttpSettings::default());
    let zhang = &office.tokens["zhang"];
    let before = fingerprint(&client.router, zhang).await;
    assert_eq!(fingerprint(&router, zhang).await, before);
    client.metadata(SAVE, role("elsewhere", "")).await;
    let after = fingerprint(&client.router, zhang).await;
    assert_ne!(after, before);
    other.company.refresh().await.unwrap();
    assert_eq!(fingerprint(&router, zhang).await, after);
}
