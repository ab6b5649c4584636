//! What people keep for themselves: preferences, and forms that are not saved yet.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Answer, Client, office::Office},
};

both_dbs! {
    preferences_are_everyones_own
    preferences_are_bounded
    drafts_are_kept_in_place_of_the_last
    drafts_expire
    drafts_follow_their_object
    drafts_are_bounded
}

const SET: &str =
    "mutation($key: String!, $value: JSON) { setPreference(key: $key, value: $value) }";

async fn set(client: &Client, token: &str, key: &str, value: Value) -> Answer {
    client.metadata_as(token, SET, json!({ "key": key, "value": value })).await
}

async fn preferences(client: &Client, token: &str) -> Value {
    client.metadata_as(token, "{ preferences }", json!({})).await.data()["preferences"].clone()
}

async fn preferences_are_everyones_own(client: &Client) {
    let office = Office::open(client).await;
    let (zhang, li) = (&office.tokens["zhang"], &office.tokens["li"]);
    assert_eq!(preferences(client, zhang).await, json!({}));
    let widths = json!({ "name": 120, "城市": [1.5, null, "x"] });
    set(client, zhang, "theme", json!("dark")).await.data();
    set(client, zhang, "list.Customer-widths", widths.clone()).await.data();
    set(client, zhang, "theme", json!("light")).await.data();
    set(client, li, "theme", json!("system")).await.data();
    let expected = json!({ "theme": "light", "list.Customer-widths": widths });
    assert_eq!(preferences(client, zhang).await, expected);
    assert_eq!(preferences(client, li).await, json!({ "theme": "system" }));
    // By another sign-in, too; and gone with null.
    assert_eq!(preferences(client, &client.token("zhang").await).await, expected);
    set(client, zhang, "theme", Value::Null).await.data();
    set(client, zhang, "never.set", Value::Null).await.data();
    assert_eq!(preferences(client, zhang).await, json!({ "list.Customer-widths": widths }));
}

async fn preferences_are_bounded(client: &Client) {
    let token = client.token("nobody").await;
    for key in ["", "9", "a b", "主题", &"k".repeat(65)] {
        let refused = set(client, &token, key, json!(1)).await;
        assert_eq!(refused.codes(), ["INPUT_VALUE"], "{key}");
    }
    let refused = set(client, &token, "large", json!("x".repeat(4_000))).await;
    assert_eq!(refused.codes(), ["LIMIT_TEXT"]);
    for at in 0..100 {
        set(client, &token, &format!("k{at}"), json!(at)).await.data();
    }
    assert_eq!(set(client, &token, "k100", json!(1)).await.codes(), ["LIMIT_RECORDS"]);
    // What is there can be set on.
    set(client, &token, "k99", json!("other")).await.data();
    assert_eq!(preferences(client, &token).await["k99"], "other");
}

const KEEP: &str = "mutation($object: String!, $id: ID, $base: Int, $data: JSON!) {
    keepDraft(object: $object, id: $id, base: $base, data: $data) { id object record base data updatedAt expiresAt } }";

async fn keep(client: &Client, token: &str, id: Value, data: Value) -> Answer {
    let variables = json!({ "object": "Customer", "id": id, "base": 3, "data": data });
    client.metadata_as(token, KEEP, variables).await
}

async fn drafts(client: &Client, token: &str) -> Vec<Value> {
    let query = "{ formDrafts { id object record base data updatedAt expiresAt } }";
    let told = client.metadata_as(token, query, json!({})).await.data();
    told["formDrafts"].as_array().unwrap().clone()
}

async fn drop_draft(client: &Client, token: &str, id: &Value) -> Value {
    let query = "mutation($id: ID!) { dropDraft(id: $id) }";
    client.metadata_as(token, query, json!({ "id": id })).await.data()["dropDraft"].clone()
}

async fn drafts_are_kept_in_place_of_the_last(client: &Client) {
    let office = Office::open(client).await;
    let (zhang, li) = (&office.tokens["zhang"], &office.tokens["li"]);
    let record = office.id("CZ");
    let first =
        keep(client, zhang, json!(record), json!({ "name": "天" })).await.data()["keepDraft"]
            .clone();
    assert_eq!(
        first,
        json!({ "id": first["id"], "object": "Customer", "record": record, "base": 3, "data": { "name": "天" },
            "updatedAt": "2026-06-15T02:00:00Z", "expiresAt": "2026-07-15T02:00:00Z" })
    );
    client.world.advance(Duration::from_secs(2));
    let second =
        keep(client, zhang, json!(record), json!({ "name": "天津" })).await.data()["keepDraft"]
            .clone();
    assert_eq!(second["id"], first["id"]);
    // A new record has a draft of its own for each tab, which goes on under the id of the draft.
    let new =
        keep(client, zhang, Value::Null, json!({ "code": "1" })).await.data()["keepDraft"].clone();
    let other =
        keep(client, zhang, Value::Null, json!({ "code": "2" })).await.data()["keepDraft"].clone();
    let on =
        keep(client, zhang, new["id"].clone(), json!({ "code": "11" })).await.data()["keepDraft"]
            .clone();
    assert_eq!((&on["id"], &on["record"]), (&new["id"], &Value::Null));
    assert_ne!(new["id"], other["id"]);
    let kept = drafts(client, zhang).await;
    let mut told: Vec<_> = kept.iter().map(|draft| draft["data"].to_string()).collect();
    told.sort();
    assert_eq!(told, ["{\"code\":\"11\"}", "{\"code\":\"2\"}", "{\"name\":\"天津\"}"]);
    // Others have none of it, and make their own of the same record, whether they see it or not.
    assert!(drafts(client, li).await.is_empty());
    let theirs = keep(client, li, json!(record), json!({})).await.data()["keepDraft"].clone();
    assert_ne!(theirs["id"], first["id"]);
    assert_eq!(drop_draft(client, li, &first["id"]).await, false);
    assert_eq!(drop_draft(client, zhang, &first["id"]).await, true);
    assert_eq!(drop_draft(client, zhang, &first["id"]).await, false);
    assert_eq!(drafts(client, zhang).await.len(), 2);
    assert_eq!(drafts(client, li).await, [theirs]);
}

async fn drafts_expire(client: &Client) {
    let day = Duration::from_hours(24);
    let token = client.token("admin").await;
    let first =
        keep(client, &token, Value::Null, json!({ "at": 1 })).await.data()["keepDraft"].clone();
    keep(client, &token, Value::Null, json!({ "at": 2 })).await.data();
    client.world.advance(day * 20);
    let token = client.token("admin").await;
    keep(client, &token, first["id"].clone(), json!({ "at": 3 })).await.data();
    client.world.advance(day * 10);
    let token = client.token("admin").await;
    let kept = drafts(client, &token).await;
    assert_eq!((kept.len(), &kept[0]["data"]["at"]), (1, &json!(3)));
    client.company.purge().await.unwrap();
    assert_eq!(drafts(client, &token).await, kept);
    client.world.advance(day * 20);
    let token = client.token("admin").await;
    assert!(drafts(client, &token).await.is_empty());
    assert_eq!(drop_draft(client, &token, &first["id"]).await, false);
}

async fn drafts_follow_their_object(client: &Client) {
    let office = Office::open(client).await;
    let zhang = &office.tokens["zhang"];
    let kept =
        keep(client, zhang, Value::Null, json!({ "code": "1" })).await.data()["keepDraft"].clone();
    office.give("zhang", &["finance"], &[]).await;
    let narrow = client.token("zhang").await;
    assert!(drafts(client, &narrow).await.is_empty());
    assert_eq!(drop_draft(client, &narrow, &kept["id"]).await, false);
    let mut told = Vec::new();
    for object in ["Customer", "Xustomer"] {
        let variables = json!({ "object": object, "data": {} });
        let refused = client.metadata_as(&narrow, KEEP, variables).await;
        assert_eq!(refused.codes(), ["INPUT_VALUE"]);
        told.push(refused.body.to_string().replace(object, "…"));
    }
    assert_eq!(told[0], told[1]);
    office.give("zhang", &["salesperson"], &[office.id("TJ-TL")]).await;
    assert_eq!(drafts(client, &client.token("zhang").await).await, [kept]);
}

async fn drafts_are_bounded(client: &Client) {
    let token = client.token("admin").await;
    let refused = keep(client, &token, Value::Null, json!("x".repeat(200_000))).await;
    assert_eq!(refused.codes(), ["LIMIT_TEXT"]);
    let mut last = Value::Null;
    for at in 0..50 {
        last = keep(client, &token, Value::Null, json!(at)).await.data()["keepDraft"]["id"].clone();
    }
    assert_eq!(keep(client, &token, Value::Null, json!(50)).await.codes(), ["LIMIT_RECORDS"]);
    keep(client, &token, last.clone(), json!("again")).await.data();
    assert_eq!(drop_draft(client, &token, &last).await, true);
    keep(client, &token, Value::Null, json!(50)).await.data();
}
