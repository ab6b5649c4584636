//! Employees whom rules relate to records: they come and go with what the records say, and open what they are related to.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    flows::apply_rules,
    rules::applied,
    support::{Client, office::Office},
};

both_dbs! {
    specialists_follow_the_categories_of_a_customer
    executive_managers_follow_their_team
    specialists_follow_the_lines_of_an_order
    two_rules_relate_one_person
    rules_lead_over_lists_and_conditions
    too_many_at_once_are_refused
}

const FOCUS: &str = r#"
extend type Customer {
  focusCategories: [ItemCategory!] @field(label: "关注新品类别", labelEn: "New products they care for")
}
"#;

const R1: &str = r#"
[[rule]]
code = "focus_specialists"
objects = ["Customer"]
relate = "focusCategories.specialists"
"#;

const ROWS: &str = "relatedEmployees { employee { code } source rule isResponsible }";

/// The rows that rules have made: rule and employee.
async fn by_rules(client: &Client, object: &str, id: &str) -> Vec<String> {
    let data = client.data(&format!("{{ {object}(id: \"{id}\") {{ {ROWS} }} }}")).await;
    let rows = data[object]["relatedEmployees"].as_array().unwrap().clone();
    let by_rule = rows.iter().filter(|row| row["source"] == "RULE");
    let mut told: Vec<_> = by_rule
        .map(|row| {
            assert_eq!(row["isResponsible"], false);
            format!("{}:{}", row["rule"], row["employee"]["code"]).replace('"', "")
        })
        .collect();
    assert!(rows.iter().all(|row| row["source"] == "RULE" || row["rule"].is_null()));
    told.sort();
    told
}

/// A category that wu pushes.
async fn resin(office: &mut Office<'_>) -> String {
    let wu = office.id("wu");
    let input =
        json!({ "code": "XSZ", "name": "新树脂", "isNew": true, "specialists": { "set": [wu] } });
    office.make("resin", "ItemCategory", input).await;
    office.id("resin")
}

async fn specialists_follow_the_categories_of_a_customer(client: &Client) {
    client.apply(FOCUS, false).await;
    let mut office = Office::open(client).await;
    applied(client, R1).await;
    let resin = resin(&mut office).await;
    let (cz, cl) = (office.id("CZ"), office.id("CL"));
    assert!(!office.sees("wu", "customers", "CZ").await);
    let focus = |part: &str| json!({ "focusCategories": { part: [resin] } });
    // Single.
    assert_eq!(client.update("Customer", &cz, focus("add")).await["userErrors"], json!([]));
    assert!(office.sees("wu", "customers", "CZ").await);
    assert!(office.edits("wu", "Customer", "CZ").await);
    assert_eq!(by_rules(client, "customer", &cz).await, ["focus_specialists:wu"]);
    // So does the explanation of why they see it.
    let explained = office
        .explain(&format!("account: \"wu\", object: \"Customer\", id: \"{cz}\", action: READ"))
        .await;
    assert!(
        explained
            .to_string()
            .contains("by the rule “Focus specialists” (`focus_specialists`) since 20"),
        "{explained:#}"
    );
    // History names the rule.
    let history = format!(
        "{{ customer(id: \"{cz}\") {{ history(first: 3) {{ nodes {{ changes {{ field new }} }} }} }} }}"
    );
    let history = client.data(&history).await.to_string();
    assert!(history.contains("focus_specialists"), "{history}");
    // What changes nothing of it writes nothing.
    let version = format!("{{ customer(id: \"{cz}\") {{ version }} }}");
    let before = client.data(&version).await["customer"]["version"].as_i64().unwrap();
    client.update("Customer", &cz, json!({ "remark": "y" })).await;
    assert_eq!(client.data(&version).await["customer"]["version"], before + 1);
    // A row that a person has written stays when the rule's goes.
    let manual =
        json!({ "relatedEmployees": { "create": [{ "employee": { "id": office.id("wu") } }] } });
    assert_eq!(client.update("Customer", &cl, manual).await["userErrors"], json!([]));
    for (part, rows) in [("add", vec!["focus_specialists:wu"]), ("remove", Vec::new())] {
        for id in [&cz, &cl] {
            client.update("Customer", id, focus(part)).await;
        }
        assert_eq!(by_rules(client, "customer", &cl).await, rows);
    }
    assert!(office.sees("wu", "customers", "CL").await, "the manual row is there");
    assert!(!office.sees("wu", "customers", "CZ").await);
    // Several in one call, an upsert, and a restored record.
    let several = "mutation($inputs: [CreateCustomerInput!]!) { createCustomers(inputs: $inputs) { records { id } userErrors { message } } }";
    let input = |code: &str| {
        json!({ "code": code, "name": code, "department": { "id": office.id("TJ-TL") },
            "owner": { "id": office.id("zhang") }, "focusCategories": { "set": [resin] } })
    };
    let inputs = json!([input("N1"), input("N2")]);
    let made = client.ask(several, json!({ "inputs": inputs })).await.data();
    for at in 0..2 {
        let id = made["createCustomers"]["records"][at]["id"].as_str().unwrap_or_default();
        assert_eq!(by_rules(client, "customer", id).await, ["focus_specialists:wu"], "{made}");
    }
    let one = made["createCustomers"]["records"][0]["id"].as_str().unwrap().to_owned();
    let back = format!(
        "mutation {{ deleteCustomer(id: \"{one}\") {{ id userErrors {{ message }} }} restoreCustomer(id: \"{one}\") {{ record {{ id }} userErrors {{ message }} }} }}"
    );
    let back = client.data(&back).await;
    assert_eq!(back["restoreCustomer"]["record"]["id"], json!(one), "{back}");
    assert_eq!(by_rules(client, "customer", &one).await, ["focus_specialists:wu"]);
    // Someone else pushes the category: everywhere at once, and a dry run changes nothing.
    let patch = json!({ "specialists": { "set": [office.id("zheng")] } });
    client.update("ItemCategory", &resin, patch).await;
    assert_eq!(by_rules(client, "customer", &one).await, ["focus_specialists:zheng"]);
    let dry = format!(
        "mutation {{ updateItemCategories(filter: {{id: {{eq: \"{resin}\"}}}}, patch: {{specialists: {{set: []}}}}, atMost: 1, dryRun: true) {{ count userErrors {{ message }} }} }}"
    );
    let dry = client.data(&dry).await;
    assert_eq!(dry["updateItemCategories"]["count"], 1, "{dry}");
    assert_eq!(by_rules(client, "customer", &one).await, ["focus_specialists:zheng"]);
    // Nobody but the server writes these rows.
    let rows = format!("{{ customer(id: \"{one}\") {{ relatedEmployees {{ id source }} }} }}");
    let rows = client.data(&rows).await["customer"]["relatedEmployees"].clone();
    let row = rows.as_array().unwrap().iter().find(|row| row["source"] == "RULE").unwrap();
    let removal = format!(
        "mutation {{ updateCustomer(id: \"{one}\", patch: {{relatedEmployees: {{delete: [{}]}}}}) {{ userErrors {{ code }} }} }}",
        row["id"]
    );
    let removal = office.ask("zhang", &removal).await;
    assert_eq!(removal["data"]["updateCustomer"]["userErrors"][0]["code"], "RECORD_READ_ONLY");
    let members = json!({ "focusCategories": { "set": [] } });
    client.update("Customer", &one, members).await;
    assert_eq!(by_rules(client, "customer", &one).await, [""; 0]);
}

async fn executive_managers_follow_their_team(client: &Client) {
    client.apply(include_str!("../cases/sample_loan.graphql"), false).await;
    let mut office = Office::open(client).await;
    let loan = json!({ "customer": { "id": office.id("CZ") }, "department": { "id": office.id("TJ-TL") }, "relatedEmployees": { "create": [{ "employee": { "id": office.id("zhang") }, "isResponsible": true }] } });
    office.make("loan", "SampleLoan", loan.clone()).await;
    assert!(!office.sees("qian", "customers", "CZ").await);
    // Zhang gets into qian's team: the records that are there, and those to come.
    let team = |manager: Value| json!({ "executiveManager": manager });
    let (zhang, qian) = (office.id("zhang"), office.id("qian"));
    let done = client.update("Employee", &zhang, team(json!({ "id": qian }))).await;
    assert_eq!(done["userErrors"], json!([]));
    office.make("later", "SampleLoan", loan).await;
    for (object, name) in [("customer", "CZ"), ("sampleLoan", "loan"), ("sampleLoan", "later")] {
        let rows = by_rules(client, object, &office.id(name)).await;
        assert_eq!(rows, ["executive_manager:qian"], "{object} {name}");
    }
    assert!(office.sees("qian", "customers", "CZ").await);
    // Another is responsible.
    let cz = office.id("CZ");
    client.update("Customer", &cz, json!({ "owner": { "id": office.id("li") } })).await;
    assert_eq!(by_rules(client, "customer", &cz).await, [""; 0]);
    assert!(!office.sees("qian", "customers", "CZ").await);
    client.update("Customer", &cz, json!({ "owner": { "id": zhang } })).await;
    assert!(office.sees("qian", "customers", "CZ").await);
    // He leaves the team.
    client.update("Employee", &zhang, team(Value::Null)).await;
    for (object, name) in [("customer", "CZ"), ("sampleLoan", "loan"), ("sampleLoan", "later")] {
        assert_eq!(by_rules(client, object, &office.id(name)).await, [""; 0], "{object} {name}");
    }
    assert!(!office.sees("qian", "customers", "CZ").await);
}

async fn specialists_follow_the_lines_of_an_order(client: &Client) {
    let mut office = Office::open(client).await;
    let resin = resin(&mut office).await;
    for (code, category) in [("NEW", resin.clone()), ("OLD", String::new())] {
        let category = match category.is_empty() {
            true => {
                let old = json!({ "code": "OLD", "name": "旧品" });
                office.make("old", "ItemCategory", old).await;
                office.id("old")
            }
            false => category,
        };
        let item =
            json!({ "code": code, "name": code, "unit": "KG", "category": { "id": category } });
        office.make(code, "InventoryItem", item).await;
    }
    let line = |item: String| json!({ "item": { "id": item }, "quantity": "1", "price": "1" });
    let (order, other) = (office.id("order of li"), office.id("order of chen"));
    let add = |item: String| json!({ "lines": { "create": [line(item)] } });
    for (id, item) in [(&order, "NEW"), (&order, "OLD"), (&other, "OLD")] {
        let done = client.update("SalesOrder", id, add(office.id(item))).await;
        assert_eq!(done["userErrors"], json!([]));
    }
    assert_eq!(by_rules(client, "salesOrder", &order).await, ["new_item_specialists:wu"]);
    assert!(office.edits("wu", "SalesOrder", "order of li").await);
    assert!(!office.sees("wu", "salesOrders", "order of chen").await);
    // The category gets old, and new again.
    for (new, sees) in [(false, false), (true, true)] {
        client.update("ItemCategory", &resin, json!({ "isNew": new })).await;
        assert_eq!(office.sees("wu", "salesOrders", "order of li").await, sees);
    }
    let lines = client
        .data(&format!("{{ salesOrder(id: \"{order}\") {{ lines {{ id item {{ code }} }} }} }}"))
        .await;
    let lines = lines["salesOrder"]["lines"].as_array().unwrap().clone();
    let line = lines.iter().find(|line| line["item"]["code"] == "NEW").unwrap();
    let removal = json!({ "lines": { "delete": [line["id"]] } });
    assert_eq!(client.update("SalesOrder", &order, removal).await["userErrors"], json!([]));
    assert!(!office.sees("wu", "salesOrders", "order of li").await);
}

async fn two_rules_relate_one_person(client: &Client) {
    client.apply(FOCUS, false).await;
    let mut office = Office::open(client).await;
    let rule = |code: &str, level: &str| {
        format!(
            "[[rule]]\ncode = \"{code}\"\nobjects = [\"Customer\"]\nwhen = \"{level}\"\nrelate = \"focusCategories.specialists\"\n"
        )
    };
    applied(client, &(rule("a", "remark == 'both'") + &rule("b", "remark != null"))).await;
    let resin = resin(&mut office).await;
    let id = office.id("CZ");
    let patch = json!({ "remark": "both", "focusCategories": { "add": [resin] } });
    assert_eq!(client.update("Customer", &id, patch).await["userErrors"], json!([]));
    assert_eq!(by_rules(client, "customer", &id).await, ["a:wu", "b:wu"]);
    client.update("Customer", &id, json!({ "remark": "one" })).await;
    assert_eq!(by_rules(client, "customer", &id).await, ["b:wu"]);
    assert!(office.sees("wu", "customers", "CZ").await);
    let history = format!(
        "{{ customer(id: \"{id}\") {{ history(first: 9) {{ nodes {{ changes {{ field new }} }} }} }} }}"
    );
    let history = client.data(&history).await.to_string();
    assert!(history.contains("\"a\"") && history.contains("\"b\""), "{history}");
    client.update("Customer", &id, json!({ "remark": null })).await;
    assert!(!office.sees("wu", "customers", "CZ").await);
}

async fn rules_lead_over_lists_and_conditions(client: &Client) {
    let mut office = Office::open(client).await;
    applied(
        client,
        r#"
        [[rule]]
        code = "who_visits"
        objects = ["Customer"]
        relate = "activities.employee"
        [[rule]]
        code = "head"
        objects = ["Contact"]
        when = "customer.owner.code == 'zhang' && customer.remark in ['big', 'huge'] && !(name == 'x')"
        relate = "customer.owner.manager"
        "#,
    )
    .await;
    let (cl, cz) = (office.id("CL"), office.id("CZ"));
    let visit = |customer: &str, employee: &str| json!({ "subject": "拜访", "customer": { "id": customer }, "department": { "id": office.id("TJ-TL") }, "employee": { "id": office.id(employee) } });
    let input = visit(&cz, "zheng");
    office.make("visit", "Activity", input).await;
    assert_eq!(by_rules(client, "customer", &cz).await, ["who_visits:zheng"]);
    // The visit was at another customer; then it never was.
    let visit = office.id("visit");
    client.update("Activity", &visit, json!({ "customer": { "id": cl } })).await;
    assert_eq!(by_rules(client, "customer", &cz).await, [""; 0]);
    assert!(by_rules(client, "customer", &cl).await.contains(&"who_visits:zheng".to_owned()));
    client.data(&format!("mutation {{ deleteActivity(id: \"{visit}\") {{ id }} }}")).await;
    assert!(!by_rules(client, "customer", &cl).await.contains(&"who_visits:zheng".to_owned()));
    let contact = office.id("contact of CZ");
    let manager = json!({ "manager": { "id": office.id("wang") } });
    client.update("Employee", &office.id("zhang"), manager).await;
    assert_eq!(by_rules(client, "contact", &contact).await, [""; 0]);
    client.update("Customer", &cz, json!({ "remark": "big" })).await;
    assert_eq!(by_rules(client, "contact", &contact).await, ["head:wang"]);
    client.update("Contact", &contact, json!({ "name": "x" })).await;
    assert_eq!(by_rules(client, "contact", &contact).await, [""; 0]);
}

async fn too_many_at_once_are_refused(client: &Client) {
    client.apply(FOCUS, false).await;
    let mut office = Office::open(client).await;
    applied(client, R1).await;
    let resin = resin(&mut office).await;
    let input = |at: usize| {
        json!({ "code": format!("N{at}"), "name": format!("N{at}"), "department": { "id": office.id("TJ-TL") },
            "owner": { "id": office.id("zhang") }, "focusCategories": { "set": [resin] } })
    };
    let several = "mutation($inputs: [CreateCustomerInput!]!) { createCustomers(inputs: $inputs) { count userErrors { message } } }";
    let inputs: Vec<_> = (0..501).map(input).collect();
    let made = client.ask(several, json!({ "inputs": inputs[..400] })).await.data();
    assert_eq!(made["createCustomers"]["count"], 400, "{made}");
    let other = json!({ "specialists": { "set": [office.id("zheng")] } });
    assert_eq!(client.update("ItemCategory", &resin, other).await["userErrors"], json!([]));
    let whose = |who: &str| {
        format!(
            "{{ customers(filter: {{relatedEmployees: {{some: {{employee: {{code: {{eq: \"{who}\"}}}}}}}}}}) {{ totalCount }} }}"
        )
    };
    let counted = client.data(&whose("zheng")).await;
    assert_eq!(counted["customers"]["totalCount"], 400, "{counted}");
    let made = client.ask(several, json!({ "inputs": inputs[400..] })).await.data();
    assert_eq!(made["createCustomers"]["count"], 101, "{made}");
    let wu = json!({ "specialists": { "set": [office.id("wu")] } });
    let refused = client.update("ItemCategory", &resin, wu).await;
    assert_eq!(refused["userErrors"][0]["code"], "RECORD_RULE", "{refused}");
    assert_eq!(client.data(&whose("zheng")).await["customers"]["totalCount"], 501);
    // A rule that is gone leaves its rows until the records are saved.
    let gone = apply_rules(client, "own", Value::Null).await;
    assert_eq!(gone["diagnostics"], json!([]));
}
