//! What a definition does to rights: who may change it, what it opens and closes, and what it starts as.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    languages::Asker,
    support::{Client, office::Office},
};

both_dbs! {
    a_designer_does_not_change_what_rights_go_by
    a_new_dimension_closes_nothing_until_it_is_switched_on
    a_dimension_takes_the_place_of_its_parent
    what_a_definition_opens_is_counted
    a_definition_warns_of_what_roles_make_of_it
    a_designer_learns_nothing_of_keys
    a_designer_learns_nothing_of_computed_keys
    a_designer_does_not_compute_a_dimension_otherwise
    one_takes_the_place_of_another
    changes_of_rights_are_told_in_one_language
}

const APPLY: &str = "mutation($sdl: String!, $dry: Boolean!) { applySchema(sdl: $sdl, dryRun: $dry, acceptLayouts: true) {
    version changes { kind object field risk reason } diagnostics { code message hint }
    warnings { code path message }
    impact { account object gained lost } impactSwitchedOn { account object gained lost lostExamples } } }";

const DEALS: &str = r#"type Deal @object(kind: DOCUMENT, label: "商机单", plural: "deals", systems: [SALES], businessLine: SALES) @responsible @dimension(name: DEPARTMENT, path: "department") {
  name: String! @field(label: "名称")
  department: Department! @field(label: "部门")
  customer: Customer @field(label: "客户")
  owner: Employee @field(label: "业务员")
}"#;

async fn apply_as(client: &Client, token: &str, sdl: &str, dry: bool) -> Value {
    let answer = client.metadata_as(token, APPLY, json!({ "sdl": sdl, "dry": dry })).await;
    answer.data()["applySchema"].clone()
}

async fn apply(client: &Client, sdl: &str, dry: bool) -> Value {
    apply_as(client, &client.token("admin").await, sdl, dry).await
}

async fn save(client: &Client, definition: &str) {
    let query = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(query, json!({ "d": definition })).await;
}

async fn codes(office: &Office<'_>, who: &str) -> Value {
    let query = "{ customers(orderBy: [{code: ASC}]) { nodes { code } } }";
    let answer = office.ask(who, query).await;
    let nodes = answer["data"]["customers"]["nodes"].as_array().cloned();
    nodes.map_or(Value::Null, |nodes| nodes.iter().map(|node| node["code"].clone()).collect())
}

fn brief(differences: &Value) -> Vec<String> {
    let told = |one: &Value| {
        format!(
            "{} {} +{} -{}",
            one["account"].as_str().unwrap(),
            one["object"].as_str().unwrap(),
            one["gained"],
            one["lost"]
        )
    };
    differences.as_array().unwrap().iter().map(told).collect()
}

/// Changes of one risk, as `KIND Object.field`.
fn risky(applied: &Value, risk: &str) -> Vec<String> {
    let changes = applied["changes"].as_array().unwrap().iter();
    changes
        .filter(|change| change["risk"] == risk)
        .map(|change| {
            let text = |name: &str| change[name].as_str().unwrap_or_default().to_owned();
            format!("{} {}.{}", text("kind"), text("object"), text("field"))
        })
        .collect()
}

async fn a_designer_does_not_change_what_rights_go_by(client: &Client) {
    let office = Office::open(client).await;
    office.give("new", &["designer"], &[]).await;
    let designer = &office.tokens["new"];
    // A new object may have all of it: no role names it yet.
    assert_eq!(apply_as(client, designer, DEALS, false).await["diagnostics"], json!([]));
    let (line, other) = ("businessLine: SALES", "systems: [SALES], ");
    let dimension = " @dimension(name: DEPARTMENT, path: \"department\")";
    let gate = format!("{DEALS} extend type Deal {{ gate: Customer @relation(parent: true) }}");
    for (text, change) in [
        (DEALS.replace(line, "businessLine: PURCHASING"), "UPDATE_OBJECT Deal."),
        (DEALS.replace(&format!(", {line}"), ""), "UPDATE_OBJECT Deal."),
        (DEALS.replace(other, ""), "UPDATE_OBJECT Deal."),
        (
            DEALS
                .replace(" @responsible", " @responsible(owner: keeper)")
                .replace("owner: Employee", "keeper: Employee owner: Employee"),
            "UPDATE_OBJECT Deal.",
        ),
        (DEALS.replace(dimension, ""), "REMOVE_DIMENSION Deal.DEPARTMENT"),
        (
            DEALS.replace("path: \"department\"", "path: \"customer.department\""),
            "UPDATE_DIMENSION Deal.DEPARTMENT",
        ),
        (DEALS.replace("name: DEPARTMENT", "name: REGION"), "UPDATE_DIMENSION Deal.REGION"),
        (
            DEALS.replace(
                "customer: Customer @field(label: \"客户\")",
                "customer: Customer @field(label: \"客户\") @relation(parent: true)",
            ),
            "ADD_DIMENSION Deal.customer",
        ),
        (gate, "ADD_DIMENSION Deal.gate"),
        (
            "extend type Customer @dimension(name: INDUSTRY, path: \"industry\") { x: Int }"
                .to_owned(),
            "ADD_DIMENSION Customer.INDUSTRY",
        ),
        (
            "extend type Customer { gate: Customer @relation(parent: true) }".to_owned(),
            "ADD_DIMENSION Customer.gate",
        ),
        (
            "extend type CustomerPermissionGroup { parent: CustomerPermissionGroup }".to_owned(),
            "UPDATE_OBJECT CustomerPermissionGroup.",
        ),
    ] {
        for dry in [true, false] {
            let refused = apply_as(client, designer, &text, dry).await;
            assert_eq!(risky(&refused, "RIGHTS"), [change], "{text}: {refused:#}");
            let faults = refused["diagnostics"].as_array().unwrap();
            let denied = faults.iter().filter(|fault| fault["code"] == "ACCESS_DENIED").count();
            assert_eq!(denied, 1, "{text}: {refused:#}");
            assert!(faults[denied - 1]["message"].as_str().unwrap().contains("administrators"));
            assert_eq!(refused["version"], 2, "{text}");
            // Nor is anything told of who would see what.
            assert_eq!(
                (&refused["impact"], &refused["impactSwitchedOn"]),
                (&json!([]), &json!([]))
            );
        }
        let tried = apply(client, &text, true).await;
        let faults = tried["diagnostics"].as_array().unwrap();
        assert!(faults.iter().all(|fault| fault["code"] == "CATALOG_CHANGE"), "{tried:#}");
    }
    // All else they may do.
    let more = "extend type Deal @check(expr: \"name != ''\") { stage: String @field(label: \"阶段\", default: \"'new'\") gate: Customer }
        extend type Customer { rating: Int @field(label: \"评分\", check: \"rating > 0\") }";
    let applied = apply_as(client, designer, more, false).await;
    assert_eq!((&applied["diagnostics"], &applied["version"]), (&json!([]), &json!(4)));
    // And what is there is not changed in two steps.
    let parent = "extend type Deal { gate: Customer @relation(parent: true) }";
    let refused = apply_as(client, designer, parent, false).await;
    assert_eq!(refused["diagnostics"][0]["code"], "ACCESS_DENIED", "{refused:#}");
}

async fn a_new_dimension_closes_nothing_until_it_is_switched_on(client: &Client) {
    let office = Office::open(client).await;
    for (customer, industry) in [("CL", "RUBBER"), ("CZ", "PLASTICS")] {
        client.update("Customer", &office.id(customer), json!({ "industry": industry })).await;
    }
    let all = json!(["CL", "CS", "CZ"]);
    assert_eq!(codes(&office, "wang").await, all);
    let sdl = "extend type Customer @dimension(name: INDUSTRY, path: \"industry\")";
    let tried = apply(client, sdl, true).await;
    assert_eq!(risky(&tried, "RIGHTS"), ["ADD_DIMENSION Customer.INDUSTRY"]);
    assert_eq!(tried["impact"], json!([]));
    // Whom it will close, and how much: of those who see customers by dimensions.
    let told = brief(&tried["impactSwitchedOn"]);
    assert!(told.contains(&"wang Customer +0 -3".to_owned()), "{told:?}");
    assert!(!told.iter().any(|one| one.starts_with("li Customer")), "{told:?}");
    let applied = apply(client, sdl, false).await;
    assert_eq!(applied["impactSwitchedOn"], tried["impactSwitchedOn"]);
    assert_eq!(codes(&office, "wang").await, all, "nothing is closed");
    let controls = "{ controls { object dimension actions } }";
    let off = json!([{ "object": "Customer", "dimension": "INDUSTRY", "actions": [] }]);
    assert_eq!(client.metadata(controls, json!({})).await["controls"], off);
    // The simulator says the same of switching it on, which does it.
    let on = "{ simulatePolicy(draft: {controls: [{object: \"Customer\", dimension: \"INDUSTRY\"}]}) { account object gained lost lostExamples } }";
    let simulated = client.metadata(on, json!({})).await["simulatePolicy"].clone();
    assert_eq!(simulated, tried["impactSwitchedOn"]);
    let switch = "mutation { setDimensionControl(object: \"Customer\", dimension: \"INDUSTRY\") { object } }";
    client.metadata(switch, json!({})).await;
    assert_eq!(codes(&office, "wang").await, json!([]));
    let open = "{ simulatePolicy(draft: {controls: [{object: \"Customer\", controlled: false}]}) { account object gained lost } }";
    let simulated = client.metadata(open, json!({})).await["simulatePolicy"].clone();
    assert!(brief(&simulated).contains(&"wang Customer +4 -0".to_owned()), "{simulated}");
    // A later text gives it another path, and it stays switched on.
    let other = sdl.replace("\"industry\"", "\"level\"");
    let updated = apply(client, &other, false).await;
    assert_eq!(risky(&updated, "RIGHTS"), ["UPDATE_DIMENSION Customer.INDUSTRY"]);
    assert_eq!(codes(&office, "wang").await, json!([]));
    // It is taken away again, with its switch.
    let gone = "extend type Customer @dimension(name: INDUSTRY, removed: true)";
    let removed = apply(client, gone, false).await;
    assert_eq!(risky(&removed, "RIGHTS"), ["REMOVE_DIMENSION Customer.INDUSTRY"]);
    assert!(brief(&removed["impact"]).contains(&"wang Customer +3 -0".to_owned()), "{removed:#}");
    assert_eq!(codes(&office, "wang").await, all);
    assert_eq!(apply(client, gone, false).await["diagnostics"][0]["code"], "CATALOG_DIRECTIVE");
    // Given once more it starts switched off once more.
    assert_eq!(apply(client, sdl, false).await["diagnostics"], json!([]));
    assert_eq!(client.metadata(controls, json!({})).await["controls"], off);
    assert_eq!(codes(&office, "wang").await, all);
    // What comes with the program stays.
    let standard = "extend type Customer @dimension(name: DEPARTMENT, removed: true)";
    assert_eq!(apply(client, standard, false).await["diagnostics"][0]["code"], "CATALOG_DUPLICATE");
}

/// A dimension over a parent that counts by itself takes over its switch: nothing opens in between.
async fn a_dimension_takes_the_place_of_its_parent(client: &Client) {
    let mut office = Office::open(client).await;
    let visits = "type Visit @object(kind: DOCUMENT, label: \"x\", plural: \"visits\") { customer: Customer! @relation(parent: true) note: String }";
    assert_eq!(apply(client, visits, false).await["diagnostics"], json!([]));
    for customer in ["CL", "CQ"] {
        let customer = json!({ "id": office.id(customer) });
        office
            .make(customer["id"].as_str().unwrap(), "Visit", json!({ "customer": customer }))
            .await;
    }
    save(
        client,
        "code = \"visits\"\nlabel = \"x\"\nlabel_en = \"x\"\n[dimensions]\nDEPARTMENT = \"person\"\nCUSTOMER = \"all\"\n[[grants]]\nobjects = [\"Visit\", \"Customer\"]\nactions = [\"read\"]\ndimensions = true\n",
    )
    .await;
    office.give("new", &["visits"], &[office.id("TJ-TL")]).await;
    let seen = async || {
        office.ask("new", "{ visits { totalCount } }").await["data"]["visits"]["totalCount"].clone()
    };
    assert_eq!(seen().await, 1);
    let named = visits.replace(
        "plural: \"visits\")",
        "plural: \"visits\") @dimension(name: CUSTOMER, path: \"customer\")",
    );
    let applied = apply(client, &named, false).await;
    assert_eq!(risky(&applied, "RIGHTS"), ["UPDATE_DIMENSION Visit.CUSTOMER"]);
    assert_eq!((&applied["impact"], &applied["impactSwitchedOn"]), (&json!([]), &json!([])));
    assert_eq!(seen().await, 1);
    // Switched off it stays off when the parent is on its own again.
    let off = "mutation { setDimensionControl(object: \"Visit\", dimension: \"CUSTOMER\", actions: []) { object } }";
    client.metadata(off, json!({})).await;
    let applied = apply(client, visits, false).await;
    assert_eq!(risky(&applied, "RIGHTS"), ["UPDATE_DIMENSION Visit.customer"]);
    assert_eq!(
        client.metadata("{ controls { object dimension } }", json!({})).await["controls"],
        json!([{ "object": "Visit", "dimension": "customer" }])
    );
    assert_eq!(seen().await, 0, "an AND over nothing is false");
}

async fn what_a_definition_opens_is_counted(client: &Client) {
    let mut office = Office::open(client).await;
    assert_eq!(apply(client, DEALS, false).await["diagnostics"], json!([]));
    let department = json!({ "id": office.id("TJ-TL") });
    for (deal, owner) in [("one", "li"), ("two", "zhang"), ("three", "li")] {
        let owner = json!({ "id": office.id(owner) });
        office
            .make(deal, "Deal", json!({ "name": deal, "department": department, "owner": owner }))
            .await;
    }
    save(
        client,
        "code = \"deals\"\nlabel = \"x\"\nlabel_en = \"x\"\n[dimensions]\nDEPARTMENT = \"own\"\n[[grants]]\nobjects = [\"Deal\"]\nactions = [\"read\"]\nemployees = \"responsible\"\ndimensions = true\n",
    )
    .await;
    for who in ["li", "wang", "cai"] {
        let held = match who {
            "cai" => vec!["purchasing", "deals"],
            _ => vec!["deals"],
        };
        office.give(who, &held, &[]).await;
    }
    // Cai is walled off, Wang works elsewhere, Li sees the department's.
    let seen = async |who: &str| {
        office.ask(who, "{ deals { totalCount } }").await["data"]["deals"]["totalCount"].clone()
    };
    assert_eq!(
        (seen("li").await, seen("wang").await, seen("cai").await),
        (json!(3), json!(0), Value::Null)
    );
    let tell = async |text: String| {
        let tried = apply(client, &text, true).await;
        assert_eq!(tried["diagnostics"], json!([]), "{text}");
        (brief(&tried["impact"]), brief(&tried["impactSwitchedOn"]))
    };
    let (now, on) = tell(DEALS.replace("systems: [SALES], ", "systems: [SALES_SERVICE], ")).await;
    assert_eq!((now, on), (vec![], vec![]), "all may enter both");
    // Without the wall cai sees none: they work elsewhere and are responsible for none.
    let open = DEALS.replace(", businessLine: SALES", "");
    assert_eq!(tell(open.clone()).await.0, Vec::<String>::new());
    // Without the dimension li has their own.
    let narrow = DEALS.replace(" @dimension(name: DEPARTMENT, path: \"department\")", "");
    assert_eq!(tell(narrow).await.0, ["li Deal +0 -1"]);
    // An empty parent in the department's place, and no wall: everybody sees all.
    let gate = open
        .replace("path: \"department\"", "path: \"gate\"")
        .replace("owner: Employee", "gate: Customer @relation(parent: true) owner: Employee");
    let opened = vec!["cai Deal +3 -0".to_owned(), "wang Deal +3 -0".to_owned()];
    assert_eq!(tell(gate).await, (opened.clone(), opened));
    // A parent beside the department, still empty: no difference for those who see some.
    let beside =
        DEALS.replace("owner: Employee", "gate: Customer @relation(parent: true) owner: Employee");
    assert_eq!(tell(beside).await, (vec![], vec![]));
    // A value that is not there yet is within no set.
    let other = DEALS
        .replace("path: \"department\"", "path: \"second\"")
        .replace("owner: Employee", "second: Department owner: Employee");
    assert_eq!(tell(other).await.0, ["li Deal +0 -1"]);
    // And what is told is what becomes true.
    let narrow = DEALS.replace(" @dimension(name: DEPARTMENT, path: \"department\")", "");
    assert_eq!(brief(&apply(client, &narrow, false).await["impact"]), ["li Deal +0 -1"]);
    assert_eq!(seen("li").await, 2);
}

async fn a_definition_warns_of_what_roles_make_of_it(client: &Client) {
    let office = Office::open(client).await;
    save(
        client,
        "code = \"guarded\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Customer\", \"SalesOrder\"]\nactions = [\"read\", \"create\"]\nopen = true\n[[fields]]\nobject = \"Customer\"\nhidden = [\"creditLimit\"]\nreadonly = [\"address\"]\nmasked = { phone = \"end\" }\n",
    )
    .await;
    let warned = |applied: &Value| -> Vec<String> {
        let told = applied["warnings"].as_array().unwrap().iter();
        let path = |one: &Value| {
            let parts = one["path"].as_array().unwrap().iter();
            parts.map(|part| part.as_str().unwrap()).collect::<Vec<_>>().join(".")
        };
        told.filter(|one| one["message"].as_str().unwrap().contains("`guarded`"))
            .map(|one| format!("{} {}", one["code"].as_str().unwrap(), path(one)))
            .collect()
    };
    let sdl = "extend type Customer @check(expr: \"creditLimit > 0\") {
          half: Decimal @formula(expr: \"creditLimit / 2.0\") call: String @field(default: \"phone\")
          plain: String @field(default: \"name\") }
        extend type SalesOrder { most: Decimal @field(check: \"most <= customer.creditLimit\") }
        type Own @object(kind: MASTER, label: \"x\", plural: \"owns\") { limit: Decimal c: Customer most: Decimal @field(check: \"most <= c.creditLimit\") }";
    let tried = apply(client, sdl, true).await;
    assert_eq!(tried["diagnostics"], json!([]), "{tried:#}");
    assert_eq!(
        warned(&tried),
        [
            "READS_HIDDEN Customer.half",
            "READS_HIDDEN Customer.call",
            "READS_HIDDEN Customer",
            "READS_HIDDEN SalesOrder.most"
        ],
        "{tried:#}"
    );
    assert_eq!(warned(&apply(client, sdl, false).await), warned(&tried));
    // Known by then, and said of the role instead.
    assert_eq!(warned(&apply(client, "extend type Customer { z: Int }", false).await), [""; 0]);
    let roles = client.metadata("{ roles { code warnings } }", json!({})).await;
    let role = roles["roles"].as_array().unwrap().iter().find(|role| role["code"] == "guarded");
    assert_eq!(role.unwrap()["warnings"].as_array().unwrap().len(), 4, "{role:?}");
    // Required, and not to be given by those who create.
    let required = "extend type Customer { code2: String @field(label: \"x\") }";
    assert_eq!(warned(&apply(client, required, false).await), [""; 0]);
    save(
        client,
        "code = \"guarded\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Customer\"]\nactions = [\"read\", \"create\"]\nopen = true\n[[fields]]\nobject = \"Customer\"\nreadonly = [\"code2\"]\n",
    )
    .await;
    let required = "extend type Customer { code2: String! @field(label: \"x\") }";
    assert_eq!(warned(&apply(client, required, true).await), ["REQUIRED_NOT_GIVEN Customer.code2"]);
    // In the caller's language.
    let query = format!(
        "mutation {{ applySchema(sdl: {}, dryRun: true) {{ warnings {{ message }} }} }}",
        json!(required)
    );
    let (token, header) = (client.token("admin").await, ("accept-language", "zh"));
    let chinese = client.metadata_with(&token, header, &query).await.data();
    let text = chinese["applySchema"]["warnings"][0]["message"].clone();
    assert!(text.as_str().unwrap().contains("必填"), "{text}");
    assert!(office.sees("li", "customers", "CL").await);
}

/// Whether two customers whom one does not see have the same telephone is not told by trying to make it unique.
async fn a_designer_learns_nothing_of_keys(client: &Client) {
    let office = Office::open(client).await;
    office.give("new", &["designer"], &[]).await;
    let sdl = "extend type Customer @unique(fields: [\"phone\"]) { x: Int }";
    let mut told = Vec::new();
    for phone in ["022-23456789", "022-23456780"] {
        client.update("Customer", &office.id("CL"), json!({ "phone": "022-23456789" })).await;
        client.update("Customer", &office.id("CZ"), json!({ "phone": phone })).await;
        for dry in [true, false] {
            told.push(apply_as(client, &office.tokens["new"], sdl, dry).await);
        }
    }
    assert_eq!(told[0]["diagnostics"][0]["code"], "CATALOG_CHANGE");
    assert!(told.iter().all(|one| *one == told[0]), "{told:#?}");
    assert_eq!(apply(client, sdl, false).await["diagnostics"], json!([]));
}

/// Nor by computing a key of it, or of what that is computed of.
async fn a_designer_learns_nothing_of_computed_keys(client: &Client) {
    let office = Office::open(client).await;
    office.give("new", &["designer"], &[]).await;
    let mark = |unique: &str, least: u32| {
        format!(
            "extend type Customer {{
                mark: String @field(max: 60{unique}) @formula(expr: \"big ? 'x' : code\")
                big: Boolean @formula(expr: \"creditLimit >= {least}.0 && remark == 'p'\") }}"
        )
    };
    for customer in ["CL", "CZ"] {
        let patch =
            json!({ "remark": "p", "creditLimit": if customer == "CL" { "90" } else { "70" } });
        let updated = client.update("Customer", &office.id(customer), patch).await;
        assert_eq!(updated["userErrors"], json!([]), "{updated}");
    }
    let tell = async |sdl: &str, dry: bool| {
        let told = apply_as(client, &office.tokens["new"], sdl, dry).await;
        (told["diagnostics"].clone(), told["version"].clone())
    };
    let (new, later) = (mark(", unique: true", 60), mark(", unique: true", 80));
    for dry in [true, false] {
        let told = tell(&new, dry).await;
        assert_eq!(told.0[0]["code"], "CATALOG_CHANGE", "{told:#?}");
        assert_eq!(told, tell(&later, dry).await);
    }
    // An administrator is told that they do not fit.
    let refused = apply(client, &new, false).await;
    assert_eq!(refused["diagnostics"][0]["code"], "CATALOG_CHANGE", "{refused:#}");
    assert_eq!(apply(client, &later, false).await["diagnostics"], json!([]));
    // It is the same for what is computed otherwise later, deep down.
    for least in [60, 95] {
        let told = tell(&mark(", unique: true", least), false).await;
        assert_eq!(told.0[0]["code"], "CATALOG_CHANGE", "{told:#?}");
        assert_eq!(told, tell(&mark(", unique: true", 65), false).await);
    }
    // Without a key nothing can be learned.
    assert_eq!(
        tell("extend type Customer { z: String @formula(expr: \"code\") }", false).await.0,
        json!([])
    );
}

/// What a dimension's value is computed of is a change of the dimension.
async fn a_designer_does_not_compute_a_dimension_otherwise(client: &Client) {
    let office = Office::open(client).await;
    office.give("new", &["designer"], &[]).await;
    let zoned = |base: &str| {
        format!(
            "enum Zone {{ EAST WEST }}
            type Plot @object(kind: MASTER, label: \"地块\", plural: \"plots\") @dimension(name: ZONE, path: \"zone\") {{
                code: String!
                zone: Zone @formula(expr: \"base\")
                base: Zone @formula(expr: \"{base}\") }}"
        )
    };
    let made = apply(client, &zoned("code == 'a' ? 'EAST' : 'WEST'"), false).await;
    assert_eq!(made["diagnostics"], json!([]), "{made:#}");
    let refused = apply_as(client, &office.tokens["new"], &zoned("'EAST'"), false).await;
    assert_eq!(risky(&refused, "RIGHTS"), ["UPDATE_DIMENSION Plot.ZONE"], "{refused:#}");
    assert_eq!(refused["diagnostics"][0]["code"], "ACCESS_DENIED");
}

/// One of two dimensions over the path of a parent takes its place; the other is new, and switched off.
async fn one_takes_the_place_of_another(client: &Client) {
    Office::open(client).await;
    let visits = "type Visit @object(kind: DOCUMENT, label: \"x\", plural: \"visits\") { customer: Customer! @relation(parent: true) }";
    assert_eq!(apply(client, visits, false).await["diagnostics"], json!([]));
    let two = "extend type Visit @dimension(name: ONE, path: \"customer\") @dimension(name: TWO, path: \"customer\") { x: Int }";
    let applied = apply(client, two, false).await;
    assert_eq!(applied["diagnostics"], json!([]), "{applied:#}");
    assert_eq!(
        risky(&applied, "RIGHTS"),
        ["ADD_DIMENSION Visit.TWO", "UPDATE_DIMENSION Visit.ONE"],
        "{applied:#}"
    );
    assert_eq!(applied["impact"], json!([]), "{applied:#}");
}

async fn changes_of_rights_are_told_in_one_language(client: &Client) {
    let office = Office::open(client).await;
    office.give("new", &["designer"], &[]).await;
    let deals = "type Deal @object(kind: DOCUMENT, label: \"商机单\", plural: \"deals\", systems: [SALES], businessLine: SALES) @responsible @dimension(name: DEPARTMENT, path: \"department\") {
        department: Department! customer: Customer limit: Int owner: Employee keeper: Employee }";
    assert_eq!(client.apply(deals, false).await["diagnostics"], json!([]));
    let role = "code = \"r\"\nlabel = \"角色\"\nlabel_en = \"Role\"\n[[grants]]\nobjects = [\"Deal\"]\nactions = [\"read\", \"create\"]\nopen = true\n[[fields]]\nobject = \"Deal\"\nhidden = [\"limit\"]\nmasked = {}\n";
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(save, json!({ "d": role })).await;
    let admin = Asker::new(client).await;
    let designer = Asker { client, token: office.tokens["new"].clone() };
    let query = "mutation($sdl: String!) { applySchema(sdl: $sdl, dryRun: true) { changes { reason } diagnostics { message hint } warnings { message } } }";
    for sdl in [
        deals.replace("systems: [SALES], ", ""),
        deals.replace(", businessLine: SALES", ""),
        deals.replace("@responsible", "@responsible(owner: keeper)"),
        deals.replace(" @dimension(name: DEPARTMENT, path: \"department\")", ""),
        deals.replace("path: \"department\"", "path: \"customer.department\""),
        deals.replace("name: DEPARTMENT", "name: REGION"),
        "extend type Customer @dimension(name: INDUSTRY, path: \"industry\")".to_owned(),
        "extend type CustomerPermissionGroup { parent: CustomerPermissionGroup }".to_owned(),
    ] {
        for asker in [&admin, &designer] {
            asker.told("/metadata", query, json!({ "sdl": sdl })).await;
        }
    }
    for sdl in [
        "extend type Customer @dimension(name: NOTHING, removed: true)",
        "extend type Customer @dimension(name: DEPARTMENT, removed: true)",
        "extend type Deal { half: Int @formula(expr: \"limit * 2\") }",
        "extend type Deal { most: Int @field(check: \"most < limit\", default: \"limit\") }",
        "extend type Deal @check(expr: \"limit > 0\")",
    ] {
        admin.told("/metadata", query, json!({ "sdl": sdl })).await;
    }
    // Whether two that they do not see are alike is not told.
    let key = "extend type Customer @unique(fields: [\"phone\"])";
    designer.told("/metadata", query, json!({ "sdl": key })).await;
}
