//! Many records at once: made, changed and removed all or none, or each for itself where that is asked for.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office},
};

both_dbs! {
    many_are_made_or_none
    each_for_itself_where_asked
    those_of_a_filter_are_changed
    those_of_a_filter_are_removed
    bulk_stays_within_rights
    a_batch_takes_few_statements
    a_batch_does_what_single_saves_do
    what_says_nothing_is_not_everything
}

const CREATE: &str = "mutation($inputs: [CreateCustomerInput!]!, $on: BulkOnError) { createCustomers(inputs: $inputs, onError: $on) { count records { code version } userErrors { code path } } }";

async fn create(client: &Client, inputs: &[Value], on: &str) -> Value {
    let answer = client.ask(CREATE, json!({ "inputs": inputs, "on": on })).await;
    answer.data()["createCustomers"].clone()
}

async fn codes(client: &Client) -> Vec<String> {
    let query = "{ customers(orderBy: [{code: ASC}]) { nodes { code } } }";
    let read = client.data(query).await;
    let nodes = read["customers"]["nodes"].as_array().unwrap().clone();
    nodes.iter().map(|node| node["code"].as_str().unwrap().to_owned()).collect()
}

async fn written(client: &Client) -> (usize, usize) {
    let count = async |table: &str| {
        use sea_orm::{ConnectionTrait, Statement};
        let writer = client.company.database.writer();
        let sql = format!("SELECT count(*) FROM {table}");
        let statement = Statement::from_string(writer.get_database_backend(), sql);
        let row = writer.query_one_raw(statement).await.unwrap().unwrap();
        usize::try_from(row.try_get_by_index::<i64>(0).unwrap()).unwrap()
    };
    (count("tw_history").await, count("tw_outbox").await)
}

async fn many_are_made_or_none(client: &Client) {
    let department = json!({ "id": client.department("TJ").await });
    let input = |code: &str| json!({ "code": code, "name": code, "department": department });
    let before = written(client).await;
    let made = create(client, &[input("B"), input("A"), input("C")], "ABORT").await;
    let record = |code: &str| json!({ "code": code, "version": 1 });
    let records = [record("B"), record("A"), record("C")];
    assert_eq!(made, json!({ "count": 3, "records": records, "userErrors": [] }));
    let after = written(client).await;
    assert_eq!(after, (before.0 + 3, before.1 + 3));
    // Every fault with its place, and nothing written.
    let nowhere = json!({ "id": "019ec900-0000-7000-8000-ffffffffffff" });
    let mut wrong = [input("D"), json!({ "name": "x" }), input("E"), input("F")];
    wrong[2]["department"] = nowhere;
    wrong[3]["level"] = json!("A");
    let refused = create(client, &wrong, "ABORT").await;
    let fault = |code: &str, path: &[&str]| json!({ "code": code, "path": path });
    assert_eq!(
        refused,
        json!({ "count": 0, "records": [], "userErrors": [
            fault("RECORD_REQUIRED", &["1", "code"]),
            fault("RECORD_REQUIRED", &["1", "department"]),
            fault("RECORD_REFERENCE", &["2", "department"]),
        ] })
    );
    // A key that is taken, by a record there is and by one of the same call.
    let taken = create(client, &[input("D"), input("A"), input("D"), input("E")], "ABORT").await;
    assert_eq!(
        taken["userErrors"],
        json!([fault("RECORD_TAKEN", &["1", "code"]), fault("RECORD_TAKEN", &["2", "code"])])
    );
    let odd = json!([input("D"), { "code": "E", "name": "x", "department": { "id": "odd" } }]);
    let odd = create(client, odd.as_array().unwrap(), "ABORT").await;
    assert_eq!(odd["userErrors"], json!([fault("RECORD_VALUE", &["1", "department", "id"])]));
    let none = create(client, &[], "ABORT").await;
    assert_eq!(none, json!({ "count": 0, "records": [], "userErrors": [] }));
    assert_eq!(codes(client).await, ["A", "B", "C"]);
    assert_eq!(written(client).await, after);
    let many: Vec<_> = (0..5_001).map(|at| json!({ "code": at.to_string() })).collect();
    let answer = client.ask(CREATE, json!({ "inputs": many })).await;
    assert_eq!(answer.codes(), ["LIMIT_PAGE"]);
}

async fn each_for_itself_where_asked(client: &Client) {
    let department = json!({ "id": client.department("TJ").await });
    let input = |code: &str| json!({ "code": code, "name": code, "department": department });
    let mut inputs = [input("A"), input("A"), json!({ "code": "B" }), input("C"), input("D")];
    inputs[3]["department"] = json!({ "id": "odd" });
    let before = written(client).await;
    let made = create(client, &inputs, "CONTINUE").await;
    let record = |code: &str| json!({ "code": code, "version": 1 });
    assert_eq!(made["records"], json!([record("A"), null, null, null, record("D")]), "{made:#}");
    assert_eq!(made["count"], 2);
    let told = made["userErrors"].as_array().unwrap().iter();
    let mut told: Vec<_> = told.map(|fault| fault["path"].to_string()).collect();
    told.sort();
    let expected = [
        r#"["1","code"]"#,
        r#"["2","department"]"#,
        r#"["2","name"]"#,
        r#"["3","department","id"]"#,
    ];
    assert_eq!(told, expected);
    assert_eq!(codes(client).await, ["A", "D"]);
    assert_eq!(written(client).await, (before.0 + 2, before.1 + 2));
}

async fn those_of_a_filter_are_changed(client: &Client) {
    let department = json!({ "id": client.department("TJ").await });
    let input = |code: &str| json!({ "code": code, "name": code, "department": department });
    create(client, &[input("A"), input("B"), input("C")], "ABORT").await;
    client.data("mutation { updateCustomers(filter: {code: {eq: \"A\"}}, patch: {city: \"x\"}, atMost: 1) { count } }").await;
    let change = async |arguments: &str| {
        let query = format!(
            "mutation {{ updateCustomers(filter: {{code: {{ne: \"C\"}}}}, {arguments}) {{ count records {{ code city version }} userErrors {{ code path }} }} }}"
        );
        client.data(&query).await["updateCustomers"].clone()
    };
    let tried = change("patch: {city: \"天津\"}, atMost: 5, dryRun: true").await;
    assert_eq!(tried["count"], 2);
    let few = change("patch: {city: \"天津\"}, atMost: 1").await;
    assert_eq!(few["userErrors"], json!([{ "code": "LIMIT_RECORDS", "path": ["atMost"] }]));
    let read = "{ customers(orderBy: [{code: ASC}]) { nodes { code city version } } }";
    let kept = client.data(read).await["customers"]["nodes"].clone();
    assert_eq!(kept[0], json!({ "code": "A", "city": "x", "version": 2 }));
    assert_eq!(kept[1], json!({ "code": "B", "city": null, "version": 1 }));
    // Each record goes on with its own version.
    let done = change("patch: {city: \"天津\"}, atMost: 2").await;
    assert_eq!(done["count"], 2);
    let now = client.data(read).await["customers"]["nodes"].clone();
    assert_eq!(
        now,
        json!([
            { "code": "A", "city": "天津", "version": 3 },
            { "code": "B", "city": "天津", "version": 2 },
            { "code": "C", "city": null, "version": 1 },
        ])
    );
    let history = "SELECT count(*) FROM tw_history WHERE action = 'UPDATE' AND version = 3";
    assert_eq!(count(client, history).await, 1);
    // What cannot be for one is done for none; the fault is told with the record's id.
    let refused = change("patch: {code: \"Z\"}, atMost: 5").await;
    let fault = &refused["userErrors"][0];
    assert_eq!(fault["code"], "RECORD_TAKEN", "{refused}");
    assert_eq!(fault["path"][1], "code");
    let id = fault["path"][0].as_str().unwrap();
    let named = client.data(&format!("{{ customer(id: \"{id}\") {{ code }} }}")).await;
    assert!(["A", "B"].contains(&named["customer"]["code"].as_str().unwrap()));
    assert_eq!(codes(client).await, ["A", "B", "C"]);
    let bad = change("patch: {name: null}, atMost: 5").await;
    assert_eq!(bad["userErrors"].as_array().unwrap().len(), 2, "{bad}");
    let most = change("patch: {}, atMost: 5001").await;
    assert_eq!(most["userErrors"], json!([{ "code": "RECORD_VALUE", "path": ["atMost"] }]));
}

async fn count(client: &Client, sql: &str) -> i64 {
    use sea_orm::{ConnectionTrait, Statement};
    let writer = client.company.database.writer();
    let statement = Statement::from_string(writer.get_database_backend(), sql.to_owned());
    let row = writer.query_one_raw(statement).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

async fn those_of_a_filter_are_removed(client: &Client) {
    let department = json!({ "id": client.department("TJ").await });
    let input = |code: &str| json!({ "code": code, "name": code, "department": department });
    create(client, &[input("A"), input("B"), input("C"), input("D")], "ABORT").await;
    let query = "{ customer(code: \"B\") { id } }";
    let used = client.data(query).await["customer"]["id"].clone();
    let order = json!({ "customer": { "id": used }, "department": department });
    client.create("SalesOrder", order).await;
    let remove = async |filter: &str, more: &str| {
        let query = format!(
            "mutation {{ deleteCustomers(filter: {{code: {filter}}}, atMost: 3{more}) {{ count ids userErrors {{ code path }} }} }}"
        );
        client.data(&query).await["deleteCustomers"].clone()
    };
    let kept = remove("{in: [\"A\", \"B\", \"C\"]}", "").await;
    let fault = json!([{ "code": "RECORD_IN_USE", "path": [used, "id"] }]);
    assert_eq!(kept, json!({ "count": 0, "ids": [], "userErrors": fault }));
    let tried = remove("{in: [\"A\", \"C\"]}", ", dryRun: true").await;
    assert_eq!(tried["count"], 2);
    assert_eq!(codes(client).await, ["A", "B", "C", "D"]);
    let gone = remove("{in: [\"A\", \"C\"]}", "").await;
    assert_eq!(gone["ids"].as_array().unwrap().len(), 2, "{gone}");
    assert_eq!(codes(client).await, ["B", "D"]);
    let history = "SELECT count(*) FROM tw_history WHERE action = 'DELETE' AND changes LIKE '%relatedEmployees%'";
    assert_eq!(count(client, history).await, 0, "they had no related employees");
    let none = remove("{eq: \"Z\"}", "").await;
    assert_eq!(none, json!({ "count": 0, "ids": [], "userErrors": [] }));
}

async fn bulk_stays_within_rights(client: &Client) {
    let office = Office::open(client).await;
    // Of all customers there are, those of the caller's reach are found.
    let all = "mutation { updateCustomers(filter: {}, all: true, patch: {remark: \"x\"}, atMost: 3) { count userErrors { code } } }";
    assert_eq!(office.ask("wang", all).await["data"]["updateCustomers"]["count"], 3);
    let touched = client.data("{ customers(filter: {remark: {eq: \"x\"}}) { totalCount } }").await;
    assert_eq!(touched["customers"]["totalCount"], 3);
    // Nobody takes a record out of their own reach, with many as with one.
    let away = format!(
        "mutation {{ updateCustomers(filter: {{}}, all: true, patch: {{department: {{id: \"{}\"}}}}, atMost: 9) {{ count }} }}",
        office.id("QZ-TL")
    );
    let refused = office.ask("wang", &away).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "ACCESS_DENIED", "{refused}");
    let input = |code: &str, department: &str| {
        format!(
            "{{code: \"{code}\", name: \"x\", department: {{id: \"{}\"}}}}",
            office.id(department)
        )
    };
    let make = |on: &str| {
        let inputs = [input("N1", "TJ-TL"), input("N2", "QZ-TL"), input("N3", "TJ-TL")].join(", ");
        format!(
            "mutation {{ createCustomers(inputs: [{inputs}], onError: {on}) {{ records {{ code }} userErrors {{ code path }} }} }}"
        )
    };
    let none = office.ask("wang", &make("ABORT")).await;
    let error = &none["errors"][0]["extensions"];
    assert_eq!(
        (&error["code"], &error["path"]),
        (&json!("ACCESS_DENIED"), &json!(["1"])),
        "{none}"
    );
    let query = "{ customers(filter: {code: {startsWith: \"N\"}}) { totalCount } }";
    assert_eq!(client.data(query).await["customers"]["totalCount"], 0);
    let some = office.ask("wang", &make("CONTINUE")).await["data"]["createCustomers"].clone();
    assert_eq!(some["records"], json!([{ "code": "N1" }, null, { "code": "N3" }]), "{some}");
    assert_eq!(some["userErrors"][0]["path"][0], "1", "{some}");
    // Where single records cannot be made or removed, several cannot either.
    let fields = "{ __schema { mutationType { fields { name } } } }";
    for who in ["zhang", "wang", "feng"] {
        let listed = office.ask(who, fields).await.to_string();
        for verb in ["create", "update", "delete"] {
            let has = |name: &str| listed.contains(&format!("\"{verb}{name}\""));
            assert_eq!(has("Customer"), has("Customers"), "{who} {verb}");
        }
    }
}

async fn a_batch_takes_few_statements(client: &Client) {
    client.world.tick(std::time::Duration::from_micros(7));
    let department = json!({ "id": client.department("TJ").await });
    let owner = json!({ "code": "E1", "name": "E1", "department": department });
    let owner = json!({ "id": client.create("Employee", owner).await });
    let inputs: Vec<_> = (0..250)
        .map(|at| json!({ "code": format!("C{at}"), "name": "x", "department": department, "owner": owner }))
        .collect();
    let before = client.company.database.statements();
    let query = "mutation($inputs: [CreateCustomerInput!]!) { createCustomers(inputs: $inputs) { count userErrors { code } } }";
    let made = client.ask(query, json!({ "inputs": inputs })).await.data();
    assert_eq!(made["createCustomers"], json!({ "count": 250, "userErrors": [] }));
    let sent = client.company.database.statements() - before;
    assert!(sent < 25, "{sent} statements for 250 records with a line each");
    let before = client.company.database.statements();
    let query = "mutation { updateCustomers(filter: {}, all: true, patch: {city: \"x\"}, atMost: 250) { count } }";
    assert_eq!(client.data(query).await["updateCustomers"]["count"], 250);
    let sent = client.company.database.statements() - before;
    assert!(sent < 20, "{sent} statements for 250 changes");
    let before = client.company.database.statements();
    let query = "mutation { deleteCustomers(filter: {}, all: true, atMost: 250) { count } }";
    assert_eq!(client.data(query).await["deleteCustomers"]["count"], 250);
    let sent = client.company.database.statements() - before;
    assert!(sent < 25, "{sent} statements for 250 removals");
}

/// Orders with lines, numbers, roll-ups and defaults, made at once, are as if made one by one.
async fn a_batch_does_what_single_saves_do(client: &Client) {
    let department = json!({ "id": client.department("TJ").await });
    let customer = json!({ "code": "C1", "name": "x", "department": department });
    let customer = json!({ "id": client.create("Customer", customer).await });
    let category = client.create("ItemCategory", json!({ "code": "R", "name": "树脂" })).await;
    let item = json!({ "code": "R-1", "name": "x", "unit": "kg", "category": { "id": category } });
    let item = json!({ "id": client.create("InventoryItem", item).await });
    let order = |count: usize| {
        let line =
            |at: usize| json!({ "item": item, "quantity": (at + 1).to_string(), "price": "2" });
        let lines: Vec<_> = (0..count).map(line).collect();
        json!({ "customer": customer, "department": department, "lines": { "create": lines } })
    };
    client.create("SalesOrder", order(2)).await;
    let query = "mutation($inputs: [CreateSalesOrderInput!]!) { createSalesOrders(inputs: $inputs) { count userErrors { code } } }";
    let made = client.ask(query, json!({ "inputs": [order(2), order(0), order(3)] })).await.data();
    assert_eq!(made["createSalesOrders"], json!({ "count": 3, "userErrors": [] }));
    client.create("SalesOrder", order(1)).await;
    let read = "{ salesOrders(orderBy: [{number: ASC}]) { nodes { number orderDate lineCount totalAmount lines { lineNo quantity amount } } } }";
    let orders = client.data(read).await["salesOrders"]["nodes"].clone();
    let numbers: Vec<_> =
        orders.as_array().unwrap().iter().map(|order| order["number"].clone()).collect();
    let expected: Vec<_> = (1..=5).map(|at| format!("SO202606-{at:05}")).collect();
    assert_eq!(json!(numbers), json!(expected), "without gaps, in the order of the inputs");
    let told = |order: &Value| {
        (
            order["orderDate"].clone(),
            order["lineCount"].clone(),
            order["totalAmount"].clone(),
            order["lines"].clone(),
        )
    };
    assert_eq!(told(&orders[0]), told(&orders[1]));
    assert_eq!((&orders[2]["lineCount"], &orders[2]["totalAmount"]), (&json!(0), &json!("0.00")));
    assert_eq!((&orders[3]["lineCount"], &orders[3]["totalAmount"]), (&json!(3), &json!("12.00")));
}

/// The variable that a text uses, which is not sent.
fn declared(text: &str) -> &'static str {
    if text.contains("$x") { "($x: String)" } else { "" }
}

/// Conditions whose variables were not sent, and the like.
async fn what_says_nothing_is_not_everything(client: &Client) {
    let department = json!({ "id": client.department("TJ").await });
    let input = |code: &str| json!({ "code": code, "name": code, "department": department });
    create(client, &[input("A"), input("B")], "ABORT").await;
    let empty = [
        "{}",
        "{code: {}}",
        "{code: {eq: $x}}",
        "{and: []}",
        "{and: [{}, {code: {}}]}",
        "{owner: {}}",
        "{owner: {department: {code: {eq: $x}}}}",
        "{contacts: {every: {}}}",
        "{contacts: {where: {name: {eq: $x}}}}",
        "{contacts: {count: {}}}",
        "{contacts: {}}",
    ];
    // In changes also what an empty box of a page comes to.
    let boxes =
        ["{code: {notIn: []}}", "{name: {contains: \"\"}}", "{or: [{name: {like: \"%%\"}}]}"];
    for filter in empty.into_iter().chain(boxes) {
        for change in [
            "updateCustomers(filter: FILTER, patch: {city: \"x\"}, atMost: 9) { count userErrors { code path message } }",
            "deleteCustomers(filter: FILTER, atMost: 9) { count userErrors { code path message } }",
            "reassignCustomers(filter: FILTER, to: \"019ec900-0000-7000-8000-ffffffffffff\", atMost: 9) { count userErrors { code path message } }",
        ] {
            let query = format!(
                "mutation{} {{ a: {} }}",
                declared(filter),
                change.replace("FILTER", filter)
            );
            let answer = client.ask(&query, json!({})).await.data()["a"].clone();
            assert_eq!(answer["count"], 0, "{filter}");
            let fault = &answer["userErrors"][0];
            assert_eq!(
                (&fault["code"], &fault["path"]),
                (&json!("RECORD_VALUE"), &json!(["filter"]))
            );
            assert!(fault["message"].as_str().unwrap().contains("`filter`"), "{fault}");
        }
    }
    for filter in empty {
        let query =
            format!("query{} {{ customers(filter: {filter}) {{ totalCount }} }}", declared(filter));
        assert_eq!(
            client.ask(&query, json!({})).await.data()["customers"]["totalCount"],
            2,
            "{filter}"
        );
        for (place, under) in
            [("{or: [{code: {eq: \"A\"}}, FILTER]}", "or"), ("{not: FILTER}", "not")]
        {
            let filter = place.replace("FILTER", filter);
            for asked in [
                "customers(filter: FILTER) { totalCount }",
                "customerAggregate(filter: FILTER) { count }",
            ] {
                let query = format!(
                    "query{} {{ {} }}",
                    declared(&filter),
                    asked.replace("FILTER", &filter)
                );
                let answer = client.ask(&query, json!({})).await;
                assert_eq!(answer.codes(), ["INPUT_VALUE"], "{filter}");
                let message = answer.body["errors"][0]["message"].as_str().unwrap();
                assert!(message.contains(&format!("`{under}`")), "{message}");
            }
        }
    }
    // "Has any" and "one of none" say something.
    for (filter, count) in [
        ("{contacts: {some: {}}}", 0),
        ("{contacts: {none: {}}}", 2),
        ("{not: {contacts: {some: {}}}}", 2),
        ("{code: {in: []}}", 0),
        ("{or: []}", 0),
        ("{or: [{code: {eq: \"A\"}}, {contacts: {some: {}}}]}", 1),
    ] {
        let query = format!("{{ customers(filter: {filter}) {{ totalCount }} }}");
        assert_eq!(client.data(&query).await["customers"]["totalCount"], count, "{filter}");
    }
    for having in [
        "{or: [{count: {gt: 1}}, {count: {}}]}",
        "{not: {}}",
        "{not: {sum: {creditLimit: {gt: $x}}}}",
    ] {
        let query = format!(
            "query{} {{ customerAggregate(having: {having}) {{ count }} }}",
            declared(having).replace("String", "Decimal")
        );
        assert_eq!(client.ask(&query, json!({})).await.codes(), ["INPUT_VALUE"], "{having}");
    }
    let counted = client.data("{ customerAggregate(having: {sum: {}}) { count } }").await;
    assert_eq!(counted["customerAggregate"][0]["count"], 2);
    let both = "mutation { updateCustomers(filter: {code: {eq: \"A\"}}, all: true, patch: {city: \"x\"}, atMost: 9) { count userErrors { path } } }";
    assert_eq!(
        client.data(both).await["updateCustomers"]["userErrors"][0]["path"],
        json!(["filter"])
    );
    let all = "mutation { updateCustomers(filter: {}, all: true, patch: {city: \"x\"}, atMost: 9) { count } }";
    assert_eq!(client.data(all).await["updateCustomers"]["count"], 2);
    let removed = "mutation { deleteCustomers(filter: {}, all: true, atMost: 9) { count } }";
    assert_eq!(client.data(removed).await["deleteCustomers"]["count"], 2);
}
