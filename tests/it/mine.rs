//! Whose records are: the employees who are responsible now, and the filter on the caller's own.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office},
};

both_dbs! {
    the_responsible_are_those_of_now
    nobody_is_told_who_is_responsible_for_what_they_may_not_see
    mine_is_what_i_am_responsible_for_or_related_to
    a_subscription_follows_what_is_mine
}

fn codes(list: &Value) -> Vec<&str> {
    let mut codes: Vec<_> =
        list.as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
    codes.sort_unstable();
    codes
}

/// Adds a related employee to a customer.
async fn relate(client: &Client, customer: &str, employee: &str, row: Value) {
    let mut input = json!({ "employee": { "id": employee } });
    input.as_object_mut().unwrap().extend(row.as_object().unwrap().clone());
    let patch = json!({ "relatedEmployees": { "create": [input] } });
    let done = client.update("Customer", customer, patch).await;
    assert_eq!(done["userErrors"], json!([]), "{done}");
}

async fn the_responsible_are_those_of_now(client: &Client) {
    let office = Office::open(client).await;
    let customer = office.id("CZ");
    let query = "{ customer(code: \"CZ\") { responsibleEmployees { code department { code } } } }";
    let told = client.data(query).await["customer"]["responsibleEmployees"].clone();
    assert_eq!(told, json!([{ "code": "zhang", "department": { "code": "TJ-TL" } }]));
    // For ten minutes from now.
    let row = json!({ "isResponsible": true, "until": "2026-06-15T02:10:00Z" });
    relate(client, &customer, &office.id("su"), row).await;
    relate(client, &customer, &office.id("wang"), json!({})).await;
    let now = async |more: &str| {
        let query =
            format!("{{ customer(code: \"CZ\"{more}) {{ responsibleEmployees {{ code }} }} }}");
        client.data(&query).await["customer"]["responsibleEmployees"].clone()
    };
    assert_eq!(codes(&now("").await), ["su", "zhang"]);
    client.world.advance(std::time::Duration::from_mins(11));
    assert_eq!(codes(&now("").await), ["zhang"]);
    // As it was, and before anyone else was there.
    assert_eq!(codes(&now(", asOf: \"2026-06-15T02:05:00Z\"").await), ["su", "zhang"]);
    let owner = json!({ "owner": { "id": office.id("li") } });
    client.update("Customer", &customer, owner).await;
    assert_eq!(codes(&now("").await), ["li"]);
    // Below other records, page by page, and with the arguments of a list.
    let below = "{ contacts(filter: {name: {eq: \"联系人CZ\"}}) { nodes { customer { a: responsibleEmployees { code } b: responsibleEmployees(filter: {code: {eq: \"su\"}}) { code } } } }
        customers(orderBy: [{code: ASC}]) { nodes { code responsibleEmployees(first: 1) { code } } } }";
    let told = client.data(below).await;
    assert_eq!(
        told["contacts"]["nodes"],
        json!([{ "customer": { "a": [{ "code": "li" }], "b": [] } }])
    );
    let each: Vec<_> = told["customers"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| (node["code"].clone(), codes(&node["responsibleEmployees"]).join(" ")))
        .collect();
    let expected = [("CL", "li"), ("CQ", "su"), ("CS", "chen"), ("CZ", "li")];
    assert_eq!(each, expected.map(|(code, who)| (json!(code), who.to_owned())));
}

async fn nobody_is_told_who_is_responsible_for_what_they_may_not_see(client: &Client) {
    let office = Office::open(client).await;
    let role = |more: &str| {
        format!(
            "code = \"part\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [{more}]\nactions = [\"read\"]\nopen = true\n"
        )
    };
    let give = async |definition: &str| {
        let query = "mutation($d: String!) { saveRole(definition: $d) { code } assignRoles(account: \"new\", roles: [\"part\"]) { roles } }";
        client.metadata(query, json!({ "d": definition })).await;
        client.token("new").await
    };
    let query = "{ customer(code: \"CZ\") { responsibleEmployees { code } } }";
    let mine = "{ customers(filter: {_mine: RELATED}) { totalCount } }";
    // Without employees there is nobody to name, but what is one's own is one's own.
    let token = give(&role("\"Customer\"")).await;
    assert_eq!(client.ask_as(&token, query).await.codes(), ["INPUT_INVALID"]);
    assert_eq!(client.ask_as(&token, mine).await.data()["customers"]["totalCount"], 0);
    let token = give(&role("\"Customer\", \"Employee\"")).await;
    let told = client.ask_as(&token, query).await.data();
    assert_eq!(told["customer"]["responsibleEmployees"], json!([{ "code": "zhang" }]));
    // Where the lines say less than all, neither is there: in the words for what nobody has.
    for field in ["isResponsible", "until", "employee"] {
        let hidden = format!(
            "{}[[fields]]\nobject = \"CustomerEmployee\"\nhidden = [\"{field}\"]\n",
            role("\"Customer\", \"Employee\"")
        );
        let token = give(&hidden).await;
        for (query, told) in [
            (query, "Unknown field \\\"responsibleEmployees\\\" on type \\\"Customer\\\""),
            (mine, "Unknown field \\\"_mine\\\" on type \\\"CustomerFilter\\\""),
        ] {
            let refused = client.ask_as(&token, query).await;
            assert_eq!(refused.codes(), ["INPUT_INVALID"], "{field}");
            assert!(refused.body.to_string().contains(told), "{field} {}", refused.body);
        }
    }
    drop(office);
}

async fn mine_is_what_i_am_responsible_for_or_related_to(client: &Client) {
    let office = Office::open(client).await;
    let mine = async |who: &str, filter: &str| {
        let query = format!(
            "{{ customers(filter: {filter}) {{ nodes {{ code }} totalCount }} customerAggregate(filter: {filter}) {{ count }} }}"
        );
        let body = office.ask(who, &query).await;
        let list = &body["data"]["customers"];
        let codes: Vec<_> = codes(&list["nodes"]).into_iter().map(str::to_owned).collect();
        assert_eq!(list["totalCount"], codes.len(), "{body}");
        assert_eq!(body["data"]["customerAggregate"][0]["count"], codes.len(), "{body}");
        codes
    };
    let responsible = "{_mine: RESPONSIBLE}";
    for (who, own) in [("zhang", &["CZ"][..]), ("li", &["CL"]), ("chen", &["CS"]), ("wang", &[])] {
        assert_eq!(mine(who, responsible).await, own, "{who}");
        assert_eq!(mine(who, "{_mine: RELATED}").await, own, "{who}");
    }
    // Wang sees all of Tianjin; one of them is shared with them.
    relate(client, &office.id("CL"), &office.id("wang"), json!({})).await;
    let row = json!({ "isResponsible": true, "until": "2026-06-15T02:10:00Z" });
    relate(client, &office.id("CS"), &office.id("wang"), row).await;
    assert_eq!(mine("wang", responsible).await, ["CS"]);
    assert_eq!(mine("wang", "{_mine: RELATED}").await, ["CL", "CS"]);
    assert_eq!(mine("wang", "{not: {_mine: RELATED}}").await, ["CZ"]);
    assert_eq!(
        mine("wang", "{or: [{_mine: RESPONSIBLE}, {code: {eq: \"CZ\"}}]}").await,
        ["CS", "CZ"]
    );
    client.world.advance(std::time::Duration::from_mins(11));
    assert_eq!(mine("wang", responsible).await, [""; 0]);
    assert_eq!(mine("wang", "{_mine: RELATED}").await, ["CL"]);
    // Over relations; of who reads as someone else; of who is no employee.
    let contacts = "{ contacts(filter: {customer: {_mine: RELATED}}) { nodes { name } } }";
    let told = office.ask("wang", contacts).await["data"]["contacts"]["nodes"].clone();
    assert_eq!(told, json!([{ "name": "联系人CL" }]));
    let query = "{ customers(filter: {_mine: RESPONSIBLE}) { nodes { code } } }";
    let admin = client.token("admin").await;
    assert_eq!(client.data(query).await["customers"]["nodes"], json!([]));
    let viewed = client.ask_with(&admin, ("X-Tradewind-View-As", "zhang"), query).await.data();
    assert_eq!(viewed["customers"]["nodes"], json!([{ "code": "CZ" }]));
    // As it was.
    let past = "{ customers(filter: {_mine: RESPONSIBLE}, asOf: \"2026-06-15T02:05:00Z\") { nodes { code } } }";
    assert_eq!(
        office.ask("wang", past).await["data"]["customers"]["nodes"],
        json!([{ "code": "CS" }])
    );
    // Changes of what is one's own, and of nothing else.
    let change = "mutation { updateCustomers(filter: {_mine: RESPONSIBLE}, patch: {city: \"津\"}, atMost: 5) { count userErrors { code } } }";
    let done = office.ask("li", change).await["data"]["updateCustomers"].clone();
    assert_eq!(done, json!({ "count": 1, "userErrors": [] }));
    let moved = "{ customers(filter: {city: {eq: \"津\"}}) { nodes { code } } }";
    assert_eq!(client.data(moved).await["customers"]["nodes"], json!([{ "code": "CL" }]));
    // Only objects that have employees know it.
    let regions = client.ask("{ regions(filter: {_mine: RELATED}) { totalCount } }", json!({}));
    assert_eq!(regions.await.codes(), ["INPUT_INVALID"]);
}

async fn a_subscription_follows_what_is_mine(client: &Client) {
    let office = Office::open(client).await;
    let query =
        "subscription { customerChanged(filter: {_mine: RESPONSIBLE}) { kind record { code } } }";
    let mut wang = client.follow(&office.tokens["wang"], query, json!({})).await;
    client.update("Customer", &office.id("CZ"), json!({ "city": "京" })).await;
    let owner = |who: &str| json!({ "owner": { "id": office.id(who) } });
    client.update("Customer", &office.id("CL"), owner("wang")).await;
    let told = wang.next().await;
    assert_eq!(told, json!({ "kind": "ENTERED", "record": { "code": "CL" } }));
    client.update("Customer", &office.id("CL"), json!({ "city": "京" })).await;
    assert_eq!(wang.next().await["kind"], "UPDATED");
    client.update("Customer", &office.id("CL"), owner("li")).await;
    assert_eq!(wang.next().await["kind"], "LEFT");
}
