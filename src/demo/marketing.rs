//! The demo company's leads.

use chrono::NaiveDate;

use super::customer::Customer;
use super::people::STAFF;
use super::random::Random;
use super::sales::Opportunity;
use super::seed::{Seed, day, money, shift, workday};
use super::{organisation, supply, words};

/// The data of a lead that activities need.
pub(super) struct Lead {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) department: &'static str,
    pub(super) owner: &'static str,
    pub(super) received: NaiveDate,
    /// Whether someone follows it up.
    pub(super) worked: bool,
}

/// The number of leads.
pub(super) const LEADS: usize = 60;

const DROP_REASONS: [&str; 4] =
    ["用量太小，运费不合算", "电话多次无人接听", "已与他家签年度合同", "需求与经营品类不符"];

/// Returns the leads. Every fourth is converted into a known opportunity, the others are from unknown
/// companies.
pub(super) fn leads(
    today: NaiveDate,
    customers: &[Customer],
    opportunities: &[Opportunity],
    random: &mut Random,
) -> (Vec<Lead>, Vec<Seed>) {
    let salespeople: Vec<_> = STAFF.iter().filter(|staff| staff.sells).collect();
    let mut leads = Vec::new();
    let mut seeds = Vec::new();
    for index in 0..LEADS {
        let converted = if index % 4 == 0 { opportunities.get(index) } else { None };
        let customer = converted.and_then(|converted| customers.get(converted.customer));
        let key = format!("XS{:04}", index + 1);
        let staff = *random.pick(&salespeople);
        let owner = customer.map_or(staff.key, |customer| customer.owner);
        let department = customer.map_or(staff.department, |customer| customer.department);
        let (region, own_line) = organisation::territory(department);
        let line = customer.map(|customer| customer.line).or(own_line).unwrap_or("SZ");
        let trade = *random.pick(words::trades(line));
        let &(own_city, _) = random.pick(words::cities(region));
        let city = customer.map_or(own_city, |customer| customer.city);
        let company = match customer {
            Some(customer) => customer.short_name.clone(),
            None => {
                let first = random.pick(&words::FIRST);
                format!(
                    "{city}{first}{}{}厂",
                    random.pick(&["兴", "旺", "成", "发"]),
                    trade.business
                )
            }
        };
        let contact = customer.and_then(|customer| customer.contacts.first());
        let person = contact.map_or_else(|| words::person(random), |contact| contact.name.clone());
        let category = *random.pick(&supply::categories_of(line));
        let wanted = supply::category_name(category);
        let name = format!("{company} 询{wanted}");
        let received = match converted {
            Some(converted) => shift(converted.opened, -random.between(2, 15)),
            None => shift(today, -random.between(0, 90)),
        };
        let received = workday(received);
        let status = match converted {
            Some(_) => "CONVERTED",
            None => *random.pick(&["OPEN", "OPEN", "WORKING", "WORKING", "DROPPED"]),
        };
        let pending = matches!(status, "OPEN" | "WORKING");
        let demand = format!(
            "{}生产用{wanted}，月用量约{}吨，希望先寄样。",
            trade.products,
            random.between(1, 20)
        );
        let seed = Seed::new("Lead", key.as_str())
            .with("name", name.as_str())
            .with("companyName", company)
            .with("contactName", person)
            .with("jobTitle", random.pick(&words::JOBS).0)
            .with("phone", format!("1370000{}", random.digits(4)))
            .with("source", *random.pick(&words::SOURCES))
            .with("industry", trade.industry)
            .link("region", "Region", region)
            .with("city", city)
            .links("categories", "ItemCategory", &[category])
            .with("demand", demand)
            .with("estimatedAmount", money(random.between(5, 300) * 100_000))
            .link("department", "Department", department)
            .link("owner", "Employee", owner)
            .with("status", status)
            .with("receivedOn", day(received))
            .maybe("nextFollowUpOn", pending.then(|| day(shift(today, random.between(0, 10)))))
            .maybe("dropReason", (status == "DROPPED").then(|| *random.pick(&DROP_REASONS)))
            .maybe_link("convertedCustomer", "Customer", customer.map(|c| c.key.as_str()))
            .maybe_link("convertedContact", "Contact", contact.map(|c| c.key.as_str()))
            .maybe_link("convertedOpportunity", "Opportunity", converted.map(|o| o.key.as_str()));
        seeds.push(seed);
        leads.push(Lead { key, name, department, owner, received, worked: status == "WORKING" });
    }
    (leads, seeds)
}
