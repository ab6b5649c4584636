//! Trees stay trees, and records that refer to each other go together.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office, told},
};

both_dbs! {
    nothing_stands_below_itself
    several_changes_close_no_circle
    writers_at_once_close_no_circle
    moving_a_department_is_told
    a_tree_of_ones_own_is_one
    records_that_refer_to_each_other_go_together
    what_refers_is_told
    what_refers_is_told_as_far_as_it_is_seen
}

fn link(id: &str) -> Value {
    json!({ "id": id })
}

async fn ask(client: &Client, field: &str) -> Value {
    let query = format!("mutation {{ it: {field} {{ userErrors {{ code path message }} }} }}");
    client.data(&query).await["it"].clone()
}

async fn nothing_stands_below_itself(client: &Client) {
    let department = client.department("HQ").await;
    let below = json!({ "code": "TJ", "name": "x", "parent": link(&department) });
    let below = client.create("Department", below).await;
    let lowest = json!({ "code": "TL", "name": "x", "parent": link(&below) });
    let lowest = client.create("Department", lowest).await;
    for parent in [&department, &below, &lowest] {
        let refused =
            client.update("Department", &department, json!({ "parent": link(parent) })).await;
        assert_eq!(told(&refused), ["RECORD_CHECK parent"]);
    }
    let refused = ask(client, &format!("updateDepartment(id: \"{department}\", patch: {{parent: {{create: {{code: \"N\", name: \"x\", parent: {{id: \"{department}\"}}}}}}}})")).await;
    assert_eq!(told(&refused), ["RECORD_CHECK parent"]);
    let refused = ask(
        client,
        &format!(
            "upsertDepartment(by: code, input: {{code: \"HQ\", parent: {{id: \"{lowest}\"}}}})"
        ),
    )
    .await;
    assert_eq!(told(&refused), ["RECORD_CHECK parent"]);
    assert_eq!(client.data("{ departments { totalCount } }").await["departments"]["totalCount"], 3);
    // Moving within the tree is fine.
    assert_eq!(
        told(&client.update("Department", &lowest, json!({ "parent": link(&department) })).await),
        [""; 0]
    );
    assert_eq!(
        told(&client.update("Department", &below, json!({ "parent": link(&lowest) })).await),
        [""; 0]
    );
    // All standard trees.
    let one = client.customer(&department, "C1", json!({})).await;
    let two = client.customer(&department, "C2", json!({ "parentCompany": link(&one) })).await;
    for parent in [&one, &two] {
        let refused =
            client.update("Customer", &one, json!({ "parentCompany": link(parent) })).await;
        assert_eq!(told(&refused), ["RECORD_CHECK parentCompany"]);
    }
    for object in ["Region", "ItemCategory"] {
        let id = client.create(object, json!({ "code": "R", "name": "x" })).await;
        let refused = client.update(object, &id, json!({ "parent": link(&id) })).await;
        assert_eq!(told(&refused), ["RECORD_CHECK parent"]);
    }
    let boss = json!({ "code": "E1", "name": "x", "department": link(&department) });
    let boss = client.create("Employee", boss).await;
    let refused = client.update("Employee", &boss, json!({ "manager": link(&boss) })).await;
    assert_eq!(told(&refused), ["RECORD_CHECK manager"]);
}

async fn several_changes_close_no_circle(client: &Client) {
    let mut ids = Vec::new();
    for code in ["A", "B", "C"] {
        ids.push(client.department(code).await);
    }
    let parent = |of: usize, at: usize| {
        format!("updateDepartment(id: \"{}\", patch: {{parent: {{id: \"{}\"}}}})", ids[of], ids[at])
    };
    // All that match get the same, one of them itself.
    let many = format!(
        "updateDepartments(filter: {{code: {{in: [\"A\", \"B\"]}}}}, patch: {{parent: {{id: \"{}\"}}}}, atMost: 5)",
        ids[0]
    );
    assert_eq!(told(&ask(client, &many).await), [format!("RECORD_CHECK {}.parent", ids[0])]);
    let query = format!(
        "mutation @atomic {{ a: {} {{ userErrors {{ code path }} }} b: {} {{ userErrors {{ code path }} }} c: {} {{ userErrors {{ code path }} }} }}",
        parent(0, 1),
        parent(1, 2),
        parent(2, 0)
    );
    let refused = client.data(&query).await;
    assert_eq!(told(&refused["c"]), ["RECORD_CHECK parent"]);
    assert_eq!(told(&refused["a"]), ["RECORD_UNDONE "]);
    let query = query.replace(" @atomic", "");
    let refused = client.data(&query).await;
    assert_eq!(told(&refused["b"]), [""; 0]);
    assert_eq!(told(&refused["c"]), ["RECORD_CHECK parent"]);
    // What was removed comes back as it was, also where it stood below something.
    let remove = format!("deleteDepartment(id: \"{}\")", ids[0]);
    assert_eq!(told(&ask(client, &remove).await), [""; 0]);
    assert_eq!(
        told(&ask(client, &format!("restoreDepartment(id: \"{}\")", ids[0])).await),
        [""; 0]
    );
    assert_eq!(told(&ask(client, &parent(2, 0)).await), ["RECORD_CHECK parent"]);
}

async fn writers_at_once_close_no_circle(client: &Client) {
    for round in 0..5 {
        let (one, two) = (
            client.department(&format!("A{round}")).await,
            client.department(&format!("B{round}")).await,
        );
        let query = |of: &str, to: &str| {
            format!(
                "mutation {{ updateDepartment(id: \"{of}\", patch: {{parent: {{id: \"{to}\"}}}}) {{ userErrors {{ code }} }} }}"
            )
        };
        let (a, b) = (client.poster(), client.poster());
        let (there, back) = (query(&one, &two), query(&two, &one));
        let (first, second) = tokio::join!(a.ask(&there, json!({})), b.ask(&back, json!({})));
        let done = [first, second]
            .iter()
            .filter(|answer| answer.body["data"]["updateDepartment"]["userErrors"] == json!([]))
            .count();
        assert_eq!(done, 1, "round {round}");
    }
}

async fn moving_a_department_is_told(client: &Client) {
    let (one, two) = (client.department("A").await, client.department("B").await);
    assert_eq!(told(&client.update("Department", &one, json!({ "name": "x" })).await), [""; 0]);
    assert_eq!(
        told(&client.update("Department", &one, json!({ "parent": link(&two) })).await),
        [""; 0]
    );
    let trail = "{ auditTrail(kind: RIGHTS) { nodes { object record detail } } }";
    let trail = client.metadata(trail, json!({})).await["auditTrail"]["nodes"].clone();
    assert_eq!(
        trail,
        json!([{ "object": "Department", "record": one, "detail": { "action": "move", "from": null, "to": two } }])
    );
}

const PROBES: &str = r#"
type Probe @object(kind: MASTER, label: "探针", labelEn: "Probe", plural: "probes") @unique(fields: ["code"]) {
  code: String! @field(label: "编码", max: 60)
  boss: Probe @field(label: "上级") @relation(inverse: "kids")
  above: Probe @field(label: "所属") @relation(inverse: "below", tree: true)
  tags: [Probe!] @field(label: "标签")
  rows: [ProbeRow!]! @field(label: "行") @lines
}
type ProbeRow @object(kind: LINE, label: "探针行") { other: Probe @field(label: "另") }
"#;

async fn probes(client: &Client) -> Vec<String> {
    let applied = client.apply(PROBES, false).await;
    assert_eq!(applied["diagnostics"], json!([]), "{applied:#}");
    let mut ids = Vec::new();
    for code in ["Ta", "Tb", "Tc"] {
        ids.push(client.create("Probe", json!({ "code": code })).await);
    }
    ids
}

async fn a_tree_of_ones_own_is_one(client: &Client) {
    let ids = probes(client).await;
    assert_eq!(
        told(&client.update("Probe", &ids[0], json!({ "above": link(&ids[1]) })).await),
        [""; 0]
    );
    assert_eq!(
        told(&client.update("Probe", &ids[1], json!({ "above": link(&ids[0]) })).await),
        ["RECORD_CHECK above"]
    );
    // Other relations go where they like, and come back with their record.
    assert_eq!(
        told(&client.update("Probe", &ids[2], json!({ "boss": link(&ids[2]) })).await),
        [""; 0]
    );
    assert_eq!(told(&ask(client, &format!("deleteProbe(id: \"{}\")", ids[2])).await), [""; 0]);
    assert_eq!(told(&ask(client, &format!("restoreProbe(id: \"{}\")", ids[2])).await), [""; 0]);
    assert_eq!(
        client.data("{ probe(code: \"Tc\") { boss { code } } }").await["probe"]["boss"]["code"],
        "Tc"
    );
    let wrong = client.apply("type Odd @object(kind: MASTER, label: \"x\", plural: \"odds\") { c: Customer @field(label: \"c\") @relation(tree: true) }", true).await;
    assert_eq!(wrong["diagnostics"][0]["code"], "CATALOG_RELATION", "{wrong:#}");
}

async fn records_that_refer_to_each_other_go_together(client: &Client) {
    let ids = probes(client).await;
    let bind = async || {
        for (of, to) in [(0, 1), (1, 0), (2, 2)] {
            let patch = json!({ "boss": link(&ids[to]), "tags": { "set": [ids[to]] }, "rows": { "create": [{ "other": link(&ids[to]) }] } });
            assert_eq!(told(&client.update("Probe", &ids[of], patch).await), [""; 0]);
        }
    };
    bind().await;
    let many = "deleteProbes(filter: {code: {startsWith: \"T\"}}, atMost: 9)";
    assert_eq!(told(&ask(client, many).await), [""; 0]);
    for id in &ids {
        assert_eq!(told(&ask(client, &format!("restoreProbe(id: \"{id}\")")).await), [""; 0]);
    }
    bind().await;
    // One after the other in one operation, whichever comes first.
    let remove = |at: usize| {
        format!("d{at}: deleteProbe(id: \"{}\") {{ id userErrors {{ code }} }}", ids[at])
    };
    let query = format!("mutation @atomic {{ {} {} {} }}", remove(0), remove(1), remove(2));
    let done = client.data(&query).await;
    assert_eq!(done["d0"], json!({ "id": ids[0], "userErrors": [] }), "{done}");
    assert_eq!(client.data("{ probes { totalCount } }").await["probes"]["totalCount"], 0);
    // A tree from above, and one that is held from elsewhere.
    let (top, below) = (client.department("A").await, client.department("B").await);
    assert_eq!(
        told(&client.update("Department", &below, json!({ "parent": link(&top) })).await),
        [""; 0]
    );
    let remove = |id: &str| format!("deleteDepartment(id: \"{id}\") {{ userErrors {{ code }} }}");
    let both = format!("mutation @atomic {{ a: {} b: {} }}", remove(&top), remove(&below));
    client.customer(&below, "C1", json!({})).await;
    let held = client.data(&both).await;
    assert_eq!(
        told(
            &json!({ "userErrors": [{ "code": held["b"]["userErrors"][0]["code"], "path": [] }] })
        ),
        ["RECORD_IN_USE "]
    );
    let many = "deleteDepartments(filter: {code: {in: [\"A\", \"B\"]}}, atMost: 9)";
    assert_eq!(told(&ask(client, many).await), [format!("RECORD_IN_USE {below}.id")]);
    let customers = "deleteCustomers(filter: {code: {eq: \"C1\"}}, atMost: 1)";
    assert_eq!(told(&ask(client, customers).await), [""; 0]);
    let gone = client.data(&both).await;
    assert_eq!((&gone["a"]["userErrors"], &gone["b"]["userErrors"]), (&json!([]), &json!([])));
}

async fn what_refers_is_told(client: &Client) {
    let ids = probes(client).await;
    let department = client.department("TJ").await;
    let customer = client.customer(&department, "C1", json!({})).await;
    for name in ["赵", "钱", "孙", "李"] {
        client.create("Contact", json!({ "name": name, "customer": link(&customer) })).await;
    }
    let order = json!({ "customer": link(&customer), "department": link(&department) });
    let order = client.create("SalesOrder", order).await;
    let number =
        client.data(&format!("{{ salesOrder(id: \"{order}\") {{ number }} }}")).await["salesOrder"]
            ["number"]
            .clone();
    let refused = ask(client, &format!("deleteCustomer(id: \"{customer}\")")).await;
    let text = refused["userErrors"][0]["message"].as_str().unwrap().to_owned();
    assert_eq!(
        text,
        format!(
            "4 contacts, 1 sales order ({}) still refer to this record",
            number.as_str().unwrap()
        )
    );
    // Lines are told as their document, also where several of it refer.
    let rows = json!({ "rows": { "create": [{ "other": link(&ids[0]) }, { "other": link(&ids[0]) }] }, "tags": { "set": [ids[0]] } });
    assert_eq!(told(&client.update("Probe", &ids[1], rows).await), [""; 0]);
    for query in [
        format!("deleteProbe(id: \"{}\")", ids[0]),
        "deleteProbes(filter: {code: {eq: \"Ta\"}}, atMost: 1)".to_owned(),
    ] {
        let refused = ask(client, &query).await;
        assert_eq!(
            refused["userErrors"][0]["message"], "1 probe (Tb) still refers to this record",
            "{refused:#}"
        );
    }
}

async fn what_refers_is_told_as_far_as_it_is_seen(client: &Client) {
    let office = Office::open(client).await;
    let role = "code = \"remover\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Customer\"]\nactions = [\"read\", \"delete\"]\nopen = true\n[[grants]]\nobjects = [\"Contact\"]\nactions = [\"read\"]\nopen = true\n";
    client
        .metadata(
            "mutation($d: String!) { saveRole(definition: $d) { code } }",
            json!({ "d": role }),
        )
        .await;
    office.give("su", &["remover"], &[]).await;
    let remove = |id: &str| {
        format!("mutation {{ deleteCustomer(id: \"{id}\") {{ userErrors {{ code message }} }} }}")
    };
    let refused = office.ask("su", &remove(&office.id("CL"))).await;
    let message = &refused["data"]["deleteCustomer"]["userErrors"][0]["message"];
    assert_eq!(message, "1 contact (联系人CL) still refers to this record", "{refused}");
    let gone = client
        .data(&format!(
            "mutation {{ deleteContact(id: \"{}\") {{ userErrors {{ code }} }} }}",
            office.id("contact of CL")
        ))
        .await;
    assert_eq!(gone["deleteContact"]["userErrors"], json!([]));
    let refused = office.ask("su", &remove(&office.id("CL"))).await;
    let message = &refused["data"]["deleteCustomer"]["userErrors"][0]["message"];
    assert_eq!(message, "other records still refer to this one", "{refused}");
}
