//! The index behind searching: it follows what is saved, removed and put back, definitions, and older
//! databases.

use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::{both_dbs, support::Client};

both_dbs! {
    the_index_follows_what_is_saved
    the_index_follows_definitions
    an_older_database_is_indexed_at_its_next_start
    an_index_that_lacks_a_record_loses_it
}

async fn found(client: &Client, words: &str) -> String {
    let query =
        "query($s: String) { customers(search: $s, orderBy: [{code: ASC}]) { nodes { code } } }";
    let data = client.ask(query, json!({ "s": words })).await.data();
    let nodes = data["customers"]["nodes"].as_array().unwrap().clone();
    nodes.iter().map(|node| node["code"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

async fn the_index_follows_what_is_saved(client: &Client) {
    let department = client.department("TJ").await;
    let id = client.customer(&department, "K1", json!({ "name": "天津安益家具" })).await;
    client.customer(&department, "K2", json!({ "name": "上海安益涂料" })).await;
    assert_eq!(found(client, "安益").await, "K1 K2");
    assert_eq!(found(client, "津").await, "K1");
    client.update("Customer", &id, json!({ "name": "泉州恒达", "phone": "022-5550" })).await;
    assert_eq!(found(client, "安益").await, "K2");
    assert_eq!(found(client, "恒达 022-55").await, "K1");
    // Several at once, of which each has a name of its own.
    let many = "mutation { updateCustomers(filter: {code: {startsWith: \"K\"}}, patch: {phone: \"555\"}, atMost: 9) { records { code } userErrors { message } } }";
    client.data(many).await;
    assert_eq!(found(client, "555").await, "K1 K2");
    assert_eq!(found(client, "恒达 555").await, "K1");
    assert_eq!(found(client, "022-55").await, "");
    let made = "mutation { createCustomers(inputs: [{code: \"K3\", name: \"青岛\", department: {id: \"@\"}}, {code: \"K4\", name: \"青岛港\", department: {id: \"@\"}}]) { records { code } userErrors { message } } }";
    client.data(&made.replace('@', &department)).await;
    assert_eq!(found(client, "青岛").await, "K3 K4");
    client
        .data(&format!(
            "mutation {{ deleteCustomer(id: \"{id}\") {{ id userErrors {{ message }} }} }}"
        ))
        .await;
    assert_eq!(found(client, "恒达").await, "");
    client.data(&format!("mutation {{ restoreCustomer(id: \"{id}\") {{ record {{ code }} userErrors {{ message }} }} }}")).await;
    assert_eq!(found(client, "恒达").await, "K1");
}

async fn the_index_follows_definitions(client: &Client) {
    let department = client.department("TJ").await;
    client.customer(&department, "K1", json!({ "city": "天津" })).await;
    client
        .apply("type Sample @object(kind: MASTER, label: \"样品\", plural: \"samples\") { code: String! note: String }", false)
        .await;
    client.create("Sample", json!({ "code": "S1", "note": "环氧树脂" })).await;
    let query = "{ samples(search: \"树脂\") { nodes { code } } }";
    assert_eq!(client.ask(query, json!({})).await.codes(), ["INPUT_INVALID"]);
    // A field that is searched from now on, also in what was written before.
    let applied = client
        .apply("type Sample @object(kind: MASTER, label: \"样品\", plural: \"samples\") { code: String! note: String @field(search: true) } extend type Customer { nick: String @field(search: true) }", false)
        .await;
    assert_eq!(applied["diagnostics"], json!([]), "{applied}");
    assert_eq!(client.data(query).await["samples"]["nodes"], json!([{ "code": "S1" }]));
    client.create("Sample", json!({ "code": "S2", "note": "丙烯酸树脂" })).await;
    assert_eq!(client.data(query).await["samples"]["nodes"].as_array().unwrap().len(), 2);
    assert_eq!(found(client, "k1").await, "K1");
    client.customer(&department, "K2", json!({ "nick": "老王" })).await;
    assert_eq!(found(client, "老王").await, "K2");
}

async fn an_older_database_is_indexed_at_its_next_start(client: &Client) {
    let department = client.department("TJ").await;
    client.customer(&department, "K1", json!({ "name": "天津安益家具" })).await;
    // As a program before this one left it.
    let writer = client.company.database.writer();
    for sql in ["DELETE FROM tw_setting WHERE key LIKE 'search%'", "DROP TABLE tw_customer__search"]
    {
        writer.execute_unprepared(sql).await.unwrap();
    }
    drop(client.reopened().await.unwrap());
    assert_eq!(found(client, "安益").await, "K1");
}

/// So that the tests above would notice a search that does without.
async fn an_index_that_lacks_a_record_loses_it(client: &Client) {
    let department = client.department("TJ").await;
    client.customer(&department, "K1", json!({ "name": "天津安益家具" })).await;
    let writer = client.company.database.writer();
    let empty = match client.company.database.dialect() {
        tradewind::sql::Dialect::Sqlite => "DELETE FROM tw_customer__searched",
        tradewind::sql::Dialect::Postgres => "DELETE FROM tw_customer__search",
    };
    writer.execute_unprepared(empty).await.unwrap();
    assert_eq!(found(client, "安益").await, "");
}
