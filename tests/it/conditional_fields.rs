//! Conditions on fields: when they are required, visible and read-only, which records may be chosen, and drafts,
//! which tell all of it before a save.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    languages::Asker,
    support::{Client, office::Office, told},
};

both_dbs! {
    fields_are_required_where_their_condition_holds
    locked_fields_stay_as_they_are_stored
    records_are_chosen_by_a_condition
    conditions_over_hidden_values_tell_nothing
    drafts_say_what_a_save_does
    texts_are_brought_into_their_form
}

const INCIDENTS: &str = r#"
enum IncidentStatus { OPEN CLOSED }
enum IncidentKind { FAULT CLAIM }
type Incident @object(kind: DOCUMENT, label: "事件", labelEn: "Incident", plural: "incidents", number: "SJ-{seq:3}")
  @unique(fields: ["code"])
  @check(expr: "closedOn == null || status == CLOSED", zh: "未结案不填结案日期", en: "Only closed incidents have a closing date") {
  code: String @field(label: "编码")
  status: IncidentStatus! @field(label: "状态", default: "OPEN")
  closedOn: Date @field(label: "结案日期", labelEn: "Closed on", requiredWhen: "status == CLOSED")
  kind: IncidentKind @field(label: "类型")
  reason: String @field(label: "原因", visibleWhen: "kind == CLAIM", requiredWhen: "true")
  amount: Decimal @field(label: "金额", labelEn: "Amount", type: MONEY, default: "1", readOnlyWhen: "status == CLOSED")
    @check(expr: "amount >= 0", zh: "金额不能为负", en: "No negative amounts") @check(expr: "amount != 7", en: "Seven is not allowed")
  double: Decimal @field(label: "两倍", scale: 2) @formula(expr: "amount * 2")
  customer: Customer @field(label: "客户")
  contact: Contact @field(label: "联系人", labelEn: "Contact") @relation(choose: "contact.customer == customer && !(contact.name == '黑')")
  phone: String @field(label: "电话", type: PHONE, normalize: [PHONE])
  lines: [IncidentLine!]! @field(label: "行", readOnlyWhen: "status == CLOSED") @lines
  total: Int @field(label: "合计") @rollup(of: "lines", sum: "count")
}
type IncidentLine @object(kind: LINE, label: "事件行") {
  count: Int @field(label: "数", readOnlyWhen: "incident.status == CLOSED")
  note: String @field(label: "注", requiredWhen: "count > 3")
}
"#;

async fn incidents(client: &Client) {
    let applied = client.apply(INCIDENTS, false).await;
    assert_eq!(applied["diagnostics"], json!([]), "{applied:#}");
}

/// What a mutation's only root field is told.
async fn refused(client: &Client, field: &str) -> Vec<String> {
    let query = format!("mutation {{ it: {field} {{ userErrors {{ code path message }} }} }}");
    told(&client.data(&query).await["it"])
}

async fn fields_are_required_where_their_condition_holds(client: &Client) {
    incidents(client).await;
    let closed = json!({ "code": "A", "status": "CLOSED", "amount": null });
    assert_eq!(told(&client.try_create("Incident", closed).await), ["RECORD_REQUIRED closedOn"]);
    // What is not visible is not required, and a visible field is.
    let claim = json!({ "code": "A", "kind": "CLAIM" });
    assert_eq!(told(&client.try_create("Incident", claim).await), ["RECORD_REQUIRED reason"]);
    let line = json!({ "lines": { "create": [{ "count": 3 }, { "count": 4 }] } });
    let answer = client.try_create("Incident", line).await;
    assert_eq!(told(&answer), ["RECORD_REQUIRED lines.create.1.note"]);
    let id = client.create("Incident", json!({ "code": "A", "kind": "FAULT" })).await;
    let patch = json!({ "status": "CLOSED", "kind": "CLAIM" });
    let answer = client.update("Incident", &id, patch).await;
    assert_eq!(told(&answer), ["RECORD_REQUIRED closedOn", "RECORD_REQUIRED reason"]);
    for field in [
        "updateIncidents(filter: {code: {eq: \"A\"}}, patch: {status: CLOSED}, atMost: 5)",
        "updateIncidents(filter: {code: {eq: \"A\"}}, patch: {status: CLOSED}, atMost: 5, dryRun: true)",
    ] {
        assert_eq!(refused(client, field).await, [format!("RECORD_REQUIRED {id}.closedOn")]);
    }
    let upsert = "upsertIncident(by: code, input: {code: \"A\", status: CLOSED})";
    assert_eq!(refused(client, upsert).await, ["RECORD_REQUIRED closedOn"]);
    let many = "createIncidents(inputs: [{code: \"B\"}, {code: \"C\", kind: CLAIM}])";
    assert_eq!(refused(client, many).await, ["RECORD_REQUIRED 1.reason"]);
    // Several checks of one field, each with its own words.
    for (amount, zh, en) in [
        ("-1", "金额不能为负", "No negative amounts"),
        ("7", "金额不能为 7", "Seven is not allowed"),
    ] {
        let answer = client.update("Incident", &id, json!({ "amount": amount })).await;
        let message = answer["userErrors"][0]["message"].as_str().unwrap_or_default();
        assert!([zh, en].contains(&message), "{answer:#}");
    }
    // It is not a right: what is not shown can still be read.
    assert_eq!(told(&client.update("Incident", &id, json!({ "reason": "x" })).await), [""; 0]);
    assert_eq!(
        client.data("{ incidents { nodes { reason } } }").await["incidents"]["nodes"][0]["reason"],
        "x"
    );
    let form = "{ object(name: \"Incident\") { fields { name required requiredWhen visibleWhen readOnlyWhen drafts } } }";
    let form = client.metadata(form, json!({})).await["object"]["fields"].clone();
    let field = |name: &str| {
        let mut all = form.as_array().unwrap().iter();
        all.find(|field| field["name"] == name).unwrap().clone()
    };
    assert_eq!(field("reason")["visibleWhen"], "kind == CLAIM");
    assert_eq!(field("closedOn")["requiredWhen"], "status == CLOSED");
    assert_eq!(field("amount")["readOnlyWhen"], "status == CLOSED");
    assert_eq!(
        (&field("kind")["drafts"], &field("reason")["drafts"]),
        (&json!(true), &json!(false))
    );
}

async fn locked_fields_stay_as_they_are_stored(client: &Client) {
    incidents(client).await;
    let closed =
        json!({ "code": "A", "status": "CLOSED", "closedOn": "2026-06-01", "amount": "5" });
    assert_eq!(
        told(&client.try_create("Incident", closed.clone()).await),
        ["RECORD_READ_ONLY amount"]
    );
    let mut closed = closed;
    // The default is what the field has anyway.
    closed["amount"] = json!("1.00");
    let id = client.create("Incident", closed).await;
    let line = json!({ "create": [{ "count": 1 }] });
    let cases: [(Value, &[&str]); 6] = [
        (json!({ "amount": "2" }), &["RECORD_READ_ONLY amount"]),
        // What is stored decides: nobody unlocks a field and changes it at once.
        (
            json!({ "amount": "2", "status": "OPEN", "closedOn": null }),
            &["RECORD_READ_ONLY amount"],
        ),
        (json!({ "amount": null }), &["RECORD_READ_ONLY amount"]),
        (json!({ "amount": "1" }), &[]),
        (
            json!({ "lines": line }),
            &["RECORD_READ_ONLY lines", "RECORD_READ_ONLY lines.create.0.count"],
        ),
        (json!({ "kind": "FAULT" }), &[]),
    ];
    for (patch, expected) in cases {
        let answer = client.update("Incident", &id, patch.clone()).await;
        let mut codes = told(&answer);
        codes.sort();
        assert_eq!(codes, expected, "{patch}");
    }
    let bulk = "updateIncidents(filter: {code: {eq: \"A\"}}, patch: {amount: 3}, atMost: 5)";
    assert_eq!(refused(client, bulk).await, [format!("RECORD_READ_ONLY {id}.amount")]);
    let upsert = "upsertIncident(by: code, input: {code: \"A\", amount: 3})";
    assert_eq!(refused(client, upsert).await, ["RECORD_READ_ONLY amount"]);
    let query = format!(
        "mutation {{ updateIncident(id: \"{id}\", patch: {{amount: 3}}) {{ userErrors {{ code message hint }} }} }}"
    );
    let told_of = Asker::new(client).await.told("/graphql", &query, json!({})).await;
    let told_of = format!("{told_of:?}");
    assert!(told_of.contains("记录处于当前状态，不能修改金额"), "{told_of}");
    assert!(told_of.contains("cannot be changed while the record is as it is"), "{told_of}");
    // What was removed comes back as it was.
    assert_eq!(refused(client, &format!("deleteIncident(id: \"{id}\")")).await, [""; 0]);
    assert_eq!(refused(client, &format!("restoreIncident(id: \"{id}\")")).await, [""; 0]);
    // Open again, with a line; then the line's own condition reads its document.
    let open = json!({ "status": "OPEN", "closedOn": null });
    assert_eq!(told(&client.update("Incident", &id, open).await), [""; 0]);
    let patch =
        json!({ "amount": "9", "lines": line, "status": "CLOSED", "closedOn": "2026-06-02" });
    // A new line is not stored yet, so its document as it will be decides.
    assert_eq!(
        told(&client.update("Incident", &id, patch).await),
        ["RECORD_READ_ONLY lines.create.0.count"]
    );
    assert_eq!(
        told(&client.update("Incident", &id, json!({ "amount": "9", "lines": line })).await),
        [""; 0]
    );
    let read = client.data("{ incidents { nodes { amount double total } } }").await;
    assert_eq!(
        read["incidents"]["nodes"][0],
        json!({ "amount": "9.00", "double": "18.00", "total": 1 })
    );
}

async fn records_are_chosen_by_a_condition(client: &Client) {
    incidents(client).await;
    let department = client.department("TJ").await;
    let (mut customers, mut contacts) = (Vec::new(), Vec::new());
    for code in ["C1", "C2"] {
        let customer = client.customer(&department, code, json!({})).await;
        for name in ["王", "黑"] {
            let contact = json!({ "name": name, "customer": { "id": customer } });
            contacts.push(client.create("Contact", contact).await);
        }
        customers.push(customer);
    }
    let pair = |customer: usize, contact: usize| json!({ "customer": { "id": customers[customer] }, "contact": { "id": contacts[contact] } });
    for (customer, contact) in [(0, 2), (1, 0), (0, 1)] {
        let answer = client.try_create("Incident", pair(customer, contact)).await;
        assert_eq!(told(&answer), ["RECORD_CHECK contact"]);
    }
    let alone = json!({ "contact": { "id": contacts[0] } });
    assert_eq!(told(&client.try_create("Incident", alone).await), ["RECORD_CHECK contact"]);
    let nowhere = json!({ "contact": { "id": "019ec900-0000-7000-8000-ffffffffffff" } });
    assert_eq!(told(&client.try_create("Incident", nowhere).await), ["RECORD_REFERENCE contact"]);
    let query = format!(
        "mutation {{ createIncident(input: {{contact: {{id: \"{}\"}}}}) {{ userErrors {{ message hint }} }} }}",
        contacts[0]
    );
    let told_of = Asker::new(client).await.told("/graphql", &query, json!({})).await;
    assert!(format!("{told_of:?}").contains("联系人：此处不能选择该记录"), "{told_of:?}");
    let id = client.create("Incident", pair(0, 0)).await;
    let moved = json!({ "customer": { "id": customers[1] } });
    assert_eq!(told(&client.update("Incident", &id, moved).await), ["RECORD_CHECK customer"]);
    assert_eq!(told(&client.update("Incident", &id, pair(1, 2)).await), [""; 0]);
    // Candidates are what the save takes.
    let asked = async |arguments: &str| {
        let query = format!(
            "{{ candidates(object: \"Incident\", field: \"contact\"{arguments}) {{ id }} }}"
        );
        let all = client.data(&query).await["candidates"].clone();
        all.as_array()
            .unwrap()
            .iter()
            .map(|one| one["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(asked("").await, [""; 0]);
    let draft =
        |customer: usize| format!(", draft: {{customer: {{id: \"{}\"}}}}", customers[customer]);
    assert_eq!(asked(&draft(0)).await, [contacts[0].clone()]);
    assert_eq!(asked(&format!(", id: \"{id}\"")).await, [contacts[2].clone()]);
    assert_eq!(asked(&format!(", id: \"{id}\"{}", draft(0))).await, [contacts[0].clone()]);
    assert_eq!(asked(&format!("{}, search: \"李\"", draft(0))).await, [""; 0]);
}

async fn conditions_over_hidden_values_tell_nothing(client: &Client) {
    let text = r#"
type Voucher @object(kind: DOCUMENT, label: "凭单", plural: "vouchers") {
  customer: Customer @field(label: "客户")
  reason: String @field(label: "原因", requiredWhen: "customer.creditLimit > 500", visibleWhen: "customer.creditLimit < 2000")
  place: String @field(label: "地点", readOnlyWhen: "customer.creditLimit > 500")
  other: Customer @field(label: "另一客户") @relation(choose: "other.creditLimit > 500")
}"#;
    let applied = client.apply(text, false).await;
    assert_eq!(applied["diagnostics"], json!([]), "{applied:#}");
    let office = Office::open(client).await;
    let role = "code = \"clerk\"\nlabel = \"x\"\nlabel_en = \"x\"\n
        [[grants]]\nobjects = [\"Voucher\"]\nactions = [\"read\", \"create\", \"edit\"]\nopen = true\n
        [[grants]]\nobjects = [\"Customer\"]\nactions = [\"read\"]\nopen = true\n
        [[fields]]\nobject = \"Customer\"\nhidden = [\"creditLimit\"]\n";
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(save, json!({ "d": role })).await;
    office.give("zhang", &["clerk"], &[]).await;
    let (rich, poor) = (office.id("CZ"), office.id("CL"));
    for (id, limit) in [(&rich, "1000"), (&poor, "100")] {
        let patch = json!({ "creditLimit": limit });
        assert_eq!(told(&client.update("Customer", id, patch).await), [""; 0]);
    }
    let asked = async |field: &str| {
        let query = format!("mutation {{ it: {field} {{ userErrors {{ code path }} }} }}");
        told(&office.ask("zhang", &query).await["data"]["it"])
    };
    // The save is refused, and says no more than that some rule does not hold.
    for input in [
        format!("customer: {{id: \"{rich}\"}}"),
        format!("customer: {{id: \"{rich}\"}}, reason: \"x\", place: \"x\""),
        format!("other: {{id: \"{poor}\"}}"),
    ] {
        assert_eq!(
            asked(&format!("createVoucher(input: {{{input}}})")).await,
            ["RECORD_CHECK "],
            "{input}"
        );
    }
    assert_eq!(
        asked(&format!("createVoucher(input: {{customer: {{id: \"{poor}\"}}}})")).await,
        [""; 0]
    );
    // Drafts are the same whichever customer it is, and so are candidates.
    let mut seen = Vec::new();
    for id in [&rich, &poor] {
        let query = format!("{{ draftVoucher(patch: {{customer: {{id: \"{id}\"}}, place: \"x\", other: {{id: \"{id}\"}}}}) {{
            record {{ reason place }} states {{ path visible required readOnly }} userErrors {{ code }} }} }}");
        seen.push(office.ask("zhang", &query).await["data"].clone());
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0]["draftVoucher"]["userErrors"], json!([]), "{:#}", seen[0]);
    let query = "{ candidates(object: \"Voucher\", field: \"other\", first: 50) { id } }";
    let all = office.ask("zhang", query).await["data"]["candidates"].as_array().unwrap().len();
    let few = client.data(query).await["candidates"].as_array().unwrap().len();
    assert_eq!((all, few), (4, 1));
    // Nor does the form name what it reads.
    let form =
        "{ object(name: \"Voucher\") { fields { name requiredWhen visibleWhen readOnlyWhen } } }";
    let form = client.metadata_as(&office.tokens["zhang"], form, json!({})).await.data();
    assert!(!form.to_string().contains("creditLimit"), "{form:#}");
}

const FIELDS: &str = "code status closedOn kind reason amount double total _title
    customer { code } contact { name } lines { lineNo count note }";

/// The draft of a patch, and what comes of saving it.
async fn both(client: &Client, id: Option<&str>, patch: &Value) -> (Value, Value) {
    let ask = format!("query($id: ID, $patch: UpdateIncidentInput!) {{ draftIncident(id: $id, patch: $patch) {{
        record {{ {FIELDS} }} states {{ path visible required readOnly }} userErrors {{ code path message hint }} }} }}");
    let draft = client.ask(&ask, json!({ "id": id, "patch": patch })).await.data();
    let (save, variables) = match id {
        None => ("createIncident(input: $patch)", json!({ "patch": patch })),
        Some(id) => ("updateIncident(id: $id, patch: $patch)", json!({ "id": id, "patch": patch })),
    };
    let head = if id.is_some() {
        "$id: ID!, $patch: UpdateIncidentInput!"
    } else {
        "$patch: CreateIncidentInput!"
    };
    let save = format!(
        "mutation({head}) {{ it: {save} {{ record {{ {FIELDS} }} userErrors {{ code path message hint }} }} }}"
    );
    let saved = client.ask(&save, variables).await.data();
    (draft["draftIncident"].clone(), saved["it"].clone())
}

async fn drafts_say_what_a_save_does(client: &Client) {
    incidents(client).await;
    let department = client.department("TJ").await;
    let customer = client.customer(&department, "C1", json!({})).await;
    let other = client.customer(&department, "C2", json!({})).await;
    let contact =
        client.create("Contact", json!({ "name": "王", "customer": { "id": customer } })).await;
    let own = json!({ "customer": { "id": customer }, "contact": { "id": contact } });
    client.create("Incident", json!({ "code": "TAKEN" })).await;
    let id = client
        .create("Incident", json!({ "code": "A", "lines": { "create": [{ "count": 2 }] } }))
        .await;
    let line =
        client.data("{ incidents(filter: {code: {eq: \"A\"}}) { nodes { lines { id } } } }").await;
    let line = line["incidents"]["nodes"][0]["lines"][0]["id"].clone();
    let patches = [
        json!({}),
        json!({ "code": "TAKEN" }),
        json!({ "code": "TAKEN", "status": "CLOSED", "kind": "CLAIM" }),
        json!({ "amount": "7", "closedOn": "2026-06-01" }),
        json!({ "amount": "12.345" }),
        json!({ "customer": { "id": other }, "contact": { "id": contact } }),
        json!({ "contact": { "id": "019ec900-0000-7000-8000-ffffffffffff" } }),
        json!({ "lines": { "create": [{ "count": 5 }] } }),
        json!({ "amount": "2.5", "lines": { "create": [{ "count": 5, "note": "x" }, { "count": 1 }] } }),
        own,
        json!({ "status": "CLOSED", "closedOn": "2026-06-01" }),
    ];
    let mut kept = 0;
    for patch in &patches {
        for id in [None, Some(id.as_str())] {
            let (draft, saved) = both(client, id, patch).await;
            assert_eq!(draft["userErrors"], saved["userErrors"], "{id:?} {patch:#}");
            if saved["userErrors"] == json!([]) {
                let (mut one, mut other) = (draft["record"].clone(), saved["record"].clone());
                if id.is_none() {
                    // Its number is not known, and so its title.
                    assert_eq!(one["_title"], Value::Null);
                    (one["_title"], other["_title"]) = (json!(0), json!(0));
                }
                assert_eq!(one, other, "{id:?} {patch:#}");
                kept += 1;
            } else {
                assert!(draft["record"].is_object(), "{draft:#}");
            }
        }
    }
    assert_eq!(kept, 8, "patches that are saved");
    // States are those of the record as it is drafted; read-only is what is stored.
    let (draft, _) = both(client, Some(&id), &json!({ "kind": "CLAIM", "amount": "3", "lines": { "update": [{ "id": line, "patch": { "count": 9 } }] } })).await;
    let state = |path: &[&str]| {
        let mut all = draft["states"].as_array().unwrap().iter();
        all.find(|state| state["path"] == json!(path))
            .unwrap_or_else(|| panic!("{draft:#}"))
            .clone()
    };
    let is = |path: &[&str], visible: bool, required: bool, read_only: bool| {
        assert_eq!(
            state(path),
            json!({ "path": path, "visible": visible, "required": required, "readOnly": read_only })
        );
    };
    is(&["reason"], true, true, false);
    is(&["amount"], true, false, true);
    is(&["closedOn"], true, true, false);
    is(&["lines", "update", "0", "note"], true, true, false);
    is(&["lines", "update", "0", "count"], true, false, true);
    // Nothing was written by any of it: no number is missing, and no history is there.
    let read = client.data("{ incidents(orderBy: [{number: ASC}]) { nodes { number version history { nodes { version } } } } }").await;
    let nodes = read["incidents"]["nodes"].as_array().unwrap();
    for (at, node) in nodes.iter().enumerate() {
        assert_eq!(node["number"], format!("SJ-{:03}", at + 1));
        assert_eq!(node["version"], node["history"]["nodes"].as_array().unwrap().len());
    }
    // What a person has not changed is filled in again.
    let again = client
        .data("{ draftIncident(patch: {amount: \"5\", code: \"Z\"}, changed: [\"code\"]) { __typename record { amount code __typename version } } }")
        .await;
    let record = json!({ "amount": "1.00", "code": "Z", "__typename": "Incident", "version": 1 });
    assert_eq!(again["draftIncident"], json!({ "__typename": "IncidentDraft", "record": record }));
    // A record that is not there cannot be drafted.
    let none = client
        .data("{ draftIncident(id: \"019ec900-0000-7000-8000-ffffffffffff\", patch: {}) { record { id } userErrors { code } } }")
        .await;
    assert_eq!(
        none["draftIncident"],
        json!({ "record": null, "userErrors": [{ "code": "RECORD_NOT_FOUND" }] })
    );
}

async fn texts_are_brought_into_their_form(client: &Client) {
    let text = r#"type Note @object(plural: "notes") @unique(fields: ["code"]) {
  code: String @field(normalize: [HALF_WIDTH])
  phone: String @field(type: PHONE, normalize: [PHONE])
  text: String @field(type: LONG_TEXT, normalize: [TRIM])
}"#;
    let applied = client.apply(text, false).await;
    assert_eq!(applied["diagnostics"], json!([]), "{applied:#}");
    let given = json!({ "code": "　ＡＢ－１２　", "phone": "（０２２） 2345-6789转8", "text": "\n  a\n b \n" });
    client.create("Note", given).await;
    let read = "{ note(code: \"ＡＢ-１２\") { code phone text }
        notes(filter: {phone: {eq: \"022-23456789 转8\"}}) { totalCount } }";
    let read = client.data(read).await;
    assert_eq!(
        read["note"],
        json!({ "code": "AB-12", "phone": "02223456789转8", "text": "a\n b" })
    );
    assert_eq!(read["notes"]["totalCount"], 1);
}
