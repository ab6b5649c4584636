//! Records made with those that refer to them, and mutations that stand or fall together.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office},
};

both_dbs! {
    a_relation_is_made_with_its_record
    faults_of_both_are_told_with_paths
    making_within_needs_the_right_to_make
    an_atomic_operation_is_all_or_nothing
}

async fn totals(client: &Client) -> Value {
    let data = client
        .data("{ contacts { totalCount } customers { totalCount } departments { totalCount } }")
        .await;
    json!([
        data["contacts"]["totalCount"],
        data["customers"]["totalCount"],
        data["departments"]["totalCount"]
    ])
}

async fn a_relation_is_made_with_its_record(client: &Client) {
    let department = json!({ "create": { "code": "TJ", "name": "天津" } });
    let customer = json!({ "create": { "code": "C1", "name": "甲", "department": department } });
    let contact = client.create("Contact", json!({ "name": "王", "customer": customer })).await;
    let read = "{ contacts { nodes { name customer { code version department { code } } } } }";
    let nodes = client.data(read).await["contacts"]["nodes"].clone();
    let made = json!({ "code": "C1", "version": 1, "department": { "code": "TJ" } });
    assert_eq!(nodes, json!([{ "name": "王", "customer": made }]));
    let department = client.data("{ department(code: \"TJ\") { id } }").await["department"].clone();
    let other = json!({ "create": { "code": "C2", "name": "乙", "department": department } });
    let changed = client.update("Contact", &contact, json!({ "customer": other })).await;
    assert_eq!(changed["userErrors"], json!([]), "{changed:#}");
    let nodes = client.data(read).await["contacts"]["nodes"].clone();
    assert_eq!(nodes[0]["customer"]["code"], "C2");
    // In the lines of a document, and for each of several.
    let category = json!({ "create": { "code": "R", "name": "树脂" } });
    let item =
        json!({ "create": { "code": "R-1", "name": "环氧", "unit": "kg", "category": category } });
    let line = json!({ "item": item, "quantity": "2", "price": "3" });
    let customer = client.data("{ customer(code: \"C1\") { id } }").await["customer"].clone();
    let order =
        json!({ "customer": customer, "department": department, "lines": { "create": [line] } });
    client.create("SalesOrder", order).await;
    let read = client
        .data("{ salesOrders { nodes { totalAmount lines { item { code category { code } } } } } }")
        .await;
    let item = json!({ "item": { "code": "R-1", "category": { "code": "R" } } });
    assert_eq!(read["salesOrders"]["nodes"], json!([{ "totalAmount": "6.00", "lines": [item] }]));
    let input = |at: usize| {
        let code = format!("N{at}");
        json!({ "name": code, "customer": { "create": { "code": code, "name": "x", "department": department } } })
    };
    let query = "mutation($inputs: [CreateContactInput!]!) { createContacts(inputs: $inputs, onError: CONTINUE) { records { name } userErrors { code path } } }";
    let made = client.ask(query, json!({ "inputs": [input(1), input(1), input(2)] })).await.data();
    let fault = json!([{ "code": "RECORD_TAKEN", "path": ["1", "customer", "create", "code"] }]);
    assert_eq!(
        made["createContacts"],
        json!({ "records": [{ "name": "N1" }, null, { "name": "N2" }], "userErrors": fault })
    );
}

async fn faults_of_both_are_told_with_paths(client: &Client) {
    let department = client.department("TJ").await;
    client.customer(&department, "C1", json!({})).await;
    let before = totals(client).await;
    let nowhere = "019ec900-0000-7000-8000-ffffffffffff";
    let told = async |input: Value| {
        let payload = client.try_create("Contact", input).await;
        assert_eq!(payload["record"], Value::Null, "{payload:#}");
        let faults = payload["userErrors"].as_array().unwrap().clone();
        let path = |fault: &Value| {
            let parts = fault["path"].as_array().unwrap().iter();
            let parts: Vec<_> = parts.map(|part| part.as_str().unwrap()).collect();
            format!("{} {}", fault["code"].as_str().unwrap(), parts.join("."))
        };
        faults.iter().map(path).collect::<Vec<_>>()
    };
    let made = |customer: Value| json!({ "name": "王", "customer": { "create": customer } });
    let lacking = json!({ "customer": { "create": { "code": "C2", "name": "x" } } });
    assert_eq!(
        told(lacking).await,
        ["RECORD_REQUIRED customer.create.department", "RECORD_REQUIRED name"]
    );
    let taken = made(json!({ "code": "C1", "name": "x", "department": { "id": department } }));
    assert_eq!(told(taken).await, ["RECORD_TAKEN customer.create.code"]);
    let gone = made(json!({ "code": "C2", "name": "x", "department": { "id": nowhere } }));
    assert_eq!(told(gone).await, ["RECORD_REFERENCE customer.create.department"]);
    for odd in
        [json!({}), json!({ "id": nowhere, "create": { "code": "C2" } }), json!({ "id": null })]
    {
        let told = told(json!({ "name": "王", "customer": odd })).await;
        assert!(told[0].starts_with("RECORD_VALUE customer"), "{told:?}");
    }
    // What was made for a record that is refused goes with it.
    let fine = json!({ "code": "C2", "name": "x", "department": { "id": department } });
    let mut input = made(fine);
    input["name"] = Value::Null;
    assert_eq!(told(input).await, ["RECORD_REQUIRED name"]);
    let mut deep = json!({ "create": { "code": "D", "name": "x" } });
    for at in 0..6 {
        deep = json!({ "create": { "code": format!("D{at}"), "name": "x", "parent": deep } });
    }
    let query = "mutation($input: CreateDepartmentInput!) { createDepartment(input: $input) { userErrors { code } } }";
    let input = json!({ "code": "D", "name": "x", "parent": deep });
    assert_eq!(client.ask(query, json!({ "input": input })).await.codes(), ["LIMIT_DEPTH"]);
    assert_eq!(totals(client).await, before);
}

async fn making_within_needs_the_right_to_make(client: &Client) {
    let office = Office::open(client).await;
    let fields =
        |name: &str| format!("{{ __type(name: \"{name}\") {{ inputFields {{ name }} }} }}");
    let whole = client.data(&fields("DepartmentRefInput")).await;
    assert_eq!(whole["__type"]["inputFields"], json!([{ "name": "id" }, { "name": "create" }]));
    let own = office.ask("wang", &fields("DepartmentRefInput")).await;
    assert_eq!(own["data"]["__type"]["inputFields"], json!([{ "name": "id" }]));
    let tell = async |part: &str| {
        let query = format!(
            "mutation {{ createCustomer(input: {{code: \"X\", name: \"x\", department: {{{part}: {{}}}}}}) {{ record {{ id }} }} }}"
        );
        office.ask("wang", &query).await.to_string().replace(part, "#")
    };
    assert_eq!(tell("create").await, tell("xreate").await);
    // The record made within is held to the rule of a create of its own.
    let away = office.id("QZ-TL");
    let customer =
        format!("{{create: {{code: \"X\", name: \"x\", department: {{id: \"{away}\"}}}}}}");
    let query = format!(
        "mutation {{ createContact(input: {{name: \"x\", customer: {customer}}}) {{ record {{ id }} userErrors {{ code }} }} }}"
    );
    let before = totals(client).await;
    let refused = office.ask("wang", &query).await;
    let record = &refused["data"]["createContact"]["record"];
    assert!(record.is_null(), "{refused}");
    assert_eq!(totals(client).await, before);
}

async fn an_atomic_operation_is_all_or_nothing(client: &Client) {
    let department = client.department("TJ").await;
    let make = |name: &str, code: &str| {
        format!(
            "{name}: createCustomer(input: {{code: \"{code}\", name: \"x\", department: {{id: \"{department}\"}}}}) {{ record {{ code }} userErrors {{ code path }} }}"
        )
    };
    let both = |how: &str| format!("mutation {how} {{ {} {} }}", make("a", "C1"), make("b", "C1"));
    let refused = client.data(&both("@atomic")).await;
    let undone = json!([{ "code": "RECORD_UNDONE", "path": [] }]);
    let taken = json!([{ "code": "RECORD_TAKEN", "path": ["code"] }]);
    assert_eq!(
        refused,
        json!({ "a": { "record": null, "userErrors": undone }, "b": { "record": null, "userErrors": taken } })
    );
    assert_eq!(totals(client).await[1], 0);
    // Later fields see what earlier ones have written.
    let query = format!(
        "mutation M @atomic {{ __typename {} many: updateCustomers(filter: {{}}, patch: {{city: \"x\"}}, atMost: 1, all: true) {{ count records {{ code city }} }} {} }}",
        make("a", "C1"),
        make("b", "C2")
    );
    let done = client.data(&query).await;
    assert_eq!(done["many"], json!({ "count": 1, "records": [{ "code": "C1", "city": "x" }] }));
    assert_eq!(done["__typename"], "Mutation");
    assert_eq!(totals(client).await[1], 2);
    // Without the directive each stands for itself.
    let each = format!("mutation {{ {} {} }}", make("a", "C3"), make("b", "C1"));
    assert_eq!(client.data(&each).await["a"]["record"], json!({ "code": "C3" }));
    assert_eq!(totals(client).await[1], 3);
    // An error ends the whole of it.
    let inputs = "{code: \"x\"}";
    let query = format!(
        "mutation @atomic {{ {} b: createCustomers(inputs: [{inputs}], idempotencyKey: \"k\") {{ count }} c: createCustomers(inputs: [], idempotencyKey: \"k\") {{ count }} }}",
        make("a", "C4")
    );
    let answer = client.ask(&query, json!({})).await;
    assert_eq!(answer.codes(), ["CONFLICT_IDEMPOTENCY"]);
    assert_eq!(answer.body["data"], json!({ "a": null, "b": null, "c": null }));
    assert_eq!(answer.body["errors"][0]["path"], json!(["c"]));
    assert_eq!(totals(client).await[1], 3);
    let odd = client.ask("query @atomic { __typename }", json!({})).await;
    assert_eq!(odd.codes(), ["INPUT_INVALID"], "only mutations are atomic");
    let odd = client.ask(&both("@atomic(x: 1)"), json!({})).await;
    assert_eq!(odd.codes()[0], "INPUT_INVALID");
}
