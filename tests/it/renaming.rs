//! Renamed fields: stored as before, followed by all that names them, found by the old name for ninety days, and hidden
//! by either name from those who may not see them.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    both_dbs,
    bundles::{applied, empty_beside, exported},
    saved_views::{saved, views},
    schema_drafts::{Definer, brief},
    support::{Client, office::Office},
};

both_dbs! {
    a_renamed_field_keeps_all_it_had
    what_names_a_field_follows
    old_names_end
    names_that_rights_rest_on_stay
    a_rename_goes_to_another_company_with_what_follows
}

const MEETINGS: &str = r#"# Asked for by sales.
type Meeting @object(kind: MASTER, label: "会议", plural: "meetings") @index(fields: ["minutes"])
  @check(expr: "minutes == null || minutes < 600", message: "太长") {
  topic: String! @field(label: "主题")
  # How long.
  minutes: Int @field(label: "分钟")
  twice: Int @formula(expr: "minutes * 2")
  rooms: [MeetingRoom!] @field(label: "房间")
  steps: [MeetingStep!]! @lines
}
type MeetingStep @object(kind: LINE, label: "步骤") { note: String @field(label: "说明") }
type MeetingRoom @object(kind: MASTER, label: "会议室", plural: "meetingRooms") {
  name: String! @field(label: "名称")
  last: Meeting @field(label: "上次")
  long: Boolean @field(label: "长", default: "last.minutes > 60")
}
"#;

fn rename(object: &str, field: &str, to: &str) -> Value {
    json!({ "renameField": { "object": object, "field": field, "to": to } })
}

async fn meetings(client: &Client) -> Definer<'_> {
    let admin = Definer::new(client, "admin").await;
    admin.replace(MEETINGS).await;
    admin
}

async fn published(admin: &Definer<'_>, steps: Value) -> Value {
    let edited = admin.edit(steps).await;
    assert_eq!(edited["diagnostics"], json!([]), "{edited:#}");
    let told = admin.publish("", false).await;
    assert_eq!(told["diagnostics"], json!([]), "{told:#}");
    told
}

async fn a_renamed_field_keeps_all_it_had(client: &Client) {
    let admin = meetings(client).await;
    let room = client.create("MeetingRoom", json!({ "name": "一" })).await;
    let input = json!({ "topic": "涂料", "minutes": 30, "rooms": { "set": [room] },
        "steps": { "create": [{ "note": "甲" }] } });
    let id = client.create("Meeting", input.clone()).await;
    client.update("Meeting", &id, json!({ "minutes": 40 })).await;
    let gone = client.create("Meeting", input).await;
    let delete =
        format!("mutation {{ deleteMeeting(id: \"{gone}\") {{ userErrors {{ code }} }} }}");
    client.data(&delete).await;
    client.world.advance(Duration::from_mins(5));

    let steps = json!([
        rename("Meeting", "minutes", "duration"),
        rename("Meeting", "rooms", "places"),
        rename("Meeting", "steps", "parts"),
        rename("MeetingStep", "note", "remark"),
    ]);
    let told = published(&admin, steps).await;
    let kinds = brief(&told);
    for kind in [
        "RENAME_FIELD Meeting.duration",
        "RENAME_FIELD Meeting.places",
        "RENAME_FIELD Meeting.parts",
        "RENAME_FIELD MeetingStep.remark",
    ] {
        assert!(kinds.contains(&kind.to_owned()), "{kind}: {kinds:?}");
    }
    assert!(kinds.iter().all(|kind| kind.starts_with("RENAME") || kind.starts_with("UPDATE")));
    let text = admin.text().await;
    let expected = MEETINGS
        .replace("[\"minutes\"]", "[\"duration\"]")
        .replace("minutes == null || minutes < 600", "duration == null || duration < 600")
        .replace("minutes: Int", "duration: Int @renamed(from: \"minutes\")")
        .replace("minutes * 2", "duration * 2")
        .replace("last.minutes", "last.duration")
        .replace("rooms: [MeetingRoom!]", "places: [MeetingRoom!] @renamed(from: \"rooms\")")
        .replace("steps: [MeetingStep!]!", "parts: [MeetingStep!]! @renamed(from: \"steps\")")
        .replace("note: String", "remark: String @renamed(from: \"note\")");
    assert_eq!(text, expected);

    // By either name.
    let all = "{ meetings(filter: {duration: {eq: 40}, minutes: {gt: 30}}, orderBy: [{minutes: DESC}]) { nodes {
        minutes duration twice rooms { name } places { name } steps { note remark } roomsAggregate { count } } }
        meetingAggregate(groupBy: [{minutes: true}]) { key { minutes duration } sum { minutes duration } } }";
    let seen = client.data(all).await;
    assert_eq!(
        seen["meetings"]["nodes"],
        json!([{ "minutes": 40, "duration": 40, "twice": 80, "rooms": [{ "name": "一" }], "places": [{ "name": "一" }],
            "steps": [{ "note": "甲", "remark": "甲" }], "roomsAggregate": [{ "count": 1 }] }])
    );
    assert_eq!(
        seen["meetingAggregate"],
        json!([{ "key": { "minutes": 40, "duration": 40 }, "sum": { "minutes": "40", "duration": "40" } }])
    );
    assert_eq!(
        client.update("Meeting", &id, json!({ "minutes": 50 })).await["userErrors"],
        json!([])
    );
    assert_eq!(
        client.update("Meeting", &id, json!({ "duration": 55 })).await["userErrors"],
        json!([])
    );
    let both = client.update("Meeting", &id, json!({ "duration": 1, "minutes": 2 })).await;
    assert_eq!(both["userErrors"][0]["path"], json!(["minutes"]), "{both:#}");
    let long = client.update("Meeting", &id, json!({ "minutes": 700 })).await;
    assert_eq!(long["userErrors"][0]["path"], json!(["duration"]), "{long:#}");
    // History, the past and the bin go on.
    let history = format!(
        "{{ meeting(id: \"{id}\") {{ history(field: \"minutes\") {{ nodes {{ changes {{ field old new }} }} }} }} }}"
    );
    let history = client.data(&history).await["meeting"]["history"]["nodes"].clone();
    let news: Vec<_> =
        history.as_array().unwrap().iter().map(|entry| &entry["changes"][0]["new"]).collect();
    assert_eq!(news, [&json!(55), &json!(50), &json!(40), &json!(30)], "{history:#}");
    assert_eq!(history[3]["changes"][0]["field"], "duration");
    let past = format!(
        "{{ meeting(id: \"{id}\", asOf: \"2026-06-15T10:02:00+08:00\") {{ minutes duration }} }}"
    );
    assert_eq!(client.data(&past).await["meeting"], json!({ "minutes": 40, "duration": 40 }));
    let restore = format!(
        "mutation {{ restoreMeeting(id: \"{gone}\") {{ record {{ duration places {{ name }} parts {{ remark }} }} userErrors {{ code }} }} }}"
    );
    assert_eq!(
        client.data(&restore).await["restoreMeeting"]["record"],
        json!({ "duration": 30, "places": [{ "name": "一" }], "parts": [{ "remark": "甲" }] })
    );
    // The schema says which is which.
    let types = "{ a: __type(name: \"Meeting\") { fields(includeDeprecated: true) { name isDeprecated deprecationReason } fewer: fields { name } }
        b: __type(name: \"UpdateMeetingInput\") { inputFields(includeDeprecated: true) { name isDeprecated } } }";
    let types = client.data(types).await;
    let field =
        types["a"]["fields"].as_array().unwrap().iter().find(|field| field["name"] == "minutes");
    assert_eq!(field.unwrap()["deprecationReason"], "Renamed to `duration`.", "{types:#}");
    assert!(!types["a"]["fewer"].to_string().contains("minutes"));
    let given = json!({ "name": "minutes", "isDeprecated": true });
    assert!(types["b"]["inputFields"].as_array().unwrap().contains(&given), "{types:#}");
    // Back to the version before: another rename, and nothing is lost.
    let back = admin.roll_back(2, false).await;
    assert!(brief(&back).contains(&"RENAME_FIELD Meeting.minutes".to_owned()), "{back:#}");
    let seen = client.data("{ meetings(orderBy: [{minutes: DESC}]) { nodes { minutes } } }").await;
    assert_eq!(seen["meetings"]["nodes"], json!([{ "minutes": 55 }, { "minutes": 30 }]));
}

async fn what_names_a_field_follows(client: &Client) {
    let office = Office::open(client).await;
    let admin = meetings(client).await;
    client.create("Meeting", json!({ "topic": "涂料", "minutes": 30 })).await;
    client.metadata("mutation { acceptLayouts(object: \"Meeting\") { kind } }", json!({})).await;
    let role = "# keep\ncode = \"few\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Meeting\"]\nactions = [\"read\"]\nopen = true\n[[fields]]\nobject = \"Meeting\"\nhidden = [\"minutes\"] # secret\n";
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(save, json!({ "d": role })).await;
    office.give("new", &["few"], &[]).await;
    let layout = "object = \"Meeting\"\nkind = \"list\"\ncolumns = [\"topic\", \"minutes\"] # keep\norder_by = [\"-minutes\"]\n";
    let set = "mutation($l: String!) { setLayout(object: \"Meeting\", kind: LIST, layout: {definition: $l}) { diagnostics { message } } }";
    let set = client.metadata(set, json!({ "l": layout })).await;
    assert_eq!(set["setLayout"]["diagnostics"], json!([]), "{set:#}");
    let question = |name: &str| {
        json!({ "filter": { "or": [{ name: { "gt": 10 } }, { "topic": { "eq": "minutes" } }] },
            "orderBy": [{ name: "ASC" }], "groupBy": [{ name: true }], "columns": ["topic", name] })
    };
    let token = &admin.token;
    let view = json!({ "object": "Meeting", "name": "长", "question": question("minutes") });
    saved(client, token, view.clone()).await;
    let hidden = async || {
        for name in ["minutes", "duration"] {
            let told =
                office.ask("new", &format!("{{ meetings {{ nodes {{ topic {name} }} }} }}")).await;
            assert_eq!(told["errors"][0]["extensions"]["code"], "INPUT_INVALID", "{told:#}");
            let filter = format!("{{ meetings(filter: {{{name}: {{gt: 1}}}}) {{ totalCount }} }}");
            let told = office.ask("new", &filter).await;
            assert_eq!(told["errors"][0]["extensions"]["code"], "INPUT_INVALID", "{told:#}");
        }
    };
    hidden().await;

    published(&admin, json!([rename("Meeting", "minutes", "duration")])).await;
    hidden().await;
    let told = admin.ask("{ roles { code definition } }", json!({})).await;
    let known =
        told["roles"].as_array().unwrap().iter().find(|role| role["code"] == "few").unwrap();
    assert_eq!(known["definition"], json!(role.replace("minutes", "duration")));
    let page = "{ layout(object: \"Meeting\", kind: LIST) { definition diagnostics { message } orderBy columns { name } } }";
    let page = admin.ask(page, json!({})).await["layout"].clone();
    assert_eq!(page["definition"], json!(layout.replace("minutes", "duration")));
    assert_eq!(page["columns"], json!([{ "name": "topic" }, { "name": "duration" }]), "{page:#}");
    let kept = views(client, token, "Meeting").await;
    assert_eq!((&kept[0]["question"], &kept[0]["left"]), (&question("duration"), &json!([])));
    // What is saved by the old name is kept by the new one.
    let filter = json!({ "filter": { "minutes": { "gt": 1 } } });
    saved(client, token, json!({ "object": "Meeting", "name": "旧", "question": filter })).await;
    let kept = views(client, token, "Meeting").await;
    let kept = kept.iter().find(|view| view["name"] == "旧").unwrap();
    assert_eq!(kept["question"], json!({ "filter": { "duration": { "gt": 1 } } }));
    // Each kind has a version of its own, in the one publish.
    let versions = "{ versions(first: 3) { nodes { changes { kind object field } } } }";
    let versions = admin.ask(versions, json!({})).await["versions"]["nodes"].clone();
    let kinds: Vec<_> =
        versions.as_array().unwrap().iter().map(|v| &v["changes"][0]["kind"]).collect();
    assert_eq!(kinds[..2], [&json!("UPDATE_LAYOUT"), &json!("UPDATE_ROLE")], "{versions:#}");
    // A text that is written later knows the new name alone.
    let late = admin.text().await.replace("duration * 2", "minutes * 2");
    let version = admin.ask("{ version }", json!({})).await["version"].as_i64().unwrap();
    let late = admin.save(&late, version).await;
    assert_eq!(late["diagnostics"][0]["code"], "CATALOG_EXPRESSION", "{late:#}");
}

async fn old_names_end(client: &Client) {
    let admin = meetings(client).await;
    client.create("Meeting", json!({ "topic": "涂料", "minutes": 30 })).await;
    published(&admin, json!([rename("Meeting", "minutes", "length")])).await;
    published(
        &admin,
        json!([rename("Meeting", "length", "duration"), rename("Meeting", "topic", "subject")]),
    )
    .await;
    let asks = async |name: &str, client: &Client| {
        let types = "{ __type(name: \"Meeting\") { fields(includeDeprecated: true) { name } } }";
        let token = client.token("admin").await;
        let told = client.ask_as(&token, types).await.data()["__type"]["fields"].clone();
        let known = told.as_array().unwrap().contains(&json!({ "name": name }));
        if known {
            let query = format!("{{ meetings {{ nodes {{ {name} }} }} }}");
            client.ask_as(&token, &query).await.data();
        }
        known
    };
    for name in ["minutes", "length", "duration", "topic"] {
        assert!(asks(name, client).await, "{name}");
    }
    // A step drops one.
    let drop = |name: &str| json!({ "dropOldName": { "object": "Meeting", "field": "duration", "name": name } });
    let wrong = "mutation($s: [SchemaStep!]!) { editSchemaDraft(steps: $s) { sdl } }";
    assert_eq!(admin.codes(wrong, json!({ "s": [drop("other")] })).await, ["INPUT_VALUE"]);
    let told = published(&admin, json!([drop("length")])).await;
    assert_eq!(brief(&told), ["UPDATE_FIELD Meeting.duration"]);
    assert!(!asks("length", client).await && asks("minutes", client).await);
    // The others end with the first start after ninety days, and with the first publish.
    client.world.advance(Duration::from_hours(89 * 24));
    let other = client.reopened().await.unwrap();
    assert!(other.company.catalog().named("Meeting").unwrap().called("minutes").is_some());
    client.world.advance(Duration::from_hours(2 * 24));
    assert!(asks("minutes", client).await);
    let other = client.reopened().await.unwrap();
    assert!(other.company.catalog().named("Meeting").unwrap().called("minutes").is_none());
    let admin = Definer::new(client, "admin").await;
    published(&admin, json!([{ "defineField": { "object": "Meeting", "sdl": "place: String" } }]))
        .await;
    for (name, leads) in
        [("minutes", false), ("topic", false), ("duration", true), ("subject", true)]
    {
        assert_eq!(asks(name, client).await, leads, "{name}");
    }
    // Its column has the name still.
    let taken = admin
        .edit(json!([{ "defineField": { "object": "Meeting", "sdl": "minutes: Int" } }]))
        .await;
    assert_eq!(taken["diagnostics"][0]["code"], "CATALOG_DUPLICATE", "{taken:#}");
}

async fn names_that_rights_rest_on_stay(client: &Client) {
    let admin = Definer::new(client, "admin").await;
    let text = format!(
        "{MEETINGS}extend type Meeting {{ customer: Customer @relation(parent: true) old: Int }}\n"
    );
    admin.replace(&text).await;
    let steps = json!([{ "retireField": { "object": "Meeting", "field": "old" } }]);
    published(&admin, steps).await;
    for (step, why) in [
        (rename("Meeting", "customer", "buyer"), "CATALOG_CHANGE"),
        (rename("Meeting", "topic", "old"), "CATALOG_CHANGE"),
        (rename("Meeting", "topic", "viewer"), "CATALOG_NAME"),
    ] {
        let told = admin.edit(json!([step])).await;
        assert_eq!(told["diagnostics"][0]["code"], why, "{told:#}");
        admin.ask("mutation { dropSchemaDraft }", json!({})).await;
    }
    let edit = "mutation($s: [SchemaStep!]!) { editSchemaDraft(steps: $s) { sdl } }";
    for step in [
        rename("Meeting", "topic", "minutes"),
        rename("Meeting", "topic", "createdAt"),
        rename("Meeting", "topic", "no name"),
        rename("Meeting", "other", "more"),
        rename("Customer", "code", "number"),
    ] {
        assert_eq!(admin.codes(edit, json!({ "s": [step] })).await, ["INPUT_VALUE"], "{step}");
    }
}

async fn a_rename_goes_to_another_company_with_what_follows(client: &Client) {
    let admin = meetings(client).await;
    admin.ask("mutation { acceptLayouts(object: \"Meeting\") { kind } }", json!({})).await;
    let role = "code = \"rooms\"\nlabel = \"会议\"\nlabel_en = \"Rooms\"\n[[grants]]\nobjects = [\"Meeting\"]\nactions = [\"read\"]\nopen = true\n[[fields]]\nobject = \"Meeting\"\nhidden = [\"minutes\"]\n";
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    admin.ask(save, json!({ "d": role })).await;
    let rules = "object = \"Meeting\"\n[[duplicate]]\nname = \"same\"\nlabel = \"同\"\nlabel_en = \"Same\"\nfields = { topic = [\"CASE\"], minutes = [] }\n";
    let set = "mutation($d: String!) { setDuplicateRules(object: \"Meeting\", definition: $d) { diagnostics { message } } }";
    let told = admin.ask(set, json!({ "d": rules })).await;
    assert_eq!(told["setDuplicateRules"]["diagnostics"], json!([]));

    let other = empty_beside(client).await;
    let first = applied(&other, &exported(client).await, "").await;
    assert_eq!(first["diagnostics"], json!([]), "{first:#}");
    let meeting = other.create("Meeting", json!({ "topic": "一", "minutes": 90 })).await;

    // There, too, a layout, a role and a rule name the field that comes under another name.
    published(&admin, json!([rename("Meeting", "minutes", "length")])).await;
    let there = exported(client).await;
    assert!(there.to_string().contains("hidden = [\\\"length\\\"]"), "{there:#}");
    for more in [", dryRun: true", ""] {
        let second = applied(&other, &there, more).await;
        assert_eq!(second["diagnostics"], json!([]), "{second:#}");
    }
    assert_eq!(exported(&other).await, there);
    let kept = other.data("{ meetings { nodes { id length minutes } } }").await;
    assert_eq!(kept["meetings"]["nodes"], json!([{ "id": meeting, "length": 90, "minutes": 90 }]));
}
