//! Create, update and delete: one transaction each, versions, lines, references, and what a person is told.

use std::time::Duration;

use sea_orm::{ConnectionTrait, Statement as Sql};
use serde_json::{Value, json};

use crate::{both_dbs, support::Client};

both_dbs! {
    a_record_is_made_changed_and_deleted
    every_fault_is_told_at_once
    versions_guard_against_lost_updates
    unique_keys_hold
    references_must_be_there
    records_in_use_stay
    lines_live_in_their_parent
    roll_ups_follow_the_lines
    checks_hold_over_old_and_new_values
    numbers_have_no_gaps
    members_are_set_added_and_removed
    what_the_server_keeps_cannot_be_written
    history_and_outbox_go_with_each_write
    mutations_run_in_order_each_for_itself
    writers_at_once_do_not_stumble
    employees_follow_the_owner
    what_is_deleted_stays_in_history_whole
}

/// The codes and paths of what a payload complains about.
fn faults(payload: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let listed = payload["userErrors"].as_array().unwrap_or_else(|| panic!("{payload:#}"));
    listed
        .iter()
        .map(|fault| {
            let path = fault["path"].as_array().unwrap().iter().map(text).collect::<Vec<_>>();
            (text(&fault["code"]), path.join("."))
        })
        .collect()
}

#[track_caller]
fn assert_refused(payload: &Value, expected: &[(&str, &str)]) {
    let expected: Vec<_> =
        expected.iter().map(|(code, path)| ((*code).to_owned(), (*path).to_owned())).collect();
    assert_eq!(faults(payload), expected, "{payload:#}");
    assert_eq!(payload["record"], Value::Null);
}

async fn a_record_is_made_changed_and_deleted(client: &Client) {
    let department = client.department("TJ").await;
    let id = client.customer(&department, "C1", json!({ "level": "A" })).await;
    client.world.advance(Duration::from_mins(1));
    let updated = client.update("Customer", &id, json!({ "level": null, "city": " 天津 " })).await;
    assert_eq!(updated, json!({ "record": { "id": id, "version": 2 }, "userErrors": [] }));
    let query = "query($id: ID!) { customer(id: $id) { code level city type lifecycle version createdAt updatedAt createdBy { account } updatedBy { account } department { code } } }";
    let read = client.ask(query, json!({ "id": id })).await.data();
    assert_eq!(
        read["customer"],
        json!({ "code": "C1", "level": null, "city": "天津", "type": "INDUSTRIAL_END", "lifecycle": "POTENTIAL",
            "version": 2, "createdAt": "2026-06-15T02:00:00Z", "updatedAt": "2026-06-15T02:01:00Z",
            "createdBy": { "account": "admin" }, "updatedBy": { "account": "admin" }, "department": { "code": "TJ" } })
    );
    let delete = "mutation($id: ID!) { deleteCustomer(id: $id) { id userErrors { code path } } }";
    let deleted = client.ask(delete, json!({ "id": id })).await.data();
    assert_eq!(deleted["deleteCustomer"], json!({ "id": id, "userErrors": [] }));
    let again = client.ask(delete, json!({ "id": id })).await.data();
    assert_eq!(faults(&again["deleteCustomer"])[0].0, "RECORD_NOT_FOUND");
    assert_refused(
        &client.update("Customer", &id, json!({ "city": "x" })).await,
        &[("RECORD_NOT_FOUND", "id")],
    );
    assert_eq!(client.ask(query, json!({ "id": id })).await.data()["customer"], Value::Null);
}

async fn every_fault_is_told_at_once(client: &Client) {
    let department = client.department("TJ").await;
    let input = json!({
        "name": "  ", "department": { "id": department }, "staffCount": -1, "creditDays": 400,
        "email": "not an address", "website": "nowhere", "shortName": "长".repeat(61), "creditLimit": "1.005",
    });
    let refused = client.try_create("Customer", input).await;
    assert_refused(
        &refused,
        &[
            ("RECORD_REQUIRED", "code"),
            ("RECORD_REQUIRED", "name"),
            ("RECORD_VALUE", "shortName"),
            ("RECORD_VALUE", "creditLimit"),
            ("RECORD_VALUE", "email"),
            ("RECORD_VALUE", "website"),
            ("RECORD_CHECK", "staffCount"),
            ("RECORD_CHECK", "creditDays"),
        ],
    );
    let count = client.data("{ customers { totalCount } }").await;
    assert_eq!(count["customers"]["totalCount"], 0);
}

async fn versions_guard_against_lost_updates(client: &Client) {
    let department = client.department("TJ").await;
    let id = client.customer(&department, "C1", json!({})).await;
    let query = "mutation($id: ID!, $v: Int) { updateCustomer(id: $id, patch: {city: \"天津\"}, expectedVersion: $v) { record { version } userErrors { code path message } } }";
    let stale = client.ask(query, json!({ "id": id, "v": 7 })).await.data();
    assert_refused(&stale["updateCustomer"], &[("RECORD_VERSION", "expectedVersion")]);
    let right = client.ask(query, json!({ "id": id, "v": 1 })).await.data();
    assert_eq!(right["updateCustomer"]["record"]["version"], 2);
    let again = client.ask(query, json!({ "id": id, "v": 1 })).await.data();
    assert_refused(
        &again["updateCustomer"],
        &[("RECORD_VERSION", "expectedVersion"), ("RECORD_VERSION", "city")],
    );
    let delete = "mutation($id: ID!, $v: Int) { deleteCustomer(id: $id, expectedVersion: $v) { id userErrors { code path } } }";
    let kept = client.ask(delete, json!({ "id": id, "v": 1 })).await.data();
    assert_eq!(
        faults(&kept["deleteCustomer"]),
        [
            ("RECORD_VERSION".into(), "expectedVersion".into()),
            ("RECORD_VERSION".into(), "city".into())
        ]
    );
}

async fn unique_keys_hold(client: &Client) {
    let department = client.department("TJ").await;
    client.customer(&department, "C1", json!({})).await;
    let second = client.customer(&department, "C2", json!({})).await;
    let taken = json!({ "code": "C1", "name": "x", "department": { "id": department } });
    assert_refused(&client.try_create("Customer", taken).await, &[("RECORD_TAKEN", "code")]);
    assert_refused(
        &client.update("Customer", &second, json!({ "code": "C1" })).await,
        &[("RECORD_TAKEN", "code")],
    );
    let read = client.data("{ customers(orderBy: [{code: ASC}]) { nodes { code } } }").await;
    assert_eq!(read["customers"]["nodes"], json!([{ "code": "C1" }, { "code": "C2" }]));
}

async fn references_must_be_there(client: &Client) {
    let department = client.department("TJ").await;
    let nowhere = "019ec900-0000-7000-8000-ffffffffffff";
    let input = json!({ "code": "C1", "name": "x", "department": { "id": nowhere }, "owner": { "id": department } });
    assert_refused(
        &client.try_create("Customer", input).await,
        &[("RECORD_REFERENCE", "department"), ("RECORD_REFERENCE", "owner")],
    );
    let odd = json!({ "code": "C1", "name": "x", "department": { "id": "nonsense" } });
    let refused = client.try_create("Customer", odd).await;
    assert_eq!(faults(&refused)[0].1, "department.id", "{refused:#}");
}

async fn records_in_use_stay(client: &Client) {
    let department = client.department("TJ").await;
    let customer = client.customer(&department, "C1", json!({})).await;
    let delete =
        "mutation($id: ID!) { deleteDepartment(id: $id) { id userErrors { code message hint } } }";
    let kept = client.ask(delete, json!({ "id": department })).await.data();
    assert_eq!(kept["deleteDepartment"]["userErrors"][0]["code"], "RECORD_IN_USE", "{kept:#}");
    assert_eq!(kept["deleteDepartment"]["id"], Value::Null);
    let stage = json!({ "code": "S1", "name": "x", "sequence": 1 });
    let stage = client.create("SalesStage", stage).await;
    let contact =
        client.create("Contact", json!({ "name": "王", "customer": { "id": customer } })).await;
    let input = json!({ "name": "机会", "customer": { "id": customer }, "contact": { "id": contact },
        "stage": { "id": stage }, "department": { "id": department } });
    client.create("Opportunity", input).await;
    // A contact is cleared from where it was named.
    let gone = "mutation($id: ID!) { deleteContact(id: $id) { id userErrors { code } } }";
    let gone = client.ask(gone, json!({ "id": contact })).await.data();
    assert_eq!(gone["deleteContact"]["userErrors"], json!([]));
    let left = client.data("{ opportunities { nodes { name contact { name } version } } }").await;
    assert_eq!(
        left["opportunities"]["nodes"],
        json!([{ "name": "机会", "contact": null, "version": 2 }])
    );
}

/// An item and a customer to order it; their ids.
async fn trade(client: &Client) -> (String, Value) {
    let department = client.department("TJ").await;
    let customer = client.customer(&department, "C1", json!({})).await;
    let category = client.create("ItemCategory", json!({ "code": "RESIN", "name": "树脂" })).await;
    let item =
        json!({ "code": "R-1", "name": "环氧树脂", "unit": "kg", "category": { "id": category } });
    let item = client.create("InventoryItem", item).await;
    (item, json!({ "customer": { "id": customer }, "department": { "id": department } }))
}

fn with_lines(base: &Value, lines: Value) -> Value {
    let mut input = base.clone();
    input["lines"] = lines;
    input
}

const ORDERS: &str = "{ salesOrders { nodes { id version number totalQuantity totalAmount lineCount lines { id lineNo quantity price amount remark } } } }";

async fn orders(client: &Client) -> Value {
    client.data(ORDERS).await["salesOrders"]["nodes"].clone()
}

async fn lines_live_in_their_parent(client: &Client) {
    let (item, base) = trade(client).await;
    let line = |quantity: &str, price: &str| json!({ "item": { "id": item }, "quantity": quantity, "price": price });
    let bad = with_lines(
        &base,
        json!({ "create": [line("1", "2"), line("-1", "2"), { "quantity": "3" }] }),
    );
    assert_refused(
        &client.try_create("SalesOrder", bad).await,
        &[
            ("RECORD_CHECK", "lines.create.1.quantity"),
            ("RECORD_CHECK", "lines.create.1.amount"),
            ("RECORD_REQUIRED", "lines.create.2.item"),
        ],
    );
    assert_eq!(orders(client).await, json!([]));
    let input = with_lines(
        &base,
        json!({ "create": [line("2", "10.50"), line("1.5", "100"), line("1", "1")] }),
    );
    let id = client.create("SalesOrder", input).await;
    let made = orders(client).await;
    let lines = made[0]["lines"].as_array().unwrap().clone();
    assert_eq!(lines.iter().map(|line| line["lineNo"].clone()).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(made[0]["totalAmount"], "172.00");

    let patch = json!({ "lines": {
        "create": [line("4", "1")],
        "update": [{ "id": lines[1]["id"], "patch": { "quantity": "3", "remark": "加急" } }],
        "delete": [lines[0]["id"]],
    } });
    let changed = client.update("SalesOrder", &id, patch).await;
    assert_eq!(changed["userErrors"], json!([]), "{changed:#}");
    let after = orders(client).await;
    assert_eq!(after[0]["version"], 2);
    assert_eq!(after[0]["lineCount"], 3);
    assert_eq!(after[0]["totalQuantity"], "8.0000");
    let left: Vec<_> =
        after[0]["lines"].as_array().unwrap().iter().map(|line| line["quantity"].clone()).collect();
    assert_eq!(left, ["3.0000", "1.0000", "4.0000"]);

    // A line of another order is none of this one.
    let other =
        client.create("SalesOrder", with_lines(&base, json!({ "create": [line("1", "1")] }))).await;
    let foreign = json!({ "lines": { "delete": [lines[1]["id"]] } });
    let refused = client.update("SalesOrder", &other, foreign).await;
    assert_eq!(faults(&refused)[0].1, "lines.delete.0", "{refused:#}");
    let delete = "mutation($id: ID!) { deleteSalesOrder(id: $id) { id userErrors { code } } }";
    client.ask(delete, json!({ "id": id })).await.data();
    assert_eq!(orders(client).await.as_array().unwrap().len(), 1);
}

async fn roll_ups_follow_the_lines(client: &Client) {
    let (item, base) = trade(client).await;
    let empty = client.create("SalesOrder", base.clone()).await;
    let none = orders(client).await;
    assert_eq!((&none[0]["totalAmount"], &none[0]["lineCount"]), (&json!("0.00"), &json!(0)));
    let big = json!({ "item": { "id": item }, "quantity": "99999999999.9999", "price": "0.01" });
    let lines = json!({ "lines": { "create": [big.clone(), big] } });
    let grown = client.update("SalesOrder", &empty, lines).await;
    assert_eq!(grown["userErrors"], json!([]), "{grown:#}");
    let sums = orders(client).await;
    assert_eq!(sums[0]["totalQuantity"], "199999999999.9998");
    assert_eq!(sums[0]["totalAmount"], "2000000000.00");
    let found = client.data("{ salesOrders(filter: {totalAmount: {gt: \"1999999999.99\"}, lineCount: {eq: 2}}) { totalCount } }").await;
    assert_eq!(found["salesOrders"]["totalCount"], 1);
}

async fn checks_hold_over_old_and_new_values(client: &Client) {
    let (_, base) = trade(client).await;
    let mut input = base;
    input["orderDate"] = json!("2026-06-10");
    input["requiredDate"] = json!("2026-06-20");
    let id = client.create("SalesOrder", input).await;
    let early = client.update("SalesOrder", &id, json!({ "requiredDate": "2026-06-09" })).await;
    assert_eq!(faults(&early)[0].0, "RECORD_CHECK", "{early:#}");
    let late = client.update("SalesOrder", &id, json!({ "orderDate": "2026-06-21" })).await;
    assert_eq!(faults(&late)[0].0, "RECORD_CHECK", "{late:#}");
    let both = json!({ "orderDate": "2026-06-21", "requiredDate": "2026-06-22" });
    assert_eq!(client.update("SalesOrder", &id, both).await["userErrors"], json!([]));
}

async fn numbers_have_no_gaps(client: &Client) {
    let (item, base) = trade(client).await;
    client.create("SalesOrder", base.clone()).await;
    let bad = with_lines(&base, json!({ "create": [{ "item": { "id": item }, "quantity": "0" }] }));
    client.try_create("SalesOrder", bad).await;
    client.create("SalesOrder", base.clone()).await;
    client.world.advance(Duration::from_hours(40 * 24));
    // A month later the token of June has expired.
    let later = client.poster_of("admin").await;
    let query = "mutation($input: CreateSalesOrderInput!) { createSalesOrder(input: $input) { userErrors { code } } }";
    later.ask(query, json!({ "input": base })).await.data();
    let query = "{ salesOrders(orderBy: [{createdAt: ASC}, {number: ASC}]) { nodes { number } } }";
    let made = later.ask(query, json!({})).await.data();
    let numbers: Vec<_> = made["salesOrders"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|o| o["number"].clone())
        .collect();
    assert_eq!(numbers, ["SO202606-00001", "SO202606-00002", "SO202607-00001"]);
}

async fn members_are_set_added_and_removed(client: &Client) {
    let (_, base) = trade(client).await;
    let mut categories = Vec::new();
    for code in ["A", "B", "C"] {
        categories.push(client.create("ItemCategory", json!({ "code": code, "name": code })).await);
    }
    let stage =
        client.create("SalesStage", json!({ "code": "S1", "name": "x", "sequence": 1 })).await;
    let mut input = base;
    input["name"] = json!("机会");
    input["stage"] = json!({ "id": stage });
    input["categories"] = json!({ "set": [categories[0], categories[1]] });
    let id = client.create("Opportunity", input).await;
    let codes = async || {
        let read = client
            .data("{ opportunities { nodes { categories(orderBy: [{code: ASC}]) { code } } } }")
            .await;
        let listed = read["opportunities"]["nodes"][0]["categories"].as_array().unwrap().clone();
        listed.iter().map(|c| c["code"].as_str().unwrap().to_owned()).collect::<String>()
    };
    assert_eq!(codes().await, "AB");
    let patch = json!({ "categories": { "add": [categories[2], categories[1]], "remove": [categories[0]] } });
    assert_eq!(client.update("Opportunity", &id, patch).await["userErrors"], json!([]));
    assert_eq!(codes().await, "BC");
    let found = client
        .data("{ opportunities(filter: {categories: {some: {code: {eq: \"C\"}}}}) { totalCount } }")
        .await;
    assert_eq!(found["opportunities"]["totalCount"], 1);
    let nowhere = json!({ "categories": { "add": ["019ec900-0000-7000-8000-ffffffffffff"] } });
    let refused = client.update("Opportunity", &id, nowhere).await;
    assert_eq!(faults(&refused)[0].0, "RECORD_REFERENCE", "{refused:#}");
    assert_eq!(codes().await, "BC");
}

async fn what_the_server_keeps_cannot_be_written(client: &Client) {
    let department = client.department("TJ").await;
    let id = client.customer(&department, "C1", json!({})).await;
    for field in ["id", "version", "createdAt", "updatedBy"] {
        let query = format!(
            "mutation($id: ID!) {{ updateCustomer(id: $id, patch: {{{field}: \"1\"}}) {{ userErrors {{ code }} }} }}"
        );
        assert_eq!(
            client.ask(&query, json!({ "id": id })).await.codes(),
            ["INPUT_INVALID"],
            "{field}"
        );
    }
    let query = "mutation { createSalesOrder(input: {number: \"X\", totalAmount: \"1\"}) { userErrors { code } } }";
    assert!(client.ask(query, json!({})).await.codes().iter().all(|code| *code == "INPUT_INVALID"));
}

async fn history_and_outbox_go_with_each_write(client: &Client) {
    let department = client.department("TJ").await;
    let id = client.customer(&department, "C1", json!({ "city": "天津" })).await;
    client.update("Customer", &id, json!({ "city": "青岛" })).await;
    client.update("Customer", &id, json!({ "staffCount": -5 })).await;
    let delete = "mutation($id: ID!) { deleteCustomer(id: $id) { id } }";
    client.ask(delete, json!({ "id": id })).await.data();
    let reader = client.company.database.reader();
    for table in ["tw_history", "tw_outbox"] {
        let sql =
            format!("SELECT action, changes FROM {table} WHERE record_id = '{id}' ORDER BY id");
        let sql = match table {
            "tw_outbox" => sql.replace("changes", "fields").replace("ORDER BY id", "ORDER BY seq"),
            _ => sql,
        };
        let rows = reader
            .query_all_raw(Sql::from_string(client.company.database.dialect().backend(), sql))
            .await
            .unwrap();
        let actions: Vec<String> =
            rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
        assert_eq!(actions, ["CREATE", "UPDATE", "DELETE"], "{table}");
        if table == "tw_history" {
            let changes: String = rows[1].try_get_by_index(1).unwrap();
            let changes: Value = serde_json::from_str(&changes).unwrap();
            assert_eq!(changes["city"], json!(["天津", "青岛"]), "{changes:#}");
        }
    }
}

async fn mutations_run_in_order_each_for_itself(client: &Client) {
    let department = client.department("TJ").await;
    let query = "mutation($d: ID!) {
        one: createCustomer(input: {code: \"C1\", name: \"a\", department: {id: $d}}) { record { code } userErrors { code } }
        two: createCustomer(input: {code: \"C1\", name: \"b\", department: {id: $d}}) { record { code } userErrors { code } }
        three: createCustomer(input: {code: \"C3\", name: \"c\", department: {id: $d}}) { record { code department { customers { totalCount } } } userErrors { code } }
    }";
    let done = client.ask(query, json!({ "d": department })).await.data();
    assert_eq!(done["one"]["record"], json!({ "code": "C1" }));
    assert_eq!(done["two"], json!({ "record": null, "userErrors": [{ "code": "RECORD_TAKEN" }] }));
    assert_eq!(done["three"]["record"]["department"]["customers"]["totalCount"], 2);
}

async fn writers_at_once_do_not_stumble(client: &Client) {
    let (_, base) = trade(client).await;
    let all: Vec<_> = (0..24).map(|_| client.create("SalesOrder", base.clone())).collect();
    for order in all {
        order.await;
    }
    let together = futures_join(client, &base, 24).await;
    assert_eq!(together, 24);
    let made = client
        .data("{ salesOrders(orderBy: [{number: ASC}], first: 100) { nodes { number } } }")
        .await;
    let numbers: Vec<_> = made["salesOrders"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|o| o["number"].as_str().unwrap().to_owned())
        .collect();
    let expected: Vec<_> = (1..=48).map(|n| format!("SO202606-{n:05}")).collect();
    assert_eq!(numbers, expected);
}

/// So many orders created at the same time; how many were accepted.
async fn futures_join(client: &Client, input: &Value, count: usize) -> usize {
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..count {
        let (post, input) = (client.poster(), input.clone());
        tasks.spawn(async move {
            let query = "mutation($input: CreateSalesOrderInput!) { createSalesOrder(input: $input) { record { id } userErrors { code message } } }";
            let answer = post.ask(query, json!({ "input": input })).await;
            assert!(answer.body["errors"].is_null(), "{:#}", answer.body);
            answer.body["data"]["createSalesOrder"]["record"]["id"].is_string()
        });
    }
    tasks.join_all().await.into_iter().filter(|done| *done).count()
}

async fn employees_follow_the_owner(client: &Client) {
    let department = client.department("TJ").await;
    let mut people = Vec::new();
    for code in ["E1", "E2", "E3"] {
        let input = json!({ "code": code, "name": code, "department": { "id": department } });
        people.push(client.create("Employee", input).await);
    }
    let owner = json!({ "owner": { "id": people[0] }, "relatedEmployees": { "create": [{ "employee": { "id": people[2] } }] } });
    let id = client.customer(&department, "C1", owner).await;
    let related = async || {
        let query = "{ customers { nodes { relatedEmployees { id employee { code } isResponsible isPrimary source until } } } }";
        client.data(query).await["customers"]["nodes"][0]["relatedEmployees"].clone()
    };
    let shown = |rows: &Value| {
        let row = |row: &Value| {
            format!(
                "{} {} {}",
                row["employee"]["code"].as_str().unwrap(),
                row["isResponsible"],
                row["source"].as_str().unwrap()
            )
        };
        rows.as_array().unwrap().iter().map(row).collect::<Vec<_>>()
    };
    let made = related().await;
    assert_eq!(shown(&made), ["E3 false MANUAL", "E1 true OWNER"]);
    assert_eq!(
        client.update("Customer", &id, json!({ "owner": { "id": people[1] } })).await["userErrors"],
        json!([])
    );
    let moved = related().await;
    assert_eq!(shown(&moved), ["E3 false MANUAL", "E2 true OWNER"]);
    let own = &moved[1]["id"];
    let refused =
        client.update("Customer", &id, json!({ "relatedEmployees": { "delete": [own] } })).await;
    assert_eq!(faults(&refused), [("RECORD_READ_ONLY".into(), "relatedEmployees.delete.0".into())]);
    assert_eq!(
        client.update("Customer", &id, json!({ "owner": null, "city": "天津" })).await["userErrors"],
        json!([])
    );
    assert_eq!(shown(&related().await), ["E3 false MANUAL"]);
    let found = client.data("{ customers(filter: {relatedEmployees: {some: {employee: {code: {eq: \"E3\"}}}}}) { totalCount } }").await;
    assert_eq!(found["customers"]["totalCount"], 1);
}

async fn what_is_deleted_stays_in_history_whole(client: &Client) {
    let (item, base) = trade(client).await;
    let line = json!({ "create": [{ "item": { "id": item }, "quantity": "2", "price": "3" }] });
    let id = client.create("SalesOrder", with_lines(&base, line)).await;
    let delete = "mutation($id: ID!) { deleteSalesOrder(id: $id) { id } }";
    client.ask(delete, json!({ "id": id })).await.data();
    let sql =
        format!("SELECT changes FROM tw_history WHERE record_id = '{id}' AND action = 'DELETE'");
    let reader = client.company.database.reader();
    let statement = Sql::from_string(client.company.database.dialect().backend(), sql);
    let row = reader.query_one_raw(statement).await.unwrap().unwrap();
    let changes: String = row.try_get_by_index(0).unwrap();
    let changes: Value = serde_json::from_str(&changes).unwrap();
    assert_eq!(changes["number"], json!(["SO202606-00001", null]), "{changes:#}");
    assert_eq!(changes["lines"][0][0]["quantity"], "2.0000");
}
