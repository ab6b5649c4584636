//! Definitions that what is stored does not fit, and keys that cannot be stored.

use serde_json::{Value, json};

use crate::{both_dbs, support::Client};

both_dbs! {
    records_that_are_alike_stand_against_a_key
    keys_are_as_wide_as_they_can_be_stored
}

fn fault(applied: &Value) -> (&str, &str) {
    let fault = &applied["diagnostics"][0];
    (fault["code"].as_str().unwrap_or_default(), fault["message"].as_str().unwrap_or_default())
}

async fn records_that_are_alike_stand_against_a_key(client: &Client) {
    let of = |a: &str, b: &str, key: &str| {
        format!(
            "type Dup @object(kind: MASTER, label: \"重\", plural: \"dups\") {key} {{ a: String @field(label: \"a\"{a}) b: Int @field(label: \"b\"{b}) }}"
        )
    };
    let plain = client.apply(&of("", "", ""), false).await;
    assert_eq!(plain["diagnostics"], json!([]), "{plain:#}");
    for (a, b) in [("x", 1), ("x", 2), ("y", 2), ("z", 3), ("z", 3)] {
        client.create("Dup", json!({ "a": a, "b": b })).await;
    }
    // What is empty is not alike.
    client.create("Dup", json!({})).await;
    client.create("Dup", json!({})).await;
    let unique = ", unique: true";
    for dry in [true, false] {
        let refused = client.apply(&of(unique, "", ""), dry).await;
        let (code, message) = fault(&refused);
        assert_eq!(code, "CATALOG_CHANGE", "{refused:#}");
        for part in ["`Dup`", "`a`", "2 records have `x`", "2 records have `z`"] {
            assert!(message.contains(part), "{message}");
        }
        assert_eq!(refused["version"], plain["version"]);
        let refused = client.apply(&of("", unique, ""), dry).await;
        assert!(fault(&refused).1.contains("2 records have `2`"), "{refused:#}");
        let refused = client.apply(&of("", "", "@unique(fields: [\"a\", \"b\"])"), dry).await;
        assert!(fault(&refused).1.contains("2 records have `z`, `3`"), "{refused:#}");
    }
    // Nothing has changed, and with the records apart the key is taken.
    let ids = client.data("{ dups(filter: {a: {in: [\"x\", \"z\"]}}) { nodes { id } } }").await;
    for (n, node) in ids["dups"]["nodes"].as_array().unwrap().iter().enumerate() {
        client.update("Dup", node["id"].as_str().unwrap(), json!({ "a": format!("a{n}") })).await;
    }
    let taken = client.apply(&of(unique, "", ""), false).await;
    assert_eq!(taken["diagnostics"], json!([]), "{taken:#}");
}

async fn keys_are_as_wide_as_they_can_be_stored(client: &Client) {
    let of = |key: &str, max: u32| {
        format!(
            "type Wide @object(kind: MASTER, label: \"宽\", plural: \"wides\") @{key}(fields: [\"a\", \"b\"]) {{ a: String @field(label: \"a\", max: {max}) b: String @field(label: \"b\", max: {max}) }}"
        )
    };
    for key in ["unique", "index"] {
        for dry in [true, false] {
            let refused = client.apply(&of(key, 500), dry).await;
            let (code, message) = fault(&refused);
            assert_eq!(code, "CATALOG_DIRECTIVE", "{refused:#}");
            assert!(message.contains("`a`, `b`") && message.contains("too wide"), "{message}");
        }
    }
    let taken = client.apply(&of("unique", 320), false).await;
    assert_eq!(taken["diagnostics"], json!([]), "{taken:#}");
    // The widest there is, of characters that no compression makes smaller.
    let wide = |from: u32| {
        let letter = |n: u32| char::from_u32(0x4e00 + (from + n * 7919) % 20_000).unwrap();
        (0..320).map(letter).collect::<String>()
    };
    client.create("Wide", json!({ "a": wide(1), "b": wide(2) })).await;
}
