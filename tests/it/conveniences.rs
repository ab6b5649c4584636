//! What saves a page a second question: unset filters, days in place of instants, titles, filled-up months, both
//! sides of a conflict, payloads that are named alike.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office},
};

both_dbs! {
    an_unset_filter_is_none
    a_relation_is_asked_whether_it_is_there
    a_day_stands_for_all_of_it
    every_record_has_a_title
    a_stale_change_is_told_both_values
    payloads_are_named_alike
    states_of_chosen_fields_alone
    the_viewer_is_told_where_they_may_go
}

async fn found(client: &Client, filter: &str) -> String {
    let query = format!(
        "{{ customers(filter: {filter}, orderBy: [{{code: ASC}}]) {{ nodes {{ code }} }} }}"
    );
    joined(&client.data(&query).await)
}

fn joined(data: &Value) -> String {
    let nodes = data["customers"]["nodes"].as_array().unwrap();
    nodes.iter().map(|node| node["code"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

pub(crate) async fn two(client: &Client) -> (String, String) {
    let department = client.department("TJ").await;
    let one = client.customer(&department, "C1", json!({ "level": "A" })).await;
    (one, client.customer(&department, "C2", json!({})).await)
}

async fn an_unset_filter_is_none(client: &Client) {
    two(client).await;
    let ask = async |query: &str, variables: Value| client.ask(query, variables).await;
    let bar = "query($level: CustomerLevel, $name: String, $codes: [String!], $f: CustomerFilter) {
        customers(filter: {level: {eq: $level}, name: {contains: $name}, code: {in: $codes}, and: [{level: {eq: $level}}], owner: {code: {eq: $name}}}, orderBy: [{code: ASC}]) { nodes { code } }
        customerAggregate(filter: {level: {eq: $level}}, having: {count: {gt: 0}}) { count }
        all: customers(filter: $f) { totalCount } }";
    // Nothing sent, and null sent, are the same.
    for variables in [json!({}), json!({ "level": null, "name": null, "codes": null, "f": null })] {
        let told = ask(bar, variables).await.data();
        assert_eq!(joined(&told), "C1 C2");
        assert_eq!(
            (&told["customerAggregate"][0]["count"], &told["all"]["totalCount"]),
            (&json!(2), &json!(2))
        );
    }
    let told = ask(bar, json!({ "level": "A", "name": null })).await.data();
    assert_eq!(joined(&told), "C1");
    // So is a condition that is null within a value.
    let whole = "query($f: CustomerFilter, $h: CustomerHaving) { customers(filter: $f) { nodes { code } } customerAggregate(filter: $f, groupBy: [{level: true}], having: $h) { count } }";
    let unset = json!({ "level": null, "owner": null, "and": null, "or": null, "not": null,
        "contacts": { "some": null, "count": null, "where": null }, "code": { "eq": "C1" } });
    let having = json!({ "count": null, "max": { "creditLimit": null }, "not": null });
    let told = ask(whole, json!({ "f": unset, "h": having })).await.data();
    assert_eq!(
        (joined(&told).as_str(), &told["customerAggregate"]),
        ("C1", &json!([{ "count": 1 }]))
    );
    // So is one on lists.
    let told = ask(
        "query($l: CustomerLevel) {
            customers(filter: {opportunities: {some: {customer: {level: {eq: $l}}}}}) { totalCount }
            none: customers(filter: {opportunities: {none: {customer: {level: {eq: $l}}}}}) { totalCount }
            any: customers(filter: {opportunities: {some: {}}}) { totalCount } }",
        json!({}),
    );
    let told = told.await.data();
    let counts = ["customers", "none", "any"].map(|name| told[name]["totalCount"].clone());
    assert_eq!(json!(counts), json!([2, 2, 0]));
    // Whether "no value" or "no condition" is meant cannot be told where the operand itself is null.
    for (query, variables) in [
        ("{ customers(filter: {level: {eq: null}}) { totalCount } }", json!({})),
        ("{ customers(filter: {createdAt: {today: null}}) { totalCount } }", json!({})),
        (whole, json!({ "f": { "level": { "eq": null } } })),
        (whole, json!({ "f": { "createdAt": { "in": ["2026-06-15", null] } } })),
    ] {
        let refused = ask(query, variables).await;
        let code = refused.codes()[0].to_owned();
        assert!(
            ["INPUT_VALUE", "INPUT_VARIABLE"].contains(&code.as_str()),
            "{query} {}",
            refused.body
        );
    }
    // What says nothing says nothing, and is refused where it would turn to everything.
    for filter in [
        "{or: [{level: null}]}",
        "{not: {level: {eq: $l}}}",
        "{or: [{level: {eq: $l}}, {code: {eq: \"C1\"}}]}",
        "{or: [{opportunities: {some: {customer: {level: {eq: $l}}}}}, {code: {eq: \"C1\"}}]}",
        "{not: {opportunities: {none: {customer: {level: {eq: $l}}}}}}",
    ] {
        let query =
            format!("query($l: CustomerLevel) {{ customers(filter: {filter}) {{ totalCount }} }}")
                .replace(
                    "($l: CustomerLevel)",
                    if filter.contains("$l") { "($l: CustomerLevel)" } else { "" },
                );
        let refused = ask(&query, json!({ "l": null })).await;
        assert_eq!(refused.codes(), ["INPUT_VALUE"], "{filter}");
    }
}

async fn a_relation_is_asked_whether_it_is_there(client: &Client) {
    let office = Office::open(client).await;
    client.customer(&office.id("TJ-TL"), "C0", json!({ "owner": null })).await;
    for (filter, codes) in [
        ("{owner: {isNull: true}}", "C0"),
        ("{owner: {isNull: false}}", "CL CQ CS CZ"),
        ("{not: {owner: {isNull: true}}}", "CL CQ CS CZ"),
        ("{owner: {not: {isNull: true}}}", "CL CQ CS CZ"),
        ("{owner: {or: [{isNull: true}, {code: {eq: \"li\"}}]}}", "C0 CL"),
        ("{owner: {isNull: true, code: {eq: \"li\"}}}", ""),
        // Wherever it stands.
        ("{owner: {not: {isNull: false}}}", "C0"),
        ("{owner: {or: [{and: [{isNull: true}]}, {code: {eq: \"li\"}}]}}", "C0 CL"),
        (
            "{owner: {and: [{or: [{isNull: true}, {code: {eq: \"li\"}}]}, {or: [{isNull: true}, {code: {eq: \"zhang\"}}]}]}}",
            "C0",
        ),
        ("{not: {owner: {or: [{not: {isNull: false}}, {code: {eq: \"li\"}}]}}}", "CQ CS CZ"),
        ("{owner: {not: {or: [{isNull: false}, {code: {eq: \"li\"}}]}}}", ""),
        ("{owner: {not: {code: {eq: \"li\"}}}}", "CQ CS CZ"),
        ("{owner: {isNull: false, code: {eq: \"li\"}}}", "CL"),
        ("{owner: {department: {isNull: false, code: {eq: \"TJ-SL\"}}}}", "CS"),
        ("{owner: {isNull: null}}", "C0 CL CQ CS CZ"),
    ] {
        assert_eq!(found(client, filter).await, codes, "{filter}");
    }
    for wrong in [
        "{isNull: true}",
        "{not: {isNull: false}}",
        "{contacts: {some: {isNull: true}}}",
        "{relatedEmployees: {some: {isNull: true}}}",
    ] {
        let query = format!("{{ customers(filter: {wrong}) {{ totalCount }} }}");
        assert_eq!(client.ask(&query, json!({})).await.codes(), ["INPUT_VALUE"], "{wrong}");
    }
    let query = "mutation { updateCustomers(filter: {isNull: false}, patch: {city: \"x\"}, atMost: 9) { count userErrors { code path } } }";
    let told = client.data(query).await["updateCustomers"].clone();
    assert_eq!(told["userErrors"][0]["path"], json!(["filter", "isNull"]), "{told}");
}

async fn a_day_stands_for_all_of_it(client: &Client) {
    let department = client.department("TJ").await;
    // In Shanghai the 15th begins at four in the afternoon of the 14th.
    for (code, at) in [
        ("C1", "2026-06-14T15:59:59.999999Z"),
        ("C2", "2026-06-14T16:00:00Z"),
        ("C3", "2026-06-15T15:59:59.999999Z"),
        ("C4", "2026-06-15T16:00:00Z"),
    ] {
        client.customer(&department, code, json!({ "lastActivityAt": at })).await;
    }
    client.customer(&department, "C5", json!({})).await;
    let day = "\"2026-06-15\"";
    for (condition, codes) in [
        (format!("{{eq: {day}}}"), "C2 C3"),
        (format!("{{ne: {day}}}"), "C1 C4"),
        (format!("{{gt: {day}}}"), "C4"),
        (format!("{{gte: {day}}}"), "C2 C3 C4"),
        (format!("{{lt: {day}}}"), "C1"),
        (format!("{{lte: {day}}}"), "C1 C2 C3"),
        (format!("{{gte: {day}, lte: {day}}}"), "C2 C3"),
        (format!("{{between: [{day}, {day}]}}"), "C2 C3"),
        (format!("{{between: [\"2026-06-14T16:00:01Z\", {day}]}}"), "C3"),
        (format!("{{in: [{day}]}}"), "C2 C3"),
        (format!("{{in: [{day}, \"2026-06-15T16:00:00Z\"]}}"), "C2 C3 C4"),
        (format!("{{notIn: [{day}, \"2026-06-15T16:00:00Z\"]}}"), "C1"),
        ("{lte: \"9999-12-31\"}".to_owned(), "C1 C2 C3 C4"),
        ("{gt: \"9999-12-31\"}".to_owned(), ""),
        ("{gte: \"0001-01-01\"}".to_owned(), "C1 C2 C3 C4"),
        ("{lt: \"0001-01-01\"}".to_owned(), ""),
        ("{today: true}".to_owned(), "C2 C3"),
    ] {
        assert_eq!(
            found(client, &format!("{{lastActivityAt: {condition}}}")).await,
            codes,
            "{condition}"
        );
        let having = format!(
            "{{ customerAggregate(groupBy: [{{code: true}}], having: {{max: {{lastActivityAt: {condition}}}}}) {{ key {{ code }} }} }}"
        );
        let groups = client.data(&having).await["customerAggregate"].clone();
        let keys: Vec<_> = groups
            .as_array()
            .unwrap()
            .iter()
            .map(|group| group["key"]["code"].as_str().unwrap())
            .collect();
        assert_eq!(keys.join(" "), codes, "having {condition}");
    }
    // Given as a value, and as a moment of the past, it is the instant that day begins.
    let made = client.customer(&department, "C6", json!({ "lastActivityAt": "2026-06-20" })).await;
    let query = format!("{{ customer(id: \"{made}\") {{ lastActivityAt }} }}");
    assert_eq!(client.data(&query).await["customer"]["lastActivityAt"], "2026-06-19T16:00:00Z");
    let past = "{ customers(asOf: \"2026-06-15\") { totalCount } }";
    assert_eq!(client.data(past).await["customers"]["totalCount"], 0);
    for wrong in ["2026-02-30", "15.06.2026", "2026-06-15T10:00"] {
        let query = format!(
            "{{ customers(filter: {{lastActivityAt: {{eq: \"{wrong}\"}}}}) {{ totalCount }} }}"
        );
        assert_eq!(client.ask(&query, json!({})).await.codes(), ["INPUT_VALUE"], "{wrong}");
    }
}

async fn every_record_has_a_title(client: &Client) {
    let office = Office::open(client).await;
    let category = client.create("ItemCategory", json!({ "code": "RESIN", "name": "树脂" })).await;
    let item =
        json!({ "code": "R-1", "name": "环氧树脂", "unit": "kg", "category": { "id": category } });
    let item = json!({ "id": client.create("InventoryItem", item).await });
    client.create("ItemPrice", json!({ "item": item, "price": "10" })).await;
    let order = json!({ "customer": { "id": office.id("CZ") }, "department": { "id": office.id("TJ-TL") },
        "lines": { "create": [{ "item": item, "quantity": "1", "price": "1" }] } });
    let order = client.create("SalesOrder", order).await;
    let query = format!(
        "{{ customer(code: \"CZ\") {{ _title relatedEmployees {{ _title }} }} itemPrices {{ nodes {{ _title }} }}
        salesOrder(id: \"{order}\") {{ number _title customer {{ _title }} lines {{ _title }} }}
        activities {{ nodes {{ subject _title }} }} node(id: \"{order}\") {{ ... on SalesOrder {{ _title }} }} }}"
    );
    let told = client.data(&query).await;
    assert_eq!(
        told["customer"],
        json!({ "_title": "客户 CZ", "relatedEmployees": [{ "_title": "zhang" }] })
    );
    assert_eq!(told["itemPrices"]["nodes"], json!([{ "_title": "环氧树脂" }]));
    let order = &told["salesOrder"];
    assert_eq!((&order["_title"], &told["node"]["_title"]), (&order["number"], &order["number"]));
    assert_eq!(order["customer"]["_title"], "客户 CZ");
    assert_eq!(order["lines"], json!([{ "_title": "环氧树脂" }]));
    let activity = &told["activities"]["nodes"][0];
    assert_eq!(activity["_title"], activity["subject"]);
    // Every type of record has one, and every standard object but set-up lists is named by something.
    let types =
        client.data("{ __schema { types { name interfaces { name } fields { name } } } }").await;
    for ty in types["__schema"]["types"].as_array().unwrap() {
        let record =
            ty["interfaces"].as_array().is_some_and(|all| all.iter().any(|i| i["name"] == "Node"));
        let titled =
            ty["fields"].as_array().is_some_and(|all| all.iter().any(|f| f["name"] == "_title"));
        assert_eq!(record, titled, "{}", ty["name"]);
    }
    // What the caller may not see is null: the field itself, what is masked of it, and what lies behind a relation.
    let role = |fields: &str, objects: &str| {
        format!(
            "code = \"part\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [{objects}]\nactions = [\"read\"]\nopen = true\n{fields}"
        )
    };
    let give = async |role: String| {
        let query = "mutation($d: String!) { saveRole(definition: $d) { code } assignRoles(account: \"new\", roles: [\"part\"]) { roles } }";
        client.metadata(query, json!({ "d": role })).await;
        client.token("new").await
    };
    let hidden =
        give(role("[[fields]]\nobject = \"Customer\"\nhidden = [\"name\"]\n", "\"Customer\""))
            .await;
    let query = "{ customer(code: \"CZ\") { code _title } }";
    assert_eq!(
        client.ask_as(&hidden, query).await.data()["customer"],
        json!({ "code": "CZ", "_title": null })
    );
    let masked = give(role(
        "[[fields]]\nobject = \"Customer\"\n[fields.masked]\nname = \"all\"\n",
        "\"Customer\"",
    ))
    .await;
    assert_eq!(client.ask_as(&masked, query).await.data()["customer"]["_title"], "****");
    let behind = give(role("", "\"ItemPrice\"")).await;
    let query = "{ itemPrices { nodes { _title } } }";
    let told = client.ask_as(&behind, query).await;
    assert_eq!(told.data()["itemPrices"]["nodes"], json!([{ "_title": null }]));
}

async fn a_stale_change_is_told_both_values(client: &Client) {
    let office = Office::open(client).await;
    let id = office.id("CZ");
    let theirs = json!({ "level": "B", "creditLimit": "200", "nextFollowUpOn": "2026-07-01", "city": "北京",
        "owner": { "id": office.id("li") } });
    client.update("Customer", &id, theirs).await;
    let query = "mutation($id: ID!, $patch: UpdateCustomerInput!) { updateCustomer(id: $id, patch: $patch, expectedVersion: 1) { record { id } userErrors { code path mine theirs } } }";
    let mine = json!({ "level": "A", "creditLimit": "100.5", "nextFollowUpOn": null, "owner": { "id": office.id("su") } });
    let told = client.ask(query, json!({ "id": id, "patch": mine })).await.data();
    let faults = told["updateCustomer"]["userErrors"].as_array().unwrap().clone();
    let of =
        |path: &str| faults.iter().find(|fault| fault["path"] == json!([path])).unwrap().clone();
    for (path, mine, theirs) in [
        ("level", json!("A"), json!("B")),
        ("creditLimit", json!("100.50"), json!("200.00")),
        ("nextFollowUpOn", Value::Null, json!("2026-07-01")),
        ("city", Value::Null, json!("北京")),
        ("owner", json!(office.id("su")), json!(office.id("li"))),
        ("relatedEmployees", Value::Null, Value::Null),
        ("expectedVersion", Value::Null, Value::Null),
    ] {
        let fault =
            json!({ "code": "RECORD_VERSION", "path": [path], "mine": mine, "theirs": theirs });
        assert_eq!(of(path), fault);
    }
    // A removal gives nothing of its own.
    let query = "mutation($id: ID!) { deleteCustomer(id: $id, expectedVersion: 1) { id userErrors { path mine theirs } } }";
    let told =
        client.ask(query, json!({ "id": id })).await.data()["deleteCustomer"]["userErrors"].clone();
    let level = told
        .as_array()
        .unwrap()
        .iter()
        .find(|fault| fault["path"] == json!(["level"]))
        .unwrap()
        .clone();
    assert_eq!((&level["mine"], &level["theirs"]), (&Value::Null, &json!("B")));
    // Who may not see the record that is referred to now is told no id of it.
    let group = client.create("CustomerPermissionGroup", json!({ "code": "G", "name": "G" })).await;
    client.update("Customer", &id, json!({ "permissionGroup": { "id": group } })).await;
    let role = "code = \"part\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Customer\"]\nactions = [\"read\", \"edit\"]\nopen = true\n";
    let give = "mutation($d: String!) { saveRole(definition: $d) { code } assignRoles(account: \"new\", roles: [\"part\"]) { roles } }";
    client.metadata(give, json!({ "d": role })).await;
    let new = client.poster_of("new").await;
    let query = "mutation($id: ID!) { updateCustomer(id: $id, patch: {city: \"x\"}, expectedVersion: 2) { userErrors { path mine theirs } } }";
    let told = new.ask(query, json!({ "id": id })).await.data().to_string();
    assert!(!told.contains(&group), "{told}");
}

async fn payloads_are_named_alike(client: &Client) {
    let office = Office::open(client).await;
    let query = format!(
        "mutation {{ reassignCustomers(filter: {{code: {{eq: \"CZ\"}}}}, to: \"{}\", atMost: 1) {{ count records {{ code owner {{ code }} }} nodes {{ code owner {{ code }} }} userErrors {{ code }} }} }}",
        office.id("li")
    );
    let told = client.data(&query).await["reassignCustomers"].clone();
    assert_eq!(told["records"], json!([{ "code": "CZ", "owner": { "code": "li" } }]));
    assert_eq!(told["records"], told["nodes"]);
    // One record is `record`, several are `records` with their `count`, what is gone is `id` or `ids`. An action has what it
    // made besides, by the names of its text.
    let made = ["customer", "contact", "opportunity", "quote", "order", "madeContract"];
    let actions = ["ConvertLead", "QuoteOpportunity", "OrderQuote", "ContractSalesOrder"];
    let actions = actions.map(|action| json!(format!("{action}Payload")));
    let types = "{ __schema { types { name fields(includeDeprecated: true) { name isDeprecated deprecationReason } } } }";
    let types = client.data(types).await;
    let mut seen = 0;
    for ty in types["__schema"]["types"].as_array().unwrap() {
        let fields: Vec<_> = ty["fields"].as_array().into_iter().flatten().collect();
        if !fields.iter().any(|field| field["name"] == "userErrors") {
            continue;
        }
        seen += 1;
        let current = fields.iter().filter(|field| field["isDeprecated"] == false);
        let mut names: Vec<_> = current.map(|field| field["name"].as_str().unwrap()).collect();
        names.sort_unstable();
        if actions.contains(&ty["name"]) {
            names.retain(|name| !made.contains(name));
        }
        let known = [
            &["record", "userErrors"][..],
            &["duplicates", "record", "userErrors"],
            &["duplicates", "record", "states", "userErrors"],
            &["count", "records", "userErrors"],
            &["id", "userErrors"],
            &["count", "ids", "userErrors"],
            &["moved", "record", "userErrors"],
        ];
        assert!(known.contains(&names.as_slice()), "{} {names:?}", ty["name"]);
        for old in fields.iter().filter(|field| field["isDeprecated"] == true) {
            assert_eq!(
                (&old["name"], &old["deprecationReason"]),
                (&json!("nodes"), &json!("The same as `records`."))
            );
        }
    }
    assert!(seen > 40, "{seen}");
}

async fn states_of_chosen_fields_alone(client: &Client) {
    let office = Office::open(client).await;
    let role = "code = \"part\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Contact\"]\nactions = [\"read\"]\nopen = true\n[[fields]]\nobject = \"Contact\"\nhidden = [\"email\"]\n[fields.masked]\nmobile = \"end\"\n";
    let give = "mutation($d: String!) { saveRole(definition: $d) { code } assignRoles(account: \"new\", roles: [\"part\"]) { roles } }";
    client.metadata(give, json!({ "d": role })).await;
    let new = client.token("new").await;
    let query = "{ contacts(first: 1) { nodes { _fieldStates(fields: [\"mobile\", \"name\", \"email\", \"nothing\", \"customer\", \"name\"]) { field state } b: _fieldStates(fields: [\"role\"]) { field } none: _fieldStates(fields: []) { field } all: _fieldStates { field state } } } }";
    let told = client.ask_as(&new, query).await.data()["contacts"]["nodes"][0].clone();
    // Hidden ones, those of hidden objects and those that nobody has are left out alike.
    let expected =
        json!([{ "field": "name", "state": "VISIBLE" }, { "field": "mobile", "state": "MASKED" }]);
    assert_eq!(told["_fieldStates"], expected);
    assert_eq!((&told["b"], &told["none"]), (&json!([{ "field": "role" }]), &json!([])));
    let all = told["all"].as_array().unwrap();
    assert!(all.len() > 10 && all.contains(&expected[0]) && all.contains(&expected[1]), "{all:?}");
    drop(office);
}

async fn the_viewer_is_told_where_they_may_go(client: &Client) {
    let office = Office::open(client).await;
    let query = "{ viewer { account systems timeZone today } }";
    let told = client.metadata_as(&office.tokens["zhang"], query, json!({})).await.data();
    assert_eq!(
        told["viewer"],
        json!({ "account": "zhang", "systems": ["SALES", "SERVICE", "SALES_SERVICE"], "timeZone": "Asia/Shanghai", "today": "2026-06-15" })
    );
    let told = client.metadata_as(&client.token("nobody").await, query, json!({})).await.data();
    assert_eq!(told["viewer"]["systems"], json!([]));
    // Rights are explained of an account or of an operator.
    let query = "query($p: ID, $a: String, $id: ID!) { explainAccess(principal: $p, account: $a, object: \"Customer\", id: $id, action: READ) { allowed branches { name } } }";
    let me = client
        .metadata_as(&office.tokens["zhang"], "{ viewer { operator } }", json!({}))
        .await
        .data();
    let operator = me["viewer"]["operator"].clone();
    let by = async |p: Value, a: Value| {
        let admin = client.token("admin").await;
        client.metadata_as(&admin, query, json!({ "p": p, "a": a, "id": office.id("CZ") })).await
    };
    let account = by(Value::Null, json!("zhang")).await.data();
    assert_eq!(account["explainAccess"]["allowed"], true);
    assert_eq!(by(operator.clone(), Value::Null).await.data(), account);
    for (p, a) in
        [(Value::Null, Value::Null), (operator, json!("zhang")), (json!("x"), Value::Null)]
    {
        assert_eq!(by(p, a).await.codes(), ["INPUT_VALUE"]);
    }
}
