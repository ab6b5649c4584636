//! What becomes of groups of fields when definitions change, and where pages and views show them.

use serde_json::json;

use crate::{
    both_dbs,
    field_groups::{FREIGHT, define, role, save_role, three},
    saved_views::{save, views},
    schema_drafts::{Definer, brief},
    support::Client,
};

both_dbs! {
    an_item_changes_all_that_use_it
    renamed_groups_keep_what_they_had
    pages_place_groups
    views_ask_for_groups
    an_address_is_put_into_any_object
}

async fn an_item_changes_all_that_use_it(client: &Client) {
    let admin = Definer::new(client, "admin").await;
    admin.replace(FREIGHT).await;
    let a = client.create("Parcel", json!({ "name": "A", "freight": { "carrier": "x" } })).await;
    // A new field of the item is one of every group.
    let more =
        FREIGHT.replace("  by: Employee", "  weight: Int @field(label: \"重量\")\n  by: Employee");
    let version = admin.ask("{ version }", json!({})).await["version"].as_i64().unwrap();
    admin.save(&more, version).await;
    let told = admin.publish("", false).await;
    assert_eq!(
        brief(&told),
        [
            "ADD_FIELD Parcel.freight.weight",
            "ADD_FIELD Parcel.back.weight",
            "ADD_FIELD ParcelBox.freight.weight",
            "ADD_FIELD Freight.weight",
        ],
        "{told:#}"
    );
    client.update("Parcel", &a, json!({ "freight": { "weight": 5 } })).await;
    // One that is taken out of the item is retired in every group, and comes back with what it had.
    admin.save(FREIGHT, version + 1).await;
    let told = admin.publish("", false).await;
    assert_eq!(told["diagnostics"], json!([]), "{told:#}");
    assert_eq!(
        brief(&told),
        [
            "RETIRE_FIELD Parcel.freight.weight",
            "RETIRE_FIELD Parcel.back.weight",
            "RETIRE_FIELD ParcelBox.freight.weight",
            "REMOVE_FIELD Freight.weight",
        ],
    );
    let gone = "{ parcels { nodes { freight { weight } } } }";
    assert_eq!(client.ask(gone, json!({})).await.codes(), ["INPUT_INVALID"]);
    let restore = json!([{ "restoreField": { "object": "Parcel", "field": "freight.weight" } }]);
    let edited = admin.edit(restore).await;
    assert_eq!(edited["diagnostics"], json!([]), "{edited:#}");
    let told = admin.publish("", false).await;
    assert_eq!(told["diagnostics"], json!([]), "{told:#}");
    assert_eq!(
        client.data(gone).await["parcels"]["nodes"],
        json!([{ "freight": { "weight": 5 } }])
    );
    // A group that goes takes its fields with it; another one of the item stays.
    let less = more
        .replace("  back: Freight @item @field(label: \"回程\", labelEn: \"Way back\")\n", "")
        .replace("freight.cost + back.cost", "freight.cost + 0.0");
    let version = admin.ask("{ version }", json!({})).await["version"].as_i64().unwrap();
    admin.save(&less, version).await;
    let told = admin.publish("", false).await;
    assert_eq!(told["diagnostics"], json!([]), "{told:#}");
    let retired = brief(&told);
    assert!(retired.contains(&"RETIRE_FIELD Parcel.back.cost".to_owned()), "{retired:?}");
    assert!(!retired.iter().any(|change| change.contains("freight.")), "{retired:?}");
    // What is retired for good.
    let purge = "mutation { purgeRetired(object: \"Parcel\", field: \"back.cost\", confirm: \"Parcel.back.cost\") }";
    client.metadata(purge, json!({})).await;
}

async fn renamed_groups_keep_what_they_had(client: &Client) {
    let admin = Definer::new(client, "admin").await;
    let text = FREIGHT.replace("plural: \"parcels\")", "plural: \"parcels\") @index(fields: [\"freight.cost\"]) @check(expr: \"freight.cost != 13\")");
    admin.replace(&text).await;
    client
        .create("Parcel", json!({ "name": "A", "freight": { "cost": "7", "carrier": "x" } }))
        .await;
    save_role(client, &role("hidden = [\"back\", \"freight.carrier\"]")).await;
    let steps = json!([
        { "renameField": { "object": "Parcel", "field": "freight", "to": "carriage" } },
        { "renameField": { "object": "Parcel", "field": "back", "to": "home" } },
        { "renameField": { "object": "Freight", "field": "cost", "to": "price" } },
    ]);
    let edited = admin.edit(steps).await;
    assert_eq!(edited["diagnostics"], json!([]), "{edited:#}");
    let told = admin.publish("", false).await;
    assert_eq!(told["diagnostics"], json!([]), "{told:#}");
    let changes = brief(&told);
    assert!(changes.contains(&"RENAME_FIELD Parcel.carriage.price".to_owned()), "{changes:?}");
    assert!(
        !changes.iter().any(|change| change.contains("RETIRE") || change.contains("INDEX")),
        "{changes:?}"
    );
    let read = "{ parcels(filter: {carriage: {price: {eq: 7}}}) { nodes { carriage { price carrier } total } } }";
    let node = json!({ "carriage": { "price": "7.00", "carrier": "x" }, "total": null });
    assert_eq!(client.data(read).await["parcels"]["nodes"], json!([node]));
    // The names that they had lead to them for a while, alone and together.
    let old = "{ parcels(orderBy: [{freight: {cost: ASC}}], filter: {carriage: {cost: {eq: 7}}}) { nodes { freight { cost price } } } }";
    assert_eq!(
        client.data(old).await["parcels"]["nodes"],
        json!([{ "freight": { "cost": "7.00", "price": "7.00" } }])
    );
    client
        .update(
            "Parcel",
            client.data("{ parcels { nodes { id } } }").await["parcels"]["nodes"][0]["id"]
                .as_str()
                .unwrap(),
            json!({ "freight": { "cost": "8" } }),
        )
        .await;
    assert_eq!(
        client.data("{ parcels { nodes { carriage { price } } } }").await["parcels"]["nodes"][0]["carriage"]
            ["price"],
        "8.00"
    );
    // Roles follow.
    let roles = client.metadata("{ roles { code definition } }", json!({})).await.to_string();
    assert!(roles.contains("home") && roles.contains("carriage.carrier"), "{roles}");
}

async fn pages_place_groups(client: &Client) {
    define(client).await;
    let form = "{ object(name: \"Parcel\") { groups { name label labelZh item custom fields } fields { name group label } } }";
    let form = client.metadata(form, json!({})).await["object"].clone();
    assert_eq!(
        form["groups"],
        json!([
            { "name": "freight", "label": "Freight", "labelZh": "运费", "item": "Freight", "custom": true,
              "fields": ["freight.carrier", "freight.cost", "freight.way", "freight.by"] },
            { "name": "back", "label": "Way back", "labelZh": "回程", "item": "Freight", "custom": true,
              "fields": ["back.carrier", "back.cost", "back.way", "back.by"] },
        ])
    );
    let items = client
        .metadata(
            "{ dataItems { name custom fields { name type } uses { object group } } }",
            json!({}),
        )
        .await;
    assert_eq!(
        items["dataItems"][2],
        json!({ "name": "Freight", "custom": true,
            "fields": [{ "name": "carrier", "type": "TEXT" }, { "name": "cost", "type": "MONEY" },
                { "name": "way", "type": "PICKLIST" }, { "name": "by", "type": "RELATION" }],
            "uses": [{ "object": "Parcel", "group": "freight" }, { "object": "Parcel", "group": "back" },
                { "object": "ParcelBox", "group": "freight" }] })
    );
    let fields = form["fields"].as_array().unwrap();
    let cost = fields.iter().find(|field| field["name"] == "back.cost").unwrap();
    assert_eq!(*cost, json!({ "name": "back.cost", "group": "back", "label": "Cost" }));
    // A generated page has a section for each group; a written one places a group as a whole.
    let layout = "{ layout(object: \"Parcel\", kind: DETAIL) { tabs { label sections { label items { ... on FieldItem { field { name } } } } } } }";
    let page = client.metadata(layout, json!({})).await["layout"].to_string();
    let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text}: {page}"));
    assert!(at("Way back") < at("back.cost") && at("back.carrier") < at("back.by"));
    let written = "object = \"Parcel\"\nkind = \"detail\"\n[[tabs]]\nlabel = \"甲\"\n[[tabs.sections]]\nitems = [\"freight\", \"back.cost\"]\n";
    let set = "mutation($l: LayoutInput!) { setLayout(object: \"Parcel\", kind: DETAIL, layout: $l) { diagnostics { message } } }";
    let saved = client.metadata(set, json!({ "l": { "definition": written } })).await;
    assert_eq!(saved["setLayout"]["diagnostics"], json!([]), "{saved}");
    let list = "mutation($l: LayoutInput!) { setLayout(object: \"Parcel\", kind: LIST, layout: $l) { layout { orderBy columns { name } } diagnostics { message } } }";
    let order = json!([{ "freight": { "cost": "DESC" } }]);
    let listed = json!({ "l": { "columns": [{ "name": "freight.cost" }], "orderBy": order } });
    let listed = client.metadata(list, listed).await["setLayout"].clone();
    let shown = json!({ "orderBy": order, "columns": [{ "name": "freight.cost" }] });
    assert_eq!(listed, json!({ "layout": shown, "diagnostics": [] }));
    let page = client.metadata(layout, json!({})).await["layout"].clone();
    let items = page["tabs"][0]["sections"][0]["items"].clone();
    let names: Vec<_> =
        items.as_array().unwrap().iter().map(|item| item["field"]["name"].clone()).collect();
    assert_eq!(
        json!(names),
        json!(["freight.carrier", "freight.cost", "freight.way", "freight.by", "back.cost"])
    );
}

async fn views_ask_for_groups(client: &Client) {
    three(client).await;
    let question = json!({
        "filter": { "freight": { "cost": { "gt": 5 } } },
        "orderBy": [{ "freight": { "cost": "DESC" } }],
        "columns": ["name", "freight.cost", "freight.by.name"],
    });
    let input = json!({ "object": "Parcel", "name": "V", "question": question });
    let token = client.token("admin").await;
    let saved = save(client, &token, None, input).await.data()["saveView"].clone();
    assert_eq!(saved["view"]["question"], question, "{saved:#}");
    // A view outlives what it asks for, and follows what is renamed.
    let admin = Definer::new(client, "admin").await;
    let steps = json!([
        { "renameField": { "object": "Parcel", "field": "freight", "to": "carriage" } },
        { "renameField": { "object": "Freight", "field": "cost", "to": "price" } },
    ]);
    admin.edit(steps).await;
    assert_eq!(admin.publish("", false).await["diagnostics"], json!([]));
    let now = views(client, &token, "Parcel").await;
    let renamed = json!({
        "filter": { "carriage": { "price": { "gt": 5 } } },
        "orderBy": [{ "carriage": { "price": "DESC" } }],
        "columns": ["name", "carriage.price", "carriage.by.name"],
    });
    assert_eq!((&now[0]["question"], &now[0]["left"]), (&renamed, &json!([])));
}

async fn an_address_is_put_into_any_object(client: &Client) {
    let text = "extend type Customer { office: Address @item @field(label: \"办公地址\", labelEn: \"Office\") }";
    let applied = client.apply(text, false).await;
    assert_eq!(applied["diagnostics"], json!([]), "{applied:#}");
    let department = client.department("TJ").await;
    let office =
        json!({ "office": { "country": "中国", "city": "天津", "postalCode": "３００２０１" } });
    client.customer(&department, "C1", office).await;
    let read = "{ customers(filter: {office: {city: {eq: \"天津\"}}}) { nodes { code office { country province city postalCode } } } }";
    assert_eq!(
        client.data(read).await["customers"]["nodes"],
        json!([{ "code": "C1", "office": { "country": "中国", "province": null, "city": "天津", "postalCode": "300201" } }])
    );
}
