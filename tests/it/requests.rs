//! What clients get wrong: each gets its code, nothing panics, nothing is half-written.

use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::{Value, json};

use crate::support::Client;

/// Documents that are refused, each with its code.
pub(crate) fn wrong_documents() -> Vec<(String, &'static str)> {
    let deep = |n: usize| {
        format!(
            "{{ customers {{ nodes {} code {} }} }}",
            "{ parentCompany ".repeat(n),
            "}".repeat(n)
        )
    };
    let wide = |n: usize| {
        let fields: Vec<_> = (0..n).map(|i| format!("a{i}: __typename")).collect();
        format!("{{ {} }}", fields.join(" "))
    };
    let repeated = |n: usize| format!("{{ customers {{ nodes {{ {} }} }} }}", "code ".repeat(n));
    let rooted = |n: usize| format!("{{ {} }}", "__typename ".repeat(n));
    let directed = |n: usize| format!("{{ __typename {} }}", "@skip(if: false) ".repeat(n));
    let bomb = {
        let doubled = |n: usize| format!("fragment f{n} on Query {{ ...f{0} ...f{0} }} ", n + 1);
        let text: String = (0..30).map(doubled).collect();
        format!("{{ ...f0 }} {text} fragment f30 on Query {{ __typename }}")
    };
    let cases: [(&str, &'static str); 35] = [
        ("", "INPUT_SYNTAX"),
        ("{", "INPUT_SYNTAX"),
        ("{ customers(first: ) { totalCount } }", "INPUT_SYNTAX"),
        ("{ nothing }", "INPUT_INVALID"),
        ("{ customers { nodes { colour } } }", "INPUT_INVALID"),
        ("{ customers }", "INPUT_INVALID"),
        ("{ customers { totalCount { x } } }", "INPUT_INVALID"),
        ("{ customers(colour: 1) { totalCount } }", "INPUT_INVALID"),
        ("{ customers(first: \"x\") { totalCount } }", "INPUT_INVALID"),
        ("{ customers(filter: {level: {eq: Z}}) { totalCount } }", "INPUT_INVALID"),
        (
            "{ customers(filter: {level: {eq: \"A'; DROP TABLE customer; --\"}}) { totalCount } }",
            "INPUT_INVALID",
        ),
        ("{ customers(filter: {createdAt: {gt: \"yesterday\"}}) { totalCount } }", "INPUT_VALUE"),
        ("{ customers(filter: {creditLimit: {gt: \"1e999\"}}) { totalCount } }", "INPUT_VALUE"),
        ("{ customers(filter: {id: {eq: \"x\"}}) { totalCount } }", "INPUT_VALUE"),
        ("{ customers(filter: {staffCount: {between: [1]}}) { totalCount } }", "INPUT_VALUE"),
        ("{ customers(first: -1) { totalCount } }", "LIMIT_PAGE"),
        ("{ customers(first: 100000) { totalCount } }", "LIMIT_PAGE"),
        ("{ customers(first: 1, last: 1) { totalCount } }", "INPUT_VALUE"),
        ("{ customers(orderBy: [{code: ASC, name: ASC}]) { totalCount } }", "INPUT_VALUE"),
        (
            "{ customers(first: 1000) { nodes { contacts(first: 1000) { nodes { name } } } } }",
            "LIMIT_COST",
        ),
        ("{ customer(code: null) { code } }", "INPUT_VALUE"),
        ("query A { __typename } query B { __typename }", "INPUT_INVALID"),
        ("query($x: Int!) { customers(first: $x) { totalCount } }", "INPUT_VARIABLE"),
        ("query($x: Nothing) { customers(first: $x) { totalCount } }", "INPUT_INVALID"),
        ("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }", "INPUT_INVALID"),
        ("{ customers { totalCount } } fragment unused on Query { __typename }", "INPUT_INVALID"),
        ("subscription { x }", "INPUT_INVALID"),
        (&deep(40), "LIMIT_DEPTH"),
        (&deep(5000), "LIMIT_DEPTH"),
        (&wide(500), "LIMIT_FIELDS"),
        (&repeated(2_500), "LIMIT_FIELDS"),
        (&rooted(21), "LIMIT_FIELDS"),
        (&directed(51), "LIMIT_DIRECTIVES"),
        (&bomb, "LIMIT_FIELDS"),
        (&format!("{{ a{} }}", "a".repeat(300_000)), "LIMIT_TOKENS"),
    ];
    cases.into_iter().map(|(query, code)| (query.to_owned(), code)).collect()
}

#[tokio::test]
async fn documents_are_checked() {
    let client = Client::sqlite().await;
    for (query, code) in wrong_documents() {
        let answer = client.ask(&query, json!({})).await;
        let shown: String = query.chars().take(120).collect();
        assert_eq!(answer.codes().first().copied(), Some(code), "{shown}: {:#}", answer.body);
        let text = answer.body.to_string();
        assert!(!text.contains("sqlx") && !text.contains("panicked"), "{shown}: {text}");
    }
    assert_eq!(client.data("{ customers { totalCount } }").await["customers"]["totalCount"], 0);
}

/// Takes variables of several types.
pub(crate) const VARIABLES: &str =
    "query($n: Int = 2, $f: CustomerFilter, $o: [CustomerOrder!], $id: ID, $flag: Boolean = true) {
    customers(first: $n, filter: $f, orderBy: $o) @include(if: $flag) { totalCount }
    customer(id: $id) @skip(if: $flag) { code } }";

/// Values of them that are refused.
pub(crate) fn wrong_variables() -> Vec<Value> {
    vec![
        json!({ "n": "2" }),
        json!({ "n": 2.5 }),
        json!({ "n": 3_000_000_000_i64 }),
        json!({ "f": 1 }),
        json!({ "f": { "nothing": { "eq": 1 } } }),
        json!({ "f": { "level": { "eq": "Z" } } }),
        json!({ "f": { "and": [null] } }),
        json!({ "o": [{ "code": "SIDEWAYS" }] }),
        json!({ "id": [1] }),
        json!({ "flag": null }),
        json!({ "flag": "yes" }),
    ]
}

#[tokio::test]
async fn variables_are_checked() {
    let client = Client::sqlite().await;
    let right = [
        json!({}),
        json!({ "n": null }),
        json!({ "f": { "level": { "in": "A" } } }),
        json!({ "o": { "code": "ASC" } }),
        json!({ "id": 7, "flag": true }),
        json!({ "unknown": 1 }),
    ];
    for variables in right {
        let answer = client.ask(VARIABLES, variables.clone()).await;
        assert_eq!(answer.body["errors"], json!(null), "{variables}: {:#}", answer.body);
    }
    for variables in wrong_variables() {
        let answer = client.ask(VARIABLES, variables.clone()).await;
        assert_eq!(answer.codes(), ["INPUT_VARIABLE"], "{variables}: {:#}", answer.body);
    }
}

#[tokio::test]
async fn transport_faults_have_their_codes() {
    let client = Client::sqlite().await;
    let token = client.token("admin").await;
    let post = |kind: &str, body: &str| {
        Request::post("/graphql")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, kind)
            .header(header::ACCEPT, "application/graphql-response+json")
            .body(Body::from(body.to_owned()))
            .unwrap()
    };
    let cases = [
        (post("application/json", "{"), 400, "INPUT_SYNTAX"),
        (post("application/json", "[]"), 400, "INPUT_"),
        (
            post("application/x-www-form-urlencoded", "query={__typename}"),
            415,
            "INPUT_CONTENT_TYPE",
        ),
        (post("multipart/form-data; boundary=x", "--x--"), 415, "INPUT_CONTENT_TYPE"),
        (post("text/plain", "{\"query\":\"{__typename}\"}"), 415, "INPUT_CONTENT_TYPE"),
        (
            post("application/json", &format!("{{\"query\":\"{}\"}}", "x".repeat(2_000_000))),
            413,
            "LIMIT_BODY",
        ),
        (Request::put("/graphql").body(Body::empty()).unwrap(), 405, "INPUT_METHOD"),
        (Request::get("/nowhere").body(Body::empty()).unwrap(), 404, "INPUT_PATH"),
        (
            Request::get("/graphql?query=mutation%7BdeleteCustomer(id:%221%22)%7Bid%7D%7D")
                .header(header::AUTHORIZATION, format!("Bearer {token}"))
                .body(Body::empty())
                .unwrap(),
            405,
            "INPUT_METHOD",
        ),
        (
            Request::post("/graphql")
                .header(header::CONTENT_TYPE, "application/json")
                .header(header::ACCEPT, "application/graphql-response+json")
                .body(Body::from("{\"query\":\"{__typename}\"}"))
                .unwrap(),
            401,
            "AUTH_REQUIRED",
        ),
        (
            Request::post("/graphql")
                .header(header::CONTENT_TYPE, "application/json")
                .header(header::ACCEPT, "application/graphql-response+json")
                .header(header::AUTHORIZATION, "Bearer nonsense")
                .body(Body::from("{\"query\":\"{__typename}\"}"))
                .unwrap(),
            401,
            "AUTH_TOKEN_INVALID",
        ),
    ];
    for (request, status, code) in cases {
        let shown = format!("{} {}", request.method(), request.uri());
        let (got, body) = client.send(request).await;
        let body = String::from_utf8(body).unwrap();
        assert!(body.contains(&format!("\"code\":\"{code}")), "{shown}: {got} {body}");
        assert_eq!(got, status, "{shown}: {body}");
    }
}

#[tokio::test]
async fn messages_come_in_the_callers_language() {
    let client = Client::sqlite().await;
    let token = client.token("admin").await;
    for (language, text) in [("zh-CN,zh;q=0.9", "游标"), ("en", "cursor")] {
        let body = json!({ "query": "{ customers(after: \"x\") { totalCount } }" }).to_string();
        let request = Request::post("/graphql")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT_LANGUAGE, language)
            .body(Body::from(body))
            .unwrap();
        let (_, body) = client.send(request).await;
        let body = String::from_utf8(body).unwrap();
        assert!(body.contains(text), "{language}: {body}");
    }
}

/// A text as it stands behind the question mark of an address.
fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |mut all, byte| {
        all += &format!("%{byte:02X}");
        all
    })
}

#[tokio::test]
async fn documents_are_named_by_their_hash() {
    const QUERY: &str = "query Q($n: Int) { customers(first: $n) { totalCount } }";
    const HASH: &str = "87096d7e611aa42ea10a926897586e78f9ebfae0e898b9aa6f9601f4a604653e";
    const CHANGE: &str = "mutation { deleteCustomer(id: \"x\") { id } }";
    const CHANGE_HASH: &str = "98029c511a695883430f4f5313e6ff912936f3c77ceb435206942279c499f356";
    let client = Client::sqlite().await;
    let token = client.token("admin").await;
    let named = |hash: &str| json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } });
    let send = async |method: &str, address: &str, body: String| {
        let request = Request::builder()
            .method(method)
            .uri(address)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/json")
            .body(Body::from(body))
            .unwrap();
        let (status, body) = client.send(request).await;
        (status, serde_json::from_slice::<serde_json::Value>(&body).unwrap())
    };
    let post = async |body: serde_json::Value| send("POST", "/graphql", body.to_string()).await;
    let get = async |parameters: String| {
        send("GET", &format!("/graphql?{parameters}"), String::new()).await
    };
    let by_hash = |hash: &str| format!("extensions={}", escaped(&named(hash).to_string()));
    // Apollo's clients ask by hash, look for these words, and send the text.
    let (status, missed) = post(json!({ "extensions": named(HASH) })).await;
    assert_eq!(status, 200);
    assert_eq!(missed["errors"][0]["message"], "PersistedQueryNotFound");
    assert_eq!(missed["errors"][0]["extensions"]["code"], "PERSISTED_QUERY_NOT_FOUND");
    let (_, sent) = post(json!({ "query": QUERY, "extensions": named(HASH) })).await;
    assert_eq!(sent["data"], json!({ "customers": { "totalCount": 0 } }));
    let (_, again) = post(json!({ "extensions": named(HASH), "variables": { "n": 1 } })).await;
    assert_eq!(again["data"], sent["data"]);
    let variables = escaped("{\"n\": 2}");
    let (status, got) =
        get(format!("{}&operationName=Q&variables={variables}", by_hash(HASH))).await;
    assert_eq!((status, &got["data"]), (200, &sent["data"]));
    // As urql asks: by GET, with the text, also after the hash was not known.
    for parameters in [
        format!("query={}&variables={variables}", escaped(QUERY)),
        format!("query={}&{}", escaped(QUERY), by_hash(HASH)),
    ] {
        let (status, got) = get(parameters).await;
        assert_eq!((status, &got["data"]), (200, &sent["data"]));
    }
    // A text under a wrong hash is refused, and by GET nothing is changed.
    let (_, refused) = post(json!({ "query": CHANGE, "extensions": named(HASH) })).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "INPUT_VALUE");
    post(json!({ "query": CHANGE, "extensions": named(CHANGE_HASH) })).await;
    for (parameters, code) in [
        (by_hash(CHANGE_HASH), "INPUT_METHOD"),
        (format!("{}&query={}", by_hash(HASH), escaped(CHANGE)), "INPUT_VALUE"),
        (format!("{}&variables=%7B", by_hash(HASH)), "INPUT_SYNTAX"),
        ("extensions=1".to_owned(), "INPUT_VALUE"),
        (format!("query={}", escaped(CHANGE)), "INPUT_METHOD"),
    ] {
        let (_, refused) = get(parameters).await;
        assert_eq!(refused["errors"][0]["extensions"]["code"], code, "{refused}");
    }
}

#[tokio::test]
async fn directives_of_ours_are_in_the_schema() {
    let client = Client::sqlite().await;
    let query = "query($d: Boolean!) { again: __schema { ...S } __schema { list: directives { name locations isRepeatable args { name } } queryType { name } } customers { ...C } ...Q } \
        fragment S on __Schema { directives { __typename description name @include(if: $d) } } \
        fragment C on CustomerConnection { totalCount } fragment Q on Query { employees { totalCount } }";
    let data = client.ask(query, json!({ "d": true })).await.data();
    let of = |list: &Value, name: &str| {
        let all = list.as_array().unwrap();
        all.iter().find(|directive| directive["name"] == name).cloned().unwrap()
    };
    let list = &data["__schema"]["list"];
    let told = |locations: &[&str], name: &str| json!({ "name": name, "locations": locations, "isRepeatable": false, "args": [] });
    assert_eq!(of(list, "optional"), told(&["FIELD", "VARIABLE_DEFINITION"], "optional"));
    assert_eq!(of(list, "atomic"), told(&["MUTATION"], "atomic"));
    assert_eq!(of(list, "skip")["args"], json!([{ "name": "if" }]));
    assert_eq!(of(&data["again"]["directives"], "atomic")["__typename"], "__Directive");
    assert_eq!([&data["customers"]["totalCount"], &data["employees"]["totalCount"]], [0, 0]);
    assert_eq!(data["__schema"]["queryType"]["name"], "Query");
    let none = client.ask(query, json!({ "d": false })).await.data();
    assert_eq!(none["again"]["directives"][0].get("name"), None);
}
