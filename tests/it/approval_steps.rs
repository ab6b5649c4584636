//! Whom the steps of approvals ask, and how many of them have to agree.

use serde_json::{Value, json};

use crate::{
    approvals::{
        BY_AMOUNT, approve_all, call, code, decide, one_step, order, state, submit, task, trail,
        waits,
    },
    both_dbs,
    flows::{applied, apply_rules},
    support::{Client, office::Office},
};

both_dbs! {
    nobody_decides_on_their_own
    nobody_is_asked_twice
    a_stand_in_decides_in_ones_place
    a_task_is_given_to_another
    who_cannot_decide_is_replaced
    records_without_a_flow_are_submitted
    what_runs_keeps_its_steps
    some_of_many_are_enough
    one_after_the_other_and_side_by_side
}

async fn nobody_decides_on_their_own(client: &Client) {
    let mut office = Office::open(client).await;
    let by = "by = [{ employee = \"owner\" }]";
    applied(client, "approvals", &one_step(by)).await;
    // wang owns it and submits it: their manager decides; without one administrators do.
    order(&mut office, "first", "li", "1").await;
    let line = json!({ "item": { "id": office.id("item") }, "quantity": "1", "price": "5" });
    let own = |office: &Office<'_>| {
        json!({ "customer": { "id": office.id("CL") }, "department": { "id": office.id("TJ-TL") },
            "owner": { "id": office.id("wang") }, "lines": { "create": [line.clone()] } })
    };
    let input = own(&office);
    office.make("own", "SalesOrder", input).await;
    let id = office.id("own");
    submit(&office, "wang", &id).await;
    assert_eq!(waits(&office, "wang").await, []);
    let admin = "{ approvalInbox { nodes { id record assignee mine } } }";
    let told = client.data(admin).await["approvalInbox"]["nodes"].clone();
    assert_eq!((&told[0]["record"], &told[0]["assignee"]), (&json!(id), &Value::Null), "{told}");
    let decide = format!(
        "mutation {{ decideSalesOrder(task: {}, decision: REJECT) {{ record {{ approvalState status }} userErrors {{ code }} }} }}",
        told[0]["id"]
    );
    let told = client.data(&decide).await["decideSalesOrder"].clone();
    assert_eq!(told["record"], json!({ "approvalState": "REJECTED", "status": "DRAFT" }), "{told}");
    let patch = json!({ "manager": { "id": office.id("zhao") } });
    client.update("Employee", &office.id("wang"), patch).await;
    submit(&office, "wang", &id).await;
    assert_eq!(waits(&office, "wang").await, []);
    approve_all(&office, &id, &["zhao"]).await;
    // Of another's order the owner decides.
    applied(client, "approvals", &one_step("by = [{ employee = \"owner\" }, { manager = true }]"))
        .await;
    let input = own(&office);
    office.make("another", "SalesOrder", input).await;
    let id = office.id("another");
    client
        .update("Employee", &office.id("feng"), json!({ "manager": { "id": office.id("zhao") } }))
        .await;
    let moved = client
        .data(&format!("mutation {{ submitSalesOrder(id: \"{id}\") {{ userErrors {{ code }} }} }}"))
        .await;
    assert_eq!(moved["submitSalesOrder"]["userErrors"], json!([]));
    approve_all(&office, &id, &["wang"]).await;
    assert_eq!(state(&office, &id).await.0, "APPROVED");
}

async fn nobody_is_asked_twice(client: &Client) {
    let mut office = Office::open(client).await;
    let text = |repeat: &str| {
        format!(
            "[[approval]]\ncode = \"order\"\nobject = \"SalesOrder\"\n{repeat}\n[[approval.steps]]\ncode = \"one\"\nby = [{{ employee = \"owner.manager\" }}]\n[[approval.steps]]\ncode = \"two\"\nby = [{{ role = \"department_manager\", reach = true }}]\n"
        )
    };
    client
        .update("Employee", &office.id("li"), json!({ "manager": { "id": office.id("wang") } }))
        .await;
    applied(client, "approvals", &text("")).await;
    let id = order(&mut office, "order", "li", "10").await;
    submit(&office, "li", &id).await;
    approve_all(&office, &id, &["wang"]).await;
    assert_eq!(state(&office, &id).await.0, "APPROVED");
    let told = trail(&office, "li", &id).await;
    assert!(told.contains(&"SKIP two wang - wang".to_owned()), "{told:?}");
    applied(client, "approvals", &text("repeat = \"always\"")).await;
    let id = order(&mut office, "again", "li", "10").await;
    submit(&office, "li", &id).await;
    approve_all(&office, &id, &["wang"]).await;
    assert_eq!(state(&office, &id).await.0, "PENDING");
    approve_all(&office, &id, &["wang"]).await;
    assert_eq!(state(&office, &id).await.0, "APPROVED");
}

async fn a_stand_in_decides_in_ones_place(client: &Client) {
    let mut office = Office::open(client).await;
    applied(client, "approvals", BY_AMOUNT).await;
    let id = order(&mut office, "order", "li", "60000").await;
    submit(&office, "li", &id).await;
    // zhou stands in for wang, with a right to approve of their own.
    office.give("zhou", &["executive_manager"], &[]).await;
    assert_eq!(waits(&office, "zhou").await, []);
    let query = "mutation($f: ID!, $t: ID!) { delegate(from: $f, to: $t, until: \"2026-12-01T00:00:00Z\") { id } }";
    let made =
        client.metadata(query, json!({ "f": office.id("wang"), "t": office.id("zhou") })).await;
    assert!(office.sees("zhou", "salesOrders", "order").await);
    approve_all(&office, &id, &["zhou"]).await;
    assert_eq!(state(&office, &id).await.0, "APPROVED");
    let told = trail(&office, "li", &id).await;
    assert!(told.contains(&"APPROVE head zhou wang -".to_owned()), "{told:?}");
    assert!(made["delegate"]["id"].is_string());
}

async fn a_task_is_given_to_another(client: &Client) {
    let mut office = Office::open(client).await;
    applied(client, "approvals", BY_AMOUNT).await;
    let id = order(&mut office, "order", "li", "60000").await;
    submit(&office, "li", &id).await;
    let own = task(&office, "wang", &id).await;
    let give = async |office: &Office<'_>, who: &str, to: &str| {
        let to = office.id(to);
        call(
            office,
            who,
            &format!("delegateSalesOrder(task: \"{own}\", to: \"{to}\", comment: \"出差\")"),
        )
        .await
    };
    // Who submitted it, and who may not approve at all.
    assert_eq!(code(&give(&office, "wang", "li").await), "RECORD_VALUE");
    assert_eq!(code(&give(&office, "wang", "feng").await), "RECORD_VALUE");
    assert_eq!(code(&give(&office, "zhao", "zhao").await), "ACCESS_DENIED");
    let told = give(&office, "wang", "zhao").await;
    assert_eq!(told["userErrors"], json!([]), "{told}");
    assert_eq!(waits(&office, "wang").await, []);
    assert_eq!(code(&give(&office, "wang", "zhao").await), "APPROVAL_DECIDED");
    // An administrator gives anyone's task to another.
    let of_zhao = task(&office, "zhao", &id).await;
    let qian = office.id("qian");
    let given = format!(
        "mutation {{ delegateSalesOrder(task: \"{of_zhao}\", to: \"{qian}\") {{ userErrors {{ code }} }} }}"
    );
    assert_eq!(client.data(&given).await["delegateSalesOrder"]["userErrors"], json!([]));
    assert_eq!(waits(&office, "zhao").await, []);
    approve_all(&office, &id, &["qian"]).await;
    let told = trail(&office, "li", &id).await;
    assert!(told.contains(&"DELEGATE head wang - zhao".to_owned()), "{told:?}");
    assert!(told.contains(&"DELEGATE head Admin zhao qian".to_owned()), "{told:?}");
}

async fn records_without_a_flow_are_submitted(client: &Client) {
    let mut office = Office::open(client).await;
    let text = "[[approval]]\ncode = \"quote\"\nobject = \"Quote\"\nlabel = \"报价审批\"\nwhen = \"remark != 'small'\"\n[[approval.steps]]\ncode = \"head\"\nby = [{ role = \"department_manager\", reach = true }]\n";
    applied(client, "approvals", text).await;
    let input = json!({ "customer": { "id": office.id("CL") }, "department": { "id": office.id("TJ-TL") }, "owner": { "id": office.id("li") }, "remark": "big" });
    office.make("quote", "Quote", input).await;
    let id = office.id("quote");
    let submit = format!("submitQuote(id: \"{id}\", comment: \"请审\")");
    assert_eq!(code(&call(&office, "chen", &submit).await), "RECORD_NOT_FOUND");
    let told = call(&office, "li", &submit).await;
    assert_eq!(told["record"]["approvalState"], "PENDING", "{told}");
    assert_eq!(code(&call(&office, "li", &submit).await), "RECORD_PENDING");
    let own = task(&office, "wang", &id).await;
    let told = call(
        &office,
        "wang",
        &format!("decideQuote(task: \"{own}\", decision: RETURN, comment: \"补充交期\")"),
    )
    .await;
    assert_eq!(told["record"]["approvalState"], "RETURNED", "{told}");
    let told =
        call(&office, "li", &format!("updateQuote(id: \"{id}\", patch: {{ remark: \"small\" }})"))
            .await;
    assert_eq!(told["userErrors"], json!([]), "{told}");
    assert_eq!(code(&call(&office, "li", &submit).await), "RECORD_RULE");
    // A task of one object is none of another.
    let wrong = format!("decideSalesOrder(task: \"{own}\", decision: APPROVE)");
    assert_eq!(code(&call(&office, "wang", &wrong).await), "INPUT_INVALID");
    let comment = "x".repeat(1001);
    let long =
        call(&office, "li", &format!("submitQuote(id: \"{id}\", comment: \"{comment}\")")).await;
    assert_eq!(code(&long), "RECORD_VALUE", "{long}");
}

async fn some_of_many_are_enough(client: &Client) {
    let mut office = Office::open(client).await;
    for who in ["zhou", "chen"] {
        office.give(who, &["department_manager"], &[office.id("TJ-TL")]).await;
    }
    let by = "by = [{ role = \"department_manager\", reach = true }]";
    applied(client, "approvals", &one_step(&format!("{by}\nquorum = \"60%\""))).await;
    let id = order(&mut office, "order", "li", "10").await;
    submit(&office, "li", &id).await;
    approve_all(&office, &id, &["wang"]).await;
    decide(&office, "zhou", &id, "REJECT").await;
    assert_eq!(state(&office, &id).await.0, "PENDING");
    approve_all(&office, &id, &["chen"]).await;
    assert_eq!(state(&office, &id).await.0, "APPROVED");
    applied(client, "approvals", &one_step(&format!("{by}\nquorum = 3"))).await;
    let id = order(&mut office, "second", "li", "10").await;
    submit(&office, "li", &id).await;
    let told = decide(&office, "zhou", &id, "REJECT").await;
    assert_eq!(told["record"]["approvalState"], "REJECTED", "{told}");
    assert_eq!(waits(&office, "wang").await, []);
}

async fn one_after_the_other_and_side_by_side(client: &Client) {
    let mut office = Office::open(client).await;
    office.give("zhou", &["department_manager"], &[office.id("TJ-TL")]).await;
    let by =
        "by = [{ role = \"department_manager\", reach = true }]\nquorum = \"all\"\nin_turn = true";
    applied(client, "approvals", &one_step(by)).await;
    let id = order(&mut office, "order", "li", "10").await;
    submit(&office, "li", &id).await;
    let first = [waits(&office, "wang").await.len(), waits(&office, "zhou").await.len()];
    assert_eq!(first.iter().sum::<usize>(), 1, "{first:?}");
    let (one, two) = if first[0] == 1 { ("wang", "zhou") } else { ("zhou", "wang") };
    approve_all(&office, &id, &[one, two]).await;
    assert_eq!(state(&office, &id).await.0, "APPROVED");
    let groups = one_step(
        "group = \"g\"\nby = [{ role = \"department_manager\", reach = true }]\n[[approval.steps]]\ncode = \"beside\"\ngroup = \"g\"\nby = [{ role = \"director\" }]\n[[approval.steps]]\ncode = \"nobody\"\nby = [{ role = \"no_such_role\" }]\nif_none = \"skip\"",
    );
    applied(client, "approvals", &groups).await;
    let id = order(&mut office, "second", "li", "10").await;
    submit(&office, "li", &id).await;
    assert_eq!(waits(&office, "zhao").await.len(), 1);
    approve_all(&office, &id, &["zhao"]).await;
    assert_eq!(state(&office, &id).await.0, "PENDING");
    approve_all(&office, &id, &["wang"]).await;
    assert_eq!(state(&office, &id).await.0, "APPROVED");
    assert_eq!(waits(&office, "zhou").await, []);
}

async fn what_runs_keeps_its_steps(client: &Client) {
    let mut office = Office::open(client).await;
    applied(
        client,
        "approvals",
        &one_step("by = [{ role = \"department_manager\", reach = true }]"),
    )
    .await;
    let id = order(&mut office, "order", "li", "10").await;
    submit(&office, "li", &id).await;
    let longer = one_step(
        "by = [{ role = \"department_manager\", reach = true }]\n[[approval.steps]]\ncode = \"more\"\nby = [{ role = \"director\" }]",
    );
    applied(client, "approvals", &longer).await;
    let refused = apply_rules(client, "approvals", Value::Null).await;
    assert_eq!(refused["diagnostics"][0]["code"], "CATALOG_IN_USE", "{refused:#}");
    approve_all(&office, &id, &["wang"]).await;
    assert_eq!(state(&office, &id).await.0, "APPROVED");
    let other = order(&mut office, "other", "li", "10").await;
    submit(&office, "li", &other).await;
    approve_all(&office, &other, &["wang", "zhao"]).await;
    assert_eq!(state(&office, &other).await.0, "APPROVED");
    applied_nothing(client).await;
}

async fn applied_nothing(client: &Client) {
    let told = apply_rules(client, "approvals", Value::Null).await;
    assert_eq!(told["diagnostics"], json!([]), "{told:#}");
}

async fn who_cannot_decide_is_replaced(client: &Client) {
    let mut office = Office::open(client).await;
    office.give("zhou", &["department_manager"], &[office.id("TJ-TL")]).await;
    let by = "by = [{ role = \"department_manager\", reach = true }]\nquorum = \"all\"\n[[approval.steps]]\ncode = \"last\"\nby = [{ employee = \"owner.manager\" }]";
    applied(client, "approvals", &one_step(by)).await;
    client
        .update("Employee", &office.id("li"), json!({ "manager": { "id": office.id("zhao") } }))
        .await;
    let id = order(&mut office, "order", "li", "10").await;
    submit(&office, "li", &id).await;
    assert_eq!(client.company.look_after_approvals().await.unwrap(), 0);
    approve_all(&office, &id, &["wang"]).await;
    // zhou has another role now; what wang has decided stands, and so the step is passed.
    office.give("zhou", &["salesperson"], &[]).await;
    assert_eq!(client.company.look_after_approvals().await.unwrap(), 1);
    assert_eq!(client.company.look_after_approvals().await.unwrap(), 0);
    let told = trail(&office, "li", &id).await;
    assert!(told.contains(&"SKIP all - zhou -".to_owned()), "{told:?}");
    // zhao leaves while the last step is theirs. Nobody is above li then.
    assert_eq!(waits(&office, "zhao").await.len(), 1);
    let gone = json!({ "status": "LEFT" });
    client.update("Employee", &office.id("zhao"), gone).await;
    assert_eq!(client.company.look_after_approvals().await.unwrap(), 1);
    let admin = "{ approvalInbox { nodes { record assignee step } } }";
    let told = client.data(admin).await["approvalInbox"]["nodes"].clone();
    assert_eq!(told, json!([{ "record": id, "assignee": null, "step": "last" }]));
    let rows = format!("{{ salesOrder(id: \"{id}\") {{ relatedEmployees {{ source }} }} }}");
    let rows = client.data(&rows).await.to_string();
    assert!(!rows.contains("APPROVAL"), "{rows}");

    // A role that opens nothing to those who are related: the next who can decides.
    let role = "code = \"distant\"\nlabel = \"远\"\nlabel_en = \"Distant\"\nlines = [\"SALES\"]\n[dimensions]\nDEPARTMENT = \"person\"\n[[grants]]\nobjects = [\"SalesOrder\"]\nactions = [\"read\", \"approve\"]\ndimensions = true\n";
    client
        .metadata(
            "mutation($d: String!) { saveRole(definition: $d) { code } }",
            json!({ "d": role }),
        )
        .await;
    office.give("feng", &["distant"], &[office.id("QZ-TL")]).await;
    client
        .update("Employee", &office.id("li"), json!({ "manager": { "id": office.id("feng") } }))
        .await;
    client
        .update("Employee", &office.id("feng"), json!({ "manager": { "id": office.id("wang") } }))
        .await;
    applied(client, "approvals", &one_step("by = [{ employee = \"owner.manager\" }]")).await;
    let id = order(&mut office, "second", "li", "10").await;
    submit(&office, "li", &id).await;
    assert_eq!(waits(&office, "feng").await, []);
    approve_all(&office, &id, &["wang"]).await;
    assert_eq!(state(&office, &id).await.0, "APPROVED");
}
