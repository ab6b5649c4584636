//! Definitions become live types: the sample-loan story, refusals, restarts, and what a kill leaves.

use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::{
    both_dbs,
    kept_apart::main_products,
    support::{Client, open_copy},
};

/// 样品借用, as the API's guide has it.
const SAMPLE_LOAN: &str = include_str!("../cases/sample_loan.graphql");

both_dbs! {
    diagnostics_are_where_they_were_sent
    sample_loans_live_without_a_restart
    a_faulty_definition_changes_nothing
    dry_runs_change_nothing
    definitions_can_be_extended_later
    odd_names_are_safe
    newer_definitions_are_taken_over
    definitions_that_would_lose_data_are_refused
    lines_may_get_fields_before_a_summed_one
    what_tables_do_not_show_is_kept_too
    other_processes_take_over
    what_a_newer_program_derives_is_added
}

/// A department, an item and a customer for loans.
async fn goods(client: &Client) -> (String, String, String) {
    let department = client.department("TJ").await;
    let customer = client.customer(&department, "C1", json!({ "level": "A" })).await;
    let category = client.create("ItemCategory", json!({ "code": "RESIN", "name": "树脂" })).await;
    let item =
        json!({ "code": "R-1", "name": "环氧树脂", "unit": "kg", "category": { "id": category } });
    let item = client.create("InventoryItem", item).await;
    (department, customer, item)
}

fn loan(department: &str, customer: &str, item: &str) -> Value {
    json!({
        "customer": { "id": customer }, "department": { "id": department }, "dueDate": "2026-07-15",
        "lines": { "create": [
            { "item": { "id": item }, "quantity": "12.5" },
            { "item": { "id": item }, "quantity": "3", "returnedQuantity": "1" },
        ] },
    })
}

const LOANS: &str = "{ sampleLoans(filter: {customer: {level: {eq: A}}}) { totalCount nodes {
    number loanDate dueDate status totalQuantity customer { code }
    lines { lineNo item { name } quantity returnedQuantity } } } }";

const BORROWERS: &str = r#"{ customers(filter: {sampleLoans: {some: {lines: {some: {quantity: {gt: "10"}}}}}}) {
    nodes { code sampleLoans { totalCount nodes { number } } focusCategories { code } } } }"#;

async fn check_story(client: &Client) {
    let loans = client.data(LOANS).await;
    assert_eq!(
        loans["sampleLoans"],
        json!({ "totalCount": 1, "nodes": [{
            "number": "YP202606-0001", "loanDate": "2026-06-15", "dueDate": "2026-07-15",
            "status": "OPEN", "totalQuantity": "15.5000", "customer": { "code": "C1" },
            "lines": [
                { "lineNo": 1, "item": { "name": "环氧树脂" }, "quantity": "12.5000", "returnedQuantity": "0.0000" },
                { "lineNo": 2, "item": { "name": "环氧树脂" }, "quantity": "3.0000", "returnedQuantity": "1.0000" },
            ],
        }] })
    );
    let borrowers = client.data(BORROWERS).await;
    assert_eq!(
        borrowers["customers"]["nodes"],
        json!([{ "code": "C1", "sampleLoans": { "totalCount": 1, "nodes": [{ "number": "YP202606-0001" }] },
            "focusCategories": [{ "code": "RESIN" }] }])
    );
}

async fn sample_loans_live_without_a_restart(client: &Client) {
    let (department, customer, item) = goods(client).await;
    let before = client.ask(LOANS, json!({})).await;
    assert_eq!(before.codes(), ["INPUT_INVALID"]);
    let applied = client.apply(SAMPLE_LOAN, false).await;
    assert_eq!(applied["diagnostics"], json!([]));
    assert_eq!(applied["version"], json!(2));

    let refused = json!({
        "customer": { "id": customer }, "department": { "id": department },
        "lines": { "create": [{ "item": { "id": item }, "quantity": "1", "returnedQuantity": "2" }] },
    });
    let refused = client.try_create("SampleLoan", refused).await;
    assert_eq!(refused["record"], Value::Null);
    assert_eq!(refused["userErrors"][0]["code"], "RECORD_CHECK");
    assert_eq!(
        refused["userErrors"][0]["path"],
        json!(["lines", "create", "0", "returnedQuantity"])
    );

    let category = client.data("{ itemCategory(code: \"RESIN\") { id } }").await;
    let focus = json!({ "focusCategories": { "set": [category["itemCategory"]["id"]] } });
    let updated = client.update("Customer", &customer, focus).await;
    assert_eq!(updated["userErrors"], json!([]), "{updated:#}");
    client.create("SampleLoan", loan(&department, &customer, &item)).await;
    check_story(client).await;
}

#[tokio::test]
async fn custom_objects_survive_a_restart_on_sqlite() {
    Box::pin(survive(Client::sqlite().await)).await;
}

#[tokio::test]
async fn custom_objects_survive_a_restart_on_postgres() {
    if let Some(client) = Client::postgres().await {
        Box::pin(survive(client)).await;
    }
}

async fn survive(client: Client) {
    sample_loans_live_without_a_restart(&client).await;
    let client = Box::pin(client.restarted()).await;
    check_story(&client).await;
    let version = client.metadata("{ version }", json!({})).await;
    assert_eq!(version["version"], 2);
}

async fn a_faulty_definition_changes_nothing(client: &Client) {
    let faulty = "type Sample @object(kind: MASTER, label: \"样品\", plural: \"samples\") {
        name: Strin!
        customer: Customer @relation(inverse: \"contacts\")
        size: Decimal @field(check: \"size > colour\")
    }
    type Sample { x: Int }";
    let applied = client.apply(faulty, false).await;
    let listed = applied["diagnostics"].as_array().unwrap();
    assert!(listed.len() >= 4, "{applied:#}");
    assert!(listed.iter().all(|fault| fault["line"].as_i64().unwrap() > 0), "{applied:#}");
    assert_eq!(applied["version"], 1);
    assert_eq!(applied["changes"], json!([]));
    assert_eq!(
        client.ask("{ samples { totalCount } }", json!({})).await.codes(),
        ["INPUT_INVALID"]
    );
    // The same name can still be defined rightly.
    let right =
        "type Sample @object(kind: MASTER, label: \"样品\", plural: \"samples\") { name: String! }";
    assert_eq!(client.apply(right, false).await["diagnostics"], json!([]));
    client.create("Sample", json!({ "name": "色板" })).await;
}

async fn dry_runs_change_nothing(client: &Client) {
    let tried = client.apply(SAMPLE_LOAN, true).await;
    assert_eq!(tried["diagnostics"], json!([]));
    assert_eq!(tried["version"], 1);
    assert!(tried["changes"].as_array().unwrap().len() > 2, "{tried:#}");
    assert_eq!(client.ask(LOANS, json!({})).await.codes(), ["INPUT_INVALID"]);
}

async fn definitions_can_be_extended_later(client: &Client) {
    let first =
        "type Visit @object(kind: MASTER, label: \"拜访\", plural: \"visits\") { topic: String! }";
    client.apply(first, false).await;
    client.create("Visit", json!({ "topic": "涂料" })).await;
    let more = "extend type Visit { minutes: Int @field(label: \"分钟\", default: \"30\") result: VisitResult }
        enum VisitResult { GOOD @label(zh: \"好\") BAD @label(zh: \"差\") }";
    let applied = client.apply(more, false).await;
    assert_eq!(applied["diagnostics"], json!([]), "{applied:#}");
    client.create("Visit", json!({ "topic": "树脂", "result": "GOOD" })).await;
    let visits =
        client.data("{ visits(orderBy: [{topic: ASC}]) { nodes { topic minutes result } } }").await;
    assert_eq!(
        visits["visits"]["nodes"],
        json!([
            { "topic": "树脂", "minutes": 30, "result": "GOOD" },
            { "topic": "涂料", "minutes": null, "result": null },
        ])
    );
    // Taking a type away from under its records is refused.
    let other =
        "type Visit @object(kind: MASTER, label: \"拜访\", plural: \"visits\") { topic: Int! }";
    let refused = client.apply(other, false).await;
    assert_eq!(refused["diagnostics"][0]["code"], "CATALOG_CHANGE", "{refused:#}");
    assert_eq!(client.data("{ visits { totalCount } }").await["visits"]["totalCount"], 2);
}

async fn odd_names_are_safe(client: &Client) {
    let odd = "type Group @object(kind: MASTER, label: \"组 ' \\\" ; DROP TABLE x --\", plural: \"groups\") {
        order: String! @field(label: \"顺序\")
        select: Int @field(default: \"1\")
        primary: Decimal
        user: Customer
        from: Date
    }";
    let applied = client.apply(odd, false).await;
    assert_eq!(applied["diagnostics"], json!([]), "{applied:#}");
    client.create("Group", json!({ "order": "O'Brien \" ; --", "primary": "1.5" })).await;
    let groups = client
        .data("{ groups(filter: {order: {contains: \"o'b\"}, select: {gte: 1}}, orderBy: [{from: DESC}]) { nodes { order select primary } } }")
        .await;
    assert_eq!(
        groups["groups"]["nodes"],
        json!([{ "order": "O'Brien \" ; --", "select": 1, "primary": "1.5000" }])
    );
    let objects = client
        .metadata("{ object(name: \"Group\") { label custom recordCount } }", json!({}))
        .await;
    assert_eq!(
        objects["object"],
        json!({ "label": "组 ' \" ; DROP TABLE x --", "custom": true, "recordCount": 1 })
    );
}

#[tokio::test]
async fn only_administrators_define() {
    let client = Client::sqlite().await;
    let nobody = client.token("nobody").await;
    let query = "mutation { applySchema(sdl: \"type A { x: Int }\") { version } }";
    let refused = client.metadata_as(&nobody, query, json!({})).await;
    assert_eq!(refused.codes(), ["ACCESS_DENIED"]);
    let seen = client.metadata_as(&nobody, "{ objects { name } }", json!({})).await.data();
    assert_eq!(seen["objects"], json!([]));
}

const MAIN_PRODUCTS: &str =
    "mainProducts: String @field(label: \"主营产品\", labelEn: \"Main products\")";

async fn newer_definitions_are_taken_over(client: &Client) {
    let department = client.department("TJ").await;
    client.customer(&department, "C1", json!({})).await;
    // As it was before customers had main products.
    let writer = client.company.database.writer();
    let older = format!("UPDATE tw_part SET body = replace(body, '{}', '')", main_products());
    writer.execute_unprepared(&older).await.unwrap();
    writer.execute_unprepared("ALTER TABLE customer DROP COLUMN main_products").await.unwrap();
    let opened = client.reopened().await.unwrap();
    assert_eq!(opened.company.catalog().version, 2);
    let columns = "UPDATE customer SET main_products = '环氧树脂'";
    opened.company.database.writer().execute_unprepared(columns).await.unwrap();
}

async fn definitions_that_would_lose_data_are_refused(client: &Client) {
    // As if a later program had given customers a nickname that this one does not know.
    let later = format!(
        "UPDATE tw_part SET body = replace(body, '{MAIN_PRODUCTS}', '{MAIN_PRODUCTS} nickname: String')"
    );
    client.company.database.writer().execute_unprepared(&later).await.unwrap();
    let Err(refused) = client.reopened().await else { panic!("it was opened") };
    assert_eq!(refused.code.name(), "CATALOG_CHANGE");
    assert!(refused.message.en.contains("`Customer`.`nickname`"), "{refused}");
}

async fn lines_may_get_fields_before_a_summed_one(client: &Client) {
    let trip = "type Trip @object(kind: DOCUMENT, label: \"出差\", plural: \"trips\") {
        title: String! lines: [TripLine!]! @lines total: Decimal @rollup(of: \"lines\", sum: \"cost\") }";
    let line = |before: &str| {
        format!("type TripLine @object(kind: LINE, label: \"明细\") {{ {before} cost: Decimal! }}")
    };
    let first = client.apply(&format!("{trip} {}", line("")), false).await;
    assert_eq!(first["diagnostics"], json!([]), "{first:#}");
    let wider = client.apply(&line("place: String"), false).await;
    assert_eq!(wider["diagnostics"], json!([]), "{wider:#}");
    let lines = json!({ "create": [{ "place": "天津", "cost": "2" }, { "cost": "3" }] });
    client.create("Trip", json!({ "title": "展会", "lines": lines })).await;
    let trips = client.data("{ trips { nodes { total } } }").await;
    assert_eq!(trips["trips"]["nodes"], json!([{ "total": "5.0000" }]));
}

async fn what_tables_do_not_show_is_kept_too(client: &Client) {
    let list = |label: &str| {
        format!("enum Finish {{ MATT @label(zh: \"{label}\") GLOSS @label(zh: \"亮\") }}")
    };
    assert_eq!(client.apply(&list("哑"), false).await["version"], 2);
    assert_eq!(client.apply(&list("哑"), false).await["version"], 2);
    assert_eq!(client.apply(&list("哑光"), false).await["version"], 3);
    let paint =
        "type Paint @object(kind: MASTER, label: \"漆\", plural: \"paints\") { finish: Finish }";
    assert_eq!(client.apply(paint, false).await["diagnostics"], json!([]));
    let ty = client.data("{ __type (name: \"Finish\") { enumValues { name description } } }").await;
    assert_eq!(ty["__type"]["enumValues"][0], json!({ "name": "MATT", "description": "哑光" }));
}

/// Two processes on one database: what one publishes the other takes over.
async fn other_processes_take_over(client: &Client) {
    let other = client.reopened().await.unwrap();
    assert!(!other.company.refresh().await.unwrap());
    client.apply(SAMPLE_LOAN, false).await;
    assert!(other.company.refresh().await.unwrap());
    assert_eq!(other.company.catalog().version, 2);
    assert!(other.company.catalog().named("SampleLoan").is_some());
}

async fn what_a_newer_program_derives_is_added(client: &Client) {
    let department = client.department("D").await;
    let owner = json!({ "code": "E", "name": "E", "department": { "id": department } });
    let owner = client.create("Employee", owner).await;
    client.customer(&department, "C1", json!({ "owner": { "id": owner } })).await;
    // As a program left it that knew nothing of these.
    let catalog = client.company.catalog();
    let line = catalog.named("CustomerEmployee").unwrap();
    let (recorded, _) = line.named("recordedAt").unwrap();
    let tx = client.company.database.begin().await.unwrap();
    for index in line.indexes.iter().filter(|index| index.fields.contains(&recorded)) {
        tx.define(&format!("DROP INDEX \"{}\"", index.name)).await.unwrap();
    }
    tx.define("ALTER TABLE customer_employee DROP COLUMN recorded_at").await.unwrap();
    tx.define("DROP INDEX ix_contact__created").await.unwrap();
    tx.define("CREATE INDEX by_customer__department_id ON customer (department_id, id)")
        .await
        .unwrap();
    tx.define("DELETE FROM tw_setting WHERE key = 'derived'").await.unwrap();
    tx.commit().await.unwrap();
    let again = client.reopened().await.unwrap();
    let query = "{ customers { nodes { createdAt relatedEmployees { recordedAt } } } }";
    let seen = open_copy(&client.database, &client.world).await.ask(query, json!({})).await.data();
    let node = &seen["customers"]["nodes"][0];
    assert!(node["createdAt"].is_string());
    assert_eq!(node["relatedEmployees"], json!([{ "recordedAt": node["createdAt"] }]));
    // Those that were dropped are there again, so that they can be dropped again.
    let tx = again.company.database.begin().await.unwrap();
    for index in line.indexes.iter().filter(|index| index.fields.contains(&recorded)) {
        tx.define(&format!("DROP INDEX \"{}\"", index.name)).await.unwrap();
    }
    tx.define("DROP INDEX ix_contact__created").await.unwrap();
    // What that program had made of less is gone, so that it can be made again.
    tx.define("CREATE INDEX by_customer__department_id ON customer (department_id, id)")
        .await
        .unwrap();
}

async fn diagnostics_are_where_they_were_sent(client: &Client) {
    let ask = async |query: &str, variables: Value| {
        let answer = client.metadata(query, variables).await;
        let found = answer["applySchema"]["diagnostics"].as_array().unwrap().clone();
        assert_eq!(found.len(), 1, "{answer:#}");
        assert!(found[0]["message"].as_str().unwrap().contains("Nothing"), "{answer:#}");
        (found[0]["line"].as_u64().unwrap(), found[0]["column"].as_u64().unwrap())
    };
    let wish = "{ diagnostics { line column message } }";
    let text = "\n    type Thing @object(plural: \"things\") {\n      b: Nothing # 涂\n\n    }\n  ";
    let block =
        format!("mutation {{\n  applySchema(sdl: \"\"\"{text}\"\"\", dryRun: true) {wish}\n}}");
    for end in ["\n", "\r\n", "\r"] {
        let sent = block.replace('\n', end);
        assert_eq!(ask(&sent, json!({})).await, (4, 10), "{end:?}");
        let sent = format!("\u{feff}{sent}");
        assert_eq!(ask(&sent, json!({})).await, (4, 10), "{end:?}");
        // In a variable it is the text alone that is sent.
        let sent = json!({ "s": text.replace('\n', end) });
        let query = format!("mutation($s: String!) {{ applySchema(sdl: $s) {wish} }}");
        assert_eq!(ask(&query, sent).await, (3, 10), "{end:?}");
    }
    let escaped = r#"type Thing @object(plural: \"things\", label: \"\u{1F600}\\u{1F600}\uD83D\uDE00\") {\n b: Nothing }"#;
    let sent = format!("mutation {{ applySchema(sdl: \"{escaped}\") {wish} }}");
    let column = u64::try_from(sent.find("Nothing").unwrap()).unwrap() + 1;
    assert_eq!(ask(&sent, json!({})).await, (1, column));
}
