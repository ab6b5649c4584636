//! Saved views that someone keeps for themselves: read back, in conflict, private, checked, bounded.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Answer, Client, office::Office},
};

both_dbs! {
    views_are_kept_and_read_back
    two_tabs_in_conflict
    a_private_view_of_others_is_not_there
    what_a_view_asks_for_is_checked
    views_are_bounded
}

const SAVE: &str = "mutation($id: ID, $input: SavedViewInput!, $version: Int) {
    saveView(id: $id, input: $input, expectedVersion: $version) {
        view { id object name face question left share roles pinned isDefault version mayEdit mine owner { name } }
        userErrors { code path message hint } } }";

const VIEWS: &str = "query($object: String!) { views(object: $object) {
    id name face question left share roles pinned isDefault version mayEdit mine owner { id name } } }";

pub(crate) async fn save(client: &Client, token: &str, id: Option<&Value>, input: Value) -> Answer {
    client.metadata_as(token, SAVE, json!({ "id": id, "input": input })).await
}

/// A view that must be saved; its id.
pub(crate) async fn saved(client: &Client, token: &str, input: Value) -> Value {
    let payload = save(client, token, None, input).await.data()["saveView"].clone();
    assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
    payload["view"]["id"].clone()
}

pub(crate) async fn views(client: &Client, token: &str, object: &str) -> Vec<Value> {
    let told = client.metadata_as(token, VIEWS, json!({ "object": object })).await.data();
    told["views"].as_array().unwrap().clone()
}

pub(crate) async fn names(client: &Client, token: &str) -> Vec<String> {
    let all = views(client, token, "Customer").await;
    all.iter().map(|view| view["name"].as_str().unwrap().to_owned()).collect()
}

pub(crate) fn plain(name: &str) -> Value {
    json!({ "object": "Customer", "name": name, "question": {} })
}

pub(crate) fn shared(name: &str, share: &str, roles: &[&str]) -> Value {
    json!({ "object": "Customer", "name": name, "question": {}, "share": share, "roles": roles })
}

async fn views_are_kept_and_read_back(client: &Client) {
    let office = Office::open(client).await;
    let zhang = &office.tokens["zhang"];
    let question = json!({
        "filter": { "level": { "in": ["A", "B"] }, "owner": { "name": { "eq": "zhang" } } },
        "search": "天津", "orderBy": [{ "code": "DESC" }], "groupBy": [{ "level": true }],
        "columns": ["code", { "field": "owner.name", "width": 120 }],
    });
    let input = json!({ "object": "Customer", "name": "  重点 客户 ", "face": "BOARD", "question": question });
    let id = saved(client, zhang, input).await;
    let mut expected = json!({
        "id": id, "name": "重点 客户", "face": "BOARD", "question": question, "left": [], "share": "PRIVATE",
        "roles": [], "pinned": false, "isDefault": false, "version": 1, "mayEdit": true, "mine": true,
    });
    let all = views(client, zhang, "Customer").await;
    let mut view = all[0].clone();
    assert_eq!(view.as_object_mut().unwrap().remove("owner").unwrap()["name"], "zhang");
    assert_eq!((&view, all.len()), (&expected, 1));
    // What it asks for is what `/graphql` takes.
    let list = "query($filter: CustomerFilter, $orderBy: [CustomerOrder!]) { customers(filter: $filter, orderBy: $orderBy) { totalCount } }";
    let asked = client.poster_of("zhang").await.ask(list, view["question"].clone()).await;
    assert!(asked.data()["customers"]["totalCount"].is_number());
    // Saved again: what is the same is no change.
    let again =
        json!({ "object": "Customer", "name": "重点 客户", "face": "BOARD", "question": question });
    let payload = save(client, zhang, Some(&id), again).await.data();
    assert_eq!(payload["saveView"]["view"]["version"], 1);
    let other = json!({ "object": "Customer", "name": "其他", "question": { "search": "x", "filter": null } });
    let payload = save(client, zhang, Some(&id), other).await.data()["saveView"].clone();
    assert_eq!(payload["view"]["version"], 2);
    expected["question"] = json!({ "search": "x" });
    assert_eq!(payload["view"]["question"], expected["question"]);
    assert_eq!(payload["view"]["face"], "LIST");
    // Pinned by its reader, and removed.
    let pin = "mutation($id: ID!, $pinned: Boolean!) { pinView(id: $id, pinned: $pinned) { pinned version } }";
    for pinned in [true, true, false] {
        let told = client.metadata_as(zhang, pin, json!({ "id": id, "pinned": pinned })).await;
        assert_eq!(told.data()["pinView"], json!({ "pinned": pinned, "version": 2 }));
    }
    let delete = "mutation($id: ID!) { deleteView(id: $id) }";
    let told = client.metadata_as(zhang, delete, json!({ "id": id })).await;
    assert_eq!(told.data()["deleteView"], true);
    let told = client.metadata_as(zhang, delete, json!({ "id": id })).await;
    assert_eq!(told.codes(), ["RECORD_NOT_FOUND"]);
    assert!(views(client, zhang, "Customer").await.is_empty());
}

async fn two_tabs_in_conflict(client: &Client) {
    let office = Office::open(client).await;
    let zhang = &office.tokens["zhang"];
    let id = saved(client, zhang, plain("one")).await;
    let tab = |name: &str| json!({ "id": id, "input": plain(name), "version": 1 });
    let first = client.metadata_as(zhang, SAVE, tab("first")).await.data();
    assert_eq!(first["saveView"]["view"]["version"], 2);
    let second = client.metadata_as(zhang, SAVE, tab("second")).await.data()["saveView"].clone();
    assert_eq!(second["view"], Value::Null);
    assert_eq!(second["userErrors"][0]["code"], "RECORD_VERSION");
    assert_eq!(second["userErrors"][0]["path"], json!(["expectedVersion"]));
    assert_eq!(names(client, zhang).await, ["first"]);
    // At the same moment: one of them is told.
    let posters = [client.poster_of("zhang").await, client.poster_of("zhang").await];
    let body = |name: &str| {
        let variables = json!({ "id": id, "input": plain(name), "version": 2 });
        json!({ "query": SAVE, "variables": variables })
    };
    let (one, other) = tokio::join!(
        posters[0].post("/metadata", body("left")),
        posters[1].post("/metadata", body("right"))
    );
    let refused = [one, other].into_iter().filter(|answer| {
        answer.body["data"]["saveView"]["userErrors"][0]["code"] == "RECORD_VERSION"
    });
    assert_eq!(refused.count(), 1);
}

/// All that can be asked of one view, by its id.
async fn told_of(client: &Client, token: &str, id: &str) -> Vec<String> {
    let mut told = Vec::new();
    for query in [
        format!("mutation {{ deleteView(id: \"{id}\") }}"),
        format!("mutation {{ pinView(id: \"{id}\", pinned: true) {{ name }} }}"),
        format!(
            "mutation {{ setDefaultView(role: \"department_manager\", id: \"{id}\") {{ name }} }}"
        ),
        format!(
            "mutation {{ saveView(id: \"{id}\", input: {{object: \"Customer\", name: \"x\", question: {{}}}}) {{ view {{ id }} userErrors {{ code path message }} }} }}"
        ),
    ] {
        let answer = client.metadata_as(token, &query, json!({})).await;
        assert!(answer.body.to_string().contains("RECORD_NOT_FOUND"), "{query}: {}", answer.body);
        told.push(answer.body.to_string().replace(id, "…"));
    }
    told
}

async fn a_private_view_of_others_is_not_there(client: &Client) {
    let office = Office::open(client).await;
    let id = saved(client, &office.tokens["zhang"], plain("secret")).await;
    let unknown = "01900000-0000-7000-8000-000000000000";
    let admin = client.token("admin").await;
    for token in [&office.tokens["wang"], &admin] {
        assert!(views(client, token, "Customer").await.is_empty());
        let own = told_of(client, token, id.as_str().unwrap()).await;
        assert_eq!(own, told_of(client, token, unknown).await);
    }
    assert_eq!(names(client, &office.tokens["zhang"]).await, ["secret"]);
}

async fn what_a_view_asks_for_is_checked(client: &Client) {
    let office = Office::open(client).await;
    for (question, paths) in [
        (json!([]), json!([["input", "question"]])),
        (json!({ "where": {} }), json!([["input", "question", "where"]])),
        (
            json!({ "filter": { "xevel": { "eq": "A" }, "or": [{ "level": { "eq": "Z" } }] } }),
            json!([
                ["input", "question", "filter", "or", "0", "level", "eq"],
                ["input", "question", "filter", "xevel"]
            ]),
        ),
        (
            json!({ "orderBy": [{ "code": "UP" }] }),
            json!([["input", "question", "orderBy", "0", "code"]]),
        ),
        (
            json!({ "groupBy": [{ "xode": true }] }),
            json!([["input", "question", "groupBy", "0", "xode"]]),
        ),
        (json!({ "search": 5 }), json!([["input", "question", "search"]])),
        (json!({ "columns": "code" }), json!([["input", "question", "columns"]])),
        (
            json!({ "columns": ["code", "xode", "owner.name.x", { "field": "code", "width": 0 }, "contacts.name"] }),
            json!([
                ["input", "question", "columns", "1"],
                ["input", "question", "columns", "2"],
                ["input", "question", "columns", "3"],
                ["input", "question", "columns", "4"]
            ]),
        ),
    ] {
        let input = json!({ "object": "Customer", "name": "", "question": question });
        let payload =
            save(client, &office.tokens["zhang"], None, input).await.data()["saveView"].clone();
        let mut told: Vec<_> = payload["userErrors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|fault| fault["path"].clone())
            .collect();
        // With all else that is wrong.
        assert_eq!(told.remove(0), json!(["input", "name"]), "{payload:#}");
        told.sort_by_key(Value::to_string);
        assert_eq!(Value::from(told), paths, "{payload:#}");
    }
    for object in ["Xustomer", "SalesOrderLine"] {
        let input = json!({ "object": object, "name": "x", "question": {} });
        let payload = save(client, &office.tokens["zhang"], None, input).await.data();
        assert_eq!(payload["saveView"]["userErrors"][0]["path"], json!(["input", "object"]));
    }
    let id = saved(client, &office.tokens["zhang"], plain("x")).await;
    let moved = json!({ "object": "Contact", "name": "x", "question": {} });
    let payload = save(client, &office.tokens["zhang"], Some(&id), moved).await.data();
    assert_eq!(payload["saveView"]["userErrors"][0]["path"], json!(["input", "object"]));
}

async fn views_are_bounded(client: &Client) {
    let office = Office::open(client).await;
    let zhang = &office.tokens["zhang"];
    let long = "长".repeat(81);
    let large = json!({ "filter": { "name": { "in": vec!["x".repeat(100); 200] } } });
    for (name, question, code, path) in [
        (long.as_str(), json!({}), "RECORD_VALUE", "name"),
        (" ", json!({}), "RECORD_REQUIRED", "name"),
        ("x", large, "LIMIT_TEXT", "question"),
    ] {
        let input = json!({ "object": "Customer", "name": name, "question": question });
        let payload = save(client, zhang, None, input).await.data()["saveView"].clone();
        let told = &payload["userErrors"][0];
        assert_eq!(
            (&told["code"], &told["path"]),
            (&json!(code), &json!(["input", path])),
            "{payload}"
        );
    }
    let two_hundred: Vec<_> = (0..200).collect();
    for few in two_hundred.chunks(10) {
        let calls = few.iter().map(|at| {
            format!("a{at}: saveView(input: {{object: \"Customer\", name: \"{at}\", question: {{}}}}) {{ userErrors {{ code }} }}")
        });
        let query = format!("mutation {{ {} }}", calls.collect::<Vec<_>>().join("\n"));
        let told = client.metadata_as(zhang, &query, json!({})).await.data();
        assert!(!told.to_string().contains("code"), "{told}");
    }
    let payload = save(client, zhang, None, plain("one more")).await.data();
    assert_eq!(payload["saveView"]["userErrors"][0]["code"], "LIMIT_RECORDS");
    assert_eq!(names(client, zhang).await.len(), 200);
}
