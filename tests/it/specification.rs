//! What the specification of GraphQL asks of documents where the engine would let more pass, or less.

use serde_json::{Value, json};

use crate::{both_dbs, support::Client};

both_dbs! {
    one_failing_root_field_leaves_the_others
    what_was_done_beside_a_refused_change_is_told
    strings_take_every_escape
    literals_around_variables_fit
    one_key_is_one_field
    every_fault_of_an_input_has_its_path
}

async fn one_failing_root_field_leaves_the_others(client: &Client) {
    let department = client.department("D").await;
    client.customer(&department, "A", json!({})).await;
    let query = "{
        a: customers(first: 99999) { totalCount }
        b: customers(first: 1) { totalCount }
        c: customerAggregate(filter: {creditLimit: {gt: \"x\"}}) { count }
        d: customer(code: \"A\") { code }
        e: customer { code }
        f: customerAggregate { count }
        g: recycleBin(first: 99999) { nodes { id } }
    }";
    let answer = client.ask(query, json!({})).await;
    assert_eq!(
        answer.body["data"],
        json!({ "a": null, "b": { "totalCount": 1 }, "c": null, "d": { "code": "A" }, "e": null,
            "f": [{ "count": 1 }], "g": null })
    );
    let paths: Vec<_> =
        answer.body["errors"].as_array().unwrap().iter().map(|error| &error["path"]).collect();
    assert_eq!(json!(paths), json!([["a"], ["c"], ["e"], ["g"]]));
    assert_eq!(answer.codes(), ["LIMIT_PAGE", "INPUT_VALUE", "INPUT_VALUE", "LIMIT_PAGE"]);
    // What is administered as well.
    let admin = client.token("admin").await;
    let query = "{ a: explainAccess(account: \"nobody\", object: \"Customer\", id: \"x\", action: READ) { allowed } b: version }";
    let answer = client.metadata_as(&admin, query, json!({})).await;
    assert_eq!(answer.body["errors"][0]["path"], json!(["a"]), "{}", answer.body);
    assert_eq!(answer.body["data"], json!({ "a": null, "b": 1 }));
}

async fn what_was_done_beside_a_refused_change_is_told(client: &Client) {
    let department = client.department("D").await;
    let many: String = (0..5_001).map(|_| "{code: \"X\"}").collect::<Vec<_>>().join(", ");
    let query = format!(
        "mutation {{
            a: createCustomer(input: {{ code: \"A\", name: \"甲\", department: {{ id: \"{department}\" }} }}) {{ record {{ code }} userErrors {{ code }} }}
            b: createCustomers(inputs: [{many}]) {{ count userErrors {{ code }} }}
            c: createCustomer(input: {{ code: \"C\", name: \"丙\", department: {{ id: \"{department}\" }} }}) {{ record {{ code }} userErrors {{ code }} }}
        }}"
    );
    let answer = client.ask(&query, json!({})).await;
    assert_eq!(answer.codes(), ["LIMIT_PAGE"]);
    assert_eq!(answer.body["errors"][0]["path"], json!(["b"]));
    let made = |code: &str| json!({ "record": { "code": code }, "userErrors": [] });
    assert_eq!(answer.body["data"], json!({ "a": made("A"), "b": null, "c": made("C") }));
    assert_eq!(client.data("{ customers { totalCount } }").await["customers"]["totalCount"], 2);
}

async fn strings_take_every_escape(client: &Client) {
    let department = client.department("D").await;
    let query = format!(
        r#"mutation {{ createCustomer(input: {{ code: "\u{{45}}1", name: "\u{{1F600}} \uD83D\uDE00 \u{{22}}\u{{5C}}\u{{0041}}", department: {{ id: "{department}" }} }}) {{ record {{ code name }} userErrors {{ code }} }} }}"#
    );
    let answer = client.data(&query).await;
    assert_eq!(answer["createCustomer"]["record"], json!({ "code": "E1", "name": "😀 😀 \"\\A" }));
    for wrong in [r"\u{}", r"\u{110000}", r"\uD83D", r"\uDE00\uD83D", r"\u{D83D}", r"\x"] {
        let query = format!("{{ customer(code: \"{wrong}\") {{ code }} }}");
        assert_eq!(client.ask(&query, json!({})).await.codes(), ["INPUT_SYNTAX"], "{wrong}");
    }
    // Faults are where they were sent.
    let query = r#"{ customers(filter: {name: {eq: "\u{1F600}"}}) { nothing } }"#;
    let answer = client.ask(query, json!({})).await;
    let message = answer.body["errors"][0]["message"].as_str().unwrap().to_owned();
    assert!(
        message.ends_with(&format!("column {})", query.find("nothing").unwrap() + 1)),
        "{message}"
    );
    let sdl = r#"type Emoji @object(kind: MASTER, label: "\u{1F600}", labelEn: "\uD83D\uDE00", plural: "emojis") { code: String @field(label: "x") }"#;
    assert_eq!(client.apply(sdl, false).await["diagnostics"], json!([]));
    let object = client.metadata("{ object(name: \"Emoji\") { label labelEn } }", json!({})).await;
    assert_eq!(object["object"], json!({ "label": "😀", "labelEn": "😀" }));
}

async fn every_fault_of_an_input_has_its_path(client: &Client) {
    let department = client.department("D").await;
    let one = "mutation($i: CreateCustomerInput!) { createCustomer(input: $i) { record { code } userErrors { code path message hint } } }";
    let input = json!({
        "code": "A", "name": 7, "level": "Z", "department": { "id": department }, "owner": { "id": "x" },
        "creditLimit": 1000.5, "staffCount": "many", "region": "none",
        "parentCompany": { "create": { "code": "B", "name": "乙", "level": "Y", "creditLimit": "1,000.00" } },
    });
    let answer = client.ask(one, json!({ "i": input })).await.data();
    let told = answer["createCustomer"].clone();
    assert_eq!(told["record"], Value::Null);
    let faults = told["userErrors"].as_array().unwrap();
    let at = |path: &[&str]| {
        let found = faults.iter().find(|fault| fault["path"] == json!(path));
        found.unwrap_or_else(|| panic!("{path:?} {told:#}")).clone()
    };
    for path in [
        &["name"][..],
        &["owner", "id"],
        &["creditLimit"],
        &["staffCount"],
        &["region"],
        &["parentCompany", "create", "creditLimit"],
    ] {
        assert_eq!(at(path)["code"], "RECORD_VALUE", "{path:?}");
    }
    assert!(at(&["creditLimit"])["hint"].as_str().unwrap().contains("\"1000.5\""));
    let commas = at(&["parentCompany", "create", "creditLimit"]);
    assert!(commas["hint"].as_str().unwrap().contains("without commas"));
    // A value that no list has is one fault among those of the record.
    let input = json!({ "code": "A", "level": "Z", "department": { "id": department } });
    let told = client.ask(one, json!({ "i": input })).await.data()["createCustomer"].clone();
    let paths: Vec<_> =
        told["userErrors"].as_array().unwrap().iter().map(|fault| &fault["path"]).collect();
    assert_eq!(json!(paths), json!([["name"], ["level"]]), "{told:#}");
    // Of several records each has its place.
    let many = "mutation($i: [CreateCustomerInput!]!) { createCustomers(inputs: $i) { count userErrors { code path } } }";
    let inputs = json!([{ "code": "A", "staffCount": "x", "creditLimit": true }, { "code": 5 }]);
    let told = client.ask(many, json!({ "i": inputs })).await.data()["createCustomers"].clone();
    let mut paths: Vec<_> = told["userErrors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| fault["path"].to_string())
        .collect();
    paths.sort();
    // What is missing is told too.
    let missing = [
        "[\"0\",\"department\"]",
        "[\"0\",\"name\"]",
        "[\"1\",\"department\"]",
        "[\"1\",\"name\"]",
    ];
    let (missed, unread): (Vec<_>, Vec<_>) =
        paths.iter().map(String::as_str).partition(|path| missing.contains(path));
    assert_eq!(missed, missing);
    assert_eq!(unread, [r#"["0","creditLimit"]"#, r#"["0","staffCount"]"#, r#"["1","code"]"#]);
    // A day that no calendar has is said to be none.
    let order = "mutation($d: Date) { createOpportunity(input: {expectedCloseDate: $d}) { userErrors { path message } } }";
    let told = client.ask(order, json!({ "d": "2026-02-30" })).await;
    if told.body["errors"].is_null() {
        assert!(told.body.to_string().contains("there is no day `2026-02-30`"), "{}", told.body);
    }
    // What a program gets wrong is told at the top, all of it, each with its path.
    let wrong = json!({ "i": { "nmae": 1, "levle": "A", "department": { "di": "x" } } });
    let refused = client.ask(one, wrong.clone()).await;
    assert_eq!(refused.codes(), ["INPUT_VARIABLE"; 3]);
    let errors = refused.body["errors"].as_array().unwrap();
    let mut paths: Vec<_> =
        errors.iter().map(|error| error["extensions"]["path"].to_string()).collect();
    paths.sort();
    assert_eq!(paths, [r#"["i","department","di"]"#, r#"["i","levle"]"#, r#"["i","nmae"]"#]);
    // In the caller's language, and in no other.
    let token = client.token("admin").await;
    let chinese = ("accept-language", "zh-CN");
    let literal = "mutation { createCustomer(input: { code: \"A\", name: \"甲\", creditLimit: \"1,000.00\", department: { id: \"x\" } }) { userErrors { message hint } } }";
    let told = client.ask_with(&token, chinese, literal).await.data();
    for fault in told["createCustomer"]["userErrors"].as_array().unwrap() {
        let message = fault["message"].as_str().unwrap();
        assert!(message.starts_with("此处应为") && !message.contains(" a "), "{message}");
    }
    for query in [
        "{ customers(filter: {createdAt: {gt: \"yesterday\"}}) { totalCount } }",
        "{ customers(filter: {id: {eq: \"x\"}}) { totalCount } }",
        "{ customers(orderBy: [{code: ASC, name: ASC}]) { totalCount } }",
        "{ customers(filter: {staffCount: {between: [1]}}) { totalCount } }",
    ] {
        let told = client.ask_with(&token, chinese, query).await;
        let message = told.body["errors"][0]["message"].as_str().unwrap();
        assert!(!message.contains(" a ") && !message.contains(" an "), "{message}");
    }
}

/// Whether a document is refused with these variables, which it is as invalid or not at all.
async fn refused(client: &Client, query: &str, variables: Value) -> bool {
    let invalid = |body: &Value| {
        let errors = body["errors"].as_array().cloned().unwrap_or_default();
        let code = |error: &Value| error["extensions"]["code"] == "INPUT_INVALID";
        assert!(errors.iter().all(code), "{query} {body}");
        !errors.is_empty()
    };
    let answer = client.ask(query, variables.clone()).await;
    let there = query
        .replace("customers(first: 1) {", "viewer {")
        .replace("nodes { code }", "account")
        .replace("CustomerConnection", "Viewer");
    // The same words at `/metadata`; directives of ours are not there.
    if there.contains("viewer") && !there.contains("nodes") && !there.contains("@optional") {
        let admin = client.token("admin").await;
        let told = client.metadata_as(&admin, &there, variables).await;
        assert_eq!(invalid(&told.body), invalid(&answer.body), "{there}");
    }
    invalid(&answer.body)
}

#[tokio::test]
async fn typename_is_validated_like_any_field() {
    let client = Client::sqlite().await;
    for (part, fine) in [
        ("__typename", true),
        ("kind: __typename @skip(if: true)", true),
        ("__typename @include(if: $yes)", true),
        ("__typename @skip(if: $no) @include(if: $yes)", true),
        ("__typename @optional", true),
        ("__typename(a: 1)", false),
        ("__typename(a: $yes)", false),
        ("__typename { a }", false),
        ("__typename @skip", false),
        ("__typename @skip(if: 1)", false),
        ("__typename @skip(if: \"true\")", false),
        ("__typename @skip(if: $maybe)", false),
        ("__typename @skip(if: $text)", false),
        ("__typename @skip(if: $missing)", false),
        ("__typename @skip(unless: true)", false),
        ("__typename @skip(if: true, if: true)", false),
        ("__typename @skip(if: true) @skip(if: true)", false),
        ("__typename @nothing", false),
        ("__typename @deprecated", false),
        ("__typename @atomic", false),
        ("__typename @optional @optional", false),
    ] {
        for place in ["#", "... { # }", "...F"] {
            let declared = ["yes: Boolean!", "no: Boolean!", "maybe: Boolean", "text: String!"];
            let used = declared.iter().filter(|variable| {
                part.contains(&format!("${}", variable.split(':').next().unwrap()))
            });
            let used: Vec<_> = used.map(|variable| format!("${variable}")).collect();
            let head = if used.is_empty() {
                String::new()
            } else {
                format!("query({}) ", used.join(", "))
            };
            let selected = place.replace('#', part);
            let fragment = if place == "...F" {
                format!("fragment F on CustomerConnection {{ {part} }}")
            } else {
                String::new()
            };
            let query = format!(
                "{head}{{ customers(first: 1) {{ {selected} nodes {{ code }} }} }} {fragment}"
            );
            let variables = json!({ "yes": true, "no": false, "text": "x" });
            assert_eq!(!refused(&client, &query, variables).await, fine, "{query}");
        }
    }
    // At the root, and for mutations.
    for query in ["{ __typename(a: 1) }", "mutation { __typename { a } }", "{ __typename @skip }"] {
        assert!(refused(&client, query, json!({})).await, "{query}");
    }
}

#[tokio::test]
async fn variables_stand_where_their_types_may() {
    let client = Client::sqlite().await;
    for (declared, used, fine) in [
        ("$s: Boolean", "first: 1) { nodes { code @skip(if: $s) name } }", false),
        ("$s: Boolean!", "first: 1) { nodes { code @skip(if: $s) name } }", true),
        ("$s: Boolean = true", "first: 1) { nodes { code @skip(if: $s) name } }", true),
        ("$s: Boolean = null", "first: 1) { nodes { code @skip(if: $s) name } }", false),
        ("$s: Boolean", "first: 1) { ... @include(if: $s) { totalCount } }", false),
        ("$s: String", "filter: {code: {in: [$s]}}) { totalCount }", false),
        ("$s: String!", "filter: {code: {in: [$s]}}) { totalCount }", true),
        ("$s: [String!]", "filter: {code: {in: $s}}) { totalCount }", true),
        ("$s: [String!]!", "filter: {code: {in: $s}}) { totalCount }", true),
        ("$s: [String]", "filter: {code: {in: $s}}) { totalCount }", false),
        ("$s: String", "filter: {code: {in: $s}}) { totalCount }", false),
        ("$s: Int", "filter: {code: {eq: $s}}) { totalCount }", false),
        ("$s: CustomerFilter", "filter: {and: [$s]}) { totalCount }", false),
        ("$s: CustomerFilter!", "filter: {and: [$s]}) { totalCount }", true),
        ("$s: CustomerOrder", "orderBy: $s) { totalCount }", false),
        ("$s: CustomerOrder!", "orderBy: [$s]) { totalCount }", true),
        ("$s: Int", "first: $s) { totalCount }", true),
    ] {
        let query = format!("query({declared}) {{ customers({used} }}");
        let variables = match declared {
            "$s: Boolean!" => json!({ "s": true }),
            text if text.contains("Filter!") => json!({ "s": { "code": { "eq": "x" } } }),
            text if text.contains("Order!") => json!({ "s": { "code": "ASC" } }),
            text if text.starts_with("$s: [String!]!") => json!({ "s": ["x"] }),
            text if text.contains("String!") => json!({ "s": "x" }),
            _ => json!({}),
        };
        assert_eq!(!refused(&client, &query, variables).await, fine, "{query}");
    }
    // In a fragment that two operations use, one of which declares it otherwise.
    let query = "query A($s: Boolean!) { ...F } query B($s: Boolean) { ...F }
        fragment F on Query { customers(first: 1) { totalCount @skip(if: $s) } }";
    assert!(refused(&client, query, json!({ "s": true })).await);
    // Within a scalar nothing is expected.
    let sdl = "extend type Customer { extra: JSON @field(label: \"杂项\") }";
    client.apply(sdl, false).await;
    let query = "mutation($a: Int, $b: String) { updateCustomer(id: \"x\", patch: { extra: { a: [$a], b: { c: $b } } }) { userErrors { code } } }";
    assert!(client.ask(query, json!({})).await.body["errors"].is_null());
}

#[tokio::test]
async fn whole_numbers_have_32_bits() {
    let client = Client::sqlite().await;
    for (number, fine) in [
        ("2147483647", true),
        ("-2147483648", true),
        ("2147483648", false),
        ("-2147483649", false),
        ("9223372036854775808", false),
    ] {
        let query =
            format!("{{ customers(filter: {{staffCount: {{eq: {number}}}}}) {{ totalCount }} }}");
        assert_eq!(!refused(&client, &query, json!({})).await, fine, "{query}");
        let query = format!(
            "{{ customers(filter: {{staffCount: {{in: [1, {number}]}}}}) {{ totalCount }} }}"
        );
        assert_eq!(!refused(&client, &query, json!({})).await, fine, "{query}");
        let query = format!(
            "query($n: Int = {number}) {{ customers(filter: {{staffCount: {{eq: $n}}}}) {{ totalCount }} }}"
        );
        assert_eq!(!refused(&client, &query, json!({})).await, fine, "{query}");
    }
    assert!(refused(&client, "{ customers(first: 2147483648) { totalCount } }", json!({})).await);
    assert!(
        !refused(
            &client,
            "{ customers(filter: {creditLimit: {gt: 2147483648}}) { totalCount } }",
            json!({})
        )
        .await
    );
}

async fn literals_around_variables_fit(client: &Client) {
    for (query, taken) in [
        (
            "query($p: DatePeriod) { customerAggregate(groupBy: [{code: true}, {updatedAt: $p}]) { count } }",
            true,
        ),
        (
            "query($p: DatePeriod) { customerAggregate(groupBy: [{code: {a: 1}}, {updatedAt: $p}]) { count } }",
            false,
        ),
        ("query($o: OrderDirection) { customers(orderBy: [{code: $o}]) { totalCount } }", true),
        (
            "query($o: OrderDirection) { customers(orderBy: [{code: $o}, null]) { totalCount } }",
            false,
        ),
        ("query($o: OrderDirection) { customers(orderBy: [{code: $o}, 1]) { totalCount } }", false),
        (
            "query($c: String) { customers(filter: {code: {eq: $c}, staffCount: {eq: 1}}) { totalCount } }",
            true,
        ),
        (
            "query($c: String) { customers(filter: {code: {eq: $c}, staffCount: {eq: \"1\"}}) { totalCount } }",
            false,
        ),
        (
            "query($c: String) { customers(filter: {code: {in: [$c, \"a\"]}}) { totalCount } }",
            false,
        ),
        (
            "query($c: String!) { customers(filter: {code: {in: [$c, \"a\"]}}) { totalCount } }",
            true,
        ),
        (
            "query($c: String) { customers(filter: {code: {eq: $c}, level: {eq: \"A\"}}) { totalCount } }",
            false,
        ),
    ] {
        let variables = json!({ "p": "DAY", "o": "ASC", "c": "X" });
        let used: Value = variables
            .as_object()
            .unwrap()
            .iter()
            .filter(|(name, _)| query.contains(&format!("${name}:")))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect::<serde_json::Map<_, _>>()
            .into();
        let answer = client.ask(query, used).await;
        assert_eq!(answer.body["errors"].is_null(), taken, "{query}: {}", answer.body);
        if !taken {
            assert_eq!(answer.codes(), ["INPUT_INVALID"], "{query}");
        }
    }
}

/// What another operation of a document wants of its variables is no matter of this one.
#[tokio::test]
async fn directives_of_other_operations_do_not_count() {
    let client = Client::sqlite().await;
    let query = "query A { regions { totalCount } }
        query B($x: Boolean!, $y: Boolean!) { regions @include(if: $x) { totalCount @skip(if: $y) } }
        query C { regions { totalCount @skip(if: true) nodes { id } } }";
    let ask = async |name: &str, variables: Value| {
        let body = json!({ "query": query, "operationName": name, "variables": variables });
        client.poster().post("/graphql", body).await.body["data"].clone()
    };
    assert_eq!(ask("A", json!({})).await, json!({ "regions": { "totalCount": 0 } }));
    assert_eq!(ask("B", json!({ "x": false, "y": false })).await, json!({}));
    assert_eq!(ask("B", json!({ "x": true, "y": true })).await, json!({ "regions": {} }));
    assert_eq!(ask("C", json!({})).await, json!({ "regions": { "nodes": [] } }));
}

async fn one_key_is_one_field(client: &Client) {
    let refused = [
        "{ customers { nodes { a: code ...F } } } fragment F on Customer { a: name }",
        "{ customers { nodes { a: code } } customers { nodes { a: name } } }",
        "{ customers(first: 1) { totalCount } customers(first: 2) { totalCount } }",
    ];
    for query in refused {
        assert_eq!(client.ask(query, json!({})).await.codes(), ["INPUT_INVALID"], "{query}");
    }
    let taken = "{ customers { nodes { a: code ...F } } } fragment F on Customer { a: code name }";
    client.data(taken).await;
    let admin = client.token("admin").await;
    let query = "{ objects { a: name ...F } } fragment F on ObjectInfo { a: label }";
    let answer = client.metadata_as(&admin, query, json!({})).await;
    assert_eq!(answer.codes(), ["INPUT_INVALID"], "{}", answer.body);
}
