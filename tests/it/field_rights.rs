//! Rights on fields: of lines, of several roles that mask, and what a role may say of them at all.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office},
};

both_dbs! {
    lines_show_what_their_documents_role_shows
    lines_are_shown_record_by_record
    employees_of_records_and_custom_lines_have_fields_too
    the_stricter_of_two_masks_holds
    short_texts_are_masked_by_what_leaves_least
    numbers_can_be_hidden
    who_does_not_see_a_relation_does_not_see_its_list
    fields_without_effect_are_refused
}

const ORDER: &str =
    "salesOrders(filter: {id: {eq: \"ID\"}}) { nodes { lines { quantity price unit } } }";

async fn save(client: &Client, definition: &str) {
    let query = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(query, json!({ "d": definition })).await;
}

/// A role that reads and edits orders, and what it says of their lines.
fn orders(code: &str, objects: &str, grant: &str, fields: &str) -> String {
    format!(
        "code = \"{code}\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Customer\", \"InventoryItem\", \"Department\", \"Employee\"]\nactions = [\"read\", \"export\"]\nopen = true\n[[grants]]\nobjects = [{objects}]\nactions = [\"read\", \"edit\", \"export\"]\n{grant}\n{fields}"
    )
}

const GUARDED: &str = "[[fields]]\nobject = \"SalesOrderLine\"\nhidden = [\"price\", \"amount\"]\nmasked = { unit = \"all\" }\nreadonly = [\"quantity\"]\n";

/// Gives the orders of the office a line each.
async fn fill(office: &mut Office<'_>) {
    let category = json!({ "code": "X", "name": "X" });
    office.make("category", "ItemCategory", category).await;
    let item = json!({ "code": "I1", "name": "树脂", "unit": "KG", "category": { "id": office.id("category") } });
    office.make("item", "InventoryItem", item).await;
    let line = json!({ "item": { "id": office.id("item") }, "quantity": "3", "unit": "公斤", "price": "19.90" });
    for order in ["order of li", "order of chen"] {
        let patch = json!({ "lines": { "create": [line] } });
        let saved = office.client.update("SalesOrder", &office.id(order), patch).await;
        assert_eq!(saved["userErrors"], json!([]));
    }
}

fn codes(answer: &Value) -> Vec<&str> {
    let errors = answer["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    errors.iter().filter_map(|error| error["extensions"]["code"].as_str()).collect()
}

async fn lines_show_what_their_documents_role_shows(client: &Client) {
    let mut office = Office::open(client).await;
    fill(&mut office).await;
    let id = office.id("order of li");
    for objects in ["\"SalesOrder\"", "\"SalesOrder\", \"SalesOrderLine\""] {
        save(client, &orders("guarded", objects, "open = true", GUARDED)).await;
        office.give("new", &["guarded"], &[]).await;
        let seen = office.ask("new", "{ salesOrders { nodes { lines { quantity unit } } } }").await
            ["data"]["salesOrders"]["nodes"]
            .to_string();
        assert!(seen.contains("****") && !seen.contains("公斤"), "{seen}");
        let fields = "{ __type(name: \"SalesOrderLine\") { fields { name } } }";
        let there = office.ask("new", fields).await.to_string();
        assert!(there.contains("quantity") && !there.contains("\"price\""), "{there}");
        for query in [
            "{ salesOrders { nodes { lines { price } } } }",
            "{ salesOrders(filter: {lines: {some: {price: {gt: \"1\"}}}}) { totalCount } }",
            "{ salesOrders(filter: {lines: {some: {unit: {eq: \"公斤\"}}}}) { totalCount } }",
            "{ salesOrders(filter: {lines: {sum: {amount: {gt: \"1\"}}}}) { totalCount } }",
            "{ salesOrders { nodes { linesAggregate { sum { price } } } } }",
            "{ salesOrders { nodes { linesAggregate(groupBy: [{unit: true}]) { key { unit } } } } }",
            "{ salesOrders { nodes { lines(orderBy: [{price: ASC}]) { id } } } }",
            "mutation { updateSalesOrder(id: \"ID\", patch: {lines: {create: [{item: {id: \"ITEM\"}, quantity: 1}]}}) { record { id } } }",
            "mutation { updateSalesOrder(id: \"ID\", patch: {lines: {create: [{item: {id: \"ITEM\"}, price: 1}]}}) { record { id } } }",
        ] {
            let query = query.replace("ID", &id).replace("ITEM", &office.id("item"));
            let refused = office.ask("new", &query).await;
            assert_eq!(codes(&refused).first(), Some(&"INPUT_INVALID"), "{query}: {refused}");
        }
        // An export takes away no more than what is read.
        let lines = "{ salesOrders { nodes { lines { unit } } } }";
        let purpose = ("X-Tradewind-Purpose", "export");
        let taken = client.ask_with(&office.tokens["new"], purpose, lines).await.data().to_string();
        assert!(taken.contains("****") && !taken.contains("公斤"), "{taken}");
        // Nor does the past, or history.
        let history = format!(
            "{{ salesOrder(id: \"{id}\") {{ history(field: \"lines\", first: 5) {{ nodes {{ changes {{ new }} }} }} }} }}"
        );
        let told = office.ask("new", &history).await["data"].to_string();
        assert!(told.contains("quantity"), "{told}");
        assert!(!told.contains("price") && !told.contains("公斤"), "{told}");
        let what = ORDER.replace("ID", &id).replace(" price", "");
        let past = what.replace("(filter", "(asOf: \"2026-06-15T02:00:00Z\", filter");
        let past = office.ask("new", &format!("{{ {past} }}")).await;
        assert!(past["data"]["salesOrders"].is_object(), "{past}");
        assert!(!past.to_string().contains("公斤"), "{past}");
    }
}

async fn lines_are_shown_record_by_record(client: &Client) {
    let mut office = Office::open(client).await;
    fill(&mut office).await;
    // All orders with less of their lines, one's own with all of it.
    save(client, &orders("guarded", "\"SalesOrder\"", "open = true", GUARDED)).await;
    save(client, &orders("trusted", "\"SalesOrder\"", "employees = \"responsible\"", "")).await;
    office.give("chen", &["guarded", "trusted"], &[]).await;
    let seen = async |name: &str| {
        let query = format!("{{ {} }}", ORDER.replace("ID", &office.id(name)));
        office.ask("chen", &query).await["data"]["salesOrders"]["nodes"][0]["lines"][0].clone()
    };
    assert_eq!(
        seen("order of chen").await,
        json!({ "quantity": "3.0000", "price": "19.90", "unit": "公斤" })
    );
    assert_eq!(
        seen("order of li").await,
        json!({ "quantity": "3.0000", "price": null, "unit": "****" })
    );
    // Reached from what they name, lines say the same.
    let states = "{ salesOrders(orderBy: [{createdAt: ASC}], first: 2) { nodes { lines { _fieldStates { field state } } } } }";
    let told = office.ask("chen", states).await["data"]["salesOrders"]["nodes"].clone();
    let state = |at: usize, field: &str| {
        let states = told[at]["lines"][0]["_fieldStates"].as_array().unwrap();
        states.iter().find(|one| one["field"] == field).unwrap()["state"].clone()
    };
    assert_eq!((state(0, "price"), state(0, "unit")), (json!("HIDDEN"), json!("MASKED")));
    assert_eq!((state(1, "price"), state(1, "unit")), (json!("VISIBLE"), json!("VISIBLE")));
    // What one role that writes keeps is kept.
    let id = office.id("order of chen");
    let write = format!(
        "mutation {{ updateSalesOrder(id: \"{id}\", patch: {{lines: {{create: [{{item: {{id: \"{}\"}}, quantity: 1}}]}}}}) {{ record {{ id }} }} }}",
        office.id("item")
    );
    assert_eq!(codes(&office.ask("chen", &write).await).first(), Some(&"INPUT_INVALID"));
}

async fn employees_of_records_and_custom_lines_have_fields_too(client: &Client) {
    let mut office = Office::open(client).await;
    fill(&mut office).await;
    assert_eq!(
        client.apply(include_str!("../cases/sample_loan.graphql"), false).await["diagnostics"],
        json!([])
    );
    let link = |name: &str| json!({ "id": office.id(name) });
    let loan = json!({ "customer": link("CL"), "department": link("TJ-TL"), "lines": { "create": [{ "item": link("item"), "quantity": "12.5" }] } });
    client.create("SampleLoan", loan).await;
    save(
        client,
        "code = \"guarded\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Customer\", \"SampleLoan\", \"Employee\"]\nactions = [\"read\", \"edit\"]\nopen = true\n[[fields]]\nobject = \"CustomerEmployee\"\nhidden = [\"isResponsible\"]\nreadonly = [\"until\"]\n[[fields]]\nobject = \"SampleLoanLine\"\nhidden = [\"quantity\"]\n",
    )
    .await;
    office.give("new", &["guarded"], &[]).await;
    for query in [
        "{ customers { nodes { relatedEmployees { isResponsible } } } }".to_owned(),
        "{ customers(filter: {relatedEmployees: {some: {isResponsible: {eq: true}}}}) { totalCount } }".to_owned(),
        "{ customers { nodes { relatedEmployeesAggregate(groupBy: [{isResponsible: true}]) { count } } } }".to_owned(),
        format!(
            "mutation {{ updateCustomer(id: \"{}\", patch: {{relatedEmployees: {{create: [{{employee: {{id: \"{}\"}}, until: \"2030-01-01T00:00:00Z\"}}]}}}}) {{ record {{ id }} }} }}",
            office.id("CL"),
            office.id("wei")
        ),
        "{ sampleLoans { nodes { lines { quantity } } } }".to_owned(),
        "{ sampleLoans(filter: {lines: {some: {quantity: {gt: 1}}}}) { totalCount } }".to_owned(),
    ] {
        let refused = office.ask("new", &query).await;
        assert_eq!(codes(&refused).first(), Some(&"INPUT_INVALID"), "{query}: {refused}");
    }
    let seen = "{ sampleLoans { nodes { lines { returnedQuantity } } } customers(filter: {code: {eq: \"CL\"}}) { nodes { relatedEmployees { source } } } }";
    let seen = office.ask("new", seen).await["data"].clone();
    assert_eq!(seen["sampleLoans"]["nodes"][0]["lines"][0]["returnedQuantity"], "0.0000");
    assert_eq!(seen["customers"]["nodes"][0]["relatedEmployees"][0]["source"], "OWNER");
}

async fn the_stricter_of_two_masks_holds(client: &Client) {
    let office = Office::open(client).await;
    let phone = |number: &str| json!({ "mobile": number });
    client.update("Contact", &office.id("contact of CZ"), phone("13802112345")).await;
    client.update("Contact", &office.id("contact of CL"), phone("13900005116")).await;
    let role = |code: &str, grant: &str, mask: &str| {
        format!(
            "code = \"{code}\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Contact\"]\nactions = [\"read\"]\n{grant}\n[[grants]]\nobjects = [\"Customer\"]\nactions = [\"read\"]\nopen = true\n[[fields]]\nobject = \"Contact\"\n{mask}\n"
        )
    };
    let own = "employees = \"related\"";
    save(client, &role("ending", own, "masked = { mobile = \"end\" }")).await;
    save(client, &role("nothing", "open = true", "masked = { mobile = \"all\" }")).await;
    save(client, &role("ended", "open = true", "masked = { mobile = \"end\" }")).await;
    save(client, &role("started", own, "masked = { mobile = \"start\" }")).await;
    save(client, &role("hiding", "open = true", "hidden = [\"mobile\"]")).await;
    save(client, &role("showing", own, "hidden = [\"email\"]")).await;
    let row =
        json!({ "relatedEmployees": { "create": [{ "employee": { "id": office.id("new") } }] } });
    client.update("Contact", &office.id("contact of CZ"), row).await;
    // The first is one's own, the second is opened by the role for all only.
    for (roles, expected) in [
        (&["nothing"][..], ["****", "****"]),
        (&["ending", "nothing"], ["****", "****"]),
        (&["nothing", "ending"], ["****", "****"]),
        (&["started", "ended"], ["1****", "****5116"]),
        (&["ending", "hiding"], ["****2345", ""]),
        (&["showing", "nothing"], ["13802112345", "****"]),
        (&["showing", "ending", "ended"], ["13802112345", "****5116"]),
    ] {
        office.give("new", roles, &[]).await;
        let query = format!(
            "{{ contacts(filter: {{id: {{in: [\"{}\", \"{}\"]}}}}, orderBy: [{{createdAt: ASC}}]) {{ nodes {{ mobile _fieldStates {{ field state }} }} }} }}",
            office.id("contact of CZ"),
            office.id("contact of CL")
        );
        let seen = office.ask("new", &query).await["data"]["contacts"]["nodes"].clone();
        for (at, expected) in expected.iter().enumerate() {
            let state = match *expected {
                "" => "HIDDEN",
                text if text.contains('*') => "MASKED",
                _ => "VISIBLE",
            };
            assert_eq!(seen[at]["mobile"].as_str().unwrap_or_default(), *expected, "{roles:?}");
            let states = seen[at]["_fieldStates"].as_array().unwrap();
            let told = states.iter().find(|one| one["field"] == "mobile").unwrap();
            assert_eq!(told["state"], state, "{roles:?}");
        }
    }
}

async fn short_texts_are_masked_by_what_leaves_least(client: &Client) {
    let office = Office::open(client).await;
    let role = |code: &str, grant: &str, mask: &str| {
        format!(
            "code = \"{code}\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Contact\"]\nactions = [\"read\"]\n{grant}\n[[fields]]\nobject = \"Contact\"\nmasked = {{ jobTitle = \"{mask}\" }}\n"
        )
    };
    let own = "employees = \"related\"";
    for (code, grant, mask) in [
        ("start", "open = true", "start"),
        ("end", "open = true", "end"),
        ("own_start", own, "start"),
        ("own_end", own, "end"),
    ] {
        save(client, &role(code, grant, mask)).await;
    }
    let contact = office.id("contact of CZ");
    let row =
        json!({ "relatedEmployees": { "create": [{ "employee": { "id": office.id("new") } }] } });
    client.update("Contact", &contact, row).await;
    let seen = async |filter: &str| {
        let query = format!(
            "{{ contacts(filter: {{id: {{eq: \"{contact}\"}}}}{filter}) {{ totalCount nodes {{ jobTitle }} }} }}"
        );
        office.ask("new", &query).await
    };
    let texts = [
        "",
        "总",
        "经理",
        "区域总经理理",
        "区域销售总经理",
        "区域销售副总经理",
        "华北区域销售副总经理",
    ];
    let both = ["", "****", "****", "****", "****", "区****", "华****"];
    let start = ["", "****", "经****", "区****", "区****", "区****", "华****"];
    let end = ["", "****", "****", "****", "****", "****副总经理", "****副总经理"];
    for (at, text) in texts.iter().enumerate() {
        let title = if text.is_empty() { Value::Null } else { json!(text) };
        client.update("Contact", &contact, json!({ "jobTitle": title })).await;
        for (roles, left) in [
            (&["start"][..], &start),
            (&["end"], &end),
            (&["start", "end"], &both),
            (&["end", "start"], &both),
            (&["start", "own_end"], &both),
            (&["own_start", "end"], &both),
            (&["own_start", "own_end"], &both),
        ] {
            office.give("new", roles, &[]).await;
            let told = seen("").await["data"]["contacts"]["nodes"][0]["jobTitle"].clone();
            assert_eq!(told.as_str().unwrap_or_default(), left[at], "{text} {roles:?}");
        }
    }
    // Nor is anything told by what it is compared with.
    for asked in [
        "contacts(filter: {jobTitle: {startsWith: \"华\"}}) { totalCount }",
        "contacts(filter: {not: {jobTitle: {isNull: true}}}) { totalCount }",
        "contacts(orderBy: [{jobTitle: ASC}]) { totalCount }",
        "contactAggregate(groupBy: [{jobTitle: true}]) { key { jobTitle } }",
        "contactAggregate { countDistinct { jobTitle } }",
        "contactAggregate { top(first: 1, orderBy: [{jobTitle: ASC}]) { id } }",
        "contacts { nodes { history(field: \"jobTitle\") { nodes { id } } } }",
    ] {
        let refused = office.ask("new", &format!("{{ {asked} }}")).await;
        assert_eq!(codes(&refused).first(), Some(&"INPUT_INVALID"), "{asked}: {refused}");
    }
    let past = seen(", asOf: \"2026-06-15T02:00:00Z\"").await;
    assert!(!past.to_string().contains("华"), "{past}");
}

async fn numbers_can_be_hidden(client: &Client) {
    let office = Office::open(client).await;
    let number = client
        .data("{ salesOrders(first: 1, orderBy: [{createdAt: ASC}]) { nodes { id number } } }")
        .await;
    let number = number["salesOrders"]["nodes"][0]["number"].as_str().unwrap().to_owned();
    let query = "{ salesOrders(orderBy: [{createdAt: ASC}]) { nodes { number } } }";
    let masked = "[[fields]]\nobject = \"SalesOrder\"\nmasked = { number = \"end\" }\n";
    save(client, &orders("guarded", "\"SalesOrder\"", "open = true", masked)).await;
    save(client, &orders("trusted", "\"SalesOrder\"", "employees = \"responsible\"", "")).await;
    office.give("chen", &["guarded"], &[]).await;
    let end = format!("****{}", &number[number.len() - 4..]);
    let seen = office.ask("chen", query).await;
    assert_eq!(seen["data"]["salesOrders"]["nodes"][0]["number"], json!(end), "{seen}");
    let one = format!("{{ salesOrder(number: \"{number}\") {{ id }} }}");
    assert_eq!(codes(&office.ask("chen", &one).await).first(), Some(&"INPUT_INVALID"));
    // Hidden, but on one's own.
    save(
        client,
        &orders(
            "guarded",
            "\"SalesOrder\"",
            "open = true",
            "[[fields]]\nobject = \"SalesOrder\"\nhidden = [\"number\"]\n",
        ),
    )
    .await;
    assert_eq!(codes(&office.ask("chen", query).await).first(), Some(&"INPUT_INVALID"));
    office.give("chen", &["guarded", "trusted"], &[]).await;
    let seen = office.ask("chen", query).await;
    let nodes = &seen["data"]["salesOrders"]["nodes"];
    assert!(nodes[0]["number"].is_null() && nodes[1]["number"].is_string(), "{seen}");
}

async fn fields_without_effect_are_refused(client: &Client) {
    let office = Office::open(client).await;
    let token = client.token("admin").await;
    let query = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    let role = |objects: &str, actions: &str, rest: &str| {
        format!(
            "code = \"idle\"\nlabel = \"x\"\nlabel_en = \"x\"\n{rest}\n[[grants]]\nobjects = [{objects}]\nactions = [{actions}]\nopen = true\n"
        )
    };
    let fields = |object: &str, said: &str| format!("[[fields]]\nobject = \"{object}\"\n{said}");
    let order = "\"SalesOrder\"";
    for refused in [
        // Of what the role does not open, a line without its document included.
        role("\"Customer\"", "\"read\"", &fields("SalesOrderLine", "hidden = [\"price\"]")),
        role("\"Customer\"", "\"read\"", &fields("Contact", "hidden = [\"mobile\"]")),
        role("\"SalesOrderLine\"", "\"read\"", ""),
        // What everybody sees, what nobody writes.
        role(order, "\"read\"", &fields("SalesOrder", "hidden = [\"createdAt\"]")),
        role(order, "\"read\"", &fields("SalesOrderLine", "hidden = [\"lineNo\"]")),
        role(order, "\"read\", \"edit\"", &fields("SalesOrder", "readonly = [\"totalAmount\"]")),
        role(order, "\"read\"", &fields("SalesOrder", "readonly = [\"remark\"]")),
        // Ticks that no level looks at.
        role(
            order,
            "\"read\"",
            "[dimensions]\nDEPARTMENT = \"own\"\n[ticked]\nDEPARTMENT = [\"x\"]",
        ),
        role(
            order,
            "\"read\"",
            "[dimensions]\nDEPARTMENT = \"all\"\n[ticked]\nDEPARTMENT = [\"x\"]",
        ),
        role(order, "\"read\"", "[ticked]\nDEPARTMENT = [\"x\"]"),
        // A business line that there is not.
        role(order, "\"read\"", "").replace("[[grants]]", "lines = [\"SALE\"]\n[[grants]]"),
    ] {
        let answer = client.metadata_as(&token, query, json!({ "d": refused })).await.body;
        assert_eq!(codes(&answer), ["INPUT_VALUE"], "{refused}: {answer}");
    }
    let ticks = format!(
        "mutation {{ setReach(account: \"li\", dimension: \"DEPARTMENT\", level: OWN, values: [\"{}\"]) }}",
        office.id("TJ-SL")
    );
    let answer = client.metadata_as(&token, &ticks, json!({})).await;
    assert_eq!(answer.codes(), ["INPUT_VALUE"], "{}", answer.body);
    for taken in [
        role(order, "\"read\"", &fields("SalesOrderLine", "hidden = [\"price\"]")),
        role(order, "\"edit\"", &fields("SalesOrderLine", "readonly = [\"price\"]")),
        role("\"SalesOrder\", \"SalesOrderLine\"", "\"read\"", ""),
    ] {
        client.metadata(query, json!({ "d": taken })).await;
    }
}

/// The list of a customer's orders tells of each order whose it is.
async fn who_does_not_see_a_relation_does_not_see_its_list(client: &Client) {
    let office = Office::open(client).await;
    let role = |fields: &str| orders("lists", "\"SalesOrder\"", "open = true", fields);
    save(client, &role("")).await;
    office.give("chen", &["lists"], &[]).await;
    let list = "{ customers { nodes { code orders { totalCount } } } }";
    let queries = [
        list,
        "{ customers(filter: {orders: {some: {number: {isNull: false}}}}) { totalCount } }",
        "{ customers { nodes { code orders { nodes { number } } } } }",
    ];
    for query in queries {
        assert_eq!(codes(&office.ask("chen", query).await), [""; 0], "{query}");
    }
    let of_customer = "{ object(name: \"Customer\") { fields { name } relatedLists { name } } }";
    let named = async || {
        let told = client.metadata_as(&office.tokens["chen"], of_customer, json!({})).await.data();
        told.to_string().contains("\"orders\"")
    };
    assert!(named().await);
    save(client, &role("[[fields]]\nobject = \"SalesOrder\"\nhidden = [\"customer\"]\n")).await;
    for query in queries {
        assert_eq!(
            codes(&office.ask("chen", query).await).first(),
            Some(&"INPUT_INVALID"),
            "{query}"
        );
    }
    assert!(!named().await);
    let seen = office.ask(
        "chen",
        "{ salesOrders { totalCount } departments { nodes { orders { totalCount } } } }",
    );
    assert_eq!(codes(&seen.await), [""; 0], "other lists stay");
}
