//! Shared views in bundles of definitions: the same bytes elsewhere, changed and removed there, private ones left out.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    bundles::{
        applied, compared, differences, edit, empty_beside, exported, faults, paths, without,
    },
    saved_views::{saved, shared, views},
    schema_drafts::brief,
    support::{Client, office::Office},
};

both_dbs! {
    shared_views_go_to_another_company
    views_of_a_bundle_are_changed_and_removed
    faulty_views_are_refused_and_nothing_is_applied
    views_of_a_bundle_are_for_administrators
    a_view_over_a_retired_field_opens_without_it
}

const TEAM: &str = "views/Customer.Team.toml";

/// Views of every kind of sharing, one of them a default, two of one name.
async fn share(client: &Client) -> Value {
    let admin = client.token("admin").await;
    saved(client, &admin, shared("Mine", "PRIVATE", &[])).await;
    let question = json!({
        "filter": { "level": { "in": ["A", "B"] }, "city": { "isNull": false } }, "search": "天津",
        "orderBy": [{ "code": "DESC" }], "columns": ["code", { "field": "owner.name", "width": 120 }],
    });
    let mut all = shared("重点/客户", "ALL", &[]);
    all["question"] = question;
    all["face"] = json!("BOARD");
    saved(client, &admin, all).await;
    let team = shared("Team", "ROLES", &["salesperson", "director"]);
    let id = saved(client, &admin, team.clone()).await;
    saved(client, &admin, team).await;
    let open = "mutation($id: ID!) { setDefaultView(role: \"director\", id: $id) { isDefault } }";
    client.metadata(open, json!({ "id": id })).await;
    exported(client).await
}

async fn shared_views_go_to_another_company(client: &Client) {
    let files = share(client).await;
    let here =
        ["bundle.toml", TEAM, "views/Customer.Team#2.toml", "views/Customer.重点%2F客户.toml"];
    assert_eq!(paths(&files), here);
    let other = empty_beside(client).await;
    let tried = applied(&other, &files, ", dryRun: true").await;
    assert_eq!((&tried["diagnostics"], brief(&tried).len()), (&json!([]), 3), "{tried:#}");
    assert_eq!(paths(&exported(&other).await), ["bundle.toml"], "a dry run leaves nothing");
    let told = applied(&other, &files, "").await;
    assert_eq!(told["diagnostics"], json!([]), "{told:#}");
    assert_eq!(
        brief(&told),
        ["ADD_VIEW Customer.Team", "ADD_VIEW Customer.Team", "ADD_VIEW Customer.重点/客户"]
    );
    assert_eq!(exported(&other).await, files);
    let admin = other.token("admin").await;
    let there = views(&other, &admin, "Customer").await;
    assert_eq!(there.len(), 3, "the private one is nobody else's");
    assert!(there.iter().all(|view| view["mine"] == true), "{there:#?}");
    let again = applied(&other, &files, "").await;
    assert_eq!((&again["diagnostics"], differences(&again)), (&json!([]), vec![]));
}

async fn views_of_a_bundle_are_changed_and_removed(client: &Client) {
    let mut files = share(client).await;
    let admin = client.token("admin").await;
    let find = async |name: &str| -> Vec<Value> {
        let all = views(client, &admin, "Customer").await;
        all.into_iter().filter(|view| view["name"] == name && view["share"] != "PRIVATE").collect()
    };
    let before = find("Team").await;
    edit(&mut files, TEAM, "face = \"LIST\"", "face = \"CALENDAR\"");
    edit(&mut files, TEAM, "roles = [\"director\", \"salesperson\"]", "roles = [\"director\"]");
    let told = applied(client, &files, "").await;
    assert_eq!(told["diagnostics"], json!([]), "{told:#}");
    assert_eq!(brief(&told), ["UPDATE_VIEW Customer.Team"]);
    let after = find("Team").await;
    let changed = after.iter().find(|view| view["face"] == "CALENDAR").unwrap();
    let was = before.iter().find(|view| view["id"] == changed["id"]).unwrap();
    assert_eq!(
        (&changed["roles"], &was["version"], &changed["version"]),
        (&json!(["director"]), &json!(1), &json!(2))
    );
    // Somebody changes it here, and the folder is edited on.
    let mut files = exported(client).await;
    let save = "mutation($id: ID!, $i: SavedViewInput!) { saveView(id: $id, input: $i) { userErrors { code } } }";
    client
        .metadata(
            save,
            json!({ "id": changed["id"], "i": shared("Team", "ROLES", &["director", "finance"]) }),
        )
        .await;
    edit(&mut files, TEAM, "CALENDAR", "CHART");
    let told = applied(client, &files, "").await;
    assert_eq!(faults(&told), [format!("CATALOG_CONFLICT {TEAM}:1")], "{told:#}");
    // Taken out of the folder that is known here, it is removed; what no bundle knows stays.
    let files = exported(client).await;
    saved(client, &admin, shared("New", "ALL", &[])).await;
    let less = without(&without(&files, TEAM), "views/Customer.Team#2.toml");
    let told = applied(client, &less, "").await;
    assert_eq!(
        brief(&told),
        ["REMOVE_VIEW Customer.Team", "REMOVE_VIEW Customer.Team"],
        "{told:#}"
    );
    assert_eq!((find("Team").await.len(), find("New").await.len()), (0, 1));
    assert_eq!(differences(&compared(client, &exported(client).await).await), [""; 0]);
}

async fn faulty_views_are_refused_and_nothing_is_applied(client: &Client) {
    let files = share(client).await;
    let other = empty_beside(client).await;
    for (from, to, code) in [
        ("object = \"Customer\"", "object = \"Custom\"", "INPUT_VALUE"),
        ("name = \"Team\"", "name = \"Teams\"", "INPUT_VALUE"),
        ("\"salesperson\"", "\"nobody\"", "INPUT_VALUE"),
        ("defaults = [\"director\"]", "defaults = [\"finance\"]", "INPUT_VALUE"),
        ("'''\n{}\n'''", "'{ \"where\": 1 }'", "INPUT_VALUE"),
        ("'''\n{}\n'''", "'['", "CATALOG_SYNTAX"),
        ("face = \"LIST\"", "face = \"MAP\"", "CATALOG_SYNTAX"),
        ("face = \"LIST\"", "colour = \"LIST\"", "CATALOG_SYNTAX"),
    ] {
        let mut wrong = files.clone();
        edit(&mut wrong, TEAM, from, to);
        let told = applied(&other, &wrong, "").await;
        let all = faults(&told);
        assert!(
            all.iter().all(|fault| fault.starts_with(&format!("{code} {TEAM}"))),
            "{to}: {told:#}"
        );
        assert!(!all.is_empty(), "{to}");
    }
    assert_eq!(paths(&exported(&other).await), ["bundle.toml"]);
}

async fn views_of_a_bundle_are_for_administrators(client: &Client) {
    let office = Office::open(client).await;
    let files = share(client).await;
    office.give("new", &["designer"], &[]).await;
    let token = &office.tokens["new"];
    let export = "{ exportSchema { path text } }";
    let own = client.metadata_as(token, export, json!({})).await.data()["exportSchema"].clone();
    assert!(paths(&own).iter().all(|path| !path.starts_with("views/")), "{own:#}");
    let apply = "mutation($files: [BundleFileInput!]!) { applyBundle(files: $files, allowUnsigned: true) { diagnostics { code path line } } }";
    let told = client.metadata_as(token, apply, json!({ "files": files })).await.data();
    assert_eq!(
        faults(&told["applyBundle"])[0],
        "ACCESS_DENIED views/Customer.Team.toml:1",
        "{told:#}"
    );
    let told = client.metadata_as(token, apply, json!({ "files": own })).await.data();
    assert_eq!(told["applyBundle"]["diagnostics"], json!([]));
    assert_eq!(paths(&exported(client).await), paths(&files), "nothing was taken away");
}

async fn a_view_over_a_retired_field_opens_without_it(client: &Client) {
    let visits =
        "type Visit @object(kind: MASTER, plural: \"visits\") { code: String! topic: String }";
    assert_eq!(client.apply(visits, false).await["diagnostics"], json!([]));
    let admin = client.token("admin").await;
    let question = json!({ "filter": { "topic": { "eq": "x" }, "code": { "eq": "y" } }, "columns": ["code", "topic"] });
    let view = json!({ "object": "Visit", "name": "Topics", "share": "ALL", "question": question });
    saved(client, &admin, view).await;
    let files = exported(client).await;
    let mut less = files.clone();
    edit(&mut less, "objects/Visit.graphql", "topic: String", "");
    let told = applied(client, &less, ", allowRetire: [\"Visit.topic\"]").await;
    assert_eq!(told["diagnostics"], json!([]), "{told:#}");
    let shown = views(client, &admin, "Visit").await.pop().unwrap();
    assert_eq!(
        shown["question"],
        json!({ "filter": { "code": { "eq": "y" } }, "columns": ["code"] })
    );
    assert_eq!(shown["left"].as_array().unwrap().len(), 2, "{shown:#}");
    // It is exported and applied as it is, and whole again with the field.
    let told = applied(client, &exported(client).await, "").await;
    assert_eq!(told["diagnostics"], json!([]), "{told:#}");
    assert_eq!(applied(client, &files, "").await["diagnostics"], json!([]));
    let shown = views(client, &admin, "Visit").await.pop().unwrap();
    assert_eq!((&shown["question"], &shown["left"]), (&question, &json!([])));
}
