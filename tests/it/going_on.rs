//! Lists that go on beyond what is answered say so, and the rest of them can be had.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office},
};

both_dbs! {
    groups_beyond_the_page_are_told_and_can_be_had
    lists_of_records_that_go_on_are_told
    plain_lists_end_where_they_are_told_to
    payloads_tell_what_goes_on
    what_goes_on_is_what_is_seen
}

/// So many customers, each with as many contacts.
async fn customers(client: &Client, count: usize, contacts: usize) -> Vec<String> {
    let department = client.department("TJ").await;
    let mut made = Vec::with_capacity(count);
    for at in 0..count {
        let id = client.customer(&department, &format!("C{at:03}"), json!({})).await;
        for contact in 0..contacts {
            let name = format!("N{contact}");
            let input = json!({ "name": name, "customer": { "id": id } });
            client.create("Contact", input).await;
        }
        made.push(id);
    }
    made
}

/// The data and the lists that go on.
async fn told(client: &Client, query: &str) -> (Value, Value) {
    let answer = client.ask(query, json!({})).await;
    let more = answer.more.clone();
    (answer.data(), more)
}

async fn groups_beyond_the_page_are_told_and_can_be_had(client: &Client) {
    customers(client, 53, 0).await;
    let before = client.company.database.statements();
    let (data, more) = told(
        client,
        "{ a: customerAggregate(groupBy: [{code: true}]) { groupCount key { code } } }",
    )
    .await;
    assert_eq!(client.company.database.statements() - before, 1);
    assert_eq!(more, json!([["a"]]));
    let groups = data["a"].as_array().unwrap();
    assert_eq!(groups.len(), 50);
    assert!(groups.iter().all(|group| group["groupCount"] == 53), "{data}");

    // The pages are all of it, in every order.
    for order in ["", ", orderBy: [{count: DESC}]", ", orderBy: [{key: {code: DESC}}]"] {
        let (mut codes, mut offset) = (Vec::new(), 0);
        loop {
            let query = format!(
                "{{ customerAggregate(groupBy: [{{code: true}}]{order}, first: 20, offset: {offset}) {{ key {{ code }} }} }}"
            );
            let (data, more) = told(client, &query).await;
            let groups = data["customerAggregate"].as_array().unwrap();
            codes.extend(
                groups.iter().map(|group| group["key"]["code"].as_str().unwrap().to_owned()),
            );
            offset += 20;
            if more.is_null() {
                break;
            }
            assert_eq!(more, json!([["customerAggregate"]]));
        }
        assert_eq!((codes.len(), offset), (53, 60));
        codes.sort();
        codes.dedup();
        assert_eq!(codes.len(), 53);
    }

    // Groups that a condition leaves out are none, and the end of a list is no cut.
    let having = "customerAggregate(groupBy: [{code: true}], having: {count: {gt: 1}})";
    let one = "customerAggregate(groupBy: [{department: {code: true}}], first: 1)";
    let query = format!(
        "{{ none: {having} {{ groupCount }} one: {one} {{ groupCount count }} all: customerAggregate {{ groupCount count }}
            away: customerAggregate(groupBy: [{{code: true}}], offset: 53) {{ groupCount }} }}"
    );
    let (data, more) = told(client, &query).await;
    let whole = json!([{ "groupCount": 1, "count": 53 }]);
    assert_eq!(data, json!({ "none": [], "one": whole, "all": whole, "away": [] }));
    assert_eq!(more, Value::Null);
    let query = "{ customerAggregate(groupBy: [{code: true}], offset: -1) { count } }";
    let refused = client.ask(query, json!({})).await;
    assert_eq!(refused.codes(), ["INPUT_VALUE"], "{refused:?}");
}

async fn lists_of_records_that_go_on_are_told(client: &Client) {
    customers(client, 51, 2).await;
    let (data, more) = told(
        client,
        "{ customers(orderBy: [{code: ASC}]) { nodes {
            few: contacts(first: 1) { nodes { name } } all: contacts { nodes { name } }
            g: contactsAggregate(groupBy: [{name: true}], first: 1, offset: 1) { groupCount key { name } }
            h: contactsAggregate(groupBy: [{name: true}], first: 1) { key { name } top(first: 1) { code: name } }
        } } }",
    )
    .await;
    let nodes = data["customers"]["nodes"].as_array().unwrap();
    assert_eq!(nodes.len(), 50);
    assert_eq!(nodes[7]["g"], json!([{ "groupCount": 2, "key": { "name": "N1" } }]));
    assert_eq!(nodes[7]["h"], json!([{ "key": { "name": "N0" }, "top": [{ "code": "N0" }] }]));
    let expected = [
        json!(["customers"]),
        json!(["customers", "nodes", "few"]),
        json!(["customers", "nodes", "h"]),
    ];
    assert_eq!(more, json!(expected));
    // Through edges and records, backwards, of histories, of removed records, and in the past.
    let (_, more) = told(
        client,
        "{ customers(last: 1) { edges { node { one: contacts(first: 1) { edges { cursor } } } } }
           contacts(first: 1) { nodes { customer { history(first: 0) { nodes { at } } } } } }",
    )
    .await;
    let expected = [
        json!(["customers"]),
        json!(["customers", "edges", "node", "one"]),
        json!(["contacts"]),
        json!(["contacts", "nodes", "customer", "history"]),
    ];
    assert_eq!(more, json!(expected));
    client
        .data("mutation { deleteContacts(filter: {name: {eq: \"N1\"}}, atMost: 100) { count } }")
        .await;
    let (_, more) = told(client, "{ bin: recycleBin(first: 3) { nodes { id } } }").await;
    assert_eq!(more, json!([["bin"]]));
    let at = "asOf: \"2026-06-15T12:00:00Z\"";
    let (_, more) =
        told(client, &format!("{{ customers(first: 1, {at}) {{ nodes {{ id }} }} }}")).await;
    assert_eq!(more, json!([["customers"]]));
    // What is answered whole, and what failed, tells nothing.
    let (_, more) = told(client, "{ customers(first: 51) { nodes { id } } }").await;
    assert_eq!(more, Value::Null);
    let failed = client
        .ask(
            "{ customers(first: 99999) { totalCount } customer(code: \"C000\") { id } }",
            json!({}),
        )
        .await;
    assert_eq!(failed.more, Value::Null);
}

async fn plain_lists_end_where_they_are_told_to(client: &Client) {
    let customer = customers(client, 1, 0).await.remove(0);
    let department = client.department("QD").await;
    let category = client.create("ItemCategory", json!({ "code": "K", "name": "K" })).await;
    let item = json!({ "code": "I", "name": "I", "unit": "kg", "category": { "id": category } });
    let item = client.create("InventoryItem", item).await;
    let lines: Vec<_> =
        (1..=5).map(|at| json!({ "item": { "id": item }, "quantity": at })).collect();
    let input = json!({ "customer": { "id": customer }, "department": { "id": department }, "lines": { "create": lines } });
    client.create("SalesOrder", input).await;
    let (data, more) = told(
        client,
        "{ salesOrders { nodes { a: lines(first: 2) { lineNo } b: lines(first: 2, offset: 2) { lineNo }
            c: lines(offset: 4) { lineNo } d: lines { lineNo } e: lines(first: 5) { lineNo } } } }",
    )
    .await;
    let numbers = |all: &[u32]| all.iter().map(|at| json!({ "lineNo": at })).collect::<Vec<_>>();
    assert_eq!(
        data["salesOrders"]["nodes"][0],
        json!({ "a": numbers(&[1, 2]), "b": numbers(&[3, 4]), "c": numbers(&[5]),
            "d": numbers(&[1, 2, 3, 4, 5]), "e": numbers(&[1, 2, 3, 4, 5]) })
    );
    assert_eq!(more, json!([["salesOrders", "nodes", "a"], ["salesOrders", "nodes", "b"]]));
}

async fn payloads_tell_what_goes_on(client: &Client) {
    let made = customers(client, 2, 2).await;
    let change = |id: &str| {
        format!(
            "updateCustomer(id: \"{id}\", patch: {{shortName: \"k\"}}) {{ r: record {{ contacts(first: 1) {{ nodes {{ name }} }} }} }}"
        )
    };
    for atomic in ["", "@atomic"] {
        let query = format!(
            "mutation {atomic} {{ a: {} b: updateCustomers(filter: {{code: {{startsWith: \"C\"}}}}, atMost: 5, patch: {{shortName: \"m\"}}) {{
                records {{ contacts(first: 1) {{ nodes {{ name }} }} }} }} }}",
            change(&made[0])
        );
        let (_, more) = told(client, &query).await;
        assert_eq!(more, json!([["a", "r", "contacts"], ["b", "records", "contacts"]]), "{atomic}");
    }
}

async fn what_goes_on_is_what_is_seen(client: &Client) {
    let office = Office::open(client).await;
    // There are four customers; one of them is zhang's.
    let query = "{ customers(first: 1) { totalCount nodes { code } }
        customerAggregate(groupBy: [{code: true}], first: 1) { groupCount key { code } } }";
    let answer = client.ask_as(&office.tokens["zhang"], query).await;
    assert_eq!(answer.more, Value::Null, "{answer:?}");
    let data = answer.data();
    assert_eq!(data["customers"]["totalCount"], 1);
    assert_eq!(data["customerAggregate"], json!([{ "groupCount": 1, "key": { "code": "CZ" } }]));
    let answer = client.ask(query, json!({})).await;
    assert_eq!(answer.more, json!([["customers"], ["customerAggregate"]]));
    assert_eq!(answer.data()["customerAggregate"][0]["groupCount"], 4);
}
