//! What an administrator sets beside roles: walls, groups, dimensions of their own making, switches, stand-ins.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office},
};

both_dbs! {
    business_lines_are_walled_off
    customers_are_ticked_in_groups
    an_administrator_makes_a_dimension
    an_object_is_for_its_systems
    what_is_controlled_can_be_switched
    a_change_of_rights_is_simulated
    an_employee_is_confirmed
    someone_stands_in_for_a_time
    who_enters_for_another_may_correct_it
}

async fn save(client: &Client, definition: String) {
    let query = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(query, json!({ "d": definition })).await;
}

/// A role that reads one object, and what else is said of it.
fn reader(code: &str, head: &str, dimensions: &str, object: &str, grant: &str) -> String {
    format!(
        "code = \"{code}\"\nlabel = \"x\"\nlabel_en = \"x\"\n{head}\n[dimensions]\n{dimensions}\n[[grants]]\nobjects = [\"{object}\"]\nactions = [\"read\"]\n{grant}\n"
    )
}

async fn codes(office: &Office<'_>, who: &str) -> Value {
    let query = "{ customers(orderBy: [{code: ASC}]) { nodes { code } } }";
    let answer = office.ask(who, query).await;
    let nodes = answer["data"]["customers"]["nodes"].as_array().cloned();
    nodes.map_or(Value::Null, |nodes| nodes.iter().map(|node| node["code"].clone()).collect())
}

async fn business_lines_are_walled_off(client: &Client) {
    let office = Office::open(client).await;
    let token = client.token("admin").await;
    let both = "mutation { assignRoles(account: \"new\", roles: [\"salesperson\", \"purchasing\"]) { roles } }";
    let refused = client.metadata_as(&token, both, json!({})).await;
    assert_eq!(refused.codes(), ["INPUT_VALUE"], "{}", refused.body);
    // A role of another line is of no use on sales objects, whatever it grants.
    let wide = reader("wide", "lines = [\"PURCHASING\"]", "", "Customer", "open = true");
    save(client, wide).await;
    save(client, reader("shared", "", "", "Customer", "open = true")).await;
    office.give("new", &["wide"], &[]).await;
    assert_eq!(codes(&office, "new").await, Value::Null);
    // And who holds it has no part in sales by other roles either.
    office.give("new", &["shared"], &[]).await;
    assert_eq!(codes(&office, "new").await, json!(["CL", "CQ", "CS", "CZ"]));
    office.give("new", &["shared", "wide"], &[]).await;
    assert_eq!(codes(&office, "new").await, Value::Null);
    let explained = office
        .explain(&format!(
            "account: \"new\", object: \"Customer\", id: \"{}\", action: READ",
            office.id("CL")
        ))
        .await;
    assert_eq!(explained["allowed"], false);
    let wall = explained["branches"].as_array().unwrap().iter().find(|one| one["name"] == "wall");
    assert_eq!(wall.unwrap()["holds"], false, "{explained}");
    assert_eq!(
        explained["wouldAllow"],
        json!([{ "grant": "only roles that keep to SALES" }]),
        "{explained}"
    );
}

async fn customers_are_ticked_in_groups(client: &Client) {
    let office = Office::open(client).await;
    let group = async |code: &str| {
        client.create("CustomerPermissionGroup", json!({ "code": code, "name": code })).await
    };
    let (key, other) = (group("KEY").await, group("OTHER").await);
    for (customer, group) in [("CL", &key), ("CQ", &key), ("CS", &other)] {
        let patch = json!({ "permissionGroup": { "id": group } });
        client.update("Customer", &office.id(customer), patch).await;
    }
    let definition = reader(
        "grouped",
        "",
        "DEPARTMENT = \"all\"\nCUSTOMER = \"set\"\n[ticked]\nCUSTOMER = [\"KEY\"]",
        "Customer",
        "dimensions = true",
    );
    save(client, definition.replace("\"KEY\"", &format!("\"{key}\""))).await;
    office.give("new", &["grouped"], &[]).await;
    assert_eq!(codes(&office, "new").await, json!(["CL", "CQ"]));
    // On the person instead of the role.
    save(client, definition.replace("\"set\"\n[ticked]\nCUSTOMER = [\"KEY\"]", "\"person\"")).await;
    assert_eq!(codes(&office, "new").await, json!([]));
    let set = "mutation($v: [String!]!) { setReach(account: \"new\", dimension: \"CUSTOMER\", level: SET, values: $v) }";
    client.metadata(set, json!({ "v": [other] })).await;
    assert_eq!(codes(&office, "new").await, json!(["CS"]));
    let all = "mutation { setReach(account: \"new\", dimension: \"CUSTOMER\", level: ALL) }";
    client.metadata(all, json!({})).await;
    assert_eq!(codes(&office, "new").await, json!(["CL", "CQ", "CS", "CZ"]));
    // A manager sees the group of a customer and does not change it.
    let fields = "{ read: __type(name: \"Customer\") { fields { name } } write: __type(name: \"UpdateCustomerInput\") { inputFields { name } } }";
    let answer = office.ask("wang", fields).await;
    let has = |key: &str| answer["data"][key].to_string().contains("permissionGroup");
    assert!(has("read") && !has("write"), "{answer}");
}

async fn an_administrator_makes_a_dimension(client: &Client) {
    let office = Office::open(client).await;
    for (customer, industry) in [("CL", "RUBBER"), ("CQ", "RUBBER"), ("CZ", "PLASTICS")] {
        let patch = json!({ "industry": industry });
        let saved = client.update("Customer", &office.id(customer), patch).await;
        assert_eq!(saved["userErrors"], json!([]));
    }
    let sdl = "extend type Customer @dimension(name: INDUSTRY, path: \"industry\") { rating: Int }
        extend type SalesOrder @dimension(name: INDUSTRY, path: \"customer.industry\") { rating: Int }";
    let applied = client.apply(sdl, false).await;
    assert_eq!(applied["diagnostics"], json!([]), "{applied}");
    // What is new starts switched off.
    for object in ["Customer", "SalesOrder"] {
        let on = "mutation($o: String!) { setDimensionControl(object: $o, dimension: \"INDUSTRY\") { object } }";
        client.metadata(on, json!({ "o": object })).await;
    }
    // By a picklist's value, ticked on the person; the department is controlled as before.
    let definition = reader(
        "industrial",
        "",
        "DEPARTMENT = \"person\"\nCUSTOMER = \"all\"\nINDUSTRY = \"person\"",
        "Customer\", \"SalesOrder",
        "dimensions = true",
    );
    save(client, definition).await;
    let everywhere = [office.id("TJ-TL"), office.id("QZ-TL"), office.id("TJ-SL")];
    office.give("new", &["industrial"], &everywhere).await;
    assert_eq!(codes(&office, "new").await, json!([]));
    let set = "mutation { setReach(account: \"new\", dimension: \"INDUSTRY\", level: SET, values: [\"RUBBER\"]) }";
    client.metadata(set, json!({})).await;
    assert_eq!(codes(&office, "new").await, json!(["CL", "CQ"]));
    assert!(office.sees("new", "salesOrders", "order of li").await);
    assert!(!office.sees("new", "salesOrders", "order of chen").await);
    // Roles that say nothing of the new dimension have none of it.
    assert!(!office.sees("wang", "customers", "CL").await);
    assert!(office.sees("li", "customers", "CL").await, "by being responsible");
}

async fn an_object_is_for_its_systems(client: &Client) {
    let mut office = Office::open(client).await;
    let sdl = "type SampleLoan @object(kind: DOCUMENT, label: \"样品借用\", plural: \"sampleLoans\", systems: [SALES]) { remark: String }
        type Tool @object(kind: MASTER, label: \"工具\", plural: \"tools\", systems: [SERVICE, SALES_SERVICE]) { remark: String }
        type Note @object(kind: MASTER, label: \"便签\", plural: \"notes\") { remark: String }";
    assert_eq!(client.apply(sdl, false).await["diagnostics"], json!([]));
    for object in ["SampleLoan", "Tool", "Note"] {
        office.make(object, object, json!({ "remark": "x" })).await;
    }
    let objects = "SampleLoan\", \"Tool\", \"Note";
    save(client, reader("wide", "", "", objects, "open = true")).await;
    office.give("new", &["wide"], &[]).await;
    let operator = "{ operators(filter: {account: {eq: \"new\"}}) { nodes { id } } }";
    let operator = client.data(operator).await["operators"]["nodes"][0]["id"].clone();
    // T28: who may enter service only does not see what is published for sales.
    for (systems, seen) in [
        (json!(["SERVICE"]), [false, true, true]),
        (json!(["SALES"]), [true, false, true]),
        (json!(["SALES", "SALES_SERVICE"]), [true, true, true]),
        (json!([]), [false, false, true]),
    ] {
        let patch = json!({ "allowedSystems": systems });
        client.update("Operator", operator.as_str().unwrap(), patch).await;
        for ((list, name), seen) in
            [("sampleLoans", "SampleLoan"), ("tools", "Tool"), ("notes", "Note")].iter().zip(seen)
        {
            assert_eq!(office.sees("new", list, name).await, seen, "{name} by {systems}");
        }
    }
}

async fn what_is_controlled_can_be_switched(client: &Client) {
    let office = Office::open(client).await;
    assert!(!office.sees("zhao", "salesOrders", "order at branch").await);
    // T26 in kind: with the option off, the function right is all it takes.
    let off = "mutation { setControlled(object: \"SalesOrder\", controlled: false) { object dimension actions } }";
    assert_eq!(
        client.metadata(off, json!({})).await["setControlled"],
        json!([{ "object": "SalesOrder", "dimension": null, "actions": [] }])
    );
    assert!(office.sees("zhao", "salesOrders", "order at branch").await);
    assert!(office.sees("zhang", "salesOrders", "order of li").await);
    assert!(!office.sees("cai", "salesOrders", "order of li").await, "no function right");
    let on = off.replace("false", "true");
    assert_eq!(client.metadata(&on, json!({})).await["setControlled"], json!([]));
    assert!(!office.sees("zhao", "salesOrders", "order at branch").await);
    // One dimension for some actions only.
    let edits = "mutation { setDimensionControl(object: \"Customer\", dimension: \"DEPARTMENT\", actions: [EDIT]) { object dimension actions } }";
    client.metadata(edits, json!({})).await;
    assert!(office.sees("wang", "customers", "CQ").await);
    assert!(!office.edits("wang", "Customer", "CQ").await);
    // Where nothing is controlled any more, nothing opens by dimensions.
    let none = edits.replace("DEPARTMENT", "CUSTOMER");
    client.metadata(&none, json!({})).await;
    assert!(!office.sees("wang", "customers", "CQ").await);
    let undefined =
        "mutation { setDimensionControl(object: \"Customer\", dimension: \"ITEM\") { object } }";
    let token = client.token("admin").await;
    assert_eq!(client.metadata_as(&token, undefined, json!({})).await.codes(), ["INPUT_VALUE"]);
    // All of it is in the trail, and only administrators read that.
    let trail =
        "{ auditTrail(kind: RIGHTS, first: 2) { nodes { id kind account object detail } } }";
    let listed = client.metadata(trail, json!({})).await["auditTrail"]["nodes"].clone();
    let shown: Vec<_> = listed.as_array().unwrap().iter().map(|one| &one["detail"]).collect();
    assert_eq!(
        shown,
        [
            &json!({ "setDimensionControl": "CUSTOMER", "actions": ["edit"] }),
            &json!({ "setDimensionControl": "DEPARTMENT", "actions": ["edit"] }),
        ]
    );
    assert_eq!(
        (&listed[0]["account"], &listed[0]["object"]),
        (&json!("admin"), &json!("Customer"))
    );
    let older = trail.replace("first: 2", &format!("first: 1, after: {}", listed[1]["id"]));
    let older = client.metadata(&older, json!({})).await["auditTrail"]["nodes"].clone();
    assert_eq!(older[0]["detail"], json!({ "setControlled": true }));
    let refused = client.metadata_as(&office.tokens["wang"], trail, json!({})).await;
    assert_eq!(refused.codes(), ["ACCESS_DENIED"]);
    let refused = client.metadata_as(&office.tokens["wang"], off, json!({})).await;
    assert_eq!(refused.codes(), ["ACCESS_DENIED"]);
}

async fn a_change_of_rights_is_simulated(client: &Client) {
    let office = Office::open(client).await;
    let simulate = async |draft: Value, action: &str| {
        let query = "query($draft: PolicyDraft!, $action: RecordAction!) { simulatePolicy(draft: $draft, action: $action) { account object gained lost gainedExamples lostExamples } }";
        let variables = json!({ "draft": draft, "action": action.to_uppercase() });
        client.metadata(query, variables).await["simulatePolicy"].clone()
    };
    let brief = |differences: &Value| -> Vec<String> {
        let differences = differences.as_array().unwrap();
        let told = |one: &Value| {
            format!(
                "{} {} +{} -{}",
                one["account"].as_str().unwrap(),
                one["object"].as_str().unwrap(),
                one["gained"],
                one["lost"]
            )
        };
        differences.iter().map(told).collect()
    };
    // Wang loses one department, and so a line's customers and what hangs on them.
    let fewer = json!({ "reach": [{ "account": "wang", "dimension": "DEPARTMENT", "level": "SET", "values": [office.id("TJ-TL")] }] });
    let found = simulate(fewer, "read").await;
    assert_eq!(
        brief(&found),
        ["wang Customer +0 -1", "wang Contact +0 -1", "wang SalesOrder +0 -2"]
    );
    assert_eq!(found[0]["lostExamples"], json!([office.id("CS")]));
    assert_eq!(codes(&office, "wang").await, json!(["CL", "CS", "CZ"]), "nothing was changed");
    // A draft of a role touches all who hold it.
    let salesperson = include_str!("../../schema/roles/salesperson.toml");
    let related = salesperson.replace("employees = \"responsible\"", "employees = \"related\"");
    let row =
        json!({ "relatedEmployees": { "create": [{ "employee": { "id": office.id("zhang") } }] } });
    client.update("Customer", &office.id("CQ"), row).await;
    let draft = json!({ "roles": [related] });
    let found = simulate(draft.clone(), "read").await;
    assert_eq!(brief(&found), ["zhang Customer +1 -0"]);
    assert_eq!(found[0]["gainedExamples"], json!([office.id("CQ")]));
    assert_eq!(brief(&simulate(draft, "delete").await), Vec::<String>::new());
    // Other roles.
    let draft = json!({ "assign": [{ "account": "zhang", "roles": ["purchasing"] }, { "account": "new", "roles": ["administrator"] }] });
    let found = brief(&simulate(draft, "read").await);
    assert!(found.contains(&"zhang Customer +0 -1".to_owned()), "{found:?}");
    assert!(found.contains(&"new Customer +4 -0".to_owned()), "{found:?}");
    // What a simulation says is what a change does.
    office.give("zhang", &["purchasing"], &[]).await;
    assert_eq!(codes(&office, "zhang").await, Value::Null);
    let token = client.token("admin").await;
    for (draft, code) in [
        ("{roles: [\"x\"]}", "CATALOG_SYNTAX"),
        ("{assign: [{account: \"ghost\", roles: []}]}", "INPUT_VALUE"),
        ("{assign: [{account: \"li\", roles: [\"none\"]}]}", "INPUT_VALUE"),
        ("{assign: [{account: \"li\", roles: [\"salesperson\", \"finance\"]}]}", "INPUT_VALUE"),
        ("{reach: [{account: \"li\", dimension: \"MOON\", level: ALL}]}", "INPUT_VALUE"),
    ] {
        let query = format!("{{ simulatePolicy(draft: {draft}) {{ account }} }}");
        let refused = client.metadata_as(&token, &query, json!({})).await;
        assert_eq!(refused.body["errors"][0]["extensions"]["code"], code, "{draft}");
        let refused = client.metadata_as(&office.tokens["wang"], &query, json!({})).await;
        assert_eq!(refused.codes(), ["ACCESS_DENIED"], "{draft}");
    }
}

async fn an_employee_is_confirmed(client: &Client) {
    let mut office = Office::open(client).await;
    let input =
        json!({ "code": "wen", "name": "文员", "department": { "id": office.id("TJ-TL") } });
    office.make("wen", "Employee", input).await;
    let admin = client.token("admin").await;
    let confirm = async |token: &str, arguments: String| {
        let query =
            format!("mutation {{ confirmEmployee({arguments}) {{ operator account roles }} }}");
        client.metadata_as(token, &query, json!({})).await
    };
    let wen = office.id("wen");
    let arguments = format!("employee: \"{wen}\", account: \"wen\", systems: [SALES]");
    for (token, arguments, code) in [
        (&office.tokens["wang"], arguments.clone(), "ACCESS_DENIED"),
        (&admin, arguments.replace(&wen, &office.id("CL")), "RECORD_NOT_FOUND"),
        (&admin, arguments.replace("SALES", "MOON"), "INPUT_INVALID"),
        (&admin, arguments.replace("account: \"wen\"", "account: \"zhang\""), "RECORD_TAKEN"),
    ] {
        assert_eq!(confirm(token, arguments.clone()).await.codes(), [code], "{arguments}");
    }
    // T29: there is an operator, and nothing is open to them yet.
    let made = confirm(&admin, arguments.clone()).await.data()["confirmEmployee"].clone();
    assert_eq!((&made["account"], &made["roles"]), (&json!("wen"), &json!([])));
    let operator = client
        .data(&format!(
            "{{ operator(id: {}) {{ name employee {{ code }} allowedSystems }} }}",
            made["operator"]
        ))
        .await;
    assert_eq!(
        operator["operator"],
        json!({ "name": "文员", "employee": { "code": "wen" }, "allowedSystems": ["SALES"] })
    );
    assert_eq!(confirm(&admin, arguments).await.codes(), ["RECORD_TAKEN"], "once");
}

async fn someone_stands_in_for_a_time(client: &Client) {
    let office = Office::open(client).await;
    let delegate = async |who: &str, rest: String| {
        let query = format!("mutation {{ delegate({rest}) {{ id from to since until madeBy }} }}");
        client.metadata_as(&office.tokens[who], &query, json!({})).await
    };
    let (li, zhang) = (office.id("li"), office.id("zhang"));
    let until = "until: \"2026-06-15T02:10:00Z\"";
    // Zhang, who is away from five past ten to ten past ten, lets Li stand in.
    let made =
        delegate("zhang", format!("to: \"{li}\", since: \"2026-06-15T10:05:00+08:00\", {until}"));
    let made = made.await.data()["delegate"].clone();
    assert_eq!(made["from"], zhang);
    assert_eq!(made["since"], "2026-06-15T02:05:00Z");
    assert!(!office.sees("li", "customers", "CZ").await, "not yet");
    client.world.advance(Duration::from_mins(6));
    // Other processes follow within a second, this one forgets on the next change of rights.
    let told = "{ delegations { nodes { from to } } }";
    let listed = client.metadata_as(&office.tokens["li"], told, json!({})).await.data();
    assert_eq!(listed["delegations"]["nodes"], json!([{ "from": zhang, "to": li }]));
    let nobodys = client.metadata_as(&office.tokens["wang"], told, json!({})).await.data();
    assert_eq!(nobodys["delegations"]["nodes"], json!([]));
    office.give("wei", &["finance"], &[]).await;
    assert!(office.sees("li", "customers", "CZ").await);
    assert!(office.edits("li", "Customer", "CZ").await);
    assert!(!office.sees("zhang", "customers", "CL").await, "it is not mutual");
    let explained = office
        .explain(&format!(
            "account: \"li\", object: \"Customer\", id: \"{}\", action: EDIT",
            office.id("CZ")
        ))
        .await;
    let stands = |one: &&Value| one["name"] == "stand-in" && one["holds"] == true;
    assert!(explained["branches"].as_array().unwrap().iter().any(|one| stands(&one)));
    client.world.advance(Duration::from_mins(5));
    office.give("wei", &["finance"], &[]).await;
    assert!(!office.sees("li", "customers", "CZ").await, "over");
    // Ended early, by whoever is away.
    let later = "until: \"2026-07-01T00:00:00Z\"";
    let made = delegate("zhang", format!("to: \"{li}\", {later}")).await.data();
    assert!(office.sees("li", "customers", "CZ").await);
    let end = format!("mutation {{ endDelegation(id: {}) }}", made["delegate"]["id"]);
    let refused = client.metadata_as(&office.tokens["wang"], &end, json!({})).await;
    assert_eq!(refused.codes(), ["RECORD_NOT_FOUND"]);
    client.metadata_as(&office.tokens["zhang"], &end, json!({})).await.data();
    assert!(!office.sees("li", "customers", "CZ").await);
    for (who, rest, code) in [
        ("wang", format!("from: \"{zhang}\", to: \"{li}\", {later}"), "ACCESS_DENIED"),
        ("zhang", format!("to: \"{zhang}\", {later}"), "ACCESS_DENIED"),
        ("zhang", format!("to: \"{li}\", until: \"2026-06-01T00:00:00Z\""), "INPUT_VALUE"),
        ("zhang", format!("to: \"{li}\", until: \"2028-06-01T00:00:00Z\""), "INPUT_VALUE"),
        ("zhang", format!("to: \"{li}\", until: \"tomorrow\""), "INPUT_VALUE"),
        ("zhang", format!("to: \"{}\", {later}", office.id("CL")), "INPUT_VALUE"),
    ] {
        assert_eq!(delegate(who, rest.clone()).await.codes(), [code], "{rest}");
    }
}

async fn who_enters_for_another_may_correct_it(client: &Client) {
    let office = Office::open(client).await;
    let link = |name: &str| json!({ "id": office.id(name) });
    let query = format!(
        "mutation {{ createSalesOrder(input: {{customer: {{id: \"{}\"}}, department: {{id: \"{}\"}}, owner: {{id: \"{}\"}}}}) {{ record {{ id _can {{ edit }} relatedEmployees {{ employee {{ code }} isResponsible isPrimary source until }} }} userErrors {{ code }} }} }}",
        office.id("CL"),
        office.id("TJ-TL"),
        office.id("li")
    );
    let made = office.ask("zhou", &query).await;
    let record = &made["data"]["createSalesOrder"]["record"];
    assert_eq!(record["_can"]["edit"], true, "{made}");
    assert_eq!(
        record["relatedEmployees"],
        json!([
            { "employee": { "code": "li" }, "isResponsible": true, "isPrimary": true, "source": "OWNER", "until": null },
            { "employee": { "code": "zhou" }, "isResponsible": true, "isPrimary": false, "source": "DELEGATION", "until": "2026-07-15T02:00:00Z" },
        ])
    );
    // Whoever may change it anyway is not written down, nor is one who may not change such records at all.
    let order = json!({ "customer": link("CL"), "department": link("TJ-TL"), "owner": link("li") });
    let query = "mutation($input: CreateSalesOrderInput!) { createSalesOrder(input: $input) { record { relatedEmployees { source } } userErrors { code } } }";
    let poster = client.poster_of("li").await;
    let own = poster.ask(query, json!({ "input": order })).await.data();
    assert_eq!(
        own["createSalesOrder"]["record"]["relatedEmployees"],
        json!([{ "source": "OWNER" }]),
        "{own}"
    );
    let contact = format!(
        "mutation {{ createContact(input: {{name: \"x\", customer: {{id: \"{}\"}}}}) {{ record {{ relatedEmployees {{ source }} }} }} }}",
        office.id("CL")
    );
    let of_service = office.ask("zheng", &contact).await;
    let rows = &of_service["data"]["createContact"]["record"]["relatedEmployees"];
    assert!(!rows.to_string().contains("DELEGATION"), "{of_service}");
}
