//! The demo company's items and their three kinds of prices.

use chrono::{Datelike, NaiveDate};

use super::customer::Customer;
use super::goods::{CATEGORIES, GOODS, NEW_RESINS};
use super::people::STAFF;
use super::random::Random;
use super::seed::{Seed, day, money, shift};

/// The data of an item that documents need.
pub(super) struct InventoryItem {
    pub(super) key: String,
    /// Code of the top-level category.
    pub(super) line: &'static str,
    pub(super) unit: &'static str,
    pub(super) cents: i64,
    on_sale: bool,
}

/// Returns the category tree, parents first.
pub(super) fn categories() -> Vec<Seed> {
    let category = |(code, name, parent): (&'static str, &str, Option<&str>)| {
        Seed::new("ItemCategory", code)
            .with("code", code)
            .with("name", name)
            .maybe_link("parent", "ItemCategory", parent)
            .with("isNew", code == NEW_RESINS)
    };
    CATEGORIES.into_iter().map(category).collect()
}

/// Returns the code of a category's top-level category.
pub(super) fn line_of(category: &'static str) -> &'static str {
    let found = CATEGORIES.iter().find(|(code, ..)| *code == category);
    found.and_then(|(.., parent)| *parent).unwrap_or(category)
}

/// Returns the codes of the categories below a top-level category.
pub(super) fn categories_of(line: &str) -> Vec<&'static str> {
    let within = CATEGORIES.iter().filter(|(.., parent)| *parent == Some(line));
    within.map(|(code, ..)| *code).collect()
}

/// Returns the name of a category.
pub(super) fn category_name(category: &str) -> &'static str {
    let found = CATEGORIES.iter().find(|(code, ..)| *code == category);
    found.map_or("", |(_, name, _)| name)
}

/// Returns an item for every grade of all goods.
pub(super) fn items(random: &mut Random) -> (Vec<InventoryItem>, Vec<Seed>) {
    let mut items = Vec::new();
    let mut seeds = Vec::new();
    for goods in &GOODS {
        let line = line_of(goods.category);
        for (step, grade) in (0_i64..).zip(goods.grades) {
            let key = format!("{}{:03}", goods.category, items.len() + 1);
            let (unit, packaging) = match line {
                "TL" => ("kg", "20kg/桶"),
                "SL" => ("kg", "25kg/袋"),
                "XJ" => ("kg", "35kg/块"),
                _ => ("kg", "220kg/桶"),
            };
            let cents = goods.cents + goods.cents * step * random.between(2, 6) / 100;
            let hazardous = matches!(goods.category, "TL01" | "TL02" | "TL03" | "TL06" | "SZ01");
            let status = if random.chance(3) { "DISCONTINUED" } else { "ON_SALE" };
            let seed = Seed::new("InventoryItem", key.as_str())
                .with("code", key.as_str())
                .with("name", format!("{} {grade}", goods.name))
                .with("specification", grade)
                .link("category", "ItemCategory", goods.category)
                .with("unit", unit)
                .with("brand", *random.pick(&["信风", "海岳", "恒屿", "北冕", "科屿"]))
                .with("origin", *random.pick(&["江苏", "广东", "山东", "浙江", "德国", "日本"]))
                .with("packaging", packaging)
                .with("taxRate", "13")
                .with("shelfLifeDays", if line == "SL" { 1_080 } else { 360 })
                .with("isHazardous", hazardous)
                .with("status", status);
            seeds.push(seed);
            items.push(InventoryItem { key, line, unit, cents, on_sale: status == "ON_SALE" });
        }
    }
    (items, seeds)
}

/// Returns the items on sale of a top-level category, or of all.
pub(super) fn on_sale<'i>(
    items: &'i [InventoryItem],
    line: Option<&str>,
) -> Vec<&'i InventoryItem> {
    let sold = |item: &&InventoryItem| item.on_sale && line.is_none_or(|line| item.line == line);
    items.iter().filter(sold).collect()
}

fn validity(seed: Seed, today: NaiveDate) -> Seed {
    let first = NaiveDate::from_ymd_opt(today.year(), 1, 1).unwrap_or(today);
    let last = NaiveDate::from_ymd_opt(today.year(), 12, 31).unwrap_or(today);
    seed.with("validFrom", day(first)).with("validTo", day(last))
}

/// Returns the list price of every item, and for every second one a lower price from a tonne.
pub(super) fn item_prices(today: NaiveDate, items: &[InventoryItem]) -> Vec<Seed> {
    let mut seeds = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let price = |key: String, minimum: &str, cents: i64| {
            Seed::new("ItemPrice", key)
                .link("item", "InventoryItem", &item.key)
                .with("minimumQuantity", minimum)
                .with("price", money(cents))
                .with("validFrom", day(shift(today, -400)))
        };
        seeds.push(price(format!("{}-1", item.key), "0", item.cents));
        if index % 2 == 0 {
            seeds.push(price(format!("{}-2", item.key), "1000", item.cents * 95 / 100));
        }
    }
    seeds
}

/// Returns this year's prices for customers of level A or B.
pub(super) fn customer_prices(
    today: NaiveDate,
    items: &[InventoryItem],
    customers: &[Customer],
    random: &mut Random,
) -> Vec<Seed> {
    let mut seeds = Vec::new();
    for customer in customers.iter().filter(|customer| matches!(customer.level, "A" | "B")) {
        let goods = on_sale(items, Some(customer.line));
        let first = random.between(0, 9);
        for step in 0..random.between(2, 3) {
            let Some(item) = nth(&goods, first + step * 4) else { continue };
            let off = random.between(4, 12);
            let seed = Seed::new("CustomerPrice", format!("{}-{}", customer.key, item.key))
                .link("customer", "Customer", &customer.key)
                .link("item", "InventoryItem", &item.key)
                .with("minimumQuantity", "0")
                .with("price", money(item.cents * (100 - off) / 100));
            seeds.push(validity(seed, today));
        }
    }
    seeds
}

/// Returns this year's price limits of each salesperson for some items.
pub(super) fn salesperson_prices(
    today: NaiveDate,
    items: &[InventoryItem],
    random: &mut Random,
) -> Vec<Seed> {
    let mut seeds = Vec::new();
    for staff in STAFF.iter().filter(|staff| staff.sells) {
        let goods = on_sale(items, super::organisation::territory(staff.department).1);
        let first = random.between(0, 9);
        for step in 0..5 {
            let Some(item) = nth(&goods, first + step * 5) else { continue };
            let off = random.between(3, 8);
            let seed = Seed::new("SalespersonPrice", format!("{}-{}", staff.key, item.key))
                .link("employee", "Employee", staff.key)
                .link("item", "InventoryItem", &item.key)
                .with("minimumQuantity", "0")
                .with("price", money(item.cents * (100 - off) / 100));
            seeds.push(validity(seed, today));
        }
    }
    seeds
}

fn nth<'i>(goods: &[&'i InventoryItem], index: i64) -> Option<&'i InventoryItem> {
    usize::try_from(index).ok().and_then(|index| goods.get(index)).copied()
}
