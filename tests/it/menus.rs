//! Menus of the front systems: made of what objects say of themselves, or stored, and cut to what leads somewhere.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Answer, Client, office::Office},
};

both_dbs! {
    menus_are_made_of_the_systems_of_objects
    new_objects_are_in_menus_once_they_are_accepted
    menus_go_by_systems_and_rights
    stored_menus_replace_generated_ones
    faulty_menus_are_refused_with_places
    menus_are_versions
}

const MENUS: &str =
    "{ menus { system label version generated definition diagnostics { line message }
    groups { label entries { key label keys icon object path notice } } } }";

const SET: &str =
    "mutation($m: [MenuInput!]!, $d: Boolean! = false) { setMenus(menus: $m, dryRun: $d) {
    version diagnostics { code path line column message hint } menus { system generated } } }";

/// A loan that belongs to the service system only.
const LOAN: &str = "type Loan @object(kind: DOCUMENT, label: \"借用\", labelEn: \"Loan\", plural: \"loans\", number: \"L{seq:4}\", systems: [SERVICE]) { name: String @field(label: \"名\") }";

async fn menus(client: &Client) -> Value {
    client.metadata(MENUS, json!({})).await["menus"].clone()
}

async fn menus_of(client: &Client, account: &str) -> Value {
    let token = client.token(account).await;
    client.metadata_as(&token, MENUS, json!({})).await.data()["menus"].clone()
}

async fn set(client: &Client, menus: Value, dry: bool) -> Answer {
    let token = client.token("admin").await;
    client.metadata_as(&token, SET, json!({ "m": menus, "d": dry })).await
}

/// The objects of the entries of one system, with their notices; none if the system is not there.
fn entries(menus: &Value, system: &str) -> Option<Vec<(String, bool)>> {
    let menu = menus.as_array().unwrap().iter().find(|menu| menu["system"] == system)?;
    let groups = menu["groups"].as_array().unwrap().iter();
    let entries = groups.flat_map(|group| group["entries"].as_array().unwrap());
    let entry = |entry: &Value| {
        let name = entry["object"].as_str().or(entry["path"].as_str()).unwrap();
        (name.to_owned(), !entry["notice"].is_null())
    };
    Some(entries.map(entry).collect())
}

fn has(menus: &Value, system: &str, object: &str) -> bool {
    entries(menus, system).is_some_and(|all| all.iter().any(|(name, _)| name == object))
}

async fn menus_are_made_of_the_systems_of_objects(client: &Client) {
    let menus = menus(client).await;
    let systems: Vec<_> =
        menus.as_array().unwrap().iter().map(|menu| menu["system"].clone()).collect();
    assert_eq!(systems, [json!("SALES"), json!("SERVICE"), json!("SALES_SERVICE")]);
    let sales = &menus[0];
    assert_eq!(
        (&sales["generated"], &sales["version"], &sales["label"]),
        (&json!(true), &json!(0), &json!("Sales"))
    );
    assert_eq!(sales["groups"][0]["label"], "Customers");
    let first = &sales["groups"][0]["entries"][0];
    assert_eq!(
        first,
        &json!({ "key": "Customer", "label": "Customer", "keys": ["hu", "kehu", "kh", "qh", "qiahu"], "icon": null, "object": "Customer", "path": null, "notice": null })
    );
    for (system, object, there) in [
        ("SALES", "SalesOrder", true),
        ("SERVICE", "SalesOrder", false),
        ("SALES_SERVICE", "SalesOrder", true),
        ("SERVICE", "Customer", true),
        // Of no system, so of all.
        ("SERVICE", "InventoryItem", true),
        ("SALES", "SalesOrderLine", false),
    ] {
        assert_eq!(has(&menus, system, object), there, "{system} {object}");
    }
    // Set-up data is last in its group.
    let group =
        sales["groups"].as_array().unwrap().iter().find(|group| group["label"] == "Sales").unwrap();
    assert_eq!(group["entries"].as_array().unwrap().last().unwrap()["object"], "SalesStage");
    let token = client.token("admin").await;
    let zh = client.metadata_with(&token, ("accept-language", "zh"), MENUS).await.data();
    assert_eq!(
        (&zh["menus"][0]["label"], &zh["menus"][0]["groups"][0]["label"]),
        (&json!("营销管理"), &json!("客户"))
    );
}

async fn new_objects_are_in_menus_once_they_are_accepted(client: &Client) {
    let office = Office::open(client).await;
    client.apply_without_pages(LOAN).await;
    let role = "code = \"loans\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Loan\"]\nactions = [\"read\", \"create\"]\nopen = true\n";
    client
        .metadata(
            "mutation($d: String!) { saveRole(definition: $d) { code } }",
            json!({ "d": role }),
        )
        .await;
    office.give("su", &["loans"], &[]).await;
    // Those who define objects see it, and why others do not.
    let told = menus(client).await;
    let entry = |menus: &Value| {
        entries(menus, "SERVICE").unwrap().into_iter().find(|(name, _)| name == "Loan")
    };
    assert_eq!(entry(&told), Some(("Loan".to_owned(), true)));
    assert!(told.to_string().contains("acceptLayouts"), "{told:#}");
    assert!(!has(&told, "SALES", "Loan"));
    assert_eq!(entry(&menus_of(client, "su").await), None);
    // A list alone is not enough.
    let list = "mutation { setLayout(object: \"Loan\", kind: LIST, layout: {columns: [{name: \"number\"}]}) { version } }";
    client.metadata(list, json!({})).await;
    assert_eq!(entry(&menus_of(client, "su").await), None);
    client.metadata("mutation { acceptLayouts(object: \"Loan\") { kind } }", json!({})).await;
    assert_eq!(entry(&menus_of(client, "su").await), Some(("Loan".to_owned(), false)));
    assert_eq!(entry(&menus(client).await), Some(("Loan".to_owned(), false)));
    // Without a layout it is gone again.
    client.metadata("mutation { removeLayout(object: \"Loan\", kind: DETAIL) }", json!({})).await;
    assert_eq!(entry(&menus_of(client, "su").await), None);
}

async fn menus_go_by_systems_and_rights(client: &Client) {
    Office::open(client).await;
    let allow = async |systems: Value| {
        let li = client.data("{ operator(account: \"li\") { id } }").await;
        let patch = json!({ "allowedSystems": systems });
        client.update("Operator", li["operator"]["id"].as_str().unwrap(), patch).await;
    };
    let all = menus_of(client, "li").await;
    assert!(has(&all, "SALES", "SalesOrder") && has(&all, "SERVICE", "Customer"));
    // What the role does not open is not there, nor is a group of nothing else.
    assert!(!has(&all, "SALES", "CustomerPermissionGroup"));
    assert_eq!((&all[0]["definition"], &all[0]["diagnostics"]), (&Value::Null, &json!([])));
    // An operator of the service system: nothing of sales, though the role opens it.
    allow(json!(["SERVICE"])).await;
    let service = menus_of(client, "li").await;
    assert_eq!(service.as_array().unwrap().len(), 1);
    assert!(
        has(&service, "SERVICE", "Customer") && !service.to_string().contains("SalesOrder"),
        "{service:#}"
    );
    allow(json!([])).await;
    assert_eq!(menus_of(client, "li").await, json!([]));
    assert_eq!(menus_of(client, "nobody").await, json!([]));
    // Whoever may read nothing has systems without groups.
    let new = menus_of(client, "new").await;
    assert!(new.as_array().unwrap().iter().all(|menu| menu["groups"] == json!([])), "{new:#}");
}

async fn stored_menus_replace_generated_ones(client: &Client) {
    Office::open(client).await;
    let text = "# ours\nsystem = \"SALES\"\n\n[[groups]]\nlabel = \"常用\"\nlabel_en = \"Often\"\nentries = [\"Customer\", { object = \"SalesOrder\", label = \"订货\", label_en = \"Orders\", icon = \"truck\" }, { path = \"/home\", label = \"首页\" }]\n\n[[groups]]\nlabel = \"配置\"\nentries = [\"CustomerPermissionGroup\"]\n";
    let told = set(
        client,
        json!([{ "system": "SALES", "definition": text, "expectedVersion": 0 }]),
        false,
    )
    .await
    .data();
    assert_eq!(told["setMenus"]["diagnostics"], json!([]), "{told:#}");
    let stored = menus(client).await;
    assert_eq!((&stored[0]["generated"], &stored[0]["definition"]), (&json!(false), &json!(text)));
    assert_eq!(stored[0]["version"], told["setMenus"]["version"]);
    assert_eq!(stored[1]["generated"], true, "the others stay");
    let li = menus_of(client, "li").await;
    let groups = json!([{ "label": "Often", "entries": [
        { "key": "Customer", "label": "Customer", "keys": ["hu", "kehu", "kh", "qh", "qiahu"], "icon": null, "object": "Customer", "path": null, "notice": null },
        { "key": "SalesOrder", "label": "Orders", "keys": ["dh", "dinghuo", "huo"], "icon": "truck", "object": "SalesOrder", "path": null, "notice": null },
        { "key": "/home", "label": "首页", "keys": ["shouye", "sy", "ye"], "icon": null, "object": null, "path": "/home", "notice": null }] }]);
    assert_eq!(li[0]["groups"], groups);
    // By groups instead of a text; a text is written of them.
    let given = json!([{ "system": "SALES", "groups": [{ "label": "a", "entries": [{ "object": "Contact" }, { "path": "/x", "label": "\"x\"" }] }] }]);
    set(client, given, false).await.data();
    let stored = menus(client).await;
    assert_eq!(
        entries(&stored, "SALES").unwrap(),
        [("Contact".to_owned(), false), ("/x".to_owned(), false)]
    );
    let text = stored[0]["definition"].clone();
    set(client, json!([{ "system": "SALES", "definition": text }]), false).await.data();
    assert_eq!(menus(client).await[0], stored[0], "written as it was read");
    // Whoever knows an older one is told so, and all of the call stays undone.
    let stale = json!([{ "system": "SERVICE", "groups": [] }, { "system": "SALES", "groups": [], "expectedVersion": 1 }]);
    let refused = set(client, stale, false).await;
    assert_eq!(refused.codes(), ["CATALOG_CONFLICT"]);
    assert_eq!(menus(client).await, stored);
    // Neither text nor groups: generated again.
    set(client, json!([{ "system": "SALES" }]), false).await.data();
    assert_eq!(menus(client).await[0]["generated"], true);
}

async fn faulty_menus_are_refused_with_places(client: &Client) {
    client.apply(LOAN, false).await;
    let before = menus(client).await;
    let text = "system = \"SALES\"\n[[groups]]\nlabel = \"x\"\nentries = [\n  \"Custmer\",\n  \"Loan\", \"SalesOrderLine\",\n  { path = \"http://x\", label = \"x\" },\n  { path = \"/x\" },\n  {},\n  \"Lead\", \"Lead\",\n]\n";
    for dry in [true, false] {
        let told = set(client, json!([{ "system": "SALES", "definition": text }]), dry)
            .await
            .data()["setMenus"]
            .clone();
        let faults = told["diagnostics"].as_array().unwrap();
        let places: Vec<_> = faults
            .iter()
            .map(|fault| (fault["line"].as_i64().unwrap(), fault["column"].as_i64().unwrap()))
            .collect();
        assert_eq!(places, [(5, 3), (6, 3), (6, 11), (7, 3), (8, 3), (9, 3), (10, 11)], "{told:#}");
        assert!(faults[0]["hint"].as_str().unwrap().contains("`Customer`"));
        assert_eq!(told["version"], Value::Null);
    }
    let broken =
        set(client, json!([{ "system": "SALES", "definition": "system = " }]), false).await.data();
    assert_eq!(broken["setMenus"]["diagnostics"][0]["code"], "CATALOG_SYNTAX");
    for wrong in [
        json!([{ "system": "SALES", "definition": "system = \"SERVICE\"" }]),
        json!([{ "system": "SALES", "definition": "system = \"SALES\"", "groups": [] }]),
        json!([{ "system": "SALES" }, { "system": "SALES" }]),
    ] {
        assert_eq!(set(client, wrong.clone(), false).await.codes(), ["INPUT_VALUE"], "{wrong}");
    }
    assert_eq!(menus(client).await, before);
    let token = client.token("nobody").await;
    let refused = client.metadata_as(&token, SET, json!({ "m": [{ "system": "SALES" }] })).await;
    assert_eq!(refused.codes(), ["ACCESS_DENIED"]);
}

async fn menus_are_versions(client: &Client) {
    let catalog = client.company.catalog();
    let one = |object: &str| json!([{ "system": "SALES", "groups": [{ "label": "a", "entries": [{ "object": object }] }] }]);
    set(client, one("Customer"), false).await.data();
    set(client, one("Customer"), false).await.data();
    set(client, one("Contact"), false).await.data();
    set(client, json!([{ "system": "SALES" }]), false).await.data();
    let versions = "{ versions(first: 3) { nodes { changes { kind object field risk } } } }";
    let versions = client.metadata(versions, json!({})).await["versions"]["nodes"].clone();
    let kinds: Vec<_> =
        versions.as_array().unwrap().iter().map(|version| version["changes"].clone()).collect();
    let change =
        |kind: &str| json!([{ "kind": kind, "object": "SALES", "field": null, "risk": "SAFE" }]);
    assert_eq!(kinds, [change("REMOVE_MENU"), change("UPDATE_MENU"), change("ADD_MENU")]);
    assert!(std::sync::Arc::ptr_eq(&catalog, &client.company.catalog()), "no catalog was made");
    let trail = client
        .metadata("{ auditTrail(kind: DEFINITION, first: 1) { nodes { detail } } }", json!({}))
        .await;
    assert_eq!(trail["auditTrail"]["nodes"][0]["detail"]["setMenus"], json!({ "SALES": null }));
}
