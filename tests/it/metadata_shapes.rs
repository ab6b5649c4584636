//! What `/metadata` answers with has the shapes that records have: lists in pages, names of enumerations, instants.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, PASSWORD, office::Office},
};

both_dbs! {
    long_lists_come_in_pages
    enumerations_and_instants_are_called_so
    what_is_optional_may_be_left_out
}

/// All pages of a list, and how many there were.
async fn pages(
    client: &Client,
    list: &str,
    arguments: &str,
    node: &str,
    first: usize,
) -> (Vec<Value>, usize) {
    let query = format!(
        "query($first: Int, $after: String) {{ {list}(first: $first, after: $after{arguments}) {{
            totalCount nodes {{ {node} }} edges {{ cursor node {{ {node} }} }}
            pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
    );
    let (mut all, mut after, mut count) = (Vec::new(), Value::Null, 0);
    loop {
        let told = client.metadata(&query, json!({ "first": first, "after": after })).await;
        let page = &told[list];
        let nodes = page["nodes"].as_array().unwrap();
        let edges = page["edges"].as_array().unwrap();
        assert_eq!(
            nodes.iter().collect::<Vec<_>>(),
            edges.iter().map(|edge| &edge["node"]).collect::<Vec<_>>()
        );
        assert_eq!(page["pageInfo"]["hasPreviousPage"], count > 0);
        let end = edges.last().map_or(Value::Null, |edge| edge["cursor"].clone());
        assert_eq!(page["pageInfo"]["endCursor"], end);
        all.extend(nodes.iter().cloned());
        count += 1;
        let more = page["pageInfo"]["hasNextPage"] == true;
        if !more || count > 50 {
            assert_eq!(page["totalCount"], all.len(), "{list}");
            return (all, count);
        }
        assert_eq!(nodes.len(), first, "{list}");
        after = end;
    }
}

async fn long_lists_come_in_pages(client: &Client) {
    let office = Office::open(client).await;
    for at in 0..3 {
        client.token("admin").await;
        let key = format!(
            "mutation {{ createApiKey(name: \"k{at}\", roles: [\"administrator\"], expiresAt: \"2026-07-15T00:00:00Z\") {{ secret }} }}"
        );
        client.metadata(&key, json!({})).await;
        let sdl = format!("extend type Customer {{ extra{at}: String }}");
        assert_eq!(client.apply(&sdl, false).await["diagnostics"], json!([]));
        let delegate = format!(
            "mutation {{ delegate(from: \"{}\", to: \"{}\", until: \"2026-07-0{}T00:00:00Z\") {{ id }} }}",
            office.id("zhang"),
            office.id("li"),
            at + 1
        );
        client.metadata(&delegate, json!({})).await;
    }
    let seen = format!(", object: \"Customer\", id: \"{}\"", office.id("CZ"));
    for (list, arguments, node) in [
        ("accounts", "", "account"),
        ("auditTrail", "", "id kind at"),
        ("auditTrail", ", kind: RIGHTS", "id kind"),
        ("auditTrail", ", account: \"admin\"", "id"),
        ("sessions", "", "id"),
        ("accountSessions", ", account: \"admin\"", "id"),
        ("versions", "", "version publishedAt"),
        ("apiKeys", "", "id"),
        ("delegations", "", "id until"),
        ("whoCanSee", &seen, "account"),
    ] {
        let (whole, one) = pages(client, list, arguments, node, 1_000).await;
        assert!(whole.len() > 2 && one == 1, "{list}: {whole:?}");
        let (parts, count) = pages(client, list, arguments, node, 2).await;
        assert_eq!((&parts, count), (&whole, whole.len().div_ceil(2)), "{list}{arguments}");
        // A cursor of nothing there is, and more than a page may be.
        let ask = |rest: &str| format!("{{ {list}({rest}{arguments}) {{ nodes {{ {node} }} }} }}");
        let admin = client.token("admin").await;
        let stray = client.metadata_as(&admin, &ask("after: \"x\""), json!({})).await;
        assert_eq!(stray.codes(), ["INPUT_CURSOR"], "{list}: {stray:?}");
        let large = client.metadata_as(&admin, &ask("first: 1001"), json!({})).await;
        assert_eq!(large.codes(), ["LIMIT_PAGE"], "{list}: {large:?}");
    }
    // Unless told, a page has fifty entries.
    for at in 0..35 {
        let name = format!("extra{at}");
        client.company.add_operator(&name, &name, PASSWORD, false).await.unwrap();
    }
    let told = client
        .metadata("{ accounts { nodes { account } pageInfo { hasNextPage } } }", json!({}))
        .await;
    assert_eq!(told["accounts"]["nodes"].as_array().unwrap().len(), 50);
    assert_eq!(told["accounts"]["pageInfo"]["hasNextPage"], true);
}

async fn enumerations_and_instants_are_called_so(client: &Client) {
    let query = "query($name: String!) { __type(name: $name) { kind fields { name type { ...t } args { name type { ...t } } } enumValues { name } } }
        fragment t on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";
    let ty =
        async |name: &str| client.metadata(query, json!({ "name": name })).await["__type"].clone();
    let within = |ty: &Value| -> String {
        let mut ty = ty.clone();
        while !ty["ofType"].is_null() {
            ty = ty["ofType"].clone();
        }
        ty["name"].as_str().unwrap().to_owned()
    };
    let find = |ty: &Value, list: &str, name: &str| -> Value {
        let all = ty[list].as_array().unwrap();
        all.iter().find(|one| one["name"] == name).unwrap_or_else(|| panic!("{name}")).clone()
    };
    for (name, field, expected) in [
        ("AuditEntry", "at", "DateTime"),
        ("AuditEntry", "kind", "AuditKind"),
        ("SessionInfo", "lastUsedAt", "DateTime"),
        ("SignInLinkInfo", "expiresAt", "DateTime"),
        ("ApiKeyInfo", "expiresAt", "DateTime"),
        ("ApiKeyInfo", "lastUsedAt", "DateTime"),
        ("DelegationInfo", "since", "DateTime"),
        ("VersionInfo", "publishedAt", "DateTime"),
        ("NotedChange", "kind", "SchemaChangeKind"),
        ("ChangeInfo", "kind", "SchemaChangeKind"),
        ("ChangeInfo", "risk", "SchemaRisk"),
        ("WarningInfo", "code", "SchemaWarning"),
        ("ControlInfo", "actions", "RecordAction"),
        ("AccountInfo", "standing", "AccountStanding"),
        ("ReachInfo", "level", "ReachLevel"),
    ] {
        assert_eq!(
            within(&find(&ty(name).await, "fields", field)["type"]),
            expected,
            "{name}.{field}"
        );
    }
    let (queries, mutations) = (ty("Query").await, ty("Mutation").await);
    for (root, field, arg, expected) in [
        (&queries, "auditTrail", "kind", "AuditKind"),
        (&queries, "explainAccess", "action", "RecordAction"),
        (&queries, "simulatePolicy", "action", "RecordAction"),
        (&mutations, "setReach", "level", "ReachLevel"),
        (&mutations, "setDimensionControl", "actions", "RecordAction"),
        (&mutations, "confirmEmployee", "systems", "CrmSystem"),
        (&mutations, "delegate", "until", "DateTime"),
        (&mutations, "createApiKey", "expiresAt", "DateTime"),
    ] {
        let known = find(&find(root, "fields", field), "args", arg);
        assert_eq!(within(&known["type"]), expected, "{field}({arg})");
    }
    // No instant and no kind is a plain text anywhere.
    let all = "{ __schema { types { name fields { name type { name ofType { name } } } } } }";
    let all = client.metadata(all, json!({})).await["__schema"]["types"].clone();
    for ty in all.as_array().unwrap() {
        for field in ty["fields"].as_array().into_iter().flatten() {
            let name = field["name"].as_str().unwrap();
            let timed = name.ends_with("At") || ["at", "since", "until"].contains(&name);
            let text = field["type"].to_string().contains("\"String\"");
            assert!(
                !(text && (timed || ["kind", "risk", "level", "standing"].contains(&name))),
                "{ty}"
            );
        }
    }
    let admin = client.token("admin").await;
    for (query, variables, code) in [
        ("{ auditTrail(kind: NOTHING) { nodes { id } } }", json!({}), "INPUT_INVALID"),
        (
            "query($k: AuditKind) { auditTrail(kind: $k) { nodes { id } } }",
            json!({ "k": "NOTHING" }),
            "INPUT_VARIABLE",
        ),
        (
            "mutation { setReach(account: \"admin\", dimension: \"DEPARTMENT\", level: PERSON) }",
            json!({}),
            "INPUT_INVALID",
        ),
        (
            "mutation($u: DateTime!) { createApiKey(name: \"x\", roles: [\"administrator\"], expiresAt: $u) { secret } }",
            json!({ "u": "tomorrow" }),
            "INPUT_VALUE",
        ),
        (
            "mutation($u: DateTime!) { createApiKey(name: \"x\", roles: [\"administrator\"], expiresAt: $u) { secret } }",
            json!({ "u": 5 }),
            "INPUT_VARIABLE",
        ),
    ] {
        let refused = client.metadata_as(&admin, query, variables).await;
        assert_eq!(refused.codes(), [code], "{query}: {refused:?}");
    }
    let kind = "query($k: AuditKind) { auditTrail(kind: $k, first: 1) { nodes { kind at } } }";
    let told =
        client.metadata(kind, json!({ "k": "SIGN_IN" })).await["auditTrail"]["nodes"].clone();
    assert_eq!(told, json!([{ "kind": "SIGN_IN", "at": "2026-06-15T02:00:00Z" }]));
}

async fn what_is_optional_may_be_left_out(client: &Client) {
    let query = "query($s: Boolean, $v: Int, $k: AuditKind, $a: String, $n: Int, $x: String, $r: RecordAction = READ, $d: [DraftedRoles!]) {
        definitions(standard: $s, version: $v) { path }
        auditTrail(kind: $k, account: $a, first: $n, after: $x) { nodes { id } }
        apiKeys(account: $a) { nodes { id } }
        simulatePolicy(action: $r, draft: {assign: $d}) { account } }";
    let told = client.metadata(query, json!({})).await;
    assert_eq!(told["simulatePolicy"], json!([]));
    let query = "mutation($dry: Boolean, $sdl: String!) { applySchema(sdl: $sdl, dryRun: $dry) { diagnostics { code } changes { kind risk } } }";
    let sdl = "extend type Customer { shade: String }";
    let told = client.metadata(query, json!({ "sdl": sdl })).await;
    assert_eq!(
        told["applySchema"],
        json!({ "diagnostics": [], "changes": [{ "kind": "ADD_FIELD", "risk": "SAFE" }] })
    );
}
