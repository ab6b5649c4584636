//! Fills: the price of a line from price lists, where nobody typed one.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    flows::apply_rules,
    support::{Client, office::Office},
};

both_dbs! {
    prices_go_by_customer_salesperson_item_quantity_and_day
    a_typed_price_stays
    drafts_show_the_price_that_is_found
    nobody_needs_to_see_price_lists
    a_draft_tells_no_price_of_whom_one_does_not_see
    own_fills_take_the_place_of_standard_ones
    all_faults_of_fills_are_told_at_once
}

/// Items I1 and I2, and prices of I1 for everyone from a quantity of 100, and of today.
async fn priced<'c>(client: &'c Client) -> Office<'c> {
    let mut office = Office::open(client).await;
    office.make("category", "ItemCategory", json!({ "code": "X", "name": "X" })).await;
    for code in ["I1", "I2"] {
        let item = json!({ "code": code, "name": code, "unit": "KG", "category": { "id": office.id("category") } });
        office.make(code, "InventoryItem", item).await;
    }
    for (name, quantity, price) in [("few", "0", "10"), ("many", "100", "9")] {
        price_of(
            &mut office,
            name,
            "ItemPrice",
            json!({ "minimumQuantity": quantity, "price": price }),
        )
        .await;
    }
    office
}

async fn price_of(office: &mut Office<'_>, name: &str, object: &str, more: Value) {
    let mut input = json!({ "item": { "id": office.id("I1") }, "validFrom": "2020-01-01" });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    office.make(name, object, input).await;
}

fn line(office: &Office<'_>, item: &str, quantity: &str) -> Value {
    json!({ "item": { "id": office.id(item) }, "quantity": quantity })
}

async fn ordered(office: &mut Office<'_>, name: &str, more: Value) -> String {
    let mut input = json!({ "customer": { "id": office.id("CL") }, "department": { "id": office.id("TJ-TL") }, "owner": { "id": office.id("li") } });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    office.make(name, "SalesOrder", input).await;
    office.id(name)
}

async fn prices(client: &Client, id: &str) -> Value {
    let query = format!("{{ salesOrder(id: \"{id}\") {{ totalAmount lines {{ id price }} }} }}");
    let order = client.data(&query).await["salesOrder"].clone();
    order["lines"].as_array().unwrap().iter().map(|line| line["price"].clone()).collect()
}

async fn lines_of(client: &Client, id: &str) -> Vec<String> {
    let query = format!("{{ salesOrder(id: \"{id}\") {{ lines {{ id }} }} }}");
    let order = client.data(&query).await["salesOrder"].clone();
    let lines = order["lines"].as_array().unwrap().iter();
    lines.map(|line| line["id"].as_str().unwrap().to_owned()).collect()
}

async fn prices_go_by_customer_salesperson_item_quantity_and_day(client: &Client) {
    let mut office = priced(client).await;
    let lines =
        json!([line(&office, "I1", "5"), line(&office, "I1", "100"), line(&office, "I2", "5")]);
    let id = ordered(&mut office, "one", json!({ "lines": { "create": lines } })).await;
    assert_eq!(prices(client, &id).await, json!(["10.00", "9.00", null]));
    let total = client.data(&format!("{{ salesOrder(id: \"{id}\") {{ totalAmount }} }}")).await;
    assert_eq!(total["salesOrder"]["totalAmount"], "950.00");

    // Before the item's price comes that of the salesperson, and before that the customer's.
    let of_li = json!({ "employee": { "id": office.id("li") }, "price": "8" });
    price_of(&mut office, "of li", "SalespersonPrice", of_li).await;
    let lines = json!({ "lines": { "create": [line(&office, "I1", "5")] } });
    let id = ordered(&mut office, "two", lines.clone()).await;
    assert_eq!(prices(client, &id).await, json!(["8.00"]));
    let of_customer =
        json!({ "customer": { "id": office.id("CL") }, "price": "7.5", "validTo": "2029-12-31" });
    price_of(&mut office, "of CL", "CustomerPrice", of_customer).await;
    let id = ordered(&mut office, "three", lines.clone()).await;
    assert_eq!(prices(client, &id).await, json!(["7.50"]));
    // What has run out by the day of the order counts no more; what has not begun does not count yet.
    let mut late = lines.clone();
    late["orderDate"] = json!("2030-01-01");
    let id = ordered(&mut office, "late", late).await;
    assert_eq!(prices(client, &id).await, json!(["8.00"]));
    let mut early = lines.clone();
    early["orderDate"] = json!("2019-12-31");
    let id = ordered(&mut office, "early", early).await;
    assert_eq!(prices(client, &id).await, json!([null]));
    // Other customers and salespeople have their own.
    let other = json!({ "customer": { "id": office.id("CS") }, "owner": { "id": office.id("chen") }, "lines": lines["lines"] });
    let id = ordered(&mut office, "of chen", other).await;
    assert_eq!(prices(client, &id).await, json!(["10.00"]));

    // An order of a quote has the prices of the quote.
    let mut quoted = line(&office, "I1", "5");
    quoted["price"] = json!("6.66");
    let quote = json!({ "customer": { "id": office.id("CL") }, "department": { "id": office.id("TJ-TL") }, "owner": { "id": office.id("li") },
        "lines": { "create": [quoted, line(&office, "I1", "7")] } });
    office.make("quote", "Quote", quote).await;
    let told = client
        .data(&format!("{{ quote(id: \"{}\") {{ lines {{ price }} }} }}", office.id("quote")))
        .await;
    assert_eq!(told["quote"]["lines"], json!([{ "price": "6.66" }, { "price": "7.50" }]));
    let mut of_quote = lines;
    of_quote["quote"] = json!({ "id": office.id("quote") });
    let id = ordered(&mut office, "of quote", of_quote).await;
    assert_eq!(prices(client, &id).await, json!(["6.66"]));
}

async fn a_typed_price_stays(client: &Client) {
    let mut office = priced(client).await;
    let mut typed = line(&office, "I1", "5");
    typed["price"] = json!("12.34");
    let mut none = line(&office, "I1", "5");
    none["price"] = Value::Null;
    let lines = json!([typed, line(&office, "I1", "5"), none]);
    let id = ordered(&mut office, "one", json!({ "lines": { "create": lines } })).await;
    assert_eq!(prices(client, &id).await, json!(["12.34", "10.00", null]));
    let rows = lines_of(client, &id).await;
    let update = |at: usize, patch: Value| json!({ "lines": { "update": [{ "id": rows[at], "patch": patch }] } });
    let both = json!({ "lines": { "update": [
        { "id": rows[0], "patch": { "quantity": "200" } }, { "id": rows[1], "patch": { "quantity": "200" } } ] } });
    assert_eq!(client.update("SalesOrder", &id, both).await["userErrors"], json!([]));
    // What was found follows the quantity; what somebody typed does not.
    assert_eq!(prices(client, &id).await, json!(["12.34", "9.00", null]));
    client.update("SalesOrder", &id, update(1, json!({ "remark": "x" }))).await;
    client.update("SalesOrder", &id, json!({ "remark": "x" })).await;
    assert_eq!(prices(client, &id).await, json!(["12.34", "9.00", null]));
    // Where an item is merged into another one its lines follow, and keep their prices.
    let twin = json!({ "code": "I3", "name": "I3", "unit": "KG", "category": { "id": office.id("category") } });
    office.make("I3", "InventoryItem", twin).await;
    let merge = format!(
        "mutation {{ mergeInventoryItems(keep: \"{}\", drop: [\"{}\"]) {{ userErrors {{ code path message }} }} }}",
        office.id("I1"),
        office.id("I3")
    );
    let mut of_twin = line(&office, "I3", "5");
    of_twin["price"] = json!("3.21");
    let twins = ordered(&mut office, "twins", json!({ "lines": { "create": [of_twin] } })).await;
    assert_eq!(client.data(&merge).await["mergeInventoryItems"]["userErrors"], json!([]));
    assert_eq!(prices(client, &twins).await, json!(["3.21"]));
    // Another item has another price, and one without a price in the lists has none.
    client.update("SalesOrder", &id, update(0, json!({ "item": { "id": office.id("I2") } }))).await;
    assert_eq!(prices(client, &id).await, json!([null, "9.00", null]));
    client.update("SalesOrder", &id, update(0, json!({ "item": { "id": office.id("I1") } }))).await;
    client
        .update(
            "SalesOrder",
            &id,
            update(1, json!({ "item": { "id": office.id("I2") }, "price": "1" })),
        )
        .await;
    assert_eq!(prices(client, &id).await, json!(["9.00", "1.00", null]));
}

async fn drafts_show_the_price_that_is_found(client: &Client) {
    let office = priced(client).await;
    let query = "query($patch: UpdateSalesOrderInput!) { draftSalesOrder(patch: $patch) {
        record { totalAmount lines { price amount } } } }";
    let patch = json!({ "customer": { "id": office.id("CL") }, "lines": { "create": [line(&office, "I1", "100")] } });
    let told = client.ask(query, json!({ "patch": patch })).await.data();
    assert_eq!(
        told["draftSalesOrder"]["record"],
        json!({ "totalAmount": "900.00", "lines": [{ "price": "9.00", "amount": "900.00" }] }),
        "{told}"
    );
    let info = "{ object(name: \"SalesOrderLine\") { fields { name drafts } } }";
    let told = client.metadata(info, json!({})).await;
    let fields = told["object"]["fields"].as_array().unwrap().iter();
    let drafting: Vec<_> =
        fields.filter(|field| field["drafts"] == true).map(|field| field["name"].clone()).collect();
    assert!(
        drafting.contains(&json!("item")) && drafting.contains(&json!("quantity")),
        "{drafting:?}"
    );
}

async fn nobody_needs_to_see_price_lists(client: &Client) {
    let mut office = priced(client).await;
    let of_customer = json!({ "customer": { "id": office.id("CL") }, "price": "7.5" });
    price_of(&mut office, "of CL", "CustomerPrice", of_customer).await;
    let role = "code = \"clerk\"\nlabel = \"录入\"\nlabel_en = \"Clerk\"\n[[grants]]\nobjects = [\"SalesOrder\", \"Customer\", \"InventoryItem\", \"Department\", \"Employee\"]\nactions = [\"read\", \"create\", \"edit\"]\nopen = true\n";
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(save, json!({ "d": role })).await;
    office.give("new", &["clerk"], &[]).await;
    let query = format!(
        "mutation {{ createSalesOrder(input: {{customer: {{id: \"{}\"}}, lines: {{create: [{{item: {{id: \"{}\"}}, quantity: 5}}]}}}}) {{
            record {{ lines {{ price }} }} userErrors {{ code path message }} }} }}",
        office.id("CL"), office.id("I1")
    );
    let told = office.ask("new", &query).await;
    assert_eq!(
        told["data"]["createSalesOrder"]["record"]["lines"],
        json!([{ "price": "7.50" }]),
        "{told}"
    );
    let lists = office.ask("new", "{ customerPrices { totalCount } }").await;
    assert_eq!(lists["errors"][0]["extensions"]["code"], "INPUT_INVALID", "{lists}");
}

async fn a_draft_tells_no_price_of_whom_one_does_not_see(client: &Client) {
    let mut office = priced(client).await;
    let of_hidden = json!({ "customer": { "id": office.id("CQ") }, "price": "3.33" });
    price_of(&mut office, "of CQ", "CustomerPrice", of_hidden).await;
    let mut quoted = line(&office, "I1", "5");
    quoted["price"] = json!("4.44");
    let quote = json!({ "customer": { "id": office.id("CQ") }, "department": { "id": office.id("QZ-TL") }, "owner": { "id": office.id("su") },
        "lines": { "create": [quoted] } });
    office.make("hidden quote", "Quote", quote).await;
    let mut told = Vec::new();
    for given in [
        format!("customer: {{id: \"{}\"}}", office.id("CQ")),
        format!(
            "customer: {{id: \"{}\"}}, quote: {{id: \"{}\"}}",
            office.id("CL"),
            office.id("hidden quote")
        ),
    ] {
        let query = format!(
            "{{ draftSalesOrder(patch: {{{given}, lines: {{create: [{{item: {{id: \"{}\"}}, quantity: 5}}]}}}}) {{ record {{ lines {{ price }} }} userErrors {{ code }} }} }}",
            office.id("I1")
        );
        let draft = office.ask("li", &query).await["data"]["draftSalesOrder"].to_string();
        assert!(!draft.contains("3.33") && !draft.contains("4.44"), "{draft}");
        told.push(draft);
    }
    // Their own customer's they see.
    let query = format!(
        "{{ draftSalesOrder(patch: {{customer: {{id: \"{}\"}}, lines: {{create: [{{item: {{id: \"{}\"}}, quantity: 5}}]}}}}) {{ record {{ lines {{ price }} }} }} }}",
        office.id("CL"),
        office.id("I1")
    );
    let draft = office.ask("li", &query).await;
    assert_eq!(
        draft["data"]["draftSalesOrder"]["record"]["lines"][0]["price"], "10.00",
        "{draft} {told:?}"
    );
    // A quantity that no field holds is told as such, on both databases.
    let query = format!(
        "mutation {{ createSalesOrder(input: {{customer: {{id: \"{}\"}}, lines: {{create: [{{item: {{id: \"{}\"}}, quantity: \"1000000000000000\"}}]}}}}) {{ userErrors {{ code path }} }} }}",
        office.id("CL"),
        office.id("I1")
    );
    let told = office.ask("li", &query).await;
    let error = &told["data"]["createSalesOrder"]["userErrors"][0];
    assert_eq!(error["path"], json!(["lines", "create", "0", "quantity"]), "{told}");
}

async fn own_fills_take_the_place_of_standard_ones(client: &Client) {
    let mut office = priced(client).await;
    let own = "[[fill]]\ncode = \"order_prices\"\nobject = \"SalesOrderLine\"\nfield = \"price\"\n[[fill.from]]\nobject = \"ItemPrice\"\nvalue = \"remark\"\nmatch = { item = \"item\" }\ntier = { minimumQuantity = \"quantity\" }\n";
    let told = apply_rules(client, "prices", json!(own)).await;
    assert_eq!(told["diagnostics"][0]["code"], "CATALOG_RULE", "of another type: {told:#}");
    let own = own
        .replace("value = \"remark\"", "value = \"price\"")
        .replace("tier = { minimumQuantity = \"quantity\" }\n", "");
    assert_eq!(apply_rules(client, "prices", json!(own)).await["diagnostics"], json!([]));
    let lines = json!({ "lines": { "create": [line(&office, "I1", "500")] } });
    let id = ordered(&mut office, "own", lines).await;
    assert_eq!(
        prices(client, &id).await,
        json!(["10.00"]),
        "the first there is, whatever the quantity"
    );
    // A second of one field is a fault, and so is what is computed behind it.
    let second = own.replace("order_prices", "more_prices");
    let told = apply_rules(client, "prices", json!(format!("{own}{second}"))).await;
    assert_eq!(told["diagnostics"][0]["code"], "CATALOG_RULE", "{told:#}");
    let late = own
        .replace("match = { item = \"item\" }", "match = { price = \"salesOrder.totalAmount\" }");
    let told = apply_rules(client, "prices", json!(late)).await;
    assert_eq!(told["diagnostics"][0]["code"], "CATALOG_EXPRESSION", "{told:#}");
}

async fn all_faults_of_fills_are_told_at_once(client: &Client) {
    let text = r#"
[[fill]]
code = "Bad Code"
object = "SalesOrderLine"
field = "amount"
on = "salesOrder.totalAmount"
[[fill.from]]
object = "Nothing"
value = "price"
match = { item = "item" }
[[fill.from]]
object = "ItemPrice"
value = "remark"
match = { item = "quantity", nowhere = "item" }
valid = ["validFrom"]
[[fill.from]]
object = "ItemPrice"
match = { item = "item" }
[[fill.from]]
object = "ItemPrice"
value = "price"
valid = ["remark", "validTo"]
tier = { minimumQuantity = "nowhere" }
"#;
    let told = apply_rules(client, "prices", json!(text)).await;
    let faults = told["diagnostics"].as_array().unwrap();
    let lines: Vec<_> = faults.iter().map(|fault| fault["line"].as_i64().unwrap()).collect();
    for line in [3, 5, 6, 8, 14, 15, 17, 20, 22, 23] {
        assert!(lines.contains(&line), "no fault in line {line}: {told:#}");
    }
    // What reads for everyone is published by administrators only.
    let office = Office::open(client).await;
    let definer =
        "code = \"definer\"\nlabel = \"定义\"\nlabel_en = \"Definer\"\ncustomize = true\n";
    client
        .metadata(
            "mutation($d: String!) { saveRole(definition: $d) { code } }",
            json!({ "d": definer }),
        )
        .await;
    office.give("new", &["definer"], &[]).await;
    let fill = "[[fill]]\ncode = \"phones\"\nobject = \"Lead\"\nfield = \"phone\"\n[[fill.from]]\nobject = \"Customer\"\nvalue = \"phone\"\nmatch = { name = \"companyName\" }\n";
    let apply = "mutation($text: String!) { applySchema(sdl: \"\", rules: [{name: \"p\", text: $text}]) { diagnostics { code } } }";
    let told =
        client.metadata_as(&office.tokens["new"], apply, json!({ "text": fill })).await.data();
    assert_eq!(told["applySchema"]["diagnostics"], json!([{ "code": "ACCESS_DENIED" }]), "{told}");
    assert_eq!(apply_rules(client, "p", json!(fill)).await["diagnostics"], json!([]));
}
