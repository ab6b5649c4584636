//! Flows: the states of records, the moves between them, and what they close to everyone.

use serde_json::{Value, json};
use tradewind::app::Tuning;

use crate::{
    both_dbs,
    support::{Client, office::Office, open_beside},
};

both_dbs! {
    a_text_makes_moves_in_every_process
    only_moves_write_the_state
    a_state_closes_a_record_to_everyone
    moves_need_their_right_on_the_record
    of_two_who_move_a_record_one_does
    gates_hold_before_a_state
    states_may_be_records
    what_a_move_asks_for_and_sets
    many_records_move_all_or_none
    a_hidden_state_is_not_told
}

pub(crate) const LOANS: &str = include_str!("../cases/sample_loan.graphql");

pub(crate) const LOAN_FLOW: &str = r#"
[[flow]]
object = "SampleLoan"
field = "status"
start = ["OPEN"]
edit = ["OPEN"]
moves = [
  { code = "partly", from = ["OPEN"], to = "PARTLY_RETURNED" },
  { code = "takeBack", label = "归还", label_en = "Take back", from = ["OPEN", "PARTLY_RETURNED"], to = "RETURNED" } ]
"#;

/// Audit, transfer and ship an order, as in the solution document.
pub(crate) const ORDER_FLOW: &str = r#"
[[flow]]
object = "SalesOrder"
field = "status"
start = ["DRAFT"]
edit = ["DRAFT", "SUBMITTED"]
delete = ["DRAFT"]
moves = [
  { code = "submit", label = "提交", label_en = "Submit", from = ["DRAFT"], to = "SUBMITTED" },
  { code = "audit", label = "审核", label_en = "Audit", from = ["SUBMITTED"], to = "AUDITED", right = "audit" },
  { code = "transfer", from = ["AUDITED"], to = "TRANSFERRED", right = "transfer" },
  { code = "ship", from = ["TRANSFERRED"], to = "SHIPPED", right = "ship" } ]
"#;

pub(crate) const APPLY: &str = "mutation($sdl: String! = \"\", $rules: [RuleText!]!, $dryRun: Boolean! = false) {
    applySchema(sdl: $sdl, rules: $rules, dryRun: $dryRun) {
        version changes { kind object risk } diagnostics { code path line column message hint } } }";

/// Applies a text of behaviour.
pub(crate) async fn apply_rules(client: &Client, name: &str, text: Value) -> Value {
    let rules = json!([{ "name": name, "text": text }]);
    client.metadata(APPLY, json!({ "rules": rules })).await["applySchema"].clone()
}

pub(crate) async fn applied(client: &Client, name: &str, text: &str) {
    let told = apply_rules(client, name, json!(text)).await;
    assert_eq!(told["diagnostics"], json!([]), "{told:#}");
}

/// Moves a record as an account, and gives the payload.
async fn moved(office: &Office<'_>, who: &str, mutation: &str, id: &str) -> Value {
    let query = format!(
        "mutation {{ {mutation}(id: \"{id}\") {{ record {{ id status }} userErrors {{ code path message hint }} }} }}"
    );
    office.ask(who, &query).await
}

fn code_of(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
}

/// A draft of an order with one line.
async fn order(office: &mut Office<'_>, name: &str, department: &str, owner: &str) -> String {
    if office.client.data("{ inventoryItem(code: \"I1\") { id } }").await["inventoryItem"].is_null()
    {
        office.make("category", "ItemCategory", json!({ "code": "X", "name": "X" })).await;
        let item = json!({ "code": "I1", "name": "树脂", "unit": "KG", "category": { "id": office.id("category") } });
        office.make("item", "InventoryItem", item).await;
    }
    let item = office.client.data("{ inventoryItem(code: \"I1\") { id } }").await;
    let line =
        json!({ "item": { "id": item["inventoryItem"]["id"] }, "quantity": "2", "price": "10" });
    let customer = if owner == "chen" { "CS" } else { "CL" };
    let input = json!({ "customer": { "id": office.id(customer) }, "department": { "id": office.id(department) },
        "owner": { "id": office.id(owner) }, "lines": { "create": [line] } });
    office.make(name, "SalesOrder", input).await;
    office.id(name)
}

async fn a_text_makes_moves_in_every_process(client: &Client) {
    client.apply(LOANS, false).await;
    let told = apply_rules(client, "loans", json!(LOAN_FLOW)).await;
    assert_eq!(told["diagnostics"], json!([]), "{told:#}");
    assert_eq!(
        told["changes"],
        json!([{ "kind": "ADD_RULES", "object": "loans", "risk": "SAFE" }])
    );
    let again = apply_rules(client, "loans", json!(LOAN_FLOW)).await;
    assert_eq!((&again["version"], &again["changes"]), (&told["version"], &json!([])));

    let department = client.department("D").await;
    let customer = client.customer(&department, "C1", json!({})).await;
    let loan = json!({ "customer": { "id": customer }, "department": { "id": department } });
    let id = client.create("SampleLoan", loan).await;
    let query = format!(
        "{{ sampleLoan(id: \"{id}\") {{ status _can {{ edit delete }} _actions {{ name code allowed because }} }} }}"
    );
    let open = client.data(&query).await["sampleLoan"].clone();
    assert_eq!(open["status"], "OPEN");
    assert_eq!(open["_can"], json!({ "edit": true, "delete": true }));
    assert_eq!(
        open["_actions"],
        json!([
            { "name": "partlySampleLoan", "code": "partly", "allowed": true, "because": null },
            { "name": "takeBackSampleLoan", "code": "takeBack", "allowed": true, "because": null },
        ])
    );
    let (beside, other) = open_beside(client, &Tuning::default()).await;
    let query_move = format!(
        "mutation {{ takeBackSampleLoan(id: \"{id}\") {{ record {{ status }} userErrors {{ message }} }} }}"
    );
    let done = other.ask(&query_move, json!({})).await.data();
    assert_eq!(done["takeBackSampleLoan"]["record"]["status"], "RETURNED", "{done}");
    let back = client.data(&query).await["sampleLoan"].clone();
    assert_eq!(back["_can"], json!({ "edit": false, "delete": true }));
    let because: Vec<_> =
        back["_actions"].as_array().unwrap().iter().map(|a| a["because"].clone()).collect();
    assert_eq!(because, [json!("STATE"), json!("STATE")]);

    // Another text takes the place of the one of its name, here and there, and an empty one takes it away.
    applied(client, "loans", &LOAN_FLOW.replace("takeBack", "giveBack")).await;
    beside.refresh().await.unwrap();
    let query = "{ __type(name: \"Mutation\") { fields { name } } }";
    for fields in [client.data(query).await, other.ask(query, json!({})).await.data()] {
        let fields = fields.to_string();
        assert!(fields.contains("giveBackSampleLoan") && !fields.contains("takeBackSampleLoan"));
    }
    let texts = client.metadata("{ definitions(kind: \"RULES\") { path text } }", json!({})).await;
    assert_eq!(texts["definitions"][0]["path"], "loans");
    let gone = apply_rules(client, "loans", Value::Null).await;
    assert_eq!(gone["changes"][0]["kind"], "REMOVE_RULES");
    assert!(!client.data(query).await.to_string().contains("giveBackSampleLoan"));
    // Without a flow the field is written as any other.
    let patched = client.update("SampleLoan", &id, json!({ "status": "OPEN" })).await;
    assert_eq!(patched["userErrors"], json!([]));
}

async fn only_moves_write_the_state(client: &Client) {
    client.apply(LOANS, false).await;
    applied(client, "loans", LOAN_FLOW).await;
    let department = client.department("D").await;
    let customer = client.customer(&department, "C1", json!({})).await;
    let loan = |status: Value| json!({ "customer": { "id": customer }, "department": { "id": department }, "status": status });
    let refused = client.try_create("SampleLoan", loan(json!("RETURNED"))).await;
    let error = &refused["userErrors"][0];
    assert_eq!(
        (&error["code"], &error["path"]),
        (&json!("RECORD_STATE"), &json!(["status"])),
        "{refused}"
    );
    let id = client.create("SampleLoan", loan(json!("OPEN"))).await;
    let refused = client.update("SampleLoan", &id, json!({ "status": "RETURNED" })).await;
    let error = &refused["userErrors"][0];
    assert_eq!(error["code"], "RECORD_STATE", "{refused}");
    assert!(error["hint"].to_string().contains("takeBackSampleLoan"), "{refused}");
    // The same state is no change.
    let same = client.update("SampleLoan", &id, json!({ "status": "OPEN" })).await;
    assert_eq!(same["userErrors"], json!([]));
    let many = format!(
        "mutation {{ updateSampleLoans(filter: {{id: {{eq: \"{id}\"}}}}, patch: {{status: RETURNED}}, atMost: 5) {{ count userErrors {{ code }} }} }}"
    );
    let many = client.data(&many).await;
    assert_eq!(many["updateSampleLoans"]["userErrors"][0]["code"], "RECORD_STATE", "{many}");
    let several = "mutation($inputs: [CreateSampleLoanInput!]!) { createSampleLoans(inputs: $inputs) { count userErrors { code path } } }";
    let inputs = json!([loan(json!("OPEN")), loan(json!("RETURNED"))]);
    let told = client.ask(several, json!({ "inputs": inputs })).await.data();
    assert_eq!(
        told["createSampleLoans"]["userErrors"][0]["path"],
        json!(["1", "status"]),
        "{told}"
    );
    // A record put back keeps its state.
    let back = format!(
        "mutation {{ takeBackSampleLoan(id: \"{id}\") {{ userErrors {{ code }} }} deleteSampleLoan(id: \"{id}\") {{ id }} restoreSampleLoan(id: \"{id}\") {{ record {{ status }} userErrors {{ message }} }} }}"
    );
    let told = client.data(&back).await;
    assert_eq!(told["restoreSampleLoan"]["record"]["status"], "RETURNED", "{told}");
    let twice = client.data(&format!("mutation {{ takeBackSampleLoan(id: \"{id}\") {{ record {{ id }} userErrors {{ code message path }} }} }}")).await;
    let error = &twice["takeBackSampleLoan"]["userErrors"][0];
    assert_eq!(
        (&error["code"], &error["path"]),
        (&json!("RECORD_STATE"), &json!(["status"])),
        "{twice}"
    );
}

async fn a_state_closes_a_record_to_everyone(client: &Client) {
    let mut office = Office::open(client).await;
    applied(client, "orders", ORDER_FLOW).await;
    let id = order(&mut office, "mine", "TJ-TL", "li").await;
    assert!(office.edits("li", "SalesOrder", "mine").await);
    for (who, step) in [("li", "submitSalesOrder"), ("feng", "auditSalesOrder")] {
        let told = moved(&office, who, step, &id).await;
        assert_eq!(told["data"][step]["userErrors"], json!([]), "{who} {told}");
    }
    assert!(!office.edits("li", "SalesOrder", "mine").await);
    let explained = office
        .explain(&format!("account: \"li\", object: \"SalesOrder\", id: \"{id}\", action: EDIT"))
        .await;
    let state =
        explained["branches"].as_array().unwrap().iter().find(|b| b["name"] == "state").cloned();
    assert_eq!(state.unwrap()["holds"], false, "{explained:#}");
    // What `_can` says is what is enforced, also for an administrator.
    let can = client
        .data(&format!(
            "{{ salesOrder(id: \"{id}\") {{ _can {{ edit delete merge }} lines {{ id }} }} }}"
        ))
        .await;
    assert_eq!(
        can["salesOrder"]["_can"],
        json!({ "edit": false, "delete": false, "merge": false })
    );
    let line = can["salesOrder"]["lines"][0]["id"].as_str().unwrap();
    for change in [
        format!(
            "updateSalesOrder(id: \"{id}\", patch: {{remark: \"x\"}}) {{ record {{ id }} userErrors {{ code }} }}"
        ),
        format!(
            "updateSalesOrder(id: \"{id}\", patch: {{lines: {{update: [{{id: \"{line}\", patch: {{quantity: \"9\"}}}}]}}}}) {{ record {{ id }} userErrors {{ code }} }}"
        ),
        format!(
            "updateSalesOrders(filter: {{id: {{eq: \"{id}\"}}}}, patch: {{remark: \"x\"}}, atMost: 1) {{ count userErrors {{ code }} }}"
        ),
        format!(
            "reassignSalesOrders(filter: {{id: {{eq: \"{id}\"}}}}, to: \"{}\", atMost: 1) {{ count userErrors {{ code }} }}",
            office.id("zhang")
        ),
        format!("deleteSalesOrder(id: \"{id}\") {{ id userErrors {{ code }} }}"),
    ] {
        let answer = client.ask(&format!("mutation {{ told: {change} }}"), json!({})).await;
        let told = &answer.body["data"]["told"];
        let refused = answer.codes().contains(&"ACCESS_DENIED")
            || told["userErrors"].as_array().is_some_and(|errors| !errors.is_empty());
        assert!(refused, "{change}: {}", answer.body);
    }
    let there = client
        .data(&format!(
            "{{ salesOrder(id: \"{id}\") {{ remark totalQuantity owner {{ code }} }} }}"
        ))
        .await;
    assert_eq!(there["salesOrder"]["totalQuantity"], "2.0000");
    assert_eq!(there["salesOrder"]["owner"]["code"], "li");
    // Another order of theirs is open as before.
    order(&mut office, "another", "TJ-TL", "li").await;
    assert!(office.edits("li", "SalesOrder", "another").await);
}

async fn moves_need_their_right_on_the_record(client: &Client) {
    let mut office = Office::open(client).await;
    applied(client, "orders", ORDER_FLOW).await;
    let id = order(&mut office, "near", "TJ-TL", "li").await;
    let far = json!({ "customer": { "id": office.id("CQ") }, "department": { "id": office.id("QZ-TL") }, "owner": { "id": office.id("su") } });
    office.make("far", "SalesOrder", far).await;
    // Whoever may not audit anything has no such mutation.
    let told = moved(&office, "zhang", "auditSalesOrder", &id).await;
    assert_eq!(code_of(&told), "INPUT_INVALID", "{told}");
    let fields =
        office.ask("zhang", "{ __type(name: \"Mutation\") { fields { name } } }").await.to_string();
    assert!(fields.contains("submitSalesOrder") && !fields.contains("auditSalesOrder"), "{fields}");
    let told = moved(&office, "zhang", "submitSalesOrder", &id).await;
    assert_eq!(code_of(&told), "RECORD_NOT_FOUND", "{told}");
    let told = moved(&office, "feng", "auditSalesOrder", &office.id("far")).await;
    assert_eq!(code_of(&told), "RECORD_NOT_FOUND", "{told}");
    // From another state it is refused, and nothing is written.
    let told = moved(&office, "feng", "auditSalesOrder", &id).await;
    let error = &told["data"]["auditSalesOrder"]["userErrors"][0];
    assert_eq!(error["code"], "RECORD_STATE", "{told}");
    for (who, step, state) in [
        ("li", "submitSalesOrder", "SUBMITTED"),
        ("feng", "auditSalesOrder", "AUDITED"),
        ("feng", "transferSalesOrder", "TRANSFERRED"),
        ("feng", "shipSalesOrder", "SHIPPED"),
    ] {
        let told = moved(&office, who, step, &id).await;
        assert_eq!(told["data"][step]["record"]["status"], state, "{who} {told}");
    }
    let query =
        format!("{{ salesOrder(id: \"{id}\") {{ history(first: 2) {{ nodes {{ via }} }} }} }}");
    let told = office.ask("feng", &query).await["data"]["salesOrder"]["history"].clone();
    assert_eq!(told["nodes"][1]["via"], "transferSalesOrder", "{told}");
    // The flow as a page draws it, with the moves that exist for each.
    let flow = "{ object(name: \"SalesOrder\") { flow { field start edit delete moves { code name label from to right input { field } } } } }";
    for (who, moves) in [("zhang", "submit"), ("feng", "audit transfer ship")] {
        let told = client.metadata_as(&office.tokens[who], flow, json!({})).await.data();
        let listed = told["object"]["flow"]["moves"].as_array().unwrap().iter();
        let codes: Vec<_> = listed.map(|step| step["code"].as_str().unwrap()).collect();
        assert!(codes.join(" ").contains(moves), "{who}: {told}");
    }
}

async fn of_two_who_move_a_record_one_does(client: &Client) {
    let mut office = Office::open(client).await;
    applied(client, "orders", ORDER_FLOW).await;
    let id = order(&mut office, "near", "TJ-TL", "li").await;
    moved(&office, "li", "submitSalesOrder", &id).await;
    let both = tokio::join!(
        moved(&office, "feng", "auditSalesOrder", &id),
        moved(&office, "feng", "auditSalesOrder", &id)
    );
    let told = [both.0, both.1].map(|told| told["data"]["auditSalesOrder"].clone());
    assert_eq!(told.iter().filter(|told| told["record"].is_object()).count(), 1, "{told:?}");
    let refused = told.iter().find(|told| told["record"].is_null()).unwrap();
    assert_eq!(refused["userErrors"][0]["code"], "RECORD_STATE");
    // The same request twice is one move.
    let keyed = format!(
        "mutation {{ transferSalesOrder(id: \"{id}\", idempotencyKey: \"k\") {{ record {{ status }} userErrors {{ code }} }} }}"
    );
    for _ in 0..2 {
        let told = office.ask("feng", &keyed).await;
        assert_eq!(told["data"]["transferSalesOrder"]["record"]["status"], "TRANSFERRED", "{told}");
    }
    // And a stale version is refused.
    let stale = format!(
        "mutation {{ shipSalesOrder(id: \"{id}\", expectedVersion: 1) {{ record {{ id }} userErrors {{ code }} }} }}"
    );
    let told = office.ask("feng", &stale).await;
    assert_eq!(told["data"]["shipSalesOrder"]["userErrors"][0]["code"], "RECORD_VERSION", "{told}");
}

async fn gates_hold_before_a_state(client: &Client) {
    let mut office = Office::open(client).await;
    let gated = format!(
        "{ORDER_FLOW}gates = [\n  {{ to = \"SUBMITTED\", require = [\"contact\", \"requiredDate\"], check = \"totalAmount >= 50 && department.code != \\\"QZ\\\"\", message = \"订单金额不足\", message_en = \"the order is too small\" }} ]\n"
    );
    applied(client, "orders", &gated).await;
    let id = order(&mut office, "near", "TJ-TL", "li").await;
    let told = moved(&office, "li", "submitSalesOrder", &id).await;
    let errors = told["data"]["submitSalesOrder"]["userErrors"].clone();
    let paths: Vec<_> =
        errors.as_array().unwrap().iter().map(|e| e["path"][0].as_str().unwrap()).collect();
    assert_eq!(paths, ["contact", "requiredDate", "status"], "{told}");
    assert_eq!(errors[2]["message"], "the order is too small");
    let patch = json!({ "contact": { "id": office.id("contact of CL") }, "requiredDate": "2030-01-01",
        "lines": { "create": [{ "item": { "id": office.id("item") }, "quantity": "5", "price": "10" }] } });
    assert_eq!(client.update("SalesOrder", &id, patch).await["userErrors"], json!([]));
    let told = moved(&office, "li", "submitSalesOrder", &id).await;
    assert_eq!(told["data"]["submitSalesOrder"]["record"]["status"], "SUBMITTED", "{told}");
}

const STAGES: &str = r#"
[[flow]]
object = "Opportunity"
field = "stage"
key = "code"
start = ["S1"]
edit = ["S1", "S2"]
moves = [
  { code = "advance", from = ["S1", "S2"], to = "next:sequence" },
  { code = "lose", from = ["S1", "S2", "S3"], to = "S9", input = ["remark!"] } ]
gates = [ { to = "S2", require = ["expectedCloseOn"] } ]
"#;

async fn states_may_be_records(client: &Client) {
    let mut office = Office::open(client).await;
    for (code, sequence) in [("S1", 1), ("S2", 2), ("S3", 3), ("S9", 9)] {
        let stage = json!({ "code": code, "name": code, "sequence": sequence, "probability": 10 });
        office.make(code, "SalesStage", stage).await;
    }
    applied(client, "stages", STAGES).await;
    let input = json!({ "name": "一桶漆", "customer": { "id": office.id("CL") }, "department": { "id": office.id("TJ-TL") }, "owner": { "id": office.id("li") } });
    office.make("chance", "Opportunity", input.clone()).await;
    let id = office.id("chance");
    let step = |name: &str, more: &str| {
        format!(
            "mutation {{ {name}(id: \"{id}\"{more}) {{ record {{ stage {{ code }} remark }} userErrors {{ code path message }} }} }}"
        )
    };
    let read = format!(
        "{{ opportunity(id: \"{id}\") {{ stage {{ code }} _can {{ edit }} _actions {{ code allowed because }} }} }}"
    );
    let there = office.ask("li", &read).await["data"]["opportunity"].clone();
    assert_eq!(there["stage"]["code"], "S1", "{there}");
    assert_eq!(
        there["_actions"][0],
        json!({ "code": "advance", "allowed": true, "because": null })
    );
    let told = office.ask("li", &step("advanceOpportunity", "")).await;
    assert_eq!(
        told["data"]["advanceOpportunity"]["userErrors"][0]["path"],
        json!(["expectedCloseOn"]),
        "{told}"
    );
    client.update("Opportunity", &id, json!({ "expectedCloseOn": "2030-01-01" })).await;
    for state in ["S2", "S3"] {
        let told = office.ask("li", &step("advanceOpportunity", "")).await;
        assert_eq!(told["data"]["advanceOpportunity"]["record"]["stage"]["code"], state, "{told}");
    }
    let there = office.ask("li", &read).await["data"]["opportunity"].clone();
    assert_eq!(there["_can"]["edit"], false);
    assert_eq!(there["_actions"][0]["because"], "STATE", "{there}");
    let told = office.ask("li", &step("loseOpportunity", "")).await;
    let error = &told["data"]["loseOpportunity"]["userErrors"][0];
    assert_eq!(
        (&error["code"], &error["path"]),
        (&json!("RECORD_REQUIRED"), &json!(["remark"])),
        "{told}"
    );
    let told = office.ask("li", &step("loseOpportunity", ", input: {remark: \"价格\"}")).await;
    assert_eq!(
        told["data"]["loseOpportunity"]["record"],
        json!({ "stage": { "code": "S9" }, "remark": "价格" }),
        "{told}"
    );
    let elsewhere = json!({ "stage": { "id": office.id("S3") } });
    let mut other = input;
    other.as_object_mut().unwrap().extend(elsewhere.as_object().unwrap().clone());
    let refused = client.try_create("Opportunity", other).await;
    assert_eq!(refused["userErrors"][0]["code"], "RECORD_STATE", "{refused}");
}

async fn what_a_move_asks_for_and_sets(client: &Client) {
    client.apply(LOANS, false).await;
    let text = r#"
[[flow]]
object = "SampleLoan"
field = "status"
start = ["OPEN", "PARTLY_RETURNED"]
[[flow.moves]]
code = "takeBack"
from = ["OPEN"]
to = 'loanDate < today() ? "RETURNED" : "PARTLY_RETURNED"'
input = ["dueDate!"]
set = { loanDate = "addDays(dueDate, -10)" }
"#;
    applied(client, "loans", text).await;
    let department = client.department("D").await;
    let customer = client.customer(&department, "C1", json!({})).await;
    let loan = json!({ "customer": { "id": customer }, "department": { "id": department } });
    let id = client.create("SampleLoan", loan).await;
    let told = client
        .ask(
            &format!("mutation($d: Date!) {{ takeBackSampleLoan(id: \"{id}\", input: {{dueDate: $d}}) {{ record {{ status loanDate dueDate }} userErrors {{ message }} }} }}"),
            json!({ "d": "2020-01-11" }),
        )
        .await
        .data();
    assert_eq!(
        told["takeBackSampleLoan"]["record"],
        json!({ "status": "PARTLY_RETURNED", "loanDate": "2020-01-01", "dueDate": "2020-01-11" }),
        "{told}"
    );
    let history = client.data(&format!("{{ sampleLoan(id: \"{id}\") {{ history(first: 1) {{ nodes {{ changes {{ field old new }} }} }} }} }}")).await;
    assert!(history.to_string().contains("PARTLY_RETURNED"), "{history}");
}

async fn many_records_move_all_or_none(client: &Client) {
    client.apply(LOANS, false).await;
    applied(client, "loans", LOAN_FLOW).await;
    let department = client.department("D").await;
    let customer = client.customer(&department, "C1", json!({})).await;
    let loan = json!({ "customer": { "id": customer }, "department": { "id": department } });
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(client.create("SampleLoan", loan.clone()).await);
    }
    let all = |more: &str| {
        format!(
            "mutation {{ takeBackSampleLoans(filter: {{status: {{in: [OPEN, RETURNED]}}}}, atMost: 10{more}) {{ count records {{ status }} userErrors {{ code path }} }} }}"
        )
    };
    let tried = client.data(&all(", dryRun: true")).await["takeBackSampleLoans"].clone();
    assert_eq!((&tried["count"], &tried["userErrors"]), (&json!(3), &json!([])), "{tried}");
    client
        .data(&format!(
            "mutation {{ takeBackSampleLoan(id: \"{}\") {{ record {{ id }} }} }}",
            ids[1]
        ))
        .await;
    let refused = client.data(&all("")).await["takeBackSampleLoans"].clone();
    assert_eq!(refused["count"], 0, "{refused}");
    assert_eq!(
        refused["userErrors"],
        json!([{ "code": "RECORD_STATE", "path": [ids[1], "status"] }]),
        "the path begins with the id"
    );
    let open = client.data("{ sampleLoans(filter: {status: {eq: OPEN}}) { totalCount } }").await;
    assert_eq!(open["sampleLoans"]["totalCount"], 2, "none of them was moved");
    let done = all("").replace("in: [OPEN, RETURNED]", "eq: OPEN");
    let done = client.data(&done).await["takeBackSampleLoans"].clone();
    assert_eq!(done["count"], 2, "{done}");
}

async fn a_hidden_state_is_not_told(client: &Client) {
    client.apply(&LOANS.replace("label: \"状态\"", "label: \"密\""), false).await;
    let flow = LOAN_FLOW.replace("归还", "收回");
    applied(client, "loans", &flow).await;
    let role = "code = \"blind\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"SampleLoan\", \"Customer\", \"Department\"]\nactions = [\"read\", \"create\", \"edit\"]\nopen = true\n[[fields]]\nobject = \"SampleLoan\"\nhidden = [\"status\"]\n";
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(save, json!({ "d": role })).await;
    let office = Office::open(client).await;
    office.give("su", &["blind"], &[]).await;
    let loan = json!({ "customer": { "id": office.id("CL") }, "department": { "id": office.id("TJ-TL") } });
    let id = client.create("SampleLoan", loan).await;
    let step = format!(
        "mutation {{ takeBackSampleLoan(id: \"{id}\") {{ record {{ id }} userErrors {{ code path message hint }} }} }}"
    );
    let done = office.ask("su", &step).await;
    assert!(done["data"]["takeBackSampleLoan"]["record"].is_object(), "{done}");
    let again = office.ask("su", &step).await;
    let error = again["data"]["takeBackSampleLoan"]["userErrors"][0].clone();
    assert_eq!((&error["code"], &error["path"]), (&json!("RECORD_STATE"), &json!([])), "{again}");
    let text = again.to_string();
    for word in ["status", "密", "归还", "借出", "Returned", "Open"] {
        assert!(!text.contains(word), "{word}: {text}");
    }
    // Neither the flow nor the field is told of.
    let flow = "{ object(name: \"SampleLoan\") { flow { field } fields { name } } }";
    let told = client.metadata_as(&office.tokens["su"], flow, json!({})).await.data();
    assert!(told["object"]["flow"].is_null() && !told.to_string().contains("status"), "{told}");
}
