//! What is retired: hidden, kept, its name taken, restored; versions rolled back and forward; what a crash leaves.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use serde_json::{Value, json};
use tradewind::storage::{Harm, Harms};

use crate::{
    both_dbs,
    schema_drafts::{Definer, VISITS, brief},
    support::{Client, open_harmed},
};

both_dbs! {
    what_is_retired_is_hidden_and_kept
    retired_names_stay_taken
    versions_are_rolled_back_and_forward
    a_crash_leaves_old_or_new
    what_must_stay_is_not_retired
}

async fn visits(client: &Client, fields: &str) -> Value {
    let query = format!("{{ visits(orderBy: [{{topic: ASC}}]) {{ nodes {{ {fields} }} }} }}");
    client.data(&query).await["visits"]["nodes"].clone()
}

async fn what_is_retired_is_hidden_and_kept(client: &Client) {
    let admin = Definer::new(client, "admin").await;
    let department = client.department("TJ").await;
    let customer = client.customer(&department, "C1", json!({})).await;
    let rooms = r#"
type Room @object(kind: MASTER, label: "房间", plural: "rooms") @responsible {
  name: String! @field(label: "名称")
  customer: Customer @field(label: "客户") @relation(inverse: "rooms")
  visits: [Visit!] @field(label: "拜访")
  chairs: [Chair!]! @lines
  seats: Int @rollup(of: "chairs", count: true)
}
type Chair @object(kind: LINE, label: "椅子") { colour: String! @field(label: "颜色") }
extend type Customer { nick: String @field(label: "昵称") }
"#;
    let whole = format!("{VISITS}{rooms}");
    admin.replace(&whole).await;
    let visit = client.create("Visit", json!({ "topic": "涂料", "minutes": 30 })).await;
    let room = json!({ "name": "一号", "customer": { "id": customer }, "visits": { "set": [visit] },
        "chairs": { "create": [{ "colour": "红" }, { "colour": "蓝" }] } });
    client.create("Room", room).await;
    client.update("Customer", &customer, json!({ "nick": "老王" })).await;
    let role = "code = \"rooms\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Room\", \"Visit\"]\nactions = [\"read\"]\nopen = true\n[[fields]]\nobject = \"Visit\"\nhidden = [\"minutes\"]\n";
    let save = "mutation($d: String!) { saveRole(definition: $d) { code warnings } }";
    let saved = admin.ask(save, json!({ "d": role })).await["saveRole"].clone();
    assert_eq!(saved["warnings"], json!([]), "{saved}");

    let less =
        VISITS.replace("\n  # How long, in minutes.\n  minutes: Int @field(label: \"分钟\")", "");
    let version = admin.ask("{ version }", json!({})).await["version"].as_i64().unwrap();
    admin.save(&less, version).await;
    let tried = admin.publish("", true).await;
    assert_eq!(
        brief(&tried),
        [
            "RETIRE_FIELD Customer.nick",
            "REMOVE_FIELD Customer.rooms",
            "RETIRE_FIELD Visit.minutes",
            "RETIRE_OBJECT Room.",
            "RETIRE_OBJECT Chair.",
            "RETIRE_OBJECT RoomEmployee.",
        ],
        "{tried:#}"
    );
    let retires = tried["changes"].as_array().unwrap().iter();
    assert!(
        retires
            .filter(|change| change["field"] != "rooms")
            .all(|change| change["risk"] == "RETIRES")
    );
    let warned: Vec<_> =
        tried["warnings"].as_array().unwrap().iter().map(|w| (&w["code"], &w["path"])).collect();
    let named = json!("NAMES_RETIRED");
    assert_eq!(warned, [(&named, &json!(["Room"])), (&named, &json!(["Visit", "minutes"]))]);
    let told = admin.publish("", false).await;
    assert_eq!(told["diagnostics"], json!([]), "{told:#}");

    // Nowhere to be seen.
    for query in [
        "{ rooms { totalCount } }",
        "{ visits { nodes { minutes } } }",
        "{ visits(filter: {minutes: {eq: 30}}) { totalCount } }",
        "{ visits(orderBy: [{minutes: ASC}]) { totalCount } }",
        "{ customers { nodes { nick } } }",
        "{ customers { nodes { rooms { totalCount } } } }",
        "mutation { createVisit(input: {topic: \"x\", minutes: 1}) { userErrors { code } } }",
    ] {
        assert_eq!(client.ask(query, json!({})).await.codes(), ["INPUT_INVALID"], "{query}");
    }
    let types = "{ a: __type(name: \"Room\") { name } b: __type(name: \"Chair\") { name } c: __type(name: \"Visit\") { fields { name } } }";
    let types = client.data(types).await;
    assert_eq!((&types["a"], &types["b"]), (&Value::Null, &Value::Null));
    assert!(!types["c"].to_string().contains("minutes"), "{types}");
    let history =
        client.data("{ visits { nodes { history { nodes { changes { field } } } } } }").await;
    assert!(!history.to_string().contains("minutes"), "{history}");
    let objects = admin.ask("{ objects { name fields { name } } }", json!({})).await.to_string();
    assert!(!objects.contains("Room") && !objects.contains("minutes"), "{objects}");
    let roles = admin.ask("{ roles { code warnings } }", json!({})).await;
    let role =
        roles["roles"].as_array().unwrap().iter().find(|role| role["code"] == "rooms").unwrap();
    assert_eq!(role["warnings"].as_array().unwrap().len(), 2, "{role}");
    // Records are written without it, and a newly started program leaves it alone.
    client.create("Visit", json!({ "topic": "树脂" })).await;
    client.update("Visit", &visit, json!({ "topic": "涂料二" })).await;
    let opened = client.reopened().await.unwrap();
    assert_eq!(opened.company.catalog().version, told["version"].as_i64().unwrap());
    // What is hidden refers to it still.
    let delete = format!("mutation {{ deleteVisit(id: \"{visit}\") {{ userErrors {{ code }} }} }}");
    assert_eq!(client.data(&delete).await["deleteVisit"]["userErrors"][0]["code"], "RECORD_IN_USE");

    // Defined again, all of it is there.
    let told = admin.replace(&whole).await;
    let kinds = brief(&told);
    for kind in [
        "RESTORE_FIELD Customer.nick",
        "RESTORE_FIELD Visit.minutes",
        "RESTORE_OBJECT Room.",
        "RESTORE_OBJECT Chair.",
        "RESTORE_OBJECT RoomEmployee.",
    ] {
        assert!(kinds.contains(&kind.to_owned()), "{kind}: {kinds:?}");
    }
    assert_eq!(
        visits(client, "topic minutes").await,
        json!([{ "topic": "树脂", "minutes": null }, { "topic": "涂料二", "minutes": 30 }])
    );
    let rooms = "{ rooms(filter: {customer: {nick: {eq: \"老王\"}}}) { nodes { name seats visits { topic } chairs { lineNo colour } } } }";
    assert_eq!(
        client.data(rooms).await["rooms"]["nodes"],
        json!([{ "name": "一号", "seats": 2, "visits": [{ "topic": "涂料二" }],
            "chairs": [{ "lineNo": 1, "colour": "红" }, { "lineNo": 2, "colour": "蓝" }] }])
    );
    client.create("Room", json!({ "name": "二号", "visits": { "set": [visit] } })).await;
    assert!(opened.company.refresh().await.unwrap());
}

async fn retired_names_stay_taken(client: &Client) {
    let admin = Definer::new(client, "admin").await;
    let unique = VISITS.replace("{\n  topic", "@unique(fields: [\"code\"]) {\n  topic");
    admin.replace(&unique).await;
    client.create("Visit", json!({ "topic": "一", "code": "A", "minutes": 5 })).await;
    let less =
        "type Visit @object(kind: MASTER, label: \"拜访\", plural: \"visits\") { topic: String! }";
    admin.replace(less).await;
    // No key holds what is not there, and no other type takes the place.
    client.create("Visit", json!({ "topic": "二" })).await;
    for (field, at) in
        [("minutes: String", "minutes"), ("minutes: Customer", "minutes"), ("code: Int", "code")]
    {
        let sdl = format!("extend type Visit {{ {field} }}");
        let refused = client.apply(&sdl, false).await;
        assert_eq!(refused["diagnostics"][0]["code"], "CATALOG_CHANGE", "{field}: {refused:#}");
        let message = refused["diagnostics"][0]["message"].as_str().unwrap();
        assert!(message.contains(at), "{message}");
    }
    admin.replace("").await;
    assert_eq!(client.ask("{ visits { totalCount } }", json!({})).await.codes(), ["INPUT_INVALID"]);
    let line =
        "type Visit @object(kind: SETUP, label: \"拜访\", plural: \"visits\") { topic: String! }";
    let refused = client.apply(line, false).await;
    assert_eq!(refused["diagnostics"][0]["code"], "CATALOG_CHANGE", "{refused:#}");
    let other =
        "type Visit @object(kind: MASTER, label: \"拜访\", plural: \"visits\") { topic: Int! }";
    let refused = client.apply(other, false).await;
    assert_eq!(refused["diagnostics"][0]["code"], "CATALOG_CHANGE", "{refused:#}");
    // The key comes back with its field and the values.
    let told = client.apply_without_pages(&unique).await;
    assert_eq!(told["diagnostics"], json!([]), "{told:#}");
    assert_eq!(
        visits(client, "topic code minutes").await,
        json!([{ "topic": "一", "code": "A", "minutes": 5 }, { "topic": "二", "code": null, "minutes": null }])
    );
    let taken = client.try_create("Visit", json!({ "topic": "三", "code": "a" })).await;
    assert_eq!(taken["userErrors"][0]["code"], "RECORD_TAKEN", "{taken}");
    // A column that a retired relation has is taken, too.
    admin.replace(&format!("{unique}extend type Visit {{ customer: Customer }}")).await;
    admin.replace(&unique).await;
    let refused = client.apply("extend type Visit { customerId: String }", false).await;
    let message = refused["diagnostics"][0]["message"].as_str().unwrap();
    assert!(message.contains("`Visit.customer`"), "{refused:#}");
}

async fn versions_are_rolled_back_and_forward(client: &Client) {
    let admin = Definer::new(client, "admin").await;
    assert_eq!(client.apply_without_pages(VISITS).await["version"], 2);
    client.create("Visit", json!({ "topic": "一", "minutes": 5 })).await;
    let more = "extend type Visit { result: VisitResult cost: Int @formula(expr: \"minutes * 2\") }
        enum VisitResult { GOOD BAD }
        type Room @object(kind: MASTER, label: \"房间\", plural: \"rooms\") { name: String! }";
    assert_eq!(client.apply_without_pages(more).await["version"], 3);
    client.create("Room", json!({ "name": "一号" })).await;
    client.create("Visit", json!({ "topic": "二", "result": "GOOD", "minutes": 7 })).await;
    let tried = admin.roll_back(2, true).await;
    assert_eq!((&tried["version"], &tried["diagnostics"]), (&json!(3), &json!([])), "{tried:#}");
    assert_eq!(client.data("{ rooms { totalCount } }").await["rooms"]["totalCount"], 1);
    let told = admin.roll_back(2, false).await;
    assert_eq!((&told["version"], brief(&told)), (&json!(4), brief(&tried)), "{told:#}");
    assert_eq!(
        brief(&told),
        ["RETIRE_FIELD Visit.result", "RETIRE_FIELD Visit.cost", "RETIRE_OBJECT Room."]
    );
    assert_eq!(admin.text().await, VISITS);
    assert_eq!(client.ask("{ rooms { totalCount } }", json!({})).await.codes(), ["INPUT_INVALID"]);
    let first = client.data("{ visits(filter: {topic: {eq: \"一\"}}) { nodes { id } } }").await;
    let first = first["visits"]["nodes"][0]["id"].as_str().unwrap().to_owned();
    client.update("Visit", &first, json!({ "minutes": 6 })).await;
    // Forward again: values are there, and what is computed is computed anew.
    assert_eq!(admin.roll_back(3, false).await["version"], 5);
    assert_eq!(
        client.data("{ rooms { nodes { name } } }").await["rooms"]["nodes"],
        json!([{ "name": "一号" }])
    );
    assert_eq!(
        visits(client, "topic result cost").await,
        json!([{ "topic": "一", "result": null, "cost": 12 }, { "topic": "二", "result": "GOOD", "cost": 14 }])
    );
    // Before the first text of one's own there is nothing of one's own.
    let told = admin.roll_back(1, false).await;
    assert_eq!((&told["version"], &told["diagnostics"]), (&json!(6), &json!([])), "{told:#}");
    assert_eq!(admin.text().await, "");
    assert_eq!(admin.roll_back(5, false).await["version"], 7);
    assert_eq!(visits(client, "topic result").await[1]["result"], "GOOD");
    let query = "mutation($to: Int!) { rollBack(to: $to, dryRun: false) { version } }";
    for stray in [0, 7, 8, -3] {
        assert_eq!(admin.codes(query, json!({ "to": stray })).await, ["INPUT_VALUE"], "{stray}");
    }
    let trail = "{ auditTrail(kind: DEFINITION, first: 1) { nodes { detail } } }";
    let trail = admin.ask(trail, json!({})).await["auditTrail"]["nodes"][0]["detail"].clone();
    assert_eq!((&trail["rollBack"], &trail["to"]), (&json!(7), &json!(5)), "{trail}");
}

/// Every few statements of a publish the database fails: what is live is the old or the new, whole.
async fn a_crash_leaves_old_or_new(client: &Client) {
    let admin = Definer::new(client, "admin").await;
    let rooms = "type Room @object(kind: MASTER, label: \"房间\", plural: \"rooms\") @unique(fields: [\"name\"]) { name: String! size: Int }\n";
    let whole = format!("{VISITS}{rooms}");
    admin.replace(&whole).await;
    client.create("Room", json!({ "name": "一号", "size": 3 })).await;
    let left = Arc::new(AtomicUsize::new(usize::MAX));
    let counted = Arc::clone(&left);
    let harms: Harms = Arc::new(move |_sql: &str| {
        let before = counted.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
            Some(if left == usize::MAX { left } else { left.saturating_sub(1) })
        });
        (before == Ok(1)).then_some(Harm::Undone)
    });
    let (company, harmed) = open_harmed(client, harms).await;
    let publish =
        json!({ "query": "mutation { publishSchemaDraft { version diagnostics { code } } }" });
    let (mut broken, mut retired) = (0, false);
    for (at, text) in [VISITS, whole.as_str()].iter().cycle().enumerate() {
        let version = admin.ask("{ version }", json!({})).await["version"].as_i64().unwrap();
        let mut done = false;
        for step in (1 + at % 3..).step_by(5) {
            assert!(step < 300, "a publish has no end");
            left.store(usize::MAX, Ordering::SeqCst);
            admin.save(text, version).await;
            left.store(step, Ordering::SeqCst);
            let answer = harmed.post("/metadata", publish.clone()).await;
            let reached = left.load(Ordering::SeqCst) == 0;
            left.store(usize::MAX, Ordering::SeqCst);
            client.company.refresh().await.unwrap();
            company.refresh().await.unwrap();
            let live = admin.ask("{ version }", json!({})).await["version"].as_i64().unwrap();
            assert!(live == version || live == version + 1, "{answer:?}");
            done = live > version;
            let there = client.ask("{ rooms { nodes { name size } } }", json!({})).await;
            if done == retired {
                let rooms = there.data();
                assert_eq!(rooms["rooms"]["nodes"], json!([{ "name": "一号", "size": 3 }]));
            } else {
                assert_eq!(there.codes(), ["INPUT_INVALID"]);
            }
            let draft = admin.draft().await;
            assert_eq!(draft == Value::Null, done, "the draft goes with the publish: {draft:#}");
            broken += usize::from(reached && !done);
            if done {
                break;
            }
        }
        assert!(done);
        retired = !retired;
        if at == 1 {
            break;
        }
    }
    assert!(broken > 5, "{broken}");
}

async fn what_must_stay_is_not_retired(client: &Client) {
    let admin = Definer::new(client, "admin").await;
    let numbered = "type Slip @object(kind: DOCUMENT, label: \"单\", plural: \"slips\", number: \"S{yyyy}-{seq:4}\") { note: String mood: Mood }\nenum Mood { GOOD BAD FINE }\n";
    admin.replace(numbered).await;
    client.create("Slip", json!({ "note": "x", "mood": "GOOD" })).await;
    let version = admin.ask("{ version }", json!({})).await["version"].as_i64().unwrap();
    // Every new record would lack its number, and a value that records hold is no value any more.
    for (text, code) in [
        (numbered.replace(", number: \"S{yyyy}-{seq:4}\"", ""), "CATALOG_CHANGE"),
        (numbered.replace("GOOD ", ""), "CATALOG_CHANGE"),
        (numbered.replace("mood: Mood", "mood: String"), "CATALOG_CHANGE"),
    ] {
        admin.save(&text, version).await;
        let refused = admin.publish("", false).await;
        assert_eq!(refused["diagnostics"][0]["code"], code, "{text}: {refused:#}");
        assert_eq!(refused["version"], version);
    }
    client.create("Slip", json!({ "note": "y" })).await;
    // While the field is hidden its picklist may go, and comes back with its values only.
    admin.replace(numbered.replace(" mood: Mood", "").split("enum").next().unwrap()).await;
    admin.save(&numbered.replace("GOOD ", ""), version + 1).await;
    let refused = admin.publish("", false).await;
    assert_eq!(refused["diagnostics"][0]["code"], "CATALOG_CHANGE", "{refused:#}");
    admin.replace(numbered).await;
    let slips = client.data("{ slips(orderBy: [{note: ASC}]) { nodes { mood } } }").await;
    assert_eq!(slips["slips"]["nodes"][0]["mood"], "GOOD");
}
