//! The standard objects around the sale: who has a part in each by the standard roles, over every path there is,
//! and what their definitions alone make of a record.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office},
};

both_dbs! {
    walls_part_purchasing_sales_and_finance
    warehouses_are_hidden_from_sales
    items_and_prices_are_read_and_never_written
    deliveries_go_by_the_rule_or_the_switch
    ones_own_days_and_expenses
    service_goes_by_the_customer
    marketing_keeps_campaigns
    only_the_server_raises_alerts
    definitions_do_the_rest
}

/// An item, its cost, stock, supplier and purchase order, and what was delivered to and billed for CZ and CL.
async fn trade<'c>(client: &'c Client) -> Office<'c> {
    let mut office = Office::open(client).await;
    let one = |id: &str| json!({ "id": id });
    office.make("category", "ItemCategory", json!({ "code": "TL", "name": "涂料" })).await;
    let category = one(&office.id("category"));
    let item = json!({ "code": "T1", "name": "面漆", "unit": "kg", "category": category });
    office.make("item", "InventoryItem", item).await;
    let item = one(&office.id("item"));
    let cost = json!({ "item": item, "unitCost": "12.3456", "validFrom": "2026-01-01" });
    office.make("cost", "ItemCost", cost).await;
    let price = json!({ "item": item, "price": "20" });
    office.make("price", "ItemPrice", price).await;
    office.make("type", "SalesType", json!({ "code": "01", "name": "普通销售" })).await;
    office.make("supplier", "Supplier", json!({ "code": "G1", "name": "江海涂料" })).await;
    office.make("warehouse", "Warehouse", json!({ "code": "CK01", "name": "天津库" })).await;
    let warehouse = one(&office.id("warehouse"));
    let stock = json!({ "item": item, "warehouse": warehouse, "quantity": "100", "reservedQuantity": "30" });
    office.make("stock", "Stock", stock).await;
    let purchase = json!({ "code": "CD1", "supplier": one(&office.id("supplier")), "warehouse": warehouse,
        "department": one(&office.id("SH-TL")), "lines": { "create": [{ "item": item, "quantity": "10", "price": "11.5" }] } });
    office.make("purchase", "PurchaseOrder", purchase).await;
    for (name, customer, owner) in [("note of zhang", "CZ", "zhang"), ("note of li", "CL", "li")] {
        let note = json!({ "code": name, "customer": one(&office.id(customer)), "deliveryDate": "2026-06-01",
            "department": one(&office.id("TJ-TL")), "owner": one(&office.id(owner)), "warehouse": warehouse,
            "lines": { "create": [{ "item": item, "quantity": "4", "price": "20" }] } });
        office.make(name, "DeliveryNote", note).await;
    }
    let invoice = json!({ "code": "FP1", "customer": one(&office.id("CZ")), "buyerName": "客户 CZ",
        "deliveryNote": one(&office.id("note of zhang")), "invoiceDate": "2026-06-02",
        "lines": { "create": [{ "item": item, "quantity": "4", "price": "17.6991" }] } });
    office.make("invoice", "Invoice", invoice).await;
    let due = json!({ "code": "YS1", "customer": one(&office.id("CZ")), "buyerName": "客户 CZ",
        "invoice": one(&office.id("invoice")), "bookedOn": "2026-06-02", "dueOn": "2026-07-02",
        "amount": "80", "receivedAmount": "30" });
    office.make("receivable", "Receivable", due).await;
    office
}

/// What comes of a mutation: `done`, or the code it is refused with.
async fn outcome(office: &Office<'_>, who: &str, call: &str) -> String {
    let query = format!("mutation {{ it: {call} {{ record {{ id }} userErrors {{ code }} }} }}");
    let done = office.ask(who, &query).await;
    let payload = &done["data"]["it"];
    if payload["record"]["id"].is_string() {
        return "done".to_owned();
    }
    let code = [&done["errors"][0]["extensions"]["code"], &payload["userErrors"][0]["code"]];
    let code = code.into_iter().find_map(Value::as_str);
    code.unwrap_or_else(|| panic!("{call}: {done}")).to_owned()
}

async fn refused(office: &Office<'_>, who: &str, query: &str) {
    let answer = office.ask(who, query).await;
    assert_eq!(
        answer["errors"][0]["extensions"]["code"], "INPUT_INVALID",
        "{who} {query}: {answer}"
    );
}

/// Whether anything in someone's schema names it: a type, a field, an argument.
async fn introspects(office: &Office<'_>, who: &str, word: &str) -> bool {
    let query =
        "{ __schema { types { name fields { name args { name } } inputFields { name } } } }";
    office.ask(who, query).await.to_string().to_lowercase().contains(&word.to_lowercase())
}

async fn walls_part_purchasing_sales_and_finance(client: &Client) {
    let office = trade(client).await;
    let cases = [
        ("T19", "cai", "suppliers", "supplier", true),
        ("T19", "cai", "purchaseOrders", "purchase", true),
        ("T19", "cai", "warehouses", "warehouse", true),
        ("T19", "cai", "stocks", "stock", true),
        ("T19", "cai", "deliveryNotes", "note of zhang", false),
        ("T19", "cai", "invoices", "invoice", false),
        ("T19", "cai", "itemCosts", "cost", false),
        ("T19", "zhang", "suppliers", "supplier", false),
        ("T19", "zhang", "purchaseOrders", "purchase", false),
        ("T19", "wang", "purchaseOrders", "purchase", false),
        ("T20", "wei", "itemCosts", "cost", true),
        ("T20", "wei", "invoices", "invoice", true),
        ("T20", "wei", "receivables", "receivable", true),
        ("T20", "wei", "customers", "CZ", false),
        ("T20", "wei", "deliveryNotes", "note of zhang", false),
        ("T20", "wei", "suppliers", "supplier", false),
        ("T20", "wang", "invoices", "invoice", false),
        ("T20", "zhao", "receivables", "receivable", false),
    ];
    for (case, who, list, name, sees) in cases {
        assert_eq!(office.sees(who, list, name).await, sees, "{case}: {who} on {name}");
    }
    for (who, words) in [
        ("cai", ["Customer", "Opportunit", "DeliveryNote", "Invoice", "ItemCost", "Receivable"]),
        ("zhang", ["Supplier", "PurchaseOrder", "Warehouse", "Invoices", "ItemCost", "Receivable"]),
        (
            "wei",
            ["Customers", "Opportunit", "DeliveryNote", "Supplier", "PurchaseOrder", "Complaint"],
        ),
    ] {
        for word in words {
            assert!(!introspects(&office, who, word).await, "{who} is told of {word}");
        }
    }
    // Each edits what is theirs; what a wall hides of it is no field.
    let id = |name: &str| office.id(name);
    for (who, call, expected) in [
        (
            "cai",
            format!("updateSupplier(id: \"{}\", patch: {{city: \"南通\"}})", id("supplier")),
            "done",
        ),
        (
            "wei",
            format!("updateInvoice(id: \"{}\", patch: {{status: POSTED}})", id("invoice")),
            "done",
        ),
        (
            "wei",
            format!("updateItemCost(id: \"{}\", patch: {{unitCost: \"13\"}})", id("cost")),
            "done",
        ),
        (
            "wei",
            format!("updateSupplier(id: \"{}\", patch: {{city: \"x\"}})", id("supplier")),
            "INPUT_INVALID",
        ),
        (
            "zhang",
            format!("updateInvoice(id: \"{}\", patch: {{status: VOID}})", id("invoice")),
            "INPUT_INVALID",
        ),
    ] {
        assert_eq!(outcome(&office, who, &call).await, expected, "{who} {call}");
    }
    refused(&office, "wei", "{ invoices { nodes { customer { name } } } }").await;
    refused(
        &office,
        "wei",
        "{ invoices(filter: {deliveryNote: {code: {eq: \"x\"}}}) { totalCount } }",
    )
    .await;
    let billed = office.ask("wei", "{ invoices { nodes { buyerName netAmount taxAmount totalAmount receivables { nodes { balance } } } } }").await;
    assert_eq!(
        billed["data"]["invoices"]["nodes"],
        json!([{ "buyerName": "客户 CZ", "netAmount": "70.80", "taxAmount": "9.20", "totalAmount": "80.00",
            "receivables": { "nodes": [{ "balance": "50.00" }] } }])
    );
}

async fn warehouses_are_hidden_from_sales(client: &Client) {
    let office = trade(client).await;
    for (who, sees) in
        [("zhang", false), ("wang", false), ("zheng", false), ("wu", false), ("feng", true)]
    {
        assert_eq!(office.sees(who, "warehouses", "warehouse").await, sees, "T21: {who}");
        assert_eq!(office.sees(who, "stocks", "stock").await, sees, "T21: {who}");
        assert!(!office.sees(who, "itemCosts", "cost").await, "T21: {who}");
        assert!(!office.sees(who, "suppliers", "supplier").await, "T21: {who}");
    }
    assert!(office.sees("zhang", "deliveryNotes", "note of zhang").await);
    for query in [
        "{ deliveryNotes { nodes { warehouse { name } } } }",
        "{ deliveryNotes(filter: {warehouse: {code: {eq: \"CK01\"}}}) { totalCount } }",
        "{ deliveryNotes(filter: {warehouse: {id: {isNull: false}}}) { totalCount } }",
        "{ deliveryNotes(orderBy: [{warehouse: {code: ASC}}]) { totalCount } }",
        "{ deliveryNoteAggregate(groupBy: [{warehouse: {code: true}}]) { count } }",
        "{ inventoryItems { nodes { stocks { totalCount } } } }",
        "{ inventoryItems(filter: {costs: {some: {}}}) { totalCount } }",
    ] {
        refused(&office, "zhang", query).await;
    }
    let shipped =
        office.ask("feng", "{ deliveryNotes { nodes { warehouse { code } totalAmount } } }").await;
    let note = json!({ "warehouse": { "code": "CK01" }, "totalAmount": "80.00" });
    assert_eq!(shipped["data"]["deliveryNotes"]["nodes"], json!([note, note]));
}

async fn items_and_prices_are_read_and_never_written(client: &Client) {
    let office = trade(client).await;
    for (list, name) in
        [("inventoryItems", "item"), ("itemPrices", "price"), ("salesTypes", "type")]
    {
        assert!(office.sees("zhang", list, name).await, "T22: {list}");
    }
    let id = |name: &str| office.id(name);
    for call in [
        format!("updateInventoryItem(id: \"{}\", patch: {{name: \"x\"}})", id("item")),
        format!("updateItemPrice(id: \"{}\", patch: {{price: \"1\"}})", id("price")),
        format!("createItemPrice(input: {{item: {{id: \"{}\"}}, price: \"1\"}})", id("item")),
        "createSalesType(input: {code: \"9\", name: \"x\"})".to_owned(),
    ] {
        for who in ["zhang", "wang", "zhou", "wu", "feng"] {
            assert_eq!(outcome(&office, who, &call).await, "INPUT_INVALID", "T22: {who} {call}");
        }
    }
}

async fn deliveries_go_by_the_rule_or_the_switch(client: &Client) {
    let office = trade(client).await;
    let (zhang, li) = ("note of zhang", "note of li");
    for (who, name, sees) in [
        ("zhang", zhang, true),
        ("zhang", li, false),
        ("wang", li, true),
        ("zhao", li, true),
        ("zhou", li, true),
        ("feng", li, true),
        ("su", li, false),
        ("qian", li, false),
        ("zheng", li, false),
        ("wu", li, false),
    ] {
        assert_eq!(office.sees(who, "deliveryNotes", name).await, sees, "{who} on {name}");
    }
    let call =
        format!("updateDeliveryNote(id: \"{}\", patch: {{carrier: \"x\"}})", office.id(zhang));
    assert_eq!(outcome(&office, "zhang", &call).await, "INPUT_INVALID", "upstream keeps them");
    let explained = office
        .explain(&format!(
            "account: \"feng\", object: \"DeliveryNote\", id: \"{}\", action: SHIP",
            office.id(li)
        ))
        .await;
    assert_eq!(explained["allowed"], true, "{explained}");
    // T26: off, whoever has the function right sees them all.
    let switch = "mutation($on: Boolean!) { setControlled(object: \"DeliveryNote\", controlled: $on) { object } }";
    client.metadata(switch, json!({ "on": false })).await;
    assert!(office.sees("zhang", "deliveryNotes", li).await, "T26");
    assert!(!office.sees("wu", "deliveryNotes", li).await, "T26");
    client.metadata(switch, json!({ "on": true })).await;
    assert!(!office.sees("zhang", "deliveryNotes", li).await, "T26");
}

async fn ones_own_days_and_expenses(client: &Client) {
    let mut office = Office::open(client).await;
    let (department, employee) =
        (json!({ "id": office.id("TJ-TL") }), json!({ "id": office.id("li") }));
    for (name, object, mut input) in [
        ("day of li", "Schedule", json!({ "subject": "拜访" })),
        ("track of li", "Track", json!({ "latitude": "39.084200", "longitude": "117.2" })),
        ("expense of li", "SalesExpense", json!({ "amount": "80" })),
        ("application of li", "ExpenseApplication", json!({ "reason": "出差" })),
        ("mail of li", "Email", json!({ "subject": "报价", "address": "a@example.com" })),
        ("target of li", "SalesTarget", json!({ "year": 2026, "amount": "1000000" })),
    ] {
        input["department"] = department.clone();
        input["employee"] = employee.clone();
        office.make(name, object, input).await;
    }
    for (list, name, by_hand) in [
        ("schedules", "day of li", Some("updateSchedule(id: \"@\", patch: {place: \"x\"})")),
        ("tracks", "track of li", None),
        (
            "salesExpenses",
            "expense of li",
            Some("updateSalesExpense(id: \"@\", patch: {remark: \"x\"})"),
        ),
        (
            "expenseApplications",
            "application of li",
            Some("updateExpenseApplication(id: \"@\", patch: {remark: \"x\"})"),
        ),
        ("emails", "mail of li", Some("updateEmail(id: \"@\", patch: {copies: \"x\"})")),
        ("salesTargets", "target of li", None),
    ] {
        for (who, sees) in
            [("li", true), ("zhang", false), ("wang", true), ("zhao", true), ("chen", false)]
        {
            assert_eq!(office.sees(who, list, name).await, sees, "{who} on {name}");
        }
        let Some(change) = by_hand.map(|change| change.replace('@', &office.id(name))) else {
            continue;
        };
        assert_eq!(outcome(&office, "li", &change).await, "done", "{change}");
        assert_eq!(outcome(&office, "wang", &change).await, "ACCESS_DENIED", "{change}");
    }
    // Where one was is told by oneself and changed by nobody; a target is the manager's to set.
    let track = "createTrack(input: {latitude: \"39\", longitude: \"117\"})";
    assert_eq!(outcome(&office, "zhang", track).await, "done");
    let for_li = track.replace("})", &format!(", employee: {{id: \"{}\"}}}})", office.id("li")));
    assert_eq!(outcome(&office, "zhang", &for_li).await, "ACCESS_DENIED");
    let moved =
        format!("updateTrack(id: \"{}\", patch: {{address: \"x\"}})", office.id("track of li"));
    assert_eq!(outcome(&office, "li", &moved).await, "INPUT_INVALID");
    let target = format!(
        "updateSalesTarget(id: \"{}\", patch: {{amount: \"2\"}})",
        office.id("target of li")
    );
    assert_eq!(outcome(&office, "li", &target).await, "INPUT_INVALID");
    assert_eq!(outcome(&office, "wang", &target).await, "done");
}

async fn service_goes_by_the_customer(client: &Client) {
    let mut office = Office::open(client).await;
    let input = |customer: &str| json!({ "subject": "面漆不干", "customer": { "id": customer }, "owner": { "id": office.id("zheng") } });
    let (cl, cq) = (input(&office.id("CL")), input(&office.id("CQ")));
    office.make("request of CL", "ServiceRequest", cl).await;
    office.make("request of CQ", "ServiceRequest", cq).await;
    for (who, name, sees) in [
        ("li", "request of CL", true),
        ("zhang", "request of CL", false),
        ("wang", "request of CL", true),
        ("wang", "request of CQ", false),
        ("su", "request of CQ", true),
        ("zheng", "request of CL", true),
        ("cai", "request of CL", false),
        ("wei", "request of CL", false),
        ("feng", "request of CL", false),
    ] {
        assert_eq!(office.sees(who, "serviceRequests", name).await, sees, "{who} on {name}");
    }
    let call = |customer: &str| {
        format!(
            "createComplaint(input: {{subject: \"色差\", customer: {{id: \"{}\"}}}})",
            office.id(customer)
        )
    };
    assert_eq!(outcome(&office, "zheng", &call("CL")).await, "done");
    assert_eq!(outcome(&office, "zheng", &call("CQ")).await, "RECORD_REFERENCE");
    assert_eq!(outcome(&office, "zhang", &call("CZ")).await, "done");
    assert_eq!(outcome(&office, "zhang", &call("CL")).await, "RECORD_REFERENCE");
    let visit =
        format!("createFollowUpVisit(input: {{customer: {{id: \"{}\"}}}})", office.id("CZ"));
    assert_eq!(outcome(&office, "zheng", &visit).await, "done");
    assert_eq!(outcome(&office, "zhang", &visit).await, "INPUT_INVALID", "visits are service's");
    // Work takes its customer and subject from the request.
    let work =
        format!("createWorkOrder(input: {{request: {{id: \"{}\"}}}})", office.id("request of CL"));
    assert_eq!(outcome(&office, "zheng", &work).await, "done");
    let seen = office.ask("zheng", "{ workOrders { nodes { subject customer { code } request { workOrders { totalCount } } } } }").await;
    assert_eq!(
        seen["data"]["workOrders"]["nodes"],
        json!([{ "subject": "面漆不干", "customer": { "code": "CL" }, "request": { "workOrders": { "totalCount": 1 } } }])
    );
    // A contract number for sales: entered, seen afterwards, no other contract is.
    let contract = format!(
        "createContract(input: {{name: \"年度\", amount: \"1\", customer: {{id: \"{}\"}}, department: {{id: \"{}\"}}, owner: {{id: \"{}\"}}}})",
        office.id("CL"),
        office.id("TJ-TL"),
        office.id("li")
    );
    assert_eq!(outcome(&office, "zheng", &contract).await, "done");
    office.make("contract of CZ", "Contract", json!({ "name": "x", "amount": "1", "customer": { "id": office.id("CZ") }, "department": { "id": office.id("TJ-TL") } })).await;
    assert!(!office.sees("zheng", "contracts", "contract of CZ").await);
}

async fn marketing_keeps_campaigns(client: &Client) {
    let office = Office::open(client).await;
    let wu = "createCampaign(input: {name: \"研讨会\", members: {create: [{contact: null}]}})";
    assert_eq!(outcome(&office, "wu", wu).await, "RECORD_CHECK", "a member is someone");
    assert_eq!(outcome(&office, "wu", "createCampaign(input: {name: \"研讨会\"})").await, "done");
    assert_eq!(
        outcome(&office, "zhang", "createCampaign(input: {name: \"x\"})").await,
        "INPUT_INVALID"
    );
    let id = office.ask("zhang", "{ campaigns { nodes { id name owner { code } } } }").await;
    let campaign = &id["data"]["campaigns"]["nodes"][0];
    assert_eq!((&campaign["name"], &campaign["owner"]["code"]), (&json!("研讨会"), &json!("wu")));
    let id = campaign["id"].as_str().unwrap();
    let lead = |who: &str| {
        format!("createLead(input: {{name: \"{who} 询价\", campaign: {{id: \"{id}\"}}}})")
    };
    assert_eq!(outcome(&office, "wu", &lead("wu")).await, "done");
    assert_eq!(outcome(&office, "zhang", &lead("zhang")).await, "done");
    let leads = async |who: &str| {
        let seen = office.ask(who, "{ campaigns { nodes { leads { totalCount } } } }").await;
        seen["data"]["campaigns"]["nodes"][0]["leads"]["totalCount"].clone()
    };
    assert_eq!(
        (leads("wu").await, leads("zhang").await, leads("wang").await),
        (json!(1), json!(1), json!(1))
    );
    let change = format!("updateCampaign(id: \"{id}\", patch: {{summary: \"x\"}})");
    assert_eq!(outcome(&office, "wu", &change).await, "done");
    assert_eq!(outcome(&office, "wang", &change).await, "ACCESS_DENIED");
    // A segment is a filter that is kept; it shows nobody more than they see.
    let segment = "createSegment(input: {name: \"战略\", filter: {level: {eq: \"A\"}}})";
    assert_eq!(outcome(&office, "wu", segment).await, "done");
    let kept = office.ask("wang", "{ segments { nodes { filter } } }").await;
    assert_eq!(
        kept["data"]["segments"]["nodes"],
        json!([{ "filter": { "level": { "eq": "A" } } }])
    );
    refused(&office, "zhang", "{ segments { totalCount } }").await;
}

async fn only_the_server_raises_alerts(client: &Client) {
    let mut office = Office::open(client).await;
    let alert = json!({ "watch": "customer_silent", "record": office.id("CZ"), "since": "2026-06-01T00:00:00Z",
        "relatedEmployees": { "create": [{ "employee": { "id": office.id("zhang") } }] } });
    office.make("alert", "Alert", alert).await;
    for (who, sees) in
        [("zhang", true), ("li", false), ("wang", false), ("cai", false), ("wei", false)]
    {
        assert_eq!(office.sees(who, "alerts", "alert").await, sees, "{who}");
    }
    for who in [
        "zhang", "li", "chen", "su", "wang", "zhao", "qian", "zhou", "wu", "zheng", "feng", "cai",
        "wei",
    ] {
        let asked = office.ask(who, "{ __schema { mutationType { fields { name } } } }").await;
        assert!(!asked.to_string().contains("Alert"), "{who}: {asked}");
    }
    let told = office.ask("zhang", "{ alerts { nodes { watch record key since until } } }").await;
    assert_eq!(
        told["data"]["alerts"]["nodes"],
        json!([{ "watch": "customer_silent", "record": office.id("CZ"), "key": null, "since": "2026-06-01T00:00:00Z", "until": null }])
    );
}

async fn definitions_do_the_rest(client: &Client) {
    let office = trade(client).await;
    let one = |name: &str| json!({ "id": office.id(name) });
    for (object, input, path) in [
        (
            "Survey",
            json!({ "name": "x", "status": "OPEN", "department": one("TJ-TL") }),
            "[\"status\"]",
        ),
        (
            "Schedule",
            json!({ "subject": "x", "startsAt": "2026-06-02T00:00:00Z", "endsAt": "2026-06-01T00:00:00Z", "employee": one("li"), "department": one("TJ-TL") }),
            "[\"startsAt\"]",
        ),
        (
            "Track",
            json!({ "latitude": "91", "longitude": "0", "employee": one("li"), "department": one("TJ-TL") }),
            "[\"latitude\"]",
        ),
        (
            "Complaint",
            json!({ "subject": "x", "customer": one("CZ"), "status": "CLOSED" }),
            "[\"status\"]",
        ),
        (
            "ExpenseApplication",
            json!({ "reason": "x", "status": "SUBMITTED", "employee": one("li"), "department": one("TJ-TL") }),
            "[\"status\"]",
        ),
        ("KnowledgeArticle", json!({ "title": "x", "status": "PUBLISHED" }), "[\"status\"]"),
        (
            "PurchaseOrder",
            json!({ "code": "CD2", "supplier": one("supplier"), "department": one("SH-TL"), "lines": { "create": [{ "item": one("item"), "quantity": "1", "price": "1", "receivedQuantity": "2" }] } }),
            "[\"lines\",\"create\",\"0\",\"quantity\"]",
        ),
    ] {
        let payload = client.try_create(object, input).await;
        assert_eq!(payload["userErrors"][0]["code"], "RECORD_CHECK", "{object}: {payload}");
        assert_eq!(payload["userErrors"][0]["path"].to_string(), path, "{object}: {payload}");
    }
    for (object, input) in [
        ("Stock", json!({ "item": one("item"), "warehouse": one("warehouse") })),
        ("ItemCost", json!({ "item": one("item"), "unitCost": "1", "validFrom": "2026-01-01" })),
        ("Supplier", json!({ "code": "G1", "name": "x" })),
        (
            "Invoice",
            json!({ "code": "FP1", "customer": one("CZ"), "buyerName": "x", "invoiceDate": "2026-06-02" }),
        ),
    ] {
        let payload = client.try_create(object, input).await;
        assert_eq!(payload["userErrors"][0]["code"], "RECORD_TAKEN", "{object}: {payload}");
    }
    let application = json!({ "reason": "出差", "employee": one("li"), "department": one("TJ-TL"),
        "lines": { "create": [{ "amount": "800" }, { "kind": "GIFT", "amount": "120.50" }] } });
    client.create("ExpenseApplication", application).await;
    let stage =
        client.create("SalesStage", json!({ "code": "S1", "name": "x", "sequence": 1 })).await;
    let rival = client.create("Competitor", json!({ "code": "J1", "name": "海川" })).await;
    let wanted = json!({ "name": "x", "customer": one("CZ"), "stage": { "id": stage }, "department": one("TJ-TL"),
        "competitors": { "set": [rival] }, "lines": { "create": [{ "item": one("item"), "quantity": "2.5", "price": "20" }] } });
    client.create("Opportunity", wanted).await;
    client
        .create("SalesTarget", json!({ "year": 2026, "amount": "5", "employee": one("li") }))
        .await;
    let data = client
        .data("{ stocks { nodes { availableQuantity } } purchaseOrders { nodes { totalAmount lineCount } }
            expenseApplications { nodes { number totalAmount status } } salesTargets { nodes { department { code } period } }
            opportunities { nodes { lines { unit amount } competitors { name } } } }")
        .await;
    assert_eq!(
        data,
        json!({
            "stocks": { "nodes": [{ "availableQuantity": "70.0000" }] },
            "purchaseOrders": { "nodes": [{ "totalAmount": "115.00", "lineCount": 1 }] },
            "expenseApplications": { "nodes": [{ "number": "FS202606-0001", "totalAmount": "920.50", "status": "DRAFT" }] },
            "salesTargets": { "nodes": [{ "department": { "code": "TJ-TL" }, "period": "YEAR" }] },
            "opportunities": { "nodes": [{ "lines": [{ "unit": "kg", "amount": "50.00" }], "competitors": [{ "name": "海川" }] }] },
        })
    );
}
