//! The recycle bin: what is removed can be put back whole, by whoever removed it, as its definition is now.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office},
};

both_dbs! {
    a_record_comes_back_whole
    what_stands_against_it_is_told
    only_ones_own_comes_back
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

fn told(payload: &Value) -> Vec<String> {
    let faults = payload["userErrors"].as_array().unwrap().iter();
    let told = |fault: &Value| {
        let parts = fault["path"].as_array().unwrap().iter();
        let parts: Vec<_> = parts.map(|part| part.as_str().unwrap()).collect();
        format!("{} {}", fault["code"].as_str().unwrap(), parts.join("."))
    };
    faults.map(told).collect()
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
    let definition = "code = \"part\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Contact\"]\nactions = [\"read\", \"create\", \"edit\", \"delete\"]\nopen = true\n[[fields]]\nobject = \"Contact\"\nhidden = [\"email\"]\n";
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
    // To another it is not there, and he is told what he is told of nothing.
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
    // What he may not see any more does not come back to him.
    let narrow = definition.replace("open = true", "employees = \"responsible\"");
    client.metadata(give, json!({ "d": narrow })).await;
    let again = client.poster_of("su").await;
    let lost = again.ask(&restoring("Contact", &contact), json!({})).await.data();
    assert_eq!(told(&lost["restoreContact"]), ["RECORD_NOT_FOUND id"], "{lost}");
    let count = "{ contacts { totalCount } }";
    assert_eq!(client.data(count).await["contacts"]["totalCount"], 3);
    client.metadata(give, json!({ "d": definition })).await;
    let back = client.poster_of("su").await.ask(&restoring("Contact", &contact), json!({})).await;
    assert_eq!(told(&back.data()["restoreContact"]), [""; 0]);
    assert_eq!(client.data(count).await["contacts"]["totalCount"], 4);
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
