//! The demo company: what the playground's examples and every newcomer rely on.

use serde_json::json;
use tradewind::catalog::ObjectKind;

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
    every_object_has_records(client).await;
    everyone_finds_some(client).await;
}

/// Every standard object but permission groups, which each company makes for itself.
async fn every_object_has_records(client: &Client) {
    let catalog = client.company.catalog();
    let kept = catalog.objects.iter().filter(|object| object.kind != ObjectKind::Line);
    let lists: Vec<_> = kept
        .filter(|object| object.name != "CustomerPermissionGroup")
        .filter_map(|object| object.plural.clone())
        .collect();
    assert!(lists.len() > 50, "{lists:?}");
    for lists in lists.chunks(15) {
        let fields: Vec<_> = lists.iter().map(|list| format!("{list} {{ totalCount }}")).collect();
        let data = client.data(&format!("{{ {} }}", fields.join(" "))).await;
        for list in lists {
            assert!(data[list]["totalCount"].as_i64().unwrap() >= 3, "{list}: {data}");
        }
    }
}

/// What each account of the demo finds of the objects that their role is about.
async fn everyone_finds_some(client: &Client) {
    for (who, lists) in [
        ("zhang", &["schedules", "influences", "deliveryNotes", "serviceRequests", "alerts"][..]),
        ("wang", &["tracks", "salesExpenses", "salesTargets", "complaints", "emails", "alerts"]),
        ("zhao", &["deliveryNotes", "campaigns", "competitors", "salesTargets"]),
        ("wu", &["segments", "campaigns", "surveys", "schedules", "knowledgeArticles"]),
        ("zheng", &["workOrders", "serviceExecutions", "followUpVisits", "customerAssets"]),
        ("feng", &["deliveryNotes", "warehouses", "stocks"]),
        ("cai", &["suppliers", "purchaseOrders", "warehouses", "stocks"]),
        ("wei", &["invoices", "receivables", "itemCosts", "expenseReimbursements"]),
    ] {
        let asker = client.demo_poster_of(who).await;
        let fields: Vec<_> = lists.iter().map(|list| format!("{list} {{ totalCount }}")).collect();
        let data = asker.ask(&format!("{{ {} }}", fields.join(" ")), json!({})).await.data();
        for list in lists {
            assert!(data[list]["totalCount"].as_i64().unwrap() > 0, "{who} {list}: {data}");
        }
    }
}
