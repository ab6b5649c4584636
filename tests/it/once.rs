//! Mutations sent twice under one key are carried out once, and answered by what is so now.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office},
};

both_dbs! {
    the_same_is_done_once
    refusals_are_remembered
    another_request_is_refused
    keys_end_after_a_day
    at_once_only_one_is_done
    answers_obey_present_rights
    every_mutation_takes_a_key
}

const CREATE: &str = "mutation($input: CreateCustomerInput!, $key: String) { createCustomer(input: $input, idempotencyKey: $key) { record { id name } userErrors { code path message } } }";

async fn create(client: &Client, input: &Value, key: &str) -> Value {
    let answer = client.ask(CREATE, json!({ "input": input, "key": key })).await;
    answer.data()["createCustomer"].clone()
}

async fn total(client: &Client) -> Value {
    client.data("{ customers { totalCount } }").await["customers"]["totalCount"].clone()
}

async fn the_same_is_done_once(client: &Client) {
    let department = json!({ "id": client.department("TJ").await });
    let input = json!({ "code": "C1", "name": "一", "level": "A", "department": department });
    let first = create(client, &input, "k1").await;
    assert_eq!(first["userErrors"], json!([]));
    assert_eq!(create(client, &input, "k1").await, first);
    // The same asked in other words: literals, another order, other fields of the answer.
    let department = department["id"].as_str().unwrap();
    let query = format!(
        "mutation {{ x: createCustomer(idempotencyKey: \"k1\", input: {{level: A, name: \"一\", department: {{id: \"{department}\"}}, code: \"C1\"}}) {{ record {{ id code }} }} }}"
    );
    let other = client.data(&query).await;
    assert_eq!(other["x"]["record"], json!({ "id": first["record"]["id"], "code": "C1" }));
    assert_eq!(total(client).await, 1);
    // What is answered is the record as it is now, and none once it is gone.
    let id = first["record"]["id"].as_str().unwrap();
    client.update("Customer", id, json!({ "name": "二" })).await;
    assert_eq!(create(client, &input, "k1").await["record"]["name"], "二");
    client.data(&format!("mutation {{ deleteCustomer(id: \"{id}\") {{ id }} }}")).await;
    let gone = create(client, &input, "k1").await;
    assert_eq!(gone["record"], json!(null));
    // It says so: a payload never tells of neither a record nor a fault.
    assert_eq!(gone["userErrors"][0]["code"], "RECORD_NOT_FOUND");
    assert_eq!(total(client).await, 0);
}

async fn refusals_are_remembered(client: &Client) {
    let refused = create(client, &json!({ "code": "C1", "name": "x" }), "k1").await;
    assert_eq!(refused["userErrors"][0]["path"], json!(["department"]));
    assert_eq!(create(client, &json!({ "code": "C1", "name": "x" }), "k1").await, refused);
    let unread =
        create(client, &json!({ "code": "C1", "department": { "id": "odd" } }), "k2").await;
    assert_eq!(unread["userErrors"][0]["code"], "RECORD_VALUE");
    let long = "k".repeat(256);
    for key in ["", long.as_str()] {
        let odd = create(client, &json!({ "code": "C1" }), key).await;
        assert_eq!(odd["userErrors"][0]["path"], json!(["idempotencyKey"]));
    }
    assert_eq!(total(client).await, 0);
}

async fn another_request_is_refused(client: &Client) {
    let department = json!({ "id": client.department("TJ").await });
    let input = json!({ "code": "C1", "name": "一", "department": department });
    create(client, &input, "k1").await;
    let other = json!({ "code": "C2", "name": "一", "department": department });
    let answer = client.ask(CREATE, json!({ "input": other, "key": "k1" })).await;
    assert_eq!(answer.codes(), ["CONFLICT_IDEMPOTENCY"]);
    // Another field, with the same arguments.
    let upsert = CREATE.replace("createCustomer(", "upsertCustomer(by: code, ");
    let answer = client.ask(&upsert, json!({ "input": input, "key": "k1" })).await;
    assert_eq!(answer.codes(), ["CONFLICT_IDEMPOTENCY"]);
    assert_eq!(total(client).await, 1);
    // Two of one request are two.
    let field = |name: &str, code: &str| {
        format!(
            "{name}: createCustomer(idempotencyKey: \"k2\", input: {{code: \"{code}\", name: \"x\", department: {{id: {}}}}}) {{ record {{ code }} }}",
            department["id"]
        )
    };
    let twice = format!("mutation {{ {} {} }}", field("a", "C3"), field("b", "C3"));
    let data = client.data(&twice).await;
    assert_eq!(data["a"], data["b"]);
    // A key is its operator's: another's is another.
    let office = client.company.add_operator("boss", "boss", crate::support::PASSWORD, true);
    office.await.unwrap();
    let boss = client.poster_of("boss").await;
    let answer = boss.ask(CREATE, json!({ "input": other, "key": "k1" })).await.data();
    assert_eq!(answer["createCustomer"]["userErrors"], json!([]));
}

async fn keys_end_after_a_day(client: &Client) {
    let region = |key: &str, code: &str| {
        format!(
            "mutation {{ createRegion(input: {{code: \"{code}\", name: \"x\"}}, idempotencyKey: \"{key}\") {{ record {{ code }} userErrors {{ code }} }} }}"
        )
    };
    for at in 0..30 {
        client.data(&region(&format!("k{at}"), &format!("R{at}"))).await;
    }
    let kept = async || {
        use sea_orm::{ConnectionTrait, Statement};
        let writer = client.company.database.writer();
        let sql = "SELECT count(*) FROM tw_idempotency".to_owned();
        let statement = Statement::from_string(writer.get_database_backend(), sql);
        let row = writer.query_one_raw(statement).await.unwrap().unwrap();
        row.try_get_by_index::<i64>(0).unwrap()
    };
    assert_eq!(kept().await, 30);
    client.world.advance(Duration::from_hours(23));
    let poster = client.poster_of("admin").await;
    let known = poster.ask(&region("k0", "R0"), json!({})).await.data();
    assert_eq!(known["createRegion"]["userErrors"], json!([]));
    client.world.advance(Duration::from_mins(61));
    let poster = client.poster_of("admin").await;
    let over = poster.ask(&region("k29", "R29"), json!({})).await.data();
    assert_eq!(over["createRegion"]["userErrors"], json!([{ "code": "RECORD_TAKEN" }]));
    poster.ask(&region("new", "RN"), json!({})).await.data();
    assert!(kept().await <= 3, "those past their time go: {}", kept().await);
}

async fn at_once_only_one_is_done(client: &Client) {
    let department = json!({ "id": client.department("TJ").await });
    // No unique key would stop a second one: a contact.
    let customer = json!({ "code": "C1", "name": "x", "department": department });
    let customer = client.create("Customer", customer).await;
    let query = "mutation($input: CreateContactInput!) { createContact(input: $input, idempotencyKey: \"k\") { record { id } userErrors { code } } }";
    let ask = |_: usize| {
        let poster = client.poster();
        let input = json!({ "name": "王", "customer": { "id": customer } });
        tokio::spawn(async move { poster.ask(query, json!({ "input": input })).await.data() })
    };
    let asked: Vec<_> = (0..8).map(ask).collect();
    let mut answers = Vec::new();
    for answer in asked {
        answers.push(answer.await.unwrap());
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    let count = client.data("{ contacts { totalCount } }").await;
    assert_eq!(count["contacts"]["totalCount"], 1);
}

async fn answers_obey_present_rights(client: &Client) {
    let office = Office::open(client).await;
    let query = "mutation { updateCustomers(filter: {code: {eq: \"CZ\"}}, patch: {remark: \"x\"}, atMost: 5, idempotencyKey: \"k\") { count records { code remark } userErrors { code } } }";
    let done = office.ask("wang", query).await["data"]["updateCustomers"].clone();
    assert_eq!(done["records"], json!([{ "code": "CZ", "remark": "x" }]), "{done}");
    client
        .update("Customer", &office.id("CZ"), json!({ "department": { "id": office.id("QZ-TL") } }))
        .await;
    assert!(!office.sees("wang", "customers", "CZ").await);
    let again = office.ask("wang", query).await["data"]["updateCustomers"].clone();
    assert_eq!(again, json!({ "count": 1, "records": [null], "userErrors": [] }));
}

async fn every_mutation_takes_a_key(client: &Client) {
    let query = "{ __schema { mutationType { fields { name args { name } } } } }";
    let listed = client.data(query).await;
    let fields = listed["__schema"]["mutationType"]["fields"].as_array().unwrap().clone();
    assert!(fields.len() > 100);
    for field in fields {
        let args = field["args"].as_array().unwrap();
        assert!(args.iter().any(|arg| arg["name"] == "idempotencyKey"), "{field}");
    }
}
