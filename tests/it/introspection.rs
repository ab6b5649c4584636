//! The schema as tools ask for it: the texts under `tests/cases/introspection` are theirs, word by word.

use std::{collections::BTreeMap, fs, path::Path};

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office},
};

both_dbs! {
    the_queries_of_tools_are_answered
    the_schema_is_described
}

/// Names and texts of what tools ask.
fn queries() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/introspection");
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let texts = entries.map(|path| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        (name, fs::read_to_string(path).unwrap())
    });
    texts.collect()
}

/// Every type that is referred to is there, as client schemas are built of them.
fn whole(schema: &Value) {
    let types = schema["types"].as_array().unwrap();
    let names: Vec<_> = types.iter().map(|ty| ty["name"].as_str().unwrap()).collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(sorted.len(), names.len());
    let mut open = vec![schema];
    while let Some(value) = open.pop() {
        match value {
            Value::Array(items) => open.extend(items),
            Value::Object(fields) => {
                let kind = fields.get("kind").and_then(Value::as_str).unwrap_or_default();
                let wraps = matches!(kind, "LIST" | "NON_NULL");
                if let (false, Some(Value::String(name))) = (wraps, fields.get("name"))
                    && !kind.is_empty()
                {
                    assert!(sorted.binary_search(&name.as_str()).is_ok(), "{name}");
                }
                open.extend(fields.values());
            }
            _ => {}
        }
    }
}

async fn the_queries_of_tools_are_answered(client: &Client) {
    let office = Office::open(client).await;
    let mut callers: Vec<_> =
        office.tokens.iter().map(|(name, token)| (*name, token.clone())).collect();
    callers.push(("admin", client.token("admin").await));
    for (name, query) in queries() {
        for (caller, token) in &callers {
            let records = client.ask_as(token, &query).await;
            assert!(records.body["errors"].is_null(), "{name} {caller} {}", records.body);
            whole(&records.body["data"]["__schema"]);
            let metadata = client.metadata_as(token, &query, json!({})).await;
            assert!(metadata.body["errors"].is_null(), "{name} {caller} {}", metadata.body);
            whole(&metadata.body["data"]["__schema"]);
        }
    }
}

async fn the_schema_is_described(client: &Client) {
    let query = "query($old: Boolean!, $name: String!) {
        __schema { description queryType { name } mutationType { name } subscriptionType { name }
            types { name kind fields { name } inputFields { name } }
            directives(includeDeprecated: $old) { name isRepeatable isDeprecated deprecationReason locations args(includeDeprecated: true) { name isDeprecated } } }
        one: __type(name: $name) { __typename name specifiedByURL isOneOf ofType { name } fields(includeDeprecated: false) { name args(includeDeprecated: true) { name } type { kind name ofType { name } } } }
        input: __type(name: \"CustomerFilter\") { isOneOf fields { name } inputFields(includeDeprecated: true) { name isDeprecated deprecationReason } }
        own: __type(name: \"__Directive\") { ...T }
        none: __type(name: \"Nothing\") { name }
        __typename
    }
    fragment T on __Type { kind name fields { name } }";
    let variables = json!({ "old": true, "name": "Customer" });
    let data = client.ask(query, variables.clone()).await.data();
    assert_eq!(data["__schema"]["mutationType"]["name"], "Mutation");
    assert!(data["__schema"]["description"].as_str().unwrap().contains("Records"));
    let directives = data["__schema"]["directives"].as_array().unwrap();
    let names: Vec<_> = directives.iter().map(|known| known["name"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        ["atomic", "deprecated", "include", "oneOf", "optional", "skip", "specifiedBy"]
    );
    assert_eq!(
        directives[0],
        json!({ "name": "atomic", "isRepeatable": false, "isDeprecated": false, "deprecationReason": null, "locations": ["MUTATION"], "args": [] })
    );
    let named = |list: &Value, name: &str| {
        list.as_array().unwrap().iter().any(|field| field["name"] == name)
    };
    let one = &data["one"];
    assert!(named(&one["fields"], "contacts") && named(&one["fields"], "version"), "{one}");
    assert_eq!((&one["__typename"], &one["isOneOf"]), (&json!("__Type"), &json!(null)));
    assert_eq!(data["input"]["isOneOf"], false);
    assert!(named(&data["input"]["inputFields"], "code") && data["input"]["fields"].is_null());
    assert!(named(&data["own"]["fields"], "isDeprecated"));
    assert_eq!(data["none"], json!(null));
    assert_eq!(data["__typename"], "Query");
    // The same words at `/metadata`, beside what else is asked there.
    let query =
        query.replace("__typename\n", "viewer { account }\n").replace("CustomerFilter", "ID");
    let answer = client.metadata(&query, variables).await;
    assert_eq!(answer["viewer"]["account"], "admin");
    assert_eq!(answer["one"], json!(null));
    assert!(named(&answer["own"]["fields"], "isDeprecated"));
    for (wrong, told) in [
        ("{ __schema { directives(includeDeprecated: 1) { name } } }", "Boolean"),
        ("{ __schema { directives(old: true) { name } } }", "old"),
        ("{ __schema { nothing } }", "nothing"),
        ("{ __type { name } }", "name"),
        ("{ __schema }", "__schema"),
        ("query($n: String) { __type(name: $n) { name } }", "$n"),
        (
            "query($d: Boolean) { __schema { types { fields(includeDeprecated: $e) { name } } } }",
            "$e",
        ),
    ] {
        let refused = client.ask(wrong, json!({})).await;
        assert_eq!(refused.codes()[0], "INPUT_INVALID", "{wrong}");
        assert!(refused.body["errors"].to_string().contains(told), "{wrong} {}", refused.body);
        let admin = client.token("admin").await;
        let refused = client.metadata_as(&admin, wrong, json!({})).await;
        assert_eq!(refused.codes()[0], "INPUT_INVALID", "{wrong}");
    }
}

/// A hundred and thirty characters took 22 GB.
#[tokio::test]
async fn what_goes_in_circles_is_bounded() {
    let client = Client::sqlite().await;
    let circles = |times: usize, open: &str, close: &str| {
        format!("{}name{}", open.repeat(times), close.repeat(times))
    };
    let all = |inner: &str| format!("{{ __schema {{ types {{ {inner} }} }} }}");
    let fields = |times| all(&circles(times, "fields { type { ", " } }"));
    let possible = |times| {
        let inner = circles(times, "possibleTypes { interfaces { ", " } }");
        format!("{{ __type(name: \"Node\") {{ {inner} }} }}")
    };
    let spread = format!(
        "{{ __schema {{ types {{ ...G }} }} }} fragment G on __Type {{ fields {{ type {{ ...F }} }} }} fragment F on __Type {{ {} }}",
        circles(5, "fields { type { ", " } }")
    );
    let empty =
        all(&circles(9, "fields { type { ", " } }").replace("name", "name @skip(if: true)"));
    let many: Vec<_> = (0..99)
        .map(|at| format!("a{at}: fields {{ type {{ name kind description }} name description }}"))
        .collect();
    let admin = client.token("admin").await;
    for query in [fields(8), fields(5), possible(6), spread, empty, all(&many.join(" "))] {
        let refused = client.ask(&query, json!({})).await;
        assert_eq!(refused.codes(), ["LIMIT_COST"], "{query}");
        // What is small enough is answered; nothing is large.
        let small = client.metadata_as(&admin, &query, json!({})).await.body.to_string();
        assert!(small.contains("LIMIT_COST") || small.len() < 10_000_000, "{query}");
    }
    client.data(&fields(2)).await;
    client.data(&possible(1)).await;
}

/// The schema of a company that has made two thousand objects of its own.
#[tokio::test]
async fn a_large_schema_is_told_whole() {
    let client = Client::sqlite().await;
    let objects: String = (0..2_000)
        .map(|at| {
            format!(
                "type Thing{at} @object(kind: MASTER, label: \"事物\", plural: \"thing{at}s\") {{ code: String @field(label: \"编码\") }}\n"
            )
        })
        .collect();
    let done = client.apply_without_pages(&objects).await;
    assert_eq!(done["diagnostics"], json!([]));
    let query = queries().remove("graphql-js-16.15-everything").unwrap();
    let schema = client.data(&query).await["__schema"].clone();
    let types = schema["types"].as_array().unwrap();
    assert!(types.iter().any(|ty| ty["name"] == "Thing1999"), "{}", types.len());
}
