//! Formulas that have no value for records there are: told before anything is changed, and in nobody's way.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office},
};

both_dbs! {
    a_formula_that_fits_no_stored_record_is_refused
    what_a_line_does_not_compute_is_told_with_its_document
    a_designer_learns_nothing_of_what_is_not_computed
    a_record_put_back_is_not_held_up_by_a_later_formula
    a_record_put_back_has_the_formulas_of_today
    what_reads_the_number_is_looked_at_when_it_is_there
    what_was_too_long_is_computed_when_there_is_room
}

const BOX: &str = r#"
type Crate @object(kind: MASTER, label: "箱", plural: "crates") {
  code: String! @field(unique: true)
  pieces: Int
  size: Int
  remark: String
  FORMULA
  slips: [Slip!]! @lines
}
type Slip @object(kind: LINE) {
  pieces: Int
  SLIP
}"#;

fn with(formula: &str, slip: &str) -> String {
    BOX.replace("FORMULA", formula).replace("SLIP", slip)
}

async fn apply(client: &Client, formula: &str) -> Value {
    client.apply(&with(formula, ""), false).await
}

#[track_caller]
fn accepted(payload: &Value) {
    assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
}

fn told(payload: &Value) -> Vec<(&str, String)> {
    let faults = payload["userErrors"].as_array().unwrap().iter();
    faults.map(|fault| (fault["code"].as_str().unwrap(), fault["path"].to_string())).collect()
}

async fn crates(client: &Client, fields: &str) -> Value {
    let query = format!("{{ crates(orderBy: [{{code: ASC}}]) {{ nodes {{ {fields} }} }} }}");
    client.data(&query).await["crates"]["nodes"].clone()
}

async fn a_formula_that_fits_no_stored_record_is_refused(client: &Client) {
    let first = apply(client, "").await;
    assert_eq!(first["diagnostics"], json!([]), "{first:#}");
    let many = client.create("Crate", json!({ "code": "a", "pieces": 0, "size": 3 })).await;
    client.create("Crate", json!({ "code": "long", "pieces": 2, "size": 1 })).await;
    let none = client.create("Crate", json!({ "code": "none" })).await;
    // Beyond 32 bits; longer than its field; empty where it is required.
    for (formula, records) in [
        ("wide: Int @formula(expr: \"size * 1000000000\")", "`Crate.wide` (of 1)"),
        ("mark: String @field(max: 3) @formula(expr: \"code\")", "`Crate.mark` (of 2)"),
        ("all: Int! @formula(expr: \"pieces + size\")", "`Crate.all` (of 1)"),
    ] {
        let refused = apply(client, formula).await;
        let fault = &refused["diagnostics"][0];
        assert_eq!(fault["code"], "CATALOG_CHANGE", "{formula}: {refused:#}");
        assert!(fault["message"].as_str().unwrap().ends_with(records), "{refused:#}");
        assert_eq!(refused["version"], first["version"], "nothing is published");
        accepted(&client.update("Crate", &none, json!({ "remark": "x" })).await);
    }
    // Two at once are told at once.
    let both = "wide: Int @formula(expr: \"size * 1000000000\") all: Int! @formula(expr: \"pieces + size\")";
    let refused = apply(client, both).await;
    let message = refused["diagnostics"][0]["message"].as_str().unwrap();
    assert!(message.contains("`Crate.wide` (of 1), `Crate.all` (of 1)"), "{message}");
    // The records first, and it is computed.
    accepted(&client.update("Crate", &many, json!({ "size": 2 })).await);
    accepted(&client.update("Crate", &none, json!({ "pieces": 1, "size": 1 })).await);
    let applied = apply(client, both).await;
    assert_eq!(applied["diagnostics"], json!([]), "{applied:#}");
    let expected = json!([{ "wide": 2_000_000_000, "all": 2 }, { "wide": 1_000_000_000, "all": 3 }, { "wide": 1_000_000_000, "all": 2 }]);
    assert_eq!(crates(client, "wide all").await, expected);
    // From now on it is the writer's to see to.
    let refused = client.update("Crate", &many, json!({ "pieces": null })).await;
    assert_eq!(told(&refused), [("RECORD_REQUIRED", "[\"all\"]".to_owned())], "{refused:#}");
    // What was optional and becomes required.
    let loose = both.replace("Int!", "Int");
    assert_eq!(apply(client, &loose).await["diagnostics"], json!([]));
    accepted(&client.update("Crate", &many, json!({ "pieces": null })).await);
    let refused = apply(client, both).await;
    assert_eq!(refused["diagnostics"][0]["code"], "CATALOG_CHANGE", "{refused:#}");
}

async fn what_a_line_does_not_compute_is_told_with_its_document(client: &Client) {
    assert_eq!(apply(client, "").await["diagnostics"], json!([]));
    let slips = json!({ "create": [{ "pieces": 3 }, { "pieces": 1 }] });
    let id = client.create("Crate", json!({ "code": "a", "slips": slips })).await;
    let share = "share: Int @formula(expr: \"pieces * 1000000000\")";
    let shares = "shares: Int @rollup(of: \"slips\", sum: \"share\")";
    let refused = client.apply(&with(shares, share), false).await;
    let message = refused["diagnostics"][0]["message"].as_str().unwrap();
    assert!(message.ends_with("`Slip.share` (of 1)"), "{refused:#}");
    let lines = crates(client, "slips { id }").await;
    let patch = json!({ "slips": { "update": [{ "id": lines[0]["slips"][0]["id"], "patch": { "pieces": 1 } }] } });
    accepted(&client.update("Crate", &id, patch).await);
    assert_eq!(client.apply(&with(shares, share), false).await["diagnostics"], json!([]));
    assert_eq!(crates(client, "shares").await, json!([{ "shares": 2_000_000_000 }]));
}

/// Somebody who defines objects and sees only some records would learn from a refusal what others hold.
async fn a_designer_learns_nothing_of_what_is_not_computed(client: &Client) {
    let office = Office::open(client).await;
    office.give("new", &["designer"], &[]).await;
    let apply = async |remark: &str| {
        let sdl = format!(
            "extend type Customer {{ mark{remark}: String @field(max: 3) @formula(expr: \"remark == '{remark}' ? 'long' : 'ok'\") }}"
        );
        let apply = "mutation($sdl: String!) { applySchema(sdl: $sdl) { changes { kind risk reason } diagnostics { code message } } }";
        let variables = json!({ "sdl": sdl });
        client.metadata_as(&office.tokens["new"], apply, variables).await.data()
    };
    accepted(&client.update("Customer", &office.id("CL"), json!({ "remark": "p" })).await);
    let (there, not) = (apply("p").await, apply("q").await);
    assert_eq!(there, not);
    assert_eq!(there["applySchema"]["diagnostics"], json!([]));
    // The record without a value is changed as before, until what is computed of it is meant.
    let id = office.id("CL");
    accepted(&client.update("Customer", &id, json!({ "phone": "022-23456789" })).await);
    let refused = client.update("Customer", &id, json!({ "remark": "p" })).await;
    assert_eq!(told(&refused), [("RECORD_VALUE", "[\"markp\"]".to_owned())], "{refused:#}");
    accepted(&client.update("Customer", &id, json!({ "remark": "r" })).await);
    // One that is required, of what is given empty as it was.
    let said = "extend type Customer { said: String! @formula(expr: \"address\") }";
    let apply = "mutation($sdl: String!) { applySchema(sdl: $sdl) { diagnostics { code } } }";
    let applied = client.metadata_as(&office.tokens["new"], apply, json!({ "sdl": said })).await;
    assert_eq!(applied.data()["applySchema"]["diagnostics"], json!([]));
    accepted(&client.update("Customer", &id, json!({ "remark": "r" })).await);
    let refused = client.update("Customer", &id, json!({ "address": null })).await;
    assert_eq!(told(&refused), [("RECORD_REQUIRED", "[\"said\"]".to_owned())], "{refused:#}");
    let read =
        client.data("{ customers(filter: {remark: {eq: \"r\"}}) { nodes { markp } } }").await;
    assert_eq!(read["customers"]["nodes"], json!([{ "markp": "ok" }]));
}

async fn a_record_put_back_is_not_held_up_by_a_later_formula(client: &Client) {
    assert_eq!(apply(client, "").await["diagnostics"], json!([]));
    let id = client.create("Crate", json!({ "code": "a", "pieces": 0, "size": 3 })).await;
    let remove = format!("mutation {{ deleteCrate(id: \"{id}\") {{ userErrors {{ code }} }} }}");
    client.data(&remove).await;
    let formulas =
        "wide: Int @formula(expr: \"size * 1000000000\") more: Int @formula(expr: \"size + 1\")";
    assert_eq!(apply(client, formulas).await["diagnostics"], json!([]));
    let back =
        format!("mutation {{ restoreCrate(id: \"{id}\") {{ userErrors {{ code path }} }} }}");
    accepted(&client.data(&back).await["restoreCrate"]);
    assert_eq!(crates(client, "wide more").await, json!([{ "wide": null, "more": 4 }]));
}

/// Those of the time when it was removed are no more, nor what was made of them.
async fn a_record_put_back_has_the_formulas_of_today(client: &Client) {
    let define = async |wide: &str, share: &str, more: &str| {
        let formulas = format!(
            "wide: Int @formula(expr: \"{wide}\") shares: Int @rollup(of: \"slips\", sum: \"share\")
             total: Int @formula(expr: \"shares * 1000000\") {more}"
        );
        let share = format!("share: Int @formula(expr: \"{share}\")");
        let applied = client.apply(&with(&formulas, &share), false).await;
        assert_eq!(applied["diagnostics"], json!([]), "{applied:#}");
    };
    define("size + 1", "pieces + 1", "").await;
    let slips = json!({ "create": [{ "pieces": 3 }] });
    let id = client.create("Crate", json!({ "code": "a", "size": 3, "slips": slips })).await;
    let remove = format!("mutation {{ deleteCrate(id: \"{id}\") {{ userErrors {{ code }} }} }}");
    client.data(&remove).await;
    let more = "less: Int @field(default: \"wide - 2999999999\") all: Int! @formula(expr: \"pieces + size\")";
    define("size * 1000000000", "pieces * 1000", more).await;
    let back =
        format!("mutation {{ restoreCrate(id: \"{id}\") {{ userErrors {{ code path }} }} }}");
    accepted(&client.data(&back).await["restoreCrate"]);
    let expected =
        json!([{ "wide": null, "shares": 3000, "total": null, "less": null, "all": null }]);
    assert_eq!(crates(client, "wide shares total less all").await, expected);
    accepted(&client.update("Crate", &id, json!({ "remark": "x" })).await);
    accepted(&client.update("Crate", &id, json!({ "size": 2, "pieces": 1 })).await);
    assert_eq!(crates(client, "wide all").await, json!([{ "wide": 2_000_000_000, "all": 3 }]));
}

async fn what_reads_the_number_is_looked_at_when_it_is_there(client: &Client) {
    let sdl = |field: &str| {
        format!(
            "type Ticket @object(kind: DOCUMENT, label: \"票\", plural: \"tickets\", number: \"KT{{yyyy}}-{{seq:4}}\") {{ note: String {field} }}"
        )
    };
    let required = "short: String! @formula(expr: \"number + '/' + note\") same: String @field(check: \"same == null || number == 'KT2026-0001'\")";
    assert_eq!(client.apply(&sdl(required), false).await["diagnostics"], json!([]));
    let first = json!({ "note": "n", "same": "x" });
    client.create("Ticket", first.clone()).await;
    let refused = client.try_create("Ticket", first).await;
    assert_eq!(told(&refused), [("RECORD_CHECK", "[\"same\"]".to_owned())], "{refused:#}");
    let refused = client.try_create("Ticket", json!({})).await;
    assert_eq!(told(&refused), [("RECORD_REQUIRED", "[\"short\"]".to_owned())], "{refused:#}");
    let read = client.data("{ tickets { nodes { number short } } }").await;
    let number = read["tickets"]["nodes"][0]["number"].as_str().unwrap().to_owned();
    assert_eq!(
        read["tickets"]["nodes"],
        json!([{ "number": number, "short": format!("{number}/n") }])
    );
    // One that is too short for it.
    let slip = "type Stub @object(kind: DOCUMENT, label: \"根\", plural: \"stubs\", number: \"S{seq:4}\") { note: String short: String @field(max: 3) @formula(expr: \"number\") }";
    assert_eq!(client.apply(slip, false).await["diagnostics"], json!([]));
    let refused = client.try_create("Stub", json!({})).await;
    assert_eq!(told(&refused), [("RECORD_VALUE", "[\"short\"]".to_owned())], "{refused:#}");
}

async fn what_was_too_long_is_computed_when_there_is_room(client: &Client) {
    assert_eq!(apply(client, "").await["diagnostics"], json!([]));
    let id = client.create("Crate", json!({ "code": "a", "remark": "longer" })).await;
    let remove = format!("mutation {{ deleteCrate(id: \"{id}\") {{ userErrors {{ code }} }} }}");
    client.data(&remove).await;
    let formulas = |max: usize| {
        format!(
            "mark: String @field(max: {max}) @formula(expr: \"remark\")
             told: String @field(max: 3) @formula(expr: \"mark == null ? 'no' : 'long'\")"
        )
    };
    assert_eq!(apply(client, &formulas(3)).await["diagnostics"], json!([]));
    let back =
        format!("mutation {{ restoreCrate(id: \"{id}\") {{ userErrors {{ code path }} }} }}");
    accepted(&client.data(&back).await["restoreCrate"]);
    assert_eq!(crates(client, "mark told").await, json!([{ "mark": null, "told": "no" }]));
    // What reads it would not fit then, and is told.
    let refused = apply(client, &formulas(30)).await;
    let message = refused["diagnostics"][0]["message"].as_str().unwrap();
    assert!(message.ends_with("`Crate.told` (of 1)"), "{refused:#}");
    let formulas = formulas(30).replace("'long'", "'yes'");
    assert_eq!(apply(client, &formulas).await["diagnostics"], json!([]));
    assert_eq!(crates(client, "mark told").await, json!([{ "mark": "longer", "told": "yes" }]));
}
