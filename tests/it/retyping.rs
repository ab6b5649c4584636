//! Fields that get another type: their values are converted in the publish, what cannot be is told before, and the version
//! before can be gone back to.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;
use tradewind::company::Company;

use crate::{
    both_dbs,
    schema_drafts::{Definer, brief},
    support::{Client, office::Office},
};

both_dbs! {
    values_are_converted_with_their_publish
    what_cannot_be_converted_is_told_before
    every_conversion_there_is
    keys_indexes_and_search_go_over
    the_past_is_read_in_the_present_type
    what_makes_no_sense_is_refused
}

const TRIPS: &str = r#"# Asked for by sales.
type Trip @object(kind: MASTER, label: "行程", plural: "trips") {
  topic: String! @field(label: "主题")
  # As it was written down.
  minutes: String @field(label: "分钟", max: 20)
  days: Int @field(label: "天数")
  twice: Decimal @field(scale: 2) @formula(expr: "days * 2")
}
"#;

pub(crate) fn retype(object: &str, field: &str, sdl: &str, on_failure: Option<&str>) -> Value {
    let mut step = json!({ "object": object, "field": field, "sdl": sdl });
    if let Some(on_failure) = on_failure {
        step["onFailure"] = json!(on_failure);
    }
    json!({ "retypeField": step })
}

/// Has a company work on its jobs until none is due.
pub(crate) async fn work(company: &Company) -> usize {
    let closing = watch::Sender::new(false).subscribe();
    let mut jobs = 0;
    while company.work_off(&closing).await.unwrap() {
        jobs += 1;
    }
    jobs
}

/// Lets a minute and more pass, in which jobs end.
pub(crate) async fn settle(client: &Client) {
    for pause in [3, 61] {
        client.world.advance(Duration::from_secs(pause));
        work(&client.company).await;
    }
}

async fn published(admin: &Definer<'_>, steps: Value) -> Value {
    let edited = admin.edit(steps).await;
    assert_eq!(edited["diagnostics"], json!([]), "{edited:#}");
    let told = admin.publish("", false).await;
    assert_eq!(told["diagnostics"], json!([]), "{told:#}");
    told
}

pub(crate) async fn jobs(admin: &Definer<'_>) -> Vec<Value> {
    let query = "{ jobs(kind: RETYPE) { totalCount nodes { id state fields progress { done total } faults { code path } } } }";
    admin.ask(query, json!({})).await["jobs"]["nodes"].as_array().unwrap().clone()
}

/// The states of all jobs, the newest first.
pub(crate) async fn states(admin: &Definer<'_>) -> Vec<String> {
    let jobs = jobs(admin).await.into_iter();
    jobs.map(|job| job["state"].as_str().unwrap().to_owned()).collect()
}

async fn values_are_converted_with_their_publish(client: &Client) {
    let admin = Definer::new(client, "admin").await;
    admin.replace(TRIPS).await;
    let mut ids = Vec::new();
    for (minutes, days) in [(json!("30"), 1), (json!("7.5"), 2), (Value::Null, 3)] {
        let input = json!({ "topic": "涂料", "minutes": minutes, "days": days });
        ids.push(client.create("Trip", input).await);
    }
    let before = admin.ask("{ version }", json!({})).await["version"].as_i64().unwrap();
    let steps = json!([
        retype("Trip", "minutes", "minutes: Decimal @field(label: \"分钟\", scale: 1)", None),
        retype("Trip", "days", "days: Decimal @field(label: \"天数\", scale: 2)", None),
    ]);
    let told = published(&admin, steps).await;
    assert_eq!(brief(&told), ["RETYPE_FIELD Trip.minutes", "RETYPE_FIELD Trip.days"]);
    assert!(told["changes"].as_array().unwrap().iter().all(|one| one["risk"] == "NEEDS_BACK_FILL"));
    let expected = TRIPS
        .replace(
            "minutes: String @field(label: \"分钟\", max: 20)",
            "minutes: Decimal @retyped(from: \"String\") @field(label: \"分钟\", scale: 1)",
        )
        .replace("days: Int", "days: Decimal @retyped(from: \"Int\")")
        .replace("\"天数\")", "\"天数\", scale: 2)");
    assert_eq!(admin.text().await, expected);
    let all = "{ trips(orderBy: [{days: ASC}], filter: {minutes: {gt: \"7\"}}) { nodes { minutes days twice version } }
        tripAggregate { sum { minutes } } }";
    let seen = client.data(all).await;
    assert_eq!(
        seen["trips"]["nodes"],
        json!([{ "minutes": "30.0", "days": "1.00", "twice": "2.00", "version": 1 },
            { "minutes": "7.5", "days": "2.00", "twice": "4.00", "version": 1 }])
    );
    assert_eq!(seen["tripAggregate"][0]["sum"]["minutes"], "37.5");
    // What is written from now on is of the new type.
    let saved = client.update("Trip", &ids[2], json!({ "minutes": "1.5", "days": "0.25" })).await;
    assert_eq!(saved["userErrors"], json!([]), "{saved:#}");
    // A job looks after it, which nobody can stop any more and which takes the old columns away.
    let known = jobs(&admin).await;
    assert_eq!(states(&admin).await, ["QUEUED"]);
    assert_eq!(known[0]["fields"], json!(["Trip.minutes", "Trip.days"]));
    let cancel = "mutation($id: ID!) { cancelJob(id: $id) { job { state } userErrors { code } } }";
    let refused = admin.ask(cancel, json!({ "id": known[0]["id"] })).await;
    assert_eq!(refused["cancelJob"]["userErrors"][0]["code"], "JOB_STATE");
    let busy = admin.roll_back(before, true).await;
    assert_eq!(busy["diagnostics"][0]["code"], "CATALOG_CONFLICT", "{busy:#}");
    settle(client).await;
    assert_eq!(states(&admin).await, ["DONE"]);
    // Back again: what was written since is converted, too, where it can be.
    let refused = admin.roll_back(before, false).await;
    assert_eq!(refused["diagnostics"][0]["code"], "CATALOG_CHANGE", "{refused:#}");
    client.update("Trip", &ids[2], json!({ "days": "3" })).await;
    let back = admin.roll_back(before, false).await;
    assert_eq!(back["diagnostics"], json!([]), "{back:#}");
    assert_eq!(brief(&back), ["RETYPE_FIELD Trip.minutes", "RETYPE_FIELD Trip.days"]);
    assert_eq!(admin.text().await, TRIPS);
    let texts = "{ trips(orderBy: [{days: ASC}]) { nodes { minutes days twice } } }";
    assert_eq!(
        client.data(texts).await["trips"]["nodes"],
        json!([{ "minutes": "30.0", "days": 1, "twice": "2.00" },
            { "minutes": "7.5", "days": 2, "twice": "4.00" },
            { "minutes": "1.5", "days": 3, "twice": "6.00" }])
    );
    settle(client).await;
    assert_eq!(states(&admin).await, ["DONE", "DONE"]);
}

async fn what_cannot_be_converted_is_told_before(client: &Client) {
    let admin = Definer::new(client, "admin").await;
    admin.replace(TRIPS).await;
    let mut ids = Vec::new();
    for minutes in ["30", "half an hour", "7.5", "", "12"] {
        let minutes = if minutes.is_empty() { Value::Null } else { json!(minutes) };
        ids.push(client.create("Trip", json!({ "topic": "涂料", "minutes": minutes })).await);
    }
    let whole = "minutes: Int @field(label: \"分钟\")";
    let step = |on_failure| json!([retype("Trip", "minutes", whole, on_failure)]);
    let edited = admin.edit(step(None)).await;
    assert_eq!(edited["diagnostics"], json!([]), "{edited:#}");
    let impact = "{ schemaDraft { job { id } impact { object field risk records failing converting examples } } }";
    let told = admin.ask(impact, json!({})).await["schemaDraft"].clone();
    assert_eq!(told["job"], Value::Null);
    assert_eq!(
        told["impact"],
        json!([{ "object": "Trip", "field": "minutes", "risk": "NEEDS_BACK_FILL", "records": 5, "failing": 2,
            "converting": 2, "examples": [ids[1], ids[2]] }])
    );
    // Nothing is published while there is one.
    let refused = admin.publish("", false).await;
    assert_eq!(refused["diagnostics"][0]["code"], "CATALOG_CHANGE", "{refused:#}");
    let message = refused["diagnostics"][0]["message"].as_str().unwrap();
    assert!(message.contains('2') && message.contains(&ids[1]), "{message}");
    assert_eq!(states(&admin).await, Vec::<String>::new());
    let minutes = "{ trips(orderBy: [{createdAt: ASC}, {id: ASC}]) { nodes { minutes } } }";
    let kept = client.data(minutes).await;
    assert_eq!(kept["trips"]["nodes"][1]["minutes"], "half an hour");
    // One is corrected, the other is emptied.
    client.update("Trip", &ids[1], json!({ "minutes": "31" })).await;
    admin.ask("mutation { dropSchemaDraft }", json!({})).await;
    let published = published(&admin, step(Some("NULL"))).await;
    assert_eq!(brief(&published), ["RETYPE_FIELD Trip.minutes"]);
    assert!(admin.text().await.contains("@retyped(from: \"String\", onFailure: NULL)"));
    let made = client.data(minutes).await;
    let made: Vec<_> =
        made["trips"]["nodes"].as_array().unwrap().iter().map(|trip| &trip["minutes"]).collect();
    assert_eq!(made, [&json!(30), &json!(31), &Value::Null, &Value::Null, &json!(12)]);
    settle(client).await;
    assert_eq!(states(&admin).await, ["DONE"]);
}

const KINDS: &str = r#"
enum Mood { GOOD @label(zh: "好", en: "Good") BAD @label(zh: "坏", en: "Bad") }
type Probe @object(kind: MASTER, label: "样", plural: "probes") {
  name: String!
  a: String b: Int c: Decimal @field(scale: 2) d: Mood e: Mood f: Date g: String h: Int i: String
}
"#;

async fn every_conversion_there_is(client: &Client) {
    let admin = Definer::new(client, "admin").await;
    admin.replace(KINDS).await;
    let input = json!({ "name": "1", "a": "2026-11-28", "b": 7, "c": "12.00", "d": "GOOD", "e": "BAD",
        "f": "2026-06-15", "g": "好", "h": 3, "i": "涂料" });
    client.create("Probe", input).await;
    client.create("Probe", json!({ "name": "2" })).await;
    let steps = [
        ("a", "a: Date"),
        ("b", "b: String"),
        ("c", "c: Int"),
        ("d", "d: String"),
        ("e", "e: [Mood!]"),
        ("f", "f: DateTime"),
        ("g", "g: Mood"),
        ("h", "h: Int @field(type: RATING)"),
        ("i", "i: String @field(max: 2)"),
    ];
    let steps: Vec<_> = steps.iter().map(|(name, sdl)| retype("Probe", name, sdl, None)).collect();
    published(&admin, json!(steps)).await;
    let all = "{ probes(orderBy: [{name: ASC}]) { nodes { a b c d e f g h i } } }";
    let all = client.data(all).await["probes"]["nodes"].clone();
    assert_eq!(
        all[0],
        json!({ "a": "2026-11-28", "b": "7", "c": 12, "d": "GOOD", "e": ["BAD"], "f": "2026-06-14T16:00:00Z",
            "g": "GOOD", "h": 3, "i": "涂料" })
    );
    assert!(all[1].as_object().unwrap().values().all(Value::is_null), "{all:#}");
    settle(client).await;
    assert_eq!(states(&admin).await, ["DONE"]);
}

const SHELVES: &str = r#"
type Shelf @object(kind: MASTER, label: "货架", plural: "shelves") @unique(fields: ["place", "no"]) @index(fields: ["no"]) {
  no: String! @field(label: "号", max: 20)
  place: String @field(label: "地点", max: 40)
  title: String @field(label: "名", max: 40, search: true)
  boxes: [ShelfBox!]! @lines
}
type ShelfBox @object(kind: LINE, label: "箱") { weight: Decimal @field(label: "重", scale: 2) twice: Decimal @field(scale: 2) @formula(expr: "weight * 2") }
"#;

async fn keys_indexes_and_search_go_over(client: &Client) {
    let admin = Definer::new(client, "admin").await;
    admin.replace(SHELVES).await;
    let boxes = json!({ "create": [{ "weight": "1.50" }, { "weight": "2.50" }] });
    let input = |no: &str, title: &str| json!({ "no": no, "place": "天津", "title": title, "boxes": boxes });
    let one = client.create("Shelf", input("07", "涂料架")).await;
    client.create("Shelf", input("8", "工具架")).await;
    // Two shelves would have one number.
    let same = client.create("Shelf", input("7", "空架")).await;
    let whole = json!([retype("Shelf", "no", "no: Int! @field(label: \"号\")", None)]);
    admin.edit(whole).await;
    let refused = admin.publish("", false).await;
    assert_eq!(refused["diagnostics"][0]["code"], "CATALOG_CHANGE", "{refused:#}");
    client.update("Shelf", &same, json!({ "no": "9" })).await;
    let told = admin.publish("", false).await;
    assert_eq!(told["diagnostics"], json!([]), "{told:#}");
    settle(client).await;
    assert_eq!(states(&admin).await, ["DONE"]);
    let taken = client.try_create("Shelf", json!({ "no": 7, "place": "天津" })).await;
    assert_eq!(taken["userErrors"][0]["code"], "RECORD_TAKEN", "{taken:#}");
    let found = client
        .data("{ shelves(filter: {no: {gte: 8}}, orderBy: [{no: DESC}]) { nodes { no } } }")
        .await;
    assert_eq!(found["shelves"]["nodes"], json!([{ "no": 9 }, { "no": 8 }]));
    // Texts that are shorter, searched, and compared by keys.
    let steps = json!([
        retype(
            "Shelf",
            "title",
            "title: String @field(label: \"名\", max: 10, search: true)",
            None
        ),
        retype("Shelf", "place", "place: String @field(label: \"地点\", max: 10)", None),
        retype("ShelfBox", "weight", "weight: Decimal @field(label: \"重\", scale: 1)", None),
    ]);
    published(&admin, steps).await;
    settle(client).await;
    assert_eq!(states(&admin).await, ["DONE", "DONE"]);
    let found =
        client.data("{ shelves(search: \"涂料\") { nodes { id boxes { weight twice } } } }").await;
    let boxes = json!([{ "weight": "1.5", "twice": "3.00" }, { "weight": "2.5", "twice": "5.00" }]);
    assert_eq!(found["shelves"]["nodes"], json!([{ "id": one, "boxes": boxes }]));
    let taken = client.try_create("Shelf", json!({ "no": 7, "place": "天　津" })).await;
    assert_eq!(taken["userErrors"][0]["code"], "RECORD_TAKEN", "{taken:#}");
    // The next start finds all as it is.
    let again = client.reopened().await.unwrap();
    assert_eq!(again.company.catalog().version, client.company.catalog().version);
}

async fn the_past_is_read_in_the_present_type(client: &Client) {
    let admin = Definer::new(client, "admin").await;
    admin.replace(TRIPS).await;
    let id = client.create("Trip", json!({ "topic": "甲", "minutes": "soon", "days": 1 })).await;
    client.world.advance(Duration::from_mins(5));
    client.update("Trip", &id, json!({ "minutes": "30", "days": 2 })).await;
    client.world.advance(Duration::from_mins(5));
    client.update("Trip", &id, json!({ "minutes": "40", "days": 3 })).await;
    let gone = client.create("Trip", json!({ "topic": "乙", "minutes": "20", "days": 4 })).await;
    client
        .data(&format!("mutation {{ deleteTrip(id: \"{gone}\") {{ userErrors {{ code }} }} }}"))
        .await;
    let steps = json!([
        retype("Trip", "minutes", "minutes: Int", None),
        retype("Trip", "days", "days: Decimal @field(scale: 2)", None),
    ]);
    published(&admin, steps).await;
    let past = |at: &str| {
        format!("{{ trip(id: \"{id}\", asOf: \"2026-06-15T{at}:00+08:00\") {{ minutes days }} }}")
    };
    // What was no number then is no number now.
    assert_eq!(
        client.data(&past("10:02")).await["trip"],
        json!({ "minutes": null, "days": "1.00" })
    );
    assert_eq!(client.data(&past("10:07")).await["trip"], json!({ "minutes": 30, "days": "2.00" }));
    assert_eq!(client.data(&past("10:12")).await["trip"], json!({ "minutes": 40, "days": "3.00" }));
    let restore = format!(
        "mutation {{ restoreTrip(id: \"{gone}\") {{ record {{ minutes days }} userErrors {{ code }} }} }}"
    );
    assert_eq!(
        client.data(&restore).await["restoreTrip"]["record"],
        json!({ "minutes": 20, "days": "4.00" })
    );
}

async fn what_makes_no_sense_is_refused(client: &Client) {
    let admin = Definer::new(client, "admin").await;
    admin.replace(&format!("{TRIPS}{KINDS}")).await;
    for (sdl, code) in [
        ("b: Date", "CATALOG_CHANGE"),
        ("b: Mood", "CATALOG_CHANGE"),
        ("b: Boolean", "CATALOG_DIRECTIVE"),
        ("b: JSON", "CATALOG_DIRECTIVE"),
        ("b: Trip", "CATALOG_DIRECTIVE"),
        ("b: Int @formula(expr: \"h\")", "CATALOG_DIRECTIVE"),
    ] {
        let told = admin.edit(json!([retype("Probe", "b", sdl, None)])).await;
        assert_eq!(told["diagnostics"][0]["code"], code, "{sdl}: {told:#}");
        admin.ask("mutation { dropSchemaDraft }", json!({})).await;
    }
    // What reads the field has to fit.
    let told = admin.edit(json!([retype("Trip", "days", "days: Date", None)])).await;
    assert_eq!(told["diagnostics"][0]["code"], "CATALOG_EXPRESSION", "{told:#}");
    admin.ask("mutation { dropSchemaDraft }", json!({})).await;
    // Without the step, a type stays.
    let step = json!({ "updateField": { "object": "Probe", "field": "b", "sdl": "b: String" } });
    let told = admin.edit(json!([step])).await;
    let first = &told["diagnostics"][0];
    assert!(first["message"].as_str().unwrap().contains("retypeField"), "{told:#}");
    // A step that names something else, or nothing.
    let steps = |step: Value| json!({ "steps": [step] });
    let query = "mutation($steps: [SchemaStep!]!) { editSchemaDraft(steps: $steps) { sdl } }";
    let other = steps(retype("Trip", "days", "hours: Decimal", None));
    assert_eq!(admin.codes(query, other).await, ["INPUT_VALUE"]);
    let none = steps(retype("Trip", "hours", "hours: Decimal", None));
    assert_eq!(admin.codes(query, none).await, ["INPUT_VALUE"]);
    // Whether there are values that cannot be converted tells of records that a designer may not see.
    let office = Office::open(client).await;
    office.give("new", &["designer"], &[]).await;
    let designer = Definer { client, token: office.tokens["new"].clone() };
    let told = designer.edit(json!([retype("Probe", "b", "b: String", None)])).await;
    assert_eq!(told["diagnostics"][0]["code"], "ACCESS_DENIED", "{told:#}");
    let impact = "{ schemaDraft { impact { failing converting examples } } }";
    let impact = designer.ask(impact, json!({})).await["schemaDraft"]["impact"].clone();
    assert_eq!(impact, json!([{ "failing": null, "converting": null, "examples": [] }]));
    let version = designer.ask("{ version }", json!({})).await["version"].clone();
    assert_eq!(designer.publish("", false).await["version"], version);
}
