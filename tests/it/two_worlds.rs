//! Two worlds that differ in nothing but what someone may not see answer them alike, byte for byte, also where they
//! come to the end of what they may read, take away, change at once or guess.
//!
//! The second is the first with hidden records made, changed and removed, asked of another process over the same
//! database, so that it begins with nothing counted.

use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::{Value, json};
use tradewind::graphql::limits::Limits;

use crate::{
    both_dbs,
    support::{Client, Poster, office::Office, open_limited},
};

both_dbs! {
    budgets_tell_nothing
    trials_tell_nothing
    what_is_taken_away_tells_nothing
    guesses_tell_nothing
    merges_tell_nothing
}

/// Reads, changes and takes away customers, contacts and orders that `new` is related to, up to so many.
const ROLE: &str = r#"
code = "some"
label = "x"
label_en = "x"
[dimensions]
CUSTOMER = "all"
DEPARTMENT = "all"
[caps]
read = 7
export = 4
print = 4
[[grants]]
objects = ["Customer", "SalesOrder"]
actions = ["read", "edit", "delete", "export", "print"]
employees = "related"
[[grants]]
objects = ["Contact"]
actions = ["read", "create", "edit", "delete", "export", "print"]
dimensions = true
[[grants]]
objects = ["Customer"]
actions = ["create"]
open = true
[[grants]]
objects = ["Department", "Employee"]
actions = ["read"]
open = true
[[fields]]
object = "Customer"
hidden = ["creditLimit", "permissionGroup"]
"#;

/// An office in which `new` is related to six customers.
async fn office(client: &Client) -> Office<'_> {
    let mut office = Office::open(client).await;
    let query = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(query, json!({ "d": ROLE })).await;
    office.give("new", &["some"], &[]).await;
    let row = json!([{ "employee": { "id": office.id("new") } }]);
    let related = json!({ "relatedEmployees": { "create": row } });
    for customer in ["CL", "CQ"] {
        client.update("Customer", &office.id(customer), related.clone()).await;
    }
    for at in 0..4 {
        let (code, department) = (format!("V{at}"), json!({ "id": office.id("TJ-TL") }));
        let mut input = json!({ "code": code, "name": code, "department": department });
        input["relatedEmployees"] = related["relatedEmployees"].clone();
        office.make(&code, "Customer", input).await;
    }
    let hidden = json!({ "code": "H", "name": "H", "department": { "id": office.id("TJ-TL") } });
    office.make("H", "Customer", hidden).await;
    office
}

/// Makes, changes and removes what `new` does not see.
async fn change_what_is_hidden(client: &Client, office: &Office<'_>) {
    let (department, li) = (office.id("TJ-TL"), office.id("li"));
    let input = |at: usize| json!({ "code": format!("V9{at}"), "name": format!("V{at}"), "department": { "id": department }, "owner": { "id": li } });
    let inputs: Vec<_> = (0..30).map(input).collect();
    let query = "mutation($i: [CreateCustomerInput!]!) { createCustomers(inputs: $i) { count userErrors { message } } }";
    let made = client.ask(query, json!({ "i": inputs })).await.data();
    assert_eq!(made["createCustomers"]["count"], 30, "{made}");
    let hidden = client.data("{ customer(code: \"V90\") { id } }").await["customer"]["id"].clone();
    for at in 0..5 {
        let contact = json!({ "name": format!("联系人{at}"), "customer": { "id": hidden } });
        client.create("Contact", contact).await;
        // Some of them refer to customers that are seen.
        let order = json!({ "customer": { "id": office.id("V3") }, "department": { "id": department }, "owner": { "id": li } });
        client.create("SalesOrder", order).await;
    }
    for name in ["CL", "V0"] {
        client.update("Customer", &office.id(name), json!({ "creditLimit": "77" })).await;
    }
    let ids = "{ a: customer(code: \"V91\") { id } b: customer(code: \"V92\") { id } }";
    let ids = client.data(ids).await;
    let merge = "mutation($a: ID!, $b: ID!) { mergeCustomers(keep: $a, drop: [$b]) { record { id } userErrors { message } } }";
    let (keep, drop) = (&ids["a"]["id"], &ids["b"]["id"]);
    let merged = client.ask(merge, json!({ "a": keep, "b": drop })).await.data();
    assert_eq!(merged["mergeCustomers"]["record"]["id"], *keep, "{merged}");
    let delete = format!("mutation {{ deleteCustomer(id: \"{}\") {{ id }} }}", office.id("H"));
    assert_eq!(client.data(&delete).await["deleteCustomer"]["id"], json!(office.id("H")));
}

/// What `new` is answered to some requests, each with what it is for.
async fn answers(client: &Client, office: &Office<'_>, asked: &[(&str, String)]) -> Vec<String> {
    let token = &office.tokens["new"];
    let poster = Poster::at(open_limited(client, Limits::default()).await, token);
    let mut answers = Vec::new();
    for (purpose, query) in asked {
        let mut request = Request::post("/graphql")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/graphql-response+json")
            .header(header::AUTHORIZATION, format!("Bearer {token}"));
        if !purpose.is_empty() {
            request = request.header("X-Tradewind-Purpose", *purpose);
        }
        let body = Body::from(json!({ "query": query }).to_string());
        let (status, body) = poster.send(request.body(body).unwrap()).await;
        answers.push(format!("{status} {}", String::from_utf8(body).unwrap()));
    }
    answers
}

/// Asks in both worlds; the answers of the first, which the second gives too.
async fn alike(client: &Client, office: &Office<'_>, asked: &[(&str, String)]) -> Vec<String> {
    let first = answers(client, office, asked).await;
    change_what_is_hidden(client, office).await;
    let second = answers(client, office, asked).await;
    for ((one, other), (purpose, query)) in first.iter().zip(&second).zip(asked) {
        assert_eq!(one, other, "{purpose} {query}");
    }
    first
}

/// That among some answers this is, and something else is as well.
fn among(answers: &[String], text: &str) {
    let with = answers.iter().filter(|answer| answer.contains(text)).count();
    assert!(with > 0 && with < answers.len(), "{text}: {answers:#?}");
}

async fn budgets_tell_nothing(client: &Client) {
    let office = office(client).await;
    let mut asked = Vec::new();
    for first in [2, 3, 1000] {
        for order in ["code: ASC", "createdAt: DESC"] {
            let page = "totalCount edges { cursor node { code contacts { totalCount nodes { name } } orders { totalCount } } } pageInfo { hasNextPage endCursor }";
            asked.push((
                "",
                format!("{{ customers(first: {first}, orderBy: [{{{order}}}]) {{ {page} }} }}"),
            ));
        }
    }
    for query in [
        "{ contactAggregate(groupBy: [{customer: {code: true}}]) { key { customer { code } } count } }",
        "{ customerAggregate(groupBy: [{department: {code: true}}]) { key { department { code } } count top(first: 2) { code } } }",
        "{ customerAggregate { count max { createdAt } countDistinct { code } } }",
        "{ contacts { totalCount nodes { name customer { code } } } }",
        "{ departments { nodes { code customers { totalCount nodes { code } } ordersAggregate { count } } } }",
        "{ customers(search: \"V\") { totalCount nodes { code } } }",
        "{ salesOrders { totalCount nodes { number } } }",
    ] {
        asked.push(("", query.to_owned()));
    }
    let told = alike(client, &office, &asked).await;
    among(&told, "LIMIT_READS");
}

async fn trials_tell_nothing(client: &Client) {
    let office = office(client).await;
    let told = "count userErrors { code path message hint }";
    let mut asked = Vec::new();
    for (at_most, filter) in [
        (3, "{code: {startsWith: \"V\"}}"),
        (4, "{code: {startsWith: \"V\"}}"),
        (5, "{code: {startsWith: \"V\"}}"),
        (5, "{}"),
        (6, "{}"),
        (100, "{}"),
        (100, "{owner: {code: {eq: \"li\"}}}"),
        (100, "{orders: {none: {}}}"),
    ] {
        let which = format!("filter: {filter}, all: true, atMost: {at_most}, dryRun: true");
        for field in [
            format!("updateCustomers({which}, patch: {{city: \"x\"}})"),
            format!(
                "updateCustomers({which}, patch: {{parentCompany: {{id: \"{}\"}}}})",
                office.id("H")
            ),
            format!("reassignCustomers({which}, to: \"{}\")", office.id("new")),
            format!("deleteCustomers({which})"),
        ] {
            asked.push(("", format!("mutation {{ it: {field} {{ {told} }} }}")));
        }
    }
    let update =
        "updateCustomers(filter: {}, all: true, atMost: 9, dryRun: true, patch: {city: \"x\"})";
    let records = "records { code contacts { nodes { name } } }";
    asked.push(("", format!("mutation {{ it: {update} {{ {records} {told} }} }}")));
    let answers = alike(client, &office, &asked).await;
    among(&answers, "LIMIT_RECORDS");
    among(&answers, "RECORD_IN_USE");
    among(&answers, "RECORD_REFERENCE");
}

async fn what_is_taken_away_tells_nothing(client: &Client) {
    let office = office(client).await;
    let mut asked = Vec::new();
    for purpose in ["export", "print"] {
        for first in ["first: 3", "first: 4", "last: 4", "first: 5", "first: 100"] {
            for what in ["customers", "contacts"] {
                let query = format!(
                    "{{ {what}({first}) {{ totalCount nodes {{ name }} pageInfo {{ hasNextPage }} }} }}"
                );
                asked.push((purpose, query));
            }
        }
        let groups = "{ customerAggregate(groupBy: [{name: true}]) { key { name } count } }";
        asked.push((purpose, groups.to_owned()));
        let nested = "{ departments { nodes { customers { nodes { code } } } } }";
        asked.push((purpose, nested.to_owned()));
    }
    let answers = alike(client, &office, &asked).await;
    among(&answers, "LIMIT_RECORDS");
    among(&answers, "LIMIT_READS");
}

async fn guesses_tell_nothing(client: &Client) {
    let office = office(client).await;
    let (hidden, own) = (office.id("H"), office.id("V0"));
    let told = "userErrors { code path message hint }";
    let department = office.id("TJ-TL");
    let mut asked = Vec::new();
    // What is refused for what is hidden is no guess, since what is absent is refused alike.
    for _ in 0..30 {
        for field in [
            format!("createContact(input: {{name: \"x\", customer: {{id: \"{hidden}\"}}}})"),
            format!("updateCustomer(id: \"{hidden}\", patch: {{city: \"x\"}})"),
            format!(
                "updateCustomer(id: \"{own}\", patch: {{parentCompany: {{id: \"{hidden}\"}}}})"
            ),
            format!("deleteCustomer(id: \"{hidden}\")"),
        ] {
            asked.push(("", format!("mutation {{ it: {field} {{ {told} }} }}")));
        }
    }
    // Keys that are taken are, whoever has them.
    for at in 0..105 {
        let field = format!(
            "createCustomer(input: {{code: \"V{}\", name: \"x\", department: {{id: \"{department}\"}}}})",
            at % 4
        );
        asked.push(("", format!("mutation {{ it: {field} {{ {told} }} }}")));
    }
    let answers = alike(client, &office, &asked).await;
    among(&answers, "RECORD_TAKEN");
    among(&answers, "LIMIT_GUESSES");
    among(&answers, "RECORD_REFERENCE");
    let seen: Value = client.data("{ customers { totalCount } }").await;
    // One of the thirty was merged into another.
    assert_eq!(seen["customers"]["totalCount"], 4 + 4 + 29);
}

async fn merges_tell_nothing(client: &Client) {
    let office = office(client).await;
    let told = "record { code } moved { object count } userErrors { code path message hint }";
    let mut asked = Vec::new();
    let pairs = [("V3", "V0"), ("V0", "V3"), ("CL", "V3"), ("V3", "H"), ("H", "V3"), ("CL", "CQ")];
    for (keep, drop) in pairs {
        let (keep, drop) = (office.id(keep), office.id(drop));
        for more in [
            "",
            ", take: [{field: \"city\", from: \"$\"}]",
            ", take: [{field: \"creditLimit\", from: \"$\"}]",
        ] {
            let more = more.replace('$', &drop);
            let of = format!("keep: \"{keep}\", drop: [\"{drop}\"], dryRun: true{more}");
            asked.push(("", format!("mutation {{ it: mergeCustomers({of}) {{ {told} }} }}")));
        }
        let unmerge = format!(
            "unmergeCustomers(keep: \"{keep}\") {{ record {{ code }} userErrors {{ code path message hint }} }}"
        );
        asked.push(("", format!("mutation {{ it: {unmerge} }}")));
    }
    let answers = alike(client, &office, &asked).await;
    among(&answers, "\"record\":{\"code\"");
}
