//! The demo company's customers and their contacts.
//!
//! Names are combined from parts and belong to nobody. Addresses use reserved domains.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::organisation::territory;
use super::people::STAFF;
use super::random::Random;
use super::seed::{Seed, day, money, shift};
use super::words;

/// The data of a customer that contacts and documents need.
pub(super) struct Customer {
    pub(super) key: String,
    pub(super) short_name: String,
    pub(super) city: &'static str,
    pub(super) address: String,
    pub(super) department: &'static str,
    pub(super) owner: &'static str,
    pub(super) region: &'static str,
    /// Code of the category of goods it buys.
    pub(super) line: &'static str,
    pub(super) level: &'static str,
    pub(super) lifecycle: &'static str,
    pub(super) contacts: Vec<Contact>,
}

/// The data of a contact that documents need.
pub(super) struct Contact {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) mobile: String,
}

/// The number of customers.
pub(super) const CUSTOMERS: usize = 300;
/// The number of contacts.
pub(super) const CONTACTS: usize = 600;

/// Returns the customers, assigned to the salespeople in turn.
pub(super) fn customers(today: NaiveDate, random: &mut Random) -> (Vec<Customer>, Vec<Seed>) {
    let owners: Vec<_> = STAFF.iter().filter(|staff| staff.sells).collect();
    let mut taken = HashSet::new();
    let mut customers = Vec::new();
    let mut seeds = Vec::new();
    for (index, owner) in owners.iter().cycle().take(CUSTOMERS).enumerate() {
        let key = format!("KH{:04}", index + 1);
        let (region, line) = territory(owner.department);
        let line = line.unwrap_or_else(|| *random.pick(&["TL", "SL", "XJ", "SZ"]));
        let &(city, street) = random.pick(words::cities(region));
        let trade = *random.pick(words::trades(line));
        let short_name = loop {
            let brand = format!("{}{}", random.pick(&words::FIRST), random.pick(&words::SECOND));
            if taken.insert(brand.clone()) {
                break format!("{city}{brand}");
            }
        };
        let suffix = random.pick(&["有限公司", "有限公司", "有限责任公司", "股份有限公司"]);
        let name = format!("{short_name}{}{suffix}", trade.business);
        let level = *random.pick(&["A", "B", "B", "C", "C", "C", "C", "D", "D", "D"]);
        let lifecycle = match index % 20 {
            0..=11 => "ACTIVE",
            12..=16 => "POTENTIAL",
            17 | 18 => "DORMANT",
            _ => "LOST",
        };
        let address = format!("{city}市{street}{}号", random.between(2, 1_680));
        let site = format!("{}.example", key.to_lowercase());
        let (limit, days) = match (lifecycle, level) {
            ("POTENTIAL" | "LOST", _) | (_, "D") => (0, 0),
            (_, "A") => (random.between(10, 30) * 10_000_000, 60),
            (_, "B") => (random.between(3, 9) * 10_000_000, 45),
            _ => (random.between(5, 20) * 1_000_000, 30),
        };
        let follow_up = matches!(lifecycle, "ACTIVE" | "POTENTIAL") && random.chance(60);
        let seed = Seed::new("Customer", key.as_str())
            .with("code", key.as_str())
            .with("name", name)
            .with("shortName", short_name.as_str())
            .with("type", *random.pick(&words::CUSTOMER_TYPES))
            .with("level", level)
            .with("lifecycle", lifecycle)
            .with("industry", trade.industry)
            .with("source", *random.pick(&words::SOURCES))
            .link("region", "Region", region)
            .link("department", "Department", owner.department)
            .link("owner", "Employee", owner.key)
            .with("taxNumber", format!("91{}MA{}", random.digits(6), random.digits(8)))
            .with("legalRepresentative", words::person(random))
            .with("staffCount", random.between(2, 80) * 10)
            .with("yearlyDemand", money(random.between(10, 900) * 1_000_000))
            .with("creditLimit", money(limit))
            .with("creditDays", days)
            .with("phone", format!("{}-5550{}", words::area(region), random.digits(4)))
            .with("email", format!("office@{site}"))
            .with("website", format!("https://www.{site}"))
            .with("city", city)
            .with("address", address.as_str())
            .with("mainProducts", trade.products)
            .maybe("nextFollowUpOn", follow_up.then(|| day(shift(today, random.between(1, 30)))))
            .maybe("remark", random.chance(25).then(|| *random.pick(&words::CUSTOMER_REMARKS)));
        seeds.push(seed);
        customers.push(Customer {
            key,
            short_name,
            city,
            address,
            department: owner.department,
            owner: owner.key,
            region,
            line,
            level,
            lifecycle,
            contacts: Vec::new(),
        });
    }
    (customers, seeds)
}

/// Returns the contacts: one per customer, and the rest for random customers.
pub(super) fn contacts(
    today: NaiveDate,
    customers: &mut [Customer],
    random: &mut Random,
) -> Vec<Seed> {
    let mut seeds = Vec::new();
    for index in 0..CONTACTS {
        let chosen = if index < customers.len() {
            index
        } else {
            let last = i64::try_from(customers.len()).unwrap_or(1) - 1;
            usize::try_from(random.between(0, last)).unwrap_or(0)
        };
        let Some(customer) = customers.get_mut(chosen) else { continue };
        let key = format!("LX{:04}", index + 1);
        let name = words::person(random);
        let mobile = format!("1380000{:04}", index + 1);
        let &(title, division, role) = random.pick(&words::JOBS);
        let gender = if random.chance(68) { "MALE" } else { "FEMALE" };
        let birthday = random.chance(30).then(|| day(shift(today, -random.between(9_500, 21_000))));
        let seed = Seed::new("Contact", key.as_str())
            .with("name", name.as_str())
            .link("customer", "Customer", &customer.key)
            .with("gender", gender)
            .with("jobTitle", title)
            .with("division", division)
            .with("role", role)
            .with("isPrimary", customer.contacts.is_empty())
            .with("mobile", mobile.as_str())
            .with("phone", format!("{}-5551{}", words::area(customer.region), random.digits(4)))
            .with(
                "email",
                format!("{}@{}.example", key.to_lowercase(), customer.key.to_lowercase()),
            )
            .maybe("weChat", random.chance(50).then(|| format!("wx_{}", key.to_lowercase())))
            .maybe("birthday", birthday)
            .with("isActive", random.chance(95));
        seeds.push(seed);
        customer.contacts.push(Contact { key, name, mobile });
    }
    seeds
}
