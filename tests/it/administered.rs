//! What administrators set is checked against what there is, read back as it was set, and taken back.

use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Answer, Client, office::Office},
};

both_dbs! {
    levels_of_persons_are_checked_and_read_back
    what_is_ticked_on_roles_is_checked
    nobody_ticks_what_he_does_not_see
    roles_are_read_back_reset_and_deleted
    codes_of_roles_are_plain
    roles_warn_of_what_opens_nothing
    definitions_are_read_back_and_in_the_trail
    roles_are_published_as_objects_are
    roles_and_objects_are_published_in_turn
}

async fn admin(client: &Client, query: &str, variables: Value) -> Answer {
    let token = client.token("admin").await;
    client.metadata_as(&token, query, variables).await
}

async fn reach(client: &Client, dimension: &str, level: &str, values: Value) -> Answer {
    let query = "mutation($d: String!, $l: ReachLevel!, $v: [String!]!) {
        setReach(account: \"wang\", dimension: $d, level: $l, values: $v) }";
    admin(client, query, json!({ "d": dimension, "l": level.to_uppercase(), "v": values })).await
}

async fn seen(office: &Office<'_>, who: &str) -> Value {
    let answer = office.ask(who, "{ customers(orderBy: [{code: ASC}]) { nodes { code } } }").await;
    let nodes = answer["data"]["customers"]["nodes"].as_array().cloned().unwrap_or_default();
    nodes.iter().map(|node| node["code"].clone()).collect()
}

async fn set_on(client: &Client, account: &str) -> Value {
    let query = "{ accounts { nodes { account reach { dimension level values } } } }";
    let all = client.metadata(query, json!({})).await["accounts"]["nodes"].clone();
    let found = all.as_array().unwrap().iter().find(|known| known["account"] == account).cloned();
    found.unwrap()["reach"].clone()
}

fn fault(answer: &Answer) -> (Value, Value) {
    let extensions = &answer.body["errors"][0]["extensions"];
    (extensions["code"].clone(), extensions["path"].clone())
}

async fn levels_of_persons_are_checked_and_read_back(client: &Client) {
    let office = Office::open(client).await;
    let id = |code: &str| office.id(code);
    let before = json!({ "level": "set", "values": [id("TJ-TL"), id("TJ-SL"), id("TJ-FGS")] });
    let all = json!(["CL", "CS", "CZ"]);
    assert_eq!(seen(&office, "wang").await, all);
    // What names nothing changes nothing.
    for (values, at) in [
        (json!(["019…"]), "0"),
        (json!(["TJ-TL", "TJ-XX"]), "1"),
        (json!([id("TJ-TL"), id("li")]), "1"),
        (json!(["01900000-0000-7000-8000-000000000000"]), "0"),
        (json!([""]), "0"),
    ] {
        let refused = reach(client, "DEPARTMENT", "set", values.clone()).await;
        assert_eq!(fault(&refused), (json!("INPUT_VALUE"), json!(["values", at])), "{values}");
    }
    assert_eq!(seen(&office, "wang").await, all);
    // A key is as good as an id, and what was set is told beside what is.
    let set = reach(client, "DEPARTMENT", "set", json!(["TJ-SL", id("TJ-SL")])).await.data();
    let after = json!({ "level": "set", "values": [id("TJ-SL")] });
    assert_eq!(
        set["setReach"],
        json!({ "account": "wang", "dimension": "DEPARTMENT", "before": before, "after": after, "warnings": [] })
    );
    assert_eq!(seen(&office, "wang").await, json!(["CS"]));
    let mut shown = after.clone();
    shown["dimension"] = json!("DEPARTMENT");
    shown["level"] = json!("SET");
    assert_eq!(set_on(client, "wang").await, json!([shown]));
    // Nobody asks for it: told.
    let query = "mutation { setReach(account: \"qian\", dimension: \"CUSTOMER\", level: ALL) }";
    let set = admin(client, query, json!({})).await.data();
    assert_eq!(set["setReach"]["warnings"].as_array().unwrap().len(), 1, "{set}");
    // Taken away and put back.
    let clear = "mutation { clearReach(account: \"wang\", dimension: \"DEPARTMENT\") }";
    let cleared = admin(client, clear, json!({})).await.data();
    assert_eq!(
        (&cleared["clearReach"]["before"], &cleared["clearReach"]["after"]),
        (&after, &Value::Null)
    );
    assert_eq!(seen(&office, "wang").await, json!([]));
    assert_eq!(set_on(client, "wang").await, json!([]));
    reach(client, "DEPARTMENT", "set", before["values"].clone()).await.data();
    assert_eq!(seen(&office, "wang").await, all);
    let trail = "{ auditTrail(kind: RIGHTS, first: 3) { nodes { detail } } }";
    let trail = client.metadata(trail, json!({})).await["auditTrail"]["nodes"].clone();
    assert_eq!(trail[1]["detail"]["clearReach"], "wang");
    assert_eq!(trail[1]["detail"]["before"], after);
    assert_eq!(trail[0]["detail"]["to"]["values"], before["values"]);
    // The simulator takes what `setReach` takes, and refuses what it refuses.
    let simulate = "query($v: [String!]!) { simulatePolicy(draft: {reach: [{account: \"wang\", dimension: \"DEPARTMENT\", level: SET, values: $v}]}) { account object lost } }";
    let known = admin(client, simulate, json!({ "v": ["TJ-SL"] })).await.data();
    let customers =
        known["simulatePolicy"].as_array().unwrap().iter().find(|one| one["object"] == "Customer");
    assert_eq!(customers.unwrap()["lost"], 2);
    let refused = admin(client, simulate, json!({ "v": ["TJ-XX"] })).await;
    assert_eq!(refused.codes(), ["INPUT_VALUE"]);
}

fn role(code: &str, more: &str) -> Value {
    json!({ "d": format!("code = \"{code}\"\nlabel = \"x\"\nlabel_en = \"x\"\n{more}") })
}

const SAVE: &str =
    "mutation($d: String!) { saveRole(definition: $d) { code standard definition warnings } }";

fn ticking(values: &str) -> Value {
    role(
        "ticking",
        &format!(
            "[dimensions]\nDEPARTMENT = \"set\"\nCUSTOMER = \"all\"\n[ticked]\nDEPARTMENT = [{values}]\n[[grants]]\nobjects = [\"Customer\"]\nactions = [\"read\"]\ndimensions = true"
        ),
    )
}

async fn what_is_ticked_on_roles_is_checked(client: &Client) {
    let office = Office::open(client).await;
    for values in ["\"TJ-XX\"", "\"019…\"", "\"TJ-TL\", \"\""] {
        let refused = admin(client, SAVE, ticking(values)).await;
        assert_eq!(fault(&refused).0, "INPUT_VALUE", "{values}");
        assert_eq!(fault(&refused).1[0], "ticked", "{:#}", refused.body);
        let simulated = "query($d: String!) { simulatePolicy(draft: {roles: [$d]}) { account } }";
        assert_eq!(admin(client, simulated, ticking(values)).await.codes(), ["INPUT_VALUE"]);
    }
    let text = ticking("\"TJ-SL\"");
    let saved = admin(client, SAVE, text.clone()).await.data();
    assert_eq!(saved["saveRole"]["definition"], text["d"], "as it was written");
    office.give("new", &["ticking"], &[]).await;
    assert_eq!(seen(&office, "new").await, json!(["CS"]));
    // It is the department that is ticked, whatever it is called later.
    client.update("Department", &office.id("TJ-SL"), json!({ "code": "TJ-SL-2" })).await;
    client.update("Department", &office.id("QZ-TL"), json!({ "code": "TJ-SL" })).await;
    assert_eq!(seen(&office, "new").await, json!(["CS"]));
}

/// Who defines rights and sees no customers learns nothing of them by ticking.
async fn nobody_ticks_what_he_does_not_see(client: &Client) {
    let office = Office::open(client).await;
    office.give("new", &["designer"], &[]).await;
    let token = client.token("new").await;
    let query = "mutation($v: [String!]!) { setReach(account: \"li\", dimension: \"DEPARTMENT\", level: SET, values: $v) }";
    let mut told = Vec::new();
    for value in [office.id("TJ-SL"), "01900000-0000-7000-8000-000000000000".to_owned()] {
        let answer = client.metadata_as(&token, query, json!({ "v": [value] })).await;
        let body = answer.body.to_string().replace(&value, "…");
        told.push(body);
    }
    assert_eq!(told[0], told[1]);
}

async fn roles_are_read_back_reset_and_deleted(client: &Client) {
    let office = Office::open(client).await;
    let roles = async || {
        let query = "{ roles { code standard replacesStandard definition heldBy } }";
        client.metadata(query, json!({})).await["roles"].as_array().unwrap().clone()
    };
    let one = |all: &[Value], code: &str| all.iter().find(|role| role["code"] == code).cloned();
    let original = one(&roles().await, "salesperson").unwrap();
    assert_eq!(
        (&original["standard"], &original["heldBy"]),
        (&json!(true), &json!(["chen", "li", "su", "zhang"]))
    );
    assert!(original["definition"].as_str().unwrap().contains("code = \"salesperson\""));
    assert_eq!(seen(&office, "zhang").await, json!(["CZ"]));
    // Changed, read back, put back.
    admin(client, SAVE, role("salesperson", "")).await.data();
    assert_eq!(seen(&office, "zhang").await, json!([]));
    let changed = one(&roles().await, "salesperson").unwrap();
    assert_eq!((&changed["standard"], &changed["replacesStandard"]), (&json!(false), &json!(true)));
    assert_eq!(changed["definition"], role("salesperson", "")["d"]);
    let code = |answer: &Answer| answer.body["errors"][0]["extensions"]["code"].clone();
    let delete = |role: &str| format!("mutation {{ deleteRole(code: \"{role}\") }}");
    let reset = |role: &str| {
        format!("mutation {{ resetRole(code: \"{role}\") {{ code standard definition }} }}")
    };
    assert_eq!(code(&admin(client, &delete("salesperson"), json!({})).await), "INPUT_VALUE");
    let back = admin(client, &reset("salesperson"), json!({})).await.data();
    assert_eq!(back["resetRole"]["definition"], original["definition"]);
    assert_eq!(seen(&office, "zhang").await, json!(["CZ"]));
    assert_eq!(code(&admin(client, &reset("salesperson"), json!({})).await), "INPUT_VALUE");
    // One's own goes when nobody holds it.
    admin(client, SAVE, role("own", "")).await.data();
    assert_eq!(code(&admin(client, &reset("own"), json!({})).await), "INPUT_VALUE");
    office.give("new", &["own"], &[]).await;
    let refused = admin(client, &delete("own"), json!({})).await;
    assert_eq!(code(&refused), "RECORD_IN_USE");
    assert!(refused.body["errors"][0]["message"].as_str().unwrap().contains("new"));
    let key = "mutation { createApiKey(name: \"x\", roles: [\"own\"], expiresAt: \"2026-07-15T00:00:00Z\") { apiKey { id } } }";
    let key = admin(client, key, json!({})).await.data();
    office.give("new", &[], &[]).await;
    assert_eq!(code(&admin(client, &delete("own"), json!({})).await), "RECORD_IN_USE");
    let revoke =
        format!("mutation {{ revokeApiKey(id: {}) }}", key["createApiKey"]["apiKey"]["id"]);
    admin(client, &revoke, json!({})).await.data();
    assert_eq!(admin(client, &delete("own"), json!({})).await.data()["deleteRole"], true);
    assert!(one(&roles().await, "own").is_none());
    assert_eq!(code(&admin(client, &delete("own"), json!({})).await), "INPUT_VALUE");
    let trail = client
        .metadata("{ auditTrail(kind: RIGHTS, first: 1) { nodes { detail } } }", json!({}))
        .await;
    assert_eq!(trail["auditTrail"]["nodes"][0]["detail"]["deleteRole"], "own");
    assert_eq!(trail["auditTrail"]["nodes"][0]["detail"]["before"], role("own", "")["d"]);
}

async fn codes_of_roles_are_plain(client: &Client) {
    let long = "x".repeat(61);
    for bad in [
        "",
        " ",
        "x y",
        " x",
        "x ",
        "administrator ",
        "administrator",
        "Administrator",
        "a\\nb",
        "a\\tb",
        "a\\u0000",
        "a\u{3000}b",
        &long,
    ] {
        let answer = admin(client, SAVE, role(bad, "")).await;
        assert_eq!(answer.codes(), ["INPUT_VALUE"], "{bad:?}");
        let simulated = "query($d: String!) { simulatePolicy(draft: {roles: [$d]}) { account } }";
        assert_eq!(
            admin(client, simulated, role(bad, "")).await.codes(),
            ["INPUT_VALUE"],
            "{bad:?}"
        );
    }
    for good in ["x", "price_administrator-2.b", "仓库", &"x".repeat(60)] {
        let saved = admin(client, SAVE, role(good, "")).await.data();
        assert_eq!(saved["saveRole"]["code"], good);
    }
}

async fn roles_warn_of_what_opens_nothing(client: &Client) {
    let warned = async |more: &str| {
        let saved = admin(client, SAVE, role("warned", more)).await.data();
        saved["saveRole"]["warnings"].as_array().unwrap().len()
    };
    let grant = |objects: &str, more: &str| {
        format!("[[grants]]\nobjects = [{objects}]\nactions = [\"read\", \"create\"]\n{more}\n")
    };
    let person = "[dimensions]\nDEPARTMENT = \"person\"\nCUSTOMER = \"all\"\n";
    for (text, warnings) in [
        (grant("\"Customer\"", "open = true"), 0),
        (grant("\"Customer\"", "employees = \"related\""), 0),
        (format!("{person}{}", grant("\"Customer\"", "dimensions = true")), 0),
        (grant("\"Customer\"", ""), 1),
        (grant("", "open = true"), 1),
        (grant("\"Customer\"", "dimensions = true"), 1),
        (grant("\"Region\"", "dimensions = true"), 1),
        (grant("\"Region\"", "employees = \"related\""), 1),
        (
            format!(
                "{}[[fields]]\nobject = \"Customer\"\nreadonly = [\"name\"]\nmasked = {{ code = \"all\" }}\n",
                grant("\"Customer\"", "open = true")
            ),
            2,
        ),
        (
            format!(
                "{}[[fields]]\nobject = \"Customer\"\nreadonly = [\"remark\"]\n",
                grant("\"Customer\"", "open = true")
            ),
            0,
        ),
    ] {
        assert_eq!(warned(&text).await, warnings, "{text}");
    }
}

async fn definitions_are_read_back_and_in_the_trail(client: &Client) {
    let office = Office::open(client).await;
    let sdl = "extend type Customer { favouriteColour: String @field(label: \"颜色\") }";
    let dry = client.apply(sdl, true).await;
    let trail = "{ auditTrail(kind: DEFINITION) { nodes { account detail } } }";
    assert_eq!(client.metadata(trail, json!({})).await["auditTrail"]["nodes"], json!([]));
    let applied = client.apply(sdl, false).await;
    assert_eq!(applied["diagnostics"], dry["diagnostics"]);
    let told = client.metadata(trail, json!({})).await["auditTrail"]["nodes"].clone();
    assert_eq!(told.as_array().unwrap().len(), 1);
    assert_eq!(told[0]["account"], "admin");
    assert_eq!(told[0]["detail"]["applySchema"], applied["version"]);
    assert_eq!(told[0]["detail"]["changes"][0]["field"], "favouriteColour");
    let texts = client.metadata("{ definitions { path custom text } }", json!({})).await;
    assert_eq!(
        texts["definitions"],
        json!([{ "path": "custom/0001.graphql", "custom": true, "text": sdl }])
    );
    let before = format!(
        "{{ definitions(version: {}) {{ text }} }}",
        applied["version"].as_i64().unwrap() - 1
    );
    assert_eq!(client.metadata(&before, json!({})).await["definitions"], json!([]));
    let all = client.metadata("{ definitions(standard: true) { path text } }", json!({})).await;
    assert!(all["definitions"].as_array().unwrap().len() > 5);
    let versions = "{ versions(first: 1) { nodes { version publishedAt publishedBy changes { kind object field risk } } } }";
    let versions = client.metadata(versions, json!({})).await["versions"]["nodes"].clone();
    assert_eq!(versions[0]["version"], applied["version"]);
    assert_eq!(versions[0]["changes"][0]["field"], "favouriteColour");
    assert!(versions[0]["publishedBy"].is_string());
    for query in [
        "{ definitions { text } }",
        "{ versions { nodes { version } } }",
        "{ roles { definition } }",
    ] {
        let refused = client.metadata_as(&office.tokens["wang"], query, json!({})).await;
        assert_eq!(refused.codes(), ["ACCESS_DENIED"], "{query}");
    }
    assert_eq!(
        admin(client, "{ definitions(version: 99) { text } }", json!({})).await.codes(),
        ["INPUT_VALUE"]
    );
}

/// One sequence of versions for objects and roles; a role neither resolves objects again nor writes their texts.
async fn roles_are_published_as_objects_are(client: &Client) {
    let sdl = "extend type Customer { favouriteColour: String @field(label: \"颜色\") }";
    assert_eq!(client.apply(sdl, false).await["version"], 2);
    let role = |label: &str| {
        format!(
            "code = \"buyer\"\nlabel = \"{label}\"\nlabel_en = \"Buyer\"\n[[grants]]\nobjects = [\"Customer\"]\nactions = [\"read\"]\nopen = true\n"
        )
    };
    let save = "mutation($d: String!) { saveRole(definition: $d) { code label } }";
    let rows = async || {
        let sql = "SELECT COUNT(*) AS n FROM tw_part";
        let database = &client.company.database;
        let statement = Statement::from_string(database.dialect().backend(), sql);
        let row = database.writer().query_one_raw(statement).await.unwrap().unwrap();
        row.try_get_by_index::<i64>(0).unwrap()
    };
    let before = rows().await;
    for label in ["采购员", "采购员", "采购专员"] {
        client.metadata(save, json!({ "d": role(label) })).await;
    }
    assert_eq!(rows().await, before + 2, "the same text is no version");
    let catalog = client.company.catalog();
    assert_eq!(catalog.version, 2);
    assert!(!client.company.refresh().await.unwrap(), "the catalog is the one it was");
    client.metadata("mutation { deleteRole(code: \"buyer\") }", json!({})).await;
    let wider = "extend type Customer { favouriteSize: String @field(label: \"尺寸\") }";
    let applied = client.apply(wider, false).await;
    assert_eq!((&applied["diagnostics"], &applied["version"]), (&json!([]), &json!(6)));
    assert_eq!(rows().await, before + 3);
    let versions =
        "{ versions { nodes { version publishedBy changes { kind object field risk } } } }";
    let versions = client.metadata(versions, json!({})).await["versions"]["nodes"].clone();
    let told: Vec<_> = versions
        .as_array()
        .unwrap()
        .iter()
        .take(5)
        .map(|one| {
            (
                one["version"].clone(),
                one["changes"][0]["kind"].clone(),
                one["changes"][0]["object"].clone(),
            )
        })
        .collect();
    let expected = [
        (6, "ADD_FIELD", "Customer"),
        (5, "REMOVE_ROLE", "buyer"),
        (4, "UPDATE_ROLE", "buyer"),
        (3, "ADD_ROLE", "buyer"),
        (2, "ADD_FIELD", "Customer"),
    ];
    assert_eq!(
        told,
        expected.map(|(version, kind, object)| (json!(version), json!(kind), json!(object)))
    );
    assert!(versions[1]["publishedBy"].is_string());
    for (version, count) in [(1, 0), (2, 1), (4, 1), (6, 2)] {
        let query = format!("{{ definitions(version: {version}) {{ text }} }}");
        let texts = client.metadata(&query, json!({})).await["definitions"].clone();
        assert_eq!(texts.as_array().unwrap().len(), count, "{version}");
    }
    let opened = client.reopened().await.unwrap();
    assert_eq!(opened.company.catalog().version, 6);
}

/// Definitions of objects and roles that are published at once, by this process and another, do not conflict.
async fn roles_and_objects_are_published_in_turn(client: &Client) {
    let poster = client.poster();
    let role = |label: usize| {
        let text = format!(
            "code = \"buyer\"\nlabel = \"{label}\"\nlabel_en = \"{label}\"\n[[grants]]\nobjects = [\"Customer\"]\nactions = [\"read\"]\nopen = true\n"
        );
        let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
        poster.post("/metadata", json!({ "query": save, "variables": { "d": text } }))
    };
    let field = |name: &str| {
        let sdl = format!("extend type Customer {{ {name}: String @field(label: \"{name}\") }}");
        let apply = "mutation($s: String!) { applySchema(sdl: $s) { diagnostics { message } } }";
        poster.post("/metadata", json!({ "query": apply, "variables": { "s": sdl } }))
    };
    for round in 0..3 {
        let (one, other) = (format!("first{round}"), format!("second{round}"));
        let (first, second, third, fourth, fifth) = tokio::join!(
            role(10 * round),
            field(&one),
            role(10 * round + 1),
            field(&other),
            role(10 * round + 2)
        );
        for answer in [first, second, third, fourth, fifth] {
            let data = answer.data();
            let told = data["applySchema"]["diagnostics"].as_array().map_or(0, Vec::len);
            assert_eq!(told, 0, "{data:#}");
        }
    }
    let catalog = client.company.catalog();
    let customer = catalog.named("Customer").unwrap();
    assert!(customer.named("first2").is_some() && customer.named("second2").is_some());
}
