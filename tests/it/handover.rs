//! Records given another owner: tried first, all or none, and never out of the caller's own reach.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office},
};

both_dbs! {
    records_are_handed_over
    all_or_none_is_handed_over
}

const PAYLOAD: &str = "count nodes { code owner { code } } userErrors { code path hint }";

async fn hand(office: &Office<'_>, who: &str, arguments: String) -> Value {
    let query = format!("mutation {{ reassignCustomers({arguments}) {{ {PAYLOAD} }} }}");
    office.ask(who, &query).await
}

async fn records_are_handed_over(client: &Client) {
    let office = Office::open(client).await;
    let li = office.id("li");
    let of_zhang = "filter: {owner: {code: {eq: \"zhang\"}}}";
    let tried =
        hand(&office, "wang", format!("{of_zhang}, to: \"{li}\", atMost: 10, dryRun: true")).await;
    let before = json!([{ "code": "CZ", "owner": { "code": "zhang" } }]);
    assert_eq!(
        tried["data"]["reassignCustomers"],
        json!({ "count": 1, "nodes": before, "userErrors": [] }),
        "{tried}"
    );
    let version = "{ customer(code: \"CZ\") { version } }";
    assert_eq!(client.data(version).await["customer"]["version"], 1);
    let done =
        hand(&office, "wang", format!("{of_zhang}, to: \"{li}\", atMost: 10, keepFormer: true"));
    assert_eq!(
        done.await["data"]["reassignCustomers"]["nodes"],
        json!([{ "code": "CZ", "owner": { "code": "li" } }])
    );
    let rows = "{ customer(code: \"CZ\") { version relatedEmployees { employee { code } isResponsible source } } }";
    let kept = client.data(rows).await["customer"].clone();
    let mut listed = kept["relatedEmployees"].as_array().unwrap().clone();
    listed.sort_by_key(ToString::to_string);
    assert_eq!(
        listed,
        [
            json!({ "employee": { "code": "li" }, "isResponsible": true, "source": "OWNER" }),
            json!({ "employee": { "code": "zhang" }, "isResponsible": false, "source": "MANUAL" }),
        ]
    );
    assert!(office.sees("li", "customers", "CZ").await);
    assert!(!office.sees("zhang", "customers", "CZ").await, "related is not responsible");
    // Back again: who is there already is not written down twice.
    let back = format!(
        "filter: {{code: {{eq: \"CZ\"}}}}, to: \"{}\", atMost: 1, keepFormer: true",
        office.id("zhang")
    );
    hand(&office, "wang", back).await;
    let again =
        format!("filter: {{code: {{eq: \"CZ\"}}}}, to: \"{li}\", atMost: 1, keepFormer: true");
    hand(&office, "wang", again).await;
    let kept = client.data(rows).await["customer"]["relatedEmployees"].clone();
    assert_eq!(kept.as_array().unwrap().len(), 3, "{kept}");
}

async fn all_or_none_is_handed_over(client: &Client) {
    let mut office = Office::open(client).await;
    let (li, wang) = (office.id("li"), office.id("wang"));
    // Nobody hands a record out of their own reach.
    let away =
        hand(&office, "zhang", format!("filter: {{}}, all: true, to: \"{li}\", atMost: 5")).await;
    assert_eq!(away["errors"][0]["extensions"]["code"], "ACCESS_DENIED", "{away}");
    // Only what the caller sees is touched: of all customers, the three of their department.
    let all =
        hand(&office, "wang", format!("filter: {{}}, all: true, to: \"{li}\", atMost: 3")).await;
    assert_eq!(all["data"]["reassignCustomers"]["count"], 3, "{all}");
    let few =
        hand(&office, "wang", format!("filter: {{}}, all: true, to: \"{wang}\", atMost: 2")).await;
    let fault = &few["data"]["reassignCustomers"]["userErrors"][0];
    assert_eq!((&fault["code"], &fault["path"]), (&json!("LIMIT_RECORDS"), &json!(["atMost"])));
    for (arguments, code) in [
        (
            format!("filter: {{}}, all: true, to: \"{}\", atMost: 5", office.id("CL")),
            "RECORD_REFERENCE",
        ),
        ("filter: {}, all: true, to: \"x\", atMost: 5".to_owned(), "RECORD_VALUE"),
        (format!("filter: {{}}, all: true, to: \"{li}\", atMost: 0"), "RECORD_VALUE"),
    ] {
        let refused = hand(&office, "wang", arguments).await;
        let payload = &refused["data"]["reassignCustomers"];
        assert_eq!(payload["userErrors"][0]["code"], code, "{refused}");
        assert_eq!(payload["count"], 0);
    }
    // A manager reads their team's activities and changes only their own: both together stay as they are.
    let own = json!({ "subject": "会议", "customer": { "id": office.id("CL") }, "department": { "id": office.id("TJ-TL") }, "employee": { "id": wang } });
    office.make("activity of wang", "Activity", own).await;
    let query = format!(
        "mutation {{ reassignActivities(filter: {{}}, all: true, to: \"{wang}\", atMost: 9) {{ count }} }}"
    );
    let refused = office.ask("wang", &query).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "ACCESS_DENIED", "{refused}");
    let kept = client
        .data("{ activities(orderBy: [{createdAt: ASC}]) { nodes { version employee { code } } } }")
        .await;
    assert_eq!(
        kept["activities"]["nodes"],
        json!([{ "version": 1, "employee": { "code": "li" } }, { "version": 1, "employee": { "code": "wang" } }])
    );
    // Where records cannot be handed over, there is no such field.
    let fields = office.ask("feng", "{ __schema { mutationType { fields { name } } } }").await;
    assert!(!fields.to_string().contains("reassign"), "{fields}");
}
