//! Named actions: what is made of a record in one transaction, with the rights of whoever does it.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    flows::{LOANS, applied, apply_rules},
    support::{Client, office::Office},
};

both_dbs! {
    a_lead_is_converted_whole_or_not_at_all
    a_converted_lead_may_join_a_customer
    an_opportunity_becomes_a_quote_and_the_quote_an_order
    actions_open_nothing
    actions_are_told_on_the_record
    own_texts_make_actions_of_any_object
    many_records_are_acted_on_all_or_none
}

const CONVERTED: &str = "record { status convertedCustomer { id } convertedContact { id } convertedOpportunity { id } }
    customer { id code name phone owner { code } department { code } } contact { id name phone customer { id } }
    opportunity { id name amount stage { code } contact { id } } duplicates { id rule } userErrors { code path message }";

pub(crate) async fn lead(office: &mut Office<'_>, name: &str, more: Value) -> String {
    let mut input = json!({ "name": "询环氧树脂", "companyName": format!("{name}化工"), "contactName": "何工",
        "phone": "022-8888 1234", "department": { "id": office.id("TJ-TL") }, "owner": { "id": office.id("li") },
        "estimatedAmount": "12000.50" });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    office.make(name, "Lead", input).await;
    office.id(name)
}

async fn stage(office: &mut Office<'_>) -> String {
    let input = json!({ "code": "S1", "name": "S1", "sequence": 1, "probability": 10 });
    office.make("S1", "SalesStage", input).await;
    office.id("S1")
}

pub(crate) async fn convert(office: &Office<'_>, who: &str, id: &str, more: &str) -> Value {
    let query = format!("mutation {{ convertLead(id: \"{id}\"{more}) {{ {CONVERTED} }} }}");
    office.ask(who, &query).await
}

async fn count(client: &Client, list: &str) -> i64 {
    let told = client.data(&format!("{{ {list} {{ totalCount }} }}")).await;
    told[list]["totalCount"].as_i64().unwrap()
}

async fn a_lead_is_converted_whole_or_not_at_all(client: &Client) {
    let mut office = Office::open(client).await;
    let stage = stage(&mut office).await;
    let id = lead(&mut office, "远东", json!({})).await;
    let activity = json!({ "subject": "电话", "lead": { "id": id }, "department": { "id": office.id("TJ-TL") },
        "employee": { "id": office.id("li") } });
    office.make("call", "Activity", activity).await;
    let before = [
        count(client, "customers").await,
        count(client, "contacts").await,
        count(client, "opportunities").await,
    ];

    // A fault in the last record leaves nothing of the first.
    let limits = "extend type Opportunity @check(expr: \"amount < 100\", message: \"太大\", messageEn: \"Too big\")";
    assert_eq!(client.apply(limits, false).await["diagnostics"], json!([]));
    let told =
        convert(&office, "li", &id, &format!(", input: {{stage: {{id: \"{stage}\"}}}}")).await;
    let payload = &told["data"]["convertLead"];
    assert_eq!(payload["userErrors"][0]["path"], json!(["opportunity", "amount"]), "{told}");
    assert_eq!((&payload["record"], &payload["customer"]), (&Value::Null, &Value::Null), "{told}");
    let after = [
        count(client, "customers").await,
        count(client, "contacts").await,
        count(client, "opportunities").await,
    ];
    assert_eq!(before, after);
    let status = client.data(&format!("{{ lead(id: \"{id}\") {{ status }} }}")).await;
    assert_eq!(status["lead"]["status"], "OPEN");

    client.update("Lead", &id, json!({ "estimatedAmount": "99" })).await;
    let keyed = format!(
        ", input: {{stage: {{id: \"{stage}\"}}, customerCode: \"C-77\"}}, idempotencyKey: \"k\""
    );
    let told = convert(&office, "li", &id, &keyed).await;
    let made = told["data"]["convertLead"].clone();
    assert_eq!(made["userErrors"], json!([]), "{told}");
    assert_eq!(made["record"]["status"], "CONVERTED");
    for (name, of) in [
        ("convertedCustomer", "customer"),
        ("convertedContact", "contact"),
        ("convertedOpportunity", "opportunity"),
    ] {
        assert_eq!(made["record"][name]["id"], made[of]["id"], "{told}");
    }
    assert_eq!(
        (&made["customer"]["code"], &made["customer"]["name"]),
        (&json!("C-77"), &json!("远东化工"))
    );
    assert_eq!(made["customer"]["owner"]["code"], "li");
    assert_eq!(made["contact"]["customer"]["id"], made["customer"]["id"]);
    assert_eq!(
        (&made["opportunity"]["amount"], &made["opportunity"]["stage"]["code"]),
        (&json!("99.00"), &json!("S1"))
    );
    assert_eq!(made["opportunity"]["contact"]["id"], made["contact"]["id"]);
    // What was done for the lead is the customer's now.
    let call = client
        .data(&format!(
            "{{ activity(id: \"{}\") {{ customer {{ id }} opportunity {{ id }} }} }}",
            office.id("call")
        ))
        .await;
    assert_eq!(call["activity"]["customer"]["id"], made["customer"]["id"]);
    assert_eq!(call["activity"]["opportunity"]["id"], made["opportunity"]["id"]);

    // History says by what the records came about, to whoever may know it.
    let history = "history(first: 1) { nodes { action via viaLabel } }";
    let of = |list: &str, id: &Value| format!("{list}: {list}(id: {id}) {{ {history} }}");
    let asked =
        format!("{{ {} {} }}", of("lead", &json!(id)), of("customer", &made["customer"]["id"]));
    let told = office.ask("li", &asked).await["data"].clone();
    let entry =
        |action: &str| json!([{ "action": action, "via": "convertLead", "viaLabel": "Convert" }]);
    assert_eq!(told["lead"]["history"]["nodes"], entry("UPDATE"), "{told}");
    assert_eq!(told["customer"]["history"]["nodes"], entry("CREATE"), "{told}");

    // The same request is answered again; another one is refused.
    let again = convert(&office, "li", &id, &keyed).await;
    assert_eq!(again["data"]["convertLead"]["customer"], made["customer"], "{again}");
    let twice = convert(&office, "li", &id, "").await;
    let error = &twice["data"]["convertLead"]["userErrors"][0];
    assert_eq!(error["code"], "RECORD_STATE", "{twice}");
    assert_eq!(error["message"], "The lead is converted or dropped already");
    assert_eq!(count(client, "customers").await, before[0] + 1);

    // Of two at once one does.
    let other = lead(&mut office, "近西", json!({ "phone": "021-1" })).await;
    let (one, two) =
        tokio::join!(convert(&office, "li", &other, ""), convert(&office, "li", &other, ""));
    let told = [one, two].map(|told| told["data"]["convertLead"].clone());
    assert_eq!(told.iter().filter(|told| told["record"].is_object()).count(), 1, "{told:?}");
    let refused = told.iter().find(|told| told["record"].is_null()).unwrap();
    assert_eq!(refused["userErrors"][0]["code"], "RECORD_STATE", "{told:?}");
    assert_eq!(count(client, "customers").await, before[0] + 2);
    // Without a stage no opportunity is made.
    let done = told.iter().find(|told| told["record"].is_object()).unwrap();
    assert_eq!(
        (&done["opportunity"], &done["customer"]["name"]),
        (&Value::Null, &json!("近西化工"))
    );
}

async fn a_converted_lead_may_join_a_customer(client: &Client) {
    let mut office = Office::open(client).await;
    let before = count(client, "customers").await;
    let id = lead(&mut office, "甲", json!({})).await;
    // A customer that the caller does not see is not there.
    let hidden = format!(", input: {{customer: {{id: \"{}\"}}}}", office.id("CQ"));
    let none =
        format!(", input: {{customer: {{id: \"{}\"}}}}", "00000000-0000-7000-8000-000000000000");
    let told =
        [convert(&office, "li", &id, &hidden).await, convert(&office, "li", &id, &none).await]
            .map(|told| told["data"]["convertLead"]["userErrors"].clone());
    assert_eq!(told[0][0]["path"], json!(["customer"]), "{told:?}");
    assert_eq!(told[0], told[1]);
    let known = format!(", input: {{customer: {{id: \"{}\"}}}}", office.id("CL"));
    let told = convert(&office, "li", &id, &known).await;
    let made = &told["data"]["convertLead"];
    assert_eq!(made["userErrors"], json!([]), "{told}");
    assert_eq!(made["customer"], Value::Null);
    assert_eq!(made["record"]["convertedCustomer"]["id"], json!(office.id("CL")));
    assert_eq!(made["contact"]["customer"]["id"], json!(office.id("CL")));
    assert_eq!(count(client, "customers").await, before);

    // One that looks like another is refused, and made where the caller says so.
    let rules = "object = \"Customer\"\n[[duplicate]]\nname = \"company\"\nlabel = \"公司\"\nlabel_en = \"Company\"\nfields = { name = [\"COMPANY_NAME\"] }\naction = \"refuse\"\noverride = true\n";
    let set = client
        .metadata(
            "mutation($text: String!) { setDuplicateRules(object: \"Customer\", definition: $text) { diagnostics { message } } }",
            json!({ "text": rules }),
        )
        .await;
    assert_eq!(set["setDuplicateRules"]["diagnostics"], json!([]), "{set}");
    let first = lead(&mut office, "丙", json!({})).await;
    let told = convert(&office, "li", &first, "").await;
    assert_eq!(told["data"]["convertLead"]["userErrors"], json!([]), "{told}");
    let made_first = told["data"]["convertLead"]["customer"]["id"].clone();
    let second = lead(&mut office, "丁", json!({ "companyName": "丙化工" })).await;
    let told = convert(&office, "li", &second, "").await;
    let payload = &told["data"]["convertLead"];
    assert_eq!(payload["userErrors"][0]["code"], "RECORD_DUPLICATE", "{told}");
    assert_eq!(payload["userErrors"][0]["path"], json!(["customer", "name"]), "{told}");
    assert_eq!(payload["duplicates"], json!([{ "id": made_first, "rule": "company" }]), "{told}");
    let told = convert(&office, "li", &second, ", allowDuplicates: true").await;
    assert_eq!(told["data"]["convertLead"]["userErrors"], json!([]), "{told}");
}

async fn an_opportunity_becomes_a_quote_and_the_quote_an_order(client: &Client) {
    let mut office = Office::open(client).await;
    let stage = stage(&mut office).await;
    office.make("category", "ItemCategory", json!({ "code": "X", "name": "X" })).await;
    let item = json!({ "code": "I1", "name": "树脂", "unit": "KG", "category": { "id": office.id("category") } });
    office.make("item", "InventoryItem", item).await;
    let line = |quantity: &str, price: &str| json!({ "item": { "id": office.id("item") }, "quantity": quantity, "price": price });
    let input = json!({ "name": "一批树脂", "customer": { "id": office.id("CL") }, "department": { "id": office.id("TJ-TL") },
        "owner": { "id": office.id("li") }, "stage": { "id": stage }, "lines": { "create": [line("12.5", "8.2"), line("3", "10")] } });
    office.make("chance", "Opportunity", input).await;
    let query = format!(
        "mutation {{ quoteOpportunity(id: \"{}\", input: {{validUntil: \"2099-01-31\"}}) {{
            quote {{ id number totalAmount validUntil lines {{ quantity unit price }} opportunity {{ name }} owner {{ code }} }} userErrors {{ path message }} }} }}",
        office.id("chance")
    );
    let told = office.ask("li", &query).await;
    let quote = told["data"]["quoteOpportunity"]["quote"].clone();
    assert_eq!(told["data"]["quoteOpportunity"]["userErrors"], json!([]), "{told}");
    assert_eq!(
        (&quote["totalAmount"], &quote["validUntil"]),
        (&json!("132.50"), &json!("2099-01-31"))
    );
    assert_eq!(quote["lines"][0], json!({ "quantity": "12.5000", "unit": "KG", "price": "8.20" }));
    assert_eq!(
        (&quote["opportunity"]["name"], &quote["owner"]["code"]),
        (&json!("一批树脂"), &json!("li"))
    );

    let query = format!(
        "mutation {{ orderQuote(id: {}, input: {{customerOrderNumber: \"PO-1\"}}) {{ record {{ status }}
            order {{ id status totalAmount customerOrderNumber quote {{ id }} lines {{ price discountPercent }} }} userErrors {{ path message }} }} }}",
        quote["id"]
    );
    let told = office.ask("li", &query).await;
    let done = &told["data"]["orderQuote"];
    assert_eq!(done["userErrors"], json!([]), "{told}");
    assert_eq!(done["record"]["status"], "ACCEPTED");
    assert_eq!(
        (&done["order"]["status"], &done["order"]["totalAmount"]),
        (&json!("DRAFT"), &json!("132.50")),
        "{told}"
    );
    assert_eq!(
        (&done["order"]["quote"]["id"], &done["order"]["customerOrderNumber"]),
        (&quote["id"], &json!("PO-1"))
    );

    // The contract belongs to the order, and there is one.
    let contract = |more: &str| {
        format!(
            "mutation {{ contractSalesOrder(id: {}{more}) {{ record {{ contract {{ name }} }} madeContract {{ name amount }} userErrors {{ code path }} }} }}",
            done["order"]["id"]
        )
    };
    let told = office.ask("li", &contract("")).await;
    let error = &told["data"]["contractSalesOrder"]["userErrors"][0];
    assert_eq!(
        (&error["code"], &error["path"]),
        (&json!("RECORD_REQUIRED"), &json!(["name"])),
        "{told}"
    );
    let named = contract(", input: {name: \"年度合同\"}");
    let told = office.ask("li", &named).await;
    let made = &told["data"]["contractSalesOrder"];
    assert_eq!(made["madeContract"], json!({ "name": "年度合同", "amount": "132.50" }), "{told}");
    assert_eq!(made["record"]["contract"]["name"], "年度合同");
    let told = office.ask("li", &named).await;
    assert_eq!(
        told["data"]["contractSalesOrder"]["userErrors"][0]["code"], "RECORD_STATE",
        "{told}"
    );
}

async fn actions_open_nothing(client: &Client) {
    let mut office = Office::open(client).await;
    let id = lead(&mut office, "甲", json!({})).await;
    let known = lead(&mut office, "乙", json!({ "phone": "1111" })).await;
    let made = convert(&office, "li", &known, "").await["data"]["convertLead"].clone();
    // Who reads customers and no leads does not learn that there are any.
    let reader = "code = \"reader\"\nlabel = \"客户\"\nlabel_en = \"Reader\"\n[[grants]]\nobjects = [\"Customer\"]\nactions = [\"read\"]\nopen = true\n";
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(save, json!({ "d": reader })).await;
    office.give("new", &["reader"], &[]).await;
    let query = format!(
        "{{ customer(id: {}) {{ history(first: 1) {{ nodes {{ action via viaLabel }} }} }} }}",
        made["customer"]["id"]
    );
    let told = office.ask("new", &query).await;
    let entry = json!([{ "action": "CREATE", "via": null, "viaLabel": null }]);
    assert_eq!(told["data"]["customer"]["history"]["nodes"], entry, "{told}");

    // To whom the lead is hidden it is not there; who may change no lead has no such mutation.
    let told = convert(&office, "chen", &id, "").await;
    assert_eq!(told["errors"][0]["extensions"]["code"], "RECORD_NOT_FOUND", "{told}");
    let told = convert(&office, "wei", &id, "").await;
    assert_eq!(told["errors"][0]["extensions"]["code"], "INPUT_INVALID", "{told}");
    let types = office.ask("wei", "{ __schema { types { name } } }").await.to_string();
    assert!(!types.contains("ConvertLead"), "{types}");

    // Who may change the lead and make no customers makes none by an action, and leaves nothing.
    let role = "code = \"lead_keeper\"\nlabel = \"线索\"\nlabel_en = \"Leads\"\n[[grants]]\nobjects = [\"Lead\"]\nactions = [\"read\", \"create\", \"edit\"]\nopen = true\n";
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(save, json!({ "d": role })).await;
    office.give("new", &["lead_keeper"], &[]).await;
    let mutation = format!(
        "mutation {{ convertLead(id: \"{id}\") {{ record {{ id }} userErrors {{ code path message }} }} }}"
    );
    let told = office.ask("new", &mutation).await;
    let error = &told["data"]["convertLead"]["userErrors"][0];
    assert_eq!(
        (&error["code"], &error["path"]),
        (&json!("ACCESS_DENIED"), &json!(["customer"])),
        "{told}"
    );
    let fields = office
        .ask("new", "{ __type(name: \"ConvertLeadPayload\") { fields { name } } }")
        .await
        .to_string();
    assert!(fields.contains("record") && !fields.contains("customer"), "{fields}");
    let told = office.ask("new", &format!("mutation {{ convertLead(id: \"{id}\", input: {{customer: {{id: \"x\"}}}}) {{ record {{ id }} }} }}")).await;
    assert_eq!(told["errors"][0]["extensions"]["code"], "INPUT_INVALID", "{told}");
}

async fn actions_are_told_on_the_record(client: &Client) {
    let mut office = Office::open(client).await;
    let open = lead(&mut office, "甲", json!({})).await;
    let read = |id: &str| {
        format!("{{ lead(id: \"{id}\") {{ _actions {{ name code allowed because }} }} }}")
    };
    let told = office.ask("li", &read(&open)).await;
    let listed = &told["data"]["lead"]["_actions"];
    assert_eq!(
        listed,
        &json!([{ "name": "convertLead", "code": "convert", "allowed": true, "because": null }]),
        "{told}"
    );
    client.update("Lead", &open, json!({ "status": "DROPPED" })).await;
    let told = office.ask("li", &read(&open)).await;
    assert_eq!(told["data"]["lead"]["_actions"][0]["because"], "CONDITION", "{told}");
    assert_eq!(told["data"]["lead"]["_actions"][0]["allowed"], false);
    // Moves and actions of an order stand together, and a locked one is closed by its state.
    let told = client
        .data(&format!(
            "{{ salesOrder(id: \"{}\") {{ _actions {{ name allowed }} }} }}",
            office.id("order of li")
        ))
        .await;
    let listed = told["salesOrder"]["_actions"].to_string();
    assert!(
        listed.contains("submitSalesOrder") && listed.contains("contractSalesOrder"),
        "{listed}"
    );

    let info = "{ object(name: \"Lead\") { actions { code name label right message input { name label type required target writable drafts } creates { name object } } } }";
    let told = client.metadata_as(&office.tokens["li"], info, json!({})).await.data();
    let action = &told["object"]["actions"][0];
    assert_eq!(
        (&action["name"], &action["right"]),
        (&json!("convertLead"), &json!("edit")),
        "{told}"
    );
    assert_eq!(
        action["input"][0],
        json!({ "name": "customer", "label": "Existing customer", "type": "RELATION", "required": false,
            "target": "Customer", "writable": true, "drafts": false })
    );
    assert_eq!(action["creates"][0], json!({ "name": "customer", "object": "Customer" }));
    assert_eq!(action["message"], "The lead is converted or dropped already");
    // What it asks for has candidates: those that whoever does it may read.
    let choose = |field: &str| {
        format!("{{ candidates(object: \"Lead\", field: \"{field}\", search: \"CL\") {{ id }} }}")
    };
    let told = office.ask("li", &choose("convert.customer")).await;
    assert_eq!(told["data"]["candidates"], json!([{ "id": office.id("CL") }]), "{told}");
    for (who, field) in
        [("li", "convert.stages"), ("li", "konvert.customer"), ("wei", "convert.customer")]
    {
        let told = office.ask(who, &choose(field)).await;
        assert_eq!(told["errors"][0]["extensions"]["code"], "INPUT_INVALID", "{who}: {told}");
    }
    let told = client.metadata(info, json!({})).await;
    assert_eq!(told["object"]["actions"][0]["input"][0]["writable"], true, "{told}");
}

const RENEW: &str = r#"
[[action]]
code = "renew"
object = "SampleLoan"
label = "续借"
label_en = "Renew"
input = [{ name = "until", type = "Date!", label = "借至", label_en = "Until" }, { name = "reason", type = "String" }]
[[action.steps]]
create = "SampleLoan"
name = "next"
set = { customer = "customer", department = "department", dueDate = "input.until" }
[[action.steps]]
create = "Activity"
name = "note"
when = "input.reason != null"
set = { subject = "input.reason", customer = "next.customer", department = "next.department", employee = "next.customer.owner" }
[action.set]
status = "RETURNED"
"#;

async fn own_texts_make_actions_of_any_object(client: &Client) {
    let mut office = Office::open(client).await;
    client.apply(LOANS, false).await;
    applied(client, "loans", RENEW).await;
    let loan = json!({ "customer": { "id": office.id("CL") }, "department": { "id": office.id("TJ-TL") } });
    office.make("loan", "SampleLoan", loan).await;
    let query = format!(
        "mutation {{ renewSampleLoan(id: \"{}\", input: {{until: \"2099-05-01\", reason: \"再试一次\"}}) {{
            record {{ status }} next {{ dueDate status }} note {{ subject employee {{ code }} customer {{ code }} }} userErrors {{ code path message }} }} }}",
        office.id("loan")
    );
    let told = client.ask(&query, json!({})).await.data();
    let done = &told["renewSampleLoan"];
    assert_eq!(done["userErrors"], json!([]), "{told}");
    assert_eq!(done["record"]["status"], "RETURNED");
    assert_eq!(done["next"], json!({ "dueDate": "2099-05-01", "status": "OPEN" }));
    assert_eq!(
        done["note"],
        json!({ "subject": "再试一次", "employee": { "code": "li" }, "customer": { "code": "CL" } })
    );

    // One's own takes the place of the standard one of its name.
    let own =
        "[[action]]\ncode = \"convert\"\nobject = \"Lead\"\nset = { status = \"CONVERTED\" }\n";
    applied(client, "leads", own).await;
    let fields = client
        .data("{ __type(name: \"ConvertLeadPayload\") { fields { name } } }")
        .await
        .to_string();
    assert!(!fields.contains("customer"), "{fields}");
    let removed = apply_rules(client, "leads", Value::Null).await;
    assert_eq!(removed["diagnostics"], json!([]), "{removed}");
    let fields = client
        .data("{ __type(name: \"ConvertLeadPayload\") { fields { name } } }")
        .await
        .to_string();
    assert!(fields.contains("customer"), "{fields}");
}

async fn many_records_are_acted_on_all_or_none(client: &Client) {
    let mut office = Office::open(client).await;
    let before = count(client, "customers").await;
    for (name, phone) in [("甲", "1111"), ("乙", "2222"), ("丙", "3333")] {
        lead(&mut office, name, json!({ "phone": phone })).await;
    }
    let mutation = |more: &str| {
        format!(
            "mutation {{ convertLeads(filter: {{name: {{eq: \"询环氧树脂\"}}}}, atMost: 10{more}) {{ count userErrors {{ code path }} }} }}"
        )
    };
    client.update("Lead", &office.id("乙"), json!({ "status": "DROPPED" })).await;
    let told = client.ask(&mutation(""), json!({})).await.data();
    let errors = &told["convertLeads"]["userErrors"];
    assert_eq!(errors[0]["path"][0], json!(office.id("乙")), "{told}");
    assert_eq!(count(client, "customers").await, before);
    client.update("Lead", &office.id("乙"), json!({ "status": "OPEN" })).await;
    let tried = client.ask(&mutation(", dryRun: true"), json!({})).await.data();
    assert_eq!(tried["convertLeads"], json!({ "count": 3, "userErrors": [] }), "{tried}");
    assert_eq!(count(client, "customers").await, before);
    let told = client.ask(&mutation(""), json!({})).await.data();
    assert_eq!(told["convertLeads"], json!({ "count": 3, "userErrors": [] }), "{told}");
    assert_eq!(count(client, "customers").await, before + 3);
}
