//! What approvals withstand: many at once, moves that change what was approved, texts that open a way around, people who are gone.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::{
    approvals::{BY_AMOUNT, approve_all, call, code, one_step, order, state, submit, trail, waits},
    both_dbs,
    flows::{LOANS, applied, apply_rules},
    support::{Client, office::Office},
};

both_dbs! {
    many_submit_at_once
    a_move_carries_nothing_through
    a_designer_changes_no_order_of_approvals
    nobody_decides_in_ones_own_case
    texts_that_would_open_a_way_around
    a_state_that_refuses_takes_nothing_back
    a_new_round_ends_the_one_before
    who_was_merged_away_blocks_nobody
    a_hidden_state_tells_of_no_approval
    a_custom_object_is_approved_by_text_alone
}

const HEADS: &str = "by = [{ role = \"department_manager\", reach = true }]";

async fn many_submit_at_once(client: &Client) {
    let mut office = Office::open(client).await;
    applied(client, "approvals", &one_step(HEADS)).await;
    let mut ids = Vec::new();
    for at in 0..20 {
        ids.push(order(&mut office, &format!("order {at}"), "li", "10").await);
    }
    let told = join_all(ids.iter().map(|id| submit(&office, "li", id))).await;
    for told in told {
        assert_eq!(told["record"]["approvalState"], "PENDING", "{told}");
    }
    assert_eq!(waits(&office, "wang").await.len(), 20);
    // Twice the same record: one begins.
    let id = order(&mut office, "twice", "li", "10").await;
    let told = join_all([submit(&office, "li", &id), submit(&office, "li", &id)]).await;
    let begun = told.iter().filter(|told| code(told).is_empty()).count();
    assert_eq!(begun, 1, "{told:#?}");
}

async fn a_move_carries_nothing_through(client: &Client) {
    let mut office = Office::open(client).await;
    let flow = "[[flow]]\nobject = \"SalesOrder\"\nfield = \"status\"\nstart = [\"DRAFT\"]\nedit = [\"DRAFT\", \"SUBMITTED\"]\nmoves = [\n{ code = \"submit\", from = [\"DRAFT\"], to = \"SUBMITTED\" },\n{ code = \"audit\", from = [\"SUBMITTED\"], to = \"AUDITED\", needs = \"approval\", input = [\"remark\"] } ]\n";
    applied(client, "flow", flow).await;
    let text = one_step(HEADS).replacen(
        "object = \"SalesOrder\"",
        "object = \"SalesOrder\"\nvoids = [\"remark\"]",
        1,
    );
    applied(client, "approvals", &text).await;
    let id = order(&mut office, "order", "li", "10").await;
    submit(&office, "li", &id).await;
    approve_all(&office, &id, &["wang"]).await;
    let audit = |input: &str| format!("auditSalesOrder(id: \"{id}\"{input})");
    let told = call(&office, "li", &audit(", input: { remark: \"另行约定\" }")).await;
    assert_eq!(code(&told), "RECORD_PENDING", "{told}");
    assert_eq!(state(&office, &id).await, (json!("APPROVED"), json!("SUBMITTED")));
    let told = call(&office, "li", &audit("")).await;
    assert_eq!(told["userErrors"], json!([]), "{told}");
}

async fn a_designer_changes_no_order_of_approvals(client: &Client) {
    let office = Office::open(client).await;
    let assign = "mutation { assignRoles(account: \"zhou\", roles: [\"designer\"]) { roles } }";
    client.metadata(assign, json!({})).await;
    let designer = client.token("zhou").await;
    drop(office);
    let other = BY_AMOUNT.replacen("order_amount", "other", 1).replacen("50000", "10", 1);
    applied(client, "approvals", &format!("{BY_AMOUNT}\n{other}")).await;
    let rules = json!([{ "name": "approvals", "text": format!("{other}\n{BY_AMOUNT}") }]);
    let query = "mutation($rules: [RuleText!]!) { applySchema(sdl: \"\", rules: $rules) { diagnostics { code } } }";
    let told = client.metadata_as(&designer, query, json!({ "rules": rules })).await.body;
    assert_eq!(told["data"]["applySchema"]["diagnostics"][0]["code"], "ACCESS_DENIED", "{told}");
}

async fn nobody_decides_in_ones_own_case(client: &Client) {
    let mut office = Office::open(client).await;
    let text = one_step("by = [{ role = \"no_such_role\" }]\nif_none = \"administrators\"");
    applied(client, "approvals", &text).await;
    let id = order(&mut office, "order", "li", "10").await;
    let query =
        format!("mutation {{ submitSalesOrder(id: \"{id}\") {{ userErrors {{ code }} }} }}");
    let told = client.data(&query).await;
    assert_eq!(told["submitSalesOrder"]["userErrors"], json!([]));
    let query = format!(
        "{{ approvalInbox {{ totalCount }} approvals(record: \"{id}\") {{ tasks {{ id mine }} }} }}"
    );
    let told = client.data(&query).await;
    assert_eq!(told["approvalInbox"]["totalCount"], 0, "{told}");
    let task = &told["approvals"][0]["tasks"][0];
    assert_eq!(task["mine"], false);
    let decide = format!(
        "mutation {{ decideSalesOrder(task: {}, decision: APPROVE) {{ userErrors {{ code }} }} }}",
        task["id"]
    );
    let told = client.data(&decide).await["decideSalesOrder"]["userErrors"][0]["code"].clone();
    assert_eq!(told, "ACCESS_DENIED");
    assert_eq!(state(&office, &id).await.0, "PENDING");
}

async fn texts_that_would_open_a_way_around(client: &Client) {
    let deal = "type Deal @object(kind: DOCUMENT, label: \"交易\", plural: \"deals\", systems: [SALES], approval: true) @responsible { name: String @field(label: \"名称\") approvalState: String @field(label: \"状态\") }";
    client.apply(deal, false).await;
    let of = |object: &str, more: &str| {
        format!(
            "[[approval]]\ncode = \"x\"\nobject = \"{object}\"\n{more}\n[[approval.steps]]\ncode = \"a\"\n{HEADS}\n"
        )
    };
    let action =
        "[[action]]\ncode = \"submit\"\nobject = \"Quote\"\nset = { remark = \"\\\"x\\\"\" }\n";
    let withdraw =
        "[[action]]\ncode = \"withdraw\"\nobject = \"Quote\"\nset = { remark = \"\\\"x\\\"\" }\n";
    for (text, expected) in [
        (of("Deal", ""), "CATALOG_RULE"),
        (of("Quote", "") + action, "CATALOG_RULE"),
        (of("Quote", "") + withdraw, "CATALOG_RULE"),
        (of("Quote", "voids = [\"orders\"]"), "CATALOG_RULE"),
        (of("SalesOrder", "when = \"viewer == owner\""), "CATALOG_RULE"),
        (of("SalesOrder", "when = \"old.totalAmount > 5\""), "CATALOG_RULE"),
    ] {
        let told = apply_rules(client, "approvals", json!(text)).await;
        assert_eq!(told["diagnostics"][0]["code"], expected, "{text}\n{told:#}");
    }
    // Without an approval these names are a company's own.
    applied(client, "approvals", withdraw).await;
}

async fn a_state_that_refuses_takes_nothing_back(client: &Client) {
    let mut office = Office::open(client).await;
    applied(client, "approvals", BY_AMOUNT).await;
    let id = order(&mut office, "order", "li", "60000").await;
    submit(&office, "li", &id).await;
    let rule = "[[rule]]\ncode = \"never_back\"\nobjects = [\"SalesOrder\"]\nwhen = \"status == DRAFT && old.status == SUBMITTED\"\nrefuse = \"不能退回\"\n";
    applied(client, "never", rule).await;
    let told = call(&office, "li", &format!("withdrawSalesOrder(id: \"{id}\")")).await;
    assert_eq!(told["userErrors"], json!([]), "{told}");
    assert_eq!(state(&office, &id).await, (Value::Null, json!("SUBMITTED")));
    assert!(office.edits("li", "SalesOrder", "order").await);
}

async fn a_new_round_ends_the_one_before(client: &Client) {
    let mut office = Office::open(client).await;
    applied(client, "approvals", BY_AMOUNT).await;
    let id = order(&mut office, "order", "li", "60000").await;
    submit(&office, "li", &id).await;
    approve_all(&office, &id, &["wang"]).await;
    call(&office, "li", &format!("recallSalesOrder(id: \"{id}\")")).await;
    submit(&office, "li", &id).await;
    let query = format!("{{ approvals(record: \"{id}\") {{ state round }} }}");
    let told = office.ask("li", &query).await["data"]["approvals"].clone();
    let expected = json!([{ "state": "PENDING", "round": 2 }, { "state": "VOID", "round": 1 }]);
    assert_eq!(told, expected);
    // What needs none any more has none.
    let task = waits(&office, "wang").await[0].0.clone();
    call(&office, "wang", &format!("decideSalesOrder(task: \"{task}\", decision: RETURN)")).await;
    assert_eq!(state(&office, &id).await, (json!("RETURNED"), json!("DRAFT")));
    let lines = format!("{{ salesOrder(id: \"{id}\") {{ lines {{ id }} }} }}");
    let line = client.data(&lines).await["salesOrder"]["lines"][0]["id"].clone();
    let smaller = format!(
        "updateSalesOrder(id: \"{id}\", patch: {{ lines: {{ update: [{{ id: {line}, patch: {{ price: \"5\" }} }}] }} }})"
    );
    assert_eq!(call(&office, "li", &smaller).await["userErrors"], json!([]));
    submit(&office, "li", &id).await;
    assert_eq!(state(&office, &id).await, (Value::Null, json!("SUBMITTED")));
}

async fn who_was_merged_away_blocks_nobody(client: &Client) {
    let mut office = Office::open(client).await;
    let text = one_step(
        "by = [{ employee = \"owner.manager\" }, { employee = \"owner.manager.manager\" }]\nin_turn = true\nquorum = \"all\"",
    );
    applied(client, "approvals", &text).await;
    let manager = async |office: &Office<'_>, who: &str, by: &str| {
        let patch = json!({ "manager": { "id": office.id(by) } });
        client.update("Employee", &office.id(who), patch).await;
    };
    manager(&office, "li", "wang").await;
    manager(&office, "wang", "zhao").await;
    let id = order(&mut office, "order", "li", "10").await;
    submit(&office, "li", &id).await;
    let heir =
        json!({ "code": "heir", "name": "heir", "department": { "id": office.id("SH-TL") } });
    office.make("heir", "Employee", heir).await;
    let merge = format!(
        "mutation {{ mergeEmployees(keep: \"{}\", drop: [\"{}\"]) {{ userErrors {{ code message }} }} }}",
        office.id("heir"),
        office.id("zhao")
    );
    let told = client.data(&merge).await["mergeEmployees"]["userErrors"].clone();
    assert_eq!(told, json!([]));
    approve_all(&office, &id, &["wang", "zhao"]).await;
    let told = trail(&office, "li", &id).await;
    assert_eq!(state(&office, &id).await.0, "APPROVED", "{told:?}");
}

async fn a_hidden_state_tells_of_no_approval(client: &Client) {
    let mut office = Office::open(client).await;
    applied(client, "approvals", BY_AMOUNT).await;
    let id = order(&mut office, "order", "li", "60000").await;
    submit(&office, "li", &id).await;
    let query = format!("{{ approvals(record: \"{id}\") {{ id }} }}");
    assert_eq!(office.ask("feng", &query).await["data"]["approvals"].as_array().unwrap().len(), 1);
    let role = "code = \"blind\"\nlabel = \"不见\"\nlabel_en = \"Blind\"\nlines = [\"SALES\"]\n[[grants]]\nobjects = [\"SalesOrder\"]\nactions = [\"read\", \"edit\"]\nopen = true\n[[fields]]\nobject = \"SalesOrder\"\nhidden = [\"approvalState\"]\n";
    client
        .metadata(
            "mutation($d: String!) { saveRole(definition: $d) { code } }",
            json!({ "d": role }),
        )
        .await;
    // Who sees no employees and operators is told no names.
    let nameless =
        role.replace("[[fields]]\nobject = \"SalesOrder\"\nhidden = [\"approvalState\"]\n", "");
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(save, json!({ "d": nameless.replace("blind", "nameless") })).await;
    office.give("feng", &["nameless"], &[]).await;
    let names = format!(
        "{{ approvals(record: \"{id}\") {{ startedByName tasks {{ assignee assigneeName }} entries {{ byName toName }} }} }}"
    );
    let told = office.ask("feng", &names).await["data"]["approvals"][0].clone();
    assert_eq!(told["tasks"], json!([{ "assignee": null, "assigneeName": null }]), "{told}");
    assert!(!told.to_string().contains("wang") && !told.to_string().contains("li\""), "{told}");
    office.give("feng", &["blind"], &[]).await;
    assert_eq!(office.ask("feng", &query).await["data"]["approvals"], json!([]));
    let change = format!("updateSalesOrder(id: \"{id}\", patch: {{ remark: \"x\" }})");
    let told =
        office.ask("feng", &format!("mutation {{ {change} {{ userErrors {{ code }} }} }}")).await;
    assert!(!told.to_string().contains("PENDING"), "{told}");
}

async fn a_custom_object_is_approved_by_text_alone(client: &Client) {
    client.apply(LOANS, false).await;
    let mut office = Office::open(client).await;
    let text = "[[flow]]\nobject = \"SampleLoan\"\nfield = \"status\"\nstart = [\"OPEN\"]\nmoves = [{ code = \"close\", from = [\"OPEN\"], to = \"RETURNED\", needs = \"approval\" }]\n[[approval]]\ncode = \"loan\"\nobject = \"SampleLoan\"\n[[approval.steps]]\ncode = \"manager\"\nby = [{ role = \"lender\" }]\n";
    applied(client, "loans", text).await;
    let role = "code = \"lender\"\nlabel = \"借\"\nlabel_en = \"Lender\"\nlines = [\"SALES\"]\n[[grants]]\nobjects = [\"SampleLoan\"]\nactions = [\"read\", \"edit\", \"approve\"]\nemployees = \"related\"\n";
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(save, json!({ "d": role })).await;
    office.give("wang", &["lender"], &[]).await;
    let input = json!({ "customer": { "id": office.id("CL") }, "department": { "id": office.id("TJ-TL") } });
    office.make("loan", "SampleLoan", input).await;
    let id = office.id("loan");
    let done = async |mutation: &str| {
        let query = format!(
            "mutation {{ done: {mutation} {{ record {{ approvalState status }} userErrors {{ code }} }} }}"
        );
        client.data(&query).await["done"].clone()
    };
    let close = format!("closeSampleLoan(id: \"{id}\")");
    assert_eq!(done(&close).await["userErrors"][0]["code"], "RECORD_PENDING");
    let told = done(&format!("submitSampleLoan(id: \"{id}\")")).await;
    assert_eq!(told["record"]["approvalState"], "PENDING", "{told}");
    let task = waits(&office, "wang").await[0].0.clone();
    let told =
        call(&office, "wang", &format!("decideSampleLoan(task: \"{task}\", decision: APPROVE)"))
            .await;
    assert_eq!(told["userErrors"], json!([]), "{told}");
    assert_eq!(
        done(&close).await["record"],
        json!({ "approvalState": "APPROVED", "status": "RETURNED" })
    );
}
