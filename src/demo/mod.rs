//! The demo company: a distributor of coatings, plastics, rubber and resins, generated from a date alone.
//!
//! Pure and deterministic. Owns the records; knows neither catalog nor database. The code that loads the
//! records resolves their references.

mod activity;
mod campaign;
mod customer;
mod delivery;
mod diary;
mod expense;
mod goods;
mod influence;
mod knowledge;
mod made;
mod marketing;
mod order;
mod organisation;
mod people;
mod performance;
pub(crate) mod random;
mod sales;
mod seed;
mod service;
mod supply;
mod words;

use chrono::NaiveDate;

use made::MadeRecords;
use random::Random;
pub use seed::Seed;

/// The accounts and the role of each person. The administrator is first.
pub const ACCOUNTS: &[(&str, &str)] = &[
    ("admin", "系统管理员 administrator"),
    ("zhang", "销售代表 salesperson, 天津涂料部"),
    ("li", "销售代表 salesperson, 天津涂料部"),
    ("wang", "部门经理 department manager, 天津分公司"),
    ("zhao", "总监 director, 涂料事业部"),
    ("qian", "常务经理 executive manager, 塑料事业部"),
    ("sun", "销售代表 salesperson, 塑料事业部"),
    ("zhou", "跟单 merchandiser, 天津分公司"),
    ("wu", "市场专员 marketing specialist, 新树脂"),
    ("zheng", "客服 customer service, 天津分公司"),
    ("feng", "销售助理 sales assistant, 天津分公司"),
    ("cai", "采购 purchasing"),
    ("wei", "财务 finance"),
];

/// The roles of the accounts, and the departments set as their reach.
pub const RIGHTS: &[(&str, &str, &[&str])] = &[
    ("zhang", "salesperson", &["TJ-TL"]),
    ("li", "salesperson", &["TJ-TL"]),
    ("wang", "department_manager", &["TJ-TL", "TJ-SL", "TJ-FGS"]),
    ("zhao", "director", &["SH-TL", "TJ-TL", "QZ-TL", "QD-TL"]),
    ("qian", "executive_manager", &[]),
    ("sun", "salesperson", &["SH-SL"]),
    ("zhou", "merchandiser", &["TJ-TL", "TJ-SL", "TJ-FGS"]),
    ("wu", "marketing_specialist", &[]),
    ("zheng", "customer_service", &["TJ-TL", "TJ-SL", "TJ-FGS"]),
    ("feng", "sales_assistant", &["TJ-TL", "TJ-SL", "TJ-FGS"]),
    ("cai", "purchasing", &[]),
    ("wei", "finance", &[]),
];

/// The password of every demo account.
pub const PASSWORD: &str = "tradewind-demo";

/// The accounts and their password, as JSON for the web page.
pub fn accounts_json() -> String {
    let accounts: Vec<_> = ACCOUNTS
        .iter()
        .map(|(account, note)| serde_json::json!({ "account": account, "note": note }))
        .collect();
    serde_json::json!({ "password": PASSWORD, "accounts": accounts }).to_string()
}

/// Returns every record of the demo company, after the records it refers to. Dates are around the given day.
pub fn company(today: NaiveDate) -> Vec<Seed> {
    let random = &mut Random::new(0x7261_6465_7769_6E64);
    let mut seeds = organisation::regions();
    seeds.extend(supply::categories());
    seeds.extend(organisation::departments());
    seeds.extend(organisation::employees(today, random));
    seeds.extend(organisation::operators());
    let (items, item_seeds) = supply::items(random);
    seeds.extend(item_seeds);
    seeds.extend(supply::item_prices(today, &items));
    seeds.extend(supply::salesperson_prices(today, &items, random));

    let first_customer = seeds.len();
    let (mut customers, customer_seeds) = customer::customers(today, random);
    let after_customers = first_customer + customer_seeds.len();
    seeds.extend(customer_seeds);
    seeds.extend(supply::customer_prices(today, &items, &customers, random));
    seeds.extend(customer::contacts(today, &mut customers, random));

    seeds.extend(sales::stages());
    let (opportunities, opportunity_seeds) = sales::opportunities(today, &customers, random);
    seeds.extend(opportunity_seeds);
    let goods = order::CustomersAndItems { items: &items, customers: &customers };
    let (quotes, quote_seeds) = order::quotes(today, &goods, &opportunities, random);
    seeds.extend(quote_seeds);
    let (contracts, contract_seeds) =
        sales::contracts(today, &customers, &opportunities, &quotes, random);
    seeds.extend(contract_seeds);
    let papers =
        order::Papers { opportunities: &opportunities, quotes: &quotes, contracts: &contracts };
    let (orders, order_seeds) = order::orders(today, &goods, &papers, random);
    let made = MadeRecords {
        today,
        customers: &customers,
        items: &items,
        opportunities: &opportunities,
        orders: &orders,
        order_seeds: &order_seeds,
    };
    let before_leads = before_leads(&made);
    let after_activities = after_activities(&made, &seeds[first_customer..after_customers]);
    seeds.extend(order_seeds);
    seeds.extend(before_leads);
    let (leads, lead_seeds) = marketing::leads(today, &customers, &opportunities, random);
    seeds.extend(lead_seeds.into_iter().map(|lead| {
        let campaign = campaign::campaign_of(&lead, today);
        lead.maybe_link("campaign", "Campaign", campaign)
    }));

    let subjects = activity::Subjects {
        customers: &customers,
        opportunities: &opportunities,
        orders: &orders,
        leads: &leads,
    };
    let (activity_seeds, last_done) = activity::activities(today, &subjects, random);
    for seed in seeds.iter_mut().take(after_customers).skip(first_customer) {
        if let Some(instant) = last_done.get(&seed.key) {
            seed.input.insert("lastActivityAt".to_owned(), instant.as_str().into());
        }
    }
    seeds.extend(activity_seeds);
    seeds.extend(after_activities);
    seeds
}

/// Returns the records of further objects that leads refer to. Like those of [`after_activities`], they are drawn
/// from streams of their own, so that the other records do not depend on them.
fn before_leads(made: &MadeRecords<'_>) -> Vec<Seed> {
    [campaign::competitors(), campaign::segments(), campaign::campaigns(made)].concat()
}

/// Returns the records of further objects, each after those it refers to.
fn after_activities(made: &MadeRecords<'_>, customers: &[Seed]) -> Vec<Seed> {
    let today = made.today;
    [
        influence::influences(made),
        campaign::surveys(today),
        campaign::responses(made),
        knowledge::articles(today),
        knowledge::resources(),
        service::products(),
        service::assets_and_plans(made),
        service::requests_and_work(made),
        service::visits(made),
        service::complaints(made),
        service::care(made),
        delivery::sales_types(),
        delivery::currencies(),
        delivery::warehouses(),
        delivery::stocks(made),
        delivery::suppliers(),
        delivery::purchase_orders(made),
        delivery::delivery_notes(made),
        delivery::invoices_and_receivables(made, customers),
        delivery::item_costs(today, made),
        expense::expenses(made),
        performance::targets(today),
        performance::rules(today),
        performance::options(),
        diary::schedules(made),
        diary::tracks(made),
        diary::emails(made),
        diary::messages(made),
        diary::trainings(today),
        diary::alerts(made),
    ]
    .concat()
}
