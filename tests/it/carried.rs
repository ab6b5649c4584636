//! Access keys: what records carry of related records for the rules follows every change of these, and rules
//! over it say what they say without it.
//!
//! That what is carried is so is looked at behind every story of all files (`support/access_keys.rs`).

use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use tradewind::storage::access_keys;

use crate::{
    both_dbs,
    support::{Client, office::Office, stale_access_keys},
};

both_dbs! {
    what_one_sees_follows_the_customer
    customers_move_while_records_are_made
    definitions_bring_their_keys
    an_older_database_gets_its_keys
    what_is_written_under_the_version_before_is_filled_again
    authors_are_not_carried
}

async fn moved(client: &Client, customer: &str, department: &str) {
    let patch = json!({ "department": { "id": department } });
    let done = client.update("Customer", customer, patch).await;
    assert_eq!(done["userErrors"], json!([]));
}

async fn what_one_sees_follows_the_customer(client: &Client) {
    let mut office = Office::open(client).await;
    let of = |id: String| json!({ "id": id });
    let order = json!({ "customer": of(office.id("CL")), "department": of(office.id("TJ-SL")), "owner": of(office.id("chen")) });
    office.make("order of both", "SalesOrder", order).await;
    let activity = json!({ "subject": "回访", "customer": of(office.id("CL")), "department": of(office.id("TJ-TL")), "employee": of(office.id("li")) });
    office.make("second of li", "Activity", activity).await;
    let records = [
        ("contacts", "contact of CL"),
        ("salesOrders", "order of both"),
        ("activities", "second of li"),
    ];
    // The manager of Tianjin sees them by way of the customer.
    let seen = async |office: &Office<'_>, expected: bool, when: &str| {
        for (list, name) in records {
            assert_eq!(office.sees("wang", list, name).await, expected, "{when}: {name}");
        }
        assert_eq!(stale_access_keys(&client.company).await, Some(Vec::new()));
    };
    seen(&office, true, "in Tianjin").await;
    moved(client, &office.id("CL"), &office.id("QZ-TL")).await;
    seen(&office, false, "moved to Quanzhou").await;
    // Many at once, by a filter, and back by an upsert.
    let many = format!(
        "mutation {{ updateCustomers(filter: {{ code: {{ in: [\"CL\", \"CZ\"] }} }}, atMost: 2, patch: {{ department: {{ id: \"{}\" }} }}) {{ count userErrors {{ code message }} }} }}",
        office.id("TJ-SL")
    );
    let done = client.data(&many).await;
    assert_eq!(done["updateCustomers"]["userErrors"], json!([]), "{done:#}");
    seen(&office, true, "moved back by a filter").await;
    moved(client, &office.id("CL"), &office.id("QZ-TL")).await;
    seen(&office, false, "moved again").await;
    // The records get another customer.
    for (object, name) in [
        ("Contact", "contact of CL"),
        ("SalesOrder", "order of both"),
        ("Activity", "second of li"),
    ] {
        let patch = json!({ "customer": of(office.id("CZ")) });
        let done = client.update(object, &office.id(name), patch).await;
        assert_eq!(done["userErrors"], json!([]), "{name}");
    }
    seen(&office, true, "given to another customer").await;
    // Removed, its customer moved meanwhile, and put back.
    let id = office.id("order of both");
    let delete =
        format!("mutation {{ deleteSalesOrder(id: \"{id}\") {{ userErrors {{ code }} }} }}");
    assert_eq!(client.data(&delete).await["deleteSalesOrder"]["userErrors"], json!([]));
    moved(client, &office.id("CZ"), &office.id("QZ-TL")).await;
    let restore = format!(
        "mutation {{ restoreSalesOrder(id: \"{id}\") {{ record {{ id }} userErrors {{ code }} }} }}"
    );
    assert_eq!(client.data(&restore).await["restoreSalesOrder"]["userErrors"], json!([]));
    seen(&office, false, "put back").await;
    // Who is related to the customer sees them wherever it is, by a grant over dimensions, too.
    let row = json!({ "relatedEmployees": { "create": [{ "employee": of(office.id("wang")) }] } });
    assert_eq!(client.update("Customer", &office.id("CZ"), row).await["userErrors"], json!([]));
    assert!(office.sees("wang", "customers", "CZ").await);
    assert!(office.sees("wang", "salesOrders", "order of both").await);
    assert!(office.sees("wang", "activities", "second of li").await);
}

/// Records are made and given to customers that move at the same time: whoever is later finds what the other did.
async fn customers_move_while_records_are_made(client: &Client) {
    let office = Office::open(client).await;
    let [here, there] = ["TJ-TL", "QZ-TL"].map(|code| office.id(code));
    let [one, other] = ["CL", "CZ"].map(|code| office.id(code));
    let made = client.create("Contact", json!({ "name": "流动", "customer": { "id": one } })).await;
    for round in 0..25 {
        let (department, customer) = match round % 2 {
            0 => (&there, &other),
            _ => (&here, &one),
        };
        let contact = json!({ "name": format!("R{round}"), "customer": { "id": one } });
        let order = json!({ "customer": { "id": one }, "department": { "id": here } });
        let patch = json!({ "customer": { "id": customer } });
        let variables = json!({ "contact": contact, "order": order, "patch": patch, "id": made });
        let create = "mutation($contact: CreateContactInput!) { createContact(input: $contact) { userErrors { code } } }";
        let ordered = "mutation($order: CreateSalesOrderInput!) { createSalesOrder(input: $order) { userErrors { code } } }";
        let change = "mutation($id: ID!, $patch: UpdateContactInput!) { updateContact(id: $id, patch: $patch) { userErrors { code } } }";
        let pick = |names: &[&str]| -> Value {
            names.iter().map(|name| ((*name).to_owned(), variables[*name].clone())).collect()
        };
        let poster = client.poster();
        let (_moved, created, ordered, _changed) = tokio::join!(
            moved(client, &one, department),
            poster.ask(create, pick(&["contact"])),
            poster.ask(ordered, pick(&["order"])),
            poster.ask(change, pick(&["id", "patch"])),
        );
        assert_eq!(created.data()["createContact"]["userErrors"], json!([]));
        assert_eq!(ordered.data()["createSalesOrder"]["userErrors"], json!([]));
        assert_eq!(stale_access_keys(&client.company).await, Some(Vec::new()));
    }
}

const SITE: &str = "type Site @object(kind: MASTER, label: \"工地\", plural: \"sites\") @responsible { code: String! @field(label: \"编码\") department: Department @field(label: \"部门\") }
type Visit @object(kind: DOCUMENT, label: \"踏勘\", plural: \"visits\", number: \"V{seq:4}\") @responsible @index(fields: [\"site\"], include: [\"note\"]) { note: String @field(label: \"备注\", max: 100) site: Site @field(label: \"工地\") @relation(inverse: \"visits\", parent: true) }";

async fn definitions_bring_their_keys(client: &Client) {
    let office = Office::open(client).await;
    let applied = client.apply(SITE, false).await;
    assert_eq!(applied["diagnostics"], json!([]));
    let keys = |client: &Client| {
        let catalog = client.company.catalog();
        catalog.named("Visit").unwrap().access_keys.len()
    };
    assert_eq!(keys(client), 0);
    let site = json!({ "code": "S1", "department": { "id": office.id("TJ-TL") } });
    let site = client.create("Site", site).await;
    client.create("Visit", json!({ "site": { "id": site } })).await;
    client.create("Visit", json!({})).await;
    // The department controls sites now: visits carry it, those that there are as well.
    let controlled =
        "extend type Site @dimension(name: DEPARTMENT, path: \"department\")".to_owned();
    let applied = client.apply(&controlled, false).await;
    assert_eq!(applied["diagnostics"], json!([]), "{applied:#}");
    assert_eq!(keys(client), 1);
    assert_eq!(stale_access_keys(&client.company).await, Some(Vec::new()));
    let patch = json!({ "department": { "id": office.id("QZ-TL") } });
    assert_eq!(client.update("Site", &site, patch).await["userErrors"], json!([]));
    assert_eq!(stale_access_keys(&client.company).await, Some(Vec::new()));
    // And no longer.
    let free = "extend type Site @dimension(name: DEPARTMENT, removed: true)";
    let applied = client.apply(free, false).await;
    assert_eq!(applied["diagnostics"], json!([]), "{applied:#}");
    assert_eq!(keys(client), 0);
    client.create("Visit", json!({ "site": { "id": site } })).await;
    let again = client.apply(&controlled.replace("path: ", "path : "), false).await;
    assert_eq!(again["diagnostics"], json!([]), "{again:#}");
    assert_eq!(keys(client), 1);
    assert_eq!(stale_access_keys(&client.company).await, Some(Vec::new()));
}

async fn an_older_database_gets_its_keys(client: &Client) {
    let office = Office::open(client).await;
    let writer = client.company.database.writer();
    let catalog = client.company.catalog();
    for object in &catalog.objects {
        for index in object.indexes.iter().filter(|index| !index.carried.is_empty()) {
            let drop = format!("DROP INDEX \"{}\"", index.name);
            writer.execute_unprepared(&drop).await.unwrap();
        }
        for key in &object.access_keys {
            let drop = format!("ALTER TABLE \"{}\" DROP COLUMN \"{}\"", object.table, key.column);
            writer.execute_unprepared(&drop).await.unwrap();
        }
    }
    writer.execute_unprepared("DELETE FROM tw_setting WHERE key = 'derived'").await.unwrap();
    let opened = client.reopened().await.unwrap();
    assert_eq!(stale_access_keys(&opened.company).await, Some(Vec::new()));
    let keys: usize = catalog.objects.iter().map(|object| object.access_keys.len()).sum();
    assert!(keys > 5, "{keys} keys are carried");
    assert!(office.sees("wang", "contacts", "contact of CL").await);
}

/// What is written under the version before, by this process or another, is filled again; a key that comes back is
/// filled whatever its column held.
async fn what_is_written_under_the_version_before_is_filled_again(client: &Client) {
    let office = Office::open(client).await;
    assert_eq!(client.apply(SITE, false).await["diagnostics"], json!([]));
    let site = json!({ "code": "S1", "department": { "id": office.id("TJ-TL") } });
    let site = client.create("Site", site).await;
    client.create("Visit", json!({ "site": { "id": site } })).await;
    // Another process, which has not followed yet.
    let other = client.reopened().await.unwrap();
    let controlled = "extend type Site @dimension(name: DEPARTMENT, path: \"department\")";
    assert_eq!(client.apply(controlled, false).await["diagnostics"], json!([]));
    let database = &client.company.database;
    let due = access_keys::due(database).await.unwrap().unwrap();
    let wrong = "UPDATE x_visit SET site_id__department_id = NULL";
    database.writer().execute_unprepared(wrong).await.unwrap();
    assert_eq!(other.company.catalog().named("Visit").unwrap().access_keys, []);
    // What looks at them behind every story finds that.
    let stale = stale_access_keys(&client.company).await;
    assert_eq!(stale, Some(vec![("site_id__department_id".to_owned(), 1)]));
    let catalog = client.company.catalog();
    access_keys::fill(database, &catalog).await.unwrap();
    assert_eq!(stale_access_keys(&client.company).await, Some(Vec::new()));
    access_keys::done(database, "0").await.unwrap();
    assert_eq!(
        access_keys::due(database).await.unwrap().as_ref(),
        Some(&due),
        "of another version"
    );
    access_keys::done(database, &due).await.unwrap();
    assert_eq!(access_keys::due(database).await.unwrap(), None);
    // The column stays when its key goes, and is right when it comes back.
    let free = "extend type Site @dimension(name: DEPARTMENT, removed: true)";
    assert_eq!(client.apply(free, false).await["diagnostics"], json!([]));
    let patch = json!({ "department": { "id": office.id("QZ-TL") } });
    assert_eq!(client.update("Site", &site, patch).await["userErrors"], json!([]));
    let again = controlled.replace("path: ", "path : ");
    assert_eq!(client.apply(&again, false).await["diagnostics"], json!([]));
    assert_eq!(stale_access_keys(&client.company).await, Some(Vec::new()));
}

/// Authors are changed beside the store, so a rule over them looks the operator up.
async fn authors_are_not_carried(client: &Client) {
    let text = "extend type Operator { homeDept: Department @field(label: \"部门\") }
        type Tour @object(kind: MASTER, label: \"巡访\", plural: \"tours\") @dimension(name: AUTHOR, path: \"createdBy.homeDept\") { code: String! @field(label: \"编码\") }";
    let applied = client.apply(text, false).await;
    assert_eq!(applied["diagnostics"], json!([]), "{applied:#}");
    let catalog = client.company.catalog();
    assert_eq!(catalog.named("Tour").unwrap().access_keys, []);
}
