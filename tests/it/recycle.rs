//! The recycle bin: what is removed can be put back whole, by whoever removed it, as its definition is now.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office, told},
};

both_dbs! {
    a_record_comes_back_whole
    what_stands_against_it_is_told
    only_ones_own_comes_back
    what_a_rule_would_open_has_a_title
    what_it_needs_has_to_be_seen
    a_changed_definition_is_survived
    the_bin_is_read_by_pages
}

async fn remove(client: &Client, object: &str, id: &str) {
    let query = format!("mutation {{ delete{object}(id: \"{id}\") {{ userErrors {{ code }} }} }}");
    let done = client.data(&query).await;
    assert_eq!(done[format!("delete{object}")]["userErrors"], json!([]), "{done}");
}

fn restoring(object: &str, id: &str) -> String {
    format!(
        "mutation {{ restore{object}(id: \"{id}\") {{ record {{ id version }} userErrors {{ code path message }} }} }}"
    )
}

async fn restore(client: &Client, object: &str, id: &str) -> Value {
    client.data(&restoring(object, id)).await[format!("restore{object}")].clone()
}

async fn a_record_comes_back_whole(client: &Client) {
    let department = json!({ "id": client.department("TJ").await });
    let owner = json!({ "code": "E1", "name": "E1", "department": department });
    let owner = json!({ "id": client.create("Employee", owner).await });
    let customer = json!({ "code": "C1", "name": "x", "department": department, "owner": owner });
    let customer = json!({ "id": client.create("Customer", customer).await });
    let category = client.create("ItemCategory", json!({ "code": "R", "name": "树脂" })).await;
    let item = json!({ "code": "R-1", "name": "x", "unit": "kg", "category": { "id": category } });
    let item = json!({ "id": client.create("InventoryItem", item).await });
    let lines = json!({ "create": [
        { "item": item, "quantity": "2.5", "price": "10", "remark": "一" },
        { "item": item, "quantity": "1", "price": "0.1" },
    ] });
    let order = json!({ "customer": customer, "department": department, "owner": owner, "lines": lines, "requiredDate": "2026-07-01" });
    let order = client.create("SalesOrder", order).await;
    let stage = json!({ "code": "S1", "name": "x", "sequence": 1 });
    let stage = json!({ "id": client.create("SalesStage", stage).await });
    let chance = json!({ "name": "机会", "customer": customer, "department": department, "stage": stage, "amount": "12.30", "categories": { "set": [category] } });
    let chance = client.create("Opportunity", chance).await;
    let read = "{ salesOrders { nodes { id number orderDate requiredDate totalAmount lineCount createdAt createdBy { account } owner { code }
        lines { id lineNo quantity price amount remark item { code } } relatedEmployees { employee { code } isResponsible source } } }
        opportunities { nodes { id name amount categories { code } createdAt } } }";
    let before = client.data(read).await;
    client.world.advance(Duration::from_mins(1));
    remove(client, "SalesOrder", &order).await;
    remove(client, "Opportunity", &chance).await;
    assert_eq!(client.data("{ salesOrders { totalCount } }").await["salesOrders"]["totalCount"], 0);
    let back = restore(client, "SalesOrder", &order).await;
    assert_eq!(back, json!({ "record": { "id": order, "version": 3 }, "userErrors": [] }));
    assert_eq!(told(&restore(client, "Opportunity", &chance).await), [""; 0]);
    assert_eq!(client.data(read).await, before);
    let changed = "{ salesOrders { nodes { updatedAt } } }";
    let now = client.data(changed).await["salesOrders"]["nodes"][0]["updatedAt"].clone();
    assert_eq!(now, "2026-06-15T02:01:00Z");
    // Once; then it is a record like any other, and can go and come again.
    assert_eq!(told(&restore(client, "SalesOrder", &order).await), ["RECORD_NOT_FOUND id"]);
    let changed =
        client.update("SalesOrder", &order, json!({ "requiredDate": "2026-07-02" })).await;
    assert_eq!(changed["record"]["version"], 4);
    remove(client, "SalesOrder", &order).await;
    assert_eq!(restore(client, "SalesOrder", &order).await["record"]["version"], 6);
    // Several that were removed at once come back one by one.
    client
        .data("mutation { deleteOpportunities(filter: {}, all: true, atMost: 5) { count } }")
        .await;
    assert_eq!(told(&restore(client, "Opportunity", &chance).await), [""; 0]);
    let read = client.data("{ opportunities { nodes { categories { code } } } }").await;
    assert_eq!(read["opportunities"]["nodes"], json!([{ "categories": [{ "code": "R" }] }]));
}

async fn what_stands_against_it_is_told(client: &Client) {
    let department = client.department("TJ").await;
    let other = client.department("BJ").await;
    let id = client.customer(&department, "C1", json!({})).await;
    remove(client, "Customer", &id).await;
    // The key is free, and taken now.
    let second = client.customer(&other, "C1", json!({})).await;
    assert_eq!(told(&restore(client, "Customer", &id).await), ["RECORD_TAKEN code"]);
    remove(client, "Customer", &second).await;
    // What it needs is gone.
    remove(client, "Department", &department).await;
    assert_eq!(told(&restore(client, "Customer", &id).await), ["RECORD_REFERENCE department"]);
    assert_eq!(client.data("{ customers { totalCount } }").await["customers"]["totalCount"], 0);
    assert_eq!(told(&restore(client, "Department", &department).await), [""; 0]);
    assert_eq!(told(&restore(client, "Customer", &id).await), [""; 0]);
    // What it can be without is left empty.
    let parent = client.department("HQ").await;
    let child = json!({ "code": "CH", "name": "x", "parent": { "id": parent } });
    let child = client.create("Department", child).await;
    remove(client, "Department", &child).await;
    remove(client, "Department", &parent).await;
    assert_eq!(told(&restore(client, "Department", &child).await), [""; 0]);
    let read = client.data("{ department(code: \"CH\") { parent { code } } }").await;
    assert_eq!(read["department"]["parent"], Value::Null);
    for odd in ["019ec900-0000-7000-8000-ffffffffffff", &child] {
        assert_eq!(told(&restore(client, "Department", odd).await), ["RECORD_NOT_FOUND id"]);
    }
    assert_eq!(told(&restore(client, "Customer", "odd").await), ["RECORD_VALUE id"]);
}

async fn only_ones_own_comes_back(client: &Client) {
    let office = Office::open(client).await;
    let definition = "code = \"part\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Contact\"]\nactions = [\"read\", \"create\", \"edit\", \"delete\"]\nopen = true\n[[grants]]\nobjects = [\"Customer\"]\nactions = [\"read\"]\nopen = true\n[[fields]]\nobject = \"Contact\"\nhidden = [\"email\"]\n";
    let give = "mutation($d: String!) { saveRole(definition: $d) { code } a: assignRoles(account: \"su\", roles: [\"part\"]) { roles } b: assignRoles(account: \"chen\", roles: [\"part\"]) { roles } }";
    client.metadata(give, json!({ "d": definition })).await;
    let (su, chen) = (client.poster_of("su").await, client.poster_of("chen").await);
    let contact = office.id("contact of CQ");
    let gone =
        format!("mutation {{ deleteContact(id: \"{contact}\") {{ id userErrors {{ code }} }} }}");
    assert_eq!(su.ask(&gone, json!({})).await.data()["deleteContact"]["id"], json!(contact));
    let bin = "{ recycleBin { nodes { id object title version deletedAt deletedBy } pageInfo { hasNextPage } } }";
    let own = su.ask(bin, json!({})).await.data()["recycleBin"]["nodes"].clone();
    assert_eq!(own[0]["id"], json!(contact), "{own}");
    assert_eq!((&own[0]["object"], &own[0]["version"]), (&json!("Contact"), &json!(2)));
    assert_eq!(
        (&own[0]["title"], &own[0]["deletedAt"]),
        (&json!("联系人CQ"), &json!("2026-06-15T02:00:00Z"))
    );
    // For someone else it does not exist, and they get the same answer as for an unknown id.
    assert_eq!(chen.ask(bin, json!({})).await.data()["recycleBin"]["nodes"], json!([]));
    let nowhere = "019ec900-0000-7000-8000-ffffffffffff";
    let tell =
        async |id: &str| chen.ask(&restoring("Contact", id), json!({})).await.body.to_string();
    assert_eq!(tell(&contact).await, tell(nowhere).await);
    // An administrator sees it; who may not make such records has neither bin nor field.
    assert_eq!(client.data(bin).await["recycleBin"]["nodes"], own);
    let poor = client.poster_of("feng").await;
    let fields =
        poor.ask("{ __schema { mutationType { fields { name } } } }", json!({})).await.data();
    assert!(!fields.to_string().contains("restoreContact"), "{fields}");
    // What people may no longer see does not come back to them.
    let narrow = definition.replacen("open = true", "employees = \"responsible\"", 1);
    client.metadata(give, json!({ "d": narrow })).await;
    let again = client.poster_of("su").await;
    let untold = again.ask(bin, json!({})).await.data()["recycleBin"]["nodes"].clone();
    assert_eq!((&untold[0]["id"], &untold[0]["title"]), (&json!(contact), &Value::Null));
    let lost = again.ask(&restoring("Contact", &contact), json!({})).await.data();
    assert_eq!(told(&lost["restoreContact"]), ["RECORD_NOT_FOUND id"], "{lost}");
    let count = "{ contacts { totalCount } }";
    assert_eq!(client.data(count).await["contacts"]["totalCount"], 3);
    client.metadata(give, json!({ "d": definition })).await;
    let back = client.poster_of("su").await.ask(&restoring("Contact", &contact), json!({})).await;
    assert_eq!(told(&back.data()["restoreContact"]), [""; 0]);
    assert_eq!(client.data(count).await["contacts"]["totalCount"], 4);
}

async fn what_a_rule_would_open_has_a_title(client: &Client) {
    let office = Office::open(client).await;
    let role = |contacts: &str| {
        format!(
            "code = \"part\"\nlabel = \"x\"\nlabel_en = \"x\"\n[dimensions]\nDEPARTMENT = \"own\"\nCUSTOMER = \"all\"\n[[grants]]\nobjects = [\"Contact\"]\nactions = [\"read\", \"create\", \"edit\", \"delete\"]\n{contacts}\n[[grants]]\nobjects = [\"Customer\"]\nactions = [\"read\"]\nemployees = \"responsible\"\n"
        )
    };
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    let give = async |contacts: &str| {
        client.metadata(save, json!({ "d": role(contacts) })).await;
        office.give("su", &["part"], &[]).await;
        client.poster_of("su").await
    };
    let row = |responsible: bool, until: Value| json!({ "relatedEmployees": { "create": [{ "employee": { "id": office.id("su") }, "isResponsible": responsible, "until": until }] } });
    let mut made = Vec::new();
    for (name, customer, row) in [
        ("responsible", "CL", row(true, Value::Null)),
        ("related", "CL", row(false, Value::Null)),
        ("past", "CL", row(true, json!("2026-06-01T00:00:00Z"))),
        ("customers", "CQ", json!({})),
    ] {
        let mut input = json!({ "name": name, "customer": { "id": office.id(customer) } });
        input.as_object_mut().unwrap().extend(row.as_object().unwrap().clone());
        made.push(client.create("Contact", input).await);
    }
    let su = give("open = true").await;
    for id in &made {
        let query = format!("mutation {{ deleteContact(id: \"{id}\") {{ id }} }}");
        assert_eq!(su.ask(&query, json!({})).await.data()["deleteContact"]["id"], json!(id));
    }
    for (contacts, expected) in [
        ("open = true", &["responsible", "related", "past", "customers"][..]),
        ("employees = \"responsible\"", &["responsible"]),
        ("employees = \"related\"", &["responsible", "related"]),
        ("dimensions = true", &["customers"]),
        ("employees = \"responsible\"\ndimensions = true", &["responsible", "customers"]),
    ] {
        let su = give(contacts).await;
        let bin = "{ recycleBin { nodes { title } } }";
        let told = su.ask(bin, json!({})).await.data()["recycleBin"]["nodes"].clone();
        assert_eq!(told.as_array().unwrap().len(), 4);
        let titles = told.as_array().unwrap().iter().rev();
        let titles: Vec<_> = titles.filter_map(|one| one["title"].as_str()).collect();
        assert_eq!(titles, expected, "{contacts}");
    }
}

async fn what_it_needs_has_to_be_seen(client: &Client) {
    let office = Office::open(client).await;
    let role = |customers: &str| {
        format!(
            "code = \"part\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Contact\", \"Lead\"]\nactions = [\"read\", \"create\", \"edit\", \"delete\"]\nopen = true\n{customers}"
        )
    };
    let customers =
        |by: &str| format!("[[grants]]\nobjects = [\"Customer\"]\nactions = [\"read\"]\n{by}\n");
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    let give = async |customers: &str| {
        client.metadata(save, json!({ "d": role(customers) })).await;
        office.give("su", &["part"], &[]).await;
        client.poster_of("su").await
    };
    let su = give("").await;
    let contact = office.id("contact of CS");
    let query = format!("mutation {{ deleteContact(id: \"{contact}\") {{ id }} }}");
    assert_eq!(su.ask(&query, json!({})).await.data()["deleteContact"]["id"], json!(contact));
    // Hidden and gone are the same, whether the object is there for the caller or not.
    let (none, some) = ("", customers("employees = \"responsible\""));
    let mut hidden = Vec::new();
    for customers in [none, &some] {
        let su = give(customers).await;
        let refused = su.ask(&restoring("Contact", &contact), json!({})).await.body;
        hidden.push(refused);
    }
    assert_eq!(told(&hidden[0]["data"]["restoreContact"]), ["RECORD_REFERENCE "]);
    assert_eq!(told(&hidden[1]["data"]["restoreContact"]), ["RECORD_REFERENCE customer"]);
    for order in ["order of chen", "order at branch"] {
        remove(client, "SalesOrder", &office.id(order)).await;
    }
    remove(client, "Customer", &office.id("CS")).await;
    for (customers, hidden) in [none, &some].into_iter().zip(hidden) {
        let su = give(customers).await;
        let gone = su.ask(&restoring("Contact", &contact), json!({})).await.body;
        assert_eq!(gone, hidden);
    }
    restore(client, "Customer", &office.id("CS")).await;
    let su = give(&customers("open = true")).await;
    let back = su.ask(&restoring("Contact", &contact), json!({})).await.data();
    assert_eq!(told(&back["restoreContact"]), [""; 0]);
    // What is theirs by default is theirs to give, whatever they see of it.
    let make =
        "mutation { createLead(input: {name: \"线索\"}) { record { id } userErrors { code } } }";
    let lead = su.ask(make, json!({})).await.data()["createLead"]["record"]["id"].clone();
    let lead = lead.as_str().unwrap();
    let query = format!("mutation {{ deleteLead(id: \"{lead}\") {{ id }} }}");
    assert_eq!(su.ask(&query, json!({})).await.data()["deleteLead"]["id"], json!(lead));
    let back = su.ask(&restoring("Lead", lead), json!({})).await.data();
    assert_eq!(told(&back["restoreLead"]), [""; 0], "{back}");
    let read = client.data("{ leads { nodes { owner { code } department { code } relatedEmployees { employee { code } } } } }").await;
    assert_eq!(
        read["leads"]["nodes"],
        json!([{ "owner": { "code": "su" }, "department": { "code": "QZ-TL" }, "relatedEmployees": [{ "employee": { "code": "su" } }] }])
    );
}

async fn a_changed_definition_is_survived(client: &Client) {
    let sdl = |more: &str| {
        format!(
            "type Sample @object(kind: MASTER, label: \"样品\", plural: \"samples\") {{ name: String! @field(label: \"名称\") {more} }}"
        )
    };
    let applied = client.apply(&sdl(""), false).await;
    assert_eq!(applied["diagnostics"], json!([]), "{applied}");
    let first = client.create("Sample", json!({ "name": "甲" })).await;
    let second = client.create("Sample", json!({ "name": "乙" })).await;
    remove(client, "Sample", &first).await;
    let with = "grade: Int @field(label: \"等级\", default: \"3\")";
    let applied = client.apply(&sdl(with), false).await;
    assert_eq!(applied["diagnostics"], json!([]), "{applied}");
    assert_eq!(told(&restore(client, "Sample", &first).await), [""; 0]);
    let read =
        client.data("{ samples(filter: {name: {eq: \"甲\"}}) { nodes { name grade } } }").await;
    assert_eq!(read["samples"]["nodes"], json!([{ "name": "甲", "grade": 3 }]), "a new default");
    remove(client, "Sample", &second).await;
    let with =
        "grade: Int @field(label: \"等级\", default: \"3\") batch: String! @field(label: \"批号\")";
    let applied = client.apply(&sdl(with), false).await;
    assert_eq!(applied["diagnostics"], json!([]), "{applied}");
    assert_eq!(told(&restore(client, "Sample", &second).await), ["RECORD_REQUIRED batch"]);
    let kept = client.data("{ recycleBin(object: \"Sample\") { nodes { id } } }").await;
    assert_eq!(kept["recycleBin"]["nodes"], json!([{ "id": second }]));
}

async fn the_bin_is_read_by_pages(client: &Client) {
    let mut regions = Vec::new();
    for code in ["A", "B", "C"] {
        regions.push(client.create("Region", json!({ "code": code, "name": code })).await);
    }
    let department = client.department("TJ").await;
    for id in &regions {
        remove(client, "Region", id).await;
    }
    remove(client, "Department", &department).await;
    let page = async |arguments: &str| {
        let query = format!(
            "{{ recycleBin({arguments}) {{ nodes {{ id }} pageInfo {{ hasNextPage hasPreviousPage endCursor }} }} }}"
        );
        client.data(&query).await["recycleBin"].clone()
    };
    let first = page("object: \"Region\", first: 2").await;
    assert_eq!(first["nodes"], json!([{ "id": regions[2] }, { "id": regions[1] }]));
    assert_eq!(first["pageInfo"]["hasNextPage"], true);
    let cursor = first["pageInfo"]["endCursor"].as_str().unwrap();
    let second = page(&format!("object: \"Region\", first: 2, after: \"{cursor}\"")).await;
    assert_eq!(second["nodes"], json!([{ "id": regions[0] }]));
    assert_eq!(second["pageInfo"]["hasNextPage"], false);
    assert_eq!(page("first: 9").await["nodes"].as_array().unwrap().len(), 4);
    assert_eq!(page("object: \"Nothing\"").await["nodes"], json!([]));
    for arguments in ["after: \"odd\"", "first: 1001"] {
        let query = format!("{{ recycleBin({arguments}) {{ nodes {{ id }} }} }}");
        let code = if arguments.starts_with("after") { "INPUT_CURSOR" } else { "LIMIT_PAGE" };
        assert_eq!(client.ask(&query, json!({})).await.codes(), [code]);
    }
}
