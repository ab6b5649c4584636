//! Amounts in any currency, and fields that are filled from what a record refers to.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office, told},
};

both_dbs! {
    amounts_keep_the_rate_of_their_day
    sums_are_of_the_base_amount
    fields_are_filled_anew
    fills_tell_nothing_hidden
    fills_are_checked
    locks_by_hidden_values_are_kept_without_a_word_of_them
}

const IMPORTS: &str = r#"
type Import @object(kind: MASTER, label: "进口", labelEn: "Import", plural: "imports") {
  name: String! @field(label: "名称", labelEn: "Name", unique: true)
  price: CurrencyAmount @item @field(label: "货价", labelEn: "Price")
  duty: Decimal @field(type: MONEY) @formula(expr: "price.baseAmount * 0.1")
}
"#;

/// Defines imports and two currencies.
async fn trade(client: &Client) -> (String, String) {
    let applied = client.apply(IMPORTS, false).await;
    assert_eq!(applied["diagnostics"], json!([]), "{applied:#}");
    let usd = json!({ "code": "USD", "name": "美元", "rate": "7.105" });
    let eur = json!({ "code": "EUR", "name": "欧元", "rate": "8.2" });
    (client.create("Currency", usd).await, client.create("Currency", eur).await)
}

/// What the price of an import is: amount, code, rate, base amount.
async fn price(client: &Client, name: &str) -> Value {
    let query = format!(
        "{{ imports(filter: {{name: {{eq: \"{name}\"}}}}) {{ nodes {{ price {{ amount currency {{ code }} rate baseAmount }} }} }} }}"
    );
    let price = client.data(&query).await["imports"]["nodes"][0]["price"].clone();
    json!([price["amount"], price["currency"]["code"], price["rate"], price["baseAmount"]])
}

async fn amounts_keep_the_rate_of_their_day(client: &Client) {
    let (usd, eur) = trade(client).await;
    let change = |patch: Value| json!({ "price": patch });
    let input = json!({ "name": "A", "price": { "amount": "100", "currency": { "id": usd } } });
    let a = client.create("Import", input).await;
    assert_eq!(price(client, "A").await, json!(["100.00", "USD", "7.105000", "710.50"]));
    let duty = "{ imports { nodes { duty } } }";
    assert_eq!(client.data(duty).await["imports"]["nodes"][0]["duty"], "71.05");

    // The rate of today is that of what is saved from today on.
    assert_eq!(told(&client.update("Currency", &usd, json!({ "rate": "7.2" })).await), [""; 0]);
    assert_eq!(told(&client.update("Import", &a, json!({ "name": "A1" })).await), [""; 0]);
    assert_eq!(
        told(&client.update("Import", &a, change(json!({ "amount": "200" }))).await),
        [""; 0]
    );
    assert_eq!(price(client, "A1").await, json!(["200.00", "USD", "7.105000", "1421.00"]));
    // Naming the same currency again changes nothing either.
    let same = change(json!({ "currency": { "id": usd } }));
    assert_eq!(told(&client.update("Import", &a, same).await), [""; 0]);
    assert_eq!(price(client, "A1").await, json!(["200.00", "USD", "7.105000", "1421.00"]));

    let other = change(json!({ "currency": { "id": eur } }));
    assert_eq!(told(&client.update("Import", &a, other).await), [""; 0]);
    assert_eq!(price(client, "A1").await, json!(["200.00", "EUR", "8.200000", "1640.00"]));
    let agreed = change(json!({ "currency": { "id": usd }, "rate": "7" }));
    assert_eq!(told(&client.update("Import", &a, agreed).await), [""; 0]);
    assert_eq!(price(client, "A1").await, json!(["200.00", "USD", "7.000000", "1400.00"]));
    // Without a currency it is in the company's own.
    assert_eq!(
        told(&client.update("Import", &a, change(json!({ "currency": null }))).await),
        [""; 0]
    );
    assert_eq!(price(client, "A1").await, json!(["200.00", null, null, "200.00"]));

    // A form that has given the price has given its rate.
    let draft = "query($id: ID!, $patch: UpdateImportInput!, $changed: [String!]) { draftImport(id: $id, patch: $patch, changed: $changed) { record { price { rate } } } }";
    let patch = change(json!({ "currency": { "id": usd }, "rate": "6" }));
    for (changed, rate) in
        [("price", "6.000000"), ("price.rate", "6.000000"), ("price.currency", "7.200000")]
    {
        let asked = json!({ "id": a, "patch": patch, "changed": [changed] });
        let told = client.ask(draft, asked).await.data()["draftImport"].clone();
        assert_eq!(told["record"]["price"]["rate"], rate, "{changed}");
    }

    // What is out of use is not chosen.
    assert_eq!(told(&client.update("Currency", &eur, json!({ "isActive": false })).await), [""; 0]);
    let faults =
        told(&client.update("Import", &a, change(json!({ "currency": { "id": eur } }))).await);
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(faults[0].contains("price.currency") || faults[0].contains("currency"), "{faults:?}");
    assert_eq!(price(client, "A1").await, json!(["200.00", null, null, "200.00"]));
}

async fn sums_are_of_the_base_amount(client: &Client) {
    let (usd, eur) = trade(client).await;
    for (name, amount, currency) in [
        ("A", "100", json!({ "id": usd })),
        ("B", "10", json!({ "id": eur })),
        ("C", "1.5", Value::Null),
    ] {
        let price = json!({ "amount": amount, "currency": currency });
        client.create("Import", json!({ "name": name, "price": price })).await;
    }
    let sum = "{ importAggregate { count sum { price { baseAmount } } } }";
    let data = client.data(sum).await["importAggregate"][0].clone();
    assert_eq!(data, json!({ "count": 3, "sum": { "price": { "baseAmount": "794.00" } } }));
    for wrong in ["sum", "avg", "max"] {
        let query = format!("{{ importAggregate {{ {wrong} {{ price {{ amount }} }} }} }}");
        assert_eq!(client.ask(&query, json!({})).await.codes(), ["INPUT_INVALID"], "{wrong}");
    }
    // Amounts are compared and sorted, and grouped by their currency.
    let big = "{ imports(filter: {price: {amount: {gte: 10}}}, orderBy: [{price: {amount: ASC}}]) { nodes { name } } }";
    let names = client.data(big).await["imports"]["nodes"].clone();
    assert_eq!(names, json!([{ "name": "B" }, { "name": "A" }]));

    // No roll-up adds up amounts.
    let lines = "type Fee @object(kind: LINE, label: \"费用\") { paid: Decimal @field(type: AMOUNT) }
        extend type Import { fees: [Fee!]! @lines  all: Decimal @rollup(of: \"fees\", sum: \"paid\") }";
    let refused = client.apply(lines, true).await;
    let message = refused["diagnostics"][0]["message"].as_str().unwrap_or_default();
    assert!(message.contains("several currencies"), "{refused:#}");

    let form = "{ object(name: \"Import\") { groups { name item } fields { name type } } }";
    let form = client.metadata(form, json!({})).await["object"].clone();
    assert_eq!(form["groups"][0], json!({ "name": "price", "item": "CurrencyAmount" }));
    let fields = form["fields"].as_array().unwrap();
    assert!(fields.contains(&json!({ "name": "price.amount", "type": "AMOUNT" })), "{form:#}");
}

const DELIVERIES: &str = r#"
type Shipment @object(kind: DOCUMENT, label: "发运", labelEn: "Shipment", plural: "shipments") {
  note: String! @field(label: "备注", unique: true)
  customer: Customer @field(label: "客户")
  sent: Boolean @field(label: "已发")
  city: String @field(label: "城市", labelEn: "City", fill: "customer.city")
  handler: Employee @field(label: "经办人", fill: "customer.owner")
  desk: Department @field(label: "部门", fill: "handler.department")
  place: String @field(label: "地址", fill: "coalesce(customer.address, city)", readOnlyWhen: "sent")
  items: [ShipmentItem!]! @lines
}
type ShipmentItem @object(kind: LINE, label: "明细") {
  item: InventoryItem! @field(label: "存货")
  unit: String @field(label: "单位", fill: "item.unit")
}
"#;

async fn shipped(client: &Client, note: &str) -> Value {
    let query = format!(
        "{{ shipment(note: \"{note}\") {{ city handler {{ code }} desk {{ code }} place items {{ unit }} }} }}"
    );
    let read = client.data(&query).await["shipment"].clone();
    json!([read["city"], read["handler"]["code"], read["desk"]["code"], read["place"]])
}

async fn fields_are_filled_anew(client: &Client) {
    let office = Office::open(client).await;
    let applied = client.apply(DELIVERIES, false).await;
    assert_eq!(applied["diagnostics"], json!([]), "{applied:#}");
    let (cz, cl) = (office.id("CZ"), office.id("CL"));
    for (id, city, address) in [(&cz, "天津", json!("泰康道 1 号")), (&cl, "上海", Value::Null)]
    {
        let patch = json!({ "city": city, "address": address });
        assert_eq!(told(&client.update("Customer", id, patch).await), [""; 0]);
    }
    let category = client.create("ItemCategory", json!({ "code": "R", "name": "树脂" })).await;
    let mut items = Vec::new();
    for (code, unit) in [("E1", "kg"), ("E2", "桶")] {
        let item =
            json!({ "code": code, "name": code, "unit": unit, "category": { "id": category } });
        items.push(client.create("InventoryItem", item).await);
    }
    let input = json!({ "note": "A", "customer": { "id": cz }, "items": { "create": [{ "item": { "id": items[0] } }] } });
    let a = client.create("Shipment", input).await;
    let first = shipped(client, "A").await;
    assert_eq!(first, json!(["天津", "zhang", "TJ-TL", "泰康道 1 号"]));

    // Another customer brings their own values, one over the other; what is given stays.
    let patch = json!({ "customer": { "id": cl }, "city": "杭州" });
    assert_eq!(told(&client.update("Shipment", &a, patch).await), [""; 0]);
    assert_eq!(shipped(client, "A").await, json!(["杭州", "li", "TJ-TL", "杭州"]));
    // A change elsewhere fills nothing.
    let patch = json!({ "handler": null });
    assert_eq!(told(&client.update("Shipment", &a, patch).await), [""; 0]);
    assert_eq!(shipped(client, "A").await, json!(["杭州", null, null, "杭州"]));
    assert_eq!(told(&client.update("Shipment", &a, json!({ "sent": true })).await), [""; 0]);
    // What is read-only stays as it is; what is empty there is empty here.
    let patch = json!({ "customer": { "id": cz } });
    assert_eq!(told(&client.update("Shipment", &a, patch).await), [""; 0]);
    assert_eq!(shipped(client, "A").await, json!(["天津", "zhang", "TJ-TL", "杭州"]));
    let patch = json!({ "customer": null, "sent": false });
    assert_eq!(told(&client.update("Shipment", &a, patch).await), [""; 0]);
    assert_eq!(shipped(client, "A").await, json!([null, null, null, "杭州"]));

    // What a formula makes of the record fills, too, in a new record and a stored one.
    let bills = "type Bill @object(kind: MASTER, label: \"单\", plural: \"bills\") { name: String! a: Int b: Int twice: Int @formula(expr: \"a * 2\") due: Int @field(fill: \"twice * b\") }";
    assert_eq!(client.apply(bills, false).await["diagnostics"], json!([]));
    let bill = client.create("Bill", json!({ "name": "x", "a": 3, "b": 5 })).await;
    for (patch, due) in [
        (json!({}), 30),
        (json!({ "a": 4 }), 40),
        (json!({ "a": 2, "b": 1 }), 4),
        (json!({ "due": 7 }), 7),
        (json!({ "name": "y" }), 7),
        (json!({ "b": 2 }), 8),
    ] {
        assert_eq!(told(&client.update("Bill", &bill, patch).await), [""; 0]);
        assert_eq!(
            client.data("{ bills { nodes { due } } }").await["bills"]["nodes"][0]["due"],
            due
        );
    }

    // Lines, by their own item.
    let line = "{ shipment(note: \"A\") { items { id unit } } }";
    let before = client.data(line).await["shipment"]["items"][0].clone();
    assert_eq!(before["unit"], "kg");
    let patch = json!({ "items": { "update": [{ "id": before["id"], "patch": { "item": { "id": items[1] } } }] } });
    assert_eq!(told(&client.update("Shipment", &a, patch).await), [""; 0]);
    assert_eq!(client.data(line).await["shipment"]["items"][0]["unit"], "桶");

    // A draft fills what the form shows, unless somebody has given it.
    let draft = "query($id: ID!, $patch: UpdateShipmentInput!, $changed: [String!]) { draftShipment(id: $id, patch: $patch, changed: $changed) { record { city place } userErrors { message } } }";
    let patch = json!({ "customer": { "id": cz }, "city": "武汉" });
    for (changed, city) in [(json!(["customer"]), "天津"), (json!(["customer", "city"]), "武汉")]
    {
        let asked = json!({ "id": a, "patch": patch, "changed": changed });
        let record = client.ask(draft, asked).await.data()["draftShipment"]["record"].clone();
        assert_eq!(record, json!({ "city": city, "place": "泰康道 1 号" }));
    }
}

async fn fills_tell_nothing_hidden(client: &Client) {
    let office = Office::open(client).await;
    let applied = client.apply(DELIVERIES, false).await;
    assert_eq!(applied["diagnostics"], json!([]), "{applied:#}");
    client.metadata("mutation { acceptLayouts(object: \"Shipment\") { kind } }", json!({})).await;
    let role = "code = \"ships\"\nlabel = \"发运\"\nlabel_en = \"Ships\"\n\n[[grants]]\nobjects = [\"Shipment\"]\nactions = [\"read\", \"create\", \"edit\"]\nopen = true\n\n[[grants]]\nobjects = [\"Customer\"]\nactions = [\"read\"]\nemployees = \"related\"\n\n[[fields]]\nobject = \"Customer\"\nhidden = [\"address\"]\n";
    let save = "mutation($role: String!) { saveRole(definition: $role) { code } }";
    client.metadata(save, json!({ "role": role })).await;
    let assign = "mutation { assignRoles(account: \"zhang\", roles: [\"ships\"]) { roles } }";
    client.metadata(assign, json!({})).await;
    let patch = json!({ "city": "天津", "address": "泰康道 1 号" });
    assert_eq!(told(&client.update("Customer", &office.id("CZ"), patch).await), [""; 0]);

    // Somebody else's customer is no customer; a field that is hidden fills nothing.
    let create = |customer: &str| {
        format!(
            "mutation {{ it: createShipment(input: {{note: \"{customer}\", customer: {{id: \"{}\"}}}}) {{ record {{ city place }} userErrors {{ code }} }} }}",
            office.id(customer)
        )
    };
    let made = office.ask("zhang", &create("CZ")).await["data"]["it"].clone();
    assert_eq!(made, json!({ "record": { "city": "天津", "place": null }, "userErrors": [] }));
    let other = office.ask("zhang", &create("CL")).await["data"]["it"].clone();
    assert_eq!(other["record"], Value::Null, "{other:#}");
}

async fn locks_by_hidden_values_are_kept_without_a_word_of_them(client: &Client) {
    let office = Office::open(client).await;
    let sdl = r#"type Deal @object(kind: MASTER, label: "单", plural: "deals") {
  name: String!
  approved: Boolean
  customer: Customer
  city: String @field(fill: "customer.city", readOnlyWhen: "approved")
}"#;
    assert_eq!(client.apply(sdl, false).await["diagnostics"], json!([]));
    let role = "code = \"deals\"\nlabel = \"单\"\nlabel_en = \"Deals\"\n\n[[grants]]\nobjects = [\"Deal\"]\nactions = [\"read\", \"create\", \"edit\"]\nopen = true\n\n[[fields]]\nobject = \"Deal\"\nhidden = [\"approved\"]\n";
    let save = "mutation($role: String!) { saveRole(definition: $role) { code } assignRoles(account: \"zhang\", roles: [\"salesperson\", \"deals\"]) { roles } }";
    client.metadata(save, json!({ "role": role })).await;
    client.update("Customer", &office.id("CZ"), json!({ "city": "天津" })).await;
    for (name, approved) in [("open", false), ("closed", true)] {
        let id = client.create("Deal", json!({ "name": name, "city": "上海" })).await;
        client.update("Deal", &id, json!({ "approved": approved })).await;
        let patch = format!(
            "mutation {{ it: updateDeal(id: \"{id}\", patch: {{customer: {{id: \"{}\"}}}}) {{ record {{ city }} userErrors {{ code }} }} }}",
            office.id("CZ")
        );
        let answer = office.ask("zhang", &patch).await["data"]["it"].clone();
        match approved {
            false => assert_eq!(answer["record"]["city"], "天津", "{answer}"),
            true => assert_eq!(answer["userErrors"][0]["code"], "RECORD_CHECK", "{answer}"),
        }
        // Who sees why keeps it, and changes all else.
        let other = json!({ "customer": { "id": office.id("CL") } });
        assert_eq!(told(&client.update("Deal", &id, other).await), [""; 0]);
        let read = format!("{{ deal(id: \"{id}\") {{ city }} }}");
        let city = client.data(&read).await["deal"]["city"].clone();
        assert_eq!(city, if approved { json!("上海") } else { Value::Null });
    }
}

async fn fills_are_checked(client: &Client) {
    for (field, said) in [
        ("a: String @field(default: \"'x'\", fill: \"b\")  b: String", "not both"),
        ("a: Date @field(fill: \"today()\")", "another field"),
        ("a: String @field(fill: \"coalesce(a, 'x')\")", "another field"),
        ("a: [Customer!] @field(fill: \"b\")  b: String", "no default"),
        ("a: String @field(fill: \"c\")", "c"),
        (
            "a: Int @field(fill: \"n\")  ls: [ProbeLine!]! @lines  n: Int @rollup(of: \"ls\", count: true)",
            "roll-up",
        ),
        (
            "a: Int @field(fill: \"m\")  ls: [ProbeLine!]! @lines  m: Int @formula(expr: \"n + 1\")  n: Int @rollup(of: \"ls\", count: true)",
            "roll-up",
        ),
        ("name: String  ls: [ProbeLine!]! @lines", "another field"),
        ("a: String @field(fill: \"b\") @formula(expr: \"b\")  b: String", "no default"),
    ] {
        let sdl = format!(
            "type Probe @object(kind: MASTER, label: \"试\", plural: \"probes\") {{ {field} }}"
        );
        let line = match field.starts_with("name") {
            true => "type ProbeLine @object(kind: LINE) { x: String @field(fill: \"probe.name\") }",
            false => "type ProbeLine @object(kind: LINE) { x: String }",
        };
        let sdl = match field.contains("ProbeLine") {
            true => format!("{sdl} {line}"),
            false => sdl,
        };
        let refused = client.apply(&sdl, true).await;
        let message = refused["diagnostics"][0]["message"].as_str().unwrap_or_default();
        assert!(message.contains(said), "{field}: {refused:#}");
    }
    // A default that begins to fill is a change of the field, and stays through a rename of what it reads.
    let with = |argument: &str| {
        format!(
            "type Probe @object(kind: MASTER, label: \"试\", plural: \"probes\") {{ a: String @field({argument}: \"b\")  b: String }}"
        )
    };
    client.apply(&with("default"), false).await;
    let filled = client.apply(&with("fill"), false).await;
    let changes = filled["changes"].as_array().unwrap();
    assert_eq!(changes.len(), 1, "{filled:#}");
    assert_eq!((&changes[0]["kind"], &changes[0]["field"]), (&json!("UPDATE_FIELD"), &json!("a")));
    let rename = "mutation { editSchemaDraft(steps: [{renameField: {object: \"Probe\", field: \"b\", to: \"c\"}}]) { sdl } }";
    let draft = client.metadata(rename, json!({})).await["editSchemaDraft"]["sdl"].clone();
    assert!(draft.as_str().unwrap().contains("fill: \"c\""), "{draft}");
}
