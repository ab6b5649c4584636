//! The demo company: what the playground's examples and every newcomer rely on.

use serde_json::json;

use crate::support::{Client, TestDatabase};

#[tokio::test]
async fn the_demo_company_loads_on_sqlite() {
    look_at(&Client::demo(TestDatabase::sqlite()).await).await;
}

#[tokio::test]
async fn the_demo_company_loads_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        look_at(&Client::demo(database).await).await;
    }
}

async fn look_at(client: &Client) {
    let query = "{ customers { totalCount } contacts { totalCount } inventoryItems { totalCount } itemPrices { totalCount }
        customerPrices { totalCount } salespersonPrices { totalCount } opportunities { totalCount } salesOrders { totalCount }
        activities { totalCount } stages: opportunities(filter: {stage: {id: {isNull: true}}}) { totalCount }
        empty: salesOrders(filter: {lineCount: {eq: 0}}) { totalCount } }";
    let data = client.data(query).await;
    let least = [
        ("customers", 300),
        ("contacts", 600),
        ("inventoryItems", 200),
        ("itemPrices", 200),
        ("customerPrices", 1),
        ("salespersonPrices", 1),
        ("opportunities", 250),
        ("salesOrders", 400),
        ("activities", 1500),
    ];
    for (list, count) in least {
        assert!(data[list]["totalCount"].as_i64().unwrap() >= count, "{list}: {data}");
    }
    assert_eq!(data["stages"]["totalCount"], 0);
    assert_eq!(data["empty"]["totalCount"], 0);
    let zhang = client
        .data("{ operator(account: \"zhang\") { employee { name department { name } } } }")
        .await;
    assert_eq!(zhang["operator"]["employee"]["department"]["name"], json!("天津涂料部"), "{zhang}");
}
