//! Approvals: a record that is submitted waits, closed, until the people of its steps have decided.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::{
    both_dbs,
    flows::{applied, apply_rules},
    support::{Client, office::Office},
};

both_dbs! {
    an_amount_decides_who_is_asked
    approvers_see_what_they_decide_on
    of_two_who_decide_one_does
    a_return_ends_the_round
    a_record_is_taken_back
    what_waits_is_closed
    a_change_takes_an_approval_back
    strangers_are_told_nothing
    texts_say_what_is_wrong_with_them
    only_administrators_say_who_approves
}

/// The approval of the solution document: by amount, the head of the department, then the director.
pub(crate) const BY_AMOUNT: &str = r#"
[[approval]]
code = "order_amount"
object = "SalesOrder"
label = "订单审批"
label_en = "Order approval"
when = "totalAmount >= 50000"
voids = ["lines", "customer"]
[[approval.steps]]
code = "head"
label = "部门经理"
label_en = "Head of department"
by = [{ role = "department_manager", reach = true }]
[[approval.steps]]
code = "director"
label = "总监"
label_en = "Director"
when = "totalAmount >= 200000"
by = [{ role = "director" }]
quorum = "all"
"#;

/// A draft of an order of li with one line of a price, in a department.
pub(crate) async fn order(office: &mut Office<'_>, name: &str, owner: &str, price: &str) -> String {
    let item = office.client.data("{ inventoryItem(code: \"I1\") { id } }").await;
    if item["inventoryItem"].is_null() {
        office.make("category", "ItemCategory", json!({ "code": "X", "name": "X" })).await;
        let item = json!({ "code": "I1", "name": "树脂", "unit": "KG", "category": { "id": office.id("category") } });
        office.make("item", "InventoryItem", item).await;
    }
    let (customer, department) = match owner {
        "su" => ("CQ", "QZ-TL"),
        _ => ("CL", "TJ-TL"),
    };
    let line = json!({ "item": { "id": office.id("item") }, "quantity": "1", "price": price });
    let input = json!({ "customer": { "id": office.id(customer) }, "department": { "id": office.id(department) },
        "owner": { "id": office.id(owner) }, "lines": { "create": [line] } });
    office.make(name, "SalesOrder", input).await;
    office.id(name)
}

/// Calls a mutation as an account: its payload, or the code of the error.
pub(crate) async fn call(office: &Office<'_>, who: &str, call: &str) -> Value {
    let query = format!(
        "mutation {{ done: {call} {{ record {{ id approvalState }} userErrors {{ code path message }} }} }}"
    );
    let answer = office.ask(who, &query).await;
    match answer["data"]["done"].is_object() {
        true => answer["data"]["done"].clone(),
        false => answer["errors"][0].clone(),
    }
}

pub(crate) fn code(told: &Value) -> &str {
    let of = |at: &Value| at.as_str().map(str::len).is_some();
    match of(&told["userErrors"][0]["code"]) {
        true => told["userErrors"][0]["code"].as_str().unwrap_or_default(),
        false => told["extensions"]["code"].as_str().unwrap_or_default(),
    }
}

pub(crate) async fn submit(office: &Office<'_>, who: &str, id: &str) -> Value {
    call(office, who, &format!("submitSalesOrder(id: \"{id}\")")).await
}

/// The tasks that wait for somebody: record and step.
pub(crate) async fn waits(office: &Office<'_>, who: &str) -> Vec<(String, String, String)> {
    let query = "{ approvalInbox { totalCount nodes { id record step mine state label text } } }";
    let told = office.ask(who, query).await["data"]["approvalInbox"].clone();
    let nodes = told["nodes"].as_array().cloned().unwrap_or_default();
    assert_eq!(told["totalCount"], nodes.len(), "{told}");
    let text = |node: &Value, name: &str| node[name].as_str().unwrap_or_default().to_owned();
    for node in &nodes {
        assert_eq!((&node["mine"], &node["state"]), (&json!(true), &json!("OPEN")), "{node}");
    }
    nodes.iter().map(|node| (text(node, "id"), text(node, "record"), text(node, "step"))).collect()
}

/// The task of somebody on a record.
pub(crate) async fn task(office: &Office<'_>, who: &str, record: &str) -> String {
    let all = waits(office, who).await;
    let found = all.iter().find(|(_, of, _)| of == record);
    found.unwrap_or_else(|| panic!("{who} has no task: {all:?}")).0.clone()
}

pub(crate) async fn decide(office: &Office<'_>, who: &str, record: &str, decision: &str) -> Value {
    let task = task(office, who, record).await;
    let (object, comment) = ("SalesOrder", "看过");
    let mutation =
        format!("decide{object}(task: \"{task}\", decision: {decision}, comment: \"{comment}\")");
    call(office, who, &mutation).await
}

/// The trail of the last approval of a record, as its reader sees it: kind, step, by, to.
pub(crate) async fn trail(office: &Office<'_>, who: &str, record: &str) -> Vec<String> {
    let query = format!(
        "{{ approvals(record: \"{record}\") {{ state entries {{ kind step byName onBehalfOfName toName }} }} }}"
    );
    let told = office.ask(who, &query).await["data"]["approvals"][0].clone();
    let entries = told["entries"].as_array().cloned().unwrap_or_default();
    let told = entries.iter().map(|entry| {
        let part = |name: &str| entry[name].as_str().unwrap_or("-").to_owned();
        let parts = ["kind", "step", "byName", "onBehalfOfName", "toName"].map(part);
        parts.join(" ")
    });
    told.collect()
}

/// The state of a record's approval, and of its flow.
pub(crate) async fn state(office: &Office<'_>, id: &str) -> (Value, Value) {
    let query = format!("{{ salesOrder(id: \"{id}\") {{ approvalState status }} }}");
    let told = office.client.data(&query).await["salesOrder"].clone();
    (told["approvalState"].clone(), told["status"].clone())
}

pub(crate) async fn approve_all(office: &Office<'_>, id: &str, people: &[&str]) {
    for who in people {
        let told = decide(office, who, id, "APPROVE").await;
        assert_eq!(told["userErrors"], json!([]), "{who}: {told}");
    }
}

async fn an_amount_decides_who_is_asked(client: &Client) {
    let mut office = Office::open(client).await;
    applied(client, "approvals", BY_AMOUNT).await;
    let audit = async |office: &Office<'_>, id: &str| {
        call(office, "feng", &format!("auditSalesOrder(id: \"{id}\")")).await
    };
    let small = order(&mut office, "small", "li", "49999.99").await;
    assert_eq!(submit(&office, "li", &small).await["userErrors"], json!([]));
    assert_eq!(state(&office, &small).await, (Value::Null, json!("SUBMITTED")));
    assert_eq!(audit(&office, &small).await["userErrors"], json!([]));

    let middle = order(&mut office, "middle", "li", "50000").await;
    let told = submit(&office, "li", &middle).await;
    assert_eq!(told["record"]["approvalState"], "PENDING", "{told}");
    assert_eq!(code(&audit(&office, &middle).await), "RECORD_PENDING");
    assert_eq!(code(&submit(&office, "li", &middle).await), "RECORD_PENDING");
    let told = decide(&office, "wang", &middle, "APPROVE").await;
    assert_eq!(told["record"]["approvalState"], "APPROVED", "{told}");
    assert_eq!(audit(&office, &middle).await["userErrors"], json!([]));
    assert_eq!(
        trail(&office, "li", &middle).await,
        ["SUBMIT - li - -", "ASSIGN head li - wang", "APPROVE head wang - -", "END - wang - -"]
    );

    let large = order(&mut office, "large", "li", "200000").await;
    submit(&office, "li", &large).await;
    let told = decide(&office, "wang", &large, "APPROVE").await;
    assert_eq!(told["record"]["approvalState"], "PENDING", "{told}");
    assert_eq!(code(&audit(&office, &large).await), "RECORD_PENDING");
    let told = decide(&office, "zhao", &large, "APPROVE").await;
    assert_eq!(told["record"]["approvalState"], "APPROVED", "{told}");
    assert_eq!(audit(&office, &large).await["userErrors"], json!([]));
    let decided =
        "{ approvalInbox(list: DECIDED) { nodes { record state decidedByName comment } } }";
    let decided = office.ask("zhao", decided).await["data"]["approvalInbox"]["nodes"].clone();
    assert_eq!(
        decided,
        json!([{ "record": large, "state": "APPROVED", "decidedByName": "zhao", "comment": "看过" }])
    );
    // Who has to be asked first cannot be passed by.
    let other = order(&mut office, "other", "li", "60000").await;
    let moved = call(&office, "feng", &format!("auditSalesOrder(id: \"{other}\")")).await;
    assert_eq!(code(&moved), "RECORD_STATE", "{moved}");
}

async fn approvers_see_what_they_decide_on(client: &Client) {
    let mut office = Office::open(client).await;
    // The director's departments do not reach this order.
    office.give("zhao", &["director"], &[office.id("SH-TL")]).await;
    applied(client, "approvals", BY_AMOUNT).await;
    let id = order(&mut office, "order", "li", "300000").await;
    assert!(!office.sees("zhao", "salesOrders", "order").await);
    submit(&office, "li", &id).await;
    assert!(!office.sees("zhao", "salesOrders", "order").await);
    approve_all(&office, &id, &["wang"]).await;
    assert!(office.sees("zhao", "salesOrders", "order").await);
    let search = "{ salesOrders(search: \"SO\") { totalCount } }";
    assert_eq!(office.ask("zhao", search).await["data"]["salesOrders"]["totalCount"], 1);
    let because = office
        .explain(&format!("account: \"zhao\", object: \"SalesOrder\", id: \"{id}\", action: READ"))
        .await;
    assert!(because.to_string().contains("order_amount"), "{because:#}");
    let rows = format!(
        "{{ salesOrder(id: \"{id}\") {{ relatedEmployees {{ employee {{ id }} source rule }} }} }}"
    );
    let rows = client.data(&rows).await["salesOrder"]["relatedEmployees"].clone();
    let own = json!({ "employee": { "id": office.id("zhao") }, "source": "APPROVAL", "rule": "order_amount" });
    assert!(rows.as_array().unwrap().contains(&own), "{rows:#}");
    approve_all(&office, &id, &["zhao"]).await;
    assert!(!office.sees("zhao", "salesOrders", "order").await);
    assert_eq!(waits(&office, "zhao").await, []);
}

async fn of_two_who_decide_one_does(client: &Client) {
    let mut office = Office::open(client).await;
    office.give("zhou", &["department_manager"], &[office.id("TJ-TL")]).await;
    applied(client, "approvals", BY_AMOUNT).await;
    let id = order(&mut office, "order", "li", "300000").await;
    submit(&office, "li", &id).await;
    let tasks = [
        ("wang", task(&office, "wang", &id).await, "APPROVE"),
        ("zhou", task(&office, "zhou", &id).await, "REJECT"),
    ];
    let all = tasks.iter().map(|(who, task, decision)| {
        let mutation = format!("decideSalesOrder(task: \"{task}\", decision: {decision})");
        let office = &office;
        async move { call(office, who, &mutation).await }
    });
    let told = join_all(all).await;
    let codes: Vec<_> = told.iter().map(code).collect();
    assert!(codes == ["", "APPROVAL_DECIDED"] || codes == ["APPROVAL_DECIDED", ""], "{told:#?}");
    let (approval, status) = state(&office, &id).await;
    let expected = match codes[0] {
        "" => (json!("PENDING"), json!("SUBMITTED")),
        _ => (json!("REJECTED"), json!("DRAFT")),
    };
    assert_eq!((approval, status), expected);
    let next = waits(&office, "zhao").await.len();
    assert_eq!(next, usize::from(codes[0].is_empty()));
}

/// An approval with one step, and what more the step says.
pub(crate) fn one_step(more: &str) -> String {
    format!(
        "[[approval]]\ncode = \"order\"\nobject = \"SalesOrder\"\n[[approval.steps]]\ncode = \"all\"\n{more}\n"
    )
}

async fn a_return_ends_the_round(client: &Client) {
    let mut office = Office::open(client).await;
    office.give("zhou", &["department_manager"], &[office.id("TJ-TL")]).await;
    office.give("chen", &["department_manager"], &[office.id("TJ-TL")]).await;
    let by = "by = [{ role = \"department_manager\", reach = true }]\nquorum = \"all\"";
    applied(client, "approvals", &one_step(by)).await;
    let id = order(&mut office, "order", "li", "10").await;
    submit(&office, "li", &id).await;
    approve_all(&office, &id, &["wang"]).await;
    let told = decide(&office, "zhou", &id, "RETURN").await;
    assert_eq!(told["record"]["approvalState"], "RETURNED", "{told}");
    assert_eq!(waits(&office, "chen").await, []);
    assert_eq!(state(&office, &id).await, (json!("RETURNED"), json!("DRAFT")));
    assert!(office.edits("li", "SalesOrder", "order").await);
    let told = submit(&office, "li", &id).await;
    assert_eq!(told["record"]["approvalState"], "PENDING", "{told}");
    let query = format!("{{ approvals(record: \"{id}\") {{ round state tasks {{ state }} }} }}");
    let told = office.ask("li", &query).await["data"]["approvals"].clone();
    let states = |at: usize| {
        told[at]["tasks"]
            .as_array()
            .unwrap()
            .iter()
            .map(|task| task["state"].as_str().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!((&told[0]["round"], &told[1]["round"]), (&json!(2), &json!(1)));
    assert_eq!((&told[0]["state"], &told[1]["state"]), (&json!("PENDING"), &json!("RETURNED")));
    assert_eq!(states(0), ["OPEN"; 3]);
    let mut first = states(1);
    first.sort_unstable();
    assert_eq!(first, ["APPROVED", "CLOSED", "RETURNED"]);
    approve_all(&office, &id, &["wang", "zhou", "chen"]).await;
    assert_eq!(state(&office, &id).await, (json!("APPROVED"), json!("SUBMITTED")));
}

async fn a_record_is_taken_back(client: &Client) {
    let mut office = Office::open(client).await;
    applied(client, "approvals", BY_AMOUNT).await;
    let id = order(&mut office, "order", "li", "60000").await;
    let withdraw = async |office: &Office<'_>, who: &str| {
        call(office, who, &format!("withdrawSalesOrder(id: \"{id}\", comment: \"价格有误\")")).await
    };
    assert_eq!(code(&withdraw(&office, "li").await), "RECORD_STATE");
    submit(&office, "li", &id).await;
    let own = task(&office, "wang", &id).await;
    let can = format!("{{ approvals(record: \"{id}\") {{ canWithdraw }} }}");
    for (who, may) in [("li", true), ("wang", false), ("zhang", false)] {
        let told = office.ask(who, &can).await["data"]["approvals"].clone();
        assert_eq!(told[0]["canWithdraw"] == true, may, "{who} {told}");
    }
    assert_eq!(code(&withdraw(&office, "wang").await), "ACCESS_DENIED");
    assert_eq!(code(&withdraw(&office, "chen").await), "RECORD_NOT_FOUND");
    let told = withdraw(&office, "li").await;
    assert_eq!(told["record"]["approvalState"], Value::Null, "{told}");
    assert_eq!(state(&office, &id).await, (Value::Null, json!("DRAFT")));
    let late = format!("decideSalesOrder(task: \"{own}\", decision: APPROVE)");
    assert_eq!(code(&call(&office, "wang", &late).await), "APPROVAL_DECIDED");
    // Once more, and an administrator takes it back.
    submit(&office, "li", &id).await;
    let told = client
        .data(&format!(
            "mutation {{ withdrawSalesOrder(id: \"{id}\") {{ userErrors {{ code }} }} }}"
        ))
        .await;
    assert_eq!(told["withdrawSalesOrder"]["userErrors"], json!([]));
    let history =
        format!("{{ salesOrder(id: \"{id}\") {{ history {{ nodes {{ via viaLabel }} }} }} }}");
    let told = office.ask("li", &history).await["data"]["salesOrder"]["history"]["nodes"].clone();
    assert_eq!(told[0], json!({ "via": "withdrawSalesOrder", "viaLabel": "Take back" }), "{told}");
}

async fn what_waits_is_closed(client: &Client) {
    let mut office = Office::open(client).await;
    applied(client, "approvals", BY_AMOUNT).await;
    let id = order(&mut office, "order", "li", "60000").await;
    submit(&office, "li", &id).await;
    for change in [
        format!("updateSalesOrder(id: \"{id}\", patch: {{ remark: \"x\" }})"),
        format!("recallSalesOrder(id: \"{id}\")"),
    ] {
        assert_eq!(code(&call(&office, "li", &change).await), "RECORD_PENDING", "{change}");
    }
    let can = format!(
        "{{ salesOrder(id: \"{id}\") {{ _can {{ edit delete }} _actions {{ code allowed }} }} }}"
    );
    for token in [office.tokens["li"].clone(), client.token("admin").await] {
        let told = client.ask_as(&token, &can).await.body["data"]["salesOrder"].clone();
        assert_eq!(told["_can"], json!({ "edit": false, "delete": false }), "{told}");
        let open = told["_actions"].as_array().unwrap().iter().filter(|one| one["allowed"] == true);
        assert_eq!(open.count(), 0, "{told}");
    }
    // Administrators, too.
    let change = format!(
        "mutation {{ updateSalesOrder(id: \"{id}\", patch: {{ remark: \"x\" }}) {{ userErrors {{ code }} }} deleteSalesOrder(id: \"{id}\") {{ userErrors {{ code }} }} }}"
    );
    let told = client.ask(&change, json!({})).await.body;
    assert!(told.to_string().matches("RECORD_PENDING").count() == 2, "{told}");
    assert_eq!(state(&office, &id).await, (json!("PENDING"), json!("SUBMITTED")));
    // And nobody writes the state of an approval.
    let written = call(
        &office,
        "li",
        &format!("updateSalesOrder(id: \"{id}\", patch: {{ approvalState: APPROVED }})"),
    )
    .await;
    assert_eq!(code(&written), "INPUT_INVALID", "{written}");
}

async fn a_change_takes_an_approval_back(client: &Client) {
    let mut office = Office::open(client).await;
    applied(client, "approvals", BY_AMOUNT).await;
    let id = order(&mut office, "order", "li", "60000").await;
    submit(&office, "li", &id).await;
    approve_all(&office, &id, &["wang"]).await;
    let change = async |office: &Office<'_>, patch: &str| {
        let told =
            call(office, "li", &format!("updateSalesOrder(id: \"{id}\", patch: {patch})")).await;
        assert_eq!(told["userErrors"], json!([]), "{told}");
    };
    change(&office, "{ remark: \"加急\" }").await;
    assert_eq!(state(&office, &id).await.0, "APPROVED");
    let lines = format!("{{ salesOrder(id: \"{id}\") {{ lines {{ id }} }} }}");
    let line = client.data(&lines).await["salesOrder"]["lines"][0]["id"].clone();
    change(
        &office,
        &format!("{{ lines: {{ update: [{{ id: {line}, patch: {{ quantity: \"2\" }} }}] }} }}"),
    )
    .await;
    assert_eq!(state(&office, &id).await.0, Value::Null);
    let audit = call(&office, "feng", &format!("auditSalesOrder(id: \"{id}\")")).await;
    assert_eq!(code(&audit), "RECORD_PENDING", "{audit}");
    let query = format!("{{ approvals(record: \"{id}\") {{ state }} }}");
    let told = office.ask("li", &query).await["data"]["approvals"][0]["state"].clone();
    assert_eq!(told, "VOID");
    // In bulk as well.
    let other = order(&mut office, "other", "li", "70000").await;
    submit(&office, "li", &other).await;
    approve_all(&office, &other, &["wang"]).await;
    let customer = office.id("CZ");
    let bulk = format!(
        "mutation {{ updateSalesOrders(filter: {{ id: {{ eq: \"{other}\" }} }}, patch: {{ customer: {{ id: \"{customer}\" }} }}, atMost: 1) {{ userErrors {{ code message }} }} }}"
    );
    assert_eq!(client.data(&bulk).await["updateSalesOrders"]["userErrors"], json!([]));
    assert_eq!(state(&office, &other).await.0, Value::Null);
}

async fn strangers_are_told_nothing(client: &Client) {
    let mut office = Office::open(client).await;
    applied(client, "approvals", BY_AMOUNT).await;
    let id = order(&mut office, "order", "li", "60000").await;
    submit(&office, "li", &id).await;
    let own = task(&office, "wang", &id).await;
    let absent = "019b0000-0000-7000-8000-000000000000";
    // su sees no such order, and zhao would see it but is not asked.
    for who in ["su", "zhang", "chen"] {
        let of = |record: &str| {
            format!(
                "{{ approvals(record: \"{record}\") {{ id }} approvalInbox {{ totalCount nodes {{ id }} }} }}"
            )
        };
        assert_eq!(office.ask(who, &of(&id)).await, office.ask(who, &of(absent)).await, "{who}");
    }
    for who in ["wang", "zhao"] {
        let decide = |task: &str| format!("decideSalesOrder(task: \"{task}\", decision: APPROVE)");
        let told = call(&office, who, &decide(absent)).await;
        assert_eq!(code(&told), "RECORD_NOT_FOUND", "{told}");
    }
    office.give("su", &["director"], &[office.id("QZ-TL")]).await;
    let decide = |task: &str| format!("decideSalesOrder(task: \"{task}\", decision: APPROVE)");
    let (known, unknown) =
        (call(&office, "su", &decide(&own)).await, call(&office, "su", &decide(absent)).await);
    assert_eq!(known, unknown);
    assert_eq!(code(&known), "RECORD_NOT_FOUND");
    // Who sees the record but has no task may not decide, and a salesperson has no such mutation.
    assert_eq!(code(&call(&office, "zhao", &decide(&own)).await), "ACCESS_DENIED");
    assert_eq!(code(&call(&office, "li", &decide(&own)).await), "INPUT_INVALID");
    assert_eq!(state(&office, &id).await.0, "PENDING");
}

async fn texts_say_what_is_wrong_with_them(client: &Client) {
    let step = "[[approval.steps]]\ncode = \"a\"\nby = [{ role = \"director\" }]\n";
    let head = "[[approval]]\ncode = \"x\"\nobject = \"SalesOrder\"\n";
    let cases = [
        ("[[approval]]\ncode = \"x\"\nobject = \"Customer\"\n".to_owned() + step, "CATALOG_RULE"),
        (head.to_owned(), "CATALOG_RULE"),
        (format!("{head}when = \"nothing > 1\"\n{step}"), "CATALOG_EXPRESSION"),
        (format!("{head}moves = [\"sbmit\"]\n{step}"), "CATALOG_RULE"),
        (format!("{head}moves = []\n{step}"), "CATALOG_RULE"),
        (format!("{head}self = \"never\"\n{step}"), "CATALOG_RULE"),
        (format!("{head}repeat = \"twice\"\n{step}"), "CATALOG_RULE"),
        (format!("{head}voids = [\"price\"]\n{step}"), "CATALOG_RULE"),
        (format!("{head}{step}quorum = 0\n"), "CATALOG_RULE"),
        (format!("{head}{step}quorum = \"101%\"\n"), "CATALOG_RULE"),
        (format!("{head}{step}if_none = \"someone\"\n"), "CATALOG_RULE"),
        (format!("{head}{step}{step}"), "CATALOG_RULE"),
        (format!("{head}[[approval.steps]]\ncode = \"a\"\n"), "CATALOG_RULE"),
        (
            format!(
                "{head}[[approval.steps]]\ncode = \"a\"\nby = [{{ employee = \"customer\" }}]\n"
            ),
            "CATALOG_RULE",
        ),
        (
            format!(
                "{head}[[approval.steps]]\ncode = \"a\"\nby = [{{ employee = \"owner\", reach = true }}]\n"
            ),
            "CATALOG_RULE",
        ),
        (format!("{head}{step}{head}{step}"), "CATALOG_RULE"),
        (format!("{head}unknown = 1\n{step}"), "CATALOG_SYNTAX"),
    ];
    for (text, expected) in cases {
        let told = apply_rules(client, "approvals", json!(text)).await;
        let found = &told["diagnostics"];
        assert_eq!(found[0]["code"], expected, "{text}\n{told:#}");
        assert_eq!(found[0]["path"], "approvals", "{told:#}");
    }
}

async fn only_administrators_say_who_approves(client: &Client) {
    let office = Office::open(client).await;
    client
        .metadata(
            "mutation { assignRoles(account: \"zhou\", roles: [\"designer\"]) { roles } }",
            json!({}),
        )
        .await;
    let designer = client.token("zhou").await;
    drop(office);
    let rules = json!([{ "name": "approvals", "text": BY_AMOUNT }]);
    let query = "mutation($rules: [RuleText!]!) { applySchema(sdl: \"\", rules: $rules) { diagnostics { code } } }";
    let told = client.metadata_as(&designer, query, json!({ "rules": rules })).await.body;
    assert_eq!(told["data"]["applySchema"]["diagnostics"][0]["code"], "ACCESS_DENIED", "{told}");
    applied(client, "approvals", BY_AMOUNT).await;
    let query = "{ object(name: \"SalesOrder\") { approvals { code label moves when voids steps { code label when by quorum inTurn ifNone } } } }";
    let told = client.metadata(query, json!({})).await["object"]["approvals"].clone();
    assert_eq!(
        told,
        json!([{ "code": "order_amount", "label": "Order approval", "moves": ["submit"], "when": "totalAmount >= 50000",
            "voids": ["customer", "lines", "totalAmount"], "steps": [
            { "code": "head", "label": "Head of department", "when": null, "by": ["role:department_manager (reach)"],
              "quorum": "any", "inTurn": false, "ifNone": "manager" },
            { "code": "director", "label": "Director", "when": "totalAmount >= 200000", "by": ["role:director"],
              "quorum": "all", "inTurn": false, "ifNone": "manager" }] }])
    );
}
