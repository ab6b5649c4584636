//! Writes that meet what their writer may not see: what is told of it is what is told of nothing.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office},
};

both_dbs! {
    hidden_references_are_told_as_absent_ones
    rules_over_hidden_values_tell_nothing
    rules_over_hidden_fields_of_the_record_tell_nothing
    defaults_do_not_copy_what_is_hidden
    keys_are_not_tried_for_ever
    what_refers_unseen_is_not_tried_for_ever
    what_is_theirs_by_default_is_not_refused
}

const NOWHERE: &str = "019ec900-0000-7000-8000-ffffffffffff";

const VOUCHERS: &str = r#"
type Voucher @object(kind: DOCUMENT, label: "凭单", plural: "vouchers") @unique(fields: ["code"]) {
  code: String! @field(label: "编码")
  customer: Customer @field(label: "客户") @relation(inverse: "vouchers")
  department: Department! @field(label: "部门", default: "customer.department")
  amount: Decimal @field(label: "金额", check: "amount <= customer.creditLimit")
  phone: String @field(label: "电话", default: "customer.phone")
  mail: String @field(label: "邮箱", default: "customer.owner.email")
  lines: [VoucherLine!]! @field(label: "行") @lines
}
type VoucherLine @object(kind: LINE, label: "凭单行") {
  customer: Customer @field(label: "客户")
  amount: Decimal @field(label: "金额", check: "amount <= customer.creditLimit")
}
type Note @object(kind: MASTER, label: "便笺", plural: "notes") {
  name: String! @field(label: "名称")
  voucher: Voucher @field(label: "凭单") @relation(inverse: "notes")
}
"#;

/// An office with vouchers, of which zhang may make and change all. Of customers, zhang sees only their own,
/// without what is hidden.
async fn office<'c>(client: &'c Client, hidden: &str) -> Office<'c> {
    let applied = client.apply(VOUCHERS, false).await;
    assert_eq!(applied["diagnostics"], json!([]), "{applied:#}");
    let office = Office::open(client).await;
    let role = format!(
        "code = \"clerk\"\nlabel = \"x\"\nlabel_en = \"x\"\n
        [[grants]]\nobjects = [\"Voucher\", \"Note\"]\nactions = [\"read\", \"create\", \"edit\", \"delete\"]\nopen = true\n
        [[grants]]\nobjects = [\"Customer\"]\nactions = [\"read\"]\nemployees = \"responsible\"\n
        [[grants]]\nobjects = [\"Department\"]\nactions = [\"read\"]\nopen = true\n
        [[fields]]\nobject = \"Customer\"\nhidden = [{hidden}]\n"
    );
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(save, json!({ "d": role })).await;
    office.give("zhang", &["clerk"], &[]).await;
    for (code, limit) in [("CZ", "1000"), ("CL", "1000")] {
        let patch = json!({ "creditLimit": limit, "phone": "022-23456789" });
        assert_eq!(
            client.update("Customer", &office.id(code), patch).await["userErrors"],
            json!([])
        );
    }
    office
}

/// What the trail tells of guesses, the newest first.
async fn trail(client: &Client) -> Vec<Value> {
    let query = "{ auditTrail(kind: GUESS) { nodes { account detail } } }";
    client.metadata(query, json!({})).await["auditTrail"]["nodes"].as_array().unwrap().clone()
}

fn codes(payload: &Value) -> Vec<String> {
    let told = payload["userErrors"].as_array().unwrap_or_else(|| panic!("{payload:#}"));
    let path = |fault: &Value| {
        let parts = fault["path"].as_array().unwrap().iter();
        parts.map(|part| part.as_str().unwrap()).collect::<Vec<_>>().join(".")
    };
    let told = told.iter();
    told.map(|fault| format!("{} {}", fault["code"].as_str().unwrap(), path(fault))).collect()
}

/// What zhang is told by the one root field of a mutation.
async fn told(office: &Office<'_>, field: &str) -> Value {
    let query = format!("mutation {{ it: {field} {{ userErrors {{ code path message hint }} }} }}");
    let answer = office.ask("zhang", &query).await;
    assert!(answer["data"]["it"].is_object(), "{query}: {answer:#}");
    answer["data"]["it"].clone()
}

async fn hidden_references_are_told_as_absent_ones(client: &Client) {
    let office = office(client, "\"creditLimit\"").await;
    let own = office.id("CZ");
    let made = client
        .create(
            "Voucher",
            json!({ "code": "V0", "customer": { "id": own }, "amount": "1",
            "lines": { "create": [{ "customer": { "id": own }, "amount": "1" }] } }),
        )
        .await;
    let line = client.data("{ vouchers { nodes { lines { id } } } }").await["vouchers"]["nodes"][0]
        ["lines"][0]["id"]
        .clone();
    let department = office.id("TJ-TL");
    let input = "code: \"V1\", customer: {id: \"#\"}, amount: \"99999999\"";
    let cases = [
        (format!("createVoucher(input: {{{input}}})"), "customer"),
        (format!("createVouchers(inputs: [{{{input}}}], onError: CONTINUE)"), "0.customer"),
        (format!("createVouchers(inputs: [{{code: \"V8\"}}, {{{input}}}])"), "1.customer"),
        (format!("upsertVoucher(by: code, input: {{{input}}})"), "customer"),
        (format!("upsertVoucher(by: code, input: {{{}}})", input.replace("V1", "V0")), "customer"),
        (format!("createNote(input: {{name: \"\", voucher: {{create: {{{input}}}}}}})"), "voucher.create.customer"),
        (
            format!("createVoucher(input: {{code: \"V2\", department: {{id: \"{department}\"}}, lines: {{create: [{{customer: {{id: \"#\"}}, amount: \"99999999\"}}]}}}})"),
            "lines.create.0.customer",
        ),
        (
            format!("updateVoucher(id: \"{made}\", patch: {{code: \"\", customer: {{id: \"#\"}}, amount: \"99999999\"}})"),
            "customer",
        ),
        (
            format!("updateVoucher(id: \"{made}\", patch: {{lines: {{update: [{{id: {line}, patch: {{customer: {{id: \"#\"}}, amount: \"99999999\"}}}}]}}}})"),
            "lines.update.0.customer",
        ),
        (
            "updateVouchers(filter: {code: {eq: \"V0\"}}, patch: {customer: {id: \"#\"}, amount: \"99999999\"}, atMost: 5, dryRun: true)".to_owned(),
            &*format!("{made}.customer"),
        ),
    ]
    .map(|(query, path)| (query, path.to_owned()));
    for (query, path) in cases {
        let mut answers = Vec::new();
        for id in [office.id("CL"), NOWHERE.to_owned()] {
            // What is known of the caller is read now, and not again at once.
            office.ask("zhang", "{ __typename vouchers(first: 1) { totalCount } }").await;
            let before = client.company.database.statements();
            let payload = told(&office, &query.replace('#', &id)).await;
            let statements = client.company.database.statements() - before;
            let told = codes(&payload);
            assert!(told.contains(&format!("RECORD_REFERENCE {path}")), "{query}: {payload:#}");
            let others = told.iter().filter(|fault| fault.starts_with("RECORD_REFERENCE")).count();
            // Only the first of two inputs lacks something else.
            assert!(others == told.len() || query.contains("V8"), "{query}: {told:?}");
            answers.push((payload, statements));
        }
        assert_eq!(answers[0], answers[1], "{query}");
    }
    let count = client.data("{ vouchers { totalCount } notes { totalCount } }").await;
    assert_eq!(count, json!({ "vouchers": { "totalCount": 1 }, "notes": { "totalCount": 0 } }));
}

async fn rules_over_hidden_values_tell_nothing(client: &Client) {
    let office = office(client, "\"creditLimit\"").await;
    let own = office.id("CZ");
    let create = |code: &str, amount: &str| {
        format!(
            "createVoucher(input: {{code: \"{code}\", customer: {{id: \"{own}\"}}, amount: \"{amount}\"}})"
        )
    };
    assert_eq!(codes(&told(&office, &create("V1", "1000")).await), [""; 0]);
    let refused = told(&office, &create("V2", "1000.01")).await;
    assert_eq!(codes(&refused), ["RECORD_CHECK "]);
    let text = refused.to_string();
    assert!(!text.contains("creditLimit") && !text.contains("amount"), "{text}");
    // The one who sees all is told the rule.
    let all = json!({ "code": "V2", "customer": { "id": own }, "amount": "1000.01" });
    assert_eq!(codes(&client.try_create("Voucher", all).await), ["RECORD_CHECK amount"]);
    // Tried only, it is not carried out: both are told alike.
    let tried = |amount: &str| {
        format!(
            "updateVouchers(filter: {{code: {{eq: \"V1\"}}}}, patch: {{amount: \"{amount}\"}}, atMost: 1, dryRun: true)"
        )
    };
    for amount in ["1", "99999999"] {
        assert_eq!(codes(&told(&office, &tried(amount)).await), [""; 0]);
    }
    // A customer that is not zhang's any more is hidden with all of it, and still counts.
    let owner = json!({ "owner": { "id": office.id("li") } });
    assert_eq!(client.update("Customer", &own, owner).await["userErrors"], json!([]));
    let id = client.data("{ voucher(code: \"V1\") { id } }").await["voucher"]["id"].clone();
    let update = format!("updateVoucher(id: {id}, patch: {{amount: \"1000.02\"}})");
    assert_eq!(codes(&told(&office, &update).await), ["RECORD_CHECK "]);
    // Each is a guess: written down, and not repeated for ever.
    let guesses = trail(client).await;
    assert_eq!(guesses.len(), 2, "{guesses:#?}");
    assert_eq!(guesses[0]["account"], "zhang");
    assert_eq!(guesses[0]["detail"]["objects"], json!({ "Voucher": 1 }));
    let mut refused = 0;
    for _ in 0..30 {
        let query = format!("mutation {{ it: {update} {{ userErrors {{ code }} }} }}");
        let answer = office.ask("zhang", &query).await;
        refused += usize::from(answer["errors"][0]["extensions"]["code"] == "LIMIT_GUESSES");
    }
    assert_eq!(refused, 12);
    // What would hold is refused as well, or it would be told apart.
    let fitting = format!("mutation {{ it: {} {{ userErrors {{ code }} }} }}", create("V3", "1"));
    let stopped = office.ask("zhang", &fitting).await;
    assert_eq!(stopped["errors"][0]["extensions"]["code"], "LIMIT_GUESSES", "{stopped}");
    client.world.advance(Duration::from_mins(61));
    let token = client.token("zhang").await;
    let again = client.ask_as(&token, &fitting).await.body;
    assert_eq!(again["data"]["it"]["userErrors"][0]["code"], "RECORD_REFERENCE", "{again}");
}

async fn rules_over_hidden_fields_of_the_record_tell_nothing(client: &Client) {
    let sdl = "type Span @object(kind: MASTER, label: \"段\", plural: \"spans\") @check(expr: \"closed >= opened\", message: \"先开后关\") {
        opened: Date @field(label: \"开\") closed: Date @field(label: \"关\") low: Int @field(label: \"低\", default: \"1\") high: Int @field(label: \"高\", default: \"low + 1\", check: \"high > low\") }";
    assert_eq!(client.apply(sdl, false).await["diagnostics"], json!([]));
    let office = Office::open(client).await;
    let role = "code = \"spans\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Span\"]\nactions = [\"read\", \"create\", \"edit\"]\nopen = true\n[[fields]]\nobject = \"Span\"\nhidden = [\"opened\"]\nmasked = { low = \"all\" }\n";
    let role = role.replace("masked = { low = \"all\" }", "");
    let role = role.replace("hidden = [\"opened\"]", "hidden = [\"opened\", \"low\"]");
    client
        .metadata(
            "mutation($d: String!) { saveRole(definition: $d) { code } }",
            json!({ "d": role }),
        )
        .await;
    office.give("zhang", &["spans"], &[]).await;
    let id = client.create("Span", json!({ "opened": "2026-03-01", "low": 5, "high": 9 })).await;
    let update = |patch: &str| format!("updateSpan(id: \"{id}\", patch: {{{patch}}})");
    let tried = |patch: &str| {
        format!(
            "updateSpans(filter: {{id: {{eq: \"{id}\"}}}}, patch: {{{patch}}}, atMost: 1, dryRun: true)"
        )
    };
    for patch in ["closed: \"2026-02-01\"", "high: 4"] {
        let payload = told(&office, &update(patch)).await;
        assert_eq!(codes(&payload), ["RECORD_CHECK "], "{patch}");
        let text = payload.to_string();
        assert!(!text.contains("先开后关") && !text.contains("low"), "{text}");
        assert_eq!(codes(&told(&office, &tried(patch)).await), [""; 0], "{patch}");
    }
    assert_eq!(codes(&told(&office, &update("closed: \"2026-03-01\", high: 6")).await), [""; 0]);
    // Two rules that do not hold are one text.
    let both = told(&office, &update("closed: \"2026-02-01\", high: 4")).await;
    assert_eq!(codes(&both), ["RECORD_CHECK "]);
    // A default over what is hidden would show it; what is hidden itself is filled as always.
    let query = "mutation { createSpan(input: {}) { record { id high } userErrors { code } } }";
    let made = office.ask("zhang", query).await["data"]["createSpan"].clone();
    assert_eq!(made["record"]["high"], Value::Null, "{made}");
    let spans = client.data("{ spans(orderBy: [{createdAt: ASC}]) { nodes { low high } } }").await;
    assert_eq!(spans["spans"]["nodes"][1], json!({ "low": 1, "high": null }));
    // Whoever sees both is told as always.
    let refused = client.update("Span", &id, json!({ "high": 4 })).await;
    assert_eq!(codes(&refused), ["RECORD_CHECK high"]);
}

async fn defaults_do_not_copy_what_is_hidden(client: &Client) {
    let office = office(client, "\"phone\"").await;
    let own = office.id("CZ");
    let mail = json!({ "email": "zhang@example.com" });
    assert_eq!(client.update("Employee", &office.id("zhang"), mail).await["userErrors"], json!([]));
    let made = format!("createVoucher(input: {{code: \"V1\", customer: {{id: \"{own}\"}}}})");
    assert_eq!(codes(&told(&office, &made).await), [""; 0]);
    let read = "{ voucher(code: \"#\") { phone mail department { code } } }";
    let voucher = client.data(&read.replace('#', "V1")).await["voucher"].clone();
    assert_eq!(voucher, json!({ "phone": null, "mail": null, "department": { "code": "TJ-TL" } }));
    // Whoever sees them has them filled in.
    client.create("Voucher", json!({ "code": "V2", "customer": { "id": own } })).await;
    let voucher = client.data(&read.replace('#', "V2")).await["voucher"].clone();
    assert_eq!(
        (&voucher["phone"], &voucher["mail"]),
        (&json!("022-23456789"), &json!("zhang@example.com"))
    );
}

/// Whether something refers to a record may be told without losing it: what else was to go stays, and all with it.
async fn what_refers_unseen_is_not_tried_for_ever(client: &Client) {
    let office = Office::open(client).await;
    let files =
        "type File @object(kind: MASTER, label: \"档\", plural: \"files\") { customer: Customer! }";
    assert_eq!(client.apply(files, false).await["diagnostics"], json!([]));
    let customer = office.id("CL");
    client.create("File", json!({ "customer": { "id": customer } })).await;
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    let role = "code = \"clerk\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Customer\"]\nactions = [\"read\", \"delete\"]\nopen = true\n";
    client.metadata(save, json!({ "d": role })).await;
    office.give("new", &["clerk"], &[]).await;
    let delete = |id: &str| format!("deleteCustomer(id: \"{id}\") {{ userErrors {{ code }} }}");
    let both = format!("mutation @atomic {{ a: {} b: {} }}", delete(&customer), delete(NOWHERE));
    let mut told = [0, 0];
    for _ in 0..120 {
        let text = office.ask("new", &both).await.to_string();
        told[0] += usize::from(text.contains("RECORD_IN_USE"));
        told[1] += usize::from(text.contains("LIMIT_GUESSES"));
    }
    assert!(told[0] > 10 && told[0] <= 100 && told[0] + told[1] == 120, "{told:?}");
    // By then nothing is told of one that nothing refers to, either.
    let other =
        format!("mutation @atomic {{ a: {} b: {} }}", delete(&office.id("CQ")), delete(NOWHERE));
    assert!(office.ask("new", &other).await.to_string().contains("LIMIT_GUESSES"));
    // Of what is seen it costs nothing.
    for _ in 0..120 {
        let text = client.data(&both).await.to_string();
        assert!(text.contains("RECORD_IN_USE"), "{text}");
    }
}

async fn keys_are_not_tried_for_ever(client: &Client) {
    let office = Office::open(client).await;
    // Each is refused, and all of it taken back.
    let mut refused = 0;
    for round in 0..4 {
        let fields: Vec<_> = (0..30)
            .map(|at| format!("a{at}: upsertCustomer(by: code, input: {{code: \"CL\", name: \"x{round}\", department: {{id: \"{}\"}}}}) {{ userErrors {{ code }} }}", office.id("TJ-TL")))
            .collect();
        for field in fields {
            let answer = office.ask("zhang", &format!("mutation @atomic {{ {field} }}")).await;
            let text = answer.to_string();
            assert!(text.contains("RECORD_TAKEN") || text.contains("LIMIT_GUESSES"), "{text}");
            refused += usize::from(text.contains("LIMIT_GUESSES"));
        }
    }
    assert_eq!(refused, 20);
    // A key that is free is refused too, and so are others for a while; another person goes on.
    let free = |code: &str| {
        format!(
            "mutation {{ createCustomer(input: {{code: \"{code}\", name: \"x\", department: {{id: \"{}\"}}}}) {{ record {{ id }} userErrors {{ code }} }} }}",
            office.id("TJ-TL")
        )
    };
    assert!(office.ask("zhang", &free("FREE")).await.to_string().contains("LIMIT_GUESSES"));
    assert!(office.ask("li", &free("FREE")).await["data"]["createCustomer"]["record"].is_object());
    // Many at once count each, once for each key.
    let hidden: Vec<_> = (0..110)
        .map(|at| json!({ "code": format!("K{at}"), "name": "x", "department": { "id": office.id("QZ-TL") } }))
        .collect();
    let made = "mutation($i: [CreateCustomerInput!]!) { createCustomers(inputs: $i) { count } }";
    assert_eq!(
        client.ask(made, json!({ "i": hidden })).await.data()["createCustomers"]["count"],
        110
    );
    let inputs: Vec<_> = (0..220)
        .map(|at| {
            format!(
                "{{code: \"K{}\", name: \"x\", department: {{id: \"{}\"}}}}",
                at % 110,
                office.id("TJ-TL")
            )
        })
        .collect();
    let many = format!(
        "mutation {{ createCustomers(inputs: [{}], onError: CONTINUE) {{ userErrors {{ code }} }} }}",
        inputs.join(", ")
    );
    assert!(office.ask("li", &many).await.to_string().contains("LIMIT_GUESSES"));
    // Nobody counts for whom nothing is hidden.
    for _ in 0..3 {
        let department = json!({ "id": office.id("TJ-TL") });
        let inputs = vec![json!({ "code": "CL", "name": "x", "department": department }); 50];
        let many = "mutation($i: [CreateCustomerInput!]!) { createCustomers(inputs: $i, onError: CONTINUE) { userErrors { code } } }";
        let answer = client.ask(many, json!({ "i": inputs })).await.data();
        assert_eq!(answer["createCustomers"]["userErrors"].as_array().unwrap().len(), 50);
    }
    let trail = trail(client).await;
    assert_eq!((&trail[0]["account"], &trail[0]["detail"]["beyond"]), (&json!("li"), &json!(true)));
}

async fn what_is_theirs_by_default_is_not_refused(client: &Client) {
    let office = Office::open(client).await;
    let role = "code = \"leads\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Lead\"]\nactions = [\"read\", \"create\"]\nopen = true\n";
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(save, json!({ "d": role })).await;
    office.give("su", &["leads"], &[]).await;
    // Neither employees nor departments exist for su, whose own they are by default.
    let query = "mutation { createLead(input: {name: \"线索\"}) { record { name } userErrors { code path message } } }";
    let made = office.ask("su", query).await;
    assert_eq!(
        made["data"]["createLead"],
        json!({ "record": { "name": "线索" }, "userErrors": [] }),
        "{made}"
    );
    let read = client.data("{ leads { nodes { owner { code } department { code } } } }").await;
    let expected = json!([{ "owner": { "code": "su" }, "department": { "code": "QZ-TL" } }]);
    assert_eq!(read["leads"]["nodes"], expected);
}
