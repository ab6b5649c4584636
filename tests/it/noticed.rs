//! What someone notices of a change: nothing where it changed only what they do not see on that record, by events,
//! by history or by what a late change is told.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, Told, office::Office},
};

both_dbs! {
    events_tell_of_what_is_seen_on_the_record
    lines_are_noticed_by_what_is_seen_of_them
    histories_have_no_empty_entries
    late_changes_name_what_was_noticed
    what_is_gone_was_seen_by_some
}

async fn save(client: &Client, definition: &str) {
    let query = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(query, json!({ "d": definition })).await;
}

/// A block of rights.
fn grant(objects: &str, by: &str) -> String {
    format!("[[grants]]\nobjects = [{objects}]\nactions = [\"read\", \"edit\"]\n{by}\n")
}

fn role(code: &str, rest: &str) -> String {
    format!("code = \"{code}\"\nlabel = \"x\"\nlabel_en = \"x\"\n{rest}")
}

/// An office where `new` sees all contacts without their mail, with the ends of mobile numbers and nothing of
/// phones, and of customers, of which they see credit limits and who owns them nowhere but on CQ, one other.
async fn office(client: &Client) -> Office<'_> {
    let office = Office::open(client).await;
    let contacts = grant("\"Contact\"", "open = true");
    let customers = grant("\"Customer\"", "employees = \"related\"");
    let fields = "[[fields]]\nobject = \"Contact\"\nhidden = [\"email\"]\nmasked = { mobile = \"end\", phone = \"all\" }\n";
    save(client, &role("contacts", &format!("{contacts}{customers}{fields}"))).await;
    let employee = json!({ "id": office.id("new") });
    let related = json!({ "relatedEmployees": { "create": [{ "employee": employee }] } });
    for customer in ["CQ", "CS"] {
        client.update("Customer", &office.id(customer), related.clone()).await;
    }
    office.give("new", &["contacts"], &[]).await;
    office
}

/// That of some changes of a record none is told, and then one of another record is.
async fn silent(
    told: &mut Told,
    client: &Client,
    object: &str,
    id: &str,
    changes: &[Value],
    mark: (&str, Value),
) {
    for change in changes {
        let done = client.update(object, id, change.clone()).await;
        assert_eq!(done["userErrors"], json!([]), "{change}");
    }
    client.update(object, mark.0, mark.1).await;
    let next = told.next().await;
    assert_eq!(next, json!({ "kind": "UPDATED", "id": mark.0 }), "{changes:?}");
}

async fn events_tell_of_what_is_seen_on_the_record(client: &Client) {
    let office = office(client).await;
    let follow = async |object: &str| {
        let query = format!("subscription {{ {object}Changed {{ kind id }} }}");
        client.follow(&office.tokens["new"], &query, json!({})).await
    };
    let (contact, other) = (office.id("contact of CL"), office.id("contact of CZ"));
    let first = json!({ "mobile": "13800001111", "phone": "022-11112222" });
    client.update("Contact", &contact, first).await;
    let mut told = follow("contact").await;
    let to = |name: &str| json!({ "customer": { "id": office.id(name) } });
    let unseen = [
        json!({ "email": "a@example.com" }),
        json!({ "phone": "022-33334444" }),
        json!({ "mobile": "13999991111" }),
        // From one customer that they do not see to another.
        to("CZ"),
        json!({ "email": null, "phone": "022-55556666", "mobile": "13777771111" }),
    ];
    let seen = [
        json!({ "mobile": "13777772222" }),
        json!({ "phone": null }),
        json!({ "email": "b@example.com", "remark": "x" }),
        to("CQ"),
    ];
    for (at, seen) in seen.iter().enumerate() {
        let mark = (other.as_str(), json!({ "remark": format!("{at}") }));
        silent(&mut told, client, "Contact", &contact, &unseen, mark).await;
        client.update("Contact", &contact, seen.clone()).await;
        assert_eq!(told.next().await, json!({ "kind": "UPDATED", "id": contact }), "{seen}");
        // As it was.
        let back = json!({ "mobile": "13800001111", "phone": "022-11112222", "remark": null });
        client.update("Contact", &contact, back).await;
        client.update("Contact", &contact, to("CL")).await;
        client.update("Contact", &other, json!({ "remark": "past" })).await;
        while told.next().await["id"] != json!(other) {}
    }
    // A field that is seen on some records is told of on these.
    let limits = "[[fields]]\nobject = \"Customer\"\nhidden = [\"creditLimit\"]\n";
    save(client, &role("all", &format!("{}{limits}", grant("\"Customer\"", "open = true")))).await;
    save(client, &role("own", &grant("\"Customer\"", "employees = \"related\""))).await;
    office.give("new", &["all", "own"], &[]).await;
    let mut told = follow("customer").await;
    let (own, others) = (office.id("CQ"), office.id("CL"));
    let limit = |limit: &str| json!({ "creditLimit": limit });
    silent(&mut told, client, "Customer", &others, &[limit("1"), limit("2")], (&own, limit("3")))
        .await;
    let what = "{ customers(orderBy: [{code: ASC}]) { nodes { code creditLimit } } }";
    let seen = office.ask("new", what).await["data"]["customers"]["nodes"].to_string();
    assert!(seen.contains("3.00") && !seen.contains("2.00"), "{seen}");
}

/// Orders of the office with a line each, seen without prices by `wei`.
async fn orders(client: &Client) -> Office<'_> {
    let mut office = Office::open(client).await;
    office.make("category", "ItemCategory", json!({ "code": "X", "name": "X" })).await;
    let category = json!({ "id": office.id("category") });
    let item = json!({ "code": "I1", "name": "树脂", "unit": "KG", "category": category });
    office.make("item", "InventoryItem", item).await;
    for order in ["order of li", "order of chen"] {
        let item = json!({ "id": office.id("item") });
        let line = json!({ "item": item, "quantity": "3", "unit": "公斤", "price": "19.90" });
        let patch = json!({ "lines": { "create": [line] } });
        client.update("SalesOrder", &office.id(order), patch).await;
    }
    let fields = "[[fields]]\nobject = \"SalesOrderLine\"\nhidden = [\"price\"]\nmasked = { unit = \"all\" }\n";
    save(
        client,
        &role("priceless", &format!("{}{fields}", grant("\"SalesOrder\"", "open = true"))),
    )
    .await;
    office.give("wei", &["priceless"], &[]).await;
    office
}

/// A change of the first line of an order.
async fn line(client: &Client, order: &str, patch: Value) -> Value {
    let query = format!("{{ salesOrder(id: \"{order}\") {{ lines {{ id }} }} }}");
    let line = client.data(&query).await["salesOrder"]["lines"][0]["id"].clone();
    json!({ "lines": { "update": [{ "id": line, "patch": patch }] } })
}

async fn lines_are_noticed_by_what_is_seen_of_them(client: &Client) {
    let office = orders(client).await;
    let query = "subscription { salesOrderChanged { kind id } }";
    let mut told = client.follow(&office.tokens["wei"], query, json!({})).await;
    let (order, other) = (office.id("order of li"), office.id("order of chen"));
    let mut unseen = Vec::new();
    for patch in [json!({ "price": "20" }), json!({ "unit": "吨" }), json!({ "price": "21" })] {
        unseen.push(line(client, &order, patch).await);
    }
    let mark = (other.as_str(), json!({ "remark": "1" }));
    silent(&mut told, client, "SalesOrder", &order, &unseen, mark).await;
    for patch in [json!({ "quantity": "4" }), json!({ "unit": null })] {
        let seen = line(client, &order, patch.clone()).await;
        client.update("SalesOrder", &order, seen).await;
        assert_eq!(told.next().await, json!({ "kind": "UPDATED", "id": order }), "{patch}");
    }
    // History tells of one change of a line, and of nothing but what is seen of it.
    let query = format!(
        "{{ salesOrder(id: \"{order}\") {{ history(field: \"lines\") {{ nodes {{ changes {{ new }} }} }} }} }}"
    );
    let nodes = office.ask("wei", &query).await["data"]["salesOrder"]["history"]["nodes"].clone();
    let new = &nodes[0]["changes"][0]["new"];
    assert_eq!(nodes.as_array().unwrap().len(), 2, "{nodes:#}");
    assert_eq!([&new["created"], &new["updated"], &new["deleted"]], [0, 1, 0]);
    let fields = json!({ "quantity": { "old": "3.0000", "new": "4.0000" } });
    assert_eq!(new["lines"][0]["fields"], fields);
    let all = client.data(&query).await["salesOrder"]["history"]["nodes"].clone();
    assert_eq!(all.as_array().unwrap().len(), 6, "{all:#}");
}

async fn histories_have_no_empty_entries(client: &Client) {
    let office = office(client).await;
    let contact = office.id("contact of CL");
    for at in 0..4 {
        client.update("Contact", &contact, json!({ "remark": format!("{at}") })).await;
        for more in 0..7 {
            let unseen = json!({ "email": format!("{at}{more}@example.com") });
            client.update("Contact", &contact, unseen).await;
        }
        let other = if at % 2 == 0 { "CZ" } else { "CL" };
        let customer = json!({ "customer": { "id": office.id(other) } });
        client.update("Contact", &contact, customer).await;
    }
    let what = "nodes { version action changes { field new } } pageInfo { hasNextPage endCursor }";
    let (mut told, mut after) = (Vec::new(), String::new());
    loop {
        let query =
            format!("{{ contact(id: \"{contact}\") {{ history(first: 2{after}) {{ {what} }} }} }}");
        let page = office.ask("new", &query).await["data"]["contact"]["history"].clone();
        told.extend(page["nodes"].as_array().unwrap().clone());
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        assert_eq!(page["nodes"].as_array().unwrap().len(), 2, "{page}");
        after = format!(", after: {}", page["pageInfo"]["endCursor"]);
    }
    let versions: Vec<_> = told.iter().map(|entry| entry["version"].as_i64().unwrap()).collect();
    assert_eq!(versions, [29, 20, 11, 2, 1]);
    assert!(told.iter().all(|entry| entry["changes"] != json!([])), "{told:#?}");
    // Of a field that names only what is hidden there is no entry, not even of when the record was made.
    let query = format!(
        "{{ contact(id: \"{contact}\") {{ history(field: \"customer\") {{ nodes {{ id }} }} }} }}"
    );
    let none = office.ask("new", &query).await["data"]["contact"]["history"]["nodes"].clone();
    assert_eq!(none, json!([]));
}

async fn late_changes_name_what_was_noticed(client: &Client) {
    let office = orders(client).await;
    let order = office.id("order of li");
    let late = async |version: i64| {
        let query = format!(
            "mutation {{ updateSalesOrder(id: \"{order}\", expectedVersion: {version}, patch: {{remark: \"x\"}}) {{ userErrors {{ code path hint }} }} }}"
        );
        office.ask("wei", &query).await["data"]["updateSalesOrder"]["userErrors"].clone()
    };
    let unseen = line(client, &order, json!({ "price": "20", "unit": "吨" })).await;
    client.update("SalesOrder", &order, unseen).await;
    let faults = late(2).await;
    assert_eq!(faults.as_array().unwrap().len(), 1, "{faults}");
    assert_eq!(faults[0]["path"], json!(["expectedVersion"]));
    assert!(!faults.to_string().contains("lines"), "{faults}");
    let seen = line(client, &order, json!({ "quantity": "5" })).await;
    client.update("SalesOrder", &order, seen).await;
    let faults = late(2).await;
    let paths: Vec<_> = faults.as_array().unwrap().iter().map(|one| one["path"].clone()).collect();
    assert!(paths.contains(&json!(["lines"])), "{faults}");
}

async fn what_is_gone_was_seen_by_some(client: &Client) {
    let office = Office::open(client).await;
    let stage = json!({ "code": "S", "name": "S", "sequence": 1 });
    let stage = client.create("SalesStage", stage).await;
    let mut made = Vec::new();
    for (customer, owner) in [("CL", "li"), ("CZ", "zhang")] {
        let id = |name: &str| json!({ "id": office.id(name) });
        let contact = id(&format!("contact of {customer}"));
        let input = json!({ "name": customer, "customer": id(customer), "contact": contact, "stage": { "id": stage }, "department": id("TJ-TL"), "owner": id(owner) });
        made.push(client.create("Opportunity", input).await);
    }
    // All opportunities, and contacts of one's own customers, or those among whose employees one is.
    let read = |by: &str| {
        let dimensions = "[dimensions]\nDEPARTMENT = \"all\"\nCUSTOMER = \"all\"\n";
        let all = grant("\"Opportunity\"", "open = true");
        let own = grant("\"Customer\"", "employees = \"related\"");
        role("some", &format!("{dimensions}{all}{own}{}", grant("\"Contact\"", by)))
    };
    let related = |who: &str| json!({ "relatedEmployees": { "create": [{ "employee": { "id": office.id(who) } }] } });
    client.update("Contact", &office.id("contact of CL"), related("wu")).await;
    client.update("Customer", &office.id("CL"), related("new")).await;
    save(client, &read("dimensions = true")).await;
    office.give("new", &["some"], &[]).await;
    let query = "subscription { opportunityChanged { kind id } }";
    let mut new = client.follow(&office.tokens["new"], query, json!({})).await;
    let delete = |name: &str| {
        let id = office.id(name);
        format!("mutation {{ deleteContact(id: \"{id}\") {{ userErrors {{ message }} }} }}")
    };
    // The contact of CZ first, which they do not see.
    for name in ["contact of CZ", "contact of CL"] {
        assert_eq!(client.data(&delete(name)).await["deleteContact"]["userErrors"], json!([]));
    }
    assert_eq!(new.next().await, json!({ "kind": "UPDATED", "id": made[0] }));
    let history = |id: &str| {
        format!(
            "{{ opportunity(id: \"{id}\") {{ history {{ nodes {{ action changes {{ field old new }} }} }} }} }}"
        )
    };
    let told = office.ask("new", &history(&made[0])).await;
    let old = json!({ "field": "contact", "old": office.id("contact of CL"), "new": null });
    let nodes = &told["data"]["opportunity"]["history"]["nodes"];
    assert_eq!(nodes[0], json!({ "action": "UPDATE", "changes": [old] }), "{told}");
    let told = office.ask("new", &history(&made[1])).await;
    let nodes = &told["data"]["opportunity"]["history"]["nodes"];
    assert_eq!(nodes.as_array().unwrap().len(), 1, "{told}");
    // By the rows of employees that went with it.
    save(client, &read("employees = \"related\"")).await;
    office.give("wu", &["some"], &[]).await;
    let told = office.ask("wu", &history(&made[0])).await;
    let nodes = &told["data"]["opportunity"]["history"]["nodes"];
    assert_eq!(nodes[0], json!({ "action": "UPDATE", "changes": [old] }), "{told}");
}
