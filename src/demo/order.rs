//! The demo company's documents with lines: quotes and sales orders.

use chrono::NaiveDate;

use super::customer::Customer;
use super::random::Random;
use super::sales::{Contract, Opportunity, OpportunityState};
use super::seed::{Seed, day, money, shift, workday};
use super::supply::{self, InventoryItem};
use super::words;

/// The customers, and the items they buy.
pub(super) struct CustomersAndItems<'a> {
    pub(super) items: &'a [InventoryItem],
    pub(super) customers: &'a [Customer],
}

/// The records that orders derive from.
pub(super) struct Papers<'a> {
    pub(super) opportunities: &'a [Opportunity],
    pub(super) quotes: &'a [Quote],
    pub(super) contracts: &'a [Contract],
}

/// The data of a quote that contracts and orders need.
pub(super) struct Quote {
    pub(super) key: String,
    /// Index of the opportunity.
    pub(super) opportunity: usize,
    pub(super) accepted: bool,
    /// The total.
    pub(super) cents: i64,
    rows: Vec<Row>,
}

/// The data of an order that activities need.
pub(super) struct SalesOrder {
    pub(super) key: String,
    /// Index of the customer.
    pub(super) customer: usize,
    pub(super) date: NaiveDate,
}

/// The number of quotes.
pub(super) const QUOTES: usize = 80;
/// The number of orders.
pub(super) const ORDERS: usize = 400;

/// The common part of quote lines and order lines.
#[derive(Clone)]
struct Row {
    item: String,
    unit: &'static str,
    quantity: i64,
    cents: i64,
    discount: i64,
}

impl Row {
    fn amount(&self) -> i64 {
        (self.quantity * self.cents * (100 - self.discount) + 50) / 100
    }

    fn seed(&self, object: &'static str) -> Seed {
        Seed::new(object, "")
            .link("item", "InventoryItem", &self.item)
            .with("quantity", self.quantity.to_string())
            .with("unit", self.unit)
            .with("price", money(self.cents))
            .with("discountPercent", self.discount.to_string())
    }
}

fn rows(goods: &CustomersAndItems<'_>, customer: &Customer, random: &mut Random) -> Vec<Row> {
    let own = supply::on_sale(goods.items, Some(customer.line));
    let all = supply::on_sale(goods.items, None);
    let mut rows: Vec<Row> = Vec::new();
    for _ in 0..*random.pick(&[1, 1, 2, 2, 3, 3, 4, 5, 6]) {
        let choice = if random.chance(85) { &own } else { &all };
        let item = random.pick(choice);
        if rows.iter().any(|row| row.item == item.key) {
            continue;
        }
        let discount = match customer.level {
            "A" => random.between(2, 8),
            "B" => random.between(0, 5),
            _ => 0,
        };
        rows.push(Row {
            item: item.key.clone(),
            unit: item.unit,
            quantity: random.between(2, 80) * 25,
            cents: item.cents * random.between(97, 102) / 100,
            discount,
        });
    }
    rows
}

/// Returns the quotes of opportunities that reached that stage.
pub(super) fn quotes(
    today: NaiveDate,
    goods: &CustomersAndItems<'_>,
    opportunities: &[Opportunity],
    random: &mut Random,
) -> (Vec<Quote>, Vec<Seed>) {
    let quoted = opportunities.iter().enumerate().filter(|(_, o)| o.stage >= 4).take(QUOTES);
    let mut quotes = Vec::new();
    let mut seeds = Vec::new();
    for (index, (chosen, opportunity)) in quoted.enumerate() {
        let Some(customer) = goods.customers.get(opportunity.customer) else { continue };
        let key = format!("BJ{:04}", index + 1);
        let end = opportunity.closed.unwrap_or(today);
        let date = workday(shift(end, -random.between(2, 18))).max(opportunity.opened);
        let until = shift(date, 30);
        let status = match opportunity.outcome {
            OpportunityState::Won => "ACCEPTED",
            OpportunityState::Lost if random.chance(60) => "REJECTED",
            OpportunityState::Lost => "EXPIRED",
            OpportunityState::Open if random.chance(25) => "DRAFT",
            OpportunityState::Open => "SENT",
        };
        let rows = rows(goods, customer, random);
        let lines: Vec<Seed> = rows
            .iter()
            .map(|row| row.seed("QuoteLine").with("leadTimeDays", random.between(3, 20)))
            .collect();
        let contact = random.any(&customer.contacts).map(|contact| contact.key.as_str());
        let seed = Seed::new("Quote", key.as_str())
            .link("customer", "Customer", &customer.key)
            .maybe_link("contact", "Contact", contact)
            .link("opportunity", "Opportunity", &opportunity.key)
            .with("quoteDate", day(date))
            .with("validUntil", day(until))
            .with("status", status)
            .with("paymentTerms", *random.pick(&words::PAYMENT_TERMS))
            .with("deliveryTerms", format!("送至{}工厂，含运费", customer.city))
            .link("department", "Department", customer.department)
            .link("owner", "Employee", customer.owner)
            .lines(lines);
        seeds.push(seed);
        let cents = rows.iter().map(Row::amount).sum();
        let accepted = status == "ACCEPTED";
        quotes.push(Quote { key, opportunity: chosen, accepted, cents, rows });
    }
    (quotes, seeds)
}

/// Index of the customer, day, and index of the opportunity if there is one.
type Occasion = (usize, NaiveDate, Option<usize>);

/// Returns the occasions of orders: one per won opportunity, at least one per active customer, and random
/// ones.
fn occasions(
    today: NaiveDate,
    goods: &CustomersAndItems<'_>,
    papers: &Papers<'_>,
    random: &mut Random,
) -> Vec<Occasion> {
    let mut occasions: Vec<Occasion> = Vec::new();
    for (index, opportunity) in papers.opportunities.iter().enumerate() {
        if let (OpportunityState::Won, Some(closed)) = (opportunity.outcome, opportunity.closed) {
            let date = workday(shift(closed, random.between(0, 4))).max(closed);
            occasions.push((opportunity.customer, date, Some(index)));
        }
    }
    let mut regular = Vec::new();
    for (index, customer) in goods.customers.iter().enumerate() {
        match (customer.lifecycle, customer.level) {
            ("ACTIVE", level) => {
                occasions.push((index, workday(shift(today, -random.between(0, 150))), None));
                let weight = match level {
                    "A" => 6,
                    "B" => 4,
                    "C" => 2,
                    _ => 1,
                };
                regular.extend(std::iter::repeat_n((index, 0), weight));
            }
            ("DORMANT", _) => regular.push((index, 200)),
            _ => {}
        }
    }
    while occasions.len() < ORDERS {
        let &(index, idle) = random.pick(&regular);
        occasions.push((index, workday(shift(today, -idle - random.between(0, 360))), None));
    }
    occasions.sort_by_key(|(_, date, _)| *date);
    occasions
}

fn status(age: i64, random: &mut Random) -> &'static str {
    match age {
        _ if random.chance(3) => "CANCELLED",
        ..3 => {
            if random.chance(50) {
                "DRAFT"
            } else {
                "SUBMITTED"
            }
        }
        3..10 => {
            if random.chance(50) {
                "AUDITED"
            } else {
                "TRANSFERRED"
            }
        }
        10..25 => "SHIPPED",
        _ => "CLOSED",
    }
}

/// Returns the orders, oldest first.
pub(super) fn orders(
    today: NaiveDate,
    goods: &CustomersAndItems<'_>,
    papers: &Papers<'_>,
    random: &mut Random,
) -> (Vec<SalesOrder>, Vec<Seed>) {
    let mut orders = Vec::new();
    let mut seeds = Vec::new();
    for (party, date, chosen) in occasions(today, goods, papers, random) {
        let Some(customer) = goods.customers.get(party) else { continue };
        let key = format!("DD{:05}", orders.len() + 1);
        let opportunity = chosen.and_then(|chosen| papers.opportunities.get(chosen));
        let quote = papers.quotes.iter().find(|q| q.accepted && Some(q.opportunity) == chosen);
        let contract = papers.contracts.iter().find(|contract| {
            contract.customer == party
                && contract.opportunity == chosen
                && (contract.starts..=contract.ends).contains(&date)
        });
        let required = shift(date, random.between(3, 21));
        let rows = match quote {
            Some(quote) => quote.rows.clone(),
            None => rows(goods, customer, random),
        };
        let lines =
            rows.iter().map(|row| row.seed("SalesOrderLine").with("deliveryDate", day(required)));
        let contact = random.any(&customer.contacts);
        let modes = ["STOCK", "STOCK", "STOCK", "STOCK", "FORWARD", "DIRECT", "SAMPLE"];
        let number = random.chance(35).then(|| format!("PO{}", random.digits(7)));
        let remark = random.chance(10).then_some("随货附质检报告");
        let seed = Seed::new("SalesOrder", key.as_str())
            .link("customer", "Customer", &customer.key)
            .maybe_link("contact", "Contact", contact.map(|contact| contact.key.as_str()))
            .maybe_link("opportunity", "Opportunity", opportunity.map(|o| o.key.as_str()))
            .maybe_link("quote", "Quote", quote.map(|quote| quote.key.as_str()))
            .maybe_link("contract", "Contract", contract.map(|contract| contract.key.as_str()))
            .with("orderDate", day(date))
            .with("requiredDate", day(required))
            .with("status", status((today - date).num_days(), random))
            .with("salesMode", *random.pick(&modes))
            .with("paymentTerms", *random.pick(&words::PAYMENT_TERMS))
            .maybe("customerOrderNumber", number)
            .maybe("receiver", contact.map(|contact| contact.name.as_str()))
            .maybe("receiverPhone", contact.map(|contact| contact.mobile.as_str()))
            .with("deliveryAddress", customer.address.as_str())
            .link("department", "Department", customer.department)
            .link("owner", "Employee", customer.owner)
            .maybe("remark", remark)
            .lines(lines);
        seeds.push(seed);
        orders.push(SalesOrder { key, customer: party, date });
    }
    (orders, seeds)
}
