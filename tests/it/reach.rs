//! How far a role reaches: levels that a role sets itself, and parents whose rights count.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office},
};

both_dbs! {
    own_is_ones_own_department_whatever_is_ticked
    a_parent_counts_without_a_dimension
    an_empty_parent_asks_nobodys_right
    a_parent_may_be_opened_by_another_role
}

async fn save(client: &Client, definition: &str) {
    let query = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(query, json!({ "d": definition })).await;
}

/// A role that reads objects by dimensions.
fn reader(code: &str, dimensions: &str, objects: &str) -> String {
    format!(
        "code = \"{code}\"\nlabel = \"x\"\nlabel_en = \"x\"\n[dimensions]\n{dimensions}\n[[grants]]\nobjects = [{objects}]\nactions = [\"read\"]\ndimensions = true\n"
    )
}

async fn codes(office: &Office<'_>, who: &str) -> Value {
    let query = "{ customers(orderBy: [{code: ASC}]) { nodes { code } } }";
    let answer = office.ask(who, query).await;
    let nodes = answer["data"]["customers"]["nodes"].as_array().cloned();
    nodes.map_or(Value::Null, |nodes| nodes.iter().map(|node| node["code"].clone()).collect())
}

async fn reach(office: &Office<'_>, who: &str, level: &str, departments: &[&str]) {
    let values: Vec<_> = departments.iter().map(|code| office.id(code)).collect();
    let set = "mutation($a: String!, $l: ReachLevel!, $v: [String!]!) { setReach(account: $a, dimension: \"DEPARTMENT\", level: $l, values: $v) }";
    office.client.metadata(set, json!({ "a": who, "l": level.to_uppercase(), "v": values })).await;
}

async fn own_is_ones_own_department_whatever_is_ticked(client: &Client) {
    let office = Office::open(client).await;
    let role = |code: &str, level: &str| {
        reader(code, &format!("DEPARTMENT = \"{level}\"\nCUSTOMER = \"all\""), "\"Customer\"")
    };
    for level in ["own", "below", "person"] {
        save(client, &role(level, level)).await;
    }
    // The person sits in TJ-TL; elsewhere is ticked for whatever role.
    let everywhere = ["TJ-TL", "TJ-SL", "QZ-TL", "SH-TL"];
    let own = json!(["CL", "CZ"]);
    let all = json!(["CL", "CQ", "CS", "CZ"]);
    office.give("li", &["own"], &[]).await;
    for level in ["none", "set", "all"] {
        reach(&office, "li", level, &everywhere).await;
        assert_eq!(codes(&office, "li").await, own, "{level}");
    }
    office.give("li", &["below"], &[]).await;
    reach(&office, "li", "set", &everywhere).await;
    assert_eq!(codes(&office, "li").await, own);
    let explained = office
        .explain(&format!(
            "account: \"li\", object: \"Customer\", id: \"{}\", action: READ",
            office.id("CQ")
        ))
        .await;
    assert_eq!(explained["allowed"], false, "{explained}");
    let mut branches = explained["branches"].as_array().unwrap().iter();
    let branch = branches.find(|one| one["name"] == "dimension DEPARTMENT");
    assert_eq!(branch.unwrap()["holds"], false, "{explained}");
    // What is left to the person is theirs: nothing at `none`, whatever is ticked; their own and below it.
    for (level, ticked, seen) in [
        ("none", &everywhere[..], json!([])),
        ("set", &everywhere, all.clone()),
        ("own", &[], own.clone()),
        ("below", &everywhere, own.clone()),
        ("below", &[], own.clone()),
    ] {
        office.give("li", &["person"], &[]).await;
        reach(&office, "li", level, ticked).await;
        assert_eq!(codes(&office, "li").await, seen, "{level}");
    }
    // One level up, with all that is below.
    let patch = json!({ "department": { "id": office.id("TJ") } });
    client.update("Employee", &office.id("li"), patch).await;
    assert_eq!(codes(&office, "li").await, json!(["CL", "CS", "CZ"]));
    office.give("li", &["own"], &[]).await;
    assert_eq!(codes(&office, "li").await, json!([]));
}

async fn a_parent_counts_without_a_dimension(client: &Client) {
    let mut office = Office::open(client).await;
    assert_eq!(
        client.apply(include_str!("../cases/sample_loan.graphql"), false).await["diagnostics"],
        json!([])
    );
    // Two loans of one department, of customers within and without what wang has.
    for (name, customer) in [("near", "CL"), ("far", "CQ")] {
        let link = |name: &str| json!({ "id": office.id(name) });
        let loan = json!({ "customer": link(customer), "department": link("TJ-TL") });
        office.make(name, "SampleLoan", loan).await;
    }
    let dimensions = "DEPARTMENT = \"person\"\nCUSTOMER = \"all\"";
    save(client, &reader("lender", dimensions, "\"Customer\", \"SampleLoan\"")).await;
    office.give("wang", &["lender"], &[office.id("TJ-TL")]).await;
    let seen = async |name: &str| office.sees("wang", "sampleLoans", name).await;
    assert!(seen("near").await && !seen("far").await);
    let explained = office
        .explain(&format!(
            "account: \"wang\", object: \"SampleLoan\", id: \"{}\", action: READ",
            office.id("far")
        ))
        .await;
    let mut branches = explained["branches"].as_array().unwrap().iter();
    let branch = branches.find(|one| one["name"] == "parent customer");
    assert_eq!(branch.unwrap()["holds"], false, "{explained}");
    assert_eq!(
        explained["wouldAllow"],
        json!([{ "grant": "a right to read the customer of the record" }])
    );
    // It is switched by the field's name, as a dimension is.
    let off = "mutation { setDimensionControl(object: \"SampleLoan\", dimension: \"customer\", actions: [EDIT]) { object dimension actions } }";
    assert_eq!(
        client.metadata(off, json!({})).await["setDimensionControl"],
        json!([{ "object": "SampleLoan", "dimension": "customer", "actions": ["EDIT"] }])
    );
    assert!(seen("near").await && seen("far").await);
    let on = off.replace(", actions: [EDIT]", "");
    client.metadata(&on, json!({})).await;
    assert!(!seen("far").await);
    // A parent alone controls: who may read it reads what belongs to it.
    let sdl = "type Visit @object(kind: DOCUMENT, label: \"x\", plural: \"visits\") { customer: Customer! @relation(parent: true) note: String }";
    assert_eq!(client.apply(sdl, false).await["diagnostics"], json!([]));
    for (name, customer) in [("visit of CL", "CL"), ("visit of CQ", "CQ")] {
        let visit = json!({ "customer": { "id": office.id(customer) } });
        office.make(name, "Visit", visit).await;
    }
    save(client, &reader("lender", dimensions, "\"Customer\", \"Visit\"")).await;
    assert!(office.sees("wang", "visits", "visit of CL").await);
    assert!(!office.sees("wang", "visits", "visit of CQ").await);
    let token = client.token("admin").await;
    let undefined =
        "mutation { setDimensionControl(object: \"Visit\", dimension: \"note\") { object } }";
    assert_eq!(client.metadata_as(&token, undefined, json!({})).await.codes(), ["INPUT_VALUE"]);
    // A line is open with its document, so a parent of its own would be of no effect.
    let sdl = "type Trip @object(kind: DOCUMENT, label: \"x\", plural: \"trips\") { lines: [TripLine!]! @lines }
        type TripLine @object(kind: LINE, label: \"x\") { customer: Customer! @relation(parent: true) }";
    let refused = client.apply(sdl, true).await;
    assert_eq!(refused["diagnostics"][0]["code"], "CATALOG_RELATION", "{refused}");
}

async fn an_empty_parent_asks_nobodys_right(client: &Client) {
    let mut office = Office::open(client).await;
    let link = |name: &str| json!({ "id": office.id(name) });
    let activity =
        json!({ "subject": "培训", "department": link("TJ-TL"), "employee": link("chen") });
    office.make("training", "Activity", activity).await;
    // Who may read no customer at all reads what belongs to none, as one does who reads some.
    let dimensions = "DEPARTMENT = \"all\"\nCUSTOMER = \"all\"";
    save(client, &reader("observer", dimensions, "\"Activity\"")).await;
    office.give("new", &["observer"], &[]).await;
    assert!(office.sees("new", "activities", "training").await);
    assert!(!office.sees("new", "activities", "activity of li").await);
}

async fn a_parent_may_be_opened_by_another_role(client: &Client) {
    let office = Office::open(client).await;
    client.update("Contact", &office.id("contact of CL"), json!({ "mobile": "13900005116" })).await;
    // One role opens the customers, another their contacts and shows a field of theirs that a third hides.
    let dimensions = "DEPARTMENT = \"all\"\nCUSTOMER = \"all\"";
    save(client, &reader("customers", dimensions, "\"Customer\"")).await;
    save(client, &reader("contacts", dimensions, "\"Contact\"")).await;
    let hides = "[[fields]]\nobject = \"Contact\"\nhidden = [\"mobile\"]\n";
    let hides = reader("hides", dimensions, "\"Contact\"") + hides;
    save(client, &hides).await;
    office.give("new", &["customers", "contacts", "hides"], &[]).await;
    let query = format!("{{ contact(id: \"{}\") {{ mobile }} }}", office.id("contact of CL"));
    let seen = office.ask("new", &query).await;
    assert_eq!(seen["data"]["contact"]["mobile"], "13900005116", "{seen}");
}
