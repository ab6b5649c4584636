//! SQLite goes on with nothing whose request is over: not with a read, and not with a change.

use std::time::Duration;

use serde_json::json;

use crate::support::{Client, open_impatient};

/// Long enough for a request that finds a few records, for a slow machine too.
const LIMIT: Duration = Duration::from_millis(1_500);

/// A filter that no customer meets, for each of them to be found out by looking at all the others, for each
/// of which all the others are looked at, and so on: longer than any test waits.
fn endless() -> String {
    let end = "{name: {contains: \"nothing\"}}".to_owned();
    (0..6).fold(end, |inner, _| format!("{{department: {{customers: {{some: {inner}}}}}}}"))
}

async fn crowd() -> Client {
    let client = Client::sqlite().await;
    let department = client.department("D").await;
    let inputs: Vec<_> = (0..200)
        .map(|ix| json!({ "code": format!("C{ix}"), "name": "x", "department": { "id": department } }))
        .collect();
    let query = "mutation($inputs: [CreateCustomerInput!]!) {
        createCustomers(inputs: $inputs) { userErrors { code } } }";
    let made = client.ask(query, json!({ "inputs": inputs })).await.data();
    assert_eq!(made["createCustomers"]["userErrors"], json!([]));
    client
}

#[tokio::test]
async fn a_read_is_stopped() {
    let client = crowd().await;
    let impatient = open_impatient(&client, LIMIT).await;
    let query = format!("{{ customers(filter: {}) {{ totalCount }} }}", endless());
    // The connection that reads is the only one: if the engine went on, the next would wait in vain.
    for _ in 0..3 {
        let stopped = impatient.ask(&query, json!({})).await;
        assert_eq!(stopped.codes(), ["LIMIT_TIME"]);
        let next = impatient.ask("{ customers { totalCount } }", json!({})).await;
        assert_eq!(next.data()["customers"]["totalCount"], 200);
    }
}

#[tokio::test]
async fn what_was_stored_before_the_stop_is_told() {
    let client = crowd().await;
    let impatient = open_impatient(&client, LIMIT).await;
    let id = client.department("E").await;
    let slow = format!(
        "updateCustomers(filter: {}, patch: {{city: \"x\"}}, atMost: 1) {{ count }}",
        endless()
    );
    let quick = |name: &str| {
        format!(
            "updateDepartment(id: \"{id}\", patch: {{name: \"{name}\"}}) {{ userErrors {{ code }} }}"
        )
    };
    for (directive, stored) in [("", true), ("@atomic", false)] {
        let query = format!("mutation {directive} {{ a: {} b: {slow} }}", quick("half"));
        let stopped = impatient.ask(&query, json!({})).await;
        assert_eq!(stopped.codes(), ["LIMIT_TIME"]);
        let error = &stopped.body["errors"][0];
        let told = error["message"].as_str().unwrap().contains("may be stored");
        assert_eq!(told, stored, "{error}");
        assert_eq!(
            error["extensions"]["hint"].as_str().unwrap().contains("idempotencyKey"),
            stored
        );
        let read = format!("{{ department(id: \"{id}\") {{ name }} }}");
        let name = impatient.ask(&read, json!({})).await.data()["department"]["name"].clone();
        assert_eq!(name, if stored { "half" } else { "E" });
        impatient.ask(&format!("mutation {{ {} }}", quick("E")), json!({})).await.data();
    }
}

#[tokio::test]
async fn a_change_is_stopped_and_undone() {
    let client = crowd().await;
    let impatient = open_impatient(&client, LIMIT).await;
    let id = client.department("E").await;
    let query = format!(
        "mutation @atomic {{
            a: updateDepartment(id: \"{id}\", patch: {{name: \"half\"}}) {{ userErrors {{ code }} }}
            b: updateCustomers(filter: {}, patch: {{city: \"x\"}}, atMost: 1) {{ count }} }}",
        endless()
    );
    for round in ["first", "second"] {
        let stopped = impatient.ask(&query, json!({})).await;
        assert_eq!(stopped.codes(), ["LIMIT_TIME"]);
        let read = format!("{{ department(id: \"{id}\") {{ name }} }}");
        let name = impatient.ask(&read, json!({})).await.data()["department"]["name"].clone();
        assert_eq!(name, if round == "first" { "E" } else { "first" });
        // The one connection that writes takes the next change.
        let change = format!(
            "mutation {{ updateDepartment(id: \"{id}\", patch: {{name: \"{round}\"}}) {{ userErrors {{ code }} }} }}"
        );
        let changed = impatient.ask(&change, json!({})).await.data();
        assert_eq!(changed["updateDepartment"]["userErrors"], json!([]));
    }
}
