//! Lists, single records and nested parts: filters, orders, pages, and one statement for each root field.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office},
};

both_dbs! {
    filters_by_every_operator
    filters_across_relations
    text_matches_without_case_in_any_script
    words_are_searched_in_the_fields_declared_for_it
    hidden_fields_are_not_searched
    orders_by_fields_and_relations_with_nulls
    pages_forth_and_back_over_any_order
    pages_stay_put_when_records_come_between
    cursors_are_sealed
    nested_parts_come_in_one_statement
    aliases_fragments_and_directives
    one_record_by_id_or_unique_key
    a_record_named_by_its_id_alone
    rights_without_roles_are_nothing
    values_come_back_as_they_went_in
}

/// Three departments, seven customers, two contacts each for the first three.
pub(crate) async fn market(client: &Client) {
    let tianjin = client.department("TJ").await;
    let qingdao = client.department("QD").await;
    client.department("QZ").await;
    let rows = [
        (
            "C1",
            &tianjin,
            json!({ "level": "A", "staffCount": 10, "creditLimit": "100.10", "shortName": "Émile Ltd" }),
        ),
        (
            "C2",
            &tianjin,
            json!({ "level": "B", "staffCount": 20, "creditLimit": "99.99", "city": "天津" }),
        ),
        ("C3", &qingdao, json!({ "level": "A", "staffCount": 30, "nextFollowUpOn": "2026-07-01" })),
        (
            "C4",
            &qingdao,
            json!({ "level": "C", "staffCount": null, "nextFollowUpOn": "2026-06-01" }),
        ),
        ("C5", &qingdao, json!({ "staffCount": 20, "shortName": "100% _pure_ *[a-z]*" })),
        (
            "C6",
            &tianjin,
            json!({ "level": "D", "lastActivityAt": "2026-06-01T08:00:00.123456+08:00" }),
        ),
        (
            "C7",
            &tianjin,
            json!({ "creditLimit": "1000000000000.01", "shortName": "Straße ΣΊΣΥΦΟΣ" }),
        ),
    ];
    for (code, department, more) in rows {
        let id = client.customer(department, code, more).await;
        if code < "C4" {
            for n in 1..=2 {
                let name = format!("联系人 {code}-{n}");
                client
                    .create(
                        "Contact",
                        json!({ "name": name, "customer": { "id": id }, "isPrimary": n == 1 }),
                    )
                    .await;
            }
        }
    }
}

async fn codes(client: &Client, filter: &str) -> String {
    let query = format!(
        "{{ customers(filter: {filter}, orderBy: [{{code: ASC}}]) {{ totalCount nodes {{ code }} }} }}"
    );
    let found = client.data(&query).await["customers"].clone();
    let listed: Vec<_> = found["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| node["code"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(found["totalCount"], listed.len(), "{filter}");
    listed.join(" ")
}

async fn filters_by_every_operator(client: &Client) {
    market(client).await;
    let cases = [
        ("{level: {eq: A}}", "C1 C3"),
        // Nothing is known of a missing level: it is neither A nor not A.
        ("{level: {ne: A}}", "C2 C4 C6"),
        ("{level: {in: [A, B]}}", "C1 C2 C3"),
        ("{level: {in: []}}", ""),
        ("{level: {notIn: [A, B]}}", "C4 C6"),
        ("{level: {isNull: true}}", "C5 C7"),
        ("{level: {isNull: false}, staffCount: {gt: 10}}", "C2 C3"),
        ("{staffCount: {gte: 20}}", "C2 C3 C5"),
        ("{staffCount: {lt: 20}}", "C1"),
        ("{staffCount: {lte: 20}}", "C1 C2 C5"),
        ("{staffCount: {between: [20, 30]}}", "C2 C3 C5"),
        ("{creditLimit: {gt: \"100\"}}", "C1 C7"),
        ("{creditLimit: {eq: \"99.99\"}}", "C2"),
        ("{creditLimit: {gte: 1000000000000}}", "C7"),
        ("{nextFollowUpOn: {lt: \"2026-06-15\"}}", "C4"),
        ("{lastActivityAt: {eq: \"2026-06-01T00:00:00.123456Z\"}}", "C6"),
        ("{name: {startsWith: \"客户\"}}", "C1 C2 C3 C4 C5 C6 C7"),
        ("{code: {endsWith: \"3\"}}", "C3"),
        ("{shortName: {contains: \"% _pure_ *[\"}}", "C5"),
        ("{shortName: {like: \"100\\\\% %\"}}", "C5"),
        ("{and: [{level: {eq: A}}, {staffCount: {eq: 30}}]}", "C3"),
        ("{or: [{level: {eq: B}}, {staffCount: {eq: 30}}]}", "C2 C3"),
        ("{or: []}", ""),
        ("{and: []}", "C1 C2 C3 C4 C5 C6 C7"),
        ("{not: {level: {eq: A}}}", "C2 C4 C6"),
        ("{}", "C1 C2 C3 C4 C5 C6 C7"),
        ("{level: {eq: A}, or: [{code: {eq: \"C3\"}}, {code: {eq: \"C4\"}}]}", "C3"),
    ];
    for (filter, expected) in cases {
        assert_eq!(codes(client, filter).await, expected, "{filter}");
    }
    let missing =
        client.ask("{ customers(filter: {level: {eq: null}}) { totalCount } }", json!({})).await;
    assert_eq!(missing.codes(), ["INPUT_VALUE"], "{:#}", missing.body);
}

async fn filters_across_relations(client: &Client) {
    market(client).await;
    let cases = [
        ("{department: {code: {eq: \"QD\"}}}", "C3 C4 C5"),
        ("{department: {code: {in: [\"QD\", \"XX\"]}}, level: {eq: C}}", "C4"),
        ("{contacts: {some: {name: {endsWith: \"C2-1\"}}}}", "C2"),
        ("{contacts: {none: {}}}", "C4 C5 C6 C7"),
        ("{contacts: {none: {name: {contains: \"C1\"}}}}", "C2 C3 C4 C5 C6 C7"),
        ("{contacts: {every: {name: {contains: \"C1\"}}}}", "C1 C4 C5 C6 C7"),
        ("{contacts: {some: {customer: {department: {code: {eq: \"QD\"}}}}}}", "C3"),
        ("{owner: {id: {isNull: true}}, code: {lt: \"C3\"}}", "C1 C2"),
        ("{not: {department: {code: {eq: \"TJ\"}}}}", "C3 C4 C5"),
    ];
    for (filter, expected) in cases {
        assert_eq!(codes(client, filter).await, expected, "{filter}");
    }
}

async fn text_matches_without_case_in_any_script(client: &Client) {
    market(client).await;
    let cases = [
        ("{shortName: {contains: \"émile\"}}", "C1"),
        ("{shortName: {contains: \"ÉMILE LTD\"}}", "C1"),
        ("{shortName: {contains: \"σίσυφος\"}}", "C7"),
        ("{city: {contains: \"天\"}}", "C2"),
        ("{code: {eq: \"c1\"}}", "C1"),
        ("{shortName: {eq: \"émile ltd\"}}", ""),
    ];
    for (filter, expected) in cases {
        assert_eq!(codes(client, filter).await, expected, "{filter}");
    }
}

async fn words_are_searched_in_the_fields_declared_for_it(client: &Client) {
    market(client).await;
    let found = async |search: &str, more: &str| {
        let query = format!(
            "query($s: String) {{ customers(search: $s, orderBy: [{{code: ASC}}]{more}) {{ totalCount nodes {{ code }} }} customerAggregate(search: $s) {{ count }} }}"
        );
        let data = client.ask(&query, json!({ "s": search })).await.data();
        let nodes = data["customers"]["nodes"].as_array().unwrap();
        let codes: Vec<_> = nodes.iter().map(|node| node["code"].as_str().unwrap()).collect();
        if more.is_empty() {
            assert_eq!(data["customers"]["totalCount"], data["customerAggregate"][0]["count"]);
        }
        codes.join(" ")
    };
    for (search, codes) in [
        ("c1", "C1"),
        ("客户 C2", "C2"),
        ("émile", "C1"),
        ("ÉMILE c1", "C1"),
        ("straße", "C7"),
        ("émile c2", ""),
        ("100% _pure_", "C5"),
        (" \u{3000}\t ", "C1 C2 C3 C4 C5 C6 C7"),
        ("no such words", ""),
    ] {
        assert_eq!(found(search, "").await, codes, "{search}");
    }
    assert_eq!(found("客户", ", filter: {level: {eq: A}}").await, "C1 C3");
    let contacts =
        "{ customers(search: \"C1\") { nodes { contacts(search: \"1-2\") { nodes { name } } } } }";
    let data = client.data(contacts).await;
    assert_eq!(
        data["customers"]["nodes"][0]["contacts"]["nodes"],
        json!([{ "name": "联系人 C1-2" }])
    );
    for search in ["a ".repeat(11), "长".repeat(201)] {
        let query = "query($s: String) { customers(search: $s) { totalCount } }";
        let refused = client.ask(query, json!({ "s": search })).await;
        assert_eq!(refused.codes(), ["INPUT_VALUE"]);
    }
    // Objects without such fields take no search, and neither does a field one does not see.
    let refused =
        client.ask("{ salesOrders { nodes { lines(search: \"x\") { id } } } }", json!({})).await;
    assert_eq!(refused.codes(), ["INPUT_INVALID"]);
}

async fn hidden_fields_are_not_searched(client: &Client) {
    let office = Office::open(client).await;
    let patch = json!({ "email": "found@example.com", "mobile": "13812345678" });
    client.update("Contact", &office.id("contact of CL"), patch).await;
    let definition = "code = \"part\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Contact\", \"Activity\"]\nactions = [\"read\"]\nopen = true\n[[fields]]\nobject = \"Contact\"\nhidden = [\"email\"]\n[fields.masked]\nmobile = \"end\"\n[[fields]]\nobject = \"Activity\"\nhidden = [\"subject\", \"result\", \"number\"]\n";
    let query = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(query, json!({ "d": definition })).await;
    office.give("new", &["part"], &[]).await;
    for (word, seen) in [("联系人cl", 1), ("found@", 0), ("1381234", 0)] {
        let query = format!("{{ contacts(search: \"{word}\") {{ totalCount }} }}");
        assert_eq!(client.data(&query).await["contacts"]["totalCount"], 1, "{word}");
        assert_eq!(office.ask("new", &query).await["data"]["contacts"]["totalCount"], seen);
    }
    // Where every field that is searched is hidden, there is no search.
    let query = "{ activities(search: \"x\") { totalCount } }";
    let refused = office.ask("new", query).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "INPUT_INVALID", "{refused}");
}

async fn ordered(client: &Client, order: &str) -> String {
    let query = format!("{{ customers(orderBy: {order}) {{ nodes {{ code }} }} }}");
    let found = client.data(&query).await;
    let nodes = found["customers"]["nodes"].as_array().unwrap().clone();
    nodes.iter().map(|node| node["code"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

async fn orders_by_fields_and_relations_with_nulls(client: &Client) {
    market(client).await;
    let cases = [
        ("[{code: DESC}]", "C7 C6 C5 C4 C3 C2 C1"),
        // Records without a value come last, first when the order is turned; the id breaks ties.
        ("[{staffCount: ASC}]", "C1 C2 C5 C3 C4 C6 C7"),
        ("[{staffCount: DESC}, {code: ASC}]", "C4 C6 C7 C3 C2 C5 C1"),
        ("[{department: {code: ASC}}, {code: DESC}]", "C5 C4 C3 C7 C6 C2 C1"),
        ("[{creditLimit: ASC}]", "C2 C1 C7 C3 C4 C5 C6"),
    ];
    for (order, expected) in cases {
        assert_eq!(ordered(client, order).await, expected, "{order}");
    }
}

/// Every page of a size, one way, as the codes seen.
async fn walk(client: &Client, order: &str, size: usize, forth: bool) -> Vec<String> {
    let (count, cursor) = if forth { ("first", "after") } else { ("last", "before") };
    let query = format!(
        "query($cursor: String) {{ customers(orderBy: {order}, {count}: {size}, {cursor}: $cursor) {{
            nodes {{ code }} edges {{ cursor node {{ code }} }}
            pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
    );
    let (mut seen, mut at) = (Vec::new(), Value::Null);
    for step in 0.. {
        assert!(step < 20, "the pages do not end");
        let page = client.ask(&query, json!({ "cursor": at })).await.data()["customers"].clone();
        let nodes = page["nodes"].as_array().unwrap();
        let info = &page["pageInfo"];
        let codes: Vec<_> =
            nodes.iter().map(|node| node["code"].as_str().unwrap().to_owned()).collect();
        let edges = page["edges"].as_array().unwrap();
        assert_eq!(edges.first().map(|edge| &edge["cursor"]), Some(&info["startCursor"]));
        assert_eq!(edges.last().map(|edge| &edge["cursor"]), Some(&info["endCursor"]));
        let (more, back) = if forth {
            ("hasNextPage", "hasPreviousPage")
        } else {
            ("hasPreviousPage", "hasNextPage")
        };
        assert_eq!(info[back], step > 0, "{page:#}");
        at = info[if forth { "endCursor" } else { "startCursor" }].clone();
        if forth {
            seen.extend(codes);
        } else {
            seen.splice(0..0, codes);
        }
        if info[more] == false {
            break;
        }
    }
    seen
}

async fn pages_forth_and_back_over_any_order(client: &Client) {
    market(client).await;
    let orders = [
        "[]",
        "[{code: DESC}]",
        "[{staffCount: ASC}]",
        "[{staffCount: DESC}, {creditLimit: ASC}]",
        "[{department: {code: DESC}}, {level: ASC}, {nextFollowUpOn: DESC}]",
        "[{lastActivityAt: DESC}]",
    ];
    for order in orders {
        let whole = ordered(client, order).await;
        for size in [1, 2, 3, 7] {
            assert_eq!(walk(client, order, size, true).await.join(" "), whole, "{order} by {size}");
            assert_eq!(
                walk(client, order, size, false).await.join(" "),
                whole,
                "{order} back by {size}"
            );
        }
    }
}

async fn pages_stay_put_when_records_come_between(client: &Client) {
    market(client).await;
    let page = "query($after: String) { customers(orderBy: [{code: ASC}], first: 2, after: $after) { nodes { code } pageInfo { endCursor } } }";
    let first = client.ask(page, json!({})).await.data();
    let department = client.department("XM").await;
    client.customer(&department, "C0", json!({})).await;
    client.customer(&department, "C25", json!({})).await;
    let after = first["customers"]["pageInfo"]["endCursor"].clone();
    let second = client.ask(page, json!({ "after": after })).await.data();
    assert_eq!(second["customers"]["nodes"], json!([{ "code": "C25" }, { "code": "C3" }]));
}

async fn cursors_are_sealed(client: &Client) {
    market(client).await;
    let query = "query($after: String, $order: [CustomerOrder!]) { customers(orderBy: $order, first: 1, after: $after) { pageInfo { endCursor } } }";
    let order = json!([{ "creditLimit": "DESC" }]);
    let page = client.ask(query, json!({ "order": order })).await.data();
    let cursor = page["customers"]["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
    let sealed = URL_SAFE_NO_PAD.decode(&cursor).unwrap();
    assert!(!String::from_utf8_lossy(&sealed).contains("1000000000000"));
    let other = client.ask(query, json!({ "order": [{ "code": "ASC" }], "after": cursor })).await;
    assert_eq!(other.codes(), ["INPUT_CURSOR"]);
    for forged in ["", "x", "AAAA", &cursor[..cursor.len() - 2], "客户"] {
        let refused = client.ask(query, json!({ "order": order, "after": forged })).await;
        assert_eq!(refused.codes(), ["INPUT_CURSOR"], "{forged}");
    }
}

async fn statements_of(client: &Client, query: &str) -> (u64, Value) {
    let before = client.company.database.statements();
    let data = client.data(query).await;
    (client.company.database.statements() - before, data)
}

async fn nested_parts_come_in_one_statement(client: &Client) {
    market(client).await;
    let query = "{ customers(filter: {level: {eq: A}}, orderBy: [{code: ASC}]) { totalCount nodes { code
        department { code customers(first: 2, orderBy: [{code: DESC}]) { totalCount nodes { code owner { name } } pageInfo { hasNextPage } } }
        contacts(filter: {isPrimary: {eq: true}}) { totalCount edges { cursor node { name customer { code } } } } } } }";
    let (statements, data) = statements_of(client, query).await;
    assert_eq!(statements, 1);
    let node = &data["customers"]["nodes"][0];
    assert_eq!(node["code"], "C1");
    assert_eq!(
        node["department"],
        json!({ "code": "TJ", "customers": { "totalCount": 4, "pageInfo": { "hasNextPage": true },
            "nodes": [{ "code": "C7", "owner": null }, { "code": "C6", "owner": null }] } })
    );
    assert_eq!(node["contacts"]["totalCount"], 1);
    assert_eq!(
        node["contacts"]["edges"][0]["node"],
        json!({ "name": "联系人 C1-1", "customer": { "code": "C1" } })
    );
    let (statements, _) =
        statements_of(client, "{ customer(code: \"C1\") { code contacts { nodes { name } } } }")
            .await;
    assert_eq!(statements, 1);
    let (statements, _) =
        statements_of(client, "{ a: customers { totalCount } b: contacts { totalCount } }").await;
    assert_eq!(statements, 2);
    // A cursor of a nested list pages that list.
    let cursor = &node["contacts"]["edges"][0]["cursor"];
    let next = "query($after: String) { customer(code: \"C1\") { contacts(filter: {isPrimary: {eq: true}}, first: 1, after: $after) { nodes { name } } } }";
    let next = client.ask(next, json!({ "after": cursor })).await.data();
    assert_eq!(next["customer"]["contacts"]["nodes"], json!([]));
}

async fn aliases_fragments_and_directives(client: &Client) {
    market(client).await;
    let query = "query Q($code: String!, $with: Boolean = false, $level: CustomerLevel = A, $filter: CustomerFilter) {
        one: customer(code: $code) { ...Basics level @skip(if: true) department @include(if: $with) { code } }
        two: customers(filter: $filter, first: 1) { nodes { ... on Customer { __typename kind: type ...Basics } } }
        some: customers(filter: {level: {eq: $level}}) { totalCount }
        __typename
    }
    fragment Basics on Customer { code name again: code }";
    let filter = json!({ "and": [{ "department": { "code": { "eq": "QD" } } }, { "level": { "in": ["C"] } }] });
    let asked = client.ask(query, json!({ "code": "C2", "filter": filter })).await.data();
    assert_eq!(
        asked,
        json!({
            "one": { "code": "C2", "name": "客户 C2", "again": "C2" },
            "two": { "nodes": [{ "__typename": "Customer", "kind": "INDUSTRIAL_END", "code": "C4", "name": "客户 C4", "again": "C4" }] },
            "some": { "totalCount": 2 },
            "__typename": "Query",
        })
    );
    // The order of keys is the order of the document, fields of one key merged.
    let merged = client
        .data("{ customer(code: \"C1\") { department { code } code department { name } } }")
        .await;
    assert_eq!(
        merged.to_string(),
        r#"{"customer":{"department":{"code":"TJ","name":"TJ"},"code":"C1"}}"#
    );
}

async fn one_record_by_id_or_unique_key(client: &Client) {
    market(client).await;
    let id = client.data("{ customer(code: \"C3\") { id } }").await["customer"]["id"].clone();
    let query = "query($id: ID, $code: String) { customer(id: $id, code: $code) { code } }";
    let by_id = client.ask(query, json!({ "id": id })).await.data();
    assert_eq!(by_id["customer"]["code"], "C3");
    let none =
        client.ask(query, json!({ "id": "019ec900-0000-7000-8000-ffffffffffff" })).await.data();
    assert_eq!(none["customer"], Value::Null);
    for odd in [json!("no id"), json!(7), json!("")] {
        assert_eq!(
            client.ask(query, json!({ "id": odd })).await.data()["customer"],
            Value::Null,
            "{odd}"
        );
    }
    let both = client.ask(query, json!({ "id": id, "code": "C3" })).await;
    assert_eq!(both.codes(), ["INPUT_VALUE"]);
    assert_eq!(client.ask(query, json!({})).await.codes(), ["INPUT_VALUE"]);
}

async fn a_record_named_by_its_id_alone(client: &Client) {
    market(client).await;
    let id = client.data("{ contacts(first: 1) { nodes { id name } } }").await["contacts"]["nodes"]
        [0]
    .clone();
    let query = "query($id: ID!) { node(id: $id) { __typename id ... on Contact { name customer { code } } ... on Customer { code } } }";
    let node = client.ask(query, json!({ "id": id["id"] })).await.data()["node"].clone();
    assert_eq!(node["__typename"], "Contact");
    assert_eq!(node["name"], id["name"]);
    let none =
        client.ask(query, json!({ "id": "019ec900-0000-7000-8000-ffffffffffff" })).await.data();
    assert_eq!(none["node"], Value::Null);
}

async fn rights_without_roles_are_nothing(client: &Client) {
    market(client).await;
    let nobody = client.token("nobody").await;
    let id = client.data("{ customer(code: \"C3\") { id } }").await["customer"]["id"].clone();
    let query = format!(
        "{{ customers {{ totalCount nodes {{ code }} }} customer(code: \"C3\") {{ code }} node(id: {id}) {{ id }} }}"
    );
    // What may not be seen answers as what is not there.
    let seen = client.ask_as(&nobody, &query).await;
    assert_eq!(seen.codes(), ["INPUT_INVALID", "INPUT_INVALID"]);
    assert_eq!(seen.body["data"], Value::Null);
    let node = client.ask_as(&nobody, &format!("{{ node(id: {id}) {{ id }} }}")).await.data();
    assert_eq!(node["node"], Value::Null);
    let write = format!("mutation {{ deleteCustomer(id: {id}) {{ id userErrors {{ code }} }} }}");
    let refused = client.ask_as(&nobody, &write).await;
    assert_eq!(refused.codes(), ["INPUT_INVALID"]);
    assert_eq!(codes(client, "{}").await, "C1 C2 C3 C4 C5 C6 C7");
}

async fn values_come_back_as_they_went_in(client: &Client) {
    let sdl = "type Probe @object(kind: MASTER, label: \"探针\", plural: \"probes\") {
        text: String long: String @field(type: LONG_TEXT) whole: Int yes: Boolean day: Date at: DateTime
        price: Decimal @field(type: MONEY) fine: Decimal @field(scale: 6) any: JSON
        choice: CustomerLevel many: [CustomerLevel!] mail: String @field(type: EMAIL) }";
    assert_eq!(client.apply(sdl, false).await["diagnostics"], json!([]));
    let given = json!({
        "text": "引号 \" ' \\ / \u{1F600}", "long": "一\n\t\u{2028} x".repeat(2000), "whole": -2_147_483_648_i64,
        "yes": false, "day": "0001-01-01", "at": "1969-12-31T23:59:59.999999Z", "price": "-0.01",
        "fine": "123456789.000001", "any": { "b": [1, 2.5, null, "x"], "a": {} }, "choice": "D",
        "many": ["A", "C"], "mail": "a.b@example.com",
    });
    let id = client.create("Probe", given.clone()).await;
    let query = "query($id: ID!) { probe(id: $id) { text long whole yes day at price fine any choice many mail } }";
    let back = client.ask(query, json!({ "id": id })).await.data();
    assert_eq!(back["probe"], given);
    let nested = client.data("{ probes { nodes { any at fine many } } }").await;
    assert_eq!(nested["probes"]["nodes"][0]["any"], given["any"]);
    assert_eq!(nested["probes"]["nodes"][0]["many"], given["many"]);
}
