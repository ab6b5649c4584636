//! What was changed of records: by whom, from what to what, page by page, and no more than one may see.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office},
};

both_dbs! {
    every_change_is_told_with_who_made_it
    histories_come_page_by_page
    what_one_may_not_see_is_not_in_the_history
    what_loses_a_reference_tells_so
    lines_are_told_one_by_one
}

async fn history(client: &Client, id: &str, arguments: &str, what: &str) -> Value {
    let query = format!("{{ customer(id: \"{id}\") {{ code history{arguments} {{ {what} }} }} }}");
    client.data(&query).await["customer"]["history"].clone()
}

async fn every_change_is_told_with_who_made_it(client: &Client) {
    let office = Office::open(client).await;
    let id = office.id("CL");
    client.update("Customer", &id, json!({ "level": "A", "creditLimit": "12.30" })).await;
    let item = json!({ "owner": { "id": office.id("zhang") }, "level": null });
    client.update("Customer", &id, item).await;
    let told = history(
        client,
        &id,
        "",
        "__typename nodes { action version at operatorName changes { field old new oldText newText } }",
    )
    .await;
    assert_eq!(told["__typename"], "HistoryConnection");
    let nodes = told["nodes"].as_array().unwrap();
    let (zhang, li) = (office.id("zhang"), office.id("li"));
    let at = "2026-06-15T02:00:00Z";
    let admin = nodes[0]["operatorName"].clone();
    assert!(admin.is_string(), "{told:#}");
    let changed = |entry: &Value, field: &str| {
        let changes = entry["changes"].as_array().unwrap();
        changes.iter().find(|change| change["field"] == field).cloned()
    };
    assert_eq!(
        [&nodes[0]["action"], &nodes[0]["version"], &nodes[0]["at"]],
        [&json!("UPDATE"), &json!(3), &json!(at)]
    );
    assert_eq!(
        changed(&nodes[0], "owner"),
        Some(
            json!({ "field": "owner", "old": li, "new": zhang, "oldText": "li", "newText": "zhang" })
        )
    );
    assert_eq!(
        changed(&nodes[0], "level"),
        Some(
            json!({ "field": "level", "old": "A", "new": null, "oldText": "A, strategic", "newText": null })
        )
    );
    assert_eq!(changed(&nodes[1], "creditLimit").unwrap()["new"], "12.30");
    let first = nodes.last().unwrap();
    assert_eq!(first["action"], "CREATE");
    assert_eq!(changed(first, "code").unwrap()["new"], "CL");
    // One field alone.
    let told =
        history(client, &id, "(field: \"level\")", "nodes { changes { field old new } }").await;
    assert_eq!(
        told["nodes"],
        json!([
            { "changes": [{ "field": "level", "old": "A", "new": null }] },
            { "changes": [{ "field": "level", "old": null, "new": "A" }] },
        ])
    );
    // Lines are told one by one, and a list of records has the history of each.
    let related =
        json!({ "relatedEmployees": { "create": [{ "employee": { "id": office.id("chen") } }] } });
    client.update("Customer", &office.id("CQ"), related).await;
    let told =
        history(client, &office.id("CQ"), "(first: 1)", "nodes { changes { field new } }").await;
    let lines = &told["nodes"][0]["changes"][0]["new"];
    let line = &lines["lines"][0];
    assert_eq!([&lines["created"], &lines["updated"], &lines["deleted"]], [1, 0, 0]);
    assert_eq!([&line["change"], &line["lineNo"]], [&json!("CREATED"), &json!(2)]);
    let employee =
        json!({ "old": null, "new": office.id("chen"), "oldText": null, "newText": "chen" });
    assert_eq!(line["fields"]["employee"], employee);
    assert_eq!(line["fields"]["isResponsible"], json!({ "old": null, "new": false }));
    assert_eq!(line["fields"].get("customer"), None);
    let before = client.company.database.statements();
    let data = client
        .data("{ customers(orderBy: [{code: ASC}]) { nodes { code history(first: 1) { nodes { version } pageInfo { hasNextPage } } } } salesOrders { nodes { history { nodes { action } } } } }")
        .await;
    assert!(client.company.database.statements() - before <= 6);
    let of = |code: &str| {
        let nodes = data["customers"]["nodes"].as_array().unwrap();
        nodes.iter().find(|node| node["code"] == code).unwrap()["history"].clone()
    };
    assert_eq!(
        of("CL"),
        json!({ "nodes": [{ "version": 3 }], "pageInfo": { "hasNextPage": true } })
    );
    assert_eq!(
        of("CS"),
        json!({ "nodes": [{ "version": 1 }], "pageInfo": { "hasNextPage": false } })
    );
    assert_eq!(data["salesOrders"]["nodes"].as_array().unwrap().len(), 3);
}

async fn histories_come_page_by_page(client: &Client) {
    let department = client.department("TJ").await;
    let id = client.customer(&department, "C1", json!({})).await;
    for count in 1..=5 {
        client.update("Customer", &id, json!({ "staffCount": count })).await;
    }
    let what = "nodes { version } pageInfo { hasNextPage hasPreviousPage endCursor }";
    let (mut versions, mut after) = (Vec::new(), String::new());
    loop {
        let page = history(client, &id, &format!("(first: 2{after})"), what).await;
        let nodes = page["nodes"].as_array().unwrap();
        versions.extend(nodes.iter().map(|entry| entry["version"].as_i64().unwrap()));
        assert_eq!(page["pageInfo"]["hasPreviousPage"], !after.is_empty());
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = format!(", after: {}", page["pageInfo"]["endCursor"]);
    }
    assert_eq!(versions, [6, 5, 4, 3, 2, 1]);
    let wrong =
        format!("{{ customer(id: \"{id}\") {{ history(after: \"x\") {{ nodes {{ id }} }} }} }}");
    assert_eq!(client.ask(&wrong, json!({})).await.codes(), ["INPUT_CURSOR"]);
    let wrong =
        format!("{{ customer(id: \"{id}\") {{ history(field: \"x\") {{ nodes {{ id }} }} }} }}");
    assert_eq!(client.ask(&wrong, json!({})).await.codes(), ["INPUT_INVALID"]);
}

async fn what_one_may_not_see_is_not_in_the_history(client: &Client) {
    let office = Office::open(client).await;
    let definition = "code = \"part\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Contact\"]\nactions = [\"read\", \"edit\"]\nopen = true\n[[grants]]\nobjects = [\"Customer\"]\nactions = [\"read\"]\nemployees = \"related\"\n[[fields]]\nobject = \"Contact\"\nhidden = [\"email\"]\n[fields.masked]\nmobile = \"end\"\n";
    let query = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(query, json!({ "d": definition })).await;
    office.give("new", &["part"], &[]).await;
    let related =
        json!({ "relatedEmployees": { "create": [{ "employee": { "id": office.id("new") } }] } });
    client.update("Customer", &office.id("CQ"), related).await;
    let contact = office.id("contact of CL");
    for patch in [
        json!({ "email": "a@example.com", "mobile": "13800000000", "remark": "经理" }),
        json!({ "customer": { "id": office.id("CQ") } }),
    ] {
        client.update("Contact", &contact, patch).await;
    }
    let query = format!(
        "{{ contact(id: \"{contact}\") {{ history {{ nodes {{ version operator operatorName changes {{ field old new oldText newText }} }} }} }} }}"
    );
    let told = office.ask("new", &query).await;
    let nodes = told["data"]["contact"]["history"]["nodes"].as_array().unwrap();
    // `new` may not see the operator who made it, and the customer before is none of theirs.
    assert_eq!(
        nodes[0],
        json!({ "version": 3, "operator": null, "operatorName": null, "changes": [
            { "field": "customer", "old": null, "new": office.id("CQ"), "oldText": null, "newText": "客户 CQ" }] }),
        "{told:#}"
    );
    assert_eq!(
        nodes[1]["changes"],
        json!([{ "field": "remark", "old": null, "new": "经理", "oldText": null, "newText": null }])
    );
    assert!(!told.to_string().contains("a@example.com") && !told.to_string().contains("138"));
    // A hidden field has a history as little as one that nobody has.
    for name in ["email", "mobile", "nobody"] {
        let query = format!(
            "{{ contact(id: \"{contact}\") {{ history(field: \"{name}\") {{ nodes {{ id }} }} }} }}"
        );
        let told = office.ask("new", &query).await;
        let message = told["errors"][0]["message"].as_str().unwrap();
        assert_eq!(message.replace(name, "x"), "`Contact` has no field `x`");
    }
}

async fn what_loses_a_reference_tells_so(client: &Client) {
    let department = client.department("TJ").await;
    let customer = client.customer(&department, "K1", json!({})).await;
    let contact = |name: &str| json!({ "name": name, "customer": { "id": customer } });
    let gone = client.create("Contact", contact("gone")).await;
    let stays = client.create("Contact", contact("stays")).await;
    let mut made = Vec::new();
    for (name, contact) in [("O1", &gone), ("O2", &gone), ("O3", &stays)] {
        let stage = client.ask("{ salesStages(first: 1) { nodes { id } } }", json!({})).await;
        let stage = match stage.data()["salesStages"]["nodes"][0]["id"].as_str() {
            Some(id) => id.to_owned(),
            None => {
                client
                    .create("SalesStage", json!({ "code": "S", "name": "S", "sequence": 1 }))
                    .await
            }
        };
        let input = json!({ "name": name, "customer": { "id": customer }, "contact": { "id": contact }, "stage": { "id": stage }, "department": { "id": department } });
        made.push(client.create("Opportunity", input).await);
    }
    let query =
        "subscription { opportunityChanged { kind record { name version contact { name } } } }";
    let mut told = client.follow(&client.token("admin").await, query, json!({})).await;
    let delete =
        format!("mutation {{ deleteContact(id: \"{gone}\") {{ userErrors {{ message }} }} }}");
    assert_eq!(client.data(&delete).await["deleteContact"]["userErrors"], json!([]));
    let mut names = Vec::new();
    for _ in 0..2 {
        let next = told.next().await;
        assert_eq!([&next["kind"], &next["record"]["version"]], [&json!("UPDATED"), &json!(2)]);
        assert_eq!(next["record"]["contact"], Value::Null);
        names.push(next["record"]["name"].as_str().unwrap().to_owned());
    }
    names.sort();
    assert_eq!(names, ["O1", "O2"]);
    let of = |at: usize| {
        format!(
            "{{ opportunity(id: \"{}\") {{ version history(field: \"contact\") {{ nodes {{ action version changes {{ field old new oldText }} }} }} }} }}",
            made[at]
        )
    };
    let first = client.data(&of(0)).await["opportunity"].clone();
    assert_eq!(
        first["history"]["nodes"][0],
        json!({ "action": "UPDATE", "version": 2, "changes": [{ "field": "contact", "old": gone, "new": null, "oldText": null }] })
    );
    // Who has the version from before is told what differs.
    let stale = format!(
        "mutation {{ updateOpportunity(id: \"{}\", expectedVersion: 1, patch: {{ name: \"x\" }}) {{ userErrors {{ code }} }} }}",
        made[1]
    );
    assert_eq!(
        client.data(&stale).await["updateOpportunity"]["userErrors"][0]["code"],
        "RECORD_VERSION"
    );
    assert_eq!(client.data(&of(2)).await["opportunity"]["version"], 1);
}

async fn lines_are_told_one_by_one(client: &Client) {
    let office = Office::open(client).await;
    let category = client.create("ItemCategory", json!({ "code": "C", "name": "C" })).await;
    let item =
        json!({ "code": "I", "name": "醇酸漆", "unit": "桶", "category": { "id": category } });
    let item = client.create("InventoryItem", item).await;
    let order = office.id("order of li");
    let line = json!({ "item": { "id": item }, "quantity": "2", "price": "3" });
    let create = json!({ "lines": { "create": [line] } });
    client.update("SalesOrder", &order, create).await;
    let read = |what: &str| format!("{{ salesOrder(id: \"{order}\") {{ {what} }} }}");
    let lines = client.data(&read("lines { id }")).await;
    let id = &lines["salesOrder"]["lines"][0]["id"];
    let update = json!({ "lines": { "update": [{ "id": id, "patch": { "quantity": "5" } }] } });
    client.update("SalesOrder", &order, update).await;
    // The same once more is no change.
    let same = json!({ "lines": { "update": [{ "id": id, "patch": { "quantity": "5.0" } }] } });
    client.update("SalesOrder", &order, same).await;
    let delete = json!({ "lines": { "delete": [id] } });
    client.update("SalesOrder", &order, delete).await;
    let history = read("history(field: \"lines\") { nodes { version changes { new } } }");
    let told = client.data(&history).await["salesOrder"]["history"]["nodes"].clone();
    let of = |at: usize| told[at]["changes"][0]["new"]["lines"][0].clone();
    assert_eq!([0, 1, 2].map(|at| of(at)["change"].clone()), ["DELETED", "UPDATED", "CREATED"]);
    assert_eq!(of(0)["fields"]["quantity"], json!({ "old": "5.0000", "new": null }));
    assert_eq!(
        of(1)["fields"],
        json!({ "quantity": { "old": "2.0000", "new": "5.0000" }, "amount": { "old": "6.00", "new": "15.00" } })
    );
    let named = json!({ "old": null, "new": item, "oldText": null, "newText": "醇酸漆" });
    assert_eq!(of(2)["fields"]["item"], named);
    assert_eq!(told[0]["version"], 4);
    // Who does not see a field of lines is not told of it.
    let definition = "code = \"part\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"SalesOrder\", \"Customer\", \"SalesOrderLine\"]\nactions = [\"read\"]\nopen = true\n[[fields]]\nobject = \"SalesOrderLine\"\nhidden = [\"quantity\"]\n";
    let query = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(query, json!({ "d": definition })).await;
    office.give("new", &["part"], &[]).await;
    let seen = office.ask("new", &history).await;
    let told = &seen["data"]["salesOrder"]["history"]["nodes"];
    assert_eq!(told.as_array().unwrap().len(), 2, "{seen}");
    let fields = told[1]["changes"][0]["new"]["lines"][0]["fields"].as_object().unwrap();
    assert_eq!(fields.get("quantity"), None, "{seen}");
    assert_eq!(fields["price"], json!({ "old": null, "new": "3.00" }));
    // Nor of an item that they may not see.
    assert!(
        fields.get("item").is_none_or(|item| item["new"].is_null() && item["newText"].is_null())
    );
}
