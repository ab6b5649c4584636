//! What happened about a record: who sees which of it, in which order, page by page.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office},
};

both_dbs! {
    timelines_tell_the_latest_first
    timelines_go_on_behind_cursors
    timelines_tell_what_their_reader_sees
}

/// A timeline by its arguments; its entries in short.
async fn timeline(client: &Client, token: &str, arguments: &str) -> Value {
    let query = format!("{{ timeline({arguments}) {{
        nodes {{ id kind at object label text detail action version operatorName changes {{ field old new newText }} }}
        edges {{ cursor node {{ id }} }}
        pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}");
    client.ask_as(token, &query).await.data()["timeline"].clone()
}

fn brief(timeline: &Value) -> Vec<String> {
    let nodes = timeline["nodes"].as_array().unwrap_or_else(|| panic!("{timeline:#}"));
    let one = |node: &Value| {
        let fields = node["changes"].as_array().map(|changes| {
            let names = changes.iter().filter_map(|change| change["field"].as_str());
            names.collect::<Vec<_>>().join(",")
        });
        let object = node["object"].as_str().unwrap();
        let action = node["action"].as_str();
        let what = if action == Some("UPDATE") { fields } else { action.map(str::to_owned) };
        format!("{} {}", node["kind"].as_str().unwrap(), what.as_deref().unwrap_or(object))
    };
    nodes.iter().map(one).collect()
}

/// An opportunity of li's customer with a quote, an activity and changes, each a minute after the other.
async fn history(client: &Client, office: &mut Office<'_>) -> String {
    let customer = json!({ "id": office.id("CL") });
    let (department, owner) =
        (json!({ "id": office.id("TJ-TL") }), json!({ "id": office.id("li") }));
    let minute = || client.world.advance(Duration::from_mins(1));
    minute();
    client.update("Customer", &office.id("CL"), json!({ "phone": "022-1" })).await;
    minute();
    let activity = json!({ "subject": "电话", "customer": customer, "department": department, "employee": owner });
    office.make("second activity", "Activity", activity).await;
    minute();
    let request = json!({ "subject": "漏水", "customer": customer });
    office.make("request", "ServiceRequest", request).await;
    minute();
    client
        .update("Customer", &office.id("CL"), json!({ "lifecycle": "ACTIVE", "phone": "022-2" }))
        .await;
    format!("object: \"Customer\", id: \"{}\"", office.id("CL"))
}

async fn timelines_tell_the_latest_first(client: &Client) {
    let mut office = Office::open(client).await;
    let of = history(client, &mut office).await;
    let admin = client.token("admin").await;
    let told = timeline(client, &admin, &of).await;
    let all = brief(&told);
    assert_eq!(
        all[..4],
        ["STAGE lifecycle,phone", "SERVICE ServiceRequest", "ACTIVITY Activity", "CHANGE phone"]
    );
    assert_eq!(all.last().unwrap(), "STAGE CREATE");
    assert!(all.contains(&"DOCUMENT SalesOrder".to_owned()), "{all:?}");
    let service = &told["nodes"][1];
    assert_eq!((&service["id"], &service["text"]), (&json!(office.id("request")), &json!("漏水")));
    assert_eq!((&service["label"], &service["changes"]), (&json!("Service request"), &Value::Null));
    let stage = &told["nodes"][0];
    assert_eq!((&stage["version"], &stage["operatorName"]), (&json!(3), &json!("Admin")));
    assert!(stage["changes"].to_string().contains("ACTIVE"), "{stage:#}");
    for (kinds, expected) in [
        ("[ACTIVITY]", vec!["ACTIVITY Activity", "ACTIVITY Activity"]),
        ("[STAGE]", vec!["STAGE lifecycle", "STAGE CREATE"]),
        ("[SERVICE]", vec!["SERVICE ServiceRequest"]),
        ("[MESSAGE]", vec![]),
        ("[CHANGE]", vec!["CHANGE lifecycle,phone", "CHANGE phone", "CHANGE CREATE"]),
        ("[]", vec![]),
    ] {
        let told = timeline(client, &admin, &format!("{of}, kinds: {kinds}")).await;
        assert_eq!(brief(&told), expected, "{kinds}");
    }
    // Objects of one's own are there as any other.
    client.apply("type Loan @object(kind: DOCUMENT, label: \"借\", plural: \"loans\", number: \"L{seq:3}\") { customer: Customer @relation(inverse: \"loans\") } type Call @object(kind: MASTER, label: \"叫\", plural: \"calls\", timeline: ACTIVITY) { name: String customer: Customer @relation(inverse: \"calls\") }", false).await;
    client.world.advance(Duration::from_mins(1));
    let customer = json!({ "id": office.id("CL") });
    client.create("Loan", json!({ "customer": customer })).await;
    client.world.advance(Duration::from_mins(1));
    client.create("Call", json!({ "name": "x", "customer": customer })).await;
    let told = timeline(client, &admin, &format!("{of}, first: 2")).await;
    assert_eq!(brief(&told), ["ACTIVITY Call", "DOCUMENT Loan"]);
    let unknown = client
        .ask(&format!("{{ timeline({of}, kinds: [APPROVAL]) {{ nodes {{ id }} }} }}"), json!({}))
        .await;
    assert_eq!(unknown.codes(), ["INPUT_INVALID"]);
}

async fn timelines_go_on_behind_cursors(client: &Client) {
    let mut office = Office::open(client).await;
    let of = history(client, &mut office).await;
    let admin = client.token("admin").await;
    let customer = json!({ "id": office.id("CL") });
    // Many at the same instant.
    for at in 0..5 {
        let department = json!({ "id": office.id("TJ-TL") });
        client
            .create("SalesOrder", json!({ "customer": customer, "department": department, "owner": { "id": office.id("li") } }))
            .await;
        client.update("Customer", &office.id("CL"), json!({ "phone": format!("022-5{at}") })).await;
    }
    let whole = timeline(client, &admin, &of).await;
    let ids = |page: &Value| -> Vec<Value> {
        page["nodes"].as_array().unwrap().iter().map(|node| node["id"].clone()).collect()
    };
    let whole_ids = ids(&whole);
    assert!(whole_ids.len() > 14, "{:?}", brief(&whole));
    assert_eq!(whole["pageInfo"]["hasNextPage"], false);
    for size in [1, 2, 3, 7] {
        let (mut read, mut after) = (Vec::new(), String::new());
        loop {
            let page = timeline(client, &admin, &format!("{of}, first: {size}{after}")).await;
            assert_eq!(page["pageInfo"]["hasPreviousPage"], !after.is_empty());
            let edges = page["edges"].as_array().unwrap();
            let nodes = edges.iter().map(|edge| edge["node"]["id"].clone());
            assert_eq!(nodes.collect::<Vec<_>>(), ids(&page));
            assert_eq!(edges.last().unwrap()["cursor"], page["pageInfo"]["endCursor"]);
            read.extend(ids(&page));
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
            after = format!(", after: {}", page["pageInfo"]["endCursor"]);
        }
        assert_eq!(read, whole_ids, "by {size}");
    }
    // A cursor is one of its record's timeline.
    let end =
        timeline(client, &admin, &format!("{of}, first: 1")).await["pageInfo"]["endCursor"].clone();
    let other = format!(
        "{{ timeline(object: \"Customer\", id: \"{}\", first: 1, after: {end}) {{ nodes {{ id }} }} }}",
        office.id("CZ")
    );
    assert_eq!(client.ask(&other, json!({})).await.codes(), ["INPUT_CURSOR"]);
}

async fn timelines_tell_what_their_reader_sees(client: &Client) {
    let mut office = Office::open(client).await;
    let of = history(client, &mut office).await;
    // Nothing of a record that is not there for them, by any way.
    let zhang = office.tokens["zhang"].clone();
    assert_eq!(timeline(client, &zhang, &of).await, Value::Null);
    let missing = "object: \"Customer\", id: \"00000000-0000-0000-0000-000000000000\"";
    assert_eq!(timeline(client, &zhang, missing).await, Value::Null);
    assert_eq!(timeline(client, &zhang, &of.replace("Customer", "Nothing")).await, Value::Null);
    let li = office.tokens["li"].clone();
    let told = brief(&timeline(client, &li, &of).await);
    assert!(told.contains(&"ACTIVITY Activity".to_owned()), "{told:?}");
    // Without the objects and fields, as if they were not.
    let role = "code = \"few\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Customer\", \"Activity\"]\nactions = [\"read\"]\nopen = true\n[[fields]]\nobject = \"Customer\"\nhidden = [\"phone\", \"lifecycle\"]\n";
    client
        .metadata(
            "mutation($d: String!) { saveRole(definition: $d) { code } }",
            json!({ "d": role }),
        )
        .await;
    office.give("su", &["few"], &[]).await;
    let su = office.tokens["su"].clone();
    let seen = timeline(client, &su, &of).await;
    assert_eq!(
        brief(&seen),
        ["ACTIVITY Activity", "ACTIVITY Activity", "CHANGE CREATE"],
        "{seen:#}"
    );
    let text = seen.to_string();
    assert!(
        !text.contains("022-1") && !text.contains("022-2") && !text.contains("lifecycle"),
        "{seen:#}"
    );
    // Whether pages go on is told of what they see alone.
    let page = timeline(client, &su, &format!("{of}, first: 3")).await;
    assert_eq!(page["pageInfo"]["hasNextPage"], false);
}
