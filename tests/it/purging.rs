//! What is retired and removed for good: its table or column, its history, what the bin has of it; not while something
//! refers to it, and by administrators alone.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    schema_drafts::{Definer, VISITS, brief},
    support::{Client, office::Office},
};

both_dbs! {
    what_is_purged_is_gone
    purging_is_for_administrators
}

const PURGE: &str = "mutation($object: String!, $field: String, $confirm: String!) {
    purgeRetired(object: $object, field: $field, confirm: $confirm) }";

const ROOMS: &str = r#"
type Room @object(kind: MASTER, label: "房间", plural: "rooms") {
  name: String! @field(label: "名称")
  customer: Customer @field(label: "客户")
  first: Visit @field(label: "首次")
  visits: [Visit!] @field(label: "拜访")
  chairs: [Chair!]! @lines
}
type Chair @object(kind: LINE, label: "椅子") { colour: String! @field(label: "颜色") size: Int }
"#;

async fn purge(admin: &Definer<'_>, object: &str, field: Option<&str>) {
    let name = [Some(object), field].into_iter().flatten().collect::<Vec<_>>().join(".");
    let asked = json!({ "object": object, "field": field, "confirm": name });
    assert_eq!(admin.ask(PURGE, asked).await["purgeRetired"], true);
}

async fn refused(
    admin: &Definer<'_>,
    object: &str,
    field: Option<&str>,
    confirm: &str,
) -> Vec<String> {
    admin.codes(PURGE, json!({ "object": object, "field": field, "confirm": confirm })).await
}

async fn retired(admin: &Definer<'_>) -> Vec<String> {
    let told = admin.ask("{ retired { object field stoodIn } }", json!({})).await;
    let all = told["retired"].as_array().unwrap().iter();
    all.map(|one| {
        format!("{}.{}", one["object"].as_str().unwrap(), one["field"].as_str().unwrap_or_default())
    })
    .collect()
}

async fn what_is_purged_is_gone(client: &Client) {
    let admin = Definer::new(client, "admin").await;
    let department = client.department("TJ").await;
    let customer = client.customer(&department, "C1", json!({})).await;
    let whole = format!("{VISITS}{ROOMS}");
    admin.replace(&whole).await;
    let visit = client.create("Visit", json!({ "topic": "涂料", "minutes": 30 })).await;
    client.update("Visit", &visit, json!({ "minutes": 40, "code": "A" })).await;
    let gone = client.create("Visit", json!({ "topic": "旧", "minutes": 5 })).await;
    let delete = format!("mutation {{ deleteVisit(id: \"{gone}\") {{ userErrors {{ code }} }} }}");
    client.data(&delete).await;
    let input = json!({ "name": "一", "customer": { "id": customer }, "first": { "id": visit },
        "visits": { "set": [visit] }, "chairs": { "create": [{ "colour": "红", "size": 7 }] } });
    let room = client.create("Room", input).await;

    // What is there cannot be purged, and nothing without its name.
    assert_eq!(refused(&admin, "Visit", Some("minutes"), "Visit.minutes").await, ["INPUT_VALUE"]);
    let less = whole
        .replace("\n  # How long, in minutes.\n  minutes: Int @field(label: \"分钟\")", "")
        .replace("\n  customer: Customer @field(label: \"客户\")", "")
        .replace("\n  visits: [Visit!] @field(label: \"拜访\")", "")
        .replace(" size: Int", "");
    admin.replace(&less).await;
    assert_eq!(refused(&admin, "Visit", Some("minutes"), "minutes").await, ["INPUT_VALUE"]);
    assert_eq!(
        retired(&admin).await,
        ["Chair.size", "Room.customer", "Room.visits", "Visit.minutes"]
    );
    for (object, field) in
        [("Visit", "minutes"), ("Room", "customer"), ("Room", "visits"), ("Chair", "size")]
    {
        purge(&admin, object, Some(field)).await;
    }
    assert_eq!(retired(&admin).await, [""; 0]);
    let trail = "{ auditTrail(kind: DEFINITION, first: 1) { nodes { account detail } } }";
    let trail = admin.ask(trail, json!({})).await["auditTrail"]["nodes"][0].clone();
    assert_eq!(trail["detail"]["purgeRetired"], "Chair.size", "{trail:#}");
    // Records are written and read as ever; what referred to the customer does no longer.
    client.update("Room", &room, json!({ "name": "二" })).await;
    let delete =
        format!("mutation {{ deleteCustomer(id: \"{customer}\") {{ userErrors {{ code }} }} }}");
    assert_eq!(client.data(&delete).await["deleteCustomer"]["userErrors"], json!([]));
    // Defined again, they are new and empty, in history and the bin as well.
    let told = admin.replace(&whole).await;
    for kind in [
        "ADD_FIELD Visit.minutes",
        "ADD_FIELD Room.customer",
        "ADD_FIELD Room.visits",
        "ADD_FIELD Chair.size",
    ] {
        assert!(brief(&told).contains(&kind.to_owned()), "{kind}: {told:#}");
    }
    let seen = format!(
        "{{ visit(id: \"{visit}\") {{ minutes code history {{ nodes {{ changes {{ field new }} }} }} }}
            room(id: \"{room}\") {{ customer {{ code }} first {{ topic }} visits {{ topic }} chairs {{ colour size }} history {{ nodes {{ changes {{ field new }} }} }} }} }}"
    );
    let seen = client.data(&seen).await;
    assert_eq!((&seen["visit"]["minutes"], &seen["visit"]["code"]), (&Value::Null, &json!("A")));
    assert_eq!(seen["room"]["chairs"], json!([{ "colour": "红", "size": null }]));
    assert_eq!(seen["room"]["visits"], json!([]));
    assert_eq!(seen["room"]["first"]["topic"], "涂料");
    let history = seen.to_string();
    for gone in ["\"minutes\",", "customer\",", "\"visits\",", "\"size\":{"] {
        assert!(!history.contains(gone), "{gone}: {seen:#}");
    }
    let restore = format!(
        "mutation {{ restoreVisit(id: \"{gone}\") {{ record {{ topic minutes }} userErrors {{ code }} }} }}"
    );
    let restored = client.data(&restore).await["restoreVisit"].clone();
    assert_eq!(restored["record"], json!({ "topic": "旧", "minutes": null }), "{restored:#}");

    // An object: not while something that is kept refers to it, and with its lines.
    client.update("Room", &room, json!({ "visits": { "set": [visit] } })).await;
    admin.replace("").await;
    assert_eq!(refused(&admin, "Visit", None, "Visit").await, ["RECORD_IN_USE"]);
    purge(&admin, "Room", None).await;
    purge(&admin, "Visit", None).await;
    assert_eq!(retired(&admin).await, [""; 0]);
    let told = admin.replace(&whole).await;
    assert_eq!(brief(&told), ["ADD_OBJECT Visit.", "ADD_OBJECT Room.", "ADD_OBJECT Chair."]);
    let counted = client.data("{ visits { totalCount } rooms { totalCount } }").await;
    assert_eq!(
        (&counted["visits"]["totalCount"], &counted["rooms"]["totalCount"]),
        (&json!(0), &json!(0))
    );
    let room = client
        .create("Room", json!({ "name": "三", "chairs": { "create": [{ "colour": "蓝" }] } }))
        .await;
    client.update("Room", &room, json!({ "name": "四" })).await;
    // The next start finds all as it should be.
    let opened = client.reopened().await.unwrap();
    assert_eq!(opened.company.catalog().version, told["version"].as_i64().unwrap());
}

async fn purging_is_for_administrators(client: &Client) {
    let office = Office::open(client).await;
    office.give("new", &["designer"], &[]).await;
    let designer = Definer { client, token: client.token("new").await };
    designer.replace(VISITS).await;
    designer.replace("").await;
    assert_eq!(retired(&designer).await, ["Visit."]);
    assert_eq!(refused(&designer, "Visit", None, "Visit").await, ["ACCESS_DENIED"]);
    let zhang = Definer { client, token: office.tokens["zhang"].clone() };
    assert_eq!(refused(&zhang, "Visit", None, "Visit").await, ["ACCESS_DENIED"]);
    assert_eq!(zhang.codes("{ retired { object } }", json!({})).await, ["ACCESS_DENIED"]);
    let admin = Definer::new(client, "admin").await;
    purge(&admin, "Visit", None).await;
    assert_eq!(refused(&admin, "Visit", None, "Visit").await, ["INPUT_VALUE"]);
}
