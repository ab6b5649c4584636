//! What a form is drawn from: types, limits, values and their labels, and what the caller may do with each field.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office},
};

both_dbs! {
    fields_tell_what_a_form_needs
    labels_come_in_the_language_of_the_caller
    forms_name_nothing_that_the_caller_may_not_know
    histories_call_picklist_values_by_name
    percentages_are_decimals_that_say_so
}

const FORM: &str = "query($name: String!) { object(name: $name) { name plural label labelZh labelEn help kind custom display systems may
    fields { name label labelZh labelEn help type required writable access custom scale currency max target defaulted default
        operators sortable groupable drafts options { name label labelZh labelEn } } } }";

#[track_caller]
fn field(object: &Value, name: &str) -> Value {
    let fields = object["fields"].as_array().unwrap_or_else(|| panic!("{object:#}"));
    let found = fields.iter().find(|field| field["name"] == name);
    found.unwrap_or_else(|| panic!("no {name}")).clone()
}

#[track_caller]
fn is(object: &Value, name: &str, expected: &Value) {
    let told = field(object, name);
    for (key, value) in expected.as_object().unwrap() {
        assert_eq!(&told[key], value, "{name}.{key}");
    }
}

async fn fields_tell_what_a_form_needs(client: &Client) {
    let form =
        async |name: &str| client.metadata(FORM, json!({ "name": name })).await["object"].clone();
    let order = form("SalesOrder").await;
    assert_eq!(order["kind"], "DOCUMENT");
    assert_eq!(order["display"], "number");
    assert_eq!(order["systems"], json!(["SALES", "SALES_SERVICE"]));
    assert!(order["may"].as_array().unwrap().contains(&json!("EDIT")), "{:#}", order["may"]);
    is(&order, "number", &json!({ "type": "NUMBER", "access": "READ_ONLY", "writable": false }));
    is(
        &order,
        "customer",
        &json!({ "type": "RELATION", "target": "Customer", "required": true, "access": "READ_WRITE", "operators": [], "sortable": true, "groupable": true }),
    );
    is(&order, "orderDate", &json!({ "type": "DATE", "defaulted": true, "default": null }));
    is(&order, "status", &json!({ "type": "PICKLIST", "default": "DRAFT", "defaulted": true }));
    is(&order, "receiver", &json!({ "type": "TEXT", "max": 60, "defaulted": false }));
    is(&order, "receiverPhone", &json!({ "type": "PHONE", "max": 40 }));
    is(&order, "remark", &json!({ "type": "LONG_TEXT" }));
    is(
        &order,
        "lines",
        &json!({ "type": "LINES", "target": "SalesOrderLine", "operators": ["some", "none", "every"], "drafts": true, "sortable": false }),
    );
    is(
        &order,
        "totalAmount",
        &json!({ "type": "MONEY", "scale": 2, "currency": "CNY", "writable": false, "access": "READ_ONLY" }),
    );
    is(&order, "totalQuantity", &json!({ "type": "DECIMAL", "scale": 4, "currency": null }));
    is(&order, "lineCount", &json!({ "type": "INTEGER", "groupable": true }));
    is(&order, "id", &json!({ "type": "ID", "writable": false }));
    let line = form("SalesOrderLine").await;
    assert_eq!((&line["kind"], &line["plural"]), (&json!("LINE"), &Value::Null));
    is(
        &line,
        "quantity",
        &json!({ "type": "DECIMAL", "scale": 4, "drafts": true, "required": true }),
    );
    is(
        &line,
        "discountPercent",
        &json!({ "type": "PERCENT", "default": "0", "defaulted": true, "scale": 2, "drafts": true, "currency": null }),
    );
    is(&line, "item", &json!({ "drafts": true }));
    is(&line, "unit", &json!({ "defaulted": true, "default": null }));
    is(&line, "remark", &json!({ "drafts": false }));
    is(&line, "amount", &json!({ "type": "MONEY", "access": "READ_ONLY", "drafts": false }));
    let customer = form("Customer").await;
    is(&form("Contact").await, "email", &json!({ "type": "EMAIL", "max": 254 }));
    is(
        &customer,
        "contacts",
        &json!({ "type": "INVERSE", "target": "Contact", "writable": false }),
    );
    let operators = ["eq", "ne", "in", "notIn", "isNull"];
    is(&customer, "level", &json!({ "operators": operators, "groupable": true }));
    // What the form says of filters, orders and groups is what documents may use.
    for object in ["Customer", "SalesOrder", "SalesOrderLine", "Activity", "Employee", "Operator"] {
        let form = form(object).await;
        let known = async |ty: &str| {
            let query = format!(
                "{{ __type(name: \"{object}{ty}\") {{ inputFields {{ name type {{ name inputFields {{ name }} }} }} }} }}"
            );
            client.data(&query).await["__type"]["inputFields"]
                .as_array()
                .cloned()
                .unwrap_or_default()
        };
        let names = |fields: &[Value]| fields.iter().map(|f| f["name"].clone()).collect::<Vec<_>>();
        let (filter, order, group) =
            (known("Filter").await, names(&known("Order").await), names(&known("GroupBy").await));
        for told in form["fields"].as_array().unwrap() {
            let name = &told["name"];
            let condition = filter.iter().find(|condition| condition["name"] == *name).unwrap();
            let mut operators = names(condition["type"]["inputFields"].as_array().unwrap());
            if told["type"] == "RELATION" {
                operators.clear();
            }
            let listed = ["LINES", "MANY_TO_MANY", "INVERSE"]
                .map(|list| told["type"] == list)
                .contains(&true);
            operators.retain(|operator| {
                !listed || ["some", "none", "every"].contains(&operator.as_str().unwrap())
            });
            assert_eq!(told["operators"], json!(operators), "{object}.{name}");
            if !form["plural"].is_null() {
                assert_eq!(told["sortable"], order.contains(name), "{object}.{name}");
            }
            assert_eq!(told["groupable"], group.contains(name), "{object}.{name}");
        }
    }
}

async fn labels_come_in_the_language_of_the_caller(client: &Client) {
    let sdl = "type Loan @object(plural: \"loans\", label: \"借用\") {
        name: String! @field(label: \"名称\", help: \"写清用途\")
        finish: Finish @field(label: \"表面\", labelEn: \"Finish\", help: \"How it looks\") }
        enum Finish { MATT @label(zh: \"哑光\", en: \"Matt\") GLOSS @label(zh: \"亮光\") RAW }";
    assert_eq!(client.apply(sdl, false).await["diagnostics"], json!([]));
    let token = client.token("admin").await;
    let ask = async |lang: &str, name: &str| {
        let query = FORM.replace("($name: String!)", "").replace("$name", &format!("\"{name}\""));
        client.metadata_with(&token, ("Accept-Language", lang), &query).await.data()["object"]
            .clone()
    };
    let (english, chinese) = (ask("en", "Loan").await, ask("zh-CN,zh;q=0.9", "Loan").await);
    assert_eq!((&english["label"], &chinese["label"]), (&json!("借用"), &json!("借用")));
    let (en, zh) = (field(&english, "finish"), field(&chinese, "finish"));
    assert_eq!(
        [&en["label"], &zh["label"], &en["labelZh"], &zh["labelEn"]],
        ["Finish", "表面", "表面", "Finish"]
    );
    assert_eq!((&en["help"], &zh["help"]), (&json!("How it looks"), &Value::Null));
    let helped = (field(&english, "name")["help"].clone(), field(&chinese, "name")["help"].clone());
    assert_eq!(helped, (Value::Null, json!("写清用途")));
    let labels = |field: &Value| {
        let options = field["options"].as_array().unwrap().clone();
        options
            .iter()
            .map(|option| option["label"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (labels(&en), labels(&zh)),
        (
            ["Matt", "亮光", "RAW"].map(str::to_owned).to_vec(),
            ["哑光", "亮光", "RAW"].map(str::to_owned).to_vec(),
        )
    );
    assert_eq!(
        en["options"][0],
        json!({ "name": "MATT", "label": "Matt", "labelZh": "哑光", "labelEn": "Matt" })
    );
    let customer = (ask("en", "Customer").await, ask("zh", "Customer").await);
    assert_eq!((&customer.0["label"], &customer.1["label"]), (&json!("Customer"), &json!("客户")));
    for name in ["createdAt", "contacts", "owner"] {
        let (en, zh) = (field(&customer.0, name), field(&customer.1, name));
        assert!(en["label"].as_str().unwrap().is_ascii() || name == "contacts", "{en}");
        assert!(!zh["label"].as_str().unwrap().is_ascii(), "{zh}");
    }
}

async fn forms_name_nothing_that_the_caller_may_not_know(client: &Client) {
    let office = Office::open(client).await;
    let role = "code = \"part\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Contact\", \"SalesStage\"]\nactions = [\"read\", \"edit\"]\nopen = true\n[[grants]]\nobjects = [\"Region\"]\nactions = [\"read\"]\nopen = true\n[[fields]]\nobject = \"Contact\"\nhidden = [\"email\"]\nreadonly = [\"weChat\"]\n[fields.masked]\nmobile = \"end\"\n";
    client
        .metadata(
            "mutation($d: String!) { saveRole(definition: $d) { code } }",
            json!({ "d": role }),
        )
        .await;
    client
        .metadata(
            "mutation { assignRoles(account: \"new\", roles: [\"part\"]) { roles } }",
            json!({}),
        )
        .await;
    let token = client.token("new").await;
    let ask = async |name: &str| {
        client.metadata_as(&token, FORM, json!({ "name": name })).await.data()["object"].clone()
    };
    assert_eq!(ask("Customer").await, Value::Null);
    let contact = ask("Contact").await;
    let text = contact.to_string();
    for hidden in
        ["\"email\"", "\"customer\"", "\"Customer\"", "\"createdBy\"", "\"opportunities\""]
    {
        assert!(!text.contains(hidden), "{hidden}: {text}");
    }
    is(&contact, "weChat", &json!({ "writable": false, "access": "READ_ONLY" }));
    is(
        &contact,
        "mobile",
        &json!({ "writable": false, "access": "MASKED", "operators": [], "sortable": false, "groupable": false }),
    );
    is(&contact, "name", &json!({ "writable": true, "access": "READ_WRITE" }));
    assert_eq!(contact["may"], json!(["READ", "EDIT"]));
    let region = ask("Region").await;
    is(&region, "name", &json!({ "writable": false, "access": "READ_ONLY" }));
    let stage = ask("SalesStage").await;
    is(&stage, "probability", &json!({ "default": 0, "writable": true }));
    // All that a form offers may be asked for, and all that may be asked for is offered.
    for (object, form) in [("Contact", &contact), ("Region", &region), ("SalesStage", &stage)] {
        let query = format!("{{ t: __type(name: \"{object}\") {{ fields {{ name }} }} }}");
        let known = client.ask_as(&token, &query).await.data()["t"]["fields"].clone();
        let known: Vec<_> = known
            .as_array()
            .unwrap()
            .iter()
            .map(|f| f["name"].as_str().unwrap().to_owned())
            .collect();
        let told: Vec<_> = form["fields"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| f["name"].as_str().unwrap().to_owned())
            .collect();
        assert!(told.iter().all(|name| known.contains(name)), "{object}: {told:?} {known:?}");
        let more = known.iter().filter(|name| !told.contains(name) && !name.ends_with("Aggregate"));
        let more: Vec<_> = more.map(String::as_str).collect();
        assert!(
            more.iter().all(|name| ["history", "_can", "_fieldStates", "_title"].contains(name)),
            "{object}: {more:?}"
        );
    }
    drop(office);
}

async fn histories_call_picklist_values_by_name(client: &Client) {
    let department = client.department("TJ").await;
    let customer = client.customer(&department, "C1", json!({ "lifecycle": "POTENTIAL" })).await;
    client.update("Customer", &customer, json!({ "lifecycle": "ACTIVE" })).await;
    let token = client.token("admin").await;
    let query = "{ customer(code: \"C1\") { history(field: \"lifecycle\") { nodes { changes { old new oldText newText } } } } }";
    for (lang, texts) in [("en", ["Potential", "Active"]), ("zh", ["潜在", "成交"])] {
        let told = client.ask_with(&token, ("Accept-Language", lang), query).await.data();
        let change = &told["customer"]["history"]["nodes"][0]["changes"][0];
        assert_eq!([&change["oldText"], &change["newText"]], texts, "{change}");
        assert_eq!([&change["old"], &change["new"]], ["POTENTIAL", "ACTIVE"]);
    }
    // Several values, values of lines, and one that is there no more.
    let sdl = "type Loan @object(kind: DOCUMENT, plural: \"loans\") { marks: [Mark!] lines: [LoanLine!]! @lines }
        type LoanLine @object(kind: LINE) { mark: Mark text: String }
        enum Mark { RED @label(zh: \"红\", en: \"Red\") BLUE @label(zh: \"蓝\", en: \"Blue\") }";
    assert_eq!(client.apply(sdl, false).await["diagnostics"], json!([]));
    let lines = json!({ "create": [{ "mark": "RED", "text": "x" }] });
    let loan = client.create("Loan", json!({ "marks": ["RED", "BLUE"], "lines": lines })).await;
    let line =
        client.data("{ loans { nodes { lines { id } } } }").await["loans"]["nodes"][0]["lines"][0]
            .clone();
    let patch = json!({ "marks": ["BLUE"], "lines": { "update": [{ "id": line["id"], "patch": { "mark": "BLUE" } }] } });
    client.update("Loan", &loan, patch).await;
    let query = "{ loans { nodes { history(first: 1) { nodes { changes { field new oldText newText } } } } } }";
    let told =
        client.data(query).await["loans"]["nodes"][0]["history"]["nodes"][0]["changes"].clone();
    let change =
        |name: &str| told.as_array().unwrap().iter().find(|c| c["field"] == name).unwrap().clone();
    assert_eq!([&change("marks")["oldText"], &change("marks")["newText"]], ["Red, Blue", "Blue"]);
    let mark = &change("lines")["new"]["lines"][0]["fields"]["mark"];
    assert_eq!(mark, &json!({ "old": "RED", "new": "BLUE", "oldText": "Red", "newText": "Blue" }));
}

async fn percentages_are_decimals_that_say_so(client: &Client) {
    let sdl = "type Rebate @object(kind: SETUP, label: \"返利\", plural: \"rebates\") {
        code: String! @field(label: \"编码\", unique: true)
        rate: Decimal! @field(type: PERCENT, label: \"比例\", check: \"rate <= 100\")
        fine: Decimal @field(type: PERCENT, scale: 4, label: \"细分\") @formula(expr: \"rate / 3\")
        owed: Decimal @field(type: MONEY, label: \"金额\") @formula(expr: \"round(200 * rate / 100, 2)\")
    }";
    assert_eq!(client.apply(sdl, false).await["diagnostics"], json!([]));
    for (code, rate) in [("A", "12.5"), ("B", "7"), ("C", "0.01")] {
        client.create("Rebate", json!({ "code": code, "rate": rate })).await;
    }
    let read = "{ rebates(filter: { rate: { gte: \"7\" } }, orderBy: [{ rate: ASC }]) { nodes { code rate fine owed } }
        rebateAggregate { avg { rate } max { rate } } }";
    assert_eq!(
        client.data(read).await,
        json!({
            "rebates": { "nodes": [
                { "code": "B", "rate": "7.00", "fine": "2.3333", "owed": "14.00" },
                { "code": "A", "rate": "12.50", "fine": "4.1667", "owed": "25.00" },
            ] },
            "rebateAggregate": [{ "avg": { "rate": "6.503333" }, "max": { "rate": "12.50" } }],
        })
    );
    for (rate, message) in [("12.345", "at most 2 digits"), ("100.01", "100"), ("12%", "decimal")] {
        let refused = client.try_create("Rebate", json!({ "code": "D", "rate": rate })).await;
        let told = refused["userErrors"][0]["message"].as_str().unwrap().to_owned();
        assert!(told.contains(message), "{told}");
    }
    let form = "{ object(name: \"Rebate\") { fields { name type scale currency } } }";
    let form = client.metadata(form, json!({})).await;
    let fields = form["object"]["fields"].as_array().unwrap();
    let of = |name: &str| fields.iter().find(|field| field["name"] == name).unwrap();
    assert_eq!(
        *of("rate"),
        json!({ "name": "rate", "type": "PERCENT", "scale": 2, "currency": null })
    );
    assert_eq!(
        *of("fine"),
        json!({ "name": "fine", "type": "PERCENT", "scale": 4, "currency": null })
    );
    // A decimal becomes one without a change of what is stored.
    let plain = sdl.replace("type: PERCENT, label", "scale: 2, label");
    let changed = client.apply(&plain, true).await;
    assert_eq!(changed["diagnostics"], json!([]), "{changed:#}");
    let wrong = client
        .apply("type Other @object(kind: SETUP, label: \"其他\", plural: \"others\") { rate: Percent }", true)
        .await;
    let hint = wrong["diagnostics"][0]["hint"].as_str().unwrap();
    assert!(hint.contains("Decimal @field(type: PERCENT)"), "{hint}");
}
