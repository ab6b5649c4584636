//! What a record tells about the caller's rights to it: `_can`, `_fieldStates`, and `@optional` selections.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office},
};

both_dbs! {
    what_one_can_do_is_what_is_explained
    the_state_of_each_field_is_told
    optional_fields_are_left_out
}

const ACTIONS: [&str; 8] =
    ["edit", "delete", "print", "export", "audit", "transfer", "ship", "approve"];

async fn what_one_can_do_is_what_is_explained(client: &Client) {
    let office = Office::open(client).await;
    let mut open = 0;
    let actions = ACTIONS.join(" ");
    for who in ["zhang", "li", "wang", "zhao", "zhou", "zheng", "feng"] {
        for (list, object, names) in [
            ("customers", "Customer", &["CZ", "CL", "CS", "CQ"][..]),
            ("salesOrders", "SalesOrder", &["order of li", "order of chen", "order at branch"]),
        ] {
            let query =
                format!("{{ {list} {{ nodes {{ id _can {{ {actions} __typename }} }} }} }}");
            let told = office.ask(who, &query).await;
            let Some(nodes) = told["data"][list]["nodes"].as_array() else {
                assert_eq!(told["errors"][0]["extensions"]["code"], "INPUT_INVALID", "{told}");
                continue;
            };
            for name in names {
                let id = office.id(name);
                let Some(node) = nodes.iter().find(|node| node["id"] == id) else { continue };
                assert_eq!(node["_can"]["__typename"], "RecordActions");
                for action in ACTIONS {
                    let explained = office
                        .explain(&format!(
                            "account: \"{who}\", object: \"{object}\", id: \"{id}\", action: \"{action}\""
                        ))
                        .await;
                    assert_eq!(node["_can"][action], explained["allowed"], "{who} {action} {name}");
                    open += usize::from(node["_can"][action] == true);
                }
                let edits = office.edits(who, object, name).await;
                assert_eq!(node["_can"]["edit"], edits, "{who} edits {name}");
            }
        }
    }
    assert!(open > 10, "{open}");
    // T24: the assistant's actions, nested below another record too; an administrator may everything.
    let query = "{ salesOrders(orderBy: [{createdAt: ASC}], first: 1) { nodes { a: _can { audit edit } customer { _can { audit edit } } } } }";
    assert_eq!(
        office.ask("feng", query).await["data"]["salesOrders"]["nodes"],
        json!([{ "a": { "audit": true, "edit": false }, "customer": { "_can": { "audit": false, "edit": false } } }])
    );
    assert_eq!(
        client.data(query).await["salesOrders"]["nodes"],
        json!([{ "a": { "audit": true, "edit": true }, "customer": { "_can": { "audit": true, "edit": true } } }])
    );
    // What was just saved tells it too.
    let id = office.id("CL");
    let saved = office.ask("wang", &format!("mutation {{ updateCustomer(id: \"{id}\", patch: {{address: \"x\"}}) {{ record {{ _can {{ edit print }} }} }} }}")).await;
    assert_eq!(
        saved["data"]["updateCustomer"]["record"]["_can"],
        json!({ "edit": true, "print": false })
    );
}

/// The states of one record's fields that are not simply visible.
fn unseen(states: &Value) -> Value {
    let listed = states.as_array().unwrap().iter().filter(|state| state["state"] != "VISIBLE");
    listed
        .map(|state| (state["field"].as_str().unwrap().to_owned(), state["state"].clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

async fn the_state_of_each_field_is_told(client: &Client) {
    let office = Office::open(client).await;
    let role = |code: &str, grants: &str, rest: &str| {
        format!(
            "code = \"{code}\"\nlabel = \"x\"\nlabel_en = \"x\"\n[dimensions]\nDEPARTMENT = \"person\"\nCUSTOMER = \"all\"\n[[grants]]\nobjects = [\"Contact\"]\nactions = [\"read\"]\n{grants}\n[[grants]]\nobjects = [\"Customer\"]\nactions = [\"read\"]\ndimensions = true\n{rest}"
        )
    };
    let guarded = role(
        "guarded",
        "open = true",
        "[[fields]]\nobject = \"Contact\"\nhidden = [\"email\", \"birthday\"]\n[fields.masked]\nmobile = \"end\"\n",
    );
    let trusted = role(
        "trusted",
        "employees = \"related\"",
        "[[fields]]\nobject = \"Contact\"\nhidden = [\"birthday\"]\n",
    );
    for definition in [guarded, trusted] {
        let query = "mutation($d: String!) { saveRole(definition: $d) { code } }";
        client.metadata(query, json!({ "d": definition })).await;
    }
    let query = "{ contacts(orderBy: [{createdAt: ASC}]) { nodes { customer { code } _fieldStates { field state } } } }";
    let states = async |who: &str| -> Vec<Value> {
        let answer = office.ask(who, query).await;
        let nodes = answer["data"]["contacts"]["nodes"].as_array().unwrap().clone();
        assert!(nodes.iter().all(|node| {
            node["_fieldStates"].as_array().unwrap().iter().any(|state| state["field"] == "name")
        }));
        // A field that is hidden everywhere is not even named.
        assert!(!answer.to_string().contains("birthday"), "{answer}");
        nodes.iter().map(|node| unseen(&node["_fieldStates"])).collect()
    };
    office.give("new", &["guarded"], &[office.id("TJ-TL")]).await;
    // T16: the contact is open and its customer is not.
    assert_eq!(
        states("new").await,
        [
            json!({ "mobile": "MASKED" }),
            json!({ "mobile": "MASKED" }),
            json!({ "mobile": "MASKED", "customer": "HIDDEN" }),
            json!({ "mobile": "MASKED", "customer": "HIDDEN" }),
        ]
    );
    let row =
        json!({ "relatedEmployees": { "create": [{ "employee": { "id": office.id("new") } }] } });
    client.update("Contact", &office.id("contact of CQ"), row).await;
    office.give("new", &["guarded", "trusted"], &[office.id("TJ-TL")]).await;
    assert_eq!(
        states("new").await,
        [
            json!({ "mobile": "MASKED", "email": "HIDDEN" }),
            json!({ "mobile": "MASKED", "email": "HIDDEN" }),
            json!({ "mobile": "MASKED", "email": "HIDDEN", "customer": "HIDDEN" }),
            json!({ "customer": "HIDDEN" }),
        ]
    );
}

async fn optional_fields_are_left_out(client: &Client) {
    let office = Office::open(client).await;
    // cai, in purchasing, has no right to customers; the administrator has.
    let query = "query($code: String!) {
        departments(filter: {code: {eq: \"HQ\"}}) { nodes { code } }
        customers(filter: {code: {eq: $code}}) @optional { nodes { ...part } }
        suppliersOfOldTimes @optional { name }
      }
      fragment part on Customer { code nothing @optional }";
    let variables = json!({ "code": "CL" });
    let full = client.ask(query, variables.clone()).await.data();
    assert_eq!(full["customers"]["nodes"], json!([{ "code": "CL" }]));
    assert!(full.get("suppliersOfOldTimes").is_none());
    let none = client
        .ask("{ departments(first: 1) { nodes { a @optional b @optional } } }", json!({}))
        .await;
    assert_eq!(none.data()["departments"]["nodes"], json!([{}]));
    // One role hides a field, which is left out alike.
    let definition = "code = \"few\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Department\"]\nactions = [\"read\"]\nopen = true\n[[fields]]\nobject = \"Department\"\nhidden = [\"name\"]\n";
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(save, json!({ "d": definition })).await;
    office.give("new", &["few"], &[]).await;
    let ask = async |query: &str| office.ask("new", query).await;
    let seen = ask("query($code: String) { departments(filter: {code: {eq: \"HQ\"}}) { nodes { code name @optional } } customers(filter: {code: {eq: $code}}) @optional { nodes { code } } }").await;
    assert_eq!(seen, json!({ "data": { "departments": { "nodes": [{ "code": "HQ" }] } } }));
    for wrong in [
        // Without the directive it is unknown, and so is what stands inside of an optional field there is.
        "{ departments { nodes { name } } }",
        "{ departments @optional { nodes { name } } }",
        "{ departments { nodes { code @optional(if: true) } } }",
        // What was unused before is refused as ever.
        "query($unused: Int) { departments { nodes { code name @optional } } }",
        "{ departments { nodes { code name @optional } } } fragment unused on Department { code }",
    ] {
        let refused = ask(wrong).await;
        assert_eq!(
            refused["errors"][0]["extensions"]["code"], "INPUT_INVALID",
            "{wrong}: {refused}"
        );
    }
}
