//! Roll-ups: of the lines of a record, those that count, kept by every save; and of related records, whatever of them
//! each reader sees.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    computed::ROLE,
    support::{Client, office::Office},
};

both_dbs! {
    lines_are_rolled_up_where_they_count
    related_records_come_to_what_each_reader_sees
}

/// Offers whose lines are rolled up in every way, all of them or some.
const OFFER: &str = "enum State { OPEN LOST }
type Deal @object(kind: DOCUMENT, plural: \"deals\") {
  code: String! @field(unique: true)
  lines: [DealLine!]! @lines
  least: Decimal @rollup(of: \"lines\", min: \"price\")
  most: Decimal @rollup(of: \"lines\", max: \"price\")
  mean: Decimal @rollup(of: \"lines\", avg: \"price\")
  pieces: Decimal @field(scale: 2) @rollup(of: \"lines\", avg: \"pieces\")
  open: Int @rollup(of: \"lines\", count: true, where: \"state == 'OPEN' && price != null\")
  large: Decimal @rollup(of: \"lines\", sum: \"amount\", where: \"amount * 2 > 10\")
  widest: Int @rollup(of: \"lines\", max: \"pieces\", where: \"state in ['LOST']\")
  range: Decimal @field(scale: 2) @formula(expr: \"most - least\")
}
type DealLine @object(kind: LINE) {
  price: Decimal @field(scale: 2)
  pieces: Int
  state: State @field(default: \"'OPEN'\")
  amount: Decimal @field(scale: 2) @formula(expr: \"price * pieces\")
}";

const ROLLED: &str = "{ deals(orderBy: [{code: ASC}]) { nodes { code least most mean pieces open large widest range } } }";

async fn lines_are_rolled_up_where_they_count(client: &Client) {
    // Conditions come by a second definition, over the lines there are.
    let plain: String = OFFER
        .replace(", where: \"state == 'OPEN' && price != null\"", "")
        .replace(", where: \"amount * 2 > 10\"", "");
    let plain: String = plain
        .lines()
        .filter(|line| !line.contains("widest") && !line.contains("mean"))
        .map(|line| format!("{line}\n"))
        .collect();
    assert_eq!(client.apply(&plain, false).await["diagnostics"], json!([]));
    let lines = json!([
        { "price": "1.10", "pieces": 3 },
        { "price": "-2.05", "pieces": 10, "state": "LOST" },
        { "price": "4.00", "pieces": null },
        { "price": null, "pieces": 1, "state": null },
        { "price": "1.00", "pieces": 9 },
    ]);
    let deal = client.create("Deal", json!({ "code": "A", "lines": { "create": lines } })).await;
    client.create("Deal", json!({ "code": "B" })).await;
    let rolled = async || client.data(ROLLED).await["deals"]["nodes"].clone();
    assert_eq!(client.apply(OFFER, false).await["diagnostics"], json!([]));
    let filled = rolled().await;
    let none = json!({ "code": "B", "least": null, "most": null, "mean": null, "pieces": null, "open": 0, "large": "0.00", "widest": null, "range": null });
    let expected = json!({ "code": "A", "least": "-2.05", "most": "4.00", "mean": "1.0125", "pieces": "5.75", "open": 3, "large": "9.00", "widest": 10, "range": "6.05" });
    assert_eq!(filled, json!([expected, none]));
    // A save computes the same as the definition did.
    let read = "{ deals(filter: {code: {eq: \"A\"}}) { nodes { lines { id } } } }";
    let ids = client.data(read).await["deals"]["nodes"][0]["lines"].clone();
    let touch =
        json!({ "lines": { "update": [{ "id": ids[0]["id"], "patch": { "pieces": 3 } }] } });
    accept(&client.update("Deal", &deal, touch).await);
    assert_eq!(rolled().await[0], expected);
    let change = json!({ "lines": {
        "update": [{ "id": ids[1]["id"], "patch": { "state": "OPEN", "pieces": 2 } }, { "id": ids[4]["id"], "patch": { "price": "0.55" } }],
        "delete": [ids[2]["id"]],
        "create": [{ "price": "7.00", "pieces": 1, "state": "LOST" }],
    } });
    accept(&client.update("Deal", &deal, change).await);
    let changed = json!({ "code": "A", "least": "-2.05", "most": "7.00", "mean": "1.6500", "pieces": "3.20", "open": 3, "large": "7.00", "widest": 1, "range": "9.05" });
    assert_eq!(rolled().await[0], changed);
    // Removed and put back, and with another condition.
    let delete = format!("mutation {{ deleteDeal(id: \"{deal}\") {{ userErrors {{ code }} }} }}");
    accept(&client.data(&delete).await["deleteDeal"]);
    let restore = delete.replace("deleteDeal", "restoreDeal");
    accept(&client.data(&restore).await["restoreDeal"]);
    assert_eq!(rolled().await[0], changed);
    let other = OFFER.replace("state in ['LOST']", "state == 'OPEN'");
    assert_eq!(client.apply(&other, false).await["diagnostics"], json!([]));
    let told = rolled().await;
    assert_eq!((&told[0]["widest"], &told[1]["widest"]), (&json!(9), &Value::Null));
}

#[track_caller]
fn accept(payload: &Value) {
    assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
}

/// What an item's loans come to: all of them, those that are open, and a value of both.
const PLEDGES: &str = "enum PledgeState { OPEN DONE }
type Pledge @object(kind: MASTER, plural: \"pledges\") @dimension(name: DEPARTMENT, path: \"department\") {
  code: String! @field(unique: true)
  customer: Customer @relation(inverse: \"pledges\")
  department: Department
  amount: Decimal @field(type: MONEY)
  weight: Int
  due: Date
  state: PledgeState @field(default: \"'OPEN'\")
}
extend type Customer {
  pledged: Decimal @field(type: MONEY) @rollup(of: \"pledges\", sum: \"amount\", scope: VIEWER)
  pledgeCount: Int @rollup(of: \"pledges\", count: true, where: \"state == 'OPEN' && daysBetween(due, today()) > 3\", scope: VIEWER)
  leastPledge: Decimal @field(type: MONEY) @rollup(of: \"pledges\", min: \"amount\", where: \"customer.creditLimit > 10\", scope: VIEWER)
  meanPledge: Decimal @rollup(of: \"pledges\", avg: \"amount\", scope: VIEWER)
  heaviest: Int @rollup(of: \"pledges\", max: \"weight\", scope: VIEWER)
  free: Decimal @field(type: MONEY) @formula(expr: \"creditLimit - pledged\", stored: false)
}";

async fn related_records_come_to_what_each_reader_sees(client: &Client) {
    let mut office = Office::open(client).await;
    assert_eq!(client.apply(PLEDGES, false).await["diagnostics"], json!([]));
    let role = ROLE.replace("hidden = [\"creditLimit\"]", "hidden = [\"level\"]").replace("[[grants]]\nobjects = [\"Customer\"]", "[[grants]]\nobjects = [\"Pledge\"]\nactions = [\"read\"]\ndimensions = true\n[[grants]]\nobjects = [\"Customer\"]").replace("\"Case\", ", "").replace("label_en = \"x\"\n", "label_en = \"x\"\n[dimensions]\nDEPARTMENT = \"person\"\n");
    let query = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(query, json!({ "d": role })).await;
    office.give("new", &["some"], &[office.id("TJ-SL")]).await;
    let row = json!([{ "employee": { "id": office.id("new") } }]);
    let related = json!({ "relatedEmployees": { "create": row }, "creditLimit": "100.00" });
    client.update("Customer", &office.id("CL"), related.clone()).await;
    client.update("Customer", &office.id("CS"), related).await;
    for (code, department, amount, weight, due, state) in [
        ("1", "TJ-SL", json!("10.01"), json!(4), "2026-06-01", "OPEN"),
        ("2", "TJ-SL", json!("-0.05"), json!(9), "2026-06-14", "OPEN"),
        ("3", "TJ-TL", json!("70.00"), json!(30), "2026-06-01", "OPEN"),
        ("4", "TJ-SL", Value::Null, Value::Null, "2026-06-02", "DONE"),
    ] {
        let input = json!({ "code": code, "customer": { "id": office.id("CL") }, "department": { "id": office.id(department) }, "amount": amount, "weight": weight, "due": due, "state": state });
        office.make(code, "Pledge", input).await;
    }
    let query = "{
        customers(filter: {code: {in: [\"CL\", \"CS\"]}}, orderBy: [{pledged: DESC}]) { nodes { code pledged pledgeCount leastPledge meanPledge heaviest free } }
        some: customers(filter: {pledged: {gt: 50}}) { totalCount }
        customerAggregate(filter: {code: {in: [\"CL\", \"CS\"]}}) { sum { pledged free } max { heaviest } }
    }";
    let none = json!({ "code": "CS", "pledged": "0.00", "pledgeCount": 0, "leastPledge": null, "meanPledge": null, "heaviest": null, "free": "100.00" });
    let told = client.data(query).await;
    let all = json!({ "code": "CL", "pledged": "79.96", "pledgeCount": 2, "leastPledge": "-0.05", "meanPledge": "26.6533", "heaviest": 30, "free": "20.04" });
    assert_eq!(told["customers"]["nodes"], json!([all, none]));
    assert_eq!(told["some"]["totalCount"], 1);
    assert_eq!(
        told["customerAggregate"],
        json!([{ "sum": { "pledged": "79.96", "free": "120.04" }, "max": { "heaviest": 30 } }])
    );
    // Whoever sees two departments' pledges less is told what those they see come to.
    let told = office.ask("new", query).await["data"].clone();
    let seen = json!({ "code": "CL", "pledged": "9.96", "pledgeCount": 1, "leastPledge": "-0.05", "meanPledge": "4.9800", "heaviest": 9, "free": "90.04" });
    assert_eq!(told["customers"]["nodes"], json!([seen, none]));
    assert_eq!(told["some"]["totalCount"], 0);
    assert_eq!(
        told["customerAggregate"],
        json!([{ "sum": { "pledged": "9.96", "free": "190.04" }, "max": { "heaviest": 9 } }])
    );
    // A hidden field hides what is rolled up of it.
    let hiding = role.replace(
        "[[fields]]",
        "[[fields]]\nobject = \"Pledge\"\nhidden = [\"amount\", \"state\"]\n[[fields]]",
    );
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    let saved = client.metadata(save, json!({ "d": hiding })).await;
    assert_eq!(saved["saveRole"]["code"], "some");
    for field in ["pledged", "pledgeCount", "leastPledge", "meanPledge", "free"] {
        let told = office.ask("new", &format!("{{ customers {{ nodes {{ {field} }} }} }}")).await;
        assert_eq!(told["data"], Value::Null, "{field} {told}");
    }
    let told = office
        .ask("new", "{ customers(filter: {code: {eq: \"CL\"}}) { nodes { heaviest } } }")
        .await;
    assert_eq!(told["data"]["customers"]["nodes"], json!([{ "heaviest": 9 }]));
}
