//! Subscriptions: what is told to whom, what is not, and how one goes on after a connection was lost.

use std::time::Duration;

use serde_json::{Value, json};
use tradewind::{graphql::limits::Limits, storage::outbox::Position};

use crate::{
    both_dbs,
    support::{Client, Poster, Told, office::Office, open_copy, open_limited},
};

both_dbs! {
    tells_what_happens_to_records_one_may_see
    tells_when_a_record_leaves_what_was_asked_for
    says_nothing_of_what_is_hidden
    follows_what_rights_rest_on
    ends_with_the_rights_or_the_session
    tells_all_of_one_person_s_subscriptions
    goes_on_where_it_was_cut_off
    hears_what_another_process_commits
    refuses_what_it_cannot_follow
    goes_on_over_a_new_version
}

const CUSTOMERS: &str = "subscription($filter: CustomerFilter, $after: String) { customerChanged(filter: $filter, after: $after) { kind id record { code level } cursor } }";

/// The kind and the code of what is told next.
async fn next(told: &mut Told) -> (String, Value) {
    let next = told.next().await;
    (next["kind"].as_str().unwrap().to_owned(), next["record"]["code"].clone())
}

fn is(kind: &str, code: &str) -> (String, Value) {
    (kind.to_owned(), if code.is_empty() { Value::Null } else { json!(code) })
}

async fn delete(client: &Client, id: &str) {
    let query = "mutation($id: ID!) { deleteCustomer(id: $id) { id userErrors { code } } }";
    let done = client.ask(query, json!({ "id": id })).await.data();
    assert_eq!(done["deleteCustomer"]["userErrors"], json!([]));
}

async fn tells_what_happens_to_records_one_may_see(client: &Client) {
    let office = Office::open(client).await;
    let query = "subscription { c: customerChanged { __typename kind id at record { code level owner { code } } } }";
    let old = client.customer(&office.id("TJ-TL"), "OLD", json!({})).await;
    let mut zhang = client.follow(&office.tokens["zhang"], query, json!({})).await;
    let mut admin = client.follow(&client.token("admin").await, CUSTOMERS, json!({})).await;
    let (of_zhang, of_li) = (office.id("zhang"), office.id("li"));
    let department = office.id("TJ-TL");
    // Another's record first: the first event zhang gets is of their own.
    let owner = |id: &str| json!({ "owner": { "id": id }, "level": "B" });
    let others = client.customer(&department, "L1", owner(&of_li)).await;
    let own = client.customer(&department, "Z1", owner(&of_zhang)).await;
    assert_eq!(
        zhang.next().await,
        json!({ "__typename": "CustomerChange", "kind": "CREATED", "id": own, "at": "2026-06-15T02:00:00Z",
            "record": { "code": "Z1", "level": "B", "owner": { "code": "zhang" } } })
    );
    let changes = [
        (json!({ "level": "A" }), "UPDATED", json!("A")),
        (owner(&of_li), "LEFT", Value::Null),
        (owner(&of_zhang), "ENTERED", json!("B")),
    ];
    for (patch, kind, level) in changes {
        client.update("Customer", &others, json!({ "city": kind })).await;
        client.update("Customer", &own, patch).await;
        let next = zhang.next().await;
        assert_eq!([&next["kind"], &next["id"]], [&json!(kind), &json!(own)]);
        assert_eq!(next["record"]["level"], level);
    }
    delete(client, &others).await;
    delete(client, &own).await;
    assert_eq!(zhang.next().await["kind"], "DELETED");
    // What came and went while nobody listened is not told; what was there before is.
    delete(client, &old).await;
    let next = admin.next().await;
    assert_eq!([&next["kind"], &next["id"]], [&json!("DELETED"), &json!(old)]);
}

async fn tells_when_a_record_leaves_what_was_asked_for(client: &Client) {
    let department = client.department("D").await;
    let id = client.customer(&department, "C1", json!({ "level": "A" })).await;
    let filter = json!({ "filter": { "level": { "eq": "A" } } });
    let mut told = client.follow(&client.token("admin").await, CUSTOMERS, filter).await;
    client.customer(&department, "C2", json!({ "level": "B" })).await;
    let mark = client.customer(&department, "MARK", json!({ "level": "A" })).await;
    assert_eq!(next(&mut told).await, is("CREATED", "MARK"));
    client.update("Customer", &id, json!({ "city": "1" })).await;
    assert_eq!(next(&mut told).await, is("UPDATED", "C1"));
    client.update("Customer", &id, json!({ "level": "B" })).await;
    assert_eq!(next(&mut told).await, is("LEFT", ""));
    client.update("Customer", &id, json!({ "city": "2" })).await;
    // What is told is how a record stands when its change is looked at: before it comes back, the change that is not
    // told must be past.
    client.update("Customer", &mark, json!({ "city": "2" })).await;
    assert_eq!(next(&mut told).await, is("UPDATED", "MARK"));
    client.update("Customer", &id, json!({ "level": "A" })).await;
    assert_eq!(next(&mut told).await, is("ENTERED", "C1"));
    let restored =
        "mutation($id: ID!) { restoreCustomer(id: $id) { record { id } userErrors { code } } }";
    delete(client, &id).await;
    assert_eq!(next(&mut told).await, is("DELETED", ""));
    // Whoever follows all of them is told the same.
    let mut all = client.follow(&client.token("admin").await, CUSTOMERS, json!({})).await;
    client.ask(restored, json!({ "id": id })).await.data();
    assert_eq!(next(&mut told).await, is("ENTERED", "C1"));
    assert_eq!(next(&mut all).await, is("ENTERED", "C1"));
    // A place that is not reached yet, as after a backup was put back, is the present.
    let ahead = Position { tx: i64::MAX, seq: i64::MAX };
    let follower = client.company.feed.follow(Some(ahead)).await.unwrap();
    assert!(follower.position() < ahead);
}

async fn says_nothing_of_what_is_hidden(client: &Client) {
    let office = Office::open(client).await;
    client
        .metadata(
            "mutation($d: String!) { saveRole(definition: $d) { code } }",
            json!({ "d": "code = \"blind\"\nlabel = \"x\"\nlabel_en = \"x\"\n[dimensions]\nDEPARTMENT = \"all\"\nCUSTOMER = \"all\"\n[[grants]]\nobjects = [\"Customer\", \"Department\"]\nactions = [\"read\"]\nopen = true\n[[fields]]\nobject = \"Customer\"\nhidden = [\"phone\"]\n" }),
        )
        .await;
    office.give("new", &["blind"], &[]).await;
    let mut told = client.follow(&office.tokens["new"], CUSTOMERS, json!({})).await;
    let id = office.id("CZ");
    client.update("Customer", &id, json!({ "phone": "13800000000" })).await;
    client
        .update("Customer", &office.id("CL"), json!({ "level": "C", "phone": "13900000000" }))
        .await;
    assert_eq!(next(&mut told).await, is("UPDATED", "CL"));
}

async fn follows_what_rights_rest_on(client: &Client) {
    let office = Office::open(client).await;
    let query = "subscription { contactChanged { kind id record { name } } }";
    let mut zhang = client.follow(&office.tokens["zhang"], query, json!({})).await;
    // A contact is seen with its customer, whose change says nothing of the contact.
    let to_li = json!({ "owner": { "id": office.id("li") } });
    client.update("Customer", &office.id("CZ"), to_li).await;
    let contact = office.id("contact of CZ");
    assert_eq!(zhang.next().await, json!({ "kind": "LEFT", "id": contact, "record": null }));
    let to_zhang = json!({ "owner": { "id": office.id("zhang") } });
    client.update("Customer", &office.id("CZ"), to_zhang).await;
    let entered = json!({ "kind": "ENTERED", "id": contact, "record": { "name": "联系人CZ" } });
    assert_eq!(zhang.next().await, entered);
    // So does a role: as a manager of the department, zhang sees its customers besides their own.
    let mut customers = client.follow(&office.tokens["zhang"], CUSTOMERS, json!({})).await;
    office.give("zhang", &["department_manager"], &[office.id("TJ-TL")]).await;
    assert_eq!(next(&mut customers).await, is("ENTERED", "CL"));
    office.give("zhang", &["salesperson"], &[office.id("TJ-TL")]).await;
    let left = customers.next().await;
    assert_eq!((&left["kind"], &left["id"]), (&json!("LEFT"), &json!(office.id("CL"))));
}

async fn ends_with_the_rights_or_the_session(client: &Client) {
    let office = Office::open(client).await;
    let mut zhang = client.follow(&office.tokens["zhang"], CUSTOMERS, json!({})).await;
    let mut li = client.follow(&office.tokens["li"], CUSTOMERS, json!({})).await;
    client
        .metadata("mutation { assignRoles(account: \"zhang\", roles: []) { roles } }", json!({}))
        .await;
    assert_eq!(zhang.end().await, ["INPUT_INVALID"]);
    client.metadata("mutation { revokeSessions(account: \"li\") }", json!({})).await;
    assert_eq!(li.end().await, ["AUTH_TOKEN_INVALID"]);
}

/// However many wait for what happened, and however few of them are carried out at once.
async fn tells_all_of_one_person_s_subscriptions(client: &Client) {
    let limits = Limits { at_once: 1, patience: Duration::from_millis(1), ..Limits::default() };
    let router = open_limited(client, limits).await;
    let poster = Poster::at(router, &client.token("admin").await);
    let mut all = Vec::new();
    for _ in 0..40 {
        all.push(poster.follow(CUSTOMERS, json!({})).await);
    }
    let department = client.department("TJ").await;
    client.customer(&department, "C1", json!({})).await;
    for mut told in all {
        assert_eq!(next(&mut told).await, is("CREATED", "C1"));
    }
}

async fn goes_on_where_it_was_cut_off(client: &Client) {
    let office = Office::open(client).await;
    let token = &office.tokens["wang"];
    let mut told = client.follow(token, CUSTOMERS, json!({})).await;
    client.update("Customer", &office.id("CZ"), json!({ "level": "C" })).await;
    let first = told.next().await;
    assert_eq!(first["kind"], "UPDATED");
    // This one was on its way when the connection broke.
    client.update("Customer", &office.id("CL"), json!({ "level": "C" })).await;
    let lost = told.next().await;
    drop(told);
    let away =
        json!({ "department": { "id": office.id("QZ-TL") }, "owner": { "id": office.id("su") } });
    client.update("Customer", &office.id("CS"), away).await;
    client.customer(&office.id("TJ-TL"), "N1", json!({ "owner": { "id": office.id("li") } })).await;
    let again = |after: &Value| json!({ "after": after });
    let mut told = client.follow(token, CUSTOMERS, again(&first["cursor"])).await;
    assert_eq!(next(&mut told).await, is("UPDATED", "CL"));
    let left = told.next().await;
    assert_eq!((&left["kind"], &left["id"]), (&json!("LEFT"), &json!(office.id("CS"))));
    assert_eq!(next(&mut told).await, is("CREATED", "N1"));
    drop(told);
    // From the later cursor the lost one is not told again.
    let mut told = client.follow(token, CUSTOMERS, again(&lost["cursor"])).await;
    assert_eq!(told.next().await["kind"], "LEFT");
    assert_eq!(next(&mut told).await, is("CREATED", "N1"));
    // Another process knows nothing of what was told: the list has to be asked for again.
    let copy = open_copy(&client.database, &client.world).await;
    let admin = client.token("admin").await;
    let mut told =
        client.follow(&admin, CUSTOMERS, json!({ "filter": { "level": { "eq": "C" } } })).await;
    client.update("Customer", &office.id("CZ"), json!({ "city": "7" })).await;
    let cursor = told.next().await["cursor"].clone();
    client.update("Customer", &office.id("CL"), json!({ "city": "8" })).await;
    let filter = json!({ "filter": { "level": { "eq": "C" } }, "after": cursor });
    let mut told = copy.follow(CUSTOMERS, filter).await;
    assert_eq!(next(&mut told).await, is("RESYNC", ""));
    assert_eq!(next(&mut told).await, is("UPDATED", "CL"));
    // A cursor is its owner's, and of its object.
    let mut foreign = client.follow(&office.tokens["zhang"], CUSTOMERS, again(&cursor)).await;
    assert_eq!(foreign.end().await, ["INPUT_CURSOR"]);
    let other = "subscription($after: String) { contactChanged(after: $after) { kind } }";
    let mut other = client.follow(&admin, other, again(&cursor)).await;
    assert_eq!(other.end().await, ["INPUT_CURSOR"]);
}

async fn hears_what_another_process_commits(client: &Client) {
    let department = client.department("D").await;
    let copy = open_copy(&client.database, &client.world).await;
    let mut told = copy.follow(CUSTOMERS, json!({})).await;
    for code in ["C1", "C2", "C3"] {
        client.customer(&department, code, json!({})).await;
        assert_eq!(next(&mut told).await, is("CREATED", code));
    }
    let done = copy
        .ask(
            "mutation { updateCustomers(filter: {}, all: true, atMost: 10, patch: { level: A }) { count } }",
            json!({}),
        )
        .await;
    assert_eq!(done.data()["updateCustomers"]["count"], 3);
    for code in ["C1", "C2", "C3"] {
        assert_eq!(next(&mut told).await, is("UPDATED", code));
    }
}

async fn refuses_what_it_cannot_follow(client: &Client) {
    let token = client.token("admin").await;
    for (query, code) in [
        ("subscription { customerChanged { kind } contactChanged { kind } }", "INPUT_INVALID"),
        ("subscription { customerChanged { nothing } }", "INPUT_INVALID"),
        ("subscription { customerChanged(after: \"x\") { kind } }", "INPUT_CURSOR"),
        ("subscription { __typename }", "INPUT_INVALID"),
        (
            "subscription($skip: Boolean = true) { customerChanged @skip(if: $skip) { kind } }",
            "INPUT_INVALID",
        ),
        ("subscription { nothingChanged { kind } }", "INPUT_INVALID"),
    ] {
        assert_eq!(client.follow(&token, query, json!({})).await.end().await, [code], "{query}");
    }
    // Where one reply is awaited there is none.
    let once = client.ask("subscription { customerChanged { kind } }", json!({})).await;
    assert_eq!(once.codes(), ["INPUT_METHOD"]);
    // Who sees nothing has nothing to subscribe to.
    let nobody = client.token("nobody").await;
    let mut none = client.follow(&nobody, CUSTOMERS, json!({})).await;
    assert_eq!(none.end().await, ["INPUT_INVALID"]);
    // More than may be followed; all of them without a rule may be any number.
    let department = client.department("D").await;
    let many: Vec<_> = (0..51).map(|n| json!({ "code": format!("M{n}"), "name": format!("M{n}"), "department": { "id": department } })).collect();
    let query = "mutation($inputs: [CreateCustomerInput!]!) { createCustomers(inputs: $inputs) { count userErrors { code message } } }";
    let made = client.ask(query, json!({ "inputs": many })).await.data();
    assert_eq!(made["createCustomers"]["count"], 51, "{made}");
    let filter = json!({ "filter": { "code": { "startsWith": "M" } } });
    assert_eq!(client.follow(&token, CUSTOMERS, filter).await.end().await, ["LIMIT_RECORDS"]);
    let mut all = client.follow(&token, CUSTOMERS, json!({})).await;
    client.customer(&department, "C1", json!({})).await;
    assert_eq!(next(&mut all).await, is("CREATED", "C1"));
    // Queries are answered too, as one result.
    let mut once = client.follow(&token, "{ customers { totalCount } }", json!({})).await;
    assert_eq!(once.next().await["totalCount"], 52);
    assert_eq!(once.event().await.0, "complete");
}

async fn goes_on_over_a_new_version(client: &Client) {
    let department = client.department("D").await;
    let token = client.token("admin").await;
    let mut told = client.follow(&token, CUSTOMERS, json!({})).await;
    let sdl = "extend type Customer { swing: String }";
    client.apply(sdl, false).await;
    client.customer(&department, "C1", json!({ "swing": "x" })).await;
    assert_eq!(next(&mut told).await, is("CREATED", "C1"));
    let query = "subscription { customerChanged { kind record { swing } } }";
    let mut told = client.follow(&token, query, json!({})).await;
    client.customer(&department, "C2", json!({ "swing": "y" })).await;
    assert_eq!(told.next().await["record"]["swing"], "y");
}
