//! Merging duplicates: what refers to them follows, their ids lead to the record that is kept, and it can be undone.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office, told},
};

both_dbs! {
    duplicates_become_one_and_two_again
    what_was_changed_since_stays
    those_who_may_not_delete_may_not_merge
    values_are_taken_as_far_as_they_are_seen
    lines_members_and_trees_follow
    a_dry_run_a_key_and_an_operation
    what_does_not_fit_is_refused
    a_merge_is_undone_for_thirty_days
    employees_are_merged
    nobody_gets_more_rights_by_merging
}

fn merging(arguments: &str) -> String {
    format!(
        "mutation {{ mergeCustomers({arguments}) {{ record {{ id code name }} moved {{ object count }} userErrors {{ code path message }} }} }}"
    )
}

async fn merge(client: &Client, arguments: &str) -> Value {
    client.data(&merging(arguments)).await["mergeCustomers"].clone()
}

async fn unmerge(client: &Client, keep: &str) -> Value {
    let query = format!(
        "mutation {{ unmergeCustomers(keep: \"{keep}\") {{ record {{ id }} userErrors {{ code path message }} }} }}"
    );
    client.data(&query).await["unmergeCustomers"].clone()
}

/// Everything about customers, in an order of its own.
async fn everything(client: &Client) -> Value {
    client
        .data(
            "{ customers(orderBy: [{ code: ASC }]) { nodes { id code name level owner { code } parentCompany { code }
                contacts(orderBy: [{ name: ASC }]) { nodes { id name } }
                relatedEmployees { employee { code } isResponsible source } } }
               salesOrders(orderBy: [{ number: ASC }]) { nodes { id number customer { code } } }
               activities(orderBy: [{ subject: ASC }]) { nodes { id customer { code } } } }",
        )
        .await
}

/// A kept customer `A` and its duplicate `B` with a contact, an order and people of its own.
async fn two(client: &Client) -> (String, String) {
    let department = client.department("TJ").await;
    let of = |id: &str| json!({ "id": id });
    let mut people = Vec::new();
    for code in ["E1", "E2"] {
        let input = json!({ "code": code, "name": code, "department": of(&department) });
        people.push(client.create("Employee", input).await);
    }
    let owned = |at: usize, level: &str| json!({ "owner": of(&people[at]), "level": level });
    let keep = client.customer(&department, "A", owned(0, "B")).await;
    let drop = client.customer(&department, "B", owned(1, "A")).await;
    for (name, customer) in [("Li", &keep), ("Wang", &drop)] {
        client.create("Contact", json!({ "name": name, "customer": of(customer) })).await;
    }
    let order =
        json!({ "customer": of(&drop), "department": of(&department), "owner": of(&people[1]) });
    client.create("SalesOrder", order).await;
    (keep, drop)
}

async fn duplicates_become_one_and_two_again(client: &Client) {
    let (keep, drop) = two(client).await;
    let before = everything(client).await;
    let merged = merge(
        client,
        &format!("keep: \"{keep}\", drop: [\"{drop}\"], take: [{{ field: \"level\", from: \"{drop}\" }}, {{ field: \"code\", from: \"{drop}\" }}]"),
    )
    .await;
    assert_eq!(
        merged,
        json!({
            "record": { "id": keep, "code": "B", "name": "客户 A" },
            "moved": [{ "object": "Contact", "count": 1 }, { "object": "SalesOrder", "count": 1 }],
            "userErrors": [],
        })
    );
    let now = everything(client).await;
    let one = &now["customers"]["nodes"];
    assert_eq!(one.as_array().map(Vec::len), Some(1), "{one:#}");
    assert_eq!(one[0]["level"], "A");
    assert_eq!(one[0]["contacts"]["nodes"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        one[0]["relatedEmployees"],
        json!([
            { "employee": { "code": "E1" }, "isResponsible": true, "source": "OWNER" },
            { "employee": { "code": "E2" }, "isResponsible": true, "source": "MANUAL" },
        ])
    );
    assert_eq!(now["salesOrders"]["nodes"][0]["customer"]["code"], "B");
    // The old id leads to the record that was kept, by whatever way it is asked for.
    let asked = format!(
        "{{ customer(id: \"{drop}\") {{ id }} node(id: \"{drop}\") {{ id ... on Customer {{ code }} }} }}"
    );
    assert_eq!(
        client.data(&asked).await,
        json!({ "customer": { "id": keep }, "node": { "id": keep, "code": "B" } })
    );
    // References say in their history who moved them.
    let history = "{ contacts(filter: { name: { eq: \"Wang\" } }) { nodes { history { nodes { action operatorName changes { field } } } } } }";
    let history = client.data(history).await;
    let entry = &history["contacts"]["nodes"][0]["history"]["nodes"][0];
    assert_eq!(
        *entry,
        json!({ "action": "UPDATE", "operatorName": "Admin", "changes": [{ "field": "customer" }] })
    );
    let trail = "{ auditTrail(first: 1) { nodes { kind object record detail } } }";
    let trail = client.metadata(trail, json!({})).await;
    assert_eq!(
        trail["auditTrail"]["nodes"][0],
        json!({ "kind": "MERGE", "object": "Customer", "record": keep, "detail": { "dropped": [drop], "moved": 2 } })
    );
    // Undone, everything is as it was.
    assert_eq!(unmerge(client, &keep).await, json!({ "record": { "id": keep }, "userErrors": [] }));
    assert_eq!(everything(client).await, before);
    let asked = format!("{{ customer(id: \"{drop}\") {{ id code }} }}");
    assert_eq!(client.data(&asked).await["customer"], json!({ "id": drop, "code": "B" }));
    assert_eq!(told(&unmerge(client, &keep).await), ["RECORD_NOT_FOUND keep"]);
}

async fn what_was_changed_since_stays(client: &Client) {
    let (keep, drop) = two(client).await;
    let department = client.department("SH").await;
    let third = client.customer(&department, "C", json!({})).await;
    let take = format!("take: [{{ field: \"level\", from: \"{drop}\" }}]");
    let merged = merge(client, &format!("keep: \"{keep}\", drop: [\"{drop}\"], {take}")).await;
    assert_eq!(told(&merged), [""; 0]);
    client.update("Customer", &keep, json!({ "level": "C" })).await;
    let wang =
        client.data("{ contacts(filter: { name: { eq: \"Wang\" } }) { nodes { id } } }").await;
    let wang = wang["contacts"]["nodes"][0]["id"].as_str().unwrap().to_owned();
    client.update("Contact", &wang, json!({ "customer": { "id": third } })).await;
    assert_eq!(told(&unmerge(client, &keep).await), [""; 0]);
    let read = format!(
        "{{ customer(id: \"{keep}\") {{ level }} contact(id: \"{wang}\") {{ customer {{ code }} }} salesOrders {{ nodes {{ customer {{ code }} }} }} }}"
    );
    assert_eq!(
        client.data(&read).await,
        json!({
            "customer": { "level": "C" },
            "contact": { "customer": { "code": "C" } },
            "salesOrders": { "nodes": [{ "customer": { "code": "B" } }] },
        })
    );
}

async fn those_who_may_not_delete_may_not_merge(client: &Client) {
    let mut office = Office::open(client).await;
    let (cz, cl) = (office.id("CZ"), office.id("CL"));
    // A salesperson sees and edits both, and deletes neither.
    let asked = merging(&format!("keep: \"{cz}\", drop: [\"{cl}\"]"));
    let zhang = office.ask("zhang", &asked).await;
    assert_eq!(zhang["errors"][0]["extensions"]["code"], "INPUT_INVALID", "{zhang:#}");
    // What refers to it follows, whoever sees it.
    let hidden = json!({ "customer": { "id": cl }, "department": { "id": office.id("QZ-TL") }, "owner": { "id": office.id("su") } });
    office.make("hidden order", "SalesOrder", hidden).await;
    // A manager who may delete, too, merges them. What they do not see follows, and is not counted.
    let role = format!(
        "{}\n[[grants]]\nobjects = [\"Customer\"]\nactions = [\"delete\"]\nemployees = \"related\"\ndimensions = true\n",
        include_str!("../../schema/roles/department_manager.toml")
            .replace("code = \"department_manager\"", "code = \"merger\"")
    );
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(save, json!({ "d": role })).await;
    let departments: Vec<_> = ["TJ-TL", "TJ-SL", "TJ-FGS"].map(|code| office.id(code)).into();
    office.give("wang", &["merger"], &departments).await;
    let visible =
        format!("{{ customer(id: \"{cl}\") {{ _can {{ merge }} orders {{ totalCount }} }} }}");
    let visible = office.ask("wang", &visible).await["data"]["customer"].clone();
    assert_eq!(visible, json!({ "_can": { "merge": true }, "orders": { "totalCount": 1 } }));
    let merged = office.ask("wang", &asked).await["data"]["mergeCustomers"].clone();
    assert_eq!(told(&merged), [""; 0], "{merged:#}");
    assert_eq!(
        merged["moved"],
        json!([
            { "object": "Activity", "count": 1 },
            { "object": "Contact", "count": 1 },
            { "object": "SalesOrder", "count": 1 },
        ])
    );
    assert_eq!(
        client
            .data("{ salesOrders(filter: { customer: { code: { eq: \"CZ\" } } }) { totalCount } }")
            .await["salesOrders"]["totalCount"],
        2
    );
    let order = office.id("hidden order");
    let read = format!("{{ salesOrder(id: \"{order}\") {{ customer {{ code }} }} }}");
    assert_eq!(client.data(&read).await["salesOrder"]["customer"]["code"], "CZ");
    // The old id answers those who may read the record that was kept, and nobody else.
    let by_old = format!("{{ customer(id: \"{cl}\") {{ code }} node(id: \"{cl}\") {{ id }} }}");
    assert_eq!(office.ask("zhang", &by_old).await["data"]["customer"]["code"], "CZ");
    let su = office.ask("su", &by_old).await;
    assert_eq!(su["data"], json!({ "customer": null, "node": null }));
    let own = format!("{{ customer(id: \"{cl}\") {{ _can {{ edit delete merge }} }} }}");
    let can = office.ask("zhang", &own).await["data"]["customer"]["_can"].clone();
    assert_eq!(can, json!({ "edit": true, "delete": false, "merge": false }));
}

async fn values_are_taken_as_far_as_they_are_seen(client: &Client) {
    let (keep, drop) = two(client).await;
    let take = |field: &str, from: &str| {
        format!(
            "keep: \"{keep}\", drop: [\"{drop}\"], take: [{{ field: \"{field}\", from: \"{from}\" }}]"
        )
    };
    for (arguments, fault) in [
        (take("nothing", &drop), "RECORD_VALUE take.0.field"),
        (take("version", &drop), "RECORD_VALUE take.0.field"),
        (take("contacts", &drop), "RECORD_VALUE take.0.field"),
        (take("level", &keep), "RECORD_VALUE take.0.from"),
    ] {
        assert_eq!(told(&merge(client, &arguments).await), [fault], "{arguments}");
    }
    assert_eq!(client.data("{ customers { totalCount } }").await["customers"]["totalCount"], 2);
}

async fn lines_members_and_trees_follow(client: &Client) {
    let (keep, drop) = two(client).await;
    let order = client.data("{ salesOrders { nodes { id } } }").await;
    let order = order["salesOrders"]["nodes"][0]["id"].as_str().unwrap().to_owned();
    let mut categories = Vec::new();
    for code in ["R", "S"] {
        categories.push(client.create("ItemCategory", json!({ "code": code, "name": code })).await);
    }
    let mut items = Vec::new();
    for (code, category) in [("R-1", &categories[0]), ("R-2", &categories[1])] {
        let item =
            json!({ "code": code, "name": code, "unit": "kg", "category": { "id": category } });
        items.push(client.create("InventoryItem", item).await);
    }
    let lines: Vec<_> = items
        .iter()
        .map(|item| json!({ "item": { "id": item }, "quantity": "2", "price": "10" }))
        .collect();
    client.update("SalesOrder", &order, json!({ "lines": { "create": lines } })).await;
    let stage =
        client.create("SalesStage", json!({ "code": "S1", "name": "x", "sequence": 1 })).await;
    let department = client.data("{ departments { nodes { id } } }").await;
    let department = department["departments"]["nodes"][0]["id"].clone();
    let chance = json!({
        "name": "机会", "customer": { "id": keep }, "department": { "id": department },
        "stage": { "id": stage }, "amount": "1", "categories": { "set": [categories[1]] },
    });
    client.create("Opportunity", chance).await;
    let read =
        "{ salesOrders { nodes { totalAmount lines { item { code category { code } } quantity } } }
        opportunities { nodes { categories { code } } } }";
    let before = client.data(read).await;
    let merged = client
        .data(&format!(
            "mutation {{ mergeInventoryItems(keep: \"{}\", drop: [\"{}\"]) {{ moved {{ object count }} userErrors {{ code path message }} }}
             mergeItemCategories(keep: \"{}\", drop: [\"{}\"]) {{ moved {{ object count }} userErrors {{ code path message }} }} }}",
            items[0], items[1], categories[0], categories[1]
        ))
        .await;
    assert_eq!(
        merged,
        json!({
            "mergeInventoryItems": { "moved": [{ "object": "SalesOrder", "count": 1 }], "userErrors": [] },
            "mergeItemCategories": { "moved": [{ "object": "Opportunity", "count": 1 }], "userErrors": [] },
        })
    );
    let line =
        json!({ "item": { "code": "R-1", "category": { "code": "R" } }, "quantity": "2.0000" });
    assert_eq!(
        client.data(read).await,
        json!({
            "salesOrders": { "nodes": [{ "totalAmount": "40.00", "lines": [line, line] }] },
            "opportunities": { "nodes": [{ "categories": [{ "code": "R" }] }] },
        })
    );
    let undone = client
        .data(&format!(
            "mutation {{ unmergeItemCategories(keep: \"{}\") {{ userErrors {{ code path message }} }}
             unmergeInventoryItems(keep: \"{}\") {{ userErrors {{ code path message }} }} }}",
            categories[0], items[0]
        ))
        .await;
    let none = json!({ "userErrors": [] });
    assert_eq!(undone, json!({ "unmergeItemCategories": none, "unmergeInventoryItems": none }));
    assert_eq!(client.data(read).await, before);
    // A record below the one it absorbs loses that place; one further below would be below itself.
    client.update("Customer", &keep, json!({ "parentCompany": { "id": drop } })).await;
    let below = client
        .customer(department.as_str().unwrap(), "D", json!({ "parentCompany": { "id": keep } }))
        .await;
    let refused = merge(client, &format!("keep: \"{below}\", drop: [\"{drop}\"]")).await;
    assert_eq!(told(&refused), ["RECORD_IN_USE drop"], "{refused:#}");
    let merged = merge(client, &format!("keep: \"{keep}\", drop: [\"{drop}\"]")).await;
    assert_eq!(told(&merged), [""; 0], "{merged:#}");
    let above = "{ customers(orderBy: [{ code: ASC }]) { nodes { code parentCompany { code } } } }";
    assert_eq!(
        client.data(above).await["customers"]["nodes"],
        json!([{ "code": "A", "parentCompany": null }, { "code": "D", "parentCompany": { "code": "A" } }])
    );
    assert_eq!(told(&unmerge(client, &keep).await), [""; 0]);
    assert_eq!(
        client.data(above).await["customers"]["nodes"][0],
        json!({ "code": "A", "parentCompany": { "code": "B" } })
    );
}

async fn a_dry_run_a_key_and_an_operation(client: &Client) {
    let (keep, drop) = two(client).await;
    let before = everything(client).await;
    let arguments = format!("keep: \"{keep}\", drop: [\"{drop}\"]");
    let tried = merge(client, &format!("{arguments}, dryRun: true")).await;
    assert_eq!(tried["moved"][0], json!({ "object": "Contact", "count": 1 }), "{tried:#}");
    assert_eq!(everything(client).await, before);
    // Together with something that is refused, nothing is kept.
    let both = format!(
        "mutation @atomic {{ mergeCustomers({arguments}) {{ userErrors {{ code }} }} createDepartment(input: {{ code: \"TJ\", name: \"x\" }}) {{ userErrors {{ code }} }} }}"
    );
    let refused = client.data(&both).await;
    assert_eq!(refused["mergeCustomers"]["userErrors"][0]["code"], "RECORD_UNDONE", "{refused:#}");
    assert_eq!(everything(client).await, before);
    // Sent twice with a key it runs once, and says the same.
    let keyed = format!("{arguments}, idempotencyKey: \"k1\"");
    let once = merge(client, &keyed).await;
    assert_eq!(told(&once), [""; 0]);
    assert_eq!(merge(client, &keyed).await, once);
    assert_eq!(told(&merge(client, &arguments).await), ["RECORD_NOT_FOUND drop"]);
    // A merge into a merge: the first id leads to the last record, and each is undone in its turn.
    let department = client.department("SH").await;
    let last = client.customer(&department, "Z", json!({})).await;
    let merged = merge(client, &format!("keep: \"{last}\", drop: [\"{keep}\"]")).await;
    assert_eq!(
        merged["moved"],
        json!([{ "object": "Contact", "count": 2 }, { "object": "SalesOrder", "count": 1 }])
    );
    let asked = format!("{{ customer(id: \"{drop}\") {{ code }} }}");
    assert_eq!(client.data(&asked).await["customer"]["code"], "Z");
    assert_eq!(told(&unmerge(client, &keep).await), ["RECORD_NOT_FOUND keep"]);
    assert_eq!(told(&unmerge(client, &last).await), [""; 0]);
    assert_eq!(told(&unmerge(client, &keep).await), [""; 0]);
    let now = everything(client).await;
    assert_eq!(now["customers"]["nodes"][0], before["customers"]["nodes"][0]);
    assert_eq!(now["customers"]["nodes"][1], before["customers"]["nodes"][1]);
}

async fn what_does_not_fit_is_refused(client: &Client) {
    let (keep, drop) = two(client).await;
    let nobody = "01900000-0000-7000-8000-000000000000";
    for (arguments, fault) in [
        (format!("keep: \"{keep}\", drop: []"), "RECORD_VALUE drop"),
        (format!("keep: \"{keep}\", drop: [\"{keep}\"]"), "RECORD_VALUE drop"),
        (format!("keep: \"{keep}\", drop: [\"{drop}\", \"{drop}\"]"), "RECORD_VALUE drop"),
        (format!("keep: \"{keep}\", drop: [\"x\"]"), "RECORD_VALUE drop.0"),
        (format!("keep: \"{nobody}\", drop: [\"{drop}\"]"), "RECORD_NOT_FOUND keep"),
        (format!("keep: \"{keep}\", drop: [\"{nobody}\"]"), "RECORD_NOT_FOUND drop"),
    ] {
        assert_eq!(told(&merge(client, &arguments).await), [fault], "{arguments}");
    }
    // A key over the reference would be taken twice.
    let sdl = "type Seat @object(kind: MASTER, label: \"席位\", plural: \"seats\") @unique(fields: [\"customer\", \"place\"]) {
        customer: Customer @field(label: \"客户\") place: String @field(label: \"位置\") }";
    assert_eq!(client.apply(sdl, false).await["diagnostics"], json!([]));
    for customer in [&keep, &drop] {
        client.create("Seat", json!({ "place": "1", "customer": { "id": customer } })).await;
    }
    let refused = merge(client, &format!("keep: \"{keep}\", drop: [\"{drop}\"]")).await;
    assert_eq!(told(&refused).len(), 1, "{refused:#}");
    assert_eq!(refused["record"], Value::Null);
    assert_eq!(client.data("{ customers { totalCount } }").await["customers"]["totalCount"], 2);
}

async fn a_merge_is_undone_for_thirty_days(client: &Client) {
    let (keep, drop) = two(client).await;
    merge(client, &format!("keep: \"{keep}\", drop: [\"{drop}\"]")).await;
    client.world.advance(Duration::from_hours(24 * 31));
    client.company.purge().await.unwrap();
    let later = client.poster_of("admin").await;
    let query = format!(
        "mutation {{ unmergeCustomers(keep: \"{keep}\") {{ userErrors {{ code path message }} }} }}"
    );
    let refused = later.ask(&query, json!({})).await.data();
    assert_eq!(told(&refused["unmergeCustomers"]), ["RECORD_NOT_FOUND keep"]);
    let asked = format!("{{ customer(id: \"{drop}\") {{ code }} }}");
    assert_eq!(later.ask(&asked, json!({})).await.data()["customer"]["code"], "A");
}

async fn employees_are_merged(client: &Client) {
    let (_, _) = two(client).await;
    let employees =
        client.data("{ employees(orderBy: [{ code: ASC }]) { nodes { id code } } }").await;
    let id = |at: usize| employees["employees"]["nodes"][at]["id"].as_str().unwrap().to_owned();
    let query = format!(
        "mutation {{ mergeEmployees(keep: \"{}\", drop: [\"{}\"]) {{ moved {{ object count }} userErrors {{ code path message }} }} }}",
        id(0),
        id(1)
    );
    let merged = client.data(&query).await;
    assert_eq!(merged["mergeEmployees"]["userErrors"], json!([]), "{merged:#}");
    let read = "{ customers { nodes { owner { code } relatedEmployees { employee { code } source } } } salesOrders { nodes { owner { code } } } }";
    let now = client.data(read).await;
    for customer in now["customers"]["nodes"].as_array().unwrap() {
        assert_eq!(customer["owner"]["code"], "E1", "{now:#}");
        assert_eq!(customer["relatedEmployees"][0]["employee"]["code"], "E1", "{now:#}");
    }
    assert_eq!(now["salesOrders"]["nodes"][0]["owner"]["code"], "E1");
}

async fn nobody_gets_more_rights_by_merging(client: &Client) {
    let office = Office::open(client).await;
    let role = "code = \"clerk\"\nlabel = \"文员\"\nlabel_en = \"Clerk\"\nlines = [\"SALES\"]\n[dimensions]\nDEPARTMENT = \"person\"\nCUSTOMER = \"all\"\n
[[grants]]\nobjects = [\"Employee\", \"Department\"]\nactions = [\"read\", \"create\", \"edit\", \"delete\"]\nopen = true\n
[[grants]]\nobjects = [\"Customer\"]\nactions = [\"read\", \"create\", \"edit\", \"delete\"]\nemployees = \"related\"\ndimensions = true\n";
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(save, json!({ "d": role })).await;
    office.give("wang", &["clerk"], &[office.id("TJ-TL")]).await;
    // Departments and employees are what rights are made of.
    for (object, keep, drop) in [("Departments", "QZ-TL", "TJ-FGS"), ("Employees", "zhang", "wang")]
    {
        let query = format!(
            "mutation {{ merge{object}(keep: \"{}\", drop: [\"{}\"]) {{ userErrors {{ code path message }} }} }}",
            office.id(keep),
            office.id(drop)
        );
        let refused = office.ask("wang", &query).await["data"][format!("merge{object}")].clone();
        assert_eq!(told(&refused), ["RECORD_READ_ONLY keep"], "{refused:#}");
    }
    // A record of one's own does not make one an employee of what it is merged into.
    let own = json!({ "owner": { "id": office.id("wang") } });
    let own = client.customer(&office.id("TJ-TL"), "OWN", own).await;
    let cz = office.id("CZ");
    let merged = office.ask("wang", &merging(&format!("keep: \"{cz}\", drop: [\"{own}\"]"))).await;
    assert_eq!(told(&merged["data"]["mergeCustomers"]), [""; 0], "{merged:#}");
    let rows =
        format!("{{ customer(id: \"{cz}\") {{ relatedEmployees {{ employee {{ code }} }} }} }}");
    assert_eq!(
        client.data(&rows).await["customer"]["relatedEmployees"],
        json!([{ "employee": { "code": "zhang" } }])
    );
}
