//! What administrators are told is wholly in their language, too.

use serde_json::json;

use crate::{
    both_dbs,
    languages::Asker,
    support::{Client, office::Office},
};

both_dbs! {
    administration_answers_in_one_language
}

async fn administration_answers_in_one_language(client: &Client) {
    let office = Office::open(client).await;
    let asker = Asker::new(client).await;
    let save = "mutation($d: String!) { saveRole(definition: $d) { code warnings } }";
    let role = |rest: &str| json!({ "d": format!("code = \"r\"\nlabel = \"角色\"\nlabel_en = \"Role\"\n{rest}") });
    for definition in [
        json!({ "d": "code = " }),
        json!({ "d": "code = \"x\"" }),
        role("nothing = 1"),
        role("customize = 1"),
        role("[[grants]]\nobjects = [\"Nothing\"]\nactions = [\"read\"]\nopen = true"),
        role("[[grants]]\nobjects = [\"Customer\"]\nactions = [\"dance\"]"),
        role("[[grants]]\nobjects = [\"Customer\"]\nactions = [\"read\"]"),
        role("[[fields]]\nobject = \"Nothing\""),
        role("[[fields]]\nobject = \"Customer\"\nhidden = [\"nothing\"]"),
        role("[[fields]]\nobject = \"Customer\"\nmasked = { creditDays = \"end\" }"),
        role("[dimensions]\nNOTHING = \"all\""),
        json!({ "d": "code = \"a b\"\nlabel = \"x\"\nlabel_en = \"x\"" }),
        json!({ "d": "code = \"administrator\"\nlabel = \"x\"\nlabel_en = \"x\"" }),
    ] {
        asker.told("/metadata", save, definition).await;
    }
    for query in [
        "mutation { assignRoles(account: \"zhang\", roles: [\"nothing\"]) { roles } }",
        "mutation { assignRoles(account: \"nothing\", roles: []) { roles } }",
        "mutation { setReach(account: \"zhang\", dimension: \"NOTHING\", level: ALL) }",
        "mutation { setRights(changes: [{role: \"nothing\", grant: {objects: [], actions: [], level: ALL}}], dryRun: true) { version } }",
        "mutation { setRights(changes: [{role: \"finance\"}], dryRun: true) { version } }",
        "mutation { setRights(changes: [{role: \"finance\", grant: {objects: [\"SalesOrderLine\"], actions: [READ], level: ALL}}], dryRun: true) { version } }",
        "mutation { setRights(changes: [{role: \"finance\", field: {object: \"Customer\", field: \"phone\", right: HIDDEN, mask: END}}], dryRun: true) { version } }",
        "mutation { copyRole(from: \"director\", code: \"finance\", label: \"x\", labelEn: \"x\") { code } }",
        "mutation { copyRole(from: \"director\", code: \"x\", label: \" \", labelEn: \"x\") { code } }",
        "mutation { setReach(account: \"zhang\", dimension: \"DEPARTMENT\", level: MUCH) }",
        "mutation { setReach(account: \"zhang\", dimension: \"DEPARTMENT\", level: SET, values: [\"nothing\"]) }",
        "mutation { createApiKey(name: \"\", days: 9999) { key } }",
        "{ definitions(version: 99) { path } }",
        "mutation { confirmEmployee(employee: \"x\", account: \"zhang\", systems: []) { account } }",
        "mutation { applySchema(sdl: \"type\") { diagnostics { message hint } } }",
        "mutation { applySchema(sdl: \"type A { b: Nothing }\") { diagnostics { message hint } } }",
        "mutation { applySchema(sdl: \"extend type Customer { b: Int! @field(check: \\\"b => 1\\\") }\") { diagnostics { message hint } } }",
        "mutation { applySchema(sdl: \"extend type Customer { b: Int! @field(label: \\\"乙\\\", labelEn: \\\"B\\\") }\", dryRun: true) { changes { reason } } }",
    ] {
        asker.told("/metadata", query, json!({})).await;
    }
    for (account, object, record, action) in [
        ("zhang", "Customer", "CL", "READ"),
        ("zhang", "Customer", "CZ", "READ"),
        ("zhang", "Customer", "CL", "DELETE"),
        ("nobody", "Customer", "CL", "READ"),
        ("nothing", "Customer", "CL", "READ"),
        ("zhang", "Nothing", "CL", "READ"),
        ("zhang", "Customer", "CL", "DANCE"),
    ] {
        let query = format!(
            "{{ explainAccess(account: \"{account}\", object: \"{object}\", id: \"{}\", action: {action}) {{ allowed branches {{ because }} wouldAllow {{ grant }} }} }}",
            office.id(record)
        );
        asker.told("/metadata", &query, json!({})).await;
    }
}
