//! Rules of lines: what holds for the rows of a document holds as it does for records.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, told},
};

both_dbs! {
    a_rule_reads_over_what_is_there_by_default
    a_rule_reads_over_what_is_made_with_the_line
    a_rule_of_a_line_reads_its_document_as_it_will_be
    an_order_without_lines_is_a_draft
    lines_that_cannot_be_read_are_not_added_up
    whole_numbers_add_up_to_whole_numbers
    a_rule_is_told_at_what_was_given
    a_taken_key_of_a_line_is_told_at_the_line
}

const PARCELS: &str = r#"
type Depot @object(kind: MASTER, label: "仓", plural: "depots") @unique(fields: ["code"]) {
  code: String! @field(label: "编码")
  isOpen: Boolean! @field(label: "开", default: "true")
}
type Parcel @object(kind: DOCUMENT, label: "包裹", plural: "parcels") @check(expr: "depot.isOpen") @check(expr: "who.name != '外人'") {
  depot: Depot @field(label: "仓") @relation(inverse: "parcels")
  who: Employee @field(label: "人", default: "viewer")
  limit: Int @field(label: "限")
  lines: [ParcelLine!]! @field(label: "行") @lines
}
type ParcelLine @object(kind: LINE, label: "包裹行") @check(expr: "depot.isOpen") @check(expr: "who.name != '外人'") {
  depot: Depot @field(label: "仓")
  who: Employee @field(label: "人", default: "viewer")
  boss: String @field(label: "名", default: "who.name")
  count: Int @field(label: "数", check: "count <= parcel.limit")
  inDepot: Boolean @field(label: "在", check: "inDepot == parcel.depot.isOpen")
}
"#;

async fn parcels(client: &Client) {
    let applied = client.apply(PARCELS, false).await;
    assert_eq!(applied["diagnostics"], json!([]), "{applied:#}");
}

async fn a_rule_reads_over_what_is_there_by_default(client: &Client) {
    parcels(client).await;
    let department = client.department("TJ").await;
    let employee = json!({ "code": "E1", "name": "外人", "department": { "id": department } });
    let employee = client.create("Employee", employee).await;
    let head = json!({ "who": null, "lines": { "create": [{}] } });
    assert_eq!(told(&client.try_create("Parcel", head.clone()).await), [""; 0]);
    // The administrator becomes the one by default whom the rule refuses.
    let operators =
        client.data("{ operators(filter: {account: {eq: \"admin\"}}) { nodes { id } } }").await;
    let admin = operators["operators"]["nodes"][0]["id"].as_str().unwrap().to_owned();
    let patch = json!({ "employee": { "id": employee } });
    assert_eq!(told(&client.update("Operator", &admin, patch).await), [""; 0]);
    client.world.advance(std::time::Duration::from_secs(5));
    let refused = client.try_create("Parcel", json!({})).await;
    assert_eq!(told(&refused), ["RECORD_CHECK who"]);
    let refused = client.try_create("Parcel", head).await;
    assert_eq!(told(&refused), ["RECORD_CHECK lines.create.0.who"]);
    // One default reads over another.
    assert_eq!(told(&client.update("Employee", &employee, json!({ "name": "王" })).await), [""; 0]);
    client.create("Parcel", json!({ "lines": { "create": [{}] } })).await;
    let read =
        client.data("{ parcels(orderBy: [{createdAt: DESC}]) { nodes { lines { boss } } } }").await;
    assert_eq!(read["parcels"]["nodes"][0]["lines"], json!([{ "boss": "王" }]));
}

async fn a_rule_reads_over_what_is_made_with_the_line(client: &Client) {
    parcels(client).await;
    let closed = client.create("Depot", json!({ "code": "D1", "isOpen": false })).await;
    let id = client.create("Parcel", json!({ "lines": { "create": [{}] } })).await;
    let read = client.data("{ parcels { nodes { lines { id } } } }").await;
    let line = read["parcels"]["nodes"][0]["lines"][0]["id"].clone();
    let made = json!({ "create": { "code": "D2", "isOpen": false } });
    for depot in [json!({ "id": closed }), made] {
        let given = json!({ "depot": depot });
        let update = json!({ "lines": { "update": [{ "id": line, "patch": given }] } });
        assert_eq!(
            told(&client.update("Parcel", &id, update).await),
            ["RECORD_CHECK lines.update.0.depot"]
        );
        let create = json!({ "lines": { "create": [given] } });
        assert_eq!(
            told(&client.update("Parcel", &id, create).await),
            ["RECORD_CHECK lines.create.0.depot"]
        );
        assert_eq!(told(&client.update("Parcel", &id, given).await), ["RECORD_CHECK depot"]);
    }
    assert_eq!(client.data("{ depots { totalCount } }").await["depots"]["totalCount"], 1);
}

async fn a_rule_of_a_line_reads_its_document_as_it_will_be(client: &Client) {
    parcels(client).await;
    let closed = client.create("Depot", json!({ "code": "D1" })).await;
    let lines = |count: i64| json!({ "create": [{ "count": count, "inDepot": true }] });
    let head = |count: i64| json!({ "limit": 3, "depot": { "id": closed }, "lines": lines(count) });
    assert_eq!(
        told(&client.try_create("Parcel", head(4)).await),
        ["RECORD_CHECK lines.create.0.count"]
    );
    let id = client.create("Parcel", head(3)).await;
    let raised = json!({ "limit": 5, "lines": lines(5) });
    assert_eq!(told(&client.update("Parcel", &id, raised).await), [""; 0]);
    let lowered = json!({ "limit": 2, "lines": lines(5) });
    assert_eq!(
        told(&client.update("Parcel", &id, lowered).await),
        ["RECORD_CHECK lines.create.0.count"]
    );
    let apart = json!({ "lines": { "create": [{ "inDepot": false }] } });
    assert_eq!(
        told(&client.update("Parcel", &id, apart).await),
        ["RECORD_CHECK lines.create.0.inDepot"]
    );
}

async fn an_order_without_lines_is_a_draft(client: &Client) {
    let department = client.department("TJ").await;
    let customer = client.customer(&department, "C1", json!({})).await;
    let category = client.create("ItemCategory", json!({ "code": "R", "name": "树脂" })).await;
    let item = json!({ "code": "R-1", "name": "x", "unit": "kg", "category": { "id": category } });
    let item = client.create("InventoryItem", item).await;
    let lines = json!({ "create": [{ "item": { "id": item }, "quantity": "2" }] });
    for (object, singular, later, over) in [("Quote", "quote", "SENT", "EXPIRED")] {
        let input = |status: &str, lines: Option<&Value>| {
            let mut input = json!({ "customer": { "id": customer }, "department": { "id": department }, "status": status });
            if let Some(lines) = lines {
                input["lines"] = lines.clone();
            }
            input
        };
        let refused = client.try_create(object, input(later, None)).await;
        assert_eq!(told(&refused), ["RECORD_CHECK status"], "{refused}");
        assert_eq!(refused["userErrors"][0]["message"], "Only a draft may be without lines");
        client.create(object, input(over, None)).await;
        client.create(object, input(later, Some(&lines))).await;
        let draft = client.create(object, input("DRAFT", None)).await;
        let status = json!({ "status": later });
        let refused = client.update(object, &draft, status.clone()).await;
        assert_eq!(told(&refused), ["RECORD_CHECK status"]);
        let many = format!(
            "mutation {{ it: update{object}s(filter: {{id: {{eq: \"{draft}\"}}}}, atMost: 1, patch: {{status: {later}}}, dryRun: true) {{ userErrors {{ code path }} }} }}"
        );
        let many = client.data(&many).await["it"]["userErrors"].clone();
        assert_eq!(many[0]["code"], "RECORD_CHECK", "{many}");
        let both = json!({ "status": later, "lines": lines });
        assert_eq!(told(&client.update(object, &draft, both).await), [""; 0]);
        // The last line stays.
        let read = format!("{{ it: {singular}(id: \"{draft}\") {{ lines {{ id }} }} }}");
        let line = client.data(&read).await["it"]["lines"][0]["id"].clone();
        let gone = json!({ "lines": { "delete": [line] } });
        let refused = client.update(object, &draft, gone.clone()).await;
        assert_eq!(told(&refused), ["RECORD_CHECK lines"]);
        let other = json!({ "lines": { "delete": [line], "create": lines["create"] } });
        assert_eq!(told(&client.update(object, &draft, other).await), [""; 0]);
    }
    // The state of an order is written by moves.
    let input = json!({ "customer": { "id": customer }, "department": { "id": department } });
    let draft = client.create("SalesOrder", input).await;
    let submit = format!(
        "mutation {{ it: submitSalesOrder(id: \"{draft}\") {{ record {{ status lines {{ id }} }} userErrors {{ code path message }} }} }}"
    );
    let refused = client.data(&submit).await["it"].clone();
    assert_eq!(told(&refused), ["RECORD_CHECK status"], "{refused}");
    assert_eq!(refused["userErrors"][0]["message"], "Only a draft may be without lines");
    let patch = json!({ "lines": lines });
    assert_eq!(told(&client.update("SalesOrder", &draft, patch).await), [""; 0]);
    let done = client.data(&submit).await["it"].clone();
    assert_eq!(done["record"]["status"], "SUBMITTED", "{done}");
    let gone = json!({ "lines": { "delete": [done["record"]["lines"][0]["id"]] } });
    let refused = client.update("SalesOrder", &draft, gone).await;
    assert_eq!(told(&refused), ["RECORD_CHECK lines"]);
    // A company may want more, for drafts too.
    let sdl = "extend type SalesOrder @check(expr: \"lineCount > 0\", message: \"订单至少要有一行明细\", messageEn: \"An order has lines\")";
    assert_eq!(client.apply(sdl, false).await["diagnostics"], json!([]));
    let input = json!({ "customer": { "id": customer }, "department": { "id": department } });
    let refused = client.try_create("SalesOrder", input.clone()).await;
    assert_eq!(refused["userErrors"][0]["message"], "An order has lines", "{refused}");
    let token = client.token("admin").await;
    let query = format!(
        "mutation {{ createSalesOrder(input: {{customer: {{id: \"{customer}\"}}, department: {{id: \"{department}\"}}}}) {{ userErrors {{ message }} }} }}"
    );
    let zh = client.ask_with(&token, ("Accept-Language", "zh-CN"), &query).await.data();
    assert_eq!(zh["createSalesOrder"]["userErrors"][0]["message"], "订单至少要有一行明细");
}

/// What cannot be read is told, not what would be made of it.
async fn lines_that_cannot_be_read_are_not_added_up(client: &Client) {
    let bills = "type Bill @object(kind: DOCUMENT, label: \"x\", plural: \"bills\") @check(expr: \"lineCount > 0\") {
        lines: [BillLine!]! @lines lineCount: Int @rollup(of: \"lines\", count: true) }
        type BillLine @object(kind: LINE, label: \"x\") { n: Int }";
    assert_eq!(client.apply(bills, false).await["diagnostics"], json!([]));
    let told = client
        .ask(
            "mutation($i: CreateBillInput!) { createBill(input: $i) { userErrors { code path } } }",
            json!({ "i": { "lines": "x" } }),
        )
        .await
        .body;
    let faults = told["data"]["createBill"]["userErrors"].as_array();
    let faults = faults.unwrap_or_else(|| panic!("{told:#}"));
    assert!(faults.len() == 1 && faults[0]["path"][0] == "lines", "{told}");
}

async fn whole_numbers_add_up_to_whole_numbers(client: &Client) {
    let sdl = "type Bill @object(kind: DOCUMENT, label: \"x\", plural: \"bills\") { lines: [BillLine!]! @lines sum: Int @rollup(of: \"lines\", sum: \"n\") }
        type BillLine @object(kind: LINE, label: \"x\") { n: Int }";
    assert_eq!(client.apply(sdl, false).await["diagnostics"], json!([]));
    let make = async |second: i32| {
        let query = format!(
            "mutation {{ createBill(input: {{lines: {{create: [{{n: 2147483647}}, {{n: {second}}}]}}}}) {{ record {{ sum }} userErrors {{ code path }} }} }}"
        );
        client.data(&query).await["createBill"].clone()
    };
    let made = make(0).await;
    assert_eq!(made["record"]["sum"], 2_147_483_647, "{made}");
    let refused = make(1).await;
    assert_eq!(refused["userErrors"], json!([{ "code": "RECORD_VALUE", "path": ["sum"] }]));
}

async fn a_rule_is_told_at_what_was_given(client: &Client) {
    let sdl = "type Span @object(kind: MASTER, label: \"x\", plural: \"spans\") { a: Int b: Int @field(check: \"a <= b\") }";
    assert_eq!(client.apply(sdl, false).await["diagnostics"], json!([]));
    let id = client.create("Span", json!({ "a": 1, "b": 2 })).await;
    for (patch, at) in
        [(json!({ "a": 3 }), "a"), (json!({ "b": 0 }), "b"), (json!({ "a": 9, "b": 8 }), "b")]
    {
        let told = client.update("Span", &id, patch).await;
        assert_eq!(told["userErrors"][0]["path"], json!([at]), "{told}");
    }
}

async fn a_taken_key_of_a_line_is_told_at_the_line(client: &Client) {
    let sdl = "type Form @object(kind: DOCUMENT, label: \"x\", plural: \"forms\") { rows: [FormRow!]! @lines } type FormRow @object(kind: LINE, label: \"x\") { u: String @field(unique: true) }";
    assert_eq!(client.apply(sdl, false).await["diagnostics"], json!([]));
    let make = async |rows: Value| {
        let query = "mutation($i: CreateFormInput!) { createForm(input: $i) { record { id rows { id } } userErrors { code path } } }";
        let input = json!({ "rows": { "create": rows } });
        client.ask(query, json!({ "i": input })).await.data()["createForm"].clone()
    };
    let taken = |path: Value| json!([{ "code": "RECORD_TAKEN", "path": path }]);
    let twice = make(json!([{ "u": "p" }, { "u": "q" }, { "u": "Q" }])).await;
    assert_eq!(twice["userErrors"], taken(json!(["rows", "create", "2", "u"])));
    let made = make(json!([{ "u": "q" }, { "u": "r" }])).await;
    assert_eq!(made["userErrors"], json!([]));
    assert_eq!(
        make(json!([{ "u": "q" }])).await["userErrors"],
        taken(json!(["rows", "create", "0", "u"]))
    );
    assert_eq!(
        make(json!([{ "u": "x" }, { "u": "q" }])).await["userErrors"],
        taken(json!(["rows", "create", "1", "u"]))
    );
    let empty = make(json!([{ "u": null }, { "u": null }, { "u": "q" }])).await;
    assert_eq!(empty["userErrors"], taken(json!(["rows", "create", "2", "u"])));
    let patch = json!({ "rows": { "update": [{ "id": made["record"]["rows"][1]["id"], "patch": { "u": "q" } }] } });
    let told = client.update("Form", made["record"]["id"].as_str().unwrap(), patch).await;
    assert_eq!(
        (&told["userErrors"][0]["code"], &told["userErrors"][0]["path"]),
        (&json!("RECORD_TAKEN"), &json!(["rows", "update", "0", "u"]))
    );
}
