//! What the demo company's upstream systems bring: sales types, currencies, warehouses, stock, deliveries, suppliers and
//! purchase orders, costs, invoices and receivables.

use chrono::NaiveDate;
use serde_json::{Map, Value};

use super::made::MadeRecords;
use super::random::Random;
use super::seed::{Seed, day, key_of, money, shift, workday};
use super::supply;

/// Returns the sales types.
pub(super) fn sales_types() -> Vec<Seed> {
    let kinds = [
        ("01", "普通销售", "SALE"),
        ("02", "委托代销", "CONSIGNMENT"),
        ("03", "样品", "SAMPLE"),
        ("04", "直运销售", "DIRECT"),
    ];
    let kind = |(code, name, outbound): (&'static str, &str, &str)| {
        Seed::new("SalesType", code)
            .with("code", code)
            .with("name", name)
            .with("outboundKind", outbound)
            .with("isDefault", code == "01")
    };
    kinds.into_iter().map(kind).collect()
}

/// Returns the currencies, each with what one unit of it is worth in yuan.
pub(super) fn currencies() -> Vec<Seed> {
    let known = [
        ("CNY", "人民币", "1"),
        ("USD", "美元", "7.105"),
        ("EUR", "欧元", "8.236"),
        ("JPY", "日元", "0.0456"),
        ("HKD", "港币", "0.9128"),
    ];
    let currency = |(code, name, rate): (&'static str, &str, &str)| {
        Seed::new("Currency", code).with("code", code).with("name", name).with("rate", rate)
    };
    known.into_iter().map(currency).collect()
}

/// Code, name, kind, region, address, whether it takes hazardous goods.
const WAREHOUSES: [(&str, &str, &str, &str, &str, bool); 6] = [
    ("CK01", "上海普货库", "OWN", "SH", "松江区新飞路 1500 号", false),
    ("CK02", "上海危险品库", "RENTED", "SH", "金山区化工路 88 号", true),
    ("CK03", "天津库", "RENTED", "TJ", "西青区泰康道 26 号", true),
    ("CK04", "泉州库", "RENTED", "QZ", "洛江区万安路 60 号", false),
    ("CK05", "青岛库", "RENTED", "QD", "城阳区春阳路 210 号", false),
    ("CK06", "样品库", "SAMPLE", "SH", "总部一楼", false),
];

/// Returns the warehouses.
pub(super) fn warehouses() -> Vec<Seed> {
    let warehouse = |(code, name, kind, region, address, hazardous): (
        &'static str,
        &str,
        &str,
        &str,
        &str,
        bool,
    )| {
        Seed::new("Warehouse", code)
            .with("code", code)
            .with("name", name)
            .with("kind", kind)
            .link("region", "Region", region)
            .with("address", address)
            .link("keeper", "Employee", "shi")
            .with("isHazardous", hazardous)
    };
    WAREHOUSES.into_iter().map(warehouse).collect()
}

fn warehouse_of(region: &str) -> &'static str {
    match region {
        "TJ" | "HB" => "CK03",
        "QZ" | "DN" => "CK04",
        "QD" => "CK05",
        _ => "CK01",
    }
}

/// Returns the stock of some items.
pub(super) fn stocks(made: &MadeRecords<'_>) -> Vec<Seed> {
    let random = &mut Random::new(0x7374_6F63_6B73_0001);
    let mut seeds = Vec::new();
    for item in supply::on_sale(made.items, None).into_iter().step_by(7) {
        let warehouse = *random.pick(&["CK01", "CK02", "CK03", "CK04", "CK05"]);
        let there = random.between(2, 160) * 25;
        seeds.push(
            Seed::new("Stock", format!("{}-{warehouse}", item.key))
                .link("item", "InventoryItem", &item.key)
                .link("warehouse", "Warehouse", warehouse)
                .with("quantity", there.to_string())
                .with("reservedQuantity", (there * random.between(0, 40) / 100).to_string())
                .with("incomingQuantity", (random.between(0, 20) * 25).to_string())
                .with("safetyQuantity", "200")
                .with("countedAt", super::seed::instant(shift(made.today, -1), 600)),
        );
    }
    seeds
}

/// A line of an order: item, quantity, price in cents after the discount.
struct Shipped<'a> {
    item: &'a str,
    quantity: &'a str,
    unit: &'a str,
    cents: i64,
}

fn shipped(line: &Map<String, Value>) -> Shipped<'_> {
    let text = |field: &str| line.get(field).and_then(Value::as_str).unwrap_or_default();
    let number = |field: &str| text(field).replace('.', "").parse::<i64>().unwrap_or_default();
    Shipped {
        item: line.get("item").map(key_of).unwrap_or_default(),
        quantity: text("quantity"),
        unit: text("unit"),
        cents: number("price") * (100 - number("discountPercent")) / 100,
    }
}

/// How many orders have delivery notes; the first of them are invoiced.
const DELIVERIES: usize = 40;
const INVOICED: usize = 26;

/// Returns the delivery notes of the newest orders that were shipped.
pub(super) fn delivery_notes(made: &MadeRecords<'_>) -> Vec<Seed> {
    let random = &mut Random::new(0x6465_6C69_7665_7279);
    let mut seeds = Vec::new();
    for (place, (order, seed, customer)) in made.shipped(DELIVERIES).into_iter().enumerate() {
        let key = format!("FH{:05}", place + 1);
        let left = workday(shift(order.date, random.between(2, 6))).max(order.date);
        let signed = seed.text("status") == "CLOSED";
        let lines = seed.line_inputs().map(shipped).map(|line| {
            Seed::new("DeliveryNoteLine", "")
                .link("item", "InventoryItem", line.item)
                .with("quantity", line.quantity)
                .with("unit", line.unit)
                .with("price", money(line.cents))
                .with("lotNumber", format!("L{}{:03}", left.format("%y%m"), place + 1))
        });
        let lines: Vec<_> = lines.collect();
        let carrier = random.pick(&["顺达危运", "长江物流", "津通专线", "自有车辆"]);
        let receiver = Some(seed.text("receiver")).filter(|name| !name.is_empty());
        seeds.push(
            Seed::new("DeliveryNote", key.as_str())
                .with("code", key.as_str())
                .link("customer", "Customer", &customer.key)
                .link("salesOrder", "SalesOrder", &order.key)
                .link("warehouse", "Warehouse", warehouse_of(customer.region))
                .with("deliveryDate", day(left))
                .with("status", if signed { "SIGNED" } else { "SHIPPED" })
                .with("invoicing", if place < INVOICED { "INVOICED" } else { "NOT_INVOICED" })
                .with("carrier", *carrier)
                .with("waybillNumber", format!("YD{}", random.digits(9)))
                .maybe("receiver", receiver)
                .with("deliveryAddress", customer.address.as_str())
                .maybe("signedOn", signed.then(|| day(shift(left, random.between(1, 4)))))
                .link("department", "Department", customer.department)
                .link("owner", "Employee", customer.owner)
                .lines(lines),
        );
    }
    seeds
}

/// Returns an invoice and a receivable for each delivery note that is invoiced.
pub(super) fn invoices_and_receivables(made: &MadeRecords<'_>, names: &[Seed]) -> Vec<Seed> {
    let random = &mut Random::new(0x696E_766F_6963_6573);
    let (mut invoices, mut receivables) = (Vec::new(), Vec::new());
    for (place, (order, seed, customer)) in made.shipped(INVOICED).into_iter().enumerate() {
        let note = format!("FH{:05}", place + 1);
        let key = format!("FP{:08}", 26_310_000 + place);
        let date = workday(shift(order.date, random.between(10, 18))).min(made.today);
        let buyer = names.iter().find(|seed| seed.object == "Customer" && seed.key == customer.key);
        let name = buyer.map_or(customer.short_name.as_str(), |buyer| buyer.text("name"));
        let tax = buyer.map(|buyer| buyer.text("taxNumber"));
        let mut total = 0;
        let mut lines = Vec::new();
        for line in seed.line_inputs().map(shipped) {
            // Prices of orders include the tax.
            let net = line.cents * 10_000 / 113;
            let quantity = line.quantity.parse::<i64>().unwrap_or_default();
            total += line.cents * quantity;
            lines.push(
                Seed::new("InvoiceLine", "")
                    .link("item", "InventoryItem", line.item)
                    .with("quantity", line.quantity)
                    .with("price", format!("{}.{:04}", net / 10_000, net % 10_000))
                    .with("taxRate", "13"),
            );
        }
        let kind = if random.chance(70) { "SPECIAL" } else { "ELECTRONIC" };
        let due = shift(date, 30);
        let late = (made.today - due).num_days();
        let paid = random.chance(if late > 0 { 80 } else { 25 });
        invoices.push(
            Seed::new("Invoice", key.as_str())
                .with("code", key.as_str())
                .with("kind", kind)
                .with("status", if paid { "SETTLED" } else { "ISSUED" })
                .link("customer", "Customer", &customer.key)
                .with("buyerName", name)
                .maybe("buyerTaxNumber", tax)
                .link("salesOrder", "SalesOrder", &order.key)
                .link("deliveryNote", "DeliveryNote", &note)
                .with("invoiceDate", day(date))
                .lines(lines),
        );
        let ageing = match late {
            _ if paid => "SETTLED",
            ..=0 => "NOT_DUE",
            1..=30 => "DAYS_1_30",
            31..=60 => "DAYS_31_60",
            61..=90 => "DAYS_61_90",
            _ => "OVER_90",
        };
        let received = if paid { total } else { total * random.between(0, 4) / 10 };
        receivables.push(
            Seed::new("Receivable", format!("YS{:05}", place + 1))
                .with("code", format!("YS{:05}", place + 1))
                .link("customer", "Customer", &customer.key)
                .with("buyerName", name)
                .link("invoice", "Invoice", &key)
                .with("bookedOn", day(date))
                .with("dueOn", day(due))
                .with("amount", money(total))
                .with("receivedAmount", money(received))
                .with("ageing", ageing),
        );
    }
    invoices.extend(receivables);
    invoices
}

/// Code, name, short name, kind, grade, categories, city, days.
type Source = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static str,
    i64,
);

const SUPPLIERS: [Source; 8] = [
    (
        "GY001",
        "江海涂料化工有限公司",
        "江海涂料",
        "MANUFACTURER",
        "STRATEGIC",
        &["TL01", "TL02"],
        "南通",
        10,
    ),
    (
        "GY002",
        "粤光水性材料有限公司",
        "粤光水性",
        "MANUFACTURER",
        "APPROVED",
        &["TL04"],
        "佛山",
        15,
    ),
    (
        "GY003",
        "浙塑新材股份有限公司",
        "浙塑新材",
        "MANUFACTURER",
        "STRATEGIC",
        &["SL01", "SL02"],
        "宁波",
        12,
    ),
    (
        "GY004",
        "东亚聚合物贸易有限公司",
        "东亚聚合物",
        "AGENT",
        "APPROVED",
        &["SL03", "SL04"],
        "上海",
        20,
    ),
    (
        "GY005",
        "齐鲁橡胶原料有限公司",
        "齐鲁橡胶",
        "MANUFACTURER",
        "APPROVED",
        &["XJ01", "XJ03"],
        "淄博",
        14,
    ),
    (
        "GY006",
        "苏源树脂有限公司",
        "苏源树脂",
        "MANUFACTURER",
        "STRATEGIC",
        &["SZ01", "SZ02"],
        "常熟",
        9,
    ),
    ("GY007", "绿碳生物材料有限公司", "绿碳生物", "MANUFACTURER", "TRIAL", &["SZ09"], "嘉兴", 30),
    ("GY008", "顺达危险品运输有限公司", "顺达危运", "CARRIER", "APPROVED", &[], "上海", 1),
];

/// Returns the suppliers.
pub(super) fn suppliers() -> Vec<Seed> {
    let random = &mut Random::new(0x7375_7070_6C69_6572);
    let mut seeds = Vec::new();
    for (place, (code, name, short, kind, grade, categories, city, days)) in
        SUPPLIERS.into_iter().enumerate()
    {
        let buyer = if place % 2 == 0 { "cai" } else { "yan" };
        seeds.push(
            Seed::new("Supplier", code)
                .with("code", code)
                .with("name", name)
                .with("shortName", short)
                .with("kind", kind)
                .with("grade", grade)
                .links("categories", "ItemCategory", categories)
                .with("taxNumber", format!("91{}MA{}", random.digits(6), random.digits(8)))
                .with("contactName", super::words::person(random))
                .with("phone", format!("021-5552{}", random.digits(4)))
                .with("email", format!("sales@{}.example", code.to_lowercase()))
                .with("city", city)
                .with("paymentTerms", *random.pick(&["NET_30", "NET_60", "PREPAID"]))
                .with("leadTimeDays", days)
                .link("buyer", "Employee", buyer)
                .link("department", "Department", "CG"),
        );
    }
    seeds
}

/// Returns the purchase orders: goods for seventy to eighty per cent of what they sell at.
pub(super) fn purchase_orders(made: &MadeRecords<'_>) -> Vec<Seed> {
    let random = &mut Random::new(0x7075_7263_6861_7365);
    let mut seeds = Vec::new();
    for place in 0..20 {
        let key = format!("CD{:05}", place + 1);
        let (code, .., categories, _, days) = *random.pick(&SUPPLIERS);
        let goods = categories.iter().flat_map(|category| {
            let own = made.items.iter().filter(move |item| item.key.starts_with(category));
            own.take(2)
        });
        let ordered = workday(shift(made.today, -random.between(1, 120)));
        let age = (made.today - ordered).num_days();
        let (status, share) = match age {
            ..4 => ("DRAFT", 0),
            4..15 => ("ORDERED", 0),
            15..25 => ("PARTLY_RECEIVED", 50),
            _ => ("RECEIVED", 100),
        };
        let mut lines = Vec::new();
        for item in goods {
            let quantity = random.between(20, 400) * 25;
            let cents = item.cents * random.between(70, 80) / 100;
            lines.push(
                Seed::new("PurchaseOrderLine", "")
                    .link("item", "InventoryItem", &item.key)
                    .with("quantity", quantity.to_string())
                    .with("unit", item.unit)
                    .with("price", money(cents))
                    .with("receivedQuantity", (quantity * share / 100).to_string()),
            );
        }
        if lines.is_empty() {
            continue;
        }
        seeds.push(
            Seed::new("PurchaseOrder", key.as_str())
                .with("code", key.as_str())
                .link("supplier", "Supplier", code)
                .with("orderDate", day(ordered))
                .with("expectedOn", day(shift(ordered, days)))
                .with("status", status)
                .link("warehouse", "Warehouse", random.pick::<&str>(&["CK01", "CK02", "CK03"]))
                .with("paymentTerms", "NET_30")
                .link("buyer", "Employee", if place % 2 == 0 { "cai" } else { "yan" })
                .link("department", "Department", "CG")
                .lines(lines),
        );
    }
    seeds
}

/// Returns the costs of some items: the list price without tax, less the margin.
pub(super) fn item_costs(today: NaiveDate, made: &MadeRecords<'_>) -> Vec<Seed> {
    let random = &mut Random::new(0x636F_7374_7300_0001);
    let mut seeds = Vec::new();
    for item in made.items.iter().step_by(5) {
        let cost = item.cents * random.between(70, 82);
        seeds.push(
            Seed::new("ItemCost", item.key.as_str())
                .link("item", "InventoryItem", &item.key)
                .with("unitCost", format!("{}.{:04}", cost / 10_000, cost % 10_000))
                .with("method", "MOVING_AVERAGE")
                .with("validFrom", day(shift(today, -60))),
        );
    }
    seeds
}
