//! Drafts of definitions: one's own text, two people's merged or refused, steps, designers, and what a draft means
//! for what is there.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, PASSWORD, office::Office},
};

both_dbs! {
    drafts_are_ones_own
    others_changes_are_merged
    drafts_are_edited_in_steps
    designers_retire_and_change_no_rights
    what_a_draft_means_is_counted
    new_demands_are_counted
    steps_at_once_are_all_kept
}

const DRAFT: &str = "base sdl outdated diagnostics { code path line column message hint }
    changes { kind object field risk reason } by { account }";
const APPLIED: &str = "version changes { kind object field risk reason }
    diagnostics { code path line message hint } warnings { code path message }";

/// Visits with a comment that must stay.
pub(crate) const VISITS: &str = r#"# Asked for by sales.
"拜访"
type Visit @object(kind: MASTER, label: "拜访", labelEn: "Visit", plural: "visits") {
  topic: String! @field(label: "主题") # what it is about

  # How long, in minutes.
  minutes: Int @field(label: "分钟")
  code: String @field(label: "编码")
}
"#;

/// Someone who signs in and asks at `/metadata`.
pub(crate) struct Definer<'c> {
    pub(crate) client: &'c Client,
    pub(crate) token: String,
}

impl<'c> Definer<'c> {
    pub(crate) async fn new(client: &'c Client, account: &str) -> Self {
        Self { client, token: client.token(account).await }
    }

    pub(crate) async fn another(client: &'c Client, account: &str) -> Self {
        client.company.add_operator(account, account, PASSWORD, true).await.unwrap();
        Self::new(client, account).await
    }

    pub(crate) async fn ask(&self, query: &str, variables: Value) -> Value {
        self.client.metadata_as(&self.token, query, variables).await.data()
    }

    pub(crate) async fn codes(&self, query: &str, variables: Value) -> Vec<String> {
        let answer = self.client.metadata_as(&self.token, query, variables).await;
        answer.codes().into_iter().map(str::to_owned).collect()
    }

    pub(crate) async fn draft(&self) -> Value {
        self.ask(&format!("{{ schemaDraft {{ {DRAFT} }} }}"), json!({})).await["schemaDraft"]
            .clone()
    }

    pub(crate) async fn text(&self) -> String {
        let told = self.ask("{ schemaText }", json!({})).await;
        told["schemaText"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn save(&self, sdl: &str, base: i64) -> Value {
        let query = format!(
            "mutation($sdl: String!, $base: Int!) {{ saveSchemaDraft(sdl: $sdl, base: $base) {{ {DRAFT} }} }}"
        );
        let told = self.ask(&query, json!({ "sdl": sdl, "base": base })).await;
        told["saveSchemaDraft"].clone()
    }

    pub(crate) async fn publish(&self, note: &str, dry: bool) -> Value {
        let query = format!(
            "mutation($note: String, $dry: Boolean!) {{ publishSchemaDraft(note: $note, dryRun: $dry) {{ {APPLIED} }} }}"
        );
        let told = self.ask(&query, json!({ "note": note, "dry": dry })).await;
        told["publishSchemaDraft"].clone()
    }

    /// Publishes a text in place of what is live; it must be accepted.
    pub(crate) async fn replace(&self, sdl: &str) -> Value {
        let version = self.ask("{ version }", json!({})).await["version"].as_i64().unwrap();
        self.save(sdl, version).await;
        let told = self.publish("", false).await;
        assert_eq!(told["diagnostics"], json!([]), "{told:#}");
        assert_eq!(told["version"], version + 1, "{told:#}");
        told
    }

    pub(crate) async fn roll_back(&self, to: i64, dry: bool) -> Value {
        let query = format!(
            "mutation($to: Int!, $dry: Boolean!) {{ rollBack(to: $to, dryRun: $dry) {{ {APPLIED} }} }}"
        );
        self.ask(&query, json!({ "to": to, "dry": dry })).await["rollBack"].clone()
    }

    pub(crate) async fn edit(&self, steps: Value) -> Value {
        let query = format!(
            "mutation($steps: [SchemaStep!]!) {{ editSchemaDraft(steps: $steps) {{ {DRAFT} }} }}"
        );
        self.ask(&query, json!({ "steps": steps })).await["editSchemaDraft"].clone()
    }
}

/// Changes as `KIND Object.field`.
pub(crate) fn brief(told: &Value) -> Vec<String> {
    let changes = told["changes"].as_array().unwrap().iter();
    changes
        .map(|change| {
            let text = |name: &str| change[name].as_str().unwrap_or_default().to_owned();
            format!("{} {}.{}", text("kind"), text("object"), text("field"))
        })
        .collect()
}

async fn drafts_are_ones_own(client: &Client) {
    let admin = Definer::new(client, "admin").await;
    let other = Definer::another(client, "boss").await;
    assert_eq!(admin.draft().await, Value::Null);
    assert_eq!(admin.text().await, "");
    // What is wrong is kept and told.
    let wrong = admin.save("type Visit {", 1).await;
    assert_eq!(wrong["diagnostics"][0]["code"], "CATALOG_SYNTAX", "{wrong:#}");
    assert_eq!(admin.publish("", false).await["version"], 1);
    let saved = admin.save(VISITS, 1).await;
    assert_eq!((&saved["sdl"], &saved["base"]), (&json!(VISITS), &json!(1)));
    assert_eq!(saved["diagnostics"], json!([]), "{saved:#}");
    assert_eq!((&saved["outdated"], &saved["by"]["account"]), (&json!(false), &json!("admin")));
    assert_eq!(brief(&saved), ["ADD_OBJECT Visit."]);
    assert_eq!(admin.draft().await, saved);
    assert_eq!(other.draft().await, Value::Null);
    assert_eq!(
        other.codes("mutation { publishSchemaDraft { version } }", json!({})).await,
        ["RECORD_NOT_FOUND"]
    );
    // A dry run writes nothing.
    let tried = admin.publish("tried", true).await;
    assert_eq!((brief(&tried), &tried["version"]), (brief(&saved), &json!(1)));
    assert_eq!(admin.draft().await, saved);
    let listed = "{ versions { totalCount nodes { version note publishedByAccount changeCount changes { kind } } } }";
    assert_eq!(admin.ask(listed, json!({})).await["versions"]["totalCount"], 1);
    let told = admin.publish("  for the fair ", false).await;
    assert_eq!((&told["version"], &told["diagnostics"]), (&json!(2), &json!([])));
    assert_eq!(admin.draft().await, Value::Null, "published, so that it is no draft any more");
    assert_eq!(admin.text().await, VISITS, "byte for byte");
    let versions = admin.ask(listed, json!({})).await["versions"]["nodes"].clone();
    assert_eq!(
        versions[0],
        json!({ "version": 2, "note": "for the fair", "publishedByAccount": "admin", "changeCount": 1,
            "changes": [{ "kind": "ADD_OBJECT" }] })
    );
    assert_eq!(
        (&versions[1]["note"], &versions[1]["publishedByAccount"]),
        (&Value::Null, &Value::Null)
    );
    let trail = "{ auditTrail(kind: DEFINITION, first: 2) { nodes { account detail } } }";
    let trail = admin.ask(trail, json!({})).await["auditTrail"]["nodes"].clone();
    assert_eq!(trail[0]["detail"]["publishSchemaDraft"], 2, "{trail:#}");
    assert_eq!(trail[0]["detail"]["note"], "for the fair");
    assert_eq!(trail[1]["detail"]["saveSchemaDraft"], 1, "{trail:#}");
    // Notes come with `applySchema`, too.
    let apply = "mutation { applySchema(sdl: \"extend type Customer { x: Int }\", note: \"x\") { version } }";
    assert_eq!(admin.ask(apply, json!({})).await["applySchema"]["version"], 3);
    assert_eq!(admin.ask(listed, json!({})).await["versions"]["nodes"][0]["note"], "x");
    let long = json!({ "note": "x".repeat(501) });
    let query = "mutation($note: String) { publishSchemaDraft(note: $note) { version } }";
    assert_eq!(admin.codes(query, long).await, ["INPUT_VALUE"]);
    let base = "mutation($b: Int!) { saveSchemaDraft(sdl: \"\", base: $b) { base } }";
    for stray in [0, 4, -1] {
        assert_eq!(admin.codes(base, json!({ "b": stray })).await, ["INPUT_VALUE"], "{stray}");
    }
    other.save(VISITS, 3).await;
    let dropped = async || other.ask("mutation { dropSchemaDraft }", json!({})).await;
    assert_eq!(dropped().await["dropSchemaDraft"], true);
    assert_eq!(dropped().await["dropSchemaDraft"], false);
}

async fn others_changes_are_merged(client: &Client) {
    let admin = Definer::new(client, "admin").await;
    let other = Definer::another(client, "boss").await;
    admin.replace(VISITS).await;
    let rooms = "\n# rooms\ntype Room @object(kind: MASTER, label: \"房间\", plural: \"rooms\") { name: String! }\n";
    let more = VISITS.replace("topic: String!", "place: String\n  topic: String!");
    admin.save(&more, 2).await;
    let base = format!("{VISITS}{rooms}");
    other.replace(&base).await;
    // The other has published another type: both are there.
    let seen = admin.draft().await;
    assert_eq!((&seen["outdated"], &seen["sdl"]), (&json!(true), &json!(more)));
    assert_eq!(brief(&seen), ["ADD_FIELD Visit.place"]);
    let told = admin.publish("", false).await;
    assert_eq!((&told["diagnostics"], brief(&told)), (&json!([]), brief(&seen)), "{told:#}");
    let both = admin.text().await;
    assert!(both.contains("# How long, in minutes.") && both.contains("# rooms"), "{both}");
    assert!(
        both.contains("place: String") && both.starts_with(VISITS.split("topic").next().unwrap())
    );
    // Both change one type: refused by name, and nothing is lost.
    let mine = both.replace("place: String", "place: String\n  street: String");
    admin.save(&mine, 4).await;
    other.replace(&both.replace("place: String", "place: String\n  city: String")).await;
    let told = admin.publish("", false).await;
    assert_eq!(told["version"], 5, "{told:#}");
    assert_eq!(told["diagnostics"][0]["code"], "CATALOG_CONFLICT", "{told:#}");
    assert!(told["diagnostics"][0]["message"].as_str().unwrap().contains("`Visit`"), "{told:#}");
    assert_eq!(admin.draft().await["sdl"], mine);
    let (own, of_publish) = (admin.draft().await, &told["diagnostics"][0]);
    assert_eq!(own["diagnostics"][0]["message"], of_publish["message"]);
    // Saved over the live version, it is what its writer says.
    let live = admin.text().await;
    admin.save(&live.replace("city: String", "city: String\n  street: String"), 5).await;
    assert_eq!(brief(&admin.publish("", false).await), ["ADD_FIELD Visit.street"]);
}

async fn drafts_are_edited_in_steps(client: &Client) {
    let admin = Definer::new(client, "admin").await;
    client.apply(VISITS, false).await;
    let told = admin
        .edit(json!([
            { "defineField": { "object": "Visit", "sdl": "place: String @field(label: \"地点\")" } },
            { "relabel": { "object": "Visit", "field": "minutes", "labelEn": "Minutes" } },
            { "retireField": { "object": "Visit", "field": "code" } },
            { "updateField": { "object": "Visit", "field": "topic", "sdl": "topic: String @field(label: \"主题\")" } },
            { "defineObject": { "sdl": "enum Mood { GOOD BAD }" } },
            { "defineField": { "object": "Customer", "sdl": "mood: Mood" } },
        ]))
        .await;
    let text = VISITS
        .replace(
            "minutes: Int @field(label: \"分钟\")",
            "minutes: Int @field(label: \"分钟\", labelEn: \"Minutes\")",
        )
        .replace("code: String @field(label: \"编码\")", "place: String @field(label: \"地点\")")
        .replace("topic: String!", "topic: String");
    let text =
        format!("{text}\nenum Mood {{ GOOD BAD }}\n\nextend type Customer {{\n  mood: Mood\n}}\n");
    assert_eq!(told["sdl"], text);
    assert_eq!((&told["diagnostics"], &told["base"]), (&json!([]), &json!(2)), "{told:#}");
    // All steps or none, and the fault says which.
    let query = "mutation($steps: [SchemaStep!]!) { editSchemaDraft(steps: $steps) { base } }";
    for wrong in [
        json!({ "retireField": { "object": "Visit", "field": "code" } }),
        json!({ "retireObject": { "object": "Customer" } }),
        json!({ "defineObject": { "sdl": "enum Mood { FINE }" } }),
        json!({ "defineField": { "object": "Visit", "sdl": "x: Int } type Y {" } }),
        json!({ "updateField": { "object": "Visit", "field": "topic", "sdl": "other: Int" } }),
        json!({ "restoreField": { "object": "Visit", "field": "code" } }),
        json!({ "restoreObject": { "object": "Nothing" } }),
    ] {
        let steps = json!([{ "retireField": { "object": "Visit", "field": "minutes" } }, wrong]);
        let answer = client.metadata_as(&admin.token, query, json!({ "steps": steps })).await;
        assert_eq!(answer.codes(), ["INPUT_VALUE"], "{wrong}");
        let path = answer.body["errors"][0]["extensions"]["path"].to_string();
        assert!(path.contains("steps") && path.contains('1'), "{path}");
        assert_eq!(admin.draft().await["sdl"], text);
    }
    assert_eq!(admin.publish("", false).await["diagnostics"], json!([]));
    assert_eq!(admin.text().await, text);
    // What was retired comes back as it was.
    let told =
        admin.edit(json!([{ "restoreField": { "object": "Visit", "field": "code" } }])).await;
    // It names the object again.
    assert_eq!(brief(&told), ["UPDATE_OBJECT Visit.", "RESTORE_FIELD Visit.code"], "{told:#}");
    admin.edit(json!([{ "retireObject": { "object": "Visit" } }])).await;
    let told = admin.publish("", false).await;
    assert_eq!(
        (&told["diagnostics"], brief(&told)),
        (&json!([]), vec!["RETIRE_OBJECT Visit.".to_owned()])
    );
    let told = admin.edit(json!([{ "restoreObject": { "object": "Visit" } }])).await;
    assert_eq!(brief(&told), ["RESTORE_OBJECT Visit."], "{told:#}");
    assert!(told["sdl"].as_str().unwrap().contains("# How long, in minutes."));
    assert_eq!(admin.publish("", false).await["diagnostics"], json!([]));
}

async fn designers_retire_and_change_no_rights(client: &Client) {
    let office = Office::open(client).await;
    office.give("new", &["designer"], &[]).await;
    let designer = Definer { client, token: office.tokens["new"].clone() };
    let admin = Definer::new(client, "admin").await;
    let deals = r#"type Deal @object(kind: DOCUMENT, label: "商机单", plural: "deals", businessLine: SALES) @responsible @dimension(name: DEPARTMENT, path: "department") {
  name: String! @field(label: "名称")
  secret: String @field(label: "秘密")
  department: Department! @field(label: "部门")
  owner: Employee @field(label: "业务员")
}
"#;
    designer.replace(deals).await;
    let department = json!({ "id": office.id("TJ-TL") });
    client.create("Deal", json!({ "name": "一", "secret": "x", "department": department })).await;
    // What rights go by is for administrators, in a draft as in a text.
    let open = deals.replace(", businessLine: SALES", "");
    let version = async || admin.ask("{ version }", json!({})).await["version"].as_i64().unwrap();
    designer.save(&open, version().await).await;
    let refused = designer.publish("", false).await;
    assert_eq!(refused["diagnostics"][0]["code"], "ACCESS_DENIED", "{refused:#}");
    // Nor does what was retired come back with other rights.
    designer.replace("").await;
    designer.save(&open, version().await).await;
    let refused = designer.publish("", false).await;
    assert_eq!(refused["diagnostics"][0]["code"], "ACCESS_DENIED", "{refused:#}");
    // A new key of what is hidden would tell of its values.
    let keyed = deals.replace("@responsible", "@responsible @unique(fields: [\"secret\"])");
    designer.save(&keyed, version().await).await;
    let refused = designer.publish("", false).await;
    assert_eq!(refused["diagnostics"][0]["code"], "CATALOG_CHANGE", "{refused:#}");
    designer.replace(deals).await;
    assert_eq!(
        client.data("{ deals { nodes { secret } } }").await["deals"]["nodes"],
        json!([{ "secret": "x" }])
    );
    // Those who define nothing have no draft.
    let nobody = Definer::new(client, "nobody").await;
    for query in [
        "{ schemaDraft { base } }",
        "{ schemaText }",
        "mutation { saveSchemaDraft(sdl: \"\", base: 1) { base } }",
        "mutation { editSchemaDraft(steps: []) { base } }",
        "mutation { dropSchemaDraft }",
        "mutation { publishSchemaDraft { version } }",
        "mutation { rollBack(to: 1, dryRun: true) { version } }",
    ] {
        assert_eq!(nobody.codes(query, json!({})).await, ["ACCESS_DENIED"], "{query}");
    }
}

async fn what_a_draft_means_is_counted(client: &Client) {
    let office = Office::open(client).await;
    let admin = Definer::new(client, "admin").await;
    let seats = r#"type Room @object(kind: MASTER, label: "房间", plural: "rooms") {
  name: String! @field(label: "名称")
  size: Int @field(label: "面积")
  twice: Int @formula(expr: "size * 2")
  customer: Customer @field(label: "客户")
}
type Booking @object(kind: MASTER, label: "预订", plural: "bookings") {
  room: Room
  people: Int @field(label: "人数", check: "people <= room.size")
}
"#;
    admin.replace(seats).await;
    for (name, size) in [("一", Some(3)), ("二", None), ("三", None)] {
        client.create("Room", json!({ "name": name, "size": size })).await;
    }
    let role = "code = \"rooms\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Room\"]\nactions = [\"read\"]\nopen = true\n[[fields]]\nobject = \"Room\"\nhidden = [\"size\"]\n";
    admin
        .ask("mutation($d: String!) { saveRole(definition: $d) { code } }", json!({ "d": role }))
        .await;
    let asked = "{ schemaDraft { impact { object field risk records failing examples uses { kind name link } } } }";
    let impact = async |definer: &Definer<'_>| {
        definer.ask(asked, json!({})).await["schemaDraft"]["impact"].clone()
    };
    let version = admin.ask("{ version }", json!({})).await["version"].as_i64().unwrap();
    let stricter = seats
        .replace("size: Int", "size: Int!")
        .replace("customer: Customer", "floor: Int!\n  customer: Customer");
    admin.save(&stricter, version).await;
    let told = impact(&admin).await;
    let size = told.as_array().unwrap().iter().find(|one| one["field"] == "size").unwrap();
    assert_eq!(
        (&size["risk"], &size["records"], &size["failing"]),
        (&json!("NEEDS_BACK_FILL"), &json!(3), &json!(2)),
        "{told:#}"
    );
    let lacking = client.data("{ rooms(filter: {size: {isNull: true}}) { nodes { id } } }").await;
    let lacking: Vec<_> = lacking["rooms"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["id"])
        .cloned()
        .collect();
    let examples = size["examples"].as_array().unwrap();
    assert!(examples.len() == 2 && lacking.iter().all(|id| examples.contains(id)), "{told:#}");
    assert_eq!(
        size["uses"],
        json!([
            { "kind": "ROLE", "name": "rooms", "link": "/admin/roles/rooms" },
            { "kind": "RULE", "name": "Room.twice", "link": "/admin/objects/Room" },
            { "kind": "RULE", "name": "Booking.people", "link": "/admin/objects/Booking" },
        ])
    );
    let floor = told.as_array().unwrap().iter().find(|one| one["field"] == "floor").unwrap();
    assert_eq!((&floor["failing"], &floor["records"]), (&json!(3), &json!(3)), "{told:#}");
    // A designer counts what they see, which is nothing here.
    office.give("new", &["designer"], &[]).await;
    let designer = Definer { client, token: office.tokens["new"].clone() };
    designer.save(&stricter, version).await;
    let told = impact(&designer).await;
    let size = told.as_array().unwrap().iter().find(|one| one["field"] == "size").unwrap();
    assert_eq!(
        (&size["failing"], &size["records"], &size["examples"]),
        (&Value::Null, &json!(0), &json!([]))
    );
    // What goes is told with all that refers to it.
    admin.save("", version).await;
    let told = impact(&admin).await;
    let room = told.as_array().unwrap().iter().find(|one| one["object"] == "Room").unwrap();
    assert_eq!(
        (&room["risk"], &room["records"], &room["failing"]),
        (&json!("RETIRES"), &json!(3), &Value::Null)
    );
    let uses = room["uses"].as_array().unwrap().iter().filter(|one| one["kind"] != "CLIENT");
    let uses: Vec<_> = uses.map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(uses, ["rooms", "Booking.room", "Booking.people"], "{told:#}");
}

async fn new_demands_are_counted(client: &Client) {
    let office = Office::open(client).await;
    let admin = Definer::new(client, "admin").await;
    let rooms = "type Room @object(kind: MASTER, label: \"房间\", plural: \"rooms\") {
  name: String! @field(label: \"名称\")
  size: Int @field(label: \"面积\")
  seats: Int @field(label: \"座位\")
}\n";
    admin.replace(rooms).await;
    for at in 0..8 {
        let name = ["一", "Ａ1", "a 1", "四", "五", "六", "七", "八"][at];
        client.create("Room", json!({ "name": name, "size": at, "seats": 3 })).await;
    }
    let stricter = rooms
        .replace(
            "\"rooms\")",
            "\"rooms\") @unique(fields: [\"name\"]) @check(expr: \"seats < size\")",
        )
        .replace("label: \"面积\"", "label: \"面积\", check: \"size > 6\"")
        .replace("seats: Int", "seats: Int!");
    let version = admin.ask("{ version }", json!({})).await["version"].as_i64().unwrap();
    let asked = "{ schemaDraft { impact { object field risk records failing examples } } }";
    let impact = async |definer: &Definer<'_>, field: Option<&str>| {
        definer.save(&stricter, version).await;
        let told = definer.ask(asked, json!({})).await["schemaDraft"]["impact"].clone();
        let found =
            told.as_array().unwrap().iter().find(|one| one["field"] == json!(field)).cloned();
        found.unwrap_or_else(|| panic!("{told:#}"))
    };
    let of = |told: &Value| (told["failing"].clone(), told["examples"].as_array().unwrap().len());
    assert_eq!(of(&impact(&admin, Some("size")).await), (json!(7), 5));
    assert_eq!(of(&impact(&admin, None).await), (json!(4), 4));
    assert_eq!(of(&impact(&admin, Some("seats")).await), (json!(0), 0));
    // Alike as a key is, whatever the width and the blanks.
    let key = impact(&admin, Some("uq_x_room__name")).await;
    assert_eq!(of(&key), (json!(2), 2));
    let alike = client.data("{ rooms(filter: {size: {in: [1, 2]}}) { nodes { id } } }").await;
    for node in alike["rooms"]["nodes"].as_array().unwrap() {
        assert!(key["examples"].as_array().unwrap().contains(&node["id"]), "{key:#}");
    }
    // Who does not see all of it is told nothing.
    office.give("new", &["designer"], &[]).await;
    let designer = Definer { client, token: office.tokens["new"].clone() };
    for field in [Some("size"), None, Some("uq_x_room__name")] {
        assert_eq!(of(&impact(&designer, field).await), (Value::Null, 0), "{field:?}");
    }
}

async fn steps_at_once_are_all_kept(client: &Client) {
    let admin = Definer::new(client, "admin").await;
    let visit =
        "type Visit @object(kind: MASTER, label: \"拜访\", plural: \"visits\") { topic: String }";
    admin.edit(json!([{ "defineObject": { "sdl": visit } }])).await;
    let names = ["one", "two", "three", "four"];
    let steps = |name: &str| json!([{ "defineField": { "object": "Visit", "sdl": format!("{name}: Int") } }]);
    futures_util::future::join_all(names.map(|name| admin.edit(steps(name)))).await;
    let sdl = admin.draft().await["sdl"].as_str().unwrap().to_owned();
    for name in names {
        assert!(sdl.contains(&format!("{name}: Int")), "{name}: {sdl}");
    }
}
