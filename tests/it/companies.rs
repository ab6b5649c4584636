//! Two companies in one process: each has its own records, definitions and sign-ins.

use serde_json::json;

use crate::{both_dbs, support::Client};

both_dbs! {
    know_nothing_of_each_other
}

const LOANS: &str = r#"type SampleLoan @object(kind: MASTER, label: "样品借用", plural: "sampleLoans") {
    code: String @field(label: "编码", unique: true)
}"#;

async fn know_nothing_of_each_other(client: &Client) {
    let other = Client::sqlite().await;
    assert_eq!(other.apply(LOANS, false).await["diagnostics"], json!([]));
    other.create("SampleLoan", json!({ "code": "L1" })).await;
    // The first has neither the object nor its version, and keeps its own records.
    assert!(client.company.catalog().version < other.company.catalog().version);
    let asked = "{ sampleLoans { totalCount } }";
    assert_eq!(other.data(asked).await["sampleLoans"]["totalCount"], 1);
    assert_eq!(client.ask(asked, json!({})).await.codes(), ["INPUT_INVALID"]);
    client.create("ItemCategory", json!({ "code": "C1", "name": "Resins" })).await;
    let asked = "{ itemCategories { totalCount } }";
    assert_eq!(client.data(asked).await["itemCategories"]["totalCount"], 1);
    assert_eq!(other.data(asked).await["itemCategories"]["totalCount"], 0);
    // A sign-in holds where it was made.
    let token = client.token("nobody").await;
    let viewer = "{ __typename }";
    assert_eq!(client.ask_as(&token, viewer).await.data(), json!({ "__typename": "Query" }));
    assert_eq!(other.ask_as(&token, viewer).await.codes(), ["AUTH_TOKEN_INVALID"]);
}
