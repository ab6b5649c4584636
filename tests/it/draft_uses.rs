//! What a draft tells of texts that name what it changes: layouts, menus, shared views, duplicate rules.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    schema_drafts::Definer,
    support::{Client, office::Office},
};

both_dbs! {
    texts_that_name_a_field_are_told
    operations_of_clients_are_told
}

async fn texts_that_name_a_field_are_told(client: &Client) {
    let admin = Definer::new(client, "admin").await;
    let hall = "type Hall @object(kind: MASTER, label: \"厅\", plural: \"halls\", systems: [SALES]) { name: String! size: Int owner: Customer @relation(inverse: \"halls\") }";
    let version = admin.replace(hall).await["version"].as_i64().unwrap();
    admin.ask("mutation { acceptLayouts(object: \"Hall\") { kind } }", json!({})).await;
    let layout = "mutation($l: LayoutInput!) { setLayout(object: \"Customer\", kind: CARD, layout: $l) { diagnostics { message } } }";
    admin.ask(layout, json!({ "l": { "columns": [{ "name": "code" }] } })).await;
    let rules = "object = \"Hall\"\n[[duplicate]]\nname = \"same\"\nlabel = \"同\"\nlabel_en = \"Same\"\nfields = { name = [], size = [] }\n";
    let set = "mutation($d: String!) { setDuplicateRules(object: \"Hall\", definition: $d) { diagnostics { message } } }";
    admin.ask(set, json!({ "d": rules })).await;
    let view = "mutation($view: SavedViewInput!) { saveView(input: $view) { view { id } userErrors { message } } }";
    let mut ids = Vec::new();
    for (name, share, filter) in [
        ("大", "ALL", json!({ "size": { "gt": 9 } })),
        ("名", "ALL", json!({ "name": { "eq": "x" } })),
        ("私", "PRIVATE", json!({ "size": { "gt": 9 } })),
    ] {
        let view_input = json!({ "object": "Hall", "name": name, "share": share, "question": { "filter": filter } });
        let saved = admin.ask(view, json!({ "view": view_input })).await;
        assert_eq!(saved["saveView"]["userErrors"], json!([]), "{saved:#}");
        ids.push(saved["saveView"]["view"]["id"].as_str().unwrap().to_owned());
    }
    let asked = "{ schemaDraft { impact { object field uses { kind name link } } } }";
    let uses = async |field: Value| {
        let told = admin.ask(asked, json!({})).await["schemaDraft"]["impact"].clone();
        let of = |one: &&Value| one["object"] == "Hall" && one["field"] == field;
        let one = told.as_array().unwrap().iter().find(of).unwrap_or_else(|| panic!("{told:#}"));
        one["uses"].as_array().unwrap().iter().map(brief_use).collect::<Vec<_>>()
    };
    admin.save(&hall.replace("size: Int", "size: Int!"), version).await;
    let big = format!("VIEW Hall.大 /o/halls?view={}", ids[0]);
    assert_eq!(
        uses(json!("size")).await,
        [
            "LAYOUT Hall.LIST /admin/layouts/Hall",
            "LAYOUT Hall.DETAIL /admin/layouts/Hall",
            "DUPLICATE_RULE Hall /admin/rules",
            &big
        ]
    );
    // What is of the object goes with it.
    admin.save("", version).await;
    let all = uses(Value::Null).await;
    let kinds: Vec<_> = all.iter().map(|one| one.split(' ').next().unwrap()).collect();
    assert_eq!(kinds, ["LAYOUT", "LAYOUT", "DUPLICATE_RULE", "VIEW", "VIEW"], "{all:?}");
}

fn brief_use(one: &Value) -> String {
    let text = |name: &str| one[name].as_str().unwrap().to_owned();
    format!("{} {} {}", text("kind"), text("name"), text("link"))
}

async fn operations_of_clients_are_told(client: &Client) {
    let office = Office::open(client).await;
    let admin = Definer::new(client, "admin").await;
    let hall = "type Hall @object(kind: MASTER, label: \"厅\", plural: \"halls\") { name: String! size: Int wide: Boolean }\nextend type Customer { hall: Hall @relation(inverse: \"guests\") }";
    admin.replace(hall).await;
    let rename = json!([{ "renameField": { "object": "Hall", "field": "size", "to": "area" } }]);
    admin.edit(rename).await;
    admin.publish("", false).await;
    for query in [
        "query Sizes { halls { nodes { name size } } }",
        "query Areas { halls(filter: {area: {gt: 1}}) { totalCount } }",
        "query Guests { customers(orderBy: [{hall: {area: ASC}}]) { nodes { code } } }",
        "query Names { halls { nodes { name } } }",
        "query Wide { customers { nodes { hall { wide } } } }",
        "{ hallAggregate { max { area } } }",
        "query Faulty { halls { nodes { area nothing } } }",
    ] {
        client.ask(query, json!({})).await;
    }
    assert_eq!(
        office.ask("zhang", "query Theirs { customers { totalCount } }").await["errors"],
        Value::Null
    );
    let asked = "{ schemaDraft { sdl impact { object field uses { kind name link lastAt } } } }";
    let clients = async |field: Value| {
        let told = admin.ask(asked, json!({})).await["schemaDraft"]["impact"].clone();
        let of = |one: &&Value| one["object"] == "Hall" && one["field"] == field;
        let one = told.as_array().unwrap().iter().find(of).unwrap_or_else(|| panic!("{told:#}"));
        let uses = one["uses"].as_array().unwrap().iter().filter(|one| one["kind"] == "CLIENT");
        let mut names: Vec<_> = uses
            .map(|one| {
                assert!(one["lastAt"].is_string() && one["link"] == "/admin/audit", "{one}");
                one["name"].as_str().unwrap().to_owned()
            })
            .collect();
        names.sort();
        names
    };
    // Who still uses the old name is told before it ends.
    let drop = json!([{ "dropOldName": { "object": "Hall", "field": "area", "name": "size" } }]);
    admin.edit(drop).await;
    let used = clients(json!("area")).await;
    let plain: Vec<_> = used.iter().filter(|name| !name.starts_with("sha256:")).collect();
    assert_eq!(plain, ["Areas", "Guests", "Sizes (size)"], "{used:?}");
    assert_eq!(used.len(), 4, "{used:?}");
    admin.publish("", false).await;
    // Another name once more. What the version refuses already uses nothing that changes.
    let rename = json!([{ "renameField": { "object": "Hall", "field": "wide", "to": "broad" } }]);
    admin.edit(rename).await;
    assert_eq!(clients(json!("broad")).await, ["Wide"]);
    let version = admin.ask("{ version }", json!({})).await["version"].as_i64().unwrap();
    admin.save("extend type Customer { hallName: String }", version).await;
    let all = clients(Value::Null).await;
    let plain: Vec<_> = all.iter().filter(|name| !name.starts_with("sha256:")).collect();
    assert_eq!(plain, ["Areas", "Guests", "Names", "Wide"], "{all:?}");
}
