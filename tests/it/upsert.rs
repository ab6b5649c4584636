//! Records made, or changed where there are some: by a unique key, safe against others, blind to what is hidden.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office},
};

both_dbs! {
    made_first_changed_then
    who_comes_at_once_makes_one
    a_hidden_record_is_told_as_a_taken_key
    hidden_keys_are_unknown_ones
    a_stale_change_is_told_what_differs
}

const UPSERT: &str = "mutation($input: CreateCustomerInput!) { upsertCustomer(by: code, input: $input) { record { code name city version } userErrors { code path } } }";

async fn upsert(client: &Client, input: Value) -> Value {
    client.ask(UPSERT, json!({ "input": input })).await.data()["upsertCustomer"].clone()
}

async fn made_first_changed_then(client: &Client) {
    let department = json!({ "id": client.department("TJ").await });
    let input = json!({ "code": "C1", "name": "一", "city": "天津", "department": department });
    let made = upsert(client, input.clone()).await;
    let record = json!({ "code": "C1", "name": "一", "city": "天津", "version": 1 });
    assert_eq!(made, json!({ "record": record, "userErrors": [] }));
    let again = upsert(client, input).await;
    assert_eq!(again["record"]["version"], 1, "nothing has changed");
    // What is not given stays, and what a new record would need is there already.
    let changed = upsert(client, json!({ "code": " C1 ", "name": "二" })).await;
    let record = json!({ "code": "C1", "name": "二", "city": "天津", "version": 2 });
    assert_eq!(changed, json!({ "record": record, "userErrors": [] }));
    let told = |payload: &Value| payload["userErrors"].clone();
    let none = upsert(client, json!({ "name": "x" })).await;
    assert_eq!(told(&none), json!([{ "code": "RECORD_REQUIRED", "path": ["code"] }]));
    let null = upsert(client, json!({ "code": null, "name": "x" })).await;
    assert_eq!(told(&null), json!([{ "code": "RECORD_REQUIRED", "path": ["code"] }]));
    let lacking = upsert(client, json!({ "code": "C2", "name": "x" })).await;
    assert_eq!(told(&lacking), json!([{ "code": "RECORD_REQUIRED", "path": ["department"] }]));
    let wrong = upsert(client, json!({ "code": "C1", "name": null })).await;
    assert_eq!(told(&wrong), json!([{ "code": "RECORD_REQUIRED", "path": ["name"] }]));
    let count = client.data("{ customers { totalCount } }").await;
    assert_eq!(count["customers"]["totalCount"], 1);
    let odd = client.ask(&UPSERT.replace("by: code", "by: name"), json!({ "input": {} })).await;
    assert_eq!(odd.codes()[0], "INPUT_INVALID");
}

async fn who_comes_at_once_makes_one(client: &Client) {
    let department = json!({ "id": client.department("TJ").await });
    let ask = |at: usize| {
        let poster = client.poster();
        let input = json!({ "code": "C1", "name": at.to_string(), "department": department });
        tokio::spawn(async move { poster.ask(UPSERT, json!({ "input": input })).await.data() })
    };
    let asked: Vec<_> = (0..8).map(ask).collect();
    for answer in asked {
        let answer = answer.await.unwrap();
        assert_eq!(answer["upsertCustomer"]["userErrors"], json!([]), "{answer}");
    }
    let read = client.data("{ customers { nodes { version } } }").await;
    assert_eq!(read["customers"]["nodes"], json!([{ "version": 8 }]));
}

async fn a_hidden_record_is_told_as_a_taken_key(client: &Client) {
    let office = Office::open(client).await;
    let department = office.id("TJ-TL");
    let ask = async |who: &str, field: &str, code: &str| {
        let input = format!(
            "input: {{code: \"{code}\", name: \"x\", department: {{id: \"{department}\"}}}}"
        );
        let query = format!(
            "mutation {{ x: {field}{input}) {{ record {{ code }} userErrors {{ code path message hint }} }} }}"
        );
        office.ask(who, &query).await
    };
    // `CQ` is of another branch, and wang does not see it.
    assert!(!office.sees("wang", "customers", "CQ").await);
    let upserted = ask("wang", "upsertCustomer(by: code, ", "CQ").await;
    let created = ask("wang", "createCustomer(", "CQ").await;
    assert_eq!(upserted["data"]["x"]["userErrors"][0]["code"], "RECORD_TAKEN", "{upserted}");
    assert_eq!(upserted, created);
    let query = "{ customer(code: \"CQ\") { name version } }";
    assert_eq!(client.data(query).await["customer"], json!({ "name": "客户 CQ", "version": 1 }));
    let seen = ask("wang", "upsertCustomer(by: code, ", "CZ").await;
    assert_eq!(seen["data"]["x"]["userErrors"], json!([]), "{seen}");
}

async fn hidden_keys_are_unknown_ones(client: &Client) {
    let office = Office::open(client).await;
    let definition = "code = \"part\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Department\"]\nactions = [\"read\", \"create\", \"edit\"]\nopen = true\n[[fields]]\nobject = \"Department\"\nhidden = [\"code\"]\n";
    let query = "mutation($d: String!) { saveRole(definition: $d) { code } assignRoles(account: \"feng\", roles: [\"part\"]) { roles } }";
    client.metadata(query, json!({ "d": definition })).await;
    let poster = client.poster_of("feng").await;
    // Without a key that is seen there is no such field; with one, a hidden value is an unknown one.
    for query in [
        "mutation { upsert#(by: code, input: {name: \"x\"}) { record { id } } }",
        "query($k: #Key) { __typename }",
    ] {
        let tell = async |name: &str| {
            let answer = poster.ask(&query.replace('#', name), json!({})).await;
            answer.body.to_string().replace(name, "#")
        };
        assert_eq!(tell("Department").await, tell("Xepartment").await);
    }
    let whole = client.data("{ __type(name: \"DepartmentKey\") { enumValues { name } } }").await;
    assert_eq!(whole["__type"]["enumValues"], json!([{ "name": "code" }]));
    assert!(office.ask("feng", "{ departments { totalCount } }").await["data"].is_object());
}

async fn a_stale_change_is_told_what_differs(client: &Client) {
    let department = client.department("TJ").await;
    let id = client.customer(&department, "C1", json!({ "city": "天津" })).await;
    client.update("Customer", &id, json!({ "city": "北京", "level": "A" })).await;
    client.update("Customer", &id, json!({ "city": "天津", "shortName": "甲" })).await;
    let query = "mutation($id: ID!, $v: Int) { updateCustomer(id: $id, patch: {city: \"x\"}, expectedVersion: $v) { record { version } userErrors { code path hint } } }";
    let stale = client.ask(query, json!({ "id": id, "v": 1 })).await.data();
    let fault =
        |path: &str, hint: Value| json!({ "code": "RECORD_VERSION", "path": [path], "hint": hint });
    let listed = stale["updateCustomer"]["userErrors"].as_array().unwrap().clone();
    let mut fields: Vec<_> = listed[1..].iter().map(|fault| fault["path"][0].clone()).collect();
    fields.sort_by_key(ToString::to_string);
    assert_eq!(fields, ["level", "shortName"], "a field that was changed back does not differ");
    assert_eq!(listed[0]["path"], json!(["expectedVersion"]));
    for name in ["Level", "Short name", "changed since"] {
        assert!(listed[0]["hint"].as_str().unwrap().contains(name), "{listed:?}");
    }
    let newer = client.ask(query, json!({ "id": id, "v": 2 })).await.data();
    let listed = newer["updateCustomer"]["userErrors"].as_array().unwrap().clone();
    assert_eq!(listed.len(), 3, "{listed:?}");
    assert!(listed.contains(&fault("city", Value::Null)));
    // Nothing is known of versions to come.
    let ahead = client.ask(query, json!({ "id": id, "v": 9 })).await.data();
    assert_eq!(ahead["updateCustomer"]["userErrors"].as_array().unwrap().len(), 1);
    // Who may not see a field is not told that it changed.
    let operator = client.company.add_operator("poor", "poor", crate::support::PASSWORD, false);
    let operator = operator.await.unwrap().to_string();
    client.update("Operator", &operator, json!({ "allowedSystems": ["SALES"] })).await;
    let definition = "code = \"part\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Customer\"]\nactions = [\"read\", \"edit\"]\nopen = true\n[[fields]]\nobject = \"Customer\"\nhidden = [\"level\"]\n";
    let give = "mutation($d: String!) { saveRole(definition: $d) { code } assignRoles(account: \"poor\", roles: [\"part\"]) { roles } }";
    client.metadata(give, json!({ "d": definition })).await;
    let poor = client.poster_of("poor").await;
    let told = poor.ask(query, json!({ "id": id, "v": 1 })).await.data().to_string();
    assert!(told.contains("shortName") && !told.to_lowercase().contains("level"), "{told}");
}
