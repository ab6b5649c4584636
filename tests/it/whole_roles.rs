//! What holds for a whole role, set in parts: business lines, capabilities, caps; and a role that is given while it is
//! deleted.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    role_rights::{admin, comments, refused, role, seen, set},
    support::{Client, office::Office},
};

both_dbs! {
    lines_capabilities_and_caps_are_set
    a_role_that_is_given_meanwhile_stays
}

async fn lines_capabilities_and_caps_are_set(client: &Client) {
    let office = Office::open(client).await;
    let read = "query($c: String!) { role(code: $c) { version definition lines may caps { print export read } }
        rightsMatrix(roles: [$c], objects: [\"Customer\", \"Region\"]) { object walled lines may caps { print export read } } }";
    let told = async || admin(client, read, json!({ "c": "salesperson" })).await.data();
    let before = told().await;
    assert_eq!(before["role"]["lines"], json!(["SALES"]));
    assert!(!seen(&office, "zhang").await.as_array().unwrap().is_empty());
    let change = json!([{ "role": "salesperson", "lines": ["PURCHASING"], "may": ["SHARE_VIEWS"], "caps": { "print": 5, "read": 700 } }]);
    let tried = set(client, change.clone(), true).await;
    assert!(
        tried["differences"].as_array().unwrap().iter().any(|one| one["account"] == "zhang"
            && one["object"] == "Customer"
            && one["lost"] != 0),
        "{tried:#}"
    );
    assert_eq!(told().await, before, "a dry run stores nothing");
    let done = set(client, change, false).await;
    assert_eq!(done["roles"][0]["origin"], "CHANGED");
    let after = told().await;
    let caps = json!({ "print": 5, "export": before["role"]["caps"]["export"], "read": 700 });
    assert_eq!(
        [&after["role"]["lines"], &after["role"]["may"], &after["role"]["caps"]],
        [&json!(["PURCHASING"]), &json!(["SHARE_VIEWS"]), &caps]
    );
    assert_eq!(
        after["rightsMatrix"],
        json!([
            { "object": "Customer", "walled": true, "lines": ["PURCHASING"], "may": ["SHARE_VIEWS"], "caps": caps },
            { "object": "Region", "walled": false, "lines": ["PURCHASING"], "may": ["SHARE_VIEWS"], "caps": null },
        ])
    );
    assert_eq!(comments(&after["role"]), comments(&before["role"]));
    assert_eq!(seen(&office, "zhang").await, json!([]));
    // Back as it was; a cap is lifted by null.
    let back = json!([{ "role": "salesperson", "lines": ["SALES"], "may": [], "caps": { "print": null, "read": null } }]);
    set(client, back, false).await;
    let (now, before) = (told().await, before);
    for key in ["lines", "may"] {
        assert_eq!(now["role"][key], before["role"][key], "{key}");
    }
    assert_eq!(
        (&now["role"]["caps"]["print"], &now["role"]["caps"]["read"]),
        (&Value::Null, &Value::Null)
    );
    let wrong = json!([{ "role": "salesperson", "lines": ["SALES", "TRADE"] }]);
    let path = ["changes", "0", "lines", "1"].map(str::to_owned).to_vec();
    assert_eq!(refused(client, wrong).await, ("INPUT_VALUE".to_owned(), path));
    let nothing = json!([{ "role": "salesperson" }]);
    assert_eq!(refused(client, nothing).await.0, "INPUT_VALUE");
}

/// One of two who give a role and delete it at once is refused, whichever it is.
async fn a_role_that_is_given_meanwhile_stays(client: &Client) {
    Office::open(client).await;
    let post = async |query: String| {
        let answer = client.poster().post("/metadata", json!({ "query": query })).await;
        answer.body["errors"].is_null()
    };
    for round in 0..12 {
        let code = format!("own{round}");
        let text = format!("code = \"{code}\"\nlabel = \"x\"\nlabel_en = \"x\"\n");
        let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
        client.metadata(save, json!({ "d": text })).await;
        let give = format!(
            "mutation {{ assignRoles(account: \"new\", roles: [\"{code}\"]) {{ roles }} }}"
        );
        let delete = format!("mutation {{ deleteRole(code: \"{code}\") }}");
        let (given, deleted) = match round % 2 {
            0 => tokio::join!(post(give), post(delete)),
            _ => {
                let (deleted, given) = tokio::join!(post(delete), post(give));
                (given, deleted)
            }
        };
        assert_ne!(given, deleted, "round {round}");
        assert_eq!(role(client, &code).await.is_null(), deleted, "round {round}");
    }
}
