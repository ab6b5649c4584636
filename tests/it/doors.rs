//! Every root field of both schemas, called anonymously and without rights, from what introspection lists.

use axum::{body::Body, http::Request};
use serde_json::{Value, json};

use crate::{both_dbs, support::Client};

both_dbs! {
    no_root_field_opens_without_rights
    hidden_and_unknown_are_told_alike
}

const TYPES: &str = "query($name: String!) { __type(name: $name) { kind fields { name type { ...t } args { name type { ...t } } } inputFields { name type { ...t } } enumValues { name } } }
    fragment t on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/// One schema as it is described to an administrator.
struct Described<'c> {
    client: &'c Client,
    metadata: bool,
    token: String,
}

impl Described<'_> {
    async fn ty(&self, name: &str) -> Value {
        let variables = json!({ "name": name });
        let answer = if self.metadata {
            self.client.metadata_as(&self.token, TYPES, variables).await
        } else {
            self.client.ask(TYPES, variables).await
        };
        answer.data()["__type"].clone()
    }

    /// A literal of a type: the least that is valid.
    async fn literal(&self, ty: &Value) -> String {
        match ty["kind"].as_str().unwrap() {
            "NON_NULL" => Box::pin(self.literal(&ty["ofType"])).await,
            "LIST" => "[]".to_owned(),
            "ENUM" => {
                let known = self.ty(ty["name"].as_str().unwrap()).await;
                known["enumValues"][0]["name"].as_str().unwrap().to_owned()
            }
            "INPUT_OBJECT" => {
                let known = self.ty(ty["name"].as_str().unwrap()).await;
                let mut fields = Vec::new();
                for field in known["inputFields"].as_array().unwrap() {
                    if field["type"]["kind"] == "NON_NULL" {
                        let value = Box::pin(self.literal(&field["type"])).await;
                        fields.push(format!("{}: {value}", field["name"].as_str().unwrap()));
                    }
                }
                format!("{{{}}}", fields.join(", "))
            }
            _ => match ty["name"].as_str().unwrap() {
                "Int" => "1".to_owned(),
                "Boolean" => "true".to_owned(),
                _ => "\"x\"".to_owned(),
            },
        }
    }

    /// A call of each field of a root type: its name and the document.
    async fn calls(&self, root: &str, keyword: &str) -> Vec<(String, String)> {
        let mut calls = Vec::new();
        for field in self.ty(root).await["fields"].as_array().unwrap() {
            let name = field["name"].as_str().unwrap();
            let mut args = Vec::new();
            for arg in field["args"].as_array().unwrap() {
                // A record is asked for by its id, so that the call is one.
                if arg["type"]["kind"] == "NON_NULL" || arg["name"] == "id" {
                    let value = self.literal(&arg["type"]).await;
                    args.push(format!("{}: {value}", arg["name"].as_str().unwrap()));
                }
            }
            let args =
                if args.is_empty() { String::new() } else { format!("({})", args.join(", ")) };
            let mut ty = &field["type"];
            while !ty["ofType"].is_null() {
                ty = &ty["ofType"];
            }
            let selected = matches!(ty["kind"].as_str(), Some("OBJECT" | "INTERFACE"));
            let paged = ty["name"].as_str().is_some_and(|name| name.ends_with("Connection"));
            let selection = match (selected, paged) {
                (true, true) => " { nodes { __typename } }",
                (true, false) => " { __typename }",
                (false, _) => "",
            };
            calls.push((name.to_owned(), format!("{keyword} {{ {name}{args}{selection} }}")));
        }
        calls
    }
}

async fn no_root_field_opens_without_rights(client: &Client) {
    client.company.add_operator("poor", "poor", crate::support::PASSWORD, false).await.unwrap();
    let poor = client.token("poor").await;
    let admin = client.token("admin").await;
    let mut called = 0;
    for (path, metadata) in [("/graphql", false), ("/metadata", true)] {
        let described = Described { client, metadata, token: admin.clone() };
        for (root, keyword) in [("Query", "query"), ("Mutation", "mutation")] {
            for (name, call) in described.calls(root, keyword).await {
                let request = Request::post(path)
                    .header("content-type", "application/json")
                    .header("accept", "application/graphql-response+json")
                    .body(Body::from(json!({ "query": call }).to_string()))
                    .unwrap();
                let (status, body) = client.send(request).await;
                assert_eq!(status, 401, "{call}: {}", String::from_utf8_lossy(&body));
                let answer = if metadata {
                    client.metadata_as(&poor, &call, json!({})).await
                } else {
                    client.ask_as(&poor, &call).await
                };
                called += 1;
                let expected: &[&str] = match (metadata, name.as_str()) {
                    // A record of no object there is.
                    (false, "node") => {
                        assert_eq!(answer.body, json!({ "data": { "node": null } }));
                        continue;
                    }
                    // Of no object there is anything to find.
                    (false, "search" | "recents" | "approvals") => {
                        assert_eq!(answer.body["data"][&name], json!([]));
                        &[]
                    }
                    // Nobody's day holds anything.
                    (false, "myDay") => {
                        assert_eq!(
                            answer.body,
                            json!({ "data": { "myDay": { "__typename": "MyDay" } } })
                        );
                        &[]
                    }
                    // Nothing waits for them.
                    (false, "approvalInbox") => {
                        assert_eq!(
                            answer.body,
                            json!({ "data": { "approvalInbox": { "__typename": "ApprovalTaskList" } } })
                        );
                        &[]
                    }
                    (false, "timeline") => {
                        assert_eq!(answer.body["data"][&name], Value::Null);
                        &[]
                    }
                    (false, _) => &["INPUT_INVALID"],
                    // Who asks, and what exists for them: nothing.
                    (true, "viewer" | "version") => &[],
                    (true, "objects") => {
                        assert_eq!(answer.body["data"][&name], json!([]));
                        &[]
                    }
                    (true, "delegations" | "apiKeys") => {
                        assert_eq!(answer.body["data"][&name]["nodes"], json!([]));
                        &[]
                    }
                    // Their own sign-in, and nobody else's.
                    (true, "sessions") => {
                        assert_eq!(
                            answer.body["data"][&name]["nodes"].as_array().unwrap().len(),
                            1
                        );
                        &[]
                    }
                    (true, "object" | "layout" | "dashboard") => {
                        assert_eq!(answer.body["data"][&name], Value::Null);
                        &[]
                    }
                    // Everyone keeps their own, and this one has kept nothing; no system is open to them.
                    (true, "views" | "formDrafts" | "menus" | "dashboards") => {
                        assert_eq!(answer.body["data"][&name], json!([]));
                        &[]
                    }
                    (true, "opened") => {
                        assert_eq!(answer.body["data"][&name], json!(false));
                        &[]
                    }
                    // They have begun none.
                    (true, "jobs") => {
                        assert_eq!(answer.body["data"][&name]["nodes"], json!([]));
                        &[]
                    }
                    (true, "job" | "cancelJob" | "resumeJob") => &["INPUT_VALUE"],
                    (true, "preferences") => {
                        assert_eq!(answer.body["data"][&name], json!({}));
                        &[]
                    }
                    (true, "saveView" | "saveDashboard" | "setPreference") => &[],
                    (true, "deleteView" | "deleteDashboard" | "pinView" | "setDefaultView") => {
                        &["INPUT_VALUE"]
                    }
                    (true, "keepDraft" | "dropDraft") => &["INPUT_VALUE"],
                    // Everyone arranges these for themselves, and this one has nothing to arrange.
                    (true, "delegate") => &["INPUT_VALUE"],
                    (true, "endDelegation") => &["INPUT_VALUE", "RECORD_NOT_FOUND"],
                    // Everyone looks after their own sign-ins and keys.
                    (true, "revokeSession" | "createApiKey" | "revokeApiKey") => &["INPUT_VALUE"],
                    (true, "changePassword") => &["AUTH_BAD_CREDENTIALS"],
                    (true, _) => &["ACCESS_DENIED"],
                };
                let errors = answer.body["errors"].as_array().cloned().unwrap_or_default();
                let fits = match &errors[..] {
                    [] => expected.is_empty(),
                    [one] => {
                        expected.contains(&one["extensions"]["code"].as_str().unwrap_or_default())
                    }
                    _ => false,
                };
                assert!(fits, "{call}: {}", answer.body);
            }
        }
    }
    assert!(called > 90, "{called}");
}

async fn hidden_and_unknown_are_told_alike(client: &Client) {
    let operator = client.company.add_operator("poor", "poor", crate::support::PASSWORD, false);
    let operator = operator.await.unwrap().to_string();
    let saved = client.update("Operator", &operator, json!({ "allowedSystems": ["SALES"] })).await;
    assert_eq!(saved["userErrors"], json!([]));
    let definition = "code = \"part\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Contact\", \"Department\"]\nactions = [\"read\", \"create\", \"edit\"]\nopen = true\n[[fields]]\nobject = \"Contact\"\nhidden = [\"email\"]\n[[fields]]\nobject = \"Department\"\nhidden = [\"parent\"]\n";
    let query = "mutation($d: String!) { saveRole(definition: $d) { code } assignRoles(account: \"poor\", roles: [\"part\"]) { roles } }";
    client.metadata(query, json!({ "d": definition })).await;
    let poor = client.poster_of("poor").await;
    // The hidden name, and one of the same length that nobody has.
    let names = [
        ("email", "xmail"),
        ("customer", "xustomer"),
        ("Customer", "Xustomer"),
        ("customers", "xustomers"),
        ("parent", "xarent"),
    ];
    let templates = [
        "{ contacts { nodes { id # } } }",
        "{ contacts { nodes { id #(first: 1) { nodes { name } } } } }",
        "{ contacts { nodes { id a: # b: #(x: {y: $z}) { wrong } } } }",
        "{ contacts(filter: {#: {eq: \"x\"}}) { totalCount } }",
        "{ contacts(filter: {and: [{not: {#: {wrong: 1}}}]}) { totalCount } }",
        "{ contacts(orderBy: [{#: ASC}]) { totalCount } }",
        "{ departments(orderBy: {#: WRONG}) { totalCount } }",
        "{ department(#: \"x\") { id } }",
        "{ department(id: \"x\", #: 5) { id } }",
        "{ # { totalCount nodes { id } } }",
        "{ #(filter: {name: {eq: 1}}, wrong: 2) { wrong } }",
        "{ node(id: \"x\") { ... on # { id name } } }",
        "{ contacts { nodes { ... on # { wrong } } } }",
        "{ contacts { nodes { id } } } fragment f on # { id }",
        "query($f: #Filter) { contacts { totalCount } }",
        "query($f: [Create#Input!]! = [{wrong: 1}]) { contacts { totalCount } }",
        "mutation { create#(input: {}) { record { id } } }",
        "mutation { delete#(id: \"x\", wrong: 1) { id } }",
        "mutation { createContact(input: {name: \"x\", #: \"y\"}) { record { id # } } }",
        "mutation { createContact(input: {name: \"x\", #: {wrong: 1}}) { record { id } } }",
        "mutation($i: CreateContactInput! = {#: 1}) { createContact(input: $i) { record { id } } }",
        "mutation($i: CreateContactInput!) { createContact(input: $i) { record { id } userErrors { code path message } } }",
        "query($i: ContactFilter) { contacts(filter: $i) { totalCount } }",
        "{ __type(name: \"#\") { name } }",
        "{ contacts { nodes { history(field: \"#\") { nodes { id } } } } }",
        "{ contacts(first: 1) { nodes { #Aggregate { count } } } }",
        "{ #Aggregate { count } }",
        "{ contactAggregate(groupBy: [{#: true}]) { key { # } count } }",
        "{ contactAggregate { count countDistinct { # } } }",
        "{ contactAggregate(having: {countDistinct: {#: {gt: 1}}}) { count } }",
        "{ departments(filter: {#: {count: {gt: 1}}}) { totalCount } }",
        "{ contacts { nodes { id # @optional } } }",
        "{ contacts { nodes { id # @skip(if: true) } } }",
    ];
    let names_there = poor.ask("{ contacts { nodes { id name } } }", json!({})).await;
    assert!(names_there.body["errors"].is_null(), "{}", names_there.body);
    for (hidden, unknown) in names {
        for template in templates {
            let tell = async |name: &str| {
                let variables = json!({ "i": { name: "x", "name": "y" } });
                let answer = poor.ask(&template.replace('#', name), variables).await;
                answer.body.to_string().replace(name, "#")
            };
            assert_eq!(tell(hidden).await, tell(unknown).await, "{hidden} in {template}");
        }
    }
}
