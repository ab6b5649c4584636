//! What people opened lately: their own, bounded, as far as they may still see it, first among candidates.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office},
};

both_dbs! {
    recents_are_everyones_own_latest_first
    what_is_out_of_sight_is_no_recent
    recents_come_first_among_candidates
    recents_are_bounded
    what_is_not_shown_uses_up_no_reads
}

/// Opens a record; whether it was noted.
async fn open(client: &Client, token: &str, object: &str, id: &str) -> Value {
    client.world.advance(Duration::from_secs(1));
    let query = "mutation($o: String!, $i: ID!) { opened(object: $o, id: $i) }";
    let told = client.metadata_as(token, query, json!({ "o": object, "i": id })).await;
    told.data()["opened"].clone()
}

async fn recents(client: &Client, token: &str, arguments: &str) -> Vec<String> {
    let query = format!("{{ recents{arguments} {{ text }} }}");
    let told = client.ask_as(token, &query).await.data();
    let all = told["recents"].as_array().unwrap().clone();
    all.iter().map(|one| one["text"].as_str().unwrap_or("?").to_owned()).collect()
}

async fn recents_are_everyones_own_latest_first(client: &Client) {
    let office = Office::open(client).await;
    let (wang, zhao) = (&office.tokens["wang"], &office.tokens["zhao"]);
    for (object, name) in [("Customer", "CZ"), ("Contact", "contact of CL"), ("Customer", "CL")] {
        assert_eq!(open(client, wang, object, &office.id(name)).await, true, "{name}");
    }
    assert_eq!(recents(client, wang, "").await, ["客户 CL", "联系人CL", "客户 CZ"]);
    assert_eq!(recents(client, zhao, "").await, Vec::<String>::new());
    // Opened again, it is the latest.
    open(client, wang, "Customer", &office.id("CZ")).await;
    assert_eq!(recents(client, wang, "(first: 2)").await, ["客户 CZ", "客户 CL"]);
    let only = "(objects: [\"Contact\", \"Nothing\"])";
    assert_eq!(recents(client, wang, only).await, ["联系人CL"]);
    let query = "{ recents(first: 1) { id object label detail at } }";
    let told = client.ask_as(wang, query).await.data()["recents"][0].clone();
    assert_eq!((&told["id"], &told["object"]), (&json!(office.id("CZ")), &json!("Customer")));
    assert_eq!(told["label"], "Customer");
    assert!(told["detail"].as_str().unwrap().starts_with("CZ"), "{told:#}");
    assert!(told["at"].as_str().unwrap().starts_with("2026-06-15T"), "{told:#}");
    // What is removed is gone, and there is nothing to note of what is not there.
    client
        .data(&format!(
            "mutation {{ deleteContact(id: \"{}\") {{ id }} }}",
            office.id("contact of CL")
        ))
        .await;
    assert_eq!(recents(client, wang, "").await, ["客户 CZ", "客户 CL"]);
    for (object, id) in [
        ("Customer", office.id("contact of CL")),
        ("Nothing", office.id("CZ")),
        ("SalesOrderLine", office.id("CZ")),
    ] {
        assert_eq!(open(client, wang, object, &id).await, false, "{object}");
    }
}

async fn what_is_out_of_sight_is_no_recent(client: &Client) {
    let office = Office::open(client).await;
    let zhang = &office.tokens["zhang"];
    assert_eq!(open(client, zhang, "Customer", &office.id("CZ")).await, true);
    // A record of someone else is as one that is not there.
    assert_eq!(open(client, zhang, "Customer", &office.id("CL")).await, false);
    assert_eq!(recents(client, zhang, "").await, ["客户 CZ"]);
    office.give("zhang", &[], &[]).await;
    assert_eq!(recents(client, zhang, "").await, Vec::<String>::new());
    // Nobody's recents are changed by whoever reads as them.
    let query = format!("mutation {{ opened(object: \"Customer\", id: \"{}\") }}", office.id("CL"));
    let admin = client.token("admin").await;
    let refused = client.metadata_with(&admin, ("X-Tradewind-View-As", "li"), &query).await;
    assert_eq!(refused.codes(), ["INPUT_METHOD"]);
    assert_eq!(recents(client, &office.tokens["li"], "").await, Vec::<String>::new());
}

async fn recents_come_first_among_candidates(client: &Client) {
    let office = Office::open(client).await;
    let wang = &office.tokens["wang"];
    let pick = async |arguments: &str| -> Vec<(String, bool)> {
        let query = format!(
            "{{ candidates(object: \"Contact\", field: \"customer\"{arguments}) {{ text recent }} }}"
        );
        let told = client.ask_as(wang, &query).await.data();
        let all = told["candidates"].as_array().unwrap().clone();
        let one = |one: &Value| (one["text"].as_str().unwrap().to_owned(), one["recent"] == true);
        all.iter().map(one).collect()
    };
    let before = pick("").await;
    assert!(before.len() > 2 && before.iter().all(|(_, recent)| !recent), "{before:?}");
    let last = before.last().unwrap().0.clone();
    let code = last.split(' ').nth(1).unwrap().to_owned();
    open(client, wang, "Customer", &office.id(&code)).await;
    let after = pick("").await;
    assert_eq!(after[0], (last.clone(), true));
    assert_eq!(after.len(), before.len(), "each once");
    assert!(after[1..].iter().all(|(_, recent)| !recent), "{after:?}");
    // Words, bounds and the record itself count for them, too.
    assert_eq!(pick(", first: 1").await, [(last.clone(), true)]);
    let other = before[0].0.split(' ').nth(1).unwrap().to_owned();
    let found = pick(&format!(", search: \"{other}\"")).await;
    assert_eq!(found, [(before[0].0.clone(), false)]);
}

async fn recents_are_bounded(client: &Client) {
    let department = client.department("TJ").await;
    let admin = client.token("admin").await;
    for at in 0..55 {
        let id = client.customer(&department, &format!("K{at:02}"), json!({})).await;
        open(client, &admin, "Customer", &id).await;
    }
    let all = recents(client, &admin, "(first: 100)").await;
    assert_eq!((all.len(), all[0].as_str(), all[49].as_str()), (50, "客户 K54", "客户 K05"));
}

/// Recents and timelines read more than they show, to choose from it: the budget of reads is for what is shown.
async fn what_is_not_shown_uses_up_no_reads(client: &Client) {
    let office = Office::open(client).await;
    let role = "code = \"curious\"\nlabel = \"x\"\nlabel_en = \"x\"\n[dimensions]\nCUSTOMER = \"all\"\n[caps]\nread = 4\n[[grants]]\nobjects = [\"Customer\", \"Contact\", \"SalesOrder\"]\nactions = [\"read\"]\nopen = true\n";
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(save, json!({ "d": role })).await;
    office.give("new", &["curious"], &[]).await;
    let new = &office.tokens["new"];
    // Whether it may be opened is asked of each, and nothing of it is shown.
    for customer in ["CL", "CQ", "CS", "CZ"] {
        assert_eq!(open(client, new, "Customer", &office.id(customer)).await, true, "{customer}");
    }
    for _again in 0..3 {
        assert_eq!(recents(client, new, "(first: 1)").await, ["客户 CZ"]);
    }
    let of = format!("object: \"Customer\", id: \"{}\"", office.id("CL"));
    let timeline =
        format!("{{ timeline({of}, first: 1, kinds: [DOCUMENT]) {{ nodes {{ id }} }} }}");
    let told = client.ask_as(new, &timeline).await.data();
    assert_eq!(told["timeline"]["nodes"].as_array().unwrap().len(), 1, "{told:#}");
    let all = "{ customers { nodes { code } } }";
    assert_eq!(client.ask_as(new, all).await.codes(), ["LIMIT_READS"]);
}
